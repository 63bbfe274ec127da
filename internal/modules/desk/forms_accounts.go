package desk

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
)

// takeAccount opens an account and shows its one-time address, once.
func (s *Service) takeAccount(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	var secret string
	if form.Line("person") == "" {
		err = fault.New(fault.Invalid, "desk.choose_person").At("person")
	} else {
		secret, err = s.Auth.OpenAccount(r.Context(), web.Actor(r), form.Line("person"), form.Line("login"))
	}
	if web.Mendable(err, fault.Refused) {
		return s.accountPage(w, r, accountView{Form: form}, err)
	}
	if err != nil {
		return err
	}
	return s.showAddress(w, r, form.Line("person"), secret)
}

// showAddress shows a one-time address on the answer to the form itself: were
// it carried on to another page, it would stand in the browser's history.
func (s *Service) showAddress(w http.ResponseWriter, r *http.Request, personID, secret string) error {
	person, err := s.person(r.Context(), personID)
	if err != nil {
		return err
	}
	return s.accountPage(w, r, accountView{Address: "/sign-in/reset?token=" + secret, For: person.Name}, nil)
}

func (s *Service) takePasswordReset(w http.ResponseWriter, r *http.Request) error {
	secret, err := s.Auth.ResetPassword(r.Context(), web.Actor(r), r.PathValue("person"))
	if web.Mendable(err, fault.Refused) {
		return s.accountPage(w, r, accountView{}, err)
	}
	if err != nil {
		return err
	}
	return s.showAddress(w, r, r.PathValue("person"), secret)
}

func (s *Service) takeClosure(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.Auth.CloseAccount, "person", "desk.account_closed_done", "/administration/accounts")
}

func (s *Service) takeReopening(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.Auth.ReopenAccount, "person", "desk.account_reopened", "/administration/accounts")
}

func (s *Service) takeSecondStepRemoval(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.Auth.RemoveTOTP, "person", "desk.second_step_removed", "/administration/sign-ins/"+r.PathValue("person"))
}

func (s *Service) takeSignInsEnd(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.Auth.EndAllSignIns, "person", "desk.sign_ins_ended", "/administration/sign-ins/"+r.PathValue("person"))
}

func (s *Service) takeSignInEnd(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.Auth.EndSignIn, "id", "auth.sign_in_end_done", "/administration/sign-ins/"+r.PathValue("person"))
}
