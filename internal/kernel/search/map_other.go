//go:build !unix

package search

import (
	"io"
	"os"
)

// mapFile reads the file: this system has no mapping we use.
func mapFile(name string) (data []byte, done func(), err error) {
	data, err = os.ReadFile(name)
	return data, nil, err
}

// lockFile keeps the file open. This system has no lock we use, so the
// operator must see to it that one process has the folder.
func lockFile(name string) (io.Closer, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
}
