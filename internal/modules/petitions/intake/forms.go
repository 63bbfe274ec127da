package intake

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (d *Desk) openMeeting(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var m VoterMeeting
	if err == nil {
		var day clock.Date
		var wrong *fault.Fault
		if day, wrong = form.Date("held_on"); wrong != nil {
			err = wrong
		} else {
			m, err = d.OpenMeeting(r.Context(), web.Actor(r), Announcement{HeldOn: day, Place: form.Line("place"), Wards: form.Text("wards"), Constituency: form.Line("constituency"),
				Session: form.Line("session"), Present: form.Text("deputies"), Once: form.Once()})
		}
	}
	if web.Mendable(err) {
		return d.showMeetings(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "intake.meeting_opened")
	return web.SeeOther(w, r, "/intake/meetings/"+m.ID)
}

// takeLines takes the rapid form. When every line was good the page comes back
// empty for the next ones; else the lines that were not stay, each with its own
// mark, beside what is wrong with them.
func (d *Desk) takeLines(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("meeting")
	told, err := d.TakeLines(r.Context(), web.Actor(r), id, form.Line("deputy"), linesOf(form))
	if web.Mendable(err) {
		return d.showMeeting(w, r, lineResult{Errors: ui.ErrorsOf(err), Again: linesOf(form), Deputy: form.Line("deputy")})
	}
	if err != nil {
		return err
	}
	result := lineResult{Deputy: form.Line("deputy")}
	var codes []string
	for _, t := range told {
		if t.Err != nil {
			result.Again, result.Wrong = append(result.Again, t.Line), append(result.Wrong, firstFault(t.Err))
			continue
		}
		result.Taken, codes = append(result.Taken, t), append(codes, t.Taken.Code)
	}
	if len(result.Again) > 0 {
		return d.showMeeting(w, r, result)
	}
	if len(told) == 0 {
		web.FlashWarning(w, r, "intake.lines_none")
	} else {
		web.Flash(w, r, "intake.lines_taken", "n", len(codes), "codes", strings.Join(codes, ", "))
	}
	return web.SeeOther(w, r, "/intake/meetings/"+id)
}

// linesOf reads the lines of the rapid form by their numbers.
func linesOf(form *web.Form) []Line {
	var all []Line
	for i := 0; i < linesMax && form.Has(lineField(i, "text")); i++ {
		all = append(all, Line{Text: form.Line(lineField(i, "text")), Name: form.Line(lineField(i, "name")), Phone: form.Line(lineField(i, "phone")), Ward: form.Line(lineField(i, "ward")),
			Once: shortMark(form.Line(lineField(i, "once")))})
	}
	return all
}

// shortMark drops a mark that no page of ours made.
func shortMark(s string) string {
	const most = 64
	if len(s) > most {
		return ""
	}
	return s
}

func lineField(i int, name string) string { return "line-" + strconv.Itoa(i) + "-" + name }

func firstFault(err error) *fault.Fault {
	f := fault.Of(err)
	if len(f.Faults) > 0 {
		return f.Faults[0]
	}
	return f
}

func (d *Desk) takeLetter(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, uploadLimits())
	var taken Taken
	if err == nil {
		taken, err = d.letterOf(r, form)
	}
	if web.Mendable(err) {
		return d.showLetter(w, r, form, err)
	}
	if err != nil {
		return err
	}
	key := "intake.letter_taken"
	if taken.Again {
		key = "intake.letter_again"
	}
	web.Flash(w, r, key, "code", taken.Code)
	return web.SeeOther(w, r, "/intake/letters?channel="+form.Line("channel"))
}

func (d *Desk) letterOf(r *http.Request, form *web.Form) (Taken, error) {
	day, wrong := form.Date("day")
	if wrong != nil {
		return Taken{}, wrong
	}
	l := LetterIn{Channel: Channel(form.Line("channel")), Day: day, Text: form.Text("text"), Ward: form.Line("ward"), Name: form.Line("name"), Email: form.Line("email"), Phone: form.Line("phone"),
		Address: form.Line("address"), Ref: form.Line("ref"), Ask: form.Line("session"), DeputyID: form.Line("deputy"), Once: form.Once()}
	if files := form.Files("files"); len(files) > 0 {
		drafts, err := d.Documents.TakeAll(r.Context(), uploadsOf(files), documents.UsualLimits())
		if err != nil {
			return Taken{}, err
		}
		l.Files = drafts
	}
	return d.TakeLetter(r.Context(), web.Actor(r), l)
}

func uploadsOf(files []web.File) []documents.Upload {
	all := make([]documents.Upload, len(files))
	for i, f := range files {
		all[i] = documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }}
	}
	return all
}

func (d *Desk) takeUpload(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Files: 1, FileBytes: fileBytesMax})
	var b Batch
	if err == nil {
		b, err = d.workbookOf(r, form)
	}
	if web.Mendable(err) {
		return d.showImports(w, r, form, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/intake/imports/"+b.ID+"/columns")
}

func (d *Desk) workbookOf(r *http.Request, form *web.Form) (Batch, error) {
	files := form.Files("files")
	if len(files) != 1 {
		return Batch{}, fault.New(fault.Invalid, "intake.file_none").At("files")
	}
	file, err := files[0].Open()
	if err != nil {
		return Batch{}, err
	}
	content, err := readAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return Batch{}, err
	}
	return d.TakeWorkbook(r.Context(), web.Actor(r), files[0].Name, form.Line("sheet"), content)
}

// takeColumns takes the mapping and shows the dry run.
func (d *Desk) takeColumns(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("batch")
	m, err := matchingOf(form)
	if err == nil {
		err = d.CheckBatch(r.Context(), web.Actor(r), id, m)
	}
	if web.Mendable(err) {
		return d.showColumns(w, r, form, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/intake/imports/"+id)
}

func matchingOf(form *web.Form) (m Matching, err error) {
	row, wrong := form.Int("header_row")
	var faults []*fault.Fault
	faults = append(faults, wrong)
	m = Matching{HeaderRow: int64(row), Columns: Mapping{}, Defaults: Defaults{Session: form.Line("session"), Ward: form.Line("ward"), Channel: Channel(form.Line("channel"))}}
	m.Defaults.Day, wrong = form.Date("day")
	faults = append(faults, wrong)
	for _, to := range targets() {
		col, wrong := form.Int("column." + string(to))
		faults = append(faults, wrong)
		if col > 0 {
			m.Columns[to] = col
		}
	}
	return m, fault.Join(faults...)
}

func (d *Desk) beginImport(w http.ResponseWriter, r *http.Request) error {
	if err := d.BeginImport(r.Context(), web.Actor(r), r.PathValue("batch")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/intake/imports/"+r.PathValue("batch"))
}

func (d *Desk) cancelImport(w http.ResponseWriter, r *http.Request) error {
	if err := d.CancelImport(r.Context(), web.Actor(r), r.PathValue("batch")); err != nil {
		return err
	}
	web.Flash(w, r, "intake.stopped")
	return web.SeeOther(w, r, "/intake/imports/"+r.PathValue("batch"))
}

func (d *Desk) undoImport(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.UndoImport(r.Context(), web.Actor(r), r.PathValue("batch"), form.Text("reason"))
	}
	if web.Mendable(err) {
		return d.showBatch(w, r, form, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/intake/imports/"+r.PathValue("batch"))
}

func (d *Desk) templateFile(w http.ResponseWriter, r *http.Request) error {
	var out strings.Builder
	if err := WriteTemplate(r.Context(), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+text.T(r.Context(), "intake.template_file")+`.xlsx"`)
	_, err := io.WriteString(w, out.String())
	return err
}
