package desk

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// yearOfDays is the calendar page: what a year's days are, and what was entered.
type yearOfDays struct {
	Year     int
	Days     []calendar.Day
	Entered  []calendar.Entered
	Warnings []calendar.Warning
	MayEnter bool
}

func (s *Service) year(ctx context.Context, who org.Actor, year int) (yearOfDays, error) {
	today := clock.Today(s.Clock)
	if year < calendar.FirstYear || year > calendar.LastYear {
		year = today.Year
	}
	current := s.Calendar.Current()
	y := yearOfDays{Year: year, Days: current.Holidays(year), Warnings: current.Missing(today)}
	entered, err := s.Calendar.Days(ctx)
	if err != nil {
		return y, err
	}
	for _, e := range entered {
		if e.Date.Year == year {
			y.Entered = append(y.Entered, e)
		}
	}
	y.MayEnter, err = s.mayChangeDays(ctx, who)
	return y, err
}

// mayChangeDays: the days are those of the whole installation.
func (s *Service) mayChangeDays(ctx context.Context, who org.Actor) (may bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		may, err = keepsHouse(ctx, tx, who)
		return err
	})
	return may && mayKeepCalendar.Allows(who), err
}

func (s *Service) enterDays(ctx context.Context, who org.Actor, days []calendar.Day) error {
	return s.changeDays(ctx, who, func() error {
		_, err := s.Calendar.Enter(ctx, who, days...)
		return err
	})
}

func (s *Service) withdrawDay(ctx context.Context, who org.Actor, id, why string) error {
	return s.changeDays(ctx, who, func() error { return s.Calendar.Withdraw(ctx, who, why, id) })
}

// changeDays changes the calendar and has the running deadlines counted anew.
func (s *Service) changeDays(ctx context.Context, who org.Actor, change func() error) error {
	may, err := s.mayChangeDays(ctx, who)
	if err != nil {
		return err
	}
	if !may {
		return fault.New(fault.Forbidden, "desk.days_of_the_house")
	}
	if err := change(); err != nil || s.CalendarChanged == nil {
		return err
	}
	return s.CalendarChanged(ctx)
}

// staff is the page of people and posts.
type staff struct {
	Lines  []org.Directory
	Bodies []org.Body
	Roles  []org.Role
	Today  clock.Date
}

func (s *Service) staff(ctx context.Context, who org.Actor) (p staff, err error) {
	p.Today, p.Roles = clock.Today(s.Clock), org.Roles()
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Lines, err = org.DirectoryOf(ctx, tx, who.CouncilID, p.Today); err != nil {
			return err
		}
		p.Bodies, err = openBodies(ctx, tx, who.CouncilID, p.Today)
		return err
	})
	return p, err
}

func openBodies(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]org.Body, error) {
	all, err := org.BodiesOf(ctx, tx, councilID)
	return slices.DeleteFunc(all, func(b org.Body) bool { return !b.Open(today) }), err
}

// appoint enters a post. A mail address is checked first: notices go there.
func (s *Service) appoint(ctx context.Context, who org.Actor, a org.Appointment) error {
	if a.Email != "" {
		address, err := notify.Address(a.Email)
		if err != nil {
			return fault.Of(err).At("email")
		}
		a.Email = address
	}
	_, err := s.Org.Appoint(ctx, who, a)
	return err
}

// postLine finds a post of the administrator's council for the question before
// it is ended.
func (s *Service) postLine(ctx context.Context, who org.Actor, id string) (org.Directory, error) {
	p, err := s.staff(ctx, who)
	if err != nil {
		return org.Directory{}, err
	}
	i := slices.IndexFunc(p.Lines, func(l org.Directory) bool { return l.PostID == id })
	if i < 0 {
		return org.Directory{}, fault.New(fault.Missing, "db.no_row")
	}
	return p.Lines[i], nil
}

// delegations is the page of delegations: an administrator's of the council,
// anybody else's of the post they hold.
type delegations struct {
	Lines   []org.DelegationLine
	From    []org.Directory // posts that may be handed over by this person
	To      []org.Directory
	Rights  []auth.Permission
	Today   clock.Date
	Whole   bool // of the whole council
	OnLoan  bool // the reader stands in for somebody and cannot hand on here
	OwnPost string
}

func (s *Service) delegations(ctx context.Context, who org.Actor) (p delegations, err error) {
	now := s.Clock.Now()
	p.Today, p.Whole, p.OnLoan, p.OwnPost = clock.DateOf(now), who.Has(org.Admin), len(who.Via) > 0, who.PostID
	if s.Permissions != nil {
		p.Rights = slices.DeleteFunc(slices.Clone(s.Permissions()), func(r auth.Permission) bool {
			return len(r.Roles) == 0 || !p.Whole && !r.Allows(who) // nobody hands over what they do not have
		})
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.To, err = org.DirectoryOf(ctx, tx, who.CouncilID, p.Today); err != nil {
			return err
		}
		if p.Whole {
			p.From = p.To
			p.Lines, err = org.Delegations(ctx, tx, who.CouncilID, now.AddDate(-1, 0, 0))
			return err
		}
		for _, l := range p.To {
			if l.PostID == who.PostID {
				p.From = []org.Directory{l}
			}
		}
		p.Lines, err = org.DelegationsOfPost(ctx, tx, who.PostID)
		return err
	})
	return p, err
}

// grant makes a delegation of a post within the giver's council. The kernel
// checks whose post it is; that the receiver belongs to the same council is
// checked here, since a delegation must not lead out of it.
func (s *Service) grant(ctx context.Context, who org.Actor, g org.DelegationGrant) error {
	p, err := s.delegations(ctx, who)
	if err != nil {
		return err
	}
	in := func(lines []org.Directory, id string) bool {
		return slices.ContainsFunc(lines, func(l org.Directory) bool { return l.PostID == id })
	}
	if !in(p.From, g.FromPost) {
		return fault.New(fault.Invalid, "desk.choose_post").At("from_post")
	}
	if !in(p.To, g.ToPost) {
		return fault.New(fault.Invalid, "desk.choose_post").At("to_post")
	}
	if slices.ContainsFunc(g.Scope, func(name string) bool {
		return !slices.ContainsFunc(p.Rights, func(r auth.Permission) bool { return r.Name == name })
	}) {
		return fault.New(fault.Invalid, "desk.unknown_right").At("scope")
	}
	_, err = s.Org.Grant(ctx, who, g)
	return err
}

// mergers is the page on which one body takes over from another.
type mergers struct {
	Bodies   []org.Body
	Councils map[string]org.Council
	Today    clock.Date
}

func (s *Service) mergers(ctx context.Context, who org.Actor) (p mergers, err error) {
	p.Today, p.Councils = clock.Today(s.Clock), map[string]org.Council{}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := org.Councils(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ID != who.CouncilID && who.Level != org.City {
				continue
			}
			p.Councils[c.ID] = c
			bodies, err := openBodies(ctx, tx, c.ID, p.Today)
			if err != nil {
				return err
			}
			p.Bodies = append(p.Bodies, bodies...)
		}
		return nil
	})
	return p, err
}

// namedBodies reads two bodies for the question before a merger.
func (s *Service) namedBodies(ctx context.Context, ids ...string) (named map[string]org.Body, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		named, err = org.BodiesNamed(ctx, tx, ids)
		return err
	})
	return named, err
}

// person reads a name for the pages about one account.
func (s *Service) person(ctx context.Context, id string) (p org.Person, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = org.PersonOf(ctx, tx, id)
		return err
	})
	return p, err
}
