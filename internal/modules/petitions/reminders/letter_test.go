package reminders_test

import (
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/testkit"
)

func TestLetterFromDraftToPaper(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ids := h.owe(t, 3)
		board := must(h.Board(ctx, h.People["văn-thư"]))(t)
		if len(board.Bodies) != 1 || board.Bodies[0].Overdue != 3 || board.Bodies[0].Proposal.Rung != 1 || board.Bodies[0].Body != "Sở Xây dựng" {
			t.Fatalf("%+v", board)
		}
		_, _, err := h.DrawUp(ctx, h.People["văn-thư"], reminders.Drawing{BodyID: "hn-sxd", Rung: 2, IDs: ids})
		refused(t, err, "reminders.rung_wrong")
		id := h.draw(t, ids, 1)
		if again, was, err := h.DrawUp(ctx, h.People["văn-thư-hai"], reminders.Drawing{BodyID: "hn-sxd", Rung: 1, IDs: ids[:1]}); err != nil || !was || again != id {
			t.Errorf("a second draft: %s %v %v", again, was, err)
		}
		h.do(t, ids[0], "urban.roads", "answer:done") // between drawing up and signing
		if v := must(h.View(ctx, h.People["lãnh-đạo-văn-phòng"], id))(t); len(v.Lines) != 2 || len(v.Left) != 1 {
			t.Errorf("the draft does not say what leaves it: %+v", v.Left)
		}
		both := h.People["văn-thư"]
		both.Roles = []org.Role{org.Clerk, org.Head}
		refused(t, h.Sign(ctx, both, id, 0), "reminders.same_person")
		inPlace := h.People["lãnh-đạo-văn-phòng"]
		inPlace.PersonID, inPlace.Via = "khác", []org.Proxy{{PersonID: "văn-thư"}}
		refused(t, h.Sign(ctx, inPlace, id, 0), "reminders.same_person")
		refused(t, h.Sign(ctx, h.People["văn-thư-hai"], id, 0), "reminders.signer_head")
		refused(t, h.Sign(ctx, h.People["thường-trực"], id, 0), "reminders.signer_head")
		refused(t, h.Sign(ctx, h.People["lãnh-đạo-phường"], id, 0), "reminders.no_letter")
		refused(t, h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], id, 77), "reminders.changed")
		for range 2 { // a double click
			if err := h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], id, 1); err != nil {
				t.Fatal(err)
			}
		}
		v := must(h.View(ctx, h.People["giám-đốc-xây-dựng"], id))(t)
		if v.Symbol != "01/ĐĐ-VP" || len(v.Lines) != 2 || len(v.LeftOut.V) != 1 || v.Lines[0].Transfer == "" || v.Lines[0].LateDays < 1 {
			t.Errorf("%+v", v)
		}
		if n := h.count(t, `SELECT COUNT(*) FROM notify_messages WHERE link = $1`, "/petition-reminders/"+id); n != 2 {
			t.Errorf("%d were told", n)
		}
		_, err = h.File(ctx, h.People["đầu-mối-xây-dựng"], id)
		refused(t, err, "reminders.being_drawn")
		h.drain(t)
		words := h.pdf(t, h.People["đầu-mối-xây-dựng"], id)
		for _, want := range []string{"01/ĐĐ-VP", "Sở Xây dựng", "Ba Đình", v.Lines[0].Code, v.Lines[1].Code, "2 kiến nghị đã quá hạn", "Trần Văn Bách", "CHÁNH VĂN PHÒNG"} {
			if !strings.Contains(words, want) {
				t.Errorf("the letter lacks %q:\n%s", want, words)
			}
		}
		if strings.Contains(words, v.LeftOut.V[0]) {
			t.Error("the letter names what was answered")
		}
	})
}

