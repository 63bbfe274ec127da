package reminders

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/web"
)

// The addresses. One letter and one promise have a folder of their own: below
// /petitions/ the second part is a petition's id.
const (
	boardPath    = "/petitions/reminders"
	lettersPath  = "/petitions/reminders/letters"
	newPath      = "/petitions/reminders/new"
	receivedPath = "/petitions/reminders/received"
	leaguePath   = "/petitions/reminders/league"
	letterPath   = "/petition-reminders/"
	promisesPath = "/petitions/promises"
	promisePath  = "/petition-promises/"
)

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + boardPath, Needs: mayUrge, Handle: d.boardPage},
		{Pattern: "GET " + lettersPath, Needs: mayUrge, Handle: d.lettersPage},
		{Pattern: "GET " + newPath, Needs: mayDraw, Handle: d.newPage},
		{Pattern: "POST " + newPath, Needs: mayDraw, Handle: d.drawForm},
		{Pattern: "GET " + receivedPath, Needs: mayReceive, Handle: d.receivedPage},
		{Pattern: "GET " + leaguePath, Needs: mayCompare, Handle: d.leaguePage},
		{Pattern: "GET " + letterPath + "{letter}", Needs: mayRead, Handle: d.letterPage},
		{Pattern: "GET " + letterPath + "{letter}/file", Needs: mayRead, Handle: d.filePage},
		{Pattern: "POST " + letterPath + "{letter}/lines", Needs: mayDraw, Handle: d.changeForm},
		{Pattern: "POST " + letterPath + "{letter}/signature", Needs: maySign, Handle: d.signForm},
		{Pattern: "POST " + letterPath + "{letter}/removal", Needs: mayUrge, Handle: d.dropForm},
		{Pattern: "POST " + letterPath + "{letter}/receipt", Needs: mayReceive, Handle: d.confirmForm},
		{Pattern: "POST " + letterPath + "{letter}/days", Needs: mayReceive, Handle: d.commitForm},
		{Pattern: "GET " + promisesPath, Needs: mayFollow, Handle: d.promisesPage},
		{Pattern: "GET " + promisePath + "{promise}", Needs: mayFollow, Handle: d.promisePage},
		{Pattern: "POST " + promisePath + "{promise}/progress", Needs: mayReport, Handle: d.progressForm},
		{Pattern: "POST " + promisePath + "{promise}/move", Needs: mayAsk, Handle: d.moveForm},
		{Pattern: "POST " + promisePath + "{promise}/done", Needs: mayAsk, Handle: d.doneForm},
		{Pattern: "POST " + promisePath + "{promise}/decision", Needs: mayDecide, Handle: d.decideForm},
	}
}

// Menu lists the lines of the menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_follow", Label: "reminders.menu", Icon: "bell", URL: boardPath, Order: 31, Needs: mayUrge, Count: d.ToSign},
		{Section: "web.menu_follow", Label: "reminders.menu_received", Icon: "mail", URL: receivedPath, Order: 31, Needs: mayReceive},
		{Section: "web.menu_follow", Label: "reminders.menu_promises", Icon: "flag", URL: promisesPath, Order: 32, Needs: mayFollow},
		{Section: "web.menu_knowledge", Label: "reminders.menu_league", Icon: "award", URL: leaguePath, Order: 46, Needs: mayCompare},
	}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: writeKind, Handle: d.write}, {Kind: followKind, Handle: d.morning, Daily: "06:40"}}
}
