package reports

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

var begin = time.Date(2026, 7, 1, 8, 0, 0, 0, clock.Hanoi)

// story writes acts one day after the other: "verb>state {fields}".
func story(steps ...step) []Act {
	var acts []Act
	round := 1
	for i, s := range steps {
		if s.verb == "contest" || s.verb == "reopen" {
			round++
		}
		b, err := json.Marshal(s.fields)
		if err != nil {
			panic(err)
		}
		acts = append(acts, Act{CaseID: "k", Number: i + 1, Verb: s.verb, At: db.At(begin.AddDate(0, 0, i)), To: s.to, Round: round, BodyID: s.body, BodyName: s.body, Document: s.document, Fields: string(b), Late: s.late})
	}
	return acts
}

type step struct {
	verb           string
	to             cases.State
	fields         map[string]string
	body, document string
	late           bool
}

var (
	receive  = step{verb: "receive", to: "received", fields: map[string]string{"ward": "00004"}}
	classify = step{verb: "classify", to: "classified", fields: map[string]string{"field": "urban.roads", "authority": "city", "newness": "new", "ward": "00008", "body": "sxd"}}
	forward  = step{verb: "forward", to: "forwarded"}
	accept   = step{verb: "accept", to: "accepted"}
	extend   = step{verb: "extend", to: "accepted", fields: map[string]string{"days": "10", "asked_document": "1/SXD"}}
	again    = step{verb: "send_again", to: "accepted"}
	finish   = step{verb: "close", to: "closed"}
	contest  = step{verb: "contest", to: "received"}
	reopen   = step{verb: "reopen", to: "received"}
	giveBack = step{verb: "return", to: "returned", fields: map[string]string{"reason": "not_competent"}}
	refuse   = step{verb: "refuse", to: "refused", fields: map[string]string{"reason": "unclear"}}
	split    = step{verb: "split_off", to: "split", fields: map[string]string{"kind": "denunciation"}}
	remind   = step{verb: "remind", to: "accepted", fields: map[string]string{"deadline": "reply"}}
)

func answer(outcome string, late bool) step {
	return step{verb: "answer", to: "answered", fields: map[string]string{"outcome": outcome, "points": "1"}, body: "sxd", document: "12/SXD", late: late}
}

func judge(quality string) step {
	return step{verb: "judge", to: "judged", fields: map[string]string{"quality": quality}}
}

// letters give sixty days from each forwarding.
func letters(acts []Act) []Term {
	var all []Term
	for _, a := range acts {
		if a.Verb == "forward" {
			all = append(all, Term{CaseID: a.CaseID, At: a.At, Due: clock.DateOf(a.At.Time).AddDays(60)})
		}
	}
	return all
}

