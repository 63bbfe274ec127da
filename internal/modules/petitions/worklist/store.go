package worklist

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// rowColumns are what a work list shows of a case, and what decides who may
// see it.
const rowColumns = `id, council_id, code, title, state, waits, open, round, opened_at, changed_at, closed_at, owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due`

// Reach is a part of the cases that one index can read in order: a scope, and
// what is asked of the rows in it. The scope and the order choose the index
// (kernel/cases/migrations): cases_new, _unit, _field for a council by
// time, _ended for ended cases by state, cases_holder, _examiner, _assignee for a
// body's or officer's own, the same with _due by date, and with _open for the few
// cases that go on. The other conditions are asked of the entries read.
//
// vi: -
type Reach struct {
	CouncilID, HolderID, ExaminerID, AssigneeID string
	Public                                      bool // the public's list, over all councils
	States                                      []cases.State
	Open, Ended                                 bool // that cases in these States go on, or do not
	Field, Unit                                 string
	Units                                       []string   // one of these wards
	Branch                                      []string   // the fields under Field, when that is a committee's branch
	DueFrom, DueUntil                           clock.Date // both inclusive
	Asked                                       bool       // an extension waits for an answer
	Sealed                                      bool       // sealed cases too
	ByDue                                       bool       // by due date, the nearest first; else the newest first
	After                                       place
	Back                                        bool // read towards the beginning from After
	Limit                                       int
}

// place is a row's key in the order of a list.
type place struct {
	At  int64 // opened_at, in microseconds
	Due clock.Date
	ID  string
}

// sql builds a statement and numbers its arguments.
type sql struct{ args []any }

func (q *sql) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// where is the conditions of r, of which those of the index come first.
func (q *sql) where(r Reach) string {
	all := []string{"procedure = 'petition'"}
	add := func(parts ...string) { all = append(all, strings.Join(parts, "")) }
	// A partial index is used only by a statement that repeats its condition.
	for _, s := range []struct{ column, id string }{
		{"holder_body_id", r.HolderID}, {"examiner_body_id", r.ExaminerID}, {"assignee_post_id", r.AssigneeID}} {
		if s.id != "" {
			add(s.column, " = ", q.arg(s.id), " AND ", s.column, " <> ''")
		}
	}
	switch {
	case r.Asked: // few; they are found from their own index, and the council with them
		add("id IN (SELECT p.id FROM petitions_petitions p WHERE p.council_id = ", q.arg(r.CouncilID), " AND p.asked_days > 0)")
	case r.CouncilID != "":
		add("council_id = ", q.arg(r.CouncilID))
	}
	if r.Public {
		add("public")
	}
	states := make([]string, len(r.States))
	for i, s := range r.States {
		states[i] = string(s)
	}
	q.oneOf(add, "state", states)
	switch {
	case r.Open:
		add("open")
	case r.Ended:
		add("NOT open")
	}
	if r.Unit != "" {
		add("unit_code = ", q.arg(r.Unit))
	}
	q.oneOf(add, "unit_code", r.Units)
	if r.Field != "" && len(r.Branch) == 0 {
		add("field = ", q.arg(r.Field))
	}
	q.oneOf(add, "field", r.Branch)
	if r.ByDue || !r.DueFrom.IsZero() || !r.DueUntil.IsZero() {
		add("open AND due <> ''")
	}
	if !r.DueFrom.IsZero() {
		add("due >= ", q.arg(r.DueFrom))
	}
	if !r.DueUntil.IsZero() {
		add("due <= ", q.arg(r.DueUntil))
	}
	if !r.Sealed {
		add("NOT sealed")
	}
	return strings.Join(all, " AND ")
}

func (q *sql) oneOf(add func(parts ...string), column string, values []string) {
	if len(values) == 0 {
		return
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = q.arg(v)
	}
	add(column, " IN (", strings.Join(marks, ", "), ")")
}

// beyond is the condition "after the place", in the list's order.
func (q *sql) beyond(r Reach) string {
	if r.After.ID == "" {
		return ""
	}
	sign := " < "
	if r.ByDue != r.Back {
		sign = " > "
	}
	if r.ByDue {
		return " AND (due, id)" + sign + "(" + q.arg(r.After.Due) + ", " + q.arg(r.After.ID) + ")"
	}
	return " AND (opened_at, id)" + sign + "(" + q.arg(r.After.At) + ", " + q.arg(r.After.ID) + ")"
}

func (r Reach) order() string {
	switch {
	case r.ByDue && r.Back:
		return " ORDER BY due DESC, id DESC"
	case r.ByDue:
		return " ORDER BY due, id"
	case r.Back:
		return " ORDER BY opened_at, id"
	}
	return " ORDER BY opened_at DESC, id DESC"
}

