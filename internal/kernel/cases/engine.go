package cases

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Guard is a check that a procedure file names. It may only read.
type Guard func(ctx context.Context, tx *db.Tx, m Move) error

// Step is further work of a verb that a procedure file names, such as writing
// the transfer letter's number. It runs in the same transaction, after the case
// has moved and before the act is written, and may add to the act's papers.
type Step func(ctx context.Context, tx *db.Tx, m Move) error

// Choose picks the rule of a deadline that a procedure file names it for: a key
// of the calendar, or none when the law sets this case no such limit. On the day
// on the deadline begins. It may only read; of a case that begins with this act
// nothing is in the tables yet.
type Choose func(ctx context.Context, tx *db.Tx, m Move, deadline string, on clock.Date) (rule string, err error)

// Move is what guards and steps are handed.
type Move struct {
	Who   org.Actor
	Case  *Case
	Verb  Verb
	Input *Input
	Act   *Act
}

// Input is what a person gives with a verb.
type Input struct {
	Note     string            // shown to those who may see the act
	Document string            // number, symbol and date of the paper it rests on
	Fields   map[string]string // by the names in the verb's requires
	Papers   []string          // hashes of papers that belong to the act
	Extend   calendar.Extension
	Planned  clock.Date
	On       clock.Date // the day it happened, when it was written down later; zero: today
	// Events are the days that deadlines are counted from, by their names, where
	// it is not the day of the act: a notice is counted back from its meeting.
	Events   map[string]clock.Date
	Revision int64          // of the case the person looked at; 0 when it does not matter
	Details  map[string]any // further facts the log commits to
}

// Field is a trimmed input value.
func (in *Input) Field(name string) string { return in.Fields[name] }

// Offer is what a module brings to the engine.
type Offer struct {
	Module string // prefix of verbs in the log: "petitions"
	Files  fs.FS  // holds procedures/*.yaml
	Guards map[string]Guard
	Steps  map[string]Step
	// Chooses are the pickers of rules that deadlines name.
	Chooses map[string]Choose
	// Unnamed keeps the codes of this module's cases out of the public log, also
	// of those that are not sealed: what is opened may be sealed later.
	Unnamed bool
	// Notify is told of every act, to write to the people concerned.
	Notify func(ctx context.Context, tx *db.Tx, m Move) error
}

// Calendar gives the present days and the dated rules.
type Calendar interface{ Current() *calendar.Calendar }

// Deps is what the engine needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Audit    *audit.Log
	Calendar Calendar
	Rules    *calendar.Rules
	Notify   *notify.Notifier
	Live     *live.Hub
}

// Engine runs cases.
type Engine struct {
	Deps
	procedures map[string][]*Procedure // by name, newest first
	offers     map[string]Offer        // by procedure name
}

// New reads the procedures of all modules. Any flaw stops the start-up.
func New(deps Deps, offers ...Offer) (*Engine, error) {
	e := &Engine{Deps: deps, procedures: map[string][]*Procedure{}, offers: map[string]Offer{}}
	for _, o := range offers {
		all, flaws := ReadAll(o.Files, NamesOf(o, deps.Rules))
		if len(flaws) > 0 {
			return nil, fmt.Errorf("cases: module %s: %w", o.Module, flaws[0])
		}
		for _, p := range all {
			p.Module = o.Module
			e.procedures[p.Name] = append(e.procedures[p.Name], p)
			e.offers[p.Name] = o
		}
	}
	for _, versions := range e.procedures {
		slices.SortFunc(versions, func(a, b *Procedure) int { return b.Version - a.Version })
	}
	return e, nil
}

// NamesOf lists what an offer and the calendar give to procedure files.
func NamesOf(o Offer, rules *calendar.Rules) Names {
	return Names{Guards: slices.Sorted(maps.Keys(o.Guards)), Steps: slices.Sorted(maps.Keys(o.Steps)), Chooses: slices.Sorted(maps.Keys(o.Chooses)), Rules: rules.Keys()}
}

// Release notes the loaded versions in the database and refuses a version whose
// content is not what was released: running cases rest on it.
func (e *Engine) Release(ctx context.Context) error {
	now := e.Clock.Now()
	return e.DB.Tx(ctx, func(tx *db.Tx) error {
		for _, p := range e.Procedures() {
			sum, err := db.One[string](ctx, tx, `SELECT sum FROM cases_procedures WHERE name = $1 AND version = $2`, p.Name, p.Version)
			switch {
			case fault.Is(err, "db.no_row"):
				_, err = tx.Exec(ctx, `INSERT INTO cases_procedures (name, version, sum, since) VALUES ($1, $2, $3, $4)`, p.Name, p.Version, p.Sum(), db.At(now))
			case err == nil && sum != p.Sum():
				err = fmt.Errorf("cases: procedure %s was released with other content; give the change a new version", p.Key())
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Procedures lists all loaded versions, by name, newest first.
func (e *Engine) Procedures() []*Procedure {
	var all []*Procedure
	for _, name := range slices.Sorted(maps.Keys(e.procedures)) {
		all = append(all, e.procedures[name]...)
	}
	return all
}

// Module is the module whose procedure it is: its pages are below "/<module>/",
// and its words begin with its name.
func (e *Engine) Module(procedure string) string { return e.offers[procedure].Module }

// Procedure finds one loaded version.
func (e *Engine) Procedure(name string, version int) (*Procedure, error) {
	for _, p := range e.procedures[name] {
		if p.Version == version {
			return p, nil
		}
	}
	return nil, fmt.Errorf("cases: no procedure %s/%d; its file is part of the record and may not be removed", name, version)
}

// current is the version for a case that begins on a day.
func (e *Engine) current(name string, on clock.Date) (*Procedure, error) {
	for _, p := range e.procedures[name] {
		if p.Effective.holds(on) {
			return p, nil
		}
	}
	return nil, fmt.Errorf("cases: no version of procedure %s is effective on %s", name, on)
}

// Case loads a case for a person. What they may not see is not there.
func (e *Engine) Case(ctx context.Context, tx *db.Tx, who org.Actor, id string) (*Case, error) {
	c, err := Load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.CanSee(who) {
		return nil, fault.New(fault.Missing, "cases.no_such_case")
	}
	return c, nil
}

// May lists the verbs a person could do on a case as it stands, for the
// buttons of its page. Guards and the separation of duties are asked when it
// is done.
func (e *Engine) May(c *Case, who org.Actor) ([]Verb, error) {
	p, err := e.Procedure(c.Procedure, c.Version)
	if err != nil {
		return nil, err
	}
	var may []Verb
	var at []Place
	if c.CanSee(who) {
		at = c.Stands(who)
	}
	for _, v := range p.Verbs {
		if slices.Contains(v.From, c.State) && v.standsAt(at) && v.allows(who, e.offers[c.Procedure].Module) {
			may = append(may, v)
		}
	}
	return may, nil
}

// standsAt reports whether one of the sides a person stands on may do it.
func (v Verb) standsAt(at []Place) bool {
	return slices.Contains(at, v.Place) || slices.ContainsFunc(v.Also, func(p Place) bool { return slices.Contains(at, p) })
}

// allows asks for the role and, of a delegate, for the scope of the delegation.
func (v Verb) allows(who org.Actor, module string) bool {
	if v.Place == Program || v.Place == Voter {
		return true
	}
	if len(who.Scope) > 0 && !slices.Contains(who.Scope, module+"."+v.Name) {
		return false
	}
	return slices.ContainsFunc(v.Roles, who.Has)
}
