package validity

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Alarm is what is doubtful about a document.
//
// vi: loại cảnh báo
type Alarm string

// The alarms.
const (
	BasisEnded     Alarm = "basis_ended"       // a căn cứ that did not hold on the day of issue
	BasisEndedAgo  Alarm = "basis_ended_since" // one that has ended since
	ReferenceEnded Alarm = "reference_ended"   // leads to an article that has ended
	AmendsEnded    Alarm = "amends_ended"      // amends a text that had ended already
	Duplicate      Alarm = "duplicate"         // another document bears the same number
	EffectEarly    Alarm = "effect_early"      // in force before it was issued
	EffectSoon     Alarm = "effect_soon"       // fewer days than the rule asks
	EndsEarly      Alarm = "ends_early"        // ends before it begins
	UnitGone       Alarm = "unit_gone"         // names a unit that was no more
	UnitRenamed    Alarm = "unit_renamed"      // names a unit that has ended since
	NotInLibrary   Alarm = "not_held"          // acts on a document that is not held
	Unclear        Alarm = "unclear"           // several documents bear the number it acts on
	Idle           Alarm = "idle"              // a relation without effect; Detail says why
)

// Alarms lists them in the order of their weight.
func Alarms() []Alarm {
	return []Alarm{BasisEnded, AmendsEnded, EffectEarly, EndsEarly, Duplicate, Idle, Unclear, UnitGone, ReferenceEnded, BasisEndedAgo, EffectSoon, NotInLibrary, UnitRenamed}
}

// ofText are found by reading the text, the others by the relations.
func (a Alarm) ofText() bool { return a == UnitGone || a == UnitRenamed }

// Warning is one doubt with its place.
//
// vi: cảnh báo
type Warning struct {
	Document    string     `db:"document_id"`
	Alarm       Alarm      `db:"alarm"`
	Anchor      string     `db:"anchor"` // where in the document
	Quote       string     `db:"quote"`
	Other       string     `db:"other"`  // the other document
	OtherSymbol string     `db:"symbol"` // or its number, or the unit's name
	OtherAnchor string     `db:"other_anchor"`
	Since       clock.Date `db:"since"`
	Days        int        `db:"days"`     // EffectSoon: how many the rule asks
	Detail      string     `db:"detail"`   // Idle: why; UnitGone: today's units
	Doubtful    bool       `db:"doubtful"` // by a rule that is not confirmed, or a relation nobody confirmed
}

// Warnings tells what is doubtful about a document on a day, by its own dates and
// by what it does to others. relations are all of it that nobody refused; twins
// are the other documents of its number.
func (g *Graph) Warnings(id string, on clock.Date, relations []Relation, twins []string) []Warning {
	n, ok := g.index[id]
	if !ok {
		return nil
	}
	doc := &g.nodes[n]
	all := g.ownDates(doc)
	for _, t := range twins {
		if t != id {
			all = append(all, Warning{Alarm: Duplicate, Other: t, OtherSymbol: doc.Symbol})
		}
	}
	holds := g.at(n, dayOf(on, always)).Status.Holds()
	for i := range relations {
		if r := &relations[i]; r.From == id && r.State != Refused {
			if w, found := g.doubt(doc, r, dayOf(on, always), holds); found {
				w.Anchor, w.Quote, w.Other, w.OtherSymbol, w.OtherAnchor = r.FromAnchor, r.Quote, r.To, cmp.Or(r.ToSymbol, w.OtherSymbol), r.ToAnchor
				w.Doubtful = w.Doubtful || !r.Counts()
				all = append(all, w)
			}
		}
	}
	for i := range all {
		all[i].Document = id
	}
	return orderly(all)
}

func (g *Graph) ownDates(doc *node) (all []Warning) {
	if !doc.Issued.IsZero() && !doc.Effect.IsZero() {
		ahead := doc.Effect.Sub(doc.Issued)
		if ahead < 0 {
			all = append(all, Warning{Alarm: EffectEarly, Since: doc.Effect})
		} else if rule, ok := g.rules.at(daysBeforeEffect, doc.Level, doc.born); ok && doc.Normative && ahead < rule.Days {
			all = append(all, Warning{Alarm: EffectSoon, Since: doc.Effect, Days: rule.Days, Detail: rule.Basis, Doubtful: !rule.Confirmed})
		}
	}
	if doc.ends != never && doc.ends <= doc.starts {
		all = append(all, Warning{Alarm: EndsEarly, Since: doc.ends.date()})
	}
	return all
}

// doubt tells what is doubtful about one relation.
func (g *Graph) doubt(doc *node, r *Relation, on day, holds bool) (Warning, bool) {
	to, held := g.index[r.To]
	if !held {
		return Warning{Alarm: NotInLibrary}, r.Kind.Acts() && r.Counts() && r.To == ""
	}
	if i, found := slices.BinarySearchFunc(g.voids, r.ID, func(v Void, id string) int { return strings.Compare(v.Relation.ID, id) }); found {
		return Warning{Alarm: Idle, Detail: string(g.voids[i].Why)}, true
	}
	switch {
	case r.Kind == BasedOn:
		since, gone := g.goneAt(to, r.ToAnchor, doc.born)
		if doc.born != always && gone {
			return Warning{Alarm: BasisEnded, Since: since}, true
		}
		since, gone = g.goneAt(to, r.ToAnchor, on)
		return Warning{Alarm: BasisEndedAgo, Since: since}, gone && holds
	case r.Kind == Refers:
		since, gone := g.goneAt(to, r.ToAnchor, on)
		return Warning{Alarm: ReferenceEnded, Since: since}, gone && holds
	case r.Kind == Amends || r.Kind == Guides:
		starts := max(dayOf(r.EffectiveOn, doc.starts), doc.starts)
		since, gone := g.goneAt(to, r.ToAnchor, starts-1)
		return Warning{Alarm: AmendsEnded, Since: since}, gone && starts > always
	}
	return Warning{}, false
}

