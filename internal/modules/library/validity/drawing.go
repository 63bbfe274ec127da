package validity

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// Drawing is what surrounds a document, laid out in columns: to the left what it
// acts on or stands on, to the right what acts on it. The same relations always
// give the same drawing.
//
// vi: sơ đồ quan hệ văn bản
type Drawing struct {
	Document      Document
	Nodes         []Node
	Edges         []Edge
	Width, Height int
	Left          int // documents that had no room
}

// Node is a document in a drawing.
//
// vi: -
type Node struct {
	Document Document
	Now      Standing
	URL      string // where it leads
	X, Y     int    // upper left corner
	Column   int
	Centre   bool
}

// Edge is a relation in a drawing; several of one kind between two documents are one.
//
// vi: -
type Edge struct {
	From, To       string
	Kind           Kind
	N              int
	X1, Y1, X2, Y2 int
	Bow            int // how far a line within a column bows out
	Under          int // how far down a line leads past the columns between
}

const (
	nodeWidth, nodeHeight = 190, 46
	columnStep, rowStep   = 290, 62
	depthMost             = 2
	columnMost            = 14 // nodes of one column
	aroundMost            = 400
)

// Around draws what surrounds a document, as far as a person may see it.
func (d *Desk) Around(ctx context.Context, who org.Actor, id string) (v Drawing, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Document, err = d.seen(ctx, tx, who, id); err != nil {
			return err
		}
		relations, err := d.neighbours(ctx, tx, id)
		if err != nil {
			return err
		}
		var ids []string
		for _, r := range relations {
			ids = append(ids, r.From, r.To)
		}
		_, docs, err := d.eyes(ctx, tx, who, append(ids, id))
		if err != nil {
			return err
		}
		now, err := Standings(ctx, tx, ids)
		v = Draw(v.Document, docs, relations, now)
		return err
	})
	return v, err
}

// neighbours reads the relations up to two steps away; what everybody names is
// not followed further.
func (d *Desk) neighbours(ctx context.Context, tx *db.Tx, id string) (all []Relation, err error) {
	frontier, seen, known := []string{id}, map[string]bool{id: true}, map[string]bool{}
	for range depthMost {
		found, err := around(ctx, tx, frontier, aroundMost)
		if err != nil {
			return nil, err
		}
		frontier = nil
		for _, r := range found {
			if known[r.ID] {
				continue
			}
			known[r.ID] = true
			all = append(all, r)
			for _, next := range []string{r.From, r.To} {
				if !seen[next] {
					seen[next] = true
					frontier = append(frontier, next)
				}
			}
		}
	}
	return all, nil
}

// Draw lays out a document with the relations around it. docs are those that may
// be shown.
func Draw(centre Document, docs map[string]Document, relations []Relation, now map[string]Standing) Drawing {
	v := Drawing{Document: centre}
	columns := map[string]int{centre.ID: 0}
	order := []string{centre.ID}
	relations = slices.Clone(relations)
	slices.SortFunc(relations, func(a, b Relation) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
	})
	for depth := range depthMost {
		for _, r := range relations {
			from, hasFrom := columns[r.From]
			to, hasTo := columns[r.To]
			switch {
			case hasFrom && !hasTo && abs(from) == depth && from <= 0 && docs[r.To].ID != "":
				columns[r.To] = from - 1
				order = append(order, r.To)
			case hasTo && !hasFrom && abs(to) == depth && to >= 0 && docs[r.From].ID != "":
				columns[r.From] = to + 1
				order = append(order, r.From)
			}
		}
	}
	v.place(order, columns, docs, now)
	v.join(relations)
	return v
}

func (v *Drawing) place(order []string, columns map[string]int, docs map[string]Document, now map[string]Standing) {
	byColumn := map[int][]Document{}
	least, tallest := 0, 1
	for _, id := range order {
		doc := docs[id]
		if id == v.Document.ID {
			doc = v.Document
		}
		c := columns[id]
		least = min(least, c)
		byColumn[c] = append(byColumn[c], doc)
	}
	for c, list := range byColumn {
		slices.SortFunc(list, func(a, b Document) int {
			return cmp.Or(a.Issued.Compare(b.Issued), strings.Compare(a.Symbol, b.Symbol), strings.Compare(a.ID, b.ID))
		})
		if len(list) > columnMost {
			v.Left += len(list) - columnMost
			list = list[len(list)-columnMost:] // the latest ones matter most
		}
		byColumn[c] = list
		tallest = max(tallest, len(list))
	}
	v.Height = tallest*rowStep + 20
	for c := least; c <= depthMost; c++ {
		list := byColumn[c]
		if len(list) > 0 {
			v.Width = (c-least)*columnStep + nodeWidth + 20
		}
		top := 10 + (tallest-len(list))*rowStep/2
		for i, doc := range list {
			v.Nodes = append(v.Nodes, Node{Document: doc, Now: now[doc.ID], URL: doc.URL, X: 10 + (c-least)*columnStep, Y: top + i*rowStep, Column: c, Centre: doc.ID == v.Document.ID})
		}
	}
}

// join draws the lines between what was placed.
func (v *Drawing) join(relations []Relation) {
	at := make(map[string]*Node, len(v.Nodes))
	for i := range v.Nodes {
		at[v.Nodes[i].Document.ID] = &v.Nodes[i]
	}
	for _, r := range relations {
		a, b := at[r.From], at[r.To]
		if a == nil || b == nil || a == b {
			continue
		}
		if n := len(v.Edges); n > 0 && v.Edges[n-1].From == r.From && v.Edges[n-1].To == r.To && v.Edges[n-1].Kind == r.Kind {
			v.Edges[n-1].N++
			continue
		}
		e := Edge{From: r.From, To: r.To, Kind: r.Kind, N: 1, X1: a.X, Y1: a.Y + nodeHeight/2, X2: b.X + nodeWidth, Y2: b.Y + nodeHeight/2}
		switch {
		case a.Column < b.Column:
			e.X1, e.X2 = a.X+nodeWidth, b.X
		case a.Column == b.Column:
			e.X1, e.X2, e.Bow = a.X+nodeWidth, b.X+nodeWidth, 40
		}
		if abs(a.Column-b.Column) > 1 { // below what stands in between
			e.Under = max(e.Y1, e.Y2) + rowStep
			v.Height = max(v.Height, e.Under+10)
		}
		v.Edges = append(v.Edges, e)
	}
}
