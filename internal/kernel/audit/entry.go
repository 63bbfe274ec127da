package audit

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// Entry is one act, as its verb records it.
//
// vi: mục nhật ký
type Entry struct {
	CouncilID string
	Subject   string // what it was done to: a case's id
	Ref       string // the public reference in the leaf, such as a petition's code; never a name
	Verb      string // "petitions.answer"
	At        time.Time
	Who       org.Actor
	Papers    []string       // SHA-256 of the papers of the act, in hex
	Details   map[string]any // committed to with a salt; may hold personal data; erasable
	// Sealed entries never enter the public tree, not even as a hash: they are
	// chained apart (sealed.go). Denunciations (tố cáo), sign-ins.
	Sealed bool
}

// Leaf is what the tree holds of an entry. JSON is the exact text that is hashed.
type Leaf struct {
	ID   string
	Hash tlog.Hash
	JSON string
}

// unplaced is the position of an entry that the sequencer has not seen.
const unplaced = -1

// hidden is how many bytes of chance keep a commitment from being guessed.
const hidden = 16

// The limits of an entry. They are the program's own duty, so an entry beyond
// them is our mistake and not a sentence for a person.
const (
	papersMax       = 200
	detailsBytesMax = 64 << 10
	refBytesMax     = 200
)

var (
	verbForm  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
	paperForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func (e Entry) check() error {
	switch {
	case !verbForm.MatchString(e.Verb):
		return fmt.Errorf("audit: verb %q is not of the form module.verb", e.Verb)
	case e.Subject == "":
		return fmt.Errorf("audit: %s names no subject", e.Verb)
	case e.At.IsZero():
		return fmt.Errorf("audit: %s has no time", e.Verb)
	case len(e.Ref) > refBytesMax:
		return fmt.Errorf("audit: %s: reference of %d bytes, at most %d", e.Verb, len(e.Ref), refBytesMax)
	case len(e.Papers) > papersMax:
		return fmt.Errorf("audit: %s: %d papers, at most %d", e.Verb, len(e.Papers), papersMax)
	}
	for _, p := range e.Papers {
		if !paperForm.MatchString(p) {
			return fmt.Errorf("audit: %s: paper %q is not a SHA-256 in hex", e.Verb, p)
		}
	}
	return nil
}

// Doer is how the log remembers who acted: names as they were at the time, so
// that the log can be read when people have moved on.
type Doer struct {
	Name   string      `json:"name,omitempty"`
	Title  string      `json:"title,omitempty"`
	Body   string      `json:"body,omitempty"`
	Via    []org.Proxy `json:"via,omitempty"` // the chain of delegation, nearest first
	SignIn string      `json:"sign_in,omitempty"`
	System bool        `json:"system,omitempty"` // the program itself
}

func doer(a org.Actor) Doer {
	return Doer{Name: a.Name, Title: a.PostTitle, Body: a.BodyName, Via: a.Via, SignIn: a.SignInID, System: a.System}
}

// row is an entry as stored.
type row struct {
	ID        string  `db:"id"`
	CouncilID string  `db:"council_id"`
	Subject   string  `db:"subject"`
	Ref       string  `db:"ref"`
	Verb      string  `db:"verb"`
	At        db.Time `db:"at"`
	PersonID  string  `db:"person_id"`
	PostID    string  `db:"post_id"`
	BodyID    string  `db:"body_id"`
	Actor     string  `db:"actor"`   // Doer
	Address   string  `db:"address"` // erasable
	Papers    string  `db:"papers"`
	Details   string  `db:"details"` // erasable
	Sealed    bool    `db:"sealed"`
	Salt      []byte  `db:"salt"` // erasable; empty means erased
	Leaf      string  `db:"leaf"`
	Hash      []byte  `db:"hash"`
	MAC       []byte  `db:"mac"`
	Position  int64   `db:"position"`
	Link      int64   `db:"link"`  // place in the chain of sealed entries
	Chain     []byte  `db:"chain"` // the chain's code up to here
}

func (r *row) erased() bool { return len(r.Salt) == 0 }

// opening is the text that the leaf commits to: all that is not in the leaf.
func (r *row) opening() []byte {
	to := make([]byte, 0, 256+len(r.Actor)+len(r.Details))
	to = append(append(to, `{"actor":`...), r.Actor...)
	to = appendText(append(to, `,"address":`...), r.Address)
	to = appendText(append(to, `,"body":`...), r.BodyID)
	to = appendText(append(to, `,"council":`...), r.CouncilID)
	to = append(append(to, `,"details":`...), r.Details...)
	to = appendText(append(to, `,"id":`...), r.ID)
	to = appendText(append(to, `,"person":`...), r.PersonID)
	to = appendText(append(to, `,"post":`...), r.PostID)
	to = fmt.Appendf(append(to, `,"sealed":`...), "%t", r.Sealed)
	to = appendText(append(to, `,"subject":`...), r.Subject)
	return append(to, '}')
}

// commitment hides the opening behind the salt. What is stored raw must be
// JSON, or two different rows could make the same text.
func (r *row) commitment() (string, bool) {
	if !json.Valid([]byte(r.Actor)) || !json.Valid([]byte(r.Details)) {
		return "", false
	}
	return commit(r.Salt, r.opening()), true
}

func commit(salt, opening []byte) string {
	h := sha256.New()
	h.Write(salt)
	h.Write(opening)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// leaf writes the text that is hashed into the tree.
func (r *row) leaf(commit string) string {
	to := make([]byte, 0, 192+len(r.Ref)+len(r.Papers))
	to = appendText(append(to, `{"at":`...), stamp(r.At.Time))
	to = appendText(append(to, `,"commit":`...), commit)
	to = appendText(append(to, `,"event":`...), r.Verb)
	to = append(append(to, `,"papers":`...), r.Papers...)
	to = appendText(append(to, `,"ref":`...), r.Ref)
	return string(append(to, `,"v":1}`...))
}

// stampForm is the one form of a moment in leaves and promises.
const stampForm = "2006-01-02T15:04:05.000000Z07:00"

func stamp(t time.Time) string { return t.In(clock.Hanoi).Format(stampForm) }

// LeafText is a leaf read back from its JSON.
type LeafText struct {
	At     time.Time `json:"at"`
	Commit string    `json:"commit"`
	Event  string    `json:"event"`
	Papers []string  `json:"papers"`
	Ref    string    `json:"ref"`
}

type leafJSON struct {
	At     string   `json:"at"`
	Commit string   `json:"commit"`
	Event  string   `json:"event"`
	Papers []string `json:"papers"`
	Ref    string   `json:"ref"`
	V      int      `json:"v"`
}

// readLeaf reads a leaf and refuses any text that we would not have written:
// unknown or doubled keys, another order, spaces.
func readLeaf(text string) (LeafText, error) {
	var j leafJSON
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return LeafText{}, fmt.Errorf("audit: leaf: %w", err)
	}
	if j.V != 1 {
		return LeafText{}, fmt.Errorf("audit: leaf of version %d", j.V)
	}
	at, err := time.Parse(stampForm, j.At)
	if err != nil {
		return LeafText{}, fmt.Errorf("audit: leaf: %w", err)
	}
	papers, err := canonical(j.Papers)
	if err != nil {
		return LeafText{}, err
	}
	r := row{At: db.At(at), Verb: j.Event, Papers: papers, Ref: j.Ref}
	if r.leaf(j.Commit) != text {
		return LeafText{}, fmt.Errorf("audit: leaf is not in its canonical form")
	}
	return LeafText{At: at.In(clock.Hanoi), Commit: j.Commit, Event: j.Event, Papers: j.Papers, Ref: j.Ref}, nil
}
