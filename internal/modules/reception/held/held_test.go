package held_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// planted stands in the scan, and in its name.
const (
	planted = "Kỳ Quặc Viễn ở Hẻm Bí Mật"
	name    = "don-Ky-Quac.txt"
	letters = "/reception/letters"
)

var content = []byte("Đơn của " + planted + ".\n" + strings.Repeat(planted+" ", 200))

// office is the standard council at its letters.
type office struct {
	t *testing.T
	*council.World
	book *reception.Service
}

func each(t *testing.T, fn func(o *office)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Keepers(t)
		fn(&office{t, w, w.App.Reception})
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// takes enters a letter with a scan through its page.
func (o *office) takes(kind string, files map[string][]byte) (id string) {
	o.t.Helper()
	b := o.Browse(o.t, "văn-thư")
	form := url.Values{"kind": {kind}, "source": {"post"}, "received_on": {clock.Today(o.World.Clock).VN()}, "senders": {"Nguyễn Văn Bình; phố Đội Cấn"}, "summary": {"Đơn chưa rõ loại."}}
	for k, v := range b.Get(o.t, letters+"/new").Hidden() {
		form[k] = v
	}
	page := b.Upload(o.t, letters, form, files)
	if page.Status != 200 || !strings.HasPrefix(page.URL, letters+"/") {
		o.t.Fatalf("%d %s %.900s", page.Status, page.URL, page.Text())
	}
	o.World.Clock.Advance(time.Minute)
	return strings.TrimPrefix(page.URL, letters+"/")
}

func (o *office) classify(id string, kind reception.Kind) error {
	err := o.book.Classify(o.t.Context(), o.People["văn-thư"], id, reception.Classification{Kind: kind, Conditions: reception.AllMet(kind), Authority: reception.Other, Result: reception.Forward, BodyID: "bd-ub", Instance: 1})
	o.World.Clock.Advance(time.Minute)
	return err
}

func (o *office) sheet(id string) reception.Sheet {
	o.t.Helper()
	v, err := o.book.Sheet(o.t.Context(), o.People["lãnh-đạo-văn-phòng"], id)
	o.must(err)
	return v
}

// hunt looks for the scan in every file, every table and every text.
func (o *office) hunt(when string, words ...string) {
	o.t.Helper()
	o.Work(o.t)
	for _, f := range o.InFiles(o.t, words...) {
		o.t.Errorf("%s: %s", when, f)
	}
	o.must(o.App.DB.Read(o.t.Context(), func(tx *db.Tx) error {
		tables := `SELECT 'SELECT ' || group_concat('quote("' || p.name || '")', '||'' ''||') || ' FROM "' || m.name || '"' FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' GROUP BY m.name`
		if tx.Dialect() == db.Postgres {
			tables = `SELECT 'SELECT t::text FROM "' || table_name || '" t' FROM information_schema.tables WHERE table_schema = current_schema()`
		}
		all, err := db.All[string](o.t.Context(), tx, tables)
		if err != nil || len(all) < 60 {
			return fmt.Errorf("%d tables: %w", len(all), err)
		}
		for _, q := range all {
			rows, err := db.All[string](o.t.Context(), tx, q)
			if err != nil {
				return err
			}
			for _, r := range rows {
				for _, w := range words {
					if low := strings.ToLower(r); strings.Contains(r, w) || strings.Contains(low, hex.EncodeToString([]byte(w))) {
						o.t.Errorf("%s: a row holds %q: %.200s (%s)", when, w, r, q)
					}
				}
			}
		}
		return nil
	}))
	for _, person := range []string{"", "chủ-tịch", "đại-biểu", "kiểm-tra"} {
		b := o.Browse(o.t, person)
		for _, path := range []string{"/search?q=Kỳ+Quặc", "/log", "/inbox", "/desk"} {
			testkit.Hides(o.t, b.Get(o.t, path).Body, words...)
		}
	}
}

func (o *office) blobs() (n int) {
	o.t.Helper()
	o.must(o.App.DB.Read(o.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](o.t.Context(), tx, `SELECT COUNT(*) FROM documents_papers`)
		return err
	}))
	return n
}

