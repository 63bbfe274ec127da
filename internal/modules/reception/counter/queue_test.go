package counter_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"
)

// Two clerks call the next at once, again and again: nobody is called twice and
// nobody is left.
func TestTwoClerksCallAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const people = 12
		var all sync.WaitGroup
		for i := range people {
			all.Go(func() {
				if _, err := w.Arrive(ctx, w.as(t, "lan"), counter.Arrival{Once: fmt.Sprint("a", i)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		h := must(w.Hall(ctx, w.as(t, "lan"), ""))(t)
		var numbers []int
		for _, v := range h.Line {
			numbers = append(numbers, v.Number)
		}
		slices.Sort(numbers)
		for i, n := range numbers {
			if n != i+1 || len(numbers) != people {
				t.Fatalf("numbers %v", numbers)
			}
		}
		var mu sync.Mutex
		var called []string
		for i, who := range []string{"lan", "mai"} {
			all.Go(func() {
				for {
					id, err := w.CallNext(ctx, w.as(t, who), "", fmt.Sprint("Bàn ", i+1))
					if fault.Is(err, "counter.queue_empty") {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					called = append(called, id)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		slices.Sort(called)
		if len(called) != people || len(slices.Compact(called)) != people {
			t.Errorf("%d called", len(called))
		}
	})
}

func TestOrderOfQueue(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		day := w.receive(t, "sơn")
		codes := map[string]string{}
		book := func(slot, name string) string {
			code := must(w.schedule.Book(ctx, w.as(t, ""), day, schedule.Wish{Slot: slot, Name: name}))(t)
			id := must(w.schedule.Find(ctx, code))(t).Booking.ID
			codes[id] = code
			return id
		}
		nine, ten, late := book("09:00", "Chín giờ"), book("10:00", "Mười giờ"), book("08:30", "Đến muộn")
		at := func(h, m int) { w.clock.Set(time.Date(2026, 11, 16, h, m, 0, 0, clock.Hanoi)) }
		names := map[string]string{}
		arrive := func(name string, a counter.Arrival) {
			t.Helper()
			a.DayID = day
			names[must(w.Arrive(ctx, w.as(t, "lan"), a))(t)] = name
		}
		at(8, 20)
		arrive("ten", counter.Arrival{BookingID: ten})
		at(8, 40)
		arrive("first walk-in", counter.Arrival{})
		arrive("nine", counter.Arrival{BookingID: nine})
		arrive("second walk-in", counter.Arrival{})
		at(8, 50)
		arrive("late", counter.Arrival{BookingID: late}) // twenty minutes late: as a walk-in
		arrive("old man", counter.Arrival{Priority: true})
		code := strings.ToLower(must(w.schedule.Find(ctx, codes[nine]))(t).Booking.Code)
		if again := must(w.Arrive(ctx, w.as(t, "mai"), counter.Arrival{DayID: day, Code: " " + code[:3] + "-" + code[3:7] + " " + code[7:]}))(t); names[again] != "nine" {
			t.Error("the code leads elsewhere")
		}
		_, err := w.Arrive(ctx, w.as(t, "mai"), counter.Arrival{DayID: day, Code: "TCD-AAAA-BBBB-CCCC"})
		testkit.Refused(t, err, "counter.code_unknown")
		if again := must(w.Arrive(ctx, w.as(t, "mai"), counter.Arrival{DayID: day, BookingID: nine}))(t); names[again] != "nine" {
			t.Error("a booking gives two numbers")
		}
		var order []string
		next := func() {
			t.Helper()
			order = append(order, names[must(w.CallNext(ctx, w.as(t, "lan"), day, ""))(t)])
		}
		next()   // 08:50: who needs it first
		next()   // the first walk-in, nobody's booked time has come
		at(9, 1) // now nine has
		next()
		next()
		next()
		next()
		if got := strings.Join(order, ", "); got != "old man, first walk-in, nine, second walk-in, late, ten" {
			t.Error(got)
		}
		_, err = w.CallNext(ctx, w.as(t, "lan"), day, "")
		testkit.Refused(t, err, "counter.queue_empty")
		h := must(w.Hall(ctx, w.as(t, "sơn"), ""))(t)
		if h.Day.ID != day || len(h.Line) != 6 || len(h.Expected) != 0 {
			t.Errorf("%+v", h)
		}
	})
}

func TestMissedAndBack(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		day := w.receive(t, "sơn")
		code := must(w.schedule.Book(ctx, w.as(t, ""), day, schedule.Wish{Slot: "09:00", Name: "Chị Ba"}))(t)
		booking := must(w.schedule.Find(ctx, code))(t).Booking.ID
		id := must(w.Arrive(ctx, w.as(t, "lan"), counter.Arrival{DayID: day, BookingID: booking}))(t)
		w.must(t, w.Missed(ctx, w.as(t, "lan"), id))
		w.must(t, w.Missed(ctx, w.as(t, "lan"), id))
		if got := must(w.schedule.Find(ctx, code))(t); got.State != schedule.NoShow {
			t.Error(got.State)
		}
		w.must(t, w.Back(ctx, w.as(t, "lan"), id))
		if got := must(w.CallNext(ctx, w.as(t, "lan"), day, ""))(t); got != id {
			t.Error("not back in the queue")
		}
		testkit.Refused(t, w.Leave(ctx, w.as(t, "lan"), id), "counter.wrong_state")
		w.must(t, w.Missed(ctx, w.as(t, "lan"), id))
		w.clock.Advance(24 * time.Hour)
		testkit.Refused(t, w.Back(ctx, w.as(t, "lan"), id), "counter.day_over")
		_, err := w.Arrive(ctx, w.as(t, "lan"), counter.Arrival{DayID: day})
		testkit.Refused(t, err, "counter.no_day")
	})
}

// Rights: another council's visit is not there; who receives reaches only their
// own reception; the log is the office's.
func TestRights(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		day := w.receive(t, "phúc")
		mine := w.done(t, day, matter())
		regular := w.done(t, "", matter())
		for _, v := range []struct{ who, sees, not string }{
			{"lan", mine + " " + regular, ""}, {"hùng", mine + " " + regular, ""}, {"phúc", mine, regular}, {"sơn", "", mine + " " + regular}, {"vân", "", mine + " " + regular}, {"minh", "", mine + " " + regular},
			{"tâm", "", mine + " " + regular}, {"hòa", "", mine + " " + regular}, {"thắng", "", mine}, {"giang", "", mine}, {"quân", "", mine},
		} {
			for _, id := range strings.Fields(v.sees) {
				if _, err := w.Record(ctx, w.as(t, v.who), id); err != nil {
					t.Errorf("%s does not see %s: %v", v.who, id, err)
				}
			}
			for _, id := range strings.Fields(v.not) {
				_, err := w.Record(ctx, w.as(t, v.who), id)
				testkit.Refused(t, err, "counter.no_visit")
				r := must(w.Record(ctx, w.as(t, "lan"), id))(t)
				_, _, err = w.Matter(ctx, w.as(t, v.who), r.Lines[0].ID)
				testkit.Refused(t, err, "counter.no_line")
				if _, err := w.Number(ctx, w.as(t, v.who), id, r.Present[0].ID, "Đối chiếu giấy tờ"); err == nil {
					t.Errorf("%s sees a number", v.who)
				}
				if err := w.Conclude(ctx, w.as(t, v.who), id, "Kết luận", "", clock.Date{}, 0); !fault.Is(err, "counter.no_visit") {
					t.Errorf("%s: %v", v.who, err)
				}
				if _, _, err := w.Paper(ctx, w.as(t, v.who), id, "minutes"); !fault.Is(err, "counter.no_visit") {
					t.Errorf("%s: %v", v.who, err)
				}
			}
		}
		_, err := w.Number(ctx, w.as(t, "phúc"), mine, "x", "Đối chiếu giấy tờ")
		testkit.Refused(t, err, "counter.not_yours")
		_, err = w.Arrive(ctx, w.as(t, "minh"), counter.Arrival{DayID: day})
		testkit.Refused(t, err, "counter.no_day")
		_, err = w.CallNext(ctx, w.as(t, "phúc"), "", "")
		testkit.Refused(t, err, "counter.no_day")
		for _, who := range []string{"phúc", "sơn", "giang"} {
			_, err = w.Log(ctx, w.as(t, who), counter.Period{}, "")
			testkit.Refused(t, err, "counter.not_yours")
		}
		if b := must(w.Log(ctx, w.as(t, "tâm"), counter.Period{}, ""))(t); len(b.Entries) != 0 {
			t.Error("another council's log has our lines")
		}
		if b := must(w.Log(ctx, w.as(t, "lan"), counter.Period{}, ""))(t); len(b.Entries) != 2 {
			t.Errorf("%d lines", len(b.Entries))
		}
	})
}
