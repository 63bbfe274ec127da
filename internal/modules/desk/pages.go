package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// moment writes a time as people read it.
func moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(clock.Hanoi).Format("02/01/2006 15:04")
}

// page shows a page of officials under a title given by its key.
func page(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component) error {
	return web.Page(w, r, web.Head{Title: title, Status: status, Wide: true}, body)
}

// say is the sentence of key when it has one, else otherwise: names that a
// module has not put into words are shown as they are.
func say(ctx context.Context, key, otherwise string) string {
	if text.Known(ctx, key) {
		return text.T(ctx, key)
	}
	return otherwise
}

// verbWords names an act of the log. A module says it under
// "<module>.verb.<verb>"; what the kernel records is worded here.
func verbWords(ctx context.Context, verb string) string {
	module, name, _ := strings.Cut(verb, ".")
	if key := "desk.act." + strings.ReplaceAll(verb, ".", "_"); text.Known(ctx, key) {
		return text.T(ctx, key)
	}
	return say(ctx, module+".verb."+name, say(ctx, "cases.verb."+name, verb))
}

// roleWords lists roles in words.
func roleWords(ctx context.Context, roles []org.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = text.T(ctx, "org.role."+string(r))
	}
	return strings.Join(words, ", ")
}

// with is an address with its query changed; an empty value takes it out.
func with(r *http.Request, pairs ...string) string {
	q := url.Values{}
	for name, values := range r.URL.Query() {
		if name != "fragment" {
			q[name] = values
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}

// next leads to the following page of a list paged by key; empty at the end.
func next(r *http.Request, name, key string) ui.Pages {
	if key == "" || key == "0" {
		return ui.Pages{}
	}
	return ui.Pages{Next: with(r, name, key)}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0 // nonsense in an address is the beginning
	}
	return n
}
