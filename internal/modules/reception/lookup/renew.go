package lookup

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
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

// Renewable refuses who may not give a letter a new key, with the reason.
func (d *Desk) Renewable(ctx context.Context, who org.Actor, letterID string) error {
	return d.DB.Read(ctx, func(tx *db.Tx) error { return d.Reaches(ctx, tx, who, letterID) })
}

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
