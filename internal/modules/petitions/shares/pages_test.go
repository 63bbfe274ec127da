package shares_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/testkit"
)

// Who may open and send what, address by address. 303 means that it was done.
func TestAddresses(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		everybody := []string{"lan", "hùng", "quân", "sơn", "vân", "thắng", "đức", "phúc", "giang", "yến", "huy", "long", "thư", "nam", "an", "bảo", "tâm", "hòa"}
		for _, a := range []struct {
			to   string // {petition} and {share} are put in; the share is assigned to nam
			form []string
			may  string // the others get an error
			want int
		}{
			{"GET /petitions/{petition}/shares", nil, "hùng giang yến", 200},
			{"POST /petitions/{petition}/shares", []string{"body", "stc", "point", "1", "question", "Cho biết kế hoạch cụ thể."}, "hùng giang yến", 303},
			{"GET /petition-shares", nil, "giang yến huy long thư nam an bảo", 200},
			{"GET /petition-shares/{share}", nil, "lan hùng sơn vân thắng giang yến long thư nam", 200},
			{"POST /petition-shares/{share}/answer", []string{"reply_1", said, "reply_2", said, "document", "1/CV"}, "long thư nam", 303},
			{"POST /petition-shares/{share}/refusal", []string{"reason", "no_data", "note", "Không có số liệu."}, "long thư nam", 303},
			{"POST /petition-shares/{share}/assignment", []string{"post", "post-an"}, "long thư", 303},
			{"POST /petition-shares/{share}/withdrawal", []string{"end_note", "Không cần nữa"}, "hùng giang yến", 303},
			{"POST /petition-shares/{answered}/return", []string{"back_note", "Còn thiếu"}, "hùng giang yến", 303},
			{"GET /petition-disputes", nil, "hùng sơn vân hòa", 200},
			{"GET /petition-disputes/{dispute}", nil, "hùng sơn vân", 200},
			{"POST /petition-disputes/{dispute}", []string{"body", "stc", "reason", "Theo phân cấp quản lý"}, "hùng sơn vân", 303},
		} {
			for _, who := range append([]string{""}, everybody...) {
				method, target, _ := strings.Cut(a.to, " ")
				switch {
				case strings.Contains(target, "{dispute}"):
					_, dispute := w.disputed(t)
					target = strings.ReplaceAll(target, "{dispute}", dispute)
				case strings.Contains(target, "{"):
					id := w.petition(t, "accepted")
					share := w.ask(t, "yến", id, "sgtvt")[0]
					if strings.Contains(target, "{answered}") {
						w.answer(t, "long", share)
					} else if err := w.Assign(ctx, w.as(t, "long"), share, "post-nam", 0); err != nil {
						t.Fatal(err)
					}
					target = strings.NewReplacer("{petition}", id, "{share}", share, "{answered}", share).Replace(target)
				}
				var sent = testkit.Form(a.form...)
				if method == "GET" {
					sent = nil
				}
				status, page := h.Ask(t, who, target, sent)
				may := who != "" && strings.Contains(" "+a.may+" ", " "+who+" ")
				switch {
				case may && status != a.want:
					t.Errorf("%q: %s gives %d: %.300s", who, a.to, status, page)
				case !may && who == "" && !(status == 303 && strings.Contains(page, "sign-in")) && status != 401:
					t.Errorf("nobody: %s gives %d %.60s", a.to, status, page)
				case !may && who != "" && status != 403 && status != 404:
					t.Errorf("%q: %s gives %d", who, a.to, status)
				case !may && strings.Contains(page, "Đường 179"):
					t.Errorf("%q: %s tells the petition", who, a.to)
				}
			}
		}
	})
}

func TestPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		id := w.petition(t, "accepted")
		ask := "/petitions/" + id + "/shares"
		_, page := h.Ask(t, "yến", ask, nil)
		testkit.Has(t, page, "Sở Giao thông", "UBND phường Ba Đình", "Nội dung 2: Làm cống thoát nước", "01/12/2026", "ngập khi mưa", "15/01/2027")
		testkit.Hides(t, page, "Sở Xây dựng", "Ban Đô thị")
		status, page := h.Ask(t, "yến", ask, testkit.Form("question", "<b>Bao gio\u031b\u0300</b> sửa xong đường này?", "due", "32/13/2026"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "&lt;b&gt;Bao giờ&lt;/b&gt; sửa xong", "32/13/2026")
		status, page = h.Ask(t, "yến", ask, testkit.Form("question", "Bao giờ sửa xong đường này?", "due", "30/01/2027"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "Chưa chọn cơ quan nào", "Chưa chọn nội dung", "Bao giờ sửa xong")
		status, page = h.Ask(t, "yến", ask, testkit.Form("question", "Bao giờ sửa xong đường này?", "due", "30/01/2027", "body", "sgtvt", "point", "1", "revision", "1"))
		if status != 409 {
			t.Error(status)
		}
		testkit.Has(t, page, "Kiến nghị đã thay đổi", "Bao giờ sửa xong")
		status, at := h.Ask(t, "yến", ask, testkit.Form("question", "Bao giờ sửa xong đường này?", "due", "25/11/2026", "body", "sgtvt", "body", "ubnd", "point", "1"))
		if status != 303 || at != "/petitions/"+id {
			t.Fatal(status, at)
		}
		_, page = h.Ask(t, "long", "/petition-shares", nil)
		testkit.Has(t, page, "Bao giờ sửa xong", "Sở Xây dựng", "25/11/2026", "Chờ ý kiến", `data-live="body:sgtvt"`)
		share := w.of(t, id, "sgtvt")
		_, page = h.Ask(t, "long", "/petition-shares/"+share, nil)
		testkit.Has(t, page, "Nội dung 1", "Sửa mặt đường", "ngập khi mưa", "Phân công cán bộ", "Từ chối phối hợp")
		testkit.Hides(t, page, "Làm cống thoát nước</legend>", "Rút đề nghị", "/petitions/"+id)
		status, page = h.Ask(t, "long", "/petition-shares/"+share+"/answer", testkit.Form("reply_1", "ngắn", "promised_1", "01/01/2020", "revision", "1"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "quá ngắn", "Chưa ghi số, ký hiệu văn bản", "đã qua", "ngắn</textarea>")
		status, page = h.Ask(t, "long", "/petition-shares/"+share+"/refusal", testkit.Form("reason", "lạ"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "Chưa chọn lý do", "Chưa có ghi chú", "<details open")
		if status, page := w.send(t, h, "long", "/petition-shares/"+share+"/answer"); status != 303 {
			t.Fatalf("%d %.400s", status, page)
		}
		_, page = h.Ask(t, "thư", "/petition-shares/"+share, nil)
		testkit.Has(t, page, "bản vẽ", said, "7/CV", "Đã cho ý kiến", "Nguyễn long")
		paper := regexp.MustCompile(`/petition-shares/\w+/papers/\w+`).FindString(page)
		if status, file := h.Ask(t, "yến", paper, nil); status != 200 || !strings.Contains(file, "sơ đồ") {
			t.Errorf("the lead reads the evidence: %d %s", status, file)
		}
		if status, _ := h.Ask(t, "bảo", paper, nil); status != 404 {
			t.Errorf("another asked body reads it: %d", status)
		}
		// An assignment meanwhile is shown, and takes nothing that was typed away.
		other := w.of(t, id, "ubnd")
		if err := w.Assign(ctx, w.as(t, "bảo"), other, "post-bảo", 1); err != nil {
			t.Fatal(err)
		}
		typed := testkit.Form("reply_1", said, "document", "9/UBND", "revision", "1")
		status, page = h.Ask(t, "bảo", "/petition-shares/"+other+"/answer", typed)
		if status != 409 {
			t.Error(status)
		}
		testkit.Has(t, page, `name="reply_1" value="`+said, `name="revision" value="2"`, "/petition-shares/"+other+"/answer")
		typed.Set("revision", "2")
		if status, _ := h.Ask(t, "bảo", "/petition-shares/"+other+"/answer", typed); status != 303 {
			t.Error(status)
		}
		// Whoever typed meanwhile sees both versions, and cannot send over it.
		status, page = h.Ask(t, "thư", "/petition-shares/"+share+"/answer", testkit.Form("reply_1", "Không có kế hoạch sửa tuyến này.", "document", "8/CV", "revision", "1"))
		if status != 409 {
			t.Error(status)
		}
		testkit.Has(t, page, "Không có kế hoạch", said, "Đã cho ý kiến")
		_, page = h.Ask(t, "giang", "/petition-shares/"+share, nil)
		testkit.Has(t, page, "Đề nghị trả lời lại", "/petitions/"+id)
		_, page = h.Ask(t, "long", "/petition-shares?tab=answered", nil)
		testkit.Has(t, page, "Đã cho ý kiến")
		for _, odd := range []string{"?tab=x&after=%00&until=31/02/2026&late=1", "?after=2026-11-25.zz", "?tab=all&after=...'"} {
			if status, _ := h.Ask(t, "long", "/petition-shares"+odd, nil); status != 200 {
				t.Errorf("%s gives %d", odd, status)
			}
		}
	})
}

// send answers point 1 with a file.
func (w *world) send(t *testing.T, h *testkit.Pages, who, target string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range map[string]string{"reply_1": said, "document": "7/CV", "revision": "1"} {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	f, err := m.CreateFormFile("files", "bản vẽ.txt")
	if err == nil {
		_, err = io.WriteString(f, "sơ đồ tuyến đường")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", target, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.Send(t, who, r)
}

// Lists longer than a page go on where they ended, late ones are found, and the
// order holds.
func TestList(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted")
		first := w.ask(t, "yến", id, "sgtvt")[0]
		for range 60 {
			w.ask(t, "yến", w.petition(t, "accepted"), "sgtvt")
		}
		who := w.as(t, "long")
		for _, tab := range []string{"", "all"} {
			seen := map[string]bool{}
			f := shares.Filter{Tab: tab}
			for range 3 {
				l := must(w.List(ctx, who, f))(t)
				for _, line := range l.Lines {
					seen[line.ID] = true
				}
				if f.After = l.Next; l.Next == "" {
					break
				}
			}
			if len(seen) != 61 || !seen[first] {
				t.Errorf("%q shows %d", tab, len(seen))
			}
		}
		if l := must(w.List(ctx, who, shares.Filter{Late: true}))(t); len(l.Lines) != 0 {
			t.Error("late before the day")
		}
		w.at(26, 11)
		if l := must(w.List(ctx, who, shares.Filter{Late: true}))(t); len(l.Lines) != 50 || !l.Lines[0].Late(l.Today) {
			t.Errorf("%d are late", len(l.Lines))
		}
		if l := must(w.List(ctx, who, shares.Filter{Until: day(24, 11)}))(t); len(l.Lines) != 0 {
			t.Error("the filter by date shows later ones")
		}
		if n := must(w.Waiting(ctx, who))(t); n != 61 {
			t.Errorf("the menu counts %d", n)
		}
		if l := must(w.List(ctx, w.as(t, "nam"), shares.Filter{}))(t); len(l.Lines) != 0 {
			t.Error("an officer sees what is not assigned")
		}
	})
}

// The card and the public's line, as they are drawn.
func TestCard(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.petition(t, "accepted")
		w.ask(t, "yến", id, "sgtvt", "ubnd", "stc")
		w.answer(t, "long", w.of(t, id, "sgtvt"))
		w.answer(t, "bảo", w.of(t, id, "ubnd"))
		vi := text.With(ctx, w.catalog, text.Vi)
		var card, public bytes.Buffer
		v := w.card(t, "yến", id)
		if err := shares.Card(v).Render(vi, &card); err != nil {
			t.Fatal(err)
		}
		if err := shares.Public(v.Current()).Render(vi, &public); err != nil {
			t.Fatal(err)
		}
		if err := shares.Said(v).Render(vi, &card); err != nil {
			t.Fatal(err)
		}
		testkit.Has(t, card.String(), said, "1 cơ quan chưa có ý kiến. Vẫn có thể", "Sở Giao thông", "Đã cho ý kiến", "Sở Tài chính", "Chờ ý kiến", "Nội dung: 1, 2", "/petitions/"+id+"/shares")
		if public.String() != "<p>Phối hợp: Sở Giao thông; UBND phường Ba Đình</p>" {
			t.Error(public.String())
		}
		for person, shown := range map[string]bool{"lan": true, "hùng": true, "vân": true, "thắng": true, "giang": true, "phúc": false, "long": false, "đức": false} {
			if v := w.card(t, person, id); v.Shown() != shown || v.MayAsk != (person == "hùng" || person == "giang") {
				t.Errorf("%s: %v %v", person, v.Shown(), v.MayAsk)
			}
		}
		public.Reset()
		if err := shares.Public(nil).Render(vi, &public); err != nil || public.Len() != 0 {
			t.Error("a line without bodies", err)
		}
	})
}
