package sealed_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

// planted is what tells who denounces, in strings that stand nowhere else.
var planted = map[string]string{
	"name": "Đặng Thị Kỳ Quặc", "part": "Kỳ Quặc", "address": "ngõ 77 Lạc Long Viễn", "telephone": "0987 604 513", "mail": "quacquac77@example.vn",
	"citizen number": "001181934513", "relation": "em ruột thủ quỹ Hợp tác xã", "file": "don-cua-toi-quac-1960.pdf", "scan": "\x89PNG\r\n\x1a\n\x00nét chữ viết tay riêng biệt\x00\xff\xfe",
}

const accusation = "Ông Quyền Biến nhận hối lộ ngày 3/3/2026"

func sealedItems() map[string][]byte {
	return map[string][]byte{
		"name": []byte(planted["name"]), "address": []byte(planted["address"] + ", phường Ba Đình"), "contact": []byte("0987 604 513, " + planted["mail"]), "number": []byte(planted["citizen number"]),
		"content": []byte("Tôi là " + planted["name"] + ", " + planted["relation"] + ", ở " + planted["address"] + ", gọi 0987 604 513. " + accusation + ". Tôi kèm tệp " + planted["file"] + ". Bà Quặc kính đơn."),
		"scan/1":  []byte(strings.Repeat(planted["scan"], 500)),
	}
}

// hunt is one life of two sealed cases; heap is all that must be clean, shown what may not be.
type hunt struct {
	*world
	t     *testing.T
	heap  bytes.Buffer
	shown bytes.Buffer
}

// keep puts an answer where it is searched; open says that it is a reveal.
func (h *hunt) keep(rec *httptest.ResponseRecorder, open bool) *httptest.ResponseRecorder {
	to := &h.heap
	if open {
		to = &h.shown
	}
	fmt.Fprintf(to, "%v\n%s\n", rec.Header(), rec.Body)
	if open && (rec.Code != 200 || !strings.Contains(rec.Header().Get("Cache-Control"), "no-store") || rec.Header().Get("HX-Push-Url") != "false") {
		h.t.Errorf("a reveal answers %d %v", rec.Code, rec.Header())
	}
	return rec
}

func (h *hunt) post(person, path string, pairs ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.keep(h.ask(h.t, person, path, testkit.Form(pairs...)), false)
}

// everyPage looks at every page as everybody, in both languages.
func (h *hunt) everyPage() {
	for _, person := range slices.Sorted(maps.Keys(h.People)) {
		for _, path := range []string{"/reception/sealed", "/reception/sealed/case1", "/reception/sealed/case1?lang=en", "/reception/sealed/none", "/reception/sealing", "/reception/sealing/watch",
			"/reception/sealing/watch?book=glasses", "/reception/sealing/watch?book=changes"} {
			h.keep(h.ask(h.t, person, path, nil), false)
		}
	}
	h.keep(h.ask(h.t, "", "/reception/sealed/case1", nil), false)
	// What the application itself shows of all this: inboxes, desks, the public log.
	for _, person := range []string{"", "văn-thư", "lãnh-đạo-văn-phòng", "an-toàn", "chủ-tịch", "kiểm-tra", "quản-trị", "đại-biểu", "văn-thư-phường"} {
		b := h.Browse(h.t, person)
		for _, path := range []string{"/", "/desk", "/inbox", "/log", "/nhat-ky", "/search?q=quac", "/reception/letters", "/admin"} {
			page := b.Get(h.t, path)
			fmt.Fprintf(&h.heap, "%s %d\n%s\n", path, page.Status, page.Body)
		}
	}
}

