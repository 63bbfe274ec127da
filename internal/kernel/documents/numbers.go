package documents

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// usualPattern is how most bodies write a symbol (NĐ 30/2020, Phụ lục I).
const usualPattern = "{no}/{kind}-{body}"

// Series is one run of numbers: of one body, for one kind of paper, in one
// year. Numbers start anew on 1 January.
//
// vi: sổ đăng ký văn bản đi
type Series struct {
	BodyID  string
	Kind    string // NĐ 30's short form: "PC", "NQ", "CV"
	Year    int
	Pattern string // "{no}/{kind}-{body}", "{no}/{year}/NQ-HĐND"; empty: the usual one
	Body    string // the body's short form in the symbol: "VP"
}

// Number is a number taken from a series and the symbol made of it.
//
// vi: số, ký hiệu
type Number struct {
	No     int
	Symbol string
}

// Number takes the next number, in the caller's transaction. Numbers have no
// gaps: a transaction that is undone gives its number back, and two that run
// at once wait for each other.
func (r *Registry) Number(ctx context.Context, tx *db.Tx, s Series) (Number, error) {
	if s.BodyID == "" || s.Kind == "" || s.Year < 1945 || s.Year > 9999 {
		return Number{}, fmt.Errorf("documents: a series needs body, kind and year: %+v", s)
	}
	if err := s.check(); err != nil {
		return Number{}, err
	}
	no, err := nextNumber(ctx, tx, s)
	if err != nil {
		return Number{}, err
	}
	return Number{No: no, Symbol: s.symbol(no)}, nil
}

// SeriesOf gives the series of a body with the pattern the body has set.
func (r *Registry) SeriesOf(ctx context.Context, tx *db.Tx, bodyID, kind string, year int) (Series, error) {
	p, err := findPattern(ctx, tx, bodyID, kind)
	return Series{BodyID: bodyID, Kind: kind, Year: year, Pattern: p.Pattern, Body: p.Body}, err
}

// SetPattern sets how a body writes the symbols of a kind of paper; kind ""
// stands for all kinds that have no pattern of their own. Numbers already
// given keep their symbols.
func (r *Registry) SetPattern(ctx context.Context, tx *db.Tx, s Series) error {
	if err := s.check(); err != nil {
		return err
	}
	return savePattern(ctx, tx, s)
}

func (s Series) pattern() string {
	if s.Pattern == "" {
		return usualPattern
	}
	return text.NFC(s.Pattern)
}

// check refuses a pattern that would give the same symbol twice or leave a
// placeholder unfilled.
func (s Series) check() error {
	left := strings.NewReplacer("{no}", "", "{kind}", "", "{body}", "", "{year}", "").Replace(s.pattern())
	if strings.Count(s.pattern(), "{no}") != 1 || strings.ContainsAny(left, "{}\n\t ") {
		return fault.New(fault.Invalid, "documents.pattern", "pattern", s.Pattern).At("pattern")
	}
	return nil
}

// symbol writes number and symbol. Numbers below ten get a leading zero
// (NĐ 30/2020, Phụ lục I).
func (s Series) symbol(no int) string {
	return strings.NewReplacer("{no}", fmt.Sprintf("%02d", no), "{kind}", s.Kind,
		"{body}", s.Body, "{year}", strconv.Itoa(s.Year)).Replace(s.pattern())
}
