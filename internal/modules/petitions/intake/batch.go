package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// BatchState is where a workbook stands on its way in.
//
// vi: -
type BatchState string

// The states of a batch.
const (
	BatchReading   BatchState = "reading"  // its rows are being written down
	BatchRead      BatchState = "read"     // waits for its columns to be mapped
	BatchChecking  BatchState = "checking" // dry run under way
	BatchChecked   BatchState = "checked"  // dry run done
	BatchRunning   BatchState = "running"
	BatchCancelled BatchState = "cancelled" // stopped by the clerk; can go on
	BatchDone      BatchState = "done"
	BatchUndoing   BatchState = "undoing"
	BatchUndone    BatchState = "undone"
)

// RowState is what became of a row.
//
// vi: -
type RowState string

// The states of a row.
const (
	RowAbove   RowState = "above"   // title, header or numbering
	RowRead    RowState = "read"    // not yet looked at
	RowReady   RowState = "ready"   // would be, or will be, taken in
	RowWrong   RowState = "wrong"   // has problems
	RowDouble  RowState = "double"  // same as a row before it
	RowAgain   RowState = "again"   // was taken in by an earlier import
	RowTaken   RowState = "taken"   // is a petition
	RowRefused RowState = "refused" // was refused when it was taken in
	RowUndone  RowState = "undone"  // its petition is withdrawn
	RowKept    RowState = "kept"    // somebody had worked on its petition: it stays
)

// RowStates lists the states that pages count, in their order.
func RowStates() []RowState {
	return []RowState{RowReady, RowTaken, RowWrong, RowRefused, RowDouble, RowAgain, RowKept, RowUndone}
}

// Limits of a batch's pages and chunks.
const (
	chunkRows    = 1024
	batchesPage  = 30
	rowsPage     = 100
	reasonMin    = 5
	reasonMax    = 500
	fileNameMax  = 200
	sampleRows   = 3
	importKind   = "petitions.import"
	checkKind    = "petitions.check_import"
	undoKind     = "petitions.undo_import"
	purgeKind    = "petitions.purge_imports"
	purgeHour    = "03:40"
	abandonedAge = 7  // days after which a workbook that was never imported is dropped
	cellsAge     = 60 // days after which the cells of an imported one are emptied
)

// Defaults stand in for what a workbook does not say.
//
// vi: -
type Defaults struct {
	Day     clock.Date `json:"day"`
	Session string     `json:"session"`
	Ward    string     `json:"ward"`
	Channel Channel    `json:"channel"`
}

// Batch is one workbook on its way in.
//
// vi: lô nhập
type Batch struct {
	ID        string              `db:"id"`
	CouncilID string              `db:"council_id"`
	BodyID    string              `db:"body_id"`
	FileName  string              `db:"file_name"`
	FileSum   string              `db:"file_sum"`
	Sheet     string              `db:"sheet"`
	HeaderRow int64               `db:"header_row"`
	Days1904  bool                `db:"days_1904"`
	Columns   db.JSON[Mapping]    `db:"columns"`
	Defaults  db.JSON[Defaults]   `db:"defaults"`
	State     BatchState          `db:"state"`
	Actor     db.JSON[batchActor] `db:"actor"` // who began what runs
	Reason    string              `db:"reason"`
	CreatedAt db.Time             `db:"created_at"`
	StartedAt db.Time             `db:"started_at"`
	EndedAt   db.Time             `db:"ended_at"`
	CheckRun  int64               `db:"check_run"` // counts the dry runs: an overtaken one writes nothing
	Checked   int64               `db:"checked"`   // number of the row that the dry run has come to
}

// batchActor is the clerk in whose name the job works.
type batchActor struct{ org.Actor }

// Problem is what is wrong with a row: where, and the sentence's key.
//
// vi: -
type Problem struct {
	Column int            `json:"column"` // from 1; 0 for the whole row
	Target Target         `json:"target"`
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
}

// Fault is the problem as something that has a sentence.
func (p Problem) Fault() *fault.Fault {
	return &fault.Fault{Kind: fault.Invalid, Key: p.Key, Args: p.Args}
}

