package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/testkit"
)

// schemas are the real tables that intake stands on, the module's own included.
func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, audit.Migrations, auth.Migrations, jobs.Migrations, {Name: "documents", Files: documents.Files}, {Name: "cases", Files: cases.Files},
		{Name: "petitions", Files: os.DirFS("..")}, Migrations}
}

// world is two councils with their clerks, and a Receive that writes the rows
// that the module's own does.
type world struct {
	*Desk
	db    *db.DB
	clock *clock.Movable
	log   *audit.Log
	words *text.Catalogue
	// received counts calls of Receive; failAt makes one of them fail.
	received, failAt atomic.Int64
	touched          map[string]bool // petitions somebody has worked on
	stop             func()          // called at failAt
}

var (
	clerk = org.Actor{PersonID: "an", Name: "Nguyễn Văn An", PostID: "post-an", BodyID: "vp", BodyName: "Văn phòng", BodyKind: org.Office, CouncilID: "hn", Level: org.City,
		Roles: []org.Role{org.Clerk}}
	wardClerk = org.Actor{PersonID: "lan", Name: "Đinh Thị Lan", PostID: "post-lan", BodyID: "bd-vp", BodyKind: org.Office, CouncilID: "bd", Level: org.Commune, Roles: []org.Role{org.Clerk}}
	agency    = org.Actor{PersonID: "hà", PostID: "post-hà", BodyID: "sxd", BodyKind: org.Agency, CouncilID: "hn", Level: org.City, Roles: []org.Role{org.Clerk}}
)

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, schemas()...)
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t), touched: map[string]bool{}}
	key, err := audit.NewKey("test.hdnd.vn/log")
	if err != nil {
		t.Fatal(err)
	}
	w.log = audit.New(d, w.clock, key)
	if w.words, err = text.Load([]fs.FS{Files, web.Files, org.Files, db.Files, documents.Files, os.DirFS("..")}...); err != nil {
		t.Fatal(err)
	}
	folder, err := documents.OpenFolder(t.TempDir(), w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	queue := jobs.New(d, w.clock)
	queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	w.Desk = New(Deps{DB: d, Clock: w.clock, Audit: w.log, Queue: queue, Words: w.words,
		Documents: documents.New(documents.Deps{DB: d, Blobs: folder, Clock: w.clock, Tools: documents.FindTools(), Scratch: t.TempDir()}),
		Receive:   w.receive, ReceiveAll: w.receiveAll, Check: check, Withdraw: w.withdraw})
	for _, j := range w.Jobs() {
		queue.Handle(j.Kind, j.Handle)
	}
	w.furnish(t)
	return w
}

