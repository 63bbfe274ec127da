// Package kernel is the contract between the application and its modules: what
// a module may offer. Read Module first; an empty field means "has none".
package kernel

import (
	"context"
	"io/fs"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/web"
)

// Module is a field of work. Modules never import each other: what one needs
// of another it declares as an interface, and app plugs it.
type Module struct {
	Name        string
	Files       fs.FS // text/, migrations/ and procedures/, as far as it has them
	Permissions []auth.Permission
	Routes      []web.Route
	Menu        []web.MenuItem
	Jobs        []Job
	Search      []search.Source
	Rederive    []audit.Rederive // how the log is compared with its tables
	Indicators  []Indicator
	Commands    []Command
}

// Job is a kind of later work, and when it comes by itself.
type Job struct {
	Kind   string
	Handle func(ctx context.Context, w jobs.Work) error
	Daily  string // "07:00" in Hanoi: runs every day; empty for jobs that verbs queue
}

// Indicator is a number that leaders follow (chỉ số). It is counted from live
// rows, within what the actor may see.
type Indicator struct {
	Key   string // text key of its name
	Link  string // the list behind the number
	Count func(ctx context.Context, tx *db.Tx, who org.Actor) (int64, error)
}

// Command is a line under "hdnd <module>".
type Command struct {
	Name string
	Run  func(ctx context.Context, args []string) error
}
