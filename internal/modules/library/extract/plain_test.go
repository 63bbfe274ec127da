package extract_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/library/extract"
)

const said = "Hội đồng nhân dân quyết định các biện pháp bảo đảm thi hành Hiến pháp và pháp luật ở địa phương; đường Nguyễn Trãi, ngõ Mỹ Đình."

func wide(s string, big, mark bool) []byte {
	var b []byte
	if mark {
		s = "\uFEFF" + s
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func TestPlain(t *testing.T) {
	t.Parallel()
	nfd := "Hội đồng nhân dân quyết định."
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"utf8": {[]byte(said), said}, "bom": {append([]byte("\xEF\xBB\xBF"), said...), said}, "le": {wide(said, false, true), said}, "be": {wide(said, true, true), said},
		"bare": {wide("Nghi quyet so 27 cua phuong", false, false), "Nghi quyet so 27 cua phuong"}, "nfd": {[]byte(nfd), text.NFC(nfd)},
		"tcvn3": {[]byte("H\xe9i \xae\xe5ng nh\xa9n d\xa9n quy\xd5t \xae\xdenh nh\xf7ng v\xcan \xae\xd2 c\xf1a \xae\xdea ph\xad\xacng"), "Hội đồng nhân dân quyết định những vấn đề của địa phương"},
	} {
		res := mustRead(t, name+".txt", c.b)
		if got := res.Text(); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	res := mustRead(t, "hai.txt", []byte("Trang một.\fTrang hai."))
	if res.PageCount != 2 || res.Pages[1].Text != "Trang hai." {
		t.Errorf("pages: %+v", res.Pages)
	}
	res = mustRead(t, "en.txt", []byte(strings.Repeat("The council of the ward shall decide on the budget for roads and the repair of schools. ", 4)))
	if !warned(res.Pages[0].Warnings, "extract.foreign") {
		t.Errorf("English: %+v", res.Pages[0])
	}
}

// TestEncodings reads the given samples in all old code pages.
func TestEncodings(t *testing.T) {
	dir := given(t, "encodings")
	if dir == "" {
		return
	}
	want, err := os.ReadFile(filepath.Join(dir, "sample_unicode.txt"))
	must(t, err)
	for _, name := range []string{"sample_tcvn3.bin", "sample_tcvn3_mojibake_utf8.txt", "sample_viscii.bin", "sample_vni_mojibake_utf8.txt"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		share := wrongShare(mustRead(t, name, b).Text(), string(want))
		fmt.Printf("%-32s %.3f %% wrong characters\n", name, 100*share)
		if share > 0.002 {
			t.Errorf("%s: %.2f %% wrong", name, 100*share)
		}
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	page := `<!DOCTYPE html><html><head><title>Nghị quyết</title><style>p { color: red }</style><script>var a = "<p>không</p>";</script></head>
<body><!-- <p>bỏ</p> --><p>Số:&nbsp;27/NQ-HĐND<br>Hà Nội, ngày 10 &#116;háng 7</p><table><tr><td><p>STT</p></td><td title="a > b">Tuyến ngõ</td></tr><tr><td>1</td><td>Ngõ <b>12</b></td></tr></table><p>3 < 5 và A&amp;B</p></body></html>`
	same(t, mustRead(t, "a.html", []byte(page)).Text(), "Nghị quyết\nSố: 27/NQ-HĐND\nHà Nội, ngày 10 tháng 7\nSTT\tTuyến ngõ\n1\tNgõ 12\n3 < 5 và A&B")
	old := "<html><body><p><font face=\".VnTime\">H\xe9i \xae\xe5ng nh\xa9n d\xa9n quy\xd5t \xae\xdenh nh\xf7ng v\xcan \xae\xd2 c\xf1a \xae\xdea ph\xad\xacng</font></p></body></html>"
	same(t, mustRead(t, "b.htm", []byte(old)).Text(), "Hội đồng nhân dân quyết định những vấn đề của địa phương")
}

// torn puts spaces where the font changes, as such PDFs do.
func torn(s string) string {
	var b strings.Builder
	rare := func(r rune) bool {
		return r >= 0x1EA0 && r <= 0x1EF9 || strings.ContainsRune("ăĂđĐĩĨũŨơƠưƯ", r)
	}
	var last rune
	for _, r := range s {
		if last != 0 && last != ' ' && r != ' ' && last != '\n' && r != '\n' && rare(r) != rare(last) && !strings.ContainsRune(".,;:()", r) && !strings.ContainsRune(".,;:()", last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func TestRejoin(t *testing.T) {
	t.Parallel()
	whole := strings.Join(paper(), "\n") + "\n" + said
	got, changed := extract.Rejoin(torn(whole))
	if !changed {
		t.Fatal("torn text was not seen")
	}
	a, b := strings.Fields(got), strings.Fields(whole)
	wrong := 0
	for i := range b {
		if i >= len(a) || a[i] != b[i] {
			wrong++
			t.Logf("%d: want %s", i, b[i])
			break
		}
	}
	if wrong > 0 {
		t.Errorf("got:\n%s", got)
	}
	if got, changed := extract.Rejoin(whole); changed || got != whole {
		t.Errorf("good text was changed: %s", got)
	}
	same := "a) cơ quan; b) tổ chức; c) cá nhân ở đó; đ) người khác. Điểm đ khoản 1, điểm c khoản 2, điểm g ở trên."
	if got, changed := extract.Rejoin(same); changed {
		t.Errorf("points were joined: %s", got)
	}
}

// TestRejoinKeeps holds that joining takes away single spaces and nothing else.
func TestRejoinKeeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"c", "ủa", "đ", "ượ", "h", "ội", "quy", "ết", "ng", "ười", "nhân", " ", "\n", "x", "12", "ổ", "ch", "ức,", "(", "ph", "ươ"}), 0, 60).Draw(t, "pieces")
		s := strings.Join(words, " ")
		got, _ := extract.Rejoin(s)
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Fatalf("%q became %q", s, got)
		}
		if strings.Count(got, "\n") != strings.Count(s, "\n") {
			t.Fatalf("lines: %q became %q", s, got)
		}
	})
}

