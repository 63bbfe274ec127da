package scans

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// numberIn is a number of the address or of a form; nonsense is one that there is not.
func numberIn(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

// in gives the fault of a reason or a choice the name that the field has on a
// page with several.
func in(form string, err error) ui.Errors {
	f := fault.Of(err)
	named := *f
	if f.Field == "reason" || f.Field == "items" {
		named.Field = form + "_" + f.Field
	}
	return ui.ErrorsOf(&named)
}

// onList ends an act that was asked for on the page of scans.
func (d *Desk) onList(w http.ResponseWriter, r *http.Request, v listView, err error, said string) error {
	if web.Mendable(err, fault.Conflict) {
		v.Secret = fault.Is(err, "vault.reason_names") || fault.Is(err, "sealed.reason_details")
		return d.showList(w, r, v, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, said)
	return web.SeeOther(w, r, homeOf(r.PathValue("case")))
}

// addForm takes scans. They are never written to a disk, not even while they come in.
func (d *Desk) addForm(w http.ResponseWriter, r *http.Request) error {
	web.Unkept(w)
	ctx, who, id := r.Context(), web.Actor(r), r.PathValue("case")
	if _, _, err := d.reading(ctx, who, id, "scan"); err != nil {
		return err // before a byte is read
	}
	form, err := web.ReadForm(w, r, web.Limits{Files: filesMost, FileBytes: fileMost, TotalBytes: formMost, InMemory: true})
	if err == nil {
		a := Addition{Once: form.Once()}
		if a.Files, err = contents(form.Files("files")); err == nil {
			err = d.Add(ctx, who, id, a)
		}
	}
	return d.onList(w, r, listView{Form: form, Errors: ui.ErrorsOf(err)}, err, "scans.added")
}

func contents(files []web.File) (all [][]byte, err error) {
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

func (d *Desk) openForm(w http.ResponseWriter, r *http.Request) error {
	return d.opening(w, r, "open", func(ctx context.Context, number int64, reason string) (to string, err error) {
		id := r.PathValue("case")
		ticket, err := d.Open(ctx, web.Actor(r), id, number, reason)
		return lookOf(id, number, ticket), err
	})
}

func (d *Desk) openCopyForm(w http.ResponseWriter, r *http.Request) error {
	return d.opening(w, r, "read", func(ctx context.Context, number int64, reason string) (to string, err error) {
		id := r.PathValue("case")
		ticket, err := d.OpenCopy(ctx, web.Actor(r), id, number, reason)
		return copyURL(id, number) + "/look/" + ticket, err
	})
}

// opening reads which scan or copy is to be opened and why, and leads to it.
func (d *Desk) opening(w http.ResponseWriter, r *http.Request, name string, open func(ctx context.Context, number int64, reason string) (to string, err error)) error {
	web.Unkept(w)
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	number := numberIn(form.Line(name + "_items"))
	to, err := open(r.Context(), number, form.Line(name+"_reason"))
	if number < 0 && fault.Is(err, "vault.no_items") {
		err = fault.New(fault.Invalid, "scans.choose").At("items")
	}
	if err != nil {
		return d.onList(w, r, listView{Form: form, Errors: in(name, err)}, err, "")
	}
	return web.SeeOther(w, r, to)
}

// lookForm saves the areas of a scan and, when asked, makes the copy.
func (d *Desk) lookForm(w http.ResponseWriter, r *http.Request) error {
	web.Unkept(w)
	ctx, who, id, scan, ticket := r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("scan")), r.PathValue("ticket")
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(form.Line("shown")) // nonsense is the first page
	areas, err := areasIn(form)
	if err == nil {
		err = d.SaveAreas(ctx, who, id, scan, ticket, areas)
	}
	said, to := "scans.saved", lookOf(id, scan, ticket)+"?page="+strconv.Itoa(page)
	if err == nil && form.Has("make") {
		_, err = d.Make(ctx, who, id, Making{Scan: scan, Ticket: ticket, None: form.Bool("none"), Once: form.Once()})
		said, to = "scans.made", homeOf(id)
	}
	if web.Mendable(err, fault.Conflict) {
		return d.showLook(w, r, lookView{Form: form, Errors: ui.ErrorsOf(err)}, page, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, said)
	return web.SeeOther(w, r, to)
}

// sides are the fields of a row, in the order of the page.
func sides() []string { return []string{"page", "left", "top", "width", "height"} }

// areasIn reads the rows; one that is empty but for the page names nothing.
func areasIn(form *web.Form) (all []PageArea, err error) {
	var wrong []*fault.Fault
	for i, row := range rowsIn(form) {
		if strings.Join(row[1:], "") == "" {
			continue
		}
		page, bad := strconv.Atoi(row[0])
		a, err := ReadArea(row[1], row[2], row[3], row[4])
		switch {
		case err != nil:
			wrong = append(wrong, fault.Of(err).At(rowField(i)))
		case bad != nil || page < 1:
			wrong = append(wrong, fault.New(fault.Invalid, "scans.bad_page").At(rowField(i)))
		}
		all = append(all, PageArea{page, a})
	}
	if len(wrong) > 0 {
		return nil, fault.Join(wrong...)
	}
	return all, nil
}

// rowsIn are the rows of a form as they were typed.
func rowsIn(form *web.Form) (rows [][]string) {
	for i, page := range form.Texts("page") {
		row := []string{page}
		for _, side := range sides()[1:] {
			typed := ""
			if all := form.Texts(side); i < len(all) {
				typed = strings.TrimSpace(all[i])
			}
			row = append(row, typed)
		}
		rows = append(rows, row)
	}
	return rows
}

func (d *Desk) decideForm(w http.ResponseWriter, r *http.Request) error {
	web.Unkept(w)
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	n := Decision{Ticket: r.PathValue("ticket"), Yes: form.Has("yes"), Looked: form.Bool("looked")}
	err = d.Decide(r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("number")), n)
	if web.Mendable(err, fault.Conflict) {
		page, _ := strconv.Atoi(form.Line("shown")) // nonsense is the first page
		return d.showCopy(w, r, page, ui.ErrorsOf(err), web.StatusOf(err))
	}
	said := "scans.declined"
	if n.Yes {
		said = "scans.released"
	}
	return d.onList(w, r, listView{}, err, said)
}

func (d *Desk) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	web.Unkept(w)
	_, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Withdraw(r.Context(), web.Actor(r), r.PathValue("case"), numberIn(r.PathValue("number")))
	}
	return d.onList(w, r, listView{}, err, "scans.withdrawn")
}
