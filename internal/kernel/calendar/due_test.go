package calendar

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

func TestWriteDue(t *testing.T) {
	c := load(t)
	run := Run{Start: day(t, "2026-11-20"), Count: 3, Unit: WorkingDays}
	var b bytes.Buffer
	if err := WriteDue(&b, c, run, text.Vi, false); err != nil {
		t.Fatal(err)
	}
	const want = `2026-11-26
Sự kiện làm bắt đầu thời hạn: Thứ Sáu, 20/11/2026. Ngày này không tính vào thời hạn; bắt đầu tính từ ngày tiếp theo.
Thời hạn là 3 ngày làm việc.
Ngày cuối cùng tính được là Thứ Năm, 26/11/2026.
Hạn: Thứ Năm, 26/11/2026, đến hết 24 giờ.
Cách tính theo Bộ luật Dân sự 2015, Điều 145 đến Điều 148.
Các ngày không tính (3):
  2026-11-21  Thứ Bảy, ngày nghỉ hằng tuần [căn cứ: Quyết định 188/1999/QĐ-TTg (tuần làm việc 40 giờ)]
  2026-11-22  Chủ nhật, ngày nghỉ hằng tuần [căn cứ: Quyết định 188/1999/QĐ-TTg (tuần làm việc 40 giờ)]
  2026-11-24  Thứ Ba, Ngày Văn hóa Việt Nam: ngày nghỉ lễ, tết [căn cứ: Nghị quyết 28/2026/QH16, Điều 2 khoản 1]
`
	if b.String() != want {
		t.Errorf("printed\n%s", b.String())
	}
}

func TestWriteDueJSON(t *testing.T) {
	c := load(t)
	var b bytes.Buffer
	if err := WriteDue(&b, c, Run{Start: day(t, "2026-11-16"), Count: 8, Unit: Days}, text.En, true); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Due, Raw, Weekday string
		Skipped           []struct{ Date, Reason, Name string }
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Due != "2026-11-25" || got.Raw != "2026-11-24" || got.Weekday != "Wednesday" || len(got.Skipped) != 1 ||
		got.Skipped[0].Date != "2026-11-24" || got.Skipped[0].Reason != "holiday" || got.Skipped[0].Name != "Vietnam Culture Day" {
		t.Errorf("%s", b.String())
	}
}

func TestWriteDueOddities(t *testing.T) {
	c := load(t)
	var b bytes.Buffer
	if err := WriteDue(&b, c, Run{Start: day(t, "2026-11-16"), Count: 2, Unit: Days}, text.Vi, false); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "2026-11-18\n") || !strings.HasSuffix(b.String(), "Không có ngày nào bị bỏ qua.\n") {
		t.Errorf("printed\n%s", b.String())
	}
	b.Reset()
	if err := WriteDue(&b, c, Run{Start: day(t, "2026-11-16"), Unit: Days}, text.Vi, true); !fault.Is(err, "calendar.bad_count") || b.Len() > 0 {
		t.Errorf("%v, printed %q", err, b.String())
	}
}

// A stored deadline reads back as it was.
func TestDeadlineKeeps(t *testing.T) {
	c := load(t)
	d, err := c.Count(Run{Start: day(t, "2026-11-16"), Count: 10, Unit: WorkingDays, Rule: "petitions.reply", Pauses: []Pause{pause(t, "2026-11-18", "")}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back Deadline
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	again, err := c.Count(back.Run)
	if err != nil {
		t.Fatal(err)
	}
	b2, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, b2) {
		t.Errorf("stored %s\nagain  %s", b, b2)
	}
}
