package calendar_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// log keeps what the register would write into the transparency log.
type log struct {
	verbs   []string
	refuses error
}

func (l *log) Record(_ context.Context, _ *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	if l.refuses != nil {
		return l.refuses
	}
	if who.Name == "" || councilID != "C1" || subject != "calendar" || details["days"] == nil {
		return errors.New("an entry without its particulars")
	}
	l.verbs = append(l.verbs, verb)
	return nil
}

func admin() org.Actor {
	return org.Actor{PersonID: "P1", Name: "Quản trị viên", PostID: "T1", CouncilID: "C1", Roles: []org.Role{org.Admin}}
}

func register(t *testing.T, d *db.DB) (*calendar.Register, *log) {
	t.Helper()
	l := &log{}
	r, err := calendar.New(calendar.Deps{DB: d, Clock: testkit.Clock(t), Recorder: l})
	if err != nil {
		t.Fatal(err)
	}
	return r, l
}

func on(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// exchange swaps Monday 23/11/2026 for Saturday 28/11/2026.
func exchange(t *testing.T) []calendar.Day {
	return []calendar.Day{
		{Date: on(t, "2026-11-23"), Kind: calendar.SwapOff, For: on(t, "2026-11-28"), Name: "  Nghỉ   hoán đổi ", Source: "Thông báo 1/TB", Confirmed: true},
		{Date: on(t, "2026-11-28"), Kind: calendar.SwapWork, For: on(t, "2026-11-23"), Name: "Làm bù", Source: "Thông báo 1/TB", Confirmed: true},
	}
}

func TestEnterAndWithdraw(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, l := register(t, d)
		before := r.Current()
		days, err := r.Enter(ctx, admin(), exchange(t)...)
		if err != nil {
			t.Fatal(err)
		}
		if ok, skip := r.Current().IsWorking(on(t, "2026-11-23")); ok || skip.Name != "Nghỉ hoán đổi" {
			t.Errorf("23/11 after entering: %v %+v", ok, skip)
		}
		if ok, _ := r.Current().IsWorking(on(t, "2026-11-28")); !ok {
			t.Error("28/11 is not worked after entering")
		}
		if ok, _ := before.IsWorking(on(t, "2026-11-23")); !ok {
			t.Error("the calendar somebody held has changed under them")
		}
		other, _ := register(t, d)
		if err := other.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if ok, _ := other.Current().IsWorking(on(t, "2026-11-23")); ok {
			t.Error("another process does not see the entered day")
		}
		if _, err := r.Enter(ctx, admin(), exchange(t)...); !fault.Is(err, "calendar.day_twice") {
			t.Errorf("entered twice: %v", err)
		}
		if err := r.Withdraw(ctx, admin(), "nhập nhầm", days[0].ID, days[1].ID); err != nil {
			t.Fatal(err)
		}
		if ok, _ := r.Current().IsWorking(on(t, "2026-11-23")); !ok {
			t.Error("23/11 is off after withdrawing")
		}
		if err := r.Withdraw(ctx, admin(), "lần nữa", days[0].ID); !fault.Is(err, "calendar.no_day") {
			t.Errorf("withdrawn twice: %v", err)
		}
		if _, err := r.Enter(ctx, admin(), exchange(t)...); err != nil {
			t.Errorf("entered again after withdrawing: %v", err)
		}
		all, err := r.Days(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var inForce int
		for _, e := range all {
			if e.InForce() {
				inForce++
			} else if e.WithdrawnWhy != "nhập nhầm" || e.WithdrawnByName != "Quản trị viên" {
				t.Errorf("withdrawn %+v", e)
			}
			if e.EnteredByName != "Quản trị viên" || !e.EnteredAt.Equal(testkit.Clock(t).Now()) {
				t.Errorf("entered %+v", e)
			}
		}
		if len(all) != 4 || inForce != 2 {
			t.Errorf("%d days, %d in force", len(all), inForce)
		}
		if want := []string{"calendar.enter", "calendar.withdraw", "calendar.enter"}; !slices.Equal(l.verbs, want) {
			t.Errorf("log %v, want %v", l.verbs, want)
		}
	}, calendar.Migrations)
}

func TestEnterRefuses(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, l := register(t, d)
		good := exchange(t)[0]
		with := func(change func(d *calendar.Day)) []calendar.Day {
			d := good
			change(&d)
			return []calendar.Day{d}
		}
		for _, v := range []struct {
			key  string
			days []calendar.Day
		}{
			{"calendar.nothing_entered", nil},
			{"calendar.too_many_days", make([]calendar.Day, 41)},
			{"calendar.name_missing", with(func(d *calendar.Day) { d.Name = " \n " })},
			{"calendar.text_too_long", with(func(d *calendar.Day) { d.Name = strings.Repeat("ế", 201) })},
			{"calendar.text_too_long", with(func(d *calendar.Day) { d.Source = strings.Repeat("x", 200000) })},
			{"calendar.layout_incomplete", with(func(d *calendar.Day) { d.Feast = calendar.CultureDay })},
			{"calendar.day_twice", []calendar.Day{good, good}},
		} {
			if _, err := r.Enter(ctx, admin(), v.days...); !fault.Is(err, v.key) {
				t.Errorf("%v, want %s", err, v.key)
			}
		}
		for key, err := range map[string]error{
			"calendar.no_day":        r.Withdraw(ctx, admin(), "vì sao"),
			"calendar.why_withdrawn": r.Withdraw(ctx, admin(), " ", "x"),
			"calendar.text_too_long": r.Withdraw(ctx, admin(), strings.Repeat("x", 500), "x"),
		} {
			if !fault.Is(err, key) {
				t.Errorf("%v, want %s", err, key)
			}
		}
		if len(l.verbs) != 0 {
			t.Errorf("refused, but logged %v", l.verbs)
		}
	}, calendar.Migrations)
}

// Without its log entry the day is not entered: both or neither.
func TestEnterWithTheLogOrNotAtAll(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, l := register(t, d)
		l.refuses = errors.New("the log is away")
		if _, err := r.Enter(ctx, admin(), exchange(t)...); !errors.Is(err, l.refuses) {
			t.Errorf("%v", err)
		}
		if all, err := r.Days(ctx); err != nil || len(all) != 0 {
			t.Errorf("%d days entered, %v", len(all), err)
		}
	}, calendar.Migrations)
}

// One of a feast's days cannot be withdrawn so that the feast itself is missing.
func TestWithdrawTogether(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := register(t, d)
		var layout []calendar.Day
		for _, s := range []string{"2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09"} {
			layout = append(layout, calendar.Day{Date: on(t, s), Kind: calendar.Holiday, Feast: calendar.Tet, Name: "Tết", Source: "Thông báo 2/TB", Confirmed: true})
		}
		days, err := r.Enter(ctx, admin(), layout...)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Current().Provisional(on(t, "2027-02-01"), on(t, "2027-02-28"))) != 0 {
			t.Error("Tết 2027 is entered, but still provisional")
		}
		if err := r.Withdraw(ctx, admin(), "sai", days[1].ID); !fault.Is(err, "calendar.layout_incomplete") {
			t.Errorf("withdrew mùng 1 alone: %v", err)
		}
		var ids []string
		for _, d := range days {
			ids = append(ids, d.ID)
		}
		if err := r.Withdraw(ctx, admin(), "sai", ids...); err != nil {
			t.Error(err)
		}
		if len(r.Current().Provisional(on(t, "2027-02-01"), on(t, "2027-02-28"))) != 8 {
			t.Error("Tết 2027 is withdrawn, but not provisional again")
		}
	}, calendar.Migrations)
}
