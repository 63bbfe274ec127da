// Package letters sends petitions to the bodies competent for them, each with
// its transfer letter in the form of NĐ 30/2020: the number is taken in the
// transaction of the sending, the paper is drawn by a job. It owns the rows of
// petitions_forwardings.
package letters

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
)

// Transfer is what a letter says that forwards a petition to the body competent
// for it.
//
// vi: phiếu chuyển
type Transfer struct {
	From, To      org.Body
	Council       org.Council
	Unit          org.Unit
	Code          string
	Received, Due clock.Date
	Text          string // the voter's own words
	Points        []string
	Symbol        string // "01/PC-VP"
	Signer        string
	SignerPost    string
	Closing       string // the council's own words at the end, if any
	OnBehalf      string // in whose place the signer acts
	At            time.Time
}

// Letter lays the facts out as a Phiếu chuyển in the form of NĐ 30/2020. An
// official paper is in Vietnamese whatever the reader's language, so its words
// stand here and not among the sentences of the screens.
func (t Transfer) Letter() documents.Letter {
	body := []documents.Block{
		documents.Paragraph{Text: fmt.Sprintf("%s nhận được kiến nghị của cử tri tại %s, mã số %s, ngày %s, với các nội dung sau:",
			t.From.Name, inSentence(t.Unit.FullName), t.Code, t.Received.VN())},
	}
	var all documents.Points
	for _, p := range t.Points {
		all = append(all, documents.Point{Text: p})
	}
	body = append(body, all,
		documents.Paragraph{Text: "Nguyên văn kiến nghị: " + t.Text},
		documents.Paragraph{Text: fmt.Sprintf("Căn cứ chức năng, nhiệm vụ, %s chuyển kiến nghị trên đến %s để xem xét, giải quyết theo thẩm quyền và trả lời từng nội dung trước ngày %s; "+
			"nếu không thuộc thẩm quyền, đề nghị chuyển trả và nêu rõ lý do.", t.From.Name, t.To.Name, t.Due.VN())},
	)
	for line := range strings.Lines(t.Closing) {
		if line = strings.TrimSpace(line); line != "" {
			body = append(body, documents.Paragraph{Text: line})
		}
	}
	sign := documents.Signature{Title: strings.ToUpper(t.SignerPost), Name: t.Signer}
	if t.OnBehalf != "" {
		sign.Authority = []string{"TUQ. " + strings.ToUpper(t.SignerPost)}
		sign.Title = "NGƯỜI ĐƯỢC UỶ QUYỀN"
	}
	place := t.From.Place
	if place == "" {
		place = "Hà Nội"
	}
	return documents.Letter{
		Head:   documents.Head{Superior: strings.ToUpper(t.Council.Name), Issuer: strings.ToUpper(t.From.Name), Place: place, Date: clock.DateOf(t.At)},
		Symbol: t.Symbol, Kind: "PHIẾU CHUYỂN", Subject: "Kiến nghị của cử tri", To: []string{t.To.Name}, Body: body,
		Recipients: []string{"Như trên", "Thường trực HĐND (để báo cáo)", "Lưu: " + t.From.Symbol}, Sign: sign, Created: t.At,
	}
}

// inSentence writes a unit's name inside a sentence: "xã Thượng Phúc".
func inSentence(unit string) string {
	r, n := utf8.DecodeRuneInString(unit)
	return string(unicode.ToLower(r)) + unit[n:]
}
