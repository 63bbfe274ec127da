package reminders

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// seriesKind is the short form in the numbers of these letters: 05/ĐĐ-VP.
const seriesKind = "ĐĐ"

// Sign sends a letter: it takes its number, those it concerns are told, and a
// job draws it. A petition that was answered meanwhile leaves the letter by
// itself. Who wrote the letter cannot sign it, nor can their delegate.
func (d *Desk) Sign(ctx context.Context, who org.Actor, id string, revision int64) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := letterOf(ctx, tx, id)
		if err != nil {
			return err
		}
		today := clock.DateOf(now)
		if !l.seenBy(who) {
			return noLetter()
		}
		if l.State == Signed && slices.Contains(l.Hands.V[max(len(l.Hands.V)-1, 0):], who.PersonID) {
			return nil // a double click
		}
		if err := d.maySign(l, who, revision, today); err != nil {
			return err
		}
		lines, err := d.settleLines(ctx, tx, &l, today)
		if err != nil {
			return err
		}
		p, err := d.proposal(ctx, tx, l.CouncilID, l.OfficeID, l.BodyID, today)
		if err != nil {
			return err
		}
		if !p.allows(l.Rung) {
			return fault.New(fault.Refused, "reminders.rung_passed", "rung", l.Rung, "least", p.Least, "most", max(p.Rung, p.Least))
		}
		if l.ToBodyID, err = d.addressee(ctx, tx, l, today); err != nil {
			return err
		}
		l.State, l.Signer, l.SignerPost, l.OnBehalf, l.FromBodyID = Signed, who.Name, who.PostTitle, who.OnBehalf(), who.BodyID
		l.SignedOn, l.SignedAt = today, db.At(now)
		l.Hands.V = append(l.Hands.V, who.PersonID)
		if err := d.number(ctx, tx, &l); err != nil {
			return err
		}
		if err := updateLetter(ctx, tx, &l); err != nil {
			return err
		}
		if err := d.note(ctx, tx, who, l, "petitions.sign_reminder", lines); err != nil {
			return err
		}
		if err := d.tellSigned(ctx, tx, who, l, len(lines)); err != nil {
			return err
		}
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: writeKind, Key: l.ID, Args: l.ID, CouncilID: l.CouncilID})
	})
}

// maySign says what keeps a person from signing a letter.
func (d *Desk) maySign(l Letter, who org.Actor, revision int64, today clock.Date) error {
	signer := d.rules.ladderOn(today).Rungs[l.Rung-1].Signer
	switch {
	case l.State == Signed:
		return fault.New(fault.Conflict, "reminders.signed_already", "symbol", l.Symbol)
	case l.State != Draft:
		return fault.New(fault.Conflict, "reminders.dropped_already")
	case signer == byHead && !ofOffice(who, org.Head), signer == byStanding && !ofStanding(who):
		return fault.New(fault.Forbidden, "reminders.signer_"+signer, "rung", l.Rung)
	case l.wroteIt(who):
		return fault.New(fault.Refused, "reminders.same_person")
	case revision != 0 && revision != l.Revision:
		return fault.New(fault.Conflict, "reminders.changed")
	}
	return nil
}

// ToSign is how many drafts wait for this person's signature.
func (d *Desk) ToSign(ctx context.Context, who org.Actor) (n int, err error) {
	if !maySign.Allows(who) || !ofOffice(who, org.Head) && !ofStanding(who) {
		return 0, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		offices, err := officesOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		drafts, err := draftsOf(ctx, tx, offices)
		n = d.waitFor(drafts, who, clock.Today(d.Clock))
		return err
	})
	return n, err
}

// waitFor counts the letters that a person could sign.
func (d *Desk) waitFor(all []Letter, who org.Actor, today clock.Date) (n int) {
	for _, l := range all {
		if l.State == Draft && l.seenBy(who) && d.maySign(l, who, 0, today) == nil {
			n++
		}
	}
	return n
}

// wroteIt reports whether a person, or one in whose place they act, wrote a letter.
func (l Letter) wroteIt(who org.Actor) bool {
	return slices.Contains(l.Hands.V, who.PersonID) || slices.ContainsFunc(who.Via, func(p org.Proxy) bool { return slices.Contains(l.Hands.V, p.PersonID) })
}

