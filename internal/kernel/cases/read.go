package cases

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
)

// Names is what code offers to procedure files. A file that names anything
// else stops the start-up.
type Names struct {
	Guards  []string
	Steps   []string
	Chooses []string
	Rules   []string // keys of the calendar's rules
}

// Flaw is a fault of a procedure file with its place.
type Flaw struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// Error implements error.
func (f Flaw) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Why) }

// fileMax bounds a procedure file; the largest real one is a tenth of it.
const fileMax = 256 << 10

// ReadAll reads procedures/*.yaml of a module. It gives every flaw it finds.
func ReadAll(files fs.FS, names Names) ([]*Procedure, []Flaw) {
	paths, err := fs.Glob(files, "procedures/*.yaml")
	if err != nil {
		return nil, []Flaw{{File: "procedures", Why: err.Error()}}
	}
	var all []*Procedure
	var flaws []Flaw
	for _, name := range paths {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			flaws = append(flaws, Flaw{File: name, Why: err.Error()})
			continue
		}
		p, found := Read(path.Base(name), b, names)
		flaws = append(flaws, found...)
		if p != nil {
			all = append(all, p)
		}
	}
	return all, append(flaws, overlaps(all)...)
}

// Read reads one procedure file strictly: an unknown property, a missing name,
// a state that cannot be reached are flaws. The procedure is nil if any is found.
func Read(file string, b []byte, names Names) (*Procedure, []Flaw) {
	if len(b) > fileMax {
		return nil, []Flaw{{File: file, Line: 1, Why: "larger than 256 kB"}}
	}
	var p Procedure
	if err := decode(b, &p); err != nil {
		return nil, []Flaw{{File: file, Line: lineOf(err, b), Why: firstLine(err)}}
	}
	c := checker{file: file, source: b, p: &p, names: names}
	c.check()
	if len(c.flaws) > 0 {
		return nil, c.flaws
	}
	return &p, nil
}

// decode reads YAML strictly. The library panics on some malformed tags (found
// by fuzzing: testdata/fuzz); to whoever edits the file that is a flaw like
// any other.
func decode(b []byte, p *Procedure) (err error) {
	defer func() {
		if bad := recover(); bad != nil {
			err = fmt.Errorf("this is not readable as YAML: %v", bad)
		}
	}()
	return yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(p)
}

// lineOf finds the line in an error of the YAML reader, which prints it as
// [line:column]. An error of a value's own reader, such as a date's, has none,
// but quotes what it could not read.
func lineOf(err error, source []byte) int {
	var line, column int
	if _, serr := fmt.Sscanf(err.Error(), "[%d:%d]", &line, &column); serr == nil {
		return line
	}
	if parts := strings.Split(err.Error(), `"`); len(parts) > 2 {
		if before, _, ok := bytes.Cut(source, []byte(parts[1])); ok {
			return 1 + bytes.Count(before, []byte("\n"))
		}
	}
	return 1
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	if _, after, ok := strings.Cut(s, "] "); ok {
		return after
	}
	return s
}

