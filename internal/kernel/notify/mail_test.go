package notify_test

import (
	"context"
	"crypto/tls"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

func serverOf(box *testkit.Mailbox, security notify.Security) notify.Server {
	s := notify.Server{Host: box.Host, Port: box.Port, Security: security, User: "hdnd", Password: "secret", From: "hdnd@hanoi.example.vn",
		FromName: "HĐND thành phố Hà Nội", TLS: &tls.Config{RootCAs: box.Roots, ServerName: box.Host}}
	if security == notify.None {
		s.User, s.Password = "", ""
	}
	return s
}

func (o *office) write(t testing.TB) (id string) {
	t.Helper()
	o.tx(t, func(ctx context.Context, tx *db.Tx) error {
		return o.Mail(ctx, tx, notify.Letter{CouncilID: "hn", CaseID: "c1", To: "cu.tri@example.vn", Lang: text.Vi,
			Subject: notify.Sentence{Key: "letters.forwarded", Args: []any{"code", "KN-1", "body", "Sở Xây dựng\r\nBcc: x@example.vn"}},
			Body:    notify.Sentence{Key: "letters.body", Args: []any{"code", "KN-1"}}, Link: "/tra-cuu/KN-1", Unsubscribe: "/thoi-nhan-thu/abc"})
	})
	return o.mails(t, notify.MailFilter{})[0].ID
}

func (o *office) mails(t testing.TB, f notify.MailFilter) (all []notify.Mail) {
	t.Helper()
	o.tx(t, func(ctx context.Context, tx *db.Tx) (err error) { all, err = o.Mails(ctx, tx, f); return err })
	return all
}

// TestSend sends one letter through each kind of protection and reads it as
// the voter's program would.
func TestSend(t *testing.T) {
	for _, security := range []notify.Security{notify.StartTLS, notify.TLS, notify.None} {
		t.Run(string(security), func(t *testing.T) {
			box := testkit.NewMailbox(t, security == notify.TLS)
			o := newOffice(t, testkit.OpenSQLite(t, schemas()...), serverOf(box, security))
			o.write(t)
			if _, err := o.queue.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			letters := box.Letters()
			if len(letters) != 1 {
				t.Fatalf("%d letters", len(letters))
			}
			l := letters[0]
			if l.To != "cu.tri@example.vn" || l.From != "hdnd@hanoi.example.vn" || (l.User == "hdnd") != l.Secure || l.Secure != (security != notify.None) {
				t.Errorf("envelope %+v", l)
			}
			readLetter(t, l.Message)
			if m := o.mails(t, notify.MailFilter{State: notify.MailSent, CouncilID: "hn"}); len(m) != 1 || m[0].SentAt.IsZero() {
				t.Errorf("outbox %+v", m)
			}
		})
	}
}

func readLetter(t *testing.T, raw string) {
	t.Helper()
	msg, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var words mime.WordDecoder
	subject, err := words.DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != "Kiến nghị KN-1 đã được chuyển đến Sở Xây dựng Bcc: x@example.vn" {
		t.Errorf("subject %q %v", subject, err)
	}
	if from, err := msg.Header.AddressList("From"); err != nil || from[0].Name != "HĐND thành phố Hà Nội" {
		t.Errorf("from %v %v", from, err)
	}
	for header, want := range map[string]string{
		"Bcc": "", "Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://hdnd.example.vn/thoi-nhan-thu/abc>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "X-Mailer": "", "User-Agent": "",
	} {
		if got := msg.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range [][]string{
		{"Kiến nghị <KN-1> đã được chuyển.", "https://hdnd.example.vn/tra-cuu/KN-1", "https://hdnd.example.vn/thoi-nhan-thu/abc"},
		{"<p>Kiến nghị &lt;KN-1&gt; đã được chuyển.</p>", `<a href="https://hdnd.example.vn/tra-cuu/KN-1">`, `<html lang="vi">`},
	} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range want {
			if !strings.Contains(string(b), s) {
				t.Errorf("%s lacks %q:\n%s", p.Header.Get("Content-Type"), s, b)
			}
		}
	}
}

// TestRefusals has the mail server fail in each way: what may pass is tried
// again later, what is refused for good is a dead job the administrator sees,
// and neither names the voter's address.
func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		at, answer string
		permanent  bool
	}{
		"busy at the greeting":      {"", "421 4.3.2 come back later", false},
		"hangs up at the recipient": {"RCPT", testkit.HangUp, false},
		"hangs up in the message":   {".", testkit.HangUp, false},
		"mailbox full for now":      {"RCPT", "452 4.2.2 <cu.tri@example.vn> is full", false},
		"greylisted":                {"DATA", "451 4.7.1 try again", false},
		"no such mailbox":           {"RCPT", "550 5.1.1 <cu.tri@example.vn>: no such user", true},
		"refused as spam":           {".", "554 5.7.1 refused for cu.tri@example.vn", true},
	} {
		t.Run(name, func(t *testing.T) {
			box := testkit.NewMailbox(t, false)
			o := newOffice(t, testkit.OpenSQLite(t, schemas()...), serverOf(box, notify.None))
			box.Answers(func(command string) string {
				if strings.HasPrefix(command, tc.at) && (tc.at != "" || command == "") {
					return tc.answer
				}
				return ""
			})
			id := o.write(t)
			if _, err := o.queue.Drain(t.Context()); err == nil {
				t.Fatal("the failure was not told")
			}
			m := o.mails(t, notify.MailFilter{})[0]
			row := o.job(t)
			want, state := jobs.Queued, notify.MailWaiting
			if tc.permanent {
				want, state = jobs.Dead, notify.MailFailed
			}
			if row.State != want || m.State != state {
				t.Errorf("job %s, letter %s", row.State, m.State)
			}
			for _, s := range []string{row.LastError, m.LastError} {
				if s == "" || strings.Contains(s, "cu.tri") {
					t.Errorf("error %q", s)
				}
			}
			t.Log(m.LastError)
			box.Answers(nil)
			if tc.permanent {
				o.tx(t, func(ctx context.Context, tx *db.Tx) error { return o.Resend(ctx, tx, id) })
			}
			o.clock.Advance(10 * time.Second)
			if _, err := o.queue.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(box.Letters()); n != 1 {
				t.Errorf("%d letters arrived", n)
			}
		})
	}
}

