package validity_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/modules/library/validity"
)

func joined(spans []validity.Span, without validity.Mark) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Mark != without {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Applying the differences to a gives b, and taking them back gives a.
func TestDifferencesGiveBoth(t *testing.T) {
	words := rapid.SampledFrom([]string{"Hội ", "đồng ", "nhân ", "dân ", "xã", ",", ". ", "\n", "1. ", "  ", "Điều 5", "đ", "đ", "\xff", "%"})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(words, 0, 60).Draw(t, "words"), "") })
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		spans := validity.Differences(a, b)
		if joined(spans, validity.In) != a || joined(spans, validity.Out) != b {
			t.Fatalf("%q → %q by %q", a, b, spans)
		}
		for i, s := range spans {
			if s.Text == "" || i > 0 && spans[i-1].Mark == s.Mark {
				t.Fatalf("untidy: %q", spans)
			}
		}
		if same := validity.Differences(a, a); a != "" && (len(same) != 1 || same[0].Mark != validity.Same) {
			t.Fatalf("%q differs from itself: %q", a, same)
		}
	})
}

func TestDifferencesByPhrase(t *testing.T) {
	got := validity.Differences("mức thu là hai trăm nghìn đồng một tháng", "mức thu là ba trăm năm mươi nghìn đồng một tháng")
	want := []validity.Span{{Mark: validity.Same, Text: "mức thu là "}, {Mark: validity.Out, Text: "hai"}, {Mark: validity.In, Text: "ba"}, {Mark: validity.Same, Text: " trăm"}, {Mark: validity.In, Text: " năm mươi"}, {Mark: validity.Same, Text: " nghìn đồng một tháng"}}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %q", i, got[i])
		}
	}
}

// Two long texts that have nothing in common end in time and memory.
func TestDifferencesAreBounded(t *testing.T) {
	var a, b strings.Builder
	for i := range 60_000 {
		a.WriteString("một ")
		b.WriteString([]string{"hai ", "ba ", "bốn\n"}[i%3])
	}
	spans := validity.Differences(a.String(), b.String())
	if joined(spans, validity.In) != a.String() || joined(spans, validity.Out) != b.String() {
		t.Error("what was put together is another text")
	}
}

func law() []validity.Provision {
	return []validity.Provision{
		{Anchor: "chp_I", Heading: "Chương I. Quy định chung"},
		{Anchor: "art_1", Heading: "Điều 1. Phạm vi", Text: "Nghị quyết này quy định mức thu phí trông giữ xe."},
		{Anchor: "art_2", Heading: "Điều 2. Mức thu", Text: "Mức thu như sau:"},
		{Anchor: "art_2__para_1", Text: "1. Xe đạp: 2.000 đồng."},
		{Anchor: "art_2__para_2", Text: "2. Xe máy: 5.000 đồng."},
		{Anchor: "chp_II", Heading: "Chương II. Thi hành"},
		{Anchor: "art_3", Heading: "Điều 3. Trách nhiệm", Text: "Ủy ban nhân dân tổ chức thực hiện."},
		{Anchor: "art_4", Heading: "Điều 4. Hiệu lực", Text: "Nghị quyết có hiệu lực sau 10 ngày."},
	}
}

func change(kind validity.Kind, target string, op validity.Op, words string) validity.Change {
	return validity.Change{Reason: validity.Reason{Kind: kind, Document: "B", Symbol: "B/NQ-HĐND", Anchor: "art_1", Target: target, Since: date("01/06/2021")}, Op: op, NewText: words}
}

