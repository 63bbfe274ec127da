package app_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// tally is how much of something there is, by our own count, in the order of the
// columns of a report: count, answered, in time, late, overdue, settled.
type tally [6]int

func (y *tally) add(m *matter, at clock.Date) {
	for i, is := range []bool{true, m.answered, m.answered && !m.late, m.answered && m.late, m.overdue(at), m.settled()} {
		if is {
			y[i]++
		}
	}
}

// overdue: an answer was owed at the end of a day, and is missing.
func (s standing) overdue(at clock.Date) bool {
	return s.taken() && !s.answered && !s.due.IsZero() && at.After(s.due)
}

// session is a report of a session, and the same by our own count.
type session struct {
	from, until, moment string           // as typed
	lines               map[string]tally // of the summary, by their names
	counts              map[string]int   // outcomes, judgements and so on
	lists               map[string][]string
	before              *session
	hash                string
}

// count takes the plan's petitions as they stand now for those of the session.
func (c *cycles) count(s *session, began map[*matter]bool) {
	c.t.Helper()
	s.lines, s.counts, s.lists = map[string]tally{}, map[string]int{}, map[string][]string{}
	from, until, at := day(c, s.from), day(c, s.until), day(c, s.moment)
	for _, m := range c.all {
		if m.id == "" || m.state == "split" {
			continue
		}
		for kind, in := range m.in(from, until, began[m]) {
			if in {
				s.lists[kind] = append(s.lists[kind], m.code)
			}
		}
		if !m.taken() || m.opened.Before(from) || m.opened.After(until) {
			continue
		}
		names := []string{"Tổng số kiến nghị", "Chưa phân loại", "Chưa chuyển cơ quan nào"}
		if m.classified {
			names = []string{names[0], c.say("petitions.branch." + strings.Split(m.topic.field, ".")[0]), "– " + c.say("petitions.field."+m.topic.field), c.bodies()[m.holder]}
			s.counts[c.say("petitions.authority."+map[bool]string{true: "ward", false: "city"}[strings.HasSuffix(m.holder, "-ub")])]++
			s.counts[c.say("petitions.newness."+m.newness)]++
		}
		for _, name := range names {
			y := s.lines[name]
			y.add(m, at)
			s.lines[name] = y
		}
		if m.answered {
			s.counts[c.say("petitions.outcome."+m.outcome)]++
			if m.quality != "" {
				s.counts[c.say("petitions.quality."+m.quality)]++
			}
		}
	}
}

// in says which annexes a petition belongs to; begun, whether it was open when
// the period began.
func (m *matter) in(from, until clock.Date, begun bool) map[string]bool {
	here := !m.opened.Before(from) && !m.opened.After(until)
	old := m.opened.Before(from) || m.newness == "repeated" || m.newness == "outstanding"
	answeredHere := m.answered && !m.answeredOn.Before(from) && !m.answeredOn.After(until)
	return map[string]bool{
		"pl1":  here && m.taken(),
		"pl2":  answeredHere && (m.outcome == "done" || m.outcome == "partly"),
		"pl3":  answeredHere && m.outcome == "underway",
		"pl4":  m.taken() && old && (here || begun),
		"pl5":  m.taken() && old && !m.settled(),
		"pl5b": m.taken() && !old && !m.settled(),
	}
}

