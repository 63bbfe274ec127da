package main

import (
	"fmt"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// The tables of the parts of petitions, filled when the seeder is full.
var (
	sourcesTable = table{"petitions_sources", []string{"petition_id", "council_id", "channel", "meeting_id", "batch_id", "line", "raised_on", "session", "origin", "address", "deputy", "field", "body",
		"note", "person_id", "at"}}
	forwardingsTable = table{"petitions_forwardings", []string{"id", "petition_id", "round", "to_body_id", "from_body_id", "number", "symbol", "signer", "signer_title", "on_behalf", "due", "at", "paper_id"}}
	answersTable     = table{"petitions_answers", []string{"petition_id", "round", "number", "reply", "outcome", "promised"}}
	refusalsTable    = table{"petitions_refusals", []string{"petition_id", "round", "council_id", "reason", "day"}}
	groupsTable      = table{"petitions_groups", []string{"id", "council_id", "lead_id", "title", "by_person", "by_name", "at"}}
	membersTable     = table{"petitions_group_members", []string{"group_id", "petition_id", "added_by", "added_name", "added_at", "removed_by", "removed_at", "reason"}}
	linksTable       = table{"petitions_links", []string{"petition_id", "earlier_id", "by_id", "by_name", "at"}}
	ratingsTable     = table{"ratings_ratings", []string{"petition_id", "round", "council_id", "body_id", "code", "score", "fixed", "comment", "day", "at"}}
	handledTable     = table{"petitions_handled", []string{"petition_id", "number", "council_id", "body_id", "asked_on", "status", "days"}}
	promisesTable    = table{"petitions_promises", []string{"id", "petition_id", "council_id", "body_id", "source", "origin", "number", "promised", "due", "state", "moves", "made_on", "broken_on", "ended_on",
		"asked", "asked_due", "asked_on", "next_alarm", "revision"}}
	promiseActsTable = table{"petitions_promise_acts", []string{"id", "promise_id", "verb", "at", "person_name", "post_title", "body_name", "on_behalf", "note", "document", "from_due", "to_due"}}
	lettersTable     = table{"petitions_reminders", []string{"id", "council_id", "office_id", "body_id", "to_body_id", "rung", "why", "words", "answer_by", "state", "hands", "drawn_name", "drawn_at", "signer",
		"signer_title", "on_behalf", "from_body_id", "signed_on", "signed_at", "number", "symbol", "paper_id", "left_out", "received_name", "received_at", "settled_on", "revision"}}
	letterLinesTable = table{"petitions_reminder_lines", []string{"reminder_id", "petition_id", "due", "late_days", "transfer", "earlier", "printed"}}
	sharesTable      = table{"petitions_shares", []string{"id", "petition_id", "round", "council_id", "lead_id", "body_id", "question", "due", "state", "open", "assignee_post_id", "document", "reason", "note",
		"back_note", "end_note", "papers", "mark", "asked_at", "asked_by", "asked_name", "asked_post_id", "asked_body_id", "replied_at", "replied_by", "replied_name", "replied_title", "ended_at",
		"next_alarm", "revision"}}
	sharePointsTable = table{"petitions_share_points", []string{"share_id", "number", "asked", "reply", "promised"}}
	tracesTable      = table{"petitions_traces", []string{"id", "petition_id", "council_id", "unit_code", "kind", "at", "address_mark", "network_mark", "email_mark", "phone_mark", "text_mark"}}
	heldTable        = table{"petitions_held", []string{"petition_id", "council_id", "unit_code", "why", "state", "at", "ended_at", "ended_by"}}
	setsTable        = table{"petitions_change_sets", []string{"id", "mark", "council_id", "title", "paper", "paper_date", "effective", "state", "authors", "by_person", "by_name", "at", "tested_at", "tested_hash",
		"decided_at", "decided_by", "decided_name", "on_behalf", "why", "revision"}}
)

// partTables in the order in which they refer to each other.
func partTables() []*table {
	return []*table{&sourcesTable, &forwardingsTable, &answersTable, &refusalsTable, &groupsTable, &membersTable, &linksTable, &ratingsTable, &handledTable, &promisesTable, &promiseActsTable,
		&lettersTable, &letterLinesTable, &sharesTable, &sharePointsTable, &tracesTable, &heldTable, &setsTable}
}

// past is what later petitions refer to.
type past struct {
	earlier string           // a petition that a later one repeats
	group   string           // the group that takes members
	room    int              // how many more it takes
	owing   map[string][]owe // by body
	letters int64
	sets    int
}

// owe is a petition that a reminder names.
type owe struct {
	id  string
	due clock.Date
}

// writeParts writes what the parts keep of a petition.
func (s *seeder) writeParts(w rows, d *draft) {
	s.writeSource(w, d)
	s.writeGate(w, d)
	if d.reached == -1 {
		w.put(&refusalsTable, d.id, 1, s.h.city.ID, "not_a_petition", clock.DateOf(d.moved).String())
	}
	if d.reached >= 1 {
		s.writeLikes(w, d)
	}
	if d.reached >= 2 {
		s.writeAsked(w, d)
	}
	if d.reached >= answered {
		s.writeAnswer(w, d)
	}
	if d.reached == len(stages)-1 && d.r.IntN(20) == 0 {
		w.put(&ratingsTable, d.id, 1, s.h.city.ID, d.body.ID, d.code, 1+d.r.IntN(5), one(d.r, []string{"yes", "partly", "no"}), "", clock.DateOf(d.moved).String(), d.moved.UnixMicro())
	}
	s.writeSets(w)
}

// channels are how petitions came in; a repeated one is more usual.
var channels = [...]string{"meeting", "meeting", "meeting", "meeting", "mttq", "letter", "phone", "import"}

// writeSource says where a petition came from; one in ten came by the public form.
func (s *seeder) writeSource(w rows, d *draft) {
	if d.r.IntN(10) == 0 {
		return
	}
	day := clock.DateOf(d.opened)
	session := fmt.Sprintf("Trước Kỳ họp thứ %d", 2*(day.Year-2016)+int(day.Month)/7+1)
	deputy, channel := "", one(d.r, channels[:])
	if channel == "meeting" && len(s.h.deputies) > 0 {
		deputy = s.h.deputies[skewed(d.r, len(s.h.deputies))].Name
	}
	w.put(&sourcesTable, d.id, s.h.city.ID, channel, "", "", 0, day.String(), session, "Tiếp xúc cử tri", "", deputy, "", "", "", "", d.opened.UnixMicro())
}

// writeGate keeps what the gate knows of a hand-in: some came from one address.
func (s *seeder) writeGate(w rows, d *draft) {
	if d.r.IntN(3) != 0 {
		return
	}
	w.put(&tracesTable, d.id, d.id, s.h.city.ID, d.unit, "petition", d.opened.UnixMicro(), fmt.Sprintf("a%d", d.r.IntN(50_000)), fmt.Sprintf("n%d", d.r.IntN(2_000)), "", fmt.Sprintf("p%d", d.r.IntN(300_000)),
		fmt.Sprintf("t%d", s.serial))
	if d.reached == 0 && d.r.IntN(10) == 0 {
		w.put(&heldTable, d.id, s.h.city.ID, d.unit, "address", "held", d.opened.UnixMicro(), 0, "")
	}
}

// writeLikes puts one petition in twelve into a group of four, and has one in
// forty repeat an earlier one.
func (s *seeder) writeLikes(w rows, d *draft) {
	at, by := d.taken(1).UnixMicro(), "Nguyễn Thị Hường"
	switch {
	case s.past.room > 0:
		w.put(&membersTable, s.past.group, d.id, "", by, at, "", 0, "")
		s.past.room--
	case s.serial%48 == 0:
		s.past.group, s.past.room = db.NewID(d.opened), 3
		w.put(&groupsTable, s.past.group, s.h.city.ID, d.id, d.title, "", by, at)
		w.put(&membersTable, s.past.group, d.id, "", by, at, "", 0, "")
	}
	if s.serial%40 == 0 {
		if s.past.earlier != "" {
			w.put(&linksTable, d.id, s.past.earlier, "", by, at)
			if len(s.linked) < 500 && d.reached >= 0 {
				s.linked = append(s.linked, d.id)
			}
		}
		s.past.earlier = d.id
	}
}

// writeAsked writes the transfer letter, what became of it, whom the body asks
// in turn, and now and then a reminder.
func (s *seeder) writeAsked(w rows, d *draft) {
	at := d.taken(2)
	asked := clock.DateOf(at)
	due := asked.AddDays(20)
	if d.reached < answered && !d.due.IsZero() {
		due = d.due
	}
	w.put(&forwardingsTable, db.NewID(at), d.id, 1, d.body.ID, s.h.office.ID, int64(s.serial), fmt.Sprintf("%d/PC-VP", s.serial), "Trần Văn Bách", "Chánh Văn phòng", "", due.String(), at.UnixMicro(), "")
	status, days := "waiting", 0
	if d.reached >= answered {
		status, days = "on_time", max(clock.DateOf(d.taken(answered)).Sub(asked), 0)
		if d.late {
			status = "late"
		}
	}
	w.put(&handledTable, d.id, 3, s.h.city.ID, d.body.ID, asked.String(), status, days)
	s.writeShare(w, d, at)
	if s.past.owing == nil {
		s.past.owing = map[string][]owe{}
	}
	owed := append(s.past.owing[d.body.ID], owe{d.id, due})
	const letter, lines = 400, 8
	if len(owed) == letter {
		s.writeLetter(w, d, owed[:lines])
		owed = nil
	}
	s.past.owing[d.body.ID] = owed
}

// writeLetter presses a body for answers to some petitions.
func (s *seeder) writeLetter(w rows, d *draft, owed []owe) {
	s.past.letters++
	day, id := clock.DateOf(d.moved), db.NewID(d.moved)
	w.put(&lettersTable, id, s.h.city.ID, s.h.office.ID, d.body.ID, d.body.ID, 1+d.r.IntN(3), "overdue", "", day.AddDays(10).String(), "signed", "[]", "Nguyễn Thị Hường", d.moved.UnixMicro(), "Trần Văn Bách",
		"Chánh Văn phòng", "", s.h.office.ID, day.String(), d.moved.UnixMicro(), s.past.letters, fmt.Sprintf("%d/ĐĐ-VP", s.past.letters), "", "[]", "", 0, day.AddDays(15).String(), 1)
	for _, o := range owed {
		w.put(&letterLinesTable, id, o.id, o.due.String(), max(day.Sub(o.due), 1), "", "", true)
	}
}

// writeShare asks another body for its part: of one in seven that wait, and of
// one in fifty that were answered.
func (s *seeder) writeShare(w rows, d *draft, at time.Time) {
	open := d.reached == answered-1
	if !open && d.reached < answered || open && d.r.IntN(7) != 0 || !open && d.r.IntN(50) != 0 {
		return
	}
	other := s.other(d)
	state, document, reply, replied := "asked", "", "", int64(0)
	if !open {
		state, document, reply, replied = "answered", "45/CV", "Đơn vị đã kiểm tra và cung cấp số liệu kèm theo.", at.UnixMicro()
	}
	id := db.NewID(at)
	w.put(&sharesTable, id, d.id, 1, s.h.city.ID, d.body.ID, other.ID, "Đề nghị cung cấp số liệu để trả lời cử tri.", clock.DateOf(at).AddDays(10).String(), state, open, "", document, "", "", "", "", "[]", id,
		at.UnixMicro(), "", "Tạ Quang Huy", "", d.body.ID, replied, "", "", "", 0, "", 1)
	w.put(&sharePointsTable, id, 1, d.title, reply, "")
}

// other is an answering body that is not the petition's own.
func (s *seeder) other(d *draft) org.Body {
	for {
		if b := one(d.r, s.h.answering); b.ID != d.body.ID {
			return b
		}
	}
}

// writeAnswer writes the reply, and the promise of one that is not the end of it.
func (s *seeder) writeAnswer(w rows, d *draft) {
	at := d.taken(answered)
	made, promised := clock.DateOf(at), ""
	if d.outcome == "underway" {
		due := made.AddDays(30 + d.r.IntN(300))
		promised = due.String()
		s.writePromise(w, d, at, due)
	}
	w.put(&answersTable, d.id, 1, 1, "Đơn vị đã kiểm tra thực tế, lập phương án và trả lời cử tri như sau: "+d.title, d.outcome, promised)
}

func (s *seeder) writePromise(w rows, d *draft, at time.Time, due clock.Date) {
	today, made := clock.DateOf(s.now), clock.DateOf(at)
	state, broken, ended, alarm := "open", "", "", due.AddDays(-7).String()
	switch {
	case due.After(today):
		if !due.AddDays(-7).After(today) {
			alarm = due.AddDays(1).String()
		}
	case d.r.IntN(10) == 0:
		state, broken, alarm = "broken", due.AddDays(1).String(), ""
	default:
		state, ended, alarm = "kept", due.String(), ""
	}
	id := db.NewID(at)
	w.put(&promisesTable, id, d.id, s.h.city.ID, d.body.ID, "answer", "1", 1, due.String(), due.String(), state, 0, made.String(), broken, ended, "", "", "", alarm, 1)
	w.put(&promiseActsTable, db.NewID(at), id, "promise", at.UnixMicro(), "Tạ Quang Huy", "Chuyên viên", d.body.Name, "", "", "112/BC", "", due.String())
}

// writeSets keeps some changes of the settings that were dropped: one among ten
// thousand petitions, as offices do.
func (s *seeder) writeSets(w rows) {
	if s.serial%10_000 != 1 {
		return
	}
	s.past.sets++
	id := db.NewID(s.now)
	w.put(&setsTable, id, id, s.h.city.ID, fmt.Sprintf("Điều chỉnh danh mục đợt %d", s.past.sets), "12/QĐ-VP", clock.DateOf(s.now).String(), clock.DateOf(s.now).String(), "dropped", "[]", "", "Nguyễn Thị Hường",
		s.now.UnixMicro(), 0, "", s.now.UnixMicro(), "", "Trần Văn Bách", "", "", 1)
}
