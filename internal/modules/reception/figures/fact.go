package figures

import (
	"time"

	"example.vn/hdnd/internal/kernel/clock"
)

// Visit is one reception of citizens, as far as the forms count it.
//
// vi: lượt tiếp công dân
type Visit struct {
	ID      string
	Ref     string // what the clerk finds it by: its line in the log
	On      clock.Date
	By      string // "regular", "leader" or "delegated"
	Session string // the reception day of a leader it belongs to: số kỳ
	People  int
	First   int  // matters brought for the first time
	Again   int  // matters received before
	Unclear int  // matters of which it was not noted whether they are new
	Group   bool // đoàn đông người
	Sealed  bool // a denunciation was told: counted, and never told row by row
}

// Letter is one letter, as it stood at the moment of the report.
//
// vi: đơn
type Letter struct {
	ID       string
	Ref      string // its code; never a name
	Received clock.Date
	Handled  clock.Date // when it was decided what becomes of it; none while it waits
	Eligible bool       // đủ điều kiện xử lý
	Matter   string     // letters about the same matter share it: số vụ việc
	Kind     string     // "complaint", "denunciation" or "reflection"
	Standing string     // "first", "again" or "open": settled once, several times, not yet
	Own      bool       // thuộc thẩm quyền
	Result   string     // "guided", "forwarded" or "urged", of what is not the council's own
	Replies  []clock.Date
}

// Period is the days a report is about, both included.
//
// vi: kỳ báo cáo
type Period struct {
	From  clock.Date `json:"from"`
	Until clock.Date `json:"until"`
}

func (p Period) has(d clock.Date) bool { return !d.IsZero() && !d.Before(p.From) && !d.After(p.Until) }

// Ask is what a register is asked: rows of one council that a period touches, as
// of a moment, in the order of their ids.
//
// vi: -
type Ask struct {
	CouncilID string
	Period    Period
	Moment    time.Time
	After     string // the id of the last row read; empty at first
	Limit     int
}

// fact is a row of a register with the period it is counted for.
type fact[F any] struct {
	row    F
	period Period
}

// register says what forms may count of one kind of row, and by what they may
// choose rows. A form that names anything else stops the start-up.
type register[F any] struct {
	count  map[string]func(fact[F]) int64
	each   map[string]func(fact[F]) string // counted once for each value
	facets map[string]facet[F]
}

type facet[F any] struct {
	values []string
	of     func(fact[F]) string
}

func yesNo[F any](ok func(fact[F]) bool) facet[F] {
	return facet[F]{[]string{"yes", "no"}, func(f fact[F]) string {
		if ok(f) {
			return "yes"
		}
		return "no"
	}}
}

func one[F any](fact[F]) int64 { return 1 }

func visits() register[Visit] {
	return register[Visit]{
		count: map[string]func(fact[Visit]) int64{
			"visits":  one[Visit],
			"people":  func(f fact[Visit]) int64 { return int64(f.row.People) },
			"first":   func(f fact[Visit]) int64 { return int64(f.row.First) },
			"again":   func(f fact[Visit]) int64 { return int64(f.row.Again) },
			"matters": func(f fact[Visit]) int64 { return int64(f.row.First + f.row.Again + f.row.Unclear) },
		},
		each: map[string]func(fact[Visit]) string{"sessions": func(f fact[Visit]) string { return f.row.Session }},
		facets: map[string]facet[Visit]{
			"by":    {[]string{"regular", "leader", "delegated"}, func(f fact[Visit]) string { return f.row.By }},
			"group": yesNo(func(f fact[Visit]) bool { return f.row.Group }),
		},
	}
}

// handled reports whether a letter was handled by the end of the period.
func handled(f fact[Letter]) bool {
	return !f.row.Handled.IsZero() && !f.row.Handled.After(f.period.Until)
}

// toHandle reports whether a letter was to be handled in the period. One that
// was handled before counts only for the replies that came to it since.
func toHandle(f fact[Letter]) bool {
	return !f.row.Received.After(f.period.Until) && (f.row.Handled.IsZero() || !f.row.Handled.Before(f.period.From))
}

func letters() register[Letter] {
	return register[Letter]{
		count: map[string]func(fact[Letter]) int64{
			"letters": func(f fact[Letter]) int64 {
				if toHandle(f) {
					return 1
				}
				return 0
			},
			"replies": func(f fact[Letter]) (n int64) {
				for _, d := range f.row.Replies {
					if f.period.has(d) {
						n++
					}
				}
				return n
			},
		},
		each: map[string]func(fact[Letter]) string{"matters": func(f fact[Letter]) string {
			if !toHandle(f) {
				return ""
			}
			return f.row.Matter
		}},
		facets: map[string]facet[Letter]{
			"carried":  yesNo(func(f fact[Letter]) bool { return f.row.Received.Before(f.period.From) }),
			"handled":  yesNo(handled),
			"eligible": yesNo(func(f fact[Letter]) bool { return f.row.Eligible }),
			"own":      yesNo(func(f fact[Letter]) bool { return f.row.Own }),
			"kind":     {[]string{"complaint", "denunciation", "reflection"}, func(f fact[Letter]) string { return f.row.Kind }},
			"standing": {[]string{"first", "again", "open"}, func(f fact[Letter]) string { return f.row.Standing }},
			"result":   {[]string{"guided", "forwarded", "urged"}, func(f fact[Letter]) string { return f.row.Result }},
		},
	}
}
