package counter

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// The time limits this package stands on (kernel/calendar/rules/reception.toml).
const (
	noticeRule = "reception.refusal_notice"
	tellRule   = "reception.tell_citizen"
)

// due counts a rule out from a day.
func (d *Desk) due(key string, from clock.Date) (calendar.Deadline, calendar.Rule, error) {
	r, err := d.Calendar.Rules().At(key, from)
	if err != nil {
		return calendar.Deadline{}, r, err
	}
	due, err := d.Calendar.Current().Count(r.Run(from, "counter.event_"+map[string]string{noticeRule: "refused", tellRule: "received"}[key]))
	return due, r, err
}

// Minutes writes what was said, for who brings no letter: read back and signed,
// or marked with a fingerprint (NĐ 154/2026, Điều 14).
func (d *Desk) Minutes(ctx context.Context, who org.Actor, id, words string, readBack bool, sign Sign, revision int64) error {
	words = text.Clean(words)
	faults := wrong(typed{"minutes", words, textMax, true})
	if !known([]Sign{Unsigned, Signed, Fingerprint, Declined}, sign) {
		faults = append(faults, fault.New(fault.Invalid, "counter.sign_bad").At("sign"))
	}
	if sign != Unsigned && !readBack {
		faults = append(faults, fault.New(fault.Invalid, "counter.read_first").At("read"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return d.act(ctx, who, id, d.Clock.Now(), deed{verb: "reception.minute", needs: mayServe, revision: revision, from: []State{Called}, done: func(v Visit) bool { return v.Minutes == words && v.MinutesRead == readBack && v.MinutesSign == sign }, do: func(_ *db.Tx, v *Visit) (map[string]any, error) {
		v.Minutes, v.MinutesRead, v.MinutesSign = words, readBack, sign
		return map[string]any{"read": readBack, "sign": string(sign)}, nil
	}})
}

// itemsMost bounds the papers of one receipt.
const itemsMost = 100

// Receive lists the papers that the citizen hands over, and gives a receipt for
// them (Mẫu 02/TCD). The same form sent twice gives one.
func (d *Desk) Receive(ctx context.Context, who org.Actor, id string, items []string, once string) error {
	var clean []string
	for _, one := range items {
		if one = text.Line(one); one != "" {
			clean = append(clean, one)
		}
	}
	var faults []*fault.Fault
	if len(clean) == 0 {
		faults = append(faults, fault.New(fault.Invalid, "counter.items_none").At("items"))
	}
	if len(clean) > itemsMost {
		faults = append(faults, fault.New(fault.Invalid, "counter.items_many", "max", itemsMost).At("items"))
	}
	for _, one := range clean {
		faults = append(faults, wrong(typed{"items", one, lineMax, true})...)
	}
	if err := fault.Join(faults[:min(len(faults), 1)]...); err != nil {
		return err
	}
	now := d.Clock.Now()
	rid := db.NewID(now)
	return d.act(ctx, who, id, now, deed{verb: "reception.give_receipt", needs: mayServe, from: []State{Called, Done}, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		all, err := receiptsOf(ctx, tx, v.ID)
		if err != nil {
			return nil, err
		}
		n := 1
		for _, r := range all {
			if once != "" && r.Mark == once {
				return map[string]any{"again": r.Number}, nil
			}
			n = max(n, r.Number+1)
		}
		r := Receipt{ID: rid, VisitID: v.ID, Number: n, Items: db.JSON[[]string]{V: clean}, On: clock.DateOf(now), By: who.PersonID, ByName: who.Name, Mark: once}
		return map[string]any{"number": n, "items": len(clean)}, insertReceipt(ctx, tx, r)
	}})
}

// Refuse ends a visit without receiving. For some grounds a written notice is
// due (Mẫu 01/TCD); the others are explained at the desk.
func (d *Desk) Refuse(ctx context.Context, who org.Actor, id, ground, note string, revision int64) error {
	note = text.Clean(note)
	now := d.Clock.Now()
	today := clock.DateOf(now)
	g, ok := groundOf(ground, today)
	faults := wrong(typed{"ground_note", note, textMax, true})
	if !ok {
		faults = append(faults, fault.New(fault.Invalid, "counter.ground_none").At("ground"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	due, _, err := d.due(noticeRule, today)
	if err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.refuse", needs: mayServe, revision: revision, from: []State{Waiting, Called}, done: func(v Visit) bool { return v.State == Refused }, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		if g.Written {
			all, err := peopleOf(ctx, tx, v.ID)
			if err != nil {
				return nil, err
			}
			if len(all) == 0 {
				return nil, fault.New(fault.Invalid, "counter.notice_needs_person").At("ground")
			}
			v.NoticeDue = due.Due
		}
		v.State, v.Ground, v.GroundNote, v.RefusedOn, v.EndedAt, v.EndedName = Refused, g.Code, note, today, db.At(now), who.Name
		return map[string]any{"ground": g.Article, "written": g.Written, "due": v.NoticeDue.String()}, nil
	}})
}

// NoticeSent notes that the written notice of a refusal was sent.
func (d *Desk) NoticeSent(ctx context.Context, who org.Actor, id, symbol string, on clock.Date, revision int64) error {
	symbol = text.Line(symbol)
	now := d.Clock.Now()
	faults := wrong(typed{"notice_symbol", symbol, lineMax, true})
	if on.IsZero() || on.After(clock.DateOf(now)) {
		faults = append(faults, fault.New(fault.Invalid, "counter.day_bad").At("notice_on"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.send_refusal", needs: mayRecord, revision: revision, from: []State{Refused}, done: func(v Visit) bool { return !v.NoticeOn.IsZero() && v.NoticeSymbol == symbol }, do: func(_ *db.Tx, v *Visit) (map[string]any, error) {
		if v.NoticeDue.IsZero() {
			return nil, fault.New(fault.Refused, "counter.no_notice")
		}
		if on.Before(v.RefusedOn) {
			return nil, fault.New(fault.Invalid, "counter.day_bad").At("notice_on")
		}
		v.NoticeSymbol, v.NoticeOn = symbol, on
		return map[string]any{"symbol": symbol, "on": on.String(), "late": on.After(v.NoticeDue)}, nil
	}})
}

// End closes a visit: its contents get their numbers in the log, and the day by
// which the citizen is told is counted.
func (d *Desk) End(ctx context.Context, who org.Actor, id string, revision int64) error {
	now := d.Clock.Now()
	due, rule, err := d.due(tellRule, clock.DateOf(now))
	if err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.end_visit", needs: mayServe, revision: revision, from: []State{Called}, done: func(v Visit) bool { return v.State == Done }, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		people, err := peopleOf(ctx, tx, v.ID)
		if err != nil {
			return nil, err
		}
		if err := v.speakers(len(people)); err != nil {
			return nil, err
		}
		lines, err := linesOf(ctx, tx, v.ID)
		if err != nil {
			return nil, err
		}
		if len(lines) == 0 {
			return nil, fault.New(fault.Refused, "counter.line_none")
		}
		if i := slices.IndexFunc(lines, func(l Line) bool { return l.Outcome == "" }); i >= 0 {
			return nil, fault.New(fault.Refused, "counter.outcome_missing", "n", i+1)
		}
		no, err := take(ctx, tx, logName(v.CouncilID, v.On.Year), len(lines))
		if err != nil {
			return nil, err
		}
		no -= len(lines)
		for i, l := range lines {
			l.Year, l.No = v.On.Year, no+i+1
			if l.Outcome.later() {
				l.TellDue = due.Due
			}
			if err := updateLine(ctx, tx, l); err != nil {
				return nil, err
			}
		}
		v.State, v.EndedAt, v.EndedName = Done, db.At(now), who.Name
		return map[string]any{"lines": len(lines), "first": no + 1, "tell_by": due.Due.String(), "confirmed": rule.Confirmed}, nil
	}})
}

