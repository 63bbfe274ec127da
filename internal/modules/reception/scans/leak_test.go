package scans_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/text"
)

// planted stands in the scans and in the names of their files, and nowhere else.
var planted = []string{"Kỳ Quặc Viễn", "don-cua-quac-1960", "quac77@example.vn", "0987 604 777"}

// marked is a file that holds what is planted, in clear, behind its end.
func marked(b []byte) []byte {
	return append(append([]byte{}, b...), "\n% "+strings.Join(planted, "; ")+"; "+strings.Repeat(planted[0], 50)...)
}

func sealing(w *world, item string, b []byte) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		return w.sealed.Seal(ctx, tx, "case1", w.People["keeper1"], map[string][]byte{item: b})
	}
}

// TestLeakHunt: after a life of scans, no table, log, page, notice or download of
// anybody holds anything of them.
func TestLeakHunt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		usual := slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})))
		t.Cleanup(func() { slog.SetDefault(usual) })
		var heap bytes.Buffer
		note := func(status int, page string) int {
			fmt.Fprintf(&heap, "%d %s\n", status, page)
			return status
		}
		must(t, w.App.DB.Tx(ctx, sealing(w, "scan/1", marked(photo(t)))))
		note(w.upload(t, "reader1", "", upload{planted[1] + ".pdf", marked(letterPDF(t))}, upload{planted[1] + ".jpg", marked(photo(t))}))
		w.upload(t, "reader1", "", upload{planted[1] + ".pdf", []byte("hỏng " + planted[0])}) // the answer names the file to whoever chose it
		note(w.upload(t, "văn-thư", "", upload{"a.pdf", marked(letterPDF(t))}))
		for _, scan := range []string{"1", "2", "3"} {
			look := w.open(t, "reader1", scan)
			note(w.pages.Ask(t, "reader1", look, nil))
			fmt.Fprintln(&heap, w.get("reader1", look+"/1").Body)
			note(w.post(t, "reader1", look, append(slices.Clone(top), "make", "1")...))
			read := w.openCopy(t, "keeper1", scan)
			if status := note(w.post(t, "keeper1", read, "yes", "1", "looked", "1")); status != http.StatusSeeOther {
				t.Fatalf("scan %s: %d", scan, status)
			}
		}
		note(w.post(t, "keeper1", "/reception/sealed/case1/scan-copies/3/withdraw"))
		w.everything(t, &heap)
		for _, must := range []string{"scans.told_copy", "scans.release", why, "DCTDecode"} { // the search looks where things are
			if !strings.Contains(heap.String(), must) {
				t.Errorf("the heap of %d bytes lacks %q", heap.Len(), must)
			}
		}
		for _, found := range find(heap.Bytes()) {
			t.Error(found)
		}
		must(t, w.App.DB.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE reception_scan_pieces SET piece = $1`, marked(nil))
			return err
		}))
		heap.Reset()
		w.dump(t, &heap)
		if len(find(heap.Bytes())) == 0 {
			t.Error("the search does not find what was planted in a table")
		}
	})
}

// everything is all that anybody sees, every table and the program's own log.
func (w *world) everything(t *testing.T, heap *bytes.Buffer) {
	t.Helper()
	_, err := w.App.Audit.Sequence(ctx)
	must(t, err)
	must(t, w.App.Search.CatchUp(ctx))
	for _, person := range slices.Sorted(maps.Keys(w.People)) {
		for _, path := range []string{home, home + "?lang=en", "/reception/sealed/case1", "/reception/sealed", "/reception/sealed/case1/scan-copies/1", "/reception/sealed/case1/scan-copies/3", "/reception/sealing/watch"} {
			rec := w.get(person, path)
			fmt.Fprintf(heap, "%s %v\n%s\n", path, rec.Header(), rec.Body)
		}
	}
	for _, person := range []string{"", "văn-thư", "an-toàn", "kiểm-tra", "đại-biểu"} {
		b := w.Browse(t, person)
		for _, path := range []string{"/", "/desk", "/inbox", "/log", "/search?q=quac", "/reception/letters"} {
			page := b.Get(t, path)
			fmt.Fprintf(heap, "%s %d\n%s\n", path, page.Status, page.Body)
		}
	}
	w.dump(t, heap)
	heap.Write(w.log.Bytes())
}

var boxed = regexp.MustCompile(`(?i)(?:x'|\\x)([0-9a-f]{2,})`)

// dump is every row of every table as text; bytes are added in clear too.
func (w *world) dump(t *testing.T, heap *bytes.Buffer) {
	t.Helper()
	tables := `SELECT 'SELECT ' || group_concat('quote("' || p.name || '")', '||'' ''||') || ' FROM "' || m.name || '"' FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' GROUP BY m.name`
	if w.App.DB.Dialect() == db.Postgres {
		tables = `SELECT 'SELECT t::text FROM "' || table_name || '" t' FROM information_schema.tables WHERE table_schema = 'public'`
	}
	must(t, w.App.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := db.All[string](context.Background(), tx, tables)
		if err != nil || len(all) < 60 {
			return fmt.Errorf("%d tables: %w", len(all), err)
		}
		for _, q := range all {
			rows, err := db.All[[]byte](ctx, tx, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			for _, r := range rows {
				heap.Write(r)
				for _, box := range boxed.FindAllSubmatch(r, -1) {
					if b, err := hex.DecodeString(string(box[1])); err == nil {
						heap.Write(b)
					}
				}
				heap.WriteByte('\n')
			}
		}
		return nil
	}))
}

// find looks for what is planted in the forms in which it could lie somewhere.
func find(heap []byte) (all []string) {
	for _, s := range append(slices.Clone(planted), secret) {
		for _, piece := range []string{s, norm.NFD.String(s), strings.ToUpper(s), text.Fold(s), text.Unaccented(s), hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))),
			base64.StdEncoding.EncodeToString([]byte(s))[:len(s)], base64.StdEncoding.EncodeToString([]byte("x" + s))[4:len(s)], base64.StdEncoding.EncodeToString([]byte("xx" + s))[4:len(s)]} {
			if n := bytes.Count(heap, []byte(piece)); n > 0 {
				all = append(all, fmt.Sprintf("%q lies there %d times as %q", s, n, piece))
			}
		}
	}
	return all
}

// TestReferredNowhere: an address with a ticket is not sent on to anybody.
func TestReferredNowhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.upload(t, "reader1", "", upload{"a.jpg", photo(t)})
		look := w.open(t, "reader1", "1")
		r := httptest.NewRequest(http.MethodPost, home+"/open", strings.NewReader("open_items=1&open_reason="+strings.ReplaceAll(why, " ", "+")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := w.pages.Answer("reader1", r)
		if rec.Code != http.StatusSeeOther || !strings.Contains(rec.Header().Get("Cache-Control"), "no-store") || rec.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%d %v", rec.Code, rec.Header())
		}
		if ticket := look[strings.LastIndex(look, "/")+1:]; bytes.Contains(w.log.Bytes(), []byte(ticket)) {
			t.Error("the ticket is in the program's log")
		}
	})
}
