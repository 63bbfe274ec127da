package demo

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

// receiptLine is a letter that a deputy still studies.
type receiptLine struct {
	Deputy string
	Ago    int
	Way    duties.Way
}

// watchLine is a thematic supervision list.
type watchLine struct {
	By, Title, Theme, Document, Basis string
	Ago, From, Until                  int // days before today
	Letters                           []watchedLine
}

type watchedLine struct {
	Letter, Note, Asked, Document, Answer, Conclusion string
	Finding                                           watchlist.Finding
}

// handIn lets a deputy hand a letter to the office.
func (p *player) handIn(ctx context.Context, l LetterScript) error {
	who, err := p.actor(ctx, l.Deputy, "")
	if err != nil {
		return err
	}
	received := clock.Today(p.Clock).AddDays(-l.Studied)
	desk := p.Reception.Desks().Duties
	h, err := desk.HandIn(ctx, who, duties.Receipt{On: received, Way: l.Way, Asked: true}, duties.Paper{Kind: string(l.Kind), WrittenOn: received.AddDays(-l.Written), Ward: l.Ward,
		Senders: strings.Join(l.Senders, "\n"), Respondent: l.Against, Summary: l.Summary, Content: strings.TrimSpace(l.Content)})
	if err != nil {
		return err
	}
	v, err := desk.Sheet(ctx, who, h.ID)
	p.ids[l.Key], p.ids[l.Key+" duty"] = v.LetterID, h.ID
	return err
}

// toldByDeputy notes that the deputy told the citizen.
func (p *player) toldByDeputy(ctx context.Context, l LetterScript) error {
	who, err := p.actor(ctx, l.Deputy, "")
	if err != nil {
		return err
	}
	return p.Reception.Desks().Duties.Tell(ctx, who, p.ids[l.Key+" duty"], duties.Word{Way: "telephone"})
}

// councilEvents are what deputies study and what the office supervises.
func (p *player) councilEvents(ctx context.Context) (all []event) {
	for _, r := range p.reception.Receipt {
		all = append(all, event{at(p.days.day(r.Ago), bookMinute), "receipt " + r.Deputy, func() error {
			who, err := p.actor(ctx, r.Deputy, "")
			if err == nil {
				_, err = p.Reception.Desks().Duties.Receive(ctx, who, duties.Receipt{On: clock.Today(p.Clock), Way: r.Way, Asked: true})
			}
			return err
		}})
	}
	for _, l := range p.reception.Watchlist {
		all = append(all, event{at(p.days.day(l.Ago), workLength-1), "watchlist " + l.Title, func() error { return p.watch(ctx, l) }})
	}
	return all
}

func (p *player) watch(ctx context.Context, l watchLine) error {
	who, err := p.actor(ctx, l.By, "")
	if err != nil {
		return err
	}
	desk := p.Reception.Desks().Watching
	id, err := desk.Open(ctx, who, watchlist.Draw{Title: l.Title, Theme: l.Theme, Document: l.Document, Basis: l.Basis, From: clock.DateOf(p.days.now).AddDays(-l.From), Until: clock.DateOf(p.days.now).AddDays(-l.Until)})
	if err != nil {
		return err
	}
	ids := make([]string, len(l.Letters))
	for i, one := range l.Letters {
		ids[i] = p.ids[one.Letter]
	}
	if _, err := desk.Add(ctx, who, id, ids); err != nil {
		return err
	}
	for i, one := range l.Letters {
		e := watchlist.Entry{ListID: id, LetterID: ids[i], Note: one.Note, Asked: one.Asked, AnswerDocument: one.Document, Answer: one.Answer, Finding: one.Finding, Conclusion: one.Conclusion}
		if one.Answer != "" {
			e.AnsweredOn = clock.Today(p.Clock)
		}
		if err := desk.Note(ctx, who, e); err != nil {
			return err
		}
	}
	return nil
}
