package open_test

import (
	"encoding/json"
	"encoding/xml"
	kweb "example.vn/hdnd/internal/kernel/web"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// request is what a program reads of a request, in either form.
type request struct {
	ID          string `xml:"service_request_id" json:"service_request_id"`
	Token       string `xml:"token" json:"token"`
	Status      string `xml:"status" json:"status"`
	Notes       string `xml:"status_notes" json:"status_notes"`
	ServiceName string `xml:"service_name" json:"service_name"`
	ServiceCode string `xml:"service_code" json:"service_code"`
	Description string `xml:"description" json:"description"`
	Agency      string `xml:"agency_responsible" json:"agency_responsible"`
	Notice      string `xml:"service_notice" json:"service_notice"`
	Requested   string `xml:"requested_datetime" json:"requested_datetime"`
	Updated     string `xml:"updated_datetime" json:"updated_datetime"`
	Expected    string `xml:"expected_datetime" json:"expected_datetime"`
	Address     string `xml:"address" json:"address"`
	AddressID   string `xml:"address_id" json:"address_id"`
}

type trouble struct {
	Code        int    `xml:"code" json:"code"`
	Description string `xml:"description" json:"description"`
}

// requests reads a list of requests as the specification writes it.
func requests(t testing.TB, form, body string) []request {
	t.Helper()
	var list []request
	if form == "json" {
		check(t, json.Unmarshal([]byte(body), &list))
		return list
	}
	var root struct {
		XMLName xml.Name  `xml:"service_requests"`
		All     []request `xml:"request"`
	}
	check(t, xml.Unmarshal([]byte(body), &root))
	return root.All
}

func troubles(t testing.TB, form, body string) []trouble {
	t.Helper()
	var list []trouble
	if form == "json" {
		check(t, json.Unmarshal([]byte(body), &list))
		return list
	}
	var root struct {
		XMLName xml.Name  `xml:"errors"`
		All     []trouble `xml:"error"`
	}
	check(t, xml.Unmarshal([]byte(body), &root))
	return root.All
}

func TestServices(t *testing.T) {
	h := oneHouse(t)
	// The element names and their order are those of the specification's example.
	wants(t, "services", h.good(t, "/open311/v2/services.xml"), `<?xml version="1.0" encoding="UTF-8"?>`, "<services><service><service_code>general</service_code><service_name>Kiến nghị chung</service_name><description>",
		"</description><metadata>true</metadata><type>realtime</type><keywords></keywords><group></group></service>", "<service_code>urban.drainage</service_code><service_name>Thoát nước, ngập úng</service_name>", "<group>Đô thị</group>")
	var all []struct {
		Code     string `json:"service_code"`
		Metadata bool   `json:"metadata"`
		Group    string `json:"group"`
	}
	check(t, json.Unmarshal([]byte(h.good(t, "/open311/v2/services.json?lang=en")), &all))
	if len(all) != 18 || all[1].Code != "urban.roads" || all[1].Group != "Urban affairs" && all[1].Group == "" || !all[0].Metadata {
		t.Errorf("%+v", all)
	}
	wants(t, "definition", h.good(t, "/open311/v2/services/urban.roads.xml"), "<service_definition><service_code>urban.roads</service_code><attributes><attribute><variable>true</variable><code>ward</code><datatype>singlevaluelist</datatype>",
		"<values><value><key>00004</key><name>Phường Ba Đình</name></value>", "<code>consent</code>")
	wants(t, "definition", h.good(t, "/open311/v2/services/general.json"), `{"service_code":"general","attributes":[{"variable":true,"code":"ward"`)
	wants(t, "discovery", h.good(t, "/open311/v2/discovery.xml"), "<discovery><changeset>", "<endpoint><specification>http://wiki.open311.org/GeoReport_v2</specification><url>https://hdnd.example.vn/open311/v2</url>", "<formats><format>text/xml</format>")
	wants(t, "discovery", h.good(t, "/open311/v2/discovery.json"), `"endpoints":[{"specification":"http://wiki.open311.org/GeoReport_v2"`)
	for _, path := range []string{"/open311/v2/services/nothing.xml", "/open311/v2/services/urban.roads", "/open311/v2/requests/KN26-AAAA-AAAA.xml", "/open311/v2/tokens/x.xml"} {
		w := h.get(t, path)
		if all := troubles(t, "xml", w.Body.String()); w.Code != http.StatusNotFound || len(all) != 1 || all[0].Code != http.StatusNotFound || all[0].Description == "" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestPostRequest(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		whole := func(pairs ...string) url.Values {
			v := url.Values{"service_code": {"urban.drainage"}, "description": {"Cống ở ngõ 5 bị tắc nhiều ngày, đề nghị thông cống."}, "address_string": {"Phường Ba Đình"}}
			for i := 0; i+1 < len(pairs); i += 2 {
				v.Set(pairs[i], pairs[i+1])
			}
			return v
		}
		for _, row := range []struct {
			name   string
			form   url.Values
			status int
			says   []string
		}{
			{"the least", whole(), http.StatusCreated, nil},
			{"ward by code", whole("address_string", "", "attribute[ward]", "00008", "service_code", "general"), http.StatusCreated, nil},
			{"a former ward", whole("address_string", "p. Ba Đình"), http.StatusCreated, nil},
			{"a person", whole("first_name", "Lan", "last_name", "Nguyễn", "email", "lan@example.vn", "phone", "0912345678", "attribute[consent]", "1", "device_id", "x", "lat", "21.03", "long", "105.83", "jurisdiction_id", "hanoi", "api_key", "none"), http.StatusCreated, nil},
			{"no consent", whole("email", "lan@example.vn"), http.StatusBadRequest, []string{"đồng ý xử lý dữ liệu cá nhân"}},
			{"no service", whole("service_code", ""), http.StatusBadRequest, []string{"Thiếu service_code"}},
			{"an unknown service", whole("service_code", "potholes"), http.StatusNotFound, []string{"Không có dịch vụ mang mã potholes"}},
			{"no words", whole("description", ""), http.StatusBadRequest, []string{"Chưa viết nội dung"}},
			{"no ward", whole("address_string", ""), http.StatusBadRequest, []string{"phường, xã"}},
			{"a point alone", whole("address_string", "", "lat", "21.03", "long", "105.83"), http.StatusBadRequest, []string{"toạ độ"}},
			{"an unknown ward", whole("address_string", "Phường Không Có"), http.StatusBadRequest, []string{"Phường Không Có"}},
			{"a picture", whole("media_url", "https://example.vn/a.jpg"), http.StatusBadRequest, []string{"media_url"}},
			{"two things wrong", whole("description", "", "phone", "abc"), http.StatusBadRequest, []string{"Chưa viết nội dung", "điện thoại"}},
		} {
			for _, form := range []string{"xml", "json"} {
				w := h.post(t, "/open311/v2/requests."+form, row.form)
				body := w.Body.String()
				if w.Code != row.status || !strings.Contains(w.Header().Get("Content-Type"), form) {
					t.Errorf("%s: %d %s\n%s", row.name, w.Code, w.Header().Get("Content-Type"), body)
					continue
				}
				if row.status != http.StatusCreated {
					said := fmt.Sprint(troubles(t, form, body))
					wants(t, row.name, said, append(row.says, fmt.Sprint(row.status))...)
					continue
				}
				got := requests(t, form, body)
				if len(got) != 1 || !strings.HasPrefix(got[0].ID, "KN26-") || !strings.Contains(got[0].Notice, "https://hdnd.example.vn/kien-nghi/"+got[0].ID+"?key=") {
					t.Errorf("%s: %s", row.name, body)
					continue
				}
				// It is followed by its number; its words are not public yet.
				one := requests(t, form, h.good(t, "/open311/v2/requests/"+got[0].ID+"."+form))
				if len(one) != 1 || one[0].Status != "open" || one[0].Description != "" || one[0].ServiceCode != "general" || one[0].Expected == "" {
					t.Errorf("%s: %+v", row.name, one)
				}
				token := requests(t, form, h.good(t, "/open311/v2/tokens/"+got[0].ID+"."+form))
				if len(token) != 1 || token[0].ID != got[0].ID || token[0].Token != got[0].ID {
					t.Errorf("%s: token %+v", row.name, token)
				}
			}
		}
	})
}

func TestListRequests(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		closed := h.hand(t, petition{Reply: "Đã sửa xong mặt đường ngõ 5.", Steps: done})
		open := h.hand(t, petition{Field: "culture.health", Steps: "classify forward accept"})
		hidden := h.hand(t, petition{Secret: true, Steps: "classify"})
		for _, form := range []string{"xml", "json"} {
			ids := func(query string) (all []string) {
				for _, r := range requests(t, form, h.good(t, "/open311/v2/requests."+form+query)) {
					all = append(all, r.ID)
				}
				return all
			}
			for _, row := range []struct {
				query string
				want  []string
			}{
				{"", []string{open.Code, closed.Code}},
				{"?status=open", []string{open.Code}},
				{"?status=closed", []string{closed.Code}},
				{"?status=open,closed", []string{open.Code, closed.Code}},
				{"?service_code=urban.roads", []string{closed.Code}},
				{"?service_code=urban.roads,culture.health", []string{open.Code, closed.Code}},
				{"?service_code=general", nil},
				{"?start_date=2026-11-16T00:00:00Z&end_date=2026-11-17T00:00:00Z", []string{open.Code, closed.Code}},
				{"?start_date=2026-11-16T00:00:00%2B07:00", []string{open.Code, closed.Code}},
				{"?start_date=2026-11-16T00:00:00+07:00", []string{open.Code, closed.Code}}, // "+" not escaped
				{"?end_date=2026-11-15T00:00:00Z", nil},
				{"?service_request_id=" + closed.Code + "," + hidden.Code, []string{hidden.Code, closed.Code}},
				{"?service_request_id=" + strings.ToLower(strings.ReplaceAll(closed.Code, "-", "")) + "&status=open", []string{closed.Code}},
			} {
				if got := ids(row.query); fmt.Sprint(got) != fmt.Sprint(row.want) {
					t.Errorf("%s%s: %v, want %v", form, row.query, got, row.want)
				}
			}
			for query, says := range map[string]string{"?status=new": "open hoặc closed", "?start_date=16/11/2026": "2026-11-16T08:00:00+07:00", "?start_date=2026-01-01T00:00:00Z&end_date=2026-11-16T00:00:00Z": "90 ngày",
				"?start_date=2026-11-16T00:00:00Z&end_date=2026-11-15T00:00:00Z": "end_date", "?service_request_id=" + strings.Repeat("a,", 101): "100"} {
				w := h.get(t, "/open311/v2/requests."+form+query)
				if all := troubles(t, form, w.Body.String()); w.Code != http.StatusBadRequest || len(all) != 1 || !strings.Contains(all[0].Description, says) {
					t.Errorf("%s: %d %v", query, w.Code, all)
				}
			}
			one := requests(t, form, h.good(t, "/open311/v2/requests/"+closed.Code+"."+form))[0]
			if one.Status != "closed" || one.Notes != "Kết thúc: Đã sửa xong mặt đường ngõ 5." || one.Agency != "Sở Xây dựng" || one.ServiceName != "Giao thông, đường sá" || one.Address != "Phường Ba Đình" || one.AddressID != "00004" ||
				one.Description == "" || !strings.HasPrefix(one.Requested, "2026-11-16T08:0") {
				t.Errorf("%+v", one)
			}
			for _, date := range []string{one.Requested, one.Updated, one.Expected} {
				if _, err := time.Parse("2006-01-02T15:04:05+07:00", date); err != nil {
					t.Errorf("%q is no W3C date of Hanoi", date)
				}
			}
			if !strings.HasSuffix(one.Expected, "T23:59:59+07:00") {
				t.Errorf("expected %s: the due day counts in full", one.Expected)
			}
		}
		// The XML has every element of the specification, in its order.
		body := h.good(t, "/open311/v2/requests/"+open.Code+".xml")
		at := 0
		for _, name := range []string{"service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
			"expected_datetime", "address", "address_id", "zipcode", "media_url"} {
			i := strings.Index(body, "<"+name+">")
			if i < at {
				t.Errorf("%s is missing or out of order in %s", name, body)
			}
			at = i
		}
		// After 90 days nothing of this is in the usual answer.
		h.Clock.Advance(91 * 24 * time.Hour)
		if body := h.good(t, "/open311/v2/requests.json"); strings.TrimSpace(body) != "[]" {
			t.Errorf("after 91 days: %s", body)
		}
	})
}

