package validity

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
)

const (
	// closureMax bounds what is read to judge a chunk of documents. A library of
	// a million texts has nothing near it; beyond, the verdicts are marked doubtful.
	closureMax = 20_000
	// nearMax is how many documents an act works out in its own transaction;
	// what else it reaches is worked out by a job.
	nearMax = 100
	// reasonsMax is how many reasons are kept with a status.
	reasonsMax = 5
)

// The jobs of this package.
const (
	daysKind   = "library.pass_days"         // statuses that change by date
	spreadKind = "library.spread_validity"   // what a relation reaches far away
	citingKind = "library.recheck_citations" // warnings of those who cite a document
)

// surroundings reads the graph that bears on documents: who acts on them, who
// acts on those, whom they guide. whole is false when there was more than is read.
func (d *Desk) surroundings(ctx context.Context, tx *db.Tx, ids []string) (docs []Document, relations []Relation, whole bool, err error) {
	seen := make(map[string]bool, len(ids))
	var all []string
	add := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	for _, id := range ids {
		add(id)
	}
	done := 0
	for done < len(all) && len(all) < closureMax {
		frontier := all[done:]
		done = len(all)
		in, err := acting(ctx, tx, frontier)
		if err != nil {
			return nil, nil, false, err
		}
		out, err := guiding(ctx, tx, frontier)
		if err != nil {
			return nil, nil, false, err
		}
		for _, r := range in {
			add(r.From)
		}
		for _, r := range out {
			add(r.To)
		}
		relations = append(append(relations, in...), out...)
	}
	docs, err = d.Documents(ctx, tx, all)
	return docs, relations, done == len(all), err
}

