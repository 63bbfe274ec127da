// Package sealed shows denunciations to those who need to know them (bảo vệ bí
// mật người tố cáo): what is sealed, to whom, and that it was read. The boxes,
// keys, lists and reveals are kernel/vault's; this package decides with whom a
// compartment begins, gives the pages, and makes the copy without names that
// everybody else works with.
//
// It owns the tables reception_sealed, reception_keepers, reception_places,
// reception_changes and reception_copies. None of them holds anything sealed: of
// a denunciation they know the day. Who stands on a council's list and where its
// denunciations may live is decided by two people, of whom one leads the
// council and the other answers for the security of information. No act of
// this package enters the public tree.
//
// Legal basis: Luật Tố cáo 25/2018/QH14, Điều 9 khoản 1 điểm b, Điều 49, 56.
package sealed

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_sealed", Files: Files}

// The rights of this package. They open pages and nothing that is sealed: that
// is asked for each person and compartment by the vault.
var (
	mayKnow   = auth.Permission{Name: "reception.sealed", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.Security}}
	mayStub   = auth.Permission{Name: "reception.sealed_stub", Roles: []org.Role{org.Clerk, org.Head}}
	maySettle = auth.Permission{Name: "reception.sealed_settings", Roles: []org.Role{org.Standing, org.Chair, org.Security}}
	mayWatch  = auth.Permission{Name: "reception.sealed_watch", Roles: []org.Role{org.Security}}
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission {
	return []auth.Permission{mayKnow, mayStub, maySettle, mayWatch}
}

// Facts is what may be known of a denunciation by everybody who may know that
// there is one: it names nobody.
//
// vi: -
type Facts struct {
	Code, Title string
	State       string // in the reader's words
	Due         clock.Date
	URL         string // of the case's own page
}

// Deps is what the part needs.
//
// vi: -
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Audit  *audit.Log
	Vault  *vault.Vault
	Notify *notify.Notifier
	// Facts gives the neutral facts of a case; a subject that is no case of the
	// teller's gives none. nil: none are shown.
	Facts func(ctx context.Context, tx *db.Tx, who org.Actor, subject string) (Facts, error)
}

// Desk carries out the verbs.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }
