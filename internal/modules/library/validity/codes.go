package validity

import (
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
)

// Kind is what one document does to another, directed from the acting one.
//
// vi: loại quan hệ giữa các văn bản
type Kind string

// The relations. Expires and Lapses are no relations but reasons of the same
// kind: the text's own last day, and a rule of law that ends it.
const (
	BasedOn      Kind = "based_on"     // căn cứ
	Refers       Kind = "refers"       // dẫn chiếu
	Amends       Kind = "amends"       // sửa đổi, bổ sung
	Replaces     Kind = "replaces"     // thay thế
	Repeals      Kind = "repeals"      // bãi bỏ
	Annuls       Kind = "annuls"       // hủy bỏ
	Suspends     Kind = "suspends"     // đình chỉ
	Halts        Kind = "halts"        // ngưng hiệu lực
	Guides       Kind = "guides"       // hướng dẫn, quy định chi tiết
	Consolidates Kind = "consolidates" // hợp nhất
	Corrects     Kind = "corrects"     // đính chính

	Expires Kind = "expires" // hết thời hạn ghi trong văn bản
	Lapses  Kind = "lapses"  // hết hiệu lực theo quy định của luật
)

// Kinds lists the relations in the order in which pages show them.
func Kinds() []Kind {
	return []Kind{Amends, Replaces, Repeals, Annuls, Suspends, Halts, Corrects, Consolidates, Guides, BasedOn, Refers}
}

// Acts reports whether a relation changes what holds of the other document.
func (k Kind) Acts() bool { return k.ends() || k.pauses() || k == Amends || k == Corrects }

func (k Kind) known() bool { return slices.Contains(Kinds(), k) }
func (k Kind) ends() bool {
	return k == Replaces || k == Repeals || k == Annuls || k == Expires || k == Lapses
}
func (k Kind) pauses() bool { return k == Suspends || k == Halts }

// Status is what holds of a document or an article on a day.
//
// vi: tình trạng hiệu lực
type Status string

// The statuses, by the list of the field.
const (
	Pending   Status = "pending"   // Chưa có hiệu lực
	InForce   Status = "in_force"  // Còn hiệu lực
	Partly    Status = "partly"    // Hết hiệu lực một phần
	Expired   Status = "expired"   // Hết hiệu lực
	Halted    Status = "halted"    // Ngưng hiệu lực
	Amended   Status = "amended"   // Đã sửa đổi
	Corrected Status = "corrected" // Đính chính
	Unfit     Status = "unfit"     // Không còn phù hợp
)

// Statuses lists them all.
func Statuses() []Status {
	return []Status{Pending, InForce, Amended, Corrected, Partly, Halted, Unfit, Expired}
}

// Holds reports whether a text of this status is to be applied, at least in part.
func (s Status) Holds() bool { return s == InForce || s == Partly || s == Amended || s == Corrected }

// Op is what an amendment does to the text at its anchor.
//
// vi: cách sửa đổi
type Op string

// The operations. Unsaid: the amendment is known, its words are not.
const (
	Unsaid Op = ""
	Put    Op = "put"    // the text of the anchor becomes the new text
	Insert Op = "insert" // a new anchor, after another one
	Delete Op = "delete"
)

// Level is whose text it is.
//
// vi: cấp ban hành
type Level string

// The levels. District ended on 1/7/2025 (Luật 72/2025/QH15, Điều 51).
const (
	Central  Level = "central"
	City     Level = "city"
	District Level = "district"
	Commune  Level = "commune"
)

// Document is what this part needs to know of a document.
//
// vi: văn bản trong quan hệ hiệu lực
type Document struct {
	ID, CouncilID string
	Symbol, Key   string // Key is documents.SymbolKey(Symbol)
	Kind, Title   string
	Body          string // name of who issued it
	Level         Level
	Unit          string     // the unit it was made for, as named then: "Quận Ba Đình"
	Normative     bool       // văn bản quy phạm pháp luật
	Issued        clock.Date // adopted or signed
	Effect        clock.Date // first day in force; none: from the day of issue
	Expires       clock.Date // first day no longer in force by its own words; none: open
	// Anchors are those of its provisions in the order of the text: parts,
	// chapters, sections, articles, annexes; what is below articles may be there.
	Anchors []string
	URL     string // its page; empty shows its symbol alone
}

// Name is the number and symbol, or the title of what has none.
func (d Document) Name() string {
	if d.Symbol != "" {
		return d.Symbol
	}
	return d.Title
}

// Provision is one piece of a document's text, in the order of the text.
//
// vi: đơn vị văn bản
type Provision struct {
	Anchor  string
	Heading string // "Điều 5. Hiệu lực thi hành"
	Text    string // without its heading and without the pieces below it
}

// State says how a relation stands.
//
// vi: -
type State string

// The states. Only what a person stands for counts.
const (
	Proposed  State = "proposed"
	Confirmed State = "confirmed"
	Refused   State = "refused"
)

// Source says who found a relation.
//
// vi: -
type Source string

// The sources.
const (
	Read   Source = "read"   // by machine, from the text
	Person Source = "person" // entered by hand
)

// day counts days, so that dates compare fast.
type day int32

const (
	always day = -1 << 30
	never  day = 1 << 30
)

// dayOf numbers a date; none when there is none.
func dayOf(d clock.Date, none day) day {
	if d.IsZero() {
		return none
	}
	y, m := int64(d.Year), int64(d.Month)
	if m <= 2 { // the count of days by the civil calendar, March first
		y, m = y-1, m+12
	}
	n := 365*y + floor(y, 4) - floor(y, 100) + floor(y, 400) + (153*(m-3)+2)/5 + int64(d.Day) - 1 - 719468
	return day(min(max(n, int64(always)+1), int64(never)-1))
}

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (d day) date() clock.Date {
	if d <= always || d >= never {
		return clock.Date{}
	}
	return clock.NewDate(1970, 1, 1+int(d))
}
