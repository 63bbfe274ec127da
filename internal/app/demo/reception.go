package demo

import (
	"context"
	"fmt"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/schedule"
)

// hoursLine is where and when a council usually receives.
type hoursLine struct {
	By, Place, Hours, Contact, Note string
	Ago                             int
}

// keeperLine names who keeps the denunciations of a council.
type keeperLine struct {
	House string
	Seats []string
	Ago   int
}

// dayLine is one reception with who booked and who came.
type dayLine struct {
	Key          string
	House        string
	By           string // the clerk who drafts it and serves the desk
	Signer       string
	Host         string // seat
	Ago          int    // negative: ahead
	Starts, Ends string
	Place        string
	Participants string
	Subjects     string
	SlotMinutes  int `toml:"slot_minutes"`
	SlotSeats    int `toml:"slot_seats"`
	Bookings     []bookingLine
	Visits       []visitLine
}

type bookingLine struct {
	Key, Slot, Name, Contact, Subject string
	People                            int
}

// visitLine is one visit, in the order in which they are served.
type visitLine struct {
	Booking     string
	Minute      int // of arrival, after eight
	Priority    bool
	People      int
	Appointment string
	Persons     []personLine
	Matters     []matterLine
	Minutes     string
	Papers      []string // handed over
	Ground      string   // of a refusal
	GroundNote  string   `toml:"ground_note"`
	Notice      int      // days until its written notice was sent
	Conclusion  string
	Concluded   int // days until the notice of conclusion
}

type personLine struct {
	Name, Address, Contact string
	Role                   counter.Role
	Paper                  counter.PaperKind
	Number                 string
}

type matterLine struct {
	Class                     counter.Class
	Times                     counter.Times
	Summary, Earlier, Request string
	SettledBy                 string `toml:"settled_by"`
	Outcome                   counter.Outcome
	ToBody                    string `toml:"to_body"`
	Symbol, Follow, Note      string
	Told                      int    // days until the citizen was told
	Letter                    string // key of the letter that it becomes
}

