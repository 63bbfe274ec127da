package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions"
)

// morningMinutes is when the morning's jobs are run, in minutes before the
// offices open: after the daily reminders of 07:00.
const morningMinutes = -30

// player plays the year.
type player struct {
	Deps
	days      timetable
	scripts   []Script
	lines     []grantLine
	slugs     map[string]string // by unit code
	bodies    map[string]org.Body
	today     clock.Date // whose morning was last run
	letters   bool       // some wait to be drawn
	handed    map[string]petitions.Handed
	grants    map[string]string // seat from and to → delegation
	office    office
	reception receptionFile
	library   libraryFile
	ids       map[string]string // what the office and the reception made, by its key
}

// read reads the scripts against the house they are played in.
func (p *player) read(h *House) (err error) {
	if p.scripts, err = Scripts(); err != nil {
		return err
	}
	for _, s := range p.scripts {
		if err := s.check(); err != nil {
			return err
		}
	}
	if p.lines, err = grants(); err != nil {
		return err
	}
	if p.office, err = officeWork(); err != nil {
		return err
	}
	if p.reception, err = receptionWork(); err != nil {
		return err
	}
	if p.library, err = libraryWork(); err != nil {
		return err
	}
	p.ids, p.slugs, p.bodies = map[string]string{}, map[string]string{}, map[string]org.Body{}
	for _, c := range h.Councils {
		p.slugs[c.UnitCode] = strings.TrimPrefix(c.ID, CouncilID(""))
	}
	for _, b := range h.Bodies {
		p.bodies[b.ID] = b
	}
	return nil
}

// playAll plays everything in the order of time, each working morning first.
func (p *player) playAll(ctx context.Context) error {
	var all []event
	for _, s := range p.scripts {
		moments := p.days.moments(s)
		if s.Via != "workbook" {
			all = append(all, event{moments[0], s.Key + " receive", func() error { return p.receive(ctx, s) }})
		}
		for i, a := range s.Acts {
			all = append(all, event{moments[i+1], fmt.Sprintf("%s %02d %s", s.Key, i, a.Do), func() error { return p.act(ctx, s, a) }})
		}
	}
	for _, g := range p.lines {
		all = append(all, event{at(p.days.day(g.Ago), 0), "delegation", func() error { return p.grant(ctx, g) }})
		if g.Ended > 0 {
			all = append(all, event{at(p.days.day(g.Ago-g.Ended), 0), "delegation ended", func() error { return p.endGrant(ctx, g) }})
		}
	}
	all = append(all, p.officeEvents(ctx)...)
	received, err := p.receptionEvents(ctx)
	if err != nil {
		return err
	}
	all = append(append(all, received...), p.libraryEvents(ctx)...)
	inOrder(all)
	p.today = clock.Today(p.Clock)
	for _, e := range all {
		if err := p.until(ctx, e.at); err != nil {
			return err
		}
		if err := e.play(); err != nil {
			return fmt.Errorf("demo: %s on %s: %w", e.what, e.at.Format(time.DateTime), err)
		}
	}
	return p.until(ctx, at(p.days.day(1), workLength))
}

// until runs every working morning up to a moment and puts the clock there.
func (p *player) until(ctx context.Context, moment time.Time) error {
	for d := p.today.AddDays(1); !d.After(clock.DateOf(moment)); d = d.AddDays(1) {
		if works, _ := p.days.days.IsWorking(d); !works {
			continue
		}
		p.Clock.Set(at(d, morningMinutes))
		if err := p.morning(ctx); err != nil {
			return err
		}
		p.today = d
	}
	p.Clock.Set(moment)
	return nil
}

func (p *player) receive(ctx context.Context, s Script) error {
	files, err := p.attachments(ctx, s)
	if err != nil {
		return err
	}
	ward := s.Written
	if ward == "" {
		ward = s.Unit
	}
	if s.Via != "" && s.Via != "machine" {
		return p.takeIn(ctx, s, ward, files)
	}
	sub := petitions.Submission{To: s.To, Text: s.Text, Ward: ward, Name: s.Name, Email: s.Email, Phone: s.Phone, Consent: s.Name+s.Email+s.Phone != "", Files: files, Lang: text.Vi}
	if s.Via == "machine" {
		if err := p.throughGate(ctx, s, &sub); err != nil {
			return err
		}
	}
	handed, err := p.Petitions.Receive(ctx, org.Voter("192.0.2.1"), sub)
	p.handed[s.Key] = handed
	return err
}

