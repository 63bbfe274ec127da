package open_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/modules/petitions/open"
)

func TestOpenData(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.hand(t, petition{Public: "=HYPERLINK(\"x\"), có \"ngoặc kép\",\nhai dòng", Reply: "+84 là đầu số; cơ quan đã trả lời đủ.", Steps: done})
		second := h.hand(t, petition{Field: "culture.health", Steps: "classify forward accept"})
		h.hand(t, petition{Secret: true, Steps: "classify"})
		w := h.get(t, "/kien-nghi/du-lieu.csv")
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.HasPrefix(body, "\ufeffcode,council,") || !strings.Contains(body, "\r\n") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") ||
			!strings.Contains(w.Header().Get("Content-Disposition"), "kien-nghi-2026-11.csv") {
			t.Fatalf("%d %v\n%s", w.Code, w.Header(), body)
		}
		rows := must(csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll())(t)
		if len(rows) != 3 || rows[1][0] != second.Code || rows[2][0] != first.Code {
			t.Fatalf("rows: %q", rows)
		}
		closed := map[string]string{}
		for i, name := range rows[0] {
			closed[name] = rows[2][i]
		}
		for name, want := range map[string]string{"ward_code": "00004", "ward": "Phường Ba Đình", "field_code": "urban.roads", "field": "Giao thông, đường sá", "state": "closed", "answered": "2026-11-16", "body": "Sở Xây dựng",
			"outcome": "done", "public_text": "'=HYPERLINK(\"x\"), có \"ngoặc kép\",\nhai dòng", "reply_text": "'+84 là đầu số; cơ quan đã trả lời đủ."} {
			if closed[name] != want {
				t.Errorf("%s: %q, want %q", name, closed[name], want)
			}
		}
		if !strings.HasPrefix(closed["received"], "2026-11-16T08:0") || !strings.HasSuffix(closed["received"], "+07:00") || closed["due"] == "" {
			t.Errorf("dates: %v", closed)
		}
		var records []open.Record
		check(t, json.Unmarshal([]byte(h.good(t, "/kien-nghi/du-lieu.json?nam=2026&thang=11")), &records))
		if len(records) != 2 || !strings.HasPrefix(records[1].PublicText, "=HYPERLINK") || records[0].Outcome != "" {
			t.Errorf("JSON: %+v", records)
		}
		for _, empty := range []string{"?nam=2026&thang=10", "?nam=2025"} {
			check(t, json.Unmarshal([]byte(h.good(t, "/kien-nghi/du-lieu.json"+empty)), &records))
			if len(records) != 0 {
				t.Errorf("%s: %d records", empty, len(records))
			}
		}
		for _, bad := range []string{"?nam=xx", "?nam=2027", "?thang=13", "?nam=2026&thang=0"} {
			if w := h.get(t, "/kien-nghi/du-lieu.csv"+bad); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", bad, w.Code)
			}
		}
		// Who has this version is told so; after the next act there is another.
		tag, changed := w.Header().Get("ETag"), w.Header().Get("Last-Modified")
		for _, same := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", changed}} {
			if w := h.get(t, "/kien-nghi/du-lieu.csv", same...); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
				t.Errorf("%v: %d", same, w.Code)
			}
		}
		h.do(t, second.ID, petition{Field: "culture.health"}, "answer:done")
		for _, same := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", changed}} {
			if w := h.get(t, "/kien-nghi/du-lieu.csv", same...); w.Code != http.StatusOK {
				t.Errorf("after an act, %v: %d", same, w.Code)
			}
		}
		wants(t, "page", h.good(t, "/kien-nghi/du-lieu"), "CC-BY-4.0", "/kien-nghi/du-lieu.csv?nam=2026&amp;thang=11", "Mã lĩnh vực", "urban.drainage")
		wants(t, "English", h.good(t, "/kien-nghi/du-lieu?lang=en"), "Open data", "Columns of the files")
		wants(t, "dictionary", h.good(t, "/kien-nghi/du-lieu/tu-dien.json"), `"code":"urban.roads","vi":"Giao thông, đường sá"`, `"en":"Settled"`, "Thời điểm tiếp nhận")
	})
}

// A file of several batches holds every petition once, the newest first, also
// when many came in at one moment.
func TestOpenDataWhole(t *testing.T) {
	h := oneHouse(t)
	const many = 1203
	h.fill(t, many)
	seen, last := map[string]bool{}, time.Time{}
	check(t, h.Each(ctx, open.SpanOf(2026, 0), func(r open.Record) error {
		if seen[r.Code] || !last.IsZero() && r.Received.After(last) {
			t.Fatalf("%s stands twice or out of order", r.Code)
		}
		seen[r.Code], last = true, r.Received
		return nil
	}))
	if len(seen) != many {
		t.Errorf("%d petitions in the file, want %d", len(seen), many)
	}
}
