package portal

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
)

func (s *Service) home(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "portal.title"), Public: true}, homePage())
}

func (s *Service) privacy(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "portal.privacy_title"), Public: true}, privacyPage())
}
