package council

import (
	"io/fs"
	"testing"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/testkit"
)

// Pages serves the routes of a part to the people of the world, with the
// sentences of the files.
func (w *World) Pages(t testing.TB, menu []web.MenuItem, routes []web.Route, files ...fs.FS) *testkit.Pages {
	t.Helper()
	words, err := text.Load(append([]fs.FS{web.Files}, files...)...)
	if err != nil {
		t.Fatal(err)
	}
	return testkit.Serve(t, web.Options{Catalogue: words, Clock: w.Clock, Menu: menu, Routes: routes}, func(name string) org.Actor { return w.People[name] })
}
