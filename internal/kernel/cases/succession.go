package cases

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// BodySucceeded hands the open cases of a body that closes to its successor:
// same code, same clocks, one act on each that names the document. It is part
// of the transaction that closes the body.
func (e *Engine) BodySucceeded(ctx context.Context, tx *db.Tx, who org.Actor, from, to org.Body, document string) error {
	now := e.Clock.Now()
	open, err := db.All[Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases WHERE open AND (holder_body_id = $1 OR owner_body_id = $1 OR examiner_body_id = $1) ORDER BY id`, from.ID)
	if err != nil {
		return err
	}
	for i := range open {
		c := &open[i]
		if c.HolderBodyID == from.ID {
			c.AssigneePostID = "" // posts of the closed body have ended with it
		}
		for _, at := range []*string{&c.HolderBodyID, &c.OwnerBodyID, &c.ExaminerBodyID} {
			if *at == from.ID {
				*at = to.ID
			}
		}
		if c.OwnerBodyID == to.ID {
			c.CouncilID = to.CouncilID
		}
		c.ChangedAt = db.At(now)
		if err := e.noteSuccession(ctx, tx, who, c, from, to, document); err != nil {
			return err
		}
		if err := updateCase(ctx, tx, c); err != nil {
			return err
		}
		e.wake(tx, c)
	}
	return nil
}

func (e *Engine) noteSuccession(ctx context.Context, tx *db.Tx, who org.Actor, c *Case, from, to org.Body, document string) error {
	now := e.Clock.Now()
	acts, err := Acts(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	return e.note(ctx, tx, who, c, &Act{ID: db.NewID(now), CaseID: c.ID, Number: len(acts) + 1, Verb: "succeed", At: db.At(now), From: c.State, To: c.State, Round: c.Round,
		PersonID: who.PersonID, PersonName: who.Name, PostTitle: who.PostTitle, BodyID: who.BodyID, BodyName: who.BodyName, OnBehalf: who.OnBehalf(), Document: document,
		Fields: db.JSON[map[string]string]{V: map[string]string{"from_body": from.Name, "to_body": to.Name}}, Papers: db.JSON[[]string]{V: []string{}}, Public: !c.Sealed})
}

// followSuccession gives a case that comes to life again to whoever has taken
// over its council's office meanwhile: a closed case was not handed on when the
// office was merged.
func followSuccession(ctx context.Context, tx *db.Tx, c *Case) error {
	for range successionsMax {
		owner, err := org.BodyOf(ctx, tx, c.OwnerBodyID)
		if err != nil || owner.SuccessorID == "" {
			return err
		}
		heir, err := org.BodyOf(ctx, tx, owner.SuccessorID)
		if err != nil {
			return err
		}
		c.OwnerBodyID, c.CouncilID = heir.ID, heir.CouncilID
	}
	return nil
}

// successionsMax bounds how many mergers in a row are followed.
const successionsMax = 10

// recountAtOnce bounds one transaction of Recount.
const recountAtOnce = 500

// Recount counts every running clock again, after the calendar's days were
// changed, and tells how many due dates moved. Reminders that now lie ahead are
// planned anew.
func (e *Engine) Recount(ctx context.Context) (moved int, err error) {
	today := clock.Today(e.Clock)
	for after := ""; ; {
		last, n := "", 0
		err := e.DB.Tx(ctx, func(tx *db.Tx) error {
			last, n = "", 0
			some, err := db.All[Deadline](ctx, tx, `SELECT `+deadlineColumns+` FROM cases_deadlines WHERE status IN ('running', 'paused') AND id > $1 ORDER BY id LIMIT $2`, after, recountAtOnce)
			if err != nil {
				return err
			}
			for i := range some {
				changed, err := e.recountOne(ctx, tx, &some[i], today)
				if err != nil {
					return err
				}
				if changed {
					n++
				}
				last = some[i].ID
			}
			return nil
		})
		if err != nil {
			return moved, err
		}
		moved += n
		if last == "" {
			return moved, nil
		}
		after = last
	}
}

func (e *Engine) recountOne(ctx context.Context, tx *db.Tx, d *Deadline, today clock.Date) (changed bool, err error) {
	was := *d
	counted, err := e.Calendar.Current().Count(d.Run.V)
	if err != nil || counted.Due == was.Due && counted.Provisional == was.Provisional {
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
	if err := e.recount(p, d, today); err != nil {
		return false, err
	}
	if err := updateDeadline(ctx, tx, d); err != nil {
		return false, err
	}
	all, err := Deadlines(ctx, tx, c.ID)
	if err != nil {
		return false, err
	}
	c.Due = earliest(all)
	return true, updateDue(ctx, tx, c)
}
