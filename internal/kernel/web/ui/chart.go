package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// The drawing area of ColumnChart, in the units of its viewBox.
const (
	plotLeft, plotRight = 52, 640
	plotTop, plotFloor  = 12, 206
	gridLinesMost       = 5
	columnsNamed        = 7  // so many labels of five characters stand side by side on a phone
	labelsMost          = 13 // and so many on a wide screen
)

func (b Bar) text(ctx context.Context) string {
	if b.Text != "" {
		return b.Text
	}
	return text.Number(text.LangOf(ctx), b.Value)
}

// width is a value's length out of 1000; what is not nothing is seen.
func (b Bars) width(value int64) int64 {
	var most int64 = 1
	for _, other := range b.Bars {
		most = max(most, other.Value)
	}
	if value <= 0 {
		return 0
	}
	return max(value*1000/most, 6)
}

type share struct {
	Bar
	x, width int64
}

func (s Stack) shares() []share {
	var sum int64
	for _, p := range s.Parts {
		sum += max(p.Value, 0)
	}
	if sum == 0 {
		return nil
	}
	shares := make([]share, 0, len(s.Parts))
	var before int64
	for _, p := range s.Parts {
		from, to := before*1000/sum, (before+max(p.Value, 0))*1000/sum
		shares = append(shares, share{p, from, to - from})
		before += max(p.Value, 0)
	}
	return shares
}

// step is the round distance of the grid lines: at most gridLinesMost of them.
func (c Columns) step() int64 {
	var most int64 = 1
	for _, b := range c.Columns {
		most = max(most, b.Value)
	}
	for _, v := range c.Line {
		most = max(most, v)
	}
	for size := int64(1); ; size *= 10 {
		for _, round := range []int64{1, 2, 5} {
			if round*size*gridLinesMost >= most {
				return round * size
			}
		}
	}
}

// ceiling is the top of the chart: the first grid line that no value passes.
func (c Columns) ceiling() int64 {
	step, top := c.step(), int64(0)
	for _, b := range c.Columns {
		top = max(top, b.Value)
	}
	for _, v := range c.Line {
		top = max(top, v)
	}
	return max((top+step-1)/step, 1) * step
}

func (c Columns) y(v int64) float64 {
	return plotFloor - float64(max(v, 0))*(plotFloor-plotTop)/float64(c.ceiling())
}

type gridLine struct{ y, textY, text string }

func (c Columns) grid(ctx context.Context) []gridLine {
	lines := make([]gridLine, 0, gridLinesMost+1)
	for v := int64(0); v <= c.ceiling(); v += c.step() {
		y := c.y(v)
		lines = append(lines, gridLine{decimal(y), decimal(y + 4), text.Number(text.LangOf(ctx), v)})
	}
	return lines
}

type plotted struct {
	x, y, width, height, middle, label string
	tone                               Tone
	between                            bool // on a phone its label has no room
}

func (c Columns) slot() float64 { return float64(plotRight-plotLeft) / float64(max(len(c.Columns), 1)) }

func (c Columns) plot() []plotted {
	bars := make([]plotted, 0, len(c.Columns))
	each := (len(c.Columns) + labelsMost - 1) / labelsMost // every so many-th column is named
	for i, b := range c.Columns {
		slot, y := c.slot(), c.y(b.Value)
		left := plotLeft + slot*float64(i)
		if each > 1 && i%each != 0 {
			b.Label = ""
		}
		bars = append(bars, plotted{
			x: decimal(left + slot*0.2), y: decimal(y), width: decimal(slot * 0.6), height: decimal(plotFloor - y),
			middle: decimal(left + slot/2), label: b.Label, tone: b.Tone,
			between: len(c.Columns) > columnsNamed && i/max(each, 1)%2 == 1,
		})
	}
	return bars
}

func (c Columns) line() string {
	var points []string
	for i, v := range c.Line {
		points = append(points, fmt.Sprintf("%s,%s", decimal(plotLeft+c.slot()*(float64(i)+0.5)), decimal(c.y(v))))
	}
	return strings.Join(points, " ")
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
