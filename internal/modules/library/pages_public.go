package library

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/library/akoma"
)

func (s *Service) publicList(w http.ResponseWriter, r *http.Request) error {
	v := listOf(r.URL.Query())
	v.Public = true
	if v.Query != "" {
		if err := s.find(r, org.Actor{}, &v); err != nil {
			return err
		}
	} else if err := s.newest(r, &v); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "library.public_title"), Public: true, Query: v.Query}, listBody(v))
}

// newest fills the view with a page of the newest documents. A page's place is
// the moment of publication and the id of the last row before it.
func (s *Service) newest(r *http.Request, v *listView) error {
	before, id := placeOf(r.URL.Query().Get("before"))
	rows, more, err := s.Newest(r.Context(), v.listing(), before, id)
	if v.Rows = rows; more {
		last := rows[len(rows)-1]
		v.Next = v.query("before", placeWords(last.PublishedAt.Time, last.ID))
	}
	return err
}

// placeOf reads a place in the list of the newest; nonsense is its beginning.
func placeOf(s string) (at time.Time, id string) {
	micros, id, _ := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(micros, 10, 64); err == nil && n > 0 {
		return time.UnixMicro(n), text.Line(id)
	}
	return at, ""
}

func placeWords(at time.Time, id string) string {
	return strconv.FormatInt(at.UnixMicro(), 10) + "." + id
}

// publicView is the reading page of everybody.
type publicView struct {
	Whole
	Address string // absolute: people cite it
}

func (s *Service) publicDocument(w http.ResponseWriter, r *http.Request) error {
	v, err := s.PublicWhole(r.Context(), r.PathValue("council"), r.PathValue("slug"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.Name(), Section: publicHome, Public: true}, publicBody(publicView{v, s.Address + v.permanent()}))
}

func (s *Service) publicFile(w http.ResponseWriter, r *http.Request) error {
	p, file, err := s.PublicOpen(r.Context(), r.PathValue("council"), r.PathValue("slug"))
	if err != nil {
		return err
	}
	return web.ServePaper(w, r, p, file)
}

// askView is the page of questions.
type askView struct {
	Reply
	Errors ui.Errors
}

func (s *Service) askPage(w http.ResponseWriter, r *http.Request) error {
	reply, err := s.Ask(r.Context(), cut(r.URL.Query().Get("q"), questionMax))
	if err != nil {
		return err
	}
	v := askView{Reply: reply}
	if r.URL.Query().Has("q") && reply.Question == "" {
		v.Errors = ui.ErrorsOf(fault.New(fault.Invalid, "library.question_missing").At("q"))
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "library.menu_ask"), Public: true}, askBody(v))
}

const questionMax = 500

// quoteURL is where the quoted words stand.
func (v askView) quoteURL() string {
	at := v.Quote.Document.permanent()
	if v.Quote.Anchor != "" {
		at += "#" + v.Quote.Anchor
	}
	return at
}

// source cites a quote: "Khoản 2 Điều 5, Nghị quyết số 08/2025/NQ-HĐND".
func (v askView) source(ctx context.Context) string {
	d := v.Quote.Document
	name := d.Name()
	if d.Kind != "" {
		name = text.T(ctx, "library.kind."+d.Kind) + " " + name
	}
	if v.Quote.Place == "" {
		return name
	}
	place := []rune(v.Quote.Place)
	return strings.ToUpper(string(place[:1])) + string(place[1:]) + ", " + name
}

// entry is a document in the open catalogue.
type entry struct {
	Address     string `json:"address"`
	Council     string `json:"council"`
	Kind        string `json:"kind"`
	Symbol      string `json:"symbol"`
	Subject     string `json:"subject"`
	Issuer      string `json:"issuer"`
	IssuedOn    string `json:"issued_on"`
	EffectiveOn string `json:"effective_on"`
	Status      string `json:"status"`
	Published   string `json:"published_at"`
}

// catalogueMost is how many documents one file of the catalogue holds; the next
// file begins behind its last.
const catalogueMost = 1000

