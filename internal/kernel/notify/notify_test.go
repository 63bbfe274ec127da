package notify_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

var sentences = fstest.MapFS{
	"text/vi.toml": {Data: []byte("[letters]\nforwarded = \"Kiến nghị {code} đã được chuyển đến {body}\"\nbody = \"\"\"Kính gửi Ông/Bà,\n\nKiến nghị <{code}> đã được chuyển.\n\nTrân trọng.\"\"\"")},
	"text/en.toml": {Data: []byte("[letters]\nforwarded = \"Petition {code} was forwarded to {body}\"\nbody = \"\"\"Dear voter,\n\nPetition <{code}> was forwarded.\"\"\"")},
}

// office is a council's office with two people, and a notifier for it.
type office struct {
	*notify.Notifier
	db    *db.DB
	clock *clock.Movable
	queue *jobs.Queue
	hub   *live.Hub
}

func newOffice(t testing.TB, d *db.DB, server notify.Server) *office {
	t.Helper()
	c := testkit.Clock(t)
	o := &office{db: d, clock: c, queue: jobs.New(d, c), hub: live.New(0)}
	t.Cleanup(o.hub.Close)
	catalogue, err := text.Load(notify.Files, sentences)
	if err != nil {
		t.Fatal(err)
	}
	o.Notifier, err = notify.New(notify.Deps{DB: d, Clock: c, Jobs: o.queue, Live: o.hub, Text: catalogue, Server: server, Address: "https://hdnd.example.vn/"})
	if err != nil {
		t.Fatal(err)
	}
	o.tx(t, func(ctx context.Context, tx *db.Tx) error {
		post := func(id, person, body string, ends clock.Date, roles ...org.Role) error {
			return org.AddPost(ctx, tx, org.Post{ID: id, PersonID: person, BodyID: body, Roles: db.JSON[[]org.Role]{V: roles}, Ends: ends})
		}
		return errors.Join(
			org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}),
			org.AddBody(ctx, tx, org.Body{ID: "office", CouncilID: "hn", Kind: org.Office, Code: "VP", Name: "Văn phòng"}),
			org.AddPerson(ctx, tx, org.Person{ID: "lan", Name: "Nguyễn Thị Lan", Email: "lan@hanoi.example.vn"}),
			org.AddPerson(ctx, tx, org.Person{ID: "an", Name: "Trần Văn An"}),
			org.AddPerson(ctx, tx, org.Person{ID: "tu", Name: "Lê Tú", Email: "tú@hanoi.example.vn"}),
			post("clerk", "lan", "office", clock.Date{}, org.Clerk),
			post("head", "an", "office", clock.Date{}, org.Head),
			post("former", "tu", "office", clock.NewDate(2026, 1, 1), org.Head),
		)
	})
	return o
}

func (o *office) tx(t testing.TB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := o.db.Tx(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func (o *office) unread(t testing.TB, person string) (n int) {
	t.Helper()
	o.tx(t, func(ctx context.Context, tx *db.Tx) (err error) { n, err = o.Unread(ctx, tx, person); return err })
	return n
}

func schemas() []db.Migrations {
	return []db.Migrations{org.Migrations, jobs.Migrations, notify.Migrations}
}

func eachOffice(t *testing.T, fn func(t *testing.T, o *office)) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newOffice(t, d, notify.Server{})) }, schemas()...)
}

var notice = notify.Notice{Key: "letters.forwarded", Args: []any{"code", "KN-1", "body", "Sở Xây dựng"}, Link: "/petitions/1", CaseID: "c1", CouncilID: "hn"}

