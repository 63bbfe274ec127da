package e2e_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// kills is how often the program is killed on each database: 20 in make test,
// 200 in make soak.
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("HDND_KILLS"))
	if err != nil {
		n = 20
	}
	t.Logf("%d kills", n)
	return n
}

// TestKill kills the real program with SIGKILL at random moments while voters
// hand petitions in, and starts it again. No petition whose receipt was shown
// may be missing afterwards, none may be half there, and the log must verify.
func TestKill(t *testing.T) {
	bin, err := filepath.Abs("../bin/hdnd")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Fatalf("%v: run make build first", err)
	}
	testkit.EachDatabase(t, func(t *testing.T, address string) { killing(t, bin, address) }, app.Migrations()...)
}

func killing(t *testing.T, bin, address string) {
	ctx := t.Context()
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := council.Populate(ctx, d); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	first := start(t, bin, data, address)
	drawn := drawnForm(t, first.url)
	first.kill(t)
	for range kills(t) {
		p := start(t, bin, data, address)
		stop := make(chan struct{})
		var voters sync.WaitGroup
		for range 4 {
			voters.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					if code := handIn(p.url, drawn, n); code != "" {
						mu.Lock()
						acknowledged[code] = true
						mu.Unlock()
					}
				}
			})
		}
		time.Sleep(time.Duration(60+rand.IntN(500)) * time.Millisecond)
		p.kill(t)
		close(stop)
		voters.Wait()
	}
	if len(acknowledged) < 2*kills(t) {
		t.Fatalf("only %d petitions were taken in: the test proves nothing", len(acknowledged))
	}
	t.Logf("%d petitions acknowledged", len(acknowledged))
	after(t, data, address, acknowledged)
}

// after opens what is left and compares.
func after(t *testing.T, data, address string, acknowledged map[string]bool) {
	ctx := t.Context()
	a, err := app.Open(ctx, app.Config{Data: data, Database: address}, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := a.Audit.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		for code := range acknowledged {
			c, err := cases.ByCode(ctx, tx, code)
			if err != nil {
				t.Errorf("%s was acknowledged and is not there: %v", code, err)
				continue
			}
			acts, err := cases.Acts(ctx, tx, c.ID)
			if err != nil || len(acts) != 1 || acts[0].LeafID == "" {
				t.Errorf("%s: acts %+v, %v", code, acts, err)
			}
			due, err := cases.Deadlines(ctx, tx, c.ID)
			if err != nil || len(due) != 1 {
				t.Errorf("%s: deadlines %+v, %v", code, due, err)
			}
		}
		for what, q := range map[string]string{
			"petitions without a case":      `SELECT count(*) FROM petitions_petitions p WHERE NOT EXISTS (SELECT 1 FROM cases_cases c WHERE c.id = p.id)`,
			"cases without a petition":      `SELECT count(*) FROM cases_cases c WHERE NOT EXISTS (SELECT 1 FROM petitions_petitions p WHERE p.id = c.id)`,
			"cases without an act":          `SELECT count(*) FROM cases_cases c WHERE NOT EXISTS (SELECT 1 FROM cases_acts a WHERE a.case_id = c.id)`,
			"acts without their log entry":  `SELECT count(*) FROM cases_acts a WHERE NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.id = a.leaf_id)`,
			"cases without a running clock": `SELECT count(*) FROM cases_cases c WHERE NOT EXISTS (SELECT 1 FROM cases_deadlines d WHERE d.case_id = c.id)`,
		} {
			n, err := db.One[int64](ctx, tx, q)
			if err != nil || n != 0 {
				t.Errorf("%s: %d, %v", what, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := a.Verify(ctx)
	if err != nil || !report.OK() {
		t.Errorf("the log does not verify: %+v, %v", report.Findings, err)
	}
}

type process struct {
	cmd *exec.Cmd
	url string
}

// start runs "hdnd serve" and waits until it says that it is ready.
func start(t *testing.T, bin, data, address string) *process {
	t.Helper()
	return startBy(t, func(args ...string) *exec.Cmd { return exec.CommandContext(context.Background(), bin, args...) }, data, address)
}

// startBy is start with a command of the test's own making.
func startBy(t *testing.T, command func(args ...string) *exec.Cmd, data, address string) *process {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := command("serve", "--data", data, "--database", address, "--listen", listen, "--intake-per-second", "10000", "--gate-limits", gateLimits(t))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, url: "http://" + listen}
	for range 400 {
		res, err := http.Get(p.url + "/healthz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.kill(t)
	t.Fatal("the program did not become ready in ten seconds")
	return nil
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed, and says so
}

var drawnMark = regexp.MustCompile(`name="drawn" value="([^"]+)"`)

// drawnForm opens the public's form and waits as long as a person needs at the
// least to fill it in. Its mark is good for a day, whoever serves.
func drawnForm(t *testing.T, base string) string {
	t.Helper()
	res, err := http.Get(base + "/kien-nghi/gui")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	m := drawnMark.FindSubmatch(page)
	if err != nil || m == nil {
		t.Fatalf("no form: %v, %d", err, res.StatusCode)
	}
	time.Sleep(3100 * time.Millisecond)
	return html.UnescapeString(string(m[1]))
}

// gateLimits are the shipped limits with room for thousands of petitions to one
// council within minutes, which no proof of work could bring here.
func gateLimits(t *testing.T) string {
	t.Helper()
	shipped, err := os.ReadFile("../internal/modules/petitions/gate/limits.toml")
	if err != nil {
		t.Fatal(err)
	}
	wide := strings.NewReplacer("ask = 600,", "ask = 1_000_000,", "ask = 10000,", "ask = 1_000_000,").Replace(string(shipped))
	path := filepath.Join(t.TempDir(), "limits.toml")
	if err := os.WriteFile(path, []byte(wide), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// handIn confirms a petition as a browser does, and gives the code of the
// receipt that was shown; empty when the program died before.
func handIn(base, drawn string, n int) string {
	form := url.Values{"drawn": {drawn}, "to": {"city"}, "ward": {"00004"}, "text": {fmt.Sprintf("Kiến nghị số %d: đường trước nhà hư hỏng, đề nghị sửa chữa sớm.", n)}, "act": {"send"}}
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.PostForm(base+"/kien-nghi/gui", form)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	m := receipt.FindStringSubmatch(res.Request.URL.RequestURI())
	if m == nil || res.StatusCode != http.StatusOK {
		return ""
	}
	return m[1]
}
