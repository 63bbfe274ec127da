package auth

import (
	"strings"
	"testing"
)

func FuzzTokenHash(f *testing.F) {
	token, _ := newToken()
	for _, seed := range []string{token, "", token[1:], token + "A", strings.Repeat("_", 43), strings.Repeat("é", 21) + "x", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		hash, ok := tokenHash(s)
		if !ok {
			if hash != "" {
				t.Errorf("%q: refused, and yet a hash", s)
			}
			return
		}
		// One token, one spelling: else a copied cookie could pass for another.
		b, err := tokenCode.DecodeString(s)
		if err != nil || tokenCode.EncodeToString(b) != s || len(hash) != 64 {
			t.Errorf("%q has a second spelling", s)
		}
	})
}

func FuzzStoredHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=64,t=0,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseStored(s)
		if err != nil {
			return
		}
		again, err := parseStored(got.String())
		if err != nil || again.String() != got.String() {
			t.Errorf("%q reads back as %q: %v", s, got, err)
		}
	})
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{
		"10.1.2.3":             "10.1.2.3",
		"::ffff:10.1.2.3":      "10.1.2.3",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"":                     "",
		"@":                    "@",
	} {
		if got := network(in); got != want {
			t.Errorf("network(%q) = %q, want %q", in, got, want)
		}
	}
}
