package ui

import (
	"context"
	"fmt"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

func dateHint(ctx context.Context, hint string) string {
	form := text.T(ctx, "ui.date_hint")
	if hint == "" {
		return form
	}
	return hint + " " + form
}

func fileHint(ctx context.Context, f FileField) string {
	parts := []string{f.Hint}
	if f.Files > 1 {
		parts = append(parts, text.T(ctx, "ui.files_most", "n", f.Files))
	}
	if f.FileBytes > 0 {
		parts = append(parts, text.T(ctx, "ui.file_most", "size", Size(text.LangOf(ctx), f.FileBytes)))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func textAreaWiring(f Field) string {
	if f.Max > 0 {
		return wiring(f.Name, f.Hint, f.Errors, f.id()+"-left")
	}
	return wiring(f.Name, f.Hint, f.Errors)
}

// boxID numbers the boxes of one field; the first carries the field's own id,
// so that the error summary's link finds it.
func boxID(name string, i int) string {
	if i == 0 {
		return fieldID(name)
	}
	return fmt.Sprintf("%s-%d", fieldID(name), i+1)
}
