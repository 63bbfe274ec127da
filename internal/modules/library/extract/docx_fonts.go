package extract

import (
	"encoding/xml"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// docxStyles are the styles of a Word file, as far as they tell fonts and numbers.
type docxStyles struct {
	all      map[string]docxStyle
	standard string // font of what names none
	usual    string // the style of paragraphs that name none
}

type docxStyle struct {
	based, font, numID string
	level              int
}

const basedMost = 20 // styles upon styles; a ring of them ends

func (s *docxStyles) read(x *xml.Decoder) error {
	s.all = map[string]docxStyle{}
	id, defaults := "", false
	return tokens(x, func(t xml.StartElement) error {
		switch t.Name.Local {
		case "docDefaults":
			defaults = true
		case "style":
			id = attr(t, "styleId")
			s.all[id] = docxStyle{}
			if attr(t, "type") == "paragraph" && attr(t, "default") == "1" {
				s.usual = id
			}
		case "rFonts":
			font := firstOf(attr(t, "ascii"), attr(t, "hAnsi"), attr(t, "cs"))
			if defaults {
				s.standard = font
			} else if id != "" {
				v := s.all[id]
				v.font = font
				s.all[id] = v
			}
		case "basedOn", "numId", "ilvl":
			if id == "" {
				break
			}
			v := s.all[id]
			switch t.Name.Local {
			case "basedOn":
				v.based = attr(t, "val")
			case "numId":
				v.numID = attr(t, "val")
			default:
				v.level = max(0, min(8, atoi(attr(t, "val"))))
			}
			s.all[id] = v
		}
		return nil
	}, func(name string) error {
		switch name {
		case "docDefaults":
			defaults = false
		case "style":
			id = ""
		}
		return nil
	}, func(string) {})
}

// font is that of a style or of those it is based on; empty when none names one.
func (s docxStyles) font(id string) string {
	for range basedMost {
		v, ok := s.all[id]
		if !ok || v.font != "" {
			return v.font
		}
		id = v.based
	}
	return ""
}

func (s docxStyles) number(id string) (numID string, level int) {
	for range basedMost {
		v, ok := s.all[id]
		if !ok || v.numID != "" {
			return v.numID, v.level
		}
		id = v.based
	}
	return "", 0
}

// coding is how the letters of a font are coded.
type coding int

const (
	unicodeFont coding = iota
	tcvn3
	tcvn3Capitals // its small letters look like capitals
	vni
)

// codingOf knows the fonts of the time before Unicode by their names.
func codingOf(font string) coding {
	f := strings.ToLower(strings.TrimSpace(font))
	switch {
	case strings.HasPrefix(f, ".vn"):
		if strings.HasSuffix(f, "h") && strings.HasSuffix(font, "H") {
			return tcvn3Capitals
		}
		return tcvn3
	case strings.HasPrefix(f, "vni-"), strings.HasPrefix(f, "vni "):
		return vni
	}
	return unicodeFont
}

// words joins the runs of a paragraph. Runs of one coding are decoded together,
// because VNI writes a letter and its mark as two characters.
func (d *docx) words(p *paragraph) string {
	var b strings.Builder
	standard := firstOf(d.styles.font(firstOf(p.style, d.styles.usual)), d.styles.standard)
	var held strings.Builder
	last := unicodeFont
	flush := func() {
		s := held.String()
		held.Reset()
		if last != unicodeFont && !modernLetters(s) {
			switch last {
			case tcvn3:
				s = text.FromTCVN3(s)
			case tcvn3Capitals:
				s = strings.ToUpper(text.FromTCVN3(s))
			case vni:
				s = text.FromVNI(s)
			}
			d.legacy = true
		}
		b.WriteString(s)
	}
	for _, r := range append(p.carried, p.runs...) {
		if c := codingOf(firstOf(r.font, standard)); c != last {
			flush()
			last = c
		}
		if r.caps && last == unicodeFont {
			r.text = strings.ToUpper(r.text)
		}
		held.WriteString(r.text)
	}
	flush()
	return b.String()
}

// modernLetters reports letters that only Unicode has: somebody pasted them into an
// old font, and Word showed another one.
func modernLetters(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x1EA0 && r <= 0x1EF9 || strings.ContainsRune("ăĂđĐơƠưƯ", r) })
}
