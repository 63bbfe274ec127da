package duties_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/testkit"
)

// A letter goes from the deputy to the office, to the body and back to the
// citizen, and each step ends its own clock.
func TestFromTheDeputyToTheCitizen(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		id, letterID := h.handsIn("proposal")
		v := h.sheet(id)
		if v.State != duties.HandedOn || v.DoneOn != h.today() || v.Waits != "" || len(v.Duties) != 1 || v.Duties[0].Deadline.Due != on("2026-11-26") || v.Duties[0].Confirmed {
			t.Errorf("handed in: %+v", v.Record)
		}
		sheet, err := h.book.Sheet(ctx, h.who("văn-thư"), letterID)
		h.must(err)
		if sheet.Letter.Source != reception.OfDeputy || !strings.Contains(sheet.Letter.FromBody, "Ngô Xuân Phúc") || sheet.Case.OwnerBodyID != "hn-vp" || sheet.Letter.SenderLine != "Nguyễn Văn Bình" {
			t.Errorf("the book has %+v", sheet.Letter)
		}
		testkit.Refused(t, h.Tell(ctx, h.deputy(), id, duties.Word{Way: "telephone"}), "duties.nothing_to_tell")
		h.forwards(letterID, reception.Proposal)
		if got := h.sheet(id).Standing; got.Body != "Sở Xây dựng" || !strings.Contains(got.State, "following") {
			t.Errorf("the deputy sees %+v", got)
		}
		h.at("2026-11-20") // a Friday; the Tuesday after is a holiday
		h.answers(letterID)
		v = h.sheet(id)
		if len(v.Duties) != 2 || v.Duties[1].Deadline.Due != on("2026-11-30") || v.Waits != "tell" || v.Standing.Answer == "" {
			t.Fatalf("answered: %+v", v)
		}
		if !strings.Contains(h.inbox("đại-biểu")[0], "30/11/2026") {
			t.Errorf("the deputy was not told: %s", h.inbox("đại-biểu")[0])
		}
		testkit.Refused(t, h.Tell(ctx, h.deputy(), id, duties.Word{Way: "telephone", On: on("2026-11-19")}), "duties.before_answer")
		testkit.Refused(t, h.Tell(ctx, h.deputy(), id, duties.Word{Way: "telephone", On: on("2026-11-21")}), "duties.day_future")
		testkit.Refused(t, h.Tell(ctx, h.deputy(), id, duties.Word{}), "duties.told_empty")
		testkit.Refused(t, h.Tell(ctx, h.who("văn-thư"), id, duties.Word{Way: "telephone"}), "duties.not_yours")
		h.must(h.Tell(ctx, h.deputy(), id, duties.Word{Way: "telephone"}))
		h.must(h.Tell(ctx, h.deputy(), id, duties.Word{Way: "telephone"})) // the second click
		if v = h.sheet(id); v.Waits != "" || v.Duties[1].MetOn != on("2026-11-20") || v.Duties[1].Late(on("2026-12-31")) {
			t.Errorf("told: %+v", v)
		}
	})
}

// A record is the deputy's, their office's and their standing committee's. To
// everybody else there is none, whatever they ask, and of those who see it only
// the deputy acts on it.
func TestWhoSeesARecord(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		id, _ := h.handsIn("proposal")
		word := duties.Word{Way: "telephone"}
		for _, name := range []string{"văn-thư-phường", "lãnh-đạo-phường", "đại-biểu-phường", "đầu-mối-xây-dựng"} {
			who := h.who(name)
			_, err := h.Sheet(ctx, who, id)
			testkit.Refused(t, err, "duties.no_record")
			testkit.Refused(t, h.Tell(ctx, who, id, word), "duties.no_record")
			testkit.Refused(t, h.Guide(ctx, who, id, word), "duties.no_record")
			_, err = h.HandOn(ctx, who, id, paper("proposal"), 0)
			testkit.Refused(t, err, "duties.no_record")
			if p := h.Browse(t, name).Get(t, "/reception/deputies/"+id); p.Status != 404 && p.Status != 403 {
				t.Errorf("%s is shown a page: %d", name, p.Status)
			}
		}
		for _, name := range []string{"văn-thư", "lãnh-đạo-văn-phòng"} {
			if _, err := h.Sheet(ctx, h.who(name), id); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			testkit.Refused(t, h.Tell(ctx, h.who(name), id, word), "duties.not_yours")
			testkit.Refused(t, h.Guide(ctx, h.who(name), id, word), "duties.not_yours")
		}
	})
}

