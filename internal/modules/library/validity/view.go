package validity

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Relations are all relations of a document, both ways, that nobody refused.
func (d *Desk) Relations(ctx context.Context, tx *db.Tx, id string) ([]Relation, error) {
	from, err := relationsFrom(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	to, err := relationsTo(ctx, tx, id)
	to = slices.DeleteFunc(to, func(r Relation) bool { return r.From == id })
	return append(from, to...), err
}

// WarningsOf are the warnings of a document, the gravest first.
func (d *Desk) WarningsOf(ctx context.Context, tx *db.Tx, id string) ([]Warning, error) {
	return warningsOf(ctx, tx, id)
}

// LapsingIn lists the texts of former districts that still hold in a commune, the
// first to lapse first, from behind one.
func (d *Desk) LapsingIn(ctx context.Context, tx *db.Tx, commune string, after Lapsing, limit int) ([]Lapsing, error) {
	return lapsingIn(ctx, tx, commune, after, limit)
}

// RelationRow is one relation as a page shows it, with the other document.
//
// vi: -
type RelationRow struct {
	Relation
	Out     bool     // the document of the page acts
	Other   Document // without ID when it is not held
	Now     Standing // what holds of the other today
	Choices []Document
}

// Related is a document with its relations and what holds of it.
//
// vi: quan hệ của một văn bản
type Related struct {
	Document  Document
	Verdict   Verdict
	Rows      []RelationRow // confirmed
	Proposals []RelationRow
	Warnings  []Warning
	MayEdit   bool
}

// eyes tells which documents a person may see; it is asked once for a page.
func (d *Desk) eyes(ctx context.Context, tx *db.Tx, who org.Actor, ids []string) (map[string]bool, map[string]Document, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	sees, err := d.Sees(ctx, tx, who, ids)
	if err != nil {
		return nil, nil, err
	}
	docs, err := d.Documents(ctx, tx, ids)
	byID := make(map[string]Document, len(docs))
	for _, doc := range docs {
		if sees[doc.ID] {
			byID[doc.ID] = d.addressed(who, doc)
		}
	}
	return sees, byID, err
}

func (d *Desk) addressed(who org.Actor, doc Document) Document {
	if d.Address != nil {
		doc.URL = d.Address(who, doc)
	}
	return doc
}

// Of shows a document's relations to a person; nobody is the public, who is shown
// what was confirmed. What leads to a document one may not see is left out.
func (d *Desk) Of(ctx context.Context, who org.Actor, id string, on clock.Date) (v Related, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Document, err = d.seen(ctx, tx, who, id); err != nil {
			return err
		}
		all, err := d.Relations(ctx, tx, id)
		if err != nil {
			return err
		}
		if v.MayEdit, err = d.MayEdit(ctx, tx, who, id); err != nil {
			return err
		}
		v.MayEdit = v.MayEdit && mayRelate.Allows(who)
		if err := d.rows(ctx, tx, who, &v, all); err != nil {
			return err
		}
		if v.Verdict, err = d.verdict(ctx, tx, who, id, on); err != nil || !who.SignedIn() {
			return err
		}
		v.Warnings, err = d.warningsSeen(ctx, tx, who, id)
		return err
	})
	return v, err
}

func (d *Desk) rows(ctx context.Context, tx *db.Tx, who org.Actor, v *Related, all []Relation) error {
	others := make([]string, 0, len(all))
	keys := map[string][]string{}
	for _, r := range all {
		others = append(others, r.other(v.Document.ID))
		if r.To == "" && r.State == Proposed || r.To == "" && r.Kind.Acts() {
			keys[r.CouncilID] = append(keys[r.CouncilID], r.ToKey)
		}
	}
	bear, err := d.bearers(ctx, tx, keys)
	if err != nil {
		return err
	}
	for _, ids := range bear {
		others = append(others, ids...)
	}
	_, docs, err := d.eyes(ctx, tx, who, slices.DeleteFunc(others, func(id string) bool { return id == "" }))
	if err != nil {
		return err
	}
	now, err := Standings(ctx, tx, others)
	if err != nil {
		return err
	}
	for _, r := range all {
		other := r.other(v.Document.ID)
		row := RelationRow{Relation: r, Out: r.From == v.Document.ID, Other: docs[other], Now: now[other]}
		if other != "" && row.Other.ID == "" {
			continue
		}
		if other == "" {
			for _, id := range bear[bearer{r.CouncilID, r.ToKey}] {
				if doc, ok := docs[id]; ok && id != v.Document.ID {
					row.Choices = append(row.Choices, doc)
				}
			}
		}
		switch {
		case r.Counts():
			v.Rows = append(v.Rows, row)
		case who.SignedIn():
			v.Proposals = append(v.Proposals, row)
		}
	}
	return nil
}

// other is the document at the far end of a relation.
func (r Relation) other(id string) string {
	if r.From == id {
		return r.To
	}
	return r.From
}

