package rules

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

func nameRules() []rule {
	return []rule{
		{"package names", checkPackageNames},
		{"telling names", checkTellingNames},
		{"packages introduced", checkPackageComments},
		{"exported names documented", checkDocs},
	}
}

var emptyNames = regexp.MustCompile(`^(utils?|common|helpers?|misc|base|shared|models?|types|interfaces|managers?|lib|core|services?|repositor(y|ies)|dto)$`)

func checkPackageNames(t *tree) (all findings) {
	for _, s := range t.gos {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		if emptyNames.MatchString(name) {
			all.add(s.path, "%q says nothing; name the package after what it provides", name)
		}
		if name != "main" && s.pkg != "." && name != path.Base(s.pkg) {
			all.add(s.path, "package %s stands in the folder %s; they should agree", name, path.Base(s.pkg))
		}
	}
	return all
}

var (
	emptyType = regexp.MustCompile(`(Impl|Manager|Helper|Data|Info|Util|Utils)$`)
	emptyFunc = regexp.MustCompile(`^Get[A-Z]`)
)

func checkTellingNames(t *tree) (all findings) {
	for _, s := range t.program() {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if emptyType.MatchString(n.Name.Name) {
					all.add(t.at(n), "type %s: the ending says nothing; name what it is in the field", n.Name.Name)
				}
			case *ast.FuncDecl:
				if emptyFunc.MatchString(n.Name.Name) {
					all.add(t.at(n), "%s: leave out Get", n.Name.Name)
				}
			}
			return true
		})
	}
	return all
}

func checkPackageComments(t *tree) (all findings) {
	introduced, seen := map[string]bool{}, []string{}
	for _, s := range t.program() {
		if !slices.Contains(seen, s.pkg) {
			seen = append(seen, s.pkg)
		}
		if s.file.Doc != nil && len(s.file.Doc.Text()) > 40 {
			introduced[s.pkg] = true
		}
	}
	for _, pkg := range seen {
		if !introduced[pkg] {
			all.add(pkg, "no package comment: what is it in the field, what does it own, what not")
		}
	}
	return all
}

// checkDocs wants a sentence on every exported name. In a group of constants
// one sentence over the group, or one behind each name, will do.
func checkDocs(t *tree) (all findings) {
	for _, s := range t.program() {
		if s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					all.add(t.at(d), "%s has no sentence that says what it is for", d.Name.Name)
				}
			case *ast.GenDecl:
				if d.Doc != nil {
					continue
				}
				for _, spec := range d.Specs {
					if name, ok := undocumented(spec); ok {
						all.add(t.at(spec), "%s has no sentence that says what it is", name)
					}
				}
			}
		}
	}
	return all
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

func undocumented(spec ast.Spec) (name string, missing bool) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return s.Name.Name, s.Name.IsExported() && s.Doc == nil && s.Comment == nil
	case *ast.ValueSpec:
		if s.Doc != nil || s.Comment != nil {
			return "", false
		}
		for _, n := range s.Names {
			if n.IsExported() {
				return n.Name, true
			}
		}
	}
	return "", false
}
