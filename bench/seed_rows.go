package main

import (
	"encoding/json"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// table is a table and its columns in the order of the rows.
type table struct {
	name    string
	columns []string
}

// The tables that are filled. The columns are those of the migrations; a
// change there shows here at once, since every column is NOT NULL.
var (
	casesTable = table{"cases_cases", []string{"id", "council_id", "procedure", "procedure_version", "code", "title", "state", "waits", "open", "round", "opened_at", "changed_at", "closed_at",
		"owner_body_id", "holder_body_id", "examiner_body_id", "assignee_post_id", "field", "unit_code", "public", "sealed", "due", "revision"}}
	petitionsTable = table{"petitions_petitions", []string{"id", "council_id", "text", "public_text", "voter_name", "email", "phone", "lang", "access_key", "consent_at", "authority", "newness",
		"body_id", "split_kind", "asked_days", "asked_document", "created_at"}}
	actsTable = table{"cases_acts", []string{"id", "case_id", "number", "verb", "at", "from_state", "to_state", "round", "person_id", "person_name", "post_title", "body_id", "body_name", "on_behalf",
		"note", "fields", "document", "papers", "late", "public", "leaf_id"}}
	deadlinesTable = table{"cases_deadlines", []string{"id", "case_id", "name", "round", "rule_key", "rule_from", "basis", "confirmed", "run", "raw", "due", "planned", "provisional", "status", "is_window",
		"met_on", "rung", "next_alarm"}}
	pointsTable = table{"petitions_points", []string{"petition_id", "number", "text"}}
)

// tables in the order in which they refer to each other.
func tables() []*table {
	return slices.Concat([]*table{&casesTable, &petitionsTable, &pointsTable, &actsTable, &deadlinesTable}, partTables(), letterTables())
}

// rows are what waits to be written.
type rows map[*table][][]any

func (w rows) put(t *table, values ...any) { w[t] = append(w[t], values) }

// write lays a petition out in rows.
func (s *seeder) write(w rows, d *draft) error {
	state, waits, open, closed := "closed", "nobody", false, d.moved.UnixMicro()
	sealed := d.reached == -2
	switch {
	case d.reached == -1:
		state = "refused"
	case sealed:
		state, d.public = "split", false
	case stages[d.reached].clock != "":
		st := stages[d.reached]
		state, waits, open, closed = st.state, st.waits, true, 0
	}
	if err := s.writeClocks(w, d, open); err != nil {
		return err
	}
	if err := s.writeActs(w, d, state); err != nil {
		return err
	}
	examiner, assignee := "", ""
	if d.field != "" {
		examiner = s.committeeOf(d.field)
	}
	w.put(&casesTable, d.id, s.h.city.ID, "petition", 1, d.code, d.title, state, waits, open, 1, d.opened.UnixMicro(), d.moved.UnixMicro(), closed,
		s.h.office.ID, d.body.ID, examiner, assignee, d.field, d.unit, d.public, sealed, d.due.String(), 1)
	public, authority, newness := "", "", ""
	if d.public {
		public = d.words
	}
	if d.reached >= 1 {
		authority, newness = "city", "new"
	}
	w.put(&petitionsTable, d.id, s.h.city.ID, d.words, public, "", "", "", "vi", "", 0, authority, newness, d.body.ID, "", 0, "", d.opened.UnixMicro())
	if d.reached >= 1 {
		w.put(&pointsTable, d.id, 1, d.title)
	}
	if d.whole && !open && d.reached > 0 && len(s.told) < 2000 {
		s.told = append(s.told, d.id)
	}
	if d.public && len(s.codes) < 2000 {
		s.codes = append(s.codes, d.code)
	}
	if d.reached == 0 && open && len(s.fresh) < 2000 {
		s.fresh = append(s.fresh, d.id)
	}
	if s.full {
		s.writeParts(w, d)
	}
	return nil
}

// writeClocks writes the running clock of an open case, and of a whole history
// the clocks that were met.
func (s *seeder) writeClocks(w rows, d *draft, open bool) error {
	last := max(d.reached, 0)
	for n := range last + 1 {
		name := stages[n].clock
		running := open && n == last
		if name == "" || !running && !d.whole {
			continue
		}
		began := clock.DateOf(d.opened)
		if running {
			c, err := s.count(name, clock.DateOf(s.now))
			if err != nil {
				return err
			}
			began = s.begun(d, c.due.Sub(clock.DateOf(s.now)))
		}
		c, err := s.count(name, began)
		if err != nil {
			return err
		}
		status, met := "met", began.AddDays(1).String()
		if running {
			status, met, d.due = "running", "", c.due
		}
		w.put(&deadlinesTable, db.NewID(d.opened), d.id, name, 1, c.rule.Key, c.rule.From.String(), c.rule.Basis(), c.rule.Confirmed, c.run, c.raw.String(), c.due.String(), "",
			c.provisional, status, false, met, 0, "")
	}
	return nil
}

// hand is who took a step.
type hand struct{ person, title, body, bodyID string }

// hands are the one who takes a step on the office's side, and the one of the
// answering body.
func (s *seeder) hands(d *draft, n int) hand {
	if n == answered-1 || n == answered {
		return hand{"Tạ Quang Huy", "Chuyên viên", d.body.Name, d.body.ID}
	}
	return hand{"Trần Văn Bách", "Chánh Văn phòng", s.h.office.Name, s.h.office.ID}
}

// said is what an act leaves in its fields; reports count from these.
func (d *draft) said(verb string) map[string]string {
	switch verb {
	case "receive":
		return map[string]string{"ward": d.unit}
	case "refuse":
		return map[string]string{"reason": "not_a_petition"}
	case "classify":
		return map[string]string{"field": d.field, "authority": "city", "newness": "new", "ward": d.unit, "body": d.body.ID}
	case "answer":
		return map[string]string{"outcome": d.outcome, "points": "1"}
	case "judge":
		return map[string]string{"quality": "good"}
	}
	return map[string]string{}
}

// writeActs writes how the case began and where it stands; of a whole history
// every step between.
func (s *seeder) writeActs(w rows, d *draft, state string) error {
	number := 0
	act := func(verb, from, to string, by hand, at time.Time) error {
		number++
		fields, err := json.Marshal(d.said(verb))
		document := ""
		if verb == "answer" {
			document = "112/BC"
		}
		w.put(&actsTable, db.NewID(at), d.id, number, verb, at.UnixMicro(), from, to, 1, by.person, by.person, by.title, by.bodyID, by.body, "", "", string(fields), document, "[]",
			verb == "answer" && d.late, true, "")
		return err
	}
	if err := act("receive", "", "received", hand{}, d.opened); err != nil {
		return err
	}
	switch d.reached {
	case -1:
		return act("refuse", "received", state, s.hands(d, 0), d.moved)
	case -2:
		return act("split_off", "received", state, s.hands(d, 0), d.moved)
	}
	for n := 1; n <= d.reached; n++ {
		if !d.whole && n != d.reached {
			continue
		}
		if err := act(stages[n].verb, stages[n-1].state, stages[n].state, s.hands(d, n), d.taken(n)); err != nil {
			return err
		}
	}
	return nil
}
