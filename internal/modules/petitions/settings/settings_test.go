package settings

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

var (
	today    = clock.NewDate(2026, 11, 16) // where the test's clock stands
	december = clock.NewDate(2026, 12, 15)
)

func parks() FieldChange {
	return FieldChange{Action: Add, Code: "urban.parks", Vi: "Công viên, cây xanh", En: "Parks and trees"}
}

func TestFourEyesAndTestFirst(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.draft(t, lan, december, parks())
		testkit.Refused(t, w.PutInForce(ctx, hoa, id, 2), "settings.not_tested")
		if err := w.Try(ctx, lan, id); err != nil {
			t.Fatal(err)
		}
		rev := w.revision(t, hoa, id)
		both := lan
		both.Roles = []org.Role{org.Clerk, org.Head}
		testkit.Refused(t, w.PutInForce(ctx, both, id, rev), "settings.four_eyes")
		testkit.Refused(t, w.PutInForce(ctx, lan, id, rev), "settings.not_head")
		testkit.Refused(t, w.PutInForce(ctx, quan, id, rev), "settings.not_head")
		for name, proxy := range map[string]org.Actor{
			"who wrote it stands in for the head": {PersonID: "lan", PostID: "post-hoa", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Head}, Via: []org.Proxy{{PersonID: "hoa"}}},
			"another stands in for who wrote it":  {PersonID: "x", PostID: "p", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Head}, Via: []org.Proxy{{PersonID: "lan"}}},
		} {
			if err := w.PutInForce(ctx, proxy, id, rev); !fault.Is(err, "settings.four_eyes") {
				t.Errorf("%s: %v", name, err)
			}
		}
		// A change after the test: a draft again, and who wrote it is an author too.
		if _, err := w.Enter(ctx, hoa, id, FieldChange{Action: End, Code: "legal.digital"}, ""); err != nil {
			t.Fatal(err)
		}
		if p, err := w.Sheet(ctx, hoa, id); err != nil || p.State != Draft || p.Test == nil || p.Test.Current {
			t.Fatalf("%v %+v", err, p.Set)
		}
		testkit.Refused(t, w.PutInForce(ctx, hoa, id, w.revision(t, hoa, id)), "settings.not_tested")
		if err := w.Try(ctx, lan, id); err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.PutInForce(ctx, hoa, id, w.revision(t, hoa, id)), "settings.four_eyes")
		second := hoa
		second.PersonID = "thu"
		testkit.Refused(t, w.PutInForce(ctx, second, id, rev), "db.stale")
		if err := w.PutInForce(ctx, second, id, w.revision(t, hoa, id)); err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.PutInForce(ctx, second, id, w.revision(t, hoa, id)), "settings.set_closed")
		_, err := w.Enter(ctx, lan, id, parks(), "")
		testkit.Refused(t, err, "settings.set_closed")
		testkit.Refused(t, w.Drop(ctx, lan, id, "Thôi", 1), "settings.set_closed")
		if n := count(t, w, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'settings.put_in_force'`); n != 1 {
			t.Errorf("%d entries of one act", n)
		}
	})
}

func TestDayOfEffect(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		if err := w.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		shipped := codes(w.Fields(today))
		w.enact(t, lan, hoa, december, parks(), FieldChange{Action: Rename, Code: "urban.roads", Vi: "Đường bộ", En: "Highways"},
			FieldChange{Action: Add, Code: "sport.pitches", Vi: "Sân bãi", En: "Pitches", BranchVi: "Thể thao", BranchEn: "Sport"},
			FieldChange{Action: End, Code: "economy.land"}, TermChange{Of: OutcomeKind, Action: End, Code: "passed"},
			TermChange{Of: ReasonKind, Action: Rename, Code: "unclear", Vi: "Không rõ việc gì", En: "Not clear what"})
		if have := codes(w.Fields(december.AddDays(-1))); have != shipped {
			t.Errorf("before its day: %s", have)
		}
		const want = "[urban.roads urban.drainage urban.lighting urban.parks economy.environment culture.health legal.digital sport.pitches]"
		if have := codes(w.Fields(december)); have != want {
			t.Errorf("have %s", have)
		}
		every := w.EveryField(december)
		if i := slices.IndexFunc(every, func(f Field) bool { return f.Code == "economy.land" }); i < 0 || !every[i].Ended || every[i].Basis != "12/QĐ-VP, 10/11/2026" || every[i].ByName != hoa.Name {
			t.Errorf("an ended field: %d %+v", i, every)
		}
		if len(w.Outcomes(december)) != 2 || w.Reasons(december)[0].Vi != "Không rõ việc gì" || w.Reasons(today)[0].Vi != "Nội dung chưa rõ" {
			t.Errorf("%+v %+v", w.Outcomes(december), w.Reasons(december))
		}
		if len(w.Words()[text.Vi]) != 0 || w.words.Say(text.Vi, "petitions.field.urban.roads") != "Giao thông, đường sá" {
			t.Errorf("named before its day: %v", w.Words())
		}
		w.clock.Set(december.Time())
		if err := w.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if w.words.Say(text.En, "petitions.field.urban.parks") != "Parks and trees" || w.words.Say(text.Vi, "petitions.branch.sport") != "Thể thao" || w.words.Say(text.Vi, "petitions.field.urban.roads") != "Đường bộ" {
			t.Errorf("%v", w.renamed)
		}
		// Another node reads the same; a desk made after renaming too.
		other := New(w.deps())
		if err := other.Refresh(ctx); err != nil || codes(other.Fields(december)) != want {
			t.Errorf("%v %s", err, codes(other.Fields(december)))
		}
		// A code is never used again, and an ended field never changed.
		id := w.draft(t, lan, december.AddDays(30))
		for key, c := range map[string]Change{
			"settings.code_used":    FieldChange{Action: Add, Code: "economy.land", Vi: "Đất", En: "Land"},
			"settings.field_ended":  FieldChange{Action: Rename, Code: "economy.land", Vi: "Đất", En: "Land"},
			"settings.name_taken":   FieldChange{Action: Add, Code: "urban.trees", Vi: "CONG VIEN, cay xanh", En: "Trees"},
			"settings.branch_new":   FieldChange{Action: Add, Code: "arts.music", Vi: "Nhạc", En: "Music"},
			"settings.code_form":    FieldChange{Action: Add, Code: "Đường.bộ", Vi: "Nhạc", En: "Music"},
			"settings.empty":        FieldChange{Action: Add, Code: "urban.new", Vi: " \u200b", En: "Music"},
			"settings.term_counted": TermChange{Of: OutcomeKind, Action: End, Code: "done"},
			"settings.term_unknown": TermChange{Of: OutcomeKind, Action: Rename, Code: "passed", Vi: "a", En: "b"},
		} {
			_, err := w.Enter(ctx, lan, id, c, "")
			testkit.Refused(t, err, key)
		}
		past, today := december.AddDays(-1), december
		_, err := w.DrawUp(ctx, lan, headFrom(past), "")
		testkit.Refused(t, err, "settings.from_past")
		late := w.draft(t, lan, today, FieldChange{Action: End, Code: "culture.health"})
		if err := w.Try(ctx, lan, late); err != nil {
			t.Fatal(err)
		}
		w.clock.Set(today.AddDays(1).Time())
		testkit.Refused(t, w.PutInForce(ctx, hoa, late, w.revision(t, hoa, late)), "settings.from_over")
		testkit.Refused(t, w.Try(ctx, lan, late), "settings.from_over")
	})
}

func TestWhoMaySetWhat(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.draft(t, tam, today)
		for _, c := range []Change{parks(), TermChange{Of: ReasonKind, Action: End, Code: "abusive"}, DeadlineChange{Key: "petitions.reply", Count: 30, Unit: calendar.Days},
			RetentionChange{Keep: VoterContact, Months: 12, Basis: "Luật 91/2025/QH15"}} {
			_, err := w.Enter(ctx, tam, id, c, "")
			testkit.Refused(t, err, "settings.city_only")
		}
		_, err := w.Enter(ctx, tam, id, rule("Của phường khác", 1, RuleBody{Any: []string{"ngập"}, ToBody: "nh-ub"}), "")
		testkit.Refused(t, err, "settings.body_unknown")
		if _, err := w.Enter(ctx, tam, id, rule("Ngập", 1, RuleBody{Any: []string{"ngập"}, ToBody: "bd-ub", ToField: "urban.drainage"}), ""); err != nil {
			t.Fatal(err)
		}
		for _, stranger := range []org.Actor{lan, hoa, yen, {}, {PersonID: "z", PostID: "z", CouncilID: "bd", BodyKind: org.Agency, Roles: []org.Role{org.BodyHead}}} {
			_, err := w.Sheet(ctx, stranger, id)
			testkit.Refused(t, err, "settings.no_set")
			if err := w.Try(ctx, stranger, id); err == nil {
				t.Errorf("%s tests a set of another council", stranger.Name)
			}
			if _, err := w.Enter(ctx, stranger, id, parks(), ""); err == nil {
				t.Errorf("%s writes in a set of another council", stranger.Name)
			}
			if err := w.PutInForce(ctx, stranger, id, 1); err == nil {
				t.Errorf("%s puts a set of another council in force", stranger.Name)
			}
		}
		if err := w.Try(ctx, tam, id); err != nil {
			t.Fatal(err)
		}
		if err := w.PutInForce(ctx, minh, id, w.revision(t, minh, id)); err != nil {
			t.Fatal(err)
		}
		f := Facts{Text: "Phố ngập"}
		if len(w.Route(ctx, "bd", f)) != 1 || len(w.Route(ctx, "hn", f)) != 0 || len(w.Route(ctx, "nh", f)) != 0 {
			t.Error("a ward's rule reaches others, or not its own")
		}
		board, err := w.InForce(ctx, lan, RuleKind, "")
		if err != nil || len(board.Now)+len(board.History) != 0 {
			t.Errorf("the city reads the ward's rules: %+v %v", board, err)
		}
	})
}

func TestSentTwiceAndTwoAtOnce(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		a, err1 := w.DrawUp(ctx, lan, headFrom(today), "mark")
		b, err2 := w.DrawUp(ctx, lan, headFrom(today), "mark")
		if err1 != nil || err2 != nil || a != b {
			t.Fatal(a, b, err1, err2)
		}
		x, err1 := w.Enter(ctx, lan, a, parks(), "m1")
		y, err2 := w.Enter(ctx, lan, a, parks(), "m1")
		if err1 != nil || err2 != nil || x != y {
			t.Fatal(x, y, err1, err2)
		}
		_, err := w.Enter(ctx, lan, a, parks(), "m2")
		testkit.Refused(t, err, "settings.twice")
		if err := w.Revise(ctx, lan, a, x, 1, FieldChange{Action: Add, Code: "urban.trees", Vi: "Cây", En: "Trees"}); err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.Revise(ctx, hoa, a, x, 1, FieldChange{Action: Add, Code: "urban.woods", Vi: "Rừng", En: "Woods"}), "db.stale")
		if err := w.Try(ctx, lan, a); err != nil {
			t.Fatal(err)
		}
		rev := w.revision(t, hoa, a)
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() { errs[i] = w.PutInForce(ctx, hoa, a, rev) })
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !fault.Is(err, "db.stale") && !fault.Is(err, "settings.set_closed"):
				t.Error(err)
			}
		}
		if done != 1 || !strings.Contains(codes(w.Fields(today)), "urban.trees") {
			t.Errorf("%d of four: %v", done, errs)
		}
	})
}

func TestChangedWhileTried(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.draft(t, lan, today, parks())
		w.meantime = func() {
			if _, err := w.Enter(ctx, quan, id, FieldChange{Action: End, Code: "legal.digital"}, "once"); err != nil {
				t.Error(err)
			}
		}
		testkit.Refused(t, w.Try(ctx, lan, id), "settings.changed_meanwhile")
		w.meantime = nil
		if p, err := w.Sheet(ctx, lan, id); err != nil || p.State != Draft || p.Test != nil || len(p.Items) != 2 {
			t.Errorf("%v %+v", err, p)
		}
		// The largest change fits the log, written and written again.
		long := TemplateChange{Action: Add, Verb: "answer", Title: "Dài", Text: strings.Repeat("<", templateMax)}
		item, err := w.Enter(ctx, lan, id, long, "")
		if err != nil {
			t.Fatal(err)
		}
		long.Text = strings.Repeat("ễ", templateMax)
		if err := w.Revise(ctx, lan, id, item, 1, long); err != nil {
			t.Fatal(err)
		}
		if err := w.Remove(ctx, lan, id, item); err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.Remove(ctx, lan, id, item), "settings.no_item")
		other := w.draft(t, hoa, today, parks())
		testkit.Refused(t, w.Remove(ctx, lan, id, mustSheet(t, w, other).Items[0].ID), "settings.no_item")
		testkit.Refused(t, w.Revise(ctx, lan, id, mustSheet(t, w, other).Items[0].ID, 1, parks()), "settings.no_item")
	})
}

func mustSheet(t *testing.T, w *world, id string) Sheet {
	t.Helper()
	p, err := w.Sheet(ctx, lan, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", state: "accepted"}, petition{id: "p2", state: "accepted", sealed: true})
		began := clock.NewDate(2026, 11, 2)
		for _, id := range []string{"p1", "p2"} {
			w.samples["hn"] = append(w.samples["hn"], Sample{ID: id, Code: codeOf(id), Clocks: []Clock{{"petitions.reply", began, clock.NewDate(2027, 1, 4)}, {"petitions.classify", began, began}}})
		}
		id := w.draft(t, lan, december, DeadlineChange{Key: "petitions.reply", Count: 30, Unit: calendar.Days, Article: "Nghị quyết 5, Điều 2", Confirmed: true})
		if err := w.Try(ctx, lan, id); err != nil {
			t.Fatal(err)
		}
		p, err := w.Sheet(ctx, lan, id)
		if err != nil || len(p.Test.Limits) != 1 || !p.Test.Current {
			t.Fatalf("%v %+v", err, p.Test)
		}
		l := p.Test.Limits[0]
		if l.Terms[0].Count != 60 || l.Terms[1].Due != clock.NewDate(2027, 1, 14) || l.Running != 2 || len(l.Clocks) != 1 || p.Test.Hidden != 1 || l.Clocks[0].Would != clock.NewDate(2026, 12, 2) {
			t.Errorf("%+v hidden %d", l, p.Test.Hidden)
		}
		if err := w.PutInForce(ctx, hoa, id, p.Revision); err != nil {
			t.Fatal(err)
		}
		before, err1 := w.calendar.Rules().At("petitions.reply", december.AddDays(-1))
		after, err2 := w.calendar.Rules().At("petitions.reply", december)
		if err1 != nil || err2 != nil || before.Count != 60 || after.Count != 30 || after.Basis() != "Nghị quyết 5, Điều 2" || after.Source != "12/QĐ-VP, 10/11/2026" {
			t.Errorf("%v %v %+v %+v", err1, err2, before, after)
		}
		early := w.draft(t, lan, december.AddDays(-2))
		_, err = w.Enter(ctx, lan, early, DeadlineChange{Key: "petitions.reply", Count: 20, Unit: calendar.Days}, "")
		testkit.Refused(t, err, "settings.rule_later")
		_, err = w.Enter(ctx, lan, early, DeadlineChange{Key: "petitions.classify", Count: 0, Unit: "fortnight", Confirmed: true}, "")
		for _, key := range []string{"settings.count_wrong", "settings.choose", "settings.article_needed"} {
			testkit.Refused(t, err, key)
		}
	})
}

func TestErasing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		old, young := clock.NewDate(2025, 10, 1), clock.NewDate(2026, 9, 1)
		w.hand(t, petition{id: "c1", state: "closed", closed: old}, petition{id: "c2", state: "closed", closed: young}, petition{id: "r1", state: "refused", closed: old}, petition{id: "o1", state: "accepted"})
		left := func() int64 { return count(t, w, `SELECT COUNT(*) FROM petitions_petitions WHERE voter_name <> ''`) }
		if err := w.erase(ctx, jobs.Work{}); err != nil || left() != 4 {
			t.Fatalf("without a rule: %v, %d left", err, left())
		}
		w.enact(t, lan, hoa, today, RetentionChange{Keep: VoterContact, Months: 12, Basis: "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"})
		for range 2 {
			if err := w.erase(ctx, jobs.Work{}); err != nil || left() != 3 {
				t.Fatalf("%v, %d left", err, left())
			}
		}
		if n := count(t, w, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'settings.erase'`); n != 1 {
			t.Errorf("%d entries of one batch", n)
		}
		if n := count(t, w, `SELECT COUNT(*) FROM petitions_petitions WHERE id = 'c1' AND voter_name = ''`); n != 1 {
			t.Error("another was erased")
		}
	})
	if d := monthsBefore(clock.NewDate(2026, 3, 31), 1); d != clock.NewDate(2026, 2, 28) {
		t.Error(d)
	}
	if d := monthsBefore(clock.NewDate(2026, 11, 16), 24); d != clock.NewDate(2024, 11, 16) {
		t.Error(d)
	}
}