func TestMembers(t *testing.T) {
	t.Parallel()
	list := func(b []byte, l extract.FolderLimits) ([]extract.Member, error) {
		return extract.Members(bytes.NewReader(b), int64(len(b)), "a.zip", l)
	}
	all, err := list(zipOf(t, "2025/một.pdf", "x", "../ra.pdf", "x", "C:/x.pdf", "x", "trong.zip", "x", "rỗng.pdf", "", "__MACOSX/._a", "x", "2025/", "", "một.pdf", "x", "một.pdf", "y"), extract.FolderLimits{})
	must(t, err)
	wrong := map[string]string{}
	for _, m := range all {
		if m.Wrong != nil {
			wrong[m.Name] = m.Wrong.Key
		}
	}
	if len(all) != 7 || wrong["../ra.pdf"] != "extract.member_path" || wrong["C:/x.pdf"] != "extract.member_path" || wrong["trong.zip"] != "extract.nested" || wrong["rỗng.pdf"] != "extract.empty" || wrong["một.pdf"] != "extract.member_twice" {
		t.Errorf("%d members, %v", len(all), wrong)
	}
	bomb := zipOf(t, "bom.txt", strings.Repeat("0", 30<<20))
	all, err = list(bomb, extract.FolderLimits{})
	must(t, err)
	if all[0].Wrong == nil || all[0].Wrong.Key != "extract.bomb" {
		t.Errorf("bomb: %+v", all[0])
	}
	if _, err := list(bomb, extract.FolderLimits{AllMaxBytes: 1 << 20}); !fault.Is(err, "extract.bomb") {
		t.Errorf("all too large: %v", err)
	}
	if _, err := list(zipOf(t, "a", "x", "b", "y"), extract.FolderLimits{MembersMax: 1}); !fault.Is(err, "extract.members_many") {
		t.Errorf("too many: %v", err)
	}
	locked := zipOf(t, "khóa.pdf", "x")
	at := bytes.LastIndex(locked, []byte("PK\x01\x02"))
	locked[at+8] |= 1
	all, err = list(locked, extract.FolderLimits{})
	must(t, err)
	if all[0].Wrong == nil || all[0].Wrong.Key != "extract.member_locked" {
		t.Errorf("locked: %+v", all[0])
	}
	if _, err := list([]byte("PK\x03\x04xxxx"), extract.FolderLimits{}); !fault.Is(err, "extract.damaged_zip") {
		t.Errorf("damaged: %v", err)
	}
}
