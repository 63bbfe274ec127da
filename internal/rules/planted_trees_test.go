package rules

import (
	"fmt"
	"slices"
	"strings"
)

// plants are the faults our rules must find, and near misses they must not.
func plants() []plant {
	return slices.Concat(importPlants(), rolePlants(), codePlants(), timePlants(), sizePlants(), namePlants(), wordPlants(), languagePlants(), keyPlants(), formPlants(), releasePlants(), dependencyPlants())
}

func importing(folder, what string) files {
	name := folder[strings.LastIndexByte(folder, '/')+1:]
	return files{folder + "/planted.go": pkg(name, "import _ \""+what+"\"\n")}
}

func importPlants() []plant {
	gifts, wishes := "internal/modules/gifts", "internal/modules/wishes"
	return []plant{
		{"levels", "a module imports another", importing(wishes, self+gifts), "planted.go: internal/modules/wishes may not import internal/modules/gifts"},
		{"levels", "a kernel package imports a module", importing("internal/kernel/org", self+gifts), "may not import"},
		{"levels", "of its own level", importing("internal/kernel/auth", self+"internal/kernel/jobs"), "same level"},
		{"levels", "the program imports the testkit", importing("internal/app", self+"internal/testkit"), "may not import internal/testkit"},
		{"levels", "a package without a level", importing("internal/kernel/blockchain", "fmt"), "stands on no level"},
		{"levels", "cases import ui", importing("internal/kernel/org", self+"internal/kernel/web/ui"), "may not import"},
		{"levels", "tests of two modules", files{wishes + "/wish_test.go": "package wishes_test\n\nimport _ \"" + self + gifts + "\"\n"}, "a test of module wishes may not import module gifts"},
		{"levels", "a lower one is fine", importing(wishes, self+"internal/kernel/fault"), ""},
		{"sub-packages", "somebody else's part", importing("internal/modules/gifts", self+"internal/modules/wishes/stars"), "belongs to internal/modules/wishes alone"},
		{"sub-packages", "the kernel takes page parts", importing("internal/kernel", self+"internal/kernel/web/ui"), "belongs to internal/kernel/web alone"},
		{"sub-packages", "a module takes page parts", importing(wishes, self+"internal/kernel/web/ui"), ""},
		{"sub-packages", "one's own part", importing(wishes, self+"internal/modules/wishes/stars"), ""},
	}
}

func rolePlants() []plant {
	in := "internal/modules/gifts/"
	file := func(name, what string) files {
		return files{in + name: "package gifts\n\nimport _ \"" + what + "\"\n"}
	}
	sql := func(name, q string) files { return files{in + name: "package gifts\n\nconst q = `" + q + "`\n"} }
	return []plant{
		{"file roles", "rules know HTTP", file("give.go", "net/http"), "a domain file may not import net/http"},
		{"file roles", "rows know HTTP", file("store_list.go", "net/http"), "a store file may not import net/http"},
		{"file roles", "rules draw pages", file("give.go", self+"internal/kernel/web/ui"), "may not import"},
		{"file roles", "a page reaches the database", file("pages_list.go", self+"internal/kernel/db"), "a pages file may not reach the database"},
		{"file roles", "a form opens SQL", file("forms.go", "database/sql"), "a forms file may not reach the database"},
		{"file roles", "the published reader opens SQL", file("api.go", "database/sql"), "api file may not reach the database"},
		{"file roles", "a component reaches the database", files{in + "list.templ": "package gifts\n\nimport (\n\t\"" + self + "internal/kernel/db\"\n)\n"}, "list.templ: a pages file may not reach"},
		{"file roles", "pages know HTTP", file("pages.go", "net/http"), ""},
		{"file roles", "the plug knows both", file("module.go", "net/http"), ""},
		{"SQL in store files", "in a rule", sql("give.go", "SELECT id FROM gifts_gifts"), "give.go:3: SQL belongs in store*.go"},
		{"SQL in store files", "in a page", sql("pages.go", "\n\tinsert into gifts_gifts (id) VALUES ($1)"), "pages.go:3"},
		{"SQL in store files", "put together", files{in + "give.go": "package gifts\n\nvar q = `UPDATE ` + table + ` SET x = 1`\n"}, "SQL belongs"},
		{"SQL in store files", "where it belongs", sql("store_more.go", "SELECT id FROM gifts_gifts"), ""},
		{"SQL in store files", "a sentence", sql("give.go", "With best wishes"), ""},
		{"tables", "another module's rows", files{"internal/modules/wishes/store.go": "package wishes\n\nconst q = `SELECT w.id FROM wishes_wishes w JOIN gifts_gifts g ON g.id = w.id`\n"}, "may not touch gifts_gifts, a table of gifts"},
		{"tables", "a name of its own", files{in + "migrations/sqlite/00002_more.sql": "-- +goose Up\nCREATE TABLE presents (id TEXT);\n"}, "00002_more.sql:2: table presents must be called gifts_…"},
	}
}

