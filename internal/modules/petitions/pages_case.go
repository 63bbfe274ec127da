package petitions

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/petitions/constituencies"
	"example.vn/hdnd/internal/modules/petitions/letters"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/settings"
)

// caseView is the page of one petition.
type caseView struct {
	Sheet
	Steps []step // what the person could do now
}

func (s *Service) casePage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := caseView{Sheet: v}
	for _, st := range steps {
		if v.Can(st.verb) && st.fits(v) {
			p.Steps = append(p.Steps, st)
		}
	}
	return web.Page(w, r, web.Head{Title: v.Case.Code, Section: "/petitions"}, caseBody(p))
}

func (p caseView) heading(ctx context.Context) string {
	if p.Case.Title == "" {
		return text.T(ctx, "petitions.petition_code", "code", p.Case.Code)
	}
	return p.Case.Title
}

// events are a petition's acts, the newest first.
func (p caseView) events(ctx context.Context) []ui.Event {
	all := make([]ui.Event, 0, len(p.Acts))
	for _, a := range slices.Backward(p.Acts) {
		all = append(all, ui.Event{When: clockTime(a.At.Time), Title: text.T(ctx, "petitions.act."+a.Verb), Who: actor(ctx, a), Text: actText(ctx, a), Tone: actTone(a),
			Body: proofLink("/petitions/" + p.Case.ID + "/acts/" + itoa(a.Number) + "/receipt.txt")})
	}
	return all
}

// actor names who did an act, in which post, and in whose place.
func actor(ctx context.Context, a cases.Act) string {
	if a.PersonName == "" {
		if a.Verb == "remind" || a.Verb == "escalate" {
			return text.T(ctx, "petitions.by_program")
		}
		return text.T(ctx, "petitions.by_voter")
	}
	parts := []string{a.PersonName, a.PostTitle, a.BodyName}
	line := strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
	if a.OnBehalf != "" {
		line += " (" + text.T(ctx, "petitions.on_behalf", "name", a.OnBehalf) + ")"
	}
	return line
}

func (p caseView) facts(ctx context.Context) []ui.Term {
	say := func(prefix, v string) string {
		if v == "" {
			return text.T(ctx, "petitions.not_yet")
		}
		return text.T(ctx, prefix+v)
	}
	body := p.Bodies[p.Case.HolderBodyID].Name
	if body == "" {
		body = p.Bodies[p.Petition.BodyID].Name
	}
	public := text.T(ctx, "petitions.public_no")
	switch {
	case p.Case.Public:
		public = text.T(ctx, "petitions.public_yes")
	case p.Withheld != "":
		public += ": " + text.T(ctx, "redaction.reason."+string(p.Withheld))
	}
	all := []ui.Term{
		{Name: text.T(ctx, "petitions.field_ward"), Text: p.Unit.FullName},
		{Name: text.T(ctx, "petitions.field_field"), Text: say("petitions.field.", p.Case.Field)},
		{Name: text.T(ctx, "petitions.field_authority"), Text: say("petitions.authority.", string(p.Petition.Authority))},
		{Name: text.T(ctx, "petitions.field_newness"), Text: say("petitions.newness.", string(p.Petition.Newness))},
		{Name: text.T(ctx, "petitions.field_body"), Text: orNotYet(ctx, body)},
		{Name: text.T(ctx, "petitions.field_officer"), Text: orNotYet(ctx, p.Officer)},
		{Name: text.T(ctx, "petitions.examiner"), Text: orNotYet(ctx, p.Bodies[p.Case.ExaminerBodyID].Name)},
		{Name: text.T(ctx, "petitions.received_at"), Text: clockTime(p.Case.OpenedAt.Time)},
		{Name: text.T(ctx, "petitions.round"), Text: itoa(p.Case.Round)},
		{Name: text.T(ctx, "petitions.publicity"), Text: public},
	}
	if p.District.Number > 0 {
		all = slices.Insert(all, 1, ui.Term{Name: text.T(ctx, "constituencies.menu"), Text: constituencies.Name(ctx, p.District)})
	}
	if src := p.Source; src.Channel != "" {
		all = append(all, ui.Term{Name: text.T(ctx, "intake.field_channel"), Text: text.T(ctx, "intake.channel."+string(src.Channel))})
		for _, said := range []struct{ name, words string }{{"intake.column.day", src.RaisedOn.VN()}, {"intake.column.session", src.Session}, {"intake.column.deputy", src.Deputy}} {
			if said.words != "" {
				all = append(all, ui.Term{Name: text.T(ctx, said.name), Text: said.words})
			}
		}
	}
	return all
}

func orNotYet(ctx context.Context, s string) string {
	if s == "" {
		return text.T(ctx, "petitions.not_yet")
	}
	return s
}

func (p caseView) contact(ctx context.Context) []ui.Term {
	return []ui.Term{
		{Name: text.T(ctx, "petitions.field_name"), Text: orNone(ctx, p.Petition.VoterName)},
		{Name: text.T(ctx, "petitions.field_email"), Text: orNone(ctx, p.Petition.Email)},
		{Name: text.T(ctx, "petitions.field_phone"), Text: orNone(ctx, p.Petition.Phone)},
	}
}

