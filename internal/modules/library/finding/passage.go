package finding

import (
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/search"
)

// Passage is a part of a document that can be found and cited by itself.
//
// vi: đoạn văn bản
type Passage struct {
	Kind     string // of the index: what officials find and what everybody finds are two kinds
	ID       string // of the passage: the document's and the anchor's
	Document string // of which it is a part
	Source   string // "Điều 5 Nghị quyết số 08/2025/NQ-HĐND"
	Heading  string // of the article, without its number
	About    string // what the whole document is about: its subject and field
	Text     string
	Facets   map[string][]string
	At       time.Time
}

// headingWeight is what a word in a heading counts beside one in the text.
const headingWeight = 3

// Doc is the passage as the index takes it.
func (p Passage) Doc() search.Doc {
	facets := map[string][]string{search.FacetGroup: {p.Document}}
	for name, values := range p.Facets {
		facets[name] = values
	}
	return search.Doc{Kind: p.Kind, ID: p.ID, At: p.At, Facets: facets, Fields: []search.Field{
		{Name: search.FieldTitle, Text: p.Heading, Weight: headingWeight},
		{Name: search.FieldContext, Text: p.About},
		{Name: "source", Text: p.Source},
		{Name: "text", Text: p.Text},
	}}
}

// aboutWords is how much of a document's first article is taken for what it is
// about, where nothing else tells.
const aboutWords = 60

// AboutFrom makes what a document is about of its subject or name, its field,
// and its first article (phạm vi điều chỉnh).
func AboutFrom(subject, field, firstArticle string) string {
	words := strings.Fields(firstArticle)
	return strings.TrimSpace(strings.Join([]string{field, subject, strings.Join(words[:min(aboutWords, len(words))], " ")}, " "))
}
