package desk

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

func (s *Service) takeDelegation(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	starts, f1 := form.Date("starts")
	ends, f2 := form.Date("ends")
	g := org.DelegationGrant{FromPost: form.Line("from_post"), ToPost: form.Line("to_post"), Scope: form.Texts("scope"), Onward: form.Bool("onward"),
		Document: form.Line("document"), Starts: starts, Ends: ends}
	if err = fault.Join(f1, f2); err == nil {
		err = s.grant(r.Context(), web.Actor(r), g)
	}
	if web.Mendable(err, fault.Refused) {
		return s.delegationPage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "desk.delegated")
	return web.SeeOther(w, r, "/administration/delegations")
}

func (s *Service) takeDelegationEnd(w http.ResponseWriter, r *http.Request) error {
	return did(w, r, s.Org.EndDelegation, "id", "desk.delegation_ended", "/administration/delegations")
}
