package cases_test

import (
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// given takes a case to the answering body on 16/11: its reply is due on
// 16/12/2026, a Wednesday, thirty days later.
func (w *world) given(t testing.TB) string {
	t.Helper()
	return w.lead(t, "lan check", "hùng give", "yến take")
}

func TestDue(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		d := w.deadline(t, id, "check")
		if d.Due != on(23, time.November) || d.Raw != d.Due || d.Basis != "thử nghiệm, Điều 1" || !d.Confirmed || d.Status != cases.Running || d.RuleFrom != clock.NewDate(2025, 1, 1) || d.NextAlarm != on(19, time.November) {
			t.Errorf("five working days: %+v", d)
		}
		if c := w.load(t, id); c.Due != d.Due {
			t.Errorf("the case is due on %s", c.Due)
		}
		told := must(w.Explain(d))(t)
		if told.Due != d.Due || len(told.Skipped) != 2 { // the weekend
			t.Errorf("explained as %+v", told)
		}
		d = w.deadline(t, w.given(t), "reply")
		if d.Due != on(16, time.December) || d.Confirmed || d.Basis != "" {
			t.Errorf("an unconfirmed rule: %+v", d)
		}
	})
}

// An act on the last day is in time; on the day after it is late, and says so.
// 24/11/2026 is a holiday, but lateness needs no working day.
func TestLate(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		inTime, late := w.receive(t), w.receive(t)
		w.at(23, time.November)
		w.steps(t, inTime, "lan check")
		if c := w.load(t, late); c.Late(on(23, time.November)) || !c.Late(on(24, time.November)) {
			t.Errorf("late on its last day, or not after it: %+v", c)
		}
		w.at(24, time.November)
		w.steps(t, late, "lan check")
		for id, want := range map[string]cases.DeadlineStatus{inTime: cases.Met, late: cases.MetLate} {
			acts, d := w.acts(t, id), w.deadline(t, id, "check")
			if acts[1].Late != (want == cases.MetLate) || d.Status != want || d.NextAlarm != (clock.Date{}) || d.MetOn.IsZero() {
				t.Errorf("want %s, have %+v, %+v", want, acts[1], d)
			}
			if c := w.load(t, id); c.Late(on(30, time.November)) {
				t.Errorf("still late after it was done: %+v", c)
			}
		}
	})
}

func TestPause(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.given(t)
		w.at(20, time.November)
		w.steps(t, id, "giang suspend")
		d := w.deadline(t, id, "reply")
		if d.Status != cases.Paused || !d.Due.IsZero() || d.Run.V.Pauses[0].Reason != "chờ hồ sơ" || d.Run.V.Pauses[0].Document != "2/CV" {
			t.Errorf("paused: %+v", d)
		}
		if c := w.load(t, id); !c.Due.IsZero() || c.State != "given" {
			t.Errorf("the paused case: %+v", c)
		}
		refused(t, w.do(t, "giang", id, "suspend", inputs("suspend")), "cases.already_paused")
		w.at(27, time.November)
		w.steps(t, id, "giang resume")
		d = w.deadline(t, id, "reply") // seven days stood still
		if d.Status != cases.Running || d.Raw != on(23, time.December) || w.load(t, id).Due != on(23, time.December) {
			t.Errorf("resumed: %+v", d)
		}
		refused(t, w.do(t, "giang", id, "resume", inputs("resume")), "cases.not_paused")
		// Paused and resumed on one day: nothing stood still.
		w.steps(t, id, "giang suspend", "giang resume")
		if d := w.deadline(t, id, "reply"); d.Due != on(23, time.December) || len(d.Run.V.Pauses) != 1 {
			t.Errorf("after a pause of no day: %+v", d)
		}
		w.sound(t)
	})
}

// A pause does not heal a duty that was missed before it.
func TestPauseTooLate(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.given(t)
		w.at(18, time.December)
		w.steps(t, id, "giang suspend")
		if c := w.load(t, id); c.Due != on(16, time.December) || !c.Late(on(18, time.December)) {
			t.Errorf("the case is no longer late: %+v", c)
		}
		w.at(21, time.December)
		w.steps(t, id, "huy answer")
		acts := w.acts(t, id)
		if d := w.deadline(t, id, "reply"); d.Status != cases.MetLate || !acts[len(acts)-1].Late {
			t.Errorf("answered late, but %+v", d)
		}
	})
}

// Stopped while paused in time: not late, however long ago.
func TestStopWhilePaused(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.given(t)
		w.at(20, time.November)
		w.steps(t, id, "giang suspend")
		w.at(31, time.December)
		w.steps(t, id, "huy answer")
		if d := w.deadline(t, id, "reply"); d.Status != cases.Met {
			t.Errorf("%+v", d)
		}
	})
}

