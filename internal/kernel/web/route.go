package web

import (
	"context"
	"net/http"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Handler answers a request or returns the error whose page is shown. It must
// not write anything before it returns an error.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one address.
type Route struct {
	Pattern string // method and path as in net/http: "GET /petitions/{id}"
	Needs   auth.Permission
	Handle  Handler
	Limit   Limit
	// Fail writes an error in the route's own form, for programs that know one;
	// nil shows the usual page. It is told the status.
	Fail func(w http.ResponseWriter, r *http.Request, status int, f *fault.Fault) error
}

// Limit bounds what one request may cost. The zero Limit suits pages and forms
// without files.
type Limit struct {
	Body int64         // bytes of the whole request; 4 MiB when zero
	Time time.Duration // for reading the request and writing the answer; a minute when zero
	Rate Rate          // which budget of requests it draws from
}

// Rate names a budget of requests for each address.
type Rate string

// The budgets.
const (
	Ordinary Rate = ""        // pages
	Posting  Rate = "post"    // what an Ordinary route draws from when something is posted
	Intake   Rate = "intake"  // what anybody on the street may send in
	Signing  Rate = "sign_in" // guesses at passwords and codes
	Unbound  Rate = "unbound" // health, assets
)

// MenuItem is a line of the menu that a module offers.
type MenuItem struct {
	Section string // text key of the group: "web.menu_work", "web.menu_intake", "web.menu_follow", "web.menu_knowledge", "web.menu_admin"
	Label   string // text key
	Icon    string // name in web/icons.txt
	URL     string
	Order   int // place within the section
	Needs   auth.Permission
	Public  bool                                                  // stands in the citizens' header instead
	Count   func(ctx context.Context, who org.Actor) (int, error) // badge; nil shows none
}
