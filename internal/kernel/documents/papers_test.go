package documents_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
)

func schema() db.Migrations { return db.Migrations{Name: "documents", Files: documents.Files} }

func registry(t testing.TB, d *db.DB) *documents.Registry {
	t.Helper()
	f, _ := folder(t)
	return documents.New(documents.Deps{DB: d, Blobs: f, Clock: testkit.Clock(t), Tools: documents.FindTools(), Scratch: t.TempDir()})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := registry(t, d)
		s := documents.Series{BodyID: "vp", Kind: "PC", Year: 2026, Body: "VP"}
		undone := errors.New("undone")
		var mu sync.Mutex
		var got []int
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				for try := range 4 {
					var n documents.Number
					err := d.Tx(ctx, func(tx *db.Tx) (err error) {
						if n, err = r.Number(ctx, tx, s); err != nil {
							return err
						}
						if try == 3 {
							return undone // its number must be given again
						}
						return nil
					})
					if try == 3 && errors.Is(err, undone) {
						continue
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					got = append(got, n.No)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		slices.Sort(got)
		for i, n := range got {
			if n != i+1 {
				t.Fatalf("numbers are not 1 to %d: %v", len(got), got)
			}
		}
		if len(got) != 48 {
			t.Fatalf("%d numbers of 48", len(got))
		}
	}, schema())
}

func TestSymbols(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := registry(t, d)
		must(t, d.Tx(ctx, func(tx *db.Tx) error {
			if err := r.SetPattern(ctx, tx, documents.Series{BodyID: "hdnd", Body: "HĐND"}); err != nil {
				return err
			}
			return r.SetPattern(ctx, tx, documents.Series{BodyID: "hdnd", Kind: "NQ", Pattern: "{no}/{year}/NQ-HĐND"})
		}))
		take := func(body, kind string, year int) (symbol string) {
			must(t, d.Tx(ctx, func(tx *db.Tx) error {
				s, err := r.SeriesOf(ctx, tx, body, kind, year)
				if err != nil {
					return err
				}
				n, err := r.Number(ctx, tx, s)
				symbol = n.Symbol
				return err
			}))
			return symbol
		}
		for _, c := range []struct {
			body, kind string
			year       int
			want       string
		}{
			{"hdnd", "TTr", 2026, "01/TTr-HĐND"}, {"hdnd", "TTr", 2026, "02/TTr-HĐND"}, {"hdnd", "TTr", 2027, "01/TTr-HĐND"},
			{"hdnd", "NQ", 2026, "01/2026/NQ-HĐND"}, {"bdt", "BC", 2026, "01/BC-"},
		} {
			if got := take(c.body, c.kind, c.year); got != c.want {
				t.Errorf("%s %s %d: %q, not %q", c.body, c.kind, c.year, got, c.want)
			}
		}
		for _, bad := range []string{"PC-VP", "{no}{no}", "{no}/{nam}", "{no} /x"} {
			err := d.Tx(ctx, func(tx *db.Tx) error {
				return r.SetPattern(ctx, tx, documents.Series{BodyID: "x", Kind: "PC", Pattern: bad})
			})
			if !fault.Is(err, "documents.pattern") {
				t.Errorf("pattern %q: %v", bad, err)
			}
		}
	}, schema())
}