func TestFold(t *testing.T) {
	day := func(n int) clock.Date { return clock.DateOf(begin).AddDays(n) }
	for _, row := range []struct {
		name  string
		steps []step
		until int // days after the beginning; the last act when negative
		want  string
	}{
		{"nothing yet", []step{receive}, -5, "state= field= ward= due= outcome= quality= late=false earlier=0 newness="},
		{"received", []step{receive}, 0, "state=received field= ward=00004 due= outcome= quality= late=false earlier=0 newness="},
		{"classified later", []step{receive, classify}, 0, "state=received field= ward=00004 due= outcome= quality= late=false earlier=0 newness="},
		{"classified", []step{receive, classify}, 1, "state=classified field=urban.roads ward=00008 due= outcome= quality= late=false earlier=0 newness=new"},
		{"forwarded", []step{receive, classify, forward}, 9, "state=forwarded field=urban.roads ward=00008 due=" + day(62).String() + " outcome= quality= late=false earlier=0 newness=new"},
		{"extended", []step{receive, classify, forward, accept, extend}, 9, "state=accepted field=urban.roads ward=00008 due=" + day(72).String() + " outcome= quality= late=false earlier=0 newness=new"},
		{"returned", []step{receive, classify, forward, giveBack}, 9, "state=returned field=urban.roads ward=00008 due= outcome= quality= late=false earlier=0 newness=new"},
		{"answered late", []step{receive, classify, forward, accept, answer("underway", true)}, 9, "state=answered field=urban.roads ward=00008 due=" + day(62).String() + " outcome=underway quality= late=true earlier=0 newness=new"},
		{"judged", []step{receive, classify, forward, accept, answer("done", false), judge("good")}, 9, "state=judged field=urban.roads ward=00008 due=" + day(62).String() + " outcome=done quality=good late=false earlier=0 newness=new"},
		{"sent again", []step{receive, classify, forward, accept, answer("done", true), judge("off_point"), again}, 9,
			"state=accepted field=urban.roads ward=00008 due=" + day(66).String() + " outcome= quality= late=false earlier=1 newness=new"},
		{"contested", []step{receive, classify, forward, accept, answer("done", false), judge("good"), finish, contest}, 9,
			"state=received field=urban.roads ward=00008 due= outcome= quality= late=false earlier=1 newness=repeated"},
		{"before the contest", []step{receive, classify, forward, accept, answer("done", false), judge("good"), finish, contest}, 6,
			"state=closed field=urban.roads ward=00008 due=" + day(62).String() + " outcome=done quality=good late=false earlier=0 newness=new"},
		{"refused", []step{receive, refuse}, 9, "state=refused field= ward=00004 due= outcome= quality= late=false earlier=0 newness="},
		{"reopened", []step{receive, refuse, reopen}, 9, "state=received field= ward=00004 due= outcome= quality= late=false earlier=0 newness="},
		{"split", []step{receive, split}, 9, "state=split field= ward=00004 due= outcome= quality= late=false earlier=0 newness="},
		{"reminded", []step{receive, classify, forward, accept, remind}, 9, "state=accepted field=urban.roads ward=00008 due=" + day(62).String() + " outcome= quality= late=false earlier=0 newness=new"},
	} {
		acts := story(row.steps...)
		s, err := Fold(acts, letters(acts), begin.AddDate(0, 0, row.until))
		if err != nil {
			t.Fatal(err)
		}
		have := fmt.Sprintf("state=%s field=%s ward=%s due=%s outcome=%s quality=%s late=%t earlier=%d newness=%s", s.State, s.Field, s.Ward, s.Due, s.Outcome, s.Quality, s.Late, s.Earlier, s.Newness)
		if have != row.want {
			t.Errorf("%s:\nhave %s\nwant %s", row.name, have, row.want)
		}
	}
}

// The three axes are apart: answered, settled, judged.
func TestAxes(t *testing.T) {
	for _, row := range []struct {
		steps                             []step
		taken, answered, settled, overdue bool
	}{
		{[]step{receive, classify, forward, accept}, true, false, false, true},
		{[]step{receive, classify, forward, accept, answer("underway", false)}, true, true, false, false},
		{[]step{receive, classify, forward, accept, answer("explained", false), judge("off_point")}, true, true, true, false},
		{[]step{receive, classify, forward, accept, answer("no_means", false), judge("good"), finish}, true, true, false, false},
		{[]step{receive, refuse}, false, false, false, false},
	} {
		acts := story(row.steps...)
		at := begin.AddDate(1, 0, 0)
		s, err := Fold(acts, letters(acts), at)
		if err != nil || s.Taken() != row.taken || s.Answered() != row.answered || s.Settled() != row.settled || s.Overdue(at) != row.overdue {
			t.Errorf("%v: taken %t answered %t settled %t overdue %t, %v", row.steps, s.Taken(), s.Answered(), s.Settled(), s.Overdue(at), err)
		}
	}
}

func anyStory(t *rapid.T) []Act {
	all := []step{classify, forward, accept, extend, again, finish, contest, reopen, giveBack, refuse, split, remind, answer("done", false), answer("partly", true), judge("good"), judge("off_point")}
	steps := []step{receive}
	for range rapid.IntRange(0, 25).Draw(t, "n") {
		steps = append(steps, all[rapid.IntRange(0, len(all)-1).Draw(t, "step")])
	}
	return story(steps...)
}

// Folding up to a moment is folding the acts up to it, in whatever verbs; what
// comes later never changes it.
func TestFoldIsOfThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := anyStory(t)
		at := begin.AddDate(0, 0, rapid.IntRange(-1, 30).Draw(t, "day"))
		cut := slices.IndexFunc(acts, func(a Act) bool { return a.At.After(at) })
		if cut < 0 {
			cut = len(acts)
		}
		whole, err := Fold(acts, letters(acts), at)
		if err != nil {
			t.Fatal(err)
		}
		past, err := Fold(acts[:cut], letters(acts[:cut]), at)
		if err != nil {
			t.Fatal(err)
		}
		late, err := Fold(acts[:cut], letters(acts), at.AddDate(3, 0, 0))
		if err != nil || whole != past || past != late {
			t.Fatalf("%+v\n%+v\n%+v %v", whole, past, late, err)
		}
	})
}

