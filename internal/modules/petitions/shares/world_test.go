package shares_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a council whose petitions run by the real procedure; its guards and
// steps are the module's, so here they only move the petition.
type world struct {
	*shares.Desk
	db       *db.DB
	clock    *clock.Movable
	log      *audit.Log
	calendar *calendar.Register
	engine   *cases.Engine
	org      *org.Desk
	notify   *notify.Notifier
	hub      *live.Hub
	papers   *documents.Registry
	catalog  *text.Catalogue
	words    map[string]shares.Words
	to       string // the body that the next forwarding goes to
}

// folk are the people: id, body, role. Each holds the post "post-" and the id.
var folk = [][3]string{
	{"lan", "vp", "clerk"}, {"hùng", "vp", "head"}, {"quân", "vp", "admin"}, {"sơn", "tt", "chair"}, {"vân", "tt", "standing"}, {"thắng", "ban", "committee"}, {"đức", "ban-khác", "committee"},
	{"phúc", "tổ", "deputy"}, {"giang", "sxd", "body_head"}, {"yến", "sxd", "body_clerk"}, {"huy", "sxd", "handler"},
	{"long", "sgtvt", "body_clerk"}, {"thư", "sgtvt", "body_head"}, {"nam", "sgtvt", "handler"}, {"an", "sgtvt", "handler"},
	{"bảo", "ubnd", "body_clerk"}, {"chi", "stc", "body_clerk"}, {"tâm", "bd-vp", "clerk"}, {"hòa", "bd-vp", "head"},
}

func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, audit.Migrations, calendar.Migrations, jobs.Migrations, {Name: "documents", Files: documents.Files}, notify.Migrations, cases.Migrations, shares.Migrations}
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, schemas()...)
}

type recorder struct {
	log   *audit.Log
	clock clock.Clock
}

func (r recorder) Record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	_, err := r.log.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: subject, Ref: subject, Verb: verb, At: r.clock.Now(), Who: who, Details: details})
	return err
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

// limits are the shipped rules, and the one of this package while they lack it.
func limits(t testing.TB) *calendar.Rules {
	t.Helper()
	shipped := must(fs.ReadFile(calendar.Files, "rules/petitions.toml"))(t)
	if !bytes.Contains(shipped, []byte(`"petitions.share"`)) {
		shipped = append(shipped, "\n[[rule]]\nkey = \"petitions.share\"\ncount = 10\nunit = \"working-day\"\nconfirmed = false\nfrom = \"2000-01-01\"\nsource = \"tạm đặt\"\nnote = \"phối hợp\"\n"...)
	}
	return must(calendar.ReadRules(fstest.MapFS{"rules/petitions.toml": {Data: shipped}}))(t)
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t), hub: live.New(0), words: map[string]shares.Words{}, to: "sxd"}
	t.Cleanup(w.hub.Close)
	w.log = audit.New(d, w.clock, must(audit.NewKey("hdnd.example.vn/test"))(t))
	rec := recorder{w.log, w.clock}
	w.org = org.New(org.Deps{DB: d, Clock: w.clock, Recorder: rec})
	w.calendar = must(calendar.New(calendar.Deps{DB: d, Clock: w.clock, Recorder: rec}))(t)
	w.catalog = must(text.Load(notify.Files, cases.Files, web.Files, org.Files, db.Files, documents.Files, os.DirFS(".."), shares.Files))(t)
	queue := jobs.New(d, w.clock)
	queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	w.notify = must(notify.New(notify.Deps{DB: d, Clock: w.clock, Jobs: queue, Live: w.hub, Text: w.catalog, Address: "https://hdnd.example.vn"}))(t)
	folder := must(documents.OpenFolder(t.TempDir(), w.clock.Now()))(t)
	w.papers = documents.New(documents.Deps{DB: d, Blobs: folder, Clock: w.clock, Tools: documents.FindTools(), Scratch: t.TempDir()})
	w.engine = w.runEngine(t)
	w.Desk = shares.New(shares.Deps{DB: d, Clock: w.clock, Audit: w.log, Cases: w.engine, Notify: w.notify, Documents: w.papers, Text: w.catalog,
		MayRead: auth.Permission{Name: "petitions.read", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.Deputy, org.BodyClerk, org.Handler, org.BodyHead}},
		Words: func(_ context.Context, _ *db.Tx, ids []string) (map[string]shares.Words, error) {
			some := map[string]shares.Words{}
			for _, id := range ids {
				some[id] = w.words[id]
			}
			return some, nil
		},
		Bodies: func(ctx context.Context, tx *db.Tx, councilID string, _ clock.Date) ([]org.Body, error) {
			c, err := org.CouncilOf(ctx, tx, councilID)
			if err != nil {
				return nil, err
			}
			return org.AnsweringTo(ctx, tx, c)
		},
		Keep: w.keep, Take: w.take})
	w.org.Followers = []org.BodyFollower{w.engine, w.Desk}
	w.furnish(t)
	if err := w.engine.Release(ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) keep(ctx context.Context, tx *db.Tx, files []documents.Draft, c *cases.Case, bodyID string, who org.Actor) error {
	for _, f := range files {
		_, err := w.papers.Attach(ctx, tx, f, documents.For{CouncilID: c.CouncilID, BodyID: bodyID, Subject: documents.Subject{Kind: "petition", ID: c.ID}, Kind: "evidence", Title: f.Name, By: who.PersonID, At: w.clock.Now()})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) take(ctx context.Context, form *web.Form) (all []documents.Draft, token string, err error) {
	for _, f := range form.Files("files") {
		one, err := w.papers.Take(ctx, documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }}, documents.UsualLimits())
		if err != nil {
			return nil, "", err
		}
		all = append(all, one)
	}
	return all, "", nil
}

