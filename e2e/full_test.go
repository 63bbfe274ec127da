package e2e_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// TestDiskFull lets the real program run into a disk that takes no more: voters
// are told so in plain words, keep what they typed, and nothing that was not
// acknowledged is there afterwards; nothing that was is missing.
func TestDiskFull(t *testing.T) {
	bin, err := filepath.Abs("../bin/hdnd")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Fatalf("%v: run make build first", err)
	}
	address := testkit.SQLiteAddress(t, app.Migrations()...)
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := council.Populate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	// A limit on the size of files is to a program what a full disk is, and
	// needs neither a disk of our own nor a superuser. 4 MB in blocks of 512.
	data := t.TempDir()
	p := startBy(t, func(args ...string) *exec.Cmd {
		return exec.Command("sh", append([]string{"-c", `ulimit -f 8192; exec "$0" "$@"`, bin}, args...)...)
	}, data, address)
	acknowledged, refused, drawn := map[string]bool{}, 0, drawnForm(t, p.url)
	typed := "Đường trước nhà hư hỏng, đề nghị sửa chữa sớm. " + strings.Repeat("Mưa là ngập, nắng là bụi, xe cộ không đi lại được. ", 300)
	for range 400 {
		form := url.Values{"drawn": {drawn}, "to": {"city"}, "ward": {"00004"}, "text": {typed}, "act": {"send"}}
		res, err := http.PostForm(p.url+"/kien-nghi/gui", form)
		if err != nil {
			t.Fatalf("the program went down: %v", err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if m := receipt.FindStringSubmatch(res.Request.URL.RequestURI()); m != nil {
			acknowledged[m[1]] = true
			continue
		}
		page := html.UnescapeString(string(body))
		if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "Chưa có gì được ghi") || !strings.Contains(page, strings.TrimSpace(typed)) {
			t.Fatalf("status %d: %.2000s", res.StatusCode, page)
		}
		if refused++; refused == 5 {
			break
		}
	}
	p.kill(t)
	t.Logf("%d acknowledged, then the disk was full", len(acknowledged))
	if len(acknowledged) == 0 || refused == 0 {
		t.Fatal("the test proves nothing")
	}
	after(t, data, address, acknowledged)
	d, err = db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		n, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM cases_cases`)
		if n != len(acknowledged) {
			t.Errorf("%d petitions were acknowledged, %d are there", len(acknowledged), n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
