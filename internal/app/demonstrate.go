package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// DemonstrationMark is a file that says: this folder holds a demonstration and
// may be thrown away.
const DemonstrationMark = "demonstration"

// Demonstrate makes the demonstration council unless it is there already: its
// people and bodies, and a year of petitions played through the real verbs on
// a clock that is moved from a year ago to now.
func Demonstrate(ctx context.Context, cfg Config, out io.Writer) (err error) {
	if err := clearUnfinished(cfg); err != nil {
		return err
	}
	past := clock.At(clock.System{}.Now())
	a, err := Open(ctx, cfg, past)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	var built bool
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		built, err = demo.Built(ctx, tx)
		return err
	})
	if err != nil || built {
		return err
	}
	if err := mark(cfg.Data, unfinished); err != nil {
		return err
	}
	began := clock.System{}.Now()
	fmt.Fprintln(out, "Đang dựng Hội đồng trình diễn (một năm kiến nghị qua các bước thật)… / Building the demonstration council…")
	err = demo.Build(ctx, demo.Deps{DB: a.DB, Clock: past, Org: a.Org, Petitions: a.Petitions, Reception: a.Reception, Library: a.Library, Jobs: a.Jobs, Documents: a.Documents, Audit: a.Audit})
	if err != nil {
		return err
	}
	if _, err := a.Audit.Sequence(ctx); err != nil {
		return err
	}
	if err := a.Search.CatchUp(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "Xong sau %s. / Done.\n", clock.System{}.Now().Sub(began).Round(100*time.Millisecond))
	return mark(cfg.Data, "built\n")
}

// unfinished stands in the mark while the demonstration is being made.
const unfinished = "unfinished\n"

func mark(data, what string) error {
	return os.WriteFile(filepath.Join(data, DemonstrationMark), []byte(what), 0o600)
}

// clearUnfinished makes the data folder, and throws away a demonstration that
// was interrupted while it was made: half a year of petitions is no use.
func clearUnfinished(cfg Config) error {
	b, err := os.ReadFile(filepath.Join(cfg.Data, DemonstrationMark))
	if err == nil && string(b) == unfinished && cfg.Database == "" {
		if err := os.RemoveAll(cfg.Data); err != nil {
			return err
		}
	}
	return os.MkdirAll(cfg.Data, 0o700)
}