// pdf gives the words of the drawn letter.
func (h *house) pdf(t testing.TB, who org.Actor, id string) string {
	t.Helper()
	p, err := h.File(ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	content := must(h.App.Documents.Open(ctx, p))(t)
	defer content.Close()
	path := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(path, must(io.ReadAll(content))(t), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-enc", "UTF-8", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(text.NFC(string(out))), " ")
}

func TestLadderClimbs(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ids := h.owe(t, 2)
		var symbols []string
		send := func(rung int, signer string) {
			t.Helper()
			id := h.draw(t, ids, rung)
			if err := h.Sign(ctx, h.People[signer], id, 0); err != nil {
				t.Fatal(err)
			}
			symbols = append(symbols, must(h.View(ctx, h.People["văn-thư"], id))(t).Symbol)
		}
		proposed := func() reminders.Proposal { return must(h.Sheet(ctx, h.People["văn-thư"], "hn-sxd"))(t).Proposal }
		send(1, "lãnh-đạo-văn-phòng")
		h.later(t, 9)
		if p := proposed(); p.Rung != 1 || p.Reason != reminders.ReasonAgain || p.Wait != 10 || p.Days != 9 {
			t.Errorf("%+v", p)
		}
		h.later(t, 1)
		if p := proposed(); p.Rung != 2 || p.Reason != reminders.ReasonNext {
			t.Errorf("%+v", p)
		}
		send(2, "lãnh-đạo-văn-phòng")
		h.later(t, 15)
		id := h.draw(t, ids, 3)
		refused(t, h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], id, 0), "reminders.signer_standing")
		if err := h.Sign(ctx, h.People["chủ-tịch"], id, 0); err != nil {
			t.Fatal(err)
		}
		if v := must(h.View(ctx, h.People["chủ-tịch"], id))(t); v.Symbol != "01/ĐĐ-HĐND" || v.Lines[0].Earlier != "02/ĐĐ-VP" {
			t.Errorf("%s after %v, %+v", v.Symbol, symbols, v.Lines[0])
		}
		if p := proposed(); p.Rung != 3 || p.Reason != reminders.ReasonTop {
			t.Errorf("%+v", p)
		}
		h.drain(t)
		testkit.Has(t, h.pdf(t, h.People["thường-trực"], id), "TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN", "02/ĐĐ-VP")
		for _, p := range ids {
			h.do(t, p, "urban.roads", "answer:done")
		}
		h.morning(t)
		if n := h.count(t, `SELECT COUNT(*) FROM petitions_reminders WHERE settled_on <> ''`); n != 3 {
			t.Errorf("%d letters are settled", n)
		}
		more := h.hand(t, "urban.roads", atBody)
		h.later(t, 66)
		if p := proposed(); p.Rung != 1 || p.Reason != reminders.ReasonFirst {
			t.Errorf("the ladder did not begin anew: %+v", p)
		}
		named := h.of(t, "giám-đốc-xây-dựng", ids[0])
		if len(named) != 3 || named[0].Rung != 3 || named[0].URL == "" || len(h.of(t, "giám-đốc-xây-dựng", more.ID)) != 0 {
			t.Errorf("%+v", named)
		}
		if c := h.of(t, "ban-đô-thị", ids[0]); len(c) != 3 || c[0].URL != "" {
			t.Errorf("the committee that examines it: %+v", c)
		}
		for _, other := range []string{"đại-biểu", "giám-đốc-giáo-dục", "ban-văn-hoá", "văn-thư-phường", "quản-trị"} {
			if all := h.of(t, other, ids[0]); len(all) != 0 {
				t.Errorf("%s reads %+v", other, all)
			}
		}
	})
}

func (h *house) of(t testing.TB, person, petitionID string) (all []reminders.Named) {
	t.Helper()
	err := h.App.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, petitionID)
		if err != nil {
			return err
		}
		all, err = h.Of(ctx, tx, h.People[person], c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNumbersOfTwoAtOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		a, b := h.hand(t, "urban.roads", atBody), h.hand(t, "culture.education", atBody)
		h.later(t, 66)
		first := h.draw(t, []string{a.ID}, 1)
		second, _, err := h.DrawUp(ctx, h.People["văn-thư"], reminders.Drawing{BodyID: "hn-sgd", Rung: 1, IDs: []string{b.ID}})
		if err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i, id := range []string{first, second} {
			both.Go(func() { errs[i] = h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], id, 0) })
		}
		both.Wait()
		if errs[0] != nil || errs[1] != nil {
			t.Fatal(errs)
		}
		var symbols []string
		for _, id := range []string{first, second} {
			symbols = append(symbols, must(h.View(ctx, h.People["văn-thư"], id))(t).Symbol)
		}
		if slices.Sort(symbols); !slices.Equal(symbols, []string{"01/ĐĐ-VP", "02/ĐĐ-VP"}) {
			t.Error(symbols)
		}
	})
}

