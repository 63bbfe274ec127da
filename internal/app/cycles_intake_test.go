package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/testkit/council"
)

// ruleTitle is the office's own routing rule.
const ruleTitle = "Ngập úng về Sở Xây dựng"

// enactRule: a clerk writes a routing rule, tries it, and the head puts it in
// force; the clerk may not.
func (c *cycles) enactRule() {
	const home = "/petitions/settings"
	set := c.send(clerk, home+"/new", home+"/sets", "title", "Phân luồng mùa mưa", "paper", "12/QĐ-VP", "paper_date", "10/11/2026", "from", c.today().VN()).URL
	form := c.get(clerk, set+"/items?kind=rule&action=add").Hidden()
	rule := []string{"kind", "rule", "action", "add", "title", ruleTitle, "any", "ngập úng", "to_field", "urban.drainage", "to_body", "hn-sxd", "priority", "50"}
	c.post(clerk, set+"/preview", formOf(form, rule...))
	c.post(clerk, set+"/items", formOf(form, rule...))
	c.post(clerk, set+"/test", url.Values{})
	if p := c.as(clerk).Get(c.t, set+"/effect"); p.Status == http.StatusOK {
		c.t.Error("who wrote a rule may put it in force")
	}
	c.send(head, set+"/effect", set+"/effect")
}

// meeting opens a voter meeting and types its opinions, ten a sheet. Without a
// deputy chosen all who were present bring them.
func (c *cycles) meeting(who, place, session, chosen string, ms []*matter) {
	c.t.Helper()
	const home = "/intake/meetings"
	at := c.send(who, home, home, "held_on", c.today().VN(), "place", place, "wards", "Phường Ba Đình, Phường Ngọc Hà", "session", session, "deputies", "Ngô Xuân Phúc\nTrương Thị Hoài").URL
	for from := 0; from < len(ms); from += 10 {
		pairs := []string{"deputy", chosen}
		for i, m := range ms[from:min(from+10, len(ms))] {
			line := fmt.Sprintf("line-%d-", i)
			pairs = append(pairs, line+"text", m.words, line+"name", fmt.Sprintf("Cử tri số %d", m.n), line+"ward", m.ward)
			if m.deputies = []string{chosen}; chosen == "" {
				m.deputies = []string{deputy, deputyToo}
			}
		}
		page := c.get(who, at)
		c.post(who, at, formOf(page.Hidden(), pairs...))
		// The same sheet pressed twice takes nothing twice: found would say so.
		c.post(who, at, formOf(page.Hidden(), pairs...))
	}
	c.found(ms)
}

// letters enters what came by post or by telephone.
func (c *cycles) letters(who, session string, ms []*matter) {
	c.t.Helper()
	for i, m := range ms {
		channel := m.lot.way
		brought := ""
		if i%4 == 0 {
			brought, m.deputies = deputy, []string{deputy}
		}
		c.send(who, "/intake/letters", "/intake/letters", "channel", channel, "day", c.today().VN(), "ward", m.ward, "name", fmt.Sprintf("Cử tri số %d", m.n), "text", m.words,
			"session", session, "deputy", brought)
	}
	c.found(ms)
}

// unknownDeputy is a name that the workbook of the Front gives and nobody of
// the register bears, until the clerk says whose it is.
const unknownDeputy = "bà Trương Hoài"

// workbook is the Front's file: sixty rows under merged titles, dates as text in
// three styles, names of old wards; ten rows are faulty.
func (c *cycles) workbook(ms []*matter) []byte {
	c.t.Helper()
	f := excelize.NewFile()
	check := func(err error) {
		if err != nil {
			c.t.Fatal(err)
		}
	}
	const s = "Sheet1"
	check(f.SetCellValue(s, "A1", "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM THÀNH PHỐ"))
	check(f.SetCellValue(s, "A2", "BẢNG TỔNG HỢP Ý KIẾN, KIẾN NGHỊ CỦA CỬ TRI"))
	check(f.MergeCell(s, "A1", "G1"))
	check(f.MergeCell(s, "A2", "G2"))
	rows := [][]any{{"STT", "Kỳ họp", "Ngày tiếp nhận", "Họ tên cử tri", "Địa bàn", "Nội dung kiến nghị", "Đại biểu"}}
	days := []string{"17/11/2026", "17-11-2026", "ngày 17 tháng 11 năm 2026"}
	wards := map[string][]string{"00004": {"Phường Ba Đình", "P. Trúc Bạch, quận Ba Đình"}, "00008": {"Phường Ngọc Hà", "Tổ 5, phường Ngọc Hà"}}
	for i, m := range ms {
		by := ""
		if i%8 == 0 {
			by, m.deputies = unknownDeputy, []string{deputyToo}
		}
		rows = append(rows, []any{i + 1, "", days[i%3], fmt.Sprintf("Cử tri số %d", m.n), wards[m.ward][i%2], m.words, by})
	}
	wrong := func(change func(row []any)) {
		row := append([]any{}, rows[1+len(rows)%20]...)
		row[0], row[5] = len(rows), fmt.Sprintf("%v Việc này tôi nói thêm lần %d.", row[5], len(rows))
		change(row)
		rows = append(rows, row)
	}
	for _, day := range []string{"31/02/2026", "hôm qua", "11/13/2026"} {
		wrong(func(row []any) { row[2] = day })
	}
	for _, ward := range []string{"Phường Đội Cấn", "phường Đội Cấn, quận Ba Đình", "quận Ba Đình"} { // one that was divided, a district that is no more
		wrong(func(row []any) { row[4] = ward })
	}
	wrong(func(row []any) { row[5] = "Sửa đường" })
	for i := range 3 {
		rows = append(rows, append([]any{61 + i}, rows[5+i][1:]...))
	}
	for i, row := range rows {
		check(f.SetSheetRow(s, "A"+strconv.Itoa(4+i), &row))
	}
	check(f.SetCellValue(s, "B5", "Kỳ họp thứ 30"))
	check(f.MergeCell(s, "B5", "B64"))
	var out bytes.Buffer
	check(f.Write(&out))
	return out.Bytes()
}

