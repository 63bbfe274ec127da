package validity

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
)

// Change is what another document did to a text, with its words.
//
// vi: nội dung sửa đổi
type Change struct {
	Reason
	Op      Op
	NewText string
	After   string
}

// Changes lists what others did to a document that counts on a day, in the order
// in which it happened.
func (g *Graph) Changes(id string, on clock.Date) []Change {
	n, ok := g.index[id]
	if !ok {
		return nil
	}
	doc, d := &g.nodes[n], dayOf(on, always)
	var valid []*mark
	for i := range doc.marks {
		if m := &doc.marks[i]; m.author >= 0 && g.valid(m, doc.born, d) {
			valid = append(valid, m)
		}
	}
	slices.SortStableFunc(valid, func(a, b *mark) int {
		switch {
		case a.from != b.from:
			return int(a.from - b.from)
		case g.nodes[a.author].born != g.nodes[b.author].born:
			return int(g.nodes[a.author].born - g.nodes[b.author].born) // of one day, the later text has the last word
		}
		return strings.Compare(a.id(), b.id())
	})
	all := make([]Change, 0, len(valid))
	for _, m := range valid {
		all = append(all, Change{Reason: g.reason(m), Op: m.rel.Op, NewText: m.rel.NewText, After: m.rel.After})
	}
	return all
}

// PieceState says what became of a piece of text.
//
// vi: -
type PieceState string

// The states of a piece.
const (
	Original PieceState = "original"
	Changed  PieceState = "changed"
	Added    PieceState = "added"
	Gone     PieceState = "gone"
	Stopped  PieceState = "stopped" // suspended
)

// Piece is a piece of a consolidated text, with where its words come from.
//
// vi: đoạn của văn bản hợp nhất
type Piece struct {
	Provision
	State  PieceState
	Source *Reason // whose words they are; nil: the document's own
	Notes  []int   // numbers of footnotes
}

// Footnote tells of one change beside the text.
//
// vi: chú thích của văn bản hợp nhất
type Footnote struct {
	Number int
	Change Change
	// Wordless: the change is known, its words are not, so the text above is the
	// one before it.
	Wordless bool
	// Astray: the document has no such place; new words stand where their number belongs.
	Astray bool
}

// Consolidated is a document as it reads on a day.
//
// vi: văn bản tại một thời điểm
type Consolidated struct {
	Pieces []Piece
	Notes  []Footnote
}

// piecesMax bounds a consolidated text: more than any law has, fewer than an
// attack needs.
const piecesMax = 100_000

// Consolidate puts changes into a text.
func Consolidate(original []Provision, changes []Change) Consolidated {
	c := Consolidated{Pieces: make([]Piece, 0, len(original))}
	for _, p := range original {
		c.Pieces = append(c.Pieces, Piece{Provision: p, State: Original})
	}
	for _, ch := range changes {
		c.apply(ch)
	}
	return c
}

func (c *Consolidated) apply(ch Change) {
	note := Footnote{Number: len(c.Notes) + 1, Change: ch}
	at, end := c.find(ch.Target)
	switch {
	case ch.Target == "": // the whole: nothing to put in a place
		note.Wordless = ch.Kind == Amends || ch.Kind == Corrects
	case ch.Kind.pauses():
		note.Astray = at < 0
		c.each(at, end, func(p *Piece) { p.State = Stopped })
	case ch.Op == Delete, ch.Op == Unsaid && ch.Kind.ends():
		note.Astray = at < 0
		c.each(at, end, func(p *Piece) { p.State, p.Text, p.Source = Gone, "", &note.Change.Reason })
	case ch.NewText == "" || ch.Op == Unsaid:
		note.Wordless, note.Astray = true, at < 0
	case at >= 0:
		c.put(at, end, ch, Changed)
	default:
		note.Astray = ch.Op == Put
		at = c.room(ch)
		end = at
		c.put(at, at, ch, Added)
	}
	if at >= 0 && at < len(c.Pieces) && ch.Target != "" && !note.Astray || note.Astray && ch.NewText != "" && at >= 0 {
		c.Pieces[at].Notes = append(c.Pieces[at].Notes, note.Number)
	}
	c.Notes = append(c.Notes, note)
}

func (c *Consolidated) each(at, end int, do func(*Piece)) {
	for i := at; i >= 0 && i < end; i++ {
		do(&c.Pieces[i])
	}
}

// find gives the pieces of an anchor: itself and all below it, which stand
// together; of a chapter also its articles.
func (c *Consolidated) find(anchor string) (at, end int) {
	if anchor == "" {
		return -1, -1
	}
	at = slices.IndexFunc(c.Pieces, func(p Piece) bool { return within(p.Anchor, anchor) })
	if at < 0 {
		return -1, -1
	}
	end = at + 1
	for end < len(c.Pieces) && within(c.Pieces[end].Anchor, anchor) {
		end++
	}
	if rank := containerRank(anchor); rank > 0 {
		for end < len(c.Pieces) {
			if r := containerRank(c.Pieces[end].Anchor); r > 0 && r <= rank || strings.HasPrefix(c.Pieces[end].Anchor, "annex") {
				break
			}
			end++
		}
	}
	return at, end
}

