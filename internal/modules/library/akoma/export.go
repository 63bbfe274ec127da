package akoma

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/url"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
)

// Namespace is that of Akoma Ntoso 3.0; Own that of what only we write.
const (
	Namespace = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
	Own       = "https://hdnd.example.vn/ns/library/1"
)

// Export writes the document as Akoma Ntoso 3.0. The same document gives the
// same bytes.
func Export(w io.Writer, d Document) error {
	d = d.Clean()
	if err := d.check(); err != nil {
		return err
	}
	x := &writer{periods: map[[2]clock.Date]string{}, events: map[clock.Date]string{}, anchors: map[string]bool{}}
	x.b.WriteString(xml.Header)
	x.open("akomaNtoso", "xmlns", Namespace, "xmlns:hd", Own)
	x.document(d)
	x.close("akomaNtoso")
	x.b.WriteByte('\n')
	_, err := w.Write(x.b.Bytes())
	return err
}

// writer writes XML by hand: the standard wants the order of elements just so,
// and text must come back byte for byte.
type writer struct {
	b       bytes.Buffer
	periods map[[2]clock.Date]string // temporal groups by their interval
	events  map[clock.Date]string    // events by their day
	anchors map[string]bool          // all of the document
}

func (x *writer) tag(name string, attrs []string) {
	x.b.WriteByte('<')
	x.b.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" && attrs[i] != "showAs" && attrs[i] != "value" {
			continue
		}
		x.b.WriteByte(' ')
		x.b.WriteString(attrs[i])
		x.b.WriteString(`="`)
		x.text(attrs[i+1])
		x.b.WriteByte('"')
	}
}

func (x *writer) open(name string, attrs ...string)  { x.tag(name, attrs); x.b.WriteByte('>') }
func (x *writer) empty(name string, attrs ...string) { x.tag(name, attrs); x.b.WriteString("/>") }
func (x *writer) close(name string)                  { x.b.WriteString("</" + name + ">") }

func (x *writer) text(s string) {
	// A bytes.Buffer never fails, and so neither does this.
	_ = xml.EscapeText(&x.b, []byte(s))
}

func (x *writer) p(s string) {
	x.open("p")
	x.text(s)
	x.close("p")
}

