package rules

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func wordRules() []rule {
	return []rule{
		{"glossary", checkGlossary},
		{"glossary orderly", checkGlossaryLines},
		{"links", checkLinks},
		{"Vietnamese composed", checkComposed},
		{"voters are Ông/Bà", checkAddress},
	}
}

const glossaryName = "GLOSSARY.md"

var viLine = regexp.MustCompile(`(?m)^vi: (.+)$`)

// fieldType is an exported type of a module with the term its comment gives.
type fieldType struct {
	at, name, term string // name as in "petitions.Petition"; term "-" when the field has no word
}

func fieldTypes(t *tree) []fieldType {
	var all []fieldType
	for _, s := range t.program() {
		if module(s.pkg) == "" {
			continue
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				ts := spec.(*ast.TypeSpec)
				if !ts.Name.IsExported() {
					continue
				}
				doc := ts.Doc.Text()
				if doc == "" {
					doc = g.Doc.Text()
				}
				found := fieldType{at: t.at(ts), name: path.Base(s.pkg) + "." + ts.Name.Name}
				if m := viLine.FindStringSubmatch(doc); m != nil {
					found.term = strings.TrimSpace(m[1])
				}
				all = append(all, found)
			}
		}
	}
	return all
}

// word is a line of the glossary.
type word struct {
	line                int
	code, term, meaning string
}

func glossary(t *tree) []word {
	var all []word
	for i, line := range strings.Split(t.texts[glossaryName], "\n") {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || len(cells) != 3 || strings.HasPrefix(strings.TrimSpace(cells[0]), "-") || strings.TrimSpace(cells[0]) == "Code" {
			continue
		}
		all = append(all, word{i + 1, strings.Trim(strings.TrimSpace(cells[0]), "`"), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])})
	}
	return all
}

// checkGlossary: every exported type of a module names its field term, and the
// glossary has the same pair. "vi: -" says that the field has no such term.
func checkGlossary(t *tree) (all findings) {
	book := glossary(t)
	for _, ft := range fieldTypes(t) {
		i := slices.IndexFunc(book, func(w word) bool { return w.code == ft.name })
		switch {
		case ft.term == "":
			all.add(ft.at, "%s has no line \"vi: <term>\" at the end of its comment", ft.name)
		case ft.term == "-":
		case i < 0:
			all.add(ft.at, "%s has no line for %s (%s); -rewrite prints it", glossaryName, ft.name, ft.term)
		case book[i].term != ft.term:
			all.add(ft.at, "%s is %q here and %q in %s", ft.name, ft.term, book[i].term, glossaryName)
		}
	}
	return all
}

// checkGlossaryLines: no word twice, none without its meaning, none of a type
// that is gone.
func checkGlossaryLines(t *tree) (all findings) {
	types, modules := map[string]bool{}, map[string]bool{}
	for _, ft := range fieldTypes(t) {
		types[ft.name] = true
		modules[ft.name[:strings.IndexByte(ft.name, '.')]] = true
	}
	seen := map[string]bool{}
	for _, w := range glossary(t) {
		at := glossaryName + ":" + itoa(w.line)
		if seen[w.code] {
			all.add(at, "%s is given twice", w.code)
		}
		seen[w.code] = true
		if w.term == "" || w.meaning == "" {
			all.add(at, "%s has no Vietnamese term or no meaning", w.code)
		}
		if m, _, dotted := strings.Cut(w.code, "."); dotted && modules[m] && !types[w.code] {
			all.add(at, "there is no type %s", w.code)
		}
	}
	return all
}

var familiar = regexp.MustCompile(`(?:^|[^\p{L}])[Bb]ạn(?:[^\p{L}]|$)`)

// checkAddress: an office calls a voter Ông/Bà; to its own people a page needs
// no pronoun. "Bạn" is for friends.
func checkAddress(t *tree) (all findings) {
	for _, name := range t.names("/text/vi.toml") {
		for _, at := range familiar.FindAllStringIndex(t.texts[name], -1) {
			all.add(t.lineAt(name, at[0]), "“bạn”: say Ông/Bà to voters, and nothing to officials")
		}
	}
	return all
}

// TestGlossaryLines prints, with -rewrite, the lines that GLOSSARY.md lacks.
// Their meaning is for a person to write.
func TestGlossaryLines(t *testing.T) {
	if !*rewrite {
		return
	}
	here := workingTree(t)
	book := glossary(here)
	for _, ft := range fieldTypes(here) {
		if ft.term != "" && ft.term != "-" && !slices.ContainsFunc(book, func(w word) bool { return w.code == ft.name }) {
			t.Logf("add to %s: | `%s` | %s | … |", glossaryName, ft.name, ft.term)
		}
	}
}

var mdLink = regexp.MustCompile(`\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)`)

// checkLinks: relative links of the documents lead to files that are there, and
// their #parts to headings.
func checkLinks(t *tree) (all findings) {
	for _, name := range t.names(".md") {
		if strings.Contains(name, "testdata/") {
			continue
		}
		for _, m := range mdLink.FindAllStringSubmatchIndex(t.texts[name], -1) {
			link := t.texts[name][m[2]:m[3]]
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			file, part, _ := strings.Cut(link, "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if !t.there(target) {
				all.add(t.lineAt(name, m[0]), "links to %s, which is not there", link)
			} else if part != "" && strings.HasSuffix(target, ".md") && !slices.Contains(anchors(t.texts[target]), part) {
				all.add(t.lineAt(name, m[0]), "links to %s, but there is no such heading", link)
			}
		}
	}
	return all
}

// anchors are the #parts of a document's headings, as the usual viewers make them.
func anchors(md string) []string {
	var all []string
	drop := regexp.MustCompile(`[^\p{L}\p{N}\p{M} _-]`)
	for line := range strings.Lines(md) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			all = append(all, strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), ""), " ", "-"))
		}
	}
	return all
}

// checkComposed: Vietnamese is kept composed (NFC), so that search in the
// source, in texts and in data finds it. Test files keep the other form to test with.
func checkComposed(t *tree) (all findings) {
	for _, name := range t.names(".go", ".templ", ".toml", ".yaml", ".md", ".ts", ".sql", ".jsonl", ".json", ".txt", ".csv") {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		for i, line := range strings.Split(t.texts[name], "\n") {
			if !norm.NFC.IsNormalString(line) {
				all.add(name+":"+itoa(i+1), "Vietnamese is decomposed here; write it composed (NFC)")
			}
		}
	}
	return all
}
