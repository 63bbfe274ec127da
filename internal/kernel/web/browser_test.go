package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	front "example.vn/hdnd/web"
)

// firstLoadMost is what a person with an empty cache may have to wait for.
const firstLoadMost = 120_000

// watcher hears what the browser complains about and how much it loads.
type watcher struct {
	mu     sync.Mutex
	errors []string
	loaded float64
}

func (w *watcher) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		// An error page's own status is no fault of the page.
		if string(e.Entry.Level) == "error" && !strings.Contains(e.Entry.Text, "the server responded with a status") {
			w.errors = append(w.errors, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		w.errors = append(w.errors, "exception: "+e.ExceptionDetails.Text)
	case *network.EventLoadingFinished:
		w.loaded += e.EncodedDataLength
	}
}

func (w *watcher) take() (errors []string, loaded float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	errors, loaded = w.errors, w.loaded
	w.errors, w.loaded = nil, 0
	return errors, loaded
}

func browser(t *testing.T) (context.Context, *watcher) {
	t.Helper()
	if err := front.Built(); err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	w := &watcher{}
	if err := chromedp.Listen(ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	return ctx, w
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	v, err := chromedp.Run(limited, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression[:min(len(expression), 80)], err)
	}
	return v
}

func cookie(t *testing.T, ctx context.Context, url, name, value string) {
	t.Helper()
	if _, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: url}); err != nil {
		t.Fatal(err)
	}
}

// axe gives what the accessibility checker finds, one line each.
func axe(t *testing.T, ctx context.Context, source string) []string {
	t.Helper()
	if !ask[bool](t, ctx, "typeof axe !== 'undefined'") {
		ask[bool](t, ctx, source+";true")
	}
	found := ask[string](t, ctx, `axe.run({resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.flatMap(
		v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " — " + n.failureSummary.replace(/\s+/g, " ")))))`)
	var lines []string
	if err := json.Unmarshal([]byte(found), &lines); err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestLooks opens every part in light and dark, on phone and desk: the checker
// finds nothing, the browser refuses nothing, nothing is wider than the screen.
// With HDND_PICTURES it leaves a picture of each page in that folder.
func TestLooks(t *testing.T) {
	source, err := os.ReadFile("../../../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is missing; run make build: ", err)
	}
	ctx, heard := browser(t)
	house := httptest.NewServer(kitchen(t, nil))
	defer house.Close()
	do(t, ctx, chromedp.Navigate(house.URL+"/livez"))
	cookie(t, ctx, house.URL, "who", "clerk")
	screens := []struct {
		name          string
		width, height int64
	}{{"desktop", 1440, 1000}, {"phone", 390, 844}}
	for _, theme := range []string{"light", "dark"} {
		cookie(t, ctx, house.URL, "theme", theme)
		for _, screen := range screens {
			do(t, ctx, chromedp.EmulateViewport(screen.width, screen.height))
			for _, page := range []string{"/desk", "/kitchen/list", "/kitchen/case", "/kitchen/form", "/kitchen/confirm", "/kitchen/conflict", "/kitchen/public", "/nowhere"} {
				name := fmt.Sprintf("%s-%s%s", theme, screen.name, strings.ReplaceAll(page, "/", "-"))
				heard.take()
				do(t, ctx, chromedp.Navigate(house.URL+page))
				ask[bool](t, ctx, "document.fonts.ready.then(() => true)")
				for _, line := range axe(t, ctx, string(source)) {
					t.Errorf("%s: %s", name, line)
				}
				if wide := ask[int](t, ctx, "document.documentElement.scrollWidth"); wide > int(screen.width) {
					t.Errorf("%s: the page is %d wide", name, wide)
				}
				if words := ask[string](t, ctx, "document.body.innerText"); strings.Contains(words, "⟦") {
					t.Errorf("%s: a sentence is missing", name)
				}
				if errors, _ := heard.take(); len(errors) > 0 {
					t.Errorf("%s: the browser says %q", name, errors)
				}
				picture(t, ctx, name)
			}
		}
	}
}

func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("HDND_PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFirstLoad weighs all that a page with an empty cache brings along.
func TestFirstLoad(t *testing.T) {
	ctx, heard := browser(t)
	house := httptest.NewServer(kitchen(t, nil))
	defer house.Close()
	do(t, ctx, chromedp.Navigate(house.URL+"/livez"))
	cookie(t, ctx, house.URL, "who", "clerk")
	heard.take()
	do(t, ctx, chromedp.Navigate(house.URL+"/desk"))
	ask[bool](t, ctx, "document.fonts.ready.then(() => new Promise(done => setTimeout(() => done(true), 300)))")
	_, loaded := heard.take()
	t.Logf("first load: %.1f kB of %d kB", loaded/1000, firstLoadMost/1000)
	if loaded > firstLoadMost {
		t.Errorf("the first load takes %.0f bytes, more than %d", loaded, firstLoadMost)
	}
}
