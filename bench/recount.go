package main

import (
	"context"
	"fmt"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// recount measures counting every running clock again after the calendar was
// changed, on open cases alone, against reading those clocks once.
func (b *bench) recount(ctx context.Context, s store) error {
	n := 100_000
	if b.quick {
		n = 20_000
	}
	at, err := b.site(ctx, s, "recount")
	if err != nil {
		return err
	}
	h, err := b.found(ctx, at)
	if err != nil {
		return err
	}
	rows, err := newSeeder(h)
	if err != nil {
		return err
	}
	rows.open = 1
	if err := rows.fill(ctx, at, n); err != nil {
		return err
	}
	err = inside(ctx, at, func(a *app.App) error {
		read, err := readClocks(ctx, a.DB)
		if err != nil {
			return err
		}
		began := time.Now()
		if _, err := a.Cases.Recount(ctx); err != nil {
			return err
		}
		b.out.against(figure{Name: "recount." + s.name + ".same", Value: time.Since(began).Seconds(), Unit: "s", Baseline: read.Seconds(), N: n}, goal{most: 3})
		if err := h.giveDayOff(ctx, a); err != nil {
			return err
		}
		began = time.Now()
		moved, err := a.Cases.Recount(ctx)
		if err != nil {
			return err
		}
		if moved == 0 {
			return fmt.Errorf("a day off in a fortnight moved no due date")
		}
		b.out.against(figure{Name: "recount." + s.name + ".day_off", Value: time.Since(began).Seconds(), Unit: "s", Baseline: read.Seconds(), N: moved}, goal{most: 3})
		return nil
	})
	if err != nil {
		return err
	}
	return b.remove(ctx, at)
}

// readClocks takes the time of reading all running clocks and nothing else.
func readClocks(ctx context.Context, d *db.DB) (time.Duration, error) {
	began := time.Now()
	err := d.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All[string](ctx, tx, "SELECT run FROM cases_deadlines WHERE status IN ('running', 'paused') ORDER BY id")
		return err
	})
	return time.Since(began), err
}

// giveDayOff makes the second working day from now a day off, which moves the
// end of nearly every limit counted in working days.
func (h *house) giveDayOff(ctx context.Context, a *app.App) error {
	admin, err := h.acting(ctx, a, org.Admin)
	if err != nil {
		return err
	}
	day := clock.Today(a.Clock)
	for n := 0; n < 2; {
		day = day.AddDays(1)
		if works, _ := a.Calendar.Current().IsWorking(day); works {
			n++
		}
	}
	_, err = a.Calendar.Enter(ctx, admin, calendar.Day{Date: day, Kind: calendar.Holiday, Name: "Ngày nghỉ để đo", NameEn: "Day off for measuring", Source: "bench", Confirmed: true})
	return err
}
