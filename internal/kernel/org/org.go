// Package org knows who is who: councils, their bodies, the posts people hold
// there and when, terms of office, administrative units with their
// predecessors, and delegations (uỷ quyền).
//
// It owns the tables org_*. It does not sign anybody in and grants no right:
// it says which posts a person may act as, and auth decides what a post may do.
//
// Legal basis: Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 29
// (standing committee, committees, deputies' groups), Điều 5 (term).
package org

import (
	"embed"
	"slices"

	"example.vn/hdnd/internal/kernel/db"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "org", Files: Files}

// Level is the tier of a council.
type Level string

// The two tiers since 1/7/2025.
const (
	City    Level = "city"    // thành phố, tỉnh
	Commune Level = "commune" // phường, xã, đặc khu
)

// BodyKind says what a body is in the life of a council.
type BodyKind string

// The kinds of bodies.
const (
	StandingCommittee BodyKind = "standing_committee" // Thường trực HĐND
	Committee         BodyKind = "committee"          // Ban của HĐND
	DeputiesGroup     BodyKind = "deputies_group"     // Tổ đại biểu
	Office            BodyKind = "office"             // Văn phòng
	PeoplesCommittee  BodyKind = "peoples_committee"  // UBND
	Agency            BodyKind = "agency"             // sở, ban, ngành
	Delegation        BodyKind = "delegation"         // Đoàn đại biểu Quốc hội (chuyển kiến nghị cấp Trung ương)
)

// BodyKinds lists the kinds, in the order of forms.
func BodyKinds() []BodyKind {
	return []BodyKind{StandingCommittee, Committee, DeputiesGroup, Office, PeoplesCommittee, Agency, Delegation}
}

// Answers reports whether bodies of this kind are asked for answers, rather
// than being part of the council.
func (k BodyKind) Answers() bool {
	return k == PeoplesCommittee || k == Agency || k == Delegation
}

// Role is what a post is for. Rights hang on roles; see auth.
type Role string

// The roles.
const (
	Clerk           Role = "clerk"      // văn thư, chuyên viên văn phòng
	Head            Role = "head"       // lãnh đạo văn phòng
	Standing        Role = "standing"   // Thường trực HĐND
	Chair           Role = "chair"      // Chủ tịch HĐND
	CommitteeMember Role = "committee"  // thành viên Ban
	Deputy          Role = "deputy"     // đại biểu
	BodyClerk       Role = "body_clerk" // đầu mối của cơ quan trả lời
	Handler         Role = "handler"    // cán bộ được phân công của cơ quan trả lời
	BodyHead        Role = "body_head"  // lãnh đạo cơ quan trả lời
	Admin           Role = "admin"      // quản trị
	Security        Role = "security"   // an toàn thông tin
	Auditor         Role = "auditor"    // kiểm tra nhật ký
)

// Roles lists every role, in the order of tables and tests.
func Roles() []Role {
	return []Role{Clerk, Head, Standing, Chair, CommitteeMember, Deputy, BodyClerk, Handler, BodyHead, Admin, Security, Auditor}
}

// Proxy is a person in whose place an actor acts under a delegation.
type Proxy struct {
	PersonID     string `json:"person"`
	Name         string `json:"name"`
	PostID       string `json:"post"`
	PostTitle    string `json:"title"`
	DelegationID string `json:"delegation"`
}

// Actor is a person acting in one of their posts, or in a post delegated to
// them. A person with several posts acts as one of them at a time.
type Actor struct {
	PersonID  string
	Name      string
	PostID    string // the post whose powers are used
	PostTitle string
	BodyID    string
	BodyName  string
	BodyKind  BodyKind
	CouncilID string // the council the body belongs to or answers to
	Level     Level
	Roles     []Role
	// Via is the chain of delegations, nearest first: the actor has it from
	// Via[0], who has it from Via[1]… The last holds the post. Empty when the
	// post is the actor's own.
	Via []Proxy
	// Scope limits a delegated actor to these permissions; empty means all.
	Scope    []string
	SignInID string // the browser's sign-in, for the log
	Address  string // network address, for the log
	System   bool   // the program itself: reminders, nightly jobs
}

// System is the program acting by itself for a council.
func System(councilID string) Actor {
	return Actor{CouncilID: councilID, System: true}
}

// Voter is a member of the public who has not signed in.
func Voter(address string) Actor { return Actor{Address: address} }

// Has reports whether the actor's post has role r.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// SignedIn reports whether the actor is a person in a post.
func (a Actor) SignedIn() bool { return a.PostID != "" }

// OnBehalf names the holder of the post the actor stands in for; empty when
// the post is the actor's own.
func (a Actor) OnBehalf() string {
	if len(a.Via) == 0 {
		return ""
	}
	return a.Via[len(a.Via)-1].Name
}
