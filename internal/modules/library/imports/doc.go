// Package imports brings many files into the library at once (nhập văn bản hàng
// loạt): a clerk uploads hundreds of them or a ZIP, or puts them into a watched
// folder; they are read one after the other by a job while people go on working.
//
// A batch shows how far it is, can be paused, resumed and cancelled, and says of
// every file what became of it: which document it is now, which one it already was
// (the same bytes are never taken twice), or why it could not be read, in a sentence
// that tells what to do; those can be tried again.
//
//	batch  running ⇄ paused · running → done → running (failed ones again) · → cancelled
//	item   waiting → reading → taken | known | failed | unpacked (a ZIP) · waiting → dropped
//
// It survives a restart at any point: an item is claimed under a lease, its pages
// are kept as they are read, and it becomes a document in the one transaction that
// also ends it.
//
// It owns the tables library_batches, library_items and library_item_pages. What a
// file says (Deps.Read) and what becomes of it (Deps.Accept, Deps.Known) are plugs;
// the entry in the log for a new document is Accept's.
package imports

import (
	"context"
	"embed"
	"io"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds the sentences and the schema of this package.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "library_imports", Files: Files}

var mayImport = auth.Permission{Name: "library.import", Roles: []org.Role{org.Clerk, org.Head}}

// Permissions are the rights that this package's addresses ask for.
func Permissions() []auth.Permission { return []auth.Permission{mayImport} }

// Note is something a person should know of a file or one of its pages: the key of
// a sentence.
//
// vi: lưu ý
type Note struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	Page int            `json:"page,omitempty"`
}

// Fault is the note as something that has a sentence.
func (n Note) Fault() *fault.Fault {
	return &fault.Fault{Kind: fault.Invalid, Key: n.Key, Args: n.Args}
}

// Page is a page of a file as it was read.
//
// vi: trang đã đọc
type Page struct {
	Number     int     `json:"number"`
	Text       string  `json:"text"`
	How        string  `json:"how"`        // "text", "ocr", "office", "plain"
	Confidence float64 `json:"confidence"` // 0…1
	Width      int     `json:"width,omitempty"`
	Height     int     `json:"height,omitempty"`
	DPI        int     `json:"dpi,omitempty"`
	Turned     int     `json:"turned,omitempty"`
	Blank      bool    `json:"blank,omitempty"`
	Notes      []Note  `json:"notes,omitempty"`
}

// Reading is what is known of a file beside its pages.
//
// vi: -
type Reading struct {
	PageCount int
	Notes     []Note
}

// Text is what a file says: Accept makes a document of it.
//
// vi: nội dung tệp
type Text struct {
	Pages      []Page
	Notes      []Note  // of the whole file
	Confidence float64 // of the pages, weighted by their length
}

// Member is a file in a ZIP.
//
// vi: -
type Member struct {
	Name  string
	Size  int64
	Wrong *fault.Fault // why it cannot be taken; nil when it can
	Open  func() (io.ReadCloser, error)
}

// Folder is a folder of the server whose files are brought in by themselves.
//
// vi: thư mục theo dõi
type Folder struct {
	Path      string
	CouncilID string
	BodyID    string
}

// Deps is what imports need.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Queue     *jobs.Queue
	Documents *documents.Registry
	Folders   []Folder

	// Kind tells what a file is by its bytes ("pdf", "docx", "zip"…) and its media
	// type. What cannot be read is refused with a sentence.
	Kind func(path, name string) (kind, media string, err error)
	// Read reads a file from a page on and hands each page over in order.
	Read func(ctx context.Context, path, name string, from int, each func(Page) error, counted func(pages int) error) (Reading, error)
	// Unpack hands over the files of a ZIP in order.
	Unpack func(ctx context.Context, path, name string, each func(Member) error) error
	// Accept makes a document of a file that was read, and records it in the log.
	Accept func(ctx context.Context, tx *db.Tx, who org.Actor, item Item, content Text) (documentID string, err error)
	// Known finds the document that has exactly these bytes.
	Known func(ctx context.Context, tx *db.Tx, councilID, sha string) (documentID string, found bool, err error)
	// Address is where a document is shown.
	Address func(documentID string) string
	// Accepted lists the endings of files that can be read.
	Accepted []string
}

// Desk keeps the imports.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(d Deps) *Desk { return &Desk{d} }

// Bounds of a form, of a turn of work and of lists.
const (
	filesMost     = 500
	fileBytesMost = 500 << 20
	formBytesMost = 2 << 30
	uploadTime    = 30 * time.Minute
	nameMax       = 200
	turnMax       = 4 * time.Minute // well within what a job may take
	pagesTogether = 8               // are kept by one transaction
	keptEvery     = 20 * time.Second
	leaseTime     = 2 * time.Minute // a file stays with who reads it, unless renewed
	leaseRenewed  = 30 * time.Second
	attemptsMost  = 4 // of one file, when the program died with it each time
	batchesPage   = 30
	itemsPage     = 100
	importKind    = "library.import"
	watchKind     = "library.watch"
	watchEvery    = 5 * time.Minute
	watchQuiet    = time.Minute // since the last change: a file may still be copied in
	watchMost     = 500         // files of one batch
)