func TestTell(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		screen := o.hub.Subscribe("person:lan")
		o.tx(t, func(ctx context.Context, tx *db.Tx) error {
			// Lan is meant three times and told once; An acts and is not told;
			// Tú's post is over.
			to := notify.Recipients{People: []string{"lan"}, Posts: []string{"clerk", "former"}, Body: "office", Roles: []org.Role{org.Clerk, org.Head}, Except: "an"}
			return o.Tell(ctx, tx, to, notice)
		})
		if got := <-screen.C(); got != "person:lan" {
			t.Errorf("screen heard %q", got)
		}
		for person, want := range map[string]int{"lan": 1, "an": 0, "tu": 0} {
			if n := o.unread(t, person); n != want {
				t.Errorf("%s has %d unread, want %d", person, n, want)
			}
		}
		o.tx(t, func(ctx context.Context, tx *db.Tx) error {
			all, err := o.Inbox(ctx, tx, "lan", "", 10)
			if err != nil || len(all) != 1 {
				t.Fatalf("%v %v", all, err)
			}
			m := all[0]
			if got := o.Text.Say(text.Vi, m.Key, m.Args()...); got != "Kiến nghị KN-1 đã được chuyển đến Sở Xây dựng" || m.Link != "/petitions/1" || m.BodyID != "office" || m.Read() {
				t.Errorf("%q %+v", got, m)
			}
			if _, err := o.FindMessage(ctx, tx, "an", m.ID); fault.KindOf(err) != fault.Missing {
				t.Errorf("another's message: %v", err)
			}
			if err := o.MarkRead(ctx, tx, "an", m.ID); fault.KindOf(err) != fault.Missing {
				t.Errorf("another's message read: %v", err)
			}
			return o.MarkRead(ctx, tx, "lan", m.ID)
		})
		if n := o.unread(t, "lan"); n != 0 {
			t.Errorf("%d unread after reading", n)
		}
	})
}

// silent is a log that keeps nothing.
type silent struct{}

func (silent) Record(context.Context, *db.Tx, org.Actor, string, string, string, map[string]any) error {
	return nil
}

// Who stands in for a post is told with its holder: on the days of the
// delegation, and of what it covers.
func TestTellStandIns(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		desk := org.New(org.Deps{DB: o.db, Clock: o.clock, Recorder: silent{}})
		day := clock.Today(o.clock)
		head := org.Actor{PersonID: "an", PostID: "head", BodyID: "office", CouncilID: "hn", Roles: []org.Role{org.Head}}
		grant := org.DelegationGrant{FromPost: "head", ToPost: "clerk", Document: "12/GUQ", Starts: day, Ends: day.AddDays(2), Scope: []string{"letters.sign"}}
		if _, err := desk.Grant(t.Context(), head, grant); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			about string
			days  int
			want  int
		}{{"letters.forwarded", 0, 1}, {"accounts.locked", 0, 1}, {"letters.forwarded", 2, 2}, {"letters.forwarded", 1, 2}} {
			o.clock.Advance(time.Duration(step.days) * 24 * time.Hour)
			o.tx(t, func(ctx context.Context, tx *db.Tx) error {
				about := notice
				about.Key = step.about
				return o.Tell(ctx, tx, notify.Recipients{Posts: []string{"head"}}, about)
			})
			if n := o.unread(t, "lan"); n != step.want {
				t.Errorf("%s after %d days: %d unread, want %d", step.about, step.days, n, step.want)
			}
		}
		if n := o.unread(t, "an"); n != 4 {
			t.Errorf("the holder has %d unread, want 4", n)
		}
	})
}

func TestRollbackTellsNobody(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		screen := o.hub.Subscribe("person:lan")
		no := errors.New("refused")
		err := o.db.Tx(t.Context(), func(tx *db.Tx) error {
			told := notice
			told.Mail = true
			if err := o.Tell(t.Context(), tx, notify.Recipients{Body: "office"}, told); err != nil {
				return err
			}
			return no
		})
		if n, derr := o.queue.Drain(t.Context()); !errors.Is(err, no) || derr != nil || n != 0 || o.unread(t, "lan") != 0 || len(screen.C()) != 0 {
			t.Errorf("%v, %d letters, %v", err, n, derr)
		}
	})
}

func TestInboxPages(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		for range 130 {
			o.clock.Advance(time.Minute)
			o.tx(t, func(ctx context.Context, tx *db.Tx) error {
				return o.Tell(ctx, tx, notify.Recipients{People: []string{"lan"}}, notice)
			})
		}
		if n := o.unread(t, "lan"); n != notify.UnreadMax {
			t.Errorf("%d unread, want counting to stop at %d", n, notify.UnreadMax)
		}
		seen, before, newest := 0, "", ""
		for {
			var page []notify.Message
			o.tx(t, func(ctx context.Context, tx *db.Tx) (err error) {
				page, err = o.Inbox(ctx, tx, "lan", before, 50)
				return err
			})
			if len(page) == 0 {
				break
			}
			for i, m := range page {
				if i > 0 && m.At.After(page[i-1].At.Time) {
					t.Error("not newest first")
				}
			}
			if newest == "" {
				newest = page[50/2].ID
			}
			seen, before = seen+len(page), page[len(page)-1].ID
		}
		if seen != 130 {
			t.Errorf("saw %d of 130", seen)
		}
		o.tx(t, func(ctx context.Context, tx *db.Tx) error { return o.MarkAllRead(ctx, tx, "lan", newest) })
		if n := o.unread(t, "lan"); n != 25 {
			t.Errorf("%d unread, want the 25 that came after", n)
		}
		o.tx(t, func(ctx context.Context, tx *db.Tx) error { return o.MarkCaseRead(ctx, tx, "lan", "c1") })
		if n := o.unread(t, "lan"); n != 0 {
			t.Errorf("%d unread after opening the case", n)
		}
	})
}

func TestPurge(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		drain := func() {
			if _, err := o.queue.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		drain()
		o.tx(t, func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(o.Tell(ctx, tx, notify.Recipients{People: []string{"lan"}}, notice),
				o.Mail(ctx, tx, notify.Letter{CouncilID: "hn", To: "voter@example.vn", Lang: text.Vi, Subject: notify.Sentence{Key: "letters.forwarded"}, Body: notify.Sentence{Key: "letters.body"}}))
		})
		left := func() (mails, messages int) {
			o.tx(t, func(ctx context.Context, tx *db.Tx) error {
				all, err := o.Mails(ctx, tx, notify.MailFilter{})
				inbox, ierr := o.Inbox(ctx, tx, "lan", "", 10)
				mails, messages = len(all), len(inbox)
				return errors.Join(err, ierr)
			})
			return mails, messages
		}
		for _, step := range []struct{ days, mails, messages int }{{80, 1, 1}, {20, 0, 1}, {310, 0, 0}} {
			o.clock.Advance(time.Duration(step.days) * 24 * time.Hour)
			drain()
			if mails, messages := left(); mails != step.mails || messages != step.messages {
				t.Errorf("after %d days more: %d mails, %d messages", step.days, mails, messages)
			}
		}
	})
}

func TestAddress(t *testing.T) {
	for typed, want := range map[string]string{
		" Lan.Nguyen+hdnd@Gmail.COM ":           "Lan.Nguyen+hdnd@gmail.com",
		"":                                      "notify.address_empty",
		"lan":                                   "notify.address_at",
		"lan@":                                  "notify.address_at",
		"a@b@c.vn":                              "notify.address_at",
		"lan@localhost":                         "notify.address_domain",
		"lan@127.0.0.1":                         "notify.address_domain",
		"lan@-x.vn":                             "notify.address_domain",
		"lan@x..vn":                             "notify.address_domain",
		"lường@gmail.com":                       "notify.address_accents",
		"lu\u031bo\u031b\u0300ng@gmail.com":     "notify.address_accents",
		"lan@hànội.vn":                          "notify.address_domain_accents",
		"Lan <lan@gmail.com>":                   "notify.address_wrong",
		"lan..a@gmail.com":                      "notify.address_wrong",
		".lan@gmail.com":                        "notify.address_wrong",
		"a@x.vn, b@x.vn":                        "notify.address_several",
		"a@x.vn\nBcc: b@x.vn":                   "notify.address_wrong",
		strings.Repeat("a", 65) + "@gmail.com":  "notify.address_long",
		"a@" + strings.Repeat("b.", 130) + "vn": "notify.address_long",
		"😀@gmail.com":                           "notify.address_accents",
	} {
		got, err := notify.Address(typed)
		if strings.HasPrefix(want, "notify.") {
			if !fault.Is(err, want) {
				t.Errorf("%q: %q %v, want %s", typed, got, err, want)
			}
		} else if err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", typed, got, err, want)
		}
	}
}
