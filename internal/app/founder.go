package app

import (
	"context"

	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// founder sets up a new installation: the council with its office and
// administrator, and the administrative units that voters choose from. Hanoi's
// units come with the program; those of other provinces are imported.
type founder struct{ desk *org.Desk }

// Found implements auth.Founder.
func (f founder) Found(ctx context.Context, tx *db.Tx, o org.Founding) (personID, postID string, err error) {
	if personID, postID, err = f.desk.Found(ctx, tx, o); err != nil {
		return "", "", err
	}
	return personID, postID, enterUnits(ctx, tx, clock.Today(f.desk.Clock))
}

// enterUnits loads Hanoi's units and their predecessors, once.
func enterUnits(ctx context.Context, tx *db.Tx, on clock.Date) error {
	have, err := org.UnitsOf(ctx, tx, "01", on)
	if err != nil || len(have) > 0 {
		return err
	}
	units, err := demo.Units()
	if err != nil {
		return err
	}
	for _, u := range units {
		if err := org.AddUnit(ctx, tx, u); err != nil {
			return err
		}
	}
	former, err := demo.Successors()
	if err != nil {
		return err
	}
	for _, s := range former {
		if err := org.AddSuccessor(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}
