package delivery

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Kind is what goes along with a forwarding.
//
// vi: -
type Kind string

// The kinds.
const (
	Plain Kind = "plain" // a scan of an ordinary letter
	Copy  Kind = "copy"  // a released copy of a denunciation's scan
)

// Enclosure is a copy that goes along with a forwarding.
//
// vi: bản gửi kèm phiếu chuyển
type Enclosure struct {
	SendingID string `db:"sending_id"`
	Ordinal   int    `db:"ordinal"`
	LetterID  string `db:"letter_id"`
	Kind      Kind   `db:"kind"`
	Ref       string `db:"ref"` // the paper's id, or the copy's number
	Title     string `db:"title"`
	Pages     int    `db:"pages"`
}

// Mark is its value in the form.
func (e Enclosure) Mark() string { return string(e.Kind) + ":" + e.Ref }

// Line names it on the paper. Of a redacted copy it says no more than its number.
func (e Enclosure) Line() string {
	line := "Bản chụp “" + e.Title + "”"
	if e.Kind == Copy {
		line = "Bản quét số " + e.Ref + " đã che thông tin người tố cáo"
	}
	if e.Pages > 0 {
		line += " (" + strconv.Itoa(e.Pages) + " trang)"
	}
	return line
}

// most of one forwarding: what a form offers.
const most = 50

// Enclose ties what the signer chose to a forwarding, in the transaction that
// signs it. Only what Scans offers goes along: nothing of a sealed letter but a
// released copy.
func (d *Desk) Enclose(ctx context.Context, tx *db.Tx, sendingID, letterID string, chosen []string) ([]Enclosure, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	offered, err := d.Scans(ctx, tx, letterID)
	if err != nil {
		return nil, err
	}
	var all []Enclosure
	for _, o := range offered {
		if !slices.Contains(chosen, o.Mark()) {
			continue
		}
		o.SendingID, o.LetterID, o.Ordinal = sendingID, letterID, len(all)+1
		if err := insert(ctx, tx, o); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	wanted := slices.Compact(slices.Sorted(slices.Values(chosen)))
	if len(all) != len(wanted) {
		return nil, fault.New(fault.Invalid, "delivery.not_offered").At("enclose")
	}
	return all, nil
}

// Of lists what goes along with the forwardings of a letter.
func (d *Desk) Of(ctx context.Context, tx *db.Tx, letterID string) ([]Enclosure, error) {
	return ofLetter(ctx, tx, letterID)
}

// Drop takes back all that went along with a letter's forwardings: their names may
// tell who wrote, and it is a denunciation.
func Drop(ctx context.Context, tx *db.Tx, letterID string) error { return drop(ctx, tx, letterID) }

// Arrived tells the body that a forwarding is there, once its paper is drawn. The
// words name nothing of the letter.
func (d *Desk) Arrived(ctx context.Context, tx *db.Tx, f Forwarding) error {
	roles := []org.Role{org.BodyClerk, org.BodyHead}
	if f.Sealed {
		roles = []org.Role{org.BodyHead}
	}
	return d.Notify.Tell(ctx, tx, notify.Recipients{Body: f.BodyID, Roles: roles}, notify.Notice{Key: "delivery.notice", Args: []any{"symbol", f.Symbol, "from", f.From}, Link: home + "/" + f.ID, CouncilID: f.CouncilID})
}

// sees: those of the body that it went to; a denunciation its head alone.
func (f Forwarding) sees(who org.Actor) bool {
	return who.SignedIn() && who.BodyID == f.BodyID && f.PaperID != "" && mayReceive.Allows(who) && (!f.Sealed || who.Has(org.BodyHead))
}

// Sheet is one forwarding before somebody of its body.
//
// vi: -
type Sheet struct {
	Forwarding
	Enclosures []Enclosure
}

// Sheet loads one forwarding for a person.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (v Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v, err = d.sheet(ctx, tx, who, id)
		return err
	})
	return v, err
}

func (d *Desk) sheet(ctx context.Context, tx *db.Tx, who org.Actor, id string) (v Sheet, err error) {
	if v.Forwarding, err = d.One(ctx, tx, id); err != nil {
		return v, err
	}
	if !v.sees(who) {
		return Sheet{}, missing()
	}
	all, err := ofLetter(ctx, tx, v.LetterID)
	if err != nil {
		return v, err
	}
	offered, err := d.Scans(ctx, tx, v.LetterID)
	for _, e := range all {
		there := slices.ContainsFunc(offered, func(o Enclosure) bool { return o.Kind == e.Kind && o.Ref == e.Ref })
		if e.SendingID == id && there { // a copy that was withdrawn since is gone
			v.Enclosures = append(v.Enclosures, e)
		}
	}
	return v, err
}

// List is a page of what came to a person's body.
//
// vi: danh sách đơn được chuyển đến
type List struct {
	Rows []Forwarding
	Next string
}

const pageRows = 50

// List gives what came to a person's body, the newest first.
func (d *Desk) List(ctx context.Context, who org.Actor, before string) (l List, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l.Rows, err = d.Many(ctx, tx, who.BodyID, who.Has(org.BodyHead), before, pageRows+1)
		return err
	})
	l.Next = ""
	if len(l.Rows) > pageRows {
		l.Rows = l.Rows[:pageRows]
		l.Next = l.Rows[pageRows-1].ID
	}
	return l, err
}

// Open gives the paper of a forwarding, or what goes along with it by its place,
// and keeps who opened it: sealed, for any letter may be a denunciation.
func (d *Desk) Open(ctx context.Context, who org.Actor, id string, ordinal int) (c Content, err error) {
	now := d.Clock.Now()
	var v Sheet
	var e Enclosure
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		if v, err = d.sheet(ctx, tx, who, id); err != nil {
			return err
		}
		if ordinal > 0 {
			i := slices.IndexFunc(v.Enclosures, func(e Enclosure) bool { return e.Ordinal == ordinal })
			if i < 0 {
				return missing()
			}
			e = v.Enclosures[i]
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: v.CouncilID, Subject: "delivery/" + id, Verb: "reception.open_forwarded", At: now, Who: who, Details: map[string]any{"file": ordinal}, Sealed: true})
		return err
	})
	switch {
	case err != nil:
		return c, err
	case ordinal > 0:
		return d.Scan(ctx, e)
	}
	return d.Paper(ctx, v.PaperID)
}

// Lines name what goes along, for the paper.
func Lines(all []Enclosure, sendingID string) (lines []string) {
	for _, e := range all {
		if e.SendingID == sendingID {
			lines = append(lines, strings.TrimSpace(e.Line()))
		}
	}
	return lines
}

// missing is the answer to whoever may not know that something exists.
func missing() error { return fault.New(fault.Missing, "db.no_row") }
