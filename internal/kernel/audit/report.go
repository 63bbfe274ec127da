package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/text"
)

// FindingKind says what is wrong; "audit.finding.<kind>" is its sentence.
type FindingKind string

// What Verify can find.
const (
	EntryAltered      FindingKind = "entry_altered"      // a column does not fit the leaf
	ContentAltered    FindingKind = "content_altered"    // a column under the commitment was changed
	EntryForged       FindingKind = "entry_forged"       // not written by this program
	EntryMissing      FindingKind = "entry_missing"      // a place of the tree has no entry
	EntryMoved        FindingKind = "entry_moved"        // the entry stands where the signed tree has another
	EntryBeyond       FindingKind = "entry_beyond"       // placed after the newest valid checkpoint
	HashAltered       FindingKind = "hash_altered"       // a stored hash of the tree is not what its leaves give
	HashMissing       FindingKind = "hash_missing"       // a stored hash is not there
	HashBeyond        FindingKind = "hash_beyond"        // hashes after the newest valid checkpoint
	CheckpointAltered FindingKind = "checkpoint_altered" // the row does not fit its signature, or has none
	RootDiffers       FindingKind = "root_differs"       // a signed root is not the root of the entries
	LinkMissing       FindingKind = "link_missing"       // the chain of sealed entries has a gap, or ends too soon
	LinkAltered       FindingKind = "link_altered"       // a link of the chain is not what its entries give
	ErasedUnasked     FindingKind = "erased_unasked"     // the text is gone without an act of erasure
	ErasureAltered    FindingKind = "erasure_altered"    // the record of an erasure is not what was committed to
	RowDiffers        FindingKind = "row_differs"        // a module's table says other than the log
	RowUnrecorded     FindingKind = "row_unrecorded"     // a module's row with no act behind it
	RowMissing        FindingKind = "row_missing"        // an act whose row is no more
)

// FindingKinds lists them all, in the order of the manual.
func FindingKinds() []FindingKind {
	return []FindingKind{EntryAltered, ContentAltered, EntryForged, EntryMissing, EntryMoved, EntryBeyond, HashAltered, HashMissing, HashBeyond,
		CheckpointAltered, RootDiffers, LinkMissing, LinkAltered, ErasedUnasked, ErasureAltered, RowDiffers, RowUnrecorded, RowMissing}
}

// Finding is one thing that is wrong.
type Finding struct {
	Kind     FindingKind `json:"kind"`
	Table    string      `json:"table"`
	Row      string      `json:"row"`                // id, place or size, as the table has it
	Field    string      `json:"field,omitempty"`    // which column, where that can be told
	Position int64       `json:"position,omitempty"` // place in the tree, where it has one
	Want     string      `json:"want,omitempty"`
	Have     string      `json:"have,omitempty"`
}

// findingsMax bounds what a report lists; it counts all.
const findingsMax = 1000

// Report is the outcome of Verify.
type Report struct {
	Origin      string           `json:"origin"`
	At          time.Time        `json:"at"`
	Size        int64            `json:"size"` // of the newest valid checkpoint
	Root        string           `json:"root"`
	Entries     int64            `json:"entries"` // re-derived in full or, when erased, by commitment
	Erased      int64            `json:"erased"`
	Waiting     int64            `json:"waiting"` // not in the tree yet
	Sealed      int64            `json:"sealed"`  // in the chain of sealed entries
	Checkpoints int64            `json:"checkpoints"`
	Rows        map[string]int64 `json:"rows"` // rows of the modules compared, by source
	Wrong       int64            `json:"wrong"`
	Findings    []Finding        `json:"findings"` // the first of them
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return r.Wrong == 0 }

func (r *Report) find(f Finding) {
	r.Wrong++
	if len(r.Findings) < findingsMax {
		r.Findings = append(r.Findings, f)
	}
}

// WriteReport prints a report for people, or as JSON for programs.
func WriteReport(w io.Writer, lang text.Lang, r Report, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	c, err := text.Load(Files)
	if err != nil {
		return err
	}
	var b strings.Builder
	say := func(key string, args ...any) { fmt.Fprintln(&b, c.Say(lang, "audit.report."+key, args...)) }
	say("title", "origin", r.Origin, "at", r.At.Format("15:04:05 02/01/2006"))
	say("tree", "size", r.Size, "root", r.Root, "checkpoints", r.Checkpoints)
	say("entries", "entries", r.Entries, "erased", r.Erased, "waiting", r.Waiting)
	say("sealed", "sealed", r.Sealed)
	for _, name := range slices.Sorted(maps.Keys(r.Rows)) {
		say("rows", "name", name, "n", r.Rows[name])
	}
	if r.OK() {
		say("good")
	} else {
		say("bad", "n", r.Wrong)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(&b, "- "+f.say(c, lang))
	}
	if more := r.Wrong - int64(len(r.Findings)); more > 0 {
		say("more", "n", more)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func (f Finding) say(c *text.Catalogue, lang text.Lang) string {
	s := c.Say(lang, "audit.finding."+string(f.Kind), "table", f.Table, "row", f.Row, "field", f.Field, "position", f.Position)
	if f.Want != "" || f.Have != "" {
		s += " " + c.Say(lang, "audit.report.want_have", "want", f.Want, "have", f.Have)
	}
	return s
}

// WriteResult prints what a good receipt shows.
func WriteResult(w io.Writer, lang text.Lang, r Result, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	c, err := text.Load(Files)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n%s\n", c.Say(lang, "audit.result."+string(r.Standing), "origin", r.Origin, "index", r.Index, "size", r.Size,
		"at", r.Promised.Format("15:04:05 02/01/2006")),
		c.Say(lang, "audit.result.leaf", "ref", r.Leaf.Ref, "event", r.Leaf.Event, "at", r.Leaf.At.Format("15:04:05 02/01/2006"), "papers", len(r.Leaf.Papers)))
	return err
}
