package sealed

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Bell lets those know who watch over a council's compartments; its Tell is
// what the vault asks for.
//
// vi: -
type Bell struct {
	Notify *notify.Notifier
	Clock  clock.Clock
}

// Tell sends a sentence of the vault to the council's security officers; where
// there are none, to its standing committee.
func (b Bell) Tell(ctx context.Context, tx *db.Tx, councilID, key string, args ...any) error {
	to, err := watchers(ctx, tx, councilID, clock.Today(b.Clock))
	if err != nil {
		return err
	}
	link := watchPath
	for i := 0; i+1 < len(args); i += 2 {
		if id, ok := args[i+1].(string); ok && args[i] == "compartment" {
			link = home + "/" + id
		}
	}
	return b.Notify.Tell(ctx, tx, notify.Recipients{People: to}, notify.Notice{Key: key, Args: args, Link: link, CouncilID: councilID})
}

// watchers are those who are told. Nobody there is an error: what has to be
// told must not happen then.
func watchers(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]string, error) {
	posts, err := org.DirectoryOf(ctx, tx, councilID, today)
	if err != nil {
		return nil, err
	}
	for _, roles := range [][]org.Role{{org.Security}, {org.Standing, org.Chair}} {
		if all := holding(posts, roles...); len(all) > 0 {
			return all, nil
		}
	}
	return nil, fault.New(fault.Refused, "sealed.nobody_told")
}

// holding are the people with one of the roles.
func holding(posts []org.Directory, roles ...org.Role) []string {
	var all []string
	for _, p := range posts {
		if slices.ContainsFunc(p.Roles.V, func(r org.Role) bool { return slices.Contains(roles, r) }) && !slices.Contains(all, p.PersonID) {
			all = append(all, p.PersonID)
		}
	}
	return all
}

// tellSides lets those know who may confirm a change.
func (d *Desk) tellSides(ctx context.Context, tx *db.Tx, who org.Actor, key string, today clock.Date) error {
	posts, err := org.DirectoryOf(ctx, tx, who.CouncilID, today)
	if err != nil {
		return err
	}
	return d.Notify.Tell(ctx, tx, notify.Recipients{People: holding(posts, org.Standing, org.Chair, org.Security), Except: who.PersonID},
		notify.Notice{Key: key, Link: settingsPath, CouncilID: who.CouncilID})
}
