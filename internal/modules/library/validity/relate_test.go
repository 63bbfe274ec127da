package validity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/library/validity"
	"example.vn/hdnd/internal/testkit"
)

func TestFromProposalToStatus(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.put(t, doc("A 01/01/2020"), doc("B 01/06/2021"))
		if n := must(w.Propose(ctx, org.System("hn"), "B", []validity.Entry{entry(validity.Replaces, "A1/NQ-HĐND"), entry(validity.BasedOn, "99/L"), entry(validity.Replaces, "a1 / nq–hđnd")}))(t); n != 2 {
			t.Errorf("%d are new", n)
		}
		if n := must(w.Propose(ctx, org.System("hn"), "B", []validity.Entry{entry(validity.Replaces, "A1/NQ-HĐND")}))(t); n != 0 {
			t.Error("read again, proposed again")
		}
		if s := w.status(t, "A"); s != "in_force 01/01/2020" {
			t.Errorf("a proposal counts: %s", s)
		}
		all := w.relations(t, "A")
		if len(all) != 1 || all[0].To != "A" || all[0].State != validity.Proposed {
			t.Fatalf("%+v", all)
		}
		id := all[0].ID
		for _, who := range []string{"phúc", "quân"} {
			if err := w.Confirm(ctx, as(who), id, "", 1); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", who, err)
			}
		}
		testkit.Refused(t, w.Confirm(ctx, as("tâm"), id, "", 1), "validity.no_relation")
		testkit.Refused(t, w.Confirm(ctx, as("lan"), "x", "", 1), "validity.no_relation")
		testkit.Refused(t, w.Confirm(ctx, as("lan"), id, "", 7), "db.stale")
		for range 2 { // a double click
			if err := w.Confirm(ctx, as("lan"), id, "", 1); err != nil {
				t.Fatal(err)
			}
		}
		if s := w.status(t, "A"); s != "expired 01/06/2021" {
			t.Error(s)
		}
		acts := read(t, w, func(tx *db.Tx) ([]string, error) {
			return db.All[string](ctx, tx, `SELECT verb FROM audit_entries WHERE verb LIKE 'library.%' ORDER BY id`)
		})
		if want := []string{"library.propose_relations", "library.confirm_relation"}; !slices.Equal(acts, want) {
			t.Errorf("the log has %v", acts)
		}
		testkit.Refused(t, w.Refuse(ctx, as("lan"), id, 2), "validity.not_proposed")
		if err := w.Remove(ctx, as("hùng"), id, 2); err != nil {
			t.Fatal(err)
		}
		if s := w.status(t, "A"); s != "in_force 01/01/2020" {
			t.Errorf("removed: %s", s)
		}
		if n := must(w.Propose(ctx, org.System("hn"), "B", []validity.Entry{entry(validity.Replaces, "A1/NQ-HĐND")}))(t); n != 0 {
			t.Error("what a person refused is proposed again")
		}
	})
}

