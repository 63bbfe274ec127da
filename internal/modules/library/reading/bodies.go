package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// centralBodies are the bodies of the state whose names papers print in
// capitals, with the short forms their symbols use.
var centralBodies = []struct{ name, short string }{
	{"Quốc hội", "QH"}, {"Ủy ban Thường vụ Quốc hội", "UBTVQH"}, {"Chủ tịch nước", "CTN"}, {"Chính phủ", "CP"}, {"Thủ tướng Chính phủ", "TTg"},
	{"Văn phòng Chính phủ", "VPCP"}, {"Văn phòng Quốc hội", "VPQH"}, {"Văn phòng Chủ tịch nước", "VPCTN"}, {"Kiểm toán nhà nước", "KTNN"},
	{"Tòa án nhân dân tối cao", "TANDTC"}, {"Viện kiểm sát nhân dân tối cao", "VKSNDTC"}, {"Hội đồng Thẩm phán Tòa án nhân dân tối cao", "HĐTP"},
	{"Hội đồng bầu cử quốc gia", "HĐBCQG"}, {"Bộ Chính trị", "BCT-TW"}, {"Ban Chấp hành Trung ương", "TW"},
	{"Bộ Công an", "BCA"}, {"Bộ Quốc phòng", "BQP"}, {"Bộ Ngoại giao", "BNG"}, {"Bộ Nội vụ", "BNV"}, {"Bộ Tư pháp", "BTP"}, {"Bộ Tài chính", "BTC"},
	{"Bộ Công Thương", "BCT"}, {"Bộ Nông nghiệp và Môi trường", "BNNMT"}, {"Bộ Xây dựng", "BXD"}, {"Bộ Văn hóa, Thể thao và Du lịch", "BVHTTDL"},
	{"Bộ Khoa học và Công nghệ", "BKHCN"}, {"Bộ Giáo dục và Đào tạo", "BGDĐT"}, {"Bộ Y tế", "BYT"}, {"Bộ Dân tộc và Tôn giáo", "BDTTG"},
	{"Ngân hàng Nhà nước Việt Nam", "NHNN"}, {"Thanh tra Chính phủ", "TTCP"}, {"Bộ Kế hoạch và Đầu tư", "BKHĐT"}, {"Bộ Giao thông vận tải", "BGTVT"},
	{"Bộ Thông tin và Truyền thông", "BTTTT"}, {"Bộ Tài nguyên và Môi trường", "BTNMT"}, {"Bộ Lao động - Thương binh và Xã hội", "BLĐTBXH"},
	{"Bộ Nông nghiệp và Phát triển nông thôn", "BNNPTNT"}, {"Ủy ban Dân tộc", "UBDT"}, {"Cục Thống kê", "CTK"}, {"Đài Truyền hình Việt Nam", "THVN"},
}

// placeWords come before the name of a place, which keeps its capitals.
var placeWords = []string{"thành phố", "thị xã", "thị trấn", "đặc khu", "tỉnh", "phường", "xã", "quận", "huyện"}

// bodyWords begin the name of a body: what follows another body's name and
// begins so is a body within it.
var bodyWords = []string{"ban ", "so ", "cuc ", "van phong", "phong ", "tong cuc", "chi cuc", "thuong truc", "doan ", "uy ban", "hoi dong", "vien ", "trung tam", "to dai bieu", "thanh tra", "bo ", "toa an", "cong an", "chinh phu", "thu tuong"}

// bodyNamed is the name of a body whose name was printed in capitals.
func bodyNamed(capitals string) (name string, known bool) {
	plain := strings.Trim(folded(capitals), " .-_")
	for _, b := range centralBodies {
		if folded(b.name) == plain {
			return b.name, true
		}
	}
	return sentenceCase(strings.Trim(capitals, " .-_")), false
}

// bodyShort is the body a short form in a symbol stands for.
func bodyShort(symbol string) string {
	last := symbol[strings.LastIndexByte(symbol, '/')+1:]
	if i := strings.IndexByte(last, '-'); i >= 0 {
		last = last[i+1:]
	}
	last = strings.TrimRight(last, "0123456789")
	for _, b := range centralBodies {
		if b.short == last {
			return b.name
		}
	}
	return ""
}

// sentenceCase is a name in capitals as a sentence writes it: "Hội đồng nhân
// dân thành phố Hà Nội".
func sentenceCase(s string) string {
	s = strings.ToLower(s)
	for _, w := range placeWords {
		if i := strings.Index(s, w+" "); i >= 0 && (i == 0 || s[i-1] == ' ') {
			s = s[:i] + w + " " + titled(s[i+len(w)+1:])
			break
		}
	}
	return upperFirst(s)
}

func titled(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if w != "và" {
			words[i] = upperFirst(w)
		}
	}
	return strings.Join(words, " ")
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
