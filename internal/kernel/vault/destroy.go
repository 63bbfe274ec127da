package vault

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Destruction asks for a compartment to be destroyed.
//
// vi: tiêu huỷ ngăn niêm phong
type Destruction struct {
	Compartment string
	Document    string // number and date of the paper that asks it; kept
}

// documentMax bounds the name of the paper that asks for a destruction.
const documentMax = 200

// Destroy deletes the compartment's key and all it holds; a row stays and says
// that it was there and which document asked for its end. A keeper may, and
// the program itself when the time of keeping is over.
//
// A copy of the sealed key may lie in an older backup. It is dead there once
// the installation's key was changed and the old one dropped (DropOldKeys).
func (v *Vault) Destroy(ctx context.Context, tx *db.Tx, who org.Actor, d Destruction) error {
	now := v.deps.Clock.Now()
	c, err := compartmentOf(ctx, tx, d.Compartment)
	if err != nil {
		return err
	}
	a, err := v.access(ctx, tx, who, c, now)
	if err != nil {
		return err
	}
	switch system := who.System && who.CouncilID == c.CouncilID; {
	case !a.Keeper && a.Reader:
		return fault.New(fault.Forbidden, "vault.not_keeper")
	case !a.Keeper && !system:
		return missing()
	case !c.DestroyedAt.IsZero():
		return fault.New(fault.Refused, "vault.destroyed")
	}
	document := text.Line(d.Document)
	if n := len([]rune(document)); len(plainLetters(document)) < 3 || n > documentMax {
		return fault.New(fault.Invalid, "vault.no_document", "max", documentMax).At("document")
	}
	if bad, err := v.betrays(ctx, tx, c, document); err != nil || bad {
		if err == nil {
			err = fault.New(fault.Invalid, "vault.reason_names").At("document")
		}
		return err
	}
	if err := tombstone(ctx, tx, c, db.At(now), document); err != nil {
		return err
	}
	if err := empty(ctx, tx, c.ID); err != nil {
		return err
	}
	return v.record(ctx, tx, c, event{verb: "vault.destroy", at: now, who: who, told: "vault.told_destroyed", args: []any{"document", document},
		with: map[string]any{"document": document}})
}

// Check finds at start-up whether the key file opens what the database holds.
// A key file that was lost and made anew is told here, not at the first need.
func (v *Vault) Check(ctx context.Context) error {
	var used []keyCount
	if err := v.deps.DB.Read(ctx, func(tx *db.Tx) (err error) {
		used, err = keysInUse(ctx, tx)
		return err
	}); err != nil {
		return err
	}
	var lost []string
	for _, u := range used {
		if id, err := hex.DecodeString(u.KeyID); err != nil || v.deps.Key.byID(id) == nil {
			lost = append(lost, fmt.Sprintf("%s (%d compartments)", u.KeyID, u.Count))
		}
	}
	if len(lost) > 0 {
		return fmt.Errorf("vault: the key file lacks the keys %s: put back the right key file", strings.Join(lost, ", "))
	}
	return nil
}

// rewrapBatch bounds the compartments of one transaction.
const rewrapBatch = 200

// Rewrap seals the key of every compartment with the newest master and tells
// how many there were. It can be broken off and begun again.
func (v *Vault) Rewrap(ctx context.Context, who org.Actor) (total int, err error) {
	newest := fmt.Sprintf("%x", v.deps.Key.newest().id)
	for {
		n, now := 0, v.deps.Clock.Now()
		err := v.deps.DB.Tx(ctx, func(tx *db.Tx) error {
			some, err := foreign(ctx, tx, newest, rewrapBatch)
			if n = len(some); err != nil || n == 0 {
				return err
			}
			for _, c := range some {
				if err := v.rewrapOne(ctx, tx, c); err != nil {
					return err
				}
			}
			_, err = v.deps.Audit.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: "vault.key", Verb: "vault.rewrap", At: now, Who: who,
				Details: map[string]any{"key": newest, "compartments": n}, Sealed: true})
			return err
		})
		if err != nil || n == 0 {
			return total, err
		}
		total += n
	}
}

func (v *Vault) rewrapOne(ctx context.Context, tx *db.Tx, c compartment) error {
	secret, err := c.unwrap(v.deps.Key)
	if err != nil {
		return fmt.Errorf("vault: compartment %s: %w", c.ID, err)
	}
	defer clear(secret)
	c.wrap(v.deps.Key, secret)
	return rewrap(ctx, tx, c, c.KeyID, c.Wrapped)
}
