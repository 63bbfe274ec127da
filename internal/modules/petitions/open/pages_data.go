package open

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// licence is the terms under which the data may be used, by its public name.
const licence = "CC-BY-4.0"

// fileTime is for a year of a large city over a slow line.
const fileTime = 15 * time.Minute

// maxAgeSeconds is how long a file may be kept without asking again.
const maxAgeSeconds = 300

// fresh answers 304 when the reader already has this version, and else says
// which one it gets. Files are the same for everybody, so any cache may keep them.
func fresh(w http.ResponseWriter, r *http.Request, tag string, changed time.Time) bool {
	h := w.Header()
	tag = `W/"` + tag + `"`
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(maxAgeSeconds))
	h.Set("Vary", "Accept-Encoding")
	if !changed.IsZero() {
		h.Set("Last-Modified", changed.UTC().Format(http.TimeFormat))
	}
	known := false
	if asked := r.Header.Get("If-None-Match"); asked != "" {
		for one := range strings.SplitSeq(asked, ",") {
			known = known || strings.TrimSpace(one) == tag || strings.TrimSpace(one) == "*"
		}
	} else if since, err := http.ParseTime(r.Header.Get("If-Modified-Since")); err == nil && !changed.IsZero() {
		known = !changed.Truncate(time.Second).After(since)
	}
	if known {
		w.WriteHeader(http.StatusNotModified)
	}
	return known
}

// spanAsked reads ?nam=2026&thang=11; nothing asked is the present month.
func (s *Service) spanAsked(r *http.Request) (span Span, name string, err error) {
	q := r.URL.Query()
	today := clock.Today(s.Clock)
	year, month := today.Year, int(today.Month)
	if q.Has("nam") {
		month = 0
		if year, err = strconv.Atoi(q.Get("nam")); err != nil || year < 2000 || year > today.Year {
			return span, "", fault.New(fault.Invalid, "open.bad_year").At("nam")
		}
	}
	if q.Has("thang") {
		if month, err = strconv.Atoi(q.Get("thang")); err != nil || month < 1 || month > 12 {
			return span, "", fault.New(fault.Invalid, "open.bad_month").At("thang")
		}
	}
	name = fmt.Sprintf("kien-nghi-%04d", year)
	if month != 0 {
		name += fmt.Sprintf("-%02d", month)
	}
	return SpanOf(year, month), name, nil
}

// begin answers for an unchanged file, or writes the head of a new one.
func (s *Service) begin(w http.ResponseWriter, r *http.Request, form, media string) (span Span, done bool, err error) {
	span, name, err := s.spanAsked(r)
	if err != nil {
		return span, false, err
	}
	v, err := s.Version(r.Context(), span)
	if err != nil {
		return span, false, err
	}
	if fresh(w, r, v.tag(span, form), v.Changed.Time) {
		return span, true, nil
	}
	h := w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+"."+form+`"`)
	h.Set("Access-Control-Allow-Origin", "*") // open data: other sites may read it
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return span, false, nil
}

