package open

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"path"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// named splits "urban.roads.json" into the name and whether JSON is asked for.
func named(file string) (name string, asJSON bool, err error) {
	switch path.Ext(file) {
	case ".json":
		return strings.TrimSuffix(file, ".json"), true, nil
	case ".xml":
		return strings.TrimSuffix(file, ".xml"), false, nil
	}
	return "", false, fault.New(fault.Missing, "open.no_format")
}

func wantsJSON(r *http.Request) bool { return path.Ext(r.URL.Path) == ".json" }

// answer311 writes v as JSON, or as XML below a root element.
func answer311(w http.ResponseWriter, asJSON bool, status int, root string, v any) error {
	var out bytes.Buffer
	media := "text/xml"
	if asJSON {
		media = "application/json"
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return err
		}
	} else {
		out.WriteString(xml.Header)
		e := xml.NewEncoder(&out)
		start := xml.StartElement{Name: xml.Name{Local: root}}
		if err := e.EncodeToken(start); err != nil {
			return err
		}
		if err := e.Encode(v); err != nil {
			return err
		}
		if err := e.EncodeToken(start.End()); err != nil {
			return err
		}
		if err := e.Flush(); err != nil {
			return err
		}
		out.WriteByte('\n')
	}
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.WriteHeader(status)
	_, err := w.Write(out.Bytes())
	return err
}

// error311 is an error as the specification writes it.
type error311 struct {
	XMLName     xml.Name `xml:"error" json:"-"`
	Code        int      `xml:"code" json:"code"`
	Description string   `xml:"description" json:"description"`
}

// fail311 tells a program what is wrong, in the form that the address asks for:
// also what goes wrong before or beside the handlers, such as too many requests
// or a database that is away. The status of a wrong request is that of the
// specification.
func fail311(w http.ResponseWriter, r *http.Request, status int, f *fault.Fault) error {
	if f.Kind == fault.Invalid || f.Kind == fault.Refused {
		status = http.StatusBadRequest
	}
	faults := f.Faults
	if len(faults) == 0 {
		faults = []*fault.Fault{f}
	}
	var all []error311
	for _, one := range faults {
		all = append(all, error311{Code: status, Description: ui.Sentence(r.Context(), one)})
	}
	return answer311(w, wantsJSON(r), status, "errors", all)
}

// endpoint311 is one way to reach the interface.
type endpoint311 struct {
	Specification string   `xml:"specification" json:"specification"`
	URL           string   `xml:"url" json:"url"`
	Changeset     string   `xml:"changeset" json:"changeset"`
	Type          string   `xml:"type" json:"type"`
	Formats       []string `xml:"formats>format" json:"formats"`
}

// discovery311 is what a program reads first (Open311 Service Discovery).
type discovery struct {
	XMLName   xml.Name      `xml:"discovery" json:"-"`
	Changeset string        `xml:"changeset" json:"changeset"`
	Contact   string        `xml:"contact" json:"contact"`
	KeyNote   string        `xml:"key_service" json:"key_service"`
	Endpoints []endpoint311 `xml:"endpoints>endpoint" json:"endpoints"`
}

// interfaceSince is when the interface was last changed.
const interfaceSince = "2026-11-23T00:00:00+07:00"

func (s *Service) discovery311(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d := discovery{Changeset: interfaceSince, Contact: text.T(ctx, "open.contact_311", "address", s.absolute("/kien-nghi/du-lieu")), KeyNote: text.T(ctx, "open.key_311")}
	kind := "production"
	d.Endpoints = []endpoint311{{Specification: "http://wiki.open311.org/GeoReport_v2", URL: s.absolute("/open311/v2"), Changeset: interfaceSince, Type: kind, Formats: []string{"text/xml", "application/json"}}}
	if wantsJSON(r) {
		return answer311(w, true, http.StatusOK, "", d)
	}
	b, err := xml.Marshal(d)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, err = w.Write(append([]byte(xml.Header), b...))
	return err
}

func (s *Service) services311(w http.ResponseWriter, r *http.Request) error {
	return answer311(w, wantsJSON(r), http.StatusOK, "services", s.services(r.Context()))
}

// definition is a service with what it asks besides.
type definition struct {
	XMLName    xml.Name       `xml:"service_definition" json:"-"`
	Code       string         `xml:"service_code" json:"service_code"`
	Attributes []attribute311 `xml:"attributes>attribute" json:"attributes"`
}

