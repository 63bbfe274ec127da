package settings

import (
	"net/http"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// headIn reads the form of a set's own words.
func headIn(form *web.Form) (Head, error) {
	h := Head{Title: form.Line("title"), Paper: form.Line("paper"), Revision: form.Revision()}
	var f1, f2 *fault.Fault
	h.PaperDate, f1 = form.Date("paper_date")
	h.From, f2 = form.Date("from")
	return h, fault.Join(f1, f2)
}

func (d *Desk) drawUpForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	h, err := headIn(form)
	id := ""
	if err == nil {
		id, err = d.DrawUp(r.Context(), web.Actor(r), h, form.Once())
	}
	if web.Mendable(err, fault.Refused) {
		return showHead(w, r, headView{Form: form, Errors: ui.ErrorsOf(err), Today: d.today().VN()}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.drawn_up")
	return web.SeeOther(w, r, setURL(id))
}

func (d *Desk) amendForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("set")
	p, err := d.Sheet(r.Context(), web.Actor(r), id)
	if err != nil {
		return err
	}
	h, err := headIn(form)
	if err == nil {
		err = d.Amend(r.Context(), web.Actor(r), id, h)
	}
	if web.Mendable(err, fault.Refused) {
		return showHead(w, r, headView{Set: &p.Set, Form: form, Errors: ui.ErrorsOf(err), Today: d.today().VN()}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.amended")
	return web.SeeOther(w, r, setURL(id))
}

// changeIn reads the form of a change.
func changeIn(kind Kind, form *web.Form) (Change, error) {
	action := Action(form.Line("action"))
	switch kind {
	case FieldKind:
		return FieldChange{action, form.Line("code"), form.Line("vi"), form.Line("en"), form.Line("branch_vi"), form.Line("branch_en")}, nil
	case OutcomeKind, ReasonKind:
		return TermChange{kind, action, form.Line("code"), form.Line("vi"), form.Line("en")}, nil
	case TemplateKind:
		return TemplateChange{action, form.Line("of"), form.Line("field"), form.Line("verb"), form.Line("title"), form.Text("text")}, nil
	case RuleKind:
		return ruleIn(action, form)
	case DeadlineKind:
		n, f := form.Int("count")
		return DeadlineChange{form.Line("key"), n, calendar.Unit(form.Line("unit")), form.Line("article"), form.Bool("confirmed"), form.Line("note")}, fault.Join(f)
	case RetentionKind:
		n, f := form.Int("months")
		return RetentionChange{Keep(form.Line("keep")), n, form.Line("basis")}, fault.Join(f)
	}
	return nil, fault.New(fault.Missing, "settings.no_item")
}

func ruleIn(action Action, form *web.Form) (RuleChange, error) {
	priority, f := form.Int("priority")
	if action == End {
		f = nil
	}
	return RuleChange{action, form.Line("of"), RuleBody{
		Title: form.Line("title"), Any: wordsIn(form.Text("any")), All: wordsIn(form.Text("all")), Field: form.Line("field"), Ward: form.Line("ward"), Authority: form.Line("authority"),
		Channel: form.Line("channel"), ToField: form.Line("to_field"), ToAuthority: form.Line("to_authority"), ToBody: form.Line("to_body"), Priority: priority}}, fault.Join(f)
}

// wordsIn reads words or phrases, one a line or apart by commas.
func wordsIn(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ',' || r == ';' })
	return slices.DeleteFunc(parts, func(p string) bool { return text.Line(p) == "" })
}

func (d *Desk) enterForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id, kind := r.PathValue("set"), Kind(form.Line("kind"))
	c, err := changeIn(kind, form)
	if err == nil {
		_, err = d.Enter(r.Context(), web.Actor(r), id, c, form.Once())
	}
	if web.Mendable(err, fault.Refused) {
		return d.again(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.entered")
	return web.SeeOther(w, r, setURL(id))
}

// again shows the form of a change with what was typed and what is wrong.
func (d *Desk) again(w http.ResponseWriter, r *http.Request, form *web.Form, cause error) error {
	v, err := d.typedView(r, form)
	if err != nil {
		return err
	}
	v.Errors = ui.ErrorsOf(cause)
	return showItem(w, r, v, http.StatusUnprocessableEntity)
}

// typedView is the form of a change as it was sent, of a new or a kept item.
func (d *Desk) typedView(r *http.Request, form *web.Form) (v itemView, err error) {
	item := r.PathValue("item")
	if item == "" {
		item = form.Line("item") // the preview's address names no item
	}
	p, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("set"))
	if err != nil {
		return v, err
	}
	v = itemView{Sheet: p, Kind: Kind(form.Line("kind")), Action: Action(form.Line("action")), Form: form}
	for i := range p.Items {
		if p.Items[i].ID == item {
			v.Item, v.Kind, v.Change = &p.Items[i], p.Items[i].Kind, p.Items[i].Change
		}
	}
	if v.Change == nil {
		v.Change = p.Choices.existing(v.Kind, v.Action, form.Line("of"))
	}
	if !slices.Contains(Kinds(), v.Kind) {
		return v, fault.New(fault.Missing, "settings.no_item")
	}
	if !slices.Contains(v.Kind.actions(), v.Action) {
		v.Action = v.Kind.actions()[0]
	}
	return v, nil
}

func (d *Desk) reviseForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("set")
	v, err := d.itemView(r)
	if err != nil {
		return err
	}
	c, err := changeIn(v.Kind, form)
	if err == nil {
		err = d.Revise(r.Context(), web.Actor(r), id, r.PathValue("item"), form.Revision(), c)
	}
	if web.Mendable(err, fault.Refused) {
		return d.again(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.revised")
	return web.SeeOther(w, r, setURL(id))
}

// previewForm shows which petitions the rule in the form would meet.
func (d *Desk) previewForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	v, err := d.typedView(r, form)
	if err != nil {
		return err
	}
	c, err := ruleIn(v.Action, form)
	if err == nil {
		var f RuleFinding
		f, v.Looked, err = d.Preview(r.Context(), web.Actor(r), v.ID, c)
		v.Preview = &f
	}
	if web.Mendable(err, fault.Refused) {
		v.Preview = nil
		v.Errors = ui.ErrorsOf(err)
		return showItem(w, r, v, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return showItem(w, r, v, http.StatusOK)
}

func (d *Desk) removeForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("set")
	if err := d.Remove(r.Context(), web.Actor(r), id, r.PathValue("item")); err != nil {
		return err
	}
	web.Flash(w, r, "settings.removed")
	return web.SeeOther(w, r, setURL(id))
}

func (d *Desk) testForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("set")
	err := d.Try(r.Context(), web.Actor(r), id)
	if web.Mendable(err, fault.Refused) {
		return d.showSet(w, r, nil, nil, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.tested")
	return web.SeeOther(w, r, setURL(id)+"#test")
}

// trialMost bounds the text that somebody tries the rules on.
const trialMost = 20_000 // characters

func (d *Desk) trialForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: trialMost})
	if web.Mendable(err, fault.Refused) {
		return d.showSet(w, r, form, nil, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	t, err := d.TryText(r.Context(), web.Actor(r), r.PathValue("set"), Facts{Text: form.Text("try")})
	if web.Mendable(err, fault.Refused) {
		return d.showSet(w, r, form, nil, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return d.showSet(w, r, form, &t, nil, http.StatusOK)
}

func (d *Desk) confirmPage(w http.ResponseWriter, r *http.Request) error {
	p, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("set"))
	if err != nil {
		return err
	}
	if p.WhyNot != nil {
		return p.WhyNot
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "settings.put_title"), Section: homePath}, confirmBody(p))
}

func (d *Desk) putForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("set")
	err = d.PutInForce(r.Context(), web.Actor(r), id, form.Revision())
	if web.Mendable(err, fault.Refused) {
		return d.showSet(w, r, nil, nil, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.put")
	return web.SeeOther(w, r, setURL(id))
}

func (d *Desk) dropForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("set")
	err = d.Drop(r.Context(), web.Actor(r), id, form.Line("why"), form.Revision())
	if web.Mendable(err, fault.Refused) {
		return d.showSet(w, r, form, nil, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "settings.dropped")
	return web.SeeOther(w, r, setURL(id))
}
