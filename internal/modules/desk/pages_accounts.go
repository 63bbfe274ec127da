package desk

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// accountView is the page of accounts with what was typed into its form, and
// with the one-time address that was just made.
type accountView struct {
	Lines    []auth.AccountLine
	Without  []org.Directory // people without an account
	Form     *web.Form
	Errors   ui.Errors
	Address  string // path of the one-time address
	For      string // whose it is
	Pages    ui.Pages
	MayClose bool
}

func (s *Service) showAccounts(w http.ResponseWriter, r *http.Request) error {
	return s.accountPage(w, r, accountView{}, nil)
}

func (s *Service) accountPage(w http.ResponseWriter, r *http.Request, v accountView, wrong error) error {
	ctx, who := r.Context(), web.Actor(r)
	lines, err := s.Auth.Accounts(ctx, who, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	p, err := s.staff(ctx, who)
	if err != nil {
		return err
	}
	v.Lines, v.Errors = lines, ui.ErrorsOf(wrong)
	v.Without = p.Lines
	if len(lines) > 0 && r.Method == http.MethodGet {
		v.Pages = next(r, "after", lines[len(lines)-1].LoginKey)
	}
	// A one-time address is shown once and must not stay in a cache.
	w.Header().Set("Cache-Control", "no-store")
	return page(w, r, text.T(ctx, "desk.menu_accounts"), web.StatusOf(wrong), accountScreen(v))
}

func accountTable(ctx context.Context, v accountView) ui.TableView[auth.AccountLine] {
	return ui.TableView[auth.AccountLine]{ID: "accounts", Caption: text.T(ctx, "desk.menu_accounts"), Rows: v.Lines,
		Empty: ui.Empty{Title: text.T(ctx, "desk.accounts_none"), Text: text.T(ctx, "desk.accounts_none_text")},
		Columns: []ui.Column[auth.AccountLine]{
			{Key: "name", Label: text.T(ctx, "desk.col_name_of_person"), Text: func(l auth.AccountLine) string { return l.Name }},
			{Key: "login", Label: text.T(ctx, "auth.login"), Text: func(l auth.AccountLine) string { return l.Login }},
			{Key: "state", Label: text.T(ctx, "desk.col_state"), Narrow: true, Cell: func(l auth.AccountLine) templ.Component { return ui.StateBadge(accountState(ctx, l)) }},
			{Key: "second", Label: text.T(ctx, "auth.totp_title"), Narrow: true, Text: func(l auth.AccountLine) string {
				if l.TOTPAt.IsZero() {
					return text.T(ctx, "desk.off")
				}
				return text.T(ctx, "desk.on")
			}},
			{Key: "act", Label: text.T(ctx, "desk.col_do"), Cell: func(l auth.AccountLine) templ.Component { return accountActs(l) }},
		}}
}

func accountState(ctx context.Context, l auth.AccountLine) ui.State {
	switch {
	case !l.DisabledAt.IsZero():
		return ui.State{Label: text.T(ctx, "desk.account_closed"), Tone: ui.Bad}
	case !l.Ready:
		return ui.State{Label: text.T(ctx, "desk.account_new"), Tone: ui.Warning}
	}
	return ui.State{Label: text.T(ctx, "desk.account_open"), Tone: ui.Good}
}

// signInsView is the sign-ins of one person, for the guardians.
type signInsView struct {
	Person org.Person
	Lines  []auth.SignIn
	Live   func(auth.SignIn) bool
	May    bool // also remove the second step
}

func (s *Service) showSignIns(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), web.Actor(r)
	lines, err := s.Auth.SignIns(ctx, who, r.PathValue("person"))
	if err != nil {
		return err
	}
	person, err := s.person(ctx, r.PathValue("person"))
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	v := signInsView{person, lines, func(l auth.SignIn) bool { return s.Auth.Live(l, now) }, auth.RemoveSecondStep.Allows(who)}
	return page(w, r, text.T(ctx, "auth.sign_ins_title"), http.StatusOK, signInsScreen(v))
}

func signInTable(ctx context.Context, v signInsView) ui.TableView[auth.SignIn] {
	return ui.TableView[auth.SignIn]{ID: "sign-ins", Caption: text.T(ctx, "auth.sign_ins_title"), Rows: v.Lines,
		Empty: ui.Empty{Title: text.T(ctx, "desk.sign_ins_none")},
		Columns: []ui.Column[auth.SignIn]{
			{Key: "began", Label: text.T(ctx, "auth.sign_in_when"), Narrow: true, Text: func(l auth.SignIn) string { return moment(l.CreatedAt.Time) }},
			{Key: "seen", Label: text.T(ctx, "auth.sign_in_seen"), Narrow: true, Text: func(l auth.SignIn) string { return moment(l.SeenAt.Time) }},
			{Key: "where", Label: text.T(ctx, "auth.sign_in_where"), Text: func(l auth.SignIn) string { return l.Address }},
			{Key: "agent", Label: text.T(ctx, "desk.col_browser"), Text: func(l auth.SignIn) string { return l.Agent }},
			{Key: "act", Label: text.T(ctx, "auth.sign_in_state"), Narrow: true, Cell: func(l auth.SignIn) templ.Component { return signInAct(v, l) }},
		}}
}
