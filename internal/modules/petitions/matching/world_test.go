package matching_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a council with petitions, on the real tables of petitions.
type world struct {
	*matching.Desk
	db       *db.DB
	clock    *clock.Movable
	log      *audit.Log
	answered map[string]matching.Answer
	fileText string // what reading a file gives
}

var (
	lan   = org.Actor{PersonID: "lan", Name: "Nguyễn Thị Lan", PostID: "post-lan", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Clerk}}
	tam   = org.Actor{PersonID: "tam", Name: "Trần Tâm", PostID: "post-tam", BodyID: "bd-vp", BodyKind: org.Office, CouncilID: "bd", Roles: []org.Role{org.Clerk}}
	quan  = org.Actor{PersonID: "quan", Name: "Lê Quân", PostID: "post-quan", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Admin}}
	yen   = org.Actor{PersonID: "yen", Name: "Phạm Yến", PostID: "post-yen", BodyID: "sxd", BodyKind: org.Agency, CouncilID: "hn", Roles: []org.Role{org.BodyClerk}}
	giang = org.Actor{PersonID: "giang", Name: "Vũ Giang", PostID: "post-giang", BodyID: "sgtvt", BodyKind: org.Agency, CouncilID: "hn", Roles: []org.Role{org.BodyHead}}
)

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	petitions := db.Migrations{Name: "petitions", Files: os.DirFS("..")}
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, org.Migrations, audit.Migrations, cases.Migrations, petitions, matching.Migrations)
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t), answered: map[string]matching.Answer{}}
	key, err := audit.NewKey("hdnd.example.vn/test")
	if err != nil {
		t.Fatal(err)
	}
	w.log = audit.New(d, w.clock, key)
	w.Desk, err = matching.New(matching.Deps{DB: d, Clock: w.clock, Audit: w.log, Procedure: "petition",
		Fields: func() []string {
			return []string{"urban.roads", "urban.drainage", "urban.lighting", "urban.planning", "urban.order", "urban.housing", "economy.land", "economy.farming", "economy.budget", "economy.environment",
				"culture.education", "culture.health", "culture.welfare", "culture.venues", "legal.staff", "legal.security", "legal.digital"}
		},
		Outcomes: []string{"done", "partly", "underway", "no_means", "explained", "passed", "not_possible"},
		Texts:    textsOf, Candidates: w.candidates, Waiting: w.waiting, Answer: w.answer,
		Read: func(context.Context, documents.Draft) (string, error) { return w.fileText, nil }})
	if err != nil {
		t.Fatal(err)
	}
	w.tx(t, func(tx *db.Tx) error {
		if err := org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}); err != nil {
			return err
		}
		return org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, ParentID: "hn"})
	})
	return w
}

func (w *world) tx(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := w.db.Tx(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func read[T any](t testing.TB, w *world, fn func(tx *db.Tx) (T, error)) (v T) {
	t.Helper()
	if err := w.db.Read(ctx, func(tx *db.Tx) (err error) { v, err = fn(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

// petition is a row of the case engine and one of petitions.
type petition struct {
	id, text, council, state, field, unit, holder string
	sealed                                        bool
}

func (w *world) hand(t testing.TB, all ...petition) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		for i, p := range all {
			if p.council == "" {
				p.council = "hn"
			}
			if p.state == "" {
				p.state = "received"
			}
			at := db.At(w.clock.Now().Add(time.Duration(i) * time.Second))
			_, err := tx.Exec(ctx, `INSERT INTO cases_cases (id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
				owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision)
				VALUES ($1, $2, 'petition', 1, $3, $4, $5, 'owner', true, 1, $6, $6, 0, 'vp', $7, '', '', $8, $9, false, $10, '', 1)`,
				p.id, p.council, code(p.id), p.text, p.state, at, p.holder, p.field, p.unit, p.sealed)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO petitions_petitions (id, council_id, text, public_text, voter_name, email, phone, lang, access_key, consent_at, authority, newness, body_id, split_kind, asked_days, asked_document, created_at)
				VALUES ($1, $2, $3, '', '', '', '', 'vi', '', 0, '', '', '', '', 0, '', $4)`, p.id, p.council, p.text, at)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func code(id string) string { return "KN26-" + strings.ToUpper(id) }

func (w *world) seal(t testing.TB, id string) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		return tx.ExecOne(ctx, `UPDATE cases_cases SET sealed = true WHERE id = $1`, id)
	})
}

type textRow struct {
	ID   string `db:"id"`
	Text string `db:"text"`
}

func textsOf(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	rows, err := db.All[textRow](ctx, tx, `SELECT id, text FROM petitions_petitions WHERE id `+tx.In("$1"), db.List(ids))
	all := map[string]string{}
	for _, r := range rows {
		all[r.ID] = r.Text
	}
	return all, err
}

// candidates are all petitions of the council, as an index of few would give.
func (w *world) candidates(ctx context.Context, councilID, _ string, k int) (all []matching.Candidate, err error) {
	err = w.db.Read(ctx, func(tx *db.Tx) error {
		type row struct {
			textRow
			Unit string  `db:"unit_code"`
			At   db.Time `db:"opened_at"`
		}
		rows, err := db.All[row](ctx, tx, `SELECT c.id, p.text, c.unit_code, c.opened_at FROM cases_cases c JOIN petitions_petitions p ON p.id = c.id WHERE c.council_id = $1 ORDER BY c.id LIMIT $2`, councilID, k)
		for _, r := range rows {
			all = append(all, matching.Candidate{ID: r.ID, Text: r.Text, Unit: r.Unit, At: r.At.Time})
		}
		return err
	})
	return all, err
}

// waiting are the accepted petitions of a person's body.
func (w *world) waiting(ctx context.Context, who org.Actor) (all []matching.Asked, err error) {
	err = w.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := db.All[textRow](ctx, tx, `SELECT c.id, p.text FROM cases_cases c JOIN petitions_petitions p ON p.id = c.id WHERE c.holder_body_id = $1 AND c.state = 'accepted' ORDER BY c.id`, who.BodyID)
		for _, r := range rows {
			all = append(all, matching.Asked{ID: r.ID, Code: code(r.ID), Title: r.Text, Text: r.Text, Points: []matching.Point{{Number: 1, Text: r.Text}}})
		}
		return err
	})
	return all, err
}

// answer moves the case as petitions' verb would, and refuses what it would.
func (w *world) answer(ctx context.Context, who org.Actor, id string, in matching.Answer) error {
	for _, p := range in.Parts {
		if p.Outcome == "" {
			return fault.New(fault.Invalid, "petitions.outcome_empty", "number", p.Number).At(fmt.Sprintf("outcome_%d", p.Number))
		}
	}
	err := w.db.Tx(ctx, func(tx *db.Tx) error {
		return tx.ExecOne(ctx, `UPDATE cases_cases SET state = 'answered' WHERE id = $1 AND state = 'accepted' AND holder_body_id = $2`, id, who.BodyID)
	})
	if err == nil {
		w.answered[id] = in
	}
	return err
}
