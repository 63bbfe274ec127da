package reports

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
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
	return d.newPrintout(r)
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

// kept gives the workbook that a job made. One that lists a petition which was
// split off since is not given any more: it is written anew.
func (d *Desk) kept(ctx context.Context, r Report, f Download) (Download, error) {
	if f.Type != xlsxType || r.PaperID == "" {
		return f, fault.New(fault.Refused, "reports.too_long_for_paper", "max", directMost)
	}
	paper, stale, err := d.workbookKept(ctx, r)
	if err != nil {
		return f, err
	}
	if stale {
		err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.leaveToJob(ctx, tx, makeJob, r) })
		if err == nil {
			err = fault.New(fault.Refused, "reports.file_anew")
		}
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
		row = nil // it lists no petitions
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
		if err != nil {
			return err
		}
		place, err := org.UnitOf(ctx, tx, council.UnitCode, clock.Today(d.Clock))
		if fault.Is(err, "db.no_row") {
			err = nil // the line stays open for the pen
		}
		r.council, r.place = council.Name, place.Name
		return err
	})
}
