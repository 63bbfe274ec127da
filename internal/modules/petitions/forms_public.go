package petitions

import (
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/petitions/gate"
)

// handIn takes the voter's form. The first sending shows what will be public
// and what others asked already; "send" hands in, "edit" goes back to the form.
// Whatever is wrong, the form comes back with everything typed and the files
// that were good.
func (s *Service) handIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(w, r, formLimits())
	if err != nil {
		return s.handInAgain(w, r, form, taken{}, err)
	}
	files, err := s.take(ctx, form)
	if err != nil || form.Line("act") == "edit" {
		return s.handInAgain(w, r, form, files, err)
	}
	sub := Submission{To: Addressee(form.Line("to")), Text: form.Text("text"), Ward: form.Line("ward"), Name: form.Line("name"), Email: form.Line("email"), Phone: form.Line("phone"),
		Consent: form.Bool("consent"), Files: files.Files, Lang: text.LangOf(ctx), Once: form.Once()}
	v, err := s.graded(ctx, &sub, gate.Read(r, form, gate.Petition))
	if err != nil {
		if v.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(v.RetryAfter.Seconds())))
		}
		return s.handInAgain(w, r, form, files, err)
	}
	if form.Line("act") == "send" && v.Challenge == nil {
		handed, err := s.Receive(ctx, org.Voter(web.Address(r).String()), sub)
		if err != nil {
			return s.handInAgain(w, r, form, files, err)
		}
		return web.SeeOther(w, r, withQuery("/kien-nghi/bien-nhan/"+handed.Code, "key", handed.Key))
	}
	look, err := s.Look(ctx, sub)
	if err != nil {
		return s.handInAgain(w, r, form, files, err)
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "petitions.confirm_title"), Public: true, Section: "/kien-nghi/gui"}, confirmBody(confirmPage{Form: form, Sub: sub, Handing: look, Files: files, Challenge: v.Challenge}))
}

// handInAgain shows the form again; faults that are not about what was typed
// have their own page, which keeps it too.
func (s *Service) handInAgain(w http.ResponseWriter, r *http.Request, form *web.Form, files taken, err error) error {
	status := http.StatusOK
	switch fault.KindOf(err) {
	case "":
	case fault.Invalid:
		status = http.StatusUnprocessableEntity
	case fault.TooLarge:
		status = http.StatusRequestEntityTooLarge
	default:
		return err
	}
	return s.showHandIn(w, r, handInPage{Form: form, Errors: ui.ErrorsOf(err), Files: files}, status)
}

// contest takes the voter's disagreement with an answer.
func (s *Service) contest(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: noteMax})
	if err == nil {
		err = s.Contest(r.Context(), org.Voter(web.Address(r).String()), r.PathValue("code"), form.Line("key"), form.Text("note"))
	}
	if fault.KindOf(err) == fault.Invalid {
		return s.showFollowed(w, r, followPage{Key: form.Line("key"), Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "petitions.contested")
	return web.SeeOther(w, r, withQuery("/kien-nghi/"+cases.TidyCode(r.PathValue("code")), "key", form.Line("key")))
}

// stopLetters ends the letters to a voter. Mail programs post here by
// themselves when somebody unsubscribes (RFC 8058), with the key in the address.
func (s *Service) stopLetters(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	key := form.Line("key")
	if key == "" {
		key = r.URL.Query().Get("key")
	}
	code := cases.TidyCode(r.PathValue("code"))
	if err := s.StopLetters(r.Context(), org.Voter(web.Address(r).String()), code, key); err != nil {
		return err
	}
	web.Flash(w, r, "petitions.letters_stopped")
	return web.SeeOther(w, r, withQuery("/kien-nghi/"+code, "key", key))
}
