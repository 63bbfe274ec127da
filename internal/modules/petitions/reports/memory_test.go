package reports_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/testkit/council"
)

func (h *house) memory(t testing.TB, id string) reports.Memory {
	t.Helper()
	return h.memoryFor(t, "văn-thư", id)
}

func (h *house) memoryFor(t testing.TB, person, id string) (m reports.Memory) {
	t.Helper()
	if err := h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = h.MemoryOf(ctx, tx, h.People[person], id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMemory(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		clerk := h.People["văn-thư"]
		first := h.hand(t, "urban.roads", "classify forward accept answer:underway judge:no_schedule close")
		h.Pass(t, 3)
		second := h.hand(t, "urban.roads", "classify:repeated forward accept answer:done")
		h.Pass(t, 3)
		third := h.hand(t, "urban.roads", "classify:repeated")
		if m := h.memory(t, third.ID); m.Repeated != 0 || len(m.Chain) != 1 {
			t.Errorf("alone: %+v", m)
		}
		if err := h.Link(ctx, clerk, second.ID, first.Code); err != nil {
			t.Fatal(err)
		}
		if err := h.Link(ctx, clerk, third.ID, " "+strings.ToLower(second.Code)+" "); err != nil {
			t.Fatal(err)
		}
		m := h.memory(t, third.ID)
		if m.Repeated != 2 || len(m.Chain) != 3 || m.Chain[0].ID != first.ID || !m.Chain[2].Here || !m.Linked {
			t.Fatalf("%+v", m)
		}
		if a := m.Chain[0].Answers; len(a) != 1 || a[0].Outcome != reports.Underway || a[0].Promised.IsZero() || a[0].Body != "Sở Xây dựng" || a[0].Document == "" {
			t.Errorf("first answer %+v", a)
		}
		if m := h.memory(t, first.ID); m.Repeated != 2 {
			t.Errorf("the first knows of %d", m.Repeated)
		}
		for earlier, key := range map[string]string{third.Code: "reports.link_circle", first.Code: "reports.links_itself", "KN26-2222-2222": "reports.no_such_earlier"} {
			refused(t, h.Link(ctx, clerk, first.ID, earlier), key)
		}
		refused(t, h.Link(ctx, clerk, third.ID, first.Code), "reports.linked_already")
		refused(t, h.Link(ctx, h.People["văn-thư-phường"], third.ID, first.Code), "cases.no_such_case")
		refused(t, h.Link(ctx, h.People["đầu-mối-xây-dựng"], first.ID, second.Code), "cases.not_yours_to_do")
		h.do(t, first.ID, "urban.roads", "reopen")
		if m := h.memory(t, third.ID); m.Repeated != 3 {
			t.Errorf("a round begun anew is a repetition too: %d", m.Repeated)
		}
		if err := h.Unlink(ctx, clerk, third.ID); err != nil {
			t.Fatal(err)
		}
		refused(t, h.Unlink(ctx, clerk, third.ID), "reports.not_linked")
		fourth := h.hand(t, "urban.roads", "")
		refused(t, h.Link(ctx, clerk, third.ID, fourth.Code), "reports.link_later")
		h.Work(t)
		if found := must(h.App.Verify(ctx))(t); !found.OK() {
			t.Errorf("the log does not agree: %+v", found.Findings)
		}
	})
}

