package gate

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
)

// triedKey is where a request notes that its key was wrong.
type triedKey struct{}

// Wrong notes that whoever asks brought a key that opens nothing.
func Wrong(ctx context.Context) {
	if t, ok := ctx.Value(triedKey{}).(*atomic.Bool); ok {
		t.Store(true)
	}
}

// Keyed limits the wrong keys of receipts: every address of the public with the
// code of a petition in it looks first whether too many were tried from there.
// Who asks without a key reads what everybody reads and is not limited.
func (d *Desk) Keyed(routes []web.Route) []web.Route {
	for i, r := range routes {
		if r.Needs.Name == auth.Public.Name && strings.Contains(r.Pattern, "{code}") {
			routes[i].Handle = d.keyed(r.Handle)
		}
	}
	return routes
}

func (d *Desk) keyed(handle web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if web.Actor(r).SignedIn() || r.Method != http.MethodPost && r.URL.Query().Get("key") == "" {
			return handle(w, r)
		}
		ctx, from := r.Context(), web.Address(r)
		wait, err := d.tooManyTries(ctx, from)
		if err != nil {
			return err
		}
		if wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
			return fault.New(fault.TooMany, "gate.keys_stop", "minutes", int((wait+time.Minute-1)/time.Minute))
		}
		var tried atomic.Bool
		err = handle(w, r.WithContext(context.WithValue(ctx, triedKey{}, &tried)))
		if !tried.Load() {
			return err
		}
		if lost := d.missed(context.WithoutCancel(ctx), from); lost != nil { // also when the sender does not wait for the page
			return lost
		}
		return err
	}
}
