package sealed

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
)

// CopyState is how far a copy has come.
//
// vi: trạng thái bản đã che
type CopyState string

// The states.
const (
	CopyWaiting   CopyState = "waiting" // for the second person; its words are sealed
	CopyConfirmed CopyState = "confirmed"
	CopyDeclined  CopyState = "declined"
	CopyReplaced  CopyState = "replaced"
	CopyWithdrawn CopyState = "withdrawn"
)

// Copy is a text of a denunciation without who denounces.
//
// vi: bản sao đã che thông tin
type Copy struct {
	FileID    string            `db:"file_id"`
	Number    int64             `db:"number"`
	CouncilID string            `db:"council_id"`
	Words     string            `db:"words"` // while it is confirmed
	State     CopyState         `db:"state"`
	MadeBy    string            `db:"made_by"`
	Maker     string            `db:"maker"`
	Chain     db.JSON[[]string] `db:"chain"`
	MadeAt    db.Time           `db:"made_at"`
	DecidedBy string            `db:"decided_by"`
	Decider   string            `db:"decider"`
	DecidedAt db.Time           `db:"decided_at"`
}

// item is where a copy's words lie until it is confirmed.
func (c Copy) item() string { return "copy/" + strconv.FormatInt(c.Number, 10) }

// telling are the items that say who denounces; spoken are those with the words.
func telling() []string {
	return []string{"name", "address", "contact", "number", "paper", "senders"}
}
func spoken() []string { return []string{"summary", "content"} }

// identityOf reads who denounces from opened items. senders has a line for each:
// name; address; contact; paper.
func identityOf(items map[string]vault.Plain, marks string) Identity {
	who := Identity{Names: []string{items["name"].Text()}, Homes: []string{items["address"].Text()}, Contacts: []string{items["contact"].Text()},
		Numbers: []string{items["number"].Text(), items["paper"].Text()}}
	for line := range strings.Lines(items["senders"].Text()) {
		for i, part := range strings.SplitN(strings.TrimPrefix(text.Line(line), "*"), ";", 4) {
			switch i {
			case 0:
				who.Names = append(who.Names, part)
			case 1:
				who.Homes = append(who.Homes, part)
			default:
				who.Numbers = append(who.Numbers, part)
			}
		}
	}
	for line := range strings.Lines(marks) {
		who.Marks = append(who.Marks, line)
	}
	return who
}

// Draft is a copy in the making.
//
// vi: -
type Draft struct {
	Before vault.Plain // what is sealed
	Redacted
	Empty bool // the compartment has no typed words
}

// Begin opens a denunciation and proposes a copy of it, for somebody on its
// list. It is a reveal like every other, and kept as one.
func (d *Desk) Begin(ctx context.Context, who org.Actor, fileID, reason string) (t Draft, err error) {
	wanted := append(spoken(), telling()...)
	if _, err := d.reading(ctx, who, fileID, wanted, reason); err != nil {
		return t, err
	}
	items, err := d.reveal(ctx, who, fileID, wanted, reason)
	if err != nil {
		return t, err
	}
	words := strings.TrimSpace(items["summary"].Text() + "\n\n" + items["content"].Text())
	t.Redacted = Redact(words, identityOf(items, ""))
	t.Before, t.Empty = items["content"], words == ""
	return t, nil
}

// reading loads a file for somebody who is on its list. Anybody else is turned away
// by the vault, which keeps and tells what they wanted.
func (d *Desk) reading(ctx context.Context, who org.Actor, fileID string, wanted []string, reason string) (f File, err error) {
	var a vault.Access
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if f, err = d.file(ctx, tx, who, fileID); err != nil {
			return err
		}
		if f.Place != Here {
			return fault.New(fault.Refused, "sealed.stub_only")
		}
		a, err = d.Vault.Access(ctx, tx, who, fileID)
		return err
	})
	if err != nil || a.Reader {
		return f, err
	}
	if !a.Opens() {
		if _, err := d.Vault.Reveal(ctx, who, vault.Ask{Compartment: fileID, Items: wanted, Reason: reason}); err != nil {
			return f, err
		}
	}
	return f, missing()
}

// copyMax bounds a copy.
const copyMax = 100_000

// Sent is a copy as its maker sends it.
//
// vi: -
type Sent struct {
	Words, Marks, Reason string
	Again                bool // take the marks out and show it once more
}

// ProposeCopy keeps a copy, sealed, until a second person has read it. One that
// still holds something of the denouncer comes back without it, to be read again:
// nothing is kept that its maker has not seen as it is.
func (d *Desk) ProposeCopy(ctx context.Context, who org.Actor, fileID string, s Sent) (number int64, t Draft, err error) {
	now := d.Clock.Now()
	f, err := d.reading(ctx, who, fileID, telling(), s.Reason)
	if err != nil {
		return 0, t, err
	}
	items, err := d.reveal(ctx, who, fileID, telling(), s.Reason)
	if err != nil {
		return 0, t, err
	}
	t.Redacted = Redact(s.Words, identityOf(items, s.Marks))
	switch {
	case len([]rune(t.Words)) > copyMax:
		return 0, t, fault.New(fault.TooLarge, "sealed.copy_long", "max", copyMax).At("copy")
	case t.Taken > 0 || s.Again:
		return 0, t, fault.New(fault.Invalid, "sealed.copy_again", "n", t.Taken).At("copy")
	case len(parts(t.Words)) == 0:
		return 0, t, fault.New(fault.Invalid, "sealed.copy_empty").At("copy")
	}
	others, err := d.others(ctx, who, fileID)
	if err != nil {
		return 0, t, err
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		all, err := copiesOf(ctx, tx, fileID)
		if err != nil {
			return err
		}
		c := Copy{FileID: fileID, Number: 1, CouncilID: f.CouncilID, State: CopyWaiting, MadeBy: who.PersonID, Maker: who.Name, Chain: db.JSON[[]string]{V: chain(who)}, MadeAt: db.At(now)}
		if len(all) > 0 {
			c.Number = all[0].Number + 1
		}
		if number = c.Number; number > pageMost {
			return fault.New(fault.TooLarge, "sealed.copies_many")
		}
		if err := d.Vault.Put(ctx, tx, fileID, c.item(), []byte(t.Words)); err != nil {
			return err
		}
		if err := insertCopy(ctx, tx, c); err != nil {
			return err
		}
		if err := d.Notify.Tell(ctx, tx, notify.Recipients{People: others, Except: who.PersonID}, notify.Notice{Key: "sealed.told_copy", Link: home + "/" + fileID, CouncilID: f.CouncilID}); err != nil {
			return err
		}
		return d.recordCopy(ctx, tx, who, c, "sealed.propose_copy", now)
	})
	return number, t, err
}

// others are who is on the list besides, for the second pair of eyes.
func (d *Desk) others(ctx context.Context, who org.Actor, fileID string) (all []string, err error) {
	list, err := d.Vault.Readers(ctx, who, fileID)
	for _, g := range list {
		if g.Runs && g.PersonID != who.PersonID {
			all = append(all, g.PersonID)
		}
	}
	return all, err
}

// ReadCopy opens a copy that waits, for the second person.
func (d *Desk) ReadCopy(ctx context.Context, who org.Actor, fileID string, number int64, reason string) (c Copy, t Draft, err error) {
	if c, err = d.waiting(ctx, who, fileID, number, reason); err != nil {
		return c, t, err
	}
	items, err := d.reveal(ctx, who, fileID, append(telling(), c.item()), reason)
	if err != nil {
		return c, t, err
	}
	t.Redacted = Redact(items[c.item()].Text(), identityOf(items, ""))
	return c, t, nil
}

// waiting loads a copy that waits for somebody who may be its second person.
func (d *Desk) waiting(ctx context.Context, who org.Actor, fileID string, number int64, reason string) (c Copy, err error) {
	if _, err := d.reading(ctx, who, fileID, []string{"copy"}, reason); err != nil {
		return c, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = copyOf(ctx, tx, fileID, number)
		return err
	})
	switch {
	case err != nil:
		return c, err
	case c.State != CopyWaiting:
		return c, fault.New(fault.Refused, "sealed.decided")
	case shared(who, c.Chain.V):
		return c, fault.New(fault.Refused, "sealed.same_person")
	}
	return c, nil
}

// DecideCopy confirms that a copy identifies nobody, or declines it. Only then
// its words leave the compartment.
func (d *Desk) DecideCopy(ctx context.Context, who org.Actor, fileID string, number int64, yes bool, reason string) error {
	now := d.Clock.Now()
	c, err := d.waiting(ctx, who, fileID, number, reason)
	if err != nil {
		return err
	}
	verb := "sealed.decline_copy"
	c.State, c.DecidedBy, c.Decider, c.DecidedAt = CopyDeclined, who.PersonID, who.Name, db.At(now)
	if yes {
		_, t, err := d.ReadCopy(ctx, who, fileID, number, reason)
		if err != nil {
			return err
		}
		if t.Taken > 0 { // the list of names has grown since
			return fault.New(fault.Refused, "sealed.copy_tells", "n", t.Taken)
		}
		c.State, c.Words, verb = CopyConfirmed, t.Words, "sealed.confirm_copy"
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := decideCopy(ctx, tx, c, CopyWaiting); err != nil {
			return err
		}
		if yes {
			if err := replaceCopies(ctx, tx, fileID, c.Number); err != nil {
				return err
			}
		}
		return d.recordCopy(ctx, tx, who, c, verb, now)
	})
}

// WithdrawCopy takes a confirmed copy back at once: somebody saw that it tells
// who denounces. Everybody on the list may.
func (d *Desk) WithdrawCopy(ctx context.Context, who org.Actor, fileID string, number int64) error {
	now := d.Clock.Now()
	if _, err := d.reading(ctx, who, fileID, []string{"copy"}, ""); err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := copyOf(ctx, tx, fileID, number)
		if err != nil {
			return err
		}
		if c.State != CopyConfirmed {
			return fault.New(fault.Refused, "sealed.decided")
		}
		c.State, c.Words, c.DecidedBy, c.Decider, c.DecidedAt = CopyWithdrawn, "", who.PersonID, who.Name, db.At(now)
		if err := decideCopy(ctx, tx, c, CopyConfirmed); err != nil {
			return err
		}
		return d.recordCopy(ctx, tx, who, c, "sealed.withdraw_copy", now)
	})
}

// recordCopy files an act under the compartment, so that the case does not show it.
func (d *Desk) recordCopy(ctx context.Context, tx *db.Tx, who org.Actor, c Copy, verb string, at time.Time) error {
	return d.record(ctx, tx, who, c.CouncilID, vault.Subject(c.FileID), verb, at, map[string]any{"copy": fmt.Sprint(c.Number)})
}

// CopyOf gives the confirmed copy of a denunciation: what everybody but those on
// its list works with, and all that may be forwarded. Empty: there is none yet.
func (d *Desk) CopyOf(ctx context.Context, tx *db.Tx, fileID string) (string, error) {
	return standingCopy(ctx, tx, fileID)
}

// file loads a file for somebody of its council who may know that it is there.
func (d *Desk) file(ctx context.Context, tx *db.Tx, who org.Actor, id string) (File, error) {
	f, err := fileOf(ctx, tx, id)
	if err != nil {
		return File{}, err
	}
	if f.CouncilID != who.CouncilID || !knows(who) {
		return File{}, missing()
	}
	return f, nil
}

// CouncilOf tells whose a denunciation is that is sealed here, to somebody who may
// know that there is one; to anybody else it is missing.
func (d *Desk) CouncilOf(ctx context.Context, tx *db.Tx, who org.Actor, id string) (string, error) {
	f, err := d.file(ctx, tx, who, id)
	if err == nil && f.Place != Here {
		err = missing()
	}
	return f.CouncilID, err
}

// knows reports whether a person may know that there is a denunciation: of the
// office, or of those who lead the council.
func knows(who org.Actor) bool {
	return mayKnow.Allows(who) && !who.System && (who.BodyKind == org.Office || slices.ContainsFunc([]org.Role{org.Standing, org.Chair}, who.Has))
}
