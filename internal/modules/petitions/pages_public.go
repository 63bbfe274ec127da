package petitions

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/petitions/gate"
)

// handInPage is the form for voters.
type handInPage struct {
	Form   *web.Form
	Errors ui.Errors
	Units  []org.Unit
	Files  taken
	Drawn  string // when the form was drawn
}

func (p handInPage) to() string {
	if v := p.Form.Line("to"); v != "" {
		return v
	}
	return string(ToCity)
}

// confirmPage is the look at a petition before it is sent.
type confirmPage struct {
	Form    *web.Form
	Sub     Submission
	Handing Handing
	Files   taken
	// Challenge is what the gate asks for before it takes this in.
	Challenge *gate.Challenge
}

// hidden is what the confirmation sends on.
func (p confirmPage) hidden() []ui.Kept {
	return p.Form.Kept(append(gate.OwnFields(), "act", "files_token", "files_kept")...)
}

func (s *Service) handInForm(w http.ResponseWriter, r *http.Request) error {
	return s.showHandIn(w, r, handInPage{}, http.StatusOK)
}

func (s *Service) showHandIn(w http.ResponseWriter, r *http.Request, p handInPage, status int) error {
	units, err := s.Units(r.Context())
	if err != nil {
		return err
	}
	p.Units, p.Drawn = units, s.gate.Draw()
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.hand_in"), Public: true, Status: status}, handInForm(p))
}

// similarHint is what others asked already, while one types.
func (s *Service) similarHint(w http.ResponseWriter, r *http.Request) error {
	asked := text.Clean(r.URL.Query().Get("text"))
	var like []Published
	if len([]rune(asked)) >= textMin {
		var err error
		if like, err = s.Similar(r.Context(), asked); err != nil {
			return err
		}
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.similar"), Public: true, Section: "/kien-nghi/gui"}, similarPanel(like))
}

// receiptSheet is the page of a receipt.
type receiptSheet struct {
	Received
	Key string
	QR  ui.Square
	Now clock.Date
}

func (s *Service) receiptPage(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.Receipt(r.Context(), r.PathValue("code"), r.URL.Query().Get("key"))
	if err != nil {
		return err
	}
	qr, err := ui.NewSquare(rec.Address)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.receipt_title", "code", rec.Case.Code), Public: true, Section: "/kien-nghi/gui"},
		receiptBody(receiptSheet{Received: rec, Key: rec.Petition.Key, QR: qr, Now: s.today()}))
}

func (s *Service) receiptPDF(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.Receipt(r.Context(), r.PathValue("code"), r.URL.Query().Get("key"))
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := s.WritePDF(r.Context(), &pdf, rec); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="bien-nhan-`+rec.Case.Code+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(pdf.Bytes())
	return err
}

func (s *Service) receiptText(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.Receipt(r.Context(), r.PathValue("code"), r.URL.Query().Get("key"))
	if err != nil {
		return err
	}
	return textFile(w, "bien-nhan-"+rec.Case.Code+".txt", rec.Log.Text())
}

// lookUpPage asks for a code, and says kindly when there is no such petition.
type lookUpPage struct {
	Code   string
	Errors ui.Errors
}

