package counter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"

	"pgregory.net/rapid"
)

func TestRepresentatives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "people")
		least, most := counter.Representatives(n)
		switch {
		case least < 1 || most < least || most > n:
			t.Fatalf("%d: %d to %d", n, least, most)
		case n < 5 && most != n, n >= 5 && n <= 10 && most != 2, n > 10 && most != 5:
			t.Fatalf("%d: at most %d", n, most)
		}
		if _, more := counter.Representatives(n + 1); n >= 5 && more < most {
			t.Fatalf("a bigger group than %d has fewer to speak", n)
		}
	})
}

// Groups of any size: never more people are written down than may speak, and
// no group ends without its paper.
func TestGroups(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, v := range []struct {
			people, come int
			paper        bool
			ends         string
		}{{1, 1, false, ""}, {4, 4, false, ""}, {4, 1, false, ""}, {5, 1, true, ""}, {5, 2, true, ""}, {5, 2, false, "counter.appointment_none"}, {10, 2, true, ""}, {11, 5, true, ""}, {30, 5, true, ""}, {30, 0, true, "counter.person_none"}} {
			id := w.called(t, "")
			paper := ""
			if v.paper {
				paper = "Giấy cử đại diện ngày 10/11/2026"
			}
			w.must(t, w.Gather(ctx, w.as(t, "lan"), id, v.people, paper, 0))
			for i := range v.come {
				must(w.AddPerson(ctx, w.as(t, "lan"), id, someone(fmt.Sprintf("Người %d", i), fmt.Sprintf("0010851234%02d", i)), 0))(t)
			}
			if _, most := counter.Representatives(v.people); v.come == most {
				_, err := w.AddPerson(ctx, w.as(t, "lan"), id, someone("Một người nữa", "001085999999"), 0)
				testkit.Refused(t, err, "counter.person_many")
			}
			w.must(t, w.AddMatter(ctx, w.as(t, "lan"), id, matter()))
			if err := w.End(ctx, w.as(t, "lan"), id, 0); v.ends == "" {
				w.must(t, err)
			} else {
				testkit.Refused(t, err, v.ends)
			}
		}
		id := w.called(t, "")
		for i := range 3 {
			if i == 0 {
				w.must(t, w.Gather(ctx, w.as(t, "lan"), id, 3, "", 0))
			}
			must(w.AddPerson(ctx, w.as(t, "lan"), id, someone("Người", fmt.Sprintf("00108512340%d", i)), 0))(t)
		}
		testkit.Refused(t, w.Gather(ctx, w.as(t, "lan"), id, 8, "Giấy cử", 0), "counter.person_many")
		testkit.Refused(t, w.Gather(ctx, w.as(t, "lan"), id, 0, "", 0), "counter.people_bad")
	})
}

