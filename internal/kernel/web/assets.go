package web

import (
	"errors"
	"io/fs"
	"net/http"
	"path"
	"regexp"

	"example.vn/hdnd/internal/kernel/fault"
	front "example.vn/hdnd/web"
)

// hashed is a name that changes with its content, so it may be kept for ever.
var hashed = regexp.MustCompile(`^[a-z0-9-]+-[A-Z0-9]{8}\.[a-z0-9]+$`)

func assetKind(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return ""
}

// asset serves a built file, packed when the browser takes it.
func asset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	kind := assetKind(name)
	if kind == "" || !hashed.MatchString(name) {
		return fault.New(fault.Missing, "web.fault_missing")
	}
	h := w.Header()
	packed := false
	var bytes []byte
	err := fs.ErrNotExist
	if acceptsGzip(r) {
		bytes, err = fs.ReadFile(front.Files, name+".gz")
		packed = err == nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		bytes, err = fs.ReadFile(front.Files, name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Missing, "web.fault_missing")
	}
	if err != nil {
		return err
	}
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+name+`"`)
	if r.Header.Get("If-None-Match") == `"`+name+`"` {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if packed {
		h.Set("Content-Encoding", "gzip")
	}
	_, err = w.Write(bytes)
	return cut(err)
}

func favicon(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	http.Redirect(w, r, front.Asset("emblem.svg"), http.StatusFound)
	return nil
}