// Of a chain a person is told of what they may see or everybody may; the rest is
// a number, and what was split off since not even that.
func TestMemoryKeepsToReach(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const told = "classify forward accept answer:underway"
		school := h.HandIn(t, council.Petition{Field: "culture.education", Secret: true, Steps: told, Reply: "Trả lời riêng của Sở Giáo dục và Đào tạo."})
		open := h.HandIn(t, council.Petition{Field: "culture.education", Steps: told})
		road := h.HandIn(t, council.Petition{Field: "urban.roads", Secret: true, Steps: told})
		raw := h.HandIn(t, council.Petition{})
		last := h.HandIn(t, council.Petition{Field: "urban.roads", Secret: true, Steps: "classify:repeated"})
		for later, earlier := range map[string]string{open.ID: school.Code, road.ID: open.Code, raw.ID: road.Code, last.ID: raw.Code} {
			if err := h.Link(ctx, h.People["văn-thư"], later, earlier); err != nil {
				t.Fatal(err)
			}
		}
		shown := func(person string, hidden int, all ...string) {
			t.Helper()
			m := h.memoryFor(t, person, last.ID)
			var codes []string
			for _, r := range m.Chain {
				codes = append(codes, r.Code)
			}
			if strings.Join(codes, " ") != strings.Join(all, " ") || m.Hidden != hidden {
				t.Errorf("%s sees %v and %d more, want %v and %d", person, codes, m.Hidden, all, hidden)
			}
		}
		shown("văn-thư", 0, school.Code, open.Code, road.Code, raw.Code, last.Code)
		shown("ban-đô-thị", 2, open.Code, road.Code, last.Code)
		if m := h.memoryFor(t, "ban-đô-thị", last.ID); m.Repeated != 2 || m.Chain[0].Open || !m.Chain[1].Open || len(m.Chain[0].Answers) != 1 {
			t.Errorf("%+v", m)
		}
		shown("đại-biểu", 0, school.Code, open.Code, road.Code, raw.Code, last.Code)
		for _, r := range h.memoryFor(t, "đại-biểu", last.ID).Chain {
			if (r.Code == open.Code) != (len(r.Answers) == 1) || r.Title != "" && r.Code != open.Code {
				t.Errorf("a deputy is told of %+v", r)
			}
		}
		page := h.get(t, "ban-đô-thị", "/petitions/"+last.ID+"/memory").Body.String()
		if strings.Contains(page, school.Code) || strings.Contains(page, school.ID) || strings.Contains(page, raw.Code) || !strings.Contains(page, "Còn 2 kiến nghị khác") || !strings.Contains(page, "/kien-nghi/"+open.Code) {
			t.Errorf("%s", page)
		}
		h.Lead(t, raw.ID, council.Petition{}, "split")
		shown("ban-đô-thị", 1, open.Code, road.Code, last.Code)
	})
}

func TestMemoryPage(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.hand(t, "urban.roads", done)
		second := h.hand(t, "urban.roads", "classify:repeated")
		secret := h.hand(t, "urban.roads", "split")
		at := "/petitions/" + second.ID
		if p := h.post(t, "văn-thư", at+"/link", url.Values{"earlier": {"KN"}}); p.Code != http.StatusUnprocessableEntity || !strings.Contains(p.Body.String(), "Hãy đối chiếu lại mã") {
			t.Errorf("a wrong code: %d", p.Code)
		}
		if p := h.post(t, "văn-thư", at+"/link", url.Values{"earlier": {secret.Code}}); p.Code != http.StatusUnprocessableEntity {
			t.Errorf("a sealed one: %d", p.Code)
		}
		if p := h.post(t, "văn-thư", at+"/link", url.Values{"earlier": {first.Code}}); p.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", p.Code, p.Body)
		}
		page := h.get(t, "ban-đô-thị", at+"/memory").Body.String()
		if !strings.Contains(page, "nhắc lại 1 lần") || !strings.Contains(page, first.Code) || strings.Contains(page, "⟦") || strings.Contains(page, "Bỏ liên kết") {
			t.Errorf("%s", unsaid(page))
		}
		if p := h.get(t, "ban-văn-hoá", at+"/memory"); p.Code != http.StatusNotFound {
			t.Errorf("another committee: %d", p.Code)
		}
		if p := h.post(t, "văn-thư", at+"/link-removal", nil); p.Code != http.StatusSeeOther {
			t.Errorf("%d", p.Code)
		}
	})
}
