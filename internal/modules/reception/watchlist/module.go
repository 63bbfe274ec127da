package watchlist

import (
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

const (
	home       = "/reception/watchlists"
	lettersURL = "/reception/letters/"
)

// PageOf is where a letter is put on a list.
func PageOf(letterID string) string { return lettersURL + letterID + "/watching" }

// MayKeep reports whether a person puts letters on lists.
func MayKeep(who org.Actor) bool { return mayKeep.Allows(who) }

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayRead, Handle: d.listsPage},
		{Pattern: "GET " + home + "/new", Needs: mayKeep, Handle: d.newPage},
		{Pattern: "POST " + home + "/new", Needs: mayKeep, Handle: d.newForm},
		{Pattern: "GET " + home + "/{id}", Needs: mayRead, Handle: d.listPage},
		{Pattern: "GET " + home + "/{id}/change", Needs: mayKeep, Handle: d.changePage},
		{Pattern: "POST " + home + "/{id}/change", Needs: mayKeep, Handle: d.changeForm},
		{Pattern: "GET " + home + "/{id}/letters", Needs: mayKeep, Handle: d.findPage},
		{Pattern: "POST " + home + "/{id}/letters", Needs: mayKeep, Handle: d.addForm},
		{Pattern: "GET " + home + "/{id}/letters/{letter}", Needs: mayRead, Handle: d.entryPage},
		{Pattern: "POST " + home + "/{id}/letters/{letter}", Needs: mayKeep, Handle: d.entryForm},
		{Pattern: "POST " + home + "/{id}/letters/{letter}/removal", Needs: mayKeep, Handle: d.removeForm},
		{Pattern: "POST " + home + "/{id}/closure", Needs: mayClose, Handle: d.closeForm},
		{Pattern: "GET " + home + "/{id}/file", Needs: mayRead, Handle: d.filePage},
		{Pattern: "GET " + lettersURL + "{id}/watching", Needs: mayKeep, Handle: d.watchPage},
		{Pattern: "POST " + lettersURL + "{id}/watching", Needs: mayKeep, Handle: d.watchForm},
	}
}

// Menu lists the lines of the menus.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_follow", Label: "watchlist.menu", Icon: "checklist", URL: home, Order: 35, Needs: mayRead}}
}
