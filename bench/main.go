// Command bench measures the product as people use it: the real program as a
// process of its own, over HTTP, on SQLite and on PostgreSQL. Beside each
// figure stands a baseline from the same run, because absolute figures move
// with the machine and with what else runs on it.
//
// It prints one JSON line per figure and keeps them in bench/results. A goal
// that is missed is said at the end and fails nothing: a slow machine is not a
// wrong program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options say what is measured and how long.
type options struct {
	quick   bool
	only    string
	seconds int
	program string
	keep    bool
	many    string
}

// wants reports whether a measurement is asked for.
func (o options) wants(name string) bool {
	if o.only == "" {
		return true
	}
	for part := range strings.SplitSeq(o.only, ",") {
		if part == name {
			return true
		}
	}
	return false
}

// sizes are how many petitions the lists are measured on.
func (o options) sizes() []int {
	if all := o.asked(); all != nil {
		return all
	}
	if o.quick {
		return []int{10_000, 100_000}
	}
	return []int{10_000, 100_000, 1_000_000}
}

// stockSizes are how many petitions the parts, reports and hints are measured on.
func (o options) stockSizes() []int {
	if o.quick && o.many == "" {
		return []int{10_000}
	}
	return o.sizes()
}

// asked are the sizes that the command line names, growing.
func (o options) asked() (all []int) {
	for part := range strings.SplitSeq(o.many, ",") {
		if n, err := strconv.Atoi(part); err == nil && n > 0 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

// load is how long one load lasts.
func (o options) load() time.Duration { return time.Duration(o.seconds) * time.Second }

func main() {
	if len(os.Args) == 2 && os.Args[1] == helloArgument {
		if err := serveHello(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var o options
	flag.BoolVar(&o.quick, "quick", false, "10,000 and 100,000 petitions only")
	flag.StringVar(&o.only, "only", "", "measure these alone, with commas: intake, weight, list, recount, import, report, hint, parts, letters, library; sqlite or postgres")
	flag.StringVar(&o.many, "sizes", "", "numbers of petitions, with commas, instead of the usual ones")
	flag.IntVar(&o.seconds, "seconds", 8, "length of each load")
	flag.StringVar(&o.program, "program", "bin/hdnd", "the program that is measured")
	flag.BoolVar(&o.keep, "keep", false, "leave the measured databases and profiles, and say where")
	flag.Parse()
	slog.SetLogLoggerLevel(slog.LevelWarn)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything that is asked for, each database by itself.
func run(ctx context.Context, o options) (err error) {
	if _, err := os.Stat(o.program); err != nil {
		return fmt.Errorf("%s is not there: run make build (%w)", o.program, err)
	}
	out, err := openReport()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.close()) }()
	noise := watchNoise()
	place, err := os.MkdirTemp("", "hdnd-bench-")
	if err != nil {
		return err
	}
	defer func() {
		if o.keep {
			fmt.Fprintln(os.Stderr, "left in", place)
			return
		}
		err = errors.Join(err, os.RemoveAll(place))
	}()
	b := &bench{options: o, out: out, place: place}
	if err := b.greet(ctx); err != nil {
		return err
	}
	for _, s := range stores(o) {
		if err := b.measure(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	out.add(noise.figure())
	return nil
}

// bench is one run.
type bench struct {
	options
	out   *report
	place string
	hello map[int]load // by clients
}

// stores are the databases that are asked for.
func stores(o options) []store {
	all := []store{{name: "sqlite"}, {name: "postgres", server: os.Getenv(serverVariable)}}
	var wanted []store
	for _, s := range all {
		if s.named(o.only) {
			wanted = append(wanted, s)
		}
	}
	if wanted == nil {
		return all
	}
	return wanted
}

// named reports whether the list of measurements names this database.
func (s store) named(only string) bool {
	for part := range strings.SplitSeq(only, ",") {
		if part == s.name {
			return true
		}
	}
	return false
}

// measure runs what is asked for on one database.
func (b *bench) measure(ctx context.Context, s store) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		name string // several that are measured on one database, with commas
		run  func(context.Context, store) error
	}{{"intake", b.intake}, {"weight", b.weigh}, {"list", b.lists}, {"recount", b.recount}, {"import", b.imports}, {"report,hint,parts", b.stocks}, {"letters", b.letters}, {"library", b.library}} {
		if !slices.ContainsFunc(strings.Split(part.name, ","), b.means) {
			continue
		}
		began := time.Now()
		fmt.Fprintf(os.Stderr, "== %s %s\n", part.name, s.name)
		if err := part.run(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Fprintf(os.Stderr, "== %s %s took %s\n", part.name, s.name, time.Since(began).Round(time.Second))
	}
	return nil
}

// means is wants, but a list that names databases alone means all of each.
func (b *bench) means(name string) bool {
	rest := []string{}
	for part := range strings.SplitSeq(b.only, ",") {
		if part != "" && part != "sqlite" && part != "postgres" {
			rest = append(rest, part)
		}
	}
	if len(rest) == 0 {
		return true
	}
	return options{only: strings.Join(rest, ",")}.wants(name)
}
