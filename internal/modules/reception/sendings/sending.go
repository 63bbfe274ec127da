// Package sendings keeps which papers went out for letters (sổ văn bản đi xử lý
// đơn, sổ theo dõi đơn đã chuyển): to a body, to the citizen, and what came back.
// It owns the rows of reception_sendings; what a paper says is reception/wording's.
package sendings

import (
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Sending is one paper that went out for a letter. A forwarding is also a line
// of the register of forwarded letters, with the columns of its answer.
//
// vi: văn bản đi xử lý đơn
type Sending struct {
	ID           string     `db:"id"`
	LetterID     string     `db:"letter_id"`
	Ordinal      int        `db:"ordinal"` // 1, 2, … within the letter
	CouncilID    string     `db:"council_id"`
	Kind         string     `db:"kind"` // of reception/wording
	FromBodyID   string     `db:"from_body_id"`
	ToBodyID     string     `db:"to_body_id"` // which it goes to, or which it tells the citizen of
	Number       int        `db:"number"`
	Symbol       string     `db:"symbol"`
	At           db.Time    `db:"at"`
	Due          clock.Date `db:"due"` // of the answer
	Signer       string     `db:"signer"`
	SignerTitle  string     `db:"signer_title"`
	OnBehalf     string     `db:"on_behalf"`
	Words        string     `db:"words"`    // the signer's own
	PaperID      string     `db:"paper_id"` // the PDF; empty until it is drawn
	DraftID      string     `db:"draft_id"` // the DOCX
	AnswerNumber string     `db:"answer_number"`
	AnswerOn     clock.Date `db:"answer_on"`
	TellDue      clock.Date `db:"tell_due"` // by which the body had to tell; none when it is not known when it settled
	Satisfied    string     `db:"satisfied"`
	Urged        int        `db:"urged"`
	Ended        bool       `db:"ended"`
}

// ToldLate reports whether the body told later than the law gives it.
func (s Sending) ToldLate() bool { return !s.TellDue.IsZero() && s.AnswerOn.After(s.TellDue) }
