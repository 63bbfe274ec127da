package reminders_test

import (
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/testkit"
)

// A body that returns a petition, also one it has accepted, owes nothing of it
// any more: not the day that it named in reply to a reminder either.
func TestReturnEndsWhatWasPromisedInReplyToALetter(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ids := h.owe(t, 2)
		letter := h.draw(t, ids, 1)
		if err := h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], letter, 0); err != nil {
			t.Fatal(err)
		}
		day := clock.Today(h.Clock).AddDays(5)
		if err := h.Commit(ctx, h.People["đầu-mối-xây-dựng"], letter, reminders.Commitment{Days: map[string]clock.Date{ids[0]: day, ids[1]: day}}); err != nil {
			t.Fatal(err)
		}
		h.do(t, ids[0], "urban.roads", "return")
		h.follow(t, ids[0])
		h.later(t, 6)
		running, ended := h.promises(t, "văn-thư", "running"), h.promises(t, "văn-thư", "ended")
		if len(running) != 1 || running[0].PetitionID != ids[1] || running[0].State != reminders.Passed {
			t.Errorf("still to be kept: %+v", running)
		}
		if len(ended) != 1 || ended[0].PetitionID != ids[0] || ended[0].State != reminders.GivenBack {
			t.Fatalf("ended: %+v", ended)
		}
		if v := must(h.Promise(ctx, h.People["văn-thư"], ended[0].ID))(t); !v.BrokenOn.IsZero() || v.EndedOn != day.AddDays(-5) {
			t.Errorf("%+v", v.Promise)
		}
		_, page := h.Ask(t, "văn-thư", "/petition-promises/"+ended[0].ID, nil)
		testkit.Has(t, page, "Đã trả lại kiến nghị", "Cơ quan trả lại kiến nghị nên ngày cam kết "+day.VN()+" kết thúc")
		if s := must(h.Sheet(ctx, h.People["văn-thư"], "hn-sxd"))(t); len(s.Matters) != 1 || s.Matters[0].PetitionID != ids[1] {
			t.Errorf("the body owes %+v", s.Matters)
		}
		l := must(h.League(ctx, h.People["chủ-tịch"], clock.Date{}, clock.Date{}, ""))(t)
		if s := l.Bodies[0]; s.Returned != 1 || s.Overdue != 1 || s.Broken != 1 {
			t.Errorf("measured by %+v", s)
		}
		// It came to the body again: what it promises now is its own once more.
		h.do(t, ids[0], "urban.roads", "classify")
		h.do(t, ids[0], "urban.roads", "forward")
		h.follow(t, ids[0])
		if again := h.promises(t, "văn-thư", "ended"); len(again) != 1 {
			t.Errorf("%+v", again)
		}
	})
}
