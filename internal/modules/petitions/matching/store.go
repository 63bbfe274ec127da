package matching

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
)

const (
	groupColumns  = `id, council_id, lead_id, title, by_person, by_name, at`
	memberColumns = `group_id, petition_id, added_by, added_name, added_at, removed_by, removed_at, reason`
	caseColumns   = `id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
		owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision`
	// historyMax bounds the members of a group, past ones included.
	historyMax = 4 * membersMax
)

// casesOf loads several cases at once; whoever asks checks who may see them.
func casesOf(ctx context.Context, tx *db.Tx, ids []string) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases WHERE id `+tx.In("$1")+` ORDER BY id LIMIT $2`, db.List(ids), historyMax)
}

func insertGroup(ctx context.Context, tx *db.Tx, g Group) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_groups (`+groupColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, g.ID, g.CouncilID, g.LeadID, g.Title, g.ByPerson, g.ByName, g.At)
	return err
}

func groupOf(ctx context.Context, tx *db.Tx, id string) (Group, error) {
	return db.One[Group](ctx, tx, `SELECT `+groupColumns+` FROM petitions_groups WHERE id = $1`, id)
}

func setLead(ctx context.Context, tx *db.Tx, groupID, leadID string) error {
	return tx.ExecOne(ctx, `UPDATE petitions_groups SET lead_id = $2 WHERE id = $1`, groupID, leadID)
}

// insertMembers adds petitions to a group in one statement.
func insertMembers(ctx context.Context, tx *db.Tx, m Member, ids []string) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_group_members (`+memberColumns+`)
		SELECT CAST($1 AS TEXT), c.id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), '', 0, '' FROM cases_cases c WHERE c.id `+tx.In("$5"),
		m.GroupID, m.AddedBy, m.AddedName, m.AddedAt, db.List(ids))
	return err
}

// membershipsOf are the groups that petitions are in now.
func membershipsOf(ctx context.Context, tx *db.Tx, ids []string) ([]Member, error) {
	return db.All[Member](ctx, tx, membershipsQuery(tx), db.List(ids), historyMax)
}

func membershipsQuery(tx *db.Tx) string {
	return `SELECT ` + memberColumns + ` FROM petitions_group_members WHERE removed_at = 0 AND petition_id ` + tx.In("$1") + ` ORDER BY petition_id LIMIT $2`
}

const membersQuery = `SELECT ` + memberColumns + ` FROM petitions_group_members WHERE group_id = $1 AND removed_at = 0 ORDER BY added_at, petition_id LIMIT $2`

func currentMembers(ctx context.Context, tx *db.Tx, groupID string) ([]Member, error) {
	return db.All[Member](ctx, tx, membersQuery, groupID, membersMax)
}

func everyMember(ctx context.Context, tx *db.Tx, groupID string) ([]Member, error) {
	return db.All[Member](ctx, tx, `SELECT `+memberColumns+` FROM petitions_group_members WHERE group_id = $1 ORDER BY added_at, petition_id LIMIT $2`, groupID, historyMax)
}

func removeMembers(ctx context.Context, tx *db.Tx, groupID string, ids []string, by string, at db.Time, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_group_members SET removed_by = $3, removed_at = $4, reason = $5 WHERE group_id = $1 AND removed_at = 0 AND petition_id `+tx.In("$2"),
		groupID, db.List(ids), by, at, reason)
	return err
}

const fellowsQuery = `SELECT o.petition_id FROM petitions_group_members m
		JOIN petitions_group_members o ON o.group_id = m.group_id AND o.removed_at = 0 AND o.petition_id <> m.petition_id
		WHERE m.petition_id = $1 AND m.removed_at = 0 ORDER BY o.petition_id LIMIT $2`

// everyFellow lists the others of a petition's group, sealed ones too.
func everyFellow(ctx context.Context, tx *db.Tx, petitionID string) ([]string, error) {
	return db.All[string](ctx, tx, fellowsQuery, petitionID, membersMax)
}

// place is where a list goes on.
type place struct {
	OpenedAt db.Time
	ID       string
}

// classified is a petition that was given a field.
type classified struct {
	ID       string  `db:"id"`
	Field    string  `db:"field"`
	OpenedAt db.Time `db:"opened_at"`
}

func idsOf(rows []classified) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids
}

const (
	classifiedQuery = `SELECT id, field, opened_at FROM cases_cases WHERE council_id = $1 AND procedure = $2 AND NOT sealed AND field <> ''`
	classifiedFirst = ` ORDER BY opened_at DESC, id DESC LIMIT $3`
	classifiedOn    = ` AND (opened_at, id) < ($3, $4) ORDER BY opened_at DESC, id DESC LIMIT $5`
)

// classifiedBefore lists a council's classified petitions, the newest first.
// Sealed cases, and with them all that were split off, are never among them.
func classifiedBefore(ctx context.Context, tx *db.Tx, councilID, procedure string, last place, n int) ([]classified, error) {
	if last.ID == "" {
		return db.All[classified](ctx, tx, classifiedQuery+classifiedFirst, councilID, procedure, n)
	}
	return db.All[classified](ctx, tx, classifiedQuery+classifiedOn, councilID, procedure, last.OpenedAt, last.ID, n)
}

// replaceLessons writes anew what a council teaches.
func replaceLessons(ctx context.Context, tx *db.Tx, councilID string, all []lesson) error {
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_learned WHERE council_id = $1`, councilID); err != nil {
		return err
	}
	for _, l := range all { // one row a field
		if _, err := tx.Exec(ctx, `INSERT INTO petitions_learned (council_id, field, petitions, words, learned_at) VALUES ($1, $2, $3, $4, $5)`, l.CouncilID, l.Field, l.Petitions, l.Words, l.LearnedAt); err != nil {
			return err
		}
	}
	return nil
}

func lessonsOf(ctx context.Context, tx *db.Tx, councilID string) ([]lesson, error) {
	return db.All[lesson](ctx, tx, `SELECT council_id, field, petitions, words, learned_at FROM petitions_learned WHERE council_id = $1 ORDER BY field LIMIT 200`, councilID)
}

const letterColumns = `id, body_id, person_id, document, text, files, at`

func insertLetter(ctx context.Context, tx *db.Tx, l Letter) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_replies (`+letterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, l.ID, l.BodyID, l.PersonID, l.Document, l.Text, l.Files, l.At)
	return err
}

// letterOf loads a letter of a body; with a person, only one that they handed in.
func letterOf(ctx context.Context, tx *db.Tx, id, bodyID, personID string) (Letter, error) {
	return db.One[Letter](ctx, tx, `SELECT `+letterColumns+` FROM petitions_replies WHERE id = $1 AND body_id = $2 AND ($3 = '' OR person_id = $3)`, id, bodyID, personID)
}

func lettersOf(ctx context.Context, tx *db.Tx, bodyID, personID string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, lettersQuery, bodyID, personID)
}

const lettersQuery = `SELECT id, body_id, person_id, document, '' AS text, files, at FROM petitions_replies WHERE body_id = $1 AND ($2 = '' OR person_id = $2) ORDER BY at DESC, id DESC LIMIT 20`

func dropLetters(ctx context.Context, tx *db.Tx, before db.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM petitions_replies WHERE at < $1`, before)
	return err
}
