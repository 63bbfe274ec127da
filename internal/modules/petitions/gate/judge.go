package gate

import (
	"context"
	"net/netip"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Grade is how an attempt is treated.
//
// vi: mức xử lý
type Grade int

// The grades, the milder first.
const (
	Normal Grade = iota // taken as it is
	Asked               // shows the challenge first
	Held                // taken, and not public before the office has looked
	Flood               // refused for now
)

// Kind is what is handed in.
//
// vi: -
type Kind string

// The kinds.
const (
	Petition Kind = "petition"
	Rating   Kind = "rating"
	Contest  Kind = "contest"
	Request  Kind = "request" // by a program (Open311): it cannot be asked for a proof
)

// Solution is what a sender brings for a challenge.
//
// vi: -
type Solution struct{ Token, Nonce string }

// Attempt is somebody about to hand something in.
//
// vi: lượt gửi
type Attempt struct {
	Kind      Kind
	Who       org.Actor // clerks, who are signed in, are not limited
	Address   netip.Addr
	Email     string
	Phone     string
	CouncilID string
	UnitCode  string
	Text      string
	Once      string // the form's mark
	Filled    bool   // a field that people do not see has something in it
	Drawn     string // what Draw wrote into the form
	Proof     Solution
}

// Verdict is what is to be done with an attempt. The zero Verdict lets it in
// and leaves no trace.
//
// vi: kết quả sàng lọc
type Verdict struct {
	Grade Grade
	// Why is the key of the sentence that says what was noticed; empty for Normal.
	Why        string
	Challenge  *Challenge    // when Asked
	RetryAfter time.Duration // when Flood

	trace *trace
}

// Fault is the refusal of a flood; nil for every other grade.
func (v Verdict) Fault() error {
	if v.Grade != Flood {
		return nil
	}
	return fault.New(fault.TooMany, "gate.flood", "minutes", int((v.RetryAfter+time.Minute-1)/time.Minute))
}

// trace is a row of petitions_traces to be.
type trace struct {
	id, councilID, unitCode string
	kind                    Kind
	at                      db.Time
	address, network        string
	email, phone, text      string
	once                    string // of the proof that was used
	held                    bool
	why                     string
}

// limited is one mark with its limits.
type limited struct {
	scope Scope
	mark  string
	Pair
}

// counted is how many hand-ins there were in the two windows.
type counted struct {
	Scope Scope `db:"scope"`
	Burst int   `db:"burst"`
	Day   int   `db:"day"`
}

// Judge grades an attempt. It changes nothing, so it may be asked when a form is
// looked through and again when it is sent.
func (d *Desk) Judge(ctx context.Context, a Attempt) (Verdict, error) {
	if a.Who.SignedIn() || a.Who.System {
		return Verdict{}, nil
	}
	now := d.Clock.Now()
	l := d.limits(now)
	t := &trace{id: db.NewID(now), councilID: a.CouncilID, unitCode: a.UnitCode, kind: a.Kind, at: db.At(now)}
	scopes := d.scopes(a, l, t)
	counts, err := d.count(ctx, scopes, l, now)
	if err != nil {
		return Verdict{}, err
	}
	var v Verdict
	v.trace = t
	worst := scopes[0]
	for i, s := range scopes {
		if g := max(s.Burst.grade(counts[i].Burst), s.Day.grade(counts[i].Day)); g > v.Grade {
			v.Grade, v.Why, worst = g, "gate.why_"+string(s.scope), s
		}
	}
	if v.Grade == Flood {
		v.RetryAfter, err = d.retryAfter(ctx, worst, l, now)
		return v, err
	}
	heavy := d.suspect(a, l, now, &v)
	d.prove(a, l, now, heavy, &v)
	t.held, t.why = v.Grade == Held, v.Why
	return v, nil
}

// scopes lists what is counted for an attempt; the council is always among them.
func (d *Desk) scopes(a Attempt, l Limits, t *trace) []limited {
	all := []limited{{ByCouncil, a.CouncilID, l.Council}}
	if apart(a.Address) {
		address, around := network(a.Address)
		t.address, t.network = d.keys.mark(ByAddress, address.String()), d.keys.mark(ByNetwork, around.String())
		one, wide := l.Address4, l.Network4
		if address.Addr().Is6() {
			one, wide = l.Address6, l.Network6
		}
		all = append(all, limited{ByAddress, t.address, one}, limited{ByNetwork, t.network, wide})
	}
	if t.email = d.keys.mark(ByEmail, d.folding.email(a.Email)); t.email != "" {
		all = append(all, limited{ByEmail, t.email, l.Email})
	}
	if t.phone = d.keys.mark(ByPhone, d.folding.phone(a.Phone)); t.phone != "" {
		all = append(all, limited{ByPhone, t.phone, l.Phone})
	}
	if a.Kind == Petition || a.Kind == Request {
		t.text = d.keys.mark(ByText, string(sketch(a.Text)))
	}
	return all
}

// apart reports whether an address says something about who sends. Behind one of
// our own rooms stands a proxy, a kiosk or an office, and so everybody.
func apart(a netip.Addr) bool {
	own := a.Unmap()
	return a.IsValid() && !own.IsPrivate() && !own.IsLoopback()
}

// count tells how much is there already, outside the writing transaction. What
// the node knows to be below the first limit is not asked for.
func (d *Desk) count(ctx context.Context, scopes []limited, l Limits, now time.Time) ([]counted, error) {
	all := make([]counted, len(scopes))
	if err := d.remember(ctx, l, now); err != nil {
		return nil, err
	}
	var doubtful []limited
	for i, s := range scopes {
		c := d.memory.most(s.mark, l, now)
		if c.Burst < s.Burst.Ask && c.Day < s.Day.Ask {
			continue
		}
		if s.scope == ByCouncil {
			if kept, ok := d.councilKept(s.mark, l, now); ok {
				all[i] = kept
				continue
			}
		}
		doubtful = append(doubtful, s)
	}
	if len(doubtful) == 0 {
		return all, nil
	}
	burst, day := db.At(now.Add(-l.BurstWindow)), db.At(now.Add(-l.DayWindow))
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		marks := doubtful
		if marks[0].scope == ByCouncil {
			c, err := d.countCouncil(ctx, tx, marks[0], l, now)
			if err != nil {
				return err
			}
			all[0], marks = c, marks[1:]
		}
		found, err := countMarks(ctx, tx, marks, burst, day)
		for _, c := range found {
			for i, s := range scopes {
				if s.scope == c.Scope {
					all[i] = c
				}
			}
		}
		return err
	})
	return all, err
}