func day(c *cycles, s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func (c *cycles) say(key string) string { return c.w.App.Text.Say(text.Vi, key) }

func (c *cycles) bodies() map[string]string {
	return map[string]string{"hn-sxd": "Sở Xây dựng", "hn-sgd": "Sở Giáo dục và Đào tạo", "bd-ub": "UBND phường Ba Đình", "nh-ub": "UBND phường Ngọc Hà"}
}

var sha = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// make makes one report of the session and gives its page and its workbook.
func (c *cycles) make(s *session, kind string) (at, hash string, book *excelize.File) {
	c.t.Helper()
	const home = "/reports/petitions"
	pairs := []string{"kind", kind, "from", day(c, s.from).VN(), "until", day(c, s.until).VN(), "moment", day(c, s.moment).VN()}
	if s.before != nil && kind == "summary" {
		pairs = append(pairs, "before_from", day(c, s.before.from).VN(), "before_until", day(c, s.before.until).VN())
	}
	p := c.send(clerk, home, home, pairs...)
	at, hash = p.URL, sha.FindString(p.Text())
	for _, as := range []string{"docx", "pdf"} {
		if kind != "summary" && kind != "pl1" {
			break // the other annexes are written by the same hands
		}
		if f := c.get(clerk, at+"/file?as="+as); len(f.Body) < 2000 {
			c.t.Errorf("the %s of %s has %d bytes", as, kind, len(f.Body))
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(c.get(clerk, at+"/file?as=xlsx").Body)))
	if err != nil {
		c.t.Fatal(err)
	}
	return at, hash, book
}

// report makes all reports of a session and holds them against our own count.
func (c *cycles) report(s *session) {
	c.t.Helper()
	at, hash, book := c.make(s, "summary")
	if s.hash == "" {
		s.hash = hash
	} else if s.hash != hash {
		c.t.Errorf("the same report for the same moment has another hash: %s, %s", s.hash, hash)
	}
	c.says(c.post(clerk, at+"/check", nil), "các số giống hệt lần lập")
	c.figures(s, book)
	for _, kind := range []string{"pl1", "pl2", "pl3", "pl4", "pl5", "pl5b"} {
		_, _, book := c.make(s, kind)
		sealed := ofSealed(c.all)
		want := slices.DeleteFunc(slices.Clone(s.lists[kind]), func(code string) bool { return slices.Contains(sealed, code) })
		got := codesIn(c, book)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			c.t.Errorf("%s of %s lists %d petitions, the plan %d: only there %v, missing %v", kind, s.moment, len(got), len(want), c.but(got, want), c.but(want, got))
		}
	}
}

func ofSealed(all []*matter) (codes []string) {
	for _, m := range pick(all, func(m *matter) bool { return m.sealed }) {
		codes = append(codes, m.code)
	}
	return codes
}

// but are those of a that b has not, with their fates.
func (c *cycles) but(a, b []string) (some []string) {
	for _, code := range a {
		if !slices.Contains(b, code) {
			i := slices.IndexFunc(c.all, func(m *matter) bool { return m.code == code })
			some = append(some, fmt.Sprintf("%s (%s, %s)", code, c.all[i].lot.fate, c.all[i].state))
		}
	}
	return some
}

func codesIn(c *cycles, book *excelize.File) (codes []string) {
	rows, err := book.GetRows("Danh sách")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "KN2") {
				codes = append(codes, cell)
			}
		}
	}
	return codes
}

// figures holds the numbers of the summary against our own.
func (c *cycles) figures(s *session, book *excelize.File) {
	c.t.Helper()
	rows, err := book.GetRows("Số liệu")
	if err != nil {
		c.t.Fatal(err)
	}
	lines, counts := maps.Clone(s.lines), maps.Clone(s.counts)
	for _, row := range rows {
		cells := make([]int, max(len(row)-1, 0))
		for i := range cells {
			if _, err := fmt.Sscan(strings.ReplaceAll(row[i+1], ",", ""), &cells[i]); err != nil {
				cells = nil // no line of numbers
				break
			}
		}
		switch {
		case len(cells) >= 6:
			own := lines[row[0]]
			want := slices.Clone(own[:])
			var before tally
			if s.before != nil {
				before = s.before.lines[row[0]]
			}
			want = append(want, before[0], before[5])
			if !slices.Equal(cells, want) {
				c.t.Errorf("%s: %q is %v, by our count %v", s.moment, row[0], cells, want)
			}
			delete(lines, row[0])
		case len(cells) >= 1:
			if cells[0] != counts[row[0]] || s.before != nil && cells[1] != s.before.counts[row[0]] {
				c.t.Errorf("%s: %q is %v, by our count %d", s.moment, row[0], cells, counts[row[0]])
			}
			delete(counts, row[0])
		}
	}
	if len(lines)+len(counts) > 0 {
		c.t.Errorf("%s: the report does not tell %v %v", s.moment, lines, counts)
	}
}

// look asks for a page that need not be there: what it says, and whether it is.
func (c *cycles) look(who, path string) (body string, there bool) {
	p := c.as(who).Get(c.t, path)
	if p.Status >= http.StatusInternalServerError {
		c.t.Errorf("%s as %q: %d", path, who, p.Status)
	}
	return p.Body, p.Status == http.StatusOK && !strings.HasPrefix(p.URL, "/sign-in")
}
