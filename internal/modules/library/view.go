package library

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/library/validity"
)

// Line is one document of a list with what holds of it today.
//
// vi: dòng danh sách văn bản
type Line struct {
	Document
	Council  org.Council
	Standing validity.Standing
}

// listMax is how many documents a page shows.
const listMax = 30

// lines gives documents their councils and statuses.
func lines(ctx context.Context, tx *db.Tx, docs []Document) ([]Line, error) {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	standings, err := validity.Standings(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	councils := map[string]org.Council{}
	all := make([]Line, len(docs))
	for i, d := range docs {
		c, known := councils[d.CouncilID]
		if !known {
			if c, err = org.CouncilOf(ctx, tx, d.CouncilID); err != nil {
				return nil, err
			}
			councils[d.CouncilID] = c
		}
		all[i] = Line{Document: d, Council: c, Standing: standings[d.ID]}
	}
	return all, nil
}

// Kept lists a council's documents for those who work with them, the newest first.
func (s *Service) Kept(ctx context.Context, who org.Actor, l Listing) (all []Line, next string, err error) {
	l.CouncilID = who.CouncilID
	if !mayKeep.Allows(who) && !mayPublish.Allows(who) {
		l.State = Published
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		docs, err := kept(ctx, tx, l, listMax+1)
		if err != nil {
			return err
		}
		if len(docs) > listMax {
			docs, next = docs[:listMax], docs[listMax-1].ID
		}
		seen := docs[:0]
		for _, d := range docs {
			if d.seenBy(who) {
				seen = append(seen, d)
			}
		}
		all, err = lines(ctx, tx, seen)
		return err
	})
	return all, next, err
}

// Newest lists what everybody may read, the newest publication first.
func (s *Service) Newest(ctx context.Context, l Listing, before time.Time, id string) (all []Line, more bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		docs, err := publishedBefore(ctx, tx, l, db.At(before), id, listMax+1)
		if err != nil {
			return err
		}
		if more = len(docs) > listMax; more {
			docs = docs[:listMax]
		}
		all, err = lines(ctx, tx, docs)
		return err
	})
	return all, more, err
}

// Unit is a provision with its words, for reading.
//
// vi: đơn vị văn bản trên trang đọc
type Unit struct {
	Provision
	Title string // "Điều 5. Hiệu lực thi hành"
	Text  string
	Depth int
}

// Whole is a document with all that a reader sees of it.
//
// vi: trang đọc văn bản
type Whole struct {
	Line
	Reading Reading
	Opening string // what stands before the first unit: heading, căn cứ
	Units   []Unit
	Verdict validity.Verdict
	Related validity.Related
	Keeps   bool
	Next    string // the next document to check
}

// Whole opens a document for a person.
func (s *Service) Whole(ctx context.Context, who org.Actor, id string) (v Whole, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := documentOf(ctx, tx, id)
		if err == nil && !d.seenBy(who) {
			err = noDocument()
		}
		if err != nil {
			return err
		}
		v, err = s.whole(ctx, tx, who, d)
		return err
	})
	if err != nil || v.State == Withdrawn {
		return v, err
	}
	v.Related, err = s.validity.Of(ctx, who, id, clock.Today(s.Clock))
	return v, err
}

// PublicWhole opens what stands at a permanent address, for everybody.
func (s *Service) PublicWhole(ctx context.Context, council, slug string) (Whole, error) {
	var id string
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := bySlug(ctx, tx, strings.ToLower(council)+"/"+slug)
		if err == nil && !d.open() {
			err = noDocument()
		}
		id = d.ID
		return err
	})
	if err != nil {
		return Whole{}, err
	}
	return s.Whole(ctx, org.Actor{}, id)
}

func (s *Service) whole(ctx context.Context, tx *db.Tx, who org.Actor, d Document) (v Whole, err error) {
	all, err := lines(ctx, tx, []Document{d})
	if err != nil {
		return v, err
	}
	t, err := textOf(ctx, tx, d.ID)
	if err != nil {
		return v, err
	}
	units, err := provisionsOf(ctx, tx, []string{d.ID})
	if err != nil {
		return v, err
	}
	v = Whole{Line: all[0], Reading: t.Reading.V, Keeps: d.keptBy(who)}
	opening := len(t.Body)
	if len(units) > 0 {
		opening = clamp(int(units[0].From), t.Body)
	}
	v.Opening = strings.ReplaceAll(strings.TrimSpace(t.Body[:opening]), "\f", "\n")
	depth := map[int64]int{-1: -1}
	for i, u := range units {
		depth[u.Seq] = depth[u.Parent] + 1
		title := label(ctx, u)
		if u.Level == "clause" || u.Level == "point" {
			title = u.Number
		}
		if u.Heading != "" {
			title += ". " + u.Heading
		}
		v.Units = append(v.Units, Unit{Provision: u, Title: title, Text: strings.ReplaceAll(ownText(t.Body, units, i), "\f", "\n"), Depth: depth[u.Seq]})
	}
	if d.State == Withdrawn {
		return v, nil
	}
	if v.Verdict, err = s.validity.At(ctx, tx, who, d.ID, clock.Today(s.Clock)); err != nil {
		return v, err
	}
	if v.Keeps {
		next, err := nextToCheck(ctx, tx, d.CouncilID, d.ID, 1)
		if err != nil {
			return v, err
		}
		if len(next) > 0 {
			v.Next = next[0].ID
		}
	}
	return v, nil
}

// NextToCheck is the oldest document that nobody has looked at; empty if all are.
func (s *Service) NextToCheck(ctx context.Context, who org.Actor) (id string, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		docs, err := nextToCheck(ctx, tx, who.CouncilID, "", 20)
		for _, d := range docs {
			if id == "" && d.keptBy(who) {
				id = d.ID
			}
		}
		return err
	})
	return id, err
}

// Open opens the file of a document for a person; page > 0 asks for the picture
// of that page.
func (s *Service) Open(ctx context.Context, who org.Actor, id string, page int) (p documents.Paper, r io.ReadCloser, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := documentOf(ctx, tx, id)
		if err == nil && !d.seenBy(who) {
			err = noDocument()
		}
		if err == nil {
			p, err = s.Documents.Find(ctx, tx, d.PaperID)
		}
		return err
	})
	if err != nil {
		return p, nil, err
	}
	if page <= 0 {
		r, err = s.Documents.Open(ctx, p)
		return p, r, err
	}
	b, err := s.Documents.Preview(ctx, p.Hash, page)
	if err != nil {
		return p, nil, err
	}
	if b.Hash != p.Hash {
		p.MediaType, p.Name = "image/png", p.Name+"-"+strconv.Itoa(page)+".png"
	}
	r, err = s.Documents.Blobs.Open(ctx, b.Hash)
	return p, r, err
}

// PublicOpen opens the file at a permanent address.
func (s *Service) PublicOpen(ctx context.Context, council, slug string) (p documents.Paper, r io.ReadCloser, err error) {
	var id string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := bySlug(ctx, tx, strings.ToLower(council)+"/"+slug)
		if err == nil && !d.open() {
			err = noDocument()
		}
		id = d.ID
		return err
	})
	if err != nil {
		return p, nil, err
	}
	if p, r, err = s.Open(ctx, org.Actor{}, id, 0); fault.KindOf(err) == fault.Missing {
		err = noDocument()
	}
	return p, r, err
}
