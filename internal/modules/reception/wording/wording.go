// Package wording is what the papers about a letter say (văn bản xử lý đơn), laid
// out in the form of Nghị định 30/2020/NĐ-CP: the notice, the guidance, the
// forwarding, the reminders. It is pure: it reads no table and draws nothing.
//
// An official paper is in Vietnamese whatever the reader's language, so its
// words stand here and not among the sentences of the screens. Of a sealed
// letter a paper names nobody: who may open the file writes the name in by hand.
package wording

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
)

// Kind is what a paper is that goes out for a letter.
//
// vi: loại văn bản xử lý đơn
type Kind string

// The papers.
const (
	Accepted Kind = "accepted" // thông báo thụ lý
	Refused  Kind = "refused"  // thông báo không thụ lý
	Guide    Kind = "guide"    // hướng dẫn
	Forward  Kind = "forward"  // phiếu chuyển
	Told     Kind = "told"     // thông báo đã chuyển đơn
	Return   Kind = "return"   // trả đơn, bản gốc
	Urge     Kind = "urge"     // đôn đốc
	Report   Kind = "report"   // báo cáo Thường trực về việc chậm trả lời
	Explain  Kind = "explain"  // đề nghị giải trình
	Insist   Kind = "insist"   // đề nghị trả lời lại
	Response Kind = "response" // trả lời kiến nghị, phản ánh
)

// Of are the papers that a verb sends: to the body, to the citizen. An urging
// goes by its rung.
func Of(verb string, rung int) []Kind {
	switch verb {
	case "accept":
		return []Kind{Accepted}
	case "refuse":
		return []Kind{Refused}
	case "guide":
		return []Kind{Guide}
	case "forward":
		return []Kind{Forward, Told}
	case "follow":
		return []Kind{Urge}
	case "urge":
		return []Kind{RungOf(rung)}
	case "return":
		return []Kind{Return}
	case "insist":
		return []Kind{Insist}
	case "respond":
		return []Kind{Response}
	}
	return nil
}

// RungMost is the highest rung of the ladder of urging; it may be sent again.
const RungMost = 4

// RungOf is the paper of a rung: the body is urged twice, then the standing
// committee is told, then it asks the body to explain.
func RungOf(n int) Kind {
	switch {
	case n >= RungMost:
		return Explain
	case n == 3:
		return Report
	}
	return Urge
}

// Urges reports whether a paper is one of the ladder's.
func (k Kind) Urges() bool { return k == Urge || k == Report || k == Explain }

// Series is the short form of NĐ 30/2020 under which a paper is numbered.
func (k Kind) Series() string {
	switch k {
	case Forward:
		return "PC"
	case Urge, Insist, Response, Explain:
		return "CV"
	case Report:
		return "BC"
	case Guide:
		return "HD"
	}
	return "TB"
}

// ToBody reports whether a paper goes to a body; the others go to the citizen.
func (k Kind) ToBody() bool {
	return slices.Contains([]Kind{Forward, Urge, Report, Explain, Insist}, k)
}

// Facts are all that a paper says. Of a sealed letter the sender and the summary
// are empty.
//
// vi: -
type Facts struct {
	Kind                Kind
	Symbol              string
	At                  time.Time
	Due                 clock.Date // of the answer
	Signer, SignerTitle string
	OnBehalf            string
	Words               string // the signer's own
	Rung                int    // of an urging

	Code                  string
	Sealed                bool
	LetterKind            string
	Number, Year          int
	ReceivedOn, WrittenOn clock.Date
	AcceptedOn            clock.Date
	Summary, Reason       string
	Sender, Address       string // who speaks for the letter
	Senders               int

	Council, From, Place, To string
	Standing                 string   // whom a report goes to
	Before                   []Sent   // that went out earlier
	With                     []string // copies that go along
}

// Sent is a paper that went out earlier.
//
// vi: -
type Sent struct {
	Kind   Kind
	Symbol string
	On     clock.Date
}

