package library_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/modules/library"
)

// TestFeed: feed readers get what everybody may read, the newest first, at the
// addresses that stay, and nothing else.
func TestFeed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		read := func() (feed struct {
			Entries []struct {
				ID    string `xml:"id"`
				Title string `xml:"title"`
			} `xml:"entry"`
		}) {
			status, page := w.page.Ask(t, "", "/van-ban.atom", nil)
			if status != 200 {
				t.Fatalf("the feed: %d", status)
			}
			must(t, xml.Unmarshal([]byte(page), &feed))
			return feed
		}
		if f := read(); len(f.Entries) != 0 {
			t.Errorf("an empty library has %+v", f)
		}
		w.publish(t, w.take(t, "Lan", "a.txt", resolution("65/2026/NQ-HĐND", "Hỗ trợ <học phí> & cây xanh", marketArticles)), library.Public)
		w.publish(t, w.take(t, "Lan", "b.txt", resolution("66/2026/NQ-HĐND", "Giá giữ xe", marketArticles)), library.Internal)
		w.take(t, "Lan", "c.txt", resolution("67/2026/NQ-HĐND", "Giá nước", marketArticles))
		w.clock.Set(w.clock.Now().Add(time.Hour))
		w.publish(t, w.take(t, "Tâm", "d.txt", resolution("68/2026/NQ-HĐND", "Giá điểm bán hàng", marketArticles)), library.Public)
		f := read()
		if len(f.Entries) != 2 || f.Entries[0].ID != "https://hdnd.example.vn/van-ban/bd/68-2026-nq-hdnd" || f.Entries[1].Title != "65/2026/NQ-HĐND: Hỗ trợ <học phí> & cây xanh" {
			t.Errorf("the feed: %+v", f)
		}
	})
}

// TestNewestGoesOn: the list of the newest goes on behind a row, also behind one
// of several that were published at the same moment.
func TestNewestGoesOn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, n := range []string{"71", "72", "73"} {
			w.publish(t, w.take(t, "Lan", n+".txt", resolution(n+"/2026/NQ-HĐND", "Giá giữ xe", marketArticles)), library.Public)
		}
		var got []string
		at, id := time.Time{}, ""
		for {
			rows, _, err := w.Newest(ctx, library.Listing{}, at, id)
			must(t, err)
			if len(rows) == 0 {
				break
			}
			got = append(got, rows[0].Symbol)
			at, id = rows[0].PublishedAt.Time, rows[0].ID
		}
		slices.Sort(got) // of one moment, any order will do that misses nobody
		if strings.Join(got, " ") != "71/2026/NQ-HĐND 72/2026/NQ-HĐND 73/2026/NQ-HĐND" {
			t.Errorf("the newest are %v", got)
		}
	})
}
