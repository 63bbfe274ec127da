package worklist

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// codeLetters leaves out 0, 1, I, L, O and U: people read codes to each other
// over the telephone.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLen is the length of a whole code with its hyphens.
const codeLen = len("KN26-7F3K-9QXD")

// NewCode makes the public reference of a petition, "KN26-7F3K-9QXD": eight
// letters by chance, so that nobody can count through the petitions.
func NewCode(year int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "KN%02d", year%100)
	random := make([]byte, 0, 8)
	for len(random) < 8 {
		var one [1]byte
		rand.Read(one[:])
		// 30 letters: bytes from 240 on would favour the first ones.
		if one[0] < 240 {
			random = append(random, codeLetters[int(one[0])%len(codeLetters)])
		}
	}
	fmt.Fprintf(&b, "-%s-%s", random[:4], random[4:])
	return b.String()
}

// TidyCode reads a code as people write it: without hyphens, in small letters,
// with O for 0.
func TidyCode(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, s))
	if len(s) != 12 || !strings.HasPrefix(s, "KN") {
		return s
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}

// codeIn is the code that was typed into a search; empty when it is other words.
func codeIn(typed string) string {
	if code := TidyCode(typed); len(code) == codeLen && strings.HasPrefix(code, "KN") {
		return code
	}
	return ""
}
