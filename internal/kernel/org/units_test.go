package org_test

import (
	"errors"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

func (h *house) units(t testing.TB) {
	t.Helper()
	since, before := clock.NewDate(2025, 7, 1), clock.NewDate(2000, 1, 1)
	h.tx(t, func(tx *db.Tx) error {
		var errs []error
		for _, u := range []org.Unit{
			{Code: "01", ValidFrom: before, Name: "Hà Nội", FullName: "Thành phố Hà Nội", Kind: "city"},
			{Code: "00004", ValidFrom: since, Name: "Ba Đình", FullName: "Phường Ba Đình", Kind: "ward", Parent: "01"},
			{Code: "00004", ValidFrom: before, ValidTo: since, Name: "Trúc Bạch", FullName: "Phường Trúc Bạch", Kind: "ward", Parent: "01"},
			{Code: "00008", ValidFrom: since, Name: "Ngọc Hà", FullName: "Phường Ngọc Hà", Kind: "ward", Parent: "01"},
			{Code: "00070", ValidFrom: since, Name: "Hoàn Kiếm", FullName: "Phường Hoàn Kiếm", Kind: "ward", Parent: "01"},
			{Code: "00640", ValidFrom: since, Name: "Thanh Trì", FullName: "Xã Thanh Trì", Kind: "commune", Parent: "01"},
		} {
			errs = append(errs, org.AddUnit(ctx, tx, u))
		}
		for _, s := range [][3]string{
			{"00004", "Phường Trúc Bạch", "00004"}, {"00008", "Phường Liễu Giai", "00008"}, {"00006", "Phường Vĩnh Phúc", "00008"},
			{"00019", "Phường Điện Biên", "00070"}, {"00019", "Phường Điện Biên", "00004"}, {"00643", "Thị trấn Văn Điển", "00640"},
			{"00900", "Xã Tân Lập", "00640"}, {"00901", "Xã Tân Lập", "00640"},
		} {
			errs = append(errs, org.AddSuccessor(ctx, tx, org.Successor{OldCode: s[0], OldName: s[1], NewCode: s[2], Since: since}))
		}
		return errors.Join(errs...)
	})
}

func TestFindUnit(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.units(t)
		for written, want := range map[string]string{
			"00004":              "00004", // the code is Ba Đình's today, whatever it was before
			"Phường Ba Đình":     "00004",
			"phuong ba dinh":     "00004",
			"  PHƯỜNG  Ba Đình ": "00004",
			"Ba Đình":            "00004",
			"P. Ba Đình":         "00004",
			"p.ba dinh":          "00004",
			"Phu\u031bo\u031b\u0300ng Ba \u0110i\u0300nh": "00004", // decomposed, as Macs send it
			"Xã Thanh Trì":      "00640",
			"x.thanh tri":       "00640",
			"Phường Trúc Bạch":  "00004",
			"truc bach":         "00004",
			"00006":             "00008", // a code that no unit bears any more
			"Phường Vĩnh Phúc":  "00008",
			"vĩnh phúc":         "00008",
			"TT. Văn Điển":      "00640",
			"Thị trấn Văn Điển": "00640",
			"Xã Tân Lập":        "00640", // two former units of one name, one successor
		} {
			err := h.db.Read(ctx, func(tx *db.Tx) error {
				u, err := org.FindUnit(ctx, tx, written, day(16, 11))
				if u.Code != want {
					t.Errorf("%q is %q (%s), want %s", written, u.Code, u.FullName, want)
				}
				return err
			})
			if err != nil {
				t.Errorf("%q: %v", written, err)
			}
		}
	})
}

func TestFindUnitRefused(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.units(t)
		for _, c := range []struct {
			written, key, choices string
		}{
			{"Phường Điện Biên", "org.unit_divided", "Phường Ba Đình, Phường Hoàn Kiếm"},
			{"dien bien", "org.unit_divided", "Phường Ba Đình, Phường Hoàn Kiếm"},
			{"00019", "org.unit_divided", "Phường Ba Đình, Phường Hoàn Kiếm"},
			{"Phường Không Có", "org.no_such_unit", ""},
			{"Xã Ba Đình", "org.no_such_unit", ""}, // the kind that was written counts
			{"99999", "org.no_such_unit", ""},
			{"%", "org.no_such_unit", ""},
			{"'; DROP TABLE org_units; --", "org.no_such_unit", ""},
			{"", "org.no_such_unit", ""},
		} {
			err := h.db.Read(ctx, func(tx *db.Tx) error {
				_, err := org.FindUnit(ctx, tx, c.written, day(16, 11))
				return err
			})
			refused(t, err, c.key)
			f := fault.Of(err)
			if f == nil || f.Field != "ward" {
				t.Errorf("%q: the fault stands at %+v", c.written, f)
			} else if got, _ := f.Args["choices"].(string); got != c.choices {
				t.Errorf("%q may be %q, want %q", c.written, got, c.choices)
			}
		}
	})
}

// A code means the unit that bears it on the day that is asked for.
func TestUnitOf(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.units(t)
		h.tx(t, func(tx *db.Tx) error {
			for on, want := range map[clock.Date]string{clock.NewDate(2025, 6, 30): "Trúc Bạch", clock.NewDate(2025, 7, 1): "Ba Đình"} {
				u, err := org.UnitOf(ctx, tx, "00004", on)
				if err != nil || u.Name != want {
					t.Errorf("on %s: %q, %v", on, u.Name, err)
				}
			}
			all, err := org.UnitsOf(ctx, tx, "01", day(16, 11))
			var names string
			for _, u := range all {
				names += u.Name + " "
			}
			if names != "Ba Đình Hoàn Kiếm Ngọc Hà Thanh Trì " {
				t.Errorf("units %s", names)
			}
			return err
		})
	})
}
