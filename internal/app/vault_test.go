package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// What is opened is told to the security officers: the ward's are the city's
// when it has none.
func TestRevealIsToldToSecurity(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		for _, c := range []struct{ id, council, clerk string }{{"c-city", "hn", "văn-thư"}, {"c-ward", "bd", "văn-thư-phường"}} {
			err := w.App.DB.Tx(t.Context(), func(tx *db.Tx) error {
				who := w.People[c.clerk]
				made := vault.Compartment{ID: c.id, CouncilID: c.council, Subject: "case-" + c.id, Readers: []vault.Reader{{PersonID: who.PersonID, Keeper: true}}}
				if err := w.App.Vault.Make(t.Context(), tx, who, made); err != nil {
					return err
				}
				return w.App.Vault.Put(t.Context(), tx, c.id, "name", []byte("Nguyễn Thị Kín"))
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.App.Vault.Reveal(t.Context(), w.People[c.clerk], vault.Ask{Compartment: c.id, Items: []string{"name"}, Reason: "Lập thông báo thụ lý"})
			if err != nil || got["name"].Text() != "Nguyễn Thị Kín" {
				t.Fatal(err)
			}
		}
		var told []string
		err := w.App.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			told, err = db.All[string](t.Context(), tx, `SELECT person_id FROM notify_messages WHERE sentence = 'vault.told_revealed'`)
			return err
		})
		if err != nil || strings.Join(told, " ") != "an-toàn an-toàn" {
			t.Errorf("told %v, %v", told, err)
		}
	})
}

// Without anybody to tell, nothing is opened.
func TestNothingIsOpenedUnseen(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		who := w.People["văn-thư"]
		err := w.App.DB.Tx(t.Context(), func(tx *db.Tx) error {
			if err := w.App.Vault.Make(t.Context(), tx, who, vault.Compartment{ID: "c", CouncilID: "hn", Subject: "s", Readers: []vault.Reader{{PersonID: who.PersonID, Keeper: true}}}); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `UPDATE org_posts SET ends = $1 WHERE person_id = 'an-toàn'`, clock.Today(w.Clock))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.App.Vault.Reveal(t.Context(), who, vault.Ask{Compartment: "c", Items: []string{"name"}, Reason: "Lập thông báo thụ lý"}); err == nil {
			t.Error("opened with nobody told")
		}
	})
}

// A key file that is not the one the database was sealed with stops the start.
func TestLostSealKeyStopsTheStart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	cfg := app.Config{Data: data, Address: "https://hdnd.example.vn", Demonstration: true}
	open := func() (*app.App, error) { return app.Open(t.Context(), cfg, testkit.Clock(t)) }
	a, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if err := council.Populate(t.Context(), a.DB); err != nil {
		t.Fatal(err)
	}
	err = a.DB.Tx(t.Context(), func(tx *db.Tx) error {
		who := org.Actor{PersonID: "văn-thư", CouncilID: "hn", BodyID: "hn-vp"}
		return a.Vault.Make(t.Context(), tx, who, vault.Compartment{ID: "c", CouncilID: "hn", Subject: "s", Readers: []vault.Reader{{PersonID: "văn-thư", Keeper: true}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, "vault.key")); err != nil {
		t.Fatal(err)
	}
	if again, err := open(); err == nil {
		t.Error("started with another key", again.Close())
	}
}
