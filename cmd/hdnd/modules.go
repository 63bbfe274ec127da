package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"syscall"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
)

// moduleCommand runs a command that a module offers, such as
// "hdnd petitions import so-theo-doi.xlsx --dry-run".
type moduleCommand struct {
	place
	Args []string `arg:"" passthrough:"" help:"Tên lệnh và tham số. / Command and arguments."`
}

// petitionsCommand are the commands of module petitions.
type petitionsCommand struct{ moduleCommand }

// Run finds the command and runs it; only one that needs rows opens the database.
func (c petitionsCommand) Run() error { return c.run("petitions") }

// libraryCommand are the commands of module library.
type libraryCommand struct{ moduleCommand }

// Run finds the command and runs it.
func (c libraryCommand) Run() error { return c.run("library") }

func (c moduleCommand) run(module string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	at, rest := c.takePlace()
	if len(rest) == 0 {
		return errors.New("thiếu tên lệnh / the command's name is missing")
	}
	if run, ok := app.CommandAlone(module, rest[0]); ok {
		return run(ctx, rest[1:])
	}
	a, err := app.Open(ctx, app.Config{Data: at.Data, Database: at.Database}, clock.System{})
	if err != nil {
		return err
	}
	run, ok := a.Command(module, rest[0])
	if !ok {
		return errors.Join(fmt.Errorf("không có lệnh %q / no such command", rest[0]), a.Close())
	}
	return errors.Join(run(ctx, rest[1:]), a.Close())
}

// takePlace takes --data and --database also from behind the command's name,
// where the command has flags of its own.
func (c moduleCommand) takePlace() (at place, rest []string) {
	at = c.place
	for i := 0; i < len(c.Args); i++ {
		name, value, whole := strings.Cut(c.Args[i], "=")
		into := map[string]*string{"--data": &at.Data, "--database": &at.Database}[name]
		switch {
		case into == nil:
			rest = append(rest, c.Args[i])
		case whole:
			*into = value
		case i+1 < len(c.Args):
			i++
			*into = c.Args[i]
		}
	}
	return at, rest
}
