package delivery_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

const (
	letters = "/reception/letters/"
	secret  = "Kỳ Quặc Viễn"
	reason  = "Che thông tin để chuyển đơn theo phân công"
)

// office is the standard council and the bodies that it forwards letters to.
type office struct {
	t *testing.T
	*council.World
	book *reception.Service
}

func each(t *testing.T, fn func(o *office)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Keepers(t)
		fn(&office{t, w, w.App.Reception})
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// photo is a picture with a note behind its end that tells who wrote.
func photo(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 320, 240)), nil); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), secret...)
}

// proposed enters a letter with scans, classified to be forwarded to the
// department of construction.
func (o *office) proposed(kind reception.Kind, files ...reception.Scan) (id string) {
	o.t.Helper()
	h, err := o.book.Register(o.t.Context(), o.People["văn-thư"], reception.Entry{Kind: kind, Source: reception.ByPost, ReceivedOn: clock.Today(o.World.Clock), Summary: "Ngõ ngập.",
		Senders: []reception.Sender{{Name: "Nguyễn Văn Bình"}}, Scans: files})
	o.must(err)
	o.step()
	o.reads(h.ID, kind)
	return h.ID
}

func (o *office) reads(id string, kind reception.Kind) {
	o.t.Helper()
	o.must(o.book.Classify(o.t.Context(), o.People["văn-thư"], id, reception.Classification{Kind: kind, Conditions: reception.AllMet(kind), Authority: reception.Other, Result: reception.Forward, BodyID: "hn-sxd", Instance: 1}))
	o.step()
}

func (o *office) step() { o.World.Clock.Advance(time.Minute) }

// signs signs the forwarding through its page.
func (o *office) signs(id string, enclose ...string) council.Page {
	o.t.Helper()
	head := o.Browse(o.t, "lãnh-đạo-văn-phòng")
	form := url.Values{"enclose": enclose}
	for k, v := range head.Get(o.t, letters+id+"/forwarding").Hidden() {
		form[k] = v
	}
	page := head.Post(o.t, letters+id+"/forwarding", form)
	o.step()
	o.Work(o.t)
	return page
}

func (o *office) sheet(id string) reception.Sheet {
	o.t.Helper()
	v, err := o.book.Sheet(o.t.Context(), o.People["lãnh-đạo-văn-phòng"], id)
	o.must(err)
	return v
}

// paper reads the words of a letter's forwarding.
func (o *office) paper(id string) string {
	o.t.Helper()
	_, r, err := o.book.Paper(o.t.Context(), o.People["lãnh-đạo-văn-phòng"], id, o.sheet(id).Sendings[0].DraftID)
	o.must(err)
	b, err := io.ReadAll(r)
	o.must(err)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	o.must(err)
	f, err := z.Open("word/document.xml")
	o.must(err)
	words, err := io.ReadAll(f)
	o.must(err)
	return string(words)
}

var incoming = regexp.MustCompile(`href="(/reception/incoming/[0-9a-z]{26})"`)

// arrived is the page of what came to a person's body last; none: nothing.
func (o *office) arrived(who string) (at string, page council.Page) {
	o.t.Helper()
	b := o.Browse(o.t, who)
	m := incoming.FindStringSubmatch(b.Get(o.t, "/reception/incoming").Body)
	if m == nil {
		return "", council.Page{}
	}
	return m[1], b.Get(o.t, m[1])
}

// The scans of an ordinary letter go along when they are chosen: the paper lists
// them, the body finds both, and nobody else does.
func TestScansGoAlong(t *testing.T) {
	each(t, func(o *office) {
		id := o.proposed(reception.Proposal, reception.Scan{Name: "don.txt", Bytes: []byte("Nội dung đơn.")}, reception.Scan{Name: "anh.txt", Bytes: []byte("Ảnh ngõ ngập.")})
		offered := o.sheet(id).Offered
		if len(offered) != 2 {
			t.Fatalf("%+v", offered)
		}
		other := o.proposed(reception.Proposal, reception.Scan{Name: "khac.txt", Bytes: []byte("Đơn khác.")})
		if p := o.signs(id, o.sheet(other).Offered[0].Mark()); p.Status != 422 || !strings.Contains(p.Text(), "không còn gửi kèm được") {
			t.Errorf("a scan of another letter goes along: %d", p.Status)
		}
		if p := o.signs(id, "copy:1"); p.Status != 422 {
			t.Errorf("%d", p.Status)
		}
		first := offered[0]
		page := o.signs(id, first.Mark(), first.Mark())
		if page.Status != 200 || !strings.Contains(page.Text(), "Gửi kèm: "+first.Title) {
			t.Fatalf("%d %.600s", page.Status, page.Text())
		}
		testkit.Has(t, o.paper(id), "Gửi kèm:", "1. Bản chụp “"+first.Title+"”")
		testkit.Hides(t, o.paper(id), offered[1].Title)
		for _, who := range []string{"đầu-mối-xây-dựng", "giám-đốc-xây-dựng"} {
			at, got := o.arrived(who)
			testkit.Has(t, got.Text(), "Phiếu chuyển số 01/PC-VP", first.Title)
			b := o.Browse(t, who)
			if p := b.Get(t, at+"/paper"); p.Status != 200 || !strings.HasPrefix(p.Body, "%PDF") {
				t.Errorf("paper: %d", p.Status)
			}
			if p := b.Get(t, at+"/enclosures/1"); p.Status != 200 || !strings.Contains("Nội dung đơn.Ảnh ngõ ngập.", p.Body) || p.Body == "" {
				t.Errorf("enclosure: %d %s", p.Status, p.Body)
			}
			if p := b.Get(t, at+"/enclosures/2"); p.Status != 404 {
				t.Errorf("what was not chosen: %d", p.Status)
			}
			testkit.Has(t, b.Get(t, "/inbox").Text(), "Phiếu chuyển số 01/PC-VP")
			testkit.Hides(t, b.Get(t, "/inbox").Text(), "Nguyễn Văn Bình", "ngập")
		}
		at, _ := o.arrived("đầu-mối-xây-dựng")
		for _, who := range []string{"đầu-mối-giáo-dục", "giám-đốc-giáo-dục", "cán-bộ-xây-dựng", "văn-thư-phường", "đại-biểu", ""} {
			for _, path := range []string{at, at + "/paper", at + "/enclosures/1"} {
				if p := o.Browse(t, who).Get(t, path); p.Status == 200 && strings.HasPrefix(p.URL, at) {
					t.Errorf("%s opens %s", who, path)
				}
			}
		}
	})
}

