package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"golang.org/x/text/unicode/norm"
)

// reading is a house with one form, and what its handler read.
func reading(t testing.TB, l web.Limits, limit web.Limit, then func(*web.Form, error) error) (*web.Server, string) {
	t.Helper()
	room := t.TempDir()
	s := kitchen(t, func(o *web.Options) {
		o.TempDir = room
		o.Routes = append(o.Routes, web.Route{Pattern: "POST /kitchen/form", Needs: auth.Public, Limit: limit, Handle: func(w http.ResponseWriter, r *http.Request) error {
			form, err := web.ReadForm(w, r, l)
			if err := then(form, err); err != nil {
				return err
			}
			return web.SeeOther(w, r, "/")
		}})
	})
	return s, room
}

func empty(t *testing.T, room string) {
	t.Helper()
	left, err := os.ReadDir(room)
	if err != nil || len(left) > 0 {
		t.Errorf("files stay behind: %v %v", left, err)
	}
}

func TestTypedText(t *testing.T) {
	for name, tc := range map[string]struct{ typed, want string }{
		"plain":      {"Đường hỏng", "Đường hỏng"},
		"decomposed": {norm.NFD.String("Đường hỏng nặng"), "Đường hỏng nặng"},
		"controls":   {"a\x00b\x07c\r\nd\u202e", "abc\nd"},
		"not UTF-8":  {"abc\xff\xfe", "abc"},
		"emoji":      {"Cảm ơn 👍🏽", "Cảm ơn 👍🏽"},
		"HTML":       {"<script>alert(1)</script>", "<script>alert(1)</script>"},
		"empty":      {"", ""},
		"TCVN3":      {"§\u00adêng liªn x· h\u00ad háng nÆng, ®Ò nghÞ söa ch÷a", "Đường liên xã hư hỏng nặng, đề nghị sửa chữa"},
		"TCVN3 raw":  {"\xa7\xad\xeang li\xaan x\xb7 h\xad h\xe1ng n\xc6ng, \xae\xd2 ngh\xde s\xf6a ch\xf7a", "Đường liên xã hư hỏng nặng, đề nghị sửa chữa"},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			s, _ := reading(t, web.Limits{}, web.Limit{}, func(f *web.Form, err error) error { got = f.Text("content"); return err })
			send(s, "POST", "/kitchen/form", "content="+url.QueryEscape(tc.typed))
			if got != tc.want {
				t.Errorf("urlencoded: %q, want %q", got, tc.want)
			}
			got = "?"
			post(s, parts{typed("content", tc.typed)})
			if got != tc.want {
				t.Errorf("multipart: %q, want %q", got, tc.want)
			}
		})
	}
}

type part struct {
	field, file string
	content     io.Reader
}

type parts []part

func typed(field, value string) part            { return part{field: field, content: strings.NewReader(value)} }
func attached(field, name, content string) part { return part{field, name, strings.NewReader(content)} }

// post streams a multipart form, so that its size costs no memory.
func post(s http.Handler, ps parts, headers ...string) *httptest.ResponseRecorder {
	out, in := io.Pipe()
	w := multipart.NewWriter(in)
	go func() {
		in.CloseWithError(func() error {
			for _, p := range ps {
				var to io.Writer
				var err error
				if p.file == "" {
					to, err = w.CreateFormField(p.field)
				} else {
					to, err = w.CreateFormFile(p.field, p.file)
				}
				if err != nil {
					return err
				}
				if _, err := io.Copy(to, p.content); err != nil {
					return err
				}
			}
			return w.Close()
		}())
	}()
	r := httptest.NewRequest("POST", "/kitchen/form", out)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	return rec
}

