package reception

import (
	"context"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/reception/course"
)

// registerView is the register of forwarded letters.
type registerView struct{ Register }

func (s *Service) registerPage(w http.ResponseWriter, r *http.Request) error {
	g, err := s.Forwarded(r.Context(), web.Actor(r), registerKey(r.URL.Query().Get("after")))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reception.menu_register"), Section: registerPath, Wide: true}, registerBody(registerView{g}))
}

func (p registerView) table(ctx context.Context) ui.TableView[RegisterLine] {
	return ui.TableView[RegisterLine]{ID: "register", Wide: true, Caption: text.T(ctx, "reception.menu_register"), Rows: p.Lines, Empty: ui.Empty{Title: text.T(ctx, "reception.register_none")},
		URL: func(l RegisterLine) string { return lettersPath + "/" + l.LetterID },
		Tone: func(l RegisterLine) ui.Tone {
			if l.Late {
				return ui.Bad
			}
			return ui.Plain
		},
		Columns: []ui.Column[RegisterLine]{
			{Key: "symbol", Label: text.T(ctx, "reception.col_symbol"), Narrow: true, Text: func(l RegisterLine) string { return l.Symbol }},
			{Key: "day", Label: text.T(ctx, "reception.col_day"), Narrow: true, Text: func(l RegisterLine) string { return course.ClockTime(l.At.Time)[6:] }},
			{Key: "letter", Label: text.T(ctx, "reception.col_letter"), Text: func(l RegisterLine) string { return l.Letter.Title() }},
			{Key: "summary", Words: true, Label: text.T(ctx, "reception.field_summary"), Text: func(l RegisterLine) string { return l.words(ctx) }},
			{Key: "body", Label: text.T(ctx, "reception.field_body"), Text: func(l RegisterLine) string { return l.Body }},
			{Key: "due", Label: text.T(ctx, "reception.col_answer_due"), Narrow: true, Text: func(l RegisterLine) string { return l.Due.VN() }},
			{Key: "urged", Label: text.T(ctx, "reception.field_urged"), Number: true, Text: func(l RegisterLine) string { return strconv.Itoa(l.Urged) }},
			{Key: "answer", Label: text.T(ctx, "reception.col_answer"), Text: func(l RegisterLine) string { return l.AnswerNumber }},
			{Key: "answered", Label: text.T(ctx, "reception.col_answer_on"), Narrow: true, Text: func(l RegisterLine) string { return l.AnswerOn.VN() }},
			{Key: "satisfied", Label: text.T(ctx, "reception.field_satisfied"), Text: func(l RegisterLine) string { return l.verdict(ctx) }},
			{Key: "ended", Label: text.T(ctx, "reception.col_state"), Text: func(l RegisterLine) string { return l.place(ctx) }},
		}}
}

func (l RegisterLine) words(ctx context.Context) string {
	return Row{Sealed: l.Letter.Kind.Sealed(), Summary: l.Letter.Summary}.words(ctx)
}

func (l RegisterLine) verdict(ctx context.Context) string {
	if l.Satisfied == "" {
		return ""
	}
	return text.T(ctx, "reception.satisfied."+l.Satisfied)
}

func (l RegisterLine) place(ctx context.Context) string {
	switch {
	case l.Ended:
		return text.T(ctx, "reception.register_ended")
	case !l.AnswerOn.IsZero():
		return text.T(ctx, "reception.register_answered")
	case l.Late:
		return text.T(ctx, "reception.register_late")
	}
	return text.T(ctx, "reception.register_waiting")
}

func (p registerView) pages() ui.Pages {
	if p.Next.ID == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: registerPath + "?after=" + p.Next.address()}
}

// mattersView lists the complaints or denunciations that the council settles.
type mattersView struct {
	Kind  Kind
	Rows  []MatterRow
	Next  RegisterKey
	Knows bool // may see denunciations
}

func (s *Service) mattersPage(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	p := mattersView{Kind: Complaint, Knows: knowsSealed(who)}
	if r.URL.Query().Get("kind") == string(Denunciation) {
		p.Kind = Denunciation
	}
	var err error
	if p.Rows, p.Next, err = s.Matters(r.Context(), who, p.Kind, registerKey(r.URL.Query().Get("after"))); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reception.menu_matters"), Section: mattersPath, Wide: true}, mattersBody(p))
}

func (p mattersView) tabs(ctx context.Context) []ui.Tab {
	all := []ui.Tab{{Label: text.T(ctx, "reception.procedure."+string(Complaint)), URL: mattersPath, Here: p.Kind == Complaint}}
	if p.Knows {
		all = append(all, ui.Tab{Label: text.T(ctx, "reception.procedure."+string(Denunciation)), URL: mattersPath + "?kind=denunciation", Here: p.Kind == Denunciation})
	}
	return all
}

func (p mattersView) table(ctx context.Context) ui.TableView[MatterRow] {
	return ui.TableView[MatterRow]{ID: "matters", Caption: text.T(ctx, "reception.menu_matters"), Rows: p.Rows, Empty: ui.Empty{Title: text.T(ctx, "reception.matters_none")},
		URL: func(m MatterRow) string { return mattersPath + "/" + m.ID },
		Columns: []ui.Column[MatterRow]{
			{Key: "code", Label: text.T(ctx, "reception.col_code"), Narrow: true, Text: func(m MatterRow) string { return m.Code }},
			{Key: "title", Label: text.T(ctx, "reception.col_letter"), Text: func(m MatterRow) string { return m.Title }},
			{Key: "instance", Label: text.T(ctx, "reception.field_instance"), Text: func(m MatterRow) string { return text.T(ctx, "reception.instance_"+strconv.Itoa(m.Instance)) }},
			{Key: "accepted", Label: text.T(ctx, "reception.field_accepted_on"), Narrow: true, Text: func(m MatterRow) string { return m.AcceptedOn.VN() }},
			{Key: "state", Label: text.T(ctx, "reception.col_state"), Text: func(m MatterRow) string { return text.T(ctx, "reception.state."+string(m.State)) }},
			{Key: "due", Label: text.T(ctx, "reception.col_due"), Narrow: true, Text: func(m MatterRow) string { return m.Due.VN() }},
		}}
}

func (p mattersView) pages() ui.Pages {
	if p.Next.ID == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: mattersPath + "?kind=" + string(p.Kind) + "&after=" + p.Next.address()}
}

// matterView is the page of one matter.
type matterView struct {
	Dossier
	Steps []step
}

func (s *Service) matterPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Dossier(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := matterView{Dossier: v}
	for _, st := range matterSteps {
		if v.Can(st.verb) && v.fits(st) {
			p.Steps = append(p.Steps, st)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: v.Case.Code, Section: mattersPath}, matterBody(p))
}

// fits leaves out notices whose clock does not run.
func (v Dossier) fits(st step) bool {
	switch st.verb {
	case "notify_acceptance", "send_suspension", "send_decision", "answer_front", "superior_asks", "body_reports", "act_on_conclusion", "report_back", "publish_conclusion":
		return v.running(st.verb)
	case "notify_dialogue":
		return v.running("dialogue_notice")
	}
	return true
}

func (v Dossier) running(name string) bool {
	for _, d := range v.Deadlines {
		if d.Name == name && d.Live() {
			return true
		}
	}
	return false
}

func (v Dossier) url() string { return mattersPath + "/" + v.Case.ID }

func (v Dossier) facts(ctx context.Context) []ui.Term {
	m := v.Matter
	all := []ui.Term{
		{Name: text.T(ctx, "reception.field_kind"), Text: text.T(ctx, "reception.kind."+string(m.Kind))},
		{Name: text.T(ctx, "reception.field_instance"), Text: text.T(ctx, "reception.instance_"+strconv.Itoa(m.Instance))},
		{Name: text.T(ctx, "reception.field_accepted_on"), Text: m.AcceptedOn.VN()},
		{Name: text.T(ctx, "reception.field_complexity"), Text: text.T(ctx, "reception.complexity."+m.complexity())},
	}
	if m.ComplexityDocument != "" {
		all = append(all, ui.Term{Name: text.T(ctx, "reception.field_complexity_document"), Text: m.ComplexityDocument})
	}
	for _, c := range m.Criteria.V {
		all = append(all, ui.Term{Name: text.T(ctx, "reception.field_criteria"), Text: text.T(ctx, "reception.criterion."+string(c))})
	}
	if m.Remote {
		all = append(all, ui.Term{Name: text.T(ctx, "reception.field_remote"), Text: text.T(ctx, "reception.yes")})
	}
	if !m.DialogueOn.IsZero() {
		all = append(all, ui.Term{Name: text.T(ctx, "reception.field_day"), Text: m.DialogueOn.VN()})
	}
	return all
}

func (m Matter) complexity() string {
	if m.Complexity == "" {
		return "plain"
	}
	return string(m.Complexity)
}

// coursePage is the form of one step of a matter.
type coursePage struct {
	Dossier
	Step   step
	Form   *web.Form
	Errors ui.Errors
}

func (p coursePage) typed(name string) string { return p.Form.Text(name) }

func (p coursePage) address() string { return p.url() + "/" + p.Step.noun }

// papered reports whether the step rests on a paper.
func (p coursePage) papered() bool {
	for _, v := range p.May {
		if v.Name == p.Step.verb {
			for _, name := range v.Requires {
				if name == "document" {
					return true
				}
			}
		}
	}
	return false
}

func (s *Service) courseForm(st step) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.Dossier(r.Context(), web.Actor(r), r.PathValue("id"))
		if err != nil {
			return err
		}
		if !v.Can(st.verb) {
			return fault.New(fault.Refused, "cases.wrong_state")
		}
		return s.showCourse(w, r, coursePage{Dossier: v, Step: st}, http.StatusOK)
	}
}

func (s *Service) showCourse(w http.ResponseWriter, r *http.Request, p coursePage, status int) error {
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reception.verb."+p.Step.verb) + " · " + p.Case.Code, Section: mattersPath, Status: status}, courseBody(p))
}

func (s *Service) courseSend(st step) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
		in, err := readStep(w, r)
		if err == nil {
			err = st.send(s, ctx, who, id, in)
		}
		if web.Mendable(err) {
			v, verr := s.Dossier(ctx, who, id)
			if verr != nil {
				return verr
			}
			if !v.Can(st.verb) {
				return err
			}
			return s.showCourse(w, r, coursePage{Dossier: v, Step: st, Form: in.Form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
		}
		if err != nil {
			return err
		}
		web.Flash(w, r, "reception.done."+st.verb)
		return web.SeeOther(w, r, mattersPath+"/"+id)
	}
}

func (p coursePage) criterionChoice(ctx context.Context) ui.Choice {
	return ui.Choice{Name: "criteria", Label: text.T(ctx, "reception.field_criteria"), Hint: text.T(ctx, "reception.hint_criteria"), Errors: p.Errors, Values: p.Form.Texts("criteria"),
		Options: options(ctx, "reception.criterion.", criteria())}
}

func (p coursePage) reasonOptions(ctx context.Context) []ui.Option {
	codes := stopReasons
	if p.Step.verb == "suspend" {
		codes = suspendReasons
	}
	all := make([]ui.Option, len(codes))
	for i, code := range codes {
		all[i] = ui.Option{Value: code, Label: text.T(ctx, "reception.halt."+code)}
	}
	return all
}
