package intake

import (
	"fmt"
	"slices"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// said makes the rows of a workbook anew, each by what change makes of it.
func said(n int, change func(i int, row []any) []any) [][]any {
	all := [][]any{header}
	for i := range n {
		row := entry(i+1, "05/11/2026", "Phường Ba Đình", fmt.Sprintf("Đề nghị sửa đoạn đường số %d trước cổng trường học", i))
		row[10] = fmt.Sprintf("Chép từ sổ cũ của xã, trang %d", i)
		all = append(all, row)
	}
	for i := range all {
		if change != nil {
			all[i] = change(i, slices.Clone(all[i]))
		}
	}
	return all
}

// sorted turns the rows round and numbers them anew.
func sorted(rows [][]any) [][]any {
	slices.Reverse(rows[1:])
	for i := range rows[1:] {
		rows[i+1][0] = i + 1
	}
	return rows
}

// moved changes places of the words and the session.
func moved(_ int, row []any) []any {
	row[1], row[7] = row[7], row[1]
	return row
}

// added fills a new column in.
func added(i int, row []any) []any {
	if i == 0 {
		return append(row, "Hướng xử lý")
	}
	return append(row, fmt.Sprintf("Chuyển lần %d", i))
}

// changed writes into one cell of the third row.
func changed(column int, words string) func(int, []any) []any {
	return func(i int, row []any) []any {
		if i == 3 {
			row[column] = words
		}
		return row
	}
}

// TestKnownAgain: what of a workbook is known again, and what is not, when it
// comes once more; as the comment of earlier says.
func TestKnownAgain(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const n = 9
		nameless := Mapping{toText: 8, toWard: 6} // neither whose words they are nor of which day
		giangVo := Defaults{Ward: "Giảng Võ", Day: clock.NewDate(2026, 11, 1)}
		w.begin(t, w.batch(t, clerk, sheet(t, said(n, nil)...)).Batch.ID)
		for _, s := range []struct {
			name     string
			who      org.Actor
			rows     [][]any
			columns  Mapping // nil: as they are guessed
			defaults Defaults
			again    int64
		}{
			{"the same file", clerk, said(n, nil), nil, Defaults{}, n},
			{"the same file, other columns", clerk, said(n, nil), nameless, Defaults{}, n},
			{"the same file, the words from another column", clerk, said(n, nil), Mapping{toText: 11, toWard: 6}, Defaults{}, n},
			{"the same file, other columns and one ward for all", clerk, said(n, nil), Mapping{toText: 8}, giangVo, n},
			{"sorted", clerk, sorted(said(n, nil)), nil, Defaults{}, n},
			{"sorted, other columns", clerk, sorted(said(n, nil)), nameless, Defaults{}, n},
			{"sorted, other columns and one ward for all", clerk, sorted(said(n, nil)), Mapping{toText: 8}, giangVo, 0},
			{"columns moved", clerk, said(n, moved), nil, Defaults{}, n},
			{"columns moved, others mapped", clerk, sorted(said(n, moved)), Mapping{toText: 2, toWard: 6}, Defaults{}, n},
			{"a column added", clerk, said(n, added), nil, Defaults{}, n},
			{"a column added, other columns", clerk, said(n, added), nameless, Defaults{}, 0},
			{"a remark changed", clerk, said(n, changed(10, "đã xem")), nil, Defaults{}, n},
			{"a remark changed, other columns", clerk, said(n, changed(10, "đã xem")), nameless, Defaults{}, n - 1},
			{"the words changed", clerk, said(n, changed(7, "Đề nghị mở lại chợ tạm ở khu tập thể")), nil, Defaults{}, n - 1},
			{"the day changed", clerk, sorted(said(n, changed(2, "06/11/2026"))), nil, Defaults{}, n - 1},
			{"another council's", wardClerk, said(n, nil), nil, Defaults{}, 0},
		} {
			v := w.mapped(t, s.who, sheet(t, s.rows...), s.columns, s.defaults)
			if v.Counts[RowAgain] != s.again || v.Counts[RowReady] != n-s.again {
				t.Errorf("%s: %v, want %d known again and the others ready", s.name, v.Counts, s.again)
			}
		}
		// What was imported before cells were marked is known by its place.
		w.change(t, `UPDATE petitions_batch_rows SET cells_mark = ''`)
		for name, s := range map[string]struct {
			rows  [][]any
			again int64
		}{"older, the same file": {said(n, nil), n}, "older, sorted": {sorted(said(n, nil)), 0}} {
			if v := w.mapped(t, clerk, sheet(t, s.rows...), nameless, Defaults{}); v.Counts[RowAgain] != s.again {
				t.Errorf("%s: %v", name, v.Counts)
			}
		}
	})
}

