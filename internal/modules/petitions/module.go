package petitions

import (
	"context"
	"embed"
	"os"
	"slices"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions/constituencies"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/modules/petitions/letters"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/open"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/modules/petitions/settings"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// Files holds the module's sentences, schema and procedures.
//
//go:embed text migrations procedures
var Files embed.FS

// The rights of this module. Which petitions a person reaches with them is
// asked for each petition (kernel/cases, Case.Stands).
var (
	mayRead     = auth.Permission{Name: "petitions.read", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.Deputy, org.BodyClerk, org.Handler, org.BodyHead}}
	mayClassify = auth.Permission{Name: "petitions.classify", Roles: []org.Role{org.Clerk}}
	mayRefuse   = auth.Permission{Name: "petitions.refuse", Roles: []org.Role{org.Clerk, org.Head}}
	mayForward  = auth.Permission{Name: "petitions.forward", Roles: []org.Role{org.Head}}
	mayAccept   = auth.Permission{Name: "petitions.accept", Roles: []org.Role{org.BodyClerk, org.BodyHead}}
	mayAnswer   = auth.Permission{Name: "petitions.answer", Roles: []org.Role{org.Handler, org.BodyClerk, org.BodyHead}}
	mayJudge    = auth.Permission{Name: "petitions.judge", Roles: []org.Role{org.CommitteeMember}}
	mayClose    = auth.Permission{Name: "petitions.close", Roles: []org.Role{org.Standing, org.Chair}}
	mayOversee  = auth.Permission{Name: "petitions.oversee", Roles: []org.Role{org.Head, org.Standing, org.Chair}}
)

// Deps is what petitions needs, and nothing more.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Cases     *cases.Engine
	Calendar  *calendar.Register
	Documents *documents.Registry
	Fonts     documents.Fonts
	Jobs      *jobs.Queue
	Notify    *notify.Notifier
	Live      *live.Hub
	Search    *search.Index
	Text      *text.Catalogue
	// Secret is not in the database; GateLimits are empty for the shipped ones.
	Secret     []byte
	GateLimits string
	// Address is where links on paper lead to: "https://kiennghi.example.vn".
	Address string
}

// Service is the petitions desk.
//
// vi: -
type Service struct {
	Deps
	parts
}

// New makes the desk. The case engine comes with Deps once it has read this
// module's procedures: see Offer.
func New() *Service { return &Service{} }

// Use gives the desk what it needs. The engine needs the desk's guards first,
// so the two are made one after the other.
func (s *Service) Use(deps Deps) error {
	s.Deps = deps
	return s.assemble(deps.Text)
}

// Module describes petitions to the application. Read this literal first.
func (s *Service) Module() kernel.Module {
	return kernel.Module{
		Name:        "petitions",
		Files:       Files,
		Permissions: append([]auth.Permission{mayRead, mayClassify, mayRefuse, mayForward, mayAccept, mayAnswer, mayJudge, mayClose, mayOversee}, s.parts.permissions()...),
		Routes:      append(s.routes(), s.parts.routes()...),
		Commands:    s.parts.commands(),
		Menu: append(s.parts.menu(), []web.MenuItem{
			{Section: "web.menu_work", Label: "petitions.menu", Icon: "inbox", URL: "/petitions", Order: 20, Needs: mayRead, Count: s.waiting},
			{Section: "web.menu_follow", Label: "petitions.menu_overview", Icon: "chart-bar", URL: "/petitions/overview", Order: 30, Needs: mayOversee},
			{Label: "petitions.menu_hand_in", URL: "/kien-nghi/gui", Order: 10, Needs: auth.Public, Public: true},
			{Label: "petitions.menu_follow", URL: "/kien-nghi/tra-cuu", Order: 20, Needs: auth.Public, Public: true},
			{Label: "petitions.menu_public", URL: "/kien-nghi", Order: 30, Needs: auth.Public, Public: true},
		}...),
		Jobs: append(s.parts.jobs(), []kernel.Job{
			{Kind: "petitions.alarms", Handle: s.alarms, Daily: "07:00"},
			{Kind: "petitions.refresh", Handle: s.refresh, Daily: "00:01"}, // names of the new day
		}...),
		Search:     worklist.Sources(),
		Rederive:   []audit.Rederive{rederive()},
		Indicators: s.indicators(),
	}
}