func TestLeakHunt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := &hunt{world: w, t: t}
		usual := slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})))
		t.Cleanup(func() { slog.SetDefault(usual) })
		h.live()
		h.dump()
		h.heap.Write(w.log.Bytes())
		heap := h.heap.String()
		for _, must := range []string{why, "Quyền Biến nhận hối lộ", "sealed.told_copy", "vault.told_revealed"} { // the search looks where things are
			if !strings.Contains(heap, must) {
				t.Errorf("the heap of %d bytes lacks %q", len(heap), must)
			}
		}
		for _, found := range find(h.heap.Bytes()) {
			t.Error(found)
		}
		for name, piece := range planted { // the control: what was shown is found
			if name != "file" && name != "relation" && name != "scan" && len(findOne(h.shown.Bytes(), name, piece)) == 0 {
				t.Errorf("the search does not find %s in what was revealed", name)
			}
		}
		must(t, w.App.DB.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE reception_copies SET words = $1`, base64.StdEncoding.EncodeToString([]byte(planted["name"])))
			return err
		}))
		h.heap.Reset()
		h.dump()
		if len(find(h.heap.Bytes())) == 0 {
			t.Error("the search does not find what was planted in a table")
		}
	})
}

// live is all that happens to a sealed case, with people who type names where they should not.
func (h *hunt) live() {
	t, at := h.t, "/reception/sealed/case1"
	h.seal(t, "case1", sealedItems())
	h.seal(t, "case2", sealedItems())
	for _, err := range []error{h.try("case1", "keeper1", map[string][]byte{planted["file"]: []byte("x")}), h.try("ward1", "văn-thư-phường", sealedItems()), h.try("case1", "keeper1", sealedItems())} {
		if err == nil {
			t.Error("something was sealed that should be refused")
		}
		fmt.Fprintln(&h.heap, err)
		slog.Error("refused", "error", err)
	}
	h.everyPage()
	h.keep(h.ask(t, "reader1", at+"/reveal", testkit.Form("reveal_items", "name", "reveal_items", "address", "reveal_items", "contact", "reveal_items", "number", "reveal_reason", why)), true)
	h.keep(h.ask(t, "keeper1", at+"/reveal", testkit.Form("reveal_items", "content", "reveal_reason", why)), true)
	for _, person := range []string{"keeper1", "reader1", "văn-thư"} { // the bytes of a scan go to nobody
		rec := h.keep(h.ask(t, person, at+"/reveal", testkit.Form("reveal_items", "scan/1", "reveal_items", "content", "reveal_reason", why)), false)
		if rec.Code == 200 || rec.Header().Get("Content-Type") == "application/zip" {
			t.Errorf("%s: %d %s", person, rec.Code, rec.Header().Get("Content-Type"))
		}
	}
	name := planted["name"]
	for _, person := range slices.Sorted(maps.Keys(h.People)) {
		h.post(person, at+"/reveal", "reveal_items", "name", "reveal_reason", "Hỏi về bà "+name)
		h.post(person, at+"/glass", "glass_reason", "ngắn")
	}
	h.post("reader1", at+"/reveal", "reveal_items", "name", "reveal_reason", "Gọi số 0987604513 để hẹn gặp")
	h.post("keeper1", at+"/admit", "admit_person", "văn-thư", "admit_reason", "Người quen của "+strings.ToUpper(name))
	h.post("keeper1", at+"/dismiss", "dismiss_person", "reader1", "dismiss_reason", "Người quen của "+text.Unaccented(name))
	h.emergency(at)
	h.copies(at)
	h.post("chủ-tịch", "/reception/sealing", "kind", "add", "add_person", "văn-thư", "add_reason", "Thay người nghỉ thai sản")
	h.everyPage()
	if _, err := h.App.Audit.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	must(t, h.App.Search.CatchUp(ctx))
}

func (h *hunt) emergency(at string) {
	head, security := "lãnh-đạo-văn-phòng", "an-toàn"
	h.post(head, at+"/glass", "glass_reason", "Bà "+planted["name"]+" đang bị đe doạ")
	page := h.ask(h.t, security, at, nil).Body.String()
	grant := regexp.MustCompile(`/reception/sealed/case1/glass/[^/"]+/grant`).FindString(page)
	if grant == "" {
		h.t.Fatalf("the security officer finds nothing to grant")
	}
	if rec := h.post(head, grant); rec.Code == 303 {
		h.t.Error("who asked grants")
	}
	if rec := h.post(security, grant); rec.Code != 303 {
		h.t.Errorf("the grant answers %d", rec.Code)
	}
	h.keep(h.ask(h.t, head, at+"/reveal", testkit.Form("reveal_items", "address", "reveal_reason", why)), true)
	if rec := h.post(head, strings.TrimSuffix(grant, "grant")+"end"); rec.Code != 303 {
		h.t.Errorf("the end answers %d", rec.Code)
	}
	if rec := h.post(head, at+"/reveal", "reveal_items", "address", "reveal_reason", why); rec.Code != 404 {
		h.t.Errorf("the glass has ended and still opens: %d", rec.Code)
	}
}

// copies makes the copy: the writer's name is put back in and taken out again.
func (h *hunt) copies(at string) {
	t := h.t
	if rec := h.post("keeper1", at+"/copies", "copy_reason", "ngắn"); rec.Code != 422 {
		t.Errorf("a copy without a reason: %d", rec.Code)
	}
	begun := h.keep(h.ask(t, "keeper1", at+"/copies", testkit.Form("copy_reason", why)), true).Body.String()
	words := regexp.MustCompile(`(?s)<textarea[^>]*name="copy"[^>]*>(.*?)</textarea>`).FindStringSubmatch(begun)
	if words == nil || len(findOne([]byte(words[1]), "name", planted["name"])) > 0 {
		t.Fatalf("the proposed copy is %q", words)
	}
	dirty := words[1] + " Ký tên: " + strings.ToUpper(planted["name"])
	marks := planted["relation"] + "\n" + planted["file"]
	rec := h.post("keeper1", at+"/copies/propose", "copy", dirty, "marks", marks, "reason", why)
	if rec.Code != 422 {
		t.Fatalf("a copy with the name is taken: %d", rec.Code)
	}
	clean := regexp.MustCompile(`(?s)<textarea[^>]*name="copy"[^>]*>(.*?)</textarea>`).FindStringSubmatch(rec.Body.String())[1]
	if rec := h.post("keeper1", at+"/copies/propose", "copy", clean, "reason", why); rec.Code != 303 {
		t.Fatalf("the copy is not taken: %d %s", rec.Code, rec.Body)
	}
	if n := h.count(t, `SELECT count(*) FROM reception_copies WHERE words <> ''`); n != 0 {
		t.Error("a copy that one person has read lies open")
	}
	for person, want := range map[string]int{"keeper1": 409, "văn-thư": 404, "an-toàn": 404, "văn-thư-phường": 404} {
		if rec := h.post(person, at+"/copies/1/read", "read_reason", why); rec.Code != want && rec.Code/100 != 4 || rec.Code == 200 {
			t.Errorf("%s reads the waiting copy: %d", person, rec.Code)
		}
		if rec := h.post(person, at+"/copies/1/decide", "yes", "1", "looked", "1", "reason", why); rec.Code == 303 {
			t.Errorf("%s confirms the copy", person)
		}
	}
	if rec := h.post("keeper2", at+"/copies/1/read", "read_reason", why); rec.Code != 200 {
		t.Errorf("the second person cannot read: %d", rec.Code)
	}
	if rec := h.post("keeper2", at+"/copies/1/decide", "yes", "1", "reason", why); rec.Code != 422 {
		t.Errorf("confirmed without looking: %d", rec.Code)
	}
	if rec := h.post("keeper2", at+"/copies/1/decide", "yes", "1", "looked", "1", "reason", why); rec.Code != 303 {
		t.Errorf("the second person cannot confirm: %d", rec.Code)
	}
	if page := h.ask(t, "văn-thư", at, nil).Body.String(); !strings.Contains(page, accusation) {
		t.Error("who handles the case does not see the copy")
	}
}

// dump is every row of every table as text; bytes are added in clear too.
func (h *hunt) dump() {
	tables := `SELECT 'SELECT ' || group_concat('quote("' || p.name || '")', '||'' ''||') || ' FROM "' || m.name || '"' FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' GROUP BY m.name`
	if h.App.DB.Dialect() == db.Postgres {
		tables = `SELECT 'SELECT t::text FROM "' || table_name || '" t' FROM information_schema.tables WHERE table_schema = 'public'`
	}
	must(h.t, h.App.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := db.All[string](ctx, tx, tables)
		if err != nil || len(all) < 60 {
			return fmt.Errorf("%d tables: %w", len(all), err)
		}
		for _, q := range all {
			rows, err := db.All[[]byte](ctx, tx, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			for _, r := range rows {
				h.heap.Write(r)
				for _, box := range boxed.FindAllSubmatch(r, -1) {
					if b, err := hex.DecodeString(string(box[1])); err == nil {
						h.heap.Write(b)
					}
				}
				h.heap.WriteByte('\n')
			}
		}
		return nil
	}))
}

