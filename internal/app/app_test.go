package app_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

var rewrite = flag.Bool("rewrite", false, "write the golden tables anew")

// golden compares with a file under review, or writes it with -rewrite.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s changed; review it, then make rewrite\ngot:\n%s", file, got)
	}
}

// TestAddresses keeps the table of who may call what under review: a change of
// rights shows as a changed line in testdata/addresses.txt.
func TestAddresses(t *testing.T) {
	w := council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...))
	declared := map[string]bool{}
	for _, p := range w.App.Permissions() {
		declared[p.Name] = true
	}
	var lines []string
	for _, r := range w.App.Server.Routes() {
		if r.Needs.Zero() {
			t.Errorf("%q names no right", r.Pattern)
		}
		if !declared[r.Needs.Name] {
			t.Errorf("%q needs %q, which no module declares", r.Pattern, r.Needs.Name)
		}
		lines = append(lines, fmt.Sprintf("%-24s %s", r.Needs.Name, r.Pattern))
	}
	slices.Sort(lines)
	golden(t, "testdata/addresses.txt", strings.Join(lines, "\n")+"\n")
}

// TestPermissions keeps the table of roles and rights under review.
func TestPermissions(t *testing.T) {
	w := council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...))
	var b strings.Builder
	if err := auth.WriteTable(&b, w.App.Permissions()); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/permissions.txt", b.String())
}

// TestCheckProcedures: the procedures in the program have no flaw, and a flaw
// is told with its line.
func TestCheckProcedures(t *testing.T) {
	good, flaws, err := app.CheckProcedures("")
	if err != nil || len(flaws) > 0 || !slices.Contains(good, "petition/1") {
		t.Errorf("%v %v %v", good, flaws, err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(dir+"/procedures", 0o755); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../modules/petitions/procedures/petition-1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.Replace(string(b), "guards: [known_field, known_body]", "guards: [known_feild, known_body]", 1)
	if err := os.WriteFile(dir+"/procedures/petition-1.yaml", []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	_, flaws, err = app.CheckProcedures(dir)
	if err != nil || len(flaws) != 1 || flaws[0].Line < 40 || !strings.Contains(flaws[0].Why, "known_feild") {
		t.Errorf("%v %v", flaws, err)
	}
}

// TestTexts: every sentence stands in both languages, or the program would not start.
func TestTexts(t *testing.T) {
	w := council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...))
	for _, key := range w.App.Text.Keys() {
		if s := w.App.Text.Say(text.Vi, key); strings.Contains(s, "⟦") || strings.TrimSpace(s) == "" {
			t.Errorf("%s: %q", key, s)
		}
	}
}
