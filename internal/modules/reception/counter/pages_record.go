package counter

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

// recordView is the page of one visit.
type recordView struct {
	Record
	Sent   string // which form was sent and not taken
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) recordPage(w http.ResponseWriter, r *http.Request) error {
	return d.showRecord(w, r, recordView{}, http.StatusOK)
}

func (d *Desk) showRecord(w http.ResponseWriter, r *http.Request, v recordView, status int) error {
	ctx := r.Context()
	var err error
	if v.Record, err = d.Record(ctx, web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: v.title(ctx), Section: deskPath, Status: status}, recordBody(v))
}

func (v recordView) title(ctx context.Context) string {
	if v.Sealed {
		return text.T(ctx, "counter.title_sealed", "day", v.On.VN())
	}
	return text.T(ctx, "counter.title", "number", slip(v.Number), "day", v.On.VN())
}

func (v recordView) url(act string) string { return visitPath + v.ID + "/" + act }

func (v recordView) rev() string { return strconv.FormatInt(v.Revision, 10) }

// said is what stands in a field of a form: what was typed there, else what is
// so now.
func (v recordView) said(form, name, now string) string {
	if v.Sent == form && v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return now
}

func (v recordView) ticked(form, name string, now bool) bool {
	if v.Sent == form {
		return v.Form.Bool(name)
	}
	return now
}

// errs are the errors of one form.
func (v recordView) errs(form string) ui.Errors {
	if v.Sent == form {
		return v.Errors
	}
	return ui.Errors{}
}

func (v recordView) here() bool   { return v.State == Called && v.Serves }
func (v recordView) queued() bool { return (v.State == Waiting || v.State == Called) && v.Serves }

// returns reports whether the number may go back into the queue.
func (v recordView) returns() bool {
	return v.Serves && v.On == v.Today && (v.State == NoShow || v.State == Called || v.State == Gone)
}

func (v recordView) facts(ctx context.Context) []ui.Term {
	terms := []ui.Term{{Name: text.T(ctx, "counter.received_on"), Text: v.On.VN()}, {Name: text.T(ctx, "counter.kind_label"), Text: text.T(ctx, "counter.kind."+v.Kind)}}
	add := func(key, value string) {
		if value != "" {
			terms = append(terms, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	if v.HostName != "" {
		add("counter.host", v.HostName+", "+v.HostTitle)
	}
	add("counter.booked", v.slot())
	add("counter.called_by", v.CalledName)
	add("counter.people", strconv.Itoa(v.People))
	add("counter.appointment", v.Appointment)
	if v.Ground != "" {
		g, _ := groundOf(v.Ground, v.RefusedOn)
		add("counter.ground_label", text.T(ctx, "counter.ground."+v.Ground)+" ("+g.Article+")")
		add("counter.ground_note", v.GroundNote)
	}
	if v.State == Refused && v.NoticeDue.IsZero() {
		add("counter.notice_label", text.T(ctx, "counter.notice_oral"))
	}
	if !v.NoticeOn.IsZero() {
		add("counter.notice_label", text.T(ctx, "counter.sent_as", "symbol", v.NoticeSymbol, "day", v.NoticeOn.VN()))
	}
	if !v.ConclusionOn.IsZero() {
		add("counter.conclusion_label", text.T(ctx, "counter.sent_as", "symbol", v.ConclusionSymbol, "day", v.ConclusionOn.VN()))
	}
	return terms
}

// noticeWhy is the limit of the written notice, with its article.
func (v recordView) noticeWhy(ctx context.Context) string {
	basis := v.Notice.Basis()
	if basis == "" {
		basis = text.T(ctx, "counter.unconfirmed")
	}
	return text.T(ctx, "counter.notice_why", "due", v.NoticeDue.VN(), "count", v.Notice.Count, "basis", basis)
}

func (v recordView) peopleTable(ctx context.Context) ui.TableView[Person] {
	return ui.TableView[Person]{ID: "people", Caption: text.T(ctx, "counter.people_title"), Rows: v.Present, Empty: ui.Empty{Title: text.T(ctx, "counter.people_none")},
		Columns: []ui.Column[Person]{
			{Key: "name", Label: text.T(ctx, "counter.name"), Cell: func(p Person) templ.Component { return twoLines(p.Name, text.T(ctx, "counter.role."+string(p.Role))) }},
			{Key: "address", Label: text.T(ctx, "counter.address"), Cell: func(p Person) templ.Component { return twoLines(p.Address, p.Contact) }},
			{Key: "paper", Label: text.T(ctx, "counter.paper"), Cell: func(p Person) templ.Component {
				return twoLines(p.Mask(), text.T(ctx, "counter.paper_kind."+string(p.PaperKind)))
			}},
			{Key: "capacity", Label: text.T(ctx, "counter.capacity_paper"), Text: func(p Person) string { return p.CapacityPaper }},
			{Key: "act", Label: text.T(ctx, "counter.act"), Cell: func(p Person) templ.Component { return personActs(v, p) }},
		}}
}

func (v recordView) lineTable(ctx context.Context) ui.TableView[Line] {
	return ui.TableView[Line]{ID: "lines", Caption: text.T(ctx, "counter.matters"), Rows: v.Lines, URL: func(l Line) string { return matterPath + l.ID }, Empty: ui.Empty{Title: text.T(ctx, "counter.matters_none")},
		Columns: []ui.Column[Line]{
			{Key: "no", Label: text.T(ctx, "counter.log_no"), Narrow: true, Text: func(l Line) string { return l.number(ctx) }},
			{Key: "class", Label: text.T(ctx, "counter.class_label"), Text: func(l Line) string { return text.T(ctx, "counter.class."+string(l.Class)) }},
			{Key: "summary", Label: text.T(ctx, "counter.summary"), Text: func(l Line) string { return l.Summary }},
			{Key: "outcome", Label: text.T(ctx, "counter.outcome_label"), Cell: func(l Line) templ.Component { return twoLines(l.outcome(ctx), l.ToBody) }},
			{Key: "due", Label: text.T(ctx, "counter.tell_by"), Cell: func(l Line) templ.Component { return tellCell(l, v.Today) }},
			{Key: "act", Label: text.T(ctx, "counter.act"), Cell: func(l Line) templ.Component { return lineActs(v, l) }},
		}}
}

func (l Line) number(ctx context.Context) string {
	if l.No == 0 {
		return text.T(ctx, "counter.not_in_log")
	}
	return strconv.Itoa(l.No) + "/" + strconv.Itoa(l.Year)
}

func (l Line) outcome(ctx context.Context) string {
	if l.Outcome == "" {
		return text.T(ctx, "counter.outcome_open")
	}
	return text.T(ctx, "counter.outcome."+string(l.Outcome))
}

// due is how it stands with telling the citizen.
func (l Line) due(today clock.Date) ui.Due {
	due := ui.Due{Date: l.TellDue, Today: today}
	if !l.ToldOn.IsZero() {
		due.State = ui.Met
		if l.ToldOn.After(l.TellDue) {
			due.State = ui.MetLate
		}
	}
	return due
}

func options[T ~string](ctx context.Context, prefix string, all []T) (some []ui.Option) {
	for _, one := range all {
		some = append(some, ui.Option{Value: string(one), Label: text.T(ctx, prefix+string(one))})
	}
	return some
}

func (v recordView) roles(ctx context.Context) ui.Choice {
	return ui.Choice{Name: "role", Label: text.T(ctx, "counter.role_label"), Value: v.said("people", "role", string(v.usualRole())), Required: true, Errors: v.errs("people"), Options: options(ctx, "counter.role.", Roles())}
}

// usualRole is what most people of such a visit are.
func (v recordView) usualRole() Role {
	if v.group() {
		return Representative
	}
	return Self
}

func (v recordView) papers(ctx context.Context, form, name string) ui.Choice {
	return ui.Choice{Name: name, Label: text.T(ctx, "counter.paper_kind_label"), Value: v.said(form, name, string(CitizenCard)), Required: true, Errors: v.errs(form), Options: options(ctx, "counter.paper_kind.", PaperKinds())}
}

func classes(ctx context.Context, value string, errs ui.Errors) ui.Choice {
	return ui.Choice{Name: "class", Label: text.T(ctx, "counter.class_label"), Value: value, Required: true, Errors: errs, Options: options(ctx, "counter.class.", []Class{Complaint, Proposal})}
}

// usualTimes proposes "again" of who was here before; otherwise the clerk asks.
func (v recordView) usualTimes() string {
	if len(v.Earlier) > 0 {
		return string(Again)
	}
	return ""
}

func times(ctx context.Context, value string, errs ui.Errors) ui.Choice {
	c := ui.Choice{Name: "times", Label: text.T(ctx, "counter.times_label"), Value: value, Errors: errs, Inline: true}
	for _, one := range []Times{FirstTime, Again} {
		c.Options = append(c.Options, ui.Option{Value: string(one), Label: text.T(ctx, "counter.times."+string(one))})
	}
	return c
}

func outcomes(ctx context.Context, value string, errs ui.Errors) ui.Choice {
	return ui.Choice{Name: "outcome", Label: text.T(ctx, "counter.outcome_label"), Value: value, Errors: errs, Options: options(ctx, "counter.outcome.", Outcomes())}
}

func (v recordView) grounds(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "ground", Label: text.T(ctx, "counter.ground_label"), Value: v.said("refusal", "ground", ""), Required: true, Errors: v.errs("refusal")}
	for _, g := range Grounds(v.Today) {
		hint := text.T(ctx, "counter.ground_oral", "article", g.Article)
		if g.Written {
			hint = text.T(ctx, "counter.ground_written", "article", g.Article)
		}
		c.Options = append(c.Options, ui.Option{Value: g.Code, Label: text.T(ctx, "counter.ground."+g.Code), Hint: hint})
	}
	return c
}

func (v recordView) signs(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "sign", Label: text.T(ctx, "counter.sign_label"), Value: v.said("minutes", "sign", string(v.MinutesSign)), Empty: text.T(ctx, "counter.sign_none"), Errors: v.errs("minutes")}
	for _, s := range []Sign{Signed, Fingerprint, Declined} {
		c.Options = append(c.Options, ui.Option{Value: string(s), Label: text.T(ctx, "counter.sign."+string(s))})
	}
	return c
}

// groupHint is how many may speak for so many.
func (v recordView) groupHint(ctx context.Context) string {
	if !v.group() {
		return text.T(ctx, "counter.group_hint")
	}
	_, most := Representatives(v.People)
	return text.T(ctx, "counter.group_now", "people", v.People, "most", most)
}

// matterView is the page of one content.
type matterView struct {
	Line    Line
	Record  Record
	Form    *web.Form
	Told    bool // the form of the result was sent, not the content's
	Errors  ui.Errors
	Ongoing bool
}

func (d *Desk) matterPage(w http.ResponseWriter, r *http.Request) error {
	return d.showMatter(w, r, matterView{}, http.StatusOK)
}

func (d *Desk) showMatter(w http.ResponseWriter, r *http.Request, v matterView, status int) error {
	ctx := r.Context()
	var err error
	if v.Line, v.Record, err = d.Matter(ctx, web.Actor(r), r.PathValue("line")); err != nil {
		return err
	}
	v.Ongoing = v.Record.State == Called
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(ctx, "counter.matter"), Section: deskPath, Status: status}, matterBody(v))
}

