package org

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Unit is an administrative unit while it bore one name. Codes are used again
// under new names, so a unit is a code with dates.
type Unit struct {
	Code       string     `db:"code"`
	ValidFrom  clock.Date `db:"valid_from"`
	ValidTo    clock.Date `db:"valid_to"`
	Name       string     `db:"name"`
	FullName   string     `db:"full_name"`
	FullNameEn string     `db:"full_name_en"`
	Kind       string     `db:"kind"`
	Parent     string     `db:"parent"`
}

const unitColumns = `code, valid_from, valid_to, name, full_name, full_name_en, kind, parent`

// Successor says which of today's units holds the ground of a former one. A
// former unit that was divided has several.
type Successor struct {
	OldCode string     `db:"old_code"`
	OldName string     `db:"old_name"`
	NewCode string     `db:"new_code"`
	Since   clock.Date `db:"since"`
}

// AddUnit saves a unit.
func AddUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_units (`+unitColumns+`, sort_key, folded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		u.Code, u.ValidFrom, u.ValidTo, u.Name, u.FullName, u.FullNameEn, u.Kind, u.Parent, text.SortKey(u.Name), text.Fold(u.FullName))
	return err
}

// AddSuccessor saves which unit follows a former one.
func AddSuccessor(ctx context.Context, tx *db.Tx, s Successor) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_unit_successors (old_code, old_name, old_folded, new_code, since) VALUES ($1, $2, $3, $4, $5)`,
		s.OldCode, s.OldName, text.Fold(s.OldName), s.NewCode, s.Since)
	return err
}

// UnitsOf lists the units below parent on a day, in Vietnamese order.
func UnitsOf(ctx context.Context, tx *db.Tx, parent string, on clock.Date) ([]Unit, error) {
	return db.All[Unit](ctx, tx, `SELECT `+unitColumns+` FROM org_units
		WHERE parent = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2) ORDER BY sort_key, code LIMIT $3`, parent, on, listMax)
}

// UnitOf loads the unit that bears a code on a day.
func UnitOf(ctx context.Context, tx *db.Tx, code string, on clock.Date) (Unit, error) {
	return db.One[Unit](ctx, tx, `SELECT `+unitColumns+` FROM org_units WHERE code = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2)`, code, on)
}

// FindUnit turns what a person wrote for their ward into today's unit: a code,
// a name, or the code or name of a unit that no longer exists. A former unit
// that was divided gives a fault that names today's choices.
func FindUnit(ctx context.Context, tx *db.Tx, written string, on clock.Date) (Unit, error) {
	written = text.Line(written)
	if u, err := UnitOf(ctx, tx, written, on); err == nil || !fault.Is(err, "db.no_row") {
		return u, err
	}
	names := db.List(spellings(written))
	now, err := db.All[Unit](ctx, tx, `SELECT `+unitColumns+` FROM org_units
		WHERE folded `+tx.In("$1")+` AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2) ORDER BY sort_key, code LIMIT 10`, names, on)
	if err != nil {
		return Unit{}, err
	}
	if len(now) == 1 {
		return now[0], nil
	}
	heirs, err := db.All[Unit](ctx, tx, `SELECT DISTINCT u.code, u.valid_from, u.valid_to, u.name, u.full_name, u.full_name_en, u.kind, u.parent
		FROM org_unit_successors s JOIN org_units u ON u.code = s.new_code
		WHERE (s.old_code = $1 OR s.old_folded `+tx.In("$2")+`) AND u.valid_from <= $3 AND (u.valid_to = '' OR u.valid_to > $3) ORDER BY u.name, u.code LIMIT 20`, written, names, on)
	if err != nil {
		return Unit{}, err
	}
	switch len(heirs) {
	case 0:
		return Unit{}, fault.New(fault.Invalid, "org.no_such_unit", "name", written).At("ward")
	case 1:
		return heirs[0], nil
	}
	choices := make([]string, len(heirs))
	for i, u := range heirs {
		choices[i] = u.FullName
	}
	return Unit{}, fault.New(fault.Invalid, "org.unit_divided", "name", written, "choices", strings.Join(choices, ", ")).At("ward")
}

// unitKinds are the words before a unit's name, folded, with what people write
// for short. Districts and townships are gone, but people still name them.
func unitKinds() [][2]string {
	return [][2]string{{"phuong ", "p."}, {"xa ", "x."}, {"thi tran ", "tt."}, {"dac khu ", "dk."}, {"thanh pho ", "tp."}}
}

// spellings gives the folded full names that somebody may mean who wrote a
// name: with the short word for the kind written out, or without any.
func spellings(written string) []string {
	folded := text.Fold(written)
	all := []string{folded}
	for _, kind := range unitKinds() {
		full, short := kind[0], kind[1]
		if strings.HasPrefix(folded, full) {
			return all[:1]
		}
		if rest, ok := strings.CutPrefix(folded, short); ok {
			return []string{full + strings.TrimSpace(rest)}
		}
		all = append(all, full+folded)
	}
	return all
}

// Heir is one of today's units on the ground of a former one.
type Heir struct {
	OldName   string     `db:"old_name"`
	OldFolded string     `db:"old_folded"`
	Since     clock.Date `db:"since"`
	Code      string     `db:"code"`
	FullName  string     `db:"full_name"`
}

// HeirsOf gives today's units on the ground of former units by their names,
// folded. A name that a unit bears today is none of a former one.
func HeirsOf(ctx context.Context, tx *db.Tx, folded []string, on clock.Date) ([]Heir, error) {
	return db.All[Heir](ctx, tx, `SELECT DISTINCT s.old_name, s.old_folded, s.since, u.code, u.full_name FROM org_unit_successors s JOIN org_units u ON u.code = s.new_code
		WHERE s.old_folded `+tx.In("$1")+` AND s.since <= $2 AND u.valid_from <= $2 AND (u.valid_to = '' OR u.valid_to > $2)
		AND NOT EXISTS (SELECT 1 FROM org_units n WHERE n.folded = s.old_folded AND n.valid_from <= $2 AND (n.valid_to = '' OR n.valid_to > $2))
		ORDER BY s.old_folded, u.code LIMIT $3`, db.List(folded), on, listMax)
}
