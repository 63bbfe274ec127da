package imports_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/testkit"
)

// send uploads files as a browser does.
func send(t testing.TB, p *testkit.Pages, person string, files []file, fields ...string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		must(t, m.WriteField(fields[i], fields[i+1]))
	}
	for _, f := range files {
		part, err := m.CreateFormFile("files", f.name)
		must(t, err)
		_, err = part.Write(f.content)
		must(t, err)
	}
	must(t, m.Close())
	r := httptest.NewRequest(http.MethodPost, "/library/imports", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return p.Send(t, person, r)
}

// TestPages goes the way of a clerk: upload, progress, pause, failures, again.
func TestPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.house(t)
		status, page := p.Ask(t, "Lan", "/library/imports", nil)
		testkit.Has(t, page, "Nhập văn bản hàng loạt", "Chưa có lô nhập nào.", `name="files"`, "thư mục theo dõi")
		if status != http.StatusOK {
			t.Fatal(status)
		}
		keep(t, "list-empty", page)
		status, page = send(t, p, "Lan", nil, "name", "Kỳ họp thứ ba")
		if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			t.Errorf("no files: %d", status)
		}
		testkit.Has(t, page, "Chưa chọn tệp nào.", `value="Kỳ họp thứ ba"`)
		status, to := send(t, p, "Lan", []file{plain("một.txt", "một"), {"hỏng.pdf", []byte("%PDF-1.4 x %%EOF")}, plain("hai.txt", "hai")}, "name", "Kỳ họp thứ ba", "once", "o1")
		if status != http.StatusSeeOther || !strings.HasPrefix(to, "/library/imports/") {
			t.Fatal(status, to)
		}
		if _, again := send(t, p, "Lan", []file{plain("một.txt", "một")}, "once", "o1"); again != to {
			t.Errorf("sent twice: %s, %s", to, again)
		}
		_, page = p.Ask(t, "Lan", to, nil)
		testkit.Has(t, page, "Kỳ họp thứ ba", "Đang đọc", "đã xong 1 trên 3 tệp", "Tạm dừng", "Hủy phần còn lại", "1 tệp không nhập được", "Xem tiến độ mới nhất", "bị hỏng")
		keep(t, "batch-running", page)
		if status, back := p.Ask(t, "Hùng", to+"/pause", testkit.Form("x", "")); status != http.StatusSeeOther || back != to {
			t.Errorf("pause: %d %s", status, back)
		}
		_, page = p.Ask(t, "Lan", to, nil)
		testkit.Has(t, page, "Tạm dừng", "Chạy tiếp")
		testkit.Hides(t, page, "Xem tiến độ mới nhất")
		p.Ask(t, "Lan", to+"/resumption", testkit.Form("x", ""))
		w.accept = fault.New(fault.Refused, "imports.nothing_again")
		w.work(t)
		_, page = p.Ask(t, "Lan", to+"/failures", nil)
		testkit.Has(t, page, "Tệp không nhập được", "3 trên 3 tệp", "Đọc lại 2 tệp", "hỏng.pdf", "Hãy sửa tệp và đưa lên lại.", `name="item"`)
		keep(t, "failures", page)
		w.accept = nil
		p.Ask(t, "Lan", to+"/retry", testkit.Form("item", w.states(t, strings.TrimPrefix(to, "/library/imports/"))["một.txt"].ID))
		w.work(t)
		p.Ask(t, "Lan", to+"/retry", testkit.Form("x", ""))
		w.work(t)
		_, page = p.Ask(t, "Lan", to+"?state=taken", nil)
		testkit.Has(t, page, "Đã xong", "đã xong 3 trên 3 tệp", `href="/library/doc-`, "Mở văn bản")
		keep(t, "batch-done", page)
		if status, _ := p.Ask(t, "Tâm", to, nil); status != http.StatusNotFound {
			t.Errorf("another council's clerk: %d", status)
		}
		if status, _ := p.Ask(t, "Minh", to, nil); status == http.StatusOK {
			t.Errorf("a deputy: %d", status)
		}
		if status, _ := p.Ask(t, "Lan", to+"/resumption", testkit.Form("x", "")); status != http.StatusConflict && status != http.StatusUnprocessableEntity && status != http.StatusForbidden {
			t.Errorf("resume what is done: %d", status)
		}
		_, page = p.Ask(t, "Lan", "/library/imports", nil)
		testkit.Has(t, page, "Kỳ họp thứ ba", "Đã xong")
	})
}

// TestPageByPage: a long list is paged by number and shows each file once.
func TestPageByPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var files []file
		for i := range 130 {
			files = append(files, file{strings.Repeat("x", i+1) + ".bin", []byte{0, 1, 2}})
		}
		b := w.begin(t, "Lan", files...)
		seen, after := map[string]bool{}, int64(0)
		for range 3 {
			v, err := w.Look(ctx, w.as("Lan"), b.ID, imports.Failed, after)
			must(t, err)
			for _, i := range v.Items {
				if seen[i.Name] {
					t.Errorf("%s twice", i.Name)
				}
				seen[i.Name] = true
			}
			if after = v.Next; after == 0 {
				break
			}
		}
		if len(seen) != 130 {
			t.Errorf("%d files shown", len(seen))
		}
		p := w.house(t)
		_, page := p.Ask(t, "Lan", "/library/imports/"+b.ID+"/failures", nil)
		testkit.Has(t, page, "/failures?after=100")
	})
}

// keep writes a page where HDND_PAGES says, to be looked at.
func keep(t testing.TB, name, page string) {
	t.Helper()
	if dir := os.Getenv("HDND_PAGES"); dir != "" {
		must(t, os.WriteFile(dir+"/"+name+".html", []byte(page), 0o600))
	}
}
