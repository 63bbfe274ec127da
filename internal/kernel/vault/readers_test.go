package vault_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/vault"
)

func (h *house) admit(by, person string, keeper bool) error {
	return h.Admit(h.t.Context(), h.as(by), vault.Admission{Compartment: "c1", PersonID: person, Keeper: keeper, Reason: why})
}

func (h *house) dismiss(by, person string) error {
	return h.Dismiss(h.t.Context(), h.as(by), vault.Dismissal{Compartment: "c1", PersonID: person, Reason: why})
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		for _, who := range []string{"outsider", "head", "security", "admin", "stranger"} {
			refused(t, h.admit(who, "outsider", false), "db.no_row")
			refused(t, h.dismiss(who, "reader"), "db.no_row")
		}
		refused(t, h.admit("reader", "outsider", false), "vault.not_keeper")
		refused(t, h.Admit(t.Context(), h.via("outsider", "keeper"), vault.Admission{Compartment: "c1", PersonID: "outsider", Reason: why}), "db.no_row")
		if h.logged("vault.admit_refused") != 7 || h.logged("vault.dismiss_refused") != 5 || h.heard("vault.told_refused") != 12 {
			t.Error("refused changes of the list are not logged and told")
		}
		refused(t, h.admit("keeper", "reader", false), "vault.already_reader")
		refused(t, h.admit("keeper", "nobody", false), "vault.nobody")
		refused(t, h.admit("keeper", "x\x00y", false), "vault.nobody")
		refused(t, h.Admit(t.Context(), h.as("keeper"), vault.Admission{Compartment: "c1", PersonID: "outsider", Reason: "vì thế"}), "vault.reason_short")
		refused(t, h.Admit(t.Context(), h.as("keeper"), vault.Admission{Compartment: "c1", PersonID: "outsider", Reason: "Để gặp ông Trần Văn Tố"}), "vault.reason_names")
		must(t, h.admit("keeper", "outsider", false))
		_, err := h.reveal(h.as("outsider"), "c1", "name")
		must(t, err)
		must(t, h.dismiss("keeper", "outsider"))
		_, err = h.reveal(h.as("outsider"), "c1", "name")
		refused(t, err, "db.no_row")
		refused(t, h.dismiss("keeper", "outsider"), "vault.no_reader")
		refused(t, h.dismiss("keeper", "keeper"), "vault.last_keeper")
		must(t, h.admit("keeper", "keeper2", true))
		must(t, h.dismiss("keeper2", "keeper"))
		refused(t, h.admit("keeper", "outsider", false), "db.no_row")
		if h.heard("vault.told_admitted") != 2 || h.heard("vault.told_dismissed") != 2 {
			t.Errorf("told: %q", h.told)
		}
		all, err := h.Readers(t.Context(), h.as("security"), "c1")
		must(t, err)
		list := map[string]vault.Grant{}
		for _, g := range all {
			list[g.PersonID] = g
		}
		if len(all) != 4 || list["keeper"].Runs || list["keeper"].EndReason != why || !list["keeper2"].Runs || !list["keeper2"].Keeper || list["reader"].Name != "Cán bộ reader" {
			t.Errorf("the list is %+v", all)
		}
		for _, who := range []string{"outsider", "head", "stranger", "admin"} {
			_, err := h.Readers(t.Context(), h.as(who), "c1")
			refused(t, err, "db.no_row")
			_, err = h.Reveals(t.Context(), h.as(who), "c1", "")
			refused(t, err, "db.no_row")
		}
	})
}

// TestGrantEnds: the last day counts, the day after does not.
func TestGrantEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		until := clock.Today(h.clock).AddDays(3)
		grant := vault.Admission{Compartment: "c1", PersonID: "outsider", Until: until, Reason: why}
		keeper := grant
		keeper.Keeper = true
		refused(t, h.Admit(t.Context(), h.as("keeper"), keeper), "vault.keeper_until")
		past := grant
		past.Until = clock.Today(h.clock).AddDays(-1)
		refused(t, h.Admit(t.Context(), h.as("keeper"), past), "vault.until_past")
		must(t, h.Admit(t.Context(), h.as("keeper"), grant))
		h.clock.Set(until.End().Add(-time.Second))
		_, err := h.reveal(h.as("outsider"), "c1", "name")
		must(t, err)
		h.clock.Set(until.End())
		_, err = h.reveal(h.as("outsider"), "c1", "name")
		refused(t, err, "db.no_row")
		must(t, h.db.Read(t.Context(), func(tx *db.Tx) error {
			named, err := h.NamedFor(t.Context(), tx, h.as("outsider"), "")
			if len(named) != 0 {
				t.Error("who is no longer named finds the compartment")
			}
			return err
		}))
		must(t, h.admit("keeper", "outsider", false)) // comes back
		_, err = h.reveal(h.as("outsider"), "c1", "name")
		must(t, err)
	})
}

func TestMakeRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, c := range map[string]vault.Compartment{
			"no list":     {ID: "c1", CouncilID: "ward", Subject: "case1"},
			"no keeper":   {ID: "c1", CouncilID: "ward", Subject: "case1", Readers: []vault.Reader{{PersonID: "reader"}}},
			"no such":     {ID: "c1", CouncilID: "ward", Subject: "case1", Readers: []vault.Reader{{PersonID: "keeper", Keeper: true}, {PersonID: "nobody"}}},
			"named twice": {ID: "c1", CouncilID: "ward", Subject: "case1", Readers: []vault.Reader{{PersonID: "keeper", Keeper: true}, {PersonID: "keeper"}}},
			"no id":       {CouncilID: "ward", Subject: "case1", Readers: []vault.Reader{{PersonID: "keeper", Keeper: true}}},
			"no case":     {ID: "c1", CouncilID: "ward", Readers: []vault.Reader{{PersonID: "keeper", Keeper: true}}},
		} {
			if err := h.tx(func(tx *db.Tx) error { return h.Make(t.Context(), tx, h.as("keeper"), c) }); err == nil {
				t.Errorf("%s: a compartment was made", name)
			}
		}
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		for name, key := range map[string]string{"name": "vault.item_there", "Tố.pdf": "", "": "", "scan/": "", "../x": ""} {
			err := h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", name, nil) })
			if err == nil || key != "" && !fault.Is(err, key) {
				t.Errorf("put %q: %v", name, err)
			}
		}
		refused(t, h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c9", "name", nil) }), "db.no_row")
		refused(t, h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", "scan/1", make([]byte, 25<<20+1)) }), "vault.item_large")
		must(t, h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", "scan/1", make([]byte, 25<<20)) }))
		got, err := h.reveal(h.as("reader"), "c1", "scan/1")
		must(t, err)
		same(t, got, map[string][]byte{"scan/1": make([]byte, 25<<20)})
		undone := errors.New("undone") // a broken-off act leaves nothing
		err = h.tx(func(tx *db.Tx) error { return errors.Join(h.Put(t.Context(), tx, "c1", "scan/2", []byte("x")), undone) })
		if !errors.Is(err, undone) || h.count(`SELECT count(*) FROM vault_items`) != 2 {
			t.Error("a broken-off act has left something")
		}
	})
}

// TestAtOnce: two keepers who dismiss each other leave one; a reader who is
// dismissed while reading is shown all or nothing, and the rows agree.
func TestAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		must(t, h.admit("keeper", "keeper2", true))
		both := func(a, b func() error) (x, y error) {
			var wait sync.WaitGroup
			wait.Go(func() { x = a() })
			wait.Go(func() { y = b() })
			wait.Wait()
			return x, y
		}
		left, gone := "keeper", "keeper2"
		for range 6 {
			x, y := both(func() error { return h.dismiss("keeper", "keeper2") }, func() error { return h.dismiss("keeper2", "keeper") })
			if (x == nil) == (y == nil) {
				t.Fatalf("two keepers dismissed each other: %v, %v", x, y)
			}
			if left, gone = "keeper", "keeper2"; x != nil {
				left, gone = gone, left
			}
			x, y = both(func() error { return h.admit(left, gone, true) }, func() error { return h.admit(left, gone, true) })
			if (x == nil) == (y == nil) {
				t.Fatalf("admitted twice at once: %v, %v", x, y)
			}
			shown := h.attempts(vault.Shown)
			x, y = both(func() error { return h.dismiss(left, "reader") }, func() error {
				_, err := h.reveal(h.as("reader"), "c1", "name")
				return err
			})
			must(t, x)
			if n := h.attempts(vault.Shown) - shown; (n == 1) != (y == nil) {
				t.Fatalf("%d reveals written, but the reader got %v", n, y)
			}
			must(t, h.admit(left, "reader", false))
		}
		if n := h.count(`SELECT count(*) FROM vault_readers WHERE ended_at = 0`); n != 3 {
			t.Errorf("%d people are on the list, want 3", n)
		}
		// Putting and destroying at once: either the item is refused or it is gone.
		_, y := both(func() error {
			return h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", "address", []byte("ngõ 12")) })
		},
			func() error {
				return h.tx(func(tx *db.Tx) error {
					return h.Destroy(t.Context(), tx, h.as(left), vault.Destruction{Compartment: "c1", Document: "QĐ 12/QĐ-HĐND"})
				})
			})
		must(t, y)
		if n := h.count(`SELECT count(*) FROM vault_items`) + h.count(`SELECT count(*) FROM vault_chunks`); n != 0 {
			t.Errorf("%d rows outlived the destruction", n)
		}
	})
}
