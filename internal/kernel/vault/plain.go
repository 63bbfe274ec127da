package vault

import (
	"fmt"
	"io"
	"log/slog"
)

// Plain is what a reveal gives: content in clear that no careless line can
// print. The bytes are behind a function, so that printing a value around it,
// by whatever package, meets no bytes; JSON, text and logs get a mark.
//
// vi: nội dung đã mở
type Plain struct{ open func() []byte }

// mark stands wherever content would be printed.
const mark = "[niêm phong]"

func plainOf(b []byte) Plain { return Plain{func() []byte { return b }} }

// Bytes is the content; whoever calls this answers for where it goes.
func (p Plain) Bytes() []byte {
	if p.open == nil {
		return nil
	}
	return p.open()
}

// Text is the content of a field.
func (p Plain) Text() string { return string(p.Bytes()) }

// String implements fmt.Stringer with a mark.
func (p Plain) String() string { return mark }

// Format implements fmt.Formatter with a mark, whatever the verb.
func (p Plain) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, mark) // fmt has nobody to tell that its buffer failed
}

// MarshalJSON implements json.Marshaler with a mark.
func (p Plain) MarshalJSON() ([]byte, error) { return []byte(`"` + mark + `"`), nil }

// MarshalText implements encoding.TextMarshaler with a mark.
func (p Plain) MarshalText() ([]byte, error) { return []byte(mark), nil }

// LogValue implements slog.LogValuer with a mark.
func (p Plain) LogValue() slog.Value { return slog.StringValue(mark) }
