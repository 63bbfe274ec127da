package reading

import (
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
)

// Sure is the confidence from which no person needs to look at a value.
const Sure = 0.8

// Span is a range of bytes of Paper.Text, End not included.
//
// vi: vị trí trong văn bản
type Span struct{ Start, End int }

// Field is a value read, how sure the reader is of it (0…1) and where it stood.
// Confidence 0: nothing was found.
//
// vi: giá trị bóc tách
type Field[T any] struct {
	Value      T
	Confidence float64
	At         Span
}

// Level is the level of a provision.
//
// vi: cấp của đơn vị bố cục
type Level string

// Levels of provisions, from outside to inside.
const (
	Part       Level = "part"       // phần
	Chapter    Level = "chapter"    // chương
	Section    Level = "section"    // mục
	Subsection Level = "subsection" // tiểu mục
	Article    Level = "article"    // điều
	Clause     Level = "clause"     // khoản
	Point      Level = "point"      // điểm
	Annex      Level = "annex"      // phụ lục, văn bản ban hành kèm theo
)

// Provision is one unit of the structure. Provisions stand in the order of the
// text, each after the one that holds it; Parent is an index or -1. At holds
// the whole unit with all that is in it, HeadingAt its number and heading.
//
// vi: đơn vị bố cục
type Provision struct {
	Anchor     string // eId: "art_5__para_2"
	Level      Level
	Number     string // as written: "II", "5a", "đ"
	Heading    string // "" when the unit has none
	At         Span
	HeadingAt  Span
	Parent     int
	Confidence float64
}

// Quote is text that an amending paper puts into another: it belongs to that
// paper and is no provision of this one. Provisions are the anchors it begins
// or holds, without those above it: "art_5", "para_2".
//
// vi: nội dung sửa đổi, bổ sung được trích
type Quote struct {
	In         string // anchor of the provision that quotes
	At         Span
	Provisions []string
	Confidence float64
}

// Citation is another paper named in the text.
//
// vi: viện dẫn
type Citation struct {
	Symbol     string
	Kind       string // "" when the text does not say
	Title      string // "Luật Tổ chức chính quyền địa phương"
	Issued     clock.Date
	Anchor     string // the provision of it that is named
	At         Span
	Confidence float64
}

// Basis is one căn cứ of the paper.
//
// vi: căn cứ ban hành
type Basis struct {
	Field[string]
	Proposal bool // "Theo đề nghị…", "Xét Tờ trình…": not law but what was put forward
	Cites    []Citation
}

// Signer is who signed and in what capacity: TM. for a body, KT. for the head
// above, TL. by order, TUQ. by authority, Q. acting.
//
// vi: người ký
type Signer struct {
	Name     Field[string]
	Forms    []string // "TM.", "KT."
	Behalf   string   // "CHÍNH PHỦ", "CHỦ TỊCH": whom the forms name
	Position string   // "PHÓ CHỦ TỊCH"
}

// Effect says from when to when something holds. No anchors: the whole paper.
//
// vi: hiệu lực thi hành
type Effect struct {
	Anchors    []string
	From       clock.Date
	Until      clock.Date // zero: not said
	At         Span
	Confidence float64
}

// Relation is what this paper, or a provision of it, does to another.
//
// vi: quan hệ văn bản
type Relation struct {
	Kind       string // code of the library: "amends", "based_on"
	From       string // anchor in this paper; "" for the paper as a whole
	Symbol     string
	Title      string // name of the target where the text gives one
	Target     string // anchor in the target; "" for the whole
	At         Span
	Confidence float64
}

// Repair is a misreading that was set right.
//
// vi: chỗ đã sửa lỗi nhận dạng
type Repair struct {
	At      Span
	Read    string
	Meant   string
	Why     string // slash, stroke, term, spaces, hyphen, cut, word, mark, register
	Checked bool   // the register knows what it was made to be
}

// Paper is all that was read. Spans point into Text, which is the text given,
// in NFC, as valid UTF-8, at most MaxText bytes of it.
//
// vi: kết quả bóc tách văn bản
type Paper struct {
	Text       string
	Cut        bool  // the text was longer than MaxText
	Pages      []int // where pages begin
	Symbol     Field[string]
	Number     Field[string]
	Kind       Field[string]
	Issuer     Field[string]
	Place      Field[string]
	Issued     Field[clock.Date]
	Effect     Field[clock.Date]
	Effects    []Effect
	Subject    Field[string]
	Term       Field[int]
	Session    Field[int]
	Signers    []Signer
	Bases      []Basis
	Recipients []Field[string]
	Provisions []Provision
	Quotes     []Quote
	Tables     []Span
	Relations  []Relation
	Repairs    []Repair
}

// Body is the text of provision i itself: after its number and heading, before
// the first provision it holds.
func (p Paper) Body(i int) string {
	u := p.Provisions[i]
	end := u.At.End
	if i+1 < len(p.Provisions) && p.Provisions[i+1].Parent == i {
		end = p.Provisions[i+1].At.Start
	}
	return strings.TrimSpace(p.Text[min(u.HeadingAt.End, end):end])
}

// Register knows what papers and bodies there are. Keys are those of
// documents.SymbolKey.
//
// vi: sổ đăng ký văn bản
type Register interface {
	Symbol(key string) bool
	Body(name string) bool // "Ủy ban nhân dân phường Cầu Giấy" or its short form in symbols
}
