package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// importMost is how long the largest workbook may take, in seconds (issue 3).
const importMost = 60

// importRows is the size of the workbook: the largest that is taken.
func (o options) importRows() int {
	if all := o.asked(); all != nil {
		return min(all[0], 50_000)
	}
	if o.quick {
		return 5_000
	}
	return 50_000
}

// imports measures a whole workbook on its way in: by the command, and through
// the page while others read.
func (b *bench) imports(ctx context.Context, s store) error {
	for _, part := range []struct {
		name string
		run  func(context.Context, *importing) error
	}{{"import", b.importCommand}, {"upload", b.importPage}} {
		at, err := b.site(ctx, s, part.name)
		if err != nil {
			return err
		}
		m := &importing{site: at, n: b.importRows(), name: fmt.Sprintf("import.%s.%s", s.name, short(b.importRows()))}
		if m.h, err = b.found(ctx, at); err != nil {
			return err
		}
		if err := b.fillIn(ctx, m); err != nil {
			return err
		}
		if err := part.run(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		if err := b.remove(ctx, at); err != nil {
			return err
		}
	}
	return nil
}

// importing is an installation into which workbooks are taken.
type importing struct {
	site
	h     *house
	n     int
	name  string
	files [2]string
	alone time.Duration // what the database alone takes for as many single rows
}

// fillIn makes two workbooks with the columns of the program's own template,
// and measures the database alone.
func (b *bench) fillIn(ctx context.Context, m *importing) error {
	bare := map[int]load{}
	if err := b.bare(ctx, m.site, bare); err != nil {
		return err
	}
	m.alone = time.Duration(float64(m.n) / bare[16].perSecond() * float64(time.Second))
	p, err := b.start(ctx, m.data, m.database)
	if err != nil {
		return err
	}
	columns, err := m.h.template(p)
	if err := errors.Join(err, p.stop()); err != nil {
		return err
	}
	for i := range m.files {
		m.files[i] = filepath.Join(m.data, fmt.Sprintf("sổ theo dõi %d.xlsx", i+1))
		if err := m.h.workbook(columns, i+1, m.n, m.files[i]); err != nil {
			return err
		}
	}
	b.out.add(figure{Name: m.name + ".file", Value: kilobytes(m.files[0]), Unit: "kB", N: m.n})
	return nil
}

// told is what the command prints.
type told struct {
	Rows, Taken, Skipped int64
	Errors               []struct{ Sentence string }
}

// importCommand takes the workbook in by the command, and once more: the second
// time nothing comes in.
func (b *bench) importCommand(ctx context.Context, m *importing) error {
	out, took, spent, err := b.runImport(ctx, m)
	if err != nil {
		return err
	}
	if out.Rows != int64(m.n) || out.Taken != out.Rows || len(out.Errors) > 0 {
		return fmt.Errorf("of %d rows %d were taken in, with %d errors %.200v", out.Rows, out.Taken, len(out.Errors), out.Errors)
	}
	g := goal{}
	if m.n >= 50_000 {
		g.most = importMost
	}
	b.out.against(figure{Name: m.name + ".command", Value: took.Seconds(), Unit: "s", Baseline: m.alone.Seconds(), N: m.n}, g)
	b.out.add(figure{Name: m.name + ".command.resident", Value: spent.megabytes, Unit: "MB", N: m.n})
	b.out.add(figure{Name: m.name + ".command.cpu", Value: spent.processor.Seconds(), Unit: "s", Baseline: took.Seconds(), N: m.n})
	if err := m.whole(ctx, m.n); err != nil {
		return err
	}
	first := took
	if out, took, _, err = b.runImport(ctx, m); err != nil {
		return err
	}
	if out.Taken != 0 || out.Skipped != int64(m.n) {
		return fmt.Errorf("the second import took %d rows in and skipped %d", out.Taken, out.Skipped)
	}
	b.out.add(figure{Name: m.name + ".command.again", Value: took.Seconds(), Unit: "s", Baseline: first.Seconds(), N: m.n})
	return m.whole(ctx, m.n)
}

// spent is what a command took of the machine, without the server of the database.
type spent struct {
	megabytes float64
	processor time.Duration // of all processors, in the program and for it
}

// runImport is hdnd petitions import FILE --json.
func (b *bench) runImport(ctx context.Context, m *importing) (out told, took time.Duration, used spent, err error) {
	args := []string{"petitions", "import", m.files[0], "--json", "--data", m.data}
	if m.database != "" {
		args = append(args, "--database", m.database)
	}
	cmd := exec.CommandContext(ctx, b.program, args...)
	var said, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &wrong
	began := time.Now()
	err = cmd.Run()
	took = time.Since(began)
	if err != nil {
		return out, took, used, fmt.Errorf("%w: %.600s", err, wrong.String())
	}
	used.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if all, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.megabytes = float64(all.Maxrss) / 1024
	}
	return out, took, used, json.Unmarshal(said.Bytes(), &out)
}

