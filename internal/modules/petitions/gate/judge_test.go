package gate

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// easy makes the work of the tests small; how long it takes is not what they show.
func (w *world) easy() {
	for i := range w.editions {
		w.editions[i].Work = []Work{{Bits: 4, Wait: 20 * time.Second}, {Bits: 6, Wait: time.Minute}}
	}
}

// TestSharedAddress: a ward hall's 200 voters in a morning all get through, and
// none is held back or refused.
func TestSharedAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		asked := 0
		for i := range 200 {
			id, v, proof := w.send(t, w.voter("198.51.100.7"))
			if id == "" || v.Grade != Normal {
				t.Fatalf("voter %d: %+v", i+1, v)
			}
			if proof {
				asked++
			}
			w.clock.Advance(70 * time.Second)
		}
		if asked == 0 || asked == 200 {
			t.Errorf("%d of 200 were asked for a proof", asked)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_held`); n != 0 {
			t.Errorf("%d are held", n)
		}
	})
}

// TestFlood: ten thousand from one IPv6 household, each from another of its
// addresses, come to a stop; the neighbour does not notice.
func TestFlood(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		stop := w.editions[0].Address6.Burst.Stop
		taken, held, refused := 0, 0, 0
		var last Verdict
		for i := range 10_000 {
			a := w.voter(fmt.Sprintf("2001:db8:1:2:%x::%x", i%65536, i))
			if refused > 100 { // the rest only asks: nothing changes any more
				if v := w.judge(t, a); v.Grade != Flood {
					t.Fatalf("%d: %+v", i, v)
				}
				if refused++; refused > 1000 {
					break
				}
				continue
			}
			id, v, _ := w.send(t, a)
			switch {
			case id == "":
				refused, last = refused+1, v
			case v.Grade == Held:
				held++
				fallthrough
			default:
				taken++
			}
		}
		if taken != stop || held != stop-w.editions[0].Address6.Burst.Hold {
			t.Errorf("%d taken, %d of them held", taken, held)
		}
		if last.RetryAfter < time.Second || last.RetryAfter > 10*time.Minute || last.Fault() == nil {
			t.Errorf("retry after %v, %v", last.RetryAfter, last.Fault())
		}
		wants(t, last.Fault(), fault.TooMany)
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_held WHERE state = 'held'`); n != held {
			t.Errorf("%d of %d are held", n, held)
		}
		if _, v, _ := w.send(t, w.voter("2001:db8:77::5")); v.Grade != Normal {
			t.Errorf("a neighbour: %+v", v)
		}
		w.clock.Advance(last.RetryAfter)
		if _, v, _ := w.send(t, w.voter("2001:db8:1:2::1")); v.Grade == Flood {
			t.Errorf("after the time named: %+v", v)
		}
	})
}

// TestContact: one contact in many writings counts as one, from anywhere; it is
// held back and never refused, for anybody may write another's.
func TestContact(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		grades := map[Grade]int{}
		for i := range 60 {
			a := w.voter(fmt.Sprintf("203.0.%d.9", i))
			a.Email = fmt.Sprintf("%s+so%d@%s", []string{"an.nguyen", "AnNguyen", "a.n.nguyen"}[i%3], i, []string{"gmail.com", "googlemail.com"}[i%2])
			id, v, _ := w.send(t, a)
			if id == "" {
				t.Fatalf("%d was refused", i)
			}
			grades[v.Grade]++
			if v.Grade == Held && v.Why != "gate.why_email" {
				t.Errorf("why %s", v.Why)
			}
		}
		if want := 60 - w.editions[0].Email.Burst.Hold; grades[Held] != want {
			t.Errorf("grades %v, want %d held", grades, want)
		}
		if n := w.count(t, `SELECT COUNT(DISTINCT email_mark) FROM petitions_traces`); n != 1 {
			t.Errorf("%d marks of one contact", n)
		}
		all := w.count(t, `SELECT COUNT(*) FROM petitions_traces WHERE email_mark LIKE '%gmail%' OR address_mark LIKE '203%'`)
		if all != 0 {
			t.Error("a contact or address is kept in clear")
		}
	})
}

