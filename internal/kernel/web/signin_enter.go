package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// signInPage is the form of login and password.
type signInPage struct {
	Login, Next string
	Notice      string // why an earlier sign-in is over
	Errors      ui.Errors
}

func signInHead(r *http.Request, key string) Head {
	return Head{Title: text.T(r.Context(), key), Public: true}
}

// ask shows the sign-in page: to somebody whose post is over the choice of
// another, in the demonstration the people one can be.
func (s *SignIn) ask(w http.ResponseWriter, r *http.Request) error {
	next := s.next(r.URL.Query().Get("next"))
	p, err := s.presence(r)
	switch {
	case err == nil && !s.Auth.Demonstration:
		return SeeOther(w, r, next)
	case err == nil:
		return s.demoPage(w, r, next)
	case fault.KindOf(err) != fault.SignIn:
		return err
	case p.SignIn.ID != "":
		return s.choosePost(w, r, err, next)
	case s.Auth.Demonstration:
		return s.demoPage(w, r, next)
	}
	page := signInPage{Next: next}
	if readToken(r, tokenCookie) != "" && !fault.Is(err, "auth.not_signed_in") {
		page.Notice = ui.Sentence(r.Context(), fault.Of(err))
	}
	return Page(w, r, signInHead(r, "auth.sign_in_title"), signInForm(page))
}

func (s *SignIn) attempt(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	var out auth.Outcome
	if err = filled(form, "login", "password"); err == nil {
		out, err = s.Auth.SignIn(r.Context(), auth.Attempt{Login: form.Line("login"), Password: form.Text("password"), From: browser(r)})
	}
	if err != nil {
		return again(w, r, err, signInHead(r, "auth.sign_in_title"), func(e ui.Errors) templ.Component {
			return signInForm(signInPage{Login: form.Line("login"), Next: s.next(form.Line("next")), Errors: e})
		})
	}
	return s.goOn(w, r, out, form.Line("next"))
}

// goOn leads to the next step, or in. Whoever was signed in at this browser
// before is signed out.
func (s *SignIn) goOn(w http.ResponseWriter, r *http.Request, out auth.Outcome, next string) error {
	next = s.next(next)
	if out.Token == "" {
		keepToken(w, r, stepCookie, out.Step)
		to := "/sign-in/code"
		if out.Needs == auth.NeedsPassword {
			to = "/sign-in/password"
		}
		return SeeOther(w, r, to+"?next="+url.QueryEscape(next))
	}
	if old := readToken(r, tokenCookie); old != "" {
		if err := s.Auth.SignOut(r.Context(), old); err != nil {
			return err
		}
	}
	dropToken(w, r, stepCookie)
	keepToken(w, r, tokenCookie, out.Token)
	return SeeOther(w, r, next)
}

// stepPage is a form between the password and being in.
type stepPage struct {
	Next   string
	Min    int // characters of a password
	Errors ui.Errors
}

func (s *SignIn) askCode(w http.ResponseWriter, r *http.Request) error {
	if readToken(r, stepCookie) == "" {
		return SeeOther(w, r, "/sign-in")
	}
	return Page(w, r, signInHead(r, "auth.code_title"), codeForm(stepPage{Next: s.next(r.URL.Query().Get("next"))}))
}

func (s *SignIn) giveCode(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	var out auth.Outcome
	if err = filled(form, "otp"); err == nil {
		out, err = s.Auth.GiveCode(r.Context(), readToken(r, stepCookie), form.Text("otp"), browser(r))
	}
	if fault.KindOf(err) == fault.SignIn {
		return s.startOver(w, r, err, form)
	}
	if err != nil {
		return again(w, r, err, signInHead(r, "auth.code_title"), func(e ui.Errors) templ.Component {
			return codeForm(stepPage{Next: s.next(form.Line("next")), Errors: e})
		})
	}
	return s.goOn(w, r, out, form.Line("next"))
}

