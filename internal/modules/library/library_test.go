package library_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/testkit"
)

// TestFromFileToReader: a clerk brings a file in, the machine reads it, a person
// checks it, the head publishes it, and a citizen finds and cites the article.
func TestFromFileToReader(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.take(t, "Lan", "nq-61.txt", resolution("61/2026/NQ-HĐND", "Quy định mức thu phí chợ dân sinh", marketArticles))
		v := w.whole(t, "Lan", id)
		if v.State != library.Read || v.Symbol != "61/2026/NQ-HĐND" || v.Kind != "NQ" || v.IssuedOn.VN() != "10/07/2026" || v.EffectiveOn.VN() != "01/08/2026" || !v.Normative {
			t.Fatalf("read: %+v", v.Document)
		}
		testkit.Refused(t, w.Publish(ctx, as("Hùng"), id, v.Revision), "library.publish_unchecked")
		pub := w.publish(t, id, library.Public)
		address := "/van-ban/hn/61-2026-nq-hdnd"
		if pub.State != library.Published || pub.Slug != "hn/61-2026-nq-hdnd" {
			t.Fatalf("published at %q: %s", pub.Slug, pub.State)
		}
		status, page := w.page.Ask(t, "", address, nil)
		if status != 200 {
			t.Fatalf("the public page: %d", status)
		}
		testkit.Has(t, page, "61/2026/NQ-HĐND", "Còn hiệu lực", "Từ 01/08/2026", `id="art_2"`, "https://hdnd.example.vn"+address)
		for _, q := range []string{"mức thu phí chợ dân sinh", "muc thu phi cho dan sinh", norm.NFD.String("MỨC THU phí chợ dân sinh")} {
			_, page = w.page.Ask(t, "", "/van-ban?q="+url.QueryEscape(q), nil)
			testkit.Has(t, page, address+"#art_2", "Điều 2. Mức thu")
		}
		_, page = w.page.Ask(t, "", "/van-ban", nil)
		testkit.Has(t, page, address)
		if status, xml := w.page.Ask(t, "", address+"/akn.xml", nil); status != 200 || !strings.Contains(xml, `eId="art_2__para_1"`) {
			t.Errorf("Akoma Ntoso: %d %.300s", status, xml)
		}
		if status, text := w.page.Ask(t, "", address+"/tep", nil); status != 200 || !strings.Contains(text, "QUYẾT NGHỊ") {
			t.Errorf("the file: %d", status)
		}
	})
}

// TestTheSameFileTwice: the same bytes are one document.
func TestTheSameFileTwice(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		content := resolution("62/2026/NQ-HĐND", "Hỗ trợ trồng cây xanh", marketArticles)
		first := w.take(t, "Lan", "a.txt", content)
		if again := w.take(t, "Lan", "b.txt", content); again != first {
			t.Errorf("two documents of one file: %s, %s", first, again)
		}
		if other := w.take(t, "Tâm", "c.txt", content); other == first {
			t.Error("two councils share a document")
		}
	})
}

// TestTwoDocumentsWithOneNumber: both keep their addresses.
func TestTwoDocumentsWithOneNumber(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a := w.publish(t, w.take(t, "Lan", "a.txt", resolution("63/2026/NQ-HĐND", "Hỗ trợ học phí", marketArticles)), library.Public)
		b := w.publish(t, w.take(t, "Lan", "b.txt", resolution("63/2026/NQ-HĐND", "Hỗ trợ học phí (bản khác)", marketArticles)), library.Public)
		if a.Slug != "hn/63-2026-nq-hdnd" || b.Slug != "hn/63-2026-nq-hdnd~2" {
			t.Errorf("addresses %q and %q", a.Slug, b.Slug)
		}
	})
}

