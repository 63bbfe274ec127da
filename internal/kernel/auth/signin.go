package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Method says how a person proved who they are. Passkeys and the single
// sign-on of other bodies will be further methods of the same sign-in.
type Method string

// The methods.
const (
	ByPassword      Method = "password"
	ByDemonstration Method = "demonstration"
)

// Assurance is how sure a sign-in is, from 0.
type Assurance int

// The levels.
const (
	NoAssurance Assurance = 0 // demonstration: anybody may be anybody
	OneFactor   Assurance = 1 // a password
	TwoFactors  Assurance = 2 // a password and a code
)

// SignIn is one browser's standing permission to act for a person.
type SignIn struct {
	ID           string    `db:"id"`
	PersonID     string    `db:"person_id"`
	PostID       string    `db:"post_id"`       // the post they act as
	DelegationID string    `db:"delegation_id"` // when the post was handed to them
	Method       Method    `db:"method"`
	Assurance    Assurance `db:"assurance"`
	StrongAt     db.Time   `db:"strong_at"` // when a password or code was last given
	CreatedAt    db.Time   `db:"created_at"`
	SeenAt       db.Time   `db:"seen_at"` // last use, to within Limits.SeenEvery
	ExpiresAt    db.Time   `db:"expires_at"`
	Address      string    `db:"address"`
	Agent        string    `db:"agent"`
	EndedAt      db.Time   `db:"ended_at"`
	EndedBy      string    `db:"ended_by"` // person
}

// over is the fault that tells why the sign-in is no longer good; nil while it is.
func (s SignIn) over(l Limits, now time.Time) *fault.Fault {
	switch {
	case !s.EndedAt.IsZero():
		return fault.New(fault.SignIn, "auth.ended")
	case !now.Before(s.ExpiresAt.Time):
		return fault.New(fault.SignIn, "auth.expired")
	case !now.Before(s.SeenAt.Add(l.Idle)):
		return fault.New(fault.SignIn, "auth.idle", "hours", int(l.Idle.Hours()))
	}
	return nil
}

// Live reports whether the sign-in is good at that time.
func (a *Auth) Live(s SignIn, at time.Time) bool { return s.over(a.Limits, at) == nil }

// Strong reports whether a password or code was given so lately that a
// sensitive act needs no new one.
func (a *Auth) Strong(s SignIn, at time.Time) bool {
	return s.Assurance > NoAssurance && at.Before(s.StrongAt.Add(a.Limits.Strong))
}

// Need is what a sign-in still lacks.
type Need string

// The needs.
const (
	NothingMore   Need = ""
	NeedsCode     Need = "code"
	NeedsPassword Need = "new_password"
)

// Outcome is how far a sign-in has come: either the browser's token, or the
// secret that carries it to the next step.
type Outcome struct {
	Token string // for the cookie; empty while something is needed
	Needs Need
	Step  string // secret for GiveCode or GivePassword
}

// Attempt is a login and password as typed.
type Attempt struct {
	Login    string
	Password string
	From     Browser
}

// loginKey is how logins are compared: composed, lower case.
func loginKey(login string) string { return text.NFC(strings.ToLower(text.Line(login))) }

// fresh holds what chance and the clock give to a verb before its transaction,
// which may run twice.
type fresh struct {
	now         time.Time
	id          string
	token, hash string
	from        Browser
}

func (a *Auth) fresh(from Browser) fresh {
	now := a.Clock.Now()
	token, hash := newToken()
	return fresh{now: now, id: db.NewID(now), token: token, hash: hash, from: from}
}

