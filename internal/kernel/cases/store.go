package cases

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const (
	caseColumns = `id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
		owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision`
	actColumns = `id, case_id, number, verb, at, from_state, to_state, round, person_id, person_name, post_title, body_id, body_name, on_behalf,
		note, fields, document, papers, late, public, leaf_id`
	deadlineColumns = `id, case_id, name, round, rule_key, rule_from, basis, confirmed, run, raw, due, planned, provisional, status, is_window, met_on, rung, next_alarm`
)

// actsMax bounds the history shown of one case; the longest known has under a hundred acts.
const actsMax = 1000

func insertCase(ctx context.Context, tx *db.Tx, c *Case) error {
	c.Revision = 1
	return tx.Insert(ctx, `cases_cases`, caseColumns, c.ID, c.CouncilID, c.Procedure, c.Version, c.Code, c.Title, c.State, c.Waits, c.Open, c.Round, c.OpenedAt, c.ChangedAt, c.ClosedAt,
		c.OwnerBodyID, c.HolderBodyID, c.ExaminerBodyID, c.AssigneePostID, c.Field, c.UnitCode, c.Public, c.Sealed, c.Due, c.Revision)
}

// updateCase saves a case that nobody else changed since it was loaded.
func updateCase(ctx context.Context, tx *db.Tx, c *Case) error {
	err := tx.ExecOne(ctx, `UPDATE cases_cases SET title = $3, state = $4, waits = $5, open = $6, round = $7, changed_at = $8, closed_at = $9,
			owner_body_id = $10, holder_body_id = $11, examiner_body_id = $12, assignee_post_id = $13, field = $14, unit_code = $15, public = $16, sealed = $17, due = $18,
			revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		c.ID, c.Revision, c.Title, c.State, c.Waits, c.Open, c.Round, c.ChangedAt, c.ClosedAt,
		c.OwnerBodyID, c.HolderBodyID, c.ExaminerBodyID, c.AssigneePostID, c.Field, c.UnitCode, c.Public, c.Sealed, c.Due)
	if err == nil {
		c.Revision++
	}
	return err
}

// updateDue saves a due date that was counted again. It names nothing else, so
// that only the indexes of due dates are written: after a new holiday there may
// be a hundred thousand of these.
func updateDue(ctx context.Context, tx *db.Tx, c *Case) error {
	err := tx.ExecOne(ctx, `UPDATE cases_cases SET due = $3, revision = revision + 1 WHERE id = $1 AND revision = $2`, c.ID, c.Revision, c.Due)
	if err == nil {
		c.Revision++
	}
	return err
}

func insertAct(ctx context.Context, tx *db.Tx, a *Act) error {
	return tx.Insert(ctx, `cases_acts`, actColumns, a.ID, a.CaseID, a.Number, a.Verb, a.At, a.From, a.To, a.Round, a.PersonID, a.PersonName, a.PostTitle, a.BodyID, a.BodyName, a.OnBehalf,
		a.Note, a.Fields, a.Document, a.Papers, a.Late, a.Public, a.LeafID)
}

func insertDeadline(ctx context.Context, tx *db.Tx, d *Deadline) error {
	return tx.Insert(ctx, `cases_deadlines`, deadlineColumns, d.ID, d.CaseID, d.Name, d.Round, d.RuleKey, d.RuleFrom, d.Basis, d.Confirmed, d.Run, d.Raw, d.Due, d.Planned, d.Provisional, d.Status, d.Window, d.MetOn, d.Rung, d.NextAlarm)
}

func updateDeadline(ctx context.Context, tx *db.Tx, d *Deadline) error {
	return tx.ExecOne(ctx, `UPDATE cases_deadlines SET run = $2, raw = $3, due = $4, planned = $5, provisional = $6, status = $7, met_on = $8, rung = $9, next_alarm = $10 WHERE id = $1`,
		d.ID, d.Run, d.Raw, d.Due, d.Planned, d.Provisional, d.Status, d.MetOn, d.Rung, d.NextAlarm)
}

// updateDeadlineRule saves which rule a clock runs by.
func updateDeadlineRule(ctx context.Context, tx *db.Tx, d *Deadline) error {
	return tx.ExecOne(ctx, `UPDATE cases_deadlines SET rule_key = $2, rule_from = $3, basis = $4, confirmed = $5 WHERE id = $1`, d.ID, d.RuleKey, d.RuleFrom, d.Basis, d.Confirmed)
}

// Load reads a case without asking who wants it. Verbs of the program and of
// the voter use it; people go through Engine.Case.
func Load(ctx context.Context, tx *db.Tx, id string) (*Case, error) {
	c, err := db.One[Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases WHERE id = $1`, id)
	if err != nil {
		return nil, missing(err)
	}
	return &c, nil
}

// ByCode reads a case by what people wrote down.
func ByCode(ctx context.Context, tx *db.Tx, code string) (*Case, error) {
	c, err := db.One[Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases WHERE code = $1`, code)
	if err != nil {
		return nil, missing(err)
	}
	return &c, nil
}

func missing(err error) error {
	if fault.Is(err, "db.no_row") {
		return fault.New(fault.Missing, "cases.no_such_case")
	}
	return err
}

// Acts lists what happened to a case, oldest first.
func Acts(ctx context.Context, tx *db.Tx, caseID string) ([]Act, error) {
	return db.All[Act](ctx, tx, `SELECT `+actColumns+` FROM cases_acts WHERE case_id = $1 ORDER BY number LIMIT $2`, caseID, actsMax)
}

// Deadlines lists a case's clocks, oldest first.
func Deadlines(ctx context.Context, tx *db.Tx, caseID string) ([]Deadline, error) {
	return db.All[Deadline](ctx, tx, `SELECT `+deadlineColumns+` FROM cases_deadlines WHERE case_id = $1 ORDER BY id LIMIT $2`, caseID, actsMax)
}

// DeadlineOf loads one clock of a case.
func DeadlineOf(ctx context.Context, tx *db.Tx, caseID, id string) (Deadline, error) {
	return db.One[Deadline](ctx, tx, `SELECT `+deadlineColumns+` FROM cases_deadlines WHERE case_id = $1 AND id = $2`, caseID, id)
}
