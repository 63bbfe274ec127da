package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/text"
)

// Sentence is a text key with its values.
type Sentence struct {
	Key  string
	Args []any // name, value pairs
}

// Letter is an e-mail to be sent.
type Letter struct {
	CouncilID string
	CaseID    string
	To        string // one address; see Address
	Lang      text.Lang
	Subject   Sentence
	Body      Sentence // paragraphs apart by empty lines
	Link      string   // the page it speaks of, from "/"
	// Unsubscribe is where a voter stops further letters, from "/". It must
	// take a POST without sign-in (RFC 8058).
	Unsubscribe string
}

// MailState is what has become of a letter.
type MailState string

// The states.
const (
	MailWaiting MailState = "waiting"
	MailSent    MailState = "sent"   // taken by the mail server
	MailFailed  MailState = "failed" // refused for good, or given up
	MailKept    MailState = "kept"   // no mail server is set up
)

// MailStates lists them in the order of filters.
func MailStates() []MailState { return []MailState{MailWaiting, MailFailed, MailKept, MailSent} }

// Mail is a letter in the outbox, worded as it is sent.
type Mail struct {
	ID          string    `db:"id"`
	CouncilID   string    `db:"council_id"`
	CaseID      string    `db:"case_id"`
	Recipient   string    `db:"recipient"`
	Lang        text.Lang `db:"lang"`
	Subject     string    `db:"subject"`
	Body        string    `db:"body"`
	Link        string    `db:"link"`
	Unsubscribe string    `db:"unsubscribe"`
	State       MailState `db:"state"`
	LastError   string    `db:"last_error"`
	CreatedAt   db.Time   `db:"created_at"`
	SentAt      db.Time   `db:"sent_at"`
	Channel     Channel   `db:"channel"`
}

// mailAttemptsMax: with pauses up to an hour, letters wait a day and a half
// for a mail server that is away over a Sunday.
const mailAttemptsMax = 45

// Mail words a letter, puts it into the outbox and queues its sending, all in
// the caller's transaction. The address is checked first.
func (n *Notifier) Mail(ctx context.Context, tx *db.Tx, l Letter) error {
	to, err := Address(l.To)
	if err != nil {
		return err
	}
	now := n.Clock.Now()
	m := Mail{ID: db.NewID(now), CouncilID: l.CouncilID, CaseID: l.CaseID, Recipient: to, Lang: l.Lang, State: MailWaiting, CreatedAt: db.At(now), Channel: ByMail,
		Subject: text.Line(n.Text.Say(l.Lang, l.Subject.Key, l.Subject.Args...)), Body: text.Clean(n.Text.Say(l.Lang, l.Body.Key, l.Body.Args...)),
		Link: n.absolute(l.Link), Unsubscribe: n.absolute(l.Unsubscribe)}
	if err := insertMail(ctx, tx, m); err != nil {
		return err
	}
	return n.queue(ctx, tx, m)
}

func (n *Notifier) queue(ctx context.Context, tx *db.Tx, m Mail) error {
	return n.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: mailKind, Key: m.ID, Args: m.ID, CouncilID: m.CouncilID, AttemptsMax: mailAttemptsMax})
}

func (n *Notifier) absolute(link string) string {
	if strings.HasPrefix(link, "/") {
		return n.Address + link
	}
	return link
}

// send is the job that hands one letter to the mail server. A refusal for good
// and the last failure mark the letter, and the job is seen as dead.
func (n *Notifier) send(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var m Mail
	err := n.DB.Read(ctx, func(tx *db.Tx) (err error) { m, err = mailOf(ctx, tx, id); return err })
	if fault.Is(err, "db.no_row") {
		return nil // deleted with its time
	}
	if err != nil || m.State != MailWaiting {
		return err
	}
	state, why, sent := MailKept, "", time.Time{}
	var failure error
	if n.reaches(m.Channel) {
		failure = n.deliver(ctx, m)
		var r refusal
		switch {
		case failure == nil:
			state, sent = MailSent, n.Clock.Now()
		case errors.As(failure, &r) && r.permanent:
			failure = jobs.Final(failure)
			state, why = MailFailed, failure.Error()
		case w.Last():
			state, why = MailFailed, failure.Error()
		default:
			state, why = MailWaiting, failure.Error()
		}
	}
	// Written down with patience: a letter that was taken must not go out
	// again because the database was away just then.
	err = jobs.Patiently(ctx, func() error {
		return n.DB.Tx(ctx, func(tx *db.Tx) error { return settleMail(ctx, tx, id, state, why, sent) })
	})
	if failure != nil {
		return failure
	}
	return err
}

// reaches reports whether there is anything set up that takes such a letter.
func (n *Notifier) reaches(by Channel) bool {
	if by == ByPhone {
		return n.Phones.Configured()
	}
	return n.Server.Configured()
}

func (n *Notifier) deliver(ctx context.Context, m Mail) error {
	if m.Channel == ByPhone {
		return n.Phones.deliver(ctx, m)
	}
	return n.Server.deliver(ctx, m, n.frame(m))
}

// frame is what stands under every letter.
func (n *Notifier) frame(m Mail) frame {
	f := frame{foot: []string{n.Text.Say(m.Lang, "notify.mail_foot")}}
	if m.Link != "" {
		f.see = n.Text.Say(m.Lang, "notify.mail_see")
	}
	if m.Unsubscribe != "" {
		f.stop = n.Text.Say(m.Lang, "notify.mail_stop")
	}
	return f
}

// MailFilter says which letters to list, newest first. Empty fields do not limit.
type MailFilter struct {
	CouncilID string
	State     MailState
	Before    string // id of the last line of the page before
	Limit     int    // at most 200
}

// Mails gives one page of the outbox.
func (n *Notifier) Mails(ctx context.Context, tx *db.Tx, f MailFilter) ([]Mail, error) {
	if f.Before == "" {
		f.Before = "zz" // after every id
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 200)
	return mailPage(ctx, tx, f)
}

// FindMail gives one letter.
func (n *Notifier) FindMail(ctx context.Context, tx *db.Tx, id string) (Mail, error) {
	m, err := mailOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") {
		return m, fault.New(fault.Missing, "notify.no_mail")
	}
	return m, err
}

// Resend queues a letter again that failed or was kept for want of a server.
func (n *Notifier) Resend(ctx context.Context, tx *db.Tx, id string) error {
	m, err := n.FindMail(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case m.State != MailFailed && m.State != MailKept:
		return fault.New(fault.Refused, "notify.not_stopped")
	case !n.reaches(m.Channel):
		return fault.New(fault.Refused, "notify.no_server")
	}
	if err := resendMail(ctx, tx, m); err != nil {
		return err
	}
	if err := n.queue(ctx, tx, m); err != nil {
		return fmt.Errorf("notify: resend: %w", err)
	}
	return nil
}
