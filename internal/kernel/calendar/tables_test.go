package calendar

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"example.vn/hdnd/internal/kernel/fault"
)

const oneRule = `[[rule]]
key = "petitions.reply"
count = 60
unit = "day"
confirmed = false
from = "2026-01-01"
source = "thử"
`

// Each mistake is answered with the file, the line and what is wrong.
func TestRulesRefused(t *testing.T) {
	confirmed := strings.Replace(oneRule, "confirmed = false", "confirmed = true\nread = \"seen\"\nbasis = \"Điều 1\"", 1)
	for _, v := range []struct{ name, text, want string }{
		{"unknown field", oneRule + "conut = 3\n", `rules/a.toml:8: unknown field "conut"`},
		{"field in capitals", oneRule + "Note = \"x\"\n", `rules/a.toml:8: unknown field "Note"`},
		{"unknown table", oneRule + "[[rules]]\nkey = \"x\"\n", `rules/a.toml:8: unknown table or field "rules"`},
		{"no TOML", oneRule + "what\n", `rules/a.toml:8: `},
		{"field twice", oneRule + "count = 3\n", `rules/a.toml:8: `},
		{"count is text", strings.Replace(oneRule, "60", `"60"`, 1), `rules/a.toml:3: `},
		{"count of the first is text", strings.Replace(oneRule, "60", `"60"`, 1) + strings.Replace(oneRule, "reply", "judge", 1), `rules/a.toml:3: incompatible types`},
		{"field outside a row", "count = 3\n" + oneRule, `rules/a.toml:1: unknown table or field "count"`},
		{"table in a row", oneRule + "[rule.x]\ny = 1\n", `rules/a.toml:8: unknown field`},
		{"date that does not exist", strings.Replace(oneRule, "2026-01-01", "2026-02-30", 1), `rules/a.toml:6: `},
		{"several lines", oneRule + "note = \"\"\"\nx\n\"\"\"\n", `rules/a.toml:8: values over several lines are not allowed`},
		{"inline", `rule = [{key = "a.b"}]`, `rules/a.toml:1: write every row under its own [[rule]]`},
		{"no key", "\n" + strings.Replace(oneRule, "petitions.reply", "reply", 1), `rules/a.toml:2: key "reply" is not module.name`},
		{"no count", strings.Replace(oneRule, "count = 60\n", "", 1), `rules/a.toml:1: count 0 is not between`},
		{"negative", strings.Replace(oneRule, "60", "-1", 1), `rules/a.toml:1: count -1`},
		{"unknown unit", strings.Replace(oneRule, `"day"`, `"days"`, 1), `rules/a.toml:1: unit "days" is unknown`},
		{"a number without a unit", strings.Replace(oneRule, `"day"`, `"none"`, 1), `rules/a.toml:1: unit "none" is unknown`},
		{"not said whether confirmed", strings.Replace(oneRule, "confirmed = false\n", "", 1), `rules/a.toml:1: confirmed is needed`},
		{"confirmed without basis", strings.Replace(oneRule, "confirmed = false", "confirmed = true", 1), `rules/a.toml:1: a confirmed rule needs its basis`},
		{"confirmed without where it was read", strings.Replace(confirmed, "read = \"seen\"\n", "", 1), `rules/a.toml:1: read says where`},
		{"read somewhere unknown", strings.Replace(confirmed, "seen", "somewhere", 1), `rules/a.toml:1: read says where`},
		{"read and not confirmed", oneRule + "read = \"mirror\"\n", `rules/a.toml:1: read says where`},
		{"no source", strings.Replace(oneRule, "source = \"thử\"\n", "", 1), `rules/a.toml:1: source is needed`},
		{"no from", strings.Replace(oneRule, "from = \"2026-01-01\"\n", "", 1), `rules/a.toml:1: from is needed`},
		{"until before from", oneRule + "until = \"2025-01-01\"\n", `rules/a.toml:1: until is before from`},
		{"overlap", oneRule + "until = \"2026-06-30\"\n" + strings.Replace(confirmed, "2026-01-01", "2026-06-30", 1), `rules/a.toml:9: petitions.reply from 2026-06-30 overlaps the rule at rules/a.toml:1`},
		{"overlap with one still in force", oneRule + strings.Replace(oneRule, "2026-01-01", "2027-01-01", 1), `rules/a.toml:8: petitions.reply from 2027-01-01 overlaps`},
		{"gap", oneRule + "until = \"2026-06-30\"\n" + strings.Replace(confirmed, "2026-01-01", "2026-07-02", 1), `rules/a.toml:9: petitions.reply has a gap between 2026-06-30 (rules/a.toml:1) and 2026-07-02`},
	} {
		_, err := ReadRules(fstest.MapFS{"rules/a.toml": {Data: []byte(v.text)}})
		if err == nil || !strings.HasPrefix(err.Error(), v.want) {
			t.Errorf("%s: %v, want %s", v.name, err, v.want)
		}
	}
}

