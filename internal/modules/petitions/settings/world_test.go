package settings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a city's council and a ward's, on the real tables of petitions and
// with the real calendar.
type world struct {
	*Desk
	db       *db.DB
	clock    *clock.Movable
	log      *audit.Log
	words    *text.Catalogue
	calendar *calendar.Register
	renamed  map[text.Lang]map[string]string
	samples  map[string][]Sample // by council
	meantime func()              // what happens while samples are read
}

var (
	lan  = org.Actor{PersonID: "lan", Name: "Nguyễn Thị Lan", PostID: "post-lan", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Level: org.City, Roles: []org.Role{org.Clerk}}
	hoa  = org.Actor{PersonID: "hoa", Name: "Lê Hòa", PostID: "post-hoa", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Level: org.City, Roles: []org.Role{org.Head}}
	quan = org.Actor{PersonID: "quan", Name: "Lê Quân", PostID: "post-quan", BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Level: org.City, Roles: []org.Role{org.Admin}}
	tam  = org.Actor{PersonID: "tam", Name: "Trần Tâm", PostID: "post-tam", BodyID: "bd-vp", BodyKind: org.Office, CouncilID: "bd", Level: org.Commune, Roles: []org.Role{org.Clerk}}
	minh = org.Actor{PersonID: "minh", Name: "Đỗ Minh", PostID: "post-minh", BodyID: "bd-vp", BodyKind: org.Office, CouncilID: "bd", Level: org.Commune, Roles: []org.Role{org.Head}}
	yen  = org.Actor{PersonID: "yen", Name: "Phạm Yến", PostID: "post-yen", BodyID: "sxd", BodyKind: org.Agency, CouncilID: "hn", Level: org.City, Roles: []org.Role{org.BodyClerk}}
)

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	petitions := db.Migrations{Name: "petitions", Files: os.DirFS("..")}
	intake := db.Migrations{Name: "intake", Files: os.DirFS("../intake")}
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, org.Migrations, audit.Migrations, calendar.Migrations, cases.Migrations, petitions, intake, Migrations)
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t), samples: map[string][]Sample{}}
	key, err := audit.NewKey("hdnd.example.vn/test")
	if err != nil {
		t.Fatal(err)
	}
	w.log = audit.New(d, w.clock, key)
	if w.words, err = text.Load(Files, web.Files, org.Files, db.Files, auth.Files, cases.Files, calendar.Files, documents.Files, os.DirFS(".."), os.DirFS("../intake")); err != nil {
		t.Fatal(err)
	}
	if w.calendar, err = calendar.New(calendar.Deps{DB: d, Clock: w.clock}); err != nil {
		t.Fatal(err)
	}
	w.Desk = New(w.deps())
	w.furnish(t)
	return w
}

func (w *world) deps() Deps {
	return Deps{DB: w.db, Clock: w.clock, Audit: w.log, Text: w.words,
		Fields:   []string{"urban.roads", "urban.drainage", "urban.lighting", "economy.land", "economy.environment", "culture.health", "legal.digital"},
		Outcomes: []string{"done", "partly", "passed"}, Reasons: []string{"unclear", "abusive", "withdrawn"},
		EndOutcomes: []string{"passed"}, EndReasons: []string{"abusive"},
		Authorities: []string{"central", "city", "ward"}, Channels: Channels(),
		Deadlines: []string{"petitions.classify", "petitions.reply"}, Rules: w.calendar.Rules, Calendar: w.calendar.Current, PutRule: w.calendar.PutRule, Put: w.calendar.Refresh,
		Renamed: func(words map[text.Lang]map[string]string) {
			w.renamed = words
			w.words.Rename(words)
		},
		Newest: func(_ context.Context, _ *db.Tx, councilID string, most int) ([]Sample, error) {
			if w.meantime != nil {
				w.meantime()
			}
			all := w.samples[councilID]
			return all[:min(len(all), most)], nil
		},
		Expired: ExpiredContacts, Erase: EraseContacts}
}

