package counter

import (
	"bytes"
	"context"
	"encoding/base64"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// reasonMin is how short the reason of looking at numbers may not be.
const reasonMin = 10

// reasoned cleans the reason and asks the right to see full numbers.
func reasoned(who org.Actor, reason string) (string, error) {
	reason = text.Clean(reason)
	if len([]rune(reason)) < reasonMin {
		return "", fault.New(fault.Invalid, "counter.reason_short", "min", reasonMin).At("reason")
	}
	if err := fault.Join(wrong(typed{"reason", reason, lineMax, true})...); err != nil {
		return "", err
	}
	if !mayReveal.Allows(who) {
		return "", fault.New(fault.Forbidden, "counter.not_yours")
	}
	return reason, nil
}

// open gives the number out of its box; empty when no paper was shown.
func (d *Desk) open(p Person) (string, error) {
	if p.PaperBox == "" {
		return "", nil
	}
	box, err := base64.StdEncoding.DecodeString(p.PaperBox)
	if err != nil {
		return "", err
	}
	plain, err := d.Sealer.Open(box, sealContext(p.ID))
	return string(plain), err
}

// box seals the number of somebody's paper.
func (d *Desk) box(personID, number string) string {
	if number == "" {
		return ""
	}
	return base64.StdEncoding.EncodeToString(d.Sealer.Seal([]byte(number), sealContext(personID)))
}

// Number shows the full number of an identity paper to one person, who says why;
// the log keeps both. It is opened only once that entry is durable.
func (d *Desk) Number(ctx context.Context, who org.Actor, visitID, personID, reason string) (number string, err error) {
	if reason, err = reasoned(who, reason); err != nil {
		return "", err
	}
	now := d.Clock.Now()
	var found Person
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		v, err := d.visit(ctx, tx, who, visitID)
		if err != nil {
			return err
		}
		all, err := peopleOf(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		found = Person{}
		for _, p := range all {
			if p.ID == personID {
				found = p
			}
		}
		if found.PaperBox == "" {
			return fault.New(fault.Missing, "counter.no_number")
		}
		return d.note(ctx, tx, who, v, "reception.reveal_number", now, map[string]any{"person": personID, "reason": reason})
	})
	if err != nil {
		return "", err
	}
	return d.open(found)
}

// FullLog writes the log of a period with the full numbers, as inspectors want
// it, for a reason that the log of acts keeps.
func (d *Desk) FullLog(ctx context.Context, who org.Actor, p Period, reason string) (name string, content []byte, err error) {
	if reason, err = reasoned(who, reason); err != nil {
		return "", nil, err
	}
	b, err := d.Whole(ctx, who, p)
	if err != nil {
		return "", nil, err
	}
	now := d.Clock.Now()
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: "log-" + who.CouncilID, Ref: "log-" + who.CouncilID, Verb: "reception.reveal_log", At: now, Who: who, Sealed: true,
			Details: map[string]any{"from": b.From.String(), "until": b.Until.String(), "lines": len(b.Entries), "reason": reason}})
		return err
	})
	if err != nil {
		return "", nil, err
	}
	for i := range b.Entries {
		b.Entries[i].numbers = make([]string, len(b.Entries[i].People))
		for k, one := range b.Entries[i].People {
			if b.Entries[i].numbers[k], err = d.open(one); err != nil {
				return "", nil, err
			}
		}
	}
	var out bytes.Buffer
	err = b.WriteWorkbook(&out)
	return b.fileName("day-du-so.xlsx"), out.Bytes(), err
}

// resealMost is how many boxes are sealed anew in one transaction.
const resealMost = 200

// Reseal seals anew, with today's key, the numbers that a key lies over which is
// to be dropped; stale tells such boxes (kernel/vault, Key.Stale). It may be run
// again.
func (d *Desk) Reseal(ctx context.Context, stale func(box []byte) bool) (n int, err error) {
	after := ""
	for {
		var some []Person
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			some, err = boxesAfter(ctx, tx, after, resealMost)
			return err
		})
		if err != nil || len(some) == 0 {
			return n, err
		}
		fresh := map[string]string{}
		for _, p := range some {
			after = p.ID
			old, err := base64.StdEncoding.DecodeString(p.PaperBox)
			if err != nil {
				return n, err
			}
			if !stale(old) {
				continue
			}
			number, err := d.open(p)
			if err != nil {
				return n, err
			}
			fresh[p.ID] = d.box(p.ID, number)
		}
		err = d.DB.Tx(ctx, func(tx *db.Tx) error {
			for _, p := range some {
				if fresh[p.ID] == "" {
					continue
				}
				if err := swapBox(ctx, tx, p, fresh[p.ID]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += len(fresh)
	}
}
