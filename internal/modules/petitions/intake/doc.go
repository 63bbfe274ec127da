// Package intake takes petitions in from elsewhere than the public page: what
// is said at a meeting with voters (tiếp xúc cử tri), what comes on paper or by
// telephone, and the workbooks that offices and the Fatherland Front keep.
//
// It owns petitions_meetings, petitions_sources (where each petition came
// from), petitions_brought (which deputies brought it, and what is counted of
// that), petitions_batches and petitions_batch_rows (workbooks on their way
// in). It does not know what becomes of a petition: it hands an Opinion to
// Deps.Receive and keeps what that gives back.
package intake

import (
	"context"
	"embed"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds the package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "petitions_intake", Files: Files}

// mayTake is the right of the office's clerks to take petitions in.
var mayTake = auth.Permission{Name: "petitions.take_in", Roles: []org.Role{org.Clerk}, System: true}

// Deps is what intake needs, and nothing more.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Queue     *jobs.Queue
	Documents *documents.Registry
	Words     *text.Catalogue // for the command line, which has no page to take it from

	// Receive takes one opinion in as a petition, in one transaction, in which
	// it calls o.Note once the petition's row is written. An opinion whose Once
	// was taken before gives that petition again, and does not call Note.
	Receive func(ctx context.Context, who org.Actor, o Opinion) (Taken, error)
	// ReceiveAll gives what takes pieces of one workbook in, each piece in one
	// transaction; errors stand at the place of their opinion. It may remember
	// what many rows ask for, and is used for some seconds only. Several call it
	// at once.
	ReceiveAll func() func(ctx context.Context, who org.Actor, all []Opinion) ([]Taken, []error)
	// Check says what Receive would refuse of what was typed, without the
	// database: a fault with the fields "text", "name", "email", "phone".
	Check func(o Opinion) error
	// Withdraw takes a petition back that nobody has touched since it was
	// received; it gives false when somebody has. What was withdrawn before
	// counts as withdrawn.
	Withdraw func(ctx context.Context, who org.Actor, petitionID, reason string) (bool, error)
}

// Desk is where clerks take petitions in.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk {
	if deps.Queue != nil {
		deps.Queue.Every(deputiesKind, deputiesKind, jobs.Minutes(deputiesEvery))
	}
	return &Desk{deps}
}

// Channel says how a petition reached the office.
//
// vi: kênh tiếp nhận
type Channel string

// The channels. Petitions of the public page have no source row and no channel.
const (
	Meeting Channel = "meeting" // tiếp xúc cử tri
	Letter  Channel = "letter"  // đơn, thư trên giấy, qua bưu chính
	Phone   Channel = "phone"   // điện thoại
	Front   Channel = "mttq"    // Mặt trận Tổ quốc chuyển đến
	Import  Channel = "import"  // sổ theo dõi không ghi kênh
)

// Channels lists the channels in the order of forms.
func Channels() []Channel { return []Channel{Meeting, Letter, Phone, Front, Import} }

// Opinion is one petition on its way in.
//
// vi: ý kiến cử tri
type Opinion struct {
	To       string // "city" or "ward": whose council it goes to
	Text     string
	Ward     string // code of today's unit
	Name     string
	Email    string
	Phone    string
	Channel  Channel
	RaisedOn clock.Date
	Once     string // the same mark is taken in once
	Files    []documents.Draft
	// Note keeps where the petition came from. Receive calls it in its own
	// transaction, so that a petition never stands without its source.
	Note func(ctx context.Context, tx *db.Tx, petitionID string) error
}

// Taken is a petition that was taken in.
//
// vi: kiến nghị đã tiếp nhận
type Taken struct {
	ID    string
	Code  string
	Again bool // it had been taken in before, by the same mark
}

// Source is where a petition came from, in the words of whoever wrote it down.
//
// vi: nguồn kiến nghị
type Source struct {
	PetitionID string     `db:"petition_id"`
	CouncilID  string     `db:"council_id"`
	Channel    Channel    `db:"channel"`
	MeetingID  string     `db:"meeting_id"`
	BatchID    string     `db:"batch_id"`
	Line       int64      `db:"line"` // row of the workbook
	RaisedOn   clock.Date `db:"raised_on"`
	Session    string     `db:"session"` // kỳ họp
	Origin     string     `db:"origin"`  // the workbook's own word for the channel
	Address    string     `db:"address"`
	Deputy     string     `db:"deputy"`
	Field      string     `db:"field"` // as written, not yet classified
	Body       string     `db:"body"`
	Note       string     `db:"note"`
	PersonID   string     `db:"person_id"` // who took it in
	At         db.Time    `db:"at"`
}

// noting gives the Note of an opinion that comes from s and was brought by some
// deputies; those named in s when none was chosen.
func (d *Desk) noting(who org.Actor, s Source, by ...Bringer) func(context.Context, *db.Tx, string) error {
	if len(by) == 0 {
		by = namesIn(s.Deputy)
	} else if s.Deputy == "" {
		names := make([]string, len(by))
		for i, b := range by {
			names[i] = b.Written
		}
		s.Deputy = strings.Join(names, ", ")
	}
	s.CouncilID, s.PersonID, s.At = who.CouncilID, who.PersonID, db.At(d.Clock.Now())
	return func(ctx context.Context, tx *db.Tx, petitionID string) error {
		one := s
		one.PetitionID = petitionID
		if err := NoteSource(ctx, tx, one); err != nil {
			return err
		}
		return noteBrought(ctx, tx, one, by)
	}
}

// allowed refuses whoever does not take petitions in: only clerks of a
// council's office do, and the program itself.
func allowed(who org.Actor) error {
	if who.System || mayTake.Allows(who) && who.BodyKind == org.Office {
		return nil
	}
	return fault.New(fault.Missing, "web.fault_missing")
}

// addressee is whose council a clerk takes petitions in for: their own.
func addressee(c org.Council) string {
	if c.Level == org.City {
		return "city"
	}
	return "ward"
}

// actorsMark makes a form's mark the clerk's own, so that no form can name the
// mark of another's.
func actorsMark(who org.Actor, kind, mark string) string {
	if mark == "" {
		return ""
	}
	return kind + "." + who.PersonID + "." + mark
}

func known(c Channel) bool { return slices.Contains(Channels(), c) }
