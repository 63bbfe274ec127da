package calendar

import (
	"context"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// RuleSet is a time limit that an office has set for itself, in place of a
// shipped one from a day on.
//
// vi: thời hạn do cơ quan đặt
type RuleSet struct {
	Rule
	ID    string
	SetAt db.Time
	SetBy string // the person's name
}

// Rules are the time limits in force, those that an office has set included.
func (r *Register) Rules() *Rules { return r.rules }

// CheckRule says what is wrong with a time limit that somebody wants to set.
// Clocks that run forward stay forward: a count turned round is another rule.
func (r *Register) CheckRule(rule Rule) (Rule, error) {
	rule.Article, rule.Source, rule.Note = text.Line(rule.Article), text.Line(rule.Source), text.Line(rule.Note)
	shipped := r.rules.byKey[rule.Key]
	var faults []*fault.Fault
	bad := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if len(shipped) == 0 {
		bad("key", "calendar.rule_unknown", "rule", rule.Key)
		return rule, fault.Join(faults...)
	}
	rule.Backward = shipped[len(shipped)-1].Backward
	// A duty that the law names without a number can be confirmed, and no other
	// becomes one.
	if unnumbered := rule.Unit == None && rule.Count == 0 && shipped[len(shipped)-1].Unit == None; !unnumbered {
		if rule.Unit != Days && rule.Unit != WorkingDays && rule.Unit != Months {
			bad("unit", "calendar.rule_unit")
		}
		if rule.Count < 1 || rule.Count > countMax {
			bad("count", "calendar.rule_count", "max", countMax)
		}
	}
	if rule.From.IsZero() {
		bad("from", "calendar.rule_from")
	} else if rule.From.Before(shipped[0].From) {
		bad("from", "calendar.rule_early", "date", shipped[0].From.VN())
	}
	if rule.Confirmed && rule.Article == "" {
		bad("article", "calendar.rule_basis")
	}
	if rule.Source == "" {
		bad("source", "calendar.rule_source")
	}
	for _, limit := range []struct{ field, value string }{{"article", rule.Article}, {"source", rule.Source}, {"note", rule.Note}} {
		if utf8.RuneCountInString(limit.value) > sourceMax {
			bad(limit.field, "calendar.text_too_long", "max", sourceMax)
		}
	}
	return rule, fault.Join(faults...)
}

// PutRule sets a time limit from rule.From on, in the transaction of the act
// that decides it; that act's entry in the log tells of it. Clocks that run
// keep the rule they began with. Call Refresh once the transaction is durable.
func (r *Register) PutRule(ctx context.Context, tx *db.Tx, who org.Actor, rule Rule) error {
	rule, err := r.CheckRule(rule)
	if err != nil {
		return err
	}
	now := r.Clock.Now()
	return addRule(ctx, tx, RuleSet{Rule: rule, ID: db.NewID(now), SetAt: db.At(now), SetBy: who.Name})
}

// TakeBackRule takes back what was set last for a rule from a day that has not
// come, in the transaction of the act that decides it. What has begun to hold
// stays: another version follows it. Call Refresh afterwards.
func (r *Register) TakeBackRule(ctx context.Context, tx *db.Tx, key string, from clock.Date) error {
	if !from.After(clock.Today(r.Clock)) {
		return fault.New(fault.Refused, "calendar.rule_begun", "date", from.VN())
	}
	return dropRule(ctx, tx, key, from)
}
