// Package vault keeps what must be known to a few named people only: the
// denouncer's name, address, contact, the original letter and its scans (bí
// mật về người tố cáo). Each file has a compartment of its own, sealed with a
// random key of its own; that key is sealed with the installation's, which
// lies in a file beside the database and never in it.
//
// A compartment has a list of readers who need to know. The list names
// persons: neither a role nor a delegation opens anything. Who reads gives a
// reason, which is written, told to the security officers and committed before
// a byte is decrypted; what was refused is written and told too. Keepers
// (người giữ danh sách) admit and dismiss readers. In an emergency two people
// break the glass together, for some hours.
//
// It protects against whoever has the database, a backup, a replica, a dump
// or a disk without the key file; against boxes that are changed, swapped
// between compartments or items, cut short or mixed from two versions; against
// sizes of short fields; against who writes themself onto a list or breaks a
// glass by writing to the database; against officials who can sign in and are not named;
// against readers who would rather not be seen reading; and, after Destroy,
// against anybody who gets the database later.
//
// It does not protect against root on the running server, who can read the key
// file and the memory; against a named reader who passes on what they saw;
// against somebody who writes to the database and deletes a whole item, puts
// back an old state of an item or a list, or gives themself the sign-in of a
// named reader, all of which only comparing with the log finds; nor against the
// times and the number of compartments as the database shows them.
//
// The package owns the tables vault_*. It decides no retention, prints no copy
// without names and shows no page: the module reception does.
//
// Legal basis: Luật Tố cáo 25/2018/QH14, Điều 9 khoản 1 điểm b, Điều 49, 56.
package vault

import (
	"context"
	"embed"
	"errors"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "vault", Files: Files}

// glassFor and glassMax are how long a broken glass stays open when nothing is
// set, and at most.
const (
	glassFor = 2 * time.Hour
	glassMax = 24 * time.Hour
)

// Deps is what the vault needs.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	Key   Key

	// Tell lets the security officers of a council know, in the transaction of
	// the act. The sentence is of this package; args are its names and values,
	// among them always "compartment". Nothing that is told holds content or a
	// reason. Without it every act that has to be told fails.
	Tell func(ctx context.Context, tx *db.Tx, councilID, key string, args ...any) error

	GlassFor time.Duration // how long a broken glass stays open; two hours when zero
}

// Vault carries out this package's verbs.
type Vault struct{ deps Deps }

// New makes a Vault.
func New(deps Deps) *Vault {
	if deps.GlassFor <= 0 {
		deps.GlassFor = glassFor
	}
	deps.GlassFor = min(deps.GlassFor, glassMax)
	return &Vault{deps}
}

// event is one act as it is recorded and, with a sentence, told.
type event struct {
	verb string
	at   time.Time
	who  org.Actor
	told string // text key; empty when nobody is told
	args []any
	with map[string]any // for the log: never content
}

// record writes an act into the log and tells it. The log's subject is the
// compartment and not the case, also where the two have one id, so that lists
// of a case's acts do not show who read what.
func (v *Vault) record(ctx context.Context, tx *db.Tx, c compartment, e event) error {
	details := map[string]any{"case": c.Subject}
	for k, d := range e.with {
		details[k] = d
	}
	if _, err := v.deps.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: Subject(c.ID), Verb: e.verb, At: e.at, Who: e.who, Details: details, Sealed: true}); err != nil {
		return err
	}
	if e.told == "" {
		return nil
	}
	if v.deps.Tell == nil {
		return errors.New("vault: nobody is there to be told")
	}
	return v.deps.Tell(ctx, tx, c.CouncilID, e.told, append([]any{"compartment", c.ID, "who", shown(e.who)}, e.args...)...)
}

// Subject is what a compartment's entries in the log are filed under.
func Subject(compartmentID string) string { return "vault/" + compartmentID }

// judge runs an act that may be refused and yet has to be kept.
func (v *Vault) judge(ctx context.Context, fn func(tx *db.Tx) (refusal, err error)) error {
	var refusal error
	err := v.deps.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		refusal, err = fn(tx)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

// shown names an official to the security officers.
func shown(who org.Actor) string {
	if who.System {
		return "HĐND Số"
	}
	return who.Name
}

// missing is the answer to whoever may not know that something exists.
func missing() error { return fault.New(fault.Missing, "db.no_row") }
