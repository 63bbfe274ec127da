package web_test

import (
	"context"
	"encoding/json"
	escaped "html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/testkit"
)

const doorPassword = "mưa rơi trên phố Huế"

// door is a whole server with nothing behind it but the pages of signing in.
type door struct {
	t     *testing.T
	auth  *auth.Auth
	desk  *org.Desk
	db    *db.DB
	clock *clock.Movable
	url   string
}

func newDoor(t *testing.T, d *db.DB, demonstration bool) *door {
	t.Helper()
	c := testkit.Clock(t)
	key, err := audit.NewKey("test.hdnd.vn/log")
	doorMust(t, err)
	limits, err := auth.DefaultLimits()
	doorMust(t, err)
	limits.HashingRounds, limits.HashingKiB = 1, 64
	log := audit.New(d, c, key)
	h := &door{t: t, db: d, clock: c, desk: org.New(org.Deps{DB: d, Clock: c, Recorder: doorRecorder{log, c}})}
	h.auth, err = auth.New(auth.Deps{DB: d, Clock: c, Org: h.desk, Audit: log, Key: make([]byte, 32), Limits: limits, Demonstration: demonstration})
	doorMust(t, err)
	catalogue, err := text.Load(web.Files, auth.Files, org.Files, db.Files, audit.Files)
	doorMust(t, err)
	pages := &web.SignIn{Auth: h.auth}
	routes := append(pages.Routes(), web.Route{Pattern: "GET /desk", Needs: auth.SignedIn, Handle: func(w http.ResponseWriter, r *http.Request) error {
		who := web.Actor(r)
		_, err := io.WriteString(w, "desk of "+who.Name+" as "+who.PostID+" at "+who.Address)
		return err
	}})
	s, err := web.NewServer(web.Options{Catalogue: catalogue, Clock: c, Routes: routes, Resolve: pages.Resolve})
	doorMust(t, err)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	h.url = srv.URL
	return h
}

type doorRecorder struct {
	log   *audit.Log
	clock clock.Clock
}

func (r doorRecorder) Record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	_, err := r.log.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: subject, Verb: verb, At: r.clock.Now(), Who: who, Details: details})
	return err
}

func doorMust(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// people are a clerk with two posts, a head and an administrator.
func (h *door) people() {
	h.t.Helper()
	ctx := h.t.Context()
	doorMust(h.t, h.db.Tx(ctx, func(tx *db.Tx) error {
		if err := org.AddCouncil(ctx, tx, org.Council{ID: "ward", Code: "ward", Name: "HĐND phường Láng", Level: org.Commune, UnitCode: "00199", Demonstration: true}); err != nil {
			return err
		}
		if err := org.AddBody(ctx, tx, org.Body{ID: "office", CouncilID: "ward", Kind: org.Office, Code: "VP", Name: "Văn phòng"}); err != nil {
			return err
		}
		for _, p := range [][3]string{{"clerk", "Nguyễn Thị Hường", "clerk"}, {"head", "Trần Văn Dũng", "head"}, {"admin", "Lê Quản Trị", "admin"}} {
			if err := org.AddPerson(ctx, tx, org.Person{ID: p[0], Name: p[1], Demonstration: true}); err != nil {
				return err
			}
			if err := org.AddPost(ctx, tx, org.Post{ID: "post-" + p[0], PersonID: p[0], BodyID: "office", Title: "Chức vụ " + p[0], Roles: db.JSON[[]org.Role]{V: []org.Role{org.Role(p[2])}}}); err != nil {
				return err
			}
		}
		return org.AddPost(ctx, tx, org.Post{ID: "post-deputy", PersonID: "clerk", BodyID: "office", Title: "Đại biểu", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Deputy}}})
	}))
}

func (h *door) actor(id string) org.Actor {
	h.t.Helper()
	var who org.Actor
	doorMust(h.t, h.db.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		who, err = h.desk.ActingAs(h.t.Context(), tx, id, "post-"+id, "", clock.Today(h.clock))
		return err
	}))
	return who
}

