package rules

func wordPlants() []plant {
	typed := func(comment string) files {
		return files{"internal/modules/gifts/bow.go": "package gifts\n\n" + comment + "type Bow struct{}\n"}
	}
	book := func(lines string) files {
		return files{"GLOSSARY.md": sound()["GLOSSARY.md"] + lines}
	}
	doc := func(text string) files { return files{"docs/how-to/a.md": text} }
	return []plant{
		{"glossary", "no term", typed("// Bow is tied.\n"), "gifts.Bow has no line \"vi: <term>\""},
		{"glossary", "not in the book", typed("// Bow is tied.\n//\n// vi: cái nơ\n"), "GLOSSARY.md has no line for gifts.Bow (cái nơ)"},
		{"glossary", "another term in the book", book("| `gifts.Bow` | dải lụa | tied |\n").with(typed("// Bow is tied.\n//\n// vi: cái nơ\n")), "is \"cái nơ\" here and \"dải lụa\" in GLOSSARY.md"},
		{"glossary", "no such term in the field", typed("// Bow is tied.\n//\n// vi: -\n"), ""},
		{"glossary orderly", "twice", book("| `gifts.Gift` | quà | given |\n"), "GLOSSARY.md:8: gifts.Gift is given twice"},
		{"glossary orderly", "no meaning", book("| `bow` | nơ | |\n"), "GLOSSARY.md:8: bow has no Vietnamese term or no meaning"},
		{"glossary orderly", "a type that is gone", book("| `gifts.Card` | thiệp | written |\n"), "there is no type gifts.Card"},
		{"links", "a file that is gone", doc("See [x](../gone.md).\n"), "docs/how-to/a.md:1: links to ../gone.md, which is not there"},
		{"links", "a heading that is gone", doc("\nSee [x](../../GLOSSARY.md#colours).\n"), "a.md:2: links to ../../GLOSSARY.md#colours, but there is no such heading"},
		{"links", "a picture that is gone", files{"README.md": "![x](docs/x.png)\n"}, "README.md:1"},
		{"links", "a folder, a part, the net", doc("[a](../../internal/kernel) [b](../../GLOSSARY.md#the-field) [c](https://example.vn/x)\n"), ""},
		{"links", "a part of its own, in Vietnamese", doc("# Đơn thư, khiếu nại\n\n[a](#đơn-thư-khiếu-nại)\n"), ""},
		{"Vietnamese composed", "decomposed", files{"internal/modules/gifts/text/vi.toml": "[gifts]\nx = \"Qua\u0300\"\n"}, "vi.toml:2: Vietnamese is decomposed"},
		{"voters are Ông/Bà", "a friend", files{"internal/modules/gifts/text/vi.toml": "[gifts]\nx = \"Quà của bạn.\"\n"}, "vi.toml:2: “bạn”"},
		{"voters are Ông/Bà", "another word", files{"internal/modules/gifts/text/vi.toml": "[gifts]\nx = \"Bạnh ra, ban đầu, Ông/Bà.\"\n"}, ""},
		{"Vietnamese composed", "in a test that needs it", files{"internal/modules/gifts/x_test.go": "package gifts\n\n// Qua\u0300\n"}, ""},
	}
}

// with gives both sets of files.
func (f files) with(more files) files {
	all := files{}
	for _, set := range []files{f, more} {
		for name, text := range set {
			all[name] = text
		}
	}
	return all
}

func texts(vi, en string) files {
	return files{"internal/kernel/org/text/vi.toml": vi, "internal/kernel/org/text/en.toml": en}
}

func languagePlants() []plant {
	return []plant{
		{"sentences in both languages", "no English", texts("[org]\na = \"Một\"\n", ""), "org.a has no English sentence"},
		{"sentences in both languages", "no Vietnamese", texts("", "[org]\na = \"One\"\n"), "org.a has no Vietnamese sentence"},
		{"sentences in both languages", "another place", texts("[org]\na = \"Một {x}\"\n", "[org]\na = \"One {y}\"\n"), "the places [x] in Vietnamese and [y] in English"},
		{"sentences in both languages", "an empty one", texts("[org]\na = \" \"\n", "[org]\na = \"One\"\n"), "org.a is empty"},
		{"sentences in both languages", "given twice", texts("[gifts]\ntoo_many = \"Một {max}\"\n", "[gifts]\ntoo_many = \"One {max}\"\n"), "gifts.too_many stands in internal/"},
		{"sentences in both languages", "no sentence", texts("[org]\na = 3\n", "[org]\na = 3\n"), "org.a is no sentence"},
		{"sentences in both languages", "not readable", texts("[org\n", ""), "internal/kernel/org/text/vi.toml"},
		{"sentences in both languages", "the order of places", texts("[org]\na = \"{x} {y}\"\n", "[org]\na = \"{y} {x}\"\n"), ""},
	}
}

