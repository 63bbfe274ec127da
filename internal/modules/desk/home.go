package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	// dueWithinDays is what the first page calls soon.
	dueWithinDays = 7
	dueMax        = 8
	inboxHeadMax  = 6
)

// figure is one number of the first page.
type figure struct {
	Key, Link string
	Count     int64
}

// dueLine is a case that ends soon or has ended.
type dueLine struct {
	Code, Title, Link string
	Due               clock.Date
}

// home is what somebody finds on their first page.
type home struct {
	Who         org.Actor
	Now         time.Time
	Lunar       calendar.Lunar
	Works       bool // the person has a side in cases, or reads them as a deputy
	Figures     []figure
	Due         []dueLine
	Inbox       []notify.Message
	Unread      int
	Delegations []org.DelegationLine // given or received, in force today
	// What an administrator should mend.
	Warnings []calendar.Warning
	DeadJobs int64
	Failed   bool // letters that could not be sent
}

// Today is the date of the page.
func (h home) Today() clock.Date { return clock.DateOf(h.Now) }

// home gathers somebody's first page from one consistent view.
func (s *Service) home(ctx context.Context, who org.Actor) (home, error) {
	h := home{Who: who, Now: s.Clock.Now()}
	h.Lunar = calendar.LunarOf(h.Today())
	_, _, h.Works = side(who)
	h.Works = h.Works || who.Has(org.Deputy)
	if mayKeepCalendar.Allows(who) {
		h.Warnings = s.Calendar.Current().Missing(h.Today())
	}
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if h.Figures, err = s.figures(ctx, tx, who); err != nil {
			return err
		}
		if h.Due, err = s.due(ctx, tx, who, h.Today()); err != nil {
			return err
		}
		if h.Inbox, err = s.Notify.Inbox(ctx, tx, who.PersonID, "", inboxHeadMax); err != nil {
			return err
		}
		if h.Unread, err = s.Notify.Unread(ctx, tx, who.PersonID); err != nil {
			return err
		}
		if h.Delegations, err = org.DelegationsOfPost(ctx, tx, who.PostID); err != nil {
			return err
		}
		h.Delegations = slices.DeleteFunc(h.Delegations, func(d org.DelegationLine) bool { return !d.Open(h.Today()) })
		return s.mend(ctx, tx, who, &h)
	})
	return h, err
}

// figures counts what the fields of work offer, within what the person sees.
func (s *Service) figures(ctx context.Context, tx *db.Tx, who org.Actor) ([]figure, error) {
	if s.Indicators == nil {
		return nil, nil
	}
	var all []figure
	for _, i := range s.Indicators() {
		n, err := i.Count(ctx, tx, who)
		if err != nil {
			return nil, err
		}
		all = append(all, figure{i.Key, i.Link, n})
	}
	return all, nil
}

// side is the part of the cases somebody works on: a column of the case and
// whose it must be.
func side(who org.Actor) (column, id string, ok bool) {
	switch {
	case !who.SignedIn():
		return "", "", false
	case who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head)), who.BodyKind == org.StandingCommittee:
		return "council_id", who.CouncilID, true
	case who.BodyKind == org.Committee:
		return "examiner_body_id", who.BodyID, true
	case who.BodyKind.Answers() && (who.Has(org.BodyHead) || who.Has(org.BodyClerk)):
		return "holder_body_id", who.BodyID, true
	case who.BodyKind.Answers() && who.Has(org.Handler):
		return "assignee_post_id", who.PostID, true
	}
	return "", "", false
}

func (s *Service) due(ctx context.Context, tx *db.Tx, who org.Actor, today clock.Date) ([]dueLine, error) {
	column, id, ok := side(who)
	if !ok {
		return nil, nil
	}
	names := map[string]bool{}
	for _, p := range s.Cases.Procedures() {
		names[p.Name] = true
	}
	var rows []cases.Case
	for name := range names {
		some, err := dueCases(ctx, tx, column, id, name, today.AddDays(dueWithinDays), who.BodyKind == org.Office, dueMax)
		if err != nil {
			return nil, err
		}
		rows = append(rows, slices.DeleteFunc(some, func(c cases.Case) bool { return !c.CanSee(who) })...)
	}
	slices.SortFunc(rows, func(a, b cases.Case) int {
		return cmp.Or(strings.Compare(a.Due.String(), b.Due.String()), strings.Compare(a.ID, b.ID))
	})
	var all []dueLine
	for _, c := range rows[:min(dueMax, len(rows))] {
		all = append(all, dueLine{c.Code, c.Title, s.caseAddress(c), c.Due})
	}
	return all, nil
}

// caseAddress is where a case is shown: below the pages of its module.
func (s *Service) caseAddress(c cases.Case) string {
	return "/" + s.Cases.Module(c.Procedure) + "/" + c.ID
}

// mend counts what waits for an administrator.
func (s *Service) mend(ctx context.Context, tx *db.Tx, who org.Actor, h *home) error {
	if !mayRunJobs.Allows(who) {
		return nil
	}
	dead, err := s.jobsOf(ctx, tx, who, jobs.Filter{State: jobs.Dead, Limit: 100})
	if err != nil {
		return err
	}
	h.DeadJobs = int64(len(dead))
	failed, err := s.Notify.Mails(ctx, tx, notify.MailFilter{CouncilID: who.CouncilID, State: notify.MailFailed, Limit: 1})
	h.Failed = len(failed) > 0
	return err
}
