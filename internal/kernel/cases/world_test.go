package cases_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a council whose office handles requests by the test procedure.
type world struct {
	*cases.Engine
	db       *db.DB
	clock    *clock.Movable
	log      *audit.Log
	calendar *calendar.Register
	desk     *org.Desk
	notify   *notify.Notifier
	hub      *live.Hub
	told     []string // verbs that the module was told of
}

// folk are the people: id, body, role. Each holds the post "post-" and the id.
var folk = [][3]string{
	{"lan", "vp", "clerk"}, {"mai", "vp", "clerk"}, {"hùng", "vp", "head"}, {"quân", "vp", "admin"},
	{"sơn", "tt", "chair"}, {"vân", "tt", "standing"}, {"thắng", "ban", "committee"}, {"phúc", "tổ", "deputy"},
	{"giang", "sxd", "body_head"}, {"yến", "sxd", "body_clerk"}, {"huy", "sxd", "handler"}, {"long", "sgtvt", "body_clerk"},
	{"tâm", "bd-vp", "clerk"},
}

type recorder struct {
	log   *audit.Log
	clock clock.Clock
}

func (r recorder) Record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	_, err := r.log.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: subject, Ref: subject, Verb: verb, At: r.clock.Now(), Who: who, Details: details})
	return err
}

func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, audit.Migrations, calendar.Migrations, jobs.Migrations, notify.Migrations, cases.Migrations}
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, schemas()...)
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
	c := testkit.Clock(t)
	w := &world{db: d, clock: c, hub: live.New(0)}
	t.Cleanup(w.hub.Close)
	w.log = audit.New(d, c, must(audit.NewKey("hdnd.example.vn/test"))(t))
	w.desk = org.New(org.Deps{DB: d, Clock: c, Recorder: recorder{w.log, c}})
	w.calendar = must(calendar.New(calendar.Deps{DB: d, Clock: c, Recorder: recorder{w.log, c}}))(t)
	words := must(text.Load(notify.Files, cases.Files))(t)
	w.notify = must(notify.New(notify.Deps{DB: d, Clock: c, Jobs: jobs.New(d, c), Live: w.hub, Text: words, Address: "https://hdnd.example.vn"}))(t)
	w.Engine = must(w.engine(t, requestText(t)))(t)
	w.desk.Followers = []org.BodyFollower{w.Engine}
	w.furnish(t)
	if err := w.Release(ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

// engine makes an engine on procedure files.
func (w *world) engine(t testing.TB, procedures ...string) (*cases.Engine, error) {
	t.Helper()
	rules := must(calendar.ReadRules(os.DirFS("testdata")))(t)
	files := fstest.MapFS{}
	for i, p := range procedures {
		files[fmt.Sprintf("procedures/request-%d.yaml", i+1)] = &fstest.MapFile{Data: []byte(p)}
	}
	return cases.New(cases.Deps{DB: w.db, Clock: w.clock, Audit: w.log, Calendar: w.calendar, Rules: rules, Notify: w.notify, Live: w.hub},
		cases.Offer{Module: "requests", Files: files,
			Guards: map[string]cases.Guard{"known_field": func(_ context.Context, _ *db.Tx, m cases.Move) error {
				if m.Input.Field("field") != "urban" {
					return fault.New(fault.Invalid, "requests.field_unknown").At("field")
				}
				return nil
			}},
			Steps: map[string]cases.Step{
				"hand_over": func(_ context.Context, _ *db.Tx, m cases.Move) error {
					m.Case.HolderBodyID, m.Case.ExaminerBodyID = "sxd", "ban"
					return nil
				},
				"assign": func(_ context.Context, _ *db.Tx, m cases.Move) error {
					m.Case.AssigneePostID = m.Input.Field("post")
					return nil
				},
			},
			Notify: func(_ context.Context, _ *db.Tx, m cases.Move) error {
				w.told = append(w.told, m.Verb.Name)
				return nil
			},
		})
}

func (w *world) furnish(t testing.TB) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		errs := []error{
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, ParentID: "hn"}),
		}
		for _, b := range []org.Body{
			{ID: "vp", Kind: org.Office}, {ID: "tt", Kind: org.StandingCommittee}, {ID: "ban", Kind: org.Committee}, {ID: "tổ", Kind: org.DeputiesGroup},
			{ID: "sxd", Kind: org.Agency}, {ID: "sgtvt", Kind: org.Agency}, {ID: "bd-vp", Kind: org.Office, CouncilID: "bd"},
		} {
			b.Code, b.Name = b.ID, "Cơ quan "+b.ID
			if b.CouncilID == "" {
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

func (w *world) read(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := w.db.Read(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// as is a person in their own post.
func (w *world) as(t testing.TB, person string) (a org.Actor) {
	t.Helper()
	w.read(t, func(tx *db.Tx) (err error) {
		a, err = w.desk.ActingAs(ctx, tx, person, "post-"+person, "", clock.Today(w.clock))
		return err
	})
	return a
}

// receive opens a case by a voter.
func (w *world) receive(t testing.TB) (id string) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		id = db.NewID(w.clock.Now())
		c, act, err := w.Begin(ctx, tx, cases.Opening{Procedure: "request", Who: org.Voter("203.0.113.9"),
			Case: cases.Case{ID: id, CouncilID: "hn", Code: "YC-" + id, Title: "Đường ngập", OwnerBodyID: "vp", Public: true}})
		if err == nil && (c.State != "received" || act.Number != 1 || act.Verb != "receive") {
			t.Errorf("began as %+v by %+v", c, act)
		}
		return err
	})
	return id
}

// do lets a person do a verb on a case as it stands.
func (w *world) do(t testing.TB, person, id, verb string, in cases.Input) error {
	t.Helper()
	return w.doAs(w.as(t, person), id, verb, in)
}

func (w *world) doAs(who org.Actor, id, verb string, in cases.Input) error {
	return w.db.Tx(ctx, func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = w.Do(ctx, tx, who, c, verb, in)
		return err
	})
}