func (v matterView) said(name, now string) string {
	if !v.Told && v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return now
}

func (v matterView) rev() string { return strconv.FormatInt(v.Line.Revision, 10) }

// hands reports whether the content may go to the register of letters.
func (v matterView) hands() bool {
	return v.Record.CanHand && v.Record.State == Done && v.Line.CaseID == "" && v.Line.Outcome.later()
}

// letter is where the letter that a content became is read, by who reads letters.
func (v matterView) letter() string {
	if !v.Record.Records || v.Line.CaseID == "" {
		return ""
	}
	return "/reception/" + v.Line.CaseID
}

func (v matterView) same() string {
	if v.Line.People == 0 {
		return ""
	}
	return strconv.Itoa(v.Line.People)
}

func (d *Desk) paperFile(w http.ResponseWriter, r *http.Request) error {
	name, content, err := d.Paper(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("kind"))
	if err != nil {
		return err
	}
	return download(w, name, "application/pdf", content)
}

func download(w http.ResponseWriter, name, media string, content []byte) error {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(content)
	return err
}

// numberView asks why somebody wants a full number, then shows it.
type numberView struct {
	Visit, Person, Name string
	Number              string
	Reason              string
	Errors              ui.Errors
}

func (d *Desk) numberPage(w http.ResponseWriter, r *http.Request) error {
	return d.showNumber(w, r, numberView{}, http.StatusOK)
}

func (d *Desk) showNumber(w http.ResponseWriter, r *http.Request, v numberView, status int) error {
	ctx := r.Context()
	rec, err := d.Record(ctx, web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	v.Visit, v.Person = rec.ID, r.PathValue("person")
	i := slices.IndexFunc(rec.Present, func(p Person) bool { return p.ID == v.Person && p.PaperBox != "" })
	if i < 0 {
		return fault.New(fault.Missing, "counter.no_number")
	}
	v.Name = rec.Present[i].Name
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(ctx, "counter.number_title"), Section: deskPath, Status: status}, numberBody(v))
}