// parts are the pieces of r that one index each can read in the list's order.
// Over several states, or over a branch of fields, one index would have to sort
// all it holds; so each state or field is read by itself and the heads merged.
func (r Reach) parts() []Reach {
	var all []Reach
	switch {
	case r.ByDue || r.Asked || r.AssigneeID != "":
	case !r.Open && len(r.Units) > 0 && r.HolderID+r.ExaminerID == "":
		for _, unit := range r.Units {
			part := r
			part.Unit, part.Units = unit, nil
			all = append(all, part)
		}
		return all
	case !r.Open && (r.HolderID+r.ExaminerID != "" || r.Unit != ""):
	case !r.Open && len(r.Branch) > 0:
		for _, field := range r.Branch {
			part := r
			part.Field, part.Branch = field, nil
			all = append(all, part)
		}
		return all
	case len(r.States) > 1 && (r.Open || r.CouncilID != "" && r.Field == ""):
		for _, state := range r.States {
			part := r
			part.States = []cases.State{state}
			all = append(all, part)
		}
		return all
	}
	return []Reach{r}
}

// casesIn reads up to r.Limit rows in the list's order.
func casesIn(ctx context.Context, tx *db.Tx, r Reach) ([]cases.Case, error) {
	q := &sql{}
	limit := " LIMIT " + strconv.Itoa(r.Limit)
	var parts []string
	for i, part := range r.parts() {
		one := `SELECT ` + rowColumns + ` FROM cases_cases WHERE ` + q.where(part) + q.beyond(part) + r.order() + limit
		parts = append(parts, `SELECT `+rowColumns+` FROM (`+one+`) AS part`+strconv.Itoa(i))
	}
	all, err := db.All[cases.Case](ctx, tx, strings.Join(parts, " UNION ALL ")+r.order()+limit, q.args...)
	if r.Back {
		slices.Reverse(all)
	}
	return all, err
}

// Count counts no further than most: a list says "1.000+" rather than read a
// million rows to be exact. It asks in the list's order, so that the database
// takes the index that the page is read from.
func Count(ctx context.Context, tx *db.Tx, r Reach, most int) (int, error) {
	q := &sql{}
	limit := " LIMIT " + strconv.Itoa(most)
	var pieces []string
	for i, part := range r.parts() {
		pieces = append(pieces, `SELECT id FROM (SELECT id FROM cases_cases WHERE `+q.where(part)+r.order()+limit+`) AS part`+strconv.Itoa(i))
	}
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM (`+strings.Join(pieces, " UNION ALL ")+limit+`) AS capped`, q.args...)
}

// casesByID reads the rows that the search index found.
func casesByID(ctx context.Context, tx *db.Tx, ids []string) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, `SELECT `+rowColumns+` FROM cases_cases WHERE id `+tx.In("$1")+` LIMIT 200`, db.List(ids))
}

// View is a filter that a person gave a name.
//
// vi: bộ lọc đã lưu
type View struct {
	ID    string `db:"id"`
	Name  string `db:"name"`
	Query string `db:"query"`
}

// viewsMax bounds the filters one person keeps.
const viewsMax = 20

func viewsOf(ctx context.Context, tx *db.Tx, personID string) ([]View, error) {
	return db.All[View](ctx, tx, `SELECT id, name, query FROM petitions_views WHERE person_id = $1 ORDER BY name LIMIT $2`, personID, viewsMax)
}

func saveView(ctx context.Context, tx *db.Tx, personID string, v View, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_views (id, person_id, name, query, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, name) DO UPDATE SET query = excluded.query, at = excluded.at`, v.ID, personID, v.Name, v.Query, at)
	return err
}

func removeView(ctx context.Context, tx *db.Tx, personID, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM petitions_views WHERE person_id = $1 AND id = $2`, personID, id)
	return err
}

// standing is how many open duties one state and body have, and how many of
// them were due before each of the days asked about.
type standing struct {
	State  cases.State `db:"state"`
	Waits  cases.Place `db:"waits"`
	BodyID string      `db:"holder_body_id"`
	N      int64       `db:"n"`
	Late0  int64       `db:"late0"`
	Late1  int64       `db:"late1"`
	Late2  int64       `db:"late2"`
	Late3  int64       `db:"late3"`
	Late4  int64       `db:"late4"`
}

// LateEnds are the days after the due date at which a late case grows older.
var LateEnds = [...]int{0, 5, 15, 30, 60}

// late is how many duties are late by more than each of LateEnds.
func (s standing) late() [len(LateEnds)]int64 {
	return [...]int64{s.Late0, s.Late1, s.Late2, s.Late3, s.Late4}
}

// standings counts the open duties of a council by state and by the answering
// body that holds them.
func standings(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]standing, error) {
	q := &sql{}
	statement := standingsIn(q, councilID, today)
	return db.All[standing](ctx, tx, statement, q.args...)
}

// standingsIn reads the index cases_duties alone, in its order.
func standingsIn(q *sql, councilID string, today clock.Date) string {
	sums := ""
	for i, days := range LateEnds {
		sums += ", COUNT(CASE WHEN due < " + q.arg(today.AddDays(-days)) + " THEN 1 END) AS late" + strconv.Itoa(i)
	}
	return `SELECT state, waits, holder_body_id, COUNT(*) AS n` + sums + ` FROM cases_cases
		WHERE council_id = ` + q.arg(councilID) + ` AND procedure = 'petition' AND open AND due <> '' AND NOT sealed
		GROUP BY state, waits, holder_body_id ORDER BY state, waits, holder_body_id LIMIT 20000`
}
