package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// firstIntake is November: what is said before the session comes in from
// everywhere and is classified, sent on and taken in by the bodies.
func (c *cycles) firstIntake() {
	c.t.Helper()
	c.elect()
	c.enactRule()
	const session = "Kỳ họp thứ 30"
	spoken, letters, calls, front := ofWay(c.all, 1, "meeting"), ofWay(c.all, 1, "letter"), ofWay(c.all, 1, "phone"), ofWay(c.all, 1, "mttq")
	voters, programs := ofWay(c.all, 1, "public"), ofWay(c.all, 1, "open311")
	c.meeting(clerk, "Nhà văn hóa phường Ba Đình", session, "", spoken[:20])
	c.meeting(clerkToo, "Hội trường UBND phường Ngọc Hà", session, deputy, spoken[20:40])
	c.letters(clerk, session, letters)
	first := slices.Concat(spoken[:40], letters)
	c.until("2026-11-17")
	c.classifyAll(first)
	c.until("2026-11-18")
	c.forwardAll(first)
	c.letters(clerkToo, session, calls)
	c.front(front)
	second := slices.Concat(calls, front)
	c.until("2026-11-19")
	c.acceptAll(first)
	c.classifyAll(second)
	c.until("2026-11-20")
	c.forwardAll(second)
	c.meeting(clerk, "Trường THCS Thành Công", session, deputyToo, spoken[40:])
	c.public(voters)
	c.open311(programs)
	third := slices.Concat(spoken[40:], voters, programs)
	c.until("2026-11-23")
	c.classifyAll(third)
	c.dispute(ofFate(second, disputed))
	c.acceptAll(second)
	c.group(ofFate(third, grouped)[:5])
	c.group(ofFate(third, grouped)[5:])
	c.until("2026-11-24")
	c.forwardAll(slices.Concat(third, second))
	c.until("2026-11-25")
	c.acceptAll(slices.Concat(third, second))
	c.sendRight(ofFate(c.all, returned))
}

// giveBack: what a body was sent by mistake it sends back.
func (c *cycles) giveBack(m *matter) {
	c.t.Helper()
	c.step(contacts[m.holder], m, "return", "reason", "not_competent", "note", "Việc này thuộc thẩm quyền của cơ quan khác.")
	m.state, m.due = "returned", clock.Date{}
	if p := c.as(contacts["hn-sxd"]).Get(c.t, "/petitions/"+m.id); p.Status != http.StatusNotFound {
		c.t.Errorf("%s is still there for the body that sent it back: %d", m.code, p.Status)
	}
}

// sendRight: what came back is classified anew and goes where it belongs.
func (c *cycles) sendRight(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		if m.state != "returned" {
			c.t.Fatalf("%s is %s", m.code, m.state)
		}
		c.classify(m, m.body())
	}
	c.forwardAll(ms)
	c.acceptAll(ms)
}

// dispute: the lead asks another body, which says that it is not its matter
// either; the lead sends the petition back; the head decides.
func (c *cycles) dispute(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		share := c.ask(m, "hn-sgd")
		c.send(contacts["hn-sgd"], "/petition-shares/"+share, "/petition-shares/"+share+"/refusal", "reason", "not_competent", "note", "Việc này không thuộc ngành giáo dục.")
		c.giveBack(m)
		dispute := "/petition-disputes/" + c.idIn("petitions_disputes", m)
		c.says(c.get(head, "/petition-disputes"), m.code)
		c.send(head, dispute, dispute, "body", "hn-sgd", "reason", "Xây dựng trường lớp là việc của ngành giáo dục.")
		c.says(c.get(clerk, "/petitions/"+m.id+"/classification"), "Xây dựng trường lớp là việc của ngành giáo dục.")
		c.classify(m, "hn-sgd")
	}
}

