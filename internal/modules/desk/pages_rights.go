package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// delegationView is the page of delegations with what was typed into its form.
type delegationView struct {
	delegations
	Form   *web.Form
	Errors ui.Errors
}

func (s *Service) showDelegations(w http.ResponseWriter, r *http.Request) error {
	return s.delegationPage(w, r, nil, nil)
}

func (s *Service) delegationPage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	p, err := s.delegations(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return page(w, r, text.T(r.Context(), "desk.menu_delegations"), web.StatusOf(wrong), delegationScreen(delegationView{p, form, ui.ErrorsOf(wrong)}))
}

func delegationTable(ctx context.Context, v delegationView) ui.TableView[org.DelegationLine] {
	return ui.TableView[org.DelegationLine]{ID: "delegations", Caption: text.T(ctx, "desk.menu_delegations"), Rows: v.Lines,
		Empty: ui.Empty{Title: text.T(ctx, "desk.delegations_none"), Text: text.T(ctx, "desk.delegations_none_text")},
		Columns: []ui.Column[org.DelegationLine]{
			{Key: "from", Label: text.T(ctx, "desk.col_from"), Text: func(l org.DelegationLine) string { return l.FromName + ", " + l.FromTitle }},
			{Key: "to", Label: text.T(ctx, "desk.col_to_whom"), Text: func(l org.DelegationLine) string { return l.ToName + ", " + l.ToTitle }},
			{Key: "scope", Label: text.T(ctx, "desk.col_scope"), Text: func(l org.DelegationLine) string { return scopeWords(ctx, l) }},
			{Key: "term", Label: text.T(ctx, "desk.col_term"), Narrow: true, Text: func(l org.DelegationLine) string { return term(l.Starts.VN(), l.Ends.VN()) }},
			{Key: "document", Label: text.T(ctx, "desk.col_document"), Text: func(l org.DelegationLine) string { return l.Document }},
			{Key: "state", Label: text.T(ctx, "desk.col_state"), Narrow: true, Cell: func(l org.DelegationLine) templ.Component { return delegationState(l, v.Today) }},
		}}
}

// rightWords names a right; a module says it under "<module>.may.<name>".
func rightWords(ctx context.Context, name string) string {
	module, right, _ := strings.Cut(name, ".")
	return say(ctx, module+".may."+right, say(ctx, "desk.right."+underscored(name), name))
}

func scopeWords(ctx context.Context, l org.DelegationLine) string {
	words := make([]string, len(l.Scope.V))
	for i, name := range l.Scope.V {
		words[i] = rightWords(ctx, name)
	}
	if len(words) == 0 {
		words = []string{text.T(ctx, "desk.scope_all")}
	}
	if l.Onward {
		words = append(words, text.T(ctx, "desk.may_pass_on"))
	}
	return strings.Join(words, "; ")
}

func scopeOptions(ctx context.Context, rights []auth.Permission) []ui.Option {
	all := make([]ui.Option, len(rights))
	for i, p := range rights {
		all[i] = ui.Option{Value: p.Name, Label: rightWords(ctx, p.Name)}
	}
	return all
}

func (s *Service) showPermissions(w http.ResponseWriter, r *http.Request) error {
	all := auth.Permissions()
	if s.Permissions != nil {
		all = slices.Clone(s.Permissions())
	}
	slices.SortFunc(all, func(a, b auth.Permission) int { return strings.Compare(a.Name, b.Name) })
	all = slices.CompactFunc(all, func(a, b auth.Permission) bool { return a.Name == b.Name })
	return page(w, r, text.T(r.Context(), "desk.menu_permissions"), http.StatusOK, permissionScreen(all))
}

func permissionTable(ctx context.Context, all []auth.Permission) ui.TableView[auth.Permission] {
	return ui.TableView[auth.Permission]{ID: "permissions", Caption: text.T(ctx, "desk.menu_permissions"), Rows: all,
		Columns: []ui.Column[auth.Permission]{
			{Key: "name", Label: text.T(ctx, "desk.col_right"), Cell: func(p auth.Permission) templ.Component { return rightCell(p) }},
			{Key: "roles", Label: text.T(ctx, "desk.col_roles"), Text: func(p auth.Permission) string { return holdersWords(ctx, p) }},
		}}
}

