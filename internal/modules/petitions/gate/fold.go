package gate

import (
	_ "embed" // folding.toml
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/text"
)

//go:embed folding.toml
var foldingText string

// provider is how a mail service lets its users write one address in many ways.
type provider struct {
	Hosts      []string `toml:"hosts"`
	OneMailbox bool     `toml:"one_mailbox"`
	NoDots     bool     `toml:"dots_ignored"`
	Tag        string   `toml:"tag"`
}

// renumbering is codes that were replaced in numbers of so many digits.
type renumbering struct {
	Digits int         `toml:"digits"`
	Codes  [][2]string `toml:"codes"`
}

// folding is folding.toml.
type folding struct {
	Providers  []provider    `toml:"provider"`
	Phones     []renumbering `toml:"phone"`
	Lookalikes struct {
		From string `toml:"from"`
		To   string `toml:"to"`
	} `toml:"lookalikes"`
	alike map[rune]rune
}

func readFolding(s string) (folding, error) {
	var f folding
	md, err := toml.Decode(s, &f)
	if err != nil {
		return f, fmt.Errorf("gate: folding.toml: %w", err)
	}
	if left := md.Undecoded(); len(left) > 0 {
		return f, fmt.Errorf("gate: folding.toml: unknown %v", left)
	}
	from, to := []rune(f.Lookalikes.From), []rune(f.Lookalikes.To)
	if len(from) != len(to) {
		return f, fmt.Errorf("gate: folding.toml: %d lookalikes for %d letters", len(from), len(to))
	}
	f.alike = make(map[rune]rune, len(from))
	for i := range from {
		f.alike[from[i]] = to[i]
	}
	return f, f.check()
}

// check holds what folding twice must not change.
func (f folding) check() error {
	seen := map[string]bool{}
	for _, p := range f.Providers {
		if len(p.Hosts) == 0 || utf8.RuneCountInString(p.Tag) != 1 {
			return errors.New("gate: folding.toml: a provider needs hosts and one tag letter")
		}
		for _, h := range p.Hosts {
			if seen[h] || h != strings.ToLower(h) {
				return fmt.Errorf("gate: folding.toml: host %q stands twice or is not in small letters", h)
			}
			seen[h] = true
		}
	}
	for r, to := range f.alike {
		if _, chain := f.alike[to]; chain || to > unicode.MaxASCII {
			return fmt.Errorf("gate: folding.toml: lookalike %q", r)
		}
	}
	codes := map[string]bool{}
	for _, r := range f.Phones {
		for _, c := range r.Codes {
			if codes[c[0]] || !strings.HasPrefix(c[0], "0") || !strings.HasPrefix(c[1], "0") || len(c[0]) == len(c[1]) {
				return fmt.Errorf("gate: folding.toml: code %q", c[0])
			}
			codes[c[0]] = true
		}
	}
	return nil
}

// email is the one writing of all writings of a mail address; empty of none.
func (f folding) email(s string) string {
	s = plain(s)
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s
	}
	name, host := strings.Trim(s[:at], "."), f.host(s[at+1:])
	i := slices.IndexFunc(f.Providers, func(p provider) bool { return slices.Contains(p.Hosts, host) })
	if i < 0 {
		return name + "@" + host
	}
	p := f.Providers[i]
	if tag := strings.Index(name, p.Tag); tag > 0 {
		name = name[:tag]
	}
	if p.NoDots {
		name = strings.ReplaceAll(name, ".", "")
	}
	if p.OneMailbox {
		host = p.Hosts[0]
	}
	return strings.Trim(name, ".") + "@" + host
}

// host folds a host's name: xn-- written out, wide and foreign letters that
// look like Latin ones as these. Unfolding may bring further letters, so it is
// done until nothing changes.
func (f folding) host(s string) string {
	s = strings.Trim(s, ".")
	for range rounds {
		before := s
		if u, err := idna.Punycode.ToUnicode(s); err == nil {
			s = u
		}
		s = strings.Map(func(r rune) rune {
			if to, ok := f.alike[r]; ok {
				return to
			}
			return r
		}, plain(s))
		s = strings.Trim(strings.NewReplacer("。", ".", "@", "").Replace(s), ".")
		if s == before {
			break
		}
	}
	return s
}

// rounds is how often a text is folded at most until nothing changes.
const rounds = 4

// plain is a text in small letters of one width without what cannot be seen.
// Normalising may bring forth a space ("¯" is one under a macron), and dropping
// one may bring letters together: it is done until nothing changes.
func plain(s string) string {
	for range rounds {
		before := s
		s = strings.ToLower(norm.NFKC.String(strings.Map(visible, s)))
		if s == before {
			break
		}
	}
	return s
}

// visible drops what cannot be seen: spaces, control signs, zero-width letters.
func visible(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.C, r) || r == utf8.RuneError {
		return -1
	}
	return r
}

// The lengths of Vietnamese numbers, with their leading 0.
const (
	numberLeast = 10
	numberMost  = 11
)

// phone is the one writing of all writings of a telephone number, "+84…" for a
// Vietnamese one; empty of none.
func (f folding) phone(s string) string {
	s = text.NFC(norm.NFKC.String(s))
	abroad := strings.HasPrefix(strings.TrimSpace(s), "+")
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if bare := strings.TrimLeft(digits, "0"); bare != "" && (abroad || strings.HasPrefix(digits, "00")) {
		digits, abroad = bare, true
	}
	if abroad && !strings.HasPrefix(digits, "84") {
		return "+" + digits
	}
	home, ok := national(digits, abroad)
	switch {
	case !ok && abroad:
		return "+" + digits
	case !ok:
		return digits
	}
	for _, r := range f.Phones {
		for _, c := range r.Codes {
			if len(home) == r.Digits && strings.HasPrefix(home, c[0]) {
				return "+84" + c[1][1:] + home[len(c[0]):]
			}
		}
	}
	return "+84" + home[1:]
}

// national reads the digits of a Vietnamese number as dialled at home, "0…".
func national(digits string, abroad bool) (string, bool) {
	fits := func(s string) bool {
		return len(s) >= numberLeast && len(s) <= numberMost && s[0] == '0' && s[1] != '0'
	}
	if !abroad && fits(digits) {
		return digits, true
	}
	for _, country := range []string{"084", "84"} {
		rest, found := strings.CutPrefix(digits, country)
		if !found {
			continue
		}
		if home := "0" + strings.TrimLeft(rest, "0"); fits(home) {
			return home, true
		}
	}
	return "", false
}
