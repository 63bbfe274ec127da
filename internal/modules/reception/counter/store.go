package counter

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const visitColumns = `id, council_id, on_day, day_id, number, booking_id, host_post_id, host_name, host_title, leader, delegated, kind, online, state, sealed, priority, arrived_at, slot_at, called_at, called_by, called_name, desk,
	people, appointment, minutes, minutes_read, minutes_sign, ground, ground_note, refused_on, notice_due, notice_symbol, notice_on, conclusion, conclusion_symbol, conclusion_on, ended_at, ended_name, mark, revision`

// queueMost bounds the visits of one reception that are read at once.
const queueMost = 500

func insertVisit(ctx context.Context, tx *db.Tx, v Visit) error {
	return once(tx.Exec(ctx, `INSERT INTO reception_visits (`+visitColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40) ON CONFLICT DO NOTHING`,
		v.ID, v.CouncilID, v.On, v.DayID, v.Number, v.BookingID, v.HostPostID, v.HostName, v.HostTitle, v.Leader, v.Delegated, v.Kind, v.Online, v.State, v.Sealed, v.Priority, v.ArrivedAt, v.SlotAt, v.CalledAt, v.CalledBy,
		v.CalledName, v.DeskName, v.People, v.Appointment, v.Minutes, v.MinutesRead, v.MinutesSign, v.Ground, v.GroundNote, v.RefusedOn, v.NoticeDue, v.NoticeSymbol, v.NoticeOn, v.Conclusion, v.ConclusionSymbol,
		v.ConclusionOn, v.EndedAt, v.EndedName, v.Mark, v.Revision))
}

// updateVisit saves a visit that nobody else changed since it was loaded.
func updateVisit(ctx context.Context, tx *db.Tx, v Visit) error {
	return tx.ExecOne(ctx, `UPDATE reception_visits SET number = $3, booking_id = $4, state = $5, sealed = $6, priority = $7, arrived_at = $8, slot_at = $9, called_at = $10, called_by = $11, called_name = $12, desk = $13,
			people = $14, appointment = $15, minutes = $16, minutes_read = $17, minutes_sign = $18, ground = $19, ground_note = $20, refused_on = $21, notice_due = $22, notice_symbol = $23, notice_on = $24,
			conclusion = $25, conclusion_symbol = $26, conclusion_on = $27, ended_at = $28, ended_name = $29, mark = $30, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		v.ID, v.Revision, v.Number, v.BookingID, v.State, v.Sealed, v.Priority, v.ArrivedAt, v.SlotAt, v.CalledAt, v.CalledBy, v.CalledName, v.DeskName,
		v.People, v.Appointment, v.Minutes, v.MinutesRead, v.MinutesSign, v.Ground, v.GroundNote, v.RefusedOn, v.NoticeDue, v.NoticeSymbol, v.NoticeOn,
		v.Conclusion, v.ConclusionSymbol, v.ConclusionOn, v.EndedAt, v.EndedName, v.Mark)
}

func visitOf(ctx context.Context, tx *db.Tx, id string) (Visit, error) {
	v, err := db.One[Visit](ctx, tx, `SELECT `+visitColumns+` FROM reception_visits WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return v, noVisit()
	}
	return v, err
}

// visitMarked finds what the same form, or the same booking, brought before.
func visitMarked(ctx context.Context, tx *db.Tx, councilID, mark, bookingID string) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT id FROM reception_visits WHERE council_id = $1 AND mark = $2 AND mark <> '' UNION SELECT id FROM reception_visits WHERE booking_id = $3 AND booking_id <> '' AND council_id = $1 LIMIT 1`,
		councilID, mark, bookingID)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// queue is one line of people: of a published reception, or of a council's
// regular one on a day.
type queue struct {
	councilID, dayID string
	on               clock.Date
}

func (q queue) name() string { return "queue/" + q.councilID + "/" + q.on.String() + "/" + q.dayID }

// take gives the next n numbers of a row of numbers, the last of them. Two who
// ask at once wait for each other.
func take(ctx context.Context, tx *db.Tx, name string, n int) (int, error) {
	return db.One[int](ctx, tx, `INSERT INTO reception_counts (name, last) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = reception_counts.last + $2 RETURNING last`, name, n)
}

// once refuses a row that somebody else wrote meanwhile; the databases tell it
// apart from a broken statement by the count.
func once(n int64, err error) error {
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "db.stale")
	}
	return err
}

// nextInLine is whose turn it is at a moment: those who need it first, then
// whose booked time has come, then who came without booking, then who came
// before their time.
func nextInLine(ctx context.Context, tx *db.Tx, q queue, now time.Time) (Visit, error) {
	all, err := db.All[Visit](ctx, tx, `SELECT `+visitColumns+` FROM reception_visits WHERE council_id = $1 AND on_day = $2 AND day_id = $3 AND state = 'waiting'
		ORDER BY CASE WHEN priority THEN 0 WHEN slot_at > 0 AND slot_at <= $4 THEN 1 WHEN slot_at = 0 THEN 2 ELSE 3 END, CASE WHEN slot_at > 0 THEN slot_at ELSE arrived_at END, number LIMIT 1`,
		q.councilID, q.on, q.dayID, db.At(now))
	if err == nil && len(all) == 0 {
		err = fault.New(fault.Refused, "counter.queue_empty")
	}
	if err != nil {
		return Visit{}, err
	}
	return all[0], nil
}

