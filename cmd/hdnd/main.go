// Command hdnd is the digital workplace of a People's Council: one program that
// serves, demonstrates, migrates and verifies.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

// commands is the whole command line; the struct is its documentation.
type commands struct {
	Serve           serveCommand     `cmd:"" help:"Chạy hệ thống cho một Hội đồng. / Serve a council."`
	Demo            demoCommand      `cmd:"" help:"Mở Hội đồng trình diễn. / Open the demonstration council."`
	Migrate         migrateCommand   `cmd:"" help:"Cập nhật lược đồ dữ liệu. / Bring the schema up to date."`
	Verify          verifyCommand    `cmd:"" help:"Kiểm tra nhật ký, hoặc một biên nhận ngoại tuyến. / Verify the log, or one receipt offline."`
	CheckProcedures checkCommand     `cmd:"" name:"check-procedures" help:"Kiểm tra các tệp quy trình. / Check the procedure files."`
	Petitions       petitionsCommand `cmd:"" help:"Việc về kiến nghị: import TỆP.xlsx [--dry-run] [--json], suggest TỆP.jsonl [--json], recount. / Petitions: import, suggest, recount."`
	Library         libraryCommand   `cmd:"" help:"Việc về thư viện văn bản: eval --corpus TỆP.jsonl.gz --queries TỆP.jsonl [--json]. / The document library: eval."`
	Calendar        calendarCommand  `cmd:"" help:"Tính thời hạn. / Count deadlines."`
}

func main() {
	var c commands
	ctx := kong.Parse(&c, kong.Name("hdnd"), kong.Description("HĐND Số: nơi làm việc số của Hội đồng nhân dân."), kong.UsageOnError())
	if err := ctx.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "hdnd:", err)
		os.Exit(1)
	}
}
