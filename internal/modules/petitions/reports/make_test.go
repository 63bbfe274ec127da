package reports_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/testkit/council"
)

// A report made again at a later time, when the cases have gone on, gives the
// same numbers.
func TestSameNumbersLater(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, "urban.roads", done)
		under := h.hand(t, "urban.roads", "classify forward accept answer:underway judge:no_schedule close")
		open := h.hand(t, "culture.education", "classify forward accept")
		h.hand(t, "urban.roads", "refuse")
		fresh := h.hand(t, "urban.roads", "")
		h.Clock.Advance(time.Hour)
		clerk := h.People["văn-thư"]
		made := map[reports.Kind]reports.Report{}
		for _, k := range reports.Kinds() {
			made[k] = must(h.Make(ctx, clerk, autumn(k), time.Time{}))(t)
		}
		sum := made[reports.Summary].Figures.V.Now
		if sum.Received != 5 || sum.Refused != 1 || sum.All.Count != 4 || sum.All.Answered != 2 || sum.All.Settled != 1 || sum.ByBody["hn-sxd"].Count != 2 || sum.ByWard["00004"].Count != 4 {
			t.Errorf("figures %+v, %+v", sum, sum.All)
		}
		for k, rows := range map[reports.Kind]int64{reports.Results: 4, reports.Issued: 1, reports.Pondered: 1, reports.Fresh: 3, reports.Stuck: 0, reports.Backlog: 0} {
			if made[k].Rows != rows {
				t.Errorf("%s has %d rows, want %d", k, made[k].Rows, rows)
			}
		}
		h.do(t, under.ID, "urban.roads", "reopen")
		h.do(t, open.ID, "culture.education", "answer:done")
		h.do(t, fresh.ID, "urban.roads", "classify:repeated")
		h.hand(t, "urban.roads", done)
		h.Pass(t, 40)
		for k, r := range made {
			again := must(h.Check(ctx, h.People["thường-trực"], r.ID))(t)
			if !again.Same() || again.Hash == "" {
				t.Errorf("%s: %s, then %s", k, r.Hash, again.CheckedHash)
			}
			if other := must(h.Make(ctx, clerk, autumn(k), r.Moment.Time))(t); other.Hash != r.Hash {
				t.Errorf("%s made anew of the same moment: %s, then %s", k, r.Hash, other.Hash)
			}
		}
		if now := must(h.Make(ctx, clerk, autumn(reports.Results), time.Time{}))(t); now.Hash == made[reports.Results].Hash || now.Rows != 5 {
			t.Errorf("as of now %d rows, hash %s", now.Rows, now.Hash)
		}
		h.Work(t)
		if found := must(h.App.Verify(ctx))(t); !found.OK() {
			t.Errorf("the log does not agree: %+v", found.Findings)
		}
	})
}

// What was split off by the moment is in no report. What is split off later
// stays in the numbers of the moment, which can be proved, and is no row of any.
func TestNothingSealed(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, "urban.roads", done)
		later := h.hand(t, "urban.roads", done)
		h.hand(t, "urban.roads", "split")
		h.Clock.Advance(time.Hour)
		clerk := h.People["văn-thư"]
		made := map[reports.Kind]reports.Report{}
		for _, k := range []reports.Kind{reports.Summary, reports.Results, reports.Issued} {
			made[k] = must(h.Make(ctx, clerk, autumn(k), time.Time{}))(t)
		}
		if got := made[reports.Summary].Figures.V.Now.Received; got != 2 {
			t.Errorf("received %d", got)
		}
		for _, step := range []string{"reopen", "split"} {
			h.do(t, later.ID, "urban.roads", step)
		}
		h.Clock.Advance(time.Hour)
		for k, r := range made {
			again := must(h.Check(ctx, clerk, r.ID))(t)
			if want := map[reports.Kind]int64{reports.Results: 1, reports.Issued: 1}[k]; !again.Same() || again.Withheld != want {
				t.Errorf("%s: same %t, withheld %d", k, again.Same(), again.Withheld)
			}
			for _, person := range []string{"văn-thư", "thường-trực"} {
				if page := h.get(t, person, "/reports/petitions/"+r.ID).Body.String(); strings.Contains(page, later.Code) || strings.Contains(page, later.ID) {
					t.Errorf("%s names a petition that was split off, to %s", k, person)
				}
				for _, as := range []string{"xlsx", "docx"} {
					content := wordsOf(t, as, h.get(t, person, "/reports/petitions/"+r.ID+"/file?as="+as).Body.Bytes())
					if strings.Contains(content, later.Code) || k != reports.Summary && !strings.Contains(content, "không được liệt kê") {
						t.Errorf("%s as %s names it, or does not say that a row is left out", k, as)
					}
				}
			}
		}
		if now := must(h.Make(ctx, clerk, autumn(reports.Summary), time.Time{}))(t); now.Figures.V.Now.Received != 1 {
			t.Errorf("as of now %d", now.Figures.V.Now.Received)
		}
	})
}

