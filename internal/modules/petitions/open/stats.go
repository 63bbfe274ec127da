package open

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// shownMin is the smallest number that is shown where a smaller one could be
// about one person: petitions that wait for classification, ratings.
const shownMin = 5

// rankedMin is how many answers a body must have owed before it gets a place in
// the league: one late answer of two says nothing about a body.
const rankedMin = 5

// Part is one number of the statistics, with the code it is about.
//
// vi: số liệu thành phần
type Part struct {
	Value string `json:"code"`
	Name  string `json:"name"` // of bodies and wards; codes of the field have their sentences
	N     int64  `json:"n"`
}

// Standing is a body's place in the league of answering in time.
//
// vi: xếp hạng cơ quan trả lời
type Standing struct {
	BodyID  string `json:"body_id"`
	Name    string `json:"name"`
	Place   int    `json:"place"` // from 1; 0 when it owed too few answers to have one
	OnTime  int64  `json:"on_time"`
	Late    int64  `json:"late"`
	Overdue int64  `json:"overdue"` // not answered, and due before today
	Score   int64  `json:"score"`   // OnTime of all three, in tenths of a percent
}

func (p Standing) owed() int64 { return p.OnTime + p.Late + p.Overdue }

// Statistics are the public's numbers of petitions received in a year, or in
// all years.
//
// vi: thống kê công khai
type Statistics struct {
	Until        time.Time     `json:"counted_until"` // zero before the first counting
	Year         int           `json:"year"`          // 0: all
	Council      string        `json:"council"`       // id; empty: all
	Total        int64         `json:"total"`
	Waiting      int64         `json:"waiting"` // for classification; 0 when too few to be shown
	OnTime       int64         `json:"answers_on_time"`
	Late         int64         `json:"answers_late"`
	Overdue      int64         `json:"answers_overdue"`
	States       []Part        `json:"by_state"`
	Fields       []Part        `json:"by_field"`
	Units        []Part        `json:"by_ward"`
	Bodies       []Part        `json:"by_body"`
	Outcomes     []Part        `json:"by_outcome"`
	Reasons      []Part        `json:"by_reason_of_refusal"`
	Months       []Part        `json:"by_month"`
	League       []Standing    `json:"league"`
	Satisfaction []Share       `json:"satisfaction"`
	Withheld     []Share       `json:"by_reason_of_not_publishing"`
	Years        []int         `json:"-"`
	Councils     []org.Council `json:"-"`
}

// Statistics gives the numbers of a council, or of all when councilID is empty,
// for a year, or for all when it is 0.
func (s *Service) Statistics(ctx context.Context, councilID string, year int) (x Statistics, err error) {
	return s.kept.Get(ctx, countedTopic, councilID+"|"+strconv.Itoa(year)+"|"+clock.Today(s.Clock).String(), func(ctx context.Context) (Statistics, error) {
		return s.collect(ctx, councilID, year)
	})
}

// countedTopic is published when the statistics were counted anew.
const countedTopic = "statistics"

func (s *Service) collect(ctx context.Context, councilID string, year int) (x Statistics, err error) {
	x.Year, x.Council = year, councilID
	period := periodAll
	if year != 0 {
		period = fmt.Sprintf("%04d", year)
	}
	today := clock.Today(s.Clock)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if x.Councils, err = org.Councils(ctx, tx); err != nil {
			return err
		}
		if councilID != "" && !slices.ContainsFunc(x.Councils, func(c org.Council) bool { return c.ID == councilID }) {
			return fault.New(fault.Missing, "open.no_council")
		}
		at, err := readPosition(ctx, tx)
		if err != nil || at.Build == 0 {
			return err
		}
		x.Until = at.Until.Time
		rows, err := partsOf(ctx, tx, at.Build, councilID, period)
		if err != nil {
			return err
		}
		if year == 0 || year == today.Year {
			now, err := partsOf(ctx, tx, at.Build, councilID, periodNow)
			if err != nil {
				return err
			}
			rows = append(rows, now...)
		}
		months, err := monthsOf(ctx, tx, at.Build, councilID)
		if err != nil {
			return err
		}
		x.take(rows)
		x.years(months)
		return x.name(ctx, tx, today)
	})
	if err != nil {
		return x, err
	}
	return x, s.told(ctx, &x, today)
}

// told adds what others count: the voters' ratings, when there are enough to
// say anything, and what was not published.
func (s *Service) told(ctx context.Context, x *Statistics, today clock.Date) (err error) {
	from, until := clock.NewDate(2000, 1, 1), today
	if x.Year != 0 {
		from, until = clock.NewDate(x.Year, 1, 1), clock.NewDate(x.Year, 12, 31)
	}
	ask := func(source func(context.Context, string, clock.Date, clock.Date) ([]Share, error)) []Share {
		if source == nil || err != nil {
			return nil
		}
		var shares []Share
		if shares, err = source(ctx, x.Council, from, until); err != nil {
			return nil
		}
		var sum int64
		for _, p := range shares {
			sum += p.N
		}
		if sum < shownMin {
			return nil
		}
		return shares
	}
	x.Satisfaction, x.Withheld = ask(s.Satisfaction), ask(s.Withheld)
	return err
}

