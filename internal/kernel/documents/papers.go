package documents

import (
	"context"
	"io"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Paper is one version of a document that belongs to something: the evidence
// of a petition, a transfer letter, an answer.
//
// vi: văn bản
type Paper struct {
	ID          string  `db:"id"`
	CouncilID   string  `db:"council_id"`
	BodyID      string  `db:"body_id"` // whose paper it is
	SubjectKind string  `db:"subject_kind"`
	SubjectID   string  `db:"subject_id"`
	FirstID     string  `db:"first_id"` // id of version 1; the same for all versions
	Version     int     `db:"version"`
	Latest      bool    `db:"latest"`
	Kind        string  `db:"kind"`   // what it is here: "evidence", "answer", or a kind of NĐ 30 ("PC")
	Number      int     `db:"number"` // 0: not numbered
	Symbol      string  `db:"symbol"` // "12/PC-VP"
	Level       Level   `db:"level"`
	Title       string  `db:"title"`
	Name        string  `db:"file_name"` // shown; offered for the download; never a path
	MediaType   string  `db:"media_type"`
	Size        int64   `db:"size_bytes"`
	Hash        string  `db:"hash"`
	Pages       int     `db:"pages"`
	Unread      bool    `db:"unread"` // nobody has looked yet whether it bears a mark of secrecy
	Public      bool    `db:"public"`
	CreatedBy   string  `db:"created_by"` // person; empty for a voter without an account
	CreatedAt   db.Time `db:"created_at"`
}

// Subject is what a paper belongs to.
type Subject struct{ Kind, ID string } // "petition", the case's id

// For says whose a draft becomes and as what.
type For struct {
	ID        string // empty: made here
	CouncilID string
	BodyID    string
	Subject   Subject
	Kind      string
	Number    Number // zero: not numbered
	Level     Level  // empty: ordinary
	Title     string // empty: the file's name
	Public    bool
	By        string // person
	At        time.Time
}

// Attach makes a paper of a draft, in the caller's transaction.
func (r *Registry) Attach(ctx context.Context, tx *db.Tx, d Draft, f For) (Paper, error) {
	p, err := paperOf(d, f)
	if err != nil {
		return Paper{}, err
	}
	p.FirstID, p.Version = p.ID, 1
	return p, insertPaper(ctx, tx, p)
}

// NewVersion replaces the latest version of a paper by a draft. The earlier
// versions stay. If somebody else replaced it meanwhile, the fault is a
// conflict: "documents.newer_version".
func (r *Registry) NewVersion(ctx context.Context, tx *db.Tx, paperID string, d Draft, f For) (Paper, error) {
	old, err := findPaper(ctx, tx, paperID)
	if err != nil {
		return Paper{}, err
	}
	p, err := paperOf(d, f)
	if err != nil {
		return Paper{}, err
	}
	if err := retire(ctx, tx, old.ID); err != nil {
		if fault.Is(err, "db.stale") {
			return Paper{}, fault.New(fault.Conflict, "documents.newer_version", "title", old.Title).Because(err)
		}
		return Paper{}, err
	}
	p.FirstID, p.Version = old.FirstID, old.Version+1
	p.CouncilID, p.BodyID = old.CouncilID, old.BodyID
	p.SubjectKind, p.SubjectID, p.Kind = old.SubjectKind, old.SubjectID, old.Kind
	if f.Number == (Number{}) {
		p.Number, p.Symbol = old.Number, old.Symbol
	}
	if f.Title == "" {
		p.Title = old.Title
	}
	return p, insertPaper(ctx, tx, p)
}

func paperOf(d Draft, f For) (Paper, error) {
	if f.Level.isSecret() {
		return Paper{}, secret(string(f.Level)).At("level")
	}
	if mark := FindMark(f.Title); mark != "" {
		return Paper{}, secret(mark).At("title")
	}
	p := Paper{
		ID: f.ID, CouncilID: f.CouncilID, BodyID: f.BodyID,
		SubjectKind: f.Subject.Kind, SubjectID: f.Subject.ID, Latest: true,
		Kind: f.Kind, Number: f.Number.No, Symbol: f.Number.Symbol, Level: Ordinary,
		Title: text.Line(f.Title), Name: d.Name, MediaType: d.MediaType, Size: d.Size, Hash: d.Hash,
		Pages: d.Pages, Unread: d.Unread, Public: f.Public, CreatedBy: f.By, CreatedAt: db.At(f.At),
	}
	if p.ID == "" {
		p.ID = db.NewID(f.At)
	}
	if p.Title == "" {
		p.Title, _ = splitEnding(d.Name)
	}
	return p, nil
}

// Find gives a paper. Whether the asker may see it is for the caller to judge,
// by the paper's council, body and subject; a paper that is not there is
// "documents.no_paper".
func (r *Registry) Find(ctx context.Context, tx *db.Tx, id string) (Paper, error) {
	return findPaper(ctx, tx, id)
}

// List gives the latest versions of the papers of a subject, oldest first.
func (r *Registry) List(ctx context.Context, tx *db.Tx, s Subject) ([]Paper, error) {
	return listPapers(ctx, tx, s)
}

// Versions gives all versions of a paper, newest first; id is any of them.
func (r *Registry) Versions(ctx context.Context, tx *db.Tx, id string) ([]Paper, error) {
	return listVersions(ctx, tx, id)
}

// Seen records that a person has looked at a paper no tool could read, and
// that it bears no mark of secrecy.
func (r *Registry) Seen(ctx context.Context, tx *db.Tx, id string) error {
	return markSeen(ctx, tx, id)
}

// Publish opens a paper to the public or closes it.
func (r *Registry) Publish(ctx context.Context, tx *db.Tx, id string, public bool) error {
	return setPublic(ctx, tx, id, public)
}

// Open reads a paper's bytes.
func (r *Registry) Open(ctx context.Context, p Paper) (io.ReadCloser, error) {
	return r.Blobs.Open(ctx, p.Hash)
}

// Text is what ExtractText read out of a blob; done is false before that.
func (r *Registry) Text(ctx context.Context, tx *db.Tx, hash string) (content string, done bool, err error) {
	return findText(ctx, tx, hash)
}

// ServeAs is the media type and the way ("inline" or "attachment") a paper
// goes to a browser. Only pictures, PDF and plain text are shown in place.
func (p Paper) ServeAs() (media, disposition string) {
	if p.MediaType == mediaPDF || p.MediaType == mediaTXT || strings.HasPrefix(p.MediaType, "image/") {
		return p.MediaType, "inline"
	}
	return p.MediaType, "attachment"
}

func (r *Registry) anyPaperOf(ctx context.Context, hash string) (p Paper, err error) {
	err = r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = paperByHash(ctx, tx, hash)
		return err
	})
	return p, err
}