// startOver goes back to the password with the reason.
func (s *SignIn) startOver(w http.ResponseWriter, r *http.Request, why error, form *Form) error {
	dropToken(w, r, stepCookie)
	head := signInHead(r, "auth.sign_in_title")
	head.Status = http.StatusUnauthorized
	return Page(w, r, head, signInForm(signInPage{Next: s.next(form.Line("next")), Notice: ui.Sentence(r.Context(), fault.Of(why))}))
}

func (s *SignIn) newPasswordPage(next string, e ui.Errors) stepPage {
	return stepPage{Next: s.next(next), Min: s.Auth.Limits.PasswordMin, Errors: e}
}

func (s *SignIn) askNewPassword(w http.ResponseWriter, r *http.Request) error {
	if readToken(r, stepCookie) == "" {
		return SeeOther(w, r, "/sign-in")
	}
	return Page(w, r, signInHead(r, "auth.new_password_title"), newPasswordForm(s.newPasswordPage(r.URL.Query().Get("next"), ui.Errors{})))
}

func (s *SignIn) giveNewPassword(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	var out auth.Outcome
	if err = unlike(form); err == nil {
		out, err = s.Auth.GivePassword(r.Context(), readToken(r, stepCookie), form.Text("password"), browser(r))
	}
	if fault.KindOf(err) == fault.SignIn {
		return s.startOver(w, r, err, form)
	}
	if err != nil {
		return again(w, r, err, signInHead(r, "auth.new_password_title"), func(e ui.Errors) templ.Component {
			return newPasswordForm(s.newPasswordPage(form.Line("next"), e))
		})
	}
	return s.goOn(w, r, out, form.Line("next"))
}

// resetPage is the form behind a one-time address.
type resetPage struct {
	Token, Login string
	Min          int
	Errors       ui.Errors
}

func (s *SignIn) askReset(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	login, err := s.Auth.Redeemable(r.Context(), token)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return Page(w, r, signInHead(r, "auth.new_password_title"), resetForm(resetPage{Token: token, Login: login, Min: s.Auth.Limits.PasswordMin}))
}

func (s *SignIn) reset(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	token := form.Text("token")
	login, err := s.Auth.Redeemable(r.Context(), token)
	if err != nil {
		return err
	}
	if err = unlike(form); err == nil {
		err = s.Auth.Redeem(r.Context(), token, form.Text("password"), browser(r))
	}
	if err != nil {
		return again(w, r, err, signInHead(r, "auth.new_password_title"), func(e ui.Errors) templ.Component {
			return resetForm(resetPage{Token: token, Login: login, Min: s.Auth.Limits.PasswordMin, Errors: e})
		})
	}
	Flash(w, r, "auth.password_set")
	return SeeOther(w, r, "/sign-in")
}

func (s *SignIn) askOut(w http.ResponseWriter, r *http.Request) error {
	if !Actor(r).SignedIn() {
		return SeeOther(w, r, "/sign-in")
	}
	ctx := r.Context()
	return Page(w, r, Head{Title: text.T(ctx, "auth.sign_out_title")}, ui.ConfirmPage(ui.Confirm{
		Title: text.T(ctx, "auth.sign_out_title"), Text: text.T(ctx, "auth.sign_out_lead"), Yes: text.T(ctx, "auth.sign_out_do"), URL: "/sign-out", Back: s.desk()}))
}

// out signs out. The browser is told to forget the pages it kept, so that the
// next person at this computer does not step back into them.
func (s *SignIn) out(w http.ResponseWriter, r *http.Request) error {
	if err := s.Auth.SignOut(r.Context(), readToken(r, tokenCookie)); err != nil {
		return err
	}
	dropToken(w, r, tokenCookie)
	dropToken(w, r, stepCookie)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	Flash(w, r, "auth.signed_out")
	return SeeOther(w, r, "/sign-in")
}

// postsPage is the choice of a post when the one in use is over.
type postsPage struct {
	Notice, Next string
	Posts        []ui.PostLink
}

