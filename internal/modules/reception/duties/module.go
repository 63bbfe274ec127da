package duties

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/web"
)

const home = "/reception/deputies"

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayRead, Handle: d.listPage},
		{Pattern: "GET " + home + "/new", Needs: mayHand, Handle: d.newPage},
		{Pattern: "POST " + home + "/new", Needs: mayHand, Handle: d.newForm, Limit: web.Limit{Time: uploadTime}},
		{Pattern: "GET " + home + "/receipt", Needs: mayHand, Handle: d.receiptPage},
		{Pattern: "POST " + home + "/receipt", Needs: mayHand, Handle: d.receiptForm},
		{Pattern: "GET " + home + "/{id}", Needs: mayRead, Handle: d.recordPage},
		{Pattern: "GET " + home + "/{id}/forwarding", Needs: mayHand, Handle: d.handPage},
		{Pattern: "POST " + home + "/{id}/forwarding", Needs: mayHand, Handle: d.handForm, Limit: web.Limit{Time: uploadTime}},
		{Pattern: "POST " + home + "/{id}/guidance", Needs: mayHand, Handle: d.guideForm},
		{Pattern: "POST " + home + "/{id}/notice", Needs: mayHand, Handle: d.tellForm},
	}
}

// Menu lists the lines of the menus.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_work", Label: "duties.menu", Icon: "route", URL: home, Order: 26, Needs: mayRead, Count: d.waiting}}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: morningKind, Handle: d.morning, Daily: "06:55"}}
}
