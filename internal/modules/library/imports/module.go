package imports

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/web"
)

const home = "/library/imports"

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayImport, Handle: d.listPage},
		{Pattern: "POST " + home, Needs: mayImport, Handle: d.beginForm, Limit: web.Limit{Body: formBytesMost, Time: uploadTime}},
		{Pattern: "GET " + home + "/{batch}", Needs: mayImport, Handle: d.batchPage},
		{Pattern: "GET " + home + "/{batch}/failures", Needs: mayImport, Handle: d.failuresPage},
		{Pattern: "POST " + home + "/{batch}/pause", Needs: mayImport, Handle: d.pauseForm},
		{Pattern: "POST " + home + "/{batch}/resumption", Needs: mayImport, Handle: d.resumeForm},
		{Pattern: "POST " + home + "/{batch}/cancellation", Needs: mayImport, Handle: d.cancelForm},
		{Pattern: "POST " + home + "/{batch}/retry", Needs: mayImport, Handle: d.retryForm},
	}
}

// Menu lists the lines of the officials' menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_knowledge", Label: "imports.menu", Icon: "upload", URL: home, Order: 34, Needs: mayImport}}
}

// Jobs lists the later work. The look into watched folders queues itself; the daily
// one begins it, also after the database was restored.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: importKind, Handle: d.importJob}, {Kind: watchKind, Handle: d.watchJob, Daily: "00:20"}}
}
