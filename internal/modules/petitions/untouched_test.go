package petitions_test

import (
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

// A reminder that the program gave is nobody's work: what was entered by
// mistake, or sent by a machine, can still be taken out, brought back, and taken
// out once more.
func TestTakenOutAfterAReminder(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		h := handIn(t, w, "Đề nghị sửa đường vào khu tập thể, máy gửi nhiều lần cùng một nội dung.")
		w.Pass(t, 10) // past the date of classification
		s, head := w.App.Petitions, w.People["lãnh-đạo-văn-phòng"]
		for _, step := range []struct {
			name string
			do   func() (bool, error)
			want bool
		}{
			{"invalidate", func() (bool, error) {
				return s.Desks().Gate.Refuse(t.Context(), head, h.ID, "machine_sent", "Gửi tự động.")
			}, true},
			{"again", func() (bool, error) {
				return s.Desks().Gate.Refuse(t.Context(), head, h.ID, "machine_sent", "Gửi tự động.")
			}, true},
			{"for another reason", func() (bool, error) { return s.Desks().Gate.Refuse(t.Context(), head, h.ID, "nonsense", "Vô nghĩa.") }, false},
			{"restore", func() (bool, error) { return s.Desks().Gate.Restore(t.Context(), head, h.ID, "Loại nhầm.") }, true},
			{"restore twice", func() (bool, error) { return s.Desks().Gate.Restore(t.Context(), head, h.ID, "Loại nhầm.") }, false},
			{"invalidate anew", func() (bool, error) {
				return s.Desks().Gate.Refuse(t.Context(), head, h.ID, "flooded", "Gửi dồn dập.")
			}, true},
		} {
			if done, err := step.do(); err != nil || done != step.want {
				t.Errorf("%s: %v, %v; want %v", step.name, done, err, step.want)
			}
		}
	})
}
