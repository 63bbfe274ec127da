package duties_test

import (
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/testkit/council"
)

// house is the standard council with its deputies.
type house struct {
	t *testing.T
	*council.World
	*duties.Desk
	book *reception.Service
}

func each(t *testing.T, fn func(h *house)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Keepers(t)
		fn(&house{t, w, w.App.Reception.Desks().Duties, w.App.Reception})
	})
}

func (h *house) who(name string) org.Actor {
	h.t.Helper()
	who, ok := h.People[name]
	if !ok {
		h.t.Fatalf("nobody is called %s", name)
	}
	return who
}

func (h *house) deputy() org.Actor { return h.who("đại-biểu") }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func on(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at lets everybody stand at eight in the morning of a day.
func (h *house) at(day string) {
	h.t.Helper()
	h.World.Clock.Set(on(day).Time().Add(8 * time.Hour))
}

func (h *house) today() clock.Date { return clock.Today(h.World.Clock) }

func (h *house) receipt() duties.Receipt {
	return duties.Receipt{On: h.today(), Way: "meeting", Asked: true}
}

func paper(kind string) duties.Paper {
	return duties.Paper{Kind: kind, Senders: "Nguyễn Văn Bình; phố Đội Cấn; 0912345678", Respondent: "UBND phường", Summary: "Ngõ 12 ngập mỗi khi mưa.", Content: "Nhiều năm chưa sửa cống."}
}

// handsIn gives the record and the letter of one that is handed in today.
func (h *house) handsIn(kind string) (id, letterID string) {
	h.t.Helper()
	got, err := h.Desk.HandIn(h.t.Context(), h.deputy(), h.receipt(), paper(kind))
	h.must(err)
	h.World.Clock.Advance(time.Minute)
	return got.ID, h.sheet(got.ID).LetterID
}

func (h *house) sheet(id string) duties.Sheet {
	h.t.Helper()
	v, err := h.Sheet(h.t.Context(), h.deputy(), id)
	h.must(err)
	return v
}

// forwards leads a letter to the body that settles it.
func (h *house) forwards(letterID string, kind reception.Kind) {
	h.t.Helper()
	met := reception.AllMet(kind)
	ctx := h.t.Context()
	h.must(h.book.Classify(ctx, h.who("văn-thư"), letterID, reception.Classification{Kind: kind, Conditions: met, Authority: reception.Other, Result: reception.Forward, BodyID: "hn-sxd", Instance: 1}))
	h.World.Clock.Advance(time.Minute)
	h.must(h.book.Sign(ctx, h.who("lãnh-đạo-văn-phòng"), letterID, reception.Forward, reception.Signature{}))
	h.World.Clock.Advance(time.Minute)
}

func (h *house) answers(letterID string) {
	h.t.Helper()
	h.must(h.book.Answer(h.t.Context(), h.who("văn-thư"), letterID, reception.Reply{Document: "125/SXD-HT ngày " + h.today().VN(), Satisfied: "yes"}))
	h.World.Clock.Advance(time.Minute)
}

// inbox are the sentences' keys in a person's inbox, the newest first.
func (h *house) inbox(person string) (keys []string) {
	h.t.Helper()
	page := h.Browse(h.t, person).Get(h.t, "/inbox")
	if page.Status != 200 {
		h.t.Fatalf("inbox: %d", page.Status)
	}
	return []string{page.Text()}
}
