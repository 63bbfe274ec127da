package shares

import (
	"context"
	"io"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	home         = "/petition-shares"
	disputesHome = "/petition-disputes"
)

// Of lists the parts of a petition's round, the first asked first; of all rounds
// when round is 0.
func Of(ctx context.Context, tx *db.Tx, petitionID string, round int) ([]Part, error) {
	all, err := sharesOf(ctx, tx, petitionID, round)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, len(all))
	for i, s := range all {
		parts[i].Share = s
	}
	return parts, complete(ctx, tx, parts)
}

// CardView is what the page of a petition shows of its parts.
//
// vi: -
type CardView struct {
	PetitionID string
	Parts      []Part // the newest round first
	Round      int
	MayAsk     bool
	Dispute    *Dispute  // undecided; for the office and the standing committee
	MayDecide  bool      // it
	Decision   *Decision // the one that binds
	Today      clock.Date
}

// Shown reports whether there is anything to show.
func (v CardView) Shown() bool {
	return v.MayAsk || len(v.Parts) > 0 || v.Dispute != nil || v.Decision != nil
}

// Current are the parts of the round that runs.
func (v CardView) Current() []Part {
	return slices.DeleteFunc(slices.Clone(v.Parts), func(p Part) bool { return p.Round != v.Round })
}

// CardOf loads the parts of a petition for a person on one of its sides. Others,
// deputies among them, get an empty card: what bodies write to each other is
// theirs until the lead has answered.
func (d *Desk) CardOf(ctx context.Context, tx *db.Tx, who org.Actor, c *cases.Case) (CardView, error) {
	v := CardView{PetitionID: c.ID, Round: c.Round, Today: clock.Today(d.Clock)}
	if !sides(c, who) || c.Sealed {
		return v, nil
	}
	var err error
	if v.Parts, err = Of(ctx, tx, c.ID, 0); err != nil {
		return v, err
	}
	slices.SortStableFunc(v.Parts, func(a, b Part) int { return b.Round - a.Round })
	v.MayAsk = shareable(c) && leads(c, who)
	x, err := lastDispute(ctx, tx, c.ID)
	if fault.Is(err, "db.no_row") {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	switch x.State {
	case Undecided:
		if at := c.Stands(who); slices.Contains(at, cases.Owner) || slices.Contains(at, cases.Standing) {
			v.Dispute, v.MayDecide = &x, decides(c, who)
		}
	case Decided:
		body, err := org.BodyOf(ctx, tx, x.BodyID)
		if err != nil {
			return v, err
		}
		k := x.decision(body.Name)
		v.Decision = &k
	}
	return v, nil
}

// Sheet is one part as a person may see it.
//
// vi: -
type Sheet struct {
	Part
	Code      string
	Words     Words
	Papers    []documents.Paper
	Officer   string
	Officers  []org.Holder // to assign to
	Window    Window       // to ask again in
	OnSide    bool         // may open the petition itself
	MayAnswer bool
	MayAssign bool
	MayEnd    bool // withdraw
	MayAgain  bool // give back
	Today     clock.Date
}

// Sheet loads one part for a person.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (v Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p, c, err := d.part(ctx, tx, who, id)
		if err != nil {
			return err
		}
		v = Sheet{Part: p, Code: c.Code, OnSide: sides(c, who), Today: clock.Today(d.Clock)}
		v.may(c, who)
		if v.OnSide || !p.gone() {
			words, err := d.Words(ctx, tx, []string{p.PetitionID})
			if err != nil {
				return err
			}
			v.Words = words[p.PetitionID]
		}
		if v.Share.Papers.V != nil {
			if v.Papers, err = d.papers(ctx, tx, p.Share); err != nil {
				return err
			}
		}
		if v.MayAssign {
			if v.Officers, err = org.Holders(ctx, tx, p.BodyID, v.Today); err != nil {
				return err
			}
		}
		if v.MayAgain {
			if v.Window, err = d.window(ctx, tx, c, v.Today); err != nil {
				return err
			}
		}
		v.Officer, err = officer(ctx, tx, p.AssigneeID)
		return err
	})
	return v, err
}

// may says what the person could do with the part as it stands.
func (v *Sheet) may(c *cases.Case, who org.Actor) {
	own, lead := v.has(who) && !c.Sealed, leads(c, who)
	v.MayAnswer = own && v.Open && mayAnswer.Allows(who)
	v.MayAssign = own && v.Open && mayAssign.Allows(who)
	v.MayEnd = lead && v.Open
	v.MayAgain = lead && v.in([]State{Answered, Declined}) && v.fits(c)
}

func officer(ctx context.Context, tx *db.Tx, postID string) (string, error) {
	if postID == "" {
		return "", nil
	}
	post, err := org.PostOf(ctx, tx, postID)
	if err != nil {
		return "", err
	}
	person, err := org.PersonOf(ctx, tx, post.PersonID)
	return person.Name + ", " + post.Title, err
}

// papers are the evidence of a part.
func (d *Desk) papers(ctx context.Context, tx *db.Tx, s Share) ([]documents.Paper, error) {
	if len(s.Papers.V) == 0 {
		return nil, nil
	}
	all, err := d.Documents.List(ctx, tx, documents.Subject{Kind: "petition", ID: s.PetitionID})
	return slices.DeleteFunc(all, func(p documents.Paper) bool { return p.BodyID != s.BodyID || !slices.Contains(s.Papers.V, p.Hash) }), err
}