func (s *Service) dataCSV(w http.ResponseWriter, r *http.Request) error {
	span, done, err := s.begin(w, r, "csv", "text/csv")
	if err != nil || done {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if _, err := out.WriteString("\ufeff"); err != nil { // so that spreadsheets read it as UTF-8
		return err
	}
	table := csv.NewWriter(out)
	table.UseCRLF = true // RFC 4180
	if err := table.Write(columns()); err != nil {
		return err
	}
	err = s.Each(r.Context(), span, func(rec Record) error {
		cells := rec.cells()
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		return table.Write(cells)
	})
	if err != nil {
		return err
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return err
	}
	return out.Flush()
}

func (s *Service) dataJSON(w http.ResponseWriter, r *http.Request) error {
	span, done, err := s.begin(w, r, "json", "application/json")
	if err != nil || done {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	before := "[\n"
	err = s.Each(r.Context(), span, func(rec Record) error {
		b, err := json.Marshal(rec)
		if err != nil {
			return err
		}
		if _, err := out.WriteString(before); err != nil {
			return err
		}
		before = ",\n"
		_, err = out.Write(b)
		return err
	})
	if err != nil {
		return err
	}
	if before == "[\n" {
		if _, err := out.WriteString("["); err != nil {
			return err
		}
	}
	if _, err := out.WriteString("\n]\n"); err != nil {
		return err
	}
	return out.Flush()
}

// meaning is a word of the dictionary in both languages.
type meaning struct {
	Code string `json:"code"`
	Vi   string `json:"vi"`
	En   string `json:"en"`
}

// dictionary says what the files hold.
type dictionary struct {
	Licence  string    `json:"licence"`
	Encoding string    `json:"encoding"`
	Columns  []meaning `json:"columns"`
	States   []meaning `json:"states"`
	Outcomes []meaning `json:"outcomes"`
	Fields   []meaning `json:"fields"`
}

// statesShown are the states that a public petition may have.
func statesShown() []string {
	return []string{"received", "classified", "forwarded", "returned", "accepted", "answered", "judged", "closed", "refused"}
}

func outcomesShown() []string {
	return []string{"done", "partly", "underway", "no_means", "explained", "passed", "duplicate", "outstanding", "not_possible"}
}

func (s *Service) dictionary(ctx context.Context) dictionary {
	d := dictionary{Licence: licence, Encoding: "UTF-8"}
	for _, c := range columns() {
		d.Columns = append(d.Columns, meaning{c, s.Text.Say(text.Vi, "open.column."+c), s.Text.Say(text.En, "open.column."+c)})
	}
	for _, c := range statesShown() {
		d.States = append(d.States, meaning{c, s.Text.Say(text.Vi, "petitions.state."+c), s.Text.Say(text.En, "petitions.state."+c)})
	}
	for _, c := range outcomesShown() {
		d.Outcomes = append(d.Outcomes, meaning{c, s.Text.Say(text.Vi, "petitions.outcome."+c), s.Text.Say(text.En, "petitions.outcome."+c)})
	}
	for _, f := range s.Fields(ctx) {
		d.Fields = append(d.Fields, meaning{f.Code, f.Vi, f.En})
	}
	return d
}

func (s *Service) dictionaryJSON(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(maxAgeSeconds))
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return web.JSON(w, http.StatusOK, s.dictionary(r.Context()))
}

// dataPage explains the files.
type dataPage struct {
	dictionary
	Months []fileMonth
	Years  []int
}

// fileMonth is a line of the list of files.
type fileMonth struct{ Label, Query string }

func (s *Service) dataPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	years, err := s.Years(ctx)
	if err != nil {
		return err
	}
	p := dataPage{dictionary: s.dictionary(ctx), Years: years}
	const monthsListed = 12
	day := clock.Today(s.Clock)
	day = day.AddDays(1 - day.Day)
	for len(p.Months) < monthsListed && day.Year >= years[len(years)-1] {
		p.Months = append(p.Months, fileMonth{fmt.Sprintf("%02d/%d", day.Month, day.Year), fmt.Sprintf("?nam=%d&thang=%d", day.Year, day.Month)})
		day = day.AddDays(-1)
		day = day.AddDays(1 - day.Day)
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "open.data"), Public: true, Section: "/kien-nghi/thong-ke"}, dataBody(p))
}

// meanings is a part of the dictionary as a table, in the reader's language
// and, in its last column, the other one.
func meanings(ctx context.Context, id, caption string, all []meaning) ui.TableView[meaning] {
	return ui.TableView[meaning]{ID: id, Caption: caption, Rows: all, Columns: []ui.Column[meaning]{
		{Key: "code", Label: text.T(ctx, "open.code"), Narrow: true, Text: func(m meaning) string { return m.Code }},
		{Key: "vi", Label: text.T(ctx, "open.in_vietnamese"), Text: func(m meaning) string { return m.Vi }},
		{Key: "en", Label: text.T(ctx, "open.in_english"), Text: func(m meaning) string { return m.En }},
	}}
}
