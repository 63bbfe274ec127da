package matching

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// Layout is how a body's reply letter is arranged.
//
// vi: -
type Layout string

// The layouts that bodies really use.
const (
	OneReply  Layout = "one"   // one petition, one reply
	InPairs   Layout = "pairs" // petition, reply, petition, reply …
	ListFirst Layout = "lists" // all petitions, then all replies under the same numbers
	OtherWay  Layout = "other" // numbered or titled passages without the petitions
)

// Passage is a part of a reply letter that answers something.
//
// vi: đoạn trả lời
type Passage struct {
	Number int      // as the letter counts; 0 when it does not
	Ask    string   // the petition as the letter repeats it; empty when it does not
	Reply  string   // what is answered
	Codes  []string // codes of petitions that the passage names
}

// Limits of a letter.
const (
	letterMax   = 200_000 // characters
	passagesMax = 300
)

// piece is a run of lines that begins with a mark.
type piece struct {
	kind   string // ask, reply, item, text
	number int
	lines  []string
}

func (p piece) text() string { return strings.TrimSpace(strings.Join(p.lines, "\n")) }

// bullet is what may stand before a heading: 1. a) II/ - •
const bullet = `^(?:(?:muc\s+)?(\d{1,3}|[ivx]{1,6}|[a-h])(?:\.\d{1,2})?\s*[.):/]\s*|[-+*•–]\s*)?`

var (
	replyMark = regexp.MustCompile(bullet + `(?:(?:noi dung |y kien |phan |ve viec )?tra loi\b|ket qua (?:giai quyet|thuc hien|xu ly)\b|giai trinh\b|ve (?:noi dung|van de|kien nghi|y kien) (?:nay|tren)\b|ve viec nay\b|(?:uy ban nhan dan|ubnd|so|ban|cong an|cong ty|trung tam)\b[^.;]{0,80}\b(?:tra loi|co y kien|bao cao|thong tin)(?: cu tri)?(?: nhu sau)?\s*:)`)
	askMark   = regexp.MustCompile(bullet + `(?:(?:noi dung|y kien)\s+(?:kien nghi|phan anh)\b|(?:y kien|kien nghi|cau hoi)(?:\s+(?:so|thu))?\s*(\d{1,3})\s*[.):]|(?:y kien|kien nghi|phan anh) (?:cua )?cu tri\b|noi dung(?:\s+(?:so|thu))?\s*(\d{1,3})\s*[.):]|kien nghi\s*:|cau\s+(\d{1,3})\s*[.):]|(?:cac |nhieu |mot so )?cu tri\b[^:\n]{0,160}\b(?:kien nghi|de nghi|phan anh|hoi|mong|co y kien|cho rang)\b)`)
	itemMark  = regexp.MustCompile(`^(?:(?:doi voi|ve)\s+)?(?:(?:muc|cau|kien nghi|noi dung|y kien)(?:\s+(?:so|thu|cua cu tri so))?\s*)?(\d{1,3})(?:\s*[.):/]\s+\S|\s*[:,]\s*\S|\s*$)`)
	titleMark = regexp.MustCompile(`^[-+*•–]?\s*(?:ve|doi voi)\s+(?:viec|noi dung|kien nghi|de nghi|y kien|van de|du an|tuyen|cong trinh|tinh trang)\b`)
	numbered  = regexp.MustCompile(`\b(?:so|thu|noi dung|kien nghi|cau|y kien|muc)\s*(\d{1,3})\b`)
	section   = regexp.MustCompile(`^(?:[ivx]{1,5}|[a-h]|phan [a-z0-9]+)\s*[.):/-]?\s*(?:noi dung |y kien |phan )?(?:tra loi|ket qua giai quyet|giai trinh)|^(?:uy ban nhan dan|ubnd|so|ban|cong an|cong ty|trung tam)\b[^.;]{0,120}\b(?:tra loi|co y kien|bao cao|thong tin)[^.;]{0,40}(?:nhu sau)?\s*:\s*$|^(?:noi dung |phan )?tra loi\s*:?\s*$`)
	codeMark  = regexp.MustCompile(`\b[A-Z]{2}\d{2}[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}\b`)
	tailMark  = regexp.MustCompile(`^(?:noi nhan|tran trong|kinh bao cao|tren day la|noi gui)\b`)
	headMark  = regexp.MustCompile(`^kinh gui\b`)
)

