package app_test

import (
	"slices"
	"testing"

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
		first := c.firstSession()
		c.between(first)
		c.secondIntake()
		c.secondAnswers()
		c.secondSession(first)
		c.tie()
		c.statistics()
		c.deputies()
		c.remembered()
		c.everyOne()
		if c.rules < 20 {
			t.Errorf("the office's rule met %d petitions", c.rules)
		}
		c.sealed()
		c.quiet()
	})
}

// firstAnswers is December and January: bodies answer, committees judge, the
// standing committee ends or sends again, voters speak.
func (c *cycles) firstAnswers() {
	first := pick(c.all, func(m *matter) bool { return m.lot.cycle == 1 })
	group, usual, bad := ofFate(first, grouped), ofFate(first, plain), ofFate(first, poor)
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
	c.rate(ofWay(early, 1, "public")[:4])
	c.until("2027-01-04")
	again := ofFate(first, contested)[:3] // the fourth waits for the clerk
	for _, m := range again {
		c.classify(m, m.body())
	}
	c.forwardAll(again)
	c.acceptAll(again)
	c.extend(ofFate(first, extended), ofFate(first, unextended))
	c.until("2027-01-11")
	c.answerAll(slices.Concat(rest, ofFate(first, returned, disputed, unextended), bad))
	for i, m := range ofFate(first, promised) {
		c.answer(m, []string{"underway", "partly"}[i%2], "promised_1", []string{"31/03/2027", "30/04/2027"}[i%2])
	}
	c.until("2027-01-13")
	c.judgeAll(bad, "no_schedule")
	c.settle(slices.Concat(rest, ofFate(first, returned, disputed, unextended, promised)))
	c.closeAll(even(bad, 1))
	c.sendAgain(even(bad, 0))
	c.rate(ofWay(rest, 1, "public")[:6])
	c.until("2027-01-25")
	c.answerAll(even(bad, 0))
	c.settle(even(bad, 0))
	c.until("2027-01-28")
	c.answerAll(ofFate(first, late))
	c.settle(ofFate(first, late))
}

// firstSession is February: the reports say what we counted, on the morning
// after the day that they are of.
func (c *cycles) firstSession() *session {
	c.until("2027-02-11")
	for _, m := range pick(c.all, func(m *matter) bool { return m.lot.cycle == 1 }) {
		if isLate := m.lot.fate == late; m.answered && m.late != isLate {
			c.t.Errorf("%s (%s): late %v", m.code, m.lot.fate, m.late)
		}
	}
	s := &session{from: "2026-11-01", until: "2027-01-31", moment: "2027-02-10"}
	c.count(s, nil)
	c.report(s)
	return s
}

// between is spring: what was late or waited is answered, what was said again
// goes its way, and the session's report of forty days ago is still the same.
func (c *cycles) between(first *session) {
	c.until("2027-02-12")
	c.answerAll(ofFate(c.all, extended))
	c.settle(ofFate(c.all, extended))
	behind := pick(c.all, func(m *matter) bool { return m.lot.cycle == 1 && m.lot.fate == later })
	for body := range contacts {
		if owed := pick(behind, func(m *matter) bool { return m.holder == body }); len(owed) > 0 {
			c.urge(body, owed)
		}
	}
	c.until("2027-02-22")
	for _, m := range behind {
		c.urged(m, 3, 3)
	}
	c.answerAll(behind)
	c.settle(behind)
	again := ofFate(c.all, contested)
	c.answerAll(again[:3])
	c.settle(again[:3])
	waited := ofFate(c.all, waiting)
	for _, m := range waited {
		c.classify(m, m.body())
	}
	c.forwardAll(waited)
	c.acceptAll(waited)
	c.until("2027-03-01")
	c.begun = c.openNow()
	c.splitOff(again[3], "denunciation")
	c.until("2027-03-22")
	c.report(first)
}

// secondAnswers is April and May: promises fall due, answers come.
func (c *cycles) secondAnswers() {
	owed := ofFate(c.all, promised)[:19]
	march, april := even(owed, 0), even(owed, 1)
	c.promises(map[string]int{"open": 19})
	c.keepPromises(march[:5], march[5:7])
	c.until("2027-04-05")
	c.promises(map[string]int{"kept": 5, "moved": 2, "broken": len(march) - 7, "open": len(april)})
	second := pick(c.all, func(m *matter) bool { return m.lot.cycle == 2 })
	c.answerAll(ofFate(c.all, waiting))
	c.settle(ofFate(c.all, waiting))
	c.keepPromises(april[:4], nil)
	c.until("2027-05-04")
	c.promises(map[string]int{"kept": 9, "moved": 2, "broken": len(march) - 7 + len(april) - 4})
	c.answerAll(ofFate(second, plain, repeat))
	for _, m := range ofFate(second, promised) {
		c.answer(m, "underway", "promised_1", "30/09/2027")
	}
	c.until("2027-05-17")
	c.settle(ofFate(second, plain, repeat, promised))
}

// secondSession is June: the reports compare with those of the first session.
func (c *cycles) secondSession(first *session) {
	c.until("2027-06-11")
	s := &session{from: "2027-03-01", until: "2027-05-31", moment: "2027-06-10", before: first}
	c.count(s, c.begun)
	c.report(s)
}

// sendAgain: the standing committee wants a better answer.
func (c *cycles) sendAgain(ms []*matter) {
	for _, m := range ms {
		c.step(standingCommittee, m, "sending-again", "note", "Đề nghị nêu rõ lộ trình.")
		m.state, m.outcome, m.quality, m.answered, m.late = "accepted", "", "", false, false
		m.due = c.dueOf(m)
	}
}

// even is every other one.
func even(ms []*matter, from int) (some []*matter) {
	for i := from; i < len(ms); i += 2 {
		some = append(some, ms[i])
	}
	return some
}
