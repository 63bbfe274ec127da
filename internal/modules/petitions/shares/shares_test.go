package shares_test

import (
	"sync"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/testkit"
)

// A part goes its whole way: asked, assigned, answered, given back, answered.
func TestPartAnswered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted")
		ids := w.ask(t, "yến", id, "sgtvt", "ubnd")
		if len(ids) != 2 || w.entries(t, id) != 1 {
			t.Fatalf("%d requests, %d entries", len(ids), w.entries(t, id))
		}
		if got := w.inbox(t, "long"); got != "asked" {
			t.Errorf("the asked body was told %q", got)
		}
		if n := must(w.Waiting(ctx, w.as(t, "long")))(t); n != 1 {
			t.Errorf("the menu counts %d", n)
		}
		if n := must(w.Waiting(ctx, w.as(t, "nam")))(t); n != 0 {
			t.Errorf("an officer without a part counts %d", n)
		}
		part := w.of(t, id, "sgtvt")
		testkit.Refused(t, w.Answer(ctx, w.as(t, "nam"), part, reply(said)), "shares.none")
		testkit.Refused(t, w.Assign(ctx, w.as(t, "long"), part, "post-huy", 0), "shares.officer_unknown")
		if err := w.Assign(ctx, w.as(t, "thư"), part, "post-nam", 0); err != nil {
			t.Fatal(err)
		}
		if got := w.inbox(t, "nam"); got != "assigned" {
			t.Errorf("the officer was told %q", got)
		}
		testkit.Refused(t, w.Answer(ctx, w.as(t, "an"), part, reply(said)), "shares.none")
		testkit.Refused(t, w.Answer(ctx, w.as(t, "nam"), part, shares.Reply{Document: "1/CV", Points: []shares.PointReply{{Number: 1, Reply: said}}}), "shares.reply_short")
		w.answer(t, "nam", part)
		w.answer(t, "nam", part) // the second click
		if got := w.inbox(t, "yến"); got != "answered" {
			t.Errorf("the lead was told %q", got)
		}
		testkit.Refused(t, w.Decline(ctx, w.as(t, "long"), part, shares.Refusal{Reason: shares.NoData, Note: "không có"}), "shares.wrong_state")
		testkit.Refused(t, w.GiveBack(ctx, w.as(t, "long"), part, "thiếu", day(30, 11), 0), "shares.not_yours")
		if err := w.GiveBack(ctx, w.as(t, "giang"), part, "Chưa rõ nguồn vốn", day(30, 11), 0); err != nil {
			t.Fatal(err)
		}
		p := w.part(t, id, "sgtvt")
		if p.State != shares.Again || !p.Open || p.Points[0].Reply != said || p.Due != day(30, 11) {
			t.Errorf("given back as %+v", p)
		}
		w.answer(t, "long", part)
		if got := w.states(t, id); got != "sgtvt:answered ubnd:asked" {
			t.Errorf("%s", got)
		}
		if n := w.entries(t, id); n != 5 { // ask, assign, answer, return, answer
			t.Errorf("%d entries", n)
		}
		report := must(w.log.Verify(ctx, w.engine.Rederive()))(t)
		if !report.OK() {
			t.Errorf("the log no longer agrees with the petitions: %+v", report.Findings)
		}
	})
}

