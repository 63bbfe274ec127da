// Package held keeps the scans of letters that nobody has classified yet (bản
// chụp đơn chờ phân loại). Any of these letters may turn out to be a
// denunciation, so their scans are sealed from the moment they come in: what they
// are called and what they show lie in boxes of the installation's key, and
// nothing of them reaches the ordinary store, its texts, its pictures or a disk.
// The office's clerks and its head open them one at a time, and each opening is
// in the sealed log.
//
// When the classification says complaint or recommendation the module takes them
// into the ordinary store; when it says denunciation they go to the compartment.
// Either way they leave the tables of this package, which owns reception_held and
// reception_held_pieces.
//
// Legal basis: Luật Tố cáo 25/2018/QH14, Điều 9 khoản 1 điểm b, Điều 49, 56.
package held

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_held", Files: Files}

// mayOpen opens the addresses; whose letter it is, is asked for each one.
var mayOpen = auth.Permission{Name: "reception.open_held", Roles: []org.Role{org.Clerk, org.Head}}

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayOpen} }

// Deps is what the part needs.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	Key   vault.Key
	// Reaches tells whose letter it is to somebody who may see it; to anybody
	// else it is missing.
	Reaches func(ctx context.Context, tx *db.Tx, who org.Actor, letterID string) (councilID string, err error)
}

// Desk carries out the verbs.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

// MayOpen reports whether a person opens scans that are held: of the office
// alone, the clerks and its head.
func MayOpen(who org.Actor) bool { return who.BodyKind == org.Office && mayOpen.Allows(who) }
