package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"math"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// crowds are how many clients press at once.
func crowds() []int { return []int{1, 16, 128} }

// greet measures the baseline of everything that comes over HTTP: a server
// that answers a form with a redirect and does nothing else.
func (b *bench) greet(ctx context.Context) (err error) {
	p, err := b.startHello(ctx)
	if err != nil {
		return err
	}
	b.hello = map[int]load{}
	form := submission(mathrand.New(mathrand.NewPCG(1, 1)), "00004", "phường Ba Đình").Encode()
	for _, n := range crowds() {
		l, err := press(ctx, n, b.load()/4, p.forms(func() (string, string) { return "/hello", form }))
		if err != nil {
			return errors.Join(err, p.kill())
		}
		b.hello[n] = l
	}
	return p.kill()
}

// kill ends a server that has nothing to put in order.
func (p *program) kill() error {
	err := p.cmd.Process.Kill()
	<-p.ended
	return errors.Join(err, p.log.Close())
}

// forms gives each worker a connection on which it sends forms that must be
// answered by a redirect.
func (p *program) forms(next func() (path, form string)) func(int) (func() error, error) {
	return func(int) (func() error, error) {
		c, err := dial(p.address)
		if err != nil {
			return nil, err
		}
		return func() error {
			path, form := next()
			a, err := c.do(post(path, form), false)
			if err == nil && a.status == http.StatusServiceUnavailable {
				return errRefused
			}
			if err == nil && a.status != http.StatusSeeOther {
				err = fmt.Errorf("answer %d to POST %s: %s", a.status, path, p.logged())
			}
			return err
		}, nil
	}
}

// logged is the end of what the program said.
func (p *program) logged() string {
	b, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-600):])
}

// submission is the form as the confirmation page sends it.
func submission(r *mathrand.Rand, ward, name string) url.Values {
	return url.Values{"act": {"send"}, "once": {rand.Text()}, "to": {"city"}, "ward": {ward}, "text": {petitionText(r, name)},
		"name": {"Nguyễn Thị Hòa"}, "phone": {fmt.Sprintf("09%08d", r.IntN(100_000_000))}, "consent": {"1"}}
}

var drawnMark = regexp.MustCompile(`name="drawn" value="([^"]+)"`)

