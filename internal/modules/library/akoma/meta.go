package akoma

import (
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
)

// ourselves is the eId of the organisation that marked the document up.
const ourselves = "#meta_library"

// timeline names the days and intervals that the body will point to.
func (x *writer) timeline(d Document) {
	x.group(d.Effective, d.Expires)
	var walk func(ps []Provision)
	walk = func(ps []Provision) {
		for _, p := range ps {
			x.anchors[p.Anchor] = true
			x.group(p.From, p.Until)
			walk(p.Children)
		}
	}
	walk(d.Provisions)
}

func (x *writer) group(from, until clock.Date) {
	if key := [2]clock.Date{from, until}; x.periods[key] == "" && (!from.IsZero() || !until.IsZero()) {
		x.periods[key] = "meta_period_" + strconv.Itoa(len(x.periods)+1)
	}
}

// period is the reference to the interval of a provision.
func (x *writer) period(from, until clock.Date) string {
	if id := x.periods[[2]clock.Date{from, until}]; id != "" {
		return "#" + id
	}
	return ""
}

func (x *writer) meta(d Document) {
	x.open("meta")
	x.identification(d, "/!main")
	x.lifecycle(d)
	x.analysis(d)
	x.temporal()
	x.references(d)
	x.proprietary(d)
	x.close("meta")
}

// identification names the document as work, expression and manifestation.
func (x *writer) identification(d Document, component string) {
	work := d.Work()
	expression := work + "/vie@" + d.Issued.String()
	x.open("identification", "source", ourselves)
	core := func(uri, this string) {
		x.empty("FRBRthis", "value", this)
		x.empty("FRBRuri", "value", uri)
		x.empty("FRBRdate", "date", d.Issued.String(), "name", "issued")
		x.empty("FRBRauthor", "href", "#meta_issuer")
	}
	x.open("FRBRWork")
	core(work, work+component)
	x.empty("FRBRcountry", "value", "vn")
	x.empty("FRBRsubtype", "value", d.Kind)
	x.empty("FRBRnumber", "value", d.Symbol)
	x.empty("FRBRname", "value", d.Title)
	x.close("FRBRWork")
	x.open("FRBRExpression")
	core(expression, expression+component)
	x.empty("FRBRlanguage", "language", "vie")
	x.close("FRBRExpression")
	x.open("FRBRManifestation")
	core(expression+".xml", expression+component+".xml")
	x.empty("FRBRformat", "value", "application/akn+xml")
	x.close("FRBRManifestation")
	x.close("identification")
}

// lifecycle lists the days: issue, those on which it was changed, those on
// which parts begin or end to hold.
func (x *writer) lifecycle(d Document) {
	x.open("lifecycle", "source", ourselves)
	x.events[d.Issued] = "meta_event_issued"
	x.empty("eventRef", "eId", "meta_event_issued", "date", d.Issued.String(), "source", "#meta_original", "type", "generation")
	for i, e := range d.Events {
		id := "meta_event_" + strconv.Itoa(i+1)
		if x.events[e.Date] == "" {
			x.events[e.Date] = id
		}
		kind := e.Kind
		if kind != "repeal" && kind != "amendment" {
			kind = "generation"
		}
		x.empty("eventRef", "eId", id, "date", e.Date.String(), "source", "#meta_event_source_"+strconv.Itoa(i+1), "type", kind)
	}
	n := len(d.Events)
	for _, key := range x.order() {
		for _, day := range key {
			if day.IsZero() || x.events[day] != "" {
				continue
			}
			n++
			x.events[day] = "meta_event_" + strconv.Itoa(n)
			x.empty("eventRef", "eId", x.events[day], "date", day.String(), "source", "#meta_original", "type", "generation")
		}
	}
	x.close("lifecycle")
}

// order are the intervals in the order of their names.
func (x *writer) order() [][2]clock.Date {
	out := make([][2]clock.Date, len(x.periods))
	for key, id := range x.periods {
		n, err := strconv.Atoi(id[len("meta_period_"):])
		if err == nil {
			out[n-1] = key
		}
	}
	return out
}

