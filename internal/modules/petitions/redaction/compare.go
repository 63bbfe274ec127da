package redaction

import (
	"strings"
	"unicode"
)

// Change says how a piece of text differs between the office's and the
// published version.
//
// vi: chỗ khác nhau
type Change string

// The changes.
const (
	Same  Change = "same"
	Gone  Change = "gone"  // only the office reads it
	Added Change = "added" // stands in the published text alone
)

// Piece is a run of words that are the same, gone or added.
//
// vi: đoạn văn bản
type Piece struct {
	Text   string
	Change Change
	Kind   Kind // of the personal detail it is; empty for other words
}

// compareMost bounds the words that are compared one by one; of longer texts
// the middle is shown as gone and added as a whole.
const compareMost = 3000

// Compare lays the office's text beside the published one, word by word.
func Compare(inside, public string) []Piece {
	a, b := tokens(inside), tokens(public)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var all []Piece
	add := func(c Change, words ...string) {
		s := strings.Join(words, "")
		if s == "" {
			return
		}
		if n := len(all); n > 0 && all[n-1].Change == c {
			all[n-1].Text += s
			return
		}
		all = append(all, Piece{Text: s, Change: c})
	}
	add(Same, a[:head]...)
	middle(a[head:len(a)-tail], b[head:len(b)-tail], add)
	add(Same, a[len(a)-tail:]...)
	return all
}

// middle walks the longest common subsequence of two lists of words.
func middle(a, b []string, add func(Change, ...string)) {
	if len(a) > compareMost || len(b) > compareMost {
		add(Gone, a...)
		add(Added, b...)
		return
	}
	longest := make([][]uint16, len(a)+1)
	for i := range longest {
		longest[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			add(Same, a[i])
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			add(Gone, a[i])
			i++
		default:
			add(Added, b[j])
			j++
		}
	}
	add(Gone, a[i:]...)
	add(Added, b[j:]...)
}

// tokens cuts a text into words and the single signs between them; joined they
// are the text again.
func tokens(s string) []string {
	var all []string
	start, word := 0, false
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		if i > start && (letter != word || !letter) {
			all = append(all, s[start:i])
			start = i
		}
		word = letter
	}
	if start < len(s) {
		all = append(all, s[start:])
	}
	return all
}

// Preview is a petition before it is published: both versions, and what in the
// published one looks personal still.
//
// vi: bản xem trước nội bộ, công khai
type Preview struct {
	Pieces    []Piece
	Public    []Piece // the published text, its marks apart
	Left      int     // details in it that surely are personal
	Doubtful  int     // and that may be
	Published bool    // as decided so far
}

// Look prepares the preview.
func Look(inside, public, voter string, published bool) Preview {
	p := Preview{Pieces: Compare(inside, public), Published: published}
	at := 0
	for _, m := range Find(public, voter) {
		if m.Sure {
			p.Left++
		} else {
			p.Doubtful++
		}
		p.Public = append(p.Public, Piece{Text: public[at:m.From], Change: Same}, Piece{Text: public[m.From:m.To], Change: Same, Kind: m.Kind})
		at = m.To
	}
	p.Public = append(p.Public, Piece{Text: public[at:], Change: Same})
	return p
}
