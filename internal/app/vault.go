package app

import (
	"context"
	"path/filepath"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
)

// vaultKeyFile lies beside the database and never in a backup of it: who has
// both can read what is sealed.
const vaultKeyFile = "vault.key"

// openVault opens the sealed compartments. A key file that does not open what
// the database holds stops the start-up: work would go on, and what is sealed
// would be lost one day unnoticed.
func (a *App) openVault(ctx context.Context) (err error) {
	if a.SealKey, err = vault.LoadKey(filepath.Join(a.Config.Data, vaultKeyFile)); err != nil {
		return err
	}
	a.Vault = vault.New(vault.Deps{DB: a.DB, Clock: a.Clock, Audit: a.Audit, Key: a.SealKey, Tell: a.tellSecurity})
	return a.Vault.Check(ctx)
}

// revealsPath is the security officers' page of what was opened.
const revealsPath = "/reception/sealing/watch"

// tellSecurity tells the security officers of a council what happened with a
// compartment; where a ward has none, those of its city. It fails when there is
// nobody to tell, and the act with it: nothing sealed is opened unseen.
func (a *App) tellSecurity(ctx context.Context, tx *db.Tx, councilID, key string, args ...any) error {
	for id := councilID; id != ""; {
		all, err := org.DirectoryOf(ctx, tx, id, clock.Today(a.Clock))
		if err != nil {
			return err
		}
		var people []string
		for _, d := range all {
			if slices.Contains(d.Roles.V, org.Security) {
				people = append(people, d.PersonID)
			}
		}
		if len(people) > 0 {
			return a.Notify.Tell(ctx, tx, notify.Recipients{People: people}, notify.Notice{Key: key, Args: args, Link: revealsPath, CouncilID: councilID})
		}
		council, err := org.CouncilOf(ctx, tx, id)
		if err != nil {
			return err
		}
		id = council.ParentID
	}
	return fault.New(fault.Invalid, "app.no_security_officer")
}
