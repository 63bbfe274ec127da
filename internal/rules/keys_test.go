package rules

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

func keyRules() []rule {
	return []rule{
		{"sentences in both languages", checkLanguages},
		{"keys have sentences", checkKeysKnown},
		{"sentences are used", checkKeysUsed},
		{"places in sentences are filled", checkPlacesFilled},
	}
}

// sentence is a text of one language with the file it stands in.
type sentence struct{ file, text string }

// sentences reads all text/<lang>.toml by key.
func sentences(t *tree, lang string) (map[string]sentence, findings) {
	var all findings
	found := map[string]sentence{}
	for _, name := range t.names("/text/" + lang + ".toml") {
		if strings.Contains(name, "testdata/") {
			continue
		}
		var top map[string]any
		if err := toml.Unmarshal([]byte(t.texts[name]), &top); err != nil {
			all.add(name, "%v", err)
			continue
		}
		var walk func(prefix string, branch map[string]any)
		walk = func(prefix string, branch map[string]any) {
			for _, k := range slices.Sorted(maps.Keys(branch)) {
				key := strings.TrimPrefix(prefix+"."+k, ".")
				switch v := branch[k].(type) {
				case map[string]any:
					walk(key, v)
				case string:
					if twice, ok := found[key]; ok {
						all.add(name, "%s stands in %s too", key, twice.file)
					}
					found[key] = sentence{name, v}
				default:
					all.add(name, "%s is no sentence", key)
				}
			}
		}
		walk("", top)
	}
	return found, all
}

var placeName = regexp.MustCompile(`\{([a-z_]+)\}`)

func placesIn(s string) []string {
	var all []string
	for _, m := range placeName.FindAllStringSubmatch(s, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func checkLanguages(t *tree) findings {
	vi, all := sentences(t, "vi")
	en, more := sentences(t, "en")
	all = append(all, more...)
	for _, key := range slices.Sorted(maps.Keys(vi)) {
		other, ok := en[key]
		switch {
		case !ok:
			all.add(vi[key].file, "%s has no English sentence", key)
		case strings.TrimSpace(vi[key].text) == "" || strings.TrimSpace(other.text) == "":
			all.add(vi[key].file, "%s is empty", key)
		case !slices.Equal(placesIn(vi[key].text), placesIn(other.text)):
			all.add(vi[key].file, "%s has the places %v in Vietnamese and %v in English", key, placesIn(vi[key].text), placesIn(other.text))
		case path.Dir(vi[key].file) != path.Dir(other.file):
			all.add(vi[key].file, "%s is English in another folder: %s", key, other.file)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := vi[key]; !ok {
			all.add(en[key].file, "%s has no Vietnamese sentence", key)
		}
	}
	return all
}

// use is a place in the program that names a sentence.
type use struct {
	at     string
	key    string
	family bool     // key is the constant beginning of a joined key
	given  []string // names of the values that are handed over
	open   bool     // further values may be handed over
}

// keyFields are the fields whose constant text is a key, by the type they stand in.
func keyFields(typeName string) []string {
	switch typeName {
	case "MenuItem":
		return []string{"Section", "Label"}
	case "Notice", "Sentence", "Indicator", "Fault", "Letter":
		return []string{"Key"}
	}
	return nil
}

// callKey gives the argument of a call that is a text key, and where the
// values for its places begin.
func callKey(call *ast.CallExpr) (key ast.Expr, values []ast.Expr, ok bool) {
	sel, isSel := call.Fun.(*ast.SelectorExpr)
	if !isSel || len(call.Args) < 2 {
		return nil, nil, false
	}
	switch name := sel.Sel.Name; {
	case name == "T" && isName(sel.X, "text"), name == "New" && isName(sel.X, "fault"), name == "Say":
		return call.Args[1], call.Args[2:], true
	case (name == "Flash" || name == "FlashWarning") && isName(sel.X, "web") && len(call.Args) > 2:
		return call.Args[2], call.Args[3:], true
	}
	return nil, nil, false
}

func constant(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// keyOf reads an argument that should be a key: a constant, or the constant
// beginning of a sum.
func keyOf(e ast.Expr) (key string, family, ok bool) {
	if s, is := constant(e); is {
		return s, false, true
	}
	if sum, is := e.(*ast.BinaryExpr); is && sum.Op == token.ADD {
		for {
			left, more := sum.X.(*ast.BinaryExpr)
			if !more {
				break
			}
			sum = left
		}
		if s, is := constant(sum.X); is {
			return s, true, true
		}
	}
	return "", false, false
}

func goUses(t *tree) []use {
	var all []use
	for _, s := range t.program() {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				arg, values, ok := callKey(n)
				if !ok {
					return true
				}
				if key, family, ok := keyOf(arg); ok {
					u := use{at: t.at(arg), key: key, family: family, open: n.Ellipsis.IsValid()}
					for i := 0; i < len(values); i += 2 {
						name, isConstant := constant(values[i])
						u.given = append(u.given, name)
						u.open = u.open || !isConstant
					}
					all = append(all, u)
				}
			case *ast.CompositeLit:
				all = append(all, fieldUses(t, n)...)
			}
			return true
		})
	}
	return all
}

func fieldUses(t *tree, c *ast.CompositeLit) []use {
	var all []use
	name := ""
	switch x := c.Type.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	for _, e := range c.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		field, ok := kv.Key.(*ast.Ident)
		if !ok || name != "" && !slices.Contains(keyFields(name), field.Name) || name == "" && field.Name != "Label" && field.Name != "Section" {
			continue
		}
		if key, family, ok := keyOf(kv.Value); ok && key != "" && (name != "" || keyShape.MatchString(key)) {
			all = append(all, use{at: t.at(kv), key: key, family: family, open: true})
		}
	}
	return all
}

