package reception

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/reception/conditions"
	"example.vn/hdnd/internal/modules/reception/lookup"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/modules/reception/watchlist"
	"example.vn/hdnd/internal/modules/reception/wording"
)

// letterView is the page of one letter.
type letterView struct {
	Sheet
	Steps    []step
	MayWatch bool
	MayRenew bool
}

func (s *Service) letterPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := letterView{Sheet: v, MayWatch: watchlist.MayKeep(web.Actor(r)), MayRenew: lookup.MayRenew(web.Actor(r)) && !v.Case.Sealed}
	for _, st := range letterSteps {
		if v.Can(st.verb) && st.fits(v) {
			p.Steps = append(p.Steps, st)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: v.Case.Code, Section: lettersPath}, letterBody(p))
}

// fits leaves out steps that the procedure allows but that make no sense now.
func (st step) fits(v Sheet) bool {
	switch {
	case slices.Contains(results, Result(st.verb)):
		return v.Letter.Result == Result(st.verb)
	case st.verb == "join":
		return slices.ContainsFunc(v.Twins, func(t Twin) bool { return t.Open })
	case st.verb == "tell_sender" || st.verb == "tell_citizen":
		return v.running(st.verb)
	}
	return true
}

func (v Sheet) running(name string) bool {
	for _, d := range v.Deadlines {
		if d.Name == name && d.Live() {
			return true
		}
	}
	return false
}

func (v Sheet) url() string { return lettersPath + "/" + v.Case.ID }

func (v Sheet) facts(ctx context.Context) []ui.Term {
	l := v.Letter
	authority, result := text.T(ctx, "reception.not_yet"), text.T(ctx, "reception.not_yet")
	if l.Authority != "" {
		authority = text.T(ctx, "reception.authority."+string(l.Authority))
	}
	if l.Result != "" {
		result = text.T(ctx, "reception.result."+string(l.Result))
	}
	all := []ui.Term{
		{Name: text.T(ctx, "reception.col_letter"), Text: l.Title()},
		{Name: text.T(ctx, "reception.field_received_on"), Text: l.ReceivedOn.VN()},
		{Name: text.T(ctx, "reception.field_kind"), Text: text.T(ctx, "reception.kind."+string(l.Kind))},
		{Name: text.T(ctx, "reception.field_source"), Text: text.T(ctx, "reception.source."+string(l.Source))},
		{Name: text.T(ctx, "reception.field_ward"), Text: v.Unit.FullName},
		{Name: text.T(ctx, "reception.field_authority"), Text: authority},
		{Name: text.T(ctx, "reception.field_result"), Text: result},
	}
	add := func(key, value string) {
		if value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	add("reception.field_written_on", l.WrittenOn.VN())
	add("reception.field_from_body", l.FromBody)
	add("reception.field_body", v.Bodies[l.BodyID].Name)
	if l.Reason != "" {
		add("reception.field_reason", text.T(ctx, "reception.reason."+l.Reason))
	}
	if l.Kind == Complaint {
		add("reception.field_instance", text.T(ctx, "reception.instance_"+strconv.Itoa(l.Instance)))
	}
	for _, is := range []struct {
		is  bool
		key string
	}{{l.Anonymous, "reception.anonymous"}, {l.Evidence, "reception.field_evidence"}, {l.Originals, "reception.field_originals"}, {l.Remote, "reception.field_remote"}, {l.ManyPlaces, "reception.field_many_places"}} {
		if is.is {
			all = append(all, ui.Term{Name: text.T(ctx, is.key), Text: text.T(ctx, "reception.yes")})
		}
	}
	if l.Urged > 0 {
		add("reception.field_urged", strconv.Itoa(l.Urged))
	}
	return all
}

// rung is the next step of the ladder of urging.
func (v Sheet) rung(ctx context.Context) string {
	return text.T(ctx, "reception.rung_"+strconv.Itoa(min(v.Letter.Urged+1, wording.RungMost)))
}

func (v Sheet) holds(code string) bool { return slices.Contains(v.Letter.Conditions.V, code) }

// checked reports whether the letter's conditions were looked at.
func (v Sheet) checked() bool { return v.Letter.Result != "" }

// received are the papers that came with the letter; what was sent out stands
// with where it went.
func (v Sheet) received() []documents.Paper {
	sent := map[string]bool{}
	for _, f := range v.Sendings {
		sent[f.PaperID], sent[f.DraftID] = true, true
	}
	return slices.DeleteFunc(slices.Clone(v.Papers), func(p documents.Paper) bool { return sent[p.ID] })
}

// stepPage is the form of one verb on a letter.
type stepPage struct {
	Sheet
	Step   step
	Form   *web.Form
	Errors ui.Errors
	Kind   Kind // that the conditions and reasons are shown for
}

func (p stepPage) typed(name, otherwise string) string {
	if p.Form.Has(name) {
		return p.Form.Text(name)
	}
	return otherwise
}

func (p stepPage) ticked(name string, otherwise bool) bool {
	if p.Form != nil {
		return p.Form.Bool(name)
	}
	return otherwise
}

// keepsOutside reports whether a denunciation found here would have to leave.
func (p stepPage) keepsOutside() bool { return !p.Case.Sealed && p.Place != sealed.Here }

func (p stepPage) address() string { return p.url() + "/" + p.Step.noun }

func (s *Service) stepForm(st step) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
		if err != nil {
			return err
		}
		if !v.Can(st.verb) || !st.fits(v) {
			return fault.New(fault.Refused, "cases.wrong_state")
		}
		return s.showStep(w, r, stepPage{Sheet: v, Step: st, Kind: v.Letter.Kind}, http.StatusOK)
	}
}

