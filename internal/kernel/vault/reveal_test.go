package vault_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

func TestReveal(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		want := map[string][]byte{"name": []byte("Trần Văn Tố"), "contact": {}, "scan/1": bytes.Repeat([]byte("quét "), 600_000)}
		h.seal("c1", want)
		got, err := h.reveal(h.as("reader"), "c1", "name", "scan/1", "contact", "name")
		must(t, err)
		same(t, got, want)
		if h.attempts(vault.Shown) != 1 || h.logged("vault.reveal") != 1 || h.heard("vault.told_revealed") != 1 {
			t.Errorf("a reveal is written, logged and told once: %d, %d, %d", h.attempts(vault.Shown), h.logged("vault.reveal"), h.heard("vault.told_revealed"))
		}
		all, err := h.Reveals(t.Context(), h.as("security"), "", "")
		must(t, err)
		if len(all) != 1 || all[0].Reason != why || strings.Join(all[0].Items, " ") != "contact name scan/1" || all[0].PersonID != "reader" {
			t.Errorf("the officer sees %+v", all)
		}
		if strings.Contains(strings.Join(h.told, ""), why) {
			t.Error("what is told holds the reason")
		}
		must(t, h.db.Read(t.Context(), func(tx *db.Tx) error {
			items, err := h.Items(t.Context(), tx, "c1")
			if len(items) != 3 || items[0].Name != "contact" {
				t.Errorf("the compartment holds %v", items)
			}
			return err
		}))
	})
}

// TestRevealRefused: everybody who is not named is told that there is nothing,
// and the security officers are told who asked.
func TestRevealRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		anonymous, wrongCouncil, system := org.Voter("10.9.9.9"), h.as("reader"), org.System("ward")
		wrongCouncil.CouncilID = "other"
		asReader := org.System("ward")
		asReader.PersonID, asReader.PostID = "reader", "post-reader"
		out := []org.Actor{h.as("outsider"), h.as("head"), h.as("security"), h.as("standing"), h.as("admin"), h.as("stranger"),
			h.via("outsider", "reader"), h.via("head", "keeper"), anonymous, wrongCouncil, system, asReader}
		for i, who := range out {
			got, err := h.reveal(who, "c1", "name")
			if f := fault.Of(err); got != nil || f == nil || f.Kind != fault.Missing || f.Key != "db.no_row" {
				t.Fatalf("%+v: got %v, %v; want not found", who, got, err)
			}
			if h.attempts(vault.Refused) != i+1 || h.logged("vault.reveal_refused") != i+1 || h.heard("vault.told_refused") != i+1 {
				t.Fatalf("the attempt of %s is not written, logged and told", who.PersonID)
			}
		}
		_, unknown := h.reveal(h.as("outsider"), "c2", "name")
		_, known := h.reveal(h.as("outsider"), "c1", "name")
		if unknown.Error() != known.Error() {
			t.Errorf("one can tell what is there: %v / %v", unknown, known)
		}
		if h.attempts(vault.Shown) != 0 {
			t.Error("something counts as shown")
		}
		// A reader who acts in another's post is still the person who is named.
		_, err := h.reveal(h.via("reader", "head"), "c1", "name")
		must(t, err)
	})
}

func TestAskJudged(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố"), "contact": []byte("0912 345 678")})
		for _, bad := range []struct {
			reason string
			items  []string
			key    string
		}{
			{"", []string{"name"}, "vault.reason_short"},
			{"   xem    ", []string{"name"}, "vault.reason_short"},
			{"!!!!!!!!!!!!!!! 12 ???", []string{"name"}, "vault.reason_short"},
			{strings.Repeat("lý do ", 200), []string{"name"}, "vault.reason_long"},
			{why, nil, "vault.no_items"},
			{why, []string{"Trần Văn Tố.pdf"}, "vault.no_items"},
			{why, []string{"name", "x\x00'; DROP TABLE vault_items"}, "vault.no_items"},
			{why, []string{"name", "scan/1"}, "vault.no_item"},
			{"Gọi điện cho ông TRẦN văn tố", []string{"name"}, "vault.reason_names"},
			{"Gọi điện cho ông Tra\u0302\u0300n Va\u0306n To\u0302\u0301", []string{"name"}, "vault.reason_names"},
			{"Gọi vào số 0912.345.678 để hẹn", []string{"name"}, "vault.reason_names"},
			{"Gọi điện cho bà Tố để hẹn gặp", []string{"name"}, "vault.reason_names"},
			{"Hẹn gặp người đứng đơn (VĂN TỐ) lần nữa", []string{"name"}, "vault.reason_names"},
			{"hen gap ong to de hoi them", []string{"name"}, "vault.reason_names"},
		} {
			got, err := h.Reveal(t.Context(), h.as("reader"), vault.Ask{Compartment: "c1", Items: bad.items, Reason: bad.reason})
			refused(t, err, bad.key)
			if got != nil {
				t.Fatalf("%q: something was shown", bad.reason)
			}
		}
		if n := h.attempts(vault.Refused); n != 14 || h.heard("vault.told_refused") != 14 {
			t.Errorf("%d refusals written, %d told; want 14", n, h.heard("vault.told_refused"))
		}
		// An outsider learns nothing from trying names, and what they typed is not kept.
		_, guess := h.Reveal(t.Context(), h.as("outsider"), vault.Ask{Compartment: "c1", Items: []string{"name"}, Reason: "Có phải Trần Văn Tố không?"})
		_, other := h.Reveal(t.Context(), h.as("outsider"), vault.Ask{Compartment: "c1", Items: []string{"name"}, Reason: "Có phải Lê Thị Khác không?"})
		if guess.Error() != other.Error() {
			t.Error("an outsider can try names")
		}
		_, err := h.Reveal(t.Context(), h.as("reader"), vault.Ask{Compartment: "c1", Items: []string{"name"}, Reason: "Xem \x00\u202e\xff để xác minh đơn"})
		must(t, err)
	})
}

