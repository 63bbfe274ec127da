package settings

import (
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
)

const (
	samplesMost = 300 // petitions that a test runs over
	toldMost    = 20  // of them named in each finding
	clocksMost  = 50
)

// Sample is a petition that a set is tried on, with what the clerk chose.
//
// vi: -
type Sample struct {
	ID, Code, Text           string
	Ward, WardName           string // code and name
	Field, Authority, BodyID string // empty until classified
	BodyName, Channel        string
	Due                      clock.Date
	Clocks                   []Clock // that run

	said string // the text as a needle: every rule asks it
}

// Clock is a running time limit of a sample.
//
// vi: -
type Clock struct {
	Rule       string // key
	Start, Due clock.Date
}

// Trial is what a test of a set found. It is kept, so it holds codes and
// numbers only: no word of a voter.
//
// vi: kết quả chạy thử
type Trial struct {
	Looked     int               `json:"looked"`
	Routed     [2]Reached        `json:"routed"` // by the rules now, and by those of the set
	Rules      []RuleFinding     `json:"rules,omitempty"`
	Ended      []EndFinding      `json:"ended,omitempty"`
	Limits     []LimitFinding    `json:"limits,omitempty"`
	Templates  []TemplateFinding `json:"templates,omitempty"`
	Unexamined []string          `json:"unexamined,omitempty"` // new branches that no committee examines
	Orphaned   []string          `json:"orphaned,omitempty"`   // rules whose proposed field ends
}

// Reached counts petitions that rules met.
//
// vi: -
type Reached struct {
	Hits    int `json:"hits"`
	Decided int `json:"decided"` // of them classified by a clerk
	Same    int `json:"same"`    // of those, as the rules propose
}

// Found names a petition in a finding.
//
// vi: -
type Found struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Same string `json:"same"` // "same", "other", or empty while no clerk has chosen
}

// RuleFinding is what one routing rule of the set does.
//
// vi: -
type RuleFinding struct {
	ItemID   string `json:"item"`
	Title    string `json:"title"`
	Priority int    `json:"priority"`
	Reached
	Found []Found `json:"found,omitempty"`
}

// EndFinding is who still bears a field that ends.
//
// vi: -
type EndFinding struct {
	Code  string  `json:"code"`
	Count int     `json:"count"`
	Found []Found `json:"found,omitempty"`
}

// LimitFinding compares a time limit now and as the set has it: for a case that
// begins on the day of effect, and for the clocks that run now if they had begun
// under it. Those keep what they began with.
//
// vi: -
type LimitFinding struct {
	Key         string         `json:"key"`
	From        clock.Date     `json:"from"`
	Terms       [2]Span        `json:"terms"` // now and then
	Provisional bool           `json:"provisional"`
	Running     int            `json:"running"`
	Clocks      []ClockFinding `json:"clocks,omitempty"`
}

// Span is a time limit with the day on which it ends.
//
// vi: -
type Span struct {
	Count int           `json:"count"`
	Unit  calendar.Unit `json:"unit"`
	Due   clock.Date    `json:"due"`
	Days  int           `json:"days"` // of the calendar until then
}

// ClockFinding is a running clock with the day it would end on.
//
// vi: -
type ClockFinding struct {
	ID    string     `json:"id"`
	Code  string     `json:"code"`
	Start clock.Date `json:"start"`
	Due   clock.Date `json:"due"`
	Would clock.Date `json:"would"`
}

// TemplateFinding is a template filled with a real petition, without the voter.
//
// vi: -
type TemplateFinding struct {
	Title string `json:"title"`
	Verb  string `json:"verb"`
	ID    string `json:"id"` // of the petition; empty when the council has none
	Code  string `json:"code"`
	Text  string `json:"text"`
}
