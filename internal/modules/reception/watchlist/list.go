package watchlist

import (
	"maps"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of what is entered.
const (
	lineMax    = 300
	wordsMax   = 4_000
	lettersMax = 500 // a list is read by people
)

// The states of a list.
const (
	open   = "open"
	closed = "closed"
)

// List is a list of letters under supervision.
//
// vi: danh sách giám sát chuyên đề
type List struct {
	ID                 string     `db:"id"`
	CouncilID          string     `db:"council_id"`
	Title              string     `db:"title"`
	Theme              string     `db:"theme"`
	Basis              string     `db:"basis"`
	Document           string     `db:"document"`
	From               clock.Date `db:"period_from"`
	Until              clock.Date `db:"period_until"`
	State              string     `db:"state"`
	Conclusion         string     `db:"conclusion"`
	ConclusionDocument string     `db:"conclusion_document"`
	ConclusionOn       clock.Date `db:"conclusion_on"`
	ClosedName         string     `db:"closed_name"`
	MadeBy             string     `db:"made_by"`
	MadeName           string     `db:"made_name"`
	CreatedAt          db.Time    `db:"created_at"`
	LastNumber         int        `db:"last_number"`
	Mark               string     `db:"mark"`
	Revision           int64      `db:"revision"`
}

func (l List) seenBy(who org.Actor) bool {
	return who.SignedIn() && who.CouncilID == l.CouncilID && mayRead.Allows(who)
}

func (l List) open() bool { return l.State == open }

// Draw is a list as it is entered.
//
// vi: phiếu lập danh sách giám sát
type Draw struct {
	Title, Theme, Basis, Document string
	From, Until                   clock.Date
	Once                          string
	Revision                      int64
}

// tidy cleans what was typed and says what is wrong, field by field.
func (w *Draw) tidy() error {
	w.Title, w.Theme, w.Basis, w.Document = text.Line(w.Title), text.Clean(w.Theme), text.Line(w.Basis), text.Line(w.Document)
	var faults []*fault.Fault
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if w.Title == "" {
		wrong("title", "watchlist.title_empty")
	}
	if w.Document == "" {
		wrong("document", "watchlist.document_empty")
	}
	switch {
	case w.From.IsZero():
		wrong("from", "watchlist.period_empty")
	case w.Until.IsZero():
		wrong("until", "watchlist.period_empty")
	case w.Until.Before(w.From):
		wrong("until", "watchlist.period_backward", "from", w.From.VN())
	}
	return fault.Join(append(faults, long(map[string]string{"title": w.Title, "basis": w.Basis, "document": w.Document}, lineMax, long(map[string]string{"theme": w.Theme}, wordsMax, nil))...)...)
}

func long(fields map[string]string, most int, faults []*fault.Fault) []*fault.Fault {
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if n := utf8.RuneCountInString(fields[field]); n > most {
			faults = append(faults, fault.New(fault.Invalid, "watchlist.words_long", "max", most, "have", n).At(field))
		}
	}
	return faults
}

// Finding is what the council found about one letter.
//
// vi: kết luận giám sát một đơn
type Finding string

// The findings, in the order of forms.
func findings() []Finding { return []Finding{"settled", "partly", "again", "watch"} }

// Progress is how far the supervision of one letter is.
//
// vi: -
type Progress string

// The steps, each following from what was entered.
const (
	Listed    Progress = "listed"
	Asked     Progress = "asked"
	Answered  Progress = "answered"
	Concluded Progress = "concluded"
)

func steps() []Progress { return []Progress{Listed, Asked, Answered, Concluded} }

// Entry is one letter on a list.
//
// vi: dòng danh sách giám sát
type Entry struct {
	ListID         string     `db:"list_id"`
	LetterID       string     `db:"letter_id"`
	Number         int        `db:"number"`
	Note           string     `db:"note"`
	Asked          string     `db:"asked"` // of the body
	AskedOn        clock.Date `db:"asked_on"`
	Answer         string     `db:"answer"`
	AnswerDocument string     `db:"answer_document"`
	AnsweredOn     clock.Date `db:"answered_on"`
	Finding        Finding    `db:"finding"`
	Conclusion     string     `db:"conclusion"`
	AddedName      string     `db:"added_name"`
	AddedAt        db.Time    `db:"added_at"`
	Revision       int64      `db:"revision"`
}

func (e Entry) progress() Progress {
	switch {
	case e.Finding != "":
		return Concluded
	case e.Answer != "" || e.AnswerDocument != "":
		return Answered
	case e.Asked != "":
		return Asked
	}
	return Listed
}

// tidy cleans what was typed about a letter. What is answered was asked, and in
// that order.
func (e *Entry) tidy(today clock.Date) error {
	e.Note, e.Asked, e.Answer, e.Conclusion, e.AnswerDocument = text.Clean(e.Note), text.Clean(e.Asked), text.Clean(e.Answer), text.Clean(e.Conclusion), text.Line(e.AnswerDocument)
	faults := long(map[string]string{"note": e.Note, "asked": e.Asked, "answer": e.Answer, "conclusion": e.Conclusion}, wordsMax, long(map[string]string{"answer_document": e.AnswerDocument}, lineMax, nil))
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	for _, f := range []struct {
		field string
		on    clock.Date
	}{{"asked_on", e.AskedOn}, {"answered_on", e.AnsweredOn}} {
		if f.on.After(today) {
			wrong(f.field, "watchlist.day_future", "day", f.on.VN())
		}
	}
	if e.Asked != "" && e.AskedOn.IsZero() {
		e.AskedOn = today
	}
	if e.Asked == "" && !e.AskedOn.IsZero() {
		wrong("asked", "watchlist.asked_empty")
	}
	answered := e.Answer != "" || e.AnswerDocument != ""
	switch {
	case answered && e.AnsweredOn.IsZero():
		wrong("answered_on", "watchlist.answered_on_empty")
	case !answered && !e.AnsweredOn.IsZero():
		wrong("answer", "watchlist.answer_empty")
	case answered && e.AnsweredOn.Before(e.AskedOn):
		wrong("answered_on", "watchlist.answered_before", "asked", e.AskedOn.VN())
	}
	known := e.Finding == "" || slices.Contains(findings(), e.Finding)
	if !known || e.Finding == "" && e.Conclusion != "" {
		wrong("finding", "watchlist.finding_empty")
	}
	return fault.Join(faults...)
}

func noList() error  { return fault.New(fault.Missing, "watchlist.no_list") }
func noEntry() error { return fault.New(fault.Missing, "watchlist.no_entry") }
