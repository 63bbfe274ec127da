package auth

import (
	"context"
	"net/netip"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// guesser names whose guesses are counted: the login that was typed, whether
// or not there is such an account, and the address it came from.
type guesser struct {
	account string
	address string
}

// guesser: logins are kept as keyed digests, because people type their
// password into the wrong field.
func (a *Auth) guesser(loginKey string, b Browser) guesser {
	return guesser{account: a.vault.sum("login", loginKey), address: network(b.Address)}
}

// network is the part of an address that one guesser holds: an IPv6 line has
// 2^64 addresses, so it counts as one.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// locked is the fault that keeps g out; nil when it is not locked.
func (a *Auth) locked(ctx context.Context, tx *db.Tx, g guesser, now time.Time) (*fault.Fault, error) {
	all, err := tallies(ctx, tx, g.account, g.address)
	if err != nil {
		return nil, err
	}
	return lockFault(all, now), nil
}

func lockFault(all []tally, now time.Time) *fault.Fault {
	var until tally
	for _, t := range all {
		if t.LockedUntil.After(now) && t.LockedUntil.After(until.LockedUntil.Time) {
			until = t
		}
	}
	if until.Kind == "" {
		return nil
	}
	left := until.LockedUntil.Sub(now)
	minutes := int((left + time.Minute - 1) / time.Minute)
	if until.Kind == "address" {
		return fault.New(fault.TooMany, "auth.locked_address", "minutes", minutes)
	}
	return fault.New(fault.TooMany, "auth.locked", "minutes", minutes)
}

// missed counts a wrong guess and tells how many the account has left before
// it is locked, and whether this one locked it.
func (a *Auth) missed(ctx context.Context, tx *db.Tx, g guesser, now time.Time) (left int, lock *fault.Fault, err error) {
	had, err := tallies(ctx, tx, g.account, g.address)
	if err != nil {
		return 0, nil, err
	}
	next := []tally{
		a.counted(had, tally{Kind: "account", Subject: g.account}, a.Limits.FailuresAccount, now),
		a.counted(had, tally{Kind: "address", Subject: g.address}, a.Limits.FailuresAddress, now),
	}
	for _, t := range next {
		if t.Subject == "" {
			continue // no address known, as in a command on the machine itself
		}
		if err := saveTally(ctx, tx, t); err != nil {
			return 0, nil, err
		}
	}
	return a.Limits.FailuresAccount - next[0].Failures, lockFault(next, now), nil
}

func (a *Auth) counted(had []tally, t tally, most int, now time.Time) tally {
	for _, h := range had {
		if h.Kind == t.Kind {
			t = h
		}
	}
	if t.Since.Add(a.Limits.FailuresWindow).Before(now) {
		t.Failures, t.Since = 0, db.At(now)
	}
	t.Failures++
	if t.Failures >= most {
		t.Failures, t.Since, t.LockedUntil = 0, db.At(now), db.At(now.Add(a.Limits.Lock))
	}
	return t
}

// forgiven clears the account's count after a whole sign-in. The address keeps
// its own: else one known password would buy endless guesses at the others.
func (a *Auth) forgiven(ctx context.Context, tx *db.Tx, g guesser) error {
	return clearTally(ctx, tx, "account", g.account)
}
