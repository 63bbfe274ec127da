package schedule_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/testkit"
)

func TestAddresses(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		draft := must(w.Draft(ctx, w.as(t, "lan"), draw(day(27, 11))))(t)
		open := w.publish(t, draw(day(30, 11)))
		must(w.Book(ctx, w.as(t, ""), open, schedule.Wish{Slot: "08:00", Name: "Trần Thị Hoa"}))(t)
		for _, a := range []struct {
			to, may string
		}{
			{"/reception/schedule", "lan mai hùng sơn vân phúc minh thắng tâm hòa"},
			{"/reception/schedule?tab=drafts", "lan mai hùng sơn vân phúc minh thắng tâm hòa"},
			{"/reception/schedule/new", "lan mai tâm"},
			{"/reception/schedule/hours", "hùng hòa"},
			{"/reception/schedule/" + draft, "lan mai hùng sơn"}, // the chair receives
			{"/reception/schedule/" + open, "lan mai hùng sơn vân phúc minh thắng"},
			{"/reception/schedule/" + open + "/change", "lan mai hùng"},
		} {
			for _, p := range folk {
				status, page := h.Ask(t, p[0], a.to, nil)
				if may := strings.Contains(" "+a.may+" ", " "+p[0]+" "); may != (status == 200) {
					t.Errorf("%s: %s gives %d", p[0], a.to, status)
				}
				sees := strings.Contains(page, "Trần Thị Hoa")
				if want := strings.HasSuffix(a.to, open) && strings.Contains(" lan mai hùng sơn ", " "+p[0]+" "); sees != want {
					t.Errorf("%s at %s: sees who booked: %v", p[0], a.to, sees)
				}
			}
		}
		for _, act := range []string{"publication", "cancellation", "online", "change"} {
			for _, who := range []string{"tâm", "hòa", "phúc", "giang", "quân"} {
				if status, _ := h.Ask(t, who, "/reception/schedule/"+draft+"/"+act, testkit.Form("reason", "Lý do thử nghiệm đây", "cancel_reason", "Lý do thử nghiệm đây")); status != 404 && status != 403 && status != 422 {
					t.Errorf("%s: %s gives %d", who, act, status)
				}
			}
		}
		if got := must(w.Sheet(ctx, w.as(t, "lan"), draft))(t); got.State != schedule.Draft || got.Revision != 1 {
			t.Errorf("a stranger changed the draft: %+v", got.Day)
		}
	})
}

func TestPublicPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		if err := w.SetHours(ctx, w.as(t, "hùng"), schedule.Hours{Place: "34 Lý Thái Tổ", Hours: "8h00–11h30"}); err != nil {
			t.Fatal(err)
		}
		testkit.Refused(t, w.SetHours(ctx, w.as(t, "hùng"), schedule.Hours{Place: "x", Hours: "y"}), "db.stale")
		draft := must(w.Draft(ctx, w.as(t, "lan"), draw(day(27, 11))))(t)
		open := w.publish(t, draw(day(30, 11)))
		_, page := h.Ask(t, "", "/lich-tiep-cong-dan", nil)
		testkit.Has(t, page, "34 Lý Thái Tổ", "Nguyễn sơn", "30/11/2026", open, "HĐND phường Ba Đình")
		testkit.Hides(t, page, draft, "27/11/2026")
		_, page = h.Ask(t, "", "/lich-tiep-cong-dan?hd=BD", nil)
		testkit.Hides(t, page, "30/11/2026")
		if status, _ := h.Ask(t, "", "/lich-tiep-cong-dan?hd=XX", nil); status != 404 {
			t.Error(status)
		}
		if status, _ := h.Ask(t, "", "/lich-tiep-cong-dan/"+draft, nil); status != 404 {
			t.Error("the public opens a draft")
		}
		_, page = h.Ask(t, "", "/lich-tiep-cong-dan/"+open, nil)
		testkit.Has(t, page, "không cần ghi tên", "còn 2 chỗ", "Tôi không muốn nêu tên")
		at := "/lich-tiep-cong-dan/" + open + "/dat-cho"
		status, page := h.Ask(t, "", at, testkit.Form("slot", "08:00", "subject", "<script>Tôi muốn TỐ CÁO</script>", "name", "Ông B", "people", "ba"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "&lt;script&gt;")
		status, _ = h.Ask(t, "", at, testkit.Form("slot", "08:00", "subject", strings.Repeat("á", 5000), "name", strings.Repeat("x", 400)))
		if status != 422 {
			t.Error(status)
		}
		status, page = h.Ask(t, "", at, testkit.Form("slot", "08:00", "name", "Ông B", "people", "3", "once", "k1"))
		if status != 303 || !strings.Contains(page, "code=TCD-") {
			t.Fatal(status, page)
		}
		_, found := h.Ask(t, "", page, nil)
		testkit.Has(t, found, "30/11/2026", "Đã đăng ký", "TCD-")
		status, _ = h.Ask(t, "", "/lich-tiep-cong-dan/dat-cho/huy", testkit.Form("code", page[strings.Index(page, "TCD-"):]))
		if status != 303 {
			t.Error(status)
		}
		if status, _ = h.Ask(t, "", "/lich-tiep-cong-dan/dat-cho?code=%27%3B--", nil); status != 404 {
			t.Error(status)
		}
		if err := w.Cancel(ctx, w.as(t, "hùng"), open, "Bão số 9, hoãn mọi cuộc", 0); err != nil {
			t.Fatal(err)
		}
		_, page = h.Ask(t, "", "/lich-tiep-cong-dan.ics?hd=HN", nil)
		testkit.Has(t, page, "BEGIN:VCALENDAR\r\n", "UID:"+open+"@hdnd.example.vn", "DTSTART:20261130T010000Z", "STATUS:CANCELLED", `Bão số 9\, hoãn`)
		for _, line := range strings.Split(page, "\r\n") {
			if len(line) > 75 {
				t.Errorf("a line of %d octets", len(line))
			}
		}
	})
}

