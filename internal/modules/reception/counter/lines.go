package counter

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Matter is one content as the desk writes it down. Mixed contents are split:
// one matter each (NĐ 154/2026, Điều 14 khoản 4).
//
// vi: -
type Matter struct {
	Class                     Class
	Times                     Times
	Summary, Earlier, Request string
	People                    int // with the same content; 0: as many as came
	SettledBy                 string
	Outcome                   Outcome
	ToBody, Symbol            string
	Follow, Note              string
	Revision                  int64 // of the visit, or of the line that is changed
}

func (m *Matter) tidy() error {
	m.Summary, m.Earlier, m.Request = text.Clean(m.Summary), text.Clean(m.Earlier), text.Clean(m.Request)
	m.SettledBy, m.ToBody, m.Symbol, m.Follow, m.Note = text.Line(m.SettledBy), text.Line(m.ToBody), text.Line(m.Symbol), text.Clean(m.Follow), text.Clean(m.Note)
	faults := wrong(typed{"summary", m.Summary, textMax, true}, typed{"earlier", m.Earlier, textMax, false}, typed{"request", m.Request, textMax, false}, typed{"settled_by", m.SettledBy, lineMax, false},
		typed{"to_body", m.ToBody, lineMax, m.Outcome == Guided || m.Outcome == Forwarded}, typed{"symbol", m.Symbol, lineMax, false}, typed{"follow", m.Follow, textMax, false}, typed{"note", m.Note, textMax, false})
	switch m.Class {
	case Complaint, Proposal:
	case Denunciation:
		faults = append(faults, fault.New(fault.Invalid, "counter.use_sealing").At("class"))
	default:
		faults = append(faults, fault.New(fault.Invalid, "counter.class_none").At("class"))
	}
	if !known([]Times{Unclear, FirstTime, Again}, m.Times) {
		faults = append(faults, fault.New(fault.Invalid, "counter.times_bad").At("times"))
	}
	if m.Outcome != "" && !slices.Contains(Outcomes(), m.Outcome) {
		faults = append(faults, fault.New(fault.Invalid, "counter.outcome_none").At("outcome"))
	}
	if m.People < 0 || m.People > groupMax {
		faults = append(faults, fault.New(fault.Invalid, "counter.people_bad", "max", groupMax).At("same"))
	}
	return fault.Join(faults...)
}

func (m Matter) into(l *Line, v Visit) {
	l.Class, l.Summary, l.Earlier, l.Request, l.SettledBy, l.Outcome, l.ToBody, l.Symbol, l.Follow, l.Note = m.Class, m.Summary, m.Earlier, m.Request, m.SettledBy, m.Outcome, m.ToBody, m.Symbol, m.Follow, m.Note
	l.Times = m.Times
	if l.People = m.People; l.People == 0 {
		l.People = v.People
	}
}

// made reports whether a line already is what was typed: the second click of two.
func (m Matter) made(l Line, v Visit) bool {
	was := l
	m.into(&l, v)
	return l == was
}

// AddMatter writes one content down.
func (d *Desk) AddMatter(ctx context.Context, who org.Actor, visitID string, m Matter) error {
	if err := m.tidy(); err != nil {
		return err
	}
	now := d.Clock.Now()
	id := db.NewID(now)
	twice := func(tx *db.Tx, v Visit) (bool, error) {
		all, err := linesOf(ctx, tx, v.ID)
		return slices.ContainsFunc(all, func(l Line) bool { return m.made(l, v) }), err
	}
	return d.act(ctx, who, visitID, now, deed{verb: "reception.add_matter", needs: mayServe, revision: m.Revision, from: []State{Called}, twice: twice, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		all, err := linesOf(ctx, tx, v.ID)
		if err != nil {
			return nil, err
		}
		if len(all) >= linesMost {
			return nil, fault.New(fault.Refused, "counter.lines_many", "max", linesMost)
		}
		l := Line{ID: id, VisitID: v.ID, CouncilID: v.CouncilID, On: v.On, Position: 1, Revision: 1}
		for _, one := range all {
			l.Position = max(l.Position, one.Position+1)
		}
		m.into(&l, *v)
		return map[string]any{"line": id, "class": string(m.Class), "outcome": string(m.Outcome)}, insertLine(ctx, tx, l)
	}})
}

