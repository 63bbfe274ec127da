package akoma

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Bounds of what is read: a code of 700 articles is about 3 MB.
const (
	maxBytes = 64 << 20
	maxNodes = 600_000
	maxDepth = 60
)

// node is an element with what it holds.
type node struct {
	name  xml.Name
	attrs []xml.Attr
	kids  []*node
	text  string // of a text node, whose name is empty
}

// Import reads a document in Akoma Ntoso 3.0: what Export wrote comes back
// equal; of others the fields and the structure are read as far as the standard
// names them. Declarations of types and entities are refused.
func Import(r io.Reader) (Document, error) {
	root, err := parse(r)
	if err != nil {
		return Document{}, err
	}
	if root.name.Local != "akomaNtoso" || !strings.HasPrefix(root.name.Space, "http://docs.oasis-open.org/legaldocml/ns/akn/3.0") {
		return Document{}, fault.New(fault.Invalid, "akoma.not_akoma")
	}
	for _, k := range root.kids {
		switch k.name.Local {
		case "act", "bill", "doc", "statement":
			return readDocument(k)
		}
	}
	return Document{}, fault.New(fault.Invalid, "akoma.not_akoma")
}

// parse reads the tree within the bounds.
func parse(r io.Reader) (*node, error) {
	limited := &io.LimitedReader{R: r, N: maxBytes + 1}
	dec := xml.NewDecoder(limited)
	top := &node{}
	stack := []*node{top}
	for n := 0; ; n++ {
		token, err := dec.Token()
		if limited.N <= 0 || n > maxNodes {
			return nil, fault.New(fault.TooLarge, "akoma.too_large", "max", maxBytes>>20)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "akoma.broken").Because(err)
		}
		last := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, fault.New(fault.Invalid, "akoma.doctype")
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, fault.New(fault.Invalid, "akoma.too_deep", "max", maxDepth)
			}
			k := &node{name: t.Name, attrs: append([]xml.Attr(nil), t.Attr...)}
			last.kids = append(last.kids, k)
			stack = append(stack, k)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 {
				last.kids = append(last.kids, &node{text: string(t)})
			}
		}
	}
	for _, k := range top.kids {
		if k.name.Local != "" {
			return k, nil
		}
	}
	return nil, fault.New(fault.Invalid, "akoma.not_akoma")
}

func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// find is the first element at a path of names below n.
func (n *node) find(path ...string) *node {
	if n == nil || len(path) == 0 {
		return n
	}
	for _, k := range n.kids {
		if k.name.Local == path[0] {
			if found := k.find(path[1:]...); found != nil {
				return found
			}
		}
	}
	return nil
}

// words is all text within n.
func (n *node) words() string {
	if n == nil {
		return ""
	}
	if n.name.Local == "" {
		return n.text
	}
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(k.words())
	}
	return b.String()
}

func readDocument(n *node) (Document, error) {
	d := Document{Draft: n.name.Local == "bill"}
	work := n.find("meta", "identification", "FRBRWork")
	if work == nil {
		return d, fault.New(fault.Invalid, "akoma.not_akoma")
	}
	value := func(name string) string {
		if k := work.find(name); k != nil {
			return k.attr("value")
		}
		return ""
	}
	d.Kind, d.Symbol, d.Title = value("FRBRsubtype"), value("FRBRnumber"), value("FRBRname")
	if k := work.find("FRBRdate"); k != nil {
		if err := date(&d.Issued, k.attr("date")); err != nil {
			return d, err
		}
	}
	r := &importer{ids: map[string]*node{}}
	r.index(n.find("meta"))
	if k := work.find("FRBRauthor"); k != nil {
		if o := r.ids[strings.TrimPrefix(k.attr("href"), "#")]; o != nil {
			d.Issuer = o.attr("showAs")
		}
	}
	if err := r.own(n.find("meta", "proprietary"), &d); err != nil {
		return d, err
	}
	for _, k := range n.kids {
		if err := r.part(k, &d); err != nil {
			return d, err
		}
	}
	d = d.Clean()
	return d, d.check()
}

func date(to *clock.Date, s string) error {
	if s == "" {
		return nil
	}
	day, err := clock.ParseDate(strings.SplitN(s, "T", 2)[0])
	if err != nil {
		return fault.New(fault.Invalid, "akoma.bad_date", "date", s).Because(err)
	}
	*to = day
	return nil
}

// importer resolves the references of one document.
type importer struct {
	ids map[string]*node
}

func (r *importer) index(n *node) {
	if n == nil {
		return
	}
	if id := n.attr("eId"); id != "" {
		r.ids[id] = n
	}
	for _, k := range n.kids {
		r.index(k)
	}
}

