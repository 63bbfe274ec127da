//go:build unix

package search

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// mapFile makes a file's bytes readable without reading them. A file system
// that cannot map files gets its content read into memory.
func mapFile(name string) (data []byte, done func(), err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() // the mapping outlives it
	st, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if st.Size() == 0 {
		return nil, nil, errDamaged
	}
	data, err = syscall.Mmap(int(f.Fd()), 0, int(st.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		data, err = os.ReadFile(name)
		return data, nil, err
	}
	return data, func() {
		_ = syscall.Munmap(data) // can only fail for an address that was never mapped
	}, nil
}

// lockFile takes a file for as long as it is open; a process that dies gives it up.
func lockFile(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("folder %s is in use by another process: %w", filepath.Dir(name), err), f.Close())
	}
	return f, nil
}
