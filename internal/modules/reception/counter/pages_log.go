package counter

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

// logView is one page of the log.
type logView struct {
	Book
	From, Until string // as typed
	Errors      ui.Errors
}

// asked reads the period of the address; what is no date is a fault.
func asked(q url.Values) (Period, error) {
	var p Period
	var faults []*fault.Fault
	for _, one := range []struct {
		name string
		to   *clock.Date
	}{{"from", &p.From}, {"until", &p.Until}} {
		typed := text.Line(q.Get(one.name))
		if typed == "" {
			continue
		}
		day, err := clock.ParseDate(typed)
		if err != nil {
			faults = append(faults, fault.New(fault.Invalid, "counter.day_bad").At(one.name))
		}
		*one.to = day
	}
	return p, fault.Join(faults...)
}

// fullLogForm gives the log with full numbers, for a reason.
func (d *Desk) fullLogForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	p, err := asked(url.Values{"from": {form.Line("from")}, "until": {form.Line("until")}})
	var name string
	var content []byte
	if err == nil {
		name, content, err = d.FullLog(r.Context(), web.Actor(r), p, form.Text("reason"))
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showLog(w, r, err)
	}
	if err != nil {
		return err
	}
	return download(w, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content)
}

func (d *Desk) logPage(w http.ResponseWriter, r *http.Request) error {
	return d.showLog(w, r, nil)
}

func (d *Desk) showLog(w http.ResponseWriter, r *http.Request, wrong error) error {
	ctx, q := r.Context(), r.URL.Query()
	v := logView{From: q.Get("from"), Until: q.Get("until")}
	p, err := asked(q)
	if wrong != nil {
		err = wrong
	} else if err == nil {
		v.Book, err = d.Log(ctx, web.Actor(r), p, q.Get("after"))
	}
	status := http.StatusOK
	if fault.KindOf(err) == fault.Invalid {
		v.Errors, status = ui.ErrorsOf(err), http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	if v.From == "" {
		v.From, v.Until = v.Period.From.VN(), v.Period.Until.VN()
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(ctx, "counter.menu_log"), Section: logPath, Status: status, Wide: true}, logBody(v))
}

func (v logView) query() url.Values { return url.Values{"from": {v.From}, "until": {v.Until}} }

func (v logView) next() string {
	if v.Next == "" {
		return ""
	}
	q := v.query()
	q.Set("after", v.Next)
	return logPath + "?" + q.Encode()
}

func (v logView) file(ending string) string {
	return logPath + "/so-tiep-cong-dan." + ending + "?" + v.query().Encode()
}

func (v logView) table(ctx context.Context) ui.TableView[Entry] {
	t := ui.TableView[Entry]{ID: "log", Wide: true, Caption: text.T(ctx, "counter.menu_log"), Rows: v.Entries, URL: func(e Entry) string { return visitPath + e.VisitID }, Empty: ui.Empty{Title: text.T(ctx, "counter.log_none")}}
	cells := make(map[string][]string, len(v.Entries)) // of a line, once for all its columns
	for _, e := range v.Entries {
		cells[e.Line.ID] = e.Cells()
	}
	for i, c := range logColumns() {
		t.Columns = append(t.Columns, ui.Column[Entry]{Key: c.Key, Label: text.T(ctx, "counter.col."+c.Key), Narrow: i < 2, Words: c.Key == "summary", Cell: func(e Entry) templ.Component { return lines(strings.Split(cells[e.Line.ID][i], "\n")) }})
	}
	return t
}

func (d *Desk) logFile(w http.ResponseWriter, r *http.Request) error {
	_, ending, _ := strings.Cut(r.PathValue("file"), ".")
	media, ok := map[string]string{"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}[ending]
	if !ok {
		return fault.New(fault.Missing, "counter.no_file")
	}
	p, err := asked(r.URL.Query())
	var name string
	var content []byte
	if err == nil {
		name, content, err = d.File(r.Context(), web.Actor(r), p, ending)
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showLog(w, r, err)
	}
	if err != nil {
		return err
	}
	return download(w, name, media, content)
}
