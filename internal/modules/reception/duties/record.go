package duties

import (
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// State is where a deputy's handling of a letter stands.
//
// vi: -
type State string

// The states.
const (
	Studying State = "studying"
	HandedOn State = "handed_on" // to the council's office
	Guided   State = "guided"    // the deputy guided the citizen; there is nothing to hand on
)

// Way is how a letter came to a deputy, or how the citizen was told.
//
// vi: -
type Way string

func ways() []Way     { return []Way{"meeting", "reception", "hand", "post", "online"} }
func tellings() []Way { return []Way{"in_person", "telephone", "letter", "mail", "meeting"} }

// What a record waits for the deputy to do.
const (
	waitsStudy = "study"
	waitsTell  = "tell"
)

// Record is one letter that a citizen gave a deputy.
//
// vi: đơn đại biểu tiếp nhận
type Record struct {
	ID         string     `db:"id"`
	CouncilID  string     `db:"council_id"`
	PersonID   string     `db:"person_id"`
	Name       string     `db:"name"`
	Title      string     `db:"title"`
	Year       int        `db:"year"`
	Number     int        `db:"number"` // among the deputy's own of the year
	ReceivedOn clock.Date `db:"received_on"`
	Way        Way        `db:"way"`
	Asked      bool       `db:"asked"` // the citizen asked to be told
	State      State      `db:"state"`
	LetterID   string     `db:"letter_id"`
	DoneOn     clock.Date `db:"done_on"` // handed on, or guided
	Guided     Way        `db:"guided"`
	AnsweredOn clock.Date `db:"answered_on"` // by the competent body
	ToldOn     clock.Date `db:"told_on"`
	Told       Way        `db:"told"`
	Waits      string     `db:"waits"`
	Rung       int        `db:"rung"` // of the reminders of what it waits for
	Mark       string     `db:"mark"`
	CreatedAt  db.Time    `db:"created_at"`
	Revision   int64      `db:"revision"`

	EnteredBy   string `db:"entered_by"` // of the office, for the deputy; empty: the deputy
	EnteredName string `db:"entered_name"`
}

// settle works out what is waited for; a new wait begins its reminders anew.
func (r *Record) settle() {
	was := r.Waits
	switch {
	case r.State == Studying:
		r.Waits = waitsStudy
	case r.owesWord():
		r.Waits = waitsTell
	default:
		r.Waits = ""
	}
	if r.Waits != was {
		r.Rung = 0
	}
}

// owesWord reports whether there is an answer that the citizen asked for and was
// not told of. One that came after they were told is a new one.
func (r Record) owesWord() bool {
	return r.State == HandedOn && r.Asked && !r.AnsweredOn.IsZero() && (r.ToldOn.IsZero() || r.ToldOn.Before(r.AnsweredOn))
}

// seenBy: a deputy's own, and those of the council for its office and its
// standing committee.
func (r Record) seenBy(who org.Actor) bool {
	return who.SignedIn() && who.CouncilID == r.CouncilID && (who.PersonID == r.PersonID || oversees(who))
}

func (r Record) mine(who org.Actor) bool { return r.seenBy(who) && who.PersonID == r.PersonID }

func oversees(who org.Actor) bool {
	return slices.ContainsFunc([]org.Role{org.Clerk, org.Head, org.Standing, org.Chair}, who.Has)
}

// The rules of the clocks. The second is the law's; the first is a number of the
// office's own, for the law says only "kịp thời".
const (
	studyRule = "reception.deputy_hands_on"
	tellRule  = "reception.deputy_tells"
)

// Duty is one clock of a deputy, counted out.
//
// vi: thời hạn của đại biểu
type Duty struct {
	Name      string // study, tell
	Deadline  calendar.Deadline
	Confirmed bool
	MetOn     clock.Date // none while it runs
}

// Late reports whether the duty was, or is, done too late.
func (y Duty) Late(today clock.Date) bool {
	if !y.MetOn.IsZero() {
		return y.MetOn.After(y.Deadline.Due)
	}
	return today.After(y.Deadline.Due)
}

// Duties counts the clocks of a record by the rules of their days.
func Duties(rules *calendar.Rules, days *calendar.Calendar, r Record) (all []Duty, err error) {
	add := func(name, rule, event string, from, met clock.Date) error {
		law, err := rules.At(rule, from)
		if err != nil || law.Unit == calendar.None {
			return err
		}
		counted, err := days.Count(law.Run(from, event))
		all = append(all, Duty{Name: name, Deadline: counted, Confirmed: law.Confirmed, MetOn: met})
		return err
	}
	if err := add(waitsStudy, studyRule, "duties.event_received", r.ReceivedOn, r.DoneOn); err != nil {
		return nil, err
	}
	if r.State != HandedOn || !r.Asked || r.AnsweredOn.IsZero() {
		return all, nil
	}
	met := r.ToldOn
	if r.owesWord() {
		met = clock.Date{}
	}
	return all, add(waitsTell, tellRule, "duties.event_answered", r.AnsweredOn, met)
}

func noRecord() error { return fault.New(fault.Missing, "duties.no_record") }