// inputs are what each verb needs.
func inputs(verb string) cases.Input {
	switch verb {
	case "check":
		return cases.Input{Document: "1/PX", Fields: map[string]string{"field": "urban"}}
	case "take":
		return cases.Input{Fields: map[string]string{"post": "post-huy"}}
	case "suspend":
		return cases.Input{Note: "chờ hồ sơ", Document: "2/CV"}
	case "extend":
		return cases.Input{Document: "3/CV", Extend: calendar.Extension{Count: 10}}
	case "answer":
		return cases.Input{Papers: []string{strings.Repeat("ab", 32)}}
	}
	return cases.Input{Note: "ghi chú"}
}

// lead takes a new case through steps such as "lan check" and "hùng give".
func (w *world) lead(t testing.TB, steps ...string) (id string) {
	t.Helper()
	id = w.receive(t)
	w.steps(t, id, steps...)
	return id
}

func (w *world) steps(t testing.TB, id string, steps ...string) {
	t.Helper()
	for _, s := range steps {
		person, verb, _ := strings.Cut(s, " ")
		if err := w.do(t, person, id, verb, inputs(verb)); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func (w *world) load(t testing.TB, id string) (c *cases.Case) {
	t.Helper()
	w.read(t, func(tx *db.Tx) (err error) {
		c, err = cases.Load(ctx, tx, id)
		return err
	})
	return c
}

// acts lists what happened to a case: "give", "remind", …
func (w *world) acts(t testing.TB, id string) (all []cases.Act) {
	t.Helper()
	w.read(t, func(tx *db.Tx) (err error) {
		all, err = cases.Acts(ctx, tx, id)
		return err
	})
	return all
}

func verbs(all []cases.Act) string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.Verb
	}
	return strings.Join(names, " ")
}

// deadline is the clock of a name: the live one of the latest round, if there is one.
func (w *world) deadline(t testing.TB, id, name string) cases.Deadline {
	t.Helper()
	var all []cases.Deadline
	w.read(t, func(tx *db.Tx) (err error) {
		all, err = cases.Deadlines(ctx, tx, id)
		return err
	})
	slices.SortStableFunc(all, func(a, b cases.Deadline) int {
		if a.Round == b.Round && a.Live() != b.Live() {
			if a.Live() {
				return -1
			}
			return 1
		}
		return b.Round - a.Round
	})
	i := slices.IndexFunc(all, func(d cases.Deadline) bool { return d.Name == name })
	if i < 0 {
		t.Fatalf("no deadline %s", name)
	}
	return all[i]
}

// inbox counts the lines in a person's inbox.
func (w *world) inbox(t testing.TB, person string) (n int) {
	t.Helper()
	w.read(t, func(tx *db.Tx) (err error) {
		n, err = w.notify.Unread(ctx, tx, person)
		return err
	})
	return n
}

// at puts the clock at eight in the morning of a day in 2026.
func (w *world) at(day int, month time.Month) {
	w.clock.Set(time.Date(2026, month, day, 8, 0, 0, 0, clock.Hanoi))
}

// morning gives the alarms of a day.
func (w *world) morning(t testing.TB, day int, month time.Month) int {
	t.Helper()
	w.at(day, month)
	return must(w.Alarms(ctx))(t)
}

func on(day int, month time.Month) clock.Date { return clock.NewDate(2026, month, day) }

func refused(t testing.TB, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("want the refusal %s, have %v", key, err)
	}
}

// sound checks that the log agrees with the cases.
func (w *world) sound(t testing.TB) {
	t.Helper()
	must(w.log.Sequence(ctx))(t)
	if r := must(w.log.Verify(ctx, w.Rederive()))(t); !r.OK() {
		t.Errorf("the log does not agree: %+v", r.Findings)
	}
}
