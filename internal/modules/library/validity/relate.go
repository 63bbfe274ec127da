package validity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

func noRelation() *fault.Fault { return fault.New(fault.Missing, "validity.no_relation") }
func noDocument() *fault.Fault { return fault.New(fault.Missing, "validity.no_document") }

const (
	symbolMax  = 200
	quoteMax   = 2000
	newTextMax = 60_000
	foundMax   = 5000 // relations read from one document
)

// Entry is a relation as it is read from a text or entered by hand.
//
// vi: quan hệ được ghi nhận
type Entry struct {
	FromAnchor  string
	Kind        Kind
	Symbol      string // of the other document, as written
	To          string // the other document, when it is known which; else by its symbol
	ToAnchor    string
	EffectiveOn clock.Date
	EndsOn      clock.Date
	Op          Op
	NewText     string
	After       string
	Place       string
	Quote       string
	Confidence  float64
}

// tidy cleans an entry and says what is wrong with it.
func (e *Entry) tidy() error {
	e.Symbol, e.Quote, e.Place, e.NewText = text.Line(e.Symbol), cut(text.Clean(e.Quote), quoteMax), cut(text.Line(e.Place), symbolMax), text.Clean(e.NewText)
	e.FromAnchor, e.ToAnchor, e.After = strings.TrimSpace(e.FromAnchor), strings.TrimSpace(e.ToAnchor), strings.TrimSpace(e.After)
	var faults []*fault.Fault
	wrong := func(field, key string) { faults = append(faults, fault.New(fault.Invalid, key).At(field)) }
	if !e.Kind.known() {
		wrong("kind", "validity.kind_unknown")
	}
	if key := documents.SymbolKey(e.Symbol); key == "" && e.To == "" || len(e.Symbol) > symbolMax {
		wrong("symbol", "validity.symbol_wrong")
	}
	for field, a := range map[string]string{"from_anchor": e.FromAnchor, "to_anchor": e.ToAnchor, "after": e.After} {
		if !goodAnchor(a) {
			wrong(field, "validity.anchor_wrong")
		}
	}
	if !e.EndsOn.IsZero() && (!e.Kind.pauses() || !e.EffectiveOn.IsZero() && e.EndsOn.Before(e.EffectiveOn)) {
		wrong("ends_on", "validity.ends_wrong")
	}
	if e.Op != Unsaid && (e.Kind != Amends && e.Kind != Corrects || e.ToAnchor == "") || e.Op != Unsaid && e.Op != Put && e.Op != Insert && e.Op != Delete {
		wrong("op", "validity.op_wrong")
	}
	if (e.Op == Put || e.Op == Insert) != (e.NewText != "") || utf8.RuneCountInString(e.NewText) > newTextMax {
		wrong("new_text", "validity.new_text_wrong")
	}
	e.Confidence = min(max(e.Confidence, 0), 1)
	return fault.Join(faults...)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// mark names what makes a relation the same as another.
func (e Entry) mark() string {
	key := documents.SymbolKey(e.Symbol)
	if key == "" {
		key = e.To
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{e.FromAnchor, string(e.Kind), key, e.ToAnchor, string(e.Op)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// relation makes the row of an entry.
func (e Entry) relation(id string, from Document, now time.Time) Relation {
	return Relation{ID: id, CouncilID: from.CouncilID, From: from.ID, FromAnchor: e.FromAnchor, Kind: e.Kind, To: e.To, ToSymbol: e.Symbol, ToKey: documents.SymbolKey(e.Symbol), ToAnchor: e.ToAnchor,
		EffectiveOn: e.EffectiveOn, EndsOn: e.EndsOn, Op: e.Op, NewText: e.NewText, After: e.After, Place: e.Place, Quote: e.Quote, Confidence: e.Confidence,
		Source: Read, State: Proposed, ChangedAt: db.At(now), Mark: e.mark(), Revision: 1}
}

// settle finds which document an entry means: the named one, else the only one
// of its number.
func (d *Desk) settle(ctx context.Context, tx *db.Tx, who org.Actor, councilID string, e *Entry) error {
	if e.To != "" {
		sees, err := d.Sees(ctx, tx, who, []string{e.To})
		if err != nil {
			return err
		}
		docs, err := d.Documents(ctx, tx, []string{e.To})
		if err != nil {
			return err
		}
		if len(docs) == 0 || !sees[e.To] && !who.System {
			return fault.New(fault.Invalid, "validity.to_unknown").At("to")
		}
		if e.Symbol == "" {
			e.Symbol = docs[0].Name()
		}
		return nil
	}
	held, err := d.bearing(ctx, tx, councilID, documents.SymbolKey(e.Symbol))
	if err == nil && len(held) == 1 {
		e.To = held[0]
	}
	return err
}

// theirs loads a document that a person looks after.
func (d *Desk) theirs(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Document, error) {
	doc, err := d.seen(ctx, tx, who, id)
	if err != nil {
		return doc, err
	}
	may, err := d.MayEdit(ctx, tx, who, id)
	if err == nil && (!may || !mayRelate.Allows(who)) {
		err = fault.New(fault.Forbidden, "validity.not_yours")
	}
	return doc, err
}

// seen loads a document that a person may see; any other is not found.
func (d *Desk) seen(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Document, error) {
	sees, err := d.Sees(ctx, tx, who, []string{id})
	if err != nil {
		return Document{}, err
	}
	if !sees[id] {
		return Document{}, noDocument()
	}
	docs, err := d.Documents(ctx, tx, []string{id})
	if err == nil && len(docs) == 0 {
		err = noDocument()
	}
	if err != nil {
		return Document{}, err
	}
	return d.addressed(who, docs[0]), nil
}

// Propose takes the relations that were read from a document and gives how many
// are new. What was read before stays as a person left it.
func (d *Desk) Propose(ctx context.Context, who org.Actor, documentID string, found []Entry) (n int, err error) {
	if len(found) > foundMax {
		return 0, fault.New(fault.TooLarge, "validity.too_many_found", "max", foundMax)
	}
	for i := range found {
		if err := found[i].tidy(); err != nil {
			return 0, err
		}
	}
	now := d.Clock.Now()
	ids := make([]string, len(found))
	for i := range ids {
		ids[i] = db.NewID(now)
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		n, err = d.proposeIn(ctx, tx, who, documentID, found, ids, now)
		return err
	})
	return n, err
}

func (d *Desk) proposeIn(ctx context.Context, tx *db.Tx, who org.Actor, documentID string, found []Entry, ids []string, now time.Time) (n int, err error) {
	docs, err := d.Documents(ctx, tx, []string{documentID})
	if err != nil {
		return 0, err
	}
	if len(docs) == 0 {
		return 0, noDocument()
	}
	if !who.System {
		if _, err := d.theirs(ctx, tx, who, documentID); err != nil {
			return 0, err
		}
	}
	keys := make([]string, 0, len(found))
	for _, e := range found {
		keys = append(keys, documents.SymbolKey(e.Symbol))
	}
	held, err := d.bearers(ctx, tx, map[string][]string{docs[0].CouncilID: keys})
	if err != nil {
		return 0, err
	}
	for i, e := range found {
		if of := held[bearer{docs[0].CouncilID, keys[i]}]; e.To == "" && len(of) == 1 {
			e.To = of[0]
		} else if e.To != "" {
			if err := d.settle(ctx, tx, who, docs[0].CouncilID, &e); err != nil {
				return 0, err
			}
		}
		fresh, err := insertRelation(ctx, tx, e.relation(ids[i], docs[0], now))
		if err != nil {
			return 0, err
		}
		if fresh {
			n++
		}
	}
	if n == 0 {
		return 0, nil
	}
	if err := d.Touch(ctx, tx, clock.DateOf(now), documentID); err != nil {
		return 0, err
	}
	return n, d.note(ctx, tx, who, docs[0], "library.propose_relations", now, map[string]any{"relations": n})
}

// note records an act on a document's relations.
func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, doc Document, verb string, now time.Time, details map[string]any) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: doc.CouncilID, Subject: doc.ID, Ref: doc.ID, Verb: verb, At: now, Who: who, Details: details})
	return err
}

