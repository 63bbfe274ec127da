package reading

import (
	"regexp"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
)

var (
	inForce   = regexp.MustCompile(`\bhieu\sluc(?:\sthi\shanh)?,?\s(?:ke\s)?(?:tu\s|sau\s)?(?:ke\stu\s)?(?:ngay\s)?(?:(\d{1,2})\sthang\s(\d{1,2})\snam\s(\d{4})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|((?:duoc\s)?(?:ky\b|ban\shanh|thong\squa|cong\sbo|hoi\sdong\snhan\sdan))|(\d{1,3})\sngay,?\s(?:ke\s)?tu\sngay\s(?:ky|ban hanh|duoc|thong qua|dang))`)
	untilDay  = regexp.MustCompile(`^[^.;]{0,80}?den\s(?:het\s)?(?:ngay\s)?(?:(\d{1,2})\sthang\s(\d{1,2})\snam\s(\d{4})|(\d{1,2})/(\d{1,2})/(\d{4}))`)
	thisPaper = regexp.MustCompile(`\b(?:luat|phap lenh|nghi dinh|nghi quyet|thong tu|thong tu lien tich|quyet dinh|chi thi|quy che|quy dinh|van ban|thong bao|ke hoach)\s(?:nay|co)\s[^.;]{0,12}$|\bnay,?\s(?:co|bat dau co|chinh thuc co)\s$`)
	unitList  = regexp.MustCompile(`(?:(?:cac )?diem\s([a-z]\b(?:\s?[,;]\s?(?:diem\s)?[a-z]\b|\sva\s(?:diem\s)?[a-z]\b)*)\s)?(?:(?:cac )?khoan\s(\d{1,3}[a-z]?\b(?:\s?[,;]\s?(?:khoan\s)?\d{1,3}[a-z]?\b|\sva\s(?:khoan\s)?\d{1,3}[a-z]?\b)*)\s)?(?:cac )?dieu\s(nay\b|\d{1,3}[a-z]?\b(?:\s?[,;]\s?(?:dieu\s)?\d{1,3}[a-z]?\b|\sva\s(?:dieu\s)?\d{1,3}[a-z]?\b)*)`)
	partList  = regexp.MustCompile(`(?:(?:cac )?diem\s([a-z]\b(?:\s?[,;]\s?(?:diem\s)?[a-z]\b|\sva\s(?:diem\s)?[a-z]\b)*)\s)?(?:cac )?khoan\s(\d{1,3}[a-z]?\b(?:\s?[,;]\s?(?:khoan\s)?\d{1,3}[a-z]?\b|\sva\s(?:khoan\s)?\d{1,3}[a-z]?\b)*)|diem\s([a-z]\b(?:\s?[,;]\s?(?:diem\s)?[a-z]\b|\sva\s(?:diem\s)?[a-z]\b)*)`)
	unitWords = regexp.MustCompile(`\b\d{1,3}[a-z]?\b|\b[a-z]\b`)
)

// effects reads from when the paper, or parts of it, hold.
func (r *reader) effects() {
	prev := 0
	for _, m := range inForce.FindAllStringSubmatchIndex(r.flow, 200) {
		l := r.lineAt(m[0])
		if r.lines[l].wrap || r.quoted(r.at(m[0], m[1])) {
			continue
		}
		date, sure := r.effectDay(m)
		if date.IsZero() {
			continue
		}
		from := max(r.sentenceStart(m[0]), prev)
		before := r.flow[from:m[0]]
		prev = m[1]
		e := Effect{From: date, At: r.at(from, m[1]), Confidence: sure}
		e.Until = dayAfter(untilDay, r.flow[m[1]:min(len(r.flow), m[1]+140)])
		parts := r.unitsIn(from, m[0])
		whole := thisPaper.MatchString(before) && len(strings.TrimSpace(before)) < 60
		switch {
		case whole && !exception(before) && len(parts) == 0:
		case len(parts) > 0 && (exception(before) || len(r.symbolsIn(from, m[0])) == 0):
			e.Anchors = parts
			e.Confidence = r.anchorsKnown(parts, 0.85)
		default:
			continue
		}
		r.paper.Effects = append(r.paper.Effects, e)
		if len(e.Anchors) == 0 && r.paper.Effect.Confidence < sure {
			r.paper.Effect = Field[clock.Date]{date, sure, e.At}
		}
	}
	n, ok := r.noted("ngayhieuluc", "ngaycohieuluc", "hieuluc")
	if !ok {
		return
	}
	date, ok := noticeDay(n.value)
	if f := &r.paper.Effect; ok && f.Confidence == 0 {
		*f = Field[clock.Date]{date, noticeConfidence, n.at}
	} else if ok && f.Value == date {
		f.Confidence = max(f.Confidence, 0.97)
	}
}

// exception: the sentence speaks of parts, or of other papers.
func exception(before string) bool {
	return strings.Contains(before, "rieng ") || strings.Contains(before, "quy dinh tai ") || strings.Contains(before, "tru ") || strings.HasPrefix(strings.TrimSpace(before), "khoan ") || strings.Contains(before, "truoc ngay ")
}

func (r *reader) effectDay(m []int) (clock.Date, float64) {
	sub := func(k int) string {
		if m[2*k] < 0 {
			return ""
		}
		return r.flow[m[2*k]:m[2*k+1]]
	}
	if sub(1) != "" {
		d, _ := day(sub(1), sub(2), sub(3))
		return d, 0.95
	}
	if sub(4) != "" {
		d, _ := day(sub(4), sub(5), sub(6))
		return d, 0.93
	}
	issued := r.paper.Issued
	if issued.Confidence == 0 {
		return clock.Date{}, 0
	}
	if sub(8) != "" {
		n, _ := strconv.Atoi(sub(8))
		return issued.Value.AddDays(n), min(0.8, issued.Confidence)
	}
	return issued.Value, min(0.9, issued.Confidence)
}