// Graph reads what bears on some documents.
func (d *Desk) Graph(ctx context.Context, tx *db.Tx, ids ...string) (*Graph, error) {
	docs, relations, _, err := d.surroundings(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	return New(docs, relations, d.rules), nil
}

// recompute works out documents as of a day and keeps what changed. It gives back
// those whose status is another now.
func (d *Desk) recompute(ctx context.Context, tx *db.Tx, ids []string, today clock.Date) (changed []string, err error) {
	for part := range slices.Chunk(ids, chunk) {
		some, err := d.recomputePart(ctx, tx, part, today)
		if err != nil {
			return nil, err
		}
		changed = append(changed, some...)
	}
	return changed, nil
}

func (d *Desk) recomputePart(ctx context.Context, tx *db.Tx, ids []string, today clock.Date) (changed []string, err error) {
	own, err := doing(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	near := slices.Clone(ids)
	for _, r := range own {
		if r.To != "" {
			near = append(near, r.To)
		}
	}
	docs, relations, whole, err := d.surroundings(ctx, tx, near)
	if err != nil {
		return nil, err
	}
	g := New(docs, append(relations, own...), d.rules)
	before, err := Standings(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var fresh []Standing
	for _, id := range ids {
		s, ok := g.standing(id, today)
		if !ok {
			continue
		}
		s.Doubtful = s.Doubtful || !whole
		was, known := before[id]
		if known && was.Status == s.Status && was.Part == s.Part && was.Since == s.Since && was.Doubtful == s.Doubtful && was.NextOn == s.NextOn && was.CouncilID == s.CouncilID && reflect.DeepEqual(was.Reasons.V, s.Reasons.V) {
			continue
		}
		fresh = append(fresh, s)
		if known && (was.Status != s.Status || was.Since != s.Since) {
			changed = append(changed, id)
		}
	}
	if err := saveStandings(ctx, tx, fresh); err != nil {
		return nil, err
	}
	if err := d.keepWarnings(ctx, tx, g, ids, own, today); err != nil {
		return nil, err
	}
	return changed, d.keepLapsing(ctx, tx, g, ids, today)
}

// standing is the row that is kept of a document.
func (g *Graph) standing(id string, today clock.Date) (Standing, bool) {
	v, ok := g.At(id, today)
	if !ok {
		return Standing{}, false
	}
	doc := &g.nodes[g.index[id]]
	reasons := v.Reasons[:min(len(v.Reasons), reasonsMax)]
	if reasons == nil {
		reasons = []Reason{}
	}
	return Standing{Document: id, CouncilID: doc.CouncilID, Status: v.Status, Part: v.Part, Doubtful: v.Doubtful, Since: v.Since, NextOn: g.Next(id, today), Reasons: db.JSON[[]Reason]{V: reasons}}, true
}

// keepWarnings keeps what is doubtful about documents by their dates and relations.
func (d *Desk) keepWarnings(ctx context.Context, tx *db.Tx, g *Graph, ids []string, own []Relation, today clock.Date) error {
	byFrom, council, keys := map[string][]Relation{}, map[string]string{}, map[string][]string{}
	waits := func(r Relation) bool { return r.To == "" && r.Kind.Acts() && r.Counts() }
	for _, id := range ids {
		if n, ok := g.index[id]; ok {
			council[id] = g.nodes[n].CouncilID
			keys[council[id]] = append(keys[council[id]], g.nodes[n].Key)
		}
	}
	for _, r := range own {
		byFrom[r.From] = append(byFrom[r.From], r)
		if waits(r) {
			keys[council[r.From]] = append(keys[council[r.From]], r.ToKey)
		}
	}
	bear, err := d.bearers(ctx, tx, keys)
	if err != nil {
		return err
	}
	var all []Warning
	for _, id := range ids {
		n, ok := g.index[id]
		if !ok {
			continue
		}
		doc := &g.nodes[n]
		all = append(all, g.Warnings(id, today, byFrom[id], bear[bearer{doc.CouncilID, doc.Key}])...)
		for _, r := range byFrom[id] {
			if waits(r) && len(bear[bearer{doc.CouncilID, r.ToKey}]) > 1 {
				all = append(all, Warning{Document: id, Alarm: Unclear, Anchor: r.FromAnchor, Quote: r.Quote, OtherSymbol: r.ToSymbol, OtherAnchor: r.ToAnchor})
			}
		}
	}
	alarms := slices.DeleteFunc(Alarms(), Alarm.ofText)
	return saveWarnings(ctx, tx, ids, council, alarms, all)
}

type bearer struct{ council, key string }

// bearers finds the documents that councils can mean by numbers.
func (d *Desk) bearers(ctx context.Context, tx *db.Tx, keys map[string][]string) (map[bearer][]string, error) {
	all := map[bearer][]string{}
	for _, council := range slices.Sorted(maps.Keys(keys)) {
		some := slices.Compact(slices.Sorted(slices.Values(keys[council])))
		some = slices.DeleteFunc(some, func(k string) bool { return k == "" })
		if len(some) == 0 {
			continue
		}
		found, err := d.ByKeys(ctx, tx, council, some)
		if err != nil {
			return nil, err
		}
		for k, ids := range found {
			all[bearer{council, k}] = ids
		}
	}
	return all, nil
}

// bearing finds the documents that a council can mean by a number.
func (d *Desk) bearing(ctx context.Context, tx *db.Tx, councilID, key string) ([]string, error) {
	found, err := d.bearers(ctx, tx, map[string][]string{councilID: {key}})
	return found[bearer{councilID, key}], err
}

// keepLapsing keeps the texts of former districts that still hold, by commune.
func (d *Desk) keepLapsing(ctx context.Context, tx *db.Tx, g *Graph, ids []string, today clock.Date) error {
	var touched []string
	var rows []Lapsing
	communes := map[string][]Heir{}
	for _, id := range ids {
		n, ok := g.index[id]
		if !ok || g.nodes[n].Level != District {
			continue
		}
		touched = append(touched, id)
		doc := &g.nodes[n]
		i := slices.IndexFunc(doc.marks, func(m mark) bool { return m.kind == Lapses })
		if i < 0 || g.at(n, dayOf(today, always)).Status == Expired {
			continue
		}
		if _, asked := communes[doc.Unit]; !asked {
			heirs, err := d.Communes(ctx, tx, doc.Unit)
			if err != nil {
				return err
			}
			communes[doc.Unit] = heirs
		}
		for _, c := range communes[doc.Unit] {
			rows = append(rows, Lapsing{Commune: c.Code, CommuneName: c.Name, LapsesOn: doc.marks[i].from.date(), Document: id, Unit: doc.Unit})
		}
	}
	return saveLapsing(ctx, tx, touched, rows)
}

// reached are documents with all that a change of them can reach: those they act
// on, those that guide them, and so on. more is false when that is all.
func reached(ctx context.Context, tx *db.Tx, ids []string, most int) (all []string, more bool, err error) {
	seen := map[string]bool{}
	add := func(some []string) {
		for _, id := range some {
			if id != "" && !seen[id] {
				seen[id] = true
				all = append(all, id)
			}
		}
	}
	add(ids)
	for done := 0; done < len(all); {
		if len(all) > most {
			return all, true, nil
		}
		frontier := all[done:]
		done = len(all)
		for _, read := range []func(context.Context, *db.Tx, []string) ([]string, error){actedOn, guidedBy} {
			for part := range slices.Chunk(frontier, 5*chunk) {
				some, err := read(ctx, tx, part)
				if err != nil {
					return nil, false, err
				}
				slices.Sort(some)
				add(some)
			}
		}
	}
	return all, false, nil
}

// Touch works out documents anew, in the transaction that changed them, with what
// the change reaches: at once when that is little, else by a job.
func (d *Desk) Touch(ctx context.Context, tx *db.Tx, today clock.Date, ids ...string) error {
	near, more, err := reached(ctx, tx, ids, nearMax)
	if err != nil {
		return err
	}
	if more {
		near = slices.Compact(slices.Sorted(slices.Values(ids)))
		if err := d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: spreadKind, Args: near}); err != nil {
			return err
		}
	}
	changed, err := d.recompute(ctx, tx, near, today)
	if err != nil {
		return err
	}
	return d.tellCiting(ctx, tx, changed)
}

// tellCiting has the warnings looked at of all who cite documents whose status is another now.
func (d *Desk) tellCiting(ctx context.Context, tx *db.Tx, changed []string) error {
	for _, id := range changed {
		some, err := citing(ctx, tx, id, "", 1)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			continue
		}
		if err := d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: citingKind, Key: id, Args: id}); err != nil {
			return err
		}
	}
	return nil
}
