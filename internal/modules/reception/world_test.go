package reception_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/conditions"
	"example.vn/hdnd/internal/testkit/council"
)

// desk is the office of the standard council at work on letters.
type desk struct {
	t *testing.T
	w *council.World
	*reception.Service
}

func each(t *testing.T, fn func(d *desk)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Keepers(t)
		fn(&desk{t, w, w.App.Reception})
	})
}

func (d *desk) who(name string) org.Actor {
	d.t.Helper()
	who, ok := d.w.People[name]
	if !ok {
		d.t.Fatalf("nobody is called %s", name)
	}
	return who
}

func (d *desk) clerk() org.Actor { return d.who("văn-thư") }
func (d *desk) head() org.Actor  { return d.who("lãnh-đạo-văn-phòng") }
func (d *desk) chair() org.Actor { return d.who("chủ-tịch") }

func on(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at lets the office stand at eight in the morning of a day.
func (d *desk) at(day string) {
	d.t.Helper()
	d.w.Clock.Set(on(day).Time().Add(8 * time.Hour))
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("%v", err)
	}
}

// wants asks for a fault with this key.
func (d *desk) wants(err error, key string) {
	d.t.Helper()
	if !fault.Is(err, key) {
		f := fault.Of(err)
		if f != nil {
			for _, one := range f.Faults {
				if one.Key == key {
					return
				}
			}
		}
		d.t.Fatalf("got %v, want %s", err, key)
	}
}

// letter is an ordinary one, received today; change makes it another.
func (d *desk) entry(kind reception.Kind, change func(e *reception.Entry)) reception.Entry {
	e := reception.Entry{Kind: kind, Source: reception.ByPost, ReceivedOn: clock.Today(d.w.Clock), Ward: "00004",
		Senders:    []reception.Sender{{Name: "Nguyễn Văn Bình", Address: "Số 5 ngõ 12 phố Đội Cấn", Contact: "0912345678", Paper: "001080012345"}},
		Respondent: "Chủ tịch UBND phường Ba Đình", Summary: "Không đồng ý với quyết định thu hồi đất của hộ gia đình."}
	if change != nil {
		change(&e)
	}
	return e
}

func (d *desk) register(kind reception.Kind, change func(e *reception.Entry)) string {
	d.t.Helper()
	h, err := d.Register(d.t.Context(), d.clerk(), d.entry(kind, change))
	d.must(err)
	d.w.Clock.Advance(time.Minute)
	return h.ID
}

// all are the conditions of a kind, but for some.
func all(kind reception.Kind, without ...string) []string {
	var codes []string
	for _, c := range conditions.Of(string(kind)) {
		keep := true
		for _, w := range without {
			keep = keep && c.Code != w
		}
		if keep {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

func reading(kind reception.Kind, result reception.Result, change func(k *reception.Classification)) reception.Classification {
	k := reception.Classification{Kind: kind, Conditions: all(kind), Authority: reception.Other, Result: result, Instance: 1}
	switch result {
	case reception.Accept, reception.Refuse:
		k.Authority = reception.Own
	case reception.Forward, reception.Follow, reception.Guide:
		k.BodyID = "bd-ub"
	}
	if change != nil {
		change(&k)
	}
	return k
}

func (d *desk) classify(id string, kind reception.Kind, result reception.Result, change func(k *reception.Classification)) {
	d.t.Helper()
	d.must(d.Classify(d.t.Context(), d.clerk(), id, reading(kind, result, change)))
	d.w.Clock.Advance(time.Minute)
}

func (d *desk) sign(id string, r reception.Result, day string) {
	d.t.Helper()
	g := reception.Signature{}
	if day != "" {
		g.On = on(day)
	}
	d.must(d.Sign(d.t.Context(), d.head(), id, r, g))
	d.w.Clock.Advance(time.Minute)
}

func (d *desk) sheet(id string) reception.Sheet {
	d.t.Helper()
	v, err := d.Sheet(d.t.Context(), d.head(), id)
	d.must(err)
	return v
}

func (d *desk) matter(letterID string) string {
	d.t.Helper()
	m := d.sheet(letterID).Letter.MatterID
	if m == "" {
		d.t.Fatal("no matter")
	}
	return m
}

func (d *desk) proceed(who org.Actor, id, verb string, change func(g *reception.Course)) error {
	g := reception.Course{Verb: verb, Document: "12/QĐ-VP ngày " + clock.Today(d.w.Clock).VN()}
	if change != nil {
		change(&g)
	}
	err := d.Proceed(d.t.Context(), who, id, g)
	d.w.Clock.Advance(time.Minute)
	return err
}

func (d *desk) read(fn func(ctx context.Context, tx *db.Tx) error) {
	d.t.Helper()
	d.must(d.w.App.DB.Read(d.t.Context(), func(tx *db.Tx) error { return fn(d.t.Context(), tx) }))
}

// deadline is the newest clock of a name; the zero one when there is none.
func (d *desk) deadline(caseID, name string) (found cases.Deadline) {
	d.t.Helper()
	d.read(func(ctx context.Context, tx *db.Tx) error {
		all, err := cases.Deadlines(ctx, tx, caseID)
		for _, one := range all {
			if one.Name == name {
				found = one
			}
		}
		return err
	})
	return found
}

// due holds a clock to its rule and date.
func (d *desk) due(caseID, name, rule, day string) {
	d.t.Helper()
	got := d.deadline(caseID, name)
	if got.RuleKey != rule || got.Due != on(day) {
		d.t.Errorf("%s runs by %s until %s, want %s until %s", name, got.RuleKey, got.Due, rule, day)
	}
	counted, err := d.w.App.Cases.Explain(got)
	d.must(err)
	if counted.Due != got.Due {
		d.t.Errorf("%s is %s when it is counted again, and %s as it is kept", name, counted.Due, got.Due)
	}
	if works, _ := d.w.App.Calendar.Current().IsWorking(got.Due); !works && !got.Run.V.Backward {
		d.t.Errorf("%s ends on a day off, %s", name, got.Due)
	}
}

func (d *desk) state(caseID, want string) {
	d.t.Helper()
	d.read(func(ctx context.Context, tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, caseID)
		if err == nil && string(c.State) != want {
			d.t.Errorf("state is %s, want %s", c.State, want)
		}
		return err
	})
}

func (d *desk) status(caseID, name string, want cases.DeadlineStatus) {
	d.t.Helper()
	if got := d.deadline(caseID, name); got.Status != want {
		d.t.Errorf("%s is %q, want %q", name, got.Status, want)
	}
}

// paperLacks reads a drawn paper as a word processor would, by its DOCX beside
// it, and by the PDF's own text.
func (d *desk) paperLacks(id, paperID string, words []string) {
	d.t.Helper()
	_, r, err := d.Paper(d.t.Context(), d.head(), id, paperID)
	d.must(err)
	defer r.Close()
	b, err := io.ReadAll(r)
	d.must(err)
	if len(b) < 1000 || !bytes.HasPrefix(b, []byte("%PDF")) {
		d.t.Fatalf("no paper: %d bytes", len(b))
	}
	for _, w := range words {
		if bytes.Contains(b, []byte(w)) {
			d.t.Errorf("the paper says %q", w)
		}
	}
}
