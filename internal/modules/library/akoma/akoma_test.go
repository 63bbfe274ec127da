package akoma_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/library/akoma"
)

func sample() akoma.Document {
	day := func(m time.Month, d int) clock.Date { return clock.NewDate(2026, m, d) }
	return akoma.Document{
		Kind: "NQ", Symbol: "57/2026/NQ-HĐND", Title: "Quy định mức hỗ trợ học phí", Issuer: "Hội đồng nhân dân thành phố Hà Nội", Place: "Hà Nội",
		Issued: day(11, 16), Effective: day(12, 1), Expires: clock.NewDate(2030, 1, 1), Term: "XVI", Session: "28",
		Preamble: []string{"Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;"},
		Provisions: []akoma.Provision{
			{Anchor: "chp_I", Level: akoma.Chapter, Number: "I", Heading: "Quy định chung", Children: []akoma.Provision{
				{Anchor: "art_1", Level: akoma.Article, Number: "1", Heading: "Phạm vi", Text: []string{"Mở đầu <điều> & \"hết\":"}, Closing: []string{"Kết điều."}, Children: []akoma.Provision{
					{Anchor: "art_1__para_1", Level: akoma.Clause, Number: "1", Text: []string{"Khoản một."}, From: day(12, 15), Children: []akoma.Provision{
						{Anchor: "art_1__para_1__point_dd", Level: akoma.Point, Number: "đ", Text: []string{"Điểm đ;"}},
					}},
				}},
				{Anchor: "art_2", Level: akoma.Article, Number: "2"},
			}},
			{Anchor: "annex_I", Level: akoma.Annex, Number: "I", Heading: "Biểu mức", Text: []string{"A | B", "1 | 2"}, Children: []akoma.Provision{
				{Anchor: "annex_I__art_1", Level: akoma.Article, Number: "1", Heading: "Mức", Text: []string{"Như sau."}},
			}},
		},
		Conclusion: []string{"Nghị quyết này được thông qua."}, Signers: []akoma.Signer{{Name: "Trần Văn A", Position: "CHỦ TỊCH"}},
		Recipients: []string{"Ủy ban Thường vụ Quốc hội"},
		Relations:  []akoma.Relation{{Kind: "amends", From: "art_1", Symbol: "08/2025/NQ-HĐND", Target: "art_5__para_2"}, {Kind: "based_on", Symbol: "72/2025/QH15", Title: "Luật"}},
		Events:     []akoma.Event{{Kind: "amendment", Date: day(12, 20), Symbol: "61/2026/NQ-HĐND"}},
	}
}

