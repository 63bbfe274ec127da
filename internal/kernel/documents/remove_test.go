package documents_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/testkit"
)

// A letter for word processors says what the drawn one says, the same bytes each
// time, and no sign of a citizen's text is taken for mark-up.
func TestWriteWords(t *testing.T) {
	l := documents.Letter{Head: documents.Head{Superior: "HỘI ĐỒNG NHÂN DÂN", Issuer: "VĂN PHÒNG", Place: "Hà Nội", Date: clock.NewDate(2026, time.February, 3)}, Symbol: "01/PC-VP", Kind: "PHIẾU CHUYỂN",
		Subject: "Chuyển đơn", To: []string{"UBND phường"}, Body: []documents.Block{documents.Paragraph{Text: "Đơn của ông A & <b>bà B</b>"}, documents.Points{{Text: "Điểm một", Under: []string{"ý nhỏ"}}}},
		Recipients: []string{"Như trên", "Lưu"}, Sign: documents.Signature{Authority: []string{"TL. CHÁNH VĂN PHÒNG"}, Title: "TRƯỞNG PHÒNG", Name: "Trần Văn Bách"}}
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := documents.WriteWords(b, l); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same letter gives other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"01/PC-VP", "PHIẾU CHUYỂN", "Kính gửi: UBND phường", "A &amp; &lt;b&gt;bà B", "1. Điểm một", "a) ý nhỏ", "ngày 03 tháng 02 năm 2026", "TL. CHÁNH VĂN PHÒNG", "Trần Văn Bách", "- Lưu."} {
		if !strings.Contains(string(content), w) {
			t.Errorf("does not say %q", w)
		}
	}
	if l.Title() != "PHIẾU CHUYỂN 01/PC-VP Chuyển đơn" {
		t.Error(l.Title())
	}
}

// What is removed leaves the registry, and the disk unless another paper has it.
func TestRemove(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r := registry(t, d)
		ctx := context.Background()
		keep := func(content string) documents.Draft {
			d, err := r.Keep(ctx, "a.txt", "text/plain", func(w io.Writer) error {
				_, err := io.WriteString(w, content)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		alone, shared := keep("chỉ của một đơn"), keep("của hai đơn")
		attach := func(tx *db.Tx, d documents.Draft, id string) error {
			_, err := r.Attach(ctx, tx, d, documents.For{CouncilID: "hn", BodyID: "vp", Subject: documents.Subject{Kind: "letter", ID: id}, Kind: "scan", At: r.Clock.Now()})
			return err
		}
		var gone []string
		err := r.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			for _, p := range []struct {
				d  documents.Draft
				id string
			}{{alone, "1"}, {shared, "1"}, {shared, "2"}} {
				if err := attach(tx, p.d, p.id); err != nil {
					return err
				}
			}
			gone, err = r.Remove(ctx, tx, documents.Subject{Kind: "letter", ID: "1"})
			return err
		})
		if err != nil || len(gone) != 1 || gone[0] != alone.Hash {
			t.Fatalf("%v, %v", gone, err)
		}
		for _, one := range []documents.Draft{alone, shared} {
			if err := r.Forget(ctx, one.Hash); err != nil {
				t.Fatal(err)
			}
			there, err := r.Blobs.Has(ctx, one.Hash)
			if err != nil || there != (one.Hash == shared.Hash) {
				t.Errorf("%s: %v, %v", one.Hash, there, err)
			}
		}
	}, schema())
}
