package app_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/modules/petitions/open"
)

// urge: a clerk draws up a letter to a body for all that it owes, the head signs
// it, the body confirms that it came and names days.
func (c *cycles) urge(body string, owed []*matter) {
	c.t.Helper()
	const home = "/petitions/reminders"
	c.says(c.get(head, home), c.bodies()[body])
	pairs := []string{"body", body, "rung", "1", "answer_by", c.today().AddDays(10).VN()}
	for _, m := range owed {
		pairs = append(pairs, "id", m.id)
	}
	letter := c.send(clerk, home+"/new?body="+body, home+"/new", pairs...).URL
	c.send(head, letter, letter+"/signature")
	c.w.Work(c.t)
	if f := c.get(contacts[body], letter+"/file"); !strings.HasPrefix(f.Body, "%PDF") {
		c.t.Errorf("the letter to %s is no PDF", body)
	}
	c.post(contacts[body], letter+"/receipt", url.Values{})
	days := []string{"document", "60/" + strings.ToUpper(body), "note", "Cơ quan sẽ trả lời đúng ngày đã nêu."}
	for _, m := range owed {
		days = append(days, "petition", m.id, "day_"+m.id, c.today().AddDays(20).VN())
	}
	c.send(contacts[body], letter, letter+"/days", days...)
	for _, m := range owed {
		c.says(c.get(clerk, "/petitions/"+m.id), "đôn đốc")
	}
}

// promiseOf is the promise that an answer gave.
func (c *cycles) promiseOf(m *matter) (path string) {
	c.t.Helper()
	return "/petition-promises/" + c.idIn("petitions_promises", m)
}

// keepPromises: of what was promised some is done, some is put off with the
// head's leave; the rest is left to pass.
func (c *cycles) keepPromises(done, moved []*matter) {
	c.t.Helper()
	for _, m := range done {
		p := c.promiseOf(m)
		c.send(contacts[m.holder], p, p+"/done", "done.note", "Công trình đã hoàn thành và bàn giao.", "done.document", "88/BC")
		c.send(head, p, p+"/decision", "do", "accept")
	}
	for _, m := range moved {
		p := c.promiseOf(m)
		c.send(contacts[m.holder], p, p+"/move", "move.due", "30/06/2027", "move.note", "Vướng giải phóng mặt bằng, xin lùi ngày.", "move.document", "89/BC")
		c.send(head, p, p+"/decision", "do", "accept")
	}
}

// promises checks how many promises stand how, in the register of promises.
func (c *cycles) promises(want map[string]int) {
	c.t.Helper()
	type row struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	got := map[string]int{}
	c.read(func(ctx context.Context, tx *db.Tx) error {
		rows, err := db.All[row](ctx, tx, `SELECT state, COUNT(*) AS n FROM petitions_promises WHERE source = 'answer' GROUP BY state ORDER BY state`)
		for _, r := range rows {
			got[r.State] = r.N
		}
		return err
	})
	if !maps.Equal(got, want) {
		c.t.Errorf("promises on %s: %v, the plan says %v", c.today(), got, want)
	}
}

// secondIntake is the next session: what comes in anew, a fifth of it said before.
func (c *cycles) secondIntake() {
	c.t.Helper()
	const session = "Kỳ họp thứ 31"
	c.until("2027-03-29")
	c.meeting(clerkToo, "Nhà văn hóa phường Ngọc Hà", session, "", ofWay(c.all, 2, "meeting"))
	c.letters(clerk, session, ofWay(c.all, 2, "letter"))
	c.public(ofWay(c.all, 2, "public"))
	c.open311(ofWay(c.all, 2, "open311"))
	second := pick(c.all, func(m *matter) bool { return m.lot.cycle == 2 })
	c.until("2027-03-30")
	for _, m := range ofFate(second, repeat) {
		page := "/petitions/" + m.id + "/memory"
		c.send(clerk, page, "/petitions/"+m.id+"/link", "earlier", m.repeats.code)
	}
	c.classifyAll(second)
	c.until("2027-03-31")
	c.forwardAll(second)
	c.acceptAll(second)
}

