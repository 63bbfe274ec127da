// Package constituencies knows which wards and communes elect together (đơn vị
// bầu cử): petitions are classified by it, and deputies answer for it. A
// constituency holds from a day on, on a document, until another decision; what
// held on a day can always be told.
//
// It owns the table petitions_constituencies.
package constituencies

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds the sentences and the schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is the schema.
var Migrations = db.Migrations{Name: "constituencies", Files: Files}

// The rights. Each reaches the person's own council alone.
var (
	MayRead = auth.Permission{Name: "petitions.read_constituencies", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.Deputy, org.Admin}}
	MayKeep = auth.Permission{Name: "petitions.keep_constituencies", Roles: []org.Role{org.Clerk, org.Head}}
)

// Constituency is some wards or communes that elect deputies of a council
// together.
//
// vi: đơn vị bầu cử
type Constituency struct {
	ID        string            `db:"id"`
	CouncilID string            `db:"council_id"`
	Number    int               `db:"number"`
	Units     db.JSON[[]string] `db:"units"` // codes
	Basis     string            `db:"basis"` // number, symbol and date of the resolution
	From      clock.Date        `db:"from_day"`
	Until     clock.Date        `db:"until_day"` // first day on which it holds no more; none while it does
	By        string            `db:"entered_by"`
}

// Limits of what may be entered at once.
const (
	linesMax  = 100
	unitsMax  = 60
	basisMax  = 300
	numberMax = 999
)

// Deps is what constituencies need.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
}

// Desk keeps a council's constituencies.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

// Entry is a decision about all constituencies of a council.
//
// vi: -
type Entry struct {
	Lines string // one constituency a line: "1: Phường Ba Đình, Phường Ngọc Hà"
	Basis string
	From  clock.Date
}

// drafted is one line, read.
type drafted struct {
	number int
	units  []string // as written
}

// read takes the lines apart and says of each what is wrong with it.
func (e Entry) read() (all []drafted, err error) {
	var faults []*fault.Fault
	if e.Basis == "" || len([]rune(e.Basis)) > basisMax {
		faults = append(faults, fault.New(fault.Invalid, "constituencies.basis", "max", basisMax).At("basis"))
	}
	if e.From.IsZero() {
		faults = append(faults, fault.New(fault.Invalid, "constituencies.from").At("from"))
	}
	seen := map[int]bool{}
	n := 0
	for line := range strings.Lines(e.Lines) {
		if line = text.Line(line); line == "" {
			continue
		}
		if n++; n > linesMax {
			faults = append(faults, fault.New(fault.TooLarge, "constituencies.many", "max", linesMax).At("lines"))
			break
		}
		d, ok := readLine(line)
		switch {
		case !ok:
			faults = append(faults, fault.New(fault.Invalid, "constituencies.line", "n", n, "line", line).At("lines"))
		case seen[d.number]:
			faults = append(faults, fault.New(fault.Invalid, "constituencies.number_twice", "n", n, "number", d.number).At("lines"))
		default:
			seen[d.number] = true
			all = append(all, d)
		}
	}
	if n == 0 {
		faults = append(faults, fault.New(fault.Invalid, "constituencies.empty").At("lines"))
	}
	return all, fault.Join(faults...)
}

// readLine reads "1: A, B", also as a spreadsheet copies it, with a tab, or
// with "Đơn vị số" before the number.
func readLine(line string) (d drafted, ok bool) {
	at := strings.IndexAny(line, ":;")
	if at < 0 {
		at = strings.IndexFunc(line, func(r rune) bool { return r == '\t' })
	}
	if at < 0 {
		first, rest, _ := strings.Cut(line, " ")
		line, at = first+":"+rest, len(first)
	}
	words := strings.Fields(line[:at])
	if len(words) == 0 {
		return d, false
	}
	n, err := strconv.Atoi(words[len(words)-1])
	if err != nil || n < 1 || n > numberMax {
		return d, false
	}
	d.number = n
	for part := range strings.FieldsFuncSeq(line[at+1:], func(r rune) bool { return r == ',' || r == ';' || r == '\t' }) {
		if part = text.Line(part); part != "" {
			d.units = append(d.units, part)
		}
	}
	return d, len(d.units) > 0 && len(d.units) <= unitsMax
}

// Enter puts a council's constituencies in force from a day on, in place of
// those that held: one decision, one act.
func (d *Desk) Enter(ctx context.Context, who org.Actor, e Entry) error {
	if !MayKeep.Allows(who) {
		return fault.New(fault.Forbidden, "constituencies.not_yours")
	}
	e.Basis = text.Line(e.Basis)
	lines, err := e.read()
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		all, err := d.resolve(ctx, tx, who, e, lines)
		if err != nil {
			return err
		}
		if err := endAll(ctx, tx, who.CouncilID, e.From); err != nil {
			return err
		}
		told := make([]map[string]any, len(all))
		for i, c := range all {
			c.ID = db.NewID(now)
			if err := insert(ctx, tx, c); err != nil {
				return err
			}
			told[i] = map[string]any{"number": c.Number, "units": c.Units.V}
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: "constituencies", Ref: "constituencies", Verb: "petitions.enter_constituencies", At: now, Who: who,
			Details: map[string]any{"basis": e.Basis, "from": e.From.String(), "constituencies": told}})
		return err
	})
}

// resolve finds the wards of each line among those of the council's area.
func (d *Desk) resolve(ctx context.Context, tx *db.Tx, who org.Actor, e Entry, lines []drafted) ([]Constituency, error) {
	council, err := org.CouncilOf(ctx, tx, who.CouncilID)
	if err != nil {
		return nil, err
	}
	var faults []*fault.Fault
	of := map[string]int{}
	all := make([]Constituency, 0, len(lines))
	for _, l := range lines {
		c := Constituency{CouncilID: council.ID, Number: l.number, Basis: e.Basis, From: e.From, By: who.Name}
		for _, written := range l.units {
			unit, err := org.FindUnit(ctx, tx, written, e.From)
			switch {
			case err != nil && fault.KindOf(err) == fault.Internal:
				return nil, err
			case err != nil || unit.Parent != council.UnitCode && unit.Code != council.UnitCode:
				faults = append(faults, fault.New(fault.Invalid, "constituencies.unit", "number", l.number, "unit", written).At("lines"))
				continue
			case of[unit.Code] != 0:
				faults = append(faults, fault.New(fault.Invalid, "constituencies.unit_twice", "unit", unit.FullName, "one", of[unit.Code], "other", l.number).At("lines"))
				continue
			}
			of[unit.Code] = l.number
			c.Units.V = append(c.Units.V, unit.Code)
		}
		all = append(all, c)
	}
	return all, fault.Join(faults...)
}

// OfUnit is the constituency of a council that a ward belonged to on a day; ok
// is false when none was entered.
func OfUnit(ctx context.Context, tx *db.Tx, councilID, unit string, on clock.Date) (c Constituency, ok bool, err error) {
	all, err := On(ctx, tx, councilID, on)
	if i := slices.IndexFunc(all, func(c Constituency) bool { return slices.Contains(c.Units.V, unit) }); i >= 0 {
		return all[i], true, err
	}
	return c, false, err
}
