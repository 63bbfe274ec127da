package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/kernel/clock"
)

// patience is how long a step of a person may take on a busy machine.
const patience = 60 * time.Second

// program is the one browser program of all tests, which begins with the first
// that needs it and ends with TestMain.
var program struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// chrome is the browser program; every visitor gets a profile of their own in it.
func chrome(t *testing.T) context.Context {
	t.Helper()
	program.once.Do(func() {
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
		alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
		ctx, cancel := chromedp.NewContext(alloc)
		program.ctx, program.stop, program.err = ctx, func() { cancel(); stop() }, chromedp.Do(ctx)
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return program.ctx
}

// complaints are what the browser finds wrong with a page.
type complaints struct {
	house string // nothing is to be asked of others
	mu    sync.Mutex
	all   []string
}

func (c *complaints) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if at := e.Request.URL; strings.HasPrefix(at, "http") && !strings.HasPrefix(at, c.house+"/") {
			c.all = append(c.all, "asked of somebody else: "+at)
		}
	case *log.EventEntryAdded:
		// An error page's own status is no fault of the page.
		if string(e.Entry.Level) == "error" && !strings.Contains(e.Entry.Text, "the server responded with a status") {
			c.all = append(c.all, e.Entry.Text+" "+e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		c.all = append(c.all, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if string(e.Type) == "error" {
			c.all = append(c.all, fmt.Sprintf("console: %v", e.Args))
		}
	}
}

func (c *complaints) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// visitor is a person at a browser window with cookies of its own.
type visitor struct {
	t     *testing.T
	name  string
	ctx   context.Context
	base  string
	heard *complaints
	clock *clock.Movable // of the house the visitor is in; nil where time goes by itself
	plain bool           // without scripts
	wrong bool           // what is pressed next will be refused, beside its fields
}

// enter opens a window; without scripts when plain.
func enter(t *testing.T, ctx context.Context, base, name string, plain bool) *visitor {
	t.Helper()
	own, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	v := &visitor{t: t, name: name, ctx: own, base: base, heard: &complaints{house: base}, plain: plain}
	if err := chromedp.Listen(own, v.heard.hear); err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.EmulateViewport(1440, 900))
	if plain {
		if _, err := chromedp.Call(own, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func (v *visitor) fatal(format string, args ...any) {
	v.t.Helper()
	v.t.Fatalf("%s at %s: %s\n%s", v.name, v.where(), fmt.Sprintf(format, args...), v.words())
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	limited, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		v.fatal("%v", err)
	}
}

// ask evaluates an expression as the browser's tools do, past the page's policy.
func ask[T any](v *visitor, expression string) T {
	v.t.Helper()
	limited, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	for {
		got, err := chromedp.Run(limited, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		if leaving(err) && limited.Err() == nil {
			continue // one page was just giving way to the next: the next is asked
		}
		if err != nil {
			v.t.Fatalf("%s: %s: %v", v.name, expression[:min(len(expression), 80)], err)
		}
		return got
	}
}

// leaving reports whether the page that was asked was on its way out.
func leaving(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "navigated or closed") || strings.Contains(err.Error(), "context was destroyed"))
}

func (v *visitor) where() string { return strings.TrimPrefix(ask[string](v, "location.href"), v.base) }

func (v *visitor) words() string {
	return strings.Join(strings.Fields(ask[string](v, "document.body ? document.body.innerText : ''")), " ")
}

// open goes to an address and expects a page there.
func (v *visitor) open(path string) {
	v.t.Helper()
	v.do(chromedp.Navigate(v.base + path))
	v.fine()
}

// press clicks what leads to another page, and expects that page.
func (v *visitor) press(selector string) {
	v.t.Helper()
	limited, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(limited, chromedp.Click(chromedp.CSS(selector)))
	if err != nil {
		v.fatal("pressing %s: %v", selector, err)
	}
	if refused := res != nil && res.Status == 422; refused != v.wrong || res != nil && res.Status >= 400 && !refused {
		v.fatal("pressing %s gives %d", selector, res.Status)
	}
	v.wrong = false
	v.fine()
}

// key presses keys that lead to another page.
func (v *visitor) key(keys string) {
	v.t.Helper()
	limited, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(limited, chromedp.KeyEvent(keys)); err != nil {
		v.fatal("keys %q: %v", keys, err)
	}
	v.fine()
}

// fine: the page has all its sentences, no failure, and the browser has nothing
// to complain of.
func (v *visitor) fine() {
	v.t.Helper()
	words := v.words()
	if strings.Contains(words, "⟦") {
		v.t.Errorf("%s at %s: a sentence is missing: %s", v.name, v.where(), words)
	}
	if ask[bool](v, `document.querySelector(".failure") !== null`) {
		v.fatal("the page failed")
	}
	if all := v.heard.take(); len(all) > 0 {
		v.t.Errorf("%s at %s: the browser says %q", v.name, v.where(), all)
	}
}

// fill types into a field of one or several lines, in place of what stands there.
func (v *visitor) fill(name, value string) {
	v.t.Helper()
	field := fmt.Sprintf("main [name=%q]:not([type=hidden])", name)
	v.do(chromedp.WaitVisible(chromedp.CSS(field)))
	ask[bool](v, fmt.Sprintf("document.querySelector(%q).value = '', true", field))
	v.do(chromedp.SendKeys(chromedp.CSS(field), value))
	v.until(name+" holds what was typed", func() bool {
		return ask[string](v, fmt.Sprintf("document.querySelector(%q).value", field)) == value
	})
}

// choose picks from a list.
func (v *visitor) choose(name, value string) {
	v.t.Helper()
	v.do(chromedp.SetValue(chromedp.CSS(fmt.Sprintf("main select[name=%q]", name)), value))
	if got := ask[string](v, fmt.Sprintf("document.querySelector(%q).value", fmt.Sprintf("main select[name=%q]", name))); got != value {
		v.fatal("%s cannot be %q, it is %q", name, value, got)
	}
}

// tick clicks a radio button or a box.
func (v *visitor) tick(name, value string) {
	v.t.Helper()
	v.do(chromedp.Click(chromedp.CSS(fmt.Sprintf("main input[name=%q][value=%q]", name, value))))
}

// pick answers a question however the page asks it: a list, buttons or a box.
func (v *visitor) pick(name, value string) {
	v.t.Helper()
	if ask[bool](v, fmt.Sprintf("document.querySelector(%q) !== null", fmt.Sprintf("main select[name=%q]", name))) {
		v.choose(name, value)
		return
	}
	if !ask[bool](v, fmt.Sprintf("document.querySelector(%q).checked", fmt.Sprintf("main input[name=%q][value=%q]", name, value))) {
		v.tick(name, value)
	}
}

// send presses the main form's first button.
func (v *visitor) send() {
	v.t.Helper()
	v.press("main form[method=post] .form-actions button.btn-primary")
}

// reads waits until the page says all of these.
func (v *visitor) reads(sentences ...string) {
	v.t.Helper()
	for _, s := range sentences {
		v.until("the page says "+s, func() bool { return strings.Contains(v.words(), s) })
	}
}

func (v *visitor) until(what string, ok func() bool) {
	v.t.Helper()
	for end := time.Now().Add(patience / 4); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			v.fatal("waited in vain: %s", what)
		}
	}
}

func (v *visitor) cookie(name, value string) {
	v.t.Helper()
	if _, err := chromedp.Call(v.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: v.base}); err != nil {
		v.t.Fatal(err)
	}
}