func TestExtension(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.given(t)
		for _, days := range []int{0, -1, 11, 1 << 40} {
			in := inputs("extend")
			in.Extend.Count = days
			err := w.do(t, "hùng", id, "extend", in)
			refused(t, err, "cases.extension_length")
			if f := fault.Of(err); f.Field != "days" || f.Args["max"] != 10 {
				t.Errorf("fault %+v", f)
			}
		}
		w.steps(t, id, "hùng extend")
		d := w.deadline(t, id, "reply") // 26/12 is a Saturday
		if d.Raw != on(26, time.December) || d.Due != on(28, time.December) || d.Run.V.Extensions[0].Document != "3/CV" || d.Run.V.Extensions[0].Unit != calendar.Days || d.Run.V.Extensions[0].On != on(16, time.November) {
			t.Errorf("extended: %+v", d)
		}
		if c := w.load(t, id); c.Due != on(28, time.December) {
			t.Errorf("the case is due on %s", c.Due)
		}
		refused(t, w.do(t, "hùng", id, "extend", inputs("extend")), "cases.no_more_extensions")
		w.sound(t)
	})
}

func TestPlanned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.lead(t, "lan check", "hùng give")
		in := inputs("take")
		in.Planned = on(1, time.December)
		if err := w.do(t, "yến", id, "take", in); err != nil {
			t.Fatal(err)
		}
		if d := w.deadline(t, id, "reply"); d.Planned != on(1, time.December) || d.Due != on(16, time.December) {
			t.Errorf("the promise and the law: %+v", d)
		}
	})
}

// The ladder of check: two and one working days before 23/11, then one and three
// after it, over the holiday of 24/11.
func TestAlarms(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		want := map[int]int{19: 1, 20: 1, 25: 1, 27: 1}
		for day := 16; day <= 30; day++ {
			if got := w.morning(t, day, time.November); got != want[day] {
				t.Errorf("on %d/11: %d alarms, want %d", day, got, want[day])
			}
			if again := w.morning(t, day, time.November); again != 0 {
				t.Errorf("on %d/11 again: %d alarms", day, again)
			}
		}
		acts := w.acts(t, id)
		if got := verbs(acts); got != "receive remind remind escalate escalate" {
			t.Errorf("acts %s", got)
		}
		if a := acts[1]; a.Public || a.LeafID == "" || a.Fields.V["due"] != "2026-11-23" || a.Fields.V["deadline"] != "check" || a.From != "received" || a.To != "received" {
			t.Errorf("reminder %+v", a)
		}
		for person, lines := range map[string]int{"lan": 4, "mai": 4, "hùng": 4, "vân": 1, "sơn": 0, "quân": 0, "giang": 0, "tâm": 0} {
			if got := w.inbox(t, person); got != lines {
				t.Errorf("%s has %d lines, want %d", person, got, lines)
			}
		}
		w.sound(t)
	})
}

// The program was off: on its return the last rung speaks for all.
func TestAlarmsAfterRest(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		if got := w.morning(t, 26, time.November); got != 1 {
			t.Errorf("%d alarms", got)
		}
		if got := w.morning(t, 27, time.November); got != 1 {
			t.Errorf("the last rung: %d alarms", got)
		}
		if got := verbs(w.acts(t, id)); got != "receive escalate escalate" {
			t.Errorf("acts %s", got)
		}
		if got := w.inbox(t, "lan"); got != 2 {
			t.Errorf("%d lines", got)
		}
	})
}

// What was done, dropped or paused is not reminded of.
func TestNoAlarms(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.lead(t, "lan check")
		w.lead(t, "lan drop")
		w.lead(t, "lan check", "hùng give", "giang suspend")
		w.lead(t, whole...) // its window to contest is no duty
		for day := 17; day <= 30; day++ {
			if got := w.morning(t, day, time.November); got != 0 {
				t.Errorf("on %d/11: %d alarms", day, got)
			}
		}
	})
}

// After an extension the warnings that lie ahead again are given again; a pause
// of no day repeats nothing.
func TestAlarmsGivenAgain(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.given(t)
		if got := w.morning(t, 9, time.December); got != 1 { // five working days before 16/12
			t.Errorf("%d alarms", got)
		}
		w.steps(t, id, "giang suspend", "giang resume")
		for _, day := range []int{9, 10} {
			if got := w.morning(t, day, time.December); got != 0 {
				t.Errorf("on %d/12: the reminder came again", day)
			}
		}
		w.steps(t, id, "hùng extend")
		for day := 10; day <= 31; day++ { // due on 28/12
			want := 0
			if day == 21 || day == 29 {
				want = 1
			}
			if got := w.morning(t, day, time.December); got != want {
				t.Errorf("on %d/12: %d alarms, want %d", day, got, want)
			}
		}
		if got := w.inbox(t, "giang"); got != 1 { // escalated to the head of the body, once
			t.Errorf("the body's head has %d lines", got)
		}
		if got := w.inbox(t, "huy"); got != 3 { // who is assigned hears each
			t.Errorf("the assigned officer has %d lines", got)
		}
	})
}

