package shares

import (
	"context"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of what is typed, in characters, and of how many are asked at once.
const (
	questionMin = 10
	noteMax     = 4_000
	bodiesMax   = 20
)

// rule is the time limit by which a date is proposed.
const rule = "petitions.share"

// Request asks bodies for their part.
//
// vi: -
type Request struct {
	BodyIDs  []string
	Points   []int
	Question string
	Due      clock.Date // none: the one proposed
	Once     string     // the form's own mark, so that a double click asks once
	Revision int64      // of the petition's case that the asker looked at; 0 does not ask
}

func (r *Request) tidy() error {
	r.Question = text.Clean(r.Question)
	slices.Sort(r.BodyIDs)
	slices.Sort(r.Points)
	r.BodyIDs, r.Points = slices.Compact(r.BodyIDs), slices.Compact(r.Points)
	var faults []*fault.Fault
	switch n := len(r.BodyIDs); {
	case n == 0:
		faults = append(faults, fault.New(fault.Invalid, "shares.body_none").At("body"))
	case n > bodiesMax:
		faults = append(faults, fault.New(fault.Invalid, "shares.body_many", "max", bodiesMax).At("body"))
	}
	if len(r.Points) == 0 {
		faults = append(faults, fault.New(fault.Invalid, "shares.point_none").At("point"))
	}
	if utf8.RuneCountInString(r.Question) < questionMin {
		faults = append(faults, fault.New(fault.Invalid, "shares.question_short", "min", questionMin).At("question"))
	}
	return fault.Join(append(faults, long("question", r.Question)...)...)
}

// long refuses a text that is too long for its field.
func long(field, s string) []*fault.Fault {
	if n := utf8.RuneCountInString(s); n > noteMax {
		return []*fault.Fault{fault.New(fault.Invalid, "shares.too_long", "max", noteMax, "have", n).At(field)}
	}
	return nil
}

// Ask asks bodies for their part of a petition, all in one act, and gives the
// ids of the requests. The same form sent twice asks once.
func (d *Desk) Ask(ctx context.Context, who org.Actor, petitionID string, r Request) (ids []string, err error) {
	if err := r.tidy(); err != nil {
		return nil, err
	}
	now := d.Clock.Now()
	fresh := make([]string, len(r.BodyIDs))
	for i := range fresh {
		fresh[i] = db.NewID(now)
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := d.Cases.Case(ctx, tx, who, petitionID)
		if err != nil {
			return err
		}
		if !leads(c, who) {
			return fault.New(fault.Forbidden, "shares.not_yours")
		}
		if ids, err = markedShares(ctx, tx, c.ID, r.Once); err != nil || len(ids) > 0 {
			return err
		}
		if r.Revision != 0 && r.Revision != c.Revision {
			return fault.New(fault.Conflict, "db.stale")
		}
		if !shareable(c) {
			return fault.New(fault.Refused, "shares.not_now")
		}
		all, err := d.asked(ctx, tx, c, r)
		if err != nil {
			return err
		}
		ids = fresh
		for i := range all {
			p := &all[i]
			p.ID, p.AskedAt, p.AskedBy, p.AskedName, p.AskedPostID, p.AskedBodyID = fresh[i], db.At(now), who.PersonID, who.Name, who.PostID, who.BodyID
			p.NextAlarm = d.nextAlarm(p.Due, clock.DateOf(now))
			if err := insertPart(ctx, tx, *p); err != nil {
				return err
			}
			if err := d.tellBody(ctx, tx, p.Share, c, who, "shares.notice_asked"); err != nil {
				return err
			}
		}
		d.wake(tx, c, all)
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.ask_share", At: now, Who: who,
			Details: map[string]any{"shares": fresh, "bodies": r.BodyIDs, "points": r.Points, "question": r.Question, "due": all[0].Due.String(), "in_round": c.Round}})
		return err
	})
	return ids, err
}

