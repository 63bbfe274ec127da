package auth

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// noDemonstration hides the demonstration's doors wherever real people are.
func (a *Auth) noDemonstration() error {
	if a.Demonstration {
		return nil
	}
	return missing()
}

// DemoPeople lists whom one can be in the demonstration, by council and body.
func (a *Auth) DemoPeople(ctx context.Context) ([]org.Directory, error) {
	if err := a.noDemonstration(); err != nil {
		return nil, err
	}
	today := clock.Today(a.Clock)
	var people []org.Directory
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		people, err = org.DirectoryOf(ctx, tx, "", today)
		return err
	})
	return people, err
}

// DemoSignIn lets anybody be one of the invented people. A real person in the
// same database cannot be entered this way.
func (a *Auth) DemoSignIn(ctx context.Context, personID string, from Browser) (Outcome, error) {
	if err := a.noDemonstration(); err != nil {
		return Outcome{}, err
	}
	f := a.fresh(from)
	return a.enter(ctx, func(tx *db.Tx) (out Outcome, refusal, err error) {
		person, err := org.PersonOf(ctx, tx, personID)
		if fault.Is(err, "db.no_row") || err == nil && !person.Demonstration {
			return Outcome{}, nil, fault.New(fault.Invalid, "auth.demo_nobody").At("person")
		}
		if err != nil {
			return Outcome{}, nil, err
		}
		return a.admit(ctx, tx, f, proof{personID: personID, method: ByDemonstration, assurance: NoAssurance})
	})
}
