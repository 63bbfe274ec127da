package validity_test

import (
	"fmt"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/library/validity"
)

// date reads dd/mm/yyyy; empty is none.
func date(s string) clock.Date {
	if s == "" {
		return clock.Date{}
	}
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// doc reads "A 01/01/2020 15/01/2020 -31/12/2022": id, issue, effect, first day
// no longer in force; a word is its level.
func doc(s string) validity.Document {
	f := strings.Fields(s)
	d := validity.Document{ID: f[0], Symbol: f[0] + "1/NQ-HĐND", Key: strings.ToLower(f[0]) + "1/nq-hdnd", CouncilID: "hn", Kind: "NQ", Level: validity.City,
		Anchors: []string{"chp_I", "art_1", "art_2", "chp_II", "art_3", "art_4"}}
	dates := 0
	for _, w := range f[1:] {
		switch {
		case w[0] == '-':
			d.Expires = date(w[1:])
		case w[0] == '?':
			dates++
		case w[0] >= '0' && w[0] <= '9' && dates == 0:
			d.Issued, dates = date(w), 1
			d.Effect = d.Issued
		case w[0] >= '0' && w[0] <= '9':
			d.Effect = date(w)
		default:
			d.Level = validity.Level(w)
		}
	}
	return d
}

// rel reads "B repeals A @01/07/2021 <30/09/2021 art_2>art_3": who does what to
// whom, from when, until when, by which article to which.
func rel(id, s string) validity.Relation {
	f := strings.Fields(s)
	r := validity.Relation{ID: id, CouncilID: "hn", From: f[0], Kind: validity.Kind(f[1]), To: f[2], ToSymbol: f[2] + "1/NQ-HĐND", ToKey: strings.ToLower(f[2]) + "1/nq-hdnd", State: validity.Confirmed, Source: validity.Person}
	for _, w := range f[3:] {
		switch {
		case w[0] == '@':
			r.EffectiveOn = date(w[1:])
		case w[0] == '<':
			r.EndsOn = date(w[1:])
		case w == "proposed":
			r.State = validity.Proposed
		default:
			r.FromAnchor, r.ToAnchor, _ = strings.Cut(w, ">")
		}
	}
	return r
}

func rules(t testing.TB) validity.Rules {
	t.Helper()
	r, err := validity.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func graph(t testing.TB, docs, relations []string) *validity.Graph {
	t.Helper()
	var ds []validity.Document
	var rs []validity.Relation
	for _, d := range docs {
		ds = append(ds, doc(d))
	}
	for i, r := range relations {
		rs = append(rs, rel(fmt.Sprintf("r%02d", i), r))
	}
	return validity.New(ds, rs, rules(t))
}

// situation is a case of the law: what should hold on which days. An answer is
// "A 01/01/2021 expired" or, of an article, "A/art_3 01/01/2021 amended"; after
// it may come since when and by which relation.
type situation struct {
	name            string
	docs, relations []string
	want            []string
}

func TestSituations(t *testing.T) {
	for _, s := range situations() {
		t.Run(s.name, func(t *testing.T) {
			g := graph(t, s.docs, s.relations)
			for _, w := range s.want {
				f := strings.Fields(w)
				id, anchor, _ := strings.Cut(f[0], "/")
				v, ok := g.At(id, date(f[1]))
				if !ok {
					t.Fatalf("%s is not there", id)
				}
				status, since, reasons := v.Status, v.Since, v.Reasons
				if anchor != "" {
					status = validity.InForce
					for _, a := range v.Articles {
						if a.Anchor == anchor {
							status, since, reasons = a.Status, a.Since, a.Reasons
						}
					}
				}
				if string(status) != f[2] {
					t.Errorf("%s: it is %s, by %+v", w, status, reasons)
				}
				if len(f) > 3 && since != date(f[3]) {
					t.Errorf("%s: since %s", w, since.VN())
				}
				if len(f) > 4 && (len(reasons) == 0 || reasons[0].RelationID != f[4]) {
					t.Errorf("%s: by %+v", w, reasons)
				}
			}
		})
	}
}

func situations() []situation {
	a, b, c := "A 01/01/2020", "B 01/06/2021", "C 01/06/2022"
	return []situation{
		{"alone", []string{"A 01/01/2020 11/01/2020"}, nil, []string{"A 31/12/2019 pending", "A 10/01/2020 pending 11/01/2020", "A 11/01/2020 in_force 11/01/2020", "A 01/01/2030 in_force"}},
		{"no day of effect: from issue", []string{"A 05/03/2020"}, nil, []string{"A 04/03/2020 pending", "A 05/03/2020 in_force"}},
		{"no dates at all", []string{"A"}, nil, []string{"A 01/01/1990 in_force"}},
		{"own last day", []string{"A 01/01/2020 -01/01/2023"}, nil, []string{"A 31/12/2022 in_force", "A 01/01/2023 expired 01/01/2023"}},
		{"repealed", []string{a, b}, []string{"B repeals A"}, []string{"A 31/05/2021 in_force", "A 01/06/2021 expired 01/06/2021 r00", "B 01/06/2021 in_force"}},
		{"replaced later than the acting text's effect", []string{a, b}, []string{"B replaces A @01/01/2022"}, []string{"A 31/12/2021 in_force", "A 01/01/2022 expired 01/01/2022 r00"}},
		{"a day before the acting text's effect is moved to it", []string{a, b}, []string{"B repeals A @01/01/2021"}, []string{"A 01/01/2021 in_force", "A 01/06/2021 expired 01/06/2021"}},
		{"repealed in part", []string{a, b}, []string{"B repeals A art_1>art_3"}, []string{"A 01/06/2021 partly 01/06/2021 r00", "A/art_3 01/06/2021 expired", "A/art_2 01/06/2021 in_force"}},
		{"repealed below an article", []string{a, b}, []string{"B repeals A >art_3__para_2"}, []string{"A 01/06/2021 partly", "A/art_3 01/06/2021 partly"}},
		{"a chapter is repealed", []string{a, b}, []string{"B repeals A >chp_II"}, []string{"A 01/06/2021 partly", "A/art_3 01/06/2021 expired", "A/art_4 01/06/2021 expired", "A/art_2 01/06/2021 in_force"}},
		{"every article is repealed, one after another", []string{a, b, c}, []string{"B repeals A >chp_I", "C repeals A >chp_II"}, []string{"A 01/06/2021 partly", "A 31/05/2022 partly", "A 01/06/2022 expired 01/06/2022"}},
		{"replaced by parts, by two texts", []string{a, b, c}, []string{"B replaces A >art_1", "C replaces A >art_4"}, []string{"A 01/06/2021 partly", "A/art_4 01/06/2021 in_force", "A/art_4 01/06/2022 expired", "A 01/06/2022 partly 01/06/2021"}},
		{"amended", []string{a, b}, []string{"B amends A art_1>art_2"}, []string{"A 31/05/2021 in_force", "A 01/06/2021 amended 01/06/2021 r00", "A/art_2 01/06/2021 amended"}},
		{"amended, then repealed", []string{a, b, c}, []string{"B amends A >art_2", "C repeals A"}, []string{"A 01/06/2021 amended", "A 01/06/2022 expired 01/06/2022 r01"}},
		{"corrected: from the day of the corrected text", []string{"A 01/01/2020 11/01/2020", b}, []string{"B corrects A >art_2"}, []string{"A 05/01/2020 pending", "A 11/01/2020 corrected 11/01/2020", "A/art_2 11/01/2020 corrected"}},
		{"suspended with an end", []string{a, b}, []string{"B suspends A <31/12/2021"}, []string{"A 01/06/2021 halted 01/06/2021 r00", "A 31/12/2021 halted", "A 01/01/2022 in_force"}},
		{"suspended without end", []string{a, b}, []string{"B halts A"}, []string{"A 01/06/2031 halted"}},
		{"an article is suspended", []string{a, b}, []string{"B halts A >art_2"}, []string{"A 01/06/2021 halted", "A/art_2 01/06/2021 halted", "A/art_1 01/06/2021 in_force"}},
		{"the suspending text is repealed: it holds again", []string{a, b, c}, []string{"B suspends A", "C repeals B"}, []string{"A 01/06/2021 halted", "A 01/06/2022 in_force"}},
		{"the suspending text ends by itself", []string{a, "B 01/06/2021 -01/10/2021"}, []string{"B suspends A"}, []string{"A 30/09/2021 halted", "A 01/10/2021 in_force"}},
		{"the suspending text is suspended", []string{a, b, c}, []string{"B suspends A", "C suspends B <30/06/2022"}, []string{"A 31/05/2022 halted", "A 15/06/2022 in_force", "A 01/07/2022 halted"}},
		{"the repealing text is repealed: the old one does not come back", []string{a, b, c}, []string{"B repeals A", "C repeals B"}, []string{"B 01/06/2022 expired", "A 01/06/2022 expired 01/06/2021"}},
		{"the repealing text is annulled: undone", []string{a, b, c}, []string{"B repeals A", "C annuls B"}, []string{"A 01/06/2021 expired", "A 01/06/2022 in_force", "B 01/06/2022 expired"}},
		{"the annulling text is annulled", []string{a, b, c, "D 01/06/2023"}, []string{"B repeals A", "C annuls B", "D annuls C"}, []string{"A 01/06/2022 in_force", "B 01/06/2022 expired", "B 01/06/2023 in_force", "A 01/06/2023 expired"}},
		{"the amending article is annulled", []string{a, b, c}, []string{"B amends A art_1>art_2", "C annuls B >art_1"}, []string{"A 01/06/2021 amended", "A 01/06/2022 in_force", "B 01/06/2022 partly"}},
		{"another article of the amending text is annulled", []string{a, b, c}, []string{"B amends A art_1>art_2", "C annuls B >art_2"}, []string{"A 01/06/2022 amended"}},
		{"the repealing text is repealed before its effect", []string{a, "B 01/06/2021 01/01/2022", "C 01/09/2021"}, []string{"B repeals A", "C repeals B"}, []string{"B 01/09/2021 expired", "A 01/01/2022 in_force"}},
		{"the repealing text is repealed on the day of its effect", []string{a, "B 01/06/2021 01/01/2022", "C 01/09/2021 01/01/2022"}, []string{"B repeals A", "C repeals B"}, []string{"A 01/01/2022 in_force", "B 01/01/2022 expired"}},
		{"the repealing article alone is repealed before its day", []string{a, b, "C 01/07/2021"}, []string{"B repeals A art_4> @01/01/2022", "C repeals B >art_4"}, []string{"A 01/01/2022 in_force", "B 01/01/2022 partly"}},
		{"the act of a text suspended on the day waits", []string{a, "B 01/06/2021 01/07/2021", "C 15/06/2021"}, []string{"B repeals A", "C suspends B <31/08/2021"}, []string{"B 01/07/2021 halted", "A 31/08/2021 in_force", "A 01/09/2021 expired 01/09/2021"}},
		{"the act of a text not yet in force", []string{a, "B 01/06/2021 01/01/2022"}, []string{"B repeals A"}, []string{"A 31/12/2021 in_force", "A 01/01/2022 expired", "B 31/12/2021 pending"}},
		{"repealed before its own effect", []string{"A 01/01/2021 01/01/2022", b}, []string{"B repeals A"}, []string{"A 31/05/2021 pending", "A 01/06/2021 expired", "A 01/01/2022 expired"}},
		{"amended before its own effect", []string{"A 01/01/2021 01/01/2022", b}, []string{"B amends A >art_1"}, []string{"A 01/06/2021 pending", "A/art_1 01/06/2021 pending", "A 01/01/2022 amended 01/01/2022"}},
		{"a loop of amendments: an earlier text does not act on a later one", []string{a, b}, []string{"B amends A >art_1", "A amends B >art_1"}, []string{"A 01/06/2021 amended", "B 01/06/2021 in_force"}},
		{"a loop of texts of one day", []string{a, "B 01/01/2020"}, []string{"B repeals A", "A repeals B"}, []string{"A 01/01/2020 expired", "B 01/01/2020 expired"}},
		{"a loop of suspensions of one day", []string{a, "B 01/01/2020", "C 01/01/2020"}, []string{"B suspends A", "C suspends B", "A suspends C"}, []string{"A 01/01/2020 halted", "B 01/01/2020 halted", "C 01/01/2020 halted"}},
		{"a document acts on itself", []string{a}, []string{"A repeals A", "A amends A >art_1"}, []string{"A 01/01/2021 in_force"}},
		{"a document that is not held", []string{a}, []string{"A repeals X", "Y repeals A"}, []string{"A 01/01/2021 in_force"}},
		{"nobody confirmed it", []string{a, b}, []string{"B repeals A proposed"}, []string{"A 01/06/2021 in_force"}},
		{"basis and reference change nothing", []string{a, b, c}, []string{"C based_on A", "C refers A", "B repeals A", "C consolidates A"}, []string{"C 01/06/2022 in_force"}},
		{"guidance of a text that ended no longer fits", []string{a, "G 01/03/2020", b}, []string{"G guides A", "B replaces A"}, []string{"G 31/05/2021 in_force", "G 01/06/2021 unfit 01/06/2021 r00"}},
		{"guidance of two texts, one still holds", []string{a, "D 01/02/2020", "G 01/03/2020", b}, []string{"G guides A", "G guides D", "B replaces A"}, []string{"G 01/06/2021 in_force"}},
		{"guidance of guidance", []string{a, "G 01/03/2020", "H 01/04/2020", b}, []string{"G guides A", "H guides G", "B repeals A"}, []string{"H 01/06/2021 unfit 01/06/2021"}},
		{"two guide each other", []string{a, "B 01/01/2020"}, []string{"A guides B", "B guides A"}, []string{"A 01/01/2021 in_force", "B 01/01/2021 in_force"}},
		{"a district's text lapses after 28/02/2027", []string{"A 01/01/2020 district"}, nil, []string{"A 28/02/2027 in_force", "A 01/03/2027 expired 01/03/2027"}},
		{"a district's text, repealed earlier", []string{"A 01/01/2020 district", "B 01/07/2026 commune"}, []string{"B replaces A"}, []string{"A 01/07/2026 expired 01/07/2026", "A 01/03/2027 expired 01/07/2026"}},
		{"a text said to be of a district, issued after there were any", []string{"A 02/07/2025 district"}, nil, []string{"A 01/03/2027 in_force"}},
		{"a lapsed district text acts no more", []string{a, "B 01/06/2021 district"}, []string{"B suspends A", "B repeals A @01/04/2027"}, []string{"A 28/02/2027 halted", "A 01/04/2027 in_force"}},
		{"an amending text that had ended", []string{a, "B 01/06/2021 -01/07/2021"}, []string{"B amends A >art_1 @01/08/2021"}, []string{"A 01/08/2021 in_force"}},
		{"partly gone goes before amended", []string{a, b, c}, []string{"B amends A >art_1", "C repeals A >art_2"}, []string{"A 01/06/2021 amended", "A 01/06/2022 partly 01/06/2022 r01", "A/art_1 01/06/2022 amended"}},
		{"suspended goes before amended", []string{a, b, c}, []string{"B amends A >art_1", "C suspends A"}, []string{"A 01/06/2022 halted"}},
		{"repealed twice: the first day counts", []string{a, b, c}, []string{"C repeals A", "B repeals A"}, []string{"A 01/06/2022 expired 01/06/2021 r01"}},
	}
}