// holdersWords names who has a right.
func holdersWords(ctx context.Context, p auth.Permission) string {
	words := roleWords(ctx, p.Roles)
	switch p.Name {
	case auth.Public.Name:
		words = text.T(ctx, "desk.everybody")
	case auth.SignedIn.Name:
		words = text.T(ctx, "desk.every_post")
	}
	if p.System && p.Name != auth.Public.Name {
		words += ", " + text.T(ctx, "desk.the_program")
	}
	return words
}

func (s *Service) showProcedures(w http.ResponseWriter, r *http.Request) error {
	return page(w, r, text.T(r.Context(), "desk.menu_procedures"), http.StatusOK, proceduresScreen(s.Cases.Procedures()))
}

func procedureTable(ctx context.Context, all []*cases.Procedure) ui.TableView[*cases.Procedure] {
	return ui.TableView[*cases.Procedure]{ID: "procedures", Caption: text.T(ctx, "desk.menu_procedures"), Rows: all,
		URL: func(p *cases.Procedure) string { return "/administration/procedures/" + p.Key() },
		Columns: []ui.Column[*cases.Procedure]{
			{Key: "name", Label: text.T(ctx, "desk.col_procedure"), Text: func(p *cases.Procedure) string { return procedureWords(ctx, p) }},
			{Key: "version", Label: text.T(ctx, "desk.col_version"), Number: true, Text: func(p *cases.Procedure) string { return strconv.Itoa(p.Version) }},
			{Key: "from", Label: text.T(ctx, "desk.col_effective"), Narrow: true, Text: func(p *cases.Procedure) string { return term(p.Effective.From.VN(), p.Effective.Until.VN()) }},
			{Key: "basis", Label: text.T(ctx, "desk.col_basis"), Text: func(p *cases.Procedure) string { return basisWords(ctx, p) }},
		}}
}

func procedureWords(ctx context.Context, p *cases.Procedure) string {
	return say(ctx, p.Module+".procedure."+p.Name, say(ctx, p.Module+".procedure", say(ctx, p.Module+".menu", p.Name)))
}

// basisWords prints the legal basis only where somebody has read it in the law.
func basisWords(ctx context.Context, p *cases.Procedure) string {
	if p.Confirmed {
		return p.Basis
	}
	return text.T(ctx, "desk.basis_unconfirmed", "basis", p.Basis)
}

func (s *Service) showProcedure(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.Atoi(r.PathValue("version"))
	if err != nil {
		return fault.New(fault.Missing, "db.no_row")
	}
	i := slices.IndexFunc(s.Cases.Procedures(), func(p *cases.Procedure) bool { return p.Name == r.PathValue("name") && p.Version == version })
	if i < 0 {
		return fault.New(fault.Missing, "db.no_row")
	}
	p := s.Cases.Procedures()[i]
	return page(w, r, procedureWords(r.Context(), p), http.StatusOK, procedureScreen(p, s.lengths(r.Context(), p)))
}

func stateWords(ctx context.Context, p *cases.Procedure, s cases.State) string {
	return say(ctx, p.Module+".state."+string(s), string(s))
}

func actWords(ctx context.Context, p *cases.Procedure, verb string) string {
	return say(ctx, p.Module+".verb."+verb, verb)
}

func statesWords(ctx context.Context, p *cases.Procedure, states []cases.State) string {
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = stateWords(ctx, p, s)
	}
	return strings.Join(words, ", ")
}

// picture draws a procedure with the names that people read.
func picture(ctx context.Context, p *cases.Procedure) string {
	return cases.Picture{Procedure: p, Title: procedureWords(ctx, p), State: func(s cases.State) string { return stateWords(ctx, p, s) },
		Verb: func(name string) string { return actWords(ctx, p, name) }}.SVG()
}

