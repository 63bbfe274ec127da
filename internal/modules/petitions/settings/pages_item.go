package settings

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// itemView is the form of one change.
type itemView struct {
	Sheet
	labels
	Kind    Kind
	Action  Action
	Item    *Item // that is changed; nil for a new one
	Change  Change
	Form    *web.Form // what was typed; nil at first
	Errors  ui.Errors
	Preview *RuleFinding
	Looked  int
	filled  map[string]string
}

// headView is the form of a set's own words.
type headView struct {
	Set    *Set // nil for a new one
	Form   *web.Form
	Errors ui.Errors
	Today  string
}

func (d *Desk) newPage(w http.ResponseWriter, r *http.Request) error {
	return showHead(w, r, headView{Today: d.today().VN()}, http.StatusOK)
}

func (d *Desk) headPage(w http.ResponseWriter, r *http.Request) error {
	p, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("set"))
	if err != nil {
		return err
	}
	return showHead(w, r, headView{Set: &p.Set, Today: d.today().VN()}, http.StatusOK)
}

func showHead(w http.ResponseWriter, r *http.Request, v headView, status int) error {
	return web.Page(w, r, web.Head{Title: v.title(r.Context()), Section: homePath, Status: status}, headBody(v))
}

func (v headView) title(ctx context.Context) string {
	if v.Set != nil {
		return text.T(ctx, "settings.amend_title")
	}
	return text.T(ctx, "settings.new_title")
}

func (v headView) url() string {
	if v.Set != nil {
		return setURL(v.Set.ID) + "/head"
	}
	return setsPath
}

func (v headView) back() string {
	if v.Set != nil {
		return setURL(v.Set.ID)
	}
	return homePath
}

// val is what stands in a field: as typed, else as it is.
func (v headView) val(name string) string {
	if v.Form != nil {
		return v.Form.Line(name)
	}
	if v.Set == nil {
		return ""
	}
	return map[string]string{"title": v.Set.Title, "paper": v.Set.Paper, "paper_date": v.Set.PaperDate.VN(), "from": v.Set.From.VN(), "revision": itoa(v.Set.Revision)}[name]
}

func (d *Desk) newItemPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("set"))
	if err != nil {
		return err
	}
	v := itemView{Sheet: p, Kind: Kind(q.Get("kind")), Action: Action(q.Get("action"))}
	if !slices.Contains(Kinds(), v.Kind) || !p.City && !v.Kind.own() {
		return fault.New(fault.Missing, "settings.no_item")
	}
	if !slices.Contains(v.Kind.actions(), v.Action) {
		v.Action = v.Kind.actions()[0]
	}
	v.Change = p.Choices.existing(v.Kind, v.Action, q.Get("of"))
	return showItem(w, r, v, http.StatusOK)
}

func (d *Desk) itemPage(w http.ResponseWriter, r *http.Request) error {
	v, err := d.itemView(r)
	if err != nil {
		return err
	}
	return showItem(w, r, v, http.StatusOK)
}

// itemView reads the item that the address names.
func (d *Desk) itemView(r *http.Request) (itemView, error) {
	p, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("set"))
	if err != nil {
		return itemView{}, err
	}
	i := slices.IndexFunc(p.Items, func(i Item) bool { return i.ID == r.PathValue("item") })
	if i < 0 {
		return itemView{}, fault.New(fault.Missing, "settings.no_item")
	}
	it := p.Items[i]
	return itemView{Sheet: p, Kind: it.Kind, Action: actionOf(it.Change), Item: &it, Change: it.Change}, nil
}

func actionOf(c Change) Action {
	switch c := c.(type) {
	case FieldChange:
		return c.Action
	case TermChange:
		return c.Action
	case TemplateChange:
		return c.Action
	case RuleChange:
		return c.Action
	}
	return Revise
}

// existing begins the change of a template or rule with what it is now.
func (c Choices) existing(kind Kind, action Action, of string) Change {
	for _, t := range c.Templates {
		if kind == TemplateKind && action != Add && t.ID == of {
			return TemplateChange{action, of, t.Field, t.Verb, t.Title, t.Text}
		}
	}
	for _, r := range c.Rules {
		if kind == RuleKind && action != Add && r.ID == of {
			return RuleChange{action, of, r.RuleBody}
		}
	}
	return nil
}

