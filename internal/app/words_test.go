package app_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

// Every right and every automatic work has words: administrators read them.
func TestRightsAndWorkHaveWords(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		words := w.App.Text
		for _, p := range w.App.Permissions() {
			key := "desk.right." + strings.ReplaceAll(p.Name, ".", "_")
			if strings.Contains(p.Name, ".") && !words.Has(key) {
				t.Errorf("the right %q has no words: give it %s", p.Name, key)
			}
		}
		for _, kind := range w.App.Jobs.Kinds() {
			if key := "desk.work." + strings.ReplaceAll(kind, ".", "_"); !words.Has(key) {
				t.Errorf("the automatic work %q has no words: give it %s", kind, key)
			}
		}
	})
}

// A number beside a menu's word that cannot be had is only left out of the page,
// so that a clerk can go on; that it can be had is held here, for everybody.
func TestMenuCounts(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		counted := 0
		for _, m := range w.App.Server.Menu() {
			for name, who := range w.People {
				if m.Count == nil || !m.Needs.Allows(who) {
					continue
				}
				counted++
				if _, err := m.Count(t.Context(), who); err != nil {
					t.Errorf("%s counts %s: %v", name, m.URL, err)
				}
			}
		}
		if counted == 0 {
			t.Error("nobody counts anything")
		}
	})
}
