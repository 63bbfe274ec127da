package vault

import (
	"context"
	"crypto/hmac"
	"fmt"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Access is what a person may do with a compartment now.
//
// vi: quyền được biết
type Access struct {
	Reader     bool
	Keeper     bool
	Until      clock.Date // last day of the grant; zero has no end
	Glass      string     // the broken glass that is open for this person
	GlassUntil time.Time
}

// Opens reports whether anything may be revealed.
func (a Access) Opens() bool { return a.Reader || a.Glass != "" }

// Access tells what who may do. It looks at the person alone: what others have
// delegated counts for nothing here.
func (v *Vault) Access(ctx context.Context, tx *db.Tx, who org.Actor, compartmentID string) (Access, error) {
	c, err := compartmentOf(ctx, tx, compartmentID)
	if err != nil {
		return Access{}, err
	}
	return v.access(ctx, tx, who, c, v.deps.Clock.Now())
}

func (v *Vault) access(ctx context.Context, tx *db.Tx, who org.Actor, c compartment, now time.Time) (a Access, err error) {
	if !belongs(who, c.CouncilID) {
		return Access{}, nil
	}
	grants, err := v.grants(ctx, tx, c)
	if err != nil {
		return Access{}, err
	}
	if i := slices.IndexFunc(grants, func(g grant) bool { return g.PersonID == who.PersonID && g.runs(now) }); i >= 0 {
		a.Reader, a.Keeper, a.Until = true, grants[i].Keeper, grants[i].Until
	}
	g, err := latestGlass(ctx, tx, c.ID, who.PersonID)
	if err == nil && g.state(now) == GlassOpen && hmac.Equal([]byte(g.Code), []byte(g.seal(v.deps.Key))) {
		a.Glass, a.GlassUntil = g.ID, g.Until.Time
	}
	return a, err
}

// belongs reports whether who is a person in a post of the council.
func belongs(who org.Actor, councilID string) bool {
	return !who.System && who.SignedIn() && who.PersonID != "" && who.CouncilID == councilID
}

// seal is the code that this program wrote the grant: who can only write to the
// database cannot put themself on a list.
func (g grant) seal(k Key, compartmentID string) string {
	return k.Digest("vault.reader", string(bind(compartmentID, g.ID, g.PersonID, fmt.Sprint(g.Keeper), g.Until.String())))
}

// grants lists those grants of a compartment that nobody has ended and that
// this program wrote.
func (v *Vault) grants(ctx context.Context, tx *db.Tx, c compartment) ([]grant, error) {
	all, err := grantsOf(ctx, tx, c.ID)
	return slices.DeleteFunc(all, func(g grant) bool { return !g.ours(v.deps.Key, c.ID) }), err
}

func (g grant) ours(k Key, compartmentID string) bool {
	return hmac.Equal([]byte(g.Code), []byte(g.seal(k, compartmentID)))
}

func (g grant) runs(now time.Time) bool {
	return g.EndedAt.IsZero() && (g.Until.IsZero() || today(now).Compare(g.Until) <= 0)
}

// Admission puts a person on the list.
//
// vi: đưa vào danh sách được biết
type Admission struct {
	Compartment string
	PersonID    string
	Keeper      bool
	Until       clock.Date
	Reason      string
}

// Admit puts a person on the list. Only a keeper may.
func (v *Vault) Admit(ctx context.Context, who org.Actor, a Admission) error {
	now := v.deps.Clock.Now()
	return v.judge(ctx, func(tx *db.Tx) (refusal, err error) {
		c, refusal, err := v.kept(ctx, tx, who, a.Compartment, "vault.admit", now)
		if err != nil || refusal != nil {
			return refusal, err
		}
		reason, refusal, err := v.reason(ctx, tx, c, event{verb: "vault.admit", at: now, who: who}, a.Reason)
		if err != nil || refusal != nil {
			return refusal, err
		}
		if err := v.name(ctx, tx, c, who, Reader{PersonID: a.PersonID, Keeper: a.Keeper, Until: a.Until}, reason, now); err != nil {
			return nil, err
		}
		p, err := org.PersonOf(ctx, tx, a.PersonID)
		if err != nil {
			return nil, err
		}
		return nil, v.record(ctx, tx, c, event{verb: "vault.admit", at: now, who: who, told: "vault.told_admitted", args: []any{"reader", p.Name},
			with: map[string]any{"reader": a.PersonID, "keeper": a.Keeper, "until": a.Until.String(), "reason": reason}})
	})
}

// name writes a person onto the list. One whose grant has run out may come
// back; one who is on it already stays as they are.
func (v *Vault) name(ctx context.Context, tx *db.Tx, c compartment, who org.Actor, r Reader, reason string, now time.Time) error {
	if r.Keeper && !r.Until.IsZero() {
		return fault.New(fault.Invalid, "vault.keeper_until").At("until")
	}
	if !r.Until.IsZero() && r.Until.Compare(today(now)) < 0 {
		return fault.New(fault.Invalid, "vault.until_past").At("until")
	}
	if !personForm.MatchString(r.PersonID) {
		return fault.New(fault.Invalid, "vault.nobody").At("person")
	}
	p, err := org.PersonOf(ctx, tx, r.PersonID)
	if fault.Is(err, "db.no_row") {
		return fault.New(fault.Invalid, "vault.nobody").At("person")
	}
	if err != nil {
		return err
	}
	grants, err := grantsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.PersonID != r.PersonID {
			continue
		}
		if g.runs(now) && g.ours(v.deps.Key, c.ID) {
			return fault.New(fault.Conflict, "vault.already_reader", "name", p.Name).At("person")
		}
		if err := endGrant(ctx, tx, g.ID, db.At(now), "", ""); err != nil {
			return err
		}
	}
	if len(grants) >= readersMax {
		return fault.New(fault.TooLarge, "vault.readers_many", "max", readersMax).At("person")
	}
	added := grant{ID: db.NewID(now), PersonID: p.ID, Name: p.Name, Keeper: r.Keeper, Until: r.Until,
		Reason: reason, AdmittedAt: db.At(now), AdmittedBy: who.PersonID}
	added.Code = added.seal(v.deps.Key, c.ID)
	return insertGrant(ctx, tx, c.ID, added)
}

