package web

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func accountCrumbs(ctx context.Context, key string) []ui.Crumb {
	return []ui.Crumb{{Label: text.T(ctx, "auth.account_title"), URL: "/account"}, {Label: text.T(ctx, key)}}
}

func accountTerms(ctx context.Context, p accountPage) []ui.Term {
	terms := []ui.Term{{Name: text.T(ctx, "auth.account_name"), Text: p.Who.Name}}
	if p.Security.HasAccount {
		terms = append(terms, ui.Term{Name: text.T(ctx, "auth.account_login"), Text: p.Security.Login})
	}
	return append(terms, ui.Term{Name: text.T(ctx, "auth.account_post"), Text: p.Acting})
}

func otherLive(lines []signInLine) bool {
	return slices.ContainsFunc(lines, func(l signInLine) bool { return l.Live && !l.Here })
}

func signInTable(ctx context.Context, lines []signInLine) ui.TableView[signInLine] {
	return ui.TableView[signInLine]{
		ID: "sign-in-list", Caption: text.T(ctx, "auth.sign_ins_title"), Rows: lines,
		Key: func(l signInLine) string { return l.ID },
		Columns: []ui.Column[signInLine]{
			{Key: "where", Label: text.T(ctx, "auth.sign_in_where"), Fixed: true, Text: func(l signInLine) string { return l.Where + " · " + l.Address }},
			{Key: "began", Label: text.T(ctx, "auth.sign_in_when"), Narrow: true, Text: func(l signInLine) string { return l.Began }},
			{Key: "seen", Label: text.T(ctx, "auth.sign_in_seen"), Narrow: true, Text: func(l signInLine) string { return l.Seen }},
			{Key: "state", Label: text.T(ctx, "auth.sign_in_state"), Cell: signInState},
			{Key: "act", Label: text.T(ctx, "auth.sign_in_act"), Cell: signInAct},
		},
	}
}
