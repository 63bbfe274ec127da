// Command notices prints the licences of everything that is linked into hdnd or
// shipped to browsers, from the modules and packages as installed.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type part struct{ name, version, dir string }

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	all, err := modules()
	if err != nil {
		return err
	}
	shipped, err := packages()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "# Third-party notices\n\nHĐND Số is licensed under Apache-2.0 (LICENSE). It contains the following works under their own licences.\nMade by `make notices`.\n")
	for _, p := range append(all, shipped...) {
		texts, err := licences(p.dir)
		if err != nil {
			return err
		}
		if len(texts) == 0 {
			return fmt.Errorf("%s %s has no licence file", p.name, p.version)
		}
		fmt.Fprintf(w, "\n## %s %s\n", p.name, p.version)
		for _, text := range texts {
			fmt.Fprintf(w, "\n```text\n%s\n```\n", strings.TrimSpace(text))
		}
	}
	return nil
}

// modules lists the Go modules that the binary is built from.
func modules() ([]part, error) {
	out, err := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/hdnd").Output()
	if err != nil {
		return nil, err
	}
	seen := map[string]part{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module != nil && !p.Module.Main {
			seen[p.Module.Path] = part{p.Module.Path, p.Module.Version, p.Module.Dir}
		}
	}
	return sorted(seen), nil
}

// packages lists the npm packages whose code or type goes to browsers or into
// papers: the dependencies of web/package.json, not its tools.
func packages() ([]part, error) {
	b, err := os.ReadFile("web/package.json")
	if err != nil {
		return nil, err
	}
	var file struct{ Dependencies map[string]string }
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, err
	}
	seen := map[string]part{}
	for name, version := range file.Dependencies {
		seen[name] = part{name, version, filepath.Join("web/node_modules", name)}
	}
	return sorted(seen), nil
}

func sorted(seen map[string]part) []part {
	var all []part
	for _, p := range seen {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b part) int { return strings.Compare(a.name, b.name) })
	return all
}

func licences(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not installed: %w", dir, err)
	}
	var texts []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "NOTICE") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(b))
	}
	if len(texts) == 0 {
		return declared(dir)
	}
	return texts, err
}

// declared is what a package without a licence file says of itself.
func declared(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, nil // not an npm package: the caller complains
	}
	var p struct{ License, Homepage string }
	if err := json.Unmarshal(b, &p); err != nil || p.License == "" {
		return nil, err
	}
	return []string{fmt.Sprintf("Licence as declared by the package: %s (%s)", p.License, p.Homepage)}, nil
}
