package reception

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/web"
)

// parts are the sub-packages that have pages and tables of their own. What they
// need of letters is plugged here.
type parts struct{}

// Parts are the schemas and sentences of the sub-packages.
func Parts() []db.Migrations { return nil }

func (s *Service) assemble() error { return nil }

func (p parts) permissions() []auth.Permission { return nil }

func (p parts) routes() []web.Route { return nil }

func (p parts) menu() []web.MenuItem { return nil }

func (p parts) jobs() []kernel.Job { return nil }