// catalogue gives the entries behind a place, and the place behind them.
func (s *Service) catalogue(r *http.Request) (all []entry, next string, err error) {
	at, id := placeOf(r.URL.Query().Get("before"))
	for len(all) < catalogueMost {
		rows, more, err := s.Newest(r.Context(), Listing{}, at, id)
		if err != nil {
			return nil, "", err
		}
		for _, l := range rows {
			all = append(all, entry{Address: s.Address + l.permanent(), Council: l.Council.Name, Kind: l.Kind, Symbol: l.Symbol, Subject: l.Subject, Issuer: l.Issuer, IssuedOn: l.IssuedOn.String(),
				EffectiveOn: l.EffectiveOn.String(), Status: string(l.Standing.Status), Published: l.PublishedAt.Format(time.RFC3339)})
		}
		if !more {
			return all, "", nil
		}
		last := rows[len(rows)-1]
		at, id = last.PublishedAt.Time, last.ID
	}
	return all, placeWords(at, id), nil
}

func (s *Service) catalogueCSV(w http.ResponseWriter, r *http.Request) error {
	all, next, err := s.catalogue(r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("\uFEFF") // spreadsheets take it for UTF-8 then
	c := csv.NewWriter(&out)
	rows := [][]string{{"address", "council", "kind", "symbol", "subject", "issuer", "issued_on", "effective_on", "status", "published_at"}}
	for _, e := range all {
		rows = append(rows, []string{e.Address, e.Council, e.Kind, e.Symbol, harmless(e.Subject), harmless(e.Issuer), e.IssuedOn, e.EffectiveOn, e.Status, e.Published})
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	linked(w, s.Address+publicHome+"/danh-muc.csv", next)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", "attachment; filename=danh-muc-van-ban.csv")
	_, err = w.Write(out.Bytes())
	return err
}

func (s *Service) catalogueJSON(w http.ResponseWriter, r *http.Request) error {
	all, next, err := s.catalogue(r)
	if err != nil {
		return err
	}
	linked(w, s.Address+publicHome+"/danh-muc.json", next)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(map[string]any{"documents": all, "next": next})
}

// linked names the next file of the catalogue (RFC 8288).
func linked(w http.ResponseWriter, address, next string) {
	if next != "" {
		w.Header().Set("Link", "<"+address+"?before="+url.QueryEscape(next)+">; rel=\"next\"")
	}
}

// harmless keeps a spreadsheet from taking words for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// publicAkoma is the document as LegalDocML (Akoma Ntoso 3.0).
func (s *Service) publicAkoma(w http.ResponseWriter, r *http.Request) error {
	v, err := s.PublicWhole(r.Context(), r.PathValue("council"), r.PathValue("slug"))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := akoma.Export(&out, v.akoma()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/akn+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(strings.ReplaceAll(v.Slug, "/", "-")+".xml"))
	_, err = w.Write(out.Bytes())
	return err
}

// akoma is the document for exchange.
func (v Whole) akoma() akoma.Document {
	d := akoma.Document{Kind: v.Kind, Symbol: v.Symbol, Title: v.Subject, Issuer: v.Issuer, Place: v.Place, Issued: v.IssuedOn, Effective: v.EffectiveOn, Expires: v.ExpiresOn, Term: v.Term, Session: v.Session,
		Preamble: v.Reading.Bases, Recipients: v.Reading.Recipients}
	if v.Signer != "" {
		d.Signers = []akoma.Signer{{Name: v.Signer, Position: v.SignerTitle}}
	}
	d.Provisions = v.below(-1)
	if len(d.Provisions) == 0 {
		d.Preamble = append(d.Preamble, paragraphs(v.Opening)...)
	}
	return d
}

// below makes the tree of what a unit holds; -1 is the document itself.
func (v Whole) below(parent int64) []akoma.Provision {
	var all []akoma.Provision
	for _, u := range v.Units {
		if u.Parent == parent {
			all = append(all, akoma.Provision{Anchor: u.Anchor, Level: akoma.Level(u.Level), Number: u.Number, Heading: u.Heading, Text: paragraphs(u.Text), Children: v.below(u.Seq)})
		}
	}
	return all
}

func paragraphs(s string) []string {
	var all []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
