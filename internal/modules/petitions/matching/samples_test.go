package matching

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// labelled is a petition with what people said of it.
type labelled struct {
	text, level string
	fields      []string // all that the label names, the first first
	kind        org.BodyKind
}

// sampleFields maps the labels of the samples to our taxonomy; a label that
// names two fields allows both.
var sampleFields = map[string][]string{
	"Đô thị - hạ tầng giao thông": {"urban.roads"}, "Đô thị - hạ tầng giao thông nông thôn": {"urban.roads"}, "Đô thị - hạ tầng giao thông, thủy lợi": {"urban.roads", "economy.farming"},
	"Đô thị - thoát nước": {"urban.drainage"}, "Đô thị - chiếu sáng": {"urban.lighting"}, "Đô thị - điện, nước sinh hoạt": {"urban.lighting", "culture.health"},
	"Đô thị - quy hoạch, giao thông": {"urban.planning", "urban.roads"}, "Đô thị - đầu tư, quy hoạch": {"urban.planning"}, "Đô thị - trật tự xây dựng": {"urban.order"}, "Đô thị - trật tự đô thị": {"urban.order"},
	"Đô thị - nhà ở, đất đai": {"urban.housing", "economy.land"}, "Kinh tế - đất đai, nhà ở": {"economy.land", "urban.housing"}, "Kinh tế - đất đai, nông nghiệp": {"economy.land", "economy.farming"},
	"Kinh tế - đất đai, bồi thường": {"economy.land"}, "Kinh tế - bồi thường, tái định cư": {"economy.land"}, "Kinh tế - thủy lợi, nông nghiệp": {"economy.farming"},
	"Kinh tế - ngân sách, xây dựng nông thôn mới": {"economy.budget"}, "Kinh tế - môi trường": {"economy.environment"},
	"Văn hóa - xã hội (giáo dục)": {"culture.education"}, "Văn hóa - xã hội (giáo dục), tài sản công": {"culture.education", "economy.budget"}, "Văn hóa - xã hội (thiết chế văn hóa)": {"culture.venues"},
	"Pháp chế - an ninh trật tự": {"legal.security"}, "Pháp chế - nội vụ, chế độ cán bộ cơ sở": {"legal.staff"},
}

// sampleLevels: the district is gone since 1/7/2025, so its label fits the city
// or the ward and is counted apart.
var sampleLevels = map[string]string{"Trung ương": central, "Tỉnh/Thành phố": city, "Xã/phường": ward}

