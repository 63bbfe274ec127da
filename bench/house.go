package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// house is the council in which everything is measured: Hanoi's, with its 126
// wards and communes, as the demonstration has it.
type house struct {
	*demo.House
	city              org.Council
	office            org.Body
	standingCommittee org.Body
	wards             []org.Unit
	// answering bodies and committees of the city's council
	answering, committees []org.Body
	deputies              []org.Person
	clerk                 string // token of a signed-in clerk of the city's office
	drawn                 string // mark of a public form that was drawn long enough ago
	head, agency          string // of its head, and of an answering body's clerk, once they are let in
	standing              string // of its standing committee
}

// found opens the product once in an empty installation, enters the house, and
// signs a clerk in by password: the program that is measured knows no other way.
func (b *bench) found(ctx context.Context, at site) (h *house, err error) {
	all, err := demo.ReadHouse()
	if err != nil {
		return nil, err
	}
	h = &house{House: all, city: all.Councils[0], wards: all.Units[1:]}
	h.bodies()
	h.elect()
	err = inside(ctx, at, func(a *app.App) error {
		if err := h.enter(ctx, a.DB); err != nil {
			return err
		}
		if h.clerk, err = h.signIn(ctx, a, h.office, org.Clerk); err != nil {
			return err
		}
		return a.Search.CatchUp(ctx)
	})
	return h, err
}

// bodies finds those of the city's council.
func (h *house) bodies() {
	for _, body := range h.Bodies {
		switch {
		case body.CouncilID != h.city.ID:
		case body.Kind == org.Office:
			h.office = body
		case body.Kind == org.StandingCommittee:
			h.standingCommittee = body
		case body.Kind == org.Committee:
			h.committees = append(h.committees, body)
		case body.Kind.Answers():
			h.answering = append(h.answering, body)
		}
	}
}

// elect finds the deputies of the city's council.
func (h *house) elect() {
	ours, people := map[string]bool{}, map[string]bool{}
	for _, b := range h.Bodies {
		ours[b.ID] = b.CouncilID == h.city.ID
	}
	for _, p := range h.Posts {
		if ours[p.BodyID] && slices.Contains(p.Roles.V, org.Deputy) {
			people[p.PersonID] = true
		}
	}
	for _, p := range h.People {
		if people[p.ID] {
			h.deputies = append(h.deputies, p)
		}
	}
}

// admit signs in the others whose pages are measured.
func (h *house) admit(ctx context.Context, a *app.App) (err error) {
	if h.head, err = h.signIn(ctx, a, h.office, org.Head); err == nil {
		h.agency, err = h.signIn(ctx, a, h.answering[3], org.BodyClerk)
	}
	return err
}

// inside opens the product in this process, for what has no address.
func inside(ctx context.Context, at site, do func(a *app.App) error) (err error) {
	a, err := app.Open(ctx, app.Config{Data: at.data, Database: at.database}, clock.System{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return do(a)
}

func (h *house) enter(ctx context.Context, d *db.DB) error {
	return errors.Join(
		enter(ctx, d, h.Units, org.AddUnit),
		enter(ctx, d, h.Successors, org.AddSuccessor),
		enter(ctx, d, h.Councils, org.AddCouncil),
		enter(ctx, d, h.Terms, org.AddTerm),
		enter(ctx, d, h.Bodies, org.AddBody),
		enter(ctx, d, h.People, org.AddPerson),
		enter(ctx, d, h.Posts, org.AddPost),
	)
}

func enter[T any](ctx context.Context, d *db.DB, all []T, add func(context.Context, *db.Tx, T) error) error {
	return d.Tx(ctx, func(tx *db.Tx) error {
		for _, row := range all {
			if err := add(ctx, tx, row); err != nil {
				return fmt.Errorf("entering %+v: %w", row, err)
			}
		}
		return nil
	})
}

// seat finds the person of a body in a role.
func (h *house) seat(body org.Body, role org.Role) (org.Post, error) {
	for _, p := range h.Posts {
		if p.BodyID == body.ID && slices.Contains(p.Roles.V, role) {
			return p, nil
		}
	}
	return org.Post{}, fmt.Errorf("nobody in %s is %s", body.Name, role)
}

// acting is a person of the office as the product knows them.
func (h *house) acting(ctx context.Context, a *app.App, role org.Role) (who org.Actor, err error) {
	post, err := h.seat(h.office, role)
	if err != nil {
		return who, err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := a.Org.Acting(ctx, tx, post.PersonID, clock.Today(a.Clock))
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("%s has no post today", post.PersonID)
		}
		if err == nil {
			who = all[0]
		}
		return err
	})
	return who, err
}

// signIn opens an account for somebody and goes in with its first password.
func (h *house) signIn(ctx context.Context, a *app.App, body org.Body, role org.Role) (token string, err error) {
	const password = "măng cụt Lái Thiêu tháng sáu"
	admin, err := h.acting(ctx, a, org.Admin)
	if err != nil {
		return "", err
	}
	seat, err := h.seat(body, role)
	if err != nil {
		return "", err
	}
	login, from := "bench-"+string(role), auth.Browser{Address: "127.0.0.1"}
	secret, err := a.Auth.OpenAccount(ctx, admin, seat.PersonID, login)
	if err != nil {
		return "", err
	}
	if err := a.Auth.Redeem(ctx, secret, password, from); err != nil {
		return "", err
	}
	out, err := a.Auth.SignIn(ctx, auth.Attempt{Login: login, Password: password, From: from})
	if err == nil && out.Token == "" {
		err = fmt.Errorf("the sign-in of the %s still needs %q", role, out.Needs)
	}
	return out.Token, err
}
