package held

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// File is one scan, opened.
//
// vi: bản chụp đơn chờ phân loại
type File struct {
	Name  string
	Bytes []byte
}

// Note is what the office sees of a scan without opening it.
//
// vi: -
type Note struct {
	Number  int
	Name    string
	Refused bool // the ordinary store did not take it: it stays here
}

// pieceMost is as much as one row holds.
const pieceMost = 1 << 20

func itoa(n int) string { return strconv.Itoa(n) }

// about is what of a scan stands in its own box: a name may tell who wrote.
type about struct{ Name string }

// aboutOf binds a box to its place: no row can be put in another's.
func aboutOf(letterID string, number int) string {
	return "reception.held/" + letterID + "/" + itoa(number)
}

func pieceOf(letterID string, number, index int) string {
	return aboutOf(letterID, number) + "/" + itoa(index)
}

// Hold seals scans of a letter, in the transaction that enters it.
func (d *Desk) Hold(ctx context.Context, tx *db.Tx, letterID, councilID string, files []File) error {
	for i, f := range files {
		number := i + 1
		name, err := json.Marshal(about{f.Name})
		if err != nil {
			return err
		}
		if err := insertHeld(ctx, tx, row{letterID, number, councilID, d.Key.Seal(name, aboutOf(letterID, number)), false}); err != nil {
			return err
		}
		index := 0
		for piece := range slices.Chunk(f.Bytes, pieceMost) {
			if err := insertPiece(ctx, tx, letterID, number, index, d.Key.Seal(piece, pieceOf(letterID, number, index))); err != nil {
				return err
			}
			index++
		}
	}
	return nil
}

// Of lists what is held of a letter.
func (d *Desk) Of(ctx context.Context, tx *db.Tx, letterID string) ([]Note, error) {
	rows, err := heldOf(ctx, tx, letterID)
	if err != nil {
		return nil, err
	}
	all := make([]Note, len(rows))
	for i, r := range rows {
		if all[i], err = d.note(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d *Desk) note(r row) (Note, error) {
	b, err := d.Key.Open(r.About, aboutOf(r.LetterID, r.Number))
	if err != nil {
		return Note{}, err
	}
	var a about
	err = json.Unmarshal(b, &a)
	return Note{r.Number, a.Name, r.Refused}, err
}

// Read opens all scans of a letter, for the act that moves them on.
func (d *Desk) Read(ctx context.Context, tx *db.Tx, letterID string) (all []File, err error) {
	notes, err := d.Of(ctx, tx, letterID)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		b, err := d.bytes(ctx, tx, letterID, n.Number)
		if err != nil {
			return nil, err
		}
		all = append(all, File{n.Name, b})
	}
	return all, nil
}

func (d *Desk) bytes(ctx context.Context, tx *db.Tx, letterID string, number int) (b []byte, err error) {
	boxes, err := piecesOf(ctx, tx, letterID, number)
	if err != nil {
		return nil, err
	}
	for i, box := range boxes {
		piece, err := d.Key.Open(box, pieceOf(letterID, number, i))
		if err != nil {
			return nil, err
		}
		b = append(b, piece...)
	}
	return b, nil
}

// Drop ends the holding of a letter's scans, in the transaction that moves them
// on. Those named stay: the ordinary store did not take them.
func (d *Desk) Drop(ctx context.Context, tx *db.Tx, letterID string, stay ...int) error {
	rows, err := heldOf(ctx, tx, letterID)
	for _, r := range rows {
		if slices.Contains(stay, r.Number) {
			err = markRefused(ctx, tx, letterID, r.Number)
		} else {
			err = dropHeld(ctx, tx, letterID, r.Number)
		}
		if err != nil {
			return err
		}
	}
	return err
}

// Open shows one scan to somebody of the letter's office, and keeps who looked.
// The entry stands under the holding and not under the case, which all may read
// who see the letter.
func (d *Desk) Open(ctx context.Context, who org.Actor, letterID string, number int) (f File, err error) {
	now := d.Clock.Now()
	missing := fault.New(fault.Missing, "db.no_row")
	if !MayOpen(who) {
		return f, missing
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		f = File{}
		council, err := d.Reaches(ctx, tx, who, letterID)
		if err != nil {
			return err
		}
		rows, err := heldOf(ctx, tx, letterID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r row) bool { return r.Number == number })
		if i < 0 {
			return missing
		}
		n, err := d.note(rows[i])
		if err != nil {
			return err
		}
		f.Name = n.Name
		if f.Bytes, err = d.bytes(ctx, tx, letterID, number); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: council, Subject: vault.Subject(letterID), Verb: "reception.open_held", At: now, Who: who, Details: map[string]any{"number": number}, Sealed: true})
		return err
	})
	return f, err
}
