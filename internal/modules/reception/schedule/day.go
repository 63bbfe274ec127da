package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Kind is what sort of reception a day is.
//
// vi: hình thức tiếp công dân
type Kind string

// The kinds.
const (
	Periodic      Kind = "periodic"      // định kỳ
	Regular       Kind = "regular"       // thường xuyên
	Extraordinary Kind = "extraordinary" // đột xuất
)

// Kinds lists them in the order of forms.
func Kinds() []Kind { return []Kind{Periodic, Regular, Extraordinary} }

// State is how far a day is.
//
// vi: trạng thái lịch tiếp
type State string

// The states.
const (
	Draft     State = "draft"
	Published State = "published"
	Cancelled State = "cancelled"
)

// Limits of what is typed, in characters, and of the slots.
const (
	lineMax        = 300
	textMax        = 4_000
	slotMinutesMin = 5
	slotMinutesMax = 240
	seatsMost      = 20
	slotsMost      = 96
)

// Day is one reception: a date, hours, a place and who receives.
//
// vi: buổi tiếp công dân
type Day struct {
	ID            string     `db:"id"`
	CouncilID     string     `db:"council_id"`
	Kind          Kind       `db:"kind"`
	Date          clock.Date `db:"day"`
	Starts        string     `db:"starts"` // "08:00"
	Ends          string     `db:"ends"`
	Place         string     `db:"place"`
	Online        bool       `db:"online"`
	Joining       string     `db:"joining"` // how people take part online
	HostPostID    string     `db:"host_post_id"`
	HostPersonID  string     `db:"host_person_id"`
	HostName      string     `db:"host_name"`
	HostTitle     string     `db:"host_title"`
	Leader        bool       `db:"leader"`   // the host is of the standing committee: a conclusion is due
	ForWhom       string     `db:"for_whom"` // the leader whom the host stands in for; empty: nobody
	Participants  string     `db:"participants"`
	Subjects      string     `db:"subjects"`
	SlotMinutes   int        `db:"slot_minutes"` // 0: no booking
	SlotSeats     int        `db:"slot_seats"`   // parties in one slot
	State         State      `db:"state"`
	LateReason    string     `db:"late_reason"`
	PublishBy     clock.Date `db:"publish_by"` // the last day for publishing it in time
	ChangeNote    string     `db:"change_note"`
	DraftedBy     string     `db:"drafted_by"`
	DraftedName   string     `db:"drafted_name"`
	PublishedAt   db.Time    `db:"published_at"`
	PublishedBy   string     `db:"published_by"`
	PublishedName string     `db:"published_name"`
	ChangedAt     db.Time    `db:"changed_at"`
	TestedOn      clock.Date `db:"tested_on"` // the connection; online only
	Recording     string     `db:"recording"` // where the recording is kept; online only
	AlarmedOn     clock.Date `db:"alarmed_on"`
	Mark          string     `db:"mark"`
	Revision      int64      `db:"revision"`
}

// Begins is the moment at which the reception begins.
func (d Day) Begins() time.Time { return moment(d.Date, d.Starts) }

// Over is the moment at which it ends.
func (d Day) Over() time.Time { return moment(d.Date, d.Ends) }

// Connect is when people online must be connected: an hour before.
func (d Day) Connect() time.Time { return d.Begins().Add(-time.Hour) }

func moment(day clock.Date, at string) time.Time {
	return day.Time().Add(time.Duration(minutes(at)) * time.Minute)
}

// minutes of the day at "08:30"; 0 of nonsense, which tidy refuses first.
func minutes(at string) int {
	h, m, _ := strings.Cut(at, ":")
	hours, errH := strconv.Atoi(h)
	mins, errM := strconv.Atoi(m)
	if errH != nil || errM != nil {
		return 0
	}
	return hours*60 + mins
}

// HourOf reads a time of day as people write it: 8h, 8h30, 8:30, 08.30.
func HourOf(s string) (string, bool) {
	s = strings.ToLower(strings.ReplaceAll(text.Line(s), " ", ""))
	s = strings.NewReplacer("giờ", ":", "h", ":", ".", ":", "phút", "", "p", "").Replace(s)
	h, m, _ := strings.Cut(s, ":")
	if m == "" {
		m = "0"
	}
	hours, errH := strconv.Atoi(h)
	mins, errM := strconv.Atoi(m)
	if errH != nil || errM != nil || len(h) > 2 || len(m) > 2 || hours < 0 || hours > 23 || mins < 0 || mins > 59 {
		return "", false
	}
	return time.Date(2000, 1, 1, hours, mins, 0, 0, time.UTC).Format("15:04"), true
}

