package library

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
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
	at, id, _ := strings.Cut(r.URL.Query().Get("before"), ".")
	var before time.Time
	if micros, err := strconv.ParseInt(at, 10, 64); err == nil && micros > 0 {
		before = time.UnixMicro(micros)
	}
	rows, more, err := s.Newest(r.Context(), before, text.Line(id))
	if v.Rows = rows; more {
		last := rows[len(rows)-1]
		v.Next = v.query("before", strconv.FormatInt(last.PublishedAt.UnixMicro(), 10)+"."+last.ID)
	}
	return err
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
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(v.Slug+".xml"))
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
