package shares

import (
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (d *Desk) askForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	var ids []string
	in := Request{BodyIDs: append(form.Texts("body"), form.Texts("ward")...), Question: form.Text("question"), Once: form.Once()}
	for _, v := range form.Texts("point") {
		n, err := strconv.Atoi(v)
		if err != nil {
			return fault.New(fault.Invalid, "web.form_unreadable").Because(err)
		}
		in.Points = append(in.Points, n)
	}
	var wrong *fault.Fault
	if in.Due, wrong = form.Date("due"); wrong != nil {
		err = wrong
	}
	in.Revision = form.Revision()
	if err == nil {
		ids, err = d.Ask(r.Context(), web.Actor(r), r.PathValue("id"), in)
	}
	switch {
	case err == nil:
		web.Flash(w, r, "shares.done_ask", "n", len(ids))
		return web.SeeOther(w, r, "/petitions/"+r.PathValue("id"))
	case web.Mendable(err):
		return d.showAsk(w, r, askView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	case fault.Is(err, "db.stale"):
		// The petition went on meanwhile. If it still may be asked about, the
		// form comes back as it was typed, with the new version in it.
		stale := fault.New(fault.Conflict, "shares.petition_moved")
		return d.showAsk(w, r, askView{Form: form, Errors: ui.ErrorsOf(stale)}, http.StatusConflict)
	}
	return err
}

// sent takes a form of one part: reads it, does the act, and goes back to the
// part; with the form again when something typed is wrong, with both versions
// when somebody else was faster.
func (d *Desk) sent(w http.ResponseWriter, r *http.Request, v shareView, form *web.Form, err error, done, back string) error {
	v.Form = form
	switch {
	case err == nil:
		web.Flash(w, r, done)
		return web.SeeOther(w, r, back)
	case web.Mendable(err):
		v.Errors = ui.ErrorsOf(err)
		return d.showShare(w, r, v, web.StatusOf(err))
	case fault.Is(err, "db.stale"), fault.Is(err, "shares.wrong_state"):
		return d.showConflict(w, r, v)
	}
	return err
}

func (d *Desk) answerForm(w http.ResponseWriter, r *http.Request) error {
	ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
	form, err := web.ReadForm(w, r, web.Limits{Files: filesMax, FileBytes: documents.UsualLimits().SizeMaxBytes})
	if err != nil {
		return err
	}
	sheet, err := d.Sheet(ctx, who, id) // what is not theirs takes no files
	if err != nil {
		return err
	}
	v := shareView{Sent: "answer"}
	in := Reply{Document: form.Text("document")}
	if sheet.MayAnswer {
		in.Evidence, v.Token, err = d.Take(ctx, form)
		v.Files = in.Evidence
	}
	var wrong []*fault.Fault
	for _, a := range sheet.Points {
		n := itoa(a.Number)
		promised, bad := form.Date("promised_" + n)
		if bad != nil {
			wrong = append(wrong, bad)
		}
		in.Points = append(in.Points, PointReply{Number: a.Number, Reply: form.Text("reply_" + n), Promised: promised})
	}
	if err == nil {
		err = fault.Join(wrong...)
	}
	in.Revision = form.Revision()
	if err == nil {
		err = d.Answer(ctx, who, id, in)
	}
	return d.sent(w, r, v, form, err, "shares.done_answer", home)
}

func (d *Desk) declineForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	in := Refusal{Reason: Reason(form.Line("reason")), Note: form.Text("note"), Revision: form.Revision()}
	err = d.Decline(r.Context(), web.Actor(r), r.PathValue("id"), in)
	return d.sent(w, r, shareView{Sent: "refusal"}, form, err, "shares.done_decline", home)
}

func (d *Desk) assignForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	err = d.Assign(r.Context(), web.Actor(r), id, form.Line("post"), form.Revision())
	return d.sent(w, r, shareView{Sent: "assignment"}, form, err, "shares.done_assign", home+"/"+id)
}

func (d *Desk) giveBackForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	due, wrong := form.Date("back_due")
	if wrong != nil {
		err = wrong
	} else {
		err = d.GiveBack(r.Context(), web.Actor(r), id, form.Text("back_note"), due, form.Revision())
	}
	return d.sent(w, r, shareView{Sent: "return"}, form, err, "shares.done_again", home+"/"+id)
}

func (d *Desk) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	err = d.Withdraw(r.Context(), web.Actor(r), id, form.Text("end_note"), form.Revision())
	return d.sent(w, r, shareView{Sent: "withdrawal"}, form, err, "shares.done_withdraw", home+"/"+id)
}

// showConflict tells what another did while this person was typing, with both
// versions, and lets them send theirs when the part still waits for it.
func (d *Desk) showConflict(w http.ResponseWriter, r *http.Request, v shareView) error {
	ctx := r.Context()
	var err error
	if v.Sheet, err = d.Sheet(ctx, web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	state := text.T(ctx, "shares.state."+string(v.State))
	c := ui.Conflict{Title: text.T(ctx, "shares.conflict_title", "code", v.Code), Text: text.T(ctx, "shares.conflict_text", "state", state), Back: home + "/" + v.ID}
	now := state
	if !v.RepliedAt.IsZero() {
		now += "\n" + v.replied(ctx)
	}
	c.Fields = append(c.Fields, ui.Versions{Label: text.T(ctx, "shares.state_label"), Mine: text.T(ctx, "shares.form_"+v.Sent), Theirs: now})
	if v.Sent == "answer" {
		for _, a := range v.Points {
			c.Fields = append(c.Fields, ui.Versions{Label: text.T(ctx, "shares.point", "n", a.Number), Mine: v.Form.Text("reply_" + itoa(a.Number)), Theirs: a.Reply})
		}
	}
	for _, one := range []struct{ name, theirs string }{{"note", v.Note}, {"back_note", v.BackNote}, {"end_note", v.EndNote}} {
		if mine := v.Form.Text(one.name); mine != "" {
			c.Fields = append(c.Fields, ui.Versions{Label: text.T(ctx, "shares.note"), Mine: mine, Theirs: one.theirs})
		}
	}
	c.Hidden = v.Form.Kept("revision", "once", "files_token")
	open := map[string]bool{"answer": v.MayAnswer, "refusal": v.MayAnswer, "assignment": v.MayAssign, "return": v.MayAgain, "withdrawal": v.MayEnd}
	if open[v.Sent] {
		c.URL = v.url(v.Sent)
		c.Hidden = append(c.Hidden, ui.Kept{Name: "revision", Value: itoa64(v.Revision)}, ui.Kept{Name: "files_token", Value: v.Token})
		for _, f := range v.Files {
			c.Hidden = append(c.Hidden, ui.Kept{Name: "files_kept", Value: f.Hash})
		}
	}
	return web.Page(w, r, web.Head{Title: c.Title, Section: v.section(), Status: http.StatusConflict}, ui.ConflictPage(c))
}

func (d *Desk) decideForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	in := Ruling{BodyID: form.Line("body"), Reason: form.Text("reason"), Revision: form.Revision()}
	err = d.Decide(r.Context(), web.Actor(r), r.PathValue("id"), in)
	switch {
	case err == nil:
		web.Flash(w, r, "shares.done_decide")
		return web.SeeOther(w, r, disputesHome)
	case web.Mendable(err):
		return d.showDispute(w, r, disputeView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	case fault.Is(err, "db.stale"), fault.Is(err, "shares.dispute_over"):
		return d.showDispute(w, r, disputeView{Form: form, Errors: ui.ErrorsOf(fault.New(fault.Conflict, "shares.dispute_over"))}, http.StatusConflict)
	}
	return err
}
