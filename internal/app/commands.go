package app

import (
	"context"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/modules/petitions"
)

// CommandAlone finds a module's command that needs no database.
func CommandAlone(module, name string) (run func(context.Context, []string) error, ok bool) {
	return find(map[string][]kernel.Command{"petitions": petitions.Commands(), "library": library.Commands()}[module], name)
}

// Command finds a module's command that works on this installation.
func (a *App) Command(module, name string) (run func(context.Context, []string) error, ok bool) {
	for _, m := range a.modules {
		if m.Name == module {
			return find(m.Commands, name)
		}
	}
	return nil, false
}

func find(all []kernel.Command, name string) (run func(context.Context, []string) error, ok bool) {
	for _, c := range all {
		if c.Name == name {
			return c.Run, true
		}
	}
	return nil, false
}
