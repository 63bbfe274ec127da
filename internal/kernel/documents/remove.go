package documents

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

// Remove takes all papers of a subject out of the registry, with the text and
// the pictures of pages that no other paper has, in the transaction of the act
// that seals them elsewhere. It gives the hashes whose bytes Forget may then take
// off the disk.
func (r *Registry) Remove(ctx context.Context, tx *db.Tx, s Subject) ([]string, error) {
	hashes, err := dropPapers(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, hash := range hashes {
		held, err := hasPaper(ctx, tx, hash)
		if err != nil || held {
			if err != nil {
				return nil, err
			}
			continue
		}
		pictures, err := dropReadings(ctx, tx, hash)
		if err != nil {
			return nil, err
		}
		gone = append(append(gone, hash), pictures...)
	}
	return gone, nil
}

// Forget takes bytes off the disk that nothing names any more.
func (r *Registry) Forget(ctx context.Context, hash string) error {
	var named bool
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		named, err = isNamed(ctx, tx, hash)
		return err
	})
	if err != nil || named {
		return err
	}
	_, err = r.Blobs.Remove(ctx, hash, r.Clock.Now().AddDate(100, 0, 0)) // whenever it was put: it must not stay
	return err
}
