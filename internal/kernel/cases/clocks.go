package cases

import (
	"context"
	"fmt"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// ticking is what an act did to the clocks of its case.
//
// vi: -
type ticking struct {
	late    bool // a deadline was met late
	started []*Deadline
}

// write keeps the clocks that began.
func (t ticking) write(ctx context.Context, tx *db.Tx) error {
	for _, d := range t.started {
		if err := insertDeadline(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

// clocks stops, pauses, resumes and extends the deadlines that the verb names,
// begins new ones, and sets the case's due date.
func (e *Engine) clocks(ctx context.Context, tx *db.Tx, p *Procedure, m Move) (t ticking, err error) {
	c, v := m.Case, m.Verb
	today := clock.DateOf(m.Act.At.Time)
	on := m.Input.On
	if on.IsZero() {
		on = today
	}
	var all []Deadline
	if !m.Act.opens() {
		if all, err = Deadlines(ctx, tx, c.ID); err != nil {
			return t, err
		}
	}
	change := func(names []string, with func(d *Deadline) error) error {
		for _, name := range names {
			for i := range all {
				if all[i].Name != name || !all[i].Live() {
					continue
				}
				if on.Before(all[i].since()) {
					return fault.New(fault.Invalid, "cases.before_event", "day", on.VN(), "event", all[i].since().VN()).At("on")
				}
				if err := with(&all[i]); err != nil {
					return err
				}
				if err := updateDeadline(ctx, tx, &all[i]); err != nil {
					return err
				}
			}
		}
		return nil
	}
	stop := func(d *Deadline) error {
		t.late = d.stop(on) || t.late
		return nil
	}
	if err := change(v.Stops, stop); err != nil {
		return t, err
	}
	if err := change(v.Pauses, func(d *Deadline) error { return e.pause(p, d, on, m.Input) }); err != nil {
		return t, err
	}
	if err := change(v.Resumes, func(d *Deadline) error { return e.resume(p, d, on, today) }); err != nil {
		return t, err
	}
	if v.Extends != "" {
		if err := change([]string{v.Extends}, func(d *Deadline) error { return e.extend(p, d, on, today, m.Input) }); err != nil {
			return t, err
		}
	}
	if err := change(v.Rechooses, func(d *Deadline) error { return e.rechoose(ctx, tx, p, d, m) }); err != nil {
		return t, err
	}
	if err := e.begin(ctx, tx, &t, p, on, m); err != nil {
		return t, err
	}
	if !m.Input.Planned.IsZero() {
		if err := plan(ctx, tx, all, t.started, m.Input.Planned); err != nil {
			return t, err
		}
	}
	for _, d := range t.started {
		all = append(all, *d)
	}
	c.Due = earliest(all)
	return t, nil
}

// begin starts the clocks that the verb names.
func (e *Engine) begin(ctx context.Context, tx *db.Tx, t *ticking, p *Procedure, on clock.Date, m Move) error {
	for _, name := range m.Verb.Starts {
		from := on
		if event, ok := m.Input.Events[name]; ok {
			from = event
		}
		d, err := e.start(ctx, tx, p, name, from, m)
		if err != nil {
			return err
		}
		if d != nil {
			t.started = append(t.started, d)
		}
	}
	return nil
}

// earliest is the due date of the live duty that ends first. A duty that was
// paused in time has none; one paused when it was late already keeps its own.
func earliest(all []Deadline) clock.Date {
	var due clock.Date
	for _, d := range all {
		if d.Live() && !d.Window && !d.Due.IsZero() && (due.IsZero() || d.Due.Before(due)) {
			due = d.Due
		}
	}
	return due
}

// start begins a clock; nil when the law sets this case no such limit.
func (e *Engine) start(ctx context.Context, tx *db.Tx, p *Procedure, name string, on clock.Date, m Move) (*Deadline, error) {
	rule, ok := p.Deadline(name)
	if !ok {
		return nil, fmt.Errorf("cases: procedure %s has no deadline %q", p.Key(), name)
	}
	key, err := e.ruleFor(ctx, tx, p, rule, m, on)
	if key == "" || err != nil {
		return nil, err
	}
	law, err := e.Rules.At(key, on)
	if err != nil {
		return nil, err
	}
	event := e.offers[m.Case.Procedure].Module + ".event." + m.Verb.Name
	d := &Deadline{ID: db.NewID(m.Act.At.Time), CaseID: m.Case.ID, Name: name, Round: m.Case.Round, RuleKey: law.Key, RuleFrom: law.From,
		Basis: law.Basis(), Confirmed: law.Confirmed, Run: db.JSON[calendar.Run]{V: law.Run(on, event)}, Status: Running, Window: rule.Window}
	return d, e.recount(p, d, clock.DateOf(m.Act.At.Time))
}

// ruleFor is the key of the rule that counts for this case.
func (e *Engine) ruleFor(ctx context.Context, tx *db.Tx, p *Procedure, rule DeadlineRule, m Move, on clock.Date) (string, error) {
	if rule.Choose == "" {
		return rule.Rule, nil
	}
	key, err := e.offers[p.Name].Chooses[rule.Choose](ctx, tx, m, rule.Name, on)
	if err == nil && key != "" && key != rule.Rule && !slices.Contains(rule.Variants, key) {
		err = fmt.Errorf("cases: %s chose %q for deadline %q of %s, which the procedure does not name", rule.Choose, key, rule.Name, p.Key())
	}
	return key, err
}

// rechoose gives a running clock the rule that fits what has become known. It
// keeps the law of the day on which the clock began.
func (e *Engine) rechoose(ctx context.Context, tx *db.Tx, p *Procedure, d *Deadline, m Move) error {
	rule, _ := p.Deadline(d.Name)
	began := d.Run.V.Start
	key, err := e.ruleFor(ctx, tx, p, rule, m, began)
	if err != nil || key == "" || key == d.RuleKey {
		return err
	}
	law, err := e.Rules.At(key, began)
	if err != nil {
		return err
	}
	d.RuleKey, d.RuleFrom, d.Basis, d.Confirmed = law.Key, law.From, law.Basis(), law.Confirmed
	d.Run.V.Count, d.Run.V.Unit, d.Run.V.Backward, d.Run.V.Rule, d.Run.V.Basis = law.Count, law.Unit, law.Backward, law.Key, law.Basis()
	if err := updateDeadlineRule(ctx, tx, d); err != nil {
		return err
	}
	return e.recount(p, d, clock.DateOf(m.Act.At.Time))
}

// recount counts the clock out again and finds the next rung of its ladder that
// lies on the day from or later.
func (e *Engine) recount(p *Procedure, d *Deadline, from clock.Date) error {
	cal, was := e.Calendar.Current(), d.Due
	counted, err := cal.Count(d.Run.V)
	if err != nil {
		return err
	}
	d.Raw, d.Due, d.Provisional = counted.Raw, counted.Due, counted.Provisional
	d.NextAlarm = clock.Date{}
	if d.Status != Running {
		return nil
	}
	rule, _ := p.Deadline(d.Name)
	rungs := ladder(cal, rule, d.Due)
	// When the date moved, the warnings that lie ahead again are given again.
	if d.Due != was {
		d.Rung = 0
	}
	for d.Rung < len(rungs) && rungs[d.Rung].on.Before(from) {
		d.Rung++
	}
	if d.Rung < len(rungs) {
		d.NextAlarm = rungs[d.Rung].on
	}
	return nil
}

// since is the last day on which something happened to a clock: nothing later
// can have happened before it.
func (d *Deadline) since() clock.Date {
	last := d.Run.V.Start
	if d.Run.V.Backward {
		return clock.Date{} // it is counted from an event that comes
	}
	for _, p := range d.Run.V.Pauses {
		for _, day := range []clock.Date{p.From, p.Until} {
			if day.After(last) {
				last = day
			}
		}
	}
	return last
}

func (d *Deadline) stop(today clock.Date) (late bool) {
	late = !d.Window && !d.Due.IsZero() && today.After(d.Due) // no pause heals what was late before it
	d.Status, d.MetOn, d.NextAlarm = Met, today, clock.Date{}
	if late {
		d.Status = MetLate
	}
	return late
}

func (e *Engine) pause(p *Procedure, d *Deadline, today clock.Date, in *Input) error {
	if d.Status == Paused {
		return fault.New(fault.Refused, "cases.already_paused")
	}
	d.Run.V.Pauses = append(d.Run.V.Pauses, calendar.Pause{From: today, Reason: in.Note, Document: in.Document})
	d.Status = Paused
	return e.recount(p, d, today)
}

func (e *Engine) resume(p *Procedure, d *Deadline, on, today clock.Date) error {
	if d.Status != Paused {
		return fault.New(fault.Refused, "cases.not_paused")
	}
	pauses := d.Run.V.Pauses
	pauses[len(pauses)-1].Until = on
	if pauses[len(pauses)-1].From == on { // paused and resumed on one day: nothing stood still
		d.Run.V.Pauses = pauses[:len(pauses)-1]
	}
	d.Status = Running
	return e.recount(p, d, today.AddDays(1)) // this morning's reminders have gone out
}

func (e *Engine) extend(p *Procedure, d *Deadline, on, today clock.Date, in *Input) error {
	rule, _ := p.Deadline(d.Name)
	x := in.Extend
	if len(d.Run.V.Extensions) >= rule.Extensions {
		return fault.New(fault.Refused, "cases.no_more_extensions", "times", rule.Extensions)
	}
	if x.Count < 1 || x.Count > rule.ExtendMax {
		return fault.New(fault.Invalid, "cases.extension_length", "max", rule.ExtendMax).At("days")
	}
	x.On, x.Unit, x.Document = on, d.Run.V.Unit, in.Document
	d.Run.V.Extensions = append(d.Run.V.Extensions, x)
	if err := e.recount(p, d, today.AddDays(1)); err != nil {
		return err
	}
	// The act says the date that it sets: whoever folds acts later cannot count
	// days off again, with the calendar of that day.
	if in.Fields == nil {
		in.Fields = map[string]string{}
	}
	in.Fields["due"] = d.Due.String()
	return nil
}

// plan keeps the date a handler promises, beside the legal one.
func plan(ctx context.Context, tx *db.Tx, all []Deadline, started []*Deadline, on clock.Date) error {
	duty := func(d *Deadline) bool { return d.Status == Running && !d.Window }
	for i := range all {
		if duty(&all[i]) {
			all[i].Planned = on
			return updateDeadline(ctx, tx, &all[i])
		}
	}
	for _, d := range started {
		if duty(d) {
			d.Planned = on
			return nil
		}
	}
	return nil
}

// Explain tells why a deadline is when it is, counted anew from what is stored.
func (e *Engine) Explain(d Deadline) (calendar.Deadline, error) {
	return e.Calendar.Current().Count(d.Run.V)
}
