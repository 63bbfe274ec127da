package vault

import (
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// titles are the words before which Vietnamese put a given name: "bà Tố".
func titles() []string {
	return []string{"ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cụ", "ong", "ba", "chi", "co", "chu", "bac", "cu"}
}

// namesPart reports whether a reason says who is meant without the whole name: by
// its last two words, or by the given name behind a title.
func namesPart(name, reason string) bool {
	parts, typed := words(name), words(reason)
	if len(parts) == 0 {
		return false
	}
	given := parts[len(parts)-1]
	for i := 1; i < len(typed); i++ {
		if !means(typed[i], given) {
			continue
		}
		if slices.Contains(titles(), typed[i-1]) || len(parts) > 2 && means(typed[i-1], parts[len(parts)-2]) {
			return true
		}
	}
	return false
}

// namesSender is namesPart for the names of all who signed a letter, a line each:
// name; address; contact.
func namesSender(lines, reason string) bool {
	for line := range strings.Lines(lines) {
		name, _, _ := strings.Cut(strings.TrimPrefix(text.Line(line), "*"), ";")
		if namesPart(name, reason) {
			return true
		}
	}
	return false
}

// words are those of a sentence, in small letters.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(text.Line(s)), func(r rune) bool { return strings.ContainsRune(" .,;:!?()[]\"'“”‘’/-", r) })
}

// means reports whether a word was typed for another, with its marks or without any.
func means(typed, word string) bool {
	return typed == word || typed == text.Fold(word)
}