// whole checks that nothing came in by half: as many petitions as cases, first
// acts, sources, and rows that say so.
func (m *importing) whole(ctx context.Context, n int) (err error) {
	d, err := db.Open(ctx, m.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, q := range []string{"petitions_petitions", "cases_cases", "cases_acts WHERE verb = 'receive'", "petitions_sources", "petitions_batch_rows WHERE state = 'taken'",
			"petitions_petitions p JOIN cases_cases c ON c.id = p.id JOIN cases_deadlines d ON d.case_id = c.id JOIN petitions_sources s ON s.petition_id = p.id"} {
			got, err := db.One[int64](ctx, tx, "SELECT COUNT(*) FROM "+q)
			if err != nil {
				return err
			}
			if got != int64(n) {
				return fmt.Errorf("%d of %s instead of %d", got, q, n)
			}
		}
		return nil
	})
}

// stopped waits until no petition comes in any more and every one is told by
// its row, and says when the last of them was.
func (m *importing) stopped(ctx context.Context) (n int64, at time.Time, err error) {
	d, err := db.Open(ctx, m.address)
	if err != nil {
		return 0, at, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	const still, most = 2 * time.Second, time.Minute
	last, began := [2]int64{-1, 0}, time.Now()
	for at = began; time.Since(began) < most && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		var now [2]int64
		err := d.Read(ctx, func(tx *db.Tx) error {
			for i, q := range []string{"SELECT COUNT(*) FROM petitions_petitions", "SELECT COUNT(*) FROM petitions_batch_rows WHERE state = 'taken'"} {
				n, err := db.One[int64](ctx, tx, q)
				if err != nil {
					return err
				}
				now[i] = n
			}
			return nil
		})
		switch {
		case err != nil:
			return 0, at, err
		case now != last:
			last, at = now, time.Now()
		case now[0] == now[1] && time.Since(at) > still:
			return now[0], at, nil
		}
	}
	return 0, at, errors.Join(ctx.Err(), fmt.Errorf("a minute after it was stopped, %d petitions are told by %d rows", last[0], last[1]))
}

// desk is a clerk at the page of imports.
type desk struct {
	*importing
	p *program
	c *client
}

