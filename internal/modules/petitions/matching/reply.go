package matching

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Asked is a petition that waits for a body's answer.
//
// vi: -
type Asked struct {
	ID     string
	Code   string
	Title  string
	Text   string
	Unit   string
	At     time.Time
	Points []Point // what must be answered; none: the whole text
}

// Point is one thing asked for.
//
// vi: -
type Point struct {
	Number int
	Text   string
}

// Part answers one point.
//
// vi: -
type Part struct {
	Number   int // of the point
	Reply    string
	Outcome  string
	Promised clock.Date // the date the body commits itself to, if any
}

// Answer is what petitions' verb is handed for one petition.
//
// vi: -
type Answer struct {
	Parts    []Part
	Document string            // number, symbol and date of the letter
	Evidence []documents.Draft // the letter itself
}

// Letter is a reply letter that was taken apart and waits to be confirmed.
//
// vi: văn bản trả lời nhiều kiến nghị
type Letter struct {
	ID       string                     `db:"id"`
	BodyID   string                     `db:"body_id"`
	PersonID string                     `db:"person_id"`
	Document string                     `db:"document"`
	Text     string                     `db:"text"`
	Files    db.JSON[[]documents.Draft] `db:"files"`
	At       db.Time                    `db:"at"`
}

// letterAge is how long a letter waits: shorter than the day after which
// documents sweeps files that no paper names.
const letterAge = 12 * time.Hour

const (
	documentMax   = 200 // characters
	letterTextMin = 30
)

// TakeLetter keeps a reply letter: its file, whose text is read, or its text as
// pasted. A scan without text is refused with a sentence.
func (d *Desk) TakeLetter(ctx context.Context, who org.Actor, document, pasted string, files []documents.Draft) (id string, err error) {
	document, pasted = text.Line(document), text.Clean(pasted)
	if document == "" {
		return "", fault.New(fault.Invalid, "matching.document_empty").At("document")
	}
	if utf8.RuneCountInString(document) > documentMax {
		return "", fault.New(fault.Invalid, "matching.document_long", "max", documentMax).At("document")
	}
	if pasted == "" {
		if len(files) == 0 {
			return "", fault.New(fault.Invalid, "matching.letter_empty").At("text")
		}
		if pasted, err = d.Read(ctx, files[0]); err != nil {
			return "", err
		}
		if pasted = text.Clean(pasted); utf8.RuneCountInString(pasted) < letterTextMin {
			return "", fault.New(fault.Invalid, "matching.letter_scan", "name", files[0].Name).At("files")
		}
	}
	switch n := utf8.RuneCountInString(pasted); {
	case n < letterTextMin:
		return "", fault.New(fault.Invalid, "matching.letter_empty").At("text")
	case n > letterMax:
		return "", fault.New(fault.Invalid, "matching.letter_long", "max", text.Number(text.Vi, letterMax)).At("text")
	}
	now := d.Clock.Now()
	l := Letter{ID: db.NewID(now), BodyID: who.BodyID, PersonID: who.PersonID, Document: document, Text: pasted, Files: db.JSON[[]documents.Draft]{V: files}, At: db.At(now)}
	return l.ID, d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := dropLetters(ctx, tx, db.At(now.Add(-letterAge))); err != nil {
			return err
		}
		return insertLetter(ctx, tx, l)
	})
}

// onlyOwn is whose letters a person may read: the head and the contact of a body
// all of it, a handling officer what they handed in themselves, since a letter
// speaks of petitions that were assigned to others.
func onlyOwn(who org.Actor) string {
	if who.Has(org.BodyHead) || who.Has(org.BodyClerk) {
		return ""
	}
	return who.PersonID
}

// Letters lists the letters of a person's body that wait for confirmation, the
// newest first, without their text.
func (d *Desk) Letters(ctx context.Context, who org.Actor) (all []Letter, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = lettersOf(ctx, tx, who.BodyID, onlyOwn(who))
		return err
	})
	since := d.Clock.Now().Add(-letterAge)
	return slices.DeleteFunc(all, func(l Letter) bool { return l.At.Before(since) }), err
}

// DropLettersKind is the job that forgets old letters each night.
const DropLettersKind = "petitions.drop_letters"

// DropLetters forgets the letters that were not confirmed in time.
func (d *Desk) DropLetters(ctx context.Context, _ jobs.Work) error {
	before := db.At(d.Clock.Now().Add(-letterAge))
	return d.DB.Tx(ctx, func(tx *db.Tx) error { return dropLetters(ctx, tx, before) })
}

