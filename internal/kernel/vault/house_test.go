package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/testkit"
)

var schemas = []db.Migrations{org.Migrations, audit.Migrations, vault.Migrations}

const why = "Xác minh nội dung tố cáo theo phân công"

// house is an office with a sealed compartment "c1" of the case "case1".
type house struct {
	*vault.Vault
	t     testing.TB
	db    *db.DB
	clock *clock.Movable
	log   *audit.Log
	key   vault.Key

	mu   sync.Mutex
	told []string // what committed
	mute error    // why telling fails
}

var people = []struct {
	id, council string
	role        org.Role
}{
	{"keeper", "ward", org.Clerk}, {"keeper2", "ward", org.Clerk}, {"reader", "ward", org.Clerk}, {"outsider", "ward", org.Clerk},
	{"head", "ward", org.Head}, {"security", "ward", org.Security}, {"standing", "ward", org.Standing}, {"admin", "ward", org.Admin},
	{"stranger", "other", org.Security}, {"strangehead", "other", org.Head},
}

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	name, err := audit.NewKey("test.hdnd.vn/log")
	must(t, err)
	key, err := vault.NewKey()
	must(t, err)
	h := &house{t: t, db: d, clock: testkit.Clock(t), key: key}
	h.log = audit.New(d, h.clock, name)
	h.Vault = h.vault(key)
	must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
		for _, c := range []string{"ward", "other"} {
			if err := org.AddCouncil(t.Context(), tx, org.Council{ID: c, Code: c, Name: "HĐND phường " + c, Level: org.Commune, UnitCode: c}); err != nil {
				return err
			}
		}
		for _, p := range people {
			if err := org.AddPerson(t.Context(), tx, org.Person{ID: p.id, Name: "Cán bộ " + p.id}); err != nil {
				return err
			}
		}
		return nil
	}))
	return h
}

func (h *house) vault(key vault.Key) *vault.Vault {
	return vault.New(vault.Deps{DB: h.db, Clock: h.clock, Audit: h.log, Key: key, Tell: h.tell})
}

func (h *house) tell(_ context.Context, tx *db.Tx, councilID, key string, args ...any) error {
	if h.mute != nil {
		return h.mute
	}
	given := map[string]bool{}
	for i := 0; i < len(args); i += 2 {
		given[fmt.Sprint(args[i])] = true
	}
	for _, place := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(h.sentence(key), -1) {
		if !given[place[1]] {
			h.t.Errorf("%s says {%s}, which is not handed over", key, place[1])
		}
	}
	if !given["compartment"] || !given["who"] {
		h.t.Errorf("%s is told without the compartment or who it was", key)
	}
	line := councilID + " " + key + " " + fmt.Sprint(args...)
	tx.AfterCommit(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.told = append(h.told, line)
	})
	return nil
}

// sentence is what a key says.
func (h *house) sentence(key string) string {
	var all map[string]map[string]any
	if _, err := toml.DecodeFS(vault.Files, "text/vi.toml", &all); err != nil {
		h.t.Error(err)
	}
	s, _ := all["vault"][strings.TrimPrefix(key, "vault.")].(string)
	if s == "" {
		h.t.Errorf("%s has no sentence", key)
	}
	return s
}

// heard counts what the security officers were told with a key.
func (h *house) heard(key string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, line := range h.told {
		if strings.HasPrefix(line, "ward "+key+" ") {
			n++
		}
	}
	return n
}

func (h *house) as(id string) org.Actor {
	h.t.Helper()
	for _, p := range people {
		if p.id == id {
			return org.Actor{PersonID: id, Name: "Cán bộ " + id, PostID: "post-" + id, PostTitle: "Chức vụ", CouncilID: p.council, Roles: []org.Role{p.role}, Address: "10.0.0.1"}
		}
	}
	h.t.Fatalf("nobody is called %s", id)
	return org.Actor{}
}

// via is a person acting in the post of another under a delegation.
func (h *house) via(id, holder string) org.Actor {
	a := h.as(holder)
	a.Via = []org.Proxy{{PersonID: a.PersonID, Name: a.Name, PostID: a.PostID}}
	a.PersonID, a.Name = id, "Cán bộ "+id
	return a
}

func (h *house) tx(fn func(tx *db.Tx) error) error { return h.db.Tx(h.t.Context(), fn) }

// seal makes a compartment with one keeper and one reader.
func (h *house) seal(id string, items map[string][]byte) {
	h.t.Helper()
	must(h.t, h.tx(func(tx *db.Tx) error {
		err := h.Make(h.t.Context(), tx, h.as("keeper"), vault.Compartment{ID: id, CouncilID: "ward", Subject: "case1",
			Readers: []vault.Reader{{PersonID: "keeper", Keeper: true}, {PersonID: "reader"}}})
		for name, b := range items {
			err = errors.Join(err, h.Put(h.t.Context(), tx, id, name, b))
		}
		return err
	}))
}

func (h *house) reveal(who org.Actor, id string, items ...string) (map[string]vault.Plain, error) {
	return h.Reveal(h.t.Context(), who, vault.Ask{Compartment: id, Items: items, Reason: why})
}

// logged counts the sealed entries of a verb in the log.
func (h *house) logged(verb string) int {
	h.t.Helper()
	return h.count(`SELECT count(*) FROM audit_entries WHERE verb = $1 AND sealed AND subject LIKE 'vault/c%'`, verb)
}

func (h *house) count(q string, args ...any) (n int) {
	h.t.Helper()
	must(h.t, h.db.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](h.t.Context(), tx, q, args...)
		return err
	}))
	return n
}

// attempts counts reveals by how they ended.
func (h *house) attempts(o vault.Outcome) int {
	h.t.Helper()
	return h.count(`SELECT count(*) FROM vault_reveals WHERE outcome = $1`, string(o))
}

func same(t testing.TB, got map[string]vault.Plain, want map[string][]byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d items, want %d", len(got), len(want))
	}
	for name, b := range want {
		if !bytes.Equal(got[name].Bytes(), b) {
			t.Fatalf("%s came back changed: %d bytes, want %d", name, len(got[name].Bytes()), len(b))
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Fatalf("got %v, want a fault with key %q", err, key)
	}
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newHouse(t, d)) }, schemas...)
}
