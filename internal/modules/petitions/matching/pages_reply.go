package matching

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// repliesView is the page where a letter is handed in.
type repliesView struct {
	Letters []Letter
	Form    *web.Form
	Errors  ui.Errors
}

func (d *Desk) repliesPage(w http.ResponseWriter, r *http.Request) error {
	return d.showReplies(w, r, nil, nil, http.StatusOK)
}

func (d *Desk) showReplies(w http.ResponseWriter, r *http.Request, form *web.Form, cause error, status int) error {
	all, err := d.Letters(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "matching.replies_title"), Section: "/petition-replies", Status: status}, repliesBody(repliesView{all, form, ui.ErrorsOf(cause)}))
}

// replyAccepts are the files that a reply comes in.
func replyAccepts() string { return ".pdf,.docx" }

func replyBytes() int64 { return documents.UsualLimits().SizeMaxBytes }

func letterName(l Letter) string {
	if len(l.Files.V) > 0 {
		return l.Document + " · " + l.Files.V[0].Name
	}
	return l.Document
}

// proposalView is the page where pairs are confirmed.
type proposalView struct {
	Proposal
	Form     *web.Form
	Errors   ui.Errors
	Told     []Told
	Refill   bool // the chosen passages replace what was typed
	Outcomes []string
}

// petitionPairs are the pairs of one petition.
type petitionPairs struct {
	Asked Asked
	Pairs []Pair
}

func (d *Desk) proposalPage(w http.ResponseWriter, r *http.Request) error {
	return d.showProposal(w, r, proposalView{}, http.StatusOK)
}

func (d *Desk) showProposal(w http.ResponseWriter, r *http.Request, v proposalView, status int) (err error) {
	if v.Proposal, err = d.Propose(r.Context(), web.Actor(r), r.PathValue("reply")); err != nil {
		return err
	}
	v.Outcomes = d.Outcomes
	return web.Page(w, r, web.Head{Title: v.Letter.Document, Section: "/petition-replies", Status: status, Wide: true}, proposalBody(v))
}

// petitions gathers the pairs by petition, in their order.
func (v proposalView) petitions() []petitionPairs {
	var all []petitionPairs
	for _, p := range v.Pairs {
		i := slices.IndexFunc(all, func(q petitionPairs) bool { return q.Asked.ID == p.Asked.ID })
		if i < 0 {
			all, i = append(all, petitionPairs{Asked: p.Asked}), len(all)
		}
		all[i].Pairs = append(all[i].Pairs, p)
	}
	return all
}

// fits reports whether all points of a petition found a passage.
func (q petitionPairs) fits() bool {
	return !slices.ContainsFunc(q.Pairs, func(p Pair) bool { return !p.Fits() })
}

// fieldOf is the name of a pair's field in the form.
func fieldOf(name string, p Pair) string {
	return name + "_" + p.Asked.ID + "_" + strconv.Itoa(p.Point.Number)
}

// typed is what stands in a field: what was typed, else what is proposed.
func (v proposalView) typed(name, otherwise string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return otherwise
}

func (v proposalView) ticked(id string) bool { return slices.Contains(v.Form.Texts("take"), id) }

// chosen is the passage of a pair: what was chosen, else what is proposed.
func (v proposalView) chosen(p Pair) string {
	proposed := ""
	if p.Fits() {
		proposed = strconv.Itoa(p.Passage)
	}
	return v.typed(fieldOf("passage", p), proposed)
}

// reply is the text of a pair's answer.
func (v proposalView) reply(p Pair) string {
	n, err := strconv.Atoi(v.chosen(p))
	passage := ""
	if err == nil && n >= 0 && n < len(v.Passages) {
		passage = v.Passages[n].Reply
	}
	if v.Refill {
		return passage
	}
	return v.typed(fieldOf("reply", p), passage)
}

func (v proposalView) outcome(p Pair) string {
	if !p.Fits() {
		p.Outcome = ""
	}
	return v.typed(fieldOf("outcome", p), p.Outcome)
}

func (v proposalView) promised(p Pair) string {
	day := ""
	if p.Fits() && !p.Promised.IsZero() {
		day = p.Promised.VN()
	}
	return v.typed(fieldOf("promised", p), day)
}

func (v proposalView) passageOptions(ctx context.Context) []ui.Option {
	all := make([]ui.Option, len(v.Passages))
	for i, p := range v.Passages {
		words := p.Reply
		if p.Ask != "" {
			words = p.Ask
		}
		all[i] = ui.Option{Value: strconv.Itoa(i), Label: text.T(ctx, "matching.passage", "n", i+1, "words", short(words, 90))}
	}
	return all
}

func (v proposalView) outcomeOptions(ctx context.Context) []ui.Option {
	all := make([]ui.Option, len(v.Outcomes))
	for i, o := range v.Outcomes {
		all[i] = ui.Option{Value: o, Label: text.T(ctx, "petitions.outcome."+o)}
	}
	return all
}

// fit says in words how well a passage fits.
func fit(ctx context.Context, p Pair) string {
	if !p.Fits() {
		return text.T(ctx, "matching.no_passage")
	}
	return text.T(ctx, "matching.fit", "n", p.Passage+1, "percent", strconv.Itoa(int(p.Score*100+0.5)))
}

func fitTone(q petitionPairs) ui.Tone {
	if q.fits() {
		return ui.Good
	}
	return ui.Warning
}

// refusal is why a petition was not answered, in words.
func refusal(ctx context.Context, err error) string {
	f := fault.Of(err)
	if len(f.Faults) == 0 {
		return ui.Sentence(ctx, f)
	}
	var all []string
	for _, one := range f.Faults {
		all = append(all, ui.Sentence(ctx, one))
	}
	return strings.Join(all, " ")
}

// done counts the petitions that were answered.
func (v proposalView) done() (n int) {
	for _, t := range v.Told {
		if t.Err == nil {
			n++
		}
	}
	return n
}
