package limits

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Step is a step of the law, with the rules that set its limits.
//
// vi: bước theo luật
type Step struct {
	Row  int // of the law notes' table, §3.3; 0: reception and handling, §2
	Keys []string
}

// Family is the steps of one field of the law.
//
// vi: -
type Family struct {
	Name  string // its words are limits.family.<name>
	Steps []Step
}

// Families lists all limits of letters and reception by the steps of the law.
func Families() []Family {
	return []Family{
		{"complaints", []Step{
			{1, []string{"complaints.accept_first", "complaints.accept_second"}},
			{2, []string{"complaints.settle_first", "complaints.settle_first_complex", "complaints.settle_first_remote", "complaints.settle_first_remote_complex"}},
			{3, []string{"complaints.send_first_decision"}},
			{4, []string{"complaints.go_on", "complaints.go_on_remote"}},
			{5, []string{"complaints.settle_second", "complaints.settle_second_complex", "complaints.settle_second_remote", "complaints.settle_second_remote_complex"}},
			{6, []string{"complaints.take_effect", "complaints.take_effect_remote"}},
			{7, []string{"complaints.send_suspension"}},
			{8, []string{"complaints.dialogue_notice"}},
			{9, []string{"complaints.determine_complex"}},
			{21, []string{"complaints.answer_front"}},
		}},
		{"denunciations", []Step{
			{10, []string{"denunciations.handle_first", "denunciations.handle_first_max"}},
			{11, []string{"denunciations.forward"}},
			{12, []string{"denunciations.no_handling"}},
			{13, []string{"denunciations.tell_sender"}},
			{14, []string{"denunciations.notify_acceptance"}},
			{15, []string{"denunciations.settle", "denunciations.settle_extension"}},
			{16, []string{"denunciations.send_suspension"}},
			{17, []string{"denunciations.act_on_conclusion", "denunciations.report_back"}},
			{18, []string{"denunciations.review_further"}},
			{19, []string{"denunciations.superior_asks", "denunciations.body_reports"}},
			{20, []string{"denunciations.publish_conclusion"}},
		}},
		{"letters", []Step{
			{22, []string{"supervision.answer_demand", "letters.answer_forwarded", "letters.urge_again"}},
			{0, []string{"reception.tell_citizen", "reception.forwarded_result", "reception.deputy_hands_on", "reception.deputy_tells", "reception.letter_unhandled"}},
		}},
		{"reception", []Step{
			{0, []string{"reception.publish", "reception.online_notice", "reception.online_test", "reception.refusal_notice"}},
		}},
	}
}

// Known reports whether a rule is of letters and reception.
func Known(key string) bool {
	return slices.ContainsFunc(Families(), func(f Family) bool {
		return slices.ContainsFunc(f.Steps, func(s Step) bool { return slices.Contains(s.Keys, key) })
	})
}

// Held is one version of a rule with the days on which it holds.
//
// vi: -
type Held struct {
	calendar.Rule
	Row      int
	Last     clock.Date // on which it holds; none: no end is known
	Replaced bool       // by another version for the same day
	Now      bool       // it holds today
}

// Unconfirmed reports whether a version that holds or will hold was not compared
// with the text in force.
func (h Held) Unconfirmed(today clock.Date) bool {
	return !h.Confirmed && !h.Replaced && (h.Last.IsZero() || !h.Last.Before(today))
}

// history tells of every version of a rule when it held, oldest first. A version
// ends the day before the next begins; what was shipped may say an end itself.
func history(rules *calendar.Rules, key string, row int, today clock.Date) []Held {
	all := rules.History(key)
	held := make([]Held, len(all))
	for i, r := range all {
		h := Held{Rule: r, Row: row, Last: r.Until}
		if i+1 < len(all) {
			next := all[i+1].From
			h.Replaced = next == r.From
			if h.Last.IsZero() || !h.Last.Before(next) {
				h.Last = next.AddDays(-1)
			}
		}
		h.Now = !h.Replaced && !h.From.After(today) && (h.Last.IsZero() || !h.Last.Before(today))
		held[i] = h
	}
	return held
}

// Book is the page of all limits.
//
// vi: bảng thời hạn theo luật
type Book struct {
	Families    []Shelf
	Unconfirmed int // versions that hold or will, and were not compared
	Waiting     []Version
	Sets        bool // the person may draw up versions
}

// Shelf is a family with its versions.
//
// vi: -
type Shelf struct {
	Name string
	Held []Held
}

// Book lists all limits with their versions in time, or those alone that were
// not compared with the text in force.
func (d *Desk) Book(ctx context.Context, who org.Actor, unconfirmed bool) (b Book, err error) {
	if !mayRead.Allows(who) {
		return b, noVersion()
	}
	today, rules := d.today(), d.Calendar.Rules()
	b.Sets = sets(who, mayDrawUp) == nil
	for _, f := range Families() {
		shelf := Shelf{Name: f.Name}
		for _, s := range f.Steps {
			for _, key := range s.Keys {
				for _, h := range history(rules, key, s.Row, today) {
					open := h.Unconfirmed(today)
					if open {
						b.Unconfirmed++
					}
					if open || !unconfirmed {
						shelf.Held = append(shelf.Held, h)
					}
				}
			}
		}
		b.Families = append(b.Families, shelf)
	}
	if !b.Sets {
		return b, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		b.Waiting, err = versionsIn(ctx, tx, Draft)
		return err
	})
	b.Waiting = slices.DeleteFunc(b.Waiting, func(v Version) bool { return v.CouncilID != who.CouncilID })
	return b, err
}

// Sheet is the page of one limit.
//
// vi: -
type Sheet struct {
	Key      string
	Row      int
	Held     []Held
	Versions []Version // drawn up here, the newest first
	Sets     bool
}

// Sheet shows one limit: its versions, and who decided on them.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, key string) (s Sheet, err error) {
	if !mayRead.Allows(who) || !Known(key) {
		return s, fault.New(fault.Missing, "limits.rule_unknown")
	}
	s = Sheet{Key: key, Row: rowOf(key), Sets: sets(who, mayDrawUp) == nil}
	s.Held = history(d.Calendar.Rules(), key, s.Row, d.today())
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s.Versions, err = versionsFor(ctx, tx, key)
		return err
	})
	s.Versions = slices.DeleteFunc(s.Versions, func(v Version) bool {
		return v.CouncilID != who.CouncilID && (v.State == Draft || v.State == Dropped)
	})
	return s, err
}

func rowOf(key string) int {
	for _, f := range Families() {
		for _, s := range f.Steps {
			if slices.Contains(s.Keys, key) {
				return s.Row
			}
		}
	}
	return 0
}

// Paper is the page of one version.
//
// vi: -
type Paper struct {
	Version
	Before  calendar.Rule // what held on its day when the page was asked for
	WhyNot  *fault.Fault  // why the person may not put it in force; nil: they may
	Sets    bool
	Today   clock.Date
	Drafter bool // the person drew it up
}

// Paper shows one version.
func (d *Desk) Paper(ctx context.Context, who org.Actor, id string) (p Paper, err error) {
	if p.Version, err = d.read(ctx, who, id); err != nil {
		return p, err
	}
	p.Today = d.today()
	p.Sets = sets(who, mayDrawUp) == nil && p.CouncilID == who.CouncilID
	p.WhyNot, p.Drafter = p.hinders(who, p.Today), p.drew(who)
	if p.State == Draft {
		p.Before, err = d.Calendar.Rules().At(p.Key, p.From)
	}
	return p, err
}
