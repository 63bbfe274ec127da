package constituencies

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// load reads what holds in a person's council today, and what is to hold.
func (d *Desk) load(ctx context.Context, who org.Actor, v *view) error {
	today := clock.Today(d.Clock)
	return d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Now, err = On(ctx, tx, who.CouncilID, today); err != nil {
			return err
		}
		if v.Later, err = after(ctx, tx, who.CouncilID, today); err != nil {
			return err
		}
		council, err := org.CouncilOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		units, err := org.UnitsOf(ctx, tx, council.UnitCode, today)
		v.Names = make(map[string]string, len(units))
		for _, u := range units {
			v.Names[u.Code] = u.FullName
		}
		return err
	})
}