// shown is a consolidated text, a line for each piece: anchor, state, words.
func shown(c validity.Consolidated) string {
	var b strings.Builder
	for _, p := range c.Pieces {
		b.WriteString(p.Anchor + " " + string(p.State) + " " + strings.ReplaceAll(p.Text, "\n", "/"))
		for _, n := range p.Notes {
			b.WriteString(" [" + string(rune('0'+n)) + "]")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestConsolidate(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []validity.Change
		has     []string
		lacks   string
	}{
		{"nothing", nil, []string{"art_1 original Nghị quyết này"}, "changed"},
		{"a khoản is replaced", []validity.Change{change(validity.Amends, "art_2__para_2", validity.Put, "2. Xe máy: 6.000 đồng.")}, []string{"art_2__para_2 changed 2. Xe máy: 6.000 đồng. [1]", "art_2__para_1 original"}, "5.000"},
		{"an article is replaced, its khoản with it", []validity.Change{change(validity.Amends, "art_2", validity.Put, "Điều 2. Mức thu mới\nMức thu:\n1. Xe đạp: miễn phí.\n2. Xe máy:\na) Ban ngày 4.000;\nb) Ban đêm 7.000.\n3. Ô tô.")},
			[]string{"art_2 changed Mức thu: [1]", "art_2__para_2__point_b changed b) Ban đêm 7.000.", "art_2__para_3 changed 3. Ô tô."}, "2.000"},
		{"what was replaced is amended again", []validity.Change{change(validity.Amends, "art_2", validity.Put, "1. Xe đạp: miễn phí.\n2. Xe máy: 6.000."), change(validity.Amends, "art_2__para_2", validity.Put, "2. Xe máy: 7.000.")},
			[]string{"art_2__para_1 changed 1. Xe đạp: miễn phí.", "art_2__para_2 changed 2. Xe máy: 7.000. [2]"}, "6.000"},
		{"an article is inserted by its number", []validity.Change{change(validity.Amends, "art_2a", validity.Insert, "Điều 2a. Miễn thu\nNgười cao tuổi.")}, []string{"art_2__para_2 original 2. Xe máy: 5.000 đồng.\nart_2a added Người cao tuổi. [1]\nchp_II"}, "changed"},
		{"an article is inserted at the end", []validity.Change{change(validity.Amends, "art_9", validity.Insert, "Điều 9. Khác")}, []string{"art_4 original Nghị quyết có hiệu lực sau 10 ngày.\nart_9 added"}, "changed"},
		{"a khoản is inserted", []validity.Change{change(validity.Amends, "art_2__para_1a", validity.Insert, "1a. Xe điện.")}, []string{"2.000 đồng.\nart_2__para_1a added 1a. Xe điện. [1]\nart_2__para_2"}, "changed"},
		{"inserted behind a named one", []validity.Change{{Reason: change(validity.Amends, "art_2b", "", "").Reason, Op: validity.Insert, NewText: "Thêm.", After: "art_3"}}, []string{"thực hiện.\nart_2b added Thêm."}, "changed"},
		{"inserted twice is replaced", []validity.Change{change(validity.Amends, "art_2a", validity.Insert, "Một."), change(validity.Amends, "art_2a", validity.Insert, "Hai.")}, []string{"art_2a changed Hai. [1] [2]"}, "Một"},
		{"an article is deleted", []validity.Change{change(validity.Amends, "art_2", validity.Delete, "")}, []string{"art_2 gone  [1]", "art_2__para_1 gone"}, "5.000"},
		{"an article is repealed", []validity.Change{change(validity.Repeals, "art_3", validity.Unsaid, "")}, []string{"art_3 gone  [1]"}, "tổ chức"},
		{"a chapter is repealed", []validity.Change{change(validity.Repeals, "chp_II", validity.Unsaid, "")}, []string{"chp_II gone  [1]", "art_3 gone", "art_4 gone", "art_2 original"}, "sau 10 ngày"},
		{"an article is suspended", []validity.Change{change(validity.Halts, "art_3", validity.Unsaid, "")}, []string{"art_3 stopped Ủy ban nhân dân tổ chức thực hiện. [1]"}, "gone"},
		{"a change without words", []validity.Change{change(validity.Amends, "art_3", validity.Unsaid, "")}, []string{"art_3 original Ủy ban nhân dân tổ chức thực hiện. [1]"}, "changed"},
		{"a place that is not there", []validity.Change{change(validity.Repeals, "art_77", validity.Unsaid, "")}, []string{"art_4 original"}, "[1]"},
		{"new words for a place that is not there", []validity.Change{change(validity.Amends, "art_3a", validity.Put, "Điều 3a. Mới")}, []string{"art_3a added  [1]\nart_4"}, "changed"},
		{"an article is corrected", []validity.Change{change(validity.Corrects, "art_4", validity.Put, "Nghị quyết có hiệu lực sau 11 ngày.")}, []string{"art_4 changed Nghị quyết có hiệu lực sau 11 ngày. [1]"}, "sau 10 ngày"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := validity.Consolidate(law(), tc.changes)
			got := shown(c)
			for _, want := range tc.has {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if strings.Contains(got, tc.lacks) {
				t.Errorf("%q in\n%s", tc.lacks, got)
			}
			if len(c.Notes) != len(tc.changes) {
				t.Errorf("%d footnotes", len(c.Notes))
			}
			for _, p := range c.Pieces {
				if (p.State == validity.Original) != (p.Source == nil) && p.State != validity.Stopped {
					t.Errorf("%s: %s without its source", p.Anchor, p.State)
				}
			}
		})
	}
}

// Before anybody touched a text it reads as it was issued; whatever is done to it
// later, each change has its footnote and no article stands twice.
func TestConsolidateAnything(t *testing.T) {
	all := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		docs, rels := drawn(t, validity.Kinds()...)
		for i := range rels {
			if rels[i].Kind == validity.Amends && rels[i].ToAnchor != "" {
				rels[i].Op = rapid.SampledFrom([]validity.Op{validity.Unsaid, validity.Put, validity.Insert, validity.Delete}).Draw(t, "op")
				rels[i].After = rapid.SampledFrom([]string{"", "art_1", "art_7"}).Draw(t, "after")
				if rels[i].Op == validity.Put || rels[i].Op == validity.Insert {
					rels[i].NewText = rapid.SampledFrom([]string{"1. Một\na) Hai\n2. Ba", "Điều 9. Đầu\nThân", "Lời"}).Draw(t, "words")
				}
			}
		}
		g := validity.New(docs, rels, all)
		for _, d := range docs {
			before := validity.Consolidate(law(), g.Changes(d.ID, date("31/12/2019")))
			dated := !d.Issued.IsZero() || !d.Effect.IsZero() // else a correction works from the beginning of time
			if dated && (validity.Compare(before.Pieces, pieces(law())).Differs() || len(before.Notes) > 0 || len(before.Pieces) != len(law())) {
				t.Fatalf("%s was changed before there was anything to change it", d.ID)
			}
			changes := g.Changes(d.ID, date("10/01/2020"))
			c := validity.Consolidate(law(), changes)
			if len(c.Notes) != len(changes) {
				t.Fatalf("%d changes, %d footnotes", len(changes), len(c.Notes))
			}
			seen := map[string]bool{}
			for _, p := range c.Pieces {
				if seen[p.Anchor] {
					t.Fatalf("two pieces at %s:\n%s", p.Anchor, shown(c))
				}
				seen[p.Anchor] = true
				if (p.Source == nil) != (p.State == validity.Original || p.State == validity.Stopped) && p.State != validity.Stopped {
					t.Fatalf("%s is %s, by nobody", p.Anchor, p.State)
				}
			}
		}
	})
}

