package search

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/text"
)

// articleOf makes an article of a document that is about something.
func articleOf(doc, no, about, heading, body string) Doc {
	return Doc{Kind: "passage", ID: doc + "/" + no, Facets: map[string][]string{FacetGroup: {doc}, "public": {"1"}},
		Fields: []Field{{Name: FieldTitle, Text: heading, Weight: 3}, {Name: FieldContext, Text: about}, {Name: "text", Text: body}}}
}

// rulebook is three small documents with the same duties for different fields.
func rulebook() []Doc {
	markets, parks, buses := "quản lý chợ dân sinh trên địa bàn thành phố", "quản lý công viên, cây xanh đô thị", "vận tải hành khách công cộng bằng xe buýt"
	return []Doc{
		articleOf("cho", "1", markets, "Phạm vi điều chỉnh", "Nghị quyết này quy định việc quản lý chợ dân sinh trên địa bàn thành phố."),
		articleOf("cho", "2", markets, "Giải thích từ ngữ", "Chợ dân sinh là chợ hạng 3 phục vụ người dân quanh vùng. Điểm bán hàng là quầy, sạp, ki-ốt trong chợ."),
		articleOf("cho", "3", markets, "Trách nhiệm của Ủy ban nhân dân phường", "Kiểm tra việc chấp hành nội quy, xử lý vi phạm, báo cáo hằng quý."),
		articleOf("vien", "1", parks, "Phạm vi điều chỉnh", "Nghị quyết này quy định việc quản lý công viên, cây xanh đô thị."),
		articleOf("vien", "2", parks, "Giải thích từ ngữ", "Cây xanh đô thị là cây trồng trên đường phố, trong công viên, vườn hoa."),
		articleOf("vien", "3", parks, "Trách nhiệm của Ủy ban nhân dân phường", "Kiểm tra việc chấp hành nội quy, xử lý vi phạm, báo cáo hằng quý."),
		articleOf("buyt", "1", buses, "Phạm vi điều chỉnh", "Nghị quyết này quy định vận tải hành khách công cộng bằng xe buýt."),
		articleOf("buyt", "3", buses, "Trách nhiệm của Ủy ban nhân dân phường", "Kiểm tra việc chấp hành nội quy, xử lý vi phạm, báo cáo hằng quý."),
	}
}

// TestReadsWhatTheWholeIsAbout: three articles say the same, and only what
// their documents are about tells which was asked for.
func TestReadsWhatTheWholeIsAbout(t *testing.T) {
	v := viewOf(t, 2, rulebook()...)
	for question, want := range map[string]string{
		"Trách nhiệm của Ủy ban nhân dân phường trong quản lý công viên, cây xanh được quy định như thế nào?": "vien/3",
		"Ủy ban nhân dân phường có trách nhiệm gì trong quản lý chợ dân sinh?":                                "cho/3",
		"trach nhiem cua ubnd phuong ve xe buyt la gi":                                                        "buyt/3",
		"Thế nào là chợ dân sinh?":                                                                            "cho/2",
		"Cây xanh đô thị được hiểu như thế nào?":                                                              "vien/2",
	} {
		for _, typed := range []string{question, norm.NFD.String(question), text.Fold(question)} {
			if hits := find(t, v, Query{Text: typed, Closely: true}).Hits; len(hits) == 0 || hits[0].ID != want {
				t.Errorf("%q finds %v first, not %s", typed, ids(hits), want)
			}
		}
	}
}

// TestCloselyHidesEverything: the second look shows nobody more than the first.
func TestCloselyHidesEverything(t *testing.T) {
	docs := rulebook()
	for i := range docs {
		if docs[i].Facets[FacetGroup][0] == "vien" {
			docs[i].Facets["public"] = []string{"0"}
		}
	}
	v := viewOf(t, 2, docs...)
	res := find(t, v, Query{Text: "trách nhiệm của Ủy ban nhân dân phường trong quản lý công viên, cây xanh", Closely: true, Filter: Filter{All: map[string][]string{"public": {"1"}}}})
	for _, h := range res.Hits {
		if h.Facets[FacetGroup][0] == "vien" {
			t.Errorf("%s is hidden and was found", h.ID)
		}
	}
	if len(res.Hits) == 0 {
		t.Error("nothing is found at all")
	}
}

// TestAskingWords: what only asks is known with accents and without, and an
// ordinary word is not taken for it.
func TestAskingWords(t *testing.T) {
	lex := newLexer()
	for s, want := range map[string]string{
		"Lệ phí hộ tịch được quy định như thế nào?": "le phi ho tich",
		"cho dan sinh la gi":          "cho dan sinh",
		"máy bay bị bắt thì ai xử lý": "may bay bi bat thi ai xu li",
		"như thế nào":                 "",
	} {
		var words []word
		for _, tok := range lex.tokens(s) {
			words = append(words, tok.word)
		}
		got := ""
		for i, only := range askingWords(words) {
			if !only {
				got += " " + words[i].key
			}
		}
		if got = trimmed(got); got != want {
			t.Errorf("%q: told %q, want %q", s, got, want)
		}
	}
}

func trimmed(s string) string {
	if s != "" && s[0] == ' ' {
		return s[1:]
	}
	return s
}

// TestHurryFindsTheSame: who hurries finds the same best documents with the
// same scores as who reads everything.
func TestHurryFindsTheSame(t *testing.T) {
	syllables := []string{"chợ", "dân", "sinh", "quản", "lý", "đường", "phố", "phường", "xã", "cây", "xanh", "nước", "thu", "phí", "học", "sinh viên", "bến", "xe"}
	rapid.Check(t, func(t *rapid.T) {
		var docs []Doc
		for i := range rapid.IntRange(1, 120).Draw(t, "documents") {
			words := rapid.SliceOfN(rapid.SampledFrom(syllables), 1, 30).Draw(t, "text")
			docs = append(docs, Doc{Kind: "n", ID: fmt.Sprint(i), Fields: []Field{{Name: "text", Text: fmt.Sprint(words)}}})
		}
		v := viewOf2(t, docs)
		question := fmt.Sprint(rapid.SliceOfN(rapid.SampledFrom(syllables), 5, 12).Draw(t, "question"))
		n := rapid.IntRange(1, 20).Draw(t, "n")
		lex := newLexer()
		pass := v.pass(Filter{Everything: true})
		best := func(hurried bool) (scores []float64) {
			pl := newPlan(v, pass, parse(lex, question, false), false)
			if pl == nil {
				return nil
			}
			pl.floor = 0
			pl.leads = len(pl.needs)
			if hurried {
				pl.hurried()
			}
			list, _, err := pl.run(context.Background(), &scratch{lex: lex}, ByRelevance, n)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range list {
				scores = append(scores, f.score)
			}
			return scores
		}
		all, some := best(false), best(true)
		if !slices.EqualFunc(all, some, func(a, b float64) bool { return a-b < 1e-3 && b-a < 1e-3 }) {
			t.Fatalf("%q: everything gives %v, hurrying %v", question, all, some)
		}
	})
}
