package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/text"
)

// Phones are the gateways to mobile telephones. The zero Phones has none.
type Phones struct {
	Zalo Zalo `toml:"zalo"`
	SMS  SMS  `toml:"sms"`
}

// Zalo is the office's own account at the Zalo Notification Service. Its
// template, which Zalo approves beforehand, has the three values "ma" (code),
// "noi_dung" (what happened) and "duong_dan" (address).
type Zalo struct {
	URL      string `toml:"url"` // empty: Zalo's own
	Token    string `toml:"token"`
	Template string `toml:"template"`
}

// SMS is whatever gateway the office has a contract with. They all take one
// HTTP POST and differ in its words, so the words are set up: Body is JSON in
// which {to}, {text} and {id} stand for JSON strings, and an answer that
// contains Taken means that the message was taken.
type SMS struct {
	URL     string            `toml:"url"`
	Headers map[string]string `toml:"headers"`
	Body    string            `toml:"body"`
	Taken   string            `toml:"taken"`
	Accents bool              `toml:"accents"` // false: without accents, 160 letters instead of 70
}

const zaloURL = "https://business.openapi.zalo.me/message/template"

// ReadPhones reads the gateways' file. It holds secrets, so it must not be
// everybody's to read. A name the program does not know is an error.
func ReadPhones(path string) (Phones, error) {
	var p Phones
	if path == "" {
		return p, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return p, fmt.Errorf("notify: gateways: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return p, fmt.Errorf("notify: gateways: %s holds secrets and can be read by everybody on this machine; take that right away (chmod o-rwx)", path)
	}
	meta, err := toml.DecodeFile(path, &p)
	if err != nil {
		return p, fmt.Errorf("notify: gateways: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return p, fmt.Errorf("notify: gateways: %s has an unknown key %q", path, unknown[0].String())
	}
	return p, p.check()
}

// Configured reports whether any gateway is set up.
func (p Phones) Configured() bool { return p.Zalo.Token != "" || p.SMS.URL != "" }

func (p Phones) check() error {
	if p.Zalo.Token != "" && p.Zalo.Template == "" {
		return errors.New("notify: gateways: zalo has a token and no template")
	}
	for _, address := range []string{p.Zalo.URL, p.SMS.URL} {
		if address != "" && !protected(address) {
			return fmt.Errorf("notify: gateways: %q is not https; voters' numbers would travel unprotected", address)
		}
	}
	if p.SMS.URL == "" {
		return nil
	}
	if !strings.Contains(p.SMS.Body, "{to}") || !strings.Contains(p.SMS.Body, "{text}") {
		return errors.New("notify: gateways: the body of sms needs {to} and {text}")
	}
	if p.SMS.Taken == "" {
		return errors.New("notify: gateways: sms does not say which answer means that a message was taken")
	}
	if body := p.SMS.fill(Mail{}); !json.Valid(body) {
		return fmt.Errorf("notify: gateways: the body of sms is no JSON: %s", body)
	}
	return nil
}

// protected: plain HTTP is for a gateway on this machine alone.
func protected(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && ip != nil && ip.IsLoopback()
}

// deliver offers a message to the gateways in turn. The next is asked only
// when the one before refuses for good, such as a number without Zalo.
func (p Phones) deliver(ctx context.Context, m Mail) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeMax)
	defer cancel()
	err := error(refusal{permanent: true, text: "no gateway"})
	if p.Zalo.Token != "" {
		err = p.Zalo.send(ctx, m)
	}
	var r refusal
	if p.SMS.URL != "" && errors.As(err, &r) && r.permanent {
		return p.SMS.send(ctx, m)
	}
	return err
}

// zaloFinal are the answers after which asking again is no use: the number is
// wrong, has no account, or its owner takes no such messages.
var zaloFinal = []int{-108, -114, -117, -118, -119}

func (z Zalo) send(ctx context.Context, m Mail) error {
	address := z.URL
	if address == "" {
		address = zaloURL
	}
	body, err := json.Marshal(map[string]any{"phone": m.Recipient, "template_id": z.Template, "tracking_id": m.ID,
		"template_data": map[string]string{"ma": m.Subject, "noi_dung": m.Body, "duong_dan": m.Link}})
	if err != nil {
		return err
	}
	answer, err := post(ctx, address, map[string]string{"access_token": z.Token}, body)
	if err != nil {
		return err
	}
	var said struct {
		Error   *int   `json:"error"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || said.Error == nil {
		return refusal{text: "zalo: an answer that is none: " + shortened(answer)}
	}
	if *said.Error == 0 {
		return nil
	}
	return refusal{permanent: slices.Contains(zaloFinal, *said.Error), text: fmt.Sprintf("zalo: %d %s", *said.Error, redactPhones(said.Message))}
}

func (s SMS) send(ctx context.Context, m Mail) error {
	answer, err := post(ctx, s.URL, s.Headers, s.fill(m))
	if err != nil {
		return err
	}
	if !bytes.Contains(answer, []byte(s.Taken)) {
		return refusal{text: "sms: not taken: " + redactPhones(shortened(answer))}
	}
	return nil
}

// fill puts the message into the set-up body; each value is one JSON string.
func (s SMS) fill(m Mail) []byte {
	words := m.Subject + ": " + m.Body
	if m.Link != "" {
		words += " " + m.Link
	}
	if !s.Accents {
		words = text.Unaccented(words)
	}
	values := []string{}
	for name, value := range maps.All(map[string]string{"{to}": m.Recipient, "{text}": words, "{id}": m.ID}) {
		quoted, err := json.Marshal(value)
		if err != nil { // a string always has a JSON form
			continue
		}
		values = append(values, name, string(quoted))
	}
	return []byte(strings.NewReplacer(values...).Replace(s.Body))
}

// answerMax bounds what is read of a gateway's answer, in bytes.
const answerMax = 8 << 10

// post gives the answer to a request that was understood; what may pass is a
// refusal for now, what the gateway calls our mistake one for good.
func post(ctx context.Context, address string, headers map[string]string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, refusal{permanent: true, text: "gateway: " + err.Error()}
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // secrets stay with whom they were given to
	res, err := client.Do(req)
	if err != nil {
		return nil, refusal{text: redactPhones(err.Error())}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return nil, refusal{text: redactPhones(err.Error())}
	}
	if res.StatusCode/100 != 2 {
		final := res.StatusCode == http.StatusBadRequest || res.StatusCode == http.StatusUnprocessableEntity
		return nil, refusal{permanent: final, text: "gateway: " + res.Status + " " + redactPhones(shortened(answer))}
	}
	return answer, nil
}

func shortened(b []byte) string {
	const most = 200
	return text.Line(string(b[:min(len(b), most)]))
}

var numbers = regexp.MustCompile(`\+?\d{8,}`)

// redactPhones: errors stand in the jobs' list, where no voter's number belongs.
func redactPhones(s string) string { return numbers.ReplaceAllString(s, "…") }
