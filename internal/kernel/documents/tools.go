package documents

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
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
	return Tools{
		PDFToText: find("pdftotext"), PDFToPPM: find("pdftoppm"), PDFInfo: find("pdfinfo"),
		QPDF: find("qpdf"), Prlimit: find("prlimit"),
		TimeMax: 30 * time.Second, MemoryMaxBytes: 1 << 30,
	}
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
	return all
}

// errTooMuch tells that a program wrote more than it may.
var errTooMuch = errors.New("more output than allowed")

// run starts a program on files of the scratch folder and gives what it
// writes, at most max bytes. More output ends the program with errTooMuch and
// what was written so far.
func (t Tools) run(ctx context.Context, max int, program string, args ...string) ([]byte, error) {
	return t.feed(ctx, nil, max, program, args...)
}

// feed is run for a program that reads its input from us: what is under seal
// must not lie on a disk, not even for a second.
func (t Tools) feed(ctx context.Context, in io.Reader, max int, program string, args ...string) ([]byte, error) {
	if program == "" {
		return nil, fault.New(fault.Unavailable, "documents.no_tool")
	}
	limit := t.TimeMax
	if limit == 0 {
		limit = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	name, argv := t.bounded(program, args, limit)
	cmd := exec.CommandContext(ctx, name, argv...)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent", "TMPDIR=" + os.TempDir()}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out := &bounded{max: max, stop: cancel}
	complaint := &bounded{max: 4096}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, complaint
	err := cmd.Run()
	if out.over {
		return out.buf.Bytes(), errTooMuch
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, fault.New(fault.Unavailable, "documents.too_slow").Because(err)
	}
	if err != nil {
		return out.buf.Bytes(), fmt.Errorf("%s: %w: %s", program, err, complaint.buf.String())
	}
	return out.buf.Bytes(), nil
}

// bounded puts prlimit before the program where the machine has it.
func (t Tools) bounded(program string, args []string, limit time.Duration) (string, []string) {
	if t.Prlimit == "" {
		return program, args
	}
	memory := t.MemoryMaxBytes
	if memory == 0 {
		memory = 1 << 30
	}
	bounds := []string{
		"--as=" + strconv.FormatInt(memory, 10),
		"--cpu=" + strconv.Itoa(int(limit.Seconds())+1),
		"--fsize=" + strconv.Itoa(256<<20),
		"--nofile=64", "--core=0", "--", program,
	}
	return t.Prlimit, append(bounds, args...)
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
