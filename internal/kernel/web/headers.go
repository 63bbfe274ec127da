package web

import (
	"net/http"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// policy allows nothing from outside and nothing written into the page: no
// inline script, no style attribute.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const (
	langCookie  = "lang"
	themeCookie = "theme"
	yearSeconds = 365 * 24 * 60 * 60
)

// guard sets the headers that every answer has. Pages may be kept by the
// browser but are asked for again; so the back button still has what was typed.
func (s *Server) guard(h http.Header, req *request) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Accept-Encoding, HX-Request")
	h.Set("X-Request-Id", req.id)
	if req.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// language is the one asked for, else the kept one, else Vietnamese.
func language(r *http.Request) text.Lang {
	asked := r.URL.Query().Get("lang")
	if c, err := r.Cookie(langCookie); asked == "" && err == nil {
		asked = c.Value
	}
	if asked == string(text.En) {
		return text.En
	}
	return text.Vi
}

func themeOf(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "dark" || c.Value == "light") {
		return c.Value
	}
	return ""
}

func setCookie(w http.ResponseWriter, secure bool, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	})
}

// preferences keeps language and theme in cookies and goes back.
func preferences(w http.ResponseWriter, r *http.Request) error {
	form, err := ReadForm(w, r, Limits{})
	if err != nil {
		return err
	}
	if lang := form.Line("lang"); lang == string(text.Vi) || lang == string(text.En) {
		setCookie(w, Secure(r), langCookie, lang, yearSeconds)
	}
	if theme := form.Line("theme"); theme == "light" || theme == "dark" {
		setCookie(w, Secure(r), themeCookie, theme, yearSeconds)
	}
	return SeeOther(w, r, LocalPath(form.Line("back"), "/"))
}

// LocalPath is p when p is an address of this site, else otherwise. Sign-in and
// every other "go back there" must use it: a foreign address would send people
// away to a page that looks like ours.
func LocalPath(p, otherwise string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return otherwise
	}
	return p
}