// act plays one step through its verb.
func (p *player) act(ctx context.Context, s Script, a Act) error {
	id, desk := p.handed[s.Key].ID, p.Petitions
	switch voter := org.Voter("192.0.2.1"); a.Do {
	case "contest":
		return desk.Contest(ctx, voter, p.handed[s.Key].Code, p.handed[s.Key].Key, a.Note)
	case "rate":
		return desk.Rate(ctx, voter, p.handed[s.Key].Code, p.handed[s.Key].Key, a.Score, a.Fixed, a.Note)
	}
	who, err := p.actor(ctx, p.seat(s, a), a.For)
	if err != nil {
		return err
	}
	switch a.Do {
	case "classify":
		return desk.Classify(ctx, who, id, p.classification(s, a))
	case "refuse":
		return desk.Refuse(ctx, who, id, petitions.RefusalReason(a.Reason), a.Note, 0)
	case "split_off":
		return desk.SplitOff(ctx, who, id, a.Kind, a.Note, 0)
	case "send_back":
		return desk.SendBack(ctx, who, id, a.Note, 0)
	case "forward":
		p.letters = true
		return desk.Forward(ctx, who, id, a.Note, 0)
	case "accept":
		return desk.Accept(ctx, who, id, p.ahead(a.Planned), 0)
	case "return":
		return desk.Return(ctx, who, id, petitions.ReturnReason(a.Reason), a.Note, 0)
	case "assign":
		return desk.Assign(ctx, who, id, PostID(p.body(s, a)+"-handler-1"), a.Note, 0)
	case "ask_extension":
		return desk.AskExtension(ctx, who, id, petitions.ExtensionRequest{Days: a.Days, Reason: a.Note, Document: p.document(s, a, who)})
	case "extend":
		return desk.GrantExtension(ctx, who, id, p.document(s, a, who), 0)
	case "refuse_extension":
		return desk.RefuseExtension(ctx, who, id, a.Note, 0)
	case "answer":
		return p.answer(ctx, s, a, who)
	case "judge":
		return desk.Judge(ctx, who, id, a.Quality, a.Note, 0)
	case "close":
		return desk.Close(ctx, who, id, a.Note, 0)
	case "send_again":
		return desk.SendAgain(ctx, who, id, a.Note, 0)
	case "reopen":
		return desk.Reopen(ctx, who, id, a.Note, 0)
	}
	return p.part(ctx, s, a, who)
}

func (p *player) classification(s Script, a Act) petitions.Classification {
	points := strings.Join(s.Points, "\n")
	if points == "" {
		points = s.wish()
	}
	return petitions.Classification{Field: s.Field, Authority: s.Authority, Newness: s.Newness, Ward: s.Unit, BodyID: BodyID(p.body(s, a)),
		Points: points, PublicText: s.Public, Publish: !s.Hidden, Withheld: s.Withheld, Note: a.Note}
}

func (p *player) answer(ctx context.Context, s Script, a Act, who org.Actor) error {
	r := petitions.Reply{Document: p.document(s, a, who)}
	for i, line := range a.Replies {
		r.Answers = append(r.Answers, petitions.Answer{Number: i + 1, Reply: line.Text, Outcome: line.Outcome, Promised: p.ahead(line.Promised)})
	}
	if a.Evidence != "" {
		paper, err := p.evidence(ctx, s, a, who)
		if err != nil {
			return err
		}
		r.Evidence = []documents.Draft{paper}
	}
	if a.Together {
		joint, err := p.Petitions.AnswerTogether(ctx, who, p.handed[s.Key].ID, r)
		if left := joint.Unanswered(); err == nil && left > 0 {
			err = fmt.Errorf("demo: %d petitions of the group of %s were left unanswered", left, s.Key)
		}
		return err
	}
	return p.Petitions.Answer(ctx, who, p.handed[s.Key].ID, r)
}

