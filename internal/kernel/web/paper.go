package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/documents"
)

// ServePaper hands a paper over: shown where the browser can show it safely,
// saved with ?download. It closes bytes.
func ServePaper(w http.ResponseWriter, r *http.Request, p documents.Paper, bytes io.ReadCloser) (err error) {
	defer func() { err = errors.Join(err, bytes.Close()) }()
	media, how := p.ServeAs()
	if r.URL.Query().Has("download") {
		how = "attachment"
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", how+"; filename*=UTF-8''"+url.PathEscape(p.Name))
	w.Header().Set("Cache-Control", "private, max-age=3600")
	if how == "inline" && media == "application/pdf" {
		// The viewer of the browser needs styles of its own; nothing else may run.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox")
	}
	_, err = io.Copy(w, bytes)
	return err
}
