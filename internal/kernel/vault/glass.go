package vault

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// GlassState is where an emergency opening stands.
//
// vi: tình trạng mở khẩn cấp
type GlassState string

// The states.
const (
	GlassAsked GlassState = "asked" // waits for the second person
	GlassOpen  GlassState = "open"
	GlassEnded GlassState = "ended" // by the clock or by somebody, or never granted
)

// askedFor is how long a second person may take to grant.
const askedFor = 24 * time.Hour

func (g glass) state(now time.Time) GlassState {
	switch {
	case g.ID == "" || !g.EndedAt.IsZero():
		return GlassEnded
	case g.GrantedAt.IsZero() && now.Before(g.AskedAt.Add(askedFor)):
		return GlassAsked
	case !g.GrantedAt.IsZero() && now.Before(g.Until.Time):
		return GlassOpen
	}
	return GlassEnded
}

// seal is the code that this program wrote the opening: a row that somebody typed
// into the database open nothing.
func (g glass) seal(k Key) string {
	return k.Digest("vault.glass", string(bind(append([]string{g.ID, g.Compartment, g.PersonID, g.GrantedBy, g.Until.UTC().Format(time.RFC3339Nano)}, g.Chain.V...)...)))
}

// chain is everybody in whose power an actor acts, themself first.
func chain(who org.Actor) []string {
	all := []string{who.PersonID}
	for _, p := range who.Via {
		all = append(all, p.PersonID)
	}
	return all
}

// leads and guards say who may ask for an emergency opening, and who may grant it.
func leads(who org.Actor, councilID string) bool {
	return belongs(who, councilID) && who.Has(org.Head)
}

func guards(who org.Actor, councilID string) bool {
	return belongs(who, councilID) && slices.ContainsFunc([]org.Role{org.Security, org.Standing, org.Chair}, who.Has)
}

// GlassAsk asks for an emergency opening.
//
// vi: đề nghị mở khẩn cấp
type GlassAsk struct {
	Compartment string
	Reason      string
}

// AskGlass asks for an emergency opening, for the office's leadership. It
// opens nothing: another person has to grant it.
func (v *Vault) AskGlass(ctx context.Context, who org.Actor, ask GlassAsk) (id string, err error) {
	now := v.deps.Clock.Now()
	id = db.NewID(now)
	err = v.judge(ctx, func(tx *db.Tx) (refusal, err error) {
		c, err := compartmentOf(ctx, tx, ask.Compartment)
		if err != nil {
			return nil, err
		}
		if !leads(who, c.CouncilID) {
			return missing(), v.turnAway(ctx, tx, c, event{verb: "vault.ask_glass", at: now, who: who})
		}
		if !c.DestroyedAt.IsZero() {
			return nil, fault.New(fault.Refused, "vault.destroyed")
		}
		reason := text.Line(ask.Reason)
		if f := checkReason(reason); f != nil {
			return nil, f
		}
		// Who asks may know nothing of what is sealed, so an answer would tell
		// them whether a guess was right: such a reason is left out instead.
		bad, err := v.betrays(ctx, tx, c, reason)
		if err != nil {
			return nil, err
		}
		if bad {
			reason = ""
		}
		last, err := latestGlass(ctx, tx, c.ID, who.PersonID)
		if err != nil {
			return nil, err
		}
		if last.state(now) != GlassEnded {
			return nil, fault.New(fault.Conflict, "vault.glass_there")
		}
		if err := touch(ctx, tx, c); err != nil { // one who asks twice at once asks once
			return nil, err
		}
		g := glass{ID: id, CouncilID: c.CouncilID, Compartment: c.ID, PersonID: who.PersonID, Name: clean(who.Name), Chain: db.JSON[[]string]{V: chain(who)},
			Reason: reason, AskedAt: db.At(now), Version: 1}
		if err := insertGlass(ctx, tx, g); err != nil {
			return nil, err
		}
		return nil, v.record(ctx, tx, c, event{verb: "vault.ask_glass", at: now, who: who, told: "vault.told_glass_asked", args: []any{"glass", id},
			with: map[string]any{"glass": id, "reason": reason}})
	})
	return id, err
}