// take sorts the counters into the tables of the page.
func (x *Statistics) take(rows []sumRow) {
	league := map[string]*Standing{}
	body := func(id string) *Standing {
		if league[id] == nil {
			league[id] = &Standing{BodyID: id}
		}
		return league[id]
	}
	for _, r := range rows {
		p := Part{Value: r.Value, N: r.N}
		switch r.About {
		case aboutAll:
			x.Total = r.N
		case aboutWaiting:
			if x.Council == "" && r.N >= shownMin {
				x.Waiting = r.N
			}
		case aboutState:
			x.States = append(x.States, p)
		case aboutField:
			x.Fields = append(x.Fields, p)
		case aboutUnit:
			x.Units = append(x.Units, p)
		case aboutBody:
			x.Bodies = append(x.Bodies, p)
		case aboutMonth:
			x.Months = append(x.Months, p)
		case aboutOutcome:
			x.Outcomes = append(x.Outcomes, p)
		case aboutReason:
			x.Reasons = append(x.Reasons, p)
		case aboutOnTime:
			x.OnTime += r.N
			body(r.Value).OnTime = r.N
		case aboutLate:
			x.Late += r.N
			body(r.Value).Late = r.N
		case aboutOverdue:
			x.Overdue += r.N
			body(r.Value).Overdue = r.N
		}
	}
	for _, l := range league {
		x.League = append(x.League, *l)
	}
	const monthsDrawn = 12
	x.Months = x.Months[max(0, len(x.Months)-monthsDrawn):]
}

// years lists the years there are, the newest first.
func (x *Statistics) years(months []string) {
	for _, m := range months {
		year, err := strconv.Atoi(m[:4])
		if err == nil && !slices.Contains(x.Years, year) {
			x.Years = append(x.Years, year)
		}
	}
}

// name gives bodies and wards their names, and everything its order.
func (x *Statistics) name(ctx context.Context, tx *db.Tx, today clock.Date) error {
	var ids []string
	for _, b := range x.Bodies {
		ids = append(ids, b.Value)
	}
	for _, l := range x.League {
		ids = append(ids, l.BodyID)
	}
	slices.Sort(ids)
	bodies, err := org.BodiesNamed(ctx, tx, slices.Compact(ids))
	if err != nil {
		return err
	}
	units, err := wards(ctx, tx, today)
	if err != nil {
		return err
	}
	for i := range x.Bodies {
		x.Bodies[i].Name = bodies[x.Bodies[i].Value].Name
	}
	for i, u := range x.Units {
		x.Units[i].Name = units.name(u.Value)
	}
	for i := range x.League {
		x.League[i].Name = bodies[x.League[i].BodyID].Name
	}
	for _, parts := range [][]Part{x.States, x.Fields, x.Units, x.Bodies, x.Outcomes, x.Reasons} {
		slices.SortFunc(parts, func(a, b Part) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) })
	}
	rank(x.League)
	return nil
}

// rank orders the league by its formula: of all answers a body owed, how many
// it gave in time. Bodies with the same score share a place; among them the one
// with more answers stands first.
func rank(all []Standing) {
	for i, l := range all {
		if l.owed() > 0 {
			all[i].Score = l.OnTime * 1000 / l.owed()
		}
	}
	few := func(l Standing) int {
		if l.owed() < rankedMin {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(few(a), few(b)), cmp.Compare(b.Score, a.Score), cmp.Compare(b.owed(), a.owed()), cmp.Compare(a.BodyID, b.BodyID))
	})
	for i, l := range all {
		switch {
		case few(l) == 1:
		case i > 0 && all[i-1].Score == l.Score:
			all[i].Place = all[i-1].Place
		default:
			all[i].Place = i + 1
		}
	}
}

// unitNames are the names of today's wards by their codes.
type unitNames map[string]org.Unit

func (u unitNames) name(code string) string {
	if unit, ok := u[code]; ok {
		return unit.FullName
	}
	return code
}

// wards reads the units of all cities.
func wards(ctx context.Context, tx *db.Tx, today clock.Date) (unitNames, error) {
	cities, err := org.Cities(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := unitNames{}
	for _, c := range cities {
		units, err := org.UnitsOf(ctx, tx, c.UnitCode, today)
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			all[u.Code] = u
		}
	}
	return all, nil
}
