package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
)

// filter is one way in which a clerk looks at the work list.
type filter struct{ name, query string }

// filters are the usual ways and the awkward ones: what few rows have in
// common, and what many have.
func (h *house) filters(now time.Time) []filter {
	agency, ward := h.answering[3].ID, h.wards[40].Code
	week := clock.DateOf(now).AddDays(7).String()
	return []filter{
		{"default", ""},
		{"state", "state=forwarded"},
		{"closed", "state=closed"},
		{"ward", "ward=" + ward},
		{"mine", "tab=mine"},
		{"late", "tab=late"},
		{"due", "sort=due"},
		{"due_range", "until=" + week + "&field=urban"},
		{"body", "body=" + agency},
		{"branch", "field=economy"},
		{"rare", "state=refused&ward=" + h.wards[110].Code},
		{"rarest", "state=returned&field=legal.digital&ward=" + ward + "&body=" + agency},
	}
}

// deepPage is far down the list: by key it must cost what the first page does.
func deepPage(now time.Time) filter {
	at := now.Add(-years * 200 * 24 * time.Hour).UnixMicro()
	return filter{"deep", fmt.Sprintf("after=%d.0", at)}
}

// listAsks is how many pages one filter is measured by, unless the time is over.
const listAsks = 400

// lists measures the work list in sizes that grow on one database.
func (b *bench) lists(ctx context.Context, s store) error {
	at, err := b.site(ctx, s, "list")
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
	small := map[string]load{}
	have := 0
	for _, n := range b.sizes() {
		began := time.Now()
		if err := rows.fill(ctx, at, n-have); err != nil {
			return err
		}
		took := time.Since(began)
		b.out.add(figure{Name: fmt.Sprintf("seed.%s.%s", s.name, short(n)), Value: float64(n-have) / took.Seconds(), Unit: "petitions/s", Baseline: at.megabytes(), N: n - have})
		have = n
		if n == 100_000 {
			if err := b.index(ctx, s, at, n); err != nil {
				return err
			}
		}
		if err := b.serveLists(ctx, at, h, rows, n, small); err != nil {
			return err
		}
	}
	return b.remove(ctx, at)
}

func short(n int) string {
	if n >= 1_000_000 {
		return fmt.Sprintf("%dM", n/1_000_000)
	}
	return fmt.Sprintf("%dk", n/1000)
}

// serveLists runs the program on what was filled in and measures its pages.
func (b *bench) serveLists(ctx context.Context, at site, h *house, rows *seeder, n int, small map[string]load) (err error) {
	first, err := b.firstPage(ctx, at, h, n, small)
	if err != nil {
		return err
	}
	p := first
	defer func() { err = errors.Join(err, p.stop()) }()
	idle, err := p.memory()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("list.%s.%s", at.name, short(n))
	asked := 0
	for _, f := range append(h.filters(rows.now), deepPage(rows.now)) {
		l, err := b.list(ctx, p, h, f, name, small)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		asked += len(l.took)
	}
	if n == 100_000 {
		if err := b.pages(ctx, p, at, h, rows, small["default"]); err != nil {
			return err
		}
	}
	after, err := p.memory()
	if err != nil {
		return err
	}
	where := at.name + "." + short(n)
	b.out.add(figure{Name: "memory." + where + ".idle", Value: idle.own, Unit: "MB", Baseline: idle.resident, N: 1})
	b.out.against(figure{Name: "memory." + where + ".after_lists", Value: after.own, Unit: "MB", Baseline: idle.own, N: asked}, goal{most: 150})
	b.out.add(figure{Name: "memory." + where + ".after_lists.resident", Value: after.resident, Unit: "MB", Baseline: idle.resident, N: asked})
	return b.listsAtOnce(ctx, p, at, h, n)
}

// list measures one filter. Its growth is judged by the middle page and by what
// a page costs the program: the slowest page in a hundred tells at least as much
// of the machine's other work.
func (b *bench) list(ctx context.Context, p *program, h *house, f filter, name string, small map[string]load) (load, error) {
	name += "." + f.name
	before := p.worked()
	l, err := ask(ctx, p.address, listAsks, b.load()/4, func(int) []byte { return get("/petitions?"+f.query, h.clerk) })
	if err != nil {
		return l, err
	}
	l.cost = p.cost(before, len(l.took))
	base, growth := b.hello[1], goal{}
	if known, ok := small[f.name]; ok {
		base, growth = known, goal{ratioMost: 1.5}
	} else {
		small[f.name] = l
	}
	b.out.against(figure{Name: name + ".p99", Value: millis(l.at(0.99)), Unit: "ms", Baseline: millis(base.at(0.99)), N: len(l.took)}, goal{most: 20})
	b.out.against(figure{Name: name + ".p50", Value: millis(l.at(0.5)), Unit: "ms", Baseline: millis(base.at(0.5)), N: len(l.took)}, growth)
	b.out.against(figure{Name: name + ".cpu", Value: l.cost, Unit: "ms", Baseline: base.cost, N: len(l.took)}, growth)
	if f.name == "default" {
		b.out.add(figure{Name: name + ".bytes", Value: float64(l.wire), Unit: "bytes", N: 1})
	}
	return l, nil
}

