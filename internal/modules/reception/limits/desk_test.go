package limits_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/limits"
)

const key = "complaints.accept_first"

// Each limit of letters and reception that the calendar ships stands on the page,
// once.
func TestAllLimits(t *testing.T) {
	rules, err := calendar.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, f := range limits.Families() {
		for _, s := range f.Steps {
			for _, k := range s.Keys {
				seen[k]++
				if !slices.Contains(rules.Keys(), k) {
					t.Errorf("%s is no rule", k)
				}
			}
		}
	}
	for _, k := range rules.Keys() {
		module, _, _ := strings.Cut(k, ".")
		if ours := slices.Contains([]string{"complaints", "denunciations", "letters", "reception"}, module); ours && seen[k] != 1 {
			t.Errorf("%s stands %d times on the page", k, seen[k])
		}
	}
}

// What runs keeps the limit it began with; what begins takes the new one.
func TestNeverBackwards(t *testing.T) {
	each(t, func(o *office) {
		before := o.letter(reception.Complaint, on("2026-11-10"), false)
		o.at(on("2026-11-16"))
		was := o.live(key)
		id := o.forced(drawing(key, 21, "2026-11-01"))
		o.Work(t)
		if !same(was, o.live(key)) {
			t.Error("a running clock was changed")
		}
		if p := o.paper(id); p.Trial.V.Outcomes[limits.Begun] != 1 || p.Trial.V.All.Changes != 0 {
			t.Errorf("%+v", p.Trial.V)
		}
		after := o.letter(reception.Complaint, on("2026-11-16"), false)
		for _, d := range o.live(key) {
			if want := map[string]int{before: 7, after: 21}[d.CaseID]; d.Run.V.Count != want {
				t.Errorf("%s runs by %d, not %d", d.CaseID, d.Run.V.Count, want)
			}
		}
	})
}

// A version for a day to come changes nothing until then, can be withdrawn until
// then, and not after.
func TestWithdraw(t *testing.T) {
	each(t, func(o *office) {
		o.letter(reception.Complaint, on("2026-11-13"), false)
		o.at(on("2026-11-16"))
		was := o.live(key)
		id := o.forced(running(drawing(key, 30, "2026-11-18")))
		o.Work(t)
		if !same(was, o.live(key)) {
			t.Fatal("it holds before its day")
		}
		_, err := o.DrawUp(ctx, o.admin(), drawing(key, 31, "2026-11-18"))
		o.wants(err, "limits.waits_already")
		o.wants(o.End(ctx, o.admin(), id, "Sai.", 0), "limits.bad_why")
		o.must(o.End(ctx, o.admin(), id, "Ngày có hiệu lực đọc nhầm.", 0))
		o.wants(o.End(ctx, o.admin(), id, "Ngày có hiệu lực đọc nhầm.", 0), "limits.not_draft")
		if rule, err := o.App.Calendar.Rules().At(key, on("2026-11-18")); err != nil || rule.Count != 7 {
			t.Errorf("what was withdrawn holds: %+v %v", rule, err)
		}
		second := o.forced(running(drawing(key, 30, "2026-11-18")))
		o.at(on("2026-11-18"))
		o.Work(t)
		for _, d := range o.live(key) {
			if d.Run.V.Count != 30 {
				t.Errorf("on its day it runs by %d", d.Run.V.Count)
			}
		}
		if p := o.paper(id); p.Changed != 0 || p.State != limits.Withdrawn {
			t.Errorf("what was withdrawn did something: %+v", p.Version)
		}
		o.wants(o.End(ctx, o.admin(), second, "Ngày có hiệu lực đọc nhầm.", 0), "limits.holds_already")
		o.must(o.PutInForce(ctx, o.head(), o.drawn(drawing(key, 8, "2026-11-18")), 0))
		if rule, err := o.App.Calendar.Rules().At(key, on("2026-11-18")); err != nil || rule.Count != 8 {
			t.Errorf("what holds is not followed: %+v %v", rule, err)
		}
	})
}

// What was entered late, for a day before the version, is reached the night after.
func TestEnteredLate(t *testing.T) {
	each(t, func(o *office) {
		o.at(on("2026-11-16"))
		id := o.forced(running(drawing(key, 40, "2026-11-12")))
		o.Work(t)
		h, err := o.App.Reception.Register(ctx, o.People["văn-thư"], reception.Entry{Kind: reception.Complaint, Source: reception.ByPost, ReceivedOn: on("2026-11-05"), Ward: "00004", Respondent: "Chủ tịch UBND phường",
			Senders: []reception.Sender{{Name: "Nguyễn Văn Bình", Address: "Số 5", Contact: "0912345678"}}, Summary: "Không đồng ý."})
		o.must(err)
		o.Pass(t, 1)
		for _, d := range o.live(key) {
			if d.CaseID == h.ID && d.Run.V.Count != 40 {
				t.Errorf("it runs by %d", d.Run.V.Count)
			}
		}
		if p := o.paper(id); p.Round < 2 || p.Changed != 1 || !p.Counted {
			t.Errorf("%+v", p.Version)
		}
		// Another version for the same day, for what comes alone: the night leaves its clocks.
		o.forced(drawing(key, 15, "2026-11-12"))
		late := o.letter(reception.Complaint, on("2026-11-17"), false)
		o.Pass(t, 1)
		for _, d := range o.live(key) {
			if d.CaseID == late && d.Run.V.Count != 15 {
				t.Errorf("the version before took a clock back: %d", d.Run.V.Count)
			}
		}
	})
}

