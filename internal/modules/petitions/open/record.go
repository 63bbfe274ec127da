package open

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// recordBatch is how many petitions are read at once for a file.
const recordBatch = 500

// Record is a public petition as the open data have it: what stands on its
// public page, and nothing else.
//
// vi: bản ghi dữ liệu mở
type Record struct {
	Code       string      `json:"code"`
	Council    string      `json:"council"`
	WardCode   string      `json:"ward_code"`
	Ward       string      `json:"ward"`
	FieldCode  string      `json:"field_code"`
	Field      string      `json:"field"`
	State      cases.State `json:"state"`
	Received   time.Time   `json:"received"`
	Due        clock.Date  `json:"due"`
	Answered   clock.Date  `json:"answered"`
	Body       string      `json:"body"`
	Outcome    string      `json:"outcome"` // codes of the last answer's points, in their order: "done;partly"
	PublicText string      `json:"public_text"`
	ReplyText  string      `json:"reply_text"`

	Open    bool      `json:"-"`
	Changed time.Time `json:"-"`
	place   place
}

// columns are the names of a file's columns, in their order.
func columns() []string {
	return []string{"code", "council", "ward_code", "ward", "field_code", "field", "state", "received", "due", "answered", "body", "outcome", "public_text", "reply_text"}
}

// cells are a record's values in the order of columns.
func (r Record) cells() []string {
	return []string{r.Code, r.Council, r.WardCode, r.Ward, r.FieldCode, r.Field, string(r.State), hanoi(r.Received).Format(time.RFC3339), r.Due.String(), r.Answered.String(),
		r.Body, r.Outcome, r.PublicText, r.ReplyText}
}

// harmless keeps a spreadsheet from taking somebody's words for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r|", rune(s[0])) {
		return "'" + s
	}
	return s
}

// place is where a list was left: the time of receipt and the id of its last row.
type place struct {
	At time.Time
	ID string
}

// Span is a time from one moment to before another.
//
// vi: -
type Span struct{ From, Until time.Time }

// SpanOf is a month, or a whole year when month is 0.
func SpanOf(year, month int) Span {
	if month == 0 {
		return Span{clock.NewDate(year, 1, 1).Time(), clock.NewDate(year+1, 1, 1).Time()}
	}
	return Span{clock.NewDate(year, time.Month(month), 1).Time(), clock.NewDate(year, time.Month(month)+1, 1).Time()}
}

// Version tells whether the petitions of a span are still the same: how many
// there are, and when one of them changed last.
//
// vi: -
type Version struct {
	N       int64   `db:"n"`
	Changed db.Time `db:"changed"`
}

func (v Version) tag(span Span, form string) string {
	return fmt.Sprintf("%s-%d-%d-%d-%d", form, span.From.Unix(), span.Until.Unix(), v.N, v.Changed.UnixMicro())
}

// Version looks up the version of a span's open data.
func (s *Service) Version(ctx context.Context, span Span) (v Version, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = versionOf(ctx, tx, span)
		return err
	})
	return v, err
}

// Each hands the public petitions of a span to write, the newest first. Each
// batch is read by itself, so a petition that stops being public while a long
// file is sent is not in the rest of it.
func (s *Service) Each(ctx context.Context, span Span, write func(Record) error) error {
	names, err := s.names(ctx)
	if err != nil {
		return err
	}
	for after := (place{At: span.Until}); ; {
		var batch []Record
		err := s.DB.Read(ctx, func(tx *db.Tx) error {
			rows, err := publicCases(ctx, tx, publicFilter{From: span.From, After: after, Limit: recordBatch})
			if err != nil {
				return err
			}
			batch, err = s.records(ctx, tx, names, rows)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range batch {
			if err := write(r); err != nil {
				return err
			}
		}
		if len(batch) < recordBatch {
			return nil
		}
		after = batch[len(batch)-1].place
	}
}

// names are the words for a record's codes. Open data are Vietnamese; their
// dictionary is in both languages.
type names struct {
	fields   map[string]Field
	units    unitNames
	councils map[string]org.Council
	duties   []string // deadlines that the public may read
}

func (s *Service) names(ctx context.Context) (n names, err error) {
	n = names{fields: s.fieldsByCode(ctx), councils: map[string]org.Council{}}
	for _, p := range s.Cases.Procedures() {
		for _, d := range p.Deadlines {
			if p.Name == "petition" && d.Public && !d.Window && !slices.Contains(n.duties, d.Name) {
				n.duties = append(n.duties, d.Name)
			}
		}
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if n.units, err = wards(ctx, tx, clock.Today(s.Clock)); err != nil {
			return err
		}
		all, err := org.Councils(ctx, tx)
		for _, c := range all {
			n.councils[c.ID] = c
		}
		return err
	})
	return n, err
}

// records fills in what stands beside the cases: texts, answers, dates, names.
// Of a case that is not public it gives no text.
func (s *Service) records(ctx context.Context, tx *db.Tx, n names, rows []cases.Case) ([]Record, error) {
	ids, bodyIDs := make([]string, len(rows)), []string{}
	for i, c := range rows {
		ids[i] = c.ID
		if c.HolderBodyID != "" {
			bodyIDs = append(bodyIDs, c.HolderBodyID)
		}
	}
	slices.Sort(bodyIDs)
	bodies, err := org.BodiesNamed(ctx, tx, slices.Compact(bodyIDs))
	if err != nil {
		return nil, err
	}
	said, err := wordsOf(ctx, tx, db.List(ids), db.List(n.duties))
	if err != nil {
		return nil, err
	}
	all := make([]Record, len(rows))
	for i, c := range rows {
		w := said[c.ID]
		r := Record{Code: c.Code, Council: n.councils[c.CouncilID].Name, WardCode: c.UnitCode, Ward: n.units.name(c.UnitCode), FieldCode: c.Field, Field: n.fields[c.Field].Vi,
			State: c.State, Received: hanoi(c.OpenedAt.Time), Due: w.due, Answered: w.answered, Body: bodies[c.HolderBodyID].Name,
			Open: c.Open, Changed: hanoi(c.ChangedAt.Time), place: place{c.OpenedAt.Time, c.ID}}
		if c.Public && !c.Sealed {
			r.PublicText, r.ReplyText, r.Outcome = w.text, w.reply(), w.outcome()
		}
		all[i] = r
	}
	return all, nil
}

// words is what was said about one petition.
type words struct {
	text     string
	due      clock.Date
	answered clock.Date
	replies  []replyRow
}

// last are the replies of the last round that has any.
func (w words) last() []replyRow {
	if len(w.replies) == 0 {
		return nil
	}
	round := w.replies[len(w.replies)-1].Round
	i := slices.IndexFunc(w.replies, func(r replyRow) bool { return r.Round == round })
	return w.replies[i:]
}

func (w words) reply() string {
	var all []string
	for _, r := range w.last() {
		all = append(all, r.Reply)
	}
	return strings.Join(all, "\n")
}

func (w words) outcome() string {
	var all []string
	for _, r := range w.last() {
		all = append(all, r.Outcome)
	}
	return strings.Join(all, ";")
}

// Years lists the years that have open data, newest first.
func (s *Service) Years(ctx context.Context) (years []int, err error) {
	today := clock.Today(s.Clock)
	var first db.Time
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		first, err = firstPublic(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	from := today.Year
	if !first.IsZero() {
		from = min(hanoi(first.Time).Year(), from)
	}
	for y := today.Year; y >= from; y-- {
		years = append(years, y)
	}
	return years, nil
}
