package shares

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
)

// The rights of this package. Whose petition and whose part it is, is asked for
// each record.
var (
	mayAsk    = auth.Permission{Name: "petitions.ask_share", Roles: []org.Role{org.Head, org.BodyClerk, org.Handler, org.BodyHead}}
	mayAnswer = auth.Permission{Name: "petitions.answer_share", Roles: []org.Role{org.BodyClerk, org.Handler, org.BodyHead}}
	mayAssign = auth.Permission{Name: "petitions.assign_share", Roles: []org.Role{org.BodyClerk, org.BodyHead}}
	mayDecide = auth.Permission{Name: "petitions.decide_share", Roles: []org.Role{org.Head, org.Standing, org.Chair}}
)

// Words are what an asked body reads of a petition: never who sent it.
//
// vi: -
type Words struct {
	Text   string // without the voter's name, e-mail and telephone
	Points []Point
}

// Point is one thing that the petition asks for.
//
// vi: -
type Point struct {
	Number int
	Text   string
}

// Deps is what shares need.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Cases     *cases.Engine // its calendar and rules count the date proposed
	Notify    *notify.Notifier
	Documents *documents.Registry
	Text      *text.Catalogue
	// MayRead is the right to read petitions, which a page of one part needs.
	MayRead auth.Permission
	// Words gives what others may read of several petitions, by their ids.
	Words func(ctx context.Context, tx *db.Tx, ids []string) (map[string]Words, error)
	// Bodies lists those that a council may ask today.
	Bodies func(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]org.Body, error)
	// Keep makes papers of a petition of the files that came with a part.
	Keep func(ctx context.Context, tx *db.Tx, files []documents.Draft, c *cases.Case, bodyID string, who org.Actor) error
	// Take takes in the files of a form, and those kept from its last sending;
	// the token is what the form carries on.
	Take func(ctx context.Context, form *web.Form) (files []documents.Draft, token string, err error)
}

// Desk lets bodies answer together.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission {
	return []auth.Permission{mayAsk, mayAnswer, mayAssign, mayDecide}
}

// uploadTime is for some photographs over a slow line.
const uploadTime = 10 * time.Minute

// Routes lists the addresses. Those of one part stand beside /petitions, not
// below it: /petitions/{id}/answer is a step of a petition.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /petitions/{id}/shares", Needs: mayAsk, Handle: d.askPage},
		{Pattern: "POST /petitions/{id}/shares", Needs: mayAsk, Handle: d.askForm},
		{Pattern: "GET " + home, Needs: mayAnswer, Handle: d.listPage},
		{Pattern: "GET " + home + "/{id}", Needs: d.MayRead, Handle: d.sharePage},
		{Pattern: "GET " + home + "/{id}/papers/{paper}", Needs: d.MayRead, Handle: d.paperFile},
		{Pattern: "POST " + home + "/{id}/answer", Needs: mayAnswer, Handle: d.answerForm, Limit: web.Limit{Time: uploadTime}},
		{Pattern: "POST " + home + "/{id}/refusal", Needs: mayAnswer, Handle: d.declineForm},
		{Pattern: "POST " + home + "/{id}/assignment", Needs: mayAssign, Handle: d.assignForm},
		{Pattern: "POST " + home + "/{id}/return", Needs: mayAsk, Handle: d.giveBackForm},
		{Pattern: "POST " + home + "/{id}/withdrawal", Needs: mayAsk, Handle: d.withdrawForm},
		{Pattern: "GET " + disputesHome, Needs: mayDecide, Handle: d.disputesPage},
		{Pattern: "GET " + disputesHome + "/{id}", Needs: mayDecide, Handle: d.disputePage},
		{Pattern: "POST " + disputesHome + "/{id}", Needs: mayDecide, Handle: d.decideForm},
	}
}

// Menu lists the lines of the officials' menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_work", Label: "shares.menu", Icon: "users", URL: home, Order: 21, Needs: mayAnswer, Count: d.Waiting},
		{Section: "web.menu_follow", Label: "shares.menu_disputes", Icon: "scale", URL: disputesHome, Order: 32, Needs: mayDecide, Count: d.Undecided},
	}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: "petitions.remind_shares", Handle: d.remind, Daily: "07:10"}}
}
