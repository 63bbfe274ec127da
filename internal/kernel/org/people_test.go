package org_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

func TestAppoint(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		admin := h.as(t, "quân")
		id, err := h.desk.Appoint(ctx, admin, org.Appointment{Name: " Tạ  Văn Mới ", Email: "moi@example.vn", BodyID: "sxd", Title: "Phó Giám đốc", Roles: []org.Role{org.BodyHead}, Starts: day(20, 11), Ends: day(1, 12)})
		if err != nil {
			t.Fatal(err)
		}
		for on, posts := range map[clock.Date]int{day(19, 11): 0, day(20, 11): 1, day(30, 11): 1, day(1, 12): 0} {
			if all := h.acting(t, id, on); len(all) != posts || posts == 1 && all[0].Name != "Tạ Văn Mới" {
				t.Errorf("on %s: %+v", on, all)
			}
		}
		// A further post for the same person.
		again, err := h.desk.Appoint(ctx, admin, org.Appointment{PersonID: "an", BodyID: "tt", Title: "Thư ký", Roles: []org.Role{org.Clerk, org.Standing}, Starts: day(16, 11)})
		if err != nil || again != "an" || len(h.acting(t, "an", day(16, 11))) != 2 {
			t.Errorf("%s, %v", again, err)
		}
		if len(h.log.all) != 2 || h.log.all[0].verb != "org.appoint" || h.log.all[0].details["person"] != id || h.log.all[1].council != "hn" {
			t.Errorf("log: %+v", h.log.all)
		}
	})
}

func TestAppointRefused(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			name, who string
			change    func(a *org.Appointment)
			key       string
		}{
			{"no name", "quân", func(a *org.Appointment) { a.Name = " " }, "org.person_needs_name"},
			{"no title", "quân", func(a *org.Appointment) { a.Title = "" }, "org.post_needs_title"},
			{"no role", "quân", func(a *org.Appointment) { a.Roles = nil }, "org.post_needs_roles"},
			{"a role that is not there", "quân", func(a *org.Appointment) { a.Roles = []org.Role{"king"} }, "org.post_needs_roles"},
			{"no first day", "quân", func(a *org.Appointment) { a.Starts = clock.Date{} }, "org.post_dates"},
			{"ends as it begins", "quân", func(a *org.Appointment) { a.Ends = a.Starts }, "org.post_dates"},
			{"by a clerk", "an", nil, "db.no_row"},
			{"by another council's administrator", "kiên", nil, "db.no_row"},
			{"in a body that is not there", "quân", func(a *org.Appointment) { a.BodyID = "x" }, "db.no_row"},
			{"of a person who is not there", "quân", func(a *org.Appointment) { a.PersonID = "x" }, "db.no_row"},
		} {
			a := org.Appointment{Name: "Tạ Văn Mới", BodyID: "sxd", Title: "Chuyên viên", Roles: []org.Role{org.Handler}, Starts: day(20, 11)}
			if c.change != nil {
				c.change(&a)
			}
			_, err := h.desk.Appoint(ctx, h.as(t, c.who), a)
			t.Log(c.name)
			refused(t, err, c.key)
		}
		if len(h.log.all) != 0 {
			t.Errorf("log: %+v", h.log.all)
		}
	})
}

func TestEndPost(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, who := range []string{"an", "kiên", "giang"} {
			refused(t, h.desk.EndPost(ctx, h.as(t, who), "post-an", day(17, 11)), "db.no_row")
		}
		refused(t, h.desk.EndPost(ctx, h.as(t, "quân"), "post-an", clock.NewDate(2025, 12, 31)), "org.post_dates")
		refused(t, h.desk.EndPost(ctx, h.as(t, "quân"), "post-an", clock.Date{}), "org.post_dates")
		if err := h.desk.EndPost(ctx, h.as(t, "quân"), "post-an", day(17, 11)); err != nil {
			t.Fatal(err)
		}
		if _, err := h.actingAs("an", "post-an", "", day(16, 11)); err != nil {
			t.Errorf("on the last day: %v", err)
		}
		_, err := h.actingAs("an", "post-an", "", day(17, 11))
		refused(t, err, "org.post_over")
		if last := h.log.all[len(h.log.all)-1]; last.verb != "org.end_post" || last.details["ends"] != "2026-11-17" {
			t.Errorf("log: %+v", last)
		}
	})
}

// People stand in the order of given names, as Vietnamese lists have it.
func TestHolders(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		var names []string
		h.tx(t, func(tx *db.Tx) error {
			all, err := org.Holders(ctx, tx, "vp", day(16, 11))
			for _, p := range all {
				words := strings.Fields(p.Name)
				names = append(names, words[len(words)-1])
			}
			return err
		})
		if got := fmt.Sprint(names); got != "[An Ánh Bình Dũng Đức Quân]" {
			t.Errorf("order %s", got)
		}
	})
}

