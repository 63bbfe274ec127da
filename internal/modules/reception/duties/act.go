package duties

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Receipt is what a deputy notes when a citizen gives them a letter.
//
// vi: ghi nhận đơn đại biểu tiếp nhận
type Receipt struct {
	On    clock.Date
	Way   Way
	Asked bool
	Once  string // the form's own mark
	For   string // the deputy for whom a clerk enters it
}

func (c Receipt) check(today clock.Date) error {
	var faults []*fault.Fault
	switch {
	case c.On.IsZero():
		faults = append(faults, fault.New(fault.Invalid, "duties.received_empty").At("received_on"))
	case c.On.After(today):
		faults = append(faults, fault.New(fault.Invalid, "duties.day_future", "day", c.On.VN()).At("received_on"))
	}
	if !slices.Contains(ways(), c.Way) {
		faults = append(faults, fault.New(fault.Invalid, "duties.way_empty").At("way"))
	}
	return fault.Join(faults...)
}

// record is the row of a receipt.
func (c Receipt) record(who org.Actor, of Deputy, now time.Time) Record {
	r := Record{ID: db.NewID(now), CouncilID: who.CouncilID, PersonID: of.PersonID, Name: of.Name, Title: of.Title, Year: c.On.Year, ReceivedOn: c.On, Way: c.Way, Asked: c.Asked,
		State: Studying, Mark: c.Once, CreatedAt: db.At(now)}
	if of.For {
		r.EnteredBy, r.EnteredName = who.PersonID, who.Name
	}
	r.settle()
	return r
}

// Receive notes a letter that the deputy studies before handing it on.
func (d *Desk) Receive(ctx context.Context, who org.Actor, c Receipt) (id string, err error) {
	now := d.Clock.Now()
	of, err := d.deputyOf(ctx, who, c.For)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return "", err
	}
	if err := joined(err, c.check(clock.DateOf(now))); err != nil {
		return "", err
	}
	fresh := c.record(who, of, now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		r := fresh
		before, err := marked(ctx, tx, of.PersonID, c.Once)
		if err != nil {
			return err
		}
		if len(before) > 0 {
			id = before[0].ID
			return nil
		}
		id = r.ID
		if r.Number, err = nextNumber(ctx, tx, r); err != nil {
			return err
		}
		if err := insert(ctx, tx, r); err != nil {
			return err
		}
		if err := d.entered(ctx, tx, r); err != nil {
			return err
		}
		return d.note(ctx, tx, who, r, "reception.receive_by_deputy", now)
	})
	return id, err
}

// joined are faults of several fields at once; nil when there is none.
func joined(all ...error) error {
	var faults []*fault.Fault
	for _, err := range all {
		if err == nil {
			continue
		}
		if f := fault.Of(err); len(f.Faults) > 0 {
			faults = append(faults, f.Faults...)
		} else {
			faults = append(faults, f)
		}
	}
	return fault.Join(faults...)
}

// Handed is what the deputy gets for a letter that was handed on.
//
// vi: -
type Handed struct {
	ID    string
	Code  string
	Key   string // for the citizen; shown once
	Again bool   // the same form had handed it on before
}

// HandIn notes a letter and hands it on to the council's office at once.
func (d *Desk) HandIn(ctx context.Context, who org.Actor, c Receipt, p Paper) (h Handed, err error) {
	now := d.Clock.Now()
	of, err := d.deputyOf(ctx, who, c.For)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return h, err
	}
	p.ReceivedOn = c.On
	enter, err := d.prepare(ctx, who, of, p, joined(err, c.check(clock.DateOf(now))))
	if err != nil {
		return h, err
	}
	fresh := c.record(who, of, now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		r := fresh
		before, err := marked(ctx, tx, of.PersonID, c.Once)
		if err != nil {
			return err
		}
		if len(before) > 0 {
			h = Handed{ID: before[0].ID, Again: true}
			return nil
		}
		if r.Number, err = nextNumber(ctx, tx, r); err != nil {
			return err
		}
		if h, err = r.handOn(ctx, tx, enter, clock.DateOf(now)); err != nil {
			return err
		}
		if err := insert(ctx, tx, r); err != nil {
			return err
		}
		if err := d.entered(ctx, tx, r); err != nil {
			return err
		}
		return d.note(ctx, tx, who, r, "reception.hand_on_by_deputy", now)
	})
	return h, err
}

// entering writes a prepared letter in the book.
type entering = func(ctx context.Context, tx *db.Tx) (Entered, error)

// prepare tells all that is wrong with a receipt and its letter at once.
func (d *Desk) prepare(ctx context.Context, who org.Actor, of Deputy, p Paper, wrong error) (entering, error) {
	if wrong == nil {
		return d.Prepare(ctx, who, of, p)
	}
	p.Files = nil // taken in with what is right only
	_, err := d.Prepare(ctx, who, of, p)
	if err == nil {
		return nil, wrong
	}
	if fault.KindOf(err) != fault.Invalid {
		return nil, err
	}
	all := slices.Clone(fault.Of(joined(wrong)).Faults)
	for _, f := range fault.Of(err).Faults {
		if f.Field != "received_on" { // said of the receipt already
			all = append(all, f)
		}
	}
	return nil, fault.Join(all...)
}

// handOn enters the letter and ends the studying of it.
func (r *Record) handOn(ctx context.Context, tx *db.Tx, enter entering, on clock.Date) (Handed, error) {
	e, err := enter(ctx, tx)
	if err != nil {
		return Handed{}, err
	}
	r.State, r.LetterID, r.DoneOn = HandedOn, e.LetterID, on
	r.settle()
	return Handed{ID: r.ID, Code: e.Code, Key: e.Key}, nil
}

