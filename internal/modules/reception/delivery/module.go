package delivery

import "example.vn/hdnd/internal/kernel/web"

const home = "/reception/incoming"

// Menu is the part's line in the menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_work", Label: "delivery.menu", Icon: "mail", URL: home, Order: 27, Needs: mayReceive}}
}

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayReceive, Handle: d.listPage},
		{Pattern: "GET " + home + "/{id}", Needs: mayReceive, Handle: d.forwardingPage},
		{Pattern: "GET " + home + "/{id}/paper", Needs: mayReceive, Handle: d.paperFile},
		{Pattern: "GET " + home + "/{id}/enclosures/{ordinal}", Needs: mayReceive, Handle: d.enclosureFile},
	}
}
