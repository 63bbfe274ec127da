package calendar

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	dayColumns     = `id, day, kind, feast, name, name_en, source, confirmed, stands_for, in_force`
	enteredColumns = dayColumns + `, entered_at, entered_by, entered_by_name, withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawn_why`
)

// enteredMax bounds the entered days: some thirty a year for decades.
const enteredMax = 2000

// Entered is a day in the register with who entered it, and who withdrew it.
type Entered struct {
	Day
	EnteredAt       db.Time `db:"entered_at"`
	EnteredBy       string  `db:"entered_by"`
	EnteredByName   string  `db:"entered_by_name"`
	WithdrawnAt     db.Time `db:"withdrawn_at"`
	WithdrawnBy     string  `db:"withdrawn_by"`
	WithdrawnByName string  `db:"withdrawn_by_name"`
	WithdrawnWhy    string  `db:"withdrawn_why"`
}

// InForce reports whether the day still counts.
func (e Entered) InForce() bool { return e.WithdrawnAt.IsZero() }

func daysInForce(ctx context.Context, tx *db.Tx) ([]Day, error) {
	return db.All[Day](ctx, tx, `SELECT `+dayColumns+` FROM calendar_days WHERE withdrawn_at = 0 ORDER BY day, id LIMIT $1`, enteredMax)
}

func entered(ctx context.Context, tx *db.Tx) ([]Entered, error) {
	return db.All[Entered](ctx, tx, `SELECT `+enteredColumns+` FROM calendar_days ORDER BY day DESC, entered_at DESC, id LIMIT $1`, enteredMax)
}

func addDay(ctx context.Context, tx *db.Tx, e Entered) error {
	_, err := tx.Exec(ctx, `INSERT INTO calendar_days (`+enteredColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, '', '', '')`,
		e.ID, e.Date, string(e.Kind), string(e.Feast), e.Name, e.NameEn, e.Source, e.Confirmed, e.For, e.From,
		e.EnteredAt, e.EnteredBy, e.EnteredByName)
	if db.Unique(err) {
		return fault.New(fault.Conflict, "calendar.day_twice", "date", e.Date.VN()).At("date").Because(err)
	}
	return err
}

func withdrawDay(ctx context.Context, tx *db.Tx, id string, at db.Time, who org.Actor, why string) error {
	return tx.ExecOne(ctx, `UPDATE calendar_days SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_by_name = $4, withdrawn_why = $5
		WHERE id = $1 AND withdrawn_at = 0`, id, at, who.PersonID, who.Name, why)
}

// setMax bounds the rules an office sets: a handful a year for decades.
const setMax = 2000

type ruleLine struct {
	Key       string     `db:"rule_key"`
	Count     int        `db:"days"`
	Unit      Unit       `db:"unit"`
	Backward  bool       `db:"backward"`
	Article   string     `db:"article"`
	Confirmed bool       `db:"confirmed"`
	From      clock.Date `db:"from_day"`
	Source    string     `db:"source"`
	Note      string     `db:"note"`
}

func rulesSet(ctx context.Context, tx *db.Tx) ([]Rule, error) {
	lines, err := db.All[ruleLine](ctx, tx, `SELECT rule_key, days, unit, backward, article, confirmed, from_day, source, note FROM calendar_rules ORDER BY set_at, id LIMIT $1`, setMax)
	all := make([]Rule, len(lines))
	for i, l := range lines {
		all[i] = Rule{Key: l.Key, Count: l.Count, Unit: l.Unit, Backward: l.Backward, Article: l.Article, Confirmed: l.Confirmed, From: l.From, Source: l.Source, Note: l.Note}
	}
	return all, err
}

func addRule(ctx context.Context, tx *db.Tx, r RuleSet) error {
	_, err := tx.Exec(ctx, `INSERT INTO calendar_rules (id, rule_key, days, unit, backward, article, confirmed, from_day, source, note, set_at, set_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.Key, r.Count, string(r.Unit), r.Backward, r.Article, r.Confirmed, r.From, r.Source, r.Note, r.SetAt, r.SetBy)
	if db.Unique(err) {
		return fault.New(fault.Conflict, "calendar.rule_twice", "rule", r.Key, "date", r.From.VN()).At("from").Because(err)
	}
	return err
}

func dropRule(ctx context.Context, tx *db.Tx, key string, from clock.Date) error {
	return tx.ExecOne(ctx, `DELETE FROM calendar_rules WHERE id = (SELECT id FROM calendar_rules WHERE rule_key = $1 AND from_day = $2 ORDER BY set_at DESC, id DESC LIMIT 1)`, key, from)
}
