// Package schedule is the schedule of citizen reception (lịch tiếp công dân): who
// of a council receives where and when, drafted by a clerk, published by the
// head of the office early enough, changed and cancelled with word to those who
// booked; the public page of it, and booking a time by the public.
//
// It owns reception_days, reception_bookings and reception_hours. What happens
// on the day itself is kept by counter. Whoever wants to denounce books a time
// without a name: nothing of it is asked, and what was typed all the same is
// not kept.
//
// Legal basis: Luật Tiếp công dân 2013, Điều 24 (as amended by Luật 136/2025/QH15);
// Nghị định 154/2026/NĐ-CP, Điều 20, 23, 24 on reception online. Its time limits
// are the rules reception.* of kernel/calendar.
package schedule

import (
	"embed"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_schedule", Files: Files}

// The rights of this package. Whose council's day it is, is asked for each day.
var (
	mayRead    = auth.Permission{Name: "reception.read_schedule", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.CommitteeMember, org.Deputy}}
	mayDraft   = auth.Permission{Name: "reception.draft_schedule", Roles: []org.Role{org.Clerk}}
	mayPublish = auth.Permission{Name: "reception.publish_schedule", Roles: []org.Role{org.Head}}
	mayChange  = auth.Permission{Name: "reception.change_schedule", Roles: []org.Role{org.Clerk, org.Head}}
)

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission {
	return []auth.Permission{mayRead, mayDraft, mayPublish, mayChange}
}

// Deps is what the schedule needs.
//
// vi: -
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Audit    *audit.Log
	Calendar *calendar.Register
	Notify   *notify.Notifier
	Live     *live.Hub
	// Address is where the public reaches this installation, for the calendar
	// feed: "https://tiepcongdan.example.vn".
	Address string
}

// Desk keeps the schedule.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

func (d *Desk) today() clock.Date { return clock.Today(d.Clock) }
