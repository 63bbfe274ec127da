package figures

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
)

func forms(t testing.TB) *Book {
	t.Helper()
	b, err := ReadForms(Files)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var third = Period{clock.NewDate(2026, 7, 1), clock.NewDate(2026, 9, 30)}

func TestFormsAreAsTheCircularNumbersThem(t *testing.T) {
	b := forms(t)
	for key, want := range map[string]struct {
		columns    int
		identities []string
	}{
		"01/TCD 2024": {29, []string{"1 = 4 + 13 + 22", "2 = 5 + 14 + 23", "3 = 6 + 7 + 15 + 16 + 24 + 25"}},
		"01/XLD 2024": {22, []string{"1 = 2 + 3", "1 = 4 + 5", "6 = 8 + 9 + 10", "6 = 11 + 12 + 13", "6 = 14 + 18", "14 = 15 + 16 + 17", "18 = 19 + 20 + 21"}},
	} {
		f, ok := b.Form(key)
		if !ok || len(f.Columns) != want.columns {
			t.Fatalf("%s: %v", key, f)
		}
		var have []string
		for _, i := range f.Identities {
			have = append(have, i.String())
		}
		if !slices.Equal(have, want.identities) {
			t.Errorf("%s: %v", key, have)
		}
	}
}

// A form with a word that nothing knows does not start the program.
func TestWrongFormsAreRefused(t *testing.T) {
	const good = `form = "01/X"
version = "1"
about = "letters"
title = "T"
basis = "B"
confirmed = false
from = "2024-01-01"
note = ""
[[column]]
n = 1
name = "A"
count = "letters"
[[column]]
n = 2
name = "B"
count = "matters"
where = {kind = "complaint"}
`
	read := func(s string) error {
		_, err := ReadForms(fstest.MapFS{"forms/x.toml": {Data: []byte(s)}})
		return err
	}
	if err := read(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"letters\"\n[[column]]\nn = 2", "leters\"\n[[column]]\nn = 2", "counts"},
		{`kind = "complaint"`, `kind = "complain"`, "chooses by"},
		{`kind = "complaint"`, `sort = "complaint"`, "chooses by"},
		{"n = 2", "n = 3", "stands at place"},
		{`about = "letters"`, `about = "petitions"`, "is about"},
		{`title = "T"`, `titel = "T"`, "unknown"},
		{`basis = "B"`, `basis = ""`, "needs"},
		{"name = \"A\"\n", "name = \"\"\n", "no name"},
	} {
		s := strings.Replace(good, c[0], c[1], 1)
		if err := read(s); s == good || err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s → %s: %v", c[0], c[1], err)
		}
	}
	for _, more := range []string{"[[identity]]\nleft = 1\nright = [2]\n", "[[identity]]\nleft = 1\nright = [9]\n", "[[identity]]\nleft = 1\nright = []\n", "[[chart]]\ntitle = \"c\"\ncolumns = [2]\n"} {
		if err := read(good + more); err == nil {
			t.Errorf("taken: %s", more) // matters are counted once each, so they do not add up
		}
	}
	if _, err := ReadForms(fstest.MapFS{"forms/x.toml": {Data: []byte(good)}, "forms/y.toml": {Data: []byte(good)}}); err == nil {
		t.Error("a form that stands twice is taken")
	}
}

func countLetters(t testing.TB, all []Letter) Table {
	c := forms(t).letters["01/XLD 2024"]
	tally := newTally(c, third)
	tally.council("hn", "Hà Nội")
	for _, l := range all {
		tally.add(l.ID, l.Ref, l)
	}
	return tally.result()
}

func values(t Table, columns ...int) (all []int64) {
	for _, n := range columns {
		all = append(all, t.Total[n-1])
	}
	return all
}

