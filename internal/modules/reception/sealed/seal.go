package sealed

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
)

// Place says where denunciations of a council may live.
//
// vi: nơi lưu hồ sơ tố cáo
type Place string

// The places.
const (
	Here      Place = "here"      // sealed in this installation
	Stub      Place = "stub"      // here a number and a day, the rest on paper or in a closed installation
	Elsewhere Place = "elsewhere" // only in the closed installation
)

// Places lists the places in the order of forms.
func Places() []Place { return []Place{Stub, Here, Elsewhere} }

// File is a denunciation as far as an office may know of it.
//
// vi: hồ sơ tố cáo
type File struct {
	ID        string     `db:"id"` // of the case or the visit; of the compartment too
	CouncilID string     `db:"council_id"`
	Day       clock.Date `db:"day"`
	Place     Place      `db:"place"`
	Book      string     `db:"book"` // number in the paper book, of a stub
	Mark      string     `db:"mark"`
}

// PlaceOf tells where denunciations of a council may live on a day. A council
// that has decided nothing keeps them out of this installation; one that only
// plays has none that are real.
func PlaceOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (Place, error) {
	p, err := decidedOn(ctx, tx, councilID, on)
	if err != nil || p != "" {
		return p, err
	}
	c, err := org.CouncilOf(ctx, tx, councilID)
	if err == nil && c.Demonstration {
		return Here, nil
	}
	return Stub, err
}

// Seal puts what is known of a denunciation into its compartment, in the
// transaction of the act that learns it, and makes the compartment when there
// is none: with the council's standing list. Where the council keeps no
// denunciations here, it refuses and nothing stays. A compartment that was
// begun here is filled to its end, also after the council has moved.
func (d *Desk) Seal(ctx context.Context, tx *db.Tx, subject string, who org.Actor, items map[string][]byte) error {
	tx.Erase() // of what was typed before it was known to be one nothing stays in the files
	today := d.today()
	known, err := fileOf(ctx, tx, subject)
	begun := err == nil
	if err != nil && !fault.Is(err, "db.no_row") {
		return err
	}
	if begun && known.CouncilID != who.CouncilID {
		return missing()
	}
	place := known.Place
	if !begun {
		if place, err = PlaceOf(ctx, tx, who.CouncilID, today); err != nil {
			return err
		}
	}
	switch {
	case place == Elsewhere:
		return fault.New(fault.Refused, "sealed.elsewhere")
	case place == Stub && len(items) > 0:
		return fault.New(fault.Refused, "sealed.stub_only")
	}
	if !begun {
		if place == Here {
			if err := d.open(ctx, tx, subject, who, today); err != nil {
				return err
			}
		}
		if err := insertFile(ctx, tx, File{ID: subject, CouncilID: who.CouncilID, Day: today, Place: place}); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(items)) {
		if err := d.Vault.Put(ctx, tx, subject, name, items[name]); err != nil {
			return err
		}
	}
	return nil
}

// open makes a compartment with the council's standing list.
func (d *Desk) open(ctx context.Context, tx *db.Tx, subject string, who org.Actor, today clock.Date) error {
	standing, err := standingOf(ctx, tx, who.CouncilID, today)
	if err != nil {
		return err
	}
	readers, kept := []vault.Reader{}, false
	for _, k := range standing {
		if slices.ContainsFunc(readers, func(r vault.Reader) bool { return r.PersonID == k.PersonID }) {
			continue
		}
		r := vault.Reader{PersonID: k.PersonID, Keeper: k.Keeper}
		if kept = kept || k.Keeper; !k.Keeper {
			r.Until = k.Until
		}
		readers = append(readers, r)
	}
	if !kept {
		return fault.New(fault.Refused, "sealed.no_keeper")
	}
	return d.Vault.Make(ctx, tx, who, vault.Compartment{ID: subject, CouncilID: who.CouncilID, Subject: subject, Readers: readers})
}

// Reveal shows items to who may read them, as the other parts of the module ask
// for it: of the asked ones those that there are.
func (d *Desk) Reveal(ctx context.Context, who org.Actor, subject string, items []string, reason string) (map[string][]byte, error) {
	shown := map[string][]byte{}
	plain, err := d.reveal(ctx, who, subject, items, reason)
	for name, p := range plain {
		shown[name] = p.Bytes()
	}
	return shown, err
}

