package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// SignIn is the pages of signing in and of one's own account: the only screens
// of the kernel besides the error page. It keeps the browser's token in a
// cookie; everything else is auth's.
type SignIn struct {
	Auth *auth.Auth
	Desk string // where a sign-in leads that was not on the way to a page; "/desk" when empty
}

// Routes lists the addresses.
func (s *SignIn) Routes() []Route {
	slow := Limit{Rate: Signing, Body: formBytesMost}
	small := Limit{Body: formBytesMost}
	routes := []Route{
		{Pattern: "GET /sign-in", Needs: auth.Public, Handle: s.ask},
		{Pattern: "POST /sign-in", Needs: auth.Public, Handle: s.attempt, Limit: slow},
		{Pattern: "GET /sign-in/code", Needs: auth.Public, Handle: s.askCode},
		{Pattern: "POST /sign-in/code", Needs: auth.Public, Handle: s.giveCode, Limit: slow},
		{Pattern: "GET /sign-in/password", Needs: auth.Public, Handle: s.askNewPassword},
		{Pattern: "POST /sign-in/password", Needs: auth.Public, Handle: s.giveNewPassword, Limit: slow},
		{Pattern: "GET /sign-in/reset", Needs: auth.Public, Handle: s.askReset},
		{Pattern: "POST /sign-in/reset", Needs: auth.Public, Handle: s.reset, Limit: slow},
		{Pattern: "GET /sign-out", Needs: auth.Public, Handle: s.askOut},
		{Pattern: "POST /sign-out", Needs: auth.Public, Handle: s.out, Limit: small},
		{Pattern: "POST /posts/acting", Needs: auth.Public, Handle: s.actAs, Limit: small},
		{Pattern: "GET /account", Needs: auth.SignedIn, Handle: s.account},
		{Pattern: "GET /account/password", Needs: auth.SignedIn, Handle: s.askPassword},
		{Pattern: "POST /account/password", Needs: auth.SignedIn, Handle: s.changePassword, Limit: slow},
		{Pattern: "GET /account/second-step", Needs: auth.SignedIn, Handle: s.offerSecondStep},
		{Pattern: "POST /account/second-step", Needs: auth.SignedIn, Handle: s.turnOnSecondStep, Limit: slow},
		{Pattern: "GET /account/second-step/removal", Needs: auth.SignedIn, Handle: s.askRemoval},
		{Pattern: "POST /account/second-step/removal", Needs: auth.SignedIn, Handle: s.turnOffSecondStep, Limit: slow},
		{Pattern: "GET /account/recovery-codes", Needs: auth.SignedIn, Handle: s.askRecoveryCodes},
		{Pattern: "POST /account/recovery-codes", Needs: auth.SignedIn, Handle: s.renewRecoveryCodes, Limit: slow},
		{Pattern: "POST /account/sign-ins/closure", Needs: auth.SignedIn, Handle: s.endOthers, Limit: small},
		{Pattern: "POST /account/sign-ins/{id}/closure", Needs: auth.SignedIn, Handle: s.endOne, Limit: small},
		{Pattern: "GET /setup", Needs: auth.Public, Handle: s.askSetUp},
		{Pattern: "POST /setup", Needs: auth.Public, Handle: s.setUp, Limit: slow},
	}
	if s.Auth.Demonstration {
		routes = append(routes,
			Route{Pattern: "GET /demo/people.json", Needs: auth.Public, Handle: s.demoPeople},
			Route{Pattern: "POST /demo/sign-in", Needs: auth.Public, Handle: s.demoSignIn, Limit: small})
	}
	return routes
}

// formBytesMost is ample for the forms of these pages.
const formBytesMost = 64 << 10

// Resolve tells who is asking, for Options.Resolve.
func (s *SignIn) Resolve(r *http.Request) (org.Actor, error) {
	p, err := s.presence(r)
	if err != nil {
		return org.Actor{Address: address(r)}, err
	}
	p.Actor.Address = address(r)
	return p.Actor, nil
}

func (s *SignIn) presence(r *http.Request) (auth.Presence, error) {
	token := readToken(r, tokenCookie)
	if token == "" {
		return auth.Presence{}, fault.New(fault.SignIn, "auth.not_signed_in")
	}
	return s.Auth.Presence(r.Context(), token)
}

