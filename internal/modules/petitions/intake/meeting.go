package intake

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of what is typed about a meeting.
const (
	lineMax      = 300 // characters of a place, a session, a constituency
	unitsMax     = 30  // wards of one meeting
	deputiesMax  = 40
	linesMax     = 50 // opinions of one sending
	meetingsPage = 30
	raisedPage   = 50
	// yearFirst is before every date that a petition can bear here.
	yearFirst = 2000
)

// VoterMeeting is a meeting of deputies with voters.
//
// vi: hội nghị tiếp xúc cử tri
type VoterMeeting struct {
	ID           string             `db:"id"`
	CouncilID    string             `db:"council_id"`
	BodyID       string             `db:"body_id"`
	Mark         string             `db:"mark"` // the form's, so that a second press opens no second meeting
	HeldOn       clock.Date         `db:"held_on"`
	Place        string             `db:"place"`
	Units        db.JSON[[]Place]   `db:"units"`
	Constituency string             `db:"constituency"` // đơn vị bầu cử
	Session      string             `db:"session"`      // kỳ họp
	Deputies     db.JSON[[]Present] `db:"deputies"`
	PersonID     string             `db:"person_id"`
	CreatedAt    db.Time            `db:"created_at"`
}

// Place is a ward of a meeting, by the name it had then.
//
// vi: -
type Place struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Present is a deputy at a meeting; PostID and PersonID are empty when the name
// is of nobody in the council's register.
//
// vi: đại biểu dự
type Present struct {
	PostID   string `json:"post"`
	PersonID string `json:"person,omitempty"`
	Name     string `json:"name"`
}

// Announcement is what a clerk types to open a meeting.
//
// vi: -
type Announcement struct {
	HeldOn                                       clock.Date
	Place, Wards, Constituency, Session, Present string // Wards and Present: several, by comma or line
	Once                                         string
}

// OpenMeeting enters a meeting, to which opinions can then be typed.
func (d *Desk) OpenMeeting(ctx context.Context, who org.Actor, a Announcement) (VoterMeeting, error) {
	if err := allowed(who); err != nil {
		return VoterMeeting{}, err
	}
	now := d.Clock.Now()
	today := clock.DateOf(now)
	m := VoterMeeting{ID: db.NewID(now), CouncilID: who.CouncilID, BodyID: who.BodyID, HeldOn: a.HeldOn, Place: text.Line(a.Place), Constituency: text.Line(a.Constituency),
		Session: text.Line(a.Session), PersonID: who.PersonID, CreatedAt: db.At(now)}
	if m.Mark = actorsMark(who, "meeting", a.Once); m.Mark == "" {
		m.Mark = m.ID
	}
	faults := m.wrong(today)
	var before VoterMeeting
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		units, wrong, err := d.wardsOf(ctx, tx, who, a.Wards, today)
		if err != nil {
			return err
		}
		if err := fault.Join(append(slices.Clone(faults), wrong)...); err != nil {
			return err
		}
		m.Units.V = units
		if m.Deputies.V, err = d.presentAt(ctx, tx, who, a.Present, today); err != nil {
			return err
		}
		first, err := insertMeeting(ctx, tx, m)
		if err != nil {
			return err
		}
		if !first {
			before, err = meetingByMark(ctx, tx, m.Mark)
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: m.CouncilID, Subject: m.ID, Verb: "intake.open_meeting", At: now, Who: who,
			Details: map[string]any{"held_on": m.HeldOn.String(), "place": m.Place, "session": m.Session}})
		return err
	})
	if before.ID != "" {
		return before, err
	}
	return m, err
}

// wrong lists what is wrong with a meeting, field by field.
func (m VoterMeeting) wrong(today clock.Date) (all []*fault.Fault) {
	if f := wrongDay(m.HeldOn, today); f != nil {
		all = append(all, f.At("held_on"))
	}
	if m.Place == "" {
		all = append(all, fault.New(fault.Invalid, "intake.place_empty").At("place"))
	}
	for name, v := range map[string]string{"place": m.Place, "constituency": m.Constituency, "session": m.Session} {
		if utf8.RuneCountInString(v) > lineMax {
			all = append(all, fault.New(fault.Invalid, "intake.line_long", "max", lineMax).At(name))
		}
	}
	return all
}

