// Package reports draws up the reports of a session on voters' petitions (các
// phụ lục và báo cáo thẩm tra) and keeps their memory: which petition repeats
// which, what was answered before, which promises are open.
//
// A report is a question, a moment and a hash. What it counts is folded from
// the acts of each case up to the moment, and acts are never changed, so the
// same report gives the same numbers however long afterwards it is run again.
// Words, as of petitions and replies, may be edited later: they are printed as
// they stand on the day of printing, are said to be so, and are outside the hash.
//
// What was split off by the moment is in no report. What is split off later
// stays in the numbers of the moments before, or no report that was once issued
// could be proved any more; but it is a row of none from then on, on no page and
// in no file, and a large report's workbook that lists it is written anew before
// it is handed out. In the same way a committee reads no row of a petition that
// another examines now. Memory and promises are of today: nothing sealed is in
// them, neither as a line nor in a count.
//
// It owns petitions_reports and petitions_links. Of the module's other tables
// it reads texts, replies and transfer letters.
package reports

import (
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema; it stands on that of petitions.
var Migrations = db.Migrations{Name: "petitions_reports", Files: Files}

// Deps is what reports need.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Jobs      *jobs.Queue
	Documents *documents.Registry
	Fonts     documents.Fonts
	// Text says the words of papers, which are Vietnamese whoever reads the screen.
	Text *text.Catalogue
	// Fields lists the codes of the fields of work, for the form.
	Fields func() []string
}

// Desk makes reports and remembers.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

// say is a sentence for a paper.
func (d *Desk) say(key string, args ...any) string { return d.Text.Say(text.Vi, key, args...) }