func (w *world) furnish(t testing.TB) {
	t.Helper()
	from := clock.NewDate(2025, 7, 1)
	ctx := context.Background()
	err := w.db.Tx(ctx, func(tx *db.Tx) error {
		errs := []error{
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City, UnitCode: "01"}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, UnitCode: "00004", ParentID: "hn"}),
			org.AddBody(ctx, tx, org.Body{ID: "vp", CouncilID: "hn", Kind: org.Office, Code: "vp", Name: "Văn phòng", ValidFrom: from}),
			org.AddPerson(ctx, tx, org.Person{ID: "bình", Name: "Trần Thị Bình"}),
			org.AddPost(ctx, tx, org.Post{ID: "post-bình", PersonID: "bình", BodyID: "vp", Title: "Đại biểu", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Deputy}}, Starts: from}),
		}
		for _, u := range [][3]string{{"00004", "Ba Đình", "01"}, {"00008", "Ngọc Hà", "01"}, {"00025", "Giảng Võ", "01"}, {"09999", "Xa Lạ", "99"}} {
			errs = append(errs, org.AddUnit(ctx, tx, org.Unit{Code: u[0], Name: u[1], FullName: "Phường " + u[1], Kind: "ward", Parent: u[2], ValidFrom: from}))
		}
		for _, s := range [][2]string{{"Phường Trúc Bạch", "00004"}, {"Phường Quán Thánh", "00004"}, {"Phường Liễu Giai", "00008"}, {"Phường Liễu Giai", "00025"}} {
			errs = append(errs, org.AddSuccessor(ctx, tx, org.Successor{OldCode: text.Fold(s[0]) + s[1], OldName: s[0], NewCode: s[1], Since: from}))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// check refuses as the module does.
func check(o Opinion) error {
	var faults []*fault.Fault
	switch n := utf8.RuneCountInString(text.Line(o.Text)); {
	case n == 0:
		faults = append(faults, fault.New(fault.Invalid, "petitions.text_empty").At("text"))
	case n < 20:
		faults = append(faults, fault.New(fault.Invalid, "petitions.text_short", "min", 20).At("text"))
	}
	if strings.ContainsFunc(o.Phone, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
		faults = append(faults, fault.New(fault.Invalid, "petitions.phone_wrong").At("phone"))
	}
	return fault.Join(faults...)
}

var errCrash = errors.New("the program was killed here")

func (w *world) receive(ctx context.Context, who org.Actor, o Opinion) (taken Taken, err error) {
	all, errs := w.receiveAll()(ctx, who, []Opinion{o})
	return all[0], errs[0]
}

// receiveAll takes opinions in by one transaction.
func (w *world) receiveAll() func(ctx context.Context, who org.Actor, all []Opinion) ([]Taken, []error) {
	return func(ctx context.Context, who org.Actor, all []Opinion) ([]Taken, []error) {
		taken, errs := make([]Taken, len(all)), make([]error, len(all))
		ids := make([]string, len(all))
		var away error
		for i, o := range all {
			ids[i] = db.NewID(w.clock.Now())
			if errs[i] = check(o); errs[i] != nil {
				continue
			}
			if n := w.received.Add(1); n == w.failAt.Load() && w.stop != nil {
				w.stop()
			} else if n == w.failAt.Load() {
				away = fault.New(fault.Unavailable, "db.away").Because(errCrash)
			}
		}
		err := w.db.Tx(ctx, func(tx *db.Tx) error {
			for i, o := range all {
				var err error
				if errs[i] != nil {
					continue
				}
				if taken[i], err = w.write(ctx, tx, who, o, ids[i]); err != nil {
					return err
				}
			}
			return away
		})
		for i := range errs {
			if errs[i] == nil {
				errs[i] = err
			}
		}
		return taken, errs
	}
}

func (w *world) write(ctx context.Context, tx *db.Tx, who org.Actor, o Opinion, id string) (Taken, error) {
	now := w.clock.Now()
	taken := Taken{ID: id, Code: "KN26-" + strings.ToUpper(id[14:])}
	if o.Once != "" {
		n, err := tx.Exec(ctx, `INSERT INTO petitions_once (mark, petition_id, at) VALUES ($1, $2, $3) ON CONFLICT (mark) DO NOTHING`, o.Once, id, db.At(now))
		if err != nil {
			return Taken{}, err
		}
		if n == 0 {
			return again(ctx, tx, o.Once)
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO cases_cases (id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at, owner_body_id,
			holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision)
		VALUES ($1, $2, 'petition', 1, $3, $4, 'received', 'owner', TRUE, 1, $5, $5, 0, $6, '', '', '', '', $7, FALSE, FALSE, '2027-01-15', 1)`,
		id, who.CouncilID, taken.Code, shortCell(o.Text), db.At(now), who.BodyID, o.Ward); err != nil {
		return Taken{}, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO petitions_petitions (id, council_id, text, public_text, voter_name, email, phone, lang, access_key, consent_at, authority, newness, body_id, split_kind,
			asked_days, asked_document, created_at) VALUES ($1, $2, $3, '', $4, $5, $6, 'vi', 'x', 0, '', '', '', '', 0, '', $7)`,
		id, who.CouncilID, o.Text, o.Name, o.Email, o.Phone, db.At(now)); err != nil {
		return Taken{}, err
	}
	if err := o.Note(ctx, tx, id); err != nil {
		return Taken{}, err
	}
	_, err := w.log.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: id, Ref: taken.Code, Verb: "petitions.receive", At: now, Who: who})
	return taken, err
}

