// Package worklist is the desk's list of petitions (danh sách công việc): who
// sees which, what waits for whom, what is late and where it is stuck. Lists
// page by key and every statement reads one index of the case engine, so that
// a million petitions cost a page no more than a thousand.
//
// It owns the table petitions_views, the filters that people gave a name. It
// does not know what stands in a petition: it reads the case's own row, and of
// the module's tables only whether an extension was asked for.
package worklist

import (
	"context"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
)

// The kinds of documents in the search index. What only officials may read
// never stands in the public's kind, so no query can be made to show it.
const (
	OfficialKind = "petition"
	PublicKind   = "petition.public"
)

// Desk gives people their lists.
//
// vi: -
type Desk struct {
	DB     *db.DB
	Clock  clock.Clock
	Cases  *cases.Engine
	Search *search.Index
	// Kept holds the overviews of councils between two acts.
	Kept *live.Kept[Overview]
	// Under lists the fields of a committee's branch; none for a field itself.
	Under func(branch string) []string
	// Fields lists the fields of work in force.
	Fields func() []string
	// Constituencies lists those of a council today, by number.
	Constituencies func(ctx context.Context, tx *db.Tx, councilID string) ([]Constituency, error)
	// MayAccept is the right of a body's people to take in and assign, alone or
	// several at once; Accept and Assign are those acts.
	MayAccept auth.Permission
	Accept    func(ctx context.Context, who org.Actor, id string) error
	Assign    func(ctx context.Context, who org.Actor, id, postID, note string) error
}

// Constituency is what lists need of one: its wards.
//
// vi: -
type Constituency struct {
	Number int
	Units  []string // codes
}
