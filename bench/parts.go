package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// typed are the first words of what a voter might write, as the hint is asked
// for while typing: each another, from a few words to all of them.
func (h *house) typed(i int) string {
	r := rand.New(rand.NewPCG(uint64(i), 11))
	words := strings.Fields(petitionText(r, h.wards[skewed(r, len(h.wards))].FullName))
	return strings.Join(words[:min(len(words), 12+r.IntN(len(words)))], " ")
}

// hints measures what is offered while somebody types, and what a clerk sees
// of petitions that say the same.
func (b *bench) hints(ctx context.Context, k *stock) error {
	if len(k.rows.fresh) == 0 || len(k.rows.told) == 0 {
		return errors.New("nothing was filled in to look at")
	}
	const most = 50
	return b.views(ctx, k, "hint", []view{
		{"typing", "", func(i int) string { return "/kien-nghi/tuong-tu?text=" + url.QueryEscape(k.h.typed(i)) }, most},
		{"clerk", k.h.clerk, among(k.rows.told, "/petitions/{}/similar"), most},
		{"clerk_new", k.h.clerk, among(k.rows.fresh, "/petitions/{}/similar"), most},
		{"classification", k.h.clerk, among(k.rows.fresh, "/petitions/{}/classification"), most},
	})
}

// partMost is the goal of every page of the parts, in milliseconds.
const partMost = 50

// parts measures the pages of the parts, on the smallest and the largest stock.
func (b *bench) parts(ctx context.Context, k *stock) error {
	if all := b.stockSizes(); k.n != all[0] && k.n != all[len(all)-1] {
		return nil
	}
	year, month := k.rows.now.Year(), int(k.rows.now.Month())
	deputies := make([]string, len(k.h.deputies))
	for i, p := range k.h.deputies {
		deputies[i] = p.ID
	}
	if len(deputies) == 0 || len(k.rows.linked) == 0 || len(k.rows.codes) == 0 {
		return errors.New("nothing was filled in to look at")
	}
	clerk, head, agency := k.h.clerk, k.h.head, k.h.agency
	return b.views(ctx, k, "parts", []view{
		{"statistics", "", to("/kien-nghi/thong-ke"), partMost},
		{"statistics_year", "", to(fmt.Sprintf("/kien-nghi/thong-ke?nam=%d", year)), partMost},
		{"open_data", "", to("/kien-nghi/du-lieu"), partMost},
		{"open_data_month", "", to(fmt.Sprintf("/kien-nghi/du-lieu.json?nam=%d&thang=%d", year, month)), 0},
		{"georeport_services", "", to("/open311/v2/services.json"), partMost},
		{"georeport_requests", "", to("/open311/v2/requests.json"), partMost},
		{"georeport_field", "", to("/open311/v2/requests.xml?service_code=urban.roads"), partMost},
		{"georeport_closed", "", to("/open311/v2/requests.json?status=closed"), partMost},
		{"georeport_one", "", among(k.rows.codes, "/open311/v2/requests/{}.json"), partMost},
		{"public_list", "", to("/kien-nghi"), partMost},
		{"overview", head, to("/petitions/overview"), partMost},
		{"ratings", clerk, to("/petitions/satisfaction"), partMost},
		{"promises", clerk, to("/petitions/promises"), partMost},
		{"promises_agency", agency, to("/petitions/promises"), partMost},
		{"reminders_board", clerk, to("/petitions/reminders"), partMost},
		{"reminders_letters", clerk, to("/petitions/reminders/letters"), partMost},
		{"reminders_new", clerk, to("/petitions/reminders/new?body=" + k.h.answering[3].ID), partMost},
		{"reminders_received", agency, to("/petitions/reminders/received"), partMost},
		{"league", head, to("/petitions/reminders/league"), partMost},
		{"league_agency", agency, to("/petitions/reminders/league"), partMost},
		{"deputies", clerk, to("/petitions/deputies"), partMost},
		{"deputy", clerk, among(deputies, "/intake/deputies/{}"), partMost},
		{"shares", agency, to("/petition-shares"), partMost},
		{"disputes", head, to("/petition-disputes"), partMost},
		{"settings", clerk, to("/petitions/settings"), partMost},
		{"settings_in_force", clerk, to("/petitions/settings/in-force"), partMost},
		{"gate", clerk, to("/petitions/gate"), partMost},
		{"gate_held", clerk, to("/petitions/gate/held"), partMost},
		{"gate_traces", clerk, to("/petitions/gate/traces"), partMost},
		{"memory", clerk, among(k.rows.linked, "/petitions/{}/memory"), partMost},
		{"reports", clerk, to("/reports/petitions"), partMost},
	})
}
