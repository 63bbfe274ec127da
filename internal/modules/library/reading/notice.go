package reading

import (
	"regexp"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
)

// Papers taken from portals come with what the portal says of them: lines of
// fields before the text, a table "Thông tin văn bản", sections of its own.
// That is no part of the paper; it is believed where the paper is silent, and
// never enough to spare a person the look.
const noticeConfidence = 0.7

// note is one field of a notice.
type note struct {
	value string
	at    Span
}

var (
	noticeHead = regexp.MustCompile(`^(?:[ivx\d]+[.)] )?(?:thong tin (?:van ban|chung|co ban|chi tiet)?$|thong tin$|tom tat|ghi chu|nguon|tai lieu tham khao|muc luc|lich su|lien ket|van ban lien quan|metadata|danh gia|phan tich|tu khoa|the:|tai ve)`)
	noticeDate = regexp.MustCompile(`(\d{1,2}) thang (\d{1,2}) nam (\d{4})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})`)
)

// wrapped marks the lines that are no part of the paper.
func (s *sheet) wrapped() {
	front := 0
	if strings.HasPrefix(strings.TrimLeft(s.text, "\ufeff\n\r "), "---") {
		start := strings.Index(s.text, "---") + 3
		if end := strings.Index(s.text[start:], "\n---"); end >= 0 && end < 20_000 {
			front = start + end
		}
	}
	in := false
	for i := range s.lines {
		l := &s.lines[i]
		if l.ts < front {
			l.wrap = true
			continue
		}
		if l.head {
			flow := strings.Trim(s.lineFlow(i), " .:")
			in = noticeHead.MatchString(flow)
			top := strings.HasPrefix(strings.TrimLeft(s.text[lineStart(s.text, l.ts):l.te], " \t\ufeff"), "# ")
			code, rest := s.kindLine(i)
			l.wrap = in || top && i < 80 && (code == "" || rest >= 0)
			continue
		}
		if in && !l.row && s.beginsPaper(i) {
			in = false
		}
		l.wrap = in
	}
}

// beginsPaper: the paper itself stands under the heading of the notice.
func (s *sheet) beginsPaper(i int) bool {
	flow := s.lineFlow(i)
	if nationTitle.MatchString(flow) || strings.HasPrefix(flow, "so:") && strings.Contains(flow, "/") && strings.Contains(flow, "ngay") {
		return true
	}
	code, rest := s.kindLine(i)
	return code != "" && rest < 0
}

// lineStart is where the line begins that holds byte i.
func lineStart(text string, i int) int { return strings.LastIndexByte(text[:i], '\n') + 1 }

// notices reads the fields of the wrapped lines.
func (r *reader) notices() {
	r.notice = map[string]note{}
	for _, l := range r.lines {
		if !l.wrap || len(r.notice) > 200 {
			continue
		}
		start := lineStart(r.text, l.ts)
		end := l.te
		raw := strings.TrimLeft(r.text[start:end], " \t|>-*")
		cut := strings.IndexAny(raw, "|:")
		if cut < 0 || cut > 60 {
			continue
		}
		key := strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' {
				return c
			}
			return -1
		}, folded(raw[:cut]))
		at := end - len(raw) + cut + 1
		value := strings.Trim(r.words(r.flowAt(l, at), l.fe), " \"'|*:")
		if _, had := r.notice[key]; !had && value != "" {
			r.notice[key] = note{value, Span{l.ts, l.te}}
		}
	}
}

// flowAt is the first flow offset of a line at or after text offset t.
func (s *sheet) flowAt(l line, t int) int {
	f := l.fs
	for f < l.fe && int(s.pos[f]) < t {
		f++
	}
	return f
}

// noted is the first of the fields that a notice has.
func (r *reader) noted(keys ...string) (note, bool) {
	for _, k := range keys {
		if n, ok := r.notice[k]; ok {
			return n, true
		}
	}
	return note{}, false
}

func noticeDay(s string) (clock.Date, bool) {
	m := noticeDate.FindStringSubmatch(folded(s))
	switch {
	case m == nil:
		return clock.Date{}, false
	case m[1] != "":
		return day(m[1], m[2], m[3])
	case m[4] != "":
		return day(m[4], m[5], m[6])
	}
	return day(m[9], m[8], m[7])
}