// Split takes a reply letter apart. It never fails: a letter it does not
// understand is one passage.
func Split(letter string) (Layout, []Passage) {
	letter = text.Clean(letter)
	if r := []rune(letter); len(r) > letterMax {
		letter = string(r[:letterMax])
	}
	lines := unwrap(body(strings.Split(letter, "\n")))
	all := pieces(lines)
	layout, found := arrange(all, lines)
	kept := found[:0]
	for _, p := range found {
		p.Ask, p.Reply = strings.TrimSpace(p.Ask), strings.TrimSpace(p.Reply)
		p.Codes = codeMark.FindAllString(p.Ask+"\n"+p.Reply, 10)
		if p.Reply != "" && len(kept) < passagesMax {
			kept = append(kept, p)
		}
	}
	return layout, kept
}

// body leaves out the letter's head up to its addressee, and its end.
func body(lines []string) []string {
	from, until := 0, len(lines)
	for i, line := range lines {
		folded := text.Fold(strings.TrimSpace(line))
		if headMark.MatchString(folded) && i < 30 {
			from = i + 1
			for from < len(lines) && strings.TrimSpace(lines[from]) != "" {
				from++
			}
		}
		if tailMark.MatchString(folded) && i > len(lines)/2 {
			until = i
			break
		}
	}
	if from >= until {
		from = 0
	}
	return lines[from:until]
}

// unwrap joins the lines of a paragraph that a PDF broke.
func unwrap(lines []string) []string {
	var all []string
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		if n := len(all); line != "" && n > 0 && goesOn(all[n-1], line) {
			all[n-1] += " " + line
			continue
		}
		all = append(all, line)
	}
	return all
}

func goesOn(before, line string) bool {
	if before == "" || strings.ContainsRune(".:;!?", rune(before[len(before)-1])) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(line)
	return unicode.IsLower(first) && !strings.ContainsAny(line[:min(4, len(line))], ").")
}

// pieces cuts the lines at their marks.
func pieces(lines []string) []piece {
	var all []piece
	for _, line := range lines {
		kind, number := markOf(line)
		switch {
		case kind != "":
			all = append(all, piece{kind, number, []string{line}})
		case len(all) == 0:
			if line != "" {
				all = append(all, piece{"text", 0, []string{line}})
			}
		default:
			last := &all[len(all)-1]
			last.lines = append(last.lines, line)
		}
	}
	return all
}

// markOf tells what a line begins, by its first words.
func markOf(line string) (kind string, number int) {
	if line == "" {
		return "", 0
	}
	first, _ := utf8.DecodeRuneInString(line)
	if unicode.IsLower(first) && !(len(line) > 1 && strings.ContainsRune(").", rune(line[1]))) {
		return "", 0 // a line of a running sentence
	}
	folded := text.Fold(line)
	if len(folded) > 240 {
		folded = folded[:240]
	}
	switch m := itemMark.FindStringSubmatch(folded); {
	case replyMark.MatchString(folded):
		return "reply", numberIn(folded)
	case askMark.MatchString(folded):
		n := numberIn(folded)
		if m != nil {
			n = toNumber(m[1])
		}
		return "ask", n
	case m != nil:
		return "item", toNumber(m[1])
	case titleMark.MatchString(folded):
		return "item", numberIn(folded)
	}
	return "", 0
}

func toNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// numberIn is the petition's number in a heading: "1.", "kiến nghị số 3", "Câu 2".
func numberIn(folded string) int {
	head := folded[:min(60, len(folded))]
	if m := numbered.FindStringSubmatch(head); m != nil {
		return toNumber(m[1])
	}
	if m := itemMark.FindStringSubmatch(head); m != nil {
		return toNumber(m[1])
	}
	return 0
}