func TestLettersCounted(t *testing.T) {
	in, before := clock.NewDate(2026, 8, 3), clock.NewDate(2026, 6, 10)
	own := func(l Letter) Letter { l.Own, l.Eligible = true, true; return l }
	all := []Letter{
		own(Letter{ID: "1", Received: before, Handled: in, Matter: "m1", Kind: "complaint", Standing: "first"}),
		own(Letter{ID: "2", Received: in, Handled: in, Matter: "m1", Kind: "complaint", Standing: "open"}), // the same matter
		{ID: "3", Received: in, Handled: in, Eligible: true, Matter: "m2", Kind: "denunciation", Standing: "open", Result: "forwarded", Replies: []clock.Date{in, clock.NewDate(2026, 10, 1)}},
		{ID: "4", Received: in, Handled: clock.NewDate(2026, 10, 2), Eligible: true, Kind: "reflection"},                                                         // handled in the next period
		{ID: "5", Received: before, Handled: before, Eligible: true, Kind: "reflection", Standing: "open", Result: "forwarded", Replies: []clock.Date{in}},       // only its reply is of this period
		{ID: "6", Received: clock.NewDate(2026, 9, 30), Kind: "complaint"},                                                                                       // the last day counts
		{ID: "7", Received: clock.NewDate(2026, 7, 1), Handled: clock.NewDate(2026, 9, 30), Matter: "m7", Kind: "reflection"},                                    // not fit to be handled
		{ID: "8", Received: clock.NewDate(2026, 10, 1), Handled: clock.NewDate(2026, 10, 1), Eligible: true, Matter: "m8", Kind: "reflection", Result: "guided"}, // after the period
	}
	got := countLetters(t, all)
	want := []int64{6, 1, 5, 4, 2, 3, 2, 2, 1, 0, 1, 0, 2, 2, 2, 0, 0, 1, 0, 1, 0, 2}
	if !slices.Equal(got.Total, want) {
		t.Errorf("counted %v\nwant    %v", got.Total, want)
	}
	if len(got.Breaches) != 0 || got.Facts != 7 {
		t.Errorf("%d rows, %+v", got.Facts, got.Breaches)
	}
}

// A row that breaks a sum is named, even when two such rows hide each other in
// the totals.
func TestBreachesNameTheRows(t *testing.T) {
	in := clock.NewDate(2026, 8, 3)
	got := countLetters(t, []Letter{
		{ID: "1", Ref: "ĐT26-A", Received: in, Handled: in, Eligible: true, Own: true, Matter: "a", Kind: "mixed", Standing: "open"},
		{ID: "2", Ref: "ĐT26-B", Received: in, Handled: in, Eligible: true, Matter: "b", Kind: "complaint", Standing: "open", Result: "returned"},
		{ID: "3", Ref: "ĐT26-C", Received: in, Handled: in, Eligible: true, Own: true, Matter: "c", Kind: "complaint", Standing: "open"},
	})
	var have []string
	for _, b := range got.Breaches {
		have = append(have, fmt.Sprintf("%s: %d, %d, %v", b.Identity, b.Left, b.Right, b.Refs))
	}
	want := []string{"6 = 8 + 9 + 10: 3, 2, [ĐT26-A]", "14 = 15 + 16 + 17: 2, 1, [ĐT26-A]", "18 = 19 + 20 + 21: 1, 0, [ĐT26-B]"}
	if !slices.Equal(have, want) {
		t.Errorf("%q", have)
	}
}

func TestVisitsCounted(t *testing.T) {
	tally := newTally(forms(t).visits["01/TCD 2024"], third)
	tally.council("hn", "Hà Nội")
	on := clock.NewDate(2026, 8, 3)
	for i, v := range []Visit{
		{By: "regular", People: 1, First: 1},
		{By: "regular", People: 12, Again: 1, Group: true},
		{By: "leader", Session: "s1", People: 2, First: 1, Again: 1},
		{By: "leader", Session: "s1", People: 1, First: 1},
		{By: "leader", Session: "s2", People: 6, First: 1, Group: true},
		{By: "delegated", Session: "s3", People: 1, Again: 1},
		{By: "delegated", Session: "s3", People: 1, Unclear: 1}, // breaks the third sum
	} {
		v.ID, v.Ref, v.On = fmt.Sprint(i), fmt.Sprint("TD-", i), on
		tally.add(v.ID, v.Ref, v)
	}
	got := tally.result()
	want := []int64{7, 24, 8, 2, 13, 1, 1, 1, 12, 0, 1, 2, 3, 9, 3, 1, 1, 6, 1, 0, 1, 2, 2, 0, 1, 0, 0, 0, 0}
	if !slices.Equal(got.Total, want) {
		t.Errorf("counted %v\nwant    %v", got.Total, want)
	}
	if len(got.Breaches) != 1 || !slices.Equal(got.Breaches[0].Refs, []string{"TD-6"}) {
		t.Errorf("%+v", got.Breaches)
	}
}

