package open

import (
	"context"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// publicColumns are what a record needs of a case, and what decides whether it
// may be shown.
const publicColumns = `id, council_id, code, state, open, opened_at, changed_at, holder_body_id, field, unit_code, public, sealed`

// publicFilter is what is asked of the public petitions, the newest first.
type publicFilter struct {
	From       time.Time
	After      place // the first row comes before it in time
	Fields     []string
	NoField    bool // also those whose field is not known
	Open, Shut bool
	Codes      []string
	Limit      int
}

// publicCases reads the index cases_public, or cases_public_field for one
// field. Its conditions keep out what nobody may read.
func publicCases(ctx context.Context, tx *db.Tx, f publicFilter) ([]cases.Case, error) {
	args := []any{db.At(f.From), db.At(f.After.At), f.After.ID}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := []string{`procedure = 'petition' AND public AND NOT sealed AND opened_at >= $1 AND (opened_at, id) < ($2, $3)`}
	switch {
	case len(f.Fields) == 1 && !f.NoField:
		where = append(where, `field = `+arg(f.Fields[0]))
	case len(f.Fields) > 0 || f.NoField:
		named := f.Fields
		if f.NoField {
			named = append(named, "")
		}
		where = append(where, `field `+tx.In(arg(db.List(named))))
	}
	switch {
	case f.Open && !f.Shut:
		where = append(where, `open`)
	case f.Shut && !f.Open:
		where = append(where, `NOT open`)
	}
	limit := arg(f.Limit)
	return db.All[cases.Case](ctx, tx, `SELECT `+publicColumns+` FROM cases_cases WHERE `+strings.Join(where, " AND ")+` ORDER BY opened_at DESC, id DESC LIMIT `+limit, args...)
}

// casesByCode reads petitions by what people wrote down; sealed ones are not there.
func casesByCode(ctx context.Context, tx *db.Tx, codes []string) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, `SELECT `+publicColumns+` FROM cases_cases WHERE code `+tx.In("$1")+` AND procedure = 'petition' AND NOT sealed AND state <> 'split'
		ORDER BY opened_at DESC, id DESC LIMIT 1000`, db.List(codes))
}

// versionOf counts the public petitions of a span.
func versionOf(ctx context.Context, tx *db.Tx, span Span) (Version, error) {
	return db.One[Version](ctx, tx, `SELECT COUNT(*) AS n, COALESCE(MAX(changed_at), 0) AS changed FROM cases_cases
		WHERE procedure = 'petition' AND public AND NOT sealed AND opened_at >= $1 AND opened_at < $2`, db.At(span.From), db.At(span.Until))
}

// firstPublic is when the oldest public petition came in; the zero time when
// there is none.
func firstPublic(ctx context.Context, tx *db.Tx) (db.Time, error) {
	at, err := db.One[db.Time](ctx, tx, `SELECT opened_at FROM cases_cases WHERE procedure = 'petition' AND public AND NOT sealed ORDER BY opened_at, id LIMIT 1`)
	if fault.Is(err, "db.no_row") {
		return db.Time{}, nil
	}
	return at, err
}

type replyRow struct {
	PetitionID string `db:"petition_id"`
	Round      int    `db:"round"`
	Reply      string `db:"reply"`
	Outcome    string `db:"outcome"`
}

type publicTextRow struct {
	ID   string `db:"id"`
	Text string `db:"public_text"`
}

type dueRow struct {
	CaseID string     `db:"case_id"`
	Due    clock.Date `db:"due"`
}

// wordsOf reads what stands beside several cases at once: public text, replies,
// the day of the last answer, and the newest of the duties that the public reads.
func wordsOf(ctx context.Context, tx *db.Tx, ids, duties string) (map[string]words, error) {
	all := map[string]words{}
	texts, err := db.All[publicTextRow](ctx, tx, `SELECT id, public_text FROM petitions_petitions WHERE id `+tx.In("$1"), ids)
	if err != nil {
		return nil, err
	}
	for _, r := range texts {
		all[r.ID] = words{text: r.Text}
	}
	change := func(id string, set func(w *words)) {
		w := all[id]
		set(&w)
		all[id] = w
	}
	replies, err := db.All[replyRow](ctx, tx, `SELECT petition_id, round, reply, outcome FROM petitions_answers WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, round, number`, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range replies {
		change(r.PetitionID, func(w *words) { w.replies = append(w.replies, r) })
	}
	answers, err := answerActs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		change(a.CaseID, func(w *words) { w.answered = clock.DateOf(a.At.Time) })
	}
	dues, err := db.All[dueRow](ctx, tx, `SELECT case_id, due FROM cases_deadlines WHERE case_id `+tx.In("$1")+` AND name `+tx.In("$2")+` AND status <> 'cancelled' AND NOT is_window
		ORDER BY case_id, id`, ids, duties)
	if err != nil {
		return nil, err
	}
	for _, d := range dues {
		change(d.CaseID, func(w *words) { w.due = d.Due })
	}
	return all, nil
}
