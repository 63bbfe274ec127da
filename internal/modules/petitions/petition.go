package petitions

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of what a voter may hand in.
const (
	textMin    = 20     // characters; less than this says nothing that can be answered
	textMax    = 20_000 // characters; ten pages
	nameMax    = 100    // characters
	noteMax    = 10_000 // characters of an official's note or reply
	filesMax   = 5
	pointsMax  = 30
	titleMax   = 110 // characters of the text that stand for it in lists
	pointRunes = 600 // characters of a text that is one point as a whole
)

// Petition is what voters put to their council.
//
// vi: kiến nghị của cử tri
type Petition struct {
	ID         string    `db:"id"` // also the case's
	CouncilID  string    `db:"council_id"`
	Text       string    `db:"text"`        // the voter's own words
	PublicText string    `db:"public_text"` // what everybody may read; the clerk takes personal data out
	VoterName  string    `db:"voter_name"`
	Email      string    `db:"email"`
	Phone      string    `db:"phone"`
	Lang       text.Lang `db:"lang"`
	Key        string    `db:"access_key"` // on the receipt only: proves to be the voter
	ConsentAt  db.Time   `db:"consent_at"`
	Authority  Authority `db:"authority"`
	Newness    Newness   `db:"newness"`
	BodyID     string    `db:"body_id"` // the competent body chosen at classification
	Split      SplitKind `db:"split_kind"`
	AskedDays  int       `db:"asked_days"` // of an extension that waits for an answer; 0 when none does
	AskedPaper string    `db:"asked_document"`
	CreatedAt  db.Time   `db:"created_at"`
}

// Point is one thing asked for; the body must answer each.
//
// vi: nội dung kiến nghị
type Point struct {
	Number int    `db:"number"`
	Text   string `db:"text"`
}

// Submission is what a voter hands in.
//
// vi: bản kiến nghị gửi đến
type Submission struct {
	To      Addressee
	Text    string
	Ward    string // code or name, also of a unit that no longer exists
	Name    string
	Email   string
	Phone   string
	Consent bool // to the handling of personal data; needed when any is given
	Files   []documents.Draft
	Lang    text.Lang
	Once    string // the form's own mark, so that a double click hands in once
	// Note keeps, in the same transaction, where the petition came from.
	Note func(ctx context.Context, tx *db.Tx, petitionID string) error
}

// tidy cleans what was typed and says what is wrong, field by field. Who takes
// a petition in for a voter, at a meeting or from a letter, asks for no tick:
// the voter has told it to the council themselves.
func (s *Submission) tidy(by org.Actor) error {
	if converted, was := text.FromLegacy(s.Text); was {
		s.Text = converted
	}
	s.Text, s.Name, s.Email, s.Phone = text.Clean(s.Text), text.Line(s.Name), text.Line(s.Email), text.Line(s.Phone)
	var faults []*fault.Fault
	switch n := utf8.RuneCountInString(s.Text); {
	case n == 0:
		faults = append(faults, fault.New(fault.Invalid, "petitions.text_empty").At("text"))
	case n < textMin || !saysSomething(s.Text):
		faults = append(faults, fault.New(fault.Invalid, "petitions.text_short", "min", textMin).At("text"))
	case n > textMax:
		faults = append(faults, fault.New(fault.Invalid, "petitions.text_long", "max", text.Number(text.Vi, textMax), "have", text.Number(text.Vi, int64(n))).At("text"))
	}
	if utf8.RuneCountInString(s.Name) > nameMax {
		faults = append(faults, fault.New(fault.Invalid, "petitions.name_long", "max", nameMax).At("name"))
	}
	if s.Email != "" {
		address, err := notify.Address(s.Email)
		if err != nil {
			faults = append(faults, fault.Of(err).At("email"))
		}
		s.Email = address
	}
	if s.Phone != "" && !validPhone(s.Phone) {
		faults = append(faults, fault.New(fault.Invalid, "petitions.phone_wrong").At("phone"))
	}
	if !s.Consent && !by.SignedIn() && !by.System && s.Name+s.Email+s.Phone != "" {
		faults = append(faults, fault.New(fault.Invalid, "petitions.consent_needed").At("consent"))
	}
	if text.Line(s.Ward) == "" {
		faults = append(faults, fault.New(fault.Invalid, "petitions.ward_empty").At("ward"))
	}
	if s.To != ToCity && s.To != ToWard {
		faults = append(faults, fault.New(fault.Invalid, "petitions.addressee_empty").At("to"))
	}
	if len(s.Files) > filesMax {
		faults = append(faults, fault.New(fault.Invalid, "petitions.files_many", "max", filesMax).At("files"))
	}
	return fault.Join(faults...)
}

// saysSomething refuses a text of signs only: at least three words of letters.
func saysSomething(s string) bool {
	words := 0
	for w := range strings.FieldsSeq(s) { // folded word by word: three are found at once
		if strings.ContainsFunc(text.Fold(w), func(r rune) bool { return r >= 'a' && r <= 'z' }) {
			words++
		}
		if words == 3 {
			return true
		}
	}
	return false
}

func validPhone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" .-+()", r):
			return false
		}
	}
	return digits >= 8 && digits <= 15
}

// title is the beginning of a text, for lists and letters.
func title(s string) string { return shorten(s, titleMax) }

// shorten cuts a text between words to at most max characters and a mark.
func shorten(s string, max int) string {
	s = text.Line(s)
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	cut := string([]rune(s)[:max])
	if i := strings.LastIndexByte(cut, ' '); i > max/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;.:–-") + "…"
}

// points reads one point a line; with none given the whole text is one.
func points(lines string, whole string) []string {
	var all []string
	for line := range strings.Lines(lines) {
		if line = text.Line(line); line != "" && len(all) < pointsMax {
			all = append(all, line)
		}
	}
	if len(all) == 0 {
		all = []string{shorten(whole, pointRunes)}
	}
	return all
}

// Answer is the competent body's reply to one round.
//
// vi: văn bản trả lời kiến nghị
type Answer struct {
	Round    int        `db:"round"`
	Number   int        `db:"number"` // of the point
	Reply    string     `db:"reply"`
	Outcome  Outcome    `db:"outcome"`
	Promised clock.Date `db:"promised"` // the date the body commits itself to, if any
}

// settled reports whether a point needs no date: everything else that is still
// being worked on should carry one.
func (a Answer) settled() bool { return !slices.Contains([]Outcome{Underway, Partly}, a.Outcome) }