func (s *Service) definition311(w http.ResponseWriter, r *http.Request) error {
	name, asJSON, err := named(r.PathValue("file"))
	if err != nil {
		return err
	}
	v, err := s.service(r.Context(), name)
	if err != nil {
		return err
	}
	d := definition{Code: v.Code}
	if d.Attributes, err = s.attributes(r.Context()); err != nil {
		return err
	}
	if asJSON {
		return answer311(w, true, http.StatusOK, "", d)
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	if err := xml.NewEncoder(&out).Encode(d); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, err = w.Write(out.Bytes())
	return err
}

func (s *Service) asked311(r *http.Request) (a asked311, err error) {
	q := r.URL.Query()
	for _, id := range list(q.Get("service_request_id")) {
		a.IDs = append(a.IDs, cases.TidyCode(id))
	}
	if len(a.IDs) > idsMost {
		return a, fault.New(fault.Invalid, "open.many_ids", "max", idsMost)
	}
	if len(a.IDs) > 0 { // the other filters do not apply then, as the specification says
		return a, nil
	}
	if a.Services = list(q.Get("service_code")); len(a.Services) > idsMost {
		return a, fault.New(fault.Invalid, "open.many_services", "max", idsMost)
	}
	for _, c := range a.Services {
		if _, err := s.service(r.Context(), c); err != nil {
			return a, err
		}
	}
	for _, status := range list(q.Get("status")) {
		switch status {
		case "open":
			a.Open = true
		case "closed":
			a.Shut = true
		default:
			return a, fault.New(fault.Invalid, "open.bad_status", "value", status)
		}
	}
	a.From, a.Until, err = span311(q.Get("start_date"), q.Get("end_date"), s.Clock.Now())
	return a, err
}

func (s *Service) requests311(w http.ResponseWriter, r *http.Request) error {
	a, err := s.asked311(r)
	if err != nil {
		return err
	}
	all, err := s.requestsOf(r.Context(), a)
	if err != nil {
		return err
	}
	return answer311(w, wantsJSON(r), http.StatusOK, "service_requests", all)
}

func (s *Service) request311(w http.ResponseWriter, r *http.Request) error {
	name, asJSON, err := named(r.PathValue("file"))
	if err != nil {
		return err
	}
	all, err := s.requestsOf(r.Context(), asked311{IDs: []string{cases.TidyCode(name)}})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fault.New(fault.Missing, "open.no_request", "code", text.Line(name))
	}
	return answer311(w, asJSON, http.StatusOK, "service_requests", all)
}

// token is what Open311 gives while a number is not known yet. Here the number
// is known at once, so it is its own token.
type token struct {
	XMLName xml.Name `xml:"request" json:"-"`
	ID      string   `xml:"service_request_id" json:"service_request_id"`
	Token   string   `xml:"token" json:"token"`
}

func (s *Service) token311(w http.ResponseWriter, r *http.Request) error {
	name, asJSON, err := named(r.PathValue("file"))
	if err != nil {
		return err
	}
	all, err := s.requestsOf(r.Context(), asked311{IDs: []string{cases.TidyCode(name)}})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fault.New(fault.Missing, "open.no_token")
	}
	return answer311(w, asJSON, http.StatusOK, "service_requests", []token{{ID: all[0].ID, Token: name}})
}

// handed is the answer to a request that was taken in.
type handed struct {
	XMLName xml.Name `xml:"request" json:"-"`
	ID      string   `xml:"service_request_id" json:"service_request_id"`
	Notice  string   `xml:"service_notice" json:"service_notice"`
	Account string   `xml:"account_id" json:"account_id"`
}

// receive311 takes a petition in from another program. It is handed to the
// verb that takes in the public's own form, with all its checks.
func (s *Service) receive311(w http.ResponseWriter, r *http.Request) error {
	asJSON := wantsJSON(r)
	form, err := web.ReadForm(w, r, web.Limits{Runes: 20_000})
	if err != nil {
		return err
	}
	in, err := s.requestIn(r, form)
	if err != nil {
		return err
	}
	id, key, err := s.Receive(r.Context(), org.Voter(web.Address(r).String()), in)
	if err != nil {
		return err
	}
	address := s.absolute("/kien-nghi/" + id)
	if key != "" {
		address += "?key=" + key
	}
	w.Header().Set("Cache-Control", "no-store") // it holds the voter's key
	return answer311(w, asJSON, http.StatusCreated, "service_requests", []handed{{ID: id, Notice: text.T(r.Context(), "open.follow", "address", address)}})
}

// requestIn reads the fields of the specification.
func (s *Service) requestIn(r *http.Request, form *web.Form) (Request, error) {
	ctx := r.Context()
	service := form.Line("service_code")
	if service == "" {
		return Request{}, fault.New(fault.Invalid, "open.service_empty").At("service_code")
	}
	if _, err := s.service(ctx, service); err != nil {
		return Request{}, err
	}
	if form.Line("media_url") != "" {
		return Request{}, fault.New(fault.Invalid, "open.no_media").At("media_url")
	}
	in := Request{Text: form.Text("description"), Ward: form.Line("attribute[ward]"), ToWard: form.Line("attribute[to]") == "ward", Email: form.Line("email"), Phone: form.Line("phone"),
		Name: text.Line(form.Line("last_name") + " " + form.Line("first_name")), Consent: form.Bool("attribute[consent]"), Lang: text.LangOf(ctx), Once: form.Once()}
	if service != generalFields {
		in.Field = service
	}
	if in.Ward == "" {
		in.Ward = form.Line("address_string")
	}
	if in.Ward == "" {
		in.Ward = form.Line("address_id")
	}
	if in.Ward == "" && form.Line("lat") != "" {
		return Request{}, fault.New(fault.Invalid, "open.no_point").At("lat")
	}
	return in, nil
}
