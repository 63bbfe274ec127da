package calendar

import "example.vn/hdnd/internal/kernel/fault"

// countBack counts a limit back from a coming event, such as a notice that has
// to be given so many days before a meeting: the day of the event is not
// counted, and where the last day is a rest day the one before it that is
// worked counts, so that the other side never has less than the law gives.
func (c *Calendar) countBack(r Run) (Deadline, error) {
	at, ok := c.index(r.Start)
	if !ok {
		return Deadline{}, outOfRange().At("from")
	}
	if err := acceptTerm(r.Count, r.Unit); err != nil {
		return Deadline{}, err
	}
	if len(r.Pauses)+len(r.Extensions) > 0 || r.Unit == Months {
		return Deadline{}, fault.New(fault.Invalid, "calendar.counts_backward")
	}
	d := Deadline{Run: r, Running: true}
	day := r.Start
	step := func() (works bool, err error) {
		if at--; at < 0 {
			return false, outOfRange().At("from")
		}
		day = c.date(at)
		works, why := c.IsWorking(day)
		if !works && r.Unit == WorkingDays {
			d.Skipped = append(d.Skipped, why)
		}
		return works, nil
	}
	for left := r.Count; left > 0; {
		works, err := step()
		if err != nil {
			return Deadline{}, err
		}
		if works || r.Unit == Days {
			left--
		}
	}
	d.Raw = day
	for works, why := c.IsWorking(day); !works; works, why = c.IsWorking(day) {
		if r.Unit == Days {
			d.Skipped = append(d.Skipped, why)
		}
		if _, err := step(); err != nil {
			return Deadline{}, err
		}
	}
	d.Due = day
	d.Provisional = len(c.Provisional(day, r.Start)) > 0
	return d, nil
}

// explainBack tells how a deadline came about that was counted back.
func (d Deadline) explainBack() []Step {
	event := Word("calendar.event")
	if d.Event != "" {
		event = Word(d.Event)
	}
	steps := []Step{dated(StepStart, d.Start, "calendar.step_start_back", "event", event),
		{Kind: StepTerm, Sentence: Sentence{Key: "calendar.step_term", Args: []any{"term", term(d.Count, d.Unit)}}}}
	for _, s := range d.Skipped {
		steps = append(steps, s.step())
	}
	steps = append(steps, dated(StepRaw, d.Raw, "calendar.step_raw"))
	if d.Raw != d.Due {
		steps = append(steps, dated(StepRoll, d.Due, "calendar.step_roll_back"))
	}
	return append(append(steps, dated(StepDue, d.Due, "calendar.step_due")), d.authority()...)
}
