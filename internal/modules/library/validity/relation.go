package validity

import (
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Relation is what one document does to another, wholly or at an anchor. Of a
// document that is not held only the symbol is known.
//
// vi: quan hệ giữa hai văn bản
type Relation struct {
	ID            string     `db:"id"`
	CouncilID     string     `db:"council_id"`
	From          string     `db:"from_document"`
	FromAnchor    string     `db:"from_anchor"` // where it says so; empty: the document as a whole
	Kind          Kind       `db:"kind"`
	To            string     `db:"to_document"` // empty while not held
	ToSymbol      string     `db:"to_symbol"`
	ToKey         string     `db:"to_key"`
	ToAnchor      string     `db:"to_anchor"`    // empty: the whole document
	EffectiveOn   clock.Date `db:"effective_on"` // none: with the acting document
	EndsOn        clock.Date `db:"ends_on"`      // last day of a suspension; none: until lifted
	Op            Op         `db:"op"`
	NewText       string     `db:"new_text"`
	After         string     `db:"after_anchor"` // Insert: behind which anchor; empty: where its number belongs
	Place         string     `db:"place"`        // where it was read, in the words of the reader
	Quote         string     `db:"quote"`
	Source        Source     `db:"source"`
	Confidence    float64    `db:"confidence"` // 0…1; 1 of what a person entered
	State         State      `db:"state"`
	ConfirmedBy   string     `db:"confirmed_by"`
	ConfirmedName string     `db:"confirmed_name"`
	ChangedAt     db.Time    `db:"changed_at"`
	Mark          string     `db:"mark"`
	Revision      int64      `db:"revision"`
}

// Counts reports whether a person stands for the relation.
func (r Relation) Counts() bool { return r.State == Confirmed }
