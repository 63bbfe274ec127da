package demo_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/library"
)

// libraryAsScripted: every document is where its line says, as it was read; what
// one does to another counts, and everybody finds it.
func libraryAsScripted(t *testing.T, a *app.App, today clock.Date) {
	t.Helper()
	newest, more, err := a.Library.Newest(t.Context(), library.Listing{}, a.Library.Clock.Now(), "")
	if err != nil || more {
		t.Fatal(more, err)
	}
	earliest := clock.Date{Year: 2026, Month: 3, Day: 30} // 103 days before the first day on which a demonstration can be built
	public := map[string]string{}
	for _, l := range newest {
		public[l.CouncilID+" "+l.Symbol] = string(l.Standing.Status)
		if l.IssuedOn.After(earliest) {
			t.Errorf("%s may come in before it was issued", l.Symbol)
		}
		if strings.Contains(l.Subject, "đính chính") {
			t.Errorf("%s was misread: %s", l.Symbol, l.Subject)
		}
		if l.Normative != (strings.Count(l.Symbol, "/") == 2) || l.Subject == "" || l.Signer == "" || l.Field == "" {
			t.Errorf("%s is published half read: %+v", l.Symbol, l.Document)
		}
	}
	district := "in_force"
	if today.After(clock.Date{Year: 2027, Month: 2, Day: 28}) {
		district = "expired"
	}
	for name, status := range map[string]string{
		"c-hn 912/2022/NQ-HĐND": "expired", "c-hn 903/2025/NQ-HĐND": "in_force", "c-hn 904/2025/NQ-HĐND": "amended", "c-hn 901/2026/NQ-HĐND": "in_force",
		"c-hn 907/2024/NQ-HĐND": "in_force", "c-hn 908/2025/NQ-HĐND": "in_force", "c-hn 982/NQ-HĐND": "in_force", "c-ba-dinh 901/2025/NQ-HĐND": "in_force", "c-ba-dinh 914/2023/NQ-HĐND": district,
	} {
		if public[name] != status {
			t.Errorf("%s is %q, not %s", name, public[name], status)
		}
	}
	if len(public) != 11 {
		t.Errorf("%d documents are published: %v", len(public), public)
	}
	for state, n := range map[library.State]int64{library.Read: 1, library.Checked: 1, library.Unread: 0, library.Withdrawn: 0} {
		if got := count(t, a.DB, `SELECT count(*) FROM library_documents WHERE state = $1`, state); got != n {
			t.Errorf("%d documents are %s", got, state)
		}
	}
	whole, err := a.Library.PublicWhole(t.Context(), "thanh-pho-ha-noi", "901-2026-nq-hdnd")
	if err != nil || len(whole.Related.Rows) == 0 {
		t.Errorf("what amends shows nothing of it: %v", err)
	}
	if err := a.Search.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := a.Library.Find(t.Context(), org.Actor{}, library.Asked{Text: "giá trông giữ xe máy", Limit: 10, PublishedOnly: true})
	if err != nil || len(found.Rows) == 0 || !strings.Contains(found.Rows[0].Document.Subject, "trông giữ xe") {
		t.Errorf("found %+v %v", found, err)
	}
}
