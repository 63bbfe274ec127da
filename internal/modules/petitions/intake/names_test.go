package intake

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/db"
)

// TestNamesIn reads deputies as offices write them.
func TestNamesIn(t *testing.T) {
	for written, want := range map[string]string{
		"": "[]", " ,; ": "[]", "...": "[]",
		"Trần Thị Bình": "[tran thi binh]",
		norm.NFD.String("Đồng chí Trần Thị Bình"):     "[tran thi binh]",
		"Ông Nguyễn Văn An; bà Trần Thị Bình":         "[nguyen van an tran thi binh]",
		"đ/c Nguyễn Văn An và đại biểu Trần Thị Bình": "[nguyen van an tran thi binh]",
		"PGS.TS. Nguyễn Văn An, Nguyễn Văn An":        "[nguyen van an]",
		"Đồng Văn Chi\nVi Thị Ba":                     "[dong van chi vi thi ba]",
		"Bà Ba":                                       "[ba ba]",
		strings.Repeat("x", nameRunesMax+1):           "[]",
		"@bình-hai":                                   "[binh hai]",
	} {
		var keys []string
		for _, b := range namesIn(written) {
			keys = append(keys, b.Key)
			if b.Key != nameKey(b.Key) {
				t.Errorf("%q: the key %q is not its own", written, b.Key)
			}
		}
		if fmt.Sprint(keys) != want {
			t.Errorf("%q: %v, want %s", written, keys, want)
		}
	}
	if n := len(namesIn(strings.Repeat("a b,c d,e f,g h,i k,l m,n o,p q,r s,t u,v x,", 1000))); n != namesMax {
		t.Errorf("%d names of one petition", n)
	}
}

// TestWorkbookDeputies: the column of a workbook counts, also for what was taken
// in before this was counted.
func TestWorkbookDeputies(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		head := append([]any{}, header...)
		head[10] = "Đại biểu"
		rows := [][]any{head}
		for i := range 3 {
			rows = append(rows, append(entry(i, "05/11/2026", "Phường Ngọc Hà", fmt.Sprintf("Đề nghị sửa đoạn đường số %d trước cổng trường học", i))[:10], "bà Trần Thị Bình"))
		}
		v := w.batch(t, clerk, sheet(t, rows...))
		if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_brought WHERE name_key = 'tran thi binh'`); n != 3 {
			t.Errorf("%d petitions name the deputy", n)
		}
		err := w.db.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM petitions_brought`)
			if err == nil {
				_, err = tx.Exec(t.Context(), `UPDATE petitions_deputy_counting SET seen = 0`)
			}
			// The cases of this test have no acts.
			if err == nil {
				_, err = tx.Exec(t.Context(), `INSERT INTO cases_acts (id, case_id, number, verb, at, from_state, to_state, round, person_id, person_name, post_title, body_id, body_name, on_behalf, note, fields,
					document, papers, late, public, leaf_id) SELECT 'act-' || id, id, 1, 'receive', opened_at, '', 'received', 1, '', '', '', '', '', '', '', '{}', '', '[]', FALSE, TRUE, '' FROM cases_cases`)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		if err := w.CountDeputies(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, err := w.Compare(t.Context(), clerk, Period{}, "")
		if err != nil || len(c.Rows) != 1 || c.Rows[0].Brought != 3 || c.Rows[0].Open != 3 {
			t.Errorf("%+v %v", c.Rows, err)
		}
	})
}
