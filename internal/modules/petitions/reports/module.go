package reports

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

// The rights of reports. A committee reports on its own fields alone.
var (
	mayReport = auth.Permission{Name: "petitions.report", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember}}
	mayLink   = auth.Permission{Name: "petitions.link", Roles: []org.Role{org.Clerk, org.Head}}
	mayRecall = auth.Permission{Name: "petitions.recall", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.BodyClerk, org.Handler, org.BodyHead}}
)

// Permissions lists the rights that the module adds to its own.
func Permissions() []auth.Permission { return []auth.Permission{mayReport, mayLink, mayRecall} }

// Routes lists the addresses of reports and of the memory.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /reports/petitions", Needs: mayReport, Handle: d.listPage},
		{Pattern: "POST /reports/petitions", Needs: mayReport, Handle: d.makeForm},
		{Pattern: "GET /reports/petitions/{report}", Needs: mayReport, Handle: d.reportPage},
		{Pattern: "GET /reports/petitions/{report}/file", Needs: mayReport, Handle: d.filePage},
		{Pattern: "POST /reports/petitions/{report}/check", Needs: mayReport, Handle: d.checkForm},
		{Pattern: "GET /petitions/{id}/memory", Needs: mayRecall, Handle: d.memoryPage},
		{Pattern: "POST /petitions/{id}/link", Needs: mayLink, Handle: d.linkForm},
		{Pattern: "POST /petitions/{id}/link-removal", Needs: mayLink, Handle: d.unlinkForm},
	}
}

// Menu lists the lines of the menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_knowledge", Label: "reports.menu", Icon: "report-analytics", URL: "/reports/petitions", Order: 40, Needs: mayReport},
	}
}

// Jobs lists the later work of reports.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: makeJob, Handle: d.makeLarge}, {Kind: checkJob, Handle: d.checkLarge}}
}