// TestSuspect: the honey fields, haste and a foreign form raise the grade; none
// of them alone or together refuses or drops anything.
func TestSuspect(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		filled, fast, both, foreign, old, ahead, program := w.voter("198.51.100.1"), w.voter("198.51.100.2"), w.voter("198.51.100.3"), w.voter("198.51.100.4"), w.voter("198.51.100.5"), w.voter("198.51.100.6"), w.voter("198.51.100.7")
		filled.Filled, both.Filled = true, true
		fast.Drawn = w.Draw()
		both.Drawn = fast.Drawn
		foreign.Drawn = strings.Repeat("A", len(fast.Drawn))
		w.clock.Advance(-25 * time.Hour)
		old.Drawn = w.Draw()
		w.clock.Advance(25*time.Hour + time.Minute)
		ahead.Drawn = w.Draw() // by a node whose clock is a minute ahead
		w.clock.Advance(-time.Minute)
		program.Kind, program.Drawn = Request, ""
		for name, c := range map[string]struct {
			a     Attempt
			first Grade
			after Grade
			why   string
		}{
			"filled": {filled, Asked, Normal, ""}, "fast": {fast, Asked, Normal, ""}, "both": {both, Asked, Held, "gate.why_fast"}, "foreign": {foreign, Asked, Normal, ""},
			"old": {old, Asked, Normal, ""}, "ahead": {ahead, Normal, Normal, ""}, "program": {program, Normal, Normal, ""},
		} {
			if v := w.judge(t, c.a); v.Grade != c.first || (v.Challenge != nil) != (v.Grade == Asked) {
				t.Errorf("%s: %+v", name, v)
			}
			id, v, _ := w.send(t, c.a)
			if id == "" || v.Grade != c.after || v.Why != c.why {
				t.Errorf("%s, sent: %+v", name, v)
			}
		}
		program.Filled = true
		if id, v, asked := w.send(t, program); id == "" || v.Grade != Held || asked {
			t.Errorf("a program in a trap: %+v", v)
		}
		if v := w.judge(t, Attempt{Kind: Petition, CouncilID: "hn", Who: clerk, Filled: true}); v.Grade != Normal {
			t.Errorf("a clerk: %+v", v)
		}
		if v := w.judge(t, Attempt{Kind: Rating, CouncilID: "hn", Who: org.Voter("x")}); v.Grade != Normal {
			t.Errorf("no address: %+v", v)
		}
	})
}

// TestProof tries to get by with proofs that are not.
func TestProof(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		a := w.voter("198.51.100.1")
		a.Filled = true
		c := w.judge(t, a).Challenge
		good := a
		good.Once, good.Proof = c.Once, Solution{c.Token, solve(c)}
		if v := w.judge(t, good); v.Grade != Normal {
			t.Fatalf("a good proof: %+v", v)
		}
		other := w.judge(t, a).Challenge
		flip := func(s string) string {
			b := []byte(s)
			b[3] ^= 1 // another letter, no longer signed
			return string(b)
		}
		wrongNonce := "0"
		for n := 0; c.solved(wrongNonce); n++ {
			wrongNonce = fmt.Sprint(n)
		}
		for name, edit := range map[string]func(*Attempt){
			"nothing":        func(a *Attempt) { a.Proof = Solution{} },
			"not solved":     func(a *Attempt) { a.Proof.Nonce = wrongNonce },
			"long":           func(a *Attempt) { a.Proof.Nonce = strings.Repeat("9", 100_000) },
			"forged":         func(a *Attempt) { a.Proof.Token = flip(a.Proof.Token) },
			"another form":   func(a *Attempt) { a.Once = other.Once },
			"no form":        func(a *Attempt) { a.Once = "" },
			"another mark":   func(a *Attempt) { a.Proof.Token = other.Token },
			"other council":  func(a *Attempt) { a.CouncilID = "bd" },
			"a drawn stamp":  func(a *Attempt) { a.Proof.Token = a.Drawn },
			"not even ASCII": func(a *Attempt) { a.Proof.Token = strings.Repeat("ă", 40) },
		} {
			bad := good
			edit(&bad)
			v := w.judge(t, bad)
			if v.Grade != Asked || v.Challenge == nil {
				t.Errorf("%s: %+v", name, v)
			}
			if _, err := w.enter(context.Background(), bad, v); fault.KindOf(err) != fault.Refused {
				t.Errorf("%s: entered, %v", name, err)
			}
		}
		// Sent twice: the second finds the proof used, whatever the form's own mark does.
		v := w.judge(t, good)
		if _, err := w.enter(context.Background(), good, v); err != nil {
			t.Fatal(err)
		}
		_, err := w.enter(context.Background(), good, w.judge(t, good))
		if !fault.Is(err, "gate.proof_used") {
			t.Errorf("replayed: %v", err)
		}
	})
}

// TestClockJumps: a clock that jumps asks anew at worst, and keeps nobody waiting
// for as long as it jumped.
func TestClockJumps(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		a := w.voter("198.51.100.1")
		a.Filled = true
		c := w.judge(t, a).Challenge
		a.Once, a.Proof = c.Once, Solution{Token: c.Token}
		for _, j := range []struct {
			jump    time.Duration
			grade   Grade
			renewed bool
		}{{10 * time.Second, Asked, false}, {-30 * time.Second, Asked, false}, {-3 * time.Hour, Asked, true}, {3 * time.Hour, Asked, true}, {c.Wait, Normal, false}, {c.Wait + time.Hour, Normal, false}} {
			w.clock.Advance(j.jump)
			b := a
			b.Drawn = "" // its age is not what is shown here
			v := w.judge(t, b)
			if v.Grade != j.grade {
				t.Errorf("%v: %+v", j.jump, v)
			}
			if j.grade == Asked && (v.Challenge.Token != c.Token) != j.renewed {
				t.Errorf("%v: renewed %v", j.jump, v.Challenge.Token != c.Token)
			}
			if j.grade == Asked && v.Challenge.Left > 3*time.Minute {
				t.Errorf("%v: %v to wait", j.jump, v.Challenge.Left)
			}
			w.clock.Advance(-j.jump)
		}
	})
}

// TestPrivateAddress: behind an address of our own stands everybody, so it is
// never stopped.
func TestPrivateAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		l := w.editions[0]
		tr := &trace{}
		for _, a := range []string{"10.1.2.3", "127.0.0.1", "::1", "::ffff:192.168.1.9", "fd00::1"} {
			for _, s := range w.scopes(Attempt{Address: netip.MustParseAddr(a), CouncilID: "hn"}, l, tr) {
				if s.Burst.Stop+s.Day.Stop != 0 {
					t.Errorf("%s is stopped by %s", a, s.scope)
				}
			}
		}
		a, around := network(netip.MustParseAddr("::ffff:198.51.100.7"))
		if a.String() != "198.51.100.7/32" || around.String() != "198.51.100.0/24" {
			t.Errorf("%s %s", a, around)
		}
	})
}

// TestPurge erases marks after their month and rows after ten weeks.
func TestPurge(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		a := w.voter("198.51.100.1")
		a.Email, a.Filled = "an@example.vn", true
		w.send(t, a)
		purge := func(days int) (rows, marks int) {
			w.clock.Advance(time.Duration(days) * 24 * time.Hour)
			if err := w.purge(context.Background(), w.work()); err != nil {
				t.Fatal(err)
			}
			return w.count(t, `SELECT COUNT(*) FROM petitions_traces`), w.count(t, `SELECT COUNT(*) FROM petitions_traces WHERE address_mark <> '' OR network_mark <> '' OR email_mark <> '' OR text_mark <> ''`)
		}
		if rows, marks := purge(29); rows != 1 || marks != 1 {
			t.Errorf("after 29 days %d rows, %d with marks", rows, marks)
		}
		if rows, marks := purge(2); rows != 1 || marks != 0 {
			t.Errorf("after 31 days %d rows, %d with marks", rows, marks)
		}
		if rows, _ := purge(40); rows != 0 || w.count(t, `SELECT COUNT(*) FROM petitions_proofs`) != 0 {
			t.Errorf("after 71 days %d rows", rows)
		}
	})
}

// TestTwoNodes: what one node took in counts at the other a second later, also
// at one that has just started.
func TestTwoNodes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		ctx := context.Background()
		deps := w.Deps
		deps.Queue = nil
		other := func() *Desk {
			d, err := New(deps)
			if err != nil {
				t.Fatal(err)
			}
			d.editions = w.editions
			return d
		}
		beside := other()
		if v, err := beside.Judge(ctx, w.voter("198.51.100.7")); err != nil || v.Grade != Normal {
			t.Fatalf("%+v %v", v, err)
		}
		for range w.editions[0].Address4.Burst.Ask {
			w.send(t, w.voter("198.51.100.7"))
		}
		w.clock.Advance(refreshEvery)
		for name, d := range map[string]*Desk{"beside": beside, "fresh": other()} {
			v, err := d.Judge(ctx, w.voter("198.51.100.7"))
			if err != nil || v.Grade != Asked {
				t.Fatalf("%s: %+v %v", name, v, err)
			}
			// A challenge of one node is met at another.
			a := w.voter("198.51.100.7")
			a.Once, a.Proof = v.Challenge.Once, Solution{v.Challenge.Token, solve(v.Challenge)}
			if v := w.judge(t, a); v.Grade != Normal {
				t.Errorf("%s: %+v", name, v)
			}
		}
		// Days later nothing of it is left in memory but what the windows reach.
		w.clock.Advance(72 * time.Hour)
		if _, err := beside.Judge(ctx, w.voter("198.51.100.7")); err != nil {
			t.Fatal(err)
		}
		if m := beside.memory; len(m.minutes)+len(m.hours) != 0 {
			t.Errorf("%d minutes and %d hours are kept", len(m.minutes), len(m.hours))
		}
	})
}

// TestSameWords: hundreds of voters who sign the same wish are no abuse.
func TestSameWords(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for i := range 300 {
			a := w.voter(fmt.Sprintf("203.%d.%d.9", i/200, i%200))
			a.Text = "Chúng tôi cùng đề nghị giữ lại công viên Thống Nhất cho người dân"
			if _, v, asked := w.send(t, a); v.Grade != Normal || asked {
				t.Fatalf("voter %d: %+v", i, v)
			}
			w.clock.Advance(2 * time.Second)
		}
		if err := w.watch(context.Background(), w.work()); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_alerts WHERE scope = 'text' AND span = 'hour' AND n = 300`); n != 1 {
			t.Errorf("%d trends of 300 same texts", n)
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	w := newWorld(b, testOpen(b))
	w.tx(b, func(tx *db.Tx) error {
		for i := range 20_000 {
			at := w.clock.Now().Add(-time.Duration(i) * 4 * time.Second)
			t := trace{id: db.NewID(at), councilID: "hn", unitCode: "00004", kind: Petition, at: db.At(at), address: fmt.Sprint("a", i%900), network: fmt.Sprint("n", i%300), text: fmt.Sprint(i)}
			if err := insertTrace(context.Background(), tx, t.id, t); err != nil {
				return err
			}
		}
		return nil
	})
	a := w.voter("198.51.100.1")
	a.Email = "an@example.vn"
	b.ResetTimer()
	for b.Loop() {
		w.judge(b, a)
	}
}

// BenchmarkEnter hands in from many hands at once, with and without the gate, on
// both databases: the difference is what the gate costs an intake.
func BenchmarkEnter(b *testing.B) {
	for _, base := range []struct {
		name string
		open func(testing.TB, ...db.Migrations) *db.DB
	}{{"sqlite", testkit.OpenSQLite}, {"postgres", testkit.OpenPostgres}} {
		for _, gated := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/gated=%v", base.name, gated), func(b *testing.B) { benchmarkEnter(b, newWorld(b, base.open(b, schemas()...)), gated) })
		}
	}
}

func benchmarkEnter(b *testing.B, w *world, gated bool) {
	var number atomic.Int64
	b.SetParallelism(128)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		ctx := context.Background()
		for pb.Next() {
			n := number.Add(1)
			a := Attempt{Kind: Request, Address: netip.AddrFrom4([4]byte{byte(n >> 16), byte(n >> 8), byte(n), 7}), CouncilID: "hn", Text: fmt.Sprint("Đề nghị sửa đường số ", n), Email: fmt.Sprint(n, "@example.vn")}
			var v Verdict
			if gated {
				var err error
				if v, err = w.Judge(ctx, a); err != nil {
					b.Error(err)
				}
			}
			if _, err := w.enter(ctx, a, v); err != nil {
				b.Error(err)
			}
		}
	})
}
