package search

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// petition makes a document that everyone may see.
func petition(id, title, text string) Doc {
	return Doc{Kind: "petition", ID: id, Fields: []Field{{Name: "title", Text: title, Weight: 3}, {Name: "text", Text: text}},
		Facets: map[string][]string{"public": {"1"}}, At: time.UnixMicro(int64(len(id)))}
}

// viewOf puts the documents in as many segments as parts says.
func viewOf(t testing.TB, parts int, docs ...Doc) *view {
	t.Helper()
	var slots []*slot
	for i := range parts {
		b := newBuilder(newLexer())
		for j, d := range docs {
			if j%parts == i {
				b.add(d)
			}
		}
		seg, err := b.segment()
		if err != nil {
			t.Fatal(err)
		}
		slots = append(slots, &slot{seg: seg})
	}
	return newView(slots)
}

func find(t testing.TB, v *view, q Query) Result {
	t.Helper()
	if q.Filter.All == nil {
		q.Filter.Everything = true
	}
	res, err := v.search(context.Background(), &scratch{lex: newLexer()}, q)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func ids(hits []Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

var street = []Doc{
	petition("a", "Đường ngập", "Cử tri phường Tương Mai phản ánh đường Tân Mai ngập nước khi mưa, đề nghị UBND phường sửa cống."),
	petition("b", "Biển quảng cáo", "Đề nghị tháo dỡ biển quảng cáo trái phép, dưỡng cây xanh ở P.5."),
	petition("c", "Nha tre", "Kien nghi xay nha tre tai khu do thi Thanh Ha, duong vao truong con lay loi."),
	petition("d", "Nghị quyết", "Nghị quyết số 08/2025/NQ-HĐND về học phí; mã KN-2026-000123 của cử tri hòa giải."),
	petition("e", "Ủy ban", "Ủy ban nhân dân thành phố trả lời về tổ dân phố số 5, quỹ khuyến học và kỹ năng."),
}

func TestFindsHoweverItIsTyped(t *testing.T) {
	for _, parts := range []int{1, 3} {
		v := viewOf(t, parts, street...)
		for q, want := range map[string]string{
			"ngập nước": "a", "ngap nuoc": "a", "NGẬP NƯỚC": "a", norm.NFD.String("ngập nước"): "a", "nước ngập": "a",
			"nhà trẻ": "c", "nha tre": "c", "08/2025/NQ-HĐND": "d", "8/2025/nq-hdnd": "d", "NQ 08/2025": "d", "KN-2026-000123": "d",
			"kn-2026-123": "d", "hoà giải": "d", "phường 5": "b", "UBND TP": "e", "tdp 5": "e", "quỹ khuyến học": "e", "quĩ": "e", "kĩ năng": "e",
			"“tân mai ngập nước”": "a", `"trái phép"`: "b", "xuất hiện từ lạ khuyến học": "e",
		} {
			res := find(t, v, Query{Text: q})
			if len(res.Hits) == 0 || res.Hits[0].ID != want {
				t.Errorf("%d parts: %q finds %q, want %q first", parts, q, ids(res.Hits), want)
			}
		}
		for _, q := range []string{"", "   ", "\"", "“”", "…", "🌊", "\xff", `"nước ngập"`, `"mai ngập khi mưa"`, "zzz", "NULL'; --"} {
			if res := find(t, v, Query{Text: q}); res.Total != 0 || len(res.Hits) != 0 {
				t.Errorf("%q finds %q", q, ids(res.Hits))
			}
		}
	}
}

func TestExactAccentsComeFirst(t *testing.T) {
	v := viewOf(t, 1, petition("dưỡng", "", "cây dưỡng ở đây"), petition("đường", "", "cây đường ở đây"), petition("plain", "", "cay duong o day"))
	for q, first := range map[string]string{"đường": "đường", "dưỡng": "dưỡng"} {
		if res := find(t, v, Query{Text: q}); res.Total != 3 || res.Hits[0].ID != first || res.Hits[1].ID != "plain" {
			t.Errorf("%q finds %d, first %q", q, res.Total, ids(res.Hits))
		}
	}
}

func TestTyping(t *testing.T) {
	v := viewOf(t, 2, street...)
	for q, want := range map[string]string{"quảng c": "", "quảng cá": "b", "khuy": "e", "nhà tr": "c", "KN-2026-0001": "d", "08/2025/NQ": "d", "ubn": "a"} {
		res := find(t, v, Query{Text: q, Typing: true})
		if want != "" && !slices.Contains(ids(res.Hits), want) {
			t.Errorf("while typing %q finds %q, want %q", q, ids(res.Hits), want)
		}
	}
	if res := find(t, v, Query{Text: "khuy"}); res.Total != 0 {
		t.Errorf("a finished word was taken for a beginning: %q", ids(res.Hits))
	}
}

func TestPassagesMarkTheWords(t *testing.T) {
	long := strings.Repeat("Mở đầu dài dòng không liên quan. ", 40) + "Đề nghị sửa cống thoát nước ngõ 12." + strings.Repeat(" Kết thúc cũng dài.", 40)
	v := viewOf(t, 1, petition("x", "Cống", long))
	for _, q := range []string{"cống thoát nước", "cong thoat nuoc"} {
		h := find(t, v, Query{Text: q}).Hits[0]
		p := h.Passage("text")
		var marked []string
		for _, m := range p.Marks {
			marked = append(marked, p.Text[m.From:m.To])
		}
		if !p.Cut || len(p.Text) > 2*passageLen || strings.Join(marked, " ") != "cống thoát nước" {
			t.Errorf("%q marks %q in %q", q, marked, p.Text)
		}
		if title := h.Passage("title"); title.Cut || len(title.Marks) != 1 {
			t.Errorf("title passage %+v", title)
		}
	}
	v = viewOf(t, 1, petition("y", "", "đường và dưỡng, số 08/2025/NQ-HĐND"))
	if p := find(t, v, Query{Text: "đường"}).Hits[0].Passage("text"); len(p.Marks) != 1 || p.Text[:p.Marks[0].To] != "đường" {
		t.Errorf("marks %v in %q", p.Marks, p.Text)
	}
	if p := find(t, v, Query{Text: "8/2025/NQ-HĐND"}).Hits[0].Passage("text"); len(p.Marks) != 1 || p.Text[p.Marks[0].From:] != "08/2025/NQ-HĐND" {
		t.Errorf("marks %v in %q", p.Marks, p.Text)
	}
}

// TestFilterHidesEverything: neither hits, nor counts, nor which of two
// queries finds something tells a reader of documents the filter keeps back.
func TestFilterHidesEverything(t *testing.T) {
	open := []Doc{petition("o1", "", "đèn đường hỏng"), petition("o2", "", "đường ngập"), petition("o3", "", "chợ tạm")}
	hidden := petition("h", "", "đèn đường bí mật Nguyễn Văn Kín ngập chợ")
	hidden.Facets = map[string][]string{"council": {"w1"}}
	without, with := viewOf(t, 1, open...), viewOf(t, 1, append(slices.Clone(open), hidden)...)
	public := Filter{All: map[string][]string{"public": {"1"}, "kind": {"petition"}}}
	for _, q := range []string{"bí mật", "đường bí mật", "kín", "đèn đường kín", `"nguyễn văn kín"`, "đường", "nguyen", "chợ ngập bí mật đèn đường hỏng"} {
		for _, typing := range []bool{false, true} {
			a := find(t, without, Query{Text: q, Filter: public, Typing: typing})
			b := find(t, with, Query{Text: q, Filter: public, Typing: typing})
			if a.Total != b.Total || !slices.Equal(ids(a.Hits), ids(b.Hits)) || fmt.Sprint(passages(a)) != fmt.Sprint(passages(b)) {
				t.Errorf("%q (typing %v): %d %q without the hidden document, %d %q with it", q, typing, a.Total, ids(a.Hits), b.Total, ids(b.Hits))
			}
		}
		hits, err := with.similar(context.Background(), &scratch{lex: newLexer()}, q, public, 5)
		if err != nil || slices.Contains(ids(hits), "h") {
			t.Errorf("similar to %q: %q, %v", q, ids(hits), err)
		}
	}
	for name, f := range map[string]Filter{"zero": {}, "no values": {All: map[string][]string{"public": {}}}, "unknown facet": {All: map[string][]string{"x": {"1"}}}} {
		res, err := with.search(context.Background(), &scratch{lex: newLexer()}, Query{Text: "đường", Filter: f})
		if err != nil || res.Total != 0 {
			t.Errorf("filter %s lets %d pass", name, res.Total)
		}
	}
}

func passages(r Result) (out []string) {
	for _, h := range r.Hits {
		for _, p := range h.Passages {
			out = append(out, p.Text)
		}
	}
	return out
}

func TestSimilar(t *testing.T) {
	v := viewOf(t, 2, append(slices.Clone(street),
		petition("f", "", "Đề nghị thành phố lắp thêm đèn chiếu sáng ở ngõ 12 phố Tạ Quang Bửu vì ban đêm rất tối, mất an toàn"))...)
	for _, q := range []string{
		"Ngõ 12 phố Tạ Quang Bửu ban đêm rất tối, đề nghị TP lắp thêm đèn chiếu sáng", // order, short form
		"de nghi thanh pho lap den chieu sang ngo 12 pho ta quang buu",                // no accents, dropped words
		"Ban đêm tối quá, xin lắp đèn ở ngõ 12 Tạ Quang Bửu",
	} {
		hits, err := v.similar(context.Background(), &scratch{lex: newLexer()}, q, Filter{Everything: true}, 5)
		if err != nil || len(hits) == 0 || hits[0].ID != "f" || hits[0].Score < 0.3 {
			t.Errorf("%q: %v %v", q, hits, err)
		}
	}
	hits, err := v.similar(context.Background(), &scratch{lex: newLexer()}, "Kính gửi các anh chị", Filter{Everything: true}, 5)
	if err != nil || len(hits) != 0 {
		t.Errorf("a greeting is like %q, %v", ids(hits), err)
	}
}

func TestPagesAndOrder(t *testing.T) {
	var docs []Doc
	for i := range 50 {
		d := petition(fmt.Sprintf("%02d", i), "", "đường hỏng")
		d.At = time.UnixMicro(int64(i))
		docs = append(docs, d)
	}
	v := viewOf(t, 3, docs...)
	var all []string
	for off := 0; off < 60; off += 7 {
		res := find(t, v, Query{Text: "đường", Limit: 7, Offset: off, Order: ByTime})
		if res.Total != 50 {
			t.Fatalf("total %d", res.Total)
		}
		all = append(all, ids(res.Hits)...)
	}
	if len(all) != 50 || !sort.SliceIsSorted(all, func(i, j int) bool { return all[i] > all[j] }) {
		t.Errorf("pages give %q", all)
	}
}

// TestAgainstScan compares the index with looking at every document.
func TestAgainstScan(t *testing.T) {
	vocabulary := []string{"đường", "ngập", "nước", "cống", "đèn", "chợ", "trường", "xã", "ủy", "học"}
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 9), 1, 60).Draw(t, "texts")
		query := rapid.SliceOfNDistinct(rapid.SampledFrom(vocabulary), 1, strictMax, rapid.ID).Draw(t, "query")
		phrase := rapid.Bool().Draw(t, "phrase")
		ward := rapid.SampledFrom([]string{"w0", "w1"}).Draw(t, "ward")
		var docs []Doc
		dead := map[string]bool{}
		for i, words := range texts {
			d := petition(fmt.Sprint(i), "", strings.Join(words, " "))
			d.Facets["ward"] = []string{fmt.Sprintf("w%d", i%3)}
			docs = append(docs, d)
			dead[d.ID] = rapid.IntRange(0, 4).Draw(t, "dead") == 0
		}
		v := grave(viewOf2(t, docs), dead)
		text, want := strings.Join(query, " "), map[string]bool{}
		for i, words := range texts {
			ok := !dead[fmt.Sprint(i)] && ward == fmt.Sprintf("w%d", i%3)
			for _, w := range query {
				ok = ok && slices.Contains(words, w)
			}
			if phrase {
				ok = ok && strings.Contains(" "+strings.Join(words, " ")+" ", " "+text+" ")
			}
			want[fmt.Sprint(i)] = ok
		}
		if phrase {
			text = `"` + text + `"`
		}
		sc := &scratch{lex: newLexer()}
		f := Filter{All: map[string][]string{"ward": {ward}}}
		p := parse(sc.lex, text, false)
		got := map[string]bool{}
		if pl := newPlan(v, v.pass(f), p, true); pl != nil {
			list, total, err := pl.run(context.Background(), sc, ByRelevance, 100)
			if err != nil || total != len(list) {
				t.Fatal(total, len(list), err)
			}
			for _, f := range list {
				_, id := v.slots[f.slot].seg.key(f.doc)
				got[id] = true
			}
		}
		for id, w := range want {
			if got[id] != w {
				t.Fatalf("%s: document %s found %v, want %v", text, id, got[id], w)
			}
		}
	})
}