func dayAfter(re *regexp.Regexp, s string) clock.Date {
	m := re.FindStringSubmatch(s)
	if m == nil {
		return clock.Date{}
	}
	d, _ := day(m[1]+m[4], m[2]+m[5], m[3]+m[6])
	return d
}

// sentenceStart is where the sentence begins that holds flow offset f: after
// the last full stop, semicolon or number of a unit.
func (r *reader) sentenceStart(f int) int {
	low := max(0, f-600)
	if p := r.provisionAt(int(r.pos[f])); p >= 0 {
		low = max(low, min(f, r.flowFrom(r.paper.Provisions[p].HeadingAt.End)))
	}
	for k := f - 1; k > low; k-- {
		c := r.flow[k]
		if c == ';' || c == '.' && k+1 < len(r.flow) && (r.flow[k+1] == '\n' || r.flow[k+1] == ' ') {
			return k + 1
		}
	}
	return low
}

// unitsIn are the anchors of this paper's provisions that flow[from:to] names.
func (r *reader) unitsIn(from, to int) []string {
	var out []string
	for _, m := range unitList.FindAllStringSubmatchIndex(r.flow[from:to], 60) {
		sub := func(k int) string {
			if m[2*k] < 0 {
				return ""
			}
			return r.flow[from+m[2*k] : from+m[2*k+1]]
		}
		letters := []string(nil)
		if m[2] >= 0 {
			letters = r.pointLetters(from+m[2], from+m[3])
		}
		arts := unitWords.FindAllString(sub(3), 40)
		if sub(3) == "nay" {
			arts = nil
			if p := r.articleAt(int(r.pos[from+m[0]])); p != "" {
				arts = []string{p}
			}
		}
		out = append(out, combine(arts, unitWords.FindAllString(sub(2), 40), letters)...)
	}
	return out
}

// pointLetters are the letters of điểm, đ as dd.
func (r *reader) pointLetters(from, to int) []string {
	var out []string
	for _, m := range unitWords.FindAllStringIndex(r.flow[from:to], 30) {
		w := r.flow[from+m[0] : from+m[1]]
		if digit(w[0]) {
			continue
		}
		if w == "d" && r.runeAt(from+m[0]) == 'đ' {
			w = "dd"
		}
		out = append(out, w)
	}
	return out
}

// partsIn are the anchors within a provision (base) that flow[from:to] names by
// khoản and điểm alone.
func (r *reader) partsIn(base string, from, to int) []string {
	var out []string
	for _, m := range partList.FindAllStringSubmatchIndex(r.flow[from:to], 30) {
		var clauses, points []string
		if m[4] >= 0 {
			clauses = unitWords.FindAllString(r.flow[from+m[4]:from+m[5]], 40)
		}
		for _, k := range []int{2, 6} {
			if m[k] >= 0 {
				points = append(points, r.pointLetters(from+m[k], from+m[k+1])...)
			}
		}
		out = append(out, combine([]string{base}, clauses, points)...)
	}
	return out
}

// combine makes anchors: clauses belong to the one article they stand before,
// points to the one clause.
func combine(arts, clauses, points []string) []string {
	var out []string
	for k, a := range arts {
		base := a
		if !strings.HasPrefix(a, "a") || len(a) < 4 {
			base = "art_" + a
		}
		if k > 0 || len(clauses) == 0 {
			if k == 0 && len(points) > 0 {
				for _, p := range points {
					out = append(out, base+"__point_"+p)
				}
				continue
			}
			out = append(out, base)
			continue
		}
		for j, c := range clauses {
			if j > 0 || len(points) == 0 {
				out = append(out, base+"__para_"+c)
				continue
			}
			for _, p := range points {
				out = append(out, base+"__para_"+c+"__point_"+p)
			}
		}
	}
	return out
}

func (r *reader) anchorsKnown(anchors []string, sure float64) float64 {
	have := map[string]bool{}
	for _, p := range r.paper.Provisions {
		have[p.Anchor] = true
	}
	for _, a := range anchors {
		if !have[a] {
			return 0.6
		}
	}
	return sure
}

// quoted: the place stands in text quoted for another paper.
func (r *reader) quoted(at Span) bool {
	lo, hi := 0, len(r.paper.Quotes)
	for lo < hi {
		m := (lo + hi) / 2
		if r.paper.Quotes[m].At.End <= at.Start {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo < len(r.paper.Quotes) && r.paper.Quotes[lo].At.Start <= at.Start
}

// provisionAt is the innermost provision that holds byte t of the text, or -1.
func (r *reader) provisionAt(t int) int {
	ps := r.paper.Provisions
	lo, hi := 0, len(ps)
	for lo < hi {
		m := (lo + hi) / 2
		if ps[m].At.Start <= t {
			lo = m + 1
		} else {
			hi = m
		}
	}
	p := lo - 1
	for p >= 0 && ps[p].At.End <= t {
		p = ps[p].Parent
	}
	return p
}

// articleAt is the anchor of the điều that holds byte t.
func (r *reader) articleAt(t int) string {
	for p := r.provisionAt(t); p >= 0; p = r.paper.Provisions[p].Parent {
		if r.paper.Provisions[p].Level == Article {
			return r.paper.Provisions[p].Anchor
		}
	}
	return ""
}
