package scans

import (
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/web"
)

// under is where denunciations have their pages: these stand below each.
const under = "/reception/sealed/"

// homeOf is the address of a denunciation's scans.
func homeOf(fileID string) string { return under + fileID + "/scans" }

// lookOf is the address of an original that somebody has open.
func lookOf(fileID string, scan int64, ticket string) string {
	return homeOf(fileID) + "/" + strconv.FormatInt(scan, 10) + "/look/" + ticket
}

// copyURL is the address of a copy.
func copyURL(fileID string, number int64) string {
	return under + fileID + "/scan-copies/" + strconv.FormatInt(number, 10)
}

// slowTime is for what draws many pages or takes many bytes in.
const slowTime = 5 * time.Minute

// Routes lists the addresses. Those of pages bear a ticket: it is of use only to
// the person who gave a reason, and only for a while.
func (d *Desk) Routes() []web.Route {
	const scans, copies = under + "{case}/scans", under + "{case}/scan-copies"
	slow := web.Limit{Time: slowTime}
	return []web.Route{
		{Pattern: "GET " + scans, Needs: mayKnow, Handle: d.listPage},
		{Pattern: "POST " + scans, Needs: mayKnow, Handle: d.addForm, Limit: slow},
		{Pattern: "POST " + scans + "/open", Needs: mayKnow, Handle: d.openForm, Limit: slow},
		{Pattern: "GET " + scans + "/{scan}/look/{ticket}", Needs: mayKnow, Handle: d.lookPage, Limit: slow},
		{Pattern: "POST " + scans + "/{scan}/look/{ticket}", Needs: mayKnow, Handle: d.lookForm, Limit: slow},
		{Pattern: "GET " + scans + "/{scan}/look/{ticket}/{page}", Needs: mayKnow, Handle: d.pictureFile, Limit: slow},
		{Pattern: "POST " + copies + "/open", Needs: mayKnow, Handle: d.openCopyForm, Limit: slow},
		{Pattern: "GET " + copies + "/{number}", Needs: mayKnow, Handle: d.copyFile, Limit: slow},
		{Pattern: "GET " + copies + "/{number}/look/{ticket}", Needs: mayKnow, Handle: d.copyPage, Limit: slow},
		{Pattern: "POST " + copies + "/{number}/look/{ticket}", Needs: mayKnow, Handle: d.decideForm, Limit: slow},
		{Pattern: "GET " + copies + "/{number}/look/{ticket}/{page}", Needs: mayKnow, Handle: d.copyPictureFile, Limit: slow},
		{Pattern: "POST " + copies + "/{number}/withdraw", Needs: mayKnow, Handle: d.withdrawForm},
	}
}

// Unechoed names the fields of this part that no error page may show again.
func Unechoed() []string { return []string{"open_reason", "read_reason"} }
