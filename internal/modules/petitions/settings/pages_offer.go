package settings

import (
	"context"
	"net/url"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Ready is a template filled for one petition.
//
// vi: -
type Ready struct{ ID, Title, Text string }

// Ready fills the templates that a council has for a field and verb, for the
// form of that verb.
func (d *Desk) Ready(ctx context.Context, councilID, field, verb string, f Filling) []Ready {
	var all []Ready
	for _, t := range d.Templates(ctx, councilID, field, verb, clock.Today(d.Clock)) {
		all = append(all, Ready{t.ID, t.Title, Render(t, f)})
	}
	return all
}

// Chosen is the text of the template with an id; empty when there is none.
func Chosen(all []Ready, id string) string {
	for _, r := range all {
		if r.ID == id {
			return r.Text
		}
	}
	return ""
}

// templateURL is the page of a form with a template in it.
func templateURL(page, id string) string {
	page, anchor, anchored := strings.Cut(page, "#")
	joint := "?"
	if strings.Contains(page, "?") {
		joint = "&"
	}
	page += joint + url.Values{"template": {id}}.Encode()
	if anchored {
		page += "#" + anchor
	}
	return page
}

// proposes writes what a rule proposes; bodies gives names by id.
func (h Hit) proposes(ctx context.Context, bodies map[string]string) string {
	var all []string
	if h.Field != "" {
		all = append(all, text.T(ctx, "petitions.field."+h.Field))
	}
	if h.Authority != "" {
		all = append(all, text.T(ctx, "petitions.authority."+h.Authority))
	}
	if name := bodies[h.BodyID]; name != "" {
		all = append(all, name)
	}
	return strings.Join(all, "; ")
}