// asked makes the requests, one a body, after asking whether each may be made.
func (d *Desk) asked(ctx context.Context, tx *db.Tx, c *cases.Case, r Request) ([]Part, error) {
	today := clock.Today(d.Clock)
	words, err := d.Words(ctx, tx, []string{c.ID})
	if err != nil {
		return nil, err
	}
	points := make([]Asking, 0, len(r.Points))
	for _, p := range words[c.ID].Points {
		if slices.Contains(r.Points, p.Number) {
			points = append(points, Asking{Number: p.Number, Asked: p.Text})
		}
	}
	if len(points) != len(r.Points) {
		return nil, fault.New(fault.Invalid, "shares.point_none").At("point")
	}
	due, err := d.dueFor(ctx, tx, c, r.Due, today, "due")
	if err != nil {
		return nil, err
	}
	bodies, err := d.Bodies(ctx, tx, c.CouncilID, today)
	if err != nil {
		return nil, err
	}
	busy, err := openBodies(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	var all []Part
	for _, id := range r.BodyIDs {
		i := slices.IndexFunc(bodies, func(b org.Body) bool { return b.ID == id && b.Kind.Answers() && b.Open(today) })
		switch {
		case i < 0 || id == c.HolderBodyID:
			return nil, fault.New(fault.Invalid, "shares.body_unknown").At("body")
		case slices.Contains(busy, id):
			return nil, fault.New(fault.Invalid, "shares.body_asked", "body", bodies[i].Name).At("body")
		}
		all = append(all, Part{Body: bodies[i].Name, Points: points, Share: Share{PetitionID: c.ID, Round: c.Round, CouncilID: c.CouncilID, LeadID: c.HolderBodyID, BodyID: id,
			Question: r.Question, Due: due, State: Asked, Open: true, Papers: db.JSON[[]string]{V: []string{}}, Mark: r.Once, Revision: 1}})
	}
	return all, nil
}

// Window is when a part may be asked for.
//
// vi: khoảng thời gian đề nghị phối hợp
type Window struct {
	Proposed clock.Date
	Latest   clock.Date // none when the petition's own reply clock does not run
	Reply    clock.Date // when the petition's reply is due; none when its clock does not run
	Pressed  bool       // the reply is due: there is no day left before it
}

// spare is how many working days the lead keeps for itself, when there is time.
const spare = 5

// windowOf proposes a date: counted by the rule, but so that the lead keeps some
// working days before its own reply is due. Where even tomorrow is too late for
// that, the part is still asked for, as soon as the rule would have it at most.
func windowOf(cal *calendar.Calendar, counted, reply, today clock.Date) Window {
	w := Window{Proposed: counted, Reply: reply}
	if reply.IsZero() {
		return w
	}
	w.Latest = reply.AddDays(-1)
	if !w.Latest.After(today) {
		w.Pressed, w.Latest, w.Proposed = true, counted, cal.NextWorking(today)
		return w
	}
	kept := reply
	for n := spare; n > 0; {
		kept = kept.AddDays(-1)
		if works, _ := cal.IsWorking(kept); works {
			n--
		}
	}
	if !kept.After(today) {
		kept = w.Latest
	}
	if w.Proposed.After(kept) {
		w.Proposed = kept
	}
	return w
}

func (d *Desk) window(ctx context.Context, tx *db.Tx, c *cases.Case, today clock.Date) (Window, error) {
	limit, err := d.Cases.Rules.At(rule, today)
	if err != nil {
		return Window{}, err
	}
	cal := d.Cases.Calendar.Current()
	counted, err := cal.Count(limit.Run(today, ""))
	if err != nil {
		return Window{}, err
	}
	all, err := cases.Deadlines(ctx, tx, c.ID)
	if err != nil {
		return Window{}, err
	}
	var reply clock.Date
	for _, dl := range all {
		if dl.Name == "reply" && dl.Live() {
			reply = dl.Due
		}
	}
	return windowOf(cal, counted.Due, reply, today), nil
}

// farDays keeps a slip of the pen in the year out.
const farDays = 366

// dueFor is the date asked for, or the one proposed when none was.
func (d *Desk) dueFor(ctx context.Context, tx *db.Tx, c *cases.Case, due, today clock.Date, field string) (clock.Date, error) {
	w, err := d.window(ctx, tx, c, today)
	if err != nil {
		return due, err
	}
	switch {
	case due.IsZero():
		return w.Proposed, nil
	case !due.After(today):
		return due, fault.New(fault.Invalid, "shares.due_past").At(field)
	case w.Pressed && due.After(w.Latest), w.Latest.IsZero() && due.After(today.AddDays(farDays)):
		return due, fault.New(fault.Invalid, "shares.due_far").At(field)
	case !w.Latest.IsZero() && due.After(w.Latest):
		return due, fault.New(fault.Invalid, "shares.due_late", "latest", w.Latest.VN(), "reply", w.Reply.VN()).At(field)
	}
	return due, nil
}

// lateNotice goes to the head of the asked body too.
const lateNotice = "shares.notice_late"

// tellBody writes to the asked body's contact and to the officer who has the part.
func (d *Desk) tellBody(ctx context.Context, tx *db.Tx, s Share, c *cases.Case, who org.Actor, key string) error {
	to := notify.Recipients{Body: s.BodyID, Roles: []org.Role{org.BodyClerk}, Except: who.PersonID}
	if s.AssigneeID != "" {
		to.Posts = []string{s.AssigneeID}
	}
	if key == lateNotice {
		to.Roles = append(to.Roles, org.BodyHead)
	}
	link := home + "/" + s.ID
	if c.Sealed || s.gone() {
		link = home
	}
	return d.Notify.Tell(ctx, tx, to, notify.Notice{Key: key, Args: []any{"code", c.Code, "due", s.Due.VN()}, Link: link, CaseID: c.ID, CouncilID: c.CouncilID, Mail: !s.gone()})
}

// tellLead writes to those who answer the petition, and to the one who asked.
func (d *Desk) tellLead(ctx context.Context, tx *db.Tx, s Share, c *cases.Case, who org.Actor, key string) error {
	body, err := org.BodyOf(ctx, tx, s.BodyID)
	if err != nil {
		return err
	}
	to, err := d.Cases.People(ctx, tx, c, cases.Holder, nil)
	if err != nil {
		return err
	}
	if s.AskedPostID != "" {
		to.Posts = append(to.Posts, s.AskedPostID)
	}
	to.Except = who.PersonID
	return d.Notify.Tell(ctx, tx, to, notify.Notice{Key: key, Args: []any{"code", c.Code, "body", body.Name, "due", s.Due.VN()},
		Link: home + "/" + s.ID, CaseID: c.ID, CouncilID: c.CouncilID})
}

// wake tells open screens that parts of a petition changed.
func (d *Desk) wake(tx *db.Tx, c *cases.Case, all []Part) {
	topics := []string{"case:" + c.ID, "council:" + c.CouncilID}
	for _, p := range all {
		topics = append(topics, "body:"+p.BodyID, "body:"+p.LeadID)
	}
	slices.Sort(topics)
	d.Notify.Live.PublishAfter(tx, slices.Compact(topics)...)
}