func (s *SignIn) choosePost(w http.ResponseWriter, r *http.Request, why error, next string) error {
	posts, err := s.Auth.Posts(r.Context(), readToken(r, tokenCookie))
	if err != nil {
		return err
	}
	page := postsPage{Notice: ui.Sentence(r.Context(), fault.Of(why)), Next: next}
	for _, p := range posts {
		page.Posts = append(page.Posts, ui.PostLink{ID: postID(p), Label: postLabel(r.Context(), p)})
	}
	if len(page.Posts) == 0 {
		dropToken(w, r, tokenCookie)
		return Page(w, r, signInHead(r, "auth.sign_in_title"), signInForm(signInPage{Next: next, Notice: page.Notice}))
	}
	return Page(w, r, signInHead(r, "auth.choose_post_title"), postsForm(page))
}

// actAs changes the post. It asks for no right: whose post is over has none,
// and the token in the cookie says whose posts these are.
func (s *SignIn) actAs(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	post, delegation, _ := strings.Cut(form.Line("post"), "~")
	token, err := s.Auth.ActAs(r.Context(), readToken(r, tokenCookie), post, delegation)
	if err != nil {
		return err
	}
	keepToken(w, r, tokenCookie, token)
	who, err := s.Auth.Actor(r.Context(), token)
	if err != nil {
		return err
	}
	Flash(w, r, "auth.post_switched", "post", postLabel(r.Context(), who))
	// The page they came from may not be the new post's to see.
	to := s.desk()
	if form.Has("next") {
		to = s.next(form.Line("next"))
	} else if back := LocalPath(form.Line("back"), to); back == "/account" {
		to = back
	}
	return SeeOther(w, r, to)
}

// demoGroup is the people of one council in the demonstration.
type demoGroup struct {
	Council string
	Open    bool
	Bodies  []demoBody
	People  int
}

type demoBody struct {
	Name   string
	People []org.Directory
}

func demoGroups(people []org.Directory) []demoGroup {
	var groups []demoGroup
	for _, p := range people {
		if n := len(groups); n == 0 || groups[n-1].Council != p.Council {
			groups = append(groups, demoGroup{Council: p.Council, Open: n == 0})
		}
		g := &groups[len(groups)-1]
		if n := len(g.Bodies); n == 0 || g.Bodies[n-1].Name != p.BodyName {
			g.Bodies = append(g.Bodies, demoBody{Name: p.BodyName})
		}
		b := &g.Bodies[len(g.Bodies)-1]
		b.People, g.People = append(b.People, p), g.People+1
	}
	return groups
}

func (s *SignIn) demoPage(w http.ResponseWriter, r *http.Request, next string) error {
	people, err := s.Auth.DemoPeople(r.Context())
	if err != nil {
		return err
	}
	return Page(w, r, signInHead(r, "auth.demo_title"), demoForm(demoGroups(people), next))
}

// demoPerson is one line of /demo/people.json. Somebody with several posts has
// several lines; person=ID~PostID signs them in as that one.
type demoPerson struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Post    string     `json:"post"`
	PostID  string     `json:"post_id"`
	Body    string     `json:"body"`
	Council string     `json:"council"`
	Level   org.Level  `json:"level"`
	Roles   []org.Role `json:"roles"`
}

func (s *SignIn) demoPeople(w http.ResponseWriter, r *http.Request) error {
	people, err := s.Auth.DemoPeople(r.Context())
	if err != nil {
		return err
	}
	list := make([]demoPerson, 0, len(people))
	for _, p := range people {
		list = append(list, demoPerson{ID: p.PersonID, Name: p.Name, Post: p.Title, PostID: p.PostID, Body: p.BodyName, Council: p.Council, Level: p.Level, Roles: p.Roles.V})
	}
	return JSON(w, http.StatusOK, list)
}

func (s *SignIn) demoSignIn(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	person, post, _ := strings.Cut(form.Line("person"), "~")
	out, err := s.Auth.DemoSignIn(r.Context(), person, browser(r))
	if err != nil {
		return err
	}
	if post != "" {
		if out.Token, err = s.Auth.ActAs(r.Context(), out.Token, post, ""); err != nil {
			return err
		}
	}
	return s.goOn(w, r, out, form.Line("next"))
}
