package vault

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// The limits of one reveal: more would have to lie in memory at once.
const (
	askItemsMax  = 20
	askChunksMax = 64
)

// Ask is somebody's wish to see items of a compartment.
//
// vi: yêu cầu mở niêm phong
type Ask struct {
	Compartment string
	Items       []string
	Reason      string // at least ten letters; it is kept in clear, so it names nobody
}

// Outcome is how an ask ended.
//
// vi: kết quả mở niêm phong
type Outcome string

// The outcomes.
const (
	Shown   Outcome = "shown"   // the content was handed out
	Refused Outcome = "refused" // nothing was
	Broken  Outcome = "broken"  // allowed, but a box did not open: somebody changed the database
)

// Reveal shows items to somebody who needs to know: named on the list, or with
// a broken glass that is open. First the reveal is written, put into the log
// and told to the security officers; only when that is durable anything is
// decrypted. A refusal is written and told likewise. Who is not named gets the
// answer of a compartment that is not there.
func (v *Vault) Reveal(ctx context.Context, who org.Actor, ask Ask) (map[string]Plain, error) {
	s, err := v.Show(ctx, who, ask)
	return s.Items, err
}

// asked writes, logs and tells an ask, and judges it.
func (v *Vault) asked(ctx context.Context, who org.Actor, ask Ask) (asked reveal, err error) {
	now := v.deps.Clock.Now()
	if !idForm.MatchString(ask.Compartment) {
		return asked, missing()
	}
	items, proper := tidy(ask.Items)
	err = v.judge(ctx, func(tx *db.Tx) (refusal, err error) {
		c, err := compartmentOf(ctx, tx, ask.Compartment)
		if err != nil {
			return nil, err
		}
		a, err := v.access(ctx, tx, who, c, now)
		if err != nil {
			return nil, err
		}
		asked = reveal{ID: db.NewID(now), CouncilID: c.CouncilID, Compartment: c.ID, PersonID: who.PersonID, Name: clean(shown(who)), Title: clean(who.PostTitle),
			Behalf: clean(who.OnBehalf()), Items: db.JSON[[]string]{V: items}, Outcome: string(Shown), At: db.At(now)}
		if !a.Reader {
			asked.GlassID = a.Glass
		}
		refusal, err = v.weigh(ctx, tx, c, a, &asked, proper, ask.Reason)
		if err != nil {
			return nil, err
		}
		return refusal, v.enter(ctx, tx, c, who, asked)
	})
	return asked, err
}

// clean keeps what came with the request fit for both databases.
func clean(s string) string { return text.Line(s) }

// tidy gives the asked items in order, each once. Names that are none are left
// out of what is kept: people could type anything there.
func tidy(asked []string) (items []string, proper bool) {
	items = []string{}
	for _, name := range asked {
		if !itemForm.MatchString(name) {
			return []string{}, false
		}
		if !slices.Contains(items, name) {
			items = append(items, name)
		}
	}
	slices.Sort(items)
	if len(items) > askItemsMax {
		return []string{}, false
	}
	return items, len(items) > 0
}

