package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (s *Service) showJobs(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	before, err := strconv.ParseInt(q.Get("before"), 10, 64)
	if err != nil {
		before = 0 // nonsense in an address is the beginning
	}
	l, err := s.jobs(r.Context(), web.Actor(r), jobs.Filter{State: jobs.State(q.Get("state")), Kind: q.Get("kind"), Before: before})
	if err != nil {
		return err
	}
	var tabs []ui.Tab
	tabs = append(tabs, ui.Tab{Label: text.T(r.Context(), "desk.jobs_all"), URL: with(r, "state", "", "before", ""), Here: l.Filter.State == ""})
	for _, state := range jobs.States() {
		tabs = append(tabs, ui.Tab{Label: text.T(r.Context(), "desk.job_"+string(state)), Count: int(l.Counts[state]), URL: with(r, "state", string(state), "before", ""), Here: l.Filter.State == state})
	}
	return page(w, r, text.T(r.Context(), "desk.menu_jobs"), http.StatusOK, jobsPage(l, tabs, next(r, "before", strconv.FormatInt(l.Next, 10))))
}

func jobState(ctx context.Context, j jobs.Row) ui.State {
	switch {
	case j.Running:
		return ui.State{Label: text.T(ctx, "desk.job_running"), Tone: ui.Notable}
	case j.State == jobs.Dead:
		return ui.State{Label: text.T(ctx, "desk.job_dead"), Tone: ui.Bad}
	case j.State == jobs.Done:
		return ui.State{Label: text.T(ctx, "desk.job_done"), Tone: ui.Good}
	case j.State == jobs.Queued && j.LastError != "":
		return ui.State{Label: text.T(ctx, "desk.job_again"), Tone: ui.Warning}
	}
	return ui.State{Label: text.T(ctx, "desk.job_"+string(j.State))}
}

func jobsTable(ctx context.Context, l jobList) ui.TableView[jobs.Row] {
	return ui.TableView[jobs.Row]{ID: "jobs", Caption: text.T(ctx, "desk.menu_jobs"), Rows: l.Rows, Key: func(j jobs.Row) string { return j.ID },
		Tone: func(j jobs.Row) ui.Tone {
			if j.State == jobs.Dead {
				return ui.Bad
			}
			return ui.Plain
		},
		Empty: ui.Empty{Title: text.T(ctx, "desk.jobs_none")},
		Columns: []ui.Column[jobs.Row]{
			{Key: "kind", Label: text.T(ctx, "desk.col_job"), Cell: func(j jobs.Row) templ.Component { return jobName(j) }},
			{Key: "state", Label: text.T(ctx, "desk.col_state"), Narrow: true, Cell: func(j jobs.Row) templ.Component { return ui.StateBadge(jobState(ctx, j)) }},
			{Key: "at", Label: text.T(ctx, "desk.col_run_at"), Narrow: true, Text: func(j jobs.Row) string { return moment(j.RunAt.Time) }},
			{Key: "attempt", Label: text.T(ctx, "desk.col_attempt"), Number: true, Text: func(j jobs.Row) string { return strconv.Itoa(j.Attempt) + "/" + strconv.Itoa(j.AttemptsMax) }},
			{Key: "act", Label: text.T(ctx, "desk.col_do"), Narrow: true, Cell: func(j jobs.Row) templ.Component { return jobActs(j) }},
		}}
}

func jobWords(ctx context.Context, kind string) string {
	return say(ctx, "desk.work."+underscored(kind), kind)
}

func (s *Service) showMails(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	l, err := s.mails(ctx, web.Actor(r), notify.MailFilter{State: notify.MailState(q.Get("state")), Before: q.Get("before")})
	if err != nil {
		return err
	}
	tabs := []ui.Tab{{Label: text.T(ctx, "desk.mails_all"), URL: with(r, "state", "", "before", ""), Here: l.Filter.State == ""}}
	for _, state := range notify.MailStates() {
		tabs = append(tabs, ui.Tab{Label: text.T(ctx, "desk.mail_"+string(state)), URL: with(r, "state", string(state), "before", ""), Here: l.Filter.State == state})
	}
	return page(w, r, text.T(ctx, "desk.menu_mails"), http.StatusOK, mailsPage(l, tabs, next(r, "before", l.Next)))
}

func mailState(ctx context.Context, m notify.Mail) ui.State {
	tones := map[notify.MailState]ui.Tone{notify.MailSent: ui.Good, notify.MailFailed: ui.Bad, notify.MailKept: ui.Warning}
	return ui.State{Label: text.T(ctx, "desk.mail_"+string(m.State)), Tone: tones[m.State]}
}

func mailsTable(ctx context.Context, l mailList) ui.TableView[notify.Mail] {
	return ui.TableView[notify.Mail]{ID: "mails", Caption: text.T(ctx, "desk.menu_mails"), Rows: l.Mails,
		URL:   func(m notify.Mail) string { return "/administration/mails/" + m.ID },
		Empty: ui.Empty{Title: text.T(ctx, "desk.mails_none")},
		Columns: []ui.Column[notify.Mail]{
			{Key: "subject", Label: text.T(ctx, "desk.col_subject"), Text: func(m notify.Mail) string { return m.Subject }},
			{Key: "channel", Label: text.T(ctx, "desk.col_channel"), Narrow: true, Text: func(m notify.Mail) string { return text.T(ctx, "desk.by_"+string(m.Channel)) }},
			{Key: "to", Label: text.T(ctx, "desk.col_to"), Text: func(m notify.Mail) string { return masked(m.Recipient) }},
			{Key: "state", Label: text.T(ctx, "desk.col_state"), Narrow: true, Cell: func(m notify.Mail) templ.Component { return ui.StateBadge(mailState(ctx, m)) }},
			{Key: "at", Label: text.T(ctx, "desk.col_when"), Narrow: true, Text: func(m notify.Mail) string { return moment(m.CreatedAt.Time) }},
		}}
}

func (s *Service) showMail(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mail(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return page(w, r, m.Subject, http.StatusOK, mailPage(m, mailTerms(r.Context(), m)))
}

// masked hides most of an address: who runs the machine need not know who
// wrote to the council, only whether letters leave.
func masked(address string) string {
	name, domain, ok := strings.Cut(address, "@")
	if !ok || name == "" {
		return "•••"
	}
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "•••@" + domain
}

// withoutKey takes the key out of a voter's link: it opens the petition as
// theirs.
func withoutKey(link string) string {
	link, _, _ = strings.Cut(link, "?")
	return link
}

func mailTerms(ctx context.Context, m notify.Mail) []ui.Term {
	terms := []ui.Term{
		{Name: text.T(ctx, "desk.col_channel"), Text: text.T(ctx, "desk.by_"+string(m.Channel))},
		{Name: text.T(ctx, "desk.col_to"), Text: masked(m.Recipient)},
		{Name: text.T(ctx, "desk.col_when"), Text: moment(m.CreatedAt.Time)},
		{Name: text.T(ctx, "desk.col_sent"), Text: moment(m.SentAt.Time)},
	}
	if m.Link != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "desk.col_link"), Text: withoutKey(m.Link)})
	}
	if m.LastError != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "desk.col_error"), Text: m.LastError})
	}
	return terms
}

func resendable(m notify.Mail) bool {
	return m.State == notify.MailFailed || m.State == notify.MailKept
}