func (r Relation) details() map[string]any {
	return map[string]any{"relation": r.ID, "kind": string(r.Kind), "from": r.From, "from_anchor": r.FromAnchor, "to": r.To, "symbol": r.ToSymbol, "to_anchor": r.ToAnchor, "effective": r.EffectiveOn.String(), "ends": r.EndsOn.String(), "op": string(r.Op)}
}

// Add enters a relation by hand; it counts at once. The same one proposed or
// refused before becomes it.
func (d *Desk) Add(ctx context.Context, who org.Actor, documentID string, e Entry) (id string, err error) {
	if err := e.tidy(); err != nil {
		return "", err
	}
	e.Confidence = 1
	now := d.Clock.Now()
	fresh := db.NewID(now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		doc, err := d.theirs(ctx, tx, who, documentID)
		if err != nil {
			return err
		}
		in := e
		if err := d.settle(ctx, tx, who, doc.CouncilID, &in); err != nil {
			return err
		}
		if in.To == doc.ID {
			return fault.New(fault.Invalid, "validity.of_itself").At("symbol")
		}
		r := in.relation(fresh, doc, now)
		r.Source, r.State, r.ConfirmedBy, r.ConfirmedName = Person, Confirmed, who.PersonID, who.Name
		was, err := markedRelation(ctx, tx, doc.ID, r.Mark)
		switch {
		case err == nil && was.Counts() && was.EffectiveOn == r.EffectiveOn && was.EndsOn == r.EndsOn && was.NewText == r.NewText && was.To == r.To && was.After == r.After:
			id = was.ID
			return nil // the second click of two
		case err == nil:
			r.ID, r.Revision = was.ID, was.Revision
			err = updateRelation(ctx, tx, r)
		case fault.Is(err, "db.no_row"):
			_, err = insertRelation(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		id = r.ID
		if err := d.Touch(ctx, tx, clock.DateOf(now), touched(r, was.To)...); err != nil {
			return err
		}
		return d.note(ctx, tx, who, doc, "library.add_relation", now, r.details())
	})
	return id, err
}

func touched(r Relation, more ...string) []string {
	ids := []string{r.From}
	for _, id := range append(more, r.To) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// deed is what one verb does to a relation.
type deed struct {
	verb string
	done func(r Relation) bool // this very act was done already
	do   func(tx *db.Tx, r *Relation) error
}

// act is what the verbs on a relation share.
func (d *Desk) act(ctx context.Context, who org.Actor, id string, revision int64, w deed) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		r, err := relationOf(ctx, tx, id)
		if err != nil {
			return err
		}
		doc, err := d.theirs(ctx, tx, who, r.From)
		if fault.Is(err, "validity.no_document") {
			err = noRelation()
		}
		if err != nil {
			return err
		}
		if w.done(r) {
			return nil
		}
		if revision != 0 && revision != r.Revision {
			return fault.New(fault.Conflict, "db.stale")
		}
		was := r.To
		r.ConfirmedBy, r.ConfirmedName, r.ChangedAt = who.PersonID, who.Name, db.At(now)
		if err := w.do(tx, &r); err != nil {
			return err
		}
		if err := d.Touch(ctx, tx, clock.DateOf(now), touched(r, was)...); err != nil {
			return err
		}
		return d.note(ctx, tx, who, doc, w.verb, now, r.details())
	})
}