// Letter is the column's letter; empty for the whole row.
func (p Problem) Letter() string {
	if p.Column == 0 {
		return ""
	}
	return columnName(p.Column)
}

// Row is a row of a workbook and what became of it.
//
// vi: dòng của lô nhập
type Row struct {
	Number     int64              `db:"number"`
	Cells      db.JSON[[]string]  `db:"cells"`
	State      RowState           `db:"state"`
	Mark       string             `db:"mark"`
	CellsMark  string             `db:"cells_mark"` // mark of its cells
	Content    db.JSON[content]   `db:"content"`
	Problems   db.JSON[[]Problem] `db:"problems"`
	PetitionID string             `db:"petition_id"`
	Code       string             `db:"code"`
}

// Words is how the row begins, for lists.
func (r Row) Words() string {
	words := r.Content.V.Text
	if words == "" {
		for _, c := range r.Cells.V {
			if utf8.RuneCountInString(c) > utf8.RuneCountInString(words) {
				words = c
			}
		}
	}
	if short := []rune(text.Line(words)); len(short) > 100 {
		return string(short[:100]) + "…"
	}
	return text.Line(words)
}

// TakeWorkbook reads an uploaded workbook into rows and guesses its columns.
func (d *Desk) TakeWorkbook(ctx context.Context, who org.Actor, name, sheet string, file []byte) (b Batch, err error) {
	if err := allowed(who); err != nil {
		return b, err
	}
	w, err := openWorkbook(file)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	t, err := w.read(text.Line(sheet))
	if err != nil {
		return b, err
	}
	if len(t.Rows) == 0 || t.Header != 0 && t.Rows[len(t.Rows)-1].Number <= t.Header {
		return b, fault.New(fault.Invalid, "intake.file_no_rows").At("files")
	}
	now := d.Clock.Now()
	sum := sha256.Sum256(file)
	b = Batch{ID: db.NewID(now), CouncilID: who.CouncilID, BodyID: who.BodyID, FileName: shortName(name), FileSum: hex.EncodeToString(sum[:]), Sheet: t.Sheet, HeaderRow: t.Header,
		Days1904: w.Days1904, State: BatchReading, Actor: db.JSON[batchActor]{V: batchActor{who}}, CreatedAt: db.At(now)}
	b.Columns.V = Mapping{}
	for _, r := range t.Rows {
		if r.Number == t.Header && t.Header != 0 {
			b.Columns.V = guess(r.Cells).tidy()
		}
	}
	if err := d.DB.Tx(ctx, func(tx *db.Tx) error { return insertBatch(ctx, tx, b) }); err != nil {
		return b, err
	}
	if err := d.writeRows(ctx, who, &b, t.Rows); err != nil {
		drop := d.DB.Tx(context.WithoutCancel(ctx), func(tx *db.Tx) error { return dropBatch(ctx, tx, b.ID) })
		return b, errors.Join(err, drop)
	}
	return b, nil
}

// writeRows keeps the rows of a workbook, some at a time so that nobody else is
// kept waiting; only when all are there can the workbook be used.
func (d *Desk) writeRows(ctx context.Context, who org.Actor, b *Batch, rows []sheetRow) error {
	for chunk := range slices.Chunk(rows, chunkRows) {
		if err := d.DB.Tx(ctx, func(tx *db.Tx) error { return insertRows(ctx, tx, *b, chunk) }); err != nil {
			return err
		}
	}
	whole := *b
	whole.State = BatchRead
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := turnBatch(ctx, tx, whole, BatchReading); err != nil {
			return err
		}
		_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: b.CouncilID, Subject: b.ID, Verb: "intake.read_workbook", At: b.CreatedAt.Time, Who: who,
			Details: map[string]any{"file": b.FileName, "sha256": b.FileSum, "rows": len(rows)}})
		return err
	})
	if err == nil {
		*b = whole
	}
	return err
}

func shortName(name string) string {
	if r := []rune(text.Line(name)); len(r) > fileNameMax {
		return string(r[:fileNameMax])
	}
	return text.Line(name)
}