func pieces(all []validity.Provision) []validity.Piece { return validity.Consolidate(all, nil).Pieces }

func TestCompareByArticle(t *testing.T) {
	a := pieces(law())
	if c := validity.Compare(a, a); c.Differs() || c.Same != 6 {
		t.Errorf("a text differs from itself: %+v", c)
	}
	moved := law()
	moved[6].Anchor, moved[6].Heading = "art_5", "Điều 5. Trách nhiệm"
	moved[7].Text = "Nghị quyết có hiệu lực sau 12 ngày."
	moved = append(moved[:1], moved[2:]...) // Điều 1 is gone
	moved = append(moved, validity.Provision{Anchor: "art_6", Heading: "Điều 6. Chuyển tiếp", Text: "Hợp đồng cũ giữ nguyên giá."})
	c := validity.Compare(a, pieces(moved))
	fates := map[string]validity.Fate{}
	for _, r := range c.Rows {
		fates[r.A+">"+r.B] = r.Fate
	}
	for pair, want := range map[string]validity.Fate{"art_1>": validity.Dropped, "art_2>art_2": validity.Kept, "art_3>art_5": validity.Moved, "art_4>art_4": validity.Reworded, ">art_6": validity.NewOne} {
		if fates[pair] != want {
			t.Errorf("%s is %q, want %s; all: %v", pair, fates[pair], want, fates)
		}
	}
	if c.Same != 3 || c.Changed != 1 || c.Shifted != 1 || c.Came != 1 || c.Went != 1 {
		t.Errorf("%+v", c)
	}
}

