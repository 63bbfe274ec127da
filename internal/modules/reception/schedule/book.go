package schedule

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

func noBooking() *fault.Fault { return fault.New(fault.Missing, "schedule.no_booking") }

// BookingState is what became of a booking.
//
// vi: trạng thái đăng ký
type BookingState string

// The states.
const (
	Booked  BookingState = "booked"
	GivenUp BookingState = "given_up" // by the citizen
	Dropped BookingState = "dropped"  // the day was cancelled
	Arrived BookingState = "arrived"
	NoShow  BookingState = "no_show"
)

// What those who booked are to be told.
const (
	newsChanged   = "changed"
	newsCancelled = "cancelled"
)

// Booking is a time that somebody has taken at a reception.
//
// vi: đăng ký gặp
type Booking struct {
	ID        string       `db:"id"`
	CouncilID string       `db:"council_id"`
	DayID     string       `db:"day_id"`
	Slot      string       `db:"slot"` // "08:30"
	Seat      int          `db:"seat"` // 0: given up
	Code      string       `db:"code"`
	Unnamed   bool         `db:"unnamed"` // nothing of the person is kept
	Name      string       `db:"name"`
	Contact   string       `db:"contact"` // e-mail or telephone
	Subject   string       `db:"subject"`
	People    int          `db:"people"`
	Lang      text.Lang    `db:"lang"`
	State     BookingState `db:"state"`
	News      string       `db:"news"`    // what the person is to be told; empty: nothing
	ToldAt    db.Time      `db:"told_at"` // none: nobody has told them yet
	ToldBy    string       `db:"told_by"`
	BookedAt  db.Time      `db:"booked_at"`
	Mark      string       `db:"mark"`
	Revision  int64        `db:"revision"`
}

// ByMail reports whether word goes to the person by e-mail.
func (b Booking) ByMail() bool { return strings.Contains(b.Contact, "@") }

// Wish is what somebody fills in to book.
//
// vi: -
type Wish struct {
	Slot    string
	Unnamed bool // the person gives no name beforehand: whoever wants to denounce
	Name    string
	Contact string
	Subject string // may be empty
	People  int
	Lang    text.Lang
	Once    string
}

const peopleMost = 200

// tidy cleans what was typed. Of who wants to stay unnamed nothing is kept,
// whatever was typed.
func (w *Wish) tidy() error {
	w.Name, w.Contact, w.Subject = text.Line(w.Name), text.Line(w.Contact), text.Clean(w.Subject)
	var faults []*fault.Fault
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if w.People == 0 {
		w.People = 1
	}
	if w.People < 1 || w.People > peopleMost {
		wrong("people", "schedule.people_bad", "max", peopleMost)
	}
	if w.Slot == "" {
		wrong("slot", "schedule.slot_none")
	}
	if w.Unnamed {
		w.Name, w.Contact, w.Subject = "", "", ""
		return fault.Join(faults...)
	}
	if denounces(w.Subject) {
		wrong("subject", "schedule.denounce")
	}
	if n := utf8.RuneCountInString(w.Name); n == 0 {
		wrong("name", "schedule.name_none")
	} else if n > lineMax {
		wrong("name", "schedule.too_long", "max", lineMax, "have", n)
	}
	if n := utf8.RuneCountInString(w.Subject); n > textMax {
		wrong("subject", "schedule.too_long", "max", textMax, "have", n)
	}
	var bad *fault.Fault
	if w.Contact, bad = contactOf(w.Contact); bad != nil {
		faults = append(faults, bad)
	}
	return fault.Join(faults...)
}

// contactOf checks a way to reach somebody: an e-mail address or a telephone number.
func contactOf(typed string) (string, *fault.Fault) {
	switch {
	case typed == "":
		return "", nil
	case strings.Contains(typed, "@"):
		mail, err := notify.Address(typed)
		if err != nil {
			return typed, fault.Of(err).At("contact")
		}
		return mail, nil
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-()", r) {
			return -1
		}
		return r
	}, typed)
	if n := len(strings.TrimPrefix(digits, "+")); n < 8 || n > 15 || strings.Trim(strings.TrimPrefix(digits, "+"), "0123456789") != "" {
		return typed, fault.New(fault.Invalid, "schedule.contact_bad").At("contact")
	}
	return digits, nil
}

// denounces reports whether somebody writes that they want to denounce: their
// name is not taken then.
func denounces(subject string) bool {
	lower := strings.ToLower(subject)
	if strings.Contains(lower, "tố cáo") || strings.Contains(lower, "tố giác") {
		return true
	}
	plain := text.Unaccented(lower) == lower // typed without accents
	return plain && (strings.Contains(lower, "to cao") || strings.Contains(lower, "to giac"))
}

