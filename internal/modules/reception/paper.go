package reception

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

const writeKind = "reception.write_letter"

// number takes the next number of the office's series for a kind of paper.
func (s *Service) number(ctx context.Context, tx *db.Tx, officeID string, kind PaperKind, year int) (documents.Number, error) {
	series, err := s.Documents.SeriesOf(ctx, tx, officeID, kind.series(), year)
	if err != nil {
		return documents.Number{}, err
	}
	if series.Body == "" {
		office, err := org.BodyOf(ctx, tx, officeID)
		if err != nil {
			return documents.Number{}, err
		}
		series.Body = office.Symbol
	}
	return s.Documents.Number(ctx, tx, series)
}

// write draws a numbered paper as PDF and as a file for word processors, keeps
// both and ties them to the letter. Drawing twice gives the same bytes, so the
// job may run twice.
func (s *Service) write(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var f facts
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = s.facts(ctx, tx, id)
		return err
	})
	if err != nil || f.sending.PaperID != "" {
		return err
	}
	letter := f.letter()
	name := string(f.sending.Kind) + "-" + strings.ReplaceAll(text.Fold(f.sending.Symbol), "/", "-")
	pdf, err := s.keepDrawn(ctx, name+".pdf", "application/pdf", func(w io.Writer) error { return documents.WriteLetter(w, s.Fonts, letter) })
	if err != nil {
		return err
	}
	docx, err := s.keepDrawn(ctx, name+".docx", documents.WordMedia, func(w io.Writer) error { return documents.WriteWords(w, letter) })
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		to := documents.For{CouncilID: f.kase.CouncilID, BodyID: f.sending.FromBodyID, Subject: subject(f.kase.ID), Kind: f.sending.Kind.series(),
			Number: documents.Number{No: f.sending.Number, Symbol: f.sending.Symbol}, Title: letter.Title(), At: f.sending.At.Time}
		paper, err := s.Documents.Attach(ctx, tx, pdf, to)
		if err != nil {
			return err
		}
		to.Kind, to.Number = "draft", documents.Number{}
		draft, err := s.Documents.Attach(ctx, tx, docx, to)
		if err != nil {
			return err
		}
		if err := setPapers(ctx, tx, f.sending.ID, paper.ID, draft.ID); err != nil {
			return err
		}
		_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: f.kase.CouncilID, Subject: f.kase.ID, Verb: writeKind, At: now, Who: org.System(f.kase.CouncilID),
			Papers: []string{pdf.Hash, docx.Hash}, Details: map[string]any{"symbol": f.sending.Symbol}, Sealed: true})
		return err
	})
}