// Who asks, of whom, and when.
func TestAsk(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "forwarded")
		try := func(person string, r shares.Request) error {
			_, err := w.Ask(ctx, w.as(t, person), id, r)
			return err
		}
		good := func() shares.Request {
			return shares.Request{BodyIDs: []string{"sgtvt", "sgtvt"}, Points: []int{2}, Question: "Cho biết kế hoạch cụ thể."}
		}
		for person, key := range map[string]string{"lan": "shares.not_yours", "vân": "shares.not_yours", "thắng": "shares.not_yours", "phúc": "shares.not_yours", "huy": "cases.no_such_case",
			"long": "cases.no_such_case", "tâm": "cases.no_such_case", "đức": "cases.no_such_case", "quân": "cases.no_such_case", "": "cases.no_such_case"} {
			testkit.Refused(t, try(person, good()), key)
		}
		for key, change := range map[string]func(*shares.Request){
			"shares.body_none":      func(r *shares.Request) { r.BodyIDs = nil },
			"shares.body_unknown":   func(r *shares.Request) { r.BodyIDs = []string{"sxd"} }, // the lead itself
			"shares.point_none":     func(r *shares.Request) { r.Points = []int{9} },
			"shares.question_short": func(r *shares.Request) { r.Question = "\u200b \u0000 ?" },
			"shares.due_past":       func(r *shares.Request) { r.Due = day(16, 11) },
			"shares.due_late":       func(r *shares.Request) { r.Due = day(31, 1).AddDays(365) },
			"db.stale":              func(r *shares.Request) { r.Revision = 1 },
		} {
			r := good()
			change(&r)
			testkit.Refused(t, try("yến", r), key)
		}
		for _, body := range []string{"vp", "ban", "không-có"} {
			r := good()
			r.BodyIDs = []string{body}
			testkit.Refused(t, try("yến", r), "shares.body_unknown")
		}
		// The same form twice, by the office's head, asks once.
		r := good()
		r.Once = "dấu"
		first := must(w.Ask(ctx, w.as(t, "hùng"), id, r))(t)
		second := must(w.Ask(ctx, w.as(t, "hùng"), id, r))(t)
		if len(first) != 1 || first[0] != second[0] || len(w.parts(t, id)) != 1 || w.entries(t, id) != 1 {
			t.Errorf("asked twice: %v %v", first, second)
		}
		testkit.Refused(t, try("yến", good()), "shares.body_asked")
		if p := w.parts(t, id)[0]; p.Due != day(1, 12) || p.Points[0].Asked != "Làm cống thoát nước" {
			t.Errorf("ten working days from 16/11 are %s; asked %q", p.Due.VN(), p.Points[0].Asked)
		}
		if err := w.Withdraw(ctx, w.as(t, "yến"), first[0], "Đã tự tìm được", 0); err != nil {
			t.Fatal(err)
		}
		if got := w.inbox(t, "long"); got != "asked withdrawn" {
			t.Errorf("the body was told %q", got)
		}
		if err := try("giang", good()); err != nil {
			t.Error("a withdrawn request stands in the way:", err)
		}
	})
}

// Two clerks of one body answer at once: one is kept, the other hears of it.
func TestTwoAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted")
		part := w.ask(t, "yến", id, "sgtvt")[0]
		first, second := reply(said), reply("Chưa có kế hoạch sửa chữa tuyến này.")
		first.Revision, second.Revision = 1, 1
		who := []string{"long", "thư"}
		errs := make([]error, 2)
		var both sync.WaitGroup
		actors := [2]shares.Reply{first, second}
		for i, r := range actors {
			actor := w.as(t, who[i])
			both.Go(func() { errs[i] = w.Answer(ctx, actor, part, r) })
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("%v, %v", errs[0], errs[1])
		}
		for i, err := range errs {
			if err == nil && w.parts(t, id)[0].Points[0].Reply != actors[i].Points[0].Reply {
				t.Error("what was taken is not what is kept")
			}
			if err != nil && fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
		}
		if n := w.entries(t, id); n != 2 {
			t.Errorf("%d entries", n)
		}
		// Two people of the lead ask the same body at once.
		other := w.petition(t, "accepted")
		for i, person := range []string{"yến", "giang"} {
			actor := w.as(t, person)
			both.Go(func() {
				_, errs[i] = w.Ask(ctx, actor, other, shares.Request{BodyIDs: []string{"sgtvt"}, Points: []int{1}, Question: "Cho biết kế hoạch cụ thể."})
			})
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || len(w.parts(t, other)) != 1 {
			t.Errorf("%v, %v: %s", errs[0], errs[1], w.states(t, other))
		}
	})
}