// ask: the body that leads asks another for its part, and gets its number.
func (c *cycles) ask(m *matter, body string) (share string) {
	c.t.Helper()
	path := "/petitions/" + m.id + "/shares"
	c.send(contacts[m.holder], path, path, "body", body, "point", "1", "question", "Đề nghị cho ý kiến về nội dung thuộc trách nhiệm của cơ quan.")
	return c.idIn("petitions_shares", m)
}

// idIn is the id of a petition's row in a table that has one for it.
func (c *cycles) idIn(table string, m *matter) (id string) {
	c.t.Helper()
	c.read(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = db.One[string](ctx, tx, `SELECT id FROM `+table+` WHERE petition_id = $1`, m.id)
		return err
	})
	return id
}

// share: a second body answers its part, which is proposed to the lead.
func (c *cycles) share(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		other := map[string]string{"00004": "bd-ub", "00008": "nh-ub"}[m.ward]
		part := "/petition-shares/" + c.ask(m, other)
		said := fmt.Sprintf("Phường đã vận động các hộ dân bàn giao mặt bằng trước ngày 10/12/2026, việc số %d.", m.n)
		c.send(contacts[other], part, part+"/answer", "document", "55/UBND", "reply_1", said)
		form := c.get(contacts[m.holder], "/petitions/"+m.id+"/answer")
		if !strings.Contains(form.Body, said) {
			c.t.Errorf("what %s says is not proposed to the lead of %s", other, m.code)
		}
		c.answer(m, "done", "reply_1", "Sở và phường đã phối hợp giải quyết. "+said)
	}
}

// group: the clerk puts petitions about one matter together.
func (c *cycles) group(ms []*matter) {
	c.t.Helper()
	path := "/petitions/" + ms[0].id + "/similar"
	c.says(c.get(clerk, path), ms[1].code)
	pairs := []string{"title", "Ngập phố Vĩnh Phúc"}
	for _, m := range ms[1:] {
		pairs = append(pairs, "id", m.id)
	}
	c.send(clerk, path, path, pairs...)
}

// answerGroup closes a group with one answer: each voter gets a letter.
func (c *cycles) answerGroup(ms []*matter) {
	c.t.Helper()
	before := len(c.mails())
	c.step(contacts["hn-sxd"], ms[0], "answer", "document", "77/SXD", "reply_1", "Sở đã nạo vét toàn tuyến cống phố Vĩnh Phúc trong tháng 12 năm 2026.", "outcome_1", "done", "together", "1")
	for _, m := range ms {
		c.answeredWith(m, "done")
	}
	c.w.Work(c.t)
	told := map[string]int{}
	for _, l := range c.mails()[before:] {
		told[l.Recipient]++
	}
	for _, m := range ms {
		if told[m.email] != 1 {
			c.t.Errorf("%d letters to the voter of %s", told[m.email], m.code)
		}
	}
}

// extend: bodies ask for time; the head gives it, or not.
func (c *cycles) extend(given, refused []*matter) {
	c.t.Helper()
	for _, m := range slices.Concat(given, refused) {
		c.step(contacts[m.holder], m, "extension-request", "days", "20", "note", "Chờ kết quả khảo sát hiện trường.", "document", "1300/SXD-QLHT")
	}
	c.until("2027-01-05")
	for _, m := range refused {
		was := c.dueOf(m)
		c.step(head, m, "extension-refusal", "note", "Nội dung đơn giản, đề nghị trả lời đúng hạn.")
		if now := c.dueOf(m); now != was {
			c.t.Errorf("%s: the date moved from %s to %s though no time was given", m.code, was, now)
		}
	}
	for _, m := range given {
		c.step(head, m, "extension", "document", "45/VP")
		now := c.dueOf(m)
		if now.Sub(m.due) < 18 { // counted from the date before days off moved it
			c.t.Errorf("%s: twenty days more than %s are %s", m.code, m.due, now)
		}
		m.due = now
	}
}

