package held

import (
	"errors"
	"io"

	"example.vn/hdnd/internal/kernel/documents"
)

// Take reads files into memory. Nothing of them is written down before it is
// sealed.
func Take(files []documents.Upload) ([]File, error) {
	var all []File
	for _, f := range files {
		b, err := readAll(f)
		if err != nil {
			return nil, err
		}
		name, err := documents.Judge(f.Name, b)
		if err != nil {
			return nil, err
		}
		all = append(all, File{Name: name, Bytes: b})
	}
	return all, nil
}

func readAll(f documents.Upload) (b []byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}
