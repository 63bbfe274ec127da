package demo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
)

// built opens an application on an empty database and builds the demonstration.
func built(t *testing.T, address string, now time.Time) (*app.App, demo.Deps) {
	t.Helper()
	c := clock.At(now)
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Database: address, Demonstration: true, Origin: "trinh-dien.example.vn/nhat-ky"}, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	deps := demo.Deps{DB: a.DB, Clock: c, Org: a.Org, Petitions: a.Petitions, Reception: a.Reception, Library: a.Library, Jobs: a.Jobs, Documents: a.Documents, Audit: a.Audit}
	began := time.Now()
	if err := demo.Build(t.Context(), deps); err != nil {
		t.Fatal(err)
	}
	t.Logf("built in %s", time.Since(began).Round(time.Millisecond))
	if !c.Now().Equal(now) {
		t.Errorf("the clock stands at %s, not at the present", c.Now())
	}
	return a, deps
}

func read[T any](t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) (T, error)) T {
	t.Helper()
	var v T
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		v, err = fn(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func count(t *testing.T, d *db.DB, q string, args ...any) int64 {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx *db.Tx) (int64, error) { return db.One[int64](ctx, tx, q, args...) })
}

// TestBuild: the year ends as each script says, on both databases and whatever
// day it is: a Monday at dawn, a Sunday night, a morning after Tết. The log is
// whole; reminders and escalations were given; delegates signed for others.
func TestBuild(t *testing.T) {
	for name, c := range map[string]struct {
		now      time.Time
		postgres bool
	}{
		"sqlite, Monday at dawn":   {now: time.Date(2026, 11, 23, 5, 4, 0, 0, clock.Hanoi)},
		"sqlite, after Tết":        {now: time.Date(2027, 2, 15, 10, 0, 0, 0, clock.Hanoi)},
		"postgres, a Sunday night": {now: time.Date(2026, 12, 20, 23, 30, 0, 0, clock.Hanoi), postgres: true},
	} {
		t.Run(name, func(t *testing.T) {
			address := ""
			if c.postgres {
				address = testkit.PostgresAddress(t, app.Migrations()...)
			}
			a, deps := built(t, address, c.now)
			asScripted(t, a.DB, clock.DateOf(c.now))
			lettersAsScripted(t, a.DB)
			lived(t, a.DB, c.now)
			libraryAsScripted(t, a, clock.DateOf(c.now))
			inboxes(t, a.DB)
			if n, _, err := a.Audit.Waiting(t.Context()); err != nil || n > 0 {
				t.Errorf("%d entries wait for their place: %v", n, err)
			}
			if report, err := a.Verify(t.Context()); err != nil || !report.OK() {
				t.Errorf("the log: %+v %v", report.Findings, err)
			}
			if !read(t, a.DB, demo.Built) {
				t.Error("a finished demonstration is not marked")
			}
			if err := demo.Build(t.Context(), deps); !fault.Is(err, "demo.not_empty") {
				t.Errorf("building twice: %v", err)
			}
		})
	}
}

// asScripted compares every case with its script, by the beginning of its title.
func asScripted(t *testing.T, d *db.DB, today clock.Date) {
	t.Helper()
	scripts, err := demo.Scripts()
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID    string      `db:"id"`
		Text  string      `db:"text"`
		State cases.State `db:"state"`
		Open  bool        `db:"open"`
		Due   clock.Date  `db:"due"`
	}
	rows := read(t, d, func(ctx context.Context, tx *db.Tx) ([]row, error) {
		return db.All[row](ctx, tx, `SELECT p.id, p.text, c.state, c.open, c.due FROM petitions_petitions p JOIN cases_cases c ON c.id = p.id ORDER BY p.id`)
	})
	if len(rows) != len(scripts) {
		t.Errorf("%d petitions of %d scripts", len(rows), len(scripts))
	}
	seen := map[cases.State]bool{}
	for _, s := range scripts {
		i := slices.IndexFunc(rows, func(r row) bool { return r.Text == strings.TrimSpace(s.Text) })
		if i < 0 {
			t.Errorf("%s was not handed in", s.Key)
			continue
		}
		got := cases.Case{State: rows[i].State, Open: rows[i].Open, Due: rows[i].Due}
		if string(got.State) != s.State || got.Late(today) != s.Late {
			t.Errorf("%s is %s (late %v, due %s), its script says %s (late %v)", s.Key, got.State, got.Late(today), got.Due, s.State, s.Late)
		}
		seen[got.State] = true
	}
	for _, state := range []cases.State{"received", "classified", "refused", "split", "forwarded", "returned", "accepted", "answered", "judged", "closed"} {
		if !seen[state] {
			t.Errorf("no petition is %s", state)
		}
	}
}

// lettersAsScripted compares every letter and matter with its script.
func lettersAsScripted(t *testing.T, d *db.DB) {
	t.Helper()
	scripts, err := demo.LetterScripts()
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Summary string      `db:"summary"`
		State   cases.State `db:"state"`
		Matter  string      `db:"matter"`
	}
	rows := read(t, d, func(ctx context.Context, tx *db.Tx) ([]row, error) {
		return db.All[row](ctx, tx, `SELECT l.summary, c.state, coalesce(m.state, '') AS matter FROM reception_letters l JOIN cases_cases c ON c.id = l.id LEFT JOIN cases_cases m ON m.id = l.matter_id WHERE l.parent_id = '' ORDER BY l.id`)
	})
	if len(rows) != len(scripts) {
		t.Errorf("%d letters of %d scripts", len(rows), len(scripts))
	}
	for _, s := range scripts {
		if s.Visit {
			continue // its words are those of the visit
		}
		if !slices.Contains(rows, row{s.Summary, cases.State(s.State), s.Matter}) {
			t.Errorf("%s is not %s with a matter %q", s.Key, s.State, s.Matter)
		}
	}
}

// lived: what a year leaves behind besides states.
func lived(t *testing.T, d *db.DB, now time.Time) {
	t.Helper()
	for what, q := range map[string]string{
		"reminders":                   `SELECT count(*) FROM cases_acts WHERE verb = 'remind'`,
		"escalations":                 `SELECT count(*) FROM cases_acts WHERE verb = 'escalate'`,
		"acts done late":              `SELECT count(*) FROM cases_acts WHERE late`,
		"acts for somebody else":      `SELECT count(*) FROM cases_acts WHERE on_behalf <> ''`,
		"acts through two links":      `SELECT count(*) FROM cases_acts WHERE verb = 'close' AND person_id = 'p-hn-vice-2' AND on_behalf <> ''`,
		"extensions granted":          `SELECT count(*) FROM cases_acts WHERE verb = 'extend'`,
		"extensions refused":          `SELECT count(*) FROM cases_acts WHERE verb = 'refuse_extension'`,
		"extensions asked for now":    `SELECT count(*) FROM petitions_petitions WHERE asked_days > 0`,
		"petitions contested":         `SELECT count(*) FROM cases_acts WHERE verb = 'contest'`,
		"petitions reopened":          `SELECT count(*) FROM cases_acts WHERE verb = 'reopen'`,
		"answers sent back":           `SELECT count(*) FROM cases_acts WHERE verb = 'send_again'`,
		"classifications sent back":   `SELECT count(*) FROM cases_acts WHERE verb = 'send_back'`,
		"delegations that hold":       `SELECT count(*) FROM org_delegations WHERE ended_at = 0`,
		"delegations that were ended": `SELECT count(*) FROM org_delegations WHERE ended_at > 0`,
		"evidence":                    `SELECT count(*) FROM documents_papers WHERE kind = 'evidence'`,
		"attachments":                 `SELECT count(*) FROM documents_papers WHERE kind = 'attachment'`,
		"messages":                    `SELECT count(*) FROM notify_messages`,
		"settings in force":           `SELECT count(*) FROM petitions_change_sets WHERE state = 'in_force'`,
		"settings that were tested":   `SELECT count(*) FROM petitions_change_sets WHERE state = 'tested'`,
		"parts asked for":             `SELECT count(*) FROM petitions_shares WHERE state = 'asked'`,
		"parts answered":              `SELECT count(*) FROM petitions_shares WHERE state = 'answered'`,
		"parts declined":              `SELECT count(*) FROM petitions_shares WHERE state = 'declined'`,
		"disputes":                    `SELECT count(*) FROM petitions_disputes WHERE state = 'open'`,
		"disputes decided":            `SELECT count(*) FROM petitions_disputes WHERE state = 'decided'`,
		"letters of rung 1":           `SELECT count(*) FROM petitions_reminders WHERE rung = 1 AND state = 'signed'`,
		"letters of rung 2, received": `SELECT count(*) FROM petitions_reminders WHERE rung = 2 AND state = 'signed' AND received_name <> ''`,
		"letters waiting for a hand":  `SELECT count(*) FROM petitions_reminders WHERE state = 'draft'`,
		"promises open":               `SELECT count(*) FROM petitions_promises WHERE state = 'open'`,
		"promises kept":               `SELECT count(*) FROM petitions_promises WHERE state = 'kept'`,
		"promises broken":             `SELECT count(*) FROM petitions_promises WHERE state = 'broken'`,
		"promises moved":              `SELECT count(*) FROM petitions_promises WHERE state = 'moved'`,
		"promises to be moved":        `SELECT count(*) FROM petitions_promises WHERE asked = 'move'`,
		"workbooks taken in":          `SELECT count(*) FROM petitions_batches WHERE state = 'done'`,
		"workbooks looked at":         `SELECT count(*) FROM petitions_batches WHERE state = 'checked'`,
		"petitions held back":         `SELECT count(*) FROM petitions_held WHERE state = 'held'`,
		"held petitions let through":  `SELECT count(*) FROM petitions_held WHERE state = 'released'`,
		"brought by several deputies": `SELECT count(*) FROM (SELECT petition_id FROM petitions_brought GROUP BY petition_id HAVING count(*) > 1) several`,
		"groups":                      `SELECT count(*) FROM petitions_groups`,
		"petitions not published":     `SELECT count(*) FROM petitions_withheld WHERE reason = 'child'`,
		"petitions of machines":       `SELECT count(*) FROM petitions_invalidations WHERE state = 'done'`,
		"receptions to come":          `SELECT count(*) FROM (SELECT d.id FROM reception_days d JOIN reception_bookings b ON b.day_id = d.id WHERE d.state = 'published' AND b.state = 'booked' GROUP BY d.id HAVING count(*) > 1) several`,
		"receptions of a ward":        `SELECT count(*) FROM reception_days WHERE council_id = 'c-ba-dinh'`,
		"groups at the desk":          `SELECT count(*) FROM reception_visits WHERE people = 6 AND appointment <> ''`,
		"refusals with notice":        `SELECT count(*) FROM reception_visits WHERE state = 'refused' AND notice_symbol <> ''`,
		"leaders' conclusions":        `SELECT count(*) FROM reception_visits WHERE leader AND conclusion <> ''`,
		"letters out of visits":       `SELECT count(*) FROM reception_lines WHERE case_id <> ''`,
		"letters urged twice":         `SELECT count(*) FROM reception_letters WHERE urged = 2`,
	} {
		if count(t, d, q) == 0 {
			t.Errorf("no %s", what)
		}
	}
	if n := count(t, d, `SELECT count(*) FROM petitions_forwardings WHERE paper_id = ''`); n > 0 {
		t.Errorf("%d transfer letters were not drawn", n)
	}
	if n := count(t, d, `SELECT count(*) FROM reception_sendings WHERE paper_id = ''`); n > 0 {
		t.Errorf("%d papers of letters were not drawn", n)
	}
	if n := count(t, d, `SELECT count(*) FROM cases_cases WHERE sealed AND procedure IN ('letter', 'denunciation')`); n > 0 {
		t.Errorf("%d denunciations are in the demonstration", n)
	}
	if n := count(t, d, `SELECT count(*) FROM reception_days WHERE state <> 'published' OR late_reason <> ''`); n > 0 {
		t.Errorf("%d receptions were not published in time", n)
	}
	if n := count(t, d, `SELECT count(*) FROM cases_acts WHERE at > $1`, db.At(now)); n > 0 {
		t.Errorf("%d acts lie ahead", n)
	}
}

