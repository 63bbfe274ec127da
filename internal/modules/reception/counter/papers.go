package counter

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Paper draws one of the papers of a visit as a PDF in the form of NĐ 30/2020:
// "refusal" (Mẫu 01/TCD), "receipt" (Mẫu 02/TCD, the last one), "minutes",
// "conclusion". What is not written yet is dotted, to be filled in by hand.
func (d *Desk) Paper(ctx context.Context, who org.Actor, id, kind string) (name string, content []byte, err error) {
	r, err := d.Record(ctx, who, id)
	if err != nil {
		return "", nil, err
	}
	if r.Sealed {
		return "", nil, fault.New(fault.Missing, "counter.no_file")
	}
	var c org.Council
	var office org.Body
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if c, err = org.CouncilOf(ctx, tx, r.CouncilID); err != nil {
			return err
		}
		offices, err := org.BodiesOf(ctx, tx, r.CouncilID, org.Office)
		if err == nil && len(offices) > 0 {
			office = offices[0]
		}
		return err
	})
	if err != nil {
		return "", nil, err
	}
	l := documents.Letter{Head: documents.Head{Superior: strings.ToUpper(c.Name), Issuer: strings.ToUpper(office.Name), Place: office.Place, Date: r.Today}, Created: d.Clock.Now(), Recipients: []string{"Như trên", "Lưu: VT"}}
	if l.Place == "" {
		l.Place = dots
	}
	if l.Issuer == "" {
		l.Superior, l.Issuer = "", strings.ToUpper(c.Name)
	}
	if !r.paper(kind, &l) {
		return "", nil, fault.New(fault.Missing, "counter.no_file")
	}
	var out bytes.Buffer
	err = documents.WriteLetter(&out, d.Fonts, l)
	return kind + "-" + strconv.Itoa(r.Number) + ".pdf", out.Bytes(), err
}

const dots = "……………………"

func (r Record) first() Person {
	if len(r.Present) == 0 {
		return Person{Name: dots, Address: dots}
	}
	return r.Present[0]
}

// names are all who were there.
func (r Record) names() string {
	var all []string
	for _, p := range r.Present {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}

// paper fills in one of the papers; false when the visit has no such paper. An
// official paper is in Vietnamese whatever the reader's language.
func (r Record) paper(kind string, l *documents.Letter) bool {
	switch {
	case kind == "refusal" && !r.NoticeDue.IsZero():
		g, _ := groundOf(r.Ground, r.RefusedOn)
		l.Kind, l.Subject, l.Symbol, l.To = "THÔNG BÁO", "về việc từ chối tiếp công dân", r.NoticeSymbol, []string{"Ông/Bà " + r.names() + ", " + r.first().Address}
		l.Date, l.Sign = later(r.NoticeOn, l.Date), documents.Signature{Title: "THỦ TRƯỞNG CƠ QUAN", Name: dots}
		l.Body = []documents.Block{
			documents.Paragraph{Text: fmt.Sprintf("Ngày %s, Ông/Bà đến %s đề nghị được tiếp.", r.On.VN(), strings.TrimSpace("nơi tiếp công dân "+r.HostTitle))},
			documents.Paragraph{Text: "Căn cứ " + g.Article + ", cơ quan tiếp công dân từ chối tiếp Ông/Bà về nội dung nêu trên. Lý do: " + r.GroundNote},
			documents.Paragraph{Text: "Vậy thông báo để Ông/Bà được biết và chấp hành."},
		}
	case kind == "receipt" && len(r.Receipts) > 0:
		last := r.Receipts[len(r.Receipts)-1]
		rows := make([][]string, len(last.Items.V))
		for i, item := range last.Items.V {
			rows[i] = []string{strconv.Itoa(i + 1), item}
		}
		l.Kind, l.Subject, l.Date = "GIẤY BIÊN NHẬN", "thông tin, tài liệu, bằng chứng", last.On
		l.Body = []documents.Block{
			documents.Paragraph{Text: fmt.Sprintf("Ngày %s, %s đã nhận của Ông/Bà %s, địa chỉ: %s, các thông tin, tài liệu, bằng chứng sau đây:", last.On.VN(), last.ByName, r.first().Name, r.first().Address)},
			documents.Table{Columns: []documents.Column{{Title: "TT", Share: 1, Right: true}, {Title: "Tên tài liệu, số bản, tình trạng", Share: 9}}, Rows: rows},
			documents.Paragraph{Text: "Giấy biên nhận được lập thành 02 bản, mỗi bên giữ 01 bản."},
		}
		l.Sign = documents.Signature{Title: "NGƯỜI NHẬN", Name: last.ByName}
	case kind == "minutes" && r.Minutes != "":
		l.Kind, l.Subject, l.Date = "BIÊN BẢN", "ghi nội dung trình bày của công dân", r.On
		l.Sign = documents.Signature{Title: "NGƯỜI TIẾP CÔNG DÂN", Name: r.CalledName}
		l.Body = []documents.Block{documents.Paragraph{Text: fmt.Sprintf("Ngày %s, Ông/Bà %s, địa chỉ: %s, trình bày:", r.On.VN(), r.names(), r.first().Address)}}
		for part := range strings.SplitSeq(r.Minutes, "\n") {
			l.Body = append(l.Body, documents.Paragraph{Text: part})
		}
		l.Body = append(l.Body, documents.Paragraph{Text: r.confirmation()})
	case kind == "conclusion" && r.Conclusion != "":
		l.Kind, l.Subject, l.Symbol, l.To = "THÔNG BÁO", "kết luận việc tiếp công dân", r.ConclusionSymbol, []string{"Ông/Bà " + r.names() + ", " + r.first().Address}
		l.Date, l.Sign = later(r.ConclusionOn, l.Date), documents.Signature{Title: strings.ToUpper(r.HostTitle), Name: r.HostName}
		l.Body = []documents.Block{documents.Paragraph{Text: fmt.Sprintf("Ngày %s, %s %s đã tiếp Ông/Bà. Sau khi nghe trình bày, người tiếp công dân kết luận:", r.On.VN(), r.HostTitle, r.HostName)}}
		for part := range strings.SplitSeq(r.Conclusion, "\n") {
			l.Body = append(l.Body, documents.Paragraph{Text: part})
		}
	default:
		return false
	}
	return true
}

// later is day, or otherwise when there is none.
func later(day, otherwise clock.Date) clock.Date {
	if day.IsZero() {
		return otherwise
	}
	return day
}

// confirmation is how the minutes end.
func (r Record) confirmation() string {
	if !r.MinutesRead {
		return "Biên bản đã được đọc lại cho công dân nghe: " + dots
	}
	return "Biên bản đã được đọc lại cho công dân nghe, công nhận đúng và " + map[Sign]string{Signed: "đã ký tên.", Fingerprint: "đã điểm chỉ.", Declined: "không ký; người tiếp công dân ghi rõ việc này.", Unsigned: "ký tên: " + dots}[r.MinutesSign]
}
