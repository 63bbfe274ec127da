package reports

import (
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// cell is one value of a table: a text, a number or a date.
type cell struct {
	text   string
	number int64
	day    clock.Date
	as     form
}

type form int

const (
	asText form = iota
	asNumber
	asDate
)

func written(s string) cell   { return cell{text: s} }
func counted(n int64) cell    { return cell{number: n, as: asNumber} }
func dated(d clock.Date) cell { return cell{day: d, as: asDate} }

// String is the value as it stands on paper.
func (c cell) String() string {
	switch c.as {
	case asNumber:
		return strconv.FormatInt(c.number, 10)
	case asDate:
		return c.day.VN()
	}
	return c.text
}

// column is a column of a report's table.
type column struct {
	key   string  // of its title
	width float64 // in characters, as spreadsheets count
	form  form
	of    func(n int64, r Row) cell
}

// columns are those of one kind of report, as a workbook and a document show
// them; the PDF, upright, joins some.
func (d *Desk) columns(k Kind) []column {
	all := d.everyColumn()
	var keys []string
	switch k {
	case Issued:
		keys = []string{"n", "document", "answered", "body", "code", "text", "outcome"}
	case Pondered:
		keys = []string{"n", "code", "ward", "text", "body", "document", "reply", "promised"}
	case Stuck, Fresh:
		keys = []string{"n", "code", "opened", "ward", "text", "body", "state", "due", "reply", "promised"}
	default:
		keys = []string{"n", "code", "opened", "ward", "field", "text", "body", "reply", "outcome", "time", "quality"}
	}
	return pick(all, keys)
}

// narrow are the columns of the PDF.
func (d *Desk) narrow(k Kind) []column {
	keys := []string{"n", "where", "text", "body", "reply", "result"}
	switch k {
	case Issued:
		keys = []string{"n", "paper", "body", "text", "outcome"}
	case Stuck, Fresh:
		keys = []string{"n", "where", "text", "body", "stand"}
	}
	return pick(d.everyColumn(), keys)
}

func pick(all []column, keys []string) []column {
	picked := make([]column, 0, len(keys))
	for _, key := range keys {
		for _, c := range all {
			if c.key == key {
				picked = append(picked, c)
			}
		}
	}
	return picked
}

func (d *Desk) everyColumn() []column {
	day := func(t interface{ IsZero() bool }, on clock.Date) cell {
		if t.IsZero() {
			return dated(clock.Date{})
		}
		return dated(on)
	}
	return []column{
		{"n", 10, asNumber, func(n int64, _ Row) cell { return counted(n) }},
		{"code", 18, asText, func(_ int64, r Row) cell { return written(r.Code) }},
		{"opened", 12, asDate, func(_ int64, r Row) cell { return dated(clock.DateOf(r.OpenedAt)) }},
		{"ward", 22, asText, func(_ int64, r Row) cell { return written(r.Unit) }},
		{"field", 22, asText, func(_ int64, r Row) cell { return written(d.fieldName(r.Field)) }},
		{"text", 60, asText, func(_ int64, r Row) cell { return written(shorten(r.Text, cellMost)) }},
		{"body", 28, asText, func(_ int64, r Row) cell { return written(r.Body) }},
		{"reply", 50, asText, func(_ int64, r Row) cell { return written(r.Reply) }},
		{"outcome", 22, asText, func(_ int64, r Row) cell { return written(d.outcomeName(r)) }},
		{"time", 16, asText, func(_ int64, r Row) cell { return written(d.timeName(r)) }},
		{"quality", 22, asText, func(_ int64, r Row) cell { return written(d.qualityName(r.Quality)) }},
		{"state", 20, asText, func(_ int64, r Row) cell { return written(d.outcomeName(r)) }},
		{"due", 12, asDate, func(_ int64, r Row) cell { return dated(r.Due) }},
		{"promised", 14, asDate, func(_ int64, r Row) cell { return dated(r.Promised) }},
		{"document", 26, asText, func(_ int64, r Row) cell { return written(r.Document) }},
		{"answered", 12, asDate, func(_ int64, r Row) cell { return day(r.AnsweredAt, clock.DateOf(r.AnsweredAt)) }},
		{"where", 40, asText, func(_ int64, r Row) cell { return written(lines(r.Code, clock.DateOf(r.OpenedAt).VN(), r.Unit)) }},
		{"paper", 24, asText, func(_ int64, r Row) cell {
			return written(lines(r.Document, day(r.AnsweredAt, clock.DateOf(r.AnsweredAt)).String()))
		}},
		{"result", 22, asText, func(_ int64, r Row) cell {
			return written(lines(d.outcomeName(r), d.timeName(r), d.qualityName(r.Quality)))
		}},
		{"stand", 26, asText, func(_ int64, r Row) cell {
			return written(lines(d.outcomeName(r), d.timeName(r), d.promise(r), r.Reply))
		}},
	}
}

// cellMost is what a cell shows of a petition; a spreadsheet's own limit is 32,767.
const cellMost = 2_000

// lines joins what is not empty, a line each.
func lines(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, "\n")
}

