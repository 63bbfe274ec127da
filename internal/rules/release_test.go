package rules

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

func itoa(n int) string { return strconv.Itoa(n) }

func releaseRules() []rule {
	return []rule{
		{"migrations stay", checkMigrations},
		{"migrations in pairs", checkMigrationPairs},
		{"no place of ours", checkPlaces},
		{"dependencies explained", checkDependencies},
	}
}

const migrationSums = "internal/rules/testdata/migrations.sum"

func isMigration(name string) bool {
	return strings.HasSuffix(name, ".sql") && strings.Contains(name, "/migrations/")
}

func sums(t *tree) string {
	var b strings.Builder
	for _, name := range t.names(".sql") {
		if isMigration(name) {
			sum := sha256.Sum256([]byte(t.texts[name]))
			fmt.Fprintf(&b, "%s %s\n", hex.EncodeToString(sum[:]), name)
		}
	}
	return b.String()
}

// checkMigrations: a migration that has run at a customer's must never change;
// a further one brings the change.
func checkMigrations(t *tree) (all findings) {
	known := map[string]string{}
	for line := range strings.Lines(t.texts[migrationSums]) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			known[name] = sum
		}
	}
	for line := range strings.Lines(sums(t)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch known[name] {
		case "":
			all.add(name, "a new migration; note it with go test ./internal/rules -run Migrations -rewrite")
		case sum:
		default:
			all.add(name, "changed since it was noted. If it was ever released, write a further migration instead")
		}
		delete(known, name)
	}
	for name := range known {
		all.add(name, "noted in %s, but the file is gone", migrationSums)
	}
	return all
}

// TestMigrationsNoted writes, with -rewrite, the sums of today's migrations.
func TestMigrationsNoted(t *testing.T) {
	if !*rewrite {
		return
	}
	here := workingTree(t)
	if err := os.WriteFile(filepath.Join(repository, migrationSums), []byte(sums(here)), 0o644); err != nil {
		t.Fatal(err)
	}
	here.texts[migrationSums] = sums(here)
}

// checkMigrationPairs: each migration exists for both databases and leads
// forward only.
func checkMigrationPairs(t *tree) (all findings) {
	for _, name := range t.names(".sql") {
		if !isMigration(name) {
			continue
		}
		other := strings.Replace(name, "/sqlite/", "/postgres/", 1)
		if other == name {
			other = strings.Replace(name, "/postgres/", "/sqlite/", 1)
		}
		if !t.there(other) {
			all.add(name, "no such migration for the other database (%s)", other)
		}
		if !regexp.MustCompile(`^\d{5}_[a-z0-9_]+\.sql$`).MatchString(path.Base(name)) {
			all.add(name, "migrations are called 00001_what.sql")
		}
		if strings.Contains(t.texts[name], "+goose Down") {
			all.add(name, "migrations lead forward only")
		}
	}
	return all
}

// there reports whether a file or folder exists in the tree.
func (t *tree) there(name string) bool {
	name = path.Clean(name)
	if _, ok := t.texts[name]; ok || name == "." {
		return true
	}
	if len(t.under(name)) > 0 {
		return true
	}
	return slices.Contains(t.blobs, name)
}

// places are marks of the machines on which this is written. They are put
// together from pieces here, so that this file does not trip over itself.
func places() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		`registry\.` + `(npmjs|yarnpkg)`, `npm` + `mirror\.com`, `(proxy|sum)\.` + `golang\.org`, `go` + `proxy\.(io|cn)`,
		`py` + `pi\.(org|python)`, `files\.` + `pythonhosted`, `static\.` + `crates\.io`, `art` + `ifactory`,
		`(^|[\s"'=(:])/(wo` + `rk|ro` + `ot|Us` + `ers)/\w`, `(^|[\s"'=(:])/ho` + `me/[a-z]\w*/`,
	}, "|"))
}

// checkPlaces: nothing in the repository names a package registry or a path of
// the machine it was written on.
func checkPlaces(t *tree) (all findings) {
	marks := places()
	for _, name := range t.names("") {
		for i, line := range strings.Split(t.texts[name], "\n") {
			if at := marks.FindString(line); at != "" {
				all.add(name+":"+itoa(i+1), "names a registry or a machine's path: %q", strings.TrimSpace(at))
			}
		}
	}
	return all
}

// TestThisMachine looks for the very places this test runs at.
func TestThisMachine(t *testing.T) {
	here := workingTree(t)
	for _, f := range mentions(here, thisMachine(t)) {
		t.Error(f)
	}
}

func mentions(t *tree, marks []string) (all findings) {
	for _, name := range t.names("") {
		for _, mark := range marks {
			if i := strings.Index(t.texts[name], mark); i >= 0 {
				all.add(t.lineAt(name, i), "names %q, which is a place of this machine", mark)
			}
		}
	}
	return all
}

func thisMachine(t *testing.T) []string {
	t.Helper()
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	marks := []string{root}
	if home, err := os.UserHomeDir(); err == nil && strings.Count(home, "/") > 1 {
		marks = append(marks, home)
	}
	proxies, err := exec.Command("go", "env", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	addresses := strings.FieldsFunc(string(bytes.TrimSpace(proxies)), func(r rune) bool { return r == ',' || r == '|' })
	for _, variable := range []string{"NPM_CONFIG_REGISTRY", "npm_config_registry", "PIP_INDEX_URL"} {
		addresses = append(addresses, os.Getenv(variable))
	}
	for _, a := range addresses {
		if u, err := url.Parse(a); err == nil && strings.Contains(u.Hostname(), ".") {
			marks = append(marks, u.Hostname())
		}
	}
	return marks
}

const dependencyList = "docs/dependencies.md"

// checkDependencies: every direct dependency has a line that says why it is
// there, and no line speaks of one that is gone.
func checkDependencies(t *tree) (all findings) {
	var direct []string
	for _, name := range []string{"go.mod", "tools/go.mod"} {
		text, ok := t.texts[name]
		if !ok {
			continue
		}
		f, err := modfile.Parse(name, []byte(text), nil)
		if err != nil {
			all.add(name, "%v", err)
			continue
		}
		for _, r := range f.Require {
			if !r.Indirect {
				direct = append(direct, r.Mod.Path)
			}
		}
		for _, tool := range f.Tool {
			direct = append(direct, tool.Path)
		}
	}
	if text, ok := t.texts["web/package.json"]; ok {
		var p struct{ Dependencies, DevDependencies map[string]string }
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			all.add("web/package.json", "%v", err)
		}
		for _, set := range []map[string]string{p.Dependencies, p.DevDependencies} {
			for name, version := range set {
				direct = append(direct, name)
				if strings.ContainsAny(version, "^~*x ") {
					all.add("web/package.json", "%s %s: pin one exact version", name, version)
				}
			}
		}
	}
	slices.Sort(direct)
	listed := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|([^|]*)\\|([^|]*)\\|$")
	explained := map[string]bool{}
	for _, m := range listed.FindAllStringSubmatch(t.texts[dependencyList], -1) {
		explained[m[1]] = strings.TrimSpace(m[2]) != "" && len(strings.TrimSpace(m[3])) > 10
		if !slices.Contains(direct, m[1]) {
			all.add(dependencyList, "%s is listed, but nothing requires it", m[1])
		}
	}
	for _, name := range slices.Compact(direct) {
		if !explained[name] {
			all.add(dependencyList, "no line (| `name` | where | why |) for %s", name)
		}
	}
	return all
}
