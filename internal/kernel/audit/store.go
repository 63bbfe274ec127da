package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const entryColumns = `id, council_id, subject, ref, verb, at, person_id, post_id, body_id, actor, address, papers, details, sealed, salt, leaf, hash, mac, position, link, chain`

func insertEntry(ctx context.Context, tx *db.Tx, r *row) error {
	return tx.Insert(ctx, `audit_entries`, entryColumns, r.ID, r.CouncilID, r.Subject, r.Ref, r.Verb, r.At, r.PersonID, r.PostID, r.BodyID, r.Actor, r.Address,
		r.Papers, r.Details, r.Sealed, r.Salt, r.Leaf, r.Hash, r.MAC, r.Position, r.Link, r.Chain)
}

func entryByID(ctx context.Context, tx *db.Tx, id string) (row, error) {
	return db.One[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries WHERE id = $1`, id)
}

// placed reads the entries of places [from, to). The condition "≥ 0" lets the
// index be used.
func placed(ctx context.Context, tx *db.Tx, from, to int64) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries
		WHERE position >= 0 AND position >= $1 AND position < $2 ORDER BY position`, from, to)
}

func waitingAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries
		WHERE position < 0 AND NOT sealed AND id > $1 ORDER BY id LIMIT $2`, after, n)
}

// unlinkedOnes reads sealed entries that are not in the chain yet.
func unlinkedOnes(ctx context.Context, tx *db.Tx, n int) ([]candidate, error) {
	return db.All[candidate](ctx, tx, `SELECT id, hash FROM audit_entries WHERE position < 0 AND sealed AND link < 0 ORDER BY id LIMIT $1`, n)
}

func unlinkedAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries
		WHERE position < 0 AND sealed AND link < 0 AND id > $1 ORDER BY id LIMIT $2`, after, n)
}

// linked reads the chain from a link on.
func linked(ctx context.Context, tx *db.Tx, from int64, n int) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries WHERE link >= 0 AND link >= $1 ORDER BY link LIMIT $2`, from, n)
}

func chainHead(ctx context.Context, tx *db.Tx) (head, error) {
	h, err := db.One[head](ctx, tx, `SELECT link, chain FROM audit_entries WHERE link >= 0 ORDER BY link DESC LIMIT 1`)
	if fault.Is(err, "db.no_row") {
		return head{Link: unlinked}, nil
	}
	return h, err
}

func chainOn(ctx context.Context, tx *db.Tx, id string, h head) error {
	return tx.ExecOne(ctx, `UPDATE audit_entries SET link = $1, chain = $2 WHERE id = $3 AND link < 0`, h.Link, h.Chain, id)
}

func ofSubjectAfter(ctx context.Context, tx *db.Tx, subject, after string, n int) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries WHERE subject = $1 AND id > $2 ORDER BY id LIMIT $3`, subject, after, n)
}

// beyond counts the entries placed at size or later, and names the first.
func beyond(ctx context.Context, tx *db.Tx, size int64) (n int64, first string, err error) {
	if n, err = db.One[int64](ctx, tx, `SELECT count(*) FROM audit_entries WHERE position >= 0 AND position >= $1`, size); err != nil || n == 0 {
		return 0, "", err
	}
	first, err = db.One[string](ctx, tx, `SELECT id FROM audit_entries WHERE position >= 0 AND position >= $1 ORDER BY position LIMIT 1`, size)
	return n, first, err
}

