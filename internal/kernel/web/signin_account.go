package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// accountPage is what somebody sees of their own account.
type accountPage struct {
	Who      org.Actor
	Acting   string
	Security auth.Security
	Posts    []postLine
	SignIns  []signInLine
}

type postLine struct {
	ui.PostLink
	Scoped bool
}

// signInLine is one sign-in in the person's list.
type signInLine struct {
	ID      string
	Where   string
	Address string
	Began   string
	Seen    string
	Live    bool
	Here    bool // the browser that asks
}

// moment writes a time as people read it.
func moment(t time.Time) string { return t.In(clock.Hanoi).Format("02/01/2006 15:04") }

func day(t time.Time) string { return clock.DateOf(t).VN() }

func (s *SignIn) account(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), Actor(r)
	security, err := s.Auth.Security(ctx, who)
	if err != nil {
		return err
	}
	posts, err := s.Auth.PostsOf(ctx, who)
	if err != nil {
		return err
	}
	all, err := s.Auth.SignIns(ctx, who, who.PersonID)
	if err != nil {
		return err
	}
	page := accountPage{Who: who, Acting: postLabel(ctx, who), Security: security, SignIns: s.signInLines(ctx, all, who.SignInID)}
	for _, p := range posts {
		page.Posts = append(page.Posts, postLine{ui.PostLink{ID: postID(p), Label: postLabel(ctx, p), Here: postID(p) == postID(who)}, len(p.Scope) > 0})
	}
	return Page(w, r, accountHead(r, "auth.account_title"), accountView(page))
}

func accountHead(r *http.Request, key string) Head {
	return Head{Title: text.T(r.Context(), key), Section: "/account"}
}

// endedShown is how many past sign-ins the list still shows.
const endedShown = 10

func (s *SignIn) signInLines(ctx context.Context, all []auth.SignIn, here string) []signInLine {
	now := s.Auth.Clock.Now()
	var live, over []signInLine
	for _, in := range all {
		line := signInLine{ID: in.ID, Where: browserName(ctx, in.Agent), Address: in.Address, Began: moment(in.CreatedAt.Time), Seen: moment(in.SeenAt.Time),
			Live: s.Auth.Live(in, now), Here: in.ID == here}
		switch {
		case line.Here:
			live = append([]signInLine{line}, live...)
		case line.Live:
			live = append(live, line)
		case len(over) < endedShown:
			over = append(over, line)
		}
	}
	return append(live, over...)
}

