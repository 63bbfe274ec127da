package validity_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/library/validity"
)

// drawn is any library: few days, so that much happens on the same one.
func drawn(t *rapid.T, kinds ...validity.Kind) ([]validity.Document, []validity.Relation) {
	start := date("01/01/2020")
	when := rapid.Custom(func(t *rapid.T) clock.Date { return start.AddDays(rapid.IntRange(0, 6).Draw(t, "day")) })
	maybe := rapid.Custom(func(t *rapid.T) clock.Date {
		if rapid.IntRange(0, 2).Draw(t, "set") > 0 {
			return clock.Date{}
		}
		return when.Draw(t, "on")
	})
	n := rapid.IntRange(1, 7).Draw(t, "documents")
	var docs []validity.Document
	for i := range n {
		d := validity.Document{ID: string(rune('A' + i)), Issued: when.Draw(t, "issued"), Effect: maybe.Draw(t, "effect"), Expires: maybe.Draw(t, "expires"), Level: validity.City,
			Anchors: []string{"chp_I", "art_1", "chp_II", "art_2"}}
		if rapid.IntRange(0, 5).Draw(t, "known") == 0 {
			d.Issued = clock.Date{}
		}
		docs = append(docs, d)
	}
	id := rapid.Custom(func(t *rapid.T) string { return string(rune('A' + rapid.IntRange(0, n).Draw(t, "id"))) }) // one too many: not held
	anchor := rapid.SampledFrom([]string{"", "", "art_1", "art_2", "chp_II", "art_1__para_1", "art_9"})
	var rels []validity.Relation
	for i := range rapid.IntRange(0, 12).Draw(t, "relations") {
		r := validity.Relation{ID: fmt.Sprintf("r%02d", i), From: id.Draw(t, "from"), To: id.Draw(t, "to"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), FromAnchor: anchor.Draw(t, "by"), ToAnchor: anchor.Draw(t, "of"),
			EffectiveOn: maybe.Draw(t, "from day"), State: validity.Confirmed}
		if r.Kind == validity.Suspends || r.Kind == validity.Halts {
			r.EndsOn = maybe.Draw(t, "until")
		}
		rels = append(rels, r)
	}
	return docs, rels
}

func verdicts(g *validity.Graph, docs []validity.Document, on clock.Date) map[string]validity.Verdict {
	all := map[string]validity.Verdict{}
	for _, d := range docs {
		all[d.ID], _ = g.At(d.ID, on)
	}
	return all
}

// Whatever is related to whatever: it ends, the order of the input does not
// matter, and what does not bear on a document can be left out.
func TestAnyGraph(t *testing.T) {
	all := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		docs, rels := drawn(t, validity.Kinds()...)
		g := validity.New(docs, rels, all)
		docs2, rels2 := rapid.Permutation(docs).Draw(t, "documents anew"), rapid.Permutation(rels).Draw(t, "relations anew")
		other := validity.New(docs2, rels2, all)
		for i := range 10 {
			on := date("30/12/2019").AddDays(i)
			want := verdicts(g, docs, on)
			if got := verdicts(other, docs, on); !reflect.DeepEqual(got, want) {
				t.Fatalf("the order matters on %s:\n%+v\n%+v", on, want, got)
			}
			for _, d := range docs {
				near, acts := bearing(d.ID, docs, rels)
				if got, _ := validity.New(near, acts, all).At(d.ID, on); !reflect.DeepEqual(got, want[d.ID]) {
					t.Fatalf("%s on %s with what bears on it alone:\n%+v\n%+v", d.ID, on, want[d.ID], got)
				}
			}
		}
		if !reflect.DeepEqual(g.Voids(), other.Voids()) {
			t.Fatalf("%+v\n%+v", g.Voids(), other.Voids())
		}
	})
}

// bearing is a document with all that bears on it, as the store reads it.
func bearing(id string, docs []validity.Document, rels []validity.Relation) (near []validity.Document, acts []validity.Relation) {
	in := map[string]bool{id: true}
	for changed := true; changed; {
		changed = false
		for _, r := range rels {
			for _, pair := range [][2]string{{r.To, r.From}, {r.From, r.To}} {
				follows := r.Kind.Acts() && pair[0] == r.To || r.Kind == validity.Guides && pair[0] == r.From
				if follows && in[pair[0]] && !in[pair[1]] {
					in[pair[1]], changed = true, true
				}
			}
		}
	}
	for _, d := range docs {
		if in[d.ID] {
			near = append(near, d)
		}
	}
	for _, r := range rels {
		if in[r.From] && in[r.To] {
			acts = append(acts, r)
		}
	}
	return near, acts
}

