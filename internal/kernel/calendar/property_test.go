package calendar

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
)

// drawRun draws a clock between 2020 and 2030 with pauses that do not overlap.
func drawRun(t *rapid.T, paused bool) Run {
	r := Run{
		Start: clock.NewDate(2020, 1, rapid.IntRange(1, 3650).Draw(t, "start")),
		Count: rapid.IntRange(1, 120).Draw(t, "count"),
		Unit:  rapid.SampledFrom([]Unit{Days, WorkingDays}).Draw(t, "unit"),
	}
	if !paused {
		return r
	}
	at := r.Start
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		p := Pause{From: at.AddDays(rapid.IntRange(0, 40).Draw(t, "gap"))}
		p.Until = p.From.AddDays(rapid.IntRange(0, 25).Draw(t, "length"))
		at = p.Until
		r.Pauses = append(r.Pauses, p)
	}
	return r
}

func during(pauses []Pause, d clock.Date) bool {
	return slices.ContainsFunc(pauses, func(p Pause) bool { return !d.Before(p.From) && d.Before(p.Until) })
}

// walk counts the slow way, one day after the other, as a clerk would on paper.
func walk(c *Calendar, r Run) (raw, due clock.Date, paused int, left []clock.Date) {
	counted := 0
	d := r.Start
	for counted < r.Count {
		d = d.AddDays(1)
		ok, _ := c.IsWorking(d)
		resting := r.Unit == WorkingDays && !ok
		switch {
		case resting:
			left = append(left, d)
		case during(r.Pauses, d):
			left = append(left, d)
			paused++
		default:
			counted++
		}
	}
	raw = d
	for {
		ok, _ := c.IsWorking(d)
		if ok && (d == raw || !during(r.Pauses, d)) {
			return raw, d, paused, left
		}
		left = append(left, d)
		d = d.AddDays(1)
	}
}

func TestCountIsTheWalk(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t, true)
		got, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		raw, due, paused, left := walk(c, r)
		if got.Raw != raw || got.Due != due || got.PausedDays != paused {
			t.Fatalf("raw %v due %v paused %d, on paper %v %v %d", got.Raw, got.Due, got.PausedDays, raw, due, paused)
		}
		var skipped []clock.Date
		for _, s := range got.Skipped {
			skipped = append(skipped, s.Date)
		}
		if !slices.Equal(skipped, left) {
			t.Fatalf("skipped %v, on paper %v", skipped, left)
		}
		if ok, _ := c.IsWorking(got.Due); !ok {
			t.Fatalf("due on %v, which is not worked", got.Due)
		}
	})
}

// Pauses move the raw due date by exactly the paused days, and due is raw rolled.
func TestPausesMoveRaw(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t, true)
		with, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Pauses = nil
		without, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		moved := with.Raw.Sub(without.Raw)
		if r.Unit == WorkingDays {
			if moved, err = c.WorkingDays(without.Raw, with.Raw); err != nil {
				t.Fatal(err)
			}
		}
		if moved != with.PausedDays {
			t.Fatalf("raw moved by %d, paused %d", moved, with.PausedDays)
		}
		if want := c.Roll(without.Raw); without.Due != want {
			t.Fatalf("due %v, raw %v rolls to %v", without.Due, without.Raw, want)
		}
		if !during(with.Pauses, c.Roll(with.Raw)) && with.Due != c.Roll(with.Raw) {
			t.Fatalf("due %v, raw %v rolls to %v", with.Due, with.Raw, c.Roll(with.Raw))
		}
	})
}

func TestLaterStartNeverDueEarlier(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t, true)
		if rapid.Bool().Draw(t, "months") {
			// Months end on a shorter month's last day from several starts; a pause that
			// only the earlier of them sees then overtakes. So months go unpaused here.
			r.Unit, r.Count, r.Pauses = Months, 1+r.Count%12, nil
		}
		first, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Start = r.Start.AddDays(rapid.IntRange(0, 60).Draw(t, "later"))
		second, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		if second.Raw.Before(first.Raw) || second.Due.Before(first.Due) {
			t.Fatalf("from %v due %v, from %v due %v", first.Start, first.Due, second.Start, second.Due)
		}
	})
}

// An extension of the same unit is the same as a longer limit.
func TestExtensionAdds(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t, true)
		more := rapid.IntRange(1, 60).Draw(t, "more")
		extended := r
		extended.Extensions = []Extension{{Count: more, Unit: r.Unit}}
		r.Count += more
		a, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := c.Count(extended)
		if err != nil {
			t.Fatal(err)
		}
		if a.Raw != b.Raw || a.Due != b.Due || a.PausedDays != b.PausedDays || !slices.Equal(a.Skipped, b.Skipped) {
			t.Fatalf("longer %v %v, extended %v %v", a.Raw, a.Due, b.Raw, b.Due)
		}
	})
}

// An open pause gives no due date; closing it gives the one with the pause closed.
func TestResume(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t, false)
		from := r.Start.AddDays(rapid.IntRange(1, 30).Draw(t, "from"))
		plain, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Pauses = []Pause{{From: from}}
		open, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		if inTime := !from.After(plain.Due); open.Running == inTime {
			t.Fatalf("paused on %v, due %v, running %v", from, plain.Due, open.Running)
		}
		if !open.Running && (!open.Due.IsZero() || !open.Raw.IsZero()) {
			t.Fatalf("a paused clock is due %v", open.Due)
		}
	})
}

// The explanation of an unpaused clock of working days names exactly the days
// not worked between start and due.
func TestExplanationNamesEachDay(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t, false)
		d, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		from := r.Start.AddDays(1)
		if r.Unit == Days {
			from = d.Raw
		}
		var want, got []clock.Date
		for at := from; at.Before(d.Due); at = at.AddDays(1) {
			if ok, _ := c.IsWorking(at); !ok {
				want = append(want, at)
			}
		}
		for _, s := range d.Explain() {
			if s.Kind == StepSkip {
				got = append(got, s.Date)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("explained %v, not worked %v", got, want)
		}
	})
}