// browserName tells enough of a browser for its owner to know it again. The
// order matters: most browsers also call themselves by others' names.
func browserName(ctx context.Context, agent string) string {
	find := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	name := find([][2]string{{"coc_coc", "Cốc Cốc"}, {"Edg", "Microsoft Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"},
		{"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}})
	system := find([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case name == "":
		return text.T(ctx, "auth.browser_unknown")
	case system == "":
		return name
	}
	return text.T(ctx, "auth.browser_on", "browser", name, "system", system)
}

func (s *SignIn) endOne(w http.ResponseWriter, r *http.Request) error {
	if err := s.Auth.EndSignIn(r.Context(), Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	Flash(w, r, "auth.sign_in_end_done")
	return SeeOther(w, r, "/account")
}

func (s *SignIn) endOthers(w http.ResponseWriter, r *http.Request) error {
	who := Actor(r)
	if err := s.Auth.EndAllSignIns(r.Context(), who, who.PersonID); err != nil {
		return err
	}
	Flash(w, r, "auth.sign_in_end_all_done")
	return SeeOther(w, r, "/account")
}

// passwordPage asks for the present password, and for a new one where Min says
// how long that is.
type passwordPage struct {
	Title, Lead, Do string
	URL             string
	Min             int
	Errors          ui.Errors
}

func (s *SignIn) passwordPage(ctx context.Context, e ui.Errors) passwordPage {
	return passwordPage{Title: text.T(ctx, "auth.password_change"), Lead: text.T(ctx, "auth.password_change_note"), Do: text.T(ctx, "auth.new_password_do"),
		URL: "/account/password", Min: s.Auth.Limits.PasswordMin, Errors: e}
}

func (s *SignIn) askPassword(w http.ResponseWriter, r *http.Request) error {
	return Page(w, r, accountHead(r, "auth.password_change"), passwordForm(s.passwordPage(r.Context(), ui.Errors{})))
}

func (s *SignIn) changePassword(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	if err = filled(form, "current_password", "password", "repeat_password"); err == nil {
		err = unlike(form)
	}
	if err == nil {
		err = s.Auth.ChangePassword(r.Context(), Actor(r), form.Text("current_password"), form.Text("password"))
	}
	if err != nil {
		return again(w, r, err, accountHead(r, "auth.password_change"), func(e ui.Errors) templ.Component {
			return passwordForm(s.passwordPage(r.Context(), e))
		})
	}
	Flash(w, r, "auth.password_changed_done")
	return SeeOther(w, r, "/account")
}

// enrolPage is the square code with the form that proves it was scanned.
type enrolPage struct {
	Offer  auth.Enrolment
	Square ui.Square
	Errors ui.Errors
}

func (s *SignIn) offerSecondStep(w http.ResponseWriter, r *http.Request) error {
	offer, err := s.Auth.OfferTOTP(r.Context(), Actor(r))
	if err != nil {
		return err
	}
	return s.enrolment(w, r, offer, nil)
}

func (s *SignIn) enrolment(w http.ResponseWriter, r *http.Request, offer auth.Enrolment, wrong error) error {
	sq, err := ui.NewSquare(offer.URL)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	head := accountHead(r, "auth.totp_turn_on")
	if wrong != nil {
		head.Status = status(fault.KindOf(wrong))
	}
	return Page(w, r, head, enrolForm(enrolPage{Offer: offer, Square: sq, Errors: ui.ErrorsOf(wrong)}))
}

func (s *SignIn) turnOnSecondStep(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	sealed := form.Text("secret_offer")
	var codes []string
	if err = filled(form, "otp", "current_password"); err == nil {
		codes, err = s.Auth.TurnOnTOTP(r.Context(), Actor(r), sealed, form.Text("current_password"), form.Text("otp"))
	}
	if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.TooMany {
		offer, oerr := s.Auth.Offered(r.Context(), Actor(r), sealed)
		if oerr != nil {
			return oerr
		}
		return s.enrolment(w, r, offer, err)
	}
	if err != nil {
		return err
	}
	return showRecoveryCodes(w, r, codes)
}

// showRecoveryCodes shows them this once: nothing of ours or of the browser's
// keeps the page.
func showRecoveryCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	w.Header().Set("Cache-Control", "no-store")
	return Page(w, r, accountHead(r, "auth.recovery_title"), recoveryView(codes))
}

func removalPage(ctx context.Context, e ui.Errors) passwordPage {
	return passwordPage{Title: text.T(ctx, "auth.totp_turn_off"), Do: text.T(ctx, "auth.totp_turn_off"), URL: "/account/second-step/removal", Errors: e}
}

func (s *SignIn) askRemoval(w http.ResponseWriter, r *http.Request) error {
	return Page(w, r, accountHead(r, "auth.totp_turn_off"), passwordForm(removalPage(r.Context(), ui.Errors{})))
}

func (s *SignIn) turnOffSecondStep(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	if err = filled(form, "current_password"); err == nil {
		err = s.Auth.TurnOffTOTP(r.Context(), Actor(r), form.Text("current_password"))
	}
	if err != nil {
		return again(w, r, err, accountHead(r, "auth.totp_turn_off"), func(e ui.Errors) templ.Component {
			return passwordForm(removalPage(r.Context(), e))
		})
	}
	Flash(w, r, "auth.totp_turned_off")
	return SeeOther(w, r, "/account")
}

func recoveryPage(ctx context.Context, e ui.Errors) passwordPage {
	return passwordPage{Title: text.T(ctx, "auth.recovery_renew"), Lead: text.T(ctx, "auth.recovery_renew_note"), Do: text.T(ctx, "auth.recovery_renew"),
		URL: "/account/recovery-codes", Errors: e}
}

func (s *SignIn) askRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	return Page(w, r, accountHead(r, "auth.recovery_renew"), passwordForm(recoveryPage(r.Context(), ui.Errors{})))
}

func (s *SignIn) renewRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	var codes []string
	if err = filled(form, "current_password"); err == nil {
		codes, err = s.Auth.RenewRecoveryCodes(r.Context(), Actor(r), form.Text("current_password"))
	}
	if err != nil {
		return again(w, r, err, accountHead(r, "auth.recovery_renew"), func(e ui.Errors) templ.Component {
			return passwordForm(recoveryPage(r.Context(), e))
		})
	}
	return showRecoveryCodes(w, r, codes)
}

func (s *SignIn) setupPage(form *Form, token string, e ui.Errors) setupPage {
	p := setupPage{Token: token, Min: s.Auth.Limits.PasswordMin, Errors: e, Level: string(org.City)}
	if form != nil {
		p.Council, p.Level, p.Unit, p.Term = form.Line("council"), form.Line("level"), form.Line("unit"), form.Line("term")
		p.Name, p.Email, p.Login, p.SecondStep = form.Line("name"), form.Line("email"), form.Line("login"), form.Bool("second_step")
	}
	return p
}

// setupPage is what the first administrator fills in.
type setupPage struct {
	Token, Council, Level, Unit, Term, Name, Email, Login string
	SecondStep                                            bool
	Min                                                   int
	Errors                                                ui.Errors
}

func (s *SignIn) askSetUp(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	if err := s.Auth.SetUpOpen(r.Context(), token); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return Page(w, r, signInHead(r, "auth.setup_title"), setupForm(s.setupPage(nil, token, ui.Errors{})))
}

func (s *SignIn) setUp(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	token := form.Text("token")
	var out auth.Outcome
	if err = unlike(form); err == nil {
		out, err = s.Auth.SetUp(r.Context(), token, auth.SetUp{
			Founding: org.Founding{CouncilName: form.Line("council"), Level: org.Level(form.Line("level")), UnitCode: form.Line("unit"), Term: form.Line("term"),
				AdminName: form.Line("name"), AdminEmail: form.Line("email")},
			Login: form.Line("login"), Password: form.Text("password")}, browser(r))
	}
	if err != nil {
		return again(w, r, err, signInHead(r, "auth.setup_title"), func(e ui.Errors) templ.Component {
			return setupForm(s.setupPage(form, token, e))
		})
	}
	next := s.desk()
	if form.Bool("second_step") {
		next = "/account/second-step"
	}
	Flash(w, r, "auth.setup_done")
	return s.goOn(w, r, out, next)
}
