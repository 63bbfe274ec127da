package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// noteMax bounds what a workbook says beside the petition itself.
const noteMax = 2_000

// content is what a row says, read by the mapping.
type content struct {
	Text    string     `json:"text,omitempty"`
	Ward    string     `json:"ward,omitempty"` // code
	Name    string     `json:"name,omitempty"`
	Email   string     `json:"email,omitempty"`
	Phone   string     `json:"phone,omitempty"`
	Day     clock.Date `json:"day,omitzero"`
	Channel Channel    `json:"channel,omitempty"`
	Session string     `json:"session,omitempty"`
	Origin  string     `json:"origin,omitempty"`
	Address string     `json:"address,omitempty"`
	Field   string     `json:"field,omitempty"`
	Body    string     `json:"body,omitempty"`
	Deputy  string     `json:"deputy,omitempty"`
	Note    string     `json:"note,omitempty"`
}

// mark is what makes two rows one petition: the same words, of the same place,
// person and day, put to the same council. Spaces, case, accents and signs do
// not count, so that a file saved by another program is still the same.
func (c content) mark(councilID string) string {
	fold := func(s string) string {
		return strings.Join(strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }), " ")
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{councilID, fold(c.Text), c.Ward, fold(c.Name), c.Day.String()}, "\x00")))
	return hex.EncodeToString(sum[:20])
}

// opinion is the petition that a row becomes.
func (c content) opinion(council org.Council) Opinion {
	return Opinion{To: addressee(council), Text: c.Text, Ward: c.Ward, Name: c.Name, Email: c.Email, Phone: c.Phone, Channel: c.Channel, RaisedOn: c.Day}
}

// checker looks at the rows of one batch, in their order.
type checker struct {
	desk    *Desk
	council org.Council
	batch   Batch
	today   clock.Date
	wards   map[string]wardFound
	first   map[string]int64 // row that bore a mark first
	counts  int              // column of the running number; 0 when none says so
}

type wardFound struct {
	code string
	err  *fault.Fault
}

func newChecker(d *Desk, council org.Council, b Batch) *checker {
	return &checker{desk: d, council: council, batch: b, today: clock.Today(d.Clock), wards: map[string]wardFound{}, first: map[string]int64{}}
}

// look fills in what the rows say, what is wrong with them and which of them
// are known already.
func (c *checker) look(ctx context.Context, tx *db.Tx, rows []Row) error {
	for i := range rows {
		if err := c.row(ctx, tx, &rows[i]); err != nil {
			return err
		}
	}
	before, err := c.desk.earlier(ctx, tx, c.batch, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if e := before[r.Number]; r.State == RowReady && e.code != "" {
			r.State, r.Code = RowAgain, e.code
		}
	}
	return nil
}

func (c *checker) row(ctx context.Context, tx *db.Tx, r *Row) error {
	cells, columns := r.Cells.V, c.batch.Columns.V
	r.State, r.Mark, r.CellsMark, r.Code, r.Content.V, r.Problems.V = RowReady, "", "", "", content{}, []Problem{}
	if r.Number == c.batch.HeaderRow {
		c.counts = guess(cells)[toNumber]
	}
	if r.Number <= c.batch.HeaderRow || isNumbering(cells) {
		r.State = RowAbove
		return nil
	}
	wrong := func(to Target, f *fault.Fault) {
		r.Problems.V = append(r.Problems.V, Problem{Column: columns[to], Target: to, Key: f.Key, Args: f.Args})
	}
	for _, to := range targets() {
		if cell := columns.cell(cells, to); isErrorValue(cell) {
			wrong(to, fault.New(fault.Invalid, "intake.cell_error", "value", cell))
		} else if to != toText && utf8.RuneCountInString(cell) > noteMax {
			wrong(to, fault.New(fault.Invalid, "intake.cell_long", "max", noteMax))
		}
	}
	if len(r.Problems.V) > 0 {
		r.State = RowWrong
		return nil
	}
	say := &r.Content.V
	*say = c.read(cells)
	if f := c.day(columns.cell(cells, toDay), say); f != nil {
		wrong(toDay, f)
	}
	if f, err := c.ward(ctx, tx, say); err != nil {
		return err
	} else if f != nil {
		wrong(toWard, f)
	}
	if err := c.desk.Check(say.opinion(c.council)); err != nil {
		c.typed(fault.Of(err), wrong)
	}
	if len(r.Problems.V) > 0 {
		r.State = RowWrong
		return nil
	}
	r.Mark, r.CellsMark = say.mark(c.council.ID), c.cellsMark(cells)
	if first, twice := c.first[r.Mark]; twice {
		r.State = RowDouble
		wrong(toText, fault.New(fault.Invalid, "intake.row_double", "row", first))
		return nil
	}
	c.first[r.Mark] = r.Number
	return nil
}

// typed turns the faults of the words into problems of their columns.
func (c *checker) typed(f *fault.Fault, wrong func(Target, *fault.Fault)) {
	all := f.Faults
	if len(all) == 0 {
		all = []*fault.Fault{f}
	}
	for _, one := range all {
		to, ok := map[string]Target{"text": toText, "name": toName, "email": toEmail, "phone": toPhone}[one.Field]
		if one.Field == "ward" || one.Field == "to" || one.Field == "consent" {
			continue // the ward is looked for here; the others are not the row's
		}
		if !ok {
			to = toText
		}
		wrong(to, one)
	}
}