// wrongDay refuses a missing day, one to come and one from before all records.
func wrongDay(day, today clock.Date) *fault.Fault {
	switch {
	case day.IsZero():
		return fault.New(fault.Invalid, "intake.day_empty")
	case day.After(today):
		return fault.New(fault.Invalid, "intake.day_to_come", "day", day.VN(), "today", today.VN())
	case day.Year < yearFirst:
		return fault.New(fault.Invalid, "intake.day_long_ago", "day", day.VN(), "year", yearFirst)
	}
	return nil
}

// wardsOf reads the wards of a meeting.
func (d *Desk) wardsOf(ctx context.Context, tx *db.Tx, who org.Actor, written string, on clock.Date) ([]Place, *fault.Fault, error) {
	council, err := org.CouncilOf(ctx, tx, who.CouncilID)
	if err != nil {
		return nil, nil, err
	}
	var all []Place
	for _, one := range severalOf(written) {
		u, err := placeOf(ctx, tx, council, one, on)
		switch {
		case fault.KindOf(err) == fault.Invalid:
			return nil, fault.Of(err).At("wards"), nil
		case err != nil:
			return nil, nil, err
		case len(all) == unitsMax:
			return nil, fault.New(fault.Invalid, "intake.wards_many", "max", unitsMax).At("wards"), nil
		}
		if !slices.ContainsFunc(all, func(p Place) bool { return p.Code == u.Code }) {
			all = append(all, Place{u.Code, u.FullName})
		}
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "intake.ward_empty").At("wards"), nil
	}
	return all, nil, nil
}

// presentAt finds the deputies named in the council's register.
func (d *Desk) presentAt(ctx context.Context, tx *db.Tx, who org.Actor, written string, on clock.Date) ([]Present, error) {
	names := severalOf(written)
	if len(names) > deputiesMax {
		return nil, fault.New(fault.Invalid, "intake.deputies_many", "max", deputiesMax).At("deputies")
	}
	if len(names) == 0 {
		return []Present{}, nil
	}
	lines, err := org.DirectoryOf(ctx, tx, who.CouncilID, on)
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(l org.Directory) bool { return !slices.Contains(l.Roles.V, org.Deputy) })
	all := make([]Present, 0, len(names))
	for _, name := range names {
		p := Present{Name: name}
		for _, l := range lines {
			if l.PostID != name && nameKey(l.Name) != nameKey(name) {
				continue
			}
			if p.PersonID != "" && p.PersonID != l.PersonID {
				p = Present{Name: name} // two of one name: the clerk's word stays, nobody is guessed
				break
			}
			p = Present{PostID: l.PostID, PersonID: l.PersonID, Name: l.Name}
		}
		all = append(all, p)
	}
	return all, nil
}