var boxed = regexp.MustCompile(`(?i)(?:x'|\\x)([0-9a-f]{2,})`)

func find(heap []byte) (all []string) {
	lower := bytes.ToLower(heap)
	for _, name := range slices.Sorted(maps.Keys(planted)) {
		all = append(all, findIn(heap, lower, name, planted[name])...)
	}
	return all
}

func findOne(heap []byte, name, s string) []string {
	return findIn(heap, bytes.ToLower(heap), name, s)
}

// findIn looks for one planted string in every form in which it could lie there.
func findIn(heap, lower []byte, name, s string) (all []string) {
	pieces := []string{s, norm.NFD.String(s), strings.ToUpper(s), strings.ToLower(s), text.Fold(s), text.Unaccented(s), strings.ReplaceAll(s, " ", ""), text.Fold(strings.ReplaceAll(s, " ", ""))}
	slices.Sort(pieces)
	for _, piece := range slices.Compact(pieces) {
		for form, trace := range traces(piece) {
			in := heap
			if form == "hex" || form == "escaped" || form == "quoted" {
				in = lower
			}
			if n := bytes.Count(in, trace); n > 0 {
				all = append(all, fmt.Sprintf("%s lies %d times as %s of %q", name, n, form, piece))
			}
		}
	}
	return all
}

