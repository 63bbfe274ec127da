package intake

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const (
	meetingColumns = `id, council_id, body_id, mark, held_on, place, units, constituency, session, deputies, person_id, created_at`
	sourceColumns  = `petition_id, council_id, channel, meeting_id, batch_id, line, raised_on, session, origin, address, deputy, field, body, note, person_id, at`
)

// NoteSource keeps where a petition came from, in the transaction that takes
// the petition in.
func NoteSource(ctx context.Context, tx *db.Tx, s Source) error {
	return tx.Insert(ctx, `petitions_sources`, sourceColumns, s.PetitionID, s.CouncilID, s.Channel, s.MeetingID, s.BatchID, s.Line, s.RaisedOn, s.Session, s.Origin, s.Address, s.Deputy, s.Field, s.Body, s.Note, s.PersonID, s.At)
}

// SourceOf tells where a petition came from. A petition of the public page has
// no source: then it is empty.
func SourceOf(ctx context.Context, tx *db.Tx, petitionID string) (Source, error) {
	s, err := db.One[Source](ctx, tx, `SELECT `+sourceColumns+` FROM petitions_sources WHERE petition_id = $1`, petitionID)
	if fault.Is(err, "db.no_row") {
		return Source{}, nil
	}
	return s, err
}

func sourcesOf(ctx context.Context, tx *db.Tx, petitionIDs []string) ([]Source, error) {
	return db.All[Source](ctx, tx, `SELECT `+sourceColumns+` FROM petitions_sources WHERE petition_id `+tx.In("$1")+` LIMIT 5000`, db.List(petitionIDs))
}

// insertMeeting saves a meeting, unless the same form has saved it already.
func insertMeeting(ctx context.Context, tx *db.Tx, m VoterMeeting) (first bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_meetings (`+meetingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (mark) DO NOTHING`,
		m.ID, m.CouncilID, m.BodyID, m.Mark, m.HeldOn, m.Place, m.Units, m.Constituency, m.Session, m.Deputies, m.PersonID, m.CreatedAt)
	return n == 1, err
}

func meetingByMark(ctx context.Context, tx *db.Tx, mark string) (VoterMeeting, error) {
	return db.One[VoterMeeting](ctx, tx, `SELECT `+meetingColumns+` FROM petitions_meetings WHERE mark = $1`, mark)
}

// MeetingOf loads a meeting, for the page of a petition that was raised there.
func MeetingOf(ctx context.Context, tx *db.Tx, id string) (VoterMeeting, error) {
	return db.One[VoterMeeting](ctx, tx, `SELECT `+meetingColumns+` FROM petitions_meetings WHERE id = $1`, id)
}

// meetingsOf lists a council's meetings after a place, the latest first.
func meetingsOf(ctx context.Context, tx *db.Tx, councilID string, before clock.Date, beforeID string, limit int) ([]VoterMeeting, error) {
	if beforeID == "" {
		return db.All[VoterMeeting](ctx, tx, `SELECT `+meetingColumns+` FROM petitions_meetings WHERE council_id = $1 ORDER BY held_on DESC, id DESC LIMIT $2`, councilID, limit)
	}
	return db.All[VoterMeeting](ctx, tx, `SELECT `+meetingColumns+` FROM petitions_meetings WHERE council_id = $1 AND (held_on, id) < ($2, $3)
		ORDER BY held_on DESC, id DESC LIMIT $4`, councilID, before, beforeID, limit)
}

// Raised is a petition of a meeting.
//
// vi: -
type Raised struct {
	ID    string      `db:"id"`
	Code  string      `db:"code"`
	Title string      `db:"title"`
	State cases.State `db:"state"`
}

// raisedAt lists the petitions of a meeting, the newest first.
func raisedAt(ctx context.Context, tx *db.Tx, meetingID, before string, limit int) ([]Raised, error) {
	return db.All[Raised](ctx, tx, `SELECT c.id, c.code, c.title, c.state FROM petitions_sources s JOIN cases_cases c ON c.id = s.petition_id
		WHERE s.meeting_id = $1 AND s.meeting_id <> '' AND ($2 = '' OR s.petition_id < $2) ORDER BY s.petition_id DESC LIMIT $3`, meetingID, before, limit)
}

func countRaised(ctx context.Context, tx *db.Tx, meetingIDs []string) (map[string]int64, error) {
	type count struct {
		ID string `db:"meeting_id"`
		N  int64  `db:"n"`
	}
	rows, err := db.All[count](ctx, tx, `SELECT meeting_id, COUNT(*) AS n FROM petitions_sources WHERE meeting_id `+tx.In("$1")+` AND meeting_id <> '' GROUP BY meeting_id LIMIT 1000`, db.List(meetingIDs))
	if err != nil {
		return nil, err
	}
	all := make(map[string]int64, len(rows))
	for _, r := range rows {
		all[r.ID] = r.N
	}
	return all, nil
}
