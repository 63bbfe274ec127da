package scans

import (
	"image"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// whole is a page's width or height in the measure of areas.
const whole = 1000

// Area is a rectangle on a page, in thousandths of its width and height.
//
// vi: vùng che
type Area struct {
	Left   int `json:"left"`
	Top    int `json:"top"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// ReadArea reads an area as people write it: in percent of the page, with one
// figure behind the comma at most. What reaches beyond the page ends at its edge.
func ReadArea(left, top, width, height string) (a Area, err error) {
	for _, side := range []struct {
		to    *int
		typed string
	}{{&a.Left, left}, {&a.Top, top}, {&a.Width, width}, {&a.Height, height}} {
		if *side.to, err = thousandths(side.typed); err != nil {
			return Area{}, err
		}
	}
	a.Width, a.Height = min(a.Width, whole-a.Left), min(a.Height, whole-a.Top)
	if a.Width < 1 || a.Height < 1 {
		return Area{}, fault.New(fault.Invalid, "scans.empty_area")
	}
	return a, nil
}

// thousandths reads a percentage: "12", "12,5", "12.5 %".
func thousandths(typed string) (int, error) {
	s := strings.TrimSpace(strings.TrimSuffix(text.Line(typed), "%"))
	ones, tenth, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	plain := strings.Trim(tenth, "0123456789") == ""
	if len(tenth) > 1 {
		tenth = tenth[:1] // the script's own rounding, never a person's wish
	}
	n, err := strconv.ParseUint(ones+(tenth + "0")[:1], 10, 16)
	if err != nil || n > whole || ones == "" || !plain {
		return 0, fault.New(fault.Invalid, "scans.no_percent", "value", short(s))
	}
	return int(n), nil
}

func short(s string) string {
	const most = 20
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Percent writes a measure as ReadArea reads it.
func Percent(thousandths int) string {
	if thousandths%10 == 0 {
		return strconv.Itoa(thousandths / 10)
	}
	return strconv.Itoa(thousandths/10) + "," + strconv.Itoa(thousandths%10)
}

// pixels is the area on a picture: never less than was chosen, so that no edge of
// a letter looks out.
func (a Area) pixels(of image.Rectangle) image.Rectangle {
	down := func(n, size, from int) int { return from + n*size/whole }
	up := func(n, size, from int) int { return from + (n*size+whole-1)/whole }
	return image.Rect(down(a.Left, of.Dx(), of.Min.X), down(a.Top, of.Dy(), of.Min.Y), up(a.Left+a.Width, of.Dx(), of.Min.X), up(a.Top+a.Height, of.Dy(), of.Min.Y)).Intersect(of)
}
