package desk_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit/council"
)

func tx(t *testing.T, w *council.World, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := w.App.DB.Tx(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, what string, p council.Page, status int, words ...string) {
	t.Helper()
	if p.Status != status {
		t.Errorf("%s: %d, want %d\n%.600s", what, p.Status, status, p.Text())
		return
	}
	for _, word := range words {
		if !strings.Contains(p.Text(), word) {
			t.Errorf("%s: the page does not say %q\n%.1500s", what, word, p.Text())
		}
	}
}

func lacks(t *testing.T, what string, p council.Page, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(p.Body, word) {
			t.Errorf("%s: the page says %q", what, word)
		}
	}
}

func TestInbox(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		tx(t, w, func(ctx context.Context, tx *db.Tx) error {
			return w.App.Notify.Tell(ctx, tx, notify.Recipients{People: []string{"văn-thư"}}, notify.Notice{Key: "cases.notice_due", Link: "/tinh-han",
				Args: []any{"code", "KN-THỬ", "due", "20/11/2026", "days", 3, "title", "Đường hỏng"}})
		})
		clerk := w.Browse(t, "văn-thư")
		home := clerk.Get(t, "/desk")
		wants(t, "home", home, http.StatusOK, "Xin chào, Nguyễn Thị Hường", "Thứ Hai, ngày 16/11/2026", "KN-THỬ", "Chưa đọc")
		id := regexp.MustCompile(`/inbox/([a-z0-9]{26})/reading`).FindStringSubmatch(home.Body)
		if id == nil {
			t.Fatal("no message on the first page")
		}
		wants(t, "another's message", w.Browse(t, "văn-thư-hai").Post(t, id[0], url.Values{}), http.StatusNotFound)
		wants(t, "opening", clerk.Post(t, id[0], url.Values{}), http.StatusOK, "Tính thời hạn")
		lacks(t, "inbox after", clerk.Get(t, "/inbox"), "Chưa đọc")
	})
}

func TestJobsAndMails(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		tx(t, w, func(ctx context.Context, tx *db.Tx) error {
			if err := w.App.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: "audit.check", Key: "later", RunAt: w.Clock.Now().Add(time.Hour)}); err != nil {
				return err
			}
			for _, c := range []string{"hn", "bd"} {
				if err := w.App.Notify.Mail(ctx, tx, notify.Letter{CouncilID: c, To: c + ".cu.tri@example.vn", Lang: text.Vi,
					Subject: notify.Sentence{Key: "notify.notice_subject"}, Body: notify.Sentence{Key: "notify.mail_foot"}}); err != nil {
					return err
				}
			}
			return nil
		})
		w.Work(t)
		admin := w.Browse(t, "quản-trị")
		list := admin.Get(t, "/administration/jobs")
		wants(t, "jobs", list, http.StatusOK, "Tự kiểm tra nhật ký ban đêm", "Chờ chạy", "Gửi thư điện tử", "Đã xong")
		cancel := regexp.MustCompile(`/administration/jobs/[a-z0-9]{26}/cancellation`).FindString(list.Body)
		wants(t, "cancel", admin.Post(t, cancel, url.Values{}), http.StatusOK, "Đã hủy việc tự động đó.")
		wants(t, "cancel twice", admin.Post(t, cancel, url.Values{}), http.StatusConflict)
		wants(t, "retry", admin.Post(t, strings.Replace(cancel, "cancellation", "retry", 1), url.Values{}), http.StatusOK, "sẽ chạy lại ngay")
		wants(t, "in the log", admin.Get(t, "/log?verb=desk."), http.StatusOK, "Hủy việc tự động", "Chạy lại việc tự động", "Đỗ Minh Quang")

		mails := admin.Get(t, "/administration/mails")
		wants(t, "outbox", mails, http.StatusOK, "Chưa cài đặt máy chủ thư", "h•••@example.vn", "Giữ lại")
		lacks(t, "outbox of the city", mails, "b•••@example.vn", "cu.tri@")
		one := regexp.MustCompile(`/administration/mails/[a-z0-9]{26}`).FindString(mails.Body)
		wants(t, "a letter", admin.Get(t, one), http.StatusOK, "không trả lời thư này")
		wants(t, "resend", admin.Post(t, one+"/resending", url.Values{}), http.StatusConflict, "Chưa cài đặt máy chủ thư")
		tx(t, w, func(ctx context.Context, tx *db.Tx) error {
			others, err := w.App.Notify.Mails(ctx, tx, notify.MailFilter{CouncilID: "bd"})
			if err == nil {
				one = "/administration/mails/" + others[0].ID
			}
			return err
		})
		wants(t, "another council's letter", admin.Get(t, one), http.StatusNotFound)
	})
}

