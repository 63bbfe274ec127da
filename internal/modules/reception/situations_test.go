package reception_test

import (
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/clocks"
)

// situation is one of the law, told in the words of an office.
type situation struct {
	name string
	play func(d *desk)
}

// TestSituations plays each on both databases, in a house of its own.
func TestSituations(t *testing.T) {
	for _, s := range append(append(append([]situation{}, lettersOfBothLaws...), mattersOfBothLaws...), denunciations...) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			each(t, s.play)
		})
	}
}

var lettersOfBothLaws = []situation{
	{"01 khiếu nại nhận ngày 30/6/2026: mười ngày theo luật cũ", func(d *desk) {
		d.at("2026-07-03")
		id := d.register(reception.Complaint, func(e *reception.Entry) { e.ReceivedOn = on("2026-06-30") })
		d.due(id, "handle", "complaints.accept_first", "2026-07-10")
		if got := d.deadline(id, "handle"); got.Run.V.Count != 10 || !got.Confirmed {
			d.t.Errorf("%+v", got)
		}
	}},
	{"02 khiếu nại nhận ngày 01/7/2026: bảy ngày làm việc", func(d *desk) {
		d.at("2026-07-03")
		id := d.register(reception.Complaint, func(e *reception.Entry) { e.ReceivedOn = on("2026-07-01") })
		d.due(id, "handle", "complaints.accept_first", "2026-07-10")
		if got := d.deadline(id, "handle"); got.Run.V.Count != 7 {
			d.t.Errorf("%+v", got)
		}
	}},
	{"03 khiếu nại lần hai", func(d *desk) {
		id := d.register(reception.Complaint, func(e *reception.Entry) { e.Instance, e.ReceivedOn = 2, on("2026-11-13") })
		d.due(id, "handle", "complaints.accept_second", "2026-11-25")
	}},
	{"04 đơn chưa rõ loại, phân loại là khiếu nại: hạn tính lại từ ngày nhận", func(d *desk) {
		id := d.register(reception.Unsorted, nil)
		d.due(id, "handle", "reception.tell_citizen", "2026-12-01")
		d.classify(id, reception.Complaint, reception.Guide, nil)
		d.due(id, "handle", "complaints.accept_first", "2026-11-26")
	}},
	{"05 kiến nghị, phản ánh: chuyển kèm đơn, mười ngày làm việc", func(d *desk) {
		id := d.register(reception.Proposal, nil)
		d.due(id, "handle", "reception.tell_citizen", "2026-12-01")
		d.classify(id, reception.Proposal, reception.Forward, nil)
		d.sign(id, reception.Forward, "")
		d.due(id, "answer", "letters.answer_forwarded", "2026-12-16")
		d.state(id, "following")
	}},
	{"05b kiến nghị thuộc thẩm quyền: trả lời bằng văn bản, không thụ lý như khiếu nại", func(d *desk) {
		id := d.register(reception.Proposal, nil)
		own := func(k *reception.Classification) { k.Authority, k.BodyID = reception.Own, "" }
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Proposal, reception.Accept, own)), "reception.proposal_responds")
		d.classify(id, reception.Proposal, reception.Respond, own)
		d.wants(d.Sign(d.t.Context(), d.chair(), id, reception.Respond, reception.Signature{}), "cases.required")
		d.must(d.Sign(d.t.Context(), d.chair(), id, reception.Respond, reception.Signature{Words: "Hội đồng nhân dân đã đưa nội dung này vào chương trình giám sát."}))
		d.state(id, "closed")
		d.status(id, "handle", cases.Met)
	}},
	{"06 khiếu nại không thuộc thẩm quyền: hướng dẫn, không thụ lý", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		err := d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Complaint, reception.Accept, func(k *reception.Classification) { k.Authority = reception.Other }))
		d.wants(err, "reception.not_ours")
		d.classify(id, reception.Complaint, reception.Guide, nil)
		d.sign(id, reception.Guide, "")
		d.state(id, "guided")
		d.status(id, "handle", cases.Met)
	}},
	{"07 đơn không đủ điều kiện: không thụ lý được, chỉ lưu", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		err := d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Complaint, reception.Accept, func(k *reception.Classification) { k.Conditions = all(reception.Complaint, "signed") }))
		d.wants(err, "reception.lacks")
		d.classify(id, reception.Complaint, reception.File, func(k *reception.Classification) {
			k.Conditions, k.Reason = all(reception.Complaint, "signed"), "unqualified"
		})
		d.sign(id, reception.File, "")
		d.state(id, "filed")
	}},
	{"08 đơn đủ điều kiện không được xếp lưu", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		err := d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Complaint, reception.File, func(k *reception.Classification) { k.Reason = "unqualified" }))
		d.wants(err, "reception.qualified_files")
	}},
	{"09 không thụ lý vì hết thời hiệu: phải có lý do theo Điều 11", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		err := d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Complaint, reception.Refuse, nil))
		d.wants(err, "reception.reason_empty")
		d.classify(id, reception.Complaint, reception.Refuse, func(k *reception.Classification) {
			k.Conditions, k.Reason = all(reception.Complaint, "in_time"), "out_of_time"
		})
		d.sign(id, reception.Refuse, "")
		d.state(id, "refused")
		if s := d.sheet(id).Sendings; len(s) != 1 || s[0].Kind != string(reception.PaperRefused) {
			d.t.Errorf("%+v", s)
		}
	}},
	{"10 trả đơn kèm bản gốc; không có bản gốc thì không trả", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		err := d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Complaint, reception.Return, func(k *reception.Classification) { k.Reason = "originals" }))
		d.wants(err, "reception.no_originals")
		d.classify(id, reception.Complaint, reception.Return, func(k *reception.Classification) { k.Reason, k.Originals = "originals", true })
		d.sign(id, reception.Return, "")
		d.state(id, "returned")
	}},
	{"11 đơn gửi nhiều nơi trong đó có nơi có thẩm quyền: không xử lý", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		several := func(k *reception.Classification) { k.Conditions = all(reception.Complaint, "not_several") }
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Complaint, reception.Forward, several)), "reception.no_handling")
		d.classify(id, reception.Complaint, reception.File, func(k *reception.Classification) { several(k); k.Reason = "several_places" })
	}},
	{"12 đã được hướng dẫn về cùng nội dung: đơn gửi lại chỉ lưu", func(d *desk) {
		first := d.register(reception.Complaint, nil)
		d.classify(first, reception.Complaint, reception.Guide, nil)
		d.sign(first, reception.Guide, "")
		again := d.register(reception.Complaint, nil)
		twins := d.sheet(again).Twins
		if len(twins) != 1 || twins[0].Letter.ID != first || !twins[0].Same() || twins[0].Open {
			d.t.Fatalf("%+v", twins)
		}
		d.wants(d.Join(d.t.Context(), d.clerk(), again, first, "", 0), "reception.join_closed")
		d.classify(again, reception.Complaint, reception.File, func(k *reception.Classification) {
			k.Conditions, k.Reason = all(reception.Complaint, "not_guided"), "guided_before"
		})
	}},
	{"13 đơn trùng khi hồ sơ đang xử lý: nhập vào, không mở hồ sơ mới", func(d *desk) {
		first := d.register(reception.Complaint, nil)
		again := d.register(reception.Complaint, func(e *reception.Entry) {
			e.Senders[0].Name, e.Senders[0].Paper = "nguyen van  BINH", ""
			e.Senders[0].Address = "số 5, ngõ 12, phố Đội Cấn"
			e.Respondent = "chủ tịch ubnd phường ba đình"
		})
		// Another paper number is another person, however much alike; without one the name and address tell.
		if twins := d.sheet(again).Twins; len(twins) != 1 || twins[0].Person || !twins[0].Respondent || !twins[0].Content {
			d.t.Fatalf("%+v", twins)
		}
		third := d.register(reception.Complaint, func(e *reception.Entry) {
			e.Summary = "Không đồng ý quyết định thu hồi đất của hộ gia đình tôi."
		})
		d.must(d.Join(d.t.Context(), d.clerk(), third, first, "Đơn gửi lại.", 0))
		d.state(third, "joined")
		if joined := d.sheet(first).Joined; len(joined) != 1 {
			d.t.Errorf("%+v", joined)
		}
		other := d.register(reception.Complaint, func(e *reception.Entry) {
			e.Senders = []reception.Sender{{Name: "Trần Thị Khác", Address: "Ngọc Hà"}}
			e.Respondent, e.Summary = "Trường tiểu học", "Về việc thu tiền ngoài quy định."
		})
		d.wants(d.Join(d.t.Context(), d.clerk(), other, first, "", 0), "reception.join_other")
	}},
	{"14 ba mươi người cùng ký: một người rút không làm dừng vụ việc", func(d *desk) {
		id := d.register(reception.Complaint, func(e *reception.Entry) { e.Senders = thirty() })
		if n := len(d.sheet(id).Senders); n != 30 {
			d.t.Fatalf("%d senders", n)
		}
		whole, err := d.Withdraw(d.t.Context(), d.clerk(), id, reception.Withdrawal{Senders: []int{7}, Document: "Đơn rút ngày 16/11/2026"})
		if err != nil || whole {
			d.t.Fatal(whole, err)
		}
		d.state(id, "received")
		var rest []int
		for i := 1; i <= 30; i++ {
			if i != 7 {
				rest = append(rest, i)
			}
		}
		whole, err = d.Withdraw(d.t.Context(), d.clerk(), id, reception.Withdrawal{Senders: rest, Document: "Biên bản rút đơn"})
		if err != nil || !whole {
			d.t.Fatal(whole, err)
		}
		d.state(id, "withdrawn")
	}},
	{"15 rút một phần nội dung: phần còn lại tiếp tục, hạn không đổi", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		_, err := d.Withdraw(d.t.Context(), d.clerk(), id, reception.Withdrawal{Part: "Rút nội dung về mức bồi thường.", Document: "Biên bản làm việc"})
		d.must(err)
		d.state(id, "received")
		d.due(id, "handle", "complaints.accept_first", "2026-11-26")
	}},
	{"16 đơn nhiều nội dung, ba đối tượng: tách thành ba đơn", func(d *desk) {
		id := d.register(reception.Mixed, func(e *reception.Entry) {
			e.Respondent = "UBND phường\nTrường học\nĐội quản lý trật tự"
		})
		d.wants(d.Classify(d.t.Context(), d.clerk(), id, reading(reception.Mixed, reception.Forward, nil)), "reception.split_first")
		made, err := d.Split(d.t.Context(), d.clerk(), id, []reception.Part{
			{Kind: reception.Complaint, Respondent: "UBND phường", Summary: "Khiếu nại quyết định xử phạt."},
			{Kind: reception.Proposal, Respondent: "Trường học", Summary: "Kiến nghị sửa cổng trường."},
			{Kind: reception.Proposal, Respondent: "Đội quản lý trật tự", Summary: "Phản ánh việc lấn chiếm vỉa hè."}}, "", 0)
		d.must(err)
		d.state(id, "split")
		v := d.sheet(id)
		if len(made) != 3 || len(v.Parts) != 3 {
			d.t.Fatalf("%+v", v.Parts)
		}
		d.due(made[0].ID, "handle", "complaints.accept_first", "2026-11-26")
		d.due(made[1].ID, "handle", "reception.tell_citizen", "2026-12-01")
		if twins := d.sheet(made[1].ID).Twins; len(twins) != 0 {
			d.t.Errorf("parts of one letter are told as duplicates: %+v", twins)
		}
	}},
	{"17 quá hạn trả lời: đôn đốc ba lần, trả lời, báo công dân, kết thúc", func(d *desk) {
		id := d.register(reception.Proposal, func(e *reception.Entry) { e.Source, e.FromBody = reception.OfDeputy, "Đại biểu Ngô Xuân Phúc" })
		d.classify(id, reception.Proposal, reception.Forward, nil)
		d.sign(id, reception.Forward, "")
		d.wants(d.Urge(d.t.Context(), d.head(), id, reception.Signature{}), "reception.not_overdue")
		for i, who := range []string{"lãnh-đạo-văn-phòng", "thường-trực", "chủ-tịch"} {
			d.at([]string{"2026-12-17", "2026-12-28", "2027-01-11"}[i])
			d.must(d.Urge(d.t.Context(), d.who(who), id, reception.Signature{}))
		}
		d.w.Work(d.t)
		g, err := d.Forwarded(d.t.Context(), d.head(), reception.RegisterKey{})
		if err != nil || len(g.Lines) != 1 || g.Lines[0].Urged != 3 || !g.Lines[0].Late {
			d.t.Fatalf("%+v, %v", g, err)
		}
		d.must(d.Answer(d.t.Context(), d.clerk(), id, reception.Reply{Document: "88/UBND ngày 12/01/2027", On: on("2027-01-11"), Satisfied: "partly"}))
		d.status(id, "answer", cases.MetLate)
		d.due(id, "tell_citizen", "reception.deputy_tells", "2027-01-18")
		d.wants(d.Close(d.t.Context(), d.clerk(), id, "", 0), "cases.not_yours_to_do")
		d.must(d.Insist(d.t.Context(), d.head(), id, reception.Signature{Words: "Đề nghị nêu rõ thời hạn hoàn thành."}))
		d.state(id, "following")
		d.must(d.Answer(d.t.Context(), d.clerk(), id, reception.Reply{Document: "95/UBND", Satisfied: "yes"}))
		d.must(d.Note(d.t.Context(), d.clerk(), id, "tell_citizen", "10/TB-VP", on("2027-01-11"), "", 0))
		d.must(d.Close(d.t.Context(), d.head(), id, "", 0))
		d.state(id, "closed")
		g, _ = d.Forwarded(d.t.Context(), d.head(), reception.RegisterKey{})
		if l := g.Lines[0]; !l.Ended || l.AnswerNumber != "95/UBND" || l.Satisfied != "yes" {
			d.t.Errorf("%+v", l)
		}
	}},
	{"18 đơn đang được cơ quan khác giải quyết chậm: đôn đốc và theo dõi", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		d.classify(id, reception.Complaint, reception.Follow, nil)
		d.sign(id, reception.Follow, "")
		d.state(id, "following")
		if s := d.sheet(id).Sendings; len(s) != 1 || s[0].Kind != string(reception.PaperUrge) {
			d.t.Errorf("%+v", s)
		}
	}},
	{"19 người soạn không tự ký; trả lại phải có lý do", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		d.classify(id, reception.Complaint, reception.Guide, nil)
		d.wants(d.Sign(d.t.Context(), d.clerk(), id, reception.Guide, reception.Signature{}), "cases.not_yours_to_do")
		d.wants(d.SendBack(d.t.Context(), d.head(), id, " ", 0), "cases.required")
		d.must(d.SendBack(d.t.Context(), d.head(), id, "Xem lại thẩm quyền.", 0))
		d.state(id, "received")
		d.classify(id, reception.Complaint, reception.Forward, nil)
		d.must(d.Sign(d.t.Context(), d.chair(), id, reception.Forward, reception.Signature{}))
	}},
	{"20 cơ quan không còn tồn tại: không chuyển được", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		d.classify(id, reception.Complaint, reception.Forward, func(k *reception.Classification) { k.BodyID = "đã-giải-thể" })
		d.wants(d.Sign(d.t.Context(), d.head(), id, reception.Forward, reception.Signature{}), "reception.body_unknown")
	}},
	{"21 ngày trước sự kiện: đơn nhận trước ngày viết, trả lời trước ngày chuyển", func(d *desk) {
		_, err := d.Register(d.t.Context(), d.clerk(), d.entry(reception.Complaint, func(e *reception.Entry) { e.WrittenOn, e.ReceivedOn = on("2026-11-12"), on("2026-11-10") }))
		d.wants(err, "reception.written_after")
		_, err = d.Register(d.t.Context(), d.clerk(), d.entry(reception.Complaint, func(e *reception.Entry) { e.ReceivedOn = on("2026-11-17") }))
		d.wants(err, "reception.received_future")
		id := d.register(reception.Proposal, nil)
		d.classify(id, reception.Proposal, reception.Forward, nil)
		d.sign(id, reception.Forward, "")
		d.wants(d.Answer(d.t.Context(), d.clerk(), id, reception.Reply{Document: "1/UBND", On: on("2026-11-13"), Satisfied: "yes"}), "cases.before_event")
		d.wants(d.Answer(d.t.Context(), d.clerk(), id, reception.Reply{Document: "1/UBND", On: on("2026-11-20"), Satisfied: "yes"}), "cases.not_yet_happened")
	}},
}

