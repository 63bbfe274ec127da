package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is the product running as a process of its own.
type program struct {
	cmd     *exec.Cmd
	log     *os.File
	address string
	ended   chan error
	ready   time.Duration // from start to the first good /healthz
}

// enough is a rate that no measurement reaches: the product's limits for one
// address would otherwise be what is measured.
const enough = "1000000"

// start runs the product on a database and waits until it is ready.
func (b *bench) start(ctx context.Context, data, database string) (*program, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	limits, err := wideGate(data)
	if err != nil {
		return nil, err
	}
	args := []string{"serve", "--data", data, "--listen", address, "--intake-per-second", enough, "--gate-limits", limits, "--trusted-proxies", "127.0.0.1/32"}
	if database != "" {
		args = append(args, "--database", database)
	}
	return launch(ctx, exec.Command(b.program, args...), address, filepath.Join(data, "bench.log"))
}

// councilLimit are the numbers of hand-ins to a council within minutes and a day
// above which the gate asks every voter for a proof.
var councilLimit = regexp.MustCompile(`(?s)(\[edition\.council\]\n)burst = [^\n]*\nday = [^\n]*`)

// wideGate writes the shipped limits with room for thousands of voters within
// minutes; each of them has an address and a telephone of their own.
func wideGate(data string) (path string, err error) {
	shipped, err := os.ReadFile("internal/modules/petitions/gate/limits.toml")
	if err != nil {
		return "", err
	}
	path = filepath.Join(data, "bench-limits.toml")
	const wide = "${1}burst = {ask = 10000000, hold = 0, stop = 0}\nday = {ask = 10000000, hold = 0, stop = 0}"
	return path, os.WriteFile(path, councilLimit.ReplaceAll(shipped, []byte(wide)), 0o600)
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// launch starts a process that listens on address and waits for its /healthz.
func launch(ctx context.Context, cmd *exec.Cmd, address, log string) (*program, error) {
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = f, f
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p := &program{cmd: cmd, log: f, address: address, ended: make(chan error, 1)}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	go func() { p.ended <- cmd.Wait() }()
	for {
		select {
		case err := <-p.ended:
			return nil, fmt.Errorf("%s ended before it was ready, see %s: %w", cmd.Path, log, err)
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.stop())
		case <-time.After(2 * time.Millisecond):
		}
		if healthy(address) {
			p.ready = time.Since(began)
			return p, nil
		}
		if time.Since(began) > 2*time.Minute {
			return nil, errors.Join(fmt.Errorf("%s was not ready after two minutes, see %s", cmd.Path, log), p.stop())
		}
	}
}

func healthy(address string) bool {
	c, err := dial(address)
	if err != nil {
		return false
	}
	a, err := c.do(get("/healthz", ""), false)
	return errors.Join(err, c.close()) == nil && a.status == http.StatusOK
}

// stop ends the process in order.
func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.ended:
		return errors.Join(err, p.log.Close())
	case <-time.After(30 * time.Second):
		return errors.Join(fmt.Errorf("%s did not stop", p.cmd.Path), p.cmd.Process.Kill(), p.log.Close())
	}
}

// memory is what the process holds, in MB: all of it, without the pages of files
// that the system can take back at any time, and the most it ever was.
type memory struct{ resident, own, peak float64 }

func (p *program) memory() (m memory, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(string(b)) {
		name, rest, _ := strings.Cut(line, ":")
		kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
		switch {
		case err != nil: // a line that is no size
		case name == "VmRSS":
			m.resident = kb / 1024
		case name == "RssAnon":
			m.own = kb / 1024
		case name == "VmHWM":
			m.peak = kb / 1024
		}
	}
	return m, nil
}

// watchMemory follows the process until the end is asked for, which tells the
// most it held: of its own, and in all.
func (p *program) watchMemory() (end func() (memory, error), err error) {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0); err != nil {
		return nil, err // 5 lets the peak begin anew
	}
	stop, most := make(chan struct{}), make(chan float64)
	go func() {
		own := 0.0
		for {
			if m, err := p.memory(); err == nil { // a program that has ended is found out by who asks it
				own = max(own, m.own)
			}
			select {
			case <-stop:
				most <- own
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() (memory, error) {
		close(stop)
		own := <-most
		m, err := p.memory()
		m.own = max(own, m.own)
		return m, err
	}, nil
}

// worked is how long the process and its threads have computed: what a figure
// costs whoever else was on the machine. PostgreSQL's own work is not in it.
func (p *program) worked() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0 // it has ended; the next request will say so
	}
	return time.Duration(clockTicks(string(b), 11, 12)) * 10 * time.Millisecond
}

// settle waits until the program rests: after a start it catches up with what
// was due, which is not what a page is measured on.
func (p *program) settle(ctx context.Context) {
	const step, rest, most = 500 * time.Millisecond, 25 * time.Millisecond, 10 * time.Minute
	for began, quiet := time.Now(), 0; quiet < 4 && time.Since(began) < most && ctx.Err() == nil; {
		before := p.worked()
		time.Sleep(step)
		if quiet++; p.worked()-before > rest {
			quiet = 0
		}
	}
}

// clockTicks adds up fields of a process's stat line, in hundredths of seconds.
func clockTicks(stat string, fields ...int) float64 {
	_, rest, _ := strings.Cut(stat, ") ")
	all := strings.Fields(rest)
	total := 0.0
	for _, i := range fields {
		if i < len(all) {
			if v, err := strconv.ParseFloat(all[i], 64); err == nil {
				total += v
			}
		}
	}
	return total
}

// cost is what the program computed for each of n answers.
func (p *program) cost(before time.Duration, n int) float64 {
	return millis(p.worked()-before) / float64(max(n, 1))
}

// helloArgument makes this command the server that the baseline is measured on.
const helloArgument = "hello-world"

// serveHello answers every request at once, as little as a server can do.
func serveHello() error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, _ *http.Request) {
		// The client that hung up is told nothing.
		_, _ = w.Write([]byte("Hello, world\n"))
	})
	mux.HandleFunc("POST /hello", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "/hello", http.StatusSeeOther)
	})
	return http.ListenAndServe(os.Getenv("HDND_HELLO"), mux)
}

// startHello runs the baseline's server as a process of its own.
func (b *bench) startHello(ctx context.Context) (*program, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, helloArgument)
	cmd.Env = append(os.Environ(), "HDND_HELLO="+address)
	return launch(ctx, cmd, address, filepath.Join(b.place, "hello.log"))
}
