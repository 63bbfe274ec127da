package scans

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// CopyState is how far a copy has come.
//
// vi: trạng thái bản quét đã che
type CopyState string

// The states.
const (
	Waiting   CopyState = "waiting" // for a keeper
	Released  CopyState = "released"
	Declined  CopyState = "declined"
	Replaced  CopyState = "replaced"
	Withdrawn CopyState = "withdrawn"
)

// Copy is a scan in which what tells who denounces is gone.
//
// vi: bản quét đã che thông tin
type Copy struct {
	FileID    string              `db:"file_id"`
	Number    int64               `db:"number"`
	CouncilID string              `db:"council_id"`
	Scan      int64               `db:"scan"`
	Pages     int                 `db:"pages"`
	Areas     db.JSON[[]PageArea] `db:"areas"`
	State     CopyState           `db:"state"`
	MadeBy    string              `db:"made_by"`
	Maker     string              `db:"maker"`
	MadeAt    db.Time             `db:"made_at"`
	DecidedBy string              `db:"decided_by"`
	Decider   string              `db:"decider"`
	DecidedAt db.Time             `db:"decided_at"`
	Mark      string              `db:"mark"`
}

// item is where a copy lies in the compartment.
func (c Copy) item() string { return "scan_copy/" + strconv.FormatInt(c.Number, 10) }

// The measures of copies.
const (
	copiesMost = 50      // of one denunciation
	pieceMost  = 1 << 20 // bytes of one row of a released copy
	piecesMost = fileMost/pieceMost + 1
)

// Making asks for a copy of an original that its maker has open.
//
// vi: -
type Making struct {
	Scan   int64
	Ticket string
	None   bool // there is nothing to hide in it
	Once   string
}

// Make makes a copy without the areas its maker saved, and seals it until a keeper
// has looked at it.
func (d *Desk) Make(ctx context.Context, who org.Actor, fileID string, m Making) (number int64, err error) {
	now := d.Clock.Now()
	council, _, err := d.reading(ctx, who, fileID, itemOf(m.Scan))
	if err != nil {
		return 0, err
	}
	c := Copy{FileID: fileID, CouncilID: council, Scan: m.Scan, State: Waiting, MadeBy: who.PersonID, Maker: who.Name, MadeAt: db.At(now), Mark: m.Once}
	content, err := d.drawCopy(ctx, who, &c, m)
	if err != nil {
		return 0, err
	}
	keepers, err := d.keepers(ctx, who, fileID)
	if err != nil {
		return 0, err
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		all, err := copiesOf(ctx, tx, fileID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(o Copy) bool { return m.Once != "" && o.Mark == m.Once }); i >= 0 {
			number = all[i].Number
			return nil
		}
		c.Number = 1
		if len(all) > 0 {
			c.Number = all[0].Number + 1
		}
		if number = c.Number; number > copiesMost {
			return fault.New(fault.Refused, "scans.copies_many", "max", copiesMost)
		}
		if err := d.Vault.Put(ctx, tx, fileID, c.item(), content); err != nil {
			return err
		}
		if err := insertCopy(ctx, tx, c); err != nil {
			return err
		}
		notice := notify.Notice{Key: "scans.told_copy", Link: homeOf(fileID), CouncilID: council}
		if err := d.Notify.Tell(ctx, tx, notify.Recipients{People: keepers, Except: who.PersonID}, notice); err != nil {
			return err
		}
		return d.record(ctx, tx, who, council, fileID, "scans.make_copy", now, map[string]any{"copy": c.item(), "of": itemOf(c.Scan)})
	})
	return number, err
}

// drawCopy makes the bytes of a copy and fills in what it was made from.
func (d *Desk) drawCopy(ctx context.Context, who org.Actor, c *Copy, m Making) ([]byte, error) {
	done, err := d.draw(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	o, err := d.again(ctx, who, c.FileID, itemOf(m.Scan), m.Ticket)
	if err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		c.Areas.V, err = areasFor(ctx, tx, c.FileID, m.Scan, who.PersonID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(c.Areas.V) == 0 && !m.None {
		return nil, fault.New(fault.Invalid, "scans.no_areas").At("none")
	}
	var out bytes.Buffer
	if err := o.Copy(ctx, &out, byPage(c.Areas.V)); err != nil {
		return nil, err
	}
	if out.Len() > fileMost {
		return nil, fault.New(fault.Invalid, "scans.copy_large", "mb", fileMost>>20)
	}
	c.Pages = o.Pages
	return out.Bytes(), nil
}

// keepers are who may release a copy.
func (d *Desk) keepers(ctx context.Context, who org.Actor, fileID string) (all []string, err error) {
	list, err := d.Vault.Readers(ctx, who, fileID)
	for _, g := range list {
		if g.Runs && g.Keeper {
			all = append(all, g.PersonID)
		}
	}
	return all, err
}

// CopyLook is a copy before somebody who has it open.
//
// vi: -
type CopyLook struct {
	Copy
	Ticket string
	Until  time.Time
	Keeper bool // may decide
}

// LookCopy loads it.
func (d *Desk) LookCopy(ctx context.Context, who org.Actor, fileID string, number int64, ticket string) (l CopyLook, err error) {
	o, err := d.again(ctx, who, fileID, Copy{Number: number}.item(), ticket)
	if err != nil {
		return l, err
	}
	l.Ticket, l.Until = ticket, o.until
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := d.Vault.Access(ctx, tx, who, fileID)
		if err != nil {
			return err
		}
		l.Keeper = a.Keeper
		l.Copy, err = copyOf(ctx, tx, fileID, number)
		return err
	})
	return l, err
}

