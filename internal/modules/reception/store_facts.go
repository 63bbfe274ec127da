package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception/figures"
)

// counted is a letter as reports read it.
type counted struct {
	ID         string     `db:"id"`
	Code       string     `db:"code"`
	ReceivedOn clock.Date `db:"received_on"`
	Kind       Kind       `db:"kind"`
	Instance   int        `db:"instance"`
	Authority  Authority  `db:"authority"`
	Result     Result     `db:"result"`
	JoinedTo   string     `db:"joined_to"`
	HandledAt  db.Time    `db:"handled_at"`
	SettledAt  db.Time    `db:"settled_at"`
	SplitAt    db.Time    `db:"split_at"`
}

// lettersFor reads the letters that a period touches, as of a moment.
func lettersFor(ctx context.Context, tx *db.Tx, a figures.Ask) ([]counted, error) {
	return db.All[counted](ctx, tx, lettersForQuery, a.CouncilID, a.After, db.At(a.Moment), a.Period.Until, a.Limit)
}

const lettersForQuery = `SELECT l.id, c.code, l.received_on, l.kind, l.instance, l.authority, l.result, l.joined_to,
		COALESCE((SELECT MIN(x.at) FROM cases_acts x WHERE x.case_id = l.id AND x.at <= $3
			AND x.to_state IN ('following', 'accepted', 'refused', 'guided', 'returned', 'filed', 'joined', 'withdrawn', 'closed')), 0) AS handled_at,
		COALESCE((SELECT MIN(m.closed_at) FROM cases_cases m WHERE m.id IN (l.id, l.matter_id) AND m.state = 'closed' AND m.closed_at > 0 AND m.closed_at <= $3), 0) AS settled_at,
		COALESCE((SELECT MIN(x.at) FROM cases_acts x WHERE x.case_id = l.id AND x.at <= $3 AND x.to_state = 'split'), 0) AS split_at
	FROM reception_letters l JOIN cases_cases c ON c.id = l.id
	WHERE l.council_id = $1 AND l.id > $2 AND l.created_at <= $3 AND l.received_on <= $4 ORDER BY l.id LIMIT $5`

// replied is an answer that a body gave.
type replied struct {
	LetterID string     `db:"letter_id"`
	On       clock.Date `db:"answer_on"`
}

func repliesTo(ctx context.Context, tx *db.Tx, letterIDs []string) ([]replied, error) {
	return db.All[replied](ctx, tx, `SELECT letter_id, answer_on FROM reception_sendings WHERE letter_id `+tx.In("$1")+` AND answer_on <> '' ORDER BY letter_id, answer_on`, db.List(letterIDs))
}

// lettersMany is about how many letters lettersFor goes through.
func lettersMany(ctx context.Context, tx *db.Tx, a figures.Ask) (int, error) {
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM reception_letters WHERE council_id = $1 AND received_on <= $2`, a.CouncilID, a.Period.Until)
}
