package finding

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/search"
)

// lineMax bounds one article or question.
const lineMax = 32 << 20

// article is a line of a corpus: {"id","title","law","article","src","topic","text"}.
type article struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Law     string `json:"law"`     // the document: its symbol or its name
	Article string `json:"article"` // number within it
	Source  string `json:"src"`
	Topic   string `json:"topic"` // "giao-thong__duong-bo"
	Text    string `json:"text"`
}

// corpus is a file of articles. It stays on the disk: memory holds only where
// each article is and what each document is about.
type corpus struct {
	plain *os.File
	at    []place
	about map[string]string // of each document
}

type place struct {
	id   string
	from int64
	size int
}

// openCorpus reads a file of lines, packed (.gz) or not, through once.
func openCorpus(name, scratch string) (c *corpus, err error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var lines io.Reader = in
	if strings.HasSuffix(name, ".gz") {
		if lines, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	plain, err := os.CreateTemp(scratch, "corpus-*")
	if err != nil {
		return nil, err
	}
	c = &corpus{plain: plain, about: map[string]string{}}
	if err := c.fill(name, lines); err != nil {
		return nil, errors.Join(err, c.close())
	}
	slices.SortFunc(c.at, func(a, b place) int { return strings.Compare(a.id, b.id) })
	for i := 1; i < len(c.at); i++ {
		if c.at[i].id == c.at[i-1].id {
			return nil, errors.Join(fmt.Errorf("%s: điều %q có hai lần / comes twice", name, c.at[i].id), c.close())
		}
	}
	return c, nil
}

func (c *corpus) fill(name string, lines io.Reader) error {
	out := bufio.NewWriterSize(c.plain, 1<<20)
	in := bufio.NewScanner(lines)
	in.Buffer(make([]byte, 1<<20), lineMax)
	from, n := int64(0), 0
	for in.Scan() {
		n++
		if len(strings.TrimSpace(in.Text())) == 0 {
			continue
		}
		var a article
		if err := json.Unmarshal(in.Bytes(), &a); err != nil {
			return fmt.Errorf("%s, dòng %d: %w", name, n, err)
		}
		if a.ID == "" {
			return fmt.Errorf("%s, dòng %d: thiếu id / id is missing", name, n)
		}
		if _, known := c.about[a.Law]; !known || a.Article == "1" {
			c.about[a.Law] = a.aboutLaw()
		}
		size, err := out.Write(in.Bytes())
		if err != nil {
			return err
		}
		c.at = append(c.at, place{strings.Clone(a.ID), from, size})
		from += int64(size)
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("%s, sau dòng %d: %w", name, n, err)
	}
	return out.Flush()
}

// aboutLaw is what the article's document is about: its topic, its name if it
// has one that is no symbol, and its first article.
func (a article) aboutLaw() string {
	name, first := a.Law, ""
	if strings.Contains(name, "/") {
		name = ""
	}
	if a.Article == "1" {
		first = a.Text
	}
	return AboutFrom(name, strings.NewReplacer("-", " ", "_", " ").Replace(a.Topic), first)
}

func (c *corpus) close() error { return errors.Join(c.plain.Close(), os.Remove(c.plain.Name())) }

// Kind implements search.Source.
func (c *corpus) Kind() string { return "passage" }

// Load implements search.Source. Nothing of a corpus changes.
func (c *corpus) Load(context.Context, *db.Tx, []string) ([]search.Doc, error) { return nil, nil }

// All implements search.Source.
func (c *corpus) All(_ context.Context, _ *db.Tx, after string, n int) ([]search.Doc, error) {
	i, found := slices.BinarySearchFunc(c.at, after, func(p place, id string) int { return strings.Compare(p.id, id) })
	if found {
		i++
	}
	var docs []search.Doc
	for _, p := range c.at[i:min(i+n, len(c.at))] {
		line := make([]byte, p.size)
		if _, err := c.plain.ReadAt(line, p.from); err != nil {
			return nil, err
		}
		var a article
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, err
		}
		docs = append(docs, Passage{ID: a.ID, Document: a.Law, Source: a.Source, Heading: a.Title, About: c.about[a.Law], Text: a.Text}.Doc())
	}
	return docs, nil
}