// goneAt tells since when a document, or its article, has ended.
func (g *Graph) goneAt(n int, anchor string, on day) (clock.Date, bool) {
	v := g.at(n, on)
	if v.Status == Expired {
		return v.Since, true
	}
	article := Article(anchor)
	for _, a := range v.Articles {
		if article != "" && a.Anchor == article && a.Status == Expired {
			return a.Since, true
		}
		for _, r := range a.Reasons {
			if a.Anchor == article && anchor != "" && r.Kind.ends() && within(anchor, r.Target) {
				return r.Since, true
			}
		}
	}
	return clock.Date{}, false
}

func orderly(all []Warning) []Warning {
	order := Alarms()
	slices.SortStableFunc(all, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Alarm), slices.Index(order, b.Alarm)), compareAnchors(a.Anchor, b.Anchor), strings.Compare(a.OtherSymbol, b.OtherSymbol), strings.Compare(a.Other, b.Other), strings.Compare(a.Quote, b.Quote))
	})
	return slices.CompactFunc(all, func(a, b Warning) bool { return a == b })
}

// Vanished is a unit that is no more.
//
// vi: đơn vị hành chính đã chấm dứt
type Vanished struct {
	Name  string // with its kind: "Quận Ba Đình"
	Since clock.Date
	Now   []string // today's units on its ground
}

// Mention is a name of a unit in a text.
//
// vi: -
type Mention struct {
	Anchor string
	Names  []string // folded, the longest first: "quan ba dinh", "quan ba"
	Quote  string
}

const (
	nameWordsMax = 6    // syllables of a unit's name
	quoteRunes   = 60   // on each side of a name
	mentionsMax  = 2000 // of one document
)

// unitWords are the words before a unit's name.
func unitWords() []string {
	return []string{"thành phố", "thị trấn", "thị xã", "phường", "huyện", "quận", "xã"}
}

// Mentions finds what may be names of units: the word for its kind and up to six
// syllables that begin with a capital or are numbers.
func Mentions(provisions []Provision) []Mention {
	var all []Mention
	for _, p := range provisions {
		for _, words := range []string{p.Heading, p.Text} {
			all = mentions(all, p.Anchor, words)
		}
	}
	return all
}

func mentions(all []Mention, anchor, words string) []Mention {
	parts := tokens(words)
	at := 0
	for i := 0; i < len(parts) && len(all) < mentionsMax; i++ {
		kind, next := unitKind(parts, i)
		if kind != "" {
			if names := unitNames(kind, parts[next:min(next+3*nameWordsMax, len(parts))]); len(names) > 0 {
				all = append(all, Mention{Anchor: anchor, Names: names, Quote: excerpt(words, at)})
			}
		}
		at += len(parts[i])
	}
	return all
}

// unitKind reads a kind of unit at a token; next is where the name begins.
func unitKind(parts []string, i int) (kind string, next int) {
	first := strings.ToLower(parts[i])
	two := ""
	if i+2 < len(parts) && parts[i+1] == " " {
		two = first + " " + strings.ToLower(parts[i+2])
	}
	for _, w := range unitWords() {
		if w == two {
			return w, i + 3
		}
		if w == first {
			return w, i + 1
		}
	}
	return "", 0
}

// unitNames gives what may be the name that follows, the longest first.
func unitNames(kind string, parts []string) []string {
	var names []string
	name, taken := text.Fold(kind), 0
	for i := 0; i < len(parts) && taken < nameWordsMax; i++ {
		w := parts[i]
		if strings.TrimSpace(w) == "" {
			if strings.Contains(w, "\n") {
				break
			}
			continue
		}
		if w == "-" && i+1 < len(parts) {
			name += " -"
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			break
		}
		name += " " + text.Fold(w)
		taken++
		names = append(names, name)
	}
	slices.Reverse(names)
	return names
}

// excerpt cuts the words on both sides of a place.
func excerpt(words string, at int) string {
	from, to := at, at
	for range quoteRunes {
		_, n := utf8.DecodeLastRuneInString(words[:from])
		from -= n
		_, n = utf8.DecodeRuneInString(words[to:])
		to += n
	}
	quote := strings.Join(strings.Fields(words[from:to]), " ")
	if from > 0 {
		quote = "… " + quote
	}
	if to < len(words) {
		quote += " …"
	}
	return quote
}

// UnitWarnings tells which former units a document names: each once, at the
// first place.
func UnitWarnings(doc Document, found []Mention, gone map[string]Vanished) []Warning {
	var all []Warning
	seen := map[string]bool{}
	for _, m := range found {
		for _, name := range m.Names {
			unit, is := gone[name]
			if !is {
				continue
			}
			if !seen[name] {
				seen[name] = true
				w := Warning{Document: doc.ID, Alarm: UnitRenamed, Anchor: m.Anchor, Quote: m.Quote, OtherSymbol: unit.Name, Since: unit.Since, Detail: strings.Join(unit.Now, ", ")}
				if !doc.Issued.IsZero() && !doc.Issued.Before(unit.Since) {
					w.Alarm = UnitGone
				}
				all = append(all, w)
			}
			break
		}
	}
	return orderly(all)
}
