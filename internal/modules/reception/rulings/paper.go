package rulings

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

const writeKind = "reception.write_ruling"

// write draws a numbered paper as PDF and for word processors and ties both to
// the matter. Drawing twice gives the same bytes, so the job may run twice.
func (d *Desk) write(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var f facts
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = d.facts(ctx, tx, id)
		return err
	})
	if err != nil || f.ruling.PaperID != "" {
		return err
	}
	letter := f.letter()
	name := strings.ReplaceAll(text.Fold(f.ruling.Symbol), "/", "-")
	pdf, err := d.keep(ctx, name+".pdf", "application/pdf", func(w io.Writer) error { return documents.WriteLetter(w, d.Fonts, letter) })
	if err != nil {
		return err
	}
	docx, err := d.keep(ctx, name+".docx", documents.WordMedia, func(w io.Writer) error { return documents.WriteWords(w, letter) })
	if err != nil {
		return err
	}
	now, r := d.Clock.Now(), f.ruling
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		to := documents.For{CouncilID: r.CouncilID, BodyID: r.FromBodyID, Subject: Subject(r.MatterID), Kind: r.Kind.series(), Number: documents.Number{No: r.Number, Symbol: r.Symbol}, Title: letter.Title(), At: r.At.Time}
		paper, err := d.Documents.Attach(ctx, tx, pdf, to)
		if err != nil {
			return err
		}
		to.Kind, to.Number = "draft", documents.Number{}
		draft, err := d.Documents.Attach(ctx, tx, docx, to)
		if err != nil {
			return err
		}
		if err := setPapers(ctx, tx, r.ID, paper.ID, draft.ID); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: r.CouncilID, Subject: r.MatterID, Verb: writeKind, At: now, Who: org.System(r.CouncilID), Papers: []string{pdf.Hash, docx.Hash},
			Details: map[string]any{"symbol": r.Symbol}, Sealed: true})
		return err
	})
}

