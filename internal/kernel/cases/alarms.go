package cases

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// alarmsAtOnce bounds how many alarms one transaction gives, so that a morning
// with thousands does not hold the database.
const alarmsAtOnce = 50

// rung is one reminder or escalation on its day.
type rung struct {
	on       clock.Date
	days     int // working days before (negative) or after the due date
	escalate *Escalation
}

// ladder lays a deadline's warnings and escalations out on working days.
func ladder(cal *calendar.Calendar, rule DeadlineRule, due clock.Date) []rung {
	var all []rung
	if due.IsZero() || rule.Window {
		return nil
	}
	for _, n := range rule.Warns {
		all = append(all, rung{on: workingBefore(cal, due, n), days: -n})
	}
	for i := range rule.Escalates {
		e := &rule.Escalates[i]
		all = append(all, rung{on: workingAfter(cal, due, e.After), days: e.After, escalate: e})
	}
	return all
}

func workingBefore(cal *calendar.Calendar, d clock.Date, n int) clock.Date {
	for n > 0 {
		d = d.AddDays(-1)
		if works, _ := cal.IsWorking(d); works {
			n--
		}
	}
	return d
}

func workingAfter(cal *calendar.Calendar, d clock.Date, n int) clock.Date {
	for n > 0 {
		d = d.AddDays(1)
		if works, _ := cal.IsWorking(d); works {
			n--
		}
	}
	return d
}

// Alarms gives every reminder and escalation that is due today: each is an act
// of the program with its leaf, and messages to those whose move it is. The
// application runs it every morning; running it twice gives nothing twice.
func (e *Engine) Alarms(ctx context.Context) (given int, err error) {
	for {
		n, seen, err := e.someAlarms(ctx)
		given += n
		if err != nil || seen < alarmsAtOnce {
			return given, err
		}
	}
}

func (e *Engine) someAlarms(ctx context.Context) (given, seen int, err error) {
	today := clock.Today(e.Clock)
	err = e.DB.Tx(ctx, func(tx *db.Tx) error {
		given, seen = 0, 0
		due, err := db.All[Deadline](ctx, tx, `SELECT `+deadlineColumns+` FROM cases_deadlines WHERE next_alarm <> '' AND next_alarm <= $1 ORDER BY next_alarm, id LIMIT $2`, today, alarmsAtOnce)
		if err != nil {
			return err
		}
		for i := range due {
			spoke, err := e.alarm(ctx, tx, &due[i], today)
			if err != nil {
				return err
			}
			if seen++; spoke {
				given++
			}
		}
		return nil
	})
	return given, seen, err
}

// alarm climbs one rung. When several were missed (the program was off), the
// last of them speaks for all. The clock is counted again first: when a holiday
// was entered meanwhile, nobody is reminded of a date that no longer holds.
func (e *Engine) alarm(ctx context.Context, tx *db.Tx, d *Deadline, today clock.Date) (spoke bool, err error) {
	if _, err := e.recountOne(ctx, tx, d, today); err != nil {
		return false, err
	}
	c, err := Load(ctx, tx, d.CaseID)
	if err != nil {
		return false, err
	}
	p, err := e.Procedure(c.Procedure, c.Version)
	if err != nil {
		return false, err
	}
	rule, _ := p.Deadline(d.Name)
	rungs := ladder(e.Calendar.Current(), rule, d.Due)
	if d.Rung >= len(rungs) || d.Status != Running {
		d.NextAlarm = clock.Date{}
		return false, updateDeadline(ctx, tx, d)
	}
	if on := rungs[d.Rung].on; on.After(today) {
		d.NextAlarm = on
		return false, updateDeadline(ctx, tx, d)
	}
	for d.Rung+1 < len(rungs) && !rungs[d.Rung+1].on.After(today) {
		d.Rung++
	}
	step := rungs[d.Rung]
	d.Rung++
	d.NextAlarm = clock.Date{}
	if d.Rung < len(rungs) {
		d.NextAlarm = rungs[d.Rung].on
	}
	if err := updateDeadline(ctx, tx, d); err != nil {
		return false, err
	}
	return true, e.remind(ctx, tx, c, d, step)
}

