package clocks_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/reception/clocks"
)

func on(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

type almanac struct {
	rules *calendar.Rules
	days  *calendar.Calendar
}

func load(t testing.TB) almanac {
	t.Helper()
	rules, err := calendar.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.Load()
	if err != nil {
		t.Fatal(err)
	}
	return almanac{rules, days}
}

// Each row of the law notes' table, under the old law and the new.
func TestRows(t *testing.T) {
	a := load(t)
	k, d := clocks.Complaint, clocks.Denunciation
	why := []clocks.Criterion{"places"}
	for _, c := range []struct {
		row  int
		f    clocks.Facts
		rule string
		due  string // empty: no number of days
	}{
		{1, clocks.Facts{Kind: k, Step: clocks.Accept, On: on("2026-06-30")}, "complaints.accept_first", "2026-07-10"},
		{1, clocks.Facts{Kind: k, Step: clocks.Accept, On: on("2026-07-01")}, "complaints.accept_first", "2026-07-10"},
		{1, clocks.Facts{Kind: k, Step: clocks.Accept, On: on("2026-11-20"), Second: true}, "complaints.accept_second", "2026-12-02"},
		{2, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-01-20")}, "complaints.settle_first", "2026-02-23"},
		{2, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-03-31")}, "complaints.settle_first", "2026-05-04"},
		{2, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Complexity: clocks.Complex, Criteria: why, Document: "1/QĐ"}, "complaints.settle_first_complex", "2026-08-24"},
		{2, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Remote: true}, "complaints.settle_first_remote", "2026-08-24"},
		{2, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Remote: true, Complexity: clocks.Complex, Criteria: why, Document: "1/QĐ"}, "complaints.settle_first_remote_complex", "2026-09-08"},
		{3, clocks.Facts{Kind: k, Step: clocks.SendDecision, On: on("2026-11-23")}, "complaints.send_first_decision", "2026-11-27"},
		{4, clocks.Facts{Kind: k, Step: clocks.GoOn, On: on("2026-11-02")}, "complaints.go_on", "2026-12-02"},
		{4, clocks.Facts{Kind: k, Step: clocks.GoOn, On: on("2026-07-10"), Remote: true}, "complaints.go_on_remote", "2026-08-24"},
		{5, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Second: true}, "complaints.settle_second", "2026-08-24"},
		{5, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Second: true, Complexity: clocks.Complex, Criteria: why, Document: "1/QĐ"}, "complaints.settle_second_complex", "2026-09-08"},
		{5, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Second: true, Remote: true}, "complaints.settle_second_remote", "2026-09-08"},
		{5, clocks.Facts{Kind: k, Step: clocks.Settle, On: on("2026-07-10"), Second: true, Remote: true, Complexity: clocks.Complex, Criteria: why, Document: "1/QĐ"}, "complaints.settle_second_remote_complex", "2026-09-18"},
		{6, clocks.Facts{Kind: k, Step: clocks.TakeEffect, On: on("2026-03-31")}, "complaints.take_effect", "2026-05-04"},
		{6, clocks.Facts{Kind: k, Step: clocks.TakeEffect, On: on("2026-07-10"), Remote: true}, "complaints.take_effect_remote", "2026-08-24"},
		{7, clocks.Facts{Kind: k, Step: clocks.SendSuspension, On: on("2026-11-23")}, "complaints.send_suspension", "2026-11-27"},
		{8, clocks.Facts{Kind: k, Step: clocks.DialogueNotice, On: on("2026-12-10")}, "complaints.dialogue_notice", "2026-12-04"},
		{9, clocks.Facts{Kind: k, Step: clocks.DetermineComplex, On: on("2026-07-10"), Criteria: why, Document: "1/QĐ"}, "complaints.determine_complex", ""},
		{10, clocks.Facts{Kind: d, Step: clocks.HandleFirst, On: on("2026-11-20")}, "denunciations.handle_first", "2026-12-02"},
		{10, clocks.Facts{Kind: d, Step: clocks.HandleFirst, On: on("2026-11-16"), Places: true}, "denunciations.handle_first_max", "2026-12-01"},
		{11, clocks.Facts{Kind: d, Step: clocks.PassOn, On: on("2026-04-24")}, "denunciations.forward", "2026-05-06"},
		{12, clocks.Facts{Kind: d, Step: clocks.NoHandling, On: on("2026-11-16")}, "denunciations.no_handling", ""},
		{13, clocks.Facts{Kind: d, Step: clocks.TellSender, On: on("2026-11-16")}, "denunciations.tell_sender", "2026-12-07"},
		{14, clocks.Facts{Kind: d, Step: clocks.NotifyAcceptance, On: on("2026-11-16")}, "denunciations.notify_acceptance", "2026-11-23"},
		{15, clocks.Facts{Kind: d, Step: clocks.Settle, On: on("2026-01-20")}, "denunciations.settle", "2026-02-23"},
		{15, clocks.Facts{Kind: d, Step: clocks.Extend, On: on("2026-11-16"), Complexity: clocks.Complex, Document: "2/QĐ"}, "denunciations.settle_extension", "2026-12-16"},
		{16, clocks.Facts{Kind: d, Step: clocks.SendSuspension, On: on("2026-04-24")}, "denunciations.send_suspension", "2026-05-06"},
		{17, clocks.Facts{Kind: d, Step: clocks.ActOnConclusion, On: on("2026-11-20")}, "denunciations.act_on_conclusion", "2026-12-02"},
		{17, clocks.Facts{Kind: d, Step: clocks.ReportBack, On: on("2026-04-24")}, "denunciations.report_back", "2026-05-06"},
		{18, clocks.Facts{Kind: d, Step: clocks.ReviewFurther, On: on("2026-11-16")}, "denunciations.review_further", "2026-12-07"},
		{19, clocks.Facts{Kind: d, Step: clocks.SuperiorAsks, On: on("2026-04-24")}, "denunciations.superior_asks", "2026-05-06"},
		{19, clocks.Facts{Kind: d, Step: clocks.BodyReports, On: on("2026-04-24")}, "denunciations.body_reports", "2026-05-06"},
		{20, clocks.Facts{Kind: d, Step: clocks.PublishConclusion, On: on("2026-11-20")}, "denunciations.publish_conclusion", "2026-12-02"},
		{21, clocks.Facts{Kind: k, Step: clocks.AnswerFront, On: on("2026-11-16")}, "complaints.answer_front", "2026-11-23"},
		{22, clocks.Facts{Kind: k, Step: clocks.AnswerCouncil, On: on("2026-02-28")}, "supervision.answer_demand", "2026-03-30"},
		{22, clocks.Facts{Kind: k, Step: clocks.AnswerCouncil, On: on("2026-11-16")}, "letters.answer_forwarded", "2026-12-16"},
		{0, clocks.Facts{Kind: clocks.Proposal, Step: clocks.TellResult, On: on("2026-11-16")}, "reception.tell_citizen", "2026-12-01"},
		{0, clocks.Facts{Kind: clocks.Proposal, Step: clocks.BodyTells, On: on("2026-11-20")}, "reception.forwarded_result", "2026-12-02"},
		{0, clocks.Facts{Kind: clocks.Proposal, Step: clocks.TellCitizen, On: on("2026-04-24")}, "reception.deputy_tells", "2026-05-06"},
	} {
		r, err := clocks.Reckon(a.rules, a.days, c.f, nil, nil)
		if err != nil {
			t.Errorf("row %d, %s: %v", c.row, c.f.Step, err)
			continue
		}
		if r.Limit.Rule != c.rule || r.Limit.Row != c.row {
			t.Errorf("row %d, %s from %s: %s of row %d, want %s", c.row, c.f.Step, c.f.On, r.Limit.Rule, r.Limit.Row, c.rule)
		}
		if due := r.Deadline.Due; c.due == "" && !due.IsZero() || c.due != "" && due != on(c.due) {
			t.Errorf("row %d, %s from %s: due %s, want %s", c.row, c.f.Step, c.f.On, due, c.due)
		}
		if len(r.Explain()) == 0 {
			t.Errorf("row %d, %s: nobody is told why", c.row, c.f.Step)
		}
	}
}