// arrange sees the layout and pairs petitions with replies.
func arrange(all []piece, lines []string) (Layout, []Passage) {
	if p := listsFirst(all); len(p) > 1 {
		return ListFirst, p
	}
	if p := inPairs(all); len(p) > 1 {
		return InPairs, p
	} else if len(p) == 1 {
		return OneReply, p
	}
	if p := items(all); len(p) > 1 {
		return OtherWay, p
	}
	return OneReply, []Passage{{Reply: strings.Join(lines, "\n")}}
}

// listsFirst reads a list of petitions and then the replies under the same
// numbers or, failing numbers, in the same order.
func listsFirst(all []piece) []Passage {
	turn := -1
	for i, p := range all {
		if p.kind == "reply" && section.MatchString(text.Fold(firstLine(p))) || p.kind == "reply" && p.number > 0 {
			turn = i
			break
		}
		if p.kind == "reply" {
			return nil // a reply of its own before the turn: pairs
		}
	}
	if turn < 2 {
		return nil
	}
	var asks, replies []piece
	for _, p := range all[:turn] {
		if p.kind == "ask" || p.kind == "item" && p.number > 0 {
			asks = append(asks, p)
		}
	}
	for _, p := range all[turn:] {
		switch {
		case p.kind == "reply" && p.number > 0 && len(p.text()) > 25, p.kind == "item" || p.kind == "ask" && p.number > 0:
			replies = append(replies, p)
		case len(replies) > 0:
			last := &replies[len(replies)-1]
			last.lines = append(slices.Clone(last.lines), p.lines...)
		}
	}
	if len(asks) > 1 && asks[0].number == 0 && asks[1].number > 0 {
		asks = asks[1:] // "Cử tri phường A kiến nghị các nội dung sau:"
	}
	if len(asks) < 2 || len(replies) < 2 {
		return nil
	}
	return paired(asks, replies)
}

func paired(asks, replies []piece) []Passage {
	var found []Passage
	for i, r := range replies {
		p := Passage{Number: r.number, Reply: unheaded(r.text())}
		at := slices.IndexFunc(asks, func(a piece) bool { return a.number > 0 && a.number == r.number })
		if r.number == 0 && len(asks) == len(replies) {
			at = i
		}
		if at >= 0 {
			p.Ask = unheaded(asks[at].text())
		}
		found = append(found, p)
	}
	return found
}

// inPairs reads petitions that are each followed by their reply. What is
// numbered inside a reply belongs to it, unless a reply of its own follows.
func inPairs(all []piece) []Passage {
	var found []Passage
	for i := 0; i < len(all); i++ {
		p := all[i]
		next := i + 1
		if p.kind == "reply" {
			if len(found) == 0 {
				found = append(found, Passage{Number: p.number, Reply: unheaded(p.text())})
			} else {
				last := &found[len(found)-1]
				last.Reply += "\n" + p.text()
			}
			continue
		}
		if (p.kind == "ask" || p.kind == "item") && next < len(all) && all[next].kind == "reply" {
			found = append(found, Passage{Number: p.number, Ask: unheaded(p.text()), Reply: unheaded(all[next].text())})
			i = next
			continue
		}
		if p.kind == "ask" && next < len(all) && all[next].kind == "item" && len(p.lines) == 1 && strings.HasSuffix(p.lines[0], ":") {
			continue // a heading over several
		}
		if len(found) > 0 && p.kind != "text" {
			last := &found[len(found)-1]
			last.Reply += "\n" + p.text()
		}
	}
	return found
}

// items takes numbered or titled passages for replies.
func items(all []piece) []Passage {
	var found []Passage
	for _, p := range all {
		if p.kind == "item" || p.kind == "ask" {
			found = append(found, Passage{Number: p.number, Reply: p.text()})
		}
	}
	return found
}

func firstLine(p piece) string { return p.lines[0] }

// unheaded leaves out a heading such as "Trả lời:" or "1. Nội dung kiến nghị:".
func unheaded(s string) string {
	head, rest, found := strings.Cut(s, ":")
	if !found || utf8.RuneCountInString(head) > 90 || strings.Contains(head, "\n") || strings.TrimSpace(rest) == "" {
		return s
	}
	folded := text.Fold(head)
	if replyMark.MatchString(folded+":") || askMark.MatchString(folded+":") && !strings.Contains(folded, "cu tri ") {
		return strings.TrimSpace(rest)
	}
	return s
}
