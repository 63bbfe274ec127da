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