func (d *Desk) fieldName(code string) string {
	if code == "" {
		return d.say("reports.unclassified")
	}
	return d.say("petitions.field." + code)
}

// outcomeName is what became of a petition, or where it stands.
func (d *Desk) outcomeName(r Row) string {
	if r.Outcome != "" {
		return d.say("petitions.outcome." + string(r.Outcome))
	}
	return d.say("petitions.state." + string(r.State))
}

func (d *Desk) qualityName(code string) string {
	if code == "" {
		return ""
	}
	return d.say("petitions.quality." + code)
}

func (d *Desk) timeName(r Row) string {
	switch {
	case r.Answered() && r.Late:
		return d.say("reports.time.late")
	case r.Answered():
		return d.say("reports.time.on_time")
	case r.Due.IsZero():
		return ""
	}
	return d.say("reports.time.due", "due", r.Due.VN())
}

func (d *Desk) promise(r Row) string {
	if r.Promised.IsZero() {
		return ""
	}
	return d.say("reports.promised_on", "day", r.Promised.VN())
}

// heading is what stands over a report's table, one paragraph each.
type heading struct {
	title string
	about []string
}

// over writes the title, the period, the filters, the moment and the hash.
func (d *Desk) over(r Report) heading {
	q := r.Query.V
	h := heading{title: d.say("reports.kind." + string(q.Kind))}
	h.about = append(h.about, d.say("reports.paper_period", "from", q.From.VN(), "until", q.Until.VN(), "moment", r.Moment.In(clock.Hanoi).Format(momentForm)))
	var only []string
	for _, f := range q.Fields {
		only = append(only, d.filterName(f))
	}
	if q.BodyID != "" {
		only = append(only, r.names[q.BodyID])
	}
	if q.CommitteeID != "" {
		only = append(only, r.names[q.CommitteeID])
	}
	if len(only) > 0 {
		h.about = append(h.about, d.say("reports.paper_only", "what", strings.Join(only, "; ")))
	}
	return h
}

// under writes what is to be known about the numbers, below the table.
func (d *Desk) under(r Report) []string {
	notes := []string{d.say("reports.paper_words"), d.say("reports.paper_due")}
	if r.Kind == Pondered {
		notes = append(notes, d.say("reports.paper_pondered"))
	}
	if r.Withheld > 0 {
		notes = append(notes, d.say("reports.withheld", "n", text.Number(text.Vi, r.Withheld)))
	}
	return append(notes, d.say("reports.paper_hash", "hash", r.Hash, "id", r.ID))
}

// filterName names a field or a committee's branch of fields.
func (d *Desk) filterName(code string) string {
	if branch(code) == code {
		return d.say("petitions.branch." + code)
	}
	return d.say("petitions.field." + code)
}

const momentForm = "15:04:05, 02/01/2006"

// fileName is what a browser saves the report as.
func (r Report) fileName(ending string) string {
	name := "bao-cao-" + string(r.Kind) + "-" + r.Query.V.From.String() + "-" + r.Query.V.Until.String()
	if ending != "" {
		name += "." + ending
	}
	return name
}