func TestNumbersOfPapers(t *testing.T) {
	t.Parallel()
	today := clock.NewDate(2026, 11, 16)
	for _, v := range []struct {
		kind        counter.PaperKind
		typed, want string
		doubt       counter.Doubt
		wrong       bool
	}{
		{counter.CitizenCard, "001085123456", "001085123456", "", false},
		{counter.CitizenCard, " 001.085-123 456", "001085123456", "", false},
		{counter.CitizenCard, "001226123456", "001226123456", "", false}, // a boy born in 2026
		{counter.CitizenCard, "001327123456", "", "", true},              // a girl born in 2027
		{counter.CitizenCard, "001485123456", "", "", true},              // the 22nd century
		{counter.CitizenCard, "003085123456", "003085123456", counter.UnknownPlace, false},
		{counter.CitizenCard, "00108512345", "", "", true},
		{counter.CitizenCard, "0010851234567", "", "", true},
		{counter.CitizenCard, "００１０８５１２３４５６", "", "", true},
		{counter.CitizenCard, "00108512345a", "", "", true},
		{counter.CitizenCard, "", "", "", true},
		{counter.OldCard, "012345678", "012345678", counter.OldCardInvalid, false},
		{counter.OldCard, "0123456789", "", "", true},
		{counter.Passport, "c1234567", "C1234567", "", false},
		{counter.Passport, "ABCDEF", "", "", true},
		{counter.Passport, "Đ1234567", "", "", true},
		{counter.Passport, "'; DROP--", "", "", true},
		{counter.NoPaper, "", "", counter.NoPaperShown, false},
		{counter.NoPaper, "1", "", "", true},
		{"", "1", "", "", true},
	} {
		got, doubt, err := counter.CheckNumber(v.kind, v.typed, today)
		if got != v.want || doubt != v.doubt || (err != nil) != v.wrong {
			t.Errorf("%s %q: %q %q %v", v.kind, v.typed, got, doubt, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(counter.PaperKinds()).Draw(t, "kind")
		if got, _, err := counter.CheckNumber(kind, rapid.String().Draw(t, "typed"), today); err == nil && strings.Trim(got, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Fatal(got)
		}
	})
}

// The days by which a notice of refusal is due, written out by hand; 24/11/2026
// is a holiday.
func TestRefusal(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, v := range []struct {
			on      clock.Date
			ground  string
			due     clock.Date
			article string
		}{
			{day(16, 11), "law3", day(19, 11), "Điều 9 khoản 3"},
			{day(20, 11), "h", day(26, 11), "điểm h"}, // 23, 25, 26
			{day(23, 11), "h", day(27, 11), "điểm h"}, // §4.2
			{day(23, 11), "law1", clock.Date{}, ""}, {day(23, 11), "law2", clock.Date{}, ""},
			{day(23, 11), "a", clock.Date{}, ""}, {day(23, 11), "b", clock.Date{}, ""}, {day(23, 11), "c", clock.Date{}, ""}, {day(23, 11), "d", clock.Date{}, ""}, {day(23, 11), "dd", clock.Date{}, ""},
			{day(23, 11), "e", clock.Date{}, ""}, {day(23, 11), "g", clock.Date{}, ""}, {day(23, 11), "i", clock.Date{}, ""}, {day(23, 11), "k", clock.Date{}, ""},
		} {
			w.at(v.on.Day, v.on.Month)
			id := w.called(t, "")
			if !v.due.IsZero() {
				testkit.Refused(t, w.Refuse(ctx, w.as(t, "lan"), id, v.ground, "Đã giải thích", 0), "counter.notice_needs_person")
				must(w.AddPerson(ctx, w.as(t, "lan"), id, someone("Trần Thị Hoa", citizenNumber), 0))(t)
			}
			for range 2 { // a double click
				w.must(t, w.Refuse(ctx, w.as(t, "lan"), id, v.ground, "Đã giải thích", 0))
			}
			r := must(w.Record(ctx, w.as(t, "lan"), id))(t)
			if r.NoticeDue != v.due || r.State != counter.Refused {
				t.Errorf("%s on %s: due %s, want %s", v.ground, v.on, r.NoticeDue, v.due)
			}
			_, _, err := w.Paper(ctx, w.as(t, "lan"), id, "refusal")
			if v.due.IsZero() {
				testkit.Refused(t, err, "counter.no_file")
				testkit.Refused(t, w.NoticeSent(ctx, w.as(t, "lan"), id, "5/TB", v.on, 0), "counter.no_notice")
			} else if err != nil {
				t.Error(err)
			}
		}
		if len(counter.Grounds(day(1, 12))) != 13 || len(counter.Grounds(clock.NewDate(2026, 6, 30))) != 3 {
			t.Error("the grounds in force")
		}
		owed := must(w.Owed(ctx, w.as(t, "hùng")))(t)
		if len(owed) != 3 || owed[0].Due != day(19, 11) {
			t.Errorf("%+v", owed)
		}
		testkit.Refused(t, w.NoticeSent(ctx, w.as(t, "lan"), owed[0].VisitID, "5/TB-VP", day(10, 11), 0), "counter.day_bad")
		testkit.Refused(t, w.NoticeSent(ctx, w.as(t, "lan"), owed[0].VisitID, "", day(23, 11), 0), "counter.needed")
		w.must(t, w.NoticeSent(ctx, w.as(t, "lan"), owed[0].VisitID, "5/TB-VP", day(23, 11), 0))
		if owed = must(w.Owed(ctx, w.as(t, "hùng")))(t); len(owed) != 2 {
			t.Errorf("%+v", owed)
		}
		testkit.Refused(t, w.Refuse(ctx, w.as(t, "lan"), w.called(t, ""), "zz", "Lý do", 0), "counter.ground_none")
	})
}

