package rules

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// levels is the dependency picture of ARCHITECTURE.md, lowest first. A package
// may import packages of a lower line only: never of its own line, so modules
// cannot import each other.
//
// This is a statement of policy. Do not edit it to make a build pass.
func levels() []string {
	return []string{
		"internal/kernel/fault internal/kernel/clock internal/kernel/text web",
		"internal/kernel/db",
		"internal/kernel/org",
		"internal/kernel/audit", // so that sign-in, posts, holidays can record their acts
		"internal/kernel/auth internal/kernel/calendar internal/kernel/jobs internal/kernel/vault",
		"internal/kernel/documents internal/kernel/search internal/kernel/notify internal/kernel/live",
		"internal/kernel/web/ui",
		"internal/kernel/cases internal/kernel/web",
		"internal/kernel",
		"internal/modules/*/*",
		"internal/modules/*",
		"internal/app/*",
		"internal/app",
		"cmd/* e2e e2e/* bench bench/*",
		"internal/testkit internal/rules", // on top: only tests may import these
		"internal/testkit/*",
	}
}

func level(pkg string) (int, bool) {
	for n, line := range levels() {
		for pattern := range strings.FieldsSeq(line) {
			if ok, err := path.Match(pattern, pkg); ok && err == nil {
				return n, true
			}
		}
	}
	return 0, false
}

// guests may import a sub-package besides its parent.
func guests(pkg string) []string {
	if pkg == "internal/kernel/web/ui" {
		return []string{"internal/modules/", "internal/app"}
	}
	return nil
}

func importRules() []rule {
	return []rule{
		{"levels", checkLevels},
		{"sub-packages", checkSubPackages},
		{"file roles", checkRoles},
		{"SQL in store files", checkSQLPlace},
		{"tables", checkTables},
	}
}

func imports(s source) []string {
	var all []string
	for _, i := range s.file.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil {
			all = append(all, p)
		}
	}
	return all
}

func checkLevels(t *tree) (all findings) {
	for _, s := range t.program() {
		mine, ok := level(s.pkg)
		if !ok {
			all.add(s.path, "package %s stands on no level; say in levels where it belongs", s.pkg)
			continue
		}
		for _, p := range imports(s) {
			if dep, ours := strings.CutPrefix(p, self); ours {
				if theirs, ok := level(dep); !ok || theirs >= mine {
					all.add(s.path, "%s may not import %s (same level or above)", s.pkg, dep)
				}
			}
		}
	}
	for _, s := range t.tests() {
		for _, p := range imports(s) {
			dep, ours := strings.CutPrefix(p, self)
			if a, b := module(s.pkg), module(dep); ours && a != "" && b != "" && a != b {
				all.add(s.path, "a test of module %s may not import module %s; test the two together in app or e2e", a, b)
			}
		}
	}
	return all
}

// parent is the package that a sub-package belongs to.
func parent(pkg string) string {
	for _, pattern := range []string{"internal/modules/*/*", "internal/kernel/*/*", "internal/app/*"} {
		if ok, err := path.Match(pattern, pkg); ok && err == nil {
			return path.Dir(pkg)
		}
	}
	return ""
}

// checkSubPackages: sessions/voting is imported by sessions alone.
func checkSubPackages(t *tree) (all findings) {
	for _, s := range t.program() {
		for _, p := range imports(s) {
			dep, ours := strings.CutPrefix(p, self)
			if !ours || parent(dep) == "" || s.pkg == parent(dep) {
				continue
			}
			if slices.ContainsFunc(guests(dep), func(g string) bool { return strings.HasPrefix(s.pkg, g) }) {
				continue
			}
			if lvl, ok := level(s.pkg); ok && strings.HasPrefix(levels()[lvl], "cmd/") && parent(dep) == "internal/app" {
				continue // the command line starts the demonstration
			}
			if s.pkg == "internal/app/demo" && strings.HasPrefix(dep, "internal/modules/") {
				continue // it plays whole offices, and speaks to the parts of a module in their own types
			}
			all.add(s.path, "%s belongs to %s alone; %s may not import it", dep, parent(dep), s.pkg)
		}
	}
	return all
}

