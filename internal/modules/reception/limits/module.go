package limits

import "example.vn/hdnd/internal/kernel/web"

// home is the page of limits.
const home = "/reception/limits"

func ruleURL(key string) string { return home + "/rules/" + key }

func versionURL(id string) string { return home + "/versions/" + id }

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	const version = home + "/versions/{version}"
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayRead, Handle: d.bookPage},
		{Pattern: "GET " + home + "/rules/{rule}", Needs: mayRead, Handle: d.rulePage},
		{Pattern: "GET " + home + "/rules/{rule}/new", Needs: mayDrawUp, Handle: d.newPage},
		{Pattern: "POST " + home + "/rules/{rule}/new", Needs: mayDrawUp, Handle: d.drawForm},
		{Pattern: "GET " + version, Needs: mayRead, Handle: d.versionPage},
		{Pattern: "POST " + version + "/trial", Needs: mayDrawUp, Handle: d.tryForm},
		{Pattern: "POST " + version + "/force", Needs: mayDecide, Handle: d.forceForm},
		{Pattern: "POST " + version + "/end", Needs: mayDrawUp, Handle: d.endForm},
	}
}

// Menu lists the lines of the menus.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_knowledge", Label: "limits.menu", Icon: "clock", URL: home, Order: 48, Needs: mayRead}}
}
