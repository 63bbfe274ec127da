package rules

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// self is the path of our module; imports that begin with it are ours.
const self = "example.vn/hdnd/"

// repository is where this package's tests find the working copy.
const repository = "../.."

var rewrite = flag.Bool("rewrite", false, "write testdata/migrations.sum anew and print missing lines of GLOSSARY.md")

// notOurs are folders that the build or people make and Git ignores.
var notOurs = []string{".git", "bin", "data", "web/dist", "bench/results", ".cache"}

// textMax bounds the files that are read; larger ones are fonts and pictures.
const textMax = 4 << 20

// source is one Go file.
type source struct {
	path string
	pkg  string // folder
	file *ast.File
	test bool
}

// tree is what the rules look at.
type tree struct {
	fset  *token.FileSet
	texts map[string]string // every text file by its path
	blobs []string          // paths of the other files
	gos   []source          // in the order of their paths, without generated ones
}

// finding is a place that breaks a rule.
type finding struct{ at, why string }

func (f finding) String() string { return f.at + ": " + f.why }

// findings collects what a rule finds.
type findings []finding

func (all *findings) add(at, why string, args ...any) {
	*all = append(*all, finding{at, fmt.Sprintf(why, args...)})
}

// rule is one of our house rules.
type rule struct {
	name  string
	check func(t *tree) findings
}

func houseRules() []rule {
	return slices.Concat(importRules(), codeRules(), sizeRules(), nameRules(), wordRules(), keyRules(), formRules(), releaseRules())
}

// readTree reads the text files of a tree and parses the Go among them.
func readTree(files fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet(), texts: map[string]string{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(notOurs, name) || d.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if info.Size() > textMax {
			t.blobs = append(t.blobs, name)
			return nil
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 {
			t.texts[name] = string(b)
		} else {
			t.blobs = append(t.blobs, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range t.names(".go") {
		if strings.HasSuffix(name, "_templ.go") {
			continue
		}
		f, err := parser.ParseFile(t.fset, name, t.texts[name], parser.ParseComments)
		if err != nil {
			return nil, err
		}
		t.gos = append(t.gos, source{path: name, pkg: path.Dir(name), file: f, test: strings.HasSuffix(name, "_test.go")})
	}
	return t, nil
}

// names lists the text files with one of the endings, in order. Generated
// files are left out.
func (t *tree) names(endings ...string) []string {
	var all []string
	for name := range t.texts {
		if strings.HasSuffix(name, "_templ.go") {
			continue
		}
		for _, end := range endings {
			if strings.HasSuffix(name, end) {
				all = append(all, name)
				break
			}
		}
	}
	slices.Sort(all)
	return all
}

// under lists every text file below a folder.
func (t *tree) under(folder string) []string {
	all := t.names("")
	return slices.DeleteFunc(all, func(name string) bool { return !strings.HasPrefix(name, folder+"/") })
}

func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// lineAt names a place in a file that was not parsed.
func (t *tree) lineAt(name string, offset int) string {
	return fmt.Sprintf("%s:%d", name, 1+strings.Count(t.texts[name][:offset], "\n"))
}

// program gives the Go files that are not tests.
func (t *tree) program() []source {
	return slices.DeleteFunc(slices.Clone(t.gos), func(s source) bool { return s.test })
}

// tests gives the test files.
func (t *tree) tests() []source {
	return slices.DeleteFunc(slices.Clone(t.gos), func(s source) bool { return !s.test })
}

// module is the module a folder belongs to; empty when it belongs to none.
func module(folder string) string {
	rest, ok := strings.CutPrefix(folder, "internal/modules/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// working is the working copy, read once for all rules.
var working = sync.OnceValues(func() (*tree, error) { return readTree(os.DirFS(repository)) })

func workingTree(t *testing.T) *tree {
	t.Helper()
	read, err := working()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// TestHouse holds every rule against the repository.
func TestHouse(t *testing.T) {
	here := workingTree(t)
	for _, r := range houseRules() {
		t.Run(r.name, func(t *testing.T) {
			for _, f := range r.check(here) {
				t.Error(f)
			}
		})
	}
}
