package auth

import (
	"context"
	"errors"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Recorder writes an act into the log, in the act's own transaction. It is
// *audit.Log; the tests of modules that only need somebody signed in may plug
// in less.
type Recorder interface {
	Append(ctx context.Context, tx *db.Tx, e audit.Entry) (audit.Leaf, error)
}

// Founder sets up the council of a new installation. org.Desk does it; the
// application may do more along with it, such as loading the list of units.
type Founder interface {
	Found(ctx context.Context, tx *db.Tx, f org.Founding) (personID, postID string, err error)
}

// Deps is what auth needs.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Org     *org.Desk
	Founder Founder // Org when nil
	Audit   Recorder
	Key     []byte // 32 bytes that stay outside the database
	Limits  Limits // DefaultLimits when zero
	Issuer  string // how authenticator apps name us; "HĐND Số" when empty

	// Demonstration opens the sign-in without a password, for installations
	// whose people are all invented.
	Demonstration bool

	// Changed is called after a commit that ended sign-ins of a person or
	// changed whom they act as, so that open event streams ask again who is
	// there. May be nil.
	Changed func(personID string)
}

// Auth carries out this package's verbs.
type Auth struct {
	Deps
	hasher *hasher
	vault  *vault
}

// New makes Auth.
func New(deps Deps) (*Auth, error) {
	if deps.DB == nil || deps.Clock == nil || deps.Org == nil || deps.Audit == nil {
		return nil, errors.New("auth: DB, Clock, Org and Audit are needed")
	}
	if deps.Founder == nil {
		deps.Founder = deps.Org
	}
	if deps.Limits == (Limits{}) {
		l, err := DefaultLimits()
		if err != nil {
			return nil, err
		}
		deps.Limits = l
	}
	if err := deps.Limits.check(); err != nil {
		return nil, err
	}
	if deps.Issuer == "" {
		deps.Issuer = "HĐND Số"
	}
	v, err := newVault(deps.Key)
	if err != nil {
		return nil, err
	}
	return &Auth{Deps: deps, hasher: newHasher(deps.Limits), vault: v}, nil
}

// The rights of this package.
var (
	// ManageAccounts opens, closes and resets accounts of one's own council.
	ManageAccounts = Permission{Name: "auth.manage_accounts", Roles: []org.Role{org.Admin}}
	// EndSignIns lists and ends other people's sign-ins of one's own council.
	EndSignIns = Permission{Name: "auth.end_sign_ins", Roles: []org.Role{org.Admin, org.Security}}
	// RemoveSecondStep turns off a lost authenticator of somebody else. It is
	// not the administrator's, who can already reset the password: with both,
	// one person could sign in as any other.
	RemoveSecondStep = Permission{Name: "auth.remove_second_step", Roles: []org.Role{org.Security}}
)

// Permissions lists the rights of this package, for the table of all.
func Permissions() []Permission {
	return []Permission{ManageAccounts, EndSignIns, RemoveSecondStep}
}

// Browser is where a request comes from, as far as we can tell.
type Browser struct {
	Address string // network address
	Agent   string // what the browser says it is
}

// agentMax bounds what is kept of the browser's own description.
const agentMax = 300

func (b Browser) agent() string {
	if r := []rune(b.Agent); len(r) > agentMax {
		return string(r[:agentMax])
	}
	return b.Agent
}

// judge runs an act that may be refused and yet has to be kept: a wrong
// password is counted and recorded, and then it is an error.
func (a *Auth) judge(ctx context.Context, fn func(tx *db.Tx) (refusal, err error)) error {
	var refusal error
	err := a.DB.Tx(ctx, func(tx *db.Tx) error {
		var err error
		refusal, err = fn(tx)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

// enter is judge for the steps of a sign-in.
func (a *Auth) enter(ctx context.Context, fn func(tx *db.Tx) (out Outcome, refusal, err error)) (Outcome, error) {
	var out Outcome
	err := a.judge(ctx, func(tx *db.Tx) (refusal, err error) {
		out, refusal, err = fn(tx)
		return refusal, err
	})
	if err != nil {
		return Outcome{}, err
	}
	return out, nil
}

// act is one line of the log.
type act struct {
	verb      string
	councilID string
	personID  string // whose account
	who       org.Actor
	at        time.Time
	details   map[string]any
}

func (a *Auth) record(ctx context.Context, tx *db.Tx, w act) error {
	_, err := a.Audit.Append(ctx, tx, audit.Entry{
		CouncilID: w.councilID, Subject: w.personID, Verb: w.verb, At: w.at, Who: w.who, Details: w.details, Sealed: true,
	})
	return err
}

// changed tells the rest of the program, once the commit is durable.
func (a *Auth) changed(tx *db.Tx, personID string) {
	if a.Changed != nil {
		tx.AfterCommit(func() { a.Changed(personID) })
	}
}

// missing is the answer to whoever may not know that something exists.
func missing() error { return fault.New(fault.Missing, "db.no_row") }
