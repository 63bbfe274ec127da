package petitions

import "slices"

// Addressee says which council a voter writes to.
//
// vi: nơi nhận kiến nghị
type Addressee string

// The addressees: the city's council, or that of the ward or commune.
const (
	ToCity Addressee = "city"
	ToWard Addressee = "ward"
)

// Authority is the level of government that can settle the matter.
//
// vi: thẩm quyền giải quyết
type Authority string

// The levels of authority.
const (
	Central Authority = "central" // Trung ương, qua Đoàn đại biểu Quốc hội
	CityLvl Authority = "city"    // Thành phố
	WardLvl Authority = "ward"    // Phường, xã
)

// Newness says whether the matter was raised before.
//
// vi: tính chất mới, lặp lại
type Newness string

// The kinds of newness.
const (
	FirstTime   Newness = "new"         // mới
	Repeated    Newness = "repeated"    // nhiều lần
	Outstanding Newness = "outstanding" // tồn đọng
)

// SplitKind says what a petition really is when it does not belong here.
//
// vi: loại đơn được tách
type SplitKind string

// The kinds split off to the reception module.
const (
	ComplaintSplit    SplitKind = "complaint"    // khiếu nại
	DenunciationSplit SplitKind = "denunciation" // tố cáo
)

// Outcome is the answering body's own statement of what became of a point.
//
// vi: kết quả giải quyết
type Outcome string

// The outcomes (law notes §1.5).
const (
	Done        Outcome = "done"         // đã giải quyết xong
	Partly      Outcome = "partly"       // giải quyết một phần
	Underway    Outcome = "underway"     // đang giải quyết, có lộ trình
	NoMeans     Outcome = "no_means"     // chưa có nguồn lực
	Explained   Outcome = "explained"    // giải trình, cung cấp thông tin
	Passed      Outcome = "passed"       // chuyển cơ quan khác
	NotPossible Outcome = "not_possible" // không giải quyết được, có lý do
	Duplicate   Outcome = "duplicate"    // trùng kiến nghị đã được trả lời
	Lasting     Outcome = "outstanding"  // tồn đọng qua nhiều kỳ
)

// Quality is the committee's judgement of an answer.
//
// vi: đánh giá chất lượng trả lời
type Quality string

// The judgements.
const (
	Good       Quality = "good"        // đạt
	NoSchedule Quality = "no_schedule" // chưa rõ lộ trình
	OffPoint   Quality = "off_point"   // chưa đúng trọng tâm
)

// RefusalReason is the coded reason for not taking a petition in.
//
// vi: lý do không tiếp nhận
type RefusalReason string

// ReturnReason is the coded reason for which a body sends a petition back.
//
// vi: lý do trả lại
type ReturnReason string

// fields are the fields of work, below the committee field they belong to.
// Which committee examines which field is data of each council (org_bodies.fields).
var fields = []string{
	"urban.roads", "urban.drainage", "urban.lighting", "urban.planning", "urban.order", "urban.housing",
	"economy.land", "economy.farming", "economy.budget", "economy.environment",
	"culture.education", "culture.health", "culture.welfare", "culture.venues",
	"legal.staff", "legal.security", "legal.digital",
}

var (
	authorities    = []Authority{Central, CityLvl, WardLvl}
	newnesses      = []Newness{FirstTime, Repeated, Outstanding}
	splitKinds     = []SplitKind{ComplaintSplit, DenunciationSplit}
	outcomes       = []Outcome{Done, Partly, Underway, NoMeans, Explained, Passed, Duplicate, Lasting, NotPossible}
	qualities      = []Quality{Good, NoSchedule, OffPoint}
	refusalReasons = []RefusalReason{"not_a_petition", "unclear", "duplicate", "private_matter", "court", "abusive", "outside_area", withdrawn}
	returnReasons  = []ReturnReason{"not_competent", "unclear", "already_answered"}
)

// Fields lists the codes of the fields of work.
func Fields() []string { return slices.Clone(fields) }

// branch is the committee's part of a field code: "urban" of "urban.roads".
func branch(field string) string {
	for i := range field {
		if field[i] == '.' {
			return field[:i]
		}
	}
	return field
}
