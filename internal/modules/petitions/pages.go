package petitions

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// uploadTime is for five photographs over a telephone in a village.
const uploadTime = 10 * time.Minute

// routes lists the module's addresses: the public's in Vietnamese, since people
// read and type them; the officials' as nouns.
func (s *Service) routes() []web.Route {
	public, files := auth.Public, web.Limit{Rate: web.Intake, Time: uploadTime}
	routes := []web.Route{
		{Pattern: "GET /kien-nghi", Needs: public, Handle: s.publicList},
		{Pattern: "GET /kien-nghi.atom", Needs: public, Handle: s.publicFeed},
		{Pattern: "GET /kien-nghi/gui", Needs: public, Handle: s.handInForm},
		{Pattern: "POST /kien-nghi/gui", Needs: public, Handle: s.handIn, Limit: files},
		{Pattern: "GET /kien-nghi/tuong-tu", Needs: public, Handle: s.similarHint},
		{Pattern: "GET /kien-nghi/tra-cuu", Needs: public, Handle: s.lookUp, Limit: web.Limit{Rate: web.Intake}},
		{Pattern: "GET /kien-nghi/{code}", Needs: public, Handle: s.follow},
		{Pattern: "POST /kien-nghi/phan-hoi/{code}", Needs: public, Handle: s.contest, Limit: web.Limit{Rate: web.Intake}},
		{Pattern: "GET /kien-nghi/bien-nhan/{code}", Needs: public, Handle: s.receiptPage},
		{Pattern: "GET /kien-nghi/bien-nhan/{code}/bien-nhan.pdf", Needs: public, Handle: s.receiptPDF},
		{Pattern: "GET /kien-nghi/bien-nhan/{code}/bien-nhan.txt", Needs: public, Handle: s.receiptText},
		{Pattern: "GET /kien-nghi/han/{code}/{deadline}", Needs: public, Handle: s.publicDeadline},
		{Pattern: "GET /kien-nghi/theo-doi/{code}", Needs: public, Handle: s.followFeed},
		{Pattern: "GET /kien-nghi/tep/{code}/{paper}", Needs: public, Handle: s.publicPaper},
		{Pattern: "GET /kien-nghi/so/{code}/{number}", Needs: public, Handle: s.publicProof},
		{Pattern: "GET /kien-nghi/ngung-thu/{code}", Needs: public, Handle: s.stopLettersForm},
		{Pattern: "POST /kien-nghi/ngung-thu/{code}", Needs: public, Handle: s.stopLetters, Limit: web.Limit{Rate: web.Intake}},

		{Pattern: "GET /petitions", Needs: mayRead, Handle: s.lists().ListPage},
		{Pattern: "GET /petitions/export.csv", Needs: mayRead, Handle: s.lists().ExportCSV},
		{Pattern: "GET /petitions/overview", Needs: mayOversee, Handle: s.lists().OverviewPage},
		{Pattern: "POST /petitions/views", Needs: mayRead, Handle: s.lists().KeepView},
		{Pattern: "POST /petitions/views/{view}/removal", Needs: mayRead, Handle: s.lists().DropView},
		{Pattern: "POST /petitions/acceptances", Needs: mayAccept, Handle: s.lists().AcceptSeveral},
		{Pattern: "POST /petitions/assignments", Needs: mayAccept, Handle: s.lists().AssignSeveral},
		{Pattern: "GET /petitions/{id}", Needs: mayRead, Handle: s.casePage},
		{Pattern: "GET /petitions/{id}/deadlines/{deadline}", Needs: mayRead, Handle: s.deadlinePage},
		{Pattern: "GET /petitions/{id}/papers/{paper}", Needs: mayRead, Handle: s.paperFile},
		{Pattern: "GET /petitions/{id}/papers/{paper}/pages/{page}", Needs: mayRead, Handle: s.paperPage},
		{Pattern: "GET /petitions/{id}/acts/{number}/receipt.txt", Needs: mayRead, Handle: s.actProof},
	}
	for _, st := range steps {
		limit := web.Limit{}
		if st.files {
			limit.Time = uploadTime
		}
		routes = append(routes,
			web.Route{Pattern: "GET /petitions/{id}/" + st.noun, Needs: st.needs, Handle: s.stepForm(st)},
			web.Route{Pattern: "POST /petitions/{id}/" + st.noun, Needs: st.needs, Handle: s.stepSend(st), Limit: limit})
	}
	return s.gate.Keyed(routes)
}

