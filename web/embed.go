// Package web holds the front end as built by web/build.sh: style sheet,
// scripts, icons and type, each under a name that changes with its content.
package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// all: is needed because a bare clone has only dist/.gitkeep.
//
//go:embed all:dist
var dist embed.FS

// Files is the built front end: the hashed files, their .gz companions,
// manifest.json and type/*.ttf for the PDFs.
var Files fs.FS = inDist{}

type inDist struct{}

func (inDist) Open(name string) (fs.File, error) {
	if name == "." {
		return dist.Open("dist")
	}
	return dist.Open("dist/" + name)
}

var manifest = sync.OnceValues(func() (map[string]string, error) {
	b, err := fs.ReadFile(Files, "manifest.json")
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	if err := json.Unmarshal(b, &names); err != nil {
		return nil, fmt.Errorf("web: manifest.json: %w", err)
	}
	return names, nil
})

// Asset is the address of a built file by its plain name: "app.css" gives
// "/assets/app.4f2a….css". A front end that was not built gives an address
// that is not found; Built tells.
func Asset(name string) string {
	names, err := manifest()
	if err != nil || names[name] == "" {
		return "/assets/" + name
	}
	return "/assets/" + names[name]
}

// Built reports whether the front end was built into this program.
func Built() error {
	if _, err := manifest(); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("web: the front end was not built; run make build")
		}
		return err
	}
	return nil
}
