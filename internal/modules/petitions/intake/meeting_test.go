package intake

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

func announce() Announcement {
	return Announcement{HeldOn: clock.NewDate(2026, 11, 10), Place: "Nhà văn hóa phường Ngọc Hà", Wards: "phường Ngọc Hà, Trúc Bạch", Session: "Trước Kỳ họp thứ 5", Constituency: "Đơn vị số 1",
		Present: "trần thị bình\nÔng Khách", Once: "form-1"}
}

func TestOpenMeeting(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		m, err := w.OpenMeeting(t.Context(), clerk, announce())
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(m.Units.V) != "[{00008 Phường Ngọc Hà} {00004 Phường Ba Đình}]" {
			t.Errorf("wards %v: a former ward should be today's", m.Units.V)
		}
		if len(m.Deputies.V) != 2 || m.Deputies.V[0].PostID != "post-bình" || m.Deputies.V[1].PostID != "" {
			t.Errorf("deputies %+v", m.Deputies.V)
		}
		twice, err := w.OpenMeeting(t.Context(), clerk, announce())
		if err != nil || twice.ID != m.ID {
			t.Errorf("a second press opened %v %v", twice.ID, err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'intake.open_meeting'`); n != 1 {
			t.Errorf("%d entries in the log", n)
		}
		for name, c := range map[string]struct {
			change func(a *Announcement)
			key    string
		}{
			"to come":       {func(a *Announcement) { a.HeldOn = clock.NewDate(2026, 11, 17) }, "intake.day_to_come"},
			"no day":        {func(a *Announcement) { a.HeldOn = clock.Date{} }, "intake.day_empty"},
			"no place":      {func(a *Announcement) { a.Place = " " }, "intake.place_empty"},
			"no ward":       {func(a *Announcement) { a.Wards = "" }, "intake.ward_empty"},
			"unknown ward":  {func(a *Announcement) { a.Wards = "phường Không Có" }, "org.no_such_unit"},
			"divided ward":  {func(a *Announcement) { a.Wards = "phường Liễu Giai" }, "org.unit_divided"},
			"another city":  {func(a *Announcement) { a.Wards = "phường Xa Lạ" }, "intake.ward_elsewhere"},
			"place endless": {func(a *Announcement) { a.Place = strings.Repeat("x", 400) }, "intake.line_long"},
		} {
			a := announce()
			a.Once = name
			c.change(&a)
			if _, err := w.OpenMeeting(t.Context(), clerk, a); !fault.Is(err, c.key) {
				t.Errorf("%s: %v, want %s", name, err, c.key)
			}
		}
		for _, who := range []org.Actor{agency, {}, {PersonID: "x", PostID: "x", BodyKind: org.Office, CouncilID: "hn", Roles: []org.Role{org.Deputy}}} {
			if _, err := w.OpenMeeting(t.Context(), who, announce()); fault.KindOf(err) != fault.Missing {
				t.Errorf("%s opened a meeting: %v", who.PersonID, err)
			}
		}
		if _, err := w.MeetingView(t.Context(), wardClerk, m.ID, ""); fault.KindOf(err) != fault.Missing {
			t.Errorf("another council sees the meeting: %v", err)
		}
	})
}

func TestTakeLines(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		m, err := w.OpenMeeting(t.Context(), clerk, announce())
		if err != nil {
			t.Fatal(err)
		}
		lines := []Line{
			{Text: "Đề nghị sửa đoạn đường trước cổng trường", Name: "Lê Văn Tám", Once: "a"},
			{},
			{Text: "ngắn", Once: "b"},
			{Text: "Đề nghị lắp thêm đèn ở ngõ 12 phố Đội Cấn", Ward: "Giảng Võ", Once: "c"},
			{Text: "Đề nghị lắp thêm đèn ở ngõ 14 phố Đội Cấn", Ward: "phường Không Có", Once: "d"},
		}
		for press := range 2 {
			told, err := w.TakeLines(t.Context(), clerk, m.ID, "", lines)
			if err != nil || len(told) != 4 {
				t.Fatal(told, err)
			}
			if told[0].Err != nil || told[2].Err != nil || !fault.Is(told[1].Err, "petitions.text_short") || !fault.Is(told[3].Err, "org.no_such_unit") {
				t.Errorf("press %d: %+v", press, told)
			}
			if told[0].Taken.Again != (press == 1) {
				t.Errorf("press %d: again %v", press, told[0].Taken.Again)
			}
			if n := w.petitions(t); n != 2 {
				t.Errorf("press %d: %d petitions, want 2", press, n)
			}
		}
		told, err := w.TakeLines(t.Context(), clerk, m.ID, "", lines[:1])
		if err != nil {
			t.Fatal(err)
		}
		var s Source
		if err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) { s, err = SourceOf(t.Context(), tx, told[0].Taken.ID); return err }); err != nil {
			t.Fatal(err)
		}
		if s.Channel != Meeting || s.MeetingID != m.ID || s.Session != "Trước Kỳ họp thứ 5" || s.RaisedOn != m.HeldOn || s.PersonID != "an" {
			t.Errorf("source %+v", s)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM cases_cases WHERE unit_code = '00025'`); n != 1 {
			t.Error("the line's own ward is lost")
		}
		v, err := w.MeetingView(t.Context(), clerk, m.ID, "")
		if err != nil || len(v.Rows) != 2 || v.Total != 2 {
			t.Errorf("%+v %v", v, err)
		}
		// Another clerk's form of the same mark is another form.
		other := clerk
		other.PersonID = "khác"
		if told, err := w.TakeLines(t.Context(), other, m.ID, "", lines[:1]); err != nil || told[0].Taken.Again {
			t.Errorf("marks of two clerks meet: %v %v", told, err)
		}
	})
}