// entriesOf reads the entries of the subjects, oldest first: those with a place
// in its order, then those still waiting.
func entriesOf(ctx context.Context, tx *db.Tx, subjects []string) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries WHERE subject `+tx.In("$1")+`
		ORDER BY CASE WHEN position < 0 THEN 1 ELSE 0 END, position, id`, db.List(subjects))
}

// candidate is what the sequencer needs of an entry without a place.
type candidate struct {
	ID   string `db:"id"`
	Hash []byte `db:"hash"`
}

func waiting(ctx context.Context, tx *db.Tx, n int) ([]candidate, error) {
	return db.All[candidate](ctx, tx, `SELECT id, hash FROM audit_entries WHERE position < 0 AND NOT sealed ORDER BY id LIMIT $1`, n)
}

// valuesMax bounds the rows of one statement; both databases take more.
const valuesMax = 250

// values writes "($1, $2), ($3, $4)…" with the types the databases must be told.
func values(rows int, types ...string) string {
	var b strings.Builder
	for i := range rows {
		b.WriteString(", (")
		for j, t := range types {
			if j > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "CAST($%d AS %s)", i*len(types)+j+1, t)
		}
		b.WriteString(")")
	}
	return b.String()[2:]
}

// placesMax bounds the entries placed by one statement: its CASE is walked
// through for each of them.
const placesMax = 64

// place gives the entries their places from first on. An entry that has one
// already means that another node was faster. (UPDATE … FROM VALUES would read
// better, but SQLite then walks through all that wait for each statement.)
func place(ctx context.Context, tx *db.Tx, first int64, entries []candidate) error {
	for len(entries) > 0 {
		n := min(len(entries), placesMax)
		args := make([]any, 0, 2*n)
		var cases, ids strings.Builder
		for i, e := range entries[:n] {
			args = append(args, e.ID, first+int64(i))
			fmt.Fprintf(&cases, " WHEN CAST($%d AS TEXT) THEN CAST($%d AS BIGINT)", 2*i+1, 2*i+2)
			fmt.Fprintf(&ids, ", $%d", 2*i+1)
		}
		changed, err := tx.Exec(ctx, `UPDATE audit_entries SET position = CASE id`+cases.String()+` END WHERE id IN (`+ids.String()[2:]+`) AND +position < 0`, args...)
		if err != nil {
			return err
		}
		if changed != int64(n) {
			return fault.New(fault.Conflict, "db.stale")
		}
		first, entries = first+int64(n), entries[n:]
	}
	return nil
}

func insertHashes(ctx context.Context, tx *db.Tx, first int64, hashes []tlog.Hash) error {
	bytes := "BLOB"
	if tx.Dialect() == db.Postgres {
		bytes = "BYTEA"
	}
	for len(hashes) > 0 {
		n := min(len(hashes), valuesMax)
		args := make([]any, 0, 2*n)
		for i, h := range hashes[:n] {
			args = append(args, first+int64(i), h[:])
		}
		if _, err := tx.Exec(ctx, `INSERT INTO audit_hashes (idx, hash) VALUES `+values(n, "BIGINT", bytes), args...); err != nil {
			return err
		}
		first, hashes = first+int64(n), hashes[n:]
	}
	return nil
}

// stored is one hash of the tree.
type stored struct {
	Index int64  `db:"idx"`
	Hash  []byte `db:"hash"`
}

func hashesBetween(ctx context.Context, tx *db.Tx, from, to int64) ([]stored, error) {
	return db.All[stored](ctx, tx, `SELECT idx, hash FROM audit_hashes WHERE idx >= $1 AND idx < $2 ORDER BY idx`, from, to)
}

func countHashesFrom(ctx context.Context, tx *db.Tx, from int64) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT count(*) FROM audit_hashes WHERE idx >= $1 OR idx < 0`, from)
}

// hashes reads hashes of the tree by index; it is the reader that tlog's proofs ask.
func hashes(ctx context.Context, tx *db.Tx) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		if len(indexes) == 0 {
			return nil, nil
		}
		args := make([]any, len(indexes))
		marks := make([]string, len(indexes))
		for i, index := range indexes {
			args[i], marks[i] = index, fmt.Sprintf("$%d", i+1)
		}
		all, err := db.All[stored](ctx, tx, `SELECT idx, hash FROM audit_hashes WHERE idx IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		found := make(map[int64]tlog.Hash, len(all))
		for _, one := range all {
			if len(one.Hash) == tlog.HashSize {
				found[one.Index] = tlog.Hash(one.Hash)
			}
		}
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			h, ok := found[index]
			if !ok {
				return nil, fault.New(fault.Internal, "audit.tree_broken").Because(fmt.Errorf("audit: hash %d is missing", index))
			}
			out[i] = h
		}
		return out, nil
	}
}

// checkpoint is a signed state of the tree.
type checkpoint struct {
	Size int64   `db:"size"`
	Root []byte  `db:"root"`
	Text string  `db:"text"`
	At   db.Time `db:"at"`
	MAC  []byte  `db:"mac"` // over At, which the signed text does not hold
}

// newest reads the latest checkpoint; the zero one when the log is empty.
func newest(ctx context.Context, tx *db.Tx) (checkpoint, error) {
	c, err := db.One[checkpoint](ctx, tx, `SELECT size, root, text, at, mac FROM audit_checkpoints ORDER BY size DESC LIMIT 1`)
	if fault.Is(err, "db.no_row") {
		return checkpoint{}, nil
	}
	return c, err
}

func checkpointsBefore(ctx context.Context, tx *db.Tx, size int64, n int) ([]checkpoint, error) {
	return db.All[checkpoint](ctx, tx, `SELECT size, root, text, at, mac FROM audit_checkpoints WHERE size < $1 ORDER BY size DESC LIMIT $2`, size, n)
}

func checkpointsBetween(ctx context.Context, tx *db.Tx, over, upTo int64) ([]checkpoint, error) {
	return db.All[checkpoint](ctx, tx, `SELECT size, root, text, at, mac FROM audit_checkpoints WHERE size > $1 AND size <= $2 ORDER BY size`, over, upTo)
}

// checkpointsOutside reads checkpoints of sizes that cannot be, at most n.
func checkpointsOutside(ctx context.Context, tx *db.Tx, size int64, n int) ([]checkpoint, error) {
	return db.All[checkpoint](ctx, tx, `SELECT size, root, text, at, mac FROM audit_checkpoints WHERE size < 1 OR size > $1 ORDER BY size LIMIT $2`, size, n)
}

func insertCheckpoint(ctx context.Context, tx *db.Tx, c checkpoint) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit_checkpoints (size, root, text, at, mac) VALUES ($1, $2, $3, $4, $5)`,
		c.Size, c.Root, c.Text, c.At, c.MAC)
	return err
}

