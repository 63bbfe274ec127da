package cases_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
)

// whole is the way of a case from receipt to close.
var whole = []string{"lan check", "hùng give", "yến take", "huy answer", "thắng judge", "sơn close"}

func TestWholeLife(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.lead(t, whole...)
		c := w.load(t, id)
		if c.State != "closed" || c.Open || c.ClosedAt.IsZero() || c.Waits != cases.Nobody || c.Round != 1 || c.HolderBodyID != "sxd" || c.AssigneePostID != "post-huy" || c.Revision != 7 || !c.Due.IsZero() {
			t.Errorf("case %+v", c)
		}
		acts := w.acts(t, id)
		if got := verbs(acts); got != "receive check give take answer judge close" {
			t.Errorf("acts %s", got)
		}
		for i, a := range acts {
			if a.Number != i+1 || a.LeafID == "" || a.Late || a.Round != 1 || i > 0 && a.From != acts[i-1].To {
				t.Errorf("act %+v", a)
			}
		}
		give := acts[2]
		if give.PersonName != "Nguyễn hùng" || give.BodyName != "Cơ quan vp" || give.PostTitle != "head" || give.OnBehalf != "" || !give.Public || acts[1].Public {
			t.Errorf("give %+v", give)
		}
		if got := strings.Join(w.told, " "); !strings.HasSuffix(got, "receive check give take answer judge close") {
			t.Errorf("the module was told of %s", got)
		}
		w.sound(t)
	})
}

// A voter contests: the same code, a new round, in which the duties of the
// first bind nobody.
func TestNewRound(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.lead(t, whole...)
		if err := w.doAs(org.Voter("203.0.113.9"), id, "contest", cases.Input{Note: "chưa trả lời đúng"}); err != nil {
			t.Fatal(err)
		}
		c := w.load(t, id)
		if c.State != "received" || !c.Open || c.Round != 2 || !c.ClosedAt.IsZero() || c.Due.IsZero() {
			t.Errorf("case %+v", c)
		}
		if d := w.deadline(t, id, "check"); d.Round != 2 || d.Status != cases.Running {
			t.Errorf("deadline %+v", d)
		}
		if d := w.deadline(t, id, "contest"); d.Status != cases.Met || !d.Window {
			t.Errorf("window %+v", d)
		}
		w.steps(t, id, whole...) // the close of round 1 by Sơn does not stand in the way of round 2
		if c := w.load(t, id); c.State != "closed" || c.Round != 2 {
			t.Errorf("case %+v", c)
		}
		w.sound(t)
	})
}

func TestRefusedInput(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		err := w.do(t, "lan", id, "check", cases.Input{Document: " "})
		refused(t, err, "cases.required")
		if f := fault.Of(err); len(f.Faults) != 2 || f.Faults[0].Field != "field" || f.Faults[1].Field != "document" {
			t.Errorf("faults %+v", f)
		}
		refused(t, w.do(t, "lan", id, "check", cases.Input{Document: "1/PX", Fields: map[string]string{"field": "moon"}}), "requests.field_unknown")
		refused(t, w.do(t, "lan", id, "drop", cases.Input{}), "cases.required")
		refused(t, w.do(t, "yến", w.lead(t, "lan check", "hùng give"), "answer", cases.Input{}), "cases.required")
		if got := verbs(w.acts(t, id)); got != "receive" {
			t.Errorf("something remains of what was refused: %s", got)
		}
		if c := w.load(t, id); c.State != "received" || c.Revision != 1 {
			t.Errorf("case %+v", c)
		}
		w.sound(t)
	})
}

// Who may do what, and what those learn who may not.
func TestRights(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		refused(t, w.do(t, "hùng", id, "check", inputs("check")), "cases.not_yours_to_do") // a clerk's work
		refused(t, w.do(t, "phúc", id, "check", inputs("check")), "cases.not_yours_to_do") // deputies read
		refused(t, w.do(t, "tâm", id, "check", inputs("check")), "cases.no_such_case")     // a clerk of another council
		refused(t, w.do(t, "quân", id, "check", inputs("check")), "cases.no_such_case")    // the administrator is not of the office's business
		refused(t, w.do(t, "yến", id, "answer", inputs("answer")), "cases.no_such_case")   // not handed over yet
		refused(t, w.doAs(org.Voter("x"), id, "check", inputs("check")), "cases.no_such_case")
		refused(t, w.doAs(org.System("hn"), id, "check", inputs("check")), "cases.not_yours_to_do")
		refused(t, w.do(t, "lan", id, "give", inputs("give")), "cases.wrong_state")
		if err := w.do(t, "lan", id, "fly", cases.Input{}); err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("an unknown verb gave %v", err)
		}
		w.steps(t, id, "lan check", "hùng give")
		refused(t, w.do(t, "long", id, "answer", inputs("answer")), "cases.no_such_case") // another agency
		refused(t, w.do(t, "huy", id, "answer", inputs("answer")), "cases.no_such_case")  // not assigned yet
		refused(t, w.do(t, "giang", id, "answer", inputs("answer")), "cases.not_yours_to_do")
		w.steps(t, id, "yến take", "huy answer")
		refused(t, w.do(t, "lan", id, "check", inputs("check")), "cases.wrong_state") // sent twice, or the back button
	})
}

