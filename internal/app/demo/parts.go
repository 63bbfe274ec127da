package demo

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/shares"
)

// takeIn enters what the office was told, on paper, by telephone or at a meeting.
func (p *player) takeIn(ctx context.Context, s Script, ward string, files []documents.Draft) error {
	desk := p.Petitions.Desks().Intake
	who, err := p.actor(ctx, p.seat(s, Act{Do: "classify"}), "")
	if err != nil {
		return err
	}
	var got intake.Taken
	if s.Via == "meeting" {
		told, err := desk.TakeLines(ctx, who, p.ids[s.Of], "", []intake.Line{{Text: s.Text, Name: s.Name, Phone: s.Phone, Ward: ward}})
		if err != nil {
			return err
		}
		if err := told[0].Err; err != nil {
			return err
		}
		got = told[0].Taken
	} else {
		got, err = desk.TakeLetter(ctx, who, intake.LetterIn{Channel: intake.Channel(s.Via), Day: clock.Today(p.Clock), Text: s.Text, Ward: ward, Name: s.Name, Email: s.Email, Phone: s.Phone,
			Ask: s.Of, Files: files})
		if err != nil {
			return err
		}
	}
	p.handed[s.Key] = petitions.Handed{ID: got.ID, Code: got.Code}
	return nil
}

// throughGate hands a petition to the gate as a program does that fills every
// field at once, and waits as long as it is told to.
func (p *player) throughGate(ctx context.Context, s Script, sub *petitions.Submission) error {
	desk := p.Petitions.Desks().Gate
	a := gate.Attempt{Kind: gate.Petition, Who: org.Voter("203.0.113.77"), Address: netip.MustParseAddr("203.0.113.77"), Email: s.Email, Phone: s.Phone,
		CouncilID: CouncilID("hn"), UnitCode: s.Unit, Text: s.Text, Filled: true, Drawn: desk.Draw()}
	first, err := desk.Judge(ctx, a)
	if err != nil {
		return err
	}
	c := first.Challenge
	if c == nil {
		return fmt.Errorf("demo: the gate asks nothing of %s: grade %d", s.Key, first.Grade)
	}
	p.Clock.Set(p.Clock.Now().Add(c.Wait))
	a.Once, a.Drawn, a.Proof = c.Once, desk.Draw(), gate.Solution{Token: c.Token}
	second, err := desk.Judge(ctx, a)
	if err != nil {
		return err
	}
	sub.Once, sub.Note = c.Once, func(ctx context.Context, tx *db.Tx, id string) error { return desk.Noted(ctx, tx, id, second) }
	return nil
}

// part plays the steps that are not a petition's own: parts of other bodies,
// promises, groups, and what the gate holds back.
func (p *player) part(ctx context.Context, s Script, a Act, who org.Actor) error {
	id, desks := p.handed[s.Key].ID, p.Petitions.Desks()
	switch a.Do {
	case "ask_share":
		asked := make([]string, len(a.Bodies))
		for i, b := range a.Bodies {
			asked[i] = BodyID(b)
		}
		_, err := desks.Shares.Ask(ctx, who, id, shares.Request{BodyIDs: asked, Points: a.Points, Question: a.Note, Due: p.ahead(a.Planned)})
		return err
	case "assign_share", "answer_share", "decline_share":
		return p.share(ctx, s, a, who)
	case "decide_share":
		return p.decide(ctx, s, a, who)
	case "progress_promise", "move_promise", "done_promise", "accept_promise", "refuse_promise":
		return p.promise(ctx, s, a, who)
	case "group":
		others := make([]string, len(a.With))
		for i, key := range a.With {
			others[i] = p.handed[key].ID
		}
		_, err := desks.Matching.Group(ctx, who, matching.Grouping{LeadID: id, Others: others, Title: a.Title})
		return err
	case "link":
		return desks.Reports.Link(ctx, who, id, p.handed[a.With[0]].Code)
	case "release":
		return desks.Gate.Release(ctx, who, id)
	case "draw_up_abuse":
		if err := p.Petitions.Search.CatchUp(ctx); err != nil {
			return err
		}
		batch, err := desks.Gate.DrawUp(ctx, who, gate.Picked{Like: id}, a.Reason, a.Note, "")
		p.ids[s.Key] = batch
		return err
	case "decide_abuse":
		// A reminder of tomorrow's morning would count as work on the petitions.
		if err := desks.Gate.Decide(ctx, who, p.ids[s.Key]); err != nil {
			return err
		}
		return p.drain(ctx)
	}
	return fmt.Errorf("demo: petition %s: no step is called %q", s.Key, a.Do)
}

// share plays what a body that was asked for its part does.
func (p *player) share(ctx context.Context, s Script, a Act, who org.Actor) error {
	desk := p.Petitions.Desks().Shares
	var one shares.Part
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, p.handed[s.Key].ID)
		if err != nil {
			return err
		}
		all, err := shares.Of(ctx, tx, c.ID, c.Round)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(one shares.Part) bool { return one.BodyID == BodyID(a.Bodies[0]) && one.Open })
		if i < 0 {
			return fmt.Errorf("demo: %s was not asked about %s", a.Bodies[0], s.Key)
		}
		one = all[i]
		return nil
	})
	if err != nil {
		return err
	}
	switch a.Do {
	case "assign_share":
		return desk.Assign(ctx, who, one.ID, PostID(a.Bodies[0]+"-handler-1"), 0)
	case "decline_share":
		return desk.Decline(ctx, who, one.ID, shares.Refusal{Reason: shares.Reason(a.Reason), Note: a.Note})
	}
	r := shares.Reply{Document: p.document(s, a, who)}
	for i, line := range a.Replies {
		r.Points = append(r.Points, shares.PointReply{Number: one.Points[i].Number, Reply: line.Text, Promised: p.ahead(line.Promised)})
	}
	return desk.Answer(ctx, who, one.ID, r)
}

// decide ends a dispute about who is competent.
func (p *player) decide(ctx context.Context, s Script, a Act, who org.Actor) error {
	desk := p.Petitions.Desks().Shares
	open, err := desk.Disputes(ctx, who, shares.Undecided, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open.Rows, func(x shares.Contested) bool { return x.PetitionID == p.handed[s.Key].ID })
	if i < 0 {
		return fmt.Errorf("demo: nobody disputes %s", s.Key)
	}
	return desk.Decide(ctx, who, open.Rows[i].ID, shares.Ruling{BodyID: BodyID(a.Bodies[0]), Reason: a.Note})
}

// promise plays what becomes of a date that a body named.
func (p *player) promise(ctx context.Context, s Script, a Act, who org.Actor) error {
	desk := p.Petitions.Desks().Reminders
	var found reminders.Listed
	all, err := desk.Promises(ctx, who, "running", "", "", "") // one page is more than the demonstration has
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.PetitionID == p.handed[s.Key].ID && l.Number == a.Number {
			found = l
		}
	}
	if found.ID == "" {
		return fmt.Errorf("demo: nothing is promised for point %d of %s", a.Number, s.Key)
	}
	m := reminders.Moving{Note: a.Note, Document: p.document(s, a, who)}
	switch a.Do {
	case "progress_promise":
		return desk.Progress(ctx, who, found.ID, m)
	case "move_promise":
		m.Due = p.ahead(a.Planned)
		return desk.AskMove(ctx, who, found.ID, m)
	case "done_promise":
		return desk.ReportDone(ctx, who, found.ID, m)
	}
	return desk.Decide(ctx, who, found.ID, a.Do == "accept_promise", a.Note, 0)
}
