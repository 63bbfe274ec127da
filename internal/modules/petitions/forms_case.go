package petitions

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/settings"
)

// step is one verb's own page: its address, who may, and what sending does.
type step struct {
	noun  string // of the address
	verb  string
	icon  string
	needs auth.Permission
	files bool // the form takes papers
	tone  ui.Tone
	send  func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error
}

// sending is a step's form as it was sent.
type sending struct {
	*web.Form
	Files    []documents.Draft
	Points   []Point
	Revision int64
	Joint    *matching.Joint // what one answer did for the others of a group
}

// steps are in the order in which a petition goes through them; the first that
// a person may take is the main one of the page.
var steps = []step{
	{noun: "classification", verb: "classify", icon: "list-details", needs: mayClassify, send: sendClassification},
	{noun: "forwarding", verb: "forward", icon: "send", needs: mayForward, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Forward(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "sending-back", verb: "send_back", icon: "arrow-back-up", needs: mayForward, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.SendBack(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "acceptance", verb: "accept", icon: "circle-check", needs: mayAccept, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		planned, wrong := in.Date("planned")
		if wrong != nil {
			return wrong
		}
		return s.Accept(ctx, who, id, planned, in.Revision)
	}},
	{noun: "answer", verb: "answer", icon: "message-circle", needs: mayAnswer, files: true, send: sendAnswer},
	{noun: "assignment", verb: "assign", icon: "user-check", needs: mayAccept, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Assign(ctx, who, id, in.Line("post"), in.Text("note"), in.Revision)
	}},
	{noun: "extension-request", verb: "ask_extension", icon: "clock", needs: mayAnswer, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		days, wrong := in.Int("days")
		if wrong != nil {
			return wrong
		}
		return s.AskExtension(ctx, who, id, ExtensionRequest{Days: days, Reason: in.Text("note"), Document: in.Line("document"), Revision: in.Revision})
	}},
	{noun: "return", verb: "return", icon: "arrow-back-up", needs: mayAccept, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Return(ctx, who, id, ReturnReason(in.Line("reason")), in.Text("note"), in.Revision)
	}},
	{noun: "extension", verb: "extend", icon: "calendar-event", needs: mayForward, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.GrantExtension(ctx, who, id, in.Line("document"), in.Revision)
	}},
	{noun: "extension-refusal", verb: "refuse_extension", icon: "ban", needs: mayForward, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.RefuseExtension(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "judgement", verb: "judge", icon: "scale", needs: mayJudge, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Judge(ctx, who, id, Quality(in.Line("quality")), in.Text("note"), in.Revision)
	}},
	{noun: "closure", verb: "close", icon: "lock", needs: mayClose, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Close(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "sending-again", verb: "send_again", icon: "arrow-back-up", needs: mayClose, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.SendAgain(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "reopening", verb: "reopen", icon: "refresh", needs: mayClose, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Reopen(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "refusal", verb: "refuse", icon: "ban", needs: mayRefuse, tone: ui.Danger, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Refuse(ctx, who, id, RefusalReason(in.Line("reason")), in.Text("note"), in.Revision)
	}},
	{noun: "splitting", verb: "split_off", icon: "file-text", needs: mayRefuse, tone: ui.Danger, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.SplitOff(ctx, who, id, SplitKind(in.Line("kind")), in.Text("note"), in.Revision)
	}},
}

func sendClassification(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
	return s.Classify(ctx, who, id, Classification{Field: in.Line("field"), Authority: Authority(in.Line("authority")), Newness: Newness(in.Line("newness")), Ward: in.Line("ward"),
		BodyID: in.Line("body"), Points: in.Text("points"), PublicText: in.Text("public_text"), Publish: in.Bool("publish"), Looked: in.Bool("looked"), Withheld: redaction.Reason(in.Line("withheld")), Note: in.Text("note"), Revision: in.Revision})
}

func sendAnswer(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
	reply := Reply{Document: in.Line("document"), Evidence: in.Files, Revision: in.Revision}
	var wrong []*fault.Fault
	for _, p := range in.Points {
		n := strconv.Itoa(p.Number)
		promised, bad := in.Date("promised_" + n)
		if bad != nil {
			wrong = append(wrong, bad)
		}
		reply.Answers = append(reply.Answers, Answer{Number: p.Number, Reply: in.Text("reply_" + n), Outcome: Outcome(in.Line("outcome_" + n)), Promised: promised})
	}
	if err := fault.Join(wrong...); err != nil {
		return err
	}
	if !in.Bool("together") {
		return s.Answer(ctx, who, id, reply)
	}
	joint, err := s.AnswerTogether(ctx, who, id, reply)
	*in.Joint = joint
	return err
}

