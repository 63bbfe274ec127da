package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// weigh adds up what a browser fetches that has never been here: the page, and
// every style sheet, script, icon and font that it names, as packed on the way.
func (b *bench) weigh(ctx context.Context, s store) error {
	if s.name != "sqlite" {
		return nil // the pages are the same
	}
	at, err := b.site(ctx, s, "weight")
	if err != nil {
		return err
	}
	h, err := b.found(ctx, at)
	if err != nil {
		return err
	}
	rows, err := newSeeder(h)
	if err != nil {
		return err
	}
	if err := rows.fill(ctx, at, 2_000); err != nil {
		return err
	}
	p, err := b.start(ctx, at.data, at.database)
	if err != nil {
		return err
	}
	for _, page := range []struct{ name, path, token string }{{"hand_in", handInPath, ""}, {"home", "/", ""}, {"list", "/petitions", h.clerk}, {"case", "/petitions/" + rows.told[0], h.clerk}} {
		w, err := firstLoad(p, page.path, page.token)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", page.path, err), p.stop())
		}
		b.out.against(figure{Name: "weight." + page.name, Value: float64(w.packed) / 1000, Unit: "kB", Baseline: float64(w.plain) / 1000, N: w.files}, goal{most: 120})
		for kind, bytes := range w.kinds {
			b.out.add(figure{Name: "weight." + page.name + "." + kind, Value: float64(bytes) / 1000, Unit: "kB", Baseline: float64(w.packed) / 1000, N: 1})
		}
	}
	return errors.Join(p.stop(), b.remove(ctx, at))
}

// weight is what one page makes a browser fetch.
type weight struct {
	packed, plain int64 // on the way, and unpacked
	files         int
	kinds         map[string]int64
}

var (
	named  = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)
	styled = regexp.MustCompile(`url\(["']?([^"')]+)["']?\)`)
)

// firstLoad fetches a page and what it names. Of the fonts a browser takes
// those whose letters stand on the page; Vietnamese text has both parts.
func firstLoad(p *program, page, token string) (weight, error) {
	w := weight{kinds: map[string]int64{}}
	c, err := dial(p.address)
	if err != nil {
		return w, err
	}
	a, err := c.do(get(page, token), true)
	if err != nil {
		return w, err
	}
	if a.status != http.StatusOK {
		return w, fmt.Errorf("answer %d", a.status)
	}
	w.add("html", a)
	waiting, seen := assets(named, a.body), map[string]bool{}
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		if seen[next] {
			continue
		}
		seen[next] = true
		a, err := c.do(get(next, ""), true)
		if err != nil {
			return w, err
		}
		if a.status != http.StatusOK {
			return w, fmt.Errorf("answer %d to %s, which the page names", a.status, next)
		}
		w.add(strings.TrimPrefix(path.Ext(next), "."), a)
		if path.Ext(next) == ".css" {
			waiting = append(waiting, assets(styled, a.body)...)
		}
	}
	return w, c.close()
}

func assets(in *regexp.Regexp, body []byte) []string {
	var all []string
	for _, m := range in.FindAllSubmatch(body, -1) {
		name := string(m[1])
		if !strings.HasPrefix(name, "/") && !strings.Contains(name, ":") {
			name = "/assets/" + strings.TrimPrefix(name, "./")
		}
		if strings.HasPrefix(name, "/assets/") {
			all = append(all, name)
		}
	}
	return all
}

func (w *weight) add(kind string, a answer) {
	w.packed += a.wire
	w.plain += int64(len(a.body))
	w.kinds[kind] += a.wire
	w.files++
}