func (s *Service) lookUp(w http.ResponseWriter, r *http.Request) error {
	if code := cases.TidyCode(r.URL.Query().Get("code")); code != "" {
		return web.SeeOther(w, r, "/kien-nghi/"+code)
	}
	p, status := lookUpPage{}, http.StatusOK
	if r.URL.Query().Has("code") {
		p.Errors, status = ui.ErrorsOf(fault.New(fault.Invalid, "petitions.code_empty").At("code")), http.StatusUnprocessableEntity
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.look_up"), Public: true, Status: status}, lookUpBody(p))
}

// followPage is the public page of one petition.
type followPage struct {
	Followed
	Key    string
	Form   *web.Form
	Errors ui.Errors
}

func (s *Service) follow(w http.ResponseWriter, r *http.Request) error {
	return s.showFollowed(w, r, followPage{}, http.StatusOK)
}

func (s *Service) showFollowed(w http.ResponseWriter, r *http.Request, p followPage, status int) (err error) {
	code := r.PathValue("code")
	if p.Key == "" {
		p.Key = r.URL.Query().Get("key")
	}
	p.Followed, err = s.Follow(r.Context(), code, p.Key)
	if fault.Is(err, "petitions.no_such_code") {
		return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.look_up"), Public: true, Section: "/kien-nghi/tra-cuu", Status: http.StatusNotFound},
			lookUpBody(lookUpPage{Code: cases.TidyCode(code), Errors: ui.ErrorsOf(fault.Of(err).At("code"))}))
	}
	if err != nil {
		return err
	}
	if !p.Mine {
		p.Key = ""
	} else {
		w.Header().Set("Cache-Control", "no-store")
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.petition_code", "code", p.Code), Public: true, Section: "/kien-nghi/tra-cuu", Status: status}, followBody(p))
}

// events are a petition's public acts, the newest first.
func (p followPage) events(ctx context.Context) []ui.Event {
	all := make([]ui.Event, 0, len(p.Acts))
	for i := len(p.Acts) - 1; i >= 0; i-- {
		a := p.Acts[i]
		all = append(all, ui.Event{When: clockTime(a.At.Time), Title: text.T(ctx, "petitions.act."+a.Verb), Who: a.BodyName, Text: actText(ctx, a), Tone: actTone(a),
			Body: proofLink(withQuery("/kien-nghi/so/"+p.Code+"/"+itoa(a.Number), "key", p.Key))})
	}
	return all
}

// answersOf are the answers of one round.
func (p followPage) rounds() []int {
	var all []int
	for _, a := range p.Answers {
		if len(all) == 0 || all[len(all)-1] != a.Round {
			all = append(all, a.Round)
		}
	}
	return all
}

func (s *Service) publicDeadline(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	x, err := s.ExplainPublic(r.Context(), r.PathValue("code"), key, r.PathValue("deadline"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.why_title"), Public: true, Section: "/kien-nghi/tra-cuu"},
		whyBody(whyPage{Reckoned: x, Back: withQuery("/kien-nghi/"+x.Case.Code, "key", key)}))
}

func (s *Service) publicPaper(w http.ResponseWriter, r *http.Request) error {
	p, bytes, err := s.PublicPaper(r.Context(), r.PathValue("code"), r.URL.Query().Get("key"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	return serve(w, r, p, bytes)
}

func (s *Service) publicProof(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.PublicActReceipt(r.Context(), r.PathValue("code"), r.URL.Query().Get("key"), number(r, "number"))
	if err != nil {
		return err
	}
	return textFile(w, cases.TidyCode(r.PathValue("code"))+"-"+r.PathValue("number")+".txt", rec.Text())
}

func (s *Service) stopLettersForm(w http.ResponseWriter, r *http.Request) error {
	code, key := cases.TidyCode(r.PathValue("code")), r.URL.Query().Get("key")
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.stop_letters"), Public: true, Section: "/kien-nghi/tra-cuu"}, stopLettersBody(code, key))
}

// publicListPage is the list of public petitions.
type publicListPage struct {
	PublicList
	Fields []string
}

func (p publicListPage) address(pairs ...string) string {
	f := p.Filter
	return withQuery("/kien-nghi", append([]string{"q", f.Text, "ward", f.Ward, "field", f.Field, "state", string(f.State)}, pairs...)...)
}

func (p publicListPage) active() int {
	n := 0
	for _, v := range []string{p.Filter.Ward, p.Filter.Field, string(p.Filter.State)} {
		if v != "" {
			n++
		}
	}
	return n
}

func (p publicListPage) pages() ui.Pages {
	var pages ui.Pages
	if p.Next != "" {
		pages.Next = p.address("after", p.Next)
	}
	if p.Previous != "" {
		pages.Previous = p.address("before", p.Previous)
	}
	return pages
}

func (s *Service) publicFilter(r *http.Request) PublicFilter {
	q := r.URL.Query()
	f := PublicFilter{Ward: text.Line(q.Get("ward")), Field: text.Line(q.Get("field")), State: cases.State(text.Line(q.Get("state"))), Text: text.Line(q.Get("q")), After: q.Get("after"), Before: q.Get("before")}
	if !slices.Contains(s.everyField(), f.Field) && len(s.fieldsUnder(f.Field)) == 0 {
		f.Field = ""
	}
	if !slices.Contains(publicStates, f.State) {
		f.State = ""
	}
	return f
}

func (s *Service) publicList(w http.ResponseWriter, r *http.Request) error {
	l, err := s.PublicList(r.Context(), s.publicFilter(r))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.menu_public"), Public: true}, publicListBody(publicListPage{l, s.everyField()}))
}

func (s *Service) publicFeed(w http.ResponseWriter, r *http.Request) error {
	l, err := s.PublicList(r.Context(), s.publicFilter(r))
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := notify.Feed{ID: s.absolute("/kien-nghi.atom"), Title: text.T(ctx, "petitions.menu_public"), Self: s.absolute(r.URL.RequestURI()), Link: s.absolute("/kien-nghi"),
		Lang: string(text.LangOf(ctx)), Author: text.T(ctx, "web.council"), Updated: s.Clock.Now()}
	for i, p := range l.Rows {
		if i == 0 {
			f.Updated = p.Changed
		}
		f.Entries = append(f.Entries, notify.Entry{ID: s.absolute("/kien-nghi/" + p.Code), Title: p.Title, Link: s.absolute("/kien-nghi/" + p.Code),
			Summary: strings.Join([]string{p.Unit, text.T(ctx, "petitions.state."+string(p.State))}, " · "), Category: p.Field, Published: p.OpenedAt, Updated: p.Changed})
	}
	return feed(w, f)
}

// followFeed is one petition's steps, for a feed reader.
func (s *Service) followFeed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	followed, err := s.Follow(ctx, r.PathValue("code"), "")
	if err != nil {
		return err
	}
	page := s.absolute("/kien-nghi/" + followed.Code)
	f := notify.Feed{ID: page, Title: text.T(ctx, "petitions.petition_code", "code", followed.Code), Self: s.absolute(r.URL.RequestURI()), Link: page,
		Lang: string(text.LangOf(ctx)), Author: followed.Council, Updated: followed.Case.ChangedAt.Time}
	for i := len(followed.Acts) - 1; i >= 0; i-- {
		a := followed.Acts[i]
		f.Entries = append(f.Entries, notify.Entry{ID: page + "#" + itoa(a.Number), Title: text.T(ctx, "petitions.act."+a.Verb), Link: page, Summary: a.BodyName, Published: a.At.Time})
	}
	return feed(w, f)
}

func feed(w http.ResponseWriter, f notify.Feed) error {
	var out bytes.Buffer
	if err := notify.WriteFeed(&out, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", notify.FeedType)
	w.Header().Set("Cache-Control", "public, max-age=60")
	_, err := w.Write(out.Bytes())
	return err
}
