package rules

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// files is a small tree: path → text.
type files map[string]string

// plant is a tree with one fault, and what the rule should say of it. With no
// words, the rule should find nothing: the near miss of a fault.
type plant struct {
	rule string
	name string
	add  files  // on top of the sound tree
	says string // "" for nothing
}

// pkg is a Go file of a package whose name is the last part of its folder.
func pkg(name, rest string) string {
	return "// Package " + name + " keeps what this test plants, and nothing beside it.\npackage " + name + "\n\n" + rest
}

// sound is a tree in which every rule finds nothing. Plants add their fault to it.
func sound() files {
	return files{
		"go.mod":               "module example.vn/hdnd\n\ngo 1.26.8\n\nrequire example.com/tree v1.0.0\n",
		"web/package.json":     `{"dependencies": {"plant": "1.2.3"}}`,
		"docs/dependencies.md": "| `example.com/tree` | kernel | it grows what we need |\n| `plant` | pages | it flowers all the year |\n",
		"README.md":            "# Council\n\nSee [the words](GLOSSARY.md#the-field) and [the kernel](internal/kernel).\n",
		"GLOSSARY.md":          "# Words\n\n## The field\n\n| Code | Vietnamese | Meaning |\n|---|---|---|\n| `gifts.Gift` | quà tặng | what is given |\n",
		"internal/kernel/clock/clock.go": pkg("clock", `import "time"

// Now is now.
func Now() time.Time { return time.Now() }
`),
		"internal/kernel/db/db.go": pkg("db", `import "example.vn/hdnd/internal/kernel/clock"

var _ = clock.Now
`),
		"internal/kernel/web/web.go": pkg("web", `import "example.vn/hdnd/internal/kernel/web/ui"

var _ = ui.Part
`),
		"internal/kernel/web/ui/ui.go": pkg("ui", "// Part is a part.\nvar Part = 1\n"),
		"internal/modules/gifts/gift.go": pkg("gifts", `import "example.vn/hdnd/internal/kernel/fault"

// Gift is given.
//
// vi: quà tặng
type Gift struct{}

func (g Gift) give(n int) error {
	if n > 3 {
		return fault.New(fault.Invalid, "gifts.too_many", "max", 3)
	}
	return fault.New(fault.Refused, "gifts.state."+string(rune(n)))
}
`),
		"internal/modules/gifts/store.go":       "package gifts\n\nconst list = `SELECT id, name FROM gifts_gifts`\n",
		"internal/modules/gifts/text/vi.toml":   "[gifts]\ntoo_many = \"Nhiều nhất {max}.\"\n[gifts.state]\ngiven = \"Đã tặng\"\n",
		"internal/modules/gifts/text/en.toml":   "[gifts]\ntoo_many = \"At most {max}.\"\n[gifts.state]\ngiven = \"Given\"\n",
		"internal/modules/wishes/wish.go":       pkg("wishes", "const wish = 1\n"),
		"internal/modules/gifts/page.templ":     "package gifts\n\ntempl page() {\n\t<p class=\"x\">{ text.T(ctx, \"gifts.too_many\", \"max\", 3) }</p>\n}\n",
		"internal/modules/gifts/gift_test.go":   "package gifts\n\nimport \"testing\"\n\nfunc TestGift(t *testing.T) { t.Log(\"given\") }\n",
		"internal/modules/gifts/page_templ.go":  "package gifts\n\nfunc init() { broken as generated code may be",
		"internal/kernel/testdata/ignored.json": "{}",
		gifts("sqlite"):                         "-- +goose Up\nCREATE TABLE gifts_gifts (id TEXT PRIMARY KEY, name TEXT NOT NULL);\n",
		gifts("postgres"):                       "-- +goose Up\nCREATE TABLE gifts_gifts (id TEXT PRIMARY KEY, name TEXT NOT NULL);\n",
	}
}

func gifts(dialect string) string {
	return "internal/modules/gifts/migrations/" + dialect + "/00001_gifts.sql"
}

// grow makes the tree of sound and the added files. The sums of the sound
// migrations are noted, so that a planted change shows.
func grow(t *testing.T, add files) *tree {
	t.Helper()
	plain := readFiles(t, sound())
	all := sound()
	all[migrationSums] = sums(plain)
	maps.Copy(all, add)
	return readFiles(t, all)
}

func readFiles(t *testing.T, all files) *tree {
	t.Helper()
	in := fstest.MapFS{}
	for name, text := range all {
		in[name] = &fstest.MapFile{Data: []byte(text)}
	}
	read, err := readTree(in)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// TestSound: rules that complain of everything would pass the planted faults.
func TestSound(t *testing.T) {
	here := grow(t, nil)
	for _, r := range houseRules() {
		for _, f := range r.check(here) {
			t.Errorf("%s finds a fault in the sound tree: %s", r.name, f)
		}
	}
}

// TestPlanted: each rule finds the fault that was planted for it, and says
// where it is.
func TestPlanted(t *testing.T) {
	rules := map[string]rule{}
	for _, r := range houseRules() {
		rules[r.name] = r
	}
	faults := map[string]int{}
	for _, p := range plants() {
		t.Run(p.rule+"/"+p.name, func(t *testing.T) {
			r, ok := rules[p.rule]
			if !ok {
				t.Fatalf("no rule %q", p.rule)
			}
			found := r.check(grow(t, p.add))
			if p.says == "" {
				for _, f := range found {
					t.Errorf("nothing is wrong here, but the rule says: %s", f)
				}
				return
			}
			faults[p.rule]++
			for _, f := range found {
				if strings.Contains(f.String(), p.says) {
					return
				}
			}
			t.Errorf("the rule should say %q; it says %v", p.says, found)
		})
	}
	for name := range rules {
		if faults[name] == 0 {
			t.Errorf("no fault was planted for the rule %q", name)
		}
	}
}

// TestThisMachineFound: the look for places of this machine finds one.
func TestThisMachineFound(t *testing.T) {
	marks := thisMachine(t)
	here := grow(t, files{"docs/a.md": "see " + marks[0] + "/x\n"})
	if found := mentions(here, marks); len(found) != 1 || !strings.HasPrefix(found[0].at, "docs/a.md:1") {
		t.Errorf("found %v", found)
	}
}
