package open

import (
	"context"
	"encoding/xml"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// The limits of Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2).
const (
	requestsMost  = 1000
	daysMost      = 90
	idsMost       = 100
	generalFields = "general" // the service for whoever does not know the field
)

// service311 is a field of work as Open311 names it.
type service311 struct {
	XMLName     xml.Name `xml:"service" json:"-"`
	Code        string   `xml:"service_code" json:"service_code"`
	Name        string   `xml:"service_name" json:"service_name"`
	Description string   `xml:"description" json:"description"`
	Metadata    bool     `xml:"metadata" json:"metadata"`
	Type        string   `xml:"type" json:"type"`
	Keywords    string   `xml:"keywords" json:"keywords"`
	Group       string   `xml:"group" json:"group"`
}

// services lists what may be asked for; "general" stands first.
func (s *Service) services(ctx context.Context) []service311 {
	lang := text.LangOf(ctx)
	all := []service311{{Code: generalFields, Name: text.T(ctx, "open.general"), Description: text.T(ctx, "open.general_text"), Metadata: true, Type: "realtime"}}
	for _, f := range s.Fields(ctx) {
		all = append(all, service311{Code: f.Code, Name: f.name(lang), Description: text.T(ctx, "open.service_text", "field", f.name(lang)), Metadata: true, Type: "realtime",
			Keywords: strings.ReplaceAll(text.Fold(f.Vi), " ", ","), Group: f.group(lang)})
	}
	return all
}

// service finds a service by its code.
func (s *Service) service(ctx context.Context, code string) (service311, error) {
	all := s.services(ctx)
	i := slices.IndexFunc(all, func(v service311) bool { return v.Code == code })
	if i < 0 {
		return service311{}, fault.New(fault.Missing, "open.no_service", "code", code)
	}
	return all[i], nil
}

// value311 is one answer to choose in an attribute.
type value311 struct {
	Key  string `xml:"key" json:"key"`
	Name string `xml:"name" json:"name"`
}

// attribute311 is something further that a service asks.
type attribute311 struct {
	XMLName     xml.Name   `xml:"attribute" json:"-"`
	Variable    bool       `xml:"variable" json:"variable"`
	Code        string     `xml:"code" json:"code"`
	Datatype    string     `xml:"datatype" json:"datatype"`
	Required    bool       `xml:"required" json:"required"`
	Hint        string     `xml:"datatype_description" json:"datatype_description"`
	Order       int        `xml:"order" json:"order"`
	Description string     `xml:"description" json:"description"`
	Values      []value311 `xml:"values>value,omitempty" json:"values,omitempty"`
}

// attributes are the further questions of every service. None is required: the
// ward may also stand in address_string.
func (s *Service) attributes(ctx context.Context) ([]attribute311, error) {
	var units unitNames
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		units, err = wards(ctx, tx, clock.Today(s.Clock))
		return err
	})
	if err != nil {
		return nil, err
	}
	var list []value311
	for _, u := range units {
		list = append(list, value311{u.Code, u.FullName})
	}
	slices.SortFunc(list, func(a, b value311) int { return strings.Compare(a.Key, b.Key) })
	yes := []value311{{"0", text.T(ctx, "open.no")}, {"1", text.T(ctx, "open.yes")}}
	return []attribute311{
		{Variable: true, Code: "ward", Datatype: "singlevaluelist", Order: 1, Description: text.T(ctx, "open.attribute_ward"), Hint: text.T(ctx, "open.attribute_ward_hint"), Values: list},
		{Variable: true, Code: "to", Datatype: "singlevaluelist", Order: 2, Description: text.T(ctx, "open.attribute_to"),
			Values: []value311{{"city", text.T(ctx, "open.to_city")}, {"ward", text.T(ctx, "open.to_ward")}}},
		{Variable: true, Code: "consent", Datatype: "singlevaluelist", Order: 3, Description: text.T(ctx, "open.attribute_consent"), Hint: text.T(ctx, "open.attribute_consent_hint"), Values: yes},
	}, nil
}

