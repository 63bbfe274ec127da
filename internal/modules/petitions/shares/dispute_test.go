package shares_test

import (
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/testkit"
)

func (w *world) card(t testing.TB, person, id string) shares.CardView {
	t.Helper()
	who := w.as(t, person)
	return read(t, w, func(tx *db.Tx) (shares.CardView, error) {
		c, err := cases.Load(ctx, tx, id)
		if err != nil {
			return shares.CardView{}, err
		}
		return w.CardOf(ctx, tx, who, c)
	})
}

func (w *world) decline(t testing.TB, person, share string) {
	t.Helper()
	if err := w.Decline(ctx, w.as(t, person), share, shares.Refusal{Reason: shares.NotCompetent, Note: "Tuyến này do phường quản lý."}); err != nil {
		t.Fatal(err)
	}
}

// disputed makes a petition that two bodies refuse, and gives its dispute.
func (w *world) disputed(t testing.TB) (id, dispute string) {
	t.Helper()
	w.to = "sxd"
	id = w.petition(t, "forwarded")
	w.decline(t, "long", w.ask(t, "yến", id, "sgtvt")[0])
	w.do(t, "giang", id, "return", "reason", "not_competent")
	v := w.card(t, "hùng", id)
	if v.Dispute == nil || !v.MayDecide {
		t.Fatalf("no dispute: %+v", v)
	}
	return id, v.Dispute.ID
}

func (w *world) decided(t testing.TB, id string) (shares.Decision, bool) {
	t.Helper()
	var ok bool
	k := read(t, w, func(tx *db.Tx) (k shares.Decision, err error) {
		k, ok, err = shares.DecidedBody(ctx, tx, id)
		return k, err
	})
	return k, ok
}

func TestBothRefuse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id, dispute := w.disputed(t)
		for person, want := range map[string]string{"hùng": "dispute", "vân": "dispute", "sơn": "dispute", "yến": "declined"} {
			if got := w.inbox(t, person); got != want {
				t.Errorf("%s was told %q", person, got)
			}
		}
		if n := must(w.Desk.Undecided(ctx, w.as(t, "vân")))(t); n != 1 {
			t.Errorf("%d undecided", n)
		}
		if n := must(w.Desk.Undecided(ctx, w.as(t, "hòa")))(t); n != 0 {
			t.Error("another council counts it")
		}
		for person, sees := range map[string]bool{"lan": true, "vân": true, "thắng": false} {
			if v := w.card(t, person, id); (v.Dispute != nil) != sees || v.MayDecide && person == "lan" {
				t.Errorf("%s: %+v", person, v)
			}
		}
		h := w.house(t)
		_, page := h.Ask(t, "vân", "/petition-disputes", nil)
		testkit.Has(t, page, "Sở Xây dựng", "ghi chú", "Sở Giao thông", "do phường quản lý", "16/11/2026")
		_, page = h.Ask(t, "hùng", "/petition-disputes/"+dispute, nil)
		testkit.Has(t, page, "Hai cơ quan cùng cho là không thuộc thẩm quyền", "Các cơ quan đang từ chối", "UBND phường Ba Đình")
		if status, page := h.Ask(t, "hùng", "/petition-disputes/"+dispute, testkit.Form("reason", "Theo phân cấp")); status != 422 || !strings.Contains(page, "Chưa chọn cơ quan có thẩm quyền") {
			t.Errorf("%d", status)
		}
		if _, ok := w.decided(t, id); ok {
			t.Error("decided before anybody decided")
		}
		testkit.Refused(t, w.Decide(ctx, w.as(t, "lan"), dispute, shares.Ruling{BodyID: "ubnd", Reason: "x"}), "shares.no_dispute")
		testkit.Refused(t, w.Decide(ctx, w.as(t, "vân"), dispute, shares.Ruling{BodyID: "ban", Reason: "x"}), "shares.body_unknown")
		ruling := shares.Ruling{BodyID: "ubnd", Reason: "Đường do phường quản lý theo phân cấp.", Revision: 1}
		for range 2 { // the second click too
			if err := w.Decide(ctx, w.as(t, "vân"), dispute, ruling); err != nil {
				t.Fatal(err)
			}
		}
		testkit.Refused(t, w.Decide(ctx, w.as(t, "hùng"), dispute, ruling), "db.stale")
		if status, page := h.Ask(t, "hùng", "/petition-disputes/"+dispute, testkit.Form("body", "sxd", "reason", "Khác", "revision", "1")); status != 409 || !strings.Contains(page, "không còn chờ quyết định") {
			t.Errorf("%d", status)
		}
		k, ok := w.decided(t, id)
		if !ok || k.Body != "UBND phường Ba Đình" || !strings.Contains(k.By, "Nguyễn vân") || w.entries(t, id) != 4 { // ask, decline, dispute, decide
			t.Errorf("%v %+v, %d entries", ok, k, w.entries(t, id))
		}
		if got := w.inbox(t, "lan"); got != "decided" {
			t.Errorf("the clerk was told %q", got)
		}
		_, page = h.Ask(t, "vân", "/petition-disputes?state=decided", nil)
		testkit.Has(t, page, "Sở Xây dựng")
		w.to = "ubnd"
		w.do(t, "lan", id, "classify")
		w.do(t, "hùng", id, "forward")
		if v := w.card(t, "bảo", id); v.Decision == nil || v.Dispute != nil {
			t.Error("the competent body does not read the decision")
		}
	})
}