func TestVisitFromDoorToLog(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		d := w.receive(t, "sơn")
		id := w.called(t, d)
		testkit.Refused(t, w.End(ctx, w.as(t, "lan"), id, 0), "counter.person_none")
		nfd := someone("Nguye\u0302\u0303n Thi\u0323 A\u0301nh", citizenNumber)
		must(w.AddPerson(ctx, w.as(t, "lan"), id, nfd, 0))(t)
		bad := someone("B", citizenNumber)
		bad.Role = counter.Authorised
		_, err := w.AddPerson(ctx, w.as(t, "lan"), id, bad, 0)
		testkit.Refused(t, err, "counter.capacity_none")
		testkit.Refused(t, w.End(ctx, w.as(t, "lan"), id, 0), "counter.line_none")
		denounce := matter()
		denounce.Class = counter.Denunciation
		testkit.Refused(t, w.AddMatter(ctx, w.as(t, "lan"), id, denounce), "counter.use_sealing")
		huge := matter()
		huge.Summary = strings.Repeat("ế", 10_001)
		testkit.Refused(t, w.AddMatter(ctx, w.as(t, "lan"), id, huge), "counter.too_long")
		nowhere := matter()
		nowhere.ToBody = " "
		testkit.Refused(t, w.AddMatter(ctx, w.as(t, "lan"), id, nowhere), "counter.needed")
		w.must(t, w.AddMatter(ctx, w.as(t, "lan"), id, matter()))
		open := counter.Matter{Class: counter.Proposal, Summary: "Đề nghị lắp đèn đường"}
		w.must(t, w.AddMatter(ctx, w.as(t, "lan"), id, open))
		testkit.Refused(t, w.End(ctx, w.as(t, "lan"), id, 0), "counter.outcome_missing")
		r := must(w.Record(ctx, w.as(t, "sơn"), id))(t)
		open.Outcome = counter.Settled
		w.must(t, w.ChangeMatter(ctx, w.as(t, "lan"), r.Lines[1].ID, open))
		testkit.Refused(t, w.Minutes(ctx, w.as(t, "lan"), id, "Tôi khiếu nại…", false, counter.Signed, 0), "counter.read_first")
		w.must(t, w.Minutes(ctx, w.as(t, "lan"), id, "Tôi khiếu nại…", true, counter.Fingerprint, 0))
		for range 2 {
			w.must(t, w.Receive(ctx, w.as(t, "lan"), id, []string{"Sổ đỏ, 01 bản sao", " ", "Đơn, 01 bản chính"}, "once"))
		}
		for range 2 {
			w.must(t, w.End(ctx, w.as(t, "sơn"), id, 0))
		}
		r = must(w.Record(ctx, w.as(t, "lan"), id))(t)
		if r.Present[0].Name != "Nguyễn Thị Ánh" || r.Present[0].Mask() != "********3456" || len(r.Receipts) != 1 || len(r.Receipts[0].Items.V) != 2 {
			t.Errorf("%+v", r)
		}
		if r.Lines[0].No != 1 || r.Lines[1].No != 2 || r.Lines[0].TellDue != day(1, 12) || !r.Lines[1].TellDue.IsZero() { // 10 working days from 16/11: §4.2
			t.Errorf("%+v", r.Lines)
		}
		owed := must(w.Owed(ctx, w.as(t, "lan")))(t)
		if len(owed) != 2 || owed[0].Kind != "conclusion" || owed[1].Kind != "telling" {
			t.Errorf("%+v", owed)
		}
		w.must(t, w.Conclude(ctx, w.as(t, "sơn"), id, "Giao Văn phòng theo dõi.", "3/TB-HĐND", day(16, 11), 0))
		case1 := must(w.HandOver(ctx, w.as(t, "lan"), r.Lines[0].ID))(t)
		if again := must(w.HandOver(ctx, w.as(t, "lan"), r.Lines[0].ID))(t); again.CaseID != case1.CaseID || case1.Key == "" || again.Key != "" || len(w.letters) != 1 || w.letters[0].Name != "Nguyễn Thị Ánh" {
			t.Errorf("%+v", w.letters)
		}
		_, err = w.HandOver(ctx, w.as(t, "lan"), r.Lines[1].ID)
		testkit.Refused(t, err, "counter.no_hand_over")
		must(w.Told(ctx, w.as(t, "lan"), r.Lines[0].ID, day(16, 11)))(t)
		if owed = must(w.Owed(ctx, w.as(t, "lan")))(t); len(owed) != 0 {
			t.Errorf("%+v", owed)
		}
		after := matter()
		after.Summary, after.Follow = "Bịa lại nội dung", "UBND phường đã trả lời"
		w.must(t, w.ChangeMatter(ctx, w.as(t, "lan"), r.Lines[0].ID, after))
		r = must(w.Record(ctx, w.as(t, "lan"), id))(t)
		if r.Lines[0].Summary != matter().Summary || r.Lines[0].Follow != "UBND phường đã trả lời" {
			t.Error("the log was rewritten")
		}
		for _, kind := range []string{"minutes", "receipt", "conclusion"} {
			if _, pdf, err := w.Paper(ctx, w.as(t, "lan"), id, kind); err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
				t.Errorf("%s: %v", kind, err)
			}
		}
		second := w.called(t, d)
		must(w.AddPerson(ctx, w.as(t, "lan"), second, someone("Nguyễn Thị Ánh", citizenNumber), 0))(t)
		if again := must(w.Record(ctx, w.as(t, "lan"), second))(t); len(again.Earlier) != 1 || again.Earlier[0].VisitID != id {
			t.Errorf("seen before: %+v", again.Earlier)
		}
	})
}