// remembered: each matter that was said again tells how often, with the chain.
func (c *cycles) remembered() {
	c.t.Helper()
	for _, m := range ofFate(c.all, repeat) {
		root, links := m.repeats, 1
		for root.repeats != nil {
			root, links = root.repeats, links+1
		}
		if i := slices.IndexFunc(c.all, func(o *matter) bool { return o.repeats == m }); i >= 0 {
			links++ // it was said once more
		}
		p := c.get(clerk, "/petitions/"+m.id+"/memory")
		c.says(p, fmt.Sprintf("Đã được nhắc lại %d lần kể từ ngày %s", links, root.opened.VN()), root.code, m.code)
	}
}

// statistics holds the public's numbers against our own.
func (c *cycles) statistics() {
	c.t.Helper()
	c.w.Clock.Advance(10 * time.Minute)
	c.w.Work(c.t)
	want := map[string]int64{}
	for _, m := range c.all {
		if m.state == "split" || m.state == "received" && m.round == 1 {
			continue
		}
		want["all"]++
		want["state "+m.state]++
		want["unit "+m.ward]++
		want["in time"] += int64(m.answers[0])
		want["late"] += int64(m.answers[1])
		if m.overdue(c.today()) {
			want["overdue"]++
		}
		if m.classified {
			want["field "+m.topic.field]++
		}
		if m.state == "refused" {
			want["reason "+m.reason]++
		}
		if m.answered {
			want["outcome "+m.outcome]++
		}
	}
	var x open.Statistics
	if err := json.Unmarshal([]byte(c.get("", "/kien-nghi/thong-ke.json").Body), &x); err != nil {
		c.t.Fatal(err)
	}
	got := map[string]int64{"all": x.Total, "in time": x.OnTime, "late": x.Late, "overdue": x.Overdue}
	for about, parts := range map[string][]open.Part{"state ": x.States, "field ": x.Fields, "unit ": x.Units, "reason ": x.Reasons, "outcome ": x.Outcomes} {
		for _, p := range parts {
			got[about+p.Value] = p.N
		}
	}
	for key := range want {
		if got[key] != want[key] {
			c.t.Errorf("the public reads %s: %d, by our count %d", key, got[key], want[key])
		}
		delete(got, key)
	}
	maps.DeleteFunc(got, func(_ string, n int64) bool { return n == 0 })
	if len(got) > 0 {
		c.t.Errorf("the public reads what the plan has not: %v", got)
	}
}

// tie: the clerk says whose the name is that the Front's workbook wrote.
func (c *cycles) tie() {
	c.t.Helper()
	p := c.get(clerk, "/petitions/deputies")
	c.says(p, unknownDeputy)
	c.post(clerk, "/intake/deputies/ties", formOf(p.Hidden(), "person", deputyToo))
}

// deputies holds what is told of each deputy against our own count.
func (c *cycles) deputies() {
	c.t.Helper()
	for who, name := range map[string]string{deputy: "Ngô Xuân Phúc", deputyToo: "Trương Thị Hoài"} {
		want := map[string]int{}
		for _, m := range c.all {
			if !slices.Contains(m.deputies, who) || m.sealed {
				continue
			}
			want["Đã chuyển"]++
			if m.forwarded {
				want["Đã giao cơ quan"]++
			}
			if m.answers != [2]int{} {
				want[map[bool]string{true: "Trả lời quá hạn", false: "Trả lời đúng hạn"}[m.lastLate]]++
			}
			if !m.isFinal() {
				want["Đang xử lý"]++
			}
			if m.answered {
				want[c.say("petitions.outcome."+m.outcome)]++
			}
		}
		got := c.deputyRow(name)
		for key, n := range want {
			if got[key] != fmt.Sprint(n) {
				c.t.Errorf("%s, %s: %q, by our count %d", name, key, got[key], n)
			}
		}
	}
}

// deputyRow is a deputy's line of the export, by the heads of its columns.
func (c *cycles) deputyRow(name string) map[string]string {
	c.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.get(deputy, "/petitions/deputies.csv").Body, "\ufeff"))).ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	cells := map[string]string{}
	for _, row := range rows {
		for i, cell := range row {
			if row[0] == name {
				cells[rows[0][i]] = cell
			}
		}
	}
	return cells
}

