package sealed_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/testkit"
)

func (w *world) try(id, who string, items map[string][]byte) error {
	return w.App.DB.Tx(ctx, func(tx *db.Tx) error { return w.Seal(ctx, tx, id, w.People[who], items) })
}

func TestSeal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		words := map[string][]byte{"name": []byte("Trần Văn Tố"), "content": []byte("Nội dung tố cáo")}
		w.seal(t, "case1", words)
		must(t, w.try("case1", "keeper2", map[string][]byte{"note/3": []byte("thêm")}))
		testkit.Refused(t, w.try("case1", "văn-thư-phường", map[string][]byte{"note/4": []byte("thêm")}), "db.no_row")
		testkit.Refused(t, w.try("case1", "keeper1", words), "vault.item_there")
		got, err := w.Reveal(ctx, w.People["reader1"], "case1", []string{"name", "address", "note/3"}, why)
		must(t, err)
		if len(got) != 2 || string(got["name"]) != "Trần Văn Tố" {
			t.Errorf("revealed %q", got)
		}
		for _, who := range []string{"văn-thư", "lãnh-đạo-văn-phòng", "chủ-tịch", "an-toàn", "quản-trị", "văn-thư-phường"} {
			_, err := w.Reveal(ctx, w.People[who], "case1", []string{"name"}, why)
			testkit.Refused(t, err, "db.no_row")
		}
		if n := w.count(t, `SELECT count(*) FROM vault_readers WHERE compartment_id = 'case1' AND ended_at = 0`); n != 3 {
			t.Errorf("%d people are on the list", n)
		}
	})
}

// TestPlaces: where nothing is decided nothing is kept, and what is refused leaves nothing.
func TestPlaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		words := map[string][]byte{"content": []byte("Nội dung tố cáo")}
		today := clock.Today(w.Clock)
		set := func(council string, p sealed.Place, on clock.Date) {
			must(t, w.App.DB.Tx(ctx, func(tx *db.Tx) error { return sealed.SetPlace(ctx, tx, council, p, on) }))
		}
		left := func() int {
			return w.count(t, `SELECT (SELECT count(*) FROM reception_sealed) + (SELECT count(*) FROM vault_compartments) + (SELECT count(*) FROM vault_items)`)
		}
		must(t, w.App.DB.Read(ctx, func(tx *db.Tx) error {
			demo, err := sealed.PlaceOf(ctx, tx, "nh", today)
			if demo != sealed.Here {
				t.Errorf("a council that plays keeps denunciations %s", demo)
			}
			return err
		}))
		must(t, w.App.DB.Tx(ctx, func(tx *db.Tx) error {
			err := org.AddCouncil(ctx, tx, org.Council{ID: "new", Code: "NEW", Name: "HĐND xã mới", Level: org.Commune, UnitCode: "9"})
			fresh, e := sealed.PlaceOf(ctx, tx, "new", today)
			if fresh != sealed.Stub {
				t.Errorf("a new council keeps denunciations %s", fresh)
			}
			return errors.Join(err, e)
		}))
		set("bd", sealed.Stub, today.AddDays(-1))
		testkit.Refused(t, w.try("ward1", "văn-thư-phường", words), "sealed.stub_only")
		if left() != 0 {
			t.Error("a refusal has left something")
		}
		must(t, w.try("ward1", "văn-thư-phường", nil))
		if left() != 1 {
			t.Error("a stub is one line")
		}
		set("bd", sealed.Here, today)
		testkit.Refused(t, w.try("ward2", "văn-thư-phường", words), "sealed.no_keeper")
		if left() != 1 {
			t.Error("sealing without a keeper has left something")
		}
		w.seal(t, "city1", words)
		set("hn", sealed.Elsewhere, today.AddDays(1))
		w.seal(t, "city2", words)
		w.Clock.Advance(24 * time.Hour)
		testkit.Refused(t, w.try("city3", "keeper1", words), "sealed.elsewhere")
		testkit.Refused(t, w.try("city3", "keeper1", nil), "sealed.elsewhere")
		must(t, w.try("city1", "keeper1", map[string][]byte{"note/1": []byte("tiếp")})) // what was begun here ends here

		_, err := w.NoteStub(ctx, w.People["văn-thư"], sealed.Note{Book: "12/2026", Day: today})
		testkit.Refused(t, err, "sealed.no_stub")
		set("hn", sealed.Stub, today.AddDays(2))
		w.Clock.Advance(24 * time.Hour)
		for _, bad := range []sealed.Note{{Book: "Đơn bà Kín", Day: today}, {Book: "12/2026", Day: today.AddDays(9)}, {Book: "12/2026"}, {Day: today}} {
			if _, err := w.NoteStub(ctx, w.People["văn-thư"], bad); err == nil {
				t.Errorf("%+v was noted", bad)
			}
		}
		one, err := w.NoteStub(ctx, w.People["văn-thư"], sealed.Note{Book: "12/2026", Day: today, Once: "m"})
		must(t, err)
		two, err := w.NoteStub(ctx, w.People["văn-thư"], sealed.Note{Book: "12/2026", Day: today, Once: "m"})
		if err != nil || one != two {
			t.Errorf("a double click notes twice: %v", err)
		}
		_, err = w.NoteStub(ctx, w.People["chủ-tịch"], sealed.Note{Book: "12/2026", Day: today})
		testkit.Refused(t, err, "db.no_row")
	})
}

