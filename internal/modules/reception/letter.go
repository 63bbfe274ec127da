package reception

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/held"
	"example.vn/hdnd/internal/modules/reception/senders"
)

// Limits of what a clerk enters.
const (
	sendersMax = 200 // the largest group letters of the city had a hundred signatures
	lineMax    = 300 // characters of a name, an address, a number
	wordsMax   = 20_000
	noteMax    = 4_000
	filesMax   = 10
	partsMax   = 10
)

// Kind is what a letter is by its content.
//
// vi: loại đơn
type Kind string

// The kinds. A letter that holds a denunciation beside other things is sealed
// as a whole, until it is split.
const (
	Unsorted          Kind = "unsorted"
	Complaint         Kind = "complaint"
	Denunciation      Kind = "denunciation"
	Proposal          Kind = "proposal"
	Mixed             Kind = "mixed"
	MixedDenunciation Kind = "mixed_denunciation"
)

var kinds = []Kind{Complaint, Denunciation, Proposal, Mixed, MixedDenunciation, Unsorted}

// Sealed reports whether a letter of this kind goes to a compartment.
func (k Kind) Sealed() bool { return k == Denunciation || k == MixedDenunciation }

// Several reports whether the letter has to be split before it is handled.
func (k Kind) Several() bool { return k == Mixed || k == MixedDenunciation }

// Source is how a letter came.
//
// vi: nguồn đơn
type Source string

// The sources (law notes, §3.1).
const (
	ByPost     Source = "post"
	InPerson   Source = "in_person"
	ByBox      Source = "box"
	ByMail     Source = "online"
	OfDeputy   Source = "deputy"
	OfAssembly Source = "national_deputy"
	OfFront    Source = "front"
	OfPress    Source = "press"
	OfAgency   Source = "agency"
	OfLeader   Source = "leader"
)

var sources = []Source{ByPost, InPerson, ByBox, ByMail, OfDeputy, OfAssembly, OfFront, OfPress, OfAgency, OfLeader}

// passedOn reports whether somebody sent the letter on who has to be told what
// came of it (Luật Tố cáo, Điều 26).
func (s Source) passedOn() bool { return s == OfPress || s == OfAgency || s == OfFront }

// Authority says whose it is to settle.
//
// vi: thẩm quyền giải quyết
type Authority string

// The authorities.
const (
	Own   Authority = "own"
	Other Authority = "other"
)

// Result is how a letter is handled.
//
// vi: kết quả xử lý đơn
type Result string

// The results; each is also the verb that signs it.
const (
	Accept  Result = "accept"
	Refuse  Result = "refuse"
	Guide   Result = "guide"
	Forward Result = "forward"
	Follow  Result = "follow"
	Return  Result = "return"
	File    Result = "file"
	Respond Result = "respond" // the council answers a recommendation itself
)

var results = []Result{Accept, Refuse, Guide, Forward, Follow, Return, File, Respond}

// asks reports whether a result is sent to a body.
func (r Result) asks() bool { return r == Forward || r == Follow }

// Letter is a letter of a citizen in the council's book.
//
// vi: đơn
type Letter struct {
	ID          string     `db:"id"` // also the case's
	CouncilID   string     `db:"council_id"`
	Year        int        `db:"year"`
	Number      int        `db:"number"` // in the book of the year of its arrival
	Kind        Kind       `db:"kind"`
	Source      Source     `db:"source"`
	FromBody    string     `db:"from_body"` // who sent it on
	ReceivedOn  clock.Date `db:"received_on"`
	WrittenOn   clock.Date `db:"written_on"`
	Key         string     `db:"access_key"` // on the receipt only
	Respondent  string     `db:"respondent"`
	Summary     string     `db:"summary"`
	Content     string     `db:"content"`
	SenderLine  string     `db:"sender_line"` // who speaks for it, for lists
	SenderCount int        `db:"sender_count"`
	Anonymous   bool       `db:"anonymous"`
	Evidence    bool       `db:"evidence"`    // clear, with papers that show it
	Originals   bool       `db:"originals"`   // with original papers that belong to the sender
	Instance    int        `db:"instance"`    // of a complaint: 1 or 2
	Remote      bool       `db:"remote"`      // vùng sâu, vùng xa
	ManyPlaces  bool       `db:"many_places"` // has to be looked into at several places first
	Authority   Authority  `db:"authority"`
	BodyID      string     `db:"body_id"` // the competent body
	Result      Result     `db:"result"`
	Reason      string     `db:"reason"` // coded
	Proposal    string     `db:"proposal"`
	Conditions  codes      `db:"conditions"`
	ParentID    string     `db:"parent_id"` // the letter that this is a part of
	JoinedTo    string     `db:"joined_to"`
	MatterID    string     `db:"matter_id"`
	Urged       int        `db:"urged"`
	Satisfied   string     `db:"satisfied"`
	CreatedBy   string     `db:"created_by"`
	CreatedAt   db.Time    `db:"created_at"`
}

