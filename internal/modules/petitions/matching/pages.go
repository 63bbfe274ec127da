package matching

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// likesView is the page "Kiến nghị trùng, tương tự" of one petition.
type likesView struct {
	Likes
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) similarPage(w http.ResponseWriter, r *http.Request) error {
	return d.showLikes(w, r, nil, nil, http.StatusOK)
}

func (d *Desk) showLikes(w http.ResponseWriter, r *http.Request, form *web.Form, cause error, status int) error {
	p, err := d.LikesOf(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := likesView{Likes: p, Form: form, Errors: ui.ErrorsOf(cause)}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "matching.likes_title") + " · " + p.Case.Code, Section: "/petitions", Status: status}, likesBody(v))
}

func (v likesView) ticked(id string) bool {
	for _, t := range v.Form.Texts("id") {
		if t == id {
			return true
		}
	}
	return false
}

// otherGroup reports whether a candidate is in a group that is not this petition's.
func (v likesView) otherGroup(l Like) bool { return l.GroupID != "" && l.GroupID != v.GroupID }

// inGroup reports whether a candidate is in this petition's group already.
func (v likesView) inGroup(l Like) bool { return l.GroupID != "" && l.GroupID == v.GroupID }

func likeness(ctx context.Context, l Like) string {
	return text.T(ctx, "matching.likeness", "percent", strconv.Itoa(int(l.Score*100+0.5)))
}

// whyLike is one reason in words.
func whyLike(ctx context.Context, r Reason) string {
	return text.T(ctx, "matching.why."+r.Kind, "value", r.Value)
}

func stateOf(ctx context.Context, c cases.Case) string {
	return text.T(ctx, "petitions.state."+string(c.State))
}

func dayOf(t time.Time) string { return clock.DateOf(t).VN() }

// groupView is the page of a group.
type groupView struct {
	Sheet
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) groupPage(w http.ResponseWriter, r *http.Request) error {
	return d.showGroup(w, r, nil, nil, http.StatusOK)
}

func (d *Desk) showGroup(w http.ResponseWriter, r *http.Request, form *web.Form, cause error, status int) error {
	s, err := d.GroupSheet(r.Context(), web.Actor(r), r.PathValue("group"))
	if err != nil {
		return err
	}
	if s.Title == "" { // nobody named it, and nobody is left in it
		s.Title = text.T(r.Context(), "matching.group")
	}
	return web.Page(w, r, web.Head{Title: s.Title, Section: "/petitions", Status: status}, groupBody(groupView{s, form, ui.ErrorsOf(cause)}))
}

func (v groupView) table(ctx context.Context) ui.TableView[MemberLine] {
	due := func(m MemberLine) string {
		if m.Case.Due.IsZero() {
			return "–"
		}
		return m.Case.Due.VN()
	}
	return ui.TableView[MemberLine]{
		ID: "members", Caption: text.T(ctx, "matching.members"), Rows: v.Members,
		Key: func(m MemberLine) string { return m.PetitionID },
		URL: func(m MemberLine) string { return "/petitions/" + m.PetitionID },
		Columns: []ui.Column[MemberLine]{
			{Key: "code", Label: text.T(ctx, "matching.column_code"), Narrow: true, Text: func(m MemberLine) string { return m.Case.Code }},
			{Key: "title", Label: text.T(ctx, "matching.column_title"), Text: func(m MemberLine) string { return m.name(ctx) }},
			{Key: "state", Label: text.T(ctx, "matching.column_state"), Text: func(m MemberLine) string { return stateOf(ctx, m.Case) }},
			{Key: "received", Label: text.T(ctx, "matching.column_received"), Narrow: true, Text: func(m MemberLine) string { return dayOf(m.Case.OpenedAt.Time) }},
			{Key: "due", Label: text.T(ctx, "matching.column_due"), Narrow: true, Text: due},
			{Key: "added", Label: text.T(ctx, "matching.column_added"), Text: func(m MemberLine) string { return m.AddedName + ", " + dayOf(m.AddedAt.Time) }},
		},
		Empty: ui.Empty{Title: text.T(ctx, "matching.group_over")},
	}
}

func (m MemberLine) name(ctx context.Context) string {
	if m.Lead {
		return text.T(ctx, "matching.lead", "title", m.Case.Title)
	}
	return m.Case.Title
}

func (v groupView) memberOptions() []ui.Option {
	all := make([]ui.Option, len(v.Members))
	for i, m := range v.Members {
		all[i] = ui.Option{Value: m.PetitionID, Label: m.Case.Code + " · " + m.Case.Title}
	}
	return all
}

// short cuts a text for a list.
func short(s string, max int) string {
	s = text.Line(s)
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	cut := string(r[:max])
	if i := strings.LastIndexByte(cut, ' '); i > max/2 {
		cut = cut[:i]
	}
	return cut + "…"
}
