package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception"
)

func (a *App) openServer(context.Context) error {
	var routes []kweb.Route
	var menu []kweb.MenuItem
	for _, m := range a.modules {
		routes = append(routes, m.Routes...)
		menu = append(menu, m.Menu...)
	}
	a.signIn = &kweb.SignIn{Auth: a.Auth, Desk: "/desk"}
	routes = append(routes, a.signIn.Routes()...)
	o := kweb.Options{Catalogue: a.Text, Clock: a.Clock, Routes: routes, Menu: menu, Resolve: a.signIn.Resolve, Surround: a.surround, Ready: a.ready, NeverEchoed: reception.NeverEchoed(),
		Live: a.Live, Topics: a.topics, TrustedProxies: a.Config.TrustedProxies, Demonstration: a.Config.Demonstration}
	if n := a.Config.IntakePerSecond; n > 0 {
		o.Rates = map[kweb.Rate]kweb.Budget{kweb.Intake: {PerSecond: n, Burst: int(2*n) + 1}, kweb.Ordinary: {PerSecond: 10 * n, Burst: int(20*n) + 1}, kweb.Posting: {PerSecond: 10 * n, Burst: int(20*n) + 1}}
	}
	if a.Config.TLSCert != "" || a.Config.TLSKey != "" {
		pair, err := tls.LoadX509KeyPair(a.Config.TLSCert, a.Config.TLSKey)
		if err != nil {
			return fmt.Errorf("app: certificate: %w", err)
		}
		o.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	var err error
	a.Server, err = kweb.NewServer(o)
	return err
}

// ready says whether this node can serve: the database answers and the log is
// being written. A search index that is still being built answers with what it
// has, so it does not keep people out.
func (a *App) ready(ctx context.Context) error {
	if err := a.DB.Ping(ctx); err != nil {
		return err
	}
	return a.Audit.Trouble()
}

// topics are those of the asked ones that a person may hear of: their own,
// their body's, and for members of the council the council's. That a case has
// changed is told to those who could open it.
func (a *App) topics(ctx context.Context, who org.Actor, asked []string) []string {
	var may []string
	for _, t := range asked {
		switch kind, id, _ := strings.Cut(t, ":"); kind {
		case "person":
			if id != "" && id == who.PersonID {
				may = append(may, t)
			}
		case "body":
			if id != "" && id == who.BodyID {
				may = append(may, t)
			}
		case "council":
			if id != "" && id == who.CouncilID && who.SignedIn() && !who.BodyKind.Answers() {
				may = append(may, t)
			}
		case "case":
			if a.maySee(ctx, who, id) || !who.SignedIn() && a.followed(ctx, id) {
				may = append(may, t)
			}
		}
	}
	slices.Sort(may)
	return may
}

func (a *App) maySee(ctx context.Context, who org.Actor, caseID string) bool {
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := a.Cases.Case(ctx, tx, who, caseID)
		return err
	})
	return err == nil
}

// followed reports whether the public may hear that a case has changed: one
// that is not sealed, by an id nobody can guess.
func (a *App) followed(ctx context.Context, caseID string) bool {
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, caseID)
		if err == nil && c.Sealed {
			err = fault.New(fault.Missing, "cases.no_such_case")
		}
		return err
	})
	return err == nil
}

// Run works and serves on ln until ctx ends, then stops in order: no new
// requests, the jobs under way, the log's last round.
func (a *App) Run(ctx context.Context, ln net.Listener) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var working sync.WaitGroup
	for _, run := range []func(context.Context){a.Audit.Run, a.Search.Run, a.Jobs.Run} {
		working.Go(func() { run(background) })
	}
	err := a.Server.Serve(ctx, ln)
	stop()
	working.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// FirstAddress is the path at which a new installation is set up; empty when
// that was done.
func (a *App) FirstAddress(ctx context.Context) (string, error) {
	secret, needed, err := a.Auth.FirstAddress(ctx)
	if err != nil || !needed {
		return "", err
	}
	return "/setup?token=" + secret, nil
}

// Close closes every part that was opened.
func (a *App) Close() error {
	var errs []error
	a.Live.Close()
	if a.Search != nil {
		errs = append(errs, a.Search.Close())
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	return errors.Join(errs...)
}

// Permissions lists every right of the product, for the table people review.
func (a *App) Permissions() []auth.Permission {
	all := append([]auth.Permission{auth.Public, auth.SignedIn}, auth.Permissions()...)
	for _, m := range a.modules {
		all = append(all, m.Permissions...)
	}
	return all
}