func again(ctx context.Context, tx *db.Tx, mark string) (Taken, error) {
	type row struct {
		ID   string `db:"id"`
		Code string `db:"code"`
	}
	r, err := db.One[row](ctx, tx, `SELECT c.id, c.code FROM petitions_once o JOIN cases_cases c ON c.id = o.petition_id WHERE o.mark = $1`, mark)
	return Taken{ID: r.ID, Code: r.Code, Again: true}, err
}

func (w *world) withdraw(ctx context.Context, _ org.Actor, id, _ string) (bool, error) {
	if w.touched[id] {
		return false, nil
	}
	return true, w.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE cases_cases SET state = 'withdrawn', open = FALSE WHERE id = $1`, id)
		return err
	})
}

func (w *world) count(t testing.TB, q string, args ...any) (n int) {
	t.Helper()
	err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](t.Context(), tx, q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// petitions counts those that stand.
func (w *world) petitions(t testing.TB) int {
	t.Helper()
	return w.count(t, `SELECT COUNT(*) FROM cases_cases WHERE state <> 'withdrawn'`)
}

func (w *world) say(f *fault.Fault) string {
	return sentence(text.With(context.Background(), w.words, text.Vi), f)
}

// sheet makes a workbook of rows; a nil row stays empty.
func sheet(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	return written(t, f)
}

func written(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// batch uploads a workbook and checks it with the guessed columns.
func (w *world) batch(t testing.TB, who org.Actor, file []byte) BatchView {
	t.Helper()
	b, err := w.TakeWorkbook(t.Context(), who, "sổ.xlsx", "", file)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.CheckBatch(t.Context(), who, b.ID, Matching{HeaderRow: b.HeaderRow, Columns: b.Columns.V}); err != nil {
		t.Fatal(err)
	}
	return w.view(t, who, b.ID)
}

func (w *world) view(t testing.TB, who org.Actor, id string) BatchView {
	t.Helper()
	v, err := w.View(t.Context(), who, id, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) drain(t testing.TB) {
	t.Helper()
	if _, err := w.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// browser sends requests as one person.
type browser struct {
	t      testing.TB
	client *http.Client
	at     string
	who    string
}

type page struct {
	status int
	body   string
	header http.Header
}

// browse serves the package's own addresses; the cookie says who asks.
func (w *world) browse(t *testing.T, who string) *browser {
	t.Helper()
	server, err := web.NewServer(web.Options{Catalogue: w.words, Clock: w.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Routes: w.Routes(), Menu: w.Menu(), TempDir: t.TempDir(),
		Resolve: func(r *http.Request) (org.Actor, error) {
			c, err := r.Cookie("who")
			if err != nil {
				return org.Actor{}, nil
			}
			return map[string]org.Actor{"clerk": clerk, "ward": wardClerk, "agency": agency}[c.Value], nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server)
	t.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, client: &http.Client{Jar: jar}, at: s.URL, who: who}
}

func (b *browser) do(r *http.Request, err error) page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "who", Value: b.who})
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		b.t.Fatal(err)
	}
	if strings.Contains(string(body), "⟦") {
		b.t.Errorf("%s: no sentence for %.80s", r.URL, string(body)[strings.Index(string(body), "⟦"):])
	}
	return page{res.StatusCode, string(body), res.Header}
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.do(http.NewRequest(http.MethodGet, b.at+path, nil))
}

func (b *browser) post(path string, form url.Values) page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.at+path, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.do(r, err)
}

func testOpen(t testing.TB) *db.DB {
	t.Helper()
	return testkit.OpenSQLite(t, schemas()...)
}

func (w *world) vietnamese() context.Context {
	return text.With(context.Background(), w.words, text.Vi)
}
