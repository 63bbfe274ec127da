package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"example.vn/hdnd/internal/kernel/fault"
)

// All reads every row of a query. T is a scalar, or a struct whose fields name
// their columns by `db` tags; a column without a field is an error.
func All[T any](ctx context.Context, tx *Tx, q string, args ...any) (all []T, err error) {
	rows, err := tx.query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	scan, err := scanner[T](rows)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var one T
		if err := rows.Scan(scan(&one)...); err != nil {
			return nil, fmt.Errorf("%w\nin: %s", err, q)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// One reads the first row. No row is a Missing fault with key "db.no_row".
func One[T any](ctx context.Context, tx *Tx, q string, args ...any) (T, error) {
	all, err := All[T](ctx, tx, q, args...)
	if err != nil {
		var none T
		return none, err
	}
	if len(all) == 0 {
		var none T
		return none, fault.New(fault.Missing, "db.no_row")
	}
	return all[0], nil
}

var (
	columnsMu sync.RWMutex
	columnsOf = map[reflect.Type]map[string][]int{} // a cache: reflection over a type gives the same each time
)

func columns(t reflect.Type) map[string][]int {
	columnsMu.RLock()
	m, ok := columnsOf[t]
	columnsMu.RUnlock()
	if ok {
		return m
	}
	m = map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("db"); name != "" {
			m[name] = f.Index
		}
	}
	columnsMu.Lock()
	columnsOf[t] = m
	columnsMu.Unlock()
	return m
}

func scanner[T any](rows *sql.Rows) (func(*T) []any, error) {
	t := reflect.TypeFor[T]()
	var one any = new(T)
	_, reads := one.(sql.Scanner)
	if t.Kind() != reflect.Struct || reads {
		return func(v *T) []any { return []any{v} }, nil
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	fields := columns(t)
	at := make([][]int, len(names))
	for i, name := range names {
		index, ok := fields[name]
		if !ok {
			return nil, fmt.Errorf("db: %v has no field for column %q", t, name)
		}
		at[i] = index
	}
	return func(v *T) []any {
		rv := reflect.ValueOf(v).Elem()
		into := make([]any, len(at))
		for i, index := range at {
			into[i] = rv.FieldByIndex(index).Addr().Interface()
		}
		return into
	}, nil
}

// List is a list as one argument; see Tx.In.
func List(values []string) string {
	if values == nil {
		values = []string{}
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // a list of strings always encodes
	}
	return string(b)
}

// In asks whether a column has one of a List argument's values: "id " + tx.In("$1").
// On PostgreSQL the list is one array, which the planner takes for short and
// looks up by the column's index; of a subquery it guesses more, and with a
// LIMIT it chose to walk an index of all rows instead.
func (tx *Tx) In(param string) string {
	if tx.dialect == Postgres {
		return "= ANY(ARRAY" + tx.values(param) + ")"
	}
	return "IN " + tx.values(param)
}

// NotIn asks that a column has none of them, of which there may be many: they
// are hashed.
func (tx *Tx) NotIn(param string) string { return "NOT IN " + tx.values(param) }

func (tx *Tx) values(param string) string {
	if tx.dialect == Postgres {
		return "(SELECT json_array_elements_text(" + param + "::json))"
	}
	return "(SELECT value FROM json_each(" + param + "))"
}
