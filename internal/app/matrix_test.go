package app_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/testkit/council"
)

// record is a petition of the matrix with its secrets: a mark in the text that
// only those who may open it may ever read, and a mark in the contact that only
// the office's clerks and head may.
type record struct {
	name    string
	id      string
	code    string
	mark    string
	contact string
	// seers may open it. Written out by hand, so that a mistake in the program's
	// own rule shows.
	seers   []string
	callers []string // may read the voter's contact
}

var cityCouncil = []string{"văn-thư", "văn-thư-hai", "lãnh-đạo-văn-phòng", "chủ-tịch", "thường-trực", "đại-biểu"}
var cityOffice = []string{"văn-thư", "văn-thư-hai", "lãnh-đạo-văn-phòng"}

// matrix makes one record for each case of who owns, holds and examines.
func matrix(t *testing.T, w *council.World) []*record {
	all := []*record{
		{name: "city-new", seers: cityCouncil, callers: cityOffice},
		{name: "city-building", seers: append(slices.Clone(cityCouncil), "ban-đô-thị", "giám-đốc-xây-dựng", "đầu-mối-xây-dựng", "cán-bộ-xây-dựng"), callers: cityOffice},
		{name: "city-school", seers: append(slices.Clone(cityCouncil), "ban-văn-hoá", "giám-đốc-giáo-dục", "đầu-mối-giáo-dục"), callers: cityOffice},
		{name: "city-sealed", seers: cityOffice, callers: cityOffice},
		{name: "ward-own", seers: []string{"văn-thư-phường", "lãnh-đạo-phường", "chủ-tịch-phường", "đại-biểu-phường", "ban-phường", "ubnd-phường", "chủ-tịch-ubnd-phường"},
			callers: []string{"văn-thư-phường", "lãnh-đạo-phường"}},
		{name: "ward-other", seers: []string{"văn-thư-phường-khác", "lãnh-đạo-phường-khác", "đại-biểu-phường-khác"}, callers: []string{"văn-thư-phường-khác", "lãnh-đạo-phường-khác"}},
	}
	for i, r := range all {
		r.mark = "dấukín" + string(rune('a'+i)) + "xyz"
		r.contact = "lienhe" + string(rune('a'+i)) + "@example.vn"
		r.hand(t, w)
	}
	w.Work(t)
	return all
}

func (r *record) hand(t *testing.T, w *council.World) {
	t.Helper()
	ctx, p := context.Background(), w.App.Petitions
	sub := petitions.Submission{To: petitions.ToCity, Ward: "00004", Email: r.contact, Consent: true, Text: "Đề nghị xem xét việc chung của tổ dân phố " + r.mark + " trong khu vực."}
	classification := petitions.Classification{Field: "urban.roads", Authority: petitions.CityLvl, Newness: petitions.FirstTime, Ward: "00004", BodyID: "hn-sxd",
		PublicText: "Đề nghị xem xét việc chung của tổ dân phố.", Publish: true}
	clerk, head := "văn-thư", "lãnh-đạo-văn-phòng"
	switch r.name {
	case "city-school":
		classification.Field, classification.BodyID = "culture.education", "hn-sgd"
	case "ward-own":
		sub.To, clerk, head, classification.BodyID = petitions.ToWard, "văn-thư-phường", "lãnh-đạo-phường", "bd-ub"
	case "ward-other":
		sub.To, sub.Ward = petitions.ToWard, "00008"
	}
	h, err := p.Receive(ctx, org.Voter("192.0.2.1"), sub)
	if err != nil {
		t.Fatal(err)
	}
	r.id, r.code = h.ID, h.Code
	do := func(err error) {
		if err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
	}
	switch r.name {
	case "city-sealed":
		do(p.SplitOff(ctx, w.People[clerk], r.id, petitions.DenunciationSplit, "Nội dung là tố cáo.", 0))
	case "city-building", "city-school", "ward-own":
		do(p.Classify(ctx, w.People[clerk], r.id, classification))
		do(p.Forward(ctx, w.People[head], r.id, "", 0))
	}
	if r.name == "city-building" {
		do(p.Accept(ctx, w.People["đầu-mối-xây-dựng"], r.id, clock.Date{}, 0))
		do(p.Assign(ctx, w.People["giám-đốc-xây-dựng"], r.id, "post-cán-bộ-xây-dựng", "", 0))
	}
}

// TestMatrix asks every address as every person, for every record that is
// theirs and that is another's: no page may hold what the reader may not see,
// and no form may change what the sender may not change. Who lacks the right
// that an address needs is sent away before it looks at any record, so asks it
// once, for one record after the other in turn.
func TestMatrix(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		m := &asking{w: w, records: matrix(t, w)}
		m.before = m.revisions(t)
		for _, who := range append([]string{""}, slices.Sorted(maps.Keys(w.People))...) {
			b := w.Within(t, who)
			for _, route := range w.App.Server.Routes() {
				method, pattern, ok := strings.Cut(route.Pattern, " ")
				if !ok || pattern == "/live" || strings.HasPrefix(pattern, "/sign-out") || strings.HasPrefix(pattern, "/demo/") ||
					strings.HasPrefix(pattern, "/posts/") || strings.HasPrefix(pattern, "/account") {
					continue // these end or change the sign-in itself; auth's own tests ask them
				}
				all := paths(pattern, m.records)
				if !route.Needs.Allows(w.People[who]) {
					m.refused(t, b, who, method, all[m.sent%len(all)])
					continue
				}
				for _, path := range all {
					m.check(t, b, who, method, path)
				}
				m.changes(t, who, route.Pattern)
			}
		}
		if m.asked < 10000 || m.sent < 5000 {
			t.Errorf("only %d requests of those who have the right and %d of those who have not: the matrix is not whole", m.asked, m.sent)
		}
		t.Logf("%d requests, and %d that were refused", m.asked, m.sent)
	})
}

