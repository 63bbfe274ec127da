package documents_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
)

// blobSuite is what every store of blobs must do: the folder, and an object
// store when it comes.
func blobSuite(t *testing.T, open func(t *testing.T) documents.Blobs) {
	for what, check := range map[string]func(*testing.T, documents.Blobs){
		"gives back what was put, under its hash": givesBack,
		"has, visits and removes":                 visitsAndRemoves,
		"takes no name for a path":                takesNoPath,
		"keeps nothing of an interrupted put":     keepsNoHalf,
		"bears many at once":                      bearsMany,
	} {
		t.Run(what, func(t *testing.T) { check(t, open(t)) })
	}
}

func put(t *testing.T, b documents.Blobs, s string) documents.Blob {
	t.Helper()
	blob, err := b.Put(context.Background(), strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func givesBack(t *testing.T, b documents.Blobs) {
	ctx := context.Background()
	for _, s := range []string{"", "đơn", strings.Repeat("x", 3<<20)} {
		blob := put(t, b, s)
		sum := sha256.Sum256([]byte(s))
		if blob.Hash != hex.EncodeToString(sum[:]) || blob.Size != int64(len(s)) {
			t.Fatalf("%d bytes became %+v", len(s), blob)
		}
		r, err := b.Open(ctx, blob.Hash)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != s || r.Close() != nil {
			t.Fatalf("read back %d bytes of %d: %v", len(got), len(s), err)
		}
	}
}

func visitsAndRemoves(t *testing.T, b documents.Blobs) {
	ctx := context.Background()
	blob := put(t, b, "một")
	put(t, b, "một")
	put(t, b, "hai")
	seen := map[string]documents.Blob{}
	if err := b.Each(ctx, func(b documents.Blob) error { seen[b.Hash] = b; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[blob.Hash].Size != blob.Size {
		t.Fatalf("two blobs put, %d seen", len(seen))
	}
	stored := seen[blob.Hash].Stored
	if gone, err := b.Remove(ctx, blob.Hash, stored.Add(-time.Hour)); gone || err != nil {
		t.Fatalf("a young blob was removed: %v %v", gone, err)
	}
	if gone, err := b.Remove(ctx, blob.Hash, stored.Add(time.Hour)); !gone || err != nil {
		t.Fatalf("an old blob stays: %v %v", gone, err)
	}
	if has, err := b.Has(ctx, blob.Hash); has || err != nil {
		t.Fatalf("still there: %v", err)
	}
	if gone, err := b.Remove(ctx, blob.Hash, stored); gone || err != nil {
		t.Fatalf("removing nothing: %v %v", gone, err)
	}
	if _, err := b.Open(ctx, blob.Hash); !fault.Is(err, "documents.no_blob") {
		t.Fatalf("opened a removed blob: %v", err)
	}
}

func takesNoPath(t *testing.T, b documents.Blobs) {
	ctx := context.Background()
	for _, name := range []string{"", "..", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63) + "/"} {
		if has, err := b.Has(ctx, name); has || err != nil {
			t.Errorf("has %q: %v", name, err)
		}
		if _, err := b.Open(ctx, name); fault.KindOf(err) != fault.Missing {
			t.Errorf("open %q: %v", name, err)
		}
	}
}

func keepsNoHalf(t *testing.T, b documents.Blobs) {
	ctx := context.Background()
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("line cut")))
	if _, err := b.Put(ctx, broken); err == nil {
		t.Fatal("half a blob was put")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := b.Put(gone, strings.NewReader("x")); err == nil {
		t.Fatal("put for nobody")
	}
	if err := b.Each(ctx, func(b documents.Blob) error { return fmt.Errorf("left %s", b.Hash) }); err != nil {
		t.Fatal(err)
	}
}

func bearsMany(t *testing.T, b documents.Blobs) {
	ctx := context.Background()
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 4 {
				if _, err := b.Put(ctx, strings.NewReader(fmt.Sprint("same ", j, i%2))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	n := 0
	if err := b.Each(ctx, func(documents.Blob) error { n++; return nil }); err != nil || n != 8 {
		t.Fatalf("%d blobs: %v", n, err)
	}
}

func folder(t testing.TB) (*documents.Folder, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "blobs")
	f, err := documents.OpenFolder(root, testkit.Clock(t).Now())
	if err != nil {
		t.Fatal(err)
	}
	return f, root
}

func TestFolder(t *testing.T) {
	t.Parallel()
	blobSuite(t, func(t *testing.T) documents.Blobs { f, _ := folder(t); return f })
}

func files(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFolderTellsDamage(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f, root := folder(t)
	blob, err := f.Put(ctx, strings.NewReader("nguyên vẹn"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "sha256", blob.Hash[:2], blob.Hash)
	if err := os.WriteFile(path, []byte("bị sửa"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := f.Open(ctx, blob.Hash)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); !fault.Is(err, "documents.damaged") {
		t.Fatalf("damage was not told: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(ctx, strings.NewReader("nguyên vẹn")); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "nguyên vẹn" {
		t.Fatal("putting the bytes again did not mend the blob")
	}
}

// fullDisk takes n bytes and then is full, as a disk is.
type fullDisk struct {
	w io.Writer
	n int
}

func (d *fullDisk) Write(b []byte) (int, error) {
	if len(b) > d.n {
		n, err := d.w.Write(b[:d.n])
		d.n = 0
		return n, errors.Join(err, &os.PathError{Op: "write", Path: "blob", Err: syscall.ENOSPC})
	}
	d.n -= len(b)
	return d.w.Write(b)
}

func TestFolderOnFullDisk(t *testing.T) {
	t.Parallel()
	f, root := folder(t)
	f.Through(func(w io.Writer) io.Writer { return &fullDisk{w, 100_000} })
	_, err := f.Put(context.Background(), bytes.NewReader(make([]byte, 1<<20)))
	if !fault.Is(err, "documents.disk_full") || fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("a full disk reads: %v", err)
	}
	if left := files(t, root); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
}

func TestFolderSweepsWhatTheDeadLeft(t *testing.T) {
	t.Parallel()
	_, root := folder(t)
	old := filepath.Join(root, "tmp", "put-1")
	if err := os.WriteFile(old, []byte("nửa chừng"), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(old)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		left  int
	}{{time.Hour, 1}, {25 * time.Hour, 0}} {
		if _, err := documents.OpenFolder(root, info.ModTime().Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if left := files(t, root); len(left) != step.left {
			t.Fatalf("after %v: %v", step.after, left)
		}
	}
}
