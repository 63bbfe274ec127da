package ui_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestIconsAreInTheSprite reads every page and part: an icon that web/icons.txt
// does not name would be an empty space on the page.
func TestIconsAreInTheSprite(t *testing.T) {
	const root = "../../../.."
	list, err := os.ReadFile(root + "/web/icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		named[strings.TrimSpace(line)] = true
	}
	use := regexp.MustCompile(`\bIcon(?:\(|:\s*)"([a-z0-9-]+)"`)
	err = filepath.WalkDir(root+"/internal", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".templ") && !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_templ.go") {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range use.FindAllStringSubmatch(string(b), -1) {
			if !named[m[1]] {
				t.Errorf("%s: web/icons.txt does not name %q", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