// GrantGlass opens a compartment for the one who asked, until the time it
// tells. It takes a second person: a security officer or the standing
// committee, who shares no power with the first, be it by delegation.
func (v *Vault) GrantGlass(ctx context.Context, who org.Actor, id string) (until time.Time, err error) {
	now := v.deps.Clock.Now()
	until = now.Add(v.deps.GlassFor)
	err = v.judge(ctx, func(tx *db.Tx) (refusal, err error) {
		g, c, err := glassOf(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		e := event{verb: "vault.grant_glass", at: now, who: who, with: map[string]any{"glass": id, "for": g.PersonID}}
		if !guards(who, c.CouncilID) {
			refusal = missing()
		} else if slices.ContainsFunc(chain(who), func(p string) bool { return slices.Contains(g.Chain.V, p) }) {
			refusal = fault.New(fault.Refused, "vault.glass_same_person")
		}
		if refusal != nil {
			return refusal, v.turnAway(ctx, tx, c, e)
		}
		if g.state(now) != GlassAsked || !c.DestroyedAt.IsZero() {
			return nil, fault.New(fault.Refused, "vault.glass_over")
		}
		g.GrantedBy, g.Granter, g.GrantedAt, g.Until = who.PersonID, clean(who.Name), db.At(now), db.At(until)
		g.Code = g.seal(v.deps.Key)
		if err := grantGlass(ctx, tx, g); err != nil {
			return nil, err
		}
		e.told, e.args = "vault.told_glass_granted", []any{"reader", g.Name, "until", until.In(clock.Hanoi).Format("15:04 02/01/2006")}
		e.with["until"] = until.Format(time.RFC3339)
		return nil, v.record(ctx, tx, c, e)
	})
	if err != nil {
		return time.Time{}, err
	}
	return until, nil
}

func glassOf(ctx context.Context, tx *db.Tx, id string) (glass, compartment, error) {
	g, err := glassByID(ctx, tx, id)
	if err != nil {
		return glass{}, compartment{}, err
	}
	c, err := compartmentOf(ctx, tx, g.Compartment)
	return g, c, err
}

// EndGlass ends an emergency opening early, or declines it: by the one who
// asked, by any who could have granted it, or by a keeper.
func (v *Vault) EndGlass(ctx context.Context, who org.Actor, id string) error {
	now := v.deps.Clock.Now()
	return v.deps.DB.Tx(ctx, func(tx *db.Tx) error {
		g, c, err := glassOf(ctx, tx, id)
		if err != nil {
			return err
		}
		a, err := v.access(ctx, tx, who, c, now)
		if err != nil {
			return err
		}
		own := belongs(who, c.CouncilID) && who.PersonID == g.PersonID
		if !own && !a.Keeper && !guards(who, c.CouncilID) {
			return missing()
		}
		if g.state(now) == GlassEnded {
			return fault.New(fault.Refused, "vault.glass_over")
		}
		if err := endGlass(ctx, tx, g, who.PersonID, db.At(now)); err != nil {
			return err
		}
		return v.record(ctx, tx, c, event{verb: "vault.end_glass", at: now, who: who, told: "vault.told_glass_ended", args: []any{"reader", g.Name},
			with: map[string]any{"glass": id, "was": string(g.state(now))}})
	})
}

// Glass is an emergency opening as those who watch over it see it.
//
// vi: lần mở khẩn cấp
type Glass struct {
	ID, Compartment   string
	PersonID, Name    string
	Reason            string // for those who may grant
	AskedAt           time.Time
	GrantedBy         string // a person's id
	Granter           string
	GrantedAt, Until  time.Time
	EndedAt           time.Time
	State             GlassState
	MayGrant, MayStop bool // the one who looks
}

// Glasses lists the emergency openings of a council, newest first: all for
// those who may grant, one's own for the office's leadership.
func (v *Vault) Glasses(ctx context.Context, who org.Actor, before string) (all []Glass, err error) {
	now := v.deps.Clock.Now()
	if before == "" {
		before = beyondAll
	}
	if before != beyondAll && !idForm.MatchString(before) || !leads(who, who.CouncilID) && !guards(who, who.CouncilID) {
		return nil, missing()
	}
	var rows []glass
	err = v.deps.DB.Read(ctx, func(tx *db.Tx) (err error) {
		rows, err = glassesOf(ctx, tx, who.CouncilID, before, pageMax)
		return err
	})
	for _, g := range rows {
		own, may := g.PersonID == who.PersonID, guards(who, g.CouncilID)
		if !own && !may {
			continue
		}
		shared := slices.ContainsFunc(chain(who), func(p string) bool { return slices.Contains(g.Chain.V, p) })
		if !may {
			g.Reason = "" // see AskGlass: what was left out must not be seen to be
		}
		all = append(all, Glass{ID: g.ID, Compartment: g.Compartment, PersonID: g.PersonID, Name: g.Name, Reason: g.Reason, AskedAt: g.AskedAt.Time,
			GrantedBy: g.GrantedBy, Granter: g.Granter, GrantedAt: g.GrantedAt.Time, Until: g.Until.Time, EndedAt: g.EndedAt.Time, State: g.state(now),
			MayGrant: may && !shared && g.state(now) == GlassAsked, MayStop: g.state(now) != GlassEnded})
	}
	return all, err
}