// Sum is the SHA-256 of a procedure's content, without comments or layout. A
// released version may not change it, but for the day on which it ends: that is
// known only when a later version takes over.
func (p *Procedure) Sum() string {
	q := *p
	q.Effective.Until = clock.Date{}
	b, err := json.Marshal(q)
	if err != nil {
		panic(err) // plain values always encode
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

type checker struct {
	file   string
	source []byte
	parsed *ast.File // for the places of flaws; nil until the first
	p      *Procedure
	names  Names
	flaws  []Flaw
}

// flaw notes what is wrong at a place such as "$.verbs[2].to".
func (c *checker) flaw(at, why string, args ...any) {
	line := 1
	if c.parsed == nil {
		f, err := parser.ParseBytes(c.source, 0)
		if err != nil {
			f = &ast.File{} // it has been decoded, so it parses; without places flaws stand on line 1
		}
		c.parsed = f
	}
	if p, err := yaml.PathString(at); err == nil {
		if n, err := p.FilterFile(c.parsed); err == nil && n != nil && n.GetToken() != nil {
			line = n.GetToken().Position.Line
		}
	}
	c.flaws = append(c.flaws, Flaw{File: c.file, Line: line, Why: fmt.Sprintf(why, args...)})
}

func (c *checker) check() {
	p := c.p
	if p.Name == "" {
		c.flaw("$", "no procedure name")
	}
	if p.Version < 1 {
		c.flaw("$.version", "version must be 1 or more")
	}
	if p.Effective.From.IsZero() {
		c.flaw("$.effective", "no date from which it is effective")
	} else if !p.Effective.Until.IsZero() && !p.Effective.Until.After(p.Effective.From) {
		c.flaw("$.effective", "is over before it is effective")
	}
	if v, ok := p.Verb(p.Opens); !ok {
		c.flaw("$.opens", "opens with the unknown verb %q", p.Opens)
	} else if len(v.From) > 0 || v.To == "" {
		c.flaw("$.opens", "the opening verb %q must lead from nothing to a state", p.Opens)
	}
	for i := range p.States {
		c.state(fmt.Sprintf("$.states[%d]", i), i, p.States[i])
	}
	for i := range p.Deadlines {
		c.deadline(fmt.Sprintf("$.deadlines[%d]", i), i, p.Deadlines[i])
	}
	for i := range p.Verbs {
		c.verb(fmt.Sprintf("$.verbs[%d]", i), i, p.Verbs[i])
	}
	if len(c.flaws) == 0 {
		c.reach()
	}
}

func (c *checker) state(at string, i int, s StateRule) {
	if s.Name == "" || slices.IndexFunc(c.p.States, func(o StateRule) bool { return o.Name == s.Name }) != i {
		c.flaw(at+".name", "state %q is given twice or has no name", s.Name)
	}
	if s.Waits != Nobody && s.Waits != Voter && !s.Waits.official() {
		c.flaw(at+".waits", "state %q waits for %q, which is nobody's place", s.Name, s.Waits)
	} else if s.Final && s.Waits != Nobody {
		c.flaw(at+".waits", "state %q is final, but waits for %q", s.Name, s.Waits)
	} else if !s.Final && s.Waits == Nobody {
		c.flaw(at+".waits", "state %q is not final, but waits for nobody", s.Name)
	}
}

// official reports whether people in posts stand at this place.
func (p Place) official() bool {
	return p == Owner || p == Standing || p == Examiner || p == Holder
}

func (c *checker) deadline(at string, i int, d DeadlineRule) {
	if d.Name == "" || slices.IndexFunc(c.p.Deadlines, func(o DeadlineRule) bool { return o.Name == d.Name }) != i {
		c.flaw(at, "deadline %q is given twice or has no name", d.Name)
	}
	if !slices.ContainsFunc(c.p.Verbs, func(v Verb) bool { return slices.Contains(v.Starts, d.Name) }) {
		c.flaw(at, "deadline %q is never started", d.Name)
	}
	if !d.Window && !slices.ContainsFunc(c.p.Verbs, func(v Verb) bool { return slices.Contains(v.Stops, d.Name) }) {
		c.flaw(at, "deadline %q can never be met", d.Name)
	}
	if !slices.Contains(c.names.Rules, d.Rule) {
		c.flaw(at+".rule", "deadline %q names the unknown rule %q", d.Name, d.Rule)
	}
	c.known(at+".variants", d.Name, "rule", d.Variants, c.names.Rules)
	if d.Choose != "" {
		c.known(at, d.Name, "choice", []string{d.Choose}, c.names.Chooses)
	} else if len(d.Variants) > 0 {
		c.flaw(at+".variants", "deadline %q has variants, but nothing chooses between them", d.Name)
	}
	for j := 1; j < len(d.Warns); j++ {
		if d.Warns[j] >= d.Warns[j-1] {
			c.flaw(at+".warns", "deadline %q: warnings must come nearer to the due date", d.Name)
		}
	}
	for j, e := range d.Escalates {
		if j > 0 && e.After <= d.Escalates[j-1].After || e.After < 1 {
			c.flaw(fmt.Sprintf("%s.escalates[%d]", at, j), "deadline %q: escalations must come later one after the other", d.Name)
		}
		if !e.Place.official() {
			c.flaw(fmt.Sprintf("%s.escalates[%d]", at, j), "deadline %q escalates to %q, which is nobody's place", d.Name, e.Place)
		}
		c.roles(fmt.Sprintf("%s.escalates[%d]", at, j), e.Roles)
	}
	if d.Extensions > 0 && d.ExtendMax < 1 {
		c.flaw(at, "deadline %q may be extended, but extend_max says by nothing", d.Name)
	}
}

func (c *checker) roles(at string, roles []org.Role) {
	for _, r := range roles {
		if !slices.Contains(org.Roles(), r) {
			c.flaw(at, "unknown role %q", r)
		}
	}
}

func (c *checker) verb(at string, i int, v Verb) {
	p := c.p
	if v.Name == "" || slices.IndexFunc(p.Verbs, func(o Verb) bool { return o.Name == v.Name }) != i {
		c.flaw(at+".name", "verb %q is given twice or has no name", v.Name)
	}
	if len(v.From) == 0 && v.Name != p.Opens {
		c.flaw(at, "verb %q leads from no state", v.Name)
	}
	for j, s := range v.From {
		if _, ok := p.State(s); !ok {
			c.flaw(fmt.Sprintf("%s.from[%d]", at, j), "verb %q leads from the unknown state %q", v.Name, s)
		}
	}
	if _, ok := p.State(v.To); v.To != "" && !ok {
		c.flaw(at+".to", "verb %q leads to the unknown state %q", v.Name, v.To)
	}
	c.roles(at+".roles", v.Roles)
	switch {
	case v.Place.official() || v.Place == Deputy:
		if len(v.Roles) == 0 {
			c.flaw(at, "verb %q names no role", v.Name)
		}
	case v.Place != Voter && v.Place != Program:
		c.flaw(at+".place", "verb %q belongs to the unknown place %q", v.Name, v.Place)
	}
	c.known(at+".guards", v.Name, "guard", v.Guards, c.names.Guards)
	c.known(at+".steps", v.Name, "step", v.Steps, c.names.Steps)
	verbs := make([]string, len(p.Verbs))
	for j := range p.Verbs {
		verbs[j] = p.Verbs[j].Name
	}
	c.known(at+".apart", v.Name, "verb", v.Apart, verbs)
	deadlines := make([]string, len(p.Deadlines))
	for j := range p.Deadlines {
		deadlines[j] = p.Deadlines[j].Name
	}
	c.known(at+".starts", v.Name, "deadline", v.Starts, deadlines)
	c.known(at+".stops", v.Name, "deadline", v.Stops, deadlines)
	c.known(at+".pauses", v.Name, "deadline", v.Pauses, deadlines)
	c.known(at+".resumes", v.Name, "deadline", v.Resumes, deadlines)
	c.known(at+".rechooses", v.Name, "deadline", v.Rechooses, deadlines)
	for j, place := range v.Also {
		if !place.official() || !v.Place.official() {
			c.flaw(fmt.Sprintf("%s.also[%d]", at, j), "verb %q may be done at %q too, which is nobody's place", v.Name, place)
		}
	}
	if v.Extends != "" {
		if d, ok := p.Deadline(v.Extends); !ok || d.Extensions == 0 {
			c.flaw(at+".extends", "verb %q extends %q, which is no deadline that may be extended", v.Name, v.Extends)
		}
	}
}

func (c *checker) known(at, verb, what string, given, known []string) {
	for i, name := range given {
		if !slices.Contains(known, name) {
			c.flaw(fmt.Sprintf("%s[%d]", at, i), "verb %q names the unknown %s %q", verb, what, name)
		}
	}
}

// reach checks that every state can be reached and that none but final ones is
// a dead end.
func (c *checker) reach() {
	opening, _ := c.p.Verb(c.p.Opens)
	reached := map[State]bool{opening.To: true}
	for grown := true; grown; {
		grown = false
		for _, v := range c.p.Verbs {
			if v.To == "" || reached[v.To] {
				continue
			}
			if slices.ContainsFunc(v.From, func(s State) bool { return reached[s] }) {
				reached[v.To], grown = true, true
			}
		}
	}
	for i, s := range c.p.States {
		at := fmt.Sprintf("$.states[%d]", i)
		if !reached[s.Name] {
			c.flaw(at, "state %q cannot be reached", s.Name)
		}
		leaves := slices.ContainsFunc(c.p.Verbs, func(v Verb) bool { return v.To != "" && slices.Contains(v.From, s.Name) })
		if !leaves && !s.Final {
			c.flaw(at, "state %q is a dead end but not final", s.Name)
		}
	}
}

// overlaps finds versions of one procedure that claim the same day or number.
func overlaps(all []*Procedure) []Flaw {
	var flaws []Flaw
	for i, a := range all {
		for _, b := range all[:i] {
			if a.Name != b.Name {
				continue
			}
			if a.Version == b.Version {
				flaws = append(flaws, Flaw{File: a.Key(), Line: 1, Why: "version given twice"})
			}
			first, second := a.Effective, b.Effective
			if second.From.Before(first.From) {
				first, second = second, first
			}
			if first.Until.IsZero() || second.From.Before(first.Until) {
				flaws = append(flaws, Flaw{File: a.Key(), Line: 1, Why: "effective on the same days as " + b.Key()})
			}
		}
	}
	return flaws
}