func TestLongText(t *testing.T) {
	s, _ := reading(t, web.Limits{}, web.Limit{}, func(f *web.Form, err error) error {
		if fault.Is(err, "web.field_too_long") && f.Text("content") == "" {
			t.Error("the text that is too long was dropped")
		}
		return err
	})
	fits, over := strings.Repeat("ữ", 200_000), strings.Repeat("ữ", 200_001)
	if w := send(s, "POST", "/kitchen/form", "content="+url.QueryEscape(fits)); w.Code != 303 {
		t.Errorf("200,000 characters: %d", w.Code)
	}
	w := send(s, "POST", "/kitchen/form", "content="+url.QueryEscape(over))
	if w.Code != 422 || !strings.Contains(w.Body.String(), "200.000 ký tự (hiện có 200.001 ký tự)") || !strings.Contains(w.Body.String(), fits) {
		t.Errorf("one more: %d", w.Code)
	}
	if w := post(s, parts{typed("content", over)}); w.Code != 422 {
		t.Errorf("one more, multipart: %d", w.Code)
	}
	if w := send(s, "POST", "/kitchen/form", "content="+strings.Repeat("x", 5<<20)); w.Code != 413 || !strings.Contains(w.Body.String(), "xxxx</textarea>") {
		t.Errorf("more than a form may hold: %d", w.Code)
	}
	if w := send(s, "POST", "/kitchen/form", strings.Repeat("a=1&", 2000)); w.Code != 413 {
		t.Errorf("two thousand fields: %d", w.Code)
	}
	if w := send(s, "POST", "/kitchen/form", `{"a":1}`, "Content-Type: application/json"); w.Code == 303 {
		t.Error("JSON was read as a form")
	}
}

func TestFiles(t *testing.T) {
	limits := web.Limits{Files: 2, FileBytes: 1000}
	s, room := reading(t, limits, web.Limit{}, func(f *web.Form, err error) error {
		if err != nil {
			return err
		}
		got := f.Files("files")
		if len(got) != 2 || got[0].Name != "Ảnh 1.jpg" || got[0].Size != 900 || got[1].Name != "passwd" {
			t.Errorf("%+v", got)
		}
		r, err := got[0].Open()
		if err != nil {
			return err
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if len(b) != 900 {
			t.Errorf("%d bytes are there", len(b))
		}
		return err
	})
	if w := post(s, parts{typed("content", "x"), attached("files", norm.NFD.String("Ảnh 1.jpg"), strings.Repeat("a", 900)), attached("files", `..\..\etc\passwd`, "b")}); w.Code != 303 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	empty(t, room)
	for name, tc := range map[string]struct {
		files parts
		want  string
	}{
		"large":    {parts{attached("files", "to.pdf", strings.Repeat("a", 1001))}, "Tệp “to.pdf” lớn hơn mức cho phép là 1000 byte."},
		"too many": {parts{attached("files", "1", "a"), attached("files", "2", "a"), attached("files", "3", "a"), attached("files", "4", "a")}, "tối đa 2 tệp"},
	} {
		w := post(s, append(append(parts{typed("content", "Chữ trước tệp")}, tc.files...), typed("after", "Chữ sau tệp")))
		page := w.Body.String()
		if w.Code != 422 || !strings.Contains(page, tc.want) {
			t.Errorf("%s: %d %s", name, w.Code, page)
		}
		for _, kept := range []string{"Chữ trước tệp</textarea>", "Chữ sau tệp</textarea>", `type="file"`, "Chọn lại tệp đính kèm"} {
			if !strings.Contains(page, kept) {
				t.Errorf("%s: the page lacks %s", name, kept)
			}
		}
		empty(t, room)
	}
}

// endless is a file that nobody has room for.
type endless struct{ left int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), e.left)
	e.left -= n
	return int(n), nil
}

