package notify

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

const (
	messageColumns = `id, person_id, body_id, council_id, case_id, sentence, args, link, at, read_at`
	mailColumns    = `id, council_id, case_id, recipient, lang, subject, body, link, unsubscribe, state, last_error, created_at, sent_at, channel`
	// purgeMax bounds one transaction of the nightly purge.
	purgeMax = 2000
)

func insertMessage(ctx context.Context, tx *db.Tx, m Message) error {
	_, err := tx.Exec(ctx, `INSERT INTO notify_messages (`+messageColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		m.ID, m.PersonID, m.BodyID, m.CouncilID, m.CaseID, m.Key, m.Pairs, m.Link, m.At)
	return err
}

func inboxPage(ctx context.Context, tx *db.Tx, personID, before string, limit int) ([]Message, error) {
	return db.All[Message](ctx, tx, `SELECT `+messageColumns+` FROM notify_messages WHERE person_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
		personID, before, limit)
}

func countUnread(ctx context.Context, tx *db.Tx, personID string, most int) (int, error) {
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM notify_messages WHERE person_id = $1 AND read_at = 0 LIMIT $2) AS unread`, personID, most)
}

func messageOf(ctx context.Context, tx *db.Tx, personID, id string) (Message, error) {
	return db.One[Message](ctx, tx, `SELECT `+messageColumns+` FROM notify_messages WHERE person_id = $1 AND id = $2`, personID, id)
}

func markRead(ctx context.Context, tx *db.Tx, personID, which, value string, now time.Time) (int64, error) {
	condition := map[string]string{"id": "id = $3", "case_id": "case_id = $3", "up_to": "id <= $3"}[which]
	return tx.Exec(ctx, `UPDATE notify_messages SET read_at = $1 WHERE person_id = $2 AND read_at = 0 AND `+condition, db.At(now), personID, value)
}

func deleteMessages(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM notify_messages WHERE id IN (SELECT id FROM notify_messages WHERE at < $1 LIMIT $2)`, db.At(before), purgeMax)
}

func insertMail(ctx context.Context, tx *db.Tx, m Mail) error {
	_, err := tx.Exec(ctx, `INSERT INTO notify_mails (`+mailColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, 0, $12)`,
		m.ID, m.CouncilID, m.CaseID, m.Recipient, m.Lang, m.Subject, m.Body, m.Link, m.Unsubscribe, m.State, m.CreatedAt, m.Channel)
	return err
}

func mailOf(ctx context.Context, tx *db.Tx, id string) (Mail, error) {
	return db.One[Mail](ctx, tx, `SELECT `+mailColumns+` FROM notify_mails WHERE id = $1`, id)
}

func mailPage(ctx context.Context, tx *db.Tx, f MailFilter) ([]Mail, error) {
	return db.All[Mail](ctx, tx, `SELECT `+mailColumns+` FROM notify_mails
		WHERE ($1 = '' OR council_id = $1) AND ($2 = '' OR state = $2) AND id < $3 ORDER BY id DESC LIMIT $4`, f.CouncilID, f.State, f.Before, f.Limit)
}

// settleMail writes down what became of a letter that waits.
func settleMail(ctx context.Context, tx *db.Tx, id string, state MailState, why string, sent time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE notify_mails SET state = $1, last_error = $2, sent_at = $3 WHERE id = $4 AND state = 'waiting'`, state, why, db.At(sent), id)
	return err
}

func resendMail(ctx context.Context, tx *db.Tx, m Mail) error {
	return tx.ExecOne(ctx, `UPDATE notify_mails SET state = 'waiting', last_error = '' WHERE id = $1 AND state = $2`, m.ID, m.State)
}

func deleteMails(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM notify_mails WHERE id IN (SELECT id FROM notify_mails WHERE created_at < $1 LIMIT $2)`, db.At(before), purgeMax)
}
