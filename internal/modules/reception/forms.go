package reception

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/reception/clocks"
	"example.vn/hdnd/internal/modules/reception/held"
	"example.vn/hdnd/internal/modules/reception/senders"
)

// entryPage is the form of a new letter. What it is, is asked first: a
// denunciation never touches an ordinary table.
type entryPage struct {
	Form   *web.Form
	Errors ui.Errors
	Today  clock.Date
}

func (p entryPage) typed(name, otherwise string) string {
	if p.Form.Has(name) {
		return p.Form.Text(name)
	}
	return otherwise
}

func (s *Service) entryForm(w http.ResponseWriter, r *http.Request) error {
	return s.showEntry(w, r, entryPage{Today: clock.Today(s.Clock)}, http.StatusOK)
}

func (s *Service) showEntry(w http.ResponseWriter, r *http.Request, p entryPage, status int) error {
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reception.entry_title"), Section: lettersPath, Status: status}, entryBody(p))
}

func (s *Service) entrySend(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), web.Actor(r)
	form, err := web.ReadForm(w, r, formLimits())
	p := entryPage{Form: form, Today: clock.Today(s.Clock)}
	var e Entry
	if err == nil {
		e, err = s.entryOfForm(form)
	}
	var h Handed
	if err == nil {
		h, err = s.Register(ctx, who, e)
	}
	if web.Mendable(err) {
		p.Errors = ui.ErrorsOf(err)
		return s.showEntry(w, r, p, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	if h.Again {
		web.Flash(w, r, "reception.again_flash", "code", h.Code)
	} else { // the key stands in no address and no table, and is shown once
		web.Flash(w, r, "reception.receipt_flash", "code", h.Code, "key", h.Key)
	}
	return web.SeeOther(w, r, lettersPath+"/"+h.ID)
}

// entryOfForm reads the form. Its files are read into memory: they go to a
// compartment, or are held sealed until the letter is classified.
func (s *Service) entryOfForm(form *web.Form) (Entry, error) {
	e := Entry{Kind: Kind(form.Line("kind")), Source: Source(form.Line("source")), FromBody: form.Line("from_body"), Ward: form.Line("ward"), Senders: senders.Read(form.Text("senders")),
		Anonymous: form.Bool("anonymous"), Evidence: form.Bool("evidence"), Originals: form.Bool("originals"), Remote: form.Bool("remote"), ManyPlaces: form.Bool("many_places"),
		Respondent: form.Text("respondent"), Summary: form.Text("summary"), Content: form.Text("content"), Once: form.Once()}
	var wrong []*fault.Fault
	date := func(name string) clock.Date {
		d, f := form.Date(name)
		if f != nil {
			wrong = append(wrong, f)
		}
		return d
	}
	e.ReceivedOn, e.WrittenOn = date("received_on"), date("written_on")
	if form.Line("instance") == "2" {
		e.Instance = 2
	}
	if len(wrong) > 0 {
		return e, fault.Join(wrong...)
	}
	if err := e.tidy(clock.Today(s.Clock)); err != nil {
		return e, err // before a file is kept
	}
	var err error
	e.Scans, err = held.Take(uploads(form))
	return e, err
}

func uploads(form *web.Form) (all []documents.Upload) {
	for _, f := range form.Files("files") {
		all = append(all, documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }})
	}
	return all
}

// step is one verb's own page: its address, who may, and what sending does.
type step struct {
	noun, verb, icon string
	needs            auth.Permission
	tone             ui.Tone
	send             func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error
}

// sending is a step's form as it was sent.
type sending struct {
	*web.Form
	On, Day  clock.Date
	Revision int64
}

func signStep(noun, icon string, r Result) step {
	return step{noun: noun, verb: string(r), icon: icon, needs: maySign, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Sign(ctx, who, id, r, Signature{Words: in.Text("words"), Note: in.Text("note"), On: in.On, Enclose: in.Texts("enclose"), Revision: in.Revision})
	}}
}

func noteStep(noun, verb string) step {
	return step{noun: noun, verb: verb, icon: "notes", needs: mayHandle, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Note(ctx, who, id, verb, in.Line("document"), in.On, in.Text("note"), in.Revision)
	}}
}

// letterSteps are in the order of the work; the first that a person may take is
// the main one of the page.
var letterSteps = []step{
	{noun: "classification", verb: "classify", icon: "list-details", needs: mayEnter, send: sendClassification},
	signStep("acceptance", "circle-check", Accept),
	signStep("refusal", "ban", Refuse),
	signStep("guidance", "route", Guide),
	signStep("forwarding", "send", Forward),
	signStep("following", "eye", Follow),
	signStep("returning", "arrow-back-up", Return),
	signStep("filing", "folder", File),
	signStep("response", "message-circle", Respond),
	{noun: "sending-back", verb: "send_back", icon: "arrow-back-up", needs: maySign, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.SendBack(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "answer", verb: "answer", icon: "message-circle", needs: mayEnter, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Answer(ctx, who, id, Reply{Document: in.Line("document"), On: in.On, SettledOn: in.Day, Satisfied: in.Line("satisfied"), Note: in.Text("note"), Revision: in.Revision})
	}},
	{noun: "urging", verb: "urge", icon: "bell", needs: maySign, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Urge(ctx, who, id, Signature{Words: in.Text("words"), Note: in.Text("note"), Revision: in.Revision})
	}},
	{noun: "closure", verb: "close", icon: "lock", needs: maySign, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Close(ctx, who, id, in.Text("note"), in.Revision)
	}},
	{noun: "insistence", verb: "insist", icon: "arrow-back-up", needs: maySign, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Insist(ctx, who, id, Signature{Words: in.Text("words"), Note: in.Text("note"), Revision: in.Revision})
	}},
	noteStep("citizen-notice", "tell_citizen"),
	noteStep("sender-notice", "tell_sender"),
	{noun: "joining", verb: "join", icon: "link", needs: mayEnter, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Join(ctx, who, id, in.Line("into"), in.Text("note"), in.Revision)
	}},
	{noun: "splitting", verb: "split", icon: "columns-3", needs: mayEnter, send: sendSplit},
	{noun: "withdrawal", verb: "withdraw", icon: "logout", needs: mayEnter, send: sendWithdrawal},
	{noun: "reopening", verb: "reopen", icon: "refresh", needs: maySign, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		return s.Reopen(ctx, who, id, in.Text("note"), in.Revision)
	}},
}

