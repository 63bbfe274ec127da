// Package delivery brings a forwarding (phiếu chuyển đơn) to the body that it is
// addressed to, with the copies that go with it (bản gửi kèm): the plain scans of
// an ordinary letter, the redacted and released copies of a denunciation's, and
// never anything else of a denunciation.
//
// The head of the office chooses the copies on signing; the paper lists them; the
// body's clerks and its head find paper and copies on a page of their own. Of a
// denunciation only the body's head does. What was delivered can be taken back:
// a copy that is withdrawn, and all copies of a letter that turns out to be a
// denunciation, are gone from the page at once.
//
// It owns the table reception_enclosures; the letter, its sendings, the papers and
// the copies are others'.
//
// Legal basis: Luật Tố cáo 25/2018/QH14, Điều 9 khoản 1 điểm b, Điều 56; Luật Tiếp
// công dân 42/2013/QH13, Điều 26, 27.
package delivery

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_delivery", Files: Files}

// mayReceive opens the pages; what went to the person's body is asked for each one.
var mayReceive = auth.Permission{Name: "reception.receive_forwarded", Roles: []org.Role{org.BodyClerk, org.BodyHead}}

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayReceive} }

// Forwarding is what a body is told of a letter that was forwarded to it. What the
// letter says stands in the paper.
//
// vi: phiếu chuyển đơn đến
type Forwarding struct {
	ID, LetterID, CouncilID string
	BodyID                  string
	From                    string // the office
	Symbol                  string
	At                      db.Time
	Due                     clock.Date
	Answered                clock.Date
	PaperID                 string
	Sealed                  bool
}

// Content is a file on its way to somebody.
//
// vi: -
type Content struct {
	Name  string
	Bytes []byte
}

// Deps is what the part needs.
//
// vi: -
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Audit  *audit.Log
	Notify *notify.Notifier
	// Scans lists what of a letter may go along: plain scans of an ordinary one,
	// released copies of a sealed one.
	Scans func(ctx context.Context, tx *db.Tx, letterID string) ([]Enclosure, error)
	// One finds a forwarding, Many lists those to a body whose papers are drawn, the
	// newest first; sealed ones only when asked for.
	One  func(ctx context.Context, tx *db.Tx, id string) (Forwarding, error)
	Many func(ctx context.Context, tx *db.Tx, bodyID string, sealed bool, before string, limit int) ([]Forwarding, error)
	// Paper and Scan give the bytes of a paper and of what goes along.
	Paper func(ctx context.Context, paperID string) (Content, error)
	Scan  func(ctx context.Context, e Enclosure) (Content, error)
}

// Desk carries out the verbs.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }
