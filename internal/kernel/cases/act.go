package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Opening is what a new case begins with.
type Opening struct {
	Procedure string
	Case      Case // ID, CouncilID, Code, Title, OwnerBodyID, UnitCode, Field and the like
	Who       org.Actor
	Input     Input
}

// Begin opens a case by the procedure that is effective today, in the
// transaction of the module's verb.
func (e *Engine) Begin(ctx context.Context, tx *db.Tx, o Opening) (*Case, *Act, error) {
	now := e.Clock.Now()
	p, err := e.current(o.Procedure, clock.DateOf(now))
	if err != nil {
		return nil, nil, err
	}
	v, _ := p.Verb(p.Opens)
	c := o.Case
	c.Procedure, c.Version, c.Round = p.Name, p.Version, 1
	c.OpenedAt, c.ChangedAt = db.At(now), db.At(now)
	act, err := e.perform(ctx, tx, p, Move{Who: o.Who, Case: &c, Verb: v, Input: &o.Input}, "", 1)
	return &c, act, err
}

// Do carries out a verb on a case, in the transaction of the module's verb. It
// asks in this order: does the case wait for this, may this person, is
// anything missing, do the guards agree; then the case moves, its clocks start
// and stop, the steps run, and the act and its leaf are written.
func (e *Engine) Do(ctx context.Context, tx *db.Tx, who org.Actor, c *Case, verb string, in Input) (*Act, error) {
	p, err := e.Procedure(c.Procedure, c.Version)
	if err != nil {
		return nil, err
	}
	v, ok := p.Verb(verb)
	if !ok {
		return nil, fmt.Errorf("cases: procedure %s has no verb %q", p.Key(), verb)
	}
	if in.Revision != 0 && in.Revision != c.Revision {
		return nil, fault.New(fault.Conflict, "db.stale")
	}
	if err := e.right(c, who, v); err != nil {
		return nil, err
	}
	if !slices.Contains(v.From, c.State) {
		return nil, fault.New(fault.Refused, "cases.wrong_state")
	}
	acts, err := Acts(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	if err := apart(v, who, c, acts); err != nil {
		return nil, err
	}
	from := c.State
	if v.NewRound {
		c.Round++
		if err := followSuccession(ctx, tx, c); err != nil {
			return nil, err
		}
	}
	return e.perform(ctx, tx, p, Move{Who: who, Case: c, Verb: v, Input: &in}, from, len(acts)+1)
}

// right refuses a person on another side of the case. Who may not see the case
// learns nothing; who may see it but not do this is told so.
func (e *Engine) right(c *Case, who org.Actor, v Verb) error {
	if v.Place == Voter && !who.SignedIn() && !who.System {
		return nil // by the code, which the module has checked
	}
	if !c.CanSee(who) {
		return fault.New(fault.Missing, "cases.no_such_case")
	}
	at := c.Stands(who)
	if who.CouncilID == c.CouncilID && who.Has(org.Deputy) {
		at = append(at, Deputy)
	}
	if !v.standsAt(at) || !v.allows(who, e.offers[c.Procedure].Module) {
		return fault.New(fault.Forbidden, "cases.not_yours_to_do")
	}
	return nil
}

// apart keeps duties separate. It looks at people, not at posts: one person in
// two posts is still one person, and nobody approves through a delegate what
// they did themselves.
func apart(v Verb, who org.Actor, c *Case, acts []Act) error {
	same := func(a Act) bool {
		return a.PersonID != "" && (a.PersonID == who.PersonID ||
			slices.ContainsFunc(who.Via, func(p org.Proxy) bool { return p.PersonID == a.PersonID }))
	}
	for _, a := range acts {
		if a.Round == c.Round && slices.Contains(v.Apart, a.Verb) && same(a) {
			return fault.New(fault.Refused, "cases.same_person", "verb", a.Verb)
		}
	}
	if v.FourEyes && len(acts) > 0 {
		for i := len(acts) - 1; i >= 0; i-- {
			if acts[i].To == c.State && acts[i].From != acts[i].To {
				if same(acts[i]) {
					return fault.New(fault.Refused, "cases.four_eyes")
				}
				break
			}
		}
	}
	return nil
}

func (e *Engine) perform(ctx context.Context, tx *db.Tx, p *Procedure, m Move, from State, number int) (*Act, error) {
	c, v, in, now := m.Case, m.Verb, m.Input, e.Clock.Now()
	if err := require(v, in); err != nil {
		return nil, err
	}
	offer := e.offers[c.Procedure]
	for _, name := range v.Guards {
		if err := offer.Guards[name](ctx, tx, m); err != nil {
			return nil, err
		}
	}
	if v.To != "" {
		c.enter(p, v.To)
	}
	c.ChangedAt = db.At(now)
	c.ClosedAt = db.Time{}
	if !c.Open {
		c.ClosedAt = db.At(now)
	}
	act := &Act{ID: db.NewID(now), CaseID: c.ID, Number: number, Verb: v.Name, At: db.At(now), From: from, To: c.State, Round: c.Round,
		PersonID: m.Who.PersonID, PersonName: m.Who.Name, PostTitle: m.Who.PostTitle, BodyID: m.Who.BodyID, BodyName: m.Who.BodyName,
		OnBehalf: m.Who.OnBehalf(), Note: in.Note, Document: in.Document, Public: v.Public && !c.Sealed}
	m.Act = act
	if err := in.happened(clock.DateOf(now)); err != nil {
		return nil, err
	}
	t, err := e.clocks(ctx, tx, p, m)
	if err != nil {
		return nil, err
	}
	act.Late = t.late
	if !act.opens() { // steps read them: a letter names the date it sets
		if err := t.write(ctx, tx); err != nil {
			return nil, err
		}
	}
	for _, name := range v.Steps {
		if err := offer.Steps[name](ctx, tx, m); err != nil {
			return nil, err
		}
	}
	act.Fields, act.Papers = db.JSON[map[string]string]{V: in.Fields}, db.JSON[[]string]{V: in.Papers}
	if err := e.record(ctx, tx, offer.Module, m); err != nil {
		return nil, err
	}
	if err := e.save(ctx, tx, c, act, t); err != nil {
		return nil, err
	}
	if offer.Notify != nil {
		if err := offer.Notify(ctx, tx, m); err != nil {
			return nil, err
		}
	}
	e.wake(tx, c)
	return act, nil
}

// happened refuses an act that is written down before it happened.
func (in *Input) happened(today clock.Date) error {
	if in.On.After(today) {
		return fault.New(fault.Invalid, "cases.not_yet_happened", "day", in.On.VN()).At("on")
	}
	return nil
}

// save writes the case, the clocks that began with the act, and the act. A new
// case is written once and nothing is read back: on PostgreSQL many begin at
// the same end of an index, and who reads there clashes with who writes.
func (e *Engine) save(ctx context.Context, tx *db.Tx, c *Case, act *Act, t ticking) error {
	keep := updateCase
	if act.opens() {
		keep = insertCase
	}
	if err := keep(ctx, tx, c); err != nil {
		return err
	}
	if act.opens() { // they refer to the case
		if err := t.write(ctx, tx); err != nil {
			return err
		}
	}
	return insertAct(ctx, tx, act)
}

// opens reports whether the case began with this act.
func (a *Act) opens() bool { return a.Number == 1 }

// require asks for the input the file names. "note", "document" and "papers"
// are parts of every input; the rest are the module's fields.
func require(v Verb, in *Input) error {
	var faults []*fault.Fault
	for _, name := range v.Requires {
		given := in.Fields[name]
		switch name {
		case "note":
			given = in.Note
		case "document":
			given = in.Document
		case "papers":
			given = strings.Join(in.Papers, "")
		}
		if strings.TrimSpace(given) == "" {
			faults = append(faults, fault.New(fault.Invalid, "cases.required").At(name))
		}
	}
	return fault.Join(faults...)
}

func (c *Case) enter(p *Procedure, s State) {
	rule, _ := p.State(s)
	c.State, c.Waits, c.Open = s, rule.Waits, !rule.Final
}

// record writes the act's leaf into the log.
func (e *Engine) record(ctx context.Context, tx *db.Tx, module string, m Move) error {
	details := standing(m.Act)
	for key, value := range map[string]string{"note": m.Input.Note, "document": m.Input.Document} {
		if value != "" {
			details[key] = value
		}
	}
	if len(m.Input.Fields) > 0 {
		details["fields"] = m.Input.Fields
	}
	if !m.Input.On.IsZero() {
		details["on"] = m.Input.On.String()
	}
	for key, value := range m.Input.Details {
		details[key] = value
	}
	leaf, err := e.Audit.Append(ctx, tx, audit.Entry{CouncilID: m.Case.CouncilID, Subject: m.Case.ID, Ref: m.Case.Code,
		Verb: module + "." + m.Verb.Name, At: m.Act.At.Time, Who: m.Who, Papers: m.Input.Papers, Details: details, Sealed: m.Case.Sealed || e.offers[m.Case.Procedure].Unnamed})
	if err != nil {
		return err
	}
	m.Act.LeafID = leaf.ID
	return nil
}

// standing is what every act tells the log about the case; Rederive compares
// the case's row with the newest of them.
func standing(a *Act) map[string]any {
	return map[string]any{"number": a.Number, "from": string(a.From), "state": string(a.To), "round": a.Round}
}

// wake tells open screens that the case changed. A sealed case is silent but
// for its own office.
func (e *Engine) wake(tx *db.Tx, c *Case) {
	topics := []string{"council:" + c.CouncilID, "case:" + c.ID}
	for _, body := range []string{c.HolderBodyID, c.ExaminerBodyID} {
		if body != "" && !c.Sealed {
			topics = append(topics, "body:"+body)
		}
	}
	tx.AfterCommit(func() {
		for _, t := range topics {
			e.Live.Publish(t)
		}
	})
}
