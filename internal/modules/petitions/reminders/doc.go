// Package reminders presses for answers (đôn đốc). The office sees, for each
// answering body, what is overdue, soon due and promised but not done; a clerk
// draws up a letter on the rung that follows from the letters sent before, and
// another person signs it. Dates that bodies commit themselves to are followed
// until they are kept, and the bodies are compared by a formula that is printed
// above the figures.
//
// It owns petitions_reminders with its lines, petitions_promises with what was
// done about each, petitions_handled (one row for each time a body was asked)
// and petitions_following. Cases it reads and never moves: the warnings and
// escalations of a deadline belong to kernel/cases, the page of all open
// promises to reports. Nothing sealed or split off is in any list, figure or
// letter of it.
package reminders

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema; it stands on that of petitions.
var Migrations = db.Migrations{Name: "petitions_reminders", Files: Files}

// The rights of reminders and promises. Whose records they reach is asked for
// each record.
var (
	mayUrge    = auth.Permission{Name: "petitions.urge", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair}}
	mayDraw    = auth.Permission{Name: "petitions.draw_reminder", Roles: []org.Role{org.Clerk}}
	maySign    = auth.Permission{Name: "petitions.sign_reminder", Roles: []org.Role{org.Head, org.Standing, org.Chair}}
	mayRead    = auth.Permission{Name: "petitions.read_reminder", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.BodyClerk, org.BodyHead}}
	mayReceive = auth.Permission{Name: "petitions.receive_reminder", Roles: []org.Role{org.BodyClerk, org.BodyHead}}
	mayFollow  = auth.Permission{Name: "petitions.follow_promise", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.BodyClerk, org.Handler, org.BodyHead}}
	mayReport  = auth.Permission{Name: "petitions.report_promise", Roles: []org.Role{org.BodyClerk, org.Handler, org.BodyHead}}
	mayAsk     = auth.Permission{Name: "petitions.ask_promise", Roles: []org.Role{org.BodyClerk, org.BodyHead}}
	mayDecide  = auth.Permission{Name: "petitions.decide_promise", Roles: []org.Role{org.Head}}
	mayCompare = auth.Permission{Name: "petitions.compare_bodies", Roles: []org.Role{org.Head, org.Standing, org.Chair, org.CommitteeMember, org.BodyClerk, org.BodyHead}}
)

// Permissions lists the rights that the module adds to its own.
func Permissions() []auth.Permission {
	return []auth.Permission{mayUrge, mayDraw, maySign, mayRead, mayReceive, mayFollow, mayReport, mayAsk, mayDecide, mayCompare}
}

// Deps is what reminders need.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Queue     *jobs.Queue
	Notify    *notify.Notifier
	Live      *live.Hub // nil: figures are counted each time
	Documents *documents.Registry
	Fonts     documents.Fonts
	// Ratings counts what voters said of the answers of each body, of one council
	// and of the ratings given in a period, both days inclusive.
	Ratings func(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]Rated, error)
}

// Story is what petitions keep about one of them.
//
// vi: -
type Story struct {
	Sent    []Sending
	Answers []Given
}

// Sending is one transfer letter.
//
// vi: phiếu chuyển
type Sending struct {
	ToBodyID string
	Symbol   string
	At       db.Time // the same as of the act "forward"
}

// Given is the answer to one point, in one round.
//
// vi: trả lời từng nội dung
type Given struct {
	Round, Number int
	Done          bool       // the outcome says that it is done
	Promised      clock.Date // the date the body commits itself to; none unless the outcome is "underway" or "partly"
}

// Rated is what voters said of a body's answers.
//
// vi: -
type Rated struct {
	BodyID string
	Count  int64
	Score  int64 // the sum of all scores, each from 1 to 5
}

// Desk draws up reminders, follows promises and compares bodies.
//
// vi: -
type Desk struct {
	Deps
	rules *rules

	boards  *live.Kept[owedAll]
	open    *live.Kept[[]OpenBy]
	leagues *live.Kept[[]Standing]
}

// New makes the desk. A flaw in the rules stops the start.
func New(deps Deps) (*Desk, error) {
	r, err := readRules(ruleFiles)
	return &Desk{Deps: deps, rules: r, boards: live.Keep[owedAll](deps.Live, deps.Clock), open: live.Keep[[]OpenBy](deps.Live, deps.Clock), leagues: live.Keep[[]Standing](deps.Live, deps.Clock)}, err
}
