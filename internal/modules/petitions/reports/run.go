package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Row is a petition in a report, with its words as they stand today.
//
// vi: dòng báo cáo
type Row struct {
	Standing
	Text     string     // what everybody may read; empty before classification
	Reply    string     // beginning of the replies that stand
	Promised clock.Date // the last date the body commits itself to
	Body     string
	Unit     string

	withheld bool // counted, and not to be listed: see Query.lists
}

// run is one reading of a report.
type run struct {
	query    Query
	at       time.Time
	words    bool                 // texts and names too
	row      func(Row) error      // of those that may be listed; nil: only counted
	progress func(done int) error // nil: nobody asks
	figures  *Figures             // of the rows
	units    map[string]org.Unit  // by code
	sum      *json.Encoder        // into the hash
	rows     int64
	withheld int64 // rows that are counted and not listed
	done     int
	hash     interface{ Sum([]byte) []byte }
}

func newRun(q Query, at time.Time) *run {
	h := sha256.New()
	return &run{query: q, at: at, figures: newFigures(), units: map[string]org.Unit{}, sum: json.NewEncoder(h), hash: h}
}

// total is the hash of the question, the moment and every row.
func (r *run) total() string { return hex.EncodeToString(r.hash.Sum(nil)) }

// read goes through the petitions of a report in the order of handing in. It
// reads in many short views of the database and not in one long one: what it
// reads is the past, which does not change between them.
func (d *Desk) read(ctx context.Context, r *run) (err error) {
	if err := r.sum.Encode(struct {
		Query Query     `json:"query"`
		At    time.Time `json:"moment"`
	}{r.query, r.at.In(clock.Hanoi)}); err != nil {
		return err
	}
	if r.words {
		if err := d.DB.Read(ctx, func(tx *db.Tx) error { return r.nameUnits(ctx, tx, clock.Today(d.Clock)) }); err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancel(ctx)
	parts, rest := d.parts(ctx, r)
	defer rest.Wait()
	defer stop()
	for one := range parts {
		p := <-one
		if p.err != nil {
			return p.err
		}
		for _, row := range p.rows {
			if err := r.take(row); err != nil {
				return err
			}
		}
		r.done += p.count
		if r.progress != nil {
			if err := r.progress(r.done); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// part is what was read of one batch of petitions.
type part struct {
	rows  []Row
	count int
	err   error
}

// parts reads ahead of who takes the rows: while one part is counted and
// written, the next two are read. Whatever the report's length, three parts are
// in memory. They come in order; rest ends when nothing is read any more.
func (d *Desk) parts(ctx context.Context, r *run) (_ <-chan chan part, rest *sync.WaitGroup) {
	rest = &sync.WaitGroup{}
	ahead := make(chan chan part, 1)
	from, until := r.query.opened(r.at)
	s := span{councilID: r.query.CouncilID, from: from, until: until}
	rest.Go(func() {
		defer close(ahead)
		for {
			var batch []candidate
			err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
				batch, err = candidatesIn(ctx, tx, s, batchRows)
				return err
			})
			if err == nil && len(batch) == 0 {
				return
			}
			one := make(chan part, 1)
			select {
			case ahead <- one:
			case <-ctx.Done():
				return
			}
			if err != nil {
				one <- part{err: err}
				return
			}
			rest.Go(func() { one <- d.part(ctx, r, batch) })
			if len(batch) < batchRows {
				return
			}
			s.after = batch[len(batch)-1]
		}
	})
	return ahead, rest
}

func (d *Desk) part(ctx context.Context, r *run, batch []candidate) part {
	p := part{count: len(batch)}
	p.err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.rows, err = r.folded(ctx, tx, batch); err == nil && r.words {
			err = r.worded(ctx, tx, p.rows)
		}
		return err
	})
	return p
}

// take counts a row, and lists it if that may be. A row that may not be listed
// any more stays in the numbers and in the hash, which are of the moment: the
// same report has to give the same numbers, and a number names nobody.
func (r *run) take(row Row) error {
	r.rows++
	r.figures.add(row.Standing, r.at)
	row.OpenedAt = row.OpenedAt.In(clock.Hanoi)
	if err := r.sum.Encode(row.Standing); err != nil {
		return err
	}
	if row.withheld {
		r.withheld++
		return nil
	}
	if r.row == nil {
		return nil
	}
	return r.row(row)
}

