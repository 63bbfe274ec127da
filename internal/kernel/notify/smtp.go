package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Security is how the way to the mail server is protected.
type Security string

// The ways. None is for a server on this machine or in the same locked room.
const (
	StartTLS Security = "starttls"
	TLS      Security = "tls"
	None     Security = "none"
)

// Server is the mail server that takes our letters. Without a Host there is
// none, and letters are kept.
type Server struct {
	Host     string
	Port     int // zero: 587, 465 or 25 by Security
	Security Security
	User     string // empty: no sign-in
	Password string
	From     string      // the address letters come from
	FromName string      // the name shown with it
	TLS      *tls.Config // nil: the machine's authorities
}

// Configured reports whether there is a mail server.
func (s Server) Configured() bool { return s.Host != "" }

func (s Server) check() error {
	if !s.Configured() {
		return nil
	}
	if _, err := Address(s.From); err != nil {
		return fmt.Errorf("notify: the address letters come from: %w", err)
	}
	switch s.Security {
	case StartTLS, TLS:
	case None:
		if s.User != "" {
			return errors.New("notify: a password would travel unprotected to the mail server; choose starttls or tls")
		}
	default:
		return fmt.Errorf("notify: mail security is %q; it must be starttls, tls or none", s.Security)
	}
	return nil
}

// sendTimeMax bounds the talk with a mail server about one letter.
const sendTimeMax = time.Minute

func (s Server) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithTimeout(sendTimeMax / 2), mail.WithoutNoop()}
	port := s.Port
	usual := map[Security]int{StartTLS: 587, TLS: 465, None: 25}
	if port == 0 {
		port = usual[s.Security]
	}
	switch s.Security {
	case TLS:
		options = append(options, mail.WithSSL())
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case None:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.TLS != nil {
		options = append(options, mail.WithTLSConfig(s.TLS.Clone()))
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, append(options, mail.WithPort(port))...)
}

// frame is the fixed wording around a letter's body.
type frame struct {
	see, stop string
	foot      []string
}

// deliver hands m to the mail server. The errors it gives name no address.
func (s Server) deliver(ctx context.Context, m Mail, f frame) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeMax)
	defer cancel()
	msg, err := s.message(m, f)
	if err != nil {
		return refusal{permanent: true, text: redact(err.Error())}
	}
	c, err := s.client()
	if err != nil {
		return refusal{text: redact(err.Error())}
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		var refused *mail.SendError
		if errors.As(err, &refused) && msg.IsDelivered() {
			return nil // the server took it and failed only at the farewell
		}
		return refusal{permanent: refused != nil && !refused.IsTemp() && refused.ErrorCode() >= 500, text: redact(err.Error())}
	}
	return nil
}

func (s Server) message(m Mail, f frame) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(s.FromName, s.From); err != nil {
		return nil, err
	}
	if err := msg.To(m.Recipient); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.From, "@")
	// The same at each attempt: a server that took it once can tell.
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(m.CreatedAt.Time)
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers, please
	msg.SetGenHeader("Content-Language", string(m.Lang))
	if m.Unsubscribe != "" {
		if err := msg.SetListUnsubscribeOneClick(m.Unsubscribe); err != nil {
			msg.SetListUnsubscribe(m.Unsubscribe) // one click wants https
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, plain(m, f))
	msg.AddAlternativeString(mail.TypeTextHTML, marked(m, f))
	return msg, nil
}

// plain is the letter as plain text.
func plain(m Mail, f frame) string {
	parts := []string{m.Body}
	if m.Link != "" {
		parts = append(parts, f.see+"\n"+m.Link)
	}
	parts = append(parts, "--\n"+strings.Join(f.foot, "\n"))
	if m.Unsubscribe != "" {
		parts = append(parts, f.stop+"\n"+m.Unsubscribe)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// marked is the letter as simple HTML: paragraphs and links, nothing fetched.
func marked(m Mail, f frame) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title></head><body>", html.EscapeString(string(m.Lang)), html.EscapeString(m.Subject))
	for part := range strings.SplitSeq(m.Body, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(part), "\n", "<br>") + "</p>")
		}
	}
	link := func(before, to string) {
		if to != "" {
			fmt.Fprintf(&b, "<p>%s<br><a href=\"%[2]s\">%[2]s</a></p>", html.EscapeString(before), html.EscapeString(to))
		}
	}
	link(f.see, m.Link)
	b.WriteString("<hr><p>" + html.EscapeString(strings.Join(f.foot, " ")) + "</p>")
	link(f.stop, m.Unsubscribe)
	b.WriteString("</body></html>")
	return b.String()
}

// refusal is a letter not taken. The text is shown to the administrator and
// stands in the job's row, so it names no address.
type refusal struct {
	permanent bool
	text      string
}

func (r refusal) Error() string { return r.text }

var addresses = regexp.MustCompile(`[^\s<>,:;"]+@[^\s<>,:;"]+`)

func redact(s string) string { return addresses.ReplaceAllString(s, "…@…") }
