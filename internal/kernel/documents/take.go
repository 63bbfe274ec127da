package documents

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"os"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Deps is what the registry stands on.
type Deps struct {
	DB    *db.DB
	Blobs Blobs
	Clock clock.Clock
	Tools Tools
	// Scratch is a private folder for files under check; empty means the
	// system's temporary folder.
	Scratch string
}

// Registry takes in, numbers and keeps the documents of the house.
//
// vi: văn thư
type Registry struct {
	Deps
	// heavy lets only a few files be drawn anew or read by tools at once: one
	// large photograph needs some 200 MB while it is turned upright.
	heavy chan struct{}
}

const heavyAtOnceMax = 2

// New makes a Registry.
func New(d Deps) *Registry {
	return &Registry{Deps: d, heavy: make(chan struct{}, heavyAtOnceMax)}
}

// Upload is a file somebody hands in.
type Upload struct {
	Name string // as the sender's machine calls it
	Size int64  // as announced; the bytes are counted anyway
	Open func() (io.ReadCloser, error)
}

// Uploads makes uploads of a form's files.
func Uploads(files []*multipart.FileHeader) []Upload {
	all := make([]Upload, len(files))
	for i, f := range files {
		all[i] = Upload{Name: f.Filename, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }}
	}
	return all
}

// Limits bounds what is taken in. A zero field means the usual limit.
type Limits struct {
	CountMax         int   // files in one form
	SizeMaxBytes     int64 // of one file
	PixelsMax        int64 // of one picture
	UnpackedMaxBytes int64 // all parts of an office file together
	UnpackedMaxRatio int64 // unpacked size against packed size
	PartsMax         int   // parts of an office file
}

// UsualLimits are the limits for the public and for the desks.
func UsualLimits() Limits {
	return Limits{
		CountMax:         5,
		SizeMaxBytes:     25 << 20,
		PixelsMax:        50_000_000, // the largest cameras of telephones people carry
		UnpackedMaxBytes: 200 << 20,
		UnpackedMaxRatio: 100,
		PartsMax:         3000,
	}
}

func (l Limits) orUsual() Limits {
	u := UsualLimits()
	if l.CountMax == 0 {
		l.CountMax = u.CountMax
	}
	if l.SizeMaxBytes == 0 {
		l.SizeMaxBytes = u.SizeMaxBytes
	}
	if l.PixelsMax == 0 {
		l.PixelsMax = u.PixelsMax
	}
	if l.UnpackedMaxBytes == 0 {
		l.UnpackedMaxBytes = u.UnpackedMaxBytes
	}
	if l.UnpackedMaxRatio == 0 {
		l.UnpackedMaxRatio = u.UnpackedMaxRatio
	}
	if l.PartsMax == 0 {
		l.PartsMax = u.PartsMax
	}
	return l
}

// Draft is a file that was checked and stored, but no paper yet: Attach makes
// it one. A draft that is never attached is swept away.
type Draft struct {
	Blob
	Name      string // clean, fit to be shown
	MediaType string
	Pages     int // 0 when not known
	// Unread tells that the text could not be looked at for a mark of secrecy,
	// because the file is a picture or a tool is missing: a person must look.
	Unread bool
}

// TakeAll takes in the files of one form. All are checked, so that a person
// hears of every bad file at once; if one is refused, none is taken.
func (r *Registry) TakeAll(ctx context.Context, uploads []Upload, l Limits) ([]Draft, error) {
	l = l.orUsual()
	if len(uploads) > l.CountMax {
		return nil, fault.New(fault.TooLarge, "documents.too_many", "max", l.CountMax, "count", len(uploads)).At("files")
	}
	var drafts []Draft
	var refused []*fault.Fault
	for _, u := range uploads {
		d, err := r.Take(ctx, u, l)
		if err == nil {
			drafts = append(drafts, d)
			continue
		}
		f := fault.Of(err)
		if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
			return nil, err
		}
		refused = append(refused, f)
	}
	switch len(refused) {
	case 0:
		return drafts, nil
	case 1:
		return nil, refused[0]
	}
	return nil, fault.Join(refused...)
}

// Take checks one file and stores it. Pictures are stored drawn anew, upright
// and without what the camera wrote about place and time.
func (r *Registry) Take(ctx context.Context, u Upload, l Limits) (d Draft, err error) {
	l = l.orUsual()
	c := &check{registry: r, ctx: ctx, limits: l, name: CleanName(u.Name)}
	if u.Size > l.SizeMaxBytes {
		return Draft{}, c.tooLarge()
	}
	defer func() { err = errors.Join(err, c.cleanUp()) }()
	if err := c.spool(u); err != nil {
		return Draft{}, err
	}
	if err := c.run(); err != nil {
		return Draft{}, err
	}
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return Draft{}, err
	}
	b, err := r.Blobs.Put(ctx, c.file)
	if err != nil {
		return Draft{}, err
	}
	return Draft{Blob: b, Name: c.name, MediaType: c.media, Pages: c.pages, Unread: c.unread}, nil
}