// Confirm says that a proposal is right; from then on it counts. to chooses among
// several documents of one number; empty leaves it as it is.
func (d *Desk) Confirm(ctx context.Context, who org.Actor, id, to string, revision int64) error {
	return d.act(ctx, who, id, revision, deed{"library.confirm_relation", func(r Relation) bool { return r.Counts() && (to == "" || r.To == to) }, func(tx *db.Tx, r *Relation) error {
		if to != "" {
			held, err := d.bearing(ctx, tx, r.CouncilID, r.ToKey)
			if err != nil {
				return err
			}
			if !slices.Contains(held, to) {
				return fault.New(fault.Invalid, "validity.to_unknown").At("to")
			}
			r.To = to
		}
		r.State = Confirmed
		return updateRelation(ctx, tx, *r)
	}})
}

// Refuse says that a proposal is wrong; it is not proposed again.
func (d *Desk) Refuse(ctx context.Context, who org.Actor, id string, revision int64) error {
	return d.act(ctx, who, id, revision, deed{"library.refuse_relation", func(r Relation) bool { return r.State == Refused }, func(tx *db.Tx, r *Relation) error {
		if r.State != Proposed {
			return fault.New(fault.Refused, "validity.not_proposed")
		}
		r.State = Refused
		return updateRelation(ctx, tx, *r)
	}})
}