// TestLeakHunt: what is not published, or not to everybody, is nowhere public,
// and each group of officials sees its own.
func TestLeakHunt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		planted := map[string]string{}
		for name, word := range map[string]string{"waiting": "hoamaiwaiting", "internal": "hoamaiinternal", "restricted": "hoamairestricted", "withdrawn": "hoamaiwithdrawn", "open": "hoamaiopen"} {
			planted[name] = w.take(t, "Lan", name+".txt", resolution("7"+strings.ToUpper(name[:1])+"1/2026/NQ-HĐND", "Quy định "+word, strings.ReplaceAll(marketArticles, "Quầy", word)))
		}
		w.publish(t, planted["internal"], library.Internal)
		w.publish(t, planted["restricted"], library.Restricted)
		gone := w.publish(t, planted["withdrawn"], library.Public)
		w.publish(t, planted["open"], library.Public)
		must(t, w.Withdraw(ctx, as("Hùng"), gone.ID, "Ban hành nhầm", gone.Revision))
		w.settle(t)
		seen := func(person, word string) bool {
			paths := []string{"/van-ban", "/van-ban?q=" + word, "/hoi-van-ban?q=" + url.QueryEscape(word+" là gì?"), "/van-ban/danh-muc.csv", "/van-ban/danh-muc.json", "/van-ban.atom"}
			if person != "" {
				paths = []string{"/library", "/library?q=" + word}
			}
			for _, id := range planted {
				paths = append(paths, "/library/documents/"+id, "/library/documents/"+id+"/file")
			}
			for _, slug := range []string{"7w1-2026-nq-hdnd", "7i1-2026-nq-hdnd", "7r1-2026-nq-hdnd", "7o1-2026-nq-hdnd"} {
				for _, end := range []string{"", "/tep", "/akn.xml"} {
					paths = append(paths, "/van-ban/hn/"+slug+end)
				}
			}
			for _, p := range paths {
				_, page := w.page.Ask(t, person, p, nil)
				// What was typed is shown again; what a document says has its neighbours.
				page = strings.NewReplacer("<mark>", "", "</mark>", "").Replace(page)
				if strings.Contains(page, "Quy định "+word) || strings.Contains(page, word+", sạp") {
					return true
				}
			}
			return false
		}
		for _, c := range []struct {
			person string
			sees   string
		}{{"", "open"}, {"Minh", "open internal"}, {"Tâm", "open"}, {"Lan", "open internal restricted waiting withdrawn"}, {"Ngân", "open internal waiting withdrawn"}} {
			for name := range planted {
				want := strings.Contains(c.sees, name)
				if got := seen(c.person, "hoamai"+name); got != want {
					t.Errorf("%q sees what is %s: %v, want %v", c.person, name, got, want)
				}
			}
		}
	})
}

// TestWrongFieldsComeBack: what is wrong is said beside its field, what was
// typed stays, nothing is saved; a correction over another's is a conflict.
func TestWrongFieldsComeBack(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.take(t, "Lan", "a.txt", resolution("64/2026/NQ-HĐND", "Giá giữ xe", marketArticles))
		form := url.Values{"revision": {"2"}, "symbol": {"NQ-HĐND"}, "kind": {"XX"}, "subject": {""}, "issuer": {"HĐND"}, "issued_on": {"31/02/2026"}, "access": {"all"}}
		status, page := w.page.Ask(t, "Lan", "/library/documents/"+id+"/check", form)
		if status != 422 {
			t.Fatalf("status %d", status)
		}
		testkit.Has(t, page, `value="31/02/2026"`, `value="NQ-HĐND"`)
		if v := w.whole(t, "Lan", id); v.State != library.Read || v.Revision != 2 {
			t.Errorf("something was saved: %+v", v.Document)
		}
		f := fields(w.whole(t, "Lan", id))
		must(t, w.Check(ctx, as("Lan"), id, f))
		testkit.Refused(t, w.Check(ctx, as("Lan"), id, f), "db.stale")
		f.Revision++
		f.ExpiresOn = f.EffectiveOn
		testkit.Refused(t, w.Check(ctx, as("Lan"), id, f), "library.expires_before_effect")
		testkit.Refused(t, w.Check(ctx, as("Tâm"), id, f), "library.no_document")
	})
}

