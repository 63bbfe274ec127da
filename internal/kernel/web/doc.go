// Package web is the house around every page: router, shell, forms, errors,
// live events. Modules declare routes and write handlers that return errors.
//
// It owns what all pages share: language and theme, the security headers, who
// is asking, limits and rates, the error pages, health addresses and the event
// stream. It does not know any field of work, and it reaches no database: who
// is asking, the menu's numbers and readiness are asked through Options.
//
// A handler reads the form, calls the verb, redirects:
//
//	func (s *Service) answer(w http.ResponseWriter, r *http.Request) error {
//		form, err := web.ReadForm(w, r, web.Limits{Files: 5, FileBytes: 20 << 20})
//		if err != nil {
//			return err
//		}
//		err = s.Answer(r.Context(), web.Actor(r), r.PathValue("id"), Reply{Text: form.Text("reply"), Once: form.Once()})
//		if fault.KindOf(err) == fault.Invalid {
//			return web.Page(w, r, web.Head{Title: …, Status: 422}, answerPage(form, ui.ErrorsOf(err)))
//		}
//		if err != nil {
//			return err
//		}
//		web.Flash(w, r, "petitions.answered", "code", code)
//		return web.SeeOther(w, r, "/petitions/"+code)
//	}
//
// An error that a handler returns becomes a page in one place (failure.go): the
// kind gives the status, the key the sentence. The error page of a failed POST
// holds everything that was typed and a button that sends it again; secret
// fields are left out and files must be chosen again. A kept value is shown
// under the sentence "<module>.field_<name>" when there is one, where module is
// the first part of the address ("petitions" of /petitions/…).
//
// Routes name who may call them (Needs). Without a sign-in a GET goes to
// /sign-in?next=… and a POST gets the page that keeps its text; a person who is
// signed in and not allowed gets 404, as if the address did not exist. Rights on
// one record are the verb's own check.
//
// Fragments: Page answers a browser script (htmx) with the page's body alone,
// or with the part named by ?fragment=, marked @templ.Fragment("name") in the
// page.
package web
