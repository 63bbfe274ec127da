package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/clock"
)

// template gets the columns of the workbook that the program hands out to fill in.
func (h *house) template(p *program) (columns []string, err error) {
	c, err := dial(p.address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	a, err := c.do(get("/intake/imports/template.xlsx", h.clerk), true)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		return nil, fmt.Errorf("answer %d to the template", a.status)
	}
	f, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("the template has no header")
	}
	return rows[0], nil
}

// workbook fills the template in, as an office's own list looks: n petitions
// that no other serial has.
func (h *house) workbook(columns []string, serial, n int, into string) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	out, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = c
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	r, today := rand.New(rand.NewPCG(uint64(serial), 7)), clock.DateOf(clock.System{}.Now())
	for i := range n {
		if err := out.SetRow(fmt.Sprintf("A%d", i+2), h.line(r, columns, serial*n+i+1, today)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.SaveAs(into)
}

// line is one row, by the names of the columns.
func (h *house) line(r *rand.Rand, columns []string, number int, today clock.Date) []any {
	ward, person := h.wards[skewed(r, len(h.wards))], h.People[r.IntN(len(h.People))]
	known := map[string]any{
		"STT": number, "Kỳ họp": "Trước Kỳ họp thứ 5", "Ngày tiếp nhận": today.AddDays(-r.IntN(90)).VN(), "Nguồn": one(r, []string{"Tiếp xúc cử tri", "Mặt trận Tổ quốc", "Bưu chính", "Điện thoại"}),
		"Họ tên cử tri": person.Name, "Địa chỉ, xã/phường": ward.FullName, "Số điện thoại": fmt.Sprintf("09%08d", r.IntN(100_000_000)), "Nội dung kiến nghị": fmt.Sprintf("%s Hồ sơ số %d.", petitionText(r, ward.FullName), number),
		"Lĩnh vực": one(r, []string{"Giao thông", "Môi trường", "Đất đai", "Y tế", "Giáo dục"}), "Cơ quan giải quyết": one(r, h.answering).Name,
	}
	row := make([]any, len(columns))
	for i, c := range columns {
		row[i] = known[c]
	}
	return row
}

// kilobytes is a file's size.
func kilobytes(path string) float64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0 // who reads the file next will say so
	}
	return float64(info.Size()) / 1000
}
