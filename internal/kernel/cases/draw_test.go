package cases

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"
)

func procedureIn(t testing.TB, file string) *Procedure {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var p Procedure
	if err := yaml.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

// TestDraw: the picture shows every state and verb, tells the same in words,
// and carries nothing that the content policy blocks.
func TestDraw(t *testing.T) {
	p := procedureIn(t, "testdata/procedures/request-1.yaml")
	svg := Picture{Procedure: p, State: func(s State) string { return "State <" + string(s) + "> & more" }, Here: "given"}.SVG()
	told := readXML(t, svg)
	for _, s := range p.States {
		if !strings.Contains(told["title"]+told["desc"]+told["tspan"], string(s.Name)) {
			t.Errorf("state %s is not drawn", s.Name)
		}
	}
	for _, v := range p.Verbs {
		if v.Name != p.Opens && !strings.Contains(told["tspan"], v.Name) {
			t.Errorf("verb %s is not drawn", v.Name)
		}
	}
	if told["title"] != "request/1" || !strings.Contains(told["desc"], "▶ State <given> & more: answer → State <answered> & more.") {
		t.Errorf("screen readers are told %q: %q", told["title"], told["desc"])
	}
	for what, want := range map[string]int{`class="procedure-state[^"]* procedure-here`: 1, `class="procedure-mark"`: 1, `class="procedure-inner"`: 2, `<path class="procedure-arrow`: 7} {
		if got := len(regexp.MustCompile(what).FindAllString(svg, -1)); got != want {
			t.Errorf("%s occurs %d times, want %d", what, got, want)
		}
	}
	if at := regexp.MustCompile(`style=|<style|<script|\son\w+=|href`).FindString(svg); at != "" {
		t.Errorf("%q is blocked by the content policy", at)
	}
	if regexp.MustCompile(`<svg[^>]* (width|height)=`).MatchString(svg) || !strings.Contains(svg, `viewBox="0 0 `) {
		t.Error("the picture does not scale")
	}
}

// readXML checks that the picture is well formed and gives the words in each
// kind of element.
func readXML(t *testing.T, svg string) map[string]string {
	t.Helper()
	words, open := map[string]string{}, []string{}
	for r := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := r.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			words[open[len(open)-1]] += string(token)
		}
	}
}

// TestLayers: the longest way from the opening decides the row.
func TestLayers(t *testing.T) {
	d := &drawing{Picture: Picture{Procedure: procedureIn(t, "testdata/procedures/request-1.yaml"), State: func(s State) string { return string(s) }, Verb: func(v string) string { return v }}}
	d.gather()
	d.layer()
	d.columns()
	for name, want := range map[State][2]int{"received": {0, 0}, "checked": {1, 0}, "dropped": {1, 1}, "given": {2, 0}, "answered": {3, 0}, "judged": {4, 0}, "closed": {5, 0}} {
		if b := d.box(name); b.row != want[0] || b.col != want[1] {
			t.Errorf("%s stands in row %d, column %d, want %v", name, b.row, b.col, want)
		}
	}
}

type area struct {
	what                     string
	left, top, right, bottom int
}

