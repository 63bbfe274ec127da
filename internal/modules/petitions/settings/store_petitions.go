package settings

import (
	"context"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// What settings read of petitions' own tables, ready to be plugged into Deps.

const newestQuery = `SELECT c.id, c.code, c.unit_code, c.field, c.due, p.text, p.authority, p.body_id, COALESCE(s.channel, '` + Portal + `') AS channel
	FROM cases_cases c JOIN petitions_petitions p ON p.id = c.id LEFT JOIN petitions_sources s ON s.petition_id = c.id
	WHERE c.council_id = $1 AND c.procedure = 'petition' AND NOT c.sealed ORDER BY c.opened_at DESC, c.id DESC LIMIT $2`

type sampleRow struct {
	ID        string     `db:"id"`
	Code      string     `db:"code"`
	Unit      string     `db:"unit_code"`
	Field     string     `db:"field"`
	Due       clock.Date `db:"due"`
	Text      string     `db:"text"`
	Authority string     `db:"authority"`
	BodyID    string     `db:"body_id"`
	Channel   string     `db:"channel"`
}

type clockRow struct {
	CaseID string                `db:"case_id"`
	Rule   string                `db:"rule_key"`
	Run    db.JSON[calendar.Run] `db:"run"`
	Due    clock.Date            `db:"due"`
}

// NewestPetitions is Deps.Newest on the tables of petitions.
func NewestPetitions(ctx context.Context, tx *db.Tx, councilID string, most int) ([]Sample, error) {
	rows, err := db.All[sampleRow](ctx, tx, newestQuery, councilID, most)
	if err != nil {
		return nil, err
	}
	var ids, bodyIDs, units []string
	for _, r := range rows {
		ids, bodyIDs, units = append(ids, r.ID), append(bodyIDs, r.BodyID), append(units, r.Unit)
	}
	bodies, err := org.BodiesNamed(ctx, tx, bodyIDs)
	if err != nil {
		return nil, err
	}
	wards, err := wardNames(ctx, tx, units)
	if err != nil {
		return nil, err
	}
	ticking, err := db.All[clockRow](ctx, tx, `SELECT case_id, rule_key, run, due FROM cases_deadlines WHERE status = 'running' AND case_id `+tx.In("$1")+` ORDER BY case_id, id LIMIT $2`, db.List(ids), shownMost)
	if err != nil {
		return nil, err
	}
	clocks := map[string][]Clock{}
	for _, k := range ticking {
		clocks[k.CaseID] = append(clocks[k.CaseID], Clock{k.Rule, k.Run.V.Start, k.Due})
	}
	all := make([]Sample, len(rows))
	for i, r := range rows {
		all[i] = Sample{ID: r.ID, Code: r.Code, Text: r.Text, Ward: r.Unit, WardName: wards[r.Unit], Field: r.Field, Authority: r.Authority, BodyID: r.BodyID, BodyName: bodies[r.BodyID].Name,
			Channel: r.Channel, Due: r.Due, Clocks: clocks[r.ID]}
	}
	return all, nil
}

// wardNames gives the latest full name that units bore.
func wardNames(ctx context.Context, tx *db.Tx, codes []string) (map[string]string, error) {
	type row struct {
		Code string `db:"code"`
		Name string `db:"full_name"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT code, full_name FROM org_units WHERE code `+tx.In("$1")+` ORDER BY code, valid_from LIMIT $2`, db.List(codes), shownMost)
	names := map[string]string{}
	for _, r := range rows {
		names[r.Code] = r.Name
	}
	return names, err
}

const expiredQuery = `SELECT p.id FROM petitions_petitions p JOIN cases_cases c ON c.id = p.id
	WHERE (p.voter_name <> '' OR p.email <> '' OR p.phone <> '') AND p.id > $1 AND c.procedure = 'petition' AND c.state = $2 AND NOT c.open AND c.closed_at > 0 AND c.closed_at < $3
	ORDER BY p.id LIMIT $4`

// ExpiredContacts is Deps.Expired on the tables of petitions.
func ExpiredContacts(ctx context.Context, tx *db.Tx, e Erasing) ([]string, error) {
	state := "closed"
	if e.Keep == RefusedContact {
		state = "refused"
	}
	return db.All[string](ctx, tx, expiredQuery, e.After, state, db.At(e.Before), e.Most)
}

// EraseContacts is Deps.Erase on the tables of petitions. A case that was opened
// again meanwhile keeps its voter.
func EraseContacts(ctx context.Context, tx *db.Tx, ids []string) (int, error) {
	n, err := tx.Exec(ctx, `UPDATE petitions_petitions SET voter_name = '', email = '', phone = ''
		WHERE (voter_name <> '' OR email <> '' OR phone <> '') AND id IN (SELECT id FROM cases_cases WHERE NOT open AND id `+tx.In("$1")+`)`, db.List(ids))
	return int(n), err
}
