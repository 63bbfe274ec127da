package extract

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"

	"golang.org/x/image/tiff"

	"example.vn/hdnd/internal/kernel/fault"
)

// readPicture reads a scan or a photograph: of TIFF, all its pages.
func (w *work) readPicture() error {
	if err := w.ready(); err != nil {
		return err
	}
	if w.result.Kind == TIFF {
		return w.readTIFF()
	}
	if _, _, err := w.wanted(1); err != nil {
		return err
	}
	if err := w.take(w.ctx); err != nil {
		return err
	}
	defer w.leave()
	d, err := w.openPicture(w.ctx, w.result.Kind, w.path, w.name)
	if err != nil {
		return err
	}
	p, err := w.recognise(w.ctx, scan{number: 1, dpi: statedDPI(w.path), path: w.path, decoded: d})
	if err != nil {
		return w.pictureFault(err)
	}
	return w.give(p)
}

func (w *work) pictureFault(err error) error {
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	return refuse("extract.damaged_picture", w.name).Because(err)
}

// readTIFF reads the pages of a TIFF two at a time, in their order.
func (w *work) readTIFF() (err error) {
	f, err := os.Open(w.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	places, order, err := tiffPlaces(f)
	if err != nil {
		return refuse("extract.damaged_picture", w.name).Because(err)
	}
	from, to, err := w.wanted(len(places))
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(w.ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	out := make([]chan read, to-from+1)
	for i := range out {
		out[i] = make(chan read, 1)
	}
	// No more pages are under way or wait to be given out than there are hands and as
	// many again.
	room := make(chan struct{}, 2*cap(w.hands))
	all.Go(func() {
		for i := range out {
			select {
			case room <- struct{}{}:
			case <-ctx.Done():
				out[i] <- read{err: ctx.Err()}
				continue
			}
			if err := w.take(ctx); err != nil {
				out[i] <- read{err: err}
				continue
			}
			all.Go(func() {
				defer w.leave()
				p, err := w.tiffPage(ctx, f, order, places[from-1+i], from+i)
				out[i] <- read{p, err}
			})
		}
	})
	for i := range out {
		got := <-out[i]
		if got.err != nil {
			return w.pictureFault(got.err)
		}
		if err := w.give(got.page); err != nil {
			return err
		}
		<-room
	}
	return nil
}

// tiffPage reads one page. In a form that only tesseract knows it is read as it lies.
func (w *work) tiffPage(ctx context.Context, f io.ReaderAt, order binary.ByteOrder, place uint32, number int) (Page, error) {
	s := scan{number: number, path: w.path, page: number - 1}
	at := &tiffAt{file: f}
	order.PutUint32(at.first[:], place)
	size, err := tiff.DecodeConfig(io.NewSectionReader(at, 0, 1<<40))
	if err == nil && (size.Width < 1 || size.Height < 1 || size.Width > pixelsMax/size.Height) {
		return Page{}, fault.New(fault.TooLarge, "extract.pixels", "name", w.name, "max", pixelsMax/1_000_000)
	}
	if err == nil {
		s.dpi = tiffDPI(f, order, place)
		d, err := decode(TIFF, io.NewSectionReader(at, 0, 1<<40))
		if err == nil {
			s.decoded = d
		}
	}
	return w.recognise(ctx, s)
}

// tiffAt is a TIFF whose first page is another one: decoders read the first only.
type tiffAt struct {
	file  io.ReaderAt
	first [4]byte
}

// ReadAt implements io.ReaderAt.
func (t *tiffAt) ReadAt(b []byte, off int64) (int, error) {
	n, err := t.file.ReadAt(b, off)
	for i := range 4 {
		if at := 4 + int64(i) - off; at >= 0 && at < int64(n) {
			b[at] = t.first[i]
		}
	}
	return n, err
}

const tiffPagesMost = 5000

var errTIFF = errors.New("no TIFF")

// tiffPlaces follows the chain of a TIFF's pages. A chain that runs in a ring ends
// at the first page seen twice.
func tiffPlaces(f io.ReaderAt) (places []uint32, order binary.ByteOrder, err error) {
	var head [8]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(head[:], []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(head[:], []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return nil, nil, errTIFF
	}
	seen := map[uint32]bool{}
	for at := order.Uint32(head[4:]); at != 0 && !seen[at] && len(places) < tiffPagesMost; {
		var n [2]byte
		if _, err := f.ReadAt(n[:], int64(at)); err != nil {
			break
		}
		seen[at] = true
		places = append(places, at)
		var next [4]byte
		if _, err := f.ReadAt(next[:], int64(at)+2+12*int64(order.Uint16(n[:]))); err != nil {
			break
		}
		at = order.Uint32(next[:])
	}
	if len(places) == 0 {
		return nil, nil, errTIFF
	}
	return places, order, nil
}

// tiffDPI reads the stated resolution of a page; 0 when it states none.
func tiffDPI(f io.ReaderAt, order binary.ByteOrder, place uint32) int {
	const xResolution, unit = 282, 296
	var n [2]byte
	if _, err := f.ReadAt(n[:], int64(place)); err != nil {
		return 0
	}
	var value float64
	perCentimetre := false
	for i := range min(int64(order.Uint16(n[:])), 200) {
		var e [12]byte
		if _, err := f.ReadAt(e[:], int64(place)+2+12*i); err != nil {
			return 0
		}
		switch order.Uint16(e[:]) {
		case xResolution:
			var r [8]byte
			if _, err := f.ReadAt(r[:], int64(order.Uint32(e[8:]))); err != nil {
				return 0
			}
			if d := order.Uint32(r[4:]); d > 0 {
				value = float64(order.Uint32(r[:])) / float64(d)
			}
		case unit:
			perCentimetre = order.Uint16(e[8:]) == 3
		}
	}
	if perCentimetre {
		value *= 2.54
	}
	if value < 1 || value > 10_000 {
		return 0
	}
	return int(value + 0.5)
}

// statedDPI reads the resolution that a JPEG states (JFIF); 0 for none.
func statedDPI(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	head := make([]byte, 32)
	n, err := f.ReadAt(head, 0)
	if cerr := f.Close(); cerr != nil || err != nil && !errors.Is(err, io.EOF) {
		return 0
	}
	head = head[:n]
	if len(head) < 18 || string(head[6:10]) != "JFIF" {
		return 0
	}
	v := float64(binary.BigEndian.Uint16(head[14:]))
	switch head[13] {
	case 1:
	case 2:
		v *= 2.54
	default:
		return 0
	}
	return int(v + 0.5)
}
