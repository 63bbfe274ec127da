package watchlist

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const pageRows = 50

// Counted is a list with how many letters it has.
//
// vi: -
type Counted struct {
	List
	Letters int64
}

// Lists gives one page of the council's lists.
func (d *Desk) Lists(ctx context.Context, who org.Actor, before string) (all []Counted, next string, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, next = nil, ""
		rows, err := listsOf(ctx, tx, who.CouncilID, before, pageRows+1)
		if err != nil {
			return err
		}
		if len(rows) > pageRows {
			rows = rows[:pageRows]
			next = rows[pageRows-1].ID
		}
		ids := make([]string, len(rows))
		for i, l := range rows {
			ids[i] = l.ID
		}
		n, err := sizes(ctx, tx, ids)
		for _, l := range rows {
			all = append(all, Counted{l, n[l.ID]})
		}
		return err
	})
	return all, next, err
}

// Line is a letter on a list, as it stands.
//
// vi: -
type Line struct {
	Entry
	Letter Letter
}

// Tally counts the letters of one body.
//
// vi: số đơn theo cơ quan
type Tally struct {
	Body  string // empty: none yet
	All   int64
	Late  int64
	Count map[Progress]int64
}

// Sheet is one list with its letters.
//
// vi: -
type Sheet struct {
	List
	Lines    []Line
	Bodies   []Tally // the most letters first
	States   map[Progress]int64
	MayKeep  bool
	MayClose bool
}

// Sheet loads one list for a person.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (v Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v = Sheet{}
		if v.List, err = d.list(ctx, tx, who, id); err != nil {
			return err
		}
		v.MayKeep, v.MayClose = v.open() && mayKeep.Allows(who), v.open() && mayClose.Allows(who)
		v.Lines, err = d.lines(ctx, tx, id)
		v.tally()
		return err
	})
	return v, err
}

func (d *Desk) list(ctx context.Context, tx *db.Tx, who org.Actor, id string) (List, error) {
	l, err := listOf(ctx, tx, id)
	if err == nil && !l.seenBy(who) {
		err = noList()
	}
	return l, err
}

func (d *Desk) lines(ctx context.Context, tx *db.Tx, id string) ([]Line, error) {
	entries, err := entriesOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.LetterID
	}
	letters, err := d.Letters(ctx, tx, ids)
	var all []Line
	for _, e := range entries {
		if l, ok := letters[e.LetterID]; ok && !l.Sealed {
			all = append(all, Line{e, l})
		}
	}
	return all, err
}

// tally counts by body and by how far the supervision is.
func (v *Sheet) tally() {
	v.States = map[Progress]int64{}
	at := map[string]int{}
	for _, l := range v.Lines {
		i, ok := at[l.Letter.Body]
		if !ok {
			i = len(v.Bodies)
			at[l.Letter.Body] = i
			v.Bodies = append(v.Bodies, Tally{Body: l.Letter.Body, Count: map[Progress]int64{}})
		}
		p := l.progress()
		v.States[p]++
		v.Bodies[i].All++
		v.Bodies[i].Count[p]++
		if l.Letter.Late {
			v.Bodies[i].Late++
		}
	}
	slices.SortStableFunc(v.Bodies, func(a, b Tally) int { return int(b.All - a.All) })
}

// Found is one page of letters that a filter finds, for putting on a list.
//
// vi: -
type Found struct {
	List    List
	Rows    []Letter
	On      map[string]bool // is on the list
	Next    string
	Choices Choices
}

// FindFor looks for letters of the book that a list might take.
func (d *Desk) FindFor(ctx context.Context, who org.Actor, id string, f Filter, before string) (v Found, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v = Found{On: map[string]bool{}}
		if v.List, err = d.list(ctx, tx, who, id); err != nil {
			return err
		}
		if !v.List.open() {
			return fault.New(fault.Refused, "watchlist.is_closed")
		}
		if v.Choices, err = d.Choices(ctx, tx, who); err != nil {
			return err
		}
		if v.Rows, err = d.Find(ctx, tx, who, f, before, pageRows+1); err != nil {
			return err
		}
		if len(v.Rows) > pageRows {
			v.Rows = v.Rows[:pageRows]
			v.Next = v.Rows[pageRows-1].ID
		}
		entries, err := entriesOf(ctx, tx, id)
		for _, e := range entries {
			v.On[e.LetterID] = true
		}
		return err
	})
	return v, err
}

// Watched is one letter on one list.
//
// vi: -
type Watched struct {
	Line
	List    List
	MayKeep bool
}

// Watched loads one letter of a list.
func (d *Desk) Watched(ctx context.Context, who org.Actor, id, letterID string) (v Watched, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if v.List, err = d.list(ctx, tx, who, id); err != nil {
			return err
		}
		if v.Entry, err = entryOf(ctx, tx, id, letterID); err != nil {
			return err
		}
		letters, err := d.Letters(ctx, tx, []string{letterID})
		v.Letter = letters[letterID]
		v.MayKeep = v.List.open() && mayKeep.Allows(who)
		if err == nil && (v.Letter.ID == "" || v.Letter.Sealed) {
			err = noEntry()
		}
		return err
	})
	return v, err
}

// Watching is a letter of the book and the lists that it may be put on.
//
// vi: -
type Watching struct {
	Letter Letter
	Lists  []List // open ones
	On     []string
}

// Watching loads a letter for being put on a list. Of a denunciation it says why
// it is not.
func (d *Desk) Watching(ctx context.Context, who org.Actor, letterID string) (v Watching, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		letters, err := d.Letters(ctx, tx, []string{letterID})
		if err != nil {
			return err
		}
		v.Letter = letters[letterID]
		switch {
		case v.Letter.ID == "" || v.Letter.CouncilID != who.CouncilID:
			return fault.New(fault.Missing, "watchlist.no_letter")
		case v.Letter.Sealed:
			return denunciation()
		}
		if v.Lists, err = openLists(ctx, tx, who.CouncilID, pageRows); err != nil {
			return err
		}
		v.On, err = listing(ctx, tx, letterID)
		return err
	})
	return v, err
}
