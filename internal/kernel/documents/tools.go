package documents

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
)

// Tools are the programs of the system that read PDFs for us. They read what
// strangers send, so each runs as a child process with bounds on time, memory
// and output. An empty path means that the program is not installed.
type Tools struct {
	PDFToText string // poppler-utils: text out of a PDF
	PDFToPPM  string // poppler-utils: pictures of pages
	PDFInfo   string // poppler-utils: pages, title, encryption
	QPDF      string // qpdf: the structure of a PDF, scripts in it
	Prlimit   string // util-linux: bounds on memory and processor time

	PDFImages string // poppler-utils: the pictures in a PDF as they are
	PDFUnite  string // poppler-utils: one PDF of several
	Tesseract string // tesseract-ocr: letters out of pictures
	Vie       bool   // tesseract-ocr-vie: it knows Vietnamese
	Soffice   string // libreoffice-writer-nogui: old office files
	OCRMyPDF  string // ocrmypdf: scans made searchable, PDF/A

	TimeMax        time.Duration
	MemoryMaxBytes int64
}

// FindTools looks for the programs on this machine.
func FindTools() Tools {
	find := func(name string) string {
		path, err := exec.LookPath(name)
		if err != nil {
			return ""
		}
		return path
	}
	t := Tools{
		PDFToText: find("pdftotext"), PDFToPPM: find("pdftoppm"), PDFInfo: find("pdfinfo"), PDFImages: find("pdfimages"), PDFUnite: find("pdfunite"),
		QPDF: find("qpdf"), Prlimit: find("prlimit"), Tesseract: find("tesseract"), Soffice: find("soffice"), OCRMyPDF: find("ocrmypdf"),
		TimeMax: 30 * time.Second, MemoryMaxBytes: 1 << 30,
	}
	t.Vie = t.knowsVietnamese()
	return t
}

// knowsVietnamese asks tesseract, whose folder of languages differs by version.
func (t Tools) knowsVietnamese() bool {
	if t.Tesseract == "" {
		return false
	}
	out, err := t.run(context.Background(), 64<<10, t.Tesseract, "--list-langs")
	return err == nil && slices.Contains(strings.Fields(string(out)), "vie")
}

// Missing names the Debian packages that are not there, with the text key that
// says what does not work without each.
func (t Tools) Missing() map[string]string {
	all := map[string]string{}
	if t.PDFToText == "" || t.PDFToPPM == "" || t.PDFInfo == "" {
		all["poppler-utils"] = "documents.without_poppler"
	}
	if t.QPDF == "" {
		all["qpdf"] = "documents.without_qpdf"
	}
	if t.Prlimit == "" {
		all["util-linux"] = "documents.without_prlimit"
	}
	if t.Tesseract == "" {
		all["tesseract-ocr"] = "documents.without_tesseract"
	}
	if !t.Vie {
		all["tesseract-ocr-vie"] = "documents.without_vie"
	}
	if t.Soffice == "" {
		all["libreoffice-writer-nogui"] = "documents.without_soffice"
	}
	if t.OCRMyPDF == "" {
		all["ocrmypdf"] = "documents.without_ocrmypdf"
	}
	return all
}

// ErrTooMuch tells that a program wrote more than it may.
var ErrTooMuch = errors.New("more output than allowed")

// run starts a program on files of the scratch folder and gives what it
// writes, at most max bytes. More output ends the program with ErrTooMuch and
// what was written so far.
func (t Tools) run(ctx context.Context, max int, program string, args ...string) ([]byte, error) {
	return t.feed(ctx, nil, max, program, args...)
}

// feed is run for a program that reads its input from us: what is under seal
// must not lie on a disk, not even for a second.
func (t Tools) feed(ctx context.Context, in io.Reader, max int, program string, args ...string) ([]byte, error) {
	return t.Run(ctx, Call{Program: program, Args: args, In: in, OutMaxBytes: max})
}

// Call is one run of a program. Zero bounds are those of Tools.
type Call struct {
	Program        string
	Args           []string
	In             io.Reader
	OutMaxBytes    int // of what it prints; more ends it
	TimeMax        time.Duration
	MemoryMaxBytes int64
	FilesMax       int      // open at once; 64 when zero
	Env            []string // besides the usual
}

func (c Call) filled(t Tools) Call {
	c.TimeMax = cmp.Or(c.TimeMax, t.TimeMax, 30*time.Second)
	c.MemoryMaxBytes = cmp.Or(c.MemoryMaxBytes, t.MemoryMaxBytes, 1<<30)
	c.FilesMax = cmp.Or(c.FilesMax, 64)
	return c
}

// Run runs a program within its bounds and gives what it prints.
func (t Tools) Run(ctx context.Context, c Call) ([]byte, error) {
	if c.Program == "" {
		return nil, fault.New(fault.Unavailable, "documents.no_tool")
	}
	c = c.filled(t)
	ctx, cancel := context.WithTimeout(ctx, c.TimeMax)
	defer cancel()
	name, argv := t.bounded(c)
	cmd := exec.CommandContext(ctx, name, argv...)
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent", "TMPDIR=" + os.TempDir()}, c.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out := &bounded{max: c.OutMaxBytes, stop: cancel}
	complaint := &bounded{max: 4096}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.In, out, complaint
	err := cmd.Run()
	if out.over {
		return out.buf.Bytes(), ErrTooMuch
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, fault.New(fault.Unavailable, "documents.too_slow").Because(err)
	}
	if err != nil {
		return out.buf.Bytes(), fmt.Errorf("%s: %w: %s", c.Program, err, complaint.buf.String())
	}
	return out.buf.Bytes(), nil
}

// bounded puts prlimit before the program where the machine has it.
func (t Tools) bounded(c Call) (string, []string) {
	if t.Prlimit == "" {
		return c.Program, c.Args
	}
	bounds := []string{
		"--as=" + strconv.FormatInt(c.MemoryMaxBytes, 10),
		"--cpu=" + strconv.Itoa(int(c.TimeMax.Seconds())+1),
		"--fsize=" + strconv.Itoa(256<<20),
		"--nofile=" + strconv.Itoa(c.FilesMax), "--core=0", "--", c.Program,
	}
	return t.Prlimit, append(bounds, c.Args...)
}

// bounded keeps the first max bytes and calls stop when there are more.
type bounded struct {
	// buf is a field, not embedded: its ReadFrom would pass by the bound.
	buf  bytes.Buffer
	max  int
	stop func()
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := b.max - b.buf.Len()
	if len(p) <= room {
		return b.buf.Write(p)
	}
	b.buf.Write(p[:room]) // a Buffer never fails
	if b.stop == nil {
		return len(p), nil // complaints beyond the bound are not needed
	}
	b.over = true
	b.stop()
	return 0, io.ErrShortWrite
}
