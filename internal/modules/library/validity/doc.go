// Package validity tells what holds on a day (hiệu lực của văn bản): what documents
// do to each other (sửa đổi, thay thế, bãi bỏ, hủy bỏ, đình chỉ, ngưng hiệu lực,
// đính chính, căn cứ, dẫn chiếu, hướng dẫn, hợp nhất), the status of each document
// and article that follows, with the reason; the text as it reads on a day; two
// texts compared; what is doubtful, with its place.
//
// Its core is pure: New works out a Graph from documents and relations, At asks it.
// A machine proposes relations, a person confirms them, and only what a person
// stands for counts.
//
// It owns library_relations, library_status, library_lapsing, library_warnings.
// The documents themselves, who may see them, and the names of former units are
// plugged in.
//
// Legal basis: Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15, amended by
// 87/2025/QH15; Luật 72/2025/QH15, Điều 54 (texts of former districts). What we
// could not hold against the law is dated configuration in rules.toml.
package validity

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "library_validity", Files: Files}

// The rights of this package. Whose document it is, is asked for each one.
var (
	mayRead   = auth.Permission{Name: "library.read", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.Deputy, org.BodyClerk, org.Handler, org.BodyHead}}
	mayRelate = auth.Permission{Name: "library.relate", Roles: []org.Role{org.Clerk, org.Head}}
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayRead, mayRelate} }

// Heir is one of today's units on the ground of a former one.
//
// vi: đơn vị hành chính kế tục
type Heir struct{ Code, Name string }

// Deps is what this part needs. The functions are plugs of the library.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	Queue *jobs.Queue
	// Read is the right to open the internal pages; the zero one is library.read
	// as this package knows it.
	Read auth.Permission

	// Documents loads documents with their anchors, whoever asks; what is not
	// there is left out.
	Documents func(ctx context.Context, tx *db.Tx, ids []string) ([]Document, error)
	// Provisions is the whole text of one document, in its order.
	Provisions func(ctx context.Context, tx *db.Tx, id string) ([]Provision, error)
	// ByKeys finds the documents that a council can mean by each of these numbers
	// (documents.SymbolKey): its own first of all, and those of all councils.
	ByKeys func(ctx context.Context, tx *db.Tx, councilID string, keys []string) (map[string][]string, error)
	// Every lists the ids of all documents, in order, from behind one.
	Every func(ctx context.Context, tx *db.Tx, after string, limit int) ([]string, error)
	// Sees tells which documents a person may see; nobody is the public.
	Sees func(ctx context.Context, tx *db.Tx, who org.Actor, ids []string) (map[string]bool, error)
	// Address is a document's page for a person; nobody is the public. Nil leaves
	// Document.URL as it is.
	Address func(who org.Actor, doc Document) string
	// MayEdit reports whether a person looks after a document.
	MayEdit func(ctx context.Context, tx *db.Tx, who org.Actor, id string) (bool, error)
	// Communes are today's units on the ground of a former one, by its name.
	Communes func(ctx context.Context, tx *db.Tx, oldUnit string) ([]Heir, error)
	// Ground is the code of the unit whose texts a person looks after; nil or empty:
	// none of all.
	Ground func(ctx context.Context, tx *db.Tx, who org.Actor) (string, error)
	// Vanished tells which of these names, folded, are of units that are no more.
	Vanished func(ctx context.Context, tx *db.Tx, names []string) (map[string]Vanished, error)
}

// Desk keeps the relations and what follows from them.
//
// vi: -
type Desk struct {
	Deps
	rules Rules
}

// Open makes the desk.
func Open(deps Deps) (*Desk, error) {
	rules, err := LoadRules()
	if err != nil {
		return nil, err
	}
	if deps.Read.Zero() {
		deps.Read = mayRead
	}
	return &Desk{deps, rules}, nil
}

// Rules are the rules of effect in use.
func (d *Desk) Rules() Rules { return d.rules }

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }
