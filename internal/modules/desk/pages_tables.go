package desk

import (
	"context"

	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

func openWord(ctx context.Context, m notify.Message) string {
	if m.Link == "" {
		return text.T(ctx, "desk.mark_read")
	}
	return text.T(ctx, "desk.open")
}

func dueTable(ctx context.Context, h home) ui.TableView[dueLine] {
	return ui.TableView[dueLine]{ID: "due-rows", Caption: text.T(ctx, "desk.due_title"), Rows: h.Due,
		URL:   func(d dueLine) string { return d.Link },
		Empty: ui.Empty{Title: text.T(ctx, "desk.due_none"), Text: text.T(ctx, "desk.due_none_text")},
		Columns: []ui.Column[dueLine]{
			{Key: "title", Label: text.T(ctx, "desk.col_case"), Text: func(d dueLine) string { return d.Code + " – " + d.Title }},
			{Key: "due", Label: text.T(ctx, "desk.col_due"), Narrow: true, Cell: func(d dueLine) templ.Component {
				return ui.DeadlineBadge(ui.Due{Date: d.Due, Today: h.Today()})
			}},
		}}
}
