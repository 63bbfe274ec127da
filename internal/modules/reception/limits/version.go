package limits

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// State is how far a version has come.
//
// vi: trạng thái của bản thời hạn
type State string

// The states.
const (
	Draft     State = "draft"
	InForce   State = "in_force"
	Dropped   State = "dropped"
	Withdrawn State = "withdrawn" // before it began
)

// Reach says for whom a version counts.
//
// vi: phạm vi áp dụng
type Reach string

// The reaches. Running needs an article of the law that says so.
const (
	Coming  Reach = "coming"  // what begins from its day on
	Running Reach = "running" // and what is being settled
)

// Version is a version of one time limit, as it was drawn up and decided.
//
// vi: bản thời hạn
type Version struct {
	ID           string            `db:"id"`
	Mark         string            `db:"mark"` // of the form that made it, so that a double click makes one
	CouncilID    string            `db:"council_id"`
	Key          string            `db:"rule_key"`
	Count        int               `db:"days"`
	Unit         calendar.Unit     `db:"unit"`
	Article      string            `db:"article"`
	Source       string            `db:"source"`
	Note         string            `db:"note"`
	Confirmed    bool              `db:"confirmed"` // compared with the text in the Official Gazette
	From         clock.Date        `db:"from_day"`
	Reach        Reach             `db:"reach"`
	ReachArticle string            `db:"reach_article"` // that says what is being settled follows it too
	ReachSince   clock.Date        `db:"reach_since"`   // of that, only what began on this day or later; none: all
	Base         string            `db:"base"`          // what held on its day when it was drawn up
	State        State             `db:"state"`
	DrawnBy      string            `db:"drawn_by"`
	DrawnName    string            `db:"drawn_name"`
	DrawnChain   db.JSON[[]string] `db:"drawn_chain"` // all in whose power the drafter acted
	DrawnAt      db.Time           `db:"drawn_at"`
	Trial        db.JSON[Trial]    `db:"trial"`
	TriedAt      db.Time           `db:"tried_at"`
	DecidedBy    string            `db:"decided_by"`
	DecidedName  string            `db:"decided_name"`
	OnBehalf     string            `db:"on_behalf"`
	DecidedAt    db.Time           `db:"decided_at"`
	Why          string            `db:"why"` // it was dropped or withdrawn
	Round        int64             `db:"round"`
	Place        string            `db:"place"`   // the clock up to which this round has come
	Changed      int64             `db:"changed"` // clocks counted again by all rounds
	Counted      bool              `db:"counted"` // the round is done
	Revision     int64             `db:"revision"`
}

// Rule is the version as the calendar keeps it.
func (v Version) Rule() calendar.Rule {
	return calendar.Rule{Key: v.Key, Count: v.Count, Unit: v.Unit, Article: v.Article, Confirmed: v.Confirmed, From: v.From, Source: v.Source, Note: v.Note}
}

// Begun reports whether a version holds or held already.
func (v Version) Begun(today clock.Date) bool { return !v.From.After(today) }

// Waits reports whether a version was put in force for a day to come.
func (v Version) Waits(today clock.Date) bool { return v.State == InForce && !v.Begun(today) }

// Drawing is a version as a person enters it.
//
// vi: -
type Drawing struct {
	Key          string
	Count        int
	Unit         calendar.Unit
	Article      string
	Source       string
	Note         string
	Confirmed    bool
	From         clock.Date
	Reach        Reach
	ReachArticle string
	ReachSince   clock.Date
	Once         string
}

const (
	articleMax = 400
	yearsAhead = 10 // how far ahead a law may begin
	whyLetters = 10
	whyMax     = 500
)

// print is what tells two versions of a rule apart.
func print(r calendar.Rule) string {
	return fmt.Sprintf("%s|%d|%s|%s|%t|%s|%s", r.From, r.Count, r.Unit, r.Article, r.Confirmed, r.Source, r.Note)
}

// DrawUp enters a draft of a new version. Nothing changes by it.
func (d *Desk) DrawUp(ctx context.Context, who org.Actor, in Drawing) (id string, err error) {
	if err := sets(who, mayDrawUp); err != nil {
		return "", err
	}
	now := d.Clock.Now()
	v, err := d.drawn(in)
	if err != nil {
		return "", err
	}
	v.ID, v.CouncilID, v.State = db.NewID(now), who.CouncilID, Draft
	v.DrawnBy, v.DrawnName, v.DrawnChain.V, v.DrawnAt = who.PersonID, who.Name, chain(who), db.At(now)
	if v.Mark = in.Once; v.Mark == "" {
		v.Mark = v.ID
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := markedVersion(ctx, tx, v.Mark)
		if err != nil {
			return err
		}
		if before.ID != "" {
			id = before.ID
			if before.DrawnBy != who.PersonID {
				return noVersion()
			}
			return nil
		}
		if err := freeFor(ctx, tx, v, d.today()); err != nil {
			return err
		}
		id = v.ID
		if err := insertVersion(ctx, tx, v); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, "reception.draw_up_limit", now)
	})
	return id, err
}

// drawn judges what was entered.
func (d *Desk) drawn(in Drawing) (v Version, err error) {
	v = Version{Key: in.Key, Count: in.Count, Unit: in.Unit, Article: in.Article, Source: in.Source, Note: in.Note, Confirmed: in.Confirmed, From: in.From,
		Reach: in.Reach, ReachArticle: text.Line(in.ReachArticle), ReachSince: in.ReachSince}
	var faults []*fault.Fault
	bad := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if !Known(v.Key) {
		bad("key", "limits.rule_unknown")
		return v, fault.Join(faults...)
	}
	rule, err := d.Calendar.CheckRule(v.Rule())
	if f := fault.Of(err); f != nil {
		faults = append(faults, f.Faults...)
	}
	v.Article, v.Source, v.Note = rule.Article, rule.Source, rule.Note
	if !v.From.IsZero() && v.From.Year > d.today().Year+yearsAhead {
		bad("from", "limits.too_far", "years", yearsAhead)
	}
	switch v.Reach {
	case Coming:
		v.ReachArticle, v.ReachSince = "", clock.Date{}
	case Running:
		if v.ReachArticle == "" {
			bad("reach_article", "limits.reach_needs_article")
		}
		if utf8.RuneCountInString(v.ReachArticle) > articleMax {
			bad("reach_article", "calendar.text_too_long", "max", articleMax)
		}
		if !v.ReachSince.IsZero() && v.ReachSince.After(v.From) {
			bad("reach_since", "limits.since_after_from")
		}
		if v.Unit == calendar.None {
			bad("reach", "limits.reach_without_days")
		}
	default:
		bad("reach", "limits.reach_choose")
	}
	if len(faults) > 0 {
		return v, fault.Join(faults...)
	}
	base, err := d.Calendar.Rules().At(v.Key, v.From)
	if err != nil {
		return v, err
	}
	if v.Base = print(base); v.Base == print(v.Rule()) && v.Reach == Coming {
		return v, fault.New(fault.Invalid, "limits.nothing_new").At("count")
	}
	return v, nil
}

// freeFor refuses a second version of one rule for the same day while the first
// still may change: a draft, or one that has not begun.
func freeFor(ctx context.Context, tx *db.Tx, v Version, today clock.Date) error {
	others, err := versionsOn(ctx, tx, v.Key, v.From)
	if err != nil {
		return err
	}
	for _, o := range others {
		switch {
		case o.State == Draft:
			return fault.New(fault.Conflict, "limits.drawn_already", "name", o.DrawnName, "day", clock.DateOf(o.DrawnAt.Time).VN()).At("from")
		case o.Waits(today):
			return fault.New(fault.Conflict, "limits.waits_already", "from", o.From.VN()).At("from")
		}
	}
	return nil
}

func noVersion() *fault.Fault { return fault.New(fault.Missing, "limits.no_version") }

// sets asks whether a person may set the law of the installation: in the office
// of its city, with the role.
func sets(who org.Actor, right auth.Permission) error {
	if !right.Allows(who) || who.BodyKind != org.Office || who.Level != org.City {
		return fault.New(fault.Forbidden, "limits.not_yours")
	}
	return nil
}

// chain is everybody in whose power an actor acts, themself first.
func chain(who org.Actor) []string {
	all := []string{who.PersonID}
	for _, p := range who.Via {
		all = append(all, p.PersonID)
	}
	return all
}

// drew reports whether a person had a hand in a draft, also by a delegation.
func (v Version) drew(who org.Actor) bool {
	return slices.ContainsFunc(chain(who), func(p string) bool { return slices.Contains(v.DrawnChain.V, p) })
}

// note records an act on a version. How many files it touches is not said: of
// some limits all files are sealed.
func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, v Version, verb string, at time.Time) error {
	details := map[string]any{"rule": v.Key, "count": v.Count, "unit": string(v.Unit), "from": v.From.String(), "confirmed": v.Confirmed, "article": v.Article, "source": v.Source,
		"reach": string(v.Reach), "reach_article": v.ReachArticle, "reach_since": v.ReachSince.String(), "state": string(v.State)}
	if v.Why != "" {
		details["why"] = v.Why
	}
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: v.CouncilID, Subject: v.ID, Ref: v.ID, Verb: verb, At: at, Who: who, Details: details})
	return err
}
