package counter

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Introduction is how somebody names themselves at the desk.
//
// vi: -
type Introduction struct {
	Name, Address, Contact string
	Role                   Role
	CapacityPaper          string // needed of who speaks for another
	PaperKind              PaperKind
	PaperNumber            string
}

func (i *Introduction) tidy() []*fault.Fault {
	i.Name, i.Address, i.Contact, i.CapacityPaper = text.Line(i.Name), text.Line(i.Address), text.Line(i.Contact), text.Line(i.CapacityPaper)
	faults := wrong(typed{"name", i.Name, lineMax, true}, typed{"address", i.Address, lineMax, true}, typed{"contact", i.Contact, lineMax, false}, typed{"capacity_paper", i.CapacityPaper, lineMax, false})
	if !known(Roles(), i.Role) {
		faults = append(faults, fault.New(fault.Invalid, "counter.role_none").At("role"))
	}
	if (i.Role == Authorised || i.Role == Guardian || i.Role == Lawyer) && i.CapacityPaper == "" {
		faults = append(faults, fault.New(fault.Invalid, "counter.capacity_none").By("Nghị định 154/2026/NĐ-CP, Điều 4 khoản 1 điểm e").At("capacity_paper"))
	}
	return faults
}

// AddPerson writes down who is there. The number of the paper is sealed before
// it reaches the database. What the clerk should look at again is told.
func (d *Desk) AddPerson(ctx context.Context, who org.Actor, visitID string, in Introduction, revision int64) (Doubt, error) {
	faults := in.tidy()
	now := d.Clock.Now()
	number, doubt, err := CheckNumber(in.PaperKind, in.PaperNumber, clock.DateOf(now))
	if err != nil {
		faults = append(faults, fault.Of(err))
	}
	if err := fault.Join(faults...); err != nil {
		return NoDoubt, err
	}
	p := Person{ID: db.NewID(now), VisitID: visitID, Name: in.Name, Folded: text.Fold(in.Name), Address: in.Address, Contact: in.Contact, Role: in.Role, CapacityPaper: in.CapacityPaper,
		PaperKind: in.PaperKind, PaperLast: last(number), PaperDigest: d.digest(in.PaperKind, number)}
	p.PaperBox = d.box(p.ID, number)
	twice := func(tx *db.Tx, v Visit) (bool, error) {
		all, err := peopleOf(ctx, tx, v.ID)
		return slices.ContainsFunc(all, func(one Person) bool {
			return one.Name == p.Name && one.Address == p.Address && one.Role == p.Role && one.PaperDigest == p.PaperDigest
		}), err
	}
	return doubt, d.act(ctx, who, visitID, now, deed{verb: "reception.add_person", needs: mayServe, revision: revision, from: []State{Called}, twice: twice, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		all, err := peopleOf(ctx, tx, v.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if p.PaperDigest != "" && one.PaperDigest == p.PaperDigest {
				return nil, fault.New(fault.Invalid, "counter.person_twice").At("paper_number")
			}
			p.Position = max(p.Position, one.Position)
		}
		p.Position++
		if _, most := Representatives(v.People); len(all) >= most {
			return nil, fault.New(fault.Invalid, "counter.person_many", "people", v.People, "most", most).By(lawGroups).At("name")
		}
		p.CouncilID = v.CouncilID
		return map[string]any{"person": p.ID, "role": string(p.Role), "paper": string(p.PaperKind)}, insertPerson(ctx, tx, p)
	}})
}

// DropPerson takes somebody out who was written down by mistake.
func (d *Desk) DropPerson(ctx context.Context, who org.Actor, visitID, personID string) error {
	return d.act(ctx, who, visitID, d.Clock.Now(), deed{verb: "reception.drop_person", needs: mayServe, from: []State{Called}, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		return map[string]any{"person": personID}, deletePerson(ctx, tx, v.ID, personID)
	}})
}

// Gather says how many people have the same matter, and by which paper they
// appointed who speaks for them.
func (d *Desk) Gather(ctx context.Context, who org.Actor, visitID string, people int, appointment string, revision int64) error {
	appointment = text.Line(appointment)
	faults := wrong(typed{"appointment", appointment, lineMax, false})
	if people < 1 || people > groupMax {
		faults = append(faults, fault.New(fault.Invalid, "counter.people_bad", "max", groupMax).At("people"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return d.act(ctx, who, visitID, d.Clock.Now(), deed{verb: "reception.gather", needs: mayServe, revision: revision, from: []State{Called}, done: func(v Visit) bool { return v.People == people && v.Appointment == appointment }, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		all, err := peopleOf(ctx, tx, v.ID)
		if err != nil {
			return nil, err
		}
		if _, most := Representatives(people); len(all) > most {
			return nil, fault.New(fault.Invalid, "counter.person_many", "people", people, "most", most).By(lawGroups).At("people")
		}
		v.People, v.Appointment = people, appointment
		return map[string]any{"people": people, "appointment": appointment}, nil
	}})
}
