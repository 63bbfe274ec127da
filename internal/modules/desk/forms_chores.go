package desk

import (
	"context"
	"net/http"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

// did carries out an act of one button on the thing named in the address, says
// that it is done and goes back to the list.
func did(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, who org.Actor, id string) error, id, sentence, back string) error {
	if err := act(r.Context(), web.Actor(r), r.PathValue(id)); err != nil {
		return err
	}
	web.Flash(w, r, sentence)
	return web.SeeOther(w, r, back)
}

func (s *Service) takeCancel(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.cancelJob, "id", "desk.job_cancelled_done", "/administration/jobs")
}

func (s *Service) takeRetry(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.retryJob, "id", "desk.job_retried", "/administration/jobs")
}

func (s *Service) takeResend(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.resendMail, "id", "desk.mail_queued", "/administration/mails")
}
