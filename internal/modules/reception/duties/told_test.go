package duties_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/testkit"
)

// owed are the office's clocks of telling the citizen, oldest first.
func (h *house) owed(letterID string) (all []cases.Deadline) {
	h.t.Helper()
	h.must(h.App.DB.Read(h.t.Context(), func(tx *db.Tx) error {
		found, err := cases.Deadlines(h.t.Context(), tx, letterID)
		for _, d := range found {
			if d.Name == "tell_citizen" {
				all = append(all, d)
			}
		}
		return err
	}))
	return all
}

// What the deputy told the citizen ends the office's clock on the day of telling,
// in letters of the version that has the act; the history names the deputy.
func TestDeputyEndsTheOfficesClock(t *testing.T) {
	each(t, func(h *house) {
		h.at("2026-11-25")
		id, letterID := h.handsIn("proposal")
		h.forwards(letterID, reception.Proposal)
		h.answers(letterID)
		if c := h.owed(letterID); len(c) != 1 || c[0].Status != cases.Running {
			t.Fatalf("%+v", c)
		}
		h.at("2026-11-27")
		h.must(h.Tell(t.Context(), h.deputy(), id, duties.Word{Way: "telephone", On: on("2026-11-26")}))
		h.must(h.Tell(t.Context(), h.deputy(), id, duties.Word{Way: "telephone", On: on("2026-11-26")})) // the second click
		if c := h.owed(letterID)[0]; c.Status != cases.Met || c.MetOn != on("2026-11-26") {
			t.Errorf("%+v", c)
		}
		page := h.Browse(t, "văn-thư").Get(t, "/reception/letters/"+letterID)
		testkit.Has(t, page.Text(), "Đại biểu đã báo cho công dân", "Ngô Xuân Phúc", "Cách báo: ")
		if n := strings.Count(page.Text(), "Đại biểu đã báo cho công dân"); n != 1 {
			t.Errorf("it stands %d times in the history", n)
		}
		// A further answer is told anew, also while the letter is being followed again.
		h.must(h.book.Insist(t.Context(), h.who("lãnh-đạo-văn-phòng"), letterID, reception.Signature{Words: "Chưa rõ."}))
		h.World.Clock.Advance(time.Minute)
		h.answers(letterID)
		h.must(h.book.Insist(t.Context(), h.who("lãnh-đạo-văn-phòng"), letterID, reception.Signature{Words: "Vẫn chưa rõ."}))
		h.World.Clock.Advance(time.Minute)
		h.must(h.Tell(t.Context(), h.deputy(), id, duties.Word{Way: "letter"}))
		if c := h.owed(letterID); len(c) != 2 || c[1].Status != cases.Met {
			t.Errorf("%+v", c)
		}
	})
}

// A letter that began under version 1 goes on by version 1: the deputy's word is
// noted in their record, and the office's clock runs until the office notes it.
func TestFirstVersionGoesOn(t *testing.T) {
	each(t, func(h *house) {
		h.at("2026-11-23")
		id, letterID := h.handsIn("proposal")
		h.at("2026-11-25")
		_, later := h.handsIn("proposal")
		h.forwards(letterID, reception.Proposal)
		h.answers(letterID)
		h.must(h.Tell(t.Context(), h.deputy(), id, duties.Word{Way: "telephone"}))
		if c := h.owed(letterID)[0]; c.Status != cases.Running || h.sheet(id).Waits != "" {
			t.Errorf("%+v", c)
		}
		h.must(h.book.Note(t.Context(), h.who("văn-thư"), letterID, "tell_citizen", "12/TB-VP", on("2026-11-25"), "", 0))
		if c := h.owed(letterID)[0]; c.Status != cases.Met {
			t.Errorf("%+v", c)
		}
		h.must(h.App.DB.Read(t.Context(), func(tx *db.Tx) error {
			for id, want := range map[string]int{letterID: 1, later: 2} {
				c, err := cases.Load(t.Context(), tx, id)
				if err != nil || c.Version != want {
					t.Errorf("version %d, want %d (%v)", c.Version, want, err)
				}
			}
			return nil
		}))
	})
}

// The clocks of a letter's parts end with what is told about the whole; one that
// began after the day of telling does not.
func TestPartsAreTold(t *testing.T) {
	each(t, func(h *house) {
		h.at("2026-11-25")
		id, letterID := h.handsIn("mixed")
		made, err := h.book.Split(t.Context(), h.who("văn-thư"), letterID, []reception.Part{{Kind: reception.Proposal, Summary: "Sửa cống."}, {Kind: reception.Proposal, Summary: "Thay đèn."}}, "", 0)
		h.must(err)
		h.World.Clock.Advance(time.Minute)
		first, second := made[0].ID, made[1].ID
		h.forwards(first, reception.Proposal)
		h.forwards(second, reception.Proposal)
		h.at("2026-11-27")
		h.answers(second)
		h.must(h.book.Answer(t.Context(), h.who("văn-thư"), first, reception.Reply{Document: "7/SXD", On: on("2026-11-25"), Satisfied: "yes"}))
		h.must(h.Tell(t.Context(), h.deputy(), id, duties.Word{Way: "telephone", On: on("2026-11-26")}))
		if a, b := h.owed(first)[0], h.owed(second)[0]; a.Status != cases.Met || b.Status != cases.Running {
			t.Errorf("%s, %s", a.Status, b.Status)
		}
	})
}