func (d *Desk) keep(ctx context.Context, name, media string, draw func(io.Writer) error) (documents.Draft, error) {
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		return documents.Draft{}, err
	}
	return d.Documents.Keep(ctx, name, media, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

// facts are all that a paper says.
type facts struct {
	ruling  Ruling
	matter  Matter
	from    org.Body
	council org.Council
	before  []Ruling // that were issued earlier
}

func (d *Desk) facts(ctx context.Context, tx *db.Tx, id string) (f facts, err error) {
	if f.ruling, err = rulingOf(ctx, tx, id); err != nil {
		return f, err
	}
	if f.matter, err = d.Matter(ctx, tx, f.ruling.MatterID); err != nil {
		return f, err
	}
	if f.from, err = org.BodyOf(ctx, tx, f.ruling.FromBodyID); err != nil {
		return f, err
	}
	all, err := rulingsOf(ctx, tx, f.ruling.MatterID)
	for _, r := range all {
		if r.Ordinal < f.ruling.Ordinal {
			f.before = append(f.before, r)
		}
	}
	if err != nil {
		return f, err
	}
	f.council, err = org.CouncilOf(ctx, tx, f.ruling.CouncilID)
	return f, err
}

// An official paper is in Vietnamese whatever the reader's language, so its
// words stand here and not among the sentences of the screens.

// letter lays the facts out in the form of NĐ 30/2020.
func (f facts) letter() documents.Letter {
	r := f.ruling
	sign := documents.Signature{Title: strings.ToUpper(r.SignerTitle), Name: r.Signer}
	if r.OnBehalf != "" {
		sign.Authority, sign.Title = []string{"TUQ. " + strings.ToUpper(r.SignerTitle)}, "NGƯỜI ĐƯỢC UỶ QUYỀN"
	}
	place := f.from.Place
	if place == "" {
		place = "Hà Nội"
	}
	l := documents.Letter{Head: documents.Head{Superior: strings.ToUpper(f.council.Name), Issuer: strings.ToUpper(f.from.Name), Place: place, Date: r.On}, Symbol: r.Symbol, Sign: sign, Created: r.At.Time,
		Recipients: []string{f.complainant(), "Lưu: VT, hồ sơ " + f.matter.Code}}
	if r.Kind.series() == "TB" {
		l.To = []string{f.complainant()}
		l.Recipients[0] = "Như trên"
	}
	l.Kind, l.Subject = f.heading()
	for _, p := range append(f.bases(), f.paragraphs()...) {
		l.Body = append(l.Body, documents.Paragraph{Text: p})
	}
	if r.Kind.series() == "QĐ" {
		for i, p := range f.articles() {
			l.Body = append(l.Body, documents.Paragraph{Text: fmt.Sprintf("Điều %d. %s", i+1, p)})
		}
	}
	return l
}

func (f facts) complainant() string {
	if f.matter.Sealed || f.matter.Sender == "" {
		return "Ông/Bà có tên trong hồ sơ " + f.matter.Code + ": …………………………"
	}
	return "Ông/Bà " + f.matter.Sender
}

func (f facts) what() string {
	switch {
	case f.matter.Denunciation:
		return "tố cáo"
	case f.matter.Second:
		return "khiếu nại lần hai"
	}
	return "khiếu nại"
}

func (f facts) heading() (kind, subject string) {
	what := f.what()
	switch f.ruling.Kind {
	case Accepted:
		return "THÔNG BÁO", "Về việc thụ lý giải quyết " + what
	case Determined:
		return "THÔNG BÁO", "Về việc xác định vụ việc " + what + " " + f.level()
	case NotReviewed:
		return "THÔNG BÁO", "Về việc không giải quyết lại vụ việc tố cáo tiếp"
	case Extended:
		return "QUYẾT ĐỊNH", "Về việc gia hạn thời hạn giải quyết " + what
	case Suspended:
		return "QUYẾT ĐỊNH", "Về việc tạm đình chỉ giải quyết " + what
	case Resumed:
		return "QUYẾT ĐỊNH", "Về việc tiếp tục giải quyết " + what
	case Stopped:
		return "QUYẾT ĐỊNH", "Về việc đình chỉ giải quyết " + what
	case Concluded:
		return "KẾT LUẬN", "Nội dung tố cáo"
	}
	return "QUYẾT ĐỊNH", "Về việc giải quyết " + what
}

// bases are the grounds that a decision or a conclusion begins with.
func (f facts) bases() []string {
	if f.ruling.Kind.series() == "TB" {
		return nil
	}
	all := []string{"Căn cứ Luật Khiếu nại ngày 11 tháng 11 năm 2011 và Luật số 136/2025/QH15 sửa đổi, bổ sung một số điều của Luật Tiếp công dân, Luật Khiếu nại, Luật Tố cáo;"}
	if f.matter.Denunciation {
		all[0] = "Căn cứ Luật Tố cáo ngày 12 tháng 6 năm 2018 và Luật số 136/2025/QH15 sửa đổi, bổ sung một số điều của Luật Tiếp công dân, Luật Khiếu nại, Luật Tố cáo;"
	}
	for i := len(f.before) - 1; i >= 0; i-- {
		if b := f.before[i]; f.ruling.Kind == Resumed && b.Kind == Suspended {
			all = append(all, fmt.Sprintf("Căn cứ Quyết định số %s ngày %s về việc tạm đình chỉ;", b.Symbol, b.On.VN()))
			break
		}
	}
	return append(all, "Xét hồ sơ vụ việc "+f.matter.Code+",")
}

// named is the matter in a sentence.
func (f facts) named() string {
	line := f.what()
	if !f.matter.Sealed && f.matter.Sender != "" {
		line += " của Ông/Bà " + f.matter.Sender
	}
	return fmt.Sprintf("%s (%s, mã hồ sơ %s), được thụ lý ngày %s", line, f.matter.Letter, f.matter.Code, f.matter.AcceptedOn.VN())
}

func (f facts) content() string {
	if f.matter.Sealed {
		return "Nội dung: theo hồ sơ niêm phong; thông tin về người tố cáo được giữ bí mật theo Luật Tố cáo."
	}
	line := "Nội dung: " + f.matter.Summary
	if f.matter.Respondent != "" {
		line += " Người, cơ quan bị khiếu nại: " + f.matter.Respondent + "."
	}
	return line
}

func (f facts) paragraphs() []string {
	all := []string{fmt.Sprintf("%s thụ lý giải quyết %s.", f.from.Name, f.named()), f.content()}
	switch f.ruling.Kind {
	case Accepted:
		all = []string{fmt.Sprintf("Ngày %s, %s nhận được đơn (%s). Sau khi xem xét, %s đã thụ lý giải quyết %s kể từ ngày %s.", f.matter.ReceivedOn.VN(), f.from.Name, f.matter.Letter, f.from.Name, f.what(), f.matter.AcceptedOn.VN()), f.content()}
		if !f.ruling.Due.IsZero() {
			all = append(all, "Thời hạn giải quyết đến hết ngày "+f.ruling.Due.VN()+", không kể thời gian gia hạn hoặc tạm đình chỉ theo quy định.")
		}
	case Determined:
		all = append(all, f.determined()...)
	case NotReviewed:
		all = append(all, "Sau khi xem xét nội dung tố cáo tiếp, không có căn cứ để giải quyết lại vụ việc. Vụ việc được kết thúc theo quy định của Luật Tố cáo.")
	case Concluded:
		all = append(all, "KẾT LUẬN:")
	default:
		return []string{"QUYẾT ĐỊNH:"}
	}
	return append(all, f.own()...)
}

// level is how complex a matter is held to be.
func (f facts) level() string {
	if strings.HasPrefix(f.ruling.Reason, "very") {
		return "đặc biệt phức tạp"
	}
	return "phức tạp"
}

// determined says why a matter is complex and until when it is settled now.
func (f facts) determined() []string {
	line := fmt.Sprintf("%s xác định đây là vụ việc %s", f.from.Name, f.level())
	var why []string
	for i, code := range strings.Fields(f.ruling.Reason) {
		if words := criterionWords[code]; i > 0 && words != "" {
			why = append(why, words)
		}
	}
	if len(why) > 0 {
		line += ", vì " + strings.Join(why, "; ")
	}
	all := []string{line + "."}
	if !f.ruling.Due.IsZero() {
		all = append(all, "Thời hạn giải quyết được tính lại từ ngày thụ lý và đến hết ngày "+f.ruling.Due.VN()+".")
	}
	return all
}

// own are the signer's words; of a sealed matter a line that is filled by hand.
func (f facts) own() (all []string) {
	if f.matter.Sealed && f.ruling.Kind.needsWords() {
		return []string{"…………………………………………………………………………… (người có thẩm quyền ghi vào bản lưu trong hồ sơ niêm phong)"}
	}
	for line := range strings.Lines(f.ruling.Words) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func (f facts) due() string {
	if f.ruling.Due.IsZero() {
		return "…/…/……"
	}
	return f.ruling.Due.VN()
}

// articles are what a decision orders.
func (f facts) articles() (all []string) {
	switch f.ruling.Kind {
	case Extended:
		all = []string{"Gia hạn thời hạn giải quyết " + f.named() + ". Thời hạn giải quyết sau khi gia hạn đến hết ngày " + f.due() + "."}
	case Suspended:
		all = []string{"Tạm đình chỉ giải quyết " + f.named() + ", kể từ ngày " + f.ruling.On.VN() + ". Lý do: " + reasonWords[f.ruling.Reason] + ". Thời gian tạm đình chỉ không tính vào thời hạn giải quyết."}
	case Resumed:
		all = []string{"Tiếp tục giải quyết " + f.named() + ", kể từ ngày " + f.ruling.On.VN() + ". Thời hạn giải quyết đến hết ngày " + f.due() + "."}
	case Stopped:
		all = []string{"Đình chỉ giải quyết " + f.named() + ". Lý do: " + reasonWords[f.ruling.Reason] + "."}
	default:
		all = []string{"Giải quyết " + f.named() + " như sau:"}
		if own := f.own(); len(own) > 0 {
			all[0] += " " + strings.Join(own, " ")
		}
		return append(all, f.remedy(), "Quyết định này có hiệu lực theo quy định của Luật Khiếu nại. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành.")
	}
	if own := f.own(); len(own) > 0 {
		all = append(all, strings.Join(own, " "))
	}
	return append(all, "Quyết định này có hiệu lực kể từ ngày ký. Ông/Bà có tên trong hồ sơ và các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành.")
}

// remedy tells the complainant what they may still do.
func (f facts) remedy() string {
	if f.matter.Second {
		return "Nếu không đồng ý với quyết định này, người khiếu nại có quyền khởi kiện vụ án hành chính tại Tòa án theo quy định của pháp luật."
	}
	return "Nếu không đồng ý với quyết định này, người khiếu nại có quyền khiếu nại lần hai hoặc khởi kiện vụ án hành chính tại Tòa án, trong thời hạn theo quy định của pháp luật."
}

// criterionWords are the criteria of a complex complaint as papers say them.
var criterionWords = map[string]string{
	"places":       "phải xác minh ở từ hai địa điểm trở lên",
	"contents":     "có từ hai nội dung trở lên",
	"people":       "có nhiều người cùng khiếu nại",
	"foreign":      "có yếu tố nước ngoài",
	"bodies":       "liên quan đến nhiều cơ quan",
	"disagreement": "các cơ quan còn ý kiến khác nhau",
	"evidence":     "chứng cứ mâu thuẫn",
}

// reasonWords are the coded reasons as papers say them.
var reasonWords = map[string]string{
	"force_majeure":     "do sự kiện bất khả kháng hoặc trở ngại khách quan nên chưa thể tiếp tục giải quyết",
	"waits_for_result":  "cần đợi kết quả giải quyết của cơ quan, tổ chức, cá nhân khác hoặc kết quả của vụ việc khác có liên quan",
	"needs_expert":      "cần đợi kết quả giám định hoặc xác minh bổ sung",
	"withdrawn":         "người có đơn đã rút toàn bộ nội dung",
	"party_dead":        "người có đơn hoặc người bị khiếu nại, bị tố cáo đã chết mà không có người kế thừa quyền, nghĩa vụ",
	"settled_elsewhere": "vụ việc đã được giải quyết bằng bản án, quyết định có hiệu lực",
	"no_longer_ours":    "vụ việc không còn thuộc thẩm quyền giải quyết",
}
