package reminders

import (
	"cmp"
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
)

// owing lists what a body owes, one matter a petition, with the transfer letter
// and the last reminder of each.
func (d *Desk) owing(ctx context.Context, tx *db.Tx, o owed) ([]Matter, error) {
	if o.ids != nil && len(o.ids) == 0 {
		return nil, nil
	}
	if o.soon.IsZero() {
		o.soon = o.today.AddDays(d.rules.ladderOn(o.today).SoonDays)
	}
	if o.limit == 0 {
		o.limit = 2 * lettersMatters // a petition may come twice
	}
	found, err := owedMatters(ctx, tx, o)
	if err != nil {
		return nil, err
	}
	var all []Matter
	seen, ids := map[string]bool{}, []string{}
	for _, m := range found {
		if seen[m.PetitionID] {
			continue
		}
		m.LateDays = lateBy(m.Due, o.today)
		seen[m.PetitionID] = true
		all, ids = append(all, m), append(ids, m.PetitionID)
	}
	told, err := stories(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	named, err := lastNamed(ctx, tx, ids)
	for i := range all {
		all[i].Earlier = named[all[i].PetitionID]
		for _, s := range told[all[i].PetitionID].Sent {
			if s.ToBodyID == o.bodyID {
				all[i].Transfer = s.Symbol
			}
		}
	}
	return all, err
}

// Owing is what one body owes, with the letters to it.
//
// vi: tình hình nợ trả lời của một cơ quan
type Owing struct {
	BodyID   string
	Body     string
	Overdue  int64
	Soon     int64
	Broken   int64
	Oldest   clock.Date // the first date missed; none when nothing is overdue
	Letters  int        // since the body last owed nothing
	Last     Letter     // of them; the zero letter when none
	Draft    string     // id of the draft; empty when none
	Proposal Proposal
}

// Board is what all bodies owe a council, the one that owes most first.
//
// vi: bảng theo dõi đôn đốc
type Board struct {
	Today     clock.Date
	Bodies    []Owing
	Signs     bool   // the reader is one who signs
	ToSign    int    // drafts that wait for the reader's signature
	Source    string // of the ladder
	SourceEn  string
	Confirmed bool
}

// Board counts what the bodies owe the person's council.
func (d *Desk) Board(ctx context.Context, who org.Actor) (b Board, err error) {
	if !ofOffice(who, org.Clerk, org.Head) && !ofStanding(who) {
		return b, fault.New(fault.Missing, "web.fault_missing")
	}
	today := clock.Today(d.Clock)
	l := d.rules.ladderOn(today)
	b.Today, b.Source, b.SourceEn, b.Confirmed = today, l.Source, l.SourceEn, l.Confirmed
	owed, err := d.owedAll(ctx, who.CouncilID, today, today.AddDays(l.SoonDays))
	if err != nil {
		return b, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		offices, err := officesOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		letters, err := openLetters(ctx, tx, offices)
		if err != nil {
			return err
		}
		b.Bodies = boarded(l, today, owed, letters)
		if b.Signs = maySign.Allows(who); b.Signs {
			b.ToSign = d.waitFor(letters, who, today)
		}
		return b.name(ctx, tx)
	})
	return b, err
}

// owedAll is what was counted of all bodies of a council.
type owedAll struct {
	open   []standing
	broken []brokenRow
}

// owedAll counts once for all who look at the board between two acts.
func (d *Desk) owedAll(ctx context.Context, councilID string, today, soon clock.Date) (owedAll, error) {
	return d.boards.Get(ctx, live.Acts(councilID), councilID+today.String(), func(ctx context.Context) (o owedAll, err error) {
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			if o.open, err = standings(ctx, tx, councilID, today, soon); err != nil {
				return err
			}
			o.broken, err = brokenBy(ctx, tx, councilID)
			return err
		})
		return o, err
	})
}

