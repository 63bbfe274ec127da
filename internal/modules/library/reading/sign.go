package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// signatureLines bounds where signers and recipients are looked for.
const signatureLines = 90

var (
	signForm     = regexp.MustCompile(`(?:^|[ |])(t/?m|kt|tl|tuq|q)[.,:]? {0,2}([a-z][a-z ,-]{2,60})`)
	signTitle    = regexp.MustCompile(`\b((?:pho )?(?:thu tuong|chu tich(?: nuoc| quoc hoi)?|bo truong(?: - chu nhiem)?|truong ban|truong doan|thong doc|giam doc|chanh van phong|tong thanh tra|tong kiem toan(?: nha nuoc)?|cuc truong|vu truong|vien truong|chanh an|tong bi thu|bi thu|chu nhiem)|thu truong|(?:uy|uv) vien thuong truc)\b`)
	recipients   = regexp.MustCompile(`^n.i nh.n ?(?::|$|[a-z]{2}\.)|^noi nhan(?: .{0,12}$|: )|^n.i k.m.{0,8} tm\.`)
	personPrefix = regexp.MustCompile(`^(?:(?:dai|thuong|trung|thieu) (?:tuong|ta)|gs|pgs|ts|ths|bs|ks|dong chi|ong|ba)[.,]? `)
)

// surnames are the family names most people in the country bear, as they stand
// in a flow.
var surnames = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh luong doan trinh mai to ha cao ta thai dao lam phung truong chu tong quach vuong giang lo hau nong trieu hua kieu tang khuat la luu dam thach chau nghiem vi dieu ma y bach an au cu cam doi kim ong tu thieu than hung quang vang sung mua ksor rcom ka lu thao mac nghe xa van ninh tieu khong phi ton chau luc mong nhu phu son tan thi thuy") {
		m[s] = true
	}
	return m
}()

// signs: line i begins the signatures or the recipients.
func (r *reader) signs(i int) bool {
	l, flow := r.lines[i], r.lineFlow(i)
	if flow[0] == 'n' && recipients.MatchString(flow) && unicode.IsUpper(r.runeAt(l.fs)) {
		return true
	}
	if !mayForm(flow) {
		return l.caps && r.titleAlone(flow)
	}
	if m := signForm.FindStringSubmatchIndex(flow); m != nil && strings.Contains(flow[m[2]:m[4]], ".") && r.capitals(l.fs+m[2], l.fs+m[3]) && r.capitals(l.fs+m[4], l.fs+m[4]+6) {
		return m[2] < 3 || len(flow) < 110
	}
	return l.caps && r.titleAlone(flow)
}

// mayForm spares most lines the look for TM., KT. …
func mayForm(flow string) bool {
	return strings.Contains(flow, "m.") || strings.Contains(flow, "kt.") || strings.Contains(flow, "q.") || strings.Contains(flow, "tl.")
}

// titleAlone: the line is the post of a signer and nothing else.
func (r *reader) titleAlone(flow string) bool {
	m := signTitle.FindStringIndex(flow)
	return m != nil && m[0] == 0 && m[1] == len(flow)
}

// capitals: the letters of the flow from fs to fe are all capitals.
func (r *reader) capitals(fs, fe int) bool {
	for k := fs; k < fe && k < len(r.flow); k++ {
		if c := r.runeAt(k); unicode.IsLetter(c) && !unicode.IsUpper(c) {
			return false
		}
	}
	return true
}

// cells are the columns of a line: stretches set apart by | or wide spaces.
func (s *sheet) cells(l line) [][2]int {
	var out [][2]int
	from := l.fs
	for k := l.fs + 1; k+1 < l.fe; k++ {
		if s.flow[k] != ' ' {
			continue
		}
		gap := s.text[s.pos[k-1]:s.pos[k+1]]
		_, n := utf8.DecodeRuneInString(gap)
		if gap = gap[n:]; len(gap) >= 3 || strings.Contains(gap, "|") {
			out = append(out, [2]int{from, k})
			from = k + 1
		}
	}
	return append(out, [2]int{from, l.fe})
}

// block is where a paper ends: from its first line of signatures or recipients
// to its annexes.
type block struct{ from, to int }

func (r *reader) ending() block {
	b := block{r.after, min(len(r.lines), r.after+signatureLines)}
	for _, p := range r.paper.Provisions {
		if p.Level == Annex && r.after < len(r.lines) && p.At.Start >= r.lines[r.after].ts {
			for b.to > b.from && r.lines[b.to-1].ts >= p.At.Start {
				b.to--
			}
			break
		}
	}
	for i := b.from; i < b.to; i++ {
		if r.lines[i].wrap {
			b.to = i
		}
	}
	return b
}

// signatures reads who signed and who gets the paper.
func (r *reader) signatures() {
	b := r.ending()
	var signer Signer
	var names []Field[string]
	for i := b.from; i < b.to; i++ {
		l := r.lines[i]
		r.signerForms(l, &signer)
		if f, ok := r.nameIn(l); ok && (i > b.from || signer.Position != "") {
			names = append(names, f...)
		}
	}
	r.recipientLines(b)
	best := -1
	for k, n := range names {
		if best < 0 || n.Confidence > names[best].Confidence {
			best = k
		}
	}
	if best >= 0 {
		signer.Name = names[best]
	}
	r.notedSigner(&signer)
	if signer.Name.Confidence > 0 || len(signer.Forms) > 0 || signer.Position != "" {
		r.paper.Signers = append(r.paper.Signers, signer)
	}
	for k, n := range names {
		if k != best && best >= 0 && n.Confidence >= 0.85 && r.lineAt(r.flowFrom(n.At.Start)) == r.lineAt(r.flowFrom(names[best].At.Start)) {
			r.paper.Signers = append(r.paper.Signers, Signer{Name: n})
		}
	}
}

// signerForms reads TM., KT. … and the post of the signer.
func (r *reader) signerForms(l line, s *Signer) {
	flow := r.flow[l.fs:l.fe]
	for _, m := range signForm.FindAllStringSubmatchIndex(flow, 4) {
		if !r.capitals(l.fs+m[2], l.fs+m[3]) || !r.capitals(l.fs+m[4], l.fs+min(m[5], m[4]+8)) {
			continue
		}
		form := strings.ToUpper(strings.ReplaceAll(flow[m[2]:m[3]], "/", "")) + "."
		whom := flow[m[4]:m[5]]
		if named := startsBody(whom+" ") || signTitle.MatchString(whom); !named && (form != "TM." && form != "KT." || !r.capitals(l.fs+m[4], l.fs+m[5]) || len(whom) < 8) {
			continue
		}
		if len(s.Forms) > 3 || slices.Contains(s.Forms, form) {
			continue
		}
		s.Forms = append(s.Forms, form)
		end := l.fs + m[4]
		for end < l.fs+m[5] && (!unicode.IsLetter(r.runeAt(end)) || unicode.IsUpper(r.runeAt(end))) {
			end++
		}
		s.Behalf = strings.Trim(r.mended(l.fs+m[4], end), trimEnds)
	}
	for _, m := range signTitle.FindAllStringIndex(flow, 4) {
		if !r.capitals(l.fs+m[0], l.fs+m[1]) || m[0] > 3 && strings.HasSuffix(strings.TrimRight(flow[:m[0]], " .,"), "kt") {
			continue
		}
		if title := r.words(l.fs+m[0], l.fs+m[1]); s.Position == "" || len(title) > len(s.Position) {
			s.Position = title
		}
	}
}

