package scans

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// The limits of what is added.
const (
	scansMost = 20       // of one denunciation
	filesMost = 5        // of one form
	fileMost  = 25 << 20 // bytes, as much as the vault takes
	formMost  = 60 << 20 // of one form: it lies in memory
)

// Scan is an original in a compartment.
//
// vi: bản quét gốc
type Scan struct {
	FileID    string  `db:"file_id"`
	Number    int64   `db:"number"`
	CouncilID string  `db:"council_id"`
	AddedBy   string  `db:"added_by"`
	Adder     string  `db:"adder"` // empty: it came with the letter
	AddedAt   db.Time `db:"added_at"`
	Mark      string  `db:"mark"`
}

// itemOf is where a scan lies in the compartment.
func itemOf(number int64) string { return "scan/" + strconv.FormatInt(number, 10) }

// numberOf is the way back.
func numberOf(item string) (int64, bool) {
	s, is := strings.CutPrefix(item, "scan/")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, is && err == nil
}

// Sheet is what a person may know of the scans of a denunciation.
//
// vi: -
type Sheet struct {
	FileID   string
	Access   vault.Access
	Scans    []Scan // for who is on the list
	Copies   []Copy // likewise
	Released []Copy // for everybody
}

// Sheet loads the scans of a denunciation and their copies.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, fileID string) (s Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s = Sheet{FileID: fileID}
		council, err := d.Council(ctx, tx, who, fileID)
		if err != nil {
			return err
		}
		if s.Access, err = d.Vault.Access(ctx, tx, who, fileID); err != nil {
			return err
		}
		copies, err := copiesOf(ctx, tx, fileID)
		if err != nil {
			return err
		}
		for _, c := range copies {
			if c.State == Released {
				s.Released = append(s.Released, c)
			}
		}
		if !s.Access.Opens() {
			return nil
		}
		s.Copies = copies
		s.Scans, err = d.scans(ctx, tx, council, fileID)
		return err
	})
	return s, err
}

// scans lists the originals: those that came with the letter and those added since.
func (d *Desk) scans(ctx context.Context, tx *db.Tx, councilID, fileID string) (all []Scan, err error) {
	items, err := d.Vault.Items(ctx, tx, fileID)
	if err != nil {
		return nil, err
	}
	added, err := addedTo(ctx, tx, fileID)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		n, is := numberOf(i.Name)
		if !is {
			continue
		}
		if at := slices.IndexFunc(added, func(s Scan) bool { return s.Number == n }); at >= 0 {
			all = append(all, added[at])
		} else {
			all = append(all, Scan{FileID: fileID, Number: n, CouncilID: councilID})
		}
	}
	slices.SortFunc(all, func(a, b Scan) int { return int(a.Number - b.Number) })
	return all, nil
}

// reading finds out whose a denunciation is for somebody who is on its list. Who is
// not is turned away by the vault, which keeps and tells what they wanted.
func (d *Desk) reading(ctx context.Context, who org.Actor, fileID, item string) (councilID string, a vault.Access, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if councilID, err = d.Council(ctx, tx, who, fileID); err != nil {
			return err
		}
		a, err = d.Vault.Access(ctx, tx, who, fileID)
		return err
	})
	if err != nil || a.Reader {
		return councilID, a, err
	}
	if !a.Opens() {
		if _, err := d.Vault.Reveal(ctx, who, vault.Ask{Compartment: fileID, Items: []string{item}}); err != nil {
			return "", a, err
		}
	}
	return "", a, missing()
}

// Addition is files that somebody adds to a compartment. What they were called
// is not among it: that may tell who wrote.
//
// vi: -
type Addition struct {
	Files [][]byte
	Once  string
}

// Add puts scans into the compartment of a denunciation. All of them can be
// opened and drawn, or none is kept.
func (d *Desk) Add(ctx context.Context, who org.Actor, fileID string, a Addition) error {
	now := d.Clock.Now()
	council, _, err := d.reading(ctx, who, fileID, "scan")
	if err != nil {
		return err
	}
	if len(a.Files) == 0 {
		return fault.New(fault.Invalid, "scans.no_file").At("files")
	}
	if len(a.Files) > filesMost {
		return fault.New(fault.Invalid, "scans.files_many", "max", filesMost).At("files")
	}
	for i, b := range a.Files {
		if err := d.try(ctx, b, i+1); err != nil {
			return err
		}
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		there, err := d.scans(ctx, tx, council, fileID)
		if err != nil {
			return err
		}
		if a.Once != "" && slices.ContainsFunc(there, func(s Scan) bool { return s.Mark == a.Once }) {
			return nil // the same form once more
		}
		if len(there)+len(a.Files) > scansMost {
			return fault.New(fault.Invalid, "scans.scans_many", "max", scansMost, "n", len(there)).At("files")
		}
		next, names := int64(1), []string{}
		if len(there) > 0 {
			next = there[len(there)-1].Number + 1
		}
		for i, b := range a.Files {
			s := Scan{FileID: fileID, Number: next + int64(i), CouncilID: council, AddedBy: who.PersonID, Adder: who.Name, AddedAt: db.At(now), Mark: a.Once}
			if err := d.Vault.Put(ctx, tx, fileID, itemOf(s.Number), b); err != nil {
				return err
			}
			if err := insertScan(ctx, tx, s); err != nil {
				return err
			}
			names = append(names, itemOf(s.Number))
		}
		return d.record(ctx, tx, who, council, fileID, "scans.add", now, map[string]any{"items": strings.Join(names, ", ")})
	})
}

// try opens a file and draws its first page. The fault names the file by its place
// in the form.
func (d *Desk) try(ctx context.Context, b []byte, place int) error {
	if len(b) > fileMost {
		return fault.New(fault.TooLarge, "scans.file_large", "place", place, "mb", fileMost>>20).At("files")
	}
	done, err := d.draw(ctx)
	if err != nil {
		return err
	}
	defer done()
	s, err := OpenOriginal(ctx, d.Tools, b)
	if err == nil {
		_, err = s.Page(ctx, 1)
	}
	switch f := fault.Of(err); {
	case err == nil:
		return nil
	case f.Key == "scans.page_count":
		return fault.New(fault.Invalid, "scans.file_pages", "place", place, "n", f.Args["n"], "max", f.Args["max"]).At("files")
	case f.Kind == fault.Invalid:
		return fault.New(fault.Invalid, "scans.file_unreadable", "place", place).At("files").Because(fmt.Errorf("file %d: %w", place, err))
	}
	return err
}

// record writes an act into the log under the compartment, so that the case does
// not show it, and never into the public tree.
func (d *Desk) record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, fileID, verb string, at time.Time, details map[string]any) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: vault.Subject(fileID), Verb: verb, At: at, Who: who, Details: details, Sealed: true})
	return err
}
