package e2e_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions"
)

// demonstration opens the demonstration council, full of petitions in every
// state, with everything running.
func demonstration(t *testing.T) (base string) {
	t.Helper()
	slog.SetLogLoggerLevel(slog.LevelError)
	cfg := app.Config{Data: t.TempDir(), Address: "https://hdnd.example.vn", Demonstration: true, IntakePerSecond: 1000}
	if err := app.Demonstrate(t.Context(), cfg, io.Discard); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cfg, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.Server)
	t.Cleanup(func() {
		server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	underway(t, a)
	running(t, a)
	return server.URL
}

// underway leaves a classified, a forwarded and an accepted petition for the Department of
// Construction, which a year that goes well may not have today.
func underway(t *testing.T, a *app.App) {
	t.Helper()
	acting := func(person string) (who org.Actor) {
		err := a.DB.Read(t.Context(), func(tx *db.Tx) error {
			all, err := a.Org.Acting(t.Context(), tx, person, clock.Today(a.Clock))
			if err == nil {
				who = all[0]
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return who
	}
	clerk, head, agency := acting("p-hn-clerk-1"), acting("p-hn-head"), acting("p-sxd-clerk")
	for n, words := range []string{"Đèn tín hiệu giao thông ở ngã tư Kim Mã bị hỏng nhiều ngày, đề nghị sửa.", "Biển báo phố Giảng Võ bị cây che khuất, đề nghị cắt tỉa hoặc dời biển.",
		"Vạch sang đường trước trường tiểu học đã mờ, đề nghị sơn lại trước năm học."} {
		h, err := a.Petitions.Receive(t.Context(), org.Voter("192.0.2.1"), petitions.Submission{To: petitions.ToCity, Ward: "Phường Ba Đình", Text: words})
		if err == nil {
			err = a.Petitions.Classify(t.Context(), clerk, h.ID, petitions.Classification{Field: "urban.roads", Authority: petitions.CityLvl, Newness: petitions.FirstTime, Ward: "Phường Ba Đình", BodyID: agency.BodyID, Publish: true, PublicText: words})
		}
		if err == nil && n > 0 {
			err = a.Petitions.Forward(t.Context(), head, h.ID, "", 0)
		}
		if err == nil && n > 1 {
			err = a.Petitions.Accept(t.Context(), agency, h.ID, clock.Date{}, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// place is the way to a page that a role works on: an address, and then links
// of which each is looked for on the page before. "/petitions?state=received"
// and "/petitions/*" are a list and its first petition.
type place []string

// role is somebody of the demonstration with the pages they work on.
type role struct {
	name   string
	person string // empty: a voter
	places []place
}

var roles = []role{
	{"voter", "", []place{{"/"}, {"/kien-nghi/gui"}, {"/kien-nghi/tra-cuu"}, {"/kien-nghi"}, {"/kien-nghi?state=closed", "/kien-nghi/KN*"}, {"/kien-nghi?state=closed", "/kien-nghi/KN*", "/kien-nghi/han/*/*"},
		{"/kien-nghi/thong-ke"}, {"/kien-nghi/du-lieu"}, {"/bien-nhan/kiem-tra"}, {"/tinh-han"}, {"/so-bien-nhan"}, {"/quyen-rieng-tu"}, {"/sign-in"}, {"/kien-nghi/KN26-2222-2222"}}},
	{"clerk", "p-hn-clerk-1", []place{{"/desk"}, {"/petitions"}, {"/petitions/constituencies"}, {"/petitions?tab=late"}, {"/petitions?state=received", "/petitions/*"}, {"/petitions?state=received", "/petitions/*", "/petitions/*/classification"},
		{"/petitions?state=received", "/petitions/*", "/petitions/*/refusal"}, {"/petitions?state=received", "/petitions/*", "/petitions/*/splitting"}, {"/petitions?state=received", "/petitions/*", "/petitions/*/similar"}, {"/intake/meetings"}, {"/intake/letters"}, {"/intake/imports"}, {"/inbox"}, {"/search?q=duong+ngap"}, {"/account"}, {"/administration/delegations"}, {"/petitions/none"}}},
	{"head", "p-hn-head", []place{{"/desk"}, {"/petitions?state=classified", "/petitions/*", "/petitions/*/forwarding"}, {"/petitions?state=classified", "/petitions/*", "/petitions/*/sending-back"}, {"/petitions/overview"}, {"/reports/petitions"},
		{"/petitions?state=closed", "/petitions/*", "/petitions/*/memory"}, {"/petitions?state=accepted", "/petitions/*", "/petitions/*/deadlines/*"}, {"/administration/procedures"}, {"/administration/procedures", "/administration/procedures/petition/*"}, {"/administration/permissions"}}},
	{"agency", "p-sxd-clerk", []place{{"/desk"}, {"/petitions"}, {"/petition-replies"}, {"/petitions?state=forwarded", "/petitions/*"}, {"/petitions?state=forwarded", "/petitions/*", "/petitions/*/acceptance"}, {"/petitions?state=forwarded", "/petitions/*", "/petitions/*/return"},
		{"/petitions?state=accepted", "/petitions/*", "/petitions/*/assignment"}, {"/petitions?state=accepted", "/petitions/*", "/petitions/*/answer"}, {"/petitions?state=accepted", "/petitions/*", "/petitions/*/extension-request"}}},
	{"committee", "p-hn-urban-head", []place{{"/desk"}, {"/petitions"}, {"/petitions?state=answered", "/petitions/*"}, {"/petitions?state=answered", "/petitions/*", "/petitions/*/judgement"}}},
	{"chair", "p-hn-chair", []place{{"/desk"}, {"/petitions/overview"}, {"/petitions/satisfaction"}, {"/petitions?state=judged", "/petitions/*"}, {"/petitions?state=judged", "/petitions/*", "/petitions/*/closure"}, {"/petitions?state=closed", "/petitions/*"},
		{"/petitions?state=closed", "/petitions/*", "/petitions/*/reopening"}}},
	{"admin", "p-hn-admin", []place{{"/desk"}, {"/administration/people"}, {"/administration/bodies"}, {"/administration/accounts"}, {"/administration/mergers"}, {"/administration/calendar"}, {"/administration/jobs"}, {"/administration/mails"}}},
	{"intake", "p-hn-clerk-1", []place{{"/intake/meetings", "/intake/meetings/*"}, {"/intake/imports?", "/intake/imports/*"}, {"/intake/imports", "/intake/imports/*", "/intake/imports/*/columns"}, {"/petitions/deputies"}, {"/petitions?tab=all&q=ngap", "/petitions/*", "/petitions/*/memory"}}},
	{"chasing", "p-hn-clerk-1", []place{{"/petitions/reminders"}, {"/petitions/reminders", "/petitions/reminders/new[?]body=.+"}, {"/petitions/reminders/letters"}, {"/petitions/reminders/letters?state=draft"}, {"/petitions/reminders/letters", "/petition-reminders/*"},
		{"/petitions/promises"}, {"/petitions/promises", "/petition-promises/*"}, {"/petitions/reminders/league"}}},
	{"gate", "p-hn-head", []place{{"/petitions/gate"}, {"/petitions/gate/held"}, {"/petitions/gate/held", "/petitions/gate/held/*"}, {"/petitions/gate/traces?by=text&days=70"}, {"/petitions/gate/held", "/petitions/gate/held/*", "/petitions/gate/selection[?]like=.+"},
		{"/petitions/gate/batches"}, {"/petitions/gate/batches", "/petitions/gate/batches/*"}, {"/petition-disputes"}, {"/petition-disputes", "/petition-disputes/*"}, {"/petitions/promises?list=asked"}}},
	{"settings", "p-hn-clerk-1", []place{{"/petitions/settings"}, {"/petitions/settings/new"}, {"/petitions/settings/in-force"}, {"/petitions/settings/in-force?kind=rule"}, {"/petitions/settings/in-force?kind=template"}, {"/petitions/settings/in-force?kind=deadline"},
		{"/petitions/settings", draft}, {"/petitions/settings", draft, draft + "/head"}, {"/petitions/settings", draft, draft + "/items[?].*kind=rule.*"}, {"/petitions/settings", draft, draft + "/items[?].*kind=template.*"},
		{"/petitions/settings", draft, draft + "/items[?].*kind=field.*"}, {"/petitions/settings", draft, draft + "/items[?].*kind=deadline.*"}}},
	{"answering", "p-sxd-clerk", []place{{"/petition-shares"}, {"/petitions?state=accepted", "/petitions/*", "/petitions/*/shares"}, {"/petitions/reminders/received"},
		{"/petitions/reminders/received", "/petition-reminders/*"}, {"/petitions/promises"}, {"/petitions/promises", "/petition-promises/*"}, {"/inbox"}}},
	{"asked", "p-snnmt-clerk", []place{{"/petition-shares?tab=all"}, {"/petition-shares?tab=all", "/petition-shares/*"}}},
	{"reception", "p-hn-clerk-1", []place{{"/reception/schedule"}, {"/reception/schedule/new"}, {"/reception/schedule", day}, {"/reception/schedule", day, day + "/change"}, {"/reception/schedule?tab=past", day}, {"/reception/desk"}, {"/reception/log"},
		{"/reception/owed"}, {"/reception/log", "/reception/visits/*"}, {"/reception/log", "/reception/visits/*", "/reception/visit-matters/*"}, {"/reception/figures"}}},
	{"letters", "p-hn-clerk-1", []place{{letters}, {letters + "/new"}, {letters + "?state=received", letters + "/*"}, {letters + "?state=received", letters + "/*", letters + "/*/classification"}, {letters + "?state=received", letters + "/*", letters + "/*/splitting"},
		{letters + "?state=received", letters + "/*", letters + "/*/withdrawal"}, {letters + "?state=following", letters + "/*", letters + "/*/answer"}, {letters + "?state=following", letters + "/*", letters + "/*/deadlines/*"},
		{letters + "?state=answered", letters + "/*"}, {letters + "?state=split", letters + "/*"}, {"/reception/forwarded"}, {"/reception/matters"}, {"/reception/matters", "/reception/matters/*"}, {"/reception/matters", "/reception/matters/*", "/reception/matters/*/deadlines/*"}}},
	{"signing letters", "p-hn-head", []place{{"/reception/schedule/hours"}, {letters + "?state=proposed", letters + "/*"}, {letters + "?state=proposed", letters + "/*", letters + "/*/guidance"}, {letters + "?state=answered", letters + "/*", letters + "/*/insistence"},
		{letters + "?state=closed", letters + "/*", letters + "/*/reopening"}, {"/reception/matters", "/reception/matters/*", "/reception/matters/*/suspension"}}},
	{"receiving", "p-hn-chair", []place{{"/reception/schedule"}, {"/reception/schedule", day}, {"/reception/desk"}, {letters}, {"/reception/forwarded"}, {"/reception/figures"}}},
	{"citizen", "", []place{{"/lich-tiep-cong-dan"}, {"/lich-tiep-cong-dan", "/lich-tiep-cong-dan/[0-9a-z]{26}"}, {"/lich-tiep-cong-dan/dat-cho"}, {"/tra-cuu-don"}}},
	{"deputy", "p-hn-deputy-1", []place{{"/desk"}, {"/petitions/constituencies"}, {"/petitions/deputies"}, {"/petitions/deputies", "/intake/deputies/*"}}},
	{"auditor", "p-hn-auditor", []place{{"/log"}, {"/log", "/log/*"}}},
}

// Of citizen reception: the address of letters, and a day of the schedule.
const (
	letters = "/reception/letters"
	day     = "/reception/schedule/[0-9a-z]{26}"
)

// draft is a change set of the settings.
const draft = "/petitions/settings/sets/[^/?]+"

// find walks to a place and gives its address.
func (v *visitor) find(p place) string {
	v.t.Helper()
	at := p[0]
	for _, next := range p[1:] {
		v.do(chromedp.Navigate(v.base + at))
		pattern := "^" + star.ReplaceAllString(next, "/$1(?!overview|satisfaction|template|new\\b)[^/?.]+") + "$"
		at = ask[string](v, fmt.Sprintf(`[...document.querySelectorAll("main a[href]")].map(a => a.getAttribute("href")).find(h => new RegExp(%q).test(h)) ?? ""`, pattern))
		if at == "" {
			v.fatal("no link to %s", next)
		}
	}
	return at
}

var star = regexp.MustCompile(`/(KN)?\*`)

// TestLooks opens every role's pages on a desk and on a telephone, in light and
// in dark: the accessibility checker finds nothing, the browser has nothing to
// complain of, no sentence is missing, nothing is wider than the screen, not
// even at 200 %; and in English no word of the frame stays Vietnamese.
func TestLooks(t *testing.T) {
	base := demonstration(t)
	ctx, source := chrome(t), axeSource(t)
	for _, r := range roles {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			looks(t, ctx, base, source, r)
		})
	}
}

func looks(t *testing.T, ctx context.Context, base, source string, r role) {
	v := enter(t, ctx, base, r.name, false)
	if r.person != "" {
		v.signIn(r.person)
	}
	for _, p := range r.places {
		at := v.find(p)
		for _, theme := range []string{"light", "dark"} {
			v.cookie("theme", theme)
			v.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(v.base+at))
			ask[bool](v, "document.fonts.ready.then(() => true)")
			v.looksWell(at, theme, "desk", 1440, source)
			v.do(chromedp.EmulateViewport(320, 640))
			v.looksWell(at, theme, "telephone", 320, source)
		}
		v.do(chromedp.EmulateViewport(720, 450)) // 1440 × 900 at 200 %
		v.looksWell(at, "dark", "200 %", 720, "")
		v.inEnglish(at)
	}
}

// lookWell holds the page of a story that shows what no list leads to against
// the accessibility checker, and against the narrowest screen.
func (v *visitor) lookWell() {
	v.t.Helper()
	for _, line := range v.axe(axeSource(v.t), `resultTypes: ["violations"]`) {
		v.t.Errorf("%s at %s: %s", v.name, v.where(), line)
	}
	was := ask[[]int64](v, "[innerWidth, innerHeight]")
	v.do(chromedp.EmulateViewport(320, 640))
	v.looksWell(v.where(), "light", "telephone", 320, "")
	v.do(chromedp.EmulateViewport(was[0], was[1]))
}

func (v *visitor) looksWell(at, theme, screen string, width int, source string) {
	v.t.Helper()
	name := fmt.Sprintf("%s at %s, %s, %s", v.name, at, theme, screen)
	if wide := ask[int](v, "document.documentElement.scrollWidth"); wide > width {
		v.t.Errorf("%s: the page is %d wide: %s", name, wide, ask[string](v, fmt.Sprintf(`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %d && !e.closest(".table-frame")).slice(-5).map(e => e.tagName + "." + e.className).join(", ")`, width+1)))
	}
	if words := v.words(); strings.Contains(words, "⟦") {
		v.t.Errorf("%s: a sentence is missing: %s", name, missing.FindAllString(words, 5))
	}
	if all := v.heard.take(); len(all) > 0 {
		v.t.Errorf("%s: the browser says %q", name, all)
	}
	if source == "" {
		return
	}
	find := `resultTypes: ["violations"]`
	if theme == "dark" { // which changes colours and nothing else
		find += `, runOnly: ["color-contrast"]`
	}
	for _, line := range v.axe(source, find) {
		v.t.Errorf("%s: %s", name, line)
	}
}

var (
	missing    = regexp.MustCompile(`⟦[^⟧]*⟧`)
	vietnamese = regexp.MustCompile(`(?i)[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]`)
)

// inEnglish: the words of the frame, of headings of parts, labels and buttons
// change with the language. What people wrote and what bodies and people are
// called stays Vietnamese.
func (v *visitor) inEnglish(at string) {
	v.t.Helper()
	v.cookie("lang", "en")
	v.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(v.base+at))
	words := ask[[]string](v, `[...document.querySelectorAll(".menu-link, .menu-heading, .public-nav a, .public-office, .demonstration, .skip-link, .foot-keys, .top-search label, .keymap dd, main .card-title, main th:not([scope=row]), main label, main legend:not(:has(+ .field)), main dt, main button:not([name=person]), main .btn:not([name=person]), main .form-hint, main .stat-label, main .badge, main .tabs a, main .empty-state, main .due, main .event-line strong")].map(e => e.textContent.trim())`)
	slices.Sort(words)
	for _, w := range slices.Compact(words) {
		if vietnamese.MatchString(w) && !names.MatchString(w) || strings.Contains(w, "⟦") {
			v.t.Errorf("%s at %s in English: %q", v.name, at, w)
		}
	}
	if lang := ask[string](v, "document.documentElement.lang"); lang != "en" {
		v.t.Errorf("%s at %s in English: the page says it is in %q", v.name, at, lang)
	}
	v.cookie("lang", "vi")
}

// names are what keeps its Vietnamese form in an English page: people, bodies,
// titles, places, documents and the petitions' own words.
var names = regexp.MustCompile(`Hà Nội|Luật |Sở |Ban |Phường|Xã |Hội đồng|Văn phòng|Thường trực|Ủy ban|UBND|HĐND|Công an|Thanh tra|Trung tâm|Tổng công ty|Tiếng Việt|\d+/[A-ZĐ]+-|^KN\d\d-|Trạm sạc|^Point \d`)