// A dispute needs both: the return and the refusal, each as not theirs; and it
// ends when a body accepts.
func TestNoDispute(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "forwarded")
		share := w.ask(t, "yến", id, "sgtvt")[0]
		if err := w.Decline(ctx, w.as(t, "long"), share, shares.Refusal{Reason: shares.NoData, Note: "Không có số liệu"}); err != nil {
			t.Fatal(err)
		}
		w.do(t, "giang", id, "return", "reason", "not_competent")
		other := w.petition(t, "forwarded")
		w.decline(t, "long", w.ask(t, "yến", other, "sgtvt")[0])
		w.do(t, "giang", other, "return", "reason", "unclear")
		for _, one := range []string{id, other} {
			if v := w.card(t, "hùng", one); v.Dispute != nil {
				t.Error("a dispute without two refusals")
			}
		}
		settled, dispute := w.disputed(t)
		w.to = "sgtvt"
		w.do(t, "lan", settled, "classify")
		w.do(t, "hùng", settled, "forward")
		if v := w.card(t, "hùng", settled); v.Dispute == nil {
			t.Error("forwarding alone settles nothing")
		}
		w.do(t, "thư", settled, "accept")
		if v := w.card(t, "hùng", settled); v.Dispute != nil {
			t.Error("accepted, and still in dispute")
		}
		testkit.Refused(t, w.Decide(ctx, w.as(t, "hùng"), dispute, shares.Ruling{BodyID: "sxd", Reason: "x"}), "shares.dispute_over")
		w.do(t, "thư", settled, "return", "reason", "not_competent") // found out after accepting
		if v := w.card(t, "hùng", settled); v.Dispute != nil {
			t.Error("the body that declined and the one that returned are the same")
		}
		sealed, dispute := w.disputed(t)
		w.tx(t, func(tx *db.Tx) error {
			return tx.ExecOne(ctx, `UPDATE cases_cases SET sealed = TRUE WHERE id = $1`, sealed)
		})
		testkit.Refused(t, w.Decide(ctx, w.as(t, "hùng"), dispute, shares.Ruling{BodyID: "sxd", Reason: "x"}), "shares.no_dispute")
		if l := must(w.Disputes(ctx, w.as(t, "hùng"), shares.Undecided, ""))(t); len(l.Rows) != 0 {
			t.Error("a sealed petition stands in the list")
		}
	})
}

