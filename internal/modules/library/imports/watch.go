package imports

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// takenFolder is where files go that were taken in, so that people see it and the
// next look does not find them again.
const takenFolder = "da-nhan"

// watchJob looks into the watched folders and comes again after a while.
func (d *Desk) watchJob(ctx context.Context, _ jobs.Work) error {
	if len(d.Folders) == 0 {
		return nil
	}
	var failures []error
	for _, f := range d.Folders {
		if _, err := d.Watch(ctx, f); err != nil {
			failures = append(failures, err)
		}
	}
	next := d.Clock.Now().Add(watchEvery)
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: watchKind, Key: watchKind, RunAt: next})
	})
	return errors.Join(append(failures, err)...)
}

// Watch takes in what lies in a watched folder and has not changed for a minute. A
// crash between taking in and moving away leaves files that the next look knows by
// their content.
func (d *Desk) Watch(ctx context.Context, f Folder) (n int, err error) {
	found, err := d.lying(f.Path)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	who := org.Actor{System: true, Name: text.T(ctx, "imports.folder_actor"), CouncilID: f.CouncilID, BodyID: f.BodyID}
	now := d.Clock.Now()
	name := text.T(ctx, "imports.folder_batch", "when", now.In(clock.Hanoi).Format("15:04 02/01/2006"))
	uploads := make([]documents.Upload, len(found))
	for i, p := range found {
		rel, err := filepath.Rel(f.Path, p.path)
		if err != nil {
			return 0, err
		}
		uploads[i] = documents.Upload{Name: filepath.ToSlash(rel), Size: p.size, Open: func() (io.ReadCloser, error) { return os.Open(p.path) }}
	}
	b := Batch{CouncilID: f.CouncilID, BodyID: f.BodyID, Name: name, Source: "folder", Actor: db.JSON[actorRow]{V: actorRow{who}}}
	if _, err := d.begin(ctx, who, b, uploads); err != nil {
		return 0, err
	}
	return len(found), moveAway(f.Path, found, now)
}

// lies is a file in a watched folder.
type lies struct {
	path string
	size int64
}

// lying lists the files of a watched folder, without links, hidden files and those
// that are still being written.
func (d *Desk) lying(root string) (found []lies, err error) {
	before := d.Clock.Now().Add(-watchQuiet)
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != root && strings.HasPrefix(e.Name(), "."), e.IsDir() && path == filepath.Join(root, takenFolder):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !e.Type().IsRegular():
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if info.ModTime().After(before) || info.Size() == 0 {
			return nil
		}
		if found = append(found, lies{path, info.Size()}); len(found) == watchMost {
			return fs.SkipAll
		}
		return nil
	})
	return found, err
}

// moveAway puts taken files beside the watched ones, each day and time apart.
func moveAway(root string, found []lies, now time.Time) error {
	to := filepath.Join(root, takenFolder, now.In(clock.Hanoi).Format("2006-01-02-150405.000"))
	for _, p := range found {
		rel, err := filepath.Rel(root, p.path)
		if err != nil {
			return err
		}
		place := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			return err
		}
		if err := os.Rename(p.path, place); err != nil {
			return err
		}
	}
	return nil
}
