package matching_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/testkit"
)

// house serves the pages to the people of the world.
func house(t *testing.T, w *world) *testkit.Pages {
	t.Helper()
	words, err := text.Load(web.Files, cases.Files, org.Files, documents.Files, os.DirFS(".."), matching.Files)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]org.Actor{"lan": lan, "tam": tam, "yen": yen, "giang": giang}
	return testkit.Serve(t, web.Options{Catalogue: words, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, func(name string) org.Actor { return people[name] })
}

func TestGroupPages(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", text: "Đường 179 từ đình Giang Cao hỏng nặng, đề nghị sửa", unit: "00001"}, petition{id: "p2", text: "de nghi sua duong 179 doan dinh giang cao hong nang", unit: "00001", state: "accepted", holder: "sxd"},
			petition{id: "p3", text: "Trạm y tế hết thuốc huyết áp"}, petition{id: "z1", text: "Đường 179 từ đình Giang Cao hỏng nặng, tố cáo", sealed: true})
		h := house(t, w)
		status, page := h.Ask(t, "lan", "/petitions/p1/similar", nil)
		if status != 200 || strings.Contains(page, "KN26-Z1") || strings.Contains(page, "KN26-P3") {
			t.Errorf("%d: sealed or unlike petitions show", status)
		}
		testkit.Has(t, page, "KN26-P2", "nhiều khả năng trùng", "Cùng nhắc đến", "Cùng phường, xã.", `name="id"`)
		for _, who := range []string{"tam", "yen"} {
			if status, _ := h.Ask(t, who, "/petitions/p1/similar", nil); status != 404 && status != 403 {
				t.Errorf("%s: %d", who, status)
			}
		}
		if status, page = h.Ask(t, "lan", "/petitions/p1/similar", url.Values{}); status != 422 {
			t.Errorf("nothing ticked: %d", status)
		}
		testkit.Has(t, page, "Chưa chọn kiến nghị nào")
		status, at := h.Ask(t, "lan", "/petitions/p1/similar", url.Values{"id": {"p2"}, "title": {"Đường 179"}})
		if status != 303 || !strings.HasPrefix(at, "/petition-groups/") {
			t.Fatalf("%d %.200s", status, at)
		}
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "KN26-P1", "KN26-P2", "những bước xử lý khác nhau", "(kiến nghị đại diện)")
		if status, _ = h.Ask(t, "tam", at, nil); status != 404 {
			t.Errorf("another office's clerk: %d", status)
		}
		_, page = h.Ask(t, "lan", "/petitions/p1/similar", nil)
		testkit.Has(t, page, "Đã ở trong nhóm này", "Mở nhóm")
		if status, page = h.Ask(t, "lan", at+"/removals", url.Values{"petition": {"p2"}}); status != 422 {
			t.Errorf("no reason: %d", status)
		}
		testkit.Has(t, page, "Chưa ghi lý do")
		if status, _ = h.Ask(t, "lan", at+"/removals", url.Values{"petition": {"p2"}, "reason": {"Khác đoạn đường"}}); status != 303 {
			t.Errorf("removal: %d", status)
		}
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "không còn kiến nghị nào", "Khác đoạn đường")
	})
}

func TestReplyPages(t *testing.T) {
	t.Parallel()
	const letter = "1. Cử tri phường A kiến nghị: sửa đường 179 từ đình Giang Cao.\nTrả lời: Đường 179 đã có dự án, dự kiến hoàn thành trong quý II/2027.\n" +
		"2. Cử tri phường B đề nghị: lắp đèn chiếu sáng ngõ 5 phố Vọng.\nTrả lời: Công ty chiếu sáng đã hoàn thành việc lắp 12 đèn.\n"
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", text: "Đường 179 từ đình Giang Cao hỏng nặng, đề nghị sửa", state: "accepted", holder: "sxd"}, petition{id: "p2", text: "Ngõ 5 phố Vọng tối, xin lắp đèn chiếu sáng", state: "accepted", holder: "sxd"},
			petition{id: "p3", text: "Trạm y tế hết thuốc huyết áp", state: "accepted", holder: "sxd"}, petition{id: "p4", text: "Của cơ quan khác", state: "accepted", holder: "sgtvt"})
		h := house(t, w)
		_, page := h.Ask(t, "yen", "/petition-replies", nil)
		testkit.Has(t, page, "Một văn bản trả lời nhiều kiến nghị")
		if status, page := h.Ask(t, "yen", "/petition-replies", url.Values{"text": {letter}}); status != 422 || !strings.Contains(page, "Chưa ghi số, ký hiệu") {
			t.Errorf("no document: %d", status)
		}
		status, at := h.Ask(t, "yen", "/petition-replies", url.Values{"document": {"1234/SXD-HT ngày 16/11/2026"}, "text": {letter}})
		if status != 303 {
			t.Fatalf("%d %.300s", status, at)
		}
		_, page = h.Ask(t, "yen", at, nil)
		testkit.Has(t, page, "Văn bản có 2 đoạn trả lời; 3 kiến nghị", "Văn bản nêu từng kiến nghị", "đã có dự án", "30/06/2027", "Chưa tìm được đoạn trả lời", "KN26-P3")
		if strings.Contains(page, "checked") || strings.Contains(page, "KN26-P4") {
			t.Error("something is confirmed beforehand, or is another body's")
		}
		if status, _ := h.Ask(t, "giang", at, nil); status != 404 {
			t.Errorf("another body reads the letter: %d", status)
		}
		if status, _ := h.Ask(t, "lan", at, nil); status < 400 {
			t.Errorf("a clerk of the office answers: %d", status)
		}
		if len(w.answered) > 0 {
			t.Fatal("something was answered without confirmation")
		}
		if status, page = h.Ask(t, "yen", at, url.Values{"do": {"answer"}}); status != 422 || !strings.Contains(page, "Chưa xác nhận kiến nghị nào") {
			t.Errorf("nothing ticked: %d", status)
		}
		_, page = h.Ask(t, "yen", at, url.Values{"do": {"refill"}, "take": {"p3"}, "passage_p3_1": {"1"}, "reply_p3_1": {"cũ"}})
		testkit.Has(t, page, "checked")
		if strings.Count(page, "việc lắp 12 đèn") < 2 || len(w.answered) > 0 {
			t.Error("the chosen passage did not fill the reply, or was sent")
		}
		status, page = h.Ask(t, "yen", at, url.Values{"do": {"answer"}, "take": {"p1", "p2", "p4"}, "reply_p1_1": {"Đường 179 đã có dự án (sửa)."}, "outcome_p1_1": {"underway"}, "promised_p1_1": {"30/06/2027"},
			"reply_p2_1": {"Đã lắp 12 đèn."}, "reply_p4_1": {"x"}, "outcome_p4_1": {"done"}})
		if status != 200 || len(w.answered) != 1 || w.answered["p1"].Parts[0].Promised.String() != "2027-06-30" || w.answered["p1"].Document != "1234/SXD-HT ngày 16/11/2026" {
			t.Fatalf("%d %+v", status, w.answered)
		}
		testkit.Has(t, page, "Đã trả lời 1 trong 3 kiến nghị", "đã ghi nhận trả lời", "không còn chờ trả lời", "Chưa trả lời được:", "Đã lắp 12 đèn.")
		if status, _ = h.Ask(t, "yen", at, url.Values{"take": {"p2"}, "reply_p2_1": {"Đã lắp 12 đèn."}, "outcome_p2_1": {"done"}, "promised_p2_1": {"ngày mai"}}); status != 422 || len(w.answered) != 1 {
			t.Errorf("a date that is none: %d %v", status, w.answered)
		}
		w.clock.Advance(13 * 3600e9)
		if err := w.DropLetters(ctx, jobs.Work{}); err != nil {
			t.Fatal(err)
		}
		if status, _ = h.Ask(t, "yen", at, nil); status != 404 {
			t.Errorf("after 13 hours: %d", status)
		}
	})
}

