package matching

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// because names the words that decided.
func because(ctx context.Context, all []Why) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = "“" + w.Words + "”"
	}
	return text.T(ctx, "matching.because", "words", strings.Join(words, ", "))
}

func percent(score float64) string { return strconv.Itoa(int(score*100 + 0.5)) }

// likeliest are the first three answers, without those that hardly count.
func likeliest(all []Guess) (some []Guess) {
	const least = 0.05
	for _, g := range all[:min(3, len(all))] {
		if len(some) == 0 || g.Score >= least {
			some = append(some, g)
		}
	}
	return some
}

// unsure reports whether no word of the text says anything of its field.
func (s Suggestion) unsure() bool { return len(s.Fields) == 0 || len(s.Fields[0].Why) == 0 }