// role says what a file of a module may touch; see STYLE.md, "Files are layers".
func role(file string) string {
	base := path.Base(file)
	if strings.HasSuffix(base, ".templ") {
		return "pages"
	}
	for _, r := range []string{"module", "store", "pages", "forms", "api"} {
		if base == r+".go" || strings.HasPrefix(base, r+"_") {
			return r
		}
	}
	return "domain"
}

var templImport = regexp.MustCompile(`(?m)^(?:import )?\t?(?:\w+ )?"([a-z][\w./-]*)"$`)

func checkRoles(t *tree) (all findings) {
	web := []string{"net/http", "html/template", self + "internal/kernel/web", self + "internal/kernel/web/ui"}
	rows := []string{"database/sql", self + "internal/kernel/db"}
	refuse := func(name string, uses []string) {
		switch r := role(name); r {
		case "module":
		case "pages", "forms", "api":
			for _, p := range uses {
				if slices.Contains(rows, p) {
					all.add(name, "a %s file may not reach the database (%s); call a verb", r, p)
				}
			}
		default:
			for _, p := range uses {
				if slices.Contains(web, p) {
					all.add(name, "a %s file may not import %s", r, p)
				}
			}
		}
	}
	for _, s := range t.program() {
		if module(s.pkg) != "" {
			refuse(s.path, imports(s))
		}
	}
	for _, name := range t.names(".templ") {
		if module(path.Dir(name)) == "" {
			continue
		}
		var uses []string
		for _, m := range templImport.FindAllStringSubmatch(t.texts[name], -1) {
			uses = append(uses, m[1])
		}
		refuse(name, uses)
	}
	return all
}

// sqlText recognises a statement by two of its words, so that a sentence that
// happens to begin with "With" is none.
var sqlText = regexp.MustCompile(`(?is)^\s*(SELECT\s.*\sFROM\s|INSERT\s+INTO\s|UPDATE\s.*\sSET\s|DELETE\s+FROM\s|WITH\s.*\sAS\s*\(|(CREATE|DROP|ALTER)\s+(TABLE|INDEX|UNIQUE)\s)`)

func checkSQLPlace(t *tree) (all findings) {
	for _, s := range t.program() {
		if module(s.pkg) == "" || role(s.path) == "store" {
			continue
		}
		for _, lit := range literals(s) {
			if sqlText.MatchString(lit.text + " ") {
				all.add(t.at(lit.node), "SQL belongs in store*.go")
			}
		}
	}
	return all
}

var createTable = regexp.MustCompile(`(?i)CREATE (?:VIRTUAL |UNLOGGED )?TABLE (?:IF NOT EXISTS )?(\w+)`)

// checkTables: tables bear the name of their package, or of the module it is
// part of, and no module reads or writes those of another.
func checkTables(t *tree) (all findings) {
	owner := map[string]string{}
	for _, name := range t.names(".sql") {
		folder, _, ok := strings.Cut(name, "/migrations/")
		if !ok {
			continue
		}
		for _, m := range createTable.FindAllStringSubmatchIndex(t.texts[name], -1) {
			table := t.texts[name][m[2]:m[3]]
			if !strings.HasPrefix(table, path.Base(folder)+"_") && (module(folder) == "" || !strings.HasPrefix(table, module(folder)+"_")) {
				all.add(t.lineAt(name, m[0]), "table %s must be called %s_…", table, path.Base(folder))
			}
			owner[table] = folder
		}
	}
	word := regexp.MustCompile(`[a-z]\w+`)
	for _, s := range t.program() {
		mine := module(s.pkg)
		if mine == "" {
			continue
		}
		for _, lit := range literals(s) {
			if !sqlText.MatchString(lit.text + " ") {
				continue
			}
			for _, w := range word.FindAllString(lit.text, -1) {
				if theirs := module(owner[w]); theirs != "" && theirs != mine {
					all.add(t.at(lit.node), "module %s may not touch %s, a table of %s", mine, w, theirs)
				}
			}
		}
	}
	return all
}
