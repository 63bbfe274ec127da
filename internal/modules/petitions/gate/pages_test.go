package gate

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/web"
)

// publicForm and publicSend are petitions' own form in small: the first sending
// shows it again, "send" hands in.
func (w *world) publicForm(rw http.ResponseWriter, r *http.Request) error {
	return web.Page(rw, r, web.Head{Title: "Gửi", Public: true}, templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		if _, err := io.WriteString(out, `<form method="post" action="/gui">`); err != nil {
			return err
		}
		if err := Honey(w.Draw()).Render(ctx, out); err != nil {
			return err
		}
		_, err := io.WriteString(out, `<textarea name="text"></textarea></form>`)
		return err
	}))
}

func (w *world) publicSend(rw http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(rw, r, web.Limits{})
	if err != nil {
		return err
	}
	a := Read(r, form, Petition)
	a.CouncilID, a.UnitCode, a.Text, a.Email = "hn", "00004", form.Text("text"), form.Line("email")
	v, err := w.Judge(ctx, a)
	if err != nil {
		return err
	}
	if err := v.Fault(); err != nil {
		return err
	}
	if v.Challenge != nil || form.Line("act") != "send" {
		return web.Page(rw, r, web.Head{Title: "Xem lại", Public: true}, Ask(Asking{URL: "/gui", Kept: form.Kept(append(OwnFields(), "act")...), Send: "Gửi", Challenge: v.Challenge}))
	}
	id, err := w.enter(ctx, a, v)
	if err != nil {
		return err
	}
	return web.SeeOther(rw, r, "/xong/"+id)
}

var hiddenField = regexp.MustCompile(`<input type="(?:hidden|text)"[^>]*? name="([^"]*)"[^>]*? value="([^"]*)"`)

// fields reads the inputs of a page, as a browser sends them back.
func fields(p page) url.Values {
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(p.body, -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	form.Del("q")
	form.Del("back")
	return form
}

// TestWithoutScript goes through the public form as a browser without
// JavaScript: too fast, so asked; too early, so told how long; then taken, once.
func TestWithoutScript(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		form := fields(ask(t, h, "", "/gui", nil))
		for _, name := range []string{trapSite, trapFax} {
			if !form.Has(name) || form.Get(name) != "" {
				t.Errorf("%s: %v", name, form[name])
			}
		}
		const words = "Đề nghị sửa <b>đường</b> Nguyên Hồng"
		form.Set("text", words)
		w.clock.Advance(time.Second)
		p := ask(t, h, "", "/gui", form)
		if !strings.Contains(p.body, "data-proof=") || !strings.Contains(p.body, "sau 60 giây") {
			t.Fatalf("%d %s", p.status, p.body)
		}
		w.clock.Advance(21 * time.Second)
		form = fields(p)
		form.Set("act", "send")
		p = ask(t, h, "", "/gui", form)
		if p.status != http.StatusOK || !strings.Contains(p.body, "sau 39 giây") {
			t.Errorf("too early: %d %s", p.status, p.body)
		}
		again := fields(p)
		again.Set("act", "send")
		if again.Get(proofName) != form.Get(proofName) || again.Get("once") != form.Get("once") {
			t.Error("the waiting began anew")
		}
		if again.Get("text") != words {
			t.Errorf("kept %q", again.Get("text"))
		}
		w.clock.Advance(40 * time.Second)
		if p = ask(t, h, "", "/gui", again); p.status != http.StatusSeeOther {
			t.Fatalf("in time: %d %s", p.status, p.body)
		}
		if p = ask(t, h, "", "/gui", again); p.status == http.StatusSeeOther || !strings.Contains(p.body, "đã được dùng") {
			t.Errorf("sent twice: %d", p.status)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM cases_cases`); n != 1 {
			t.Errorf("%d petitions", n)
		}
	})
}

// TestWithScript sends what the browser's script fills in.
func TestWithScript(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		h := w.house(t)
		form := fields(ask(t, h, "", "/gui", nil))
		form.Set("text", "Đề nghị sửa đường Nguyên Hồng vì ngập")
		form.Set(trapSite, "https://spam.example")
		w.clock.Advance(time.Minute)
		form = fields(ask(t, h, "", "/gui", form))
		if form.Get(trapSite) == "" {
			t.Error("what the trap caught is lost on the way")
		}
		l := w.editions[0]
		c, ok := w.keys.challenged(Solution{Token: form.Get(proofName)}, form.Get("once"), "hn", w.clock.Now(), l)
		if !ok {
			t.Fatal("no challenge")
		}
		form.Set(nonceName, solve(c))
		form.Set("act", "send")
		if p := ask(t, h, "", "/gui", form); p.status != http.StatusSeeOther {
			t.Errorf("%d %s", p.status, p.body)
		}
	})
}

// TestFloodPage: the refusal says when and how else.
func TestFloodPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.editions[0].Address4.Burst = Window{Ask: 1, Hold: 2, Stop: 3}
		w.easy()
		for range 3 {
			w.send(t, w.voter("203.0.113.9"))
		}
		h := w.house(t)
		form := fields(ask(t, h, "", "/gui", nil))
		form.Set("text", "Đề nghị sửa đường")
		p := ask(t, h, "", "/gui", form)
		if p.status != http.StatusTooManyRequests || !strings.Contains(p.body, "sau khoảng 10 phút") || !strings.Contains(p.body, "gọi điện") || !strings.Contains(p.body, "Đề nghị sửa đường") {
			t.Errorf("%d %s", p.status, p.body)
		}
	})
}

// TestRights asks every address of the office as everybody.
func TestRights(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		id := w.held(t)
		batch := w.drawnUp(t, 3)
		w.alert(t)
		h := w.house(t)
		alert := w.one(t, `SELECT id FROM petitions_alerts LIMIT 1`)
		inside := []string{heldPath, heldPath + "/" + id, tracesPath, tracesPath + "?by=email&days=nonsense", batchesPath, batchesPath + "/" + batch, withQuery(pickPath, "like", id)}
		for _, who := range []string{"", "ward", "agency", "auditor", "deputy", "clerk", "head"} {
			for _, target := range append([]string{gatePath}, inside...) {
				mine := who == "clerk" || who == "head" || target == gatePath && (who == "auditor" || who == "ward" || who == "agency")
				listing := who == "ward" && !strings.Contains(target, id) && !strings.Contains(target, batch)
				p := ask(t, h, who, target, nil)
				if (p.status == http.StatusOK) != (mine || listing) {
					t.Errorf("%s as %q: %d", target, who, p.status)
				}
				if who == "ward" && (strings.Contains(p.body, "KN26-"+strings.ToUpper(id[len(id)-8:])) || strings.Contains(p.body, "Nguyễn Văn An")) {
					t.Errorf("%s shows another council's", target)
				}
			}
		}
		if p := ask(t, h, "auditor", gatePath, nil); strings.Contains(p.body, alert) || !strings.Contains(p.body, "Lượt gửi theo giờ") {
			t.Error("the auditor sees more or less than the counts")
		}
		reasoned := url.Values{"reason": {"machine_sent"}, "note": {"Gửi bằng máy, xem nhật ký"}}
		for _, target := range []string{heldPath + "/" + id + "/release", heldPath + "/" + id + "/invalidation", batchesPath + "/" + batch + "/decision", batchesPath + "/" + batch + "/dropping",
			batchesPath + "/" + batch + "/cancellation", batchesPath + "/" + batch + "/undo-request", batchesPath + "/" + batch + "/undoing", alertsPath + "/" + alert + "/seen", alertsPath + "/" + alert + "/closing"} {
			for _, who := range []string{"", "ward", "agency", "auditor", "deputy"} {
				if p := ask(t, h, who, target, reasoned); p.status < 400 && !strings.HasPrefix(p.location, "/sign-in") && who != "" {
					t.Errorf("%s as %q: %d %s", target, who, p.status, p.location)
				}
			}
		}
		for _, target := range []string{heldPath + "/" + id + "/invalidation", batchesPath + "/" + batch + "/decision"} {
			if p := ask(t, h, "clerk", target, reasoned); p.status < 400 {
				t.Errorf("%s as clerk: %d", target, p.status)
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_held WHERE state = 'held'`); n != 1 {
			t.Error("somebody else's act was taken")
		}
	})
}

