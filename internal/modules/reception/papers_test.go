package reception_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/reception"
)

// words reads a paper for word processors.
func (d *desk) words(id, paperID string) string {
	d.t.Helper()
	_, r, err := d.Paper(d.t.Context(), d.head(), id, paperID)
	d.must(err)
	defer r.Close()
	b, err := io.ReadAll(r)
	d.must(err)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	d.must(err)
	f, err := z.Open("word/document.xml")
	d.must(err)
	content, err := io.ReadAll(f)
	d.must(err)
	return string(content)
}

// Each paper says what it has to, names whom it may, and nobody when it is of a
// denunciation.
func TestPapers(t *testing.T) {
	each(t, func(d *desk) {
		plain := d.register(reception.Complaint, func(e *reception.Entry) { e.WrittenOn = on("2026-11-10") })
		d.classify(plain, reception.Complaint, reception.Refuse, func(k *reception.Classification) {
			k.Conditions, k.Reason = all(reception.Complaint, "in_time"), "out_of_time"
		})
		d.sign(plain, reception.Refuse, "")
		forwarded := d.register(reception.Proposal, nil)
		d.classify(forwarded, reception.Proposal, reception.Forward, nil)
		d.must(d.Sign(d.t.Context(), d.head(), forwarded, reception.Forward, reception.Signature{Words: "Đề nghị báo cáo trước kỳ họp."}))
		secretID := d.register(reception.Denunciation, secret)
		d.classify(secretID, reception.Denunciation, reception.Forward, nil)
		d.must(d.Sign(d.t.Context(), d.head(), secretID, reception.Forward, reception.Signature{Words: "Đơn của bà Phan Thị Kín."}))
		d.w.Work(d.t)
		for _, c := range []struct {
			id    string
			n     int
			wants []string
		}{
			{plain, 0, []string{"THÔNG BÁO", "01/TB-VP", "Ông/Bà Nguyễn Văn Bình", "khoản 6 Điều 11 Luật Khiếu nại", "đề ngày 10/11/2026", "Trần Văn Bách"}},
			{forwarded, 0, []string{"PHIẾU CHUYỂN", "01/PC-VP", "UBND phường Ba Đình", "trước ngày 17/12/2026", "Đề nghị báo cáo trước kỳ họp."}},
			{forwarded, 1, []string{"Về việc chuyển đơn", "02/TB-VP"}},
			{secretID, 0, []string{"02/PC-VP", "phong bì niêm phong"}},
			{secretID, 1, []string{"Ông/Bà có tên trong hồ sơ"}},
		} {
			s := d.sheet(c.id).Sendings[c.n]
			got := d.words(c.id, s.DraftID)
			for _, w := range c.wants {
				if !strings.Contains(got, w) {
					d.t.Errorf("%s does not say %q", s.Symbol, w)
				}
			}
			for _, w := range planted {
				if c.id == secretID && strings.Contains(got, w) {
					d.t.Errorf("%s says %q", s.Symbol, w)
				}
			}
		}
		d.leaks()
		_, err := d.Withdraw(d.t.Context(), d.clerk(), plain, reception.Withdrawal{All: true, Document: "Đơn rút của bà Phan Thị Kín"})
		d.wants(err, "cases.wrong_state")
		other := d.register(reception.Complaint, nil)
		_, err = d.Withdraw(d.t.Context(), d.clerk(), other, reception.Withdrawal{All: true, Document: "Đơn rút của bà Phan Thị Kín"})
		d.wants(err, "reception.document_names")
	})
}
