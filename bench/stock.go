package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
)

// stock is a database of one size on which reports, hints and the pages of the
// parts are measured: every petition with its whole history.
type stock struct {
	site
	h     *house
	rows  *seeder
	n     int
	p     *program
	acts  time.Duration   // reading every act once, by a plain connection
	small map[string]load // of the smallest size, by page
}

// named is a figure's name.
func (k *stock) named(kind, rest string) string {
	return fmt.Sprintf("%s.%s.%s.%s", kind, k.name, short(k.n), rest)
}

// stocks measures what is asked for of reports, hints and parts, in sizes that
// grow on one database.
func (b *bench) stocks(ctx context.Context, s store) error {
	at, err := b.site(ctx, s, "stock")
	if err != nil {
		return err
	}
	h, err := b.found(ctx, at)
	if err != nil {
		return err
	}
	if err := inside(ctx, at, func(a *app.App) error { return h.admit(ctx, a) }); err != nil {
		return err
	}
	k := &stock{site: at, h: h, small: map[string]load{}}
	if k.rows, err = newSeeder(h); err != nil {
		return err
	}
	k.rows.full = true
	for _, n := range b.stockSizes() {
		began, more := time.Now(), n-k.n
		if err := k.rows.fill(ctx, at, more); err != nil {
			return err
		}
		k.n = n
		b.out.add(figure{Name: k.named("seed_full", "rate"), Value: float64(more) / time.Since(began).Seconds(), Unit: "petitions/s", Baseline: at.megabytes(), N: more})
		if err := b.derive(ctx, k); err != nil {
			return err
		}
		if err := b.serveStock(ctx, k); err != nil {
			return err
		}
	}
	return b.remove(ctx, at)
}

// derive brings up to date what the program keeps beside the petitions, from
// nothing, as after an upgrade: each against reading the acts once.
func (b *bench) derive(ctx context.Context, k *stock) error {
	if err := k.forget(ctx); err != nil {
		return err
	}
	var err error
	if k.acts, err = k.readActs(ctx); err != nil {
		return err
	}
	return inside(ctx, k.site, func(a *app.App) error {
		queued := func(kind string) func() error {
			return func() error {
				if err := a.DB.Tx(ctx, func(tx *db.Tx) error { return a.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: kind, Key: kind}) }); err != nil {
					return err
				}
				_, err := a.Jobs.Drain(ctx)
				return err
			}
		}
		recount, ok := a.Command("petitions", "recount")
		if !ok {
			return errors.New("there is no command to recount the statistics")
		}
		// All of it, whatever is measured: what is missing the program makes at its
		// start, beside the pages.
		for _, part := range []struct {
			name string
			do   func() error
		}{{"index", func() error { return a.Search.Rebuild(ctx) }}, {"statistics", func() error { return recount(ctx, nil) }}, {"deputies", queued("petitions.count_deputies")},
			{"lessons", queued("petitions.learn")}} {
			began := time.Now()
			if err := part.do(); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
			b.out.add(figure{Name: k.named("derive", part.name), Value: time.Since(began).Seconds(), Unit: "s", Baseline: k.acts.Seconds(), N: k.n})
		}
		return nil
	})
}

// forget takes back how far was counted: what was filled in is older than that.
func (k *stock) forget(ctx context.Context) (err error) {
	d, err := db.Open(ctx, k.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Tx(ctx, func(tx *db.Tx) error {
		for _, q := range []string{"DELETE FROM petitions_deputy_counting", "DELETE FROM petitions_deputy_counts", "DELETE FROM petitions_brought", "DELETE FROM petitions_following"} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO petitions_following (name, seen) VALUES ('acts', $1)", db.NewID(time.Now()))
		return err
	})
}

// readActs takes the time of reading all acts and nothing else.
func (k *stock) readActs(ctx context.Context) (took time.Duration, err error) {
	driver, name := "pgx", k.address
	if k.name == "sqlite" {
		driver, name = "sqlite", "file:"+strings.TrimPrefix(k.address, "sqlite:")
	}
	pool, err := sql.Open(driver, name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	began := time.Now()
	found, err := pool.QueryContext(ctx, "SELECT case_id, verb, at, to_state, fields FROM cases_acts ORDER BY case_id, number")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var id, verb, to, fields string
		var at int64
		if err := found.Scan(&id, &verb, &at, &to, &fields); err != nil {
			return 0, err
		}
	}
	return time.Since(began), found.Err()
}

// serveStock runs the program on the stock, anew for each part: what one leaves
// in memory is not the other's.
func (b *bench) serveStock(ctx context.Context, k *stock) (failed error) {
	for _, part := range []struct {
		name string
		run  func(context.Context, *stock) error
	}{{"hint", b.hints}, {"parts", b.parts}, {"report", b.reports}} {
		if !b.means(part.name) {
			continue
		}
		var err error
		if k.p, err = b.start(ctx, k.data, k.database); err != nil {
			return errors.Join(failed, err)
		}
		k.p.settle(ctx)
		failed = errors.Join(failed, part.run(ctx, k))
		m, err := k.p.memory()
		if err == nil {
			b.out.add(figure{Name: fmt.Sprintf("memory.%s.%s.after_%s", k.name, short(k.n), part.name), Value: m.own, Unit: "MB", Baseline: m.resident, N: 1})
		}
		failed = errors.Join(failed, err, k.p.stop())
	}
	return failed
}

// view is a page that is measured.
type view struct {
	name  string
	token string
	path  func(i int) string
	most  float64 // milliseconds of the slowest in a hundred; 0: no goal
}

// to is the path of a page that is always the same.
func to(path string) func(int) string { return func(int) string { return path } }

// among takes the paths of a page in turn.
func among(ids []string, path string) func(int) string {
	return func(i int) string { return strings.Replace(path, "{}", ids[i%len(ids)], 1) }
}

// views measures pages one after the other. One that fails leaves the others to
// be measured.
func (b *bench) views(ctx context.Context, k *stock, kind string, all []view) (failed error) {
	for _, v := range all {
		before := k.p.worked()
		l, err := ask(ctx, k.p.address, listAsks, b.load(), func(i int) []byte { return get(v.path(i), v.token) })
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", v.name, err))
			continue
		}
		l.cost = k.p.cost(before, len(l.took))
		base, known := k.small[v.name]
		if !known {
			base, k.small[v.name] = b.hello[1], l
		}
		name := k.named(kind, v.name)
		b.out.against(figure{Name: name + ".p99", Value: millis(l.at(0.99)), Unit: "ms", Baseline: millis(base.at(0.99)), N: len(l.took)}, goal{most: v.most})
		b.out.add(figure{Name: name + ".p50", Value: millis(l.at(0.5)), Unit: "ms", Baseline: millis(base.at(0.5)), N: len(l.took)})
		b.out.add(figure{Name: name + ".cpu", Value: l.cost, Unit: "ms", Baseline: base.cost, N: len(l.took)})
		b.out.add(figure{Name: name + ".bytes", Value: float64(l.wire), Unit: "bytes", N: 1})
	}
	return failed
}

// day is a date as forms take it.
func day(t time.Time) string { return clock.DateOf(t).VN() }
