package ratings

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const columns = `petition_id, round, council_id, body_id, code, score, fixed, comment, day, at`

func saveRating(ctx context.Context, tx *db.Tx, r Rating) error {
	_, err := tx.Exec(ctx, `INSERT INTO ratings_ratings (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (petition_id, round) DO UPDATE SET score = excluded.score, fixed = excluded.fixed, comment = excluded.comment, day = excluded.day, at = excluded.at`,
		r.PetitionID, r.Round, r.CouncilID, r.BodyID, r.Code, r.Score, r.Fixed, r.Comment, r.Day, r.At)
	return err
}

// ratingOf reads the rating of one round; an empty one when there is none.
func ratingOf(ctx context.Context, tx *db.Tx, petitionID string, round int) (Rating, error) {
	r, err := db.One[Rating](ctx, tx, `SELECT `+columns+` FROM ratings_ratings WHERE petition_id = $1 AND round = $2`, petitionID, round)
	if fault.Is(err, "db.no_row") {
		return Rating{}, nil
	}
	return r, err
}

func ratingsOf(ctx context.Context, tx *db.Tx, petitionID string) ([]Rating, error) {
	return db.All[Rating](ctx, tx, `SELECT `+columns+` FROM ratings_ratings WHERE petition_id = $1 ORDER BY round DESC LIMIT 50`, petitionID)
}

// Forget takes the ratings of a petition that was split off out of every list
// and figure. The log keeps that they were given.
func Forget(ctx context.Context, tx *db.Tx, petitionID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM ratings_ratings WHERE petition_id = $1`, petitionID)
	return err
}

// reach is whose ratings are read: a council's or a body's, of some days.
type reach struct {
	councilID, bodyID string
	from, until       clock.Date
	after             string
}

// scope is the condition of a reach; its arguments are $1 to $3.
func (r reach) scope() (string, []any) {
	if r.bodyID != "" {
		return `r.body_id = $1 AND r.day >= $2 AND r.day <= $3`, []any{r.bodyID, r.from, r.until}
	}
	return `r.council_id = $1 AND r.day >= $2 AND r.day <= $3`, []any{r.councilID, r.from, r.until}
}

func comparisons(ctx context.Context, tx *db.Tx, r reach) ([]Comparison, error) {
	scope, args := r.scope()
	return db.All[Comparison](ctx, tx, `SELECT r.body_id, b.name, COUNT(*) AS n, SUM(r.score) AS score, COUNT(CASE WHEN r.score >= 4 THEN 1 END) AS pleased,
			COUNT(CASE WHEN r.fixed = 'yes' THEN 1 END) AS fixed, COUNT(CASE WHEN r.fixed = 'partly' THEN 1 END) AS partly, COUNT(CASE WHEN r.fixed = 'no' THEN 1 END) AS not_fixed
		FROM ratings_ratings r JOIN org_bodies b ON b.id = r.body_id WHERE `+scope+`
		GROUP BY r.body_id, b.name ORDER BY n DESC, r.body_id LIMIT 500`, args...)
}

// Compared gives what voters said of each body's answers in a period.
func Compared(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]Comparison, error) {
	return comparisons(ctx, tx, reach{councilID: councilID, from: from, until: until})
}

// Count is how many voters gave one answer.
//
// vi: -
type Count struct {
	Fixed Fixed `db:"fixed"`
	N     int64 `db:"n"`
}

// Counts counts what voters said of the answers of a period, of one council or
// of all.
func Counts(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]Count, error) {
	return db.All[Count](ctx, tx, `SELECT r.fixed, COUNT(*) AS n FROM ratings_ratings r WHERE ($1 = '' OR r.council_id = $1) AND r.day >= $2 AND r.day <= $3
		GROUP BY r.fixed ORDER BY r.fixed DESC LIMIT 10`, councilID, from, until)
}

// lastRatings lists, newest first, the ratings that ask for a look.
func lastRatings(ctx context.Context, tx *db.Tx, r reach, limit int) ([]Rating, error) {
	// By the moment, in which order the index has them; the day is the moment's.
	scope, args := `r.council_id = $1`, []any{r.councilID}
	if r.bodyID != "" {
		scope, args[0] = `r.body_id = $1`, r.bodyID
	}
	scope += ` AND r.at >= $2 AND r.at < $3`
	args = append(args, db.At(r.from.Time()), db.At(r.until.End()))
	if at, id, ok := placeOf(r.after); ok {
		scope += ` AND (r.at, r.petition_id) < ($4, $5)`
		args = append(args, at, id)
	}
	return db.All[Rating](ctx, tx, `SELECT r.petition_id, r.round, r.council_id, r.body_id, r.code, r.score, r.fixed, r.comment, r.day, r.at
		FROM ratings_ratings r WHERE `+scope+` AND (r.fixed = 'no' OR r.comment <> '') ORDER BY r.at DESC, r.petition_id DESC LIMIT `+strconv.Itoa(limit), args...)
}

// keyOf writes a rating's place for the address of the next page.
func keyOf(r Rating) string { return strconv.FormatInt(r.At.UnixMicro(), 10) + "." + r.PetitionID }

// placeOf reads what keyOf wrote; nonsense is the beginning.
func placeOf(key string) (at int64, id string, ok bool) {
	when, id, _ := strings.Cut(key, ".")
	at, err := strconv.ParseInt(when, 10, 64)
	return at, id, err == nil && id != ""
}
