package reminders_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/testkit"
)

// follow is what petitions do in the transaction of an act.
func (h *house) follow(t testing.TB, ids ...string) {
	t.Helper()
	for range 2 { // following twice changes nothing
		err := h.App.DB.Tx(ctx, func(tx *db.Tx) error {
			for _, id := range ids {
				if err := h.Follow(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (h *house) promises(t testing.TB, person, kind string) []reminders.Listed {
	t.Helper()
	return must(h.Promises(ctx, h.People[person], kind, "", "", ""))(t)
}

func TestPromiseMovedTwiceAndKept(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		p := h.hand(t, "urban.roads", atBody+" answer:underway")
		h.follow(t, p.ID)
		all := h.promises(t, "đầu-mối-xây-dựng", "running")
		if len(all) != 1 || all[0].State != reminders.Open || all[0].Source != reminders.FromAnswer {
			t.Fatalf("%+v", all)
		}
		id, first := all[0].ID, all[0].Due
		ask := reminders.Moving{Due: first.AddDays(20), Note: "Chờ bố trí vốn đợt hai.", Document: "77/SXD"}
		refused(t, h.AskMove(ctx, h.People["đầu-mối-giáo-dục"], id, ask), "reminders.no_promise")
		refused(t, h.AskMove(ctx, h.People["văn-thư"], id, ask), "cases.not_yours_to_do")
		refused(t, h.AskMove(ctx, h.People["đầu-mối-xây-dựng"], id, reminders.Moving{Due: first, Note: ask.Note, Document: "77/SXD"}), "reminders.not_later")
		refused(t, h.AskMove(ctx, h.People["đầu-mối-xây-dựng"], id, reminders.Moving{Due: ask.Due, Note: ask.Note}), "reminders.document_missing")
		for i := range 2 {
			ask.Due = first.AddDays(20 * (i + 1))
			if err := h.AskMove(ctx, h.People["đầu-mối-xây-dựng"], id, ask); err != nil {
				t.Fatal(err)
			}
			refused(t, h.AskMove(ctx, h.People["giám-đốc-xây-dựng"], id, ask), "reminders.asked_already")
			refused(t, h.Decide(ctx, h.People["văn-thư"], id, true, "", 0), "cases.not_yours_to_do")
			refused(t, h.Decide(ctx, h.People["lãnh-đạo-phường"], id, true, "", 0), "reminders.no_promise")
			refused(t, h.Decide(ctx, h.People["lãnh-đạo-văn-phòng"], id, false, "", 0), "reminders.note_short")
			if err := h.Decide(ctx, h.People["lãnh-đạo-văn-phòng"], id, true, "", 0); err != nil {
				t.Fatal(err)
			}
			h.follow(t, p.ID) // does not set the date back
		}
		v := must(h.Promise(ctx, h.People["lãnh-đạo-văn-phòng"], id))(t)
		if v.Moves != 2 || v.State != reminders.Moved || v.Promised != first || v.Due != first.AddDays(40) {
			t.Errorf("%+v", v.Promise)
		}
		_, page := h.Ask(t, "đầu-mối-xây-dựng", "/petition-promises/"+id, nil)
		testkit.Has(t, page, first.VN(), first.AddDays(20).VN(), first.AddDays(40).VN(), "dời 2 lần", "77/SXD")
		status, page := h.Ask(t, "đầu-mối-xây-dựng", "/petition-promises/"+id+"/move", url.Values{"move.due": {"x"}, "move.note": {"Vì mưa nhiều nên chậm."}})
		if status != 422 {
			t.Errorf("no date: %d", status)
		}
		testkit.Has(t, page, "Vì mưa nhiều nên chậm.")
		if status, _ = h.Ask(t, "đầu-mối-xây-dựng", "/petition-promises/"+id+"/progress", url.Values{"progress.note": {"Đã xong móng đường."}}); status != 303 {
			t.Errorf("progress: %d", status)
		}
		if status, _ = h.Ask(t, "đầu-mối-xây-dựng", "/petition-promises/"+id+"/done", url.Values{"done.note": {"Đã hoàn thành toàn bộ."}, "done.document": {"99/SXD"}}); status != 303 {
			t.Errorf("done: %d", status)
		}
		if status, _ = h.Ask(t, "lãnh-đạo-văn-phòng", "/petition-promises/"+id+"/decision", url.Values{"do": {"accept"}}); status != 303 {
			t.Errorf("decision: %d", status)
		}
		if v = must(h.Promise(ctx, h.People["thường-trực"], id))(t); v.State != reminders.Kept || !v.BrokenOn.IsZero() || v.EndedOn.IsZero() {
			t.Errorf("%+v", v.Promise)
		}
		refused(t, h.Progress(ctx, h.People["đầu-mối-xây-dựng"], id, reminders.Moving{Note: "Còn làm thêm nữa."}), "reminders.promise_ended")
		for _, who := range []string{"đại-biểu", "giám-đốc-giáo-dục", "ban-văn-hoá", "quản-trị", "văn-thư-phường"} {
			if status, _ := h.Ask(t, who, "/petition-promises/"+id, nil); status == 200 {
				t.Errorf("%s reads the promise", who)
			}
		}
	})
}

func TestPromiseIsAnnouncedBrokenAndReplaced(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		p := h.hand(t, "urban.roads", atBody+" answer:underway judge:good close")
		h.morning(t) // finds it without Follow
		said := func(key string) int64 {
			return h.count(t, `SELECT COUNT(*) FROM notify_messages WHERE sentence = $1`, key)
		}
		id := h.promises(t, "văn-thư", "running")[0].ID
		h.later(t, 22)
		if n := said("reminders.promise_notice_warn"); n != 0 {
			t.Errorf("warned %d too soon", n)
		}
		h.later(t, 1)
		h.morning(t)
		if n := said("reminders.promise_notice_warn"); n != 2 { // head and contact, once
			t.Errorf("warned %d", n)
		}
		h.later(t, 7)
		if v := must(h.Promise(ctx, h.People["văn-thư"], id))(t); v.State != reminders.Open {
			t.Errorf("broken on its own day: %+v", v.Promise)
		}
		h.later(t, 1)
		h.morning(t)
		if v := must(h.Promise(ctx, h.People["văn-thư"], id))(t); v.State != reminders.Passed || v.BrokenOn != v.Due.AddDays(1) {
			t.Errorf("%+v", v.Promise)
		}
		if n := said("reminders.promise_notice_break"); n != 5 { // office 3, body 2
			t.Errorf("told %d", n)
		}
		board := must(h.Board(ctx, h.People["văn-thư"]))(t)
		if len(board.Bodies) != 1 || board.Bodies[0].Broken != 1 || board.Bodies[0].Proposal.Rung != 1 {
			t.Errorf("%+v", board.Bodies)
		}
		letter := h.draw(t, []string{p.ID}, 1)
		if v := must(h.View(ctx, h.People["văn-thư"], letter))(t); v.Lines[0].Kind != reminders.Broken {
			t.Errorf("%+v", v.Lines)
		}
		for _, step := range strings.Fields("reopen classify forward accept answer:explained") {
			h.do(t, p.ID, "urban.roads", step)
		}
		h.follow(t, p.ID)
		if v := must(h.Promise(ctx, h.People["văn-thư"], id))(t); v.State != reminders.Replaced || v.BrokenOn.IsZero() {
			t.Errorf("%+v", v.Promise)
		}
		refused(t, h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], letter, 0), "reminders.all_answered")
		if err := h.Drop(ctx, h.People["văn-thư"], letter); err != nil {
			t.Error(err)
		}
	})
}