func (a area) meets(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// areas lists what is drawn and must not lie on each other.
func areas(d *drawing) (boxes, words []area) {
	for _, b := range d.boxes {
		boxes = append(boxes, area{string(b.rule.Name), b.x, b.y, b.x + boxWide, b.y + b.h})
	}
	for _, a := range d.arrows {
		x, y, anchor := d.labelAt(a)
		w := area{string(a.from.rule.Name) + " " + strings.Join(a.labels, "/"), x, y - fontSize + 2, x + labelPixels(a), y + (len(a.labels)-1)*lineHigh + 2}
		if anchor == "end" {
			w.left, w.right = w.left-labelPixels(a), x
		}
		words = append(words, w)
	}
	return boxes, words
}

func laidOut(p *Procedure, state, verb func(string) string) *drawing {
	d := &drawing{Picture: Picture{Procedure: p, State: func(s State) string { return state(string(s)) }, Verb: verb}}
	d.gather()
	d.layer()
	d.columns()
	d.route()
	d.place()
	return d
}

// TestNothingOverlaps: in the procedures we ship, with words as long as
// Vietnamese ones, no box or label lies on another or beyond the edge.
func TestNothingOverlaps(t *testing.T) {
	same := func(s string) string { return s }
	long := func(s string) string { return "chuyển " + s + " sang cơ quan có thẩm quyền" }
	for _, file := range []string{"testdata/procedures/request-1.yaml", "../../modules/petitions/procedures/petition-1.yaml"} {
		for name, words := range map[string]func(string) string{"short": same, "long": long} {
			t.Run(file+" "+name, func(t *testing.T) {
				d := laidOut(procedureIn(t, file), words, words)
				boxes, labels := areas(d)
				all := append(boxes, labels...)
				sheet := area{"sheet", 0, 0, d.wide, d.high}
				for i, a := range all {
					if a.left < sheet.left || a.top < sheet.top || a.right > sheet.right || a.bottom > sheet.bottom {
						t.Errorf("%s lies beyond the edge: %+v of %+v", a.what, a, sheet)
					}
					for _, b := range all[:i] {
						if a.meets(b) {
							t.Errorf("%s lies on %s: %+v %+v", a.what, b.what, a, b)
						}
					}
				}
			})
		}
	}
}

// TestDrawAny: procedures of any shape are drawn without overlapping boxes, and
// every arrow begins and ends at its own boxes.
func TestDrawAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "states")
		p := &Procedure{Name: "any", Version: 1, Opens: "v0"}
		for i := range n {
			p.States = append(p.States, StateRule{Name: State(fmt.Sprint("s", i)), Waits: Owner, Final: i == n-1})
		}
		p.Verbs = []Verb{{Name: "v0", To: "s0"}}
		for i := range rapid.IntRange(0, 14).Draw(t, "verbs") {
			name := func(what string) State { return p.States[rapid.IntRange(0, n-1).Draw(t, what)].Name }
			v := Verb{Name: fmt.Sprint("v", i+1), From: []State{name("from"), name("from")}}
			if rapid.Bool().Draw(t, "moves") {
				v.To = name("to")
			}
			p.Verbs = append(p.Verbs, v)
		}
		same := func(s string) string { return s }
		d := laidOut(p, same, same)
		boxes, _ := areas(d)
		for i, a := range boxes {
			for _, b := range boxes[:i] {
				if a.meets(b) {
					t.Fatalf("%+v lies on %+v", a, b)
				}
			}
			if a.left < 0 || a.right > d.wide || a.bottom > d.high {
				t.Fatalf("%+v lies beyond %d × %d", a, d.wide, d.high)
			}
		}
		for _, a := range d.arrows {
			var x1, y1, x2, y2 int
			path := d.path(a)
			if _, err := fmt.Sscanf(path, "M%d %dL", &x1, &y1); err != nil {
				t.Fatal(path, err)
			}
			last := path[strings.LastIndexByte(path, 'L')+1:]
			if _, err := fmt.Sscanf(last, "%d %d", &x2, &y2); err != nil {
				t.Fatal(path, err)
			}
			if !onEdge(a.from, x1, y1) || !onEdge(a.to, x2, y2) {
				t.Fatalf("the way %s does not lead from %+v to %+v", path, a.from.rule, a.to.rule)
			}
		}
		if svg := (Picture{Procedure: p, Here: "s0"}).SVG(); !utf8.ValidString(svg) || !strings.HasSuffix(svg, "</svg>") {
			t.Fatal(svg)
		}
	})
}

func onEdge(b *box, x, y int) bool {
	inside := x >= b.x && x <= b.x+boxWide && y >= b.y && y <= b.y+b.h
	return inside && (x == b.x || x == b.x+boxWide || y == b.y || y == b.y+b.h)
}