// traces are the forms of a string that programs leave behind.
func traces(s string) map[string][]byte {
	wide := utf16.Encode([]rune(s))
	var little, big []byte
	for _, u := range wide {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	all := map[string][]byte{"text": []byte(s), "hex": []byte(hex.EncodeToString([]byte(s))), "UTF-16": little, "UTF-16, big": big,
		"escaped": []byte(strings.ToLower(url.QueryEscape(s))), "quoted": bytes.ToLower([]byte(strings.Trim(strconv.QuoteToASCII(s), `"`)))}
	for shift := range 3 {
		code := base64.StdEncoding.EncodeToString(append(make([]byte, shift), s...))
		from := (shift*8 + 5) / 6
		all["base64, "+strconv.Itoa(shift)] = []byte(strings.TrimRight(code[from:], "=")[:len(strings.TrimRight(code, "="))-from-1])
	}
	return all
}

// TestTraces: every form is found, wherever in a line it begins.
func TestTraces(t *testing.T) {
	for name, s := range planted {
		for i := range 3 {
			before := strings.Repeat("x", i)
			for form, b := range map[string]string{"text": before + s, "upper": strings.ToUpper(s), "folded": text.Fold(s), "NFD": norm.NFD.String(s), "hex": strings.ToUpper(hex.EncodeToString([]byte(before + s + "yz"))),
				"base64": base64.StdEncoding.EncodeToString([]byte(before + s + "yz")), "JSON": strconv.QuoteToASCII(s), "address": url.QueryEscape(s)} {
				if len(findOne([]byte(b), name, s)) == 0 {
					t.Errorf("%s as %s is not found", name, form)
				}
			}
		}
	}
	if found := find([]byte("Đặng Thị Mai, ngõ 7 Lạc Long Quân, 0987604514 " + accusation)); len(found) > 0 {
		t.Error(found)
	}
}
