package gate

import (
	"context"
	"net/netip"
	"time"

	"example.vn/hdnd/internal/kernel/db"
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