// request311 is a petition as Open311 shows it. Dates are W3C dates with the
// offset of Hanoi.
type request311 struct {
	XMLName     xml.Name `xml:"request" json:"-"`
	ID          string   `xml:"service_request_id" json:"service_request_id"`
	Status      string   `xml:"status" json:"status"`
	StatusNotes string   `xml:"status_notes" json:"status_notes"`
	ServiceName string   `xml:"service_name" json:"service_name"`
	ServiceCode string   `xml:"service_code" json:"service_code"`
	Description string   `xml:"description" json:"description"`
	Agency      string   `xml:"agency_responsible" json:"agency_responsible"`
	Notice      string   `xml:"service_notice" json:"service_notice"`
	Requested   string   `xml:"requested_datetime" json:"requested_datetime"`
	Updated     string   `xml:"updated_datetime" json:"updated_datetime"`
	Expected    string   `xml:"expected_datetime" json:"expected_datetime"`
	Address     string   `xml:"address" json:"address"`
	AddressID   string   `xml:"address_id" json:"address_id"`
	Zipcode     string   `xml:"zipcode" json:"zipcode"`
	Lat         *float64 `xml:"lat" json:"lat"` // petitions have a ward and no point
	Long        *float64 `xml:"long" json:"long"`
	MediaURL    string   `xml:"media_url" json:"media_url"`
}

// stamp is a W3C datetime; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return hanoi(t).Format("2006-01-02T15:04:05-07:00")
}

// endOf is the last second of a due date: the day counts in full.
func endOf(d clock.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.End().Add(-time.Second)
}

func (s *Service) shown311(ctx context.Context, r Record, fields map[string]Field) request311 {
	q := request311{ID: r.Code, Status: "closed", StatusNotes: text.T(ctx, "petitions.state."+string(r.State)), ServiceCode: r.FieldCode, Description: r.PublicText, Agency: r.Body,
		Notice: text.T(ctx, "open.follow", "address", s.absolute("/kien-nghi/"+r.Code)), Requested: stamp(r.Received), Updated: stamp(r.Changed), Expected: stamp(endOf(r.Due)),
		Address: r.Ward, AddressID: r.WardCode}
	if r.Open {
		q.Status = "open"
	}
	if r.ReplyText != "" {
		q.StatusNotes += ": " + r.ReplyText
	}
	if q.ServiceCode == "" {
		q.ServiceCode, q.ServiceName = generalFields, text.T(ctx, "open.general")
	} else {
		q.ServiceName = fields[r.FieldCode].name(text.LangOf(ctx))
	}
	return q
}

func (s *Service) absolute(path string) string { return strings.TrimRight(s.Address, "/") + path }

// asked311 is what a program asks of the list of requests.
type asked311 struct {
	IDs, Services []string
	From, Until   time.Time
	Open, Shut    bool
}

// list splits a value at its commas.
func list(s string) []string {
	var all []string
	for one := range strings.SplitSeq(s, ",") {
		if one = text.Line(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// span311 works out the time that is asked about: the last 90 days when nothing
// is said, and never more than 90 days.
func span311(start, end string, now time.Time) (from, until time.Time, err error) {
	const most = daysMost * 24 * time.Hour
	read := func(s, field string) (time.Time, *fault.Fault) {
		if s == "" {
			return time.Time{}, nil
		}
		// A "+" that was not escaped in the address arrives as a space.
		t, err := time.Parse(time.RFC3339, strings.ReplaceAll(s, " ", "+"))
		if err != nil {
			return t, fault.New(fault.Invalid, "open.bad_datetime", "name", field, "value", s).At(field).Because(err)
		}
		return t, nil
	}
	from, wrong := read(start, "start_date")
	until, too := read(end, "end_date")
	if err := fault.Join(wrong, too); err != nil {
		return from, until, err
	}
	switch {
	case from.IsZero() && until.IsZero():
		return now.Add(-most), now, nil
	case from.IsZero():
		return until.Add(-most), until, nil
	case until.IsZero():
		if until = from.Add(most); until.After(now) {
			until = now
		}
	}
	if until.Before(from) || until.Sub(from) > most {
		return from, until, fault.New(fault.Invalid, "open.bad_span", "days", daysMost)
	}
	return from, until, nil
}

// Requests311 lists requests by number, or public ones of a time.
func (s *Service) requestsOf(ctx context.Context, a asked311) ([]request311, error) {
	n, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	var all []Record
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := casesByCode(ctx, tx, a.IDs)
		if len(a.IDs) == 0 {
			f := publicFilter{From: a.From, After: place{At: a.Until.Add(time.Microsecond)}, Open: a.Open, Shut: a.Shut, Limit: requestsMost}
			for _, code := range a.Services {
				if code == generalFields {
					f.NoField = true
				} else {
					f.Fields = append(f.Fields, code)
				}
			}
			rows, err = publicCases(ctx, tx, f)
		}
		if err != nil {
			return err
		}
		all, err = s.records(ctx, tx, n, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]request311, len(all))
	for i, r := range all {
		out[i] = s.shown311(ctx, r, n.fields)
	}
	return out, nil
}
