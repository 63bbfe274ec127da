package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
)

// chore is the kernel's own work that runs by itself.
type chore struct {
	kind string
	at   *jobs.Schedule // nil: queued by verbs
	run  func(ctx context.Context, w jobs.Work) error
}

func (a *App) chores() []chore {
	daily := func(hour, minute int) *jobs.Schedule { s := jobs.Daily(hour, minute); return &s }
	return []chore{
		{"documents.extract_text", nil, func(ctx context.Context, w jobs.Work) error {
			var hash string
			if err := w.Read(&hash); err != nil {
				return err
			}
			return a.Documents.ExtractText(ctx, hash)
		}},
		{"documents.sweep", daily(2, 0), func(ctx context.Context, _ jobs.Work) error {
			_, err := a.Documents.Sweep(ctx)
			return err
		}},
		{"auth.purge", daily(2, 15), func(ctx context.Context, _ jobs.Work) error { return a.Auth.Purge(ctx) }},
		{"search.prune", daily(2, 30), func(ctx context.Context, _ jobs.Work) error { return a.Search.Prune(ctx) }},
		{"audit.anchor", daily(0, 1), func(ctx context.Context, _ jobs.Work) error { return a.Audit.Anchor(ctx, a.Clock.Now()) }},
		{"audit.check", daily(3, 0), func(ctx context.Context, _ jobs.Work) error { return a.nightlyCheck(ctx) }},
		{"cases.recount", nil, func(ctx context.Context, _ jobs.Work) error {
			if err := a.Calendar.Refresh(ctx); err != nil {
				return err
			}
			moved, err := a.Cases.Recount(ctx)
			if moved > 0 {
				slog.Info("cases: due dates moved after a change of the calendar", "moved", moved)
			}
			return err
		}},
	}
}

// nightlyCheck compares the whole log with the tables. A finding fails the
// job, so it stays on the administration page, and is told to those who
// answer for the log.
func (a *App) nightlyCheck(ctx context.Context) error {
	if err := a.keepCheckpoint(ctx); err != nil {
		return err
	}
	report, err := a.Audit.Verify(ctx, a.rederive()...)
	if err != nil {
		return err
	}
	if report.OK() {
		return nil
	}
	slog.Error("audit: the log and the tables do not agree", "wrong", report.Wrong)
	return fault.New(fault.Internal, "app.log_does_not_agree", "wrong", report.Wrong)
}

// checkpointFile keeps the newest checkpoint outside the database: a log that
// was cut off at its end, or put back to an older state, looks whole from
// inside and no longer extends this one.
const checkpointFile = "log.checkpoint"

// keepCheckpoint checks that the log extends the checkpoint kept last time and
// keeps today's.
func (a *App) keepCheckpoint(ctx context.Context) error {
	path := filepath.Join(a.Config.Data, checkpointFile)
	kept, err := os.ReadFile(path)
	if err == nil {
		err = a.Audit.Extends(ctx, string(kept))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	newest, err := a.Audit.Checkpoint(ctx)
	if fault.Is(err, "audit.empty") {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(newest), 0o644)
}

// Verify compares the whole log with the tables, as the nightly check does.
func (a *App) Verify(ctx context.Context) (audit.Report, error) {
	return a.Audit.Verify(ctx, a.rederive()...)
}

// rederive lists what the tables say that the log must say too.
func (a *App) rederive() []audit.Rederive {
	all := []audit.Rederive{a.Cases.Rederive()}
	for _, m := range a.modules {
		all = append(all, m.Rederive...)
	}
	return all
}

// calendarChanged queues a recount of all running clocks; the desk plugs it
// into the calendar's page.
func (a *App) calendarChanged(ctx context.Context) error {
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		return a.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: "cases.recount", Key: "all"})
	})
}
