package petitions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// Handed is what a voter gets back at once.
//
// vi: biên nhận
type Handed struct {
	ID   string
	Code string
	Key  string // shown on the receipt only
	// Again says that the same form had handed it in before.
	Again bool
}

// Receive takes a petition in from a voter without an account. The petition,
// its case, the first clock, the log's leaf and the search index's note commit
// together; the code is promised only after that.
func (s *Service) Receive(ctx context.Context, who org.Actor, sub Submission) (Handed, error) {
	a, err := s.arrive(who, sub)
	if err != nil {
		return Handed{}, err
	}
	err = s.receive(ctx, who, a)
	return a.result(), err
}

// arrival is a petition on its way into the tables: what can be made of it
// before the transaction, which everybody else waits for.
type arrival struct {
	Submission
	Handed
	title, sum string
	at         time.Time
	to         *destination // nil: looked for in the transaction
	first      bool         // its form was not handed in before
	before     Handed       // by the same form
}

func (s *Service) arrive(who org.Actor, sub Submission) (*arrival, error) {
	if err := sub.tidy(who); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	return &arrival{Submission: sub, Handed: Handed{ID: db.NewID(now), Code: cases.NewCode(worklist.CodeKind, now.Year()), Key: rand.Text()[:12]}, title: title(sub.Text), sum: textHash(sub.Text), at: now}, nil
}

// result is what the voter gets back once the transaction is through.
func (a *arrival) result() Handed {
	if a.before.ID != "" {
		a.before.Again = true
		return a.before
	}
	return a.Handed
}

// receive takes petitions in by one transaction, each with a case, an act and a
// leaf of its own; the rows of them all go to the database together.
func (s *Service) receive(ctx context.Context, who org.Actor, all ...*arrival) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := keepOnce(ctx, tx, all); err != nil {
			return err
		}
		return tx.Gather(ctx, func() error {
			for _, a := range all {
				if err := s.write(ctx, tx, who, a); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// write writes one petition down.
func (s *Service) write(ctx context.Context, tx *db.Tx, who org.Actor, a *arrival) (err error) {
	if a.before = (Handed{}); !a.first {
		a.before, err = earlier(ctx, tx, a.Once)
		return err
	}
	to := a.to
	if to == nil {
		if to, err = s.destination(ctx, tx, a.Submission); err != nil {
			return err
		}
	}
	p := a.petition(a.Handed, to.councilID, a.at)
	in := cases.Input{Fields: map[string]string{"ward": to.unitCode}, Papers: hashes(a.Files), Details: map[string]any{"text_sha256": a.sum}}
	c, _, err := s.Cases.Begin(ctx, tx, cases.Opening{Procedure: "petition", Who: who, Input: in, Case: cases.Case{
		ID: a.ID, CouncilID: to.councilID, Code: a.Code, Title: a.title, OwnerBodyID: to.officeID, UnitCode: to.unitCode}})
	if err != nil {
		return err
	}
	if err := insertPetition(ctx, tx, p); err != nil {
		return err
	}
	if err := s.keepFiles(ctx, tx, a.Files, p, to.officeID, "attachment", who); err != nil {
		return err
	}
	if a.Note != nil {
		if err := a.Note(ctx, tx, p.ID); err != nil {
			return err
		}
	}
	return s.writeVoter(ctx, tx, p, c, "receive")
}

// receiveAll takes several petitions in by one transaction. One that is wrong
// costs itself alone: then each is taken in by itself. Errors stand at the place
// of their petition.
func (s *Service) receiveAll(ctx context.Context, who org.Actor, subs []Submission, ways *ways) ([]Handed, []error) {
	all, done, errs := make([]*arrival, len(subs)), make([]Handed, len(subs)), make([]error, len(subs))
	for i, sub := range subs {
		if all[i], errs[i] = s.arrive(who, sub); errs[i] == nil {
			all[i].to, errs[i] = ways.to(ctx, s, all[i].Submission)
		}
	}
	ctx = context.WithValue(ctx, manyKey{}, true)
	var good []*arrival
	for i, a := range all {
		if errs[i] == nil {
			good = append(good, a)
		}
	}
	err := s.receive(ctx, who, good...)
	for i, a := range all {
		if errs[i] != nil {
			continue
		}
		if errs[i] = err; err != nil && ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable {
			errs[i] = s.receive(ctx, who, a)
		}
		done[i] = a.result()
	}
	return done, errs
}

// manyKey marks the context of petitions that come by the hundred.
type manyKey struct{}

func ofMany(ctx context.Context) bool { return ctx.Value(manyKey{}) != nil }

// destination is where a petition goes: the unit it is about, the council and
// its office.
type destination struct{ unitCode, councilID, officeID string }

func (s *Service) destination(ctx context.Context, tx *db.Tx, sub Submission) (*destination, error) {
	unit, council, err := s.addressee(ctx, tx, sub)
	if err != nil {
		return nil, err
	}
	office, err := officeOf(ctx, tx, council.ID, clock.Today(s.Clock))
	return &destination{unit.Code, council.ID, office.ID}, err
}

// ways remembers where the petitions of each ward go, for as long as a piece of
// a workbook takes: asking for each row was a fifth of an import.
type ways struct {
	mu    sync.Mutex
	known map[[2]string]*destination
}

func (w *ways) to(ctx context.Context, s *Service, sub Submission) (*destination, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := [2]string{string(sub.To), sub.Ward}
	if to := w.known[key]; to != nil {
		return to, nil
	}
	var to *destination
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		to, err = s.destination(ctx, tx, sub)
		return err
	})
	if err == nil {
		w.known[key] = to
	}
	return to, err
}

func (sub Submission) petition(h Handed, councilID string, now time.Time) Petition {
	p := Petition{ID: h.ID, CouncilID: councilID, Text: sub.Text, VoterName: sub.Name, Email: sub.Email, Phone: sub.Phone, Lang: sub.Lang, Key: h.Key, CreatedAt: db.At(now)}
	if sub.Consent {
		p.ConsentAt = db.At(now)
	}
	return p
}

// addressee finds today's unit for what the voter wrote, and the council that
// the petition goes to.
func (s *Service) addressee(ctx context.Context, tx *db.Tx, sub Submission) (org.Unit, org.Council, error) {
	unit, err := org.FindUnit(ctx, tx, sub.Ward, clock.Today(s.Clock))
	if err != nil {
		return unit, org.Council{}, err
	}
	code := unit.Code
	if sub.To == ToCity {
		code = unit.Parent
	}
	council, err := org.CouncilOfUnit(ctx, tx, code)
	if fault.Is(err, "db.no_row") {
		return unit, council, fault.New(fault.Invalid, "petitions.no_council", "unit", unit.FullName).At("ward")
	}
	return unit, council, err
}

func officeOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (org.Body, error) {
	offices, err := org.BodiesOf(ctx, tx, councilID, org.Office)
	if err != nil {
		return org.Body{}, err
	}
	for _, o := range offices {
		if o.Open(on) {
			return o, nil
		}
	}
	return org.Body{}, fault.New(fault.Unavailable, "petitions.no_office")
}

// keepFiles makes papers of the checked files, in the verb's transaction.
func (s *Service) keepFiles(ctx context.Context, tx *db.Tx, files []documents.Draft, p Petition, bodyID, kind string, who org.Actor) error {
	for _, f := range files {
		_, err := s.Documents.Attach(ctx, tx, f, documents.For{CouncilID: p.CouncilID, BodyID: bodyID, Subject: documents.Subject{Kind: "petition", ID: p.ID},
			Kind: kind, Title: f.Name, By: who.PersonID, At: s.Clock.Now()})
		if err != nil {
			return err
		}
		if err := s.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: "documents.extract_text", Key: f.Hash, Args: f.Hash, CouncilID: p.CouncilID}); err != nil {
			return err
		}
	}
	return nil
}

func hashes(files []documents.Draft) []string {
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = f.Hash
	}
	return all
}

// textHash is what the log commits to instead of the voter's words.
func textHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
