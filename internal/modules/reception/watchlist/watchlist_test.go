package watchlist_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/watchlist"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

type house struct {
	t *testing.T
	*council.World
	desk *watchlist.Desk
	book *reception.Service
}

func each(t *testing.T, fn func(h *house)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Keepers(t)
		fn(&house{t, w, w.App.Reception.Desks().Watching, w.App.Reception})
	})
}

func (h *house) who(name string) org.Actor { return h.People[name] }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) letter(by string, kind reception.Kind, summary string) string {
	h.t.Helper()
	got, err := h.book.Register(h.t.Context(), h.who(by), reception.Entry{Kind: kind, Source: reception.ByPost, ReceivedOn: clock.Today(h.Clock), Ward: "00004", Summary: summary,
		Senders: []reception.Sender{{Name: "Nguyễn Văn Bình", Address: "Đội Cấn"}}})
	h.must(err)
	h.Clock.Advance(time.Minute)
	return got.ID
}

func (h *house) forwards(id string, kind reception.Kind, body string) {
	h.t.Helper()
	met := reception.AllMet(kind)
	h.must(h.book.Classify(h.t.Context(), h.who("văn-thư"), id, reception.Classification{Kind: kind, Conditions: met, Authority: reception.Other, Result: reception.Forward, BodyID: body, Instance: 1}))
	h.Clock.Advance(time.Minute)
	h.must(h.book.Sign(h.t.Context(), h.who("lãnh-đạo-văn-phòng"), id, reception.Forward, reception.Signature{}))
	h.Clock.Advance(time.Minute)
}

func draw() watchlist.Draw {
	return watchlist.Draw{Title: "Giải quyết đơn về đất đai", Document: "12/KH-HĐND ngày 05/11/2026", From: clock.NewDate(2026, 1, 1), Until: clock.NewDate(2026, 12, 31), Once: "m"}
}

func (h *house) list() string {
	h.t.Helper()
	id, err := h.desk.Open(h.t.Context(), h.who("văn-thư"), draw())
	h.must(err)
	return id
}

func (h *house) sheet(id string) watchlist.Sheet {
	h.t.Helper()
	v, err := h.desk.Sheet(h.t.Context(), h.who("lãnh-đạo-văn-phòng"), id)
	h.must(err)
	return v
}

// A list is made, filled, followed and closed; then nothing changes any more.
func TestAListFromBeginningToEnd(t *testing.T) {
	each(t, func(h *house) {
		ctx, clerk, head := t.Context(), h.who("văn-thư"), h.who("lãnh-đạo-văn-phòng")
		a, b := h.letter("văn-thư", reception.Complaint, "Bồi thường đất."), h.letter("văn-thư", reception.Proposal, "Ngập ngõ 12.")
		h.forwards(a, reception.Complaint, "hn-sxd")
		id := h.list()
		if again := h.list(); again != id {
			t.Error("the second click made another list")
		}
		added, err := h.desk.Add(ctx, clerk, id, []string{a, b})
		if err != nil || added != 2 {
			t.Fatalf("%d added: %v", added, err)
		}
		if added, err := h.desk.Add(ctx, clerk, id, []string{a}); err != nil || added != 0 {
			t.Errorf("added twice: %d %v", added, err)
		}
		e := watchlist.Entry{ListID: id, LetterID: a, Asked: "Báo cáo kết quả đo đạc.", Revision: 0}
		h.must(h.desk.Note(ctx, clerk, e))
		e.Answer, e.AnsweredOn = "Đã đo đạc lại.", clock.Today(h.Clock).AddDays(-1)
		testkit.Refused(t, h.desk.Note(ctx, clerk, e), "watchlist.answered_before")
		e.AnsweredOn, e.Conclusion = clock.Today(h.Clock), "Đúng."
		testkit.Refused(t, h.desk.Note(ctx, clerk, e), "watchlist.finding_empty")
		e.Finding = "settled"
		h.must(h.desk.Note(ctx, clerk, e))
		v := h.sheet(id)
		if v.States[watchlist.Concluded] != 1 || v.States[watchlist.Listed] != 1 || len(v.Bodies) != 2 || v.Bodies[0].All+v.Bodies[1].All != 2 {
			t.Errorf("counted %+v %+v", v.States, v.Bodies)
		}
		e.Revision = 1
		testkit.Refused(t, h.desk.Note(ctx, clerk, e), "db.stale")
		c := watchlist.Closing{Conclusion: "Xong."}
		testkit.Refused(t, h.desk.Close(ctx, head, id, c), "watchlist.conclusion_document_empty")
		c.Document = "30/BC-HĐND ngày 16/11/2026"
		testkit.Refused(t, h.desk.Close(ctx, clerk, id, c), "watchlist.not_yours")
		h.must(h.desk.Close(ctx, head, id, c))
		e.Revision = 0
		for name, err := range map[string]error{"note": h.desk.Note(ctx, clerk, e), "remove": h.desk.Remove(ctx, clerk, id, a), "change": h.desk.Change(ctx, clerk, id, draw()), "close": h.desk.Close(ctx, head, id, c)} {
			if !fault.Is(err, "watchlist.is_closed") {
				t.Errorf("%s of a closed list: %v", name, err)
			}
		}
	})
}

