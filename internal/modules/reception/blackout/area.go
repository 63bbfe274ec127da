package blackout

import (
	"image"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// The grid that lies over each page.
const (
	Across = 16 // fields A to P
	Down   = 24 // fields 1 to 24: about a line of writing each
)

// areasMax bounds what one page may name.
const areasMax = 200

// Area is a block of fields, both corners included, counted from 0.
//
// vi: vùng che
type Area struct{ Left, Top, Right, Bottom int }

// ReadAreas reads fields as people write them: "A1-C2, F7; p24". Nothing means
// that nothing of the page is hidden.
func ReadAreas(s string) ([]Area, error) {
	var all []Area
	for _, part := range strings.FieldsFunc(strings.ToUpper(text.Line(s)), func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		from, to, block := strings.Cut(strings.NewReplacer("–", "-", "—", "-", ":", "-").Replace(part), "-")
		if !block {
			to = from
		}
		x, y, ok := field(from)
		u, v, also := field(to)
		if !ok || !also || len(all) >= areasMax {
			return nil, fault.New(fault.Invalid, "blackout.no_field", "field", part, "last", string(rune('A'+Across-1))+strconv.Itoa(Down))
		}
		all = append(all, Area{min(x, u), min(y, v), max(x, u), max(y, v)})
	}
	return all, nil
}

// field reads one field, "C7".
func field(s string) (x, y int, ok bool) {
	if len(s) < 2 || s[0] < 'A' || s[0] >= 'A'+Across {
		return 0, 0, false
	}
	n, err := strconv.Atoi(s[1:])
	return int(s[0] - 'A'), n - 1, err == nil && n >= 1 && n <= Down && s[1] != '+'
}

// String writes an area as ReadAreas reads it.
func (a Area) String() string {
	name := func(x, y int) string { return string(rune('A'+x)) + strconv.Itoa(y+1) }
	if a.Left == a.Right && a.Top == a.Bottom {
		return name(a.Left, a.Top)
	}
	return name(a.Left, a.Top) + "-" + name(a.Right, a.Bottom)
}

// pixels is the area on a picture: never less than the fields, so that no edge
// of a letter looks out.
func (a Area) pixels(of image.Rectangle) image.Rectangle {
	x := func(n int) int { return of.Min.X + n*of.Dx()/Across }
	y := func(n int) int { return of.Min.Y + n*of.Dy()/Down }
	up := func(n, size, parts, from int) int { return from + (n*size+parts-1)/parts }
	return image.Rect(x(a.Left), y(a.Top), up(a.Right+1, of.Dx(), Across, of.Min.X), up(a.Bottom+1, of.Dy(), Down, of.Min.Y)).Intersect(of)
}

// Covers reports whether a field lies in one of the areas.
func Covers(all []Area, x, y int) bool {
	return slices.ContainsFunc(all, func(a Area) bool { return x >= a.Left && x <= a.Right && y >= a.Top && y <= a.Bottom })
}