// ownBatch loads a batch of the clerk's own council.
func (d *Desk) ownBatch(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Batch, error) {
	if err := allowed(who); err != nil {
		return Batch{}, err
	}
	b, err := batchOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && b.CouncilID != who.CouncilID {
		return Batch{}, fault.New(fault.Missing, "intake.no_batch")
	}
	return b, err
}

func (d *Desk) batchAndCouncil(ctx context.Context, who org.Actor, id string) (b Batch, council org.Council, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if b, err = d.ownBatch(ctx, tx, who, id); err != nil {
			return err
		}
		council, err = org.CouncilOf(ctx, tx, b.CouncilID)
		return err
	})
	return b, council, err
}

// BeginImport has a checked batch taken in, or a cancelled one go on.
func (d *Desk) BeginImport(ctx context.Context, who org.Actor, id string) error {
	return d.turn(ctx, who, id, "intake.begin_import", func(b *Batch, counts map[RowState]int64) error {
		if b.State == BatchRunning {
			return errAlready
		}
		if b.State != BatchChecked && b.State != BatchCancelled {
			return fault.New(fault.Refused, "intake.batch_not_checked")
		}
		if counts[RowReady] == 0 {
			return fault.New(fault.Refused, "intake.nothing_ready")
		}
		b.State = BatchRunning
		if b.StartedAt.IsZero() {
			b.StartedAt = db.At(d.Clock.Now())
		}
		return nil
	}, importKind)
}

// CancelImport stops an import after the rows at hand; what was taken in stays.
// A dry run is stopped the same way, and its columns can be mapped anew.
func (d *Desk) CancelImport(ctx context.Context, who org.Actor, id string) error {
	return d.turn(ctx, who, id, "intake.cancel_import", func(b *Batch, _ map[RowState]int64) error {
		if b.State == BatchCancelled {
			return errAlready
		}
		if b.State == BatchChecking {
			b.State = BatchRead
			return nil
		}
		if b.State != BatchRunning {
			return fault.New(fault.Refused, "intake.batch_not_running")
		}
		b.State, b.EndedAt = BatchCancelled, db.At(d.Clock.Now())
		return nil
	}, "")
}

// UndoImport has every petition of a batch withdrawn that nobody has worked on.
func (d *Desk) UndoImport(ctx context.Context, who org.Actor, id, reason string) error {
	reason = text.Line(reason)
	if n := utf8.RuneCountInString(reason); n < reasonMin || n > reasonMax {
		return fault.New(fault.Invalid, "intake.reason_needed", "min", reasonMin, "max", reasonMax).At("reason")
	}
	return d.turn(ctx, who, id, "intake.undo_import", func(b *Batch, counts map[RowState]int64) error {
		if b.State == BatchUndoing {
			return errAlready
		}
		if b.State != BatchDone && b.State != BatchCancelled && b.State != BatchUndone {
			return fault.New(fault.Refused, "intake.batch_not_done")
		}
		if counts[RowTaken]+counts[RowKept] == 0 {
			return fault.New(fault.Refused, "intake.nothing_taken")
		}
		b.State, b.Reason = BatchUndoing, reason
		return nil
	}, undoKind)
}

// errAlready ends a turn that a second press asks for: it is done, and no fault.
var errAlready = errors.New("already so")

type batchArgs struct {
	Batch string `json:"batch"`
}

// turn moves a batch on: one transaction, one entry in the log, and the job.
func (d *Desk) turn(ctx context.Context, who org.Actor, id, verb string, move func(*Batch, map[RowState]int64) error, job string) error {
	now := d.Clock.Now()
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		b, err := d.ownBatch(ctx, tx, who, id)
		if err != nil {
			return err
		}
		counts, err := countRows(ctx, tx, id)
		if err != nil {
			return err
		}
		from := b.State
		if err := move(&b, counts); err != nil {
			return err
		}
		b.Actor.V = batchActor{who}
		if err := turnBatch(ctx, tx, b, from); err != nil {
			return err
		}
		if job == undoKind {
			if err := keptAgain(ctx, tx, id); err != nil {
				return err
			}
		}
		if job != "" && d.Queue != nil {
			if err := d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: job, Key: id, Args: batchArgs{id}, CouncilID: b.CouncilID}); err != nil {
				return err
			}
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: b.CouncilID, Subject: b.ID, Verb: verb, At: now, Who: who,
			Details: map[string]any{"file": b.FileName, "ready": counts[RowReady], "taken": counts[RowTaken], "reason": b.Reason}})
		return err
	})
	if errors.Is(err, errAlready) {
		return nil
	}
	return err
}