// inLine lists a queue: at the desk, waiting in the order of their turn, then
// what is over. Sealed visits have no number and do not stand in it.
func inLine(ctx context.Context, tx *db.Tx, q queue, now time.Time) ([]Visit, error) {
	return db.All[Visit](ctx, tx, `SELECT `+visitColumns+` FROM reception_visits WHERE council_id = $1 AND on_day = $2 AND day_id = $3 AND NOT sealed
		ORDER BY CASE state WHEN 'called' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END,
			CASE WHEN state <> 'waiting' THEN 0 WHEN priority THEN 0 WHEN slot_at > 0 AND slot_at <= $4 THEN 1 WHEN slot_at = 0 THEN 2 ELSE 3 END,
			CASE WHEN state = 'waiting' AND slot_at > 0 THEN slot_at WHEN state = 'waiting' THEN arrived_at ELSE 0 END, number LIMIT $5`,
		q.councilID, q.on, q.dayID, db.At(now), queueMost)
}

const personColumns = `id, visit_id, council_id, position, name, folded, address, contact, role, capacity_paper, paper_kind, paper_box, paper_last, paper_digest`

// peopleMost bounds the people of one visit: at most five speak for a group.
const peopleMost = 8

func insertPerson(ctx context.Context, tx *db.Tx, p Person) error {
	return once(tx.Exec(ctx, `INSERT INTO reception_visitors (`+personColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		p.ID, p.VisitID, p.CouncilID, p.Position, p.Name, p.Folded, p.Address, p.Contact, p.Role, p.CapacityPaper, p.PaperKind, p.PaperBox, p.PaperLast, p.PaperDigest))
}

func deletePerson(ctx context.Context, tx *db.Tx, visitID, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_visitors WHERE visit_id = $1 AND id = $2`, visitID, id)
	return err
}

// boxesAfter lists people with a sealed number, in the order of their ids.
func boxesAfter(ctx context.Context, tx *db.Tx, after string, limit int) ([]Person, error) {
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM reception_visitors WHERE id > $1 AND paper_box <> '' ORDER BY id LIMIT $2`, after, limit)
}

// swapBox puts a box in the place of the one that was read, unless that is gone.
func swapBox(ctx context.Context, tx *db.Tx, p Person, box string) error {
	_, err := tx.Exec(ctx, `UPDATE reception_visitors SET paper_box = $3 WHERE id = $1 AND paper_box = $2`, p.ID, p.PaperBox, box)
	return err
}

// clearVisit takes out all that was written on a visit.
func clearVisit(ctx context.Context, tx *db.Tx, visitID string) error {
	for _, q := range []string{`DELETE FROM reception_visitors WHERE visit_id = $1`, `DELETE FROM reception_lines WHERE visit_id = $1`, `DELETE FROM reception_receipts WHERE visit_id = $1`} {
		if _, err := tx.Exec(ctx, q, visitID); err != nil {
			return err
		}
	}
	return nil
}

func peopleOf(ctx context.Context, tx *db.Tx, visitID string) ([]Person, error) {
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM reception_visitors WHERE visit_id = $1 ORDER BY position LIMIT $2`, visitID, peopleMost)
}

// peopleOfAll lists the people of several visits, for the log.
func peopleOfAll(ctx context.Context, tx *db.Tx, visitIDs []string) ([]Person, error) {
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM reception_visitors WHERE visit_id `+tx.In("$1")+` ORDER BY visit_id, position`, db.List(visitIDs))
}

// visitsBefore lists the latest earlier visits of who showed one of these papers.
func visitsBefore(ctx context.Context, tx *db.Tx, v Visit, digests []string) ([]Past, error) {
	if len(digests) == 0 {
		return nil, nil
	}
	return db.All[Past](ctx, tx, `SELECT DISTINCT v.id AS visit_id, v.on_day FROM reception_visitors p JOIN reception_visits v ON v.id = p.visit_id
		WHERE p.council_id = $1 AND p.paper_digest `+tx.In("$2")+` AND p.paper_digest <> '' AND v.id <> $3 AND v.on_day <= $4 ORDER BY v.on_day DESC, v.id DESC LIMIT 20`,
		v.CouncilID, db.List(digests), v.ID, v.On)
}

func receiptsOf(ctx context.Context, tx *db.Tx, visitID string) ([]Receipt, error) {
	return db.All[Receipt](ctx, tx, `SELECT id, visit_id, number, items, given_on, by_id, by_name, mark FROM reception_receipts WHERE visit_id = $1 ORDER BY number LIMIT 50`, visitID)
}

func insertReceipt(ctx context.Context, tx *db.Tx, r Receipt) error {
	return once(tx.Exec(ctx, `INSERT INTO reception_receipts (id, visit_id, number, items, given_on, by_id, by_name, mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		r.ID, r.VisitID, r.Number, r.Items, r.On, r.By, r.ByName, r.Mark))
}
