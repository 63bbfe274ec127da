package worklist

import (
	"net/url"
	"strconv"
	"strings"
)

// Query writes a filter as an address has it, without its place on the list;
// further names and values may follow.
func (f Filter) Query(pairs ...string) string {
	sort := ""
	if f.ByDue {
		sort = "due"
	}
	all := append([]string{"scope", string(f.Scope), "tab", string(f.Tab), "state", string(f.State), "field", f.Field, "ward", f.Ward, "constituency", number(f.Constituency), "body", f.BodyID,
		"from", f.From.String(), "until", f.Until.String(), "q", f.Text, "sort", sort}, pairs...)
	q := url.Values{}
	for i := 0; i+1 < len(all); i += 2 {
		if all[i+1] != "" {
			q.Set(all[i], all[i+1])
		}
	}
	return q.Encode()
}

// number writes a choice of a number; nothing for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Address is the page of the filter.
func (f Filter) Address(pairs ...string) string {
	return strings.TrimSuffix("/petitions?"+f.Query(pairs...), "?")
}