// codes are those that were found to hold.
type codes = db.JSON[[]string]

// Title is what stands for a letter in lists, notices and the log: never what
// it says, for any letter may turn out to be a denunciation.
func (l Letter) Title() string { return fmt.Sprintf("Đơn số %d/%d", l.Number, l.Year) }

// Sender is one who signed a letter.
//
// vi: -
type Sender = senders.Sender

// Scan is a picture or file of a letter, as it was chosen in the form.
//
// vi: -
type Scan = held.File

// Entry is a letter as a clerk enters it.
//
// vi: phiếu nhập đơn
type Entry struct {
	Kind       Kind
	Source     Source
	FromBody   string
	ReceivedOn clock.Date
	WrittenOn  clock.Date
	Ward       string
	Senders    []Sender
	Anonymous  bool
	Evidence   bool
	Originals  bool
	Instance   int
	Remote     bool
	ManyPlaces bool
	Respondent string
	Summary    string
	Content    string
	Scans      []Scan
	Once       string // the form's own mark
}

// tidy cleans what was typed and says what is wrong, field by field.
func (e *Entry) tidy(today clock.Date) error {
	e.FromBody, e.Ward, e.Respondent, e.Summary, e.Content = text.Line(e.FromBody), text.Line(e.Ward), text.Clean(e.Respondent), text.Clean(e.Summary), text.Clean(e.Content)
	var faults []*fault.Fault
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if !slices.Contains(kinds, e.Kind) {
		wrong("kind", "reception.kind_empty")
	}
	if !slices.Contains(sources, e.Source) {
		wrong("source", "reception.source_empty")
	}
	switch {
	case e.ReceivedOn.IsZero():
		wrong("received_on", "reception.received_empty")
	case e.ReceivedOn.After(today):
		wrong("received_on", "reception.received_future", "day", e.ReceivedOn.VN())
	case e.WrittenOn.After(e.ReceivedOn):
		wrong("written_on", "reception.written_after", "written", e.WrittenOn.VN(), "received", e.ReceivedOn.VN())
	}
	if e.Summary == "" {
		wrong("summary", "reception.summary_empty")
	}
	for _, f := range []struct {
		field, value string
		max          int
	}{{"summary", e.Summary, noteMax}, {"content", e.Content, wordsMax}, {"respondent", e.Respondent, noteMax}, {"from_body", e.FromBody, lineMax}} {
		if n := utf8.RuneCountInString(f.value); n > f.max {
			wrong(f.field, "reception.words_long", "max", f.max, "have", n)
		}
	}
	if (e.Source.passedOn() || e.Source == OfDeputy || e.Source == OfAssembly) && e.FromBody == "" {
		wrong("from_body", "reception.from_body_empty")
	}
	if e.Instance != 2 {
		e.Instance = 1
	}
	if len(e.Scans) > filesMax {
		wrong("files", "reception.files_many", "max", filesMax)
	}
	return fault.Join(append(faults, e.people()...)...)
}

// people tidies the senders.
func (e *Entry) people() (faults []*fault.Fault) {
	var all []Sender
	for _, p := range e.Senders {
		p.Name, p.Address, p.Contact, p.Paper = text.Line(p.Name), text.Line(p.Address), text.Line(p.Contact), text.Line(p.Paper)
		if p.Name+p.Address+p.Contact+p.Paper == "" {
			continue
		}
		p.Number = len(all) + 1
		if p.Name == "" {
			faults = append(faults, fault.New(fault.Invalid, "reception.sender_nameless", "n", p.Number).At("senders"))
		}
		for _, v := range []string{p.Name, p.Address, p.Contact, p.Paper} {
			if utf8.RuneCountInString(v) > lineMax {
				faults = append(faults, fault.New(fault.Invalid, "reception.sender_long", "n", p.Number, "max", lineMax).At("senders"))
			}
		}
		all = append(all, p)
	}
	e.Senders = all
	switch {
	case len(all) > sendersMax:
		faults = append(faults, fault.New(fault.Invalid, "reception.senders_many", "max", sendersMax, "have", len(all)).At("senders"))
	case e.Anonymous && len(all) > 0:
		faults = append(faults, fault.New(fault.Invalid, "reception.anonymous_named").At("anonymous"))
	case !e.Anonymous && len(all) == 0:
		faults = append(faults, fault.New(fault.Invalid, "reception.senders_empty").At("senders"))
	}
	return faults
}