// receptionEvents puts the citizen reception beside the petitions.
func (p *player) receptionEvents(ctx context.Context) (all []event, err error) {
	for _, k := range p.reception.Keeper {
		all = append(all, event{at(p.days.day(k.Ago), drawMinute), "keepers of " + k.House, func() error { return p.keep(ctx, k) }})
	}
	for _, h := range p.reception.Hours {
		all = append(all, event{at(p.days.day(h.Ago), drawMinute), "hours " + h.By, func() error { return p.setHours(ctx, h) }})
	}
	for _, d := range p.reception.Day {
		some, err := p.dayEvents(ctx, d)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return append(all, p.letterEvents(ctx)...), nil
}

// keep names the keepers without the two people who decide it in use: the
// demonstration has none who could before.
func (p *player) keep(ctx context.Context, k keeperLine) error {
	people := make([]string, len(k.Seats))
	for i, seat := range k.Seats {
		people[i] = PersonID(seat)
	}
	return p.DB.Tx(ctx, func(tx *db.Tx) error {
		return reception.Keep(ctx, tx, CouncilID(k.House), clock.Today(p.Clock), people...)
	})
}

// Minutes of the days on which a reception is prepared, in their order, so that
// all may fall on one day.
const (
	draftMinute   = 8
	publishMinute = 40
	bookMinute    = 70
)

func (p *player) dayEvents(ctx context.Context, d dayLine) (all []event, err error) {
	on := p.days.day(d.Ago)
	if d.Ago < 0 {
		on = p.workingAhead(-d.Ago)
	}
	latest, _, err := p.Reception.Desks().Schedule.PublishBy(on)
	if err != nil {
		return nil, err
	}
	published := max(p.agoOf(latest)+3, 3)
	add := func(on clock.Date, minute int, what string, play func() error) {
		all = append(all, event{at(on, minute), "reception " + d.Key + " " + what, play})
	}
	add(p.days.day(published+2), draftMinute, "drafted", func() error { return p.draftDay(ctx, d, on) })
	add(p.days.day(published), publishMinute, "published", func() error { return p.publishDay(ctx, d) })
	for i, b := range d.Bookings {
		add(p.days.day(max(d.Ago+2, 1)), bookMinute+7*i, "booked "+b.Key, func() error { return p.book(ctx, d, b) })
	}
	for i, v := range d.Visits {
		key := fmt.Sprintf("%s-%d", d.Key, i+1)
		add(on, v.Minute, "came "+key, func() error { return p.arrive(ctx, d, v, key) })
		add(on, v.Minute+6, "called "+key, func() error { return p.serve(ctx, d, v, key) })
		add(on, v.Minute+24, "ended "+key, func() error { return p.endVisit(ctx, d, v, key) })
		all = append(all, p.afterVisit(ctx, d, v, key)...)
	}
	return all, nil
}

func (p *player) setHours(ctx context.Context, h hoursLine) error {
	who, err := p.actor(ctx, h.By, "")
	if err != nil {
		return err
	}
	return p.Reception.Desks().Schedule.SetHours(ctx, who, schedule.Hours{Place: h.Place, Hours: h.Hours, Contact: h.Contact, Note: h.Note})
}

func (p *player) draftDay(ctx context.Context, d dayLine, on clock.Date) error {
	who, err := p.actor(ctx, d.By, "")
	if err != nil {
		return err
	}
	p.ids[d.Key], err = p.Reception.Desks().Schedule.Draft(ctx, who, schedule.Draw{Kind: schedule.Periodic, Date: on, Starts: d.Starts, Ends: d.Ends, Place: d.Place, HostPostID: PostID(d.Host),
		Participants: d.Participants, Subjects: d.Subjects, SlotMinutes: d.SlotMinutes, SlotSeats: d.SlotSeats})
	return err
}

func (p *player) publishDay(ctx context.Context, d dayLine) error {
	who, err := p.actor(ctx, d.Signer, "")
	if err != nil {
		return err
	}
	return p.Reception.Desks().Schedule.Publish(ctx, who, p.ids[d.Key], schedule.Publishing{})
}

func (p *player) book(ctx context.Context, d dayLine, b bookingLine) (err error) {
	p.ids[b.Key], err = p.Reception.Desks().Schedule.Book(ctx, org.Voter("192.0.2.1"), p.ids[d.Key], schedule.Wish{Slot: b.Slot, Name: b.Name, Contact: b.Contact, Subject: b.Subject, People: b.People, Lang: text.Vi})
	return err
}

func (p *player) arrive(ctx context.Context, d dayLine, v visitLine, key string) error {
	who, err := p.actor(ctx, d.By, "")
	if err != nil {
		return err
	}
	p.ids[key], err = p.Reception.Desks().Counter.Arrive(ctx, who, counter.Arrival{DayID: p.ids[d.Key], Code: p.ids[v.Booking], People: v.People, Priority: v.Priority})
	return err
}

// serve calls a visit to the desk and writes down who came and what about.
func (p *player) serve(ctx context.Context, d dayLine, v visitLine, key string) error {
	who, err := p.actor(ctx, d.By, "")
	if err != nil {
		return err
	}
	desk := p.Reception.Desks().Counter
	id, err := desk.CallNext(ctx, who, p.ids[d.Key], "Bàn 1")
	if err != nil {
		return err
	}
	if id != p.ids[key] {
		return fmt.Errorf("demo: %s was called in place of %s", id, key)
	}
	if v.Appointment != "" {
		if err := desk.Gather(ctx, who, id, v.People, v.Appointment, 0); err != nil {
			return err
		}
	}
	for _, one := range v.Persons {
		if _, err := desk.AddPerson(ctx, who, id, counter.Introduction{Name: one.Name, Address: one.Address, Contact: one.Contact, Role: one.Role, PaperKind: one.Paper, PaperNumber: one.Number}, 0); err != nil {
			return err
		}
	}
	for _, m := range v.Matters {
		err := desk.AddMatter(ctx, who, id, counter.Matter{Class: m.Class, Times: m.Times, Summary: m.Summary, Earlier: m.Earlier, Request: m.Request, SettledBy: m.SettledBy, Outcome: m.Outcome, ToBody: m.ToBody,
			Symbol: m.Symbol, Follow: m.Follow, Note: m.Note})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *player) endVisit(ctx context.Context, d dayLine, v visitLine, key string) error {
	who, err := p.actor(ctx, d.By, "")
	if err != nil {
		return err
	}
	desk, id := p.Reception.Desks().Counter, p.ids[key]
	if v.Minutes != "" {
		if err := desk.Minutes(ctx, who, id, v.Minutes, true, counter.Signed, 0); err != nil {
			return err
		}
	}
	if len(v.Papers) > 0 {
		if err := desk.Receive(ctx, who, id, v.Papers, ""); err != nil {
			return err
		}
	}
	if v.Ground != "" {
		return desk.Refuse(ctx, who, id, v.Ground, v.GroundNote, 0)
	}
	return desk.End(ctx, who, id, 0)
}

// afterVisit is what follows a visit: notices, results, letters.
func (p *player) afterVisit(ctx context.Context, d dayLine, v visitLine, key string) (all []event) {
	add := func(days int, what string, play func(who org.Actor) error) {
		all = append(all, event{at(p.days.day(d.Ago-days), sayMinute), "reception " + key + " " + what, func() error {
			who, err := p.actor(ctx, d.By, "")
			if err != nil {
				return err
			}
			return play(who)
		}})
	}
	desk := p.Reception.Desks().Counter
	if v.Notice > 0 {
		add(v.Notice, "notice", func(who org.Actor) error {
			return desk.NoticeSent(ctx, who, p.ids[key], p.symbol(key, "TB", who), clock.Today(p.Clock), 0)
		})
	}
	if v.Concluded > 0 {
		add(v.Concluded, "concluded", func(who org.Actor) error {
			return desk.Conclude(ctx, who, p.ids[key], v.Conclusion, p.symbol(key, "TB", who), clock.Today(p.Clock), 0)
		})
	}
	for i, m := range v.Matters {
		if m.Letter != "" {
			add(0, "handed over", func(who org.Actor) error { return p.handOver(ctx, who, key, i, m.Letter) })
		}
		if m.Told > 0 {
			add(m.Told, "told", func(who org.Actor) error {
				line, err := p.lineOf(ctx, who, key, i)
				if err != nil {
					return err
				}
				_, err = desk.Told(ctx, who, line, clock.Today(p.Clock))
				return err
			})
		}
	}
	return all
}

func (p *player) handOver(ctx context.Context, who org.Actor, key string, i int, letter string) error {
	line, err := p.lineOf(ctx, who, key, i)
	if err != nil {
		return err
	}
	h, err := p.Reception.Desks().Counter.HandOver(ctx, who, line)
	p.ids[letter] = h.CaseID
	return err
}

func (p *player) lineOf(ctx context.Context, who org.Actor, key string, i int) (string, error) {
	r, err := p.Reception.Desks().Counter.Record(ctx, who, p.ids[key])
	if err != nil {
		return "", err
	}
	return r.Lines[i].ID, nil
}

func (p *player) symbol(key, kind string, who org.Actor) string {
	return fmt.Sprintf("%d/%s-%s", 10+chance(key)%300, kind, p.bodies[who.BodyID].Symbol)
}
