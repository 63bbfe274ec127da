package petitions_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/testkit/council"
)

func handIn(t *testing.T, w *council.World, words string) petitions.Handed {
	t.Helper()
	h, err := w.App.Petitions.Receive(t.Context(), org.Voter("192.0.2.1"), petitions.Submission{To: petitions.ToCity, Ward: "Phường Ba Đình", Text: words, Lang: text.Vi,
		Name: "Lê Thị Thử", Email: "le@example.vn", Phone: "0912345678", Consent: true})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

var (
	rowID    = regexp.MustCompile(`id="petitions-([0-9a-z]{26})"`)
	nextLink = regexp.MustCompile(`rel="next" href="([^"]+)"`)
	prevLink = regexp.MustCompile(`rel="prev" href="([^"]+)"`)
)

func rowsOf(p council.Page) (ids []string) {
	for _, m := range rowID.FindAllStringSubmatch(p.Body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func link(re *regexp.Regexp, p council.Page) string {
	if m := re.FindStringSubmatch(p.Body); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// Every petition stands on exactly one page, in the same order forwards and
// backwards, also when several were handed in at the same moment.
func TestPagesByKey(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		var want []string
		for i := range 123 {
			want = append([]string{handIn(t, w, fmt.Sprintf("Đường số %d trong phường bị hỏng, đề nghị sửa.", i)).ID}, want...)
			if i%3 == 0 {
				w.Clock.Advance(time.Minute)
			}
		}
		b := w.Browse(t, "văn-thư")
		for _, query := range []string{"", "?tab=mine", "?state=received", "?ward=00004", "?sort=due"} {
			seen := map[string]bool{}
			var order, last []string
			var page council.Page
			for address := "/petitions" + query; address != ""; address = link(nextLink, page) {
				page = b.Get(t, address)
				last = rowsOf(page)
				order = append(order, last...)
				for _, id := range last {
					if seen[id] {
						t.Fatalf("%s: %s stands on two pages", query, id)
					}
					seen[id] = true
				}
			}
			if len(seen) != len(want) {
				t.Fatalf("%s: %d petitions on all pages, want %d", query, len(seen), len(want))
			}
			back := last
			for address := link(prevLink, page); address != ""; address = link(prevLink, page) {
				page = b.Get(t, address)
				back = append(rowsOf(page), back...)
			}
			if strings.Join(back, " ") != strings.Join(order, " ") {
				t.Errorf("%s: another order backwards", query)
			}
		}
	})
}

// Names and contact are for the office alone; a body reads the voter's words
// once they were forwarded to it; a deputy reads what the public may.
func TestWhoReadsWhat(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		h := handIn(t, w, "Cống ở ngõ 5 phố Đội Cấn bị tắc, gọi tôi 0912345678 để chỉ chỗ.")
		clerk := w.Browse(t, "văn-thư")
		form := clerk.Get(t, "/petitions/"+h.ID+"/classification").Hidden()
		for name, value := range map[string]string{"field": "urban.drainage", "authority": "city", "newness": "new", "ward": "00004", "body": "hn-sxd", "public_text": "Cống ở ngõ 5 phố Đội Cấn bị tắc.", "publish": "1"} {
			form.Set(name, value)
		}
		if p := clerk.Post(t, "/petitions/"+h.ID+"/classification", form); p.Status != http.StatusOK {
			t.Fatal(p.Text())
		}
		head := w.Browse(t, "lãnh-đạo-văn-phòng")
		if p := head.Post(t, "/petitions/"+h.ID+"/forwarding", head.Get(t, "/petitions/"+h.ID+"/forwarding").Hidden()); p.Status != http.StatusOK {
			t.Fatal(p.Text())
		}
		w.Work(t)
		for _, c := range []struct {
			who                  string
			page, words, contact bool
		}{
			{"văn-thư", true, true, true},
			{"lãnh-đạo-văn-phòng", true, true, true},
			{"chủ-tịch", true, true, false},
			{"đầu-mối-xây-dựng", true, true, false},
			{"ban-đô-thị", true, true, false},
			{"đại-biểu", true, false, false},
			{"ban-văn-hoá", false, false, false},
			{"cán-bộ-xây-dựng", false, false, false},
			{"đầu-mối-giáo-dục", false, false, false},
			{"văn-thư-phường", false, false, false},
		} {
			p := w.Browse(t, c.who).Get(t, "/petitions/"+h.ID)
			if (p.Status == http.StatusOK) != c.page || strings.Contains(p.Body, "để chỉ chỗ") != c.words || strings.Contains(p.Body, "le@example.vn") != c.contact {
				t.Errorf("%s: page %d, words %v, contact %v; want %+v", c.who, p.Status, strings.Contains(p.Body, "để chỉ chỗ"), strings.Contains(p.Body, "le@example.vn"), c)
			}
			for _, found := range []string{"chỉ chỗ", "0912345678", "Lê Thị Thử"} {
				list := w.Browse(t, c.who).Get(t, "/petitions?q="+url.QueryEscape(found))
				if len(rowsOf(list)) > 0 && !c.words {
					t.Errorf("%s finds the petition by %q, which they may not read", c.who, found)
				}
			}
		}
		public := w.Browse(t, "").Get(t, "/kien-nghi/"+h.Code)
		if strings.Contains(public.Body, "0912345678") || strings.Contains(public.Body, "Lê Thị Thử") || !strings.Contains(public.Body, "Cống ở ngõ 5") {
			t.Error("the public page shows what is not public, or not what is")
		}
	})
}
