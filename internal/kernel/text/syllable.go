package text

import (
	"strings"
	"unicode"
)

// onsets and rimes are the parts a Vietnamese syllable is made of, as it is
// spelled, rimes without tone.
const (
	onsets = " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x "
	rimes  = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây" +
		" e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu" +
		" o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong oooc oop op ot" +
		" ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uê uêch uên uênh uêt ui um un ung uc up ut uơ uơn" +
		" uy uya uych uyên uyêt uynh uyp uyt uyu uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu" +
		" ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh yt ych ôông "
)

var onsetSet, rimeSet = wordSet(onsets), wordSet(rimes)

func wordSet(list string) map[string]bool {
	set := map[string]bool{"": true}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// Syllable reports whether word is spelled as a Vietnamese syllable can be: what
// comes out of scans and broken files is judged by it.
func Syllable(word string) bool { return word != "" && isSyllable(word) }

// isSyllable reports whether word is spelled as a Vietnamese syllable can be,
// wherever its tone mark stands. It knows spelling, not the dictionary.
func isSyllable(word string) bool {
	var plain []rune
	marked := tone(0)
	for _, r := range word {
		r = unicode.ToLower(r)
		if v, ok := vowels[r]; ok {
			if v.tone != 0 && marked != 0 {
				return false
			}
			marked, r = max(marked, v.tone), v.row[0]
		}
		plain = append(plain, r)
		if len(plain) > 8 {
			return false
		}
	}
	// An onset has up to three letters; gi and qu also hold a vowel letter, so try each cut.
	for cut := 0; cut <= 3 && cut < len(plain); cut++ {
		rime := string(plain[cut:])
		if onsetSet[string(plain[:cut])] && rimeSet[rime] && toneFits(rime, marked) {
			return true
		}
	}
	return false
}

// toneFits knows that a syllable closed by c, ch, p or t bears sắc or nặng only.
func toneFits(rime string, t tone) bool {
	const acute = tone(2)
	switch rime[len(rime)-1] {
	case 'c', 'p', 't':
		return t == acute || t == heavy
	case 'h':
		return !strings.HasSuffix(rime, "ch") || t == acute || t == heavy
	}
	return true
}
