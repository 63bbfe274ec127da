package reports_test

import (
	"context"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// seed writes n answered petitions of eight acts each with plain statements:
// what is measured is their reading. One is handed in every ten seconds. A
// PostgreSQL that has run for a day has looked at its tables; one just filled has
// not, and reads them whole.
func seed(t testing.TB, d *db.DB, n int) {
	t.Helper()
	from := time.Date(2026, 7, 1, 0, 0, 0, 0, clock.Hanoi).UnixMicro()
	const part = 20_000
	for first := 0; first < n; first += part {
		until := min(first+part, n)
		err := d.Tx(context.Background(), func(tx *db.Tx) error {
			numbers := `WITH RECURSIVE k (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM k WHERE i + 1 < $2) `
			id := `('zz' || SUBSTR('000000000' || CAST(i AS TEXT), LENGTH(CAST(i AS TEXT)) + 1, 9))`
			at := `(` + strconv.FormatInt(from, 10) + ` + i * 10000000)`
			field := `(CASE i % 3 WHEN 0 THEN 'urban.roads' WHEN 1 THEN 'culture.education' ELSE 'economy.land' END)`
			if _, err := tx.Exec(context.Background(), `INSERT INTO cases_cases (id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at, owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision)
				`+numbers+`SELECT `+id+`, 'hn', 'petition', 1, 'KN26-' || `+id+`, 'Đường hỏng', 'closed', 'nobody', FALSE, 1, `+at+`, `+at+`, `+at+`, 'hn-vp', 'hn-sxd', 'hn-bdt', '', `+field+`, '00004', TRUE, FALSE, '', 1 FROM k`, first, until); err != nil {
				return err
			}
			if _, err := tx.Exec(context.Background(), `INSERT INTO petitions_petitions (id, council_id, text, public_text, voter_name, email, phone, lang, access_key, consent_at, authority, newness, body_id, split_kind, asked_days, asked_document, created_at)
				`+numbers+`SELECT `+id+`, 'hn', 'x', 'Đề nghị sửa chữa tuyến đường trước trường học, xe cộ đi lại rất khó khăn.', '', '', '', 'vi', '', 0, 'city', 'new', 'hn-sxd', '', 0, '', `+at+` FROM k`, first, until); err != nil {
				return err
			}
			if _, err := tx.Exec(context.Background(), `INSERT INTO petitions_answers (petition_id, round, number, reply, outcome, promised)
				`+numbers+`SELECT `+id+`, 1, 1, 'Sở đã kiểm tra và sửa chữa xong tuyến đường trong tháng.', 'done', '' FROM k`, first, until); err != nil {
				return err
			}
			for number, act := range [][4]string{{"receive", "received", `'{"ward":"00004"}'`}, {"classify", "classified", `'{"authority":"city","body":"hn-sxd","field":"' || ` + field + ` || '","newness":"new","ward":"00004"}'`},
				{"forward", "forwarded", `'null'`}, {"accept", "accepted", `'null'`}, {"assign", "accepted", `'{"officer":"Tạ Quang Huy","post":"cán-bộ-xây-dựng"}'`}, {"answer", "answered", `'{"outcome":"done","points":"1"}'`},
				{"judge", "judged", `'{"quality":"good"}'`}, {"close", "closed", `'null'`}} {
				if _, err := tx.Exec(context.Background(), `INSERT INTO cases_acts (id, case_id, number, verb, at, from_state, to_state, round, person_id, person_name, post_title, body_id, body_name, on_behalf, note, fields, document, papers, late, public, leaf_id)
					`+numbers+`SELECT `+id+` || '-`+strconv.Itoa(number)+`', `+id+`, `+strconv.Itoa(number+1)+`, '`+act[0]+`', `+at+` + `+strconv.Itoa(number*1000000)+`, '', '`+act[1]+`', 1, '', '', '', 'hn-sxd', 'Sở Xây dựng', '', '', `+act[2]+`, '12/SXD', '[]', FALSE, TRUE, '' FROM k`, first, until); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if d.Dialect() != db.Postgres {
		return
	}
	if err := d.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `ANALYZE`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// What a person would wait for too long is a job: it tells how far it is, ends
// with figures and a workbook, and gives the same hash when run again.
func TestLargeReport(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const n = 6_300
		seed(t, h.App.DB, n)
		clerk := h.People["văn-thư"]
		r := must(h.Make(ctx, clerk, autumn(reports.Results), time.Time{}))(t)
		if r.Status != reports.Waiting || r.Total != n {
			t.Fatalf("%+v", r)
		}
		if page := h.get(t, "văn-thư", "/reports/petitions/"+r.ID).Body.String(); !strings.Contains(page, "<progress") || !strings.Contains(page, "6.300") {
			t.Error("the page does not tell that the report is being counted")
		}
		_, err := h.File(ctx, clerk, r.ID, "xlsx")
		refused(t, err, "reports.still_counting")
		must(h.queue.Drain(ctx))(t)
		r = must(h.Report(ctx, clerk, r.ID))(t)
		if r.Status != reports.Made || r.Rows != n || r.Figures.V.Now.All.Settled != n || r.Done != n || r.Hash == "" || r.PaperID == "" {
			t.Fatalf("%+v", r)
		}
		f := must(h.File(ctx, clerk, r.ID, "xlsx"))(t)
		content := must(io.ReadAll(f.Content))(t)
		if err := f.Content.Close(); err != nil {
			t.Error(err)
		}
		if got := strings.Count(wordsOf(t, "xlsx", content), "KN26-zz"); got != n {
			t.Errorf("the workbook has %d rows", got)
		}
		_, err = h.File(ctx, clerk, r.ID, "pdf")
		refused(t, err, "reports.too_long_for_paper")
		if _, err := h.Check(ctx, clerk, r.ID); err != nil {
			t.Fatal(err)
		}
		must(h.queue.Drain(ctx))(t)
		if r = must(h.Report(ctx, clerk, r.ID))(t); !r.Same() {
			t.Errorf("run again: %s, then %s", r.Hash, r.CheckedHash)
		}
		h.splitOff(t, "zz000000007", r)
	})
}

// splitOff takes a petition out of a large report whose workbook lists it: the
// workbook is not handed out any more until it is written anew.
func (h *house) splitOff(t *testing.T, id string, r reports.Report) {
	t.Helper()
	clerk := h.People["văn-thư"]
	h.Clock.Advance(time.Hour)
	if err := h.App.DB.Tx(ctx, func(tx *db.Tx) error {
		return tx.ExecOne(ctx, `UPDATE cases_cases SET sealed = TRUE, public = FALSE, state = 'split', changed_at = $2 WHERE id = $1`, id, db.At(h.Clock.Now()))
	}); err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(time.Hour)
	for range 2 { // asked for twice, it is written once
		_, err := h.File(ctx, clerk, r.ID, "xlsx")
		refused(t, err, "reports.file_anew")
	}
	if n := must(h.queue.Drain(ctx))(t); n != 1 {
		t.Errorf("%d jobs", n)
	}
	f := must(h.File(ctx, clerk, r.ID, "xlsx"))(t)
	words := wordsOf(t, "xlsx", must(io.ReadAll(f.Content))(t))
	if err := f.Content.Close(); err != nil {
		t.Error(err)
	}
	if strings.Contains(words, "KN26-"+id) || strings.Count(words, "KN26-zz") != int(r.Rows)-1 || !strings.Contains(words, r.Hash) || !strings.Contains(words, "1 kiến nghị được tính") {
		t.Error("the new workbook lists it, lacks others, or does not say so")
	}
	if now := must(h.Report(ctx, clerk, r.ID))(t); now.Hash != r.Hash || now.Rows != r.Rows || now.PaperID == r.PaperID || now.Withheld != 1 {
		t.Errorf("%+v", now)
	}
}

// BenchmarkReport makes a report over HDND_REPORT_ROWS petitions of eight acts
// on each database, with its workbook.
func BenchmarkReport(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("HDND_REPORT_ROWS"))
	if err != nil {
		n = 20_000
	}
	b.Run("sqlite", func(b *testing.B) { measure(b, testkit.SQLiteAddress(b, app.Migrations()...), n) })
	b.Run("postgres", func(b *testing.B) { measure(b, testkit.PostgresAddress(b, app.Migrations()...), n) })
}

func measure(b *testing.B, address string, n int) {
	h := furnish(b, council.Open(b, address))
	seed(b, h.App.DB, n)
	q := autumn(reports.Results)
	q.Until = clock.NewDate(2027, 12, 31)
	h.Clock.Set(time.Date(2028, 1, 5, 8, 0, 0, 0, clock.Hanoi))
	for b.Loop() {
		r := must(h.Make(ctx, h.People["văn-thư"], q, time.Time{}))(b)
		must(h.queue.Drain(ctx))(b)
		if r = must(h.Report(ctx, h.People["văn-thư"], r.ID))(b); r.Rows != int64(n) {
			b.Fatalf("%d rows", r.Rows)
		}
	}
}