func (d *Desk) reveal(ctx context.Context, who org.Actor, subject string, items []string, reason string) (map[string]vault.Plain, error) {
	var there []string
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		there = nil
		all, err := d.Vault.Items(ctx, tx, subject)
		for _, i := range all {
			if slices.Contains(items, i.Name) {
				there = append(there, i.Name)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.Open(ctx, who, vault.Ask{Compartment: subject, Items: there, Reason: reason})
}

// unspoken refuses a reason with a number or an address in it: reasons are kept in
// clear, and the vault finds a sealed field in them only when it stands there whole.
func unspoken(reason string) error {
	if leads(reason) {
		return fault.New(fault.Invalid, "sealed.reason_details").At("reason")
	}
	return nil
}

// Open is a reveal as people ask for it.
func (d *Desk) Open(ctx context.Context, who org.Actor, ask vault.Ask) (map[string]vault.Plain, error) {
	s, err := d.Show(ctx, who, ask)
	return s.Items, err
}

// OpenWords is Open for what people typed. Scans and their copies are opened page
// by page (reception/scans) and nowhere else: their bytes go to nobody.
func (d *Desk) OpenWords(ctx context.Context, who org.Actor, ask vault.Ask) (map[string]vault.Plain, error) {
	if !slices.ContainsFunc(ask.Items, isFile) {
		return d.Open(ctx, who, ask)
	}
	var a vault.Access
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = d.Vault.Access(ctx, tx, who, ask.Compartment)
		return err
	})
	if err == nil && a.Opens() {
		return nil, fault.New(fault.Invalid, "sealed.scans_apart").At("items")
	}
	return d.Open(ctx, who, ask) // who may not open it is turned away by the vault, which keeps and tells it
}

// isFile tells scans and copies of scans from what people have typed.
func isFile(item string) bool {
	return strings.HasPrefix(item, "scan/") || strings.HasPrefix(item, "scan_copy/")
}

// Show is Open with a ticket to look again.
func (d *Desk) Show(ctx context.Context, who org.Actor, ask vault.Ask) (vault.Showing, error) {
	if err := unspoken(ask.Reason); err != nil {
		return vault.Showing{}, err
	}
	return d.Vault.Show(ctx, who, ask)
}

// Admit puts a person on a file's list, for its keepers.
func (d *Desk) Admit(ctx context.Context, who org.Actor, a vault.Admission) error {
	if err := unspoken(a.Reason); err != nil {
		return err
	}
	return d.Vault.Admit(ctx, who, a)
}

// Dismiss takes a person off a file's list, for its keepers.
func (d *Desk) Dismiss(ctx context.Context, who org.Actor, o vault.Dismissal) error {
	if err := unspoken(o.Reason); err != nil {
		return err
	}
	return d.Vault.Dismiss(ctx, who, o)
}

// AskGlass asks for an emergency opening, for the head of the office.
func (d *Desk) AskGlass(ctx context.Context, who org.Actor, ask vault.GlassAsk) error {
	if err := unspoken(ask.Reason); err != nil {
		return err
	}
	_, err := d.Vault.AskGlass(ctx, who, ask)
	return err
}

// bookMax bounds the number in the paper book.
const bookMax = 40

// Note is a denunciation that lives on paper, as it is noted here.
//
// vi: số sổ giấy
type Note struct {
	Book string
	Day  clock.Date
	Once string
}

// NoteStub notes that the paper book has a denunciation: its number and day.
func (d *Desk) NoteStub(ctx context.Context, who org.Actor, n Note) (id string, err error) {
	now := d.Clock.Now()
	today := clock.DateOf(now)
	n.Book = text.Line(n.Book)
	switch {
	case !bookForm.MatchString(n.Book):
		return "", fault.New(fault.Invalid, "sealed.bad_book").At("book")
	case n.Day.IsZero() || today.Before(n.Day):
		return "", fault.New(fault.Invalid, "sealed.bad_day").At("day")
	case who.BodyKind != org.Office || !mayStub.Allows(who):
		return "", missing()
	}
	fresh := db.NewID(n.Day.Time()) // of the day: the minute would tell who stood at the desk
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		if id, err = markedFile(ctx, tx, who.CouncilID, n.Once); err != nil || id != "" {
			return err
		}
		place, err := PlaceOf(ctx, tx, who.CouncilID, today)
		if err != nil {
			return err
		}
		if place != Stub {
			return fault.New(fault.Refused, "sealed.no_stub")
		}
		id = fresh
		if err := insertFile(ctx, tx, File{ID: id, CouncilID: who.CouncilID, Day: n.Day, Place: Stub, Book: n.Book, Mark: n.Once}); err != nil {
			return err
		}
		return d.record(ctx, tx, who, who.CouncilID, "sealed/"+id, "sealed.note_stub", now, nil)
	})
	return id, err
}

// record writes an act into the log, never into the public tree.
func (d *Desk) record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, subject, verb string, at time.Time, details map[string]any) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: subject, Verb: verb, At: at, Who: who, Details: details, Sealed: true})
	return err
}

// missing is the answer to whoever may not know that something exists.
func missing() error { return fault.New(fault.Missing, "db.no_row") }
