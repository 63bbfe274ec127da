package web_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// TestSignInLooks does for the pages of signing in what TestLooks does for the parts.
func TestSignInLooks(t *testing.T) {
	source, err := os.ReadFile("../../../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is missing; run make build: ", err)
	}
	ctx, heard := browser(t)
	real, demo, empty := newDoor(t, testkit.OpenSQLite(t, doorSchemas...), false), newDoor(t, testkit.OpenSQLite(t, doorSchemas...), true), newDoor(t, testkit.OpenSQLite(t, doorSchemas...), false)
	real.people()
	demo.people()
	real.account("clerk")
	today := clock.Today(real.clock)
	_, err = real.desk.Grant(t.Context(), real.actor("head"), org.DelegationGrant{FromPost: "post-head", ToPost: "post-clerk", Scope: []string{"petitions.approve"}, Document: "12/UQ-VP", Starts: today, Ends: today})
	doorMust(t, err)
	clerk := real.visitor()
	real.visitor().signIn("clerk")
	clerk.signIn("clerk")
	at, err := url.Parse(real.url)
	doorMust(t, err)
	var token string
	for _, c := range clerk.client.Jar.Cookies(at) {
		if c.Name == "hdnd" {
			token = c.Value
		}
	}
	setup, _, err := empty.auth.FirstAddress(t.Context())
	doorMust(t, err)
	for _, theme := range []string{"light", "dark"} {
		for _, screen := range []struct {
			name          string
			width, height int64
		}{{"desktop", 1440, 1000}, {"phone", 390, 844}} {
			do(t, ctx, chromedp.EmulateViewport(screen.width, screen.height))
			for _, p := range []struct{ name, url, token string }{
				{"sign-in", real.url + "/sign-in", ""},
				{"demo", demo.url + "/sign-in", ""},
				{"setup", empty.url + "/setup?token=" + setup, ""},
				{"account", real.url + "/account", token},
				{"password", real.url + "/account/password", token},
				{"second-step", real.url + "/account/second-step", token},
			} {
				name := fmt.Sprintf("%s-%s-%s", theme, screen.name, p.name)
				heard.take()
				cookie(t, ctx, p.url, "theme", theme)
				cookie(t, ctx, p.url, "hdnd", p.token)
				do(t, ctx, chromedp.Navigate(p.url))
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
