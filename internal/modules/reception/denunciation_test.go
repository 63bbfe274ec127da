package reception_test

import (
	"context"
	"encoding/hex"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/clocks"
)

// What only a denouncer's letter says; no ordinary table may hold a piece of it.
var planted = []string{"Phan Thị Kín", "Hẻm Bí Mật", "0977123456", "001099887766", "Đỗ Tham Ô", "nhận tiền để cấp phép"}

func secret(e *reception.Entry) {
	e.Senders = []reception.Sender{{Name: "Phan Thị Kín", Address: "Số 9 Hẻm Bí Mật", Contact: "0977123456", Paper: "001099887766"}}
	e.Respondent, e.Summary = "Đỗ Tham Ô, cán bộ địa chính", "Cán bộ nhận tiền để cấp phép xây dựng trái quy định."
	e.Content = "Tôi là Phan Thị Kín, xin tố cáo ông Đỗ Tham Ô nhận tiền để cấp phép."
	e.Scans = []reception.Scan{{Bytes: []byte("%PDF-1.4 Phan Thị Kín")}}
}

var denunciations = []situation{
	{"31 tố cáo vào thẳng ngăn niêm phong; bảy ngày làm việc", func(d *desk) {
		id := d.register(reception.Denunciation, secret)
		d.due(id, "handle", "denunciations.handle_first", "2026-11-26")
		d.leaks()
		v := d.sheet(id)
		if !v.Case.Sealed || v.Letter.Summary+v.Letter.Respondent+v.Letter.SenderLine != "" || len(v.Senders)+len(v.Papers) > 0 {
			d.t.Errorf("%+v", v.Letter)
		}
		if _, err := d.Sheet(d.t.Context(), d.chair(), id); err == nil {
			d.t.Error("the standing committee sees a sealed letter")
		}
		list, err := d.List(d.t.Context(), d.chair(), reception.Filter{})
		if err != nil || len(list.Rows) != 0 {
			d.t.Errorf("%+v, %v", list.Rows, err)
		}
		got, err := d.Reveal(d.t.Context(), d.clerk(), id, []string{"name", "address", "content", "scan/1"}, "Đọc đơn để phân loại theo phân công")
		if err != nil || string(got["name"]) != "Phan Thị Kín" || !strings.Contains(string(got["scan/1"]), "Kín") {
			d.t.Errorf("%v, %v", got, err)
		}
		if _, err := d.Reveal(d.t.Context(), d.who("văn-thư-hai"), id, []string{"name"}, "Đọc đơn để phân loại theo phân công"); err == nil {
			d.t.Error("a clerk who is not named opens it")
		}
	}},
	{"32 tố cáo phải kiểm tra nhiều nơi: mười ngày làm việc", func(d *desk) {
		id := d.register(reception.Denunciation, func(e *reception.Entry) { secret(e); e.ManyPlaces = true })
		d.due(id, "handle", "denunciations.handle_first_max", "2026-12-01")
	}},
	{"33 tố cáo không thuộc thẩm quyền: chuyển trong năm ngày làm việc, không hướng dẫn", func(d *desk) {
		id := d.register(reception.Denunciation, secret)
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Denunciation, reception.Guide, nil)), "reception.denunciation_forwards")
		d.classify(id, reception.Denunciation, reception.Forward, func(k *reception.Classification) { k.Proposal = "Chuyển đơn của bà Phan Thị Kín." })
		d.due(id, "pass_on", "denunciations.forward", "2026-11-23")
		d.wants(d.Sign(d.t.Context(), d.chair(), id, reception.Forward, reception.Signature{}), "cases.no_such_case")
		d.sign(id, reception.Forward, "")
		d.status(id, "pass_on", cases.Met)
		d.w.Work(d.t)
		for _, s := range d.sheet(id).Sendings {
			if s.PaperID == "" || s.Words != "" {
				d.t.Errorf("%+v", s)
			}
			d.paperLacks(id, s.PaperID, planted)
		}
		d.leaks()
	}},
	{"34 tố cáo trực tiếp không thuộc thẩm quyền: được hướng dẫn", func(d *desk) {
		id := d.register(reception.Denunciation, func(e *reception.Entry) { secret(e); e.Source = reception.InPerson })
		d.classify(id, reception.Denunciation, reception.Guide, nil)
		d.sign(id, reception.Guide, "")
		d.state(id, "guided")
	}},
	{"35 tố cáo do báo chí chuyển: báo lại trong hai mươi ngày từ ngày nhận", func(d *desk) {
		id := d.register(reception.Denunciation, func(e *reception.Entry) { secret(e); e.Source, e.FromBody = reception.OfPress, "Báo Người Dân" })
		d.classify(id, reception.Denunciation, reception.Forward, nil)
		d.due(id, "tell_sender", "denunciations.tell_sender", "2026-12-07")
		d.sign(id, reception.Forward, "")
		d.status(id, "tell_sender", cases.Running)
		d.must(d.Note(d.t.Context(), d.clerk(), id, "tell_sender", "11/TB-VP", on("2026-11-16"), "", 0))
		d.status(id, "tell_sender", cases.Met)
	}},
	{"36 nặc danh có chứng cứ: chuyển để thanh tra; không có chứng cứ: lưu", func(d *desk) {
		nameless := func(e *reception.Entry) { secret(e); e.Senders, e.Anonymous = nil, true }
		id := d.register(reception.Denunciation, nameless)
		bare := func(k *reception.Classification) {
			k.Anonymous, k.Conditions = true, all(reception.Denunciation, "named", "signed")
		}
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Denunciation, reception.Forward, bare)), "reception.anonymous_files")
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Denunciation, reception.Accept, func(k *reception.Classification) { bare(k); k.Evidence = true })), "reception.anonymous_forwards")
		d.classify(id, reception.Denunciation, reception.Forward, func(k *reception.Classification) { bare(k); k.Evidence = true })
		d.sign(id, reception.Forward, "")
		if s := d.sheet(id).Sendings; len(s) != 1 {
			d.t.Errorf("somebody without a name is written to: %+v", s)
		}
		other := d.register(reception.Denunciation, nameless)
		d.classify(other, reception.Denunciation, reception.File, func(k *reception.Classification) { bare(k); k.Reason = "anonymous_empty" })
	}},
	{"37 tố cáo gửi nhiều nơi hoặc đã được hướng dẫn: không xử lý", func(d *desk) {
		id := d.register(reception.Denunciation, secret)
		guided := func(k *reception.Classification) { k.Conditions = all(reception.Denunciation, "not_guided") }
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Denunciation, reception.Forward, guided)), "reception.no_handling")
		d.classify(id, reception.Denunciation, reception.File, func(k *reception.Classification) { guided(k); k.Reason = "guided_before" })
	}},
	{"38 đơn thường phân loại là tố cáo: mọi dữ liệu rời bảng thường ngay", func(d *desk) {
		e := d.entry(reception.Unsorted, secret)
		e.Scans = nil
		h, err := d.Register(d.t.Context(), d.clerk(), e)
		d.must(err)
		d.classify(h.ID, reception.Proposal, reception.Forward, func(k *reception.Classification) { k.Proposal = "Chuyển đơn của bà Phan Thị Kín." })
		d.must(d.SendBack(d.t.Context(), d.head(), h.ID, "Đơn của Phan Thị Kín là tố cáo.", 0))
		d.classify(h.ID, reception.Denunciation, reception.Forward, nil)
		d.due(h.ID, "handle", "denunciations.handle_first", "2026-11-26")
		d.leaks()
		d.wants(d.Classify(d.t.Context(), d.clerk(), h.ID, reading(reception.Complaint, reception.Guide, nil)), "cases.wrong_state")
		d.must(d.SendBack(d.t.Context(), d.head(), h.ID, "Bà Phan Thị Kín gửi thêm chứng cứ.", 0))
		d.wants(d.Classify(d.t.Context(), d.clerk(), h.ID, reading(reception.Complaint, reception.Guide, nil)), "reception.stays_sealed")
		d.leaks()
	}},
	{"39 đơn có tố cáo lẫn khiếu nại: tách, đơn gốc niêm phong, phần khiếu nại không dẫn về", func(d *desk) {
		id := d.register(reception.Mixed, func(e *reception.Entry) { secret(e); e.Scans = nil })
		made, err := d.Split(d.t.Context(), d.clerk(), id, []reception.Part{
			{Kind: reception.Complaint, Respondent: "UBND phường Ba Đình", Summary: "Khiếu nại việc chậm cấp giấy phép."},
			{Kind: reception.Denunciation, Respondent: "Đỗ Tham Ô", Summary: "Cán bộ nhận tiền để cấp phép."}}, "", 0)
		d.must(err)
		complaint, denunciation := d.sheet(made[0].ID), d.sheet(made[1].ID)
		if complaint.Case.Sealed || complaint.Letter.ParentID != "" || complaint.Letter.SenderLine != "Phan Thị Kín" {
			d.t.Errorf("%+v", complaint.Letter)
		}
		if !denunciation.Case.Sealed || denunciation.Letter.ParentID != id || !d.sheet(id).Case.Sealed {
			d.t.Errorf("%+v", denunciation.Letter)
		}
		if len(complaint.Twins) != 0 {
			d.t.Errorf("the complaint leads to the denunciation: %+v", complaint.Twins)
		}
		d.due(made[1].ID, "handle", "denunciations.handle_first", "2026-11-26")
		d.lacksAnywhere("Đỗ Tham Ô", "nhận tiền để cấp phép")
	}},
	{"40 tố cáo nhiều nội dung đã niêm phong: tách phải nêu lý do mở", func(d *desk) {
		id := d.register(reception.MixedDenunciation, secret)
		parts := []reception.Part{{Kind: reception.Denunciation, Summary: "Nội dung tố cáo thứ nhất."}, {Kind: reception.Denunciation, Summary: "Nội dung tố cáo thứ hai."}}
		if _, err := d.Split(d.t.Context(), d.clerk(), id, parts, "", 0); err == nil {
			d.t.Error("a compartment is opened without a reason")
		}
		made, err := d.Split(d.t.Context(), d.clerk(), id, parts, "Tách đơn có nhiều nội dung để xử lý", 0)
		d.must(err)
		got, err := d.Reveal(d.t.Context(), d.clerk(), made[0].ID, []string{"name", "scan/1"}, "Kiểm tra đơn đã tách theo phân công")
		if err != nil || string(got["name"]) != "Phan Thị Kín" || len(got["scan/1"]) == 0 {
			d.t.Errorf("%v, %v", got, err)
		}
		d.leaks()
	}},
	{"41 tố cáo trùng được nhận ra mà không lộ nội dung", func(d *desk) {
		first := d.register(reception.Denunciation, secret)
		again := d.register(reception.Denunciation, secret)
		if twins := d.sheet(again).Twins; len(twins) != 1 || twins[0].Letter.ID != first || !twins[0].Same() {
			d.t.Fatalf("%+v", twins)
		}
		ordinary := d.register(reception.Complaint, func(e *reception.Entry) { secret(e); e.Scans = nil })
		if twins := d.sheet(ordinary).Twins; len(twins) != 0 {
			d.t.Errorf("an ordinary letter of the same person leads to a denunciation: %+v", twins)
		}
		d.must(d.Join(d.t.Context(), d.clerk(), again, first, "", 0))
	}},
	{"42 giải quyết tố cáo: thông báo thụ lý, gia hạn một lần khi phức tạp", func(d *desk) {
		m := d.accepted(reception.Denunciation, "2026-11-13", "2026-11-16", nil)
		d.due(m, "notify_acceptance", "denunciations.notify_acceptance", "2026-11-23")
		d.due(m, "settle", "denunciations.settle", "2026-12-16")
		d.must(d.proceed(d.clerk(), m, "notify_acceptance", nil))
		d.wants(d.proceed(d.head(), m, "extend", nil), "reception.clock_extension_needs_complex")
		d.must(d.proceed(d.head(), m, "determine_complex", func(g *reception.Course) { g.Complexity = clocks.Complex }))
		d.must(d.proceed(d.head(), m, "extend", nil))
		d.due(m, "settle", "denunciations.settle", "2027-01-15")
		d.wants(d.proceed(d.head(), m, "extend", nil), "reception.clock_no_more_extensions")
		d.must(d.proceed(d.head(), m, "determine_complex", func(g *reception.Course) { g.Complexity = clocks.Very }))
		d.must(d.proceed(d.head(), m, "extend", nil))
		d.due(m, "settle", "denunciations.settle", "2027-02-15")
	}},
	{"43 tạm đình chỉ tố cáo: thời gian đó không tính", func(d *desk) {
		m := d.accepted(reception.Denunciation, "2026-11-13", "2026-11-16", nil)
		d.at("2026-11-20")
		d.must(d.proceed(d.head(), m, "suspend", reason("needs_expert")))
		d.due(m, "send_suspension", "denunciations.send_suspension", "2026-11-30")
		d.at("2026-11-30")
		d.must(d.proceed(d.head(), m, "resume", nil))
		d.due(m, "settle", "denunciations.settle", "2026-12-28")
	}},
	{"44 quá hạn: cấp trên yêu cầu, báo cáo; kết luận, công khai, xử lý, báo cáo, đóng", func(d *desk) {
		m := d.accepted(reception.Denunciation, "2026-11-13", "2026-11-16", nil)
		d.wants(d.proceed(d.clerk(), m, "note_overdue", nil), "reception.settle_not_late")
		d.at("2026-12-18")
		d.must(d.proceed(d.clerk(), m, "note_overdue", nil))
		d.due(m, "superior_asks", "denunciations.superior_asks", "2026-12-25")
		d.must(d.proceed(d.clerk(), m, "notify_acceptance", nil))
		d.must(d.proceed(d.clerk(), m, "superior_asks", nil))
		d.due(m, "body_reports", "denunciations.body_reports", "2026-12-25")
		d.must(d.proceed(d.clerk(), m, "body_reports", nil))
		d.must(d.proceed(d.head(), m, "conclude", nil))
		d.status(m, "settle", cases.MetLate)
		d.due(m, "act_on_conclusion", "denunciations.act_on_conclusion", "2026-12-29")
		d.due(m, "publish_conclusion", "denunciations.publish_conclusion", "2026-12-29")
		d.wants(d.proceed(d.head(), m, "close", nil), "reception.duties_left")
		d.must(d.proceed(d.clerk(), m, "act_on_conclusion", nil))
		d.due(m, "report_back", "denunciations.report_back", "2026-12-25")
		d.must(d.proceed(d.clerk(), m, "report_back", nil))
		d.must(d.proceed(d.clerk(), m, "publish_conclusion", nil))
		d.must(d.proceed(d.head(), m, "close", nil))
		d.state(m, "closed")
	}},
	{"45 tố cáo tiếp: hai mươi ngày xem xét, giải quyết lại là một vòng mới", func(d *desk) {
		m := d.accepted(reception.Denunciation, "2026-11-13", "2026-11-16", nil)
		d.must(d.proceed(d.head(), m, "conclude", nil))
		d.must(d.proceed(d.clerk(), m, "denounce_further", nil))
		d.due(m, "review_further", "denunciations.review_further", "2026-12-07")
		d.must(d.proceed(d.head(), m, "settle_again", nil))
		d.due(m, "settle", "denunciations.settle", "2026-12-16")
		d.must(d.proceed(d.head(), m, "conclude", nil))
		d.must(d.proceed(d.clerk(), m, "denounce_further", nil))
		d.must(d.proceed(d.head(), m, "refuse_further", nil))
		d.state(m, "closed")
	}},
}

