// Package duties is what a deputy owes a citizen who gave them a letter (đơn do
// đại biểu Hội đồng nhân dân tiếp nhận): to study it and hand it on, or to guide
// the citizen, and to tell them what the competent body answered.
//
// It owns reception_duties: who got a letter, when, and the days of each step.
// What the letter says is entered in the council's book by the module and stands
// there, a denunciation's in its sealed compartment; here it has a number of the
// deputy's own. So the deputy sees of a denunciation only whether it is still
// being handled.
//
// Legal basis: Luật Tiếp công dân 2013, Điều 22, 27, 28 (as amended by Luật
// 136/2025/QH15); Luật 121/2025/QH15, Điều 36. The limits are the rules
// reception.deputy_* of kernel/calendar.
package duties

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_duties", Files: Files}

// The rights of this package. Whose record it is, is asked for each one.
var (
	mayRead = auth.Permission{Name: "reception.read_deputies", Roles: []org.Role{org.Deputy, org.Clerk, org.Head, org.Standing, org.Chair}}
	mayHand = auth.Permission{Name: "reception.hand_on", Roles: []org.Role{org.Deputy, org.Clerk}} // a clerk for a deputy they name
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayRead, mayHand} }

// Paper is a letter as a deputy hands it on.
//
// vi: đơn đại biểu chuyển
type Paper struct {
	Kind       string
	ReceivedOn clock.Date
	WrittenOn  clock.Date
	Ward       string
	Senders    string // one a line
	Anonymous  bool
	Respondent string
	Summary    string
	Content    string
	Files      []documents.Upload
}

// Entered is a letter that stands in the book now.
//
// vi: -
type Entered struct {
	LetterID, Code string
	Key            string // for the citizen; shown once
}

// Standing is where a letter stands. Of a sealed one all but Sealed and Open is
// empty.
//
// vi: tình hình xử lý đơn đã chuyển
type Standing struct {
	Sealed, Open bool
	Code, Title  string
	State        string // in words
	Summary      string
	Body         string     // that it was forwarded to
	BodyDue      clock.Date // by which it has to answer
	Answer       string     // number, symbol and day
	AnsweredOn   clock.Date
	Satisfied    string     // in words
	TellDue      clock.Date // by which the body had to tell, when it is known when it settled
}

// Deps is what the duties need.
//
// vi: -
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Audit    *audit.Log
	Calendar *calendar.Register
	Notify   *notify.Notifier
	Live     *live.Hub
	// Prepare checks a letter and takes its files. What it gives enters the
	// letter in the book of the deputy's council, in the caller's transaction.
	Prepare func(ctx context.Context, who org.Actor, of Deputy, p Paper) (enter func(ctx context.Context, tx *db.Tx) (Entered, error), err error)
	// Told notes in the book what the deputy told the citizen about a letter, in
	// the deputy's transaction.
	Told func(ctx context.Context, tx *db.Tx, who org.Actor, letterID string, w Word) error
	// Standings tells where letters stand, by their ids.
	Standings func(ctx context.Context, tx *db.Tx, ids []string) (map[string]Standing, error)
}

// Desk keeps the duties of a council's deputies.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }
