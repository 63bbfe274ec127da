package documents

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
)

// checkPDF refuses a PDF that is encrypted, that runs or sends something, or
// that carries other files. We refuse rather than clean: a cleaned PDF is no
// longer the one that was signed or sent.
func checkPDF(c *check) error {
	b := make([]byte, c.size)
	if _, err := c.file.ReadAt(b, 0); err != nil {
		return err
	}
	found, err := scanPDF(b)
	if err != nil {
		return refuse("documents.damaged_pdf", c.name).Because(err)
	}
	if key := worst(found); key != "" {
		return refuse(key, c.name)
	}
	if err := c.structure(); err != nil {
		return err
	}
	if err := c.about(); err != nil {
		return err
	}
	tools := c.registry.Tools
	if tools.PDFToText == "" {
		c.unread = true
		return nil
	}
	head, err := tools.run(c.ctx, headMaxBytes, tools.PDFToText, "-q", "-layout", "-enc", "UTF-8", "-f", "1", "-l", "1", c.file.Name(), "-")
	if err != nil && !errors.Is(err, ErrTooMuch) {
		return c.unreadable(err)
	}
	c.unread = len(bytes.TrimSpace(head)) == 0
	return c.refuseMark(string(head))
}

// unreadable makes a fault of a tool's failure: no time left is our trouble,
// anything else is the file's.
func (c *check) unreadable(err error) error {
	if fault.KindOf(err) == fault.Unavailable || c.ctx.Err() != nil {
		return err
	}
	return refuse("documents.damaged_pdf", c.name).Because(err)
}

// structure lets qpdf list every object that a reader would reach, including
// those in compressed object streams, and looks at all names in it.
func (c *check) structure() error {
	tools := c.registry.Tools
	if tools.QPDF == "" {
		return nil
	}
	const structureMaxBytes = 256 << 20
	found := map[string]bool{}
	list, err := tools.run(c.ctx, structureMaxBytes, tools.QPDF, "--json=2", "--json-key=qpdf", "--no-warn", "--warning-exit-0", c.file.Name())
	if errors.Is(err, ErrTooMuch) {
		return refuse("documents.bomb", c.name)
	}
	if err != nil {
		return c.unreadable(err)
	}
	d := json.NewDecoder(bufio.NewReader(bytes.NewReader(list)))
	for {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return refuse("documents.damaged_pdf", c.name).Because(err)
		}
		// In this listing only names of the PDF begin with a slash; its texts begin with u: or b:.
		if s, ok := t.(string); ok && strings.HasPrefix(s, "/") {
			found[s[1:]] = true
		}
	}
	if key := worst(found); key != "" {
		return refuse(key, c.name)
	}
	return nil
}

// about reads pages, title and keywords.
func (c *check) about() error {
	tools := c.registry.Tools
	if tools.PDFInfo == "" {
		return nil
	}
	info, err := pdfInfo(c.ctx, tools, c.file.Name())
	if err != nil {
		return c.unreadable(err)
	}
	if strings.HasPrefix(info["Encrypted"], "yes") {
		return refuse("documents.encrypted", c.name)
	}
	if c.pages, err = strconv.Atoi(info["Pages"]); err != nil || c.pages < 1 {
		return refuse("documents.damaged_pdf", c.name)
	}
	return c.refuseMark(info["Title"], info["Subject"], strings.ReplaceAll(info["Keywords"], ",", "\n"))
}

func pdfInfo(ctx context.Context, tools Tools, path string) (map[string]string, error) {
	out, err := tools.run(ctx, 64<<10, tools.PDFInfo, "-enc", "UTF-8", path)
	if err != nil {
		return nil, err
	}
	info := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if k, v, ok := strings.Cut(line, ":"); ok {
			info[k] = strings.TrimSpace(v)
		}
	}
	return info, nil
}

