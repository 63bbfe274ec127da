package audit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

const origin = "hdnd.example.vn/nhat-ky"

var clerk = org.Actor{PersonID: "p-lan", Name: "Nguyễn Thị Lan", PostID: "post-1", PostTitle: "Chuyên viên", BodyID: "body-vp", BodyName: "Văn phòng", CouncilID: "hn",
	Via: []org.Proxy{{PersonID: "p-ha", Name: "Trần Hà", PostID: "post-2", PostTitle: "Phó Chánh Văn phòng", DelegationID: "d-1"}}, SignInID: "s-1", Address: "10.0.0.7"}

// bench is one log on one database with a clock of its own.
type bench struct {
	*audit.Log
	db    *db.DB
	clock *clock.Movable
	key   audit.Key
}

func newBench(t testing.TB, d *db.DB) *bench {
	t.Helper()
	key, err := audit.NewKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	c := testkit.Clock(t)
	return &bench{Log: audit.New(d, c, key), db: d, clock: c, key: key}
}

func (b *bench) entry(subject string) audit.Entry {
	b.clock.Advance(time.Second)
	return audit.Entry{CouncilID: "hn", Subject: subject, Ref: "KN-2026-" + subject, Verb: "petitions.receive", At: b.clock.Now(), Who: clerk,
		Papers: []string{strings.Repeat("ab", 32)}, Details: map[string]any{"text": "Đường <liên xã> hư hỏng", "state": "received", "n": 3}}
}

func (b *bench) append(t testing.TB, entries ...audit.Entry) []audit.Leaf {
	t.Helper()
	var leaves []audit.Leaf
	err := b.db.Tx(t.Context(), func(tx *db.Tx) error {
		leaves = nil
		for _, e := range entries {
			leaf, err := b.Append(t.Context(), tx, e)
			if err != nil {
				return err
			}
			leaves = append(leaves, leaf)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return leaves
}

// acts appends n entries, each in a transaction of its own.
func (b *bench) acts(t testing.TB, n int) []audit.Leaf {
	t.Helper()
	var leaves []audit.Leaf
	for i := range n {
		leaves = append(leaves, b.append(t, b.entry(fmt.Sprint(i)))...)
	}
	return leaves
}

func (b *bench) sequence(t testing.TB) int {
	t.Helper()
	n, err := b.Sequence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (b *bench) exec(t testing.TB, q string, args ...any) {
	t.Helper()
	if err := b.db.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), q, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) verify(t testing.TB, sources ...audit.Rederive) audit.Report {
	t.Helper()
	r, err := b.Verify(t.Context(), sources...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bench) whole(t testing.TB) audit.Report {
	t.Helper()
	r := b.verify(t)
	if !r.OK() {
		t.Fatalf("the log is not whole: %+v", r.Findings)
	}
	return r
}

func (b *bench) mustProve(t testing.TB, leaf audit.Leaf) audit.Result {
	t.Helper()
	proof, err := b.Proof(t.Context(), leaf.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err := audit.VerifyReceipt([]string{b.PublicKey()}, leaf.JSON, proof)
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, leaf.JSON, proof)
	}
	return r
}

func TestPromiseThenProof(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		if _, err := b.Checkpoint(t.Context()); !fault.Is(err, "audit.empty") {
			t.Errorf("checkpoint of an empty log: %v", err)
		}
		leaves := b.acts(t, 5)
		promised, err := audit.VerifyReceipt([]string{b.PublicKey()}, leaves[2].JSON, b.Promise(leaves[2]))
		if err != nil || promised.Standing != audit.Promised || promised.Leaf.Ref != "KN-2026-2" || !promised.Promised.Equal(b.clock.Now()) {
			t.Errorf("promise: %+v, %v", promised, err)
		}
		if _, err := b.Proof(t.Context(), leaves[2].ID); !fault.Is(err, "audit.not_yet") {
			t.Errorf("proof before its time: %v", err)
		}
		if r, err := b.Receipt(t.Context(), leaves[2].ID); err != nil || r.Placed {
			t.Errorf("receipt before its time: %+v, %v", r, err)
		}
		if n := b.sequence(t); n != 5 {
			t.Errorf("placed %d, want 5", n)
		}
		if n := b.sequence(t); n != 0 {
			t.Errorf("placed %d again", n)
		}
		for i, leaf := range leaves {
			if r := b.mustProve(t, leaf); r.Index != int64(i) || r.Size != 5 || r.Origin != origin || r.Standing != audit.Proven {
				t.Errorf("leaf %d: %+v", i, r)
			}
		}
		r, err := b.Receipt(t.Context(), leaves[2].ID)
		if err != nil || !r.Placed {
			t.Fatalf("receipt: %+v, %v", r, err)
		}
		leaf, proof, err := audit.ParseReceipt("\ufeff" + strings.ReplaceAll(r.Text(), "\n", "\r\n") + "\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := audit.VerifyReceipt([]string{b.PublicKey()}, leaf, proof); err != nil {
			t.Errorf("receipt with Windows line ends: %v", err)
		}
		report := b.whole(t)
		if report.Entries != 5 || report.Size != 5 || report.Checkpoints != 1 || report.Waiting != 0 {
			t.Errorf("report %+v", report)
		}
	}, audit.Migrations)
}

// TestLeafHoldsNothingPersonal reads the leaf as the public would.
func TestLeafHoldsNothingPersonal(t *testing.T) {
	b := newBench(t, testkit.OpenSQLite(t, audit.Migrations))
	leaf := b.acts(t, 1)[0]
	want := `{"at":"2026-11-16T08:00:01.000000+07:00","commit":"`
	tail := `","event":"petitions.receive","papers":["` + strings.Repeat("ab", 32) + `"],"ref":"KN-2026-0","v":1}`
	if !strings.HasPrefix(leaf.JSON, want) || !strings.HasSuffix(leaf.JSON, tail) || len(leaf.JSON) != len(want)+44+len(tail) {
		t.Errorf("leaf %s", leaf.JSON)
	}
	o, err := b.Opening(t.Context(), leaf.ID)
	if err != nil || !o.Opens(leaf.JSON) || !strings.Contains(o.Text, "Đường <liên xã> hư hỏng") || !strings.Contains(o.Text, "Nguyễn Thị Lan") {
		t.Errorf("opening %+v, %v", o, err)
	}
	o.Text = strings.Replace(o.Text, "Lan", "Lam", 1)
	if o.Opens(leaf.JSON) {
		t.Error("another opening opens the leaf")
	}
}

func TestSealed(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		e := b.entry("tc-1")
		e.Sealed, e.Verb = true, "denunciations.receive"
		leaf := b.append(t, b.entry("kn-1"), e)[1]
		if strings.Contains(leaf.JSON, "tc-1") {
			t.Errorf("the leaf of a sealed entry names it: %s", leaf.JSON)
		}
		b.sequence(t)
		if _, err := b.Proof(t.Context(), leaf.ID); !fault.Is(err, "audit.not_yet") {
			t.Errorf("a sealed entry has a proof in the public tree: %v", err)
		}
		b.whole(t)
		public, err := b.Leaves(t.Context(), 0, 10)
		if err != nil || len(public) != 1 || public[0].Leaf.JSON == "" || public[0].Leaf.Hash == leaf.Hash {
			t.Errorf("public leaves %+v, %v", public, err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			open, _, err := b.Entries(t.Context(), tx, audit.Filter{}, audit.Page{})
			if err != nil {
				return err
			}
			all, _, err := b.Entries(t.Context(), tx, audit.Filter{Sealed: true}, audit.Page{})
			if len(open) != 1 || len(all) != 2 {
				t.Errorf("%d open, %d in all", len(open), len(all))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, audit.Migrations)
}

func TestEntriesPages(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.acts(t, 7)
		other := b.entry("x")
		other.CouncilID, other.Verb, other.Who = "hue", "org.appoint", org.System("hue")
		b.append(t, other)
		read := func(f audit.Filter, p audit.Page) (all []audit.Record, next string) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				all, next, err = b.Entries(t.Context(), tx, f, p)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return all, next
		}
		var seen []string
		for after := ""; ; {
			page, next := read(audit.Filter{CouncilID: "hn"}, audit.Page{After: after, Limit: 3})
			for _, r := range page {
				seen = append(seen, r.Subject)
			}
			if after = next; next == "" {
				break
			}
		}
		if got := strings.Join(seen, ""); got != "6543210" {
			t.Errorf("pages give %s", got)
		}
		for name, c := range map[string]struct {
			f    audit.Filter
			want int
		}{
			"verb":    {audit.Filter{Verb: "org.appoint"}, 1},
			"module":  {audit.Filter{Verb: "petitions."}, 7},
			"person":  {audit.Filter{PersonID: "p-lan"}, 7},
			"subject": {audit.Filter{Subject: "3"}, 1},
			"ref":     {audit.Filter{Ref: "KN-2026-3"}, 1},
			"time":    {audit.Filter{From: b.clock.Now().Add(-2 * time.Second), To: b.clock.Now()}, 2},
			"none":    {audit.Filter{BodyID: "nobody"}, 0},
		} {
			if got, _ := read(c.f, audit.Page{}); len(got) != c.want {
				t.Errorf("%s: %d entries, want %d", name, len(got), c.want)
			}
		}
		one, _ := read(audit.Filter{Subject: "3"}, audit.Page{})
		if r := one[0]; r.Who.Name != "Nguyễn Thị Lan" || r.Who.Via[0].Name != "Trần Hà" || r.Details["text"] != "Đường <liên xã> hư hỏng" || r.Address != "10.0.0.7" || r.Position != -1 {
			t.Errorf("record %+v", r)
		}
	}, audit.Migrations)
}

// TestRollsBackWithTheAct proves that an act that fails leaves no entry.
func TestRollsBackWithTheAct(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		refused := errors.New("refused")
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			if _, err := b.Append(t.Context(), tx, b.entry("1")); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) || b.sequence(t) != 0 {
			t.Errorf("an entry stayed: %v", err)
		}
	}, audit.Migrations)
}

func TestAppendRefusesMistakes(t *testing.T) {
	b := newBench(t, testkit.OpenSQLite(t, audit.Migrations))
	for name, spoil := range map[string]func(*audit.Entry){
		"verb":    func(e *audit.Entry) { e.Verb = "Receive" },
		"subject": func(e *audit.Entry) { e.Subject = "" },
		"time":    func(e *audit.Entry) { e.At = time.Time{} },
		"paper":   func(e *audit.Entry) { e.Papers = []string{"abc"} },
		"ref":     func(e *audit.Entry) { e.Ref = strings.Repeat("x", 201) },
		"details": func(e *audit.Entry) { e.Details["big"] = strings.Repeat("x", 70_000) },
		"value":   func(e *audit.Entry) { e.Details["f"] = func() {} },
	} {
		e := b.entry("1")
		spoil(&e)
		if err := b.db.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := b.Append(t.Context(), tx, e)
			return err
		}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestOddText takes what people paste: both databases must give it back as it
// went in, or the log would not verify.
func TestOddText(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		for i, odd := range []string{"", "\x00", "a\x01\n\t\"\\\u2028", "\xff\xfe", "Tiếng Việt", "😀", "</script>", strings.Repeat("đ", 10_000)} {
			e := b.entry(fmt.Sprintf("%d%s", i, odd))
			e.Ref, e.Details, e.Who.Name, e.Who.Address = "", map[string]any{"text": odd, odd: 1e300, "list": []any{nil, true, -1.5}}, odd, odd
			b.append(t, e)
		}
		b.sequence(t)
		b.whole(t)
	}, audit.Migrations)
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "log.key")
	made, err := audit.LoadKey(path, origin)
	if err != nil {
		t.Fatal(err)
	}
	again, err := audit.LoadKey(path, origin)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := audit.New(nil, clock.System{}, made), audit.New(nil, clock.System{}, again); a.PublicKey() != b.PublicKey() || a.Origin() != origin {
		t.Error("the second reading gives another key")
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := audit.LoadKey(path, "other.example.vn"); err == nil {
		t.Error("took the key of another log")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.LoadKey(path, origin); err == nil {
		t.Error("took a key that all may read")
	}
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte("PRIVATE+KEY+x+y"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.LoadKey(path, origin); err == nil {
		t.Error("took half a key")
	}
	if _, err := audit.NewKey("two words"); err == nil {
		t.Error("took a name with a space")
	}
}

func TestSentences(t *testing.T) {
	if _, err := text.Load(audit.Files); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []text.Lang{text.Vi, text.En} {
		for _, asJSON := range []bool{false, true} {
			var b strings.Builder
			r := audit.Report{Wrong: 30, Rows: map[string]int64{"petitions": 2}}
			for _, k := range audit.FindingKinds() {
				r.Findings = append(r.Findings, audit.Finding{Kind: k, Table: "t", Row: "r", Field: "f", Want: "w", Have: "h"})
			}
			if err := errors.Join(audit.WriteReport(&b, lang, r, asJSON), audit.WriteReport(&b, lang, audit.Report{}, asJSON),
				audit.WriteResult(&b, lang, audit.Result{Standing: audit.Promised}, asJSON), audit.WriteResult(&b, lang, audit.Result{Standing: audit.Proven}, asJSON)); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(b.String(), "⟦") || !asJSON && strings.Contains(b.String(), "{") {
				t.Errorf("%s: a sentence is missing or has a hole:\n%s", lang, b.String())
			}
		}
	}
}

// TestRun lets the loop work by itself: a proof is there within a second.
func TestRun(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); b.Run(ctx) }()
		leaf := b.acts(t, 1)[0]
		deadline := time.After(5 * time.Second)
		for {
			if _, err := b.Proof(t.Context(), leaf.ID); err == nil {
				break
			}
			select {
			case <-deadline:
				t.Fatal("no proof after five seconds")
			case <-time.After(5 * time.Millisecond):
			}
		}
		stop()
		<-done
		if err := b.Trouble(); err != nil {
			t.Error(err)
		}
	}, audit.Migrations)
}

func refuses(t *testing.T, key string, err error) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("error %v, want %s", err, key)
	}
}
