package testkit

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Letter is what a Mailbox took: the envelope and the message as it came.
type Letter struct {
	From, To string
	Message  string
	Secure   bool   // it came through TLS
	User     string // who signed in to the server
}

// HangUp as a Mailbox's answer closes the connection without a word.
const HangUp = "hang up"

// Mailbox is a mail server that keeps what it takes. It speaks SMTP on a real
// port, offers STARTTLS and sign-in, and fails in the ways a test asks for.
type Mailbox struct {
	Host string
	Port int
	// Roots trusts the server's certificate.
	Roots *x509.CertPool

	listener net.Listener
	tls      *tls.Config
	implicit bool
	mu       sync.Mutex
	answer   func(command string) string
	letters  []Letter
	open     map[net.Conn]bool
	serving  sync.WaitGroup
}

// NewMailbox starts a mail server for the time of the test; with implicit, one
// that speaks TLS from the first byte.
func NewMailbox(t testing.TB, implicit bool) *Mailbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &Mailbox{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, listener: l, implicit: implicit, open: map[net.Conn]bool{}}
	if err := m.certify(); err != nil {
		t.Fatal(err)
	}
	m.serving.Go(m.accept)
	t.Cleanup(m.stop)
	return m
}

// Answers lets fn decide on a command ("RCPT TO:<a@b.vn>", "DATA", "." for the
// end of a message, "" for the greeting): an SMTP answer, HangUp, or "" for the
// usual one.
func (m *Mailbox) Answers(fn func(command string) string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = fn
}

// Letters are those taken so far.
func (m *Mailbox) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Letter(nil), m.letters...)
}

func (m *Mailbox) stop() {
	m.listener.Close()
	m.mu.Lock()
	for c := range m.open {
		c.Close()
	}
	m.mu.Unlock()
	m.serving.Wait()
}

func (m *Mailbox) certify() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(m.Host)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	m.Roots = x509.NewCertPool()
	m.Roots.AddCert(cert)
	m.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return nil
}

func (m *Mailbox) accept() {
	for {
		c, err := m.listener.Accept()
		if err != nil {
			return
		}
		m.mu.Lock()
		m.open[c] = true
		m.mu.Unlock()
		m.serving.Go(func() {
			s := &smtpTalk{box: m, conn: c}
			if m.implicit {
				s.conn, s.letter.Secure = tls.Server(c, m.tls), true
			}
			s.serve()
			s.conn.Close()
			m.mu.Lock()
			delete(m.open, c)
			m.mu.Unlock()
		})
	}
}

// smtpTalk is one client's connection.
type smtpTalk struct {
	box    *Mailbox
	conn   net.Conn
	in     *bufio.Reader
	letter Letter
}

// say answers a command: as the test wants, or with usual. It reports whether
// the usual course goes on.
func (s *smtpTalk) say(command, usual string) (goOn, alive bool) {
	s.box.mu.Lock()
	fn := s.box.answer
	s.box.mu.Unlock()
	special := ""
	if fn != nil {
		special = fn(command)
	}
	if special == HangUp {
		return false, false
	}
	if special == "" {
		special = usual
	}
	_, err := fmt.Fprintf(s.conn, "%s\r\n", special)
	return special == usual, err == nil && !strings.HasPrefix(special, "421")
}

func (s *smtpTalk) line() (string, bool) {
	l, err := s.in.ReadString('\n')
	return strings.TrimRight(l, "\r\n"), err == nil
}

func (s *smtpTalk) serve() {
	s.in = bufio.NewReader(s.conn)
	if _, alive := s.say("", "220 mailbox ready"); !alive {
		return
	}
	for {
		command, ok := s.line()
		if !ok || !s.command(command) {
			return
		}
	}
}

// command carries out one command and reports whether the talk goes on.
func (s *smtpTalk) command(line string) bool {
	verb, argument, _ := strings.Cut(line, " ")
	usual := "250 OK"
	switch strings.ToUpper(verb) {
	case "EHLO":
		usual = "250-mailbox\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 ENHANCEDSTATUSCODES"
		if !s.letter.Secure {
			usual = "250-mailbox\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 STARTTLS"
		}
	case "STARTTLS":
		return s.secure(line)
	case "AUTH":
		usual = "235 welcome"
		_, secret, _ := strings.Cut(argument, " ")
		if b, err := base64.StdEncoding.DecodeString(secret); err == nil {
			if parts := strings.Split(string(b), "\x00"); len(parts) == 3 {
				s.letter.User = parts[1]
			}
		}
	case "MAIL":
		s.letter.From = between(argument)
	case "RCPT":
		s.letter.To = between(argument)
	case "DATA":
		return s.take(line)
	case "QUIT":
		s.say(line, "221 bye")
		return false
	}
	_, alive := s.say(line, usual)
	return alive
}

func (s *smtpTalk) secure(line string) bool {
	goOn, alive := s.say(line, "220 go ahead")
	if goOn && alive {
		s.conn = tls.Server(s.conn, s.box.tls)
		s.in, s.letter.Secure = bufio.NewReader(s.conn), true
	}
	return alive
}

func (s *smtpTalk) take(line string) bool {
	if goOn, alive := s.say(line, "354 go ahead"); !goOn {
		return alive
	}
	var b strings.Builder
	for {
		l, ok := s.line()
		if !ok {
			return false
		}
		if l == "." {
			break
		}
		b.WriteString(strings.TrimPrefix(l, ".") + "\r\n")
	}
	goOn, alive := s.say(".", "250 2.0.0 taken")
	if goOn {
		s.letter.Message = b.String()
		s.box.mu.Lock()
		s.box.letters = append(s.box.letters, s.letter)
		s.box.mu.Unlock()
	}
	return alive
}

func between(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
