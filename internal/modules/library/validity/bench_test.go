package validity_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/library/validity"
	"example.vn/hdnd/internal/testkit"
)

const benchDocuments = 100_000

// library is made like a real one: each text names five bases of which some are
// named by thousands, every fifth amends, every tenth ends one or two others,
// some suspend, one in thirty guides.
func library() ([]validity.Document, []validity.Relation) {
	rnd := rand.New(rand.NewPCG(1, 2))
	docs := make([]validity.Document, 0, benchDocuments)
	var rels []validity.Relation
	start := clock.NewDate(2000, 1, 1)
	for i := range benchDocuments {
		d := validity.Document{ID: fmt.Sprintf("d%06d", i), CouncilID: fmt.Sprintf("c%03d", i%127), Symbol: fmt.Sprintf("%d/NQ-HĐND", i), Key: fmt.Sprintf("%d/nq-hdnd", i), Level: validity.Commune,
			Issued: start.AddDays(i / 12), Effect: start.AddDays(i/12 + 10), Anchors: []string{"art_1", "art_2", "art_3", "art_4", "art_5"}}
		if i%40 == 0 {
			d.Level, d.Unit = validity.District, "Quận Ba Đình"
		}
		docs = append(docs, d)
		add := func(kind validity.Kind, to int, anchor string) {
			rels = append(rels, validity.Relation{ID: fmt.Sprintf("r%07d", len(rels)), CouncilID: d.CouncilID, From: d.ID, Kind: kind, To: fmt.Sprintf("d%06d", to), ToAnchor: anchor, State: validity.Confirmed, Source: validity.Person, Mark: fmt.Sprint(len(rels)), Revision: 1})
		}
		if i < 100 {
			continue
		}
		for range 5 {
			to := rnd.IntN(i)
			if rnd.IntN(2) == 0 {
				to = rnd.IntN(100) // the laws that everybody names
			}
			add(validity.BasedOn, to, "")
		}
		older := i - 1 - rnd.IntN(min(i, 5000))
		switch {
		case i%5 == 0:
			add(validity.Amends, older, fmt.Sprintf("art_%d", 1+rnd.IntN(5)))
		case i%10 == 1:
			add(validity.Replaces, older, "")
			add(validity.Repeals, rnd.IntN(i), "art_2")
		case i%200 == 3:
			add(validity.Halts, older, "")
		case i%30 == 2:
			add(validity.Guides, rnd.IntN(i), "")
		}
	}
	return docs, rels
}

// BenchmarkPure works out a library of 100,000 documents from nothing and asks
// each for its status.
func BenchmarkPure(b *testing.B) {
	docs, rels := library()
	set := rules(b)
	today := clock.NewDate(2026, 11, 16)
	b.ResetTimer()
	for range b.N {
		g := validity.New(docs, rels, set)
		for i := range docs {
			g.At(docs[i].ID, today)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchDocuments, "ns/document")
}

func benchWorld(b *testing.B, d *db.DB) *world {
	w := newWorld(b, d)
	docs, rels := library()
	for _, one := range docs {
		w.docs[one.ID] = one
		key := one.CouncilID + " " + one.Key
		w.byKey[key] = append(w.byKey[key], one.ID)
	}
	const columns = `id, council_id, from_document, from_anchor, kind, to_document, to_symbol, to_key, to_anchor, effective_on, ends_on, op, new_text, after_anchor, place, quote, source, confidence, state, confirmed_by, confirmed_name, changed_at, mark, revision`
	for len(rels) > 0 {
		n := min(len(rels), 20_000)
		err := d.Tx(ctx, func(tx *db.Tx) error {
			return tx.Gather(ctx, func() error {
				for _, r := range rels[:n] {
					if err := tx.Insert(ctx, "library_relations", columns, r.ID, r.CouncilID, r.From, r.FromAnchor, r.Kind, r.To, r.ToSymbol, r.ToKey, r.ToAnchor, r.EffectiveOn, r.EndsOn, r.Op, r.NewText, r.After, r.Place, r.Quote, r.Source, r.Confidence, r.State, "", "", 0, r.Mark, r.Revision); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			b.Fatal(err)
		}
		rels = rels[n:]
	}
	return w
}

// BenchmarkStore fills a database with 100,000 documents and their relations,
// rebuilds all, and then measures one act and its consequences.
func BenchmarkStore(b *testing.B) {
	for _, on := range []struct {
		name string
		open func(testing.TB, ...db.Migrations) *db.DB
	}{{"sqlite", testkit.OpenSQLite}, {"postgres", testkit.OpenPostgres}} {
		b.Run(on.name, func(b *testing.B) {
			w := benchWorld(b, on.open(b, schemas()...))
			b.Run("rebuild", func(b *testing.B) {
				for range b.N {
					must(w.Rebuild(ctx))(b)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchDocuments, "ns/document")
			})
			b.Run("touch", func(b *testing.B) {
				rnd := rand.New(rand.NewPCG(3, 4))
				for range b.N {
					id := fmt.Sprintf("d%06d", 1000+rnd.IntN(benchDocuments-1000))
					if err := w.db.Tx(ctx, func(tx *db.Tx) error { return w.Touch(ctx, tx, clock.Today(w.clock), id) }); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