func verbTable(ctx context.Context, p *cases.Procedure) ui.TableView[cases.Verb] {
	return ui.TableView[cases.Verb]{ID: "verbs", Caption: text.T(ctx, "desk.verbs_title"), Rows: p.Verbs,
		Columns: []ui.Column[cases.Verb]{
			{Key: "verb", Label: text.T(ctx, "desk.col_act"), Text: func(v cases.Verb) string { return actWords(ctx, p, v.Name) }},
			{Key: "from", Label: text.T(ctx, "desk.col_from_state"), Text: func(v cases.Verb) string { return statesWords(ctx, p, v.From) }},
			{Key: "to", Label: text.T(ctx, "desk.col_to_state"), Text: func(v cases.Verb) string {
				if v.To == "" {
					return text.T(ctx, "desk.state_stays")
				}
				return stateWords(ctx, p, v.To)
			}},
			{Key: "who", Label: text.T(ctx, "desk.col_who"), Text: func(v cases.Verb) string { return byWhom(ctx, v) }},
			{Key: "duties", Label: text.T(ctx, "desk.col_conditions"), Text: func(v cases.Verb) string { return conditions(ctx, p, v) }},
		}}
}

func byWhom(ctx context.Context, v cases.Verb) string {
	side := text.T(ctx, "desk.side_"+string(v.Place))
	if len(v.Roles) == 0 {
		return side
	}
	return side + ": " + roleWords(ctx, v.Roles)
}

func conditions(ctx context.Context, p *cases.Procedure, v cases.Verb) string {
	var all []string
	if v.FourEyes {
		all = append(all, text.T(ctx, "desk.four_eyes"))
	}
	if len(v.Apart) > 0 {
		acts := make([]string, len(v.Apart))
		for i, name := range v.Apart {
			acts[i] = actWords(ctx, p, name)
		}
		all = append(all, text.T(ctx, "desk.apart", "acts", strings.Join(acts, ", ")))
	}
	if len(v.Requires) > 0 {
		all = append(all, text.T(ctx, "desk.requires", "n", len(v.Requires)))
	}
	if v.Basis != "" && p.Confirmed {
		all = append(all, v.Basis)
	}
	return strings.Join(all, "; ")
}

// lengths says how long each deadline of a procedure is today, and by what.
func (s *Service) lengths(ctx context.Context, p *cases.Procedure) map[string]string {
	all := map[string]string{}
	for _, d := range p.Deadlines {
		rule, err := s.Cases.Rules.At(d.Rule, clock.Today(s.Clock))
		if err != nil {
			all[d.Name] = text.T(ctx, "desk.no_rule_today")
			continue
		}
		all[d.Name] = rule.Run(clock.Date{}, "").Term().In(ctx) + "; " + rule.Words().In(ctx)
	}
	return all
}

func deadlineTable(ctx context.Context, p *cases.Procedure, lengths map[string]string) ui.TableView[cases.DeadlineRule] {
	return ui.TableView[cases.DeadlineRule]{ID: "deadlines", Caption: text.T(ctx, "desk.deadlines_title"), Rows: p.Deadlines,
		Empty: ui.Empty{Title: text.T(ctx, "desk.deadlines_none")},
		Columns: []ui.Column[cases.DeadlineRule]{
			{Key: "name", Label: text.T(ctx, "desk.col_deadline"), Text: func(d cases.DeadlineRule) string { return say(ctx, p.Module+".deadline."+d.Name, d.Name) }},
			{Key: "rule", Label: text.T(ctx, "desk.col_rule"), Text: func(d cases.DeadlineRule) string { return lengths[d.Name] }},
			{Key: "warns", Label: text.T(ctx, "desk.col_warns"), Text: func(d cases.DeadlineRule) string { return numbers(d.Warns) }},
			{Key: "escalates", Label: text.T(ctx, "desk.col_escalates"), Number: true, Text: func(d cases.DeadlineRule) string { return strconv.Itoa(len(d.Escalates)) }},
			{Key: "extensions", Label: text.T(ctx, "desk.col_extensions"), Number: true, Text: func(d cases.DeadlineRule) string { return strconv.Itoa(d.Extensions) }},
		}}
}

func numbers(all []int) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

func factTerms(facts []detail) []ui.Term {
	terms := make([]ui.Term, len(facts))
	for i, f := range facts {
		terms[i] = ui.Term{Name: f.Name, Text: f.Text}
	}
	return terms
}