// lease says which node sequences, and until when.
type lease struct {
	Node  string  `db:"node"`
	Until db.Time `db:"until"`
}

// leaseLength is how long a node that has gone silent holds up the others.
const leaseLength = 3 * time.Second

// free reports whether node may sequence at now. A lease that ends later than
// any clock could have granted was made before the clock went back; it is void.
func (s lease) free(node string, now time.Time) bool {
	return s.Node == node || !s.Until.After(now) || s.Until.After(now.Add(leaseLength))
}

func readLease(ctx context.Context, tx *db.Tx) (lease, error) {
	return db.One[lease](ctx, tx, `SELECT node, until FROM audit_lease WHERE name = 'sequencer'`)
}

func takeLease(ctx context.Context, tx *db.Tx, was lease, node string, until time.Time) error {
	return tx.ExecOne(ctx, `UPDATE audit_lease SET node = $1, until = $2 WHERE name = 'sequencer' AND node = $3 AND until = $4`,
		node, db.At(until), was.Node, was.Until)
}

// erasure says that an entry's text was deleted, by which act, and what must
// still stand in its row.
type erasure struct {
	EntryID   string  `db:"entry_id"`
	ErasureID string  `db:"erasure_id"`
	Subject   string  `db:"subject"`
	At        db.Time `db:"at"`
	Reason    string  `db:"reason"`
	Kept      []byte  `db:"kept"`
}

const erasureColumns = `entry_id, erasure_id, subject, at, reason, kept`

func insertErasure(ctx context.Context, tx *db.Tx, e erasure) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit_erasures (`+erasureColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		e.EntryID, e.ErasureID, e.Subject, e.At, e.Reason, e.Kept)
	return err
}

func blank(ctx context.Context, tx *db.Tx, id string) error {
	return tx.ExecOne(ctx, `UPDATE audit_entries SET salt = $1, details = '', address = '' WHERE id = $2`, []byte{}, id)
}

func erasuresOf(ctx context.Context, tx *db.Tx, entries []string) ([]erasure, error) {
	return db.All[erasure](ctx, tx, `SELECT `+erasureColumns+` FROM audit_erasures WHERE entry_id `+tx.In("$1"), db.List(entries))
}

// erasuresAfter pages through all erasures, act by act.
func erasuresAfter(ctx context.Context, tx *db.Tx, act, entry string, n int) ([]erasure, error) {
	return db.All[erasure](ctx, tx, `SELECT `+erasureColumns+` FROM audit_erasures
		WHERE erasure_id > $1 OR (erasure_id = $2 AND entry_id > $3) ORDER BY erasure_id, entry_id LIMIT $4`, act, act, entry, n)
}

func erasableOf(ctx context.Context, tx *db.Tx, subject string) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT `+entryColumns+` FROM audit_entries
		WHERE subject = $1 AND verb <> $2 AND length(salt) > 0 ORDER BY id`, subject, EraseVerb)
}

// filtered builds the one query of the log screen.
func filtered(ctx context.Context, tx *db.Tx, f Filter, before string, n int) ([]row, error) {
	var where []string
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args))))
	}
	for _, c := range []struct{ condition, value string }{
		{"council_id = ?", f.CouncilID}, {"subject = ?", f.Subject}, {"ref = ?", f.Ref}, {"person_id = ?", f.PersonID},
		{"body_id = ?", f.BodyID}, {"id < ?", before},
	} {
		if c.value != "" {
			add(c.condition, c.value)
		}
	}
	if f.PersonID != "" {
		where = append(where, "person_id <> ''") // lets the index of people be used
	}
	switch {
	case f.Verb == "":
	case strings.HasSuffix(f.Verb, "."):
		add("substr(verb, 1, ?) = ", len(f.Verb))
		args = append(args, f.Verb)
		where[len(where)-1] += fmt.Sprintf("$%d", len(args))
	default:
		add("verb = ?", f.Verb)
	}
	if !f.From.IsZero() {
		add("at >= ?", db.At(f.From))
	}
	if !f.To.IsZero() {
		add("at < ?", db.At(f.To))
	}
	if !f.Sealed {
		add("sealed = ?", false)
	}
	q := `SELECT ` + entryColumns + ` FROM audit_entries`
	if len(where) > 0 {
		q += ` WHERE ` + strings.Join(where, " AND ")
	}
	args = append(args, n)
	return db.All[row](ctx, tx, q+fmt.Sprintf(` ORDER BY id DESC LIMIT $%d`, len(args)), args...)
}
