package schedule_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"

	"pgregory.net/rapid"
)

// Twelve people click at once on a slot with two places.
func TestNeverMoreThanPlaces(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.publish(t, draw(day(27, 11)))
		var all sync.WaitGroup
		errs := make([]error, 12)
		for i := range errs {
			all.Go(func() {
				_, errs[i] = w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "09:00", Name: fmt.Sprintf("Người %d", i), Once: fmt.Sprint("once", i)})
			})
		}
		all.Wait()
		got := 0
		for _, err := range errs {
			if err == nil {
				got++
			} else if !fault.Is(err, "schedule.slot_full") {
				t.Error(err)
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM reception_bookings WHERE seat > 0`); got != 2 || n != 2 {
			t.Errorf("%d were told they have a place, %d have", got, n)
		}
	})
}

func TestBookAndGiveUp(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.publish(t, draw(day(27, 11)))
		wish := schedule.Wish{Slot: "10:00", Name: "Ho\u0300a\u0300ng Thi\u0323 Lan", Contact: "lan@example.vn", Subject: "Sổ đỏ", Once: "abc"}
		code := must(w.Book(ctx, w.as(t, ""), id, wish))(t)
		if again := must(w.Book(ctx, w.as(t, ""), id, wish))(t); again != code {
			t.Error("a double click books twice")
		}
		wish.Once = "def"
		_, err := w.Book(ctx, w.as(t, ""), id, wish)
		testkit.Refused(t, err, "schedule.contact_twice")
		f := must(w.Find(ctx, " tcd-"+strings.ToLower(schedule.CodeWords(code)[4:])))(t)
		if f.Name != "Hòàng Thị Lan" || f.Slot != "10:00" || f.Day.ID != id {
			t.Errorf("%+v", f.Booking)
		}
		_, err = w.Find(ctx, "TCD-AAAA-BBBB-CCCC")
		testkit.Refused(t, err, "schedule.no_booking")
		for range 2 {
			if err := w.GiveUp(ctx, w.as(t, ""), code); err != nil {
				t.Fatal(err)
			}
		}
		if f = must(w.Find(ctx, code))(t); f.Name != "" || f.Contact != "" || f.Seat != 0 {
			t.Errorf("kept after giving up: %+v", f.Booking)
		}
		w.clock.Set(time.Date(2026, 11, 27, 10, 0, 0, 0, day(1, 1).Time().Location()))
		_, err = w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "10:00", Unnamed: true})
		testkit.Refused(t, err, "schedule.slot_closed")
	})
}

// Whoever wants to denounce is not asked for a name; what they typed is not kept.
func TestDenouncerUnnamed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.publish(t, draw(day(27, 11)))
		for _, subject := range []string{"Tôi muốn tố cáo ông A", "To cao can bo", "to\u0302\u0301 ca\u0301o lãnh đạo"} {
			_, err := w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "09:00", Name: "Phạm Bí Mật", Subject: subject})
			testkit.Refused(t, err, "schedule.denounce")
		}
		must(w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "09:00", Unnamed: true, Name: "Phạm Bí Mật", Contact: "bimat@example.vn", Subject: "Tố cáo ông A"}))(t)
		if n := w.count(t, `SELECT COUNT(*) FROM reception_bookings WHERE name <> '' OR contact <> '' OR subject <> ''`); n != 0 {
			t.Error("a name is kept")
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE details LIKE '%Bí Mật%' OR details LIKE '%bimat%'`); n != 0 {
			t.Error("the log has the name")
		}
	})
}

func TestHours(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"8h": "08:00", "8h30": "08:30", "08:05": "08:05", "13.30": "13:30", "8 giờ 30 phút": "08:30", "8 giờ": "08:00", "24:00": "", "8:60": "", "": "", "abc": "", "-1:00": "", "8:300": "", "１８:00": ""} {
		if got, ok := schedule.HourOf(typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q", typed, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if got, ok := schedule.HourOf(rapid.String().Draw(t, "typed")); ok && len(got) != 5 {
			t.Fatal(got)
		}
	})
}