// The same step under both laws: ten days until 30/6/2026, seven working days
// from the day after; and only what was seen in the law prints its article.
func TestBothLaws(t *testing.T) {
	a := load(t)
	for _, c := range []struct {
		day   string
		count int
		unit  calendar.Unit
	}{{"2026-06-29", 10, calendar.Days}, {"2026-06-30", 10, calendar.Days}, {"2026-07-01", 7, calendar.WorkingDays}, {"2026-07-02", 7, calendar.WorkingDays}} {
		for _, second := range []bool{false, true} {
			r, err := clocks.Reckon(a.rules, a.days, clocks.Facts{Kind: clocks.Complaint, Step: clocks.Accept, On: on(c.day), Second: second}, nil, nil)
			if err != nil || r.Rule.Count != c.count || r.Rule.Unit != c.unit || r.Rule.Basis() == "" {
				t.Errorf("%s: %+v, %v", c.day, r.Rule, err)
			}
		}
	}
	r, err := clocks.Reckon(a.rules, a.days, clocks.Facts{Kind: clocks.Complaint, Step: clocks.Settle, On: on("2026-07-10")}, nil, nil)
	if err != nil || r.Rule.Confirmed || r.Rule.Basis() != "" {
		t.Errorf("an article is printed that was not seen as it stands: %+v, %v", r.Rule, err)
	}
}

