package notify_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

func TestPhone(t *testing.T) {
	for typed, want := range map[string]string{
		"0912345678": "84912345678", "091.234.5678": "84912345678", "+84 912 345 678": "84912345678", "84912345678": "84912345678",
		"0084912345678": "84912345678", "（0912）": "!notify.phone_wrong", "": "!notify.phone_empty", " - ": "!notify.phone_empty",
		"0243 825 3536": "!notify.phone_mobile", "01662345678": "!notify.phone_mobile", "+1 202 555 0147": "!notify.phone_abroad",
		"0912345678 hoặc 0987654321": "!notify.phone_wrong", "09123456789": "!notify.phone_mobile", "112": "!notify.phone_abroad",
	} {
		got, err := notify.Phone(typed)
		if key, refused := strings.CutPrefix(want, "!"); refused {
			if !fault.Is(err, key) {
				t.Errorf("%q: %q, %v, not %s", typed, got, err, key)
			}
		} else if got != want || err != nil {
			t.Errorf("%q: %q, %v, not %q", typed, got, err, want)
		}
	}
}

// exchange is a gateway that keeps what it is asked and answers as told.
type exchange struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // bodies
	tokens []string
	status int
	answer string
}

func newExchange(t *testing.T, status int, answer string) *exchange {
	t.Helper()
	x := &exchange{status: status, answer: answer}
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		x.asked, x.tokens = append(x.asked, string(b)), append(x.tokens, r.Header.Get("access_token")+r.Header.Get("Authorization"))
		w.WriteHeader(x.status)
		if _, err := io.WriteString(w, x.answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(x.Close)
	return x
}

func (x *exchange) said(t *testing.T, n int) map[string]any {
	t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.asked) != n {
		t.Fatalf("asked %d times, not %d: %q", len(x.asked), n, x.asked)
	}
	if n == 0 {
		return nil
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(x.asked[n-1]), &m); err != nil {
		t.Fatalf("%v: %s", err, x.asked[n-1])
	}
	return m
}

func (o *office) message(t *testing.T) string {
	t.Helper()
	o.tx(t, func(ctx context.Context, tx *db.Tx) error {
		return o.Message(ctx, tx, notify.Short{CouncilID: "hn", CaseID: "c1", To: "0912 345 678", Lang: text.Vi, Code: "KN-1",
			Body: notify.Sentence{Key: "letters.forwarded", Args: []any{"code", `KN-1 "gấp"`, "body", "Sở Xây dựng"}}, Link: "/kien-nghi/KN-1"})
	})
	return o.mails(t, notify.MailFilter{})[0].ID
}

func smsOf(x *exchange) notify.SMS {
	return notify.SMS{URL: x.URL, Headers: map[string]string{"Authorization": "Bearer s3cret"}, Body: `{"dest":{to},"content":{text},"ref":{id},"sender":"HDND"}`, Taken: `"code":0`}
}

// TestMessages sends through each gateway, in both databases, and falls back
// to SMS only for a number that has no Zalo.
func TestMessages(t *testing.T) {
	for name, tc := range map[string]struct {
		status    int
		zalo      string
		sms       int // how often the SMS gateway is asked
		sent      notify.MailState
		mustRetry bool
	}{
		"zalo takes it":          {200, `{"error":0,"message":"Success"}`, 0, notify.MailSent, false},
		"the number has no zalo": {200, `{"error":-118,"message":"84912345678 not existed"}`, 1, notify.MailSent, false},
		"zalo is out of order":   {503, `oops`, 0, notify.MailWaiting, true},
		"the token has run out":  {200, `{"error":-124,"message":"Access token invalid"}`, 0, notify.MailWaiting, true},
		"an answer that is none": {200, `<html>`, 0, notify.MailWaiting, true},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachDB(t, func(t *testing.T, d *db.DB) {
				zalo, sms := newExchange(t, tc.status, tc.zalo), newExchange(t, 200, `{"code":0}`)
				o := newOffice(t, d, notify.Server{})
				o.Phones = notify.Phones{Zalo: notify.Zalo{URL: zalo.URL, Token: "t0ken", Template: "77"}, SMS: smsOf(sms)}
				id := o.message(t)
				if _, err := o.queue.Drain(t.Context()); (err != nil) != tc.mustRetry {
					t.Fatalf("drained: %v", err)
				}
				asked := zalo.said(t, 1)
				data := asked["template_data"].(map[string]any)
				if asked["phone"] != "84912345678" || asked["template_id"] != "77" || asked["tracking_id"] != id || zalo.tokens[0] != "t0ken" ||
					data["ma"] != "KN-1" || data["noi_dung"] != `Kiến nghị KN-1 "gấp" đã được chuyển đến Sở Xây dựng` || data["duong_dan"] != "https://hdnd.example.vn/kien-nghi/KN-1" {
					t.Errorf("asked %v", asked)
				}
				if s := sms.said(t, tc.sms); tc.sms > 0 && (s["dest"] != "84912345678" || s["content"] != `KN-1: Kien nghi KN-1 "gap" da duoc chuyen den So Xay dung https://hdnd.example.vn/kien-nghi/KN-1` ||
					sms.tokens[0] != "Bearer s3cret") {
					t.Errorf("sms %v", s)
				}
				m := o.mails(t, notify.MailFilter{})[0]
				if m.State != tc.sent || strings.Contains(m.LastError, "912345678") {
					t.Errorf("outbox %+v", m)
				}
			}, schemas()...)
		})
	}
}