// councilKept is a council's count of a few seconds ago: they are many to count.
func (d *Desk) councilKept(id string, l Limits, now time.Time) (counted, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept, ok := d.councils[id]
	age := now.Sub(kept.at)
	return kept.count, ok && age >= 0 && age < l.CouncilFresh
}

func (d *Desk) countCouncil(ctx context.Context, tx *db.Tx, s limited, l Limits, now time.Time) (counted, error) {
	c, err := councilCounts(ctx, tx, s.mark, db.At(now.Add(-l.BurstWindow)), db.At(now.Add(-l.DayWindow)), s.Day.most())
	if err == nil {
		d.mu.Lock()
		d.councils[s.mark] = councilCount{c, now}
		d.mu.Unlock()
	}
	return c, err
}

// retryAfter is when the flood will have ebbed: when the hand-in that reached
// the limit leaves the window.
func (d *Desk) retryAfter(ctx context.Context, s limited, l Limits, now time.Time) (wait time.Duration, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		wait = time.Minute
		for _, w := range []struct {
			stop int
			long time.Duration
		}{{s.Burst.Stop, l.BurstWindow}, {s.Day.Stop, l.DayWindow}} {
			if w.stop == 0 {
				continue
			}
			at, err := nthNewest(ctx, tx, s, w.stop)
			if err != nil {
				return err
			}
			if !at.IsZero() {
				wait = max(wait, at.Add(w.long).Sub(now))
			}
		}
		return nil
	})
	return wait, err
}

// suspect raises the grade for what people do not do: fill what they cannot
// see, or a whole form within moments. It never goes as far as to refuse.
func (d *Desk) suspect(a Attempt, l Limits, now time.Time, v *Verdict) (heavy bool) {
	raise := func(why string) {
		if v.Grade < Held {
			v.Grade++
		}
		v.Why, heavy = why, true
	}
	if a.Filled {
		raise("gate.why_filled")
	}
	if a.Kind != Petition {
		return heavy // other forms are short, and programs draw none
	}
	at, ok := d.keys.drawnAt(a.Drawn)
	switch age := now.Sub(at); {
	case !ok || age < -l.Skew || age > l.DrawnMost:
		if v.Grade == Normal {
			v.Grade, v.Why = Asked, "gate.why_drawn"
		}
	case age >= 0 && age < l.DrawnLeast:
		raise("gate.why_fast")
	}
	return heavy
}

// prove asks for a proof from Asked on, and looks at the one that was brought.
// With it, Asked becomes Normal and Held stays held; without it neither is let
// in. A form that was asked once stays asked: the haste that was seen when it
// was looked through is no longer seen when it is sent.
func (d *Desk) prove(a Attempt, l Limits, now time.Time, heavy bool, v *Verdict) {
	c, ok := d.keys.challenged(a.Proof, a.Once, a.CouncilID, now, l)
	if v.Grade == Normal && !ok {
		return
	}
	if a.Kind == Request {
		// A busy council is no reason to hold a program's request back.
		if v.Grade = Held; v.Why == "gate.why_council" {
			v.Grade, v.Why = Normal, ""
		}
		return
	}
	w := l.Work[0]
	if heavy || v.Grade == Held {
		w = l.Work[1]
	}
	switch {
	case ok && c.met(a.Proof.Nonce):
		v.trace.once = c.Once
		if v.Grade == Asked {
			v.Grade, v.Why = Normal, ""
		}
		return
	case ok:
		c.Early = true
		v.Challenge = c
	default:
		v.Challenge = d.keys.challenge(w, a.CouncilID, now)
	}
	v.Grade = Asked
}

// Noted keeps the trace of what was handed in, in its transaction, and holds it
// back when the verdict says so. Give it the verdict of the sending itself.
func (d *Desk) Noted(ctx context.Context, tx *db.Tx, petitionID string, v Verdict) error {
	t := v.trace
	if t == nil {
		return nil
	}
	if v.Grade == Asked || v.Grade == Flood {
		return fault.New(fault.Refused, "gate.not_proved")
	}
	if t.once != "" {
		first, err := useProof(ctx, tx, t.once, t.at)
		if err != nil {
			return err
		}
		if !first {
			return fault.New(fault.Refused, "gate.proof_used")
		}
	}
	kept := *t
	if t.kind == Petition || t.kind == Request {
		kept.id = petitionID
	}
	tx.AfterCommit(func() { d.memory.note(kept) })
	if err := insertTrace(ctx, tx, petitionID, kept); err != nil || !t.held || t.kind != Petition && t.kind != Request {
		return err
	}
	return insertHeld(ctx, tx, petitionID, *t)
}
