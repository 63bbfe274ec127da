package gate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/testkit"
)

func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, audit.Migrations, jobs.Migrations, notify.Migrations, cases.Migrations, {Name: "petitions", Files: os.DirFS("..")}, Migrations}
}

// world is two councils with their offices, and a hand-in that writes the rows
// that the module's own does.
type world struct {
	*Desk
	db       *db.DB
	clock    *clock.Movable
	log      *audit.Log
	words    *text.Catalogue
	released []string
	refusing func(id string) // called before each refusal
	number   int
}

var (
	clerk   = org.Actor{PersonID: "an", Name: "Nguyễn Văn An", PostID: "post-an", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Clerk}}
	head    = org.Actor{PersonID: "lan", Name: "Đinh Thị Lan", PostID: "post-lan", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Head}}
	second  = org.Actor{PersonID: "tuấn", Name: "Lê Tuấn", PostID: "post-tuấn", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Head}}
	ward    = org.Actor{PersonID: "mai", Name: "Vũ Mai", PostID: "post-mai", BodyID: "bd-vp", BodyKind: org.Office, CouncilID: "bd", Roles: []org.Role{org.Clerk, org.Head}}
	agency  = org.Actor{PersonID: "hà", Name: "Đỗ Hà", PostID: "post-hà", BodyID: "sxd", BodyKind: org.Agency, CouncilID: "hn", Roles: []org.Role{org.Clerk, org.Head}}
	auditor = org.Actor{PersonID: "bình", Name: "Trần Bình", PostID: "post-bình", BodyID: "tt", BodyKind: org.StandingCommittee, CouncilID: "hn", Roles: []org.Role{org.Auditor}}
	deputy  = org.Actor{PersonID: "yến", Name: "Phạm Yến", PostID: "post-yến", BodyID: "tt", BodyKind: org.DeputiesGroup, CouncilID: "hn", Roles: []org.Role{org.Deputy}}
)

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, schemas()...)
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t)}
	key, err := audit.NewKey("test.hdnd.vn/log")
	if err != nil {
		t.Fatal(err)
	}
	w.log = audit.New(d, w.clock, key)
	if w.words, err = text.Load(Files, web.Files, org.Files, db.Files, notify.Files, os.DirFS("..")); err != nil {
		t.Fatal(err)
	}
	queue := jobs.New(d, w.clock)
	queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	notifier, err := notify.New(notify.Deps{DB: d, Clock: w.clock, Jobs: queue, Live: live.New(0), Text: w.words, Address: "https://kn.example.vn"})
	if err != nil {
		t.Fatal(err)
	}
	w.Desk, err = New(Deps{DB: d, Clock: w.clock, Audit: w.log, Queue: queue, Notify: notifier, Secret: []byte(strings.Repeat("bí mật ", 8)),
		Office: func(_ context.Context, _ *db.Tx, councilID string) (string, error) {
			return map[string]string{"hn": "vp", "bd": "bd-vp"}[councilID], nil
		},
		Refuse: w.refuse, Restore: w.restore, Similar: w.similar,
		Released: func(_ context.Context, tx *db.Tx, id string) error {
			tx.AfterCommit(func() { w.released = append(w.released, id) })
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range w.Jobs() {
		queue.Handle(j.Kind, j.Handle)
	}
	w.furnish(t)
	return w
}

func (w *world) furnish(t testing.TB) {
	t.Helper()
	ctx, from := context.Background(), clock.NewDate(2025, 7, 1)
	w.tx(t, func(tx *db.Tx) error {
		errs := []error{
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City, UnitCode: "01"}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, UnitCode: "00004", ParentID: "hn"}),
			org.AddBody(ctx, tx, org.Body{ID: "vp", CouncilID: "hn", Kind: org.Office, Code: "vp", Name: "Văn phòng", ValidFrom: from}),
			org.AddBody(ctx, tx, org.Body{ID: "bd-vp", CouncilID: "bd", Kind: org.Office, Code: "vp", Name: "Văn phòng", ValidFrom: from}),
			org.AddUnit(ctx, tx, org.Unit{Code: "00004", Name: "Ba Đình", FullName: "Phường Ba Đình", Kind: "ward", Parent: "01", ValidFrom: from}),
		}
		for _, p := range []org.Actor{clerk, head, second, ward} {
			errs = append(errs, org.AddPerson(ctx, tx, org.Person{ID: p.PersonID, Name: p.Name}),
				org.AddPost(ctx, tx, org.Post{ID: p.PostID, PersonID: p.PersonID, BodyID: p.BodyID, Title: "Chuyên viên", Roles: db.JSON[[]org.Role]{V: p.Roles}, Starts: from}))
		}
		return errors.Join(errs...)
	})
}