// What straddles 1/7/2026: the settling limit is that of the acceptance, while
// withdrawal, suspension and dialogue follow the new rules.
func TestTransition(t *testing.T) {
	old := clocks.Facts{Kind: clocks.Complaint, On: on("2026-06-20"), Accepted: on("2026-06-20")}
	settle := old
	settle.Step = clocks.Settle
	a := load(t)
	r, err := clocks.Reckon(a.rules, a.days, settle, []calendar.Pause{{From: on("2026-07-06"), Until: on("2026-07-16")}}, nil)
	if err != nil || !r.Rule.Confirmed || r.Rule.From != on("2012-07-01") || r.Deadline.Due != on("2026-07-30") {
		t.Errorf("accepted before: %+v %v, %v", r.Rule, r.Deadline.Due, err)
	}
	for _, step := range []clocks.Step{clocks.SendSuspension, clocks.DialogueNotice} {
		f := old
		f.Step, f.On = step, on("2026-06-25")
		if _, err := clocks.Choose(f); !fault.Is(err, "reception.clock_not_yet_law") {
			t.Errorf("%s in June: %v", step, err)
		}
		f.On = on("2026-07-20")
		if l, err := clocks.Choose(f); err != nil || len(l.Why) == 0 {
			t.Errorf("%s in July of a complaint accepted in June: %+v, %v", step, l, err)
		}
	}
	if err := clocks.PartWithdrawable(clocks.Complaint, on("2026-06-30")); err == nil {
		t.Error("a part could be withdrawn before the law knew it")
	}
	if err := clocks.PartWithdrawable(clocks.Complaint, on("2026-07-01")); err != nil {
		t.Error(err)
	}
}

// Nobody takes a longer limit without what the law asks for it.
func TestComplexity(t *testing.T) {
	k := clocks.Facts{Kind: clocks.Complaint, Step: clocks.Settle, On: on("2026-07-10"), Complexity: clocks.Complex}
	for _, c := range []struct {
		key    string
		change func(f *clocks.Facts)
	}{
		{"reception.clock_complex_needs_document", func(f *clocks.Facts) { f.Criteria = []clocks.Criterion{"people"} }},
		{"reception.clock_complex_needs_criterion", func(f *clocks.Facts) { f.Document = "3/QĐ" }},
		{"reception.clock_criterion_unknown", func(f *clocks.Facts) { f.Document, f.Criteria = "3/QĐ", []clocks.Criterion{"mood"} }},
		{"reception.clock_very_is_for_denunciations", func(f *clocks.Facts) { f.Document, f.Complexity = "3/QĐ", clocks.Very }},
		{"", func(f *clocks.Facts) { f.Document, f.Criteria = "3/QĐ", []clocks.Criterion{"people", "foreign"} }},
		{"", func(f *clocks.Facts) { f.Document, f.On, f.Determined = "3/QĐ", on("2026-05-04"), on("2026-06-01") }},
		{"reception.clock_complex_needs_criterion", func(f *clocks.Facts) { f.Document, f.On, f.Determined = "3/QĐ", on("2026-06-20"), on("2026-07-02") }},
	} {
		f := k
		c.change(&f)
		if _, err := clocks.Choose(f); c.key == "" && err != nil || c.key != "" && !fault.Is(err, c.key) {
			t.Errorf("%+v: %v, want %q", f, err, c.key)
		}
	}
	if len(clocks.Criteria()) != 7 {
		t.Error("the decree has seven criteria")
	}
}

