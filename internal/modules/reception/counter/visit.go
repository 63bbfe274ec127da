package counter

import (
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// State is where a visit stands.
//
// vi: trạng thái lượt tiếp
type State string

// The states.
const (
	Waiting State = "waiting"
	Called  State = "called" // at the desk
	Done    State = "done"
	Refused State = "refused"
	NoShow  State = "no_show" // called, did not come
	Gone    State = "gone"    // left without being received
)

// Class is what sort of matter it is (Mẫu 03/TCD, column 6).
//
// vi: phân loại nội dung
type Class string

// The classes.
const (
	Complaint    Class = "complaint"    // khiếu nại
	Denunciation Class = "denunciation" // tố cáo: only on sealed lines
	Proposal     Class = "proposal"     // kiến nghị, phản ánh
)

// Times is whether a matter was brought before: 01/TCD counts both apart.
//
// vi: lần tiếp nhận vụ việc
type Times string

// The times.
const (
	Unclear   Times = ""
	FirstTime Times = "first" // lần đầu
	Again     Times = "again" // nhiều lần
)

// Outcome is what came of one content.
//
// vi: hướng xử lý
type Outcome string

// The outcomes.
const (
	Guided    Outcome = "guided"    // hướng dẫn đến cơ quan có thẩm quyền
	Forwarded Outcome = "forwarded" // chuyển đơn
	Own       Outcome = "own"       // thuộc thẩm quyền
	Noted     Outcome = "noted"     // ghi nhận, nghiên cứu, trả lời sau
	Settled   Outcome = "settled"   // giải thích, trả lời ngay
)

// Outcomes lists them in the order of forms.
func Outcomes() []Outcome { return []Outcome{Guided, Forwarded, Own, Noted, Settled} }

// later reports whether the citizen has to be told the result afterwards
// (Luật Tiếp công dân, Điều 28 khoản 1); the others hear it at the desk.
func (o Outcome) later() bool { return slices.Contains([]Outcome{Forwarded, Own, Noted}, o) }

// Visit is one visit of one person or group.
//
// vi: lượt tiếp công dân
type Visit struct {
	ID               string     `db:"id"`
	CouncilID        string     `db:"council_id"`
	On               clock.Date `db:"on_day"`
	DayID            string     `db:"day_id"` // empty: regular reception outside a published day
	Number           int        `db:"number"` // of the slip
	BookingID        string     `db:"booking_id"`
	HostPostID       string     `db:"host_post_id"`
	HostName         string     `db:"host_name"`
	HostTitle        string     `db:"host_title"`
	Leader           bool       `db:"leader"`
	Delegated        bool       `db:"delegated"`
	Kind             string     `db:"kind"` // periodic, regular, extraordinary
	Online           bool       `db:"online"`
	State            State      `db:"state"`
	Sealed           bool       `db:"sealed"`
	Priority         bool       `db:"priority"` // old, ill, disabled, pregnant, with a small child
	ArrivedAt        db.Time    `db:"arrived_at"`
	SlotAt           db.Time    `db:"slot_at"` // none: walk-in, or too late for the booked time
	CalledAt         db.Time    `db:"called_at"`
	CalledBy         string     `db:"called_by"`
	CalledName       string     `db:"called_name"`
	DeskName         string     `db:"desk"`
	People           int        `db:"people"`
	Appointment      string     `db:"appointment"` // the paper that names a group's representatives
	Minutes          string     `db:"minutes"`
	MinutesRead      bool       `db:"minutes_read"`
	MinutesSign      Sign       `db:"minutes_sign"`
	Ground           string     `db:"ground"`
	GroundNote       string     `db:"ground_note"`
	RefusedOn        clock.Date `db:"refused_on"`
	NoticeDue        clock.Date `db:"notice_due"`
	NoticeSymbol     string     `db:"notice_symbol"`
	NoticeOn         clock.Date `db:"notice_on"`
	Conclusion       string     `db:"conclusion"`
	ConclusionSymbol string     `db:"conclusion_symbol"`
	ConclusionOn     clock.Date `db:"conclusion_on"`
	EndedAt          db.Time    `db:"ended_at"`
	EndedName        string     `db:"ended_name"`
	Mark             string     `db:"mark"`
	Revision         int64      `db:"revision"`
}

// Sign is how the citizen confirmed the minutes.
//
// vi: cách xác nhận biên bản
type Sign string

// The ways.
const (
	Unsigned    Sign = ""
	Signed      Sign = "signed"
	Fingerprint Sign = "fingerprint"
	Declined    Sign = "declined" // would not sign; the minutes say so
)

// reaches reports whether a visit is this person's to see.
func (v Visit) reaches(who org.Actor) bool {
	if v.CouncilID == "" || v.CouncilID != who.CouncilID || !mayServe.Allows(who) {
		return false
	}
	return mayRecord.Allows(who) || v.HostPostID != "" && v.HostPostID == who.PostID
}

// owesConclusion reports whether the notice of conclusion is still to be given
// (NĐ 154/2026, Điều 25 khoản 2).
func (v Visit) owesConclusion() bool {
	return v.Leader && !v.Sealed && v.State == Done && v.ConclusionOn.IsZero()
}

// owesNotice reports whether the refusal's notice is still to be sent.
func (v Visit) owesNotice() bool { return !v.NoticeDue.IsZero() && v.NoticeOn.IsZero() }

// groupLeast is from how many people on a matter is one of several people.
const groupLeast = 5

// Representatives is how many people speak for so many with the same matter
// (Luật Tiếp công dân, Điều 29): of 5 to 10 one or two, of more at most five;
// fewer than five all speak for themselves.
func Representatives(people int) (least, most int) {
	switch {
	case people < groupLeast:
		return 1, max(people, 1)
	case people <= 10:
		return 1, 2
	}
	return 1, 5
}

// group reports whether the representatives must be appointed on paper.
func (v Visit) group() bool { return v.People >= groupLeast }

// speakers refuses too many or too few representatives, and a group without its
// paper.
func (v Visit) speakers(n int) error {
	least, most := Representatives(v.People)
	switch {
	case n < least:
		return fault.New(fault.Refused, "counter.person_none")
	case n > most:
		return fault.New(fault.Refused, "counter.person_many", "people", v.People, "most", most).By(lawGroups)
	case v.group() && v.Appointment == "":
		return fault.New(fault.Refused, "counter.appointment_none", "people", v.People).By(lawGroups)
	}
	return nil
}

const lawGroups = "Luật Tiếp công dân 2013, Điều 29"

// Person is somebody who came.
//
// vi: người được tiếp
type Person struct {
	ID            string    `db:"id"`
	VisitID       string    `db:"visit_id"`
	CouncilID     string    `db:"council_id"`
	Position      int       `db:"position"`
	Name          string    `db:"name"`
	Folded        string    `db:"folded"`
	Address       string    `db:"address"`
	Contact       string    `db:"contact"`
	Role          Role      `db:"role"`
	CapacityPaper string    `db:"capacity_paper"` // by which somebody speaks for another
	PaperKind     PaperKind `db:"paper_kind"`
	PaperBox      string    `db:"paper_box"` // the number, sealed
	PaperLast     string    `db:"paper_last"`
	PaperDigest   string    `db:"paper_digest"`
}

// Role is in what capacity a person speaks.
//
// vi: tư cách của người đến
type Role string

// The roles.
const (
	Self           Role = "self"
	Representative Role = "representative" // of a group
	Authorised     Role = "authorised"     // người được uỷ quyền
	Guardian       Role = "guardian"       // người đại diện theo pháp luật
	Lawyer         Role = "lawyer"         // luật sư, trợ giúp viên pháp lý
)

// Roles lists them in the order of forms.
func Roles() []Role { return []Role{Self, Representative, Authorised, Guardian, Lawyer} }

// Line is one content of a visit: one line of the log.
//
// vi: nội dung trình bày
type Line struct {
	ID        string     `db:"id"`
	VisitID   string     `db:"visit_id"`
	CouncilID string     `db:"council_id"`
	On        clock.Date `db:"on_day"`
	Position  int        `db:"position"`
	Year      int        `db:"year"`
	No        int        `db:"log_no"` // 0: not in the log yet
	Class     Class      `db:"class"`
	Times     Times      `db:"times"`
	Sealed    bool       `db:"sealed"`
	Summary   string     `db:"summary"`
	Earlier   string     `db:"earlier"` // how it was settled so far
	Request   string     `db:"request"`
	People    int        `db:"people"`
	SettledBy string     `db:"settled_by"`
	Outcome   Outcome    `db:"outcome"`
	ToBody    string     `db:"to_body"`
	Symbol    string     `db:"symbol"` // of the guiding or forwarding paper
	Follow    string     `db:"follow"`
	Note      string     `db:"note"`
	TellDue   clock.Date `db:"tell_due"`
	ToldOn    clock.Date `db:"told_on"`
	CaseID    string     `db:"case_id"`
	Revision  int64      `db:"revision"`
}

// Receipt lists papers that a citizen handed over (Mẫu 02/TCD).
//
// vi: giấy biên nhận thông tin, tài liệu
type Receipt struct {
	ID      string            `db:"id"`
	VisitID string            `db:"visit_id"`
	Number  int               `db:"number"`
	Items   db.JSON[[]string] `db:"items"`
	On      clock.Date        `db:"given_on"`
	By      string            `db:"by_id"`
	ByName  string            `db:"by_name"`
	Mark    string            `db:"mark"`
}
