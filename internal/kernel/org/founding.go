package org

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Founding is what the first administrator tells of a new installation.
type Founding struct {
	CouncilName string // "Hội đồng nhân dân thành phố Hà Nội"
	Level       Level
	UnitCode    string
	Term        string // "2026–2031"
	AdminName   string
	AdminEmail  string
}

// Found sets up a council with its office and its administrator, in the
// caller's transaction. Further bodies are entered by the administrator.
func (d *Desk) Found(ctx context.Context, tx *db.Tx, f Founding) (personID, postID string, err error) {
	now := d.Clock.Now()
	today := clock.DateOf(now)
	var faults []*fault.Fault
	if text.Line(f.CouncilName) == "" {
		faults = append(faults, fault.New(fault.Invalid, "org.council_needs_name").At("council"))
	}
	if f.Level != City && f.Level != Commune {
		faults = append(faults, fault.New(fault.Invalid, "org.council_needs_level").At("level"))
	}
	if text.Line(f.AdminName) == "" {
		faults = append(faults, fault.New(fault.Invalid, "org.person_needs_name").At("name"))
	}
	if err := fault.Join(faults...); err != nil {
		return "", "", err
	}
	council := Council{ID: db.NewID(now), Code: "HD" + text.Line(f.UnitCode), Name: text.Line(f.CouncilName), NameEn: text.Line(f.CouncilName), Level: f.Level, UnitCode: text.Line(f.UnitCode)}
	office := Body{ID: db.NewID(now), CouncilID: council.ID, Kind: Office, Code: "VP", Name: "Văn phòng", NameEn: "Office", Superior: council.Name, Symbol: "VP", ValidFrom: today}
	person := Person{ID: db.NewID(now), Name: text.Line(f.AdminName), Email: text.Line(f.AdminEmail)}
	post := Post{ID: db.NewID(now), PersonID: person.ID, BodyID: office.ID, Title: "Quản trị hệ thống", Roles: db.JSON[[]Role]{V: []Role{Admin}}, Starts: today}
	for _, step := range []func() error{
		func() error { return AddCouncil(ctx, tx, council) },
		func() error { return AddBody(ctx, tx, office) },
		func() error { return AddPerson(ctx, tx, person) },
		func() error { return AddPost(ctx, tx, post) },
		func() error {
			return AddTerm(ctx, tx, Term{ID: db.NewID(now), CouncilID: council.ID, Name: text.Line(f.Term), Starts: today})
		},
		func() error {
			return d.Recorder.Record(ctx, tx, System(council.ID), council.ID, "org.found", council.ID, map[string]any{"council": council.Name, "admin": person.Name})
		},
	} {
		if err := step(); err != nil {
			return "", "", err
		}
	}
	return person.ID, post.ID, nil
}

// Appointment gives a person a post in a body of the administrator's council.
type Appointment struct {
	PersonID string // empty: a new person with Name and Email
	Name     string
	Email    string
	BodyID   string
	Title    string
	Roles    []Role
	Starts   clock.Date
	Ends     clock.Date
}

// Appoint enters a post; with no PersonID also the person.
func (d *Desk) Appoint(ctx context.Context, who Actor, a Appointment) (personID string, err error) {
	if err := a.check(); err != nil {
		return "", err
	}
	now := d.Clock.Now()
	personID = a.PersonID
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		body, err := BodyOf(ctx, tx, a.BodyID)
		if err != nil {
			return err
		}
		if !who.Has(Admin) || who.CouncilID != body.CouncilID {
			return fault.New(fault.Missing, "db.no_row")
		}
		if a.PersonID == "" {
			personID = db.NewID(now)
			err = AddPerson(ctx, tx, Person{ID: personID, Name: text.Line(a.Name), Email: text.Line(a.Email)})
		} else {
			_, err = PersonOf(ctx, tx, a.PersonID)
		}
		if err != nil {
			return err
		}
		post := Post{ID: db.NewID(now), PersonID: personID, BodyID: body.ID, Title: text.Line(a.Title), Roles: db.JSON[[]Role]{V: a.Roles}, Starts: a.Starts, Ends: a.Ends}
		if err := AddPost(ctx, tx, post); err != nil {
			return err
		}
		return d.Recorder.Record(ctx, tx, who, body.CouncilID, "org.appoint", post.ID, map[string]any{"person": personID, "name": a.Name, "body": body.Name, "title": a.Title, "roles": a.Roles})
	})
	return personID, err
}

