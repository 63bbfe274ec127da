package vault_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

func (h *house) askGlass(who org.Actor, reason string) (string, error) {
	return h.AskGlass(h.t.Context(), who, vault.GlassAsk{Compartment: "c1", Reason: reason})
}

func TestGlass(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		head := h.as("head")
		for _, who := range []string{"outsider", "reader", "security", "standing", "admin", "strangehead"} {
			_, err := h.askGlass(h.as(who), why)
			refused(t, err, "db.no_row")
		}
		_, err := h.askGlass(head, "gấp")
		refused(t, err, "vault.reason_short")
		id, err := h.askGlass(head, why)
		must(t, err)
		_, err = h.askGlass(head, why)
		refused(t, err, "vault.glass_there")
		_, err = h.reveal(head, "c1", "name")
		refused(t, err, "db.no_row") // asked is not granted
		for _, who := range []string{"head", "outsider", "keeper", "stranger", "admin"} {
			_, err := h.GrantGlass(t.Context(), h.as(who), id)
			refused(t, err, "db.no_row")
		}
		pending, err := h.Glasses(t.Context(), h.as("security"), "")
		must(t, err)
		if len(pending) != 1 || pending[0].State != vault.GlassAsked || !pending[0].MayGrant || pending[0].Reason != why {
			t.Errorf("the officer sees %+v", pending)
		}
		until, err := h.GrantGlass(t.Context(), h.as("security"), id)
		must(t, err)
		if until.Sub(h.clock.Now()) != 2*time.Hour {
			t.Errorf("open until %v", until)
		}
		_, err = h.GrantGlass(t.Context(), h.as("standing"), id)
		refused(t, err, "vault.glass_over")
		got, err := h.reveal(head, "c1", "name")
		must(t, err)
		same(t, got, map[string][]byte{"name": []byte("Trần Văn Tố")})
		for _, who := range []org.Actor{h.as("security"), h.via("outsider", "head"), h.as("standing")} { // open for one person
			_, err = h.reveal(who, "c1", "name")
			refused(t, err, "db.no_row")
		}
		refused(t, h.Admit(t.Context(), head, vault.Admission{Compartment: "c1", PersonID: "head", Reason: why}), "db.no_row")
		all, err := h.Reveals(t.Context(), h.as("keeper"), "c1", "")
		must(t, err)
		if used := all[len(all)-1]; h.count(`SELECT count(*) FROM vault_reveals WHERE glass_id = $1 AND outcome = 'shown'`, id) != 1 {
			t.Errorf("the reveal does not say by which glass: %+v", used)
		}
		h.clock.Set(until.Add(-time.Microsecond))
		_, err = h.reveal(head, "c1", "name")
		must(t, err)
		h.clock.Set(until)
		_, err = h.reveal(head, "c1", "name")
		refused(t, err, "db.no_row")
		refused(t, h.EndGlass(t.Context(), head, id), "vault.glass_over")
		if h.heard("vault.told_glass_asked") != 1 || h.heard("vault.told_glass_granted") != 1 || h.logged("vault.grant_glass") != 1 || h.logged("vault.grant_glass_refused") != 5 || h.logged("vault.ask_glass_refused") != 6 {
			t.Errorf("told: %q", h.told)
		}
	})
}

// TestGlassTakesTwo: neither the same person nor one who acts in the other's place.
func TestGlassTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		both := h.as("head")
		both.Roles = []org.Role{org.Head, org.Security, org.Standing}
		byDelegation := func(person, holder string, roles ...org.Role) org.Actor {
			a := h.via(person, holder)
			a.Roles = roles
			return a
		}
		for name, pair := range map[string][2]org.Actor{
			"one person":                       {both, both},
			"granted in the asker's place":     {both, byDelegation("outsider", "head", org.Security)},
			"asked in the granter's place":     {byDelegation("outsider", "security", org.Head), h.as("security")},
			"asker grants in another's place":  {h.as("head"), h.via("head", "security")},
			"asker asked in another's place":   {byDelegation("security", "head", org.Head), h.as("security")},
			"both in the place of one and the": {byDelegation("outsider", "standing", org.Head), byDelegation("admin", "standing", org.Standing)},
		} {
			id, err := h.askGlass(pair[0], why)
			must(t, err)
			_, err = h.GrantGlass(t.Context(), pair[1], id)
			refused(t, err, "vault.glass_same_person")
			got, err := h.reveal(pair[0], "c1", "name")
			if got != nil || err == nil {
				t.Errorf("%s: opened", name)
			}
			seen, err := h.Glasses(t.Context(), pair[1], "")
			must(t, err)
			for _, g := range seen {
				if g.ID == id && g.MayGrant {
					t.Errorf("%s: offered to grant", name)
				}
			}
			must(t, h.EndGlass(t.Context(), h.as("standing"), id))
			_, err = h.GrantGlass(t.Context(), h.as("standing"), id)
			if err == nil {
				t.Errorf("%s: granted after it was declined", name)
			}
		}
		if h.logged("vault.grant_glass_refused") < 6 || h.heard("vault.told_glass_ended") != 6 {
			t.Error("attempts to break the glass alone are not logged and told")
		}
		id, err := h.askGlass(h.via("outsider", "head"), why) // a deputy head may ask
		must(t, err)
		_, err = h.GrantGlass(t.Context(), h.as("standing"), id)
		must(t, err)
		_, err = h.reveal(h.as("outsider"), "c1", "name")
		must(t, err)
		must(t, h.EndGlass(t.Context(), h.as("security"), id)) // early
		_, err = h.reveal(h.as("outsider"), "c1", "name")
		refused(t, err, "db.no_row")
		refused(t, h.EndGlass(t.Context(), h.as("admin"), id), "db.no_row")
	})
}

