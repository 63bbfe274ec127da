package akoma

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Level is the level of a provision, by its usual name in Akoma Ntoso; khoản is
// "clause" here and <paragraph> there.
//
// vi: cấp của đơn vị bố cục
type Level string

// Levels of provisions, from outside to inside.
const (
	Annex      Level = "annex"
	Part       Level = "part"
	Chapter    Level = "chapter"
	Section    Level = "section"
	Subsection Level = "subsection"
	Article    Level = "article"
	Clause     Level = "clause"
	Point      Level = "point"
)

// Provision is a unit of the text with what it holds. Text stands before the
// children, Closing after them. From and Until are set where the provision
// holds for another time than the document.
//
// vi: đơn vị bố cục
type Provision struct {
	Anchor   string
	Level    Level
	Number   string // "II", "5a", "đ"
	Heading  string
	Text     []string
	Children []Provision
	Closing  []string
	From     clock.Date
	Until    clock.Date
}

// Relation is what the document does to another: Kind is the library's code.
//
// vi: quan hệ văn bản
type Relation struct {
	Kind   string
	From   string // anchor in this document
	Symbol string
	Title  string
	Target string // anchor in the other
}

// Signer is who signed.
//
// vi: người ký
type Signer struct{ Name, Position string }

// Event is a day on which something happened to the document: Kind is
// "generation", "amendment" or "repeal", Symbol the paper that did it.
//
// vi: sự kiện của văn bản
type Event struct {
	Kind   string
	Date   clock.Date
	Symbol string
}

// Document is a paper of the library as it is exchanged.
//
// vi: văn bản trao đổi
type Document struct {
	Kind       string // the library's code: "NQ", "NĐ", "BC"
	Draft      bool
	Symbol     string
	Title      string // trích yếu, tên gọi
	Issuer     string
	Place      string
	Issued     clock.Date
	Effective  clock.Date
	Expires    clock.Date // the first day on which it no longer holds
	Term       string
	Session    string
	Preamble   []string // căn cứ, one paragraph each
	Provisions []Provision
	Conclusion []string
	Signers    []Signer
	Recipients []string
	Relations  []Relation
	Events     []Event
}

// rank orders levels from outside to inside.
var rank = map[Level]int{Annex: 1, Part: 2, Chapter: 3, Section: 4, Subsection: 5, Article: 6, Clause: 7, Point: 8}

// Clean is the document as it can be written: NFC, without characters XML has
// no place for, without empty paragraphs. What is exported and imported again
// equals Clean of it.
func (d Document) Clean() Document {
	for _, f := range []*string{&d.Kind, &d.Symbol, &d.Title, &d.Issuer, &d.Place, &d.Term, &d.Session} {
		*f = line(*f)
	}
	d.Preamble, d.Conclusion, d.Recipients = paragraphs(d.Preamble), paragraphs(d.Conclusion), paragraphs(d.Recipients)
	d.Provisions = cleanProvisions(d.Provisions)
	d.Signers = each(d.Signers, func(s Signer) Signer { return Signer{line(s.Name), line(s.Position)} })
	d.Relations = each(d.Relations, func(r Relation) Relation {
		return Relation{line(r.Kind), line(r.From), line(r.Symbol), line(r.Title), line(r.Target)}
	})
	var events []Event
	for _, e := range d.Events {
		if !e.Date.IsZero() {
			events = append(events, Event{line(e.Kind), e.Date, line(e.Symbol)})
		}
	}
	d.Events = events
	return d
}

func each[T any](in []T, f func(T) T) []T {
	var out []T
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

func cleanProvisions(in []Provision) []Provision {
	return each(in, func(p Provision) Provision {
		p.Anchor, p.Number, p.Heading = line(p.Anchor), line(p.Number), line(p.Heading)
		p.Text, p.Closing, p.Children = paragraphs(p.Text), paragraphs(p.Closing), cleanProvisions(p.Children)
		if len(p.Children) == 0 {
			p.Text, p.Closing = append(p.Text, p.Closing...), nil
		}
		return p
	})
}

// line is s in one line.
func line(s string) string { return strings.Join(strings.Fields(written(s)), " ") }

func paragraphs(in []string) []string {
	var out []string
	for _, p := range in {
		if p = strings.TrimSpace(written(p)); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// written is s in NFC with only the characters XML 1.0 can hold.
func written(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r == utf8.RuneError || r < 0x20 || r == 0xFFFE || r == 0xFFFF || unicode.Is(unicode.Cs, r):
			return -1
		}
		return r
	}, s)
	return text.NFC(s)
}

// check refuses what cannot be written so that it can be read again.
func (d Document) check() error {
	if d.Symbol == "" || d.Issued.IsZero() {
		return fault.New(fault.Invalid, "akoma.no_symbol")
	}
	return checkProvisions(d.Provisions, 0, map[string]bool{}, 0)
}

func checkProvisions(ps []Provision, above int, seen map[string]bool, depth int) error {
	for _, p := range ps {
		switch k := rank[p.Level]; {
		case k == 0 || k <= above || p.Level == Annex && above > 0 || depth > 8:
			return fault.New(fault.Invalid, "akoma.bad_level", "anchor", p.Anchor)
		case p.Anchor == "" || strings.ContainsFunc(p.Anchor, unicode.IsSpace) || seen[p.Anchor] || strings.HasPrefix(p.Anchor, "meta_"):
			return fault.New(fault.Invalid, "akoma.bad_anchor", "anchor", p.Anchor)
		case p.Level == Annex && (!p.From.IsZero() || !p.Until.IsZero()):
			return fault.New(fault.Invalid, "akoma.bad_level", "anchor", p.Anchor)
		}
		seen[p.Anchor] = true
		if err := checkProvisions(p.Children, rank[p.Level], seen, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// labels are how a unit's number is printed: before and after the number.
var labels = map[Level][2]string{Part: {"Phần ", ""}, Chapter: {"Chương ", ""}, Section: {"Mục ", ""}, Subsection: {"Tiểu mục ", ""}, Article: {"Điều ", "."}, Clause: {"", "."}, Point: {"", ")"}, Annex: {"Phụ lục ", ""}}

// elements are the names of levels in Akoma Ntoso.
var elements = map[Level]string{Part: "part", Chapter: "chapter", Section: "section", Subsection: "subsection", Article: "article", Clause: "paragraph", Point: "point"}

// acts are the kinds of papers that set or decide something: they are <act>.
var acts = map[string]bool{"HP": true, "L": true, "PL": true, "LCT": true, "NĐ": true, "NQ": true, "NQLT": true, "QĐ": true, "TT": true, "TTLT": true, "CT": true, "QC": true, "QyĐ": true}

// element is the kind of document the standard gives the paper.
func (d Document) element() string {
	switch {
	case d.Draft:
		return "bill"
	case acts[d.Kind]:
		return "act"
	}
	return "doc"
}