// read takes a row's cells by the mapping, with the batch's defaults.
func (c *checker) read(cells []string) content {
	m, def := c.batch.Columns.V, c.batch.Defaults.V
	line := func(to Target) string { return text.Line(m.cell(cells, to)) }
	say := content{Text: m.cell(cells, toText), Name: line(toName), Email: line(toEmail), Phone: phoneOf(m.cell(cells, toPhone)), Session: line(toSession), Origin: line(toOrigin),
		Address: line(toWard), Field: line(toField), Body: line(toBody), Deputy: line(toDeputy), Note: line(toNote), Day: def.Day}
	if say.Session == "" {
		say.Session = def.Session
	}
	for _, channel := range []Channel{channelOf(say.Origin), def.Channel, Import} {
		if say.Channel == "" {
			say.Channel = channel
		}
	}
	return say
}

// day reads the day a petition was raised; a workbook without one gives the
// batch's day, or none.
func (c *checker) day(cell string, say *content) *fault.Fault {
	if cell == "" {
		return nil
	}
	d, ok := dayOf(cell, c.batch.Days1904)
	if !ok {
		return fault.New(fault.Invalid, "intake.day_unreadable", "value", shortCell(cell))
	}
	say.Day = d
	return wrongDay(d, c.today)
}

func shortCell(s string) string {
	const most = 60
	if r := []rune(text.Line(s)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text.Line(s)
}

// ward finds today's unit for a row's address; each spelling is asked once.
func (c *checker) ward(ctx context.Context, tx *db.Tx, say *content) (*fault.Fault, error) {
	written := say.Address
	if written == "" {
		written = c.batch.Defaults.V.Ward
	}
	if written == "" && c.council.Level == org.Commune {
		written = c.council.UnitCode
	}
	found, asked := c.wards[written]
	if !asked {
		u, err := placeOf(ctx, tx, c.council, written, c.today)
		switch {
		case fault.KindOf(err) == fault.Invalid:
			found.err = fault.Of(err)
		case err != nil:
			return nil, err
		default:
			found.code = u.Code
		}
		c.wards[written] = found
	}
	say.Ward = found.code
	return found.err, nil
}

// cellsMark marks a row by its cells, whatever the columns are taken for. In which
// order they stand does not count, and the running number is not the row's own.
// What stands in for a row's place and day does: two wards may send one text.
func (c *checker) cellsMark(cells []string) string {
	own := make([]string, 0, len(cells))
	for i, cell := range cells {
		if cell != "" && i+1 != c.counts {
			own = append(own, cell)
		}
	}
	slices.Sort(own)
	def := c.batch.Defaults.V
	sum := sha256.Sum256([]byte(strings.Join(append([]string{c.council.ID, text.Fold(def.Ward), def.Day.String()}, own...), "\x00")))
	return hex.EncodeToString(sum[:20])
}

// earlierRow is what earlier imports made of a row: the code of a petition that
// stands, and how often one of its mark was withdrawn by an undoing.
type earlierRow struct {
	code   string
	undone int
}

// earlier looks rows up, by their numbers, among those that other batches of the
// council made petitions of. A row is known again by any of three:
//
//   - its mark, what it says of text, ward, name and day: after the rows were
//     sorted, columns added or moved and other cells changed, as long as those
//     four are read from the same words;
//   - its cells: when other columns are mapped, also after the rows
//     were sorted and numbered anew and columns moved. Rows imported before
//     such marks were kept have none;
//   - its place, the number in the same sheet of the very same file: whatever is
//     mapped or stands in for empty columns.
//
// Not known again, and so taken in as another petition, is a row of which a cell
// was changed or added and of which also other columns are mapped; a row whose
// text, ward, name or day was changed; and, of another file, one whose columns
// are mapped otherwise with another ward or day for all. Two batches of one file
// with different columns that run in the same seconds do not see each other.
// Rows that say the same in one file are one petition, however they were mapped
// before.
func (d *Desk) earlier(ctx context.Context, tx *db.Tx, b Batch, rows []Row) (map[int64]earlierRow, error) {
	all := map[int64]earlierRow{}
	by := map[string][]string{}
	for _, r := range rows {
		if r.Mark != "" {
			by["mark"], by["cells"] = append(by["mark"], r.Mark), append(by["cells"], r.CellsMark)
		}
	}
	if len(by) == 0 {
		return all, nil
	}
	marks, err := takenBy(ctx, tx, b, "mark", by["mark"])
	if err != nil {
		return nil, err
	}
	cells, err := takenBy(ctx, tx, b, "cells_mark", by["cells"])
	if err != nil {
		return nil, err
	}
	places, err := takenAt(ctx, tx, b, rows[0].Number, rows[len(rows)-1].Number)
	for _, r := range rows {
		e := marks[r.Mark]
		e.code = cmp.Or(e.code, cells[r.CellsMark].code, places[strconv.FormatInt(r.Number, 10)].code)
		all[r.Number] = e
	}
	return all, err
}

// foundBefore gathers rows that became petitions by what they were looked for.
func foundBefore(rows []marked) map[string]earlierRow {
	all := map[string]earlierRow{}
	for _, f := range rows {
		e := all[f.Mark]
		if f.State == RowUndone {
			e.undone++
		} else {
			e.code = f.Code
		}
		all[f.Mark] = e
	}
	return all
}

// once is the mark that Receive keeps. A petition that an undoing withdrew may
// be taken in anew, so the count of those is part of it.
func (e earlierRow) once(councilID, mark string) string {
	return "row." + councilID + "." + mark + "." + strconv.Itoa(e.undone)
}