// answerByLetter: one letter answers many petitions; the body's clerk confirms
// which passage belongs to which.
func (c *cycles) answerByLetter(ms []*matter) {
	c.t.Helper()
	const page = "/petition-replies"
	who := contacts["hn-sgd"]
	lines := []string{"Kính gửi: Văn phòng Đoàn ĐBQH và HĐND thành phố", ""}
	for i, m := range ms {
		lines = append(lines, fmt.Sprintf("%d. Cử tri kiến nghị: %s", i+1, m.words), fmt.Sprintf("Trả lời: Sở đã bố trí đủ theo kế hoạch năm học, hoàn thành việc thứ %d của danh mục.", 100+m.n))
	}
	p := c.as(who).Upload(c.t, page, formOf(c.get(who, page).Hidden(), "document", "900/SGDĐT ngày 14/12/2026"), map[string][]byte{"tra-loi.docx": c.docx(lines)})
	form := filled(p)
	if p.Status != http.StatusOK || len(form) < len(ms) {
		c.t.Fatalf("the letter: %d %s %s", p.Status, p.URL, p.Text())
	}
	for _, m := range ms {
		reply := form.Get("reply_" + m.id + "_1")
		if !strings.Contains(reply, fmt.Sprintf("việc thứ %d của", 100+m.n)) {
			c.t.Errorf("%s is proposed %q", m.code, reply)
		}
		form.Set("outcome_"+m.id+"_1", "done")
		form.Add("take", m.id)
	}
	form.Set("do", "answer")
	c.post(who, p.URL, form)
	for _, m := range ms {
		c.answeredWith(m, "done")
	}
}

// docx is a letter as a word processor keeps it.
func (c *cycles) docx(lines []string) []byte {
	c.t.Helper()
	const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	var words strings.Builder
	for _, l := range lines {
		words.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + l + `</w:t></w:r></w:p>`)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + space + `><w:body>` + words.String() + `</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		c.t.Fatal(err)
	}
	return out.Bytes()
}

// rate: voters say by their receipt how the answer helped; "not fixed" reaches
// the body at once.
func (c *cycles) rate(ms []*matter) {
	c.t.Helper()
	for i, m := range ms {
		fixed := []string{"yes", "partly", "no"}[i%3]
		c.post("", "/kien-nghi/danh-gia/"+m.code, url.Values{"key": {m.key}, "score": {fmt.Sprint(5 - i%5)}, "fixed": {fixed}, "comment": {"Tôi đã xem lại tại chỗ."}})
		c.says(c.get("", "/kien-nghi/"+m.code+"?key="+m.key), fmt.Sprintf("Ông/Bà đã đánh giá %d/5", 5-i%5))
		if fixed == "no" {
			c.says(c.get(contacts[m.holder], "/inbox"), m.code)
		}
	}
}

// contest: voters do not accept what was closed; a second time is refused.
func (c *cycles) contest(ms []*matter) {
	c.t.Helper()
	for _, m := range ms {
		form := url.Values{"key": {m.key}, "note": {"Việc vẫn như cũ, chưa thấy ai đến giải quyết."}}
		c.post("", "/kien-nghi/phan-hoi/"+m.code, form)
		if p := c.as("").Post(c.t, "/kien-nghi/phan-hoi/"+m.code, form); p.Status != http.StatusConflict {
			c.t.Errorf("%s is contested twice: %d", m.code, p.Status)
		}
		m.standing = standing{state: "received", opened: m.opened, newness: "repeated", classified: true, round: 2, holder: m.holder}
	}
}

// urged checks the reminders and escalations of a petition's clocks.
func (c *cycles) urged(m *matter, reminders, escalations int) {
	c.t.Helper()
	c.read(func(ctx context.Context, tx *db.Tx) error {
		acts, err := cases.Acts(ctx, tx, m.id)
		n := map[string]int{}
		for _, a := range acts {
			n[a.Verb]++
		}
		if n["remind"] != reminders || n["escalate"] != escalations {
			c.t.Errorf("%s (%s): %d reminders and %d escalations, want %d and %d", m.code, m.lot.fate, n["remind"], n["escalate"], reminders, escalations)
		}
		return err
	})
}