func TestDelegate(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		head := w.Browse(t, "lãnh-đạo-văn-phòng")
		form := url.Values{"from_post": {w.People["lãnh-đạo-văn-phòng"].PostID}, "to_post": {w.People["văn-thư"].PostID}, "starts": {"16/11/2026"}, "ends": {"30/11/2026"}, "scope": {"petitions.forward"}}
		wants(t, "without a document", head.Post(t, "/administration/delegations", form), http.StatusUnprocessableEntity, "Uỷ quyền phải có văn bản")
		form.Set("document", "12/GUQ-VP ngày 16/11/2026")
		outside := url.Values{}
		for k, v := range form {
			outside[k] = v
		}
		outside.Set("to_post", w.People["văn-thư-phường"].PostID)
		wants(t, "to another council", head.Post(t, "/administration/delegations", outside), http.StatusUnprocessableEntity, "Hãy chọn chức vụ")
		outside.Set("to_post", form.Get("to_post"))
		outside.Set("from_post", w.People["chủ-tịch"].PostID)
		wants(t, "somebody else's post", head.Post(t, "/administration/delegations", outside), http.StatusUnprocessableEntity, "Hãy chọn chức vụ")
		done := head.Post(t, "/administration/delegations", form)
		wants(t, "delegate", done, http.StatusOK, "Đã ghi uỷ quyền.", "Nguyễn Thị Hường", "Duyệt và chuyển kiến nghị", "Đang hiệu lực")
		wants(t, "receiver's desk", w.Browse(t, "văn-thư").Get(t, "/desk"), http.StatusOK, "Uỷ quyền đang có hiệu lực", "12/GUQ-VP")
		end := regexp.MustCompile(`/administration/delegations/[a-z0-9]{26}/end`).FindString(done.Body)
		wants(t, "a stranger ends it", w.Browse(t, "đại-biểu").Post(t, end, url.Values{}), http.StatusNotFound)
		wants(t, "end", head.Post(t, end, url.Values{}), http.StatusOK, "Đã chấm dứt uỷ quyền.", "Đã hết")
	})
}

func TestCalendarPage(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		admin := w.Browse(t, "quản-trị")
		form := url.Values{"date": {"28/12/2026"}, "until": {"29/12/2026"}, "kind": {"holiday"}, "name": {"Ngày nghỉ thử"}}
		wants(t, "without a source", admin.Post(t, "/administration/calendar?year=2026", form), http.StatusUnprocessableEntity, "chưa ghi văn bản làm căn cứ")
		form.Set("source", "Quyết định 1/QĐ-TTg")
		form.Set("confirmed", "1")
		backwards := url.Values{"date": {"29/12/2026"}, "until": {"28/12/2026"}, "kind": {"holiday"}, "name": {"x"}, "source": {"y"}}
		wants(t, "backwards", admin.Post(t, "/administration/calendar?year=2026", backwards), http.StatusUnprocessableEntity, "Ngày cuối phải từ ngày đầu trở đi")
		done := admin.Post(t, "/administration/calendar?year=2026", form)
		wants(t, "enter", done, http.StatusOK, "Đã ghi 2 ngày vào lịch", "28/12/2026", "29/12/2026", "Quyết định 1/QĐ-TTg", "Đỗ Minh Quang")
		counted := "/tinh-han?start=25/12/2026&count=1&unit=working-day"
		wants(t, "counts by it", w.Browse(t, "").Get(t, counted), http.StatusOK, "Hạn: Thứ Tư, 30/12/2026", "Ngày nghỉ thử")
		for range 2 {
			ask := regexp.MustCompile(`/administration/calendar/[a-z0-9]{26}/withdrawal`).FindString(admin.Get(t, "/administration/calendar?year=2026").Body)
			wants(t, "question", admin.Get(t, ask), http.StatusOK, "Rút ngày đã nhập", "Ngày nghỉ thử")
			wants(t, "without a reason", admin.Post(t, ask, url.Values{}), http.StatusUnprocessableEntity, "Hãy ghi lý do")
			wants(t, "withdraw", admin.Post(t, ask, url.Values{"why": {"Nhập nhầm"}}), http.StatusOK, "Đã rút ngày đó khỏi lịch")
		}
		wants(t, "counts without it", w.Browse(t, "").Get(t, counted), http.StatusOK, "Hạn: Thứ Hai, 28/12/2026")
	})
}

