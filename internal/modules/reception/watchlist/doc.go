// Package watchlist is thematic supervision of letters (danh sách đơn giám sát
// chuyên đề): the office puts letters of one theme on a list, asks the competent
// bodies about each, notes what they answer and what the council concludes, and
// closes the list with a document.
//
// It owns reception_watchlists and reception_watched. Letters it reads and never
// moves. No denunciation is on a list: a list is read, printed and exported by
// many; a letter that is found to be one leaves every list with what was written
// about it.
//
// Legal basis: Luật 121/2025/QH15, Điều 31, 34; Nghị quyết 116/2025/UBTVQH15.
package watchlist

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_watchlist", Files: Files}

// The rights of this package. Whose list it is, is asked for each one.
var (
	mayRead  = auth.Permission{Name: "reception.read_watchlists", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair}}
	mayKeep  = auth.Permission{Name: "reception.keep_watchlists", Roles: []org.Role{org.Clerk, org.Head}}
	mayClose = auth.Permission{Name: "reception.close_watchlists", Roles: []org.Role{org.Head, org.Standing, org.Chair}}
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayRead, mayKeep, mayClose} }

// Letter is a letter of the book as a list shows it.
//
// vi: đơn trong danh sách giám sát
type Letter struct {
	ID, CouncilID string
	Sealed        bool // then the rest is empty
	Title         string
	Kind          string // in words, as are the following
	State         string
	Result        string
	Unit          string
	Body          string
	ReceivedOn    clock.Date
	Due           clock.Date
	Late          bool
	Sender        string
	Summary       string
	Answer        string // number, symbol and day
	AnsweredOn    clock.Date
}

// Filter chooses letters of the book.
//
// vi: -
type Filter struct {
	Kind, Body, Unit, Result string // codes; empty: any
	Late                     bool
	From, Until              clock.Date // of arrival
}

// Choice is one answer that a filter offers.
//
// vi: -
type Choice struct{ Code, Label string }

// Choices are all answers of a filter.
//
// vi: -
type Choices struct{ Kinds, Bodies, Units, Results []Choice }

// Deps is what the lists need.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	Live  *live.Hub
	Text  *text.Catalogue
	// Letters reads letters by id.
	Letters func(ctx context.Context, tx *db.Tx, ids []string) (map[string]Letter, error)
	// Find reads ordinary letters of a council's book, the newest first, before an id.
	Find func(ctx context.Context, tx *db.Tx, who org.Actor, f Filter, before string, limit int) ([]Letter, error)
	// Choices are what a person may filter by.
	Choices func(ctx context.Context, tx *db.Tx, who org.Actor) (Choices, error)
}

// Desk keeps the lists.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }
