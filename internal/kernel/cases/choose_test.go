package cases_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// choiceText is a procedure whose time limits hang on what is known of a case.
const choiceText = `procedure: choice
version: 1
effective: {from: 2025-01-01}
opens: enter
states:
  - {name: open, waits: owner}
  - {name: held, waits: owner}
  - {name: done, waits: nobody, final: true}
verbs:
  - {name: enter, to: open, place: owner, roles: [clerk], starts: [handle, extra]}
  - {name: sort, from: [open], place: owner, roles: [clerk], rechooses: [handle]}
  - {name: hold, from: [open], to: held, place: owner, roles: [clerk], pauses: [handle]}
  - {name: go_on, from: [held], to: open, place: owner, roles: [clerk], resumes: [handle]}
  - {name: sign, from: [open], to: done, place: owner, also: [standing], roles: [head, chair], stops: [handle, extra]}
deadlines:
  - {name: handle, rule: request.check, choose: by_size, variants: [request.reply]}
  - {name: extra, rule: request.judge, choose: by_size}
`

func choosing(t testing.TB, w *world, text string, choose cases.Choose) (*cases.Engine, error) {
	t.Helper()
	rules := must(calendar.ReadRules(os.DirFS("testdata")))(t)
	return cases.New(cases.Deps{DB: w.db, Clock: w.clock, Audit: w.log, Calendar: w.calendar, Rules: rules, Notify: w.notify, Live: w.hub},
		cases.Offer{Module: "choices", Unnamed: true, Files: fstest.MapFS{"procedures/choice-1.yaml": &fstest.MapFile{Data: []byte(text)}}, Chooses: map[string]cases.Choose{"by_size": choose}})
}

func bySize(_ context.Context, _ *db.Tx, m cases.Move, deadline string, _ clock.Date) (string, error) {
	switch size := m.Input.Field("size"); {
	case deadline == "extra":
		return "", nil // no such limit
	case size == "large":
		return "request.reply", nil
	case size == "odd":
		return "request.contest", nil
	}
	return "request.check", nil
}

// A clock takes the rule that fits the case, begins on the day of its event,
// changes its rule when more is known, and refuses days that cannot be.
func TestChosenRules(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		e := must(choosing(t, w, choiceText, bySize))(t)
		event := clock.Today(w.clock).AddDays(-4)
		var id string
		begin := func(in cases.Input) error {
			return w.db.Tx(ctx, func(tx *db.Tx) error {
				id = db.NewID(w.clock.Now())
				_, _, err := e.Begin(ctx, tx, cases.Opening{Procedure: "choice", Who: w.as(t, "lan"), Input: in, Case: cases.Case{ID: id, CouncilID: "hn", Code: "C-" + id, OwnerBodyID: "vp"}})
				return err
			})
		}
		do := func(person, verb string, in cases.Input) error {
			return w.db.Tx(ctx, func(tx *db.Tx) error {
				c, err := cases.Load(ctx, tx, id)
				if err == nil {
					_, err = e.Do(ctx, tx, w.as(t, person), c, verb, in)
				}
				return err
			})
		}
		clocks := func() (all []cases.Deadline) {
			w.read(t, func(tx *db.Tx) (err error) { all, err = cases.Deadlines(ctx, tx, id); return err })
			return all
		}
		if err := begin(cases.Input{On: clock.Today(w.clock).AddDays(1)}); !fault.Is(err, "cases.not_yet_happened") {
			t.Errorf("what comes tomorrow was entered: %v", err)
		}
		if err := begin(cases.Input{Fields: map[string]string{"size": "odd"}}); err == nil || !strings.Contains(err.Error(), "does not name") {
			t.Errorf("a rule that the file does not name: %v", err)
		}
		if err := begin(cases.Input{On: event}); err != nil {
			t.Fatal(err)
		}
		before := clocks()
		if len(before) != 1 || before[0].RuleKey != "request.check" || before[0].Run.V.Start != event {
			t.Fatalf("%+v", before)
		}
		if err := do("lan", "hold", cases.Input{On: event.AddDays(-1)}); !fault.Is(err, "cases.before_event") {
			t.Errorf("held before it began: %v", err)
		}
		for _, step := range []func() error{
			func() error { return do("lan", "hold", cases.Input{On: event.AddDays(1)}) },
			func() error { return do("lan", "go_on", cases.Input{On: event.AddDays(3)}) },
			func() error { return do("lan", "sort", cases.Input{Fields: map[string]string{"size": "large"}}) },
		} {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}
		after := clocks()[0]
		if after.RuleKey != "request.reply" || after.Run.V.Start != event || len(after.Run.V.Pauses) != 1 || after.Run.V.Rule != "request.reply" || !after.Due.After(before[0].Due) {
			t.Errorf("chosen anew: %+v", after)
		}
		counted, err := e.Explain(after)
		if err != nil || counted.Due != after.Due || counted.PausedDays == 0 {
			t.Errorf("counted again: %+v, %v", counted, err)
		}
		if err := do("vân", "sign", cases.Input{}); !fault.Is(err, "cases.not_yours_to_do") {
			t.Errorf("a member without the role: %v", err)
		}
		if err := do("sơn", "sign", cases.Input{}); err != nil {
			t.Errorf("the chair, on the further side: %v", err)
		}
		w.read(t, func(tx *db.Tx) error {
			open, _, err := w.log.Entries(ctx, tx, audit.Filter{CouncilID: "hn", Subject: id}, audit.Page{})
			if err != nil {
				return err
			}
			all, _, err := w.log.Entries(ctx, tx, audit.Filter{CouncilID: "hn", Subject: id, Sealed: true}, audit.Page{})
			if len(open) != 0 || len(all) != 5 {
				t.Errorf("of an unnamed module %d acts stand in the open log, of %d", len(open), len(all))
			}
			return err
		})
	})
}

// A procedure that names choices or sides that are not there stops the start-up.
func TestChoiceFlaws(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, f := range []struct{ old, new, says string }{
			{"choose: by_size, variants: [request.reply]", "variants: [request.reply]", "nothing chooses"},
			{"choose: by_size}", "choose: by_mood}", "by_mood"},
			{"variants: [request.reply]", "variants: [request.nothing]", "request.nothing"},
			{"rechooses: [handle]", "rechooses: [handel]", "handel"},
			{"also: [standing]", "also: [voter]", "nobody's place"},
		} {
			if _, err := choosing(t, w, strings.Replace(choiceText, f.old, f.new, 1), bySize); err == nil || !strings.Contains(err.Error(), f.says) {
				t.Errorf("%s: %v", f.new, err)
			}
		}
	})
}
