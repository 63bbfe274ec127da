package settings

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/testkit"
)

func TestRulesAndPrecedence(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", state: "classified"}, petition{id: "p2", state: "received"}, petition{id: "p3", state: "classified"}, petition{id: "p4", state: "classified", sealed: true})
		w.samples["hn"] = []Sample{
			{ID: "p1", Code: "KN26-p1", Text: "Phố Huế hễ mưa là ngập úng", Field: "urban.drainage", Authority: "city", BodyID: "sxd", Ward: "00004", Channel: "phone"},
			{ID: "p2", Code: "KN26-p2", Text: "pho hue NGAP UNG nang", Ward: "00008"},
			{ID: "p3", Code: "KN26-p3", Text: "Ngập úng trước trạm y tế", Field: "culture.health", Authority: "ward", BodyID: "bd-ub"},
			{ID: "p4", Code: "KN26-p4", Text: norm.NFD.String("Ngập úng ở phố Huế"), Field: "urban.drainage", Authority: "city", BodyID: "sxd"},
		}
		flood := rule("Ngập úng", 50, RuleBody{Any: []string{norm.NFD.String("ngập úng"), "lụt"}, ToField: "urban.drainage", ToBody: "sxd"})
		health := rule("Y tế", 90, RuleBody{All: []string{"trạm y tế"}, ToField: "culture.health"})
		id := w.draft(t, lan, today, flood, health, TemplateChange{Action: Add, Verb: "answer", Field: "urban", Title: "Ngập", Text: "{voter_salutation} hỏi {code} ở {ward}; {body} trả lời trước {due}."})
		if len(w.Route(ctx, "hn", Facts{Text: "ngập úng"})) != 0 {
			t.Error("a draft routes")
		}
		f, looked, err := w.Preview(ctx, lan, id, flood)
		if err != nil || looked != 4 || f.Hits != 4 || f.Decided != 3 || f.Same != 2 || len(f.Found) != 3 {
			t.Fatalf("%v %d %+v", err, looked, f)
		}
		if f, _, err = w.Preview(ctx, quan, id, flood); err != nil || f.Hits != 4 || len(f.Found) != 0 {
			t.Errorf("the administrator opens petitions: %v %+v", err, f)
		}
		tried, err := w.TryText(ctx, lan, id, Facts{Text: "NGAP   úng, trạm Y-tế"})
		if err != nil || len(tried.Hits) != 2 || tried.Proposal != (Proposal{"culture.health", "", "sxd"}) {
			t.Errorf("%v %+v", err, tried)
		}
		if err := w.Try(ctx, lan, id); err != nil {
			t.Fatal(err)
		}
		p, err := w.Sheet(ctx, lan, id)
		if err != nil || p.Test.Routed[0].Hits != 0 || p.Test.Routed[1] != (Reached{4, 3, 2}) || p.Test.Rules[0].Hits != 4 || p.Test.Rules[1].Hits != 1 || p.Test.Hidden != 1 {
			t.Errorf("%v %+v", err, p.Test)
		}
		if got := p.Test.Templates[0].Text; got != "Ông/Bà hỏi KN26-p1 ở ……; …… trả lời trước ……." {
			t.Errorf("template: %s", got)
		}
		if err := w.PutInForce(ctx, hoa, id, p.Revision); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.samples["hn"] {
			hits := w.Route(ctx, "hn", s.facts())
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Title == "Ngập úng" }) {
				t.Errorf("the preview met %s, the rule in force does not: %v", s.ID, hits)
			}
		}
		hits := w.Route(ctx, "hn", Facts{Text: "ngap ung truoc tram y te"})
		if len(hits) != 2 || hits[0].Title != "Y tế" || Propose(hits) != (Proposal{"culture.health", "", "sxd"}) {
			t.Errorf("precedence: %+v", hits)
		}
		for _, miss := range []string{"ngậpúng", "ngập  uống", "", "rừngập úngx"} {
			if hits := w.Route(ctx, "hn", Facts{Text: miss}); len(hits) != 0 {
				t.Errorf("%q: %+v", miss, hits)
			}
		}
		if all := w.Templates(ctx, "hn", "urban.roads", "answer", today); len(all) != 1 || len(w.Templates(ctx, "hn", "legal.digital", "answer", today)) != 0 || len(w.Templates(ctx, "bd", "urban.roads", "answer", today)) != 0 {
			t.Errorf("%+v", all)
		}
		// A rule is changed and ended by its id; an ended field is not proposed.
		of := hits[1].RuleID
		w.enact(t, lan, hoa, today.AddDays(1), RuleChange{Action: Revise, Of: of, RuleBody: RuleBody{Title: "Ngập", Any: []string{"lụt"}, ToField: "urban.drainage", ToBody: "sxd", Priority: 1}}, FieldChange{Action: End, Code: "culture.health"})
		w.clock.Set(today.AddDays(1).Time())
		hits = w.Route(ctx, "hn", Facts{Text: "lut truoc tram y te"})
		if len(hits) != 2 || hits[0].Field != "" || hits[1].RuleID != of || hits[1].Field != "urban.drainage" {
			t.Errorf("%+v", hits)
		}
		w.enact(t, lan, hoa, today.AddDays(2), RuleChange{Action: End, Of: of})
		w.clock.Set(today.AddDays(2).Time())
		if hits = w.Route(ctx, "hn", Facts{Text: "lụt"}); len(hits) != 0 {
			t.Errorf("an ended rule: %+v", hits)
		}
		late := w.draft(t, lan, today.AddDays(2))
		_, err = w.Enter(ctx, lan, late, RuleChange{Action: End, Of: of}, "")
		testkit.Refused(t, err, "settings.rule_unknown")
		_, err = w.Enter(ctx, lan, late, rule("Sở đã giải thể", 1, RuleBody{Any: []string{"x"}, ToBody: "syt"}), "")
		if err != nil {
			t.Errorf("a body that still exists: %v", err)
		}
		after := w.draft(t, lan, clock.NewDate(2026, 12, 1))
		_, err = w.Enter(ctx, lan, after, rule("Sở đã giải thể", 1, RuleBody{Any: []string{"x"}, ToBody: "syt"}), "")
		testkit.Refused(t, err, "settings.body_unknown")
	})
}