// viewOf2 builds half of the documents, merges, and adds the rest.
func viewOf2(t *rapid.T, docs []Doc) *view {
	var slots []*slot
	for i := 0; i < len(docs); i += 7 {
		b := newBuilder(newLexer())
		for _, d := range docs[i:min(i+7, len(docs))] {
			b.add(d)
		}
		seg, err := b.segment()
		if err != nil {
			t.Fatal(err)
		}
		slots = append(slots, &slot{seg: seg})
	}
	if n := len(slots) / 2; n > 1 {
		m := newMerging(slots[:n])
		seg, err := inMemory(m.docs, m.fill)
		if err != nil {
			t.Fatal(err)
		}
		slots = append([]*slot{{seg: seg}}, slots[n:]...)
	}
	return newView(slots)
}

// grave marks documents dead.
func grave(v *view, dead map[string]bool) *view {
	sh := &shelf{slots: v.slots}
	fresh := map[*segment]bool{}
	for id, d := range dead {
		if d {
			sh.bury("petition", id, fresh, time.Unix(0, 0))
		}
	}
	return newView(sh.slots)
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{"", `"`, `"a" "b c d`, "08/2025/NQ-HĐND", "“đường” ngập", "p. 5", "-", "a-1 a/1 A.1", strings.Repeat("đường ", 2000), "\x00\xff", "kn-", "\U0010ffff"} {
		f.Add(s, true)
	}
	v := viewOf(f, 2, street...)
	f.Fuzz(func(t *testing.T, s string, typing bool) {
		res := find(t, v, Query{Text: s, Typing: typing})
		for _, h := range res.Hits {
			for _, p := range h.Passages {
				for _, m := range p.Marks {
					if m.From < 0 || m.From >= m.To || m.To > len(p.Text) {
						t.Fatalf("%q: mark %v in %q", s, m, p.Text)
					}
				}
			}
		}
		if _, err := v.similar(context.Background(), &scratch{lex: newLexer()}, s, Filter{Everything: true}, 3); err != nil {
			t.Fatal(err)
		}
	})
}
