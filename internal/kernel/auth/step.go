package auth

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// GiveCode takes the code of the authenticator app, or a recovery code, after
// the password. Wrong codes count with the wrong passwords.
func (a *Auth) GiveCode(ctx context.Context, step, code string, from Browser) (Outcome, error) {
	f := a.fresh(from)
	hash, ok := tokenHash(step)
	if !ok {
		return Outcome{}, stepOver()
	}
	return a.enter(ctx, func(tx *db.Tx) (out Outcome, refusal, err error) {
		p, acc, err := a.stepAccount(ctx, tx, hash, codePass, f)
		if err != nil {
			return Outcome{}, nil, err
		}
		g := a.guesser(acc.LoginKey, from)
		if locked, err := a.locked(ctx, tx, g, f.now); err != nil || locked != nil {
			return Outcome{}, orNil(locked), err
		}
		ok, acc, err := a.codeFits(ctx, tx, acc, code, f)
		if err != nil {
			return Outcome{}, nil, err
		}
		if !ok {
			refusal, err = a.refuse(ctx, tx, g, f, acc, "code")
			return Outcome{}, refusal, err
		}
		if err := usePass(ctx, tx, hash, f.now); err != nil {
			return Outcome{}, nil, err
		}
		return a.factorsGiven(ctx, tx, f, g, acc, max(p.Assurance, TwoFactors))
	})
}

// GivePassword takes the new password that the account's state asks for, and
// lets the person in.
func (a *Auth) GivePassword(ctx context.Context, step, password string, from Browser) (Outcome, error) {
	f := a.fresh(from)
	hash, ok := tokenHash(step)
	if !ok {
		return Outcome{}, stepOver()
	}
	var seen account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if _, seen, err = a.stepAccount(ctx, tx, hash, newPasswordPass, f); err != nil {
			return err
		}
		return a.fitPassword(ctx, tx, seen, password)
	})
	if err != nil {
		return Outcome{}, err
	}
	same, _, err := a.hasher.matches(ctx, password, seen.PasswordHash)
	if err != nil {
		return Outcome{}, err
	}
	if same {
		return Outcome{}, passwordSame()
	}
	hashed, err := a.hasher.hash(ctx, password)
	if err != nil {
		return Outcome{}, err
	}
	return a.enter(ctx, func(tx *db.Tx) (out Outcome, refusal, err error) {
		p, acc, err := a.stepAccount(ctx, tx, hash, newPasswordPass, f)
		if err != nil {
			return Outcome{}, nil, err
		}
		if err := usePass(ctx, tx, hash, f.now); err != nil {
			return Outcome{}, nil, err
		}
		if err := a.putPassword(ctx, tx, acc, hashed, f, org.Actor{PersonID: acc.PersonID, Address: from.Address}); err != nil {
			return Outcome{}, nil, err
		}
		if err := a.forgiven(ctx, tx, a.guesser(acc.LoginKey, from)); err != nil {
			return Outcome{}, nil, err
		}
		return a.admit(ctx, tx, f, proof{personID: acc.PersonID, councilID: acc.CouncilID, method: p.Method, assurance: p.Assurance})
	})
}

func passwordSame() error { return fault.New(fault.Invalid, "auth.password_same").At("password") }

func stepOver() error { return fault.New(fault.SignIn, "auth.step_over") }

// stepAccount loads the account whose sign-in the step belongs to.
func (a *Auth) stepAccount(ctx context.Context, tx *db.Tx, hash string, kind passKind, f fresh) (pass, account, error) {
	p, err := passOf(ctx, tx, hash)
	if fault.Is(err, "db.no_row") || err == nil && (p.Kind != kind || !p.open(f)) {
		return pass{}, account{}, stepOver()
	}
	if err != nil {
		return pass{}, account{}, err
	}
	acc, err := accountOf(ctx, tx, p.PersonID)
	if err == nil && !acc.DisabledAt.IsZero() {
		err = fault.New(fault.Refused, "auth.disabled")
	}
	return p, acc, err
}

func (p pass) open(f fresh) bool { return p.UsedAt.IsZero() && f.now.Before(p.ExpiresAt.Time) }
