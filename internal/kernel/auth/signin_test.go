package auth_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		// Logins are compared without case, in any normal form; so are passwords in theirs.
		out, err := h.SignIn(t.Context(), auth.Attempt{Login: " CLERK@" + norm.NFD.String("PHƯỜNG"), Password: norm.NFD.String(password), From: auth.Browser{Address: "10.0.0.7", Agent: strings.Repeat("ư", 1000)}})
		must(t, err)
		who, err := h.Actor(t.Context(), out.Token)
		must(t, err)
		if who.PersonID != "clerk" || who.PostID != "post-clerk" || who.Address != "10.0.0.7" || who.SignInID == "" || !who.Has(org.Clerk) {
			t.Errorf("actor %+v", who)
		}
		if n := h.logged("auth.sign_in"); n != 1 {
			t.Errorf("%d entries for one sign-in", n)
		}
		f := refused(t, second(h.attempt("clerk", "sai mật khẩu", "10.0.0.7")), "auth.wrong")
		if f.Kind != fault.Invalid || f.Args["left"] != 4 {
			t.Errorf("fault %+v", f)
		}
		nobody := refused(t, second(h.attempt("nobody", password, "10.0.0.7")), "auth.wrong")
		if nobody.Args["left"] != 4 || h.logged("auth.sign_in_failed") != 2 {
			t.Errorf("an unknown login answers differently: %+v", nobody)
		}
	})
}

func second(_ auth.Outcome, err error) error { return err }

func TestLockByAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		for _, login := range []string{"clerk", "nobody"} { // a login that does not exist locks in the same way
			for i := range 4 {
				if f := refused(t, second(h.attempt(login, "sai rồi", "10.0.1.1")), "auth.wrong"); f.Args["left"] != 4-i {
					t.Fatalf("%s: attempt %d leaves %v", login, i, f.Args["left"])
				}
			}
			f := refused(t, second(h.attempt(login, "sai rồi", "10.0.1.2")), "auth.locked")
			if f.Kind != fault.TooMany || f.Args["minutes"] != 15 {
				t.Errorf("%s: %+v", login, f)
			}
			h.clock.Advance(5*minute + time.Second)
			if f := refused(t, second(h.attempt(login, password, "10.0.1.3")), "auth.locked"); f.Args["minutes"] != 10 {
				t.Errorf("%s: %v minutes left", login, f.Args["minutes"])
			}
			h.clock.Advance(10 * minute)
		}
		h.in("clerk")
		refused(t, second(h.attempt("clerk", "sai rồi", "10.0.1.1")), "auth.wrong")
		h.in("clerk") // forgives
		if f := refused(t, second(h.attempt("clerk", "sai rồi", "10.0.1.1")), "auth.wrong"); f.Args["left"] != 4 {
			t.Errorf("a whole sign-in leaves %v", f.Args["left"])
		}
		h.clock.Advance(15*minute + time.Second) // the window has passed
		if f := refused(t, second(h.attempt("clerk", "sai rồi", "10.0.1.1")), "auth.wrong"); f.Args["left"] != 4 {
			t.Errorf("after the window %v left", f.Args["left"])
		}
	})
}

func TestLockByAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		limits, err := auth.DefaultLimits()
		must(t, err)
		for i := range limits.FailuresAddress - 1 {
			// One line has many IPv6 addresses: they count together.
			err := second(h.attempt("name"+string(rune('a'+i%26))+string(rune('a'+i/26)), "sai rồi", "2001:db8:1:2::"+string(rune('1'+i%9))))
			refused(t, err, "auth.wrong")
			if i%10 == 0 {
				_, err := h.attempt("clerk", password, "2001:db8:1:2::9") // a known password buys no further guesses
				must(t, err)
			}
		}
		refused(t, second(h.attempt("namezz", "sai rồi", "2001:db8:1:2::77")), "auth.locked_address")
		if f := refused(t, second(h.attempt("clerk", password, "2001:db8:1:2::1")), "auth.locked_address"); f.Args["minutes"] != 15 {
			t.Errorf("%+v", f)
		}
		_, err = h.attempt("clerk", password, "2001:db8:1:3::1")
		must(t, err) // the line next door is free
		h.clock.Advance(15 * minute)
		_, err = h.attempt("clerk", password, "2001:db8:1:2::1")
		must(t, err)
		must(t, h.Purge(t.Context()))
	})
}

func TestAttemptsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		var mu sync.Mutex
		keys := map[string]int{}
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				err := second(h.attempt("clerk", "đoán bừa", "10.0.2.1"))
				mu.Lock()
				keys[fault.Of(err).Key]++
				mu.Unlock()
			})
		}
		wg.Wait()
		if keys["auth.wrong"] != 4 || keys["auth.locked"] != 36 {
			t.Errorf("40 guesses at once: %v", keys)
		}
		if n := h.logged("auth.sign_in_failed"); n != 5 {
			t.Errorf("%d failures in the log, want the five that were judged", n)
		}
		refused(t, second(h.attempt("clerk", password, "10.0.2.2")), "auth.locked")
	})
}

