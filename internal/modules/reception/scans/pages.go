package scans

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// section is the line of the menu that these pages belong to.
const section = "/reception/sealed"

// reasonMax is as much as the vault keeps of a reason.
const reasonMax = 1000

// listView is the page of a denunciation's scans.
type listView struct {
	Sheet
	Form   *web.Form
	Errors ui.Errors
	Secret bool // the reason repeated something sealed: it is not shown again
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	return d.showList(w, r, listView{}, http.StatusOK)
}

func (d *Desk) showList(w http.ResponseWriter, r *http.Request, v listView, status int) (err error) {
	if v.Sheet, err = d.Sheet(r.Context(), web.Actor(r), r.PathValue("case")); err != nil {
		return err
	}
	web.Unkept(w)
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "scans.title"), Section: section, Status: status}, listBody(v))
}

func crumbs(ctx context.Context, fileID string, more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Label: text.T(ctx, "scans.crumb_files"), URL: section}, {Label: text.T(ctx, "scans.crumb_file"), URL: under + fileID}}, more...)
}

func (v listView) url(act string) string { return homeOf(v.FileID) + act }

func (v listView) copiesURL() string { return under + v.FileID + "/scan-copies/open" }

func (v listView) reason(ctx context.Context, form string) ui.Field {
	f := ui.Field{Name: form + "_reason", Label: text.T(ctx, "scans.reason"), Hint: text.T(ctx, "scans.reason_hint"), Required: true, Max: reasonMax, Rows: 2, Errors: v.Errors, Autocomplete: "off"}
	if !v.Secret {
		f.Value = v.Form.Text(f.Name)
	}
	return f
}

func (v listView) scans(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "open_items", Label: text.T(ctx, "scans.scan"), Value: v.Form.Line("open_items"), Required: true, Errors: v.Errors}
	for _, s := range v.Scans {
		o := ui.Option{Value: strconv.FormatInt(s.Number, 10), Label: text.T(ctx, "scans.scan_number", "n", s.Number), Hint: text.T(ctx, "scans.came_along")}
		if s.Adder != "" {
			o.Hint = text.T(ctx, "scans.added_by", "name", s.Adder, "at", moment(s.AddedAt.Time))
		}
		c.Options = append(c.Options, o)
	}
	return only(c)
}

// only answers a question that has one answer.
func only(c ui.Choice) ui.Choice {
	if c.Value == "" && len(c.Options) == 1 {
		c.Value = c.Options[0].Value
	}
	return c
}

func (v listView) waiting(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "read_items", Label: text.T(ctx, "scans.copy"), Value: v.Form.Line("read_items"), Required: true, Errors: v.Errors}
	for _, k := range v.Copies {
		if k.State == Waiting {
			c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(k.Number, 10), Label: text.T(ctx, "scans.copy_number", "n", k.Number),
				Hint: text.T(ctx, "scans.made_by", "scan", k.Scan, "name", k.Maker, "at", moment(k.MadeAt.Time))})
		}
	}
	return only(c)
}

func (v listView) files(ctx context.Context) ui.FileField {
	return ui.FileField{Name: "files", Label: text.T(ctx, "scans.files"), Hint: text.T(ctx, "scans.files_hint"), Accept: ".pdf,.png,.jpg,.jpeg", Files: filesMost, FileBytes: fileMost, Required: true, Errors: v.Errors}
}

func (v listView) released(ctx context.Context) ui.TableView[Copy] {
	return ui.TableView[Copy]{ID: "released", Caption: text.T(ctx, "scans.released_title"), Rows: v.Released,
		Empty: ui.Empty{Title: text.T(ctx, "scans.released_none"), Text: text.T(ctx, "scans.released_none_text")},
		Columns: []ui.Column[Copy]{
			{Key: "scan", Label: text.T(ctx, "scans.scan"), Text: func(c Copy) string { return text.T(ctx, "scans.scan_number", "n", c.Scan) }},
			{Key: "pages", Label: text.T(ctx, "scans.pages"), Number: true, Text: func(c Copy) string { return strconv.Itoa(c.Pages) }},
			{Key: "at", Label: text.T(ctx, "scans.released_at"), Narrow: true, Text: func(c Copy) string { return moment(c.DecidedAt.Time) }},
			{Key: "acts", Label: text.T(ctx, "scans.acts"), Cell: func(c Copy) templ.Component { return downloadAct(c) }},
		}}
}

