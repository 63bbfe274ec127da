package open_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/modules/petitions/open"
)

// counters are all rows of the shown build, in order, without its number.
func (h *house) counters(t testing.TB) (all []string) {
	t.Helper()
	type row struct {
		Council string `db:"council_id"`
		Period  string `db:"period"`
		About   string `db:"about"`
		Value   string `db:"value"`
		N       int64  `db:"n"`
	}
	var rows []row
	check(t, h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
		rows, err = db.All[row](ctx, tx, `SELECT council_id, period, about, value, n FROM petitions_counts WHERE build = (SELECT build FROM petitions_counting) AND n <> 0 ORDER BY council_id, period, about, value`)
		return err
	}))
	for _, r := range rows {
		all = append(all, fmt.Sprintf("%s|%s|%s|%s|%d", r.Council, r.Period, r.About, r.Value, r.N))
	}
	return all
}

func part(all []open.Part, value string) int64 {
	for _, p := range all {
		if p.Value == value {
			return p.N
		}
	}
	return 0
}

func TestStatistics(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		if x := must(h.Statistics(ctx, "", 0))(t); !x.Until.IsZero() || x.Total != 0 {
			t.Errorf("before the first counting: %+v", x)
		}
		wants(t, "first", h.good(t, "/kien-nghi/thong-ke"), "Số liệu đang được đếm lần đầu", "Chưa có số liệu")
		for range 6 {
			h.hand(t, petition{Steps: done})
		}
		h.hand(t, petition{Field: "culture.health", Steps: "classify forward accept answer:underway"})
		h.hand(t, petition{Steps: "refuse"})
		h.hand(t, petition{Steps: "split"})
		waiting := h.hand(t, petition{})
		late := h.hand(t, petition{Field: "culture.health", Steps: "classify forward accept"})
		h.Clock.Advance(200 * 24 * time.Hour)
		check(t, h.Count(ctx))
		x := must(h.Statistics(ctx, "", 0))(t)
		if x.Total != 9 || x.Waiting != 0 || x.OnTime != 7 || x.Late != 0 || x.Overdue != 1 {
			t.Errorf("total %d, waiting %d, in time %d, late %d, overdue %d", x.Total, x.Waiting, x.OnTime, x.Late, x.Overdue)
		}
		if part(x.States, "closed") != 6 || part(x.States, "refused") != 1 || part(x.States, "split") != 0 || part(x.States, "received") != 0 {
			t.Errorf("states: %+v", x.States)
		}
		if part(x.Fields, "urban.roads") != 6 || part(x.Bodies, "hn-sgd") != 2 || part(x.Outcomes, "done") != 6 || part(x.Outcomes, "underway") != 1 || part(x.Reasons, "unclear") != 1 || part(x.Units, "00004") != 9 {
			t.Errorf("parts: %+v", x)
		}
		if len(x.League) != 2 || x.League[0].BodyID != "hn-sxd" || x.League[0].Place != 1 || x.League[0].Score != 1000 || x.League[1].Place != 0 || x.League[1].Overdue != 1 {
			t.Errorf("league: %+v", x.League)
		}
		// What is answered late moves; what is classified leaves the waiting.
		h.do(t, late.ID, petition{Field: "culture.health"}, "answer:done")
		h.do(t, waiting.ID, petition{}, "classify")
		check(t, h.Count(ctx))
		if x = must(h.Statistics(ctx, "hn", 2026))(t); x.Total != 10 || x.Late != 1 || x.Overdue != 0 || len(x.Months) != 1 || x.Months[0].Value != "2026-11" || x.Months[0].N != 10 {
			t.Errorf("a year of the city: %+v", x)
		}
		if x = must(h.Statistics(ctx, "bd", 0))(t); x.Total != 0 {
			t.Errorf("a ward's council counts what the city received: %d", x.Total)
		}
		page := h.good(t, "/kien-nghi/thong-ke?hoi-dong=hn")
		wants(t, "page", page, "Phường Ba Đình", "Sở Xây dựng", "Giao thông, đường sá", "Đã giải quyết xong", "Xếp hạng trả lời đúng hạn", "Điểm =", "Hài lòng", "Nội dung chưa rõ")
		wants(t, "English", h.good(t, "/kien-nghi/thong-ke?lang=en"), "League of answers in time", "Counted until")
		var file open.Statistics
		check(t, json.Unmarshal([]byte(h.good(t, "/kien-nghi/thong-ke.json")), &file))
		if file.Total != 10 || len(file.Satisfaction) != 2 {
			t.Errorf("JSON: %+v", file)
		}
		if _, err := h.Statistics(ctx, "không-có", 0); !isKind(err, fault.Missing) {
			t.Errorf("an unknown council: %v", err)
		}
		for _, bad := range []string{"?nam=abc", "?nam=26", "?hoi-dong=xyz"} {
			if w := h.get(t, "/kien-nghi/thong-ke"+bad); w.Code/100 != 4 {
				t.Errorf("%s: %d", bad, w.Code)
			}
		}
	})
}