// Conclude keeps the notice of conclusion that must follow a leader's reception
// (NĐ 154/2026, Điều 25 khoản 2).
func (d *Desk) Conclude(ctx context.Context, who org.Actor, id, words, symbol string, on clock.Date, revision int64) error {
	words, symbol = text.Clean(words), text.Line(symbol)
	now := d.Clock.Now()
	faults := wrong(typed{"conclusion", words, textMax, true}, typed{"conclusion_symbol", symbol, lineMax, !on.IsZero()})
	if on.After(clock.DateOf(now)) || on.IsZero() && symbol != "" {
		faults = append(faults, fault.New(fault.Invalid, "counter.day_bad").At("conclusion_on"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.conclude", needs: mayServe, revision: revision, from: []State{Done}, done: func(v Visit) bool {
		return v.Leader && v.Conclusion == words && v.ConclusionSymbol == symbol && v.ConclusionOn == on
	}, do: func(_ *db.Tx, v *Visit) (map[string]any, error) {
		if !v.Leader {
			return nil, fault.New(fault.Refused, "counter.no_conclusion")
		}
		if !on.IsZero() && on.Before(v.On) {
			return nil, fault.New(fault.Invalid, "counter.day_bad").At("conclusion_on")
		}
		v.Conclusion, v.ConclusionSymbol, v.ConclusionOn = words, symbol, on
		return map[string]any{"symbol": symbol, "on": on.String()}, nil
	}})
}