func TestMorning(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.done(t, "", matter()) // to be told by 01/12
		run := func() int {
			t.Helper()
			w.must(t, w.Jobs()[0].Handle(ctx, noWork))
			return w.count(t, `SELECT COUNT(*) FROM notify_messages WHERE sentence = 'counter.notice_due'`)
		}
		if n := run(); n != 0 {
			t.Errorf("%d told too early", n)
		}
		w.at(30, 11)
		if n := run(); n != 3 { // two clerks and the head; not the ward
			t.Errorf("%d told", n)
		}
	})
}

// sealedAway are the words of a denouncer that must be nowhere.
var sealedAway = []string{"Phạm Bí Mật", "bimat@example.vn", "9 ngõ Kín", "036199000777", "giám đốc nhận tiền"}

// dump gives every row of every table of the database as text.
func (w *world) dump(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	err := w.db.Read(ctx, func(tx *db.Tx) error {
		query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
		if tx.Dialect() == db.Postgres {
			query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
		}
		names, err := db.All[string](ctx, tx, query)
		if err != nil {
			return err
		}
		for _, name := range names {
			row := "CAST(t AS TEXT)"
			if tx.Dialect() == db.SQLite {
				columns, err := db.All[string](ctx, tx, `SELECT 'CAST(t."' || name || '" AS TEXT)' FROM pragma_table_info('`+name+`')`)
				if err != nil {
					return err
				}
				row = strings.Join(columns, " || '|' || ")
			}
			rows, err := db.All[string](ctx, tx, `SELECT COALESCE(`+row+`, '') FROM "`+name+`" t`)
			if err != nil {
				return err
			}
			out.WriteString(name + "\n" + strings.Join(rows, "\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// No citizen number lies in the tables, and only a reason opens it.
func TestNumbersSealedAtRest(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.done(t, "", matter())
		if all := w.dump(t); strings.Contains(all, citizenNumber) || strings.Contains(all, citizenNumber[:10]) || !strings.Contains(all, "Trần Thị Hoa") {
			t.Error("the number lies open, or the dump does not see the tables")
		}
		p := must(w.Record(ctx, w.as(t, "lan"), id))(t).Present[0]
		_, err := w.Number(ctx, w.as(t, "lan"), id, p.ID, "xem")
		testkit.Refused(t, err, "counter.reason_short")
		if got := must(w.Number(ctx, w.as(t, "hùng"), id, p.ID, "Đối chiếu với đơn gửi kèm"))(t); got != citizenNumber {
			t.Error(got)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'reception.reveal_number' AND details LIKE '%Đối chiếu với đơn%'`); n != 1 {
			t.Errorf("%d entries of looking at a number", n)
		}
		if strings.Contains(w.dump(t), citizenNumber) {
			t.Error("looking at the number left it in the tables")
		}
	})
}

// A denunciation leaves no trace of the person, whatever was typed before.
func TestDenunciationLeavesNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		d := w.receive(t, "sơn")
		code := must(w.schedule.Book(ctx, w.as(t, ""), d, schedule.Wish{Slot: "09:00", Name: "Phạm Bí Mật", Contact: "bimat@example.vn", Subject: "Nộp đơn"}))(t)
		booking := must(w.schedule.Find(ctx, code))(t).Booking.ID
		must(w.Arrive(ctx, w.as(t, "lan"), counter.Arrival{DayID: d, BookingID: booking}))(t)
		w.clock.Advance(90 * time.Minute)
		visit := must(w.CallNext(ctx, w.as(t, "lan"), d, ""))(t)
		in := someone("Phạm Bí Mật", "036199000777")
		in.Address, in.Contact = "9 ngõ Kín", "bimat@example.vn"
		must(w.AddPerson(ctx, w.as(t, "lan"), visit, in, 0))(t)
		wrongClass := matter()
		wrongClass.Summary = "Nói rằng giám đốc nhận tiền"
		w.must(t, w.AddMatter(ctx, w.as(t, "lan"), visit, wrongClass))
		w.must(t, w.Minutes(ctx, w.as(t, "lan"), visit, "giám đốc nhận tiền", true, counter.Signed, 0))
		w.must(t, w.Receive(ctx, w.as(t, "lan"), visit, []string{"Băng ghi âm giám đốc nhận tiền"}, ""))
		if !strings.Contains(w.dump(t), "Phạm Bí Mật") {
			t.Fatal("the hunt would find nothing anyway")
		}
		a := counter.Accusation{Name: "Phạm Bí Mật", Address: "9 ngõ Kín", Contact: "bimat@example.vn", PaperKind: counter.CitizenCard, PaperNumber: "036199000777", Content: "Ông X giám đốc nhận tiền", Once: "o"}
		_, err := w.Denounce(ctx, w.as(t, "tâm"), visit, a)
		testkit.Refused(t, err, "counter.no_visit")
		empty := a
		empty.Content = " "
		_, err = w.Denounce(ctx, w.as(t, "lan"), visit, empty)
		testkit.Refused(t, err, "counter.needed")
		id := must(w.Denounce(ctx, w.as(t, "lan"), visit, a))(t)
		if again := must(w.Denounce(ctx, w.as(t, "lan"), visit, a))(t); again != id || len(w.sealed) != 1 {
			t.Error("a double click seals twice")
		}
		if got := w.sealed[id]; string(got["name"]) != "Phạm Bí Mật" || string(got["number"]) != "036199000777" || len(got) != 5 {
			t.Errorf("%q", got)
		}
		all := w.dump(t)
		for _, words := range sealedAway {
			if strings.Contains(all, words) {
				i := strings.Index(all, words)
				t.Errorf("%q lies in the tables: %.200s", words, all[max(0, i-150):])
			}
		}
		w.filesLack(t, sealedAway)
		r := must(w.Record(ctx, w.as(t, "hùng"), id))(t)
		if !r.Sealed || r.Number != 0 || !r.ArrivedAt.IsZero() || !r.EndedAt.IsZero() || len(r.Present)+len(r.Lines) != 0 {
			t.Errorf("%+v", r)
		}
		b := must(w.Log(ctx, w.as(t, "lan"), counter.Period{}, ""))(t)
		if cells := b.Entries[0].Cells(); strings.Join(cells[2:], "|") != "||Tố cáo – thông tin được niêm phong|TC|||||||" {
			t.Errorf("%q", cells)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'reception.seal' AND NOT sealed`); n != 0 {
			t.Error("an open entry")
		}
		testkit.Refused(t, w.Conclude(ctx, w.as(t, "sơn"), id, "Kết luận", "", clock.Date{}, 0), "counter.is_sealed")
	})
}

// filesLack reads the bytes of SQLite's file and of its log: what is gone from the
// tables must not lie in free pages either.
func (w *world) filesLack(t *testing.T, words []string) {
	t.Helper()
	if w.db.Dialect() != db.SQLite {
		return
	}
	var file string
	err := w.db.Read(ctx, func(tx *db.Tx) (err error) {
		file, err = db.One[string](ctx, tx, `SELECT file FROM pragma_database_list WHERE name = 'main'`)
		return err
	})
	files, bad := filepath.Glob(file + "*")
	if err != nil || bad != nil || file == "" || len(files) == 0 {
		t.Fatalf("%q %v %v %v", file, files, err, bad)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if strings.Contains(string(b), word) {
				t.Errorf("%s holds %q", filepath.Base(f), word)
			}
		}
	}
}

// A part that denounces is sealed by itself; the visit goes on and knows nothing.
func TestMixedContentIsSplit(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		visit := w.called(t, "")
		must(w.AddPerson(ctx, w.as(t, "lan"), visit, someone("Trần Thị Hoa", citizenNumber), 0))(t)
		w.must(t, w.AddMatter(ctx, w.as(t, "lan"), visit, matter()))
		id := must(w.Denounce(ctx, w.as(t, "lan"), visit, counter.Accusation{Name: "Trần Thị Hoa", Content: "giám đốc nhận tiền", Apart: true}))(t)
		w.must(t, w.End(ctx, w.as(t, "lan"), visit, 0))
		r := must(w.Record(ctx, w.as(t, "lan"), visit))(t)
		if id == visit || r.Sealed || len(r.Present) != 1 || len(r.Lines) != 1 || r.State != counter.Done {
			t.Errorf("%+v", r)
		}
		b := must(w.Log(ctx, w.as(t, "lan"), counter.Period{}, ""))(t)
		if len(b.Entries) != 2 {
			t.Errorf("%d lines", len(b.Entries))
		}
		if n := w.count(t, `SELECT COUNT(*) FROM reception_visits WHERE id = $1 AND booking_id = '' AND number = 0`, id); n != 1 {
			t.Error("a tie to the visit")
		}
	})
}

// What reports count: never a name, and a sealed visit only once its day is over.
func TestFacts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		d := w.receive(t, "sơn")
		first, again := matter(), matter()
		first.Times, again.Times = counter.FirstTime, counter.Again
		w.done(t, d, first)
		w.done(t, "", again)
		w.done(t, "", matter())
		must(w.Denounce(ctx, w.as(t, "lan"), w.called(t, d), counter.Accusation{Content: "giám đốc nhận tiền"}))(t)
		w.called(t, "") // not over
		ask := func(moment time.Time) (all []counter.Fact) {
			t.Helper()
			q := counter.Question{CouncilID: "hn", From: day(1, 11), Until: day(30, 11), Moment: moment, Limit: 2}
			for {
				some := read(t, w, func(tx *db.Tx) ([]counter.Fact, error) { return w.Facts(ctx, tx, q) })
				if all = append(all, some...); len(some) < q.Limit {
					return all
				}
				q.After = some[len(some)-1].ID
			}
		}
		now := ask(w.clock.Now())
		tomorrow := ask(w.clock.Now().AddDate(0, 0, 1))
		if len(now) != 3 || len(tomorrow) != 4 || len(ask(w.clock.Now().AddDate(0, 0, -1))) != 0 {
			t.Fatalf("%d now, %d tomorrow", len(now), len(tomorrow))
		}
		sum := map[string]int{}
		for _, f := range tomorrow {
			sum[f.By()]++
			sum["first"] += f.First
			sum["again"] += f.Again
			sum["unclear"] += f.Unclear
			if f.Group() || f.LogNo == 0 {
				t.Errorf("%+v", f)
			}
		}
		if got := fmt.Sprint(sum); got != "map[again:1 first:1 leader:2 regular:2 unclear:2]" {
			t.Error(got)
		}
	})
}
