package desk

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
)

// Files holds the module's sentences.
//
//go:embed text
var Files embed.FS

// The rights of the desk. Their reach is that of the actor's own council.
var (
	mayReadLog      = auth.Permission{Name: "desk.read_log", Roles: []org.Role{org.Auditor, org.Admin, org.Security}}
	mayRunJobs      = auth.Permission{Name: "desk.run_jobs", Roles: []org.Role{org.Admin}}
	mayReadOutbox   = auth.Permission{Name: "desk.read_outbox", Roles: []org.Role{org.Admin}}
	mayKeepCalendar = auth.Permission{Name: "desk.keep_calendar", Roles: []org.Role{org.Admin}}
	mayAppoint      = auth.Permission{Name: "desk.appoint", Roles: []org.Role{org.Admin}}
	mayReorganise   = auth.Permission{Name: "desk.reorganise", Roles: []org.Role{org.Admin}}
	maySeeRules     = auth.Permission{Name: "desk.see_rules", Roles: []org.Role{org.Admin, org.Auditor, org.Security, org.Head, org.Standing, org.Chair}}
)

// Deps is what the desk needs.
//
// vi: -
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Audit    *audit.Log
	Org      *org.Desk
	Auth     *auth.Auth
	Calendar *calendar.Register
	Cases    *cases.Engine
	Jobs     *jobs.Queue
	Notify   *notify.Notifier
	Search   *search.Index
	Text     *text.Catalogue
	// Indicators are the numbers that the fields of work offer.
	Indicators func() []kernel.Indicator
	// Permissions are all rights of the product, for the table of who may do what.
	Permissions func() []auth.Permission
	// Places say where search hits are shown; nil takes those of the petitions.
	Places []Place
	// CalendarChanged is called after days were entered or withdrawn, so that
	// running deadlines are counted anew.
	CalendarChanged func(ctx context.Context) error
}

// Service is the desk.
//
// vi: -
type Service struct {
	Deps
	places []Place
}

// New makes the desk.
func New(deps Deps) *Service {
	s := &Service{Deps: deps, places: deps.Places}
	if s.places == nil {
		s.places = usualPlaces()
	}
	return s
}

// Module describes the desk to the application. Read this literal first.
func (s *Service) Module() kernel.Module {
	return kernel.Module{
		Name:        "desk",
		Files:       Files,
		Permissions: []auth.Permission{mayReadLog, mayRunJobs, mayReadOutbox, mayKeepCalendar, mayAppoint, mayReorganise, maySeeRules},
		Routes:      append(s.everybodys(), s.administrations()...),
		Menu: []web.MenuItem{
			{Section: "web.menu_work", Label: "desk.menu_home", Icon: "home", URL: "/desk", Order: 10, Needs: auth.SignedIn},
			{Section: "web.menu_work", Label: "desk.menu_inbox", Icon: "bell", URL: "/inbox", Order: 15, Needs: auth.SignedIn, Count: s.unread},
			{Section: "web.menu_knowledge", Label: "desk.menu_search", Icon: "search", URL: "/search", Order: 10, Needs: auth.SignedIn},
			{Section: "web.menu_knowledge", Label: "desk.menu_calculator", Icon: "calendar-event", URL: "/tinh-han", Order: 20, Needs: auth.SignedIn},
			{Section: "web.menu_knowledge", Label: "desk.menu_procedures", Icon: "route", URL: "/administration/procedures", Order: 30, Needs: maySeeRules},
			{Section: "web.menu_knowledge", Label: "desk.menu_log", Icon: "history", URL: "/log", Order: 40, Needs: mayReadLog},
			{Section: "web.menu_admin", Label: "desk.menu_people", Icon: "users", URL: "/administration/people", Order: 10, Needs: mayAppoint},
			{Section: "web.menu_admin", Label: "desk.menu_bodies", Icon: "building-bank", URL: "/administration/bodies", Order: 15, Needs: mayAppoint},
			{Section: "web.menu_admin", Label: "desk.menu_accounts", Icon: "lock", URL: "/administration/accounts", Order: 20, Needs: auth.ManageAccounts},
			{Section: "web.menu_admin", Label: "desk.menu_delegations", Icon: "user-check", URL: "/administration/delegations", Order: 30, Needs: auth.SignedIn},
			{Section: "web.menu_admin", Label: "desk.menu_mergers", Icon: "building", URL: "/administration/mergers", Order: 40, Needs: mayReorganise},
			{Section: "web.menu_admin", Label: "desk.menu_calendar", Icon: "calendar", URL: "/administration/calendar", Order: 50, Needs: mayKeepCalendar},
			{Section: "web.menu_admin", Label: "desk.menu_jobs", Icon: "settings", URL: "/administration/jobs", Order: 60, Needs: mayRunJobs},
			{Section: "web.menu_admin", Label: "desk.menu_mails", Icon: "mail", URL: "/administration/mails", Order: 70, Needs: mayReadOutbox},
			{Section: "web.menu_admin", Label: "desk.menu_permissions", Icon: "shield-check", URL: "/administration/permissions", Order: 80, Needs: maySeeRules},
			{Label: "desk.menu_calculator", URL: "/tinh-han", Order: 40, Needs: auth.Public, Public: true},
			{Label: "desk.menu_receipts", URL: "/so-bien-nhan", Order: 50, Needs: auth.Public, Public: true},
		},
	}
}

// everybodys are the addresses of the public and of everybody who is signed in.
func (s *Service) everybodys() []web.Route {
	return []web.Route{
		{Pattern: "GET /tinh-han", Needs: auth.Public, Handle: s.showCalculator},
		{Pattern: "GET /so-bien-nhan", Needs: auth.Public, Handle: s.showCheckpoint},
		{Pattern: "GET /so-bien-nhan/moc.txt", Needs: auth.Public, Handle: s.giveCheckpoint},
		{Pattern: "GET /desk", Needs: auth.SignedIn, Handle: s.showHome},
		{Pattern: "GET /inbox", Needs: auth.SignedIn, Handle: s.showInbox},
		{Pattern: "POST /inbox/reading", Needs: auth.SignedIn, Handle: s.takeReadAll},
		{Pattern: "POST /inbox/{id}/reading", Needs: auth.SignedIn, Handle: s.takeReading},
		{Pattern: "GET /search", Needs: auth.SignedIn, Handle: s.showFound},
		{Pattern: "GET /log", Needs: mayReadLog, Handle: s.showLog},
		{Pattern: "GET /log/{id}", Needs: mayReadLog, Handle: s.showEntry},
		{Pattern: "GET /log/{id}/receipt", Needs: mayReadLog, Handle: s.giveReceipt},
		{Pattern: "GET /administration/delegations", Needs: auth.SignedIn, Handle: s.showDelegations},
		{Pattern: "POST /administration/delegations", Needs: auth.SignedIn, Handle: s.takeDelegation},
		{Pattern: "POST /administration/delegations/{id}/end", Needs: auth.SignedIn, Handle: s.takeDelegationEnd},
	}
}

// administrations are the addresses of the administration.
func (s *Service) administrations() []web.Route {
	return []web.Route{
		{Pattern: "GET /administration/procedures", Needs: maySeeRules, Handle: s.showProcedures},
		{Pattern: "GET /administration/procedures/{name}/{version}", Needs: maySeeRules, Handle: s.showProcedure},
		{Pattern: "GET /administration/permissions", Needs: maySeeRules, Handle: s.showPermissions},
		{Pattern: "GET /administration/jobs", Needs: mayRunJobs, Handle: s.showJobs},
		{Pattern: "POST /administration/jobs/{id}/cancellation", Needs: mayRunJobs, Handle: s.takeCancel},
		{Pattern: "POST /administration/jobs/{id}/retry", Needs: mayRunJobs, Handle: s.takeRetry},
		{Pattern: "GET /administration/mails", Needs: mayReadOutbox, Handle: s.showMails},
		{Pattern: "GET /administration/mails/{id}", Needs: mayReadOutbox, Handle: s.showMail},
		{Pattern: "POST /administration/mails/{id}/resending", Needs: mayReadOutbox, Handle: s.takeResend},
		{Pattern: "GET /administration/calendar", Needs: mayKeepCalendar, Handle: s.showYear},
		{Pattern: "POST /administration/calendar", Needs: mayKeepCalendar, Handle: s.takeDays},
		{Pattern: "GET /administration/calendar/{id}/withdrawal", Needs: mayKeepCalendar, Handle: s.askWithdrawal},
		{Pattern: "POST /administration/calendar/{id}/withdrawal", Needs: mayKeepCalendar, Handle: s.takeWithdrawal},
		{Pattern: "GET /administration/people", Needs: mayAppoint, Handle: s.showPeople},
		{Pattern: "POST /administration/people", Needs: mayAppoint, Handle: s.takeAppointment},
		{Pattern: "GET /administration/bodies", Needs: mayAppoint, Handle: s.showBodies},
		{Pattern: "POST /administration/bodies", Needs: mayAppoint, Handle: s.takeBody},
		{Pattern: "GET /administration/posts/{id}/end", Needs: mayAppoint, Handle: s.askPostEnd},
		{Pattern: "POST /administration/posts/{id}/end", Needs: mayAppoint, Handle: s.takePostEnd},
		{Pattern: "GET /administration/mergers", Needs: mayReorganise, Handle: s.showMergers},
		{Pattern: "POST /administration/mergers", Needs: mayReorganise, Handle: s.takeMerger},
		{Pattern: "GET /administration/accounts", Needs: auth.ManageAccounts, Handle: s.showAccounts},
		{Pattern: "POST /administration/accounts", Needs: auth.ManageAccounts, Handle: s.takeAccount},
		{Pattern: "POST /administration/accounts/{person}/password-reset", Needs: auth.ManageAccounts, Handle: s.takePasswordReset},
		{Pattern: "POST /administration/accounts/{person}/closure", Needs: auth.ManageAccounts, Handle: s.takeClosure},
		{Pattern: "POST /administration/accounts/{person}/reopening", Needs: auth.ManageAccounts, Handle: s.takeReopening},
		{Pattern: "POST /administration/accounts/{person}/second-step/removal", Needs: auth.RemoveSecondStep, Handle: s.takeSecondStepRemoval},
		{Pattern: "GET /administration/sign-ins/{person}", Needs: auth.EndSignIns, Handle: s.showSignIns},
		{Pattern: "POST /administration/sign-ins/{person}/closure", Needs: auth.EndSignIns, Handle: s.takeSignInsEnd},
		{Pattern: "POST /administration/sign-ins/{person}/{id}/closure", Needs: auth.EndSignIns, Handle: s.takeSignInEnd},
	}
}

// unread is the menu's badge.
func (s *Service) unread(ctx context.Context, who org.Actor) (n int, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = s.Notify.Unread(ctx, tx, who.PersonID)
		return err
	})
	return n, err
}
