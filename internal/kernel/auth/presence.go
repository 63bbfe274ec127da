package auth

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Presence is who is there: the sign-in and the post acted as at the moment.
type Presence struct {
	Actor  org.Actor
	SignIn SignIn
}

// Actor tells who is asking, from the browser's token: one read, by index, of
// the sign-in and of the post as it is today. A sign-in that is over, or whose
// post or delegation has ended since, is a SignIn fault that says why.
func (a *Auth) Actor(ctx context.Context, token string) (org.Actor, error) {
	p, err := a.Presence(ctx, token)
	return p.Actor, err
}

// Presence is Actor with the sign-in. When only the post is over, the sign-in
// is still given along with the fault, so that another post can be chosen.
func (a *Auth) Presence(ctx context.Context, token string) (Presence, error) {
	hash, ok := tokenHash(token)
	if !ok {
		return Presence{}, notSignedIn()
	}
	now := a.Clock.Now()
	var p Presence
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := a.liveSignIn(ctx, tx, hash, now)
		if err != nil {
			return err
		}
		p.SignIn = s
		p.Actor, err = a.Org.ActingAs(ctx, tx, s.PersonID, s.PostID, s.DelegationID, clock.DateOf(now))
		return err
	})
	if err != nil {
		return Presence{SignIn: p.SignIn}, err
	}
	p.Actor.SignInID, p.Actor.Address = p.SignIn.ID, p.SignIn.Address
	a.touch(ctx, p.SignIn, now)
	return p, nil
}

func notSignedIn() error { return fault.New(fault.SignIn, "auth.not_signed_in") }

func (a *Auth) liveSignIn(ctx context.Context, tx *db.Tx, hash string, now time.Time) (SignIn, error) {
	s, err := signInOfToken(ctx, tx, hash)
	if err != nil {
		return SignIn{}, err
	}
	if over := s.over(a.Limits, now); over != nil {
		return SignIn{}, over
	}
	if s.Method == ByDemonstration && !a.Demonstration {
		return SignIn{}, notSignedIn()
	}
	return s, nil
}

// touch notes that the sign-in is in use. Whoever reads a page while the disk
// is full or the database takes no writes still gets the page.
func (a *Auth) touch(ctx context.Context, s SignIn, now time.Time) {
	if now.Sub(s.SeenAt.Time) < a.Limits.SeenEvery {
		return
	}
	err := a.DB.Tx(ctx, func(tx *db.Tx) error { return touchSignIn(ctx, tx, s.ID, now) })
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "auth: last use of a sign-in not kept", "sign_in", s.ID, "error", err)
	}
}

// Posts lists every post that the person of this token may act as today, own
// ones first. It works although the post they act as is over.
func (a *Auth) Posts(ctx context.Context, token string) ([]org.Actor, error) {
	hash, ok := tokenHash(token)
	if !ok {
		return nil, notSignedIn()
	}
	now := a.Clock.Now()
	var posts []org.Actor
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := a.liveSignIn(ctx, tx, hash, now)
		if err != nil {
			return err
		}
		posts, err = a.Org.Acting(ctx, tx, s.PersonID, clock.DateOf(now))
		return err
	})
	return posts, err
}

// PostsOf lists every post that somebody who is there may change to.
func (a *Auth) PostsOf(ctx context.Context, who org.Actor) ([]org.Actor, error) {
	today := clock.Today(a.Clock)
	var posts []org.Actor
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		posts, err = a.Org.Acting(ctx, tx, who.PersonID, today)
		return err
	})
	return posts, err
}

// ActAs makes the sign-in act as another post of the person, or, with the
// delegation named, in a post handed to them. The browser gets a new token and
// the old one is void, so that a copied token does not gain the new post.
func (a *Auth) ActAs(ctx context.Context, token, postID, delegationID string) (newToken string, err error) {
	hash, ok := tokenHash(token)
	if !ok {
		return "", notSignedIn()
	}
	f := a.fresh(Browser{})
	err = a.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := a.liveSignIn(ctx, tx, hash, f.now)
		if err != nil {
			return err
		}
		posts, err := a.Org.Acting(ctx, tx, s.PersonID, clock.DateOf(f.now))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(posts, func(p org.Actor) bool { return p.PostID == postID && DelegationOf(p) == delegationID })
		if i < 0 {
			return fault.New(fault.Refused, "auth.not_your_post").At("post")
		}
		who, before := posts[i], s.PostID
		s.PostID, s.DelegationID = postID, delegationID
		if err := rotateSignIn(ctx, tx, s, hash, f.hash, f.now); err != nil {
			return err
		}
		who.SignInID, who.Address = s.ID, s.Address
		a.changed(tx, s.PersonID)
		return a.record(ctx, tx, act{verb: "auth.act_as", councilID: who.CouncilID, personID: s.PersonID, who: who, at: f.now,
			details: map[string]any{"before": before, "post": postID, "delegation": delegationID}})
	})
	if err != nil {
		return "", err
	}
	return f.token, nil
}

