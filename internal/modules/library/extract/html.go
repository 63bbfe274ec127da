package extract

import (
	"html"
	"strings"
	"unicode"
)

// HTMLText takes the text out of a web page: a line for each block, tabs between the
// cells of a row. It goes through the page once and needs no page to be well made.
func HTMLText(s string) string {
	h := &htmlText{}
	for len(s) > 0 {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			i = len(s)
		}
		h.words(s[:i])
		if i == len(s) {
			break
		}
		s = h.tag(s[i:])
	}
	return h.out.String()
}

type htmlText struct {
	out   strings.Builder
	space bool // a space stands before the next word
	line  bool // something stands on this line
	cell  bool // a cell stands before this one in the row
	pre   int  // open <pre>
}

func (h *htmlText) words(s string) {
	if s == "" {
		return
	}
	s = html.UnescapeString(s)
	if h.pre > 0 {
		h.out.WriteString(s)
		h.line = true
		return
	}
	for _, r := range s {
		if unicode.IsSpace(r) && r != '\u00a0' {
			h.space = true
			continue
		}
		if h.space && h.line {
			h.out.WriteByte(' ')
		}
		h.space, h.line = false, true
		h.out.WriteRune(r)
	}
}

func (h *htmlText) newLine() {
	if h.line {
		h.out.WriteByte('\n')
	}
	h.space, h.line, h.cell = false, false, false
}

// tag takes one tag, comment or element without words and gives the rest.
func (h *htmlText) tag(s string) string {
	switch {
	case strings.HasPrefix(s, "<!--"):
		return after(s[4:], "-->")
	case strings.HasPrefix(s, "<!"), strings.HasPrefix(s, "<?"):
		return after(s, ">")
	}
	end := strings.HasPrefix(s, "</")
	name := tagName(s)
	if name == "" {
		h.words("<")
		return s[1:]
	}
	rest := afterTag(s)
	switch name {
	case "script", "style", "template", "svg", "noscript", "select", "textarea":
		if !end {
			return afterElement(rest, name)
		}
	case "pre":
		h.newLine()
		if end {
			h.pre = max(0, h.pre-1)
		} else {
			h.pre++
		}
	case "td", "th":
		if !end && h.cell {
			h.out.WriteByte('\t')
			h.space = false
		}
		h.cell = h.cell || !end
	case "p", "div":
		// Inside a row a paragraph is a part of its cell.
		if !h.cell {
			h.newLine()
		} else {
			h.space = true
		}
	case "br":
		if h.cell {
			h.space = true
		} else {
			h.out.WriteByte('\n')
			h.space, h.line = false, false
		}
	case "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "section", "article", "header", "footer", "main", "nav", "aside",
		"ul", "ol", "dl", "dt", "dd", "blockquote", "hr", "title", "body", "head", "form", "figure", "figcaption", "address":
		h.newLine()
	}
	return rest
}

func tagName(s string) string {
	i := 1
	if strings.HasPrefix(s, "</") {
		i = 2
	}
	j := i
	for j < len(s) && j < i+20 && (s[j] >= 'a' && s[j] <= 'z' || s[j] >= 'A' && s[j] <= 'Z' || j > i && (s[j] >= '0' && s[j] <= '9' || s[j] == ':')) {
		j++
	}
	return strings.ToLower(s[i:j])
}

// after is what follows an end mark; nothing when it never comes.
func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}

// afterTag passes by a tag; a > inside quotes does not end it, unless its quote
// never ends.
func afterTag(s string) string {
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if before := strings.TrimRight(s[max(0, i-8):i], " \t\r\n"); strings.HasSuffix(before, "=") {
				quote = c
			}
		case c == '>':
			return s[i+1:]
		}
	}
	return ""
}

// afterElement passes by an element whose inside are no words.
func afterElement(s, name string) string {
	for i := 0; i < len(s); {
		j := strings.Index(s[i:], "</")
		if j < 0 {
			return ""
		}
		i += j
		if tagName(s[i:]) == name {
			return afterTag(s[i:])
		}
		i += 2
	}
	return ""
}
