package gate

import (
	"strings"
	"testing"
	"time"
)

func fold(t testing.TB) folding {
	t.Helper()
	f, err := readFolding(foldingText)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFoldEmail(t *testing.T) {
	t.Parallel()
	f := fold(t)
	for _, c := range [][2]string{
		{"An.Nguyen@Gmail.com", "annguyen@gmail.com"},
		{"an.nguyen+kiennghi@googlemail.com", "annguyen@gmail.com"},
		{" a n nguyen@gmail.com. ", "annguyen@gmail.com"},
		{"an\u200bnguyen@gm\u0430il.com", "annguyen@gmail.com"}, // zero width, Cyrillic а
		{"ａｎｎｇｕｙｅｎ＠ｇｍａｉｌ．ｃｏｍ", "annguyen@gmail.com"},            // full width
		{"an@xn--gmil-63d.com", "an@gmail.com"},                 // the same Cyrillic а, encoded
		{"an.nguyen+x@outlook.com", "an.nguyen@outlook.com"},    // dots count there
		{"an.nguyen@hotmail.com", "an.nguyen@hotmail.com"},      // another person than at outlook.com
		{"an-tag@yahoo.com.vn", "an@yahoo.com.vn"},
		{"an-tag@gmail.com", "an-tag@gmail.com"},
		{"+x@gmail.com", "+x@gmail.com"}, // no name before the tag
		{"AN@Hanoi.gov.vn", "an@hanoi.gov.vn"},
		{"an+việc@hanoi.gov.vn", "an+việc@hanoi.gov.vn"}, // unknown providers keep what was typed
		{"an+vie\u0323\u0302c@hanoi.gov.vn", "an+việc@hanoi.gov.vn"},
		{"không có gì", "khôngcógì"},
		{"", ""},
	} {
		if got := f.email(c[0]); got != c[1] {
			t.Errorf("email(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestFoldPhone(t *testing.T) {
	t.Parallel()
	f := fold(t)
	for _, c := range [][2]string{
		{"0912 345 678", "+84912345678"},
		{"+84 912.345.678", "+84912345678"},
		{"+84 (0) 912-345-678", "+84912345678"},
		{"84912345678", "+84912345678"},
		{"084912345678", "+84912345678"},
		{"0084912345678", "+84912345678"},
		{"０９１２３４５６７８", "+84912345678"},
		{"01621234567", "+84321234567"}, // 0162 → 032
		{"+841621234567", "+84321234567"},
		{"0321234567", "+84321234567"},
		{"01201234567", "+84701234567"},
		{"01991234567", "+84591234567"},
		{"0841234567", "+84841234567"}, // a mobile number, not the country
		{"0438221234", "+842438221234"},
		{"02438221234", "+842438221234"},
		{"+1 (202) 555-0147", "+12025550147"},
		{"001 202 555 0147", "+12025550147"},
		{"113", "113"},
		{"gọi giờ hành chính", ""},
		{"", ""},
	} {
		if got := f.phone(c[0]); got != c[1] {
			t.Errorf("phone(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

// FuzzFold holds that folding what is folded changes nothing, and that an
// address and its own folding are one contact.
func FuzzFold(f *testing.F) {
	fo := fold(f)
	for _, s := range []string{"An.Nguyen+x@Gmail.com", "а@xn--gmil-63d.com", "0162 123 4567", "+84084912345678", "00841234567890", "a@b@c", "0000", "8484912345678", "..@..", "İ@İ.com", "x@xn--xn---.com", "YYuye_r\xb7¯"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 300 {
			return
		}
		once := fo.email(s)
		if twice := fo.email(once); once != twice {
			t.Errorf("email %q: %q, then %q", s, once, twice)
		}
		once = fo.phone(s)
		if twice := fo.phone(once); once != twice {
			t.Errorf("phone %q: %q, then %q", s, once, twice)
		}
	})
}

func TestFoldingChecked(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"unknown":  "[[provider]]\nhosts = [\"a.com\"]\ntag = \"+\"\nwrong = 1\n",
		"twice":    "[[provider]]\nhosts = [\"a.com\", \"a.com\"]\ntag = \"+\"\n",
		"no tag":   "[[provider]]\nhosts = [\"a.com\"]\n",
		"lengths":  "[lookalikes]\nfrom = \"аб\"\nto = \"a\"\n",
		"same len": "[[phone]]\ndigits = 10\ncodes = [[\"032\", \"033\"]]\n",
	} {
		if _, err := readFolding(s); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestLimitsChecked(t *testing.T) {
	t.Parallel()
	if _, err := readLimits(limitsText); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string][2]string{
		"upside down":       {"burst = {ask = 8, hold = 120, stop = 400}", "burst = {ask = 8, hold = 4, stop = 400}"},
		"unknown":           {"skew = ", "askew = "},
		"contact stopped":   {"burst = {ask = 3, hold = 10, stop = 0}", "burst = {ask = 3, hold = 10, stop = 20}"},
		"council held":      {"burst = {ask = 600, hold = 0, stop = 0}", "burst = {ask = 600, hold = 700, stop = 0}"},
		"too much work":     {"bits = 19", "bits = 40"},
		"traces too short":  {"traces_kept = \"1680h\"", "traces_kept = \"800h\""},
		"no source":         {"source = \"Chưa có", "source = \"\" # "},
		"keys for nothing":  {"address4 = {burst = 10, day = 40}", "address4 = {burst = 0, day = 40}"},
		"keys upside down":  {"network6 = {burst = 40, day = 200}", "network6 = {burst = 40, day = 20}"},
		"not a date":        {"2026-01-01", "2026-13-01"},
		"trend of nothing":  {"text = 10}", "text = 0}"},
		"windows backwards": {"burst_window = \"10m\"", "burst_window = \"48h\""},
	} {
		s := strings.Replace(limitsText, edit[0], edit[1], 1)
		if s == limitsText {
			t.Errorf("%s: nothing to edit", name)
		}
		if _, err := readLimits(s); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestEditionInForce(t *testing.T) {
	t.Parallel()
	second := strings.Replace(limitsText, `from = "2026-01-01"`, `from = "2027-01-01"`, 1)
	all, err := readLimits(limitsText + strings.Replace(second, "skew = \"2m\"", "skew = \"3m\"", 1))
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{editions: all}
	for day, want := range map[string]time.Duration{"2025-06-01": 2 * time.Minute, "2026-12-31": 2 * time.Minute, "2027-01-01": 3 * time.Minute} {
		at, err := time.Parse("2006-01-02 15:04 -0700", day+" 12:00 +0700")
		if err != nil {
			t.Fatal(err)
		}
		if got := d.limits(at).Skew; got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
	if _, err := readLimits(second + limitsText); err == nil {
		t.Error("editions out of order were taken")
	}
}

// TestSketch holds what trends rest on: a copied text with small changes mostly
// has the same sketch, another hardly ever.
func TestSketch(t *testing.T) {
	t.Parallel()
	const base = "Kính gửi Hội đồng nhân dân phường, chúng tôi là cư dân khu tập thể Thành Công đề nghị sửa chữa hệ thống thoát nước đường Nguyên Hồng vì cứ mưa là ngập sâu nhiều giờ liền gây hư hỏng xe cộ và nhà cửa của người dân"
	if string(sketch(base)) != string(sketch(strings.ToUpper(base)+"!")) {
		t.Error("capitals and signs change the sketch")
	}
	same := 0
	words := strings.Fields(base)
	for i := range words {
		changed := append(append([]string{}, words[:i]...), words[i+1:]...)
		if string(sketch(strings.Join(changed, " "))) == string(sketch(base)) {
			same++
		}
	}
	if same*10 < len(words)*6 {
		t.Errorf("%d of %d near-same texts have the same sketch", same, len(words))
	}
	if string(sketch("Kính gửi Hội đồng nhân dân phường, đề nghị lắp thêm đèn chiếu sáng tại ngõ 12")) == string(sketch(base)) {
		t.Error("another text has the same sketch")
	}
	if sketch("") != nil || sketch(" ,. ") != nil {
		t.Error("nothing has a sketch")
	}
}
