package web_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"go.uber.org/goleak"
)

// livingHouse lets the clerk hear of the council's own topic only.
func livingHouse(t *testing.T, hub *live.Hub, more ...web.Route) *web.Server {
	return kitchen(t, func(o *web.Options) {
		o.Live = hub
		o.Topics = func(_ context.Context, who org.Actor, asked []string) []string {
			if !who.SignedIn() {
				return nil
			}
			return slices.DeleteFunc(slices.Clone(asked), func(topic string) bool { return topic != "council:"+who.CouncilID })
		}
		o.Routes = append(o.Routes, more...)
	})
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 200 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("waited in vain: ", what)
}

func TestEvents(t *testing.T) {
	hub := live.New(0)
	house := httptest.NewServer(livingHouse(t, hub))
	defer house.Close()
	r, err := http.NewRequest("GET", house.URL+"/live?topics=council:c1+council:other", nil)
	must(t, err)
	r.Header.Set("Cookie", "who=clerk")
	ctx, stop := context.WithCancel(context.Background())
	res, err := http.DefaultClient.Do(r.WithContext(ctx))
	must(t, err)
	defer res.Body.Close()
	if res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Content-Encoding") != "" {
		t.Error(res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
			if lines.Text() == "event: hello" {
				return "hello"
			}
		}
		return "end"
	}
	if got := next(); got != "hello" {
		t.Error(got)
	}
	hub.Publish("council:other")
	hub.Publish("council:c1")
	if got := next(); got != "council:c1" {
		t.Errorf("heard %q", got)
	}
	stop()
	until(t, "the screen is forgotten", func() bool { return hub.Screens() == 0 })
	w := send(livingHouse(t, hub), "GET", "/live?topics=council:c1", "")
	if w.Code != 204 {
		t.Errorf("nobody may listen, and hears %d", w.Code)
	}
	if w := send(livingHouse(t, live.New(0)), "GET", "/live?topics=council:other", "", asClerk); w.Code != 204 {
		t.Errorf("another's council: %d", w.Code)
	}
}

// TestStopping sees that open event streams do not hold up the end.
func TestStopping(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	hub := live.New(0)
	ctx, stop := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan error, 1)
	s := livingHouse(t, hub)
	go func() { ended <- s.Serve(ctx, ln) }()
	r, err := http.NewRequest("GET", "http://"+ln.Addr().String()+"/live?topics=council:c1", nil)
	must(t, err)
	r.Header.Set("Cookie", "who=clerk")
	client := &http.Client{Transport: &http.Transport{}}
	res, err := client.Do(r)
	must(t, err)
	stop()
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(5 * time.Second):
		t.Error("the server hangs on an event stream")
	}
	must(t, res.Body.Close())
	client.CloseIdleConnections()
}

// TestLivePage sees in a browser that a list follows changes elsewhere, in two
// tabs on one stream, and that what is typed meanwhile stays.
func TestLivePage(t *testing.T) {
	var version atomic.Int64
	hub := live.New(0)
	page := func(w http.ResponseWriter, r *http.Request) error {
		list := ui.TableView[row]{ID: "work", Caption: "Việc", Rows: rows[:1+int(version.Load())%3], Live: "council:c1", LiveURL: "/kitchen/work",
			Columns: []ui.Column[row]{{Key: "code", Label: "Mã", Text: func(r row) string { return r.code }}}, Key: func(r row) string { return r.code }}
		return web.Page(w, r, web.Head{Title: "Việc"}, templ.Join(ui.TextInput(ui.Field{Name: "note", Label: "Ghi chú"}), ui.Table(list)))
	}
	house := httptest.NewServer(livingHouse(t, hub, web.Route{Pattern: "GET /kitchen/work", Needs: auth.SignedIn, Handle: page}))
	defer house.Close()
	defer hub.Close()
	ctx, heard := browser(t)
	do(t, ctx, chromedp.Navigate(house.URL+"/livez"))
	cookie(t, ctx, house.URL, "who", "clerk")
	do(t, ctx, chromedp.Navigate(house.URL+"/kitchen/work"), chromedp.SetValue(chromedp.CSS("#f-note"), "đang gõ"))
	// A second tab of the same person, opened by the first so that both can be read from there.
	ask[bool](t, ctx, `window.other = window.open("/kitchen/work"), true`)
	until(t, "the browser listens in both tabs", func() bool {
		return hub.Screens() == 1 && ask[bool](t, ctx, `other.document.readyState === "complete" && other.document.documentElement.classList.contains("scripted")`)
	})
	for want := 2; want <= 3; want++ {
		version.Add(1)
		hub.Publish("council:c1")
		for _, tab := range []string{"document", "other.document"} {
			until(t, "the list follows in "+tab, func() bool { return ask[int](t, ctx, tab+`.querySelectorAll("[data-row]").length`) == want })
		}
	}
	if hub.Screens() != 1 {
		t.Errorf("two tabs hold %d streams", hub.Screens())
	}
	if got := ask[string](t, ctx, `document.getElementById("f-note").value`); got != "đang gõ" {
		t.Errorf("what was typed became %q", got)
	}
	if errors, _ := heard.take(); len(errors) > 0 {
		t.Errorf("the browser says %q", errors)
	}
}
