package search

import (
	"slices"
	"strings"
)

// asking are the words that make a sentence a question and that no answer
// repeats, longest first, without accents: people leave them out as often.
var asking = asked(
	"cho dung voi quy dinh cua phap luat", "theo quy dinh cua phap luat", "theo quy dinh phap luat", "duoc phap luat quy dinh cu the la gi",
	"duoc quy dinh nhu the nao", "duoc thuc hien nhu the nao", "duoc xu ly nhu the nao", "quy dinh nhu the nao", "duoc quy dinh ra sao", "quy dinh ra sao",
	"duoc hieu nhu the nao", "duoc hieu la gi", "la dung hay sai", "dung hay sai", "nhu the nao", "co duoc khong", "duoc khong", "hay khong", "phai khong", "dung khong",
	"ra sao", "the nao", "la gi", "bao nhieu", "bao lau", "nhung gi", "nhung nao", "khi nao", "vi sao", "tai sao", "o dau", "duoc hieu", "gom nhung", "nao", "gi",
)

func asked(phrases ...string) [][]string {
	all := make([][]string, len(phrases))
	for i, p := range phrases {
		for w := range strings.FieldsSeq(p) {
			all[i] = append(all[i], syllable(w).key)
		}
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	return all
}

// askingWords tells which words of a question only ask.
func askingWords(words []word) []bool {
	only := make([]bool, len(words))
	for i := 0; i < len(words); {
		n := 0
		for _, p := range asking {
			if n = len(p); i+n <= len(words) && slices.EqualFunc(words[i:i+n], p, func(w word, key string) bool { return w.key == key }) {
				break
			}
			n = 0
		}
		for j := range n {
			only[i+j] = true
		}
		i += max(n, 1)
	}
	return only
}
