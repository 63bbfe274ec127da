package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	mimemultipart "mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

const (
	fieldsMost    = 1000
	fieldBytes    = 1 << 20          // of one field that are kept at all
	drainMost     = 8 << 30          // of a body too large that are read and dropped, so that the browser shows our answer
	stallMost     = 30 * time.Second // without a piece of the upload
	pieceBytes    = 64 << 10
	fileNameRunes = 200
)

func multipart(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// ReadForm reads the typed text and puts the files in a temporary place. When
// something is too long or too large, or a file cannot be taken, the fault comes
// together with the form: everything that could be read is in it, so the page
// can be shown again with nothing lost.
func ReadForm(w http.ResponseWriter, r *http.Request, l Limits) (*Form, error) {
	req := of(r)
	if req.form != nil {
		return req.form, nil
	}
	form := &Form{secret: req.server.secrets}
	req.form = form
	if multipart(r) {
		u := upload{w: w, r: r, req: req, form: form, limits: l.filled()}
		return form, u.read()
	}
	return form, form.readPlain(r, l.filled())
}

// keep reads what was typed of a request that already failed; files are only named.
func keep(w http.ResponseWriter, r *http.Request) *Form {
	req := of(r)
	if req.form != nil {
		return req.form
	}
	if !multipart(r) && req.route != nil {
		r.Body = http.MaxBytesReader(w, r.Body, req.route.Limit.Body)
	}
	form := &Form{secret: req.server.secrets}
	req.form = form
	var err error
	if multipart(r) {
		u := upload{w: w, r: r, req: req, form: form, limits: Limits{}.filled(), textOnly: true}
		err = u.read()
	} else {
		err = form.readPlain(r, Limits{}.filled())
	}
	if err != nil {
		req.server.o.Log.DebugContext(r.Context(), "kept text is not whole", "id", req.id, "err", err)
	}
	return form
}

// readPlain reads a form without files. The pairs keep their order.
func (f *Form) readPlain(r *http.Request, l Limits) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/x-www-form-urlencoded" {
		return fault.New(fault.Invalid, "web.form_unreadable")
	}
	body, err := io.ReadAll(r.Body)
	var faults []*fault.Fault
	for pair := range strings.SplitSeq(string(body), "&") {
		if pair == "" {
			continue
		}
		if len(f.fields) >= fieldsMost {
			return fault.New(fault.TooLarge, "web.fields_too_many")
		}
		name, value, _ := strings.Cut(pair, "=")
		faults = append(faults, f.take(unescape(name), unescape(value), l.Runes))
	}
	if err != nil {
		return bodyFault(err)
	}
	return fault.Join(faults...)
}

// unescape reads what it can: a broken escape at the end of a cut body stays as it is.
func unescape(s string) string {
	if got, err := url.QueryUnescape(s); err == nil {
		return got
	}
	return s
}

// bodyFault tells a body that is too large from a connection that broke.
func bodyFault(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.TooLarge, "web.fault_too_large").Because(err)
	}
	return fault.New(fault.Invalid, "web.upload_cut").Because(err)
}

// upload is one multipart body being read.
type upload struct {
	w        http.ResponseWriter
	r        *http.Request
	req      *request
	form     *Form
	limits   Limits
	textOnly bool
	read64   int64 // bytes of the body so far
	stored   int64 // bytes of files so far
	faults   []*fault.Fault
	hard     error // nothing more is stored, but the text is still read
}

func (u *upload) read() error {
	parts, err := u.r.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "web.form_unreadable").Because(err)
	}
	for n := 0; ; n++ {
		u.extend()
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bodyFault(err)
		}
		if n >= fieldsMost {
			return fault.New(fault.TooLarge, "web.fields_too_many")
		}
		if err := u.part(part); err != nil {
			return err
		}
	}
	if u.hard != nil {
		return u.hard
	}
	return fault.Join(u.faults...)
}

// extend grants more time as long as pieces keep coming. Recorders in tests know no deadlines.
func (u *upload) extend() {
	c := http.NewResponseController(u.w)
	end := now().Add(stallMost)
	if err := errors.Join(c.SetReadDeadline(end), c.SetWriteDeadline(end.Add(timeUsual))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		u.hard = err
	}
}

func (u *upload) part(part *mimemultipart.Part) error {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return fault.New(fault.Invalid, "web.form_unreadable").Because(err)
	}
	name := part.FormName()
	if _, isFile := params["filename"]; !isFile {
		var value strings.Builder
		if _, err := u.copy(&value, part, fieldBytes); err != nil {
			return err
		}
		u.faults = append(u.faults, u.form.take(name, value.String(), u.limits.Runes))
		return nil
	}
	shown := fileName(params["filename"])
	if shown == "" { // the field was left empty
		_, err := u.copy(io.Discard, part, 0)
		return err
	}
	return u.file(part, name, shown)
}

