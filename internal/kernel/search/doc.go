// Package search finds records by Vietnamese words: petitions first, later
// resolutions, sessions and everything else that people write.
//
// It understands how Vietnamese is typed: with accents or without, composed or
// decomposed, hòa or hoà, quy or qui, đ in its three code points, UBND for Ủy
// ban nhân dân, 08/2025/NQ-HĐND with or without its leading zero. Words are
// indexed without accents, as syllables and as pairs of neighbours; a word
// written with the same accents as the query counts more.
//
// The index is derived. The database is the truth: a verb calls Changed in its
// own transaction, every node reads those changes and keeps its own copy in a
// folder, which may be deleted at any time and is then made again.
//
//	database ──Changed──▶ search_changes ──Run──▶ drafts (memory) ──flush──▶ segments (files, mmap)
//	    ▲                                                                        │
//	    └───────────────────────── Source.Load / Source.All ◀── Rebuild ─────────┘
//
// What a reader may see is decided by facets, applied inside the index before
// anything is counted or quoted. Text that only officials may read must
// therefore not stand in a document that the public can find: a module gives
// two kinds then, such as "petition" and "petition.public", and calls Changed
// for both.
package search

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// Doc is one thing that can be found.
type Doc struct {
	Kind   string // of the Source that gave it
	ID     string
	Fields []Field
	Facets map[string][]string // what filters ask for: "council", "body", "public", "state", "ward"
	At     time.Time           // newer first among equals
}

// Field is one text of a Doc. Weight tells how much a word here counts,
// 1 (also for 0) to 8; a title commonly has 3.
type Field struct {
	Name, Text string
	Weight     int
}

// Source gives the documents of one kind. It reads in the transaction it is
// handed and calls nothing else.
type Source interface {
	Kind() string
	// Load gives the documents of these ids; those that are gone are left out.
	Load(ctx context.Context, tx *db.Tx, ids []string) ([]Doc, error)
	// All gives up to n documents in the order of their ids, after afterID; none at the end.
	All(ctx context.Context, tx *db.Tx, afterID string, n int) ([]Doc, error)
}

// Filter is what the reader may see and asks for. A document passes when it
// has, for every named facet, at least one of the listed values. The facet
// "kind" is always there. The zero Filter lets nothing pass, so that a
// forgotten filter shows nothing rather than everything.
type Filter struct {
	All        map[string][]string
	Everything bool // no restriction beyond All: for the office's own tools and tests
}

// Order of the hits.
type Order int

// The orders.
const (
	ByRelevance Order = iota
	ByTime            // newest first
)

// Query is one search.
type Query struct {
	Text   string
	Filter Filter
	Order  Order
	Typing bool // the last word may be unfinished
	// Closely reads the best matches word by word and orders them anew: for
	// questions to texts of law, where it finds the right article more often and
	// takes some milliseconds more. Only with ByRelevance.
	Closely bool
	Limit   int // at most 200; 0 is 20
	Offset  int // at most 10,000
}

// Result is one page of hits.
type Result struct {
	Hits  []Hit
	Total int // documents that match and pass the filter
}

// Hit is one document found.
type Hit struct {
	Kind, ID string
	At       time.Time
	Facets   map[string][]string
	// Score orders hits of one result. Of Similar it is the likeness, 0 to 1;
	// above about 0.4 two petitions commonly speak of the same thing.
	Score    float64
	Passages []Passage // one per field that has text, in the fields' order
}

// Passage is a field's text, or its best part if it is long.
type Passage struct {
	Field string
	Text  string
	Marks []Mark
	Cut   bool // the field has more text than this
}

// Mark is a part of Passage.Text to highlight, in bytes.
type Mark struct{ From, To int }

// Passage gives the hit's passage of a field, empty if it has none.
func (h Hit) Passage(field string) Passage {
	for _, p := range h.Passages {
		if p.Field == field {
			return p
		}
	}
	return Passage{}
}

// Limits of a query. Beyond them a page of results serves nobody.
const (
	limitMax   = 200
	offsetMax  = 10_000
	unitsMax   = 48    // distinct words of a query that are looked at
	queryMax   = 8_000 // bytes of a query that are read
	fieldMax   = 1 << 20
	keyMax     = 48 // bytes of a word that are kept
	expandMax  = 48 // words an unfinished word may stand for
	similarMax = 50
)