// TestTooEarly: before a whole year of the two tiers has passed there is
// nothing to tell.
// inboxes: everybody has read what reached them in the year, but for a few; a clerk
// of the city's office has some to open, and more that were read.
func inboxes(t *testing.T, d *db.DB) {
	t.Helper()
	most := read(t, d, func(ctx context.Context, tx *db.Tx) (int, error) {
		return db.One[int](ctx, tx, `SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM notify_messages WHERE read_at = 0 GROUP BY person_id) AS unread`)
	})
	clerk := read(t, d, func(ctx context.Context, tx *db.Tx) ([]int, error) {
		return db.All[int](ctx, tx, `SELECT COUNT(*) FROM notify_messages WHERE person_id = 'p-hn-clerk-1' GROUP BY (read_at = 0) ORDER BY 1`)
	})
	if most > 6 || len(clerk) != 2 || clerk[0] < 3 || clerk[1] < 20 {
		t.Errorf("somebody has %d notices to read; the clerk has %v", most, clerk)
	}
}

func TestTooEarly(t *testing.T) {
	c := clock.At(time.Date(2026, 3, 2, 9, 0, 0, 0, clock.Hanoi))
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Demonstration: true}, c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = demo.Build(t.Context(), demo.Deps{DB: a.DB, Clock: c, Org: a.Org, Petitions: a.Petitions, Reception: a.Reception, Library: a.Library, Jobs: a.Jobs, Documents: a.Documents, Audit: a.Audit})
	if !fault.Is(err, "demo.too_early") {
		t.Errorf("got %v", err)
	}
}