// Without a gateway nothing is written; a number that cannot take messages is
// refused before anything is.
func TestMessagesNowhere(t *testing.T) {
	o := newOffice(t, testkit.OpenSQLite(t, schemas()...), notify.Server{})
	short := notify.Short{CouncilID: "hn", To: "02438253536", Lang: text.Vi, Code: "KN-1", Body: notify.Sentence{Key: "letters.body"}}
	send := func() error {
		return o.db.Tx(t.Context(), func(tx *db.Tx) error { return o.Message(t.Context(), tx, short) })
	}
	if err := send(); err != nil {
		t.Errorf("no gateway: %v", err)
	}
	sms := newExchange(t, 200, `{"code":7,"to":"84912345678"}`)
	o.Phones.SMS = smsOf(sms)
	if err := send(); !fault.Is(err, "notify.phone_mobile") {
		t.Errorf("a landline: %v", err)
	}
	if all := o.mails(t, notify.MailFilter{}); len(all) != 0 {
		t.Errorf("outbox %+v", all)
	}
	short.To = "0912345678"
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if _, err := o.queue.Drain(t.Context()); err == nil || strings.Contains(err.Error(), "912345678") {
		t.Errorf("a message that was not taken: %v", err)
	}
}

func TestReadPhones(t *testing.T) {
	whole := "[zalo]\ntoken = \"a\"\ntemplate = \"1\"\n[sms]\nurl = \"https://sms.example.vn/send\"\nbody = '{\"to\":{to},\"text\":{text}}'\ntaken = \"ok\"\naccents = true\n"
	for name, tc := range map[string]struct {
		file, says string
		mode       os.FileMode
	}{
		"whole":          {whole, "", 0o600},
		"for everybody":  {whole, "chmod o-rwx", 0o644},
		"unknown":        {whole + "retries = 3\n", "unknown key", 0o600},
		"no template":    {"[zalo]\ntoken = \"a\"\n", "no template", 0o600},
		"unprotected":    {strings.Replace(whole, "https", "http", 1), "not https", 0o600},
		"no place":       {strings.Replace(whole, "{text}", "\"x\"", 1), "needs {to} and {text}", 0o600},
		"no json":        {strings.Replace(whole, "{\"to\"", "\"to\"", 1), "no JSON", 0o600},
		"taken is unset": {strings.Replace(whole, "taken = \"ok\"", "", 1), "was taken", 0o600},
	} {
		path := filepath.Join(t.TempDir(), "gateways.toml")
		if err := os.WriteFile(path, []byte(tc.file), tc.mode); err != nil {
			t.Fatal(err)
		}
		p, err := notify.ReadPhones(path)
		if tc.says == "" {
			if err != nil || !p.Configured() {
				t.Errorf("%s: %+v, %v", name, p, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := notify.ReadPhones(""); err != nil || p.Configured() {
		t.Errorf("no file: %+v, %v", p, err)
	}
}
