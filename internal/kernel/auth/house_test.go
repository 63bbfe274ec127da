package auth_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

var schemas = []db.Migrations{org.Migrations, audit.Migrations, auth.Migrations}

const password = "mưa rơi trên phố Huế"

// house is a small council: a clerk who is also a deputy, the head of the
// office, an administrator, somebody for security, and another ward's administrator.
type house struct {
	*auth.Auth
	t       testing.TB
	db      *db.DB
	clock   *clock.Movable
	log     *audit.Log
	desk    *org.Desk
	changed []string
}

// recorder lets org write into the log, as the application's plug does.
type recorder struct {
	log   *audit.Log
	clock clock.Clock
}

func (r recorder) Record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	_, err := r.log.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: subject, Verb: verb, At: r.clock.Now(), Who: who, Details: details})
	return err
}

func newHouse(t testing.TB, d *db.DB, change ...func(*auth.Deps)) *house {
	t.Helper()
	key, err := audit.NewKey("test.hdnd.vn/log")
	must(t, err)
	c := testkit.Clock(t)
	h := &house{t: t, db: d, clock: c, log: audit.New(d, c, key)}
	h.desk = org.New(org.Deps{DB: d, Clock: c, Recorder: recorder{h.log, c}})
	limits, err := auth.DefaultLimits()
	must(t, err)
	limits.HashingRounds, limits.HashingKiB = 1, 64
	deps := auth.Deps{DB: d, Clock: c, Org: h.desk, Audit: h.log, Key: make([]byte, 32), Limits: limits, Changed: func(p string) { h.changed = append(h.changed, p) }}
	for _, fn := range change {
		fn(&deps)
	}
	h.Auth, err = auth.New(deps)
	must(t, err)
	return h
}

func (h *house) people() *house {
	h.t.Helper()
	ctx := h.t.Context()
	must(h.t, h.db.Tx(ctx, func(tx *db.Tx) error {
		for _, c := range []string{"ward", "other"} {
			if err := org.AddCouncil(ctx, tx, org.Council{ID: c, Code: c, Name: "HĐND phường " + c, Level: org.Commune, UnitCode: c, Demonstration: true}); err != nil {
				return err
			}
			for _, b := range []string{"office", "group"} {
				if err := org.AddBody(ctx, tx, org.Body{ID: c + "-" + b, CouncilID: c, Kind: org.Office, Code: b, Name: "Văn phòng " + b}); err != nil {
					return err
				}
			}
		}
		for _, p := range []struct {
			id, name, body string
			roles          []org.Role
		}{
			{"clerk", "Nguyễn Thị Hường", "ward-office", []org.Role{org.Clerk}},
			{"clerk2", "Nguyễn Thị Hường", "ward-group", []org.Role{org.Deputy}},
			{"head", "Trần Văn Dũng", "ward-office", []org.Role{org.Head}},
			{"admin", "Lê Quản Trị", "ward-office", []org.Role{org.Admin}},
			{"security", "Phạm An Toàn", "ward-office", []org.Role{org.Security}},
			{"stranger", "Vũ Phường Khác", "other-office", []org.Role{org.Admin, org.Security}},
		} {
			person := strings.TrimSuffix(p.id, "2")
			if person == p.id {
				if err := org.AddPerson(ctx, tx, org.Person{ID: person, Name: p.name, Demonstration: person != "security"}); err != nil {
					return err
				}
			}
			if err := org.AddPost(ctx, tx, org.Post{ID: "post-" + p.id, PersonID: person, BodyID: p.body, Title: "Chức vụ " + p.id,
				Roles: db.JSON[[]org.Role]{V: p.roles}, Starts: clock.NewDate(2026, 7, 1)}); err != nil {
				return err
			}
		}
		return nil
	}))
	return h
}

// actor is a person in their post without having signed in, for verbs that
// only look at the actor.
func (h *house) actor(id string) org.Actor {
	h.t.Helper()
	var who org.Actor
	must(h.t, h.db.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		who, err = h.desk.ActingAs(h.t.Context(), tx, strings.TrimSuffix(id, "2"), "post-"+id, "", clock.Today(h.clock))
		return err
	}))
	who.Address = "10.0.0.1"
	return who
}

// account gives a person a login of the same name and the usual password.
func (h *house) account(id string) {
	h.t.Helper()
	admin := "admin"
	if id == "stranger" {
		admin = "stranger"
	}
	secret, err := h.OpenAccount(h.t.Context(), h.actor(admin), id, id+"@Phường")
	must(h.t, err)
	must(h.t, h.Redeem(h.t.Context(), secret, password, auth.Browser{Address: "10.0.0.1"}))
}

func (h *house) attempt(login, pw, address string) (auth.Outcome, error) {
	return h.SignIn(h.t.Context(), auth.Attempt{Login: login + "@phường", Password: pw, From: auth.Browser{Address: address, Agent: "Firefox"}})
}

// in signs a person in whose account has no second step.
func (h *house) in(id string) string {
	h.t.Helper()
	out, err := h.attempt(id, password, "10.0.0.7")
	must(h.t, err)
	if out.Token == "" {
		h.t.Fatalf("%s is not in: needs %q", id, out.Needs)
	}
	return out.Token
}

// totpOn turns the second step on and gives the secret and the recovery codes.
func (h *house) totpOn(id string) (secret string, codes []string) {
	h.t.Helper()
	who, err := h.Actor(h.t.Context(), h.in(id))
	must(h.t, err)
	offer, err := h.OfferTOTP(h.t.Context(), who)
	must(h.t, err)
	secret = strings.ReplaceAll(offer.Secret, " ", "")
	codes, err = h.TurnOnTOTP(h.t.Context(), who, offer.Sealed, password, h.code(secret))
	must(h.t, err)
	return secret, codes
}

func (h *house) code(secret string) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.Now())
	must(h.t, err)
	return code
}

// step gives the password and returns the secret of the code step.
func (h *house) step(id string) string {
	h.t.Helper()
	out, err := h.attempt(id, password, "10.0.0.7")
	must(h.t, err)
	if out.Needs != auth.NeedsCode || out.Token != "" {
		h.t.Fatalf("want the code step, got %+v", out)
	}
	return out.Step
}

// logged counts the log's entries of a verb.
func (h *house) logged(verb string) int {
	h.t.Helper()
	var n int
	must(h.t, h.db.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](h.t.Context(), tx, `SELECT count(*) FROM audit_entries WHERE verb = $1 AND sealed`, verb)
		return err
	}))
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, err error, key string) *fault.Fault {
	t.Helper()
	if !fault.Is(err, key) {
		t.Fatalf("got %v, want a fault with key %q", err, key)
	}
	return fault.Of(err)
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newHouse(t, d).people()) }, schemas...)
}

const minute = time.Minute