// importPage takes a workbook in through the page, the same once more, and
// another that is stopped half way and goes on.
func (b *bench) importPage(ctx context.Context, m *importing) (err error) {
	p, err := b.start(ctx, m.data, m.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	w := &desk{importing: m, p: p}
	if w.c, err = dial(p.address); err != nil {
		return err
	}
	w.c.patient = true
	if err := b.uploadWhole(ctx, w); err != nil {
		return err
	}
	if err := m.whole(ctx, m.n); err != nil {
		return err
	}
	page, dry, err := w.dryRun(ctx, m.files[0])
	if err != nil {
		return err
	}
	if body, err := w.look(page); err != nil || beginning.Match(body) {
		return errors.Join(err, errors.New("a workbook that was taken in before could be taken in again"))
	}
	b.out.add(figure{Name: m.name + ".page.again", Value: dry.Seconds(), Unit: "s", N: m.n})
	if err := b.stopHalfway(ctx, w); err != nil {
		return err
	}
	return errors.Join(m.whole(ctx, 2*m.n), w.c.close())
}

// uploadWhole measures the way of a workbook, and what others feel of it.
func (b *bench) uploadWhole(ctx context.Context, w *desk) error {
	pages := [][]byte{get("/petitions", w.h.clerk), get("/kien-nghi", ""), get(handInPath, "")}
	quiet := read(w.p.address, pages...)
	time.Sleep(b.load())
	calm, err := quiet.end()
	if err != nil {
		return err
	}
	before, err := w.p.memory()
	if err != nil {
		return err
	}
	watched, err := w.p.watchMemory()
	if err != nil {
		return err
	}
	others, began := read(w.p.address, pages...), time.Now()
	page, dry, err := w.dryRun(ctx, w.files[0])
	if err != nil {
		return err
	}
	started := time.Now()
	if err := w.press(page + "/beginning"); err != nil {
		return err
	}
	if _, err := w.until(ctx, page, done); err != nil {
		return err
	}
	took, all := time.Since(started), time.Since(began)
	busy, err := others.end()
	if err != nil {
		return err
	}
	after, err := watched()
	if err != nil {
		return err
	}
	g := goal{}
	if w.n >= 50_000 {
		g.most = importMost
	}
	b.out.add(figure{Name: w.name + ".page.dry_run", Value: dry.Seconds(), Unit: "s", Baseline: w.alone.Seconds(), N: w.n})
	b.out.add(figure{Name: w.name + ".page.import", Value: took.Seconds(), Unit: "s", Baseline: w.alone.Seconds(), N: w.n})
	b.out.against(figure{Name: w.name + ".page", Value: all.Seconds(), Unit: "s", Baseline: w.alone.Seconds(), N: w.n}, g)
	b.out.add(figure{Name: w.name + ".page.memory", Value: after.own, Unit: "MB", Baseline: before.own, N: w.n})
	b.out.add(figure{Name: w.name + ".page.resident", Value: after.peak, Unit: "MB", Baseline: before.resident, N: w.n})
	b.out.against(figure{Name: w.name + ".others.p99", Value: millis(busy.at(0.99)), Unit: "ms", Baseline: millis(calm.at(0.99)), N: len(busy.took)}, goal{most: 250})
	b.out.add(figure{Name: w.name + ".others.p50", Value: millis(busy.at(0.5)), Unit: "ms", Baseline: millis(calm.at(0.5)), N: len(busy.took)})
	return nil
}

// stopHalfway stops the second workbook when half of it is in, and lets it go on.
func (b *bench) stopHalfway(ctx context.Context, w *desk) error {
	page, _, err := w.dryRun(ctx, w.files[1])
	if err != nil {
		return err
	}
	if err := w.press(page + "/beginning"); err != nil {
		return err
	}
	if _, err := w.until(ctx, page, func(body []byte) bool { return share(body) >= 500 }); err != nil {
		return err
	}
	began := time.Now()
	if err := w.press(page + "/cancellation"); err != nil {
		return err
	}
	last, stopped, err := w.stopped(ctx) // the rows at hand are finished
	if err != nil {
		return err
	}
	if err := w.whole(ctx, int(last)); err != nil {
		return fmt.Errorf("stopped half way: %w", err)
	}
	if last >= int64(2*w.n) {
		return errors.New("the import was over before it was stopped")
	}
	if _, err := w.until(ctx, page, beginning.Match); err != nil {
		return err
	}
	b.out.against(figure{Name: w.name + ".cancel", Value: stopped.Sub(began).Seconds(), Unit: "s", N: int(last) - w.n}, goal{most: 5})
	began = time.Now()
	if err := w.press(page + "/beginning"); err != nil {
		return err
	}
	if _, err := w.until(ctx, page, done); err != nil {
		return err
	}
	b.out.add(figure{Name: w.name + ".resume", Value: time.Since(began).Seconds(), Unit: "s", N: 2*w.n - int(last)})
	return nil
}

// What the page of a workbook says: by what can be done with it.
var (
	beginning = regexp.MustCompile(`action="[^"]*/beginning"`)
	stopping  = regexp.MustCompile(`action="[^"]*/cancellation"`)
	undoing   = regexp.MustCompile(`action="[^"]*/undoing"`)
	bar       = regexp.MustCompile(`class="fill-primary" x="0" y="0" width="(\d+)"`)
	choice    = regexp.MustCompile(`(?s)<select[^>]*name="(column\.[a-z]+)"(.*?)</select>`)
	chosen    = regexp.MustCompile(`value="(\d+)"[^>]*\bselected`)
	headerRow = regexp.MustCompile(`name="header_row"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="header_row"`)
)

func done(body []byte) bool {
	return undoing.Match(body) && !stopping.Match(body) && !beginning.Match(body)
}

// share is how far the bar has come, in thousandths.
func share(body []byte) int {
	m := bar.FindSubmatch(body)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return 0 // more digits than a share has
	}
	return n
}

