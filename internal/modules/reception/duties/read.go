package duties

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

const pageRows = 50

// Row is a record in a list, with where its letter stands and its clocks.
//
// vi: dòng đơn đại biểu đã chuyển
type Row struct {
	Record
	Standing Standing
	Duties   []Duty
}

// open is the duty that is waited for; none when nothing is.
func (r Row) open() (Duty, bool) {
	for _, y := range r.Duties {
		if y.Name == r.Waits {
			return y, true
		}
	}
	return Duty{}, false
}

// late reports whether what is waited for is late.
func (r Row) late(today clock.Date) bool {
	y, ok := r.open()
	return ok && y.Late(today)
}

// List is one page of records.
//
// vi: danh sách đơn đại biểu đã chuyển
type List struct {
	Rows  []Row
	Next  string
	Today clock.Date
	Mine  bool // the person's own, not the council's
}

// List gives the records of a deputy, or to the office those of its council.
func (d *Desk) List(ctx context.Context, who org.Actor, waiting bool, before string) (l List, err error) {
	l.Today, l.Mine = d.today(), !oversees(who)
	person := ""
	if l.Mine {
		person = who.PersonID
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l.Rows, l.Next = nil, ""
		all, err := pageOf(ctx, tx, who.CouncilID, person, waiting, before, pageRows+1)
		if err != nil {
			return err
		}
		if len(all) > pageRows {
			all = all[:pageRows]
			l.Next = all[pageRows-1].ID
		}
		l.Rows, err = d.rows(ctx, tx, all)
		return err
	})
	return l, err
}

func (d *Desk) rows(ctx context.Context, tx *db.Tx, all []Record) ([]Row, error) {
	var ids []string
	for _, r := range all {
		if r.LetterID != "" {
			ids = append(ids, r.LetterID)
		}
	}
	standings, err := d.Standings(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(all))
	for i, r := range all {
		rows[i] = Row{Record: r, Standing: standings[r.LetterID]}
		if rows[i].Standing.Sealed {
			rows[i].AnsweredOn, rows[i].ToldOn, rows[i].Told, rows[i].Waits = clock.Date{}, clock.Date{}, "", "" // of a denunciation neither is told here
		}
		if rows[i].Duties, err = Duties(d.Calendar.Rules(), d.Calendar.Current(), rows[i].Record); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Sheet is one record on its page.
//
// vi: phiếu theo dõi đơn đại biểu chuyển
type Sheet struct {
	Row
	Today clock.Date
	Mine  bool // may act
	Opens bool // may open the letter in the book
}

// Sheet loads one record for a person.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (v Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := recordOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if !r.seenBy(who) {
			return noRecord()
		}
		rows, err := d.rows(ctx, tx, []Record{r})
		if err != nil {
			return err
		}
		v = Sheet{Row: rows[0], Today: d.today(), Mine: r.mine(who) && mayHand.Allows(who)}
		v.Opens = oversees(who) && r.LetterID != "" && !v.Standing.Sealed
		return nil
	})
	return v, err
}

// waiting counts what waits for a deputy, for the menu.
func (d *Desk) waiting(ctx context.Context, who org.Actor) (n int, err error) {
	if !mayHand.Allows(who) {
		return 0, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := countWaiting(ctx, tx, who.CouncilID, who.PersonID)
		n = int(all)
		return err
	})
	return n, err
}
