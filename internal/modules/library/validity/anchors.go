package validity

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

const below = "__"

// Parent is the anchor one level up; empty for the outermost ones.
func Parent(anchor string) string {
	if i := strings.LastIndex(anchor, below); i >= 0 {
		return anchor[:i]
	}
	return ""
}

// Article is the article or annex that a provision stands in: what statuses and
// comparisons are told by. Chapters and the like are none.
func Article(anchor string) string {
	first, rest, deeper := strings.Cut(anchor, below)
	switch {
	case strings.HasPrefix(first, "art_"):
		return first
	case strings.HasPrefix(first, "annex"):
		if second, _, _ := strings.Cut(rest, below); deeper && strings.HasPrefix(second, "art_") {
			return first + below + second
		}
		return first
	}
	return ""
}

// within reports whether an anchor is another or stands below it. The empty
// anchor is the whole document.
func within(anchor, outer string) bool {
	return outer == "" || anchor == outer || strings.HasPrefix(anchor, outer) && strings.HasPrefix(anchor[len(outer):], below)
}

// anchorMax bounds an anchor; the convention needs far less.
const anchorMax = 120

// goodAnchor reports whether a text can be an anchor: letters, digits, _ and -.
func goodAnchor(a string) bool {
	for i := range len(a) {
		if c := a[i]; c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(a) <= anchorMax
}

// compareAnchors orders anchors as their texts stand: art_5, art_5__para_1,
// art_5a, art_6; d before dd (đ); Roman numbers by value.
func compareAnchors(a, b string) int {
	for a != "" && b != "" {
		var p, q string
		p, a, _ = strings.Cut(a, below)
		q, b, _ = strings.Cut(b, below)
		if n := comparePieces(p, q); n != 0 {
			return n
		}
	}
	return cmp.Compare(len(a), len(b)) // the outer stands before what is in it
}

func comparePieces(a, b string) int {
	kindA, numA, _ := strings.Cut(a, "_")
	kindB, numB, _ := strings.Cut(b, "_")
	if n := cmp.Compare(place(kindA), place(kindB)); n != 0 {
		return n
	}
	if n := strings.Compare(kindA, kindB); n != 0 {
		return n
	}
	x, restA := number(kindA, numA)
	y, restB := number(kindB, numB)
	if n := cmp.Compare(x, y); n != 0 {
		return n
	}
	return strings.Compare(restA, restB)
}

// place: annexes stand behind the articles.
func place(kind string) int {
	if kind == "annex" {
		return 1
	}
	return 0
}

func number(kind, s string) (int, string) {
	i := 0
	for i < len(s) && i < 9 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i > 0 {
		n, err := strconv.Atoi(s[:i])
		if err != nil {
			return 0, s
		}
		return n, s[i:]
	}
	if kind == "part" || kind == "chp" || kind == "annex" {
		return roman(s)
	}
	return 0, s
}

func roman(s string) (n int, rest string) {
	value := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	i := 0
	for i < len(s) && i < 20 && value[s[i]] > 0 {
		v := value[s[i]]
		if i+1 < len(s) && value[s[i+1]] > v {
			n -= v
		} else {
			n += v
		}
		i++
	}
	return n, s[i:]
}

// Words is an anchor as the field says it: "điểm đ khoản 2 Điều 5". An anchor
// that is not of the convention is given as it is.
func Words(ctx context.Context, anchor string) string {
	if anchor == "" {
		return text.T(ctx, "validity.whole")
	}
	pieces := strings.Split(anchor, below)
	said := make([]string, 0, len(pieces))
	for i := len(pieces) - 1; i >= 0; i-- {
		kind, n, _ := strings.Cut(pieces[i], "_")
		if kind == "point" {
			n = strings.ReplaceAll(n, "dd", "đ")
		}
		key := "validity.anchor." + kind
		if !text.Known(ctx, key) {
			return anchor
		}
		said = append(said, strings.TrimSpace(text.T(ctx, "validity.anchor."+kind, "n", n)))
	}
	return strings.Join(said, " ")
}

// ReadAnchor reads what a person writes for a place, "điểm a khoản 2 Điều 5",
// "Chương II", "Phụ lục I", or an anchor itself. Empty is the whole document.
func ReadAnchor(typed string) (anchor string, ok bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", true
	}
	if kind, _, found := strings.Cut(typed, "_"); found && goodAnchor(typed) && anchorKind(kind) {
		return typed, true
	}
	words := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(text.NFC(typed)), "phụ lục", "phụ_lục"), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\u00a0' })
	kinds := map[string]string{"điều": "art", "khoản": "para", "điểm": "point", "chương": "chp", "mục": "sec", "phần": "part", "phụ_lục": "annex"}
	var pieces []string // the outermost last, as it is said
	for i := 0; i < len(words); i += 2 {
		kind := kinds[words[i]]
		if kind == "" || i+1 == len(words) {
			return "", false
		}
		n := strings.ReplaceAll(strings.Trim(words[i+1], ".)"), "đ", "dd")
		if kind == "chp" || kind == "part" || kind == "annex" {
			n = strings.ToUpper(n)
		}
		if n == "" || !goodAnchor(n) {
			return "", false
		}
		pieces = append(pieces, kind+"_"+n)
	}
	for i := len(pieces) - 1; i >= 0; i-- {
		if strings.HasPrefix(pieces[i], "art_") && !strings.HasPrefix(anchor, "annex") {
			anchor = "" // articles do not carry their chapter
		}
		anchor = strings.TrimPrefix(anchor+below+pieces[i], below)
	}
	return anchor, len(anchor) <= anchorMax
}

func anchorKind(kind string) bool {
	return slices.Contains([]string{"part", "chp", "sec", "art", "para", "point", "annex"}, kind)
}