// runEngine runs the real procedure of petitions.
func (w *world) runEngine(t testing.TB) *cases.Engine {
	t.Helper()
	guards, steps := map[string]cases.Guard{}, map[string]cases.Step{}
	for _, name := range []string{"known_field", "known_body", "known_reason", "known_return", "known_outcome", "known_quality", "own_officer", "days_asked", "extension_asked", "every_point", "within_contest", "contest_once"} {
		guards[name] = func(context.Context, *db.Tx, cases.Move) error { return nil }
	}
	for _, name := range []string{"note_in_search", "assign_field", "transfer_letter"} {
		steps[name] = func(context.Context, *db.Tx, cases.Move) error { return nil }
	}
	set := func(change func(c *cases.Case, in *cases.Input)) cases.Step {
		return func(_ context.Context, _ *db.Tx, m cases.Move) error { change(m.Case, m.Input); return nil }
	}
	steps["assign_examiner"] = set(func(c *cases.Case, _ *cases.Input) { c.ExaminerBodyID = "ban" })
	steps["assign_officer"] = set(func(c *cases.Case, in *cases.Input) { c.AssigneePostID = in.Field("post") })
	steps["hand_over"] = set(func(c *cases.Case, _ *cases.Input) { c.HolderBodyID, c.AssigneePostID = w.to, "" })
	steps["take_back"] = set(func(c *cases.Case, _ *cases.Input) { c.HolderBodyID, c.AssigneePostID = "", "" })
	steps["seal"] = set(func(c *cases.Case, _ *cases.Input) { c.Sealed, c.Public = true, false })
	return must(cases.New(cases.Deps{DB: w.db, Clock: w.clock, Audit: w.log, Calendar: w.calendar, Rules: limits(t), Notify: w.notify, Live: w.hub},
		cases.Offer{Module: "petitions", Files: os.DirFS(".."), Guards: guards, Steps: steps,
			Notify: func(ctx context.Context, tx *db.Tx, m cases.Move) error { return w.Moved(ctx, tx, m) }}))(t)
}

func (w *world) furnish(t testing.TB) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		errs := []error{
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, ParentID: "hn"}),
		}
		for _, b := range []org.Body{
			{ID: "vp", Kind: org.Office, Name: "Văn phòng"}, {ID: "tt", Kind: org.StandingCommittee, Name: "Thường trực"}, {ID: "ban", Kind: org.Committee, Name: "Ban Đô thị"},
			{ID: "ban-khác", Kind: org.Committee, Name: "Ban Văn hóa"}, {ID: "tổ", Kind: org.DeputiesGroup, Name: "Tổ 1"},
			{ID: "sxd", Kind: org.Agency, Name: "Sở Xây dựng"}, {ID: "sgtvt", Kind: org.Agency, Name: "Sở Giao thông", SortKey: "2"}, {ID: "stc", Kind: org.Agency, Name: "Sở Tài chính", SortKey: "1"},
			{ID: "ubnd", Kind: org.PeoplesCommittee, CouncilID: "bd", Name: "UBND phường Ba Đình"}, {ID: "bd-vp", Kind: org.Office, CouncilID: "bd", Name: "Văn phòng phường"},
		} {
			if b.Code = b.ID; b.CouncilID == "" {
				b.CouncilID = "hn"
			}
			errs = append(errs, org.AddBody(ctx, tx, b))
		}
		for _, p := range folk {
			errs = append(errs, org.AddPerson(ctx, tx, org.Person{ID: p[0], Name: "Nguyễn " + p[0]}),
				org.AddPost(ctx, tx, org.Post{ID: "post-" + p[0], PersonID: p[0], BodyID: p[1], Title: p[2], Roles: db.JSON[[]org.Role]{V: []org.Role{org.Role(p[2])}}}))
		}
		return errors.Join(errs...)
	})
}