// Dismissal takes a person off the list.
//
// vi: đưa ra khỏi danh sách được biết
type Dismissal struct {
	Compartment string
	PersonID    string
	Reason      string
}

// Dismiss takes a person off the list. Only a keeper may, and the last keeper
// stays: nobody could admit anybody any more.
func (v *Vault) Dismiss(ctx context.Context, who org.Actor, d Dismissal) error {
	now := v.deps.Clock.Now()
	return v.judge(ctx, func(tx *db.Tx) (refusal, err error) {
		c, refusal, err := v.kept(ctx, tx, who, d.Compartment, "vault.dismiss", now)
		if err != nil || refusal != nil {
			return refusal, err
		}
		reason, refusal, err := v.reason(ctx, tx, c, event{verb: "vault.dismiss", at: now, who: who}, d.Reason)
		if err != nil || refusal != nil {
			return refusal, err
		}
		grants, err := v.grants(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(grants, func(g grant) bool { return g.PersonID == d.PersonID && g.runs(now) })
		if i < 0 {
			return nil, fault.New(fault.Missing, "vault.no_reader")
		}
		if grants[i].Keeper && !slices.ContainsFunc(grants, func(g grant) bool { return g.Keeper && g.PersonID != d.PersonID && g.runs(now) }) {
			return nil, fault.New(fault.Refused, "vault.last_keeper")
		}
		if err := endGrant(ctx, tx, grants[i].ID, db.At(now), who.PersonID, reason); err != nil {
			return nil, err
		}
		return nil, v.record(ctx, tx, c, event{verb: "vault.dismiss", at: now, who: who, told: "vault.told_dismissed", args: []any{"reader", grants[i].Name},
			with: map[string]any{"reader": d.PersonID, "reason": reason}})
	})
}

// kept loads a compartment for a change of its list. Who keeps no list is
// refused, and that is recorded and told.
func (v *Vault) kept(ctx context.Context, tx *db.Tx, who org.Actor, id, verb string, now time.Time) (c compartment, refusal, err error) {
	if c, err = compartmentOf(ctx, tx, id); err != nil {
		return c, nil, err
	}
	a, err := v.access(ctx, tx, who, c, now)
	if err != nil {
		return c, nil, err
	}
	if !a.Keeper {
		refusal = missing()
		if a.Reader {
			refusal = fault.New(fault.Forbidden, "vault.not_keeper")
		}
		return c, refusal, v.turnAway(ctx, tx, c, event{verb: verb, at: now, who: who})
	}
	if !c.DestroyedAt.IsZero() {
		return c, nil, fault.New(fault.Refused, "vault.destroyed")
	}
	return c, nil, touch(ctx, tx, c)
}

// Grant is one line of the list as its keepers and the security officers see it.
//
// vi: dòng của danh sách được biết
type Grant struct {
	Reader
	Reason     string
	AdmittedAt time.Time
	AdmittedBy string    // a person's id
	EndedAt    time.Time // zero while nobody has ended it
	EndReason  string
	Runs       bool
}

// Readers lists who is and was on the list: for those on it and for the
// council's security officers.
func (v *Vault) Readers(ctx context.Context, who org.Actor, compartmentID string) (all []Grant, err error) {
	now := v.deps.Clock.Now()
	err = v.deps.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := v.overseen(ctx, tx, who, compartmentID, now)
		if err != nil {
			return err
		}
		grants, err := allGrantsOf(ctx, tx, c.ID)
		all = make([]Grant, len(grants))
		for i, g := range grants {
			all[i] = Grant{Reader: Reader{PersonID: g.PersonID, Name: g.Name, Keeper: g.Keeper, Until: g.Until}, Reason: g.Reason, AdmittedAt: g.AdmittedAt.Time,
				AdmittedBy: g.AdmittedBy, EndedAt: g.EndedAt.Time, EndReason: g.EndReason, Runs: g.runs(now) && g.ours(v.deps.Key, c.ID)}
		}
		return err
	})
	return all, err
}

// overseen loads a compartment for somebody who may know what happens to it.
func (v *Vault) overseen(ctx context.Context, tx *db.Tx, who org.Actor, id string, now time.Time) (compartment, error) {
	c, err := compartmentOf(ctx, tx, id)
	if err != nil {
		return compartment{}, err
	}
	a, err := v.access(ctx, tx, who, c, now)
	if err != nil {
		return compartment{}, err
	}
	if !a.Reader && !(belongs(who, c.CouncilID) && who.Has(org.Security)) {
		return compartment{}, missing()
	}
	return c, nil
}

// NamedFor lists the compartments on whose list a person is, by id, for the
// worklist of readers. after is the last id of the page before.
func (v *Vault) NamedFor(ctx context.Context, tx *db.Tx, who org.Actor, after string) ([]string, error) {
	return namedFor(ctx, tx, who.PersonID, who.CouncilID, today(v.deps.Clock.Now()).String(), after, listMax)
}