// containerRank orders what holds articles: part, chapter, section; 0 is none.
func containerRank(anchor string) int {
	last := strings.TrimPrefix(anchor, Parent(anchor)+below)
	for i, kind := range []string{"part_", "chp_", "sec_"} {
		if strings.HasPrefix(last, kind) {
			return i + 1
		}
	}
	return 0
}

// room is where a new anchor belongs: behind the one that was named, else by its
// number among its neighbours.
func (c *Consolidated) room(ch Change) int {
	if _, end := c.find(ch.After); end >= 0 {
		return end
	}
	if parent := Parent(ch.Target); parent != "" {
		if at, end := c.find(parent); at >= 0 {
			for i := at + 1; i < end; i++ {
				if compareAnchors(c.Pieces[i].Anchor, ch.Target) > 0 {
					return i
				}
			}
			return end
		}
	}
	behind := 0 // the last article that stands before it, so that art_2a does not fall into the next chapter
	for i, p := range c.Pieces {
		if a := Article(p.Anchor); a != "" && compareAnchors(a, ch.Target) < 0 {
			behind = i + 1
		}
	}
	if behind > 0 {
		return behind
	}
	return len(c.Pieces)
}

// put replaces pieces by new words, cut into pieces of their own so that a later
// change finds its place in them.
func (c *Consolidated) put(at, end int, ch Change, state PieceState) {
	if len(c.Pieces) > piecesMax {
		return
	}
	var notes []int
	heading := ""
	if at < end {
		notes, heading = c.Pieces[at].Notes, c.Pieces[at].Heading
	}
	fresh := Cut(ch.Target, ch.NewText)
	if fresh[0].Heading == "" && Article(ch.Target) != ch.Target {
		fresh[0].Heading = heading
	}
	pieces := make([]Piece, 0, len(fresh))
	for _, p := range fresh {
		pieces = append(pieces, Piece{Provision: p, State: state, Source: &ch.Reason})
	}
	pieces[0].Notes = slices.Clone(notes)
	c.Pieces = slices.Replace(c.Pieces, at, end, pieces...)
}

// Cut cuts the words of an article, khoản or điểm into pieces by their numbers:
// "1." begins a khoản, "a)" a điểm. Numbers must follow each other, so that a
// figure at the beginning of a line is none.
func Cut(anchor, words string) []Provision {
	all := []Provision{{Anchor: anchor}}
	isArticle := Article(anchor) == anchor
	clause, clauseAnchor := 0, ""
	if !isArticle {
		clauseAnchor = anchor
	}
	point := ""
	for i, line := range strings.Split(words, "\n") {
		if i == 0 && isArticle && strings.HasPrefix(line, "Điều ") {
			all[0].Heading = line
			continue
		}
		if n := leadingNumber(line); isArticle && n == clause+1 {
			clause, point = n, ""
			clauseAnchor = anchor + below + "para_" + strconv.Itoa(n)
			all = append(all, Provision{Anchor: clauseAnchor, Text: line})
			continue
		}
		if p := leadingPoint(line); p != "" && p == nextPoint(point) && !strings.Contains(clauseAnchor, "__point_") && len(all) < piecesMax {
			point = p
			outer := clauseAnchor
			if outer == "" {
				outer = anchor
			}
			all = append(all, Provision{Anchor: outer + below + "point_" + strings.ReplaceAll(p, "đ", "dd"), Text: line})
			continue
		}
		last := &all[len(all)-1]
		if last.Text != "" || last.Heading == "" && i > 0 {
			last.Text += "\n"
		}
		last.Text += line
	}
	return all
}

func leadingNumber(line string) int {
	dot := strings.IndexByte(line, '.')
	if dot < 1 || dot > 3 || dot+1 < len(line) && line[dot+1] != ' ' {
		return 0
	}
	n, err := strconv.Atoi(line[:dot])
	if err != nil {
		return 0
	}
	return n
}

func leadingPoint(line string) string {
	r, size := utf8.DecodeRuneInString(line)
	if (r >= 'a' && r <= 'z' || r == 'đ') && strings.HasPrefix(line[size:], ")") {
		return string(r)
	}
	return ""
}

// nextPoint is the letter that follows in the row of điểm: a b c d đ e g h …
func nextPoint(p string) string {
	const row = "abcdđeghiklmnopqrstuvxy"
	if p == "" {
		return "a"
	}
	if i := strings.Index(row, p); i >= 0 {
		r, _ := utf8.DecodeRuneInString(row[i+len(p):])
		return string(r)
	}
	return ""
}
