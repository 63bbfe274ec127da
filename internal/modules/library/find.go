package library

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/library/finding"
)

// passageKind is the kind of what the index holds of the library. Who finds
// what is decided by the facet "reach".
const passageKind = "passage"

// passages gives the index the parts of documents.
type passages struct{ words *text.Catalogue }

// Kind implements search.Source.
func (passages) Kind() string { return passageKind }

// Load implements search.Source. An id is a document's, a slash and the number
// of the passage.
func (p passages) Load(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	wanted := map[string]bool{}
	var docs []string
	for _, id := range ids {
		wanted[id] = true
		if doc, _, ok := strings.Cut(id, "/"); ok && !slices.Contains(docs, doc) {
			docs = append(docs, doc)
		}
	}
	all, err := p.of(ctx, tx, docs)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(d search.Doc) bool { return !wanted[d.ID] }), nil
}

// All implements search.Source: document after document.
func (p passages) All(ctx context.Context, tx *db.Tx, after string, n int) (found []search.Doc, err error) {
	doc, _, _ := strings.Cut(after, "/")
	ids := []string{}
	if doc != "" {
		ids = append(ids, doc)
	}
	for len(found) == 0 {
		more, err := idsAfter(ctx, tx, doc, documentsAtOnce)
		if err != nil {
			return nil, err
		}
		if ids = append(ids, more...); len(ids) == 0 {
			return nil, nil
		}
		if found, err = p.of(ctx, tx, ids); err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(d search.Doc) bool { return d.ID <= after })
		if len(more) == 0 {
			break
		}
		doc, ids = more[len(more)-1], nil
	}
	return found[:min(n, len(found))], nil
}

const documentsAtOnce = 20

// of cuts documents into what is found, in the order of ids.
func (p passages) of(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	ctx = text.With(ctx, p.words, text.Vi) // articles are cited in the language of the law
	docs, err := documentsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	texts, err := textsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	units, err := provisionsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	body, of := map[string]string{}, map[string][]Provision{}
	for _, t := range texts {
		body[t.DocumentID] = t.Body
	}
	for _, u := range units {
		of[u.DocumentID] = append(of[u.DocumentID], u)
	}
	var all []search.Doc
	for _, d := range docs {
		if d.State == Unread {
			continue
		}
		all = append(all, d.passages(ctx, body[d.ID], of[d.ID])...)
	}
	return all, nil
}

// passageWords is how long a part of a long article may be.
const passageWords = 500

// passages cuts one document: each article, and what comes before the first.
// A text without articles is cut by length.
func (d Document) passages(ctx context.Context, body string, units []Provision) []search.Doc {
	facets := d.facets()
	about := finding.AboutFrom(d.Subject, d.Field, d.first(body, units))
	var all []search.Doc
	add := func(seq int64, label, heading, words string) {
		for i, part := range parts(words) {
			source := strings.TrimSpace(label + " " + d.Name())
			all = append(all, finding.Passage{Kind: passageKind, ID: fmt.Sprintf("%s/%06d.%03d", d.ID, seq+1, i), Document: d.ID, Source: source, Heading: heading, About: about, Text: part, Facets: facets, At: d.PublishedAt.Time}.Doc())
		}
	}
	head := len(body)
	for _, u := range units {
		if u.Level == "article" {
			head = int(u.From)
			break
		}
	}
	add(-1, "", d.Subject, body[:clamp(head, body)])
	for _, u := range units {
		if u.Level == "article" {
			add(u.Seq, label(ctx, u), u.Heading, body[clamp(int(u.Body), body):clamp(int(u.To), body)])
		}
	}
	return all
}

func clamp(at int, s string) int { return min(max(at, 0), len(s)) }

// label is how a provision is cited: "Điều 5".
func label(ctx context.Context, u Provision) string {
	return strings.TrimSpace(text.T(ctx, "library.level_"+u.Level) + " " + u.Number)
}

// first is the text of the first article, which says what a document is about.
func (d Document) first(body string, units []Provision) string {
	for _, u := range units {
		if u.Level == "article" && u.Number == "1" {
			return body[clamp(int(u.Body), body):clamp(int(u.To), body)]
		}
	}
	return ""
}