// draw opens the public's form and waits as long as a person needs at the least
// to fill it in. Its mark is good for a day.
func (h *house) draw(p *program) (err error) {
	c, err := dial(p.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	a, err := c.do(get(handInPath, ""), true)
	if err != nil {
		return err
	}
	m := drawnMark.FindSubmatch(a.body)
	if m == nil {
		return fmt.Errorf("answer %d without a form", a.status)
	}
	h.drawn = html.UnescapeString(string(m[1]))
	time.Sleep(3100 * time.Millisecond)
	return nil
}

// voters make one submission after the other, each another.
func (h *house) voters() func() (string, string) {
	var n atomic.Uint64
	return func() (string, string) {
		i := n.Add(1)
		ward := h.wards[int(i)%len(h.wards)]
		form := submission(mathrand.New(mathrand.NewPCG(i, 2)), ward.Code, ward.FullName)
		form.Set("drawn", h.drawn)
		return handInPath, form.Encode()
	}
}

const handInPath = "/kien-nghi/gui"

// intake measures how many petitions can be handed in: each with its case,
// first clock, leaf of the log and note for the search, durable before the
// voter sees the code.
func (b *bench) intake(ctx context.Context, s store) error {
	at, err := b.site(ctx, s, "intake")
	if err != nil {
		return err
	}
	h, err := b.found(ctx, at)
	if err != nil {
		return err
	}
	bare := map[int]load{}
	if err := b.bare(ctx, at, bare); err != nil {
		return err
	}
	p, err := b.start(ctx, at.data, at.database)
	if err != nil {
		return err
	}
	if err := h.draw(p); err != nil {
		return errors.Join(err, p.stop())
	}
	before, err := p.memory()
	if err != nil {
		return err
	}
	all := 0
	for _, n := range crowds() {
		before := p.worked()
		l, err := press(ctx, n, b.load(), p.forms(h.voters()))
		if err != nil {
			return errors.Join(err, p.stop())
		}
		all += len(l.took)
		b.taken(s, n, l, bare[n])
		b.out.add(figure{Name: fmt.Sprintf("intake.%s.%d.cpu", s.name, n), Value: p.cost(before, len(l.took)), Unit: "ms", Baseline: 1000 / bare[n].perSecond(), N: len(l.took)})
	}
	after, err := p.memory()
	if err != nil {
		return err
	}
	b.out.against(figure{Name: "memory." + s.name + ".after_intake", Value: after.own, Unit: "MB", Baseline: before.own, N: all}, goal{most: 150})
	if err := errors.Join(b.proofs(ctx, s, h, p), p.stop()); err != nil {
		return err
	}
	return errors.Join(b.verify(ctx, s, at), b.remove(ctx, at))
}

// taken reports one load of submissions against the database alone and
// against HTTP alone.
func (b *bench) taken(s store, clients int, l, bare load) {
	name, hello := fmt.Sprintf("intake.%s.%d", s.name, clients), b.hello[clients]
	var g goal
	if clients == 16 {
		g = goal{least: 500}
	}
	b.out.against(figure{Name: name, Value: l.perSecond(), Unit: "requests/s", Baseline: bare.perSecond(), N: len(l.took)}, g)
	all := len(l.took) + l.refused
	b.out.against(figure{Name: name + ".answered", Value: 100 * float64(len(l.took)) / float64(max(all, 1)), Unit: "%", Baseline: 100, N: all}, goal{least: 100})
	b.out.add(figure{Name: name + ".to_hello", Value: l.perSecond(), Unit: "requests/s", Baseline: hello.perSecond(), N: len(l.took)})
	for _, q := range []struct {
		name string
		at   float64
	}{{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}} {
		g = goal{}
		if clients == 16 && q.name == "p95" {
			g = goal{most: 60}
		}
		b.out.against(figure{Name: name + "." + q.name, Value: millis(l.at(q.at)), Unit: "ms", Baseline: millis(bare.at(q.at)), N: len(l.took)}, g)
	}
}

// bare measures what the database alone commits: one row with two indexes in a
// transaction, on the same file or server, with the same number of callers.
func (b *bench) bare(ctx context.Context, at site, into map[int]load) (err error) {
	d, err := db.Open(ctx, at.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = d.Tx(ctx, func(tx *db.Tx) error {
		for _, q := range []string{"CREATE TABLE bench_rows (id TEXT PRIMARY KEY, body TEXT NOT NULL, day TEXT NOT NULL, at BIGINT NOT NULL)",
			"CREATE INDEX bench_rows_day ON bench_rows (day, at)", "CREATE INDEX bench_rows_at ON bench_rows (at, id)"} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	body := strings.Repeat("kiến nghị ", 40)
	for _, n := range crowds() {
		l, err := press(ctx, n, b.load()/2, func(int) (func() error, error) {
			return func() error {
				now := time.Now()
				id := db.NewID(now)
				return d.Tx(ctx, func(tx *db.Tx) error {
					_, err := tx.Exec(ctx, "INSERT INTO bench_rows (id, body, day, at) VALUES ($1, $2, $3, $4)", id, body, clock.DateOf(now), db.At(now))
					return err
				})
			}, nil
		})
		if err != nil {
			return err
		}
		into[n] = l
	}
	return nil
}

// proofs measures how long a voter waits for the log's proof, and a clerk
// until the search finds the petition, both from the moment of the redirect.
func (b *bench) proofs(ctx context.Context, s store, h *house, p *program) error {
	const rounds = 40
	c, err := dial(p.address)
	if err != nil {
		return err
	}
	var handed, proved, found load
	for i := range rounds {
		ward := h.wards[i%len(h.wards)]
		form := submission(mathrand.New(mathrand.NewPCG(uint64(i), 5)), ward.Code, ward.FullName)
		form.Set("drawn", h.drawn)
		// A word that stands nowhere else: only the search index can know it.
		word := strings.ToLower(rand.Text()[:12])
		form.Set("text", form.Get("text")+" Biển số nhà: "+word+".")
		began := time.Now()
		a, err := c.do(post(handInPath, form.Encode()), false)
		if err != nil {
			return err
		}
		saved := time.Now()
		handed.took = append(handed.took, saved.Sub(began))
		receipt, err := url.Parse(a.location)
		if err != nil {
			return err
		}
		into, request, sign := &proved, get(receipt.Path+"/bien-nhan.txt?"+receipt.RawQuery, ""), proofSign
		if i%2 == 1 {
			into, request, sign = &found, get("/petitions?q="+word, h.clerk), rowSign
		}
		if err := waitFor(ctx, c, request, sign); err != nil {
			return fmt.Errorf("%s: %w", receipt.Path, err)
		}
		into.took = append(into.took, time.Since(saved))
	}
	for _, l := range []*load{&handed, &proved, &found} {
		l.sort()
	}
	b.out.against(figure{Name: "receipt." + s.name + ".proof.p99", Value: millis(proved.at(0.99)), Unit: "ms", Baseline: millis(handed.at(0.99)), N: rounds / 2}, goal{most: 1000})
	b.out.add(figure{Name: "receipt." + s.name + ".proof.p50", Value: millis(proved.at(0.5)), Unit: "ms", Baseline: millis(handed.at(0.5)), N: rounds / 2})
	b.out.against(figure{Name: "search." + s.name + ".visible.p99", Value: millis(found.at(0.99)), Unit: "ms", Baseline: millis(handed.at(0.99)), N: rounds / 2}, goal{most: 1000})
	return c.close()
}

// What a receipt says once it holds a proof, and a list once it holds a petition.
var (
	proofSign = regexp.MustCompile(`c2sp\.org/tlog-proof`)
	rowSign   = regexp.MustCompile(`href="/petitions/[0-9a-z]{26}["?]`)
)

// waitFor asks until the page says sign.
func waitFor(ctx context.Context, c *client, request []byte, sign *regexp.Regexp) error {
	for began := time.Now(); time.Since(began) < 30*time.Second && ctx.Err() == nil; time.Sleep(2 * time.Millisecond) {
		a, err := c.do(request, true)
		if err != nil {
			return err
		}
		if a.status == http.StatusOK && sign.Match(a.body) {
			return nil
		}
	}
	return errors.Join(ctx.Err(), fmt.Errorf("%q did not come within 30 seconds", sign))
}

// verify measures the comparison of the whole log with the tables, against
// reading the log's rows once.
func (b *bench) verify(ctx context.Context, s store, at site) error {
	return inside(ctx, at, func(a *app.App) error {
		for {
			n, err := a.Audit.Sequence(ctx)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
		began := time.Now()
		entries := 0
		err := a.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := db.All[string](ctx, tx, "SELECT leaf FROM audit_entries ORDER BY id")
			entries = len(all)
			return err
		})
		if err != nil {
			return err
		}
		read := time.Since(began)
		began = time.Now()
		report, err := a.Verify(ctx)
		if err != nil {
			return err
		}
		if !report.OK() {
			return fmt.Errorf("the log and the tables do not agree: %v", report.Wrong)
		}
		part := 10_000 / math.Max(float64(entries), 1)
		b.out.add(figure{Name: "verify." + s.name + ".10k", Value: millis(time.Since(began)) * part, Unit: "ms", Baseline: millis(read) * part, N: entries})
		return nil
	})
}
