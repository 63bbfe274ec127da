package intake

import (
	"time"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/web"
)

// uploadTime is for a workbook of some megabytes over a slow line, and for
// reading it.
const uploadTime = 10 * time.Minute

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayTake, mayCompare} }

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	slow := web.Limit{Time: uploadTime}
	return []web.Route{
		{Pattern: "GET /intake/meetings", Needs: mayTake, Handle: d.meetingsPage},
		{Pattern: "POST /intake/meetings", Needs: mayTake, Handle: d.openMeeting},
		{Pattern: "GET /intake/meetings/{meeting}", Needs: mayTake, Handle: d.meetingPage},
		{Pattern: "POST /intake/meetings/{meeting}", Needs: mayTake, Handle: d.takeLines},
		{Pattern: "GET /intake/letters", Needs: mayTake, Handle: d.letterPage},
		{Pattern: "POST /intake/letters", Needs: mayTake, Handle: d.takeLetter, Limit: slow},
		{Pattern: "GET /intake/imports", Needs: mayTake, Handle: d.importsPage},
		{Pattern: "POST /intake/imports", Needs: mayTake, Handle: d.takeUpload, Limit: slow},
		{Pattern: "GET /intake/imports/template.xlsx", Needs: mayTake, Handle: d.templateFile},
		{Pattern: "GET /intake/imports/{batch}", Needs: mayTake, Handle: d.batchPage},
		{Pattern: "GET /intake/imports/{batch}/columns", Needs: mayTake, Handle: d.columnsPage},
		{Pattern: "POST /intake/imports/{batch}/columns", Needs: mayTake, Handle: d.takeColumns},
		{Pattern: "POST /intake/imports/{batch}/beginning", Needs: mayTake, Handle: d.beginImport},
		{Pattern: "POST /intake/imports/{batch}/cancellation", Needs: mayTake, Handle: d.cancelImport},
		{Pattern: "POST /intake/imports/{batch}/undoing", Needs: mayTake, Handle: d.undoImport},
		{Pattern: "GET /petitions/deputies", Needs: mayCompare, Handle: d.deputiesPage},
		{Pattern: "GET /petitions/deputies.csv", Needs: mayCompare, Handle: d.deputiesFile},
		{Pattern: "GET /intake/deputies/{person}", Needs: mayCompare, Handle: d.broughtPage},
		{Pattern: "GET /intake/deputies/{person}/export.csv", Needs: mayCompare, Handle: d.broughtFile},
		{Pattern: "POST /intake/deputies/ties", Needs: mayTake, Handle: d.tieName},
	}
}

// Menu lists the lines of the officials' menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_intake", Label: "intake.menu_meetings", Icon: "users", URL: "/intake/meetings", Order: 22, Needs: mayTake},
		{Section: "web.menu_intake", Label: "intake.menu_letters", Icon: "mail", URL: "/intake/letters", Order: 24, Needs: mayTake},
		{Section: "web.menu_intake", Label: "intake.menu_imports", Icon: "upload", URL: "/intake/imports", Order: 26, Needs: mayTake},
		{Section: "web.menu_knowledge", Label: "intake.menu_deputies", Icon: "user-check", URL: "/petitions/deputies", Order: 47, Needs: mayCompare},
	}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{
		{Kind: importKind, Handle: d.importJob},
		{Kind: checkKind, Handle: d.checkJob},
		{Kind: undoKind, Handle: d.undoJob},
		{Kind: deputiesKind, Handle: d.countDeputiesJob},
		{Kind: purgeKind, Handle: d.purge, Daily: purgeHour},
	}
}

// Commands lists the lines under "hdnd petitions".
func (d *Desk) Commands() []kernel.Command {
	return []kernel.Command{{Name: "import", Run: d.importCommand}}
}

// uploadLimits is what the forms with files may bring.
func uploadLimits() web.Limits {
	return web.Limits{Files: lettersFiles, FileBytes: documents.UsualLimits().SizeMaxBytes}
}

// lettersFiles is how many scans one letter may have.
const lettersFiles = 5
