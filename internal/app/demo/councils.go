package demo

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// bodyLine is a body as councils.toml describes it.
type bodyLine struct {
	Slug    string
	Kind    org.BodyKind
	Code    string
	Symbol  string
	Name    string
	NameEn  string `toml:"name_en"`
	Fields  []string
	Governs bool // the unit's People's Committee
	Posts   []postLine
}

type termLine struct {
	Number string
	Name   string
	Starts clock.Date
	Ends   clock.Date
}

type groupLine struct {
	Count    int
	Deputies int
	Name     string
	NameEn   string `toml:"name_en"`
	Title    string
}

type councilLine struct {
	Code     string
	Slug     string
	Name     string
	NameEn   string `toml:"name_en"`
	Superior string
	Terms    []termLine
	Groups   groupLine
	Bodies   []bodyLine
}

type agencyLine struct {
	Slug   string
	Kind   org.BodyKind
	Code   string
	Name   string
	NameEn string `toml:"name_en"`
	Head   string
}

// councilFile is councils.toml.
type councilFile struct {
	City   councilLine
	Agency struct {
		Clerk    string
		Handler  string
		Handlers int
	}
	Agencies []agencyLine
	Ward     councilLine
}

// House is everything the org tables begin with.
type House struct {
	Units      []org.Unit
	Successors []org.Successor
	Councils   []org.Council
	Terms      []org.Term
	Bodies     []org.Body
	People     []org.Person
	Posts      []org.Post
}

// builder puts a House together.
type builder struct {
	House
	file  councilFile
	names *namer
	since clock.Date
}

// ReadHouse reads the demonstration's councils, bodies, people and posts.
func ReadHouse() (*House, error) {
	b := &builder{}
	var err error
	if b.names, err = newNamer(); err != nil {
		return nil, err
	}
	if err := read("councils.toml", &b.file); err != nil {
		return nil, err
	}
	if b.Units, err = Units(); err != nil {
		return nil, err
	}
	if b.Successors, err = Successors(); err != nil {
		return nil, err
	}
	units, err := readUnits()
	if err != nil {
		return nil, err
	}
	b.since = units.ValidFrom
	b.city(units.City.Code, units.City.Name)
	for _, p := range units.Units {
		b.ward(p)
	}
	return &b.House, nil
}

// site is a council while its bodies are being made.
type site struct {
	council org.Council
	slug    string
	place   string // before the date of its papers
	fill    *strings.Replacer
}

func (b *builder) city(code, name string) {
	c := b.file.City
	s := site{slug: c.Slug, place: name, fill: strings.NewReplacer(), council: org.Council{ID: CouncilID(c.Slug), Code: c.Code, Name: c.Name, NameEn: c.NameEn, Level: org.City, UnitCode: code}}
	b.council(s, c)
	for _, a := range b.file.Agencies {
		b.agency(s, a)
	}
}

func (b *builder) ward(p place) {
	w := b.file.Ward
	s := site{slug: p.Slug, place: p.Name, fill: strings.NewReplacer("{unit}", p.inSentence(), "{unit_en}", p.fullNameEn())}
	s.council = org.Council{ID: CouncilID(p.Slug), Code: "HD" + p.Code, Name: s.fill.Replace(w.Name), NameEn: s.fill.Replace(w.NameEn),
		Level: org.Commune, UnitCode: p.Code, ParentID: CouncilID(b.file.City.Slug)}
	if p.Kind == "commune" {
		w.Groups.Count = 1
	}
	b.council(s, w)
}

func (b *builder) council(s site, c councilLine) {
	s.council.Demonstration = true
	b.Councils = append(b.Councils, s.council)
	for _, t := range c.Terms {
		b.Terms = append(b.Terms, org.Term{ID: "term-" + s.slug + "-" + strings.ToLower(t.Number), CouncilID: s.council.ID, Number: t.Number, Name: t.Name, Starts: t.Starts, Ends: t.Ends})
	}
	for _, l := range c.Bodies {
		body := org.Body{ID: BodyID(s.slug + "-" + l.Slug), CouncilID: s.council.ID, Kind: l.Kind, Code: l.Code, Name: s.fill.Replace(l.Name), NameEn: s.fill.Replace(l.NameEn),
			Superior: s.council.Name, Symbol: l.Symbol, Place: s.place, Fields: fields(l.Fields...), ValidFrom: b.since}
		if l.Governs {
			body.Superior, body.UnitCode = "", s.council.UnitCode
		}
		b.Bodies = append(b.Bodies, body)
		for _, p := range l.Posts {
			b.post(s, body.ID, s.slug+"-"+p.Seat, p)
		}
	}
	b.groups(s, c.Groups)
}

// groups makes the deputies' groups and puts the deputies into them by turns.
func (b *builder) groups(s site, g groupLine) {
	for n := 1; n <= g.Count; n++ {
		number := strings.NewReplacer("{n}", strconv.Itoa(n))
		b.Bodies = append(b.Bodies, org.Body{ID: BodyID(fmt.Sprintf("%s-group-%02d", s.slug, n)), CouncilID: s.council.ID, Kind: org.DeputiesGroup, Code: fmt.Sprintf("T%02d", n),
			Name: number.Replace(g.Name), NameEn: number.Replace(g.NameEn), Superior: s.council.Name, Symbol: fmt.Sprintf("TĐB%02d", n), Place: s.place,
			Fields: fields(), ValidFrom: b.since})
	}
	for n := 1; n <= g.Deputies; n++ {
		group := BodyID(fmt.Sprintf("%s-group-%02d", s.slug, (n-1)%g.Count+1))
		b.post(s, group, fmt.Sprintf("%s-deputy-%d", s.slug, n), postLine{Title: g.Title, Roles: []org.Role{org.Deputy}, Leader: true})
	}
}

// agency makes a body that answers to the city's council.
func (b *builder) agency(s site, a agencyLine) {
	body := org.Body{ID: BodyID(a.Slug), CouncilID: s.council.ID, Kind: cmp.Or(a.Kind, org.Agency), Code: a.Code, Name: a.Name, NameEn: a.NameEn,
		Superior: b.file.City.Superior, Symbol: a.Code, Place: s.place, Fields: fields(), ValidFrom: b.since}
	if body.Kind == org.Delegation {
		body.Superior = ""
	}
	b.Bodies = append(b.Bodies, body)
	b.post(s, body.ID, a.Slug+"-head", postLine{Title: a.Head, Roles: []org.Role{org.BodyHead}, Leader: true})
	b.post(s, body.ID, a.Slug+"-clerk", postLine{Title: b.file.Agency.Clerk, Roles: []org.Role{org.BodyClerk}})
	for n := 1; n <= b.file.Agency.Handlers; n++ {
		b.post(s, body.ID, fmt.Sprintf("%s-handler-%d", a.Slug, n), postLine{Title: b.file.Agency.Handler, Roles: []org.Role{org.Handler}})
	}
}

// post makes a post and, unless somebody in another seat holds it, its holder.
func (b *builder) post(s site, bodyID, seat string, l postLine) {
	holder := PersonID(seat)
	if l.Holder != "" {
		holder = PersonID(s.slug + "-" + l.Holder)
	} else {
		b.People = append(b.People, b.names.person(seat, l))
	}
	b.Posts = append(b.Posts, org.Post{ID: PostID(seat), PersonID: holder, BodyID: bodyID, Title: s.fill.Replace(l.Title), Roles: roles(l.Roles), Starts: b.since})
}

// fields is never null in the database: no field is an empty list.
func fields(of ...string) db.JSON[[]string] {
	return db.JSON[[]string]{V: append([]string{}, of...)}
}
