package reading_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/library/reading"
)

// label is what a person saw in one of the given documents. Articles and
// chapters count those of the paper itself, also where recognition destroyed
// the heading; -1 is "not judged", an empty text "the file does not say".
type label struct {
	File, Symbol, Kind, Issuer, Issued, Signer, Subject string
	Held                                                bool
	Articles, Chapters                                  int
}

// given is the folder of the given documents, "" when it is not there.
func given(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("HDND_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, "documents")
	if _, err := os.Stat(dir); err != nil {
		t.Logf("the given documents are not at %s (HDND_DATA): nothing was measured", dir)
		return ""
	}
	return dir
}

func labels(t testing.TB) []label {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "labels.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []label
	for s := bufio.NewScanner(f); s.Scan(); {
		var l label
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// shown are the fields of a reading as a label writes them.
func shown(p reading.Paper) map[string]string {
	articles, chapters := 0, 0
	for _, u := range p.Provisions {
		if strings.HasPrefix(u.Anchor, "annex") {
			continue
		}
		switch u.Level {
		case reading.Article:
			articles++
		case reading.Chapter:
			chapters++
		}
	}
	signer := ""
	if len(p.Signers) > 0 {
		signer = p.Signers[0].Name.Value
	}
	return map[string]string{"symbol": p.Symbol.Value, "kind": p.Kind.Value, "issuer": p.Issuer.Value, "issued": p.Issued.Value.String(), "signer": signer,
		"subject": p.Subject.Value, "articles": fmt.Sprint(articles), "chapters": fmt.Sprint(chapters)}
}

func (l label) fields() map[string]string {
	return map[string]string{"symbol": l.Symbol, "kind": l.Kind, "issuer": l.Issuer, "issued": l.Issued, "signer": l.Signer, "subject": l.Subject, "articles": fmt.Sprint(l.Articles), "chapters": fmt.Sprint(l.Chapters)}
}

// score counts what was read right, wrong, and not at all.
type score struct{ right, wrong, missing int }

func (s score) share() float64 {
	if n := s.right + s.wrong + s.missing; n > 0 {
		return float64(s.right) / float64(n)
	}
	return 0
}

func agrees(field, want, got string) bool {
	if field == "subject" {
		return strings.HasPrefix(strings.ToLower(got), strings.ToLower(want))
	}
	return want == got
}

// measure reads the labelled documents; trim prepares the text.
func measure(t *testing.T, dir string, held bool, trim func(string) string) map[string]score {
	t.Helper()
	scores := map[string]score{}
	for _, l := range labels(t) {
		if l.Held != held {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, l.File))
		if err != nil {
			t.Fatal(err)
		}
		p := reading.Read(trim(string(text)), nil)
		if f := sound(p); f != "" {
			t.Errorf("%s: %s", l.File, f)
		}
		got := shown(p)
		for field, want := range l.fields() {
			s := scores[field]
			switch {
			case want == "-1" || want == "" && (field == "subject" || got[field] == ""):
				continue
			case agrees(field, want, got[field]):
				s.right++
			case got[field] == "":
				s.missing++
			default:
				s.wrong++
				t.Logf("%s: %s is %q, not %q", l.File, field, got[field], want)
			}
			scores[field] = s
		}
	}
	return scores
}

func report(t *testing.T, title string, scores map[string]score) {
	t.Helper()
	var names []string
	for f := range scores {
		names = append(names, f)
	}
	sort.Strings(names)
	for _, f := range names {
		s := scores[f]
		t.Logf("%-22s %-9s %5.1f %% right (%d), wrong %d, not read %d", title, f, 100*s.share(), s.right, s.wrong, s.missing)
	}
}

// TestAccuracy measures the reader on the labelled documents, those it was
// tuned on and those held out, and holds the floors.
func TestAccuracy(t *testing.T) {
	dir := given(t)
	if dir == "" {
		return
	}
	whole := func(s string) string { return s }
	floors := map[string]float64{"symbol": 0.95, "kind": 0.95, "issuer": 0.95, "issued": 0.92, "signer": 0.80, "subject": 0.90, "articles": 0.92, "chapters": 0.85}
	for title, held := range map[string]bool{"tuned": false, "held out": true} {
		scores := measure(t, dir, held, whole)
		report(t, title, scores)
		for field, floor := range floors {
			if got := scores[field].share(); got < floor {
				t.Errorf("%s: %s %.3f is below %.2f", title, field, got, floor)
			}
		}
	}
}

var (
	portalFront = regexp.MustCompile(`(?s)^\s*---\n.*?\n---\n`)
	portalTitle = regexp.MustCompile(`(?m)^# .*/.*$`)
	portalTable = regexp.MustCompile(`(?m)^\s*(?:\||[-*]) ?\**(?:Số|Loại|Cơ quan|Người ký|Chức|Ngày|Trích|Căn cứ|Nơi ban hành|Lĩnh|Tình|Trạng|Nguồn|DocID|Docid)[^\n]*$`)
)

// TestAccuracyOfThePaperAlone takes away what portals say of a paper, so that
// only the paper's own words are left, as in a scan. Many of the given files
// hold no head and no signature of the paper then: what counts is that little
// of what is read is wrong.
func TestAccuracyOfThePaperAlone(t *testing.T) {
	dir := given(t)
	if dir == "" {
		return
	}
	bare := func(s string) string {
		return portalTable.ReplaceAllString(portalTitle.ReplaceAllString(portalFront.ReplaceAllString(s, ""), ""), "")
	}
	for title, held := range map[string]bool{"alone, tuned": false, "alone, held out": true} {
		scores := measure(t, dir, held, bare)
		report(t, title, scores)
		for _, field := range []string{"symbol", "kind", "issuer", "issued", "signer", "subject"} {
			s := scores[field]
			if read := s.right + s.wrong; read > 0 && float64(s.wrong)/float64(read) > 0.15 {
				t.Errorf("%s: %s is wrong %d times of %d", title, field, s.wrong, read)
			}
		}
	}
}

var (
	portalEffect = regexp.MustCompile(`(?im)^\s*(?:ngay_?hieu_?luc|ngay_?co_?hieu_?luc|hieu_luc|\| *\**Ngày (?:có )?hiệu lực\**)\s*[:|]\s*"?(\d[^"\n|]*)`)
	portalDay    = regexp.MustCompile(`^(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})[/-](\d{1,2})[/-](\d{4})|(\d{1,2}) tháng (\d{1,2}) năm (\d{4}))`)
)

// TestEffectAgainstPortals reads the day of effect from the articles of all
// given decrees, with the portal's notice taken away, and compares it with what
// the portal says. Where they differ the portal was wrong each time a person
// looked: the floor is on how often they differ.
func TestEffectAgainstPortals(t *testing.T) {
	dir := given(t)
	if dir == "" {
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "decrees-2025-2026", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var s score
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		said := portalEffect.FindStringSubmatch(string(text))
		if said == nil {
			continue
		}
		d := portalDay.FindStringSubmatch(said[1])
		if d == nil {
			continue
		}
		want := fmt.Sprintf("%s-%02s-%02s", d[1]+d[6]+d[9], d[2]+d[5]+d[8], d[3]+d[4]+d[7])
		bare := portalTable.ReplaceAllString(portalTitle.ReplaceAllString(portalFront.ReplaceAllString(string(text), ""), ""), "")
		switch got := reading.Read(bare, nil).Effect.Value.String(); got {
		case "":
			s.missing++
		case want:
			s.right++
		default:
			s.wrong++
			t.Logf("%s: the paper says %s, the portal %s", filepath.Base(file), got, want)
		}
	}
	t.Logf("day of effect from the articles alone: %d agree with the portal, %d differ, %d not said or not read", s.right, s.wrong, s.missing)
	if s.right < 150 || s.wrong*20 > s.right {
		t.Errorf("agree %d, differ %d", s.right, s.wrong)
	}
}