// Remove takes a relation away that counted. What was read stays as refused, so
// that the next reading does not bring it back.
func (d *Desk) Remove(ctx context.Context, who org.Actor, id string, revision int64) error {
	err := d.act(ctx, who, id, revision, deed{"library.remove_relation", func(r Relation) bool { return r.State == Refused }, func(tx *db.Tx, r *Relation) error {
		if r.Source == Person {
			return deleteRelation(ctx, tx, *r)
		}
		r.State = Refused
		return updateRelation(ctx, tx, *r)
	}})
	return err
}

// Arrived is told of documents that came, or whose fields or text changed, in the
// transaction that saved them: relations that waited for their number are linked,
// their status is worked out, former units are looked for in their text.
func (d *Desk) Arrived(ctx context.Context, tx *db.Tx, who org.Actor, now time.Time, ids ...string) error {
	docs, err := d.Documents(ctx, tx, ids)
	if err != nil {
		return err
	}
	today := clock.DateOf(now)
	for _, doc := range docs {
		linked, err := d.Resolve(ctx, tx, who, doc, now)
		if err != nil {
			return err
		}
		if err := d.Touch(ctx, tx, today, append(linked, doc.ID)...); err != nil {
			return err
		}
		if err := d.scan(ctx, tx, doc); err != nil {
			return err
		}
	}
	return nil
}

// Resolve links the relations that waited for a document's number to it, unless
// another document bears it too. It gives the documents that act on it.
func (d *Desk) Resolve(ctx context.Context, tx *db.Tx, who org.Actor, doc Document, now time.Time) (from []string, err error) {
	held, err := d.bearing(ctx, tx, doc.CouncilID, doc.Key)
	if err != nil || len(held) != 1 || held[0] != doc.ID {
		return nil, err
	}
	waiting, err := openTo(ctx, tx, doc.CouncilID, doc.Key, relationsMax)
	for _, r := range waiting {
		if r.From == doc.ID {
			continue
		}
		if err := link(ctx, tx, r.ID, doc.ID); err != nil {
			return nil, err
		}
		from = append(from, r.From)
	}
	if err != nil || len(from) == 0 {
		return nil, err
	}
	return from, d.note(ctx, tx, who, doc, "library.link_relations", now, map[string]any{"relations": len(from)})
}

// scan looks for names of former units in a document's text.
func (d *Desk) scan(ctx context.Context, tx *db.Tx, doc Document) error {
	provisions, err := d.Provisions(ctx, tx, doc.ID)
	if err != nil {
		return err
	}
	found := Mentions(provisions)
	seen := map[string]bool{}
	var names []string
	for _, m := range found {
		for _, n := range m.Names {
			if !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	}
	gone := map[string]Vanished{}
	if len(names) > 0 {
		if gone, err = d.Vanished(ctx, tx, names); err != nil {
			return err
		}
	}
	return saveWarnings(ctx, tx, []string{doc.ID}, map[string]string{doc.ID: doc.CouncilID}, []Alarm{UnitGone, UnitRenamed}, UnitWarnings(doc, found, gone))
}

// Forget takes a document's relations away with it, in the transaction that
// removes it; those of others to it wait for its number again.
func (d *Desk) Forget(ctx context.Context, tx *db.Tx, today clock.Date, id string) error {
	near, more, err := reached(ctx, tx, []string{id}, nearMax)
	if err != nil {
		return err
	}
	cites, err := citing(ctx, tx, id, "", closureMax)
	if err != nil {
		return err
	}
	near = slices.DeleteFunc(append(near, cites...), func(one string) bool { return one == id })
	slices.Sort(near)
	near = slices.Compact(near)
	if err := unlink(ctx, tx, id); err != nil {
		return err
	}
	if err := deleteOf(ctx, tx, id); err != nil {
		return err
	}
	if more || len(near) > nearMax {
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: spreadKind, Args: near})
	}
	changed, err := d.recompute(ctx, tx, near, today)
	if err != nil {
		return err
	}
	return d.tellCiting(ctx, tx, changed)
}