// asking is the matrix while it is asked.
type asking struct {
	w       *council.World
	records []*record
	before  []int64 // the records' revisions after the last address
	asked   int
	sent    int // away, for want of a right
}

// paths fills an address with every record's id; addresses without one are
// asked as they are.
func paths(pattern string, records []*record) []string {
	pattern = strings.TrimSuffix(pattern, "{$}")
	if !strings.Contains(pattern, "{") {
		return []string{pattern}
	}
	var all []string
	for _, r := range records {
		filled := pattern
		for strings.Contains(filled, "{") {
			i, j := strings.Index(filled, "{"), strings.Index(filled, "}")
			value := r.id
			if filled[i+1:j] == "code" {
				value = r.code
			}
			filled = filled[:i] + url.PathEscape(value) + filled[j+1:]
		}
		all = append(all, filled)
	}
	return all
}

// ask sends one request, and looks for what may never happen.
func (m *asking) ask(t *testing.T, b *council.Browser, who, method, path string) (p council.Page) {
	t.Helper()
	if method == http.MethodGet {
		p = b.Get(t, path)
	} else {
		p = b.Post(t, path, url.Values{"note": {"thử quyền"}, "reason": {"unclear"}, "quality": {"good"}, "days": {"5"}, "document": {"1/X"}, "post": {"post-cán-bộ-xây-dựng"}})
	}
	if p.Status >= http.StatusInternalServerError {
		t.Errorf("%s %s as %q: %d", method, path, who, p.Status)
	}
	for _, r := range m.records {
		// Deputies open the unsealed petitions of their council, and read what
		// was cleared for the public.
		reads := slices.Contains(r.seers, who) && !strings.HasPrefix(who, "đại-biểu")
		if !reads && strings.Contains(p.Body, r.mark) {
			t.Errorf("LEAK: %s %s shows the text of %s to %q", method, path, r.name, who)
		}
		if !slices.Contains(r.callers, who) && strings.Contains(p.Body, r.contact) {
			t.Errorf("LEAK: %s %s shows the contact of %s to %q", method, path, r.name, who)
		}
	}
	return p
}

// changes looks at the records after an address was asked for each of them. Of
// those that are not the person's none may have changed, whichever was asked for.
func (m *asking) changes(t *testing.T, who, pattern string) {
	t.Helper()
	after := m.revisions(t)
	for i, r := range m.records {
		if after[i] != m.before[i] && !slices.Contains(r.seers, who) {
			t.Errorf("LEAK: %s as %q changed %s", pattern, who, r.name)
		}
	}
	m.before = after
}

// check asks as somebody who has the right: now it depends on the record.
func (m *asking) check(t *testing.T, b *council.Browser, who, method, path string) {
	t.Helper()
	m.asked++
	p := m.ask(t, b, who, method, path)
	for _, r := range m.records {
		if slices.Contains(r.seers, who) {
			continue
		}
		if strings.HasPrefix(path, "/petitions/"+r.id) && p.Status == http.StatusOK && !strings.HasPrefix(p.URL, "/sign-in") {
			t.Errorf("LEAK: %s %s as %q answers 200 at %s", method, path, who, p.URL)
		}
	}
}

// refused asks as somebody who lacks the right: to a person the address does not
// exist, a voter is asked to sign in, and nothing changes.
func (m *asking) refused(t *testing.T, b *council.Browser, who, method, path string) {
	t.Helper()
	m.sent++
	p := m.ask(t, b, who, method, path)
	after := m.revisions(t)
	if !slices.Equal(after, m.before) {
		t.Errorf("LEAK: %s %s as %q, who lacks the right, changed a record", method, path, who)
	}
	m.before = after
	switch {
	case who != "" && p.Status != http.StatusNotFound:
		t.Errorf("LEAK: %s %s answers %q, who lacks the right, with %d", method, path, who, p.Status)
	case who == "" && !strings.HasPrefix(p.URL, "/sign-in") && p.Status != http.StatusUnauthorized:
		t.Errorf("LEAK: %s %s answers a voter with %d at %s", method, path, p.Status, p.URL)
	}
}

func (m *asking) revisions(t *testing.T) []int64 {
	t.Helper()
	type row struct {
		ID       string `db:"id"`
		Revision int64  `db:"revision"`
	}
	var ids []string
	for _, r := range m.records {
		ids = append(ids, r.id)
	}
	all := make([]int64, len(ids))
	err := m.w.App.DB.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := db.All[row](t.Context(), tx, `SELECT id, revision FROM cases_cases WHERE id `+tx.In("$1"), db.List(ids))
		if len(rows) != len(ids) {
			t.Fatalf("%d of %d records are there", len(rows), len(ids))
		}
		for _, r := range rows {
			all[slices.Index(ids, r.ID)] = r.Revision
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