func samples(tb testing.TB) (all []labelled) {
	tb.Helper()
	dir := os.Getenv("HDND_DATA")
	if dir == "" {
		dir = "../../../../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, "petitions.jsonl"))
	if err != nil {
		tb.Fatalf("data is missing: %v", err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		var p struct {
			Text, Field string
			Level       string `json:"authority_level"`
			Body        string `json:"responsible_body"`
		}
		if err := json.Unmarshal(in.Bytes(), &p); err != nil {
			tb.Fatal(err)
		}
		kind := org.Agency
		if strings.Contains(p.Body, "UBND") && !strings.HasPrefix(p.Body, "Sở") {
			kind = org.PeoplesCommittee
		}
		all = append(all, labelled{p.Text, sampleLevels[p.Level], sampleFields[p.Field], kind})
	}
	return all
}

// demonstration reads the petitions of the demonstration council.
func demonstration(tb testing.TB) (all []labelled) {
	tb.Helper()
	names, err := filepath.Glob("../../../app/demo/data/petitions/*.toml")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no demonstration petitions: %v", err)
	}
	for _, name := range names {
		var f struct {
			Petition []struct{ Text, Field, Authority, Body string }
		}
		if _, err := toml.DecodeFile(name, &f); err != nil {
			tb.Fatal(err)
		}
		for _, p := range f.Petition {
			if p.Field != "" {
				kind := org.Agency
				switch p.Body {
				case "ubnd":
					kind = org.PeoplesCommittee
				case "dbqh":
					kind = org.Delegation
				}
				all = append(all, labelled{p.Text, p.Authority, []string{p.Field}, kind})
			}
		}
	}
	return all
}

// measured is how often the first answer was right, and one of the first three.
type measured struct{ n, top1, first, top3, levels, level, bodies, body3 int }

func measureSet(r reader, all []labelled, wrong func(labelled, Suggestion)) (m measured) {
	for _, p := range all {
		s := r.suggest(p.text)
		m.n++
		if slices.Contains(p.fields, s.Fields[0].Code) {
			m.top1++
		} else if wrong != nil {
			wrong(p, s)
		}
		if s.Fields[0].Code == p.fields[0] {
			m.first++
		}
		if slices.ContainsFunc(s.Fields[:3], func(g Guess) bool { return slices.Contains(p.fields, g.Code) }) {
			m.top3++
		}
		if p.level != "" {
			m.levels++
			if s.Authorities[0].Code == p.level {
				m.level++
			} else if wrong != nil {
				wrong(p, s)
			}
		}
		m.bodies++
		if slices.ContainsFunc(s.Bodies[:min(3, len(s.Bodies))], func(b BodyGuess) bool { return b.Kind == p.kind }) {
			m.body3++
		}
	}
	return m
}

func (m measured) String() string {
	share := func(n, of int) string { return fmt.Sprintf("%d/%d = %.3f", n, of, float64(n)/float64(max(of, 1))) }
	return "field top-1 " + share(m.top1, m.n) + " (first-named label " + share(m.first, m.n) + "), top-3 " + share(m.top3, m.n) + "; authority " + share(m.level, m.levels) + "; body kind in top-3 " + share(m.body3, m.bodies)
}

// BenchmarkSamples measures the suggestions on real petitions, which are no part
// of the repository, and on those of the demonstration:
//
//	HDND_QUALITY=1 go test -run '^$' -bench Samples -benchtime 1x ./internal/modules/petitions/matching
func BenchmarkSamples(b *testing.B) {
	if os.Getenv("HDND_QUALITY") != "1" {
		return
	}
	r := lexiconReader(b)
	show := func(p labelled, s Suggestion) {
		fmt.Printf("  %v %s → %s %.2f %v | %s %.2f | %.90s\n", p.fields, p.level, s.Fields[0].Code, s.Fields[0].Score, s.Fields[0].Why, s.Authorities[0].Code, s.Authorities[0].Score, p.text)
	}
	if os.Getenv("HDND_WRONG") != "1" {
		show = nil
	}
	fmt.Println("39 samples:", measureSet(r, samples(b), show))
	fmt.Println("demonstration:", measureSet(r, demonstration(b), show))
	fmt.Println("demonstration, each fifth by what the others taught:", learnedFolds(r, append(demonstration(b), ownLabelled(b)...)))
	fmt.Println("the same without learning:", measureSet(r, append(demonstration(b), ownLabelled(b)...), nil))
}

// learnedFolds measures each fifth of a set with a model of the other four.
func learnedFolds(r reader, all []labelled) (sum measured) {
	const folds = 5
	for fold := range folds {
		c := newCounts()
		var rest []labelled
		for i, p := range all {
			if i%folds == fold {
				rest = append(rest, p)
			} else {
				c.take(p.fields[0], p.text)
			}
		}
		m := measureSet(reader{r.words, learnedFrom(c.lessons("c", db.Time{}))}, rest, nil)
		sum.n, sum.top1, sum.first, sum.top3 = sum.n+m.n, sum.top1+m.top1, sum.first+m.first, sum.top3+m.top3
		sum.levels, sum.level, sum.bodies, sum.body3 = sum.levels+m.levels, sum.level+m.level, sum.bodies+m.bodies, sum.body3+m.body3
	}
	return sum
}

func lexiconReader(tb testing.TB) reader {
	tb.Helper()
	words, err := readLexicons()
	if err != nil {
		tb.Fatal(err)
	}
	return reader{words: words}
}