// HandOn hands a letter on that was being studied.
func (d *Desk) HandOn(ctx context.Context, who org.Actor, id string, p Paper, revision int64) (h Handed, err error) {
	r, err := d.own(ctx, who, id)
	if err != nil {
		return h, err
	}
	if r.State == HandedOn {
		return Handed{ID: id, Again: true}, nil
	}
	p.ReceivedOn = r.ReceivedOn
	enter, err := d.prepare(ctx, who, Deputy{PersonID: r.PersonID, Name: r.Name, Title: r.Title}, p, nil)
	if err != nil {
		return h, err
	}
	now := d.Clock.Now()
	err = d.change(ctx, who, id, revision, "reception.hand_on_by_deputy", now, func(tx *db.Tx, r *Record) (bool, error) {
		if r.State == HandedOn {
			h = Handed{ID: id, Again: true}
			return false, nil
		}
		if r.State != Studying {
			return false, fault.New(fault.Refused, "duties.over")
		}
		h, err = r.handOn(ctx, tx, enter, clock.DateOf(now))
		return true, err
	})
	return h, err
}

// Word is that the citizen was guided, or told of the answer.
//
// vi: việc thông báo cho công dân
type Word struct {
	On       clock.Date // none: today
	Way      Way
	Revision int64
}

func (d *Desk) checked(w *Word, field string) error {
	if !slices.Contains(tellings(), w.Way) {
		return fault.New(fault.Invalid, "duties.told_empty").At(field)
	}
	today := d.today()
	if w.On.IsZero() {
		w.On = today
	}
	if w.On.After(today) {
		return fault.New(fault.Invalid, "duties.day_future", "day", w.On.VN()).At("on")
	}
	return nil
}

// Guide notes that the deputy guided the citizen to the competent body: nothing
// is handed on.
func (d *Desk) Guide(ctx context.Context, who org.Actor, id string, w Word) error {
	if err := d.checked(&w, "guided"); err != nil {
		return err
	}
	return d.change(ctx, who, id, w.Revision, "reception.guide_by_deputy", d.Clock.Now(), func(_ *db.Tx, r *Record) (bool, error) {
		switch {
		case r.State == Guided && r.DoneOn == w.On && r.Guided == w.Way:
			return false, nil
		case r.State != Studying:
			return false, fault.New(fault.Refused, "duties.over")
		case w.On.Before(r.ReceivedOn):
			return false, fault.New(fault.Invalid, "duties.before_receipt", "day", w.On.VN(), "received", r.ReceivedOn.VN()).At("on")
		}
		r.State, r.DoneOn, r.Guided = Guided, w.On, w.Way
		return true, nil
	})
}

// Tell notes that the citizen was told what the competent body answered.
func (d *Desk) Tell(ctx context.Context, who org.Actor, id string, w Word) error {
	if err := d.checked(&w, "told"); err != nil {
		return err
	}
	return d.change(ctx, who, id, w.Revision, "reception.tell_by_deputy", d.Clock.Now(), func(tx *db.Tx, r *Record) (bool, error) {
		if !r.ToldOn.IsZero() && r.ToldOn == w.On && r.Told == w.Way {
			return false, nil
		}
		if r.State != HandedOn || r.AnsweredOn.IsZero() {
			return false, fault.New(fault.Refused, "duties.nothing_to_tell")
		}
		now, err := d.Standings(ctx, tx, []string{r.LetterID})
		switch {
		case err != nil:
			return false, err
		case now[r.LetterID].Sealed:
			return false, fault.New(fault.Refused, "duties.nothing_to_tell")
		case w.On.Before(r.AnsweredOn):
			return false, fault.New(fault.Invalid, "duties.before_answer", "day", w.On.VN(), "answered", r.AnsweredOn.VN()).At("on")
		}
		r.ToldOn, r.Told = w.On, w.Way
		return true, d.Told(ctx, tx, who, r.LetterID, w)
	})
}

// own loads a record that is the person's.
func (d *Desk) own(ctx context.Context, who org.Actor, id string) (r Record, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = ownIn(ctx, tx, who, id)
		return err
	})
	return r, err
}

func ownIn(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Record, error) {
	r, err := recordOf(ctx, tx, id)
	switch {
	case err != nil:
		return r, err
	case !r.seenBy(who):
		return r, noRecord()
	case !r.mine(who) || !mayHand.Allows(who):
		return r, fault.New(fault.Forbidden, "duties.not_yours")
	}
	return r, nil
}

// change is what the verbs on a record share. do says whether anything changed:
// the second click of two changes nothing.
func (d *Desk) change(ctx context.Context, who org.Actor, id string, revision int64, verb string, now time.Time, do func(tx *db.Tx, r *Record) (bool, error)) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		r, err := ownIn(ctx, tx, who, id)
		if err != nil {
			return err
		}
		asked := r.Revision
		changed, err := do(tx, &r)
		if err != nil || !changed {
			return err
		}
		if revision != 0 && revision != asked {
			return fault.New(fault.Conflict, "db.stale")
		}
		r.settle()
		if err := update(ctx, tx, r); err != nil {
			return err
		}
		return d.note(ctx, tx, who, r, verb, now)
	})
}

// note records an act. The log's entry is sealed, for any letter may turn out to
// be a denunciation, and then its day would tell.
func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, r Record, verb string, now time.Time) error {
	d.Live.PublishAfter(tx, "council:"+r.CouncilID)
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: r.CouncilID, Subject: r.ID, Ref: r.ID, Verb: verb, At: now, Who: who, Sealed: true,
		Details: map[string]any{"state": string(r.State), "received": r.ReceivedOn.String(), "done": r.DoneOn.String(), "told": r.ToldOn.String(), "for": r.PersonID}})
	return err
}
