package figures_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/reception/figures"
	"example.vn/hdnd/internal/testkit"
)

// The rows behind a report: as many as it says, the same each time, nothing of
// what is sealed or may be, and read by who may read the report.
func TestRecords(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.fill(2_345)
		on := clock.NewDate(2026, 10, 6)
		for i, kind := range []string{"denunciation", "mixed_denunciation", "unsorted", "mixed"} {
			h.letters["hn"] = append(h.letters["hn"], figures.Letter{ID: "9" + string(rune('0'+i)), Ref: "KÍN-" + kind, Received: on, Kind: kind})
		}
		h.letters["hn"] = append(h.letters["hn"], figures.Letter{ID: "99", Ref: "SAU-KỲ", Received: clock.NewDate(2027, 1, 1), Kind: "complaint"})
		_, at := h.Ask(t, "văn-thư", "/reception/figures", post("01/XLD 2024", "wards", "1"))
		if status, _ := h.Ask(t, "văn-thư", at+"/records", nil); status != 404 {
			t.Errorf("rows of what is not counted yet: %d", status)
		}
		h.drain(t)
		status, lines := h.Ask(t, "văn-thư", at+"/records", nil)
		_, again := h.Ask(t, "chủ-tịch", at+"/records", nil)
		if status != 200 || lines != again {
			t.Errorf("%d: two readings differ: %d and %d bytes", status, len(lines), len(again))
		}
		testkit.Hides(t, lines, "KÍN", "SAU-KỲ", "BĐ-1", "denunciation", `"unsorted"`)
		testkit.Has(t, lines, `"format":"hdnd.reception.records/1"`, `"code":"ĐT26-2344"`)
		checkRecords(t, lines, 2_345, 5)
		_, page := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, page, "2.345 bản ghi", "JSON Lines")
		for _, who := range []string{"văn-thư-phường", "đại-biểu", "quản-trị", ""} {
			if status, page := h.Ask(t, who, at+"/records", nil); status == 200 || strings.Contains(page, "ĐT26") {
				t.Errorf("%q takes the rows along: %d", who, status)
			}
		}
		h.letters["hn"][7].Result = "urged" // somebody changed the register backwards
		if _, other := h.Ask(t, "văn-thư", at+"/records", nil); other == lines {
			t.Error("a change of the register is not seen")
		}
	})
}

func TestRecordsOfVisits(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		on := clock.NewDate(2026, 10, 5)
		h.visits["hn"] = []figures.Visit{{ID: "1", Ref: "1/2026", On: on, By: "leader", Session: "s", People: 7, First: 1, Group: true}, {ID: "2", Ref: "2/2026", On: on, By: "regular", People: 1, Sealed: true}}
		_, at := h.Ask(t, "thường-trực", "/reception/figures", post("01/TCD 2024"))
		h.drain(t)
		_, lines := h.Ask(t, "thường-trực", at+"/records", nil)
		testkit.Has(t, lines, `{"kind":"visit","council":"hn","on":"2026-10-05","by":"leader","people":7,"first":1,"group":true}`)
		testkit.Hides(t, lines, "regular", "2/2026")
		checkRecords(t, lines, 1, 1)
	})
}

// checkRecords reads the lines as a stranger does, by the schema's names.
func checkRecords(t *testing.T, lines string, rows, left int64) {
	t.Helper()
	b, err := figures.Files.ReadFile("schemas/records-1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		OneOf []struct {
			Required   []string
			Properties map[string]struct{ Const string }
		}
	}
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	hash, n := sha256.New(), int64(0)
	for s := bufio.NewScanner(strings.NewReader(lines)); s.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, s.Text())
		}
		for _, kind := range schema.OneOf {
			if kind.Properties["kind"].Const != line["kind"] {
				continue
			}
			for _, name := range kind.Required {
				if _, ok := line[name]; !ok {
					t.Fatalf("%s is missing: %s", name, s.Text())
				}
			}
			for name := range line {
				if _, ok := kind.Properties[name]; !ok {
					t.Fatalf("%s is not in the schema: %s", name, s.Text())
				}
			}
		}
		if line["kind"] == "end" {
			if line["sha256"] != hex.EncodeToString(hash.Sum(nil)) || line["rows"] != float64(n-1) || n-1 != rows || line["left_out"] != float64(left) {
				t.Errorf("%d rows: %s", n-1, s.Text())
			}
			return
		}
		hash.Write(append(s.Bytes(), '\n'))
		n++
	}
	t.Error("no end")
}
