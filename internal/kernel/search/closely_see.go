package search

import "example.vn/hdnd/internal/kernel/text"

// Where a word of the question was seen.
const (
	ownBit   = 1 // in the heading or the text
	wholeBit = 2 // in what the whole is about
)

// covered is how much of the question, in words and in neighbours, a text has.
// It marks what it finds with bit.
func (c *closely) covered(line []int8, bit uint8) (words, pairs float64) {
	before := int8(gap)
	for _, n := range line {
		if n >= 0 {
			c.seen[n] |= bit
			if before >= 0 {
				if p := c.pairs.number(before, n); p >= 0 {
					c.pairs.seen[p] |= bit
				}
			}
		}
		before = n
	}
	return c.union(bit)
}

// union sums what is marked with any of the bits.
func (c *closely) union(bits uint8) (words, pairs float64) {
	for n, x := range c.rare {
		if c.seen[n]&bits != 0 {
			words += x
		}
	}
	for p, x := range c.pairs.rare {
		if c.pairs.seen[p]&bits != 0 {
			pairs += x
		}
	}
	return words / c.all, pairs / max(c.pairs.all, 1e-9)
}

// titles reads the heading: how much of it was asked for.
func (c *closely) titles(f *features, heading string) {
	c.title = c.read(c.title, heading, closelyBody)
	var all, asked, allPairs, askedPairs, before float64
	once := make(map[uint64]bool, 16)
	i := 0
	for _, t := range c.lex.tokens(heading) {
		if t.code || t.aside || i >= len(c.title) {
			continue
		}
		x := c.idf(c.weights.of(t.id, t.key, "").df)
		if !once[t.id] {
			once[t.id] = true
			all += x
			if c.title[i] >= 0 {
				asked += x
			}
		}
		if i > 0 {
			allPairs += x + before
			if c.title[i] >= 0 && c.title[i-1] >= 0 && c.pairs.number(c.title[i-1], c.title[i]) >= 0 {
				askedPairs += x + before
			}
		}
		before = x
		i++
	}
	f[fTitleAsked], f[fTitlePairs] = asked/max(all, 1e-9), askedPairs/max(allPairs, 1e-9)
}

// window is the most of the question that stands within windowSpan words.
func (c *closely) window(line []int8) float64 {
	clear(c.count)
	sum, best := 0.0, 0.0
	for i, n := range line {
		if n >= 0 && !c.asks[n] {
			if c.count[n]++; c.count[n] == 1 {
				sum += c.rare[n]
			}
		}
		if i >= windowSpan {
			if o := line[i-windowSpan]; o >= 0 && !c.asks[o] {
				if c.count[o]--; c.count[o] == 0 {
					sum -= c.rare[o]
				}
			}
		}
		best = max(best, sum)
	}
	return best / max(c.told, 1e-9)
}

// nearness is how much of what is near each other in the question is so in the
// text, whichever comes first.
func (c *closely) nearness(line []int8) float64 {
	clear(c.near.seen)
	sum := 0.0
	for i, n := range line {
		if n < 0 || c.asks[n] {
			continue
		}
		for j := max(i-nearSpan, 0); j < i; j++ {
			o := line[j]
			if o < 0 || o == n {
				continue
			}
			if p := c.near.number(min(o, n), max(o, n)); p >= 0 && c.near.seen[p] == 0 {
				c.near.seen[p] = 1
				sum += c.near.rare[p]
			}
		}
	}
	return sum / max(c.near.all, 1e-9)
}

// defined is the weight of the longest run of the question that the text says
// the meaning of: "Sáp nhập xã là …".
func (c *closely) defined(line []int8) (best float64) {
	clear(c.runsBefore)
	for i, n := range line {
		clear(c.runs)
		for j, q := range c.line {
			if n >= 0 && q == n {
				c.runs[j+1] = c.runsBefore[j] + c.rare[n]
				if c.runs[j+1] > best && i+1 < len(line) && c.isNamed(line[i+1]) {
					best = c.runs[j+1]
				}
			}
		}
		c.runs, c.runsBefore = c.runsBefore, c.runs
	}
	return best
}

// isNamed reports "là", which follows what a law defines.
func (c *closely) isNamed(n int8) bool { return n == named || n >= 0 && c.keys[n] == "la" }

// isDefinitions reports the heading under which a law says what its words mean.
func isDefinitions(title string) bool {
	return len(title) < 80 && text.Fold(title) == "giai thich tu ngu"
}
