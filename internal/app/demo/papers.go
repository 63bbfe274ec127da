package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// document is the number, symbol and date of the paper that an act rests on:
// a plausible one of the actor's own body.
func (p *player) document(s Script, a Act, who org.Actor) string {
	number := a.Document
	if number == "" {
		number = fmt.Sprintf("%d/%s", 100+chance(s.Key+a.Do)%1900, p.bodies[who.BodyID].Symbol)
	}
	return number + " ngày " + clock.Today(p.Clock).VN()
}

// attachments are the voter's files, taken in as any file from outside is.
func (p *player) attachments(ctx context.Context, s Script) ([]documents.Draft, error) {
	var all []documents.Draft
	for _, title := range s.Files {
		content := []byte(title + "\n\n" + s.Text + "\n")
		draft, err := p.Documents.Take(ctx, documents.Upload{Name: fileName(title, "txt"), Size: int64(len(content)),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }}, documents.UsualLimits())
		if err != nil {
			return nil, err
		}
		all = append(all, draft)
	}
	return all, nil
}

// evidence is the paper a body hands in with its answer, laid out as the body's
// papers are.
func (p *player) evidence(ctx context.Context, s Script, a Act, who org.Actor) (documents.Draft, error) {
	var points documents.Points
	for _, r := range a.Replies {
		points = append(points, documents.Point{Text: r.Text})
	}
	symbol, _, _ := strings.Cut(p.document(s, a, who), " ")
	letter := documents.Letter{
		Head:   documents.Head{Issuer: strings.ToUpper(who.BodyName), Place: p.bodies[who.BodyID].Place, Date: clock.Today(p.Clock)},
		Symbol: symbol, Kind: strings.ToUpper(a.Evidence), Subject: "Kiến nghị mã số " + p.handed[s.Key].Code,
		Body: []documents.Block{
			documents.Paragraph{Text: "Tài liệu minh họa của bản trình diễn, kèm theo văn bản trả lời kiến nghị của cử tri. Kết quả kiểm tra, xử lý như sau:"},
			points,
		},
		Sign: documents.Signature{Title: strings.ToUpper(who.PostTitle), Name: who.Name}, Created: p.Clock.Now(),
	}
	return p.Documents.Keep(ctx, fileName(a.Evidence, "pdf"), "application/pdf", func(w io.Writer) error {
		return documents.WriteLetter(w, p.Petitions.Fonts, letter)
	})
}

func fileName(title, end string) string {
	return strings.ReplaceAll(text.Fold(title), " ", "-") + "." + end
}
