package limits_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/limits"
	"example.vn/hdnd/internal/testkit/council"
)

var ctx = context.Background()

// office is the standard council with its limits: the administrator draws up,
// the head of the office decides.
type office struct {
	t *testing.T
	*council.World
	*limits.Desk
}

func each(t *testing.T, fn func(o *office)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Keepers(t)
		fn(&office{t, w, desk(w)})
	})
}

// desk is this part as the module makes it.
func desk(w *council.World) *limits.Desk {
	a := w.App
	return limits.New(limits.Deps{DB: a.DB, Clock: w.Clock, Audit: a.Audit, Calendar: a.Calendar, Cases: a.Cases, Queue: a.Jobs, Notify: a.Notify,
		Knows: func(_ context.Context, _ *db.Tx, who org.Actor, _ string) (bool, error) {
			return who.PersonID == "văn-thư" || who.PersonID == "lãnh-đạo-văn-phòng", nil
		}})
}

func (o *office) admin() org.Actor { return o.People["quản-trị"] }
func (o *office) head() org.Actor  { return o.People["lãnh-đạo-văn-phòng"] }

func on(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (o *office) at(day clock.Date) { o.Clock.Set(day.Time().Add(8 * time.Hour)) }

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) wants(err error, key string) {
	o.t.Helper()
	if !fault.Is(err, key) {
		o.t.Fatalf("got %v, want %s", err, key)
	}
}

func (o *office) read(fn func(tx *db.Tx) error) {
	o.t.Helper()
	o.must(o.App.DB.Read(ctx, fn))
}

func (o *office) count(query string, args ...any) (n int) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) {
		n, err = db.One[int](ctx, tx, query, args...)
		return err
	})
	return n
}

// letter enters one of a kind on a day, in the city's book or in Ba Đình's.
func (o *office) letter(kind reception.Kind, day clock.Date, ward bool) string {
	o.t.Helper()
	o.at(day)
	who := o.People["văn-thư"]
	if ward {
		who = o.People["văn-thư-phường"]
	}
	h, err := o.App.Reception.Register(ctx, who, reception.Entry{Kind: kind, Source: reception.ByPost, ReceivedOn: day, Ward: "00004", Respondent: "Chủ tịch UBND phường",
		Senders: []reception.Sender{{Name: "Nguyễn Văn Bình", Address: "Số 5 ngõ 12 phố Đội Cấn", Contact: "0912345678"}}, Summary: "Không đồng ý với quyết định thu hồi đất."})
	o.must(err)
	return h.ID
}

// matter lets the city settle a letter itself.
func (o *office) matter(kind reception.Kind, id string) {
	o.t.Helper()
	codes := reception.AllMet(kind)
	o.Clock.Advance(time.Minute)
	o.must(o.App.Reception.Classify(ctx, o.People["văn-thư"], id, reception.Classification{Kind: kind, Conditions: codes, Authority: reception.Own, Result: reception.Accept, Instance: 1}))
	o.Clock.Advance(time.Minute)
	o.must(o.App.Reception.Sign(ctx, o.head(), id, reception.Accept, reception.Signature{}))
}

// drawing is a version that another field or two make into the one wanted.
func drawing(key string, days int, from string) limits.Drawing {
	return limits.Drawing{Key: key, Count: days, Unit: calendar.Days, From: on(from), Reach: limits.Coming, Source: "Công báo số 1234, ngày 20/6/2026"}
}

func running(in limits.Drawing) limits.Drawing {
	in.Reach, in.ReachArticle = limits.Running, "Nghị định 155/2026/NĐ-CP, Điều 40 khoản 2"
	return in
}

// drawn draws a version up and tries it.
func (o *office) drawn(in limits.Drawing) string {
	o.t.Helper()
	id, err := o.DrawUp(ctx, o.admin(), in)
	o.must(err)
	o.must(o.Try(ctx, o.admin(), id, 0))
	return id
}

func (o *office) forced(in limits.Drawing) string {
	o.t.Helper()
	id := o.drawn(in)
	o.must(o.PutInForce(ctx, o.head(), id, 0))
	o.Clock.Advance(time.Minute)
	return id
}

func (o *office) paper(id string) limits.Paper {
	o.t.Helper()
	p, err := o.Paper(ctx, o.head(), id)
	o.must(err)
	return p
}

// live are the clocks of a rule that go on.
func (o *office) live(key string) map[string]cases.Deadline {
	o.t.Helper()
	all := map[string]cases.Deadline{}
	o.read(func(tx *db.Tx) error {
		ids, err := db.All[string](ctx, tx, `SELECT DISTINCT case_id FROM cases_deadlines WHERE rule_key = $1 AND status IN ('running', 'paused')`, key)
		if err != nil {
			return err
		}
		for _, id := range ids {
			some, err := cases.Deadlines(ctx, tx, id)
			if err != nil {
				return err
			}
			for _, d := range some {
				if d.Live() && d.RuleKey == key {
					all[d.ID] = d
				}
			}
		}
		return nil
	})
	return all
}

// pages reads a list to its end.
func (o *office) pages(list func(after string) (limits.Listing, error)) (all []limits.Line) {
	o.t.Helper()
	after, seen := "", map[string]bool{}
	for {
		p, err := list(after)
		o.must(err)
		for _, l := range p.Lines {
			key := fmt.Sprint(l.CaseID, l.Was, l.Due, l.Outcome)
			if seen[key] {
				o.t.Fatalf("%s is listed twice", l.Title)
			}
			seen[key] = true
		}
		all = append(all, p.Lines...)
		if p.Next == "" {
			return all
		}
		after = p.Next
	}
}
