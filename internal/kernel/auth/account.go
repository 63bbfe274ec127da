package auth

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// The length of a login in characters.
const (
	loginMin = 3
	loginMax = 100
)

// checkLogin refuses logins that cannot be typed back.
func checkLogin(login string) *fault.Fault {
	n := utf8.RuneCountInString(text.Line(login))
	if n < loginMin || n > loginMax || strings.ContainsFunc(text.Line(login), unicode.IsSpace) {
		return fault.New(fault.Invalid, "auth.login_form", "min", loginMin, "max", loginMax).At("login")
	}
	return nil
}

// OpenAccount gives a person of the administrator's council a login. The
// person sets the first password at a one-time address made of the secret.
func (a *Auth) OpenAccount(ctx context.Context, who org.Actor, personID, login string) (secret string, err error) {
	if f := checkLogin(login); f != nil {
		return "", f
	}
	f := a.fresh(Browser{Address: who.Address})
	err = a.DB.Tx(ctx, func(tx *db.Tx) error {
		posts, err := a.Org.Acting(ctx, tx, personID, clock.DateOf(f.now))
		if err != nil {
			return err
		}
		if !ManageAccounts.Allows(who) || len(posts) == 0 || !anyOfCouncil(posts, who.CouncilID) {
			return missing()
		}
		if err := a.putAccount(ctx, tx, account{PersonID: personID, CouncilID: who.CouncilID, Login: text.Line(login), CreatedAt: db.At(f.now)}); err != nil {
			return err
		}
		if err := a.hand(ctx, tx, f, personID); err != nil {
			return err
		}
		return a.record(ctx, tx, act{verb: "auth.account_opened", councilID: who.CouncilID, personID: personID, who: who, at: f.now, details: map[string]any{"login": text.Line(login)}})
	})
	if err != nil {
		return "", err
	}
	return f.token, nil
}

func anyOfCouncil(posts []org.Actor, councilID string) bool {
	for _, p := range posts {
		if p.CouncilID == councilID && len(p.Via) == 0 {
			return true
		}
	}
	return false
}

// putAccount saves a new account unless its login or person has one. It asks
// first: a failed statement would end the whole transaction on PostgreSQL.
func (a *Auth) putAccount(ctx context.Context, tx *db.Tx, acc account) error {
	acc.LoginKey = loginKey(acc.Login)
	other, err := accountOfLogin(ctx, tx, acc.LoginKey)
	if err != nil {
		return err
	}
	if other.PersonID != "" {
		return fault.New(fault.Invalid, "auth.login_taken").At("login")
	}
	_, err = accountOf(ctx, tx, acc.PersonID)
	if err == nil {
		return fault.New(fault.Refused, "auth.has_account")
	}
	if !fault.Is(err, "auth.no_account") {
		return err
	}
	return addAccount(ctx, tx, acc)
}

// hand makes a one-time address for setting a password.
func (a *Auth) hand(ctx context.Context, tx *db.Tx, f fresh, personID string) error {
	return addPass(ctx, tx, pass{Kind: resetPass, PersonID: personID, Method: ByPassword, CreatedAt: db.At(f.now), ExpiresAt: db.At(f.now.Add(a.Limits.Address))}, f.hash)
}

// ResetPassword makes a one-time address at which somebody who forgot the
// password sets a new one. A second step that is on stays on.
func (a *Auth) ResetPassword(ctx context.Context, who org.Actor, personID string) (secret string, err error) {
	f := a.fresh(Browser{Address: who.Address})
	err = a.manage(ctx, who, personID, f, func(tx *db.Tx, acc account) error {
		if err := a.hand(ctx, tx, f, personID); err != nil {
			return err
		}
		return a.record(ctx, tx, act{verb: "auth.password_reset", councilID: acc.CouncilID, personID: personID, who: who, at: f.now})
	})
	if err != nil {
		return "", err
	}
	return f.token, nil
}

// manage runs a change that an administrator makes to an account of the same council.
func (a *Auth) manage(ctx context.Context, who org.Actor, personID string, f fresh, change func(tx *db.Tx, acc account) error) error {
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		acc, err := accountOf(ctx, tx, personID)
		if err != nil {
			return err
		}
		if !ManageAccounts.Allows(who) || who.CouncilID != acc.CouncilID {
			return missing()
		}
		return change(tx, acc)
	})
}

