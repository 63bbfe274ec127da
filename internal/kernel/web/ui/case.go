package ui

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

func dueWords(ctx context.Context, d Due) string {
	days := d.Date.Sub(d.Today)
	switch s := d.state(); {
	case s == Late && days < 0:
		return text.T(ctx, "ui.due_late_days", "n", -days)
	case s == DueSoon && days == 0:
		return text.T(ctx, "ui.due_today")
	case s == DueSoon && days > 0:
		return text.T(ctx, "ui.due_soon_days", "n", days)
	default:
		return text.T(ctx, "ui.due_"+string(s))
	}
}

func eventTone(t Tone) string {
	switch t {
	case Good:
		return "event-good"
	case Warning, Gold:
		return "event-warning"
	case Bad:
		return "event-bad"
	}
	return "event-plain"
}

func eventIcon(e Event) string {
	if e.Icon != "" {
		return e.Icon
	}
	if e.Future {
		return "clock"
	}
	return "point-filled"
}

func failureCode(ctx context.Context, f Failure) string {
	if f.Status == 0 {
		return ""
	}
	return text.T(ctx, "ui.failure_code", "n", f.Status)
}

// keptRows is high enough to read what was typed, low enough to see all of it.
func keptRows(value string) string {
	const rowsMax, lineLength = 12, 70
	rows := 0
	for line := range strings.Lines(value) {
		rows += 1 + len([]rune(line))/lineLength
	}
	return strconv.Itoa(min(max(rows, 1), rowsMax))
}

func keptEncoding(f Failure) string {
	if len(f.Files) > 0 {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

func fileNames(f KeptFile) string { return strings.Join(f.Files, ", ") }
