package schedule_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a city's council and a ward's, with their schedules.
type world struct {
	*schedule.Desk
	db     *db.DB
	clock  *clock.Movable
	org    *org.Desk
	notify *notify.Notifier
	words  *text.Catalogue
	queue  *jobs.Queue
}

// folk are the people: id, body, role. Each holds the post "post-" and the id.
var folk = [][3]string{
	{"lan", "vp", "clerk"}, {"mai", "vp", "clerk"}, {"hùng", "vp", "head"}, {"sơn", "tt", "chair"}, {"vân", "tt", "standing"}, {"phúc", "tổ", "deputy"}, {"minh", "tổ", "deputy"},
	{"thắng", "ban", "committee"}, {"giang", "sxd", "body_head"}, {"yến", "sxd", "body_clerk"}, {"quân", "vp", "admin"},
	{"tâm", "bd-vp", "clerk"}, {"hòa", "bd-vp", "head"},
}

func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, audit.Migrations, calendar.Migrations, jobs.Migrations, notify.Migrations, schedule.Migrations}
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

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t)}
	hub := live.New(0)
	t.Cleanup(hub.Close)
	log := audit.New(d, w.clock, must(audit.NewKey("hdnd.example.vn/test"))(t))
	rec := recorder{log, w.clock}
	w.org = org.New(org.Deps{DB: d, Clock: w.clock, Recorder: rec})
	days := must(calendar.New(calendar.Deps{DB: d, Clock: w.clock, Recorder: rec}))(t)
	w.words = must(text.Load(notify.Files, web.Files, org.Files, db.Files, documents.Files, calendar.Files, schedule.Files))(t)
	w.queue = jobs.New(d, w.clock)
	w.queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	w.notify = must(notify.New(notify.Deps{DB: d, Clock: w.clock, Jobs: w.queue, Live: hub, Text: w.words, Address: "https://hdnd.example.vn"}))(t)
	w.Desk = schedule.New(schedule.Deps{DB: d, Clock: w.clock, Audit: log, Calendar: days, Notify: w.notify, Live: hub, Address: "https://hdnd.example.vn"})
	w.furnish(t)
	return w
}

func (w *world) furnish(t testing.TB) {
	t.Helper()
	err := w.db.Tx(ctx, func(tx *db.Tx) error {
		errs := []error{
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, ParentID: "hn"}),
		}
		for _, b := range []org.Body{
			{ID: "vp", Kind: org.Office, Name: "Văn phòng"}, {ID: "tt", Kind: org.StandingCommittee, Name: "Thường trực"}, {ID: "ban", Kind: org.Committee, Name: "Ban Đô thị"},
			{ID: "tổ", Kind: org.DeputiesGroup, Name: "Tổ 1"}, {ID: "sxd", Kind: org.Agency, Name: "Sở Xây dựng"}, {ID: "bd-vp", Kind: org.Office, CouncilID: "bd", Name: "Văn phòng phường"},
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
	if err != nil {
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

func (w *world) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	return read(t, w, func(tx *db.Tx) (int, error) { return db.One[int](ctx, tx, query, args...) })
}

func day(d int, m time.Month) clock.Date { return clock.NewDate(2026, m, d) }

func (w *world) at(d int, m time.Month) {
	w.clock.Set(time.Date(2026, m, d, 8, 0, 0, 0, clock.Hanoi))
}

// draw is a usual reception: the chair's, in the morning.
func draw(on clock.Date) schedule.Draw {
	return schedule.Draw{Kind: schedule.Periodic, Date: on, Starts: "8h", Ends: "11:00", Place: "Trụ sở Tiếp công dân", HostPostID: "post-sơn", Subjects: "Đất đai, giải phóng mặt bằng", SlotMinutes: 60, SlotSeats: 2}
}

// publish drafts a reception and publishes it.
func (w *world) publish(t testing.TB, d schedule.Draw) string {
	t.Helper()
	id := must(w.Draft(ctx, w.as(t, "lan"), d))(t)
	if err := w.Publish(ctx, w.as(t, "hùng"), id, schedule.Publishing{}); err != nil {
		t.Fatal(err)
	}
	return id
}

// house serves the pages to the people of the world.
func (w *world) house(t *testing.T) *testkit.Pages {
	t.Helper()
	return testkit.Serve(t, web.Options{Catalogue: w.words, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, func(name string) org.Actor { return w.as(t, name) })
}