func TestGlassEdges(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		// A guess in the reason is neither kept nor answered.
		id, err := h.askGlass(h.as("head"), "Có phải là Trần Văn Tố không?")
		must(t, err)
		own, err := h.Glasses(t.Context(), h.as("head"), "")
		must(t, err)
		if len(own) != 1 || own[0].Reason != "" || h.count(`SELECT count(*) FROM vault_glass WHERE reason LIKE '%Tố%'`) != 0 {
			t.Errorf("the guess is seen: %+v", own)
		}
		h.clock.Advance(24 * time.Hour)
		_, err = h.GrantGlass(t.Context(), h.as("security"), id)
		refused(t, err, "vault.glass_over")
		id, err = h.askGlass(h.as("head"), why)
		must(t, err)
		for _, bad := range []string{"", "x", "x\x00", strings.Repeat("y", 500)} {
			_, err := h.GrantGlass(t.Context(), h.as("security"), bad)
			if fault.KindOf(err) != fault.Missing {
				t.Errorf("grant %q: %v", bad, err)
			}
		}
		var wait sync.WaitGroup // both officers at once, and the asker gives up
		var errs [3]error
		wait.Go(func() { _, errs[0] = h.GrantGlass(t.Context(), h.as("security"), id) })
		wait.Go(func() { _, errs[1] = h.GrantGlass(t.Context(), h.as("standing"), id) })
		wait.Go(func() { errs[2] = h.EndGlass(t.Context(), h.as("head"), id) })
		wait.Wait()
		if errs[0] == nil && errs[1] == nil || errs[2] != nil {
			t.Errorf("granted twice, or not ended: %v", errs)
		}
		_, err = h.reveal(h.as("head"), "c1", "name")
		refused(t, err, "db.no_row")
		if h.logged("vault.grant_glass") > 1 {
			t.Error("granted twice")
		}
	})
}

// TestForged: who only writes to the database gets onto no list and breaks no glass.
func TestForged(t *testing.T) {
	for title, forgery := range map[string]string{
		"another's grant":   `UPDATE vault_readers SET person_id = 'outsider' WHERE person_id = 'reader' AND compartment_id = 'c1'`,
		"a grant of one's":  `INSERT INTO vault_readers SELECT 'x', compartment_id, 'outsider', name, keeper, until, reason, admitted_at, admitted_by, ended_at, ended_by, end_reason, code FROM vault_readers WHERE person_id = 'keeper' AND compartment_id = 'c1'`,
		"back after an end": `UPDATE vault_readers SET ended_at = 0 WHERE person_id = 'outsider'`,
		"a longer grant":    `UPDATE vault_readers SET until = '', ended_at = 0 WHERE person_id = 'outsider'`,
		"a grant from elsewhere": `DELETE FROM vault_readers WHERE person_id = 'outsider' AND compartment_id = 'c1';
			UPDATE vault_readers SET compartment_id = 'c1' WHERE person_id = 'outsider'`,
		"a glass of one's":   `UPDATE vault_glass SET person_id = 'outsider'`,
		"a glass held open":  `UPDATE vault_glass SET person_id = 'outsider', until = until * 2, ended_at = 0`,
		"a glass from afar":  `UPDATE vault_glass SET compartment_id = 'c2', person_id = 'outsider'; UPDATE vault_glass SET compartment_id = 'c1'`,
		"a reader as keeper": `UPDATE vault_readers SET keeper = TRUE WHERE person_id = 'reader'; UPDATE vault_readers SET ended_at = 1 WHERE person_id = 'outsider'`,
	} {
		t.Run(title, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				for _, id := range []string{"c1", "c2"} { // named for both, dismissed from c1
					h.seal(id, map[string][]byte{"name": []byte("Trần Văn Tố")})
					must(t, h.Admit(t.Context(), h.as("keeper"), vault.Admission{Compartment: id, PersonID: "outsider", Until: clock.Today(h.clock), Reason: why}))
				}
				must(t, h.dismiss("keeper", "outsider"))
				id, err := h.askGlass(h.as("head"), why)
				must(t, err)
				_, err = h.GrantGlass(t.Context(), h.as("security"), id)
				must(t, err)
				must(t, h.tx(func(tx *db.Tx) error {
					for q := range strings.SplitSeq(forgery, ";") {
						if n, err := tx.Exec(t.Context(), q); err != nil || n == 0 {
							return errors.Join(err, errors.New("nothing was forged"))
						}
					}
					return nil
				}))
				_, err = h.reveal(h.as("outsider"), "c1", "name")
				refused(t, err, "db.no_row")
				if err := h.admit("reader", "outsider", false); err == nil {
					t.Error("a forged keeper admits")
				}
			})
		})
	}
}
