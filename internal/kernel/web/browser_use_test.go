package web_test

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestKeys walks a list and the key map without a mouse.
func TestKeys(t *testing.T) {
	ctx, heard := browser(t)
	house := httptest.NewServer(kitchen(t, nil))
	defer house.Close()
	do(t, ctx, chromedp.Navigate(house.URL+"/livez"))
	cookie(t, ctx, house.URL, "who", "clerk")
	do(t, ctx, chromedp.Navigate(house.URL+"/kitchen/list"), chromedp.KeyEvent("jj"))
	if got := ask[string](t, ctx, `document.querySelector(".row-here").id + " " + document.activeElement.textContent.trim()`); got != "list-KN-2026-004498 KN-2026-004498" {
		t.Errorf("jj stands at %q", got)
	}
	do(t, ctx, chromedp.KeyEvent("kx"))
	if got := ask[string](t, ctx, `document.querySelector(".bulk-count").textContent`); got != "Đã chọn 1 dòng" {
		t.Errorf("x selects: %q", got)
	}
	do(t, ctx, chromedp.KeyEvent("?"))
	if !ask[bool](t, ctx, `document.getElementById("keymap").open`) {
		t.Error("? does not open the key map")
	}
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("/"))
	if got := ask[string](t, ctx, `document.activeElement.name`); got != "q" {
		t.Errorf("/ goes to %q", got)
	}
	// In a field the same letters are only letters. (The driver sends the letter
	// of "/" on its own, so that it is typed too.)
	do(t, ctx, chromedp.KeyEvent("j?"))
	if got := ask[string](t, ctx, `document.activeElement.value`); strings.TrimPrefix(got, "/") != "j?" {
		t.Errorf("typed %q", got)
	}
	do(t, ctx, chromedp.Navigate(house.URL+"/desk"), chromedp.KeyEvent("gk"), chromedp.WaitVisible(chromedp.CSS("#list")))
	if errors, _ := heard.take(); len(errors) > 0 {
		t.Errorf("the browser says %q", errors)
	}
}

// TestSentAgain loses nothing when the system is away: the page keeps the text
// and sends it again.
func TestSentAgain(t *testing.T) {
	source, err := os.ReadFile("../../../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	ctx, heard := browser(t)
	house := httptest.NewServer(kitchen(t, nil))
	defer house.Close()
	typed := "Đường liên thôn hỏng.\nĐề nghị sửa \"gấp\" <ngay>."
	do(t, ctx, chromedp.Navigate(house.URL+"/kitchen/public"), chromedp.SetValue(chromedp.CSS("#f-content"), typed),
		navigates(chromedp.Click(chromedp.CSS("main button"))), chromedp.WaitVisible(chromedp.CSS(".failure")))
	for range 2 {
		if got := ask[string](t, ctx, `document.querySelector(".failure textarea").value`); got != typed {
			t.Errorf("kept %q", got)
		}
		for _, line := range axe(t, ctx, string(source)) {
			t.Error(line)
		}
		picture(t, ctx, "kept")
		do(t, ctx, navigates(chromedp.Click(chromedp.CSS(".failure button"))), chromedp.WaitVisible(chromedp.CSS(".failure")))
	}
	if errors, _ := heard.take(); len(errors) > 0 {
		t.Errorf("the browser says %q", errors)
	}
}

// navigates waits for the page that the step leads to.
func navigates(step chromedp.Action[chromedp.Void]) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, step)
		return err
	})
}

// TestWithoutScript opens the menu on a phone, finds the plain file field and
// the selection of rows with scripts switched off, and nothing that needs them.
func TestWithoutScript(t *testing.T) {
	ctx, _ := browser(t)
	house := httptest.NewServer(kitchen(t, nil))
	defer house.Close()
	do(t, ctx, chromedp.Navigate(house.URL+"/livez"))
	cookie(t, ctx, house.URL, "who", "clerk")
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(house.URL+"/kitchen/form"), chromedp.WaitNotVisible(chromedp.CSS(".side-menu")),
		chromedp.Click(chromedp.CSS("#menu-open")), chromedp.WaitVisible(chromedp.CSS(".side-menu")))
	picture(t, ctx, "without-script-menu")
	do(t, ctx, chromedp.WaitNotVisible(chromedp.CSS(".file-pick .needs-script")), chromedp.Navigate(house.URL+"/kitchen/list"),
		chromedp.WaitVisible(chromedp.CSS(".cell-select input[name=id]")), chromedp.Click(chromedp.CSS(".column-choice summary")), chromedp.WaitVisible(chromedp.CSS(".column-menu")))
	picture(t, ctx, "without-script-list")
}

// TestZoom reads at 200 % on a desk and at 320 pixels: nothing to scroll sideways.
func TestZoom(t *testing.T) {
	ctx, _ := browser(t)
	house := httptest.NewServer(kitchen(t, nil))
	defer house.Close()
	do(t, ctx, chromedp.Navigate(house.URL+"/livez"))
	cookie(t, ctx, house.URL, "who", "clerk")
	for _, width := range []int64{720, 320, 1920} {
		do(t, ctx, chromedp.EmulateViewport(width, 700))
		for _, page := range []string{"/desk", "/kitchen/list", "/kitchen/case", "/kitchen/form", "/kitchen/public"} {
			do(t, ctx, chromedp.Navigate(house.URL+page))
			if wide := ask[int](t, ctx, "document.documentElement.scrollWidth"); wide > int(width) {
				t.Errorf("%s at %d is %d wide: %s", page, width, wide, ask[string](t, ctx, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest(".table-frame")).slice(0, 5).map(e => e.className || e.tagName).join(", ")`))
			}
			picture(t, ctx, strings.ReplaceAll(page[1:], "/", "-")+"-at-"+map[int64]string{720: "720", 320: "320", 1920: "1920"}[width])
		}
	}
}
