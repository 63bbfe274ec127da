package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// letterSeeder writes letters and visits as years of work leave them: copies of
// what the program wrote, each on its own day, with its own numbers and words.
// Nearly all are closed; the open ones are mostly new.
type letterSeeder struct {
	h        *house
	now      time.Time
	key      string // digest of the key on every receipt
	codes    *seeder
	closed   []*pattern // ordinary letters that are over
	open     []*pattern
	sealed   []*pattern // denunciations that are over
	visiting []*pattern
	days     []*pattern
	bookings []patternRow
	held     []heldDay        // days of reception that were written
	last     map[string]int64 // numbers given: by book and year, queue, log
	known    []string         // marks that several letters bear
	some     found
	made     int
}

// heldDay is a reception by a leader.
type heldDay struct {
	id string
	on time.Time
}

// found are ids and codes of what was written, to look at.
type found struct {
	letters, sealed, matters, visits, codes []string
}

func hanoi() *time.Location { return clock.Hanoi }

// newLetterSeeder reads what the program has written in an installation.
func newLetterSeeder(ctx context.Context, h *house, at site, key string) (s *letterSeeder, err error) {
	pool, err := openPlain(at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	s = &letterSeeder{h: h, now: time.Now(), codes: &seeder{}, last: map[string]int64{}}
	p := patterns{pool}
	if err := pool.QueryRowContext(ctx, "SELECT access_key FROM reception_letters l JOIN cases_cases c ON c.id = l.id WHERE c.code = $1", key).Scan(&s.key); err != nil {
		return nil, err
	}
	all, err := p.letters(ctx, h.city.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		switch {
		case one.open:
			s.open = append(s.open, one)
		case strings.Contains(one.kind, "denunciation"):
			s.sealed = append(s.sealed, one)
		default:
			s.closed = append(s.closed, one)
		}
	}
	if s.visiting, err = p.visits(ctx, h.city.ID); err != nil {
		return nil, err
	}
	if s.days, s.bookings, err = p.days(ctx, h.city.ID); err != nil {
		return nil, err
	}
	if len(s.open)*len(s.sealed)*len(s.closed)*len(s.visiting)*len(s.days)*len(s.bookings) == 0 {
		return nil, fmt.Errorf("nothing to copy: %d open letters, %d sealed, %d closed, %d visits, %d days, %d bookings", len(s.open), len(s.sealed), len(s.closed), len(s.visiting), len(s.days), len(s.bookings))
	}
	return s, nil
}

// numbers goes on where the program stopped counting.
func (s *letterSeeder) numbers(ctx context.Context, at site) (err error) {
	pool, err := openPlain(at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	for _, q := range []string{"SELECT 'book/' || council_id || '/' || year, last FROM reception_numbers", "SELECT name, last FROM reception_counts"} {
		found, err := pool.QueryContext(ctx, q)
		if err != nil {
			return err
		}
		for found.Next() {
			var name string
			var last int64
			if err := found.Scan(&name, &last); err != nil {
				return errors.Join(err, found.Close())
			}
			s.last[name] = last
		}
		if err := errors.Join(found.Err(), found.Close()); err != nil {
			return err
		}
	}
	return nil
}

// fill adds n letters, half as many visits, and the days and bookings.
func (s *letterSeeder) fill(ctx context.Context, at site, n int) error {
	if err := s.numbers(ctx, at); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(uint64(n), uint64(s.made)))
	next, first := 0, len(s.held) == 0
	write := fillSQLite
	if at.name != "sqlite" {
		write = fillPostgres
	}
	err := write(ctx, at, func() (rows, error) {
		w := rows{}
		if first {
			s.writeDays(w, r)
			first = false
		}
		for ; next < n && len(w[&bookTable]) < pieceRows; next++ {
			s.letter(w, r, next, n)
			if next%2 == 0 {
				s.visit(w, r, next, n)
			}
		}
		return w, nil
	})
	s.made += n
	return errors.Join(err, s.keepNumbers(ctx, at))
}

// keepNumbers tells the program which numbers were given.
func (s *letterSeeder) keepNumbers(ctx context.Context, at site) (err error) {
	d, err := db.Open(ctx, at.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Tx(ctx, func(tx *db.Tx) error {
		for name, last := range s.last {
			part := strings.Split(name, "/")
			q, args := `INSERT INTO reception_counts (name, last) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = $2`, []any{name, last}
			if part[0] == "book" {
				year, err := strconv.Atoi(part[2])
				if err != nil {
					return err
				}
				q, args = `INSERT INTO reception_numbers (council_id, year, last) VALUES ($1, $2, $3) ON CONFLICT (council_id, year) DO UPDATE SET last = $3`, []any{part[1], year, last}
			}
			if _, err := tx.Exec(ctx, q, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// when is the time of the i-th of n, in their order, on a working day.
func (s *letterSeeder) when(r *rand.Rand, i, n int) time.Time {
	span := years * 365 * 24 * time.Hour
	slot := span / time.Duration(n)
	at := s.now.Add(-span + slot*time.Duration(i) + time.Duration(r.Int64N(int64(slot)))).Add(-time.Minute)
	return weekday(at, -1)
}

// weekday moves a moment off Saturday and Sunday.
func weekday(at time.Time, step int) time.Time {
	for day := at.In(hanoi()).Weekday(); day == time.Saturday || day == time.Sunday; day = at.In(hanoi()).Weekday() {
		at = at.AddDate(0, 0, step)
	}
	return at
}

// fate picks what a letter of this age is a copy of. Of the newest 4 % more than
// half are open, of the rest a few stragglers; one in eight is a denunciation.
func (s *letterSeeder) fate(r *rand.Rand, at time.Time, age float64) *pattern {
	open := 0.006
	if age < 0.04 {
		open = 0.6
	}
	if r.Float64() >= open {
		from := s.closed
		if r.IntN(8) == 0 {
			from = s.sealed
		}
		if p := one(r, from); at.Add(p.last.Sub(p.opened) + 24*time.Hour).Before(s.now) {
			return p
		}
	}
	for range 20 {
		if p := one(r, s.open); at.Add(p.last.Sub(p.opened) + 24*time.Hour).Before(s.now) {
			return p
		}
	}
	return s.open[0] // it has just come
}

func (s *letterSeeder) letter(w rows, r *rand.Rand, i, n int) {
	at := s.when(r, i, n)
	p := s.fate(r, at, float64(n-i)/float64(n))
	c := s.copying(r, p, at)
	year := at.In(hanoi()).Year()
	c.number, c.year = s.next("book/"+s.h.city.ID+"/"+strconv.Itoa(year)), int64(year)
	for _, row := range p.rows {
		values := c.row(row)
		w.put(row.t, values...)
		if row.t == &casesTable {
			s.note(row, values, p)
		}
	}
	w.put(&onceTable, random(r, 16), c.ids[p.own[0]], at.UnixMicro())
}

// note remembers some to look at.
func (s *letterSeeder) note(row patternRow, values []any, p *pattern) {
	id, _ := values[0].(string) // ids are texts
	code, _ := values[4].(string)
	switch {
	case row.text("procedure") != "letter":
		s.some.matters = keepSome(s.some.matters, id)
	case strings.Contains(p.kind, "denunciation"):
		s.some.sealed = keepSome(s.some.sealed, id)
	default:
		s.some.letters, s.some.codes = keepSome(s.some.letters, id), keepSome(s.some.codes, code)
	}
}

func keepSome(all []string, one string) []string {
	if len(all) < 2000 {
		return append(all, one)
	}
	return all
}

func (s *letterSeeder) next(name string) int64 {
	s.last[name]++
	return s.last[name]
}

func (s *letterSeeder) visit(w rows, r *rand.Rand, i, n int) {
	at, p := s.when(r, i, n), one(r, s.visiting)
	day := ""
	if p.days {
		held := one(r, s.held)
		at, day = held.on, held.id
	}
	if !at.Add(24 * time.Hour).Before(s.now) {
		at = weekday(s.now.AddDate(0, 0, -2), -1)
	}
	c := s.copying(r, p, at)
	on := at.In(hanoi())
	for _, row := range p.rows {
		values := c.row(row)
		set := func(column string, value any) {
			if i := slices.Index(row.t.columns, column); i >= 0 {
				values[i] = value
			}
		}
		set("day_id", day)
		set("booking_id", "")
		set("case_id", "")
		if number, _ := row.value("number").(int64); row.t == &visitsTable && number > 0 {
			set("number", s.next("queue/"+s.h.city.ID+"/"+on.Format(time.DateOnly)+"/"+day))
		}
		if number, _ := row.value("log_no").(int64); row.t == &linesTable && number > 0 {
			set("log_no", s.next("log/"+s.h.city.ID+"/"+strconv.Itoa(on.Year())))
			set("year", int64(on.Year()))
		}
		w.put(row.t, values...)
	}
	s.some.visits = keepSome(s.some.visits, c.ids[p.own[0]])
}

// writeDays writes a leader's reception for each Tuesday of the years and of two
// months ahead, each with twenty bookings.
func (s *letterSeeder) writeDays(w rows, r *rand.Rand) {
	for at := s.now.AddDate(-years, 0, 7); at.Before(s.now.AddDate(0, 2, 0)); at = at.AddDate(0, 0, 1) {
		if at.In(hanoi()).Weekday() != time.Tuesday {
			continue
		}
		p := s.days[0]
		c := s.copying(r, p, at)
		w.put(&daysTable, c.row(p.rows[0])...)
		id := c.ids[p.own[0]]
		if at.Before(s.now.AddDate(0, 0, -1)) {
			s.held = append(s.held, heldDay{id, at})
		}
		seats := map[string]int64{}
		for range 20 {
			booking := one(r, s.bookings)
			c := s.copying(r, &pattern{opened: p.opened, own: []string{booking.text("id")}}, at)
			c.ids[booking.text("day_id")] = id
			values := c.row(booking)
			seats[booking.text("slot")]++
			values[slices.Index(bookingsTable.columns, "seat")] = seats[booking.text("slot")]
			values[slices.Index(bookingsTable.columns, "mark")] = random(r, 16)
			w.put(&bookingsTable, values...)
		}
	}
}

func random(r *rand.Rand, bytes int) string {
	b := make([]byte, bytes)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return hex.EncodeToString(b)
}

// copying is one copy in the making.
type copying struct {
	s            *letterSeeder
	r            *rand.Rand
	ids          map[string]string
	at           time.Time
	days         int
	shift        int64 // microseconds
	number, year int64
	words, name  string
	place        string
}

func (s *letterSeeder) copying(r *rand.Rand, p *pattern, at time.Time) *copying {
	from, to := clock.DateOf(p.opened), clock.DateOf(at)
	c := &copying{s: s, r: r, ids: map[string]string{}, at: at, days: to.Sub(from)}
	c.shift = (time.Duration(c.days)*24*time.Hour + time.Duration(r.IntN(3600))*time.Second).Microseconds()
	for _, id := range p.own {
		c.ids[id] = db.NewID(at)
	}
	ward := s.h.wards[skewed(r, len(s.h.wards))]
	c.words, c.place = petitionText(r, ward.FullName), fmt.Sprintf("Số %d phố %s, %s", 1+r.IntN(300), one(r, streets[:]), ward.FullName)
	c.name = one(r, s.h.People).Name
	return c
}

var (
	aDay      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	dayWithin = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
	bookEntry = regexp.MustCompile(`\d+/\d{4}`)
	leading   = regexp.MustCompile(`^\d+`)
)

// row copies one row.
func (c *copying) row(from patternRow) []any {
	values := slices.Clone(from.values)
	for i, column := range from.t.columns {
		switch v := values[i].(type) {
		case int64:
			values[i] = c.whole(from.t, column, v)
		case string:
			values[i] = c.text(from.t, column, v)
		}
	}
	return values
}

func (c *copying) whole(t *table, column string, v int64) int64 {
	switch {
	case isMoment(column) && v > 0:
		return v + c.shift
	case t == &bookTable && column == "number":
		return c.number
	case t == &bookTable && column == "year":
		return c.year
	case t == &sendingsTable && column == "number" && v > 0:
		return c.number
	}
	return v
}

func (c *copying) text(t *table, column, v string) string {
	switch {
	case column == "id" && c.ids[v] == "":
		return db.NewID(c.at)
	case c.ids[v] != "":
		return c.ids[v]
	case v == "":
		return v
	case aDay.MatchString(v):
		return c.day(v)
	}
	switch column {
	case "run":
		return dayWithin.ReplaceAllStringFunc(v, c.day)
	case "code":
		return v[:2] + c.s.codes.code(c.at)[2:]
	case "title":
		return bookEntry.ReplaceAllString(v, fmt.Sprintf("%d/%d", c.number, c.year))
	case "access_key":
		return c.s.key
	case "symbol":
		return leading.ReplaceAllString(v, strconv.FormatInt(max(c.number, 1), 10))
	case "mark", "paper_digest":
		return c.mark(t, v)
	case "summary", "content", "request", "earlier", "subject":
		return c.words
	case "name", "sender_line":
		if t != &itemsTable && t != &readersTable {
			return c.name
		}
	case "address":
		return c.place
	}
	return v
}

// day is a day as many days later; what ends on a day off ends on the next
// working one.
func (c *copying) day(v string) string {
	at, err := time.ParseInLocation(time.DateOnly, v, hanoi())
	if err != nil {
		return v // looked like a day
	}
	return weekday(at.AddDate(0, 0, c.days), 1).Format(time.DateOnly)
}

// mark is what a letter is found again by; one in fifty is somebody's who writes
// again and again.
func (c *copying) mark(t *table, v string) string {
	m := random(c.r, (len(v)+1)/2)[:len(v)]
	if t != &marksTable && t != &visitorsTable || c.r.IntN(50) != 0 {
		return m
	}
	if len(c.s.known) < 5000 {
		c.s.known = append(c.s.known, m)
		return m
	}
	return one(c.r, c.s.known)
}