func (h *door) account(id string) (secret string) {
	h.t.Helper()
	secret, err := h.auth.OpenAccount(h.t.Context(), h.actor("admin"), id, id+"@láng")
	doorMust(h.t, err)
	doorMust(h.t, h.auth.Redeem(h.t.Context(), secret, doorPassword, auth.Browser{}))
	return secret
}

// visitor is a browser without scripts.
type visitor struct {
	t      *testing.T
	url    string
	client *http.Client
}

func (h *door) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	doorMust(h.t, err)
	return &visitor{t: h.t, url: h.url, client: &http.Client{Jar: jar}}
}

// page is what came in the end, after redirects.
type page struct {
	status int
	path   string
	body   string
	header http.Header
}

func (v *visitor) read(res *http.Response, err error) page {
	v.t.Helper()
	doorMust(v.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	doorMust(v.t, err)
	p := page{res.StatusCode, res.Request.URL.RequestURI(), escaped.UnescapeString(string(b)), res.Header}
	if i := strings.Index(p.body, "⟦"); i >= 0 {
		v.t.Errorf("%s shows a key instead of a sentence: %.60s", p.path, p.body[i:])
	}
	return p
}

func (v *visitor) open(path string) page {
	v.t.Helper()
	return v.read(v.client.Get(v.url + path))
}

func (v *visitor) post(path string, fields ...string) page {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return v.read(v.client.PostForm(v.url+path, form))
}

func (v *visitor) signIn(id string) page {
	v.t.Helper()
	return v.post("/sign-in", "login", id+"@LÁNG", "password", doorPassword)
}

func (p page) wants(t *testing.T, status int, path string, words ...string) page {
	t.Helper()
	if p.status != status || p.path != path {
		t.Fatalf("got %d %s, want %d %s\n%.2000s", p.status, p.path, status, path, p.body)
	}
	for _, w := range words {
		if !strings.Contains(p.body, w) {
			t.Errorf("%s lacks %q\n%.3000s", p.path, w, p.body)
		}
	}
	return p
}

var doorSchemas = []db.Migrations{org.Migrations, audit.Migrations, auth.Migrations}

func eachDoor(t *testing.T, demonstration bool, fn func(t *testing.T, h *door)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := newDoor(t, d, demonstration)
		h.people()
		fn(t, h)
	}, doorSchemas...)
}

func TestSignInPages(t *testing.T) {
	eachDoor(t, false, func(t *testing.T, h *door) {
		h.account("clerk")
		v := h.visitor()
		v.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk", "Tên đăng nhập")
		// what was left empty is said beside each field and is no guess: 4 attempts are left after the first wrong one
		v.post("/sign-in", "login", " ", "password", "").wants(t, 422, "/sign-in", "Chưa ghi tên đăng nhập.", "Chưa ghi mật khẩu.")
		v.post("/sign-in", "login", "clerk@láng", "password", "").wants(t, 422, "/sign-in", "Chưa ghi mật khẩu.", `value="clerk@láng"`)
		v.post("/sign-in", "login", "clerk@láng", "password", "sai rồi nhé", "next", "/account").
			wants(t, 422, "/sign-in", "Còn 4 lần thử", `value="clerk@láng"`, `value="/account"`)
		if p := v.post("/sign-in", "login", "clerk@láng", "password", "sai rồi nhé"); strings.Contains(p.body, "sai rồi nhé") {
			t.Error("the page shows the password that was typed")
		}
		v.post("/sign-in", "login", "clerk@láng", "password", doorPassword, "next", "/account").wants(t, 200, "/account", "Tài khoản và bảo mật", "Nguyễn Thị Hường", "Trình duyệt này")
		v.open("/desk").wants(t, 200, "/desk", "desk of Nguyễn Thị Hường as post-", " at 127.0.0.1")
		v.open("/sign-in?next=/account").wants(t, 200, "/account") // there already
		v.open("/sign-out").wants(t, 200, "/sign-out", "Đăng xuất?")
		if p := v.post("/sign-out").wants(t, 200, "/sign-in", "Đã đăng xuất"); p.header.Get("Cache-Control") == "" {
			t.Error("pages may be kept")
		}
		v.open("/account").wants(t, 200, "/sign-in?next=%2Faccount")
		for _, foreign := range []string{"https://example.org/", "//example.org", `/\example.org`, "/sign-out", "/sign-in?next=/x", "javascript:alert(1)", "/setup"} {
			v := h.visitor()
			v.post("/sign-in", "login", "clerk@láng", "password", doorPassword, "next", foreign).wants(t, 200, "/desk")
		}
		h.clock.Advance(13 * time.Hour)
		idle := h.visitor()
		idle.signIn("clerk")
		h.clock.Advance(13 * time.Hour)
		idle.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk", "không dùng hệ thống trong 12 giờ")
	})
}