// SignIn checks a login and password. A login that does not exist takes the
// same time, is counted and locked in the same way and gets the same answer as
// a wrong password. The lock is looked at again after the password was
// checked, so that attempts at the same moment do not slip past it.
func (a *Auth) SignIn(ctx context.Context, at Attempt) (Outcome, error) {
	f := a.fresh(at.From)
	key := loginKey(at.Login)
	g := a.guesser(key, at.From)
	var seen account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		locked, err := a.locked(ctx, tx, g, f.now)
		if err != nil {
			return err
		}
		if locked != nil {
			return locked
		}
		seen, err = accountOfLogin(ctx, tx, key)
		return err
	})
	if err != nil {
		return Outcome{}, err
	}
	ok, stale, err := a.hasher.matches(ctx, at.Password, seen.PasswordHash)
	if err != nil {
		return Outcome{}, err
	}
	renewed := ""
	if ok && stale {
		if renewed, err = a.hasher.hash(ctx, at.Password); err != nil {
			return Outcome{}, err
		}
	}
	return a.enter(ctx, func(tx *db.Tx) (out Outcome, refusal, err error) {
		if locked, err := a.locked(ctx, tx, g, f.now); err != nil || locked != nil {
			return Outcome{}, orNil(locked), err
		}
		acc, err := accountOfLogin(ctx, tx, key)
		if err != nil {
			return Outcome{}, nil, err
		}
		if !ok || acc.PasswordHash != seen.PasswordHash {
			refusal, err = a.refuse(ctx, tx, g, f, acc, "password")
			return Outcome{}, refusal, err
		}
		if renewed != "" {
			acc.PasswordHash = renewed
			if err := saveAccount(ctx, tx, acc); err != nil {
				return Outcome{}, nil, err
			}
		}
		return a.passwordGiven(ctx, tx, f, g, acc)
	})
}

// orNil keeps a nil *Fault from becoming an error that is not nil.
func orNil(f *fault.Fault) error {
	if f == nil {
		return nil
	}
	return f
}

// refuse counts and records a wrong guess; what is the part that was wrong.
func (a *Auth) refuse(ctx context.Context, tx *db.Tx, g guesser, f fresh, acc account, what string) (refusal, err error) {
	left, lock, err := a.missed(ctx, tx, g, f.now)
	if err != nil {
		return nil, err
	}
	subject := acc.PersonID
	if subject == "" {
		subject = "login:" + g.account
	}
	err = a.record(ctx, tx, act{verb: "auth.sign_in_failed", councilID: acc.CouncilID, personID: subject, who: org.Voter(f.from.Address), at: f.now,
		details: map[string]any{"wrong": what, "locked": lock != nil, "agent": f.from.agent()}})
	switch {
	case err != nil:
		return nil, err
	case lock != nil:
		return lock, nil
	case what == "code":
		return fault.New(fault.Invalid, "auth.code_wrong", "left", left).At("otp"), nil
	case what == "current":
		return fault.New(fault.Invalid, "auth.wrong_current", "left", left).At("current_password"), nil
	}
	return fault.New(fault.Invalid, "auth.wrong", "left", left).At("password"), nil
}

// passwordGiven goes on after the right password: code, new password, or in.
func (a *Auth) passwordGiven(ctx context.Context, tx *db.Tx, f fresh, g guesser, acc account) (out Outcome, refusal, err error) {
	switch {
	case !acc.DisabledAt.IsZero():
		refusal, err = a.turnAway(ctx, tx, f, acc.CouncilID, acc.PersonID, fault.New(fault.Refused, "auth.disabled"))
		return Outcome{}, refusal, err
	case acc.totpOn():
		out, err = a.nextStep(ctx, tx, f, acc, NeedsCode, OneFactor)
		return out, nil, err
	}
	return a.factorsGiven(ctx, tx, f, g, acc, OneFactor)
}

// factorsGiven goes on when the person is known: new password when one was
// asked for, else in.
func (a *Auth) factorsGiven(ctx context.Context, tx *db.Tx, f fresh, g guesser, acc account, sure Assurance) (out Outcome, refusal, err error) {
	if acc.MustChange {
		out, err = a.nextStep(ctx, tx, f, acc, NeedsPassword, sure)
		return out, nil, err
	}
	if err := a.forgiven(ctx, tx, g); err != nil {
		return Outcome{}, nil, err
	}
	return a.admit(ctx, tx, f, proof{personID: acc.PersonID, councilID: acc.CouncilID, method: ByPassword, assurance: sure})
}

