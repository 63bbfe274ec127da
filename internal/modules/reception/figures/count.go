package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
)

// Row is the figures of one council.
//
// vi: dòng số liệu của một đơn vị
type Row struct {
	CouncilID string  `json:"council"`
	Name      string  `json:"name"`
	Values    []int64 `json:"values"` // of columns 1, 2, …
}

// Breach is an identity that does not come out, with the rows of the register
// that break it.
//
// vi: đẳng thức bị sai
type Breach struct {
	Identity  string   `json:"identity"`
	CouncilID string   `json:"council"`
	Council   string   `json:"council_name"`
	Left      int64    `json:"left"`
	Right     int64    `json:"right"`
	Count     int64    `json:"count"` // how many rows break it
	Refs      []string `json:"refs"`  // the first of them
}

// refsMost is how many rows of the register a breach names.
const refsMost = 20

// Table is a counted form.
//
// vi: biểu số liệu
type Table struct {
	Rows     []Row    `json:"rows"`
	Total    []int64  `json:"total"`
	Breaches []Breach `json:"breaches"`
	Facts    int64    `json:"facts"` // rows of the register that were counted
	Hash     string   `json:"-"`     // SHA-256 of what each of them contributed, in hex
	Records  *Records `json:"records,omitempty"`
}

// tally counts rows of a register as they come.
type tally[F any] struct {
	*counter[F]
	period   Period
	table    Table
	row      *Row
	seen     []map[string]bool // by column, of the council at hand
	breaches []Breach          // by identity, of the council at hand
	sum      hash.Hash
	line     []byte
	shares   []int64 // what the row at hand contributes, by column
}

func newTally[F any](c *counter[F], p Period) *tally[F] {
	return &tally[F]{counter: c, period: p, sum: sha256.New(), shares: make([]int64, len(c.form.Columns)), table: Table{Total: make([]int64, len(c.form.Columns))}}
}

// council begins the rows of a council.
func (t *tally[F]) council(id, name string) {
	t.close()
	t.table.Rows = append(t.table.Rows, Row{CouncilID: id, Name: name, Values: make([]int64, len(t.form.Columns))})
	t.row = &t.table.Rows[len(t.table.Rows)-1]
	t.seen = make([]map[string]bool, len(t.form.Columns))
	t.breaches = make([]Breach, len(t.form.Identities))
	t.sum.Write([]byte("\ncouncil " + id))
}

// add counts one row of the register, which is told by ref.
func (t *tally[F]) add(id, ref string, row F) {
	f := fact[F]{row, t.period}
	t.line = append(append(t.line[:0], '\n'), id...)
	counted := false
	for i := range t.shares {
		t.shares[i] = t.share(i, f)
		counted = counted || t.shares[i] != 0
		t.row.Values[i] += t.shares[i]
		t.line = strconv.AppendInt(append(t.line, ' '), t.shares[i], 10)
	}
	if !counted {
		return
	}
	t.table.Facts++
	t.sum.Write(t.line)
	for k, identity := range t.form.Identities {
		if t.shares[identity.Left-1] == t.right(identity, t.shares) {
			continue
		}
		b := &t.breaches[k]
		if b.Count++; len(b.Refs) < refsMost {
			b.Refs = append(b.Refs, ref)
		}
	}
}

// share is what a row contributes to a column.
func (t *tally[F]) share(i int, f fact[F]) int64 {
	if !t.takes[i](f) {
		return 0
	}
	if t.adds[i] != nil {
		return t.adds[i](f)
	}
	value := t.once[i](f)
	if value == "" || t.seen[i][value] {
		return 0
	}
	if t.seen[i] == nil {
		t.seen[i] = map[string]bool{}
	}
	t.seen[i][value] = true
	return 1
}

func (t *tally[F]) right(identity Identity, of []int64) (sum int64) {
	for _, n := range identity.Right {
		sum += of[n-1]
	}
	return sum
}

// close ends the rows of a council.
func (t *tally[F]) close() {
	if t.row == nil {
		return
	}
	for i, v := range t.row.Values {
		t.table.Total[i] += v
	}
	for k, b := range t.breaches {
		if b.Count == 0 {
			continue
		}
		identity := t.form.Identities[k]
		b.Identity, b.CouncilID, b.Council = identity.String(), t.row.CouncilID, t.row.Name
		b.Left, b.Right = t.row.Values[identity.Left-1], t.right(identity, t.row.Values)
		t.table.Breaches = append(t.table.Breaches, b)
	}
	t.row = nil
}

// result is the whole table.
func (t *tally[F]) result() Table {
	t.close()
	t.table.Hash = hex.EncodeToString(t.sum.Sum(nil))
	return t.table
}