// What bodies have still to keep is counted for whoever reads those of all
// bodies, a committee over what it examines, and a click shows those of one.
func TestOpenPromisesByBody(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		roads := h.hand(t, "urban.roads", atBody+" answer:underway")
		h.follow(t, roads.ID)
		h.later(t, 31)
		h.morning(t)
		school := h.hand(t, "culture.education", atBody+" answer:underway")
		again := h.hand(t, "urban.roads", atBody+" answer:underway")
		h.follow(t, school.ID, again.ID)
		counted := func(person string) (all []string) {
			for _, b := range must(h.OpenBy(ctx, h.People[person]))(t) {
				all = append(all, fmt.Sprintf("%s %d/%d", b.BodyID, b.Broken, b.Running))
			}
			return all
		}
		for _, person := range []string{"văn-thư", "lãnh-đạo-văn-phòng", "thường-trực"} {
			if all := counted(person); !slices.Equal(all, []string{"hn-sxd 1/1", "hn-sgd 0/1"}) {
				t.Errorf("%s counts %v", person, all)
			}
		}
		if all := counted("ban-văn-hoá"); !slices.Equal(all, []string{"hn-sgd 0/1"}) {
			t.Errorf("the committee counts %v", all)
		}
		if all := counted("đầu-mối-xây-dựng"); all != nil {
			t.Errorf("a body compares itself with %v", all)
		}
		_, err := h.OpenBy(ctx, h.People["đại-biểu"])
		refused(t, err, "web.fault_missing")
		_, page := h.Ask(t, "thường-trực", "/petitions/promises?body=hn-sgd", nil)
		testkit.Has(t, page, "quá hạn 1, còn hạn 1", school.Code, "Xem tất cả cơ quan")
		if strings.Contains(page, again.Code) {
			t.Error("the promises of another body are listed")
		}
		_, page = h.Ask(t, "đầu-mối-xây-dựng", "/petitions/promises?body=hn-sgd", nil)
		if strings.Contains(page, school.Code) {
			t.Error("a body reads the promises of another")
		}
		if err := h.App.DB.Tx(ctx, func(tx *db.Tx) error { return reminders.Forget(ctx, tx, roads.ID) }); err != nil {
			t.Fatal(err)
		}
		if all := counted("thường-trực"); len(all) != 2 || strings.Contains(strings.Join(all, " "), " 1/") {
			t.Errorf("a sealed petition is counted: %v", all)
		}
	})
}

