package vault

import (
	"context"
	"crypto/hmac"
	"errors"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// LookFor is how long the person of a reveal may go on looking at what it
// opened. Pages of a letter are looked at one after another; a reason for each
// would be typed without thinking, and drown the ones that count.
const LookFor = 30 * time.Minute

// Showing is a reveal that is open for its person.
//
// vi: lượt xem niêm phong
type Showing struct {
	Items  map[string]Plain
	Ticket string // for Again; of use to nobody else
	Until  time.Time
}

// Show is Reveal with a ticket to look again.
func (v *Vault) Show(ctx context.Context, who org.Actor, ask Ask) (Showing, error) {
	asked, err := v.asked(ctx, who, ask)
	if err != nil {
		return Showing{}, err
	}
	return v.open(ctx, who, asked)
}

// Again opens what a reveal has opened for the same person, a while after it. It
// is not kept or told once more. Who was taken off the list since, or whose
// emergency opening is over, gets the answer of a reveal that is not there.
func (v *Vault) Again(ctx context.Context, who org.Actor, compartmentID, ticket string) (Showing, error) {
	now := v.deps.Clock.Now()
	id, code, _ := strings.Cut(ticket, ".")
	if !idForm.MatchString(id) || !idForm.MatchString(compartmentID) || !hmac.Equal([]byte(code), []byte(v.ticket(id, compartmentID, who.PersonID))) {
		return Showing{}, missing()
	}
	var asked reveal
	err := v.deps.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := compartmentOf(ctx, tx, compartmentID)
		if err != nil {
			return err
		}
		a, err := v.access(ctx, tx, who, c, now)
		if err != nil {
			return err
		}
		if asked, err = revealByID(ctx, tx, id); err != nil {
			return err
		}
		if Outcome(asked.Outcome) != Shown || !a.Reader && (a.Glass == "" || a.Glass != asked.GlassID) {
			return missing()
		}
		return nil
	})
	if err != nil {
		return Showing{}, err
	}
	if !now.Before(asked.At.Add(LookFor)) {
		return Showing{}, fault.New(fault.Refused, "vault.look_over", "minutes", int(LookFor.Minutes()))
	}
	return v.open(ctx, who, asked)
}

// ticket is the code that this program wrote a reveal: a row that somebody typed
// into the database, so as not to be seen reading, opens nothing.
func (v *Vault) ticket(id, compartmentID, personID string) string {
	return v.deps.Key.Digest("vault.ticket", string(bind(id, compartmentID, personID)))
}

// open decrypts what a kept reveal allows.
func (v *Vault) open(ctx context.Context, who org.Actor, asked reveal) (Showing, error) {
	found, err := v.decrypt(ctx, asked)
	if errors.Is(err, errBox) {
		return Showing{}, v.broken(ctx, who, asked, err)
	}
	if err != nil {
		return Showing{}, err
	}
	return Showing{Items: found, Ticket: asked.ID + "." + v.ticket(asked.ID, asked.Compartment, asked.PersonID), Until: asked.At.Add(LookFor)}, nil
}
