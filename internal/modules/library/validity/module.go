package validity

import "example.vn/hdnd/internal/kernel/web"

// The addresses.
const (
	documentsHome = "/library/documents"
	relationsHome = "/library/relations"
	lapsingHome   = "/library/lapsing"
	warningsHome  = "/library/warnings"
)

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + documentsHome + "/{id}/relations", Needs: d.Read, Handle: d.relationsPage},
		{Pattern: "POST " + documentsHome + "/{id}/relations", Needs: mayRelate, Handle: d.addForm},
		{Pattern: "GET " + documentsHome + "/{id}/graph", Needs: d.Read, Handle: d.graphPage},
		{Pattern: "GET " + documentsHome + "/{id}/at", Needs: d.Read, Handle: d.atPage},
		{Pattern: "GET " + documentsHome + "/{id}/compare", Needs: d.Read, Handle: d.comparePage},
		{Pattern: "POST " + relationsHome + "/{id}/confirmation", Needs: mayRelate, Handle: d.confirmForm},
		{Pattern: "POST " + relationsHome + "/{id}/refusal", Needs: mayRelate, Handle: d.refuseForm},
		{Pattern: "POST " + relationsHome + "/{id}/removal", Needs: mayRelate, Handle: d.removeForm},
		{Pattern: "GET " + lapsingHome, Needs: d.Read, Handle: d.lapsingPage},
		{Pattern: "GET " + warningsHome, Needs: d.Read, Handle: d.warningsPage},
	}
}

// Menu lists the lines of the menus.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_knowledge", Label: "validity.menu_lapsing", Icon: "clock-exclamation", URL: lapsingHome, Order: 60, Needs: d.Read},
		{Section: "web.menu_knowledge", Label: "validity.menu_warnings", Icon: "alert-triangle", URL: warningsHome, Order: 61, Needs: d.Read},
	}
}
