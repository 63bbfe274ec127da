package intake

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// printed is told by "hdnd petitions import": what a workbook brought.
type printed struct {
	File    string         `json:"file"`
	DryRun  bool           `json:"dry_run"`
	Rows    int64          `json:"rows"`
	Taken   int64          `json:"taken"`   // of a dry run: would be taken in
	Skipped int64          `json:"skipped"` // doubled, or taken in before
	Errors  []printedError `json:"errors"`
}

type printedError struct {
	Row      int64  `json:"row"` // 0: the whole file
	Column   string `json:"column"`
	Sentence string `json:"sentence"`
}

// importCommand is "hdnd petitions import FILE.xlsx [--dry-run] [--json]
// [--council CODE]".
func (d *Desk) importCommand(ctx context.Context, args []string) error {
	return d.ImportFile(ctx, os.Stdout, args)
}

// ImportFile takes a workbook in from the command line, in the program's own
// name, with the columns it recognises. A dry run leaves nothing behind.
func (d *Desk) ImportFile(ctx context.Context, out io.Writer, args []string) error {
	if d.Words != nil {
		ctx = text.With(ctx, d.Words, text.LangOf(ctx))
	}
	flags := flag.NewFlagSet("petitions import", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	dry := flags.Bool("dry-run", false, "")
	asJSON := flags.Bool("json", false, "")
	code := flags.String("council", "", "")
	files, err := inAnyOrder(flags, args)
	if err != nil || len(files) != 1 {
		return errors.New(text.T(ctx, "intake.command_usage"))
	}
	p := printed{File: files[0], DryRun: *dry, Errors: []printedError{}}
	failure := d.importFile(ctx, files[0], *code, *dry, &p)
	if failure != nil {
		p.Errors = append(p.Errors, printedError{Sentence: sentence(ctx, failure)})
	}
	if err := p.write(ctx, out, *asJSON); err != nil {
		return err
	}
	return failure
}

// inAnyOrder lets flags stand behind the file's name too.
func inAnyOrder(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if args = flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, nil
}

func (d *Desk) importFile(ctx context.Context, name, councilCode string, dry bool, p *printed) (err error) {
	file, err := os.Open(name)
	if err != nil {
		return fault.New(fault.Invalid, "intake.file_not_there", "name", name).Because(err)
	}
	content, err := readAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	who, err := d.program(ctx, councilCode)
	if err != nil {
		return err
	}
	b, err := d.TakeWorkbook(ctx, who, filepath.Base(name), "", content)
	if err != nil {
		return err
	}
	keep := false
	defer func() {
		if !keep { // nothing of a dry run, or of a file that cannot be mapped, stays
			drop := d.DB.Tx(context.WithoutCancel(ctx), func(tx *db.Tx) error { return dropBatch(ctx, tx, b.ID) })
			err = errors.Join(err, drop)
		}
	}()
	alone := &Desk{d.Deps}
	alone.Queue = nil // no job: this command is the one that works
	if err := alone.CheckBatch(ctx, who, b.ID, Matching{HeaderRow: b.HeaderRow, Columns: b.Columns.V}); err != nil {
		return err
	}
	v, err := d.View(ctx, who, b.ID, "", 0)
	if err != nil {
		return err
	}
	if !dry && v.Counts[RowReady] > 0 {
		keep = true
		if err := alone.importNow(ctx, who, b.ID); err != nil {
			return err
		}
	}
	return d.report(ctx, who, b.ID, p)
}

// importNow does at once what the page leaves to a job.
func (d *Desk) importNow(ctx context.Context, who org.Actor, id string) error {
	if err := d.BeginImport(ctx, who, id); err != nil {
		return err
	}
	take := d.taking()
	for over := false; !over; {
		var err error
		if over, err = d.workUntil(ctx, id, BatchRunning, take, BatchDone, d.Clock.Now().Add(time.Hour)); err != nil {
			return err
		}
	}
	return nil
}

// program is the program itself, acting for a council: the named one, or the
// only city there is.
func (d *Desk) program(ctx context.Context, code string) (who org.Actor, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := org.Councils(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Code == code || code == "" && (c.Level == org.City || len(all) == 1) {
				who = org.System(c.ID)
				who.Level = c.Level
				return nil
			}
		}
		return fault.New(fault.Invalid, "intake.no_council_code", "code", code)
	})
	return who, err
}

// report counts what became of the rows and says what is wrong with each.
func (d *Desk) report(ctx context.Context, who org.Actor, id string, p *printed) error {
	v, err := d.View(ctx, who, id, "", 0)
	if err != nil {
		return err
	}
	p.Rows, p.Taken, p.Skipped = v.Total(), v.Counts[RowTaken], v.Counts[RowDouble]+v.Counts[RowAgain]
	if p.DryRun {
		p.Taken = v.Counts[RowReady]
	}
	for _, state := range []RowState{RowWrong, RowRefused} {
		for after := int64(0); ; {
			v, err := d.View(ctx, who, id, state, after)
			if err != nil {
				return err
			}
			for _, r := range v.Rows {
				for _, wrong := range r.Problems.V {
					p.Errors = append(p.Errors, printedError{Row: r.Number, Column: wrong.Letter(), Sentence: sentence(ctx, wrong.Fault())})
				}
			}
			if after = v.Next; after == 0 {
				break
			}
		}
	}
	return nil
}

// sentence is what a fault says to a person; ui.Sentence is for pages only.
func sentence(ctx context.Context, err error) string {
	f := fault.Of(err)
	if len(f.Faults) > 0 {
		f = f.Faults[0]
	}
	if f.Kind == fault.Internal || !text.Known(ctx, f.Key) {
		return text.T(ctx, "intake.row_failed")
	}
	args := make([]any, 0, 2*len(f.Args))
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	return text.T(ctx, f.Key, args...)
}

func (p printed) write(ctx context.Context, out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(p)
	}
	key := "intake.command_told"
	if p.DryRun {
		key = "intake.command_dry"
	}
	if _, err := fmt.Fprintln(out, text.Fill(text.T(ctx, key), "file", p.File, "rows", p.Rows, "taken", p.Taken, "skipped", p.Skipped, "wrong", len(p.Errors))); err != nil {
		return err
	}
	for _, e := range p.Errors {
		if _, err := fmt.Fprintln(out, text.T(ctx, "intake.command_error", "row", e.Row, "column", e.Column, "sentence", e.Sentence)); err != nil {
			return err
		}
	}
	return nil
}
