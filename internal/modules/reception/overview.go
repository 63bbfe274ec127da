package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/sendings"
)

// overview is where a letter stands, for the parts that follow many.
type overview struct {
	ID          string      `db:"id"`
	CouncilID   string      `db:"council_id"`
	Code        string      `db:"code"`
	Title       string      `db:"title"`
	State       cases.State `db:"state"`
	Open        bool        `db:"open"`
	Sealed      bool        `db:"sealed"`
	Due         clock.Date  `db:"due"`
	UnitCode    string      `db:"unit_code"`
	Kind        Kind        `db:"kind"`
	ReceivedOn  clock.Date  `db:"received_on"`
	Summary     string      `db:"summary"`
	SenderLine  string      `db:"sender_line"`
	SenderCount int         `db:"sender_count"`
	BodyID      string      `db:"body_id"`
	Result      Result      `db:"result"`

	Body    string
	Forward Sending // the newest; empty when it was not forwarded
}

// overviews reads letters by id, with the bodies they went to.
func overviews(ctx context.Context, tx *db.Tx, ids []string) ([]overview, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := overviewRows(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	return all, filled(ctx, tx, all)
}

// filled adds bodies and forwardings.
func filled(ctx context.Context, tx *db.Tx, all []overview) error {
	var ids, bodies []string
	for _, o := range all {
		ids, bodies = append(ids, o.ID), append(bodies, o.BodyID)
	}
	named, err := org.BodiesNamed(ctx, tx, bodies)
	if err != nil {
		return err
	}
	sent, err := sendings.Forwardings(ctx, tx, ids)
	last := map[string]Sending{}
	for _, f := range sent {
		last[f.LetterID] = f
	}
	for i, o := range all {
		all[i].Body, all[i].Forward = named[o.BodyID].Name, last[o.ID]
	}
	return err
}

// verdict is the judgement of an answer in words.
func verdict(ctx context.Context, satisfied string) string {
	if satisfied == "" {
		return ""
	}
	return text.T(ctx, "reception.satisfied."+satisfied)
}

// standings tells deputies where the letters stand that they handed on.
func standings(ctx context.Context, tx *db.Tx, ids []string) (map[string]duties.Standing, error) {
	all, err := overviews(ctx, tx, ids)
	now := make(map[string]duties.Standing, len(all))
	for _, o := range all {
		if o.Sealed {
			now[o.ID] = duties.Standing{Sealed: true, Open: o.Open}
			continue
		}
		f := o.Forward
		now[o.ID] = duties.Standing{Open: o.Open, Code: o.Code, Title: o.Title, State: text.T(ctx, "reception.state."+string(o.State)), Summary: o.Summary, Body: o.Body, BodyDue: f.Due,
			Answer: f.AnswerNumber, AnsweredOn: f.AnswerOn, Satisfied: verdict(ctx, f.Satisfied), TellDue: f.TellDue}
	}
	return now, err
}

// following are the letters that an answer about one is an answer to: itself,
// those that were joined to it, the one it is a part of.
func following(ctx context.Context, tx *db.Tx, l Letter) ([]string, error) {
	ids := []string{l.ID}
	if l.ParentID != "" {
		ids = append(ids, l.ParentID)
	}
	joined, err := joinedTo(ctx, tx, l.ID)
	for _, one := range joined {
		ids = append(ids, one.ID)
	}
	return ids, err
}
