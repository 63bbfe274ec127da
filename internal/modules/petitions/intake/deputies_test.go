package intake_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

var ctx = context.Background()

// house is the standard council with its deputies, on the real petitions.
type house struct {
	*council.World
	*intake.Desk
	server *web.Server
	n      int
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	council.Each(t, func(t *testing.T, w *council.World) { fn(t, furnished(t, w)) })
}

func furnished(t testing.TB, w *council.World) *house {
	t.Helper()
	h := &house{World: w}
	since := clock.NewDate(2025, time.July, 1)
	check(t, w.App.DB.Tx(ctx, func(tx *db.Tx) error {
		for i, p := range []struct{ id, name, body string }{{"bình-một", "Trần Thị Bình", "hn-to1"}, {"bình-hai", "Trần Thị Bính", "hn-to1"}, {"phường", "Lê Văn Phường", "bd-to1"}} {
			err := org.AddPerson(ctx, tx, org.Person{ID: p.id, Name: p.name})
			if err == nil {
				err = org.AddPost(ctx, tx, org.Post{ID: "post-" + fmt.Sprint(i), PersonID: p.id, BodyID: p.body, Title: "Đại biểu", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Deputy}}, Starts: since})
			}
			if err != nil {
				return err
			}
		}
		return org.AddTerm(ctx, tx, org.Term{ID: "khoá-17", CouncilID: "hn", Number: "XVII", Name: "2026–2031", Starts: clock.NewDate(2026, time.April, 1)})
	}))
	words, err := text.Load(web.Files, cases.Files, db.Files, org.Files, audit.Files, petitions.Files, intake.Files)
	check(t, err)
	h.Desk = intake.New(intake.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit, Words: words, Check: func(intake.Opinion) error { return nil },
		Receive: func(ctx context.Context, who org.Actor, o intake.Opinion) (intake.Taken, error) {
			got, err := w.App.Petitions.Receive(ctx, who, petitions.Submission{To: petitions.Addressee(o.To), Text: o.Text, Ward: o.Ward, Lang: text.Vi, Once: o.Once, Note: o.Note})
			return intake.Taken{ID: got.ID, Code: got.Code, Again: got.Again}, err
		}})
	h.server, err = web.NewServer(web.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Routes: h.Routes(), Menu: h.Menu(), TempDir: t.TempDir(),
		Resolve: func(r *http.Request) (org.Actor, error) { return w.People[r.Header.Get("X-Who")], nil }})
	check(t, err)
	t.Cleanup(h.server.Close)
	return h
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bring has a letter taken in that a deputy brought, and leads it on.
func (h *house) bring(t testing.TB, deputyID, session, steps string) string {
	t.Helper()
	h.n++
	taken, err := h.TakeLetter(ctx, h.People["văn-thư"], intake.LetterIn{Channel: intake.Letter, Day: clock.Today(h.Clock), Ward: "Ba Đình", DeputyID: deputyID, Ask: session, Once: fmt.Sprint(h.n),
		Text: fmt.Sprintf("Đề nghị xem xét việc quokka số %d của tổ dân phố chúng tôi.", h.n)})
	check(t, err)
	h.Clock.Advance(time.Minute)
	for step := range strings.FieldsSeq(steps) {
		h.Lead(t, taken.ID, council.Petition{}, step)
	}
	return taken.ID
}

// say has a line taken in at a meeting where those named were present.
func (h *house) say(t testing.TB, present, words string) string {
	t.Helper()
	h.n++
	m, err := h.OpenMeeting(ctx, h.People["văn-thư"], intake.Announcement{HeldOn: clock.Today(h.Clock), Place: "Nhà văn hóa", Wards: "Ba Đình", Session: "Kỳ họp thứ 6", Present: present, Once: fmt.Sprint("m", h.n)})
	check(t, err)
	told, err := h.TakeLines(ctx, h.People["văn-thư"], m.ID, "", []intake.Line{{Text: words, Once: fmt.Sprint(h.n)}})
	check(t, err)
	check(t, told[0].Err)
	h.Clock.Advance(time.Minute)
	return told[0].Taken.ID
}

