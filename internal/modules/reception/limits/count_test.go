package limits_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/limits"
)

// many copies one letter's case and clock, as an office of years has them.
func (o *office) many(id string, n int) {
	o.t.Helper()
	o.must(o.App.DB.Tx(ctx, func(tx *db.Tx) error {
		for i := range n {
			if _, err := tx.Exec(ctx, `INSERT INTO cases_cases SELECT $2, council_id, procedure, procedure_version, $3, title, state, waits, open, round, opened_at, changed_at, closed_at,
					owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision FROM cases_cases WHERE id = $1`,
				id, fmt.Sprintf("%s-%04d", id[:12], i), fmt.Sprintf("BAN-SAO-%04d", i)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO cases_deadlines SELECT $2, $3, name, round, rule_key, rule_from, basis, confirmed, run, raw, due, planned, provisional, status, is_window, met_on, rung, next_alarm
					FROM cases_deadlines WHERE case_id = $1`, id, fmt.Sprintf("%s-d%04d", id[:12], i), fmt.Sprintf("%s-%04d", id[:12], i)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// A run that is killed goes on where it stood: each file once, each person told
// once, whatever was killed when.
func TestKilled(t *testing.T) {
	each(t, func(o *office) {
		o.many(o.letter(reception.Complaint, on("2026-11-10"), false), 229)
		o.letter(reception.Complaint, on("2026-11-11"), true)
		o.at(on("2026-11-16"))
		id := o.drawn(running(drawing(key, 33, "2026-11-01")))
		lines := o.pages(func(after string) (limits.Listing, error) { return o.Preview(ctx, o.head(), id, true, after) })
		if len(lines) != 230 {
			t.Errorf("%d lines of 230", len(lines))
		}
		o.must(o.PutInForce(ctx, o.head(), id, 0))
		for range 2 {
			done, err := o.Step(ctx, id)
			o.must(err)
			if done {
				t.Fatal("a batch holds everything")
			}
		}
		if p := o.paper(id); p.Changed != 100 || p.Counted {
			t.Errorf("after two batches: %+v", p.Version)
		}
		killed, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := o.Step(killed, id); err == nil {
			t.Error("a killed run went on")
		}
		o.Desk = desk(o.World)
		o.Work(t)
		if p := o.paper(id); p.Changed != 231 || !p.Counted || p.Trial.V.All.Changes != 231 || p.Trial.V.Others.Changes != 1 {
			t.Errorf("%+v", p.Version)
		}
		if n := o.count(`SELECT count(*) FROM cases_acts WHERE verb = 'relaw'`); n != 231 {
			t.Errorf("%d acts", n)
		}
		if n := o.count(`SELECT count(*) FROM (SELECT case_id FROM cases_acts WHERE verb = 'relaw' GROUP BY case_id HAVING count(*) > 1) twice`); n != 0 {
			t.Errorf("%d files twice", n)
		}
		o.Pass(t, 2)
		for _, name := range []string{"văn-thư", "văn-thư-hai", "lãnh-đạo-văn-phòng", "văn-thư-phường", "lãnh-đạo-phường"} {
			if n := o.count(`SELECT count(*) FROM notify_messages WHERE person_id = $1 AND sentence LIKE 'limits.%'`, name); n != 1 {
				t.Errorf("%s was told %d times", name, n)
			}
		}
		if n := o.count(`SELECT count(*) FROM notify_messages WHERE sentence LIKE 'limits.%'`); n != 5 {
			t.Errorf("%d messages", n)
		}
	})
}

// Of denunciations those who are not on the list learn a number, and nobody else
// anything: not in the log, not in messages, not in lists.
func TestSealed(t *testing.T) {
	each(t, func(o *office) {
		const rule = "denunciations.handle_first"
		o.letter(reception.Denunciation, on("2026-11-10"), false)
		o.letter(reception.Denunciation, on("2026-11-11"), true)
		o.at(on("2026-11-16"))
		id := o.drawn(running(drawing(rule, 20, "2026-11-01")))
		list := func(who org.Actor) int {
			p, err := o.Preview(ctx, who, id, true, "")
			o.must(err)
			return len(p.Lines)
		}
		for name, want := range map[string]int{"lãnh-đạo-văn-phòng": 1, "văn-thư": 1, "văn-thư-hai": 0, "quản-trị": 0, "chủ-tịch": 0} {
			if n := list(o.People[name]); n != want {
				t.Errorf("%s sees %d sealed files, not %d", name, n, want)
			}
		}
		if tr := o.paper(id).Trial.V; tr.Sealed.Changes != 2 || len(tr.States)+len(tr.Outcomes) != 0 || tr.Others != (limits.Tally{}) {
			t.Errorf("%+v", tr)
		}
		o.must(o.PutInForce(ctx, o.head(), id, 0))
		o.Work(t)
		if p := o.paper(id); p.Changed != 2 {
			t.Errorf("%d were counted again", p.Changed)
		}
		for _, c := range []struct{ what, query string }{
			{"the open log", `SELECT count(*) FROM audit_entries WHERE verb = 'reception.relaw' AND NOT sealed`},
			{"a message", `SELECT count(*) FROM notify_messages WHERE sentence = 'limits.notice_counted'`},
		} {
			if n := o.count(c.query); n != 0 {
				t.Errorf("%s tells of it %d times", c.what, n)
			}
		}
		if n := o.count(`SELECT count(*) FROM notify_messages WHERE sentence = 'limits.notice_counted_sealed'`); n != 5 {
			t.Errorf("%d were told", n)
		}
	})
}

// An administrator, who opens no file, reads names that name nobody, and no codes.
func TestNeutral(t *testing.T) {
	each(t, func(o *office) {
		o.letter(reception.Complaint, on("2026-11-10"), false)
		o.at(on("2026-11-16"))
		id := o.drawn(running(drawing(key, 20, "2026-11-01")))
		for name, code := range map[string]bool{"quản-trị": false, "văn-thư-hai": true} {
			p, err := o.Preview(ctx, o.People[name], id, true, "")
			o.must(err)
			if len(p.Lines) != 1 || (p.Lines[0].Code != "") != code || p.Lines[0].Title == "" || strings.Contains(p.Lines[0].Title, "Bình") {
				t.Errorf("%s: %+v", name, p.Lines)
			}
		}
		for _, name := range []string{"văn-thư-phường", "đại-biểu", "đầu-mối-xây-dựng", ""} {
			if _, err := o.Preview(ctx, o.People[name], id, true, ""); err == nil {
				t.Errorf("%q reads a draft of the city", name)
			}
		}
	})
}

// A clock that is stopped, or of another rule, is not taken for one that runs.
func TestRelawRefuses(t *testing.T) {
	each(t, func(o *office) {
		id := o.letter(reception.Complaint, on("2026-11-10"), false)
		o.matter(reception.Complaint, id)
		o.Clock.Advance(time.Minute)
		o.must(o.App.DB.Tx(ctx, func(tx *db.Tx) error {
			all, err := cases.Deadlines(ctx, tx, id)
			if err != nil {
				return err
			}
			law, err := o.App.Calendar.Rules().At(key, on("2026-11-10"))
			if err != nil {
				return err
			}
			if _, err := o.App.Cases.Relaw(ctx, tx, all[0], cases.Relaw{Law: law}); err == nil {
				t.Error("a clock that was met runs again")
			}
			return nil
		}))
	})
}