// sealed: what was split off is gone for everybody but the office, by every
// address that the plan knows; its voter reads with the key only that it is there.
func (c *cycles) sealed() {
	c.t.Helper()
	hidden := pick(c.all, func(m *matter) bool { return m.sealed })
	lists := []string{"/petitions", "/petitions/export.csv", "/kien-nghi", "/kien-nghi.atom", "/kien-nghi/du-lieu.csv", "/kien-nghi/du-lieu.json", "/open311/v2/requests.json", "/inbox", "/petitions/satisfaction", "/petitions/promises",
		"/petitions/reminders", "/reports/petitions", "/petition-shares", "/petition-disputes", "/petition-replies"}
	people := []string{"", chair, standingCommittee, "ban-đô-thị", "ban-văn-hoá", deputy, "giám-đốc-xây-dựng", "đầu-mối-giáo-dục", "ubnd-phường", "văn-thư-phường", "quản-trị", "kiểm-tra"}
	for _, who := range people {
		asked := slices.Clone(lists)
		for _, m := range hidden {
			search := "?q=" + url.QueryEscape(m.words)
			asked = append(asked, "/petitions"+search, "/search"+search, "/kien-nghi"+search, "/kien-nghi/bien-nhan/"+m.code, "/open311/v2/requests/"+m.code+".json")
			for _, path := range []string{"/petitions/" + m.id, "/petitions/" + m.id + "/memory", "/petitions/" + m.id + "/acts/1/receipt.txt", "/kien-nghi/" + m.code} {
				if _, there := c.look(who, path); there {
					c.t.Errorf("LEAK: %s is there for %q", path, who)
				}
			}
		}
		for _, path := range asked {
			body, _ := c.look(who, path)
			for _, m := range hidden {
				body := strings.ReplaceAll(body, `value="`+m.words, "") // what was typed into the search
				if strings.Contains(body, m.words) {
					c.t.Errorf("LEAK: %s shows %s to %q", path, m.code, who)
				}
			}
		}
	}
	for _, m := range hidden {
		c.says(c.get(clerk, "/petitions/"+m.id), m.code)
	}
}

// everyOne: each petition of the plan is in the state that our own count says,
// and each has its receipt.
func (c *cycles) everyOne() {
	c.t.Helper()
	c.read(func(ctx context.Context, tx *db.Tx) error {
		for _, m := range c.all {
			k, err := cases.Load(ctx, tx, m.id)
			if err != nil {
				return err
			}
			if string(k.State) != m.state || k.Round != m.round || k.Sealed != m.sealed || k.Public != (m.classified && m.withheld == "" && !m.sealed) {
				c.t.Errorf("%s (%s): %s in round %d, sealed %v, public %v; by our count %s in round %d", m.code, m.lot.fate, k.State, k.Round, k.Sealed, k.Public, m.state, m.round)
			}
		}
		return nil
	})
	for _, m := range c.all {
		receipt := c.get(clerk, "/petitions/"+m.id+"/acts/1/receipt.txt").Body
		if m.key != "" {
			receipt = c.get("", "/kien-nghi/bien-nhan/"+m.code+"/bien-nhan.txt?key="+m.key).Body
		}
		if !strings.Contains(receipt, m.code) {
			c.t.Errorf("%s has no receipt: %s", m.code, receipt)
		}
	}
}

// quiet: the log verifies, no job is dead, no letter has failed.
func (c *cycles) quiet() {
	c.t.Helper()
	c.w.Work(c.t)
	report, err := c.w.App.Verify(c.t.Context())
	if err != nil || !report.OK() {
		c.t.Errorf("the log does not verify: %+v, %v", report.Findings, err)
	}
	c.read(func(ctx context.Context, tx *db.Tx) error {
		dead, err := c.w.App.Jobs.List(ctx, tx, jobs.Filter{State: jobs.Dead, Limit: 10})
		for _, j := range dead {
			c.t.Errorf("a job is dead: %s %s: %s", j.Kind, j.Key, j.LastError)
		}
		return err
	})
	for _, m := range c.mails() {
		if m.State == notify.MailFailed {
			c.t.Errorf("a letter to %s failed: %s", m.Recipient, m.LastError)
		}
	}
}

// openNow marks what is taken in and not settled: the backlog that a period
// begins with.
func (c *cycles) openNow() map[*matter]bool {
	open := map[*matter]bool{}
	for _, m := range c.all {
		open[m] = m.id != "" && m.taken() && !m.settled()
	}
	return open
}
