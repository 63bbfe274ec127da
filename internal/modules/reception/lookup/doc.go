// Package lookup lets a citizen see where their letter stands (tra cứu đơn): by
// the code of the receipt and the secret key printed on it, the second factor
// that was given at intake.
//
// A letter that is or may be a denunciation gives one sentence, always the same:
// its state, its dates and its letters would tell whoever finds or takes the
// receipt. What does not exist, what has another key and what belongs to nobody
// is one and the same answer, given after the same work.
//
// It owns no table: the register of letters tells it what it may show.
package lookup

import (
	"context"
	"embed"
	"io"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds the sentences.
//
//go:embed text
var Files embed.FS

// Found is what the register of letters says of one letter.
//
// vi: tình trạng đơn
type Found struct {
	Code      string
	Sealed    bool   // one neutral sentence and nothing else
	State     string // in words
	Received  clock.Date
	Due       clock.Date // of what the office owes next; none when nothing runs
	Reason    string     // why the due date is when it is, in words
	Tentative bool       // the limit was not confirmed in the law itself
	Letters   []Issued
}

// Issued is a letter that was issued to the sender.
//
// vi: văn bản gửi người có đơn
type Issued struct {
	ID     string
	Title  string // "Thông báo thụ lý"
	Symbol string // "12/TB-HĐND"
	On     clock.Date
}

// Deps is what looking up needs.
//
// vi: -
type Deps struct {
	DB *db.DB
	// Find gives the letter whose receipt bears the code and the key. A Missing
	// fault is the one answer for a wrong code and a wrong key.
	Find func(ctx context.Context, tx *db.Tx, code, key string) (Found, error)
	// Open gives the bytes of a letter that was issued to the sender.
	Open func(ctx context.Context, issuedID string) (io.ReadCloser, error)
	// Reaches refuses who may not give the letter a new key, with its reason.
	Reaches func(ctx context.Context, tx *db.Tx, who org.Actor, letterID string) error
	// NewKey draws a key, and gives the act that puts it in the old one's place.
	NewKey func() (key string, put PutKey)
}

// PutKey gives a letter another key, in one entry of the log, and its code.
//
// vi: -
type PutKey func(ctx context.Context, tx *db.Tx, who org.Actor, letterID, checked string) (code string, err error)

// Desk answers who looks up.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

// noSuchLetter is the one refusal.
func noSuchLetter() error { return fault.New(fault.Missing, "lookup.no_such_letter").At("code") }

// Look finds a letter by its code and key.
func (d *Desk) Look(ctx context.Context, code, key string) (found Found, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		found, err = d.Find(ctx, tx, code, key)
		return err
	})
	switch {
	case fault.KindOf(err) == fault.Missing:
		return Found{}, noSuchLetter()
	case err != nil:
		return Found{}, err
	case found.Sealed:
		return Found{Code: found.Code, Sealed: true}, nil
	}
	return found, nil
}

// Paper opens a letter that was issued to the sender of this letter.
func (d *Desk) Paper(ctx context.Context, code, key, issuedID string) (Issued, io.ReadCloser, error) {
	found, err := d.Look(ctx, code, key)
	if err != nil {
		return Issued{}, nil, err
	}
	for _, l := range found.Letters {
		if l.ID == issuedID {
			content, err := d.Open(ctx, l.ID)
			return l, content, err
		}
	}
	return Issued{}, nil, noSuchLetter()
}