func TestFlood(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, func(deps *auth.Deps) {
			deps.Limits.HashingWaiting, deps.Limits.HashingParallel, deps.Limits.HashingKiB = 1, 1, 19456
		}).people()
		h.account("clerk")
		var mu sync.Mutex
		keys := map[string]int{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				err := second(h.attempt("clerk", password, "10.0.2.1"))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					keys["in"]++
					return
				}
				keys[fault.Of(err).Key]++
			})
		}
		wg.Wait()
		if keys["auth.busy"] == 0 || keys["in"] == 0 || keys["auth.busy"]+keys["in"] != 20 {
			t.Errorf("20 at once, one at a time, one waiting: %v", keys)
		}
	}, schemas...)
}

func TestExpiry(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		limits, err := auth.DefaultLimits()
		must(t, err)
		idle := h.in("clerk")
		h.clock.Advance(limits.Idle - time.Second)
		_, err = h.Actor(t.Context(), idle)
		must(t, err) // and this use counts
		h.clock.Advance(limits.Idle - time.Second)
		_, err = h.Actor(t.Context(), idle)
		must(t, err)
		h.clock.Advance(limits.Idle)
		_, err = h.Actor(t.Context(), idle)
		if f := refused(t, err, "auth.idle"); f.Kind != fault.SignIn || f.Args["hours"] != 12 {
			t.Errorf("%+v", f)
		}
		busy := h.in("clerk")
		for end := h.clock.Now().Add(limits.Absolute - time.Second); h.clock.Now().Before(end); {
			h.clock.Advance(min(6*time.Hour, end.Sub(h.clock.Now())))
			_, err = h.Actor(t.Context(), busy)
			must(t, err)
		}
		h.clock.Advance(time.Second)
		_, err = h.Actor(t.Context(), busy)
		refused(t, err, "auth.expired")
		for _, junk := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("é", 43), idle + "A"} {
			_, err = h.Actor(t.Context(), junk)
			refused(t, err, "auth.not_signed_in")
		}
		must(t, h.SignOut(t.Context(), busy)) // over already: nothing happens
		if n := h.logged("auth.sign_out"); n != 0 {
			t.Errorf("%d sign-outs in the log", n)
		}
		h.clock.Advance(limits.SignInsKept + time.Second)
		must(t, h.Purge(t.Context()))
		left, err := h.SignIns(t.Context(), h.actor("clerk"), "clerk")
		must(t, err)
		if len(left) != 0 {
			t.Errorf("%d sign-ins kept for ever", len(left))
		}
	})
}

func TestEnding(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, id := range []string{"clerk", "head", "stranger"} {
			h.account(id)
		}
		phone, desk, other := h.in("clerk"), h.in("clerk"), h.in("head")
		clerk, err := h.Actor(t.Context(), desk)
		must(t, err)
		onPhone, err := h.Actor(t.Context(), phone)
		must(t, err)
		head, err := h.Actor(t.Context(), other)
		must(t, err)
		for _, nosy := range []org.Actor{head, h.actor("stranger"), {}, org.Voter("10.0.0.1"), org.System("ward")} {
			refused(t, h.EndSignIn(t.Context(), nosy, onPhone.SignInID), "db.no_row")
			_, err := h.SignIns(t.Context(), nosy, "clerk")
			refused(t, err, "db.no_row")
		}
		must(t, h.EndSignIn(t.Context(), clerk, onPhone.SignInID))
		_, err = h.Actor(t.Context(), phone)
		refused(t, err, "auth.ended")
		refused(t, h.EndSignIn(t.Context(), clerk, onPhone.SignInID), "auth.already_ended")
		list, err := h.SignIns(t.Context(), clerk, "clerk")
		must(t, err)
		if len(list) != 2 || list[0].Agent != "Firefox" || h.Live(list[0], h.clock.Now()) == h.Live(list[1], h.clock.Now()) {
			t.Errorf("list %+v", list)
		}
		h.in("clerk")
		must(t, h.EndAllSignIns(t.Context(), h.actor("admin"), "clerk"))
		_, err = h.Actor(t.Context(), desk)
		refused(t, err, "auth.ended")
		_, err = h.Actor(t.Context(), other)
		must(t, err) // somebody else's stays
		must(t, h.SignOut(t.Context(), other))
		_, err = h.Actor(t.Context(), other)
		refused(t, err, "auth.ended")
		if h.logged("auth.sign_in_ended") != 1 || h.logged("auth.sign_ins_ended") != 1 || h.logged("auth.sign_out") != 1 {
			t.Error("not every ending is in the log")
		}
		if len(h.changed) == 0 {
			t.Error("nobody was told")
		}
	})
}

