package cases

import (
	"crypto/rand"
	"fmt"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// codeLetters leaves out 0, 1, I, L, O and U: people read codes to each other
// over the telephone.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// CodeLen is the length of a code with its hyphens.
const CodeLen = len("KN26-7F3K-9QXD")

// NewCode makes a public reference, "KN26-7F3K-9QXD": two letters that say what
// kind of case it is, the year, and eight letters by chance, so that nobody can
// count through the cases.
func NewCode(kind string, year int) string {
	random := make([]byte, 0, 8)
	for len(random) < 8 {
		var one [1]byte
		rand.Read(one[:]) // never fails: crypto/rand ends the program instead
		// 30 letters: bytes from 240 on would favour the first ones.
		if one[0] < 240 {
			random = append(random, codeLetters[int(one[0])%len(codeLetters)])
		}
	}
	return fmt.Sprintf("%s%02d-%s-%s", kind, year%100, random[:4], random[4:])
}

// TidyCode reads a code as people write it: without hyphens, in small letters,
// with blanks. What is no code comes back without them and finds nothing.
func TidyCode(typed string) string {
	s := strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, text.Line(typed)))
	if len(s) != CodeLen-2 {
		return s
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}