func export(t testing.TB, d akoma.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := akoma.Export(&b, d); err != nil {
		t.Fatalf("export: %v", err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for _, kind := range []string{"NQ", "BC", "NĐ"} {
		for _, draft := range []bool{false, true} {
			d := sample()
			d.Kind, d.Draft = kind, draft
			back, err := akoma.Import(bytes.NewReader(export(t, d)))
			if err != nil {
				t.Fatal(err)
			}
			if want := d.Clean(); !reflect.DeepEqual(back, want) {
				t.Errorf("%s draft=%v came back as\n%+v\nnot\n%+v", kind, draft, back, want)
			}
		}
	}
}

// drawn is any document, with any characters in its text.
func drawn(t *rapid.T) akoma.Document {
	d := sample()
	str := rapid.String()
	d.Title, d.Issuer, d.Place = str.Draw(t, "title"), str.Draw(t, "issuer"), str.Draw(t, "place")
	d.Kind = rapid.SampledFrom([]string{"NQ", "QĐ", "BC", "TTr", "L"}).Draw(t, "kind")
	d.Draft = rapid.Bool().Draw(t, "draft")
	d.Preamble = rapid.SliceOfN(str, 0, 3).Draw(t, "preamble")
	n := 0
	levels := []akoma.Level{akoma.Annex, akoma.Part, akoma.Chapter, akoma.Section, akoma.Subsection, akoma.Article, akoma.Clause, akoma.Point}
	var tree func(above int) []akoma.Provision
	tree = func(above int) []akoma.Provision {
		var ps []akoma.Provision
		for i := rapid.IntRange(0, 3).Draw(t, "children"); i > 0 && n < 25; i-- {
			low := above
			if above > 0 || rapid.Bool().Draw(t, "body") {
				low = max(above, 1)
			}
			if low >= len(levels) {
				break
			}
			k := rapid.IntRange(low, len(levels)-1).Draw(t, "level")
			n++
			p := akoma.Provision{Anchor: "x_" + strings.Repeat("i", n), Level: levels[k], Number: rapid.StringMatching(`[0-9a-zđIVX.]{0,4}`).Draw(t, "number"),
				Heading: str.Draw(t, "heading"), Text: rapid.SliceOfN(str, 0, 2).Draw(t, "text"), Closing: rapid.SliceOfN(str, 0, 1).Draw(t, "closing")}
			if k > 0 && rapid.Bool().Draw(t, "timed") {
				p.From = clock.NewDate(2026, 1, rapid.IntRange(1, 3).Draw(t, "from"))
			}
			p.Children = tree(k + 1)
			ps = append(ps, p)
		}
		return ps
	}
	d.Provisions = tree(0)
	// Annexes come after the body, as they are printed.
	var body, annexes []akoma.Provision
	for _, p := range d.Provisions {
		if p.Level == akoma.Annex {
			annexes = append(annexes, p)
		} else {
			body = append(body, p)
		}
	}
	d.Provisions = append(body, annexes...)
	return d
}

func TestRoundTripOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		var b bytes.Buffer
		if err := akoma.Export(&b, d); err != nil {
			t.Fatal(err)
		}
		back, err := akoma.Import(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if want := d.Clean(); !reflect.DeepEqual(back, want) {
			t.Fatalf("came back as\n%+v\nnot\n%+v\n%s", back, want, b.String())
		}
		if fault := structure(b.Bytes()); fault != "" {
			t.Fatalf("%s\n%s", fault, b.String())
		}
	})
}

func TestRefusesWhatCannotBeWritten(t *testing.T) {
	for name, change := range map[string]func(*akoma.Document){
		"akoma.no_symbol":  func(d *akoma.Document) { d.Symbol = "" },
		"akoma.bad_anchor": func(d *akoma.Document) { d.Provisions[0].Children[1].Anchor = "art_1" },
		"akoma.bad_level":  func(d *akoma.Document) { d.Provisions[0].Level = akoma.Point },
	} {
		d := sample()
		change(&d)
		var f *fault.Fault
		if err := akoma.Export(io.Discard, d); !errors.As(err, &f) || f.Key != name {
			t.Errorf("want %s, got %v", name, err)
		}
	}
}