func officesOf(ctx context.Context, tx *db.Tx, councilID string) ([]string, error) {
	all, err := org.BodiesOf(ctx, tx, councilID, org.Office)
	ids := make([]string, len(all))
	for i, b := range all {
		ids[i] = b.ID
	}
	return ids, err
}

// boarded puts together what was counted about each body.
func boarded(l ladder, today clock.Date, owed owedAll, letters []Letter) []Owing {
	all := map[string]*Owing{}
	at := func(id string) *Owing {
		if all[id] == nil {
			all[id] = &Owing{BodyID: id}
		}
		return all[id]
	}
	older := func(o *Owing, due clock.Date) {
		if due.Before(today) && !due.IsZero() && (o.Oldest.IsZero() || due.Before(o.Oldest)) {
			o.Oldest = due
		}
	}
	for _, s := range owed.open {
		o := at(s.BodyID)
		o.Overdue, o.Soon = s.Overdue, s.Soon
		older(o, s.Oldest)
	}
	for _, r := range owed.broken {
		o := at(r.BodyID)
		o.Broken = r.N
		older(o, r.Oldest)
	}
	history := map[string][]sent{}
	for _, letter := range letters { // oldest first
		o := at(letter.BodyID)
		if letter.State == Draft {
			o.Draft = letter.ID
			continue
		}
		o.Last = letter
		o.Letters++
		history[letter.BodyID] = append(history[letter.BodyID], sent{letter.Rung, letter.SignedOn, letter.Symbol})
	}
	list := make([]Owing, 0, len(all))
	for id, o := range all {
		o.Proposal = l.propose(history[id], lateBy(o.Oldest, today), today)
		list = append(list, *o)
	}
	slices.SortFunc(list, func(a, b Owing) int {
		return cmp.Or(cmp.Compare(b.Overdue+b.Broken, a.Overdue+a.Broken), cmp.Compare(b.Soon, a.Soon), cmp.Compare(a.BodyID, b.BodyID))
	})
	return list
}

func (b *Board) name(ctx context.Context, tx *db.Tx) error {
	ids := make([]string, len(b.Bodies))
	for i, o := range b.Bodies {
		ids[i] = o.BodyID
	}
	named, err := org.BodiesNamed(ctx, tx, ids)
	for i := range b.Bodies {
		b.Bodies[i].Body = named[b.Bodies[i].BodyID].Name
	}
	return err
}

// Sheet is what a clerk chooses from when a letter to a body is drawn up, or a
// draft is changed.
//
// vi: danh sách chọn để đôn đốc
type Sheet struct {
	Today    clock.Date
	Body     org.Body
	Matters  []Matter
	Proposal Proposal
	Draft    string // there is one already
	Full     bool   // the body owes more than is listed
}

// Sheet lists what a body owes the person's council.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, bodyID string) (s Sheet, err error) {
	if !ofOffice(who, org.Clerk, org.Head) {
		return s, fault.New(fault.Missing, "web.fault_missing")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s, err = d.sheet(ctx, tx, who.CouncilID, who.BodyID, bodyID)
		return err
	})
	return s, err
}

func (d *Desk) sheet(ctx context.Context, tx *db.Tx, councilID, officeID, bodyID string) (s Sheet, err error) {
	s.Today = clock.Today(d.Clock)
	if s.Body, err = org.BodyOf(ctx, tx, bodyID); err != nil || !s.Body.Kind.Answers() {
		if err == nil || fault.Is(err, "db.no_row") {
			err = fault.New(fault.Missing, "web.fault_missing")
		}
		return s, err
	}
	if s.Matters, err = d.owing(ctx, tx, owed{councilID: councilID, bodyID: bodyID, today: s.Today}); err != nil {
		return s, err
	}
	if s.Full = len(s.Matters) > lettersMatters; s.Full {
		s.Matters = s.Matters[:lettersMatters]
	}
	if s.Proposal, err = d.proposal(ctx, tx, councilID, officeID, bodyID, s.Today); err != nil {
		return s, err
	}
	s.Draft, err = draftTo(ctx, tx, officeID, bodyID)
	if fault.Is(err, "db.no_row") {
		s.Draft, err = "", nil
	}
	return s, err
}