// Paper opens one paper of a part for a person.
func (d *Desk) Paper(ctx context.Context, who org.Actor, id, paperID string) (paper documents.Paper, bytes io.ReadCloser, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p, _, err := d.part(ctx, tx, who, id)
		if err != nil {
			return err
		}
		all, err := d.papers(ctx, tx, p.Share)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(f documents.Paper) bool { return f.ID == paperID })
		if i < 0 {
			return fault.New(fault.Missing, "documents.no_paper")
		}
		paper = all[i]
		return nil
	})
	if err != nil {
		return paper, nil, err
	}
	bytes, err = d.Documents.Open(ctx, paper)
	return paper, bytes, err
}

// Draft is what a form for asking chooses from.
//
// vi: -
type Draft struct {
	Case   cases.Case
	Words  Words
	Bodies []org.Body // that may be asked now
	Window Window
	Today  clock.Date
}

// Draft loads the form for asking about a petition.
func (d *Desk) Draft(ctx context.Context, who org.Actor, petitionID string) (v Draft, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := d.Cases.Case(ctx, tx, who, petitionID)
		if err != nil {
			return err
		}
		switch {
		case !leads(c, who):
			return fault.New(fault.Forbidden, "shares.not_yours")
		case !shareable(c):
			return fault.New(fault.Refused, "shares.not_now")
		}
		v = Draft{Case: *c, Today: clock.Today(d.Clock)}
		words, err := d.Words(ctx, tx, []string{c.ID})
		if err != nil {
			return err
		}
		v.Words = words[c.ID]
		if v.Window, err = d.window(ctx, tx, c, v.Today); err != nil {
			return err
		}
		busy, err := openBodies(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		v.Bodies, err = d.Bodies(ctx, tx, c.CouncilID, v.Today)
		v.Bodies = slices.DeleteFunc(v.Bodies, func(b org.Body) bool {
			return b.ID == c.HolderBodyID || slices.Contains(busy, b.ID) || !b.Kind.Answers() || !b.Open(v.Today)
		})
		return err
	})
	return v, err
}

// Line is a row of a body's list.
//
// vi: -
type Line struct {
	Share
	Code, Lead, Text string
}

// Filter says which requests a body's list shows.
//
// vi: -
type Filter struct {
	Tab   string     // "" those that wait, "answered", "all"
	Late  bool       // of those that wait
	Until clock.Date // due up to
	After string     // the key of the last row of the page before
}

// Listed is one page of a body's list.
//
// vi: -
type Listed struct {
	Filter
	Lines []Line
	Next  string // the key of the following page
	Today clock.Date
}

// listRows is how many requests a page shows.
const listRows = 50

// reachOf is what of the requests is a person's own; false for those who are in
// no answering body.
func reachOf(who org.Actor) (reach, bool) {
	r := reach{bodyID: who.BodyID}
	if !who.BodyKind.Answers() || !mayAnswer.Allows(who) {
		return r, false
	}
	if !who.Has(org.BodyHead) && !who.Has(org.BodyClerk) {
		r.postID = who.PostID
	}
	return r, true
}

// List gives one page of what a person's body was asked.
func (d *Desk) List(ctx context.Context, who org.Actor, f Filter) (l Listed, err error) {
	l = Listed{Filter: f, Today: clock.Today(d.Clock)}
	r, ok := reachOf(who)
	if !ok {
		return l, nil
	}
	r.until, r.after, r.limit = f.Until, f.After, listRows+1
	switch f.Tab {
	case "":
		r.open = true
		if f.Late {
			r.before = l.Today
		}
	case "answered":
		r.states = []State{Answered, Declined}
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l.Lines, l.Next = nil, ""
		rows, err := listed(ctx, tx, r)
		if err != nil {
			return err
		}
		if len(rows) > listRows {
			rows = rows[:listRows]
			l.Next = rows[listRows-1].place()
		}
		ids := make([]string, len(rows))
		for i, one := range rows {
			ids[i] = one.PetitionID
		}
		words, err := d.Words(ctx, tx, ids)
		for _, one := range rows {
			line := Line{Share: one.Share, Code: one.Code, Lead: one.Lead}
			if !one.gone() {
				line.Text = words[one.PetitionID].Text
			}
			l.Lines = append(l.Lines, line)
		}
		return err
	})
	return l, err
}

// place writes a row's place for the address of the next page.
func (s Share) place() string { return s.Due.String() + "." + s.ID }

// placeOf reads what place wrote; nonsense is the beginning.
func placeOf(key string) (due clock.Date, id string, ok bool) {
	day, id, _ := strings.Cut(key, ".")
	due, err := clock.ParseDate(day)
	return due, id, err == nil && id != ""
}

// Waiting counts what waits for a person, for the menu.
func (d *Desk) Waiting(ctx context.Context, who org.Actor) (n int, err error) {
	r, ok := reachOf(who)
	if !ok {
		return 0, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = countOpen(ctx, tx, r)
		return err
	})
	return n, err
}
