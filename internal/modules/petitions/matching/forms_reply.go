package matching

import (
	"io"
	"net/http"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (d *Desk) replyForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Files: 1, FileBytes: replyBytes(), Runes: letterMax})
	var id string
	if err == nil {
		var files []documents.Draft
		for _, f := range form.Files("files") {
			draft, terr := d.Documents.Take(r.Context(), upload(f), documents.UsualLimits())
			if terr != nil {
				err = fault.Of(terr).At("files")
				break
			}
			files = append(files, draft)
		}
		if err == nil {
			id, err = d.TakeLetter(r.Context(), web.Actor(r), form.Text("document"), form.Text("text"), files)
		}
	}
	if typed(err) {
		return d.showReplies(w, r, form, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/petition-replies/"+id)
}

func upload(f web.File) documents.Upload {
	return documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }}
}

// confirmForm takes what was confirmed, or fills the replies from the chosen
// passages again when that was asked for.
func (d *Desk) confirmForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	if form.Line("do") == "refill" {
		return d.showProposal(w, r, proposalView{Form: form, Refill: true}, http.StatusOK)
	}
	all, err := d.confirmed(r, form)
	var told []Told
	if err == nil {
		told, err = d.Confirm(r.Context(), web.Actor(r), r.PathValue("reply"), all)
	}
	if typed(err) {
		return d.showProposal(w, r, proposalView{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return d.showProposal(w, r, proposalView{Form: form, Told: told}, http.StatusOK)
}

// confirmed reads the ticked petitions with the parts of their answers.
func (d *Desk) confirmed(r *http.Request, form *web.Form) ([]Confirmed, error) {
	waiting, err := d.Waiting(r.Context(), web.Actor(r))
	if err != nil {
		return nil, err
	}
	points := map[string][]Point{}
	for _, a := range waiting {
		if points[a.ID] = a.Points; len(a.Points) == 0 {
			points[a.ID] = []Point{{Number: 1}}
		}
	}
	var all []Confirmed
	var wrong []*fault.Fault
	for _, id := range distinct(form.Texts("take")) {
		c := Confirmed{PetitionID: id}
		for _, pt := range points[id] {
			p := Pair{Asked: Asked{ID: id}, Point: pt}
			promised, bad := form.Date(fieldOf("promised", p))
			if bad != nil {
				wrong = append(wrong, bad)
			}
			c.Parts = append(c.Parts, Part{Number: pt.Number, Reply: form.Text(fieldOf("reply", p)), Outcome: form.Line(fieldOf("outcome", p)), Promised: promised})
		}
		all = append(all, c)
	}
	return all, fault.Join(wrong...)
}