func TestOfficePages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		f := testkit.Form("kind", "periodic", "date", "27/11/2026", "starts", "8h", "ends", "7h", "place", "Pho\u0300ng 1", "host", "post-giang", "slot_minutes", "1", "slot_seats", "99")
		status, page := h.Ask(t, "lan", "/reception/schedule/new", f)
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "Giờ kết thúc phải sau", "Phòng 1", "từ 5 đến 240")
		f = testkit.Form("kind", "periodic", "date", "27/11/2026", "starts", "8h", "ends", "11h", "online", "1", "joining", "Điểm cầu phường", "host", "post-vân", "slot_minutes", "30", "slot_seats", "1", "once", "o1")
		_, at := h.Ask(t, "lan", "/reception/schedule/new", f)
		if _, second := h.Ask(t, "lan", "/reception/schedule/new", f); second != at {
			t.Errorf("a double click drafts twice: %s %s", at, second)
		}
		f.Set("host", "post-giang")
		f.Set("once", "o2")
		if status, _ = h.Ask(t, "lan", "/reception/schedule/new", f); status != 422 {
			t.Error("an agency's head receives for the council")
		}
		_, page = h.Ask(t, "hùng", at, nil)
		testkit.Has(t, page, "19/11/2026", "chưa xác nhận", "07:00", "Tố cáo chỉ được tiếp trực tuyến")
		w.at(20, 11)
		status, page = h.Ask(t, "hùng", at+"/publication", testkit.Form("revision", "1"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "đột xuất", "không còn đủ 5 ngày"[1:])
		if status, _ = h.Ask(t, "hùng", at+"/publication", testkit.Form("revision", "1", "extraordinary", "1", "reason", "Cần tiếp ngay theo yêu cầu")); status != 303 {
			t.Error(status)
		}
		if status, _ = h.Ask(t, "lan", at+"/online", testkit.Form("tested", "20/11/2026", "recording", "Kho 3", "revision", "2")); status != 303 {
			t.Error(status)
		}
		if status, _ = h.Ask(t, "lan", at+"/online", testkit.Form("tested", "25/11/2026", "revision", "3")); status != 422 {
			t.Error(status)
		}
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "Kho 3", "20/11/2026")
	})
}

// Each form sent twice does its act once and leads on.
func TestDoubleClicks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		id := w.publish(t, draw(day(30, 11)))
		must(w.Book(ctx, w.as(t, ""), id, schedule.Wish{Slot: "08:00", Name: "Hoa", Contact: "hoa@example.vn"}))(t)
		at := "/reception/schedule/" + id
		for _, sent := range []struct {
			who, to string
			form    []string
		}{
			{"lan", at + "/change", []string{"kind", "periodic", "date", "30/11/2026", "starts", "8h", "ends", "10:00", "place", "Phòng 5", "host", "post-sơn", "note", "Đổi phòng", "slot_minutes", "60", "slot_seats", "2", "revision", "2"}},
			{"hùng", "/reception/schedule/hours", []string{"place", "34 Lý Thái Tổ", "hours", "8h–11h", "revision", "0"}},
			{"hùng", at + "/cancellation", []string{"cancel_reason", "Người tiếp đi công tác", "revision", "3"}},
		} {
			for click := range 2 {
				if status, page := h.Ask(t, sent.who, sent.to, testkit.Form(sent.form...)); status != 303 {
					t.Errorf("click %d on %s: %d %.300s", click+1, sent.to, status, page)
				}
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM notify_mails`); n != 2 { // changed, cancelled
			t.Errorf("%d letters", n)
		}
	})
}
