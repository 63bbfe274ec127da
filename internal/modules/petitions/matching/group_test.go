package matching_test

import (
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/testkit"
)

func fellows(t *testing.T, w *world, id string) string {
	return strings.Join(read(t, w, func(tx *db.Tx) (ids []string, err error) {
		c, err := cases.Load(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		all, _, err := matching.FellowsOf(ctx, tx, lan, c)
		for _, f := range all {
			ids = append(ids, f.ID)
		}
		return ids, err
	}), " ")
}

func members(t *testing.T, w *world, id string) string {
	return strings.Join(read(t, w, func(tx *db.Tx) ([]string, error) {
		return db.All[string](ctx, tx, `SELECT o.petition_id FROM petitions_group_members m JOIN petitions_group_members o ON o.group_id = m.group_id AND o.removed_at = 0
			WHERE m.petition_id = $1 AND m.removed_at = 0 ORDER BY o.added_at, o.petition_id`, id)
	}), " ")
}

func TestGroups(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", text: "Đường 179 hỏng"}, petition{id: "p2", text: "Sửa đường 179", state: "accepted", holder: "sxd"}, petition{id: "p3", text: "Đường 179 nhiều ổ gà"}, petition{id: "p4", text: "Đường 179"},
			petition{id: "q1", text: "Ngập"}, petition{id: "q2", text: "Ngập nữa"}, petition{id: "z1", text: "Tố cáo", sealed: true}, petition{id: "b1", text: "Của phường", council: "bd"})
		id, err := w.Group(ctx, lan, matching.Grouping{LeadID: "p1", Others: []string{"p2", "p2"}, Title: " Đường  179 "})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(1e9)
		again, err := w.Group(ctx, lan, matching.Grouping{LeadID: "p2", Others: []string{"p3", "p1"}})
		if err != nil || again != id {
			t.Fatalf("a petition that is grouped takes others into its group: %v, %s and %s", err, id, again)
		}
		if got := members(t, w, "p3"); got != "p1 p2 p3" {
			t.Errorf("members %q", got)
		}
		if got := fellows(t, w, "p2"); got != "p1 p3" {
			t.Errorf("fellows %q", got)
		}
		if fellows(t, w, "p4") != "" || members(t, w, "p4") != "" {
			t.Error("p4 is in no group")
		}
		_, err = w.Group(ctx, lan, matching.Grouping{LeadID: "q1", Others: []string{"q2"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who    org.Actor
			lead   string
			others []string
			key    string
		}{
			{lan, "p1", []string{"p3"}, "matching.already_grouped"}, {lan, "p1", []string{"q1"}, "matching.in_other_group"}, {lan, "p4", []string{"p1"}, "matching.in_other_group"},
			{lan, "p4", nil, "matching.none_chosen"}, {lan, "p4", []string{"p4"}, "matching.none_chosen"}, {lan, "p4", []string{"z1"}, "matching.sealed"},
			{lan, "p4", []string{"b1"}, "cases.no_such_case"}, {lan, "p4", []string{"none"}, "cases.no_such_case"}, {tam, "p4", []string{"p1"}, "cases.no_such_case"},
			{yen, "p2", []string{"p4"}, "cases.no_such_case"}, {quan, "p4", []string{"p1"}, "cases.no_such_case"}, {org.Voter("203.0.113.9"), "p4", []string{"p1"}, "cases.no_such_case"},
		} {
			_, err := w.Group(ctx, c.who, matching.Grouping{LeadID: c.lead, Others: c.others})
			testkit.Refused(t, err, c.key)
		}
		s, err := w.GroupSheet(ctx, lan, id)
		if err != nil || s.Title != "Đường 179" || len(s.Members) != 3 || s.States != 2 || !s.Members[0].Lead {
			t.Errorf("sheet %v: %+v", err, s)
		}
		_, err = w.GroupSheet(ctx, tam, id)
		testkit.Refused(t, err, "matching.no_such_group")
		// What is sealed later gets no common answer and is not shown.
		w.seal(t, "p3")
		if got := fellows(t, w, "p2"); got != "p1" {
			t.Errorf("fellows %q", got)
		}
		if s, err = w.GroupSheet(ctx, lan, id); err != nil || len(s.Members) != 2 {
			t.Errorf("a sealed member shows: %v %+v", err, s.Members)
		}
	})
}