var (
	keyShape  = regexp.MustCompile(`^[a-z]\w*(\.[a-z0-9]\w*)+$`)
	templUse  = regexp.MustCompile(`text\.T\(ctx,\s*"([^"]*)"(\s*\+)?`)
	quoted    = regexp.MustCompile("\"([^\"\\s]+)\"|`([^`\\s]+)`|'([^'\\s]+)'")
	bare      = regexp.MustCompile(`[a-z]\w*(?:\.[a-z0-9]\w*)+`)
	familyEnd = regexp.MustCompile(`^[a-z]\w*\.[a-z0-9][\w.]*[._]$|^[a-z]\w*\.[a-z0-9]\w*$`)
	infix     = regexp.MustCompile(`^\.[a-z][a-z_.]*\.$`)
)

func templUses(t *tree) []use {
	var all []use
	for _, name := range t.names(".templ") {
		for _, m := range templUse.FindAllStringSubmatchIndex(t.texts[name], -1) {
			all = append(all, use{at: t.lineAt(name, m[0]), key: t.texts[name][m[2]:m[3]], family: m[4] >= 0, open: true})
		}
	}
	return all
}

func checkKeysKnown(t *tree) (all findings) {
	vi, _ := sentences(t, "vi")
	for _, u := range append(goUses(t), templUses(t)...) {
		if !u.family {
			if _, ok := vi[u.key]; !ok {
				all.add(u.at, "%q has no sentence in any text/vi.toml", u.key)
			}
			continue
		}
		some := false
		for key := range vi {
			some = some || strings.HasPrefix(key, u.key)
		}
		if !some {
			all.add(u.at, "no sentence has a key that begins with %q", u.key)
		}
	}
	return all
}

// named collects what the program could be naming: whole keys, beginnings and
// middles of joined keys.
type named struct {
	whole    map[string]bool
	families map[string]bool
	middles  map[string]bool
}

func namedIn(t *tree) named {
	n := named{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, s := range t.program() {
		ast.Inspect(s.file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.BasicLit:
				if text, ok := constant(node); ok {
					n.whole[text] = true
					if infix.MatchString(text) {
						n.middles[text] = true
					}
				}
			case *ast.BinaryExpr:
				if key, family, ok := keyOf(node); ok && family && familyEnd.MatchString(key) {
					n.families[key] = true
				}
			}
			return true
		})
	}
	for _, name := range t.names(".templ", ".ts", ".mjs") {
		for _, m := range quoted.FindAllStringSubmatch(t.texts[name], -1) {
			n.whole[m[1]+m[2]+m[3]] = true
		}
		for _, u := range regexp.MustCompile(`"([a-z]\w*\.[\w.]*)"\s*\+`).FindAllStringSubmatch(t.texts[name], -1) {
			if familyEnd.MatchString(u[1]) {
				n.families[u[1]] = true
			}
		}
	}
	for _, name := range t.names(".yaml", ".toml") {
		if !strings.Contains(name, "/text/") {
			for _, key := range bare.FindAllString(t.texts[name], -1) {
				n.whole[key] = true
			}
		}
	}
	return n
}

// checkKeysUsed: a sentence that nothing names is left over. A family needs a
// beginning of its own ("petitions.state."), not just its module's name.
func checkKeysUsed(t *tree) (all findings) {
	vi, _ := sentences(t, "vi")
	n := namedIn(t)
	used := func(key string) bool {
		if n.whole[key] {
			return true
		}
		for f := range n.families {
			if strings.HasPrefix(key, f) {
				return true
			}
		}
		for m := range n.middles {
			if strings.Contains(key, m) {
				return true
			}
		}
		return false
	}
	for _, key := range slices.Sorted(maps.Keys(vi)) {
		if !used(key) {
			all.add(vi[key].file, "nothing names %s; take the sentence out, or name it", key)
		}
	}
	return all
}

// checkPlacesFilled: a sentence says "at most {max}", so whoever names it must
// hand over max.
func checkPlacesFilled(t *tree) (all findings) {
	shownAsIs := []string{"documents.pattern"} // the pattern of a paper's number: {no}/{kind}-{body}
	vi, _ := sentences(t, "vi")
	for _, u := range goUses(t) {
		s, ok := vi[u.key]
		if !ok || u.family || u.open || slices.Contains(shownAsIs, u.key) {
			continue
		}
		for _, place := range placesIn(s.text) {
			if !slices.Contains(u.given, place) {
				all.add(u.at, "%s says {%s}, which is not handed over here", u.key, place)
			}
		}
	}
	return all
}