func (w *world) morning(t testing.TB, d int, m time.Month) {
	t.Helper()
	w.at(d, m)
	for _, j := range w.Jobs() {
		for range 2 { // twice reminds once
			if err := j.Handle(ctx, jobs.Work{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestReminders(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted")
		w.ask(t, "yến", id, "sgtvt", "ubnd")
		w.answer(t, "bảo", w.of(t, id, "ubnd"))
		long := func() string { return w.inbox(t, "long") }
		w.morning(t, 18, 11)
		if got := long(); got != "asked" {
			t.Errorf("too early: %q", got)
		}
		w.morning(t, 19, 11) // three working days before 25/11, for 24/11 is a holiday
		if got := long(); got != "asked due" {
			t.Errorf("three days before: %q", got)
		}
		w.morning(t, 25, 11)
		if got := long(); got != "asked due" {
			t.Errorf("on the day: %q", got)
		}
		w.morning(t, 26, 11)
		w.morning(t, 30, 11)
		if got := long() + ", " + w.inbox(t, "thư") + ", " + w.inbox(t, "yến") + ", " + w.inbox(t, "bảo"); got != "asked due late, late, answered lead_late, asked" {
			t.Errorf("the day after: %q", got)
		}
		// A page that was open all the while is still good.
		r := reply(said)
		r.Revision = 1
		if err := w.Answer(ctx, w.as(t, "long"), w.of(t, id, "sgtvt"), r); err != nil {
			t.Error(err)
		}
		if p := w.part(t, id, "sgtvt"); !p.Late(day(30, 11)) || w.part(t, id, "ubnd").Late(day(31, 12)) {
			t.Error("lateness is told by the day of the answer")
		}
	})
}

// The date proposed leaves the lead time, when there is time.
func TestWindow(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted") // to be answered by 15/01/2027
		for _, at := range []struct {
			today, proposed, latest clock.Date
			pressed                 bool
		}{
			{day(16, 11), day(1, 12), clock.NewDate(2027, 1, 14), false},
			{day(28, 12), clock.NewDate(2027, 1, 8), clock.NewDate(2027, 1, 14), false},                 // five working days are kept
			{clock.NewDate(2027, 1, 11), clock.NewDate(2027, 1, 14), clock.NewDate(2027, 1, 14), false}, // there are none to keep
			{clock.NewDate(2027, 1, 14), clock.NewDate(2027, 1, 15), clock.NewDate(2027, 1, 28), true},
			{clock.NewDate(2027, 1, 22), clock.NewDate(2027, 1, 25), clock.NewDate(2027, 2, 15), true}, // late already, and Tết comes
		} {
			w.clock.Set(at.today.Time().Add(8 * time.Hour))
			v := must(w.Draft(ctx, w.as(t, "yến"), id))(t).Window
			if v.Proposed != at.proposed || v.Latest != at.latest || v.Pressed != at.pressed {
				t.Errorf("on %s: %+v", at.today, v)
			}
		}
		if _, err := w.Ask(ctx, w.as(t, "yến"), id, shares.Request{BodyIDs: []string{"sgtvt"}, Points: []int{1}, Question: "Cho biết kế hoạch cụ thể.", Due: clock.NewDate(2027, 6, 1)}); !fault.Is(err, "shares.due_far") {
			t.Error(err)
		}
		if _, err := w.Ask(ctx, w.as(t, "yến"), id, shares.Request{BodyIDs: []string{"sgtvt"}, Points: []int{1}, Question: "Cho biết kế hoạch cụ thể."}); err != nil {
			t.Error("a late lead cannot ask at all:", err)
		}
	})
}

func TestMerged(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		part := func(body string, state shares.State, numbers ...int) shares.Part {
			p := shares.Part{Body: body, Share: shares.Share{ID: body, State: state, Due: day(25, 11), Document: "12/CV", Reason: shares.NoData, Open: state == shares.Asked || state == shares.Again}}
			for _, n := range numbers {
				p.Points = append(p.Points, shares.Asking{Number: n, Reply: "Sẽ sửa."})
			}
			return p
		}
		promised := part("Sở B", shares.Answered, 1)
		promised.Points[0].Promised = day(30, 12)
		for name, c := range map[string]struct {
			parts []shares.Part
			want  map[int]string
		}{
			"who was asked first": {[]shares.Part{part("UBND C", shares.Answered, 1), part("Sở A", shares.Answered, 1)}, map[int]string{1: "Sở A: Sẽ sửa. (Văn bản: 12/CV)\n\nUBND C: Sẽ sửa. (Văn bản: 12/CV)"}},
			"nobody":              {nil, map[int]string{}},
			"in order":            {[]shares.Part{promised, part("Sở A", shares.Answered, 1, 2)}, map[int]string{1: "Sở A: Sẽ sửa. (Văn bản: 12/CV)\n\nSở B: Sẽ sửa. Cam kết hoàn thành ngày 30/12/2026. (Văn bản: 12/CV)", 2: "Sở A: Sẽ sửa. (Văn bản: 12/CV)"}},
			"silent":              {[]shares.Part{part("Sở A", shares.Asked, 1)}, map[int]string{}},
			"again":               {[]shares.Part{part("Sở A", shares.Again, 2)}, map[int]string{}},
			"declined":            {[]shares.Part{part("Sở A", shares.Declined, 1)}, map[int]string{}},
			"gone":                {[]shares.Part{part("Sở A", shares.Withdrawn, 1), part("Sở B", shares.Over, 1)}, map[int]string{}},
		} {
			got := w.Merged(c.parts, []int{1, 2, 3})
			for n := range 4 {
				if got[n] != c.want[n] {
					t.Errorf("%s, point %d: %q", name, n, got[n])
				}
			}
		}
		id := w.petition(t, "accepted")
		w.ask(t, "yến", id, "ubnd", "sgtvt", "stc")
		if merged := w.Merged(w.parts(t, id), []int{1}); len(merged) != 0 {
			t.Error(merged)
		}
		if open, late := shares.Waited(w.parts(t, id), day(26, 11)); open != 3 || late != 3 {
			t.Error(open, late)
		}
	})
}

// A body that closes hands its parts on; one that would be asked twice, or would
// ask itself, is not.
func TestSucceeded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		handed, twice := w.petition(t, "accepted"), w.petition(t, "accepted")
		w.ask(t, "yến", handed, "sgtvt")
		w.ask(t, "yến", twice, "sgtvt", "stc")
		self := w.petition(t, "accepted")
		w.ask(t, "yến", self, "stc")
		if err := w.org.Succeed(ctx, w.as(t, "quân"), org.Succession{FromBody: "sgtvt", ToBody: "stc", Document: "5/NQ-HĐND", On: day(16, 11)}); err != nil {
			t.Fatal(err)
		}
		if a, b := w.states(t, handed), w.states(t, twice); a != "stc:asked" || b != "stc:asked stc:ended" {
			t.Error(a, b)
		}
		if n := must(w.Waiting(ctx, w.as(t, "chi")))(t); n != 3 {
			t.Errorf("%d wait", n)
		}
		if err := w.org.Succeed(ctx, w.as(t, "quân"), org.Succession{FromBody: "sxd", ToBody: "stc", Document: "6/NQ-HĐND", On: day(16, 11)}); err != nil {
			t.Fatal(err)
		}
		if got := w.states(t, self); got != "stc:ended" {
			t.Error(got)
		}
	})
}