// file stores one file, or only reads past it when it is not wanted.
func (u *upload) file(part *mimemultipart.Part, field, shown string) error {
	u.lose(field, shown)
	if u.textOnly || u.hard != nil || len(u.form.files) >= u.limits.Files {
		if !u.textOnly && u.hard == nil {
			u.once(fault.New(fault.Invalid, "web.files_too_many", "max", u.limits.Files).At(field))
		}
		_, err := u.copy(io.Discard, part, 0)
		return err
	}
	room := min(u.limits.FileBytes, u.limits.TotalBytes-u.stored)
	if u.limits.InMemory {
		var to bytes.Buffer
		n, err := u.copy(&to, part, room)
		if err == nil {
			u.took(File{Field: field, Name: shown, Size: n, content: to.Bytes()}, room)
		}
		return err
	}
	to, err := u.place()
	if err != nil {
		u.hard = diskFault(err)
		_, err := u.copy(io.Discard, part, 0)
		return err
	}
	disk := &diskWriter{to: to}
	n, err := u.copy(disk, part, room)
	if closed := to.Close(); disk.err == nil {
		disk.err = closed
	}
	switch {
	case err != nil:
		return err
	case disk.err != nil:
		u.hard = diskFault(disk.err)
	default:
		u.took(File{Field: field, Name: shown, Size: n, path: to.Name()}, room)
	}
	return nil
}

// took keeps a file that was read, unless it was larger than there was room.
func (u *upload) took(f File, room int64) {
	switch {
	case f.Size > u.limits.FileBytes:
		u.faults = append(u.faults, fault.New(fault.TooLarge, "web.file_too_large", "name", f.Name, "max", u.size(u.limits.FileBytes)).At(f.Field))
	case f.Size > room:
		u.once(fault.New(fault.TooLarge, "web.files_too_large", "max", u.size(u.limits.TotalBytes)).At(f.Field))
	default:
		u.stored += f.Size
		u.form.files = append(u.form.files, f)
	}
}

func (u *upload) size(bytes int64) string { return ui.Size(text.LangOf(u.r.Context()), bytes) }

// once adds a fault that several files would repeat.
func (u *upload) once(f *fault.Fault) {
	if !slices.ContainsFunc(u.faults, func(g *fault.Fault) bool { return g != nil && g.Key == f.Key && g.Field == f.Field }) {
		u.faults = append(u.faults, f)
	}
}

// lose notes the file's name, should the request fail and its files be chosen again.
func (u *upload) lose(field, shown string) {
	for i := range u.form.lost {
		if u.form.lost[i].Name == field {
			u.form.lost[i].Files = append(u.form.lost[i].Files, shown)
			return
		}
	}
	u.form.lost = append(u.form.lost, ui.KeptFile{Name: field, Files: []string{shown}})
}

// copy moves a part to its place and gives its whole size; what is past most is
// read and dropped.
func (u *upload) copy(to io.Writer, part io.Reader, most int64) (int64, error) {
	piece := make([]byte, pieceBytes)
	var n int64
	for {
		got, err := part.Read(piece)
		u.read64 += int64(got)
		if u.read64 > drainMost {
			return n, fault.New(fault.TooLarge, "web.fault_too_large")
		}
		if want := min(int64(got), most-n); want > 0 {
			if _, err := to.Write(piece[:want]); err != nil {
				return n, err
			}
		}
		n += int64(got)
		if got > 0 {
			u.extend()
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, bodyFault(err)
		}
	}
}

// diskWriter remembers a failed write and swallows the rest, so that the rest
// of the form is still read.
type diskWriter struct {
	to  io.Writer
	err error
}

func (d *diskWriter) Write(b []byte) (int, error) {
	if d.err == nil {
		_, d.err = d.to.Write(b)
	}
	return len(b), nil
}

func diskFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.New(fault.Unavailable, "web.disk_full").Because(err)
	}
	return fmt.Errorf("web: taking a file: %w", err)
}

// place makes the file in the request's own folder; its name is ours.
func (u *upload) place() (*os.File, error) {
	if u.req.room == "" {
		room, err := os.MkdirTemp(u.req.server.o.TempDir, "hdnd-upload-")
		if err != nil {
			return nil, err
		}
		u.req.room = room
	}
	return os.CreateTemp(u.req.room, "file-")
}

// clear removes the files of the request.
func (req *request) clear(log *slog.Logger) {
	if req.room == "" {
		return
	}
	if err := os.RemoveAll(req.room); err != nil {
		log.Warn("uploaded files stay behind", "folder", req.room, "err", err)
	}
}

// fileName is the last part of a name as sent, fit to be shown.
func fileName(sent string) string {
	sent = path.Base(strings.ReplaceAll(text.Line(sent), `\`, "/"))
	if sent == "." || sent == "/" {
		return ""
	}
	if r := []rune(sent); len(r) > fileNameRunes {
		sent = string(r[:fileNameRunes])
	}
	return sent
}
