package notify_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/notify"
)

func TestFeed(t *testing.T) {
	at := time.Date(2026, 11, 16, 8, 0, 0, 0, clock.Hanoi)
	feed := notify.Feed{ID: "tag:hdnd.example.vn,2026:petitions", Title: "Kiến nghị cử tri", Self: "https://hdnd.example.vn/kien-nghi.atom",
		Link: "https://hdnd.example.vn/kien-nghi?a=1&b=2", Lang: "vi", Author: "HĐND thành phố Hà Nội", Updated: at,
		Entries: []notify.Entry{{ID: "tag:hdnd.example.vn,2026:KN-1", Title: "Đường <hỏng>\x00", Link: "https://hdnd.example.vn/kien-nghi/1", Summary: "a & b", Category: "giao-thong", Published: at}}}
	var b strings.Builder
	if err := notify.WriteFeed(&b, feed); err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi"><id>tag:hdnd.example.vn,2026:petitions</id><title>Kiến nghị cử tri</title>` +
		`<updated>2026-11-16T08:00:00+07:00</updated><author><name>HĐND thành phố Hà Nội</name></author>` +
		`<link rel="self" href="https://hdnd.example.vn/kien-nghi.atom" type="application/atom+xml"></link>` +
		`<link rel="alternate" href="https://hdnd.example.vn/kien-nghi?a=1&amp;b=2" type="text/html"></link>` +
		`<entry><id>tag:hdnd.example.vn,2026:KN-1</id><title>Đường &lt;hỏng&gt;</title><updated>2026-11-16T08:00:00+07:00</updated>` +
		`<published>2026-11-16T08:00:00+07:00</published><link rel="alternate" href="https://hdnd.example.vn/kien-nghi/1" type="text/html"></link>` +
		`<category term="giao-thong"></category><summary>a &amp; b</summary></entry></feed>`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if err := xml.Unmarshal([]byte(b.String()), new(struct{})); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*notify.Feed){
		"no id":       func(f *notify.Feed) { f.ID = "" },
		"no time":     func(f *notify.Feed) { f.Updated = time.Time{} },
		"empty entry": func(f *notify.Feed) { f.Entries = []notify.Entry{{}} },
		"twice":       func(f *notify.Feed) { f.Entries = append(f.Entries, f.Entries[0]) },
	} {
		bad := feed
		spoil(&bad)
		b.Reset()
		if err := notify.WriteFeed(&b, bad); err == nil || b.Len() > 0 {
			t.Errorf("%s was written", name)
		}
	}
}
