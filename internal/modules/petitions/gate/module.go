package gate

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

const (
	gatePath     = "/petitions/gate"
	heldPath     = gatePath + "/held"
	releasesPath = gatePath + "/releases"
	tracesPath   = gatePath + "/traces"
	pickPath     = gatePath + "/selection"
	batchesPath  = gatePath + "/batches"
	alertsPath   = gatePath + "/alerts"
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission {
	return []auth.Permission{mayRead, mayCount, mayRelease, mayDrawUp, mayInvalidate}
}

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + gatePath, Needs: mayCount, Handle: d.overview},
		{Pattern: "GET " + heldPath, Needs: mayRead, Handle: d.heldPage},
		{Pattern: "GET " + heldPath + "/{petition}", Needs: mayRead, Handle: d.heldOne},
		{Pattern: "POST " + heldPath + "/{petition}/release", Needs: mayRelease, Handle: d.release},
		{Pattern: "POST " + releasesPath, Needs: mayRelease, Handle: d.releaseSeveral},
		{Pattern: "POST " + heldPath + "/{petition}/invalidation", Needs: mayInvalidate, Handle: d.invalidate},
		{Pattern: "GET " + tracesPath, Needs: mayRead, Handle: d.tracesPage},
		{Pattern: "GET " + pickPath, Needs: mayDrawUp, Handle: d.pickPage},
		{Pattern: "GET " + batchesPath, Needs: mayRead, Handle: d.batchesPage},
		{Pattern: "POST " + batchesPath, Needs: mayDrawUp, Handle: d.drawUp},
		{Pattern: "GET " + batchesPath + "/{batch}", Needs: mayRead, Handle: d.batchPage},
		{Pattern: "POST " + batchesPath + "/{batch}/decision", Needs: mayInvalidate, Handle: d.turned(d.Decide)},
		{Pattern: "POST " + batchesPath + "/{batch}/dropping", Needs: mayDrawUp, Handle: d.turned(d.Drop)},
		{Pattern: "POST " + batchesPath + "/{batch}/cancellation", Needs: mayInvalidate, Handle: d.turned(d.Cancel)},
		{Pattern: "POST " + batchesPath + "/{batch}/undo-request", Needs: mayDrawUp, Handle: d.askUndo},
		{Pattern: "POST " + batchesPath + "/{batch}/undoing", Needs: mayInvalidate, Handle: d.turned(d.Undo)},
		{Pattern: "POST " + alertsPath + "/{alert}/seen", Needs: mayRead, Handle: d.alertTurned(d.See)},
		{Pattern: "POST " + alertsPath + "/{alert}/closing", Needs: mayRead, Handle: d.alertTurned(d.Close)},
	}
}

// Menu lists the lines of the officials' menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_intake", Label: "gate.menu", Icon: "filter", URL: gatePath, Order: 36, Needs: mayCount, Count: d.waiting}}
}

// waiting is the badge of the menu: how many petitions are held.
func (d *Desk) waiting(ctx context.Context, who org.Actor) (n int, err error) {
	if allowed(mayRead, who) != nil {
		return 0, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := countWaiting(ctx, tx, who.CouncilID)
		n = int(all)
		return err
	})
	return n, err
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{
		{Kind: invalidateKind, Handle: d.invalidateJob},
		{Kind: undoKind, Handle: d.undoJob},
		{Kind: trendsKind, Handle: d.watch},
		{Kind: purgeKind, Handle: d.purge, Daily: purgeHour},
	}
}

// writePlace writes a row's place for the address of the next page.
func writePlace(at db.Time, id string) string {
	return strconv.FormatInt(at.UnixMicro(), 10) + "." + id
}

// readPlace reads what writePlace wrote; nonsense is the beginning.
func readPlace(s string) place {
	when, id, _ := strings.Cut(s, ".")
	us, err := strconv.ParseInt(when, 10, 64)
	if err != nil || us <= 0 || id == "" {
		return place{}
	}
	return place{db.At(time.UnixMicro(us)), id}
}

// withQuery adds name, value pairs to an address; empty values are left out.
func withQuery(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