// Without annulment, what has ended stays so, and what was in force once is not
// pending later. Between the days of Next nothing changes.
func TestTimeGoesOneWay(t *testing.T) {
	all := rules(t)
	lasting := slices.DeleteFunc(validity.Kinds(), func(k validity.Kind) bool { return k == validity.Annuls })
	rapid.Check(t, func(t *rapid.T) {
		docs, rels := drawn(t, lasting...)
		g := validity.New(docs, rels, all)
		for _, d := range docs {
			var before validity.Verdict
			for i := range 14 {
				on := date("30/12/2019").AddDays(i)
				v, _ := g.At(d.ID, on)
				if before.Status == validity.Expired && (v.Status != validity.Expired || v.Since != before.Since) {
					t.Fatalf("%s came back on %s: %+v", d.ID, on, v)
				}
				if i > 0 && before.Status != validity.Pending && v.Status == validity.Pending {
					t.Fatalf("%s is not in force any more as if it had never been: %+v", d.ID, v)
				}
				before = v
			}
		}
	})
}

func TestNextIsTheNextChange(t *testing.T) {
	all := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		docs, rels := drawn(t, validity.Kinds()...)
		g := validity.New(docs, rels, all)
		key := func(v validity.Verdict) string { return fmt.Sprint(v.Status, v.Part, v.Since) }
		for _, d := range docs {
			from := date("30/12/2019")
			now, _ := g.At(d.ID, from)
			next := g.Next(d.ID, from)
			for i := 1; i < 14; i++ {
				on := from.AddDays(i)
				v, _ := g.At(d.ID, on)
				if changed := key(v) != key(now); changed != (on == next) {
					t.Fatalf("%s on %s: %s, Next says %s", d.ID, on, key(v), next)
				} else if changed {
					break
				}
			}
		}
	})
}

// A chain of many texts, each doing something to all before it, is answered.
func TestLongChains(t *testing.T) {
	for _, kind := range []validity.Kind{validity.Annuls, validity.Suspends, validity.Repeals, validity.Guides} {
		var docs []validity.Document
		var rels []validity.Relation
		for i := range 120 {
			docs = append(docs, validity.Document{ID: fmt.Sprintf("d%03d", i), Issued: date("01/01/2000").AddDays(i)})
			for j := range i {
				rels = append(rels, validity.Relation{ID: fmt.Sprintf("%03d-%03d", i, j), From: fmt.Sprintf("d%03d", i), To: fmt.Sprintf("d%03d", j), Kind: kind, State: validity.Confirmed})
			}
		}
		g := validity.New(docs, rels, rules(t))
		v, _ := g.At("d000", date("01/01/2030"))
		if want := map[validity.Kind]validity.Status{validity.Annuls: validity.Expired, validity.Suspends: validity.Halted, validity.Repeals: validity.Expired, validity.Guides: validity.InForce}[kind]; v.Status != want {
			t.Errorf("%s: %s", kind, v.Status)
		}
	}
}