// Nobody but the deputy of the record does it, not even another deputy who sees
// the case: the engine refuses whoever is no deputy of this council.
func TestOnlyADeputyOfTheCouncil(t *testing.T) {
	each(t, func(h *house) {
		h.at("2026-11-25")
		_, letterID := h.handsIn("proposal")
		h.forwards(letterID, reception.Proposal)
		h.answers(letterID)
		do := func(who org.Actor) error {
			return h.App.DB.Tx(t.Context(), func(tx *db.Tx) error {
				c, err := cases.Load(t.Context(), tx, letterID)
				if err != nil {
					return err
				}
				_, err = h.App.Cases.Do(context.WithoutCancel(t.Context()), tx, who, c, "deputy_tells", cases.Input{Fields: map[string]string{"way": "letter"}})
				return err
			})
		}
		testkit.Refused(t, do(h.who("văn-thư")), "cases.not_yours_to_do")
		testkit.Refused(t, do(h.who("đại-biểu-phường")), "cases.no_such_case")
		h.must(do(h.deputy()))
	})
}

// A clerk enters a letter for a deputy whom they name: the deputy has it in their
// list and is told, the duty is theirs, and the history says who entered it.
func TestClerkEntersForADeputy(t *testing.T) {
	each(t, func(h *house) {
		ctx, clerk := t.Context(), h.who("văn-thư")
		c := h.receipt()
		_, err := h.Desk.HandIn(ctx, clerk, c, paper("proposal"))
		testkit.Refused(t, err, "duties.deputy_empty")
		for _, nobody := range []string{"văn-thư-hai", "đại-biểu-phường", "chủ-tịch", "x"} {
			c.For = nobody
			_, err = h.Desk.HandIn(ctx, clerk, c, paper("proposal"))
			testkit.Refused(t, err, "duties.deputy_unknown")
			_, err = h.Receive(ctx, clerk, c)
			testkit.Refused(t, err, "duties.deputy_unknown")
		}
		c.For = "đại-biểu"
		for _, who := range []string{"văn-thư-phường", "lãnh-đạo-văn-phòng", "thường-trực", "đầu-mối-xây-dựng"} {
			if _, err = h.Desk.HandIn(ctx, h.who(who), c, paper("proposal")); err == nil {
				t.Errorf("%s enters a letter for a deputy", who)
			}
		}
		b := h.Browse(t, "văn-thư")
		form := url.Values{"received_on": {h.today().VN()}, "way": {"meeting"}, "asked": {"1"}, "kind": {"proposal"}, "senders": {"Nguyễn Văn Bình; phố Đội Cấn"}, "summary": {"Ngõ 12 ngập."}}
		blank := b.Get(t, "/reception/deputies/new")
		testkit.Has(t, blank.Text(), "Nhập thay đại biểu", "Ngô Xuân Phúc")
		testkit.Hides(t, h.Browse(t, "đại-biểu").Get(t, "/reception/deputies/new").Text(), "Nhập thay đại biểu")
		for k, v := range blank.Hidden() {
			form[k] = v
		}
		if p := b.Post(t, "/reception/deputies/new", form); p.Status != 422 || !strings.Contains(p.Text(), "Hãy chọn đại biểu đã nhận đơn này.") || !strings.Contains(p.Body, "Ngõ 12 ngập.") {
			t.Fatalf("%d %.400s", p.Status, p.Text())
		}
		form.Set("deputy", "đại-biểu")
		page := b.Post(t, "/reception/deputies/new", form)
		testkit.Has(t, page.Text(), "Đã chuyển đơn đến Văn phòng", "Văn phòng nhập thay", "Nguyễn Thị Hường", "Ngô Xuân Phúc")
		again := b.Post(t, "/reception/deputies/new", form)
		testkit.Has(t, again.Text(), "Đơn này đã được chuyển trước đó.")
		list, err := h.List(ctx, h.deputy(), false, "")
		h.must(err)
		if len(list.Rows) != 1 || list.Rows[0].EnteredBy != "văn-thư" || list.Rows[0].PersonID != "đại-biểu" {
			t.Fatalf("%+v", list.Rows)
		}
		testkit.Has(t, h.inbox("đại-biểu")[0], "Văn phòng đã nhập thay đại biểu đơn 1/2026.")
		r := list.Rows[0]
		testkit.Has(t, b.Get(t, "/reception/letters/"+r.LetterID).Text(), "Văn phòng nhập thay đại biểu Đại biểu HĐND Ngô Xuân Phúc", "Nguyễn Thị Hường")
		h.World.Clock.Advance(time.Minute)
		h.forwards(r.LetterID, reception.Proposal)
		h.answers(r.LetterID)
		testkit.Refused(t, h.Tell(ctx, clerk, r.ID, duties.Word{Way: "letter"}), "duties.not_yours")
		h.must(h.Tell(ctx, h.deputy(), r.ID, duties.Word{Way: "letter"}))
	})
}

// Of a denunciation that a clerk enters for a deputy, the act does not say for
// whom: that may tell who wrote.
func TestDenunciationEnteredForADeputy(t *testing.T) {
	each(t, func(h *house) {
		c := h.receipt()
		c.For = "đại-biểu"
		got, err := h.Desk.HandIn(t.Context(), h.who("văn-thư"), c, paper("denunciation"))
		h.must(err)
		h.World.Clock.Advance(time.Minute)
		page := h.Browse(t, "văn-thư").Get(t, "/reception/letters/"+h.sheet(got.ID).LetterID)
		testkit.Has(t, page.Text(), "Văn phòng nhập thay đại biểu")
		testkit.Hides(t, page.Text(), "Ngô Xuân Phúc")
	})
}