// letter loads a letter of the person's own body, as far as it is theirs to read.
func (d *Desk) letter(ctx context.Context, who org.Actor, id string) (l Letter, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l, err = letterOf(ctx, tx, id, who.BodyID, onlyOwn(who))
		return err
	})
	if fault.Is(err, "db.no_row") || err == nil && l.At.Before(d.Clock.Now().Add(-letterAge)) {
		return Letter{}, over()
	}
	return l, err
}

// Proposal is a letter with the pairs of petition and passage that it seems to hold.
//
// vi: -
type Proposal struct {
	Letter   Letter
	Layout   Layout
	Passages []Passage
	Pairs    []Pair // one for each point of each waiting petition
	Cut      bool   // more petitions wait than are shown
}

// Pair proposes which passage answers a point.
//
// vi: -
type Pair struct {
	Asked    Asked
	Point    Point
	Passage  int // index; -1 when none fits
	Score    float64
	Outcome  string // as the words of the passage let it seem
	Promised clock.Date
}

// Fits reports whether the pair is worth being ticked beforehand.
func (p Pair) Fits() bool { return p.Passage >= 0 && p.Score >= PairLeast }

// PairLeast is the score from which a passage is proposed for a petition, chosen
// on the letters of testdata.
const PairLeast = 0.35

// pairsMax bounds the petitions on one page.
const pairsMax = 100

// Propose takes a letter apart and pairs its passages with what waits for the
// body, the surest pairs first. Nothing is answered by it.
func (d *Desk) Propose(ctx context.Context, who org.Actor, id string) (p Proposal, err error) {
	if p.Letter, err = d.letter(ctx, who, id); err != nil {
		return p, err
	}
	waiting, err := d.Waiting(ctx, who)
	if err != nil {
		return p, err
	}
	p.Layout, p.Passages = Split(p.Letter.Text)
	p.Pairs = pairUp(waiting, p.Passages)
	today := clock.Today(d.Clock)
	for i := range p.Pairs {
		if at := p.Pairs[i].Passage; at >= 0 {
			p.Pairs[i].Outcome, p.Pairs[i].Promised = d.outcomeOf(p.Passages[at].Reply, today)
		}
	}
	p.sort()
	return p, nil
}

// sort puts the petitions with the surest pairs first and keeps the points of
// one together.
func (p *Proposal) sort() {
	best := map[string]float64{}
	for _, q := range p.Pairs {
		if q.Passage >= 0 {
			best[q.Asked.ID] = max(best[q.Asked.ID], q.Score)
		}
	}
	slices.SortStableFunc(p.Pairs, func(a, b Pair) int {
		if c := compare(best[b.Asked.ID], best[a.Asked.ID]); c != 0 || a.Asked.ID == b.Asked.ID {
			return c
		}
		return a.Asked.At.Compare(b.Asked.At)
	})
	seen := map[string]bool{}
	for i, q := range p.Pairs {
		if seen[q.Asked.ID] = true; len(seen) > pairsMax {
			p.Pairs, p.Cut = p.Pairs[:i], true
			return
		}
	}
}

// Confirmed is a pair, or several of one petition, that a person confirmed.
//
// vi: -
type Confirmed struct {
	PetitionID string
	Parts      []Part
}

// Told is what became of one petition.
//
// vi: -
type Told struct {
	ID, Code, Title string
	Err             error
}

// Confirm answers the petitions whose pairs a person confirmed, each by a verb
// of its own: one that is refused does not stop the others.
func (d *Desk) Confirm(ctx context.Context, who org.Actor, letterID string, all []Confirmed) ([]Told, error) {
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "matching.nothing_ticked").At("take")
	}
	l, err := d.letter(ctx, who, letterID)
	if err != nil {
		return nil, err
	}
	waiting, err := d.Waiting(ctx, who)
	if err != nil {
		return nil, err
	}
	var told []Told
	for _, c := range all {
		i := slices.IndexFunc(waiting, func(a Asked) bool { return a.ID == c.PetitionID })
		if i < 0 {
			told = append(told, Told{ID: c.PetitionID, Err: fault.New(fault.Conflict, "matching.not_waiting")})
			continue
		}
		t := Told{ID: c.PetitionID, Code: waiting[i].Code, Title: waiting[i].Title}
		t.Err = d.Answer(ctx, who, c.PetitionID, Answer{Parts: c.Parts, Document: l.Document, Evidence: l.Files.V})
		told = append(told, t)
	}
	return told, nil
}
