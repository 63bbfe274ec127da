// Package council is the standard council that tests act in: a city council and
// two ward councils with a handful of people in every role, on the whole
// application with its real router, forms, database, jobs and log. Only the
// clock is moved by the test.
package council

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/testkit"
)

// World is a running application with its people.
type World struct {
	App    *app.App
	Clock  *clock.Movable
	Server *httptest.Server
	// People are the actors by the names that scripts use: "văn-thư".
	People map[string]org.Actor
	// Data is the program's folder; Database the file of the database, on SQLite.
	Data, Database string
}

// Each runs fn in a fresh world on each database.
func Each(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	testkit.EachDatabase(t, func(t *testing.T, address string) { fn(t, Open(t, address)) }, app.Migrations()...)
}

// Open starts a world on a migrated database.
func Open(t testing.TB, address string) *World {
	t.Helper()
	return OpenWith(t, address, app.Config{})
}

// OpenWith is Open with some of what can be set from outside.
func OpenWith(t testing.TB, address string, cfg app.Config) *World {
	t.Helper()
	slog.SetLogLoggerLevel(slog.LevelError)
	ctx := context.Background()
	c := testkit.Clock(t)
	cfg.Data, cfg.Database, cfg.Address, cfg.Demonstration, cfg.IntakePerSecond = filepath.Join(t.TempDir(), "data"), address, "https://hdnd.example.vn", true, 1000
	a, err := app.Open(ctx, cfg, c)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{App: a, Clock: c, People: map[string]org.Actor{}, Data: cfg.Data}
	if file, is := strings.CutPrefix(address, "sqlite:"); is {
		w.Database = file
	}
	w.Server = httptest.NewServer(a.Server)
	t.Cleanup(func() {
		a.Server.Close()
		w.Server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := Populate(ctx, a.DB); err != nil {
		t.Fatal(err)
	}
	w.meet(t)
	t.Cleanup(func() { w.worded(t) })
	return w
}

// Keepers names who keeps the denunciations of the city and of Ba Đình: a clerk
// and the head of each office.
func (w *World) Keepers(t testing.TB) {
	t.Helper()
	err := w.App.DB.Tx(context.Background(), func(tx *db.Tx) error {
		since := clock.NewDate(2025, time.July, 1)
		if err := reception.Keep(context.Background(), tx, "hn", since, "văn-thư", "lãnh-đạo-văn-phòng"); err != nil {
			return err
		}
		return reception.Keep(context.Background(), tx, "bd", since, "văn-thư-phường", "lãnh-đạo-phường")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// worded holds what was done in a test to the house rule that people read
// words: each act in the log has some.
func (w *World) worded(t testing.TB) {
	var verbs []string
	err := w.App.DB.Read(context.Background(), func(tx *db.Tx) (err error) {
		verbs, err = db.All[string](context.Background(), tx, `SELECT DISTINCT verb FROM audit_entries`)
		return err
	})
	if err != nil {
		return // the test took the database away
	}
	for _, verb := range verbs {
		module, name, _ := strings.Cut(verb, ".")
		words := w.App.Text
		if !words.Has("desk.act."+module+"_"+name) && !words.Has(module+".verb."+name) && !words.Has("cases.verb."+name) {
			t.Errorf("the log has no words for %q: give it %s.verb.%s", verb, module, name)
		}
	}
}

// meet learns who can be acted as.
func (w *World) meet(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	err := w.App.DB.Read(ctx, func(tx *db.Tx) error {
		for _, p := range people {
			all, err := w.App.Org.Acting(ctx, tx, p.alias, clock.Today(w.Clock))
			if err != nil {
				return err
			}
			w.People[p.alias] = all[0]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Pass lets time go by, a day at a time, with each morning's work done.
func (w *World) Pass(t testing.TB, days int) {
	t.Helper()
	for range days {
		w.Clock.Advance(24 * time.Hour)
		w.Work(t)
	}
}

// Work does what is queued and due now.
func (w *World) Work(t testing.TB) {
	t.Helper()
	if _, err := w.App.Jobs.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.Audit.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := w.App.Search.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
}

type person struct {
	alias string // also the id
	name  string
	body  string
	title string
	roles []org.Role
}

// people of the standard council. Small on purpose: a test shows what it needs.
var people = []person{
	{"văn-thư", "Nguyễn Thị Hường", "hn-vp", "Chuyên viên", []org.Role{org.Clerk}},
	{"văn-thư-hai", "Phạm Thu Hà", "hn-vp", "Chuyên viên", []org.Role{org.Clerk}},
	{"lãnh-đạo-văn-phòng", "Trần Văn Bách", "hn-vp", "Chánh Văn phòng", []org.Role{org.Head}},
	{"quản-trị", "Đỗ Minh Quang", "hn-vp", "Quản trị hệ thống", []org.Role{org.Admin}},
	{"an-toàn", "Vũ Quốc An", "hn-vp", "Phụ trách an toàn thông tin", []org.Role{org.Security}},
	{"kiểm-tra", "Lý Thu Cúc", "hn-vp", "Kiểm tra nhật ký", []org.Role{org.Auditor}},
	{"chủ-tịch", "Lê Hoàng Sơn", "hn-tt", "Chủ tịch HĐND", []org.Role{org.Chair, org.Standing}},
	{"thường-trực", "Đặng Thị Lan", "hn-tt", "Phó Chủ tịch HĐND", []org.Role{org.Standing}},
	{"ban-đô-thị", "Bùi Đức Thắng", "hn-bdt", "Trưởng Ban Đô thị", []org.Role{org.CommitteeMember}},
	{"ban-văn-hoá", "Hồ Thị Mai", "hn-bvhxh", "Trưởng Ban Văn hóa - Xã hội", []org.Role{org.CommitteeMember}},
	{"đại-biểu", "Ngô Xuân Phúc", "hn-to1", "Đại biểu HĐND", []org.Role{org.Deputy}},
	{"giám-đốc-xây-dựng", "Đinh Công Tráng", "hn-sxd", "Giám đốc", []org.Role{org.BodyHead}},
	{"đầu-mối-xây-dựng", "Mai Thị Yến", "hn-sxd", "Chánh Văn phòng Sở", []org.Role{org.BodyClerk}},
	{"cán-bộ-xây-dựng", "Tạ Quang Huy", "hn-sxd", "Chuyên viên", []org.Role{org.Handler}},
	{"cán-bộ-xây-dựng-hai", "Cao Văn Lợi", "hn-sxd", "Chuyên viên", []org.Role{org.Handler}},
	{"đầu-mối-giáo-dục", "Dương Thị Nga", "hn-sgd", "Chánh Văn phòng Sở", []org.Role{org.BodyClerk}},
	{"giám-đốc-giáo-dục", "Phan Đình Long", "hn-sgd", "Giám đốc", []org.Role{org.BodyHead}},
	{"văn-thư-phường", "Hoàng Thị Tâm", "bd-vp", "Công chức văn phòng", []org.Role{org.Clerk}},
	{"lãnh-đạo-phường", "Trịnh Văn Đạt", "bd-vp", "Chánh Văn phòng", []org.Role{org.Head}},
	{"chủ-tịch-phường", "Lương Thị Hồng", "bd-tt", "Chủ tịch HĐND phường", []org.Role{org.Chair, org.Standing}},
	{"ban-phường", "Kiều Văn Nam", "bd-kt", "Trưởng Ban Kinh tế - Ngân sách", []org.Role{org.CommitteeMember}},
	{"đại-biểu-phường", "Chu Thị Oanh", "bd-to1", "Đại biểu HĐND phường", []org.Role{org.Deputy}},
	{"ubnd-phường", "Quách Văn Sáu", "bd-ub", "Đầu mối UBND phường", []org.Role{org.BodyClerk}},
	{"chủ-tịch-ubnd-phường", "Thái Văn Uy", "bd-ub", "Chủ tịch UBND phường", []org.Role{org.BodyHead}},
	{"văn-thư-phường-khác", "Tô Thị Vân", "nh-vp", "Công chức văn phòng", []org.Role{org.Clerk}},
	{"lãnh-đạo-phường-khác", "La Văn Xuân", "nh-vp", "Chánh Văn phòng", []org.Role{org.Head}},
	{"ubnd-phường-khác", "Ông Thị Ý", "nh-ub", "Đầu mối UBND phường", []org.Role{org.BodyClerk}},
	{"đại-biểu-phường-khác", "Viên Thị Ánh", "nh-to1", "Đại biểu HĐND phường", []org.Role{org.Deputy}},
}

var bodies = []org.Body{
	{ID: "hn-vp", CouncilID: "hn", Kind: org.Office, Name: "Văn phòng Đoàn ĐBQH và HĐND thành phố", Symbol: "VP", Place: "Hà Nội"},
	{ID: "hn-tt", CouncilID: "hn", Kind: org.StandingCommittee, Name: "Thường trực HĐND thành phố", Symbol: "HĐND"},
	{ID: "hn-bdt", CouncilID: "hn", Kind: org.Committee, Name: "Ban Đô thị", Symbol: "BĐT", Fields: db.JSON[[]string]{V: []string{"urban"}}},
	{ID: "hn-bvhxh", CouncilID: "hn", Kind: org.Committee, Name: "Ban Văn hóa - Xã hội", Symbol: "BVHXH", Fields: db.JSON[[]string]{V: []string{"culture", "legal", "economy"}}},
	{ID: "hn-to1", CouncilID: "hn", Kind: org.DeputiesGroup, Name: "Tổ đại biểu số 1"},
	{ID: "hn-sxd", CouncilID: "hn", Kind: org.Agency, Name: "Sở Xây dựng", Symbol: "SXD"},
	{ID: "hn-sgd", CouncilID: "hn", Kind: org.Agency, Name: "Sở Giáo dục và Đào tạo", Symbol: "SGDĐT"},
	{ID: "bd-vp", CouncilID: "bd", Kind: org.Office, Name: "Văn phòng HĐND và UBND phường Ba Đình", Symbol: "VP", Place: "Ba Đình"},
	{ID: "bd-tt", CouncilID: "bd", Kind: org.StandingCommittee, Name: "Thường trực HĐND phường Ba Đình", Symbol: "HĐND"},
	{ID: "bd-kt", CouncilID: "bd", Kind: org.Committee, Name: "Ban Kinh tế - Ngân sách", Symbol: "BKTNS", Fields: db.JSON[[]string]{V: []string{"urban", "economy", "culture", "legal"}}},
	{ID: "bd-to1", CouncilID: "bd", Kind: org.DeputiesGroup, Name: "Tổ đại biểu số 1"},
	{ID: "bd-ub", CouncilID: "bd", Kind: org.PeoplesCommittee, Name: "UBND phường Ba Đình", Symbol: "UBND", UnitCode: "00004"},
	{ID: "nh-vp", CouncilID: "nh", Kind: org.Office, Name: "Văn phòng HĐND và UBND phường Ngọc Hà", Symbol: "VP"},
	{ID: "nh-to1", CouncilID: "nh", Kind: org.DeputiesGroup, Name: "Tổ đại biểu số 1"},
	{ID: "nh-ub", CouncilID: "nh", Kind: org.PeoplesCommittee, Name: "UBND phường Ngọc Hà", Symbol: "UBND", UnitCode: "00008"},
}

// Populate writes the standard council into a migrated database.
func Populate(ctx context.Context, d *db.DB) error {
	return d.Tx(ctx, func(tx *db.Tx) error { return populate(ctx, tx) })
}

func populate(ctx context.Context, tx *db.Tx) error {
	since := clock.NewDate(2025, time.July, 1)
	for _, u := range []org.Unit{
		{Code: "01", ValidFrom: since, Name: "Hà Nội", FullName: "Thành phố Hà Nội", FullNameEn: "Hanoi City", Kind: "city"},
		{Code: "00004", ValidFrom: since, Name: "Ba Đình", FullName: "Phường Ba Đình", FullNameEn: "Ba Dinh Ward", Kind: "phường", Parent: "01"},
		{Code: "00008", ValidFrom: since, Name: "Ngọc Hà", FullName: "Phường Ngọc Hà", FullNameEn: "Ngoc Ha Ward", Kind: "phường", Parent: "01"},
	} {
		if err := org.AddUnit(ctx, tx, u); err != nil {
			return err
		}
	}
	for _, s := range []org.Successor{{OldCode: "00004x", OldName: "Phường Trúc Bạch", NewCode: "00004", Since: since},
		{OldCode: "00022", OldName: "Phường Đội Cấn", NewCode: "00004", Since: since}, {OldCode: "00022", OldName: "Phường Đội Cấn", NewCode: "00008", Since: since}} {
		if err := org.AddSuccessor(ctx, tx, s); err != nil {
			return err
		}
	}
	for _, c := range []org.Council{
		{ID: "hn", Code: "HN", Name: "Hội đồng nhân dân thành phố Hà Nội", Level: org.City, UnitCode: "01", Demonstration: true},
		{ID: "bd", Code: "BD", Name: "Hội đồng nhân dân phường Ba Đình", Level: org.Commune, UnitCode: "00004", ParentID: "hn", Demonstration: true},
		{ID: "nh", Code: "NH", Name: "Hội đồng nhân dân phường Ngọc Hà", Level: org.Commune, UnitCode: "00008", ParentID: "hn", Demonstration: true},
	} {
		c.NameEn = c.Name
		if err := org.AddCouncil(ctx, tx, c); err != nil {
			return err
		}
	}
	for _, b := range bodies {
		b.Code, b.NameEn, b.ValidFrom = b.ID, b.Name, since
		if err := org.AddBody(ctx, tx, b); err != nil {
			return err
		}
	}
	for _, p := range people {
		if err := org.AddPerson(ctx, tx, org.Person{ID: p.alias, Name: p.name, Demonstration: true}); err != nil {
			return err
		}
		post := org.Post{ID: "post-" + p.alias, PersonID: p.alias, BodyID: p.body, Title: p.title, Roles: db.JSON[[]org.Role]{V: p.roles}, Starts: since}
		if err := org.AddPost(ctx, tx, post); err != nil {
			return err
		}
	}
	return nil
}
