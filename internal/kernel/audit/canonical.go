package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// canonical writes v as JSON in one way only: keys in the order of their bytes,
// no spaces, nothing escaped that need not be (RFC 8785, but numbers stay as
// they are written). The text is stored and hashed as it is, so this order
// matters to nobody but a program that wants to build the same text again.
func canonical(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	return string(appendValue(nil, tree)), nil
}

func appendValue(to []byte, v any) []byte {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		to = append(to, '{')
		for i, k := range keys {
			if i > 0 {
				to = append(to, ',')
			}
			to = append(appendText(to, k), ':')
			to = appendValue(to, v[k])
		}
		return append(to, '}')
	case []any:
		to = append(to, '[')
		for i, one := range v {
			if i > 0 {
				to = append(to, ',')
			}
			to = appendValue(to, one)
		}
		return append(to, ']')
	case string:
		return appendText(to, v)
	case json.Number:
		return append(to, v...)
	case bool:
		if v {
			return append(to, "true"...)
		}
		return append(to, "false"...)
	}
	return append(to, "null"...)
}

// appendText writes a JSON string, escaping only what JSON wants escaped.
func appendText(to []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	to = append(to, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c == '\n':
			to = append(to, '\\', 'n')
		case c == '\r':
			to = append(to, '\\', 'r')
		case c == '\t':
			to = append(to, '\\', 't')
		case c == '\b':
			to = append(to, '\\', 'b')
		case c == '\f':
			to = append(to, '\\', 'f')
		case c < 0x20:
			to = fmt.Appendf(to, `\u%04x`, c)
		default:
			to = append(to, c)
		}
	}
	return append(to, '"')
}