// CloseAccount keeps a person out from this moment on: who has left, or lost
// a device.
func (a *Auth) CloseAccount(ctx context.Context, who org.Actor, personID string) error {
	f := a.fresh(Browser{Address: who.Address})
	return a.manage(ctx, who, personID, f, func(tx *db.Tx, acc account) error {
		if who.PersonID == personID {
			return fault.New(fault.Refused, "auth.not_yourself")
		}
		if !acc.DisabledAt.IsZero() {
			return fault.New(fault.Refused, "auth.already_closed")
		}
		acc.DisabledAt = db.At(f.now)
		if err := saveAccount(ctx, tx, acc); err != nil {
			return err
		}
		if err := dropPasses(ctx, tx, personID); err != nil {
			return err
		}
		n, err := endSignIns(ctx, tx, personID, "", who.PersonID, f.now)
		if err != nil {
			return err
		}
		a.changed(tx, personID)
		return a.record(ctx, tx, act{verb: "auth.account_closed", councilID: acc.CouncilID, personID: personID, who: who, at: f.now, details: map[string]any{"sign_ins": n}})
	})
}

// ReopenAccount lets a person in again.
func (a *Auth) ReopenAccount(ctx context.Context, who org.Actor, personID string) error {
	f := a.fresh(Browser{Address: who.Address})
	return a.manage(ctx, who, personID, f, func(tx *db.Tx, acc account) error {
		if acc.DisabledAt.IsZero() {
			return fault.New(fault.Refused, "auth.not_closed")
		}
		acc.DisabledAt = db.Time{}
		if err := saveAccount(ctx, tx, acc); err != nil {
			return err
		}
		return a.record(ctx, tx, act{verb: "auth.account_reopened", councilID: acc.CouncilID, personID: personID, who: who, at: f.now})
	})
}

// DemandNewPassword makes the person set a new password at the next sign-in.
func (a *Auth) DemandNewPassword(ctx context.Context, who org.Actor, personID string) error {
	f := a.fresh(Browser{Address: who.Address})
	return a.manage(ctx, who, personID, f, func(tx *db.Tx, acc account) error {
		acc.MustChange = true
		if err := saveAccount(ctx, tx, acc); err != nil {
			return err
		}
		return a.record(ctx, tx, act{verb: "auth.password_demanded", councilID: acc.CouncilID, personID: personID, who: who, at: f.now})
	})
}

// Accounts lists the accounts of the administrator's council by login, a page
// at a time: after is the LoginKey of the last line seen.
func (a *Auth) Accounts(ctx context.Context, who org.Actor, after string) ([]AccountLine, error) {
	const page = 100
	if !EndSignIns.Allows(who) {
		return nil, missing()
	}
	var lines []AccountLine
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		lines, err = accountLines(ctx, tx, who.CouncilID, after, page)
		return err
	})
	return lines, err
}

// Redeemable tells whose password the one-time address sets, before anything
// is typed there.
func (a *Auth) Redeemable(ctx context.Context, secret string) (login string, err error) {
	hash, ok := tokenHash(secret)
	if !ok {
		return "", addressOver()
	}
	f := a.fresh(Browser{})
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		acc, err := a.redeemed(ctx, tx, hash, f)
		login = acc.Login
		return err
	})
	return login, err
}

// Redeem sets the password at a one-time address. It signs nobody in: the
// second step, when on, still stands between.
func (a *Auth) Redeem(ctx context.Context, secret, password string, from Browser) error {
	hash, ok := tokenHash(secret)
	if !ok {
		return addressOver()
	}
	f := a.fresh(from)
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		acc, err := a.redeemed(ctx, tx, hash, f)
		if err != nil {
			return err
		}
		return a.fitPassword(ctx, tx, acc, password)
	})
	if err != nil {
		return err
	}
	hashed, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		acc, err := a.redeemed(ctx, tx, hash, f)
		if err != nil {
			return err
		}
		if err := usePass(ctx, tx, hash, f.now); err != nil {
			return err
		}
		return a.putPassword(ctx, tx, acc, hashed, f, org.Actor{PersonID: acc.PersonID, Address: from.Address})
	})
}

func addressOver() error { return fault.New(fault.Missing, "auth.address_over") }