// What the gate holds back is in no public number until the office lets it go.
func TestHeldPetitionsAreNotCounted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		check(t, h.Count(ctx))
		var ids []string
		for range 8 {
			ids = append(ids, h.hand(t, petition{}).ID)
		}
		check(t, h.App.DB.Tx(ctx, func(tx *db.Tx) error {
			for _, id := range ids[2:] {
				if _, err := tx.Exec(ctx, `INSERT INTO petitions_held (petition_id, council_id, unit_code, why, state, at, ended_at, ended_by) VALUES ($1, 'hn', '00004', 'gate.why_flood', 'held', $2, 0, '')`, id, db.At(h.Clock.Now())); err != nil {
					return err
				}
			}
			return nil
		}))
		waiting := func() (n int64) {
			check(t, h.Count(ctx))
			for _, c := range h.counters(t) {
				if rest, ok := strings.CutPrefix(c, "|all|waiting||"); ok {
					_, err := fmt.Sscan(rest, &n)
					check(t, err)
				}
			}
			return n
		}
		if n := waiting(); n != 2 {
			t.Errorf("%d wait, of which 6 are held", n)
		}
		h.Clock.Advance(3 * time.Hour) // no counting looks back so far
		check(t, h.Count(ctx))
		for i, id := range ids[2:7] {
			check(t, h.App.Petitions.Desks().Gate.Release(ctx, h.People["lãnh-đạo-văn-phòng"], id))
			if n := waiting(); n != int64(i+3) {
				t.Errorf("%d let go, %d wait", i+1, n)
			}
		}
		if x := must(h.Statistics(ctx, "", 0))(t); x.Waiting != 7 || x.Total != 0 {
			t.Errorf("%+v", x)
		}
		counted := h.counters(t)
		check(t, h.Recount(ctx))
		if again := h.counters(t); !slices.Equal(counted, again) {
			t.Errorf("counted %v, from nothing %v", counted, again)
		}
	})
}

// Whatever is done and whenever it is counted, the counters are those of a
// counting from nothing.
func TestCountsAreDerived(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		chance := rand.New(rand.NewPCG(3, 7))
		ways := []string{"classify forward accept answer:done judge:good close reopen classify", "classify send_back split", "refuse", "split", "classify forward accept answer:partly judge:good close reopen split",
			"classify forward accept answer:explained"}
		type way struct {
			id   string
			p    petition
			left []string
		}
		var going []way
		for i := range 14 {
			p := petition{Secret: i%5 == 0, Field: []string{"urban.roads", "culture.health"}[i%2]}
			going = append(going, way{h.hand(t, p).ID, p, strings.Fields(ways[chance.IntN(len(ways))])})
		}
		for len(going) > 0 {
			i := chance.IntN(len(going))
			h.do(t, going[i].id, going[i].p, going[i].left[0])
			if going[i].left = going[i].left[1:]; len(going[i].left) == 0 {
				going = slices.Delete(going, i, i+1)
			}
			if chance.IntN(4) == 0 {
				h.Clock.Advance(time.Duration(chance.IntN(30)) * time.Hour)
				check(t, h.Count(ctx))
			}
		}
		check(t, h.Count(ctx))
		counted := h.counters(t)
		check(t, h.Recount(ctx))
		again := h.counters(t)
		if len(counted) < 10 || !slices.Equal(counted, again) {
			t.Errorf("counted step by step:\n%s\nfrom nothing:\n%s", strings.Join(counted, "\n"), strings.Join(again, "\n"))
		}
		check(t, h.Count(ctx))
		if third := h.counters(t); !slices.Equal(third, again) {
			t.Error("counting what did not change changes something")
		}
		var builds []int64
		check(t, h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
			builds, err = db.All[int64](ctx, tx, `SELECT build FROM petitions_counts UNION SELECT build FROM petitions_counted`)
			return err
		}))
		if len(builds) != 1 {
			t.Errorf("builds %v are left", builds)
		}
	})
}

// The job comes by itself, and finds what was done since the last time; the
// command counts from nothing.
func TestCountedByItself(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		deps := h.Deps
		deps.Jobs = jobs.New(h.App.DB, h.Clock)
		s := open.New(deps)
		for _, j := range s.Jobs() {
			deps.Jobs.Handle(j.Kind, j.Handle)
		}
		must(deps.Jobs.Drain(ctx))(t) // learns its schedules
		for n := range int64(3) {
			h.hand(t, petition{Steps: "classify"})
			h.Clock.Advance(11 * time.Minute)
			must(deps.Jobs.Drain(ctx))(t)
			if x := must(s.Statistics(ctx, "", 0))(t); x.Total != n+1 || h.Clock.Now().Sub(x.Until) > time.Minute {
				t.Fatalf("after %d petitions: %d, counted until %s", n+1, x.Total, x.Until)
			}
		}
		before := h.counters(t)
		check(t, s.Commands()[0].Run(ctx, nil))
		if !slices.Equal(before, h.counters(t)) {
			t.Error("the command counts something else")
		}
	})
}

// What the office entered by mistake and took back is no petition: an import
// that was undone must not swell the numbers, nor the refusals.
func TestWithdrawnIsNotCounted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, petition{Steps: "refuse"})
		mistake := h.hand(t, petition{})
		check(t, h.Count(ctx))
		check(t, h.App.Petitions.Refuse(ctx, h.People["văn-thư"], mistake.ID, "withdrawn", "Nhập nhầm sổ của năm trước.", 0))
		check(t, h.Count(ctx))
		if x := must(h.Statistics(ctx, "", 0))(t); x.Total != 1 || part(x.States, "refused") != 1 || part(x.Reasons, "withdrawn") != 0 || part(x.Units, "00004") != 1 {
			t.Errorf("%+v", x)
		}
	})
}