// signIn goes through the demonstration's own page.
func (v *visitor) signIn(person string) {
	v.t.Helper()
	v.open("/sign-in")
	button := fmt.Sprintf("button[name=person][value=%q], button[name=person][value^=%q]", person, person+"~")
	for range 4 { // the lists of councils are folded
		closed := ask[bool](v, fmt.Sprintf("(b => b && b.closest('details:not([open])') !== null)(document.querySelector(%q))", button))
		if !closed {
			break
		}
		ask[bool](v, fmt.Sprintf("document.querySelector(%q).closest('details:not([open])').open = true", button))
	}
	v.press(button)
}

// axe gives what the accessibility checker finds, one line each.
func (v *visitor) axe(source, find string) []string {
	v.t.Helper()
	if !ask[bool](v, "typeof axe !== 'undefined'") {
		ask[bool](v, source+";true")
	}
	found := ask[string](v, `axe.run({`+find+`}).then(r => JSON.stringify(r.violations.flatMap(
		v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " — " + n.failureSummary.replace(/\s+/g, " ")))))`)
	var lines []string
	if err := json.Unmarshal([]byte(found), &lines); err != nil {
		v.t.Fatal(err)
	}
	return lines
}

func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is missing; run make build: ", err)
	}
	return string(source)
}

// codeAndKey are what a receipt's address carries.
func (v *visitor) codeAndKey() (code, key string) {
	v.t.Helper()
	at, err := url.Parse(v.where())
	m := receipt.FindStringSubmatch(v.where())
	if err != nil || m == nil {
		v.fatal("this is no receipt")
	}
	return m[1], at.Query().Get("key")
}