// Letter lays the facts out in the form of NĐ 30/2020.
func (f Facts) Letter() documents.Letter {
	sign := documents.Signature{Title: strings.ToUpper(f.SignerTitle), Name: f.Signer}
	if f.OnBehalf != "" {
		sign.Authority, sign.Title = []string{"TUQ. " + strings.ToUpper(f.SignerTitle)}, "NGƯỜI ĐƯỢC UỶ QUYỀN"
	}
	place := f.Place
	if place == "" {
		place = "Hà Nội"
	}
	l := documents.Letter{Head: documents.Head{Superior: strings.ToUpper(f.Council), Issuer: strings.ToUpper(f.From), Place: place, Date: clock.DateOf(f.At)},
		Symbol: f.Symbol, To: []string{f.citizen()}, Sign: sign, Created: f.At, Recipients: []string{"Như trên", "Lưu: VT, hồ sơ " + f.Code}}
	if f.Kind.ToBody() {
		l.To = []string{f.To}
	}
	switch {
	case f.Kind == Report:
		l.To = []string{f.Standing}
	case f.Kind == Urge && f.Rung >= 2, f.Kind == Explain:
		l.Recipients = slices.Insert(l.Recipients, 1, "Thường trực Hội đồng nhân dân (để báo cáo)")
	}
	l.Kind, l.Subject = f.heading()
	for _, p := range f.paragraphs() {
		l.Body = append(l.Body, documents.Paragraph{Text: p})
	}
	for line := range strings.Lines(f.Words) {
		if line = strings.TrimSpace(line); line != "" {
			l.Body = append(l.Body, documents.Paragraph{Text: line})
		}
	}
	for i, line := range f.With {
		if i == 0 {
			l.Body = append(l.Body, documents.Paragraph{Text: "Gửi kèm:"})
		}
		l.Body = append(l.Body, documents.Paragraph{Text: fmt.Sprintf("%d. %s", i+1, line)})
	}
	return l
}

// citizen names whom a paper to the sender goes to.
func (f Facts) citizen() string {
	if f.Senders == 0 {
		return "Ông/Bà có tên trong hồ sơ " + f.Code + ": …………………………"
	}
	line := "Ông/Bà " + f.Sender
	if f.Address != "" {
		line += ", địa chỉ: " + f.Address
	}
	if n := f.Senders - 1; n > 0 {
		line += fmt.Sprintf(" (đại diện cho %d người cùng đứng đơn)", n+1)
	}
	return line
}

// named is the letter in a sentence.
func (f Facts) named() string {
	what := map[string]string{"complaint": "đơn khiếu nại", "denunciation": "đơn tố cáo", "proposal": "đơn kiến nghị, phản ánh"}[f.LetterKind]
	if what == "" {
		what = "đơn"
	}
	written := ""
	if !f.WrittenOn.IsZero() {
		written = " đề ngày " + f.WrittenOn.VN()
	}
	who := ""
	if f.Senders > 0 && f.Kind.ToBody() {
		who = " của " + strings.TrimPrefix(f.citizen(), "Ông/Bà ")
	}
	return fmt.Sprintf("%s%s%s (vào sổ số %d/%d, mã hồ sơ %s)", what, written, who, f.Number, f.Year, f.Code)
}

func (f Facts) heading() (kind, subject string) {
	switch f.Kind {
	case Forward:
		return "PHIẾU CHUYỂN", "Chuyển đơn của công dân"
	case Guide:
		return "HƯỚNG DẪN", "Gửi đơn đến cơ quan có thẩm quyền giải quyết"
	case Accepted:
		return "THÔNG BÁO", "Về việc thụ lý đơn"
	case Refused:
		return "THÔNG BÁO", "Về việc không thụ lý đơn"
	case Return:
		return "THÔNG BÁO", "Về việc trả lại đơn và tài liệu kèm theo"
	case Told:
		return "THÔNG BÁO", "Về việc chuyển đơn"
	case Response:
		return "", "V/v trả lời đơn kiến nghị, phản ánh"
	case Urge:
		return "", "V/v đôn đốc giải quyết đơn của công dân"
	case Report:
		return "BÁO CÁO", "Về việc cơ quan chậm trả lời đơn của công dân"
	case Explain:
		return "", "V/v đề nghị giải trình việc chậm giải quyết đơn của công dân"
	}
	return "", "V/v đề nghị trả lời bổ sung việc giải quyết đơn"
}

