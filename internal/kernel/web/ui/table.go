package ui

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/text"

	"github.com/a-h/templ"
)

// Column is one column of a table of T.
type Column[T any] struct {
	Key, Label string
	Cell       func(T) templ.Component
	Text       func(T) string // instead of Cell, when the text is enough
	Number     bool           // aligned to the right, figures of one width
	Narrow     bool           // never broken over lines
	Words      bool           // sentences: wide enough to be read in a wide table
	Fixed      bool           // cannot be left out
	Extra      bool           // shown only when chosen
	SortURL    string         // address that sorts by this column
	Sorted     string         // "ascending" or "descending" when the list is
}

// TableView is a list of T with its columns.
type TableView[T any] struct {
	ID, Caption string
	Columns     []Column[T]
	Shown       []string // keys of the chosen columns; nil shows all but Extra
	Choose      string   // address the column choice is sent to (GET cols=…); empty: not offered
	ChooseKeep  []Kept   // filters that the column choice must not lose
	Rows        []T
	Key         func(T) string // id of the row, for Bulk
	URL         func(T) string // the row's page; linked from its first column
	Tone        func(T) Tone   // a stripe at the row's edge
	Empty       Empty
	Bulk        *Bulk
	Live        string // topics; with LiveURL the rows follow changes
	LiveURL     string
	Wide        bool // more columns than a screen holds: scrolls in its own frame
}

// Bulk is the bar of acts on the selected rows; its field is "id", repeated.
type Bulk struct {
	URL     string
	Actions []Action
	Label   func(n int) string // name of a row's box, by row number; nil uses "Chọn dòng n"
}

func (t TableView[T]) columns() []Column[T] {
	var shown []Column[T]
	for _, c := range t.Columns {
		if t.shows(c) {
			shown = append(shown, c)
		}
	}
	return shown
}

func (t TableView[T]) shows(c Column[T]) bool {
	switch {
	case c.Fixed:
		return true
	case t.Shown == nil:
		return !c.Extra
	}
	return slices.Contains(t.Shown, c.Key)
}

func (t TableView[T]) tone(row T) Tone {
	if t.Tone == nil {
		return Plain
	}
	return t.Tone(row)
}

func (c Column[T]) component(row T) templ.Component {
	if c.Cell != nil {
		return c.Cell(row)
	}
	return plainText(c.Text(row))
}

func (t TableView[T]) emptyState(ctx context.Context) Empty {
	if t.Empty.Title == "" {
		return Empty{Title: text.T(ctx, "ui.empty"), Text: t.Empty.Text, Action: t.Empty.Action}
	}
	return t.Empty
}

func (b *Bulk) label(ctx context.Context, n int) string {
	if b.Label != nil {
		return b.Label(n)
	}
	return text.T(ctx, "ui.select_row", "n", n+1)
}

func small(a Action) Action { a.Small = true; return a }

func sortIcon(sorted string) string {
	switch sorted {
	case "ascending":
		return "chevron-up"
	case "descending":
		return "chevron-down"
	}
	return "selector"
}
