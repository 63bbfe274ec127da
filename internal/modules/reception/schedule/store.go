package schedule

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const dayColumns = `id, council_id, kind, day, starts, ends, place, online, joining, host_post_id, host_person_id, host_name, host_title, leader, for_whom, participants, subjects, slot_minutes, slot_seats,
	state, late_reason, publish_by, change_note, drafted_by, drafted_name, published_at, published_by, published_name, changed_at, tested_on, recording, alarmed_on, mark, revision`

// pageMost bounds the days of one page of a list.
const pageMost = 50

func insertDay(ctx context.Context, tx *db.Tx, d Day) error {
	n, err := tx.Exec(ctx, `INSERT INTO reception_days (`+dayColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34) ON CONFLICT DO NOTHING`,
		d.ID, d.CouncilID, d.Kind, d.Date, d.Starts, d.Ends, d.Place, d.Online, d.Joining, d.HostPostID, d.HostPersonID, d.HostName, d.HostTitle, d.Leader, d.ForWhom, d.Participants, d.Subjects,
		d.SlotMinutes, d.SlotSeats, d.State, d.LateReason, d.PublishBy, d.ChangeNote, d.DraftedBy, d.DraftedName, d.PublishedAt, d.PublishedBy, d.PublishedName, d.ChangedAt,
		d.TestedOn, d.Recording, d.AlarmedOn, d.Mark, d.Revision)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "db.stale")
	}
	return err
}

// updateDay saves a day that nobody else changed since it was loaded.
func updateDay(ctx context.Context, tx *db.Tx, d Day) error {
	return tx.ExecOne(ctx, `UPDATE reception_days SET kind = $3, day = $4, starts = $5, ends = $6, place = $7, online = $8, joining = $9, host_post_id = $10, host_person_id = $11, host_name = $12,
			host_title = $13, leader = $14, participants = $15, subjects = $16, slot_minutes = $17, slot_seats = $18, state = $19, late_reason = $20, publish_by = $21, change_note = $22,
			published_at = $23, published_by = $24, published_name = $25, changed_at = $26, tested_on = $27, recording = $28, alarmed_on = $29, for_whom = $30, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		d.ID, d.Revision, d.Kind, d.Date, d.Starts, d.Ends, d.Place, d.Online, d.Joining, d.HostPostID, d.HostPersonID, d.HostName, d.HostTitle, d.Leader, d.Participants, d.Subjects,
		d.SlotMinutes, d.SlotSeats, d.State, d.LateReason, d.PublishBy, d.ChangeNote, d.PublishedAt, d.PublishedBy, d.PublishedName, d.ChangedAt, d.TestedOn, d.Recording, d.AlarmedOn, d.ForWhom)
}

func setAlarmed(ctx context.Context, tx *db.Tx, id string, on clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE reception_days SET alarmed_on = $2 WHERE id = $1`, id, on)
}

func dayOf(ctx context.Context, tx *db.Tx, id string) (Day, error) {
	d, err := db.One[Day](ctx, tx, `SELECT `+dayColumns+` FROM reception_days WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return d, noDay()
	}
	return d, err
}

// markedDay finds the day that the same form entered before.
func markedDay(ctx context.Context, tx *db.Tx, councilID, mark string) (string, error) {
	if mark == "" {
		return "", nil
	}
	all, err := db.All[string](ctx, tx, `SELECT id FROM reception_days WHERE council_id = $1 AND mark = $2 LIMIT 1`, councilID, mark)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// place is where a list goes on: after that day and id.
type place struct {
	day clock.Date
	id  string
}

// daysIn lists the days of a council in one state from a day on, the earliest first.
func daysIn(ctx context.Context, tx *db.Tx, councilID string, state State, from place, limit int) ([]Day, error) {
	return db.All[Day](ctx, tx, `SELECT `+dayColumns+` FROM reception_days WHERE council_id = $1 AND state = $2 AND (day, id) > ($3, $4) ORDER BY day, id LIMIT $5`,
		councilID, state, from.day, from.id, limit)
}

// daysBefore lists the days of a council before a place, the latest first.
func daysBefore(ctx context.Context, tx *db.Tx, councilID string, until place, limit int) ([]Day, error) {
	return db.All[Day](ctx, tx, `SELECT `+dayColumns+` FROM reception_days WHERE council_id = $1 AND (day, id) < ($2, $3) ORDER BY day DESC, id DESC LIMIT $4`,
		councilID, until.day, until.id, limit)
}

// daysOn lists the published receptions of a council on one day.
func daysOn(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Day, error) {
	return db.All[Day](ctx, tx, `SELECT `+dayColumns+` FROM reception_days WHERE council_id = $1 AND day = $2 AND state = 'published' ORDER BY starts, id LIMIT $3`, councilID, on, pageMost)
}

// comingDays lists what the morning's work looks at, of all councils.
func comingDays(ctx context.Context, tx *db.Tx, from, until, today clock.Date, limit int) ([]Day, error) {
	return db.All[Day](ctx, tx, `SELECT `+dayColumns+` FROM reception_days WHERE state <> 'cancelled' AND day >= $1 AND day <= $2 AND alarmed_on <> $3 ORDER BY day, id LIMIT $4`, from, until, today, limit)
}

func hoursOf(ctx context.Context, tx *db.Tx, councilID string) (Hours, error) {
	h, err := db.One[Hours](ctx, tx, `SELECT council_id, place, hours, contact, note, set_at, set_by, set_name, revision FROM reception_hours WHERE council_id = $1`, councilID)
	if fault.Is(err, "db.no_row") {
		return Hours{CouncilID: councilID}, nil
	}
	return h, err
}

// saveHours writes a council's usual hours, unless somebody else did meanwhile.
func saveHours(ctx context.Context, tx *db.Tx, h Hours) error {
	if h.Revision == 0 {
		n, err := tx.Exec(ctx, `INSERT INTO reception_hours (council_id, place, hours, contact, note, set_at, set_by, set_name, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT DO NOTHING`,
			h.CouncilID, h.Place, h.Hours, h.Contact, h.Note, h.SetAt, h.SetBy, h.SetName)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "db.stale")
		}
		return err
	}
	return tx.ExecOne(ctx, `UPDATE reception_hours SET place = $3, hours = $4, contact = $5, note = $6, set_at = $7, set_by = $8, set_name = $9, revision = revision + 1 WHERE council_id = $1 AND revision = $2`,
		h.CouncilID, h.Revision, h.Place, h.Hours, h.Contact, h.Note, h.SetAt, h.SetBy, h.SetName)
}