// textual are the modifications of text the standard names.
var textual = map[string]string{"amends": "substitution", "replaces": "replacement", "repeals": "repeal", "annuls": "repeal", "corrects": "substitution"}

// analysis tells the active modifications in the words of the standard.
func (x *writer) analysis(d Document) {
	any := false
	for i, r := range d.Relations {
		kind := textual[r.Kind]
		if kind == "" {
			continue
		}
		if !any {
			x.open("analysis", "source", ourselves)
			x.open("activeModifications")
			any = true
		}
		x.open("textualMod", "eId", "meta_mod_"+strconv.Itoa(i+1), "type", kind)
		from := "#" + r.From
		if !x.anchors[r.From] {
			from = d.Work()
		}
		x.empty("source", "href", from)
		x.empty("destination", "href", target(r))
		x.close("textualMod")
	}
	if any {
		x.close("activeModifications")
		x.close("analysis")
	}
}

func (x *writer) temporal() {
	if len(x.periods) == 0 {
		return
	}
	x.open("temporalData", "source", ourselves)
	for _, key := range x.order() {
		x.open("temporalGroup", "eId", x.periods[key])
		ref := func(day clock.Date) string {
			if day.IsZero() {
				return ""
			}
			return "#" + x.events[day]
		}
		x.empty("timeInterval", "start", ref(key[0]), "end", ref(key[1]), "refersTo", "#meta_inforce")
		x.close("temporalGroup")
	}
	x.close("temporalData")
}

func (x *writer) references(d Document) {
	x.open("references", "source", ourselves)
	x.empty("original", "eId", "meta_original", "href", d.Work(), "showAs", d.Symbol)
	for i, e := range d.Events {
		x.empty("passiveRef", "eId", "meta_event_source_"+strconv.Itoa(i+1), "href", target(Relation{Symbol: e.Symbol}), "showAs", e.Symbol)
	}
	for i, r := range d.Relations {
		x.empty("activeRef", "eId", "meta_ref_"+strconv.Itoa(i+1), "href", target(r), "showAs", r.Symbol)
	}
	x.empty("TLCOrganization", "eId", "meta_library", "href", "/akn/ontology/organization/vn/library", "showAs", "Thư viện văn bản")
	x.empty("TLCOrganization", "eId", "meta_issuer", "href", "/akn/ontology/organization/vn/"+slug(d.Issuer), "showAs", d.Issuer)
	x.empty("TLCConcept", "eId", "meta_inforce", "href", "/akn/ontology/concept/vn/hieu-luc", "showAs", "Hiệu lực")
	for i, s := range d.Signers {
		n := strconv.Itoa(i + 1)
		x.empty("TLCPerson", "eId", "meta_signer_"+n, "href", "/akn/ontology/person/vn/"+slug(s.Name), "showAs", s.Name)
		x.empty("TLCRole", "eId", "meta_role_"+n, "href", "/akn/ontology/role/vn/"+slug(s.Position), "showAs", s.Position)
	}
	x.close("references")
}

// proprietary keeps what the standard has no words for.
func (x *writer) proprietary(d Document) {
	x.open("proprietary", "source", ourselves)
	draft := ""
	if d.Draft {
		draft = "true"
	}
	x.empty("hd:document", "kind", d.Kind, "draft", draft, "place", d.Place, "term", d.Term, "session", d.Session,
		"effective", d.Effective.String(), "expires", d.Expires.String())
	for _, r := range d.Relations {
		x.empty("hd:relation", "kind", r.Kind, "from", r.From, "symbol", r.Symbol, "title", r.Title, "target", r.Target)
	}
	for _, e := range d.Events {
		x.empty("hd:event", "kind", e.Kind, "date", e.Date.String(), "symbol", e.Symbol)
	}
	x.close("proprietary")
}