// Offer is what the case engine reads before the desk is put to use.
func (s *Service) Offer() cases.Offer {
	return cases.Offer{
		Module: "petitions",
		Files:  Files,
		Guards: map[string]cases.Guard{
			"known_field":     s.knownField,
			"known_body":      s.knownBody,
			"known_reason":    s.knownReason,
			"known_return":    s.knownReturn,
			"known_outcome":   s.knownOutcome,
			"known_quality":   s.knownQuality,
			"own_officer":     s.ownOfficer,
			"days_asked":      s.daysAsked,
			"extension_asked": s.extensionAsked,
			"every_point":     s.everyPoint,
			"within_contest":  s.withinContest,
			"contest_once":    s.contestOnce,
		},
		Steps: map[string]cases.Step{
			"note_in_search":  noted,
			"assign_field":    s.assignField,
			"assign_examiner": s.assignExaminer,
			"assign_officer":  s.assignOfficer,
			"hand_over":       s.handOver,
			"take_back":       s.takeBack,
			"transfer_letter": s.transferLetter,
			"seal":            s.seal,
		},
		Notify: s.tell,
	}
}

// alarms gives the morning's reminders and escalations.
func (s *Service) alarms(ctx context.Context, _ jobs.Work) error {
	_, err := s.Cases.Alarms(ctx)
	return err
}

// parts are the sub-packages that have pages and tables of their own. What they
// need of petitions is plugged here.
type parts struct {
	constituencies *constituencies.Desk
	letters        *letters.Desk
	ratings        *ratings.Desk
	intake         *intake.Desk
	matching       *matching.Desk
	open           *open.Service
	reports        *reports.Desk
	shares         *shares.Desk
	settings       *settings.Desk
	reminders      *reminders.Desk
	gate           *gate.Desk
}

// Parts are the schemas and sentences of the sub-packages.
func Parts() []db.Migrations {
	return []db.Migrations{ratings.Migrations, redaction.Migrations, intake.Migrations, matching.Migrations, open.Migrations, reports.Migrations, shares.Migrations, settings.Migrations, reminders.Migrations, gate.Migrations, constituencies.Migrations}
}

func (p parts) permissions() []auth.Permission {
	return slices.Concat([]auth.Permission{ratings.MayCompare}, intake.Permissions(), matching.Permissions(), reports.Permissions(), shares.Permissions(), settings.Permissions(), reminders.Permissions(), gate.Permissions(), []auth.Permission{constituencies.MayRead, constituencies.MayKeep})
}

func (p parts) routes() []web.Route {
	return slices.Concat(p.gate.Keyed(p.ratings.Routes()), p.intake.Routes(), p.matching.Routes(), p.open.Routes(), p.reports.Routes(), p.shares.Routes(), p.settings.Routes(), p.reminders.Routes(), p.gate.Routes(), p.constituencies.Routes())
}

func (p parts) menu() []web.MenuItem {
	return slices.Concat(p.ratings.Menu(), p.intake.Menu(), p.matching.Menu(), p.open.Menu(), p.reports.Menu(), p.shares.Menu(), p.settings.Menu(), p.reminders.Menu(), p.gate.Menu(), p.constituencies.Menu())
}

func (p parts) jobs() []kernel.Job {
	return slices.Concat(p.intake.Jobs(), p.matching.Jobs(), p.open.Jobs(), p.reports.Jobs(), p.shares.Jobs(), p.letters.Work(), p.settings.Jobs(), p.reminders.Jobs(), p.gate.Jobs())
}

func (p parts) commands() []kernel.Command {
	return slices.Concat(p.intake.Commands(), p.matching.Commands(), p.open.Commands())
}

// Commands are those that need no database.
func Commands() []kernel.Command {
	return []kernel.Command{{Name: "suggest", Run: func(ctx context.Context, args []string) error { return matching.SuggestCommand(ctx, os.Stdout, args) }}}
}
