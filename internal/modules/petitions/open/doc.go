// Package open is what the public reads of petitions beyond the petition itself
// (công khai số liệu): statistics, open data as files, the Open311 interface for
// other programs, and the check of a receipt, with us and without us.
//
// It owns the counters petitions_counts, petitions_counted and
// petitions_counting, which are derived from the cases and can be made anew at
// any time. It hands nothing in by itself: what comes through Open311 goes to
// the module's own verb.
//
// A petition that was split off or sealed is not in here: it is in no file, no
// answer and no number. One that waits for its first classification may still
// turn out to be a denunciation, so it stands in one figure only, that of all
// councils together: no ward's and no field's number ever falls because a
// petition was taken out.
package open

import (
	"context"
	"embed"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds this package's sentences, its schema and the page that checks
// receipts without us.
//
//go:embed text migrations offline
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "petitions_open", Files: Files}

// Field is a field of work in both languages, with the committee's branch it
// stands under.
//
// vi: lĩnh vực kiến nghị
type Field struct {
	Code             string // "urban.roads"
	Vi, En           string
	GroupVi, GroupEn string
}

// name is the field in the reader's language.
func (f Field) name(lang text.Lang) string {
	if lang == text.En {
		return f.En
	}
	return f.Vi
}

func (f Field) group(lang text.Lang) string {
	if lang == text.En {
		return f.GroupEn
	}
	return f.GroupVi
}

// Request is a petition that another program hands in for a voter.
//
// vi: yêu cầu gửi qua Open311
type Request struct {
	ToWard  bool   // to the ward's council; else the city's
	Field   string // what the sender takes it for; empty for "general". The clerk classifies.
	Text    string
	Ward    string // code or name, also of a unit that no longer exists
	Name    string
	Email   string
	Phone   string
	Consent bool // to the handling of personal data
	Lang    text.Lang
	Once    string // the sender's own mark, so that a repeated sending hands in once
}

// Share is one part of a whole, in the reader's words.
//
// vi: tỷ trọng
type Share struct {
	Label string `json:"label"`
	N     int64  `json:"n"`
}

// Deps is what this package needs.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	Cases *cases.Engine
	Jobs  *jobs.Queue
	Live  *live.Hub // nil: the statistics are put together each time
	Text  *text.Catalogue
	// Receive hands a petition in and gives its code and the key of its receipt.
	Receive func(ctx context.Context, who org.Actor, r Request) (code, key string, err error)
	// Fields lists the fields of work.
	Fields func(ctx context.Context) []Field
	// Satisfaction gives the voters' ratings of petitions of a time, in the words
	// of ctx; of all councils when councilID is empty. Nil: nobody rates yet.
	Satisfaction func(ctx context.Context, councilID string, from, until clock.Date) ([]Share, error)
	// Withheld gives how many petitions were not published, by reason, likewise.
	Withheld func(ctx context.Context, councilID string, from, until clock.Date) ([]Share, error)
	// Held says which of some petitions are held back, and are nobody's number
	// yet; Let lists those that were let go at a time or later, those after an id
	// at that very time, the earliest first, with the time of the last. Nil: none.
	Held func(ctx context.Context, tx *db.Tx, ids []string) (map[string]bool, error)
	Let  func(ctx context.Context, tx *db.Tx, since db.Time, after string, n int) (ids []string, last db.Time, err error)
	// Address is where the public reaches this installation.
	Address string
}

// Service gives the public its pages.
//
// vi: -
type Service struct {
	Deps
	kept *live.Kept[Statistics]
}

// countEvery is how many minutes the statistics may be behind.
const countEvery = 10

// New makes the service, and has the statistics counted every few minutes.
func New(deps Deps) *Service {
	s := &Service{deps, live.Keep[Statistics](deps.Live, deps.Clock)}
	if deps.Jobs != nil {
		deps.Jobs.Every(countJob, countJob, jobs.Minutes(countEvery))
	}
	return s
}

// hanoi is a moment in the time of the office.
func hanoi(t time.Time) time.Time { return t.In(clock.Hanoi) }

// fieldsByCode are the fields of work by their codes.
func (s *Service) fieldsByCode(ctx context.Context) map[string]Field {
	all := map[string]Field{}
	for _, f := range s.Fields(ctx) {
		all[f.Code] = f
	}
	return all
}