// folded gives those of the candidates that are rows of the report.
func (r *run) folded(ctx context.Context, tx *db.Tx, batch []candidate) ([]Row, error) {
	ids := make([]string, len(batch))
	for i, c := range batch {
		ids[i] = c.ID
	}
	acts, err := actsOf(ctx, tx, ids, r.at)
	if err != nil {
		return nil, err
	}
	terms, err := termsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	acted := parted(acts, func(a *Act) string { return a.CaseID })
	termed := parted(terms, func(t *Term) string { return t.CaseID })
	rows := make([]Row, 0, len(batch))
	for _, c := range batch {
		mine := acted[c.ID]
		now, err := Fold(mine, termed[c.ID], r.at)
		if err != nil {
			return nil, err
		}
		in, err := r.query.holds(now, func() (Standing, error) { return Fold(mine, termed[c.ID], r.query.From.Time().Add(-time.Microsecond)) })
		if err != nil {
			return nil, err
		}
		if in {
			now.Code = c.Code
			rows = append(rows, Row{Standing: now, withheld: !r.query.lists(c)})
		}
	}
	return rows, nil
}

// parted cuts a list that is in the order of its keys into one list for each.
func parted[T any](all []T, key func(*T) string) map[string][]T {
	by := map[string][]T{}
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && key(&all[j]) == key(&all[i]) {
			j++
		}
		by[key(&all[i])] = all[i:j]
		i = j
	}
	return by
}

// worded adds texts and names, as they are today, to the rows that may be listed.
func (r *run) worded(ctx context.Context, tx *db.Tx, rows []Row) error {
	var ids, bodies []string
	for _, row := range rows {
		if row.withheld {
			continue
		}
		ids = append(ids, row.ID)
		if row.BodyID != "" && !slices.Contains(bodies, row.BodyID) {
			bodies = append(bodies, row.BodyID)
		}
	}
	texts, err := wordsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	byID := make(map[string]string, len(texts))
	for _, t := range texts {
		byID[t.ID] = t.Text
	}
	all, err := repliesOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	replied := parted(all, func(a *reply) string { return a.PetitionID })
	named, err := org.BodiesNamed(ctx, tx, bodies)
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		if row.withheld {
			continue
		}
		row.Text, row.Unit = byID[row.ID], r.unitName(row.Ward)
		if row.Body = row.BodyName; row.Body == "" {
			row.Body = named[row.BodyID].Name
		}
		if row.Answered() {
			row.answer(replied[row.ID])
		}
	}
	return nil
}

// answer joins the replies of the round that stands.
func (row *Row) answer(all []reply) {
	for _, a := range all {
		if a.Round != row.Round {
			continue
		}
		if row.Reply != "" {
			row.Reply += " "
		}
		row.Reply += text.Line(a.Text)
		if a.Promised.After(row.Promised) {
			row.Promised = a.Promised
		}
	}
	row.Reply = shorten(row.Reply, summaryMost)
}

// shorten cuts a text to at most so many characters and a mark.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func (r *run) unitName(code string) string {
	if u, ok := r.units[code]; ok {
		return u.FullName
	}
	return code
}

func (r *run) nameUnits(ctx context.Context, tx *db.Tx, today clock.Date) error {
	units, err := unitsOf(ctx, tx, r.query.CouncilID, today)
	for _, u := range units {
		r.units[u.Code] = u
	}
	return err
}

// unitsOf lists the wards and communes of a council: a ward's council has its own alone.
func unitsOf(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]org.Unit, error) {
	council, err := org.CouncilOf(ctx, tx, councilID)
	if err != nil {
		return nil, err
	}
	if council.Level == org.City {
		return org.UnitsOf(ctx, tx, council.UnitCode, today)
	}
	unit, err := org.UnitOf(ctx, tx, council.UnitCode, today)
	if fault.Is(err, "db.no_row") {
		return nil, nil
	}
	return []org.Unit{unit}, err
}

// hashOf joins the hashes of two readings.
func hashOf(a, b string) string {
	sum := sha256.Sum256([]byte(a + b))
	return hex.EncodeToString(sum[:])
}