// content says what a letter is about; of a sealed one nothing.
func (f Facts) content() string {
	if f.Sealed {
		return "Nội dung đơn và tài liệu được gửi kèm trong phong bì niêm phong, đã lược bỏ thông tin của người tố cáo theo Luật Tố cáo."
	}
	return "Nội dung: " + f.Summary
}

func (f Facts) paragraphs() []string {
	got := fmt.Sprintf("Ngày %s, %s nhận được %s.", f.ReceivedOn.VN(), f.From, f.named())
	switch f.Kind {
	case Forward:
		return []string{got, f.content(), fmt.Sprintf("Căn cứ quy định của pháp luật, %s chuyển đơn trên đến %s để xem xét, giải quyết theo thẩm quyền, thông báo kết quả cho người gửi đơn và trả lời bằng văn bản trước ngày %s.",
			f.From, f.To, f.Due.AddDays(1).VN())}
	case Told:
		return []string{got, fmt.Sprintf("Nội dung đơn không thuộc thẩm quyền giải quyết của Hội đồng nhân dân. %s đã chuyển đơn đến %s để xem xét, giải quyết theo quy định. Đề nghị Ông/Bà liên hệ với cơ quan này để được biết kết quả.", f.From, f.To)}
	case Guide:
		to := f.To
		if to == "" {
			to = "cơ quan có thẩm quyền"
		}
		return []string{got, f.content(), fmt.Sprintf("Sau khi xem xét, nội dung đơn không thuộc thẩm quyền giải quyết của Hội đồng nhân dân. Đề nghị Ông/Bà gửi đơn đến %s để được xem xét, giải quyết theo quy định của pháp luật.", to)}
	case Accepted:
		return []string{got, fmt.Sprintf("Đơn đủ điều kiện và thuộc thẩm quyền giải quyết. Đơn được thụ lý kể từ ngày %s.", f.acceptedOn().VN()),
			"Thời hạn giải quyết được tính theo quy định của pháp luật kể từ ngày thụ lý. Đề nghị Ông/Bà cung cấp thông tin, tài liệu khi được yêu cầu."}
	case Refused:
		return []string{got, "Sau khi xem xét, đơn không được thụ lý giải quyết vì lý do: " + refusalWords(f.LetterKind, f.Reason) + "."}
	case Return:
		return []string{got, "Xin trả lại Ông/Bà đơn và bản gốc tài liệu kèm theo, vì: " + returnWords[f.Reason] + ". Đề nghị Ông/Bà kiểm tra và giữ gìn bản gốc."}
	case Response:
		return []string{got, fmt.Sprintf("Sau khi xem xét, %s trả lời Ông/Bà như sau:", f.From)}
	case Urge:
		return []string{f.earlier(), got, fmt.Sprintf("Đến nay đã quá thời hạn trả lời (lần đôn đốc thứ %d). Đề nghị %s khẩn trương giải quyết, thông báo kết quả cho công dân và trả lời bằng văn bản.", max(1, f.Rung), f.To)}
	case Report:
		return []string{f.earlier(), got, f.urged() + fmt.Sprintf(" Đến nay %s vẫn chưa trả lời.", f.To),
			fmt.Sprintf("%s kính báo cáo %s xem xét, yêu cầu %s giải trình việc chậm giải quyết đơn.", f.From, f.Standing, f.To)}
	case Explain:
		return []string{f.earlier(), got, f.urged() + " Đến nay cơ quan vẫn chưa trả lời.",
			fmt.Sprintf("Đề nghị %s giải trình bằng văn bản về nguyên nhân chậm giải quyết, trách nhiệm của cơ quan và thời hạn trả lời công dân. Nếu không thực hiện, nội dung này sẽ được xem xét đưa vào phiên giải trình, chất vấn hoặc giám sát chuyên đề.", f.To)}
	}
	return []string{f.earlier(), fmt.Sprintf("Sau khi nghiên cứu văn bản trả lời, nội dung chưa đáp ứng yêu cầu. Đề nghị %s trả lời bổ sung trước ngày %s về các nội dung sau:", f.To, f.Due.AddDays(1).VN())}
}