func TestPeopleAndMergers(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		admin := w.Browse(t, "quản-trị")
		form := url.Values{"name": {"Lò Thị Hạnh"}, "email": {"hạnh@hanoi.example.vn"}, "body": {"hn-sgd"}, "title": {"Chuyên viên"}, "roles": {"handler"}, "starts": {"16/11/2026"}}
		wants(t, "wrong mail", admin.Post(t, "/administration/people", form), http.StatusUnprocessableEntity, "chữ có dấu")
		form.Set("email", "hanh@hanoi.example.vn")
		wants(t, "appoint", admin.Post(t, "/administration/people", form), http.StatusOK, "Đã ghi chức vụ mới.", "Lò Thị Hạnh", "Cán bộ thụ lý")
		form.Set("body", "bd-ub")
		wants(t, "in another council", admin.Post(t, "/administration/people", form), http.StatusNotFound)

		end := "/administration/posts/" + w.People["cán-bộ-xây-dựng-hai"].PostID + "/end"
		wants(t, "end a post", admin.Get(t, end), http.StatusOK, "Cao Văn Lợi")
		wants(t, "without a day", admin.Post(t, end, url.Values{}), http.StatusUnprocessableEntity)
		wants(t, "ended", admin.Post(t, end, url.Values{"ends": {"16/11/2026"}}), http.StatusOK, "Đã ghi việc thôi giữ chức vụ.")
		wants(t, "another council's post", admin.Get(t, "/administration/posts/"+w.People["văn-thư-phường"].PostID+"/end"), http.StatusNotFound)

		merge := url.Values{"from_body": {"hn-sgd"}, "to_body": {"hn-sxd"}, "on": {"16/11/2026"}, "document": {"Nghị quyết 1/NQ-HĐND"}}
		asked := admin.Post(t, "/administration/mergers", merge)
		wants(t, "question", asked, http.StatusOK, "Chuyển toàn bộ công việc?", "Sở Giáo dục và Đào tạo", "Sở Xây dựng")
		wants(t, "merge", admin.Post(t, "/administration/mergers", asked.Hidden()), http.StatusOK, "Đã chuyển toàn bộ công việc")
		wants(t, "twice", admin.Post(t, "/administration/mergers", asked.Hidden()), http.StatusConflict, "đã kết thúc hoạt động")
		wants(t, "log", admin.Get(t, "/log?verb=org."), http.StatusOK, "Sắp xếp cơ quan", "Thôi giữ chức vụ", "Ghi chức vụ")
	})
}

// TestReceipt takes a receipt of an act out of the log and has it checked on
// the public page, whole and spoilt.
func TestReceipt(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Browse(t, "").Post(t, "/kien-nghi/gui", handIn(t, w))
		w.Work(t)
		auditor := w.Browse(t, "kiểm-tra")
		list := auditor.Get(t, "/log?verb=petitions.")
		wants(t, "log", list, http.StatusOK, "Người dân")
		entry := regexp.MustCompile(`/log/[a-z0-9]{26}`).FindString(list.Body)
		wants(t, "entry", auditor.Get(t, entry), http.StatusOK, "Phần công khai", "Tải biên nhận")
		receipt := auditor.Get(t, entry+"/receipt")
		voter := w.Browse(t, "")
		wants(t, "register", voter.Get(t, "/so-bien-nhan"), http.StatusOK, "hdnd verify", "Khoá kiểm chứng")
		wants(t, "good", voter.Post(t, "/bien-nhan/kiem-tra", url.Values{"bien_nhan": {receipt.Body}}), http.StatusOK, "Biên nhận đúng", "ĐÚNG:")
		spoilt := strings.Replace(receipt.Body, "petitions.", "petition5.", 1)
		wants(t, "spoilt", voter.Post(t, "/bien-nhan/kiem-tra", url.Values{"bien_nhan": {spoilt}}), http.StatusUnprocessableEntity, "Biên nhận không đúng")
		wants(t, "nonsense", voter.Post(t, "/bien-nhan/kiem-tra", url.Values{"bien_nhan": {"xin chào"}}), http.StatusUnprocessableEntity)
		if c := voter.Get(t, "/so-bien-nhan/moc.txt"); c.Status != http.StatusOK || !strings.HasPrefix(c.Body, "hdnd") {
			t.Errorf("checkpoint %d %q", c.Status, c.Body)
		}
	})
}

func handIn(t *testing.T, w *council.World) url.Values {
	form := w.HandInForm(t)
	maps.Copy(form, url.Values{"to": {"city"}, "ward": {"00004"}, "consent": {"1"}, "act": {"send"},
		"text": {"Đề nghị thành phố sửa đoạn đường trước cổng trường vì ổ gà rất nguy hiểm cho trẻ em."}})
	return form
}

var petitionLink = regexp.MustCompile(`href="/petitions/[0-9a-z]{26}`)

// TestSearch proves that the box finds with and without accents, only on the
// reader's own side, and nothing that is not yet public on the public side.
func TestSearch(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Browse(t, "").Post(t, "/kien-nghi/gui", handIn(t, w))
		w.Work(t)
		for who, sees := range map[string]bool{"văn-thư": true, "thường-trực": true, "văn-thư-phường": false, "đầu-mối-xây-dựng": false, "ban-đô-thị": false, "quản-trị": false, "đại-biểu": false} {
			b := w.Browse(t, who)
			for _, q := range []string{"cổng trường", "cong truong", "C\u00d4\u0309NG"} {
				got := b.Get(t, "/search?"+url.Values{"q": {q}}.Encode())
				if found := petitionLink.MatchString(got.Body); found != sees && strings.Contains(got.Text(), "kết quả") {
					t.Errorf("%s %q: found %v\n%.800s", who, q, found, got.Text())
				}
				lacks(t, who+" public", b.Get(t, "/search?"+url.Values{"q": {q}, "in": {"public"}}.Encode()), "href=\"/kien-nghi/KN")
			}
		}
		due := w.Browse(t, "văn-thư").Get(t, "/desk")
		wants(t, "due soon", due, http.StatusOK, "KN26-")
	})
}