// SignOut ends the sign-in of this token. One that is over already is no mistake.
func (a *Auth) SignOut(ctx context.Context, token string) error {
	hash, ok := tokenHash(token)
	if !ok {
		return nil
	}
	now := a.Clock.Now()
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := signInOfToken(ctx, tx, hash)
		if fault.KindOf(err) == fault.SignIn || err == nil && s.over(a.Limits, now) != nil {
			return nil
		}
		if err != nil {
			return err
		}
		return a.end(ctx, tx, s, org.Actor{PersonID: s.PersonID, SignInID: s.ID, Address: s.Address}, "auth.sign_out", now)
	})
}

// SignIns lists the latest sign-ins of a person, newest first: one's own, or
// with EndSignIns those of somebody of the same council.
func (a *Auth) SignIns(ctx context.Context, who org.Actor, personID string) ([]SignIn, error) {
	const most = 100
	now := a.Clock.Now()
	var all []SignIn
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := a.mayEnd(ctx, tx, who, personID, now); err != nil {
			return err
		}
		var err error
		all, err = signInsOf(ctx, tx, personID, most)
		return err
	})
	return all, err
}

// EndSignIn ends one sign-in, one's own or, with EndSignIns, somebody's of the
// same council. It holds from the next request on, on every node.
func (a *Auth) EndSignIn(ctx context.Context, who org.Actor, id string) error {
	now := a.Clock.Now()
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := signInOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := a.mayEnd(ctx, tx, who, s.PersonID, now); err != nil {
			return err
		}
		if s.over(a.Limits, now) != nil {
			return fault.New(fault.Refused, "auth.already_ended")
		}
		return a.end(ctx, tx, s, who, "auth.sign_in_ended", now)
	})
}

// EndAllSignIns ends all sign-ins of a person but the one that asks.
func (a *Auth) EndAllSignIns(ctx context.Context, who org.Actor, personID string) error {
	now := a.Clock.Now()
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		council, err := a.mayEnd(ctx, tx, who, personID, now)
		if err != nil {
			return err
		}
		n, err := endSignIns(ctx, tx, personID, who.SignInID, who.PersonID, now)
		if err != nil {
			return err
		}
		a.changed(tx, personID)
		return a.record(ctx, tx, act{verb: "auth.sign_ins_ended", councilID: council, personID: personID, who: who, at: now, details: map[string]any{"count": n}})
	})
}

func (a *Auth) end(ctx context.Context, tx *db.Tx, s SignIn, who org.Actor, verb string, now time.Time) error {
	if err := endSignIn(ctx, tx, s.ID, who.PersonID, now); err != nil {
		return err
	}
	council, err := a.councilOf(ctx, tx, s.PersonID, now)
	if err != nil {
		return err
	}
	a.changed(tx, s.PersonID)
	return a.record(ctx, tx, act{verb: verb, councilID: council, personID: s.PersonID, who: who, at: now, details: map[string]any{"sign_in": s.ID, "address": s.Address}})
}

// mayEnd gives the council of the person whose sign-ins who may see and end;
// another council's person is not there at all.
func (a *Auth) mayEnd(ctx context.Context, tx *db.Tx, who org.Actor, personID string, now time.Time) (councilID string, err error) {
	councilID, err = a.councilOf(ctx, tx, personID, now)
	if err != nil {
		return "", err
	}
	if who.PersonID != "" && who.PersonID == personID {
		return councilID, nil
	}
	if !EndSignIns.Allows(who) || who.CouncilID != councilID {
		return "", missing()
	}
	return councilID, nil
}

// councilOf is the council that looks after a person's account: the one that
// opened it, or for people without account (the demonstration's) that of their
// first post.
func (a *Auth) councilOf(ctx context.Context, tx *db.Tx, personID string, now time.Time) (string, error) {
	acc, err := accountOf(ctx, tx, personID)
	if err == nil {
		return acc.CouncilID, nil
	}
	if !fault.Is(err, "auth.no_account") {
		return "", err
	}
	posts, err := a.Org.Acting(ctx, tx, personID, clock.DateOf(now))
	if err != nil || len(posts) == 0 {
		return "", err
	}
	return posts[0].CouncilID, nil
}

// Purge removes sign-ins, one-time secrets and counts that are long over. A
// nightly job calls it.
func (a *Auth) Purge(ctx context.Context) error {
	now := a.Clock.Now()
	return a.DB.Tx(ctx, func(tx *db.Tx) error { return purge(ctx, tx, now, a.Limits.SignInsKept, a.Limits.FailuresWindow) })
}
