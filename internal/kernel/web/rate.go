package web

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Budget is how many requests an address may make: Burst at once, PerSecond in
// the long run.
type Budget struct {
	PerSecond float64
	Burst     int
}

// usualBudgets are generous to addresses that a whole office shares: a council's
// hall of a hundred deputies is one address.
func usualBudgets() map[Rate]Budget {
	return map[Rate]Budget{
		Ordinary: {PerSecond: 100, Burst: 600},
		Posting:  {PerSecond: 50, Burst: 300},
		Intake:   {PerSecond: 1, Burst: 30},
		Signing:  {PerSecond: 1, Burst: 60},
	}
}

// callersMost bounds the memory; past it the callers who made no request for
// a while are forgotten.
const callersMost = 100_000

type caller struct {
	rate Rate
	net  netip.Prefix
}

type allowance struct {
	limiter *rate.Limiter
	last    time.Time
}

type budgets struct {
	by      map[Rate]Budget
	mu      sync.Mutex
	callers map[caller]*allowance
}

func newBudgets(instead map[Rate]Budget) *budgets {
	by := usualBudgets()
	for name, b := range instead {
		by[name] = b
	}
	return &budgets{by: by, callers: map[caller]*allowance{}}
}

// allow takes one request from the address's budget. An IPv6 household has a
// whole /64 of addresses and counts as one.
func (b *budgets) allow(name Rate, method string, addr netip.Addr) bool {
	if name == Ordinary && method == http.MethodPost {
		name = Posting
	}
	budget, ok := b.by[name]
	if !ok || !addr.IsValid() {
		return true
	}
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	net, err := addr.Prefix(bits)
	if err != nil {
		return true
	}
	at := now()
	b.mu.Lock()
	defer b.mu.Unlock()
	who := caller{name, net}
	a := b.callers[who]
	if a == nil {
		b.forget(at)
		a = &allowance{limiter: rate.NewLimiter(rate.Limit(budget.PerSecond), budget.Burst)}
		b.callers[who] = a
	}
	a.last = at
	return a.limiter.AllowN(at, 1)
}

func (b *budgets) forget(at time.Time) {
	if len(b.callers) < callersMost {
		return
	}
	const idle = 5 * time.Minute
	for who, a := range b.callers {
		if at.Sub(a.last) > idle {
			delete(b.callers, who)
		}
	}
	if len(b.callers) >= callersMost { // under attack from everywhere: start anew
		clear(b.callers)
	}
}
