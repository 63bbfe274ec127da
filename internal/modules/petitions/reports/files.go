package reports

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// file takes the rows of a report one by one and writes them out at the end.
type file interface {
	row(r Row) error
	write(w io.Writer, r Report) error
}

type maker func(d *Desk, r Report) (file, error)

func workbookOf(d *Desk, r Report) (file, error) { return d.newWorkbook(r) }
func documentOf(d *Desk, r Report) (file, error) { return d.newDocument(r), nil }
func printOf(d *Desk, r Report) (file, error) {
	return &printout{desk: d, columns: d.narrow(r.Kind)}, nil
}

// Formats of files.
const (
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	pdfType  = "application/pdf"
)

// formatOf finds a format by the ending of its files.
func formatOf(ending string) (media string, with maker, ok bool) {
	switch ending {
	case "xlsx":
		return xlsxType, workbookOf, true
	case "docx":
		return docxType, documentOf, true
	case "pdf":
		return pdfType, printOf, true
	}
	return "", nil, false
}

// Download is a report as a file.
//
// vi: -
type Download struct {
	Name, Type string
	Content    io.ReadCloser
}

// File writes a made report as a file: xlsx, docx or pdf. A large one is there
// as the workbook that was made with it; nobody prints a thousand pages.
func (d *Desk) File(ctx context.Context, who org.Actor, id, ending string) (f Download, err error) {
	r, err := d.Report(ctx, who, id)
	if err != nil {
		return f, err
	}
	media, with, ok := formatOf(ending)
	if !ok {
		return f, fault.New(fault.Missing, "reports.no_such_file")
	}
	if r.Status != Made {
		return f, fault.New(fault.Refused, "reports.still_counting")
	}
	f.Name, f.Type = r.fileName(ending), media
	if r.Total > directMost {
		return d.kept(ctx, r, f)
	}
	var out bytes.Buffer
	if err := d.writeRows(ctx, &r, with, &out, nil); err != nil {
		return f, err
	}
	f.Content = io.NopCloser(&out)
	return f, nil
}

// kept gives the workbook that a job made.
func (d *Desk) kept(ctx context.Context, r Report, f Download) (Download, error) {
	if f.Type != xlsxType || r.PaperID == "" {
		return f, fault.New(fault.Refused, "reports.too_long_for_paper", "max", directMost)
	}
	var paper documents.Paper
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		paper, err = d.Documents.Find(ctx, tx, r.PaperID)
		return err
	})
	if err != nil {
		return f, err
	}
	f.Content, err = d.Documents.Open(ctx, paper)
	return f, err
}

// writeRows runs a report and writes it as it is read. The numbers in r are
// those of this run: Make has put the same ones into the table.
func (d *Desk) writeRows(ctx context.Context, r *Report, with maker, out io.Writer, progress func(int) error) error {
	if err := d.named(ctx, r); err != nil {
		return err
	}
	f, err := with(d, *r)
	if err != nil {
		return err
	}
	row := f.row
	if r.Kind == Summary {
		row = func(Row) error { return nil } // a summary lists no petitions
	}
	if err := d.count(ctx, r, row, progress); err != nil {
		return err
	}
	if err := d.named(ctx, r); err != nil {
		return err
	}
	return f.write(out, *r)
}

// named loads the names of the bodies that a report speaks of, as they are today.
func (d *Desk) named(ctx context.Context, r *Report) error {
	ids := slices.Collect(maps.Keys(r.Figures.V.Now.ByBody))
	ids = append(ids, r.Query.V.BodyID, r.CommitteeID)
	return d.DB.Read(ctx, func(tx *db.Tx) error {
		bodies, err := org.BodiesNamed(ctx, tx, ids)
		if err != nil {
			return err
		}
		r.names = make(map[string]string, len(bodies))
		for id, b := range bodies {
			r.names[id] = b.Name
		}
		council, err := org.CouncilOf(ctx, tx, r.CouncilID)
		r.council = council.Name
		return err
	})
}

// printout is a report as a PDF in the form of NĐ 30/2020, upright.
type printout struct {
	desk    *Desk
	columns []column
	rows    [][]string
}

func (p *printout) row(r Row) error {
	line := make([]string, len(p.columns))
	for i, c := range p.columns {
		line[i] = shorten(c.of(int64(len(p.rows)+1), r).String(), summaryMost)
	}
	p.rows = append(p.rows, line)
	return nil
}

func (p *printout) write(w io.Writer, r Report) error {
	d := p.desk
	over := d.over(r)
	l := documents.Letter{Head: documents.Head{Issuer: strings.ToUpper(r.council), Place: d.say("reports.paper_place"), Date: clock.DateOf(r.MadeAt.Time)},
		Kind: d.say("reports.paper_annex"), Subject: over.title, Created: r.MadeAt.Time, Recipients: []string{d.say("reports.paper_filed")},
		Sign: documents.Signature{Title: d.say("reports.paper_signer")}}
	for _, a := range over.about {
		l.Body = append(l.Body, documents.Paragraph{Text: a})
	}
	if r.Kind != Summary {
		t := documents.Table{Rows: p.rows}
		for _, c := range p.columns {
			t.Columns = append(t.Columns, documents.Column{Title: d.say("reports.col." + c.key), Share: c.width, Right: c.form == asNumber})
		}
		l.Body = append(l.Body, t)
	}
	for _, g := range d.grids(r.Figures.V, r.names) {
		l.Body = append(l.Body, documents.Paragraph{Text: g.title}, g.table())
	}
	for _, note := range d.under(r) {
		l.Body = append(l.Body, documents.Paragraph{Text: note})
	}
	return documents.WriteLetter(w, d.Fonts, l)
}

// table is a grid on paper.
func (g grid) table() documents.Table {
	t := documents.Table{}
	for i, h := range g.head {
		c := documents.Column{Title: h, Share: 1, Right: i > 0}
		if i == 0 {
			c.Share = 3
		}
		t.Columns = append(t.Columns, c)
	}
	for _, row := range g.rows {
		line := make([]string, len(row))
		for i, c := range row {
			line[i] = c.String()
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}