// listsAtOnce measures how many list pages sixteen clerks get together.
func (b *bench) listsAtOnce(ctx context.Context, p *program, at site, h *house, n int) error {
	request := get("/petitions", h.clerk)
	l, err := press(ctx, 16, b.load()/2, func(int) (func() error, error) {
		c, err := dial(p.address)
		return func() error {
			a, err := c.do(request, false)
			if err == nil && a.status != 200 {
				err = fmt.Errorf("answer %d to the work list", a.status)
			}
			return err
		}, err
	})
	if err != nil {
		return err
	}
	hello := b.hello[16]
	b.out.add(figure{Name: fmt.Sprintf("list.%s.%s.16", at.name, short(n)), Value: l.perSecond(), Unit: "requests/s", Baseline: hello.perSecond(), N: len(l.took)})
	return nil
}

// firstPage starts the program and takes the time to its readiness and to the
// first work list, with the files of the database out of the program's memory
// but perhaps in the system's.
func (b *bench) firstPage(ctx context.Context, at site, h *house, n int, small map[string]load) (*program, error) {
	began := time.Now()
	p, err := b.start(ctx, at.data, at.database)
	if err != nil {
		return nil, err
	}
	if _, err := ask(ctx, p.address, 1, time.Minute, func(int) []byte { return get("/petitions", h.clerk) }); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	page := load{took: []time.Duration{time.Since(began)}}
	ready := load{took: []time.Duration{p.ready}}
	const readyName, pageName = "start ready", "start page"
	if _, ok := small[readyName]; !ok {
		small[readyName], small[pageName] = ready, page
	}
	name, healthy, listed := fmt.Sprintf("start.%s.%s", at.name, short(n)), small[readyName], small[pageName]
	b.out.add(figure{Name: name + ".ready", Value: millis(p.ready), Unit: "ms", Baseline: millis(healthy.at(0)), N: 1})
	b.out.against(figure{Name: name + ".first_page", Value: millis(page.at(0)), Unit: "ms", Baseline: millis(listed.at(0)), N: 1}, goal{most: 1000})
	return p, nil
}

// index builds the search index of what was filled in.
func (b *bench) index(ctx context.Context, s store, at site, n int) error {
	return inside(ctx, at, func(a *app.App) error {
		began := time.Now()
		if err := a.Search.Rebuild(ctx); err != nil {
			return err
		}
		took := time.Since(began)
		size := 0.0
		err := filepath.WalkDir(filepath.Join(at.data, "search"), func(_ string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				size += float64(info.Size()) / 1e6
			}
			return err
		})
		if err != nil {
			return err
		}
		b.out.add(figure{Name: "search." + s.name + ".build", Value: float64(n) / took.Seconds(), Unit: "petitions/s", Baseline: size, N: a.Search.Docs()})
		return nil
	})
}

// pages measures what else is asked for often: a case, a voter's look at one,
// the public list, searches.
func (b *bench) pages(ctx context.Context, p *program, at site, h *house, rows *seeder, list load) error {
	if len(rows.told) == 0 || len(rows.codes) == 0 {
		return errors.New("nothing was filled in to look at")
	}
	told, codes := rows.told, rows.codes
	for _, page := range []struct {
		name  string
		token string
		path  func(i int) string
		most  float64
	}{
		{"case", h.clerk, func(i int) string { return "/petitions/" + told[i%len(told)] }, 20},
		{"follow", "", func(i int) string { return "/kien-nghi/" + codes[i%len(codes)] }, 20},
		{"public_list", "", func(int) string { return "/kien-nghi" }, 20},
		{"hand_in_form", "", func(int) string { return handInPath }, 20},
		{"search", h.clerk, func(i int) string { return "/petitions?q=" + url.QueryEscape(subjects[i%len(subjects)]) }, 40},
		{"search_ward", h.clerk, func(i int) string {
			return "/petitions?q=" + url.QueryEscape("đường "+streets[i%len(streets)]) + "&ward=" + h.wards[i%20].Code
		}, 40},
		{"similar", "", func(i int) string { return "/kien-nghi/tuong-tu?text=" + url.QueryEscape(subjects[i%len(subjects)]) }, 40},
		{"healthz", "", func(int) string { return "/healthz" }, 0},
	} {
		l, err := ask(ctx, p.address, listAsks, b.load()/4, func(i int) []byte { return get(page.path(i), page.token) })
		if err != nil {
			return fmt.Errorf("%s: %w", page.name, err)
		}
		name := "page." + at.name + "." + page.name
		b.out.against(figure{Name: name + ".p99", Value: millis(l.at(0.99)), Unit: "ms", Baseline: millis(list.at(0.99)), N: len(l.took)}, goal{most: page.most})
		b.out.add(figure{Name: name + ".p50", Value: millis(l.at(0.5)), Unit: "ms", Baseline: millis(list.at(0.5)), N: len(l.took)})
		b.out.add(figure{Name: name + ".bytes", Value: float64(l.wire), Unit: "bytes", N: 1})
	}
	return nil
}
