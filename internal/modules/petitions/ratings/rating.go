package ratings

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// ScoreMax is the best of the scores, which begin at 1.
const ScoreMax = 5

// CommentMax bounds what a voter may add, in characters.
const CommentMax = 2_000

// Fixed is whether the matter was put right, as the voter sees it.
//
// vi: mức khắc phục theo cử tri
type Fixed string

// The answers.
const (
	FixedYes    Fixed = "yes"
	FixedPartly Fixed = "partly"
	FixedNo     Fixed = "no"
)

var allFixed = []Fixed{FixedYes, FixedPartly, FixedNo}

// Rating is what a voter says of the answer to one round of a petition.
//
// vi: đánh giá của cử tri
type Rating struct {
	PetitionID string     `db:"petition_id"`
	Round      int        `db:"round"`
	CouncilID  string     `db:"council_id"`
	BodyID     string     `db:"body_id"` // that answered
	Code       string     `db:"code"`
	Score      int        `db:"score"` // 1 (not at all) to ScoreMax
	Fixed      Fixed      `db:"fixed"`
	Comment    string     `db:"comment"` // for officials only
	Day        clock.Date `db:"day"`
	At         db.Time    `db:"at"`
}

// tidy cleans what was typed and says what is missing.
func (r *Rating) tidy() error {
	r.Comment = text.Clean(r.Comment)
	var faults []*fault.Fault
	if r.Score < 1 || r.Score > ScoreMax {
		faults = append(faults, fault.New(fault.Invalid, "ratings.score_missing").At("score"))
	}
	if !slices.Contains(allFixed, r.Fixed) {
		faults = append(faults, fault.New(fault.Invalid, "ratings.fixed_missing").At("fixed"))
	}
	if n := utf8.RuneCountInString(r.Comment); n > CommentMax {
		faults = append(faults, fault.New(fault.Invalid, "ratings.comment_long", "max", CommentMax, "have", n).At("comment"))
	}
	return fault.Join(faults...)
}

// rateable are the states in which an answer stands.
var rateable = []cases.State{"answered", "judged", "closed"}

// Rateable reports whether a case has an answer that can be rated now.
func Rateable(c *cases.Case) bool {
	return !c.Sealed && c.HolderBodyID != "" && slices.Contains(rateable, c.State)
}

// Rate keeps a voter's rating of the answer that stands, in place of an earlier
// one of the same round.
func (d *Desk) Rate(ctx context.Context, who org.Actor, code, key string, r Rating) error {
	if err := r.tidy(); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := d.Opened(ctx, tx, code, key)
		if err != nil {
			return err
		}
		if !Rateable(c) {
			return fault.New(fault.Refused, "ratings.no_answer")
		}
		r.PetitionID, r.Round, r.CouncilID, r.BodyID, r.Code = c.ID, c.Round, c.CouncilID, c.HolderBodyID, c.Code
		r.Day, r.At = clock.DateOf(now), db.At(now)
		before, err := ratingOf(ctx, tx, c.ID, c.Round)
		if err != nil {
			return err
		}
		if err := saveRating(ctx, tx, r); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.rate", At: now, Who: org.Voter(who.Address),
			Details: map[string]any{"score": r.Score, "fixed": string(r.Fixed), "comment": r.Comment, "round": r.Round}})
		if err != nil || r.Fixed != FixedNo || before.Fixed == FixedNo {
			return err
		}
		return d.tell(ctx, tx, c)
	})
}

// Standing gives the rating that stands for the answer a voter may rate now.
func (d *Desk) Standing(ctx context.Context, code, key string) (r Rating, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := d.Opened(ctx, tx, code, key)
		if err != nil {
			return err
		}
		if !Rateable(c) {
			return fault.New(fault.Refused, "ratings.no_answer")
		}
		r, err = ratingOf(ctx, tx, c.ID, c.Round)
		return err
	})
	return r, err
}

// tell lets the body that answered and the office know that nothing was put right.
func (d *Desk) tell(ctx context.Context, tx *db.Tx, c *cases.Case) error {
	notice := notify.Notice{Key: "ratings.notice_not_fixed", Args: []any{"code", c.Code}, Link: "/petitions/" + c.ID, CaseID: c.ID, CouncilID: c.CouncilID}
	body := notify.Recipients{Body: c.HolderBodyID, Roles: []org.Role{org.BodyClerk, org.BodyHead}}
	if c.AssigneePostID != "" {
		body.Posts = []string{c.AssigneePostID}
	}
	if err := d.Notify.Tell(ctx, tx, body, notice); err != nil {
		return err
	}
	return d.Notify.Tell(ctx, tx, notify.Recipients{Body: c.OwnerBodyID, Roles: []org.Role{org.Clerk}}, notice)
}

// Of lists the ratings of a petition, the newest round first.
func Of(ctx context.Context, tx *db.Tx, petitionID string) ([]Rating, error) {
	return ratingsOf(ctx, tx, petitionID)
}

// Comparison is what voters said of the answers of one body.
//
// vi: kết quả đánh giá theo cơ quan
type Comparison struct {
	BodyID  string `db:"body_id"`
	Name    string `db:"name"`
	Count   int64  `db:"n"`
	Score   int64  `db:"score"` // the sum of all scores
	Pleased int64  `db:"pleased"`
	Fixed   int64  `db:"fixed"`
	Partly  int64  `db:"partly"`
	Not     int64  `db:"not_fixed"`
}

// Results are the comparison of a period, and what was said last.
//
// vi: -
type Results struct {
	From, Until clock.Date // both inclusive
	Bodies      []Comparison
	Last        []Rating // that ask for a look: not put right, or with a comment; none for a committee
	Next        string   // the key of the following page of Last
}

// lastRows is how many ratings one page shows.
const lastRows = 50

// Compare gives a person the results of a period: those of the whole council,
// or of their own body to the head of an answering one. A committee compares the
// bodies, but reads voters' words only where it has a side: on the petition.
func (d *Desk) Compare(ctx context.Context, who org.Actor, from, until clock.Date, after string) (res Results, err error) {
	if until.IsZero() {
		until = clock.Today(d.Clock)
	}
	if from.IsZero() || from.After(until) {
		from = until.AddDays(-365)
	}
	res.From, res.Until = from, until
	scope := reach{councilID: who.CouncilID, from: from, until: until, after: after}
	if who.BodyKind.Answers() {
		scope.councilID, scope.bodyID = "", who.BodyID
	}
	if res.Bodies, err = d.compared(ctx, scope); err != nil || who.BodyKind == org.Committee {
		return res, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		res.Last, res.Next = nil, ""
		if res.Last, err = lastRatings(ctx, tx, scope, lastRows+1); err != nil {
			return err
		}
		if len(res.Last) > lastRows {
			res.Last = res.Last[:lastRows]
			res.Next = keyOf(res.Last[lastRows-1])
		}
		return nil
	})
	return res, err
}

// compared counts the ratings of a period once for all who look at them.
func (d *Desk) compared(ctx context.Context, scope reach) ([]Comparison, error) {
	key := strings.Join([]string{scope.councilID, scope.bodyID, scope.from.String(), scope.until.String()}, "|")
	return d.kept.Get(ctx, live.Acts(scope.councilID), key, func(ctx context.Context) (all []Comparison, err error) {
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			all, err = comparisons(ctx, tx, scope)
			return err
		})
		return all, err
	})
}
