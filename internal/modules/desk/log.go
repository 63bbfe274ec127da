package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
)

const logPageMax = 50

// logFilter is what a reader of the log asks for.
type logFilter struct {
	Ref   string // a petition's code
	Verb  string // a verb, or a module with a dot at the end
	From  clock.Date
	Until clock.Date // included
	After string
}

// logPage is one page of the log.
type logPage struct {
	Filter  logFilter
	Entries []audit.Record
	Next    string
	Waiting int
	Oldest  time.Time
}

// ownLog reads one page of the log of the reader's own council. Sealed entries
// stay hidden, but for those of the sign-in, which the guardians of the
// installation are there to read.
func (s *Service) ownLog(ctx context.Context, who org.Actor, f logFilter) (p logPage, err error) {
	p.Filter = f
	ask := audit.Filter{CouncilID: who.CouncilID, Ref: strings.TrimSpace(f.Ref), Verb: f.Verb, Sealed: signInVerb(f.Verb)}
	if !f.From.IsZero() {
		ask.From = f.From.Time()
	}
	if !f.Until.IsZero() {
		ask.To = f.Until.End()
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Entries, p.Next, err = s.Audit.Entries(ctx, tx, ask, audit.Page{After: f.After, Limit: logPageMax})
		return err
	})
	if err != nil {
		return p, err
	}
	p.Waiting, p.Oldest, err = s.Audit.Waiting(ctx)
	return p, err
}

func signInVerb(verb string) bool { return strings.HasPrefix(verb, "auth.") }

// entry reads one entry of the reader's own council.
func (s *Service) entry(ctx context.Context, who org.Actor, id string) (rec audit.Record, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		rec, err = s.Audit.Entry(ctx, tx, id)
		return err
	})
	if err == nil && (rec.CouncilID != who.CouncilID || rec.Sealed && !signInVerb(rec.Verb)) {
		return audit.Record{}, fault.New(fault.Missing, "db.no_row")
	}
	return rec, err
}

// receipt is what a reader of the log takes home of an entry.
func (s *Service) receipt(ctx context.Context, who org.Actor, id string) (audit.Receipt, error) {
	rec, err := s.entry(ctx, who, id)
	if err != nil {
		return audit.Receipt{}, err
	}
	if rec.Sealed {
		return audit.Receipt{}, fault.New(fault.Missing, "db.no_row")
	}
	return s.Audit.Receipt(ctx, id)
}

// detail is one fact of an entry.
type detail struct{ Name, Text string }

// details lists an entry's facts in the order of their names.
func details(rec audit.Record) []detail {
	var all []detail
	for name, v := range rec.Details {
		all = append(all, detail{name, wording(v)})
	}
	slices.SortFunc(all, func(a, b detail) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// checkpoint is what the public page shows of the log.
type checkpoint struct {
	Origin, Key string
	Text        string // empty while the log is
}

func (s *Service) checkpoint(ctx context.Context) (checkpoint, error) {
	c := checkpoint{Origin: s.Audit.Origin(), Key: s.Audit.PublicKey()}
	signed, err := s.Audit.Checkpoint(ctx)
	if fault.Is(err, "audit.empty") {
		return c, nil
	}
	c.Text = signed
	return c, err
}

func clockDate(h search.Hit) string { return clock.DateOf(h.At).VN() }
