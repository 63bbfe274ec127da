package notify

import (
	"net/mail"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of RFC 5321, 4.5.3.1.
const (
	addressMax = 254
	localMax   = 64
)

// Address checks an e-mail address that a person has typed and gives it as it
// is used. Addresses with accents, which few servers of ours would deliver to
// and which mostly are a slip of the Vietnamese keyboard, are refused with a
// sentence that says so. The fault names no form field; the caller does.
func Address(typed string) (string, error) {
	s := text.Line(typed)
	local, domain, at := strings.Cut(s, "@")
	switch {
	case s == "":
		return "", refuse("notify.address_empty")
	case strings.ContainsAny(s, ",;"):
		return "", refuse("notify.address_several")
	case strings.ContainsAny(s, " <>()\"\\"):
		return "", refuse("notify.address_wrong")
	case !at || local == "" || domain == "" || strings.Contains(domain, "@"):
		return "", refuse("notify.address_at")
	case !ascii(local):
		return "", refuse("notify.address_accents")
	case !ascii(domain):
		return "", refuse("notify.address_domain_accents")
	case len(s) > addressMax || len(local) > localMax:
		return "", refuse("notify.address_long")
	case !hostname(domain):
		return "", refuse("notify.address_domain")
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s {
		return "", refuse("notify.address_wrong")
	}
	return local + "@" + strings.ToLower(domain), nil
}

func refuse(key string) error { return fault.New(fault.Invalid, key) }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// hostname reports whether s is a name in the domain name system with at least
// two parts; bare addresses of machines are not for letters.
func hostname(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, r := range l {
			if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != ""
}