func (w *world) furnish(t *testing.T) {
	t.Helper()
	from := clock.NewDate(2025, 7, 1)
	fields := func(codes ...string) db.JSON[[]string] { return db.JSON[[]string]{V: codes} }
	w.tx(t, func(tx *db.Tx) error {
		return errors.Join(
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City, UnitCode: "01"}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, UnitCode: "00004", ParentID: "hn"}),
			org.AddCouncil(ctx, tx, org.Council{ID: "nh", Code: "NH", Name: "HĐND phường Ngọc Hà", Level: org.Commune, UnitCode: "00008", ParentID: "hn"}),
			org.AddBody(ctx, tx, org.Body{ID: "sxd", CouncilID: "hn", Kind: org.Agency, Code: "sxd", Name: "Sở Xây dựng", ValidFrom: from}),
			org.AddBody(ctx, tx, org.Body{ID: "syt", CouncilID: "hn", Kind: org.Agency, Code: "syt", Name: "Sở Y tế", ValidFrom: from, ValidTo: clock.NewDate(2026, 12, 1)}),
			org.AddBody(ctx, tx, org.Body{ID: "bd-ub", CouncilID: "bd", Kind: org.PeoplesCommittee, Code: "ub", Name: "UBND phường Ba Đình", UnitCode: "00004", ValidFrom: from}),
			org.AddBody(ctx, tx, org.Body{ID: "nh-ub", CouncilID: "nh", Kind: org.PeoplesCommittee, Code: "ub", Name: "UBND phường Ngọc Hà", UnitCode: "00008", ValidFrom: from}),
			org.AddBody(ctx, tx, org.Body{ID: "ban-dt", CouncilID: "hn", Kind: org.Committee, Code: "dt", Name: "Ban Đô thị", Fields: fields("urban", "economy"), ValidFrom: from}),
			org.AddUnit(ctx, tx, org.Unit{Code: "00004", Name: "Ba Đình", FullName: "Phường Ba Đình", Kind: "ward", Parent: "01", ValidFrom: from}),
			org.AddUnit(ctx, tx, org.Unit{Code: "00008", Name: "Ngọc Hà", FullName: "Phường Ngọc Hà", Kind: "ward", Parent: "01", ValidFrom: from}))
	})
}

func (w *world) tx(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := w.db.Tx(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, w *world, q string, args ...any) (n int64) {
	t.Helper()
	if err := w.db.Read(ctx, func(tx *db.Tx) (err error) { n, err = db.One[int64](ctx, tx, q, args...); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

// petition is a row of the case engine and one of petitions.
type petition struct {
	id, state string
	closed    clock.Date
	sealed    bool
}

func (w *world) hand(t testing.TB, all ...petition) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		for _, p := range all {
			var closed int64
			if !p.closed.IsZero() {
				closed = p.closed.Time().UnixMicro()
			}
			_, err := tx.Exec(ctx, `INSERT INTO cases_cases (id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
				owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision)
				VALUES ($1, 'hn', 'petition', 1, $2, 'x', $3, 'owner', $6, 1, 1, 1, $4, 'vp', '', '', '', '', '', false, $5, '', 1)`, p.id, codeOf(p.id), p.state, closed, p.sealed, closed == 0)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO petitions_petitions (id, council_id, text, public_text, voter_name, email, phone, lang, access_key, consent_at, authority, newness, body_id, split_kind, asked_days, asked_document, created_at)
				VALUES ($1, 'hn', 'x', '', 'Nguyễn Văn A', 'a@example.vn', '0912345678', 'vi', '', 0, '', '', '', '', 0, '', 1)`, p.id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func codeOf(id string) string { return "KN26-" + id }

// draft draws up a set with the changes in it.
func (w *world) draft(t testing.TB, who org.Actor, from clock.Date, changes ...Change) string {
	t.Helper()
	id, err := w.DrawUp(ctx, who, headFrom(from), "")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range changes {
		if _, err := w.Enter(ctx, who, id, c, ""); err != nil {
			t.Fatalf("change %d: %v", i, err)
		}
	}
	return id
}

func headFrom(from clock.Date) Head {
	return Head{Title: "Điều chỉnh danh mục", Paper: "12/QĐ-VP", PaperDate: clock.NewDate(2026, 11, 10), From: from}
}

// enact draws up, tests and puts in force.
func (w *world) enact(t testing.TB, by, head org.Actor, from clock.Date, changes ...Change) string {
	t.Helper()
	id := w.draft(t, by, from, changes...)
	if err := w.Try(ctx, by, id); err != nil {
		t.Fatal(err)
	}
	if err := w.PutInForce(ctx, head, id, w.revision(t, head, id)); err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) revision(t testing.TB, who org.Actor, id string) int64 {
	t.Helper()
	p, err := w.Sheet(ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Revision
}

func codes(all []Field) string {
	var list []string
	for _, f := range all {
		list = append(list, f.Code)
	}
	return fmt.Sprint(list)
}

func rule(title string, priority int, body RuleBody) RuleChange {
	body.Title, body.Priority = title, priority
	return RuleChange{Action: Add, RuleBody: body}
}