func TestFound(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		var person, post string
		found := func(f org.Founding) error {
			return h.db.Tx(ctx, func(tx *db.Tx) (err error) {
				person, post, err = h.desk.Found(ctx, tx, f)
				return err
			})
		}
		err := found(org.Founding{})
		for _, key := range []string{"org.council_needs_name", "org.council_needs_level", "org.person_needs_name"} {
			refused(t, err, key)
		}
		if err := found(org.Founding{CouncilName: "HĐND thành phố Đà Nẵng", Level: org.City, UnitCode: "48", AdminName: "Lê Văn Tám", AdminEmail: "tam@example.vn"}); err != nil {
			t.Fatal(err)
		}
		a, err := h.actingAs(person, post, "", day(16, 11))
		if err != nil || !a.Has(org.Admin) || a.Level != org.City || a.BodyKind != org.Office || a.Name != "Lê Văn Tám" {
			t.Errorf("%+v, %v", a, err)
		}
		if len(h.log.all) != 1 || h.log.all[0].verb != "org.found" || h.log.all[0].council != a.CouncilID || !h.log.all[0].who.System {
			t.Errorf("log: %+v", h.log.all)
		}
		h.tx(t, func(tx *db.Tx) error {
			c, err := org.CouncilOfUnit(ctx, tx, "48")
			if c.ID != a.CouncilID {
				t.Errorf("council %+v", c)
			}
			return err
		})
	})
}

func TestTerms(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.tx(t, func(tx *db.Tx) error {
			return errors.Join(
				org.AddTerm(ctx, tx, org.Term{ID: "16", CouncilID: "hn", Number: "XVI", Name: "2021–2026", Starts: clock.NewDate(2021, 6, 1), Ends: day(1, 4)}),
				org.AddTerm(ctx, tx, org.Term{ID: "17", CouncilID: "hn", Number: "XVII", Name: "2026–2031", Starts: day(1, 4)}))
		})
		for on, want := range map[clock.Date]string{day(31, 3): "XVI", day(1, 4): "XVII", clock.NewDate(2030, 1, 1): "XVII", clock.NewDate(2020, 1, 1): ""} {
			err := h.db.Read(ctx, func(tx *db.Tx) error {
				term, err := org.CurrentTerm(ctx, tx, "hn", on)
				if term.Number != want {
					t.Errorf("on %s: %q, want %q", on, term.Number, want)
				}
				return err
			})
			if want == "" {
				refused(t, err, "org.no_term")
			} else if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestLists(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.tx(t, func(tx *db.Tx) error {
			councils, err := org.Councils(ctx, tx)
			if err != nil || len(councils) != 2 || councils[0].ID != "hn" {
				t.Errorf("councils %+v, %v", councils, err)
			}
			agencies, err := org.BodiesOf(ctx, tx, "hn", org.Agency)
			if err != nil || len(agencies) != 2 || agencies[0].ID != "sgtvt" || agencies[1].ID != "sxd" {
				t.Errorf("agencies %+v, %v", agencies, err)
			}
			all, err := org.BodiesOf(ctx, tx, "hn")
			if err != nil || len(all) != 4 {
				t.Errorf("bodies %+v, %v", all, err)
			}
			named, err := org.BodiesNamed(ctx, tx, []string{"sxd", "bd-ub", "x"})
			if err != nil || len(named) != 2 || named["bd-ub"].Name != "UBND phường" {
				t.Errorf("named %+v, %v", named, err)
			}
			everybody, err := org.DirectoryOf(ctx, tx, "", day(16, 11))
			if err != nil || len(everybody) != len(people) || everybody[0].Level != org.City {
				t.Errorf("%d in the directory, %v", len(everybody), err)
			}
			ward, err := org.DirectoryOf(ctx, tx, "bd", day(16, 11))
			if err != nil || len(ward) != 2 {
				t.Errorf("%d in the ward's directory, %v", len(ward), err)
			}
			return nil
		})
	})
}

// follower stands where the case engine is plugged in.
type follower struct {
	told []string
	fail error
}

func (f *follower) BodySucceeded(ctx context.Context, tx *db.Tx, who org.Actor, from, to org.Body, document string) error {
	now, err := org.BodyOf(ctx, tx, from.ID)
	if err != nil {
		return err
	}
	f.told = append(f.told, fmt.Sprintf("%s → %s by %s on %s, closed %s", from.ID, to.ID, who.PersonID, document, now.ValidTo))
	return f.fail
}

