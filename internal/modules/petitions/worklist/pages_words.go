package worklist

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// What lists and forms say of petitions, in words.

// noteMax is the most an official may note, in characters.
const noteMax = 10_000

// StateBadge is a state in the reader's words.
func StateBadge(ctx context.Context, s cases.State) ui.State {
	tone := ui.Plain
	switch s {
	case "received", "returned":
		tone = ui.Warning
	case "classified", "answered", "judged":
		tone = ui.Notable
	case "forwarded", "accepted":
		tone = ui.Gold
	case "closed":
		tone = ui.Good
	}
	return ui.State{Label: text.T(ctx, "petitions.state."+string(s)), Tone: tone}
}

// FieldName is a field of work, or a committee's branch, in words; empty for none.
func FieldName(ctx context.Context, field string) string {
	if field == "" {
		return ""
	}
	return text.T(ctx, "petitions.field."+field)
}

// FieldOptions are fields of work to choose from, below their committee's.
func FieldOptions(ctx context.Context, fields []string) []ui.Option {
	all := make([]ui.Option, len(fields))
	for i, f := range fields {
		group, _, _ := strings.Cut(f, ".")
		all[i] = ui.Option{Value: f, Label: FieldName(ctx, f), Group: text.T(ctx, "petitions.branch."+group)}
	}
	return all
}

// Options are the coded values of a list in words.
func Options[T ~string](ctx context.Context, prefix string, values []T) []ui.Option {
	all := make([]ui.Option, len(values))
	for i, v := range values {
		all[i] = ui.Option{Value: string(v), Label: text.T(ctx, prefix+string(v))}
	}
	return all
}

// UnitOptions are wards and communes to choose from.
func UnitOptions(units []org.Unit) []ui.Option {
	all := make([]ui.Option, len(units))
	for i, u := range units {
		all[i] = ui.Option{Value: u.Code, Label: u.FullName}
	}
	return all
}

func sortOf(f Filter) string {
	if f.ByDue {
		return "due"
	}
	return "newest"
}

func sortOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "newest", Label: text.T(ctx, "petitions.sort_newest")}, {Value: "due", Label: text.T(ctx, "petitions.sort_due")}}
}

func toldName(t Told) string {
	if t.Code == "" {
		return t.ID
	}
	return t.Code
}

// toldWhy is the sentence for a row that was not done.
func toldWhy(ctx context.Context, t Told) string { return ui.Sentence(ctx, fault.Of(t.Err)) }
