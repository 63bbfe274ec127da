package petitions

import (
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/modules/petitions/settings"
	"example.vn/hdnd/internal/modules/petitions/shares"
)

// Desks are the verbs of the parts, for whoever plays people without pages.
//
// vi: -
type Desks struct {
	Gate      *gate.Desk
	Intake    *intake.Desk
	Matching  *matching.Desk
	Reminders *reminders.Desk
	Reports   *reports.Desk
	Settings  *settings.Desk
	Shares    *shares.Desk
}

// Desks gives the parts.
func (s *Service) Desks() Desks {
	return Desks{s.gate, s.intake, s.matching, s.reminders, s.reports, s.settings, s.shares}
}