// ahead is a date so many days from now; none for none.
func (p *player) ahead(days int) clock.Date {
	if days == 0 {
		return clock.Date{}
	}
	return clock.Today(p.Clock).AddDays(days)
}

// body is the slug of the competent body: of a second classification, the one
// chosen there.
func (p *player) body(s Script, a Act) string {
	body := s.Body
	for _, step := range s.Acts {
		if step.Do == "classify" && step.Day <= a.Day && step.Body != "" {
			body = step.Body
		}
	}
	if body == "ubnd" {
		return p.slugs[s.Unit] + "-ubnd"
	}
	return body
}

// seat is whose move a step is.
func (p *player) seat(s Script, a Act) string {
	house := "hn"
	if s.To == petitions.ToWard {
		house = p.slugs[s.Unit]
	}
	city := house == "hn"
	choose := func(inCity, inWard string) string {
		if city {
			return house + "-" + inCity
		}
		return house + "-" + inWard
	}
	if a.By != "" {
		return a.By
	}
	switch a.Do {
	case "classify", "split_off", "group", "link", "release", "draw_up_abuse":
		return choose(fmt.Sprintf("clerk-%d", 1+chance(s.Key)%3), "clerk")
	case "refuse", "send_back", "forward", "extend", "refuse_extension", "decide_share", "accept_promise", "refuse_promise", "decide_abuse":
		return house + "-head"
	case "accept", "return", "ask_extension", "ask_share", "progress_promise", "move_promise", "done_promise":
		return p.body(s, a) + "-clerk"
	case "assign_share":
		return a.Bodies[0] + "-head"
	case "answer_share", "decline_share":
		return a.Bodies[0] + "-clerk"
	case "assign":
		return p.body(s, a) + "-head"
	case "answer":
		if slices.ContainsFunc(s.Acts, func(b Act) bool { return b.Do == "assign" && b.Day <= a.Day }) {
			return p.body(s, a) + "-handler-1"
		}
		return p.body(s, a) + "-head"
	case "judge":
		branch, _, _ := strings.Cut(s.Field, ".")
		return choose(branch+"-head", map[string]string{"economy": "economy", "urban": "economy", "culture": "culture", "legal": "culture"}[branch]+"-head")
	case "close":
		return choose(fmt.Sprintf("vice-%d", 1+chance(s.Key)%2), "vice")
	}
	return house + "-chair" // send_again, reopen
}

// actor is the person in a seat, in their own post or in that of another.
func (p *player) actor(ctx context.Context, seat, inPlaceOf string) (org.Actor, error) {
	today := clock.Today(p.Clock)
	var who org.Actor
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if inPlaceOf == "" {
			who, err = p.Org.ActingAs(ctx, tx, PersonID(seat), PostID(seat), "", today)
			return err
		}
		all, err := p.Org.Acting(ctx, tx, PersonID(seat), today)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a org.Actor) bool { return a.PostID == PostID(inPlaceOf) })
		if i < 0 {
			return fmt.Errorf("demo: %s has no delegation from %s on %s", seat, inPlaceOf, today)
		}
		who = all[i]
		return nil
	})
	if err != nil {
		return who, fmt.Errorf("seat %s: %w", seat, err)
	}
	return who, nil
}

func (p *player) grant(ctx context.Context, g grantLine) error {
	who, err := p.actor(ctx, g.From, "")
	if err != nil {
		return err
	}
	today := clock.Today(p.Clock)
	p.grants[g.From+">"+g.To], err = p.Org.Grant(ctx, who, org.DelegationGrant{FromPost: PostID(g.From), ToPost: PostID(g.To), Onward: g.Onward,
		Document: g.Document + " ngày " + today.VN(), Starts: today, Ends: today.AddDays(g.Days)})
	return err
}

func (p *player) endGrant(ctx context.Context, g grantLine) error {
	who, err := p.actor(ctx, g.From, "")
	if err != nil {
		return err
	}
	return p.Org.EndDelegation(ctx, who, p.grants[g.From+">"+g.To])
}
