// Package senders is who wrote a letter (người gửi đơn) as a clerk types them, and
// how two letters are told to be of the same person, against the same and in the
// same words. It is pure: it reads no table and keeps nothing.
package senders

import (
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Sender is one who signed a letter.
//
// vi: người gửi đơn
type Sender struct {
	LetterID    string     `db:"letter_id"`
	Number      int        `db:"number"`
	Name        string     `db:"name"`
	Address     string     `db:"address"`
	Contact     string     `db:"contact"`
	Paper       string     `db:"paper"` // citizen number or passport
	Represents  bool       `db:"represents"`
	WithdrawnOn clock.Date `db:"withdrawn_on"`
}

// NameAndPlace says who and where, for pages.
func (s Sender) NameAndPlace() string {
	if s.Address == "" {
		return s.Name
	}
	return s.Name + ", " + s.Address
}

// Read reads one sender a line: name; address; contact; paper. A line
// that begins with a star is who represents the others.
func Read(lines string) []Sender {
	var all []Sender
	for line := range strings.Lines(lines) {
		line = text.Line(line)
		if line == "" {
			continue
		}
		var s Sender
		line, s.Represents = strings.CutPrefix(line, "*")
		for i, part := range strings.SplitN(line, ";", 4) {
			part = strings.TrimSpace(part)
			switch i {
			case 0:
				s.Name = part
			case 1:
				s.Address = part
			case 2:
				s.Contact = part
			case 3:
				s.Paper = part
			}
		}
		all = append(all, s)
	}
	return all
}

// Write is the other way round, for the form.
func Write(all []Sender) string {
	var b strings.Builder
	for _, s := range all {
		if s.Represents {
			b.WriteString("*")
		}
		b.WriteString(strings.TrimRight(strings.Join([]string{s.Name, s.Address, s.Contact, s.Paper}, "; "), "; ") + "\n")
	}
	return b.String()
}

// Line names who speaks for a letter, for lists.
func Line(all []Sender) string {
	if i := slices.IndexFunc(all, func(s Sender) bool { return s.Represents }); i >= 0 {
		return all[i].Name
	}
	if len(all) == 0 {
		return ""
	}
	return all[0].Name
}

// PersonKey tells a person from others: by the number of their paper when it is
// known, else by name and address, however they are written.
func PersonKey(p Sender) string {
	if digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, text.Fold(p.Paper)); len(digits) >= 8 {
		return digits
	}
	return Folded(p.Name) + "|" + Folded(p.Address)
}

// Respondents are those a letter is against, one a line or between semicolons.
func Respondents(lines string) []string {
	var all []string
	for _, one := range strings.FieldsFunc(lines, func(r rune) bool { return r == '\n' || r == ';' }) {
		if key := Folded(one); key != "" && !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	return all
}

// Folded is a text by its words alone: without accents, signs and spaces between.
func Folded(s string) string {
	return strings.Join(strings.FieldsFunc(text.Fold(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), " ")
}

// Alike is how many of a hundred words two texts share.
func Alike(a, b string) int {
	one, other := wordsOf(a), wordsOf(b)
	shared := 0
	for w := range one {
		if other[w] {
			shared++
		}
	}
	if n := len(one) + len(other) - shared; n > 0 {
		return 100 * shared / n
	}
	return 0
}

func wordsOf(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(Folded(s)) {
		set[w] = true
	}
	return set
}