func TestSignInCookies(t *testing.T) {
	d := testkit.OpenSQLite(t, doorSchemas...)
	h := newDoor(t, d, false)
	h.people()
	h.account("clerk")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(h.url+"/sign-in", url.Values{"login": {"clerk@láng"}, "password": {doorPassword}})
	doorMust(t, err)
	doorMust(t, res.Body.Close())
	var found bool
	for _, c := range res.Cookies() {
		if c.Name == "hdnd" {
			found = true
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || c.Secure {
				t.Errorf("cookie over plain HTTP: %+v", c)
			}
		}
	}
	if !found {
		t.Errorf("no cookie: %v", res.Cookies())
	}
	// Cross-site posts are turned away before any page sees them.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/sign-in", strings.NewReader("login=clerk"))
	doorMust(t, err)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err = client.Do(req)
	doorMust(t, err)
	doorMust(t, res.Body.Close())
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a cross-site sign-in got %d", res.StatusCode)
	}
}

var (
	offerField = regexp.MustCompile(`name="secret_offer" value="([^"]+)"`)
	codeWords  = regexp.MustCompile(`<code>([^<]+)</code>`)
)

func TestSecondStepPages(t *testing.T) {
	eachDoor(t, false, func(t *testing.T, h *door) {
		h.account("clerk")
		v := h.visitor()
		v.signIn("clerk").wants(t, 200, "/desk")
		p := v.open("/account/second-step").wants(t, 200, "/account/second-step", "shape-rendering=", "quét mã vuông")
		offer, secret := offerField.FindStringSubmatch(p.body)[1], strings.ReplaceAll(codeWords.FindStringSubmatch(p.body)[1], " ", "")
		v.post("/account/second-step", "secret_offer", offer, "otp", "000000", "current_password", doorPassword).wants(t, 422, "/account/second-step", "Mã chưa khớp", codeWords.FindStringSubmatch(p.body)[1])
		code, err := totp.GenerateCode(secret, h.clock.Now())
		doorMust(t, err)
		v.post("/account/second-step", "secret_offer", offer, "otp", code, "current_password", "không phải").wants(t, 422, "/account/second-step", "Mật khẩu hiện tại chưa đúng")
		p = v.post("/account/second-step", "secret_offer", offer, "otp", code, "current_password", doorPassword).wants(t, 200, "/account/second-step", "Mã khôi phục")
		recovery := codeWords.FindAllStringSubmatch(p.body, -1)
		if len(recovery) != 10 || p.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d recovery codes, %v", len(recovery), p.header)
		}
		v.open("/account").wants(t, 200, "/account", "Còn 10 mã khôi phục chưa dùng")

		w := h.visitor()
		w.open("/sign-in/code").wants(t, 200, "/sign-in") // nothing begun
		w.post("/sign-in", "login", "clerk@láng", "password", doorPassword, "next", "/account").wants(t, 200, "/sign-in/code?next=%2Faccount", "Nhập mã xác thực")
		w.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk") // half in is not in
		w.post("/sign-in/code", "otp", code, "next", "/account").wants(t, 422, "/sign-in/code", "đã dùng rồi")
		h.clock.Advance(time.Minute)
		code, err = totp.GenerateCode(secret, h.clock.Now())
		doorMust(t, err)
		w.post("/sign-in/code", "otp", code, "next", "/account").wants(t, 200, "/account", "Trình duyệt này", "Đang đăng nhập")
		w.post("/sign-in/code", "otp", code).wants(t, 401, "/sign-in/code", "đăng nhập lại từ đầu")

		w.post("/account/second-step/removal", "current_password", "sai").wants(t, 422, "/account/second-step/removal")
		p = w.post("/account/recovery-codes", "current_password", doorPassword).wants(t, 200, "/account/recovery-codes")
		if len(codeWords.FindAllString(p.body, -1)) != 10 {
			t.Error("no new codes")
		}
		w.post("/account/second-step/removal", "current_password", doorPassword).wants(t, 200, "/account", "Đã tắt xác thực hai bước")
		h.visitor().signIn("clerk").wants(t, 200, "/desk")
	})
}