func TestHostileRulesAndTemplates(t *testing.T) {
	t.Parallel()
	template := func(s string) Change { return TemplateChange{Action: Add, Verb: "answer", Title: "Mẫu", Text: s} }
	for _, c := range []struct {
		change Change
		key    string
	}{
		{template("Kính gửi {voter_name}"), "settings.place_unknown"},
		{template("{ code }"), "settings.place_unknown"},
		{template("{}"), "settings.place_unknown"},
		{template("{{code}}"), "settings.brace_alone"},
		{template("{code"), "settings.brace_alone"},
		{template("}"), "settings.brace_alone"},
		{template("{co\u202ede}"), ""},
		{template("{cod\u00e9}"), "settings.place_unknown"},
		{template(" \n\t"), "settings.empty"},
		{template(strings.Repeat("ă", templateMax+1)), "settings.long"},
		{template("<script>alert(1)</script> {code}"), ""},
		{TemplateChange{Action: Add, Verb: "shout", Title: "x", Text: "x"}, "settings.choose"},
		{rule("r", 1, RuleBody{ToField: "urban.roads"}), "settings.rule_asks_nothing"},
		{rule("r", 1, RuleBody{Any: []string{" ", ""}, ToField: "urban.roads"}), "settings.rule_asks_nothing"},
		{rule("r", 1, RuleBody{Any: []string{"!!!"}, ToField: "urban.roads"}), "settings.word_without_letters"},
		{rule("r", 1, RuleBody{Any: []string{strings.Repeat("x", wordMax+1)}, ToField: "urban.roads"}), "settings.word_long"},
		{rule("r", 1, RuleBody{Any: []string{"x"}}), "settings.rule_proposes_nothing"},
		{rule("r", 0, RuleBody{Any: []string{"x"}, ToField: "urban.roads"}), "settings.priority_wrong"},
		{rule("", 5, RuleBody{Any: []string{"x"}, ToField: "urban.roads"}), "settings.empty"},
		{RuleChange{Action: Revise}, "settings.choose"},
		{RuleChange{Action: "burn", Of: "x"}, "settings.action_unknown"},
	} {
		_, faults := c.change.tidy()
		var keys []string
		for _, f := range faults {
			keys = append(keys, f.Key)
		}
		if c.key == "" && len(keys) > 0 || c.key != "" && !slices.Contains(keys, c.key) {
			t.Errorf("%+v: %v, want %q", c.change, keys, c.key)
		}
	}
	// A fact that looks like a place is not filled again.
	got := Render(Template{Text: "{body} – {code}"}, Filling{Body: "{code}{due}", Code: "KN26-1"})
	if got != "{code}{due} – KN26-1" {
		t.Error(got)
	}
}

// TestRouteAsksNoOrder: the rules of a council say the same however they were
// entered.
func TestRouteAsksNoOrder(t *testing.T) {
	t.Parallel()
	words := []string{"ngập", "đường", "đèn", "rác", "trường học"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "rules")
		var all []RuleChange
		for i := range n {
			b := RuleBody{Any: rapid.SliceOfN(rapid.SampledFrom(words), 0, 3).Draw(t, "any"), All: rapid.SliceOfN(rapid.SampledFrom(words), 0, 2).Draw(t, "all"),
				Ward: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "ward"), ToField: rapid.SampledFrom([]string{"", "urban.roads", "urban.drainage"}).Draw(t, "field"), ToBody: fmt.Sprint("b", i%3)}
			all = append(all, rule(fmt.Sprint("r", rapid.IntRange(0, 3).Draw(t, "title")), rapid.IntRange(1, 3).Draw(t, "priority"), b))
		}
		f := Facts{Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 4).Draw(t, "text"), " "), Ward: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "at")}
		first := routed(all, f)
		shuffled := slices.Clone(all)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if second := routed(shuffled, f); !reflect.DeepEqual(first, second) {
			t.Fatalf("%+v\n%+v", first, second)
		}
		for i := 1; i < len(first); i++ {
			if first[i-1].Priority < first[i].Priority {
				t.Fatal("a lower priority comes first")
			}
		}
	})
}

// routed asks rules in the order given; ids differ with the order, so they are
// left out.
func routed(all []RuleChange, f Facts) []Hit {
	st := &state{rules: map[string][]Rule{}, fields: []Field{{Code: "urban.roads"}, {Code: "urban.drainage"}}}
	for i, c := range all {
		if fault := c.apply(st, place{itemID: fmt.Sprint(i), councilID: "c"}); fault != nil {
			panic(fault)
		}
	}
	hits := st.route("c", f)
	for i := range hits {
		hits[i].RuleID = ""
	}
	return hits
}