func (s *Service) showStep(w http.ResponseWriter, r *http.Request, p stepPage, status int) error {
	if k := Kind(r.URL.Query().Get("kind")); p.Form == nil && slices.Contains(kinds, k) {
		p.Kind = k
	}
	if p.Form.Has("kind") {
		p.Kind = Kind(p.Form.Line("kind"))
	}
	w.Header().Set("Cache-Control", "no-store")
	title := text.T(r.Context(), "reception.verb."+p.Step.verb) + " · " + p.Case.Code
	return web.Page(w, r, web.Head{Title: title, Section: lettersPath, Status: status}, stepBody(p))
}

func (s *Service) stepSend(st step) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
		in, err := readStep(w, r)
		if err == nil {
			err = st.send(s, ctx, who, id, in)
		}
		if web.Mendable(err) {
			v, verr := s.Sheet(ctx, who, id)
			if verr != nil {
				return verr
			}
			if !v.Can(st.verb) {
				return err
			}
			return s.showStep(w, r, stepPage{Sheet: v, Step: st, Form: in.Form, Errors: ui.ErrorsOf(err), Kind: v.Letter.Kind}, web.StatusOf(err))
		}
		if err != nil {
			return err
		}
		web.Flash(w, r, "reception.done."+st.verb)
		return web.SeeOther(w, r, lettersPath+"/"+id)
	}
}

func (p stepPage) bodyOptions() []ui.Option {
	all := make([]ui.Option, len(p.Asked))
	for i, b := range p.Asked {
		all[i] = ui.Option{Value: b.ID, Label: b.Name}
	}
	return all
}

// reasonOptions are the reasons of the kind, by the result that they are for.
func (p stepPage) reasonOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, r := range results {
		for _, code := range reasonsFor(p.Kind)[r] {
			all = append(all, ui.Option{Value: code, Label: text.T(ctx, "reception.reason."+code), Group: text.T(ctx, "reception.result."+string(r))})
		}
	}
	return all
}

func (p stepPage) conditionChoice(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "conditions", Label: text.T(ctx, "reception.field_conditions"), Hint: p.conditionsHint(ctx), Errors: p.Errors, Values: p.Letter.Conditions.V}
	if p.Form != nil {
		c.Values = p.Form.Texts("conditions")
	}
	for _, one := range conditions.Of(string(p.Kind)) {
		c.Options = append(c.Options, ui.Option{Value: one.Code, Label: text.T(ctx, "reception.condition."+one.Code), Hint: one.Article})
	}
	return c
}

func (p stepPage) conditionsHint(ctx context.Context) string {
	hint := text.T(ctx, "reception.hint_conditions")
	if articles := conditions.Unseen(conditions.Of(string(p.Kind))); articles != "" {
		hint += " " + text.T(ctx, "reception.articles_unseen", "articles", articles)
	}
	return hint
}

func (p stepPage) senderChoice(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "who", Label: text.T(ctx, "reception.field_who"), Errors: p.Errors, Values: p.Form.Texts("who")}
	for _, one := range p.Senders {
		if one.WithdrawnOn.IsZero() {
			c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(one.Number), Label: one.Name})
		}
	}
	return c
}

func (p stepPage) twinOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, t := range p.Twins {
		if t.Open {
			all = append(all, ui.Option{Value: t.Letter.ID, Label: t.Letter.Title(), Hint: t.why(ctx)})
		}
	}
	return all
}

func (t Twin) why(ctx context.Context) string {
	line := ""
	for _, is := range []struct {
		is  bool
		key string
	}{{t.Person, "reception.twin_person"}, {t.Respondent, "reception.twin_respondent"}, {t.Content, "reception.twin_content"}, {t.Suspended, "reception.twin_suspended"}} {
		if is.is {
			if line != "" {
				line += "; "
			}
			line += text.T(ctx, is.key)
		}
	}
	return line
}

func (t Twin) place(ctx context.Context) string {
	if text.Known(ctx, "reception.state."+string(t.State)) {
		return text.T(ctx, "reception.state."+string(t.State))
	}
	return string(t.State)
}

func bodyName(named map[string]org.Body, id string) string { return named[id].Name }
