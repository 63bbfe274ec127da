package shares

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// needed asks for a note.
func needed(field, note string) error {
	faults := long(field, note)
	if note == "" {
		faults = append(faults, fault.New(fault.Invalid, "shares.note_empty").At(field))
	}
	return fault.Join(faults...)
}

// GiveBack asks a body again that has answered or declined, with what is
// missing. Its earlier words stay, to be completed.
func (d *Desk) GiveBack(ctx context.Context, who org.Actor, id, note string, due clock.Date, revision int64) error {
	note = text.Clean(note)
	if err := needed("back_note", note); err != nil {
		return err
	}
	now := d.Clock.Now()
	today := clock.DateOf(now)
	return d.act(ctx, who, id, now, deed{verb: "petitions.return_share", needs: mayAsk, lead: true, revision: revision, from: []State{Answered, Declined},
		done: func(p Part) bool { return p.State == Again && p.BackNote == note && p.AskedBy == who.PersonID },
		do: func(tx *db.Tx, p *Part, c *cases.Case) (map[string]any, error) {
			if !p.fits(c) {
				return nil, fault.New(fault.Refused, "shares.not_now")
			}
			busy, err := openBodies(ctx, tx, c.ID)
			if err != nil {
				return nil, err
			}
			for _, id := range busy {
				if id == p.BodyID {
					return nil, fault.New(fault.Refused, "shares.body_asked", "body", p.Body)
				}
			}
			if p.Due, err = d.dueFor(ctx, tx, c, due, today, "back_due"); err != nil {
				return nil, err
			}
			p.State, p.Open, p.BackNote, p.RepliedAt = Again, true, note, db.Time{}
			p.AskedBy, p.AskedName, p.AskedPostID, p.AskedBodyID = who.PersonID, who.Name, who.PostID, who.BodyID
			p.NextAlarm = d.nextAlarm(p.Due, today)
			return map[string]any{"note": note, "due": p.Due.String()}, nil
		},
		tell: func(tx *db.Tx, p Part, c *cases.Case) error {
			return d.tellBody(ctx, tx, p.Share, c, who, "shares.notice_again")
		}})
}

// Withdraw takes back a request that was not answered yet.
func (d *Desk) Withdraw(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	note = text.Clean(note)
	if err := needed("end_note", note); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.act(ctx, who, id, now, deed{verb: "petitions.withdraw_share", needs: mayAsk, lead: true, revision: revision, from: []State{Asked, Again},
		done: func(p Part) bool { return p.State == Withdrawn && p.EndNote == note },
		do: func(_ *db.Tx, p *Part, _ *cases.Case) (map[string]any, error) {
			p.end(Withdrawn, db.At(now))
			p.EndNote = note
			return map[string]any{"note": note}, nil
		},
		tell: func(tx *db.Tx, p Part, c *cases.Case) error {
			return d.tellBody(ctx, tx, p.Share, c, who, "shares.notice_withdrawn")
		}})
}

// end closes a request without an answer.
func (s *Share) end(state State, at db.Time) {
	s.State, s.Open, s.NextAlarm, s.EndedAt = state, false, clock.Date{}, at
}
