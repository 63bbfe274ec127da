package reminders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// writeKind is the job that draws a signed letter.
const writeKind = "petitions.write_reminder"

// printed is all that a letter says.
type printed struct {
	Letter
	council        org.Council
	from, body, to org.Body
	office         org.Body
	standing       org.Body
	copies         []string
	lines          []line // without sealed ones
	stale          bool   // a petition that the drawn letter names was sealed since
	last           string // symbol of the letter before
}

func (d *Desk) printed(ctx context.Context, tx *db.Tx, id string) (p printed, err error) {
	if p.Letter, err = letterOf(ctx, tx, id); err != nil {
		return p, err
	}
	if p.council, err = org.CouncilOf(ctx, tx, p.CouncilID); err != nil {
		return p, err
	}
	named, err := org.BodiesNamed(ctx, tx, []string{p.FromBodyID, p.BodyID, p.ToBodyID, p.OfficeID})
	if err != nil {
		return p, err
	}
	p.from, p.body, p.to, p.office = named[p.FromBodyID], named[p.BodyID], named[p.ToBodyID], named[p.OfficeID]
	if p.standing, err = standingOf(ctx, tx, p.CouncilID, p.SignedOn); err != nil {
		return p, err
	}
	p.copies = d.rules.ladderOn(p.SignedOn).Rungs[p.Rung-1].Copies
	all, err := linesOf(ctx, tx, id)
	for _, l := range all {
		switch {
		case l.Sealed && l.Printed:
			p.stale = true
		case !l.Sealed:
			p.lines = append(p.lines, l)
			if l.Earlier != "" {
				p.last = l.Earlier
			}
		}
	}
	return p, err
}

// write draws a signed letter and keeps it as a paper. It draws a letter anew
// only when a petition was sealed that the drawn one names.
func (d *Desk) write(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var p printed
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = d.printed(ctx, tx, id)
		return err
	})
	if err != nil || p.State != Signed || p.PaperID != "" && !p.stale {
		return err
	}
	var pdf bytes.Buffer
	if err := documents.WriteLetter(&pdf, d.Fonts, p.letter()); err != nil {
		return err
	}
	name := "don-doc-" + strings.ReplaceAll(text.Fold(p.Symbol), "/", "-") + ".pdf"
	draft, err := d.Documents.Keep(ctx, name, "application/pdf", func(w io.Writer) error {
		_, err := w.Write(pdf.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error { return d.keep(ctx, tx, p, draft) })
}

func (d *Desk) keep(ctx context.Context, tx *db.Tx, p printed, draft documents.Draft) error {
	l := p.Letter
	f := documents.For{CouncilID: l.CouncilID, BodyID: l.FromBodyID, Subject: documents.Subject{Kind: "reminder", ID: l.ID}, Kind: seriesKind,
		Number: documents.Number{No: l.Number, Symbol: l.Symbol}, Title: "Văn bản đôn đốc " + l.Symbol, At: l.SignedAt.Time}
	var paper documents.Paper
	var err error
	if l.PaperID == "" {
		paper, err = d.Documents.Attach(ctx, tx, draft, f)
	} else {
		paper, err = d.Documents.NewVersion(ctx, tx, l.PaperID, draft, f)
	}
	if err != nil {
		return err
	}
	l.PaperID = paper.ID
	if err := updateLetter(ctx, tx, &l); err != nil {
		return err
	}
	ids := make([]string, len(p.lines))
	for i, n := range p.lines {
		ids[i] = n.PetitionID
	}
	if err := markPrinted(ctx, tx, l.ID, ids); err != nil {
		return err
	}
	_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: l.CouncilID, Subject: l.ID, Ref: l.Symbol, Verb: "petitions.write_reminder", At: d.Clock.Now(),
		Who: org.System(l.CouncilID), Papers: []string{draft.Hash}, Details: map[string]any{"symbol": l.Symbol}})
	return err
}

// File opens the drawn letter for who may read it. One that names a petition
// sealed since is drawn anew first.
func (d *Desk) File(ctx context.Context, who org.Actor, id string) (paper documents.Paper, err error) {
	var p printed
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if p, err = d.printed(ctx, tx, id); err != nil {
			return err
		}
		if !p.seenBy(who) {
			return noLetter()
		}
		if p.PaperID == "" || p.stale {
			return nil
		}
		paper, err = d.Documents.Find(ctx, tx, p.PaperID)
		return err
	})
	switch {
	case err != nil:
		return paper, err
	case p.State != Signed:
		return paper, fault.New(fault.Missing, "reminders.no_file")
	case p.PaperID != "" && !p.stale:
		return paper, nil
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: writeKind, Key: id, Args: id, CouncilID: p.CouncilID})
	})
	if err != nil {
		return paper, err
	}
	return paper, fault.New(fault.Refused, "reminders.being_drawn")
}