func (v listView) copies(ctx context.Context) ui.TableView[Copy] {
	return ui.TableView[Copy]{ID: "copies", Caption: text.T(ctx, "scans.copies"), Rows: v.Copies, Empty: ui.Empty{Title: text.T(ctx, "scans.copies_none")},
		Columns: []ui.Column[Copy]{
			{Key: "number", Label: text.T(ctx, "scans.copy"), Number: true, Text: func(c Copy) string { return strconv.FormatInt(c.Number, 10) }},
			{Key: "of", Label: text.T(ctx, "scans.scan"), Number: true, Text: func(c Copy) string { return strconv.FormatInt(c.Scan, 10) }},
			{Key: "state", Label: text.T(ctx, "scans.state"), Text: func(c Copy) string { return text.T(ctx, "scans.copy_state."+string(c.State)) }},
			{Key: "areas", Label: text.T(ctx, "scans.areas"), Number: true, Text: func(c Copy) string { return strconv.Itoa(len(c.Areas.V)) }},
			{Key: "maker", Label: text.T(ctx, "scans.maker"), Text: func(c Copy) string { return c.Maker + " · " + moment(c.MadeAt.Time) }},
			{Key: "decider", Label: text.T(ctx, "scans.decider"), Text: func(c Copy) string { return decided(c) }},
			{Key: "acts", Label: text.T(ctx, "scans.acts"), Cell: func(c Copy) templ.Component { return copyActs(c, v.Access.Reader) }},
		}}
}

func decided(c Copy) string {
	if c.Decider == "" {
		return ""
	}
	return c.Decider + " · " + moment(c.DecidedAt.Time)
}

func moment(t time.Time) string { return t.In(clock.Hanoi).Format("15:04 02/01/2006") }

// lookView is the page on which areas are chosen.
type lookView struct {
	Look
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) lookPage(w http.ResponseWriter, r *http.Request) error {
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // nonsense is the first page
	return d.showLook(w, r, lookView{}, page, http.StatusOK)
}

func (d *Desk) showLook(w http.ResponseWriter, r *http.Request, v lookView, page, status int) (err error) {
	web.Unkept(w)
	if v.Look, err = d.Look(r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("scan")), r.PathValue("ticket"), page); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.title(r.Context()), Section: section, Status: status, Wide: true}, lookBody(v))
}

func (v lookView) title(ctx context.Context) string {
	return text.T(ctx, "scans.scan_number", "n", v.Scan)
}

func (v lookView) url() string { return lookOf(v.FileID, v.Scan, v.Ticket) }

func (v lookView) until(ctx context.Context) string {
	return text.T(ctx, "scans.open_until", "at", v.Until.In(clock.Hanoi).Format("15:04"))
}

func (v lookView) where(ctx context.Context) string {
	return text.T(ctx, "scans.page_of", "page", v.Page, "pages", v.Pages)
}

// picture is the address of the page's picture.
func (v lookView) picture(as Style) string {
	return v.url() + "/" + strconv.Itoa(v.Page) + "?as=" + string(as)
}

func (v lookView) pager(ctx context.Context) ui.Pages {
	return pager(v.url(), v.Page, v.Pages, v.where(ctx))
}

func pager(url string, page, pages int, summary string) ui.Pages {
	p := ui.Pages{Summary: summary}
	if page > 1 {
		p.Previous = url + "?page=" + strconv.Itoa(page-1)
	}
	if page < pages {
		p.Next = url + "?page=" + strconv.Itoa(page+1)
	}
	return p
}

// boxView is an area of the page in sight, as it is drawn over its picture.
type boxView struct{ X, Y, Width, Height string }

func (v lookView) boxes() (all []boxView) {
	for _, a := range byPage(v.Areas)[v.Page] {
		all = append(all, boxView{strconv.Itoa(a.Left), strconv.Itoa(a.Top), strconv.Itoa(a.Width), strconv.Itoa(a.Height)})
	}
	return all
}

// here is how many areas the page in sight has.
func (v lookView) here() int { return len(byPage(v.Areas)[v.Page]) }

// rowView is one area in the form.
type rowView struct {
	Field string
	Cells []cellView
}

type cellView struct{ ID, Name, Label, Value string }

