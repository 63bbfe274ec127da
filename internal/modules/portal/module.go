// Package portal is the front of the public site: the home page, what happens
// to personal data, and how to reach the council. The pages people come for
// (handing in, looking up, the public list) are offered by the other modules;
// the portal leads to them and owns no tables.
package portal

import (
	"embed"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/web"
)

// Files holds the module's sentences.
//
//go:embed text
var Files embed.FS

// Service is the public site's own pages.
//
// vi: cổng công khai
type Service struct{}

// New makes the portal.
func New() *Service { return &Service{} }

// Module describes the portal to the application.
func (s *Service) Module() kernel.Module {
	return kernel.Module{
		Name:  "portal",
		Files: Files,
		Routes: []web.Route{
			{Pattern: "GET /{$}", Needs: auth.Public, Handle: s.home},
			{Pattern: "GET /quyen-rieng-tu", Needs: auth.Public, Handle: s.privacy},
		},
	}
}
