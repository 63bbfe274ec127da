package reception_test

import (
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/clocks"
	"example.vn/hdnd/internal/modules/reception/rulings"
	"example.vn/hdnd/internal/testkit"
)

func (d *desk) rulings(matterID string) []rulings.Ruling {
	d.t.Helper()
	d.w.Work(d.t)
	v, err := d.Dossier(d.t.Context(), d.head(), matterID)
	d.must(err)
	return v.Rulings
}

// Each step of a complaint that has a paper draws it with the office's number;
// a paper that was issued elsewhere is entered by its number as before.
func TestPapersOfAComplaint(t *testing.T) {
	each(t, func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-16", "", nil)
		here := func(g *reception.Course) { g.Document = "" }
		d.wants(d.proceed(d.head(), m, "suspend", here), "reception.reason_empty")
		d.must(d.proceed(d.head(), m, "suspend", func(g *reception.Course) { here(g); g.Reason = "needs_expert" }))
		d.at("2026-11-20")
		d.must(d.proceed(d.head(), m, "resume", here))
		d.wants(d.proceed(d.head(), m, "decide", here), "rulings.words_empty")
		d.wants(d.proceed(d.head(), m, "decide", func(g *reception.Course) { here(g); g.Words, g.On = "Chấp nhận.", on("2026-11-19") }), "rulings.only_today")
		d.must(d.proceed(d.head(), m, "decide", func(g *reception.Course) { here(g); g.Words = "Chấp nhận một phần khiếu nại." }))
		d.must(d.proceed(d.clerk(), m, "send_decision", nil))
		all := d.rulings(m)
		if len(all) != 3 {
			t.Fatalf("%d papers: %+v", len(all), all)
		}
		for i, want := range []struct{ symbol, words string }{
			{"01/QĐ-VP", "giám định"}, {"02/QĐ-VP", "Quyết định số 01/QĐ-VP ngày 16/11/2026"}, {"03/QĐ-VP", "Chấp nhận một phần khiếu nại."},
		} {
			if all[i].Symbol != want.symbol || all[i].PaperID == "" {
				t.Errorf("paper %d is %s", i, all[i].Symbol)
			}
			d.paperLacks(m, all[i].PaperID, nil)
			got := d.words(m, all[i].DraftID)
			testkit.Has(t, got, want.words, "Nguyễn Văn Bình")
		}
		if due := d.deadline(m, "settle").Due; !strings.Contains(d.words(m, all[1].DraftID), all[1].Due.VN()) || all[1].Due.IsZero() || due.IsZero() {
			t.Error("the decision to go on says no day")
		}
		v, err := d.Dossier(t.Context(), d.head(), m)
		d.must(err)
		if last := v.Acts[len(v.Acts)-2]; last.Document != "03/QĐ-VP ngày 20/11/2026" {
			t.Errorf("the step names %q", last.Document)
		}
		page := d.w.Browse(t, "văn-thư").Get(t, "/reception/matters/"+m)
		says(d, page, 200, "03/QĐ-VP", "Quyết định giải quyết khiếu nại", "DOCX")
		if got := d.w.Browse(t, "văn-thư-phường").Get(t, "/reception/matters/"+m+"/papers/"+all[0].PaperID).Status; got != 404 {
			t.Errorf("another council opens the paper: %d", got)
		}
	})
}

// That a matter is complex is told in writing, with the criteria and the day
// until which it is settled now.
func TestPaperOfComplexity(t *testing.T) {
	each(t, func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-16", "", nil)
		here := func(g *reception.Course) { g.Document = "" }
		d.wants(d.proceed(d.head(), m, "determine_complex", here), "reception.clock_complex_needs_criterion")
		d.must(d.proceed(d.head(), m, "determine_complex", func(g *reception.Course) { here(g); g.Criteria = []clocks.Criterion{"people", "bodies"} }))
		all := d.rulings(m)
		if len(all) != 1 || all[0].Symbol != "02/TB-VP" {
			t.Fatalf("papers: %+v", all)
		}
		testkit.Has(t, d.words(m, all[0].DraftID), "xác định vụ việc khiếu nại phức tạp", "có nhiều người cùng khiếu nại; liên quan đến nhiều cơ quan", d.deadline(m, "settle").Due.VN())
	})
}

