package petitions

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/db"
)

const petitionColumns = `id, council_id, text, public_text, voter_name, email, phone, lang, access_key, consent_at, authority, newness, body_id, split_kind, asked_days, asked_document, created_at`

func insertPetition(ctx context.Context, tx *db.Tx, p Petition) error {
	return tx.Insert(ctx, `petitions_petitions`, petitionColumns, p.ID, p.CouncilID, p.Text, p.PublicText, p.VoterName, p.Email, p.Phone, p.Lang, p.Key, p.ConsentAt, p.Authority, p.Newness, p.BodyID, p.Split, p.AskedDays, p.AskedPaper, p.CreatedAt)
}

// updatePetition saves what verbs change. Its case is saved in the same
// transaction under its revision, which guards this row too.
func updatePetition(ctx context.Context, tx *db.Tx, p Petition) error {
	return tx.ExecOne(ctx, `UPDATE petitions_petitions SET public_text = $2, authority = $3, newness = $4, body_id = $5, split_kind = $6, asked_days = $7, asked_document = $8 WHERE id = $1`,
		p.ID, p.PublicText, p.Authority, p.Newness, p.BodyID, p.Split, p.AskedDays, p.AskedPaper)
}

func petitionOf(ctx context.Context, tx *db.Tx, id string) (Petition, error) {
	return db.One[Petition](ctx, tx, `SELECT `+petitionColumns+` FROM petitions_petitions WHERE id = $1`, id)
}

// earlier finds what the same form handed in before.
func earlier(ctx context.Context, tx *db.Tx, once string) (Handed, error) {
	type row struct {
		ID   string `db:"id"`
		Code string `db:"code"`
		Key  string `db:"access_key"`
	}
	r, err := db.One[row](ctx, tx, `SELECT p.id, c.code, p.access_key FROM petitions_once o
		JOIN petitions_petitions p ON p.id = o.petition_id JOIN cases_cases c ON c.id = p.id WHERE o.mark = $1`, once)
	return Handed{ID: r.ID, Code: r.Code, Key: r.Key}, err
}

// keepOnce notes that forms were handed in, and which of them are new. It asks
// nothing first: who reads the mark clashes with everybody who writes one.
func keepOnce(ctx context.Context, tx *db.Tx, all []*arrival) error {
	rows := make([][]any, 0, len(all))
	for _, a := range all {
		if a.first = a.Once == ""; !a.first {
			rows = append(rows, []any{a.Once, a.ID, db.At(a.at)})
		}
	}
	written, err := tx.InsertNew(ctx, `petitions_once`, `mark, petition_id, at`, `mark`, rows)
	for _, a := range all {
		if i := slices.Index(written, a.Once); i >= 0 {
			a.first, written = true, slices.Delete(written, i, i+1) // the same mark twice is new once
		}
	}
	return err
}

func savePoints(ctx context.Context, tx *db.Tx, id string, lines []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_points WHERE petition_id = $1`, id); err != nil {
		return err
	}
	for i, line := range lines {
		if _, err := tx.Exec(ctx, `INSERT INTO petitions_points (petition_id, number, text) VALUES ($1, $2, $3)`, id, i+1, line); err != nil {
			return err
		}
	}
	return nil
}

func pointsOf(ctx context.Context, tx *db.Tx, id string) ([]Point, error) {
	return db.All[Point](ctx, tx, `SELECT number, text FROM petitions_points WHERE petition_id = $1 ORDER BY number LIMIT $2`, id, pointsMax)
}

func saveAnswer(ctx context.Context, tx *db.Tx, id string, a Answer) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_answers (petition_id, round, number, reply, outcome, promised) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (petition_id, round, number) DO UPDATE SET reply = excluded.reply, outcome = excluded.outcome, promised = excluded.promised`,
		id, a.Round, a.Number, a.Reply, a.Outcome, a.Promised)
	return err
}

func answersOf(ctx context.Context, tx *db.Tx, id string) ([]Answer, error) {
	return db.All[Answer](ctx, tx, `SELECT round, number, reply, outcome, promised FROM petitions_answers WHERE petition_id = $1 ORDER BY round, number LIMIT 1000`, id)
}

// textsOf reads the voters' words of several petitions.
func textsOf(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	rows, err := db.All[Petition](ctx, tx, `SELECT id, text FROM petitions_petitions WHERE id `+tx.In("$1"), db.List(ids))
	all := make(map[string]string, len(rows))
	for _, p := range rows {
		all[p.ID] = p.Text
	}
	return all, err
}

// namedTexts reads the voters' words and names of several petitions.
func namedTexts(ctx context.Context, tx *db.Tx, ids []string) ([]Petition, error) {
	return db.All[Petition](ctx, tx, `SELECT id, text, voter_name FROM petitions_petitions WHERE id `+tx.In("$1"), db.List(ids))
}

// pointsIn reads the points of several petitions.
func pointsIn(ctx context.Context, tx *db.Tx, ids []string) (map[string][]Point, error) {
	type row struct {
		ID string `db:"petition_id"`
		Point
	}
	rows, err := db.All[row](ctx, tx, `SELECT petition_id, number, text FROM petitions_points WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, number`, db.List(ids))
	all := make(map[string][]Point, len(ids))
	for _, r := range rows {
		all[r.ID] = append(all[r.ID], r.Point)
	}
	return all, err
}

func textsAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]Petition, error) {
	return db.All[Petition](ctx, tx, `SELECT id, text FROM petitions_petitions WHERE id > $1 ORDER BY id LIMIT $2`, after, n)
}

// knownPetitions says which of the ids still have their row.
func knownPetitions(ctx context.Context, tx *db.Tx, ids []string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM petitions_petitions WHERE id `+tx.In("$1"), db.List(ids))
}
