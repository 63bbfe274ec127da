package schedule

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/web"
)

// The addresses: the office's, and the public's.
const (
	home       = "/reception/schedule"
	publicHome = "/lich-tiep-cong-dan"
)

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayRead, Handle: d.listPage},
		{Pattern: "GET " + home + "/new", Needs: mayDraft, Handle: d.newPage},
		{Pattern: "POST " + home + "/new", Needs: mayDraft, Handle: d.draftForm},
		{Pattern: "GET " + home + "/hours", Needs: mayPublish, Handle: d.hoursPage},
		{Pattern: "POST " + home + "/hours", Needs: mayPublish, Handle: d.hoursForm},
		{Pattern: "GET " + home + "/{id}", Needs: mayRead, Handle: d.dayPage},
		{Pattern: "GET " + home + "/{id}/change", Needs: mayChange, Handle: d.changePage},
		{Pattern: "POST " + home + "/{id}/change", Needs: mayChange, Handle: d.changeForm},
		{Pattern: "POST " + home + "/{id}/publication", Needs: mayPublish, Handle: d.publishForm},
		{Pattern: "POST " + home + "/{id}/cancellation", Needs: mayChange, Handle: d.cancelForm},
		{Pattern: "POST " + home + "/{id}/online", Needs: mayChange, Handle: d.onlineForm},
		{Pattern: "POST /reception/bookings/{id}/told", Needs: mayChange, Handle: d.toldForm},
		{Pattern: "GET " + publicHome, Needs: auth.Public, Handle: d.publicPage},
		{Pattern: "GET " + publicHome + ".ics", Needs: auth.Public, Handle: d.feed},
		{Pattern: "GET " + publicHome + "/{id}", Needs: auth.Public, Handle: d.publicDayPage},
		{Pattern: "POST " + publicHome + "/{id}/dat-cho", Needs: auth.Public, Handle: d.bookForm, Limit: web.Limit{Rate: web.Intake}},
		{Pattern: "GET " + publicHome + "/dat-cho", Needs: auth.Public, Handle: d.bookingPage, Limit: web.Limit{Rate: web.Signing}},
		{Pattern: "POST " + publicHome + "/dat-cho/huy", Needs: auth.Public, Handle: d.giveUpForm, Limit: web.Limit{Rate: web.Signing}},
	}
}

// Menu lists the lines of the menus.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_intake", Label: "schedule.menu", Icon: "calendar-event", URL: home, Order: 10, Needs: mayRead},
		{Label: "schedule.menu_public", URL: publicHome, Order: 40, Needs: auth.Public, Public: true},
	}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: morningKind, Handle: d.morning, Daily: "06:50"}}
}