// slug is a word of an address: folded, hyphens for all else.
func slug(s string) string {
	var b strings.Builder
	for _, r := range text.Fold(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if n := b.Len(); n > 0 && b.String()[n-1] != '-' {
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// number is the symbol as a word of an address.
func number(symbol string) string {
	if key := documents.SymbolKey(symbol); key != "" {
		return strings.ReplaceAll(key, "/", "-")
	}
	return slug(symbol)
}

// Work is the address of the document at the level of the work, as the naming
// convention of Akoma Ntoso builds it.
func (d Document) Work() string {
	issuer := slug(d.Issuer)
	if issuer == "" {
		issuer = "vn"
	}
	return "/akn/vn/" + d.element() + "/" + slug(d.Kind+"-"+issuer) + "/" + d.Issued.String() + "/" + number(d.Symbol)
}

// target is the address of a provision of another document, of which only the
// symbol is known.
func target(r Relation) string {
	at := "/akn/vn/symbol/" + number(r.Symbol)
	if r.Target != "" {
		at += "/~" + url.PathEscape(r.Target)
	}
	return at
}

func (x *writer) document(d Document) {
	el := d.element()
	x.open(el, "name", "vn-"+slug(d.Kind), "contains", "originalVersion")
	x.timeline(d)
	x.meta(d)
	x.preface(d)
	if len(d.Preamble) > 0 {
		x.open("preamble")
		for _, p := range d.Preamble {
			x.p(p)
		}
		x.close("preamble")
	}
	body := "body"
	if el == "doc" {
		body = "mainBody"
	}
	var annexes []Provision
	x.open(body)
	n := 0
	for _, p := range d.Provisions {
		if p.Level == Annex {
			annexes = append(annexes, p)
			continue
		}
		n++
		x.provision(p)
	}
	if n == 0 {
		x.open("hcontainer", "eId", "meta_text", "name", "text")
		x.close("hcontainer")
	}
	x.close(body)
	x.conclusions(d)
	if len(annexes) > 0 {
		x.open("attachments")
		for _, p := range annexes {
			x.annex(d, p)
		}
		x.close("attachments")
	}
	x.close(el)
}

func (x *writer) preface(d Document) {
	x.open("preface")
	x.open("p")
	x.open("docAuthority", "refersTo", "#meta_issuer")
	x.text(d.Issuer)
	x.close("docAuthority")
	x.close("p")
	x.open("p")
	x.open("docNumber")
	x.text(d.Symbol)
	x.close("docNumber")
	x.text(", ")
	x.open("docDate", "date", d.Issued.String())
	x.text(d.Issued.VN())
	x.close("docDate")
	x.close("p")
	x.open("longTitle")
	x.open("p")
	x.open("docTitle")
	x.text(d.Title)
	x.close("docTitle")
	x.close("p")
	x.close("longTitle")
	x.close("preface")
}

func (x *writer) conclusions(d Document) {
	if len(d.Conclusion)+len(d.Signers)+len(d.Recipients) == 0 {
		return
	}
	x.open("conclusions")
	for _, p := range d.Conclusion {
		x.p(p)
	}
	for i, s := range d.Signers {
		x.open("p", "class", "signature")
		x.open("signature")
		x.open("role", "refersTo", "#meta_role_"+strconv.Itoa(i+1))
		x.text(s.Position)
		x.close("role")
		x.text(" ")
		x.open("person", "refersTo", "#meta_signer_"+strconv.Itoa(i+1))
		x.text(s.Name)
		x.close("person")
		x.close("signature")
		x.close("p")
	}
	for _, r := range d.Recipients {
		x.open("p", "class", "recipient")
		x.text(r)
		x.close("p")
	}
	x.close("conclusions")
}

// provision writes one unit and what it holds.
func (x *writer) provision(p Provision) {
	name := elements[p.Level]
	x.open(name, "eId", p.Anchor, "period", x.period(p.From, p.Until))
	x.label(p)
	switch {
	case len(p.Children) == 0 && len(p.Text) == 0:
	case len(p.Children) == 0:
		x.block("content", p.Text)
	default:
		x.block("intro", p.Text)
		for _, c := range p.Children {
			x.provision(c)
		}
		x.block("wrapUp", p.Closing)
	}
	x.close(name)
}

func (x *writer) label(p Provision) {
	if p.Number != "" {
		l := labels[p.Level]
		x.open("num")
		x.text(l[0] + p.Number + l[1])
		x.close("num")
	}
	if p.Heading != "" {
		x.open("heading")
		x.text(p.Heading)
		x.close("heading")
	}
}

func (x *writer) block(name string, ps []string) {
	if len(ps) == 0 {
		return
	}
	x.open(name)
	for _, p := range ps {
		x.p(p)
	}
	x.close(name)
}

// annex writes phụ lục, or a paper issued with this one, as a document of its
// own within an attachment.
func (x *writer) annex(d Document, p Provision) {
	x.open("attachment", "eId", p.Anchor)
	x.label(p)
	x.open("doc", "name", "annex")
	x.open("meta")
	x.identification(d, "/!"+slug(p.Anchor))
	x.close("meta")
	x.open("mainBody")
	for _, t := range p.Text {
		x.p(t)
	}
	for _, c := range p.Children {
		x.provision(c)
	}
	for _, t := range p.Closing {
		x.p(t)
	}
	if len(p.Text)+len(p.Children)+len(p.Closing) == 0 {
		x.empty("p")
	}
	x.close("mainBody")
	x.close("doc")
	x.close("attachment")
}
