package schedule

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const bookingColumns = `id, council_id, day_id, slot, seat, code, unnamed, name, contact, subject, people, lang, state, news, told_at, told_by, booked_at, mark, revision`

// bookingsMost bounds the bookings of one day that are read at once: the most
// seats that a day may have, and what was cancelled beside.
const bookingsMost = 4_000

// insertBooking takes a seat; false when it is taken meanwhile.
func insertBooking(ctx context.Context, tx *db.Tx, b Booking) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO reception_bookings (`+bookingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING`,
		b.ID, b.CouncilID, b.DayID, b.Slot, b.Seat, b.Code, b.Unnamed, b.Name, b.Contact, b.Subject, b.People, b.Lang, b.State, b.News, b.ToldAt, b.ToldBy, b.BookedAt, b.Mark, b.Revision)
	return n == 1, err
}

func updateBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	return tx.ExecOne(ctx, `UPDATE reception_bookings SET seat = $3, unnamed = $4, name = $5, contact = $6, subject = $7, state = $8, news = $9, told_at = $10, told_by = $11, revision = revision + 1
		WHERE id = $1 AND revision = $2`, b.ID, b.Revision, b.Seat, b.Unnamed, b.Name, b.Contact, b.Subject, b.State, b.News, b.ToldAt, b.ToldBy)
}

func bookingOf(ctx context.Context, tx *db.Tx, id string) (Booking, error) {
	b, err := db.One[Booking](ctx, tx, `SELECT `+bookingColumns+` FROM reception_bookings WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return b, noBooking()
	}
	return b, err
}

func bookingByCode(ctx context.Context, tx *db.Tx, code string) (Booking, error) {
	b, err := db.One[Booking](ctx, tx, `SELECT `+bookingColumns+` FROM reception_bookings WHERE code = $1`, code)
	if fault.Is(err, "db.no_row") {
		return b, noBooking()
	}
	return b, err
}

// markedBooking finds what the same form booked before.
func markedBooking(ctx context.Context, tx *db.Tx, dayID, mark string) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT code FROM reception_bookings WHERE day_id = $1 AND mark = $2 AND mark <> '' LIMIT 1`, dayID, mark)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// seatsTaken lists the seats of a slot that are taken, in order.
func seatsTaken(ctx context.Context, tx *db.Tx, dayID, slot string) ([]int, error) {
	return db.All[int](ctx, tx, `SELECT seat FROM reception_bookings WHERE day_id = $1 AND slot = $2 AND seat > 0 ORDER BY seat LIMIT $3`, dayID, slot, bookingsMost)
}

// takenIn is how many parties booked one slot.
type takenIn struct {
	Slot  string `db:"slot"`
	Taken int    `db:"taken"`
}

func slotsTaken(ctx context.Context, tx *db.Tx, dayID string) ([]takenIn, error) {
	return db.All[takenIn](ctx, tx, `SELECT slot, COUNT(*) AS taken FROM reception_bookings WHERE day_id = $1 AND seat > 0 GROUP BY slot ORDER BY slot LIMIT $2`, dayID, bookingsMost)
}

// contactBooked reports whether somebody with this contact has a seat that day.
func contactBooked(ctx context.Context, tx *db.Tx, dayID, contact string) (bool, error) {
	if contact == "" {
		return false, nil
	}
	all, err := db.All[string](ctx, tx, `SELECT id FROM reception_bookings WHERE day_id = $1 AND contact = $2 AND contact <> '' AND seat > 0 LIMIT 1`, dayID, contact)
	return len(all) > 0, err
}

// bookingsOf lists the bookings of a day by time; those given up come too.
func bookingsOf(ctx context.Context, tx *db.Tx, dayID string) ([]Booking, error) {
	return db.All[Booking](ctx, tx, `SELECT `+bookingColumns+` FROM reception_bookings WHERE day_id = $1 ORDER BY slot, seat, id LIMIT $2`, dayID, bookingsMost)
}
