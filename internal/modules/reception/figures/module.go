package figures

import (
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/web"
)

// Migrations is the schema.
var Migrations = db.Migrations{Name: "reception_figures", Files: Files}

// home is the page of reports.
const home = "/reception/figures"

// Routes lists the addresses of reports.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: MayMake, Handle: d.listPage},
		{Pattern: "POST " + home, Needs: MayMake, Handle: d.makeForm},
		{Pattern: "GET " + home + "/{report}", Needs: MayMake, Handle: d.reportPage},
		{Pattern: "GET " + home + "/{report}/file", Needs: MayMake, Handle: d.filePage},
		{Pattern: "GET " + home + "/{report}/records", Needs: MayMake, Handle: d.recordsPage, Limit: web.Limit{Time: recordsTime}},
		{Pattern: "GET " + home + "/records.schema.json", Needs: MayMake, Handle: d.schemaPage},
		{Pattern: "POST " + home + "/{report}/again", Needs: MayMake, Handle: d.againForm},
	}
}

// Menu lists the pages that stand in the menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_knowledge", Label: "figures.menu", Icon: "report-analytics", URL: home, Order: 46, Needs: MayMake}}
}