var mattersOfBothLaws = []situation{
	{"22 thụ lý 20/6/2026: giữ hạn cũ, tạm đình chỉ theo quy định mới từ 01/7", func(d *desk) {
		d.at("2026-06-20")
		m := d.accepted(reception.Complaint, "2026-06-19", "2026-06-19", nil)
		d.due(m, "settle", "complaints.settle_first", "2026-07-20")
		d.at("2026-06-25")
		d.wants(d.proceed(d.head(), m, "suspend", reason("waits_for_result")), "reception.clock_not_yet_law")
		d.wants(d.proceed(d.clerk(), m, "withdraw_part", nil), "reception.clock_not_yet_law")
		d.at("2026-07-06")
		d.must(d.proceed(d.head(), m, "suspend", reason("waits_for_result")))
		d.due(m, "send_suspension", "complaints.send_suspension", "2026-07-09")
		d.status(m, "settle", cases.Paused)
		d.at("2026-07-16")
		d.must(d.proceed(d.head(), m, "resume", nil))
		d.due(m, "settle", "complaints.settle_first", "2026-07-29")
		if got := d.deadline(m, "settle"); got.RuleFrom != on("2012-07-01") {
			d.t.Errorf("the limit became that of the new law: %+v", got)
		}
	}},
	{"23 khiếu nại phức tạp: phải có văn bản và tiêu chí, tính lại từ ngày thụ lý", func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", nil)
		d.due(m, "settle", "complaints.settle_first", "2026-12-16")
		d.at("2026-11-25")
		d.wants(d.proceed(d.head(), m, "determine_complex", nil), "reception.clock_complex_needs_criterion")
		d.must(d.proceed(d.head(), m, "determine_complex", func(g *reception.Course) { g.Criteria = []clocks.Criterion{"people", "bodies"} }))
		d.due(m, "settle", "complaints.settle_first_complex", "2026-12-31")
	}},
	{"24 vùng sâu, vùng xa: 45 ngày, phức tạp 60 ngày, quyết định có hiệu lực sau 45 ngày", func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", func(k *reception.Classification) { k.Remote = true })
		d.due(m, "settle", "complaints.settle_first_remote", "2026-12-31")
		d.must(d.proceed(d.head(), m, "determine_complex", func(g *reception.Course) { g.Criteria = []clocks.Criterion{"places"} }))
		d.due(m, "settle", "complaints.settle_first_remote_complex", "2027-01-15")
		d.at("2026-12-10")
		d.must(d.proceed(d.head(), m, "decide", nil))
		d.due(m, "take_effect", "complaints.take_effect_remote", "2027-01-25")
		d.due(m, "go_on", "complaints.go_on_remote", "2027-01-25")
		d.due(m, "send_decision", "complaints.send_first_decision", "2026-12-15")
	}},
	{"25 khiếu nại lần hai: 45 ngày", func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", func(k *reception.Classification) { k.Instance = 2 })
		d.due(m, "settle", "complaints.settle_second", "2026-12-31")
	}},
	{"26 đối thoại: thông báo ít nhất năm ngày trước", func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", nil)
		d.wants(d.proceed(d.clerk(), m, "call_dialogue", func(g *reception.Course) { g.Day = on("2026-11-10") }), "reception.dialogue_past")
		d.must(d.proceed(d.clerk(), m, "call_dialogue", func(g *reception.Course) { g.Day = on("2026-12-10") }))
		d.due(m, "dialogue_notice", "complaints.dialogue_notice", "2026-12-04")
		d.at("2026-12-04")
		d.must(d.proceed(d.clerk(), m, "notify_dialogue", nil))
		d.status(m, "dialogue_notice", cases.Met)
	}},
	{"27 đơn do Mặt trận chuyển: báo Mặt trận trong bảy ngày từ ngày có quyết định", func(d *desk) {
		id := d.register(reception.Complaint, func(e *reception.Entry) { e.Source, e.FromBody = reception.OfFront, "Ủy ban MTTQ thành phố" })
		d.classify(id, reception.Complaint, reception.Accept, nil)
		d.sign(id, reception.Accept, "")
		m := d.matter(id)
		d.at("2026-11-30")
		d.must(d.proceed(d.head(), m, "decide", nil))
		d.due(m, "answer_front", "complaints.answer_front", "2026-12-07")
		d.must(d.proceed(d.clerk(), m, "answer_front", nil))
		d.status(m, "answer_front", cases.Met)
		d.at("2026-12-15")
		d.wants(d.proceed(d.clerk(), m, "take_effect", nil), "reception.effect_not_reached")
		d.at("2027-01-05")
		d.wants(d.proceed(d.clerk(), m, "appeal", nil), "reception.go_on_over")
		d.must(d.proceed(d.clerk(), m, "take_effect", nil))
		d.state(m, "in_force")
	}},
	{"28 đơn thứ hai giống hệt khi đơn đầu đang tạm đình chỉ: nhập vào hồ sơ đó", func(d *desk) {
		id := d.register(reception.Complaint, nil)
		d.classify(id, reception.Complaint, reception.Accept, nil)
		d.sign(id, reception.Accept, "")
		m := d.matter(id)
		d.must(d.proceed(d.head(), m, "suspend", reason("force_majeure")))
		again := d.register(reception.Complaint, nil)
		twins := d.sheet(again).Twins
		if len(twins) != 1 || !twins[0].Suspended || !twins[0].Open || !twins[0].Same() {
			d.t.Fatalf("%+v", twins)
		}
		d.must(d.Join(d.t.Context(), d.clerk(), again, id, "", 0))
		d.status(m, "settle", cases.Paused)
	}},
	{"29 rút toàn bộ khiếu nại đã thụ lý: đình chỉ, gửi quyết định trong ba ngày làm việc", func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", nil)
		d.at("2026-11-23")
		d.must(d.proceed(d.clerk(), m, "withdraw_part", nil))
		d.must(d.proceed(d.head(), m, "stop", reason("withdrawn")))
		d.state(m, "stopped")
		d.due(m, "send_suspension", "complaints.send_suspension", "2026-11-27")
		d.status(m, "settle", cases.Met)
	}},
	{"30 giải quyết trễ hạn được ghi là trễ, theo ngày của quyết định", func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", nil)
		d.at("2026-12-22")
		d.must(d.proceed(d.head(), m, "decide", func(g *reception.Course) { g.On = on("2026-12-16") }))
		d.status(m, "settle", cases.Met)
		late := d.accepted(reception.Complaint, "2026-12-21", "2026-12-22", nil)
		d.at("2027-01-25")
		d.must(d.proceed(d.head(), late, "decide", nil))
		d.status(late, "settle", cases.MetLate)
	}},
}

// accepted leads a letter to a matter that the council settles: received and
// accepted on these days.
func (d *desk) accepted(kind reception.Kind, received, accepted string, change func(k *reception.Classification)) string {
	d.t.Helper()
	id := d.register(kind, func(e *reception.Entry) { e.ReceivedOn = on(received) })
	d.classify(id, kind, reception.Accept, change)
	d.sign(id, reception.Accept, accepted)
	d.state(id, "accepted")
	return d.matter(id)
}

func reason(code string) func(g *reception.Course) {
	return func(g *reception.Course) { g.Reason = code }
}

func thirty() []reception.Sender {
	var all []reception.Sender
	for i := range 30 {
		all = append(all, reception.Sender{Name: "Nguyễn Thị Số " + string(rune('A'+i)), Address: "Tổ dân phố số 7", Represents: i == 0})
	}
	return all
}
