package app_test

import (
	"slices"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/testkit/council"
)

// TestTwoCycles plays two sessions of the council with three hundred petitions
// through the real pages, over seven months, and counts at the end of each.
func TestTwoCycles(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		c := &cycles{t: t, w: w, browsers: map[string]*council.Browser{}, all: draw(t)}
		c.firstIntake()
		c.firstAnswers()
	})
}

// firstAnswers is December and January: bodies answer, committees judge, the
// standing committee ends or sends again, voters speak.
func (c *cycles) firstAnswers() {
	first := pick(c.all, func(m *matter) bool { return m.lot.cycle == 1 })
	group, usual := ofFate(first, grouped), ofFate(first, plain)
	early, rest := slices.Concat(even(usual, 0), ofFate(first, contested)), even(usual, 1)
	c.until("2026-12-02")
	c.share(ofFate(first, shared))
	c.until("2026-12-14")
	c.answerAll(early)
	c.answerGroup(group[:5])
	c.answerGroup(group[5:])
	c.answerByLetter(ofFate(first, oneLetter))
	c.until("2026-12-21")
	c.settle(slices.Concat(early, ofFate(first, shared, grouped, oneLetter)))
	c.urged(early[0], 0, 0)
	c.until("2026-12-28")
	c.contest(ofFate(first, contested))
	c.rate(ofWay(even(usual, 0), 1, "public")[:4])
	c.until("2027-01-04")
	again := ofFate(first, contested)[:3] // the fourth waits for the clerk
	for _, m := range again {
		c.classify(m, m.body())
	}
	c.forwardAll(again)
	c.acceptAll(again)
	c.extend(ofFate(first, extended), ofFate(first, unextended))
	c.until("2027-01-11")
	c.answerAll(slices.Concat(rest, ofFate(first, returned, disputed, unextended, poor)))
	for i, m := range ofFate(first, promised) {
		c.answer(m, []string{"underway", "partly"}[i%2], "promised_1", []string{"31/03/2027", "30/04/2027"}[i%2])
		m.promisedOn = []clock.Date{clock.NewDate(2027, 3, 31), clock.NewDate(2027, 4, 30)}[i%2]
	}
	c.until("2027-01-13")
	c.judgeAll(ofFate(first, poor), "no_schedule")
	c.settle(slices.Concat(rest, ofFate(first, returned, disputed, unextended, promised)))
	c.rate(ofWay(rest, 1, "public")[:6])
}

// even is every other one.
func even(ms []*matter, from int) (some []*matter) {
	for i := from; i < len(ms); i += 2 {
		some = append(some, ms[i])
	}
	return some
}
