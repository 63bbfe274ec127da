package documents

import (
	"io"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Receipt is what a voter takes home: the code to follow the matter, when an
// answer is due and why, what happens with the voter's data, and the log's
// confirmation, which can be checked without us.
//
// vi: biên nhận
type Receipt struct {
	Head
	Lang    text.Lang // empty: Vietnamese
	About   string    // under the title: what was received
	Code    string    // "KN-2026-000123"
	Address string    // the page where the matter is followed
	Fields  []Field
	Dues    []Due
	Consent []string // paragraphs on personal data
	Proof   string   // the log's signed promise or proof, word for word
	Check   []string // paragraphs: how to check, also without a network
	Created time.Time
}

// Field is a line of the receipt's table.
type Field struct{ Label, Text string }

// Due is a time limit and its reason.
type Due struct {
	What  string
	On    clock.Date
	Basis string // the article; not printed when Unconfirmed
	// Unconfirmed: the length is a provisional value of ours, not yet confirmed by the law.
	Unconfirmed bool
	// Provisional: the date may move, because holidays are not announced yet.
	Provisional bool
}

const (
	receiptSize = 12.0
	codeSide    = 34.0 // mm
	proofSide   = 46.0
	monoSize    = 6.2
)

// WriteReceipt draws a receipt as a PDF. The same receipt gives the same bytes.
func WriteReceipt(w io.Writer, fonts Fonts, r Receipt) error {
	lang := r.Lang
	if lang == "" {
		lang = text.Vi
	}
	s, err := newSheet(fonts, text.Line(r.Code), lang, orStart(r.Created, r.Date))
	if err != nil {
		return err
	}
	s.head(r.Head, nil)
	s.paragraph(s.say("documents.receipt.title"), paragraph{face: face{"B", 16}, align: "C", gap: 6, keepAll: true})
	s.paragraph(r.About, paragraph{face: face{"", 13}, align: "C", keepAll: true})
	var failed error
	s.code(r, &failed)
	s.fields(r.Fields)
	s.dues(r.Dues)
	s.notice("documents.receipt.consent", r.Consent)
	s.proof(r.Proof, &failed)
	s.notice("documents.receipt.check", r.Check)
	s.flow(func(page int) {
		s.put(leftEdge, bottomEdge+5, textWidth, s.say("documents.receipt.page",
			"page", page, "pages", s.pdf.PageCount()), face{"", 9}, "C")
	})
	if failed != nil {
		return failed
	}
	return s.write(w)
}

// code sets the code large beside the QR code of the page to follow.
func (s *sheet) code(r Receipt, failed *error) {
	w := textWidth - codeSide - 10
	large := face{"B", 26}
	for large.size > 12 && s.wide(s.fit(r.Code), large) > w {
		large.size--
	}
	small := face{"", 11}
	track := s.wrap(s.fit(s.say("documents.receipt.track")), small, w, 0)
	address := s.wrap(s.fit(r.Address), small, w, 0)
	s.block(5, codeSide+6, false, func(y float64) {
		s.pdf.SetLineWidth(0.4)
		s.pdf.Rect(leftEdge, y, textWidth, codeSide+6, "D")
		if r.Address != "" {
			if err := s.qr(leftEdge+textWidth-codeSide-3, y+3, codeSide, r.Address, qrcode.Medium); err != nil {
				*failed = err
			}
		}
		x, at := leftEdge+4, y+3
		s.put(x, at, w, s.say("documents.receipt.code"), small, "L")
		at += small.high() + 0.5
		s.put(x, at, w, s.fit(r.Code), large, "L")
		at += large.high() + 1.5
		for _, l := range append(track, address...) {
			if at+small.high() > y+codeSide+6 {
				break
			}
			s.put(x, at, w, l.text, small, "L")
			at += small.high()
		}
	})
}

func (s *sheet) fields(fields []Field) {
	label, body := face{"B", receiptSize}, face{"", receiptSize}
	labelWidth := 46.0
	s.block(4, 0, true, func(float64) {})
	for _, f := range fields {
		labels := s.wrap(s.fit(f.Label), label, labelWidth-3, 0)
		var lines []line
		for part := range strings.SplitSeq(f.Text, "\n") {
			lines = append(lines, s.wrap(s.fit(part), body, textWidth-labelWidth, 0)...)
		}
		for i := range max(len(labels), len(lines)) {
			gap := 0.0
			if i == 0 {
				gap = 1.2
			}
			s.block(gap, body.high(), i == 0, func(y float64) {
				if i < len(labels) {
					s.put(leftEdge, y, labelWidth, labels[i].text, label, "L")
				}
				if i < len(lines) {
					s.put(leftEdge+labelWidth, y, textWidth-labelWidth, lines[i].text, body, "L")
				}
			})
		}
	}
}

func (s *sheet) dues(dues []Due) {
	if len(dues) == 0 {
		return
	}
	s.heading("documents.receipt.due")
	t := Table{Columns: []Column{
		{Title: s.say("documents.receipt.due_what"), Share: 4},
		{Title: s.say("documents.receipt.due_on"), Share: 2},
		{Title: s.say("documents.receipt.due_basis"), Share: 4},
	}}
	for _, d := range dues {
		on, basis := d.On.VN(), d.Basis
		if d.Provisional {
			on += "\n" + s.say("documents.receipt.provisional")
		}
		if d.Unconfirmed {
			basis = s.say("documents.receipt.unconfirmed")
		}
		t.Rows = append(t.Rows, []string{d.What, on, basis})
	}
	t.set(s)
}

func (s *sheet) heading(key string) {
	s.paragraph(s.say(key), paragraph{face: face{"B", 13}, align: "L", gap: 3.5, keepAll: true})
}

func (s *sheet) notice(key string, paragraphs []string) {
	if len(paragraphs) == 0 {
		return
	}
	s.heading(key)
	for _, p := range paragraphs {
		s.paragraph(p, paragraph{face: face{"", 11}, align: "J", gap: 0.8})
	}
}

// proof sets the log's words in small type beside their QR code, which holds
// them exactly: type broken into lines cannot be copied without doubt.
func (s *sheet) proof(proof string, failed *error) {
	if strings.TrimSpace(proof) == "" {
		return
	}
	s.heading("documents.receipt.proof")
	mono := face{"mono", monoSize}
	side := proofSide
	if len(proof) > qrMaxBytes {
		side = 0
	}
	x := leftEdge + side + 4
	var lines []string
	for part := range strings.SplitSeq(strings.TrimRight(proof, "\n"), "\n") {
		broken := s.wrap(part, mono, leftEdge+textWidth-x, 0)
		if len(broken) == 0 {
			lines = append(lines, "")
		}
		for _, l := range broken {
			lines = append(lines, l.text)
		}
	}
	fit := int((bottomEdge - topEdge) / 2 / mono.high())
	beside := lines[:min(len(lines), fit)]
	s.block(1.5, max(side, float64(len(beside))*mono.high())+1, false, func(y float64) {
		if side > 0 {
			if err := s.qr(leftEdge, y, side, proof, qrcode.Low); err != nil {
				*failed = err
			}
		}
		for i, l := range beside {
			s.put(x, y+float64(i)*mono.high(), textWidth-side-4, l, mono, "L")
		}
	})
	for _, l := range lines[len(beside):] {
		s.block(0, mono.high(), false, func(y float64) { s.put(x, y, textWidth-side-4, l, mono, "L") })
	}
}
