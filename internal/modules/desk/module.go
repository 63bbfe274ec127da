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
)

// Files holds the module's sentences.
//
//go:embed text
var Files embed.FS

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
	// CalendarChanged is called after days were entered or withdrawn, so that
	// running deadlines are counted anew.
	CalendarChanged func(ctx context.Context) error
}

// Service is the desk.
//
// vi: bàn làm việc
type Service struct{ Deps }

// New makes the desk.
func New(deps Deps) *Service { return &Service{Deps: deps} }

// Module describes the desk to the application. Read this literal first.
func (s *Service) Module() kernel.Module {
	return kernel.Module{Name: "desk", Files: Files}
}
