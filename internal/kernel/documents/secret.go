package documents

import (
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Level is how secret a paper is. This system keeps ordinary papers only; the
// other levels exist so that they can be named in the refusal.
//
// vi: độ mật
type Level string

// The levels (Luật Bảo vệ bí mật nhà nước).
const (
	Ordinary   Level = "thường"
	Secret     Level = "MẬT"
	VerySecret Level = "TỐI MẬT"
	MostSecret Level = "TUYỆT MẬT"
)

// How much of a text is its head, where a stamp stands.
const (
	headMaxLines = 45
	headMaxBytes = 12000
)

// secret refuses a paper that belongs on the confidential system.
func secret(mark string) *fault.Fault {
	return fault.New(fault.Refused, "documents.secret_level", "mark", mark).By(secretRule)
}

// RefuseMark refuses a text whose head bears a mark of secrecy.
func RefuseMark(head string) error {
	if mark := FindMark(head); mark != "" {
		return secret(mark).At("files")
	}
	return nil
}

// secretRule is the law whose papers may not be kept here.
const secretRule = "Luật Bảo vệ bí mật nhà nước"

// FindMark looks for a mark of secrecy at the head of a text: MẬT, TỐI MẬT or
// TUYỆT MẬT standing alone, as the stamp does, or after "Độ mật:". It gives
// the mark or nothing. The word inside a sentence ("giữ bí mật", "mật ong") is
// no mark.
func FindMark(head string) string {
	head = text.NFC(head[:min(len(head), headMaxBytes)])
	lines := 0
	for line := range strings.Lines(head) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if lines++; lines > headMaxLines {
			break
		}
		if mark := markOf(line); mark != "" {
			return mark
		}
		// Scanned or laid-out text puts the stamp beside the state's title.
		for _, column := range columns(line) {
			if mark := markOf(column); mark != "" {
				return mark
			}
		}
	}
	return ""
}

// columns parts a line where two spaces or more, a tab or a bar stand.
func columns(line string) []string {
	line = strings.NewReplacer("\t", "  ", "|", "  ", "\u00a0", " ", ";", "  ").Replace(line)
	var parts []string
	for _, p := range strings.Split(line, "  ") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

func markOf(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if label, rest, ok := strings.Cut(s, ":"); ok {
		switch strings.ToLower(strings.TrimSpace(label)) {
		case "độ mật", "mức độ mật", "mức mật", "độ bảo mật":
			return sameMark(strings.ToUpper(rest))
		}
		return ""
	}
	return sameMark(s)
}

// sameMark compares without spaces, so that a widely set "M Ậ T" counts too.
func sameMark(s string) string {
	s = strings.Join(strings.Fields(strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })), "")
	for _, l := range []Level{Secret, VerySecret, MostSecret} {
		if s == strings.ReplaceAll(string(l), " ", "") {
			return string(l)
		}
	}
	return ""
}

// isSecret reports whether a level may not be kept here.
func (l Level) isSecret() bool {
	switch strings.ToUpper(text.NFC(string(l))) {
	case "", "THƯỜNG":
		return false
	}
	return true
}