// urged names the letters by which the body was pressed before.
func (f Facts) urged() string {
	var all []string
	for _, b := range f.Before {
		if b.Kind == Urge || b.Kind == Explain {
			all = append(all, fmt.Sprintf("Công văn số %s ngày %s", b.Symbol, b.On.VN()))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("Việc trả lời đã được đôn đốc %d lần (%s).", len(all), strings.Join(all, "; "))
}

// earlier names the forwarding that a paper follows up.
func (f Facts) earlier() string {
	for _, b := range f.Before {
		if b.Kind == Forward {
			return fmt.Sprintf("%s đã chuyển %s đến %s tại Phiếu chuyển số %s ngày %s.", f.From, f.named(), f.To, b.Symbol, b.On.VN())
		}
	}
	return fmt.Sprintf("%s theo dõi việc giải quyết %s.", f.From, f.named())
}

func (f Facts) acceptedOn() clock.Date {
	if f.AcceptedOn.IsZero() {
		return clock.DateOf(f.At)
	}
	return f.AcceptedOn
}

// refusalWords say a ground of refusal with its article.
func refusalWords(kind, reason string) string {
	if kind == "complaint" {
		return complaintWords[reason]
	}
	return otherWords[reason]
}

// The grounds as papers say them; the order of Luật Khiếu nại, Điều 11.
var (
	complaintWords = map[string]string{
		"internal_act":           "quyết định, hành vi bị khiếu nại thuộc nội bộ cơ quan nhà nước hoặc thuộc phạm vi bí mật nhà nước (khoản 1 Điều 11 Luật Khiếu nại)",
		"not_affecting":          "quyết định, hành vi bị khiếu nại không liên quan trực tiếp đến quyền, lợi ích hợp pháp của người khiếu nại (khoản 2 Điều 11 Luật Khiếu nại)",
		"no_capacity":            "người khiếu nại không có năng lực hành vi dân sự đầy đủ mà không có người đại diện hợp pháp (khoản 3 Điều 11 Luật Khiếu nại)",
		"invalid_representative": "người đại diện không hợp pháp (khoản 4 Điều 11 Luật Khiếu nại)",
		"no_signature":           "đơn không có chữ ký hoặc điểm chỉ của người khiếu nại (khoản 5 Điều 11 Luật Khiếu nại)",
		"out_of_time":            "thời hiệu, thời hạn khiếu nại đã hết mà không có lý do chính đáng (khoản 6 Điều 11 Luật Khiếu nại)",
		"second_decided":         "khiếu nại đã có quyết định giải quyết khiếu nại lần hai (khoản 7 Điều 11 Luật Khiếu nại)",
		"suspended_long":         "đã có văn bản thông báo đình chỉ việc giải quyết mà sau 30 ngày người khiếu nại không tiếp tục khiếu nại (khoản 8 Điều 11 Luật Khiếu nại)",
		"in_court":               "việc khiếu nại đã được Tòa án thụ lý hoặc đã được giải quyết bằng bản án, quyết định của Tòa án (khoản 9 Điều 11 Luật Khiếu nại)",
	}
	otherWords = map[string]string{
		"form":            "đơn chưa được thực hiện theo hình thức quy định tại Điều 23 Luật Tố cáo",
		"no_capacity":     "người tố cáo không có đủ năng lực hành vi dân sự mà không có người đại diện",
		"not_ours":        "vụ việc không thuộc thẩm quyền giải quyết của cơ quan tiếp nhận",
		"no_basis":        "nội dung tố cáo không có cơ sở để xác định người vi phạm, hành vi vi phạm",
		"nothing_new":     "không cung cấp được thông tin, tình tiết mới so với nội dung đã được giải quyết",
		"answered_before": "nội dung đã được xem xét, trả lời và không có tình tiết mới",
	}
	returnWords = map[string]string{
		"originals":        "đơn kèm giấy tờ, tài liệu bản gốc mà cơ quan tiếp nhận không có thẩm quyền lưu giữ",
		"not_addressed":    "đơn không gửi đến Hội đồng nhân dân",
		"foreign_language": "đơn viết bằng tiếng nước ngoài, chưa có bản dịch hợp lệ",
	}
)
