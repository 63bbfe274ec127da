package rules

import (
	"regexp"
	"strings"
)

func formRules() []rule {
	return []rule{
		{"forms speak our language", checkForms},
		{"labels stay in sight", checkPlaceholders},
	}
}

var formTag = regexp.MustCompile(`<form[\s>]`)

// checkForms: a browser that checks a form itself speaks the language of its
// maker and shows one bubble; the program says it in Vietnamese beside the field
// (internal/app, TestEmptyForms). A dialog's form sends nothing.
func checkForms(t *tree) (all findings) {
	for _, name := range t.names(".templ") {
		for _, at := range formTag.FindAllStringIndex(t.texts[name], -1) {
			tag := openingTag(t.texts[name][at[0]:])
			if !strings.Contains(tag, "novalidate") && !strings.Contains(tag, `method="dialog"`) {
				all.add(t.lineAt(name, at[0]), "a form without novalidate: the browser would speak instead of us")
			}
		}
	}
	return all
}

// openingTag cuts a tag at its end, which is no > of quotes, of an expression or
// of a comparison.
func openingTag(s string) string {
	depth, quoted := 0, false
	for i, c := range s {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == '>' && depth == 0 && s[i-1] != ' ': // a comparison has spaces
			return s[:i]
		}
	}
	return s
}

var placeholder = regexp.MustCompile(`\splaceholder=`)

// checkPlaceholders: words inside an empty field are gone as soon as one types,
// and pale before that. A label or a hint stays.
func checkPlaceholders(t *tree) (all findings) {
	for _, name := range t.names(".templ") {
		for _, at := range placeholder.FindAllStringIndex(t.texts[name], -1) {
			all.add(t.lineAt(name, at[0]), "a placeholder is gone once one types; use a label and a hint that stay")
		}
	}
	return all
}
