package documents

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// An office file is a zip of XML parts. checkOffice unpacks all of it once,
// into nothing, so that the sizes it states need not be believed, and refuses
// programs inside it and parts that would be fetched from elsewhere on opening.
func checkOffice(c *check) error {
	z, err := zip.NewReader(c.file, c.size)
	if err != nil {
		return refuse("documents.damaged_office", c.name).Because(err)
	}
	if len(z.File) > c.limits.PartsMax {
		return refuse("documents.bomb", c.name)
	}
	for _, f := range z.File {
		if isProgram(f.Name) {
			return refuse("documents.macros", c.name)
		}
	}
	if err := c.unpackAll(z); err != nil {
		return err
	}
	if types := partNamed(z, "[Content_Types].xml"); strings.Contains(types, "macroEnabled") {
		return refuse("documents.macros", c.name)
	}
	if fetchesFromElsewhere(z) {
		return refuse("documents.remote_parts", c.name)
	}
	about, err := officeAbout(z)
	if err != nil {
		return refuse("documents.damaged_office", c.name).Because(err)
	}
	head, err := OfficeText(z, c.media, headMaxBytes)
	if err != nil {
		return refuse("documents.damaged_office", c.name).Because(err)
	}
	return c.refuseMark(append(about, head)...)
}

func (c *check) unpackAll(z *zip.Reader) error {
	var total int64
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return refuse("documents.damaged_office", c.name).Because(err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(&patient{c.ctx, r}, c.limits.UnpackedMaxBytes-total+1))
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		total += n
		if total > c.limits.UnpackedMaxBytes || total > 1<<20 && total/c.size > c.limits.UnpackedMaxRatio {
			return refuse("documents.bomb", c.name)
		}
		if err != nil {
			return refuse("documents.damaged_office", c.name).Because(err)
		}
	}
	return nil
}

// isProgram reports parts that run: macros, controls, packed programs. Word
// and Excel keep harmless printer settings in .bin files too, so those are not
// refused by their ending.
func isProgram(name string) bool {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	base := path.Base(name)
	for _, dir := range []string{"basic/", "scripts/"} {
		if strings.HasPrefix(name, dir) && !strings.HasSuffix(name, "/") {
			return true
		}
	}
	switch {
	case strings.HasPrefix(base, "vbaproject"), strings.HasPrefix(base, "vbadata"), strings.HasPrefix(base, "oleobject"),
		strings.Contains(name, "activex/"), strings.Contains(name, "macrosheets/"), strings.Contains(name, "dialogsheets/"):
		return true
	}
	return slices.Contains([]string{".exe", ".dll", ".com", ".scr", ".js", ".vbs", ".wsf", ".bat", ".cmd", ".ps1",
		".jar", ".lnk", ".hta", ".msi", ".docm", ".xlsm", ".xlsb", ".pptm", ".dotm", ".xltm"}, path.Ext(base))
}

// fetchesFromElsewhere reports a template, frame or object that lies outside
// the file: opening it would load whatever is there by then.
func fetchesFromElsewhere(z *zip.Reader) bool {
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		var rels struct {
			All []struct {
				Type string `xml:"Type,attr"`
				Mode string `xml:"TargetMode,attr"`
			} `xml:"Relationship"`
		}
		if err := xml.Unmarshal([]byte(part(f, 4<<20)), &rels); err != nil {
			continue // nothing that Word could follow either
		}
		for _, r := range rels.All {
			switch {
			case !strings.EqualFold(r.Mode, "External"):
			case strings.HasSuffix(r.Type, "/attachedTemplate"), strings.HasSuffix(r.Type, "/oleObject"),
				strings.HasSuffix(r.Type, "/frame"), strings.HasSuffix(r.Type, "/subDocument"):
				return true
			}
		}
	}
	return false
}

func partNamed(z *zip.Reader, name string) string {
	for _, f := range z.File {
		if f.Name == name {
			return part(f, 4<<20)
		}
	}
	return ""
}

// officeAbout is what the file says about itself: title, subject, keywords.
func officeAbout(z *zip.Reader) ([]string, error) {
	var all []string
	for _, name := range []string{"docProps/core.xml", "docProps/custom.xml", "meta.xml"} {
		s, err := xmlText(strings.NewReader(partNamed(z, name)), headMaxBytes)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// OfficeText reads the text of an office file, headers first, up to max bytes.
func OfficeText(z *zip.Reader, media string, max int) (string, error) {
	var b strings.Builder
	for _, f := range textParts(z, media) {
		r, err := f.Open()
		if err != nil {
			return "", err
		}
		s, err := xmlText(r, max-b.Len())
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return "", err
		}
		b.WriteString(s)
		if b.Len() >= max {
			break
		}
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String()), nil
}

// textParts are the parts that hold text. A stamp of secrecy is often set in
// the page header, which is a part of its own.
func textParts(z *zip.Reader, media string) []*zip.File {
	var heads, bodies []*zip.File
	for _, f := range z.File {
		switch {
		case media == mediaDOCX && strings.HasPrefix(f.Name, "word/header"):
			heads = append(heads, f)
		case media == mediaDOCX && f.Name == "word/document.xml", media == mediaODT && f.Name == "content.xml",
			media == mediaXLSX && f.Name == "xl/sharedStrings.xml":
			bodies = append(bodies, f)
		case media == mediaODT && f.Name == "styles.xml":
			heads = append(heads, f)
		}
	}
	return append(heads, bodies...)
}

// partMaxBytes bounds how much of one part is read for its text.
const partMaxBytes = 64 << 20

// xmlText takes the text out of WordprocessingML, SpreadsheetML or ODF: what
// stands in elements, with a line for each paragraph, cell or property.
func xmlText(r io.Reader, max int) (string, error) {
	var b strings.Builder
	d := xml.NewDecoder(io.LimitReader(r, partMaxBytes))
	for b.Len() < max {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			if t.Name.Local == "tab" {
				b.WriteByte('\t')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "p", "h", "br", "line-break", "si", "tr", "tc":
				b.WriteByte('\n')
			case "title", "subject", "keywords", "category", "description", "lpwstr", "keyword", "user-defined":
				b.WriteByte('\n')
			}
		}
	}
	return cleanLines(b.String()), nil
}

// cleanLines takes out what is not text and the empty lines.
func cleanLines(s string) string {
	var b strings.Builder
	for line := range strings.Lines(text.Clean(s)) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(line)
		}
	}
	return b.String()
}