// View is a letter as a person may read it.
//
// vi: -
type View struct {
	Letter
	Today    clock.Date
	Body, To org.Body
	Lines    []Line
	Left     []string // codes of a draft's petitions that need no letter any more
	Rung     step
	Others   []Matter // what could be added to a draft
	Proposal Proposal
}

// Line is a petition of a letter.
//
// vi: dòng kiến nghị của văn bản đôn đốc
type Line struct {
	Matter
	Waiting bool       // for the answer of the body that is pressed
	Given   clock.Date // the date the body named in reply to this letter
	Promise string     // id of that promise
}

// View shows a letter to who may know of it. Petitions that were sealed since,
// or that are no longer the reader's to see, are not in it.
func (d *Desk) View(ctx context.Context, who org.Actor, id string) (v View, err error) {
	today := clock.Today(d.Clock)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l, err := letterOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if !l.seenBy(who) {
			return noLetter()
		}
		v = View{Letter: l, Today: today, Rung: d.rules.ladderOn(today).Rungs[l.Rung-1]}
		named, err := org.BodiesNamed(ctx, tx, []string{l.BodyID, l.ToBodyID})
		if err != nil {
			return err
		}
		v.Body, v.To = named[l.BodyID], named[l.ToBodyID]
		chosen, err := linesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if l.State == Draft {
			return d.viewDraft(ctx, tx, &v, chosen)
		}
		return v.read(ctx, tx, who, chosen)
	})
	return v, err
}

func (d *Desk) viewDraft(ctx context.Context, tx *db.Tx, v *View, chosen []line) error {
	lines, left, err := d.parted(ctx, tx, v.Letter, chosen, v.Today)
	if err != nil {
		return err
	}
	v.Left = left
	for _, m := range lines {
		v.Lines = append(v.Lines, Line{Matter: m})
	}
	s, err := d.sheet(ctx, tx, v.CouncilID, v.OfficeID, v.BodyID)
	v.Proposal = s.Proposal
	for _, m := range s.Matters {
		if !slices.ContainsFunc(lines, func(have Matter) bool { return have.PetitionID == m.PetitionID }) {
			v.Others = append(v.Others, m)
		}
	}
	return err
}

// read fills in the lines of a signed letter.
func (v *View) read(ctx context.Context, tx *db.Tx, who org.Actor, chosen []line) error {
	given, err := promisedTo(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	for _, c := range chosen {
		if c.Sealed || ofBody(who, org.BodyClerk, org.BodyHead) && c.HolderID != who.BodyID && v.ToBodyID != who.BodyID {
			continue
		}
		l := Line{Matter: Matter{PetitionID: c.PetitionID, Code: c.Code, Title: c.Title, Ward: c.Ward, Due: c.Due, LateDays: c.LateDays, Transfer: c.Transfer, Earlier: c.Earlier}}
		l.Waiting = c.HolderID == v.BodyID && slices.Contains([]string{"forwarded", "accepted"}, c.State)
		for _, p := range given {
			if p.PetitionID == c.PetitionID {
				l.Given, l.Promise = p.Due, p.ID
			}
		}
		v.Lines = append(v.Lines, l)
	}
	return nil
}

// Of lists the letters that named a petition, for those who have a side in it:
// the owner, the answering body, the committee that examines it and the Standing
// Committee. Others get none.
func (d *Desk) Of(ctx context.Context, tx *db.Tx, who org.Actor, c *cases.Case) ([]Named, error) {
	if c.Sealed || !c.CanSee(who) || len(c.Stands(who)) == 0 {
		return nil, nil
	}
	all, err := namedIn(ctx, tx, c.ID)
	for i, n := range all {
		l := Letter{CouncilID: c.CouncilID, BodyID: n.BodyID, ToBodyID: n.ToBodyID, State: Signed}
		if l.seenBy(who) {
			all[i].URL = letterPath + n.LetterID
		}
	}
	return all, err
}
