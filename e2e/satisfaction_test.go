package e2e_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

// TestSatisfaction: a voter says by the key of the receipt whether the answer
// helped, and does not accept it; "not fixed" reaches the body that answered.
func TestSatisfaction(t *testing.T) {
	s := begin(t)
	with := s.HandIn(t, council.Petition{Steps: council.Done})
	without := s.HandIn(t, council.Petition{Steps: council.Done})
	for _, v := range []*visitor{s.voter("cử tri", false), s.voter("cử tri không script", true)} {
		h := with
		if v.plain {
			h = without
		}
		v.open("/kien-nghi/" + h.Code)
		if ask[bool](v, `document.querySelector("#rating, #contest") !== null`) {
			t.Error("without the key one is asked to rate")
		}
		v.open("/kien-nghi/" + h.Code + "?key=" + h.Key)
		v.follow("Đánh giá")
		if !v.plain {
			v.lookWell()
		}
		v.tick("score", "2")
		v.tick("fixed", "no")
		v.fill("comment", "Nắp cống mới lại vỡ sau một tuần.")
		v.button("Gửi đánh giá")
		v.reads("Đã ghi nhận đánh giá", "Ông/Bà đã đánh giá 2/5: Chưa khắc phục")
		if !v.plain {
			v.lookWell()
		}
		v.fill("note", "Đề nghị xem lại tại chỗ, nắp cống lại vỡ.")
		v.press("#contest button.btn-primary")
		v.reads("Đã nhận ý kiến của Ông/Bà")
	}
	agency := s.as("đầu-mối-xây-dựng")
	agency.open("/inbox")
	agency.reads("kiến nghị " + with.Code + " chưa được khắc phục trên thực tế")
	chair := s.as("chủ-tịch")
	chair.open("/petitions/satisfaction")
	chair.reads("Sở Xây dựng", "2 đánh giá", "Nắp cống mới lại vỡ")
	s.as("văn-thư").openCase(with.Code)
	s.as("văn-thư").reads("Đề nghị xem lại tại chỗ")
	guest := s.voter("người khác", true)
	guest.do(navigate(guest, "/kien-nghi/danh-gia/"+with.Code+"?key=SAI"))
	if ask[bool](guest, `document.querySelector("main input[name=score]") !== null`) || strings.Contains(guest.words(), "Nắp cống") {
		t.Error("a wrong key opens the rating")
	}
}
