package app_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit/council"
)

// cycles plays the plan: everybody at their own browser, with the plan's
// petitions and what was counted of them.
type cycles struct {
	t        *testing.T
	w        *council.World
	browsers map[string]*council.Browser
	all      []*matter
	begun    map[*matter]bool // the backlog when the second session's period began
	rules    int              // classification forms that showed the office's rule
}

// The people of the plan.
const (
	clerk, clerkToo, head    = "văn-thư", "văn-thư-hai", "lãnh-đạo-văn-phòng"
	chair, standingCommittee = "chủ-tịch", "thường-trực"
	deputy, deputyToo        = "đại-biểu", "đại-biểu-hai"
)

// contacts are those who answer for each body.
var contacts = map[string]string{"hn-sxd": "đầu-mối-xây-dựng", "hn-sgd": "đầu-mối-giáo-dục", "bd-ub": "ubnd-phường", "nh-ub": "ubnd-phường-khác"}

// examiner is the committee that judges the answer.
func (m *matter) examiner() string {
	if strings.HasPrefix(m.topic.field, "urban.") {
		return "ban-đô-thị"
	}
	return "ban-văn-hoá"
}

// elect enters a second deputy of the same group: two of them make it matter
// who brought what.
func (c *cycles) elect() {
	err := c.w.App.DB.Tx(c.t.Context(), func(tx *db.Tx) error {
		if err := org.AddPerson(c.t.Context(), tx, org.Person{ID: deputyToo, Name: "Trương Thị Hoài", Demonstration: true}); err != nil {
			return err
		}
		return org.AddPost(c.t.Context(), tx, org.Post{ID: "post-" + deputyToo, PersonID: deputyToo, BodyID: "hn-to1", Title: "Đại biểu HĐND", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Deputy}}, Starts: clock.NewDate(2025, time.July, 1)})
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// as is the browser of a person; nobody's is a voter's.
func (c *cycles) as(who string) *council.Browser {
	c.t.Helper()
	if c.browsers[who] == nil {
		c.browsers[who] = c.w.Browse(c.t, who)
	}
	return c.browsers[who]
}

// until lets time go by to the morning of a day; sign-ins do not last that long.
func (c *cycles) until(day string) {
	c.t.Helper()
	to, err := clock.ParseDate(day)
	if err != nil || to.Before(c.today()) {
		c.t.Fatalf("%s is no day to come: %v", day, err)
	}
	c.w.Work(c.t)
	c.restNights(to)
	for c.today().Before(to) {
		next := c.today().AddDays(1)
		if idle := next.AddDays(6); !c.watched(next) && idle.Before(to) {
			next = idle // a week in which no clock strikes
		}
		c.w.Clock.Set(next.Time().Add(8 * time.Hour))
		c.w.Work(c.t)
	}
	c.browsers = map[string]*council.Browser{}
}

// restNights puts the nightly comparison of the whole log with the tables off
// until the last night before a day: what it would find in an earlier one it
// finds then.
func (c *cycles) restNights(to clock.Date) {
	c.t.Helper()
	err := c.w.App.DB.Tx(c.t.Context(), func(tx *db.Tx) error {
		return tx.ExecOne(c.t.Context(), `UPDATE jobs_schedules SET next_at = $1 WHERE kind = 'audit.check'`, db.At(to.Time().Add(3*time.Hour)))
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// watched reports whether a day's morning matters by itself: in the weeks around
// the dates by which answers are owed, reminders go out day by day.
func (c *cycles) watched(day clock.Date) bool {
	return !day.Before(clock.NewDate(2027, time.January, 4)) && day.Before(clock.NewDate(2027, time.February, 2))
}

func (c *cycles) today() clock.Date { return clock.Today(c.w.Clock) }

func (c *cycles) get(who, path string) council.Page {
	c.t.Helper()
	p := c.as(who).Get(c.t, path)
	if p.Status != http.StatusOK {
		c.t.Fatalf("%s at %s: %d %s", who, path, p.Status, p.Text())
	}
	return p
}

// formOf pairs names and values, over the hidden fields of a page's forms.
func formOf(hidden url.Values, pairs ...string) url.Values {
	form := url.Values{}
	for k, v := range hidden {
		form[k] = v
	}
	given := map[string]bool{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !given[pairs[i]] {
			form.Del(pairs[i])
		}
		given[pairs[i]] = true
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// send sends a form with the hidden fields of the page it stands on.
func (c *cycles) send(who, page, path string, pairs ...string) council.Page {
	c.t.Helper()
	hidden := c.get(who, page).Hidden()
	c.w.Clock.Advance(5 * time.Second) // nobody reads and fills a form faster
	return c.post(who, path, formOf(hidden, pairs...))
}

func (c *cycles) post(who, path string, form url.Values) council.Page {
	c.t.Helper()
	c.w.Clock.Advance(time.Second)
	p := c.as(who).Post(c.t, path, form)
	if p.Status >= http.StatusBadRequest {
		c.t.Fatalf("%s at %s %v: %d %s", who, path, form, p.Status, p.Text())
	}
	return p
}

// step takes one step of a petition on its own page.
func (c *cycles) step(who string, m *matter, noun string, pairs ...string) {
	c.t.Helper()
	path := "/petitions/" + m.id + "/" + noun
	c.send(who, path, path, pairs...)
}

// found learns the ids and codes of what was handed in, by its words.
func (c *cycles) found(ms []*matter) {
	c.t.Helper()
	type row struct {
		ID   string `db:"id"`
		Code string `db:"code"`
		Text string `db:"text"`
	}
	byWords := map[string]row{}
	c.read(func(ctx context.Context, tx *db.Tx) error {
		rows, err := db.All[row](ctx, tx, `SELECT p.id, c.code, p.text FROM petitions_petitions p JOIN cases_cases c ON c.id = p.id ORDER BY p.id LIMIT 1000`)
		for _, r := range rows {
			if _, twice := byWords[r.Text]; twice {
				c.t.Errorf("taken in twice: %s", r.Text)
			}
			byWords[r.Text] = r
		}
		return err
	})
	for _, m := range ms {
		r, ok := byWords[m.words]
		if !ok {
			c.t.Fatalf("not taken in: %s", m.words)
		}
		if m.code != "" && m.code != r.Code {
			c.t.Errorf("the receipt says %s, the register %s", m.code, r.Code)
		}
		m.id, m.code = r.ID, r.Code
		m.standing = standing{state: "received", opened: c.today(), round: 1}
	}
}

func (c *cycles) read(fn func(ctx context.Context, tx *db.Tx) error) {
	c.t.Helper()
	if err := c.w.App.DB.Read(c.t.Context(), func(tx *db.Tx) error { return fn(c.t.Context(), tx) }); err != nil {
		c.t.Fatal(err)
	}
}

// dueOf is the date by which an answer is owed, as the office reads it.
func (c *cycles) dueOf(m *matter) (due clock.Date) {
	c.read(func(ctx context.Context, tx *db.Tx) error {
		all, err := cases.Deadlines(ctx, tx, m.id)
		for _, d := range all {
			if d.Name == "reply" && d.Live() {
				due = d.Due
			}
		}
		return err
	})
	return due
}

// classify: two clerks read petitions turn by turn and send them to a body.
func (c *cycles) classify(m *matter, body string) {
	c.t.Helper()
	who := []string{clerk, clerkToo}[m.n%2]
	path := "/petitions/" + m.id + "/classification"
	form := c.get(who, path)
	if !strings.Contains(form.Text(), "Gợi ý phân loại") {
		c.t.Errorf("no suggestion for %q", m.words)
	}
	if meets := strings.Contains(form.Text(), ruleTitle); meets != strings.Contains(m.words, "ngập úng") {
		c.t.Errorf("the office's rule meets %q: %v", m.words, meets)
	} else if meets {
		c.rules++
		if body == "hn-sxd" && !chosen(form, "field", "urban.drainage") {
			c.t.Errorf("the field that the rule proposes is not filled in for %q", m.words)
		}
	}
	newness := "new"
	switch {
	case m.repeats != nil:
		newness = "repeated"
	case m.round > 1:
		newness = "outstanding"
	}
	pairs := []string{"field", m.topic.field, "authority", "city", "newness", newness, "ward", m.ward, "body", body}
	if strings.HasSuffix(body, "-ub") {
		pairs[3] = "ward"
	}
	if m.withheld == "" {
		pairs = append(pairs, "publish", "1")
	} else {
		pairs = append(pairs, "withheld", m.withheld)
	}
	c.post(who, path, formOf(form.Hidden(), pairs...))
	m.state, m.newness, m.classified = "classified", newness, true
	m.holder = body
}

// chosen reports whether a page's select shows a value as chosen.
func chosen(p council.Page, name, value string) bool {
	_, rest, ok := strings.Cut(p.Body, `name="`+name+`"`)
	options, _, _ := strings.Cut(rest, "</select>")
	_, option, has := strings.Cut(options, `value="`+value+`"`)
	option, _, _ = strings.Cut(option, ">")
	return ok && has && strings.Contains(option, "selected")
}

// classifyAll does the morning's pile: what is no petition is refused or split
// off, what waits is left.
func (c *cycles) classifyAll(ms []*matter) {
	c.t.Helper()
	reasons := []string{"not_a_petition", "unclear", "duplicate", "private_matter", "court", "outside_area"}
	for i, m := range ms {
		switch m.lot.fate {
		case waiting:
		case refused:
			reason := reasons[i%len(reasons)]
			c.step(clerk, m, "refusal", "reason", reason, "note", "Nội dung chưa phải là kiến nghị, mời Ông/Bà liên hệ thư viện thành phố.")
			m.state, m.reason = "refused", reason
		case split:
			c.splitOff(m, []string{"denunciation", "complaint"}[i%2])
		case returned:
			c.classify(m, "hn-sxd") // the clerk's mistake
		case disputed:
			c.classify(m, "hn-sxd")
		default:
			c.classify(m, m.body())
		}
	}
}

func (c *cycles) splitOff(m *matter, kind string) {
	c.t.Helper()
	c.step(clerk, m, "splitting", "kind", kind, "note", "Nội dung không phải kiến nghị, chuyển Ban Tiếp công dân.")
	m.state, m.sealed, m.outcome, m.answered = "split", true, "", false
}

// forwardAll: the head signs what the clerks have classified.
func (c *cycles) forwardAll(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		if m.state != "classified" {
			continue
		}
		c.step(head, m, "forwarding")
		m.state, m.forwarded = "forwarded", true
		if m.due = c.dueOf(m); m.due.Sub(c.today()) < 60 {
			c.t.Errorf("%s is due %s", m.code, m.due)
		}
	}
}

// acceptAll: each body takes its pile in at once, from its list.
func (c *cycles) acceptAll(ms []*matter) {
	c.t.Helper()
	for body, who := range contacts {
		form := url.Values{}
		mine := pick(ms, func(m *matter) bool {
			if m.state == "forwarded" && m.holder == body && body != m.body() {
				c.giveBack(m)
			}
			return m.state == "forwarded" && m.holder == body
		})
		for _, m := range mine {
			form.Add("id", m.id)
			m.state = "accepted"
		}
		if len(mine) > 0 {
			c.post(who, "/petitions/acceptances", form)
		}
	}
}

// mails are the letters in the outbox, the oldest first.
func (c *cycles) mails() (all []notify.Mail) {
	c.t.Helper()
	c.read(func(ctx context.Context, tx *db.Tx) error {
		for before := ""; ; {
			some, err := c.w.App.Notify.Mails(ctx, tx, notify.MailFilter{Before: before, Limit: 200})
			all = append(all, some...)
			if err != nil || len(some) < 200 {
				slices.Reverse(all)
				return err
			}
			before = some[len(some)-1].ID
		}
	})
	return all
}

// answer gives one petition its answer.
func (c *cycles) answer(m *matter, outcome string, pairs ...string) {
	c.t.Helper()
	pairs = append([]string{"document", "1234/" + strings.ToUpper(m.holder) + " ngày " + c.today().VN(), "reply_1", "Cơ quan đã kiểm tra thực tế và giải quyết nội dung kiến nghị của cử tri.", "outcome_1", outcome}, pairs...)
	c.step(contacts[m.holder], m, "answer", pairs...)
	c.answeredWith(m, outcome)
}

// answeredWith counts an answer.
func (c *cycles) answeredWith(m *matter, outcome string) {
	m.state, m.outcome, m.answered, m.quality, m.answeredOn = "answered", outcome, true, "", c.today()
	m.late = c.today().After(m.due)
	m.lastLate = m.late
	m.answers[map[bool]int{true: 1}[m.late]]++
}

// outcomeOf is what the plan lets come of a petition.
func outcomeOf(m *matter) string {
	return []string{"done", "done", "explained", "done", "no_means", "done", "passed", "explained", "not_possible", "done"}[m.n%10]
}

func (c *cycles) answerAll(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		c.answer(m, outcomeOf(m))
	}
}

// judgeAll: the committees read the answers.
func (c *cycles) judgeAll(ms []*matter, quality string) {
	c.t.Helper()
	for _, m := range ms {
		note := ""
		if quality != "good" {
			note = "Trả lời chưa nêu lộ trình."
		}
		c.step(m.examiner(), m, "judgement", "quality", quality, "note", note)
		m.state, m.quality = "judged", quality
	}
}

// closeAll: the standing committee, or its chair, ends what was judged.
func (c *cycles) closeAll(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		c.step([]string{standingCommittee, chair}[m.n%2], m, "closure", "note", "Thống nhất kết thúc.")
		m.state = "closed"
	}
}

// settle leads what was answered to its end.
func (c *cycles) settle(ms []*matter) {
	c.t.Helper()
	ms = slices.DeleteFunc(slices.Clone(ms), func(m *matter) bool { return m.state != "answered" })
	c.judgeAll(ms, "good")
	c.closeAll(ms)
}