// A handling officer reads the letters they handed in; the contact and the head
// of the body read all of it, another body none.
func TestWhoseLetters(t *testing.T) {
	t.Parallel()
	const letter = "Sở Xây dựng trả lời: đã hoàn thành việc thay nắp cống."
	handler := func(name string) org.Actor {
		a := yen
		a.PersonID, a.PostID, a.Roles = name, "post-"+name, []org.Role{org.Handler}
		return a
	}
	eachWorld(t, func(t *testing.T, w *world) {
		an, bình := handler("an"), handler("binh")
		id, err := w.TakeLetter(ctx, an, "1/SXD", letter, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who   org.Actor
			reads bool
		}{{an, true}, {yen, true}, {bình, false}, {giang, false}} {
			_, err := w.Propose(ctx, c.who, id)
			all, lerr := w.Letters(ctx, c.who)
			if lerr != nil || (err == nil) != c.reads || (len(all) == 1) != c.reads {
				t.Errorf("%s: %v, %v, %d letters", c.who.PersonID, err, lerr, len(all))
			}
			if !c.reads {
				testkit.Refused(t, err, "matching.letter_over")
				_, err = w.Confirm(ctx, c.who, id, []matching.Confirmed{{PetitionID: "p1"}})
				testkit.Refused(t, err, "matching.letter_over")
			}
		}
	})
}

func TestScansAreRefused(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		scan := []documents.Draft{{Name: "tra-loi.pdf", MediaType: "application/pdf"}}
		_, err := w.TakeLetter(ctx, yen, "1/SXD", "", scan)
		testkit.Refused(t, err, "matching.letter_scan")
		_, err = w.TakeLetter(ctx, yen, "1/SXD", "", nil)
		testkit.Refused(t, err, "matching.letter_empty")
		w.fileText = "Sở Xây dựng trả lời: đã hoàn thành việc thay nắp cống."
		id, err := w.TakeLetter(ctx, yen, "1/SXD", "", scan)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Propose(ctx, yen, id)
		if err != nil || len(p.Passages) != 1 || len(p.Pairs) != 0 || p.Letter.Files.V[0].Name != "tra-loi.pdf" {
			t.Errorf("%v %+v", err, p)
		}
	})
}

func TestSuggestionCard(t *testing.T) {
	t.Parallel()
	words, err := text.Load(web.Files, os.DirFS(".."), matching.Files)
	if err != nil {
		t.Fatal(err)
	}
	eachWorld(t, func(t *testing.T, w *world) {
		for said, parts := range map[string][]string{
			"Đề nghị phường thay bóng đèn hỏng ở ngõ 5.":                   {"Chiếu sáng, điện", "“thay bóng”", "Ủy ban nhân dân phường, xã"},
			"Tôi tố cáo ông trưởng thôn nhận hối lộ, lập hồ sơ khống.":     {"Có thể là đơn thuộc loại", "“tôi tố cáo”"},
			"Các ông các bà xem thế nào chứ để mãi như vậy không được đâu": {"Lời văn chưa đủ"},
		} {
			s, err := w.Suggest(ctx, "hn", said)
			if err != nil {
				t.Fatal(err)
			}
			var page strings.Builder
			if err := matching.SuggestionCard(s).Render(text.With(ctx, words, text.Vi), &page); err != nil {
				t.Fatal(err)
			}
			testkit.Has(t, page.String(), parts...)
			if strings.Contains(page.String(), "⟦") {
				t.Errorf("a sentence is missing: %s", page.String())
			}
		}
	})
}