// Posts lists the posts of who for the shell's menu, for Surround.
func (s *SignIn) Posts(ctx context.Context, who org.Actor) ([]ui.PostLink, error) {
	posts, err := s.Auth.PostsOf(ctx, who)
	if err != nil {
		return nil, err
	}
	links := make([]ui.PostLink, 0, len(posts))
	for _, p := range posts {
		links = append(links, ui.PostLink{ID: postID(p), Label: postLabel(ctx, p), Here: postID(p) == postID(who)})
	}
	return links, nil
}

// postID names a post and, when it is a delegated one, how it was handed over.
func postID(a org.Actor) string {
	if d := auth.DelegationOf(a); d != "" {
		return a.PostID + "~" + d
	}
	return a.PostID
}

// postLabel names a post; one that is another's says so first.
func postLabel(ctx context.Context, a org.Actor) string {
	if name := a.OnBehalf(); name != "" {
		return text.T(ctx, "auth.post_for", "name", name, "title", a.PostTitle, "body", a.BodyName)
	}
	return text.T(ctx, "auth.post_own", "title", a.PostTitle, "body", a.BodyName)
}

const (
	tokenCookie = "hdnd"
	stepCookie  = "hdnd-step"
)

// cookieName: with the __Host- prefix the browser itself makes sure that the
// cookie came by HTTPS from this very host.
func cookieName(r *http.Request, name string) string {
	if Secure(r) {
		return "__Host-" + name
	}
	return name
}

func readToken(r *http.Request, name string) string {
	c, err := r.Cookie(cookieName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// keepToken lasts until the browser is closed: offices share computers.
func keepToken(w http.ResponseWriter, r *http.Request, name, token string) {
	setCookie(w, Secure(r), cookieName(r, name), token, 0)
}

func dropToken(w http.ResponseWriter, r *http.Request, name string) {
	setCookie(w, Secure(r), cookieName(r, name), "", -1)
}

func address(r *http.Request) string {
	if a := Address(r); a.IsValid() {
		return a.String()
	}
	return ""
}

func browser(r *http.Request) auth.Browser {
	return auth.Browser{Address: address(r), Agent: strings.ToValidUTF8(r.UserAgent(), "")}
}

func (s *SignIn) desk() string {
	if s.Desk == "" {
		return "/desk"
	}
	return s.Desk
}

// next is the page somebody was on the way to. The pages of signing in
// themselves would lead in circles.
func (s *SignIn) next(asked string) string {
	next := LocalPath(asked, s.desk())
	path, _, _ := strings.Cut(next, "?")
	for _, circle := range []string{"/sign-in", "/sign-out", "/setup", "/demo"} {
		if path == circle || strings.HasPrefix(path, circle+"/") {
			return s.desk()
		}
	}
	return next
}

// smallForm limits the forms of these pages.
func smallForm(w http.ResponseWriter, r *http.Request) (*Form, error) {
	const runesMost = 2000
	return ReadForm(w, r, Limits{Runes: runesMost})
}

// again shows the form once more with what is wrong, when that is something
// the person can mend there; any other error becomes an error page.
func again(w http.ResponseWriter, r *http.Request, err error, head Head, body func(e ui.Errors) templ.Component) error {
	switch kind := fault.KindOf(err); kind {
	case fault.Invalid, fault.Refused, fault.TooMany:
		head.Status = status(kind)
		return Page(w, r, head, body(ui.ErrorsOf(err)))
	}
	return err
}

// filled says which fields were left empty. An empty password is no guess, so
// it uses up no attempt.
func filled(form *Form, names ...string) error {
	var faults []*fault.Fault
	for _, name := range names {
		if text.Line(form.Text(name)) == "" {
			faults = append(faults, fault.New(fault.Invalid, "auth.fill."+name).At(name))
		}
	}
	return fault.Join(faults...)
}

// unlike is the fault of two new passwords that differ; nil when they agree.
func unlike(form *Form) error {
	if form.Text("password") == form.Text("repeat_password") {
		return nil
	}
	return fault.New(fault.Invalid, "auth.password_unlike").At("repeat_password")
}
