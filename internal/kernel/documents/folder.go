package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
)

// Folder keeps blobs in a folder: sha256/ab/abcdef….
type Folder struct {
	root string
	// mu keeps Remove from deleting a blob that a Put is renewing.
	mu sync.RWMutex
	// through stands between the bytes and the disk; tests put a full disk there.
	through func(io.Writer) io.Writer
}

// leftoversKept is how long an unfinished file of a process that died stays:
// far longer than any upload takes, so that no other process loses its own.
const leftoversKept = 24 * time.Hour

// OpenFolder opens or makes the folder at root and removes what processes that
// died left unfinished.
func OpenFolder(root string, now time.Time) (*Folder, error) {
	f := &Folder{root: root, through: func(w io.Writer) io.Writer { return w }}
	for _, dir := range []string{f.unfinished(), filepath.Join(root, "sha256")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, diskFault(err)
		}
	}
	entries, err := os.ReadDir(f.unfinished())
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its owner has just finished with it
		}
		if err != nil {
			return nil, err
		}
		if info.ModTime().Before(now.Add(-leftoversKept)) {
			if err := os.Remove(filepath.Join(f.unfinished(), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
	}
	return f, nil
}

func (f *Folder) unfinished() string { return filepath.Join(f.root, "tmp") }

func (f *Folder) path(hash string) string {
	return filepath.Join(f.root, "sha256", hash[:2], hash)
}

// Put implements Blobs: a temporary file, flushed, renamed into place, and the
// folder flushed, so that a crash leaves either the whole blob or none.
func (f *Folder) Put(ctx context.Context, r io.Reader) (b Blob, err error) {
	tmp, err := os.CreateTemp(f.unfinished(), "put-*")
	if err != nil {
		return Blob{}, diskFault(err)
	}
	placed := false
	defer func() {
		if !placed {
			err = errors.Join(err, tmp.Close(), os.Remove(tmp.Name()))
		}
	}()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(f.through(tmp), sum), &patient{ctx, r})
	if err != nil {
		return Blob{}, diskFault(err)
	}
	if err := tmp.Sync(); err != nil {
		return Blob{}, diskFault(err)
	}
	b = Blob{Hash: hex.EncodeToString(sum.Sum(nil)), Size: size}
	if err := f.place(tmp.Name(), f.path(b.Hash)); err != nil {
		return Blob{}, diskFault(err)
	}
	placed = true
	return b, tmp.Close()
}

// place renames a finished file to its name. An older file of that name is
// replaced: its bytes are the same, or it is damaged and thereby mended.
func (f *Folder) place(from, to string) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	dir := filepath.Dir(to)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := flushFolder(filepath.Dir(dir)); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return flushFolder(dir)
}

// Open implements Blobs.
func (f *Folder) Open(_ context.Context, hash string) (io.ReadCloser, error) {
	if !isHash(hash) {
		return nil, fault.New(fault.Missing, "documents.no_blob")
	}
	file, err := os.Open(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.Missing, "documents.no_blob").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return &verified{from: file, sum: sha256.New(), want: hash}, nil
}

// Has implements Blobs.
func (f *Folder) Has(_ context.Context, hash string) (bool, error) {
	if !isHash(hash) {
		return false, nil
	}
	_, err := os.Stat(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Remove implements Blobs.
func (f *Folder) Remove(_ context.Context, hash string, before time.Time) (bool, error) {
	if !isHash(hash) {
		return false, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !info.ModTime().Before(before) {
		return false, err
	}
	if err := os.Remove(f.path(hash)); err != nil {
		return false, err
	}
	return true, flushFolder(filepath.Dir(f.path(hash)))
}

// Each implements Blobs.
func (f *Folder) Each(ctx context.Context, visit func(Blob) error) error {
	return filepath.WalkDir(filepath.Join(f.root, "sha256"), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !isHash(e.Name()) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed while we walked
		}
		if err != nil {
			return err
		}
		return visit(Blob{Hash: e.Name(), Size: info.Size(), Stored: info.ModTime()})
	})
}

func flushFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// diskFault gives a full disk its sentence and leaves other errors as they are.
func diskFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.New(fault.Unavailable, "documents.disk_full").Because(err)
	}
	return err
}

// patient stops reading when nobody waits any more.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// verified reads a blob and compares its hash at the end.
type verified struct {
	from io.ReadCloser
	sum  hash.Hash
	want string
}

func (v *verified) Read(b []byte) (int, error) {
	n, err := v.from.Read(b)
	v.sum.Write(b[:n]) // a hash never fails
	if err == io.EOF {
		if got := hex.EncodeToString(v.sum.Sum(nil)); got != v.want {
			return n, fault.New(fault.Internal, "documents.damaged").
				Because(fmt.Errorf("blob %s has the content %s", v.want, got))
		}
	}
	return n, err
}

func (v *verified) Close() error { return v.from.Close() }