func showItem(w http.ResponseWriter, r *http.Request, v itemView, status int) error {
	v.labels = labelsOf(r.Context(), v.Choices)
	v.filled = filled(v.Change)
	return web.Page(w, r, web.Head{Title: v.title(r.Context()), Section: homePath, Status: status}, itemBody(v))
}

func (v itemView) title(ctx context.Context) string {
	return text.T(ctx, "settings.action."+string(v.Action)) + ": " + text.T(ctx, "settings.kind."+string(v.Kind))
}

func (v itemView) url() string {
	if v.Item != nil {
		return setURL(v.ID) + "/items/" + v.Item.ID
	}
	return setURL(v.ID) + "/items"
}

// chooses reports whether it must first be said which template or rule.
func (v itemView) chooses() bool {
	return v.Kind.own() && v.Action != Add && v.val("of") == ""
}

// chosen lists the templates or rules that can be changed or ended.
func (v itemView) chosen() []ui.Action {
	at := func(id string) string {
		return setURL(v.ID) + "/items?" + url.Values{"kind": {string(v.Kind)}, "action": {string(v.Action)}, "of": {id}}.Encode()
	}
	var all []ui.Action
	if v.Kind == TemplateKind {
		for _, t := range v.Choices.Templates {
			all = append(all, ui.Action{Label: t.Title, URL: at(t.ID)})
		}
		return all
	}
	for _, r := range v.Choices.Rules {
		all = append(all, ui.Action{Label: r.RuleBody.Title, URL: at(r.ID)})
	}
	return all
}

// of is the name of the template or rule that is changed.
func (v itemView) of(ctx context.Context) string {
	if v.Item != nil && v.Item.What != "" {
		return v.Item.What
	}
	if v.Change != nil {
		return v.what(ctx, v.Change, "")
	}
	return v.val("of")
}

// filled writes a change as the fields of its form.
func filled(c Change) map[string]string {
	switch c := c.(type) {
	case FieldChange:
		return map[string]string{"code": c.Code, "vi": c.Vi, "en": c.En, "branch_vi": c.BranchVi, "branch_en": c.BranchEn}
	case TermChange:
		return map[string]string{"code": c.Code, "vi": c.Vi, "en": c.En}
	case TemplateChange:
		return map[string]string{"of": c.Of, "field": c.Field, "verb": c.Verb, "title": c.Title, "text": c.Text}
	case RuleChange:
		return map[string]string{"of": c.Of, "title": c.Title, "any": strings.Join(c.Any, "\n"), "all": strings.Join(c.All, "\n"), "field": c.Field, "ward": c.Ward, "authority": c.Authority,
			"channel": c.Channel, "to_field": c.ToField, "to_authority": c.ToAuthority, "to_body": c.ToBody, "priority": strconv.Itoa(c.Priority)}
	case DeadlineChange:
		confirmed := ""
		if c.Confirmed {
			confirmed = "1"
		}
		return map[string]string{"key": c.Key, "count": strconv.Itoa(c.Count), "unit": string(c.Unit), "article": c.Article, "confirmed": confirmed, "note": c.Note}
	case RetentionChange:
		return map[string]string{"keep": string(c.Keep), "months": strconv.Itoa(c.Months), "basis": c.Basis}
	}
	return nil
}

// val is what stands in a field: as typed, else as it is.
func (v itemView) val(name string) string {
	if v.Form != nil {
		return v.Form.Text(name)
	}
	if name == "priority" && v.filled[name] == "" {
		return "100"
	}
	return v.filled[name]
}

// The choices of the forms. What is chosen stays among them, even when another
// change of the set has taken it away.

func (v itemView) with(options []ui.Option, chosen, label string) []ui.Option {
	if chosen != "" && !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		options = append(options, ui.Option{Value: chosen, Label: label})
	}
	return options
}

