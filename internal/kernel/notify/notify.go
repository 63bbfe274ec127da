package notify

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "notify", Files: Files}

// Screens tells open pages that something has changed, once the transaction is
// durable. The application plugs the live hub in here, which stands beside this
// package.
type Screens interface {
	PublishAfter(tx *db.Tx, topics ...string)
}

// Deps is what notify needs.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Jobs   *jobs.Queue
	Live   Screens
	Text   *text.Catalogue
	Server Server
	Phones Phones
	// Modules says whose rights the notices of a module's part are about, such as
	// "ratings": "petitions". A name that is not in it stands for itself.
	Modules map[string]string
	// Address is where the public reaches this installation, such as
	// "https://hdnd.hanoi.example.vn", for the links in letters.
	Address string
}

// Notifier tells people.
type Notifier struct{ Deps }

const (
	mailKind  = "notify.mail"
	purgeKind = "notify.purge"
)

// New makes the notifier and gives the queue its handlers.
func New(deps Deps) (*Notifier, error) {
	if err := deps.Server.check(); err != nil {
		return nil, err
	}
	if err := deps.Phones.check(); err != nil {
		return nil, err
	}
	deps.Address = strings.TrimRight(deps.Address, "/")
	n := &Notifier{Deps: deps}
	n.Jobs.Handle(mailKind, n.send)
	n.Jobs.Handle(purgeKind, n.purge)
	n.Jobs.Every(purgeKind, "", jobs.Daily(3, 20))
	return n, nil
}

// Recipients says who is to be told. The parts add up; nobody is told twice.
type Recipients struct {
	People []string   // persons by id
	Posts  []string   // whoever holds these posts now
	Body   string     // whoever holds a post in this body now …
	Roles  []org.Role // … with one of these roles; all of the body when empty
	Except string     // the person whose own act it was
}

// Notice is one line for an inbox.
type Notice struct {
	Key       string // of the sentence
	Args      []any  // name, value pairs for the sentence
	Link      string // address of the page, from "/"
	CaseID    string
	CouncilID string
	Mail      bool // also by e-mail, to those whose address is known
}

// within reports whether a delegation of these rights is of the notice's field.
func (n *Notifier) within(notice Notice, scope []string) bool {
	field, _, _ := strings.Cut(notice.Key, ".")
	if module := n.Modules[field]; module != "" {
		field = module
	}
	return len(scope) == 0 || slices.ContainsFunc(scope, func(right string) bool { return strings.HasPrefix(right, field+".") })
}

type recipient struct{ personID, bodyID, email string }

// Tell puts a notice into inboxes, in the caller's transaction.
func (n *Notifier) Tell(ctx context.Context, tx *db.Tx, to Recipients, notice Notice) error {
	now := n.Clock.Now()
	all, err := n.resolve(ctx, tx, to, notice, clock.DateOf(now))
	if err != nil {
		return err
	}
	for _, r := range all {
		m := Message{ID: db.NewID(now), PersonID: r.personID, BodyID: r.bodyID, CouncilID: notice.CouncilID, CaseID: notice.CaseID,
			Key: notice.Key, Pairs: db.JSON[[]string]{V: pairs(notice.Args)}, Link: notice.Link, At: db.At(now)}
		if err := insertMessage(ctx, tx, m); err != nil {
			return err
		}
		n.Live.PublishAfter(tx, "person:"+r.personID)
		if !notice.Mail || r.email == "" {
			continue
		}
		if _, err := Address(r.email); err != nil {
			continue // the inbox has it; a wrong address of a post holder is the directory's to mend
		}
		err := n.Mail(ctx, tx, Letter{CouncilID: notice.CouncilID, CaseID: notice.CaseID, To: r.email, Lang: text.Vi,
			Subject: Sentence{Key: "notify.notice_subject"}, Body: Sentence{notice.Key, notice.Args}, Link: notice.Link})
		if err != nil {
			return err
		}
	}
	return nil
}

// resolve names each person once. Who stands in for a post is told with its
// holder: a delegation is for the days on which the holder does not look.
func (n *Notifier) resolve(ctx context.Context, tx *db.Tx, to Recipients, notice Notice, today clock.Date) ([]recipient, error) {
	var all []recipient
	var posts []string
	add := func(r recipient) {
		if r.personID != to.Except && !slices.ContainsFunc(all, func(have recipient) bool { return have.personID == r.personID }) {
			all = append(all, r)
		}
	}
	for _, id := range to.Posts {
		post, err := org.PostOf(ctx, tx, id)
		if err != nil {
			return nil, fmt.Errorf("notify: post %s: %w", id, err)
		}
		if !post.Ends.IsZero() && !today.Before(post.Ends) {
			continue
		}
		person, err := org.PersonOf(ctx, tx, post.PersonID)
		if err != nil {
			return nil, err
		}
		posts = append(posts, post.ID)
		add(recipient{person.ID, post.BodyID, person.Email})
	}
	if to.Body != "" {
		holders, err := org.Holders(ctx, tx, to.Body, today)
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			if len(to.Roles) == 0 || slices.ContainsFunc(h.Roles.V, func(r org.Role) bool { return slices.Contains(to.Roles, r) }) {
				posts = append(posts, h.PostID)
				add(recipient{h.PersonID, to.Body, h.Email})
			}
		}
	}
	standIns, err := org.StandIns(ctx, tx, posts, today)
	if err != nil {
		return nil, err
	}
	for _, s := range standIns {
		if n.within(notice, s.Scope.V) {
			add(recipient{s.PersonID, s.BodyID, s.Email})
		}
	}
	for _, id := range to.People {
		person, err := org.PersonOf(ctx, tx, id)
		if err != nil {
			return nil, fmt.Errorf("notify: person %s: %w", id, err)
		}
		add(recipient{person.ID, "", person.Email})
	}
	return all, nil
}

// pairs keeps sentence arguments as they will be read: as text.
func pairs(args []any) []string {
	all := make([]string, len(args))
	for i, a := range args {
		all[i] = fmt.Sprint(a)
	}
	return all
}

const (
	// mailsKept bounds how long letters, which hold personal data, stay.
	mailsKept = 90 * 24 * time.Hour
	// messagesKept is longer than a deputy's year.
	messagesKept = 400 * 24 * time.Hour
)

// purge deletes old letters and notices, in small transactions.
func (n *Notifier) purge(ctx context.Context, _ jobs.Work) error {
	now := n.Clock.Now()
	steps := []func(tx *db.Tx) (int64, error){
		func(tx *db.Tx) (int64, error) { return deleteMails(ctx, tx, now.Add(-mailsKept)) },
		func(tx *db.Tx) (int64, error) { return deleteMessages(ctx, tx, now.Add(-messagesKept)) },
	}
	for _, step := range steps {
		for more := true; more; {
			err := n.DB.Tx(ctx, func(tx *db.Tx) error {
				deleted, err := step(tx)
				more = deleted == purgeMax
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
