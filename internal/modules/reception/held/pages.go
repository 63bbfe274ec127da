package held

import (
	"mime"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/web"
)

// file gives one scan to the person who opened it; nothing on the way keeps it.
func (d *Desk) file(w http.ResponseWriter, r *http.Request) error {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		number = -1 // there is none of this number
	}
	web.Unkept(w)
	f, err := d.Open(r.Context(), web.Actor(r), r.PathValue("id"), number)
	if err != nil {
		return err
	}
	media, how := documents.ServeBytes(f.Bytes)
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox")
	_, err = w.Write(f.Bytes)
	return err
}
