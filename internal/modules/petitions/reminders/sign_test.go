package reminders_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// The board and the menu tell whoever signs how many drafts wait for them: by
// the rung, and never those that they wrote themselves.
func TestDraftsThatWaitForASignature(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ids := h.owe(t, 1)
		count := func(want map[string]int) {
			t.Helper()
			for person, n := range want {
				if got := must(h.ToSign(ctx, h.People[person]))(t); got != n {
					t.Errorf("%d drafts wait for %s, want %d", got, person, n)
				}
				if person == "đại-biểu" || person == "đầu-mối-xây-dựng" {
					continue
				}
				if b := must(h.Board(ctx, h.People[person]))(t); b.ToSign != n {
					t.Errorf("the board of %s says %d, want %d", person, b.ToSign, n)
				}
			}
		}
		count(map[string]int{"lãnh-đạo-văn-phòng": 0, "thường-trực": 0})
		id := h.draw(t, ids, 1)
		count(map[string]int{"lãnh-đạo-văn-phòng": 1, "văn-thư": 0, "thường-trực": 0, "lãnh-đạo-phường": 0, "đại-biểu": 0, "đầu-mối-xây-dựng": 0})
		both := h.People["văn-thư"]
		both.Roles = []org.Role{org.Clerk, org.Head}
		if n := must(h.ToSign(ctx, both))(t); n != 0 {
			t.Error("who wrote a letter does not sign it")
		}
		_, page := h.Ask(t, "lãnh-đạo-văn-phòng", "/petitions/reminders", nil)
		testkit.Has(t, page, "Chờ ký", "dự thảo chờ chữ ký")
		if _, page = h.Ask(t, "văn-thư", "/petitions/reminders", nil); strings.Contains(page, "dự thảo chờ chữ ký") {
			t.Error("a clerk signs nothing")
		}
		if err := h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], id, 0); err != nil {
			t.Fatal(err)
		}
		count(map[string]int{"lãnh-đạo-văn-phòng": 0})
		if h.App.DB.Dialect() != db.SQLite {
			return
		}
		var steps []string
		err := h.App.DB.Read(ctx, func(tx *db.Tx) error {
			rows, err := db.All[struct {
				ID     int    `db:"id"`
				Parent int    `db:"parent"`
				Unused int    `db:"notused"`
				Detail string `db:"detail"`
			}](ctx, tx, `EXPLAIN QUERY PLAN SELECT id, council_id, rung, state, hands FROM petitions_reminders WHERE office_id `+tx.In("$1")+` AND state = 'draft' LIMIT 5000`, db.List([]string{"hn-vp"}))
			for _, r := range rows {
				steps = append(steps, r.Detail)
			}
			return err
		})
		if plan := strings.Join(steps, "\n"); err != nil || !strings.Contains(plan, "SEARCH petitions_reminders USING INDEX") {
			t.Errorf("%v\n%s", err, plan)
		}
	})
}
