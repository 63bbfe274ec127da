// Package scans makes the copies of a denunciation's scans that everybody but the
// people on its list works with (bản quét đã che thông tin): the handwriting, name
// and address of who denounces are gone from them, bytes and all.
//
// Somebody on the list adds scans to the compartment, opens one with a reason,
// looks at its pages for half an hour, draws what has to go, and makes a copy. The
// copy lies in the compartment until a keeper of the list has opened it, looked at
// its pages and released it; from then on everybody may have it who may know that
// there is a denunciation. One that tells too much is withdrawn at once.
//
// It owns the tables reception_scans, reception_scan_areas, reception_scan_copies
// and reception_scan_pieces; only the last holds content, of released copies. The
// original stays in the compartment (kernel/vault): a page of it is drawn in
// memory for whoever has opened it, and nothing on the way keeps it. No act of this
// package enters the public tree.
//
// Areas are removed and not covered: a page becomes a picture, the chosen areas of
// that picture become black, and the copy is made of these pictures alone. There is
// no text under the black, no layer to move, no note of the camera, no earlier
// version and no thumbnail, whatever the original held.
//
// Legal basis: Luật Tố cáo 25/2018/QH14, Điều 9 khoản 1 điểm b, Điều 49, 56.
package scans

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_scans", Files: Files}

// mayKnow opens the pages and nothing that is sealed: that is asked for each
// person and compartment by the vault.
var mayKnow = auth.Permission{Name: "reception.scans", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.Security}}

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayKnow} }

// Deps is what the part needs.
//
// vi: -
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Audit  *audit.Log
	Vault  *vault.Vault
	Notify *notify.Notifier
	Tools  documents.Tools
	Fonts  documents.Fonts // none: only pages and pictures are opened
	// Council tells whose a denunciation is that is sealed here, to somebody who
	// may know that there is one; to anybody else it is missing.
	Council func(ctx context.Context, tx *db.Tx, who org.Actor, fileID string) (councilID string, err error)
	// Show opens items of a compartment, as people ask for it.
	Show func(ctx context.Context, who org.Actor, ask vault.Ask) (vault.Showing, error)
}

// drawnAtOnce bounds how many pages are in the works: each takes the memory of a
// large picture.
const drawnAtOnce = 2

// Desk carries out the verbs.
//
// vi: -
type Desk struct {
	Deps
	drawing chan struct{}
}

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps, make(chan struct{}, drawnAtOnce)} }

// draw waits for a turn to work on pictures; done gives it back.
func (d *Desk) draw(ctx context.Context) (done func(), err error) {
	select {
	case d.drawing <- struct{}{}:
		return func() { <-d.drawing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// missing is the answer to whoever may not know that something exists.
func missing() error { return fault.New(fault.Missing, "db.no_row") }