func TestSealedLaterLeavesEverything(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ids := h.owe(t, 3)
		draft := h.draw(t, ids, 1)
		code := func(id string) string {
			return must(h.View(ctx, h.People["văn-thư"], draft))(t).Lines[slices.IndexFunc(must(h.View(ctx, h.People["văn-thư"], draft))(t).Lines, func(l reminders.Line) bool { return l.PetitionID == id })].Code
		}
		first, second := code(ids[0]), code(ids[1])
		h.seal(t, ids[0])
		if err := h.Sign(ctx, h.People["lãnh-đạo-văn-phòng"], draft, 0); err != nil {
			t.Fatal(err)
		}
		v := must(h.View(ctx, h.People["văn-thư"], draft))(t)
		if len(v.Lines) != 2 || len(v.LeftOut.V) != 0 {
			t.Errorf("sealed before signing: %+v", v)
		}
		h.drain(t)
		if words := h.pdf(t, h.People["đầu-mối-xây-dựng"], draft); strings.Contains(words, first) || !strings.Contains(words, second) {
			t.Error("the letter names a sealed petition")
		}
		if err := h.Commit(ctx, h.People["đầu-mối-xây-dựng"], draft, reminders.Commitment{Days: map[string]clock.Date{ids[1]: clock.Today(h.Clock).AddDays(9)}}); err != nil {
			t.Fatal(err)
		}
		h.seal(t, ids[1])
		_, err := h.File(ctx, h.People["đầu-mối-xây-dựng"], draft)
		refused(t, err, "reminders.being_drawn")
		h.drain(t)
		if words := h.pdf(t, h.People["đầu-mối-xây-dựng"], draft); strings.Contains(words, second) {
			t.Error("the letter drawn anew names a sealed petition")
		}
		for _, page := range []string{"/petition-reminders/" + draft, "/petitions/reminders/new?body=hn-sxd", "/petitions/promises", "/petitions/reminders"} {
			if _, body := h.Ask(t, "văn-thư", page, nil); strings.Contains(body, second) || strings.Contains(body, first) {
				t.Errorf("%s names a sealed petition", page)
			}
		}
		if len(h.of(t, "văn-thư", ids[1])) != 0 {
			t.Error("the card of a sealed petition")
		}
	})
}

