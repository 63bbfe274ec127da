package library

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/text"
)

// publicFeed is what was published last, for feed readers.
func (s *Service) publicFeed(w http.ResponseWriter, r *http.Request) error {
	rows, _, err := s.Newest(r.Context(), Listing{}, time.Time{}, "")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := notify.WriteFeed(&out, s.feed(r.Context(), rows)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", notify.FeedType)
	w.Header().Set("Cache-Control", "public, max-age=60")
	_, err = w.Write(out.Bytes())
	return err
}

func (s *Service) feed(ctx context.Context, rows []Line) notify.Feed {
	self := s.Address + publicHome + ".atom"
	f := notify.Feed{ID: self, Title: text.T(ctx, "library.public_title"), Self: self, Link: s.Address + publicHome, Lang: string(text.LangOf(ctx)), Author: text.T(ctx, "web.council"), Updated: time.Unix(0, 0)}
	if len(rows) == 0 {
		f.Updated = s.Clock.Now()
	}
	for _, l := range rows {
		if l.ChangedAt.After(f.Updated) {
			f.Updated = l.ChangedAt.Time
		}
		at := s.Address + l.permanent()
		f.Entries = append(f.Entries, notify.Entry{ID: at, Title: l.Name() + ": " + l.Subject, Link: at, Summary: Found{Document: l.Document}.about(ctx) + " · " + l.status(ctx).Label,
			Category: l.Field, Published: l.PublishedAt.Time, Updated: l.ChangedAt.Time})
	}
	return f
}
