package desk

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

const inboxPageMax = 50

// inbox is one page of somebody's notices.
type inbox struct {
	Messages []notify.Message
	Unread   int
	Next     string
}

func (s *Service) inbox(ctx context.Context, who org.Actor, before string) (in inbox, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if in.Messages, err = s.Notify.Inbox(ctx, tx, who.PersonID, before, inboxPageMax+1); err != nil {
			return err
		}
		in.Unread, err = s.Notify.Unread(ctx, tx, who.PersonID)
		return err
	})
	if len(in.Messages) > inboxPageMax {
		in.Messages = in.Messages[:inboxPageMax]
		in.Next = in.Messages[inboxPageMax-1].ID
	}
	return in, err
}

// openMessage marks a notice as read and tells where it leads.
func (s *Service) openMessage(ctx context.Context, who org.Actor, id string) (link string, err error) {
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		m, err := s.Notify.FindMessage(ctx, tx, who.PersonID, id)
		if err != nil {
			return err
		}
		link = m.Link
		return s.Notify.MarkRead(ctx, tx, who.PersonID, id)
	})
	return link, err
}

func (s *Service) readAll(ctx context.Context, who org.Actor, upTo string) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error { return s.Notify.MarkAllRead(ctx, tx, who.PersonID, upTo) })
}