// The parts of a report's figures add up to the whole.
func TestFiguresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, at := newFigures(), begin.AddDate(0, 0, 100)
		n := rapid.IntRange(0, 40).Draw(t, "cases")
		for range n {
			acts := anyStory(t)
			s, err := Fold(acts, letters(acts), at)
			if err != nil {
				t.Fatal(err)
			}
			f.add(s, at)
		}
		sum := func(m map[string]*Tally) (all Tally) {
			for _, y := range m {
				all = Tally{all.Count + y.Count, all.Answered + y.Answered, all.OnTime + y.OnTime, all.Late + y.Late, all.Overdue + y.Overdue, all.Settled + y.Settled}
			}
			return all
		}
		var ages int64
		for _, n := range f.ByAge {
			ages += n
		}
		switch {
		case f.Received != int64(n) || f.All.Count+f.Refused != f.Received:
			t.Fatalf("received %d, refused %d, taken in %d", f.Received, f.Refused, f.All.Count)
		case sum(f.ByField) != f.All || sum(f.ByBody) != f.All || sum(f.ByWard) != f.All || sum(f.ByBranch) != f.All:
			t.Fatalf("parts differ from %+v", f.All)
		case f.All.OnTime+f.All.Late != f.All.Answered || f.All.Settled > f.All.Answered || f.All.Settled+ages != f.All.Count:
			t.Fatalf("%+v, ages %d", f.All, ages)
		}
	})
}

// Each petition of a period stands in the results; what is unsettled in
// exactly one of the two lists.
func TestKindsPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := anyStory(t)
		at := begin.AddDate(0, 0, 100)
		s, err := Fold(acts, letters(acts), at)
		if err != nil {
			t.Fatal(err)
		}
		holds := func(k Kind) bool {
			q := Query{Kind: k, From: clock.DateOf(begin).AddDays(-3), Until: clock.DateOf(begin).AddDays(3)}
			in, err := q.holds(s, func() (Standing, error) { return Fold(acts, letters(acts), q.From.Time()) })
			if err != nil {
				t.Fatal(err)
			}
			return in
		}
		unsettled := s.Taken() && !s.Settled()
		if holds(Results) != s.Taken() || (holds(Stuck) || holds(Fresh)) != unsettled || holds(Stuck) && holds(Fresh) {
			t.Fatalf("%+v: results %t, stuck %t, fresh %t", s, holds(Results), holds(Stuck), holds(Fresh))
		}
	})
}

func TestQuery(t *testing.T) {
	a, b := clock.NewDate(2026, 7, 1), clock.NewDate(2026, 12, 31)
	for _, row := range []struct {
		name string
		q    Query
		ok   bool
	}{
		{"usual", Query{Kind: Summary, From: a, Until: b}, true},
		{"a day", Query{Kind: Results, From: a, Until: a}, true},
		{"no kind", Query{From: a, Until: b}, false},
		{"no days", Query{Kind: Summary}, false},
		{"backwards", Query{Kind: Summary, From: b, Until: a}, false},
		{"a century", Query{Kind: Summary, From: clock.NewDate(1930, 1, 1), Until: b}, false},
		{"half a comparison", Query{Kind: Summary, From: a, Until: b, BeforeFrom: clock.NewDate(2026, 1, 1)}, false},
		{"compared with itself", Query{Kind: Summary, From: a, Until: b, BeforeFrom: a, BeforeUntil: b}, false},
	} {
		if err := row.q.check(); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	q := Query{Kind: Summary, From: a, Until: b, Fields: []string{"urban", "culture", "urban"}}.whole()
	if q.BeforeUntil != clock.NewDate(2026, 6, 30) || q.BeforeUntil.Sub(q.BeforeFrom) != b.Sub(a) || len(q.Fields) != 2 {
		t.Errorf("%+v", q)
	}
	before, at := q.before(b.End().Add(48 * time.Hour))
	if before.From != q.BeforeFrom || !at.Equal(q.BeforeUntil.End().Add(48*time.Hour)) {
		t.Errorf("%+v at %v", before, at)
	}
}

// BenchmarkFoldMillion folds a million petitions of eight acts each and counts
// them: what a report over everything costs beside the database.
func BenchmarkFoldMillion(b *testing.B) {
	acts := story(receive, classify, forward, accept, remind, answer("done", false), judge("good"), finish)
	terms := letters(acts)
	at := begin.AddDate(0, 1, 0)
	for b.Loop() {
		f := newFigures()
		for range 1_000_000 {
			s, err := Fold(acts, terms, at)
			if err != nil {
				b.Fatal(err)
			}
			f.add(s, at)
		}
		if f.All.Settled != 1_000_000 {
			b.Fatal(f.All)
		}
	}
}