func TestUngroup(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", text: "Một"}, petition{id: "p2", text: "Hai"}, petition{id: "p3", text: "Ba"})
		id, err := w.Group(ctx, lan, matching.Grouping{LeadID: "p1", Others: []string{"p2", "p3"}})
		if err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.Ungroup(ctx, lan, id, "p1", " "), "matching.reason_short")
		testkit.Refused(t, w.Ungroup(ctx, tam, id, "p1", "không cùng việc"), "matching.no_such_group")
		testkit.Refused(t, w.Ungroup(ctx, yen, id, "p1", "không cùng việc"), "matching.no_such_group")
		testkit.Refused(t, w.Ungroup(ctx, lan, "none", "p1", "không cùng việc"), "matching.no_such_group")
		w.clock.Advance(1e9)
		if err := w.Ungroup(ctx, lan, id, "p1", "Khác địa điểm"); err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.Ungroup(ctx, lan, id, "p1", "Khác địa điểm"), "matching.not_in_group")
		s, err := w.GroupSheet(ctx, lan, id)
		if err != nil || s.LeadID != "p2" || len(s.Members) != 2 || len(s.Past) != 1 || s.Past[0].Reason != "Khác địa điểm" {
			t.Errorf("%v %+v", err, s)
		}
		w.clock.Advance(1e9)
		// It may come back, and a group of one ends.
		if back, err := w.Group(ctx, lan, matching.Grouping{LeadID: "p2", Others: []string{"p1"}}); err != nil || back != id {
			t.Errorf("%v %s", err, back)
		}
		for _, p := range []string{"p2", "p3"} {
			w.clock.Advance(1e9)
			if err := w.Ungroup(ctx, lan, id, p, "Khác nội dung"); err != nil {
				t.Fatal(err)
			}
		}
		if s, err = w.GroupSheet(ctx, lan, id); err != nil || !s.Over || fellows(t, w, "p1") != "" {
			t.Errorf("a group of one goes on: %v %+v", err, s)
		}
		verbs := read(t, w, func(tx *db.Tx) ([]string, error) {
			return db.All[string](ctx, tx, `SELECT verb FROM audit_entries ORDER BY id`)
		})
		if want := []string{"petitions.group", "petitions.ungroup", "petitions.group", "petitions.ungroup", "petitions.ungroup"}; !slices.Equal(verbs, want) {
			t.Errorf("the log has %v", verbs)
		}
		if _, err := w.log.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		if r, err := w.log.Verify(ctx, []audit.Rederive{}...); err != nil || !r.OK() {
			t.Errorf("the log is not sound: %v %+v", err, r)
		}
	})
}

// What is sealed later leads no group, names none and keeps none together.
func TestSealedLeadsNoGroup(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", text: "Ông A nhận hối lộ"}, petition{id: "p2", text: "Đường 179 hỏng"}, petition{id: "p3", text: "Sửa đường 179"}, petition{id: "p4", text: "Đường 179 xấu"})
		id, err := w.Group(ctx, lan, matching.Grouping{LeadID: "p1", Others: []string{"p2", "p3", "p4"}})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := w.GroupSheet(ctx, lan, id); err != nil || s.Title != "Ông A nhận hối lộ" || !s.Members[0].Lead {
			t.Errorf("%v %+v", err, s)
		}
		w.seal(t, "p1")
		s, err := w.GroupSheet(ctx, lan, id)
		if err != nil || s.Title != "Đường 179 hỏng" || len(s.Members) != 3 || !s.Members[0].Lead {
			t.Errorf("%v %+v", err, s)
		}
		if _, page := house(t, w).Ask(t, "lan", "/petition-groups/"+id, nil); strings.Contains(page, "hối lộ") || strings.Contains(page, "KN26-P1") {
			t.Error("the group's page shows a sealed petition")
		}
		w.clock.Advance(1e9)
		if err := w.Ungroup(ctx, lan, id, "p2", "Khác đoạn đường"); err != nil {
			t.Fatal(err)
		}
		if s, err = w.GroupSheet(ctx, lan, id); err != nil || s.LeadID != "p3" || len(s.Members) != 2 {
			t.Errorf("after the first: %v %+v", err, s)
		}
		w.clock.Advance(1e9)
		if err := w.Ungroup(ctx, lan, id, "p3", "Khác đoạn đường"); err != nil {
			t.Fatal(err)
		}
		if s, err = w.GroupSheet(ctx, lan, id); err != nil || !s.Over || members(t, w, "p1")+members(t, w, "p4") != "" {
			t.Errorf("a sealed petition keeps a group together: %v %+v", err, s)
		}
		if _, page := house(t, w).Ask(t, "lan", "/petition-groups/"+id, nil); strings.Contains(page, "hối lộ") || strings.Contains(page, "KN26-P1") {
			t.Error("the page of an ended group shows a sealed petition")
		}
	})
}

