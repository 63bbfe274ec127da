package calendar_test

import (
	"context"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
)

// thirty is a reply term of thirty working days, as an office might set it.
func thirty(t *testing.T, from string) calendar.Rule {
	return calendar.Rule{Key: "petitions.reply", Count: 30, Unit: calendar.WorkingDays, From: on(t, from), Source: "Quyết định 12/QĐ-HĐND ngày 20/11/2026"}
}

func put(t *testing.T, r *calendar.Register, d *db.DB, rules ...calendar.Rule) {
	t.Helper()
	ctx := context.Background()
	err := d.Tx(ctx, func(tx *db.Tx) error {
		for _, rule := range rules {
			if err := r.PutRule(ctx, tx, admin(), rule); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = r.Refresh(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What an office sets counts from its day on; the day before, the shipped rule
// counts. A second process reads it from the database.
func TestRulesSet(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		here, _ := register(t, d)
		put(t, here, d, thirty(t, "2026-12-01"))
		there, _ := register(t, d)
		if err := there.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, r := range []*calendar.Register{here, there} {
			for day, want := range map[string]int{"2026-11-30": 60, "2026-12-01": 30, "2030-01-01": 30} {
				rule, err := r.Rules().At("petitions.reply", on(t, day))
				if err != nil || rule.Count != want {
					t.Errorf("on %s: %d days, %v, not %d", day, rule.Count, err, want)
				}
			}
			if n := len(r.Rules().History("petitions.reply")); n != 2 {
				t.Errorf("%d versions, not 2", n)
			}
		}
	}, calendar.Migrations)
}

// Of two decisions for one day the later one counts, and a mended date is not
// lost behind an older rule that began after it.
func TestRulesSetTwice(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r, _ := register(t, d)
		again := thirty(t, "2026-12-01")
		again.Count = 45
		early := thirty(t, "2026-11-20")
		early.Count = 20
		put(t, r, d, thirty(t, "2026-12-01"))
		r.Clock.(*clock.Movable).Advance(time.Minute)
		put(t, r, d, again)
		put(t, r, d, early)
		for day, want := range map[string]int{"2026-11-19": 60, "2026-11-20": 20, "2026-11-30": 20, "2026-12-01": 45} {
			if rule, err := r.Rules().At("petitions.reply", on(t, day)); err != nil || rule.Count != want {
				t.Errorf("on %s: %d days, %v, not %d", day, rule.Count, err, want)
			}
		}
		err := d.Tx(context.Background(), func(tx *db.Tx) error { return r.PutRule(context.Background(), tx, admin(), again) })
		if !fault.Is(err, "calendar.rule_twice") {
			t.Errorf("two rules for one day at one moment: %v", err)
		}
	}, calendar.Migrations)
}

func TestCheckRule(t *testing.T) {
	r, _ := register(t, nil)
	for name, v := range map[string]struct {
		change func(*calendar.Rule)
		field  string
		key    string
	}{
		"key":                          {func(r *calendar.Rule) { r.Key = "petitions.whenever" }, "key", "calendar.rule_unknown"},
		"unit":                         {func(r *calendar.Rule) { r.Unit = "fortnight" }, "unit", "calendar.rule_unit"},
		"nothing":                      {func(r *calendar.Rule) { r.Count = 0 }, "count", "calendar.rule_count"},
		"negative":                     {func(r *calendar.Rule) { r.Count = -3 }, "count", "calendar.rule_count"},
		"for ever":                     {func(r *calendar.Rule) { r.Count = 1 << 40 }, "count", "calendar.rule_count"},
		"no date":                      {func(r *calendar.Rule) { r.From = clock.Date{} }, "from", "calendar.rule_from"},
		"long ago":                     {func(r *calendar.Rule) { r.From = on(t, "1899-01-01") }, "from", "calendar.rule_early"},
		"confirmed without an article": {func(r *calendar.Rule) { r.Confirmed = true }, "article", "calendar.rule_basis"},
		"no paper":                     {func(r *calendar.Rule) { r.Source = " \u200b " }, "source", "calendar.rule_source"},
	} {
		rule := thirty(t, "2026-12-01")
		v.change(&rule)
		_, err := r.CheckRule(rule)
		if all := fault.Of(err); all == nil || len(all.Faults) != 1 || all.Faults[0].Key != v.key || all.Faults[0].Field != v.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	backward := thirty(t, "2026-12-01")
	backward.Key = "voter_contact.notify_place"
	if rule, err := r.CheckRule(backward); err != nil || !rule.Backward {
		t.Errorf("a rule that is counted back was turned round: %v, %v", rule, err)
	}
}

// What has not begun can be taken back; what holds cannot.
func TestTakeBackRule(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r, _ := register(t, d)
		put(t, r, d, thirty(t, "2026-12-01"))
		back := func(from string) error {
			return d.Tx(context.Background(), func(tx *db.Tx) error {
				return r.TakeBackRule(context.Background(), tx, "petitions.reply", on(t, from))
			})
		}
		if err := back("2026-11-16"); !fault.Is(err, "calendar.rule_begun") {
			t.Errorf("today's: %v", err)
		}
		if err := back("2026-12-02"); err == nil {
			t.Error("what was not set is taken back")
		}
		if err := back("2026-12-01"); err != nil {
			t.Fatal(err)
		}
		if err := r.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		if rule, err := r.Rules().At("petitions.reply", on(t, "2026-12-01")); err != nil || rule.Count != 60 {
			t.Errorf("it still holds: %+v, %v", rule, err)
		}
	}, calendar.Migrations)
}