// TestManyServices: a list of a hundred thousand services is refused at once.
func TestManyServices(t *testing.T) {
	h := oneHouse(t)
	w := h.get(t, "/open311/v2/requests.json?service_code="+strings.Repeat("general,", 101))
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "100") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := h.get(t, "/open311/v2/requests.json?service_code=general,general"); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestErrorsInTheAskedForm: every error comes as the address asks, also those
// from before the handlers, and whatever the program says it accepts.
func TestErrorsInTheAskedForm(t *testing.T) {
	h := oneHouse(t)
	server := must(kweb.NewServer(kweb.Options{Catalogue: h.words, Clock: h.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Routes: h.Routes(),
		Rates: map[kweb.Rate]kweb.Budget{kweb.Intake: {PerSecond: 0.001, Burst: 1}}}))(t)
	t.Cleanup(server.Close)
	for i, c := range []struct{ form, media, begins string }{{".json", "application/json", `[{"code":429,`}, {".xml", "text/xml", xml.Header + "<errors><error><code>429</code>"}} {
		for try := range 2 {
			r := httptest.NewRequest(http.MethodGet, "/open311/v2/requests"+c.form, nil)
			r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", i+1)
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			if try == 0 {
				continue
			}
			if w.Code != http.StatusTooManyRequests || !strings.HasPrefix(w.Header().Get("Content-Type"), c.media) || !strings.HasPrefix(w.Body.String(), c.begins) || w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: %d %s %s", c.form, w.Code, w.Header(), w.Body)
			}
		}
	}
}