func TestPapers(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := registry(t, d)
		now := testkit.Clock(t).Now()
		draft := func(s string) documents.Draft {
			dr, err := r.Take(ctx, upload("Ý kiến.txt", []byte(s)), documents.Limits{})
			must(t, err)
			return dr
		}
		f := documents.For{CouncilID: "hn", BodyID: "vp", Subject: documents.Subject{Kind: "petition", ID: "p1"}, Kind: "evidence", By: "người", At: now}
		var one, two documents.Paper
		first, second := draft("bản một"), draft("bản hai")
		must(t, d.Tx(ctx, func(tx *db.Tx) (err error) {
			one, err = r.Attach(ctx, tx, first, f)
			return err
		}))
		must(t, d.Tx(ctx, func(tx *db.Tx) (err error) {
			two, err = r.NewVersion(ctx, tx, one.ID, second, documents.For{At: now, By: "khác"})
			return err
		}))
		err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := r.NewVersion(ctx, tx, one.ID, second, documents.For{At: now})
			return err
		})
		if !fault.Is(err, "documents.newer_version") {
			t.Fatalf("a newer version was written over: %v", err)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			list, err := r.List(ctx, tx, f.Subject)
			if err != nil || len(list) != 1 || list[0] != two {
				t.Errorf("list: %+v %v", list, err)
			}
			versions, err := r.Versions(ctx, tx, one.ID)
			if err != nil || len(versions) != 2 || versions[0].Version != 2 || versions[1].Title != "Ý kiến" || versions[1].Latest {
				t.Errorf("versions: %+v %v", versions, err)
			}
			if _, err := r.Find(ctx, tx, "none"); !fault.Is(err, "documents.no_paper") {
				t.Errorf("found nothing: %v", err)
			}
			return nil
		}))
		rc, err := r.Open(ctx, two)
		must(t, err)
		b, err := io.ReadAll(rc)
		must(t, errors.Join(err, rc.Close()))
		if string(b) != "bản hai" {
			t.Errorf("read %q", b)
		}
		for _, level := range []documents.Level{documents.Secret, "Tối mật", "tuyệt mật", "gì đó"} {
			f.Level = level
			err := d.Tx(ctx, func(tx *db.Tx) error { _, err := r.Attach(ctx, tx, first, f); return err })
			if !fault.Is(err, "documents.secret_level") || fault.KindOf(err) != fault.Refused {
				t.Errorf("level %q: %v", level, err)
			}
		}
	}, schema())
}

func TestTextAndPreviewAndSweep(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := registry(t, d)
		now := testkit.Clock(t).Now()
		dr, err := r.Take(ctx, upload("phiếu.pdf", write(t, transferLetter())), documents.Limits{})
		must(t, err)
		if dr.Pages < 2 || dr.MediaType != "application/pdf" || dr.Unread {
			t.Fatalf("draft: %+v", dr)
		}
		must(t, d.Tx(ctx, func(tx *db.Tx) error {
			_, err := r.Attach(ctx, tx, dr, documents.For{Subject: documents.Subject{Kind: "petition", ID: "p"}, At: now})
			return err
		}))
		must(t, r.ExtractText(ctx, dr.Hash))
		must(t, r.ExtractText(ctx, dr.Hash)) // a job may run again
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			content, done, err := r.Text(ctx, tx, dr.Hash)
			if !done || !bytes.Contains([]byte(content), []byte("PHIẾU CHUYỂN")) {
				t.Errorf("text: %v %q", done, content)
			}
			return err
		}))
		page, err := r.Preview(ctx, dr.Hash, 1)
		must(t, err)
		again, err := r.Preview(ctx, dr.Hash, 1)
		must(t, err)
		if page.Hash != again.Hash || page.Size < 1000 {
			t.Errorf("previews: %+v %+v", page, again)
		}
		if _, err := r.Preview(ctx, dr.Hash, 99); !fault.Is(err, "documents.no_preview") {
			t.Errorf("page 99: %v", err)
		}
		// A file nobody attached goes after a day; what a paper or a preview names stays.
		lone, err := r.Take(ctx, upload("bỏ dở.txt", []byte("bỏ dở")), documents.Limits{})
		must(t, err)
		late := testkit.Clock(t)
		late.Set(stored(t, r, lone.Hash).Add(25 * time.Hour))
		r.Clock = late
		n, err := r.Sweep(ctx)
		must(t, err)
		has, err := r.Blobs.Has(ctx, lone.Hash)
		must(t, err)
		if n != 1 || has {
			t.Errorf("swept %d, still there: %v", n, has)
		}
		for _, hash := range []string{dr.Hash, page.Hash} {
			if has, err := r.Blobs.Has(ctx, hash); !has || err != nil {
				t.Errorf("%s was swept away: %v", hash, err)
			}
		}
	}, schema())
}

func stored(t *testing.T, r *documents.Registry, hash string) (at time.Time) {
	t.Helper()
	must(t, r.Blobs.Each(context.Background(), func(b documents.Blob) error {
		if b.Hash == hash {
			at = b.Stored
		}
		return nil
	}))
	return at
}
