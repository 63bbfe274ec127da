package notify

import (
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// mobileDigits is the length of a Vietnamese mobile number with its country
// code: 84 and nine digits.
const mobileDigits = 11

// Phone checks a telephone number that a person has typed and gives it as
// message gateways take it, "84912345678". Only mobile numbers can take
// messages; since 2018 they begin with 3, 5, 7, 8 or 9 after the zero
// (Kế hoạch đánh số viễn thông, Thông tư 22/2014/TT-BTTTT and its plan of change).
func Phone(typed string) (string, error) {
	var digits strings.Builder
	for _, r := range text.Line(typed) {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case !strings.ContainsRune(" .-+()", r):
			return "", refuse("notify.phone_wrong")
		}
	}
	s := digits.String()
	switch {
	case s == "":
		return "", refuse("notify.phone_empty")
	case strings.HasPrefix(s, "0084"):
		s = s[2:]
	case strings.HasPrefix(s, "0"):
		s = "84" + s[1:]
	}
	if !strings.HasPrefix(s, "84") {
		return "", refuse("notify.phone_abroad")
	}
	if len(s) != mobileDigits || !strings.ContainsRune("35789", rune(s[2])) {
		return "", refuse("notify.phone_mobile")
	}
	return s, nil
}