// settleLines keeps the lines for which something is still owed, as they stand
// on the day of signing.
func (d *Desk) settleLines(ctx context.Context, tx *db.Tx, l *Letter, today clock.Date) ([]Matter, error) {
	chosen, err := linesOf(ctx, tx, l.ID)
	if err != nil {
		return nil, err
	}
	lines, left, err := d.parted(ctx, tx, *l, chosen, today)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, fault.New(fault.Refused, "reminders.all_answered")
	}
	l.LeftOut.V = left
	return lines, replaceLines(ctx, tx, l.ID, lines)
}

// parted tells of a draft's lines those for which something is still owed from
// the codes of those that leave. What was sealed meanwhile leaves unnamed.
func (d *Desk) parted(ctx context.Context, tx *db.Tx, l Letter, chosen []line, today clock.Date) (lines []Matter, left []string, err error) {
	ids := make([]string, len(chosen))
	for i, c := range chosen {
		ids[i] = c.PetitionID
	}
	lines, err = d.owing(ctx, tx, owed{councilID: l.CouncilID, bodyID: l.BodyID, ids: ids, today: today})
	for _, c := range chosen {
		if !c.Sealed && !slices.ContainsFunc(lines, func(m Matter) bool { return m.PetitionID == c.PetitionID }) {
			left = append(left, c.Code)
		}
	}
	return lines, left, err
}

func (d *Desk) number(ctx context.Context, tx *db.Tx, l *Letter) error {
	series, err := d.Documents.SeriesOf(ctx, tx, l.FromBodyID, seriesKind, l.SignedOn.Year)
	if err != nil {
		return err
	}
	if series.Body == "" {
		from, err := org.BodyOf(ctx, tx, l.FromBodyID)
		if err != nil {
			return err
		}
		series.Body = from.Symbol
	}
	n, err := d.Documents.Number(ctx, tx, series)
	l.Number, l.Symbol = n.No, n.Symbol
	return err
}

// tellSigned tells the body's head and contact, and those who get copies.
func (d *Desk) tellSigned(ctx context.Context, tx *db.Tx, who org.Actor, l Letter, n int) error {
	notice := notify.Notice{Key: "reminders.notice_signed", Args: []any{"symbol", l.Symbol, "rung", l.Rung, "n", n, "by", l.AnswerBy.VN()}, Link: letterPath + l.ID, CouncilID: l.CouncilID, Mail: true}
	if l.AnswerBy.IsZero() {
		notice.Key = "reminders.notice_signed_soon"
	}
	bodyRoles := []org.Role{org.BodyHead, org.BodyClerk}
	if err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: l.ToBodyID, Roles: bodyRoles, Except: who.PersonID}, notice); err != nil {
		return err
	}
	if l.ToBodyID != l.BodyID {
		if err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: l.BodyID, Roles: bodyRoles, Except: who.PersonID}, notice); err != nil {
			return err
		}
	}
	notice.Mail = false
	for _, c := range d.rules.ladderOn(l.SignedOn).Rungs[l.Rung-1].Copies {
		to := notify.Recipients{Except: who.PersonID}
		switch c {
		case toOffice:
			to.Body, to.Roles = l.OfficeID, []org.Role{org.Head, org.Clerk}
		case toStanding:
			standing, err := standingOf(ctx, tx, l.CouncilID, l.SignedOn)
			if err != nil {
				return err
			}
			to.Body, to.Roles = standing.ID, []org.Role{org.Standing, org.Chair}
		}
		if to.Body == "" {
			continue
		}
		if err := d.Notify.Tell(ctx, tx, to, notice); err != nil {
			return err
		}
	}
	return nil
}

// standingOf is the Standing Committee of a council; the zero body when none is open.
func standingOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (org.Body, error) {
	all, err := org.BodiesOf(ctx, tx, councilID, org.StandingCommittee)
	for _, b := range all {
		if b.Open(on) {
			return b, err
		}
	}
	return org.Body{}, err
}