// A scan that comes in is sealed until the letter is classified: the office opens
// it, nobody else does, and each opening is kept where the case does not show it.
// A complaint's comes to the file of the letter then, for whoever reads that.
func TestHeldUntilClassified(t *testing.T) {
	for _, kind := range []string{"unsorted", "complaint"} {
		t.Run(kind, func(t *testing.T) {
			each(t, func(o *office) {
				id := o.takes(kind, map[string][]byte{name: content})
				o.hunt("held", planted, "Ky-Quac")
				at := letters + "/" + id + "/held/1"
				for who, want := range map[string]int{"văn-thư": 200, "văn-thư-hai": 200, "lãnh-đạo-văn-phòng": 200, "chủ-tịch": 404, "thường-trực": 404, "đại-biểu": 404, "an-toàn": 404, "quản-trị": 404, "văn-thư-phường": 404,
					"đầu-mối-xây-dựng": 404} {
					page := o.Browse(t, who).Get(t, at)
					if page.Status != want && (want == 200 || page.Status != 403) || want == 200 && (page.Body != string(content) || page.Header.Get("Cache-Control") != "no-store, max-age=0") {
						t.Errorf("%s: %d %v", who, page.Status, page.Header)
					}
				}
				if p := o.Browse(t, "văn-thư").Get(t, letters+"/"+id+"/held/2"); p.Status != 404 {
					t.Errorf("there is no second scan: %d", p.Status)
				}
				testkit.Has(t, o.Browse(t, "văn-thư").Get(t, letters+"/"+id).Text(), "Bản chụp chờ phân loại", name)
				chairs := o.Browse(t, "chủ-tịch").Get(t, letters+"/"+id).Text()
				testkit.Has(t, chairs, "1 tệp, được niêm phong")
				testkit.Hides(t, chairs, name)
				o.opened(id, 3)
				o.must(o.classify(id, reception.Complaint))
				v := o.sheet(id)
				if len(v.Papers) != 1 || v.HeldMany != 0 || v.Papers[0].Title != name {
					t.Errorf("%+v, %d held", v.Papers, v.HeldMany)
				}
				if p := o.Browse(t, "chủ-tịch").Get(t, letters+"/"+id+"/papers/"+v.Papers[0].ID); p.Body != string(content) {
					t.Errorf("%d %.100s", p.Status, p.Body)
				}
				if p := o.Browse(t, "văn-thư").Get(t, at); p.Status != 404 {
					t.Errorf("it is held still: %d", p.Status)
				}
			})
		})
	}
}

