package petitions

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/petitions/worklist"

	"github.com/a-h/templ"
)

// What pages say of petitions, in words.

func itoa(n int) string { return strconv.Itoa(n) }

func orNone(ctx context.Context, s string) string {
	if s == "" {
		return text.T(ctx, "petitions.none")
	}
	return s
}

func paragraphs(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}

func addressees(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(ToCity), Label: text.T(ctx, "petitions.to_city"), Hint: text.T(ctx, "petitions.to_city_hint")},
		{Value: string(ToWard), Label: text.T(ctx, "petitions.to_ward"), Hint: text.T(ctx, "petitions.to_ward_hint")},
	}
}

// publicStates are the states that visitors filter by; the others are rare and
// short, and looking for the few among all would read the whole list.
var publicStates = []cases.State{"classified", "forwarded", "accepted", "answered", "judged", "closed"}

func outcomeBadge(ctx context.Context, o Outcome) ui.State {
	tone := ui.Plain
	switch o {
	case Done:
		tone = ui.Good
	case Partly, Underway:
		tone = ui.Gold
	case NoMeans, NotPossible, Lasting:
		tone = ui.Bad
	case Explained, Passed, Duplicate:
		tone = ui.Notable
	}
	return ui.State{Label: text.T(ctx, "petitions.outcome."+string(o)), Tone: tone}
}

func pointText(points []Point, number int) string {
	for _, p := range points {
		if p.Number == number {
			return p.Text
		}
	}
	return ""
}

func basisLine(ctx context.Context, basis string) string {
	if basis == "" {
		return text.T(ctx, "petitions.basis_unconfirmed")
	}
	return text.T(ctx, "petitions.basis", "basis", basis)
}

// actText is what an act says besides its name: the coded values in words, and
// the note.
func actText(ctx context.Context, a cases.Act) string {
	var parts []string
	fields := a.Fields.V
	for _, f := range []struct{ name, prefix string }{
		{"reason", "petitions.reason."}, {"field", "petitions.field."}, {"outcome", "petitions.outcome."}, {"quality", "petitions.quality."}, {"kind", "petitions.split."}} {
		if v := fields[f.name]; v != "" {
			parts = append(parts, text.T(ctx, "petitions.field_"+f.name)+": "+text.T(ctx, f.prefix+v)+".")
		}
	}
	for _, name := range []string{"officer", "days"} {
		if v := fields[name]; v != "" {
			parts = append(parts, text.T(ctx, "petitions.field_"+name)+": "+v+".")
		}
	}
	if from, to := fields["from_body"], fields["to_body"]; to != "" {
		parts = append(parts, text.T(ctx, "petitions.succession", "from", from, "to", to))
	}
	if name := fields["deadline"]; name != "" {
		due := fields["due"]
		if d, err := clock.ParseDate(due); err == nil {
			due = d.VN()
		}
		parts = append(parts, text.T(ctx, "petitions.deadline."+name)+": "+due+".")
	}
	if a.Document != "" {
		parts = append(parts, text.T(ctx, "petitions.field_document")+": "+a.Document+".")
	}
	if a.Late {
		parts = append(parts, text.T(ctx, "petitions.was_late"))
	}
	if a.Note != "" {
		parts = append(parts, a.Note)
	}
	return strings.Join(parts, " ")
}

func actTone(a cases.Act) ui.Tone {
	switch {
	case a.Late || a.Verb == "escalate":
		return ui.Bad
	case a.Verb == "close" || a.Verb == "answer":
		return ui.Good
	case a.Verb == "return" || a.Verb == "refuse" || a.Verb == "remind" || a.Verb == "send_again" || a.Verb == "contest":
		return ui.Warning
	}
	return ui.Plain
}

func proofLink(url string) templ.Component { return linkToProof(url) }

// whyPage explains one deadline.
type whyPage struct {
	Reckoned
	Back string
}

func (p receiptSheet) terms(ctx context.Context) []ui.Term {
	return []ui.Term{
		{Name: text.T(ctx, "petitions.field_code"), Text: p.Case.Code},
		{Name: text.T(ctx, "petitions.field_to"), Text: p.Council.Name},
		{Name: text.T(ctx, "petitions.field_ward"), Text: p.Unit},
		{Name: text.T(ctx, "petitions.received_at"), Text: clockTime(p.Petition.CreatedAt.Time)},
		{Name: text.T(ctx, "petitions.field_text"), Text: title(p.Petition.Text)},
		{Name: text.T(ctx, "petitions.field_files"), Text: text.T(ctx, "petitions.files_count", "n", p.Files)},
	}
}

func (p followPage) heading(ctx context.Context) string {
	if p.Text == "" {
		return text.T(ctx, "petitions.petition_code", "code", p.Code)
	}
	return title(p.Text)
}

