package desk

import (
	"cmp"
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// branches are the fields of work that the committees of a council share out
// among them; petitions are classified by the same codes.
func branches() []string { return []string{"urban", "economy", "culture", "legal"} }

// bodies is the page of a council's bodies, closed ones among them.
type bodies struct {
	Lines  []org.Body
	Heirs  map[string]org.Body // who took over, by id
	Kinds  []org.BodyKind
	Fields []string
	Today  clock.Date
}

func (s *Service) bodies(ctx context.Context, who org.Actor) (p bodies, err error) {
	p.Today, p.Kinds, p.Fields = clock.Today(s.Clock), org.BodyKinds(), branches()
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Lines, err = org.BodiesOf(ctx, tx, who.CouncilID); err != nil {
			return err
		}
		var heirs []string
		for _, b := range p.Lines {
			if b.SuccessorID != "" {
				heirs = append(heirs, b.SuccessorID)
			}
		}
		p.Heirs, err = org.BodiesNamed(ctx, tx, heirs)
		return err
	})
	slices.SortStableFunc(p.Lines, func(a, b org.Body) int {
		return cmp.Compare(slices.Index(p.Kinds, a.Kind), slices.Index(p.Kinds, b.Kind))
	})
	return p, err
}

// establish enters a body. The kernel does not know the fields of work, so
// their codes are checked here.
func (s *Service) establish(ctx context.Context, who org.Actor, b org.Body, fields []string) error {
	for _, f := range fields {
		if !slices.Contains(branches(), f) {
			return fault.New(fault.Invalid, "desk.body_unknown_field").At("fields")
		}
	}
	b.Fields.V = fields
	_, err := s.Org.Establish(ctx, who, b)
	return err
}
