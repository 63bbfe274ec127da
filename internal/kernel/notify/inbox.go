package notify

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// Message is a line in somebody's inbox.
type Message struct {
	ID        string            `db:"id"`
	PersonID  string            `db:"person_id"`
	BodyID    string            `db:"body_id"` // the body in whose work it concerns them; may be empty
	CouncilID string            `db:"council_id"`
	CaseID    string            `db:"case_id"`
	Key       string            `db:"sentence"`
	Pairs     db.JSON[[]string] `db:"args"`
	Link      string            `db:"link"`
	At        db.Time           `db:"at"`
	ReadAt    db.Time           `db:"read_at"`
}

// Args are the values of the sentence, as text.T takes them.
func (m Message) Args() []any {
	args := make([]any, len(m.Pairs.V))
	for i, s := range m.Pairs.V {
		args[i] = s
	}
	return args
}

// Read reports whether the person has seen it.
func (m Message) Read() bool { return !m.ReadAt.IsZero() }

// UnreadMax is as far as unread lines are counted: beyond, people read "99+".
const UnreadMax = 100

// Inbox gives one page of a person's messages, newest first. before is the id
// of the last line of the page before; empty for the first.
func (n *Notifier) Inbox(ctx context.Context, tx *db.Tx, personID, before string, limit int) ([]Message, error) {
	if before == "" {
		before = "zz" // after every id
	}
	return inboxPage(ctx, tx, personID, before, min(max(limit, 1), 100))
}

// Unread counts a person's unread messages, up to UnreadMax.
func (n *Notifier) Unread(ctx context.Context, tx *db.Tx, personID string) (int, error) {
	return countUnread(ctx, tx, personID, UnreadMax)
}

// FindMessage gives one message of a person; another's is not found.
func (n *Notifier) FindMessage(ctx context.Context, tx *db.Tx, personID, id string) (Message, error) {
	m, err := messageOf(ctx, tx, personID, id)
	if fault.Is(err, "db.no_row") {
		return m, fault.New(fault.Missing, "notify.no_message")
	}
	return m, err
}

// MarkRead marks one message of a person as read.
func (n *Notifier) MarkRead(ctx context.Context, tx *db.Tx, personID, id string) error {
	if _, err := n.FindMessage(ctx, tx, personID, id); err != nil {
		return err
	}
	return n.read(ctx, tx, personID, "id", id)
}

// MarkCaseRead marks all messages of a person about a case as read: opening
// the case has told them.
func (n *Notifier) MarkCaseRead(ctx context.Context, tx *db.Tx, personID, caseID string) error {
	return n.read(ctx, tx, personID, "case_id", caseID)
}

// MarkAllRead marks a person's messages as read, up to the one with id upTo,
// the newest that the person has seen.
func (n *Notifier) MarkAllRead(ctx context.Context, tx *db.Tx, personID, upTo string) error {
	return n.read(ctx, tx, personID, "up_to", upTo)
}

func (n *Notifier) read(ctx context.Context, tx *db.Tx, personID, which, value string) error {
	changed, err := markRead(ctx, tx, personID, which, value, n.Clock.Now())
	if changed > 0 {
		n.Live.PublishAfter(tx, "person:"+personID) // the counter on the person's other screens
	}
	return err
}
