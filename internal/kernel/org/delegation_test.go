package org_test

import (
	"slices"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// A head who travels hands the powers of the post to a clerk: the clerk then
// acts as the head, and both names stand on it.
func TestDelegation(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.grant(t, "bình", "an", nil)
		a, err := h.actingAs("an", "post-bình", id, day(16, 11))
		if err != nil {
			t.Fatal(err)
		}
		if a.PersonID != "an" || a.Name != "Nguyễn Văn An" || a.PostID != "post-bình" || a.PostTitle != "Chánh Văn phòng" || !a.Has(org.Head) || a.Has(org.Clerk) ||
			a.OnBehalf() != "Trần Thị Bình" || a.CouncilID != "hn" || a.BodyKind != org.Office || len(a.Scope) != 0 {
			t.Errorf("acts as %+v", a)
		}
		if want := (org.Proxy{PersonID: "bình", Name: "Trần Thị Bình", PostID: "post-bình", PostTitle: "Chánh Văn phòng", DelegationID: id}); len(a.Via) != 1 || a.Via[0] != want {
			t.Errorf("via %+v", a.Via)
		}
		own := h.as(t, "an")
		if own.OnBehalf() != "" || own.Has(org.Head) {
			t.Errorf("in the clerk's own post: %+v", own)
		}
		if got := posts(h.acting(t, "an", day(16, 11))); got != "[an bình]" {
			t.Errorf("may act as %s", got)
		}
		if len(h.log.all) != 1 || h.log.all[0].verb != "org.delegate" || h.log.all[0].subject != id || h.log.all[0].council != "hn" || h.log.all[0].details["to"] != "Nguyễn Văn An" {
			t.Errorf("log: %+v", h.log.all)
		}
	})
}

// Both the first and the last day count; the day before and the day after do not.
func TestDelegationDates(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.grant(t, "bình", "an", func(g *org.DelegationGrant) { g.Starts, g.Ends = day(18, 11), day(20, 11) })
		for on, holds := range map[clock.Date]bool{day(17, 11): false, day(18, 11): true, day(20, 11): true, day(21, 11): false} {
			_, err := h.actingAs("an", "post-bình", id, on)
			if (err == nil) != holds {
				t.Errorf("on %s: %v", on, err)
			}
			if err != nil {
				refused(t, err, "org.delegation_over")
			}
		}
	})
}

func TestDelegationRefused(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.tx(t, func(tx *db.Tx) error { // Bình also holds a post in the standing committee
			return org.AddPost(ctx, tx, org.Post{ID: "post-bình-tt", PersonID: "bình", BodyID: "tt", Title: "Thư ký", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Clerk}}, Starts: day(1, 1)})
		})
		standIn := h.grant(t, "bình", "đức", nil)
		asHead, err := h.actingAs("đức", "post-bình", standIn, day(16, 11))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name   string
			who    org.Actor
			change func(g *org.DelegationGrant)
			key    string
		}{
			{"no document", h.as(t, "bình"), func(g *org.DelegationGrant) { g.Document = "  " }, "org.delegation_needs_document"},
			{"to oneself", h.as(t, "bình"), func(g *org.DelegationGrant) { g.ToPost = "post-bình" }, "org.delegation_to_self"},
			{"to nobody", h.as(t, "bình"), func(g *org.DelegationGrant) { g.ToPost = "" }, "org.delegation_to_self"},
			{"to oneself in another post", h.as(t, "bình"), func(g *org.DelegationGrant) { g.ToPost = "post-bình-tt" }, "org.delegation_to_self"},
			{"ends before it begins", h.as(t, "bình"), func(g *org.DelegationGrant) { g.Ends = day(15, 11) }, "org.delegation_dates"},
			{"is over already", h.as(t, "bình"), func(g *org.DelegationGrant) { g.Starts, g.Ends = day(1, 11), day(15, 11) }, "org.delegation_dates"},
			{"no end", h.as(t, "bình"), func(g *org.DelegationGrant) { g.Ends = clock.Date{} }, "org.delegation_dates"},
			{"somebody else's powers", h.as(t, "an"), nil, "db.no_row"},
			{"the receiver takes them", h.as(t, "đức"), func(g *org.DelegationGrant) { g.ToPost = "post-đức" }, "db.no_row"},
			{"as a stand-in, who may not hand on what is not theirs", asHead, nil, "db.no_row"},
			{"another council's administrator", h.as(t, "kiên"), nil, "db.no_row"},
			{"to a post that is not there", h.as(t, "bình"), func(g *org.DelegationGrant) { g.ToPost = "post-nobody" }, "db.no_row"},
			{"from a post that is not there", h.as(t, "quân"), func(g *org.DelegationGrant) { g.FromPost = "post-nobody" }, "db.no_row"},
		} {
			g := org.DelegationGrant{FromPost: "post-bình", ToPost: "post-an", Document: "12/UQ", Starts: day(16, 11), Ends: day(30, 11)}
			if c.change != nil {
				c.change(&g)
			}
			before := len(h.log.all)
			_, err := h.desk.Grant(ctx, c.who, g)
			t.Log(c.name)
			refused(t, err, c.key)
			if len(h.log.all) != before {
				t.Errorf("%s: a refusal was logged as an act", c.name)
			}
		}
		// The administrator of the same council may, on a document.
		if _, err := h.desk.Grant(ctx, h.as(t, "quân"), org.DelegationGrant{FromPost: "post-bình", ToPost: "post-an", Document: "12/UQ", Starts: day(16, 11), Ends: day(30, 11)}); err != nil {
			t.Error(err)
		}
	})
}