// weigh decides on an ask and fills in reason and outcome as they are kept. A
// reason that repeats a sealed field is not kept, whoever typed it.
func (v *Vault) weigh(ctx context.Context, tx *db.Tx, c compartment, a Access, asked *reveal, proper bool, typed string) (refusal, err error) {
	bad, err := v.betrays(ctx, tx, c, text.Line(typed))
	if err != nil {
		return nil, err
	}
	if r := []rune(text.Line(typed)); !bad {
		asked.Reason = string(r[:min(len(r), reasonMax)])
	}
	refuse := func(f *fault.Fault) (error, error) {
		asked.Outcome, asked.Why = string(Refused), f.Key
		return f, nil
	}
	if !a.Opens() {
		asked.Outcome, asked.Why = string(Refused), "vault.why_not_named"
		return missing(), nil
	}
	if !c.DestroyedAt.IsZero() {
		return refuse(fault.New(fault.Refused, "vault.destroyed"))
	}
	if bad {
		return refuse(fault.New(fault.Invalid, "vault.reason_names").At("reason"))
	}
	if f := checkReason(text.Line(typed)); f != nil {
		return refuse(f)
	}
	if !proper {
		return refuse(fault.New(fault.Invalid, "vault.no_items", "max", askItemsMax).At("items"))
	}
	held, err := itemsOf(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	chunks, found := int64(0), 0
	for _, h := range held {
		if slices.Contains(asked.Items.V, h.Name) {
			chunks, found = chunks+h.Chunks, found+1
		}
	}
	switch {
	case found != len(asked.Items.V):
		return refuse(fault.New(fault.Missing, "vault.no_item").At("items"))
	case chunks > askChunksMax:
		return refuse(fault.New(fault.TooLarge, "vault.ask_large").At("items"))
	}
	return nil, nil
}

// enter writes an ask and its outcome, into the log too, and tells it.
func (v *Vault) enter(ctx context.Context, tx *db.Tx, c compartment, who org.Actor, r reveal) error {
	if err := insertReveal(ctx, tx, r); err != nil {
		return err
	}
	e := event{verb: "vault.reveal", at: r.At.Time, who: who, told: "vault.told_revealed", args: []any{"items", strings.Join(r.Items.V, ", ")},
		with: map[string]any{"reveal": r.ID, "items": r.Items.V, "reason": r.Reason, "outcome": r.Outcome, "why": r.Why, "glass": r.GlassID}}
	switch Outcome(r.Outcome) {
	case Refused:
		e.verb, e.told, e.args = "vault.reveal_refused", "vault.told_refused", nil
	case Broken:
		e.verb, e.told, e.args = "vault.reveal_broken", "vault.told_broken", nil
	}
	return v.record(ctx, tx, c, e)
}

// turnAway writes an act that was refused into the book of reveals, where the
// security officers look, and into the log, and tells it.
func (v *Vault) turnAway(ctx context.Context, tx *db.Tx, c compartment, e event) error {
	e.verb, e.told = e.verb+"_refused", "vault.told_refused"
	r := reveal{ID: db.NewID(e.at), CouncilID: c.CouncilID, Compartment: c.ID, PersonID: e.who.PersonID, Name: clean(shown(e.who)), Title: clean(e.who.PostTitle),
		Behalf: clean(e.who.OnBehalf()), Items: db.JSON[[]string]{V: []string{}}, Outcome: string(Refused), Why: "vault.verb." + strings.TrimPrefix(e.verb, "vault."), At: db.At(e.at)}
	if err := insertReveal(ctx, tx, r); err != nil {
		return err
	}
	return v.record(ctx, tx, c, e)
}

// decrypt opens what a committed reveal allows.
func (v *Vault) decrypt(ctx context.Context, asked reveal) (map[string]Plain, error) {
	found := map[string]Plain{}
	err := v.deps.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := compartmentOf(ctx, tx, asked.Compartment)
		if err != nil {
			return err
		}
		own, err := v.lockOf(c)
		if err != nil {
			return err
		}
		held, err := itemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		for _, h := range held {
			if !slices.Contains(asked.Items.V, h.Name) {
				continue
			}
			b, err := h.take(ctx, tx, own, c.ID)
			if err != nil {
				return err
			}
			found[h.Name] = plainOf(b)
		}
		return nil
	})
	if err == nil && len(found) != len(asked.Items.V) {
		err = errBox // it was there when the reveal was written
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

// broken records that what was allowed could not be opened.
func (v *Vault) broken(ctx context.Context, who org.Actor, asked reveal, cause error) error {
	now := v.deps.Clock.Now()
	asked.ID, asked.At, asked.Outcome, asked.Why = db.NewID(now), db.At(now), string(Broken), "vault.broken"
	err := v.deps.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := compartmentOf(ctx, tx, asked.Compartment)
		if err != nil {
			return err
		}
		return v.enter(ctx, tx, c, who, asked)
	})
	return fault.New(fault.Internal, "vault.broken").Because(errors.Join(cause, err))
}

// Revealed is one ask as the security officers see it.
//
// vi: lượt mở niêm phong
type Revealed struct {
	ID          string
	Compartment string
	PersonID    string
	Name, Title string
	Behalf      string // in whose place the person acted; it opened nothing
	Glass       string // the broken glass that was used
	Items       []string
	Reason      string
	Outcome     Outcome
	Why         string // text key of what refused
	At          time.Time
}

// pageMax bounds a page of reveals or of broken glasses.
const pageMax = 100

// Reveals lists asks, newest first: all of the council, for its security
// officers, or those of one compartment, for its readers too. before is the
// last id of the page before.
func (v *Vault) Reveals(ctx context.Context, who org.Actor, compartmentID, before string) (all []Revealed, err error) {
	if before == "" {
		before = beyondAll
	}
	if before != beyondAll && !idForm.MatchString(before) {
		return nil, missing()
	}
	var rows []reveal
	err = v.deps.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if compartmentID == "" {
			if !belongs(who, who.CouncilID) || !who.Has(org.Security) {
				return missing()
			}
			rows, err = revealsOfCouncil(ctx, tx, who.CouncilID, before, pageMax)
			return err
		}
		c, err := v.overseen(ctx, tx, who, compartmentID, v.deps.Clock.Now())
		if err == nil {
			rows, err = revealsOf(ctx, tx, c.ID, before, pageMax)
		}
		return err
	})
	for _, r := range rows {
		all = append(all, Revealed{ID: r.ID, Compartment: r.Compartment, PersonID: r.PersonID, Name: r.Name, Title: r.Title, Behalf: r.Behalf, Glass: r.GlassID,
			Items: r.Items.V, Reason: r.Reason, Outcome: Outcome(r.Outcome), Why: r.Why, At: r.At.Time})
	}
	return all, err
}