// The papers of a denunciation name nobody and say nothing of it, whatever was
// typed beside them.
func TestPapersOfADenunciation(t *testing.T) {
	each(t, func(d *desk) {
		id := d.register(reception.Denunciation, func(e *reception.Entry) { e.Summary = "Ông Sáu nhận tiền." })
		d.classify(id, reception.Denunciation, reception.Accept, func(k *reception.Classification) { k.Authority = reception.Own })
		d.sign(id, reception.Accept, "")
		m := d.matter(id)
		leak := func(g *reception.Course) { g.Document, g.Words = "", "Người tố cáo là Nguyễn Văn Bình." }
		d.must(d.proceed(d.clerk(), m, "notify_acceptance", leak))
		d.must(d.proceed(d.head(), m, "suspend", func(g *reception.Course) { leak(g); g.Reason = "waits_for_result" }))
		d.must(d.proceed(d.head(), m, "resume", leak))
		d.must(d.proceed(d.head(), m, "conclude", leak))
		all := d.rulings(m)
		if len(all) != 4 || all[3].Symbol != "01/KL-VP" {
			t.Fatalf("%+v", all)
		}
		for _, r := range all {
			testkit.Hides(t, d.words(m, r.DraftID), "Nguyễn Văn Bình", "Bình", "Sáu", "Đội Cấn")
			if r.Words != "" {
				t.Errorf("the words stand in a table: %q", r.Words)
			}
		}
	})
}

// The form offers to draw the paper, keeps what was typed and draws it once.
func TestPaperThroughThePages(t *testing.T) {
	each(t, func(d *desk) {
		m := d.accepted(reception.Complaint, "2026-11-16", "", nil)
		at := "/reception/matters/" + m + "/decision"
		head := d.w.Browse(t, "lãnh-đạo-văn-phòng")
		says(d, sends(d, head, at, at, typed("note", "Ghi chú giữ lại.")), 422, "Hãy ghi nội dung quyết định", "Ghi chú giữ lại.")
		form := typed("words", "Bác khiếu nại.")
		says(d, sends(d, head, at, at, form), 200, "01/QĐ-VP")
		if p := head.Post(t, at, url.Values(form)); p.Status == 200 {
			t.Error("a second decision was made")
		}
		if all := d.rulings(m); len(all) != 1 {
			t.Errorf("%d papers", len(all))
		}
	})
}

// The ladder is climbed rung by rung, with days between, and the top is the
// standing committee's.
func TestLadderOfUrging(t *testing.T) {
	each(t, func(d *desk) {
		id := d.register(reception.Proposal, nil)
		d.classify(id, reception.Proposal, reception.Forward, nil)
		d.sign(id, reception.Forward, "")
		urge := func(who string) error {
			return d.Urge(t.Context(), d.who(who), id, reception.Signature{})
		}
		d.at("2026-12-17")
		d.must(urge("lãnh-đạo-văn-phòng"))
		d.wants(urge("lãnh-đạo-văn-phòng"), "reception.urged_lately")
		d.at("2026-12-25")
		d.wants(urge("thường-trực"), "reception.urged_lately")
		d.at("2026-12-28")
		d.must(urge("lãnh-đạo-văn-phòng"))
		d.at("2027-01-11")
		d.must(urge("lãnh-đạo-văn-phòng"))
		d.at("2027-01-25")
		d.wants(urge("lãnh-đạo-văn-phòng"), "reception.rung_standing")
		says(d, d.w.Browse(t, "thường-trực").Get(t, letters+"/"+id+"/urging"), 200, "Bậc 4")
		d.must(urge("thường-trực"))
		d.w.Work(t)
		v := d.sheet(id)
		var kinds []reception.PaperKind
		for _, f := range v.Sendings {
			if reception.PaperKind(f.Kind).Urges() {
				kinds = append(kinds, reception.PaperKind(f.Kind))
				if f.PaperID == "" {
					t.Errorf("%s is not drawn", f.Symbol)
				}
			}
		}
		if len(kinds) != 4 || kinds[0] != reception.PaperUrge || kinds[1] != reception.PaperUrge || kinds[2] != reception.PaperReport || kinds[3] != reception.PaperExplain {
			t.Fatalf("the ladder was %v", kinds)
		}
		report, explain := v.Sendings[len(v.Sendings)-2], v.Sendings[len(v.Sendings)-1]
		testkit.Has(t, d.words(id, report.DraftID), "Thường trực HĐND thành phố", "đôn đốc 2 lần", "UBND phường Ba Đình")
		testkit.Has(t, d.words(id, explain.DraftID), "giải trình", "UBND phường Ba Đình")
		if report.ToBodyID != "hn-tt" || explain.ToBodyID != "bd-ub" || !strings.HasSuffix(report.Symbol, "/BC-VP") {
			t.Errorf("%+v %+v", report, explain)
		}
	})
}