// The chair hands on to the head, the head to a clerk: the clerk reaches the
// chair's powers only if the chair allowed it, and never more than both gave.
func TestDelegationPassedOn(t *testing.T) {
	onward := func(may bool, scope ...string) func(g *org.DelegationGrant) {
		return func(g *org.DelegationGrant) { g.Onward, g.Scope = may, scope }
	}
	for _, c := range []struct {
		name          string
		first, second func(g *org.DelegationGrant)
		acts          string
		scope         []string // in the chair's post
	}{
		{"allowed", onward(true), onward(false), "[an bình chi]", nil},
		{"not allowed", onward(false), onward(true), "[an bình]", nil},
		{"the first gave less", onward(true, "petitions.close"), onward(false), "[an bình chi]", []string{"petitions.close"}},
		{"the second gave less", onward(true), onward(false, "petitions.close"), "[an bình chi]", []string{"petitions.close"}},
		{"both gave less", onward(true, "petitions.close", "petitions.oversee"), onward(false, "petitions.oversee", "petitions.forward"), "[an bình chi]", []string{"petitions.oversee"}},
		{"nothing in common", onward(true, "petitions.close"), onward(false, "petitions.forward"), "[an bình chi]", []string{"-"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachHouse(t, func(t *testing.T, h *house) {
				h.grant(t, "chi", "bình", c.first)
				h.grant(t, "bình", "an", c.second)
				all := h.acting(t, "an", day(16, 11))
				if got := posts(all); got != c.acts {
					t.Fatalf("may act as %s, want %s", got, c.acts)
				}
				i := slices.IndexFunc(all, func(a org.Actor) bool { return a.PostID == "post-chi" })
				if i < 0 {
					return
				}
				a := all[i]
				if !slices.Equal(a.Scope, c.scope) || len(a.Via) != 2 || a.Via[0].PersonID != "bình" || a.OnBehalf() != "Lê Kim Chi" || a.PersonID != "an" || !a.Has(org.Chair) {
					t.Errorf("acts as %+v", a)
				}
			})
		})
	}
}

// When the link in the middle ends, so does all that hung on it.
func TestDelegationChainEnds(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.grant(t, "chi", "bình", func(g *org.DelegationGrant) { g.Onward = true })
		second := h.grant(t, "bình", "an", nil)
		if _, err := h.actingAs("an", "post-chi", first, day(16, 11)); err != nil {
			t.Fatal(err)
		}
		if err := h.desk.EndDelegation(ctx, h.as(t, "bình"), second); err != nil {
			t.Fatal(err)
		}
		_, err := h.actingAs("an", "post-chi", first, day(16, 11))
		refused(t, err, "org.delegation_over")
		if got := posts(h.acting(t, "bình", day(16, 11))); got != "[bình chi]" {
			t.Errorf("Bình may act as %s", got)
		}
	})
}

// Powers handed round in a circle do not go round for ever, and give nobody
// their own post twice.
func TestDelegationCircle(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		all := func(g *org.DelegationGrant) { g.Onward = true }
		h.grant(t, "an", "bình", all)
		h.grant(t, "bình", "chi", all)
		h.grant(t, "chi", "an", all)
		acting := h.acting(t, "an", day(16, 11))
		if got := posts(acting); got != "[an bình chi]" {
			t.Errorf("may act as %s", got)
		}
	})
}