func sendClassification(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
	instance := 1
	if in.Line("instance") == "2" {
		instance = 2
	}
	return s.Classify(ctx, who, id, Classification{Kind: Kind(in.Line("kind")), Outside: in.Bool("outside"), Conditions: in.Texts("conditions"), Authority: Authority(in.Line("authority")), BodyID: in.Line("body"),
		Result: Result(in.Line("result")), Reason: in.Line("reason"), Proposal: in.Text("note"), Anonymous: in.Bool("anonymous"), Evidence: in.Bool("evidence"), Originals: in.Bool("originals"),
		Instance: instance, Remote: in.Bool("remote"), ManyPlaces: in.Bool("many_places"), Revision: in.Revision})
}

func sendSplit(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
	var parts []Part
	for i := 1; i <= partsMax; i++ {
		n := strconv.Itoa(i)
		p := Part{Kind: Kind(in.Line("kind_" + n)), Respondent: in.Text("respondent_" + n), Summary: in.Text("summary_" + n)}
		if p.Kind == "" && p.Respondent == "" && p.Summary == "" {
			continue
		}
		parts = append(parts, p)
	}
	_, err := s.Split(ctx, who, id, parts, in.Line("why"), in.Revision)
	return err
}

func sendWithdrawal(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
	wd := Withdrawal{All: in.Line("all") == "all", Part: in.Text("part"), Document: in.Line("document"), On: in.On, Revision: in.Revision}
	for _, v := range in.Texts("who") {
		if n, err := strconv.Atoi(v); err == nil {
			wd.Senders = append(wd.Senders, n)
		}
	}
	_, err := s.Withdraw(ctx, who, id, wd)
	return err
}

func courseStep(noun, verb, icon string, needs auth.Permission) step {
	return step{noun: noun, verb: verb, icon: icon, needs: needs, send: func(s *Service, ctx context.Context, who org.Actor, id string, in sending) error {
		g := Course{Verb: verb, Document: in.Line("document"), On: in.On, Day: in.Day, Reason: in.Line("reason"), Complexity: clocks.Complexity(in.Line("complexity")), Note: in.Text("note"), Words: in.Text("words"), Revision: in.Revision}
		for _, c := range in.Texts("criteria") {
			g.Criteria = append(g.Criteria, clocks.Criterion(c))
		}
		return s.Proceed(ctx, who, id, g)
	}}
}

// matterSteps are the steps of complaints and denunciations together.
var matterSteps = []step{
	courseStep("acceptance-notice", "notify_acceptance", "send", mayHandle),
	courseStep("decision", "decide", "gavel", maySign),
	courseStep("conclusion", "conclude", "gavel", maySign),
	courseStep("complexity", "determine_complex", "scale", maySign),
	courseStep("extension", "extend", "calendar-event", maySign),
	courseStep("dialogue", "call_dialogue", "users", mayHandle),
	courseStep("dialogue-notice", "notify_dialogue", "send", mayHandle),
	courseStep("suspension", "suspend", "clock-pause", maySign),
	courseStep("resumption", "resume", "refresh", maySign),
	courseStep("suspension-notice", "send_suspension", "send", mayHandle),
	courseStep("part-withdrawal", "withdraw_part", "logout", mayHandle),
	courseStep("stop", "stop", "ban", maySign),
	courseStep("decision-notice", "send_decision", "send", mayHandle),
	courseStep("front-notice", "answer_front", "send", mayHandle),
	courseStep("appeal", "appeal", "gavel", mayHandle),
	courseStep("effect", "take_effect", "circle-check", mayHandle),
	courseStep("overdue", "note_overdue", "clock-exclamation", mayHandle),
	courseStep("superior-demand", "superior_asks", "bell", mayHandle),
	courseStep("report-to-superior", "body_reports", "file-text", mayHandle),
	courseStep("action", "act_on_conclusion", "checklist", mayHandle),
	courseStep("action-report", "report_back", "file-text", mayHandle),
	courseStep("publication", "publish_conclusion", "book", mayHandle),
	courseStep("further-denunciation", "denounce_further", "file-text", mayEnter),
	courseStep("settling-again", "settle_again", "refresh", maySign),
	courseStep("further-refusal", "refuse_further", "ban", maySign),
	courseStep("closure", "close", "lock", maySign),
}

// read takes a step's form: dates and the version that the person looked at.
func readStep(w http.ResponseWriter, r *http.Request) (in sending, err error) {
	form, err := web.ReadForm(w, r, web.Limits{})
	in.Form = form
	if err != nil {
		return in, err
	}
	var wrong []*fault.Fault
	for _, d := range []struct {
		name string
		at   *clock.Date
	}{{"on", &in.On}, {"day", &in.Day}} {
		var f *fault.Fault
		if *d.at, f = form.Date(d.name); f != nil {
			wrong = append(wrong, f)
		}
	}
	in.Revision = form.Revision()
	return in, fault.Join(wrong...)
}
