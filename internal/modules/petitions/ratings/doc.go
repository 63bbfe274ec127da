// Package ratings asks voters whether an answer helped (đánh giá của cử tri):
// how satisfied they are, and whether the matter was really put right. The key
// on the receipt shows who may say so; one voice for each round of a petition,
// changeable while the round lasts. What was not put right is told to the body
// that answered and to the council's office at once, and the results are
// compared by body.
//
// It owns the table ratings_ratings. A rating moves no case: a voter who
// disagrees contests the answer, which is a verb of the petition.
package ratings

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds the sentences and the schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is the schema.
var Migrations = db.Migrations{Name: "ratings", Files: Files}

// MayCompare is the right to see what voters said of all bodies, or, for an
// answering body's head, of their own.
var MayCompare = auth.Permission{Name: "petitions.compare_ratings", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.BodyHead}}

// Deps is what ratings need.
//
// vi: -
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Audit  *audit.Log
	Notify *notify.Notifier
	Live   *live.Hub // nil: what is compared is counted each time
	// Opened gives the case whose receipt bears the key.
	Opened func(ctx context.Context, tx *db.Tx, code, key string) (*cases.Case, error)
}

// Desk takes ratings and compares them.
//
// vi: -
type Desk struct {
	Deps
	kept *live.Kept[[]Comparison]
}

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps, live.Keep[[]Comparison](deps.Live, deps.Clock)} }
