package open_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
)

// local are the addresses that a page leads to.
var local = regexp.MustCompile(`(?:href|action)="(/[^"#]*)"`)

// TestNothingLeaks plants petitions that the public may not read, with words
// that stand nowhere else, and looks for them in everything this package gives.
func TestNothingLeaks(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		planted := map[string]petition{
			"waiting":   {Words: "Đề nghị xem việc quokkaraw của khu phố chúng tôi.", Public: "-"},
			"split":     {Words: "Đề nghị xem việc quokkasplit của khu phố chúng tôi.", Steps: "split"},
			"reopened":  {Words: "Đề nghị xem việc quokkaseal của khu phố chúng tôi.", Public: "Đề nghị xem việc quokkaoncepublic.", Reply: "Trả lời quokkaoncereply đã đủ ý.", Steps: done + " reopen split"},
			"sent back": {Words: "Đề nghị xem việc quokkasent của khu phố chúng tôi.", Public: "Đề nghị xem việc quokkasentpublic.", Field: "legal.staff", Steps: "classify send_back split"},
			"unlisted":  {Words: "Đề nghị xem việc quokkahidden của khu phố chúng tôi.", Public: "Đề nghị quokkahiddenpublic.", Secret: true, Reply: "Trả lời quokkahiddenreply đã đủ ý.", Steps: done},
			"public":    {Words: "Đề nghị xem việc quokkaown của khu phố chúng tôi.", Public: "Đề nghị xem việc chung.", Steps: done},
		}
		codes, ids := map[string]string{}, map[string]string{}
		for name, p := range planted {
			got := h.hand(t, p)
			codes[name], ids[name] = got.Code, got.ID
		}
		h.Work(t)
		check(t, h.Count(ctx))
		sealed := []string{"split", "reopened", "sent back"}
		forbidden := []string{"quokka", "Lê Thị Kín", "kin@example.vn"}
		for _, name := range sealed {
			forbidden = append(forbidden, codes[name], ids[name])
		}
		looked := 0
		look := func(what, body string, also ...string) {
			looked++
			for _, word := range append(also, forbidden...) {
				if strings.Contains(body, word) {
					t.Errorf("%s holds %q", what, word)
				}
			}
		}
		seen := map[string]bool{}
		queue := []string{"/kien-nghi/thong-ke", "/kien-nghi/thong-ke?lang=en", "/kien-nghi/thong-ke.json", "/kien-nghi/thong-ke?nam=2026&hoi-dong=hn", "/kien-nghi/thong-ke.json?nam=2026&hoi-dong=bd",
			"/kien-nghi/du-lieu", "/kien-nghi/du-lieu.csv?nam=2026", "/kien-nghi/du-lieu.json?nam=2026", "/bien-nhan/kiem-tra", "/bien-nhan/kiem-tra-ngoai-tuyen.html"}
		for _, form := range []string{".xml", ".json"} {
			queue = append(queue, "/open311/v2/discovery"+form, "/open311/v2/services"+form, "/open311/v2/services/general"+form, "/open311/v2/requests"+form, "/open311/v2/requests"+form+"?status=open,closed",
				"/open311/v2/requests"+form+"?service_code=general", "/open311/v2/requests"+form+"?service_code=legal.staff")
		}
		for len(queue) > 0 {
			address := queue[0]
			queue = queue[1:]
			if seen[address] || len(seen) > 400 {
				continue
			}
			seen[address] = true
			w := h.get(t, address)
			if w.Code == http.StatusNotFound {
				continue // a page of the rest of the application
			}
			body := w.Body.String()
			look(address, body, codes["unlisted"], codes["waiting"])
			for _, m := range local.FindAllStringSubmatch(body, -1) {
				queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
		// Who has the code of a sealed petition learns no more than who made one
		// up; who has that of one that is not published learns how it stands.
		for _, form := range []string{".xml", ".json"} {
			for _, name := range sealed {
				for _, path := range []string{"/open311/v2/requests/", "/open311/v2/tokens/"} {
					got, none := h.get(t, path+codes[name]+form), h.get(t, path+"KN26-AAAA-AAAA"+form)
					if got.Code != http.StatusNotFound || strings.ReplaceAll(got.Body.String(), codes[name], "") != strings.ReplaceAll(none.Body.String(), "KN26-AAAA-AAAA", "") {
						t.Errorf("%s %s: %d %s", name, path, got.Code, got.Body)
					}
				}
				look("list by code", h.good(t, "/open311/v2/requests"+form+"?service_request_id="+url.QueryEscape(codes[name])))
			}
			for _, name := range []string{"unlisted", "waiting", "public"} {
				look(name, h.good(t, "/open311/v2/requests/"+codes[name]+form))
			}
		}
		look("counters", strings.Join(h.counters(t), "\n"), "split")
		check(t, h.App.DB.Read(ctx, func(tx *db.Tx) error {
			rows, err := db.All[string](ctx, tx, `SELECT petition_id || ' ' || parts FROM petitions_counted ORDER BY petition_id`)
			look("what was counted", strings.Join(rows, "\n"))
			if len(rows) != 3 {
				t.Errorf("%d petitions are counted, want 3: the public one, the unlisted one and the one that waits", len(rows))
			}
			return err
		}))
		if looked < 60 {
			t.Errorf("only %d answers were looked at", looked)
		}
		if x := must(h.Statistics(ctx, "", 0))(t); x.Total != 2 || x.OnTime != 2 || part(x.Fields, "legal.staff") != 0 || x.Waiting != 0 {
			t.Errorf("counted: %+v", x)
		}
	})
}

// The receipt of a sealed act is no less a receipt: its holder may check it. It
// is a promise and stays one, for the public tree knows nothing of the act.
func TestNothingInLeafOfSealed(t *testing.T) {
	h := oneHouse(t)
	got := h.hand(t, petition{Words: "Đề nghị xem việc quokkasplit của khu phố chúng tôi.", Steps: "split"})
	h.Work(t)
	var leaf string
	check(t, h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
		leaf, err = db.One[string](ctx, tx, `SELECT leaf_id FROM cases_acts WHERE case_id = $1 AND verb = 'split_off'`, got.ID)
		return err
	}))
	receipt := must(h.App.Audit.Receipt(ctx, leaf))(t)
	found := must(h.Check(receipt.Text()))(t)
	if found.Verdict != "valid" || strings.Contains(fmt.Sprint(found.Result), got.Code) || found.Result.Standing != audit.Promised {
		t.Errorf("%+v", found)
	}
}
