package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/redaction"
)

// Script is one petition and what becomes of it: a file in data/petitions.
type Script struct {
	Key       string
	To        petitions.Addressee
	Unit      string // code of the ward or commune
	Written   string // how the voter wrote it, when not by its code
	Text      string
	Name      string
	Email     string
	Phone     string
	Files     []string // what the voter hands in with it: names of text files
	Ago       int      // days before today on which it was handed in
	Field     string
	Authority petitions.Authority
	Newness   petitions.Newness
	Body      string // slug of the competent body; "ubnd" is the unit's own
	Points    []string
	Public    string // what everybody may read, when not the whole text
	Hidden    bool   // not published
	Withheld  redaction.Reason
	Via       string // how it came, when the voter did not hand it in: a meeting, workbook, letter, phone, front, machine
	Of        string // key of the meeting or the workbook
	Acts      []Act

	// What must have come of it by today; tests compare.
	State string
	Late  bool
}

// Act is one step of a script. Who does it follows from the step; By names
// another seat, For the person in whose place a delegate acts.
type Act struct {
	Day      int // after the petition was handed in
	Do       string
	By       string
	For      string
	Note     string
	Reason   string // coded
	Kind     petitions.SplitKind
	Body     string // of a second classification
	Days     int    // of an extension
	Planned  int    // days from the act to the planned answer
	Quality  petitions.Quality
	Replies  []ReplyLine
	Score    int    // of a voter's rating, 1 to 5
	Fixed    string // in a voter's rating: yes, partly, no
	Evidence string // title of the paper handed in with an answer
	Document string // number and symbol of the paper, where the usual one will not do
	Together bool   // the answer is for the whole group

	// Of parts, promises, groups and what the gate holds back: see parts.go.
	Bodies []string
	Points []int
	Number int // of the point that was promised; 0 in reply to a letter
	With   []string
	Title  string
}

// ReplyLine answers one point.
type ReplyLine struct {
	Outcome  petitions.Outcome
	Text     string
	Promised int // days from the answer to the promised date
}

// grantLine is a delegation.
type grantLine struct {
	From     string
	To       string
	Onward   bool
	Document string
	Ago      int // days before today on which it was granted
	Days     int // how long it holds
	Ended    int // days after the grant on which it was ended early
}

// Scripts reads all petitions of the demonstration, in the order of the files.
func Scripts() ([]Script, error) {
	names, err := data.ReadDir("data/petitions")
	if err != nil {
		return nil, err
	}
	var all []Script
	for _, n := range names {
		var f struct{ Petition []Script }
		if err := read("petitions/"+n.Name(), &f); err != nil {
			return nil, err
		}
		all = append(all, f.Petition...)
	}
	return all, nil
}

func grants() ([]grantLine, error) {
	var f struct{ Delegation []grantLine }
	return f.Delegation, read("delegations.toml", &f)
}

// timetable turns "so many days ago" into moments of office hours.
type timetable struct {
	now  time.Time
	days *calendar.Calendar
}

// The hours in which offices work, in minutes of the day.
const (
	morningStart   = 8 * 60
	morningLength  = 3*60 + 30
	afternoonStart = 13*60 + 30
	workLength     = morningLength + 3*60 + 30
)

// day is the last working day not later than ago days before today, and never
// today itself: nothing of the past may lie ahead.
func (t timetable) day(ago int) clock.Date {
	d := clock.DateOf(t.now).AddDays(-max(ago, 1))
	for {
		if works, _ := t.days.IsWorking(d); works {
			return d
		}
		d = d.AddDays(-1)
	}
}

// at is the moment on a day after so many minutes of work.
func at(d clock.Date, minutes int) time.Time {
	m := morningStart + minutes
	if minutes >= morningLength {
		m = afternoonStart + minutes - morningLength
	}
	return d.Time().Add(time.Duration(m) * time.Minute)
}

// moments gives the time of handing in and of each act. Acts of one petition
// on one day follow each other.
func (t timetable) moments(s Script) []time.Time {
	const between = 25 // minutes from one act to the next on the same day
	ago := []int{s.Ago}
	for _, a := range s.Acts {
		ago = append(ago, s.Ago-a.Day)
	}
	start := int(chance(s.Key) % 240)
	all := make([]time.Time, len(ago))
	var last clock.Date
	minute := start
	for i, n := range ago {
		d := t.day(n)
		if d != last {
			minute = (start + 37*i) % 240
		}
		if i > 0 && s.Acts[i-1].later() {
			minute = max(minute, lateMinute)
		}
		all[i] = at(d, min(minute, workLength-1))
		minute += between
		last = d
	}
	return all
}

// lateMinute is after everything that is handed in on a day, whatever the
// holidays make of "some days ago".
const lateMinute = 300

// later reports whether an act speaks of other petitions, which must be there.
func (a Act) later() bool {
	return slices.Contains([]string{"group", "link", "draw_up_abuse", "decide_abuse"}, a.Do)
}

// check finds slips in a script before anything is played.
func (s Script) check() error {
	last := 0
	for _, a := range s.Acts {
		if a.Day < last {
			return fmt.Errorf("demo: petition %s: %s on day %d comes after day %d", s.Key, a.Do, a.Day, last)
		}
		last = a.Day
	}
	if last > s.Ago {
		return fmt.Errorf("demo: petition %s: day %d has not come yet", s.Key, last)
	}
	return nil
}

// wish is the part of the text that asks for something: what a clerk writes
// down as the point when there is only one.
func (s Script) wish() string {
	words := text.Line(s.Text)
	for _, asks := range []string{"Đề nghị", "Xin hỏi", "Dân đề nghị"} {
		if i := strings.Index(words, asks); i >= 0 {
			return words[i:]
		}
	}
	return words
}

// event is something that happens at a moment of the year that is played.
type event struct {
	at   time.Time
	what string
	play func() error
}

func inOrder(all []event) {
	slices.SortStableFunc(all, func(a, b event) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return strings.Compare(a.what, b.what)
	})
}
