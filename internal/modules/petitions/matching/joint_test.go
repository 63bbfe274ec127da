package matching_test

import (
	"context"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/petitions/matching"
)

func codesOf(all []matching.Fellow) string {
	var out []string
	for _, f := range all {
		out = append(out, f.ID+":"+string(f.Why))
	}
	return strings.Join(out, " ")
}

// One answer for a group tells which others it closed, which it left and why; a
// sealed one and those of other bodies are counted together and not named.
func TestTogetherTellsWhatWasLeft(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", text: "Ngập", state: "accepted", holder: "sxd"}, petition{id: "p2", text: "Ngập", state: "accepted", holder: "sxd"},
			petition{id: "p3", text: "Ngập", state: "forwarded", holder: "sxd"}, petition{id: "p4", text: "Ngập", state: "accepted", holder: "sxd"},
			petition{id: "p5", text: "Ngập", state: "accepted", holder: "sgtvt"}, petition{id: "p6", text: "Ngập"}, petition{id: "p7", text: "Ngập", state: "accepted", holder: "sxd"})
		if _, err := w.Group(ctx, lan, matching.Grouping{LeadID: "p1", Others: []string{"p2", "p3", "p4", "p5", "p6", "p7"}}); err != nil {
			t.Fatal(err)
		}
		w.seal(t, "p7")
		var asked []string
		j, err := w.Together(ctx, yen, "p1", func(_ context.Context, id string) (bool, error) {
			asked = append(asked, id)
			return id == "p2", nil // p4 has other points
		})
		if err != nil || strings.Join(asked, " ") != "p2 p4" || codesOf(j.Also) != "p2:" || codesOf(j.Left) != "p3:state p4:points" || j.Unseen != 3 || j.Unanswered() != 5 {
			t.Errorf("%v, asked %v, also %s, left %s, unseen %d", err, asked, codesOf(j.Also), codesOf(j.Left), j.Unseen)
		}
		// Whoever was faster costs that petition alone; a failure of the machine stops.
		j, err = w.Together(ctx, yen, "p1", func(_ context.Context, id string) (bool, error) {
			return true, fault.New(fault.Conflict, "db.stale")
		})
		if err != nil || codesOf(j.Also) != "" || codesOf(j.Left) != "p2:state p3:state p4:state" {
			t.Errorf("%v %+v", err, j)
		}
		down := fault.New(fault.Unavailable, "db.busy")
		if _, err = w.Together(ctx, yen, "p1", func(context.Context, string) (bool, error) { return false, down }); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("a failure is taken for an obstacle: %v", err)
		}
		// The office sees which body has it; the sealed one is not named to it either.
		office := read(t, w, func(tx *db.Tx) (string, error) {
			c, err := cases.Load(ctx, tx, "p1")
			if err != nil {
				return "", err
			}
			all, unseen, err := matching.FellowsOf(ctx, tx, lan, c)
			if unseen != 1 || matching.Answerable(all) != 2 {
				t.Errorf("unseen %d, answerable %d", unseen, matching.Answerable(all))
			}
			return codesOf(all), err
		})
		if office != "p2: p3:state p4: p5:body p6:state" {
			t.Errorf("the office sees %s", office)
		}
	})
}
