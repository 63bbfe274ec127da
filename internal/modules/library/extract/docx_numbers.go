package extract

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// docxNumbers are the automatic numbers of a Word file: in many resolutions "Điều
// 1." and "a)" are nowhere typed.
type docxNumbers struct {
	kinds map[string]map[int]docxLevel // by abstract number
	lists map[string]docxList          // by number
}

type docxList struct {
	kind   string
	begins map[int]int
}

type docxLevel struct {
	start  int
	format string
	words  string // "Điều %1."
}

func (n *docxNumbers) read(x *xml.Decoder) error {
	n.kinds, n.lists = map[string]map[int]docxLevel{}, map[string]docxList{}
	var kind, list string
	level := -1
	return tokens(x, func(t xml.StartElement) error {
		v := attr(t, "val")
		switch t.Name.Local {
		case "abstractNum":
			kind = attr(t, "abstractNumId")
			n.kinds[kind] = map[int]docxLevel{}
		case "num":
			list = attr(t, "numId")
			n.lists[list] = docxList{begins: map[int]int{}}
		case "abstractNumId":
			if l, ok := n.lists[list]; ok {
				l.kind = v
				n.lists[list] = l
			}
		case "lvl", "lvlOverride":
			level = max(0, min(8, atoi(attr(t, "ilvl"))))
			if kind != "" {
				n.kinds[kind][level] = docxLevel{start: 1, format: "decimal"}
			}
		case "startOverride":
			if l, ok := n.lists[list]; ok && level >= 0 {
				l.begins[level] = atoi(v)
			}
		case "start", "numFmt", "lvlText":
			if kind == "" || level < 0 {
				break
			}
			l := n.kinds[kind][level]
			switch t.Name.Local {
			case "start":
				l.start = atoi(v)
			case "numFmt":
				l.format = v
			default:
				l.words = v
			}
			n.kinds[kind][level] = l
		}
		return nil
	}, func(name string) error {
		switch name {
		case "abstractNum":
			kind = ""
		case "num":
			list = ""
		case "lvl", "lvlOverride":
			level = -1
		}
		return nil
	}, func(string) {})
}

// label counts a paragraph and gives its number as it would be printed.
func (d *docx) label(p *paragraph) string {
	id, level := p.numID, p.level
	if id == "" {
		id, level = d.styles.number(firstOf(p.style, d.styles.usual))
	}
	list, ok := d.numbers.lists[id]
	if !ok || id == "0" {
		return ""
	}
	levels := d.numbers.kinds[list.kind]
	own, ok := levels[level]
	if !ok {
		return ""
	}
	key := list.kind
	if len(list.begins) > 0 {
		key = "list " + id // one that begins anew counts for itself
	}
	c := d.counters[key]
	if c == nil {
		c = &[9]int{}
		for i := range c {
			c[i] = -1
		}
		d.counters[key] = c
	}
	if c[level] < 0 {
		c[level] = own.start - 1
		if b, ok := list.begins[level]; ok {
			c[level] = b - 1
		}
	}
	c[level]++
	for i := level + 1; i < len(c); i++ {
		c[i] = -1
	}
	if own.format == "bullet" {
		return "-"
	}
	out := own.words
	for i := range 9 {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(out, mark) {
			continue
		}
		n := c[i]
		if n < 0 {
			n = max(1, levels[i].start)
		}
		out = strings.ReplaceAll(out, mark, counted(n, levels[i].format))
	}
	return strings.TrimSpace(out)
}

// counted writes a number in a list's way.
func counted(n int, format string) string {
	switch format {
	case "lowerLetter", "upperLetter":
		if n < 1 || n > 26*20 {
			return strconv.Itoa(n)
		}
		// Word goes a … z, aa, bb, …
		s := strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
		if format == "upperLetter" {
			s = strings.ToUpper(s)
		}
		return s
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, r := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.value {
			b.WriteString(r.sign)
			n -= r.value
		}
	}
	return b.String()
}
