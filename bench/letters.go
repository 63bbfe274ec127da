package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
)

// letters measures reception: the book, the registers, the log, what citizens
// look up, the reports, in sizes that grow on one database.
func (b *bench) letters(ctx context.Context, s store) error {
	at, err := b.site(ctx, s, "letters")
	if err != nil {
		return err
	}
	h, receipt, err := b.foundPlayed(ctx, at)
	if err != nil {
		return err
	}
	rows, err := newLetterSeeder(ctx, h, at, receipt.Code)
	if err != nil {
		return err
	}
	k := &stock{site: at, h: h, small: map[string]load{}}
	for _, n := range b.stockSizes() {
		began, more := time.Now(), n-k.n
		if err := rows.fill(ctx, at, more); err != nil {
			return err
		}
		k.n = n
		b.out.add(figure{Name: k.named("seed_letters", "rate"), Value: float64(more) / time.Since(began).Seconds(), Unit: "letters/s", Baseline: at.megabytes(), N: more})
		if k.acts, err = k.readActs(ctx); err != nil {
			return err
		}
		if err := b.serveLetters(ctx, k, rows, receipt); err != nil {
			return err
		}
	}
	return b.remove(ctx, at)
}

// foundPlayed plays the demonstration in an empty installation: its letters and
// visits went through the verbs that people use. Denunciations come on top.
func (b *bench) foundPlayed(ctx context.Context, at site) (h *house, receipt reception.Handed, err error) {
	all, err := demo.ReadHouse()
	if err != nil {
		return nil, receipt, err
	}
	h = &house{House: all, city: all.Councils[0], wards: all.Units[1:]}
	h.bodies()
	past := clock.At(time.Now())
	a, err := app.Open(ctx, app.Config{Data: at.data, Database: at.database}, past)
	if err != nil {
		return nil, receipt, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := demo.Build(ctx, demo.Deps{DB: a.DB, Clock: past, Org: a.Org, Petitions: a.Petitions, Reception: a.Reception, Jobs: a.Jobs, Documents: a.Documents, Audit: a.Audit}); err != nil {
		return nil, receipt, err
	}
	if receipt, err = h.denounce(ctx, a, past); err != nil {
		return nil, receipt, err
	}
	if _, err := a.Jobs.Drain(ctx); err != nil {
		return nil, receipt, err
	}
	if h.clerk, err = h.signIn(ctx, a, h.office, org.Clerk); err == nil {
		h.head, err = h.signIn(ctx, a, h.office, org.Head)
	}
	if err == nil {
		h.standing, err = h.signIn(ctx, a, h.standingCommittee, org.Standing)
	}
	return h, receipt, errors.Join(err, a.Search.CatchUp(ctx))
}

// denounce enters denunciations in each of their states, and an ordinary letter
// whose key is known.
func (h *house) denounce(ctx context.Context, a *app.App, past *clock.Movable) (receipt reception.Handed, err error) {
	clerk, err := h.acting(ctx, a, org.Clerk)
	if err != nil {
		return receipt, err
	}
	head, err := h.acting(ctx, a, org.Head)
	if err != nil {
		return receipt, err
	}
	err = a.DB.Tx(ctx, func(tx *db.Tx) error {
		return reception.Keep(ctx, tx, h.city.ID, clock.NewDate(2025, time.July, 1), clerk.PersonID, head.PersonID)
	})
	if err != nil {
		return receipt, err
	}
	entry := reception.Entry{Kind: reception.Denunciation, Source: reception.ByPost, ReceivedOn: clock.Today(past), Ward: h.wards[0].Code, Respondent: "Cán bộ địa chính", Summary: petitionSample,
		Content: strings.Repeat(petitionSample+"\n", 8), Senders: []reception.Sender{{Name: "Phan Thị Kín", Address: "Số 9 phố Kín", Contact: "0977123456", Paper: "001099887766"}}}
	for _, result := range []reception.Result{"", reception.Forward, reception.Accept, reception.Guide, reception.Guide} {
		entry := entry
		if result == reception.Guide {
			entry.Source = reception.InPerson
		}
		got, err := a.Reception.Register(ctx, clerk, entry)
		if err != nil {
			return receipt, err
		}
		past.Advance(time.Minute)
		if result == "" {
			continue
		}
		if err := h.decided(ctx, a, past, got.ID, result, clerk, head); err != nil {
			return receipt, fmt.Errorf("%s: %w", result, err)
		}
	}
	entry.Kind = reception.Complaint
	return a.Reception.Register(ctx, clerk, entry)
}

const petitionSample = "Việc cấp phép xây dựng tại phường có dấu hiệu trái quy định, đề nghị xem xét."

func (h *house) decided(ctx context.Context, a *app.App, past *clock.Movable, id string, result reception.Result, clerk, head org.Actor) error {
	k := reception.Classification{Kind: reception.Denunciation, Authority: reception.Other, Result: result, Instance: 1}
	k.Conditions = reception.AllMet(k.Kind)
	if k.BodyID = h.answering[0].ID; result == reception.Accept {
		k.Authority, k.BodyID = reception.Own, ""
	}
	if err := a.Reception.Classify(ctx, clerk, id, k); err != nil {
		return err
	}
	past.Advance(time.Minute)
	defer past.Advance(time.Minute)
	return a.Reception.Sign(ctx, head, id, result, reception.Signature{})
}

// serveLetters runs the program on what was filled in.
func (b *bench) serveLetters(ctx context.Context, k *stock, rows *letterSeeder, receipt reception.Handed) (failed error) {
	for _, part := range []struct {
		name string
		run  func() error
	}{{"pages", func() error { return b.letterPages(ctx, k, rows, receipt) }}, {"entering", func() error { return b.entering(ctx, k) }}, {"log_files", func() error { return b.logFiles(ctx, k, rows) }},
		{"reports", func() error { return b.figures(ctx, k) }}} {
		var err error
		if k.p, err = b.start(ctx, k.data, k.database); err != nil {
			return errors.Join(failed, err)
		}
		failed = errors.Join(failed, part.run())
		m, err := k.p.memory()
		if err == nil {
			b.out.add(figure{Name: fmt.Sprintf("memory.%s.%s.letters.after_%s", k.name, short(k.n), part.name), Value: m.own, Unit: "MB", Baseline: m.resident, N: 1})
		}
		failed = errors.Join(failed, err, k.p.stop())
	}
	return failed
}

// letterMost is the goal of every page of reception, in milliseconds.
const letterMost = 20

func (b *bench) letterPages(ctx context.Context, k *stock, rows *letterSeeder, receipt reception.Handed) error {
	clerk, some := k.h.clerk, rows.some
	month := rows.now.AddDate(0, -2, 0)
	middle := fmt.Sprintf("%d__x", rows.now.AddDate(-years/2, 0, 0).UnixMicro())
	log := "/reception/log?from=" + day(month) + "&until=" + day(month.AddDate(0, 1, 0))
	views := []view{
		{"book", clerk, to("/reception/letters"), letterMost},
		{"book_received", clerk, to("/reception/letters?state=received"), letterMost},
		{"book_following", clerk, to("/reception/letters?state=following"), letterMost},
		{"book_closed", clerk, to("/reception/letters?state=closed"), letterMost},
		{"book_withdrawn", clerk, to("/reception/letters?state=withdrawn"), letterMost},
		{"book_complaints", clerk, to("/reception/letters?kind=complaint"), letterMost},
		{"book_denunciations", clerk, to("/reception/letters?kind=denunciation"), letterMost},
		{"book_mixed", clerk, to("/reception/letters?kind=mixed"), letterMost},
		{"book_rare", clerk, to("/reception/letters?kind=proposal&state=refused"), letterMost},
		{"book_late", clerk, to("/reception/letters?late=1"), letterMost},
		{"book_deep", clerk, to("/reception/letters?after=" + middle), letterMost},
		{"book_standing", k.h.standing, to("/reception/letters"), letterMost},
		{"book_standing_denunciations", k.h.standing, to("/reception/letters?kind=denunciation"), letterMost},
		{"letter", clerk, among(some.letters, "/reception/letters/{}"), letterMost},
		{"letter_sealed", clerk, among(some.sealed, "/reception/letters/{}"), letterMost},
		{"matters", clerk, to("/reception/matters"), letterMost},
		{"matters_denunciations", clerk, to("/reception/matters?kind=denunciation"), letterMost},
		{"matter", clerk, among(some.matters, "/reception/matters/{}"), letterMost},
		{"register", clerk, to("/reception/forwarded"), letterMost},
		{"register_deep", clerk, to("/reception/forwarded?after=" + middle), letterMost},
		{"register_standing", k.h.standing, to("/reception/forwarded"), letterMost},
		{"sealed", clerk, to("/reception/sealed"), letterMost},
		{"log", clerk, to("/reception/log"), letterMost},
		{"log_month", clerk, to(log), letterMost},
		{"owed", clerk, to("/reception/owed"), letterMost},
		{"desk", clerk, to("/reception/desk"), letterMost},
		{"visit", clerk, among(some.visits, "/reception/visits/{}"), letterMost},
		{"schedule", clerk, to("/reception/schedule"), letterMost},
		{"schedule_day", clerk, among(rows.dayIDs(), "/reception/schedule/{}"), letterMost},
		{"public_schedule", "", to("/lich-tiep-cong-dan"), letterMost},
		{"work", clerk, to("/desk"), letterMost},
		{"figures", clerk, to("/reception/figures"), letterMost},
	}
	return errors.Join(b.arriving(k), b.views(ctx, k, "letters", views), b.lookUp(ctx, k, some.codes, receipt.Key))
}

// arriving lets people come to the reception of today.
func (b *bench) arriving(k *stock) error {
	c, err := dial(k.p.address)
	if err != nil {
		return err
	}
	var l load
	for range 20 {
		began := time.Now()
		a, err := c.do(postAs(k.h.clerk, "/reception/desk/arrivals", urlencoded, url.Values{"people": {"1"}}.Encode()), false)
		if err == nil && a.status != http.StatusSeeOther {
			err = fmt.Errorf("answer %d to somebody who came", a.status)
		}
		if err != nil {
			return errors.Join(err, c.close())
		}
		l.took = append(l.took, time.Since(began))
	}
	l.sort()
	b.timed(k, "letters", "arrive", l, letterMost)
	return c.close()
}

func (s *letterSeeder) dayIDs() (all []string) {
	for _, d := range s.held {
		all = append(all, d.id)
	}
	return all
}

// lookUp measures what citizens ask with their receipt.
func (b *bench) lookUp(ctx context.Context, k *stock, codes []string, key string) error {
	const path = "/tra-cuu-don"
	l, err := ask(ctx, k.p.address, listAsks, b.load(), func(i int) []byte {
		return post(path, url.Values{"code": {codes[i%len(codes)]}, "key": {key}}.Encode())
	})
	if err != nil {
		return fmt.Errorf("look-up: %w", err)
	}
	b.timed(k, "letters", "look_up", l, letterMost)
	return nil
}

// timed tells of a load beside the smallest size's.
func (b *bench) timed(k *stock, kind, what string, l load, most float64) {
	base, known := k.small[what]
	if !known {
		base, k.small[what] = b.hello[1], l
	}
	name := k.named(kind, what)
	b.out.against(figure{Name: name + ".p99", Value: millis(l.at(0.99)), Unit: "ms", Baseline: millis(base.at(0.99)), N: len(l.took)}, goal{most: most})
	b.out.add(figure{Name: name + ".p50", Value: millis(l.at(0.5)), Unit: "ms", Baseline: millis(base.at(0.5)), N: len(l.took)})
}

// entering measures a clerk who enters one letter after the other.
func (b *bench) entering(ctx context.Context, k *stock) error {
	today := day(time.Now())
	for _, kind := range []string{"complaint", "denunciation"} {
		n := 0
		l, err := press(ctx, 1, b.load(), func(int) (func() error, error) {
			c, err := dial(k.p.address)
			return func() error {
				n++
				form := url.Values{"kind": {kind}, "source": {"post"}, "received_on": {today}, "ward": {k.h.wards[n%20].Code}, "senders": {fmt.Sprintf("Nguyễn Văn Bình; Số %d phố Kim Mã; 09%08d; 0010%08d", n, n, n)},
					"respondent": {"Chủ tịch UBND phường"}, "summary": {petitionSample}, "content": {strings.Repeat(petitionSample+" ", 8)}, "once": {fmt.Sprintf("%s-%d-%d", kind, k.n, n)}}
				a, err := c.do(postAs(k.h.clerk, "/reception/letters", urlencoded, form.Encode()), false)
				if err == nil && a.status != http.StatusSeeOther {
					err = fmt.Errorf("answer %d to a new letter", a.status)
				}
				return err
			}, err
		})
		if err != nil {
			return fmt.Errorf("entering a %s: %w", kind, err)
		}
		b.timed(k, "letters", "enter_"+kind, l, letterMost)
	}
	return nil
}

// logFiles makes the log of the longest period that one file takes.
func (b *bench) logFiles(ctx context.Context, k *stock, rows *letterSeeder) error {
	days := max(1, min(365, 365*years*15_000/(k.n/2)))
	until := rows.now.AddDate(0, -2, 0)
	period := "?from=" + day(until.AddDate(0, 0, -days)) + "&until=" + day(until)
	for _, ending := range []string{"xlsx", "pdf"} {
		if ending == "pdf" {
			period = "?from=" + day(until.AddDate(0, 0, -days/10)) + "&until=" + day(until)
		}
		before, err := k.p.memory()
		if err != nil {
			return err
		}
		watched, err := k.p.watchMemory()
		if err != nil {
			return err
		}
		c, err := dial(k.p.address)
		if err != nil {
			return err
		}
		c.patient = true
		began := time.Now()
		a, err := c.do(get("/reception/log/so-tiep-cong-dan."+ending+period, k.h.clerk), false)
		if err == nil && a.status != http.StatusOK {
			err = fmt.Errorf("answer %d to the log as %s", a.status, ending)
		}
		took := time.Since(began)
		after, merr := watched()
		if err := errors.Join(err, merr, c.close()); err != nil {
			return err
		}
		name := k.named("letters", "log_"+ending)
		b.out.add(figure{Name: name, Value: took.Seconds(), Unit: "s", Baseline: float64(a.wire) / 1e6, N: days})
		b.out.add(figure{Name: name + ".memory", Value: after.own, Unit: "MB", Baseline: before.own, N: days})
	}
	return nil
}
