package cases

import (
	"context"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Relaw is a version of a rule that the law gives to what is under way too.
type Relaw struct {
	Law      calendar.Rule
	Document string            // the article that says so
	Fields   map[string]string // further facts of the act
}

// Counted is a running clock counted out under another version of its rule: its
// beginning, pauses and extensions stay.
func (d Deadline) Counted(cal *calendar.Calendar, law calendar.Rule) (Deadline, error) {
	d.RuleKey, d.RuleFrom, d.Basis, d.Confirmed = law.Key, law.From, law.Basis(), law.Confirmed
	d.Run.V.Count, d.Run.V.Unit, d.Run.V.Backward, d.Run.V.Rule, d.Run.V.Basis = law.Count, law.Unit, law.Backward, law.Key, law.Basis()
	counted, err := cal.Count(d.Run.V)
	d.Raw, d.Due, d.Provisional = counted.Raw, counted.Due, counted.Provisional
	return d, err
}

// Relaw puts a running clock under another version of its rule, as an act of the
// program on its case. Clocks keep the rule they began with unless a law says
// otherwise; whoever calls this has that law at hand. What does not run is refused.
func (e *Engine) Relaw(ctx context.Context, tx *db.Tx, d Deadline, r Relaw) (Deadline, error) {
	if !d.Live() || d.RuleKey != r.Law.Key {
		return d, fault.New(fault.Refused, "cases.wrong_state")
	}
	c, err := Load(ctx, tx, d.CaseID)
	if err != nil {
		return d, err
	}
	p, err := e.Procedure(c.Procedure, c.Version)
	if err != nil {
		return d, err
	}
	now, was := e.Clock.Now(), d.Due
	fresh, err := d.Counted(e.Calendar.Current(), r.Law)
	if err != nil {
		return d, err
	}
	fresh.Due = was // recount compares with the date that held
	if err := e.recount(p, &fresh, clock.DateOf(now)); err != nil {
		return d, err
	}
	if err := updateDeadlineRule(ctx, tx, &fresh); err != nil {
		return d, err
	}
	if err := updateDeadline(ctx, tx, &fresh); err != nil {
		return d, err
	}
	all, err := Deadlines(ctx, tx, c.ID)
	if err != nil {
		return d, err
	}
	c.Due = earliest(all)
	if err := updateDue(ctx, tx, c); err != nil {
		return d, err
	}
	acts, err := Acts(ctx, tx, c.ID)
	if err != nil {
		return d, err
	}
	fields := map[string]string{"deadline": d.Name, "rule": r.Law.Key, "rule_from": r.Law.From.String(), "was": was.String(), "due": fresh.Due.String()}
	for k, v := range r.Fields {
		fields[k] = v
	}
	e.wake(tx, c)
	return fresh, e.note(ctx, tx, org.System(c.CouncilID), c, &Act{ID: db.NewID(now), CaseID: c.ID, Number: len(acts) + 1, Verb: "relaw", At: db.At(now), From: c.State, To: c.State, Round: c.Round,
		Document: r.Document, Fields: db.JSON[map[string]string]{V: fields}, Papers: db.JSON[[]string]{V: []string{}}})
}