// worst picks the sentence for the names found; empty when none is refused.
// Names are those of ISO 32000.
func worst(found map[string]bool) string {
	for _, rule := range []struct {
		key   string
		names []string
	}{
		{"documents.encrypted", []string{"Encrypt"}},
		{"documents.script", []string{"JavaScript", "Launch", "RichMedia", "XFA", "SubmitForm", "ImportData"}},
		// Not "EmbeddedFiles": many programs write an empty list of them.
		{"documents.embedded", []string{"EmbeddedFile", "EF", "GoToE"}},
	} {
		for _, name := range rule.names {
			if found[name] {
				return rule.key
			}
		}
	}
	return ""
}

// longName is the length from which a name is looked for even inside packed
// bytes: shorter ones occur there by chance.
const longName = 6

// scanPDF collects the names in a PDF by our own reading, without trusting its
// table of contents. It needs no tool, and sees what a reader that mends
// broken files might see. Object streams are unpacked, other streams are
// searched for long names only.
func scanPDF(b []byte) (map[string]bool, error) {
	if i := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); i < 0 {
		return nil, errors.New("no PDF header")
	}
	if !bytes.Contains(b, []byte("%%EOF")) {
		return nil, errors.New("no end mark: the file was cut")
	}
	found := map[string]bool{}
	unpacked := 0
	for len(b) > 0 {
		start := bytes.Index(b, []byte("stream"))
		if start < 0 {
			names(b, found, 1)
			break
		}
		names(b[:start], found, 1)
		dict := b[max(0, start-2048):start]
		if i := bytes.LastIndex(dict, []byte("obj")); i >= 0 {
			dict = dict[i:]
		}
		b = b[start+len("stream"):]
		end := bytes.Index(b, []byte("endstream"))
		if end < 0 {
			names(b, found, 1)
			break
		}
		own := map[string]bool{}
		names(dict, own, 1)
		if own["ObjStm"] {
			content, err := unpackStream(b[:end], own)
			if err != nil {
				return nil, err
			}
			if unpacked += len(content); unpacked > objectsMaxBytes {
				return nil, errors.New("object streams unpack to too much")
			}
			names(content, found, 1)
		} else {
			names(b[:end], found, longName)
		}
		b = b[end+len("endstream"):]
	}
	return found, nil
}

const objectsMaxBytes = 64 << 20

func unpackStream(b []byte, dict map[string]bool) ([]byte, error) {
	if !dict["FlateDecode"] && !dict["Fl"] {
		if dict["Filter"] {
			return nil, errors.New("object stream packed in a way no ordinary program uses")
		}
		return b, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(b, "\r\n")))
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, objectsMaxBytes+1))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, zlib.ErrChecksum) {
		return nil, err
	}
	return content, nil // readers mend a cut stream too, so we look at what there is
}

// names collects the names of at least least bytes ("/Launch", also when
// written "/L#61unch").
func names(b []byte, found map[string]bool, least int) {
	for {
		i := bytes.IndexByte(b, '/')
		if i < 0 {
			return
		}
		b = b[i+1:]
		var name [16]byte
		n, used := 0, 0
		for used < len(b) && n < len(name) && isRegular(b[used]) {
			ch := b[used]
			used++
			if ch == '#' && used+1 < len(b) {
				if v, err := strconv.ParseUint(string(b[used:used+2]), 16, 8); err == nil {
					ch, used = byte(v), used+2
				}
			}
			name[n] = ch
			n++
		}
		if n >= least {
			if s := string(name[:n]); worst(map[string]bool{s: true}) != "" || isStreamWord(s) {
				found[s] = true
			}
		}
		b = b[used:]
	}
}

func isStreamWord(s string) bool {
	return s == "ObjStm" || s == "FlateDecode" || s == "Fl" || s == "Filter"
}

// isRegular reports the characters a name may have (ISO 32000-1, 7.2.2).
func isRegular(c byte) bool {
	return c > ' ' && c != 0x7F && !strings.ContainsRune("()<>[]{}/%", rune(c))
}
