package reminders

import (
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/clock"

	"pgregory.net/rapid"
)

func ladderForTest(t interface{ Fatal(...any) }) ladder {
	r, err := readRules(ruleFiles)
	if err != nil {
		t.Fatal(err)
	}
	return r.ladderOn(clock.NewDate(2026, time.November, 16))
}

func TestProposal(t *testing.T) {
	t.Parallel()
	l, today := ladderForTest(t), clock.NewDate(2026, time.November, 16)
	ago := func(rung, days int) sent { return sent{Rung: rung, On: today.AddDays(-days), Symbol: "01/ĐĐ-VP"} }
	for _, c := range []struct {
		name    string
		letters []sent
		late    int
		rung    int
		reason  Reason
	}{
		{"nothing owed", nil, 0, 0, ReasonNothing},
		{"nothing owed any more", []sent{ago(2, 40)}, 0, 0, ReasonNothing},
		{"first", nil, 1, 1, ReasonFirst},
		{"too soon", []sent{ago(1, 9)}, 30, 1, ReasonAgain},
		{"ten days after", []sent{ago(1, 10)}, 30, 2, ReasonNext},
		{"sending again puts nothing off", []sent{ago(1, 30), ago(1, 3)}, 40, 2, ReasonNext},
		{"the highest counts, not the last", []sent{ago(2, 20), ago(1, 1)}, 60, 3, ReasonNext},
		{"fifteen days", []sent{ago(1, 40), ago(2, 14)}, 60, 2, ReasonAgain},
		{"top", []sent{ago(3, 400)}, 500, 3, ReasonTop},
	} {
		if p := l.propose(c.letters, c.late, today); p.Rung != c.rung || p.Reason != c.reason {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}

// Whatever is sent and whenever, as long as something stays overdue the rung
// never skips one, and never goes down.
func TestLadderNeverSkipsNorFalls(t *testing.T) {
	t.Parallel()
	l := ladderForTest(t)
	rapid.Check(t, func(t *rapid.T) {
		today, late, highest, before := clock.NewDate(2026, time.January, 1), 1, 0, 0
		var letters []sent
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			days := rapid.IntRange(0, 25).Draw(t, "days")
			today, late = today.AddDays(days), late+days
			p := l.propose(letters, late, today)
			if p.Rung < before || p.Rung > highest+1 || p.Rung > RungMost || p.Rung < 1 {
				t.Fatalf("from %d, highest sent %d: %+v", before, highest, p)
			}
			before = p.Rung
			if rapid.Bool().Draw(t, "send") {
				rung := rapid.SampledFrom(p.choices()).Draw(t, "rung")
				if !p.allows(rung) || p.allows(p.Rung+1) {
					t.Fatalf("choices %v of %+v", p.choices(), p)
				}
				letters = append(letters, sent{Rung: rung, On: today})
				highest = max(highest, rung)
			}
		}
	})
}

func TestRulesAreRead(t *testing.T) {
	t.Parallel()
	whole, err := ruleFiles.ReadFile("rules/reminders.toml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"unknown key":   string(whole) + "\nbonus = 3\n",
		"no ladder":     "[[score]]\nfrom = \"2025-07-01\"\n",
		"weights of 90": "[[ladder]]\nfrom=\"2025-07-01\"\nsource=\"x\"\nwarn_days=1\npromise_days_max=9\n" + rungs + "[[score]]\nfrom=\"2025-07-01\"\nsource=\"x\"\nin_time=90\nper_letter=[1,1,1]\n",
		"two rungs":     "[[ladder]]\nfrom=\"2025-07-01\"\nsource=\"x\"\nwarn_days=1\npromise_days_max=9\n[[score]]\nfrom=\"2025-07-01\"\n",
	} {
		if _, err := readRules(fstest.MapFS{"rules/reminders.toml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

const rungs = "[[ladder.rung]]\nrung=1\nafter_days=1\nnext_after_days=1\nsigner=\"head\"\nto=\"body\"\n[[ladder.rung]]\nrung=2\nnext_after_days=1\nsigner=\"head\"\nto=\"body\"\n[[ladder.rung]]\nrung=3\nnext_after_days=0\nsigner=\"standing\"\nto=\"body\"\n"

func TestPoints(t *testing.T) {
	t.Parallel()
	r, err := readRules(ruleFiles)
	if err != nil {
		t.Fatal(err)
	}
	f := r.scoreOn(clock.NewDate(2026, time.November, 16))
	for _, c := range []struct {
		name  string
		s     Standing
		total int64
	}{
		{"nothing known", Standing{}, 0},
		{"90 %", Standing{OnTime: 9, Late: 1}, 100_00},
		{"89 %", Standing{OnTime: 89, Late: 10, Overdue: 1}, 58_33}, // (25 + 10) × 100 / 60
		{"79 %", Standing{OnTime: 79, Late: 21}, 16_67},             // 10 × 100 / 60
		{"all parts", Standing{OnTime: 9, Overdue: 1, Kept: 1, Broken: 2, Ratings: 4, Score: 14, Letters: [3]int64{2, 1, 0}}, 72_71},
		{"letters not below nothing", Standing{Letters: [3]int64{0, 0, 9}}, 0},
	} {
		if p := f.points(c.s); p.Total != c.total {
			t.Errorf("%s: %d, %+v", c.name, p.Total, p)
		}
	}
}