// No denunciation comes on a list, and a letter that is found to be one leaves it
// with all that was written about it.
func TestNoDenunciations(t *testing.T) {
	each(t, func(h *house) {
		ctx, clerk := t.Context(), h.who("văn-thư")
		id, secret, plain := h.list(), h.letter("văn-thư", reception.Denunciation, "Ông Sáu nhận tiền."), h.letter("văn-thư", reception.Unsorted, "Ông Bảy nhận tiền.")
		_, err := h.desk.Add(ctx, clerk, id, []string{plain, secret})
		testkit.Refused(t, err, "watchlist.denunciation")
		if len(h.sheet(id).Lines) != 0 {
			t.Error("half of a refused choice stayed")
		}
		page := h.Browse(t, "văn-thư").Get(t, watchlist.PageOf(secret))
		if page.Status != 422 && page.Status != 409 && page.Status != 403 || !strings.Contains(page.Text(), "Đơn tố cáo không được đưa vào danh sách") {
			t.Errorf("%d: %.300s", page.Status, page.Text())
		}
		testkit.Hides(t, h.Browse(t, "văn-thư").Get(t, "/reception/letters/"+secret).Body, "/watching")
		testkit.Hides(t, h.Browse(t, "văn-thư").Get(t, "/reception/watchlists/"+id+"/letters").Body, secret)
		_, err = h.desk.Add(ctx, clerk, id, []string{plain})
		h.must(err)
		h.must(h.desk.Note(ctx, clerk, watchlist.Entry{ListID: id, LetterID: plain, Note: "Người gửi là Nguyễn Văn Bình."}))
		h.forwards(plain, reception.Denunciation, "hn-sxd")
		if len(h.sheet(id).Lines) != 0 {
			t.Error("the denunciation is still listed")
		}
		h.must(h.App.DB.Read(ctx, func(tx *db.Tx) error {
			n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM reception_watched`)
			if n != 0 {
				t.Error("what was written about it stays")
			}
			return err
		}))
	})
}

// Lists and letters of another council are not there, for who reads and who adds.
func TestAnotherCouncils(t *testing.T) {
	each(t, func(h *house) {
		ctx, id, mine := t.Context(), h.list(), h.letter("văn-thư", reception.Proposal, "Ngập.")
		foreign := h.letter("văn-thư-phường", reception.Proposal, "Đèn đường.")
		_, err := h.desk.Add(ctx, h.who("văn-thư"), id, []string{mine, foreign})
		testkit.Refused(t, err, "watchlist.no_letter")
		other := h.who("văn-thư-phường")
		_, err = h.desk.Add(ctx, other, id, []string{foreign})
		testkit.Refused(t, err, "watchlist.no_list")
		_, err = h.desk.Sheet(ctx, other, id)
		testkit.Refused(t, err, "watchlist.no_list")
		for person, want := range map[string]int{"văn-thư": 200, "lãnh-đạo-văn-phòng": 200, "chủ-tịch": 200, "thường-trực": 200, "văn-thư-phường": 404, "lãnh-đạo-phường": 404, "chủ-tịch-phường": 404} {
			b := h.Browse(t, person)
			for _, at := range []string{"/reception/watchlists/" + id, "/reception/watchlists/" + id + "/file"} {
				if got := b.Get(t, at).Status; got != want {
					t.Errorf("%s reads %s: %d", person, at, got)
				}
			}
		}
		for _, person := range []string{"đại-biểu", "đầu-mối-xây-dựng", "ban-đô-thị", "quản-trị"} {
			if got := h.Browse(t, person).Get(t, "/reception/watchlists").Status; got == 200 {
				t.Errorf("%s reads the lists", person)
			}
		}
	})
}

// Two people put the same letters on a list at once: each is there once.
func TestTwoAtOnce(t *testing.T) {
	each(t, func(h *house) {
		id := h.list()
		var ids []string
		for range 5 {
			ids = append(ids, h.letter("văn-thư", reception.Proposal, "Ngập."))
		}
		var wg sync.WaitGroup
		for _, name := range []string{"văn-thư", "văn-thư-hai", "lãnh-đạo-văn-phòng"} {
			wg.Go(func() {
				if _, err := h.desk.Add(t.Context(), h.who(name), id, ids); err != nil && fault.KindOf(err) != fault.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		v, seen := h.sheet(id), map[int]bool{}
		for _, l := range v.Lines {
			seen[l.Number] = true
		}
		if len(v.Lines) != 5 || len(seen) != 5 {
			t.Errorf("%d lines, %d numbers", len(v.Lines), len(seen))
		}
	})
}

// The pages alone lead through it, with what people type.
func TestThroughThePages(t *testing.T) {
	each(t, func(h *house) {
		a, b := h.letter("văn-thư", reception.Complaint, "=1+1 <b>Bồi thường</b> đất."), h.letter("văn-thư", reception.Proposal, "Ngập ngõ 12.")
		h.forwards(a, reception.Complaint, "hn-sxd")
		clerk, head := h.Browse(t, "văn-thư"), h.Browse(t, "lãnh-đạo-văn-phòng")
		page := clerk.Post(t, "/reception/watchlists/new", url.Values{"title": {""}, "theme": {"Đất"}, "from": {"31/02/2026"}, "until": {"01/01/2026"}})
		testkit.Has(t, page.Text(), "Đất")
		if page.Status != 422 {
			t.Fatalf("%d", page.Status)
		}
		page = clerk.Post(t, "/reception/watchlists/new", url.Values{"title": {norm.NFD.String("Đơn về đất đai")}, "document": {"12/KH-HĐND"}, "from": {"01/01/2026"}, "until": {"31/12/2026"}})
		testkit.Has(t, page.Text(), "Đơn về đất đai", "Đang giám sát", "Danh sách chưa có đơn nào")
		at, _, _ := strings.Cut(page.URL, "?")
		find := clerk.Get(t, at+"/letters?kind=complaint&body=hn-sxd&unit=00004&result=forward")
		testkit.Has(t, find.Body, a)
		testkit.Hides(t, find.Body, b, "<b>Bồi")
		if got := clerk.Get(t, at+"/letters?late=1").Body; strings.Contains(got, a) {
			t.Error("what is not late was found late")
		}
		page = clerk.Post(t, at+"/letters", url.Values{})
		testkit.Has(t, page.Text(), "Hãy chọn ít nhất một đơn")
		page = clerk.Post(t, at+"/letters", url.Values{"letters": {a}})
		testkit.Has(t, page.Text(), "Đã đưa 1 đơn", "Sở Xây dựng", "Chưa yêu cầu")
		list := strings.TrimPrefix(at, "/reception/watchlists/")
		testkit.Has(t, clerk.Get(t, "/reception/letters/"+b).Body, watchlist.PageOf(b))
		page = clerk.Post(t, watchlist.PageOf(b), url.Values{"list": {list}})
		testkit.Has(t, page.Text(), "Giám sát đơn này", "Ngập ngõ 12")
		page = clerk.Post(t, at+"/letters/"+a, url.Values{"asked": {"Báo cáo."}, "answer": {"Đã xong."}})
		testkit.Has(t, page.Text(), "Hãy nhập ngày cơ quan trả lời", "Báo cáo.")
		page = clerk.Post(t, at+"/letters/"+a, url.Values{"asked": {"Báo cáo."}, "answer": {"Đã xong."}, "answered_on": {"16/11/2026"}, "finding": {"again"}})
		testkit.Has(t, page.Text(), "Giải quyết chưa đúng")
		file := clerk.Get(t, at+"/file")
		book, err := excelize.OpenReader(strings.NewReader(file.Body))
		h.must(err)
		if got, _ := book.GetCellValue("Giám sát chuyên đề", "E7"); got != "=1+1 <b>Bồi thường</b> đất." {
			t.Errorf("the workbook has %q", got)
		}
		if f, _ := book.GetCellFormula("Giám sát chuyên đề", "E7"); f != "" {
			t.Error("what a citizen wrote is a formula")
		}
		if got := h.Browse(t, "chủ-tịch").Get(t, at+"/letters").Status; got != 404 && got != 403 {
			t.Errorf("the chair adds letters: %d", got)
		}
		page = clerk.Post(t, at+"/letters/"+b+"/removal", url.Values{})
		testkit.Has(t, page.Text(), "Đã đưa đơn ra khỏi danh sách")
		page = head.Post(t, at+"/closure", url.Values{"document": {"30/BC-HĐND ngày 16/11/2026"}, "on": {"16/11/2026"}})
		testkit.Has(t, page.Text(), "Đã kết thúc", "30/BC-HĐND")
		if got := clerk.Get(t, at+"/letters").Status; got == 200 {
			t.Error("a closed list takes letters")
		}
	})
}