// codeLetters is how many letters of chance a code has: 5 bits each.
const codeLetters = 12

func newCode() string {
	r := rand.Text()[:codeLetters]
	return "TCD" + r
}

// TidyCode reads a booking's code as people type it.
func TidyCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(text.Line(typed)))
}

// CodeWords is a code in groups, for reading aloud.
func CodeWords(code string) string {
	if len(code) != 3+codeLetters {
		return code
	}
	return code[:3] + "-" + code[3:7] + "-" + code[7:11] + "-" + code[11:]
}

// Book takes a time of a published reception and gives the code by which the
// person finds the booking again. A slot never holds more than it has; the same
// form sent twice books once.
func (d *Desk) Book(ctx context.Context, who org.Actor, dayID string, w Wish) (code string, err error) {
	if err := w.tidy(); err != nil {
		return "", err
	}
	now := d.Clock.Now()
	b := Booking{ID: db.NewID(now), DayID: dayID, Slot: w.Slot, Code: newCode(), Unnamed: w.Unnamed, Name: w.Name, Contact: w.Contact, Subject: w.Subject, People: w.People, Lang: w.Lang,
		State: Booked, BookedAt: db.At(now), Mark: w.Once, Revision: 1}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		day, err := publicDay(ctx, tx, dayID)
		if err != nil {
			return err
		}
		if code, err = markedBooking(ctx, tx, dayID, w.Once); err != nil || code != "" {
			return err
		}
		if b.Seat, err = freeSeat(ctx, tx, day, w, now); err != nil {
			return err
		}
		b.CouncilID, code = day.CouncilID, b.Code
		taken, err := insertBooking(ctx, tx, b)
		if err != nil {
			return err
		}
		if !taken {
			return fault.New(fault.Invalid, "schedule.slot_full").At("slot")
		}
		return d.note(ctx, tx, who, day, "reception.book", now, map[string]any{"booking": b.ID, "slot": b.Slot, "people": b.People})
	})
	return code, err
}

// publicDay loads a day that the public knows of.
func publicDay(ctx context.Context, tx *db.Tx, id string) (Day, error) {
	day, err := dayOf(ctx, tx, id)
	if err == nil && (day.State == Draft || day.State == Cancelled && day.PublishedAt.IsZero()) {
		err = noDay()
	}
	return day, err
}

// freeSeat is the lowest seat of a slot that nobody has.
func freeSeat(ctx context.Context, tx *db.Tx, day Day, w Wish, now time.Time) (int, error) {
	if !day.open(w.Slot, now) {
		return 0, fault.New(fault.Invalid, "schedule.slot_closed").At("slot")
	}
	switch twice, err := contactBooked(ctx, tx, day.ID, w.Contact); {
	case err != nil:
		return 0, err
	case twice:
		return 0, fault.New(fault.Invalid, "schedule.contact_twice").At("contact")
	}
	taken, err := seatsTaken(ctx, tx, day.ID, w.Slot)
	if err != nil {
		return 0, err
	}
	for seat := 1; seat <= day.SlotSeats; seat++ {
		if !slices.Contains(taken, seat) {
			return seat, nil
		}
	}
	return 0, fault.New(fault.Invalid, "schedule.slot_full").At("slot")
}

// Found is a booking with its day, as the citizen sees it.
//
// vi: -
type Found struct {
	Booking
	Day Day
}

// Find gives a booking to whoever has its code.
func (d *Desk) Find(ctx context.Context, code string) (f Found, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if f.Booking, err = bookingByCode(ctx, tx, TidyCode(code)); err != nil {
			return err
		}
		f.Day, err = dayOf(ctx, tx, f.DayID)
		return err
	})
	return f, err
}

// GiveUp gives a booked time back, by its code. What was typed is not kept.
func (d *Desk) GiveUp(ctx context.Context, who org.Actor, code string) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		b, err := bookingByCode(ctx, tx, TidyCode(code))
		if err != nil || b.State == GivenUp {
			return err
		}
		day, err := dayOf(ctx, tx, b.DayID)
		if err != nil {
			return err
		}
		if b.State != Booked || !day.Over().After(now) {
			return fault.New(fault.Refused, "schedule.booking_over")
		}
		b.Seat, b.State, b.Name, b.Contact, b.Subject, b.News = 0, GivenUp, "", "", "", ""
		if err := updateBooking(ctx, tx, b); err != nil {
			return err
		}
		return d.note(ctx, tx, who, day, "reception.give_up_booking", now, map[string]any{"booking": b.ID, "slot": b.Slot})
	})
}
