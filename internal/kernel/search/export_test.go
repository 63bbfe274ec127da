package search

import (
	"context"
	"testing"
)

// OnStep calls fn after each step of writing to the folder.
func (ix *Index) OnStep(fn func(what string)) { ix.dir.step = fn }

// Save writes what is young.
func (ix *Index) Save(t testing.TB) {
	t.Helper()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if err := ix.shelf.save(); err != nil {
		t.Fatal(err)
	}
	ix.publish()
}

// Tend does the housekeeping of one turn of Run, and waits for it.
func (ix *Index) Tend(ctx context.Context) {
	ix.tend(ctx)
	ix.tasks.Wait()
}

// Verify reads the files through, and waits.
func (ix *Index) Verify() {
	ix.verify()
	ix.tasks.Wait()
}

// Segments is how many segments there are, and how many of them in files.
func (ix *Index) Segments() (all, files int) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	young, _ := ix.shelf.young()
	return len(ix.shelf.slots), len(ix.shelf.slots) - len(young)
}

// WantsRebuild reports that the index knows it is not whole.
func (ix *Index) WantsRebuild() bool { return ix.rebuild.Load() }

// Late is how many change numbers are waited for.
func (ix *Index) Late() int {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return len(ix.shelf.place.late)
}
