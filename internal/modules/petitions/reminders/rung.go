package reminders

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Reason says why a rung is proposed.
//
// vi: lý do đề xuất bậc
type Reason string

// The reasons.
const (
	ReasonNothing Reason = "nothing" // nothing is overdue
	ReasonYoung   Reason = "young"   // overdue, but not for long enough
	ReasonFirst   Reason = "first"   // overdue, and no letter yet
	ReasonAgain   Reason = "again"   // the same rung: too soon after its last letter for the next
	ReasonNext    Reason = "next"    // the days since the last letter have passed
	ReasonTop     Reason = "top"     // the highest rung was reached
)

// Proposal is the rung that follows from what was sent before.
//
// vi: bậc đôn đốc đề xuất
type Proposal struct {
	Rung     int // 0: no letter is called for
	Least    int // the rung may be chosen from Least to Rung
	Reason   Reason
	Letter   string     // the symbol that it goes by
	On       clock.Date // the day of that letter
	Days     int        // days late of the oldest petition, or days since that letter
	Wait     int        // the days that the rules ask for
	NextFrom clock.Date // when the next rung may go; none at the top
}

// sent is a signed letter to a body that has owed something ever since.
type sent struct {
	Rung   int
	On     clock.Date
	Symbol string
}

// propose says which rung is next for a body: never more than one above the
// highest letter sent, and never below it while something stays overdue. The
// days count from the first letter of the highest rung, so that sending it again
// puts nothing off. late
// is how many days the oldest matter is overdue, 0 when none is; letters are
// those since the body last owed nothing.
func (l ladder) propose(letters []sent, late int, today clock.Date) Proposal {
	var last sent
	for _, s := range letters {
		if s.Rung > last.Rung || s.Rung == last.Rung && s.On.Before(last.On) {
			last = s
		}
	}
	switch first := l.Rungs[0]; {
	case late < 1:
		return Proposal{Reason: ReasonNothing, Least: 1}
	case last.Rung == 0 && late < first.AfterDays:
		return Proposal{Reason: ReasonYoung, Least: 1, Days: late, Wait: first.AfterDays, NextFrom: today.AddDays(first.AfterDays - late)}
	case last.Rung == 0:
		return Proposal{Rung: 1, Least: 1, Reason: ReasonFirst, Days: late, Wait: first.AfterDays}
	}
	p := Proposal{Rung: last.Rung, Least: last.Rung, Reason: ReasonTop, Letter: last.Symbol, On: last.On, Days: today.Sub(last.On)}
	if last.Rung >= RungMost {
		return p
	}
	p.Wait = l.Rungs[last.Rung-1].NextAfter
	p.NextFrom = last.On.AddDays(p.Wait)
	p.Reason = ReasonAgain
	if !today.Before(p.NextFrom) {
		p.Rung, p.Reason = last.Rung+1, ReasonNext
	}
	return p
}

// allows reports whether a letter of this rung may be sent now.
func (p Proposal) allows(rung int) bool { return rung >= p.Least && rung <= max(p.Rung, p.Least) }

// choices are the rungs that may be chosen, the proposed one first.
func (p Proposal) choices() []int {
	var all []int
	for n := p.Least; n <= max(p.Rung, p.Least); n++ {
		all = append(all, n)
	}
	slices.Reverse(all)
	return all
}

// why says in words where a proposal comes from.
func (p Proposal) why(ctx context.Context) string {
	return text.T(ctx, "reminders.why_"+string(p.Reason), "rung", p.Rung, "letter", p.Letter, "on", p.On.VN(), "days", p.Days, "wait", p.Wait, "from", p.NextFrom.VN())
}

// whyKept is the same for the letter's own record, in Vietnamese as all papers.
func (d *Desk) whyKept(p Proposal) string {
	return d.Notify.Text.Say(text.Vi, "reminders.why_"+string(p.Reason), "rung", p.Rung, "letter", p.Letter, "on", p.On.VN(), "days", p.Days, "wait", p.Wait, "from", p.NextFrom.VN())
}
