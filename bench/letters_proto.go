package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// pattern is a letter or a visit that the program has written, with everything
// that it keeps of it, to be written again and again.
type pattern struct {
	kind   string
	open   bool
	opened time.Time
	last   time.Time // the latest moment in it: a copy may not lie ahead
	days   bool      // belongs to a published reception
	own    []string  // ids that each copy has anew
	rows   []patternRow
}

type patternRow struct {
	t      *table
	values []any
}

// value is a column of a row.
func (r patternRow) value(column string) any {
	for i, c := range r.t.columns {
		if c == column {
			return r.values[i]
		}
	}
	return nil
}

func (r patternRow) text(column string) string {
	s, _ := r.value(column).(string) // a column of another kind is no text
	return s
}

// patterns reads what the program has written.
type patterns struct {
	pool *sql.DB
}

func openPlain(at site) (*sql.DB, error) {
	if at.name == "sqlite" {
		return sql.Open("sqlite", "file:"+strings.TrimPrefix(at.address, "sqlite:"))
	}
	return sql.Open("pgx", at.address)
}

// find reads the rows of a table with a value in a column.
func (p patterns) find(ctx context.Context, t *table, column, value string) (all []patternRow, err error) {
	found, err := p.pool.QueryContext(ctx, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" WHERE "+column+" = $1", value)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		row := patternRow{t, make([]any, len(t.columns))}
		into := make([]any, len(row.values))
		for i := range into {
			into[i] = &row.values[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, found.Err()
}

// add reads rows into a pattern and gives their ids.
func (p patterns) add(ctx context.Context, into *pattern, t *table, column string, values ...string) (ids []string, err error) {
	for _, v := range values {
		rows, err := p.find(ctx, t, column, v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		for _, r := range rows {
			into.rows = append(into.rows, r)
			ids = append(ids, r.text("id"))
			for i, c := range t.columns {
				if at, ok := r.values[i].(int64); ok && isMoment(c) && time.UnixMicro(at).After(into.last) {
					into.last = time.UnixMicro(at)
				}
			}
		}
	}
	return ids, nil
}

// isMoment reports whether a column holds microseconds.
func isMoment(column string) bool { return column == "at" || strings.HasSuffix(column, "_at") }

// letters reads all letters of a council but those that hang together with
// others: parts, and what was added to another.
func (p patterns) letters(ctx context.Context, councilID string) (all []*pattern, err error) {
	rows, err := p.find(ctx, &bookTable, "council_id", councilID)
	if err != nil {
		return nil, err
	}
	tied := map[string]bool{}
	for _, r := range rows {
		tied[r.text("parent_id")], tied[r.text("joined_to")] = true, true
	}
	for _, r := range rows {
		id := r.text("id")
		if tied[id] || r.text("parent_id")+r.text("joined_to") != "" {
			continue
		}
		one, err := p.letter(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (p patterns) letter(ctx context.Context, id string) (*pattern, error) {
	one := &pattern{}
	matters, err := p.add(ctx, one, &mattersTable, "letter_id", id)
	if err != nil {
		return nil, err
	}
	both := append([]string{id}, matters...)
	rooms, err := p.add(ctx, one, &compartmentTable, "subject", id)
	if err != nil {
		return nil, err
	}
	items, err := p.add(ctx, one, &itemsTable, "compartment_id", rooms...)
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		t   *table
		of  string
		ids []string
	}{{&bookTable, "id", both}, {&casesTable, "id", both}, {&actsTable, "case_id", both}, {&deadlinesTable, "case_id", both}, {&notesTable, "case_id", both}, {&sendersTable, "letter_id", both[:1]},
		{&marksTable, "letter_id", both[:1]}, {&onceTable, "letter_id", both[:1]}, {&sendingsTable, "letter_id", both[:1]}, {&stubsTable, "id", both[:1]}, {&chunksTable, "item_id", items},
		{&readersTable, "compartment_id", rooms}} {
		if _, err := p.add(ctx, one, part.t, part.of, part.ids...); err != nil {
			return nil, err
		}
	}
	one.own = append(append(both, rooms...), items...)
	for _, r := range one.rows {
		if r.t != &casesTable {
			continue
		}
		one.open = one.open || r.text("waits") != "nobody" // the letter, or the matter that came of it
		if r.text("id") == id {
			at, _ := r.value("opened_at").(int64) // always a moment
			one.kind, one.opened = r.text("field"), time.UnixMicro(at)
		}
	}
	return one, nil
}

// visits reads all visits of a council that are over.
func (p patterns) visits(ctx context.Context, councilID string) (all []*pattern, err error) {
	rows, err := p.find(ctx, &visitsTable, "council_id", councilID)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.text("state") != "done" {
			continue
		}
		id := r.text("id")
		on, err := time.ParseInLocation(time.DateOnly, r.text("on_day"), hanoi())
		if err != nil {
			return nil, err
		}
		one := &pattern{kind: "visit", opened: on, days: r.text("day_id") != "", own: []string{id}}
		if _, err := p.add(ctx, one, &visitsTable, "id", id); err != nil {
			return nil, err
		}
		for _, t := range []*table{&visitorsTable, &linesTable, &receiptsTable} {
			if _, err := p.add(ctx, one, t, "visit_id", id); err != nil {
				return nil, err
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// days reads the published receptions of a council, with their bookings apart.
func (p patterns) days(ctx context.Context, councilID string) (all []*pattern, bookings []patternRow, err error) {
	rows, err := p.find(ctx, &daysTable, "council_id", councilID)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		if r.text("state") != "published" {
			continue
		}
		on, err := time.ParseInLocation(time.DateOnly, r.text("day"), hanoi())
		if err != nil {
			return nil, nil, err
		}
		all = append(all, &pattern{kind: "day", opened: on, own: []string{r.text("id")}, rows: []patternRow{r}})
		some, err := p.find(ctx, &bookingsTable, "day_id", r.text("id"))
		if err != nil {
			return nil, nil, err
		}
		bookings = append(bookings, some...)
	}
	return all, bookings, nil
}
