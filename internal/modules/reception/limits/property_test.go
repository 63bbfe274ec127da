package limits_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/limits"
)

var keys = []string{"complaints.accept_first", "denunciations.handle_first", "complaints.settle_first", "denunciations.settle", "reception.tell_citizen"}

// files are letters of all kinds on both sides of 1/7/2026, some of them matters
// and some of those suspended.
func (o *office) files(r *rand.Rand) {
	kinds := []reception.Kind{reception.Complaint, reception.Denunciation, reception.Proposal}
	for i := range 28 {
		kind, ward := kinds[r.IntN(len(kinds))], r.IntN(5) == 0
		day := on("2026-06-01").AddDays(r.IntN(160))
		if i < 2 {
			day = on("2026-06-30").AddDays(i)
		}
		id := o.letter(kind, day, ward)
		if ward || kind == reception.Proposal || r.IntN(2) == 0 {
			continue
		}
		o.matter(kind, id)
		if r.IntN(2) == 0 && !day.Before(on("2026-07-01")) {
			o.suspend(id)
		}
	}
	o.at(on("2026-11-16"))
}

func (o *office) suspend(letterID string) {
	o.t.Helper()
	v, err := o.App.Reception.Sheet(ctx, o.head(), letterID)
	o.must(err)
	o.Clock.Advance(time.Minute)
	o.must(o.App.Reception.Proceed(ctx, o.head(), v.Letter.MatterID, reception.Course{Verb: "suspend", Document: "7/QĐ-VP ngày 15/7/2026", Reason: "force_majeure"}))
}

func wish(r *rand.Rand, today clock.Date) limits.Drawing {
	in := limits.Drawing{Key: keys[r.IntN(len(keys))], Count: 1 + r.IntN(90), Unit: calendar.Days, Reach: limits.Coming, Source: "Công báo", From: on("2026-05-15").AddDays(r.IntN(170))}
	if r.IntN(2) == 0 {
		in.Unit = calendar.WorkingDays
	}
	if r.IntN(3) == 0 {
		in.From = today.AddDays(1 + r.IntN(3))
	}
	if in.Confirmed = r.IntN(2) == 0; in.Confirmed {
		in.Article = "Luật mới, Điều 9"
	}
	if r.IntN(4) > 0 {
		in = running(in)
		if r.IntN(3) == 0 {
			in.ReachSince = in.From.AddDays(-r.IntN(60))
		}
	}
	return in
}

// What a preview says is what happens: to each file, to the day, and to no other.
func TestPreviewIsWhatHappens(t *testing.T) {
	each(t, func(o *office) {
		seed := rand.Uint64() // told when something breaks
		r := rand.New(rand.NewPCG(seed, 7))
		o.t.Logf("seed %d", seed)
		o.files(r)
		moved := 0
		for range 20 {
			moved += o.tried(wish(r, clock.Today(o.Clock)))
		}
		t.Logf("%d moved", moved)
		if moved == 0 {
			t.Error("nothing was moved by any version: the test holds nothing")
		}
	})
}

// tried draws a version up, puts it in force and compares.
func (o *office) tried(in limits.Drawing) (moved int) {
	t := o.t
	t.Helper()
	id, err := o.DrawUp(ctx, o.admin(), in)
	if fault.Is(err, "limits.nothing_new") || fault.Is(err, "limits.waits_already") {
		return 0
	}
	o.must(err)
	o.must(o.Try(ctx, o.admin(), id, 0))
	before := o.live(in.Key)
	preview := func(who org.Actor, changes bool) []limits.Line {
		return o.pages(func(after string) (limits.Listing, error) { return o.Preview(ctx, who, id, changes, after) })
	}
	changes, stays, ward := preview(o.head(), true), preview(o.head(), false), o.count(`SELECT count(*) FROM cases_deadlines d JOIN cases_cases c ON c.id = d.case_id
		WHERE d.rule_key = $1 AND d.status IN ('running', 'paused') AND c.council_id <> 'hn'`, in.Key)
	if len(changes)+len(stays)+ward != len(before) {
		t.Errorf("%d change, %d stay and %d are of others, of %d", len(changes), len(stays), ward, len(before))
	}
	if again := o.live(in.Key); !same(before, again) {
		t.Fatal("the trial changed something")
	}
	trial := o.paper(id).Trial.V
	o.must(o.PutInForce(ctx, o.head(), id, 0))
	if in.From.After(clock.Today(o.Clock)) {
		o.at(in.From)
	}
	o.Work(t)
	o.Clock.Advance(time.Minute)
	p := o.paper(id)
	if in.Reach == limits.Running && (!p.Counted || int(p.Changed) != trial.All.Changes) {
		t.Errorf("%d were to change, %d did; done %t", trial.All.Changes, p.Changed, p.Counted)
	}
	results := o.pages(func(after string) (limits.Listing, error) { return o.Results(ctx, o.head(), id, after) })
	if len(results) != len(changes) {
		t.Errorf("%d were shown to change, %d did", len(changes), len(results))
	}
	o.compare(in, id, before, changes, results)
	return len(changes)
}

func (o *office) compare(in limits.Drawing, id string, before map[string]cases.Deadline, changes, results []limits.Line) {
	t, after := o.t, o.live(in.Key)
	t.Helper()
	for _, d := range before {
		now, i := after[d.ID], slices.IndexFunc(changes, func(l limits.Line) bool { return l.CaseID == d.CaseID })
		acts := o.count(`SELECT count(*) FROM cases_acts WHERE case_id = $1 AND verb = 'relaw' AND fields LIKE $2`, d.CaseID, "%"+id+"%")
		if i < 0 {
			if o.count(`SELECT count(*) FROM cases_cases WHERE id = $1 AND council_id <> 'hn'`, d.CaseID) == 0 && (now.Due != d.Due || now.RuleFrom != d.RuleFrom || acts != 0) {
				t.Errorf("a file that was to stay went from %s to %s, with %d acts", d.Due, now.Due, acts)
			}
			continue
		}
		if now.Due != changes[i].Due || now.RuleFrom != in.From || now.Run.V.Count != in.Count || now.Confirmed != in.Confirmed || acts != 1 {
			t.Errorf("a file was to be due %s and is due %s by %s, with %d acts (%+v)", changes[i].Due, now.Due, now.RuleFrom, acts, in)
		}
		if len(now.Run.V.Pauses) != len(d.Run.V.Pauses) || now.Run.V.Start != d.Run.V.Start {
			t.Error("its beginning or its pauses are lost")
		}
		if !slices.ContainsFunc(results, func(l limits.Line) bool {
			return l.CaseID == d.CaseID && l.Was == changes[i].Was && l.Due == changes[i].Due
		}) {
			t.Errorf("the result differs from the preview of %s", changes[i].Title)
		}
		o.dueOfCase(d.CaseID)
	}
}

// dueOfCase holds a case's date to its clocks.
func (o *office) dueOfCase(id string) {
	o.t.Helper()
	o.read(func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := cases.Deadlines(ctx, tx, id)
		var due clock.Date
		for _, d := range all {
			if d.Live() && !d.Window && !d.Due.IsZero() && (due.IsZero() || d.Due.Before(due)) {
				due = d.Due
			}
		}
		if c.Due != due {
			o.t.Errorf("the case is due %s and its clocks %s", c.Due, due)
		}
		return err
	})
}

func same(a, b map[string]cases.Deadline) bool {
	for id, d := range a {
		if e, ok := b[id]; !ok || e.Due != d.Due || e.RuleFrom != d.RuleFrom || e.Basis != d.Basis {
			return false
		}
	}
	return len(a) == len(b)
}