// rowField is the name under which a fault of a row is found.
func rowField(i int) string { return "area." + strconv.Itoa(i+1) }

// rowsSpare is how many empty rows stand below those that were filled in.
const rowsSpare = 3

func (v lookView) rows(ctx context.Context) (all []rowView) {
	typed := rowsIn(v.Form)
	if v.Form == nil {
		for _, a := range v.Areas {
			typed = append(typed, []string{strconv.Itoa(a.Page), Percent(a.Left), Percent(a.Top), Percent(a.Width), Percent(a.Height)})
		}
		for range min(rowsSpare, areasMost-len(typed)) {
			typed = append(typed, []string{strconv.Itoa(v.Page), "", "", "", ""})
		}
	}
	for i, values := range typed {
		row := rowView{Field: rowField(i)}
		for j, name := range sides() {
			id := "area-" + strconv.Itoa(i+1) + "-" + name
			if j == 0 {
				id = "f-area-" + strconv.Itoa(i+1) // where the list of errors leads
			}
			row.Cells = append(row.Cells, cellView{ID: id, Name: name, Label: text.T(ctx, "scans.side_"+name, "n", i+1), Value: values[j]})
		}
		all = append(all, row)
	}
	return all
}

// wrong is what is to be mended in a row; empty: nothing.
func (v lookView) wrong(ctx context.Context, r rowView) string {
	f := v.Errors.At(r.Field)
	if f == nil {
		return ""
	}
	return ui.Sentence(ctx, f)
}

// pictureFile gives the picture of a page to the person who has it open.
func (d *Desk) pictureFile(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Picture(r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("scan")), r.PathValue("ticket"), int(numberIn(r.PathValue("page"))), Style(r.URL.Query().Get("as")))
	return sendPicture(w, b, err)
}

func (d *Desk) copyPictureFile(w http.ResponseWriter, r *http.Request) error {
	b, err := d.CopyPicture(r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("number")), r.PathValue("ticket"), int(numberIn(r.PathValue("page"))))
	return sendPicture(w, b, err)
}

func sendPicture(w http.ResponseWriter, b []byte, err error) error {
	web.Unkept(w)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, err = w.Write(b)
	return err
}

// copyView is a copy before the person who may release it.
type copyView struct {
	CopyLook
	Page   int
	Errors ui.Errors
}

func (d *Desk) copyPage(w http.ResponseWriter, r *http.Request) error {
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // nonsense is the first page
	return d.showCopy(w, r, page, ui.Errors{}, http.StatusOK)
}

func (d *Desk) showCopy(w http.ResponseWriter, r *http.Request, page int, wrong ui.Errors, status int) (err error) {
	web.Unkept(w)
	v := copyView{Errors: wrong}
	if v.CopyLook, err = d.LookCopy(r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("number")), r.PathValue("ticket")); err != nil {
		return err
	}
	v.Page = min(max(page, 1), v.Pages)
	return web.Page(w, r, web.Head{Title: v.title(r.Context()), Section: section, Status: status}, copyBody(v))
}

func (v copyView) title(ctx context.Context) string {
	return text.T(ctx, "scans.copy_number", "n", v.Number)
}

func (v copyView) url() string { return copyURL(v.FileID, v.Number) + "/look/" + v.Ticket }

func (v copyView) picture() string { return v.url() + "/" + strconv.Itoa(v.Page) }

func (v copyView) where(ctx context.Context) string {
	return text.T(ctx, "scans.page_of", "page", v.Page, "pages", v.Pages)
}

func (v copyView) pager(ctx context.Context) ui.Pages {
	return pager(v.url(), v.Page, v.Pages, v.where(ctx))
}

func (v copyView) until(ctx context.Context) string {
	return text.T(ctx, "scans.open_until", "at", v.Until.In(clock.Hanoi).Format("15:04"))
}

// copyFile gives a released copy. Its name says nothing but its number.
func (d *Desk) copyFile(w http.ResponseWriter, r *http.Request) error {
	number := numberIn(r.PathValue("number"))
	b, err := d.Released(r.Context(), web.Actor(r), r.PathValue("case"), number)
	if err != nil {
		return err
	}
	web.Unkept(w)
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "ban-quet-da-che-" + strconv.FormatInt(number, 10) + ".pdf"}))
	_, err = w.Write(b)
	return err
}
