package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/text"
)

// said makes one of the many petitions that differ in a street, a number and a
// matter, as a city's do.
func said(r *rand.Rand) string {
	one := func(all ...string) string { return all[r.IntN(len(all))] }
	return fmt.Sprintf("Cử tri phản ánh: ngõ %d đường %s, tổ dân phố số %d, %s. %s Đề nghị %s.", 1+r.IntN(400),
		one("Lạc Long Quân", "Tô Hiệu", "Quang Trung", "Minh Khai", "Thụy Khuê", "Bạch Mai", "Trần Duy Hưng", "Nguyễn Trãi"), 1+r.IntN(60),
		one("mặt đường xuống cấp, nhiều ổ gà", "đèn chiếu sáng công cộng hỏng nhiều tháng", "rác thải sinh hoạt tồn đọng bên đường", "nước sạch yếu và hay mất vào buổi tối", "chợ tạm họp giữa lòng đường", "xe tải chạy vào giờ cao điểm"),
		one("Nhiều gia đình phải thuê nhà nơi khác để ở.", "Các hộ kinh doanh mất khách, đời sống khó khăn.", "Tổ dân phố đã góp tiền sửa tạm nhưng không bền."),
		one("sớm bố trí vốn sửa chữa", "kiểm tra và xử lý dứt điểm", "công khai kế hoạch để nhân dân giám sát", "bổ sung vào kế hoạch đầu tư công"))
}

// carelessly writes a text with every third word left out, letters swapped in
// one of six, and no accents.
func carelessly(r *rand.Rand, s string) string {
	var kept []string
	for _, w := range strings.Fields(text.Fold(s)) {
		figures := strings.ContainsAny(w, "0123456789")
		if !figures && r.IntN(3) == 0 {
			continue
		}
		if !figures && len(w) > 3 && r.IntN(6) == 0 {
			w = w[:1] + w[2:3] + w[1:2] + w[3:]
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, " ")
}

// A text with errors is full of words and neighbours that no document has; the
// one that was meant is found all the same.
func TestSimilarDespiteErrors(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	var docs []Doc
	for i := range 3000 {
		docs = append(docs, petition(fmt.Sprint(i), "", said(r)))
	}
	v := viewOf(t, 2, docs...)
	const asked = 200
	found := 0
	for i := range asked {
		hits, err := v.similar(context.Background(), &scratch{lex: newLexer()}, carelessly(r, docs[i].Fields[len(docs[i].Fields)-1].Text), Filter{Everything: true}, 50)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(hits, func(h Hit) bool { return h.ID == docs[i].ID && h.Score >= 2*similarLeast }) {
			found++
		}
	}
	t.Logf("found %d of %d", found, asked)
	if found*100 < 90*asked {
		t.Errorf("only %d of %d texts with errors were found", found, asked)
	}
}
