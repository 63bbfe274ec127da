package settings

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	setColumns = `id, mark, council_id, title, paper, paper_date, effective, state, authors, by_person, by_name, at, tested_at, tested_hash,
		decided_at, decided_by, decided_name, on_behalf, why, revision`
	itemColumns = `id, mark, set_id, number, kind, body, by_name, at, revision`
	testColumns = `id, set_id, at, by_name, hash, result`
	caseColumns = `id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
		owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision`

	inForceMost = 20_000 // items of all councils and years
	shownMost   = 2_000  // cases of which one page tells
)

// item is a row of a set: one change.
type item struct {
	ID       string  `db:"id"`
	Mark     string  `db:"mark"`
	SetID    string  `db:"set_id"`
	Number   int     `db:"number"` // within the set, in the order of entry
	Kind     Kind    `db:"kind"`
	Body     string  `db:"body"` // the change as JSON
	ByName   string  `db:"by_name"`
	At       db.Time `db:"at"`
	Revision int64   `db:"revision"`
}

// inForce is an item with its set.
type inForce struct {
	item
	Set Set
}

// kept is a row of what a test said.
type kept struct {
	ID     string         `db:"id"`
	SetID  string         `db:"set_id"`
	At     db.Time        `db:"at"`
	ByName string         `db:"by_name"`
	Hash   string         `db:"hash"`
	Result db.JSON[Trial] `db:"result"`
}

func setOf(ctx context.Context, tx *db.Tx, id string) (Set, error) {
	return db.One[Set](ctx, tx, `SELECT `+setColumns+` FROM petitions_change_sets WHERE id = $1`, id)
}

// setsOf lists a council's sets, the newest first.
func setsOf(ctx context.Context, tx *db.Tx, councilID, after string, most int) ([]Set, error) {
	return db.All[Set](ctx, tx, `SELECT `+setColumns+` FROM petitions_change_sets WHERE council_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, councilID, after, most)
}

// insertSet keeps a new set; the set of an earlier sending of the same form
// stays, and its id is given.
func insertSet(ctx context.Context, tx *db.Tx, s Set) (id string, fresh bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_change_sets (`+setColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', 0, '', '', '', '', 1) ON CONFLICT (mark) DO NOTHING`,
		s.ID, s.Mark, s.CouncilID, s.Title, s.Paper, s.PaperDate, s.From, s.State, s.Authors, s.ByPerson, s.ByName, s.At)
	if err != nil || n == 1 {
		return s.ID, n == 1, err
	}
	id, err = db.One[string](ctx, tx, `SELECT id FROM petitions_change_sets WHERE mark = $1`, s.Mark)
	return id, false, err
}

// updateSet saves what may change of a set, when nobody was faster.
func updateSet(ctx context.Context, tx *db.Tx, s Set) error {
	return tx.ExecOne(ctx, `UPDATE petitions_change_sets SET title = $3, paper = $4, paper_date = $5, effective = $6, state = $7, authors = $8, tested_at = $9, tested_hash = $10,
		decided_at = $11, decided_by = $12, decided_name = $13, on_behalf = $14, why = $15, revision = revision + 1 WHERE id = $1 AND revision = $2`,
		s.ID, s.Revision, s.Title, s.Paper, s.PaperDate, s.From, s.State, s.Authors, s.TestedAt, s.TestedHash, s.DecidedAt, s.DecidedBy, s.DecidedName, s.OnBehalf, s.Why)
}

func itemsOf(ctx context.Context, tx *db.Tx, setID string) ([]item, error) {
	return db.All[item](ctx, tx, `SELECT `+itemColumns+` FROM petitions_change_items WHERE set_id = $1 ORDER BY number, id LIMIT $2`, setID, itemsMost+1)
}

func insertItem(ctx context.Context, tx *db.Tx, it item) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_change_items (`+itemColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (mark) DO NOTHING`,
		it.ID, it.Mark, it.SetID, it.Number, it.Kind, it.Body, it.ByName, it.At)
	return n == 1, err
}

func updateItem(ctx context.Context, tx *db.Tx, it item) error {
	return tx.ExecOne(ctx, `UPDATE petitions_change_items SET body = $3, by_name = $4, at = $5, revision = revision + 1 WHERE id = $1 AND revision = $2`, it.ID, it.Revision, it.Body, it.ByName, it.At)
}

func deleteItem(ctx context.Context, tx *db.Tx, setID, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM petitions_change_items WHERE set_id = $1 AND id = $2`, setID, id)
	if err == nil && n == 0 {
		return fault.New(fault.Missing, "settings.no_item")
	}
	return err
}

func insertTest(ctx context.Context, tx *db.Tx, k kept) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_change_tests (`+testColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`, k.ID, k.SetID, k.At, k.ByName, k.Hash, k.Result)
	return err
}

func lastTests(ctx context.Context, tx *db.Tx, setID string, most int) ([]kept, error) {
	return db.All[kept](ctx, tx, `SELECT `+testColumns+` FROM petitions_change_tests WHERE set_id = $1 ORDER BY id DESC LIMIT $2`, setID, most)
}

// itemsInForce lists the items of every set that was put in force, in the order
// in which they take effect.
func itemsInForce(ctx context.Context, tx *db.Tx) ([]inForce, error) {
	sets, err := db.All[Set](ctx, tx, `SELECT `+setColumns+` FROM petitions_change_sets WHERE state = 'in_force' ORDER BY effective, decided_at, id LIMIT $1`, inForceMost)
	if err != nil || len(sets) == 0 {
		return nil, err
	}
	items, err := db.All[item](ctx, tx, `SELECT i.id, i.mark, i.set_id, i.number, i.kind, i.body, i.by_name, i.at, i.revision
		FROM petitions_change_items i JOIN petitions_change_sets s ON s.id = i.set_id WHERE s.state = 'in_force' ORDER BY i.set_id, i.number LIMIT $1`, inForceMost)
	if err != nil {
		return nil, err
	}
	if len(items) == inForceMost {
		// What is left out would silently stop to hold.
		return nil, fmt.Errorf("settings: more than %d items in force", inForceMost-1)
	}
	bySet := map[string][]item{}
	for _, it := range items {
		bySet[it.SetID] = append(bySet[it.SetID], it)
	}
	var all []inForce
	for _, s := range sets {
		for _, it := range inOrder(bySet[s.ID]) {
			all = append(all, inForce{it, s})
		}
	}
	return all, nil
}

// inOrder sorts the items of a set by kind, then by their number.
func inOrder(items []item) []item {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(a.Number, b.Number))
	})
	return items
}

// casesOf loads cases; whoever asks checks who may see them.
func casesOf(ctx context.Context, tx *db.Tx, ids []string) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases WHERE id `+tx.In("$1")+` ORDER BY id LIMIT $2`, db.List(ids), shownMost)
}

// unitsOn lists the wards and communes of the installation's cities on a day.
func unitsOn(ctx context.Context, tx *db.Tx, on clock.Date) ([]org.Unit, error) {
	cities, err := org.Cities(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []org.Unit
	for _, c := range cities {
		units, err := org.UnitsOf(ctx, tx, c.UnitCode, on)
		if err != nil {
			return nil, err
		}
		all = append(all, units...)
	}
	return all, nil
}

// bodiesOn lists the bodies that a council may ask on a day.
func bodiesOn(ctx context.Context, tx *db.Tx, c org.Council, on clock.Date) ([]org.Body, error) {
	all, err := org.AnsweringTo(ctx, tx, c)
	return slices.DeleteFunc(all, func(b org.Body) bool { return !b.Open(on) }), err
}
