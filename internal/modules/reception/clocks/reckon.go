package clocks

import (
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Reckoned is a limit counted out over the days.
//
// vi: thời hạn đã tính
type Reckoned struct {
	Limit    Limit
	Rule     calendar.Rule
	Deadline calendar.Deadline // no due date when the law sets no number of days
}

// Reckon chooses the limit of a step and counts it out, with what happened to
// the clock since. Counting the kept Run again gives the same.
func Reckon(rules *calendar.Rules, days *calendar.Calendar, f Facts, pauses []calendar.Pause, given []calendar.Extension) (Reckoned, error) {
	l, err := Choose(f)
	if err != nil {
		return Reckoned{}, err
	}
	r := Reckoned{Limit: l}
	if r.Rule, err = rules.At(l.Rule, l.Law); err != nil {
		return r, err
	}
	if r.Rule.Unit == calendar.None {
		return r, nil
	}
	if len(pauses) > 0 && f.Step != Settle {
		return r, fault.New(fault.Refused, "reception.clock_only_settling_pauses")
	}
	if err := f.extended(given); err != nil {
		return r, err
	}
	run := r.Rule.Run(f.On, "reception.event."+string(f.Step))
	run.Pauses, run.Extensions = pauses, given
	r.Deadline, err = days.Count(run)
	return r, err
}

// extended asks for each extension as if it were given now.
func (f Facts) extended(given []calendar.Extension) error {
	if len(given) > 0 && f.Step != Settle {
		return f.none()
	}
	for i, x := range given {
		one := f
		one.Extensions, one.Document = i, x.Document
		if err := one.CheckExtension(); err != nil {
			return err
		}
	}
	return nil
}

// Explain tells which rule was taken and why, then how its days were counted.
func (r Reckoned) Explain() []calendar.Sentence {
	var all []calendar.Sentence
	for _, why := range r.Limit.Why {
		all = append(all, calendar.Sentence{Key: string(why)})
	}
	if r.Rule.Unit == calendar.None {
		return append(all, r.Rule.Words())
	}
	for _, s := range r.Deadline.Explain() {
		all = append(all, s.Sentence)
	}
	return all
}

// Extension is one more extension of a denunciation's settlement, of the length
// that the law of the day sets.
func Extension(rules *calendar.Rules, f Facts) (calendar.Extension, error) {
	f.Step = Extend
	l, err := Choose(f)
	if err != nil {
		return calendar.Extension{}, err
	}
	rule, err := rules.At(l.Rule, f.On)
	if err != nil {
		return calendar.Extension{}, err
	}
	return calendar.Extension{Count: rule.Count, Unit: rule.Unit, Document: f.Document, Basis: rule.Basis(), On: f.On}, nil
}

// InTime reports whether a complaint was made within the time bar: 90 days from
// the day its writer got or learned of the decision, without the days on which
// they were kept from it (Luật Khiếu nại, Điều 9).
func InTime(known, made clock.Date, kept []calendar.Pause) bool {
	const bar = 90
	last := known.AddDays(bar)
	for _, p := range kept {
		last = last.AddDays(p.Until.Sub(p.From))
	}
	return !made.After(last)
}
