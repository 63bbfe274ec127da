package shares

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const disputeColumns = `id, petition_id, round, council_id, lead_id, lead_note, since, state, body_id, reason, decided_at, decided_by, decided_name, decided_title, revision`

// insertDispute begins a dispute; not when one about the petition is undecided.
func insertDispute(ctx context.Context, tx *db.Tx, x Dispute) (first bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_disputes (`+disputeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (petition_id) WHERE state = 'open' DO NOTHING`,
		x.ID, x.PetitionID, x.Round, x.CouncilID, x.LeadID, x.LeadNote, x.Since, x.State, x.BodyID, x.Reason, x.DecidedAt, x.DecidedBy, x.DecidedName, x.DecidedTitle, x.Revision)
	return n == 1, err
}

func updateDispute(ctx context.Context, tx *db.Tx, x Dispute) error {
	return tx.ExecOne(ctx, `UPDATE petitions_disputes SET state = $3, body_id = $4, reason = $5, decided_at = $6, decided_by = $7, decided_name = $8, decided_title = $9, revision = revision + 1
		WHERE id = $1 AND revision = $2`, x.ID, x.Revision, x.State, x.BodyID, x.Reason, x.DecidedAt, x.DecidedBy, x.DecidedName, x.DecidedTitle)
}

func settleDispute(ctx context.Context, tx *db.Tx, petitionID string) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_disputes SET state = 'over', revision = revision + 1 WHERE petition_id = $1 AND state = 'open'`, petitionID)
	return err
}

func disputeOf(ctx context.Context, tx *db.Tx, id string) (Dispute, error) {
	return db.One[Dispute](ctx, tx, `SELECT `+disputeColumns+` FROM petitions_disputes WHERE id = $1`, id)
}

func lastDispute(ctx context.Context, tx *db.Tx, petitionID string) (Dispute, error) {
	return db.One[Dispute](ctx, tx, `SELECT `+disputeColumns+` FROM petitions_disputes WHERE petition_id = $1 ORDER BY id DESC LIMIT 1`, petitionID)
}

// disputeRow is a dispute with the code and names a list shows.
type disputeRow struct {
	Dispute
	Code string `db:"code"`
	Lead string `db:"lead"`
}

// disputesIn reads one page of a council's disputes: those undecided from the
// oldest on, the others from the newest. What was sealed is not in it.
func disputesIn(ctx context.Context, tx *db.Tx, councilID string, state DisputeState, after string, limit int) ([]disputeRow, error) {
	return db.All[disputeRow](ctx, tx, disputesQuery(state), councilID, state, after, limit)
}

func disputesQuery(state DisputeState) string {
	order := `($3 = '' OR d.id < $3) ORDER BY d.id DESC`
	if state == Undecided {
		order = `d.id > $3 ORDER BY d.id`
	}
	return `SELECT d.id, d.petition_id, d.round, d.council_id, d.lead_id, d.lead_note, d.since, d.state, d.body_id, d.reason, d.decided_at, d.decided_by, d.decided_name,
			d.decided_title, d.revision, c.code, b.name AS lead
		FROM petitions_disputes d JOIN cases_cases c ON c.id = d.petition_id JOIN org_bodies b ON b.id = d.lead_id
		WHERE d.council_id = $1 AND d.state = $2 AND NOT c.sealed AND ` + order + ` LIMIT $4`
}

// refusalsIn lists who declined what petitions as not theirs.
func refusalsIn(ctx context.Context, tx *db.Tx, petitionIDs []string) ([]Part, error) {
	all, err := db.All[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE petition_id `+tx.In("$1")+` AND state = $2 AND reason = $3 ORDER BY petition_id, id`,
		db.List(petitionIDs), Declined, NotCompetent)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, len(all))
	for i, s := range all {
		parts[i].Share = s
	}
	return parts, complete(ctx, tx, parts)
}

func countDisputes(ctx context.Context, tx *db.Tx, councilID string) (int, error) {
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM (SELECT d.id FROM petitions_disputes d JOIN cases_cases c ON c.id = d.petition_id
		WHERE d.council_id = $1 AND d.state = 'open' AND NOT c.sealed LIMIT $2) AS few`, councilID, countMost)
}