// dryRun sends a workbook, leaves its columns as they are proposed, and waits
// for what the page says of its rows.
func (w *desk) dryRun(ctx context.Context, file string) (page string, took time.Duration, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", 0, err
	}
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	into, err := parts.CreateFormFile("files", filepath.Base(file))
	if err != nil {
		return "", 0, err
	}
	if _, err := into.Write(content); err != nil {
		return "", 0, err
	}
	if err := parts.Close(); err != nil {
		return "", 0, err
	}
	began := time.Now()
	columns, err := w.send("/intake/imports", parts.FormDataContentType(), form.String())
	if err != nil {
		return "", 0, err
	}
	body, err := w.look(columns)
	if err != nil {
		return "", 0, err
	}
	mapped := url.Values{}
	for _, m := range choice.FindAllSubmatch(body, -1) {
		if c := chosen.FindSubmatch(m[2]); c != nil {
			mapped.Set(string(m[1]), string(c[1]))
		}
	}
	if m := headerRow.FindSubmatch(body); m != nil {
		mapped.Set("header_row", string(m[1])+string(m[2]))
	}
	if page, err = w.send(columns, urlencoded, mapped.Encode()); err != nil {
		return "", 0, err
	}
	_, err = w.until(ctx, page, func(body []byte) bool { return !stopping.Match(body) })
	return page, time.Since(began), err
}

// send posts a form and says where it leads to.
func (w *desk) send(path, kind, form string) (string, error) {
	a, err := w.c.do(postAs(w.h.clerk, path, kind, form), true)
	if err != nil {
		return "", err
	}
	if a.status != http.StatusSeeOther {
		return "", fmt.Errorf("answer %d to POST %s: %.400s", a.status, path, regexp.MustCompile(`(?s).*<main`).ReplaceAll(a.body, nil))
	}
	return a.location, nil
}

func (w *desk) press(path string) error {
	_, err := w.send(path, urlencoded, "")
	return err
}

func (w *desk) look(page string) ([]byte, error) {
	a, err := w.c.do(get(page, w.h.clerk), true)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("answer %d to %s", a.status, page)
	}
	return a.body, err
}

// until looks at the page as often as a person with a script does, and a little
// oftener, until it is as it should be.
func (w *desk) until(ctx context.Context, page string, good func([]byte) bool) ([]byte, error) {
	const most = 20 * time.Minute
	for began := time.Now(); time.Since(began) < most && ctx.Err() == nil; time.Sleep(250 * time.Millisecond) {
		body, err := w.look(page)
		if err != nil || good(body) {
			return body, err
		}
	}
	return nil, errors.Join(ctx.Err(), fmt.Errorf("%s was not ready within %s", page, most))
}