func TestLeagueEqualsRecount(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, "urban.roads", atBody+" answer:done")
		kept := h.hand(t, "urban.roads", atBody+" answer:underway judge:good close reopen "+atBody+" answer:done")
		h.hand(t, "urban.roads", "classify forward return")
		gone := h.hand(t, "urban.roads", atBody+" answer:underway")
		late := h.hand(t, "urban.roads", atBody)
		h.hand(t, "urban.roads", atBody) // stays overdue
		h.hand(t, "culture.education", atBody+" answer:done")
		h.later(t, 66)
		h.do(t, late.ID, "urban.roads", "answer:done")
		sealed := h.hand(t, "urban.roads", atBody)
		h.seal(t, sealed.ID)
		h.seal(t, gone.ID)
		id := h.draw(t, []string{h.waiting(t)}, 1)
		if err := h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], id, 0); err != nil {
			t.Fatal(err)
		}
		h.follow(t, kept.ID, late.ID, gone.ID, sealed.ID)
		h.rated = []reminders.Rated{{BodyID: "hn-sxd", Count: 2, Score: 7}, {BodyID: "elsewhere", Count: 1, Score: 1}}
		l := must(h.League(ctx, h.People["chủ-tịch"], clock.Date{}, clock.Date{}, "-asked"))(t)
		if len(l.Bodies) != 2 {
			t.Fatalf("%+v", l.Bodies)
		}
		s := l.Bodies[0]
		want := reminders.Standing{BodyID: "hn-sxd", CouncilID: "hn", Name: "Sở Xây dựng", Asked: 5, Returned: 1, OnTime: 3, Late: 1, Waiting: 1, Overdue: 1, Days: s.Days, Kept: 1, Ratings: 2, Score: 7,
			Letters: [3]int64{1, 0, 0}, Points: s.Points}
		if s != want {
			t.Errorf("have %+v\nwant %+v", s, want)
		}
		n := h.count(t, `SELECT COUNT(*) FROM cases_acts a JOIN cases_cases c ON c.id = a.case_id WHERE a.verb = 'answer' AND NOT c.sealed AND a.body_id = 'hn-sxd'`)
		if n != s.OnTime+s.Late {
			t.Errorf("%d answers, counted %d", n, s.OnTime+s.Late)
		}
		own := must(h.League(ctx, h.People["giám-đốc-xây-dựng"], clock.Date{}, clock.Date{}, "nonsense"))(t)
		if len(own.Bodies) != 1 || own.Bodies[0].Points != s.Points || own.Bodies[0].Asked != s.Asked {
			t.Errorf("the body's own line: %+v", own.Bodies)
		}
		_, page := h.Ask(t, "ban-đô-thị", "/petitions/reminders/league?sort=name", nil)
		testkit.Has(t, page, "Cách tính điểm", "Từ 90%: đủ điểm", "Sở Xây dựng", "Sở Giáo dục và Đào tạo", "aria-sort=\"ascending\"", "3/5 = 60,00%", "sort=-name")
		_, page = h.Ask(t, "giám-đốc-xây-dựng", "/petitions/reminders/league", nil)
		if strings.Contains(page, "Sở Giáo dục") {
			t.Error("a body reads another's line")
		}
		for _, who := range []string{"văn-thư", "đại-biểu", "cán-bộ-xây-dựng"} {
			if status, _ := h.Ask(t, who, "/petitions/reminders/league", nil); status != 404 {
				t.Errorf("%s: %d", who, status)
			}
		}
		if _, page = h.Ask(t, "chủ-tịch-phường", "/petitions/reminders/league", nil); strings.Contains(page, "Sở Xây dựng") {
			t.Error("another council's league names the body")
		}
		if status, _ := h.Ask(t, "chủ-tịch", "/petitions/reminders/league?from=mai", nil); status != 422 {
			t.Errorf("a day that is none: %d", status)
		}
	})
}

// waiting is the petition that stays overdue.
func (h *house) waiting(t testing.TB) string {
	t.Helper()
	return must(h.Sheet(ctx, h.People["văn-thư"], "hn-sxd"))(t).Matters[0].PetitionID
}