func (h *house) figures(t testing.TB, p intake.Period, personID string) intake.Figures {
	t.Helper()
	check(t, h.CountDeputies(ctx))
	c, err := h.Compare(ctx, h.People["thường-trực"], p, "")
	check(t, err)
	for _, r := range c.Rows {
		if r.PersonID == personID {
			return r.Figures
		}
	}
	t.Fatalf("%s is not among the deputies: %+v", personID, c.Rows)
	return intake.Figures{}
}

func (h *house) listed(t testing.TB, who org.Actor, personID string, p intake.Period) []intake.Brought {
	t.Helper()
	l, err := h.BroughtBy(ctx, who, personID, p, "", 50)
	check(t, err)
	return l.Rows
}

// TestDeputies follows what deputies brought to its end.
func TestDeputies(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const phúc = "đại-biểu"
		h.bring(t, phúc, "Kỳ họp thứ 5", council.Done)
		h.bring(t, phúc, "kỳ  họp thứ 5", "classify forward accept answer:underway")
		h.bring(t, phúc, "Kỳ họp thứ 6", "")
		sealed := h.bring(t, phúc, "Kỳ họp thứ 6", "")
		wrong := h.bring(t, phúc, "", "")
		h.say(t, "ông Ngô Xuân Phúc; Trần Thị Bình, Người Lạ", "Đề nghị sửa đoạn đường trước cổng trường học.")
		h.HandIn(t, council.Petition{Steps: council.Done}) // nobody brought it
		if f := h.figures(t, intake.Period{}, phúc); f.Brought != 6 || f.Forwarded != 2 || f.InTime != 2 || f.Open != 5 || f.Promises != 1 || f.Passed != 0 || f.Outcomes["done"] != 1 || f.Outcomes["underway"] != 1 {
			t.Errorf("%+v", f)
		}
		if f := h.figures(t, intake.Period{Session: "ky hop thu 5"}, phúc); f.Brought != 2 {
			t.Errorf("of one session, spelled in two ways: %+v", f)
		}
		if f, none := h.figures(t, intake.Period{TermID: "khoá-17"}, phúc), h.figures(t, intake.Period{TermID: "x"}, phúc); f.Brought != 6 || none.Brought != 0 {
			t.Errorf("of the term: %+v %+v", f, none)
		}
		// Sealed later: at once out of the list, and with the next counting out of the figures.
		h.Lead(t, sealed, council.Petition{}, "split")
		for _, who := range []string{"văn-thư", "thường-trực", phúc} {
			if rows := h.listed(t, h.People[who], phúc, intake.Period{}); len(rows) != 5 {
				t.Errorf("%s sees %d petitions", who, len(rows))
			}
		}
		check(t, h.App.Petitions.Refuse(ctx, h.People["văn-thư"], wrong, "withdrawn", "Nhập nhầm.", 0))
		if f := h.figures(t, intake.Period{}, phúc); f.Brought != 4 || f.Open != 3 {
			t.Errorf("after one was sealed and one withdrawn: %+v", f)
		}
		if rows := h.listed(t, h.People["chủ-tịch"], phúc, intake.Period{Session: "ky hop thu 5"}); len(rows) != 2 || rows[0].Outcome != "underway" || rows[1].Outcome != "done" || rows[0].Promised.IsZero() {
			t.Errorf("%+v", rows)
		}
		// A promise passes by itself.
		h.Clock.Advance(40 * 24 * time.Hour)
		if f := h.figures(t, intake.Period{}, phúc); f.Passed != 1 {
			t.Errorf("after the date: %+v", f)
		}
		before := h.figures(t, intake.Period{}, phúc)
		check(t, h.App.DB.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE petitions_deputy_counting SET seen = 0`)
			return err
		}))
		if again := h.figures(t, intake.Period{}, phúc); fmt.Sprint(again) != fmt.Sprint(before) {
			t.Errorf("counted anew: %+v, was %+v", again, before)
		}
	})
}

// TestWhoReadsDeputies: a deputy reads their own list and the figures of others;
// what is not public stays without words; nobody reads another council's.
func TestWhoReadsDeputies(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.bring(t, "đại-biểu", "", "")
		h.bring(t, "đại-biểu", "", "classify")
		h.bring(t, "bình-một", "", "")
		check(t, h.CountDeputies(ctx))
		for name, want := range map[string]struct{ compare, own, other bool }{
			"văn-thư": {true, true, true}, "lãnh-đạo-văn-phòng": {true, true, true}, "chủ-tịch": {true, true, true}, "thường-trực": {true, true, true}, "đại-biểu": {true, true, false},
			"ban-đô-thị": {}, "quản-trị": {}, "cán-bộ-xây-dựng": {}, "đầu-mối-xây-dựng": {}, "kiểm-tra": {},
			"văn-thư-phường": {true, false, false}, "đại-biểu-phường": {true, false, false}, "chủ-tịch-phường": {true, false, false},
		} {
			who := h.People[name]
			c, err := h.Compare(ctx, who, intake.Period{}, "")
			if want.compare != (err == nil) || err != nil && fault.KindOf(err) != fault.Missing {
				t.Errorf("%s compares: %v", name, err)
			}
			if err == nil && (who.CouncilID == "hn") != strings.Contains(fmt.Sprint(c.Rows), "Ngô Xuân Phúc") {
				t.Errorf("%s sees %v", name, c.Rows)
			}
			if (len(c.Unknown)+len(c.Ties) > 0) && name != "văn-thư" {
				t.Errorf("%s sees the clerk's names", name)
			}
			_, err = h.BroughtBy(ctx, who, "đại-biểu", intake.Period{}, "", 10)
			if want.own != (err == nil) || err != nil && fault.KindOf(err) != fault.Missing {
				t.Errorf("%s reads the list: %v", name, err)
			}
			if _, err = h.BroughtBy(ctx, who, "bình-một", intake.Period{}, "", 10); want.other != (err == nil) {
				t.Errorf("%s reads the other's list: %v", name, err)
			}
		}
		for _, b := range h.listed(t, h.People["đại-biểu"], "đại-biểu", intake.Period{}) {
			if strings.Contains(b.Title, "quokka") && !b.Public {
				t.Errorf("a deputy reads the voter's words of %s", b.Code)
			}
		}
	})
}

// TestTieName: a name that fits two deputies counts for nobody until the clerk
// says whose it is; each decision is one entry in the log.
func TestTieName(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.say(t, "Bà TRẦN THỊ BÌNH", "Đề nghị sửa đoạn đường trước cổng trường học.")
		clerk := h.People["văn-thư"]
		if h.figures(t, intake.Period{}, "bình-một").Brought+h.figures(t, intake.Period{}, "bình-hai").Brought != 0 {
			t.Error("a name of two deputies was guessed")
		}
		c, err := h.Compare(ctx, clerk, intake.Period{}, "")
		check(t, err)
		if len(c.Unknown) != 1 || c.Unknown[0].Key != "tran thi binh" || c.Unknown[0].N != 1 {
			t.Fatalf("%+v", c.Unknown)
		}
		for range 2 { // a double press
			check(t, h.TieName(ctx, clerk, "tran thi binh", "bình-hai"))
		}
		if one, two := h.figures(t, intake.Period{}, "bình-một").Brought, h.figures(t, intake.Period{}, "bình-hai").Brought; one != 0 || two != 1 {
			t.Errorf("tied: %d and %d", one, two)
		}
		if rows := h.listed(t, clerk, "bình-hai", intake.Period{}); len(rows) != 1 {
			t.Errorf("%d petitions", len(rows))
		}
		check(t, h.TieName(ctx, clerk, "tran thi binh", ""))
		if n := h.figures(t, intake.Period{}, "bình-hai").Brought; n != 0 {
			t.Errorf("untied: %d", n)
		}
		check(t, h.TieName(ctx, clerk, "ngo xuan phuc", "")) // another person of the deputy's name
		h.say(t, "Ngô Xuân Phúc (khách)", "Đề nghị sửa đoạn đường trước cổng trường học.")
		if n := h.figures(t, intake.Period{}, "đại-biểu").Brought; n != 0 {
			t.Errorf("an untied name still counts: %d", n)
		}
		var verbs []string
		check(t, h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
			verbs, err = db.All[string](ctx, tx, `SELECT verb FROM audit_entries WHERE verb LIKE 'intake.%tie_deputy' ORDER BY id`)
			return err
		}))
		if fmt.Sprint(verbs) != "[intake.tie_deputy intake.untie_deputy intake.untie_deputy]" {
			t.Errorf("in the log: %v", verbs)
		}
		for _, bad := range []struct{ key, person, fault string }{{"tran thi binh", "phường", "intake.no_deputy"}, {"tran thi binh", "văn-thư", "intake.no_deputy"}, {"", "bình-một", "intake.no_name"},
			{"@bình-hai", "bình-một", "intake.no_name"}, {strings.Repeat("x", 500), "bình-một", "intake.no_name"}} {
			if err := h.TieName(ctx, clerk, bad.key, bad.person); !fault.Is(err, bad.fault) {
				t.Errorf("%q to %s: %v", bad.key, bad.person, err)
			}
		}
		for _, who := range []string{"thường-trực", "đại-biểu", "lãnh-đạo-văn-phòng"} {
			if err := h.TieName(ctx, h.People[who], "tran thi binh", "bình-một"); fault.KindOf(err) != fault.Missing {
				t.Errorf("%s tied a name: %v", who, err)
			}
		}
		if _, err := h.TakeLetter(ctx, clerk, intake.LetterIn{Channel: intake.Letter, Day: clock.Today(h.Clock), Ward: "Ba Đình", DeputyID: "phường", Text: "Đề nghị xem xét việc chung của tổ."}); !fault.Is(err, "intake.no_deputy") {
			t.Errorf("a letter by another council's deputy: %v", err)
		}
	})
}

// TestDeputyPages reads the pages as they are sent.
func TestDeputyPages(t *testing.T) {
	h := furnished(t, council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...)))
	ask := func(who, method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("X-Who", who)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.server.ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), "⟦") {
			t.Errorf("%s: no sentence in %.200s", path, w.Body.String()[strings.Index(w.Body.String(), "⟦"):])
		}
		return w
	}
	for _, path := range []string{"/petitions/deputies", "/petitions/deputies.csv", "/intake/deputies/đại-biểu", "/intake/deputies/đại-biểu/export.csv"} {
		if w := ask("chủ-tịch", "GET", path, nil); w.Code != http.StatusOK {
			t.Errorf("with nothing brought, %s: %d", path, w.Code)
		}
	}
	h.bring(t, "đại-biểu", "=HYPERLINK(1)", council.Done)
	h.say(t, "Người Lạ <b>", "Đề nghị sửa đoạn đường trước cổng trường học.")
	check(t, h.CountDeputies(ctx))
	wants := func(who, path string, words ...string) {
		t.Helper()
		w := ask(who, "GET", path, nil)
		for _, word := range words {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s, %s: %d, no %q\n%.2500s", who, path, w.Code, word, w.Body)
			}
		}
	}
	wants("thường-trực", "/petitions/deputies", "Ngô Xuân Phúc", `href="/intake/deputies/`, "Đã giải quyết xong: 1", "Số liệu tính đến")
	wants("văn-thư", "/petitions/deputies", "Tên đại biểu cần gắn", "Người Lạ &lt;b&gt;: 1 kiến nghị")
	wants("văn-thư", "/intake/meetings", "Mở hội nghị")
	wants("văn-thư", "/intake/letters", "Đại biểu chuyển kiến nghị", "Ngô Xuân Phúc")
	wants("thường-trực", "/petitions/deputies.csv", "Ngô Xuân Phúc,")
	wants("thường-trực", "/intake/deputies/đại-biểu", "Đã giải quyết xong", "=HYPERLINK")
	wants("thường-trực", "/intake/deputies/đại-biểu/export.csv", "'=HYPERLINK")
	if w := ask("đại-biểu", "GET", "/petitions/deputies", nil); strings.Count(w.Body.String(), `href="/intake/deputies/`) != 1 || strings.Contains(w.Body.String(), "Người Lạ") {
		t.Errorf("a deputy's page: %d", w.Code)
	}
	if w := ask("văn-thư", "POST", "/intake/deputies/ties", url.Values{"key": {"nguoi la b"}, "person": {"bình-một"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	wants("văn-thư", "/petitions/deputies", "“nguoi la b” đang gắn với Trần Thị Bình", "Bỏ gắn")
	for who, status := range map[string]int{"đại-biểu": http.StatusNotFound, "nobody": http.StatusSeeOther} {
		if w := ask(who, "GET", "/intake/deputies/bình-một", nil); w.Code != status {
			t.Errorf("%s: %d", who, w.Code)
		}
	}
}
