package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// figure is one measured number beside its baseline from the same run.
type figure struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Baseline float64 `json:"baseline"`
	Ratio    float64 `json:"ratio"`
	N        int     `json:"n"` // how many were measured
}

// goal is what a figure should keep to; 0 is no limit.
type goal struct {
	most, least float64
	ratioMost   float64
}

// report prints figures and keeps them in the results of the day.
type report struct {
	file  *os.File
	goals []string
}

func openReport() (*report, error) {
	const folder = "bench/results"
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(folder, time.Now().Format(time.DateOnly)+".jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	return &report{file: f}, nil
}

// add prints and keeps a figure.
func (r *report) add(f figure) { r.against(f, goal{}) }

// against is add, and says at the end whether the goal was met.
func (r *report) against(f figure, g goal) {
	f.Value, f.Baseline = round(f.Value), round(f.Baseline)
	if f.Baseline != 0 {
		f.Ratio = round(f.Value / f.Baseline)
	}
	line, err := json.Marshal(f)
	if err != nil {
		panic(err) // numbers and names always encode
	}
	fmt.Println(string(line))
	if _, err := fmt.Fprintln(r.file, string(line)); err != nil {
		fmt.Fprintln(os.Stderr, "bench: the figure could not be kept:", err)
	}
	for _, c := range []struct {
		limit, value float64
		most         bool
		words, unit  string
	}{{g.most, f.Value, true, "at most", f.Unit}, {g.least, f.Value, false, "at least", f.Unit}, {g.ratioMost, f.Ratio, true, "at most", "times the baseline"}} {
		if c.limit == 0 {
			continue
		}
		word := "met   "
		if c.most && c.value > c.limit || !c.most && c.value < c.limit {
			word = "MISSED"
		}
		r.goals = append(r.goals, fmt.Sprintf("%s  %-48s %10g  goal %s %g %s", word, f.Name, c.value, c.words, c.limit, c.unit))
	}
}

// close says which goals were met.
func (r *report) close() error {
	slices.SortStableFunc(r.goals, func(a, b string) int { return strings.Compare(a[:3], b[:3]) })
	for _, g := range r.goals {
		fmt.Fprintln(os.Stderr, g)
	}
	return errors.Join(r.file.Sync(), r.file.Close())
}

// round keeps four digits: more would be noise.
func round(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// millis is a duration as figures give it.
func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
