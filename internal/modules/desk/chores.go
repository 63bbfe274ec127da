package desk

import (
	"context"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

const chorePageMax = 50

// keepsHouse reports whether somebody administers the whole installation: the
// administrator of its topmost council. A ward's administrator sees and does
// what is the ward's alone.
func keepsHouse(ctx context.Context, tx *db.Tx, who org.Actor) (bool, error) {
	if !who.Has(org.Admin) {
		return false, nil
	}
	council, err := org.CouncilOf(ctx, tx, who.CouncilID)
	return err == nil && council.ParentID == "", err
}

// jobList is one page of the automatic work.
type jobList struct {
	Filter jobs.Filter
	Rows   []jobs.Row
	Next   int64
	Counts map[jobs.State]int64 // of the installation; nil for a ward
}

// jobsOf lists jobs within what an administrator looks after.
func (s *Service) jobsOf(ctx context.Context, tx *db.Tx, who org.Actor, f jobs.Filter) ([]jobs.Row, error) {
	all, err := keepsHouse(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	if !all {
		f.CouncilID = who.CouncilID
	}
	return s.Jobs.List(ctx, tx, f)
}

func (s *Service) jobs(ctx context.Context, who org.Actor, f jobs.Filter) (l jobList, err error) {
	f.Limit = chorePageMax + 1
	l.Filter = f
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if l.Rows, err = s.jobsOf(ctx, tx, who, f); err != nil {
			return err
		}
		all, err := keepsHouse(ctx, tx, who)
		if err == nil && all {
			l.Counts, err = s.Jobs.Counts(ctx, tx)
		}
		return err
	})
	if len(l.Rows) > chorePageMax {
		l.Rows = l.Rows[:chorePageMax]
		l.Next = l.Rows[chorePageMax-1].Ticket
	}
	return l, err
}

// changeJob cancels or retries a job and records who did.
func (s *Service) changeJob(ctx context.Context, who org.Actor, id, verb string, change func(context.Context, *db.Tx, string) error) error {
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		row, err := s.Jobs.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := keepsHouse(ctx, tx, who)
		if err != nil {
			return err
		}
		if !all && row.CouncilID != who.CouncilID {
			return fault.New(fault.Missing, "jobs.missing")
		}
		if err := change(ctx, tx, id); err != nil {
			return err
		}
		_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: id, Ref: id, Verb: verb, At: now, Who: who,
			Details: map[string]any{"kind": row.Kind, "attempt": row.Attempt}})
		return err
	})
}

func (s *Service) cancelJob(ctx context.Context, who org.Actor, id string) error {
	return s.changeJob(ctx, who, id, "desk.cancel_job", s.Jobs.Cancel)
}

func (s *Service) retryJob(ctx context.Context, who org.Actor, id string) error {
	return s.changeJob(ctx, who, id, "desk.retry_job", s.Jobs.Retry)
}

// mailList is one page of the outbox.
type mailList struct {
	Filter     notify.MailFilter
	Mails      []notify.Mail
	Next       string
	Configured bool
}

func (s *Service) mails(ctx context.Context, who org.Actor, f notify.MailFilter) (l mailList, err error) {
	f.CouncilID, f.Limit = who.CouncilID, chorePageMax+1
	l.Filter, l.Configured = f, s.Notify.Server.Configured()
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		l.Mails, err = s.Notify.Mails(ctx, tx, f)
		return err
	})
	if len(l.Mails) > chorePageMax {
		l.Mails = l.Mails[:chorePageMax]
		l.Next = l.Mails[chorePageMax-1].ID
	}
	return l, err
}

// mail reads one letter of the administrator's own council.
func (s *Service) mail(ctx context.Context, who org.Actor, id string) (m notify.Mail, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = s.ownMail(ctx, tx, who, id)
		return err
	})
	return m, err
}

func (s *Service) ownMail(ctx context.Context, tx *db.Tx, who org.Actor, id string) (notify.Mail, error) {
	m, err := s.Notify.FindMail(ctx, tx, id)
	if err == nil && m.CouncilID != who.CouncilID {
		return notify.Mail{}, fault.New(fault.Missing, "notify.no_mail")
	}
	return m, err
}

func (s *Service) resendMail(ctx context.Context, who org.Actor, id string) error {
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := s.ownMail(ctx, tx, who, id); err != nil {
			return err
		}
		if err := s.Notify.Resend(ctx, tx, id); err != nil {
			return err
		}
		_, err := s.Audit.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: id, Ref: id, Verb: "desk.resend_mail", At: now, Who: who})
		return err
	})
}