// All articles move up by one: each is compared with itself.
func TestCompareRenumbered(t *testing.T) {
	var a, b []validity.Provision
	b = append(b, validity.Provision{Anchor: "art_1", Heading: "Điều 1. Giải thích", Text: "Trong nghị quyết này có các từ ngữ mới được hiểu như sau đây."})
	for i, words := range []string{"Phạm vi điều chỉnh là phí trông giữ xe đạp ở chợ", "Cơ quan thuế quản lý việc thu nộp theo tháng", "Đại biểu Hội đồng nhân dân giám sát thực hiện", "Người nộp phí được cấp biên lai điện tử"} {
		a = append(a, validity.Provision{Anchor: "art_" + string(rune('1'+i)), Text: words})
		b = append(b, validity.Provision{Anchor: "art_" + string(rune('2'+i)), Text: words})
	}
	c := validity.Compare(pieces(a), pieces(b))
	if c.Shifted != 4 || c.Came != 1 || c.Changed+c.Went != 0 {
		t.Errorf("%+v", c)
	}
}

// Every row's spans give the article of both texts, whatever was done to them.
func TestCompareGivesBoth(t *testing.T) {
	anchors := rapid.SampledFrom([]string{"art_1", "art_2", "art_2__para_1", "art_3", "art_3a", "chp_I", "annex_I"})
	words := rapid.SampledFrom([]string{"mức thu phí", "cơ quan thuế", "tổ chức thực hiện", "", "người nộp phí được miễn"})
	list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) validity.Provision {
		return validity.Provision{Anchor: anchors.Draw(t, "anchor"), Text: words.Draw(t, "x") + " " + words.Draw(t, "y")}
	}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b := pieces(list.Draw(t, "a")), pieces(list.Draw(t, "b"))
		if validity.Compare(a, a).Differs() {
			t.Fatal("a text differs from itself")
		}
		seenA, seenB := map[string]bool{}, map[string]bool{}
		for _, r := range validity.Compare(a, b).Rows {
			if r.A != "" && seenA[r.A] || r.B != "" && seenB[r.B] {
				t.Fatalf("an article is told twice: %+v", r)
			}
			seenA[r.A], seenB[r.B] = true, true
		}
		for _, p := range a {
			if key := validity.Article(p.Anchor); key != "" && !seenA[key] {
				t.Fatalf("%s is lost", p.Anchor)
			}
		}
		for _, p := range b {
			if key := validity.Article(p.Anchor); key != "" && !seenB[key] {
				t.Fatalf("%s is lost", p.Anchor)
			}
		}
	})
}

func FuzzCut(f *testing.F) {
	for _, s := range []string{"Điều 2. Mức thu\n1. Một\na) Hai\nđ) Ba\n2. Bốn", "", "\n\n1.", "1. \n1. \n2.x\n2. ", strings.Repeat("a)\n", 50)} {
		f.Add("art_2", s)
	}
	f.Fuzz(func(t *testing.T, anchor, words string) {
		all := validity.Cut(anchor, words)
		var b strings.Builder
		seen := map[string]bool{}
		for _, p := range all {
			b.WriteString(p.Heading + p.Text)
			if seen[p.Anchor] {
				t.Fatalf("two pieces at %s", p.Anchor)
			}
			seen[p.Anchor] = true
		}
		strip := func(s string) string { return strings.ReplaceAll(s, "\n", "") }
		if strip(b.String()) != strip(words) {
			t.Fatalf("%q became %q", words, b.String())
		}
	})
}
