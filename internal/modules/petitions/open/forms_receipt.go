package open

import (
	"errors"
	"io"
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// receiptBytesMax bounds a receipt's file; the longest honest one has 16 kB.
const receiptBytesMax = 128 << 10

// takeReceipt checks a receipt that somebody pasted or chose as a file. It
// changes nothing, and is a form because a receipt is too long for an address.
func (s *Service) takeReceipt(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: 100_000, Files: 1, FileBytes: receiptBytesMax})
	if web.Mendable(err) {
		return s.showReceipt(w, r, receiptPage{Typed: form.Text("bien_nhan"), Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	p := receiptPage{Typed: form.Text("bien_nhan")}
	if files := form.Files("tep"); len(files) > 0 && files[0].Size > 0 {
		if p.Typed, err = read(files[0]); err != nil {
			return err
		}
	}
	if p.Typed == "" {
		p.Errors = ui.ErrorsOf(fault.New(fault.Invalid, "open.receipt_empty").At("bien_nhan"))
		return s.showReceipt(w, r, p, http.StatusUnprocessableEntity)
	}
	found, err := s.Check(p.Typed)
	if err != nil {
		return err
	}
	p.Found = &found
	if found.Verdict != Valid {
		return s.showReceipt(w, r, p, http.StatusUnprocessableEntity)
	}
	if p.Lines, err = lines(r.Context(), found.Result); err != nil {
		return err
	}
	return s.showReceipt(w, r, p, http.StatusOK)
}

// read takes the text of a file; a PDF has none that can be read this way, and
// is answered as unreadable with the advice to paste its text.
func read(f web.File) (s string, err error) {
	file, err := f.Open()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	b, err := io.ReadAll(io.LimitReader(file, receiptBytesMax))
	if len(b) > 4 && string(b[:4]) == "%PDF" {
		return "%PDF", err
	}
	return string(b), err
}