func (w *world) tx(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := w.db.Tx(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func (w *world) count(t testing.TB, q string, args ...any) (n int) {
	t.Helper()
	err := w.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](context.Background(), tx, q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func insertCase(ctx context.Context, tx *db.Tx, id, council, words string, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO cases_cases (id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at, owner_body_id,
		holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision)
		VALUES ($1, $2, 'petition', 1, $3, $4, 'received', 'owner', TRUE, 1, $5, $5, 0, 'vp', '', '', '', '', '00004', FALSE, FALSE, '', 1)`,
		id, council, "KN26-"+strings.ToUpper(id[len(id)-8:]), words, at)
	return err
}

// enter writes a petition as Receive does, with the verdict's trace.
func (w *world) enter(ctx context.Context, a Attempt, v Verdict) (string, error) {
	now := w.clock.Now()
	id := db.NewID(now)
	return id, w.db.Tx(ctx, func(tx *db.Tx) error {
		if err := insertCase(ctx, tx, id, a.CouncilID, a.Text, db.At(now)); err != nil {
			return err
		}
		return w.Noted(ctx, tx, id, v)
	})
}

// voter is an attempt of somebody who did everything as a person does.
func (w *world) voter(address string) Attempt {
	w.number++
	// The page was drawn a minute ago.
	w.clock.Advance(-60e9)
	drawn := w.Draw()
	w.clock.Advance(60e9)
	return Attempt{Kind: Petition, Address: netip.MustParseAddr(address), CouncilID: "hn", UnitCode: "00004", Drawn: drawn,
		Text: fmt.Sprintf("Kính đề nghị sửa đèn đường ở ngõ số %d phố số %d vì tối quá", w.number, w.number*7)}
}

func (w *world) judge(t testing.TB, a Attempt) Verdict {
	t.Helper()
	v, err := w.Judge(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// send does what a browser does: it solves a challenge when it gets one.
func (w *world) send(t testing.TB, a Attempt) (id string, v Verdict, asked bool) {
	t.Helper()
	v = w.judge(t, a)
	if v.Grade == Asked {
		asked = true
		a.Once, a.Proof = v.Challenge.Once, Solution{Token: v.Challenge.Token, Nonce: solve(v.Challenge)}
		v = w.judge(t, a)
	}
	if v.Grade == Flood {
		return "", v, asked
	}
	id, err := w.enter(context.Background(), a, v)
	if err != nil {
		t.Fatal(err)
	}
	return id, v, asked
}

// solve tries numbers as the browser's script does.
func solve(c *Challenge) string {
	for n := 0; ; n++ {
		if nonce := fmt.Sprint(n); c.solved(nonce) {
			return nonce
		}
	}
}

func (w *world) refuse(ctx context.Context, _ org.Actor, id, reason, _ string) (done bool, err error) {
	if w.refusing != nil {
		w.refusing(id)
	}
	err = w.db.Tx(ctx, func(tx *db.Tx) error {
		state, err := db.One[string](ctx, tx, `SELECT state FROM cases_cases WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if done = state == "refused"; done || state != "received" {
			return nil
		}
		done = true
		return tx.ExecOne(ctx, `UPDATE cases_cases SET state = 'refused', open = FALSE WHERE id = $1 AND state = 'received'`, id)
	})
	return done && reason != "", err
}

func (w *world) restore(ctx context.Context, _ org.Actor, id, _ string) (bool, error) {
	var n int64
	err := w.db.Tx(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, `UPDATE cases_cases SET state = 'received', open = TRUE WHERE id = $1 AND state = 'refused'`, id)
		return err
	})
	return n == 1, err
}

func (w *world) similar(ctx context.Context, councilID, id string, most int) (ids []string, err error) {
	err = w.db.Read(ctx, func(tx *db.Tx) error {
		ids, err = db.All[string](ctx, tx, `SELECT o.id FROM cases_cases o JOIN cases_cases c ON c.title = o.title WHERE c.id = $1 AND o.council_id = $2 LIMIT $3`, id, councilID, most)
		return err
	})
	return ids, err
}

func (w *world) drain(t testing.TB) {
	t.Helper()
	if _, err := w.Queue.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func wants(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Errorf("got %v, want a fault of kind %s", err, kind)
	}
}

// house serves the office's addresses and a public form made as petitions
// makes its own; the cookie "who" says who asks.
func (w *world) house(t *testing.T) http.Handler {
	t.Helper()
	routes := append(w.Routes(), web.Route{Pattern: "GET /gui", Needs: auth.Public, Handle: w.publicForm}, web.Route{Pattern: "POST /gui", Needs: auth.Public, Handle: w.publicSend},
		web.Route{Pattern: "GET /xong/{petition}", Needs: auth.Public, Handle: func(rw http.ResponseWriter, r *http.Request) error {
			return web.Page(rw, r, web.Head{Title: "Biên nhận", Public: true}, HeldNote())
		}})
	people := map[string]org.Actor{"clerk": clerk, "head": head, "second": second, "ward": ward, "agency": agency, "auditor": auditor, "deputy": deputy}
	s, err := web.NewServer(web.Options{Catalogue: w.words, Clock: w.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Routes: routes, Menu: w.Menu(), TempDir: t.TempDir(),
		Resolve: func(r *http.Request) (org.Actor, error) {
			if c, err := r.Cookie("who"); err == nil {
				return people[c.Value], nil
			}
			return org.Actor{}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type page struct {
	status   int
	body     string
	location string
}

// ask sends a request; form nil means GET.
func ask(t *testing.T, h http.Handler, who, target string, form url.Values) page {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	if form != nil {
		r = httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.RemoteAddr = "203.0.113.9:4711"
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "who", Value: who})
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	p := page{rec.Code, rec.Body.String(), rec.Header().Get("Location")}
	if i := strings.Index(p.body, "⟦"); i >= 0 {
		t.Errorf("%s: a sentence is missing: %.80s", target, p.body[i:])
	}
	return p
}

func (w *world) work() jobs.Work { return jobs.Work{} }

func testOpen(t testing.TB) *db.DB {
	t.Helper()
	return testkit.OpenSQLite(t, schemas()...)
}