func TestHostileXML(t *testing.T) {
	ns := `xmlns="` + akoma.Namespace + `"`
	for key, in := range map[string]string{
		"akoma.doctype":   `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><akomaNtoso ` + ns + `>&x;</akomaNtoso>`,
		"akoma.broken":    `<akomaNtoso ` + ns + `><act>&x;</act></akomaNtoso>`,
		"akoma.not_akoma": `<html/>`,
		"akoma.too_deep":  `<akomaNtoso ` + ns + `>` + strings.Repeat("<act>", 5000),
		"akoma.too_large": `<akomaNtoso ` + ns + `>` + strings.Repeat("<p/>", 400_000),
	} {
		var f *fault.Fault
		if _, err := akoma.Import(strings.NewReader(in)); !errors.As(err, &f) || f.Key != key {
			t.Errorf("want %s, got %v", key, err)
		}
	}
	for i := 0; i < 50; i++ {
		whole := export(t, sample())
		if _, err := akoma.Import(bytes.NewReader(whole[:len(whole)*i/50])); err == nil {
			t.Errorf("a file cut at %d/50 was taken", i)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add(export(f, sample()))
	f.Add([]byte(`<akomaNtoso xmlns="` + akoma.Namespace + `"><doc><meta/></doc></akomaNtoso>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		d, err := akoma.Import(bytes.NewReader(in))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := akoma.Export(&b, d); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := akoma.Import(&b)
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Fatalf("written and read again differs: %v\n%+v\n%+v", err, d, again)
		}
	})
}

// rule is what the OASIS schema says of an element this package writes: the
// children in their order ("?" may be missing, "*" any number, "+" at least
// one, "a|b*" any of them) and the attributes it must have.
type rule struct{ children, attrs string }

const (
	hier = "part|chapter|section|subsection|article|paragraph|point|hcontainer"
	frbr = "FRBRthis FRBRuri+ FRBRalias* FRBRdate+ FRBRauthor+ "
	docs = "meta preface? preamble? "
	end  = " conclusions? attachments?"
	unit = "num? heading? content? intro? " + hier + "* wrapUp?"
	refs = "original|passiveRef|activeRef|TLCOrganization|TLCConcept|TLCPerson|TLCRole"
	link = "href showAs"
)

var schema = map[string]rule{
	"akomaNtoso": {"act|bill|doc", ""}, "act": {docs + "body" + end, "name"}, "bill": {docs + "body" + end, "name"}, "doc": {docs + "mainBody" + end, "name"},
	"meta":           {"identification publication? lifecycle? analysis? temporalData? references? proprietary?", ""},
	"identification": {"FRBRWork FRBRExpression FRBRManifestation", "source"},
	"FRBRWork":       {frbr + "FRBRcountry FRBRsubtype? FRBRnumber* FRBRname*", ""}, "FRBRExpression": {frbr + "FRBRlanguage+", ""}, "FRBRManifestation": {frbr + "FRBRformat?", ""},
	"FRBRthis": {"", "value"}, "FRBRuri": {"", "value"}, "FRBRdate": {"", "date name"}, "FRBRauthor": {"", "href"}, "FRBRcountry": {"", "value"}, "FRBRsubtype": {"", "value"},
	"FRBRnumber": {"", "value"}, "FRBRname": {"", "value"}, "FRBRlanguage": {"", "language"}, "FRBRformat": {"", "value"},
	"lifecycle": {"eventRef+", "source"}, "eventRef": {"", "date source type"},
	"analysis": {"activeModifications? passiveModifications?", "source"}, "activeModifications": {"textualMod+", ""}, "textualMod": {"source+ destination+", "type"}, "source": {"", ""}, "destination": {"", ""},
	"temporalData": {"temporalGroup+", "source"}, "temporalGroup": {"timeInterval+", ""}, "timeInterval": {"", "refersTo"},
	"references": {refs + "+", "source"}, "original": {"", link}, "passiveRef": {"", link}, "activeRef": {"", link}, "TLCOrganization": {"", link}, "TLCConcept": {"", link}, "TLCPerson": {"", link}, "TLCRole": {"", link},
	"proprietary": {"hd:document|hd:relation|hd:event*", "source"},
	"preface":     {"p|longTitle*", ""}, "longTitle": {"p*", ""}, "preamble": {"p*", ""}, "conclusions": {"p*", ""},
	"p": {"docAuthority|docNumber|docDate|docTitle|signature*", ""}, "docAuthority": {"", ""}, "docNumber": {"", ""}, "docDate": {"", "date"}, "docTitle": {"", ""},
	"signature": {"role|person*", ""}, "role": {"", "refersTo"}, "person": {"", "refersTo"},
	"body": {hier + "+", ""}, "mainBody": {"p|" + hier + "+", ""}, "hcontainer": {unit, "name"},
	"part": {unit, "eId"}, "chapter": {unit, "eId"}, "section": {unit, "eId"}, "subsection": {unit, "eId"}, "article": {unit, "eId"}, "paragraph": {unit, "eId"}, "point": {unit, "eId"},
	"num": {"", ""}, "heading": {"", ""}, "content": {"p*", ""}, "intro": {"p*", ""}, "wrapUp": {"p*", ""},
	"attachments": {"attachment+", ""}, "attachment": {"num? heading? doc", "eId"},
	"hd:document": {"", ""}, "hd:relation": {"", ""}, "hd:event": {"", ""},
}

// mixed elements may hold text.
var mixed = map[string]bool{"p": true, "docAuthority": true, "docNumber": true, "docDate": true, "docTitle": true, "signature": true, "role": true, "person": true, "num": true, "heading": true}

// structure says where a file breaks the rules of the schema; "" is none.
func structure(file []byte) string {
	type open struct {
		name string
		kids []string
	}
	stack := []open{{}}
	ids := map[string]bool{}
	var refs []string
	dec := xml.NewDecoder(bytes.NewReader(file))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err.Error()
		}
		switch x := token.(type) {
		case xml.StartElement:
			name := x.Name.Local
			if x.Name.Space == akoma.Own {
				name = "hd:" + name
			}
			stack[len(stack)-1].kids = append(stack[len(stack)-1].kids, name)
			stack = append(stack, open{name: name})
			r, ok := schema[name]
			if !ok {
				return "an element the schema does not have: " + name
			}
			have := map[string]string{}
			for _, a := range x.Attr {
				have[a.Name.Local] = a.Value
				if strings.HasPrefix(a.Value, "#") && strings.Contains(" source href start end refersTo period ", " "+a.Name.Local+" ") {
					refs = append(refs, a.Value[1:])
				}
			}
			for _, a := range strings.Fields(r.attrs) {
				if _, ok := have[a]; !ok {
					return name + " lacks " + a
				}
			}
			if id, ok := have["eId"]; ok {
				if id == "" || ids[id] || strings.ContainsAny(id, " \t\n") {
					return "eId twice or bad: " + id
				}
				ids[id] = true
			}
		case xml.EndElement:
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !fits(schema[last.name].children, last.kids) {
				return last.name + " may not hold " + strings.Join(last.kids, " ")
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(x)); s != "" && !mixed[stack[len(stack)-1].name] {
				return "text in " + stack[len(stack)-1].name + ": " + s
			}
		}
	}
	for _, r := range refs {
		if !ids[r] {
			return "a reference to nothing: #" + r
		}
	}
	return ""
}

// fits: the children stand in the order of the model.
func fits(model string, kids []string) bool {
	i := 0
	for _, step := range strings.Fields(model) {
		most := 1
		least := 1
		switch step[len(step)-1] {
		case '?':
			least, step = 0, step[:len(step)-1]
		case '*':
			least, most, step = 0, 1<<30, step[:len(step)-1]
		case '+':
			most, step = 1<<30, step[:len(step)-1]
		}
		names := map[string]bool{}
		for _, n := range strings.Split(step, "|") {
			names[n] = true
		}
		n := 0
		for ; i < len(kids) && n < most && names[kids[i]]; i++ {
			n++
		}
		if n < least {
			return false
		}
	}
	return i == len(kids)
}

func TestStructureOfWhatIsWritten(t *testing.T) {
	for _, kind := range []string{"NQ", "BC"} {
		d := sample()
		d.Kind = kind
		if f := structure(export(t, d)); f != "" {
			t.Errorf("%s: %s", kind, f)
		}
	}
	if f := structure([]byte(`<akomaNtoso><act name="x"><body/></act></akomaNtoso>`)); f == "" {
		t.Error("the check of the structure passes everything")
	}
}

// TestSchema validates against the schema of OASIS, which is not in the
// repository: HDND_AKN_SCHEMA names the folder where akomantoso30.xsd was put.
func TestSchema(t *testing.T) {
	dir := os.Getenv("HDND_AKN_SCHEMA")
	if dir == "" {
		t.Log("HDND_AKN_SCHEMA is not set: not validated against akomantoso30.xsd, only against the rules in this file")
		return
	}
	for _, kind := range []string{"NQ", "BC"} {
		d := sample()
		d.Kind = kind
		file := filepath.Join(t.TempDir(), "paper.xml")
		if err := os.WriteFile(file, export(t, d), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		out, err := exec.CommandContext(ctx, "xmllint", "--nonet", "--noout", "--schema", filepath.Join(dir, "akomantoso30.xsd"), file).CombinedOutput()
		stop()
		if err != nil {
			t.Errorf("%s: %v\n%s", kind, err, out)
		}
	}
}
