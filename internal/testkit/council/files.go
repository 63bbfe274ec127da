package council

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// InFiles looks for words in every file that the program keeps: its folder, and
// on SQLite the database with its log, free pages and all. It gives the names of
// the files that hold one.
func (w *World) InFiles(t testing.TB, words ...string) (found []string) {
	t.Helper()
	looked := 0
	look := func(path string) error {
		b, err := os.ReadFile(path)
		looked++
		for _, word := range words {
			if bytes.Contains(b, []byte(word)) {
				found = append(found, path+": "+word)
			}
		}
		return err
	}
	err := filepath.WalkDir(w.Data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return look(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.Database != "" {
		files, err := filepath.Glob(w.Database + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := look(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if looked == 0 {
		t.Fatal("no file was looked at")
	}
	return found
}