// verdict tells what holds of a document on a day; whom the reader may not see is
// not named.
func (d *Desk) verdict(ctx context.Context, tx *db.Tx, who org.Actor, id string, on clock.Date) (Verdict, error) {
	g, err := d.Graph(ctx, tx, id)
	if err != nil {
		return Verdict{}, err
	}
	v, _ := g.At(id, on)
	return v, d.veil(ctx, tx, who, verdictReasons(&v)...)
}

func verdictReasons(v *Verdict) (all []*Reason) {
	for i := range v.Reasons {
		all = append(all, &v.Reasons[i])
	}
	for i := range v.Articles {
		for j := range v.Articles[i].Reasons {
			all = append(all, &v.Articles[i].Reasons[j])
		}
	}
	return all
}

// veil takes the names of documents that a person may not see out of reasons.
func (d *Desk) veil(ctx context.Context, tx *db.Tx, who org.Actor, reasons ...*Reason) error {
	var ids []string
	for _, r := range reasons {
		if r.Document != "" {
			ids = append(ids, r.Document)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	sees, docs, err := d.eyes(ctx, tx, who, ids)
	for _, r := range reasons {
		switch {
		case r.Document == "":
		case !sees[r.Document]:
			r.Document, r.Symbol, r.Anchor, r.RelationID = "", "", "", ""
		default:
			r.URL = docs[r.Document].URL
		}
	}
	return err
}

// warningsSeen are the warnings of a document that name nothing a person may not see.
func (d *Desk) warningsSeen(ctx context.Context, tx *db.Tx, who org.Actor, id string) ([]Warning, error) {
	all, err := warningsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, w := range all {
		if w.Other != "" {
			ids = append(ids, w.Other)
		}
	}
	sees, err := d.Sees(ctx, tx, who, ids)
	return slices.DeleteFunc(all, func(w Warning) bool { return w.Other != "" && !sees[w.Other] }), err
}

// At tells a person, or the public, what holds of a document on a day.
func (d *Desk) At(ctx context.Context, tx *db.Tx, who org.Actor, id string, on clock.Date) (Verdict, error) {
	if _, err := d.seen(ctx, tx, who, id); err != nil {
		return Verdict{}, err
	}
	return d.verdict(ctx, tx, who, id, on)
}

// Reading is a document as it reads on a day.
//
// vi: văn bản đọc tại một thời điểm
type Reading struct {
	Document Document
	On       clock.Date
	Verdict  Verdict
	Text     Consolidated
	Days     []clock.Date // on which something changes, to choose from
	Hidden   int          // changes by documents that the reader may not see
}

// ReadAt shows a document's text on a day.
func (d *Desk) ReadAt(ctx context.Context, who org.Actor, id string, on clock.Date) (v Reading, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = d.reading(ctx, tx, who, id, on)
		return err
	})
	return v, err
}

func (d *Desk) reading(ctx context.Context, tx *db.Tx, who org.Actor, id string, on clock.Date) (v Reading, err error) {
	if v.Document, err = d.seen(ctx, tx, who, id); err != nil {
		return v, err
	}
	v.On = on
	g, err := d.Graph(ctx, tx, id)
	if err != nil {
		return v, err
	}
	v.Verdict, _ = g.At(id, on)
	if err := d.veil(ctx, tx, who, verdictReasons(&v.Verdict)...); err != nil {
		return v, err
	}
	v.Days = g.Days(id)
	changes, err := d.spoken(ctx, tx, who, g.Changes(id, on), &v.Hidden)
	if err != nil {
		return v, err
	}
	original, err := d.Provisions(ctx, tx, id)
	v.Text = Consolidate(original, changes)
	return v, err
}

// spoken gives changes their words, which the graph is worked out without, and
// leaves out those of documents that a person may not see.
func (d *Desk) spoken(ctx context.Context, tx *db.Tx, who org.Actor, changes []Change, hidden *int) ([]Change, error) {
	ids := make([]string, len(changes))
	reasons := make([]*Reason, len(changes))
	for i := range changes {
		ids[i], reasons[i] = changes[i].RelationID, &changes[i].Reason
	}
	said, err := worded(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	if err := d.veil(ctx, tx, who, reasons...); err != nil {
		return nil, err
	}
	words := make(map[string]Relation, len(said))
	for _, r := range said {
		words[r.ID] = r
	}
	all := changes[:0]
	for _, c := range changes {
		r, told := words[c.RelationID]
		if !told {
			*hidden++
			continue
		}
		c.NewText, c.After = r.NewText, r.After
		all = append(all, c)
	}
	return all, nil
}

// Versions are two texts set side by side.
//
// vi: so sánh hai văn bản
type Versions struct {
	A, B Reading
	Comparison
}

// Versions compares two documents, or one at two days.
func (d *Desk) Versions(ctx context.Context, who org.Actor, a string, onA clock.Date, b string, onB clock.Date) (v Versions, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.A, err = d.reading(ctx, tx, who, a, onA); err != nil {
			return err
		}
		v.B, err = d.reading(ctx, tx, who, b, onB)
		return err
	})
	if err == nil {
		v.Comparison = Compare(v.A.Text.Pieces, v.B.Text.Pieces)
	}
	return v, err
}

