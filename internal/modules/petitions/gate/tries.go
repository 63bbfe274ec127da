package gate

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
)

// wrongKey is the trace of a key that opened nothing. It is of no petition and
// of no council, and its marks are of their own: who mistypes a key is not
// nearer to the limits of handing in.
const wrongKey Kind = "key"

// Tries is from how many wrong keys on none is tried from a place.
//
// vi: số lần dùng sai mã biên nhận
type Tries struct {
	Burst int `toml:"burst"`
	Day   int `toml:"day"`
}

func (t Tries) pair() Pair {
	return Pair{Burst: Window{Ask: t.Burst, Stop: t.Burst}, Day: Window{Ask: t.Day, Stop: t.Day}}
}

// KeyTries are the limits of wrong keys of receipts, by address and network.
//
// vi: giới hạn dùng sai mã biên nhận
type KeyTries struct {
	Address4 Tries `toml:"address4"`
	Address6 Tries `toml:"address6"`
	Network4 Tries `toml:"network4"`
	Network6 Tries `toml:"network6"`
}

// wrong names the limits that are none.
func (k KeyTries) wrong() (all []string) {
	for name, t := range map[string]Tries{"address4": k.Address4, "address6": k.Address6, "network4": k.Network4, "network6": k.Network6} {
		if t.Burst < 1 || t.Day < t.Burst {
			all = append(all, "keys: "+name+": 0 < burst ≤ day")
		}
	}
	return all
}

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

// keyScopes are the marks of an address for wrong keys; none for one of our own
// rooms, behind which stands everybody.
func (d *Desk) keyScopes(from netip.Addr, l Limits) []limited {
	if !apart(from) {
		return nil
	}
	address, around := network(from)
	one, wide := l.Keys.Address4, l.Keys.Network4
	if address.Addr().Is6() {
		one, wide = l.Keys.Address6, l.Keys.Network6
	}
	return []limited{{ByAddress, d.keys.mark("key_address", address.String()), one.pair()}, {ByNetwork, d.keys.mark("key_network", around.String()), wide.pair()}}
}

// tooManyTries is how long no key is tried from an address; 0 when one may be.
func (d *Desk) tooManyTries(ctx context.Context, from netip.Addr) (wait time.Duration, err error) {
	now := d.Clock.Now()
	l := d.limits(now)
	scopes := d.keyScopes(from, l)
	if len(scopes) == 0 {
		return 0, nil
	}
	counts, err := d.count(ctx, scopes, l, now)
	for i, s := range scopes {
		if err == nil && max(s.Burst.grade(counts[i].Burst), s.Day.grade(counts[i].Day)) == Flood {
			var one time.Duration
			one, err = d.retryAfter(ctx, s, l, now)
			wait = max(wait, one)
		}
	}
	return wait, err
}

// missed keeps the trace of a wrong key.
func (d *Desk) missed(ctx context.Context, from netip.Addr) error {
	now := d.Clock.Now()
	scopes := d.keyScopes(from, d.limits(now))
	if len(scopes) == 0 {
		return nil
	}
	t := trace{id: db.NewID(now), kind: wrongKey, at: db.At(now), address: scopes[0].mark, network: scopes[1].mark}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		tx.AfterCommit(func() { d.memory.note(t) })
		return insertTrace(ctx, tx, "", t)
	})
}
