package sealed

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// List is one page of a council's denunciations.
//
// vi: -
type List struct {
	Files []File
	Place Place
	Last  File // where the next page begins; no ID: there is none
}

// List gives the denunciations of a person's council, the newest first.
func (d *Desk) List(ctx context.Context, who org.Actor, afterDay clock.Date, afterID string) (l List, err error) {
	if !knows(who) {
		return l, missing()
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if l.Files, err = filesOf(ctx, tx, who.CouncilID, place{afterDay, afterID}); err != nil {
			return err
		}
		l.Place, err = PlaceOf(ctx, tx, who.CouncilID, d.today())
		return err
	})
	l.Last = File{}
	if len(l.Files) > pageMost {
		l.Files = l.Files[:pageMost]
		l.Last = l.Files[pageMost-1]
	}
	return l, err
}

// Sheet is one denunciation as a person may see it.
//
// vi: -
type Sheet struct {
	File
	Facts      Facts
	Items      []string
	Access     vault.Access
	SeesList   bool
	Readers    []vault.Grant
	Reveals    []vault.Revealed
	Glasses    []vault.Glass
	Glass      bool // the person may ask for an emergency opening
	Copies     []Copy
	Copy       string
	Candidates []Candidate
	PersonID   string
}

// Sheet loads one denunciation. Who is not on its list learns that it is there,
// which items it has, and the copy that identifies nobody.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (s Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s = Sheet{PersonID: who.PersonID}
		if s.File, err = d.file(ctx, tx, who, id); err != nil {
			return err
		}
		if d.Facts != nil {
			if s.Facts, err = d.Deps.Facts(ctx, tx, who, id); err != nil && fault.KindOf(err) != fault.Missing {
				return err
			}
		}
		if s.Place != Here {
			return nil
		}
		return d.inside(ctx, tx, who, &s)
	})
	if err != nil || s.Place != Here {
		return s, err
	}
	return s, d.around(ctx, who, &s)
}

// inside fills in what lies in the compartment, without opening anything.
func (d *Desk) inside(ctx context.Context, tx *db.Tx, who org.Actor, s *Sheet) (err error) {
	if s.Access, err = d.Vault.Access(ctx, tx, who, s.ID); err != nil {
		return err
	}
	items, err := d.Vault.Items(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	for _, i := range items {
		s.Items = append(s.Items, i.Name)
	}
	if s.Copy, err = standingCopy(ctx, tx, s.ID); err != nil {
		return err
	}
	if s.Access.Reader {
		if s.Copies, err = copiesOf(ctx, tx, s.ID); err != nil {
			return err
		}
	}
	if s.Access.Keeper {
		s.Candidates, err = candidates(ctx, tx, s.CouncilID, d.today())
	}
	return err
}

// around fills in who watches over the compartment and what they saw.
func (d *Desk) around(ctx context.Context, who org.Actor, s *Sheet) (err error) {
	security := who.Has(org.Security)
	if s.SeesList = s.Access.Keeper || security; s.SeesList {
		if s.Readers, err = d.Vault.Readers(ctx, who, s.ID); err != nil {
			return err
		}
	}
	if s.Access.Reader || security {
		if s.Reveals, err = d.Vault.Reveals(ctx, who, s.ID, ""); err != nil {
			return err
		}
	}
	if s.Glass = who.Has(org.Head) && !s.Access.Opens(); !who.Has(org.Head) && side(who) == "" {
		return nil
	}
	all, err := d.Vault.Glasses(ctx, who, "")
	for _, g := range all {
		if g.Compartment == s.ID {
			s.Glasses = append(s.Glasses, g)
		}
	}
	s.Glass = s.Glass && !slices.ContainsFunc(s.Glasses, func(g vault.Glass) bool { return g.PersonID == who.PersonID && g.State != vault.GlassEnded })
	return err
}

// Settings is how a council keeps its denunciations.
//
// vi: -
type Settings struct {
	Place      Place
	Today      clock.Date
	Standing   []Standing
	Waiting    []Change
	Changes    []Change
	Next       string
	Candidates []Candidate
	Side       string
	PersonID   string
}

// Settings loads them for who may propose a change.
func (d *Desk) Settings(ctx context.Context, who org.Actor, before string) (s Settings, err error) {
	if side(who) == "" {
		return s, missing()
	}
	today := d.today()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s = Settings{Today: today, Side: side(who), PersonID: who.PersonID}
		if s.Place, err = PlaceOf(ctx, tx, who.CouncilID, today); err != nil {
			return err
		}
		if s.Standing, err = comingOf(ctx, tx, who.CouncilID, today); err != nil {
			return err
		}
		if s.Waiting, err = waitingOf(ctx, tx, who.CouncilID); err != nil {
			return err
		}
		if s.Candidates, err = candidates(ctx, tx, who.CouncilID, today); err != nil {
			return err
		}
		s.Changes, err = changesOf(ctx, tx, who.CouncilID, before)
		return err
	})
	if len(s.Changes) > pageMost {
		s.Changes = s.Changes[:pageMost]
		s.Next = s.Changes[pageMost-1].ID
	}
	return s, err
}

// Watch is what a security officer looks through.
//
// vi: sổ theo dõi mở niêm phong
type Watch struct {
	Reveals []vault.Revealed
	Glasses []vault.Glass
	Changes []Change
	Next    string
}

// watchPage is as many lines as the vault gives at once.
const watchPage = 100

// Watch gives one of the three books of a council, a page at a time: what was
// opened and refused, emergency openings, changes of the list and the place.
func (d *Desk) Watch(ctx context.Context, who org.Actor, book, before string) (w Watch, err error) {
	if side(who) == "" || !who.Has(org.Security) {
		return w, missing()
	}
	switch book {
	case "glasses":
		w.Glasses, err = d.Vault.Glasses(ctx, who, before)
		if len(w.Glasses) == watchPage {
			w.Next = w.Glasses[watchPage-1].ID
		}
	case "changes":
		s, e := d.Settings(ctx, who, before)
		w.Changes, w.Next, err = s.Changes, s.Next, e
	default:
		w.Reveals, err = d.Vault.Reveals(ctx, who, "", before)
		if len(w.Reveals) == watchPage {
			w.Next = w.Reveals[watchPage-1].ID
		}
	}
	return w, err
}
