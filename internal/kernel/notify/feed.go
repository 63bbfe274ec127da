package notify

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// FeedType is the media type of a feed.
const FeedType = "application/atom+xml; charset=utf-8"

// Feed is a public list that programs can follow (Atom, RFC 4287).
type Feed struct {
	ID      string // never changes, e.g. "tag:hdnd.hanoi.example.vn,2026:petitions"
	Title   string
	Self    string // absolute address of the feed
	Link    string // absolute address of the page it is the list of
	Lang    string
	Author  string // the council
	Updated time.Time
	Entries []Entry
}

// Entry is one item of a feed, newest first.
type Entry struct {
	ID        string
	Title     string
	Link      string
	Summary   string
	Category  string
	Published time.Time
	Updated   time.Time // zero: as published
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomEntry struct {
	ID        string        `xml:"id"`
	Title     string        `xml:"title"`
	Updated   string        `xml:"updated"`
	Published string        `xml:"published,omitempty"`
	Links     []atomLink    `xml:"link"`
	Category  *atomCategory `xml:"category"`
	Summary   string        `xml:"summary,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr,omitempty"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// WriteFeed writes a feed. One that RFC 4287 would not allow is an error, and
// nothing is written.
func WriteFeed(w io.Writer, f Feed) error {
	if f.ID == "" || f.Title == "" || f.Author == "" || f.Updated.IsZero() {
		return errors.New("notify: a feed needs an id, a title, an author and a time")
	}
	out := atomFeed{Lang: f.Lang, ID: f.ID, Title: legible(f.Title), Updated: stamp(f.Updated), Author: legible(f.Author),
		Links: []atomLink{{"self", f.Self, "application/atom+xml"}, {"alternate", f.Link, "text/html"}}}
	seen := make(map[string]bool, len(f.Entries))
	for _, e := range f.Entries {
		if e.Updated.IsZero() {
			e.Updated = e.Published
		}
		switch {
		case e.ID == "" || e.Title == "" || e.Link == "" || e.Updated.IsZero():
			return fmt.Errorf("notify: entry %q of feed %s lacks an id, a title, a link or a time", e.ID, f.ID)
		case seen[e.ID]:
			return fmt.Errorf("notify: feed %s has entry %s twice", f.ID, e.ID)
		}
		seen[e.ID] = true
		entry := atomEntry{ID: e.ID, Title: legible(e.Title), Updated: stamp(e.Updated), Links: []atomLink{{"alternate", e.Link, "text/html"}}, Summary: legible(e.Summary)}
		if !e.Published.IsZero() {
			entry.Published = stamp(e.Published)
		}
		if e.Category != "" {
			entry.Category = &atomCategory{Term: legible(e.Category)}
		}
		out.Entries = append(out.Entries, entry)
	}
	b, err := xml.Marshal(out)
	if err != nil {
		return err
	}
	_, err = w.Write(append([]byte(xml.Header), b...))
	return err
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// legible drops what XML 1.0 cannot hold.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
}
