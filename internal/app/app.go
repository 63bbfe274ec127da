// Package app puts the product together: it opens the parts in the order of
// their levels, plugs modules into each other, serves, and stops. It imports
// everything and is imported by the commands alone.
package app

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/desk"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/portal"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/web"
)

// Files holds the program's own sentences.
//
//go:embed text
var Files embed.FS

// App is the product, opened.
type App struct {
	Config    Config
	Clock     clock.Clock
	DB        *db.DB
	Audit     *audit.Log
	Org       *org.Desk
	Auth      *auth.Auth
	Calendar  *calendar.Register
	Cases     *cases.Engine
	Documents *documents.Registry
	Jobs      *jobs.Queue
	Live      *live.Hub
	Notify    *notify.Notifier
	Search    *search.Index
	Text      *text.Catalogue
	Vault     *vault.Vault
	SealKey   vault.Key // seals single fields: citizen numbers
	Petitions *petitions.Service
	Reception *reception.Service
	Library   *library.Service
	Server    *kweb.Server
	secret    []byte

	signIn  *kweb.SignIn
	fields  fields
	modules []kernel.Module
}

// Open opens every part. The schema is brought up to date first; nothing
// listens yet.
func Open(ctx context.Context, cfg Config, c clock.Clock) (*App, error) {
	a := &App{Config: cfg, Clock: c, Live: live.New(0)}
	if err := web.Built(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("app: data folder: %w", err)
	}
	steps := []func(context.Context) error{a.openDatabase, a.openLog, a.openVault, a.openKernel, a.openModules, a.openServer}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

func (a *App) openDatabase(ctx context.Context) (err error) {
	address := a.Config.Database
	if address == "" {
		address = "sqlite:" + filepath.Join(a.Config.Data, "hdnd.db")
	}
	if a.DB, err = db.Open(ctx, address); err != nil {
		return err
	}
	return a.DB.Migrate(ctx, Migrations()...)
}

// Migrations lists the schema of every package, in the order of levels.
func Migrations() []db.Migrations {
	return slices.Concat([]db.Migrations{
		org.Migrations, audit.Migrations, vault.Migrations, auth.Migrations, calendar.Migrations, jobs.Migrations,
		{Name: "documents", Files: documents.Files}, {Name: "search", Files: search.Files}, notify.Migrations, cases.Migrations,
		{Name: "petitions", Files: petitions.Files}, reception.Migrations, {Name: "library", Files: library.Files},
	}, petitions.Parts(), reception.Parts(), library.Parts())
}

func (a *App) openLog(context.Context) error {
	name := a.Config.Origin
	if name == "" {
		name = origin
	}
	key, err := audit.LoadKey(filepath.Join(a.Config.Data, "log.key"), name)
	if err != nil {
		return err
	}
	a.Audit = audit.New(a.DB, a.Clock, key)
	a.Audit.Heard = func(councilID string) {
		a.Live.Publish(live.Acts(councilID))
		a.Live.Publish(live.Acts(""))
	}
	return os.WriteFile(filepath.Join(a.Config.Data, publicKeyFile), []byte(a.Audit.PublicKey()+"\n"), 0o644)
}

// recorder lets the packages below the log, or beside it, write into it.
type recorder struct {
	log   *audit.Log
	clock clock.Clock
}

// Record implements org.Recorder.
func (r recorder) Record(ctx context.Context, tx *db.Tx, who org.Actor, councilID, verb, subject string, details map[string]any) error {
	_, err := r.log.Append(ctx, tx, audit.Entry{CouncilID: councilID, Subject: subject, Ref: subject, Verb: verb, At: r.clock.Now(), Who: who, Details: details})
	return err
}

func (a *App) openKernel(ctx context.Context) (err error) {
	rec := recorder{a.Audit, a.Clock}
	a.Org = org.New(org.Deps{DB: a.DB, Clock: a.Clock, Recorder: rec})
	if a.Calendar, err = calendar.New(calendar.Deps{DB: a.DB, Clock: a.Clock, Recorder: rec}); err != nil {
		return err
	}
	if err = a.Calendar.Refresh(ctx); err != nil {
		return err
	}
	a.Jobs = jobs.New(a.DB, a.Clock)
	secret, err := secretKey(filepath.Join(a.Config.Data, "secret.key"))
	if err != nil {
		return err
	}
	a.secret = secret
	a.Auth, err = auth.New(auth.Deps{DB: a.DB, Clock: a.Clock, Org: a.Org, Founder: founder{a.Org}, Audit: a.Audit, Key: secret, Demonstration: a.Config.Demonstration,
		Changed: func(person string) { a.Live.Publish("person:" + person) }})
	if err != nil {
		return err
	}
	blobs, err := documents.OpenFolder(filepath.Join(a.Config.Data, "blobs"), a.Clock.Now())
	if err != nil {
		return err
	}
	a.Documents = documents.New(documents.Deps{DB: a.DB, Blobs: blobs, Clock: a.Clock, Tools: documents.FindTools()})
	if a.Search, err = search.Open(filepath.Join(a.Config.Data, "search"), a.DB, a.Clock); err != nil {
		return err
	}
	return nil
}

// secretKey reads the installation's 32 secret bytes, which stay outside the
// database, or makes them.
func secretKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err == nil && len(b) == 32 {
		return b, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("app: %s is not a key of 32 bytes: %w", path, errors.Join(err, errors.ErrUnsupported))
	}
	b = make([]byte, 32)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return b, os.WriteFile(path, b, 0o600)
}