// Keep stores a document the house itself made: a letter, a receipt, an export.
func (r *Registry) Keep(ctx context.Context, name, media string, write func(io.Writer) error) (Draft, error) {
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return Draft{}, err
	}
	b, err := r.Blobs.Put(ctx, &buf)
	if err != nil {
		return Draft{}, err
	}
	return Draft{Blob: b, Name: CleanName(name), MediaType: media}, nil
}

// check is one file on its way in.
type check struct {
	registry *Registry
	ctx      context.Context
	limits   Limits
	name     string
	media    string
	file     *os.File // the bytes so far, in the scratch folder
	size     int64
	pages    int
	unread   bool
	spent    []*os.File
}

// scratch opens a new file that cleanUp removes.
func (c *check) scratch() (*os.File, error) {
	f, err := os.CreateTemp(c.registry.Scratch, "hdnd-take-*")
	if err != nil {
		return nil, diskFault(err)
	}
	c.spent = append(c.spent, f)
	return f, nil
}

func (c *check) cleanUp() error {
	var all error
	for _, f := range c.spent {
		all = errors.Join(all, f.Close(), os.Remove(f.Name()))
	}
	return all
}

func (c *check) tooLarge() error {
	return fault.New(fault.TooLarge, "documents.too_large",
		"name", c.name, "max", c.limits.SizeMaxBytes>>20).At("files")
}

// spool copies the upload to the scratch folder, and never more of it than the
// limit: a sender may announce 1 kB and send 2 GB.
func (c *check) spool(u Upload) (err error) {
	if c.file, err = c.scratch(); err != nil {
		return err
	}
	from, err := u.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	r := &patient{c.ctx, from}
	if c.size, err = io.Copy(c.file, io.LimitReader(r, c.limits.SizeMaxBytes)); err != nil {
		return diskFault(err)
	}
	if c.size == c.limits.SizeMaxBytes {
		var one [1]byte
		if n, err := io.ReadFull(r, one[:]); n > 0 {
			return c.tooLarge()
		} else if err != io.EOF {
			return err
		}
	}
	if c.size == 0 {
		return refuse("documents.empty", c.name)
	}
	return nil
}

// run judges the file and lets its format's check look inside.
func (c *check) run() error {
	f, err := judge(c.name, sniff(c.file, c.size))
	if err != nil {
		return err
	}
	c.media = f.media
	stem, end := splitEnding(c.name)
	if err := c.refuseMark(stem); err != nil {
		return err
	}
	if end == "" {
		c.name = withEnding(c.name, giving(f.media))
	}
	select {
	case c.registry.heavy <- struct{}{}:
		defer func() { <-c.registry.heavy }()
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
	return f.check(c)
}

// refuseMark refuses the file if the head of its text, or what it says about
// itself, bears a mark of state secrecy.
func (c *check) refuseMark(head ...string) error {
	for _, h := range head {
		if mark := FindMark(h); mark != "" {
			return secret(mark).At("files")
		}
	}
	return nil
}

// checkText takes text in Unicode only. Text in an old encoding would be read
// wrongly by everybody after us.
func checkText(c *check) error {
	b := make([]byte, c.size)
	if _, err := c.file.ReadAt(b, 0); err != nil {
		return err
	}
	if s, wide := fromUTF16(b); wide {
		out, err := c.scratch()
		if err != nil {
			return err
		}
		if _, err := out.WriteString(s); err != nil {
			return diskFault(err)
		}
		c.file, b = out, []byte(s)
	}
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return refuse("documents.encoding", c.name)
	}
	return c.refuseMark(text.NFC(string(b[:min(len(b), headMaxBytes)])))
}

// fromUTF16 reads what Windows' editor saves as "Unicode".
func fromUTF16(b []byte) (string, bool) {
	var at func(i int) uint16
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		at = func(i int) uint16 { return uint16(b[i]) | uint16(b[i+1])<<8 }
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		at = func(i int) uint16 { return uint16(b[i])<<8 | uint16(b[i+1]) }
	default:
		return "", false
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		units = append(units, at(i))
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), "\r\n", "\n"), true
}

// Sweep removes blobs that no paper, text or page picture names and that were
// last put more than a day ago: files of forms that were never sent.
func (r *Registry) Sweep(ctx context.Context) (removed int, err error) {
	before := r.Clock.Now().Add(-24 * time.Hour)
	err = r.Blobs.Each(ctx, func(b Blob) error {
		if !b.Stored.Before(before) {
			return nil
		}
		var named bool
		err := r.DB.Read(ctx, func(tx *db.Tx) error {
			var err error
			named, err = isNamed(ctx, tx, b.Hash)
			return err
		})
		if err != nil || named {
			return err
		}
		gone, err := r.Blobs.Remove(ctx, b.Hash, before)
		if gone {
			removed++
		}
		return err
	})
	return removed, err
}
