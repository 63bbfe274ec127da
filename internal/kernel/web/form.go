package web

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// Limits bounds what a form may bring. The zero Limits takes no files.
type Limits struct {
	Files      int   // how many altogether
	FileBytes  int64 // of one
	TotalBytes int64 // of all; Files × FileBytes when zero
	Runes      int   // characters of one field; 200,000 when zero
	InMemory   bool  // files must not lie on a disk, not even for the time of the request
}

// runesUsual is the longest text of one field.
const runesUsual = 200_000

// Form is what was typed, fit to keep: composed letters, no control
// characters, old encodings turned into Unicode. A nil Form is an empty one, so
// that a page can be drawn before anything was typed.
type Form struct {
	fields []field
	files  []File
	lost   []ui.KeptFile // files that came with a request that failed
	secret func(name string) bool
}

type field struct{ name, value string }

// File is an uploaded file, in a temporary place until the request ends.
type File struct {
	Field, Name string // Name is for showing only, never a path
	Size        int64
	path        string
	content     []byte // instead of path, of a form that is read into memory
}

// Open reads the file.
func (f File) Open() (io.ReadCloser, error) {
	if f.path == "" {
		return io.NopCloser(bytes.NewReader(f.content)), nil
	}
	return os.Open(f.path)
}

// Text is the first value of name, of several lines; empty when missing.
func (f *Form) Text(name string) string {
	if all := f.Texts(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Line is Text on one line.
func (f *Form) Line(name string) string { return text.Line(f.Text(name)) }

// Texts are all values of a repeated field.
func (f *Form) Texts(name string) []string {
	if f == nil {
		return nil
	}
	var all []string
	for _, v := range f.fields {
		if v.name == name {
			all = append(all, v.value)
		}
	}
	return all
}

// Has reports whether the field was sent, even empty: a ticked box, a pressed button.
func (f *Form) Has(name string) bool { return len(f.Texts(name)) > 0 }

// Bool reports whether a box was ticked.
func (f *Form) Bool(name string) bool {
	v := f.Text(name)
	return v != "" && v != "0" && v != "false"
}

// Date reads dd/mm/yyyy (or yyyy-mm-dd); an empty field is no date and no fault.
func (f *Form) Date(name string) (clock.Date, *fault.Fault) {
	v := f.Line(name)
	if v == "" {
		return clock.Date{}, nil
	}
	d, err := clock.ParseDate(v)
	if err != nil {
		return d, fault.New(fault.Invalid, "web.field_not_date", "value", short(v)).At(name).Because(err)
	}
	return d, nil
}

// Int reads a whole number; an empty field is 0 and no fault.
func (f *Form) Int(name string) (int, *fault.Fault) {
	v := f.Line(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, fault.New(fault.Invalid, "web.field_not_number", "value", short(v)).At(name).Because(err)
	}
	return n, nil
}

// Once is the token of ui.Once: two sendings of one page carry the same.
func (f *Form) Once() string {
	const most = 64
	v := f.Line("once")
	if len(v) > most {
		return ""
	}
	return v
}

// Files are the uploaded files of name.
func (f *Form) Files(name string) []File {
	if f == nil {
		return nil
	}
	var all []File
	for _, v := range f.files {
		if v.Field == name {
			all = append(all, v)
		}
	}
	return all
}

// Kept is everything that was typed, for a page that sends it again; secret
// fields and those named are left out.
func (f *Form) Kept(without ...string) []ui.Kept {
	if f == nil {
		return nil
	}
	var kept []ui.Kept
	for _, v := range f.fields {
		if !f.secret(v.name) && !slices.Contains(without, v.name) {
			kept = append(kept, ui.Kept{Name: v.name, Value: v.value})
		}
	}
	return kept
}

// KeptQuery is what a GET form's address brought, for forms beside it that must
// not lose the filter.
func KeptQuery(r *http.Request, without ...string) []ui.Kept {
	var kept []ui.Kept
	query := r.URL.Query()
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if slices.Contains(without, name) || name == "fragment" || name == "lang" {
			continue
		}
		for _, v := range query[name] {
			kept = append(kept, ui.Kept{Name: name, Value: v})
		}
	}
	return kept
}

// hasSecret reports whether a field was sent that is never shown again.
func (f *Form) hasSecret() bool {
	return f != nil && slices.ContainsFunc(f.fields, func(v field) bool { return f.secret(v.name) })
}

// secrets knows the fields that no page shows again: by their names.
func (s *Server) secrets(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"password", "passphrase", "secret", "token", "otp"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return name == "pin" || slices.Contains(s.o.NeverEchoed, name)
}

// take cleans one value and checks its length.
func (f *Form) take(name, value string, most int) *fault.Fault {
	if f.secret(name) {
		f.fields = append(f.fields, field{name, text.NFC(strings.ToValidUTF8(value, ""))})
		return nil
	}
	value = text.Clean(modern(value))
	f.fields = append(f.fields, field{name, value})
	if n := utf8.RuneCountInString(value); n > most {
		return fault.New(fault.Invalid, "web.field_too_long", "max", text.Number(text.Vi, int64(most)), "n", text.Number(text.Vi, int64(n))).At(name)
	}
	return nil
}

// modern turns text of the old Vietnamese encodings into Unicode. Bytes that
// are no UTF-8 are read as the old fonts' own code first.
func modern(s string) string {
	if utf8.ValidString(s) {
		s, _ = text.FromLegacy(s)
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	if got, changed := text.FromLegacy(string(runes)); changed {
		return got
	}
	return s
}

func short(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func (l Limits) filled() Limits {
	l.Runes = cmp.Or(l.Runes, runesUsual)
	l.TotalBytes = cmp.Or(l.TotalBytes, int64(l.Files)*l.FileBytes)
	return l
}
