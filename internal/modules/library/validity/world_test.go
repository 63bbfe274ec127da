package validity_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/library/validity"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a library behind the plugs: its documents are in memory.
type world struct {
	*validity.Desk
	db    *db.DB
	clock *clock.Movable
	queue *jobs.Queue
	words *text.Catalogue

	mu      sync.Mutex
	docs    map[string]validity.Document
	texts   map[string][]validity.Provision
	byKey   map[string][]string
	secrets map[string]bool // that only the head sees
}

func schemas() []db.Migrations {
	return []db.Migrations{audit.Migrations, jobs.Migrations, validity.Migrations}
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, schemas()...)
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t), docs: map[string]validity.Document{}, texts: map[string][]validity.Provision{}, byKey: map[string][]string{}, secrets: map[string]bool{}}
	w.queue = jobs.New(d, w.clock)
	w.queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	log := audit.New(d, w.clock, must(audit.NewKey("hdnd.example.vn/test"))(t))
	w.words = must(text.Load(web.Files, db.Files, documents.Files, validity.Files))(t)
	w.Desk = must(validity.Open(validity.Deps{DB: d, Clock: w.clock, Audit: log, Queue: w.queue,
		Documents: w.documents, ByKeys: w.bearing, Every: w.every, Sees: w.sees,
		Provisions: func(_ context.Context, _ *db.Tx, id string) ([]validity.Provision, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.texts[id], nil
		},
		MayEdit: func(_ context.Context, _ *db.Tx, who org.Actor, id string) (bool, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.docs[id].CouncilID == who.CouncilID, nil
		},
		Communes: func(_ context.Context, _ *db.Tx, unit string) ([]validity.Heir, error) {
			if unit == "Quận Ba Đình" {
				return []validity.Heir{{Code: "00004", Name: "Phường Ba Đình"}, {Code: "00008", Name: "Phường Ngọc Hà"}}, nil
			}
			return nil, nil
		},
		Vanished: func(_ context.Context, _ *db.Tx, names []string) (map[string]validity.Vanished, error) {
			gone := map[string]validity.Vanished{}
			if slices.Contains(names, "quan ba dinh") {
				gone["quan ba dinh"] = validity.Vanished{Name: "Quận Ba Đình", Since: date("01/07/2025"), Now: []string{"Phường Ba Đình", "Phường Ngọc Hà"}}
			}
			return gone, nil
		},
	}))(t)
	for _, j := range w.Jobs() {
		w.queue.Handle(j.Kind, j.Handle)
	}
	return w
}

func (w *world) documents(_ context.Context, _ *db.Tx, ids []string) (all []validity.Document, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		if d, ok := w.docs[id]; ok {
			all = append(all, d)
		}
	}
	return all, nil
}

func (w *world) bearing(_ context.Context, _ *db.Tx, councilID string, keys []string) (map[string][]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string][]string{}
	for _, k := range keys {
		found[k] = w.byKey[councilID+" "+k]
	}
	return found, nil
}

func (w *world) every(_ context.Context, _ *db.Tx, after string, limit int) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := slices.Sorted(maps.Keys(w.docs))
	i, found := slices.BinarySearch(ids, after)
	if found {
		i++
	}
	return ids[i:min(i+limit, len(ids))], nil
}

func (w *world) sees(_ context.Context, _ *db.Tx, who org.Actor, ids []string) (map[string]bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[string]bool{}
	for _, id := range ids {
		d, ok := w.docs[id]
		all[id] = ok && d.CouncilID == who.CouncilID && (!w.secrets[id] || who.Has(org.Head))
	}
	return all, nil
}

