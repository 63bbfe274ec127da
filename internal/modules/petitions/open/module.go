package open

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/web"
)

// formBytesMax bounds what is sent to be checked: a file and a pasted text.
const formBytesMax = 256 << 10

// Routes lists the public's addresses. Nothing here needs an account; files and
// what other programs send draw from the tighter budget of intake.
func (s *Service) Routes() []web.Route {
	files := web.Limit{Rate: web.Intake, Time: fileTime}
	intake := web.Limit{Rate: web.Intake, Body: formBytesMax}
	routes := []web.Route{
		{Pattern: "GET /kien-nghi/thong-ke", Needs: auth.Public, Handle: s.statistics},
		{Pattern: "GET /kien-nghi/thong-ke.json", Needs: auth.Public, Handle: s.statisticsJSON},
		{Pattern: "GET /kien-nghi/du-lieu", Needs: auth.Public, Handle: s.dataPage},
		{Pattern: "GET /kien-nghi/du-lieu.csv", Needs: auth.Public, Handle: s.dataCSV, Limit: files},
		{Pattern: "GET /kien-nghi/du-lieu.json", Needs: auth.Public, Handle: s.dataJSON, Limit: files},
		{Pattern: "GET /kien-nghi/du-lieu/tu-dien.json", Needs: auth.Public, Handle: s.dictionaryJSON},
		{Pattern: "GET /bien-nhan/kiem-tra", Needs: auth.Public, Handle: s.receiptForm},
		{Pattern: "POST /bien-nhan/kiem-tra", Needs: auth.Public, Handle: s.takeReceipt, Limit: intake},
		{Pattern: "GET /bien-nhan/kiem-tra-ngoai-tuyen.html", Needs: auth.Public, Handle: s.offlinePage},
		{Pattern: "GET /open311/v2/services/{file}", Needs: auth.Public, Handle: s.definition311},
		{Pattern: "GET /open311/v2/tokens/{file}", Needs: auth.Public, Handle: s.token311, Limit: web.Limit{Rate: web.Intake}},
		{Pattern: "GET /open311/v2/requests/{file}", Needs: auth.Public, Handle: s.request311, Limit: web.Limit{Rate: web.Intake}},
	}
	for _, form := range []string{"xml", "json"} {
		routes = append(routes,
			web.Route{Pattern: "GET /open311/v2/discovery." + form, Needs: auth.Public, Handle: s.discovery311},
			web.Route{Pattern: "GET /open311/v2/services." + form, Needs: auth.Public, Handle: s.services311},
			web.Route{Pattern: "GET /open311/v2/requests." + form, Needs: auth.Public, Handle: s.requests311, Limit: web.Limit{Rate: web.Intake}},
			web.Route{Pattern: "POST /open311/v2/requests." + form, Needs: auth.Public, Handle: s.receive311, Limit: intake})
	}
	for i := range routes {
		if strings.Contains(routes[i].Pattern, " /open311/") {
			routes[i].Fail = fail311
		}
	}
	return routes
}

// Menu is this package's line in the citizens' header.
func (s *Service) Menu() []web.MenuItem {
	return []web.MenuItem{{Label: "open.menu_statistics", URL: "/kien-nghi/thong-ke", Order: 40, Needs: auth.Public, Public: true}}
}

// Jobs is the counting of the statistics; New has it come every few minutes.
func (s *Service) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: countJob, Handle: s.count}}
}

// Commands lists what the command line offers.
func (s *Service) Commands() []kernel.Command {
	return []kernel.Command{{Name: "recount", Run: func(ctx context.Context, _ []string) error { return s.Recount(ctx) }}}
}