// nameIn finds names of people at the ends of the columns of a line.
func (r *reader) nameIn(l line) ([]Field[string], bool) {
	var out []Field[string]
	for _, c := range r.cells(l) {
		from := c[0]
		if k := strings.LastIndexAny(r.flow[from:c[1]], ";:"); k >= 0 && k+3 < c[1]-from {
			from += k + 1
		}
		for from < c[1] && (r.flow[from] == ' ' || strings.IndexByte("-~.,'", r.flow[from]) >= 0) {
			from++
		}
		if m := personPrefix.FindStringIndex(r.flow[from:c[1]]); m != nil && r.flow[from:c[1]] != "" && surnames[firstWord(r.flow[from+m[1]:c[1]])] {
			from += m[1]
		}
		if sure := r.nameLike(from, c[1]); sure > 0 {
			out = append(out, Field[string]{strings.Trim(r.words(from, c[1]), trimEnds), sure, r.at(from, c[1])})
		}
	}
	return out, len(out) > 0
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

// nameLike says how much flow[from:to] looks like the name of a person.
func (r *reader) nameLike(from, to int) float64 {
	name := strings.Trim(r.words(from, to), trimEnds)
	parts := strings.Fields(name)
	if len(parts) < 2 || len(parts) > 5 {
		return 0
	}
	for _, p := range parts {
		for k, c := range p {
			if k == 0 && !unicode.IsUpper(c) || k > 0 && !unicode.IsLower(c) {
				return 0
			}
		}
		if n := utf8.RuneCountInString(p); n > 7 || n == 1 && p != "Y" {
			return 0
		}
	}
	plain := folded(name)
	if code, _ := kindOf(plain); code != "" || startsBody(plain+" ") && !surnames[firstWord(plain)] || strings.HasPrefix(plain, "doan dai") || strings.HasPrefix(plain, "doan the") || strings.HasPrefix(plain, "luu") || strings.HasPrefix(plain, "noi nhan") || signTitle.MatchString(plain) {
		return 0
	}
	if surnames[firstWord(plain)] {
		if plain == strings.ToLower(name) {
			return 0.75 // all accents lost
		}
		return 0.92
	}
	return 0.5
}

// notedSigner weighs the name against the notice.
func (r *reader) notedSigner(s *Signer) {
	n, ok := r.noted("nguoiky", "nguoikyvanban")
	if !ok {
		return
	}
	plain := folded(n.value)
	if name := folded(s.Name.Value); s.Name.Confidence > 0 && strings.Contains(plain, name) {
		from := r.flowFrom(n.at.Start)
		if k := strings.Index(r.flow[from:r.flowFrom(n.at.End)], name); k >= 0 {
			if noted := r.words(from+k, from+k+len(name)); !sameTones(noted, s.Name.Value) && noted != folded(noted) {
				r.repair(Repair{At: s.Name.At, Read: s.Name.Value, Meant: noted, Why: "word"})
				s.Name.Value, s.Name.Confidence = noted, Sure
				return
			}
		}
		s.Name.Confidence = max(s.Name.Confidence, 0.97)
		return
	}
	if s.Name.Confidence >= 0.85 {
		return
	}
	at := r.flowFrom(n.at.Start)
	end := r.flowFrom(n.at.End)
	for from := at; from < end; from++ {
		if from > at && r.flow[from-1] != ' ' && r.flow[from-1] != '(' && r.flow[from-1] != '"' || !surnames[firstWord(strings.TrimRight(r.flow[from:end], trimEnds))] || !unicode.IsUpper(r.runeAt(from)) {
			continue
		}
		to := from
		for to < end && strings.IndexByte("(),;-/\"", r.flow[to]) < 0 {
			to++
		}
		if r.nameLike(from, to) > 0 {
			s.Name = Field[string]{strings.Trim(r.words(from, to), trimEnds), noticeConfidence, r.at(from, to)}
			return
		}
	}
}

// recipientLines reads nơi nhận up to "Lưu: …".
func (r *reader) recipientLines(b block) {
	i := b.from
	for i < b.to && !recipients.MatchString(r.lineFlow(i)) {
		i++
	}
	for i++; i < b.to && len(r.paper.Recipients) < 200; i++ {
		l := r.lines[i]
		c := r.cells(l)[0]
		from, to := c[0], c[1]
		item := strings.IndexByte("-~+", r.flow[from]) >= 0
		if k := strings.IndexByte(r.flow[from:to], ';'); k >= 0 && k+1 < to-from {
			to = from + k
		}
		for from < to && strings.IndexByte("-~+ .", r.flow[from]) >= 0 {
			from++
		}
		name := strings.Trim(r.words(from, to), trimEnds)
		last := len(r.paper.Recipients) - 1
		switch {
		case name == "" || r.capitals(from, to):
		case item:
			r.paper.Recipients = append(r.paper.Recipients, Field[string]{name, 0.85, r.at(from, to)})
		case last >= 0 && unicode.IsLower(r.runeAt(from)):
			f := &r.paper.Recipients[last]
			f.Value, f.At.End = f.Value+" "+name, r.at(from, to).End
		}
		if strings.HasPrefix(r.flow[from:to], "luu") {
			return
		}
	}
}
