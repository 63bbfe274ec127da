package open

import (
	"context"
	"net/http"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// receiptPage checks a receipt, and shows what was found.
type receiptPage struct {
	Typed  string
	Found  *Checked
	Lines  []string // what a good receipt shows
	Errors ui.Errors
	Key    string
}

// notice is the verdict in words.
func (p receiptPage) notice(ctx context.Context) ui.Notice {
	n := ui.Notice{Tone: ui.Bad}
	switch p.Found.Verdict {
	case Valid:
		n.Tone, n.Title = ui.Good, text.T(ctx, "open.verdict_valid")
	case NotOurs:
		n.Title = text.T(ctx, "open.verdict_not_ours")
	case NotValid:
		n.Title = text.T(ctx, "open.verdict_not_valid")
	case Unreadable:
		n.Tone, n.Title = ui.Warning, text.T(ctx, "open.verdict_unreadable")
	}
	if p.Found.Reason != nil {
		n.Text = ui.Sentence(ctx, p.Found.Reason)
	}
	return n
}

func (s *Service) receiptForm(w http.ResponseWriter, r *http.Request) error {
	return s.showReceipt(w, r, receiptPage{}, http.StatusOK)
}

func (s *Service) showReceipt(w http.ResponseWriter, r *http.Request, p receiptPage, status int) error {
	p.Key = s.Audit.PublicKey()
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "open.check_title"), Public: true, Section: "/so-bien-nhan", Status: status}, receiptBody(p))
}

func (s *Service) offlinePage(w http.ResponseWriter, r *http.Request) error {
	page, err := s.Offline(r.Context())
	if err != nil {
		return err
	}
	// It is a file to keep, never a page of ours: its script runs from the
	// reader's disk, and this site's policy allows none within a page.
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="kiem-tra-bien-nhan.html"`)
	w.Header().Set("Cache-Control", "no-cache")
	_, err = w.Write(page)
	return err
}

func lines(ctx context.Context, result audit.Result) ([]string, error) {
	var b strings.Builder
	if err := audit.WriteResult(&b, text.LangOf(ctx), result, false); err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSpace(b.String()), "\n"), nil
}