func (a *Auth) redeemed(ctx context.Context, tx *db.Tx, hash string, f fresh) (account, error) {
	p, err := passOf(ctx, tx, hash)
	if fault.Is(err, "db.no_row") || err == nil && (p.Kind != resetPass || !p.open(f)) {
		return account{}, addressOver()
	}
	if err != nil {
		return account{}, err
	}
	acc, err := accountOf(ctx, tx, p.PersonID)
	if err == nil && !acc.DisabledAt.IsZero() {
		err = addressOver()
	}
	return acc, err
}

// fitPassword refuses a bad password for this account.
func (a *Auth) fitPassword(ctx context.Context, tx *db.Tx, acc account, password string) error {
	person, err := org.PersonOf(ctx, tx, acc.PersonID)
	if err != nil {
		return err
	}
	return orNil(a.Limits.checkPassword(password, acc.Login, person.Name))
}

// putPassword saves a new password, and ends every other sign-in and one-time
// secret of the person: whoever had the old password is out.
func (a *Auth) putPassword(ctx context.Context, tx *db.Tx, acc account, hashed string, f fresh, who org.Actor) error {
	acc.PasswordHash, acc.PasswordAt, acc.MustChange = hashed, db.At(f.now), false
	if err := saveAccount(ctx, tx, acc); err != nil {
		return err
	}
	if err := dropPasses(ctx, tx, acc.PersonID); err != nil {
		return err
	}
	n, err := endSignIns(ctx, tx, acc.PersonID, who.SignInID, acc.PersonID, f.now)
	if err != nil {
		return err
	}
	a.changed(tx, acc.PersonID)
	return a.record(ctx, tx, act{verb: "auth.password_changed", councilID: acc.CouncilID, personID: acc.PersonID, who: who, at: f.now, details: map[string]any{"sign_ins_ended": n}})
}

// ChangePassword replaces one's own password; the present one proves that it
// is not somebody at an open screen.
func (a *Auth) ChangePassword(ctx context.Context, who org.Actor, current, password string) error {
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		acc, err := accountOf(ctx, tx, who.PersonID)
		if err != nil {
			return err
		}
		return a.fitPassword(ctx, tx, acc, password)
	})
	if err != nil {
		return err
	}
	if text.NFC(current) == text.NFC(password) {
		return passwordSame()
	}
	hashed, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.withPassword(ctx, who, current, func(tx *db.Tx, acc account, f fresh) error {
		return a.putPassword(ctx, tx, acc, hashed, f, who)
	})
}

// Confirm checks one's own password again before a sensitive act; see Strong.
func (a *Auth) Confirm(ctx context.Context, who org.Actor, current string) error {
	return a.withPassword(ctx, who, current, func(tx *db.Tx, acc account, f fresh) error {
		return a.record(ctx, tx, act{verb: "auth.confirmed", councilID: acc.CouncilID, personID: acc.PersonID, who: who, at: f.now})
	})
}

// withPassword runs a change to one's own account if the present password is
// right. Wrong ones count towards the lock like those of the sign-in page.
func (a *Auth) withPassword(ctx context.Context, who org.Actor, current string, then func(tx *db.Tx, acc account, f fresh) error) error {
	f := a.fresh(Browser{Address: who.Address})
	var seen account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if seen, err = accountOf(ctx, tx, who.PersonID); err != nil {
			return err
		}
		locked, err := a.locked(ctx, tx, a.guesser(seen.LoginKey, f.from), f.now)
		if err != nil {
			return err
		}
		return orNil(locked)
	})
	if err != nil {
		return err
	}
	ok, _, err := a.hasher.matches(ctx, current, seen.PasswordHash)
	if err != nil {
		return err
	}
	g := a.guesser(seen.LoginKey, f.from)
	return a.judge(ctx, func(tx *db.Tx) (error, error) {
		if locked, err := a.locked(ctx, tx, g, f.now); err != nil || locked != nil {
			return orNil(locked), err
		}
		acc, err := accountOf(ctx, tx, who.PersonID)
		if err != nil {
			return nil, err
		}
		if !ok || acc.PasswordHash != seen.PasswordHash {
			return a.refuse(ctx, tx, g, f, acc, "current")
		}
		if err := a.forgiven(ctx, tx, g); err != nil {
			return nil, err
		}
		if err := strengthenSignIn(ctx, tx, who.SignInID, OneFactor, f.now); err != nil {
			return nil, err
		}
		return nil, then(tx, acc, f)
	})
}