func TestAddByHand(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.put(t, doc("A 01/01/2020"), doc("B 01/06/2021"))
		e := validity.Entry{Kind: validity.Repeals, Symbol: "A1/NQ-HĐND", ToAnchor: "art_2", FromAnchor: "art_4"}
		first := must(w.Add(ctx, as("lan"), "B", e))(t)
		if again := must(w.Add(ctx, as("mai"), "B", e))(t); again != first {
			t.Error("entered twice")
		}
		if s := w.status(t, "A"); s != "partly 01/06/2021" {
			t.Error(s)
		}
		for _, bad := range []struct {
			key string
			e   validity.Entry
		}{
			{"validity.kind_unknown", validity.Entry{Kind: "eats", Symbol: "A1/NQ-HĐND"}}, {"validity.symbol_wrong", validity.Entry{Kind: validity.Repeals, Symbol: "không số"}},
			{"validity.anchor_wrong", validity.Entry{Kind: validity.Repeals, Symbol: "A/1", ToAnchor: "Điều 5"}}, {"validity.ends_wrong", validity.Entry{Kind: validity.Repeals, Symbol: "A/1", EndsOn: date("01/01/2022")}},
			{"validity.op_wrong", validity.Entry{Kind: validity.Repeals, Symbol: "A/1", ToAnchor: "art_1", Op: validity.Delete}}, {"validity.new_text_wrong", validity.Entry{Kind: validity.Amends, Symbol: "A/1", ToAnchor: "art_1", Op: validity.Put}},
			{"validity.of_itself", validity.Entry{Kind: validity.Repeals, Symbol: "B1/NQ-HĐND", To: "B"}}, {"validity.to_unknown", validity.Entry{Kind: validity.Repeals, To: "zz"}},
		} {
			_, err := w.Add(ctx, as("lan"), "B", bad.e)
			testkit.Refused(t, err, bad.key)
		}
		_, err := w.Add(ctx, as("tâm"), "B", e)
		testkit.Refused(t, err, "validity.no_document")
		w.secrets["B"] = true
		_, err = w.Add(ctx, as("lan"), "B", e)
		testkit.Refused(t, err, "validity.no_document")
		w.secrets["B"], w.secrets["A"] = false, true
		_, err = w.Add(ctx, as("lan"), "B", validity.Entry{Kind: validity.Annuls, To: "A"})
		testkit.Refused(t, err, "validity.to_unknown")
		w.secrets["A"] = false
		r := w.relations(t, "B")[0]
		for range 2 {
			if err := w.Remove(ctx, as("lan"), r.ID, r.Revision); err != nil && !fault.Is(err, "validity.no_relation") {
				t.Fatal(err)
			}
		}
		if s := w.status(t, "A"); s != "in_force 01/01/2020" {
			t.Error(s)
		}
	})
}

// What a relation waits for comes, goes, and comes twice.
func TestWaitingForADocument(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		numbered := func(id, symbol, dates string) validity.Document {
			d := doc(id + " " + dates)
			d.Symbol, d.Key = symbol, strings.ToLower(strings.TrimLeft(symbol, "0"))
			return d
		}
		w.put(t, numbered("B", "9/2021/NQ", "01/06/2021"))
		must(w.Add(ctx, as("lan"), "B", validity.Entry{Kind: validity.Repeals, Symbol: "08/2020/NQ"}))(t)
		has := func(want ...validity.Alarm) {
			t.Helper()
			var got []validity.Alarm
			for _, warning := range read(t, w, func(tx *db.Tx) ([]validity.Warning, error) { return w.WarningsOf(ctx, tx, "B") }) {
				if warning.Alarm != validity.EffectSoon {
					got = append(got, warning.Alarm)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		}
		has(validity.NotInLibrary)
		w.put(t, numbered("A", "8/2020/NQ", "01/01/2020"))
		if s := w.status(t, "A"); s != "expired 01/06/2021" {
			t.Errorf("it came, and holds: %s", s)
		}
		has()
		w.drop(t, "A")
		has(validity.NotInLibrary)
		w.put(t, numbered("A", "8/2020/NQ", "01/01/2020"), numbered("A2", "8/2020/NQ", "02/01/2020"))
		if s := w.status(t, "A2"); s != "in_force 02/01/2020" {
			t.Errorf("another of its number: %s", s)
		}
		w.drop(t, "A")
		w.put(t, numbered("A", "8/2020/NQ", "01/01/2020")) // now there are two
		if s := w.status(t, "A"); s != "in_force 01/01/2020" {
			t.Errorf("which of two is not clear, yet %s", s)
		}
		r := w.relations(t, "B")[0]
		if r.To != "" {
			t.Fatalf("linked to %s", r.To)
		}
		if err := w.db.Tx(ctx, func(tx *db.Tx) error { return w.Touch(ctx, tx, clock.Today(w.clock), "B") }); err != nil {
			t.Fatal(err)
		}
		has(validity.Unclear, validity.NotInLibrary)
		testkit.Refused(t, w.Confirm(ctx, as("lan"), r.ID, "B", r.Revision), "validity.to_unknown")
		if err := w.Confirm(ctx, as("lan"), r.ID, "A2", r.Revision); err != nil {
			t.Fatal(err)
		}
		if s := w.status(t, "A2"); s != "expired 01/06/2021" {
			t.Error(s)
		}
	})
}

