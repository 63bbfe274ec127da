package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// reportKind is where reports of a kind are made, and what their pages say.
type reportKind struct {
	home, again       string
	counting, checked *regexp.Regexp
	others            []string // what people look at meanwhile
}

var (
	hashed          = regexp.MustCompile(`[0-9a-f]{64}`)
	petitionReports = reportKind{"/reports/petitions", "/check", regexp.MustCompile(`<progress`), regexp.MustCompile(`Chạy lại lúc [^<]*: các số (giống hệt|khác)`), []string{"/petitions", "/kien-nghi"}}
	letterReports   = reportKind{"/reception/figures", "/again", regexp.MustCompile(`Đang đếm số liệu`), regexp.MustCompile(`Đã đếm lại lúc [^<]*: số liệu (giống hệt|khác)`), []string{"/reception/letters", "/tra-cuu-don"}}
)

// reports makes the reports of a session over all petitions through the page of
// a clerk, and has each run again: it must give the same hash.
func (b *bench) reports(ctx context.Context, k *stock) error {
	until, from := k.rows.now, k.rows.now.AddDate(-years, 0, -2)
	for _, kind := range []struct {
		name string
		form url.Values
	}{
		{"pl1", url.Values{"kind": {"pl1"}, "from": {day(from)}, "until": {day(until)}}},
		{"summary", url.Values{"kind": {"summary"}, "from": {day(until.AddDate(-1, 0, 1))}, "until": {day(until)}, "before_from": {day(from)}, "before_until": {day(until.AddDate(-1, 0, 0))}}},
	} {
		if err := b.reported(ctx, k, petitionReports, kind.name, kind.form); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
	}
	return nil
}

// figures makes the two forms of reception over a year and over all years, and
// has each counted again.
func (b *bench) figures(ctx context.Context, k *stock) error {
	until := time.Now().AddDate(0, 0, -1)
	for _, kind := range []struct {
		name, form string
		from       time.Time
	}{{"tcd_year", "01/TCD 2024", until.AddDate(-1, 0, 1)}, {"tcd", "01/TCD 2024", until.AddDate(-years, 0, 2)}, {"xld_year", "01/XLD 2024", until.AddDate(-1, 0, 1)}, {"xld", "01/XLD 2024", until.AddDate(-years, 0, 2)}} {
		if err := b.reported(ctx, k, letterReports, kind.name, url.Values{"form": {kind.form}, "from": {day(kind.from)}, "until": {day(until)}}); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
	}
	return nil
}

// reportMost and reportOwn are the goals of a report over a million petitions,
// with its workbook: seconds, and megabytes more than the program had.
const (
	reportMost = 120
	reportOwn  = 250
)

func (b *bench) reported(ctx context.Context, k *stock, of reportKind, kind string, form url.Values) (err error) {
	c, err := dial(k.p.address)
	if err != nil {
		return err
	}
	c.patient = true
	defer func() { err = errors.Join(err, c.close()) }()
	before, err := k.p.memory()
	if err != nil {
		return err
	}
	watched, err := k.p.watchMemory()
	if err != nil {
		return err
	}
	others := read(k.p.address, get(of.others[0], k.h.clerk), get(of.others[1], ""))
	began := time.Now()
	a, err := c.do(postAs(k.h.clerk, of.home, urlencoded, form.Encode()), true)
	if err != nil {
		return err
	}
	if a.status != http.StatusSeeOther {
		return fmt.Errorf("answer %d to a new report", a.status)
	}
	answered, page := time.Since(began), a.location
	made, err := k.settled(ctx, c, page, func(body []byte) bool { return !of.counting.Match(body) })
	if err != nil {
		return err
	}
	took := time.Since(began)
	meanwhile, err := others.end()
	if err != nil {
		return err
	}
	after, err := watched()
	if err != nil {
		return err
	}
	name, g, memory := k.named("report", kind), goal{}, goal{}
	if k.n >= 1_000_000 {
		g, memory = goal{most: reportMost}, goal{most: before.own + reportOwn}
	}
	b.out.against(figure{Name: name, Value: took.Seconds(), Unit: "s", Baseline: k.acts.Seconds(), N: k.n}, g)
	b.out.add(figure{Name: name + ".answer", Value: millis(answered), Unit: "ms", Baseline: millis(b.hello[1].at(0.5)), N: 1})
	b.out.against(figure{Name: name + ".memory", Value: after.own, Unit: "MB", Baseline: before.own, N: k.n}, memory)
	b.out.add(figure{Name: name + ".resident", Value: after.peak, Unit: "MB", Baseline: before.resident, N: k.n})
	b.out.add(figure{Name: name + ".others.p99", Value: millis(meanwhile.at(0.99)), Unit: "ms", Baseline: millis(b.hello[1].at(0.99)), N: len(meanwhile.took)})
	if err := b.again(ctx, k, of, c, page, name, string(hashed.Find(made)), took); err != nil {
		return err
	}
	return b.views(ctx, k, "report", []view{{kind + ".page", k.h.clerk, to(page), 0}})
}

// settled asks for a page now and then until it is as it should be.
func (k *stock) settled(ctx context.Context, c *client, page string, good func([]byte) bool) ([]byte, error) {
	const most = 10 * time.Minute
	for began := time.Now(); time.Since(began) < most && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		a, err := c.do(get(page, k.h.clerk), true)
		if err != nil {
			return nil, err
		}
		if a.status != http.StatusOK {
			return nil, fmt.Errorf("answer %d to %s", a.status, page)
		}
		if good(a.body) {
			return a.body, nil
		}
	}
	return nil, errors.Join(ctx.Err(), fmt.Errorf("%s was not ready within %s", page, most))
}

// again runs a made report again, and gets its file.
func (b *bench) again(ctx context.Context, k *stock, of reportKind, c *client, page, name, hash string, first time.Duration) error {
	if hash == "" {
		return errors.New("the page of the report tells no hash")
	}
	began := time.Now()
	a, err := c.do(postAs(k.h.clerk, page+of.again, urlencoded, ""), false)
	if err == nil && a.status != http.StatusSeeOther {
		err = fmt.Errorf("answer %d to running it again", a.status)
	}
	if err != nil {
		return err
	}
	body, err := k.settled(ctx, c, page, of.checked.Match)
	if err != nil {
		return err
	}
	if said := string(of.checked.FindSubmatch(body)[1]); said != "giống hệt" || !strings.Contains(string(body), hash) {
		return fmt.Errorf("run again, the report %s has other numbers", hash)
	}
	b.out.add(figure{Name: name + ".again", Value: time.Since(began).Seconds(), Unit: "s", Baseline: first.Seconds(), N: k.n})
	began = time.Now()
	a, err = c.do(get(page+"/file?as=xlsx", k.h.clerk), false)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("answer %d to the workbook", a.status)
	}
	if err != nil {
		return err
	}
	b.out.add(figure{Name: name + ".xlsx", Value: millis(time.Since(began)), Unit: "ms", Baseline: float64(a.wire) / 1e6, N: k.n})
	return nil
}