// seal is what splitting off does to a case.
func (h *house) seal(t testing.TB, id string) {
	t.Helper()
	err := h.App.DB.Tx(ctx, func(tx *db.Tx) error {
		return tx.ExecOne(ctx, `UPDATE cases_cases SET sealed = TRUE, public = FALSE, title = '—' WHERE id = $1`, id)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPagesAndRightsByAddress(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ids := h.owe(t, 2)
		status, page := h.Ask(t, "văn-thư", "/petitions/reminders", nil)
		testkit.Has(t, page, "Sở Xây dựng", "Bậc 1", "chưa có văn bản nào", "Soạn văn bản", "chưa được xác nhận")
		if _, page = h.Ask(t, "văn-thư", "/petitions/reminders/new?body=hn-sxd", nil); status != 200 || strings.Count(page, "checked") < 3 {
			t.Errorf("%d: nothing is ticked", status)
		}
		status, page = h.Ask(t, "văn-thư", "/petitions/reminders/new", url.Values{"body": {"hn-sxd"}, "rung": {"1"}, "words": {"Đề nghị gấp."}, "answer_by": {"hôm nào"}})
		if status != 422 {
			t.Errorf("nothing chosen: %d", status)
		}
		testkit.Has(t, page, "Đề nghị gấp.", "hôm nào")
		hostile := "<script>alert(1)</script> Đề nghị gấp" // with a composed name below
		status, at := h.Ask(t, "văn-thư", "/petitions/reminders/new", url.Values{"body": {"hn-sxd"}, "rung": {"1"}, "id": ids, "words": {hostile + " ho\u0300a\u0301"}, "answer_by": {clock.Today(h.Clock).AddDays(5).VN()}})
		if status != 303 {
			t.Fatalf("%d %.300s", status, at)
		}
		_, page = h.Ask(t, "lãnh-đạo-văn-phòng", at, nil)
		testkit.Has(t, page, "Ký, cấp số và gửi", "&lt;script&gt;", "hòá")
		for _, who := range []string{"đầu-mối-xây-dựng", "giám-đốc-xây-dựng", "văn-thư-phường", "ubnd-phường"} {
			if status, _ := h.Ask(t, who, at, nil); status != 404 {
				t.Errorf("%s opens a draft: %d", who, status)
			}
		}
		for _, who := range []string{"đại-biểu", "ban-đô-thị", "cán-bộ-xây-dựng", "quản-trị", "nobody"} {
			if status, _ := h.Ask(t, who, at, nil); status == 200 {
				t.Errorf("%s opens a draft", who)
			}
		}
		if status, page = h.Ask(t, "văn-thư", at+"/lines", url.Values{"rung": {"1"}, "id": ids[:1], "revision": {"1"}}); status != 303 {
			t.Errorf("change: %d %.200s", status, page)
		}
		if status, _ = h.Ask(t, "văn-thư", at+"/signature", url.Values{}); status != 404 {
			t.Errorf("a clerk signs: %d", status)
		}
		if status, _ = h.Ask(t, "lãnh-đạo-văn-phòng", at+"/signature", url.Values{"revision": {"1"}}); status != 409 {
			t.Errorf("signed what was not read: %d", status)
		}
		if status, _ = h.Ask(t, "lãnh-đạo-văn-phòng", at+"/signature", url.Values{"revision": {"2"}}); status != 303 {
			t.Errorf("signature: %d", status)
		}
		h.atBody(t, at, ids)
	})
}

// atBody is the second half: what the body reads and does.
func (h *house) atBody(t *testing.T, at string, ids []string) {
	_, page := h.Ask(t, "giám-đốc-xây-dựng", "/petitions/reminders/received", nil)
	testkit.Has(t, page, "01/ĐĐ-VP", "Chưa xác nhận")
	_, page = h.Ask(t, "giám-đốc-giáo-dục", "/petitions/reminders/received", nil)
	if strings.Contains(page, "01/ĐĐ-VP") {
		t.Error("another body has the letter in its list")
	}
	if status, _ := h.Ask(t, "giám-đốc-giáo-dục", at, nil); status != 404 {
		t.Errorf("another body opens the letter: %d", status)
	}
	if status, _ := h.Ask(t, "giám-đốc-giáo-dục", at+"/receipt", url.Values{}); status != 404 {
		t.Errorf("another body confirms: %d", status)
	}
	for range 2 {
		if status, _ := h.Ask(t, "đầu-mối-xây-dựng", at+"/receipt", url.Values{}); status != 303 {
			t.Errorf("receipt: %d", status)
		}
	}
	if n := h.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'petitions.receive_reminder'`); n != 1 {
		t.Errorf("%d entries of one receipt", n)
	}
	day := clock.Today(h.Clock).AddDays(12)
	status, page := h.Ask(t, "đầu-mối-xây-dựng", at+"/days", url.Values{"petition": {ids[0]}, "day_" + ids[0]: {"01/01/2020"}, "document": {"9/SXD"}})
	if status != 422 {
		t.Errorf("a day that has passed: %d", status)
	}
	testkit.Has(t, page, "01/01/2020", "9/SXD", "Ngày cam kết phải từ")
	if status, page = h.Ask(t, "đầu-mối-xây-dựng", at+"/days", url.Values{"petition": {ids[0]}, "day_" + ids[0]: {day.VN()}}); status != 303 {
		t.Fatalf("%d %.300s", status, page)
	}
	_, page = h.Ask(t, "đầu-mối-xây-dựng", at, nil)
	testkit.Has(t, page, "Cam kết ngày "+day.VN())
	_, page = h.Ask(t, "đầu-mối-xây-dựng", "/petitions/promises", nil)
	testkit.Has(t, page, "Trả lời văn bản đôn đốc")
	for _, path := range []string{"/petitions/reminders/letters", "/petitions/reminders/letters?state=draft&after=x", "/petitions/promises?list=ended", "/petitions/promises?list=asked", "/petitions/reminders/league"} {
		if status, _ := h.Ask(t, "lãnh-đạo-văn-phòng", path, nil); status != 200 {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, who := range []string{"đại-biểu", "đầu-mối-xây-dựng", "ban-đô-thị"} {
		if status, _ := h.Ask(t, who, "/petitions/reminders", nil); status != 404 {
			t.Errorf("%s reads the board: %d", who, status)
		}
	}
	if _, page = h.Ask(t, "văn-thư-phường", "/petitions/reminders", nil); strings.Contains(page, "Sở Xây dựng") {
		t.Error("another council's board names the body")
	}
	if status, _ := h.Ask(t, "văn-thư-phường", at, nil); status != 404 {
		t.Errorf("another council's clerk: %d", status)
	}
	if _, _, err := h.DrawUp(ctx, h.People["văn-thư-phường"], reminders.Drawing{BodyID: "hn-sxd", Rung: 1, IDs: ids}); err == nil {
		t.Error("another council's clerk writes about these petitions")
	}
}