// Requests end by themselves when the petition leaves those who asked.
func TestEnded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		returned := w.petition(t, "forwarded")
		w.ask(t, "yến", returned, "sgtvt")
		w.do(t, "giang", returned, "return", "reason", "unclear")
		accepted := w.petition(t, "accepted")
		w.ask(t, "yến", accepted, "sgtvt")
		w.do(t, "yến", accepted, "return", "reason", "unclear")
		if got := w.states(t, accepted); got != "sgtvt:ended" {
			t.Errorf("returned after it was accepted: %s", got)
		}
		answered := w.petition(t, "accepted")
		ids := w.ask(t, "yến", answered, "sgtvt", "ubnd")
		w.answer(t, "long", w.of(t, answered, "sgtvt"))
		w.do(t, "yến", answered, "answer")
		if got := w.states(t, returned); got != "sgtvt:ended" {
			t.Error(got)
		}
		if got := w.inbox(t, "bảo"); got != "asked ended" {
			t.Errorf("the body was told %q", got)
		}
		testkit.Refused(t, w.Answer(ctx, w.as(t, "bảo"), w.of(t, answered, "ubnd"), reply(said)), "shares.wrong_state")
		testkit.Refused(t, w.GiveBack(ctx, w.as(t, "yến"), w.of(t, answered, "sgtvt"), "lại", day(25, 11), 0), "shares.not_now")
		if n := must(w.Waiting(ctx, w.as(t, "bảo")))(t); n != 0 || len(ids) != 2 {
			t.Errorf("%d wait", n)
		}
		// A new round, with another lead: the old parts are of the old round.
		w.do(t, "thắng", answered, "judge")
		w.do(t, "vân", answered, "close")
		w.do(t, "sơn", answered, "reopen")
		w.to = "stc"
		w.do(t, "lan", answered, "classify")
		w.do(t, "hùng", answered, "forward")
		if parts := read(t, w, func(tx *db.Tx) ([]shares.Part, error) { return shares.Of(ctx, tx, answered, 2) }); len(parts) != 0 {
			t.Error("parts of the first round count for the second")
		}
		testkit.Refused(t, w.GiveBack(ctx, w.as(t, "chi"), w.of(t, answered, "sgtvt"), "lại", day(25, 11), 0), "shares.not_now")
		if _, err := w.Ask(ctx, w.as(t, "yến"), answered, shares.Request{BodyIDs: []string{"sgtvt"}, Points: []int{1}, Question: "Cho biết kế hoạch cụ thể."}); !fault.Is(err, "cases.no_such_case") {
			t.Error("the former lead asks:", err)
		}
	})
}

// of is the id of a body's part.
func (w *world) of(t testing.TB, id, body string) string {
	t.Helper()
	return w.part(t, id, body).ID
}

func (w *world) part(t testing.TB, id, body string) (found shares.Part) {
	t.Helper()
	for _, p := range w.parts(t, id) {
		if p.BodyID == body {
			return p
		}
	}
	t.Fatalf("%s was not asked", body)
	return found
}

// What is sealed is not there for those who were asked.
func TestSealed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted")
		w.ask(t, "yến", id, "sgtvt", "ubnd")
		w.answer(t, "long", w.of(t, id, "sgtvt"))
		h := w.house(t)
		if status, _ := h.Ask(t, "long", "/petition-shares/"+w.of(t, id, "sgtvt"), nil); status != 200 {
			t.Fatal(status)
		}
		w.tx(t, func(tx *db.Tx) error {
			c, err := cases.Load(ctx, tx, id)
			if err != nil {
				return err
			}
			c.Sealed = true
			if err := tx.ExecOne(ctx, `UPDATE cases_cases SET sealed = TRUE WHERE id = $1`, id); err != nil {
				return err
			}
			return w.Ended(ctx, tx, c, w.clock.Now())
		})
		for _, person := range []string{"long", "thư", "bảo", "yến", "vân", "thắng"} {
			for _, body := range []string{"sgtvt", "ubnd"} {
				if status, page := h.Ask(t, person, "/petition-shares/"+w.of(t, id, body), nil); status != 404 {
					t.Errorf("%s finds the part of %s: %d %.100s", person, body, status, page)
				}
			}
		}
		testkit.Refused(t, w.Answer(ctx, w.as(t, "bảo"), w.of(t, id, "ubnd"), reply(said)), "shares.none")
		for _, person := range []string{"long", "bảo"} {
			for _, tab := range []string{"", "?tab=answered", "?tab=all"} {
				_, page := h.Ask(t, person, "/petition-shares"+tab, nil)
				testkit.Has(t, page, "Không có đề nghị phối hợp nào")
			}
			if n := must(w.Waiting(ctx, w.as(t, person)))(t); n != 0 {
				t.Errorf("%s counts %d", person, n)
			}
		}
		if got := w.inbox(t, "bảo"); got != "asked ended" {
			t.Errorf("the body was told %q", got)
		}
		// Whoever seals may have ended nothing: the state of the petition decides.
		card := read(t, w, func(tx *db.Tx) (shares.CardView, error) {
			c, err := cases.Load(ctx, tx, id)
			if err != nil {
				return shares.CardView{}, err
			}
			return w.CardOf(ctx, tx, w.as(t, "lan"), c)
		})
		if card.Shown() {
			t.Error("a sealed petition shows its parts")
		}
	})
}
