package counter_test

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
	"example.vn/hdnd/internal/kernel/vault"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/web"
)

var ctx = context.Background()

// world is a city's council and a ward's, with their desks, the real schedule
// and a vault that keeps what it is given in memory.
type world struct {
	*counter.Desk
	schedule *schedule.Desk
	db       *db.DB
	clock    *clock.Movable
	org      *org.Desk
	words    *text.Catalogue
	sealed   map[string]map[string][]byte
	letters  []counter.FromVisit
}

// plan lets the desk ask the real schedule, as the module does.
type plan struct{ *schedule.Desk }

func (p plan) On(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (all []counter.Day, err error) {
	days, err := p.Desk.On(ctx, tx, councilID, on)
	for _, d := range days {
		all = append(all, counter.Day{ID: d.ID, CouncilID: d.CouncilID, Kind: string(d.Kind), Date: d.Date, Starts: d.Starts, Ends: d.Ends, Place: d.Place, Online: d.Online,
			HostPostID: d.HostPostID, HostName: d.HostName, HostTitle: d.HostTitle, Leader: d.Leader, Delegated: d.ForWhom != ""})
	}
	return all, err
}

func (p plan) Bookings(ctx context.Context, tx *db.Tx, dayID string) (all []counter.Booking, err error) {
	some, err := p.Desk.Bookings(ctx, tx, dayID)
	for _, b := range some {
		all = append(all, counter.Booking{ID: b.ID, DayID: b.DayID, Slot: b.Slot, Code: b.Code, Name: b.Name, Contact: b.Contact, Subject: b.Subject, People: b.People,
			Came: b.State == schedule.Arrived, Missed: b.State == schedule.NoShow})
	}
	return all, err
}

func (p plan) Came(ctx context.Context, tx *db.Tx, bookingID string, came bool) error {
	if came {
		return p.Mark(ctx, tx, bookingID, schedule.Arrived)
	}
	return p.Mark(ctx, tx, bookingID, schedule.NoShow)
}

// folk are the people: id, body, role. Each holds the post "post-" and the id.
var folk = [][3]string{
	{"lan", "vp", "clerk"}, {"mai", "vp", "clerk"}, {"hùng", "vp", "head"}, {"sơn", "tt", "chair"}, {"vân", "tt", "standing"}, {"phúc", "tổ", "deputy"}, {"minh", "tổ", "deputy"},
	{"thắng", "ban", "committee"}, {"giang", "sxd", "body_head"}, {"yến", "sxd", "body_clerk"}, {"quân", "vp", "admin"},
	{"tâm", "bd-vp", "clerk"}, {"hòa", "bd-vp", "head"},
}

func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, audit.Migrations, calendar.Migrations, jobs.Migrations, notify.Migrations, schedule.Migrations, counter.Migrations}
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
	w := &world{db: d, clock: testkit.Clock(t), sealed: map[string]map[string][]byte{}}
	hub := live.New(0)
	t.Cleanup(hub.Close)
	log := audit.New(d, w.clock, must(audit.NewKey("hdnd.example.vn/test"))(t))
	rec := recorder{log, w.clock}
	w.org = org.New(org.Deps{DB: d, Clock: w.clock, Recorder: rec})
	days := must(calendar.New(calendar.Deps{DB: d, Clock: w.clock, Recorder: rec}))(t)
	w.words = must(text.Load(notify.Files, kweb.Files, org.Files, db.Files, documents.Files, calendar.Files, schedule.Files, counter.Files))(t)
	queue := jobs.New(d, w.clock)
	queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	teller := must(notify.New(notify.Deps{DB: d, Clock: w.clock, Jobs: queue, Live: hub, Text: w.words, Address: "https://hdnd.example.vn"}))(t)
	w.schedule = schedule.New(schedule.Deps{DB: d, Clock: w.clock, Audit: log, Calendar: days, Notify: teller, Live: hub, Address: "https://hdnd.example.vn"})
	w.Desk = counter.New(counter.Deps{DB: d, Clock: w.clock, Audit: log, Calendar: days, Notify: teller, Live: hub, Fonts: must(documents.ReadFonts(web.Files))(t), Sealer: must(vault.NewKey())(t), Plan: plan{w.schedule},
		Seal: func(_ context.Context, _ *db.Tx, subject string, _ org.Actor, items map[string][]byte) error {
			w.sealed[subject] = items
			return nil
		},
		Letter: func() counter.EnterLetter {
			return func(_ context.Context, _ *db.Tx, _ org.Actor, from counter.FromVisit) (counter.Handed, error) {
				w.letters = append(w.letters, from)
				return counter.Handed{CaseID: "case-" + from.LineID, Code: "DT26-TEST-TEST", Key: "TESTKEY"}, nil
			}
		}})
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

// receive publishes a reception of today: of the chair, or of whom is named.
func (w *world) receive(t testing.TB, person string) (dayID string) {
	t.Helper()
	today := clock.Today(w.clock)
	id := must(w.schedule.Draft(ctx, w.as(t, "lan"), schedule.Draw{Kind: schedule.Extraordinary, Date: today, Starts: "08:30", Ends: "11:30", Place: "Trụ sở Tiếp công dân", HostPostID: "post-" + person, SlotMinutes: 30, SlotSeats: 2}))(t)
	if err := w.schedule.Publish(ctx, w.as(t, "hùng"), id, schedule.Publishing{Extraordinary: true, Reason: "Vụ việc cần tiếp ngay"}); err != nil {
		t.Fatal(err)
	}
	return id
}

// called is a walk-in that a clerk has called.
func (w *world) called(t testing.TB, dayID string) (visitID string) {
	t.Helper()
	must(w.Arrive(ctx, w.as(t, "lan"), counter.Arrival{DayID: dayID}))(t)
	return must(w.CallNext(ctx, w.as(t, "lan"), dayID, "Bàn 1"))(t)
}

const citizenNumber = "001085123456"

func someone(name, number string) counter.Introduction {
	return counter.Introduction{Name: name, Address: "12 phố Huế, Hà Nội", Role: counter.Self, PaperKind: counter.CitizenCard, PaperNumber: number}
}

// done is a visit with one matter that is over.
func (w *world) done(t testing.TB, dayID string, m counter.Matter) (visitID string) {
	t.Helper()
	id := w.called(t, dayID)
	must(w.AddPerson(ctx, w.as(t, "lan"), id, someone("Trần Thị Hoa", citizenNumber), 0))(t)
	w.must(t, w.AddMatter(ctx, w.as(t, "lan"), id, m))
	w.must(t, w.End(ctx, w.as(t, "lan"), id, 0))
	return id
}

func (w *world) must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func matter() counter.Matter {
	return counter.Matter{Class: counter.Complaint, Summary: "Khiếu nại quyết định thu hồi đất", Outcome: counter.Forwarded, ToBody: "UBND phường Ba Đình", Symbol: "12/PC-VP"}
}

// house serves the pages to the people of the world.
func (w *world) house(t *testing.T) *testkit.Pages {
	t.Helper()
	return testkit.Serve(t, kweb.Options{Catalogue: w.words, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, func(name string) org.Actor { return w.as(t, name) })
}