// More alarms than one transaction takes.
func TestManyAlarms(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for range 120 {
			w.receive(t)
		}
		if got := w.morning(t, 19, time.November); got != 120 {
			t.Errorf("%d alarms", got)
		}
		if got := w.morning(t, 19, time.November); got != 0 {
			t.Errorf("%d alarms again", got)
		}
		w.sound(t)
	})
}

// A holiday is entered: the clocks are counted again, those it does not touch
// stay, and nobody is reminded of the old date.
func TestRecount(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id, done, paused := w.receive(t), w.lead(t, "lan check"), w.given(t)
		w.steps(t, paused, "giang suspend")
		days := must(w.calendar.Enter(ctx, w.as(t, "quân"), calendar.Day{Date: on(19, time.November), Kind: calendar.Holiday, Name: "Nghỉ tang", Source: "Quyết định 7", Confirmed: true}))(t)
		if moved := must(w.Recount(ctx))(t); moved != 1 {
			t.Errorf("%d due dates moved", moved)
		}
		if d, c := w.deadline(t, id, "check"), w.load(t, id); d.Due != on(25, time.November) || c.Due != d.Due || d.NextAlarm != on(20, time.November) {
			t.Errorf("moved to %+v, the case to %s", d, c.Due)
		}
		if moved := must(w.Recount(ctx))(t); moved != 0 {
			t.Errorf("%d due dates moved the second time", moved)
		}
		if d := w.deadline(t, done, "check"); d.Due != on(23, time.November) || d.Status != cases.Met {
			t.Errorf("a clock that was stopped moved: %+v", d)
		}
		if got := w.morning(t, 19, time.November) + 10*w.morning(t, 20, time.November); got != 10 {
			t.Errorf("%d alarms, want one on the 20th", got)
		}
		if err := w.calendar.Withdraw(ctx, w.as(t, "quân"), "nhầm ngày", days[0].ID); err != nil {
			t.Fatal(err)
		}
		if moved := must(w.Recount(ctx))(t); moved != 1 || w.load(t, id).Due != on(23, time.November) {
			t.Errorf("taken back: %d moved, due on %s", moved, w.load(t, id).Due)
		}
		w.sound(t)
	})
}

// Nobody is reminded of a date that no longer holds, even if the clocks were
// not counted again since the holiday was entered.
func TestAlarmsAfterHoliday(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		must(w.calendar.Enter(ctx, w.as(t, "quân"), calendar.Day{Date: on(19, time.November), Kind: calendar.Holiday, Name: "Nghỉ tang", Source: "Quyết định 7", Confirmed: true}))(t)
		if got := w.morning(t, 19, time.November); got != 0 || w.load(t, id).Due != on(25, time.November) {
			t.Errorf("%d alarms, due on %s", got, w.load(t, id).Due)
		}
		if got := w.morning(t, 20, time.November); got != 1 {
			t.Errorf("two working days before the new date: %d alarms", got)
		}
		w.sound(t)
	})
}

// A body merges into another: its open cases follow, with their clocks.
func TestBodySucceeded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		open, closed, elsewhere := w.given(t), w.lead(t, whole...), w.receive(t)
		due := w.deadline(t, open, "reply").Due
		w.at(18, time.November)
		if err := w.desk.Succeed(ctx, w.as(t, "quân"), org.Succession{FromBody: "sxd", ToBody: "sgtvt", Document: "Nghị quyết 5/NQ-HĐND", On: on(18, time.November)}); err != nil {
			t.Fatal(err)
		}
		c, acts := w.load(t, open), w.acts(t, open)
		last := acts[len(acts)-1]
		if c.HolderBodyID != "sgtvt" || c.AssigneePostID != "" || c.State != "given" || c.OwnerBodyID != "vp" || c.CouncilID != "hn" {
			t.Errorf("case %+v", c)
		}
		if last.Verb != "succeed" || last.Document != "Nghị quyết 5/NQ-HĐND" || last.PersonID != "quân" || !last.Public || last.Fields.V["to_body"] != "Cơ quan sgtvt" {
			t.Errorf("act %+v", last)
		}
		if d := w.deadline(t, open, "reply"); d.Due != due || d.Status != cases.Running {
			t.Errorf("the clock changed: %+v", d)
		}
		if c := w.load(t, closed); c.HolderBodyID != "sxd" {
			t.Errorf("a closed case moved: %+v", c)
		}
		if got := verbs(w.acts(t, elsewhere)); got != "receive" {
			t.Errorf("a case that was not there: %s", got)
		}
		w.steps(t, open, "long answer")
		w.sound(t)
	})
}

// The examining committee merges: the officer who answers stays.
func TestCommitteeSucceeded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.given(t)
		if err := w.desk.Succeed(ctx, w.as(t, "quân"), org.Succession{FromBody: "ban", ToBody: "tổ", Document: "6/NQ", On: on(16, time.November)}); err != nil {
			t.Fatal(err)
		}
		if c := w.load(t, id); c.ExaminerBodyID != "tổ" || c.AssigneePostID != "post-huy" || c.HolderBodyID != "sxd" {
			t.Errorf("case %+v", c)
		}
	})
}