// fits leaves out steps that the procedure allows but that make no sense now.
func (st step) fits(v Sheet) bool {
	switch st.verb {
	case "extend", "refuse_extension":
		return v.Petition.AskedDays > 0
	case "ask_extension":
		return v.Petition.AskedDays == 0
	case "return":
		return !answeredIn(v.Case.Round, v.Answers)
	}
	return true
}

// stepForm shows the form of a step.
func (s *Service) stepForm(st step) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
		if err != nil {
			return err
		}
		if !v.Can(st.verb) || !st.fits(v) {
			return notNow(v, st)
		}
		return s.showStep(w, r, stepPage{Sheet: v, Step: st}, http.StatusOK)
	}
}

// notNow says why a step cannot be taken: it is another's, or the case has gone on.
func notNow(v Sheet, st step) error {
	switch {
	case st.verb == "extend" || st.verb == "refuse_extension":
		return fault.New(fault.Refused, "petitions.nothing_asked")
	case st.verb == "return" && v.Can(st.verb):
		return fault.New(fault.Refused, "petitions.return_answered")
	}
	if len(v.May) > 0 {
		return fault.New(fault.Refused, "cases.wrong_state")
	}
	return fault.New(fault.Refused, "petitions.not_now")
}

func (s *Service) showStep(w http.ResponseWriter, r *http.Request, p stepPage, status int) error {
	ctx := r.Context()
	if p.Step.verb == "classify" {
		var err error
		if p.Hints, err = s.hints(ctx, p.Sheet); err != nil {
			return err
		}
	}
	p.Offered, p.Ready = s.offered(), s.ready(ctx, p.Sheet, p.Step.verb)
	p.Chosen = settings.Chosen(p.Ready, r.URL.Query().Get("template"))
	title := text.T(ctx, "petitions.verb."+p.Step.verb) + " · " + p.Case.Code
	return web.Page(w, r, web.Head{Title: title, Section: "/petitions", Status: status}, stepBody(p))
}

// stepSend takes the form of a step: read, call the verb, go back to the case.
func (s *Service) stepSend(st step) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
		limits := web.Limits{}
		if st.files {
			limits = formLimits()
		}
		form, err := web.ReadForm(w, r, limits)
		in := sending{Form: form, Joint: &matching.Joint{}}
		var files taken
		if err == nil && st.files {
			files, err = s.take(ctx, form)
			in.Files = files.Files
		}
		if err == nil && st.verb == "answer" {
			in.Points, err = s.pointsFor(ctx, who, id)
		}
		in.Revision = form.Revision()
		if err == nil && form.Line("act") == "look" {
			return s.showLook(w, r, st, form)
		}
		if err == nil {
			err = st.send(s, ctx, who, id, in)
		}
		if err != nil {
			return s.stepAgain(w, r, st, form, files, err)
		}
		matching.FlashJoint(w, r, *in.Joint, "petitions.done."+st.verb)
		if st.verb == "return" {
			return web.SeeOther(w, r, "/petitions") // it is no longer this body's to see
		}
		return web.SeeOther(w, r, "/petitions/"+id)
	}
}

// showLook shows what is typed as everybody would read it.
func (s *Service) showLook(w http.ResponseWriter, r *http.Request, st step, form *web.Form) error {
	v, err := s.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := stepPage{Sheet: v, Step: st, Form: form}
	if !v.Can(st.verb) || !v.WholeText {
		return fault.New(fault.Forbidden, "cases.not_yours_to_do")
	}
	if st.verb == "classify" {
		p.Look = p.look()
	}
	return s.showStep(w, r, p, http.StatusOK)
}

// stepAgain shows the form again with what was typed and what is wrong; after a
// conflict, both versions.
func (s *Service) stepAgain(w http.ResponseWriter, r *http.Request, st step, form *web.Form, files taken, cause error) error {
	kind := fault.KindOf(cause)
	moved := kind == fault.Conflict || fault.Is(cause, "cases.wrong_state")
	if !moved && kind != fault.Invalid && kind != fault.TooLarge {
		return cause
	}
	v, err := s.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if moved {
		return s.showConflict(w, r, v, st, form)
	}
	if !v.Can(st.verb) {
		return cause
	}
	status := http.StatusUnprocessableEntity
	if kind == fault.TooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	return s.showStep(w, r, stepPage{Sheet: v, Step: st, Form: form, Errors: ui.ErrorsOf(inWords(r.Context(), cause)), Files: files}, status)
}

// inWords names the field in a fault that says only "fill this in": at the top
// of the page, away from its field, it would not be understood.
func inWords(ctx context.Context, err error) error {
	named := func(f *fault.Fault) *fault.Fault {
		key := "petitions.field_" + fieldStem(f.Field)
		if f.Key != "cases.required" || !text.Known(ctx, key) {
			return f
		}
		return fault.New(f.Kind, "petitions.required", "field", text.T(ctx, key)).At(f.Field)
	}
	f := fault.Of(err)
	if len(f.Faults) == 0 {
		return named(f)
	}
	all := make([]*fault.Fault, len(f.Faults))
	for i, one := range f.Faults {
		all[i] = named(one)
	}
	return fault.Join(all...)
}

// showConflict tells what others did while this person was typing, shows both
// versions, and lets the person send theirs if the step is still open.
func (s *Service) showConflict(w http.ResponseWriter, r *http.Request, v Sheet, st step, form *web.Form) error {
	ctx := r.Context()
	c := ui.Conflict{Title: text.T(ctx, "petitions.conflict_title", "code", v.Case.Code), Back: "/petitions/" + v.Case.ID}
	seen, _ := form.Int("seen") // a number of our own; nonsense shows the whole history
	var news string
	for _, a := range v.Acts {
		if a.Number > seen {
			news += clockTime(a.At.Time) + " " + text.T(ctx, "petitions.act."+a.Verb) + ": " + actor(ctx, a) + "\n"
		}
	}
	c.Text = text.T(ctx, "petitions.conflict_text", "state", text.T(ctx, "petitions.state."+string(v.Case.State)))
	c.Fields = append(c.Fields, ui.Versions{Label: text.T(ctx, "petitions.meanwhile"), Mine: text.T(ctx, "petitions.verb."+st.verb), Theirs: news})
	p := stepPage{Sheet: v, Step: st}
	for _, k := range form.Kept("revision", "seen", "once") {
		if text.Known(ctx, "petitions.field_"+fieldStem(k.Name)) && k.Value != "" && k.Name != "files_kept" {
			c.Fields = append(c.Fields, ui.Versions{Label: text.T(ctx, "petitions.field_"+fieldStem(k.Name)), Mine: spoken(ctx, p, k.Name, k.Value), Theirs: spoken(ctx, p, k.Name, p.current(k.Name))})
		}
		c.Hidden = append(c.Hidden, k)
	}
	if v.Can(st.verb) && st.fits(v) {
		c.URL = p.url()
		c.Hidden = append(c.Hidden, ui.Kept{Name: "revision", Value: strconv.FormatInt(v.Case.Revision, 10)}, ui.Kept{Name: "seen", Value: strconv.Itoa(len(v.Acts))})
	}
	return web.Page(w, r, web.Head{Title: c.Title, Section: "/petitions", Status: http.StatusConflict}, ui.ConflictPage(c))
}

// pointsFor are the points a body has to answer.
func (s *Service) pointsFor(ctx context.Context, who org.Actor, id string) ([]Point, error) {
	v, err := s.Sheet(ctx, who, id)
	return v.Points, err
}

// current is what the case now says in a field of a form.
func (p stepPage) current(name string) string {
	switch name {
	case "field":
		return p.Case.Field
	case "authority":
		return string(p.Petition.Authority)
	case "newness":
		return string(p.Petition.Newness)
	case "ward":
		return p.Unit.FullName
	case "body":
		return p.Petition.BodyID
	case "points":
		return p.pointLines()
	case "public_text":
		return p.Petition.PublicText
	case "post":
		return p.Case.AssigneePostID
	}
	if i := slices.IndexFunc(p.Points, func(pt Point) bool { return name == "reply_"+strconv.Itoa(pt.Number) }); i >= 0 {
		return p.reply(p.Points[i].Number).Reply
	}
	return ""
}