// clockTime is a moment as people read it.
func clockTime(t time.Time) string { return t.In(clock.Hanoi).Format("15:04 02/01/2006") }

// deadlineBadge is a deadline as it stands today.
func deadlineBadge(d cases.Deadline, today clock.Date, why string) ui.Due {
	due := ui.Due{Date: d.Due, Today: today, Provisional: d.Provisional || !d.Confirmed, Why: why}
	switch d.Status {
	case cases.Paused:
		due.State = ui.Paused
	case cases.Met:
		due.State = ui.Met
	case cases.MetLate:
		due.State = ui.MetLate
	}
	return due
}

// serve sends a paper's bytes. Only pictures, PDF and plain text are shown in
// place; everything else is handed over as a file.
func serve(w http.ResponseWriter, r *http.Request, p documents.Paper, bytes io.ReadCloser) (err error) {
	defer func() { err = errors.Join(err, bytes.Close()) }()
	media, how := p.ServeAs()
	if r.URL.Query().Has("download") {
		how = "attachment"
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", how+"; filename*=UTF-8''"+url.PathEscape(p.Name))
	w.Header().Set("Cache-Control", "private, max-age=3600")
	if how == "inline" && media == "application/pdf" {
		// The viewer of the browser needs styles of its own; nothing else may run.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox")
	}
	if _, err := io.Copy(w, bytes); err != nil {
		return err
	}
	return nil
}

// textFile hands a small text over as a file.
func textFile(w http.ResponseWriter, name, content string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	w.Header().Set("Cache-Control", "no-store")
	_, err := io.WriteString(w, content)
	return err
}

func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.PathValue(name))
	if err != nil {
		return -1 // no act and no page has this number
	}
	return n
}

// withQuery puts values, name by name, behind an address; empty ones are left out.
func withQuery(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// uploads are a form's files on their way to documents.
func uploads(files []web.File) []documents.Upload {
	all := make([]documents.Upload, len(files))
	for i, f := range files {
		all[i] = documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }}
	}
	return all
}

// taken are the files of a form: those kept from its last sending and still
// ticked, and those that came now. Token is what the form carries on.
type taken struct {
	Files []documents.Draft
	Token string
}

// take takes in the files of a form, so that a person who has to correct
// something else need not choose them again. A bad file costs itself alone.
func (s *Service) take(ctx context.Context, form *web.Form) (t taken, err error) {
	if t.Files, err = s.kept(ctx, form.Line("files_token"), form.Texts("files_kept")); err != nil {
		return taken{}, err
	}
	var refused []*fault.Fault
	fresh := uploads(form.Files("files"))
	if len(t.Files)+len(fresh) > filesMax {
		refused, fresh = append(refused, fault.New(fault.Invalid, "petitions.files_many", "max", filesMax).At("files")), nil
	}
	for _, u := range fresh {
		d, err := s.Documents.Take(ctx, u, documents.UsualLimits())
		f := fault.Of(err)
		switch {
		case err == nil:
			t.Files = append(t.Files, d)
		case f.Kind == fault.Invalid || f.Kind == fault.TooLarge || f.Kind == fault.Refused:
			refused = append(refused, f)
		default:
			return taken{}, err
		}
	}
	if t.Token, err = s.keepDraft(ctx, t.Files); err != nil {
		return taken{}, err
	}
	return t, fault.Join(refused...)
}

// taken are the files of a form of a part.
func (s *Service) taken(ctx context.Context, form *web.Form) ([]documents.Draft, string, error) {
	t, err := s.take(ctx, form)
	return t.Files, t.Token, err
}

// formLimits is what forms with files may bring.
func formLimits() web.Limits {
	return web.Limits{Files: filesMax, FileBytes: documents.UsualLimits().SizeMaxBytes}
}

func accepted() string { return strings.Join(documents.Accepted(), ",") }