// Complex: once; very complex: twice; each on a document; a complaint never.
func TestExtensions(t *testing.T) {
	a := load(t)
	d := clocks.Facts{Kind: clocks.Denunciation, Step: clocks.Extend, On: on("2026-11-16"), Document: "4/QĐ"}
	for _, c := range []struct {
		complexity clocks.Complexity
		given      int
		key        string
	}{
		{clocks.Plain, 0, "reception.clock_extension_needs_complex"}, {clocks.Complex, 0, ""}, {clocks.Complex, 1, "reception.clock_no_more_extensions"},
		{clocks.Very, 0, ""}, {clocks.Very, 1, ""}, {clocks.Very, 2, "reception.clock_no_more_extensions"},
	} {
		f := d
		f.Complexity, f.Extensions = c.complexity, c.given
		x, err := clocks.Extension(a.rules, f)
		if c.key != "" && !fault.Is(err, c.key) || c.key == "" && (err != nil || x.Count != 30 || x.Unit != calendar.Days) {
			t.Errorf("%s after %d: %+v, %v", c.complexity, c.given, x, err)
		}
	}
	f := d
	f.Complexity, f.Document = clocks.Complex, ""
	if _, err := clocks.Extension(a.rules, f); !fault.Is(err, "reception.clock_extension_needs_document") {
		t.Error(err)
	}
	f = d
	f.Kind, f.Complexity = clocks.Complaint, clocks.Complex
	if _, err := clocks.Extension(a.rules, f); !fault.Is(err, "reception.clock_no_limit") {
		t.Error(err)
	}
	very := clocks.Facts{Kind: clocks.Denunciation, Step: clocks.Settle, On: on("2026-01-20"), Complexity: clocks.Very}
	r, err := clocks.Reckon(a.rules, a.days, very, nil, []calendar.Extension{{Count: 30, Unit: calendar.Days, Document: "5/QĐ"}, {Count: 30, Unit: calendar.Days, Document: "6/QĐ"}})
	if err != nil || r.Deadline.Raw != on("2026-04-20") {
		t.Errorf("90 days: %s, %v", r.Deadline.Raw, err)
	}
}

// Ninety days to complain, without the days on which the writer was kept from it.
func TestInTime(t *testing.T) {
	known := on("2026-01-10")
	for _, c := range []struct {
		made string
		kept []calendar.Pause
		want bool
	}{{"2026-04-10", nil, true}, {"2026-04-11", nil, false}, {"2026-04-15", []calendar.Pause{{From: on("2026-02-01"), Until: on("2026-02-06")}}, true}, {"2026-04-16", []calendar.Pause{{From: on("2026-02-01"), Until: on("2026-02-06")}}, false}} {
		if got := clocks.InTime(known, on(c.made), c.kept); got != c.want {
			t.Errorf("%s: %v", c.made, got)
		}
	}
}

var steps = []clocks.Step{clocks.Accept, clocks.Settle, clocks.SendDecision, clocks.GoOn, clocks.TakeEffect, clocks.SendSuspension, clocks.HandleFirst, clocks.PassOn, clocks.TellSender,
	clocks.NotifyAcceptance, clocks.ActOnConclusion, clocks.ReportBack, clocks.ReviewFurther, clocks.SuperiorAsks, clocks.BodyReports, clocks.PublishConclusion, clocks.AnswerFront, clocks.AnswerCouncil,
	clocks.TellResult, clocks.BodyTells, clocks.TellCitizen}

func anyFacts(t *rapid.T) clocks.Facts {
	day := clock.NewDate(2025, time.January, 1).AddDays(rapid.IntRange(0, 1000).Draw(t, "day"))
	f := clocks.Facts{Kind: rapid.SampledFrom([]clocks.Kind{clocks.Complaint, clocks.Denunciation, clocks.Proposal}).Draw(t, "kind"), Step: rapid.SampledFrom(steps).Draw(t, "step"), On: day,
		Accepted: day, Second: rapid.Bool().Draw(t, "second"), Remote: rapid.Bool().Draw(t, "remote"), Places: rapid.Bool().Draw(t, "places")}
	if rapid.Bool().Draw(t, "complex") {
		f.Complexity, f.Document, f.Criteria = clocks.Complex, "7/QĐ", clocks.Criteria()[:rapid.IntRange(1, 7).Draw(t, "criteria")]
	}
	return f
}