// A committee's report counts what was of its fields at the moment; it lists
// what the committee examines today.
func TestCommitteeReadsItsOwn(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		moved := h.HandIn(t, council.Petition{Field: "urban.roads", Secret: true, Steps: "classify forward accept answer:done"})
		h.hand(t, "urban.roads", done)
		h.Clock.Advance(time.Hour)
		member := h.People["ban-đô-thị"]
		r := must(h.Make(ctx, member, autumn(reports.Results), time.Time{}))(t)
		if r.Rows != 2 || !strings.Contains(h.get(t, "ban-đô-thị", "/reports/petitions/"+r.ID).Body.String(), moved.Code) {
			t.Fatalf("%d rows", r.Rows)
		}
		h.hand(t, "culture.education", "classify")
		if err := h.App.DB.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cases_cases SET examiner_body_id = 'another', field = 'culture.education' WHERE id = $1`, moved.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		again := must(h.Check(ctx, member, r.ID))(t)
		if !again.Same() || again.Withheld != 1 {
			t.Errorf("same %t, withheld %d", again.Same(), again.Withheld)
		}
		if page := h.get(t, "ban-đô-thị", "/reports/petitions/"+r.ID).Body.String(); strings.Contains(page, moved.Code) {
			t.Error("a committee reads of another's petition")
		}
	})
}

// Rights go by the body that a person acts for: a role of the office, held in a
// committee or an answering body, gives no council's figures.
func TestReachGoesByBody(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, "urban.roads", "classify forward accept answer:underway")
		h.hand(t, "culture.education", "classify forward accept answer:underway")
		h.Clock.Advance(time.Hour)
		all := must(h.Make(ctx, h.People["văn-thư"], autumn(reports.Results), time.Time{}))(t)
		for _, role := range []org.Role{org.Clerk, org.Head, org.Standing, org.Chair} {
			member := h.People["ban-đô-thị"]
			member.Roles = append([]org.Role{role}, member.Roles...)
			_, err := h.Report(ctx, member, all.ID)
			refused(t, err, "reports.no_such_report")
			if r := must(h.Make(ctx, member, autumn(reports.Results), time.Time{}))(t); r.Rows != 1 || r.CommitteeID != member.BodyID {
				t.Errorf("a committee member who is %s counts %d", role, r.Rows)
			}
			body := h.People["đầu-mối-xây-dựng"]
			body.Roles = append([]org.Role{role}, body.Roles...)
			nobody := org.Actor{PersonID: "x", CouncilID: "hn", Roles: []org.Role{role, org.CommitteeMember}}
			for _, who := range []org.Actor{body, nobody, {}} {
				_, err := h.Make(ctx, who, autumn(reports.Results), time.Time{})
				refused(t, err, "reports.no_such_report")
				_, _, err = h.Reports(ctx, who, "")
				refused(t, err, "reports.no_such_report")
				_, err = h.Report(ctx, who, all.ID)
				refused(t, err, "reports.no_such_report")
			}
		}
	})
}

func TestWhoMayReport(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, "urban.roads", done)
		h.hand(t, "culture.education", done)
		h.Clock.Advance(time.Hour)
		all := must(h.Make(ctx, h.People["văn-thư"], autumn(reports.Results), time.Time{}))(t)
		own := must(h.Make(ctx, h.People["ban-đô-thị"], autumn(reports.Results), time.Time{}))(t)
		if all.Rows != 2 || own.Rows != 1 {
			t.Errorf("council %d rows, committee %d", all.Rows, own.Rows)
		}
		q := autumn(reports.Results)
		q.Fields = []string{"culture.education"}
		_, err := h.Make(ctx, h.People["ban-đô-thị"], q, time.Time{})
		refused(t, err, "reports.not_your_field")
		_, err = h.Report(ctx, h.People["ban-đô-thị"], all.ID)
		refused(t, err, "reports.no_such_report")
		_, err = h.Report(ctx, h.People["văn-thư-phường"], all.ID)
		refused(t, err, "reports.no_such_report")
		if list, _, err := h.Reports(ctx, h.People["ban-đô-thị"], ""); err != nil || len(list) != 1 || list[0].ID != own.ID {
			t.Errorf("committee sees %d reports, %v", len(list), err)
		}
		for person, status := range map[string]int{"văn-thư": 200, "lãnh-đạo-văn-phòng": 200, "chủ-tịch": 200, "ban-đô-thị": 200, "đại-biểu": 404, "đầu-mối-xây-dựng": 404, "quản-trị": 404} {
			if got := h.get(t, person, "/reports/petitions").Code; got != status {
				t.Errorf("%s: %d, want %d", person, got, status)
			}
		}
		_, err = h.Make(ctx, h.People["văn-thư"], autumn(reports.Results), h.Clock.Now().Add(time.Hour))
		refused(t, err, "reports.moment_ahead")
	})
}

func TestPagesAndFiles(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.hand(t, "urban.roads", done)
		p := h.hand(t, "urban.roads", "classify forward accept answer:underway")
		h.Clock.Advance(time.Hour)
		wrong := h.post(t, "văn-thư", "/reports/petitions", url.Values{"kind": {"pl1"}, "from": {"31/12/2026"}, "until": {"01/07/2026"}})
		if wrong.Code != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body.String(), "Ngày kết thúc đứng trước") {
			t.Errorf("a backwards period: %d", wrong.Code)
		}
		for _, k := range reports.Kinds() {
			made := h.post(t, "văn-thư", "/reports/petitions", url.Values{"kind": {string(k)}, "from": {"01/07/2026"}, "until": {"31/12/2026"}, "field": {"urban"}})
			if made.Code != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", k, made.Code, made.Body)
			}
			at := made.Header().Get("Location")
			page := h.get(t, "văn-thư", at)
			if body := page.Body.String(); page.Code != 200 || strings.Contains(body, "⟦") || !strings.Contains(body, "Phường Ba Đình") || strings.Contains(body, "style=") {
				t.Errorf("%s: page %d, %s", k, page.Code, unsaid(body))
			}
			for _, as := range []string{"xlsx", "docx", "pdf"} {
				f := h.get(t, "văn-thư", at+"/file?as="+as)
				if f.Code != 200 {
					t.Fatalf("%s as %s: %d %s", k, as, f.Code, f.Body)
				}
				content := wordsOf(t, as, f.Body.Bytes())
				if strings.Contains(content, "⟦") || k == reports.Results && (!strings.Contains(strings.ReplaceAll(content, " ", ""), p.Code) || !strings.Contains(content, "Sở Xây dựng")) {
					t.Errorf("%s as %s: no %s, or %s", k, as, p.Code, unsaid(content))
				}
			}
			if got := h.post(t, "văn-thư", at+"/check", nil); got.Code != http.StatusSeeOther {
				t.Errorf("check: %d", got.Code)
			}
			if body := h.get(t, "văn-thư", at).Body.String(); !strings.Contains(body, "giống hệt") {
				t.Errorf("%s is not the same when run again", k)
			}
			if f := h.get(t, "văn-thư", at+"/file?as=exe"); f.Code != http.StatusNotFound {
				t.Errorf("exe: %d", f.Code)
			}
		}
		if list := h.get(t, "văn-thư", "/reports/petitions").Body.String(); strings.Contains(list, "⟦") || strings.Count(list, "Phụ lục 4.") < 2 {
			t.Errorf("list: %s", unsaid(list))
		}
	})
}

// unsaid finds a key that has no sentence.
func unsaid(s string) string {
	if i := strings.Index(s, "⟦"); i >= 0 {
		return s[i:min(i+60, len(s))]
	}
	return "all keys said"
}

// wordsOf opens a file as a reader would, with tools that are not ours where
// there are any, and gives its words.
func wordsOf(t *testing.T, as string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report."+as)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	switch as {
	case "pdf":
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
			t.Errorf("qpdf: %s", out)
		}
		out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(string(out)), " ")
	case "xlsx":
		book := must(excelize.OpenReader(bytes.NewReader(content)))(t)
		defer book.Close()
		var all []string
		for _, sheet := range book.GetSheetList() {
			for _, row := range must(book.GetRows(sheet))(t) {
				all = append(all, strings.Join(row, " "))
			}
		}
		return strings.Join(all, "\n")
	}
	if out, err := exec.Command("unzip", "-t", path).CombinedOutput(); err != nil {
		t.Errorf("unzip: %s", out)
	}
	z := must(zip.NewReader(bytes.NewReader(content), int64(len(content))))(t)
	var all strings.Builder
	for _, f := range z.File {
		r := must(f.Open())(t)
		d := xml.NewDecoder(r)
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if words, ok := token.(xml.CharData); ok {
				all.Write(words)
			}
		}
	}
	return all.String()
}