func TestSucceed(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		f := &follower{}
		h.desk.Followers = []org.BodyFollower{f}
		handed := h.grant(t, "giang", "an", nil)
		merger := org.Succession{FromBody: "sxd", ToBody: "sgtvt", Document: " Nghị quyết 5/NQ-HĐND ", On: day(16, 11)}
		if err := h.desk.Succeed(ctx, h.as(t, "quân"), merger); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(f.told); got != "[sxd → sgtvt by quân on Nghị quyết 5/NQ-HĐND, closed 2026-11-16]" {
			t.Errorf("followers were told %s", got) // within the transaction: they see the body closed
		}
		h.tx(t, func(tx *db.Tx) error {
			b, err := org.BodyOf(ctx, tx, "sxd")
			if b.SuccessorID != "sgtvt" || b.Open(day(16, 11)) || !b.Open(day(15, 11)) {
				t.Errorf("the closed body: %+v", b)
			}
			return err
		})
		for _, person := range []string{"giang", "hà"} {
			_, err := h.actingAs(person, "post-"+person, "", day(16, 11))
			refused(t, err, "org.post_over")
		}
		_, err := h.actingAs("an", "post-giang", handed, day(16, 11))
		refused(t, err, "org.delegation_over")
		if last := h.log.all[len(h.log.all)-1]; last.verb != "org.succeed" || last.council != "hn" || last.subject != "sxd" {
			t.Errorf("log: %+v", last)
		}
		refused(t, h.desk.Succeed(ctx, h.as(t, "quân"), merger), "org.body_closed")
		back := org.Succession{FromBody: "sgtvt", ToBody: "sxd", Document: "6/NQ", On: day(16, 11)}
		refused(t, h.desk.Succeed(ctx, h.as(t, "quân"), back), "org.body_closed")
	})
}

func TestSucceedRefused(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			name, who string
			change    func(s *org.Succession)
			key       string
		}{
			{"no document", "quân", func(s *org.Succession) { s.Document = " " }, "org.succession_needs_document"},
			{"by itself", "quân", func(s *org.Succession) { s.ToBody = s.FromBody }, "org.succession_to_self"},
			{"in the future", "quân", func(s *org.Succession) { s.On = day(17, 11) }, "org.succession_date"},
			{"no day", "quân", func(s *org.Succession) { s.On = clock.Date{} }, "org.succession_date"},
			{"before the body was there", "quân", func(s *org.Succession) { s.On = clock.NewDate(2025, 6, 1) }, "org.body_closed"},
			{"by a clerk", "an", nil, "db.no_row"},
			{"a ward reorganises the city", "kiên", nil, "db.no_row"},
			{"by a body of the city", "kiên", func(s *org.Succession) { s.FromBody = "bd-ub" }, "db.no_row"},
			{"a body that is not there", "quân", func(s *org.Succession) { s.FromBody = "x" }, "db.no_row"},
			{"a successor that is not there", "quân", func(s *org.Succession) { s.ToBody = "x" }, "db.no_row"},
		} {
			s := org.Succession{FromBody: "sxd", ToBody: "sgtvt", Document: "5/NQ", On: day(16, 11)}
			if c.change != nil {
				c.change(&s)
			}
			t.Log(c.name)
			refused(t, h.desk.Succeed(ctx, h.as(t, c.who), s), c.key)
		}
		// The city carries mergers of wards out; a ward its own.
		for _, who := range []string{"quân", "kiên"} {
			from, to := "bd-ub", "bd-vp"
			if who == "kiên" {
				from, to = "bd-vp", "x"
				h.tx(t, func(tx *db.Tx) error {
					return org.AddBody(ctx, tx, org.Body{ID: "x", CouncilID: "bd", Kind: org.Office, Code: "x", Name: "Văn phòng mới", ValidFrom: day(1, 1)})
				})
			}
			if err := h.desk.Succeed(ctx, h.as(t, who), org.Succession{FromBody: from, ToBody: to, Document: "5/NQ", On: day(16, 11)}); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		}
	})
}

// If the cases cannot follow, or the log cannot be written, nothing of the
// merger remains.
func TestSucceedWholeOrNot(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		broken := errors.New("the cases could not follow")
		f := &follower{fail: broken}
		h.desk.Followers = []org.BodyFollower{f}
		merger := org.Succession{FromBody: "sxd", ToBody: "sgtvt", Document: "5/NQ", On: day(16, 11)}
		try := func(want error) {
			t.Helper()
			if err := h.desk.Succeed(ctx, h.as(t, "quân"), merger); !errors.Is(err, want) {
				t.Errorf("gave %v", err)
			}
			if a := h.as(t, "giang"); a.BodyID != "sxd" || len(h.log.all) != 0 {
				t.Errorf("something remains: %+v, %+v", a, h.log.all)
			}
		}
		try(broken)
		f.fail, h.log.fail = nil, errors.New("the log could not be written")
		try(h.log.fail)
	})
}