// TestMeetingWithoutWards: a meeting may have lost its wards; then each opinion
// has to name its own.
func TestMeetingWithoutWards(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		m, err := w.OpenMeeting(t.Context(), clerk, announce())
		if err != nil {
			t.Fatal(err)
		}
		err = w.db.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE petitions_meetings SET units = '[]'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		const words = "Đề nghị sửa đoạn đường trước cổng trường"
		told, err := w.TakeLines(t.Context(), clerk, m.ID, "", []Line{{Text: words}, {Text: words, Ward: "Ngọc Hà"}})
		if err != nil || !fault.Is(told[0].Err, "intake.ward_empty") || told[1].Err != nil {
			t.Errorf("%+v %v", told, err)
		}
		if p := w.browse(t, "clerk").get("/intake/meetings/" + m.ID); p.status != http.StatusOK {
			t.Errorf("%d\n%.1000s", p.status, p.body)
		}
	})
}

// TestNoSource: what came by the public page has none.
func TestNoSource(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		err := w.db.Read(t.Context(), func(tx *db.Tx) error {
			s, err := SourceOf(t.Context(), tx, "nobody")
			if s.PetitionID != "" {
				t.Errorf("%+v", s)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestMeetingsByKey(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for i := range meetingsPage + 5 {
			a := announce()
			a.Once, a.HeldOn = fmt.Sprint("m", i), a.HeldOn.AddDays(-i/2)
			if _, err := w.OpenMeeting(t.Context(), clerk, a); err != nil {
				t.Fatal(err)
			}
		}
		seen, next := map[string]bool{}, ""
		for pages := 0; ; pages++ {
			l, err := w.Meetings(t.Context(), clerk, next)
			if err != nil || pages > 3 {
				t.Fatal(pages, err)
			}
			for _, m := range l.Rows {
				if seen[m.ID] {
					t.Errorf("%s twice", m.ID)
				}
				seen[m.ID] = true
			}
			if next = l.Next; next == "" {
				break
			}
		}
		if len(seen) != meetingsPage+5 {
			t.Errorf("%d meetings listed", len(seen))
		}
	})
}

func TestLetters(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		l := LetterIn{Channel: Letter, Day: clock.NewDate(2026, 11, 12), Text: "Đề nghị xem lại mức thu phí gửi xe ở chợ", Ward: "P. Ngọc Hà", Name: "Phạm B", Address: "12 phố Đội Cấn", Ref: "125", Once: "x"}
		taken, err := w.TakeLetter(t.Context(), clerk, l)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.TakeLetter(t.Context(), clerk, l); err != nil || !again.Again || again.ID != taken.ID {
			t.Errorf("second press: %+v %v", again, err)
		}
		_, err = w.TakeLetter(t.Context(), clerk, LetterIn{Channel: Import, Day: clock.NewDate(2027, 1, 1), Text: "ngắn"})
		for _, key := range []string{"intake.channel_empty", "intake.day_to_come", "intake.ward_empty", "petitions.text_short"} {
			if !fault.Is(err, key) {
				t.Errorf("%v does not say %s", err, key)
			}
		}
		endless := l
		endless.Once, endless.Address = "w", strings.Repeat("x", lineMax+1)
		if _, err := w.TakeLetter(t.Context(), clerk, endless); !fault.Is(err, "intake.line_long") {
			t.Errorf("an endless address: %v", err)
		}
		l.Once, l.Ward = "y", ""
		if _, err := w.TakeLetter(t.Context(), wardClerk, l); err != nil {
			t.Errorf("a ward's own clerk need not name the ward: %v", err)
		}
		l.Once, l.Ward = "z", "Ngọc Hà"
		if _, err := w.TakeLetter(t.Context(), wardClerk, l); !fault.Is(err, "intake.ward_elsewhere") {
			t.Errorf("another ward's matter: %v", err)
		}
	})
}

