package documents

import (
	"context"
	"io"
	"time"
)

// Blob is the bytes of a document, known by the hash of their content.
type Blob struct {
	Hash   string    // SHA-256, 64 lower-case hex digits
	Size   int64     // bytes
	Stored time.Time // when it was last put; told by Each only
}

// Blobs keeps bytes under the hash of their content. It has two
// implementations in view, a folder and an object store, and one suite of
// tests that both must pass (blobs_test.go).
type Blobs interface {
	// Put stores what r gives. It is durable when Put returns; when Put fails,
	// or the process dies in it, no blob is there. Putting the same bytes again
	// is no error and makes the blob new again for Remove.
	Put(ctx context.Context, r io.Reader) (Blob, error)
	// Open reads a blob. The reader fails with "documents.damaged" at the end
	// if the bytes are no longer those that were put.
	Open(ctx context.Context, hash string) (io.ReadCloser, error)
	// Has reports whether a blob is there.
	Has(ctx context.Context, hash string) (bool, error)
	// Remove deletes a blob last put before the given moment. A younger blob,
	// or none, is no error: removed tells.
	Remove(ctx context.Context, hash string, before time.Time) (removed bool, err error)
	// Each visits every blob, in no order.
	Each(ctx context.Context, visit func(Blob) error) error
}

// isHash reports whether s has the form of a blob's name. Nothing else may
// ever become part of a path.
func isHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
