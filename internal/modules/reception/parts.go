package reception

import (
	"context"
	"io"
	"io/fs"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/delivery"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/figures"
	"example.vn/hdnd/internal/modules/reception/held"
	"example.vn/hdnd/internal/modules/reception/limits"
	"example.vn/hdnd/internal/modules/reception/lookup"
	"example.vn/hdnd/internal/modules/reception/rulings"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/internal/modules/reception/schedule"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/modules/reception/sendings"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

// parts are the sub-packages that have pages and tables of their own. They know
// nothing of each other: what one needs of another is plugged here.
type parts struct {
	schedule *schedule.Desk
	counter  *counter.Desk
	figures  *figures.Desk
	lookup   *lookup.Desk
	sealed   *sealed.Desk
	limits   *limits.Desk
	scans    *scans.Desk
	duties   *duties.Desk
	watching *watchlist.Desk
	rulings  *rulings.Desk
	held     *held.Desk
	delivery *delivery.Desk
}

// Parts are the schemas and sentences of the sub-packages.
func Parts() []db.Migrations {
	return []db.Migrations{schedule.Migrations, counter.Migrations, figures.Migrations, sealed.Migrations, limits.Migrations, scans.Migrations, duties.Migrations, watchlist.Migrations, rulings.Migrations, held.Migrations, delivery.Migrations}
}

// Sentences are those of the sub-packages that have no tables.
func Sentences() []fs.FS { return []fs.FS{lookup.Files} }

// assemble makes the sub-packages and plugs what they need of letters.
func (s *Service) assemble() (err error) {
	s.sealed = sealed.New(sealed.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Vault: s.Vault, Notify: s.Notify, Facts: s.neutral})
	s.scans = scans.New(scans.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Vault: s.Vault, Notify: s.Notify, Tools: s.Documents.Tools, Fonts: s.Fonts, Council: s.sealed.CouncilOf, Show: s.sealed.Show})
	s.Sealing = Sealing{Seal: s.sealed.Seal, Reveal: s.sealed.Reveal, Digest: s.SealKey.Digest}
	s.schedule = schedule.New(schedule.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Calendar: s.Calendar, Notify: s.Notify, Live: s.Live, Address: s.Address})
	s.counter = counter.New(counter.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Calendar: s.Calendar, Notify: s.Notify, Live: s.Live, Fonts: s.Fonts, Sealer: s.SealKey,
		Plan: plan{s.schedule}, Seal: s.Seal, Letter: s.letterOfVisit})
	s.limits = limits.New(limits.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Calendar: s.Calendar, Cases: s.Cases, Queue: s.Jobs, Notify: s.Notify, Knows: s.knows})
	s.duties = duties.New(duties.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Calendar: s.Calendar, Notify: s.Notify, Live: s.Live, Prepare: s.ofDeputy, Told: s.toldByDeputy, Standings: standings})
	s.watching = watchlist.New(watchlist.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Live: s.Live, Text: s.Text, Letters: s.watched, Find: s.ordinary, Choices: s.listChoices})
	s.rulings = rulings.New(rulings.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Documents: s.Documents, Fonts: s.Fonts, Matter: s.ruled})
	s.held = held.New(held.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Key: s.SealKey, Reaches: func(ctx context.Context, tx *db.Tx, who org.Actor, id string) (string, error) {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return "", err
		}
		return c.CouncilID, nil
	}})
	s.delivery = delivery.New(delivery.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Notify: s.Notify, Scans: s.mayEnclose, One: s.forwarding, Many: forwardedTo, Paper: s.paperBytes, Scan: s.enclosed})
	s.lookup = lookup.New(lookup.Deps{DB: s.DB, Find: s.found, Open: s.issued, NewKey: s.newKey,
		Reaches: func(ctx context.Context, tx *db.Tx, who org.Actor, id string) error {
			_, err := s.renewable(ctx, tx, who, id)
			return err
		}})
	s.figures, err = figures.New(figures.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Fonts: s.Fonts, Text: s.Text,
		Letters: LettersCounted, Visits: visitsCounted(s.counter), LettersMany: lettersMany, VisitsMany: visitsMany, Live: s.Live})
	return err
}

// knows reports whether a person is on the need-to-know list of a denunciation:
// the letter's, which is its matter's too.
func (s *Service) knows(ctx context.Context, tx *db.Tx, who org.Actor, caseID string) (bool, error) {
	if m, err := matterOf(ctx, tx, caseID); err == nil {
		caseID = m.LetterID
	} else if fault.KindOf(err) != fault.Missing {
		return false, err
	}
	access, err := s.Vault.Access(ctx, tx, who, caseID)
	if fault.KindOf(err) == fault.Missing {
		return false, nil // a stub: nothing of it is here
	}
	return access.Reader, err
}

// neutral tells of a denunciation what names nobody.
func (s *Service) neutral(ctx context.Context, tx *db.Tx, who org.Actor, caseID string) (f sealed.Facts, err error) {
	c, err := s.Cases.Case(ctx, tx, who, caseID)
	if fault.KindOf(err) == fault.Missing {
		return f, nil // a visit's, which is no case
	}
	if err != nil {
		return f, err
	}
	return sealed.Facts{Code: c.Code, Title: c.Title, State: text.T(ctx, "reception.state."+string(c.State)), Due: c.Due, URL: "/reception/" + c.ID}, nil
}

// Keep names who keeps the denunciations of a council, without asking anybody:
// for setting up the demonstration and for tests. In use two people decide.
func Keep(ctx context.Context, tx *db.Tx, councilID string, since clock.Date, people ...string) error {
	for _, id := range people {
		p, err := org.PersonOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := sealed.SetStanding(ctx, tx, sealed.Standing{ID: "begin-" + councilID + "-" + id + "-" + since.String(), CouncilID: councilID, PersonID: id, Name: p.Name, Keeper: true, Starts: since}); err != nil {
			return err
		}
	}
	return nil
}

// NeverEchoed names the fields of forms into which people type what is sealed.
func NeverEchoed() []string { return append(sealed.Unechoed(), scans.Unechoed()...) }

// plan shows the schedule to the reception desk.
type plan struct{ *schedule.Desk }

// On implements counter.Plan.
func (p plan) On(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]counter.Day, error) {
	days, err := p.Desk.On(ctx, tx, councilID, on)
	all := make([]counter.Day, len(days))
	for i, d := range days {
		all[i] = counter.Day{ID: d.ID, CouncilID: d.CouncilID, Kind: string(d.Kind), Date: d.Date, Starts: d.Starts, Ends: d.Ends, Place: d.Place, Online: d.Online,
			HostPostID: d.HostPostID, HostName: d.HostName, HostTitle: d.HostTitle, Delegated: d.ForWhom != "", Leader: d.Leader}
	}
	return all, err
}

// Bookings implements counter.Plan.
func (p plan) Bookings(ctx context.Context, tx *db.Tx, dayID string) ([]counter.Booking, error) {
	bookings, err := p.Desk.Bookings(ctx, tx, dayID)
	all := make([]counter.Booking, len(bookings))
	for i, b := range bookings {
		all[i] = counter.Booking{ID: b.ID, DayID: b.DayID, Slot: b.Slot, Code: b.Code, Name: b.Name, Contact: b.Contact, Subject: b.Subject, People: b.People,
			Came: b.State == schedule.Arrived, Missed: b.State == schedule.NoShow}
	}
	return all, err
}

// Came implements counter.Plan.
func (p plan) Came(ctx context.Context, tx *db.Tx, bookingID string, came bool) error {
	if came {
		return p.Mark(ctx, tx, bookingID, schedule.Arrived)
	}
	return p.Mark(ctx, tx, bookingID, schedule.NoShow)
}

// letterOfVisit enters what a visit brought in the book of letters. Its number
// and key are drawn now: the transaction may run twice.
func (s *Service) letterOfVisit() counter.EnterLetter {
	now := s.Clock.Now()
	h := freshLetter(now)
	return func(ctx context.Context, tx *db.Tx, who org.Actor, v counter.FromVisit) (counter.Handed, error) {
		_, err := s.enterVisit(ctx, tx, who, v, entering{Handed: h, at: now})
		return counter.Handed{CaseID: h.ID, Code: h.Code, Key: h.Key}, err
	}
}

func (s *Service) enterVisit(ctx context.Context, tx *db.Tx, who org.Actor, v counter.FromVisit, n entering) (Letter, error) {
	e := Entry{Kind: Complaint, Source: InPerson, ReceivedOn: v.On, Summary: strings.TrimSpace(v.Summary), Content: strings.TrimSpace(v.Earlier + "\n" + v.Request),
		Senders: []Sender{{Number: 1, Name: v.Name, Address: v.Address, Contact: v.Contact, Represents: v.People > 1}}}
	if v.Class == counter.Proposal {
		e.Kind = Proposal
	}
	for i, name := range v.Others {
		e.Senders = append(e.Senders, Sender{Number: i + 2, Name: name})
	}
	if err := e.tidy(clock.DateOf(n.at)); err != nil {
		return Letter{}, err
	}
	return s.enter(ctx, tx, who, e, n)
}

// found tells a citizen where their letter stands.
func (s *Service) found(ctx context.Context, tx *db.Tx, code, key string) (f lookup.Found, err error) {
	c, err := s.Opened(ctx, tx, code, key)
	if err != nil {
		return f, err
	}
	f = lookup.Found{Code: c.Code, Sealed: c.Sealed, State: text.T(ctx, "reception.state."+string(c.State))}
	if f.Sealed {
		return f, nil
	}
	l, err := letterOf(ctx, tx, c.ID)
	if err != nil {
		return f, err
	}
	f.Received = l.ReceivedOn
	if err := s.nextDue(ctx, tx, c, &f); err != nil {
		return f, err
	}
	out, err := sendings.Of(ctx, tx, c.ID)
	for _, p := range out {
		if !PaperKind(p.Kind).ToBody() && p.PaperID != "" {
			f.Letters = append(f.Letters, lookup.Issued{ID: p.PaperID, Title: text.T(ctx, "reception.paper."+p.Kind), Symbol: p.Symbol, On: clock.DateOf(p.At.Time)})
		}
	}
	if err != nil || l.MatterID == "" {
		return f, err
	}
	rulings, err := s.rulings.Of(ctx, tx, l.MatterID)
	for _, r := range rulings {
		if r.PaperID != "" {
			f.Letters = append(f.Letters, lookup.Issued{ID: r.PaperID, Title: text.T(ctx, "rulings.kind."+string(r.Kind)), Symbol: r.Symbol, On: r.On})
		}
	}
	return f, err
}

// renewable finds a letter that may have a new key. A sealed one's receipt tells
// nothing that a new key could give back.
func (s *Service) renewable(ctx context.Context, tx *db.Tx, who org.Actor, id string) (*cases.Case, error) {
	c, err := s.Cases.Case(ctx, tx, who, id)
	if err == nil && c.Sealed {
		err = fault.New(fault.Refused, "reception.no_new_key")
	}
	return c, err
}

// newKey draws a key for a sender who has lost the old one.
func (s *Service) newKey() (string, lookup.PutKey) {
	key, now := freshKey(), s.Clock.Now()
	return key, func(ctx context.Context, tx *db.Tx, who org.Actor, id, checked string) (string, error) {
		c, err := s.renewable(ctx, tx, who, id)
		if err == nil {
			err = saveKey(ctx, tx, id, s.Digest("letter/key", key))
		}
		if err != nil {
			return "", err
		}
		_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: id, Verb: "reception.renew_key", At: now, Who: who, Details: map[string]any{"checked": checked}})
		return c.Code, err
	}
}

// nextDue tells what is owed next and why then.
func (s *Service) nextDue(ctx context.Context, tx *db.Tx, c *cases.Case, f *lookup.Found) error {
	all, err := cases.Deadlines(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if !d.Live() || d.Window || d.Due != c.Due || c.Due.IsZero() {
			continue
		}
		run, key := d.Run.V, "reception.due_days"
		if run.Unit == calendar.WorkingDays {
			key = "reception.due_working_days"
		}
		f.Due, f.Tentative = d.Due, !d.Confirmed || d.Provisional
		f.Reason = text.T(ctx, key, "n", run.Count, "from", run.Start.VN())
		if d.Confirmed {
			f.Reason += " (" + d.Basis + ")"
		}
	}
	return nil
}

// issued opens a letter to the citizen; found has decided which.
func (s *Service) issued(ctx context.Context, paperID string) (r io.ReadCloser, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := s.Documents.Find(ctx, tx, paperID)
		if err != nil {
			return err
		}
		if p.SubjectKind != "letter" && p.SubjectKind != "matter" {
			return fault.New(fault.Missing, "documents.no_paper")
		}
		r, err = s.Documents.Open(ctx, p)
		return err
	})
	return r, err
}