// Two delegations of one post stand side by side: each has its scope and its end.
func TestDelegationTwice(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.grant(t, "chi", "bình", func(g *org.DelegationGrant) { g.Scope, g.Ends = []string{"petitions.close"}, day(20, 11) })
		second := h.grant(t, "chi", "bình", func(g *org.DelegationGrant) { g.Scope, g.Starts = []string{"petitions.oversee"}, day(18, 11) })
		for id, scope := range map[string]string{first: "petitions.close", second: "petitions.oversee"} {
			a, err := h.actingAs("bình", "post-chi", id, day(19, 11))
			if err != nil || !slices.Equal(a.Scope, []string{scope}) {
				t.Errorf("%s: %+v, %v", scope, a.Scope, err)
			}
		}
		if got := len(h.acting(t, "bình", day(19, 11))); got != 3 {
			t.Errorf("may act in %d ways, want 3", got)
		}
	})
}

func TestEndDelegation(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, who := range []string{"bình", "an", "quân"} { // giver, receiver, administrator
			id := h.grant(t, "bình", "an", nil)
			for _, stranger := range []string{"đức", "chi", "kiên"} {
				refused(t, h.desk.EndDelegation(ctx, h.as(t, stranger), id), "db.no_row")
			}
			if err := h.desk.EndDelegation(ctx, h.as(t, who), id); err != nil {
				t.Fatal(err)
			}
			if last := h.log.all[len(h.log.all)-1]; last.verb != "org.end_delegation" || last.who.PersonID != who || last.subject != id {
				t.Errorf("log: %+v", last)
			}
			_, err := h.actingAs("an", "post-bình", id, day(16, 11))
			refused(t, err, "org.delegation_over")
			refused(t, h.desk.EndDelegation(ctx, h.as(t, who), id), "org.delegation_already_ended")
		}
		refused(t, h.desk.EndDelegation(ctx, h.as(t, "bình"), "nothing"), "db.no_row")
	})
}

// A delegation ends with the post it comes from, whatever its own date says.
func TestDelegationEndsWithPost(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.grant(t, "bình", "an", nil)
		if err := h.desk.EndPost(ctx, h.as(t, "quân"), "post-bình", day(18, 11)); err != nil {
			t.Fatal(err)
		}
		if _, err := h.actingAs("an", "post-bình", id, day(17, 11)); err != nil {
			t.Errorf("the day before: %v", err)
		}
		_, err := h.actingAs("an", "post-bình", id, day(18, 11))
		refused(t, err, "org.delegation_over")
	})
}

func TestActingAsRefused(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.grant(t, "bình", "an", nil)
		for _, c := range []struct{ name, person, post, via, key string }{
			{"somebody else's post", "an", "post-bình", "", "org.post_over"},
			{"a post that is not there", "an", "post-x", "", "org.post_over"},
			{"a person who is not there", "x", "post-an", "", "org.post_over"},
			{"a delegation that is not there", "an", "post-bình", "x", "org.delegation_over"},
			{"somebody else's delegation", "đức", "post-bình", id, "org.delegation_over"},
			{"a delegation of another post", "an", "post-chi", id, "org.delegation_over"},
			{"one's own post by a delegation", "an", "post-an", id, "org.delegation_over"},
		} {
			_, err := h.actingAs(c.person, c.post, c.via, day(16, 11))
			t.Log(c.name)
			refused(t, err, c.key)
		}
	})
}

func TestDelegationLists(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		over := h.grant(t, "bình", "an", func(g *org.DelegationGrant) { g.Ends = day(17, 11) })
		open := h.grant(t, "chi", "bình", nil)
		var all, recent, bình, ward []org.DelegationLine
		h.tx(t, func(tx *db.Tx) (err error) {
			if all, err = org.Delegations(ctx, tx, "hn", h.clock.Now()); err != nil {
				return err
			}
			if recent, err = org.Delegations(ctx, tx, "hn", day(18, 11).Time()); err != nil {
				return err
			}
			if bình, err = org.DelegationsOfPost(ctx, tx, "post-bình"); err != nil {
				return err
			}
			ward, err = org.Delegations(ctx, tx, "bd", h.clock.Now())
			return err
		})
		if len(all) != 2 || len(recent) != 1 || recent[0].ID != open || len(bình) != 2 || len(ward) != 0 {
			t.Errorf("all %d, recent %v, of Bình's post %d, the ward's %d", len(all), recent, len(bình), len(ward))
		}
		line := all[slices.IndexFunc(all, func(l org.DelegationLine) bool { return l.ID == over })]
		if line.FromName != "Trần Thị Bình" || line.ToTitle != "Chuyên viên" || !line.Open(day(17, 11)) || line.Open(day(18, 11)) || line.Open(day(15, 11)) {
			t.Errorf("line %+v", line)
		}
	})
}