// TestKnownAgainTaken: only what is new is taken in, and a row that came twice in
// its file becomes two petitions when the columns say that they are two.
func TestKnownAgainTaken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const n = 6
		twice := said(n, nil)
		other := slices.Clone(twice[2])
		other[0], other[4] = n+1, "Trần Văn Khác" // the same words of another person
		same := slices.Clone(twice[2])
		same[0] = n + 2
		file := sheet(t, append(twice, other, same)...)
		nameless := Mapping{toText: 8, toWard: 6}
		v := w.mapped(t, clerk, file, nameless, Defaults{})
		if v.Counts[RowReady] != n || v.Counts[RowDouble] != 2 {
			t.Fatalf("without names: %v", v.Counts)
		}
		// Begun by the same columns twice before either was taken in.
		late := w.mapped(t, clerk, sheet(t, sorted(said(n, nil))...), nil, Defaults{})
		w.begin(t, v.Batch.ID)
		w.begin(t, late.Batch.ID)
		if late = w.view(t, clerk, late.Batch.ID); late.Counts[RowAgain] != n || w.petitions(t) != n {
			t.Errorf("checked before the other was taken in: %v, %d petitions", late.Counts, w.petitions(t))
		}
		v = w.mapped(t, clerk, file, nil, Defaults{})
		if v.Counts[RowReady] != 1 || v.Counts[RowAgain] != n || v.Counts[RowDouble] != 1 {
			t.Fatalf("with names: %v", v.Counts)
		}
		w.begin(t, v.Batch.ID)
		if w.petitions(t) != n+1 {
			t.Errorf("%d petitions, want %d", w.petitions(t), n+1)
		}
		// Undone, it may come again, however its columns are mapped.
		all := w.ids(t, `SELECT id FROM petitions_batches WHERE state = 'done'`)
		for _, id := range all {
			if w.view(t, clerk, id).Counts[RowTaken] > 0 {
				if err := w.UndoImport(t.Context(), clerk, id, "nhập nhầm cột"); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.drain(t)
		if v = w.mapped(t, clerk, file, nil, Defaults{}); v.Counts[RowReady] != n+1 || v.Counts[RowAgain] != 0 {
			t.Errorf("undone: %v", v.Counts)
		}
		w.begin(t, v.Batch.ID)
		if v = w.view(t, clerk, v.Batch.ID); v.Counts[RowTaken] != n+1 {
			t.Errorf("taken in anew: %v", v.Counts)
		}
	})
}

// mapped is a workbook whose rows were looked at by some columns.
func (w *world) mapped(t testing.TB, who org.Actor, file []byte, columns Mapping, defaults Defaults) BatchView {
	t.Helper()
	v := w.batch(t, who, file)
	if columns == nil {
		columns = v.Batch.Columns.V
	}
	if err := w.CheckBatch(t.Context(), who, v.Batch.ID, Matching{HeaderRow: v.Batch.HeaderRow, Columns: columns, Defaults: defaults}); err != nil {
		t.Fatal(err)
	}
	return w.view(t, who, v.Batch.ID)
}

func (w *world) begin(t testing.TB, id string) {
	t.Helper()
	if err := w.BeginImport(t.Context(), clerk, id); err != nil {
		t.Fatal(err)
	}
	w.drain(t)
}

func (w *world) change(t testing.TB, q string) {
	t.Helper()
	if err := w.db.Tx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q); return err }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) ids(t testing.TB, q string) (all []string) {
	t.Helper()
	err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All[string](t.Context(), tx, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