func TestActAs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		token := h.in("clerk")
		today := clock.Today(h.clock)
		delegation, err := h.desk.Grant(t.Context(), h.actor("head"), org.DelegationGrant{FromPost: "post-head", ToPost: "post-clerk",
			Scope: []string{"petitions.approve"}, Document: "12/UQ-VP", Starts: today, Ends: today.AddDays(1)})
		must(t, err)
		posts, err := h.Posts(t.Context(), token)
		must(t, err)
		if len(posts) != 3 || posts[2].OnBehalf() != "Trần Văn Dũng" {
			t.Fatalf("posts %+v", posts)
		}
		_, err = h.ActAs(t.Context(), token, "post-admin", "")
		refused(t, err, "auth.not_your_post")
		_, err = h.ActAs(t.Context(), token, "post-head", "")
		refused(t, err, "auth.not_your_post") // not without naming the delegation
		rotated, err := h.ActAs(t.Context(), token, "post-head", delegation)
		must(t, err)
		_, err = h.Actor(t.Context(), token)
		refused(t, err, "auth.not_signed_in") // the old token is void
		_, err = h.ActAs(t.Context(), token, "post-clerk", "")
		refused(t, err, "auth.not_signed_in")
		who, err := h.Actor(t.Context(), rotated)
		must(t, err)
		if who.PersonID != "clerk" || who.PostID != "post-head" || who.OnBehalf() != "Trần Văn Dũng" {
			t.Errorf("acting as %+v", who)
		}
		approve := auth.Permission{Name: "petitions.approve", Roles: []org.Role{org.Head}}
		forward := auth.Permission{Name: "petitions.forward", Roles: []org.Role{org.Head}}
		if !approve.Allows(who) || forward.Allows(who) || !auth.SignedIn.Allows(who) {
			t.Error("the delegation's scope does not hold")
		}
		if n := h.logged("auth.act_as"); n != 1 {
			t.Errorf("%d changes of post in the log", n)
		}
	})
}

func TestDelegationEndsMidway(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		today := clock.Today(h.clock)
		grant := org.DelegationGrant{FromPost: "post-head", ToPost: "post-clerk", Document: "12/UQ-VP", Starts: today, Ends: today}
		delegation, err := h.desk.Grant(t.Context(), h.actor("head"), grant)
		must(t, err)
		token, err := h.ActAs(t.Context(), h.in("clerk"), "post-head", delegation)
		must(t, err)
		must(t, h.desk.EndDelegation(t.Context(), h.actor("head"), delegation))
		p, err := h.Presence(t.Context(), token)
		if f := refused(t, err, "org.delegation_over"); f.Kind != fault.SignIn || p.Actor.SignedIn() || p.SignIn.PersonID != "clerk" {
			t.Errorf("%+v %+v", f, p)
		}
		back, err := h.ActAs(t.Context(), token, "post-clerk", "") // the sign-in itself is still good
		must(t, err)
		_, err = h.Actor(t.Context(), back)
		must(t, err)

		delegation, err = h.desk.Grant(t.Context(), h.actor("head"), grant)
		must(t, err)
		h.clock.Set(today.End().Add(-2 * time.Hour))
		token, err = h.ActAs(t.Context(), h.in("clerk"), "post-head", delegation)
		must(t, err)
		h.clock.Set(today.End())
		_, err = h.Actor(t.Context(), token)
		refused(t, err, "org.delegation_over") // by date, at midnight
		if who, err := h.Actor(t.Context(), h.in("clerk")); err != nil || who.PostID != "post-clerk" {
			t.Errorf("signed in anew as %+v, %v", who, err)
		}

		must(t, h.desk.EndPost(t.Context(), h.actor("admin"), "post-clerk2", clock.Today(h.clock).AddDays(1)))
		must(t, h.desk.EndPost(t.Context(), h.actor("admin"), "post-clerk", clock.Today(h.clock)))
		_, err = h.Actor(t.Context(), back)
		if fault.KindOf(err) != fault.SignIn {
			t.Errorf("an ended post: %v", err)
		}
		if who, err := h.Actor(t.Context(), h.in("clerk")); err != nil || who.PostID != "post-clerk2" {
			t.Errorf("the post that is left: %+v, %v", who, err)
		}
		h.clock.Advance(24 * time.Hour)
		refused(t, second(h.attempt("clerk", password, "10.0.0.7")), "auth.no_post")
		if h.logged("auth.sign_in_refused") != 1 {
			t.Error("not in the log")
		}
	})
}

func TestLastPostIsRemembered(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		token, err := h.ActAs(t.Context(), h.in("clerk"), "post-clerk2", "")
		must(t, err)
		must(t, h.SignOut(t.Context(), token))
		h.clock.Advance(time.Hour)
		who, err := h.Actor(t.Context(), h.in("clerk"))
		must(t, err)
		if who.PostID != "post-clerk2" {
			t.Errorf("comes in as %s", who.PostID)
		}
	})
}

func TestActAsTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		token := h.in("clerk")
		var wg sync.WaitGroup
		got := make([]error, 8)
		for i := range got {
			wg.Go(func() { _, got[i] = h.ActAs(t.Context(), token, "post-clerk2", "") })
		}
		wg.Wait()
		won := 0
		for _, err := range got {
			if err == nil {
				won++
			} else if k := fault.KindOf(err); k != fault.SignIn && k != fault.Conflict {
				t.Errorf("lost with %v", err)
			}
		}
		if won != 1 {
			t.Errorf("one token was rotated %d times", won)
		}
	})
}
