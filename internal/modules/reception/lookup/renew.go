package lookup

import (
	"context"
	"net/http"
	"slices"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

var mayRenew = auth.Permission{Name: "reception.renew_key", Roles: []org.Role{org.Clerk}}

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayRenew} }

// MayRenew reports whether a person's role gives new keys.
func MayRenew(who org.Actor) bool { return mayRenew.Allows(who) }

// RenewPath is the form that gives a letter a new key.
func RenewPath(letterID string) string { return lettersPath + letterID + "/key" }

const lettersPath = "/reception/letters/"

// checks are the ways in which a clerk may have seen that it is the sender who
// asks. The paper itself is not written down: it would add to what is kept of them.
func checks() []string { return []string{"citizen", "passport", "authorised"} }

// Renew puts a new key in the place of a letter's old one, for a sender who has
// lost the receipt and shown who they are. The new key is given here and kept
// nowhere; the old one opens nothing from then on.
func (d *Desk) Renew(ctx context.Context, who org.Actor, letterID, checked string) (code, key string, err error) {
	if !mayRenew.Allows(who) {
		return "", "", fault.New(fault.Forbidden, "lookup.not_yours")
	}
	if !slices.Contains(checks(), checked) {
		return "", "", fault.New(fault.Invalid, "lookup.checked_which").At("checked")
	}
	key, put := d.NewKey()
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		code, err = put(ctx, tx, who, letterID, checked)
		return err
	})
	return code, key, err
}

// renewView is the form.
type renewView struct {
	Letter  string
	Checked string
	Errors  ui.Errors
}

func (v renewView) choice(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "checked", Label: text.T(ctx, "lookup.checked"), Required: true, Value: v.Checked, Errors: v.Errors}
	for _, one := range checks() {
		c.Options = append(c.Options, ui.Option{Value: one, Label: text.T(ctx, "lookup.checked_"+one)})
	}
	return c
}

func (d *Desk) renewPage(w http.ResponseWriter, r *http.Request) error {
	letter := r.PathValue("id")
	err := d.DB.Read(r.Context(), func(tx *db.Tx) error { return d.Reaches(r.Context(), tx, web.Actor(r), letter) })
	if err != nil {
		return err
	}
	return showRenewal(w, r, renewView{Letter: letter}, http.StatusOK)
}

func showRenewal(w http.ResponseWriter, r *http.Request, v renewView, status int) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "lookup.renew"), Section: "/reception/letters", Status: status}, renewBody(v))
}

func (d *Desk) renew(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	v := renewView{Letter: r.PathValue("id")}
	var code, key string
	if err == nil {
		v.Checked = form.Line("checked")
		code, key, err = d.Renew(r.Context(), web.Actor(r), v.Letter, v.Checked)
	}
	if fault.KindOf(err) == fault.Invalid {
		v.Errors = ui.ErrorsOf(err)
		return showRenewal(w, r, v, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "lookup.renewed", "code", code, "key", key)
	return web.SeeOther(w, r, lettersPath+v.Letter)
}