func (p followPage) terms(ctx context.Context) []ui.Term {
	terms := []ui.Term{{Name: text.T(ctx, "petitions.field_to"), Text: p.Council}, {Name: text.T(ctx, "petitions.field_ward"), Text: p.Unit}}
	if p.Body != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "petitions.field_body"), Text: p.Body})
	}
	if p.Case.Field != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "petitions.field_field"), Text: worklist.FieldName(ctx, p.Case.Field)})
	}
	terms = append(terms, ui.Term{Name: text.T(ctx, "petitions.received_at"), Text: clockTime(p.Case.OpenedAt.Time)})
	if p.Case.Round > 1 {
		terms = append(terms, ui.Term{Name: text.T(ctx, "petitions.round"), Text: itoa(p.Case.Round)})
	}
	return terms
}

func publicTable(ctx context.Context, p publicListPage) ui.TableView[Published] {
	return ui.TableView[Published]{
		ID: "public-petitions", Caption: text.T(ctx, "petitions.menu_public"), Rows: p.Rows,
		URL: func(r Published) string { return "/kien-nghi/" + r.Code },
		Columns: []ui.Column[Published]{
			{Key: "title", Label: text.T(ctx, "petitions.field_text"), Cell: func(r Published) templ.Component { return publicTitle(r) }, Fixed: true},
			{Key: "ward", Label: text.T(ctx, "petitions.field_ward"), Text: func(r Published) string { return r.Unit }},
			{Key: "field", Label: text.T(ctx, "petitions.field_field"), Text: func(r Published) string { return worklist.FieldName(ctx, r.Field) }},
			{Key: "state", Label: text.T(ctx, "petitions.field_state"), Cell: func(r Published) templ.Component { return badge(worklist.StateBadge(ctx, r.State)) }},
			{Key: "day", Label: text.T(ctx, "petitions.received_at"), Text: func(r Published) string { return clock.DateOf(r.OpenedAt).VN() }, Narrow: true},
		},
		Empty: ui.Empty{Title: text.T(ctx, "petitions.empty_public"), Text: text.T(ctx, "petitions.empty_hint")},
	}
}

func refusedChart(ctx context.Context, all []Tally) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "petitions.refused_caption"), Name: text.T(ctx, "petitions.field_reason"), Unit: text.T(ctx, "petitions.count")}
	for _, t := range all {
		bars.Bars = append(bars.Bars, ui.Bar{Label: text.T(ctx, "petitions.reason."+t.Key), Value: t.N})
	}
	return bars
}

// fieldStem is the name of a form's field without the number of its point.
func fieldStem(name string) string {
	stem, number, ok := strings.Cut(name, "_")
	if _, err := strconv.Atoi(number); ok && err == nil {
		return stem
	}
	return name
}

// spoken is a field's value in words: codes are no language for people.
func spoken(ctx context.Context, p stepPage, name, value string) string {
	if value == "" {
		return text.T(ctx, "petitions.none")
	}
	switch fieldStem(name) {
	case "field":
		return worklist.FieldName(ctx, value)
	case "authority":
		return text.T(ctx, "petitions.authority."+value)
	case "newness":
		return text.T(ctx, "petitions.newness."+value)
	case "outcome":
		return text.T(ctx, "petitions.outcome."+value)
	case "quality":
		return text.T(ctx, "petitions.quality."+value)
	case "reason":
		return text.T(ctx, "petitions.reason."+value)
	case "kind":
		return text.T(ctx, "petitions.split."+value)
	case "body":
		for _, b := range p.Asked {
			if b.ID == value {
				return b.Name
			}
		}
		return p.Bodies[value].Name
	case "post":
		for _, h := range p.Officers {
			if h.PostID == value {
				return h.Name
			}
		}
		return p.Officer
	}
	return value
}

func orElse(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// publishes: a petition is offered to the public unless the clerk says no.
func publishes(p stepPage) bool {
	if p.Form.Has("revision") {
		return p.Form.Bool("publish")
	}
	return p.Case.Public || p.Petition.Authority == ""
}

// leaves reports whether the form has to ask if what is left was looked at.
func (p stepPage) leaves() bool {
	for _, field := range []string{"public_text", "points"} {
		if f := p.Errors.At(field); f != nil && f.Key == "redaction.left" {
			return true
		}
	}
	return p.Form.Bool("looked") || p.Look != nil && p.Look.Left > 0
}

func forwardTerms(ctx context.Context, p stepPage) []ui.Term {
	return []ui.Term{
		{Name: text.T(ctx, "petitions.field_body"), Text: p.Bodies[p.Petition.BodyID].Name},
		{Name: text.T(ctx, "petitions.field_field"), Text: worklist.FieldName(ctx, p.Case.Field)},
		{Name: text.T(ctx, "petitions.field_authority"), Text: text.T(ctx, "petitions.authority."+string(p.Petition.Authority))},
		{Name: text.T(ctx, "petitions.field_ward"), Text: p.Unit.FullName},
	}
}

// stepTone makes the first step of the page its main one.
func stepTone(i int, st step) ui.Tone {
	if i == 0 && st.tone != ui.Danger {
		return ui.Primary
	}
	return ui.Plain
}