// TestEachActIsOneEntry: taking, reading, checking, publishing and withdrawing
// stand in the log, and a second click does not.
func TestEachActIsOneEntry(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.publish(t, w.take(t, "Lan", "a.txt", resolution("65/2026/NQ-HĐND", "Vỉa hè", marketArticles)), library.Public)
		must(t, w.Publish(ctx, as("Hùng"), v.ID, v.Revision)) // the second click
		must(t, w.Withdraw(ctx, as("Hùng"), v.ID, "Sai chính tả", v.Revision))
		testkit.Refused(t, w.Withdraw(ctx, as("Hùng"), v.ID, "Sai chính tả", v.Revision+1), "library.withdraw_unpublished")
		var verbs []string
		must(t, w.db.Read(ctx, func(tx *db.Tx) (err error) {
			verbs, err = db.All[string](ctx, tx, `SELECT verb FROM audit_entries WHERE subject = $1 AND verb NOT LIKE 'library.propose%' ORDER BY id`, v.ID)
			return err
		}))
		if got := strings.Join(verbs, " "); got != "library.take library.read_by_machine library.check library.publish library.withdraw" {
			t.Errorf("the log says: %s", got)
		}
	})
}

// TestAsk: an article in its own words with its status, or an honest no.
func TestAsk(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for i, subject := range []string{"Quy định mức thu phí chợ dân sinh", "Quy định hỗ trợ học phí mầm non", "Quy định quản lý cây xanh đô thị"} {
			articles := []string{marketArticles, "Điều 1. Phạm vi điều chỉnh\nNghị quyết này quy định mức hỗ trợ học phí cho trẻ em mầm non.\nĐiều 2. Mức hỗ trợ\n1. Hỗ trợ 50 % học phí.\n", "Điều 1. Phạm vi điều chỉnh\nNghị quyết này quy định việc trồng, chăm sóc cây xanh đô thị.\nĐiều 2. Trách nhiệm\nỦy ban nhân dân phường kiểm tra cây nguy hiểm.\n"}[i]
			w.publish(t, w.take(t, "Lan", subject+".txt", resolution("7"+string(rune('1'+i))+"/2026/NQ-HĐND", subject, articles)), library.Public)
		}
		r, err := w.Ask(ctx, "Mức thu phí chợ dân sinh đối với chỗ ngồi bán ngoài trời là bao nhiêu?")
		must(t, err)
		if !r.Known || r.Quote.Anchor != "art_2__para_2" || !strings.Contains(r.Quote.Words, "4.000 đồng") || r.Quote.Standing.Status == "" {
			t.Errorf("%+v", r.Quote)
		}
		for _, q := range []string{"Giảng viên dạy rất nhiệt tình và dễ hiểu", "thời tiết ngày mai thế nào", "?!", ""} {
			r, err := w.Ask(ctx, q)
			must(t, err)
			if r.Known {
				t.Errorf("%q is answered with %q", q, r.Quote.Words)
			}
		}
		_, page := w.page.Ask(t, "", "/hoi-van-ban?q="+url.QueryEscape("mức hỗ trợ học phí trẻ em mầm non là bao nhiêu"), nil)
		testkit.Has(t, page, "Hỗ trợ 50 % học phí", "Còn hiệu lực", "/van-ban/hn/72-2026-nq-hdnd#art_2")
	})
}

// TestListsKeepToTheirFilter: kind and year hold in lists as in searches.
func TestListsKeepToTheirFilter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.publish(t, w.take(t, "Lan", "a.txt", resolution("66/2026/NQ-HĐND", "Nước sạch nông thôn", marketArticles)), library.Public)
		for path, want := range map[string]bool{"/van-ban?kind=NQ": true, "/van-ban?kind=BC": false, "/van-ban?year=2026": true, "/van-ban?year=2025": false, "/van-ban?year=nay": true,
			"/van-ban?kind=BC&q=nuoc+sach": false, "/van-ban?year=2026&q=nuoc+sach": true} {
			_, page := w.page.Ask(t, "", path, nil)
			if got := strings.Contains(page, "/van-ban/hn/66-2026-nq-hdnd"); got != want {
				t.Errorf("%s shows it: %v, want %v", path, got, want)
			}
		}
		_, page := w.page.Ask(t, "Lan", "/library?kind=BC&state=published", nil)
		if strings.Contains(page, "66/2026/NQ-HĐND") {
			t.Error("officials' list does not keep to its kind")
		}
	})
}
