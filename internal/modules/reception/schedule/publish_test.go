package schedule_test

import (
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"

	"pgregory.net/rapid"
)

// The last day for publishing, written out by hand: 24/11/2026 is no working day.
func TestPublishBy(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, v := range []struct{ on, latest clock.Date }{
			{day(27, 11), day(19, 11)}, // 26, 25, 23, 20, 19
			{day(24, 11), day(17, 11)}, // a feast itself: 23, 20, 19, 18, 17
			{day(23, 11), day(16, 11)},
			{day(30, 11), day(20, 11)},
			{day(1, 12), day(23, 11)},
			{day(6, 12), day(30, 11)},
		} {
			latest, rule, err := w.PublishBy(v.on)
			if err != nil || latest != v.latest || rule.Basis() != "" {
				t.Errorf("%s: %s, want %s (%v)", v.on, latest, v.latest, err)
			}
		}
	})
}

// Whatever the day, exactly so many working days lie from the last day for
// publishing up to the day before the reception.
func TestBeforeCountsWorkingDays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		c := w.Calendar.Current()
		rapid.Check(t, func(t *rapid.T) {
			on := day(1, 1).AddDays(rapid.IntRange(0, 800).Draw(t, "days"))
			latest, rule, err := w.PublishBy(on)
			if err != nil {
				t.Fatal(err)
			}
			working := 0
			for at := latest; at.Before(on); at = at.AddDays(1) {
				if ok, _ := c.IsWorking(at); ok {
					working++
				}
			}
			if ok, _ := c.IsWorking(latest); !ok || working != rule.Count {
				t.Fatalf("%s: %s leaves %d working days, want %d", on, latest, working, rule.Count)
			}
		})
	})
}

func TestLateOnlyAsExtraordinary(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.at(19, 11)
		id := must(w.Draft(ctx, w.as(t, "lan"), draw(day(27, 11))))(t)
		other := must(w.Draft(ctx, w.as(t, "lan"), draw(day(27, 11))))(t)
		testkit.Refused(t, w.Publish(ctx, w.as(t, "lan"), id, schedule.Publishing{}), "schedule.not_yours")
		testkit.Refused(t, w.Publish(ctx, w.as(t, "hòa"), id, schedule.Publishing{}), "schedule.no_day")
		testkit.Refused(t, w.Publish(ctx, w.as(t, "hùng"), id, schedule.Publishing{Revision: 9}), "db.stale")
		for range 2 { // a double click
			if err := w.Publish(ctx, w.as(t, "hùng"), id, schedule.Publishing{}); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'reception.publish_day'`); n != 1 {
			t.Errorf("%d entries of one publication", n)
		}
		w.at(20, 11)
		testkit.Refused(t, w.Publish(ctx, w.as(t, "hùng"), other, schedule.Publishing{}), "schedule.too_late")
		testkit.Refused(t, w.Publish(ctx, w.as(t, "hùng"), other, schedule.Publishing{Extraordinary: true, Reason: " ngắn "}), "schedule.reason_short")
		if err := w.Publish(ctx, w.as(t, "hùng"), other, schedule.Publishing{Extraordinary: true, Reason: "Vụ việc phức tạp cần tiếp ngay"}); err != nil {
			t.Fatal(err)
		}
		got := read(t, w, func(tx *db.Tx) (schedule.Day, error) { return w.Of(ctx, tx, other) })
		if got.Kind != schedule.Extraordinary || got.State != schedule.Published || got.LateReason == "" {
			t.Errorf("%+v", got)
		}
		w.at(27, 11)
		third := must(w.Draft(ctx, w.as(t, "lan"), draw(day(27, 11))))(t)
		testkit.Refused(t, w.Publish(ctx, w.as(t, "hùng"), third, schedule.Publishing{Extraordinary: true, Reason: "Vụ việc phức tạp cần tiếp ngay"}), "schedule.begun")
	})
}

func TestChangeAndCancelTellThoseWhoBooked(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.publish(t, draw(day(27, 11)))
		mail := must(w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "08:00", Name: "Trần Thị Hoa", Contact: "hoa@example.vn"}))(t)
		phone := must(w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "08:00", Name: "Lê Nam", Contact: "0912 345 678"}))(t)
		must(w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "09:00", Unnamed: true}))(t)
		next := draw(day(27, 11))
		next.Place = "Phòng 101"
		testkit.Refused(t, w.Change(ctx, w.as(t, "lan"), id, next), "schedule.note_none")
		moved := next
		moved.Date, moved.Note = day(30, 11), "Dời ngày"
		testkit.Refused(t, w.Change(ctx, w.as(t, "lan"), id, moved), "schedule.date_published")
		next.Note = "Đổi phòng tiếp do sửa chữa"
		if err := w.Change(ctx, w.as(t, "lan"), id, next); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM notify_mails WHERE recipient = 'hoa@example.vn'`); n != 1 {
			t.Errorf("%d letters", n)
		}
		f := must(w.Find(ctx, phone))(t)
		if f.News == "" || !f.ToldAt.IsZero() {
			t.Errorf("by telephone: %+v", f.Booking)
		}
		_, err := w.Told(ctx, w.as(t, "tâm"), f.Booking.ID)
		testkit.Refused(t, err, "schedule.no_booking")
		must(w.Told(ctx, w.as(t, "mai"), f.Booking.ID))(t)
		if f = must(w.Find(ctx, phone))(t); f.ToldAt.IsZero() {
			t.Error("nobody told")
		}
		testkit.Refused(t, w.Cancel(ctx, w.as(t, "lan"), id, "Người tiếp đi công tác đột xuất", 0), "schedule.head_cancels")
		if err := w.Cancel(ctx, w.as(t, "hùng"), id, "Người tiếp đi công tác đột xuất", 0); err != nil {
			t.Fatal(err)
		}
		if f = must(w.Find(ctx, mail))(t); f.State != schedule.Dropped || f.Seat != 0 {
			t.Errorf("%+v", f.Booking)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM notify_mails WHERE recipient = 'hoa@example.vn'`); n != 2 {
			t.Errorf("%d letters", n)
		}
		_, err = w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "10:00", Unnamed: true})
		testkit.Refused(t, err, "schedule.slot_closed")
	})
}

func TestMorning(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		must(w.Draft(ctx, w.as(t, "lan"), draw(day(27, 11))))(t)
		online := draw(day(26, 11))
		online.Online, online.Joining = true, "Điểm cầu UBND phường"
		w.publish(t, online)
		run := func() {
			t.Helper()
			if err := w.Jobs()[0].Handle(ctx, jobs.Work{}); err != nil {
				t.Fatal(err)
			}
		}
		run()
		if n := w.count(t, `SELECT COUNT(*) FROM notify_messages`); n != 0 {
			t.Errorf("%d told too early", n)
		}
		w.at(19, 11)
		run()
		run()
		if n := w.count(t, `SELECT COUNT(*) FROM notify_messages WHERE sentence = 'schedule.notice_publish'`); n != 3 { // two clerks and the head
			t.Errorf("%d told of the draft", n)
		}
		w.at(25, 11)
		run()
		if n := w.count(t, `SELECT COUNT(*) FROM notify_messages WHERE sentence = 'schedule.notice_test'`); n != 2 {
			t.Errorf("%d told of the test", n)
		}
	})
}
