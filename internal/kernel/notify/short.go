package notify

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/text"
)

// Channel is the way a letter of the outbox goes.
type Channel string

// The channels of the outbox. What goes to a telephone is offered to Zalo
// first, which costs less and shows who speaks, then to the SMS gateway.
const (
	ByMail  Channel = "mail"
	ByPhone Channel = "phone"
)

// Short is a message of a few words to a mobile telephone. It holds nothing
// that others may not read over somebody's shoulder: no name, no key.
type Short struct {
	CouncilID string
	CaseID    string
	To        string // one number; see Phone
	Lang      text.Lang
	Code      string // of the case it is about
	Body      Sentence
	Link      string // from "/"
}

// Message words a short message and queues it like a letter, in the caller's
// transaction. Where no gateway is set up nothing is written: nobody reads such
// an outbox, and telephones are for those who wait. The number is checked first.
func (n *Notifier) Message(ctx context.Context, tx *db.Tx, s Short) error {
	if !n.Phones.Configured() {
		return nil
	}
	to, err := Phone(s.To)
	if err != nil {
		return err
	}
	now := n.Clock.Now()
	m := Mail{ID: db.NewID(now), CouncilID: s.CouncilID, CaseID: s.CaseID, Recipient: to, Lang: s.Lang, State: MailWaiting, CreatedAt: db.At(now), Channel: ByPhone,
		Subject: s.Code, Body: text.Line(n.Text.Say(s.Lang, s.Body.Key, s.Body.Args...)), Link: n.absolute(s.Link)}
	if err := insertMail(ctx, tx, m); err != nil {
		return err
	}
	return n.queue(ctx, tx, m)
}
