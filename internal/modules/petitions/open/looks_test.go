package open_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	front "example.vn/hdnd/web"
)

// TestPhone opens the pages at the width of a phone: nothing is wider than the
// screen, and every page has one heading of the first rank.
func TestPhone(t *testing.T) {
	check(t, front.Built())
	h := oneHouse(t)
	for range 3 {
		h.hand(t, petition{Steps: done})
	}
	h.hand(t, petition{Field: "culture.health", Steps: "refuse"})
	check(t, h.Count(ctx))
	site := httptest.NewServer(h.server)
	defer site.Close()
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-gpu", true))...)
	defer stop()
	tab, cancel := chromedp.NewContext(alloc)
	defer cancel()
	limited, end := context.WithTimeout(tab, 60*time.Second)
	defer end()
	if _, err := chromedp.Call(limited, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 360, Height: 740, DeviceScaleFactor: 1, Mobile: true}); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"/kien-nghi/thong-ke", "/kien-nghi/du-lieu", "/bien-nhan/kiem-tra", "/kien-nghi/thong-ke?lang=en"} {
		check(t, chromedp.Do(limited, chromedp.Navigate(site.URL+address), chromedp.WaitVisible("h1")))
		wide, err := chromedp.Run(limited, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
		check(t, err)
		heads, err := chromedp.Run(limited, chromedp.Evaluate[int64](`document.querySelectorAll("h1").length`))
		check(t, err)
		if wide > 360 || heads != 1 {
			t.Errorf("%s: %d wide on a screen of 360, %d headings", address, wide, heads)
		}
	}
}