func body(statements string) files {
	return files{"internal/modules/gifts/planted.go": "package gifts\n\nfunc planted() {\n" + statements + "\n}\n"}
}

func inTest(statements string) files {
	return files{"internal/modules/gifts/planted_test.go": "package gifts\n\nimport \"testing\"\n\nfunc TestPlanted(t *testing.T) {\n" + statements + "\n}\n"}
}

func codePlants() []plant {
	top := func(text string) files {
		return files{"internal/modules/gifts/planted.go": "package gifts\n\n" + text + "\n"}
	}
	return []plant{
		{"no init", "registration by import", top("func init() { register() }"), "planted.go:3: no init"},
		{"no init", "a method of that name", top("func (g Gift) init() {}"), ""},
		{"no global state", "a lock", top("var mu sync.Mutex"), "mu is state of the whole program"},
		{"no global state", "a counter", top("var n atomic.Int64"), "n is state"},
		{"no global state", "a pointer", top("var p atomic.Pointer[Gift]"), "p is state"},
		{"columns named", "in Go", body("q := `SELECT * FROM gifts_gifts`"), "planted.go:4: SELECT * hides"},
		{"columns named", "of one table", body("q := `select g.* from gifts_gifts g`"), "hides"},
		{"columns named", "in a migration", files{"internal/modules/gifts/migrations/sqlite/00002_x.sql": "CREATE VIEW gifts_v AS SELECT DISTINCT * FROM gifts_gifts;\n"}, "00002_x.sql:1"},
		{"columns named", "counting", body("q := `SELECT count(*) FROM gifts_gifts`"), ""},
		{"nothing left undone", "a mark", body("// TO" + "DO: wrap it"), "planted.go:4"},
		{"nothing left undone", "in a page", files{"internal/modules/gifts/b.templ": "<!-- FIX" + "ME -->"}, "b.templ:1"},
		{"nothing left undone", "a stub", body("panic(\"not imple" + "mented\")"), "do it, or write an issue"},
		{"nothing left undone", "in a procedure", files{"internal/modules/gifts/procedures/p.yaml": "a: 1 # XX" + "X\n"}, "p.yaml:1"},
		{"nothing left undone", "a code with these letters", body("const code = \"AXXXB\""), ""},
		{"no skipped tests", "skipped", inTest("t.Skip(\"slow\")"), "planted_test.go:6: a skipped test"},
		{"no skipped tests", "when short", inTest("if testing.Short() {\n}"), "planted_test.go:6"},
		{"no skipped tests", "a verb of that name", inTest("stream.Skip(3)"), ""},
		{"errors not swallowed", "an error thrown away", body("\n\t_ = save()"), "planted.go:5: a result is thrown away"},
		{"errors not swallowed", "two thrown away", body("\n\t_, _ = save()"), "thrown away"},
		{"errors not swallowed", "with its reason", body("\t_ = save() // the client has gone; nobody is left to tell"), ""},
		{"errors not swallowed", "with its reason before", body("\t// The client has gone.\n\t_ = save()"), ""},
		{"errors not swallowed", "no call", body("\t_ = value"), ""},
		{"no mock generator", "required", files{"tools/go.mod": "module x\n\nrequire go.uber.org/mock/gomock v1.0.0\n"}, "go.mod:3: no mock generator"},
		{"no mock generator", "used", inTest("m.EXPECT().Give()"), "EXPECT()"},
		{"no mock generator", "generated", top("//go:generate mockgen -source gift.go"), "no generated mocks"},
		{"pages fit the content policy", "a style", files{"internal/modules/gifts/b.templ": "<p style=\"color: red\">"}, "b.templ:1"},
		{"pages fit the content policy", "a handler", files{"internal/modules/gifts/b.templ": "<p onclick=\"go()\">"}, "blocked"},
		{"pages fit the content policy", "a script", files{"internal/modules/gifts/b.templ": "<script>go()</script>"}, "blocked"},
		{"pages fit the content policy", "a file", files{"internal/modules/gifts/b.templ": "<script src={ f }></script>"}, ""},
	}
}