func TestRulesAcrossFiles(t *testing.T) {
	_, err := ReadRules(fstest.MapFS{"rules/a.toml": {Data: []byte(oneRule)}, "rules/b.toml": {Data: []byte("\n\n" + oneRule)}})
	if err == nil || !strings.HasPrefix(err.Error(), "rules/b.toml:3: ") {
		t.Errorf("the same rule in two files: %v", err)
	}
}

const oneDay = `[[day]]
date = "2027-03-01"
kind = "holiday"
vi = "Nghỉ"
en = "Off"
source = "thử"
mark = "K"
confirmed = true
from = "2021-01-01"
`

func TestDayFilesRefused(t *testing.T) {
	for _, v := range []struct{ name, text, want string }{
		{"unknown field", oneDay + "colour = \"red\"\n", `days/a.toml:10: unknown field "colour"`},
		{"unknown kind", strings.Replace(oneDay, "holiday", "party", 1), `days/a.toml:1: invalid: calendar.unknown_kind`},
		{"no date", strings.Replace(oneDay, "2027-03-01", "2027-13-01", 1), `days/a.toml:2: `},
		{"not said whether confirmed", strings.Replace(oneDay, "confirmed = true\n", "", 1), `days/a.toml:1: confirmed, en, from`},
		{"unknown mark", strings.Replace(oneDay, `"K"`, `"maybe"`, 1), `days/a.toml:1: confirmed, en, from`},
		{"second row", oneDay + "\n[[weekly]]\nweekday = \"someday\"\nvi = \"a\"\nen = \"a\"\nsource = \"a\"\nfrom = \"2000-01-01\"\n", `days/a.toml:11: "someday" is no weekday`},
		{"no such month", "[[yearly]]\nsolar = \"13-01\"\nkind = \"holiday\"\nfeast = \"tet\"\nvi = \"a\"\nen = \"a\"\nsource = \"a\"\nmark = \"K\"\nconfirmed = true\nfrom = \"2000-01-01\"\n", `days/a.toml:1: "13-01" is not a day of every year`},
		{"29 February", "[[yearly]]\nsolar = \"02-29\"\nkind = \"holiday\"\nfeast = \"tet\"\nvi = \"a\"\nen = \"a\"\nsource = \"a\"\nmark = \"K\"\nconfirmed = true\nfrom = \"2000-01-01\"\n", `days/a.toml:1: "02-29" is not a day of every year`},
		{"lieu without source", "[[compensation]]\nvi = \"a\"\nen = \"a\"\nfrom = \"2000-01-01\"\n", `days/a.toml:1: vi, en, source and from are needed`},
	} {
		_, err := readDays(fstest.MapFS{"days/a.toml": {Data: []byte(v.text)}})
		if err == nil || !strings.HasPrefix(err.Error(), v.want) {
			t.Errorf("%s: %v, want %s", v.name, err, v.want)
		}
	}
}

var withPlace = regexp.MustCompile(`^[a-z]+/a\.toml:[1-9][0-9]*: .+`)

func FuzzRules(f *testing.F) {
	f.Add([]byte(oneRule))
	f.Add([]byte(oneRule + oneRule))
	f.Add([]byte("[[rule]]\nx = [1,\n[[2]]]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rules, err := ReadRules(fstest.MapFS{"rules/a.toml": {Data: b}})
		if err != nil {
			if !withPlace.MatchString(err.Error()) {
				t.Fatalf("no file and line: %v", err)
			}
			return
		}
		for _, key := range rules.Keys() {
			for _, r := range rules.History(key) {
				if r.Key != key || (r.Basis() != "" && !r.Confirmed) || (r.Confirmed && r.Basis() == "") {
					t.Fatalf("accepted %+v", r)
				}
				if got, err := rules.At(key, r.From); err != nil || got != r {
					t.Fatalf("%s at %v: %+v %v", key, r.From, got, err)
				}
			}
		}
	})
}

func FuzzDays(f *testing.F) {
	f.Add([]byte(oneDay))
	for _, name := range []string{"every-year", "2027"} {
		b, err := Files.ReadFile("days/" + name + ".toml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var src source
		if err := src.read("days/a.toml", b); err != nil {
			if !withPlace.MatchString(err.Error()) {
				t.Fatalf("no file and line: %v", err)
			}
			return
		}
		days, err := src.layout(nil)
		if err != nil && fault.Of(err).Kind == fault.Internal {
			t.Fatal(err)
		}
		for i := 1; i < len(days); i++ {
			if !days[i-1].Date.Before(days[i].Date) {
				t.Fatal(fmt.Errorf("%v comes before %v", days[i-1].Date, days[i].Date))
			}
		}
	})
}