// put saves documents and tells of them, as the library does.
func (w *world) put(t testing.TB, docs ...validity.Document) {
	t.Helper()
	for _, d := range docs {
		w.mu.Lock()
		if _, known := w.docs[d.ID]; !known {
			key := d.CouncilID + " " + d.Key
			w.byKey[key] = append(w.byKey[key], d.ID)
		}
		d.URL = "/library/documents/" + d.ID
		w.docs[d.ID] = d
		if w.texts[d.ID] == nil {
			w.texts[d.ID] = law()
		}
		w.mu.Unlock()
		if err := w.db.Tx(ctx, func(tx *db.Tx) error { return w.Arrived(ctx, tx, org.System("hn"), w.clock.Now(), d.ID) }); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) drop(t testing.TB, id string) {
	t.Helper()
	w.mu.Lock()
	d := w.docs[id]
	delete(w.docs, id)
	key := d.CouncilID + " " + d.Key
	w.byKey[key] = slices.DeleteFunc(slices.Clone(w.byKey[key]), func(one string) bool { return one == id })
	w.mu.Unlock()
	if err := w.db.Tx(ctx, func(tx *db.Tx) error { return w.Forget(ctx, tx, clock.Today(w.clock), id) }); err != nil {
		t.Fatal(err)
	}
}

func as(name string) org.Actor {
	roles := map[string][]org.Role{"lan": {org.Clerk}, "mai": {org.Clerk}, "hùng": {org.Head}, "phúc": {org.Deputy}, "tâm": {org.Clerk}, "quân": {org.Admin}}
	if roles[name] == nil {
		return org.Actor{}
	}
	council := "hn"
	if name == "tâm" {
		council = "bd"
	}
	return org.Actor{PersonID: name, Name: "Nguyễn " + name, PostID: "post-" + name, PostTitle: "Chuyên viên", BodyID: "vp", CouncilID: council, Roles: roles[name], Level: org.City}
}

func read[T any](t testing.TB, w *world, fn func(tx *db.Tx) (T, error)) (v T) {
	t.Helper()
	if err := w.db.Read(ctx, func(tx *db.Tx) (err error) { v, err = fn(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

// status is "expired 01/06/2021", with what is kept of a document.
func (w *world) status(t testing.TB, id string) string {
	t.Helper()
	all := read(t, w, func(tx *db.Tx) (map[string]validity.Standing, error) {
		return validity.Standings(ctx, tx, []string{id})
	})
	s, ok := all[id]
	if !ok {
		return ""
	}
	return string(s.Status) + " " + s.Since.VN()
}

func (w *world) drain(t testing.TB) {
	t.Helper()
	must(w.queue.Drain(ctx))(t)
}

func (w *world) at(s string) {
	d := date(s)
	w.clock.Set(time.Date(d.Year, d.Month, d.Day, 8, 0, 0, 0, clock.Hanoi))
}

func entry(kind validity.Kind, symbol string) validity.Entry {
	return validity.Entry{Kind: kind, Symbol: symbol, FromAnchor: "art_3", Place: "trang 2", Quote: "Nghị quyết này thay thế Nghị quyết số " + symbol, Confidence: 0.7}
}

func (w *world) relations(t testing.TB, id string) []validity.Relation {
	t.Helper()
	return read(t, w, func(tx *db.Tx) ([]validity.Relation, error) { return w.Relations(ctx, tx, id) })
}

// kept is all that is kept of what was worked out, in one order.
func (w *world) kept(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for _, q := range []string{
		`SELECT document_id || ' ' || council_id || ' ' || status || ' ' || CAST(part AS TEXT) || ' ' || CAST(doubtful AS TEXT) || ' ' || since || ' ' || next_on || ' ' || reasons FROM library_status ORDER BY document_id`,
		`SELECT commune || ' ' || lapses_on || ' ' || document_id FROM library_lapsing ORDER BY commune, lapses_on, document_id`,
		`SELECT document_id || ' ' || alarm || ' ' || anchor || ' ' || other || ' ' || symbol || ' ' || since || ' ' || detail || ' ' || CAST(doubtful AS TEXT) FROM library_warnings WHERE alarm NOT LIKE 'unit%' ORDER BY 1`,
	} {
		all := read(t, w, func(tx *db.Tx) ([]string, error) { return db.All[string](ctx, tx, q) })
		slices.SortFunc(all, cmp.Compare[string])
		fmt.Fprintln(&b, strings.Join(all, "\n"))
	}
	return b.String()
}