// Whatever consistent letters there are, every sum comes out; two councils
// together are the sum of each; and the order of reading does not matter.
func TestIdentitiesHold(t *testing.T) {
	form := forms(t).letters["01/XLD 2024"]
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(letter), 0, 60).Draw(t, "letters")
		tally := newTally(form, third)
		cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
		for i, part := range [][]Letter{all[:cut], all[cut:]} {
			tally.council(fmt.Sprint(i), "")
			for k, l := range part {
				tally.add(fmt.Sprint(i, "-", k), fmt.Sprint(k), l)
			}
		}
		got := tally.result()
		if len(got.Breaches) > 0 {
			t.Fatalf("%+v", got.Breaches)
		}
		for i := range got.Total {
			if got.Total[i] != got.Rows[0].Values[i]+got.Rows[1].Values[i] {
				t.Fatalf("column %d does not add up", i+1)
			}
		}
	})
}

func letter(t *rapid.T) Letter {
	from := clock.NewDate(2026, 1, 1)
	l := Letter{Received: from.AddDays(rapid.IntRange(0, 400).Draw(t, "received")), Matter: fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "matter"))}
	if rapid.Bool().Draw(t, "handled") {
		l.Handled = l.Received.AddDays(rapid.IntRange(0, 120).Draw(t, "after"))
	}
	l.Eligible, l.Own = rapid.Bool().Draw(t, "eligible"), rapid.Bool().Draw(t, "own")
	l.Kind = rapid.SampledFrom([]string{"complaint", "denunciation", "reflection"}).Draw(t, "kind")
	l.Standing = rapid.SampledFrom([]string{"first", "again", "open"}).Draw(t, "standing")
	l.Result = rapid.SampledFrom([]string{"guided", "forwarded", "urged"}).Draw(t, "result")
	return l
}

// A hundred thousand generated letters: every sum comes out, and the counting
// of one planted wrong row is found among them.
func TestHundredThousandLetters(t *testing.T) {
	kinds, standings, results := []string{"complaint", "denunciation", "reflection"}, []string{"first", "again", "open"}, []string{"guided", "forwarded", "urged"}
	all := make([]Letter, 100_000)
	for i := range all {
		all[i] = Letter{ID: fmt.Sprint(i), Ref: fmt.Sprint("ĐT26-", i), Received: third.From.AddDays(i%120 - 30), Eligible: i%5 > 0, Own: i%4 == 0, Matter: fmt.Sprint(i / 2),
			Kind: kinds[i%3], Standing: standings[i/3%3], Result: results[i/9%3]}
		if i%3 > 0 {
			all[i].Handled = all[i].Received.AddDays(i % 40)
		}
	}
	if got := countLetters(t, all); len(got.Breaches) != 0 || values(got, 1)[0] < 60_000 {
		t.Fatalf("%v of %v", got.Breaches, got.Total)
	}
	all[77_776].Kind, all[77_776].Handled, all[77_776].Eligible = "", third.Until, true
	all[77_776].Received = third.From
	if got := countLetters(t, all); len(got.Breaches) == 0 || !slices.Equal(got.Breaches[0].Refs, []string{"ĐT26-77776"}) {
		t.Errorf("%+v", got.Breaches)
	}
}

func TestPresets(t *testing.T) {
	var all []string
	for _, p := range Presets(clock.NewDate(2027, 1, 15)) {
		all = append(all, fmt.Sprint(p.Key, " ", p.Number, " ", p.Period.From.VN(), "–", p.Period.Until.VN()))
	}
	want := []string{"month 1 01/01/2027–31/01/2027", "month 12 01/12/2026–31/12/2026", "quarter 1 01/01/2027–31/03/2027", "quarter 4 01/10/2026–31/12/2026",
		"half 0 01/01/2027–30/06/2027", "nine 0 01/01/2027–30/09/2027", "year 0 01/01/2027–31/12/2027"}
	if !slices.Equal(all, want) {
		t.Errorf("%q", all)
	}
}

func BenchmarkLetters(b *testing.B) {
	form := forms(b).letters["01/XLD 2024"]
	in := clock.NewDate(2026, 8, 3)
	l := Letter{ID: "01h", Received: in, Handled: in, Eligible: true, Own: true, Kind: "complaint", Standing: "first", Matter: "m"}
	tally := newTally(form, third)
	tally.council("hn", "")
	for b.Loop() {
		tally.add("01h", "ref", l)
	}
}
