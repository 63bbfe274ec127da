package ui

import (
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"github.com/a-h/templ"
)

// Tone is what a colour means here. Colour never stands alone: each toned part
// also says it in words or with an icon.
type Tone string

// The tones.
const (
	Plain   Tone = ""
	Good    Tone = "good"
	Notable Tone = "notable"
	Warning Tone = "warning"
	Bad     Tone = "bad"
	Gold    Tone = "gold"
	Primary Tone = "primary" // buttons only
	Danger  Tone = "danger"  // buttons of acts that cannot be undone
	Quiet   Tone = "quiet"   // buttons only
)

// Frame is what the shell shows around a page.
type Frame struct {
	Title         string
	Lang          text.Lang
	Theme         string // "light", "dark" or "" for the device's own
	Back          string // local address that the language and theme switches return to
	Public        bool   // the citizens' header and footer instead of the officials' menu
	Wide          bool   // tables that want the whole width
	Council       string // name above the menu
	Menu          []MenuSection
	PublicMenu    []MenuLink
	Person        string // empty when nobody is signed in
	Post          string // the post the person acts as
	OnBehalf      string // sentence naming whom the person stands in for; empty when nobody
	Posts         []PostLink
	InboxURL      string
	Inbox         int
	SearchURL     string
	Query         string
	AccountURL    string
	Home          string // what the emblem leads to
	DeskURL       string
	ActingURL     string // where a change of post is posted
	SignInURL     string
	SignOutURL    string
	Flash         []Notice
	Keys          []Key
	LiveURL       string // empty: no live events on this page
	LiveAs        string // changes when another person or post sits at this browser
	Demonstration bool
}

// MenuSection is a titled group of the menu.
type MenuSection struct {
	Label string
	Links []MenuLink
}

// MenuLink is one line of the menu.
type MenuLink struct {
	Label, URL, Icon string
	Count            int  // badge; 0 shows none
	Here             bool // the page belongs to this line
}

// PostLink is a post the signed-in person may change to.
type PostLink struct {
	ID, Label string
	Here      bool
}

// Key is a keyboard shortcut of the page: "g d" is g, then d.
type Key struct{ Press, Label, URL string }

// Crumb is one step of the way to a page; the last has no URL.
type Crumb struct{ Label, URL string }

// Heading is the top of a page.
type Heading struct {
	Title   string
	Above   string // small line over the title: date, code
	Lead    string
	Crumbs  []Crumb
	Badges  templ.Component // beside the title
	Actions templ.Component // buttons at the right, below on phones
}

// CardHead is the head of a card; a card without Title has no head.
type CardHead struct {
	ID, Title, Note string
	Actions         templ.Component
	Flush           bool // content touches the edges: tables, lists
	Narrow          bool // forms read better when not as wide as the screen
}

// Figure is one number that matters, with its name.
type Figure struct {
	Label, Value, Note string
	Tone               Tone
	URL                string // list behind the number
}

// Action is a button or a link that looks like one.
type Action struct {
	Label, Icon string
	URL         string // LinkButton and PostButton
	Name, Value string // what a Submit or PostButton sends
	Tone        Tone
	Small       bool
	NewTab      bool // LinkButton: the page here stays as it is
	KeepOpen    bool // Submit: leave the browser's own field checks aside (drafts)
}

// Notice is a framed message.
type Notice struct {
	Tone  Tone
	Title string
	Text  string
}

// Empty is what stands where rows would be.
type Empty struct {
	Title, Text string
	Action      templ.Component
}

// Tab is one of several pages about the same thing.
type Tab struct {
	Label, URL string
	Count      int
	Here       bool
}

// Term is one line of a definition list: a name with Text, or with Value when
// the text needs mark-up.
type Term struct {
	Name, Text string
	Value      templ.Component
}

// Event is one line of a timeline, newest first or last as the page decides.
type Event struct {
	When   string // "16/11/2026 08:00"
	Title  string
	Who    string // both names when somebody stands in for another
	Text   string
	Tone   Tone
	Icon   string
	Body   templ.Component
	Future bool // has not happened yet
}