// A sealed case is not there for any but the office, whatever their side of it.
func TestSealed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.lead(t, "lan check", "hùng give")
		w.tx(t, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cases_cases SET sealed = $2 WHERE id = $1`, id, true)
			return err
		})
		for _, person := range []string{"yến", "giang", "vân", "phúc"} {
			refused(t, w.do(t, person, id, "answer", inputs("answer")), "cases.no_such_case")
			who := w.as(t, person)
			if may, err := w.May(w.load(t, id), who); err != nil || len(may) != 0 {
				t.Errorf("%s may %v, %v", person, may, err)
			}
			w.read(t, func(tx *db.Tx) error {
				_, err := w.Case(ctx, tx, who, id)
				refused(t, err, "cases.no_such_case")
				return nil
			})
		}
		if err := w.do(t, "hùng", id, "extend", inputs("extend")); err != nil {
			t.Errorf("the office's head: %v", err)
		}
		if acts := w.acts(t, id); acts[len(acts)-1].Public {
			t.Error("an act on a sealed case is public")
		}
	})
}

func TestMay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		may := func(person string) string {
			all, err := w.May(w.load(t, id), w.as(t, person))
			if err != nil {
				t.Fatal(err)
			}
			names := make([]string, len(all))
			for i, v := range all {
				names[i] = v.Name
			}
			return strings.Join(names, " ")
		}
		check := func(want map[string]string) {
			t.Helper()
			for person, verbs := range want {
				if got := may(person); got != verbs {
					t.Errorf("%s may %q, want %q", person, got, verbs)
				}
			}
		}
		check(map[string]string{"lan": "check drop", "hùng": "drop", "vân": "", "yến": "", "tâm": "", "phúc": ""})
		w.steps(t, id, "lan check", "hùng give", "yến take")
		check(map[string]string{"lan": "", "hùng": "extend", "yến": "take answer", "huy": "answer", "giang": "suspend resume", "long": ""})
	})
}

// The head checks and then gives: that needs two people, in whatever posts.
func TestFourEyes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.lead(t, "lan check")
		refused(t, w.do(t, "lan", id, "give", inputs("give")), "cases.same_person") // kept apart from check
		if err := w.do(t, "mai", id, "give", inputs("give")); err != nil {
			t.Errorf("another clerk: %v", err)
		}
		// The same person in another post is the same person.
		w.tx(t, func(tx *db.Tx) error {
			return org.AddPost(ctx, tx, org.Post{ID: "post-lan-2", PersonID: "lan", BodyID: "vp", Title: "Phó Văn phòng", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Head}}})
		})
		var second org.Actor
		w.tx(t, func(tx *db.Tx) (err error) {
			second, err = w.desk.ActingAs(ctx, tx, "lan", "post-lan-2", "", on(16, time.November))
			return err
		})
		refused(t, w.doAs(second, w.lead(t, "lan check"), "give", inputs("give")), "cases.same_person")
		// Four eyes alone, where no list of verbs keeps people apart.
		alone := must(w.engine(t, strings.Replace(requestText(t), "    apart: [check]\n", "", 1)))(t)
		w.Engine = alone
		refused(t, w.do(t, "lan", w.lead(t, "lan check"), "give", inputs("give")), "cases.four_eyes")
	})
}

// A stand-in acts with the holder's powers, and neither of them may then decide
// on what the other did.
func TestDelegatedActs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		grant := func(from, to string, scope ...string) org.Actor {
			t.Helper()
			id := must(w.desk.Grant(ctx, w.as(t, from), org.DelegationGrant{FromPost: "post-" + from, ToPost: "post-" + to, Scope: scope, Document: "9/UQ", Starts: on(16, 11), Ends: on(30, 11)}))(t)
			var a org.Actor
			w.tx(t, func(tx *db.Tx) (err error) {
				a, err = w.desk.ActingAs(ctx, tx, to, "post-"+from, id, on(16, 11))
				return err
			})
			return a
		}
		maiAsHead := grant("hùng", "mai")
		id := w.lead(t, "lan check")
		if err := w.doAs(maiAsHead, id, "give", inputs("give")); err != nil {
			t.Fatal(err)
		}
		acts := w.acts(t, id)
		if give := acts[len(acts)-1]; give.PersonName != "Nguyễn mai" || give.OnBehalf != "Nguyễn hùng" || give.PostTitle != "head" {
			t.Errorf("give %+v", give)
		}
		// Mai checked herself, so she may not give as the head's stand-in …
		refused(t, w.doAs(maiAsHead, w.lead(t, "mai check"), "give", inputs("give")), "cases.same_person")
		// … and Lan, who checked, may not give through somebody who stands in for her.
		lanByHand := grant("lan", "hùng")
		refused(t, w.doAs(lanByHand, w.lead(t, "lan check"), "give", inputs("give")), "cases.same_person")
		// A scope bounds what is handed over.
		only := grant("sơn", "vân", "requests.other")
		judged := w.lead(t, "lan check", "hùng give", "yến answer", "thắng judge")
		refused(t, w.doAs(only, judged, "close", inputs("close")), "cases.not_yours_to_do")
		may := grant("sơn", "vân", "requests.close")
		if err := w.doAs(may, judged, "close", inputs("close")); err != nil {
			t.Error(err)
		}
		w.sound(t)
	})
}

// Two clerks press at the same moment: one act, and one is told.
func TestTwoAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.receive(t)
		people := []org.Actor{w.as(t, "lan"), w.as(t, "mai")}
		errs := make([]error, len(people))
		var ready, done sync.WaitGroup
		ready.Add(len(people))
		for i, who := range people {
			done.Go(func() {
				ready.Done()
				ready.Wait()
				errs[i] = w.doAs(who, id, "check", inputs("check"))
			})
		}
		done.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both or none: %v", errs)
		}
		for _, err := range errs {
			if err != nil && !fault.Is(err, "cases.wrong_state") && !fault.Is(err, "db.stale") {
				t.Errorf("the other was told %v", err)
			}
		}
		if got := verbs(w.acts(t, id)); got != "receive check" {
			t.Errorf("acts %s", got)
		}
		w.sound(t)
	})
}

// Somebody who looked at an older state of the case is told, even when the verb
// would still fit.
func TestStale(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.lead(t, "lan check", "hùng give")
		looked := w.load(t, id)
		w.steps(t, id, "yến take")
		in := inputs("answer")
		in.Revision = looked.Revision
		refused(t, w.do(t, "yến", id, "answer", in), "db.stale")
		head := w.as(t, "hùng")
		err := w.db.Tx(ctx, func(tx *db.Tx) error { // loaded before, saved after
			_, err := w.Do(ctx, tx, head, looked, "extend", inputs("extend"))
			return err
		})
		refused(t, err, "db.stale")
		if d := w.deadline(t, id, "reply"); len(d.Run.V.Extensions) != 0 {
			t.Errorf("half an extension remains: %+v", d)
		}
		in.Revision = w.load(t, id).Revision
		if err := w.do(t, "yến", id, "answer", in); err != nil {
			t.Error(err)
		}
	})
}

// A running case keeps the version it began under; a released version may not
// change.
func TestVersionsOfCases(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		old := w.receive(t)
		until := strings.Replace(requestText(t), "{from: 2025-01-01}", "{from: 2025-01-01, until: 2026-11-17}", 1)
		second := strings.NewReplacer("version: 1", "version: 2", "2025-01-01", "2026-11-17", "roles: [clerk]\n    requires: [field, document]", "roles: [head]\n    requires: [field, document]").Replace(requestText(t))
		w.Engine = must(w.engine(t, until, second))(t)
		if err := w.Release(ctx); err != nil {
			t.Errorf("version 1 was given its end, version 2 came: %v", err)
		}
		changed := must(w.engine(t, strings.Replace(until, "extend_max: 10", "extend_max: 11", 1), second))(t)
		if err := changed.Release(ctx); err == nil || !strings.Contains(err.Error(), "request/1 was released with other content") {
			t.Errorf("version 1 was changed: %v", err)
		}
		w.at(17, time.November)
		fresh := w.receive(t)
		if a, b := w.load(t, old).Version, w.load(t, fresh).Version; a != 1 || b != 2 {
			t.Errorf("versions %d and %d", a, b)
		}
		w.steps(t, old, "lan check")
		refused(t, w.do(t, "lan", fresh, "check", inputs("check")), "cases.not_yours_to_do")
		w.steps(t, fresh, "hùng check")
		if got := fmt.Sprint(len(w.Procedures()), w.Procedures()[0].Key()); got != "2request/2" {
			t.Errorf("procedures %s", got)
		}
		w.Engine = must(w.engine(t, second))(t)
		if err := w.do(t, "hùng", old, "drop", inputs("drop")); err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("without its version: %v", err)
		}
	})
}

// Screens of those concerned wake up, and only after the act is durable.
func TestLive(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		office, agency, other := w.hub.Subscribe("council:hn"), w.hub.Subscribe("body:sxd"), w.hub.Subscribe("body:sgtvt", "council:bd")
		id := w.lead(t, "lan check", "hùng give")
		for name, s := range map[string]*live.Subscription{"office": office, "agency": agency} {
			select {
			case <-s.C():
			case <-time.After(5 * time.Second):
				t.Errorf("the %s heard nothing of %s", name, id)
			}
		}
		select {
		case topic := <-other.C():
			t.Errorf("others heard of %s", topic)
		default:
		}
	})
}