// own reads what another of us wrote into <proprietary>.
func (r *importer) own(n *node, d *Document) error {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name.Space != Own {
			continue
		}
		switch k.name.Local {
		case "document":
			d.Kind, d.Place, d.Term, d.Session = k.attr("kind"), k.attr("place"), k.attr("term"), k.attr("session")
			d.Draft = k.attr("draft") == "true"
			if err := errors.Join(date(&d.Effective, k.attr("effective")), date(&d.Expires, k.attr("expires"))); err != nil {
				return err
			}
		case "relation":
			d.Relations = append(d.Relations, Relation{k.attr("kind"), k.attr("from"), k.attr("symbol"), k.attr("title"), k.attr("target")})
		case "event":
			e := Event{Kind: k.attr("kind"), Symbol: k.attr("symbol")}
			if err := date(&e.Date, k.attr("date")); err != nil {
				return err
			}
			d.Events = append(d.Events, e)
		}
	}
	return nil
}

// part reads a part of the document other than its metadata.
func (r *importer) part(n *node, d *Document) error {
	switch n.name.Local {
	case "preface":
		if t := n.find("longTitle", "p", "docTitle"); t != nil && d.Title == "" {
			d.Title = t.words()
		}
	case "preamble":
		d.Preamble = blocks(n)
	case "body", "mainBody":
		ps, err := r.provisions(n)
		d.Provisions = append(d.Provisions, ps...)
		return err
	case "conclusions":
		r.conclusions(n, d)
	case "attachments":
		for _, k := range n.kids {
			if k.name.Local != "attachment" {
				continue
			}
			p := Provision{Level: Annex, Anchor: k.attr("eId")}
			unlabel(k, &p)
			body := k.find("doc", "mainBody")
			if body == nil {
				body = &node{}
			}
			if err := r.fill(body, &p); err != nil {
				return err
			}
			d.Provisions = append(d.Provisions, p)
		}
	}
	return nil
}

func (r *importer) conclusions(n *node, d *Document) {
	for _, k := range n.kids {
		switch {
		case k.name.Local == "":
		case k.attr("class") == "signature":
			d.Signers = append(d.Signers, Signer{k.find("signature", "person").words(), k.find("signature", "role").words()})
		case k.attr("class") == "recipient":
			d.Recipients = append(d.Recipients, k.words())
		default:
			d.Conclusion = append(d.Conclusion, k.words())
		}
	}
}

// blocks are the paragraphs within n.
func blocks(n *node) []string {
	var out []string
	for _, k := range n.kids {
		switch {
		case k.name.Local == "":
		case k.name.Local == "p" || k.find("p") == nil:
			out = append(out, k.words())
		default:
			out = append(out, blocks(k)...)
		}
	}
	return out
}

// levelOf is the level an element stands for.
func levelOf(element string) (Level, bool) {
	for l, e := range elements {
		if e == element {
			return l, true
		}
	}
	return "", false
}

// provisions are the units directly within n.
func (r *importer) provisions(n *node) ([]Provision, error) {
	var p Provision
	err := r.fill(n, &p)
	return p.Children, err
}

// fill reads what a unit holds.
func (r *importer) fill(n *node, p *Provision) error {
	for _, k := range n.kids {
		level, ok := levelOf(k.name.Local)
		switch {
		case k.name.Local == "" || k.name.Local == "num" || k.name.Local == "heading" || k.name.Local == "subheading":
		case ok:
			c := Provision{Level: level, Anchor: k.attr("eId")}
			unlabel(k, &c)
			if err := r.interval(k.attr("period"), &c); err != nil {
				return err
			}
			if err := r.fill(k, &c); err != nil {
				return err
			}
			p.Children = append(p.Children, c)
		case len(p.Children) > 0:
			p.Closing = append(p.Closing, own(k)...)
		default:
			p.Text = append(p.Text, own(k)...)
		}
	}
	return nil
}

// own are the paragraphs of one block.
func own(k *node) []string {
	if k.name.Local == "p" {
		return []string{k.words()}
	}
	return blocks(k)
}

func unlabel(k *node, p *Provision) {
	l := labels[p.Level]
	num := strings.TrimSpace(k.find("num").words())
	if cut, ok := strings.CutPrefix(num, strings.TrimSpace(l[0])); ok {
		num = strings.TrimSpace(cut)
	}
	p.Number = strings.TrimSuffix(num, l[1])
	p.Heading = k.find("heading").words()
}

// interval reads the period a unit points to.
func (r *importer) interval(ref string, p *Provision) error {
	group := r.ids[strings.TrimPrefix(ref, "#")]
	if ref == "" || group == nil {
		return nil
	}
	t := group.find("timeInterval")
	if t == nil {
		return nil
	}
	for to, name := range map[*clock.Date]string{&p.From: "start", &p.Until: "end"} {
		if e := r.ids[strings.TrimPrefix(t.attr(name), "#")]; e != nil {
			if err := date(to, e.attr("date")); err != nil {
				return err
			}
		}
	}
	return nil
}
