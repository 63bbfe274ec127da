package matching

import (
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema. It comes after that of petitions.
var Migrations = db.Migrations{Name: "petitions_matching", Files: Files}

// mayAnswerMany is the right to answer several petitions by one letter.
var mayAnswerMany = auth.Permission{Name: "petitions.answer", Roles: []org.Role{org.Handler, org.BodyClerk, org.BodyHead}}

func groupRight() auth.Permission {
	return auth.Permission{Name: "petitions.group", Roles: []org.Role{org.Clerk, org.Head}}
}

// Deps is what matching needs. What it needs of petitions comes as functions,
// since a part may not import the whole.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Documents *documents.Registry // takes in the file of a reply

	Procedure string          // of petitions in the case engine
	Fields    func() []string // codes of the fields of work; the lexicon may know no other
	Outcomes  []string        // codes of what became of a point, in the order of forms

	// Texts gives the voters' words of petitions by id.
	Texts func(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error)
	// Candidates asks the search index for petitions of a council that share
	// words with a text. An index that is being mended gives none and no error.
	Candidates func(ctx context.Context, councilID, text string, k int) ([]Candidate, error)
	// Waiting lists what waits for a person's answer: of their body, or, of a
	// handling officer, what was assigned to them.
	Waiting func(ctx context.Context, who org.Actor) ([]Asked, error)
	// Read gives the text of a file; empty when it has none (a scan).
	Read func(ctx context.Context, d documents.Draft) (string, error)
	// Answer is petitions' verb: state, rights and completeness are asked there.
	Answer func(ctx context.Context, who org.Actor, petitionID string, in Answer) error

	// Out is where commands write; standard output when nil.
	Out io.Writer
}

// Desk reads, compares, groups and proposes.
//
// vi: -
type Desk struct {
	Deps
	words  *lexicons
	models sync.Map // council → model
}

// model is what a council taught, as read at a moment.
type model struct {
	learned *learned
	until   time.Time
}

// New makes the desk. A lexicon that names a field we do not have stops the
// start-up.
func New(deps Deps) (*Desk, error) {
	words, err := readLexicons()
	if err != nil {
		return nil, err
	}
	d := &Desk{Deps: deps, words: words}
	for _, code := range words.fields.classes {
		if !d.known(code) {
			return nil, fmt.Errorf("matching: the lexicon names the unknown field %q", code)
		}
	}
	return d, nil
}

func (d *Desk) known(field string) bool { return slices.Contains(d.Fields(), field) }

func (d *Desk) out() io.Writer {
	if d.Out == nil {
		return os.Stdout
	}
	return d.Out
}

// Permissions lists the rights that are this package's own. Answering several
// at once is petitions' own right to answer.
func Permissions() []auth.Permission { return []auth.Permission{MayGroup} }

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	upload := web.Limit{Time: 10 * time.Minute}
	return []web.Route{
		{Pattern: "GET /petitions/{id}/similar", Needs: MayGroup, Handle: d.similarPage},
		{Pattern: "POST /petitions/{id}/similar", Needs: MayGroup, Handle: d.groupForm},
		{Pattern: "GET /petition-groups/{group}", Needs: MayGroup, Handle: d.groupPage},
		{Pattern: "POST /petition-groups/{group}/removals", Needs: MayGroup, Handle: d.ungroupForm},
		{Pattern: "GET /petition-replies", Needs: mayAnswerMany, Handle: d.repliesPage},
		{Pattern: "POST /petition-replies", Needs: mayAnswerMany, Handle: d.replyForm, Limit: upload},
		{Pattern: "GET /petition-replies/{reply}", Needs: mayAnswerMany, Handle: d.proposalPage},
		{Pattern: "POST /petition-replies/{reply}", Needs: mayAnswerMany, Handle: d.confirmForm},
	}
}

// Menu is the answering body's way to its replies.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_work", Label: "matching.menu_replies", Icon: "message-circle", URL: "/petition-replies", Order: 25, Needs: mayAnswerMany}}
}

// Jobs are the nightly learning, and the end of letters that nobody confirmed.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{
		{Kind: LearnKind, Handle: d.Learn, Daily: "02:10"},
		{Kind: DropLettersKind, Handle: d.DropLetters, Daily: "02:20"},
	}
}

// Commands is "suggest", which needs no database.
func (d *Desk) Commands() []kernel.Command {
	return []kernel.Command{{Name: "suggest", Run: func(ctx context.Context, args []string) error { return SuggestCommand(ctx, d.out(), args) }}}
}
