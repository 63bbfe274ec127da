package validity

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Lapsing is a text of a former district that still holds, for one commune.
//
// vi: văn bản cấp huyện cũ sắp hết hiệu lực
type Lapsing struct {
	Commune     string     `db:"commune"`
	LapsesOn    clock.Date `db:"lapses_on"` // first day no longer in force
	Document    string     `db:"document_id"`
	CommuneName string     `db:"commune_name"`
	Unit        string     `db:"unit"` // the former unit, as named then
}

const lapsingColumns = `commune, lapses_on, document_id, commune_name, unit`

// saveLapsing puts the rows of these documents in the place of the former ones.
func saveLapsing(ctx context.Context, tx *db.Tx, documents []string, rows []Lapsing) error {
	if len(documents) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM library_lapsing WHERE document_id `+tx.In("$1"), db.List(documents)); err != nil {
		return err
	}
	return tx.Gather(ctx, func() error {
		for _, l := range rows {
			if err := tx.InsertAbsent(ctx, "library_lapsing", lapsingColumns, l.Commune, l.LapsesOn, l.Document, l.CommuneName, l.Unit); err != nil {
				return err
			}
		}
		return nil
	})
}

func lapsingIn(ctx context.Context, tx *db.Tx, commune string, after Lapsing, limit int) ([]Lapsing, error) {
	return db.All[Lapsing](ctx, tx, `SELECT `+lapsingColumns+` FROM library_lapsing WHERE commune = $1 AND (lapses_on, document_id) > ($2, $3) ORDER BY lapses_on, document_id LIMIT $4`,
		commune, after.LapsesOn, after.Document, limit)
}

// communesLapsing lists the communes that have such texts, with how many.
func communesLapsing(ctx context.Context, tx *db.Tx, limit int) ([]CommuneCount, error) {
	return db.All[CommuneCount](ctx, tx, `SELECT commune, MIN(commune_name) AS commune_name, COUNT(*) AS n FROM library_lapsing GROUP BY commune ORDER BY commune_name, commune LIMIT $1`, limit)
}

// CommuneCount is a commune with how many texts lapse in it.
//
// vi: -
type CommuneCount struct {
	Code string `db:"commune"`
	Name string `db:"commune_name"`
	N    int    `db:"n"`
}

const warningColumns = `document_id, alarm, anchor, quote, other, symbol, other_anchor, since, days, detail, doubtful`

// saveWarnings puts warnings in the place of the former ones of these alarms.
func saveWarnings(ctx context.Context, tx *db.Tx, documents []string, council map[string]string, alarms []Alarm, all []Warning) error {
	names := make([]string, len(alarms))
	for i, a := range alarms {
		names[i] = string(a)
	}
	before, err := db.All[Warning](ctx, tx, `SELECT `+warningColumns+` FROM library_warnings WHERE document_id `+tx.In("$1")+` AND alarm `+tx.In("$2")+` ORDER BY document_id, alarm, number`, db.List(documents), db.List(names))
	if err != nil {
		return err
	}
	was, will := map[string][]Warning{}, map[string][]Warning{}
	for _, w := range before {
		was[w.Document] = append(was[w.Document], w)
	}
	for _, w := range all {
		will[w.Document] = append(will[w.Document], w)
	}
	changed := slices.DeleteFunc(slices.Clone(documents), func(id string) bool { return sameWarnings(was[id], will[id]) })
	if len(changed) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM library_warnings WHERE document_id `+tx.In("$1")+` AND alarm `+tx.In("$2"), db.List(changed), db.List(names)); err != nil {
		return err
	}
	return tx.Gather(ctx, func() error {
		for _, id := range changed {
			for n, w := range will[id] {
				if err := tx.Insert(ctx, "library_warnings", `number, council_id, `+warningColumns, n, council[id], w.Document, w.Alarm, w.Anchor, w.Quote, w.Other, w.OtherSymbol, w.OtherAnchor, w.Since, w.Days, w.Detail, w.Doubtful); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// sameWarnings compares without regard to order.
func sameWarnings(a, b []Warning) bool {
	if len(a) != len(b) {
		return false
	}
	left := map[Warning]int{}
	for _, w := range a {
		left[w]++
	}
	for _, w := range b {
		if left[w]--; left[w] < 0 {
			return false
		}
	}
	return true
}

// warningsOf are the warnings of one document.
func warningsOf(ctx context.Context, tx *db.Tx, id string) ([]Warning, error) {
	all, err := db.All[Warning](ctx, tx, `SELECT `+warningColumns+` FROM library_warnings WHERE document_id = $1 ORDER BY alarm, number LIMIT $2`, id, relationsMax)
	return orderly(all), err
}

// numbered is a warning with its place in the list.
type numberedWarning struct {
	Warning
	Number int `db:"number"`
}

// warningsIn lists the warnings of one kind in a council, from behind a place.
func warningsIn(ctx context.Context, tx *db.Tx, councilID string, alarm Alarm, document string, number, limit int) ([]numberedWarning, error) {
	return db.All[numberedWarning](ctx, tx, `SELECT number, `+warningColumns+` FROM library_warnings WHERE council_id = $1 AND alarm = $2 AND (document_id, number) > ($3, $4) ORDER BY document_id, number LIMIT $5`,
		councilID, alarm, document, number, limit)
}

// alarmCount is how many warnings of a kind a council has.
type alarmCount struct {
	Alarm Alarm `db:"alarm"`
	N     int   `db:"n"`
}

func alarmsIn(ctx context.Context, tx *db.Tx, councilID string) ([]alarmCount, error) {
	return db.All[alarmCount](ctx, tx, `SELECT alarm, COUNT(*) AS n FROM library_warnings WHERE council_id = $1 GROUP BY alarm ORDER BY alarm`, councilID)
}