func TestHugeFile(t *testing.T) {
	s, room := reading(t, web.Limits{Files: 1, FileBytes: 1 << 20}, web.Limit{}, func(f *web.Form, err error) error { return err })
	w := post(s, parts{typed("content", "Chữ phải còn lại"), {"files", "phim.mp4", &endless{2 << 30}}})
	if w.Code != 422 || !strings.Contains(w.Body.String(), "phim.mp4") || !strings.Contains(w.Body.String(), "Chữ phải còn lại</textarea>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	empty(t, room)
}

func TestUploadCutOff(t *testing.T) {
	s, room := reading(t, web.Limits{Files: 1, FileBytes: 1 << 20}, web.Limit{}, func(f *web.Form, err error) error { return err })
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(t, w.WriteField("content", "Chữ phải còn lại"))
	to, err := w.CreateFormFile("files", "a.pdf")
	must(t, err)
	_, err = to.Write(make([]byte, 5000))
	must(t, err)
	r := httptest.NewRequest("POST", "/kitchen/form", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	if rec.Code != 422 || !strings.Contains(rec.Body.String(), "bị ngắt giữa chừng") || !strings.Contains(rec.Body.String(), "Chữ phải còn lại</textarea>") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	empty(t, room)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoRoomForFiles(t *testing.T) {
	s, room := reading(t, web.Limits{Files: 1, FileBytes: 100}, web.Limit{}, func(f *web.Form, err error) error { return err })
	must(t, os.Remove(room))
	w := post(s, parts{attached("files", "a.pdf", "x"), typed("content", "Chữ phải còn lại")})
	if w.Code != 500 || !strings.Contains(w.Body.String(), "Chữ phải còn lại</textarea>") || strings.Contains(w.Body.String(), room) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestSecretsAreNotShownAgain(t *testing.T) {
	s := kitchen(t, func(o *web.Options) { o.NeverEchoed = []string{"cccd"} })
	w := send(s, "POST", "/kitchen/fail/unavailable", "name=Nguyễn+Văn+An&password=rất+bí+mật&new_password=mật+khẩu+mới&cccd=001099012345&totp=123456")
	page := w.Body.String()
	for _, secret := range []string{"bí mật", "mật khẩu mới", "001099012345", "123456"} {
		if strings.Contains(page, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	if !strings.Contains(page, "Nguyễn Văn An") || strings.Contains(page, "Gửi lại</button>") {
		t.Error("the name is lost, or a form without its password is offered again")
	}
}

func TestKeptTextIsSentAgain(t *testing.T) {
	first := send(kitchen(t, nil), "POST", "/kitchen/fail/conflict", "content="+url.QueryEscape("\nDòng một\n\"hai\" <b>&amp;")+"&once=tok&kind=a&kind=b").Body.String()
	for _, want := range []string{`name="content" value="Dòng một` + "\n" + `&#34;hai&#34; &lt;b&gt;&amp;amp;"`, `name="once" value="tok"`, `name="kind" value="a"`, `name="kind" value="b"`, "Gửi lại"} {
		if !strings.Contains(first, want) {
			t.Errorf("the form to send again lacks %s", want)
		}
	}
}

func TestFields(t *testing.T) {
	s, _ := reading(t, web.Limits{}, web.Limit{}, func(f *web.Form, err error) error {
		must(t, err)
		d, wrong := f.Date("on")
		if d.VN() != "16/11/2026" || wrong != nil {
			t.Error(d, wrong)
		}
		if _, wrong = f.Date("never"); wrong == nil || wrong.Field != "never" {
			t.Error("32/13 is a date")
		}
		if d, wrong = f.Date("gone"); !d.IsZero() || wrong != nil {
			t.Error("an empty field is no fault")
		}
		n, wrong := f.Int("n")
		if n != 12 || wrong != nil {
			t.Error(n, wrong)
		}
		if _, wrong = f.Int("on"); wrong == nil {
			t.Error("a date is a number")
		}
		if !f.Bool("public") || f.Bool("private") || !f.Has("private") || f.Has("gone") || f.Line("two") != "a b" || fmt.Sprint(f.Texts("id")) != "[1 2]" {
			t.Error("boxes or repeated fields are misread")
		}
		if f.Once() != "abc" {
			t.Error(f.Once())
		}
		return nil
	})
	send(s, "POST", "/kitchen/form", "on=16/11/2026&never=32/13/2026&n=12&public=1&private=0&two=a%0A+b&id=1&id=2&once=abc")
	var none *web.Form
	if none.Text("a") != "" || none.Has("a") || none.Files("a") != nil || none.Kept() != nil {
		t.Error("a form that was not sent is not empty")
	}
}

func TestErrorsFindTheirFields(t *testing.T) {
	e := ui.ErrorsOf(fault.Join(fault.New(fault.Invalid, "a.b").At("x"), fault.New(fault.Invalid, "a.c").At("y")))
	if e.At("x").Key != "a.b" || e.At("y").Key != "a.c" || e.At("z") != nil || !e.Any() || ui.ErrorsOf(nil).Any() {
		t.Error("faults are not found by field")
	}
}

func FuzzForm(f *testing.F) {
	f.Add("a=b&c=%zz&=&&once=1", "application/x-www-form-urlencoded")
	f.Add("--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"../b\"\r\n\r\nc\r\n--x--", "multipart/form-data; boundary=x")
	s, _ := reading(f, web.Limits{Files: 2, FileBytes: 100}, web.Limit{Rate: web.Unbound}, func(_ *web.Form, err error) error { return err })
	f.Fuzz(func(t *testing.T, body, kind string) {
		if strings.ContainsAny(kind, "\r\n\x00") {
			return
		}
		if w := send(s, "POST", "/kitchen/form", body, "Content-Type: "+kind); w.Code >= 500 {
			t.Errorf("%d for %q (%s)", w.Code, body, kind)
		}
	})
}
