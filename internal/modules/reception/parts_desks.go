package reception

import (
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/figures"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

// Desks are the verbs of the parts, for whoever plays people without pages.
//
// vi: -
type Desks struct {
	Schedule *schedule.Desk
	Counter  *counter.Desk
	Figures  *figures.Desk
	Duties   *duties.Desk
	Watching *watchlist.Desk
	Scans    *scans.Desk
}

// Desks gives the parts.
func (s *Service) Desks() Desks {
	return Desks{s.schedule, s.counter, s.figures, s.duties, s.watching, s.scans}
}
