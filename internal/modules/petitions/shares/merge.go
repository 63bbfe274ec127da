package shares

import (
	"cmp"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// inOrder puts parts into the order in which they are quoted: of their bodies,
// then of the asking.
func inOrder(parts []Part) []Part {
	all := slices.Clone(parts)
	slices.SortStableFunc(all, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.sortKey, b.sortKey), strings.Compare(a.Body, b.Body), strings.Compare(a.ID, b.ID))
	})
	return all
}

// Merged is the text proposed to the lead for each point: what each asked body
// says to it, under the body's name. Who has not answered, or declined, is shown
// beside the form (Said) and not in the text: a draft that is sent as it stands
// must hold nothing that is the offices' own affair. It is part of an official
// letter, hence always in Vietnamese.
func (d *Desk) Merged(parts []Part, points []int) map[int]string {
	merged := map[int]string{}
	for _, number := range points {
		var lines []string
		for _, p := range inOrder(parts) {
			i := slices.IndexFunc(p.Points, func(a Asking) bool { return a.Number == number })
			if i < 0 || p.State != Answered {
				continue
			}
			lines = append(lines, p.Body+": "+d.words(p, p.Points[i]))
		}
		if len(lines) > 0 {
			merged[number] = strings.Join(lines, "\n\n")
		}
	}
	return merged
}

// words are what a body says to one point.
func (d *Desk) words(p Part, a Asking) string {
	say := func(key string, args ...any) string { return d.Text.Say(text.Vi, key, args...) }
	line := a.Reply
	if !a.Promised.IsZero() {
		line += " " + say("shares.merged_promised", "date", a.Promised.VN())
	}
	return line + " " + say("shares.merged_document", "document", p.Document)
}

// Waited counts the parts that the lead still waits for, and those late.
func Waited(parts []Part, today clock.Date) (open, late int) {
	for _, p := range parts {
		if p.Open {
			open++
			if p.Late(today) {
				late++
			}
		}
	}
	return open, late
}
