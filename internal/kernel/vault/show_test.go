package vault_test

import (
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/vault"
)

// TestAgain: a reveal stays open for its person, for half an hour, while they are
// on the list; it is written once.
func TestAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố"), "scan/1": []byte("quét")})
		s, err := h.Show(t.Context(), h.as("reader"), vault.Ask{Compartment: "c1", Items: []string{"scan/1"}, Reason: why})
		must(t, err)
		again := func(who, compartment, ticket string) error {
			got, err := h.Again(t.Context(), h.as(who), compartment, ticket)
			if err == nil && (len(got.Items) != 1 || got.Items["scan/1"].Text() != "quét" || !got.Until.Equal(s.Until)) {
				t.Errorf("again opens %d items until %v", len(got.Items), got.Until)
			}
			return err
		}
		must(t, again("reader", "c1", s.Ticket))
		id, _, _ := strings.Cut(s.Ticket, ".")
		for _, wrong := range []struct{ who, compartment, ticket string }{{"keeper", "c1", s.Ticket}, {"outsider", "c1", s.Ticket}, {"security", "c1", s.Ticket}, {"stranger", "c1", s.Ticket}, {"reader", "c2", s.Ticket},
			{"reader", "", s.Ticket}, {"reader", "c1", ""}, {"reader", "c1", id}, {"reader", "c1", id + "."}, {"reader", "c1", s.Ticket + "0"}, {"reader", "c1", "x" + s.Ticket}} {
			refused(t, again(wrong.who, wrong.compartment, wrong.ticket), "db.no_row")
		}
		if h.attempts(vault.Shown) != 1 || h.heard("vault.told_revealed") != 1 {
			t.Errorf("looking again is written %d times and told %d times", h.attempts(vault.Shown), h.heard("vault.told_revealed"))
		}
		h.clock.Advance(vault.LookFor - time.Second)
		must(t, again("reader", "c1", s.Ticket))
		h.clock.Advance(time.Second)
		refused(t, again("reader", "c1", s.Ticket), "vault.look_over")
		s, err = h.Show(t.Context(), h.as("reader"), vault.Ask{Compartment: "c1", Items: []string{"scan/1"}, Reason: why})
		must(t, err)
		must(t, h.Dismiss(t.Context(), h.as("keeper"), vault.Dismissal{Compartment: "c1", PersonID: "reader", Reason: why}))
		refused(t, again("reader", "c1", s.Ticket), "db.no_row")
	})
}

// TestAgainByGlass: what an emergency opening showed closes with it.
func TestAgainByGlass(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"scan/1": []byte("quét")})
		id, err := h.AskGlass(t.Context(), h.as("head"), vault.GlassAsk{Compartment: "c1", Reason: why})
		must(t, err)
		_, err = h.GrantGlass(t.Context(), h.as("security"), id)
		must(t, err)
		s, err := h.Show(t.Context(), h.as("head"), vault.Ask{Compartment: "c1", Items: []string{"scan/1"}, Reason: why})
		must(t, err)
		_, err = h.Again(t.Context(), h.as("head"), "c1", s.Ticket)
		must(t, err)
		must(t, h.EndGlass(t.Context(), h.as("security"), id))
		_, err = h.Again(t.Context(), h.as("head"), "c1", s.Ticket)
		refused(t, err, "db.no_row")
	})
}
