package matching

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// ownPetition is a petition of testdata.
type ownPetition struct {
	Field, Level, Unit, Text, Twin string
}

func ownPetitions(tb testing.TB) []ownPetition {
	tb.Helper()
	var f struct{ Petition []ownPetition }
	if _, err := toml.DecodeFile("testdata/petitions.toml", &f); err != nil {
		tb.Fatal(err)
	}
	return f.Petition
}

func ownLabelled(tb testing.TB) (all []labelled) {
	for _, p := range ownPetitions(tb) {
		kind := map[string]org.BodyKind{central: org.Delegation, ward: org.PeoplesCommittee}[p.Level]
		if kind == "" {
			kind = org.Agency
		}
		all = append(all, labelled{p.Text, p.Level, []string{p.Field}, kind})
	}
	return all
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	r := lexiconReader(t)
	all := ownLabelled(t)
	m := measureSet(r, all, func(p labelled, s Suggestion) {
		t.Logf("%v %s → %s %.2f %v, %s %.2f: %.60s", p.fields, p.level, s.Fields[0].Code, s.Fields[0].Score, s.Fields[0].Why, s.Authorities[0].Code, s.Authorities[0].Score, p.text)
	})
	t.Log(m)
	if m.top1*100 < 85*m.n || m.top3*100 < 94*m.n || m.level*100 < 75*m.levels || m.body3*100 < 90*m.bodies {
		t.Errorf("the suggestions got worse: %s", m)
	}
	for i := range all {
		all[i].text = text.Fold(all[i].text)
	}
	bare := measureSet(r, all, nil)
	t.Log("without accents:", bare)
	if bare.top1*100 < 80*bare.n {
		t.Errorf("without accents the suggestions got worse: %s", bare)
	}
}

func TestWhyAndAccents(t *testing.T) {
	t.Parallel()
	r := lexiconReader(t)
	s := r.suggest("Đèn đường trước nhà hỏng, đề nghị thay bóng.")
	if s.Fields[0].Code != "urban.lighting" || s.Fields[0].Score < SureLeast || s.Fields[0].Why[0].Words != "thay bóng" {
		t.Errorf("lighting: %+v", s.Fields[0])
	}
	for _, f := range s.Fields {
		if f.Code == "urban.roads" && len(f.Why) > 0 {
			t.Errorf("đèn đường is no đường: %+v", f)
		}
	}
	// "đàn", "đất" and "đặt" are different words for who writes with accents.
	if found := r.words.fields.find(readWords("Chúng tôi đã đặt cọc")); len(found) > 0 {
		t.Errorf("đặt was taken for đất: %+v", found)
	}
	if one, other := r.suggest("Cống tắc, ngập úng khắp khu phố").Fields[0], r.suggest("cong tac, ngap ung khap khu pho").Fields[0]; one.Code != other.Code || one.Score <= other.Score {
		t.Errorf("with accents %+v, without %+v", one, other)
	}
	if f := r.suggest("").Fields; f[0].Score != f[len(f)-1].Score {
		t.Errorf("an empty text leans to a field: %+v", f[0])
	}
}

func TestComplaintsAndDenunciations(t *testing.T) {
	t.Parallel()
	var f struct{ Case []struct{ Kind, Text string } }
	if _, err := toml.DecodeFile("testdata/splits.toml", &f); err != nil {
		t.Fatal(err)
	}
	r := lexiconReader(t)
	for _, c := range f.Case {
		got := ""
		split := r.suggest(c.Text).Split
		if len(split) > 0 {
			got = split[0].Code
			if len(split[0].Why) == 0 {
				t.Errorf("no reason given: %q", c.Text)
			}
		}
		if got != c.Kind {
			t.Errorf("%q: want %q, have %+v", c.Text, c.Kind, split)
		}
	}
	for _, p := range ownPetitions(t) {
		if s := r.suggest(p.Text).Split; len(s) > 0 {
			t.Errorf("a petition taken for %+v: %q", s, p.Text)
		}
	}
}

func TestPickBody(t *testing.T) {
	t.Parallel()
	bodies := []org.Body{
		{ID: "u1", Kind: org.PeoplesCommittee, Name: "Ủy ban nhân dân phường Một", UnitCode: "00001"}, {ID: "u2", Kind: org.PeoplesCommittee, Name: "Ủy ban nhân dân phường Hai", UnitCode: "00002"},
		{ID: "sxd", Kind: org.Agency, Name: "Sở Xây dựng Hà Nội"}, {ID: "dbqh", Kind: org.Delegation, Name: "Đoàn đại biểu Quốc hội thành phố Hà Nội"},
	}
	r := lexiconReader(t)
	for _, c := range []struct{ text, want string }{
		{"Đề nghị Sở Xây dựng sửa mặt đường tỉnh lộ 419.", "sxd"},
		{"Đề nghị phường xử lý hàng quán lấn chiếm vỉa hè.", "u2"},
		{"Đề nghị Quốc hội sửa luật bảo hiểm xã hội.", "dbqh"},
	} {
		if got := Pick(r.suggest(c.text).Bodies, bodies, "00002"); got != c.want {
			t.Errorf("%s: %s, want %s (%+v)", c.text, got, c.want, r.suggest(c.text).Bodies)
		}
	}
}

func TestSuggestCommand(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "in.jsonl")
	lines := []string{`{"text":"Đề nghị sửa đường, nhiều ổ gà"}`, `{"text":`, ``, `{"noi_dung":"x"}`, `{"text":7}`, "{\"text\":\"\xff\"}", `{"text":"` + strings.Repeat("a", lineMost) + `"}`, `{"text":"thieu giao vien o truong mam non"}`}
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := SuggestCommand(context.Background(), &out, []string{name, "--json"}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var a struct {
			Field     []guessLine
			Authority []levelLine
			Body      []BodyGuess
			Error     string
			Line      int
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		switch {
		case a.Error != "":
			got = append(got, "error "+string(rune('0'+a.Line)))
		case len(a.Field) == 0 || len(a.Authority) != 3 || len(a.Body) == 0:
			t.Errorf("half an answer: %s", line)
		default:
			got = append(got, a.Field[0].Code)
		}
	}
	if want := "urban.roads error 2 error 4 error 5 error 6 error 7 culture.education"; strings.Join(got, " ") != want {
		t.Errorf("have %q", got)
	}
	out.Reset()
	if err := SuggestCommand(context.Background(), &out, []string{name}); err != nil || !strings.Contains(out.String(), "“ổ gà”") {
		t.Errorf("for people: %v %s", err, out.String())
	}
	if err := SuggestCommand(context.Background(), &out, nil); err == nil {
		t.Error("no file was no error")
	}
}
