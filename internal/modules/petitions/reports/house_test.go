package reports_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
	"example.vn/hdnd/web"
)

var ctx = context.Background()

// house is the standard council with its reports.
type house struct {
	*council.World
	*reports.Desk
	server *kweb.Server
	queue  *jobs.Queue // its own, so that it does not matter who else handles these kinds
	n      int
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	council.Each(t, func(t *testing.T, w *council.World) { fn(t, furnish(t, w)) })
}

// openHouse is one house on SQLite, for measuring.
func openHouse(b *testing.B) *house {
	return furnish(b, council.Open(b, testkit.SQLiteAddress(b, app.Migrations()...)))
}

func furnish(t testing.TB, w *council.World) *house {
	t.Helper()
	if err := w.App.DB.Migrate(ctx, reports.Migrations); err != nil {
		t.Fatal(err)
	}
	words := must(text.Load(kweb.Files, cases.Files, db.Files, documents.Files, petitions.Files, reports.Files))(t)
	queue := jobs.New(w.App.DB, w.Clock)
	h := &house{World: w, queue: queue, Desk: reports.New(reports.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit, Jobs: queue, Documents: w.App.Documents,
		Fonts: must(documents.ReadFonts(web.Files))(t), Text: words, Fields: petitions.Fields})}
	for _, j := range h.Desk.Jobs() {
		queue.Handle(j.Kind, j.Handle)
	}
	h.server = must(kweb.NewServer(kweb.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Menu: h.Menu(), Routes: h.Routes(),
		Resolve: func(r *http.Request) (org.Actor, error) { return w.People[r.Header.Get("X-Person")], nil }}))(t)
	t.Cleanup(h.server.Close)
	return h
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// hand gives in a petition and leads it as far as told: "classify forward
// accept answer:done judge:good close".
func (h *house) hand(t testing.TB, field, steps string) petitions.Handed {
	t.Helper()
	h.n++
	sub := petitions.Submission{To: petitions.ToCity, Ward: "00004", Lang: text.Vi, Text: "Đề nghị xem xét việc chung số " + strings.Repeat("i", h.n) + " của tổ dân phố trong khu vực."}
	got := must(h.App.Petitions.Receive(ctx, org.Voter("192.0.2.1"), sub))(t)
	h.Clock.Advance(time.Minute)
	for step := range strings.FieldsSeq(steps) {
		h.do(t, got.ID, field, step)
	}
	return got
}

func (h *house) do(t testing.TB, id, field, step string) {
	t.Helper()
	p, who := h.App.Petitions, h.People
	body, clerk, committee := "hn-sxd", "đầu-mối-xây-dựng", "ban-đô-thị"
	if !strings.HasPrefix(field, "urban") {
		body, clerk, committee = "hn-sgd", "đầu-mối-giáo-dục", "ban-văn-hoá"
	}
	verb, value, _ := strings.Cut(step, ":")
	var err error
	switch verb {
	case "classify":
		err = p.Classify(ctx, who["văn-thư"], id, petitions.Classification{Field: field, Authority: petitions.CityLvl, Newness: petitions.Newness(value + strings.Repeat("new", b2i(value == ""))), Ward: "00004", BodyID: body,
			PublicText: "Đề nghị xem xét việc chung của tổ dân phố.", Publish: true})
	case "forward":
		err = p.Forward(ctx, who["lãnh-đạo-văn-phòng"], id, "", 0)
	case "accept":
		err = p.Accept(ctx, who[clerk], id, clock.Date{}, 0)
	case "answer":
		a := petitions.Answer{Number: 1, Reply: "Cơ quan đã kiểm tra hiện trường và trả lời cử tri như sau.", Outcome: petitions.Outcome(value)}
		if value == "underway" || value == "partly" {
			a.Promised = clock.Today(h.Clock).AddDays(30)
		}
		err = p.Answer(ctx, who[clerk], id, petitions.Reply{Answers: []petitions.Answer{a}, Document: "125/SXD-QLHT ngày " + clock.Today(h.Clock).VN()})
	case "judge":
		err = p.Judge(ctx, who[committee], id, petitions.Quality(value), "Trả lời còn thiếu lộ trình.", 0)
	case "close":
		err = p.Close(ctx, who["thường-trực"], id, "", 0)
	case "reopen":
		err = p.Reopen(ctx, who["thường-trực"], id, "Chưa làm xong.", 0)
	case "refuse":
		err = p.Refuse(ctx, who["văn-thư"], id, "unclear", "Nội dung chưa rõ, mời gửi lại.", 0)
	case "split":
		err = p.SplitOff(ctx, who["văn-thư"], id, petitions.DenunciationSplit, "Nội dung là tố cáo.", 0)
	default:
		t.Fatalf("no step %q", step)
	}
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	h.Clock.Advance(time.Minute)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// done is all of a petition's way.
const done = "classify forward accept answer:done judge:good close"

// autumn is the second half of 2026, in which tests begin.
func autumn(k reports.Kind) reports.Query {
	return reports.Query{Kind: k, From: clock.NewDate(2026, 7, 1), Until: clock.NewDate(2026, 12, 31)}
}

func refused(t testing.TB, err error, key string) {
	t.Helper()
	f := fault.Of(err)
	if err == nil || f.Key != key && (len(f.Faults) == 0 || f.Faults[0].Key != key) {
		t.Errorf("want the refusal %s, have %v", key, err)
	}
}

// get and post are a person's requests.
func (h *house) get(t testing.TB, person, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "https://hdnd.example.vn"+path, nil)
	r.Header.Set("X-Person", person)
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w
}

func (h *house) post(t testing.TB, person, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "https://hdnd.example.vn"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Person", person)
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w
}
