package desk

import (
	"example.vn/hdnd/internal/kernel/search"
)

// piece is a part of a found passage.
type piece struct {
	Text   string
	Marked bool
}

// pieces cuts a passage at its marks.
func pieces(p search.Passage) []piece {
	var all []piece
	at := 0
	for _, m := range p.Marks {
		if m.From < at || m.To > len(p.Text) || m.From >= m.To {
			continue
		}
		if m.From > at {
			all = append(all, piece{Text: p.Text[at:m.From]})
		}
		all = append(all, piece{p.Text[m.From:m.To], true})
		at = m.To
	}
	if at < len(p.Text) {
		all = append(all, piece{Text: p.Text[at:]})
	}
	return all
}