func (v itemView) fields(name string, branches bool) []ui.Option {
	var all []ui.Option
	if branches {
		for _, b := range v.Choices.Branches {
			all = append(all, ui.Option{Value: b.Code, Label: v.in(b.Vi, b.En), Group: ""})
		}
	}
	for _, f := range v.Choices.Fields {
		if !f.Ended {
			all = append(all, ui.Option{Value: f.Code, Label: v.in(f.Vi, f.En), Group: v.labels.name("field", f.Branch())})
		}
	}
	return v.with(all, v.val(name), v.labels.name("field", v.val(name)))
}

func (v itemView) terms() []ui.Option {
	var all []ui.Option
	for _, t := range v.Choices.Terms[v.Kind] {
		if !t.Ended && (v.Action != End || slices.Contains(v.Choices.Endable[v.Kind], t.Code)) {
			all = append(all, ui.Option{Value: t.Code, Label: v.in(t.Vi, t.En)})
		}
	}
	return v.with(all, v.val("code"), v.labels.name(string(v.Kind), v.val("code")))
}

func (v itemView) verbs(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, verb := range Verbs() {
		all = append(all, ui.Option{Value: verb, Label: text.T(ctx, "settings.verb."+verb)})
	}
	return all
}

func (v itemView) wards() []ui.Option {
	var all []ui.Option
	for _, u := range v.Choices.Units {
		all = append(all, ui.Option{Value: u.Code, Label: u.FullName})
	}
	return v.with(all, v.val("ward"), v.val("ward"))
}

func (v itemView) bodies() []ui.Option {
	var all []ui.Option
	for _, b := range v.Choices.Bodies {
		all = append(all, ui.Option{Value: b.ID, Label: b.Name})
	}
	return v.with(all, v.val("to_body"), v.labels.name("body", v.val("to_body")))
}

func (v itemView) authorities() []ui.Option {
	var all []ui.Option
	for _, a := range v.Choices.Authorities {
		all = append(all, ui.Option{Value: a, Label: v.labels.name("authority", a)})
	}
	return all
}

func (v itemView) channels() []ui.Option {
	var all []ui.Option
	for _, c := range v.Choices.Channels {
		all = append(all, ui.Option{Value: c.Code, Label: v.labels.name("channel", c.Code)})
	}
	return all
}

func (v itemView) limits(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, r := range v.Choices.Limits {
		all = append(all, ui.Option{Value: r.Key, Label: text.T(ctx, "settings.limit_option", "name", limitName(ctx, r.Key), "term", span(ctx, r.Count, r.Unit))})
	}
	return all
}

func (v itemView) units(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, u := range units() {
		all = append(all, ui.Option{Value: string(u), Label: text.T(ctx, "settings.unit."+string(u))})
	}
	return all
}

func (v itemView) keeps(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, k := range keeps() {
		all = append(all, ui.Option{Value: string(k), Label: text.T(ctx, "settings.keep."+string(k))})
	}
	return all
}

func (v itemView) placesHint(ctx context.Context) string {
	return text.T(ctx, "settings.hint_text", "places", "{"+strings.Join(Places(), "}, {")+"}")
}

func (v itemView) previewLine(ctx context.Context) string {
	return text.T(ctx, "settings.preview_line", "hits", number(ctx, v.Preview.Hits), "looked", number(ctx, v.Looked), "decided", number(ctx, v.Preview.Decided), "same", number(ctx, v.Preview.Same))
}

func (v itemView) unnamed() bool { return v.Preview.Hits > 0 && len(v.Preview.Found) == 0 }

func sameWord(ctx context.Context, f Found) string {
	if f.Same == "" {
		return text.T(ctx, "settings.same_open")
	}
	return text.T(ctx, "settings.same_"+f.Same)
}

func (v itemView) previewTable(ctx context.Context) ui.TableView[Found] {
	return ui.TableView[Found]{ID: "preview", Caption: text.T(ctx, "settings.preview_title"), Rows: v.Preview.Found, Empty: ui.Empty{Title: text.T(ctx, "settings.none_found")},
		URL: func(f Found) string { return "/petitions/" + f.ID },
		Columns: []ui.Column[Found]{
			{Key: "code", Label: text.T(ctx, "petitions.petition"), Narrow: true, Text: func(f Found) string { return f.Code }},
			{Key: "same", Label: text.T(ctx, "settings.col_clerk"), Text: func(f Found) string { return sameWord(ctx, f) }},
		}}
}
