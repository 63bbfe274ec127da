package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"github.com/a-h/templ"
)

// kitchenWords are the sentences of the pages that only these tests have.
const kitchenWords = `
[kitchen]
desk = "Bàn làm việc"
petitions = "Kiến nghị cử tri"
sessions = "Kỳ họp"
law = "Văn bản pháp luật"
people = "Người dùng, phân quyền"
hand_in = "Gửi kiến nghị"
look_up = "Tra cứu"
saved = "Đã lưu {code}."
refused = "Kiến nghị này đã được trả lời."
field_content = "Nội dung kiến nghị"
`

func catalogue(t testing.TB) *text.Catalogue {
	t.Helper()
	words := []byte(kitchenWords)
	c, err := text.Load(web.Files, fstest.MapFS{"text/vi.toml": {Data: words}, "text/en.toml": {Data: words}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var clerk = org.Actor{
	PersonID: "p1", Name: "Nguyễn Thị Hường", PostID: "post1", PostTitle: "Chuyên viên Văn phòng HĐND", CouncilID: "c1",
	Roles: []org.Role{"clerk"}, SignInID: "s1",
}

var mayAnswer = auth.Permission{Name: "kitchen.answer", Roles: []org.Role{"body_clerk"}}

// kitchen is a house with pages that show every part.
func kitchen(t testing.TB, change func(*web.Options)) *web.Server {
	t.Helper()
	o := web.Options{
		Catalogue: catalogue(t), Clock: clock.At(time.Date(2026, 11, 16, 8, 0, 0, 0, clock.Hanoi)),
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Menu: []web.MenuItem{
			{Section: "web.menu_work", Label: "kitchen.desk", Icon: "layout-dashboard", URL: "/desk", Needs: auth.SignedIn, Order: 1},
			{Section: "web.menu_work", Label: "kitchen.petitions", Icon: "inbox", URL: "/kitchen/list", Needs: auth.SignedIn, Order: 2,
				Count: func(context.Context, org.Actor) (int, error) { return 12, nil }},
			{Section: "web.menu_work", Label: "kitchen.sessions", Icon: "calendar-event", URL: "/sessions", Needs: auth.SignedIn, Order: 3},
			{Section: "web.menu_knowledge", Label: "kitchen.law", Icon: "scale", URL: "/law", Needs: auth.SignedIn},
			{Section: "web.menu_admin", Label: "kitchen.people", Icon: "users", URL: "/people", Needs: mayAnswer},
			{Label: "kitchen.hand_in", URL: "/kitchen/public", Needs: auth.Public, Public: true},
			{Label: "kitchen.look_up", URL: "/look-up", Needs: auth.Public, Public: true},
		},
		Surround: func(context.Context, org.Actor) (web.Surround, error) {
			return web.Surround{Council: "HĐND thành phố Hà Nội", Inbox: 3, Posts: []ui.PostLink{
				{ID: "post1", Label: "Chuyên viên Văn phòng HĐND", Here: true}, {ID: "post2", Label: "Văn thư phường Hoàn Kiếm"},
			}}, nil
		},
		Resolve: func(r *http.Request) (org.Actor, error) {
			if c, err := r.Cookie("who"); err == nil && c.Value == "clerk" {
				return clerk, nil
			}
			return org.Actor{}, nil
		},
	}
	o.Routes = kitchenRoutes()
	if change != nil {
		change(&o)
	}
	s, err := web.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func kitchenRoutes() []web.Route {
	page := func(head web.Head, parts ...templ.Component) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error { return web.Page(w, r, head, templ.Join(parts...)) }
	}
	return []web.Route{
		{Pattern: "GET /desk", Needs: auth.SignedIn, Handle: page(web.Head{Title: "Bàn làm việc", Keys: []ui.Key{{Press: "g k", Label: "Đến danh sách kiến nghị", URL: "/kitchen/list"}}}, deskPage()...)},
		{Pattern: "GET /kitchen/list", Needs: auth.SignedIn, Handle: page(web.Head{Title: "Kiến nghị cử tri", Wide: true}, listPage()...)},
		{Pattern: "GET /kitchen/case", Needs: auth.SignedIn, Handle: page(web.Head{Title: "KN-2026-004512"}, casePage()...)},
		{Pattern: "GET /kitchen/form", Needs: auth.SignedIn, Handle: page(web.Head{Title: "Phân loại kiến nghị"}, formPage()...)},
		{Pattern: "GET /kitchen/confirm", Needs: auth.SignedIn, Handle: page(web.Head{Title: "Xác nhận"}, confirmPage()...)},
		{Pattern: "GET /kitchen/conflict", Needs: auth.SignedIn, Handle: page(web.Head{Title: "Hai bản", Status: http.StatusConflict}, conflictPage()...)},
		{Pattern: "GET /kitchen/public", Needs: auth.Public, Handle: page(web.Head{Title: "Gửi kiến nghị", Public: true}, publicPage()...)},
		{Pattern: "POST /kitchen/fail/{kind}", Needs: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return fault.New(fault.Kind(r.PathValue("kind")), "kitchen.refused").By("Điều 10 Quy chế")
		}},
	}
}

// in puts children into a component that has a place for them.
func in(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func html(s string) templ.Component { return templ.Raw(s) }

type row struct {
	code, text, from, body string
	state                  ui.State
	due                    ui.Due
}

var today = clock.NewDate(2026, 11, 16)

var rows = []row{
	{"KN-2026-004512", "Kiến nghị sửa chữa tuyến đường liên thôn Phú Lộc – Đông Hải bị sạt lở", "Trần Văn Bình · Phường Hoàn Kiếm", "Sở Xây dựng", ui.State{Label: "Đang xử lý", Tone: ui.Notable}, ui.Due{Date: clock.NewDate(2026, 11, 24), Today: today}},
	{"KN-2026-004498", "Đề nghị làm rõ việc bồi thường, giải phóng mặt bằng cụm công nghiệp và bố trí tái định cư cho 14 hộ dân", "Lê Thị Ngọc Ánh và 14 hộ dân · Xã Ba Vì", "Sở Nông nghiệp và Môi trường", ui.State{Label: "Đã chuyển", Tone: ui.Gold}, ui.Due{Date: clock.NewDate(2026, 11, 10), Today: today}},
	{"KN-2026-004476", "Phản ánh ô nhiễm nguồn nước sinh hoạt tại khu tái định cư", "Phạm Quốc Khánh · Phường Tây Hồ", "UBND phường Tây Hồ", ui.State{Label: "Chờ ý kiến", Tone: ui.Warning}, ui.Due{Date: clock.NewDate(2026, 11, 18), Today: today}},
	{"KN-2026-004460", "Đề nghị xem xét chế độ trợ cấp đối với người có công", "Đỗ Thị Mười · Xã Sóc Sơn", "Sở Nội vụ", ui.State{Label: "Đã trả lời", Tone: ui.Good}, ui.Due{Date: clock.NewDate(2026, 11, 19), Today: today, State: ui.Met}},
	{"KN-2026-004431", "Kiến nghị tăng chuyến xe buýt tuyến ngoại thành vào giờ cao điểm", "Nguyễn Hữu Phước · Xã Đông Anh", "Sở Giao thông vận tải", ui.State{Label: "Tạm dừng"}, ui.Due{Date: clock.NewDate(2026, 12, 30), Today: today, State: ui.Paused, Provisional: true, Why: "/why"}},
}

func petitionTable() ui.TableView[row] {
	return ui.TableView[row]{
		ID: "list", Caption: "Kiến nghị cần xử lý", Rows: rows, Choose: "/kitchen/list",
		Columns: []ui.Column[row]{
			{Key: "code", Label: "Mã", Text: func(r row) string { return r.code }, Fixed: true, Narrow: true, SortURL: "?sort=code", Sorted: "descending"},
			{Key: "text", Label: "Nội dung", Cell: func(r row) templ.Component {
				return html("<strong>" + r.text + `</strong><span class="second-line">` + r.from + "</span>")
			}},
			{Key: "body", Label: "Cơ quan trả lời", Text: func(r row) string { return r.body }, SortURL: "?sort=body"},
			{Key: "state", Label: "Trạng thái", Cell: func(r row) templ.Component { return ui.StateBadge(r.state) }},
			{Key: "due", Label: "Hạn trả lời", Cell: func(r row) templ.Component { return ui.DeadlineBadge(r.due) }},
			{Key: "votes", Label: "Số hộ", Text: func(r row) string { return strconv.Itoa(len(r.from)) }, Number: true, Extra: true},
		},
		Key: func(r row) string { return r.code }, URL: func(r row) string { return "/petitions/" + r.code },
		Tone: func(r row) ui.Tone {
			if r.due.State == ui.NoState && r.due.Date.Before(today) {
				return ui.Bad
			}
			return ui.Plain
		},
	}
}

func deskPage() []templ.Component {
	months := []ui.Bar{}
	for i, v := range []int64{310, 280, 355, 390, 402, 420, 376, 364, 447, 462, 297} {
		months = append(months, ui.Bar{Label: "T" + strconv.Itoa(i+1), Value: v})
	}
	table := petitionTable()
	table.Choose = ""
	return []templ.Component{
		ui.PageHeader(ui.Heading{
			Above: "Thứ Hai, 16/11/2026", Title: "Chào bà Nguyễn Thị Hường, hôm nay có 7 việc đến hạn",
			Actions: templ.Join(ui.LinkButton(ui.Action{Label: "Xuất báo cáo", URL: "/report", Icon: "download"}), ui.LinkButton(ui.Action{Label: "Tiếp nhận kiến nghị", URL: "/new", Icon: "plus", Tone: ui.Primary})),
		}),
		in(ui.Stats(),
			ui.Stat(ui.Figure{Label: "Kiến nghị đang xử lý", Value: "1.284", Note: "Tăng 6,2% so với tháng trước", URL: "/kitchen/list"}),
			ui.Stat(ui.Figure{Label: "Đúng hạn", Value: "94,7%", Note: "Chỉ tiêu năm: 95%", Tone: ui.Good}),
			ui.Stat(ui.Figure{Label: "Quá hạn", Value: "23", Note: "7 kiến nghị cần xử lý hôm nay", Tone: ui.Bad, URL: "/late"}),
			ui.Stat(ui.Figure{Label: "Mức độ hài lòng", Value: "4,6 / 5", Note: "Từ 812 lượt đánh giá"})),
		in(ui.Beside(),
			in(ui.Card(ui.CardHead{Title: "Kiến nghị theo tháng", Note: "Cột: tiếp nhận · Đường: giải quyết"}),
				ui.ColumnChart(ui.Columns{Caption: "Kiến nghị theo tháng năm 2026", Name: "Tháng", Unit: "Tiếp nhận", Columns: months, Line: []int64{290, 273, 330, 360, 398, 404, 380, 350, 421, 430, 252}, LineName: "Giải quyết"})),
			in(ui.Card(ui.CardHead{Title: "Đang vướng ở đâu"}),
				ui.StackedBar(ui.Stack{Caption: "Kiến nghị chưa xong, theo hạn", Parts: []ui.Bar{{Label: "Trong hạn", Value: 981, Tone: ui.Good}, {Label: "Sắp đến hạn", Value: 280, Tone: ui.Gold}, {Label: "Quá hạn", Value: 23, Tone: ui.Bad}}}),
				ui.BarChart(ui.Bars{Caption: "Quá hạn theo cơ quan", Name: "Cơ quan", Unit: "Kiến nghị", Bars: []ui.Bar{{Label: "Sở Xây dựng", Value: 11, URL: "/late?body=sxd"}, {Label: "Sở Nông nghiệp và Môi trường", Value: 8}, {Label: "UBND phường Tây Hồ", Value: 4}}}))),
		in(ui.Card(ui.CardHead{Title: "Kiến nghị cần xử lý", Flush: true}), ui.Table(table)),
	}
}

func listPage() []templ.Component {
	table := petitionTable()
	table.Bulk = &ui.Bulk{URL: "/bulk", Actions: []ui.Action{{Label: "Phân công", Icon: "user-check"}, {Label: "Chuyển cơ quan", Icon: "send", Tone: ui.Primary}}}
	empty := petitionTable()
	empty.ID, empty.Rows, empty.Choose = "none", nil, ""
	empty.Empty = ui.Empty{Title: "Chưa có kiến nghị nào bị trả lại", Text: "Khi cơ quan trả lại, kiến nghị sẽ hiện ở đây."}
	return []templ.Component{
		ui.PageHeader(ui.Heading{Title: "Kiến nghị cử tri", Actions: templ.Join(ui.PrintButton(), ui.LinkButton(ui.Action{Label: "Tiếp nhận kiến nghị", URL: "/new", Tone: ui.Primary}))}),
		in(ui.Card(ui.CardHead{Flush: true}),
			in(ui.FilterBar(ui.Filters{URL: "/kitchen/list", Search: &ui.Field{Name: "q", Label: "Tìm trong danh sách"}, Open: true, Active: 2, Clear: "/kitchen/list", LiveID: "list",
				Views: []ui.SavedView{{Label: "Tất cả", URL: "/kitchen/list"}, {Label: "Quá hạn của tôi", URL: "/kitchen/list?late=1", Here: true, Remove: "/views/1/removal"}}, Save: "/views", Query: "late=1"}),
				ui.Select(ui.Choice{Name: "state", Label: "Trạng thái", Empty: "Mọi trạng thái", Options: []ui.Option{{Value: "received", Label: "Đã tiếp nhận"}, {Value: "forwarded", Label: "Đã chuyển"}}}),
				ui.DateInput(ui.Field{Name: "from", Label: "Từ ngày", Value: "01/11/2026"})),
			ui.Table(table), ui.Pager(ui.Pages{Previous: "?before=1", Next: "?after=2", Summary: "5 trong 1.284 kiến nghị"})),
		in(ui.Card(ui.CardHead{Title: "Bị trả lại", Flush: true}), ui.Table(empty)),
	}
}

func casePage() []templ.Component {
	return []templ.Component{
		ui.PageHeader(ui.Heading{
			Crumbs: []ui.Crumb{{Label: "Kiến nghị cử tri", URL: "/kitchen/list"}, {Label: "KN-2026-004512"}}, Above: "KN-2026-004512",
			Title:   "Kiến nghị sửa chữa tuyến đường liên thôn Phú Lộc – Đông Hải bị sạt lở",
			Badges:  templ.Join(ui.StateBadge(ui.State{Label: "Đang xử lý", Tone: ui.Notable}), ui.DeadlineBadge(ui.Due{Date: clock.NewDate(2026, 11, 16), Today: today, Why: "/why"})),
			Actions: templ.Join(ui.LinkButton(ui.Action{Label: "Gia hạn", URL: "/extend"}), ui.PostButton(ui.Action{Label: "Trả lời", URL: "/answer", Tone: ui.Primary})),
		}),
		ui.Tabs("Phần của hồ sơ", []ui.Tab{{Label: "Nội dung", URL: "/a", Here: true}, {Label: "Tài liệu", URL: "/b", Count: 4}, {Label: "Nhật ký", URL: "/c"}}),
		ui.Alert(ui.Notice{Tone: ui.Good, Text: "Đã gửi Phiếu chuyển số 128/PC-VP."}),
		ui.Alert(ui.Notice{Title: "Có kiến nghị tương tự", Text: "Ba kiến nghị cùng tuyến đường đã được trả lời trong năm nay."}),
		ui.Alert(ui.Notice{Tone: ui.Warning, Text: "Mức thời hạn này là tạm thời, chưa xác nhận."}),
		ui.Alert(ui.Notice{Tone: ui.Bad, Title: "Chưa gửi được thư", Text: "Địa chỉ thư điện tử của cử tri không nhận thư."}),
		in(ui.Beside(),
			in(ui.Card(ui.CardHead{Title: "Thông tin"}), ui.DefinitionList([]ui.Term{{Name: "Người gửi", Text: "Trần Văn Bình"}, {Name: "Nơi ở", Text: "Phường Hoàn Kiếm, Hà Nội"}, {Name: "Lĩnh vực", Value: ui.StateBadge(ui.State{Label: "Giao thông"})}, {Name: "Hạn trả lời", Value: ui.DeadlineBadge(ui.Due{Date: clock.NewDate(2026, 11, 12), Today: today, Provisional: true})}})),
			in(ui.Card(ui.CardHead{Title: "Quá trình"}), ui.Timeline([]ui.Event{
				{When: "16/11/2026 08:00", Title: "Chuyển Sở Xây dựng", Who: "Nguyễn Thị Hường thay Trần Đức Long", Text: "Phiếu chuyển số 128/PC-VP.", Icon: "send"},
				{When: "15/11/2026 16:20", Title: "Phân loại", Who: "Nguyễn Thị Hường", Tone: ui.Good, Icon: "check"},
				{When: "10/11/2026 09:12", Title: "Bị trả lại", Who: "Sở Tài chính", Tone: ui.Bad, Icon: "arrow-back-up"},
				{When: "09/11/2026 07:45", Title: "Tiếp nhận", Who: "Cổng tiếp nhận"},
				{When: "24/11/2026", Title: "Đến hạn trả lời", Future: true},
			}))),
	}
}

func wrong() ui.Errors {
	return ui.ErrorsOf(fault.Join(
		fault.New(fault.Invalid, "web.field_not_date", "value", "32/13/2026").At("on"),
		fault.New(fault.Invalid, "web.field_too_long", "max", 100, "n", 120).At("content"),
		fault.New(fault.Invalid, "web.file_too_large", "name", "bien-ban.pdf", "max", "20 MB").At("files"),
	))
}

func formPage() []templ.Component {
	e := wrong()
	kinds := []ui.Option{{Value: "new", Label: "Kiến nghị mới", Hint: "Chưa có ai nêu trong nhiệm kỳ này"}, {Value: "again", Label: "Nêu lại nhiều lần"}}
	return []templ.Component{
		ui.PageHeader(ui.Heading{Title: "Phân loại kiến nghị", Lead: "Chọn lĩnh vực và cơ quan có thẩm quyền trả lời."}),
		ui.ErrorSummary(e),
		in(ui.Card(ui.CardHead{Narrow: true}), html(`<form method="post" action="/kitchen/fail/conflict" enctype="multipart/form-data">`),
			ui.Once(),
			ui.TextInput(ui.Field{Name: "title", Label: "Tên kiến nghị", Value: "Đường liên thôn", Required: true, Max: 200, Errors: e}),
			ui.TextArea(ui.Field{Name: "content", Label: "Nội dung", Hint: "Viết một việc trong một kiến nghị.", Max: 2000, Value: "Đường hỏng.", Required: true, Errors: e}),
			ui.DateInput(ui.Field{Name: "on", Label: "Ngày tiếp xúc cử tri", Value: "32/13/2026", Errors: e}),
			ui.Select(ui.Choice{Name: "field", Label: "Lĩnh vực", Empty: "Chọn lĩnh vực", Required: true, Value: "road", Options: []ui.Option{{Value: "road", Label: "Giao thông", Group: "Hạ tầng"}, {Value: "water", Label: "Cấp nước", Group: "Hạ tầng"}, {Value: "school", Label: "Giáo dục"}}, Errors: e}),
			ui.Radios(ui.Choice{Name: "kind", Label: "Tính chất", Value: "new", Required: true, Options: kinds, Errors: e}),
			ui.Checkboxes(ui.Choice{Name: "topics", Label: "Liên quan đến", Values: []string{"new"}, Options: kinds, Inline: true, Errors: e}),
			ui.Checkbox(ui.Check{Name: "public", Label: "Công khai nội dung kiến nghị", Hint: "Tên và địa chỉ người gửi không được công khai.", Checked: true, Errors: e}),
			ui.FileInput(ui.FileField{Name: "files", Label: "Tài liệu kèm theo", Hint: "Ảnh chụp hoặc văn bản.", Files: 5, FileBytes: 20 << 20, Accept: ".pdf,.jpg,.png", Errors: e}),
			html(`<div class="form-actions">`), ui.Submit(ui.Action{Label: "Lưu phân loại", Tone: ui.Primary}), ui.Submit(ui.Action{Label: "Lưu nháp", Name: "draft", Value: "1", KeepOpen: true}), html(`</div></form>`)),
	}
}

func confirmPage() []templ.Component {
	return []templ.Component{in(ui.ConfirmPage(ui.Confirm{Title: "Từ chối kiến nghị này?", Text: "Cử tri sẽ nhận được thông báo kèm lý do. Việc này không hoàn tác được.", URL: "/refusal", Yes: "Từ chối", Back: "/kitchen/case", Danger: true}),
		ui.TextArea(ui.Field{Name: "reason", Label: "Lý do", Required: true}))}
}

func conflictPage() []templ.Component {
	return []templ.Component{ui.ConflictPage(ui.Conflict{Title: "Nội dung đã được người khác sửa", Text: "Ông Trần Đức Long đã lưu một bản khác lúc 09:41. Hãy so sánh và chọn.", URL: "/answer", Back: "/kitchen/case",
		Fields: []ui.Versions{{Label: "Trả lời", Mine: "Sở sẽ sửa đường trong quý I/2027.", Theirs: "Sở đã đưa vào kế hoạch sửa chữa năm 2027.\nKinh phí 1,2 tỷ đồng."}}, Hidden: []ui.Kept{{Name: "version", Value: "4"}}})}
}

func publicPage() []templ.Component {
	return []templ.Component{
		ui.PageHeader(ui.Heading{Title: "Gửi kiến nghị đến Hội đồng nhân dân", Lead: "Ai cũng gửi được, không cần tài khoản. Sau khi gửi, Ông/Bà nhận mã để theo dõi từng bước."}),
		in(ui.Card(ui.CardHead{Title: "Nội dung kiến nghị", Narrow: true}), html(`<form method="post" action="/kitchen/fail/unavailable" enctype="multipart/form-data">`),
			ui.TextArea(ui.Field{Name: "content", Label: "Ông/Bà kiến nghị việc gì?", Max: 5000, Rows: 6, Required: true}),
			ui.TextInput(ui.Field{Name: "name", Label: "Họ và tên", Autocomplete: "name"}),
			ui.TextInput(ui.Field{Name: "mail", Label: "Thư điện tử", Type: "email", Autocomplete: "email", Hint: "Để nhận tin khi có trả lời."}),
			ui.Submit(ui.Action{Label: "Xem lại và gửi", Tone: ui.Primary, Icon: "send"}), html(`</form>`)),
	}
}
