package library

import (
	"context"
	"embed"
	"os"
	"slices"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/library/extract"
	"example.vn/hdnd/internal/modules/library/finding"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/modules/library/validity"
)

// Files holds the sentences and the schema of the module.
//
//go:embed text migrations
var Files embed.FS

// The rights of the module, beside reading (validity.MayRead). Whose document it
// is, is asked for each one.
var (
	mayRead    = validity.MayRead
	mayKeep    = auth.Permission{Name: "library.keep", Roles: []org.Role{org.Clerk, org.Head}}
	mayPublish = auth.Permission{Name: "library.publish", Roles: []org.Role{org.Head, org.Standing, org.Chair}}
)

// Deps is what the library needs.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Jobs      *jobs.Queue
	Documents *documents.Registry
	Search    *search.Index
	Text      *text.Catalogue
	Address   string           // of this installation, for permanent addresses
	Folders   []imports.Folder // whose files come in by themselves
}

// Service keeps the library.
//
// vi: thư viện văn bản
type Service struct {
	Deps
	reader   *extract.Reader
	imports  *imports.Desk
	validity *validity.Desk
}

// New makes the library.
func New(d Deps) (*Service, error) {
	s := &Service{Deps: d}
	return s, s.assemble()
}

const (
	home       = "/library"
	publicHome = "/van-ban"
	askHome    = "/hoi-van-ban"
)

// Module describes the library to the application.
func (s *Service) Module() kernel.Module {
	return kernel.Module{
		Name:        "library",
		Files:       Files,
		Permissions: slices.Concat([]auth.Permission{mayKeep, mayPublish}, imports.Permissions(), validity.Permissions()),
		Routes:      slices.Concat(s.routes(), s.imports.Routes(), s.validity.Routes()),
		Menu: slices.Concat([]web.MenuItem{
			{Section: "web.menu_knowledge", Label: "library.menu", Icon: "book", URL: home, Order: 30, Needs: mayRead},
			{Section: "web.menu_knowledge", Label: "library.menu_check", Icon: "checklist", URL: home + "/check", Order: 32, Needs: mayKeep, Count: s.countWaiting},
			{Label: "library.menu_public", Icon: "book", URL: publicHome, Order: 40, Needs: auth.Public, Public: true},
		}, s.imports.Menu(), s.validity.Menu()),
		Jobs:     slices.Concat([]kernel.Job{{Kind: readKind, Handle: s.readJob}}, s.imports.Jobs(), s.validity.Jobs()),
		Search:   []search.Source{passages{s.Text}},
		Commands: Commands(),
	}
}

// Commands are those that need no database.
func Commands() []kernel.Command {
	return []kernel.Command{{Name: "eval", Run: func(ctx context.Context, args []string) error { return finding.EvalCommand(ctx, os.Stdout, args) }}}
}

func (s *Service) routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayRead, Handle: s.listPage},
		{Pattern: "GET " + home + "/check", Needs: mayKeep, Handle: s.nextPage},
		{Pattern: "GET " + home + "/documents/{id}", Needs: mayRead, Handle: s.documentPage},
		{Pattern: "GET " + home + "/documents/{id}/file", Needs: mayRead, Handle: s.fileOf},
		{Pattern: "GET " + home + "/documents/{id}/pages/{n}", Needs: mayRead, Handle: s.pictureOf},
		{Pattern: "GET " + home + "/documents/{id}/check", Needs: mayKeep, Handle: s.checkPage},
		{Pattern: "POST " + home + "/documents/{id}/check", Needs: mayKeep, Handle: s.checkForm},
		{Pattern: "POST " + home + "/documents/{id}/publication", Needs: mayPublish, Handle: s.publishForm},
		{Pattern: "POST " + home + "/documents/{id}/withdrawal", Needs: mayPublish, Handle: s.withdrawForm},
		{Pattern: "GET " + publicHome, Needs: auth.Public, Handle: s.publicList},
		{Pattern: "GET " + askHome, Needs: auth.Public, Handle: s.askPage},
		{Pattern: "GET " + publicHome + ".atom", Needs: auth.Public, Handle: s.publicFeed},
		{Pattern: "GET " + publicHome + "/danh-muc.csv", Needs: auth.Public, Handle: s.catalogueCSV},
		{Pattern: "GET " + publicHome + "/danh-muc.json", Needs: auth.Public, Handle: s.catalogueJSON},
		{Pattern: "GET " + publicHome + "/{council}/{slug}", Needs: auth.Public, Handle: s.publicDocument},
		{Pattern: "GET " + publicHome + "/{council}/{slug}/tep", Needs: auth.Public, Handle: s.publicFile},
		{Pattern: "GET " + publicHome + "/{council}/{slug}/akn.xml", Needs: auth.Public, Handle: s.publicAkoma},
	}
}

// countWaiting is how many documents a person has still to look at.
func (s *Service) countWaiting(ctx context.Context, who org.Actor) (n int, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = waiting(ctx, tx, who.CouncilID)
		return err
	})
	return n, err
}
