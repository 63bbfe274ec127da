// Package notify tells people that something wants them: a line in their
// inbox, a letter by e-mail, a public feed.
//
// A notice is written in the transaction of the act it tells of; screens learn
// of it after the commit. A letter is a row of the outbox and a job. Where no
// mail server is set up, letters stay in the outbox, marked as kept, and the
// administrator sees them there.
//
// The package owns notify_messages and notify_mails. It decides nobody's
// rights: a notice carries a sentence and an address, and the page behind the
// address judges again. Letters hold personal data; they are deleted after
// some months, and no address is written to the program's log.
package notify
