package scans

import (
	"bytes"
	"context"
	"image"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// Open opens an original with a reason, for whoever the vault lets; the ticket
// that it gives opens its pages for a while.
func (d *Desk) Open(ctx context.Context, who org.Actor, fileID string, scan int64, reason string) (ticket string, err error) {
	return d.open(ctx, who, fileID, itemOf(scan), reason)
}

// OpenCopy is Open for a copy that waits to be released.
func (d *Desk) OpenCopy(ctx context.Context, who org.Actor, fileID string, number int64, reason string) (ticket string, err error) {
	return d.open(ctx, who, fileID, Copy{Number: number}.item(), reason)
}

func (d *Desk) open(ctx context.Context, who org.Actor, fileID, item, reason string) (ticket string, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := d.Council(ctx, tx, who, fileID)
		return err
	})
	if err != nil && fault.KindOf(err) != fault.Missing {
		return "", err
	}
	// Whoever asks, the vault decides and keeps it: also of those who may not know.
	s, err := d.Show(ctx, who, vault.Ask{Compartment: fileID, Items: []string{item}, Reason: reason})
	return s.Ticket, err
}

// opened is what a ticket opens: one scan, or one copy.
type opened struct {
	*Original
	bytes []byte
	until time.Time
}

// again opens with a ticket what it was given for, and nothing else.
func (d *Desk) again(ctx context.Context, who org.Actor, fileID, item, ticket string) (o opened, err error) {
	s, err := d.Vault.Again(ctx, who, fileID, ticket)
	if err != nil {
		return o, err
	}
	plain, is := s.Items[item]
	if !is {
		return o, missing()
	}
	o.bytes, o.until = plain.Bytes(), s.Until
	drawn, err := d.drawWords(o.bytes)
	if err != nil {
		return o, err
	}
	o.Original, err = OpenOriginal(ctx, d.Tools, drawn)
	return o, err
}

// Look is one page of an original before the person who chooses what has to go.
//
// vi: -
type Look struct {
	FileID, Ticket string
	Scan           int64
	Page, Pages    int
	Until          time.Time
	Areas          []PageArea // of all pages
	Maker          bool       // may make a copy; who came by an emergency opening may look only
}

// Look loads it.
func (d *Desk) Look(ctx context.Context, who org.Actor, fileID string, scan int64, ticket string, page int) (l Look, err error) {
	done, err := d.draw(ctx)
	if err != nil {
		return l, err
	}
	defer done()
	o, err := d.again(ctx, who, fileID, itemOf(scan), ticket)
	if err != nil {
		return l, err
	}
	l = Look{FileID: fileID, Ticket: ticket, Scan: scan, Page: min(max(page, 1), o.Pages), Pages: o.Pages, Until: o.until}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := d.Vault.Access(ctx, tx, who, fileID)
		if err != nil {
			return err
		}
		l.Maker = a.Reader
		l.Areas, err = areasFor(ctx, tx, fileID, scan, who.PersonID)
		return err
	})
	return l, err
}

// Style is how a page is drawn.
//
// vi: -
type Style string

// The styles.
const (
	Bare   Style = ""       // as it is
	Ruler  Style = "ruler"  // with lines in percent
	Hidden Style = "hidden" // with the chosen areas black
)

// Picture draws a page of an original as a JPEG.
func (d *Desk) Picture(ctx context.Context, who org.Actor, fileID string, scan int64, ticket string, page int, as Style) ([]byte, error) {
	return d.picture(ctx, who, fileID, itemOf(scan), ticket, page, func(p image.Image) (image.Image, error) {
		switch as {
		case Ruler:
			return Ruled(p), nil
		case Hidden:
			var all []PageArea
			err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
				all, err = areasFor(ctx, tx, fileID, scan, who.PersonID)
				return err
			})
			return Hide(p, byPage(all)[page]), err
		}
		return Hide(p, nil), nil
	})
}

// CopyPicture draws a page of a copy that waits, as a JPEG.
func (d *Desk) CopyPicture(ctx context.Context, who org.Actor, fileID string, number int64, ticket string, page int) ([]byte, error) {
	return d.picture(ctx, who, fileID, Copy{Number: number}.item(), ticket, page, func(p image.Image) (image.Image, error) { return p, nil })
}

func (d *Desk) picture(ctx context.Context, who org.Actor, fileID, item, ticket string, page int, finish func(image.Image) (image.Image, error)) ([]byte, error) {
	done, err := d.draw(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	o, err := d.again(ctx, who, fileID, item, ticket)
	if err != nil {
		return nil, err
	}
	p, err := o.Page(ctx, page)
	if err != nil {
		return nil, err
	}
	if p, err = finish(p); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = WritePicture(&out, p)
	return out.Bytes(), err
}
