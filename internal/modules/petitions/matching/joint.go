package matching

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Obstacle says why one answer did not close another petition of the group.
//
// vi: lý do chưa trả lời cùng lúc
type Obstacle string

// The obstacles, in the order in which they are told.
const (
	OtherState  Obstacle = "state"  // not accepted yet, or answered already
	OtherBody   Obstacle = "body"   // another body answers it
	OtherPoints Obstacle = "points" // its points are not those of this answer
	NotSeen     Obstacle = "unseen" // the reader may not know of it: with another body or office, or sealed
)

var obstacles = []Obstacle{OtherState, OtherBody, OtherPoints, NotSeen}

// Fellow is another petition of the same group, as one person may know of it.
//
// vi: kiến nghị cùng nhóm
type Fellow struct {
	ID, Code string
	State    cases.State
	Why      Obstacle // empty: one answer closes it too
}

// Joint is what one answer for a group did with the others of the group. Those
// that the person may not see are counted and not named.
//
// vi: kết quả trả lời cùng lúc
type Joint struct {
	Also, Left []Fellow
	Unseen     int
}

// FellowsOf are the other petitions of a group. A sealed one is never named,
// not even to its own office: it is counted among those that are not seen, with
// those of other bodies, so that the count tells nobody of a denunciation.
func FellowsOf(ctx context.Context, tx *db.Tx, who org.Actor, c *cases.Case) (seen []Fellow, unseen int, err error) {
	ids, err := everyFellow(ctx, tx, c.ID)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	all, err := casesOf(ctx, tx, ids)
	for _, o := range all {
		if o.Sealed || !o.CanSee(who) {
			unseen++
			continue
		}
		f := Fellow{ID: o.ID, Code: o.Code, State: o.State}
		switch {
		case o.HolderBodyID != "" && o.HolderBodyID != c.HolderBodyID:
			f.Why = OtherBody
		case o.State != answerable:
			f.Why = OtherState
		}
		seen = append(seen, f)
	}
	return seen, unseen, err
}

// answerable is the state in which a body may answer.
const answerable cases.State = "accepted"

// Answerable counts those of a group that one answer closes too.
func Answerable(all []Fellow) (n int) {
	for _, f := range all {
		if f.Why == "" {
			n++
		}
	}
	return n
}

// Together does with the others of a petition's group what was done with it:
// each by its own act. What answer refuses is left, with the reason.
func (d *Desk) Together(ctx context.Context, who org.Actor, petitionID string, answer func(ctx context.Context, id string) (told bool, err error)) (j Joint, err error) {
	var all []Fellow
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := cases.Load(ctx, tx, petitionID)
		if err == nil {
			all, j.Unseen, err = FellowsOf(ctx, tx, who, c)
		}
		return err
	})
	for _, f := range all {
		if f.Why == "" {
			told, err := answer(ctx, f.ID)
			switch fault.KindOf(err) {
			case "":
				if !told {
					f.Why = OtherPoints
				}
			case fault.Refused, fault.Missing, fault.Conflict, fault.Forbidden:
				f.Why = OtherState // somebody was faster
			case fault.Invalid:
				f.Why = OtherPoints
			default:
				return j, err
			}
		}
		if f.Why == "" {
			j.Also = append(j.Also, f)
		} else {
			j.Left = append(j.Left, f)
		}
	}
	return j, err
}

// Unanswered counts those that one answer did not close.
func (j Joint) Unanswered() int { return len(j.Left) + j.Unseen }

// Why tells in one line why some were left.
func (j Joint) Why(ctx context.Context) string {
	count := map[Obstacle]int{NotSeen: j.Unseen}
	for _, f := range j.Left {
		count[f.Why]++
	}
	var parts []string
	for _, why := range obstacles {
		if n := count[why]; n > 0 {
			parts = append(parts, text.T(ctx, "matching.left_"+string(why), "n", n))
		}
	}
	return strings.Join(parts, "; ")
}