// TestGroupingAtOnce lets two clerks put one petition into two groups.
func TestGroupingAtOnce(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "a", text: "A"}, petition{id: "b", text: "B"}, petition{id: "c", text: "C"})
		done := make(chan error)
		for _, lead := range []string{"a", "b"} {
			go func() {
				_, err := w.Group(ctx, lan, matching.Grouping{LeadID: lead, Others: []string{"c"}})
				done <- err
			}()
		}
		one, other := <-done, <-done
		if (one == nil) == (other == nil) {
			t.Errorf("both or none: %v, %v", one, other)
		}
		if one == nil {
			one = other
		}
		if key := one.Error(); !strings.Contains(key, "matching.in_other_group") && !strings.Contains(key, "matching.grouped_meanwhile") {
			t.Errorf("refused with %v", one)
		}
		if n := read(t, w, func(tx *db.Tx) (int, error) {
			return db.One[int](ctx, tx, `SELECT COUNT(*) FROM petitions_group_members WHERE petition_id = 'c' AND removed_at = 0`)
		}); n != 1 {
			t.Errorf("c is in %d groups", n)
		}
	})
}

func TestLearning(t *testing.T) {
	t.Parallel()
	const words = "Bà con xin đặt phao cứu sinh và thang lên xuống ở bến nước"
	eachWorld(t, func(t *testing.T, w *world) {
		before, err := w.Suggest(ctx, "hn", words)
		if err != nil {
			t.Fatal(err)
		}
		var all []petition
		for i := range 12 {
			id := string(rune('a' + i))
			all = append(all, petition{id: "v" + id, text: "Đề nghị đặt phao cứu sinh cho các cháu ở bến nước " + id, field: "culture.venues"},
				petition{id: "r" + id, text: "Đề nghị vá ổ gà đường trục thôn " + id, field: "urban.roads"},
				petition{id: "s" + id, text: "Bí mật phao cứu sinh thang lên xuống bến nước", field: "legal.security", sealed: true},
				petition{id: "n" + id, text: "Chưa phân loại thang lên xuống"})
		}
		w.hand(t, all...)
		if err := w.Learn(ctx, jobs.Work{}); err != nil {
			t.Fatal(err)
		}
		after, err := w.Suggest(ctx, "hn", words)
		if err != nil || after.Fields[0].Code != "culture.venues" || before.Fields[0].Score >= after.Fields[0].Score {
			t.Fatalf("%v: before %+v, after %+v", err, before.Fields[0], after.Fields[0])
		}
		if !slices.ContainsFunc(after.Fields[0].Why, func(y matching.Why) bool { return strings.Contains(y.Words, "phao") }) {
			t.Errorf("why: %+v", after.Fields[0].Why)
		}
		other, err := w.Suggest(ctx, "bd", words)
		if err != nil || other.Fields[0].Score != before.Fields[0].Score {
			t.Errorf("one council's words taught another: %v %+v", err, other.Fields[0])
		}
		stored := func() string {
			return strings.Join(read(t, w, func(tx *db.Tx) ([]string, error) {
				return db.All[string](ctx, tx, `SELECT field || words FROM petitions_learned WHERE council_id = 'hn' ORDER BY field`)
			}), "\n")
		}
		if s := stored(); strings.Contains(s, "bi mat") || strings.Contains(s, "legal") || !strings.Contains(s, "phao cuu") {
			t.Errorf("learned %s", s)
		}
		for _, p := range all {
			if p.field == "culture.venues" {
				w.seal(t, p.id)
			}
		}
		if err := w.Learn(ctx, jobs.Work{}); err != nil {
			t.Fatal(err)
		}
		if s := stored(); strings.Contains(s, "phao") {
			t.Errorf("what sealed petitions taught is kept: %s", s)
		}
		if gone, err := w.Suggest(ctx, "hn", words); err != nil || gone.Fields[0].Score >= after.Fields[0].Score {
			t.Errorf("%v %+v", err, gone.Fields[0])
		}
	})
}
