package gate

import (
	"encoding/binary"
	"hash/fnv"
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/text"
)

// shingleWords is how many words in a row are compared.
const shingleWords = 4

// sketch gives near-same texts the same 16 bytes: the smallest hashes, in two
// orders, of all runs of words. Texts that share nine of ten runs agree four
// times out of five; two that share only the phrases of every petition hardly
// ever do. It is for trends, where some of a cluster may be missed.
func sketch(s string) []byte {
	words := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return nil
	}
	least := [2]uint64{^uint64(0), ^uint64(0)}
	for i := range max(len(words)-shingleWords+1, 1) {
		h := fnv.New64a()
		for _, w := range words[i:min(i+shingleWords, len(words))] {
			// A hash's Write never fails.
			_, _ = h.Write([]byte(w + " "))
		}
		sum := h.Sum64()
		least[0], least[1] = min(least[0], mix(sum, 1)), min(least[1], mix(sum, 2))
	}
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, least[0]), least[1])
}

// mix orders hashes anew for each seed (the finishing steps of SplitMix64).
func mix(x, seed uint64) uint64 {
	x += seed * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