// Of a denunciation only released copies go along, never an original, whatever is
// sent; the body's head alone finds them; one that is withdrawn is gone.
func TestOnlyReleasedCopiesGoAlong(t *testing.T) {
	each(t, func(o *office) {
		ctx, who, desk := t.Context(), o.People["văn-thư"], o.book.Desks().Scans
		id := o.proposed(reception.Denunciation, reception.Scan{Name: "don-" + secret + ".jpg", Bytes: photo(t)}, reception.Scan{Bytes: photo(t)})
		if n := len(o.sheet(id).Offered); n != 0 {
			t.Errorf("%d originals are offered", n)
		}
		ticket, err := desk.Open(ctx, who, id, 1, reason)
		o.must(err)
		number, err := desk.Make(ctx, who, id, scans.Making{Scan: 1, Ticket: ticket, None: true})
		o.must(err)
		for _, mark := range []string{"copy:1", "scan:1", "plain:1", "plain:scan/1"} { // not released yet
			if p := o.signs(id, mark); p.Status != 422 {
				t.Errorf("%s goes along: %d", mark, p.Status)
			}
		}
		if ticket, err = desk.OpenCopy(ctx, who, id, number, reason); err == nil {
			err = desk.Decide(ctx, who, id, number, scans.Decision{Ticket: ticket, Yes: true, Looked: true})
		}
		o.must(err)
		page := o.signs(id, "copy:1")
		if page.Status != 200 || !strings.Contains(page.Text(), "Gửi kèm: Bản quét số 1 đã che thông tin") {
			t.Fatalf("%d %.600s", page.Status, page.Text())
		}
		testkit.Has(t, o.paper(id), "Bản quét số 1 đã che thông tin người tố cáo (1 trang)")
		testkit.Hides(t, o.paper(id), secret, "Nguyễn Văn Bình", "ngập")
		if at, _ := o.arrived("đầu-mối-xây-dựng"); at != "" {
			t.Error("the clerk of the body is told of a denunciation")
		}
		testkit.Hides(t, o.Browse(t, "đầu-mối-xây-dựng").Get(t, "/inbox").Text(), "01/PC-VP")
		at, got := o.arrived("giám-đốc-xây-dựng")
		testkit.Has(t, got.Text(), "Đơn tố cáo", "Bản quét số 1 đã che thông tin")
		head := o.Browse(t, "giám-đốc-xây-dựng")
		file := head.Get(t, at+"/enclosures/1")
		if file.Status != 200 || !strings.HasPrefix(file.Body, "%PDF") || strings.Contains(file.Body, secret) {
			t.Errorf("%d, %d bytes", file.Status, len(file.Body))
		}
		if p := o.Browse(t, "đầu-mối-xây-dựng").Get(t, at); p.Status != 404 {
			t.Errorf("the clerk of the body: %d", p.Status)
		}
		o.must(desk.Withdraw(ctx, who, id, number))
		if p := head.Get(t, at+"/enclosures/1"); p.Status != 404 {
			t.Errorf("a copy that was withdrawn is given out: %d", p.Status)
		}
		testkit.Hides(t, head.Get(t, at).Text(), "Bản quét số 1")
	})
}

// A letter whose scans went along and that is a denunciation on a second reading:
// they are taken back, with their names.
func TestTakenBack(t *testing.T) {
	each(t, func(o *office) {
		id := o.proposed(reception.Proposal, reception.Scan{Name: "don-cua-" + secret + ".txt", Bytes: []byte(secret)})
		o.signs(id, o.sheet(id).Offered[0].Mark())
		at, got := o.arrived("đầu-mối-xây-dựng")
		testkit.Has(t, got.Text(), secret)
		o.must(o.book.Answer(t.Context(), o.People["văn-thư"], id, reception.Reply{Document: "1/SXD", Satisfied: "yes"}))
		o.step()
		o.must(o.book.Close(t.Context(), o.People["lãnh-đạo-văn-phòng"], id, "", 0))
		o.step()
		o.must(o.book.Reopen(t.Context(), o.People["lãnh-đạo-văn-phòng"], id, "Đọc lại.", 0))
		o.step()
		o.reads(id, reception.Denunciation)
		o.Work(t)
		for _, who := range []string{"đầu-mối-xây-dựng", "giám-đốc-xây-dựng"} {
			for _, path := range []string{at, at + "/paper", at + "/enclosures/1", "/reception/incoming"} {
				p := o.Browse(t, who).Get(t, path)
				if strings.Contains(p.Body, secret) || p.Status == 200 && strings.HasSuffix(path, "/1") {
					t.Errorf("%s still has %s: %d", who, path, p.Status)
				}
			}
		}
		if found := o.InFiles(t, secret); len(found) > 0 {
			t.Errorf("%v", found)
		}
	})
}
