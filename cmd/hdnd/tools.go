package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/text"
)

type migrateCommand struct{ place }

// Run brings the schema up to date and stops.
func (c migrateCommand) Run() error {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: c.Data, Database: c.Database}, clock.System{})
	if err != nil {
		return err
	}
	return a.Close()
}

type verifyCommand struct {
	place
	Receipt string   `arg:"" optional:"" help:"Tệp biên nhận; để trống thì kiểm tra toàn bộ nhật ký. / Receipt file; empty: the whole log." type:"existingfile"`
	Key     []string `help:"Khoá công khai của nhật ký, để kiểm tra biên nhận ngoại tuyến. / The log's public key, to check a receipt offline."`
	JSON    bool     `name:"json" help:"In JSON."`
	Lang    string   `default:"vi" enum:"vi,en" help:"vi hoặc en."`
}

// Run verifies, and fails when something is wrong.
func (c verifyCommand) Run() error {
	if c.Receipt != "" {
		return c.receipt()
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: c.Data, Database: c.Database}, clock.System{})
	if err != nil {
		return err
	}
	report, err := a.Verify(ctx)
	if err == nil {
		err = audit.WriteReport(os.Stdout, text.Lang(c.Lang), report, c.JSON)
	}
	if err == nil && !report.OK() {
		err = errors.New("nhật ký và bảng dữ liệu không khớp (the log and the tables disagree)")
	}
	return errors.Join(err, a.Close())
}

// receipt checks one receipt with nothing but the file and the log's public key.
func (c verifyCommand) receipt() error {
	b, err := os.ReadFile(c.Receipt)
	if err != nil {
		return err
	}
	keys := c.Key
	if len(keys) == 0 {
		key, err := app.PublicKey(c.Data)
		if err != nil {
			return fmt.Errorf("cần --key: khoá công khai in trên trang sổ biên nhận (need --key: the public key shown on the log's page): %w", err)
		}
		keys = []string{key}
	}
	leaf, proof, err := audit.ParseReceipt(string(b))
	if err != nil {
		return err
	}
	result, err := audit.VerifyReceipt(keys, leaf, proof)
	if err != nil {
		return err
	}
	return audit.WriteResult(os.Stdout, text.Lang(c.Lang), result, c.JSON)
}

type checkCommand struct {
	JSON  bool   `name:"json" help:"In JSON."`
	Files string `arg:"" optional:"" help:"Thư mục có procedures/*.yaml; để trống thì kiểm tra các quy trình trong chương trình. / Folder; empty: the built-in ones." type:"existingdir"`
}

// Run reads every procedure file and tells each flaw with its line.
func (c checkCommand) Run() error {
	found, flaws, err := app.CheckProcedures(c.Files)
	if err != nil {
		return err
	}
	if c.JSON {
		if flaws == nil {
			flaws = []cases.Flaw{}
		}
		if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"procedures": found, "flaws": flaws}); err != nil {
			return err
		}
	} else {
		for _, f := range flaws {
			fmt.Println(f.Error())
		}
		for _, name := range found {
			fmt.Println("ok", name)
		}
	}
	if len(flaws) > 0 {
		return fmt.Errorf("%d lỗi trong tệp quy trình (flaws in the procedure files)", len(flaws))
	}
	return nil
}

type calendarCommand struct {
	Due dueCommand `cmd:"" help:"Tính ngày hết hạn và nêu từng ngày bị bỏ qua. / Count a due date and name each skipped day."`
}

type dueCommand struct {
	Count int    `required:"" help:"Số ngày. / How many."`
	Unit  string `required:"" enum:"day,working-day,month" help:"day, working-day hoặc month."`
	From  string `required:"" help:"Ngày của sự kiện, yyyy-mm-dd. / Day of the event."`
	JSON  bool   `name:"json" help:"In JSON."`
	Lang  string `default:"vi" enum:"vi,en" help:"vi hoặc en."`
	Data  string `help:"Thư mục dữ liệu, để tính cả ngày do quản trị nhập. / Data folder, to count with the days entered there." type:"path"`
}

// Run prints the due date, first alone on its line, then why.
func (c dueCommand) Run() error {
	from, err := clock.ParseDate(c.From)
	if err != nil {
		return err
	}
	cal, err := c.calendar()
	if err != nil {
		return err
	}
	return calendar.WriteDue(os.Stdout, cal, calendar.Run{Start: from, Count: c.Count, Unit: calendar.Unit(c.Unit)}, text.Lang(c.Lang), c.JSON)
}

func (c dueCommand) calendar() (*calendar.Calendar, error) {
	if c.Data == "" {
		return calendar.Load()
	}
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite:"+c.Data+"/hdnd.db")
	if err != nil {
		return nil, err
	}
	days, err := calendar.New(calendar.Deps{DB: d, Clock: clock.System{}})
	if err == nil {
		err = days.Refresh(ctx)
	}
	if err = errors.Join(err, d.Close()); err != nil {
		return nil, err
	}
	return days.Current(), nil
}