func timePlants() []plant {
	using := func(call string) files {
		return files{"internal/modules/gifts/planted.go": "package gifts\n\nimport \"time\"\n\nvar planted = " + call + "\n"}
	}
	return []plant{
		{"time from outside", "now", using("time.Now()"), "planted.go:5: time.Now outside kernel/clock"},
		{"time from outside", "since", using("time.Since(then)"), "time.Since"},
		{"time from outside", "a length of time", using("time.Hour"), ""},
		{"time from outside", "measuring", files{"bench/bench.go": pkg("bench", "import \"time\"\n\nvar planted = time.Now()\n")}, ""},
	}
}

func lines(n int, line string) string { return strings.Repeat(line+"\n", n) }

func sizePlants() []plant {
	long := func(name string, n int) files {
		return files{"internal/modules/gifts/" + name: "package gifts\n\nfunc planted() {\n" + lines(n, "\tgive()") + "}\n"}
	}
	many := func(folder string, count int) files {
		all := files{}
		for i := range count {
			all[fmt.Sprintf("%s/part%03d.go", folder, i)] = pkg("x", lines(550, "var _ = 1"))
		}
		return all
	}
	return []plant{
		{"functions short", "71 lines", long("planted.go", 69), "planted.go:3: planted has 71 lines; 70 are allowed"},
		{"functions short", "70 lines", long("planted.go", 68), ""},
		{"functions short", "a test of 70", long("planted_test.go", 68), ""},
		{"functions short", "a test of 101", long("planted_test.go", 99), "101 lines; 100 are allowed"},
		{"files short", "601 lines", files{"internal/modules/gifts/planted.go": "package gifts\n" + lines(600, "// x")}, "601 lines; 600 are allowed"},
		{"files short", "600 lines", files{"internal/modules/gifts/planted.go": "package gifts\n" + lines(599, "// x")}, ""},
		{"files short", "a page of 601", files{"internal/modules/gifts/b.templ": lines(601, "<p></p>")}, "b.templ: 601"},
		{"files short", "generated", files{"internal/modules/gifts/b_templ.go": lines(601, "x")}, ""},
		{"modules small", "a module", many("internal/modules/gifts", 11), "internal/modules/gifts: 61"},
		{"modules small", "a part of a module", many("internal/modules/gifts/bows", 11), "internal/modules/gifts/bows: 60"},
		{"modules small", "a module and its part", many("internal/modules/gifts/bows", 6).with(many("internal/modules/gifts", 6)), ""},
		{"modules small", "a part of the kernel", many("internal/kernel/search", 11), "internal/kernel/search: 60"},
		{"modules small", "tests do not count", files{"internal/modules/gifts/a_test.go": "package gifts\n" + lines(6001, "// x")}, ""},
		{"kernel within its budget", "too much of it", many("internal/kernel/search", 56), "lines of code; 30000 are allowed"},
		{"kernel within its budget", "words do not count", files{"internal/kernel/search/s.go": "package search\n" + lines(30000, "// x")}, ""},
	}
}

func namePlants() []plant {
	top := func(text string) files {
		return files{"internal/modules/gifts/planted.go": "package gifts\n\n" + text + "\n"}
	}
	return []plant{
		{"package names", "an empty word", files{"internal/kernel/helpers/x.go": pkg("helpers", "")}, "\"helpers\" says nothing"},
		{"package names", "another name than its folder", files{"internal/kernel/org/x.go": pkg("people", "")}, "package people stands in the folder org"},
		{"package names", "tests from outside", files{"internal/kernel/org/x_test.go": "package org_test\n"}, ""},
		{"telling names", "a manager", top("type giftManager struct{}"), "giftManager"},
		{"telling names", "Get", top("func GetGift() {}"), "GetGift: leave out Get"},
		{"telling names", "a word that begins so", top("func Getaway() {}"), ""},
		{"packages introduced", "no comment", files{"internal/kernel/org/x.go": "package org\n"}, "internal/kernel/org: no package comment"},
		{"packages introduced", "hardly one", files{"internal/kernel/org/x.go": "// Package org.\npackage org\n"}, "internal/kernel/org: no package comment"},
		{"exported names documented", "a function", top("func Give() {}"), "planted.go:3: Give has no sentence"},
		{"exported names documented", "a method", top("func (g Gift) Give() {}"), "Give has no sentence"},
		{"exported names documented", "a type", top("type Bow struct{}"), "Bow has no sentence"},
		{"exported names documented", "a constant", top("const (\n\tRed = 1\n)"), "Red has no sentence"},
		{"exported names documented", "of a hidden type", top("func (b bow) Tie() {}"), ""},
		{"exported names documented", "a group", top("// The colours.\nconst (\n\tRed = 1\n\tBlue = 2\n)"), ""},
	}
}