// parts cuts a long text at its lines.
func parts(s string) []string {
	var all []string
	var part strings.Builder
	words := 0
	for line := range strings.Lines(s) {
		n := len(strings.Fields(line))
		if words > 0 && words+n > passageWords {
			all = append(all, part.String())
			part.Reset()
			words = 0
		}
		part.WriteString(strings.ReplaceAll(line, "\f", "\n"))
		words += n
	}
	if strings.TrimSpace(part.String()) != "" || len(all) == 0 {
		all = append(all, part.String())
	}
	return all
}

// facets are what the index can be asked to keep to.
func (d Document) facets() map[string][]string {
	f := map[string][]string{"reach": d.reaches(), "council": {d.CouncilID}, "state": {string(d.State)}}
	for name, v := range map[string]string{"kind": d.Kind, "issuer": d.Issuer, "field": d.Field, "term": d.Term, "session": d.Session} {
		if v != "" {
			f["doc_"+name] = []string{v}
		}
	}
	if !d.IssuedOn.IsZero() {
		f["year"] = []string{strconv.Itoa(d.IssuedOn.Year)}
	}
	return f
}

// changed tells the index of a document's passages, those it has and those it had.
func (s *Service) changed(ctx context.Context, tx *db.Tx, d Document) error {
	all, err := passages{s.Text}.of(ctx, tx, []string{d.ID})
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := s.Search.Changed(ctx, tx, passageKind, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// Asked is what a reader looks for.
//
// vi: yêu cầu tìm kiếm
type Asked struct {
	Text          string
	Council, Kind string
	Year, State   string
	Offset, Limit int
	PublishedOnly bool // the public's own pages show nothing else, whoever looks
}

// Found is one passage with its document.
//
// vi: kết quả tìm kiếm
type Found struct {
	Document Document
	Label    string // "Điều 5"
	Anchor   string
	Heading  search.Passage
	Text     search.Passage
	Score    float64
	Holds    float64 // how much of the question it holds, 0 to 1
}

// Answer is a page of what was found.
//
// vi: danh sách kết quả
type Answer struct {
	Rows  []Found
	Total int
	More  bool
}

// Find looks a reader's words up in all that the reader may read.
func (s *Service) Find(ctx context.Context, who org.Actor, a Asked) (ans Answer, err error) {
	q := finding.Query(a.Text)
	q.Limit, q.Offset = a.Limit+1, a.Offset
	q.Filter = search.Filter{All: map[string][]string{"kind": {passageKind}, "reach": reachesOf(who)}}
	if a.PublishedOnly {
		q.Filter.All["reach"] = []string{"all"}
	}
	for name, v := range map[string]string{"council": a.Council, "doc_kind": a.Kind, "year": a.Year, "state": a.State} {
		if v != "" {
			q.Filter.All[name] = []string{v}
		}
	}
	res, err := s.Search.Search(ctx, q)
	if err != nil {
		return ans, err
	}
	ans.Total, ans.More = res.Total, len(res.Hits) > a.Limit
	return ans, s.DB.Read(ctx, func(tx *db.Tx) error {
		ans.Rows, err = s.shown(ctx, tx, who, res.Hits[:min(a.Limit, len(res.Hits))])
		return err
	})
}

// shown gives the hits their documents. What the index has not followed yet is
// left out: the database decides who sees what.
func (s *Service) shown(ctx context.Context, tx *db.Tx, who org.Actor, hits []search.Hit) ([]Found, error) {
	var ids []string
	for _, h := range hits {
		doc, _, _ := strings.Cut(h.ID, "/")
		ids = append(ids, doc)
	}
	docs, err := documentsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	of := map[string]Document{}
	for _, d := range docs {
		of[d.ID] = d
	}
	units, err := articlesOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	at := map[string]Provision{}
	for _, u := range units {
		at[fmt.Sprintf("%s/%06d", u.DocumentID, u.Seq+1)] = u
	}
	var rows []Found
	for i, h := range hits {
		d, ok := of[ids[i]]
		if !ok || !d.seenBy(who) {
			continue
		}
		f := Found{Document: d, Heading: h.Passage(search.FieldTitle), Text: h.Passage("text"), Score: h.Score, Holds: h.Holds}
		id, _, _ := strings.Cut(h.ID, ".")
		if u, ok := at[id]; ok {
			f.Anchor, f.Label = u.Anchor, label(ctx, u)
		}
		rows = append(rows, f)
	}
	return rows, nil
}
