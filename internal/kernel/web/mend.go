package web

import (
	"net/http"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
)

// Mendable reports whether an error is about what was typed, so that the form
// comes back with it: a wrong field, or more than there is room for. A page that
// can also show what stands against an act, such as another person's newer
// version, names those kinds.
func Mendable(err error, also ...fault.Kind) bool {
	kind := fault.KindOf(err)
	return kind == fault.Invalid || kind == fault.TooLarge || slices.Contains(also, kind)
}

// StatusOf is the HTTP status of a page that shows an error, or of one without.
func StatusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return status(faultOf(err).Kind)
}

// Done ends an act: its error, or the page that it leads to, which says what was
// done. said is a key of a sentence.
func Done(w http.ResponseWriter, r *http.Request, err error, said, to string) error {
	if err != nil {
		return err
	}
	Flash(w, r, said)
	return SeeOther(w, r, to)
}

// noRevision is a version that no record ever had: who sends nonsense learns
// that the record is not as they saw it.
const noRevision = -1

// Revision is the version that the person looked at; 0 when the form does not
// say.
func (f *Form) Revision() int64 {
	v := f.Line("revision")
	if v == "" {
		return 0
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return noRevision
	}
	return n
}

// Unkept marks an answer that no browser and nothing on the way may keep, and
// whose address goes nowhere else.
func Unkept(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store, max-age=0")
	h.Set("Pragma", "no-cache")
	h.Set("HX-Push-Url", "false")
	h.Set("HX-Replace-Url", "false")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, noarchive")
}