// letter lays the facts out in the form of NĐ 30/2020. An official paper is in
// Vietnamese whatever the reader's language, so its words stand here.
func (p printed) letter() documents.Letter {
	sign := documents.Signature{Title: strings.ToUpper(p.SignerPost), Name: p.Signer}
	if p.from.Kind == org.StandingCommittee {
		sign.Authority = []string{"TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN"}
	}
	if p.OnBehalf != "" {
		sign.Authority = append(sign.Authority, "TUQ. "+strings.ToUpper(p.SignerPost))
		sign.Title = "NGƯỜI ĐƯỢC UỶ QUYỀN"
	}
	issued := p.from.Place
	if issued == "" {
		issued = p.office.Place
	}
	if issued == "" {
		issued = "Hà Nội"
	}
	return documents.Letter{
		Head:   documents.Head{Superior: strings.ToUpper(p.council.Name), Issuer: strings.ToUpper(p.from.Name), Place: issued, Date: p.SignedOn},
		Symbol: p.Symbol, Subject: p.subject(), To: p.addressees(), Body: p.blocks(), Recipients: p.recipients(), Sign: sign, Created: p.SignedAt.Time,
	}
}

func (p printed) subject() string {
	switch p.Rung {
	case 1:
		return "nhắc trả lời kiến nghị của cử tri"
	case 2:
		return "đôn đốc trả lời kiến nghị của cử tri"
	}
	return "báo cáo việc chậm trả lời kiến nghị của cử tri"
}

func (p printed) addressees() []string {
	if p.Rung == 2 {
		return []string{"Thủ trưởng " + p.to.Name}
	}
	return []string{p.to.Name}
}

func (p printed) recipients() []string {
	all := []string{"Như trên"}
	if slices.Contains(p.copies, toStanding) && p.standing.ID != "" {
		all = append(all, p.standing.Name+" (để báo cáo)")
	}
	if slices.Contains(p.copies, toBody) && p.to.ID != p.body.ID {
		all = append(all, p.body.Name+" (để thực hiện)")
	}
	if slices.Contains(p.copies, toOffice) {
		all = append(all, p.office.Name+" (để theo dõi)")
	}
	return append(all, "Lưu: "+p.from.Symbol)
}

func (p printed) blocks() []documents.Block {
	table := documents.Table{Columns: []documents.Column{{Title: "TT", Share: 9, Right: true}, {Title: "Mã số, phiếu chuyển", Share: 45}, {Title: "Nội dung kiến nghị", Share: 30}, {Title: "Địa bàn", Share: 20},
		{Title: "Hạn trả lời", Share: 25}, {Title: "Số ngày quá hạn", Share: 14, Right: true}, {Title: "Lần nhắc trước", Share: 22}}}
	late := 0
	for i, l := range p.lines {
		days := ""
		if l.LateDays > 0 {
			days = fmt.Sprint(l.LateDays)
			late++
		}
		table.Rows = append(table.Rows, []string{fmt.Sprint(i + 1), l.Code + "\n" + l.Transfer, l.Title, l.Ward, l.Due.VN(), days, l.Earlier})
	}
	all := []documents.Block{documents.Paragraph{Text: fmt.Sprintf("Qua theo dõi việc giải quyết, trả lời kiến nghị của cử tri, đến ngày %s, %s có %d kiến nghị cần trả lời, trong đó %d kiến nghị đã quá hạn, cụ thể như sau:",
		p.SignedOn.VN(), p.body.Name, len(p.lines), late)}, table}
	if p.Rung > 1 && p.last != "" {
		all = append(all, documents.Paragraph{Text: fmt.Sprintf("Các kiến nghị có ghi lần nhắc trước đã được nhắc, gần nhất tại văn bản số %s nhưng đến nay chưa được trả lời đầy đủ.", p.last)})
	}
	all = append(all, documents.Paragraph{Text: p.asks()})
	if p.Words != "" {
		all = append(all, documents.Paragraph{Text: p.Words})
	}
	return all
}

// asks is what the letter wants, by rung.
func (p printed) asks() string {
	until := "trong thời gian sớm nhất"
	if !p.AnswerBy.IsZero() {
		until = "trước ngày " + p.AnswerBy.VN()
	}
	switch p.Rung {
	case 1:
		return fmt.Sprintf("%s đề nghị %s khẩn trương xem xét, giải quyết và trả lời từng kiến nghị nêu trên %s; trường hợp chưa thể trả lời, đề nghị nêu rõ lý do và ngày sẽ trả lời.", p.from.Name, p.to.Name, until)
	case 2:
		return fmt.Sprintf("%s đề nghị đồng chí Thủ trưởng %s trực tiếp chỉ đạo, làm rõ nguyên nhân chậm trả lời và trả lời từng kiến nghị nêu trên %s.", p.from.Name, p.to.Name, until)
	}
	return fmt.Sprintf("%s thông báo tình hình trên và đề nghị %s chỉ đạo %s trả lời dứt điểm từng kiến nghị %s, đồng thời làm rõ trách nhiệm của tập thể, cá nhân để chậm.", p.from.Name, p.to.Name, p.body.Name, until)
}
