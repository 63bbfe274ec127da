package reception

import (
	"context"
	"embed"
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
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/delivery"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/figures"
	"example.vn/hdnd/internal/modules/reception/held"
	"example.vn/hdnd/internal/modules/reception/limits"
	"example.vn/hdnd/internal/modules/reception/lookup"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

// Files holds the module's sentences, schema and procedures.
//
//go:embed text migrations procedures
var Files embed.FS

// Migrations is the schema of letters.
var Migrations = db.Migrations{Name: "reception", Files: Files}

// The rights of this module. Which letters a person reaches with them is asked
// for each letter (kernel/cases, Case.Stands).
var (
	mayRead   = auth.Permission{Name: "reception.read", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair}}
	mayEnter  = auth.Permission{Name: "reception.enter", Roles: []org.Role{org.Clerk}}
	mayHandle = auth.Permission{Name: "reception.handle", Roles: []org.Role{org.Clerk, org.Head}}
	maySign   = auth.Permission{Name: "reception.sign", Roles: []org.Role{org.Head, org.Standing, org.Chair}}
)

// Deps is what reception needs, and nothing more.
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
	Text      *text.Catalogue
	Live      *live.Hub
	Vault     *vault.Vault
	SealKey   vault.Key // seals citizen numbers
	Address   string    // where the public reaches this installation
}

// Service is the desk for letters.
//
// vi: -
type Service struct {
	Deps
	Sealing
	parts
}

// New makes the desk. The case engine comes with Deps once it has read this
// module's procedures: see Offer.
func New() *Service { return &Service{} }

// Use gives the desk what it needs. The engine needs the desk's guards first,
// so the two are made one after the other.
func (s *Service) Use(deps Deps) error {
	s.Deps = deps
	return s.assemble()
}

// Module describes reception to the application. Read this literal first.
func (s *Service) Module() kernel.Module {
	return kernel.Module{
		Name:        "reception",
		Files:       Files,
		Permissions: append([]auth.Permission{mayRead, mayEnter, mayHandle, maySign}, s.parts.permissions()...),
		Routes:      append(s.routes(), s.parts.routes()...),
		Menu: append(s.parts.menu(), []web.MenuItem{
			{Section: "web.menu_work", Label: "reception.menu_letters", Icon: "mail", URL: lettersPath, Order: 24, Needs: mayRead, Count: s.waiting},
			{Section: "web.menu_work", Label: "reception.menu_matters", Icon: "scale", URL: mattersPath, Order: 25, Needs: mayRead},
			{Section: "web.menu_follow", Label: "reception.menu_register", Icon: "send", URL: registerPath, Order: 34, Needs: mayRead},
		}...),
		Jobs: append(s.parts.jobs(), []kernel.Job{
			{Kind: writeKind, Handle: s.write},
			{Kind: forgetKind, Handle: s.forget},
		}...),
	}
}

// Offer is what the case engine reads before the desk is put to use.
func (s *Service) Offer() cases.Offer {
	return cases.Offer{
		Module:  "reception",
		Files:   Files,
		Unnamed: true,
		Chooses: map[string]cases.Choose{
			"by_letter": s.byLetter,
			"by_matter": s.byMatter,
		},
		Guards: map[string]cases.Guard{
			"as_proposed":       s.asProposed,
			"open_body":         s.openBody,
			"answer_late":       s.answerLate,
			"all_withdraw":      s.allWithdraw,
			"may_suspend":       s.maySuspend,
			"may_withdraw_part": s.mayWithdrawPart,
			"may_extend":        s.mayExtend,
			"settle_late":       s.settleLate,
			"within_go_on":      s.withinGoOn,
			"effect_reached":    s.effectReached,
			"nothing_runs":      s.nothingRuns,
		},
		Steps: map[string]cases.Step{
			"send_letter": s.sendLetter,
		},
		Notify: s.tell,
	}
}

// tell lets those know whose move it is now. The words name the book's number
// and nothing of the letter.
func (s *Service) tell(ctx context.Context, tx *db.Tx, m cases.Move) error {
	if m.Verb.To != "" && m.Act.Number > 1 && !m.Case.Sealed && m.Case.Procedure == "letter" && m.Verb.Name != "answer" {
		if err := s.duties.Moved(ctx, tx, m.Case.ID); err != nil {
			return err
		}
	}
	if m.Verb.To == "" || !m.Case.Open {
		return nil
	}
	roles := []org.Role{org.Clerk}
	if m.Case.State == "proposed" {
		roles = []org.Role{org.Head}
	}
	to, err := s.Cases.People(ctx, tx, m.Case, m.Case.Waits, roles)
	if err != nil {
		return err
	}
	to.Except = m.Who.PersonID
	return s.Notify.Tell(ctx, tx, to, notify.Notice{Key: "reception.notice_turn", Args: []any{"title", m.Case.Title, "code", m.Case.Code}, Link: "/reception/" + m.Case.ID,
		CaseID: m.Case.ID, CouncilID: m.Case.CouncilID})
}

func (p parts) permissions() []auth.Permission {
	return slices.Concat(schedule.Permissions(), counter.Permissions(), figures.Permissions(), sealed.Permissions(), limits.Permissions(), scans.Permissions(), duties.Permissions(), lookup.Permissions(), watchlist.Permissions(), held.Permissions(), delivery.Permissions())
}

func (p parts) routes() []web.Route {
	return slices.Concat(p.schedule.Routes(), p.counter.Routes(), p.figures.Routes(), p.lookup.Routes(), p.sealed.Routes(), p.limits.Routes(), p.scans.Routes(), p.duties.Routes(), p.watching.Routes(), p.held.Routes(), p.delivery.Routes())
}

func (p parts) menu() []web.MenuItem {
	return slices.Concat(p.schedule.Menu(), p.counter.Menu(), p.figures.Menu(), p.lookup.Menu(), p.sealed.Menu(), p.limits.Menu(), p.duties.Menu(), p.watching.Menu(), p.delivery.Menu())
}

func (p parts) jobs() []kernel.Job {
	return slices.Concat(p.schedule.Jobs(), p.counter.Jobs(), p.figures.Jobs(), p.limits.Jobs(), p.duties.Jobs(), p.rulings.Jobs())
}
