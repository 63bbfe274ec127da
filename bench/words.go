package main

import (
	"fmt"
	"math/rand/v2"
)

// The parts that petitions are put together from. What people ask for repeats
// itself, and so do its words; a search over random letters would be too easy.
var (
	subjects = [...]string{
		"mặt đường xuống cấp, nhiều ổ gà", "hệ thống thoát nước bị tắc, cứ mưa là ngập", "đèn chiếu sáng công cộng hỏng nhiều tháng nay",
		"rác thải sinh hoạt tồn đọng bên đường", "trường tiểu học thiếu phòng học, lớp quá đông", "trạm y tế thiếu thuốc và bác sĩ",
		"dự án treo nhiều năm, người dân không được xây sửa nhà", "giấy chứng nhận quyền sử dụng đất chậm cấp", "xe tải chở vật liệu chạy vào giờ cao điểm",
		"vỉa hè bị lấn chiếm làm nơi buôn bán, để xe", "nước sạch yếu và hay mất vào buổi tối", "khói bụi từ cơ sở tái chế gây ô nhiễm không khí",
		"nhà văn hóa tổ dân phố đã cũ, không còn chỗ sinh hoạt", "chung cư cũ xuống cấp, tường nứt, trần thấm", "sân chơi cho trẻ em bị chiếm làm bãi giữ xe",
		"xe buýt bỏ chuyến, người già và học sinh phải chờ lâu", "tiền hỗ trợ hộ nghèo chi trả chậm", "kênh mương thủy lợi bị bồi lấp, ruộng thiếu nước",
		"thủ tục qua cổng dịch vụ công hay báo lỗi", "tiếng ồn từ quán hát kéo dài quá nửa đêm", "cầu dân sinh hẹp, lan can gãy",
		"cây xanh gãy đổ chưa được thay", "chợ tạm họp giữa lòng đường", "biển báo giao thông bị che khuất",
	}
	wishes = [...]string{
		"sớm khảo sát và sửa chữa dứt điểm", "cho biết thời gian hoàn thành và đơn vị chịu trách nhiệm", "bố trí vốn đầu tư công để làm trong năm tới",
		"kiểm tra, xử lý nghiêm các trường hợp vi phạm", "công khai tiến độ để người dân theo dõi", "lắp đặt bổ sung và bảo trì thường xuyên",
		"trả lời bằng văn bản cho các hộ dân", "có phương án tạm thời trong thời gian chờ dự án", "tăng cường lực lượng tuần tra vào giờ cao điểm",
		"điều chỉnh quy hoạch cho phù hợp với thực tế", "hỗ trợ các hộ bị ảnh hưởng", "chỉ đạo các sở, ngành phối hợp với phường giải quyết",
	}
	harms = [...]string{
		"Người già và trẻ em đi lại rất nguy hiểm, đã có người bị ngã.", "Việc này kéo dài từ nhiều năm, cử tri đã kiến nghị nhiều lần nhưng chưa được giải quyết.",
		"Các hộ kinh doanh mất khách, đời sống gặp khó khăn.", "Học sinh phải nghỉ học mỗi khi mưa lớn.", "Cử tri rất bức xúc vì chưa có cơ quan nào nhận trách nhiệm.",
		"Tổ dân phố đã góp tiền sửa tạm nhưng không bền.", "Mùi hôi ảnh hưởng đến sức khỏe của hàng trăm hộ dân.", "Nhiều gia đình phải thuê nhà nơi khác để ở.",
	}
	streets = [...]string{
		"Kim Mã", "Giảng Võ", "Láng Hạ", "Tây Sơn", "Nguyễn Trãi", "Minh Khai", "Bạch Mai", "Trần Duy Hưng", "Hoàng Hoa Thám", "Thụy Khuê", "Đội Cấn", "Xuân La",
		"Phạm Văn Đồng", "Hồ Tùng Mậu", "Ngọc Hồi", "Lĩnh Nam", "Nguyễn Văn Cừ", "Ngô Gia Tự", "Quang Trung", "Tố Hữu", "Lê Trọng Tấn", "Vành đai 3", "Đê La Thành", "Yên Phụ",
	}
)

func one[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// petitionText is what a voter might write about a ward.
func petitionText(r *rand.Rand, ward string) string {
	return fmt.Sprintf("Cử tri %s phản ánh: tại khu vực ngõ %d đường %s, tổ dân phố số %d, %s. %s Đề nghị Hội đồng nhân dân có ý kiến với cơ quan chức năng để %s; %s.",
		ward, 1+r.IntN(400), one(r, streets[:]), 1+r.IntN(60), one(r, subjects[:]), one(r, harms[:]), one(r, wishes[:]), one(r, wishes[:]))
}