// An answer that was not enough is asked for again; the new one has to be told.
func TestNewAnswerIsTold(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		id, letterID := h.handsIn("proposal")
		h.forwards(letterID, reception.Proposal)
		h.answers(letterID)
		h.must(h.Tell(ctx, h.deputy(), id, duties.Word{Way: "letter"}))
		h.at("2026-11-18")
		h.must(h.book.Insist(ctx, h.who("lãnh-đạo-văn-phòng"), letterID, reception.Signature{Words: "Chưa rõ thời hạn."}))
		h.World.Clock.Advance(time.Minute)
		h.answers(letterID)
		if v := h.sheet(id); v.Waits != "tell" || !v.Duties[1].MetOn.IsZero() {
			t.Errorf("the new answer waits for nobody: %+v", v.Record)
		}
	})
}

// Of a denunciation the deputy sees that it goes on, and nothing else, neither
// in the list nor on the page; the tables hold nothing of it.
func TestDenunciationIsNeutral(t *testing.T) {
	each(t, func(h *house) {
		id, letterID := h.handsIn("denunciation")
		h.forwards(letterID, reception.Denunciation)
		h.answers(letterID)
		v := h.sheet(id)
		if !v.Standing.Sealed || v.Standing != (duties.Standing{Sealed: true, Open: true}) || v.Waits != "" || !v.AnsweredOn.IsZero() || len(v.Duties) != 1 {
			t.Errorf("the deputy sees %+v", v)
		}
		testkit.Refused(t, h.Tell(t.Context(), h.deputy(), id, duties.Word{Way: "telephone"}), "duties.nothing_to_tell")
		for _, at := range []string{"/reception/deputies", "/reception/deputies/" + id} {
			page := h.Browse(t, "đại-biểu").Get(t, at)
			testkit.Has(t, page.Text(), "Đang xử lý theo quy định")
			testkit.Hides(t, page.Body, "Nguyễn Văn Bình", "Đội Cấn", "ngập", "Sở Xây dựng", "125/SXD", "UBND phường", "DT26-", letterID)
		}
		testkit.Hides(t, h.inbox("đại-biểu")[0], "đơn 1/2026", "Đơn 1/2026")
		h.must(h.App.DB.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One[int64](t.Context(), tx, `SELECT count(*) FROM reception_letters WHERE id = $1 AND (summary <> '' OR content <> '' OR sender_line <> '' OR from_body <> '' OR respondent <> '')`, letterID)
			if n != 0 {
				t.Error("the denunciation stands in clear")
			}
			return err
		}))
	})
}

// An ordinary letter that turns out to be a denunciation leaves the deputy's
// sight with its reminders.
func TestTurnsOutToBeADenunciation(t *testing.T) {
	each(t, func(h *house) {
		id, letterID := h.handsIn("unsorted")
		if h.sheet(id).Standing.Summary == "" {
			t.Error("the deputy does not see what they handed on")
		}
		h.forwards(letterID, reception.Denunciation)
		if v := h.sheet(id); v.Standing != (duties.Standing{Sealed: true, Open: true}) {
			t.Errorf("the deputy still sees %+v", v.Standing)
		}
	})
}