// ChangeMatter corrects a content while the visit lasts; afterwards only what
// follows from it: the symbol of a paper, the result, a note (columns 10 to 13).
func (d *Desk) ChangeMatter(ctx context.Context, who org.Actor, lineID string, m Matter) error {
	if err := m.tidy(); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.line(ctx, who, lineID, func(tx *db.Tx, v Visit, l *Line) (string, map[string]any, error) {
		if m.made(*l, v) {
			return "", nil, nil
		}
		if m.Revision != 0 && m.Revision != l.Revision {
			return "", nil, fault.New(fault.Conflict, "db.stale")
		}
		switch v.State {
		case Called:
			m.into(l, v)
		case Done:
			l.Symbol, l.Follow, l.Note = m.Symbol, m.Follow, m.Note
		default:
			return "", nil, fault.New(fault.Refused, "counter.wrong_state")
		}
		return "reception.change_matter", map[string]any{"line": l.ID, "symbol": l.Symbol}, nil
	}, now)
}

// line is what verbs on one content share.
func (d *Desk) line(ctx context.Context, who org.Actor, lineID string, do func(tx *db.Tx, v Visit, l *Line) (verb string, details map[string]any, err error), now time.Time) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := lineOf(ctx, tx, lineID)
		if err != nil {
			return err
		}
		v, err := d.visit(ctx, tx, who, l.VisitID)
		if err != nil {
			return fault.New(fault.Missing, "counter.no_line")
		}
		if v.Sealed || l.Sealed {
			return fault.New(fault.Refused, "counter.is_sealed")
		}
		verb, details, err := do(tx, v, &l)
		if err != nil || verb == "" {
			return err
		}
		if err := updateLine(ctx, tx, l); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, verb, now, details)
	})
}

// DropMatter takes a content out that was written down by mistake.
func (d *Desk) DropMatter(ctx context.Context, who org.Actor, visitID, lineID string) error {
	return d.act(ctx, who, visitID, d.Clock.Now(), deed{verb: "reception.drop_matter", needs: mayServe, from: []State{Called}, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		return map[string]any{"line": lineID}, deleteLine(ctx, tx, v.ID, lineID)
	}})
}

// Told notes that the citizen was told the result (Luật Tiếp công dân, Điều 28).
func (d *Desk) Told(ctx context.Context, who org.Actor, lineID string, on clock.Date) (visitID string, err error) {
	now := d.Clock.Now()
	if on.IsZero() || on.After(clock.DateOf(now)) {
		return "", fault.New(fault.Invalid, "counter.day_bad").At("told")
	}
	err = d.line(ctx, who, lineID, func(_ *db.Tx, v Visit, l *Line) (string, map[string]any, error) {
		visitID = v.ID
		if l.TellDue.IsZero() || !l.ToldOn.IsZero() {
			return "", nil, nil
		}
		if on.Before(l.On) {
			return "", nil, fault.New(fault.Invalid, "counter.day_bad").At("told")
		}
		l.ToldOn = on
		return "reception.tell_result", map[string]any{"line": l.ID, "on": on.String()}, nil
	}, now)
	return visitID, err
}

// HandOver gives what a content brought to the register of letters, once. The key
// with which the citizen looks the letter up is given here and kept nowhere.
func (d *Desk) HandOver(ctx context.Context, who org.Actor, lineID string) (h Handed, err error) {
	if d.Letter == nil {
		return h, fault.New(fault.Unavailable, "counter.no_register")
	}
	if !mayRecord.Allows(who) {
		return h, fault.New(fault.Forbidden, "counter.not_yours")
	}
	now, enter := d.Clock.Now(), d.Letter()
	err = d.line(ctx, who, lineID, func(tx *db.Tx, v Visit, l *Line) (string, map[string]any, error) {
		if h = (Handed{CaseID: l.CaseID}); h.CaseID != "" {
			return "", nil, nil
		}
		if v.State != Done || (l.Outcome != Own && l.Outcome != Forwarded && l.Outcome != Noted) {
			return "", nil, fault.New(fault.Refused, "counter.no_hand_over")
		}
		all, err := peopleOf(ctx, tx, v.ID)
		if err != nil {
			return "", nil, err
		}
		from := FromVisit{VisitID: v.ID, LineID: l.ID, CouncilID: v.CouncilID, Class: l.Class, People: l.People, Summary: l.Summary, Earlier: l.Earlier, Request: l.Request, On: v.On,
			HostName: v.HostName, HostTitle: v.HostTitle, ToBody: l.ToBody}
		for i, p := range all {
			if i == 0 {
				from.Name, from.Address, from.Contact = p.Name, p.Address, p.Contact
			} else {
				from.Others = append(from.Others, p.Name)
			}
		}
		if h, err = enter(ctx, tx, who, from); err != nil {
			return "", nil, err
		}
		l.CaseID = h.CaseID
		return "reception.hand_over", map[string]any{"line": l.ID, "case": h.CaseID}, nil
	}, now)
	return h, err
}