func (s *Service) keepDrawn(ctx context.Context, name, media string, draw func(io.Writer) error) (documents.Draft, error) {
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		return documents.Draft{}, err
	}
	return s.Documents.Keep(ctx, name, media, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

// facts are all that a paper says.
type facts struct {
	sending  Sending
	kase     cases.Case
	of       Letter
	senders  []Sender
	from, to org.Body
	council  org.Council
	before   []Sending // papers that went out earlier
	accepted clock.Date
}

func (s *Service) facts(ctx context.Context, tx *db.Tx, sendingID string) (f facts, err error) {
	if f.sending, err = sendingOf(ctx, tx, sendingID); err != nil {
		return f, err
	}
	c, err := cases.Load(ctx, tx, f.sending.LetterID)
	if err != nil {
		return f, err
	}
	f.kase = *c
	if f.of, err = letterOf(ctx, tx, c.ID); err != nil {
		return f, err
	}
	if f.senders, err = sendersOf(ctx, tx, c.ID); err != nil {
		return f, err
	}
	if f.from, err = org.BodyOf(ctx, tx, f.sending.FromBodyID); err != nil {
		return f, err
	}
	if f.sending.ToBodyID != "" {
		if f.to, err = org.BodyOf(ctx, tx, f.sending.ToBodyID); err != nil {
			return f, err
		}
	}
	if f.of.MatterID != "" {
		m, err := matterOf(ctx, tx, f.of.MatterID)
		if err != nil {
			return f, err
		}
		f.accepted = m.AcceptedOn
	}
	all, err := sendingsOf(ctx, tx, c.ID)
	for _, one := range all {
		if one.Ordinal < f.sending.Ordinal {
			f.before = append(f.before, one)
		}
	}
	if err != nil {
		return f, err
	}
	f.council, err = org.CouncilOf(ctx, tx, c.CouncilID)
	return f, err
}

// An official paper is in Vietnamese whatever the reader's language, so its
// words stand here and not among the sentences of the screens. Of a sealed
// letter a paper names nobody: who may open the file writes the name in by hand.

// letter lays the facts out in the form of NĐ 30/2020.
func (f facts) letter() documents.Letter {
	s := f.sending
	sign := documents.Signature{Title: strings.ToUpper(s.SignerTitle), Name: s.Signer}
	if s.OnBehalf != "" {
		sign.Authority, sign.Title = []string{"TUQ. " + strings.ToUpper(s.SignerTitle)}, "NGƯỜI ĐƯỢC UỶ QUYỀN"
	}
	place := f.from.Place
	if place == "" {
		place = "Hà Nội"
	}
	l := documents.Letter{Head: documents.Head{Superior: strings.ToUpper(f.council.Name), Issuer: strings.ToUpper(f.from.Name), Place: place, Date: clock.DateOf(s.At.Time)},
		Symbol: s.Symbol, To: []string{f.citizen()}, Sign: sign, Created: s.At.Time, Recipients: []string{"Như trên", "Lưu: VT, hồ sơ " + f.kase.Code}}
	if s.Kind.toBody() {
		l.To = []string{f.to.Name}
	}
	l.Kind, l.Subject = f.heading()
	for _, p := range f.paragraphs() {
		l.Body = append(l.Body, documents.Paragraph{Text: p})
	}
	for line := range strings.Lines(s.Words) {
		if line = strings.TrimSpace(line); line != "" {
			l.Body = append(l.Body, documents.Paragraph{Text: line})
		}
	}
	return l
}

// citizen names whom a paper to the sender goes to.
func (f facts) citizen() string {
	if len(f.senders) == 0 {
		return "Ông/Bà có tên trong hồ sơ " + f.kase.Code + ": …………………………"
	}
	line := "Ông/Bà " + f.of.SenderLine
	for _, p := range f.senders {
		if p.Name == f.of.SenderLine && p.Address != "" {
			line += ", địa chỉ: " + p.Address
			break
		}
	}
	if n := len(f.senders) - 1; n > 0 {
		line += fmt.Sprintf(" (đại diện cho %d người cùng đứng đơn)", n+1)
	}
	return line
}

// named is the letter in a sentence.
func (f facts) named() string {
	what := map[Kind]string{Complaint: "đơn khiếu nại", Denunciation: "đơn tố cáo", Proposal: "đơn kiến nghị, phản ánh"}[f.of.Kind]
	if what == "" {
		what = "đơn"
	}
	written := ""
	if !f.of.WrittenOn.IsZero() {
		written = " đề ngày " + f.of.WrittenOn.VN()
	}
	who := ""
	if len(f.senders) > 0 && f.sending.Kind.toBody() {
		who = " của " + strings.TrimPrefix(f.citizen(), "Ông/Bà ")
	}
	return fmt.Sprintf("%s%s%s (vào sổ số %d/%d, mã hồ sơ %s)", what, written, who, f.of.Number, f.of.Year, f.kase.Code)
}

func (f facts) heading() (kind, subject string) {
	switch f.sending.Kind {
	case PaperForward:
		return "PHIẾU CHUYỂN", "Chuyển đơn của công dân"
	case PaperGuide:
		return "HƯỚNG DẪN", "Gửi đơn đến cơ quan có thẩm quyền giải quyết"
	case PaperAccepted:
		return "THÔNG BÁO", "Về việc thụ lý đơn"
	case PaperRefused:
		return "THÔNG BÁO", "Về việc không thụ lý đơn"
	case PaperReturn:
		return "THÔNG BÁO", "Về việc trả lại đơn và tài liệu kèm theo"
	case PaperTold:
		return "THÔNG BÁO", "Về việc chuyển đơn"
	case PaperResponse:
		return "", "V/v trả lời đơn kiến nghị, phản ánh"
	case PaperUrge:
		return "", "V/v đôn đốc giải quyết đơn của công dân"
	}
	return "", "V/v đề nghị trả lời bổ sung việc giải quyết đơn"
}

// content says what a letter is about; of a sealed one nothing.
func (f facts) content() string {
	if f.kase.Sealed {
		return "Nội dung đơn và tài liệu được gửi kèm trong phong bì niêm phong, đã lược bỏ thông tin của người tố cáo theo Luật Tố cáo."
	}
	return "Nội dung: " + f.of.Summary
}

func (f facts) paragraphs() []string {
	got := fmt.Sprintf("Ngày %s, %s nhận được %s.", f.of.ReceivedOn.VN(), f.from.Name, f.named())
	s := f.sending
	switch s.Kind {
	case PaperForward:
		return []string{got, f.content(), fmt.Sprintf("Căn cứ quy định của pháp luật, %s chuyển đơn trên đến %s để xem xét, giải quyết theo thẩm quyền, thông báo kết quả cho người gửi đơn và trả lời bằng văn bản trước ngày %s.",
			f.from.Name, f.to.Name, s.Due.AddDays(1).VN())}
	case PaperTold:
		return []string{got, fmt.Sprintf("Nội dung đơn không thuộc thẩm quyền giải quyết của Hội đồng nhân dân. %s đã chuyển đơn đến %s để xem xét, giải quyết theo quy định. Đề nghị Ông/Bà liên hệ với cơ quan này để được biết kết quả.", f.from.Name, f.to.Name)}
	case PaperGuide:
		to := f.to.Name
		if to == "" {
			to = "cơ quan có thẩm quyền"
		}
		return []string{got, f.content(), fmt.Sprintf("Sau khi xem xét, nội dung đơn không thuộc thẩm quyền giải quyết của Hội đồng nhân dân. Đề nghị Ông/Bà gửi đơn đến %s để được xem xét, giải quyết theo quy định của pháp luật.", to)}
	case PaperAccepted:
		return []string{got, fmt.Sprintf("Đơn đủ điều kiện và thuộc thẩm quyền giải quyết. Đơn được thụ lý kể từ ngày %s.", f.acceptedOn().VN()),
			"Thời hạn giải quyết được tính theo quy định của pháp luật kể từ ngày thụ lý. Đề nghị Ông/Bà cung cấp thông tin, tài liệu khi được yêu cầu."}
	case PaperRefused:
		return []string{got, "Sau khi xem xét, đơn không được thụ lý giải quyết vì lý do: " + refusalWords(f.of.Kind, f.of.Reason) + "."}
	case PaperReturn:
		return []string{got, "Xin trả lại Ông/Bà đơn và bản gốc tài liệu kèm theo, vì: " + returnWords[f.of.Reason] + ". Đề nghị Ông/Bà kiểm tra và giữ gìn bản gốc."}
	case PaperResponse:
		return []string{got, fmt.Sprintf("Sau khi xem xét, %s trả lời Ông/Bà như sau:", f.from.Name)}
	case PaperUrge:
		return []string{f.earlier(), got, fmt.Sprintf("Đến nay đã quá thời hạn trả lời (lần đôn đốc thứ %d). Đề nghị %s khẩn trương giải quyết, thông báo kết quả cho công dân và trả lời bằng văn bản.", max(1, f.of.Urged), f.to.Name)}
	}
	return []string{f.earlier(), fmt.Sprintf("Sau khi nghiên cứu văn bản trả lời, nội dung chưa đáp ứng yêu cầu. Đề nghị %s trả lời bổ sung trước ngày %s về các nội dung sau:", f.to.Name, s.Due.AddDays(1).VN())}
}

// earlier names the forwarding that a paper follows up.
func (f facts) earlier() string {
	for _, b := range f.before {
		if b.Kind == PaperForward {
			return fmt.Sprintf("%s đã chuyển %s đến %s tại Phiếu chuyển số %s ngày %s.", f.from.Name, f.named(), f.to.Name, b.Symbol, clock.DateOf(b.At.Time).VN())
		}
	}
	return fmt.Sprintf("%s theo dõi việc giải quyết %s.", f.from.Name, f.named())
}

func (f facts) acceptedOn() clock.Date {
	if f.accepted.IsZero() {
		return clock.DateOf(f.sending.At.Time)
	}
	return f.accepted
}

// refusalWords say a ground of refusal with its article.
func refusalWords(k Kind, reason string) string {
	if k == Complaint {
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