// opened counts the openings in the log: sealed, and none under the case.
func (o *office) opened(id string, want int) {
	o.t.Helper()
	o.must(o.App.DB.Read(o.t.Context(), func(tx *db.Tx) error {
		n, err := db.One[int](o.t.Context(), tx, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'reception.open_held' AND subject <> $1`, id)
		if n != want {
			o.t.Errorf("%d openings in the log, want %d", n, want)
		}
		return err
	}))
}

// A scan of a letter that turns out to be a denunciation was never in clear: it
// goes from box to box, and nothing of it is anywhere else.
func TestTurnsOutToBeADenunciation(t *testing.T) {
	each(t, func(o *office) {
		before := o.blobs()
		id := o.takes("unsorted", map[string][]byte{name: content})
		o.must(o.classify(id, reception.Denunciation))
		o.hunt("sealed", planted, "Ky-Quac")
		if v := o.sheet(id); len(v.Papers) != 0 || v.HeldMany != 0 || !v.Case.Sealed || o.blobs() != before {
			t.Errorf("%d papers, %d held", len(v.Papers), v.HeldMany)
		}
		got, err := o.book.Reveal(t.Context(), o.People["văn-thư"], id, []string{"scan/1"}, "Kiểm tra bản chụp theo phân công")
		if err != nil || string(got["scan/1"]) != string(content) {
			t.Errorf("%q, %v", got["scan/1"], err)
		}
	})
}

// A letter that was taken for a recommendation first and is a denunciation on the
// second reading: its scan was in the ordinary store, and no byte of it is left,
// not even of the blob, of its text or in free pages.
func TestFoundOnTheSecondReading(t *testing.T) {
	each(t, func(o *office) {
		id := o.takes("unsorted", map[string][]byte{name: content})
		o.must(o.classify(id, reception.Proposal))
		o.Work(t)
		if len(o.InFiles(t, planted)) == 0 {
			t.Fatal("the hunt does not find what lies in the store")
		}
		hash := o.sheet(id).Papers[0].Hash
		o.must(o.book.SendBack(t.Context(), o.People["lãnh-đạo-văn-phòng"], id, "Đơn là tố cáo.", 0))
		o.must(o.classify(id, reception.Denunciation))
		o.hunt("sealed later", planted, "Ky-Quac")
		if there, err := o.App.Documents.Blobs.Has(t.Context(), hash); err != nil || there {
			t.Errorf("the blob is on the disk: %v, %v", there, err)
		}
		o.must(o.App.DB.Read(t.Context(), func(tx *db.Tx) error {
			_, done, err := o.App.Documents.Text(t.Context(), tx, hash)
			if done {
				t.Error("the text of the scan was kept")
			}
			return err
		}))
	})
}

// Two clerks read one letter at once, one as a complaint and one as a
// denunciation: when the denunciation comes first, the other leaves nothing.
func TestTwoClerksAtOnce(t *testing.T) {
	each(t, func(o *office) {
		for range 4 {
			id := o.takes("unsorted", map[string][]byte{name: content})
			var wg sync.WaitGroup
			for _, k := range []reception.Kind{reception.Complaint, reception.Denunciation} {
				wg.Go(func() {
					err := o.book.Classify(context.WithoutCancel(t.Context()), o.People["văn-thư"], id, reception.Classification{Kind: k, Conditions: reception.AllMet(k), Authority: reception.Other, Result: reception.Forward, BodyID: "bd-ub", Instance: 1})
					_ = err // one of the two is refused
				})
			}
			wg.Wait()
			o.World.Clock.Advance(time.Minute)
			if o.sheet(id).Case.Sealed {
				o.hunt("the denunciation came first", planted, "Ky-Quac")
				continue
			}
			o.must(o.book.SendBack(t.Context(), o.People["lãnh-đạo-văn-phòng"], id, "Đơn là tố cáo.", 0))
			o.must(o.classify(id, reception.Denunciation))
			o.hunt("the complaint came first", planted, "Ky-Quac")
		}
	})
}

// The parts of a letter hold its scans until each is classified; a letter that is
// split because a part denounces goes to its compartment with them.
func TestPartsHold(t *testing.T) {
	each(t, func(o *office) {
		split := func(id string, kinds ...reception.Kind) []reception.Handed {
			var parts []reception.Part
			for _, k := range kinds {
				parts = append(parts, reception.Part{Kind: k, Summary: "Một nội dung."})
			}
			made, err := o.book.Split(t.Context(), o.People["văn-thư"], id, parts, "", 0)
			o.must(err)
			o.World.Clock.Advance(time.Minute)
			return made
		}
		id := o.takes("unsorted", map[string][]byte{name: content})
		made := split(id, reception.Complaint, reception.Denunciation)
		o.hunt("split with a denunciation", planted, "Ky-Quac")
		if v := o.sheet(made[0].ID); v.HeldMany+len(v.Papers) != 0 {
			t.Error("the complaint holds the scan that shows the denunciation")
		}
		for _, sealed := range []string{id, made[1].ID} {
			got, err := o.book.Reveal(t.Context(), o.People["văn-thư"], sealed, []string{"scan/1"}, "Kiểm tra bản chụp theo phân công")
			if err != nil || string(got["scan/1"]) != string(content) {
				t.Errorf("%q, %v", got["scan/1"], err)
			}
		}
		made = split(o.takes("mixed", map[string][]byte{name: content}), reception.Complaint, reception.Proposal)
		o.hunt("split", planted, "Ky-Quac")
		for _, h := range made {
			if o.sheet(h.ID).HeldMany != 1 {
				t.Error("a part lacks its scan")
			}
			o.must(o.classify(h.ID, o.sheet(h.ID).Letter.Kind))
			if len(o.sheet(h.ID).Papers) != 1 {
				t.Error("a part lacks its paper")
			}
		}
	})
}

// A file that the store does not take does not hinder the classification: it
// stays where it is, and the page says so. Files of no known kind do not come in.
func TestRefusedByTheStore(t *testing.T) {
	each(t, func(o *office) {
		id := o.takes("unsorted", map[string][]byte{"quyet-dinh.txt": []byte("TUYỆT MẬT\nĐơn kèm quyết định.\n"), "don.txt": []byte("Nội dung đơn.\n")})
		o.must(o.classify(id, reception.Proposal))
		if v := o.sheet(id); len(v.Papers) != 1 || len(v.Held) != 1 || !v.Held[0].Refused || v.Held[0].Name != "quyet-dinh.txt" {
			t.Fatalf("%+v %+v", v.Papers, v.Held)
		}
		testkit.Has(t, o.Browse(t, "văn-thư").Get(t, letters+"/"+id).Text(), "Kho tài liệu không nhận tệp này")
		b := o.Browse(t, "văn-thư")
		for bad, bytes := range map[string][]byte{"a.exe": []byte("MZ\x90\x00"), "b.pdf": []byte("không phải PDF"), "c.txt": {}} {
			form := url.Values{"kind": {"unsorted"}, "source": {"post"}, "received_on": {clock.Today(o.World.Clock).VN()}, "senders": {"Nguyễn Văn Bình"}, "summary": {"Đơn."}}
			if p := b.Upload(t, letters, form, map[string][]byte{bad: bytes}); p.Status != 422 {
				t.Errorf("%s: %d", bad, p.Status)
			}
		}
	})
}

// What a deputy hands on is held the same way.
func TestDeputysScanIsHeld(t *testing.T) {
	each(t, func(o *office) {
		b := o.Browse(t, "đại-biểu")
		form := url.Values{"received_on": {clock.Today(o.World.Clock).VN()}, "way": {"meeting"}, "kind": {"unsorted"}, "senders": {"Nguyễn Văn Bình"}, "summary": {"Đơn chưa rõ loại."}}
		for k, v := range b.Get(t, "/reception/deputies/new").Hidden() {
			form[k] = v
		}
		if p := b.Upload(t, "/reception/deputies/new", form, map[string][]byte{name: content}); p.Status != 200 {
			t.Fatalf("%d %.600s", p.Status, p.Text())
		}
		o.hunt("handed on", planted, "Ky-Quac")
		list, err := o.book.List(t.Context(), o.People["văn-thư"], reception.Filter{})
		o.must(err)
		if v := o.sheet(list.Rows[0].ID); v.HeldMany != 1 {
			t.Errorf("%+v", v.Held)
		}
	})
}

// A scan opens at its own place only, with the installation's key.
func TestBoxesAreBound(t *testing.T) {
	each(t, func(o *office) {
		id := o.takes("unsorted", map[string][]byte{name: content})
		other := o.takes("unsorted", map[string][]byte{"b.txt": []byte("khác")})
		o.must(o.App.DB.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE reception_held_pieces SET box = (SELECT box FROM reception_held_pieces WHERE letter_id = $1 AND idx = 0) WHERE letter_id = $2`, id, other)
			return err
		}))
		who := o.People["văn-thư"]
		if p := o.Browse(t, "văn-thư").Get(t, letters+"/"+other+"/held/1"); p.Status != 500 {
			t.Errorf("a scan in another's place is shown to %s: %d", who.Name, p.Status)
		}
	})
}