// nextStep hands out the secret for the next step of a sign-in.
func (a *Auth) nextStep(ctx context.Context, tx *db.Tx, f fresh, acc account, needs Need, sure Assurance) (Outcome, error) {
	p := pass{Kind: passKind(needs), PersonID: acc.PersonID, Method: ByPassword, Assurance: sure,
		CreatedAt: db.At(f.now), ExpiresAt: db.At(f.now.Add(a.Limits.Step))}
	if err := addPass(ctx, tx, p, f.hash); err != nil {
		return Outcome{}, err
	}
	err := a.record(ctx, tx, act{verb: "auth.step_asked", councilID: acc.CouncilID, personID: acc.PersonID, who: org.Voter(f.from.Address), at: f.now,
		details: map[string]any{"needs": string(needs), "agent": f.from.agent()}})
	return Outcome{Needs: needs, Step: f.token}, err
}

// turnAway records that somebody proved who they are and may not come in.
func (a *Auth) turnAway(ctx context.Context, tx *db.Tx, f fresh, councilID, personID string, why *fault.Fault) (refusal, err error) {
	err = a.record(ctx, tx, act{verb: "auth.sign_in_refused", councilID: councilID, personID: personID, who: org.Actor{PersonID: personID, Address: f.from.Address}, at: f.now,
		details: map[string]any{"why": why.Key, "agent": f.from.agent()}})
	return why, err
}

// proof says who somebody is and how we know.
type proof struct {
	personID  string
	councilID string // empty: the council of the post they come in with
	method    Method
	assurance Assurance
}

// admit is the one door: every method ends here.
func (a *Auth) admit(ctx context.Context, tx *db.Tx, f fresh, p proof) (out Outcome, refusal, err error) {
	acting, err := a.Org.Acting(ctx, tx, p.personID, clock.DateOf(f.now))
	if err != nil {
		return Outcome{}, nil, err
	}
	if len(acting) == 0 {
		refusal, err = a.turnAway(ctx, tx, f, p.councilID, p.personID, fault.New(fault.Refused, "auth.no_post"))
		return Outcome{}, refusal, err
	}
	last, err := lastPost(ctx, tx, p.personID)
	if err != nil {
		return Outcome{}, nil, err
	}
	who := firstChoice(acting, last)
	s := SignIn{ID: f.id, PersonID: p.personID, PostID: who.PostID, DelegationID: DelegationOf(who), Method: p.method, Assurance: p.assurance,
		StrongAt: db.At(f.now), CreatedAt: db.At(f.now), SeenAt: db.At(f.now), ExpiresAt: db.At(f.now.Add(a.Limits.Absolute)),
		Address: f.from.Address, Agent: f.from.agent()}
	if err := addSignIn(ctx, tx, s, f.hash); err != nil {
		return Outcome{}, nil, err
	}
	who.SignInID, who.Address = s.ID, f.from.Address
	council := p.councilID
	if council == "" {
		council = who.CouncilID
	}
	err = a.record(ctx, tx, act{verb: "auth.sign_in", councilID: council, personID: p.personID, who: who, at: f.now,
		details: map[string]any{"method": string(p.method), "assurance": int(p.assurance), "agent": s.Agent}})
	return Outcome{Token: f.token}, nil, err
}

// firstChoice is the post somebody comes in with: the own one used last, else
// the first own one. Nobody starts in another's place without having chosen it.
func firstChoice(acting []org.Actor, last string) org.Actor {
	own := func(a org.Actor) bool { return len(a.Via) == 0 }
	if i := slices.IndexFunc(acting, func(a org.Actor) bool { return own(a) && a.PostID == last }); i >= 0 {
		return acting[i]
	}
	return acting[max(slices.IndexFunc(acting, own), 0)]
}

// DelegationOf names the delegation by which a acts; empty in an own post.
func DelegationOf(a org.Actor) string {
	if len(a.Via) == 0 {
		return ""
	}
	return a.Via[len(a.Via)-1].DelegationID
}