// leaks looks for a denouncer's data in every column of every table.
func (d *desk) leaks() {
	d.t.Helper()
	d.w.Work(d.t)
	d.lacksAnywhere(planted...)
}

func (d *desk) lacksAnywhere(words ...string) {
	d.t.Helper()
	d.read(func(ctx context.Context, tx *db.Tx) error {
		tables, err := tablesOf(ctx, tx)
		if err != nil {
			return err
		}
		if len(tables) < 40 {
			d.t.Errorf("only %d tables were looked at", len(tables))
		}
		for _, table := range tables {
			if err := d.scan(ctx, tx, table, words); err != nil {
				return err
			}
		}
		return nil
	})
}

func tablesOf(ctx context.Context, tx *db.Tx) ([]string, error) {
	if tx.Dialect() == db.SQLite {
		return db.All[string](ctx, tx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	}
	return db.All[string](ctx, tx, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`)
}

func (d *desk) scan(ctx context.Context, tx *db.Tx, table string, words []string) error {
	var rows []string
	var err error
	if tx.Dialect() == db.SQLite {
		var columns []string
		if columns, err = db.All[string](ctx, tx, `SELECT name FROM pragma_table_info($1)`, table); err != nil {
			return err
		}
		for _, c := range columns {
			some, err := db.All[string](ctx, tx, `SELECT COALESCE(CAST("`+c+`" AS TEXT), '') FROM "`+table+`"`)
			if err != nil {
				return err
			}
			rows = append(rows, some...)
		}
	} else if rows, err = db.All[string](ctx, tx, `SELECT t::text FROM "`+table+`" t`); err != nil {
		return err
	}
	for _, row := range rows {
		for _, w := range words {
			if strings.Contains(row, w) || strings.Contains(row, hex.EncodeToString([]byte(w))) {
				d.t.Errorf("%s holds %q: %.300s", table, w, row)
			}
		}
	}
	return nil
}
