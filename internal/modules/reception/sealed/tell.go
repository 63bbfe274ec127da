package sealed

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

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