func TestTwoPeople(t *testing.T) {
	each(t, func(o *office) {
		o.at(on("2026-11-16"))
		id, err := o.DrawUp(ctx, o.head(), drawing(key, 9, "2026-12-01"))
		o.must(err)
		o.wants(o.PutInForce(ctx, o.admin(), id, 0), "limits.not_tried")
		o.must(o.Try(ctx, o.head(), id, 0))
		o.wants(o.PutInForce(ctx, o.head(), id, 0), "limits.four_eyes")
		delegate := o.admin()
		delegate.Via = []org.Proxy{{PersonID: o.head().PersonID}}
		o.wants(o.PutInForce(ctx, delegate, id, 0), "limits.four_eyes")
		for _, name := range []string{"văn-thư", "chủ-tịch", "an-toàn", "lãnh-đạo-phường"} {
			o.wants(o.PutInForce(ctx, o.People[name], id, 0), map[bool]string{true: "limits.no_version", false: "limits.not_yours"}[name == "lãnh-đạo-phường"])
			_, err := o.DrawUp(ctx, o.People[name], drawing(key, 10, "2026-12-02"))
			o.wants(err, "limits.not_yours")
		}
		_, err = o.Paper(ctx, o.People["lãnh-đạo-phường"], id)
		o.wants(err, "limits.no_version")
		o.Pass(t, 1)
		o.wants(o.PutInForce(ctx, o.admin(), id, 0), "limits.not_tried") // what was shown yesterday
		o.must(o.Try(ctx, o.admin(), id, 0))
		o.together(id)
		if p, err := o.Paper(ctx, o.People["lãnh-đạo-phường"], id); err != nil || p.State != limits.InForce {
			t.Errorf("a ward cannot read what holds: %v", err)
		}
	})
}

// together lets two people decide at once: one does, the other is told.
func (o *office) together(id string) {
	o.t.Helper()
	second := o.People["quản-trị"]
	second.PersonID = "quản-trị-hai"
	rev := o.paper(id).Revision
	var group sync.WaitGroup
	errs := make([]error, 2)
	for i, who := range []org.Actor{o.admin(), second} {
		group.Go(func() { errs[i] = o.PutInForce(ctx, who, id, rev) })
	}
	group.Wait()
	n := 0
	for _, err := range errs {
		if err == nil {
			n++
		} else if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.Refused {
			o.t.Errorf("the second got %v", err)
		}
	}
	if n != 1 || o.count(`SELECT count(*) FROM calendar_rules WHERE rule_key = $1`, key) != 1 {
		o.t.Errorf("%d decided: %v", n, errs)
	}
}

// Two drafts against one state of the law: the second was drawn up for another.
func TestOutdated(t *testing.T) {
	each(t, func(o *office) {
		o.at(on("2026-11-16"))
		first, second := o.drawn(drawing(key, 9, "2026-11-02")), o.drawn(drawing(key, 12, "2026-11-05"))
		_, err := o.DrawUp(ctx, o.admin(), drawing(key, 13, "2026-11-05"))
		o.wants(err, "limits.drawn_already")
		o.must(o.PutInForce(ctx, o.head(), first, 0))
		o.wants(o.PutInForce(ctx, o.head(), second, 0), "limits.outdated")
		o.must(o.End(ctx, o.admin(), second, "Lập lại theo bản mới.", 0))
		o.wants(o.Try(ctx, o.admin(), second, 0), "limits.not_draft")
		o.Clock.Advance(time.Minute)
		o.forced(drawing(key, 12, "2026-11-05"))
		s, err := o.Sheet(ctx, o.head(), key)
		o.must(err)
		var spans []string
		for _, h := range s.Held {
			spans = append(spans, h.From.String()+"/"+h.Last.String())
		}
		if got := strings.Join(spans, " "); got != "2012-07-01/2026-06-30 2026-07-01/2026-11-01 2026-11-02/2026-11-04 2026-11-05/" {
			t.Error(got)
		}
	})
}