func TestDaysPass(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.put(t, doc("A 01/01/2020"), doc("B 01/11/2026 01/12/2026"), doc("C 10/11/2026 01/12/2026"), doc("H 01/01/2020 district"), doc("K 01/03/2027"))
		h := w.docs["H"]
		h.Unit = "Quận Ba Đình"
		w.put(t, h)
		must(w.Add(ctx, as("lan"), "B", validity.Entry{Kind: validity.Suspends, To: "A", EndsOn: date("31/12/2026")}))(t)
		must(w.Add(ctx, as("lan"), "K", validity.Entry{Kind: validity.BasedOn, To: "H"}))(t)
		lapsing := func() int {
			return len(read(t, w, func(tx *db.Tx) ([]validity.Lapsing, error) {
				return w.LapsingIn(ctx, tx, "00008", validity.Lapsing{}, 10)
			}))
		}
		if lapsing() != 1 {
			t.Error("the district's text is not on the commune's list")
		}
		for _, step := range []struct{ day, a, b string }{
			{"30/11/2026", "in_force 01/01/2020", "pending 01/12/2026"}, {"01/12/2026", "halted 01/12/2026", "in_force 01/12/2026"},
			{"31/12/2026", "halted 01/12/2026", "in_force 01/12/2026"}, {"01/01/2027", "in_force 01/01/2020", "in_force 01/12/2026"},
		} {
			w.at(step.day)
			if err := w.PassDays(ctx); err != nil {
				t.Fatal(err)
			}
			if a, b := w.status(t, "A"), w.status(t, "B"); a != step.a || b != step.b {
				t.Errorf("on %s: %s, %s", step.day, a, b)
			}
		}
		w.at("05/03/2027") // days were missed
		if err := w.PassDays(ctx); err != nil {
			t.Fatal(err)
		}
		if s := w.status(t, "H"); s != "expired 01/03/2027" || lapsing() != 0 {
			t.Error(s, lapsing())
		}
		w.drain(t)
		found := read(t, w, func(tx *db.Tx) ([]validity.Warning, error) { return w.WarningsOf(ctx, tx, "K") })
		if len(found) != 1 || found[0].Alarm != validity.BasisEnded || found[0].Other != "H" {
			t.Errorf("its basis ended, and nobody says so: %+v", found)
		}
		w.mu.Lock()
		delete(w.docs, "C") // without a word to us
		w.mu.Unlock()
		w.at("10/03/2027")
		if err := w.PassDays(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

// A text that holds up hundreds of others: what its annulment reaches is worked
// out by a job.
func TestFarReach(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.put(t, doc("M 01/06/2021"), doc("Z 01/06/2022"))
		var entries []validity.Entry
		for i := range 150 {
			d := doc(fmt.Sprintf("T%03d 01/01/2020", i))
			w.put(t, d)
			entries = append(entries, validity.Entry{Kind: validity.Repeals, To: d.ID})
		}
		must(w.Propose(ctx, org.System("hn"), "M", entries))(t)
		for _, r := range w.relations(t, "M") {
			if err := w.Confirm(ctx, as("lan"), r.ID, "", 0); err != nil {
				t.Fatal(err)
			}
		}
		w.drain(t)
		if s := w.status(t, "T149"); s != "expired 01/06/2021" {
			t.Fatal(s)
		}
		must(w.Add(ctx, as("lan"), "Z", validity.Entry{Kind: validity.Annuls, To: "M"}))(t)
		if s := w.status(t, "M"); s != "expired 01/06/2022" {
			t.Error(s)
		}
		w.drain(t)
		for _, id := range []string{"T000", "T149"} {
			if s := w.status(t, id); s != "in_force 01/01/2020" {
				t.Errorf("%s: %s", id, s)
			}
		}
	})
}

func TestTwoAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.put(t, doc("A 01/01/2020"), doc("B 01/06/2021"))
		must(w.Propose(ctx, org.System("hn"), "B", []validity.Entry{{Kind: validity.Repeals, To: "A"}}))(t)
		id := w.relations(t, "B")[0].ID
		var group sync.WaitGroup
		errs := make([]error, 2)
		for i, do := range []func() error{func() error { return w.Confirm(ctx, as("lan"), id, "", 1) }, func() error { return w.Refuse(ctx, as("mai"), id, 1) }} {
			group.Go(func() { errs[i] = do() })
		}
		group.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("both or none: %v", errors.Join(errs...))
		}
	})
}

// Whatever is done to a library, what is kept step by step is what a rebuild from
// nothing gives, and what the pure core says.
func TestStepByStepIsTheWhole(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			for _, table := range []string{"library_relations", "library_status", "library_lapsing", "library_warnings"} {
				if err := d.Tx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, `DELETE FROM `+table); return err }); err != nil {
					rt.Fatal(err)
				}
			}
			w := newWorld(t, d)
			w.at("04/01/2020")
			docs, rels := drawn(rt, validity.Kinds()...)
			w.steps(t, rt, docs, rels)
			w.drain(t)
			stepwise := w.kept(t)
			if err := d.Tx(ctx, func(tx *db.Tx) error {
				for _, table := range []string{"library_status", "library_lapsing", "library_warnings"} {
					if _, err := tx.Exec(ctx, `DELETE FROM `+table); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				rt.Fatal(err)
			}
			must(w.Rebuild(ctx))(t)
			if whole := w.kept(t); whole != stepwise {
				rt.Fatalf("step by step:\n%s\nfrom nothing:\n%s", stepwise, whole)
			}
			var all []validity.Relation
			for id := range w.docs {
				for _, r := range w.relations(t, id) {
					if r.From == id {
						all = append(all, r)
					}
				}
			}
			var left []validity.Document
			for _, one := range w.docs {
				left = append(left, one)
			}
			g := validity.New(left, all, w.Rules())
			for id := range w.docs {
				v, _ := g.At(id, clock.Today(w.clock))
				if got := w.status(t, id); got != string(v.Status)+" "+v.Since.VN() {
					rt.Fatalf("%s: kept %s, the core says %s %s", id, got, v.Status, v.Since.VN())
				}
			}
		})
	}, schemas()...)
}

// steps puts documents and relations in any order, confirms, removes, drops, and
// lets days pass in between.
func (w *world) steps(t *testing.T, rt *rapid.T, docs []validity.Document, rels []validity.Relation) {
	for i := range docs {
		docs[i].CouncilID, docs[i].Symbol = "hn", fmt.Sprintf("%d/NQ", i+1)
		docs[i].Key = strings.ToLower(docs[i].Symbol)
	}
	symbol := func(id string) string { return fmt.Sprintf("%d/NQ", id[0]-'A'+1) }
	some := rapid.IntRange(0, len(docs)-1)
	for range rapid.IntRange(1, 14).Draw(rt, "steps") {
		d := docs[some.Draw(rt, "document")]
		switch rapid.IntRange(0, 6).Draw(rt, "step") {
		case 0, 1:
			w.put(t, d)
		case 2, 3, 4:
			if _, held := w.docs[d.ID]; !held || len(rels) == 0 {
				w.put(t, d)
				continue
			}
			r := rels[rapid.IntRange(0, len(rels)-1).Draw(rt, "relation")]
			if symbol(r.To) == d.Symbol {
				continue
			}
			_, err := w.Add(ctx, as("lan"), d.ID, validity.Entry{Kind: r.Kind, Symbol: symbol(r.To), FromAnchor: r.FromAnchor, ToAnchor: r.ToAnchor, EffectiveOn: r.EffectiveOn})
			if err != nil {
				rt.Fatal(err)
			}
		case 5:
			if all := w.relations(t, d.ID); len(all) > 0 {
				if err := w.Remove(ctx, as("lan"), all[0].ID, 0); err != nil {
					rt.Fatal(err)
				}
			} else if _, held := w.docs[d.ID]; held {
				w.drop(t, d.ID)
			}
		case 6:
			w.clock.Set(w.clock.Now().AddDate(0, 0, 1))
			if err := w.PassDays(ctx); err != nil {
				rt.Fatal(err)
			}
		}
	}
}