func (o *office) job(t testing.TB) (row jobs.Row) {
	t.Helper()
	o.tx(t, func(ctx context.Context, tx *db.Tx) error {
		rows, err := o.queue.List(ctx, tx, jobs.Filter{Kind: "notify.mail"})
		if err == nil {
			row = rows[0]
		}
		return err
	})
	return row
}

func TestKeptWithoutServer(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		id := o.write(t)
		if _, err := o.queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := o.mails(t, notify.MailFilter{State: notify.MailKept})
		if len(m) != 1 || !strings.Contains(m[0].Body, "KN-1") || m[0].Link != "https://hdnd.example.vn/tra-cuu/KN-1" {
			t.Fatalf("outbox %+v", m)
		}
		err := o.db.Tx(t.Context(), func(tx *db.Tx) error { return o.Resend(t.Context(), tx, id) })
		if !fault.Is(err, "notify.no_server") {
			t.Errorf("resend: %v", err)
		}
		err = o.db.Tx(t.Context(), func(tx *db.Tx) error {
			return o.Mail(t.Context(), tx, notify.Letter{To: "cử.tri@example.vn"})
		})
		if !fault.Is(err, "notify.address_accents") {
			t.Errorf("wrong address: %v", err)
		}
	})
}

func TestServerRefused(t *testing.T) {
	good := notify.Server{Host: "mail.example.vn", Security: notify.StartTLS, From: "hdnd@example.vn"}
	for name, spoil := range map[string]func(*notify.Server){
		"no protection named":   func(s *notify.Server) { s.Security = "" },
		"password in the clear": func(s *notify.Server) { s.Security, s.User = notify.None, "hdnd" },
		"no sender":             func(s *notify.Server) { s.From = "" },
	} {
		s := good
		spoil(&s)
		if _, err := notify.New(notify.Deps{Server: s}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