// Other finds the document that somebody means by what was typed: a number, or an
// id. It must be one that they see.
func (d *Desk) Other(ctx context.Context, who org.Actor, councilID, typed string) (id string, err error) {
	e := Entry{Symbol: strings.TrimSpace(typed)}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if err := d.settle(ctx, tx, who, councilID, &e); err != nil {
			return err
		}
		if e.To == "" {
			e.To = e.Symbol
		}
		sees, err := d.Sees(ctx, tx, who, []string{e.To})
		if err == nil && !sees[e.To] {
			err = fault.New(fault.Invalid, "validity.to_unknown").At("with")
		}
		return err
	})
	return e.To, err
}

// listMost bounds the rows of one page of a list.
const listMost = 50

// LapsingPage is the list of texts that lapse in one commune.
//
// vi: danh sách văn bản cấp huyện cũ sắp hết hiệu lực
type LapsingPage struct {
	Communes []CommuneCount
	Commune  CommuneCount
	Rows     []Lapsing
	Docs     map[string]Document
	Next     Lapsing // where the next page begins; empty at the end
	Rule     Rule
	URL      string // where another commune is asked for
}

// Lapsings lists the texts of former districts that lapse, for one commune.
func (d *Desk) Lapsings(ctx context.Context, who org.Actor, commune string, after Lapsing) (v LapsingPage, err error) {
	const communesMost = 200
	v.Rule, _ = d.rules.at(districtLapse, District, 0)
	v.URL = lapsingHome
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Communes, err = communesLapsing(ctx, tx, communesMost); err != nil || len(v.Communes) == 0 {
			return err
		}
		own := ""
		if commune == "" && d.Ground != nil {
			if own, err = d.Ground(ctx, tx, who); err != nil {
				return err
			}
		}
		i := slices.IndexFunc(v.Communes, func(c CommuneCount) bool { return c.Code == cmp.Or(commune, own) })
		if i < 0 && commune != "" {
			return nil
		}
		v.Commune = v.Communes[max(i, 0)]
		if v.Rows, err = lapsingIn(ctx, tx, v.Commune.Code, after, listMost+1); err != nil {
			return err
		}
		if len(v.Rows) > listMost {
			v.Rows = v.Rows[:listMost]
			v.Next = v.Rows[listMost-1]
		}
		ids := make([]string, len(v.Rows))
		for i, l := range v.Rows {
			ids[i] = l.Document
		}
		_, v.Docs, err = d.eyes(ctx, tx, who, ids)
		v.Rows = slices.DeleteFunc(v.Rows, func(l Lapsing) bool { return v.Docs[l.Document].ID == "" })
		return err
	})
	return v, err
}

// AlarmTab is a kind of warning with how many there are.
//
// vi: -
type AlarmTab struct {
	Alarm Alarm
	N     int
}

// WarningPage is a council's list of what is doubtful.
//
// vi: danh sách cảnh báo
type WarningPage struct {
	Tabs []AlarmTab
	Here Alarm
	Rows []Warning
	Docs map[string]Document
	Next string // where the next page begins
}

// Warnings lists what is doubtful in a person's council, by kind.
func (d *Desk) Warnings(ctx context.Context, who org.Actor, alarm Alarm, document string, number int) (v WarningPage, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		counts, err := alarmsIn(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		for _, a := range Alarms() {
			if i := slices.IndexFunc(counts, func(c alarmCount) bool { return c.Alarm == a }); i >= 0 {
				v.Tabs = append(v.Tabs, AlarmTab{a, counts[i].N})
			}
		}
		if v.Here = alarm; !slices.Contains(Alarms(), alarm) {
			v.Here = ""
		}
		if v.Here == "" && len(v.Tabs) > 0 {
			v.Here = v.Tabs[0].Alarm
		}
		rows, err := warningsIn(ctx, tx, who.CouncilID, v.Here, document, number, listMost+1)
		if err != nil {
			return err
		}
		if len(rows) > listMost {
			rows = rows[:listMost]
			v.Next = after(rows[listMost-1])
		}
		var ids []string
		for _, w := range rows {
			v.Rows = append(v.Rows, w.Warning)
			if ids = append(ids, w.Document); w.Other != "" {
				ids = append(ids, w.Other)
			}
		}
		_, v.Docs, err = d.eyes(ctx, tx, who, ids)
		v.Rows = slices.DeleteFunc(v.Rows, func(w Warning) bool { return v.Docs[w.Document].ID == "" || w.Other != "" && v.Docs[w.Other].ID == "" })
		return err
	})
	return v, err
}

// after is where a list goes on behind a warning.
func after(w numberedWarning) string { return strconv.Itoa(w.Number) + "." + w.Document }

// behind reads what after wrote; nonsense begins at the top.
func behind(s string) (document string, number int) {
	n, document, found := strings.Cut(s, ".")
	number, err := strconv.Atoi(n)
	if !found || err != nil {
		return "", 0
	}
	return document, number
}
