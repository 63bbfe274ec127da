package search

// abbreviations are the short forms of office and street Vietnamese that are
// no syllables themselves, without accents, and what they stand for. Text and
// query are both widened, so either form finds the other.
var abbreviations = map[string]string{
	"ubnd": "uỷ ban nhân dân", "hdnd": "hội đồng nhân dân", "mttq": "mặt trận tổ quốc", "ubmttq": "uỷ ban mặt trận tổ quốc",
	"ubtvqh": "uỷ ban thường vụ quốc hội", "tand": "toà án nhân dân", "vksnd": "viện kiểm sát nhân dân",
	"tp": "thành phố", "tphn": "thành phố hà nội", "tphcm": "thành phố hồ chí minh", "hn": "hà nội", "hcm": "hồ chí minh",
	"tdp": "tổ dân phố", "kdc": "khu dân cư", "kdt": "khu đô thị", "gpmb": "giải phóng mặt bằng", "gtvt": "giao thông vận tải",
	"tnmt": "tài nguyên môi trường", "bhyt": "bảo hiểm y tế", "bhxh": "bảo hiểm xã hội", "csgt": "cảnh sát giao thông",
	"pccc": "phòng cháy chữa cháy", "vsmt": "vệ sinh môi trường", "vstp": "vệ sinh thực phẩm", "attp": "an toàn thực phẩm",
	"cccd": "căn cước công dân", "qsdd": "quyền sử dụng đất", "gcnqsdd": "giấy chứng nhận quyền sử dụng đất",
	"thcs": "trung học cơ sở", "thpt": "trung học phổ thông", "nvh": "nhà văn hoá", "bqlda": "ban quản lý dự án", "htx": "hợp tác xã",
	"vpdk": "văn phòng đăng ký", "cntt": "công nghệ thông tin", "ktxh": "kinh tế xã hội",
}

// dotted are the one-letter forms that stand for a unit when a full stop or a
// number follows: P.5, Q. Ba Đình, P12.
var dotted = map[string]string{"p": "phường", "q": "quận", "x": "xã"}