// BatchView is a batch with its counts and a page of its rows.
//
// vi: -
type BatchView struct {
	Batch  Batch
	Counts map[RowState]int64
	Header []string // cells of the header row
	Sample [][]string
	State  RowState // of the rows shown; empty: those with something to tell
	Rows   []Row
	Next   int64 // number of the last row; 0 at the end
	Last   int64 // number of the workbook's last row
}

// Total is how many rows there are below the header.
func (v BatchView) Total() (n int64) {
	for state, c := range v.Counts {
		if state != RowAbove {
			n += c
		}
	}
	return n
}

// Aim is how many rows the import takes in when all goes well.
func (v BatchView) Aim() int64 { return v.Counts[RowReady] + v.Done() }

// Done is how many of them are dealt with.
func (v BatchView) Done() int64 {
	return v.Counts[RowTaken] + v.Counts[RowRefused] + v.Counts[RowKept] + v.Counts[RowUndone]
}

// View shows a batch of the clerk's council, with rows of a state after one.
func (d *Desk) View(ctx context.Context, who org.Actor, id string, state RowState, after int64) (v BatchView, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Batch, err = d.ownBatch(ctx, tx, who, id); err != nil {
			return err
		}
		if v.Counts, err = countRows(ctx, tx, id); err != nil {
			return err
		}
		if v.Last, err = lastRow(ctx, tx, id); err != nil {
			return err
		}
		if v.Header, v.Sample, err = headAndSample(ctx, tx, v.Batch); err != nil {
			return err
		}
		if v.State = state; state == "" {
			v.State = telling(v)
		}
		if v.Rows, err = rowsOfState(ctx, tx, id, v.State, after, rowsPage+1); err != nil {
			return err
		}
		if v.Next = 0; len(v.Rows) > rowsPage {
			v.Rows = v.Rows[:rowsPage]
			v.Next = v.Rows[rowsPage-1].Number
		}
		return nil
	})
	return v, err
}

// telling is the state whose rows a clerk wants to see first.
func telling(v BatchView) RowState {
	order := []RowState{RowWrong, RowRefused, RowDouble, RowAgain, RowReady, RowTaken}
	if v.Batch.State == BatchUndone || v.Batch.State == BatchUndoing {
		order = []RowState{RowKept, RowUndone}
	}
	for _, s := range order {
		if v.Counts[s] > 0 {
			return s
		}
	}
	return RowReady
}

// headAndSample gives the header's cells and the first rows below it.
func headAndSample(ctx context.Context, tx *db.Tx, b Batch) (header []string, sample [][]string, err error) {
	rows, err := rowsAfter(ctx, tx, b.ID, b.HeaderRow-1, sampleRows+2)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		switch {
		case r.Number == b.HeaderRow:
			header = r.Cells.V
		case !isNumbering(r.Cells.V) && len(sample) < sampleRows:
			sample = append(sample, r.Cells.V)
		}
	}
	return header, sample, nil
}

// Batches lists the batches of the clerk's council after one, the newest first.
func (d *Desk) Batches(ctx context.Context, who org.Actor, after string) (all []Batch, next string, err error) {
	if err := allowed(who); err != nil {
		return nil, "", err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = batchesOf(ctx, tx, who.CouncilID, after, batchesPage+1)
		return err
	})
	if len(all) > batchesPage {
		all = all[:batchesPage]
		next = all[batchesPage-1].ID
	}
	return all, next, err
}