// Studying has a clock of its own with reminders: the deputy before the day, the
// office after it; each once.
func TestStudyIsReminded(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		h.at("2026-11-16")
		c := h.receipt()
		c.Once = "mark"
		id, err := h.Receive(ctx, h.deputy(), c)
		h.must(err)
		if again, err := h.Receive(ctx, h.deputy(), c); err != nil || again != id {
			t.Errorf("the second click made %s: %v", again, err)
		}
		h.World.Pass(t, 7)
		if strings.Contains(h.inbox("đại-biểu")[0], "1/2026") {
			t.Error("the deputy was reminded too early")
		}
		h.World.Pass(t, 2) // the 25th, a day before
		if got := h.inbox("đại-biểu")[0]; !strings.Contains(got, "trước hết ngày 26/11/2026") {
			t.Errorf("nobody reminded the deputy: %s", got)
		}
		h.World.Pass(t, 3)
		if n := strings.Count(h.inbox("văn-thư")[0], "chưa chuyển đơn 1/2026"); n != 1 {
			t.Errorf("the office heard %d times", n)
		}
		if strings.Contains(h.inbox("lãnh-đạo-văn-phòng")[0], "chưa chuyển đơn") {
			t.Error("the head heard at once")
		}
		h.World.Pass(t, 4)
		if !strings.Contains(h.inbox("lãnh-đạo-văn-phòng")[0], "chưa chuyển đơn 1/2026") {
			t.Error("the head never heard")
		}
		if v := h.sheet(id); !v.Duties[0].Late(h.today()) {
			t.Error("it is not late")
		}
		got, err := h.HandOn(ctx, h.deputy(), id, paper("proposal"), 1)
		testkit.Refused(t, err, "db.stale")
		got, err = h.HandOn(ctx, h.deputy(), id, paper("proposal"), h.sheet(id).Revision)
		h.must(err)
		if got.Code == "" || got.Key == "" {
			t.Errorf("no receipt: %+v", got)
		}
		if again, err := h.HandOn(ctx, h.deputy(), id, paper("proposal"), 0); err != nil || !again.Again {
			t.Errorf("handed on twice: %+v %v", again, err)
		}
		testkit.Refused(t, h.Guide(ctx, h.deputy(), id, duties.Word{Way: "in_person"}), "duties.over")
	})
}

// The clocks count days of work, begin the day after, end on a day of work and
// tell each day that they leave out: around weekends, Tết and 24/11.
func TestDutiesCountWorkingDays(t *testing.T) {
	rules, err := calendar.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct{ from, study, tell string }{
		{"2026-11-16", "2026-11-26", "2026-11-23"}, // 24/11 falls into the first
		{"2026-11-20", "2026-12-02", "2026-11-30"},
		{"2026-11-21", "2026-12-02", "2026-11-30"}, // a Saturday counts as the Friday before it
		{"2026-02-13", "2026-03-03", "2026-02-27"}, // Tết Bính Ngọ, 14–22/02
		{"2026-04-24", "2026-05-08", "2026-05-06"}, // Giỗ Tổ, 30/4 and 1/5
	} {
		all, err := duties.Duties(rules, days, duties.Record{ReceivedOn: on(v.from), State: duties.HandedOn, Asked: true, AnsweredOn: on(v.from)})
		if err != nil {
			t.Fatal(err)
		}
		if all[0].Deadline.Due != on(v.study) || all[1].Deadline.Due != on(v.tell) {
			t.Errorf("%s: %s and %s, want %s and %s", v.from, all[0].Deadline.Due, all[1].Deadline.Due, v.study, v.tell)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		from := clock.NewDate(2026, time.January, 1).AddDays(rapid.IntRange(0, 700).Draw(r, "day"))
		answered := from.AddDays(rapid.IntRange(0, 40).Draw(r, "answered"))
		all, err := duties.Duties(rules, days, duties.Record{ReceivedOn: from, State: duties.HandedOn, Asked: true, AnsweredOn: answered})
		if err != nil {
			r.Fatal(err)
		}
		for i, want := range []int{7, 5} {
			y, start := all[i], []clock.Date{from, answered}[i]
			n, err := days.WorkingDays(start, y.Deadline.Due)
			if works, _ := days.IsWorking(y.Deadline.Due); err != nil || !works || !y.Deadline.Due.After(start) {
				r.Fatalf("%s ends on %s", start, y.Deadline.Due)
			}
			if counted := workdays(days, start, y.Deadline.Due); counted != want {
				r.Fatalf("from %s to %s are %d days of work, want %d (%d)", start, y.Deadline.Due, counted, want, n)
			}
			if again, err := days.Count(y.Deadline.Run); err != nil || again.Due != y.Deadline.Due {
				r.Fatalf("counted again it is %s", again.Due)
			}
		}
	})
}

// workdays counts the slow way.
func workdays(days *calendar.Calendar, from, until clock.Date) (n int) {
	for d := from.AddDays(1); !d.After(until); d = d.AddDays(1) {
		if works, _ := days.IsWorking(d); works {
			n++
		}
	}
	return n
}
