package library

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/library/validity"
)

// When an answer is given. Of 538 citizens' questions whose article is in the
// codified law 95 in a hundred reach enough; of 400 sentences that no law answers
// 15 do (docs/search.md). Below it, not to know is the honest answer.
const (
	enough     = 13  // score of the best article
	holdsLeast = 0.4 // of the question
	quoteMost  = 1500
	othersMost = 4
)

// Reply is the answer to a question: an article in its own words, or that the
// library does not know.
//
// vi: trả lời câu hỏi về văn bản
type Reply struct {
	Question string
	Known    bool
	Quote    Quote
	Others   []Found // near it; of a question that is not known, what may help
}

// Quote is what a text says, word for word.
//
// vi: trích nguyên văn
type Quote struct {
	Found
	Place    string // "khoản 2 Điều 5"
	Anchor   string
	Words    string
	Cut      bool
	Standing validity.Standing
}

// Ask answers a question from what everybody may read.
func (s *Service) Ask(ctx context.Context, words string) (r Reply, err error) {
	r.Question = text.Line(words)
	if r.Question == "" {
		return r, nil
	}
	ans, err := s.Find(ctx, org.Actor{}, Asked{Text: r.Question, Limit: 1 + othersMost, PublishedOnly: true})
	if err != nil || len(ans.Rows) == 0 {
		return r, err
	}
	best := ans.Rows[0]
	if best.Score < enough || best.Holds < holdsLeast {
		r.Others = ans.Rows
		return r, nil
	}
	r.Known, r.Others = true, ans.Rows[1:]
	r.Quote.Found = best
	return r, s.DB.Read(ctx, func(tx *db.Tx) error {
		standings, err := validity.Standings(ctx, tx, []string{best.Document.ID})
		if err != nil {
			return err
		}
		r.Quote.Standing = standings[best.Document.ID]
		return r.Quote.take(ctx, tx, r.Question)
	})
}

// take quotes the clause that has most of the question, or the article when no
// clause stands out.
func (q *Quote) take(ctx context.Context, tx *db.Tx, question string) error {
	q.Words, q.Anchor, q.Place = q.Text.Text, q.Found.Anchor, validity.Words(ctx, q.Found.Anchor)
	if q.Found.Anchor == "" {
		q.Cut = q.Text.Cut
		return nil
	}
	t, err := textOf(ctx, tx, q.Document.ID)
	if err != nil {
		return err
	}
	units, err := provisionsOf(ctx, tx, []string{q.Document.ID})
	if err != nil {
		return err
	}
	at := -1
	for i, u := range units {
		if u.Anchor == q.Found.Anchor {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	best, most, next := at, 0, 0
	for i, u := range units {
		if u.Parent != units[at].Seq || u.Level != "clause" {
			continue
		}
		switch n := shared(question, t.Body[clamp(int(u.Body), t.Body):clamp(int(u.To), t.Body)]); {
		case n > most:
			best, most, next = i, n, most
		case n > next:
			next = n
		}
	}
	u := units[best]
	if most < next+2 || most < 3 {
		u = units[at] // no clause stands out
	}
	q.Anchor, q.Place = u.Anchor, validity.Words(ctx, u.Anchor)
	q.Words = strings.TrimSpace(strings.ReplaceAll(t.Body[clamp(int(u.Body), t.Body):clamp(int(u.To), t.Body)], "\f", "\n"))
	if r := []rune(q.Words); len(r) > quoteMost {
		q.Words, q.Cut = string(r[:quoteMost]), true
	}
	return nil
}

// shared counts the different words that two texts have in common, accents aside.
func shared(a, b string) int {
	in := map[string]bool{}
	for w := range strings.FieldsSeq(text.Fold(b)) {
		in[strings.Trim(w, ".,;:?!()\"")] = true
	}
	n := 0
	for w := range strings.FieldsSeq(text.Fold(a)) {
		if w = strings.Trim(w, ".,;:?!()\""); in[w] {
			n++
			delete(in, w)
		}
	}
	return n
}