// Slots are the times that may be booked, each whole within the hours.
func (d Day) Slots() []string {
	if d.SlotMinutes <= 0 || d.SlotSeats <= 0 {
		return nil
	}
	var all []string
	for at := minutes(d.Starts); at+d.SlotMinutes <= minutes(d.Ends); at += d.SlotMinutes {
		all = append(all, time.Date(2000, 1, 1, 0, at, 0, 0, time.UTC).Format("15:04"))
	}
	return all
}

// open reports whether a slot may still be booked at a moment.
func (d Day) open(slot string, now time.Time) bool {
	return d.State == Published && slices.Contains(d.Slots(), slot) && moment(d.Date, slot).After(now)
}

// of reports whether a day is within a person's council; drafts are the office's.
func (d Day) seenBy(who org.Actor) bool {
	if d.CouncilID == "" || d.CouncilID != who.CouncilID || !mayRead.Allows(who) {
		return false
	}
	return d.State != Draft || mayChange.Allows(who) || d.HostPostID == who.PostID
}

// Draw is what a clerk enters for a day.
//
// vi: -
type Draw struct {
	Kind         Kind
	Date         clock.Date
	Starts, Ends string
	Place        string
	Online       bool
	Joining      string
	HostPostID   string
	ForWhom      string
	Participants string
	Subjects     string
	SlotMinutes  int
	SlotSeats    int
	Note         string // of a change after publication: what and why
	Once         string
	Revision     int64
}

// tidy cleans what was typed and says all that is wrong with it.
func (w *Draw) tidy(today clock.Date) error {
	w.Place, w.Joining, w.ForWhom, w.Participants, w.Subjects, w.Note = text.Line(w.Place), text.Line(w.Joining), text.Line(w.ForWhom), text.Clean(w.Participants), text.Clean(w.Subjects), text.Clean(w.Note)
	var faults []*fault.Fault
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if !slices.Contains(Kinds(), w.Kind) {
		wrong("kind", "schedule.kind_none")
	}
	switch {
	case w.Date.IsZero():
		wrong("date", "schedule.date_none")
	case w.Date.Before(today):
		wrong("date", "schedule.date_past", "today", today.VN())
	case w.Date.After(today.AddDays(daysAhead)):
		wrong("date", "schedule.date_far", "latest", today.AddDays(daysAhead).VN())
	}
	starts, okStarts := HourOf(w.Starts)
	ends, okEnds := HourOf(w.Ends)
	if !okStarts {
		wrong("starts", "schedule.hour_bad")
	}
	if !okEnds {
		wrong("ends", "schedule.hour_bad")
	}
	if okStarts && okEnds {
		if w.Starts, w.Ends = starts, ends; starts >= ends {
			wrong("ends", "schedule.hours_turned")
		}
	}
	if w.Place == "" && !w.Online {
		wrong("place", "schedule.place_none")
	}
	if w.Online && w.Joining == "" {
		wrong("joining", "schedule.joining_none")
	}
	if w.HostPostID == "" {
		wrong("host", "schedule.host_none")
	}
	faults = append(faults, w.slotFaults()...)
	for _, f := range []struct {
		field, typed string
		max          int
	}{{"place", w.Place, lineMax}, {"joining", w.Joining, lineMax}, {"for_whom", w.ForWhom, lineMax}, {"participants", w.Participants, textMax}, {"subjects", w.Subjects, textMax}, {"note", w.Note, textMax}} {
		if n := utf8.RuneCountInString(f.typed); n > f.max {
			wrong(f.field, "schedule.too_long", "max", f.max, "have", n)
		}
	}
	return fault.Join(faults...)
}

// daysAhead bounds how far ahead a reception may be entered.
const daysAhead = 400

func (w *Draw) slotFaults() (faults []*fault.Fault) {
	if w.SlotMinutes == 0 && w.SlotSeats == 0 {
		return nil // no booking
	}
	if w.SlotMinutes < slotMinutesMin || w.SlotMinutes > slotMinutesMax {
		faults = append(faults, fault.New(fault.Invalid, "schedule.slot_minutes_bad", "min", slotMinutesMin, "max", slotMinutesMax).At("slot_minutes"))
	}
	if w.SlotSeats < 1 || w.SlotSeats > seatsMost {
		faults = append(faults, fault.New(fault.Invalid, "schedule.slot_seats_bad", "max", seatsMost).At("slot_seats"))
	}
	if len(faults) == 0 {
		if n := (minutes(w.Ends) - minutes(w.Starts)) / w.SlotMinutes; n < 1 || n > slotsMost {
			faults = append(faults, fault.New(fault.Invalid, "schedule.slots_bad", "max", slotsMost).At("slot_minutes"))
		}
	}
	return faults
}
