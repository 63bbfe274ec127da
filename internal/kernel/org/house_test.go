package org_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// record is one act that org wrote into the log.
type record struct {
	who                    org.Actor
	council, verb, subject string
	details                map[string]any
}

// recorder stands where the log is plugged in. It keeps only what committed.
type recorder struct {
	all  []record
	fail error
}

func (r *recorder) Record(_ context.Context, tx *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	if r.fail != nil {
		return r.fail
	}
	tx.AfterCommit(func() {
		r.all = append(r.all, record{who: who, council: councilID, verb: verb, subject: subject, details: details})
	})
	return nil
}

// house is a city council and a ward council with a few people.
type house struct {
	db    *db.DB
	clock *clock.Movable
	log   *recorder
	desk  *org.Desk
}

var ctx = context.Background()

func day(d int, m time.Month) clock.Date { return clock.NewDate(2026, m, d) }

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := &house{db: d, clock: testkit.Clock(t), log: &recorder{}}
		h.desk = org.New(org.Deps{DB: d, Clock: h.clock, Recorder: h.log})
		h.furnish(t)
		fn(t, h)
	}, org.Migrations)
}

func (h *house) tx(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := h.db.Tx(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// people: id, name, body, title, role. The post's id is "post-" and the person's.
var people = [][5]string{
	{"an", "Nguyễn Văn An", "vp", "Chuyên viên", "clerk"},
	{"bình", "Trần Thị Bình", "vp", "Chánh Văn phòng", "head"},
	{"chi", "Lê Kim Chi", "tt", "Chủ tịch HĐND", "chair"},
	{"ánh", "Đỗ Ngọc Ánh", "vp", "Chuyên viên", "clerk"},
	{"đức", "Phạm Minh Đức", "vp", "Chuyên viên", "clerk"},
	{"dũng", "Hoàng Tiến Dũng", "vp", "Chuyên viên", "clerk"},
	{"quân", "Vũ Anh Quân", "vp", "Quản trị", "admin"},
	{"giang", "Bùi Thu Giang", "sxd", "Giám đốc Sở", "body_head"},
	{"hà", "Ngô Thanh Hà", "sxd", "Chuyên viên", "handler"},
	{"kiên", "Mai Trung Kiên", "bd-vp", "Quản trị phường", "admin"},
	{"lan", "Đinh Thị Lan", "bd-vp", "Văn thư phường", "clerk"},
}

func (h *house) furnish(t testing.TB) {
	t.Helper()
	h.tx(t, func(tx *db.Tx) error {
		var errs []error
		add := func(err error) { errs = append(errs, err) }
		add(org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, UnitCode: "00004", ParentID: "hn"}))
		add(org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City, UnitCode: "01"}))
		for _, b := range []org.Body{
			{ID: "vp", CouncilID: "hn", Kind: org.Office, Name: "Văn phòng"},
			{ID: "tt", CouncilID: "hn", Kind: org.StandingCommittee, Name: "Thường trực"},
			{ID: "sxd", CouncilID: "hn", Kind: org.Agency, Name: "Sở Xây dựng"},
			{ID: "sgtvt", CouncilID: "hn", Kind: org.Agency, Name: "Sở Giao thông vận tải"},
			{ID: "bd-vp", CouncilID: "bd", Kind: org.Office, Name: "Văn phòng phường"},
			{ID: "bd-ub", CouncilID: "bd", Kind: org.PeoplesCommittee, Name: "UBND phường"},
		} {
			b.Code, b.ValidFrom = b.ID, day(1, 1)
			add(org.AddBody(ctx, tx, b))
		}
		for _, p := range people {
			add(org.AddPerson(ctx, tx, org.Person{ID: p[0], Name: p[1]}))
			add(org.AddPost(ctx, tx, org.Post{ID: "post-" + p[0], PersonID: p[0], BodyID: p[2], Title: p[3], Roles: db.JSON[[]org.Role]{V: []org.Role{org.Role(p[4])}}, Starts: day(1, 1)}))
		}
		return errors.Join(errs...)
	})
}

// acting lists whom a person may act as on a day.
func (h *house) acting(t testing.TB, person string, on clock.Date) (all []org.Actor) {
	t.Helper()
	err := h.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.desk.Acting(ctx, tx, person, on)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// as is a person in their own post.
func (h *house) as(t testing.TB, person string) org.Actor {
	t.Helper()
	a, err := h.actingAs(person, "post-"+person, "", clock.Today(h.clock))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (h *house) actingAs(person, post, via string, on clock.Date) (a org.Actor, err error) {
	err = h.db.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = h.desk.ActingAs(ctx, tx, person, post, via, on)
		return err
	})
	return a, err
}

// grant delegates from one person's post to another's, from 16 to 30 November
// unless change says otherwise.
func (h *house) grant(t testing.TB, from, to string, change func(g *org.DelegationGrant)) string {
	t.Helper()
	g := org.DelegationGrant{FromPost: "post-" + from, ToPost: "post-" + to, Document: "Giấy uỷ quyền 12/UQ-VP", Starts: day(16, 11), Ends: day(30, 11)}
	if change != nil {
		change(&g)
	}
	id, err := h.desk.Grant(ctx, h.as(t, from), g)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func refused(t testing.TB, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("want the refusal %s, have %v", key, err)
	}
}

// posts names the posts in a list of actors, in order.
func posts(all []org.Actor) string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.PostID[len("post-"):]
	}
	slices.Sort(names)
	return fmt.Sprint(names)
}