func (a *App) openModules(ctx context.Context) (err error) {
	fonts, err := documents.ReadFonts(web.Files)
	if err != nil {
		return err
	}
	a.Petitions, a.Reception = petitions.New(), reception.New()
	if a.Text, err = text.Load(texts()...); err != nil {
		return err
	}
	phones, err := notify.ReadPhones(a.Config.PhoneGateways)
	if err != nil {
		return err
	}
	a.Notify, err = notify.New(notify.Deps{Phones: phones, Modules: modulesOfParts(), DB: a.DB, Clock: a.Clock, Jobs: a.Jobs, Live: a.Live, Text: a.Text, Address: a.Config.Address, Server: a.mailServer()})
	if err != nil {
		return err
	}
	a.Cases, err = cases.New(cases.Deps{DB: a.DB, Clock: a.Clock, Audit: a.Audit, Calendar: a.Calendar, Rules: a.Calendar.Rules(), Notify: a.Notify, Live: a.Live}, a.Petitions.Offer(), a.Reception.Offer())
	if err != nil {
		return err
	}
	if err := a.Cases.Release(ctx); err != nil {
		return err
	}
	a.Org.Followers = []org.BodyFollower{a.Cases}
	err = a.Petitions.Use(petitions.Deps{DB: a.DB, Clock: a.Clock, Audit: a.Audit, Cases: a.Cases, Calendar: a.Calendar, Documents: a.Documents, Fonts: fonts,
		Jobs: a.Jobs, Notify: a.Notify, Live: a.Live, Search: a.Search, Text: a.Text, Address: a.Config.Address, Secret: a.secret, GateLimits: a.Config.GateLimits})
	if err != nil {
		return err
	}
	err = a.Reception.Use(reception.Deps{DB: a.DB, Clock: a.Clock, Audit: a.Audit, Cases: a.Cases, Calendar: a.Calendar, Documents: a.Documents, Fonts: fonts, Jobs: a.Jobs,
		Notify: a.Notify, Text: a.Text, Live: a.Live, SealKey: a.SealKey, Address: a.Config.Address, Vault: a.Vault})
	if err != nil {
		return err
	}
	a.Library, err = library.New(library.Deps{DB: a.DB, Clock: a.Clock, Audit: a.Audit, Jobs: a.Jobs, Documents: a.Documents, Search: a.Search, Text: a.Text, Address: a.Config.Address})
	if err != nil {
		return err
	}
	a.Org.Followers = append(a.Org.Followers, a.Petitions.Shares())
	if err := a.Petitions.Refresh(ctx); err != nil {
		return err
	}
	a.fields = fields{petitions: a.Petitions, reception: a.Reception, library: a.Library,
		desk: desk.New(desk.Deps{DB: a.DB, Clock: a.Clock, Audit: a.Audit, Org: a.Org, Auth: a.Auth, Calendar: a.Calendar, Cases: a.Cases, Jobs: a.Jobs,
			Notify: a.Notify, Search: a.Search, Text: a.Text, Indicators: a.indicators, Permissions: a.Permissions, CalendarChanged: a.calendarChanged}),
		portal: portal.New()}
	a.modules = a.fields.Modules()
	return a.putToWork()
}

// modulesOfParts names the module of each part of one.
func modulesOfParts() map[string]string {
	all := map[string]string{}
	for _, part := range petitions.Parts() {
		all[strings.TrimPrefix(part.Name, "petitions_")] = "petitions"
	}
	for _, part := range reception.Parts() {
		all[strings.TrimPrefix(part.Name, "reception_")] = "reception"
	}
	for _, part := range library.Parts() {
		all[strings.TrimPrefix(part.Name, "library_")] = "library"
	}
	return all
}

func (a *App) mailServer() notify.Server {
	m := a.Config.Mail
	return notify.Server{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password, From: m.From, Security: notify.Security(m.Security)}
}

// indicators are the numbers of all modules, for the desk.
func (a *App) indicators() []kernel.Indicator {
	var all []kernel.Indicator
	for _, m := range a.modules {
		all = append(all, m.Indicators...)
	}
	return all
}

// texts lists where sentences are kept.
func texts() []fs.FS {
	all := []fs.FS{Files, db.Files, org.Files, audit.Files, vault.Files, auth.Files, calendar.Files, jobs.Files, documents.Files, search.Files, notify.Files, cases.Files, kweb.Files,
		petitions.Files, reception.Files, library.Files, desk.Files, portal.Files, demo.Files}
	for _, part := range slices.Concat(petitions.Parts(), reception.Parts(), library.Parts()) {
		all = append(all, part.Files)
	}
	return slices.Concat(all, reception.Sentences(), library.Sentences())
}

// putToWork registers what runs by itself: the modules' jobs and searches, and
// the kernel's own nightly work.
func (a *App) putToWork() error {
	for _, m := range a.modules {
		a.Search.Serve(m.Search...)
		for _, j := range m.Jobs {
			a.Jobs.Handle(j.Kind, j.Handle)
			if j.Daily == "" {
				continue
			}
			var hour, minute int
			if _, err := fmt.Sscanf(j.Daily, "%d:%d", &hour, &minute); err != nil {
				return fmt.Errorf("app: job %s: %q is no time of day", j.Kind, j.Daily)
			}
			a.Jobs.Every(j.Kind, j.Kind, jobs.Daily(hour, minute))
		}
	}
	for _, own := range a.chores() {
		a.Jobs.Handle(own.kind, own.run)
		if own.at != nil {
			a.Jobs.Every(own.kind, own.kind, *own.at)
		}
	}
	return nil
}

// surround tells the shell which posts a person may change to, and how much is unread.
func (a *App) surround(ctx context.Context, who org.Actor) (kweb.Surround, error) {
	if !who.SignedIn() {
		return kweb.Surround{}, nil
	}
	posts, err := a.signIn.Posts(ctx, who)
	if err != nil {
		return kweb.Surround{}, err
	}
	s := kweb.Surround{Posts: posts}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		council, err := org.CouncilOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		s.Council = council.Name
		s.Inbox, err = a.Notify.Unread(ctx, tx, who.PersonID)
		return err
	})
	return s, err
}