func TestRules(t *testing.T) {
	good := "[[rule]]\nkey = \"guided_lapse\"\nfrom = \"2000-01-01\"\nvalue = \"none\"\nbasis = \"x\"\nnote = \"y\"\n"
	none, err := validity.ReadRules(good)
	if err != nil {
		t.Fatal(err)
	}
	g := validity.New([]validity.Document{doc("A 01/01/2020"), doc("G 01/03/2020"), doc("B 01/06/2021")}, []validity.Relation{rel("1", "G guides A"), rel("2", "B repeals A"), rel("3", "B annuls G")}, none)
	if v, _ := g.At("G", date("31/05/2021")); v.Status != validity.InForce {
		t.Errorf("%+v", v)
	}
	if v, _ := g.At("A", date("01/06/2021")); v.Status != validity.Expired {
		t.Errorf("%+v", v)
	}
	for _, bad := range []string{strings.Replace(good, "none", "maybe", 1), strings.Replace(good, "guided_lapse", "other", 1), good + good, strings.Replace(good, "note", "nota", 1), strings.Replace(good, "2000-01-01", "", 1), "x"} {
		if _, err := validity.ReadRules(bad); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
	for _, r := range rules(t).All() {
		if r.Source == "" {
			t.Errorf("%s: nobody says where it is from", r.Key)
		}
	}
}

func TestWarnings(t *testing.T) {
	docs := []validity.Document{doc("A 01/01/2020 -01/01/2021"), doc("B 01/06/2021"), doc("C 01/06/2022"), doc("E 01/07/2026 25/06/2026"), doc("F 01/07/2026 04/07/2026 commune"), doc("H 01/01/2019"), doc("K 01/01/2020 -01/01/2020")}
	for i := range docs {
		docs[i].Normative = true
	}
	rels := []validity.Relation{
		rel("r0", "B based_on A"), rel("r1", "C repeals H"), rel("r2", "B based_on H art_1>"), rel("r3", "B refers H >art_2"), rel("r4", "C amends A >art_1"), rel("r5", "B repeals B"), rel("r6", "H amends B"), rel("r7", "B repeals X"),
		rel("r8", "C refers A proposed"), rel("r9", "C repeals B >art_3__para_2"), rel("s0", "F refers B >art_3__para_2"), rel("s1", "F refers B >art_3__para_1"),
	}
	rels[7].To = ""
	g := validity.New(docs, rels, rules(t))
	for id, want := range map[string]string{
		"B": "basis_ended:A idle:B not_held: reference_ended:H basis_ended_since:H", "C": "amends_ended:A reference_ended:A?", "E": "effect_early:", "F": "reference_ended:B effect_soon:?", "H": "idle:B", "K": "effect_soon:? ends_early:",
	} {
		var got []string
		for _, w := range g.Warnings(id, date("16/11/2026"), rels, nil) {
			s := string(w.Alarm) + ":" + w.Other
			if w.Doubtful {
				s += "?"
			}
			got = append(got, s)
		}
		words := strings.Fields(want)
		if id == "K" { // issued in 2020, before the rule on days
			words = []string{"ends_early:"}
		}
		slices.Sort(got)
		slices.Sort(words)
		if !slices.Equal(got, words) {
			t.Errorf("%s: %v, want %v", id, got, words)
		}
	}
	if w := g.Warnings("B", date("16/11/2026"), nil, []string{"B", "B2"}); len(w) != 1 || w[0].Alarm != validity.Duplicate || w[0].Other != "B2" {
		t.Errorf("%+v", w)
	}
}

func TestUnitNames(t *testing.T) {
	found := validity.Mentions([]validity.Provision{
		{Anchor: "art_1", Heading: "Điều 1. Địa bàn quận Ba Đình", Text: "Áp dụng tại phường Phúc Xá, quận Ba Đình và Quận 1; Ủy ban nhân dân xã, thị\u00a0xã nói chung; THỊ XÃ Sơn Tây."},
		{Anchor: "art_2", Text: "phường Văn Miếu - Quốc Tử Giám; phường\nMới; huyện"},
	})
	gone := map[string]validity.Vanished{"quan ba dinh": {Name: "Quận Ba Đình", Since: date("01/07/2025"), Now: []string{"Phường Ba Đình", "Phường Ngọc Hà"}}, "phuong phuc xa": {Name: "Phường Phúc Xá", Since: date("01/07/2025")},
		"quan 1": {Name: "Quận 1", Since: date("01/07/2025")}, "thi xa son tay": {Name: "Thị xã Sơn Tây", Since: date("01/07/2025")}}
	d := doc("A 01/08/2025")
	var got []string
	for _, w := range validity.UnitWarnings(d, found, gone) {
		got = append(got, string(w.Alarm)+" "+w.OtherSymbol+" "+w.Anchor)
		if !strings.Contains(strings.ToLower(w.Quote), strings.ToLower(w.OtherSymbol)) {
			t.Errorf("%s is not in %q", w.OtherSymbol, w.Quote)
		}
	}
	if want := []string{"unit_gone Phường Phúc Xá art_1", "unit_gone Quận 1 art_1", "unit_gone Quận Ba Đình art_1", "unit_gone Thị xã Sơn Tây art_1"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	d.Issued = date("01/01/2020")
	if w := validity.UnitWarnings(d, found, gone); len(w) != 4 || w[0].Alarm != validity.UnitRenamed {
		t.Errorf("%+v", w)
	}
	if m := found[len(found)-1]; m.Names[0] != "phuong van mieu - quoc tu giam" {
		t.Errorf("%+v", m)
	}
}

// Who reads that a text holds again is told by which rule, and that it is not certain.
func TestRulesAreSaid(t *testing.T) {
	g := graph(t, []string{"A 01/01/2020", "B 01/06/2021", "C 01/06/2022"}, []string{"B repeals A", "C annuls B"})
	if v, _ := g.At("A", date("01/07/2021")); v.Doubtful || len(v.Rules) != 0 {
		t.Errorf("%+v", v)
	}
	if v, _ := g.At("A", date("01/07/2022")); !v.Doubtful || len(v.Rules) != 1 || v.Rules[0].Key != "annulment_undoes" {
		t.Errorf("%+v", v)
	}
	g = graph(t, []string{"A 01/01/2020", "B 01/06/2021", "C 01/06/2022"}, []string{"B repeals A", "C replaces B"})
	if v, _ := g.At("A", date("01/07/2022")); v.Doubtful || len(v.Rules) != 1 || v.Rules[0].Key != "repeal_revives" {
		t.Errorf("%+v", v)
	}
}
