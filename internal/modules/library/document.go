package library

import (
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// State is how far a document is on its way to the readers.
//
// vi: trạng thái văn bản trong thư viện
type State string

// The states. Only a person makes a document checked, and only a checked one
// can be published.
const (
	Unread    State = "unread"    // taken in; the machine has not read it yet
	Read      State = "read"      // read by the machine, a person has not looked
	Checked   State = "checked"   // a person stands for its fields
	Published State = "published" // as its access says
	Withdrawn State = "withdrawn"
)

// States lists the states in their order.
func States() []State { return []State{Unread, Read, Checked, Published, Withdrawn} }

// Access says who may read a document.
//
// vi: phạm vi tiếp cận
type Access string

// The accesses.
const (
	Public     Access = "public"     // everybody, once published
	Internal   Access = "internal"   // the council's own people
	Restricted Access = "restricted" // the body that keeps it
)

// Accesses lists the accesses, the widest first.
func Accesses() []Access { return []Access{Public, Internal, Restricted} }

// Document is a paper in the library.
//
// vi: văn bản
type Document struct {
	ID          string     `db:"id"`
	CouncilID   string     `db:"council_id"`
	BodyID      string     `db:"body_id"`
	State       State      `db:"state"`
	Access      Access     `db:"access"`
	Kind        string     `db:"kind"` // "NQ", "QĐ"… (NĐ 30/2020, Phụ lục III) and the kinds of law
	Symbol      string     `db:"symbol"`
	SymbolKey   string     `db:"symbol_key"`
	Slug        string     `db:"slug"` // its permanent address: "hn/57-2025-nq-hdnd"; empty until published
	Subject     string     `db:"subject"`
	Issuer      string     `db:"issuer"`
	Unit        string     `db:"unit"`  // the unit it was made for, as named then
	Level       string     `db:"level"` // central, city, district, commune
	Normative   bool       `db:"normative"`
	Field       string     `db:"field"`
	Term        string     `db:"term"`
	Session     string     `db:"session"`
	Place       string     `db:"place"`
	Signer      string     `db:"signer"`
	SignerTitle string     `db:"signer_title"`
	IssuedOn    clock.Date `db:"issued_on"`
	EffectiveOn clock.Date `db:"effective_on"`
	ExpiresOn   clock.Date `db:"expires_on"`
	ReadHow     string     `db:"read_how"`
	Confidence  float64    `db:"confidence"`
	FileHash    string     `db:"file_hash"`
	FileName    string     `db:"file_name"`
	MediaType   string     `db:"media_type"`
	Pages       int64      `db:"pages"`
	PaperID     string     `db:"paper_id"`
	CreatedAt   db.Time    `db:"created_at"`
	PublishedAt db.Time    `db:"published_at"`
	ChangedAt   db.Time    `db:"changed_at"`
	Revision    int64      `db:"revision"`
}

// Provision is a unit of a document's text. Bytes point into the text.
//
// vi: phần, chương, mục, điều, khoản, điểm
type Provision struct {
	DocumentID string `db:"document_id"`
	Seq        int64  `db:"seq"`
	Parent     int64  `db:"parent"` // -1: none
	Anchor     string `db:"anchor"`
	Level      string `db:"level"`
	Number     string `db:"number"`
	Heading    string `db:"heading"`
	From       int64  `db:"from_byte"`
	Body       int64  `db:"body_byte"` // after number and heading
	To         int64  `db:"to_byte"`
}

// open reports whether everybody may read the document.
func (d Document) open() bool { return d.State == Published && d.Access == Public }

// seenBy is the rule of who may read a document: everybody what is published to
// everybody; a council's people what is theirs; a body's what only it keeps.
func (d Document) seenBy(who org.Actor) bool {
	switch {
	case d.open():
		return true
	case !mayRead.Allows(who) || who.CouncilID != d.CouncilID:
		return false
	case d.Access == Restricted:
		return who.BodyID == d.BodyID
	case d.State == Published:
		return true
	}
	return mayKeep.Allows(who) || mayPublish.Allows(who) // what is on its way is theirs who bring it there
}

// ownedBy reports whether the document is of the person's council, and of the
// person's body when only that may read it.
func (d Document) ownedBy(who org.Actor) bool {
	return who.CouncilID == d.CouncilID && (d.Access != Restricted || who.BodyID == d.BodyID)
}

// keptBy reports whether a person looks after the document.
func (d Document) keptBy(who org.Actor) bool { return mayKeep.Allows(who) && d.ownedBy(who) }

// reaches are the groups of readers that the index asks for; see seenBy.
func (d Document) reaches() []string {
	switch {
	case d.open():
		return []string{"all", "council:" + d.CouncilID}
	case d.State == Withdrawn:
		return []string{"keepers:" + d.CouncilID}
	case d.Access == Restricted:
		return []string{"body:" + d.BodyID}
	case d.State == Published:
		return []string{"council:" + d.CouncilID}
	}
	return []string{"keepers:" + d.CouncilID}
}

// reachesOf are the groups that a person is in.
func reachesOf(who org.Actor) []string {
	all := []string{"all"}
	if mayRead.Allows(who) {
		all = append(all, "council:"+who.CouncilID, "body:"+who.BodyID)
	}
	if mayKeep.Allows(who) || mayPublish.Allows(who) {
		all = append(all, "keepers:"+who.CouncilID)
	}
	return all
}

// Name is what the document is called in lists.
func (d Document) Name() string {
	if d.Symbol != "" {
		return d.Symbol
	}
	return d.FileName
}

// publishable says why the document cannot be published, nil when it can.
func (d Document) publishable() error {
	if d.State != Checked && d.State != Withdrawn {
		return fault.New(fault.Refused, "library.publish_unchecked")
	}
	return d.complete()
}

// complete says which fields a document that others shall rely on still lacks.
func (d Document) complete() error {
	var faults []*fault.Fault
	for _, f := range []struct {
		field, key string
		empty      bool
	}{{"kind", "library.kind_missing", d.Kind == ""}, {"subject", "library.subject_missing", d.Subject == ""}, {"issuer", "library.issuer_missing", d.Issuer == ""}, {"issued_on", "library.issued_on_missing", d.IssuedOn.IsZero()}} {
		if f.empty {
			faults = append(faults, fault.New(fault.Invalid, f.key).At(f.field))
		}
	}
	return fault.Join(faults...)
}

// Limits of what is typed into a field.
const (
	lineMax    = 300
	subjectMax = 2000
)

// tidy cleans the fields that a person typed and says what is wrong.
func (d *Document) tidy() error {
	for _, f := range []*string{&d.Symbol, &d.Issuer, &d.Unit, &d.Field, &d.Term, &d.Session, &d.Place, &d.Signer, &d.SignerTitle} {
		*f = text.Line(*f)
	}
	d.Subject = strings.Join(strings.Fields(text.Clean(d.Subject)), " ")
	d.SymbolKey = documents.SymbolKey(d.Symbol)
	var faults []*fault.Fault
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	for name, v := range map[string]string{"symbol": d.Symbol, "issuer": d.Issuer, "unit": d.Unit, "field": d.Field, "signer": d.Signer, "signer_title": d.SignerTitle, "term": d.Term, "session": d.Session, "place": d.Place} {
		if len([]rune(v)) > lineMax {
			wrong(name, "library.too_long", "max", lineMax)
		}
	}
	if len([]rune(d.Subject)) > subjectMax {
		wrong("subject", "library.too_long", "max", subjectMax)
	}
	if d.Kind != "" && !slices.Contains(Kinds(), d.Kind) {
		wrong("kind", "library.kind_unknown")
	}
	if d.Symbol != "" && d.SymbolKey == "" {
		wrong("symbol", "library.symbol_no_number")
	}
	if !slices.Contains(Accesses(), d.Access) {
		wrong("access", "library.access_unknown")
	}
	if !d.IssuedOn.IsZero() && !d.EffectiveOn.IsZero() && d.EffectiveOn.Before(d.IssuedOn) {
		wrong("effective_on", "library.effect_before_issue")
	}
	if !d.EffectiveOn.IsZero() && !d.ExpiresOn.IsZero() && !d.EffectiveOn.Before(d.ExpiresOn) {
		wrong("expires_on", "library.expires_before_effect")
	}
	return fault.Join(faults...)
}

// Kinds lists the kinds of documents: first those of the councils, then those
// of NĐ 30/2020, Phụ lục III, then the kinds of law.
func Kinds() []string {
	return []string{"NQ", "QĐ", "CT", "TB", "BC", "TTr", "KH", "CTr", "KL", "BB", "CV", "GM", "HD", "ĐA", "PA", "DA", "QC", "QyĐ", "TC", "CĐ", "BGN", "BTT", "GUQ", "GGT", "GNP", "PG", "PC", "PB", "HĐ", "TCg",
		"HP", "L", "PL", "NĐ", "TT", "TTLT", "NQLT", "LC"}
}

// levelOf tells from the name of a body at which level it stands.
func levelOf(issuer string) string {
	s := " " + text.Fold(issuer) + " "
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, " "+w+" ") })
	}
	switch {
	case has("xa", "phuong", "thi tran", "dac khu"):
		return "commune"
	case has("quan", "huyen", "thi xa"):
		return "district"
	case has("thanh pho", "tinh"):
		return "city"
	}
	return "central"
}
