package org

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Recorder writes an act of this package into the log. The application plugs
// the audit package in here; audit stands above org, because its entries name
// actors.
type Recorder interface {
	Record(ctx context.Context, tx *db.Tx, who Actor, councilID, verb, subject string, details map[string]any) error
}

// BodyFollower is told when one body takes over from another, in the same
// transaction, so that open cases follow. The application plugs the case
// engine in here.
type BodyFollower interface {
	BodySucceeded(ctx context.Context, tx *db.Tx, who Actor, from, to Body, document string) error
}

// Deps is what org needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Recorder  Recorder
	Followers []BodyFollower
}

// Desk carries out org's verbs.
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{Deps: deps} }

// Council is a people's council (Hội đồng nhân dân).
type Council struct {
	ID            string `db:"id"`
	Code          string `db:"code"` // stands in document numbers and addresses
	Name          string `db:"name"`
	NameEn        string `db:"name_en"`
	Level         Level  `db:"level"`
	UnitCode      string `db:"unit_code"`
	ParentID      string `db:"parent_id"` // the city's council for a ward's; empty for the city's
	SortKey       string `db:"sort_key"`
	Demonstration bool   `db:"demonstration"`
	Version       int64  `db:"version"`
}

// Body is a part of a council, or an agency that answers to it.
type Body struct {
	ID          string            `db:"id"`
	CouncilID   string            `db:"council_id"`
	Kind        BodyKind          `db:"kind"`
	Code        string            `db:"code"`
	Name        string            `db:"name"`
	NameEn      string            `db:"name_en"`
	Superior    string            `db:"superior"`  // the body printed above it on papers
	Symbol      string            `db:"symbol"`    // in document numbers: 12/PC-<Symbol>
	Place       string            `db:"place"`     // place name before a paper's date
	UnitCode    string            `db:"unit_code"` // the unit a People's Committee governs
	Fields      db.JSON[[]string] `db:"fields"`    // fields of work a committee examines
	SortKey     string            `db:"sort_key"`
	Folded      string            `db:"folded"`
	ValidFrom   clock.Date        `db:"valid_from"`
	ValidTo     clock.Date        `db:"valid_to"`
	SuccessorID string            `db:"successor_id"`
	Version     int64             `db:"version"`
}

// Open reports whether the body exists on the day d.
func (b Body) Open(d clock.Date) bool {
	return (b.ValidFrom.IsZero() || !d.Before(b.ValidFrom)) && (b.ValidTo.IsZero() || d.Before(b.ValidTo))
}

// Person is somebody who holds or held a post. Phone and mail are personal data.
type Person struct {
	ID            string `db:"id"`
	Name          string `db:"name"`
	SortKey       string `db:"sort_key"`
	Email         string `db:"email"`
	Phone         string `db:"phone"`
	Demonstration bool   `db:"demonstration"`
	Version       int64  `db:"version"`
}

// Post is a person's place in a body for some time.
type Post struct {
	ID       string          `db:"id"`
	PersonID string          `db:"person_id"`
	BodyID   string          `db:"body_id"`
	Title    string          `db:"title"`
	Roles    db.JSON[[]Role] `db:"roles"`
	Starts   clock.Date      `db:"starts"`
	Ends     clock.Date      `db:"ends"` // first day on which it is no longer held; empty while open
	Version  int64           `db:"version"`
}

// Term is a council's term of office (nhiệm kỳ, khóa).
type Term struct {
	ID        string     `db:"id"`
	CouncilID string     `db:"council_id"`
	Number    string     `db:"number"` // XVII
	Name      string     `db:"name"`   // 2026–2031
	Starts    clock.Date `db:"starts"`
	Ends      clock.Date `db:"ends"`
}
