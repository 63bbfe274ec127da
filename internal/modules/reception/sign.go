package reception

import (
	"context"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

type day = clock.Date

func itoa(n int) string { return strconv.Itoa(n) }

// Signature is what a head, a standing member or the chair gives to a proposal.
//
// vi: ký duyệt xử lý đơn
type Signature struct {
	Enclose  []string   // copies that go along with a forwarding, by their marks
	Words    string     // of their own, for the paper that goes out
	Note     string     // for the file
	On       clock.Date // of the paper; none: today
	Revision int64
}

// Sign approves what the clerk proposed. The paper that goes out takes its number
// in the same transaction; what the council settles itself becomes a matter.
func (s *Service) Sign(ctx context.Context, who org.Actor, id string, r Result, g Signature) error {
	if !slices.Contains(results, r) {
		return fault.New(fault.Invalid, "reception.result_empty").At("result")
	}
	if r == Respond && text.Clean(g.Words) == "" {
		return fault.New(fault.Invalid, "cases.required").At("words")
	}
	in := cases.Input{Note: g.Note, On: g.On, Revision: g.Revision, Fields: map[string]string{}}
	on := g.On
	if on.IsZero() {
		on = clock.Today(s.Clock)
	}
	matter := Handed{ID: db.NewID(s.Clock.Now()), Code: cases.NewCode("VV", s.Clock.Now().Year())}
	ctx = withEnclosed(withWords(ctx, text.Clean(g.Words)), g.Enclose)
	return s.act(ctx, who, id, string(r), &in, func(tx *db.Tx, l *Letter, c *cases.Case) error {
		if r != Accept {
			return nil
		}
		l.MatterID = matter.ID
		return s.takeUp(ctx, tx, who, *l, c, matter, on)
	})
}

// wordsKey carries the signer's own words to the step that numbers the paper.
type wordsKey struct{}

func withWords(ctx context.Context, words string) context.Context {
	return context.WithValue(ctx, wordsKey{}, words)
}

func wordsIn(ctx context.Context) string {
	words, _ := ctx.Value(wordsKey{}).(string) // none: there are no words
	return words
}

// enclosedKey carries what goes along to the same step.
type enclosedKey struct{}

func withEnclosed(ctx context.Context, marks []string) context.Context {
	return context.WithValue(ctx, enclosedKey{}, marks)
}

func enclosedIn(ctx context.Context) []string {
	marks, _ := ctx.Value(enclosedKey{}).([]string) // none: nothing goes along
	return marks
}

// Reopen begins a new round of a letter that was ended.
func (s *Service) Reopen(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	if text.Clean(note) == "" {
		return fault.New(fault.Invalid, "cases.required").At("note")
	}
	return s.act(ctx, who, id, "reopen", &cases.Input{Note: note, Revision: revision}, func(_ *db.Tx, l *Letter, _ *cases.Case) error {
		l.Result, l.Reason, l.Satisfied = "", "", ""
		return nil
	})
}
