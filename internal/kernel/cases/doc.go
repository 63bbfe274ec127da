// Package cases runs procedures: which state a case is in, who may do what
// next, which clocks run, who is reminded, and how the whole came about.
//
// A procedure is a file (procedure.go, read.go) and its rules are Go functions
// that the file names. A module opens a case with Begin and moves it with Do,
// both inside the transaction of its own verb, so that the module's rows, the
// case, its deadlines, the act and its leaf in the log commit together.
//
// The package owns the tables cases_*: the case (which is also the row of every
// work list), its acts, its deadlines, and which procedure versions were
// released. It does not know what a petition is.
package cases

import (
	"embed"

	"example.vn/hdnd/internal/kernel/db"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "cases", Files: Files}