func (w *world) tx(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := w.db.Tx(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func read[T any](t testing.TB, w *world, fn func(tx *db.Tx) (T, error)) (v T) {
	t.Helper()
	if err := w.db.Read(ctx, func(tx *db.Tx) (err error) { v, err = fn(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

// as is a person in their own post; nobody is a voter.
func (w *world) as(t testing.TB, person string) org.Actor {
	t.Helper()
	if person == "" {
		return org.Actor{}
	}
	return read(t, w, func(tx *db.Tx) (org.Actor, error) {
		return w.org.ActingAs(ctx, tx, person, "post-"+person, "", clock.Today(w.clock))
	})
}

// do lets a person do a verb on the petition itself.
func (w *world) do(t testing.TB, person, id, verb string, fields ...string) {
	t.Helper()
	in := cases.Input{Note: "ghi chú", Document: "1/CV", Fields: map[string]string{"field": "urban.roads", "authority": "city", "newness": "new", "ward": "00004", "body": w.to, "kind": "complaint", "outcome": "done", "quality": "good"}}
	for i := 0; i+1 < len(fields); i += 2 {
		in.Fields[fields[i]] = fields[i+1]
	}
	who := w.as(t, person)
	w.tx(t, func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, id)
		if err == nil {
			_, err = w.engine.Do(ctx, tx, who, c, verb, in)
		}
		return err
	})
}

// petition hands one in and takes it to a body: "forwarded" or "accepted".
func (w *world) petition(t testing.TB, until string) (id string) {
	t.Helper()
	id = db.NewID(w.clock.Now())
	w.words[id] = shares.Words{Text: "Đường 179 hỏng nặng và ngập khi mưa.\nĐề nghị sửa.", Points: []shares.Point{{Number: 1, Text: "Sửa mặt đường"}, {Number: 2, Text: "Làm cống thoát nước"}, {Number: 3, Text: "Bố trí vốn"}}}
	w.tx(t, func(tx *db.Tx) error {
		_, _, err := w.engine.Begin(ctx, tx, cases.Opening{Procedure: "petition", Who: org.Voter("203.0.113.9"),
			Case: cases.Case{ID: id, CouncilID: "hn", Code: "KN26-" + id[18:], Title: "Đường 179", OwnerBodyID: "vp", Public: true}})
		return err
	})
	w.do(t, "lan", id, "classify")
	w.do(t, "hùng", id, "forward")
	if until == "accepted" {
		w.do(t, "giang", id, "accept")
	}
	return id
}

func day(d int, m time.Month) clock.Date { return clock.NewDate(2026, m, d) }

func (w *world) at(d int, m time.Month) {
	w.clock.Set(time.Date(2026, m, d, 8, 0, 0, 0, clock.Hanoi))
}

// ask asks bodies about points 1 and 2.
func (w *world) ask(t testing.TB, person, id string, bodies ...string) []string {
	t.Helper()
	return must(w.Ask(ctx, w.as(t, person), id, shares.Request{BodyIDs: bodies, Points: []int{1, 2}, Question: "Đề nghị cho biết kế hoạch sửa chữa.", Due: day(25, 11)}))(t)
}

func reply(words string) shares.Reply {
	return shares.Reply{Document: "12/CV ngày 20/11/2026", Points: []shares.PointReply{{Number: 1, Reply: words}, {Number: 2, Reply: words, Promised: day(30, 12)}}}
}

const said = "Sẽ sửa chữa xong trong quý I năm 2027."

func (w *world) answer(t testing.TB, person, share string) {
	t.Helper()
	if err := w.Answer(ctx, w.as(t, person), share, reply(said)); err != nil {
		t.Fatal(err)
	}
}

func (w *world) parts(t testing.TB, id string) []shares.Part {
	t.Helper()
	return read(t, w, func(tx *db.Tx) ([]shares.Part, error) { return shares.Of(ctx, tx, id, 0) })
}

func (w *world) states(t testing.TB, id string) string {
	t.Helper()
	var all []string
	for _, p := range w.parts(t, id) {
		all = append(all, p.BodyID+":"+string(p.State))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// inbox lists the sentences in a person's inbox, by name.
func (w *world) inbox(t testing.TB, person string) string {
	t.Helper()
	all := read(t, w, func(tx *db.Tx) ([]notify.Message, error) { return w.notify.Inbox(ctx, tx, person, "", 50) })
	var keys []string
	for _, m := range all {
		if strings.HasPrefix(m.Key, "shares.") {
			keys = append(keys, strings.TrimPrefix(m.Key, "shares.notice_"))
		}
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}

// entries lists this package's verbs in the log of a petition.
func (w *world) entries(t testing.TB, id string) int {
	t.Helper()
	return read(t, w, func(tx *db.Tx) (int, error) {
		return db.One[int](ctx, tx, `SELECT COUNT(*) FROM audit_entries WHERE subject = $1 AND verb LIKE '%share%'`, id)
	})
}

// house serves the pages to the people of the world.
func (w *world) house(t *testing.T) *testkit.Pages {
	t.Helper()
	return testkit.Serve(t, web.Options{Catalogue: w.catalog, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, func(name string) org.Actor { return w.as(t, name) })
}
