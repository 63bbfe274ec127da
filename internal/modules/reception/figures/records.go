package figures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// recordsFormat names the layout of the rows; a change of its meaning is a new
// number and a new file in schemas.
const recordsFormat = "hdnd.reception.records/1"

// Records is what the rows behind a report come to.
//
// vi: bản ghi trích xuất
type Records struct {
	Rows    int64  `json:"rows"`
	LeftOut int64  `json:"left_out"` // counted in the report, and not told row by row
	Hash    string `json:"sha256"`   // of all lines but the last
}

// record is one line: a visit or a letter. It names nobody; of what a letter says
// there is nothing.
type record struct {
	Kind    string `json:"kind"`
	Council string `json:"council"`

	On      *clock.Date `json:"on,omitempty"` // a visit
	By      string      `json:"by,omitempty"`
	People  int         `json:"people,omitempty"`
	First   int         `json:"first,omitempty"`
	Again   int         `json:"again,omitempty"`
	Unclear int         `json:"unclear,omitempty"`
	Group   bool        `json:"group,omitempty"`

	Code     string       `json:"code,omitempty"` // a letter
	Type     string       `json:"type,omitempty"`
	Received *clock.Date  `json:"received,omitempty"`
	Handled  *clock.Date  `json:"handled,omitempty"`
	Eligible *bool        `json:"eligible,omitempty"`
	Own      *bool        `json:"own,omitempty"`
	Standing string       `json:"standing,omitempty"`
	Result   string       `json:"result,omitempty"`
	Replies  []clock.Date `json:"replies,omitempty"`
}

// record is a visit as a line; what was sealed is left out.
func (v Visit) record() (record, bool) {
	on := v.On
	return record{Kind: "visit", On: &on, By: v.By, People: v.People, First: v.First, Again: v.Again, Unclear: v.Unclear, Group: v.Group}, !v.Sealed
}

// record is a letter as a line. Only what is known to be no denunciation is told:
// what is not sorted yet may turn out to be one.
func (l Letter) record(p Period) (record, bool) {
	received, eligible, own := l.Received, l.Eligible, l.Own
	r := record{Kind: "letter", Code: l.Ref, Type: l.Kind, Received: &received, Eligible: &eligible, Own: &own, Standing: l.Standing, Result: l.Result}
	if !l.Handled.IsZero() && !l.Handled.After(p.Until) {
		handled := l.Handled
		r.Handled = &handled
	}
	for _, on := range l.Replies {
		if p.has(on) {
			r.Replies = append(r.Replies, on)
		}
	}
	return r, l.Kind == "complaint" || l.Kind == "reflection"
}

// TakeAlong gives a made report whose rows a person takes along. That somebody
// did is written down before the first row goes out.
func (d *Desk) TakeAlong(ctx context.Context, who org.Actor, id string) (Report, error) {
	made, err := d.Report(ctx, who, id)
	if err != nil {
		return made, err
	}
	if _, ok := d.book.Form(made.Form); !ok || made.Table.V.Records == nil {
		return made, fault.New(fault.Missing, "figures.no_such_report")
	}
	return made, d.DB.Tx(ctx, func(tx *db.Tx) error { return d.record(ctx, tx, who, made, "reception.export_records") })
}

// records writes the rows behind a report, one JSON object a line: what they are,
// the rows, and what they come to. Each page is read on a view of its own, all as
// of the report's moment, so a slow reader holds nothing up.
func (d *Desk) records(ctx context.Context, r Report, to io.Writer, far *progress) (sum Records, err error) {
	hash := sha256.New()
	lines := json.NewEncoder(io.MultiWriter(to, hash))
	ask := Ask{Period: r.Period.V, Moment: r.Moment.Time, Limit: readRows}
	head := map[string]any{"kind": "head", "format": recordsFormat, "form": r.Form, "period": r.Period.V, "councils": r.Councils.V, "moment": r.Moment.In(clock.Hanoi).Format("2006-01-02T15:04:05Z07:00")}
	if err := lines.Encode(head); err != nil {
		return sum, err
	}
	tell := func(council string, one record, open bool) error {
		if !open {
			sum.LeftOut++
			return nil
		}
		sum.Rows++
		one.Council = council
		return lines.Encode(one)
	}
	for _, council := range r.Councils.V {
		ask.CouncilID, ask.After = council, ""
		if _, ok := d.book.visits[r.Form]; ok {
			err = eachRow(ctx, d.DB, ask, far, d.Visits, func(v Visit) (string, error) {
				one, open := v.record()
				return v.ID, tell(council, one, open)
			})
		} else {
			err = eachRow(ctx, d.DB, ask, far, d.Letters, func(l Letter) (string, error) {
				f := fact[Letter]{l, ask.Period}
				if !toHandle(f) && !anyReply(f) {
					return l.ID, nil // the report does not count it either
				}
				one, open := l.record(ask.Period)
				return l.ID, tell(council, one, open)
			})
		}
		if err != nil {
			return sum, err
		}
	}
	sum.Hash = hex.EncodeToString(hash.Sum(nil))
	return sum, json.NewEncoder(to).Encode(struct {
		Kind string `json:"kind"`
		Records
	}{"end", sum})
}

// anyReply reports whether an answer came within the period.
func anyReply(f fact[Letter]) bool {
	for _, on := range f.row.Replies {
		if f.period.has(on) {
			return true
		}
	}
	return false
}

// eachRow reads a register page by page.
func eachRow[F any](ctx context.Context, base *db.DB, ask Ask, far *progress, read func(context.Context, *db.Tx, Ask) ([]F, error), fn func(F) (id string, err error)) error {
	for {
		var rows []F
		err := base.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = read(ctx, tx, ask)
			return err
		})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if ask.After, err = fn(row); err != nil {
				return err
			}
		}
		if err := far.read(ctx, len(rows)); err != nil {
			return err
		}
		if len(rows) < ask.Limit {
			return nil
		}
	}
}
