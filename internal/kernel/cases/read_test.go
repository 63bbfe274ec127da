package cases_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
)

const requestFile = "testdata/procedures/request-1.yaml"

func requestText(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(requestFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func requestNames() cases.Names {
	return cases.Names{
		Guards: []string{"known_field"},
		Steps:  []string{"assign", "hand_over"},
		Rules:  []string{"request.check", "request.contest", "request.judge", "request.reply"},
	}
}

func readRequest(t testing.TB) *cases.Procedure {
	t.Helper()
	p, flaws := cases.Read("request-1.yaml", []byte(requestText(t)), requestNames())
	if len(flaws) > 0 {
		t.Fatal(flaws)
	}
	return p
}

// The properties that matter, written out by hand a second time: a mistake of
// the reader that lost one of them would otherwise go unseen.
func TestRead(t *testing.T) {
	p := readRequest(t)
	if p.Key() != "request/1" || p.Opens != "receive" || !p.Confirmed || len(p.States) != 7 || len(p.Verbs) != 12 || len(p.Deadlines) != 4 {
		t.Errorf("read %+v", p)
	}
	if from := clock.NewDate(2025, 1, 1); p.Effective.From != from || !p.Effective.Until.IsZero() {
		t.Errorf("effective %+v", p.Effective)
	}
	give, _ := p.Verb("give")
	if give.To != "given" || !give.FourEyes || !give.Public || !slices.Equal(give.Apart, []string{"check"}) || !slices.Equal(give.Steps, []string{"hand_over"}) {
		t.Errorf("give is %+v", give)
	}
	reply, _ := p.Deadline("reply")
	if reply.Rule != "request.reply" || reply.Extensions != 1 || reply.ExtendMax != 10 || !reply.Public || reply.Window || reply.Escalates[0].Place != cases.Holder {
		t.Errorf("reply is %+v", reply)
	}
	if s, _ := p.State("dropped"); !s.Final || s.Waits != cases.Nobody {
		t.Errorf("dropped is %+v", s)
	}
	for _, known := range []bool{found(p.Verb("fly")), found(p.State("flown")), found(p.Deadline("flight"))} {
		if known {
			t.Error("finds what is not there")
		}
	}
}

func found[T any](_ T, ok bool) bool { return ok }

// TestSum: comments and layout do not make another version, content does.
func TestSum(t *testing.T) {
	text := requestText(t)
	sum := func(s string) string {
		p, flaws := cases.Read("x.yaml", []byte(s), requestNames())
		if len(flaws) > 0 {
			t.Fatal(flaws)
		}
		return p.Sum()
	}
	want := sum(text)
	if got := sum("# another comment\n\n" + strings.ReplaceAll(text, "{name: given,    waits", "{name: given, waits")); got != want {
		t.Error("a comment changed the sum")
	}
	if sum(strings.Replace(text, "{from: 2025-01-01}", "{from: 2025-01-01, until: 2030-01-01}", 1)) != want {
		t.Error("a released version could not be ended")
	}
	if sum(strings.Replace(text, "extend_max: 10", "extend_max: 11", 1)) == want {
		t.Error("a longer extension did not change the sum")
	}
}

// flawed is a change that spoils the sound file, and what is said of it.
type flawed struct{ name, old, new, says string }

func flawedFiles() []flawed {
	return []flawed{
		{"unknown property", "confirmed: true\n", "confirmed: true\ncolour: red\n", `6: unknown field "colour"`},
		{"unknown property of a verb", "    starts: [check]\n    public: true", "    starts: [check]\n    publik: true", `23: unknown field "publik"`},
		{"no list where one is needed", "from: [received]\n    to: checked", "from: received\n    to: checked", "26: string was used where sequence is expected"},
		{"a property twice", "version: 1\n", "version: 1\nversion: 2\n", `4: mapping key "version" already defined at [3:1]`},
		{"bad date", "{from: 2025-01-01}", "{from: 2025-02-30}", `6: clock: "2025-02-30" is no date (want dd/mm/yyyy or yyyy-mm-dd)`},
		{"no date", "effective: {from: 2025-01-01}", "effective: {}", "6: no date from which it is effective"},
		{"ends before it begins", "{from: 2025-01-01}", "{from: 2025-01-01, until: 2024-12-31}", "6: is over before it is effective"},
		{"no name", "procedure: request", "procedure: \"\"", "2: no procedure name"},
		{"no version", "version: 1", "version: 0", "3: version must be 1 or more"},
		{"opens with nothing", "opens: receive", "opens: begin", `7: opens with the unknown verb "begin"`},
		{"opens with a later verb", "opens: receive", "opens: check", `7: the opening verb "check" must lead from nothing to a state`},
		{"state twice", "{name: checked,  waits: owner}", "{name: received, waits: owner}", `11: state "received" is given twice or has no name`},
		{"nobody's place", "{name: given,    waits: holder}", "{name: given,    waits: everybody}", `13: state "given" waits for "everybody", which is nobody's place`},
		{"a final state that waits", "{name: dropped,  waits: nobody, final: true}", "{name: dropped,  waits: owner, final: true}", `12: state "dropped" is final, but waits for "owner"`},
		{"verb twice", "name: drop\n", "name: check\n", `34: verb "check" is given twice or has no name`},
		{"verb from nowhere", "    from: [checked]\n", "", `43: verb "give" leads from no state`},
		{"unknown state left", "from: [judged]", "from: [jugded]", `100: verb "close" leads from the unknown state "jugded"`},
		{"unknown state reached", "to: answered", "to: answred", `84: verb "answer" leads to the unknown state "answred"`},
		{"unknown role", "roles: [handler, body_clerk]", "roles: [handler, body_clark]", `86: unknown role "body_clark"`},
		{"no role", "    roles: [committee]\n", "", `92: verb "judge" names no role`},
		{"unknown place", "    place: examiner\n", "    place: jury\n", `95: verb "judge" belongs to the unknown place "jury"`},
		{"unknown guard", "guards: [known_field]", "guards: [known_feild]", `31: verb "check" names the unknown guard "known_feild"`},
		{"unknown step", "steps: [assign]", "steps: [asign]", `59: verb "take" names the unknown step "asign"`},
		{"unknown verb", "apart: [judge, give]", "apart: [judge, gave]", `104: verb "close" names the unknown verb "gave"`},
		{"unknown deadline", "stops: [reply]", "stops: [replay]", `88: verb "answer" names the unknown deadline "replay"`},
		{"extends what may not be", "extends: reply", "extends: judge", `80: verb "extend" extends "judge", which is no deadline that may be extended`},
		{"unknown rule", "rule: request.judge", "rule: request.juge", `131: deadline "judge" names the unknown rule "request.juge"`},
		{"deadline twice", "- name: judge\n    rule", "- name: reply\n    rule", `130: deadline "reply" is given twice or has no name`},
		{"warnings out of order", "warns: [2, 1]", "warns: [1, 2]", `119: deadline "check": warnings must come nearer to the due date`},
		{"escalations out of order", "{after: 3, place: standing", "{after: 1, place: standing", `122: deadline "check": escalations must come later one after the other`},
		{"escalates to nobody", "{after: 3, place: standing", "{after: 3, place: mayor", `122: deadline "check" escalates to "mayor", which is nobody's place`},
		{"extended by nothing", "    extend_max: 10\n", "", `123: deadline "reply" may be extended, but extend_max says by nothing`},
		{"a working state that waits for nobody", "{name: given,    waits: holder}", "{name: given,    waits: nobody}", `13: state "given" is not final, but waits for nobody`},
		{"deadline never started", "    starts: [reply]\n", "", `122: deadline "reply" is never started`},
		{"deadline never met", "    stops: [judge]\n", "", `129: deadline "judge" can never be met`},
		{"out of reach", "    to: answered\n", "    to: judged\n", `14: state "answered" cannot be reached`},
		{"dead end", "{name: dropped,  waits: nobody, final: true}", "{name: dropped,  waits: owner}", `12: state "dropped" is a dead end but not final`},
		{"no YAML", "states:", "states: [", "18: "},
		{"too large", "# Đề nghị thử", "#" + strings.Repeat("x", 256<<10), "1: larger than 256 kB"},
	}
}

// TestFlaws: each mistake of a file is found, with the line a person must look at.
func TestFlaws(t *testing.T) {
	text := requestText(t)
	for _, f := range flawedFiles() {
		t.Run(f.name, func(t *testing.T) {
			if strings.Count(text, f.old) == 0 {
				t.Fatalf("%q is not in the file", f.old)
			}
			p, flaws := cases.Read("request-1.yaml", []byte(strings.Replace(text, f.old, f.new, 1)), requestNames())
			if p != nil || len(flaws) == 0 {
				t.Fatal("no flaw was found")
			}
			for _, flaw := range flaws {
				if strings.HasPrefix(flaw.Error(), "request-1.yaml:"+f.says) {
					return
				}
			}
			t.Errorf("want request-1.yaml:%s\nhave %v", f.says, flaws)
		})
	}
}

// TestVersions: two versions may not claim the same day or the same number.
func TestVersions(t *testing.T) {
	text := requestText(t)
	second := func(version, effective string) string {
		s := strings.Replace(text, "version: 1\n", "version: "+version+"\n", 1)
		return strings.Replace(s, "{from: 2025-01-01}", effective, 1)
	}
	for _, c := range []struct{ name, first, second, says string }{
		{"one after the other", second("1", "{from: 2025-01-01, until: 2026-07-01}"), second("2", "{from: 2026-07-01}"), ""},
		{"the second while the first is open", text, second("2", "{from: 2026-07-01}"), "request/2:1: effective on the same days as request/1"},
		{"one day of both", second("1", "{from: 2025-01-01, until: 2026-07-02}"), second("2", "{from: 2026-07-01}"), "effective on the same days"},
		{"the number again", second("1", "{from: 2025-01-01, until: 2026-07-01}"), second("1", "{from: 2026-07-01}"), "request/1:1: version given twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{"procedures/a.yaml": {Data: []byte(c.first)}, "procedures/b.yaml": {Data: []byte(c.second)}}
			all, flaws := cases.ReadAll(files, requestNames())
			switch {
			case len(all) != 2:
				t.Errorf("read %d of 2", len(all))
			case c.says == "" && len(flaws) > 0:
				t.Error(flaws)
			case c.says != "" && (len(flaws) == 0 || !strings.Contains(flaws[0].Error(), c.says)):
				t.Errorf("want %q, have %v", c.says, flaws)
			}
		})
	}
}

// TestAllFlaws: one bad file does not hide another's mistakes.
func TestAllFlaws(t *testing.T) {
	files := fstest.MapFS{
		"procedures/a.yaml": {Data: []byte("procedure: a\ncolour: red\n")},
		"procedures/b.yaml": {Data: []byte(strings.Replace(requestText(t), "roles: [clerk]", "roles: [clark]", 1))},
	}
	all, flaws := cases.ReadAll(files, requestNames())
	if len(all) != 0 || len(flaws) != 2 || flaws[0].File != "a.yaml" || flaws[1].File != "b.yaml" {
		t.Errorf("read %d, flaws %v", len(all), flaws)
	}
}

// FuzzRead: whatever is in a file, the reader gives either a procedure that
// holds together, or flaws with a line of that file.
func FuzzRead(f *testing.F) {
	text := requestText(f)
	f.Add(text)
	for _, bad := range flawedFiles() {
		if len(bad.new) < 1000 {
			f.Add(strings.Replace(text, bad.old, bad.new, 1))
		}
	}
	f.Add("procedure: [")
	f.Add("&a [*a]")
	f.Add("states: &s [{name: a}]\nverbs: *s")
	f.Fuzz(holdsTogether)
}

func holdsTogether(t *testing.T, text string) {
	p, flaws := cases.Read("x.yaml", []byte(text), requestNames())
	if (p == nil) == (len(flaws) == 0) {
		t.Fatalf("procedure %v and flaws %v", p, flaws)
	}
	breaks := strings.Count(text, "\n") + strings.Count(text, "\r") // to YAML each ends a line
	for _, flaw := range flaws {
		if flaw.Line < 1 || flaw.Line > breaks+2 || flaw.Why == "" {
			t.Errorf("flaw without a place: %+v", flaw)
		}
	}
	if p != nil {
		cases.Picture{Procedure: p, Here: p.States[0].Name}.SVG()
		if again, flaws := cases.Read("x.yaml", []byte(text), requestNames()); len(flaws) > 0 || again.Sum() != p.Sum() {
			t.Error("read differently the second time")
		}
	}
}

// TestMangled: a file in which words and lines were lost, doubled or exchanged,
// as hands do it, hundreds of times.
func TestMangled(t *testing.T) {
	text := requestText(t)
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
	rnd := rand.New(rand.NewPCG(2026, 11))
	sound := 0
	for range 600 {
		lines := strings.SplitAfter(text, "\n")
		for range 1 + rnd.IntN(3) {
			i, j := rnd.IntN(len(lines)), rnd.IntN(len(lines))
			switch rnd.IntN(4) {
			case 0:
				lines = slices.Delete(lines, i, i+1)
			case 1:
				lines = slices.Insert(lines, i, lines[j])
			case 2:
				lines[i], lines[j] = lines[j], lines[i]
			case 3:
				lines[i] = strings.Replace(lines[i], words[rnd.IntN(len(words))], words[rnd.IntN(len(words))], 1)
			}
		}
		mangled := strings.Join(lines, "")
		holdsTogether(t, mangled)
		if p, _ := cases.Read("x.yaml", []byte(mangled), requestNames()); p != nil {
			sound++
		}
	}
	if sound == 0 || sound == 600 {
		t.Errorf("%d of 600 mangled files were sound; the test shows nothing", sound)
	}
}
