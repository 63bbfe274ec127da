package desk

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/web"
)

func (s *Service) takeReading(w http.ResponseWriter, r *http.Request) error {
	link, err := s.openMessage(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, web.LocalPath(link, "/inbox"))
}

func (s *Service) takeReadAll(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	if err := s.readAll(r.Context(), web.Actor(r), form.Line("up_to")); err != nil {
		return err
	}
	web.Flash(w, r, "desk.all_read")
	return web.SeeOther(w, r, "/inbox")
}