// What holds of every limit: it ends on a day that is worked, is not before its
// event, is the same when counted again from what is kept, and a later event
// never ends earlier within one law.
func TestProperties(t *testing.T) {
	a := load(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		r, err := clocks.Reckon(a.rules, a.days, f, nil, nil)
		if err != nil {
			return // the law sets no such limit
		}
		if works, why := a.days.IsWorking(r.Deadline.Due); !works {
			t.Fatalf("%+v ends on a day off: %s, %+v", f, r.Deadline.Due, why)
		}
		if !r.Deadline.Due.After(f.On) {
			t.Fatalf("%+v is due %s", f, r.Deadline.Due)
		}
		again, err := a.days.Count(r.Deadline.Run)
		if err != nil || again.Due != r.Deadline.Due || again.Raw != r.Deadline.Raw {
			t.Fatalf("counted again: %s, was %s, %v", again.Due, r.Deadline.Due, err)
		}
		later := f
		later.On = f.On.AddDays(rapid.IntRange(1, 60).Draw(t, "later"))
		later.Accepted = later.On
		l, err := clocks.Reckon(a.rules, a.days, later, nil, nil)
		if err == nil && l.Rule.From == r.Rule.From && l.Rule.Key == r.Rule.Key && l.Deadline.Due.Before(r.Deadline.Due) {
			t.Fatalf("%s from %s is due %s, from %s already %s", f.Step, f.On, r.Deadline.Due, later.On, l.Deadline.Due)
		}
	})
}

// More days never give an earlier date: remote is not earlier than near, complex
// not earlier than plain, second not earlier than first.
func TestMoreIsNotEarlier(t *testing.T) {
	a := load(t)
	due := func(t *rapid.T, f clocks.Facts) clock.Date {
		r, err := clocks.Reckon(a.rules, a.days, f, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Deadline.Due
	}
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		f.Kind, f.Step = clocks.Complaint, clocks.Settle
		f.Document, f.Criteria = "8/QĐ", clocks.Criteria()[:1]
		f.Complexity, f.Remote, f.Second = clocks.Plain, false, false
		plain := due(t, f)
		for _, more := range []func(f clocks.Facts) clocks.Facts{
			func(f clocks.Facts) clocks.Facts { f.Remote = true; return f },
			func(f clocks.Facts) clocks.Facts { f.Complexity = clocks.Complex; return f },
			func(f clocks.Facts) clocks.Facts { f.Second = true; return f },
			func(f clocks.Facts) clocks.Facts { f.Remote, f.Complexity = true, clocks.Complex; return f },
		} {
			if later := due(t, more(f)); later.Before(plain) {
				t.Fatalf("%+v: %s before %s", more(f), later, plain)
			}
		}
	})
}

// A pause of n days moves the end by n days, an extension by its own days.
func TestPauseMoves(t *testing.T) {
	a := load(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		f.Step = clocks.Settle
		if f.Kind == clocks.Proposal {
			f.Kind = clocks.Complaint
		}
		if f.Complexity = clocks.Plain; f.Kind == clocks.Denunciation {
			f.Complexity, f.Document = clocks.Very, "9/QĐ"
		}
		plain, err := clocks.Reckon(a.rules, a.days, f, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := rapid.IntRange(1, 200).Draw(t, "paused")
		from := f.On.AddDays(rapid.IntRange(1, 25).Draw(t, "from"))
		paused, err := clocks.Reckon(a.rules, a.days, f, []calendar.Pause{{From: from, Until: from.AddDays(n)}}, nil)
		if err != nil || paused.Deadline.Raw != plain.Deadline.Raw.AddDays(n) || paused.Deadline.PausedDays != n {
			t.Fatalf("paused %d days: %s, was %s, %v", n, paused.Deadline.Raw, plain.Deadline.Raw, err)
		}
		open, err := clocks.Reckon(a.rules, a.days, f, []calendar.Pause{{From: from}}, nil)
		if err != nil || open.Deadline.Running || !open.Deadline.Due.IsZero() {
			t.Fatalf("a clock that stands still is due %s, %v", open.Deadline.Due, err)
		}
		if f.Kind != clocks.Denunciation {
			return
		}
		longer, err := clocks.Reckon(a.rules, a.days, f, nil, []calendar.Extension{{Count: 30, Unit: calendar.Days, Document: "10/QĐ"}})
		if err != nil || longer.Deadline.Raw != plain.Deadline.Raw.AddDays(30) {
			t.Fatalf("extended: %s, was %s, %v", longer.Deadline.Raw, plain.Deadline.Raw, err)
		}
	})
}