// upload sends a workbook, maps its columns as proposed and gives the page of
// the dry run.
func (c *cycles) upload(who string, file []byte) (at string, dry council.Page) {
	c.t.Helper()
	const home = "/intake/imports"
	form := c.get(who, home).Hidden()
	p := c.as(who).Upload(c.t, home, form, map[string][]byte{"kien-nghi-mttq.xlsx": file})
	if p.Status != http.StatusOK {
		c.t.Fatalf("the workbook: %d %s", p.Status, p.Text())
	}
	c.w.Work(c.t)
	at = strings.TrimSuffix(p.URL, "/columns")
	c.post(who, at+"/columns", formOf(filled(c.get(who, at+"/columns")), "channel", "mttq"))
	c.w.Work(c.t)
	return at, c.get(who, at)
}

var (
	inputs   = regexp.MustCompile(`(?s)<input\b[^>]*>|<select\b.*?</select>`)
	areas    = regexp.MustCompile(`(?s)<textarea\b([^>]*)>(.*?)</textarea>`)
	named    = regexp.MustCompile(`\bname="([^"]*)"`)
	valued   = regexp.MustCompile(`\bvalue="([^"]*)"`)
	selected = regexp.MustCompile(`<option[^>]*value="([^"]*)"[^>]*\bselected`)
)

// filled are the fields of a page as they are proposed, chosen lists too.
func filled(p council.Page) url.Values {
	form := p.Hidden()
	for _, field := range inputs.FindAllString(p.Body, -1) {
		name := named.FindStringSubmatch(field)
		value := valued.FindStringSubmatch(field)
		if strings.HasPrefix(field, "<select") {
			value = selected.FindStringSubmatch(field)
		}
		if name != nil && value != nil && !strings.Contains(field, `type="checkbox"`) && !form.Has(name[1]) {
			form.Set(name[1], html.UnescapeString(value[1]))
		}
	}
	for _, field := range areas.FindAllStringSubmatch(p.Body, -1) {
		if name := named.FindStringSubmatch(field[1]); name != nil {
			form.Set(name[1], html.UnescapeString(field[2]))
		}
	}
	return form
}

// front imports the Front's workbook, and once more: the second time nothing is
// taken.
func (c *cycles) front(ms []*matter) {
	c.t.Helper()
	file := c.workbook(ms)
	at, dry := c.upload(clerk, file)
	c.says(dry, "Hợp lệ 50", "Có lỗi 7", "Trùng trong tệp 3")
	c.post(clerk, at+"/beginning", url.Values{})
	c.w.Work(c.t)
	c.says(c.get(clerk, at), "Đã tiếp nhận 50")
	c.found(ms)
	_, again := c.upload(clerkToo, file)
	c.says(again, "Đã nhập trước đây 50", "Có lỗi 7", "Trùng trong tệp 3")
	if strings.Contains(again.Text(), "Hợp lệ") {
		c.t.Errorf("the second import would take rows: %s", again.Text())
	}
}

func (c *cycles) says(p council.Page, sentences ...string) {
	c.t.Helper()
	if err := contains(p, sentences); err != nil {
		c.t.Error(err)
	}
}

// public: voters fill the public form in, look at it and send it.
func (c *cycles) public(ms []*matter) {
	c.t.Helper()
	const page = "/kien-nghi/gui"
	for _, m := range ms {
		look := c.send("", page, page, "to", "city", "ward", m.ward, "text", m.words, "email", m.email, "consent", "1")
		if look.Hidden().Has("challenge") { // without a script the voter waits
			c.w.Clock.Advance(70 * time.Second)
		}
		sent := c.post("", page, formOf(look.Hidden(), "act", "send"))
		found := receiptLink.FindStringSubmatch(sent.URL)
		if found == nil {
			c.t.Fatalf("no receipt: %d %s %s", sent.Status, sent.URL, sent.Text())
		}
		m.code, m.key = found[1], found[2]
	}
	c.found(ms)
}

// open311 hands in as other programs do.
func (c *cycles) open311(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		p := c.post("", "/open311/v2/requests.json", url.Values{"service_code": {m.topic.field}, "description": {m.words}, "attribute[ward]": {m.ward}, "email": {m.email}, "attribute[consent]": {"1"}})
		var got []struct {
			ID     string `json:"service_request_id"`
			Notice string `json:"service_notice"`
		}
		if err := json.Unmarshal([]byte(p.Body), &got); err != nil || len(got) != 1 {
			c.t.Fatalf("%d %s %v", p.Status, p.Body, err)
		}
		_, key, _ := strings.Cut(got[0].Notice, "?key=")
		m.code, m.key = got[0].ID, regexp.MustCompile(`^[A-Za-z0-9]+`).FindString(key)
	}
	c.found(ms)
}
