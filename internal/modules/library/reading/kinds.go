package reading

import (
	"strings"
	"unicode"
)

// kind is a kind of paper: the short form the library keeps, its name as
// papers print it, without accents as it stands in a flow.
type kind struct{ code, name, plain string }

// kinds are the 29 kinds of NĐ 30/2020, Điều 7, and the normative ones, longer
// names before those they begin with.
var kinds = []kind{
	{"TTLT", "thông tư liên tịch", "thong tu lien tich"}, {"NQLT", "nghị quyết liên tịch", "nghi quyet lien tich"},
	{"HP", "hiến pháp", "hien phap"}, {"L", "bộ luật", "bo luat"}, {"L", "luật", "luat"}, {"PL", "pháp lệnh", "phap lenh"}, {"LCT", "lệnh", "lenh"},
	{"NĐ", "nghị định", "nghi dinh"}, {"TT", "thông tư", "thong tu"}, {"NQ", "nghị quyết", "nghi quyet"}, {"QĐ", "quyết định", "quyet dinh"},
	{"CT", "chỉ thị", "chi thi"}, {"QC", "quy chế", "quy che"}, {"QyĐ", "quy định", "quy dinh"}, {"TC", "thông cáo", "thong cao"},
	{"TB", "thông báo", "thong bao"}, {"HD", "hướng dẫn", "huong dan"}, {"CTr", "chương trình", "chuong trinh"}, {"KH", "kế hoạch", "ke hoach"},
	{"PA", "phương án", "phuong an"}, {"ĐA", "đề án", "de an"}, {"DA", "dự án", "du an"}, {"BC", "báo cáo", "bao cao"}, {"BB", "biên bản", "bien ban"},
	{"TTr", "tờ trình", "to trinh"}, {"HĐ", "hợp đồng", "hop dong"}, {"CĐ", "công điện", "cong dien"}, {"CV", "công văn", "cong van"},
	{"BGN", "bản ghi nhớ", "ban ghi nho"}, {"BTT", "bản thỏa thuận", "ban thoa thuan"}, {"GUQ", "giấy ủy quyền", "giay uy quyen"}, {"GM", "giấy mời", "giay moi"},
	{"GGT", "giấy giới thiệu", "giay gioi thieu"}, {"GNP", "giấy nghỉ phép", "giay nghi phep"}, {"PG", "phiếu gửi", "phieu gui"},
	{"PC", "phiếu chuyển", "phieu chuyen"}, {"PB", "phiếu báo", "phieu bao"}, {"TCg", "thư công", "thu cong"}, {"KL", "kết luận", "ket luan"},
}

// kindOf is the kind a name without accents begins with; rest is where the
// name ends.
func kindOf(plain string) (code string, rest int) {
	for _, k := range kinds {
		if strings.HasPrefix(plain, k.plain) && (len(plain) == len(k.plain) || !letter(plain[len(k.plain)])) {
			return k.code, len(k.plain)
		}
	}
	return "", 0
}

// kindOfSymbol is the kind a symbol names: NQ of 08/2025/NQ-HĐND. The National
// Assembly's own 72/2025/QH15 does not say.
func kindOfSymbol(symbol string) string {
	pieces := strings.Split(symbol, "/")
	for _, piece := range pieces[1:] {
		for _, seg := range strings.Split(piece, "-") {
			for _, k := range kinds {
				if seg == k.code && seg != "L" && seg != "HĐ" {
					return k.code
				}
			}
		}
	}
	if k, _, ok := strings.Cut(pieces[0], "-"); ok && k != "" {
		if _, code, ok := strings.Cut(pieces[0], "-"); ok {
			return code
		}
	}
	last := pieces[len(pieces)-1]
	if strings.HasPrefix(last, "UBND-") || strings.HasPrefix(last, "HĐND-") || strings.HasPrefix(last, "VP-") {
		return "CV"
	}
	return ""
}

// kindLine reads the kind of the paper from a line that holds nothing else, or
// begins with it in capitals. rest is the flow offset where a title on the
// same line begins, or -1.
func (s *sheet) kindLine(i int) (code string, rest int) {
	l := s.lines[i]
	for l.fs < l.fe && strings.IndexByte("-.'~\",:", s.flow[l.fs]) >= 0 || l.fs < l.fe && s.flow[l.fs] == ' ' {
		l.fs++
	}
	flow := s.flow[l.fs:l.fe]
	code, n := kindOf(flow)
	if code == "" {
		return "", -1
	}
	upper := true
	for k := l.fs; k < l.fs+n; k++ {
		if r := s.runeAt(k); unicode.IsLetter(r) && !unicode.IsUpper(r) {
			upper = false
		}
	}
	tail := strings.Trim(flow[n:], " .:-*\"'_")
	switch {
	case tail == "" && (upper || l.head):
		return code, -1
	case upper && len(tail) > 8 && len(flow) > n && flow[n] == ' ' && code != "QyĐ" && code != "HD" && code != "KL":
		return code, l.fs + n + 1
	}
	return "", -1
}
