package reception_test

import (
	"net/http"
	"regexp"
	"testing"

	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/lookup"
)

var keyShown = regexp.MustCompile(`(?:Mã tra cứu:|mã tra cứu mới) ([A-Z0-9]{12})`)

// A sender who lost the receipt gets a new key from the clerk who looked at their
// papers; the old one opens nothing any more. A sealed letter gets none.
func TestNewKey(t *testing.T) {
	each(t, func(d *desk) {
		clerk, public := d.w.Browse(d.t, "văn-thư"), d.w.Browse(d.t, "")
		entered := sends(d, clerk, letters+"/new", letters, typed("kind", "complaint", "source", "post", "received_on", "12/11/2026", "senders", "Nguyễn Văn Bình; phố Đội Cấn", "summary", "Không đồng ý mức bồi thường."))
		says(d, entered, 200, "Đã vào sổ")
		id, old := openLetter.FindStringSubmatch(entered.URL)[1], keyShown.FindStringSubmatch(entered.Text())[1]
		code := d.sheet(id).Case.Code
		at := lookup.RenewPath(id)
		says(d, clerk.Get(d.t, letters+"/"+id), 200, "Cấp lại mã tra cứu")
		says(d, sends(d, clerk, at, at, typed()), 422, "Hãy chọn giấy tờ đã đối chiếu")
		says(d, sends(d, public, "/tra-cuu-don", "/tra-cuu-don", typed("code", code, "key", old)), 200, code, "Ngày nhận")
		renewed := sends(d, clerk, at, at, typed("checked", "citizen"))
		says(d, renewed, 200, "Đã cấp lại mã")
		key := keyShown.FindStringSubmatch(renewed.Text())[1]
		if key == old {
			d.t.Error("the key is the old one")
		}
		says(d, sends(d, public, "/tra-cuu-don", "/tra-cuu-don", typed("code", code, "key", old)), http.StatusNotFound, "Không tìm thấy đơn")
		says(d, sends(d, public, "/tra-cuu-don", "/tra-cuu-don", typed("code", code, "key", key)), 200, code, "Ngày nhận")
		for _, other := range []string{"văn-thư-phường", "đại-biểu", "lãnh-đạo-văn-phòng", "đầu-mối-xây-dựng"} {
			if p := d.w.Browse(d.t, other).Get(d.t, at); p.Status != 404 {
				d.t.Errorf("%s reaches the form: %d", other, p.Status)
			}
		}
		sealed := d.register(reception.Denunciation, nil)
		if p := clerk.Post(d.t, lookup.RenewPath(sealed), typed("checked", "citizen")); p.Status == 200 {
			d.t.Errorf("a sealed letter got a new key: %.300s", p.Text())
		}
	})
}
