package vault

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// The limits of a compartment.
const (
	itemMax    = 25 << 20 // bytes of one item
	chunkMax   = 1 << 20  // bytes of one box in the database
	chunkFull  = chunkMax - boxOverhead - lengthSize
	chunksMax  = (itemMax + chunkFull - 1) / chunkFull
	itemsMax   = 200
	readersMax = 50
	listMax    = 200
)

var (
	idForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._:-]{0,79}$`)
	// personForm is an id of org, which may bear Vietnamese letters.
	personForm = regexp.MustCompile(`^[\pL\pN][\pL\pM\pN._:-]{0,79}$`)
	// itemForm keeps what people type, such as the name of a file, out of the
	// names of items, which lie open.
	itemForm = regexp.MustCompile(`^[a-z][a-z_]{0,30}(/[0-9]{1,6})?$`)
)

// Compartment is what is sealed about one case.
//
// vi: ngăn niêm phong
type Compartment struct {
	ID        string
	CouncilID string
	Subject   string   // the case's id
	Readers   []Reader // whom the list names from the beginning; at least one keeper
}

// Reader is a person on the list of those who need to know.
//
// vi: người được biết
type Reader struct {
	PersonID string
	Name     string     // as org has it; filled by the vault
	Keeper   bool       // keeps the list: admits and dismisses
	Until    clock.Date // last day; the zero date has no end, and a keeper has none
}

// Make opens a compartment with a fresh key and its list, in the transaction
// of the act that needs it. Who may open one is the caller's to check.
func (v *Vault) Make(ctx context.Context, tx *db.Tx, who org.Actor, c Compartment) error {
	if !idForm.MatchString(c.ID) || c.CouncilID == "" || c.Subject == "" {
		return fmt.Errorf("vault: a compartment needs an id, a council and a subject")
	}
	secret := chance()
	defer clear(secret)
	now := v.deps.Clock.Now()
	row := compartment{ID: c.ID, CouncilID: c.CouncilID, Subject: c.Subject, MadeAt: db.At(now), Version: 1}
	row.wrap(v.deps.Key, secret)
	if err := insertCompartment(ctx, tx, row); err != nil {
		return err
	}
	names, keepers := []string{}, 0
	for _, r := range c.Readers {
		if err := v.name(ctx, tx, row, who, r, "", now); err != nil {
			return err
		}
		names = append(names, r.PersonID)
		if r.Keeper {
			keepers++
		}
	}
	if keepers == 0 || len(names) > readersMax {
		return fault.New(fault.Invalid, "vault.no_keeper").At("keeper")
	}
	return v.record(ctx, tx, row, event{verb: "vault.make", at: now, who: who, with: map[string]any{"readers": names}})
}

// wrap seals the compartment's own key with the newest master.
func (c *compartment) wrap(k Key, secret []byte) {
	c.Wrapped = k.newest().seal(secret, bind("data key", c.CouncilID, c.ID))
	c.KeyID = fmt.Sprintf("%x", k.newest().id)
}

func (c *compartment) unwrap(k Key) ([]byte, error) {
	if !c.DestroyedAt.IsZero() {
		return nil, fault.New(fault.Refused, "vault.destroyed")
	}
	return k.openAs(c.Wrapped, bind("data key", c.CouncilID, c.ID))
}

// lockOf makes the compartment's own key ready for use.
func (v *Vault) lockOf(c compartment) (*lock, error) {
	secret, err := c.unwrap(v.deps.Key)
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	return newLock(secret)
}

// Put seals one item: "name", "address", "contact", "content", "scan/1". What
// is sealed is not overwritten; a correction is a further item. The caller's
// act is what the log has of it.
func (v *Vault) Put(ctx context.Context, tx *db.Tx, compartmentID, name string, plain []byte) error {
	if !itemForm.MatchString(name) {
		return fmt.Errorf("vault: an item's name is a lower-case word and perhaps a number")
	}
	if len(plain) > itemMax {
		return fault.New(fault.TooLarge, "vault.item_large", "mb", itemMax>>20)
	}
	c, err := compartmentOf(ctx, tx, compartmentID)
	if err != nil {
		return err
	}
	own, err := v.lockOf(c)
	if err != nil {
		return err
	}
	held, err := itemsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if len(held) >= itemsMax {
		return fault.New(fault.TooLarge, "vault.items_many", "max", itemsMax)
	}
	for _, h := range held {
		if h.Name == name {
			return fault.New(fault.Conflict, "vault.item_there", "item", name)
		}
	}
	if err := touch(ctx, tx, c); err != nil { // Destroy must not pass between
		return err
	}
	i := item{ID: db.NewID(v.deps.Clock.Now()), Name: name, Chunks: int64(max(1, (len(plain)+chunkFull-1)/chunkFull))}
	if err := insertItem(ctx, tx, c.ID, i); err != nil {
		return err
	}
	for n := range int(i.Chunks) {
		part := plain[n*chunkFull : min(len(plain), (n+1)*chunkFull)]
		if err := insertChunk(ctx, tx, i.ID, n, own.seal(part, i.place(c.ID, n))); err != nil {
			return err
		}
	}
	return nil
}

// place is what a chunk's box is bound to: a box moved to another compartment,
// item or place does not open, nor does an item whose end was cut off.
func (i item) place(compartmentID string, n int) []byte {
	last := "more"
	if int64(n) == i.Chunks-1 {
		last = "last"
	}
	return bind("chunk", compartmentID, i.Name, i.ID, fmt.Sprint(n), last)
}

// take opens one item.
func (i item) take(ctx context.Context, tx *db.Tx, own *lock, compartmentID string) ([]byte, error) {
	boxes, err := chunksOf(ctx, tx, i.ID)
	if err != nil {
		return nil, err
	}
	if int64(len(boxes)) != i.Chunks {
		return nil, errBox
	}
	var all []byte
	for n, box := range boxes {
		part, err := own.open(box, i.place(compartmentID, n))
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	return all, nil
}

// Items names what a compartment holds, without opening anything.
func (v *Vault) Items(ctx context.Context, tx *db.Tx, compartmentID string) ([]Item, error) {
	if _, err := compartmentOf(ctx, tx, compartmentID); err != nil {
		return nil, err
	}
	held, err := itemsOf(ctx, tx, compartmentID)
	all := make([]Item, len(held))
	for i, h := range held {
		all[i] = Item{Name: h.Name}
	}
	return all, err
}

// Item is one sealed thing of a compartment.
//
// vi: mục niêm phong
type Item struct{ Name string }

// Of lists the compartments of a case that are not destroyed.
func (v *Vault) Of(ctx context.Context, tx *db.Tx, subject string) ([]string, error) {
	return compartmentsOf(ctx, tx, subject)
}

// The length of a reason that a reveal, a change of the list or a broken glass
// asks for, in letters and in all.
const (
	reasonLetters = 10
	reasonMax     = 1000
)

// checkReason judges a reason that text.Line has cleaned.
func checkReason(reason string) *fault.Fault {
	if len(plainLetters(reason)) < reasonLetters {
		return fault.New(fault.Invalid, "vault.reason_short", "min", reasonLetters).At("reason")
	}
	if len([]rune(reason)) > reasonMax {
		return fault.New(fault.Invalid, "vault.reason_long", "max", reasonMax).At("reason")
	}
	return nil
}

// plainLetters is s in the form in which a name is found again however it was
// typed: folded, letters and digits only.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text.Fold(s))
}

// betraysMin is how many letters a sealed field must have to be looked for.
const betraysMin = 5

// betrays reports whether a reason repeats a field that is sealed: reasons are
// kept in clear, so a name typed into one would undo the sealing.
func (v *Vault) betrays(ctx context.Context, tx *db.Tx, c compartment, reason string) (bool, error) {
	if !c.DestroyedAt.IsZero() || reason == "" {
		return false, nil
	}
	own, err := v.lockOf(c)
	if err != nil {
		return false, nil // as below
	}
	fields, err := smallest(ctx, tx, c.ID)
	if err != nil {
		return false, err
	}
	typed := plainLetters(reason)
	for _, f := range fields {
		b, err := f.take(ctx, tx, own, c.ID)
		if err != nil {
			continue // the reveal itself finds what was changed, and tells it
		}
		field := plainLetters(string(b))
		named := f.Name == "name" && namesPart(string(b), reason) || f.Name == "senders" && namesSender(string(b), reason)
		clear(b)
		if named || len(field) >= betraysMin && strings.Contains(typed, field) {
			return true, nil
		}
	}
	return false, nil
}

// reason cleans and judges the reason of a keeper. One that repeats a sealed
// field is refused, and that is recorded and told: trying names is no way of
// reading without a trace.
func (v *Vault) reason(ctx context.Context, tx *db.Tx, c compartment, e event, typed string) (reason string, refusal, err error) {
	reason = text.Line(typed)
	if f := checkReason(reason); f != nil {
		return "", nil, f
	}
	bad, err := v.betrays(ctx, tx, c, reason)
	if err != nil || !bad {
		return reason, nil, err
	}
	return "", fault.New(fault.Invalid, "vault.reason_names").At("reason"), v.turnAway(ctx, tx, c, e)
}

// today is the date of a moment, for grants that end.
func today(now time.Time) clock.Date { return clock.DateOf(now) }
