package reminders_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
	"example.vn/hdnd/web"
)

var ctx = context.Background()

// house is the standard council with its reminders.
type house struct {
	*council.World
	*reminders.Desk
	*testkit.Pages
	queue *jobs.Queue // its own, so that it does not matter who else handles these kinds
	rated []reminders.Rated
	n     int
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) { fn(t, furnish(t, w)) })
}

func furnish(t testing.TB, w *council.World) *house {
	t.Helper()
	if err := w.App.DB.Migrate(ctx, reminders.Migrations); err != nil {
		t.Fatal(err)
	}
	words := must(text.Load(kweb.Files, cases.Files, db.Files, documents.Files, notify.Files, petitions.Files, reminders.Files))(t)
	h := &house{World: w, queue: jobs.New(w.App.DB, w.Clock)}
	notifier := must(notify.New(notify.Deps{DB: w.App.DB, Clock: w.Clock, Jobs: jobs.New(w.App.DB, w.Clock), Live: silent{}, Text: words, Address: "https://hdnd.example.vn"}))(t)
	h.Desk = must(reminders.New(reminders.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit, Queue: h.queue, Notify: notifier, Documents: w.App.Documents,
		Fonts: must(documents.ReadFonts(web.Files))(t),
		Ratings: func(context.Context, *db.Tx, string, clock.Date, clock.Date) ([]reminders.Rated, error) {
			return h.rated, nil
		}}))(t)
	for _, j := range h.Desk.Jobs() {
		h.queue.Handle(j.Kind, j.Handle)
	}
	h.Pages = testkit.Serve(t, kweb.Options{Catalogue: words, Clock: w.Clock, Menu: h.Menu(), Routes: h.Routes()}, func(name string) org.Actor { return w.People[name] })
	return h
}

// silent is nobody looking at a screen.
type silent struct{}

func (silent) PublishAfter(*db.Tx, ...string) {}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// hand gives in a petition and leads it as far as told, for the building or the
// education department.
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
	body, contact, committee := "hn-sxd", "đầu-mối-xây-dựng", "ban-đô-thị"
	if !strings.HasPrefix(field, "urban") {
		body, contact, committee = "hn-sgd", "đầu-mối-giáo-dục", "ban-văn-hoá"
	}
	verb, value, _ := strings.Cut(step, ":")
	var err error
	switch verb {
	case "classify":
		err = p.Classify(ctx, who["văn-thư"], id, petitions.Classification{Field: field, Authority: petitions.CityLvl, Newness: "new", Ward: "00004", BodyID: body,
			PublicText: "Đề nghị xem xét việc chung của tổ dân phố.", Publish: true})
	case "forward":
		err = p.Forward(ctx, who["lãnh-đạo-văn-phòng"], id, "", 0)
	case "accept":
		err = p.Accept(ctx, who[contact], id, clock.Date{}, 0)
	case "return":
		err = p.Return(ctx, who[contact], id, "not_competent", "Không thuộc thẩm quyền của sở.", 0)
	case "answer":
		a := petitions.Answer{Number: 1, Reply: "Cơ quan đã kiểm tra hiện trường và trả lời cử tri như sau.", Outcome: petitions.Outcome(value)}
		if value == "underway" || value == "partly" {
			a.Promised = clock.Today(h.Clock).AddDays(30)
		}
		err = p.Answer(ctx, who[contact], id, petitions.Reply{Answers: []petitions.Answer{a}, Document: "125/SXD-QLHT ngày " + clock.Today(h.Clock).VN()})
	case "judge":
		err = p.Judge(ctx, who[committee], id, petitions.Quality(value), "Trả lời còn thiếu lộ trình.", 0)
	case "close":
		err = p.Close(ctx, who["thường-trực"], id, "", 0)
	case "reopen":
		err = p.Reopen(ctx, who["thường-trực"], id, "Chưa làm xong.", 0)
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

const atBody = "classify forward accept"

// later lets days go by, with the desk's own work of the last morning.
func (h *house) later(t testing.TB, days int) {
	t.Helper()
	h.Clock.Advance(time.Duration(days) * 24 * time.Hour)
	h.morning(t)
}

func (h *house) morning(t testing.TB) {
	t.Helper()
	for _, j := range h.Desk.Jobs() {
		if j.Daily != "" {
			if err := j.Handle(ctx, jobs.Work{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (h *house) drain(t testing.TB) {
	t.Helper()
	must(h.queue.Drain(ctx))(t)
}

// owe lets both departments owe some answers that are five days late.
func (h *house) owe(t testing.TB, n int) (ids []string) {
	t.Helper()
	for range n {
		ids = append(ids, h.hand(t, "urban.roads", atBody).ID)
	}
	h.later(t, 66) // the answer is due after 60 days
	return ids
}

func (h *house) draw(t testing.TB, ids []string, rung int) string {
	t.Helper()
	id, _, err := h.DrawUp(ctx, h.People["văn-thư"], reminders.Drawing{BodyID: "hn-sxd", Rung: rung, IDs: ids})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func refused(t testing.TB, err error, key string) {
	t.Helper()
	f := fault.Of(err)
	if err == nil || f.Key != key && (len(f.Faults) == 0 || f.Faults[0].Key != key) {
		t.Errorf("want the refusal %s, have %v", key, err)
	}
}

// count reads one number from the database.
func (h *house) count(t testing.TB, q string, args ...any) (n int64) {
	t.Helper()
	err := h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int64](ctx, tx, q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
