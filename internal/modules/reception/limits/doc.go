// Package limits keeps the time limits of the law on letters and citizen
// reception (thời hạn theo luật): which version holds from which day, what rests
// on the Official Gazette and what was not compared with it yet.
//
//	            try                put_in_force (another person)
//	draft ──────────────▶ draft ───────────────────────▶ in_force
//	  └── drop ▶ dropped                                   └── withdraw, before it begins ▶ withdrawn
//
// A new version is drawn up by one person, tried on what is open without
// changing anything, and put in force by another. It counts for what begins from
// its day on. Clocks that run keep the version they began with, unless the law
// has an article that says otherwise: then a job counts each of them again, by an
// act of its own. What holds cannot be withdrawn, only followed by another version.
//
// It owns reception_limits and reception_limit_changes. The versions themselves
// belong to kernel/calendar, the clocks to kernel/cases; which limit a letter
// stands under is told by the part clocks.
package limits

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_limits", Files: Files}

// The rights of this package. The law is the same for every council of the
// installation, so only the city's office sets it; everybody else reads.
var (
	mayRead   = auth.Permission{Name: "reception.read_limits", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.Admin}}
	mayDrawUp = auth.Permission{Name: "reception.draw_up_limits", Roles: []org.Role{org.Head, org.Admin}}
	mayDecide = auth.Permission{Name: "reception.decide_limits", Roles: []org.Role{org.Head, org.Admin}}
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayRead, mayDrawUp, mayDecide} }

// Deps is what the part needs.
//
// vi: -
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Audit    *audit.Log
	Calendar *calendar.Register
	Cases    *cases.Engine
	Queue    *jobs.Queue
	Notify   *notify.Notifier
	// Knows reports whether a person is on the need-to-know list of a sealed case.
	Knows func(ctx context.Context, tx *db.Tx, who org.Actor, caseID string) (bool, error)
}

// Desk keeps the limits.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }
