package app_test

import (
	"bufio"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit/council"
)

// TestScripts plays every script in testdata/scripts on both databases, through
// the real pages. docs/how-to/write-a-script.md lists the commands.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			council.Each(t, func(t *testing.T, w *council.World) {
				w.Keepers(t)
				play(t, w, file)
			})
		})
	}
}

// script is a script being played.
type script struct {
	t       *testing.T
	w       *council.World
	who     string
	browser map[string]*council.Browser
	names   map[string]string // p1 → id
	codes   map[string]string // p1 → code
	keys    map[string]string // p1 → key on the receipt
}

func play(t *testing.T, w *council.World, file string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := &script{t: t, w: w, browser: map[string]*council.Browser{}, names: map[string]string{}, codes: map[string]string{}, keys: map[string]string{}}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.do(words(line)); err != nil {
			t.Fatalf("%s:%d: %s\n%v", file, n, line, err)
		}
	}
	s.w.Work(t)
	report, err := w.App.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Errorf("%s: the log does not verify afterwards: %+v, %v", file, report.Findings, err)
	}
}

var word = regexp.MustCompile(`"[^"]*"|[^\s"]+="[^"]*"|\S+`)

// words splits a line at spaces outside quotes.
func words(line string) []string {
	all := word.FindAllString(line, -1)
	for i, w := range all {
		if strings.HasPrefix(w, `"`) {
			all[i] = strings.Trim(w, `"`)
		} else if k, v, ok := strings.Cut(w, `="`); ok {
			all[i] = k + "=" + strings.TrimSuffix(v, `"`)
		}
	}
	return all
}

func (s *script) do(args []string) error {
	commands := map[string]func([]string) error{
		"as": s.as, "hand-in": s.handIn, "post": s.post, "says": s.says, "refused": s.refused, "wait": s.wait, "see": s.see, "lacks": s.lacks,
		"gone": s.gone, "state": s.state, "due": s.due, "acts": s.acts, "mail": s.mail, "notice": s.notice, "contest": s.contest,
		"delegate": s.delegate, "act-as": s.actAs, "cannot-act-as": s.cannotActAs, "merge": s.merge,
		"letter": s.letter, "matter": s.matter,
	}
	run, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("no such command")
	}
	return run(args[1:])
}

// as NAME: what follows is done by this person; cử-tri is not signed in.
func (s *script) as(args []string) error {
	s.who = args[0]
	if s.who == "cử-tri" {
		s.who = ""
	}
	return nil
}

func (s *script) me() *council.Browser {
	if s.browser[s.who] == nil {
		s.browser[s.who] = s.w.Browse(s.t, s.who)
	}
	return s.browser[s.who]
}

// path puts ids in the place of names: /petitions/p1.
func (s *script) path(p string) string {
	for name, id := range s.names {
		p = regexp.MustCompile(`/`+name+`\b`).ReplaceAllString(p, "/"+id)
		p = strings.NewReplacer("{code:"+name+"}", s.codes[name], "{key:"+name+"}", s.keys[name]).Replace(p)
	}
	return p
}

// named puts codes in the place of names in sentences: {code:p1}.
func (s *script) named(sentences []string) []string {
	all := make([]string, len(sentences))
	for i, one := range sentences {
		all[i] = s.path(one)
	}
	return all
}

func (s *script) form(args []string) (form url.Values, rest []string) {
	form = url.Values{}
	for _, a := range args {
		if k, v, ok := strings.Cut(a, "="); ok {
			for name, key := range s.keys {
				v = strings.NewReplacer("{key:"+name+"}", key, "{code:"+name+"}", s.codes[name], "{id:"+name+"}", s.names[name]).Replace(v)
			}
			form.Add(k, v)
		} else {
			rest = append(rest, a)
		}
	}
	return form, rest
}

var receiptLink = regexp.MustCompile(`/kien-nghi/bien-nhan/([A-Z0-9-]+)\?key=([A-Za-z0-9]+)`)

// hand-in NAME to=… ward=… text="…": the voter fills the form in, sees the
// confirmation, sends, and gets the receipt.
func (s *script) handIn(args []string) error {
	form, rest := s.form(args)
	b := s.w.Browse(s.t, "")
	maps.Copy(form, s.w.HandInForm(s.t))
	confirm := b.Post(s.t, "/kien-nghi/gui", form)
	if confirm.Status != http.StatusOK {
		return fmt.Errorf("the form was refused: %d %s", confirm.Status, confirm.Text())
	}
	again := confirm.Hidden()
	again.Set("act", "send")
	sent := b.Post(s.t, "/kien-nghi/gui", again)
	m := receiptLink.FindStringSubmatch(sent.URL)
	if m == nil {
		return fmt.Errorf("no receipt: %d %s %s", sent.Status, sent.URL, sent.Text())
	}
	name := rest[0]
	s.codes[name], s.keys[name] = m[1], m[2]
	return s.w.App.DB.Read(s.t.Context(), func(tx *db.Tx) error {
		c, err := cases.ByCode(s.t.Context(), tx, m[1])
		if err == nil {
			s.names[name] = c.ID
		}
		s.w.Work(s.t)
		return err
	})
}

var letterAddress = regexp.MustCompile(`/reception/letters/([0-9a-z]{26})$`)

// letter NAME kind=… source=… received_on=… senders="…" summary="…": the clerk
// enters a letter in the book.
func (s *script) letter(args []string) error {
	form, rest := s.form(args)
	maps.Copy(form, s.me().Get(s.t, "/reception/letters/new").Hidden())
	p := s.me().Post(s.t, "/reception/letters", form)
	m := letterAddress.FindStringSubmatch(p.URL)
	if m == nil {
		return fmt.Errorf("not entered: %d %s %s", p.Status, p.URL, p.Text())
	}
	s.names[rest[0]] = m[1]
	s.w.Work(s.t)
	return nil
}

var matterAddress = regexp.MustCompile(`href="/reception/matters/([0-9a-z]{26})"`)

// matter NAME LETTER: the matter that a letter became.
func (s *script) matter(args []string) error {
	m := matterAddress.FindStringSubmatch(s.me().Get(s.t, s.path("/reception/letters/"+args[1])).Body)
	if m == nil {
		return fmt.Errorf("%s became no matter", args[1])
	}
	s.names[args[0]] = m[1]
	return nil
}

func (s *script) send(args []string) (council.Page, []string) {
	form, rest := s.form(args)
	path := s.path(rest[0])
	page := s.me().Get(s.t, path) // the form's own page, for its hidden fields
	if r := page.Hidden().Get("revision"); r != "" && !form.Has("revision") {
		form.Set("revision", r)
	}
	answer := s.me().Post(s.t, path, form)
	s.w.Work(s.t)
	return answer, rest[1:]
}

// post PATH field=value…: the act is done.
func (s *script) post(args []string) error {
	if p, _ := s.send(args); p.Status != http.StatusOK {
		return fmt.Errorf("%d %s: %s", p.Status, p.URL, p.Text())
	}
	return nil
}

// says PATH "sentence" field=value…: the act is done, and the next page says so.
func (s *script) says(args []string) error {
	p, rest := s.send(args)
	if p.Status != http.StatusOK {
		return fmt.Errorf("%d %s: %s", p.Status, p.URL, p.Text())
	}
	return contains(p, rest)
}

// refused PATH STATUS "sentence" field=value…: the act is refused with this sentence.
func (s *script) refused(args []string) error {
	p, rest := s.send(args)
	if strconv.Itoa(p.Status) != rest[0] {
		return fmt.Errorf("status %d, want %s: %s", p.Status, rest[0], p.Text())
	}
	return contains(p, rest[1:])
}

func contains(p council.Page, sentences []string) error {
	for _, want := range sentences {
		if !strings.Contains(p.Text(), want) {
			return fmt.Errorf("%s does not say %q: %s", p.URL, want, p.Text())
		}
	}
	return nil
}

// wait N days.
func (s *script) wait(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	s.w.Pass(s.t, n)
	s.browser = map[string]*council.Browser{} // sign-ins do not last that long
	return nil
}

// see PATH "text"…
func (s *script) see(args []string) error {
	p := s.me().Get(s.t, s.path(args[0]))
	if p.Status != http.StatusOK {
		return fmt.Errorf("%d: %s", p.Status, p.Text())
	}
	return contains(p, s.named(args[1:]))
}

// lacks PATH "text"…
func (s *script) lacks(args []string) error {
	p := s.me().Get(s.t, s.path(args[0]))
	for _, no := range s.named(args[1:]) {
		if strings.Contains(p.Text(), no) {
			return fmt.Errorf("%s says %q", p.URL, no)
		}
	}
	return nil
}

// gone PATH: not there for this person.
func (s *script) gone(args []string) error {
	if p := s.me().Get(s.t, s.path(args[0])); p.Status != http.StatusNotFound {
		return fmt.Errorf("status %d", p.Status)
	}
	return nil
}

func (s *script) read(fn func(tx *db.Tx) error) error { return s.w.App.DB.Read(s.t.Context(), fn) }

// state NAME STATE [round N]
func (s *script) state(args []string) error {
	return s.read(func(tx *db.Tx) error {
		c, err := cases.Load(s.t.Context(), tx, s.names[args[0]])
		if err == nil && string(c.State) != args[1] {
			err = fmt.Errorf("state is %s", c.State)
		}
		if err == nil && len(args) > 3 && strconv.Itoa(c.Round) != args[3] {
			err = fmt.Errorf("round is %d", c.Round)
		}
		return err
	})
}

// due NAME DEADLINE DATE [STATUS]
func (s *script) due(args []string) error {
	want, err := clock.ParseDate(args[2])
	if err != nil {
		return err
	}
	return s.read(func(tx *db.Tx) error {
		all, err := cases.Deadlines(s.t.Context(), tx, s.names[args[0]])
		if err != nil {
			return err
		}
		for i := len(all) - 1; i >= 0; i-- {
			d := all[i]
			if d.Name != args[1] {
				continue
			}
			if d.Due != want || len(args) > 3 && string(d.Status) != args[3] {
				return fmt.Errorf("due %s, %s", d.Due, d.Status)
			}
			return nil
		}
		return fmt.Errorf("no such deadline")
	})
}

// acts NAME VERB COUNT [late]
func (s *script) acts(args []string) error {
	return s.read(func(tx *db.Tx) error {
		all, err := cases.Acts(s.t.Context(), tx, s.names[args[0]])
		if err != nil {
			return err
		}
		n := 0
		for _, a := range all {
			if a.Verb == args[1] && (len(args) < 4 || a.Late == (args[3] == "late")) {
				n++
			}
		}
		if strconv.Itoa(n) != args[2] {
			return fmt.Errorf("%d times", n)
		}
		return nil
	})
}

// mail ADDRESS "text"…: some letter to this address says so.
func (s *script) mail(args []string) error {
	return s.read(func(tx *db.Tx) error {
		all, err := s.w.App.Notify.Mails(s.t.Context(), tx, notify.MailFilter{Limit: 200})
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.Recipient == args[0] && strings.Contains(m.Subject+" "+m.Body, args[1]) {
				return nil
			}
		}
		return fmt.Errorf("no such letter among %+v", all)
	})
}

// notice NAME "text": the person's inbox says so.
func (s *script) notice(args []string) error {
	was := s.who
	defer func() { s.who = was }()
	s.who = args[0]
	return s.see([]string{"/inbox", args[1]})
}

// contest NAME "reason" [STATUS "sentence"]: the voter does not accept the answer.
func (s *script) contest(args []string) error {
	name := args[0]
	p := s.w.Browse(s.t, "").Post(s.t, "/kien-nghi/phan-hoi/"+s.codes[name], url.Values{"key": {s.keys[name]}, "note": {args[1]}})
	s.w.Work(s.t)
	want := "200"
	if len(args) > 2 {
		want = args[2]
	}
	if strconv.Itoa(p.Status) != want {
		return fmt.Errorf("status %d: %s", p.Status, p.Text())
	}
	return contains(p, args[min(3, len(args)):])
}

// delegate FROM TO DAYS: FROM hands the powers of their post to TO.
func (s *script) delegate(args []string) error {
	days, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	today := clock.Today(s.w.Clock)
	_, err = s.w.App.Org.Grant(s.t.Context(), s.w.People[args[0]], org.DelegationGrant{FromPost: "post-" + args[0], ToPost: "post-" + args[1],
		Document: "Giấy uỷ quyền 05/GUQ-VP", Starts: today, Ends: today.AddDays(days)})
	return err
}

func (s *script) posts(who, holder string) (string, error) {
	var found string
	err := s.read(func(tx *db.Tx) error {
		all, err := s.w.App.Org.Acting(s.t.Context(), tx, who, clock.Today(s.w.Clock))
		for _, a := range all {
			if a.PostID != "post-"+holder {
				continue
			}
			found = a.PostID
			if len(a.Via) > 0 {
				found += "~" + a.Via[len(a.Via)-1].DelegationID
			}
		}
		return err
	})
	return found, err
}

// act-as WHO HOLDER: WHO changes to the post of HOLDER, their own or delegated.
func (s *script) actAs(args []string) error {
	post, err := s.posts(args[0], args[1])
	if err != nil || post == "" {
		return fmt.Errorf("%s may not act as %s: %v", args[0], args[1], err)
	}
	s.who = args[0]
	p := s.me().Post(s.t, "/posts/acting", url.Values{"post": {post}})
	if p.Status != http.StatusOK {
		return fmt.Errorf("%d %s", p.Status, p.Text())
	}
	return nil
}

// cannot-act-as WHO HOLDER: the delegation is over.
func (s *script) cannotActAs(args []string) error {
	post, err := s.posts(args[0], args[1])
	if err == nil && post != "" {
		err = fmt.Errorf("%s may still act as %s", args[0], args[1])
	}
	return err
}

// merge FROM TO "document": one body takes over from another.
func (s *script) merge(args []string) error {
	err := s.w.App.Org.Succeed(s.t.Context(), s.w.People["quản-trị"], org.Succession{FromBody: args[0], ToBody: args[1], Document: args[2], On: clock.Today(s.w.Clock)})
	s.w.Work(s.t)
	return err
}