// TestNothingWithoutTrace: when the log or the telling fails, nothing is shown
// and nothing is kept.
func TestNothingWithoutTrace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		h.mute = errors.New("no post today")
		if got, err := h.reveal(h.as("reader"), "c1", "name"); got != nil || err == nil {
			t.Fatalf("shown though nobody was told: %v", err)
		}
		h.mute = nil
		silent := vault.New(vault.Deps{DB: h.db, Clock: h.clock, Audit: h.log, Key: h.key})
		if got, err := silent.Reveal(t.Context(), h.as("reader"), vault.Ask{Compartment: "c1", Items: []string{"name"}, Reason: why}); got != nil || err == nil {
			t.Fatalf("shown though nobody can be told: %v", err)
		}
		must(t, h.tx(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `ALTER TABLE audit_entries RENAME TO audit_gone`)
			return err
		}))
		if got, err := h.reveal(h.as("reader"), "c1", "name"); got != nil || err == nil {
			t.Fatalf("shown without the log: %v", err)
		}
		if n := h.count(`SELECT count(*) FROM vault_reveals`); n != 0 {
			t.Errorf("%d reveals were kept without the log", n)
		}
	})
}

// damages are what somebody who can write to the database might try.
var damages = map[string]string{
	"box of another compartment": `UPDATE vault_chunks SET box = (SELECT k.box FROM vault_chunks k JOIN vault_items i ON i.id = k.item_id WHERE i.compartment_id = 'c2')
		WHERE item_id = (SELECT id FROM vault_items WHERE compartment_id = 'c1' AND name = 'name')`,
	"key of another compartment": `UPDATE vault_compartments SET wrapped = (SELECT wrapped FROM vault_compartments WHERE id = 'c2') WHERE id = 'c1'`,
	"last chunk gone":            `DELETE FROM vault_chunks WHERE idx = 3`,
	"first chunk gone":           `DELETE FROM vault_chunks WHERE idx = 0`,
	"last chunk unwanted":        `UPDATE vault_items SET chunks = chunks - 1 WHERE chunks > 1`,
	"cut and counted":            `DELETE FROM vault_chunks WHERE idx > 0; UPDATE vault_items SET chunks = 1`,
	"chunks in another order":    `UPDATE vault_chunks SET idx = CASE idx WHEN 0 THEN 10 ELSE idx END; UPDATE vault_chunks SET idx = 0 WHERE idx = 1; UPDATE vault_chunks SET idx = 1 WHERE idx = 10`,
	"items renamed":              `UPDATE vault_items SET name = 'x' WHERE name = 'scan/1'; UPDATE vault_items SET name = 'scan/1' WHERE name = 'scan/2'`,
	"item of another": `UPDATE vault_items SET compartment_id = 'c2', name = 'name/2' WHERE compartment_id = 'c1' AND name = 'name';
		UPDATE vault_items SET compartment_id = 'c1' WHERE compartment_id = 'c2' AND name = 'name'`,
	"chunk of another item": `UPDATE vault_chunks SET box = (SELECT k.box FROM vault_chunks k JOIN vault_items i ON i.id = k.item_id WHERE i.name = 'scan/2' AND k.idx = 2)
		WHERE idx = 2 AND item_id = (SELECT id FROM vault_items WHERE name = 'scan/1')`,
}

// TestBroken: what was changed in the database does not open to anything else,
// and that is recorded and told.
func TestBroken(t *testing.T) {
	for title, damage := range damages {
		t.Run(title, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				scan := bytes.Repeat([]byte{7}, 3<<20)
				want := map[string][]byte{"name": []byte("Trần Văn Tố"), "scan/1": scan, "scan/2": scan}
				h.seal("c1", want)
				h.seal("c2", map[string][]byte{"name": []byte("Lê Thị Khác")})
				must(t, h.tx(func(tx *db.Tx) error {
					for q := range strings.SplitSeq(damage, ";") {
						if n, err := tx.Exec(t.Context(), q); err != nil || n == 0 {
							return errors.Join(err, errors.New("no damage was done"))
						}
					}
					return nil
				}))
				broken := 0
				for _, item := range []string{"name", "scan/1"} {
					got, err := h.reveal(h.as("reader"), "c1", item)
					if err != nil {
						refused(t, err, "vault.broken")
						broken++
					} else {
						same(t, got, map[string][]byte{item: want[item]})
					}
				}
				if broken == 0 || h.attempts(vault.Broken) != broken || h.heard("vault.told_broken") != broken || h.logged("vault.reveal_broken") != broken {
					t.Errorf("found %d, written %d, told %d, logged %d", broken, h.attempts(vault.Broken), h.heard("vault.told_broken"), h.logged("vault.reveal_broken"))
				}
			})
		})
	}
}
