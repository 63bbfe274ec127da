package counter

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/web"
)

// The addresses.
const (
	deskPath   = "/reception/desk"
	visitPath  = "/reception/visits/"
	matterPath = "/reception/visit-matters/"
	logPath    = "/reception/log"
	owedPath   = "/reception/owed"
)

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + deskPath, Needs: mayServe, Handle: d.hallPage},
		{Pattern: "POST " + deskPath + "/arrivals", Needs: mayServe, Handle: d.arriveForm},
		{Pattern: "POST " + deskPath + "/calls", Needs: mayServe, Handle: d.callForm},
		{Pattern: "GET " + visitPath + "{id}", Needs: mayServe, Handle: d.recordPage},
		{Pattern: "GET " + visitPath + "{id}/slip", Needs: mayServe, Handle: d.slipPage},
		{Pattern: "GET " + visitPath + "{id}/papers/{kind}", Needs: mayServe, Handle: d.paperFile},
		{Pattern: "POST " + visitPath + "{id}/absence", Needs: mayServe, Handle: d.missedForm},
		{Pattern: "POST " + visitPath + "{id}/return", Needs: mayServe, Handle: d.backForm},
		{Pattern: "POST " + visitPath + "{id}/leaving", Needs: mayServe, Handle: d.leaveForm},
		{Pattern: "POST " + visitPath + "{id}/people", Needs: mayServe, Handle: d.personForm},
		{Pattern: "POST " + visitPath + "{id}/people/{person}/removal", Needs: mayServe, Handle: d.dropPersonForm},
		{Pattern: "GET " + visitPath + "{id}/people/{person}/number", Needs: mayReveal, Handle: d.numberPage},
		{Pattern: "POST " + visitPath + "{id}/people/{person}/number", Needs: mayReveal, Handle: d.numberForm},
		{Pattern: "POST " + visitPath + "{id}/group", Needs: mayServe, Handle: d.gatherForm},
		{Pattern: "POST " + visitPath + "{id}/matters", Needs: mayServe, Handle: d.matterForm},
		{Pattern: "POST " + visitPath + "{id}/matters/{line}/removal", Needs: mayServe, Handle: d.dropMatterForm},
		{Pattern: "POST " + visitPath + "{id}/minutes", Needs: mayServe, Handle: d.minutesForm},
		{Pattern: "POST " + visitPath + "{id}/receipts", Needs: mayServe, Handle: d.receiptForm},
		{Pattern: "POST " + visitPath + "{id}/refusal", Needs: mayServe, Handle: d.refuseForm},
		{Pattern: "POST " + visitPath + "{id}/notice", Needs: mayRecord, Handle: d.noticeForm},
		{Pattern: "POST " + visitPath + "{id}/end", Needs: mayServe, Handle: d.endForm},
		{Pattern: "POST " + visitPath + "{id}/conclusion", Needs: mayServe, Handle: d.concludeForm},
		{Pattern: "POST " + visitPath + "{id}/denunciation", Needs: mayServe, Handle: d.denounceForm},
		{Pattern: "GET " + matterPath + "{line}", Needs: mayServe, Handle: d.matterPage},
		{Pattern: "POST " + matterPath + "{line}", Needs: mayServe, Handle: d.changeForm},
		{Pattern: "POST " + matterPath + "{line}/result", Needs: mayServe, Handle: d.toldForm},
		{Pattern: "POST " + matterPath + "{line}/letter", Needs: mayRecord, Handle: d.handOverForm},
		{Pattern: "GET " + logPath, Needs: mayLog, Handle: d.logPage},
		{Pattern: "POST " + logPath + "/full", Needs: mayReveal, Handle: d.fullLogForm},
		{Pattern: "GET " + logPath + "/{file}", Needs: mayLog, Handle: d.logFile},
		{Pattern: "GET " + owedPath, Needs: mayLog, Handle: d.owedPage},
	}
}

// Menu lists the lines of the officials' menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_intake", Label: "counter.menu", Icon: "users", URL: deskPath, Order: 11, Needs: mayServe},
		{Section: "web.menu_intake", Label: "counter.menu_log", Icon: "book", URL: logPath, Order: 12, Needs: mayLog},
		{Section: "web.menu_intake", Label: "counter.menu_owed", Icon: "clock-exclamation", URL: owedPath, Order: 13, Needs: mayLog},
	}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: morningKind, Handle: d.morning, Daily: "06:55"}}
}
