package extract

import (
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/text"
)

const (
	lettersLeast = 50   // a text layer with fewer is none: a stamp, a page number
	invalidMost  = 0.20 // share of words that are no syllables; more is rubbish
	wordsLeast   = 12   // fewer tell nothing
)

// judgement is what a page's text looks like, without reading it.
type judgement struct {
	letters int
	words   int // of letters only
	good    int // of them, Vietnamese syllables
	rubbish int // characters no text has: private use, replacement, controls
	foreign string
}

// share is that of Vietnamese syllables among the words.
func (j judgement) share() float64 {
	if j.words == 0 {
		return 0
	}
	return float64(j.good) / float64(j.words)
}

// fit reports whether a PDF's text layer can be taken as it is.
func (j judgement) fit() bool {
	switch {
	case j.letters < lettersLeast, j.rubbish*50 > j.letters:
		return false
	case j.foreign != "":
		return true
	}
	return j.words < wordsLeast || j.share() >= 1-invalidMost
}

// judge counts what a text is made of. Words in capitals only, such as
// abbreviations, are not counted unless they are syllables, and words with digits never.
func judge(s string) (j judgement) {
	foreign := map[string]int{}
	other, all := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			j.letters++
			if all++; !unicode.Is(unicode.Latin, r) {
				other++
			}
		case r == unicode.ReplacementChar, unicode.Is(unicode.Co, r), unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' && r != '\f' && r != '\r':
			j.rubbish++
		}
	}
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			continue
		}
		valid := text.Syllable(w)
		if !valid && len(w) <= 8 && w == strings.ToUpper(w) {
			continue
		}
		j.words++
		if valid {
			j.good++
		}
		if l := languageOf(strings.ToLower(w)); l != "" {
			foreign[l]++
		}
	}
	if all > 0 && other*10 > all*3 {
		j.foreign = "script"
		return j
	}
	for l, n := range foreign {
		if j.words >= 2*wordsLeast && n*100 > 8*j.words && j.share() < 0.7 {
			j.foreign = l
		}
	}
	return j
}

// languageOf knows the small words of the languages that papers from abroad come in.
// Those that are Vietnamese syllables too are left out.
func languageOf(w string) string {
	switch w {
	case "the", "of", "and", "for", "with", "is", "are", "by", "be", "this", "that", "shall", "from", "or", "as", "was", "which":
		return "en"
	case "le", "les", "des", "et", "du", "une", "est", "dans", "pour", "par", "sur", "qui", "aux", "cette", "ou":
		return "fr"
	}
	return ""
}