// State is a state of a procedure, in the reader's words.
type State struct {
	Label string
	Tone  Tone
}

// DueState says how a deadline stands.
type DueState string

// How a deadline stands. NoState lets DeadlineBadge see by the dates.
const (
	NoState     DueState = ""
	OnTime      DueState = "on_time"
	DueSoon     DueState = "due_soon"
	Late        DueState = "late"
	Paused      DueState = "paused"
	Provisional DueState = "provisional" // holidays not announced or the rule not confirmed
	Met         DueState = "met"
	MetLate     DueState = "met_late"
)

// dueSoonDays is how many days before the date a deadline counts as near, when
// the page does not say.
const dueSoonDays = 3

// Due is a deadline as shown in lists and at the top of a case.
type Due struct {
	Date, Today clock.Date
	State       DueState
	Provisional bool   // together with any state: "tạm tính"
	Why         string // address of "Vì sao hạn này?"; empty shows no link
}

func (d Due) state() DueState {
	switch {
	case d.State != NoState:
		return d.State
	case d.Date.IsZero():
		return NoState
	case d.Date.Before(d.Today):
		return Late
	case d.Date.Sub(d.Today) <= dueSoonDays:
		return DueSoon
	}
	return OnTime
}

// Pages are the neighbours of a list page; lists page by key, never by number.
type Pages struct {
	Previous, Next string // addresses; empty at the ends
	Summary        string // "50 trong 1.284 kiến nghị"
}

// Filters is the form above a list. Its fields are the component's children.
type Filters struct {
	URL    string
	Search *Field // the one free-text field, always open
	Open   bool   // further fields are in use, so show them
	Active int    // how many are in use
	Clear  string // address without filters
	Views  []SavedView
	Save   string // address that saves the present filter as a view; empty: not offered
	Query  string // the present filter, for Save
	LiveID string // id of the list that follows the typing; empty: none

	SaveName string // the name that was typed for a view which could not be saved
	Errors   Errors // what was wrong with it
}

// SavedView is a named filter.
type SavedView struct {
	Label, URL string
	Here       bool
	Remove     string // address that deletes it; empty for the built-in ones
}

// Confirm asks before an act.
type Confirm struct {
	Title, Text string
	URL         string // where the confirmed act is posted
	Yes         string
	Back        string // address of "no"
	Danger      bool
	Hidden      []Kept
}

// Conflict shows what both people wrote when two changed the same thing.
type Conflict struct {
	Title, Text string
	URL         string // where "keep mine" is posted
	Back        string // address of the other's version
	Fields      []Versions
	Hidden      []Kept // what "keep mine" sends, with the new version number
}

// Versions are two texts of one field.
type Versions struct{ Label, Mine, Theirs string }

// Kept is one value that was typed and not taken.
type Kept struct {
	Name, Value string
	Label       string // empty: not shown, only sent again
}

// Failure is the page of an error.
type Failure struct {
	Status    int
	Title     string
	Text      string
	Rule      string // article that refuses
	List      []string
	Reference string // number for the operator; internal faults only
	Kept      []Kept
	Files     []KeptFile
	Resend    string // address; empty when sending again makes no sense
	Secret    bool   // a password was typed: it is not kept
	Links     []Action
}

// KeptFile names a file field whose files must be chosen again.
type KeptFile struct {
	Name  string
	Files []string
}

// Bars is a chart of horizontal bars. Values are whole numbers; Text is what is
// written beside the bar.
type Bars struct {
	Caption, Name, Unit string // Name heads the first column, Unit the second
	Bars                []Bar
}

// Bar is one bar.
type Bar struct {
	Label, Text, URL string
	Value            int64
	Tone             Tone
	Bad              int64 // how much of Value is bad, drawn at the bar's beginning
}

// Stack is one bar cut in shares.
type Stack struct {
	Caption string
	Parts   []Bar
}

// Columns is a chart of upright bars, such as months.
type Columns struct {
	Caption, Name, Unit string
	Columns             []Bar
	Line                []int64 // optional second series, drawn as a line
	LineName            string
}