// A file of words that was sealed with a denunciation is looked at page by page,
// like every scan: there is no other way to it.
func TestWordsAreLookedAt(t *testing.T) {
	each(t, func(o *office) {
		id := o.takes("denunciation", map[string][]byte{name: content})
		desk, who := o.book.Desks().Scans, o.People["văn-thư"]
		ticket, err := desk.Open(t.Context(), who, id, 1, "Kiểm tra bản chụp theo phân công")
		o.must(err)
		look, err := desk.Look(t.Context(), who, id, 1, ticket, 1)
		if err != nil || look.Pages < 2 {
			t.Fatalf("%+v, %v", look, err)
		}
		if b, err := desk.Picture(t.Context(), who, id, 1, ticket, look.Pages, ""); err != nil || len(b) < 1000 || strings.Contains(string(b), planted) {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		number, err := desk.Make(t.Context(), who, id, scans.Making{Scan: 1, Ticket: ticket, None: true})
		if err != nil || number != 1 {
			t.Errorf("%d, %v", number, err)
		}
		page := o.Browse(t, "văn-thư").Post(t, "/reception/sealed/"+id+"/reveal", url.Values{"reveal_items": {"scan/1"}, "reveal_reason": {"Kiểm tra bản chụp theo phân công"}})
		if page.Status != 422 || !strings.Contains(page.Text(), "Bản quét không mở ở đây") || strings.Contains(page.Body, planted) {
			t.Errorf("%d %.300s", page.Status, page.Text())
		}
		sheet := o.Browse(t, "văn-thư").Get(t, "/reception/sealed/"+id)
		testkit.Has(t, sheet.Text(), "Bản quét được mở từng trang")
		testkit.Hides(t, sheet.Body, `value="scan/1"`)
	})
}
