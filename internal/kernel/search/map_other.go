//go:build !unix

package search

import "os"

// mapFile reads the file: this system has no mapping we use.
func mapFile(name string) (data []byte, done func(), err error) {
	data, err = os.ReadFile(name)
	return data, nil, err
}
