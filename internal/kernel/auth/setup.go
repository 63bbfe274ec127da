package auth

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// FirstAddress makes the secret of the one-time address at which the first
// administrator sets up the council, when there is nobody yet who could sign
// in. Every call voids the address before it.
func (a *Auth) FirstAddress(ctx context.Context) (secret string, needed bool, err error) {
	if a.Demonstration {
		return "", false, nil
	}
	f := a.fresh(Browser{})
	err = a.DB.Tx(ctx, func(tx *db.Tx) error {
		taken, err := anyAccount(ctx, tx)
		if needed = !taken; err != nil || taken {
			return err
		}
		return addPass(ctx, tx, pass{Kind: setUpPass, CreatedAt: db.At(f.now), ExpiresAt: db.At(f.now.Add(a.Limits.Address))}, f.hash)
	})
	if err != nil || !needed {
		return "", false, err
	}
	return f.token, true, nil
}

// SetUp is what the first administrator fills in.
type SetUp struct {
	org.Founding
	Login    string
	Password string
}

// SetUpOpen reports, as a fault, that the address does not set up anything any more.
func (a *Auth) SetUpOpen(ctx context.Context, secret string) error {
	hash, ok := tokenHash(secret)
	if !ok {
		return addressOver()
	}
	f := a.fresh(Browser{})
	return a.DB.Read(ctx, func(tx *db.Tx) error { return a.setUpPass(ctx, tx, hash, f) })
}

func (a *Auth) setUpPass(ctx context.Context, tx *db.Tx, hash string, f fresh) error {
	p, err := passOf(ctx, tx, hash)
	if fault.Is(err, "db.no_row") || err == nil && (p.Kind != setUpPass || !p.open(f)) {
		return addressOver()
	}
	if err != nil {
		return err
	}
	taken, err := anyAccount(ctx, tx)
	if err == nil && taken {
		err = addressOver()
	}
	return err
}

// SetUp makes the council, its office and the administrator, and signs the
// administrator in: all of it or nothing, and only once.
func (a *Auth) SetUp(ctx context.Context, secret string, s SetUp, from Browser) (Outcome, error) {
	if err := a.SetUpOpen(ctx, secret); err != nil {
		return Outcome{}, err
	}
	hash, _ := tokenHash(secret) // SetUpOpen has read it
	f := a.fresh(from)
	if err := a.checkSetUp(s); err != nil {
		return Outcome{}, err
	}
	hashed, err := a.hasher.hash(ctx, s.Password)
	if err != nil {
		return Outcome{}, err
	}
	return a.enter(ctx, func(tx *db.Tx) (out Outcome, refusal, err error) {
		if err := a.setUpPass(ctx, tx, hash, f); err != nil {
			return Outcome{}, nil, err
		}
		if err := usePass(ctx, tx, hash, f.now); err != nil {
			return Outcome{}, nil, err
		}
		personID, postID, err := a.Founder.Found(ctx, tx, s.Founding)
		if err != nil {
			return Outcome{}, nil, err
		}
		who, err := a.Org.ActingAs(ctx, tx, personID, postID, "", clock.DateOf(f.now))
		if err != nil {
			return Outcome{}, nil, err
		}
		who.Address = from.Address
		acc := account{PersonID: personID, CouncilID: who.CouncilID, Login: text.Line(s.Login), PasswordHash: hashed, PasswordAt: db.At(f.now), CreatedAt: db.At(f.now)}
		if err := a.putAccount(ctx, tx, acc); err != nil {
			return Outcome{}, nil, err
		}
		if err := a.record(ctx, tx, act{verb: "auth.set_up", councilID: who.CouncilID, personID: personID, who: who, at: f.now, details: map[string]any{"login": acc.Login}}); err != nil {
			return Outcome{}, nil, err
		}
		return a.admit(ctx, tx, f, proof{personID: personID, councilID: who.CouncilID, method: ByPassword, assurance: OneFactor})
	})
}

// checkSetUp gathers what is wrong with the whole form, so that the
// administrator mends it in one go.
func (a *Auth) checkSetUp(s SetUp) error {
	faults := []*fault.Fault{checkLogin(s.Login), a.Limits.checkPassword(s.Password, s.Login, s.AdminName)}
	if text.Line(s.CouncilName) == "" {
		faults = append(faults, fault.New(fault.Invalid, "auth.setup_council").At("council"))
	}
	if s.Level != org.City && s.Level != org.Commune {
		faults = append(faults, fault.New(fault.Invalid, "auth.setup_level").At("level"))
	}
	if text.Line(s.UnitCode) == "" {
		faults = append(faults, fault.New(fault.Invalid, "auth.setup_unit").At("unit"))
	}
	if text.Line(s.AdminName) == "" {
		faults = append(faults, fault.New(fault.Invalid, "auth.setup_name").At("name"))
	}
	return fault.Join(faults...)
}