// remind writes the act and tells the people whose move it is; from an
// escalation on also those it names.
func (e *Engine) remind(ctx context.Context, tx *db.Tx, c *Case, d *Deadline, step rung) error {
	now, module := e.Clock.Now(), e.offers[c.Procedure].Module
	verb := "remind"
	if step.escalate != nil {
		verb = "escalate"
	}
	acts, err := Acts(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	act := &Act{ID: db.NewID(now), CaseID: c.ID, Number: len(acts) + 1, Verb: verb, At: db.At(now), From: c.State, To: c.State, Round: c.Round,
		Fields: db.JSON[map[string]string]{V: map[string]string{"deadline": d.Name, "due": d.Due.String()}}, Papers: db.JSON[[]string]{V: []string{}}}
	if err := e.note(ctx, tx, org.System(c.CouncilID), c, act); err != nil {
		return err
	}
	key := "cases.notice_due"
	if step.days > 0 {
		key = "cases.notice_late"
	}
	notice := notify.Notice{Key: key, Args: []any{"code", c.Code, "title", c.Title, "due", d.Due.VN(), "days", max(step.days, -step.days)},
		Link: "/" + module + "/" + c.ID, CaseID: c.ID, CouncilID: c.CouncilID, Mail: step.escalate != nil}
	if err := e.tellRung(ctx, tx, c, step, notice); err != nil {
		return err
	}
	e.wake(tx, c)
	return nil
}

// tellRung tells those whose move it is and those whom the rung names, nobody twice.
func (e *Engine) tellRung(ctx context.Context, tx *db.Tx, c *Case, step rung, notice notify.Notice) error {
	if step.escalate == nil {
		return e.tell(ctx, tx, c, c.Waits, nil, notice)
	}
	if step.escalate.Place == c.Waits {
		return e.tell(ctx, tx, c, c.Waits, slices.Concat(usualRoles(c.Waits), step.escalate.Roles), notice)
	}
	if err := e.tell(ctx, tx, c, c.Waits, nil, notice); err != nil {
		return err
	}
	return e.tell(ctx, tx, c, step.escalate.Place, step.escalate.Roles, notice)
}

// note writes an act that moves nothing: the program's own, and hand-overs.
func (e *Engine) note(ctx context.Context, tx *db.Tx, who org.Actor, c *Case, act *Act) error {
	details := standing(act)
	details["fields"] = act.Fields.V
	if act.Document != "" {
		details["document"] = act.Document
	}
	leaf, err := e.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: e.offers[c.Procedure].Module + "." + act.Verb,
		At: act.At.Time, Who: who, Details: details, Sealed: c.Sealed || e.offers[c.Procedure].Unnamed})
	if err != nil {
		return err
	}
	act.LeafID = leaf.ID
	return insertAct(ctx, tx, act)
}

func (e *Engine) tell(ctx context.Context, tx *db.Tx, c *Case, at Place, roles []org.Role, notice notify.Notice) error {
	to, err := e.People(ctx, tx, c, at, roles)
	if err != nil {
		return err
	}
	return e.Notify.Tell(ctx, tx, to, notice)
}

// usualRoles are those who usually make the next move on a side.
func usualRoles(at Place) []org.Role {
	switch at {
	case Owner:
		return []org.Role{org.Clerk, org.Head}
	case Examiner:
		return []org.Role{org.CommitteeMember}
	case Holder:
		return []org.Role{org.BodyClerk}
	case Standing:
		return []org.Role{org.Standing, org.Chair}
	}
	return nil
}

// People names those on a side of a case: the ones with the given roles, or,
// without roles, those who usually make the next move there. In the answering
// body an assigned officer is always among them. Of a sealed case only the
// office hears.
func (e *Engine) People(ctx context.Context, tx *db.Tx, c *Case, at Place, roles []org.Role) (notify.Recipients, error) {
	if len(roles) == 0 {
		roles = usualRoles(at)
	}
	if c.Sealed && at != Owner {
		return notify.Recipients{}, nil
	}
	to := notify.Recipients{Roles: roles}
	switch at {
	case Owner:
		to.Body = c.OwnerBodyID
	case Examiner:
		to.Body = c.ExaminerBodyID
	case Holder:
		to.Body = c.HolderBodyID
		if c.AssigneePostID != "" {
			to.Posts = []string{c.AssigneePostID}
		}
	case Standing:
		bodies, err := org.BodiesOf(ctx, tx, c.CouncilID, org.StandingCommittee)
		bodies = slices.DeleteFunc(bodies, func(b org.Body) bool { return !b.Open(clock.Today(e.Clock)) })
		if err != nil || len(bodies) == 0 {
			return notify.Recipients{}, err
		}
		to.Body = bodies[0].ID
	}
	return to, nil
}