func (a Appointment) check() error {
	var faults []*fault.Fault
	if a.PersonID == "" && text.Line(a.Name) == "" {
		faults = append(faults, fault.New(fault.Invalid, "org.person_needs_name").At("name"))
	}
	if text.Line(a.Title) == "" {
		faults = append(faults, fault.New(fault.Invalid, "org.post_needs_title").At("title"))
	}
	if len(a.Roles) == 0 || slices.ContainsFunc(a.Roles, func(r Role) bool { return !slices.Contains(Roles(), r) }) {
		faults = append(faults, fault.New(fault.Invalid, "org.post_needs_roles").At("roles"))
	}
	if a.Starts.IsZero() || !a.Ends.IsZero() && !a.Ends.After(a.Starts) {
		faults = append(faults, fault.New(fault.Invalid, "org.post_dates").At("starts"))
	}
	return fault.Join(faults...)
}

// EndPost ends a post on a day; from that day on its holder has none of its rights.
func (d *Desk) EndPost(ctx context.Context, who Actor, postID string, on clock.Date) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		post, err := PostOf(ctx, tx, postID)
		if err != nil {
			return err
		}
		body, err := BodyOf(ctx, tx, post.BodyID)
		if err != nil {
			return err
		}
		if !who.Has(Admin) || who.CouncilID != body.CouncilID {
			return fault.New(fault.Missing, "db.no_row")
		}
		if on.IsZero() || on.Before(post.Starts) {
			return fault.New(fault.Invalid, "org.post_dates").At("ends")
		}
		if err := tx.ExecOne(ctx, `UPDATE org_posts SET ends = $3, version = version + 1 WHERE id = $1 AND version = $2`, post.ID, post.Version, on); err != nil {
			return err
		}
		return d.Recorder.Record(ctx, tx, who, body.CouncilID, "org.end_post", post.ID, map[string]any{"person": post.PersonID, "ends": on.String()})
	})
}

// Establish enters a body of the administrator's council: a committee, a
// deputies' group, an agency that answers to it. The administrative unit may be
// written as people write it; see FindUnit.
func (d *Desk) Establish(ctx context.Context, who Actor, b Body) (id string, err error) {
	b.Name, b.Symbol, b.Place, b.UnitCode = text.Line(b.Name), text.Line(b.Symbol), text.Line(b.Place), text.Line(b.UnitCode)
	if err := b.check(); err != nil {
		return "", err
	}
	now := d.Clock.Now()
	today := clock.DateOf(now)
	b.ID, b.CouncilID, b.ValidFrom = db.NewID(now), who.CouncilID, today
	b.Code, b.NameEn = b.ID, b.Name
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		if !who.Has(Admin) {
			return fault.New(fault.Missing, "db.no_row")
		}
		council, err := CouncilOf(ctx, tx, b.CouncilID)
		if err != nil {
			return err
		}
		if !b.Kind.Answers() {
			b.Superior = council.Name
		}
		if b.Kind == PeoplesCommittee {
			unit, err := FindUnit(ctx, tx, b.UnitCode, today)
			if fault.KindOf(err) == fault.Invalid {
				return fault.Of(err).At("unit")
			}
			if err != nil {
				return err
			}
			b.UnitCode = unit.Code
		}
		if err := AddBody(ctx, tx, b); err != nil {
			return err
		}
		return d.Recorder.Record(ctx, tx, who, b.CouncilID, "org.establish", b.ID,
			map[string]any{"body": b.Name, "kind": b.Kind, "symbol": b.Symbol, "place": b.Place, "fields": b.Fields.V, "unit": b.UnitCode})
	})
	return b.ID, err
}

// check gathers what is wrong with a body that is to be established.
func (b Body) check() error {
	var faults []*fault.Fault
	wrong := func(is bool, key, field string) {
		if is {
			faults = append(faults, fault.New(fault.Invalid, key).At(field))
		}
	}
	wrong(b.Name == "", "org.body_needs_name", "name")
	known := slices.Contains(BodyKinds(), b.Kind)
	wrong(!known, "org.body_needs_kind", "kind")
	wrong(known && b.Kind != Committee && len(b.Fields.V) > 0, "org.fields_of_committee", "fields")
	wrong(b.Kind == PeoplesCommittee && b.UnitCode == "", "org.body_needs_unit", "unit")
	wrong(known && b.Kind != PeoplesCommittee && b.UnitCode != "", "org.unit_of_peoples_committee", "unit")
	return fault.Join(faults...)
}