func keyPlants() []plant {
	stmt := func(s string) files {
		return files{"internal/modules/gifts/planted.go": "package gifts\n\nfunc planted() {\n\t" + s + "\n}\n"}
	}
	page := func(s string) files { return files{"internal/modules/gifts/b.templ": "<p>{ " + s + " }</p>\n"} }
	left := texts("[org]\nleft = \"Thừa\"\n", "[org]\nleft = \"Left over\"\n")
	return []plant{
		{"keys have sentences", "in a fault", stmt(`fault.New(fault.Invalid, "gifts.none")`), "planted.go:4: \"gifts.none\" has no sentence"},
		{"keys have sentences", "in Go", stmt(`text.T(ctx, "gifts.none")`), "gifts.none"},
		{"keys have sentences", "in a catalogue", stmt(`c.Say(lang, "gifts.none")`), "gifts.none"},
		{"keys have sentences", "in a flash", stmt(`web.Flash(w, r, "gifts.none")`), "gifts.none"},
		{"keys have sentences", "in a page", page(`text.T(ctx, "gifts.none")`), "b.templ:1: \"gifts.none\""},
		{"keys have sentences", "in a menu", stmt(`use(web.MenuItem{Section: "gifts.none", Icon: "inbox"})`), "gifts.none"},
		{"keys have sentences", "in a list of menus", stmt(`use([]web.MenuItem{{Label: "gifts.none"}})`), "gifts.none"},
		{"keys have sentences", "in a notice", stmt(`use(notify.Notice{Key: "gifts.none"})`), "gifts.none"},
		{"keys have sentences", "in an indicator", stmt(`use(kernel.Indicator{Key: "gifts.none"})`), "gifts.none"},
		{"keys have sentences", "a family nobody is of", page(`text.T(ctx, "gifts.colour." + c)`), "begins with \"gifts.colour.\""},
		{"keys have sentences", "a job's key is none", stmt(`use(jobs.Job{Key: "gifts.none"})`), ""},
		{"keys have sentences", "a family", page(`text.T(ctx, "gifts.state." + s)`), ""},
		{"sentences are used", "left over", left, "nothing names org.left"},
		{"sentences are used", "the module's name is no family", left.with(stmt(`text.T(ctx, "org." + x)`)), "nothing names org.left"},
		{"sentences are used", "named in a page", left.with(page(`text.T(ctx, "org.left")`)), ""},
		{"sentences are used", "named in data", left.with(files{"internal/kernel/calendar/days/1.toml": "reason = \"org.left\"\n"}), ""},
		{"sentences are used", "of a family", left.with(stmt(`text.T(ctx, "org.le" + x)`)), ""},
		{"places in sentences are filled", "nothing handed over", stmt(`fault.New(fault.Invalid, "gifts.too_many")`), "planted.go:4: gifts.too_many says {max}"},
		{"places in sentences are filled", "another name", stmt(`text.T(ctx, "gifts.too_many", "most", 3)`), "says {max}"},
		{"places in sentences are filled", "filled", stmt(`text.T(ctx, "gifts.too_many", "max", 3)`), ""},
		{"places in sentences are filled", "handed on", stmt(`text.T(ctx, "gifts.too_many", args...)`), ""},
	}
}

func releasePlants() []plant {
	migration := "-- +goose Up\nCREATE TABLE gifts_gifts (id TEXT PRIMARY KEY);\n"
	second := "internal/modules/gifts/migrations/sqlite/00002_more.sql"
	say := func(text string) files { return files{"docs/a.md": "\n" + text + "\n"} }
	return []plant{
		{"migrations stay", "changed", files{gifts("sqlite"): migration}, gifts("sqlite") + ": changed since it was noted"},
		{"migrations stay", "a new one", files{second: "-- +goose Up\n"}, second + ": a new migration"},
		{"migrations stay", "gone", files{migrationSums: sums(&tree{texts: sound()}) + "00 internal/kernel/org/migrations/sqlite/00001_org.sql\n"}, "00001_org.sql: noted in"},
		{"migrations in pairs", "for one database", files{second: "-- +goose Up\n"}, "no such migration for the other database"},
		{"migrations in pairs", "leads back", files{gifts("sqlite"): migration + "-- +goose Down\n"}, "forward only"},
		{"migrations in pairs", "without a number", files{"internal/kernel/org/migrations/sqlite/org.sql": ""}, "migrations are called"},
		{"no place of ours", "a registry of packages", say("https://registry." + "npmjs.org/x"), "docs/a.md:2: names a registry"},
		{"no place of ours", "a proxy of modules", files{"web/package-lock.json": "{\n\"resolved\": \"https://proxy." + "golang.org/x\"}"}, "package-lock.json:2"},
		{"no place of ours", "a folder of the machine", say("in /wo" + "rk/main"), "docs/a.md:2"},
		{"no place of ours", "a home", files{"internal/kernel/org/x.go": pkg("org", "const dir = \"/ho"+"me/lan/hdnd\"\n")}, "x.go:4"},
		{"no place of ours", "an address of ours", say("GET /petitions/work and /workshop"), ""},
	}
}

func dependencyPlants() []plant {
	list := sound()["docs/dependencies.md"]
	return []plant{
		{"dependencies explained", "a module without a reason", files{"go.mod": sound()["go.mod"] + "\nrequire example.com/weed v1.0.0\n"}, "no line (| `name` | where | why |) for example.com/weed"},
		{"dependencies explained", "a package without a reason", files{"web/package.json": `{"devDependencies": {"weed": "1.0.0"}}`}, "for weed"},
		{"dependencies explained", "a tool without a reason", files{"tools/go.mod": "module example.vn/hdnd/tools\n\ntool example.com/saw\n"}, "for example.com/saw"},
		{"dependencies explained", "hardly a reason", files{"docs/dependencies.md": "| `plant` | pages | good |\n"}, "for plant"},
		{"dependencies explained", "one that is gone", files{"docs/dependencies.md": list + "| `weed` | pages | it grows by itself |\n"}, "weed is listed, but nothing requires it"},
		{"dependencies explained", "not pinned", files{"web/package.json": `{"dependencies": {"plant": "^1.2.3"}}`}, "pin one exact version"},
		{"dependencies explained", "indirect", files{"go.mod": sound()["go.mod"] + "\nrequire example.com/weed v1.0.0 // indirect\n"}, ""},
	}
}
