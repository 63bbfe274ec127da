package counter

import (
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
)

// Ground is a reason for which reception is refused.
//
// vi: căn cứ từ chối tiếp công dân
type Ground struct {
	Code    string // of its sentence
	Article string
	Written bool // Mẫu 01/TCD within three working days; else an explanation at the desk
	From    clock.Date
	Mark    string // how sure our research is
}

// Grounds are the grounds in force on a day: Luật Tiếp công dân, Điều 9, and the
// ten cases of NĐ 154/2026, Điều 4 khoản 1. Written notice is due for Điều 9
// khoản 3 and for điểm h (Điều 4 khoản 3).
func Grounds(on clock.Date) []Ground {
	const law, decree = "Luật Tiếp công dân 2013, Điều 9 khoản ", "Nghị định 154/2026/NĐ-CP, Điều 4 khoản 1 điểm "
	old, now := clock.NewDate(2014, 7, 1), clock.NewDate(2026, 7, 1)
	all := []Ground{
		{Code: "law1", Article: law + "1", From: old, Mark: "V PD"},
		{Code: "law2", Article: law + "2", From: old, Mark: "V PD"},
		{Code: "law3", Article: law + "3", Written: true, From: old, Mark: "V PD"},
	}
	for _, one := range []struct{ code, point string }{{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}, {"dd", "đ"}, {"e", "e"}, {"g", "g"}, {"h", "h"}, {"i", "i"}, {"k", "k"}} {
		all = append(all, Ground{Code: one.code, Article: decree + one.point, Written: one.code == "h", From: now, Mark: "V-m"})
	}
	return slices.DeleteFunc(all, func(g Ground) bool { return on.Before(g.From) })
}

// groundOf finds a ground in force on a day.
func groundOf(code string, on clock.Date) (Ground, bool) {
	all := Grounds(on)
	i := slices.IndexFunc(all, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}, false
	}
	return all[i], true
}
