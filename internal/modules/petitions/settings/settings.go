package settings

import (
	"context"
	"embed"
	"sync"
	"sync/atomic"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds the sentences and the schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is the schema.
var Migrations = db.Migrations{Name: "petitions_settings", Files: Files}

// The rights of this package. That a set is the council's own is asked for
// each.
var (
	MayRead       = auth.Permission{Name: "settings.read", Roles: []org.Role{org.Clerk, org.Head, org.Admin}}
	MayDrawUp     = auth.Permission{Name: "settings.draw_up", Roles: []org.Role{org.Clerk, org.Head, org.Admin}}
	MayPutInForce = auth.Permission{Name: "settings.put_in_force", Roles: []org.Role{org.Head}}
)

// Permissions lists the rights.
func Permissions() []auth.Permission {
	return []auth.Permission{MayRead, MayDrawUp, MayPutInForce}
}

// Channel is a way by which petitions come in, with the text key of its name.
//
// vi: -
type Channel struct{ Code, Key string }

// Portal is the channel of petitions that voters handed in themselves: intake
// keeps no source of them.
const Portal = "portal"

// Channels are the ways of intake.
func Channels() []Channel {
	return []Channel{{Portal, "settings.channel_portal"}, {"meeting", "intake.channel.meeting"}, {"letter", "intake.channel.letter"}, {"phone", "intake.channel.phone"},
		{"mttq", "intake.channel.mttq"}, {"import", "intake.channel.import"}}
}

// Deps is what settings need. What they need of petitions comes as functions,
// since a part may not import the whole.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	// Text has the shipped names, under petitions.field, .branch, .outcome and
	// .reason. They are read in New, before anything is renamed.
	Text *text.Catalogue

	Fields, Outcomes, Reasons []string  // shipped codes, in the order of forms
	EndOutcomes, EndReasons   []string  // codes that no annex of the law counts, so that they may end
	Authorities               []string  // codes; names under petitions.authority
	Channels                  []Channel // of intake

	Deadlines []string               // keys of the time limits that an office may set
	Rules     func() *calendar.Rules // in force, set ones included
	Calendar  func() *calendar.Calendar
	PutRule   func(ctx context.Context, tx *db.Tx, who org.Actor, rule calendar.Rule) error
	// Put is called when a set has come into force: the calendar reads its rules again.
	Put func(ctx context.Context) error
	// Renamed takes all names that differ from the shipped ones, by text key.
	Renamed func(words map[text.Lang]map[string]string)

	// Newest gives a council's newest petitions, the newest first; never sealed ones.
	Newest func(ctx context.Context, tx *db.Tx, councilID string, most int) ([]Sample, error)
	// Expired lists petitions whose contacts are past their time, by id.
	Expired func(ctx context.Context, tx *db.Tx, e Erasing) ([]string, error)
	// Erase takes name, e-mail and telephone out of petitions, and tells of how many.
	Erase func(ctx context.Context, tx *db.Tx, ids []string) (int, error)
}

// Desk keeps the settings.
//
// vi: -
type Desk struct {
	Deps
	base    *state
	current atomic.Pointer[book]
	mu      sync.Mutex // one Refresh at a time, so that an older reading cannot win
	told    map[text.Lang]map[string]string
}

// New makes the desk with the shipped settings; Refresh adds what was put in force.
func New(deps Deps) *Desk {
	d := &Desk{Deps: deps}
	d.base = d.shipped()
	d.current.Store(&book{base: d.base})
	return d
}

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }

// State is how far a set has come.
//
// vi: -
type State string

// The states of a set.
const (
	Draft   State = "draft"
	Tested  State = "tested"
	InForce State = "in_force"
	Dropped State = "dropped"
)

// Set is a number of changes that take effect together.
//
// vi: đợt thay đổi
type Set struct {
	ID          string            `db:"id"`
	Mark        string            `db:"mark"` // of the form that made it, so that a double click makes one
	CouncilID   string            `db:"council_id"`
	Title       string            `db:"title"`
	Paper       string            `db:"paper"` // number and symbol of the document it rests on
	PaperDate   clock.Date        `db:"paper_date"`
	From        clock.Date        `db:"effective"`
	State       State             `db:"state"`
	Authors     db.JSON[[]string] `db:"authors"` // people who wrote any of it
	ByPerson    string            `db:"by_person"`
	ByName      string            `db:"by_name"`
	At          db.Time           `db:"at"`
	TestedAt    db.Time           `db:"tested_at"`
	TestedHash  string            `db:"tested_hash"`
	DecidedAt   db.Time           `db:"decided_at"` // put in force, or dropped
	DecidedBy   string            `db:"decided_by"`
	DecidedName string            `db:"decided_name"`
	OnBehalf    string            `db:"on_behalf"`
	Why         string            `db:"why"` // it was dropped
	Revision    int64             `db:"revision"`
	Waiting     bool              // in force, from a day still to come
}

// Open reports whether the set may still be changed.
func (s Set) Open() bool { return s.State == Draft || s.State == Tested }

func (s Set) waits(today clock.Date) bool { return s.State == InForce && s.From.After(today) }

// Basis is the document as people cite it.
func (s Set) Basis() string { return s.Paper + ", " + s.PaperDate.VN() }

// Source says on what a setting rests, since when, and who put it in force. The
// zero Source is the shipped setting.
//
// vi: -
type Source struct {
	SetID, SetTitle, Basis string
	Since                  clock.Date
	ByName, OnBehalf       string
}

func (s Set) source() Source {
	return Source{SetID: s.ID, SetTitle: s.Title, Basis: s.Basis(), Since: s.From, ByName: s.DecidedName, OnBehalf: s.OnBehalf}
}