var onceField = regexp.MustCompile(`name="(line-\d+-once)" value="([^"]+)"`)

// TestRapidForm types at a meeting in a browser without script: good lines are
// taken, bad ones stay with their words, and pressing twice doubles nothing.
func TestRapidForm(t *testing.T) {
	w := newWorld(t, testOpen(t))
	b := w.browse(t, "clerk")
	form := url.Values{"once": {"o1"}, "held_on": {"10/11/2026"}, "place": {"Nhà văn hóa"}, "wards": {"Ngọc Hà"}, "session": {"Kỳ họp thứ 5"}}
	wrong := url.Values{"once": {"o0"}, "held_on": {"ngày mai"}, "place": {"Nhà"}}
	if p := b.post("/intake/meetings", wrong); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, `value="Nhà"`) {
		t.Errorf("wrong day: %d", p.status)
	}
	p := b.post("/intake/meetings", form)
	if p.status != http.StatusOK || strings.Count(p.body, "-once\"") != linesShown || strings.Count(p.body, "autofocus") != 1 {
		t.Fatalf("%d, %d lines\n%.2000s", p.status, strings.Count(p.body, "-once\""), p.body)
	}
	at := "/intake/meetings/" + w.idOf(t, `SELECT id FROM petitions_meetings`)
	lines := url.Values{}
	for _, m := range onceField.FindAllStringSubmatch(p.body, -1) {
		lines.Set(m[1], m[2])
		lines.Set(strings.Replace(m[1], "once", "text", 1), "")
	}
	lines.Set("line-0-text", "Đề nghị sửa đoạn đường trước cổng trường")
	lines.Set("line-1-text", "ngắn quá")
	lines.Set("line-1-name", "Lê Thị Sáu")
	for range 2 {
		p = b.post(at, lines)
		if p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, `value="ngắn quá"`) || !strings.Contains(p.body, `value="Lê Thị Sáu"`) || !strings.Contains(p.body, "KN26-") ||
			!strings.Contains(p.body, "Nội dung quá ngắn") || strings.Contains(p.body, `value="Đề nghị sửa`) {
			t.Fatalf("%d\n%.3000s", p.status, p.body)
		}
		if n := w.petitions(t); n != 1 {
			t.Errorf("%d petitions", n)
		}
	}
	mended := url.Values{"line-0-once": {lines.Get("line-1-once")}, "line-0-text": {"Đề nghị dọn rác ở ngõ 5 phố Ngọc Hà"}, "line-0-name": {"Lê Thị Sáu"}}
	if p = b.post(at, mended); p.status != http.StatusOK || !strings.Contains(p.body, "Đã tiếp nhận 1 ý kiến") {
		t.Errorf("mended: %d\n%.1500s", p.status, p.body)
	}
	if p := b.get("/intake/meetings"); p.status != http.StatusOK || !strings.Contains(p.body, "Nhà văn hóa") {
		t.Errorf("list: %d", p.status)
	}
	for _, who := range []string{"agency", "nobody", "ward"} {
		if p := w.browse(t, who).get(at); p.status == http.StatusOK {
			t.Errorf("%s sees the meeting", who)
		}
	}
	letter := url.Values{"once": {"o2"}, "channel": {"phone"}, "day": {"15/11/2026"}, "text": {"Đề nghị sửa vỉa hè trước chợ Ngọc Hà"}, "ward": {"Ngọc Hà"}, "phone": {"0912345678"}}
	if p := b.post("/intake/letters", letter); p.status != http.StatusOK || !strings.Contains(p.body, "Đã tiếp nhận với mã KN26-") {
		t.Errorf("letter: %d\n%.1500s", p.status, p.body)
	}
	letter.Set("day", "")
	letter.Set("once", "o3")
	if p := b.post("/intake/letters", letter); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "Đề nghị sửa vỉa hè") || !strings.Contains(p.body, `value="o3"`) {
		t.Errorf("letter without day: %d", p.status)
	}
}

func (w *world) idOf(t testing.TB, q string) (id string) {
	t.Helper()
	err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		id, err = db.One[string](t.Context(), tx, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
