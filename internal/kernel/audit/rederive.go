package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
)

// Rederive lets Verify compare a module's table with the log: what a row says
// must be what the newest act that speaks of it has recorded. A module gives
// one for each of its tables whose rows people rely on.
type Rederive struct {
	Name string // the table, "petitions_petitions"
	// Each reads up to n rows after the key "after" ("" at first), in the
	// order of their keys, and says what each row claims.
	Each func(ctx context.Context, tx *db.Tx, after string, n int) ([]Check, error)
	// Opens is the verb that brings a row into being, and Known says which of
	// the subjects still have their row: so a row taken out is found too. Both
	// may be left out.
	Opens string
	Known func(ctx context.Context, tx *db.Tx, subjects []string) ([]string, error)
}

// Check is one row of a module and what the log must say of it.
type Check struct {
	Key     string // the row's key; Each goes on after it
	Subject string // the subject of its entries
	// Facts are columns that acts record in their Details under the same
	// names: each must equal what the newest entry with that detail says. With
	// no facts, the subject must have at least one entry.
	Facts map[string]any
}

// rederiveChunk is how many rows of a module are compared at a time.
const rederiveChunk = 200

// rows compares the tables of the modules.
func (v *verifier) rows(ctx context.Context) error {
	for _, s := range v.sources {
		if s.Each == nil {
			continue
		}
		after := ""
		for done := false; !done; {
			err := v.l.db.Read(ctx, func(tx *db.Tx) error {
				checks, err := s.Each(ctx, tx, after, rederiveChunk)
				if err != nil || len(checks) == 0 {
					done = true
					return err
				}
				next := checks[len(checks)-1].Key
				if next == after {
					return fmt.Errorf("audit: source %s does not go on after %q", s.Name, after)
				}
				after = next
				v.report.Rows[s.Name] += int64(len(checks))
				return v.compare(ctx, tx, s.Name, checks)
			})
			if err != nil {
				return fmt.Errorf("%s: %w", s.Name, err)
			}
		}
	}
	return nil
}

// record is what the log says of a subject.
type record struct {
	facts  map[string]any // the newest value of each detail
	erased bool           // some text is gone, so a missing detail proves nothing
}

func (v *verifier) compare(ctx context.Context, tx *db.Tx, table string, checks []Check) error {
	subjects := make([]string, len(checks))
	for i, c := range checks {
		subjects[i] = c.Subject
	}
	records, err := recordsOf(ctx, tx, subjects)
	if err != nil {
		return err
	}
	for _, c := range checks {
		rec, ok := records[c.Subject]
		if !ok {
			v.report.find(Finding{Kind: RowUnrecorded, Table: table, Row: c.Key})
			continue
		}
		for name, have := range c.Facts {
			want, ok := rec.facts[name]
			if !ok && rec.erased {
				continue
			}
			w, err := canonical(want)
			if err != nil {
				return err
			}
			h, err := canonical(have)
			if err != nil {
				return err
			}
			if w != h {
				v.report.find(Finding{Kind: RowDiffers, Table: table, Row: c.Key, Field: name, Want: w, Have: h})
			}
		}
	}
	return nil
}

// recordsOf folds the entries of each subject, oldest first. An erased entry
// unsays what it said: the row may since have been blanked with it.
func recordsOf(ctx context.Context, tx *db.Tx, subjects []string) (map[string]*record, error) {
	rows, err := entriesOf(ctx, tx, subjects)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*record, len(subjects))
	for i := range rows {
		r := &rows[i]
		rec := out[r.Subject]
		if rec == nil {
			rec = &record{facts: map[string]any{}}
			out[r.Subject] = rec
		}
		if r.erased() {
			rec.erased = true
			continue
		}
		if r.Verb == EraseVerb {
			continue // its details are about the log, not about the row
		}
		var details map[string]any
		d := json.NewDecoder(strings.NewReader(r.Details))
		d.UseNumber()
		if d.Decode(&details) != nil {
			continue // the entry itself was found wrong already
		}
		for name, value := range details {
			rec.facts[name] = value
		}
	}
	return out, nil
}

// known looks whether the rows that the entries brought into being are there.
func (v *verifier) known(ctx context.Context, tx *db.Tx, rows []row) error {
	for _, s := range v.sources {
		if s.Opens == "" || s.Known == nil {
			continue
		}
		var subjects []string
		for i := range rows {
			if rows[i].Verb == s.Opens {
				subjects = append(subjects, rows[i].Subject)
			}
		}
		if len(subjects) == 0 {
			continue
		}
		there, err := s.Known(ctx, tx, subjects)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		found := make(map[string]bool, len(there))
		for _, id := range there {
			found[id] = true
		}
		for _, id := range subjects {
			if !found[id] {
				v.report.find(Finding{Kind: RowMissing, Table: s.Name, Row: id})
			}
		}
	}
	return nil
}