// TestTwoPeople: nothing of the list or the place changes by one person's word.
func TestTwoPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.People
		add := sealed.Change{Kind: sealed.AddPerson, PersonID: "văn-thư", Keeper: true, Reason: "Thay người nghỉ thai sản"}
		for _, who := range []string{"văn-thư", "lãnh-đạo-văn-phòng", "quản-trị", "kiểm-tra", "đại-biểu", "đầu-mối-xây-dựng"} {
			_, err := w.Propose(ctx, p[who], add)
			testkit.Refused(t, err, "db.no_row")
		}
		for key, c := range map[string]sealed.Change{
			"sealed.bad_reason":   {Kind: sealed.AddPerson, PersonID: "văn-thư", Reason: "vì"},
			"sealed.no_candidate": {Kind: sealed.AddPerson, PersonID: "an-toàn", Reason: add.Reason},
			"sealed.on_list":      {Kind: sealed.AddPerson, PersonID: "keeper1", Reason: add.Reason},
			"sealed.bad_place":    {Kind: sealed.MovePlace, Place: "cloud", Reason: add.Reason},
			"sealed.starts_past":  {Kind: sealed.MovePlace, Place: sealed.Stub, Starts: clock.Today(w.Clock).AddDays(-1), Reason: add.Reason},
			"vault.keeper_until":  {Kind: sealed.AddPerson, PersonID: "văn-thư", Keeper: true, Until: clock.Today(w.Clock), Reason: add.Reason},
		} {
			_, err := w.Propose(ctx, p["chủ-tịch"], c)
			testkit.Refused(t, err, key)
		}
		id, err := w.Propose(ctx, p["thường-trực"], add)
		must(t, err)
		testkit.Refused(t, w.Decide(ctx, p["thường-trực"], id, true), "sealed.same_person")
		stand := p["chủ-tịch"] // acting for the one who proposed
		stand.Via = []org.Proxy{{PersonID: "thường-trực"}}
		testkit.Refused(t, w.Decide(ctx, stand, id, true), "sealed.same_person")
		testkit.Refused(t, w.Decide(ctx, p["chủ-tịch"], id, true), "sealed.other_side")
		testkit.Refused(t, w.Decide(ctx, p["chủ-tịch-phường"], id, true), "db.no_row")
		testkit.Refused(t, w.Decide(ctx, p["văn-thư"], id, true), "db.no_row")
		if n := w.count(t, `SELECT count(*) FROM reception_keepers WHERE council_id = 'hn'`); n != 3 {
			t.Fatalf("one person's word changed the list: %d", n)
		}
		must(t, w.Decide(ctx, p["an-toàn"], id, true))
		testkit.Refused(t, w.Decide(ctx, p["an-toàn"], id, true), "sealed.decided")
		if n := w.count(t, `SELECT count(*) FROM reception_keepers WHERE council_id = 'hn'`); n != 4 {
			t.Fatalf("the list has %d lines", n)
		}
		end, err := w.Propose(ctx, p["an-toàn"], sealed.Change{Kind: sealed.EndPerson, EntryID: "s-reader1", Reason: "Chuyển công tác"})
		must(t, err)
		must(t, w.Decide(ctx, p["chủ-tịch"], end, true))
		again, err := w.Propose(ctx, p["an-toàn"], sealed.Change{Kind: sealed.AddPerson, PersonID: "reader1", Reason: "Trở lại công tác", Mark: "m1"})
		must(t, err)
		if twice, _ := w.Propose(ctx, p["an-toàn"], sealed.Change{Kind: sealed.AddPerson, PersonID: "reader1", Reason: "Trở lại công tác", Mark: "m1"}); twice != again {
			t.Error("a double click proposes twice")
		}
		must(t, w.Decide(ctx, p["an-toàn"], again, false)) // takes it back

		// A ward without a security officer: two who lead it.
		place, err := w.Propose(ctx, p["chủ-tịch-phường"], sealed.Change{Kind: sealed.MovePlace, Place: sealed.Here, Reason: "Đã đủ điều kiện an toàn"})
		must(t, err)
		testkit.Refused(t, w.Decide(ctx, p["chủ-tịch-phường"], place, true), "sealed.same_person")
		second := p["chủ-tịch-phường"]
		second.PersonID = "khác"
		must(t, w.Decide(ctx, second, place, true))
		if n := w.count(t, `SELECT count(*) FROM audit_entries WHERE verb LIKE 'sealed.%' AND NOT sealed`); n != 0 {
			t.Errorf("%d acts stand in the public tree", n)
		}
		if n := w.count(t, `SELECT count(*) FROM audit_entries WHERE verb LIKE 'sealed.%'`); n != 8 {
			t.Errorf("%d acts are logged", n)
		}
	})
}

// TestAtOnce: two who confirm the same change at once carry it out once.
func TestAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 5 {
			id, err := w.Propose(ctx, w.People["chủ-tịch"], sealed.Change{Kind: sealed.AddPerson, PersonID: "văn-thư", Reason: "Thay người nghỉ thai sản"})
			must(t, err)
			var errs [2]error
			var wait sync.WaitGroup
			for i := range errs {
				wait.Go(func() { errs[i] = w.Decide(ctx, w.People["an-toàn"], id, true) })
			}
			wait.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("two confirmed at once: %v", errs)
			}
			if n := w.count(t, `SELECT count(*) FROM reception_keepers WHERE person_id = 'văn-thư' AND until = ''`); n != 1 {
				t.Fatalf("%d lines", n)
			}
			end, err := w.Propose(ctx, w.People["chủ-tịch"], sealed.Change{Kind: sealed.EndPerson, EntryID: id, Reason: "Trở lại công tác"})
			must(t, err)
			must(t, w.Decide(ctx, w.People["an-toàn"], end, true))
		}
	})
}