// To confirm a limit is a version for the day it has held since.
func TestConfirm(t *testing.T) {
	each(t, func(o *office) {
		const duty = "denunciations.no_handling"
		o.at(on("2026-11-16"))
		b, err := o.Book(ctx, o.admin(), true)
		o.must(err)
		for k, in := range map[string]limits.Drawing{"complaints.settle_first": drawing("complaints.settle_first", 30, "2026-07-01"), duty: {Key: duty, Unit: calendar.None, From: on("2026-07-01"), Reach: limits.Coming, Source: "Công báo"}} {
			in.Confirmed = true
			_, err := o.DrawUp(ctx, o.admin(), in)
			o.wants(err, "calendar.rule_basis")
			in.Article = "Luật Khiếu nại 2011, Điều 28"
			o.forced(in)
			if rule, err := o.App.Calendar.Rules().At(k, on("2026-08-01")); err != nil || !rule.Confirmed {
				t.Errorf("%s: %+v %v", k, rule, err)
			}
		}
		now, err := o.Book(ctx, o.admin(), true)
		o.must(err)
		if now.Unconfirmed != b.Unconfirmed-2 {
			t.Errorf("%d unconfirmed, %d before", now.Unconfirmed, b.Unconfirmed)
		}
	})
}

func TestHostile(t *testing.T) {
	each(t, func(o *office) {
		o.at(on("2026-11-16"))
		for name, c := range map[string]struct {
			change func(in *limits.Drawing)
			key    string
		}{
			"another module's rule": {func(in *limits.Drawing) { in.Key = "petitions.reply" }, "limits.rule_unknown"},
			"no rule":               {func(in *limits.Drawing) { in.Key = "complaints.accept_first' OR 1=1" }, "limits.rule_unknown"},
			"nothing":               {func(in *limits.Drawing) { in.Count = 0 }, "calendar.rule_count"},
			"negative":              {func(in *limits.Drawing) { in.Count = -7 }, "calendar.rule_count"},
			"for ever":              {func(in *limits.Drawing) { in.Count = 1 << 40 }, "calendar.rule_count"},
			"a strange unit":        {func(in *limits.Drawing) { in.Unit = "fortnight" }, "calendar.rule_unit"},
			"no number of days":     {func(in *limits.Drawing) { in.Unit, in.Count = calendar.None, 0 }, "calendar.rule_unit"},
			"no day":                {func(in *limits.Drawing) { in.From = clock.Date{} }, "calendar.rule_from"},
			"before the law":        {func(in *limits.Drawing) { in.From = on("1999-01-01") }, "calendar.rule_early"},
			"far away":              {func(in *limits.Drawing) { in.From = on("9026-01-01") }, "limits.too_far"},
			"no source":             {func(in *limits.Drawing) { in.Source = " \u200b " }, "calendar.rule_source"},
			"long words":            {func(in *limits.Drawing) { in.Note = strings.Repeat("ế", 5000) }, "calendar.text_too_long"},
			"running, no article":   {func(in *limits.Drawing) { in.Reach, in.ReachArticle = limits.Running, " \u200b" }, "limits.reach_needs_article"},
			"running, long article": {func(in *limits.Drawing) { *in = running(*in); in.ReachArticle = strings.Repeat("ế", 5000) }, "calendar.text_too_long"},
			"running, since later":  {func(in *limits.Drawing) { *in = running(*in); in.ReachSince = on("2027-01-01") }, "limits.since_after_from"},
			"no reach":              {func(in *limits.Drawing) { in.Reach = "everything" }, "limits.reach_choose"},
			"what holds already": {func(in *limits.Drawing) {
				r, err := o.App.Calendar.Rules().At(key, on("2026-07-01"))
				o.must(err)
				*in = limits.Drawing{Key: key, Count: r.Count, Unit: r.Unit, Article: r.Article, Source: r.Source, Note: r.Note, Confirmed: r.Confirmed, From: r.From, Reach: limits.Coming}
			}, "limits.nothing_new"},
		} {
			in := drawing(key, 9, "2026-12-01")
			c.change(&in)
			if _, err := o.DrawUp(ctx, o.admin(), in); !fault.Is(err, c.key) {
				t.Errorf("%s: %v, not %s", name, err, c.key)
			}
		}
		if n := o.count(`SELECT count(*) FROM reception_limits`); n != 0 {
			t.Errorf("%d were kept", n)
		}
		in := drawing(key, 9, "2026-12-01")
		in.Once, in.Note = "mark-1", "kha\u0301c"
		first, err := o.DrawUp(ctx, o.admin(), in)
		o.must(err)
		second, err := o.DrawUp(ctx, o.admin(), in)
		o.must(err)
		if p := o.paper(first); first != second || p.Note != "khác" {
			t.Errorf("%s %s %q", first, second, p.Note)
		}
		_, err = o.DrawUp(ctx, o.head(), in)
		o.wants(err, "limits.no_version")
		_, err = o.Paper(ctx, o.admin(), "nonsense'--")
		o.wants(err, "limits.no_version")
	})
}