// severalOf cuts what was typed at commas, semicolons and line ends.
func severalOf(written string) []string {
	var all []string
	for one := range strings.FieldsFuncSeq(text.Clean(written), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if one = text.Line(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// usual is the ward of opinions that name none; empty when the meeting has none.
func (m VoterMeeting) usual() Place {
	if len(m.Units.V) == 0 {
		return Place{}
	}
	return m.Units.V[0]
}

// ward is the code of the usual ward.
func (m VoterMeeting) ward() (string, error) {
	if code := m.usual().Code; code != "" {
		return code, nil
	}
	return "", fault.New(fault.Invalid, "intake.ward_empty").At("ward")
}

// Line is one opinion of the rapid form.
//
// vi: dòng ý kiến
type Line struct {
	Text, Name, Phone, Ward string
	Once                    string
}

func (l Line) empty() bool { return l.Text+l.Name+l.Phone+l.Ward == "" }

// Told is a line and what became of it.
//
// vi: -
type Told struct {
	Line
	Taken Taken
	Err   error
}

// TakeLines takes in what was typed at a meeting, line by line: a line that is
// wrong costs itself alone, and one that was taken in before is not taken twice.
// The deputy is who brings them; all that were at the meeting when none is named.
func (d *Desk) TakeLines(ctx context.Context, who org.Actor, meetingID, deputyID string, lines []Line) ([]Told, error) {
	lines = slices.DeleteFunc(slices.Clone(lines), Line.empty)
	if len(lines) > linesMax {
		return nil, fault.New(fault.Invalid, "intake.lines_many", "max", linesMax)
	}
	today := clock.Today(d.Clock)
	var m VoterMeeting
	var council org.Council
	wards := make([]org.Unit, len(lines))
	wrong := make([]error, len(lines))
	var by []Bringer
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if m, err = d.ownMeeting(ctx, tx, who, meetingID); err != nil {
			return err
		}
		if council, err = org.CouncilOf(ctx, tx, m.CouncilID); err != nil {
			return err
		}
		if by, err = chosenDeputy(ctx, tx, who.CouncilID, deputyID); err != nil {
			return err
		}
		for i, l := range lines {
			if l.Ward == "" {
				wards[i].Code, wrong[i] = m.ward()
				continue
			}
			if wards[i], wrong[i] = placeOf(ctx, tx, council, l.Ward, today); wrong[i] != nil && fault.KindOf(wrong[i]) != fault.Invalid {
				return wrong[i]
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(by) == 0 {
		by = m.brought()
	}
	told := make([]Told, len(lines))
	for i, l := range lines {
		told[i] = Told{Line: l, Err: wrong[i]}
		if wrong[i] == nil {
			told[i].Taken, told[i].Err = d.Receive(ctx, who, Opinion{To: addressee(council), Text: l.Text, Ward: wards[i].Code, Name: l.Name, Phone: l.Phone, Channel: Meeting,
				RaisedOn: m.HeldOn, Once: actorsMark(who, "line", l.Once), Note: d.noting(who, Source{Channel: Meeting, MeetingID: m.ID, RaisedOn: m.HeldOn, Session: m.Session}, by...)})
		}
	}
	return told, nil
}

// ownMeeting loads a meeting of the clerk's own council.
func (d *Desk) ownMeeting(ctx context.Context, tx *db.Tx, who org.Actor, id string) (VoterMeeting, error) {
	if err := allowed(who); err != nil {
		return VoterMeeting{}, err
	}
	m, err := MeetingOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && m.CouncilID != who.CouncilID {
		return VoterMeeting{}, fault.New(fault.Missing, "intake.no_meeting")
	}
	return m, err
}

// MeetingList is one page of a council's meetings.
//
// vi: -
type MeetingList struct {
	Rows  []VoterMeeting
	Taken map[string]int64 // petitions, by meeting
	Next  string           // place of the last row; empty at the end
}

// Meetings lists the meetings of the clerk's council after a place.
func (d *Desk) Meetings(ctx context.Context, who org.Actor, after string) (l MeetingList, err error) {
	if err := allowed(who); err != nil {
		return l, err
	}
	day, id := dayAndID(after)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if l.Rows, err = meetingsOf(ctx, tx, who.CouncilID, day, id, meetingsPage+1); err != nil {
			return err
		}
		if l.Next = ""; len(l.Rows) > meetingsPage {
			l.Rows = l.Rows[:meetingsPage]
			last := l.Rows[meetingsPage-1]
			l.Next = last.HeldOn.String() + "." + last.ID
		}
		ids := make([]string, len(l.Rows))
		for i, m := range l.Rows {
			ids[i] = m.ID
		}
		l.Taken, err = countRaised(ctx, tx, ids)
		return err
	})
	return l, err
}

// dayAndID reads a place in a list; nonsense is the beginning.
func dayAndID(place string) (clock.Date, string) {
	key, id, ok := strings.Cut(place, ".")
	day, err := clock.ParseDate(key)
	if !ok || err != nil {
		return clock.Date{}, ""
	}
	return day, id
}

// MeetingView is a meeting with its petitions and the wards its lines may name.
//
// vi: -
type MeetingView struct {
	Meeting VoterMeeting
	Rows    []Raised
	Total   int64
	Next    string
}

// MeetingView shows a meeting of the clerk's council.
func (d *Desk) MeetingView(ctx context.Context, who org.Actor, id, after string) (v MeetingView, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Meeting, err = d.ownMeeting(ctx, tx, who, id); err != nil {
			return err
		}
		if v.Rows, err = raisedAt(ctx, tx, id, after, raisedPage+1); err != nil {
			return err
		}
		if v.Next = ""; len(v.Rows) > raisedPage {
			v.Rows = v.Rows[:raisedPage]
			v.Next = v.Rows[raisedPage-1].ID
		}
		counts, err := countRaised(ctx, tx, []string{id})
		v.Total = counts[id]
		return err
	})
	return v, err
}

// Wards lists the wards that the clerk's council may take petitions from.
func (d *Desk) Wards(ctx context.Context, who org.Actor) (all []org.Unit, err error) {
	today := clock.Today(d.Clock)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		council, err := org.CouncilOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		if council.Level == org.City {
			all, err = org.UnitsOf(ctx, tx, council.UnitCode, today)
			return err
		}
		own, err := org.UnitOf(ctx, tx, council.UnitCode, today)
		all = []org.Unit{own}
		return err
	})
	return all, err
}
