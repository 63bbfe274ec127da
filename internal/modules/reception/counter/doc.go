// Package counter is the desk of citizen reception (quầy tiếp công dân): the queue
// of a day, the record of each visit, refusals with their notices, minutes,
// receipts, the notice of conclusion, and the log in the form of Mẫu 03/TCD.
//
// It owns reception_visits, reception_visitors, reception_lines and
// reception_receipts. The days and the bookings belong to schedule, letters to
// the module itself; both are asked through Deps. Numbers of identity papers lie
// sealed in the tables and are shown masked; the full number is shown to one
// person at a time, with a reason, and the log keeps it.
//
// A visit that is a denunciation leaves nothing here but its date: what was
// said goes to the vault in the same transaction, and what was typed before is
// taken out. So that nobody counts them by what is missing elsewhere, no act on
// any visit enters the public tree.
//
// Legal basis: Luật Tiếp công dân 2013, Điều 9, 25, 28, 29, as amended by Luật
// 136/2025/QH15; Nghị định 154/2026/NĐ-CP, Điều 4, 12–14, 25, 27, forms 01/TCD,
// 02/TCD and 03/TCD.
package counter

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
var Migrations = db.Migrations{Name: "reception_counter", Files: Files}

// The rights of this package. Clerks and the head of the office reach all visits
// of their council; who receives reaches those of their own reception.
var (
	mayServe  = auth.Permission{Name: "reception.serve", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.Deputy}}
	mayRecord = auth.Permission{Name: "reception.record", Roles: []org.Role{org.Clerk, org.Head}}
	mayReveal = auth.Permission{Name: "reception.reveal_number", Roles: []org.Role{org.Clerk, org.Head}}
	mayLog    = auth.Permission{Name: "reception.read_log", Roles: []org.Role{org.Clerk, org.Head}}
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission {
	return []auth.Permission{mayServe, mayRecord, mayReveal, mayLog}
}

// Sealer seals small values; kernel/vault's Key is one.
//
// vi: -
type Sealer interface {
	Seal(plain []byte, context string) []byte
	Open(box []byte, context string) ([]byte, error)
	Digest(purpose, value string) string
}

// Day is a published reception, as schedule keeps it.
//
// vi: -
type Day struct {
	ID, CouncilID, Kind  string
	Date                 clock.Date
	Starts, Ends, Place  string
	Online               bool
	HostPostID, HostName string
	HostTitle            string
	Delegated            bool // the host stands in for a leader
	Leader               bool // its visits end with a notice of conclusion
}

// Booking is a booked time that stands.
//
// vi: -
type Booking struct {
	ID, DayID, Slot, Code string // Slot: "08:30"
	Name, Contact         string // empty: unnamed
	Subject               string
	People                int
	Came, Missed          bool
}

// Plan is what the desk asks of the schedule.
//
// vi: -
type Plan interface {
	// On lists the published receptions of a council on a day.
	On(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Day, error)
	// Bookings lists those of a reception that stand.
	Bookings(ctx context.Context, tx *db.Tx, dayID string) ([]Booking, error)
	// Came marks a booking: the people are there, or they are not.
	Came(ctx context.Context, tx *db.Tx, bookingID string, came bool) error
	// Forget blanks what a booking tells of a person.
	Forget(ctx context.Context, tx *db.Tx, bookingID string) error
}

// Deps is what the desk needs.
//
// vi: -
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Audit    *audit.Log
	Calendar *calendar.Register
	Notify   *notify.Notifier
	Live     *live.Hub
	Fonts    documents.Fonts
	Sealer   Sealer
	Plan     Plan
	// Seal takes a denunciation into the vault, in the transaction that takes it
	// in; nil: denunciations cannot be taken in here.
	Seal func(ctx context.Context, tx *db.Tx, subject string, who org.Actor, items map[string][]byte) error
	// Letter draws the number and key of a new letter; nil: the button is not
	// offered.
	Letter func() EnterLetter
}

// EnterLetter enters what a visit brought in the register of letters.
//
// vi: -
type EnterLetter func(ctx context.Context, tx *db.Tx, who org.Actor, from FromVisit) (Handed, error)

// Handed is what the citizen gets for the letter that their visit became.
//
// vi: biên nhận đơn
type Handed struct {
	CaseID, Code string
	Key          string // shown once; empty when it was handed over before
}

// FromVisit is what the register of letters takes over from a visit.
//
// vi: -
type FromVisit struct {
	VisitID, LineID, CouncilID  string
	Class                       Class
	Name, Address, Contact      string // of the first person
	Others                      []string
	People                      int
	Summary, Earlier, Request   string
	On                          clock.Date
	HostName, HostTitle, ToBody string
}

// Desk is the reception desk.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }
