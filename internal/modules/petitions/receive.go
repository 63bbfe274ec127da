package petitions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
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
	if err := sub.tidy(who); err != nil {
		return Handed{}, err
	}
	now := s.Clock.Now()
	handed := Handed{ID: db.NewID(now), Code: newCode(now.Year()), Key: rand.Text()[:12]}
	var before Handed // by the same form
	err := s.DB.Tx(ctx, func(tx *db.Tx) error {
		first, err := keepOnce(ctx, tx, sub.Once, handed.ID, db.At(now))
		if err != nil {
			return err
		}
		before = Handed{}
		if !first {
			before, err = earlier(ctx, tx, sub.Once)
			return err
		}
		unit, council, err := s.addressee(ctx, tx, sub)
		if err != nil {
			return err
		}
		office, err := officeOf(ctx, tx, council.ID, clock.DateOf(now))
		if err != nil {
			return err
		}
		p := sub.petition(handed, council.ID, now)
		in := cases.Input{Fields: map[string]string{"ward": unit.Code}, Papers: hashes(sub.Files), Details: map[string]any{"text_sha256": textHash(sub.Text)}}
		c, _, err := s.Cases.Begin(ctx, tx, cases.Opening{Procedure: "petition", Who: who, Input: in, Case: cases.Case{
			ID: handed.ID, CouncilID: council.ID, Code: handed.Code, Title: title(sub.Text), OwnerBodyID: office.ID, UnitCode: unit.Code}})
		if err != nil {
			return err
		}
		if err := insertPetition(ctx, tx, p); err != nil {
			return err
		}
		if err := s.keepFiles(ctx, tx, sub.Files, p, office.ID, "attachment", who); err != nil {
			return err
		}
		if sub.Note != nil {
			if err := sub.Note(ctx, tx, p.ID); err != nil {
				return err
			}
		}
		return s.writeVoter(ctx, tx, p, c, "receive")
	})
	if before.ID != "" {
		before.Again = true
		return before, err
	}
	return handed, err
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

// codeLetters leaves out 0, 1, I, L, O and U: people read codes to each other
// over the telephone.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLen is the length of a whole code with its hyphens.
const codeLen = len("KN26-7F3K-9QXD")

// newCode makes the public reference of a petition, "KN26-7F3K-9QXD": eight
// letters by chance, so that nobody can count through the petitions.
func newCode(year int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "KN%02d", year%100)
	random := make([]byte, 0, 8)
	for len(random) < 8 {
		var one [1]byte
		rand.Read(one[:])
		// 30 letters: bytes from 240 on would favour the first ones.
		if one[0] < 240 {
			random = append(random, codeLetters[int(one[0])%len(codeLetters)])
		}
	}
	fmt.Fprintf(&b, "-%s-%s", random[:4], random[4:])
	return b.String()
}

// tidyCode reads a code as people write it: without hyphens, in small letters,
// with O for 0.
func tidyCode(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, s))
	if len(s) != 12 || !strings.HasPrefix(s, "KN") {
		return s
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}