func TestAccountPages(t *testing.T) {
	eachDoor(t, false, func(t *testing.T, h *door) {
		used := h.account("clerk")
		v, phone := h.visitor(), h.visitor()
		v.signIn("clerk")
		phone.signIn("clerk")
		p := v.open("/account").wants(t, 200, "/account", "Kết thúc mọi lần đăng nhập khác", "Chức vụ đang giữ")
		id := regexp.MustCompile(`/account/sign-ins/([a-z0-9]+)/closure`).FindStringSubmatch(p.body)[1]
		v.post("/account/sign-ins/"+id+"/closure").wants(t, 200, "/account", "Đã kết thúc lần đăng nhập đó")
		phone.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk", "đã kết thúc")
		phone.signIn("clerk")
		v.post("/account/sign-ins/closure").wants(t, 200, "/account", "mọi lần đăng nhập khác")
		phone.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk")

		v.post("/account/password", "current_password", doorPassword, "password", "gió thổi qua sông", "repeat_password", "gió thổi qua đồng").wants(t, 422, "/account/password", "không giống nhau")
		v.post("/account/password", "current_password", doorPassword, "password", "ngắn", "repeat_password", "ngắn").wants(t, 422, "/account/password", "ít nhất 10 ký tự")
		v.post("/account/password", "current_password", doorPassword, "password", "gió thổi qua sông", "repeat_password", "gió thổi qua sông").wants(t, 200, "/account", "Đã đổi mật khẩu")

		v.open("/sign-in/reset?token="+used).wants(t, 404, "/sign-in/reset?token="+used, "đã dùng rồi hoặc đã hết hạn")
		secret, err := h.auth.ResetPassword(t.Context(), h.actor("admin"), "clerk")
		doorMust(t, err)
		w := h.visitor()
		w.open("/sign-in/reset?token="+secret).wants(t, 200, "/sign-in/reset?token="+secret, "clerk@láng")
		w.post("/sign-in/reset", "token", secret, "password", "ngắn", "repeat_password", "ngắn").wants(t, 422, "/sign-in/reset", "ít nhất 10 ký tự")
		w.post("/sign-in/reset", "token", secret, "password", doorPassword, "repeat_password", doorPassword).wants(t, 200, "/sign-in", "Đã lưu mật khẩu")
		v.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk")

		doorMust(t, h.auth.DemandNewPassword(t.Context(), h.actor("admin"), "clerk"))
		w.signIn("clerk").wants(t, 200, "/sign-in/password?next=%2Fdesk", "Đặt mật khẩu mới")
		w.post("/sign-in/password", "password", doorPassword, "repeat_password", doorPassword).wants(t, 422, "/sign-in/password", "phải khác")
		w.post("/sign-in/password", "password", "nắng trải khắp đồng", "repeat_password", "nắng trải khắp đồng").wants(t, 200, "/desk")
	})
}