// TestOfficePages goes through the office's forms.
func TestOfficePages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		id := w.held(t)
		h := w.house(t)
		p := ask(t, h, "head", heldPath+"/"+id+"/invalidation", url.Values{"note": {"ngắn"}})
		if p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "ngắn") || !strings.Contains(p.body, "Chưa chọn lý do") {
			t.Errorf("%d %s", p.status, p.body)
		}
		p = ask(t, h, "clerk", withQuery(pickPath, "like", id), nil)
		form := fields(p)
		form.Set("note", "x")
		if p = ask(t, h, "clerk", batchesPath, form); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%d %s", p.status, p.body)
		}
		form.Set("reason", "nonsense")
		form.Set("note", "Không có nghĩa, xem từng dòng")
		first := ask(t, h, "clerk", batchesPath, form)
		if first.status != http.StatusSeeOther {
			t.Fatalf("%d %s", first.status, first.body)
		}
		if second := ask(t, h, "clerk", batchesPath, form); second.location != first.location {
			t.Errorf("a double click drew up %s and %s", first.location, second.location)
		}
		if p := ask(t, h, "head", first.location+"/decision", url.Values{}); p.status != http.StatusSeeOther {
			t.Errorf("%d %s", p.status, p.body)
		}
		w.drain(t)
		p = ask(t, h, "head", first.location, nil)
		if !strings.Contains(p.body, "Đã xong") || !strings.Contains(p.body, "Đề nghị khôi phục") {
			t.Error(p.body)
		}
		if p = ask(t, h, "clerk", first.location+"/undo-request", url.Values{"note": {" "}}); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%d", p.status)
		}
		for _, bad := range []string{pickPath, pickPath + "?by=council&mark=x", pickPath + "?by=address_mark%20OR%201%3D1&mark=x"} {
			if p := ask(t, h, "clerk", bad, nil); p.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", bad, p.status)
			}
		}
	})
}