// rounds are the rounds that have answers, the newest first.
func (v Sheet) rounds() []int {
	var all []int
	for _, a := range v.Answers {
		if !slices.Contains(all, a.Round) {
			all = append(all, a.Round)
		}
	}
	slices.Reverse(all)
	return all
}

// letter is the paper of a forwarding; empty while it is being drawn.
func (v Sheet) letter(f letters.Forwarding) string {
	if f.PaperID == "" {
		return ""
	}
	return "/petitions/" + v.Case.ID + "/papers/" + f.PaperID
}

// clocks are the deadlines worth showing: those that run, then those of this round.
func (v Sheet) clocks() []cases.Deadline {
	var running, over []cases.Deadline
	for _, d := range slices.Backward(v.Deadlines) {
		switch {
		case d.Window && d.Live() && v.Today.After(d.Due):
			// a chance that has passed is no duty that is late
		case d.Live():
			running = append(running, d)
		case d.Status != cases.Cancelled:
			over = append(over, d)
		}
	}
	return append(running, over...)
}

func (v Sheet) why(d cases.Deadline) string { return "/petitions/" + v.Case.ID + "/deadlines/" + d.ID }

// previews are the pages of a paper that are shown as pictures.
func previews(p documents.Paper) []int {
	const most = 3
	if strings.HasPrefix(p.MediaType, "image/") {
		return []int{1}
	}
	if p.MediaType != "application/pdf" {
		return nil
	}
	var pages []int
	for n := 1; n <= min(max(p.Pages, 1), most); n++ {
		pages = append(pages, n)
	}
	return pages
}

func (s *Service) deadlinePage(w http.ResponseWriter, r *http.Request) error {
	x, err := s.Explain(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("deadline"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.why_title"), Section: "/petitions"}, whyBody(whyPage{Reckoned: x, Back: "/petitions/" + x.Case.ID}))
}

func (s *Service) paperFile(w http.ResponseWriter, r *http.Request) error {
	p, bytes, err := s.Paper(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("paper"), 0)
	if err != nil {
		return err
	}
	return serve(w, r, p, bytes)
}

func (s *Service) paperPage(w http.ResponseWriter, r *http.Request) error {
	p, bytes, err := s.Paper(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("paper"), max(number(r, "page"), 1))
	if err != nil {
		return err
	}
	return serve(w, r, p, bytes)
}

func (s *Service) actProof(w http.ResponseWriter, r *http.Request) error {
	c, rec, err := s.ActReceipt(r.Context(), web.Actor(r), r.PathValue("id"), number(r, "number"))
	if err != nil {
		return err
	}
	return textFile(w, c.Code+"-"+r.PathValue("number")+".txt", rec.Text())
}

// stepPage is the form of one verb.
type stepPage struct {
	Sheet
	Step   step
	Form   *web.Form
	Errors ui.Errors
	Files  taken
	Hints  hints // when classifying
	Look   *redaction.Preview
	// Offered are the coded values of today; Ready the templates for this step,
	// Chosen the text of the one that was taken.
	Offered offered
	Ready   []settings.Ready
	Chosen  string
}

// typed is what stands in a field: what was typed, else what is known.
func (p stepPage) typed(name, otherwise string) string {
	if p.Form.Has(name) {
		return p.Form.Text(name)
	}
	return otherwise
}

func (p stepPage) url() string { return "/petitions/" + p.Case.ID + "/" + p.Step.noun }

// points are what the body has to answer, as lines of one field.
func (p stepPage) pointLines() string {
	lines := make([]string, len(p.Points))
	for i, pt := range p.Points {
		lines[i] = pt.Text
	}
	return strings.Join(lines, "\n")
}

func (p stepPage) publicText() string {
	if p.Petition.PublicText != "" {
		return p.Petition.PublicText
	}
	return redaction.Masked(p.Petition.Text, p.Petition.VoterName)
}

// look is the form's petition as it would be published.
func (p stepPage) look() *redaction.Preview {
	public := text.Clean(p.Form.Text("public_text"))
	if public == "" {
		public = redaction.Masked(p.Petition.Text, p.Petition.VoterName)
	}
	look := redaction.Look(p.Petition.Text, public, p.Petition.VoterName, p.Form.Bool("publish"))
	return &look
}

// bodyOptions offers the bodies that may be asked, the likeliest first.
func (p stepPage) bodyOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	add := func(group string, bodies []org.Body, keep func(org.Body) bool) {
		for _, b := range bodies {
			if keep(b) {
				all = append(all, ui.Option{Value: b.ID, Label: b.Name, Group: text.T(ctx, group)})
			}
		}
	}
	here := func(b org.Body) bool { return b.Kind == org.PeoplesCommittee && b.UnitCode == p.Case.UnitCode }
	add("petitions.bodies_here", p.Asked, here)
	add("petitions.bodies_agencies", p.Asked, func(b org.Body) bool { return b.Kind == org.Agency })
	add("petitions.bodies_committees", p.Asked, func(b org.Body) bool { return b.Kind == org.PeoplesCommittee && !here(b) })
	add("petitions.bodies_central", p.Asked, func(b org.Body) bool { return b.Kind == org.Delegation })
	return all
}

// reply is what was answered to a point in this round, when answering again.
func (p stepPage) reply(number int) Answer {
	for _, a := range p.Answers {
		if a.Round == p.Case.Round && a.Number == number {
			return a
		}
	}
	return Answer{}
}