func TestPostPages(t *testing.T) {
	eachDoor(t, false, func(t *testing.T, h *door) {
		h.account("clerk")
		today := clock.Today(h.clock)
		delegation, err := h.desk.Grant(t.Context(), h.actor("head"), org.DelegationGrant{FromPost: "post-head", ToPost: "post-clerk", Document: "12/UQ-VP", Starts: today, Ends: today})
		doorMust(t, err)
		v := h.visitor()
		v.signIn("clerk")
		v.open("/account").wants(t, 200, "/account", "Thay Trần Văn Dũng: Chức vụ head, Văn phòng", "Đại biểu, Văn phòng")
		v.post("/posts/acting", "post", "post-head", "back", "/account").wants(t, 409, "/posts/acting", "không giữ chức vụ này")
		v.post("/posts/acting", "post", "post-head~"+delegation, "back", "/account").wants(t, 200, "/account", "Đang làm việc với chức vụ: Thay Trần Văn Dũng", "Đang làm việc thay Trần Văn Dũng")
		v.open("/desk").wants(t, 200, "/desk", "as post-head")
		doorMust(t, h.desk.EndDelegation(t.Context(), h.actor("head"), delegation))
		p := v.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk", "Chọn chức vụ", "uỷ quyền")
		if strings.Contains(p.body, `value="post-head`) {
			t.Error("the post that is over is still offered")
		}
		v.post("/posts/acting", "post", "post-deputy", "next", "/account").wants(t, 200, "/account", "Đại biểu, Văn phòng")
		v.post("/posts/acting", "post", "post-clerk", "back", "/petitions/1").wants(t, 200, "/desk", "as post-clerk")
		h.visitor().post("/posts/acting", "post", "post-clerk").wants(t, 401, "/posts/acting")
	})
}

func TestSetUpPages(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := newDoor(t, d, false)
		secret, _, err := h.auth.FirstAddress(t.Context())
		doorMust(t, err)
		v := h.visitor()
		v.open("/setup?token=x").wants(t, 404, "/setup?token=x")
		v.open("/setup?token="+secret).wants(t, 200, "/setup?token="+secret, "Thiết lập Hội đồng", "chỉ dùng được một lần")
		v.post("/setup", "token", secret, "council", "HĐND phường Láng", "password", "ngắn", "repeat_password", "ngắn").
			wants(t, 422, "/setup", "Hãy chọn cấp", "Hãy ghi họ và tên", "ít nhất 10 ký tự", `value="HĐND phường Láng"`)
		form := []string{"token", secret, "council", "HĐND phường Láng", "level", "commune", "unit", "00199", "name", "Đỗ Thu Hà", "login", "ha.do",
			"password", doorPassword, "repeat_password", doorPassword, "second_step", "1"}
		v.post("/setup", form...).wants(t, 200, "/account/second-step", "Đã thiết lập Hội đồng", "quét mã vuông")
		v.post("/setup", form...).wants(t, 404, "/setup")
		w := h.visitor()
		w.post("/sign-in", "login", "HA.DO", "password", doorPassword).wants(t, 200, "/desk", "desk of Đỗ Thu Hà")
	}, doorSchemas...)
}

func TestDemonstrationPages(t *testing.T) {
	eachDoor(t, true, func(t *testing.T, h *door) {
		v := h.visitor()
		v.open("/desk").wants(t, 200, "/sign-in?next=%2Fdesk", "Vào vai ai?", "HĐND phường Láng", "Nguyễn Thị Hường", "Vào vai Trần Văn Dũng, Chức vụ head")
		var people []struct {
			ID, Name, Post, Body string
			Roles                []string
		}
		doorMust(t, json.Unmarshal([]byte(v.open("/demo/people.json").wants(t, 200, "/demo/people.json").body), &people))
		if len(people) != 4 || people[0].ID == "" || len(people[0].Roles) != 1 || people[0].Body != "Văn phòng" {
			t.Errorf("people %+v", people)
		}
		v.post("/demo/sign-in", "person", "head").wants(t, 200, "/desk", "desk of Trần Văn Dũng")
		v.post("/demo/sign-in", "person", "clerk~post-deputy", "next", "/account").wants(t, 200, "/account", "Nguyễn Thị Hường", "không có mật khẩu")
		v.open("/desk").wants(t, 200, "/desk", "as post-deputy")
		v.open("/sign-in").wants(t, 200, "/sign-in", "Vào vai ai?") // to be somebody else
		v.post("/demo/sign-in", "person", "nobody").wants(t, 422, "/demo/sign-in", "Không có người này")
	})
	eachDoor(t, false, func(t *testing.T, h *door) {
		h.visitor().open("/demo/people.json").wants(t, 404, "/demo/people.json")
		h.visitor().post("/demo/sign-in", "person", "clerk").wants(t, 404, "/demo/sign-in")
	})
}
