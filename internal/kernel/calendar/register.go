package calendar

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "calendar", Files: Files}

// What an administrator may enter at once.
const (
	enteredAtOnceMax = 40
	nameMax          = 200
	sourceMax        = 400
	withdrawnWhyMax  = 400
)

// Deps is what the register needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Recorder org.Recorder
	Settings Settings
}

// Register keeps the days an administrator enters, and the calendar in force.
//
// vi: sổ ngày nghỉ, ngày làm bù
type Register struct {
	Deps
	shipped source
	rules   *Rules
	current atomic.Pointer[Calendar]

	mu     sync.Mutex // one Refresh at a time, so that an older reading cannot win
	loaded []Day
}

// New makes the register with the calendar we ship; Refresh adds what was entered.
func New(deps Deps) (*Register, error) {
	src, err := readDays(Files)
	if err != nil {
		return nil, err
	}
	c, err := build(deps.Settings, src, nil)
	if err != nil {
		return nil, err
	}
	rules, err := LoadRules()
	if err != nil {
		return nil, err
	}
	r := &Register{Deps: deps, shipped: src, rules: rules}
	r.current.Store(c)
	return r, nil
}

// Current is the calendar in force. It never changes under its reader; ask again
// for each piece of work.
func (r *Register) Current() *Calendar { return r.current.Load() }

// Refresh reads the entered days and the rules that were set, and puts a new
// calendar in force if the days changed. The verbs call it themselves; a process that shares its database with
// others calls it from time to time.
func (r *Register) Refresh(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var days []Day
	var rules []Rule
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if days, err = daysInForce(ctx, tx); err != nil {
			return err
		}
		rules, err = rulesSet(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	r.rules.put(rules)
	if slices.Equal(days, r.loaded) {
		return nil
	}
	c, err := build(r.Settings, r.shipped, days)
	if err != nil {
		return err
	}
	r.loaded = days
	r.current.Store(c)
	return nil
}

// Days lists every entered day, the withdrawn ones too, latest date first.
func (r *Register) Days(ctx context.Context) (all []Entered, err error) {
	err = r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = entered(ctx, tx)
		return err
	})
	return all, err
}

// Enter records days off, days in lieu and exchanged days out of a decision, all
// of one decision together. Days that name a feast replace what was known of
// that feast in that year; others stand beside it.
func (r *Register) Enter(ctx context.Context, who org.Actor, days ...Day) ([]Day, error) {
	if len(days) == 0 {
		return nil, fault.New(fault.Invalid, "calendar.nothing_entered").At("date")
	}
	if len(days) > enteredAtOnceMax {
		return nil, fault.New(fault.TooLarge, "calendar.too_many_days", "max", enteredAtOnceMax).At("date")
	}
	now := r.Clock.Now()
	days = slices.Clone(days)
	for i := range days {
		d, err := days[i].tidy()
		if err != nil {
			return nil, err
		}
		d.ID = db.NewID(now)
		days[i] = d
	}
	err := r.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := daysInForce(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := r.shipped.layout(append(slices.Clone(before), days...)); err != nil {
			return err
		}
		for _, d := range days {
			if err := addDay(ctx, tx, Entered{
				Day: d, EnteredAt: db.At(now), EnteredBy: who.PersonID, EnteredByName: who.Name,
			}); err != nil {
				return err
			}
		}
		return r.Recorder.Record(ctx, tx, who, who.CouncilID, "calendar.enter", "calendar", details(days))
	})
	if err != nil {
		return nil, err
	}
	return days, r.Refresh(ctx)
}

// Withdraw takes entered days back, with a reason; they stay in the list. The
// days of one decision are withdrawn together.
func (r *Register) Withdraw(ctx context.Context, who org.Actor, why string, ids ...string) error {
	why = text.Line(why)
	switch {
	case len(ids) == 0:
		return fault.New(fault.Missing, "calendar.no_day")
	case len(ids) > enteredAtOnceMax:
		return fault.New(fault.TooLarge, "calendar.too_many_days", "max", enteredAtOnceMax)
	case why == "":
		return fault.New(fault.Invalid, "calendar.why_withdrawn").At("why")
	case utf8.RuneCountInString(why) > withdrawnWhyMax:
		return fault.New(fault.Invalid, "calendar.text_too_long", "max", withdrawnWhyMax).At("why")
	}
	now := r.Clock.Now()
	err := r.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := daysInForce(ctx, tx)
		if err != nil {
			return err
		}
		var left, gone []Day
		for _, d := range before {
			if slices.Contains(ids, d.ID) {
				gone = append(gone, d)
			} else {
				left = append(left, d)
			}
		}
		if len(gone) != len(ids) {
			return fault.New(fault.Missing, "calendar.no_day")
		}
		if _, err := r.shipped.layout(left); err != nil {
			return err
		}
		for _, d := range gone {
			if err := withdrawDay(ctx, tx, d.ID, db.At(now), who, why); err != nil {
				return err
			}
		}
		told := details(gone)
		told["why"] = why
		return r.Recorder.Record(ctx, tx, who, who.CouncilID, "calendar.withdraw", "calendar", told)
	})
	if err != nil {
		return err
	}
	return r.Refresh(ctx)
}

// tidy makes an entered day fit to be kept.
func (d Day) tidy() (Day, error) {
	d.Name, d.NameEn, d.Source = text.Line(d.Name), text.Line(d.NameEn), text.Line(d.Source)
	d.Mark, d.Computed = "", false
	for _, limit := range []struct {
		field, value string
		max          int
	}{{"name", d.Name, nameMax}, {"name_en", d.NameEn, nameMax}, {"source", d.Source, sourceMax}} {
		if utf8.RuneCountInString(limit.value) > limit.max {
			return Day{}, fault.New(fault.Invalid, "calendar.text_too_long", "max", limit.max).At(limit.field)
		}
	}
	if f := d.check(); f != nil {
		return Day{}, f
	}
	return d, nil
}

// details is what the log says of days.
func details(days []Day) map[string]any {
	told := make([]map[string]any, len(days))
	for i, d := range days {
		told[i] = map[string]any{
			"id": d.ID, "date": d.Date.String(), "kind": string(d.Kind), "feast": string(d.Feast),
			"name": d.Name, "source": d.Source, "confirmed": d.Confirmed, "for": d.For.String(),
		}
	}
	return map[string]any{"days": told}
}
