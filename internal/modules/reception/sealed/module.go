package sealed

import (
	"time"

	"example.vn/hdnd/internal/kernel/web"
)

// The addresses.
const (
	home         = "/reception/sealed"
	settingsPath = "/reception/sealing"
	watchPath    = "/reception/sealing/watch"
)

// PageOf is the address of a denunciation.
func PageOf(fileID string) string { return home + "/" + fileID }

// openTime is for reveals: many megabytes may have to be decrypted.
const openTime = 2 * time.Minute

// Routes lists the addresses. What shows something sealed is a POST: it has no
// address that a browser keeps.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + home, Needs: mayKnow, Handle: d.listPage},
		{Pattern: "POST " + home, Needs: mayStub, Handle: d.stubForm},
		{Pattern: "GET " + home + "/{case}", Needs: mayKnow, Handle: d.sheetPage},
		{Pattern: "POST " + home + "/{case}/reveal", Needs: mayKnow, Handle: d.revealForm, Limit: web.Limit{Time: openTime}},
		{Pattern: "POST " + home + "/{case}/admit", Needs: mayKnow, Handle: d.admitForm},
		{Pattern: "POST " + home + "/{case}/dismiss", Needs: mayKnow, Handle: d.dismissForm},
		{Pattern: "POST " + home + "/{case}/glass", Needs: mayKnow, Handle: d.askGlassForm},
		{Pattern: "POST " + home + "/{case}/glass/{glass}/grant", Needs: mayKnow, Handle: d.grantGlassForm},
		{Pattern: "POST " + home + "/{case}/glass/{glass}/end", Needs: mayKnow, Handle: d.endGlassForm},
		{Pattern: "POST " + home + "/{case}/copies", Needs: mayKnow, Handle: d.beginCopyForm},
		{Pattern: "POST " + home + "/{case}/copies/propose", Needs: mayKnow, Handle: d.proposeCopyForm},
		{Pattern: "POST " + home + "/{case}/copies/{number}/read", Needs: mayKnow, Handle: d.readCopyForm},
		{Pattern: "POST " + home + "/{case}/copies/{number}/decide", Needs: mayKnow, Handle: d.decideCopyForm},
		{Pattern: "POST " + home + "/{case}/copies/{number}/withdraw", Needs: mayKnow, Handle: d.withdrawCopyForm},
		{Pattern: "GET " + settingsPath, Needs: maySettle, Handle: d.settingsPage},
		{Pattern: "POST " + settingsPath, Needs: maySettle, Handle: d.proposeForm},
		{Pattern: "POST " + settingsPath + "/{change}", Needs: maySettle, Handle: d.decideForm},
		{Pattern: "GET " + watchPath, Needs: mayWatch, Handle: d.watchPage},
	}
}

// Menu lists the lines of the menus.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{
		{Section: "web.menu_intake", Label: "sealed.menu", Icon: "lock", URL: home, Order: 30, Needs: mayKnow},
		{Section: "web.menu_admin", Label: "sealed.menu_settings", Icon: "shield-check", URL: settingsPath, Order: 60, Needs: maySettle},
		{Section: "web.menu_admin", Label: "sealed.menu_watch", Icon: "eye", URL: watchPath, Order: 61, Needs: mayWatch},
	}
}

// Unechoed names the fields of this part that no error page may show again: people
// type into them what is sealed.
func Unechoed() []string {
	return []string{"reveal_reason", "admit_reason", "dismiss_reason", "glass_reason", "copy_reason", "read_reason", "copy", "marks"}
}