// Decision is a keeper's word on a copy that they have open.
//
// vi: -
type Decision struct {
	Ticket string
	Yes    bool
	Looked bool // at each page
}

// Decide releases a copy or declines it. Only then its bytes leave the compartment.
func (d *Desk) Decide(ctx context.Context, who org.Actor, fileID string, number int64, n Decision) error {
	now := d.Clock.Now()
	council, a, err := d.reading(ctx, who, fileID, Copy{Number: number}.item())
	if err != nil {
		return err
	}
	if !a.Keeper {
		return fault.New(fault.Forbidden, "scans.not_keeper")
	}
	o, err := d.again(ctx, who, fileID, Copy{Number: number}.item(), n.Ticket)
	if err != nil {
		return err
	}
	if n.Yes && !n.Looked {
		return fault.New(fault.Invalid, "scans.not_looked").At("looked")
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := copyOf(ctx, tx, fileID, number)
		if err != nil {
			return err
		}
		if c.State != Waiting {
			return fault.New(fault.Refused, "scans.decided")
		}
		verb := "scans.decline"
		c.State, c.DecidedBy, c.Decider, c.DecidedAt = Declined, who.PersonID, who.Name, db.At(now)
		if n.Yes {
			c.State, verb = Released, "scans.release"
			if err := d.replace(ctx, tx, c, o.bytes); err != nil {
				return err
			}
		}
		if err := decideCopy(ctx, tx, c, Waiting); err != nil {
			return err
		}
		return d.record(ctx, tx, who, council, fileID, verb, now, map[string]any{"copy": c.item(), "of": itemOf(c.Scan)})
	})
}

// replace puts the bytes of a copy where everybody may have them, and takes away
// those of an earlier copy of the same scan.
func (d *Desk) replace(ctx context.Context, tx *db.Tx, c Copy, content []byte) error {
	all, err := copiesOf(ctx, tx, c.FileID)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.Scan != c.Scan || old.State != Released {
			continue
		}
		old.State = Replaced
		if err := decideCopy(ctx, tx, old, Released); err != nil {
			return err
		}
		if err := dropPieces(ctx, tx, old); err != nil {
			return err
		}
	}
	index := 0
	for piece := range slices.Chunk(content, pieceMost) {
		if err := insertPiece(ctx, tx, c, index, piece); err != nil {
			return err
		}
		index++
	}
	return nil
}

// Withdraw takes a released copy back at once: somebody saw that it tells who
// denounces. Everybody on the list may.
func (d *Desk) Withdraw(ctx context.Context, who org.Actor, fileID string, number int64) error {
	now := d.Clock.Now()
	council, _, err := d.reading(ctx, who, fileID, Copy{Number: number}.item())
	if err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := copyOf(ctx, tx, fileID, number)
		if err != nil {
			return err
		}
		if c.State != Released {
			return fault.New(fault.Refused, "scans.decided")
		}
		c.State, c.DecidedBy, c.Decider, c.DecidedAt = Withdrawn, who.PersonID, who.Name, db.At(now)
		if err := decideCopy(ctx, tx, c, Released); err != nil {
			return err
		}
		if err := dropPieces(ctx, tx, c); err != nil {
			return err
		}
		return d.record(ctx, tx, who, council, fileID, "scans.withdraw", now, map[string]any{"copy": c.item(), "of": itemOf(c.Scan)})
	})
}

// Released gives the bytes of a released copy to everybody who may know that there
// is a denunciation.
func (d *Desk) Released(ctx context.Context, who org.Actor, fileID string, number int64) (content []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := d.Council(ctx, tx, who, fileID); err != nil {
			return err
		}
		content, err = d.released(ctx, tx, fileID, number)
		return err
	})
	return content, err
}

// Delivered gives a released copy to a body to which it was forwarded; whoever
// calls has asked whether it was.
func (d *Desk) Delivered(ctx context.Context, fileID string, number int64) (content []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		content, err = d.released(ctx, tx, fileID, number)
		return err
	})
	return content, err
}

func (d *Desk) released(ctx context.Context, tx *db.Tx, fileID string, number int64) ([]byte, error) {
	c, err := copyOf(ctx, tx, fileID, number)
	if err != nil {
		return nil, err
	}
	if c.State != Released {
		return nil, missing()
	}
	pieces, err := piecesOf(ctx, tx, c)
	return bytes.Join(pieces, nil), err
}

// Releases lists the released copies of a denunciation's scans, the oldest first.
func (d *Desk) Releases(ctx context.Context, tx *db.Tx, fileID string) (all []Copy, err error) {
	copies, err := copiesOf(ctx, tx, fileID)
	for _, c := range slices.Backward(copies) {
		if c.State == Released {
			all = append(all, c)
		}
	}
	return all, err
}
