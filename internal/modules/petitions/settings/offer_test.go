package settings

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

func TestTwoSetsOfOneThing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		first, second := w.draft(t, lan, december, parks()), w.draft(t, lan, today, parks())
		for _, id := range []string{first, second} {
			if err := w.Try(ctx, lan, id); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.PutInForce(ctx, hoa, first, w.revision(t, hoa, first)); err != nil {
			t.Fatal(err)
		}
		// The second was tested before the first came into force, and its day is
		// earlier: the code is taken all the same.
		testkit.Refused(t, w.PutInForce(ctx, hoa, second, w.revision(t, hoa, second)), "settings.items_wrong")
		p, err := w.Sheet(ctx, lan, second)
		if err != nil || p.Items[0].Problem == nil || p.Items[0].Problem.Key != "settings.code_used" {
			t.Errorf("%v %+v", err, p.Items)
		}
		testkit.Refused(t, w.Try(ctx, lan, second), "settings.items_wrong")
		empty := w.draft(t, lan, today)
		testkit.Refused(t, w.Try(ctx, lan, empty), "settings.set_empty")
		sets, next, err := w.Sets(ctx, lan, "")
		if err != nil || len(sets) != 3 || next != "" {
			t.Errorf("%v %d %q", err, len(sets), next)
		}
	})
}

func TestHistoryPages(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		const many = historyMost + 5
		changes := make([]Change, many)
		for i := range changes {
			changes[i] = FieldChange{Action: Add, Code: fmt.Sprintf("urban.f%d", i), Vi: fmt.Sprintf("Lĩnh vực %d", i), En: "F"}
		}
		w.enact(t, lan, hoa, december, changes...)
		seen, after := map[string]bool{}, ""
		for range 3 {
			b, err := w.InForce(ctx, hoa, FieldKind, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range b.History {
				if !h.ToCome || seen[h.ID] {
					t.Errorf("%+v", h)
				}
				seen[h.ID] = true
			}
			if after = b.Next; after == "" {
				break
			}
		}
		if len(seen) != many || after != "" {
			t.Errorf("%d of %d shown", len(seen), many)
		}
	})
}

func TestOffers(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		add := func(title, field, words string) Change {
			return TemplateChange{Action: Add, Verb: "answer", Field: field, Title: title, Text: words}
		}
		w.enact(t, lan, hoa, today, add("Chung", "", "{code}"), add("Đường", "urban.roads", "Về {code}: <b>đường</b>"), add("Đô thị", "urban", "Đô thị"))
		all := w.Ready(ctx, "hn", "urban.roads", "answer", Filling{Code: "KN26-1", Due: clock.NewDate(2026, 12, 1)})
		if len(all) != 3 || all[0].Title != "Đường" || all[1].Title != "Đô thị" || Chosen(all, all[2].ID) != "KN26-1" || Chosen(all, "x") != "" {
			t.Fatalf("%+v", all)
		}
		said := text.With(ctx, w.words, text.Vi)
		var page strings.Builder
		if err := Offer(all, "/petitions/x?a=b#answer").Render(said, &page); err != nil {
			t.Fatal(err)
		}
		testkit.Has(t, page.String(), "?a=b&amp;template="+all[0].ID+"#answer", "Về KN26-1: &lt;b&gt;")
		page.Reset()
		if err := HitsCard([]Hit{{Title: "Ngập <i>", Field: "urban.roads", Authority: "city", BodyID: "sxd", Words: []string{"ngập"}}}, map[string]string{"sxd": "Sở Xây dựng"}).Render(said, &page); err != nil {
			t.Fatal(err)
		}
		testkit.Has(t, page.String(), "Ngập &lt;i&gt;", "Giao thông, đường sá; Thành phố; Sở Xây dựng", "Từ tìm thấy: ngập")
		if strings.Contains(page.String(), "⟦") {
			t.Error(page.String())
		}
	})
}

// TestPlacesAllFilled: what checkPlaces lets through, Render fills wholly.
func TestPlacesAllFilled(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"{", "}", " ", "x", "{}", "{body"}, "{code}", "{body}", "{ward}", "{due}", "{voter_salutation}", "{name}")
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, "text"), "")
		if checkPlaces(s) == nil && strings.ContainsAny(Render(Template{Text: s}, Filling{Code: "c"}), "{}") {
			t.Fatalf("%q leaves a place open", s)
		}
	})
}
